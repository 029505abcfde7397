//! SLSA verification summaries (VSA): somebody else's word that an artifact was verified.
//!
//! The rule that must not be broken: this is what the predicate claims, no more. Whether its verifier may be believed,
//! and whether it speaks of this release, is for the caller to hold against the policy.
//!
//! Follows <https://slsa.dev/spec/v1.1/verification_summary>: unrecognised members are ignored, as its parsing rules
//! demand. v0.1 and v0.2 name levels of another scale (`policy_level`, SLSA v0.1) and are not read.

use jiff::Timestamp;

use super::{PredicateType, Statement, StatementError, VSA_V1};
use crate::json::{Node, ShapeError};
use crate::release::Sha256;

/// Most entries of `verifiedLevels`.
const MAX_LEVELS: usize = 64;
/// What the levels of the Build track start with.
const BUILD_LEVEL: &str = "SLSA_BUILD_LEVEL_";

/// A verification summary.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Summary {
    /// Who says that they verified it, never empty.
    pub verifier: String,
    /// When they did, where it is said.
    pub time_verified: Option<Timestamp>,
    /// What was verified, never empty.
    pub resource_uri: String,
    /// By which policy.
    pub policy_uri: String,
    /// The SHA-256 of that policy, where it is said.
    pub policy_sha256: Option<Sha256>,
    /// `PASSED` or `FAILED`, as it stands.
    pub result: String,
    /// Every level and property that was verified, as it stands.
    pub levels: Vec<String>,
    /// The version of SLSA, where it is said.
    pub slsa_version: Option<String>,
}

impl Statement {
    /// Whether the statement is a verification summary, of whatever version.
    #[must_use]
    pub fn is_summary(&self) -> bool {
        matches!(self.predicate_type(), PredicateType::Other(uri) if uri.starts_with("https://slsa.dev/verification_summary/"))
    }
}

impl Summary {
    /// Reads the summary in a statement.
    ///
    /// # Errors
    /// [`StatementError::NotSummary`] for another predicate, else the first thing that is wrong, by its path.
    pub fn of(statement: &Statement) -> Result<Self, StatementError> {
        if statement.predicate_type().as_str() != VSA_V1 {
            let found = statement.predicate_type().as_str().to_owned();
            return Err(StatementError::NotSummary { found });
        }
        let predicate = Node::root(statement.predicate()).named("$.predicate");
        let policy = predicate.required("policy")?;
        let levels = predicate.required("verifiedLevels")?;
        let items = levels.items()?;
        if items.len() > MAX_LEVELS {
            return Err(levels.error(format!("has {} entries, more than {MAX_LEVELS}", items.len())).into());
        }
        let summary = Self {
            verifier: predicate.required("verifier")?.required("id")?.text()?.to_owned(),
            time_verified: predicate.optional("timeVerified")?.map(|node| time(&node)).transpose()?,
            resource_uri: predicate.required("resourceUri")?.text()?.to_owned(),
            policy_uri: policy.required("uri")?.text()?.to_owned(),
            policy_sha256: policy_sha256(&policy)?,
            result: predicate.required("verificationResult")?.text()?.to_owned(),
            levels: items.map(|item| item.text().map(str::to_owned)).collect::<Result<_, _>>()?,
            slsa_version: predicate
                .optional("slsaVersion")?
                .map(|node| node.text().map(str::to_owned))
                .transpose()?,
        };
        // "Users MUST NOT include more than one level per SLSA track": which of two is meant, nobody knows.
        if summary.levels.iter().filter(|level| level.starts_with(BUILD_LEVEL)).count() > 1 {
            return Err(levels.error("names two levels of the build track").into());
        }
        Ok(summary)
    }

    /// The level of the Build track, where one from 0 to 3 was verified.
    #[must_use]
    pub fn build_level(&self) -> Option<u8> {
        self.levels.iter().find_map(|level| match level.strip_prefix(BUILD_LEVEL)? {
            "0" => Some(0),
            "1" => Some(1),
            "2" => Some(2),
            "3" => Some(3),
            _ => None,
        })
    }
}

fn time(node: &Node<'_>) -> Result<Timestamp, ShapeError> {
    node.text()?.parse().map_err(|_| node.error("is no RFC 3339 time"))
}

