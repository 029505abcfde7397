//! A release of a thousand artifacts with a bundle each: the one that `benches/` time.
//!
//! `RELCHECK_WRITE_THOUSAND=DIR cargo test --test make_thousand` leaves it in DIR.
#![allow(clippy::unwrap_used, reason = "a test")]

mod kit;

use kit::release::Release;
use relcheck::{
    advisories::database::Database,
    evaluate::evaluate,
    outcome::Verdict,
    policy::Policy,
    trust::{Origin, SigstoreRoot, TrustRoots},
};
use std::path::PathBuf;

#[test]
fn a_release_of_a_thousand_artifacts_is_verified() {
    let temporary = tempfile::tempdir().unwrap();
    let root = std::env::var_os("RELCHECK_WRITE_THOUSAND").map(PathBuf::from);
    let release = Release { further: 997, ..Release::good() };
    let written = release.write(root.as_deref().unwrap_or_else(|| temporary.path()));
    let database = Database::open(&written.advisories()).unwrap();
    let now = jiff::Timestamp::from_second(kit::RELEASED_AT + 3600).unwrap();
    let evidence = written.gather(&database, now);
    let bytes = std::fs::read(written.trusted_root()).unwrap();
    let trust = TrustRoots::of(vec![SigstoreRoot::parse("kit", Origin::File, &bytes).unwrap()]);
    let report = evaluate(&evidence, &trust, &Policy::built_in("default").unwrap(), now);
    assert_eq!((report.verdict, report.release.artifacts.len()), (Verdict::Verified, 1000));
}
