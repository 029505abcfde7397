//! Rules, findings, outcomes, and the verdict that they add up to.
//!
//! The rule that must not be broken: silence, an empty set and "could not look" never count as a pass.

use crate::{release::Sha256, text};
use serde::{Deserialize, Serialize};
use std::fmt;

/// One conclusion that a check can reach. Its id never changes meaning.
#[derive(Debug)]
pub struct Rule {
    /// `check/name`, such as `checksums/mismatch`.
    pub id: &'static str,
    /// How much it matters where the policy says nothing about it.
    pub level: Level,
    /// One line: what holds when the rule passes.
    pub summary: &'static str,
    /// What a failure looks like.
    pub example: &'static str,
    /// What to do about one.
    pub fix: &'static str,
}

/// The rules that say what was proved: they only ever pass.
const PROVED: &[&str] = &["version", "match", "signed", "verified", "clean", "supported", "consistent"];

impl Rule {
    /// Whether the rule sums up what its check proved.
    pub fn sums_up(&self) -> bool {
        self.id.split_once('/').is_some_and(|(_, name)| PROVED.contains(&name))
    }
}

impl PartialEq for Rule {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

impl Eq for Rule {}

/// What a finding says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// The rule holds.
    Pass,
    /// The rule does not hold, and the policy accepts that for now.
    Waived,
    /// The evidence does not decide it.
    Undetermined,
    /// The rule does not hold.
    Fail,
}

impl Status {
    /// The word used in every report.
    pub fn word(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Waived => "waived",
            Self::Undetermined => "undetermined",
            Self::Fail => "fail",
        }
    }
}

/// How much a check, or one of its rules, matters to the verdict.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// It is not run.
    Skip,
    /// It is reported and does not decide.
    Warn,
    /// It must pass.
    #[default]
    Require,
}

impl Level {
    /// The word used in every report.
    pub fn word(self) -> &'static str {
        match self {
            Self::Skip => "skip",
            Self::Warn => "warn",
            Self::Require => "require",
        }
    }
}

/// What a finding is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Subject {
    /// Which sort of thing.
    pub kind: SubjectKind,
    /// Its name, safe to print.
    pub name: String,
}

/// A sort of thing that findings are about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum SubjectKind {
    /// The release as a whole.
    Release,
    /// A published file.
    Artifact,
    /// A dependency.
    Package,
    /// A version, or a row of the supported-versions table.
    Version,
    /// A sentence of the security policy.
    Claim,
}

impl Subject {
    /// Something of `kind` called `name`; the name is made safe to print.
    pub fn new(kind: SubjectKind, name: impl AsRef<str>) -> Self {
        Self { kind, name: safe(name) }
    }

    /// The release with this tag.
    pub fn release(tag: &str) -> Self {
        Self::new(SubjectKind::Release, tag)
    }

    /// A published file.
    pub fn artifact(name: impl AsRef<str>) -> Self {
        Self::new(SubjectKind::Artifact, name)
    }
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.name)
    }
}

/// A reasoned exception: of the policy, which is always dated, or of a file at the tag that the policy lets count.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Waiver {
    /// Why the failure is accepted.
    pub reason: String,
    /// The last day on which it is; `None` where a file of the repository passes it over without one.
    pub until: Option<jiff::civil::Date>,
    /// It is of a file at the tag, and not of the policy.
    pub is_of_repository: bool,
}

/// One conclusion about one subject, with the evidence it rests on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Which rule.
    pub rule: &'static Rule,
    /// What it says.
    pub status: Status,
    /// How much it matters; the policy may lower it for a rule.
    pub level: Level,
    /// The most that the policy can make it matter.
    pub most: Level,
    /// What it is about.
    pub subject: Subject,
    /// One sentence for people.
    pub message: String,
    /// What would have passed.
    pub expected: Option<String>,
    /// What was there instead.
    pub found: Option<String>,
    /// What to do.
    pub fix: Option<String>,
    /// A command of another tool that shows the same.
    pub reproduce: Option<String>,
    /// Digests of the evidence.
    pub evidence: Vec<Sha256>,
    /// The exception that applies.
    pub waiver: Option<Waiver>,
}

impl Waiver {
    /// What stands before the reason: until when it holds, or that a file says it.
    pub fn lead(&self) -> String {
        self.until.map_or_else(|| "by ".to_owned(), |until| format!("until {until}: "))
    }
}

impl Finding {
    /// A finding; `message` is made safe to print.
    pub fn new(rule: &'static Rule, status: Status, subject: Subject, message: impl AsRef<str>) -> Self {
        Self {
            rule,
            status,
            level: rule.level,
            most: Level::Require,
            subject,
            message: safe(message),
            expected: None,
            found: None,
            fix: (!matches!(status, Status::Pass)).then(|| rule.fix.to_owned()),
            reproduce: None,
            evidence: Vec::new(),
            waiver: None,
        }
    }

    /// The rule holds.
    pub fn pass(rule: &'static Rule, subject: Subject, message: impl AsRef<str>) -> Self {
        Self::new(rule, Status::Pass, subject, message)
    }

    /// The rule does not hold.
    pub fn fail(rule: &'static Rule, subject: Subject, message: impl AsRef<str>) -> Self {
        Self::new(rule, Status::Fail, subject, message)
    }

    /// The evidence does not decide it.
    pub fn undetermined(rule: &'static Rule, subject: Subject, message: impl AsRef<str>) -> Self {
        Self::new(rule, Status::Undetermined, subject, message)
    }

