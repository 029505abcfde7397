//! A signature from the future, by a second.

use crate::kit::bundle::BundleOptions;
use crate::stage::at;
use crate::stand::{Stand, v1};

#[test]
fn a_signature_from_one_second_after_the_moment_judged_does_not_count_and_the_clock_is_named() {
    let mut stand = Stand::file();
    let bundle = stand.bundle(&v1());
    // Logged at 12:00:01.
    stand.as_of = at("2026-01-05T12:00:01Z");
    stand.accepts(&bundle);
    stand.as_of = at("2026-01-05T12:00:00Z");
    stand.refuses(&bundle, "signatures/no-time", "2026-01-05T12:00:01Z, after the moment that is judged");
    let report = stand.judge();
    let mut findings = report.checks.iter().flat_map(|check| &check.findings);
    let late = findings.find(|finding| finding.rule.id == "signatures/no-time").unwrap();
    assert!(late.fix.as_deref().is_some_and(|fix| fix.contains("clock")), "{late:?}");
}

#[test]
fn a_time_after_this_machines_clock_is_refused_whatever_moment_is_judged() {
    let mut stand = Stand::file().skip("advisories").skip("supported-versions");
    stand.as_of = at("2049-01-01T00:00:00Z");
    let in_2040 = BundleOptions { at: 2_208_988_800, ..v1() };
    stand.refuses(&stand.bundle(&in_2040), "signatures/invalid", "is in the future");
    stand.accepts(&stand.bundle(&v1()));
}
