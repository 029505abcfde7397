//! Lock files of every ecosystem, from their bytes.
//!
//! The rule that must not be broken: a file that is not wholly understood is an error, and a package that no database
//! speaks about is in the list with its reason. A newer version of a format, a file that was cut off, a key that is
//! there twice or a line that no format has never becomes a shorter list. Nothing is resolved, fetched or run.
//!
//! [`parse`] knows a file by its name and reads it alone. [`tree::locks`] reads the files of a tag together: what one
//! of them says about another (a Go workspace, a requirement file that includes another one) counts there.

mod berry;
pub mod built;
mod bun;
mod composer;
mod composer_origin;
mod descriptors;
mod error;
mod gem_platform;
mod gemfile;
pub mod go;
mod gradle;
pub mod manifest;
mod marker;
mod mix;
pub(crate) mod notation;
mod npm;
mod npm_origin;
mod nuget;
mod pdm;
mod pipfile;
mod places;
mod pnpm;
mod pnpm_config;
mod poetry;
mod projects;
mod pylock;
mod python;
mod python_origin;
pub mod requirements;
mod rows;
pub mod sbom;
pub mod tree;
mod uv;
mod yarn;

#[cfg(test)]
mod tests;

use super::{
    cargo_lock,
    lock::{Ecosystem, Lock},
};
use crate::paths;
pub use error::{Fault, LockError};
pub(crate) use npm_origin::is_registry as is_npm_registry;
use std::fmt;

/// The largest lock file that is read, in bytes.
pub const LOCK_LIMIT: usize = cargo_lock::LOCK_LIMIT;

/// The deepest nesting of any lock file's notation that is read.
pub const DEPTH_LIMIT: usize = 64;

/// The most packages, and the most dependencies of all together, of one lock file.
pub(super) const PACKAGES_LIMIT: usize = 200_000;

/// The most packages of all lock files of a tag together: those of each are held until all are looked up.
pub(super) const ALL_PACKAGES_LIMIT: usize = 2 * PACKAGES_LIMIT;

/// The formats of lock files that are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "each is named after its file")]
pub enum Format {
    CargoLock,
    GoMod,
    PackageLock,
    PnpmLock,
    YarnLock,
    BunLock,
    Requirements,
    UvLock,
    PoetryLock,
    PdmLock,
    Pylock,
    PipfileLock,
    GemfileLock,
    ComposerLock,
    NugetLock,
    GradleLock,
    MixLock,
}

/// Each format with the name of its files, and whose packages it lists.
const FORMATS: [(Format, &str, Ecosystem); 18] = [
    (Format::CargoLock, "Cargo.lock", Ecosystem::Cargo),
    (Format::GoMod, "go.mod", Ecosystem::Golang),
    (Format::PackageLock, "package-lock.json", Ecosystem::Npm),
    (Format::PackageLock, "npm-shrinkwrap.json", Ecosystem::Npm),
    (Format::PnpmLock, "pnpm-lock.yaml", Ecosystem::Npm),
    (Format::YarnLock, "yarn.lock", Ecosystem::Npm),
    (Format::BunLock, "bun.lock", Ecosystem::Npm),
    (Format::Requirements, "requirements.txt", Ecosystem::Pypi),
    (Format::UvLock, "uv.lock", Ecosystem::Pypi),
    (Format::PoetryLock, "poetry.lock", Ecosystem::Pypi),
    (Format::PdmLock, "pdm.lock", Ecosystem::Pypi),
    (Format::Pylock, "pylock.toml", Ecosystem::Pypi),
    (Format::PipfileLock, "Pipfile.lock", Ecosystem::Pypi),
    (Format::GemfileLock, "Gemfile.lock", Ecosystem::Gem),
    (Format::ComposerLock, "composer.lock", Ecosystem::Composer),
    (Format::NugetLock, "packages.lock.json", Ecosystem::Nuget),
    (Format::GradleLock, "gradle.lockfile", Ecosystem::Maven),
    (Format::MixLock, "mix.lock", Ecosystem::Hex),
];

impl Format {
    /// The format of a file, by the last segment of its path. A suffix before the ending is part of the name for
    /// requirement files (`requirements-dev.txt`, `dev-requirements.txt`, `constraints.txt`) and for `pylock.NAME.toml`
    /// (PEP 751), `gems.locked` is Bundler's other name, `packages.PROJECT.lock.json` is NuGet's for one of several projects
    /// of a folder, and Gradle locks what its scripts run in files of their own. Older Gradles have a file for each
    /// configuration in a folder, which are no such lists and are refused as they are read.
    pub fn of(path: &str) -> Option<Self> {
        let name = paths::name_of(path);
        let known = FORMATS.iter().find(|(_, known, _)| *known == name).map(|(format, ..)| *format);
        known.or_else(|| match name {
            "gems.locked" => Some(Self::GemfileLock),
            _ if gradle::is_of_script(name) || gradle::is_of_older(path) => Some(Self::GradleLock),
            _ if name.starts_with("packages.") && name.ends_with(".lock.json") => Some(Self::NugetLock),
            _ if name.starts_with("pylock.") && name.ends_with(".toml") => Some(Self::Pylock),
            _ if requirements::is_named(path) => Some(Self::Requirements),
            _ => None,
        })
    }

    /// The format of a file that somebody named: `something.lock` is Cargo's there.
    pub fn of_given(path: &str) -> Option<Self> {
        Self::of(path).or_else(|| path.ends_with(".lock").then_some(Self::CargoLock))
    }

