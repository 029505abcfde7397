//! The checks. Each is one file: its rules, what its policy may say, and a pure function over facts.
//!
//! A check sees no bytes, no URL, no clock and no key. What it owes an answer for and does not mention becomes
//! undetermined here, so that a check can never pass by silence.

use crate::{
    evidence::Seen,
    facts::{Facts, Files},
    outcome::{Finding, Level, Outcome, Rule, Status, Subject, SubjectKind},
    policy::Policy,
    release::ArtifactName,
};
use rayon::prelude::*;
use serde::{Deserialize, de::DeserializeOwned};
use std::collections::BTreeSet;

/// Declares the rules of a check: a constant each, and the list of all of them.
macro_rules! rules {
    ($check:literal: $($name:ident = $id:literal, $level:ident, $summary:literal, example: $example:literal, fix: $fix:literal;)+) => {
        $(pub(crate) const $name: $crate::outcome::Rule = $crate::outcome::Rule {
            id: concat!($check, "/", $id),
            level: $crate::outcome::Level::$level,
            summary: $summary,
            example: $example,
            fix: $fix,
        };)+
        /// Every rule of this check.
        pub(crate) const RULES: &[&$crate::outcome::Rule] = &[$(&$name),+];
    };
}

pub mod advisories;
pub mod checksums;
pub mod contents;
pub mod identity;
pub mod policy_claims;
pub mod provenance;
pub mod release;
pub mod reproduce;
pub mod signatures;
pub mod supported_versions;
pub mod tag;

/// What a check is, for `relcheck explain`, the documentation and the report.
#[derive(Clone, Copy, Debug)]
pub struct Meta {
    /// Its id, also its section in a policy.
    pub id: &'static str,
    /// One line.
    pub summary: &'static str,
    /// Every conclusion it can reach.
    pub rules: &'static [&'static Rule],
    /// What it must say something about.
    pub judges: Judges,
}

/// What a check owes a finding to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Judges {
    /// Every artifact, or the release where there is none.
    EachArtifact,
    /// The release as a whole, in at least one finding.
    Release,
    /// Nothing: it compares what it finds, and a release may hold nothing to compare. Where nothing that it says is
    /// required, the check decides nothing, and is shown as one that warns.
    WhatIsThere,
}

/// A requirement on a release.
pub trait Check {
    /// What it is.
    const META: Meta;
    /// What its section of a policy may say.
    type Policy: Default + DeserializeOwned;
    /// States a finding for every subject it judges.
    ///
    /// Of what the policy asks for, a check reads its own section; that of the whole release also asks whom others accept.
    fn run(facts: &Facts, rules: &Rules) -> Vec<Finding>;
    /// Whether a failure of `rule` that the policy makes count for less is still an answer for its subject: not where
    /// it is about something beside the subject, such as one of several signatures.
    fn answers(rule: &Rule) -> bool {
        let _ = rule;
        true
    }
}

/// What an owed subject gets that its check did not mention.
pub(crate) const UNJUDGED: Rule = Rule {
    id: "relcheck/unjudged",
    level: Level::Require,
    summary: "every check says something about everything it owes an answer for",
    example: "no rule that counts says anything about widget.tar.gz",
    fix: "if the policy skips a rule of this check, let it warn instead; otherwise report a bug of relcheck",
};

/// Rules of the contract that no evidence of this version leads to, with the reason. They can be explained; a policy that
/// names one is refused, for requiring what is never looked at would read like a proof.
pub const RESERVED: &[(&str, &str)] = &[
    ("advisories/yanked", "only the registry's index knows, and it is not asked"),
    (
        "supported-versions/previous-unsupported",
        "tables of numbers are not held to \"latest plus previous\" yet",
    ),
];

/// Lists every check once: the policy's schema, the documentation and the order in which they run follow from it.
macro_rules! checks {
    ($($module:ident :: $check:ident),+ $(,)?) => {
        /// `[rules.<check>]` in a policy: what each check asks for.
        #[derive(Debug, Default, Deserialize)]
        #[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
        pub struct Rules {
            $(
                /// What this check asks for.
                pub $module: <$module::$check as Check>::Policy,
            )+
        }

        /// Every check, in the order in which it runs and is reported.
        pub const ALL: &[Meta] = &[$(<$module::$check as Check>::META),+];

        /// Runs every check that is not skipped.
        pub fn run(facts: &Facts, policy: &Policy) -> Vec<Outcome> {
            let checks: &[fn(&Facts, &Policy) -> Outcome] =
                &[$(outcome::<$module::$check>),+];
            // In a large release each of them takes a while, and none needs another.
            checks.par_iter().map(|check| check(facts, policy)).collect()
        }
    };
}

checks! {
    tag::Tag,
    checksums::Checksums,
    signatures::Signatures,
    provenance::Provenance,
    advisories::Advisories,
    supported_versions::SupportedVersions,
    policy_claims::PolicyClaims,
    contents::Contents,
    release::Release,
}

/// Every rule of every check, in order.
pub fn all_rules() -> impl Iterator<Item = &'static Rule> {
    ALL.iter().flat_map(|meta| meta.rules.iter().copied()).chain([&UNJUDGED])
}

