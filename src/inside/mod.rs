//! What a published file holds about its own making: the lists that builds leave in programs and packages.
//!
//! The rule that must not be broken: a program that was not opened, or whose list could not be read, is said to be so; a file
//! without such a list is one that was looked through. Nothing of the file is run, and nothing in it names a place to write to.
//!
//! A file is looked through when it has been hashed, from the very bytes that were hashed: a [`looker::Looker`] keeps what
//! may hold programs in a file without a name, which is gone when the process is. What is found is raw; [`go`], [`auditable`],
//! [`package`] and [`nested`] say what it means.

pub mod auditable;
mod bundled;
mod container;
pub mod go;
mod layout;
pub mod looker;
pub mod nested;
pub mod package;
mod program;
mod sort;
mod tape;
mod wasm;

use std::fmt;

/// Most lists that are kept of one published file.
pub const LISTS: usize = 64;

/// Largest list, in bytes.
pub const LIST_BYTES: usize = 4 << 20;

/// What was found in a published file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Inside {
    /// Nobody looked: only its digest is known, or the evidence is of a version that did not.
    #[default]
    NotLooked,
    /// It was looked through.
    Looked(Contents),
}

/// What there is in a file that was looked through.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Contents {
    /// The lists, in the order of their members.
    pub lists: Vec<BuildList>,
    /// The programs without a list, by their place in the file; empty for the file itself.
    pub silent: Vec<String>,
    /// What could not be looked through, and why.
    pub unread: Vec<Unopened>,
}

impl Contents {
    /// Whether nothing in it is built, as far as anybody can tell.
    pub fn is_empty(&self) -> bool {
        self.lists.is_empty() && self.silent.is_empty() && self.unread.is_empty()
    }
}

/// A member, or the file itself, that could not be looked through.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Unopened {
    /// Its place in the file; empty for the file itself.
    pub member: String,
    /// Why.
    pub why: String,
}

impl Unopened {
    /// Whether it has a list of what was built in or bundled, which is damaged.
    pub fn is_of_a_list(&self) -> bool {
        [auditable::LIST, go::LIST, nested::LIST].iter().any(|list| self.why.starts_with(list))
    }

    /// Whether it is a package that is an archive by itself, and was not looked into for that.
    pub fn is_a_package(&self) -> bool {
        self.why == container::NESTED && nested::is_package(&self.member)
    }
}

/// A list that a build left.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct BuildList {
    /// Its program's or its own place in the file; empty for the file itself.
    pub member: String,
    /// What wrote it.
    pub kind: ListKind,
    /// Its bytes, decompressed.
    pub bytes: Vec<u8>,
}

/// What leaves such a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ListKind {
    /// The Go toolchain's build information: its version on the first line, then the modules.
    Go,
    /// `cargo auditable`: JSON.
    CargoAuditable,
    /// A Python wheel's or source archive's metadata.
    Python,
    /// An npm package's `package.json`.
    Npm,
    /// A Rust crate's `Cargo.toml`, as `cargo package` writes it.
    Crate,
    /// A Rust crate's `.cargo_vcs_info.json`.
    CrateCommit,
    /// A lock file in a package, which is named after its format.
    Lock,
    /// A bill of materials in a package.
    Bill,
    /// The packages of npm that are bundled, as [`nested::bundled`] reads them.
    NpmBundled,
    /// The packages of Python that are bundled.
    PythonBundled,
    /// The packages of Maven that are bundled.
    MavenBundled,
    /// Those of Composer.
    ComposerBundled,
    /// Those of NuGet.
    NugetBundled,
}

impl ListKind {
    const ALL: [Self; 13] = [
        Self::Go,
        Self::CargoAuditable,
        Self::Python,
        Self::Npm,
        Self::Crate,
        Self::CrateCommit,
        Self::Lock,
        Self::Bill,
        Self::NpmBundled,
        Self::PythonBundled,
        Self::MavenBundled,
        Self::ComposerBundled,
        Self::NugetBundled,
    ];

    /// Whether it lists bundled packages.
    pub(crate) fn is_bundled(self) -> bool {
        matches!(self, Self::NpmBundled | Self::PythonBundled | Self::MavenBundled) || self.is_of_installer()
    }

    /// Whether an installer lists them in one file.
    fn is_of_installer(self) -> bool {
        matches!(self, Self::ComposerBundled | Self::NugetBundled)
    }

    /// The word in an evidence pack.
    pub fn word(self) -> &'static str {
        match self {
            Self::Go => "go",
            Self::CargoAuditable => "cargo-auditable",
            Self::Python => "python",
            Self::Npm => "npm",
            Self::Crate => "crate",
            Self::CrateCommit => "crate-commit",
            Self::Lock => "lock",
            Self::Bill => "bill",
            Self::NpmBundled => "npm-bundled",
            Self::PythonBundled => "python-bundled",
            Self::MavenBundled => "maven-bundled",
            Self::ComposerBundled => "composer-bundled",
            Self::NugetBundled => "nuget-bundled",
        }
    }

    /// The kind of this word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }
}

impl fmt::Display for ListKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}
