//! No known advisory about what the lock files at the tag select.
//!
//! What no database speaks about, cannot be read or is not pinned is `not-covered` and never a pass; a database older
//! than the policy's limit decides nothing.

use super::{Check, Judges, Meta, Rules};
use crate::{
    advisories::{
        lock::{Lock, LockedPackage, Origin},
        matching::Match,
        record::Kind,
    },
    evidence::Seen,
    facts::{
        Facts, LockFact, LockedPackages,
        manifest::{Declared, Ecosystem},
    },
    outcome::{Finding, Rule, Subject, SubjectKind},
    text::{count, plural_list},
};
use serde::Deserialize;
use std::collections::BTreeSet;

rules! { "advisories":
    CLEAN = "clean", Require, "no known vulnerability in the packages that a lock file selects",
        example: "63 packages in Cargo.lock, none with a known vulnerability", fix: "nothing to do";
    VULNERABLE = "vulnerable", Require, "no locked package has a known vulnerability",
        example: "openssl 0.10.40: RUSTSEC-2023-0044",
        fix: "update the package and release again; or waive the advisory with a reason and a date";
    UNSOUND = "unsound", Warn, "no locked package is known to be unsound",
        example: "atty 0.2.14: RUSTSEC-2021-0145", fix: "update or replace the package";
    UNMAINTAINED = "unmaintained", Warn, "no locked package is known to be unmaintained",
        example: "failure 0.1.8: RUSTSEC-2020-0036", fix: "replace the package";
    NOTICE = "notice", Warn, "no locked package has a notice from the database",
        example: "a package was renamed", fix: "read the advisory";
    NOT_COVERED = "not-covered", Require, "an advisory database speaks about every dependency",
        example: "widget-sys comes from a git repository, about which no database speaks",
        fix: "depend on published versions and commit the lock file; or waive the package with a reason and a date";
    STALE_DATABASE = "stale-database", Require, "the advisory database is younger than the policy's limit",
        example: "the database is 92 days old, and the policy allows 30",
        fix: "fetch the database anew and pass it with --advisories";
}

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
}

impl Default for Policy {
    fn default() -> Self {
        Self { max_age_days: 30, exclude: Vec::new() }
    }
}

impl Policy {
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
        findings.extend(freshness(facts, policy));
        let members = members(facts);
        for lock in locks {
            findings.extend(judge(facts, lock, &members));
        }
        findings
    }
}

/// Says when there is no database, when its age is unknown, and when it is too old.
fn freshness(facts: &Facts, policy: &Policy) -> Option<Finding> {
    let source = match &facts.advisories {
        Seen::Present(source) => source,
        Seen::Absent { .. } => {
            let message = "no advisory database was given";
            let fix = "get one (git clone --depth 1 https://github.com/RustSec/advisory-db) and pass its folder with --advisories";
            return Some(Finding::undetermined(&STALE_DATABASE, facts.release(), message).fix(fix));
        }
        Seen::Unavailable { reason } => {
            return Some(Finding::undetermined(&STALE_DATABASE, facts.release(), reason));
        }
    };
    let limit = format!("at most {} old", count_days(policy.max_age_days));
    match source.age_days(facts.as_of) {
        None => {
            let message = format!("the {} database does not say of when it is", source.name);
            let fix = "pass a git checkout, or an archive made by `git archive`: they hold the date";
            Some(Finding::undetermined(&STALE_DATABASE, facts.release(), message).expected(limit).fix(fix))
        }
        // A checkout may be a day ahead of a moment given with --as-of; more is another time altogether.
        Some(age) if age < -1 => {
            let message = format!("the {} database is newer than the moment judged", source.name);
            Some(
                Finding::undetermined(&STALE_DATABASE, facts.release(), message)
                    .expected(limit)
                    .found(format!("{} ahead", count_days(-age))),
            )
        }
        Some(age) if age > policy.max_age_days => {
            let message = format!("the {} database is {} old", source.name, count_days(age));
            Some(
                Finding::undetermined(&STALE_DATABASE, facts.release(), message)
                    .expected(limit)
                    .found(count_days(age)),
            )
        }
        Some(age) => {
            let commit = source
                .commit
                .as_deref()
                .map_or_else(String::new, |c| format!(" at {}", &c[..c.len().min(12)]));
            let message = format!("{}{commit} is {} old", source.name, count_days(age.max(0)));
            Some(Finding::pass(&STALE_DATABASE, facts.release(), message))
        }
    }
}

