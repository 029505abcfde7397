//! The verification summaries that relcheck writes, held field by field against their specification: SLSA 1.2,
//! "Verification Summary Attestation", whose predicate type is that of 1.0 and 1.1 too.
//!
//! No verifier of summaries can be had as a package of the ecosystems that the tests use; so this is one: every step of
//! the specification's "How to verify", and every "MUST" about a field.

use jiff::Timestamp;
use relcheck::digest::{Algorithms, hash_reader};
use relcheck::report::vsa;
use serde_json::{Map, Value};

use crate::kit::release::Release;
use crate::kit::spoil::{Spoil, Which};
use crate::stage::{CRATE, LINUX, MACOS, Stage};

const FIELDS: [&str; 9] = [
    "verifier",
    "timeVerified",
    "resourceUri",
    "policy",
    "inputAttestations",
    "verificationResult",
    "verifiedLevels",
    "dependencyLevels",
    "slsaVersion",
];

/// The statements about a release, with its stage.
fn summaries(release: &Release) -> (Stage, Vec<Value>) {
    let stage = Stage::set(release);
    let lines = vsa::render(&stage.judge()).unwrap();
    let statements = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    (stage, statements)
}

fn text<'a>(value: &'a Value, what: &str) -> &'a str {
    value.as_str().unwrap_or_else(|| panic!("{what} is a string, not {value}"))
}

fn object<'a>(value: &'a Value, what: &str) -> &'a Map<String, Value> {
    value.as_object().unwrap_or_else(|| panic!("{what} is an object, not {value}"))
}

/// in-toto `ResourceURI` and `TypeURI`: RFC 3986, with a scheme.
fn assert_uri(value: &Value, what: &str) {
    let uri = text(value, what);
    let (scheme, rest) = uri.split_once(':').unwrap_or_else(|| panic!("{what} {uri} has a scheme"));
    assert!(scheme.starts_with(|c: char| c.is_ascii_alphabetic()), "{what} {uri}");
    assert!(scheme.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c)), "{what} {uri}");
    let allowed = |c: char| c.is_ascii_alphanumeric() || "-._~:/?#[]@!$&'()*+,;=%".contains(c);
    assert!(!rest.is_empty() && rest.chars().all(allowed), "{what} {uri}");
}

/// in-toto `DigestSet`: at least one; hexadecimal, in lower case, of the algorithm's length.
fn assert_digests(value: &Value, what: &str) {
    let digests = object(value, what);
    assert!(!digests.is_empty(), "{what} has a digest");
    for (algorithm, digest) in digests {
        let length = match algorithm.as_str() {
            "sha256" => 64,
            "gitCommit" | "gitTag" => 40,
            other => panic!("{what} has a digest by {other}"),
        };
        let digest = text(digest, what);
        assert!(
            digest.len() == length && digest.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f')),
            "{digest}"
        );
    }
}

/// Every rule about a field that holds whatever was verified.
fn assert_conforms(statement: &Value) {
    let members: Vec<&String> = object(statement, "the statement").keys().collect();
    assert_eq!(members, ["_type", "predicate", "predicateType", "subject"]);
    assert_eq!(statement["_type"], "https://in-toto.io/Statement/v1");
    assert_eq!(statement["predicateType"], "https://slsa.dev/verification_summary/v1");
    let subjects = statement["subject"].as_array().unwrap();
    assert!(!subjects.is_empty());
    for subject in subjects {
        assert!(!text(&subject["name"], "subject.name").is_empty());
        assert_digests(&subject["digest"], "subject.digest");
    }
    let predicate = object(&statement["predicate"], "the predicate");
    for field in predicate.keys() {
        // Fields beside those of the specification are named by URIs.
        assert!(FIELDS.contains(&field.as_str()) || field.starts_with("https://"), "{field}");
    }
    let verifier = object(&predicate["verifier"], "verifier");
    assert_uri(&verifier["id"], "verifier.id");
    for version in object(&verifier["version"], "verifier.version").values() {
        text(version, "verifier.version");
    }
    let time = text(&predicate["timeVerified"], "timeVerified");
    assert!(time.ends_with('Z') && time.parse::<Timestamp>().is_ok(), "{time} is a time of RFC 3339 in UTC");
    assert_uri(&predicate["resourceUri"], "resourceUri");
    assert_uri(&predicate["policy"]["uri"], "policy.uri");
    assert_digests(&predicate["policy"]["digest"], "policy.digest");
    for attestation in predicate["inputAttestations"].as_array().unwrap() {
        assert_digests(&attestation["digest"], "inputAttestations.digest");
        assert_uri(&attestation["uri"], "inputAttestations.uri");
    }
    let result = text(&predicate["verificationResult"], "verificationResult");
    assert!(matches!(result, "PASSED" | "FAILED"), "{result}");
    let levels: Vec<&str> =
        predicate["verifiedLevels"].as_array().unwrap().iter().map(|level| text(level, "a level")).collect();
    assert_levels(result, &levels);
    let (major, minor) = text(&predicate["slsaVersion"], "slsaVersion").split_once('.').unwrap();
    assert!(major.parse::<u32>().is_ok() && minor.parse::<u32>().is_ok());
    // Nothing is said about dependencies; an empty object would say that there are none.
    assert!(!predicate.contains_key("dependencyLevels"));
}

