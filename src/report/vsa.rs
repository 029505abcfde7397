//! SLSA Verification Summary Attestations: what a consumer needs who trusts this verifier and reads nothing else.
//!
//! The rule that must not be broken: PASSED only for a verified release, FAILED only for a rejected one, and nothing at
//! all for one that is undetermined. A level is claimed only by a check that was required and passed without a waiver.
//!
//! The output is JSON Lines, one unsigned in-toto Statement v1 a line: the tag first, then the artifacts by name.
//!
//! `resourceUri` is made of what the verifier's side knows, so that a consumer can tell what to expect:
//!
//! ```text
//! git+https://HOST/OWNER/NAME@refs/tags/TAG             the tag
//! git+https://HOST/OWNER/NAME@refs/tags/TAG#ARTIFACT    a file published under it
//! tag:relcheck.dev,2026:unknown-repository/TAG#ARTIFACT where the repository is unknown
//! ```
//!
//! TAG and ARTIFACT are percent-encoded, all but letters, digits, `-._~`, and `/` in a tag. The URI of a release file is
//! not used: a folder of files does not tell it.

use super::{ArtifactSummary, RenderError, Report, json};
use crate::{
    outcome::{Level, Outcome, Status, SubjectKind, Verdict},
    release::Sha256,
    text::inert_json,
};
use serde_json::{Value, json};

/// The predicate's type.
pub const PREDICATE_TYPE: &str = "https://slsa.dev/verification_summary/v1";
/// Who verified. The number at its end changes when the meaning of what is claimed does, not with each version of the
/// program; that is in `verifier.version`.
pub const VERIFIER_ID: &str = "https://relcheck.dev/verifier/v1";
/// The field that names, by digest, the JSON report with the reasons.
pub const REPORT_FIELD: &str = "https://relcheck.dev/report/v1";

/// Names in this space are `tag:` URIs (RFC 4151): they identify, and promise no page to fetch.
const NAME_SPACE: &str = "tag:relcheck.dev,2026";

/// What a passed check lets a statement claim.
const CLAIMS: [(&str, &str, Scope); 5] = [
    ("checksums", "RELCHECK_CHECKSUMMED", Scope::Artifact),
    ("signatures", "RELCHECK_SIGNED", Scope::Artifact),
    ("provenance", "RELCHECK_PROVENANCE", Scope::Artifact),
    ("advisories", "RELCHECK_NO_KNOWN_ADVISORIES", Scope::Release),
    ("supported-versions", "RELCHECK_SUPPORTED_VERSIONS", Scope::Release),
];

/// What a claim is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Scope {
    /// Each artifact by itself.
    Artifact,
    /// The release as a whole.
    Release,
}

/// The statements, one a line, with a policy URI made of the policy's name.
pub fn render(report: &Report) -> Result<String, RenderError> {
    let statements = statements(report, &policy_uri(report))?;
    let line = |statement: &Value| inert_json(&statement.to_string()) + "\n";
    Ok(statements.iter().map(line).collect())
}

/// `tag:relcheck.dev,2026:policy/NAME`; the digest beside it tells policies of one name apart.
pub fn policy_uri(report: &Report) -> String {
    format!("{NAME_SPACE}:policy/{}", encoded(&report.policy.name, ""))
}

/// One statement for the tag and one for each artifact; never an empty list.
pub fn statements(report: &Report, policy_uri: &str) -> Result<Vec<Value>, RenderError> {
    if report.verdict == Verdict::Undetermined {
        return Err(RenderError::Undetermined);
    }
    let digest = Sha256::of(json::render(report).as_bytes());
    let summary = Summary { report, policy_uri, digest, release_uri: release_uri(report) };
    let mut artifacts: Vec<&ArtifactSummary> = report.release.artifacts.iter().collect();
    artifacts.sort_by_key(|artifact| (&artifact.name, artifact.sha256));
    let artifacts = artifacts.into_iter().map(|artifact| summary.of_artifact(artifact));
    let statements: Vec<Value> = summary.of_tag().into_iter().chain(artifacts).collect();
    if statements.is_empty() { Err(RenderError::NoSubject) } else { Ok(statements) }
}

