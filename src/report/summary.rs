//! What the formats for people have in common: a sentence for the verdict, one for each check, and findings folded.
//!
//! The rule that must not be broken: nothing that is not a pass is left out without a count of what was left out.

mod fold;

pub(super) use fold::{Group, not_passing};

use super::Report;
use crate::{
    outcome::{Finding, Level, Outcome, Status, Subject, SubjectKind, Verdict},
    text::count,
};
use std::collections::{BTreeMap, BTreeSet};

/// The most groups of findings that are shown of one check; the JSON report has all of them.
pub(super) const MAX_GROUPS: usize = 20;

/// How one line about a check or finding is marked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Mark {
    Pass,
    Skipped,
    Waived,
    /// Not a pass, and without a say.
    Warning,
    Undetermined,
    Fail,
}

impl Mark {
    /// The mark of a check.
    pub(super) fn of_check(outcome: &Outcome) -> Self {
        match outcome.level {
            Level::Skip => Self::Skipped,
            Level::Warn if outcome.findings.is_empty() => Self::Warning,
            Level::Warn => {
                outcome.findings.iter().map(|f| Self::of_finding(outcome, f)).max().unwrap_or(Self::Warning)
            }
            Level::Require => Self::of_status(outcome.status()),
        }
    }

    /// The mark of one of its findings.
    pub(super) fn of_finding(outcome: &Outcome, finding: &Finding) -> Self {
        match finding.status {
            Status::Fail | Status::Undetermined if !decides(outcome, finding) => Self::Warning,
            status => Self::of_status(status),
        }
    }

    /// The mark of a verdict.
    pub(super) fn of_verdict(verdict: Verdict) -> Self {
        match verdict {
            Verdict::Verified => Self::Pass,
            Verdict::Undetermined => Self::Undetermined,
            Verdict::Rejected => Self::Fail,
        }
    }

    fn of_status(status: Status) -> Self {
        match status {
            Status::Pass => Self::Pass,
            Status::Waived => Self::Waived,
            Status::Undetermined => Self::Undetermined,
            Status::Fail => Self::Fail,
        }
    }
}

/// Whether a finding has a say in the verdict.
pub(super) fn decides(outcome: &Outcome, finding: &Finding) -> bool {
    outcome.level == Level::Require && finding.level == Level::Require
}

/// `widget v1.2.3`, or the tag alone where the repository is unknown.
pub(super) fn title(report: &Report) -> String {
    let name = report.release.repository.as_deref().and_then(|repository| repository.rsplit('/').next());
    match name {
        Some(name) => format!("{name} {}", report.release.tag),
        None => report.release.tag.clone(),
    }
}

/// One sentence that gives the reason for the verdict.
pub(super) fn reason(report: &Report) -> String {
    let required = || report.checks.iter().filter(|outcome| outcome.level == Level::Require);
    let total = required().count();
    let checks =
        |status| -> Vec<&str> { required().filter(|o| o.status() == status).map(|o| o.check).collect() };
    let (failed, undecided) = (checks(Status::Fail), checks(Status::Undetermined));
    let of_total = |n: usize| format!("{n} of {}", count(total, "required check", "required checks"));
    match report.verdict {
        Verdict::Rejected => {
            let mut reason = format!("{} failed: {}", of_total(failed.len()), failed.join(", "));
            if !undecided.is_empty() {
                reason += &format!("; not decided: {}", undecided.join(", "));
            }
            reason
        }
        Verdict::Undetermined if total == 0 => "no check is required, so nothing was verified".to_owned(),
        Verdict::Undetermined => {
            format!("{} could not be decided: {}", of_total(undecided.len()), undecided.join(", "))
        }
        Verdict::Verified => {
            let waivers = || required().flat_map(|o| &o.findings).filter_map(|f| f.waiver.as_ref());
            let by = |whose: &str, n: usize| match n {
                0 => String::new(),
                n => format!(", {} by {whose}", count(n, "finding waived", "findings waived")),
            };
            let own = waivers().filter(|waiver| !waiver.is_of_repository).count();
            let waived = by("the policy", own) + &by("files of the release", waivers().count() - own);
            format!("{} passed{waived}{}", of_total(total), aside(report))
        }
    }
}

/// The checks that had no say in a good verdict, so that nobody takes it for more than it is.
fn aside(report: &Report) -> String {
    let of = |level: Level| -> Vec<&str> {
        report.checks.iter().filter(|outcome| outcome.level == level).map(|outcome| outcome.check).collect()
    };
    let mut text = String::new();
    for (names, words) in [(of(Level::Skip), "skipped"), (of(Level::Warn), "reported only")] {
        if !names.is_empty() {
            text += &format!("; {words}: {}", names.join(", "));
        }
    }
    text
}

