//! What manifests ask for, so that the lock files beside them can be held against it.
//!
//! The rule that must not be broken: a manifest whose dependencies no lock file lists is said to be so, with their
//! count. Manifests that are programs (`Gemfile`, `build.gradle`, `mix.exs`) are only looked through for what asks for
//! a package in the usual way; they are never run. One in which nothing of that kind is found may ask for anything.

mod scan;
mod structured;

pub(super) use scan::dotnet_names;
pub(super) use structured::{of, package_name, project_name};

use super::tree::{File, Files};
use crate::{
    advisories::lock::{Ecosystem, Lock, Origin},
    paths,
    text::{count, plural_list},
};
use std::collections::BTreeSet;

/// Largest manifest, in bytes.
const MANIFEST_LIMIT: usize = 4 << 20;

/// One manifest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Manifest {
    /// Its path.
    pub path: String,
    /// Whose packages it asks for.
    pub ecosystem: Ecosystem,
    /// The name of what it describes, where it gives one.
    pub name: Option<String>,
    /// What it asks for, or why that is not known.
    pub wanted: Result<Vec<Wanted>, String>,
}

/// One package that a manifest asks for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Wanted {
    /// Its name in its ecosystem.
    pub name: String,
    /// The versions, as written.
    pub requirement: String,
    /// Whether a lock file must list it by this name: not what only some environments need, or a folder.
    pub is_listed: bool,
}

impl Wanted {
    fn new(name: impl Into<String>, requirement: impl Into<String>) -> Self {
        Self { name: name.into(), requirement: requirement.into(), is_listed: true }
    }
}

/// Whether a file's name is that of a manifest whose beginning is free (`requirements*.in`, `*.csproj`), or of what every
/// project of .NET below it takes up.
pub(crate) fn is_named(name: &str) -> bool {
    is_of_dotnet(name) || (name.contains("requirements") && name.ends_with(".in"))
}

/// Whether a file's name is that of a project of .NET, or of what every project below it takes up.
pub(crate) fn is_of_dotnet(name: &str) -> bool {
    project_of(name).is_some() || is_of_projects(name)
}

/// The name of a project of .NET by that of its file.
fn project_of(name: &str) -> Option<&str> {
    [".csproj", ".fsproj", ".vbproj"].iter().find_map(|ending| name.strip_suffix(ending))
}

fn is_of_projects(name: &str) -> bool {
    matches!(name, "Directory.Build.props" | "Directory.Build.targets")
}

fn ecosystem(name: &str) -> Option<Ecosystem> {
    Some(match name {
        "package.json" => Ecosystem::Npm,
        "pyproject.toml" | "Pipfile" => Ecosystem::Pypi,
        "composer.json" => Ecosystem::Composer,
        "Gemfile" | "gems.rb" => Ecosystem::Gem,
        "build.gradle" | "build.gradle.kts" | "pom.xml" => Ecosystem::Maven,
        "mix.exs" => Ecosystem::Hex,
        _ if name.ends_with(".in") && is_named(name) => Ecosystem::Pypi,
        _ if is_named(name) => Ecosystem::Nuget,
        _ => return None,
    })
}

/// The manifests of a tree, in the order of their paths. Those of Cargo are read elsewhere, and a `go.mod` is its own
/// lock file.
pub fn manifests(tree: &Files<'_>) -> Vec<Manifest> {
    tree.files.iter().filter_map(|(path, seen)| read(path, seen)).collect()
}

