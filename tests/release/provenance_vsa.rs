//! Verification summaries: one that holds answers for an artifact where the policy says so, and each member changed
//! alone is refused by its own rule.

use serde_json::{Value, json};

use relcheck::policy::Policy;

use crate::kit::bundle::Content;
use crate::kit::certificates::Identity;
use crate::kit::keys::Key;
use crate::provenance_stage::{
    PROVENANCE, expected_and_found, provenance_key, publish_keyed, section, set, stage, statement, told,
};
use crate::stage::{LINUX, MACOS, Stage, bundle, said};

const VSA: &str = "https://slsa.dev/verification_summary/v1";
const ID: &str = "https://verifier.example/v1";
const FILE: &str = "widget-1.2.3.vsa.sigstore.json";
const POLICY: &str = "abababababababababababababababababababababababababababababababab";
const RESOURCE: &str = "https://github.com/{repository}/releases/tag/{tag}";
const MISSING: &str = "provenance/missing fail";

fn entry(id: &str, further: &str) -> String {
    format!(
        "[[rules.provenance.verifier]]\nid = \"{id}\"\nresource-uri = \"{RESOURCE}\"\nkey = \"v\"\n{further}\n"
    )
}

fn predicate() -> Value {
    json!({
        "verifier": {"id": ID},
        "timeVerified": "2026-01-05T12:00:00Z",
        "resourceUri": "https://github.com/acme/widget/releases/tag/v1.2.3",
        "policy": {"uri": "https://verifier.example/policy", "digest": {"sha256": POLICY}},
        "verificationResult": "PASSED",
        "verifiedLevels": ["SLSA_BUILD_LEVEL_3"],
        "slsaVersion": "1.0",
    })
}

/// The good release without provenance, with a summary signed with the key `key`, by a policy that accepts summaries.
fn summed(predicate: &Value, key: &str, verifier: &str) -> Stage {
    let mut stage = stage();
    stage.withdraw(PROVENANCE);
    publish_keyed(&stage, FILE, &statement(&stage, VSA, predicate), key);
    for key in ["v", "w"] {
        stage.policy += &(provenance_key(key, &Key::named(key).public_pem()));
    }
    section(&mut stage, "accept-vsa = true");
    stage.policy += verifier;
    stage
}

#[test]
fn an_accepted_summary_answers_for_each_artifact_and_says_whose_word_it_is() {
    let stage = summed(&predicate(), "v", &entry(ID, ""));
    assert_eq!(told(&stage), "verified");
    let report = stage.judge();
    assert!(report.release.artifacts.iter().all(|one| one.slsa_build_level == Some(3)));
    let lines = said(&report, "provenance/verified");
    let phrase =
        "by the word of https://verifier.example/v1: SLSA Build L3; its provenance was not looked at here";
    assert!(lines.len() == 3 && lines.iter().all(|line| line.ends_with(phrase)), "{lines:?}");
    // With what a producer may leave out.
    for optional in ["/timeVerified", "/slsaVersion", "/policy/digest"] {
        let mut least = predicate();
        set(&mut least, optional, Value::Null);
        assert_eq!(told(&summed(&least, "v", &entry(ID, ""))), "verified", "{optional}");
    }
}

#[test]
fn without_the_policys_word_a_summary_answers_for_nothing() {
    let mut stage = summed(&predicate(), "v", &entry(ID, ""));
    stage.policy = stage.policy.replace("accept-vsa = true", "accept-vsa = false");
    assert_eq!(told(&stage), format!("rejected: {MISSING}"));
    stage.policy = stage.policy.replace("accept-vsa = false", "").replace(&entry(ID, ""), "");
    assert_eq!(told(&stage), format!("rejected: {MISSING} | provenance/vsa-verifier undetermined"));
    assert!(stage.judge().release.artifacts.iter().all(|one| one.slsa_build_level.is_none()));
}