/// What all statements of one report share.
struct Summary<'a> {
    report: &'a Report,
    policy_uri: &'a str,
    /// Of the JSON report.
    digest: Sha256,
    release_uri: String,
}

impl Summary<'_> {
    fn of_tag(&self) -> Option<Value> {
        let release = &self.report.release;
        let mut digest = json!({ "gitCommit": release.commit.as_ref()?.as_str() });
        if let Some(tag_object) = &release.tag_object {
            digest["gitTag"] = tag_object.as_str().into();
        }
        let subject = json!({ "name": release.tag, "digest": digest });
        Some(self.statement(subject, &self.release_uri, self.levels(None)))
    }

    fn of_artifact(&self, artifact: &ArtifactSummary) -> Value {
        let subject = json!({ "name": artifact.name, "digest": { "sha256": artifact.sha256 } });
        self.statement(subject, &self.file_uri(&artifact.name), self.levels(Some(artifact)))
    }

    fn file_uri(&self, name: &str) -> String {
        format!("{}#{}", self.release_uri, encoded(name, ""))
    }

    fn statement(&self, subject: Value, resource_uri: &str, levels: Vec<String>) -> Value {
        let passed = self.report.verdict == Verdict::Verified;
        json!({
            "_type": "https://in-toto.io/Statement/v1",
            "subject": [subject],
            "predicateType": PREDICATE_TYPE,
            "predicate": {
                "verifier": { "id": VERIFIER_ID, "version": { "relcheck": env!("CARGO_PKG_VERSION") } },
                "timeVerified": self.report.as_of.to_string(),
                "resourceUri": resource_uri,
                "policy": { "uri": self.policy_uri, "digest": { "sha256": self.report.policy.sha256 } },
                "inputAttestations": self.attestations(),
                "verificationResult": if passed { "PASSED" } else { "FAILED" },
                "verifiedLevels": if passed { levels } else { vec!["FAILED".to_owned()] },
                "slsaVersion": "1.2",
                REPORT_FIELD: { "digest": { "sha256": self.digest } },
            },
        })
    }

    /// All of the signed evidence, as the specification asks where the field is present.
    fn attestations(&self) -> Vec<Value> {
        let mut all: Vec<_> = self.report.attestations.iter().collect();
        all.sort_by_key(|attestation| (&attestation.name, attestation.sha256));
        let row = |name: &str, sha256| json!({ "uri": self.file_uri(name), "digest": { "sha256": sha256 } });
        all.into_iter().map(|attestation| row(&attestation.name, attestation.sha256)).collect()
    }

    /// What is claimed of an artifact, or, without one, of the tag.
    fn levels(&self, artifact: Option<&ArtifactSummary>) -> Vec<String> {
        // A build level is a property of a built file; a tag has none.
        let build = artifact.map(|artifact| match artifact.slsa_build_level {
            Some(level) => format!("SLSA_BUILD_LEVEL_{level}"),
            None => "SLSA_BUILD_LEVEL_UNEVALUATED".to_owned(),
        });
        let claims = CLAIMS.iter().filter(|(check, _, scope)| self.earned(check, *scope, artifact));
        build.into_iter().chain(claims.map(|(_, claim, _)| (*claim).to_owned())).collect()
    }

    fn earned(&self, check: &str, scope: Scope, artifact: Option<&ArtifactSummary>) -> bool {
        let mut outcomes = self.report.checks.iter().filter(|outcome| outcome.check == check).peekable();
        let artifacts = &self.report.release.artifacts;
        outcomes.peek().is_some()
            && outcomes.all(|outcome| match (scope, artifact) {
                (Scope::Release, _) => holds_for_all(outcome),
                (Scope::Artifact, Some(artifact)) => holds_for(outcome, &artifact.name),
                (Scope::Artifact, None) => {
                    !artifacts.is_empty()
                        && holds_for_all(outcome)
                        && artifacts.iter().all(|artifact| holds_for(outcome, &artifact.name))
                }
            })
    }
}