fn read(path: &str, seen: &File<'_>) -> Option<Manifest> {
    let file_name = paths::name_of(path);
    let ecosystem = ecosystem(file_name)?;
    let text = match seen.bytes {
        Ok(bytes) if bytes.len() > MANIFEST_LIMIT => Err(format!("it is larger than {MANIFEST_LIMIT} bytes")),
        Ok(bytes) => std::str::from_utf8(bytes).map_err(|_| "it is not utf-8".to_owned()),
        Err(reason) => Err(reason.to_owned()),
    };
    let read = text.and_then(|text| {
        let read = match file_name {
            "package.json" => structured::package_json(text),
            "composer.json" => structured::composer_json(text),
            "pyproject.toml" => structured::pyproject(text),
            "Pipfile" => structured::pipfile(text),
            _ if ecosystem == Ecosystem::Pypi => structured::requirements_in(text),
            "Gemfile" | "gems.rb" => return Ok((None, scan::of_program(text, "#", scan::gemfile))),
            "pom.xml" => return Ok((None, scan::pom(text))),
            "mix.exs" => return Ok((None, scan::of_program(text, "#", scan::mix))),
            _ if ecosystem == Ecosystem::Nuget => return Ok((None, scan::project(text))),
            _ => return Ok((None, scan::of_program(text, "//", scan::gradle))),
        };
        read.map_err(|fault| format!("it {fault}"))
    });
    let (name, wanted) = match read {
        Ok((name, mut wanted)) => {
            wanted.retain(|it| Some(&it.name) != name.as_ref());
            wanted.sort();
            wanted.dedup();
            wanted.extend(the_copy(path, name.as_deref()));
            (name, Ok(wanted))
        }
        Err(why) => (None, Err(why)),
    };
    Some(Manifest { path: path.to_owned(), ecosystem, name, wanted })
}

/// What a copy of a package from elsewhere is, which is shipped as one that a manifest asks for.
fn the_copy(path: &str, name: Option<&str>) -> Option<Wanted> {
    let (folder, file_name) = paths::split(path);
    let is_copy = file_name == "package.json" && super::go::is_of_copies(folder);
    Some(Wanted::new(name.filter(|_| is_copy)?, "(the copy itself)"))
}

/// Whether a lock file speaks of the plugins of a build alone: what is built is not in it.
fn is_of_script(path: &str) -> bool {
    super::gradle::is_of_script(paths::name_of(path))
}

/// A lock file at the tag: its path, and what it lists where it can be read.
pub type Beside<'l> = (&'l str, Option<&'l Lock>);

impl Manifest {
    /// Why the lock files do not speak of all that the manifest asks for; nothing where they do, and where one beside
    /// it cannot be read, which is said of that.
    pub fn unlocked(&self, locks: &[Beside<'_>]) -> Option<String> {
        let wanted = match &self.wanted {
            Ok(wanted) if wanted.is_empty() => return None,
            Ok(wanted) => wanted,
            Err(why) => return Some(format!("{} cannot be read: {why}", self.path)),
        };
        let about: Vec<&Beside<'_>> = locks.iter().filter(|lock| self.is_covered_by(lock)).collect();
        let Some((beside, _)) = about.iter().find(|(path, _)| !is_of_script(path)) else {
            let names: Vec<String> = wanted
                .iter()
                .map(|it| format!("{} {}", it.name, it.requirement).trim_end().to_owned())
                .map(|it| super::error::shown(&it))
                .collect();
            let n = count(wanted.len(), "dependency", "dependencies");
            return Some(format!(
                "{} asks for {n} that no lock file pins: {}",
                self.path,
                plural_list(&names, 6)
            ));
        };
        if about.iter().any(|(_, lock)| lock.is_none()) {
            return None;
        }
        let listed: BTreeSet<&str> = about
            .iter()
            .filter_map(|(_, lock)| *lock)
            .flat_map(|lock| lock.packages().iter().map(|package| package.name.as_str()))
            .collect();
        let missing: Vec<String> = wanted
            .iter()
            .filter(|it| it.is_listed && !listed.contains(it.name.as_str()))
            .map(|it| super::error::shown(&it.name))
            .collect();
        (!missing.is_empty()).then(|| {
            format!("{} asks for what {beside} does not list: {}", self.path, plural_list(&missing, 6))
        })
    }

    /// Whether a lock file is the manifest's: one in its folder, or one above that lists it among its own.
    fn is_covered_by(&self, (path, lock): &Beside<'_>) -> bool {
        let (folder, root) = (paths::folder_of(&self.path), paths::folder_of(path));
        let format = super::Format::of(path).map(super::Format::ecosystem);
        if format != Some(self.ecosystem) {
            return false;
        }
        if folder == root {
            return true;
        }
        // Each of the projects below has a lock file of its own.
        if is_of_projects(paths::name_of(&self.path)) {
            return paths::is_within(root, folder);
        }
        let (Some(below), Some(lock)) = (paths::within(root, folder), lock) else { return false };
        let own = |name: &str| lock.packages().iter().any(|it| it.origin == Origin::Own && it.name == name);
        self.name.as_deref().is_some_and(own) || own(below)
    }
}
