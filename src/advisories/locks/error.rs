//! Why a lock file cannot be used.

use super::Format;
use crate::advisories::cargo_lock;
use thiserror::Error;

/// Why a lock file cannot be used: what it was read as, and what was found where something else was expected.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum LockError {
    /// No format has files of this name.
    #[error("{file} is not the name of a lock file that is read here; read are {}", Format::names())]
    Unrecognised {
        /// The name, cleaned.
        file: String,
    },
    /// A `go.work`, which selects nothing without the modules that it names.
    #[error(
        "{file} selects nothing alone: give the `go.mod` files that it names; `relcheck verify` reads them together"
    )]
    Workspace {
        /// The path, cleaned.
        file: String,
    },
    /// A `Cargo.lock`.
    #[error(transparent)]
    Cargo(#[from] cargo_lock::LockError),
    /// Any other format.
    #[error("as {format} the file {fault}")]
    File {
        /// What it was read as.
        format: Format,
        /// What is wrong with it.
        fault: Fault,
    },
}

/// What is wrong with a lock file.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum Fault {
    /// Over the limit on size.
    #[error("is larger than {} bytes", super::LOCK_LIMIT)]
    TooLarge,
    /// Not UTF-8.
    #[error("is not utf-8")]
    NotText,
    /// Not in the notation that the format has.
    #[error("is not readable: {0}")]
    Syntax(String),
    /// Nested deeper than any lock file is.
    #[error("is nested more than {} deep", super::DEPTH_LIMIT)]
    TooDeep,
    /// A key of one object, or a package, is there twice.
    #[error("has {0} twice")]
    Duplicate(String),
    /// A version of the format that this version of relcheck does not know.
    #[error("has version {found}; known are {known}")]
    UnknownVersion {
        /// The version in the file.
        found: String,
        /// Those that are known.
        known: &'static str,
    },
    /// Something is missing or has the wrong type.
    #[error("is malformed: {at} is not {expected}")]
    Malformed {
        /// Where.
        at: String,
        /// What must be there.
        expected: &'static str,
    },
    /// A line that the format does not have.
    #[error("has a line that is not understood, {line}: {text}")]
    Line {
        /// Its number, from 1.
        line: usize,
        /// Its beginning.
        text: String,
    },
    /// The end of the file, or of a section, is missing: it was cut off or edited.
    #[error("is cut off: {0} is missing")]
    CutOff(&'static str),
    /// A package depends on one that is not listed: the file was cut off or edited.
    #[error("is incomplete: {package} depends on {dependency}, which is not listed")]
    Incomplete {
        /// The package that has the dependency.
        package: String,
        /// The dependency that is not there.
        dependency: String,
    },
    /// No packages at all, not even the release's own.
    #[error("lists no packages")]
    NoPackages,
    /// More than can be read in reasonable time.
    #[error("lists more than {} packages and dependencies", super::PACKAGES_LIMIT)]
    TooMany,
    /// Over another limit, which keeps the reading short and small.
    #[error("has more than {limit} {what}, which is the limit")]
    Limit {
        /// Of what.
        what: &'static str,
        /// How many are read.
        limit: usize,
    },
    /// A name that no package can have.
    #[error("has the impossible package name `{0}`")]
    BadName(String),
    /// A version that no package can have.
    #[error("has the impossible version `{version}` of {package}")]
    BadVersion {
        /// The package.
        package: String,
        /// Its version.
        version: String,
    },
}

impl Fault {
    /// Something of the wrong type, or missing.
    pub(super) fn malformed(at: impl AsRef<str>, expected: &'static str) -> Self {
        Self::Malformed { at: shown(at.as_ref()), expected }
    }

    /// A line that is not understood; `number` counts from 0.
    pub(super) fn line(number: usize, text: &str) -> Self {
        Self::Line { line: number + 1, text: shown(text.trim()) }
    }

    /// A dependency that is not listed.
    pub(super) fn incomplete(package: &str, dependency: &str) -> Self {
        Self::Incomplete { package: shown(package), dependency: shown(dependency) }
    }

    /// More of something than is read.
    pub(super) fn limit(what: &'static str, limit: usize) -> Self {
        Self::Limit { what, limit }
    }

    pub(super) fn version(found: &str, known: &'static str) -> Self {
        Self::UnknownVersion { found: shown(found), known }
    }
}

/// Foreign text, short and harmless.
pub(super) fn shown(text: &str) -> String {
    const LONGEST: usize = 120;
    let cut: String = text.chars().take(LONGEST).collect();
    crate::text::clean(&cut).into_owned()
}
