//! The JSON report, schema `relcheck.report/v1`.
//!
//! The rule that must not be broken: the same report gives the same bytes, and a field never changes its meaning. The
//! structures here are the schema; the types of the core may change without it. The text is safe to print: what could
//! move a cursor, reorder a line or start a command of a build log is written as a JSON escape, which loses nothing.

use super::{ArtifactSummary, DatabaseSummary, Report, TrustSummary};
use crate::{
    outcome::{Finding, Level, Outcome, Status, SubjectKind, Verdict},
    release::Sha256,
    text,
};
use jiff::Timestamp;
use serde::Serialize;

/// The schema's name, the first field of the report.
pub const SCHEMA: &str = "relcheck.report/v1";

/// The report as JSON, indented, with a newline at its end.
pub fn render(report: &Report) -> String {
    let document = Document::of(report);
    let json = serde_json::to_string_pretty(&document).expect("the document has string keys only");
    text::inert_json(&json) + "\n"
}

#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    verdict: Verdict,
    as_of: Timestamp,
    release: Release<'a>,
    policy: Policy<'a>,
    trust: Vec<Trust<'a>>,
    databases: Vec<Database<'a>>,
    checks: Vec<Check<'a>>,
    tool: Tool,
}

#[derive(Serialize)]
struct Release<'a> {
    repository: Option<&'a str>,
    tag: &'a str,
    commit: Option<&'a str>,
    published_at: Option<Timestamp>,
    artifacts: Vec<Artifact<'a>>,
}

#[derive(Serialize)]
struct Artifact<'a> {
    name: &'a str,
    size: Option<u64>,
    sha256: Sha256,
    bytes: &'static str,
    slsa_build_level: Option<u8>,
}

#[derive(Serialize)]
struct Policy<'a> {
    name: &'a str,
    sha256: Sha256,
}

#[derive(Serialize)]
struct Trust<'a> {
    name: &'a str,
    origin: &'a str,
    sha256: Sha256,
    expires: Option<Timestamp>,
}

#[derive(Serialize)]
struct Database<'a> {
    name: &'a str,
    commit: Option<&'a str>,
    date: Option<Timestamp>,
    age_days: Option<i64>,
    advisories: usize,
    sha256: Sha256,
}

#[derive(Serialize)]
struct Check<'a> {
    id: &'static str,
    level: Level,
    status: Status,
    findings: Vec<FindingRow<'a>>,
}

#[derive(Serialize)]
struct FindingRow<'a> {
    rule: &'static str,
    status: Status,
    /// The level in effect: a finding of a check that only warns has no say.
    level: Level,
    subject: SubjectRow<'a>,
    message: &'a str,
    expected: Option<&'a str>,
    found: Option<&'a str>,
    fix: Option<&'a str>,
    reproduce: Option<&'a str>,
    evidence: Vec<Sha256>,
    waiver: Option<WaiverRow<'a>>,
}

#[derive(Serialize)]
struct SubjectRow<'a> {
    kind: SubjectKind,
    name: &'a str,
}

#[derive(Serialize)]
struct WaiverRow<'a> {
    reason: &'a str,
    until: Option<jiff::civil::Date>,
}

#[derive(Serialize)]
struct Tool {
    name: &'static str,
    version: &'static str,
}

impl<'a> Document<'a> {
    fn of(report: &'a Report) -> Self {
        Self {
            schema: SCHEMA,
            verdict: report.verdict,
            as_of: report.as_of,
            release: Release::of(report),
            policy: Policy { name: &report.policy.name, sha256: report.policy.sha256 },
            trust: sorted(&report.trust, |t| (&t.name, &t.origin, t.sha256), Trust::of),
            databases: sorted(&report.databases, |d| (&d.name, &d.commit, d.sha256), Database::of),
            checks: report.checks.iter().map(Check::of).collect(),
            tool: Tool { name: "relcheck", version: env!("CARGO_PKG_VERSION") },
        }
    }
}

impl<'a> Release<'a> {
    fn of(report: &'a Report) -> Self {
        let release = &report.release;
        Self {
            repository: release.repository.as_deref(),
            tag: &release.tag,
            commit: release.commit.as_ref().map(|id| id.as_str()),
            published_at: release.published_at,
            artifacts: sorted(&release.artifacts, |a| (&a.name, a.sha256), Artifact::of),
        }
    }
}

impl<'a> Artifact<'a> {
    fn of(artifact: &'a ArtifactSummary) -> Self {
        let ArtifactSummary { name, size, sha256, bytes, slsa_build_level } = artifact;
        Self { name, size: *size, sha256: *sha256, bytes, slsa_build_level: *slsa_build_level }
    }
}

impl<'a> Trust<'a> {
    fn of(trust: &'a TrustSummary) -> Self {
        let TrustSummary { name, origin, sha256, expires } = trust;
        Self { name, origin, sha256: *sha256, expires: *expires }
    }
}

impl<'a> Database<'a> {
    fn of(database: &'a DatabaseSummary) -> Self {
        Self {
            name: &database.name,
            commit: database.commit.as_deref(),
            date: database.date,
            age_days: database.age_days,
            advisories: database.advisories,
            sha256: database.sha256,
        }
    }
}

impl<'a> Check<'a> {
    fn of(outcome: &'a Outcome) -> Self {
        Self {
            id: outcome.check,
            level: outcome.level,
            status: outcome.status(),
            findings: outcome.findings.iter().map(|finding| FindingRow::of(finding, outcome.level)).collect(),
        }
    }
}

