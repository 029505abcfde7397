//! Rows of the list of published vulnerabilities (part 1.B) that are about provenance: each given what the advisory
//! describes, with the exact outcome.

use serde_json::json;

use relcheck::outcome::Level;

use crate::kit::bundle::{Content, IN_TOTO};
use crate::kit::certificates::Identity;
use crate::kit::release::Release;
use crate::kit::spoil::{Spoil, Which};
use crate::provenance_stage::{PROVENANCE, build, publish, set, stage, statement, subjects, told, v1};
use crate::stage::{LINUX, bundle, judge, outcome};

#[test]
fn row_54_an_attestation_of_another_version_is_not_of_these_bytes() {
    let stage = stage();
    let mut other = v1(&stage);
    // The name of this artifact, the digest of the one before.
    for index in 0..3 {
        set(&mut other, &format!("/subject/{index}/digest/sha256"), json!("ab".repeat(32)));
    }
    publish(&stage, &other, &build(&stage));
    assert_eq!(
        told(&stage),
        "rejected: provenance/unbound fail, release/digest-mismatch fail, signatures/unbound fail"
    );
    // The same with a further digest that is right: it contradicts itself.
    for (index, subject) in subjects(&stage).iter().enumerate() {
        set(&mut other, &format!("/subject/{index}/digest/sha512"), json!("ab".repeat(64)));
        set(&mut other, &format!("/subject/{index}/digest/sha256"), json!(subject.digests["sha256"]));
    }
    publish(&stage, &other, &build(&stage));
    assert_eq!(
        told(&stage),
        "rejected: provenance/unbound fail, release/digest-mismatch fail, signatures/unbound fail"
    );
}

#[test]
fn row_59_no_attestation_of_the_kind_asked_for_is_a_failure() {
    let missing = "rejected: provenance/missing fail";
    let nothing = Release::good().spoil(Spoil::Unsigned(Which::Provenance));
    assert_eq!(outcome(&judge(&nothing)), missing);
    for kind in [
        "https://cyclonedx.org/bom",
        "https://slsa.dev/provenance/v0.1",
        "https://slsa.dev/provenance/v1?draft",
        "",
    ] {
        let stage = stage();
        let mut other = statement(&stage, "x", &json!({}));
        if kind.is_empty() {
            set(&mut other, "/predicateType", json!(null));
        } else {
            set(&mut other, "/predicateType", json!(kind));
        }
        publish(&stage, &other, &build(&stage));
        let expected = match kind {
            "" => "rejected: provenance/missing fail, signatures/invalid fail",
            // It calls itself a bill of materials, and is none that can be read.
            "https://cyclonedx.org/bom" => {
                "rejected: advisories/not-covered undetermined, provenance/missing fail"
            }
            _ => missing,
        };
        assert_eq!(told(&stage), expected, "{kind}");
    }
    // Another party's word is not the kind asked for either.
    let stage = stage();
    let vsa = json!({
        "verifier": {"id": "https://v.example"}, "resourceUri": "https://r.example", "policy": {"uri": "https://p.example"},
        "verificationResult": "PASSED", "verifiedLevels": ["SLSA_BUILD_LEVEL_3"],
    });
    publish(&stage, &statement(&stage, "https://slsa.dev/verification_summary/v1", &vsa), &build(&stage));
    assert_eq!(told(&stage), format!("{missing} | provenance/vsa-verifier undetermined"));
}

#[test]
fn row_66_a_tag_that_moved_after_the_build_is_another_commit() {
    let told = outcome(&judge(&Release::good().spoil(Spoil::TagMoved)));
    assert_eq!(told, "rejected: provenance/commit fail, signatures/identity fail");
}

#[test]
fn row_69_a_required_file_that_was_taken_away_is_missing() {
    let stage = stage();
    stage.withdraw(PROVENANCE);
    assert_eq!(told(&stage), "rejected: provenance/missing fail");
    let stage = crate::provenance_stage::stage();
    for file in
        [format!("{LINUX}.sigstore.json"), "SHA256SUMS.sigstore.json".to_owned(), PROVENANCE.to_owned()]
    {
        stage.withdraw(&file);
    }
    assert_eq!(told(&stage), "rejected: provenance/missing fail, signatures/unsigned fail");
}

#[test]
fn row_70_every_check_runs_unless_the_policy_says_otherwise() {
    let report = stage().judge();
    assert_eq!(report.checks.len(), 9);
    for check in &report.checks {
        // Nothing is built in this release that could be compared with the tag, and its SECURITY.md promises nothing of it.
        let is_about_what_is_there = ["contents", "policy-claims"].contains(&check.check);
        let level = if is_about_what_is_there { Level::Warn } else { Level::Require };
        assert!(check.level == level && !check.findings.is_empty(), "{}", check.check);
    }
}

#[test]
fn row_76_a_document_that_is_two_at_once_is_refused() {
    let stage = stage();
    let text = v1(&stage).to_string();
    let (v1_type, v02_type) = (
        "\"predicateType\":\"https://slsa.dev/provenance/v1\"",
        "\"predicateType\":\"https://slsa.dev/provenance/v0.2\"",
    );
    let twice = text.replacen(v1_type, &format!("{v02_type},{v1_type}"), 1);
    assert_ne!(text, twice);
    let content = Content::Envelope(IN_TOTO.to_owned(), twice.into_bytes());
    stage.publish(PROVENANCE, &bundle(&content, &Identity::workflow(&build(&stage))));
    assert_eq!(told(&stage), "rejected: provenance/missing fail, signatures/invalid fail");
    // Members of the other version do not make it one.
    let mut both = v1(&stage);
    set(&mut both, "/predicate/builder", json!({"id": "https://other.example"}));
    set(&mut both, "/predicate/buildType", json!("https://other.example"));
    publish(&stage, &both, &build(&stage));
    assert_eq!(told(&stage), "verified");
}