fn outcome<C: Check>(facts: &Facts, policy: &Policy) -> Outcome {
    let level = policy.level(C::META.id);
    if level == Level::Skip {
        return Outcome { check: C::META.id, level, findings: Vec::new() };
    }
    let mut said = C::run(facts, &policy.rules);
    said.extend(unjudged(facts, C::META.judges, &said));
    let mut answers = Answers::default();
    let mut findings = Vec::with_capacity(said.len());
    for finding in said {
        let (subject, status, rule) = (finding.subject.clone(), finding.status, finding.rule);
        let finding = policy.apply(finding, facts.as_of);
        if let Some(owed) = owed(facts, C::META.judges, subject) {
            answers.note(owed, status, finding.as_ref(), C::answers(rule));
        }
        findings.extend(finding);
    }
    findings.extend(answers.missing());
    findings.sort_by(|a, b| a.order().cmp(&b.order()));
    findings.dedup();
    let decides = C::META.judges != Judges::WhatIsThere
        || findings.iter().any(|finding| finding.level == Level::Require);
    let level = if decides { level } else { level.min(Level::Warn) };
    Outcome { check: C::META.id, level, findings }
}

/// What the policy makes of a check's findings must not turn into an answer: where all that was said about a subject
/// counts for less, or is skipped, nothing is known about it.
#[derive(Default)]
struct Answers {
    answered: BTreeSet<Subject>,
    lowered: BTreeSet<Subject>,
}

impl Answers {
    /// Notes what a finding about `subject`, of this status before the policy was applied, came to. `tolerable`: a
    /// failure of its rule that the policy lowers to a warning is an answer all the same.
    fn note(&mut self, subject: Subject, status: Status, finding: Option<&Finding>, tolerable: bool) {
        let is_answer = finding.is_some_and(|finding| match status {
            Status::Pass => finding.rule.sums_up(),
            // To waive what is wrong with one signature is not to do without any.
            _ if finding.status == Status::Waived => tolerable,
            _ if finding.level == Level::Require => true,
            _ => status == Status::Fail && tolerable,
        });
        if is_answer {
            self.answered.insert(subject);
        } else if status != Status::Pass {
            self.lowered.insert(subject);
        }
    }

    /// An undetermined finding for every subject that is left without an answer.
    fn missing(&self) -> impl Iterator<Item = Finding> {
        self.lowered.difference(&self.answered).map(|subject| {
            let message = format!("what the check said about {subject} decides nothing");
            Finding::undetermined(&UNJUDGED, subject.clone(), message).fix(
                "require the rule that could not be decided; or set the whole check to warn, which says openly that \
                 nothing is required",
            )
        })
    }
}

/// The subject that a check owes an answer for and that `subject` belongs to: the artifact, or for a check of the whole
/// release, the release.
fn owed(facts: &Facts, judges: Judges, subject: Subject) -> Option<Subject> {
    match judges {
        Judges::Release => Some(facts.release()),
        Judges::WhatIsThere => None,
        Judges::EachArtifact if subject.kind == SubjectKind::Release => Some(subject),
        Judges::EachArtifact => {
            let name = ArtifactName::parse(&subject.name)?;
            facts.artifacts().contains_key(&name).then_some(subject)
        }
    }
}

/// The published files, or why a check of artifacts has nothing to judge.
fn files<'a>(facts: &'a Facts, nothing: &'static Rule) -> Result<&'a Files, Box<Finding>> {
    let lost = |message: String| {
        Box::new(Finding::undetermined(nothing, facts.release(), message).fix(NO_FILES_FIX))
    };
    match &facts.files {
        Seen::Present(files) if files.artifacts.is_empty() => {
            Err(lost("nothing to verify: no artifact is published".to_owned()))
        }
        Seen::Present(files) => Ok(files),
        Seen::Absent { looked_at } => {
            Err(lost(format!("no published file was found in {}", looked_at.join(", "))))
        }
        Seen::Unavailable { reason } => Err(lost(reason.clone())),
    }
}

/// What every command takes; what `--assets` is to each, its help says.
const NO_FILES_FIX: &str = "say with --assets where the published files are; verify and collect take their digests too (--digests FILE)";

/// An undetermined finding for every subject that the check owed one and did not mention.
fn unjudged(facts: &Facts, judges: Judges, findings: &[Finding]) -> Vec<Finding> {
    let artifacts = facts.artifacts();
    let about_release = findings.iter().any(|finding| finding.subject.kind == SubjectKind::Release);
    let lost = |f: &Finding| {
        f.subject.kind == SubjectKind::Release && f.status != Status::Pass && f.level == Level::Require
    };
    let owed: Vec<Subject> = match judges {
        Judges::WhatIsThere => Vec::new(),
        // A finding about the whole release that is no pass answers for its artifacts too.
        Judges::EachArtifact if findings.iter().any(lost) => Vec::new(),
        Judges::EachArtifact if !artifacts.is_empty() => artifacts.keys().map(Subject::artifact).collect(),
        Judges::EachArtifact | Judges::Release
            if about_release || (judges == Judges::Release && !findings.is_empty()) =>
        {
            Vec::new()
        }
        Judges::EachArtifact | Judges::Release => vec![Subject::release(facts.tag.raw())],
    };
    let mentioned: BTreeSet<&Subject> = findings.iter().map(|finding| &finding.subject).collect();
    owed.into_iter()
        .filter(|subject| !mentioned.contains(subject))
        .map(|subject| {
            let message = format!("no rule that counts says anything about {subject}");
            Finding::undetermined(&UNJUDGED, subject, message)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rule_ids_are_unique_and_belong_to_their_check() {
        let mut seen = BTreeSet::new();
        for meta in ALL {
            for rule in meta.rules {
                assert!(seen.insert(rule.id), "{} twice", rule.id);
                assert_eq!(rule.id.split_once('/').unwrap().0, meta.id);
            }
        }
    }

    #[test]
    fn every_rule_says_what_it_means_with_an_example_and_a_fix() {
        for rule in all_rules() {
            assert!(
                !rule.summary.is_empty() && !rule.example.is_empty() && !rule.fix.is_empty(),
                "{}",
                rule.id
            );
        }
    }
}