    /// Whether a file's name in small letters is that of a lock file with something put into it (`poetry.dev.lock`,
    /// `package-lock-prod.json`), which a build may put in the place of that one.
    pub(crate) fn is_variant(name: &str) -> bool {
        let is_variant_of = |known: &str| {
            let Some((stem, ending)) = known.rsplit_once('.') else { return false };
            let middle =
                name.strip_prefix(stem).and_then(|rest| rest.strip_suffix(ending)?.strip_suffix('.'));
            middle.is_some_and(|middle| middle.len() > 1 && middle.starts_with(['.', '-', '_', '@']))
        };
        let mut written =
            FORMATS.iter().filter(|(format, ..)| !matches!(format, Self::GoMod | Self::Requirements));
        written.any(|(_, known, _)| is_variant_of(&known.to_ascii_lowercase()))
    }

    /// The name of its files.
    pub fn name(self) -> &'static str {
        FORMATS.iter().find(|(format, ..)| *format == self).map_or("", |(_, name, _)| name)
    }

    /// Whose packages it lists.
    pub fn ecosystem(self) -> Ecosystem {
        let found = FORMATS.iter().find(|(format, ..)| *format == self);
        found.map(|(.., ecosystem)| *ecosystem).expect("every format is in the table")
    }

    /// The names of all lock files, for a message.
    fn names() -> String {
        FORMATS.map(|(_, name, _)| name).join(", ")
    }
}

/// Whether Cargo reads its configuration there (<https://doc.rust-lang.org/cargo/reference/config.html>).
pub(crate) fn is_cargo_config(path: &str) -> bool {
    [".cargo/config.toml", ".cargo/config"]
        .iter()
        .any(|name| path.strip_suffix(name).is_some_and(|rest| rest.is_empty() || rest.ends_with('/')))
}

/// Whether a package manager other than Cargo reads there where its packages are from.
pub(crate) fn is_source_config(path: &str) -> bool {
    let name = paths::name_of(path);
    [".npmrc", ".yarnrc", ".yarnrc.yml", "bunfig.toml", "pnpm-workspace.yaml"].contains(&name)
        || name.eq_ignore_ascii_case("nuget.config")
        || path.strip_suffix(".bundle/config").is_some_and(|rest| rest.is_empty() || rest.ends_with('/'))
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Reads one lock file, which is known by its name.
///
/// # Errors
/// [`LockError`] for a name that no format has, and for what keeps the file from being wholly understood.
pub fn parse(path: &str, bytes: &[u8]) -> Result<Lock, LockError> {
    match Format::of(path) {
        Some(format) => parse_as(format, bytes),
        None if path.rsplit('/').next() == Some("go.work") => {
            Err(LockError::Workspace { file: error::shown(path) })
        }
        None => Err(LockError::Unrecognised { file: error::shown(path) }),
    }
}

/// Reads one lock file that a person points at: one of another name that ends in `.lock` is a `Cargo.lock`, whose
/// reader knows its own.
///
/// # Errors
/// See [`parse`].
pub fn parse_given(path: &str, bytes: &[u8]) -> Result<Lock, LockError> {
    match Format::of_given(path) {
        Some(format) => parse_as(format, bytes),
        None => parse(path, bytes),
    }
}

/// Reads one lock file as one of a format, whatever its name is.
///
/// # Errors
/// [`LockError`] for what keeps the file from being wholly understood.
pub fn parse_as(format: Format, bytes: &[u8]) -> Result<Lock, LockError> {
    parse_with(format, bytes, &projects::any)
}

/// Reads one lock file as one of a format. `is_project` is asked about what it calls the release's own.
fn parse_with(format: Format, bytes: &[u8], is_project: &projects::IsProject<'_>) -> Result<Lock, LockError> {
    if format == Format::CargoLock {
        return Ok(cargo_lock::parse(bytes)?);
    }
    parse_text(format, bytes, |text| match format {
        Format::CargoLock | Format::GoMod => go::lock(text),
        Format::PackageLock => npm::read(text, is_project),
        Format::PnpmLock => pnpm::read(text),
        Format::YarnLock if berry::is_berry(text) => berry::read(text, is_project),
        Format::YarnLock => yarn::read(text),
        Format::BunLock => bun::read(text, is_project),
        Format::Requirements => requirements::lock(text),
        Format::UvLock => uv::read(text, is_project),
        Format::PoetryLock => poetry::read(text),
        Format::PdmLock => pdm::read(text),
        Format::Pylock => pylock::read(text),
        Format::PipfileLock => pipfile::read(text),
        Format::GemfileLock => gemfile::read(text, is_project),
        Format::ComposerLock => composer::read(text),
        Format::NugetLock => nuget::read(text, is_project),
        Format::GradleLock => gradle::read(text),
        Format::MixLock => mix::read(text),
    })
}

/// Reads the text of one lock file with a reader of its format.
fn parse_text(
    format: Format,
    bytes: &[u8],
    read: impl FnOnce(&str) -> Result<Lock, Fault>,
) -> Result<Lock, LockError> {
    let text = notation::text(bytes).and_then(|text| match format {
        // Each of these is written by a program, which ends every line.
        Format::PnpmLock
        | Format::YarnLock
        | Format::UvLock
        | Format::PoetryLock
        | Format::PdmLock
        | Format::Pylock
        | Format::GemfileLock
        | Format::GradleLock
            if !text.is_empty() && !text.ends_with('\n') =>
        {
            Err(Fault::CutOff("the end of the last line"))
        }
        _ => Ok(text),
    });
    text.and_then(read).map_err(|fault| LockError::File { format, fault })
}