fn count_days(days: i64) -> String {
    count(usize::try_from(days).unwrap_or(0), "day", "days")
}

/// The packages that the manifests at the tag declare: the release's own, without the copies of somebody else's that
/// replace published packages.
fn members(facts: &Facts) -> BTreeSet<String> {
    let declared =
        || facts.manifests.present().into_iter().flatten().filter(|d| d.ecosystem == Ecosystem::Cargo);
    let patched: BTreeSet<&String> = declared().flat_map(|d| &d.patched).collect();
    declared().filter_map(|d| d.name.as_ref()).filter(|name| !patched.contains(name)).cloned().collect()
}

/// Manifests whose dependencies no lock file at the tag selects.
fn uncovered_manifests(facts: &Facts, policy: &Policy, locks: &[&LockFact]) -> Vec<Finding> {
    let mut uncovered: Vec<&str> =
        facts.foreign.iter().map(String::as_str).filter(|path| !policy.excludes(path)).collect();
    let mut findings = Vec::new();
    let declared = facts.manifests.present().into_iter().flatten();
    findings.extend(unpinned(facts, policy, locks));
    let cargo = declared.filter(|manifest| manifest.ecosystem == Ecosystem::Cargo);
    for manifest in cargo.filter(|manifest| !policy.excludes(&manifest.path)) {
        let above: Vec<&LockFact> = locks.iter().copied().filter(|lock| is_above(lock, manifest)).collect();
        let is_unreadable = manifest.name.is_none() && manifest.version.is_err();
        if above.is_empty() || is_unreadable {
            uncovered.push(&manifest.path);
        } else {
            findings.extend(unlocked(facts, manifest, &above));
        }
    }
    if uncovered.is_empty() {
        return findings;
    }
    uncovered.sort_unstable();
    uncovered.dedup();
    let n = count(uncovered.len(), "manifest", "manifests");
    let message = format!(
        "{n} at {} without a lock file that this version reads: {}",
        facts.tag,
        plural_list(&uncovered, 6)
    );
    findings.push(
        Finding::undetermined(&NOT_COVERED, facts.release(), message)
            .fix("commit Cargo.lock; list folders that do not ship under exclude in [rules.advisories]"),
    );
    findings
}

/// Manifests other than Cargo's that ask for what no lock file beside them lists, each with the count.
fn unpinned(facts: &Facts, policy: &Policy, locks: &[&LockFact]) -> Vec<Finding> {
    let beside: Vec<(&str, Option<&Lock>)> =
        locks.iter().map(|fact| (fact.path.as_str(), fact.lock.as_ref().ok().map(|it| &it.lock))).collect();
    let asked = facts.asked.iter().filter(|manifest| !policy.excludes(&manifest.path));
    asked
        .filter_map(|manifest| {
            let message = manifest.unlocked(&beside)?;
            let subject = Subject::new(SubjectKind::Package, &manifest.path);
            let fix = "commit the lock file that belongs to the manifest, and bring it up to date; list folders \
                       that do not ship under exclude in [rules.advisories]";
            Some(Finding::undetermined(&NOT_COVERED, subject, message).fix(fix))
        })
        .collect()
}

/// Whether a lock file stands beside the manifest or, as that of its workspace, in a folder above.
fn is_above(lock: &LockFact, manifest: &Declared) -> bool {
    let folder = manifest.path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let root = lock.path.rsplit_once('/').map_or("", |(root, _)| root);
    root.is_empty() || folder == root || folder.strip_prefix(root).is_some_and(|rest| rest.starts_with('/'))
}