/// Whether the check was required, and everything it said is a pass, warnings too.
fn holds_for_all(outcome: &Outcome) -> bool {
    outcome.level == Level::Require
        && outcome.status() == Status::Pass
        && outcome.findings.iter().all(|finding| finding.status == Status::Pass)
}

/// Whether the check was required and did not fail, and everything it said of this artifact, and of the release as a
/// whole, is a pass; having said something deciding of this artifact.
fn holds_for(outcome: &Outcome, artifact: &str) -> bool {
    let is_about = |kind, name: &str| kind == SubjectKind::Artifact && name == artifact;
    let concerns = |kind, name: &str| kind == SubjectKind::Release || is_about(kind, name);
    let mut said = outcome.findings.iter().filter(|f| concerns(f.subject.kind, &f.subject.name));
    outcome.level == Level::Require
        && matches!(outcome.status(), Status::Pass | Status::Waived)
        && said.all(|finding| finding.status == Status::Pass)
        && outcome
            .findings
            .iter()
            .any(|f| f.level == Level::Require && is_about(f.subject.kind, &f.subject.name))
}

fn release_uri(report: &Report) -> String {
    let tag = encoded(&report.release.tag, "/");
    match &report.release.repository {
        Some(repository) => format!("git+https://{}@refs/tags/{tag}", encoded(repository, "/:")),
        None => format!("{NAME_SPACE}:unknown-repository/{tag}"),
    }
}

