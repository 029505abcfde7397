//! What a lock file of any format says: the packages that a build selects, and where each comes from.
//!
//! The rule that must not be broken: an advisory database speaks about the packages of one registry. A package from
//! anywhere else is listed as not covered; its name in the database means nothing.

use serde::{Deserialize, Serialize};
use smol_str::SmolStr;
use std::{collections::BTreeSet, fmt};

/// Whose package names these are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Ecosystem {
    /// Rust packages.
    Cargo,
    /// Go modules, and the standard library as `stdlib`.
    Golang,
    /// Python packages, by their normalised names (PEP 503).
    Pypi,
    /// npm packages, with their scope.
    Npm,
    /// Ruby gems.
    Gem,
    /// PHP packages, `vendor/name`.
    Composer,
    /// .NET packages; their names are compared without case.
    Nuget,
    /// Java artifacts, `group:artifact`.
    Maven,
    /// Erlang and Elixir packages.
    Hex,
}

impl Ecosystem {
    /// The word used in every report; the package URL type.
    pub fn word(self) -> &'static str {
        match self {
            Self::Cargo => "cargo",
            Self::Golang => "golang",
            Self::Pypi => "pypi",
            Self::Npm => "npm",
            Self::Gem => "gem",
            Self::Composer => "composer",
            Self::Nuget => "nuget",
            Self::Maven => "maven",
            Self::Hex => "hex",
        }
    }
}

impl fmt::Display for Ecosystem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// Where a package's files come from.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Origin {
    /// The ecosystem's own registry, whose names advisory databases use.
    DefaultRegistry,
    /// Another registry, by its address.
    OtherRegistry(String),
    /// A git repository, by its address.
    Git(String),
    /// A folder. `Cargo.lock` does not tell members of the workspace from path dependencies outside of it.
    Path,
    /// The release's own: the root or a member of the workspace, in a format that tells them from all others.
    Own,
    /// An archive at an address of its own.
    Url(String),
    /// No one version is selected; this is what is asked for.
    Unpinned(String),
    /// The file does not list it, and this is what depends on it there.
    Unlisted(String),
    /// Nothing that a database could be asked about, and why.
    Unclear(String),
}

/// One package that a build selects. A list has thousands, so that short texts stand in it and nowhere else.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct LockedPackage {
    /// Its name in its ecosystem.
    pub name: SmolStr,
    /// Its version, as the lock file writes it.
    pub version: SmolStr,
    /// Where its files come from.
    pub origin: Origin,
    /// Whether another package of the lock file depends on it.
    pub is_dependency: bool,
}

/// A package that no advisory database was asked about, and why.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct NotCovered {
    /// Its name.
    pub package: String,
    /// Its version.
    pub version: String,
    /// Why nothing is known about it.
    pub why: String,
}

/// The packages of one lock file, sorted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lock {
    ecosystem: Ecosystem,
    packages: Vec<LockedPackage>,
}

impl Lock {
    /// Made by the readers of lock files only: they have checked names and versions.
    pub(crate) fn new(ecosystem: Ecosystem, mut packages: Vec<LockedPackage>) -> Self {
        packages.sort();
        packages.dedup();
        Self { ecosystem, packages }
    }

    /// Whose package names these are.
    pub fn ecosystem(&self) -> Ecosystem {
        self.ecosystem
    }

    /// All packages, sorted.
    pub fn packages(&self) -> &[LockedPackage] {
        &self.packages
    }

    /// The packages that an advisory database can be asked about.
    pub fn covered(&self) -> impl Iterator<Item = &LockedPackage> {
        self.packages.iter().filter(|package| package.origin == Origin::DefaultRegistry)
    }

    /// The names of [`Self::covered`].
    pub fn covered_names(&self) -> BTreeSet<String> {
        self.covered().map(|package| package.name.to_string()).collect()
    }

    /// The release's own packages. `members` are the names of the workspace's members, from the manifests at the tag;
    /// without them, only folders that nothing else in the lock file depends on are surely the release's own.
    pub fn own(&self, members: Option<&BTreeSet<String>>) -> Vec<&LockedPackage> {
        self.packages.iter().filter(|package| self.is_own(package, members)).collect()
    }