/// What the exit code says to a pipeline.
pub(super) fn exit_meaning(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Verified => "verified",
        Verdict::Rejected => "rejected: there is evidence against this release",
        Verdict::Undetermined => "undetermined: neither verified nor rejected",
    }
}

/// One sentence for one check of `report`.
pub(super) fn of_check(report: &Report, outcome: &Outcome) -> String {
    let names = report.release.artifacts.iter().map(|artifact| artifact.name.as_str()).collect();
    Nouns { artifacts: names }.of_check(outcome)
}

/// What subjects are called when they are counted: of the published files, only those of the release's own list are
/// artifacts.
struct Nouns<'a> {
    artifacts: BTreeSet<&'a str>,
}

/// A sort of thing that is counted.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Noun {
    Of(SubjectKind),
    /// A published file that is no artifact: a signature, a checksum file.
    File,
}

impl Noun {
    fn counted(self, n: usize) -> String {
        match self {
            Self::Of(kind) => nouns(kind, n),
            Self::File => count(n, "file", "files"),
        }
    }
}

impl Nouns<'_> {
    fn of(&self, subject: &Subject) -> Noun {
        match subject.kind {
            SubjectKind::Artifact if !self.artifacts.contains(subject.name.as_str()) => Noun::File,
            kind => Noun::Of(kind),
        }
    }

    fn of_check(&self, outcome: &Outcome) -> String {
        if outcome.level == Level::Skip {
            return "skipped by the policy".to_owned();
        }
        let deciding: Vec<&Finding> = match outcome.level {
            Level::Require => outcome.findings.iter().filter(|f| f.level == Level::Require).collect(),
            Level::Warn | Level::Skip => outcome.findings.iter().collect(),
        };
        let Some(worst) = deciding.iter().max_by_key(|f| f.status) else {
            return "said nothing that decides".to_owned();
        };
        let mut sentence =
            if worst.status == Status::Pass { self.passes(&deciding) } else { self.counts(&deciding) };
        let warnings = outcome.findings.len() - deciding.len() - passing_warnings(outcome);
        if warnings > 0 {
            sentence += &format!(", {}", count(warnings, "warning", "warnings"));
        }
        sentence
    }

    /// All pass: what the check proved, or else how many subjects, and the message that most of them share.
    fn passes(&self, findings: &[&Finding]) -> String {
        let proved: Vec<&Finding> =
            findings.iter().copied().filter(|finding| finding.rule.sums_up()).collect();
        if proved.is_empty() { self.shared(findings) } else { self.shared(&proved) }
    }

    fn shared(&self, findings: &[&Finding]) -> String {
        let groups = fold::by_subject(findings.iter().copied());
        let Some(telling) = groups.iter().rev().max_by_key(|group| group.findings.len()) else {
            return String::new();
        };
        let first = telling.findings[0];
        let noun = self.of(&first.subject);
        let subjects: BTreeSet<_> = findings.iter().map(|finding| &finding.subject).collect();
        let one_kind = subjects.iter().all(|subject| self.of(subject) == noun);
        match (subjects.len(), telling.findings.len()) {
            (1, _) => first.message.clone(),
            (all, n) if n == all && one_kind => match named(telling) {
                Some(named) => named,
                None => format!("each of {}: {}", noun.counted(n), of_each(first)),
            },
            // Few enough to say each: who signed is what people look for here.
            (all, 1) if one_kind && groups.len() <= 4 => {
                let said: Vec<&str> = groups.iter().map(|group| group.findings[0].message.as_str()).collect();
                format!("{} passed: {}", noun.counted(all), said.join("; "))
            }
            (all, 1) if one_kind => format!("{} passed", noun.counted(all)),
            (all, 1) => format!("{all} passed"),
            (all, n) => {
                let shared: BTreeSet<_> = telling.findings.iter().map(|finding| &finding.subject).collect();
                let of_one = shared.iter().all(|subject| self.of(subject) == noun);
                let these = if of_one { noun.counted(n) } else { count(n, "file", "files") };
                let said = named(telling).unwrap_or_else(|| of_each(first));
                format!("{all} passed, among them {these}: {said}")
            }
        }
    }

    /// Not all pass: how many subjects by the worst that was said about each, the artifacts before other files.
    fn counts(&self, findings: &[&Finding]) -> String {
        let mut worst: BTreeMap<_, Status> = BTreeMap::new();
        for finding in findings {
            // One line may make several claims, and each is a rule.
            let claim = if finding.subject.kind == SubjectKind::Claim { finding.rule.id } else { "" };
            let status = worst.entry((&finding.subject, claim)).or_insert(finding.status);
            *status = (*status).max(finding.status);
        }
        if worst.len() == 1 {
            let status = worst.values().next().map_or("", |status| participle(*status));
            return format!("{status}: {}", worst_message(findings));
        }
        let mut by_noun: BTreeMap<Noun, Vec<Status>> = BTreeMap::new();
        for ((subject, _), status) in &worst {
            by_noun.entry(self.of(subject)).or_default().push(*status);
        }
        let artifacts = by_noun.remove(&Noun::Of(SubjectKind::Artifact));
        match (artifacts, by_noun.len()) {
            (Some(artifacts), 0) => of_total(Noun::Of(SubjectKind::Artifact), &artifacts),
            (Some(artifacts), 1) if by_noun.contains_key(&Noun::File) => {
                let files = by_noun.values().flatten().copied().collect::<Vec<_>>();
                format!(
                    "{}; of {}, {}",
                    of_total(Noun::Of(SubjectKind::Artifact), &artifacts),
                    count(files.len(), "further file", "further files"),
                    tally(&files)
                )
            }
            (None, 1) => by_noun.iter().map(|(noun, statuses)| of_total(*noun, statuses)).collect::<String>(),
            _ => tally(&worst.values().copied().collect::<Vec<_>>()),
        }
    }
}

