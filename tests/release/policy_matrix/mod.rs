//! Each key of a policy violated alone, for every kind of evidence that it applies to, under every combination of what a
//! policy can relax. However much else is relaxed, the violation is never accepted.

use std::collections::BTreeSet;

use jiff::Timestamp;
use rayon::prelude::*;
use relcheck::checks;
use relcheck::evaluate::evaluate;
use relcheck::evidence::Evidence;
use relcheck::facts::Facts;
use relcheck::outcome::{Level, Outcome, Status, Verdict};
use relcheck::policy::Policy;

use crate::stage::{AS_OF, Stage, at, trust};
use kinds::{Kind, Text, kinds};
use rows::{Expected, Row, rows};

mod kinds;
mod rows;
mod schema;

/// The rules that only ever pass, and the one that no policy can name.
fn can_be_lowered(rule: &str) -> bool {
    rule != "relcheck/unjudged"
}

/// What is relaxed besides.
#[derive(Debug, Clone, Copy)]
struct Relaxed {
    /// The checks that have nothing to do with the violation.
    other_checks: Option<Level>,
    /// The other rules of the check that sees it.
    other_rules: Option<Level>,
    /// Waivers on every rule but those that see it.
    waived: bool,
    /// Waivers on those rules, for another subject, for another id, and until yesterday.
    near_waived: bool,
    /// The smallest threshold, said aloud.
    threshold: bool,
}

fn combinations() -> Vec<Relaxed> {
    let levels = [None, Some(Level::Warn), Some(Level::Skip)];
    let both = [false, true];
    let mut all = Vec::new();
    for other_checks in levels {
        for other_rules in levels {
            for waived in both {
                for near_waived in both {
                    for threshold in both {
                        all.push(Relaxed { other_checks, other_rules, waived, near_waived, threshold });
                    }
                }
            }
        }
    }
    all
}

impl Relaxed {
    /// The policy with this relaxed, where the rules in `deciding` see the violation.
    fn apply(self, text: &Text, deciding: &BTreeSet<String>) -> Text {
        let mut text = text.clone();
        let sees = |check: &str| deciding.iter().any(|rule| rule.split('/').next() == Some(check));
        let rules = || checks::all_rules().map(|rule| rule.id).filter(|rule| can_be_lowered(rule));
        let others = |rule: &str| !deciding.contains(rule);
        let mut lower = |key: &str, level: Level| {
            let quoted = format!("\"{key}\"");
            let said = text
                .levels
                .lines()
                .any(|line| line.starts_with(&quoted) || line.starts_with(&format!("{key} ")));
            if !said {
                text.levels += &format!("{quoted} = \"{}\"\n", level.word());
            }
        };
        if let Some(level) = self.other_checks {
            checks::ALL.iter().filter(|meta| !sees(meta.id)).for_each(|meta| lower(meta.id, level));
        }
        if let Some(level) = self.other_rules {
            let of_check = |rule: &&str| sees(rule.split('/').next().unwrap());
            rules().filter(|rule| others(rule)).filter(of_check).for_each(|rule| lower(rule, level));
        }
        let waiver = |rule: &str, narrowed: &str, until: &str| {
            format!("[[waiver]]\nrule = \"{rule}\"\n{narrowed}reason = \"a test\"\nuntil = \"{until}\"\n")
        };
        if self.waived {
            let all = rules().filter(|rule| others(rule)).map(|rule| waiver(rule, "", "2099-12-31"));
            text.tail.insert_str(0, &all.collect::<String>());
        }
        if self.near_waived {
            let near = deciding.iter().filter(|rule| can_be_lowered(rule)).map(|rule| {
                // Only advisories have ids that a waiver may name.
                let by_id = match ["vulnerable", "unsound", "unmaintained", "notice"]
                    .iter()
                    .any(|one| rule.strip_prefix("advisories/") == Some(one))
                {
                    true => waiver(rule, "id = \"CVE-0000-0000\"\n", "2099-12-31"),
                    false => String::new(),
                };
                waiver(rule, "subject = \"another\"\n", "2099-12-31")
                    + &by_id
                    + &waiver(rule, "", "2026-01-05")
            });
            text.tail.insert_str(0, &near.collect::<String>());
        }
        if self.threshold && text.threshold.is_none() {
            text.threshold = Some(1);
        }
        text
    }
}

/// A violation with its evidence, ready to be judged many times.
struct Bench {
    text: Text,
    evidence: Evidence,
    facts: Facts,
    file: Option<String>,
    root: std::path::PathBuf,
    as_of: Timestamp,
    _stage: Stage,
}

