//! No known advisory about what the lock files at the tag select.
//!
//! What no database speaks about, cannot be read or is not pinned is `not-covered` and never a pass; a database older
//! than the policy's limit decides nothing.

use super::{Check, Judges, Meta, Rules};
use crate::{
    advisories::{
        advisory::Severity,
        lock::{Ecosystem, Lock},
        locks::{sbom, tree::From},
        matching::{self, Match, Matches},
        record::Kind,
        source::Source,
    },
    evidence::Seen,
    facts::{Facts, LockFact, LockedPackages},
    outcome::{Finding, Rule, Subject, SubjectKind},
    text::count,
};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};

mod known;
mod manifests;
mod passed_over;

use known::{Known, Times, known_before};
use manifests::{members, uncovered_manifests};
use passed_over::PassedOver;
pub use passed_over::RepositoryWaivers;

rules! { "advisories":
    CLEAN = "clean", Require, "no known vulnerability in the packages that a lock file selects",
        example: "63 packages in Cargo.lock, none with a known vulnerability", fix: "nothing to do";
    VULNERABLE = "vulnerable", Require, "no locked package has a known vulnerability",
        example: "openssl 0.10.40: RUSTSEC-2023-0044",
        fix: "update the package and release again; or waive the advisory with a reason and a date";
    BELOW_THRESHOLD = "below-threshold", Warn, "no locked package has a known vulnerability below the policy's severity",
        example: "openssl 0.10.40: RUSTSEC-2023-0044, severity medium, where the policy says min-severity = \"high\"",
        fix: "update the package; nothing more is needed for this policy";
    UNSOUND = "unsound", Warn, "no locked package is known to be unsound",
        example: "atty 0.2.14: RUSTSEC-2021-0145", fix: "update or replace the package";
    UNMAINTAINED = "unmaintained", Warn, "no locked package is known to be unmaintained",
        example: "failure 0.1.8: RUSTSEC-2020-0036", fix: "replace the package";
    NOTICE = "notice", Warn, "no locked package has a notice from the database",
        example: "a package was renamed", fix: "read the advisory";
    RANGE_UNKNOWN = "range-unknown", Warn, "every advisory about a locked package says which versions it is about",
        example: "k8s.io/ingress-nginx 1.9.4: GO-2024-2428, whose versions the database cannot express",
        fix: "read the advisory, and decide whether the version is affected";
    KNOWN_BEFORE = "known-before-tag", Warn, "no vulnerability was known when the tag was made",
        example: "known before the tag: 2; since: 3", fix: "look at the advisories before a tag is made";
    SUPPRESSION = "suppression", Warn, "files at the tag that pass over advisories can be read, and name what was found",
        example: "deny.toml at v1.2.3 passes over RUSTSEC-2020-0071, and nothing it is about was found",
        fix: "remove entries that are no longer needed; mend files that cannot be read, for they pass over nothing";
    NOT_COVERED = "not-covered", Require, "an advisory database speaks about every dependency",
        example: "widget-sys comes from a git repository, about which no database speaks",
        fix: "depend on published versions and commit the lock file; or waive the package with a reason and a date";
    STALE_DATABASE = "stale-database", Require, "the advisory database is younger than the policy's limit",
        example: "the database is 92 days old, and the policy allows 30",
        fix: "fetch the database anew and pass it with --advisories";
}

/// What to do about a published bill of materials that says nothing.
const BILL_FIX: &str = "publish a bill of materials that is complete, leaves no vulnerability open and names each package by its \
                        package URL (purl); leave one that lists nothing out of the release, or waive it with a reason and a date";

/// The check.
pub struct Advisories;

/// `[rules.advisories]`.
#[derive(Debug, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Policy {
    /// How old the database may be, in days.
    pub max_age_days: i64,
    /// Folders whose manifests and lock files are not the release's: `fuzz`, `docs`. A path, never a pattern.
    pub exclude: Vec<String>,
    /// Whether files at the tag that pass over advisories count.
    pub repository_waivers: RepositoryWaivers,
    /// A vulnerability that is known to be less severe warns; one whose severity nobody states counts.
    pub min_severity: Option<Severity>,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            max_age_days: 30,
            exclude: Vec::new(),
            repository_waivers: RepositoryWaivers::Accept,
            min_severity: None,
        }
    }
}