impl<'a> FindingRow<'a> {
    fn of(finding: &'a Finding, check: Level) -> Self {
        let mut evidence = finding.evidence.clone();
        evidence.sort_unstable();
        Self {
            rule: finding.rule.id,
            status: finding.status,
            level: finding.level.min(check),
            subject: SubjectRow { kind: finding.subject.kind, name: &finding.subject.name },
            message: &finding.message,
            expected: finding.expected.as_deref(),
            found: finding.found.as_deref(),
            fix: finding.fix.as_deref(),
            reproduce: finding.reproduce.as_deref(),
            evidence,
            waiver: finding.waiver.as_ref().map(|w| WaiverRow { reason: &w.reason, until: w.until }),
        }
    }
}

/// The rows of `items`, in the order of their keys.
fn sorted<'a, T, K: Ord, R>(items: &'a [T], key: impl Fn(&'a T) -> K, row: impl Fn(&'a T) -> R) -> Vec<R> {
    let mut refs: Vec<&T> = items.iter().collect();
    refs.sort_by_key(|item| key(item));
    refs.into_iter().map(row).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::samples;
    use serde_json::Value;

    fn parsed(report: &Report) -> Value {
        serde_json::from_str(&render(report)).unwrap()
    }

    fn keys(value: &Value) -> Vec<&str> {
        value.as_object().unwrap().keys().map(String::as_str).collect()
    }

    /// The keys in the order of the text; the parsed map sorts them.
    fn order(text: &str, indent: usize) -> Vec<&str> {
        let start = format!("{}\"", " ".repeat(indent));
        text.lines().filter_map(|line| line.strip_prefix(&start)?.split('"').next()).collect()
    }

    #[test]
    fn the_fields_are_those_of_the_contract() {
        let text = render(&samples::bad());
        let top = ["schema", "verdict", "as_of", "release", "policy", "trust", "databases", "checks", "tool"];
        assert_eq!(order(&text, 2), top);
        let report = parsed(&samples::bad());
        assert_eq!(keys(&report["release"]), ["artifacts", "commit", "published_at", "repository", "tag"]);
        let artifact = &report["release"]["artifacts"][0];
        assert_eq!(keys(artifact), ["bytes", "name", "sha256", "size", "slsa_build_level"]);
        assert_eq!(keys(&report["policy"]), ["name", "sha256"]);
        assert_eq!(keys(&report["trust"][0]), ["expires", "name", "origin", "sha256"]);
        let database = ["advisories", "age_days", "commit", "date", "name", "sha256"];
        assert_eq!(keys(&report["databases"][0]), database);
        assert_eq!(keys(&report["checks"][0]), ["findings", "id", "level", "status"]);
        let finding = [
            "evidence",
            "expected",
            "fix",
            "found",
            "level",
            "message",
            "reproduce",
            "rule",
            "status",
            "subject",
            "waiver",
        ];
        assert_eq!(keys(&report["checks"][1]["findings"][0]), finding);
        assert_eq!(report["schema"], "relcheck.report/v1");
        assert_eq!(report["tool"]["version"], env!("CARGO_PKG_VERSION"));
    }

    #[test]
    fn a_finding_reads_as_the_contract_says() {
        let mut report = samples::bad();
        report.checks.drain(..4);
        report.checks.truncate(1);
        report.checks[0].findings.truncate(1);
        let text = render(&report);
        let checks = &text[text.find("  \"checks\"").unwrap()..text.find("  \"tool\"").unwrap()];
        insta::assert_snapshot!(checks, @r#"
        "checks": [
          {
            "id": "advisories",
            "level": "require",
            "status": "waived",
            "findings": [
              {
                "rule": "advisories/vulnerable",
                "status": "waived",
                "level": "require",
                "subject": {
                  "kind": "package",
                  "name": "tar@0.4.40"
                },
                "message": "RUSTSEC-2026-0001: symlink escape when unpacking",
                "expected": null,
                "found": null,
                "fix": "Update the package.",
                "reproduce": null,
                "evidence": [],
                "waiver": {
                  "reason": "the vulnerable function is not reachable from the command line",
                  "until": "2026-06-30"
                }
              }
            ]
          }
        ],
        "#);
    }

    #[test]
    fn the_order_of_artifacts_and_databases_does_not_change_the_bytes() {
        let report = samples::bad();
        let mut shuffled = report.clone();
        shuffled.release.artifacts.reverse();
        shuffled.trust.push(TrustSummary { name: "a".to_owned(), ..shuffled.trust[0].clone() });
        let mut reversed = shuffled.clone();
        reversed.trust.reverse();
        assert_eq!(render(&shuffled), render(&reversed));
        shuffled.trust.pop();
        assert_eq!(render(&report), render(&shuffled));
        assert!(render(&report).ends_with("}\n"));
    }

    #[test]
    fn a_finding_of_a_check_that_only_warns_has_the_level_warn() {
        let report = parsed(&samples::bad());
        assert_eq!(report["checks"][6]["findings"][0]["level"], "warn");
        let levels: Vec<_> =
            report["checks"][0]["findings"].as_array().unwrap().iter().map(|f| &f["level"]).collect();
        assert_eq!(levels, ["require", "warn"]);
    }

    #[test]
    fn names_of_strangers_are_escaped_and_lose_nothing() {
        for name in samples::HOSTILE {
            let text = render(&samples::hostile(name));
            samples::assert_plain(&text, name);
            assert!(!text.contains("##"), "{name:?}");
            assert!(text.lines().all(|line| !line.trim().starts_with("::")), "{name:?}");
            let report: Value = serde_json::from_str(&text).unwrap();
            assert_eq!(report["release"]["tag"], name);
            assert_eq!(report["checks"][1]["findings"][0]["found"], name);
        }
    }
}
