//! What is shipped against what was tagged: the lists that builds leave in programs and packages name the commit, the modules
//! and the packages, and these are those of the tag.
//!
//! The rule that must not be broken: such a list is the builder's word about itself. It can tell against a release, and what
//! agrees is no proof of where a file came from; a file without a list is told, and never counted as one that agrees.

use super::{Check, Judges, Meta, Rules};
use crate::{
    advisories::lock::{Ecosystem, LockedPackage},
    evidence::Seen,
    facts::{
        Facts,
        manifest::{
            Ecosystem::{Npm, Python},
            same_version,
        },
        shipped::{Made, Place, Shipped},
    },
    inside::{auditable, go::BuildInfo, package::Package},
    outcome::{Finding, Subject, SubjectKind},
    text::{Untrusted, count, plural_list},
};
use serde::Deserialize;
use std::collections::BTreeMap;

rules! { "contents":
    CONSISTENT = "consistent", Require, "what programs and packages say they were built from is what was tagged",
        example: "3 programs list what was built in: the commit and 41 modules are those of v1.2.3", fix: "nothing to do";
    COMMIT_DIFFERS = "commit-differs", Require, "programs were built from the commit that the tag leads to",
        example: "widget was built from commit 1f2e3d4c5b6a, and v1.2.3 leads to 9a8b7c6d5e4f",
        fix: "find out what was built and published; build the release from the tag itself";
    MODIFIED_TREE = "modified-tree", Require, "programs were built from files as they were committed",
        example: "widget was built from files that differ from the commit",
        fix: "build in a clean checkout; commit what the build generates, or ignore it";
    DEPENDENCY_DIFFERS = "dependency-differs", Require, "what is built in is what the lock file at the tag selects",
        example: "widget holds golang.org/x/net v0.54.0, and go.mod selects v0.57.0",
        fix: "find out what was built and published; build with the lock file as it is (`--locked`, `-mod=readonly`)";
    VERSION_DIFFERS = "version-differs", Warn, "packages are of the version that the tag names",
        example: "widget-1.2.2.whl calls itself 1.2.2, and the tag is v1.2.3",
        fix: "raise the version before the tag is made, or find out where the package comes from";
    NOT_TRIMMED = "not-trimmed", Warn, "programs do not depend on where they were built",
        example: "widget was built without -trimpath", fix: "build with `go build -trimpath`";
    NO_COMMIT = "no-commit", Warn, "programs name the commit that they were built from",
        example: "widget does not name the commit that it was built from",
        fix: "build inside the checkout, without -buildvcs=false";
    SILENT = "silent", Warn, "programs list what was built in",
        example: "widget.exe does not list what was built in",
        fix: "build Rust programs with `cargo auditable build`; the Go toolchain lists by itself";
    NOTHING_BUILT = "nothing-built", Warn, "there is something to compare",
        example: "9 files were looked through: no program, and no package",
        fix: "nothing to do";
    UNREAD = "unread", Warn, "every published file can be looked through",
        example: "widget.tar.xz is compressed with xz, which is not looked into",
        fix: "publish archives as .tar.gz, .tar.zst or .zip; or look into these yourself";
}

/// The check.
pub struct Contents;

/// `[rules.contents]`: it has no keys of its own.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Policy {}

impl Check for Contents {
    const META: Meta = Meta {
        id: "contents",
        summary: "what programs and packages say they were built from is what was tagged",
        rules: RULES,
        judges: Judges::WhatIsThere,
    };

    type Policy = Policy;

    fn run(facts: &Facts, _: &Rules) -> Vec<Finding> {
        match &facts.shipped {
            Seen::Present(shipped) => {
                Compared { facts, agreed: Vec::new(), findings: Vec::new() }.all(shipped)
            }
            Seen::Absent { .. } => Vec::new(),
            Seen::Unavailable { reason } => vec![Finding::undetermined(&UNREAD, facts.release(), reason)],
        }
    }
}

/// Lists on their way through the comparison.
struct Compared<'a> {
    facts: &'a Facts,
    /// What agreed, of each list that was compared with something.
    agreed: Vec<String>,
    findings: Vec<Finding>,
}

