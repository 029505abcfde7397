//! The version that a manifest declares at a tag: `Cargo.toml`, `pyproject.toml` and `package.json`.
//!
//! The rule that must not be broken: a version is reported only where a manifest states it. One that is worked out
//! at build time, or a file that cannot be read, is said to be so; it is never guessed and never left out, so every
//! manifest that is given has its [`Declared`].

mod cargo;
mod npm;
mod pep440;
mod python;
#[cfg(test)]
mod tests;
mod workspace;

use std::collections::BTreeMap;

use crate::{
    json::{JsonError, ShapeError},
    paths,
};

pub use cargo::workspace_members;
pub use workspace::{Links, members};

/// Largest manifest, in bytes.
pub const MAX_BYTES: usize = 1 << 20;

/// The files of a commit, by path from the root with `/` between the components.
pub type Files = BTreeMap<String, Vec<u8>>;

/// What one manifest says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Declared {
    /// The path of the manifest from the root of the repository.
    pub path: String,
    /// Whose rules its version follows.
    pub ecosystem: Ecosystem,
    /// The name of the package, if the manifest gives one.
    pub name: Option<String>,
    /// Its version, or why there is none, or why the manifest cannot be read.
    pub version: Result<DeclaredVersion, ManifestError>,
    /// What a `Cargo.toml` depends on, so that a lock file can be held against it; of others nothing is read.
    pub dependencies: Vec<Dependency>,
    /// The packages that a `Cargo.toml` replaces by folders: copies of somebody else's, wherever they stand.
    pub patched: Vec<String>,
    /// What a `Cargo.toml` says of its workspace and of packages in folders.
    pub links: Links,
}

/// A package that a manifest depends on.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Dependency {
    /// Its name, whatever the manifest calls it.
    pub name: String,
    /// The versions that it may have, as written; `None` where the manifest does not say.
    pub requirement: Option<String>,
}

impl Dependency {
    /// Whether a package of this name and version is what is meant. A requirement that cannot be read allows none.
    #[must_use]
    pub fn allows(&self, name: &str, version: &str) -> bool {
        let Some(requirement) = &self.requirement else { return self.name == name };
        let parsed = (semver::VersionReq::parse(requirement), semver::Version::parse(version));
        self.name == name && matches!(parsed, (Ok(requirement), Ok(version)) if requirement.matches(&version))
    }
}

/// Whose rules a version follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Ecosystem {
    /// Cargo: semver.
    Cargo,
    /// Python: PEP 440.
    Python,
    /// npm: semver.
    Npm,
}

/// A version that is stated, or not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DeclaredVersion {
    /// The version, as written.
    Stated(String),
    /// None is stated.
    NotDeclared {
        /// Why.
        why: NotDeclared,
    },
}

/// Why a readable manifest states no version.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotDeclared {
    /// The file describes no package: only settings of tools, or a workspace without a common version.
    #[error("it describes no package")]
    NoPackage,
    /// The package has no version.
    #[error("the package has no version")]
    NoVersion,
    /// The version is worked out when the package is built.
    #[error("the version is worked out when the package is built")]
    Dynamic,
    /// The version is a placeholder that a release tool replaces.
    #[error("the version is a placeholder that a release tool replaces")]
    Placeholder,
}