/// `SlsaResult`, and at most one level of a track.
fn assert_levels(result: &str, levels: &[&str]) {
    let known = ["UNEVALUATED", "0", "1", "2", "3"].map(|level| format!("SLSA_BUILD_LEVEL_{level}"));
    let of_slsa: Vec<&&str> = levels.iter().filter(|level| level.starts_with("SLSA_")).collect();
    assert!(of_slsa.iter().all(|level| known.contains(&(**level).to_string())), "{levels:?}");
    assert!(of_slsa.len() <= 1, "one level of a track: {levels:?}");
    let unique: std::collections::BTreeSet<&&str> = levels.iter().collect();
    assert_eq!(unique.len(), levels.len(), "{levels:?}");
    if result == "FAILED" {
        assert_eq!(levels, ["FAILED"]);
    } else {
        assert!(!levels.is_empty() && !levels.contains(&"FAILED"), "{levels:?}");
    }
}

/// The steps of "How to verify", but for the signature, which is whoever's that publishes the summary.
fn accepts(statement: &Value, artifact: &[u8], resource: &str, level: &str) -> Result<(), String> {
    let predicate = &statement["predicate"];
    let (_, digests) = hash_reader(artifact, Algorithms::SHA256).unwrap();
    let is_subject = |subject: &Value| subject["digest"]["sha256"] == digests.sha256().hex();
    let steps = [
        ("subject", statement["subject"].as_array().unwrap().iter().any(is_subject)),
        ("predicateType", statement["predicateType"] == "https://slsa.dev/verification_summary/v1"),
        ("verifier", predicate["verifier"]["id"] == vsa::VERIFIER_ID),
        ("resourceUri", predicate["resourceUri"] == resource),
        ("verificationResult", predicate["verificationResult"] == "PASSED"),
        ("verifiedLevels", predicate["verifiedLevels"].as_array().unwrap().iter().any(|one| one == level)),
    ];
    steps.iter().find(|(_, holds)| !holds).map_or(Ok(()), |(step, _)| Err((*step).to_owned()))
}

fn resource(name: &str) -> String {
    format!("git+https://github.com/acme/widget@refs/tags/v1.2.3#{name}")
}

#[test]
fn the_summaries_of_a_good_release_conform_and_pass_every_step_of_a_verifier() {
    for by_slsa_generator in [false, true] {
        let (stage, statements) = summaries(&Release { by_slsa_generator, ..Release::good() });
        assert_eq!(statements.len(), 4, "the tag and three artifacts");
        statements.iter().for_each(assert_conforms);
        let level =
            format!("SLSA_BUILD_LEVEL_{}", stage.judge().release.artifacts[0].slsa_build_level.unwrap());
        for name in [LINUX, MACOS, CRATE] {
            let statement = statements.iter().find(|one| one["subject"][0]["name"] == name).unwrap();
            let bytes = stage.read(name);
            assert_eq!(accepts(statement, &bytes, &resource(name), &level), Ok(()));
            assert_eq!(
                accepts(statement, b"another file", &resource(name), &level),
                Err("subject".to_owned())
            );
            assert_eq!(accepts(statement, &bytes, &resource("other"), &level), Err("resourceUri".to_owned()));
            let higher = "SLSA_BUILD_LEVEL_4";
            assert_eq!(accepts(statement, &bytes, &resource(name), higher), Err("verifiedLevels".to_owned()));
        }
    }
}

#[test]
fn all_attestations_that_were_used_are_named_by_their_digest() {
    let (stage, statements) = summaries(&Release::good());
    let used: Vec<&str> = statements[0]["predicate"]["inputAttestations"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| text(&one["digest"]["sha256"], "a digest"))
        .collect();
    for name in std::fs::read_dir(stage.written.published()).unwrap().map(|entry| entry.unwrap().file_name())
    {
        let name = name.to_str().unwrap();
        if relcheck::proof::recognise(name).is_some() {
            let digest = crate::kit::keys::sha256_hex(&stage.read(name));
            assert!(used.contains(&digest.as_str()), "{name}");
        }
    }
    assert_eq!(used.len(), 5);
}

#[test]
fn the_summaries_of_a_rejected_release_conform_and_pass_no_step_of_a_verifier() {
    let (stage, statements) = summaries(&Release::good().spoil(Spoil::ArtifactChanged(2)));
    for statement in &statements {
        assert_conforms(statement);
        assert_eq!(statement["predicate"]["verificationResult"], "FAILED");
    }
    let statement = statements.iter().find(|one| one["subject"][0]["name"] == LINUX).unwrap();
    let told = accepts(statement, &stage.read(LINUX), &resource(LINUX), "SLSA_BUILD_LEVEL_2");
    assert_eq!(told, Err("verificationResult".to_owned()));
}

#[test]
fn a_level_that_was_not_evaluated_is_said_to_be_so_and_is_no_level() {
    let release = Release::good().spoil(Spoil::Unsigned(Which::Provenance));
    let mut stage = Stage::set(&release);
    stage.policy = stage.policy.replace("provenance = \"require\"", "provenance = \"skip\"");
    let lines = vsa::render(&stage.judge()).unwrap();
    let statements: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    statements.iter().for_each(assert_conforms);
    let statement = statements.iter().find(|one| one["subject"][0]["name"] == CRATE).unwrap();
    let levels = statement["predicate"]["verifiedLevels"].as_array().unwrap();
    assert!(levels.iter().any(|level| level == "SLSA_BUILD_LEVEL_UNEVALUATED"), "{levels:?}");
    let told = accepts(statement, &stage.read(CRATE), &resource(CRATE), "SLSA_BUILD_LEVEL_0");
    assert_eq!(told, Err("verifiedLevels".to_owned()), "what was not evaluated is not level 0 either");
}