impl<'a> Compared<'a> {
    fn all(mut self, shipped: &Shipped) -> Vec<Finding> {
        for (place, list) in &shipped.lists {
            match list {
                Ok(Made::Go(info)) => self.go(place, info),
                Ok(Made::Cargo(packages)) => self.cargo(place, packages),
                Ok(Made::Package(package)) => self.package(place, package),
                Err(why) => self.unread(place, why),
            }
        }
        shipped.unread.iter().for_each(|(place, why)| self.unread(place, why));
        self.silent(shipped);
        self.not_looked(shipped);
        if self.findings.is_empty() && self.agreed.is_empty() && shipped.looked > 0 {
            let n = count(shipped.looked, "file was", "files were");
            let message = format!("{n} looked through: no program, and no package");
            self.findings.push(Finding::pass(&NOTHING_BUILT, self.facts.release(), message));
        }
        if !self.agreed.is_empty() {
            let message = plural_list(&self.agreed, 5);
            self.findings.push(Finding::pass(&CONSISTENT, self.facts.release(), message));
        }
        self.findings
    }

    fn subject(place: &Place) -> Subject {
        Subject::artifact(place.file.as_str())
    }

    fn unread(&mut self, place: &Place, why: &Untrusted) {
        let message = format!("{place} could not be looked through: {why}");
        self.findings.push(Finding::undetermined(&UNREAD, Self::subject(place), message));
    }

    fn silent(&mut self, shipped: &Shipped) {
        let mut files: BTreeMap<_, Vec<String>> = BTreeMap::new();
        for place in &shipped.silent {
            files.entry(&place.file).or_default().push(place.to_string());
        }
        for (file, places) in files {
            let message = format!("no list of what was built in: {}", plural_list(&places, 5));
            self.findings.push(Finding::undetermined(&SILENT, Subject::artifact(file.as_str()), message));
        }
    }

    fn not_looked(&mut self, shipped: &Shipped) {
        if shipped.not_looked.is_empty() {
            return;
        }
        let names: Vec<String> = shipped.not_looked.iter().map(ToString::to_string).collect();
        let message = format!("only digests are at hand of {}", plural_list(&names, 5));
        let fix = "pass the files themselves with --assets, or collect the evidence again with this version";
        self.findings.push(Finding::undetermined(&UNREAD, self.facts.release(), message).fix(fix));
    }

    fn go(&mut self, place: &Place, info: &BuildInfo) {
        let main = info.main.as_ref().map(|module| module.path.as_str());
        let main = main.or(info.path.as_deref()).unwrap_or_default();
        if !self.is_own_module(main) {
            let message = format!("{place} is of the Go module {main:?}, which is not this repository's");
            let finding = Finding::undetermined(&NO_COMMIT, Self::subject(place), message);
            self.findings
                .push(finding.fix("find out where it was built; its own release has to vouch for it"));
            return;
        }
        let before = self.findings.len();
        let commit = self.go_commit(place, info);
        let modules = self.go_modules(place, info);
        if info.setting("-trimpath") != Some("true") {
            let message = format!("{place} was built without -trimpath");
            self.findings.push(Finding::fail(&NOT_TRIMMED, Self::subject(place), message));
        }
        let differs = self.findings[before..].iter().any(|finding| finding.rule != &NOT_TRIMMED);
        let agreed: Vec<String> =
            [commit.then(|| "the commit".to_owned()), modules].into_iter().flatten().collect();
        if !differs && !agreed.is_empty() {
            self.agreed.push(format!("{place}: {} built with {}", agreed.join(" and "), clean(&info.go)));
        }
    }

    /// Whether a Go module is one of the repository's.
    fn is_own_module(&self, module: &str) -> bool {
        let module = module.to_ascii_lowercase();
        self.facts.repository.as_ref().is_some_and(|repository| {
            let own = repository.to_string().to_ascii_lowercase();
            module == own || module.strip_prefix(&own).is_some_and(|rest| rest.starts_with('/'))
        })
    }

