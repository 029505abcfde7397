//! What the manifests at the tag depend on, held against the lock files.
//!
//! A manifest that no lock file speaks for is not covered, however many lock files there are beside it.

use super::{NOT_COVERED, Policy};
use crate::{
    advisories::{
        self,
        lock::{Lock, LockedPackage, Origin},
        locks::{Format, tree::From},
    },
    facts::{
        Facts, LockFact,
        manifest::{self, Declared, Ecosystem},
        package_sources::Rerouted,
    },
    outcome::{Finding, Subject, SubjectKind},
    paths,
    text::{clean, count, plural_list},
};
use std::collections::BTreeSet;

/// The packages of the workspace that a `Cargo.lock` is of: the release's own, without the copies of somebody else's that
/// replace published packages. For a list of another kind, those of the workspaces that are in no other.
pub(super) fn members(facts: &Facts, lock: &LockFact, locks: &[&LockFact]) -> BTreeSet<String> {
    let root = |path: &str| match paths::split(path) {
        (folder, "Cargo.lock") => Some(folder.to_owned()),
        _ => None,
    };
    let roots: Vec<String> = match root(&lock.path) {
        Some(own) => vec![own],
        None => {
            let all: Vec<String> = locks.iter().filter_map(|lock| root(&lock.path)).collect();
            let is_above = |above: &String, folder: &String| {
                above != folder && (above.is_empty() || folder.starts_with(&format!("{above}/")))
            };
            all.iter().filter(|it| !all.iter().any(|above| is_above(above, it))).cloned().collect()
        }
    };
    let declared = facts.manifests.present().map_or(&[][..], Vec::as_slice);
    let patched: BTreeSet<&String> = declared.iter().flat_map(|d| &d.patched).collect();
    let all = roots.iter().flat_map(|root| manifest::members(declared, root));
    all.filter(|name| !patched.contains(name)).collect()
}

/// Manifests whose dependencies no lock file at the tag selects.
pub(super) fn uncovered_manifests(facts: &Facts, policy: &Policy, locks: &[&LockFact]) -> Vec<Finding> {
    let mut uncovered: Vec<&str> =
        facts.foreign.iter().map(String::as_str).filter(|path| !policy.excludes(path)).collect();
    let mut findings = Vec::new();
    let declared = facts.manifests.present().into_iter().flatten();
    findings.extend(unpinned(facts, policy, locks));
    findings.extend(rerouted(facts, policy, locks));
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
        locks.iter().map(|fact| (fact.path.as_str(), fact.lock.as_ref().ok().map(|it| &*it.lock))).collect();
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

/// Configurations that take from elsewhere what a lock file names.
fn rerouted(facts: &Facts, policy: &Policy, locks: &[&LockFact]) -> Vec<Finding> {
    let all = facts.rerouted.iter().filter(|it| !policy.excludes(&it.path));
    all.filter_map(|it| {
        let lock = locks.iter().find(|fact| is_rerouted(fact, it))?;
        let name = paths::name_of(&lock.path);
        let subject = Subject::new(SubjectKind::Package, &it.path);
        let message = format!(
            "{} at {} {}: what is built need not be the packages that {name} names",
            clean(&it.path),
            facts.tag,
            it.why
        );
        let fix = match it.only {
            Some(_) => "build releases with the lock file of the usual name",
            None => "build releases from the default registry",
        };
        let fix = format!("{fix}; list folders that do not ship under exclude in [rules.advisories]");
        Some(Finding::undetermined(&NOT_COVERED, subject, message).fix(fix))
    })
    .collect()
}

/// Whether a configuration may change what a lock file of the tag comes to. A `Cargo.lock` that names nothing of the
/// default registry may name what a configuration put in its place.
fn is_rerouted(fact: &LockFact, config: &Rerouted) -> bool {
    let name = paths::name_of(&fact.path);
    let is_cargo = config.of == advisories::lock::Ecosystem::Cargo;
    let is_of = Format::of(name).is_some_and(|format| format.ecosystem() == config.of);
    if fact.from != From::Tree || !is_of || (is_cargo && name != "Cargo.lock") {
        return false;
    }
    if let Some(only) = config.only {
        let (folder, above) = (paths::folder_of(&fact.path), paths::folder_of(&config.path));
        return Format::of(&fact.path) == Some(only) && paths::is_within(folder, above);
    }
    let Ok(locked) = &fact.lock else { return true };
    let is_meant =
        |name: &str| config.scope.as_ref().is_none_or(|it| name.split('/').next() == Some(it.as_str()));
    let is_asked = locked.lock.covered().any(|package| is_meant(&package.name));
    is_asked || (is_cargo && locked.lock.packages().len() > 1)
}

/// Whether a lock file stands beside the manifest or, as that of its workspace, in a folder above.
fn is_above(lock: &LockFact, manifest: &Declared) -> bool {
    paths::is_within(paths::folder_of(&manifest.path), paths::folder_of(&lock.path))
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