/// Why the lock files do not speak of what a manifest depends on: it is of no package that they lock, or asks for what
/// they do not hold. A lock file that cannot be read is a finding of its own.
fn unlocked(facts: &Facts, manifest: &Declared, locks: &[&LockFact]) -> Option<Finding> {
    let name = manifest.name.as_deref()?;
    let fix = "commit the lock file that belongs to the manifest, and bring it up to date (cargo update \
               --workspace); list folders that do not ship under exclude in [rules.advisories]";
    let undetermined = |message: String| {
        let subject = Subject::new(SubjectKind::Package, &manifest.path);
        Some(Finding::undetermined(&NOT_COVERED, subject, message).fix(fix))
    };
    let mut readable =
        locks.iter().filter_map(|fact| Some((fact, &fact.lock.as_ref().ok()?.lock))).peekable();
    readable.peek()?;
    let is_own = |package: &&LockedPackage| package.origin == Origin::Path && package.name == name;
    let Some((fact, lock)) = readable.find(|(_, lock)| lock.packages().iter().any(|p| is_own(&p))) else {
        let message = format!(
            "{} at {} is of the package {name}, which no lock file above it lists",
            manifest.path, facts.tag
        );
        return undetermined(message);
    };
    let missing: Vec<String> = manifest
        .dependencies
        .iter()
        .filter(|wanted| !lock.packages().iter().any(|p| wanted.allows(&p.name, &p.version)))
        .map(|wanted| {
            format!("{} {}", wanted.name, wanted.requirement.as_deref().unwrap_or_default())
                .trim_end()
                .to_owned()
        })
        .collect();
    if missing.is_empty() {
        return None;
    }
    let message = format!(
        "{} at {} depends on what {} does not list: {}",
        manifest.path,
        facts.tag,
        fact.path,
        plural_list(&missing, 6)
    );
    undetermined(message)
}

fn judge(facts: &Facts, fact: &LockFact, members: &BTreeSet<String>) -> Vec<Finding> {
    let subject = Subject::new(SubjectKind::Package, &fact.path);
    let LockedPackages { lock, matches } = match &fact.lock {
        Ok(locked) => locked,
        Err(why) => {
            let message = format!("{} at {} cannot be judged: {why}", fact.path, facts.tag);
            return vec![Finding::undetermined(&NOT_COVERED, subject, message).rests_on(fact.sha256)];
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
    let Some(matches) = matches else { return findings };
    findings.extend(matches.iter().map(|found| advisory(fact, found)));
    if !matches.iter().any(|found| found.kind == Kind::Vulnerability) {
        let n = count(lock.covered().count(), "package", "packages");
        let message = format!("{n} in {}, none with a known vulnerability", fact.path);
        findings.push(Finding::pass(&CLEAN, subject, message).rests_on(fact.sha256));
    }
    findings
}

fn advisory(fact: &LockFact, found: &Match) -> Finding {
    let rule: &'static Rule = match found.kind {
        Kind::Vulnerability => &VULNERABLE,
        Kind::Unsound => &UNSOUND,
        Kind::Unmaintained => &UNMAINTAINED,
        Kind::Notice => &NOTICE,
    };
    let name = format!("{} {}", found.package, found.version);
    let also =
        if found.aliases.is_empty() { String::new() } else { format!(" ({})", found.aliases.join(", ")) };
    let message = format!("{}{also}: {}", found.id, found.title);
    let finding = Finding::fail(rule, Subject::new(SubjectKind::Package, &name), message)
        .found(format!("{name} in {}, advisory of {}", fact.path, found.published))
        .rests_on(fact.sha256);
    match found.patched.as_slice() {
        [] => finding.expected("no version is known to be free of it"),
        patched => finding.expected(format!("{} {}", found.package, patched.join(" or "))),
    }
}