    /// Whether the commit is that of the tag; findings where it is not, or is not known.
    fn go_commit(&mut self, place: &Place, info: &BuildInfo) -> bool {
        let subject = Self::subject(place);
        let Some(revision) = info.setting("vcs.revision") else {
            let message = format!("{place} does not name the commit that it was built from");
            self.findings.push(Finding::undetermined(&NO_COMMIT, subject, message));
            return false;
        };
        let is_modified = info.setting("vcs.modified") != Some("false");
        if is_modified {
            let message = format!("{place} was built from files that differ from the commit");
            let found = format!("vcs.modified={}", info.setting("vcs.modified").unwrap_or("(not stated)"));
            let finding = Finding::fail(&MODIFIED_TREE, subject.clone(), message);
            self.findings.push(finding.expected("vcs.modified=false").found(found));
        }
        let Some(commit) = self.facts.commit() else {
            let message = format!("{place} names a commit, and the tag's is not known");
            self.findings.push(Finding::undetermined(&NO_COMMIT, subject, message));
            return false;
        };
        if commit.to_string() != revision {
            let tag = &self.facts.tag;
            let message = format!("{place} was built from another commit than {tag} leads to");
            let finding = Finding::fail(&COMMIT_DIFFERS, subject, message);
            self.findings.push(finding.expected(commit.to_string()).found(revision));
            return false;
        }
        !is_modified
    }

    /// How many modules are those of the lock files; findings where one is of another version.
    fn go_modules(&mut self, place: &Place, info: &BuildInfo) -> Option<String> {
        let selected = selected(self.facts, Ecosystem::Golang)?;
        let mut same = 0;
        for module in info.modules.iter().map(|module| module.built()) {
            let Some(versions) = selected.get(module.path.as_str()) else { continue };
            if versions.contains(&module.version.as_str()) {
                same += 1;
                continue;
            }
            let what = format!("the module {}", clean(&module.path));
            self.findings.push(differs(self.facts, place, &what, &module.version, versions));
        }
        (same > 0).then(|| count(same, "module", "modules"))
    }

    fn cargo(&mut self, place: &Place, packages: &[auditable::Package]) {
        let Some(selected) = selected(self.facts, Ecosystem::Cargo) else {
            let message = format!("{place} lists {}, and no lock file is at hand to compare", packages.len());
            self.findings.push(Finding::undetermined(&UNREAD, Self::subject(place), message));
            return;
        };
        let mut same = 0;
        let mut other = Vec::new();
        for package in packages {
            let versions = selected.get(package.name.as_str());
            if versions.is_some_and(|versions| versions.contains(&package.version.as_str())) {
                same += 1;
            } else {
                let what = format!("the package {}", clean(&package.name));
                let versions = versions.map_or(&[][..], Vec::as_slice);
                other.push(differs(self.facts, place, &what, &package.version, versions));
            }
        }
        if other.is_empty() && same > 0 {
            self.agreed.push(format!("{place}: {}", count(same, "package", "packages")));
        }
        self.findings.extend(other);
    }

    fn package(&mut self, place: &Place, package: &Package) {
        let Some(tag) = &self.facts.version else { return };
        let ecosystem = if package.is_python { Python } else { Npm };
        let is_same = tag
            .semver
            .as_ref()
            .is_some_and(|semver| same_version(&semver.to_string(), &package.version, ecosystem));
        if is_same || tag.matches_manifest(&package.version) {
            self.agreed.push(format!("{place}: {} {}", clean(&package.name), clean(&package.version)));
            return;
        }
        let message = format!("{place} calls itself another version than {}", self.facts.tag);
        let found = format!("{} {}", package.name, package.version);
        let finding = Finding::fail(&VERSION_DIFFERS, Self::subject(place), message);
        self.findings.push(finding.expected(self.facts.tag.to_string()).found(found));
    }
}

/// The versions of each package that the lock files at the tag select; `None` where no lock file of that kind was read.
fn selected(facts: &Facts, ecosystem: Ecosystem) -> Option<BTreeMap<&str, Vec<&str>>> {
    let locks = facts.locks.present()?.iter().filter_map(|fact| Some(&fact.lock.as_ref().ok()?.lock));
    let mut selected: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    let mut any = false;
    for lock in locks.filter(|lock| lock.ecosystem() == ecosystem) {
        any = true;
        for LockedPackage { name, version, .. } in lock.packages() {
            selected.entry(name).or_default().push(version);
        }
    }
    any.then_some(selected)
}

fn clean(text: &str) -> std::borrow::Cow<'_, str> {
    crate::text::clean(text)
}

fn differs(facts: &Facts, place: &Place, what: &str, version: &str, selected: &[&str]) -> Finding {
    let message = format!("{place} holds another version of {what} than {} selects", facts.tag);
    let expected =
        if selected.is_empty() { "a package of a lock file".to_owned() } else { selected.join(" or ") };
    let subject = Subject::new(SubjectKind::Artifact, place.file.as_str());
    Finding::fail(&DEPENDENCY_DIFFERS, subject, message).expected(expected).found(version)
}