fn policy_sha256(policy: &Node<'_>) -> Result<Option<Sha256>, ShapeError> {
    let Some(digests) = policy.optional("digest")? else { return Ok(None) };
    let Some(digest) = digests.optional("sha256")? else { return Ok(None) };
    Sha256::from_hex(digest.string()?).map(Some).ok_or_else(|| digest.error("is no SHA-256 digest"))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::json::Limits;

    fn statement(predicate_type: &str, predicate: &Value) -> Statement {
        let text = json!({
            "_type": "https://in-toto.io/Statement/v1",
            "subject": [{"name": "w", "digest": {"sha256": "ab".repeat(32)}}],
            "predicateType": predicate_type,
            "predicate": predicate,
        });
        Statement::parse(text.to_string().as_bytes(), Limits::bytes(1 << 20)).unwrap()
    }

    fn good() -> Value {
        json!({
            "verifier": {"id": "https://v.example/1", "version": {"x": "1"}},
            "timeVerified": "2026-01-05T12:00:00Z",
            "resourceUri": "https://w.example/1",
            "policy": {"uri": "https://p.example", "digest": {"sha256": "cd".repeat(32)}},
            "verificationResult": "PASSED",
            "verifiedLevels": ["BCID_L1", "SLSA_BUILD_LEVEL_2", "SLSA_SOURCE_LEVEL_3"],
            "slsaVersion": "1.1",
            "https://x.example/extension": {"anything": true},
        })
    }

    fn read(predicate: &Value) -> Result<Summary, String> {
        Summary::of(&statement(VSA_V1, predicate)).map_err(|error| error.to_string())
    }

    #[test]
    fn a_summary_is_read_and_what_it_does_not_know_is_ignored() {
        let summary = read(&good()).unwrap();
        assert_eq!(summary.build_level(), Some(2));
        assert_eq!(summary.policy_sha256, Sha256::from_hex(&"cd".repeat(32)));
        assert_eq!(summary.time_verified.unwrap().to_string(), "2026-01-05T12:00:00Z");
        let mut least = good();
        for optional in ["timeVerified", "slsaVersion"] {
            least.as_object_mut().unwrap().remove(optional);
        }
        least["policy"].as_object_mut().unwrap().remove("digest");
        let summary = read(&least).unwrap();
        assert_eq!((summary.time_verified, summary.policy_sha256, summary.slsa_version), (None, None, None));
    }

    #[test]
    fn a_level_of_another_scale_is_no_build_level() {
        for other in [
            "SLSA_LEVEL_3",
            "SLSA_BUILD_LEVEL_4",
            "SLSA_BUILD_LEVEL_03",
            "SLSA_BUILD_LEVEL_UNEVALUATED",
            "slsa_build_level_3",
        ] {
            let mut summary = good();
            summary["verifiedLevels"] = json!([other]);
            assert_eq!(read(&summary).unwrap().build_level(), None, "{other}");
        }
    }

    #[test]
    fn each_member_that_is_missing_or_wrong_is_named() {
        for (member, value, problem) in [
            ("verifier", json!({}), "$.predicate.verifier.id is missing"),
            ("verifier", json!({"id": ""}), "$.predicate.verifier.id is empty"),
            ("timeVerified", json!("yesterday"), "$.predicate.timeVerified is no RFC 3339 time"),
            ("resourceUri", json!(null), "$.predicate.resourceUri is missing"),
            ("policy", json!({}), "$.predicate.policy.uri is missing"),
            (
                "policy",
                json!({"uri": "p", "digest": {"sha256": "AB"}}),
                "$.predicate.policy.digest.sha256 is no SHA-256 digest",
            ),
            ("verificationResult", json!(true), "$.predicate.verificationResult is a boolean, not a string"),
            (
                "verifiedLevels",
                json!("SLSA_BUILD_LEVEL_3"),
                "$.predicate.verifiedLevels is a string, not an array",
            ),
            (
                "verifiedLevels",
                json!(["SLSA_BUILD_LEVEL_3", "SLSA_BUILD_LEVEL_1"]),
                "$.predicate.verifiedLevels names two levels of the build track",
            ),
            (
                "verifiedLevels",
                json!(vec!["x"; 65]),
                "$.predicate.verifiedLevels has 65 entries, more than 64",
            ),
            ("slsaVersion", json!(1), "$.predicate.slsaVersion is a number, not a string"),
        ] {
            let mut summary = good();
            summary[member] = value;
            assert_eq!(read(&summary).unwrap_err(), problem);
        }
    }

    #[test]
    fn another_version_is_a_summary_and_is_not_read() {
        for version in ["v0.1", "v0.2", "v2"] {
            let statement = statement(&format!("https://slsa.dev/verification_summary/{version}"), &good());
            assert!(statement.is_summary());
            assert!(matches!(Summary::of(&statement), Err(StatementError::NotSummary { .. })), "{version}");
        }
        assert!(!statement("https://slsa.dev/provenance/v1", &good()).is_summary());
    }
}