impl Bench {
    fn set(kind: &Kind, row: Option<&Row>) -> Self {
        let release = row.map_or_else(|| kind.release.clone(), |row| (row.release)(kind.release.clone()));
        let stage = Stage::set(&release);
        (kind.prepare)(&stage);
        if let Some(row) = row {
            (row.prepare)(&stage);
        }
        // A database of more than a day, for the row about its age.
        let as_of = at(AS_OF) + std::time::Duration::from_secs(86_400);
        let mut evidence = stage.gather();
        let mut text = Text::of(kind);
        if let Some(row) = row {
            (row.evidence)(&mut evidence);
            (row.change)(&mut text, kind);
        }
        let root = stage.written.trusted_root();
        let file = row.and_then(|row| (row.file)(kind));
        let nothing = Facts::derive(&evidence, &relcheck::trust::TrustRoots::of(Vec::new()), None, as_of);
        let mut bench = Self { text, evidence, facts: nothing, file, root, as_of, _stage: stage };
        // Facts depend on the keys and the repository of the policy, and on nothing else in it.
        if let Some(policy) = bench.policy(&bench.text) {
            let repository = policy.repository.clone().or_else(|| bench.evidence.repository.clone());
            bench.facts = Facts::derive(&bench.evidence, &trust(&bench.root, &policy), repository, as_of);
            bench.facts.forge = policy.forge.or(bench.facts.forge);
        }
        bench
    }

    fn policy(&self, text: &Text) -> Option<Policy> {
        let mut policy = Policy::parse("matrix.toml", &text.text()).ok()?;
        let read = |_: &str| Ok(self.file.clone().unwrap_or_default().into_bytes());
        policy.read_keys("matrix.toml", read).ok()?;
        Some(policy)
    }

    fn outcomes(&self, policy: &Policy) -> Vec<Outcome> {
        checks::run(&self.facts, policy.for_tag(self.evidence.tag.raw()))
    }
}

/// The rules that decide against a release.
fn deciding(outcomes: &[Outcome]) -> BTreeSet<String> {
    let required = outcomes.iter().filter(|outcome| outcome.level == Level::Require);
    let findings = required.flat_map(|outcome| &outcome.findings);
    findings
        .filter(|it| it.level == Level::Require && matches!(it.status, Status::Fail | Status::Undetermined))
        .map(|finding| finding.rule.id.to_owned())
        .collect()
}

/// What is wrong with a violation under every combination, and how many there were.
fn judge(kind: &Kind, row: &Row) -> (usize, Vec<String>) {
    let what = format!("{} ({}), {}", row.key, row.what, kind.name);
    let bench = Bench::set(kind, Some(row));
    let Expected::Rules(expected) = row.expected else {
        let relaxed = combinations();
        let used =
            relaxed.iter().filter(|it| bench.policy(&it.apply(&bench.text, &BTreeSet::new())).is_some());
        return (
            relaxed.len(),
            used.map(|it| format!("{what}: a policy that can be used, with {it:?}")).collect(),
        );
    };
    let Some(policy) = bench.policy(&bench.text) else {
        let error = Policy::parse("matrix.toml", &bench.text.text()).map(drop);
        return (1, vec![format!("{what}: the policy cannot be used: {error:?}\n{}", bench.text.text())]);
    };
    let report = evaluate(&bench.evidence, &trust(&bench.root, &policy), &policy, bench.as_of);
    let alone = deciding(&report.checks);
    let mut wrong = Vec::new();
    if deciding(&bench.outcomes(&policy)) != alone {
        wrong.push(format!("{what}: the checks say something else than the whole line"));
    }
    // A check, or a rule of one.
    let says = |expected: &&str| {
        alone.iter().any(|rule| rule == expected || rule.split('/').next() == Some(expected))
    };
    if !expected.iter().all(says) {
        wrong.push(format!("{what}: expected {expected:?}, told {alone:?}"));
    }
    let relaxed = combinations();
    for it in &relaxed {
        let Some(policy) = bench.policy(&it.apply(&bench.text, &alone)) else {
            let error = Policy::parse("matrix.toml", &it.apply(&bench.text, &alone).text()).map(drop);
            wrong.push(format!("{what}: {it:?} is no policy: {error:?}"));
            continue;
        };
        let outcomes = bench.outcomes(&policy);
        let told = deciding(&outcomes);
        if Verdict::of(&outcomes) == Verdict::Verified {
            wrong.push(format!("{what}: ACCEPTED with {it:?}"));
        } else if !alone.is_subset(&told) {
            wrong.push(format!("{what}: {alone:?} became {told:?} with {it:?}"));
        }
    }
    (relaxed.len(), wrong)
}