/// Percent-encoded but for the unreserved characters of RFC 3986 and those in `also`.
fn encoded(text: &str, also: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        let c = char::from(byte);
        if c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_' | '~') || also.contains(c) {
            out.push(c);
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        outcome::{Finding, Subject, Waiver},
        report::samples::{self, ARTIFACTS},
    };

    fn levels(report: &Report, statement: usize) -> Vec<String> {
        let statements = statements(report, "urn:example:policy").unwrap();
        serde_json::from_value(statements[statement]["predicate"]["verifiedLevels"].clone()).unwrap()
    }

    #[test]
    fn an_artifact_of_a_good_release_gets_every_level_that_was_required() {
        let all = statements(&samples::good(), "urn:example:policy").unwrap();
        assert_eq!(all.len(), 4);
        let mut statement = all[1].clone();
        let report = statement["predicate"][REPORT_FIELD].take();
        let digest = Sha256::of(crate::report::json::render(&samples::good()).as_bytes());
        assert_eq!(report["digest"]["sha256"], digest.to_string());
        insta::assert_snapshot!(serde_json::to_string_pretty(&statement).unwrap(), @r##"
        {
          "_type": "https://in-toto.io/Statement/v1",
          "predicate": {
            "https://relcheck.dev/report/v1": null,
            "inputAttestations": [
              {
                "digest": {
                  "sha256": "96d815328a42cb4ef89d5e0b7a1df6be43b484832c83a7b4596d8402c7c0b12b"
                },
                "uri": "git+https://github.com/acme/widget@refs/tags/v1.2.3#provenance.intoto.jsonl"
              },
              {
                "digest": {
                  "sha256": "1e6ed65d77d6364eeaed5a745ba5c4985ae2b700dd85d7cf7f027bdf294a33fc"
                },
                "uri": "git+https://github.com/acme/widget@refs/tags/v1.2.3#widget.sigstore.json"
              }
            ],
            "policy": {
              "digest": {
                "sha256": "823412d1eacb67956220e532959f0104603057c88704863ca38e7cd188fda812"
              },
              "uri": "urn:example:policy"
            },
            "resourceUri": "git+https://github.com/acme/widget@refs/tags/v1.2.3#widget-1.2.3-aarch64-apple-darwin.tar.gz",
            "slsaVersion": "1.2",
            "timeVerified": "2026-05-01T12:00:00Z",
            "verificationResult": "PASSED",
            "verifiedLevels": [
              "SLSA_BUILD_LEVEL_3",
              "RELCHECK_CHECKSUMMED",
              "RELCHECK_SIGNED",
              "RELCHECK_PROVENANCE",
              "RELCHECK_NO_KNOWN_ADVISORIES",
              "RELCHECK_SUPPORTED_VERSIONS"
            ],
            "verifier": {
              "id": "https://relcheck.dev/verifier/v1",
              "version": {
                "relcheck": "0.1.0"
              }
            }
          },
          "predicateType": "https://slsa.dev/verification_summary/v1",
          "subject": [
            {
              "digest": {
                "sha256": "151e58bf2aeaee8739314ced41222196a3b639f8d59aced1c685ce811d6e8f4b"
              },
              "name": "widget-1.2.3-aarch64-apple-darwin.tar.gz"
            }
          ]
        }
        "##);
    }

    #[test]
    fn the_tag_has_its_commit_and_tag_object_and_no_build_level() {
        let all = statements(&samples::good(), "urn:example:policy").unwrap();
        insta::assert_snapshot!(serde_json::to_string_pretty(&all[0]["subject"]).unwrap(), @r##"
        [
          {
            "digest": {
              "gitCommit": "0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c",
              "gitTag": "a0b1c2d3e4f5061728394a5b6c7d8e9fa0b1c2d3"
            },
            "name": "v1.2.3"
          }
        ]
        "##);
        assert_eq!(all[0]["predicate"]["resourceUri"], "git+https://github.com/acme/widget@refs/tags/v1.2.3");
        assert_eq!(levels(&samples::good(), 0), CLAIMS.map(|(_, claim, _)| claim));
        let mut lightweight = samples::good();
        lightweight.release.tag_object = None;
        let all = statements(&lightweight, "urn:example:policy").unwrap();
        assert_eq!(all[0]["subject"][0]["digest"].as_object().unwrap().len(), 1);
    }

    #[test]
    fn an_undetermined_release_gets_no_statement() {
        assert_eq!(render(&samples::unclear()), Err(RenderError::Undetermined));
        let mut nothing = samples::good();
        nothing.release.artifacts.clear();
        nothing.release.commit = None;
        assert_eq!(render(&nothing), Err(RenderError::NoSubject));
    }

    #[test]
    fn every_statement_of_a_rejected_release_says_failed_and_nothing_else() {
        for statement in statements(&samples::bad(), "urn:example:policy").unwrap() {
            assert_eq!(statement["predicate"]["verificationResult"], "FAILED");
            assert_eq!(statement["predicate"]["verifiedLevels"], json!(["FAILED"]));
        }
    }

    #[test]
    fn a_waived_artifact_loses_the_level_and_the_others_keep_it() {
        let mut report = samples::good();
        report.checks[2].findings[0].status = Status::Waived;
        let until = "2026-06-30".parse().unwrap();
        report.checks[2].findings[0].waiver =
            Some(Waiver { reason: "r".to_owned(), until: Some(until), is_of_repository: false });
        assert_eq!(Verdict::of(&report.checks), Verdict::Verified);
        assert_eq!(report.checks[2].findings[0].subject.name, ARTIFACTS[0]);
        let signed = "RELCHECK_SIGNED".to_owned();
        let has = [0, 1, 2, 3].map(|statement| levels(&report, statement).contains(&signed));
        assert_eq!(has, [false, false, true, true]);
    }

    #[test]
    fn a_waiver_for_the_whole_release_takes_the_level_from_everything() {
        for (check, claim, _) in CLAIMS {
            let mut report = samples::good();
            let outcome = report.checks.iter_mut().find(|outcome| outcome.check == check).unwrap();
            let rule = outcome.findings[0].rule;
            outcome.findings.push(Finding::new(rule, Status::Waived, Subject::release("v1.2.3"), "waived"));
            for statement in 0..4 {
                assert!(!levels(&report, statement).contains(&claim.to_owned()), "{check}");
            }
        }
    }

    #[test]
    fn a_check_that_was_not_required_or_not_run_gives_no_level() {
        for (check, claim, _) in CLAIMS {
            for change in [Some(Level::Warn), Some(Level::Skip), None] {
                let mut report = samples::good();
                match change {
                    Some(level) => {
                        report.checks.iter_mut().filter(|o| o.check == check).for_each(|o| o.level = level)
                    }
                    None => report.checks.retain(|outcome| outcome.check != check),
                }
                for statement in 0..4 {
                    assert!(!levels(&report, statement).contains(&claim.to_owned()), "{check} {change:?}");
                }
            }
        }
    }

    #[test]
    fn a_check_that_did_not_speak_of_an_artifact_gives_it_no_level() {
        let mut report = samples::good();
        report.checks[1].findings.remove(0);
        let claim = "RELCHECK_CHECKSUMMED".to_owned();
        let has = [0, 1, 2, 3].map(|statement| levels(&report, statement).contains(&claim));
        assert_eq!(has, [false, false, true, true]);
    }

    #[test]
    fn a_warning_about_an_advisory_is_an_advisory_that_is_known() {
        let mut report = samples::good();
        let rule = report.checks[4].findings[0].rule;
        let package = Subject::new(SubjectKind::Package, "old@0.1.0");
        report.checks[4].findings.push(Finding::fail(rule, package, "unmaintained").warning());
        assert_eq!(Verdict::of(&report.checks), Verdict::Verified);
        assert!(!levels(&report, 1).contains(&"RELCHECK_NO_KNOWN_ADVISORIES".to_owned()));
    }

    #[test]
    fn a_build_level_that_is_not_known_is_unevaluated() {
        let mut report = samples::good();
        report.release.artifacts[0].slsa_build_level = None;
        assert_eq!(levels(&report, 1)[0], "SLSA_BUILD_LEVEL_UNEVALUATED");
        assert_eq!(levels(&report, 2)[0], "SLSA_BUILD_LEVEL_3");
    }

    #[test]
    fn where_the_repository_is_unknown_the_uri_does_not_invent_one() {
        let mut report = samples::good();
        report.release.repository = None;
        report.release.tag = "tools/arena@v1 #2".to_owned();
        let all = statements(&report, "urn:example:policy").unwrap();
        let uri = "tag:relcheck.dev,2026:unknown-repository/tools/arena%40v1%20%232";
        assert_eq!(all[0]["predicate"]["resourceUri"], uri);
        assert_eq!(all[1]["predicate"]["resourceUri"], format!("{uri}#{}", ARTIFACTS[0]));
    }

    #[test]
    fn names_of_strangers_stay_one_line_of_json_and_a_valid_uri() {
        for name in samples::HOSTILE {
            let text = render(&samples::hostile(name)).unwrap();
            samples::assert_plain(&text, name);
            assert!(!text.contains("##"), "{name:?}");
            assert_eq!(text.lines().count(), 4, "{name:?}");
            for line in text.lines() {
                let statement: Value = serde_json::from_str(line).unwrap();
                assert_eq!(statement["subject"][0]["name"], name);
                let uri = statement["predicate"]["resourceUri"].as_str().unwrap();
                let allowed = |c: char| c.is_ascii_alphanumeric() || "-._~/:@#%+".contains(c);
                assert!(uri.chars().all(allowed) && uri.matches('#').count() < 2, "{uri}");
            }
        }
    }
}