fn passing_warnings(outcome: &Outcome) -> usize {
    match outcome.level {
        Level::Require => {
            outcome.findings.iter().filter(|f| f.level != Level::Require && f.status == Status::Pass).count()
        }
        Level::Warn | Level::Skip => 0,
    }
}

/// From worst to best.
const STATUSES: [Status; 4] = [Status::Fail, Status::Undetermined, Status::Waived, Status::Pass];

fn participle(status: Status) -> &'static str {
    match status {
        Status::Fail => "failed",
        Status::Undetermined => "undetermined",
        Status::Waived => "waived",
        Status::Pass => "passed",
    }
}

/// How many there are of each status, the worst first.
fn parts(statuses: &[Status]) -> Vec<(usize, &'static str)> {
    let number = |status| statuses.iter().filter(|s| **s == status).count();
    STATUSES.iter().map(|s| (number(*s), participle(*s))).filter(|(n, _)| *n > 0).collect()
}

/// `1 failed, 2 passed`.
fn tally(statuses: &[Status]) -> String {
    parts(statuses).iter().map(|(n, word)| format!("{n} {word}")).collect::<Vec<_>>().join(", ")
}

/// `1 of 3 artifacts failed, 2 passed`.
fn of_total(noun: Noun, statuses: &[Status]) -> String {
    let total = noun.counted(statuses.len());
    let said = parts(statuses).into_iter().enumerate().map(|(at, (n, word))| match at {
        0 => format!("{n} of {total} {word}"),
        _ => format!("{n} {word}"),
    });
    said.collect::<Vec<_>>().join(", ")
}

fn worst_message<'a>(findings: &[&'a Finding]) -> &'a str {
    let worst = findings.iter().rev().max_by_key(|finding| finding.status);
    worst.map_or("", |finding| finding.message.as_str())
}

/// `3 artifacts`.
pub(super) fn nouns(kind: SubjectKind, n: usize) -> String {
    let (one, many) = match kind {
        SubjectKind::Release => ("release", "releases"),
        SubjectKind::Artifact => ("artifact", "artifacts"),
        SubjectKind::Package => ("package", "packages"),
        SubjectKind::Version => ("version", "versions"),
        SubjectKind::Claim => ("claim", "claims"),
    };
    count(n, one, many)
}

/// The message, without the subject's name at its start.
fn without_subject(finding: &Finding) -> &str {
    let rest = finding.message.strip_prefix(finding.subject.name.as_str()).unwrap_or(&finding.message);
    let rest = rest.trim_start_matches([':', ' ']);
    if rest.is_empty() { &finding.message } else { rest }
}

/// What the first say of themselves, and how many there are besides, where the subjects are lists of packages that are named
/// within what is said: no other part of a report names them.
fn named(group: &Group<'_>) -> Option<String> {
    let first = group.findings[0];
    let is_within = is_distinct(&first.subject.name) && without_subject(first).contains(&first.subject.name);
    if first.subject.kind != SubjectKind::Package || !is_within {
        return None;
    }
    let said: Vec<&str> =
        group.findings.iter().take(fold::MOST_NAMED).map(|finding| finding.message.as_str()).collect();
    let more = group.findings.len() - said.len();
    let more = if more > 0 { format!("; and {more} more of which the same is said") } else { String::new() };
    Some(said.join("; ") + &more)
}

/// What a finding says of its subject, as something that several have in common: the name of one is not that of all.
fn of_each(finding: &Finding) -> String {
    let (name, rest) = (finding.subject.name.as_str(), without_subject(finding));
    if is_distinct(name) { rest.replace(name, "(its own name)") } else { rest.to_owned() }
}

/// Whether a name is long enough to be no part of other words.
fn is_distinct(name: &str) -> bool {
    name.len() > 3
}

#[cfg(test)]
mod tests;
