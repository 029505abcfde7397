//! The part of a database that speaks about some packages: small enough to keep with the evidence of a release.
//!
//! The rule that must not be broken: a snapshot gives the answer of the whole database, or an error. It remembers the
//! packages it was taken for, and refuses a lock file with any other.

use super::{
    database::{Database, Source},
    lock::{Ecosystem, Lock},
    matching::{self, Match, MatchError},
    record::{Record, RecordError},
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use thiserror::Error;

/// The largest saved snapshot that is read, in bytes.
pub const SNAPSHOT_LIMIT: usize = 64 << 20;

const SCHEMA: &str = "relcheck.advisories/v1";

/// Why a saved snapshot cannot be used.
#[derive(Debug, Error)]
pub enum SnapshotError {
    /// Larger than [`SNAPSHOT_LIMIT`].
    #[error("the advisory snapshot is larger than {SNAPSHOT_LIMIT} bytes")]
    TooLarge,
    /// Not the JSON of a snapshot.
    #[error("the advisory snapshot is not readable")]
    NotJson(#[source] serde_json::Error),
    /// Written by another version of relcheck.
    #[error("the advisory snapshot has the unknown schema `{}`", .0.escape_debug())]
    UnknownSchema(String),
    /// Its advisories are not sorted by path, or one is there twice.
    #[error("the advisory snapshot is out of order at `{}`", .0.escape_debug())]
    OutOfOrder(String),
    /// An advisory about a package that the snapshot was not taken for, or a draft.
    #[error("the advisory snapshot has the stray advisory `{}`", .0.escape_debug())]
    Stray(String),
    /// A file that is not an advisory.
    #[error(transparent)]
    Record(#[from] RecordError),
}

/// The advisories of one database about a set of packages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snapshot {
    source: Source,
    packages: BTreeSet<String>,
    records: Vec<Record>,
}

/// How a snapshot is written: the schema first, everything sorted.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Saved {
    schema: String,
    source: Source,
    packages: BTreeSet<String>,
    records: Vec<SavedRecord>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SavedRecord {
    path: String,
    text: String,
}

impl Snapshot {
    /// Takes from `database` what it says about the packages of `locks`.
    pub fn take<'a>(database: &Database, locks: impl IntoIterator<Item = &'a Lock>) -> Self {
        let locks = locks.into_iter().filter(|lock| lock.ecosystem() == Ecosystem::Cargo);
        let packages: BTreeSet<String> = locks.flat_map(Lock::covered_names).collect();
        let about = packages.iter().flat_map(|package| matching::about(database.records(), package));
        let mut records: Vec<Record> = about.cloned().collect();
        records.sort_by(|one, other| one.path().cmp(other.path()));
        Self { source: database.source().clone(), packages, records }
    }

    /// The whole database that this was taken from.
    pub fn source(&self) -> &Source {
        &self.source
    }

    /// The packages it was taken for.
    pub fn packages(&self) -> &BTreeSet<String> {
        &self.packages
    }

    /// Its advisories, sorted by path.
    pub fn records(&self) -> &[Record] {
        &self.records
    }

    /// The advisories that speak about `lock`, as the whole database would give them.
    pub fn matches(&self, lock: &Lock) -> Result<Vec<Match>, MatchError> {
        if lock.ecosystem() != Ecosystem::Cargo {
            return Err(MatchError::NoDatabase(lock.ecosystem()));
        }
        match lock.covered().find(|package| !self.packages.contains(&package.name)) {
            Some(package) => Err(MatchError::NotSelected { package: package.name.clone() }),
            None => matching::matches(&self.records, lock),
        }
    }

    /// The snapshot as canonical JSON: the same snapshot gives the same bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        let text =
            |record: &Record| String::from_utf8(record.bytes().to_vec()).expect("a record was read as UTF-8");
        let saved = Saved {
            schema: SCHEMA.to_owned(),
            source: self.source.clone(),
            packages: self.packages.clone(),
            records: self
                .records
                .iter()
                .map(|record| SavedRecord { path: record.path().to_owned(), text: text(record) })
                .collect(),
        };
        let mut bytes =
            serde_json::to_vec_pretty(&saved).expect("strings, numbers and lists always serialise");
        bytes.push(b'\n');
        bytes
    }

    /// Reads what [`Self::to_bytes`] wrote.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, SnapshotError> {
        if bytes.len() > SNAPSHOT_LIMIT {
            return Err(SnapshotError::TooLarge);
        }
        let saved: Saved = serde_json::from_slice(bytes).map_err(SnapshotError::NotJson)?;
        if saved.schema != SCHEMA {
            return Err(SnapshotError::UnknownSchema(saved.schema));
        }
        let mut records: Vec<Record> = Vec::with_capacity(saved.records.len());
        for SavedRecord { path, text } in saved.records {
            if records.last().is_some_and(|last| last.path() >= path.as_str()) {
                return Err(SnapshotError::OutOfOrder(path));
            }
            match Record::read(&path, text.into_bytes())? {
                Some(record) if path.starts_with("crates/") && saved.packages.contains(record.package()) => {
                    records.push(record);
                }
                _ => return Err(SnapshotError::Stray(path)),
            }
        }
        Ok(Self { source: saved.source, packages: saved.packages, records })
    }
}