    /// Says what would have passed.
    pub fn expected(mut self, text: impl AsRef<str>) -> Self {
        self.expected = Some(safe(text));
        self
    }

    /// Says what was there.
    pub fn found(mut self, text: impl AsRef<str>) -> Self {
        self.found = Some(safe(text));
        self
    }

    /// Says what to do, instead of the rule's own advice.
    pub fn fix(mut self, text: impl AsRef<str>) -> Self {
        self.fix = Some(safe(text));
        self
    }

    /// Gives a command of another tool that shows the same.
    pub fn reproduce(mut self, command: impl AsRef<str>) -> Self {
        self.reproduce = Some(safe(command));
        self
    }

    /// Names the evidence it rests on.
    pub fn rests_on(mut self, evidence: impl IntoIterator<Item = Sha256>) -> Self {
        self.evidence.extend(evidence);
        self.evidence.sort_unstable();
        self.evidence.dedup();
        self
    }

    /// Lowers it to a warning: reported, and without a say in the verdict.
    pub fn warning(mut self) -> Self {
        self.level = Level::Warn;
        self
    }

    /// Lowers it to a warning that no policy can raise: what it holds against the release was never promised.
    pub fn never_more_than_a_warning(mut self) -> Self {
        self.most = Level::Warn;
        self.warning()
    }

    /// The order in which reports list findings: the worst first, then by rule and subject.
    pub(crate) fn order(&self) -> impl Ord + use<'_> {
        let worst_first = std::cmp::Reverse((self.level == Level::Require, self.status));
        (worst_first, self.rule.id, &self.subject, &self.message, &self.expected, &self.found, &self.evidence)
    }
}

fn safe(text: impl AsRef<str>) -> String {
    text::clean(&text::without_secrets(text.as_ref())).into_owned()
}

/// Everything that one check said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// The check's id.
    pub check: &'static str,
    /// How much it matters.
    pub level: Level,
    /// What it found, worst first. Empty only when the check was skipped.
    pub findings: Vec<Finding>,
}

impl Outcome {
    /// The worst status among the findings that have a say; an outcome without findings decides nothing.
    pub fn status(&self) -> Status {
        let deciding = |finding: &&Finding| finding.level == Level::Require;
        self.findings.iter().filter(deciding).map(|f| f.status).max().unwrap_or(Status::Undetermined)
    }

    fn verdict(&self) -> Verdict {
        match self.status() {
            Status::Pass | Status::Waived => Verdict::Verified,
            Status::Undetermined => Verdict::Undetermined,
            Status::Fail => Verdict::Rejected,
        }
    }
}

/// The answer, from best to worst: the worst required finding decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// Every required check passed.
    Verified,
    /// Some required check could not be decided.
    Undetermined,
    /// Some required check failed.
    Rejected,
}

impl Verdict {
    /// The verdict of a whole run. Requiring nothing verifies nothing.
    pub fn of(outcomes: &[Outcome]) -> Self {
        outcomes
            .iter()
            .filter(|outcome| outcome.level == Level::Require)
            .map(Outcome::verdict)
            .max()
            .unwrap_or(Self::Undetermined)
    }

    /// The process exit code, the same whatever the output format.
    pub fn exit_code(self) -> u8 {
        match self {
            Self::Verified => 0,
            Self::Rejected => 1,
            Self::Undetermined => 3,
        }
    }

    /// The word used in every report.
    pub fn word(self) -> &'static str {
        match self {
            Self::Verified => "verified",
            Self::Undetermined => "undetermined",
            Self::Rejected => "rejected",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULE: Rule = Rule { id: "test/rule", level: Level::Require, summary: "", example: "", fix: "" };

    fn outcome(level: Level, findings: &[(Level, Status)]) -> Outcome {
        let finding = |(level, status): &(Level, Status)| Finding {
            level: *level,
            ..Finding::new(&RULE, *status, Subject::release("v1"), "m")
        };
        Outcome { check: "test", level, findings: findings.iter().map(finding).collect() }
    }

    #[test]
    fn the_worst_required_finding_decides() {
        use {Level::*, Status::*};
        let pass = outcome(Require, &[(Require, Pass)]);
        let lost = outcome(Require, &[(Require, Pass), (Require, Undetermined)]);
        let bad = outcome(Require, &[(Require, Undetermined), (Require, Fail)]);
        assert_eq!(Verdict::of(std::slice::from_ref(&pass)), Verdict::Verified);
        assert_eq!(Verdict::of(&[pass.clone(), lost.clone()]), Verdict::Undetermined);
        assert_eq!(Verdict::of(&[pass, lost, bad]), Verdict::Rejected);
    }

    #[test]
    fn saying_nothing_is_undetermined() {
        assert_eq!(Verdict::of(&[]), Verdict::Undetermined);
        assert_eq!(Verdict::of(&[outcome(Level::Require, &[])]), Verdict::Undetermined);
        assert_eq!(
            Verdict::of(&[outcome(Level::Warn, &[(Level::Require, Status::Pass)])]),
            Verdict::Undetermined
        );
    }

    #[test]
    fn a_check_with_warnings_alone_decides_nothing() {
        let warned = outcome(Level::Require, &[(Level::Warn, Status::Pass)]);
        assert_eq!(warned.status(), Status::Undetermined);
    }

    #[test]
    fn exit_codes_are_those_of_the_contract() {
        assert_eq!(
            [Verdict::Verified, Verdict::Rejected, Verdict::Undetermined].map(Verdict::exit_code),
            [0, 1, 3]
        );
    }
}
