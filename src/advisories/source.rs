//! Where advisories come from: what a report says about a database.
//!
//! The rule that must not be broken: a source's date is its own, never that of its copy, and an age that nobody knows
//! is not a young one.

use super::lock::Ecosystem;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What a database was read from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SourceForm {
    /// The commit that `HEAD` of a git checkout names. Files changed in its work tree are not looked at.
    Git,
    /// A tar or zip archive.
    Archive,
    /// A folder without git, whose commit nobody can know.
    Folder,
}

/// What a report says about a database.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// Whose database it is: `rustsec`.
    pub name: String,
    /// The commit it was taken from, where that is known.
    pub commit: Option<String>,
    /// When that commit was made; without one, when its newest advisory was changed. `None` is an age nobody knows,
    /// which a caller must not take for a fresh one.
    pub date: Option<Timestamp>,
    /// How many advisories it has, with those that were taken back.
    pub advisories: usize,
    /// SHA-256 of the lines that `sha256sum` prints for all advisories, sorted by path. A checkout and an archive of
    /// the same commit have the same one.
    pub sha256: String,
    /// What it was read from.
    pub form: SourceForm,
    /// The ecosystems that it answers for.
    pub ecosystems: Vec<Ecosystem>,
    /// How many of its advisories were taken back.
    pub withdrawn: usize,
    /// Where it was fetched, where it was.
    pub url: Option<String>,
    /// When it was fetched. Says nothing of its age.
    pub fetched_at: Option<Timestamp>,
}

impl Source {
    /// Whole days from the source's date to `as_of`, rounded down; negative when the source is from the future,
    /// `None` when its date is not known.
    pub fn age_days(&self, as_of: Timestamp) -> Option<i64> {
        const DAY: i64 = 24 * 60 * 60;
        let date = self.date?;
        Some((as_of.as_second() - date.as_second()).div_euclid(DAY))
    }

    /// Whether its digest is one: a source is read from files that anyone can write.
    pub(super) fn is_sound(&self) -> bool {
        crate::release::Sha256::from_hex(&self.sha256).is_some()
    }

    /// Whether it knows advisories about packages of `ecosystem`.
    pub fn answers_for(&self, ecosystem: Ecosystem) -> bool {
        self.ecosystems.contains(&ecosystem)
    }
}
