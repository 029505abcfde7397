//! The packages of a lock file while it is read.

use super::{
    PACKAGES_LIMIT,
    error::{Fault, shown},
};
use crate::{
    advisories::lock::{Ecosystem, Lock, LockedPackage, Origin},
    text,
};
use std::collections::{BTreeMap, BTreeSet};

/// Most names that are depended on and not listed: a file that lacks more of them was cut off.
const MISSING_LIMIT: usize = 1000;

/// The longest name and the longest version, in bytes.
const LONGEST: usize = 512;

/// Packages, each with a name and a version that can be shown and compared.
pub(super) struct Rows {
    ecosystem: Ecosystem,
    packages: Vec<LockedPackage>,
    /// Who wants what, by name; held against the list in the end.
    wanted: BTreeMap<String, String>,
    /// What is wanted and not listed, as far as it was said.
    missing: BTreeSet<String>,
    steps: usize,
}

impl Rows {
    pub(super) fn new(ecosystem: Ecosystem) -> Self {
        Self { ecosystem, packages: Vec::new(), wanted: BTreeMap::new(), missing: BTreeSet::new(), steps: 0 }
    }

    /// Adds a package. Only one from the ecosystem's registry must have a version.
    pub(super) fn add(&mut self, name: &str, version: &str, origin: Origin) -> Result<(), Fault> {
        self.step()?;
        if name.is_empty() || name.len() > LONGEST || !name.chars().all(is_of_a_name) {
            return Err(Fault::BadName(shown(name)));
        }
        let needs_version = origin == Origin::DefaultRegistry;
        if (needs_version && version.is_empty())
            || version.len() > LONGEST
            || !version.chars().all(is_of_a_name)
        {
            return Err(Fault::BadVersion { package: shown(name), version: shown(version) });
        }
        self.packages.push(LockedPackage {
            name: name.into(),
            version: version.into(),
            origin: cleaned(origin),
            is_dependency: true,
        });
        Ok(())
    }

    /// Adds something that is no package but must be said.
    pub(super) fn note(&mut self, name: &str, why: impl Into<String>) {
        self.told(name, Origin::Unclear(why.into()));
    }

    /// Remembers that `package` depends on something called `dependency`.
    pub(super) fn want(&mut self, package: &str, dependency: &str) -> Result<(), Fault> {
        self.step()?;
        if !self.wanted.contains_key(dependency) {
            self.wanted.insert(dependency.to_owned(), package.to_owned());
        }
        Ok(())
    }

    /// Says, once, that `package` depends on something called `dependency` that the file does not list. Project managers
    /// write such files where the project itself is meant, or a package that is for other platforms.
    pub(super) fn note_missing(&mut self, package: &str, dependency: &str) -> Result<(), Fault> {
        if self.missing.contains(dependency) {
            return Ok(());
        }
        if self.missing.len() == MISSING_LIMIT {
            return Err(Fault::incomplete(package, dependency));
        }
        self.missing.insert(dependency.to_owned());
        self.told(dependency, Origin::Unlisted(package.to_owned()));
        Ok(())
    }

    fn told(&mut self, name: &str, origin: Origin) {
        self.packages.push(LockedPackage {
            name: shown(name).into(),
            version: "".into(),
            origin: cleaned(origin),
            is_dependency: true,
        });
    }

    /// The lock file.
    pub(super) fn lock(mut self) -> Result<Lock, Fault> {
        if self.packages.is_empty() {
            return Err(Fault::NoPackages);
        }
        let mut wanted = std::mem::take(&mut self.wanted);
        self.packages.iter().for_each(|package| drop(wanted.remove(package.name.as_str())));
        for (dependency, package) in &wanted {
            self.note_missing(package, dependency)?;
        }
        Ok(Lock::new(self.ecosystem, self.packages))
    }

    /// Counts something that is read.
    pub(super) fn step(&mut self) -> Result<(), Fault> {
        self.steps += 1;
        if self.steps > PACKAGES_LIMIT { Err(Fault::TooMany) } else { Ok(()) }
    }
}

/// What names and versions of any ecosystem are made of: what prints, without spaces, quotes and brackets.
fn is_of_a_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || (text::is_plain(c) && !c.is_whitespace() && !"\"'`<>{}|\\^".contains(c))
}

/// An origin whose foreign text is short and harmless.
fn cleaned(origin: Origin) -> Origin {
    match origin {
        Origin::OtherRegistry(text) => Origin::OtherRegistry(shown(&text)),
        Origin::Git(text) => Origin::Git(shown(&text)),
        Origin::Url(text) => Origin::Url(shown(&text)),
        Origin::Unpinned(text) => Origin::Unpinned(shown(&text)),
        Origin::Unlisted(text) => Origin::Unlisted(shown(&text)),
        Origin::Unclear(text) => Origin::Unclear(text::clean(&text).into_owned()),
        Origin::DefaultRegistry | Origin::Path | Origin::Own => origin,
    }
}