impl Policy {
    /// Whether a vulnerability is known to be less severe than what counts. Malware has no severity.
    fn lets_be(&self, found: &Match) -> bool {
        let is_below = |least| found.severity.is_some_and(|severity| severity < least);
        found.kind == Kind::Vulnerability && self.min_severity.is_some_and(is_below)
    }

    /// One that stands for several files is excluded with the last of them.
    fn excludes_lock(&self, lock: &LockFact) -> bool {
        let stands_for = lock.stands_for.iter();
        self.excludes(&lock.path)
            || (stands_for.len() > 0 && stands_for.clone().all(|path| self.excludes(path)))
    }

    fn excludes(&self, path: &str) -> bool {
        let inside = |folder: &String| {
            path.strip_prefix(folder.trim_end_matches('/'))
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        self.exclude.iter().any(inside)
    }
}

impl Check for Advisories {
    const META: Meta = Meta {
        id: "advisories",
        summary: "no known vulnerability in the dependencies as they stood at the tag",
        rules: RULES,
        judges: Judges::Release,
    };

    type Policy = Policy;

    fn run(facts: &Facts, rules: &Rules) -> Vec<Finding> {
        let policy = &rules.advisories;
        let locks = match &facts.locks {
            Seen::Present(locks) => locks,
            Seen::Absent { .. } => {
                let message = "the repository was not read, so its lock files are not known";
                return vec![Finding::undetermined(&NOT_COVERED, facts.release(), message)];
            }
            Seen::Unavailable { reason } => {
                return vec![Finding::undetermined(&NOT_COVERED, facts.release(), reason)];
            }
        };
        let locks: Vec<&LockFact> = locks.iter().filter(|lock| !policy.excludes_lock(lock)).collect();
        let mut findings = uncovered_manifests(facts, policy, &locks);
        if locks.is_empty() {
            if findings.is_empty() {
                let message = format!("no dependency manifest and no lock file at {}", facts.tag);
                findings.push(
                    Finding::undetermined(&NOT_COVERED, facts.release(), message).fix(
                        "commit the lock file; for a project without dependencies, set advisories to skip",
                    ),
                );
            }
            return findings;
        }
        findings.extend(freshness(facts, policy, &locks));
        let passed_over = PassedOver::of(facts);
        findings.extend(passed_over.faults(facts, &locks));
        for lock in &locks {
            findings.extend(judge(facts, policy, lock, &members(facts, lock, &locks), &passed_over));
        }
        findings
    }
}

/// Says when there is no database, when its age is unknown, and when it is too old. Databases about no ecosystem that the
/// release has do not matter.
fn freshness(facts: &Facts, policy: &Policy, locks: &[&LockFact]) -> Vec<Finding> {
    let fix = "fetch them (relcheck advisories update), or pass one with --advisories (git clone --depth 1 https://github.com/RustSec/advisory-db)";
    let sources = match &facts.advisories {
        Seen::Present(sources) => sources,
        Seen::Absent { .. } => {
            let message = "no advisory database was given";
            return vec![Finding::undetermined(&STALE_DATABASE, facts.release(), message).fix(fix)];
        }
        Seen::Unavailable { reason } => {
            return vec![Finding::undetermined(&STALE_DATABASE, facts.release(), reason).fix(fix)];
        }
    };
    let locked = || locks.iter().filter_map(|fact| fact.lock.as_ref().ok());
    let matters = |source: &&Source| {
        locked().next().is_none() || locked().any(|locked| source.answers_for(locked.lock.ecosystem()))
    };
    sources.iter().filter(matters).map(|source| age(facts, policy, source)).collect()
}

fn age(facts: &Facts, policy: &Policy, source: &Source) -> Finding {
    let limit = format!("at most {} old", count_days(policy.max_age_days));
    let undetermined =
        |message: String| Finding::undetermined(&STALE_DATABASE, facts.release(), message).expected(&limit);
    match source.age_days(facts.as_of) {
        None => {
            let fix = "pass a git checkout, or an archive made by `git archive`: they hold the date";
            undetermined(format!("the {} database does not say of when it is", source.name)).fix(fix)
        }
        // What was published since is left out, and what has no date is not.
        Some(age) if age < -1 => {
            let message = format!(
                "{} is {} newer than the moment judged; advisories published since are left out",
                source.name,
                count_days(-age)
            );
            Finding::pass(&STALE_DATABASE, facts.release(), message)
        }
        Some(age) if age > policy.max_age_days => {
            undetermined(format!("the {} database is {} old", source.name, count_days(age)))
                .found(count_days(age))
        }
        Some(age) => {
            let commit = source
                .commit
                .as_deref()
                .map_or_else(String::new, |commit| format!(" at {}", commit.get(..12).unwrap_or(commit)));
            let message = format!("{}{commit} is {} old", source.name, count_days(age.max(0)));
            Finding::pass(&STALE_DATABASE, facts.release(), message)
        }
    }
}

fn count_days(days: i64) -> String {
    count(usize::try_from(days).unwrap_or(0), "day", "days")
}

fn judge(
    facts: &Facts,
    policy: &Policy,
    fact: &LockFact,
    members: &BTreeSet<String>,
    passed_over: &PassedOver<'_>,
) -> Vec<Finding> {
    let subject = Subject::new(SubjectKind::Package, &fact.path);
    let LockedPackages { lock, matches } = match &fact.lock {
        Ok(locked) => locked,
        Err(why) => {
            let message = format!("{} at {} cannot be judged: {why}", fact.path, facts.tag);
            let finding = Finding::undetermined(&NOT_COVERED, subject, message).rests_on(fact.sha256);
            let is_named = sbom::is_named(&fact.path) || sbom::is_of_other_form(&fact.path);
            let is_bill = fact.from == From::Published && is_named;
            return vec![if is_bill { finding.fix(BILL_FIX) } else { finding }];
        }
    };
    let mut findings: Vec<Finding> = lock
        .not_covered(Some(members))
        .iter()
        .map(|package| {
            let name = format!("{} {}", package.package, package.version);
            let message = format!("{name} in {}: {}", fact.path, package.why);
            Finding::undetermined(&NOT_COVERED, Subject::new(SubjectKind::Package, name), message)
                .rests_on(fact.sha256)
        })
        .collect();
    let n = count(lock.covered().count(), "package", "packages");
    let Some(Matches { found, undecided }) = matches else {
        findings.extend(unanswered(facts, fact, lock).map(|finding| finding.rests_on(fact.sha256)));
        return findings;
    };
    findings.extend(undecided.iter().map(|row| {
        let name = format!("{} {}", row.package, row.version);
        let message =
            format!("{name} in {} cannot be compared with the versions that {} names", fact.path, row.id);
        Finding::undetermined(&NOT_COVERED, Subject::new(SubjectKind::Package, name), message)
            .rests_on(fact.sha256)
    }));
    let times = Times::of(facts, lock.ecosystem());
    let same = same_problems(found);
    findings.extend(found.iter().map(|row| {
        let finding = advisory(fact, row, policy, times, &same);
        passed_over.apply(finding, facts, policy, fact, row)
    }));
    let harmful: Vec<&Match> =
        found.iter().filter(|row| row.kind.is_harmful() && !row.is_range_unknown).collect();
    if harmful.iter().all(|row| policy.lets_be(row)) {
        let mut message = format!("{n} in {}, none with a known vulnerability", fact.path);
        if let Some(least) = policy.min_severity.filter(|_| !harmful.is_empty()) {
            message.push_str(&format!(" that is not below {}; below: {}", least.word(), harmful.len()));
        }
        findings.push(Finding::pass(&CLEAN, subject, message).rests_on(fact.sha256));
    }
    if !harmful.is_empty() {
        findings.push(known_before(facts, fact, &harmful, times));
    }
    findings
}

/// That no database is about the packages of a lock file; nothing where none was given, which is said elsewhere, or
/// where there is nothing to ask about.
fn unanswered(facts: &Facts, fact: &LockFact, lock: &Lock) -> Option<Finding> {
    let covered = lock.covered().count();
    facts.advisories.present()?;
    let subject = Subject::new(SubjectKind::Package, &fact.path);
    if covered == 0 {
        let message = format!("{} selects no package that a database could be asked about", fact.path);
        return Some(Finding::pass(&CLEAN, subject, message));
    }
    let n = count(covered, "package", "packages");
    let message = format!("{n} in {}: no advisory database for {} was given", fact.path, lock.ecosystem());
    Some(Finding::undetermined(&NOT_COVERED, subject, message).fix(database_of(lock.ecosystem())))
}

/// Where a database about packages of an ecosystem comes from.
fn database_of(ecosystem: Ecosystem) -> String {
    match ecosystem {
        Ecosystem::Cargo | Ecosystem::Golang | Ecosystem::Pypi => {
            "fetch the databases (relcheck advisories update), or pass one with --advisories".to_owned()
        }
        other => format!(
            "compile OSV's export for {other} (relcheck advisories build --from osv/{other}=all.zip --output advisories.idx), \
             or a checkout of GitHub's database (--from ghsa=PATH), and pass it with --advisories"
        ),
    }
}

/// By advisory, package and version: the one that a report names first of those that are the same problem.
fn same_problems(found: &[Match]) -> BTreeMap<(&str, &str, &str), &str> {
    let rank = |id: &str| match id.split('-').next() {
        Some("CVE") => 2,
        Some("GHSA") => 1,
        _ => 0,
    };
    let mut same = BTreeMap::new();
    for group in matching::groups(found) {
        let Some(first) = group.iter().min_by_key(|row| (rank(&row.id), &row.id)) else { continue };
        let others = group.iter().filter(|row| row.id != first.id);
        same.extend(others.map(|row| ((&*row.package, &*row.version, &*row.id), &*first.id)));
    }
    same
}

fn advisory(
    fact: &LockFact,
    found: &Match,
    policy: &Policy,
    times: Times,
    same: &BTreeMap<(&str, &str, &str), &str>,
) -> Finding {
    let rule: &'static Rule = match found.kind {
        _ if found.is_range_unknown => &RANGE_UNKNOWN,
        _ if policy.lets_be(found) => &BELOW_THRESHOLD,
        Kind::Vulnerability | Kind::Malware => &VULNERABLE,
        Kind::Unsound => &UNSOUND,
        Kind::Unmaintained => &UNMAINTAINED,
        Kind::Notice => &NOTICE,
    };
    let name = format!("{} {}", found.package, found.version);
    let also =
        if found.aliases.is_empty() { String::new() } else { format!(" ({})", found.aliases.join(", ")) };
    let mut message = format!("{}{also}: {}", found.id, found.title);
    if found.kind == Kind::Malware {
        message.push_str("; the package does harm by itself");
    }
    if let Some(first) = same.get(&(&*found.package, &*found.version, &*found.id)) {
        message.push_str(&format!("; the same problem as {first}"));
    }
    let published =
        found.published.map_or_else(|| "an unknown date".to_owned(), |published| published.to_string());
    let known = match Known::of(found, times) {
        Known::Before if found.published.is_none() => ", in a database from before the tag was made",
        Known::Before => ", before the tag was made",
        Known::Since => ", since the tag was made",
        Known::Unknown => "",
    };
    let severity = found.severity.map_or_else(String::new, |it| format!(", severity {}", it.word()));
    let finding = Finding::fail(rule, Subject::new(SubjectKind::Package, &name), message)
        .found(format!("{name} in {}, advisory of {published}{known}{severity}", fact.path))
        .rests_on(fact.sha256);
    if found.is_range_unknown {
        return finding.expected("versions that can be compared with it");
    }
    match found.patched.as_slice() {
        [] => finding
            .expected("no version is known to be free of it")
            .fix("do without the package; or waive the advisory with a reason and a date"),
        patched => finding.expected(format!("{} {}", found.package, patched.join(" or "))),
    }
}

#[cfg(test)]
mod tests;
