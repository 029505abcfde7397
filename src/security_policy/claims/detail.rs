//! What a claim names: what judging it needs, and nothing that was not written.

use super::dates::Written;

/// What a claim names. A field that does not belong to the kind is empty.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Detail {
    /// Whether it is said of all: `all`, `every`, `each`.
    pub is_of_all: bool,
    /// Tools, by the name that their commands and actions have: `codeql`, `pip-audit`, `dependabot`, `ruff`.
    pub tools: Vec<&'static str>,
    /// Names of tools that are not known: `black duck`.
    pub other_tools: Vec<String>,
    /// Names and things that are not known, and are not said to do it: `terraform`.
    pub other_things: Vec<String>,
    /// Why nothing could bear all of it out, where it says more than is looked at.
    pub beyond: Option<String>,
    /// Why nothing here could tell, whatever is found.
    pub unseen: Option<&'static str>,
    /// Ecosystems: `npm packages`, `Docker images`.
    pub ecosystems: Vec<Ecosystem>,
    /// How often.
    pub interval: Option<Interval>,
    /// An e-mail address, or what stands in the place of one.
    pub address: Option<String>,
    /// The placeholder as it is written.
    pub placeholder: Option<String>,
    /// The target of a link, as it is written.
    pub link: Option<String>,
    /// For a link within the file: whether it leads to a heading or an anchor of it.
    pub is_anchor_there: Option<bool>,
    /// A path into the repository.
    pub path: Option<String>,
    /// A line of that path, from 1.
    pub path_line: Option<u64>,
    /// Code that the sentence names beside the path, such as `` `escape(text)` ``.
    pub code: Vec<String>,
    /// An armored OpenPGP block, whole, or what of it there is.
    pub block: Option<String>,
    /// Fingerprints of OpenPGP keys, in upper case and without white space.
    pub fingerprints: Vec<String>,
    /// A date.
    pub date: Option<Written>,
    /// The commands of a fence, a line each; continued lines are joined.
    pub commands: Vec<String>,
    /// Where updates are announced.
    pub channels: Vec<Channel>,
    /// Whether it is said of tags.
    pub is_of_tags: bool,
    /// Whether it is said of what is released: files, or releases as such.
    pub is_of_files: bool,
    /// The kinds of signatures that are named; any where none is.
    pub methods: Vec<Method>,
    /// The algorithms of digests that are named: `sha512`, `blake3`.
    pub algorithms: Vec<&'static str>,
    /// The address that the text of a link shows, where the link writes to another.
    pub shown_address: Option<String>,
    /// A share, in percent.
    pub percent: Option<u8>,
    /// A level of SLSA.
    pub level: Option<u8>,
}

/// A kind of signature, as people name it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Method {
    /// OpenPGP: `gpg`, `PGP`.
    OpenPgp,
    /// Sigstore: `cosign`.
    Sigstore,
    /// minisign.
    Minisign,
    /// signify.
    Signify,
    /// SSH.
    Ssh,
}

impl Method {
    /// Its usual name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::OpenPgp => "OpenPGP",
            Self::Sigstore => "Sigstore",
            Self::Minisign => "minisign",
            Self::Signify => "signify",
            Self::Ssh => "SSH",
        }
    }
}

/// An ecosystem of dependencies, by the name that Dependabot gives it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Ecosystem {
    /// Python packages: `pip`, `uv`.
    Python,
    /// `npm`.
    Npm,
    /// `gomod`.
    Go,
    /// `cargo`.
    Cargo,
    /// `docker`.
    Docker,
    /// `github-actions`.
    Actions,
    /// `maven` or `gradle`.
    Java,
    /// `bundler`.
    Ruby,
    /// `composer`.
    Php,
    /// `nuget`.
    DotNet,
    /// `mix`.
    Elixir,
}

impl Ecosystem {
    /// What people call it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Python => "Python packages",
            Self::Npm => "npm packages",
            Self::Go => "Go modules",
            Self::Cargo => "Rust crates",
            Self::Docker => "Docker images",
            Self::Actions => "GitHub Actions",
            Self::Java => "Java packages",
            Self::Ruby => "Ruby gems",
            Self::Php => "PHP packages",
            Self::DotNet => "NuGet packages",
            Self::Elixir => "Elixir packages",
        }
    }
}

/// How often something is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Interval {
    /// Every day.
    Daily,
    /// Every week.
    Weekly,
    /// Every month.
    Monthly,
    /// Every three months.
    Quarterly,
    /// Twice a year.
    HalfYearly,
    /// Every year.
    Yearly,
}

impl Interval {
    /// The adverb.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Daily => "daily",
            Self::Weekly => "weekly",
            Self::Monthly => "monthly",
            Self::Quarterly => "quarterly",
            Self::HalfYearly => "twice a year",
            Self::Yearly => "yearly",
        }
    }

    /// How many days may go by, with some room for late work.
    #[must_use]
    pub const fn days(self) -> i64 {
        match self {
            Self::Daily => 2,
            Self::Weekly => 9,
            Self::Monthly => 35,
            Self::Quarterly => 100,
            Self::HalfYearly => 200,
            Self::Yearly => 380,
        }
    }
}

/// Where updates are announced.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Channel {
    /// A changelog in the repository.
    Changelog,
    /// Releases on the forge.
    Releases,
    /// Advisories on the forge.
    Advisories,
    /// PyPI.
    PyPi,
    /// npm.
    Npm,
    /// The registry of Rust packages.
    Crates,
    /// A mailing list.
    MailingList,
}

impl Channel {
    /// What people call it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Changelog => "the changelog",
            Self::Releases => "the forge's releases",
            Self::Advisories => "security advisories",
            Self::PyPi => "PyPI",
            Self::Npm => "npm",
            Self::Crates => "the Rust registry",
            Self::MailingList => "a mailing list",
        }
    }
}