#[test]
fn no_key_of_a_policy_can_be_violated_however_much_else_is_relaxed() {
    let (kinds, rows) = (kinds(), rows());
    let cases: Vec<(&Kind, &Row)> = kinds
        .iter()
        .flat_map(|kind| rows.iter().map(move |row| (kind, row)))
        .filter(|(kind, row)| (row.applies)(kind))
        .collect();
    let judged: Vec<(usize, Vec<String>)> = cases.par_iter().map(|(kind, row)| judge(kind, row)).collect();
    let wrong: Vec<&String> = judged.iter().flat_map(|(_, wrong)| wrong).collect();
    let text = wrong.iter().take(20).map(|line| line.as_str()).collect::<Vec<_>>().join("\n");
    assert!(wrong.is_empty(), "{} wrong:\n{text}", wrong.len());
    let accepted = wrong.iter().filter(|line| line.contains("ACCEPTED")).count();
    eprintln!(
        "policy matrix: {} keys, {} violations, {} kinds of evidence, {} pairs, {} cases, {accepted} wrong accepts",
        schema::keys().len(),
        rows.len(),
        kinds.len(),
        cases.len(),
        judged.iter().map(|(cases, _)| cases).sum::<usize>(),
    );
}

#[test]
fn each_kind_of_evidence_is_accepted_where_nothing_is_violated() {
    for kind in kinds() {
        let bench = Bench::set(&kind, None);
        let policy = bench.policy(&bench.text).unwrap();
        let report = evaluate(&bench.evidence, &trust(&bench.root, &policy), &policy, bench.as_of);
        assert_eq!(
            (report.verdict, deciding(&report.checks)),
            (Verdict::Verified, BTreeSet::new()),
            "{}",
            kind.name
        );
    }
}

/// Keys without a row, and why. Whoever adds a kind of evidence adds the rows of its keys, and takes them off this list.
const OWED: &[(&str, &str)] = &[
    ("internal-host", "it says what is reached, and nothing of what is judged"),
    ("network.", "it says how long is waited, and nothing of what is judged"),
    (
        "rules.advisories.repository-waivers",
        "no release here passes over an advisory; src/checks/advisories/tests.rs has those that do",
    ),
    ("rules.advisories.min-severity", "src/checks/advisories/tests.rs has every severity at every threshold"),
    ("rules.signatures.key.fingerprints", "no kind here is signed with OpenPGP"),
    ("rules.provenance.key.fingerprints", "no provenance is signed with OpenPGP"),
    ("rules.provenance.key.legacy", "no provenance is signed with minisign"),
    ("rules.provenance.key.namespaces", "no provenance is signed with SSH"),
    ("rules.provenance.key.principals", "no provenance is signed with SSH"),
    ("rules.tag.key.fingerprints", "no tag here is signed with OpenPGP"),
    ("rules.tag.key.legacy", "no tag is signed with minisign"),
    ("rules.signatures.key.pem", "another word for text"),
    ("rules.provenance.key.pem", "another word for text"),
    ("rules.tag.key.pem", "another word for text"),
    ("rules.tag.identity.", "no tag here is signed with gitsign"),
    ("rules.signatures.release-attestations", "no kind here is a forge's statement; instances.rs has those"),
];

#[test]
fn every_key_that_a_policy_can_have_has_a_row_and_is_documented() {
    let keys: BTreeSet<String> = schema::keys().into_iter().collect();
    let mut rows: BTreeSet<String> = rows().iter().map(|row| row.key.to_owned()).collect();
    for (owed, why) in OWED {
        let of_kind: Vec<&String> = keys.iter().filter(|key| key.starts_with(owed)).collect();
        assert!(!of_kind.is_empty(), "no key is called {owed} any more");
        assert!(!rows.iter().any(|row| row.starts_with(owed)), "{owed} has a row: take it off the list");
        eprintln!("policy matrix: {} without a row ({owed}): {why}", of_kind.len());
        rows.extend(of_kind.into_iter().cloned());
    }
    assert_eq!(keys, rows, "each key of a policy needs a row in rows.rs that violates it");
    let docs = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/policy.md")).unwrap();
    let (_, example) = docs.split_once("```toml\n").unwrap();
    let example = example.split("```").next().unwrap();
    assert!(
        Policy::parse("docs.toml", example).is_ok(),
        "{:?}",
        Policy::parse("docs.toml", example).map(drop)
    );
    for key in keys {
        let last = key.rsplit('.').next().unwrap();
        assert!(docs.contains(last), "docs/policy.md says nothing of {key}");
    }
}

#[test]
fn every_row_applies_to_some_kind_of_evidence() {
    let kinds = kinds();
    for row in rows() {
        assert!(kinds.iter().any(|kind| (row.applies)(kind)), "{} ({})", row.key, row.what);
    }
}