    /// How many of [`Self::not_covered`] without members are in folders.
    pub fn folders(&self) -> usize {
        let in_folder =
            |package: &&LockedPackage| package.origin == Origin::Path && !self.is_own(package, None);
        self.packages.iter().filter(in_folder).count()
    }

    /// The packages that nothing is known about. See [`Self::own`] for `members`.
    pub fn not_covered(&self, members: Option<&BTreeSet<String>>) -> Vec<NotCovered> {
        let listed = |package: &LockedPackage| {
            let why = match &package.origin {
                Origin::DefaultRegistry | Origin::Own => return None,
                Origin::Path if self.ecosystem != Ecosystem::Cargo => "a folder or a file".to_owned(),
                Origin::Path if self.is_own(package, members) => return None,
                Origin::Path if members.is_some() => "a folder outside of the workspace".to_owned(),
                Origin::Path => "a folder, which the lock file does not tell from a patched copy".to_owned(),
                Origin::Git(address) => format!("from the git repository {address}"),
                Origin::OtherRegistry(address) => format!("from another registry, {address}"),
                Origin::Url(address) => format!("from the address {address}"),
                Origin::Unpinned(wanted) if wanted.is_empty() => "no version is selected".to_owned(),
                Origin::Unpinned(wanted) => format!("no version is selected; asked for: {wanted}"),
                Origin::Unlisted(by) => format!("{by} depends on it, and it is not listed"),
                Origin::Unclear(why) => why.clone(),
            };
            Some(NotCovered { package: package.name.to_string(), version: package.version.to_string(), why })
        };
        self.packages.iter().filter_map(listed).collect()
    }

    fn is_own(&self, package: &LockedPackage, members: Option<&BTreeSet<String>>) -> bool {
        match package.origin {
            Origin::Own => true,
            Origin::Path if self.ecosystem == Ecosystem::Cargo => {
                members.map_or(!package.is_dependency, |members| members.contains(package.name.as_str()))
            }
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Ecosystem, Lock, LockedPackage, Origin};
    use std::collections::BTreeSet;

    fn lock() -> Lock {
        let package = |name: &str, origin, is_dependency| LockedPackage {
            name: name.into(),
            version: "1.0.0".into(),
            origin,
            is_dependency,
        };
        Lock::new(
            Ecosystem::Cargo,
            vec![
                package("program", Origin::Path, false),
                package("library", Origin::Path, true),
                package("patched", Origin::Path, true),
                package("forked", Origin::Git("https://example.com/forked".to_owned()), true),
                package("inner", Origin::OtherRegistry("https://example.com/index".to_owned()), true),
                package("known", Origin::DefaultRegistry, true),
            ],
        )
    }

    fn names(lock: &Lock, members: Option<&BTreeSet<String>>) -> (Vec<String>, Vec<String>) {
        let own = lock.own(members).iter().map(|package| package.name.to_string()).collect();
        let not_covered = lock.not_covered(members).into_iter().map(|row| row.package).collect();
        (own, not_covered)
    }

    #[test]
    fn without_the_members_a_folder_that_is_depended_on_is_not_covered() {
        let (own, not_covered) = names(&lock(), None);
        assert_eq!(own, ["program"]);
        assert_eq!(not_covered, ["forked", "inner", "library", "patched"]);
    }

    #[test]
    fn with_the_members_only_folders_outside_of_the_workspace_are_not_covered() {
        let members = ["program", "library", "forked", "known"].map(str::to_owned).into();
        let (own, not_covered) = names(&lock(), Some(&members));
        assert_eq!(own, ["library", "program"]);
        assert_eq!(not_covered, ["forked", "inner", "patched"]);
    }

    #[test]
    fn every_package_is_covered_own_or_not_covered() {
        let lock = lock();
        let (own, not_covered) = names(&lock, None);
        assert_eq!(own.len() + not_covered.len() + lock.covered().count(), lock.packages().len());
    }
}