/// Why a manifest cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ManifestError {
    /// Over [`MAX_BYTES`].
    #[error("the manifest has {size} bytes, more than {MAX_BYTES}")]
    TooLarge {
        /// Its size in bytes.
        size: usize,
    },
    /// It was not had.
    #[error("{reason}")]
    Unavailable {
        /// Why not.
        reason: String,
    },
    /// Not UTF-8.
    #[error("the manifest is not utf-8")]
    NotUtf8,
    /// Not TOML.
    #[error("the manifest is not toml: {message}")]
    Toml {
        /// What is wrong.
        message: String,
    },
    /// Not acceptable JSON.
    #[error("the manifest is refused: {0}")]
    Json(#[from] JsonError),
    /// A member of the JSON has the wrong type.
    #[error(transparent)]
    Shape(#[from] ShapeError),
    /// A key has another type than it must have.
    #[error("{key} is not {expected}")]
    WrongType {
        /// The key, with dots.
        key: &'static str,
        /// What it should be.
        expected: &'static str,
    },
    /// The version breaks the rules of its ecosystem.
    #[error("{version:?} is no version")]
    NotAVersion {
        /// The version, as written.
        version: String,
    },
    /// Two places of one manifest state different versions.
    #[error("the manifest states two versions, {first:?} and {second:?}")]
    Contradiction {
        /// One of them.
        first: String,
        /// The other.
        second: String,
    },
    /// The version is inherited, and the workspace's root manifest is not among the files.
    #[error("the version is inherited from a workspace whose manifest was not found")]
    NoWorkspaceRoot,
    /// The version is inherited, and the workspace has none.
    #[error("the version is inherited from {root}, which has none")]
    NoWorkspaceVersion {
        /// The path of the workspace's manifest.
        root: String,
    },
}

impl Declared {
    /// Whether this manifest is the one that a tag of a component speaks about: the package of that name (npm's scope
    /// may be left out), or the manifest in that folder. Without a component: a manifest at the root.
    #[must_use]
    pub fn applies_to_tag(&self, component: Option<&str>) -> bool {
        let folder = self.path.rsplit_once('/').map(|(folder, _)| folder);
        let Some(component) = component else {
            return folder.is_none();
        };
        let unscoped =
            |name: &str| name.starts_with('@') && name.rsplit_once('/').is_some_and(|(_, n)| n == component);
        let by_name = self.name.as_deref().is_some_and(|name| name == component || unscoped(name));
        let by_folder = folder.is_some_and(|f| f == component || f.rsplit('/').next() == Some(component));
        by_name || by_folder
    }
}

/// What every manifest among the files declares, in the order of their paths. Files with other names are not
/// manifests and are passed over; a member of a Cargo workspace needs the workspace's `Cargo.toml` among the files.
#[must_use]
pub fn declared_versions(files: &Files) -> Vec<Declared> {
    let declared = files.iter().filter_map(|(path, bytes)| {
        let file_name = paths::name_of(path);
        let (ecosystem, (name, version)) = match file_name {
            "Cargo.toml" => (Ecosystem::Cargo, cargo::read(files, path, bytes)),
            "pyproject.toml" => (Ecosystem::Python, python::read(bytes)),
            "package.json" => (Ecosystem::Npm, npm::read(bytes)),
            _ => return None,
        };
        let (dependencies, patched, links) = match ecosystem {
            Ecosystem::Cargo => {
                let links = workspace::links(files, path, bytes);
                (cargo::dependencies(files, path, bytes), cargo::patched(bytes), links)
            }
            Ecosystem::Python | Ecosystem::Npm => (Vec::new(), Vec::new(), Links::default()),
        };
        Some(Declared { path: path.clone(), ecosystem, name, version, dependencies, patched, links })
    });
    declared.collect()
}

/// What is known of a manifest whose bytes could not be had; `None` for a path that is no manifest's.
#[must_use]
pub fn unavailable(path: &str, reason: &str) -> Option<Declared> {
    let ecosystem = match paths::name_of(path) {
        "Cargo.toml" => Ecosystem::Cargo,
        "pyproject.toml" => Ecosystem::Python,
        "package.json" => Ecosystem::Npm,
        _ => return None,
    };
    let version = Err(ManifestError::Unavailable { reason: reason.to_owned() });
    let (dependencies, patched, links) = (Vec::new(), Vec::new(), Links::default());
    Some(Declared { path: path.to_owned(), ecosystem, name: None, version, dependencies, patched, links })
}

/// Whether the version of a tag and the version of a manifest are the same by the rules of the ecosystem. For Cargo
/// and npm both must be semver and equal, build metadata included. For Python both must be PEP 440 versions and
/// equal by its rules, by which the semver spelling of a pre-release (`1.2.3-rc.1`) is `1.2.3rc1`.
///
/// What is no version by those rules is the same as nothing, not even as itself.
#[must_use]
pub fn same_version(tag_version: &str, declared: &str, ecosystem: Ecosystem) -> bool {
    match ecosystem {
        Ecosystem::Cargo | Ecosystem::Npm => {
            match (semver::Version::parse(tag_version), semver::Version::parse(declared)) {
                (Ok(tag), Ok(declared)) => tag == declared,
                _ => false,
            }
        }
        Ecosystem::Python => match (pep440::Version::parse(tag_version), pep440::Version::parse(declared)) {
            (Some(tag), Some(declared)) => tag == declared,
            _ => false,
        },
    }
}

/// The name and the version that one manifest gives.
type Reading = (Option<String>, Result<DeclaredVersion, ManifestError>);

/// A reading of a manifest that says nothing because it cannot be read.
fn unreadable(error: ManifestError) -> Reading {
    (None, Err(error))
}

/// The version, if semver allows it.
fn semver_version(version: &str) -> Result<DeclaredVersion, ManifestError> {
    match semver::Version::parse(version) {
        Ok(_) => Ok(DeclaredVersion::Stated(version.to_owned())),
        Err(_) => Err(ManifestError::NotAVersion { version: version.to_owned() }),
    }
}

/// Parses a TOML manifest within the limit on size; the parser itself refuses more than 80 levels, of dotted keys too,
/// which a test holds it to.
fn parse_toml(bytes: &[u8]) -> Result<toml::Table, ManifestError> {
    let text = manifest_text(bytes)?;
    text.parse().map_err(|error: toml::de::Error| ManifestError::Toml { message: error.message().to_owned() })
}

fn manifest_text(bytes: &[u8]) -> Result<&str, ManifestError> {
    if bytes.len() > MAX_BYTES {
        return Err(ManifestError::TooLarge { size: bytes.len() });
    }
    std::str::from_utf8(bytes).map_err(|_| ManifestError::NotUtf8)
}
