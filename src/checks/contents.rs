//! What is shipped against what was tagged: the lists that builds leave in programs and packages name the commit, the modules
//! and the packages, and these are those of the tag.
//!
//! The rule that must not be broken: such a list is the builder's word about itself. It can tell against a release, and what
//! agrees is no proof of where a file came from; a file without a list is told, and never counted as one that agrees.

mod packages;

use super::{Check, Judges, Meta, Rules};
use crate::{
    advisories::{
        lock::{Ecosystem, LockedPackage, Origin},
        locks::{go::is_of_copies, tree},
    },
    evidence::Seen,
    facts::{
        Facts, LockFact,
        shipped::{Made, Place, Shipped},
    },
    inside::{
        auditable::{self, From},
        go::BuildInfo,
    },
    outcome::{Finding, Subject, SubjectKind},
    text::{Untrusted, count, plural_list},
};
use serde::Deserialize;
use std::collections::BTreeMap;

rules! { "contents":
    CONSISTENT = "consistent", Require, "what programs and packages say they were built from is what was tagged",
        example: "3 programs list what was built in: the commit and 41 module versions are those of v1.2.3", fix: "nothing to do";
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
    NAME_DIFFERS = "name-differs", Warn, "packages are called as a manifest at the tag calls them",
        example: "widget-1.2.3.tgz calls itself evil, and no package.json at v1.2.3 does",
        fix: "find out where the package comes from; one that the build generates is looked into by hand";
    NOT_TRIMMED = "not-trimmed", Warn, "programs do not depend on where they were built",
        example: "widget was built without -trimpath", fix: "build with `go build -trimpath`";
    NO_COMMIT = "no-commit", Warn, "programs name the commit that they were built from",
        example: "widget does not name the commit that it was built from",
        fix: "build inside the checkout, without -buildvcs=false";
    SILENT = "silent", Warn, "programs list what was built in",
        example: "widget.exe does not list what was built in",
        fix: "build Rust programs with `cargo auditable build`; the Go toolchain lists by itself";
    NOTHING_BUILT = "nothing-built", Warn, "there is something to compare",
        example: "9 files were looked through: nothing says what it was built from",
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
                Ok(Made::Package(ecosystem, package)) => self.package(place, *ecosystem, package),
                Ok(Made::CrateCommit(packed)) => self.crate_commit(place, packed),
                Err(why) => self.unread(place, why),
            }
        }
        shipped.unread.iter().for_each(|(place, why)| self.unread(place, why));
        self.silent(shipped);
        self.not_looked(shipped);
        if self.findings.is_empty() && self.agreed.is_empty() && shipped.looked > 0 {
            let n = count(shipped.looked, "file was", "files were");
            let message = format!("{n} looked through: nothing says what it was built from");
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

    /// Whether a Go module is one of the repository's: by its path, or because a `go.mod` at the tag is of it.
    fn is_own_module(&self, module: &str) -> bool {
        let by_path = self.facts.repository.as_ref().is_some_and(|repository| {
            let (module, own) = (module.to_ascii_lowercase(), repository.to_string().to_ascii_lowercase());
            module == own || module.strip_prefix(&own).is_some_and(|rest| rest.starts_with('/'))
        });
        by_path || !module.is_empty() && self.is_module_at_the_tag(module)
    }

    fn is_module_at_the_tag(&self, module: &str) -> bool {
        let in_tree = |fact: &&LockFact| fact.from == tree::From::Tree && !is_of_copies(&fact.path);
        let is_it = |row: &LockedPackage| row.origin == Origin::Own && row.name == module;
        let mut locks = self.facts.locks.present().into_iter().flatten().filter(in_tree);
        locks.any(|fact| {
            let lock = fact.lock.as_ref().ok().map(|locked| &locked.lock);
            lock.is_some_and(|lock| {
                lock.ecosystem() == Ecosystem::Golang && lock.packages().iter().any(is_it)
            })
        })
    }

    /// Whether the commit that a Go program names is that of the tag.
    fn go_commit(&mut self, place: &Place, info: &BuildInfo) -> bool {
        let modified = info.setting("vcs.modified");
        let found = (modified != Some("false"))
            .then(|| ("vcs.modified=false", format!("vcs.modified={}", modified.unwrap_or("(not stated)"))));
        self.commit(place, info.setting("vcs.revision"), found)
    }

    /// Whether the commit is that of the tag; findings where it is not, or is not known. Where files differed from it,
    /// `modified` has what should be said and what is.
    fn commit(&mut self, place: &Place, revision: Option<&str>, modified: Option<(&str, String)>) -> bool {
        let subject = Self::subject(place);
        let Some(revision) = revision else {
            let message = format!("{place} does not name the commit that it was built from");
            self.findings.push(Finding::undetermined(&NO_COMMIT, subject, message));
            return false;
        };
        let is_modified = modified.is_some();
        if let Some((expected, found)) = modified {
            let message = format!("{place} was built from files that differ from the commit");
            let finding = Finding::fail(&MODIFIED_TREE, subject.clone(), message);
            self.findings.push(finding.expected(expected).found(found));
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

    /// How many modules are those of the lock files; findings where one is another, or none of them.
    fn go_modules(&mut self, place: &Place, info: &BuildInfo) -> Option<String> {
        let selected = Selected::of(self.facts, Ecosystem::Golang)?;
        let mut same = 0;
        for module in &info.modules {
            let built = module.built();
            let is_folder = built.version.is_empty() || built.version == "(devel)";
            let wanted = if is_folder { &module.path } else { &built.path };
            let rows = selected.rows(wanted);
            let is_same = rows.iter().any(|row| {
                if is_folder { row.origin != Origin::DefaultRegistry } else { row.version == built.version }
            });
            if is_same {
                same += 1;
            } else {
                let finding = differs(self.facts, place, "module", wanted, &built.version, rows);
                self.findings.push(finding);
            }
        }
        // Their contents are not compared: the checksums in go.sum are not at hand.
        (same > 0).then(|| count(same, "module version", "module versions"))
    }

    fn cargo(&mut self, place: &Place, packages: &[auditable::Package]) {
        if packages.is_empty() {
            let message = format!("{place} has a list of what was built in, which does not even list itself");
            self.findings.push(Finding::undetermined(&SILENT, Self::subject(place), message));
            return;
        }
        let Some(selected) = Selected::of(self.facts, Ecosystem::Cargo) else {
            let n = count(packages.len(), "package", "packages");
            let message = format!("{place} lists {n}, and no lock file at the tag is at hand to compare");
            self.findings.push(Finding::undetermined(&UNREAD, Self::subject(place), message));
            return;
        };
        let mut same = 0;
        let mut other = Vec::new();
        for package in packages {
            let rows = selected.rows(&package.name);
            let is_same =
                |row: &&LockedPackage| row.version == package.version && agrees(package.from, &row.origin);
            if rows.iter().any(is_same) {
                same += 1;
            } else {
                let found = match package.from {
                    From::DefaultRegistry => package.version.clone(),
                    From::Path => format!("{} from a folder", package.version),
                    From::Elsewhere => {
                        format!("{} from a git repository or another registry", package.version)
                    }
                };
                other.push(differs(self.facts, place, "package", &package.name, &found, rows));
            }
        }
        if other.is_empty() && same > 0 {
            self.agreed.push(format!("{place}: {}", count(same, "package", "packages")));
        }
        self.findings.extend(other);
    }
}

/// The packages that the lock files in the tree of the tag select, by name. What was published says nothing here: it is what
/// is compared.
struct Selected<'a>(BTreeMap<&'a str, Vec<&'a LockedPackage>>);

impl<'a> Selected<'a> {
    /// `None` where no lock file of that kind was read.
    fn of(facts: &'a Facts, ecosystem: Ecosystem) -> Option<Self> {
        let tree = facts.locks.present()?.iter().filter(|fact| fact.from == tree::From::Tree);
        let locks = tree.filter_map(|fact| Some(&fact.lock.as_ref().ok()?.lock));
        let mut selected: BTreeMap<&str, Vec<&LockedPackage>> = BTreeMap::new();
        let mut any = false;
        for lock in locks.filter(|lock| lock.ecosystem() == ecosystem) {
            any = true;
            for package in lock.packages() {
                selected.entry(&package.name).or_default().push(package);
            }
        }
        any.then_some(Self(selected))
    }

    fn rows(&self, name: &str) -> &[&'a LockedPackage] {
        self.0.get(name).map_or(&[], Vec::as_slice)
    }
}

/// Whether a package that was built in came from where the lock file takes it.
fn agrees(from: From, origin: &Origin) -> bool {
    match from {
        From::DefaultRegistry => *origin == Origin::DefaultRegistry,
        From::Path => matches!(origin, Origin::Path | Origin::Own),
        From::Elsewhere => matches!(origin, Origin::Git(_) | Origin::OtherRegistry(_)),
    }
}

fn clean(text: &str) -> std::borrow::Cow<'_, str> {
    crate::text::clean(text)
}

fn differs(
    facts: &Facts,
    place: &Place,
    what: &str,
    name: &str,
    found: &str,
    rows: &[&LockedPackage],
) -> Finding {
    let subject = Subject::new(SubjectKind::Artifact, place.file.as_str());
    let tag = &facts.tag;
    let name = clean(name);
    if rows.is_empty() {
        let message = format!("{place} holds the {what} {name}, which no lock file at {tag} selects");
        let finding = Finding::fail(&DEPENDENCY_DIFFERS, subject, message);
        return finding.expected("a lock file that selects it").found(found);
    }
    let versions: Vec<&str> = rows.iter().map(|row| row.version.as_str()).collect();
    let message = format!("{place} holds another version or copy of the {what} {name} than {tag} selects");
    let finding = Finding::fail(&DEPENDENCY_DIFFERS, subject, message);
    finding.expected(plural_list(&versions, 5)).found(found)
}