#[test]
fn each_member_that_is_another_is_refused_by_its_own_rule() {
    let pinned = format!(
        "max-age-days = 30\npolicy-sha256 = \"{POLICY}\"\npolicy-uri = \"https://verifier.example/policy\""
    );
    let verifier = entry(ID, &pinned);
    assert_eq!(told(&summed(&predicate(), "v", &verifier)), "verified");
    let cases: Vec<(&str, Value, &str)> = vec![
        ("/verifier/id", json!("https://verifier.example/v2"), "rejected: provenance/vsa-verifier fail"),
        ("/verifier/id", json!("https://verifier.example/V1"), "rejected: provenance/vsa-verifier fail"),
        ("/verifier", json!({}), "rejected: provenance/invalid fail"),
        (
            "/resourceUri",
            json!("https://github.com/acme/widget/releases/tag/v1.2.2"),
            "rejected: provenance/vsa-resource fail",
        ),
        (
            "/resourceUri",
            json!("https://github.com/evil/widget/releases/tag/v1.2.3"),
            "rejected: provenance/vsa-resource fail",
        ),
        (
            "/resourceUri",
            json!("https://github.com/acme/widget/releases/tag/v1.2.3/"),
            "rejected: provenance/vsa-resource fail",
        ),
        ("/resourceUri", Value::Null, "rejected: provenance/invalid fail"),
        ("/verificationResult", json!("FAILED"), "rejected: provenance/vsa-result fail"),
        ("/verificationResult", json!("passed"), "rejected: provenance/vsa-result fail"),
        ("/verificationResult", Value::Null, "rejected: provenance/invalid fail"),
        ("/verifiedLevels", json!(["FAILED", "SLSA_BUILD_LEVEL_3"]), "rejected: provenance/vsa-result fail"),
        ("/verifiedLevels", json!([]), "rejected: provenance/vsa-level fail"),
        ("/verifiedLevels", json!(["SLSA_BUILD_LEVEL_0"]), "rejected: provenance/vsa-level fail"),
        ("/verifiedLevels", json!(["SLSA_LEVEL_3"]), "rejected: provenance/vsa-level fail"),
        ("/verifiedLevels", json!(["SLSA_SOURCE_LEVEL_3"]), "rejected: provenance/vsa-level fail"),
        (
            "/verifiedLevels",
            json!(["SLSA_BUILD_LEVEL_3", "SLSA_BUILD_LEVEL_2"]),
            "rejected: provenance/invalid fail",
        ),
        ("/slsaVersion", json!("2.0"), "undetermined: provenance/vsa-level undetermined"),
        ("/timeVerified", json!("2026-01-06T00:00:01Z"), "rejected: provenance/vsa-time fail"),
        ("/timeVerified", json!("2025-12-06T23:59:59Z"), "rejected: provenance/vsa-time fail"),
        ("/timeVerified", Value::Null, "undetermined: provenance/vsa-time undetermined"),
        ("/timeVerified", json!("soon"), "rejected: provenance/invalid fail"),
        ("/policy/digest/sha256", json!("cd".repeat(32)), "rejected: provenance/vsa-policy fail"),
        ("/policy/digest", Value::Null, "rejected: provenance/vsa-policy fail"),
        ("/policy/uri", json!("https://verifier.example/other"), "rejected: provenance/vsa-policy fail"),
    ];
    let n = cases.len();
    for (pointer, value, expected) in cases {
        let mut changed = predicate();
        set(&mut changed, pointer, value.clone());
        assert_eq!(told(&summed(&changed, "v", &verifier)), expected, "{pointer} = {value}");
    }
    for (pointer, value) in [("/timeVerified", json!("2025-12-07T00:00:00Z")), ("/slsaVersion", json!("1"))] {
        let mut changed = predicate();
        set(&mut changed, pointer, value);
        assert_eq!(told(&summed(&changed, "v", &verifier)), "verified", "{pointer}");
    }
    eprintln!("{n} members of a verification summary changed alone, each refused by its rule");
}