impl Database {
    /// The advisories that speak about `lock`.
    pub fn matches(&self, lock: &Lock) -> Result<Vec<Match>, MatchError> {
        if lock.ecosystem() != Ecosystem::Cargo {
            return Err(MatchError::NoDatabase(lock.ecosystem()));
        }
        matching::matches(self.records(), lock)
    }
}

#[cfg(test)]
mod tests {
    use super::{Snapshot, SnapshotError};
    use crate::advisories::{
        cargo_lock,
        database::Database,
        lock::Lock,
        matching::MatchError,
        record::RecordError,
        testing::{index_source, lock_text, three_records, write_tree},
    };

    fn database() -> Database {
        let folder = tempfile::tempdir().unwrap();
        write_tree(folder.path(), &three_records());
        Database::open(folder.path()).unwrap()
    }

    fn lock(names: &[&str]) -> Lock {
        let index = index_source();
        let rows: Vec<_> = names.iter().map(|name| (*name, "1.0.0", Some(index.as_str()))).collect();
        cargo_lock::parse(lock_text(&rows).as_bytes()).unwrap()
    }

    #[test]
    fn a_snapshot_has_only_what_speaks_about_the_lock_and_answers_as_the_database_does() {
        let database = database();
        let lock = lock(&["foo", "unknown"]);
        let snapshot = Snapshot::take(&database, [&lock]);
        assert_eq!(snapshot.records().len(), 2);
        assert_eq!(snapshot.source(), database.source());
        let found = snapshot.matches(&lock).unwrap();
        assert_eq!(found, database.matches(&lock).unwrap());
        assert_eq!(found.len(), 1);
    }

    #[test]
    fn a_snapshot_refuses_a_package_that_it_was_not_taken_for() {
        let snapshot = Snapshot::take(&database(), [&lock(&["foo"])]);
        let error = snapshot.matches(&lock(&["foo", "bar"])).unwrap_err();
        assert_eq!(error, MatchError::NotSelected { package: "bar".into() });
        let of_both = Snapshot::take(&database(), [&lock(&["foo"]), &lock(&["bar"])]);
        assert_eq!(of_both.matches(&lock(&["foo", "bar"])).unwrap().len(), 2);
    }

    #[test]
    fn a_saved_snapshot_gives_the_same_bytes_and_answers() {
        let lock = lock(&["foo", "bar"]);
        let snapshot = Snapshot::take(&database(), [&lock]);
        let bytes = snapshot.to_bytes();
        let loaded = Snapshot::from_bytes(&bytes).unwrap();
        assert_eq!(loaded.to_bytes(), bytes);
        assert_eq!(loaded.matches(&lock).unwrap(), snapshot.matches(&lock).unwrap());
        assert_eq!(loaded.matches(&lock).unwrap().len(), 2);
    }

    #[test]
    fn a_spoiled_snapshot_is_refused() {
        let snapshot = Snapshot::take(&database(), [&lock(&["foo"])]);
        let text = String::from_utf8(snapshot.to_bytes()).unwrap();
        let spoiled = |from: &str, to: &str| {
            assert!(text.contains(from), "{from}");
            Snapshot::from_bytes(text.replacen(from, to, 1).as_bytes()).unwrap_err()
        };
        assert!(matches!(spoiled("advisories/v1", "advisories/v2"), SnapshotError::UnknownSchema(_)));
        assert!(matches!(spoiled("\"source\"", "\"sauce\""), SnapshotError::NotJson(_)));
        assert!(matches!(spoiled("\"foo\"", "\"fox\""), SnapshotError::Stray(_)));
        assert!(matches!(
            spoiled("[versions]", "[visions]"),
            SnapshotError::Record(RecordError::Malformed { .. })
        ));
        assert!(matches!(
            spoiled("crates/foo/", "crates/fox/"),
            SnapshotError::Record(RecordError::Malformed { .. })
        ));
        assert!(matches!(
            spoiled("crates/foo/", "crates/"),
            SnapshotError::Record(RecordError::Misplaced { .. })
        ));
        assert!(matches!(spoiled("2020-0002.md", "2020-0001.md"), SnapshotError::OutOfOrder(_)));
        assert!(matches!(
            Snapshot::from_bytes(&text.as_bytes()[..text.len() / 2]),
            Err(SnapshotError::NotJson(_))
        ));
    }
}