#[test]
fn signer_and_verifier_count_as_a_pair_and_not_each_for_itself() {
    let refused = "rejected: provenance/vsa-verifier fail";
    // The right verifier, signed by the signer of another one.
    let both = entry(ID, "") + &entry("https://other.example", "").replace("key = \"v\"", "key = \"w\"");
    assert_eq!(told(&summed(&predicate(), "v", &both)), "verified");
    assert_eq!(told(&summed(&predicate(), "w", &both)), refused);
    let stage = summed(&predicate(), "w", &both);
    let (expected, found) = expected_and_found(&stage, "provenance/vsa-verifier");
    assert!(
        expected.contains("https://verifier.example/v1 signed by key \"v\" or https://other.example"),
        "{expected}"
    );
    assert!(found.starts_with("https://verifier.example/v1 signed by key w"), "{found}");
    // A key that nobody named.
    let stranger = told(&summed(&predicate(), "stranger", &both));
    assert_eq!(stranger, format!("rejected: {MISSING}, signatures/invalid fail"));
}

#[test]
fn a_verifier_may_be_known_by_a_certificate() {
    let issuer = "https://accounts.example";
    let verifier = entry(ID, "")
        .replace("key = \"v\"", &format!("issuer = \"{issuer}\"\nidentity = \"verifier@example.org\""));
    let by = |email: &str, issuer: &str| {
        let stage = summed(&predicate(), "v", &verifier);
        let content = Content::statement(&statement(&stage, VSA, &predicate()));
        stage.publish(FILE, &bundle(&content, &Identity::person(email, issuer)));
        told(&stage)
    };
    assert_eq!(by("verifier@example.org", issuer), "verified");
    let refused = "rejected: provenance/vsa-verifier fail";
    assert_eq!(by("Verifier@example.org", issuer), refused);
    assert_eq!(by("mallory@example.org", issuer), refused);
    assert_eq!(by("verifier@example.org", "https://accounts.example.net"), refused);
}

#[test]
fn the_level_that_the_policy_asks_for_must_have_been_verified() {
    for (verified, asked, expected) in [
        (3, 3, "verified"),
        (3, 1, "verified"),
        (2, 3, "rejected: provenance/vsa-level fail"),
        (1, 2, "rejected: provenance/vsa-level fail"),
    ] {
        let mut summary = predicate();
        set(&mut summary, "/verifiedLevels", json!([format!("SLSA_BUILD_LEVEL_{verified}")]));
        let mut stage = summed(&summary, "v", &entry(ID, ""));
        section(&mut stage, &format!("min-level = {asked}"));
        assert_eq!(told(&stage), expected, "{verified} of {asked}");
    }
}

#[test]
fn a_summary_is_about_the_files_it_names_and_no_others() {
    // The pattern may name the file.
    let named =
        entry(ID, "").replace(RESOURCE, "https://github.com/{repository}/releases/download/{tag}/{artifact}");
    let mut one = predicate();
    set(
        &mut one,
        "/resourceUri",
        json!(format!("https://github.com/acme/widget/releases/download/v1.2.3/{LINUX}")),
    );
    let stage = summed(&one, "v", &named);
    let mut of_one = statement(&stage, VSA, &one);
    let subjects = of_one["subject"].as_array().unwrap().clone();
    let linux: Vec<Value> = subjects.iter().filter(|subject| subject["name"] == LINUX).cloned().collect();
    assert_eq!(linux.len(), 1);
    set(&mut of_one, "/subject", json!(linux));
    publish_keyed(&stage, FILE, &of_one, "v");
    let report = stage.judge();
    assert_eq!(said(&report, "provenance/verified").len(), 1);
    let missing = said(&report, "provenance/missing");
    assert!(missing.len() == 2 && missing.iter().any(|line| line.starts_with(MACOS)), "{missing:?}");
    // For all three, it is the wrong name for two.
    publish_keyed(&stage, FILE, &statement(&stage, VSA, &one), "v");
    assert_eq!(told(&stage), "rejected: provenance/vsa-resource fail");
    // Other bytes.
    let mut other = statement(&stage, VSA, &predicate());
    set(&mut other, "/subject/0/digest/sha512", json!("ab".repeat(64)));
    let stage = summed(&predicate(), "v", &entry(ID, ""));
    publish_keyed(&stage, FILE, &other, "v");
    assert_eq!(
        told(&stage),
        "rejected: provenance/unbound fail, release/digest-mismatch fail, signatures/unbound fail"
    );
}

#[test]
fn a_summary_of_another_version_is_not_read() {
    for version in ["v0.1", "v0.2", "v2"] {
        let stage = summed(&predicate(), "v", &entry(ID, ""));
        let uri = format!("https://slsa.dev/verification_summary/{version}");
        publish_keyed(&stage, FILE, &statement(&stage, &uri, &predicate()), "v");
        assert_eq!(told(&stage), "rejected: provenance/invalid fail", "{version}");
    }
}

#[test]
fn beside_provenance_that_holds_a_strangers_summary_is_told_of_and_a_named_verifiers_refusal_counts() {
    let beside = |predicate: &Value, key: &str, accept: bool| {
        let mut stage = summed(predicate, key, &entry(ID, ""));
        let own = crate::provenance_stage::v1(&stage);
        crate::provenance_stage::publish(&stage, &own, &crate::provenance_stage::build(&stage));
        if !accept {
            stage.policy = stage.policy.replace("accept-vsa = true", "");
        }
        told(&stage)
    };
    let mut failed = predicate();
    set(&mut failed, "/verificationResult", json!("FAILED"));
    assert_eq!(beside(&predicate(), "v", true), "verified");
    assert_eq!(beside(&predicate(), "w", true), "verified | provenance/vsa-verifier fail");
    assert_eq!(beside(&failed, "v", true), "rejected: provenance/vsa-result fail");
    assert_eq!(beside(&failed, "v", false), "verified | provenance/vsa-result fail");
    // And the other way about: provenance that does not hold is not healed by a summary that does.
    let stage = summed(&predicate(), "v", &entry(ID, ""));
    let mut run = crate::provenance_stage::build(&stage);
    run.commit = "0".repeat(40);
    let wrong =
        crate::kit::statement::Provenance::v1(&run, crate::provenance_stage::subjects(&stage)).statement();
    crate::provenance_stage::publish(&stage, &wrong, &run);
    assert_eq!(told(&stage), "rejected: provenance/commit fail");
}

#[test]
fn a_policy_about_summaries_that_could_not_hold_is_refused() {
    let key = provenance_key("v", &Key::named("v").public_pem());
    let half = "a verifier needs either issuer and identity, or key, and not both";
    let resource = format!("resource-uri = \"{RESOURCE}\"");
    for (text, problem) in [
        ("[rules.provenance]\naccept-vsa = true\n".to_owned(), "no verifier is named"),
        (entry("x", "max-age-days = 0"), "max-age-days is at least 1"),
        (entry("", ""), "needs the id"),
        (entry("x", "issuer = \"https://i.example\""), half),
        (format!("[[rules.provenance.verifier]]\nid = \"x\"\n{resource}\n"), half),
        (entry("x", "").replace("key = \"v\"", "key = \"u\""), "no key is called \"u\""),
        (entry("x", "").replace("{tag}", "latest"), "names neither {tag} nor {commit}"),
        (entry("x", "policy-sha256 = \"AB\""), "64 lowercase hexadecimal digits"),
        (entry("x", "policy-sha = \"AB\""), "unknown field"),
        (entry("x", "").replace(RESOURCE, "*{tag}"), "may stand only in the path"),
        (
            entry("x", "").replace("key = \"v\"", "issuer = \"https://*\"\nidentity = \"a@b.example\""),
            "an issuer is an https URL",
        ),
    ] {
        let error = Policy::parse("p.toml", &format!("{key}{text}")).unwrap_err().to_string();
        assert!(error.contains(problem), "{text}: {error}");
    }
}
