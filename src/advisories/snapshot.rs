//! The part of some databases that speaks about some packages: small enough to keep with the evidence of a release.
//!
//! The rule that must not be broken: a snapshot gives the answer of the whole databases, or an error. It remembers the
//! packages it was taken for, and refuses a lock file with any other.
//!
//! Schema `relcheck.advisories/v2` holds advisories of any database; v1 held the files of RustSec's. One that was read
//! as v1 is written as v1, byte for byte.

use super::{
    advisory::{Advisory, normal_name},
    database::{Database, Source, SourceForm},
    index::IndexError,
    lock::{Ecosystem, Lock},
    matching::{self, MatchError, Matches},
    record::{Record, RecordError},
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use thiserror::Error;

/// The largest saved snapshot that is read, in bytes.
pub const SNAPSHOT_LIMIT: usize = 64 << 20;

const SCHEMA: &str = "relcheck.advisories/v2";
const SCHEMA_1: &str = "relcheck.advisories/v1";

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
    /// Its advisories are not sorted, or one is there twice.
    #[error("the advisory snapshot is out of order at `{}`", .0.escape_debug())]
    OutOfOrder(String),
    /// An advisory about a package that the snapshot was not taken for, or a draft.
    #[error("the advisory snapshot has the stray advisory `{}`", .0.escape_debug())]
    Stray(String),
    /// A source without a digest.
    #[error("the advisory snapshot has a source whose digest is none")]
    NoDigest,
    /// A file that is not an advisory.
    #[error(transparent)]
    Record(#[from] RecordError),
}

type Packages = BTreeMap<Ecosystem, BTreeSet<String>>;

/// The advisories of some databases about a set of packages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snapshot {
    sources: Vec<Source>,
    packages: Packages,
    advisories: BTreeMap<(Ecosystem, String), BTreeSet<Advisory>>,
    /// The bytes of one that was read as v1.
    as_v1: Option<Vec<u8>>,
}

/// How a snapshot is written: the schema first, everything sorted.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Saved {
    schema: String,
    sources: Vec<Source>,
    packages: Packages,
    advisories: Vec<Advisory>,
}

#[derive(Deserialize)]
struct Schema {
    schema: String,
}

/// How the first version wrote one.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Saved1 {
    #[serde(rename = "schema")]
    _schema: String,
    source: Source1,
    packages: BTreeSet<String>,
    records: Vec<Record1>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Source1 {
    name: String,
    commit: Option<String>,
    date: Option<Timestamp>,
    advisories: usize,
    sha256: String,
    form: SourceForm,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Record1 {
    path: String,
    text: String,
}

impl Snapshot {
    /// Takes from `databases` what they say about the packages of `locks`.
    pub fn take<'a>(
        databases: &[Database],
        locks: impl IntoIterator<Item = &'a Lock>,
    ) -> Result<Self, IndexError> {
        let mut packages = Packages::new();
        for lock in locks {
            let names =
                lock.covered().map(|package| normal_name(lock.ecosystem(), &package.name).into_owned());
            packages.entry(lock.ecosystem()).or_default().extend(names);
        }
        let mut advisories = BTreeMap::new();
        for (ecosystem, names) in &packages {
            for name in names {
                let mut about = BTreeSet::new();
                for database in databases {
                    about.extend(database.about(*ecosystem, name)?.into_iter().map(|(_, it)| it));
                }
                if !about.is_empty() {
                    advisories.insert((*ecosystem, name.clone()), about);
                }
            }
        }
        let mut sources: Vec<Source> = databases.iter().flat_map(Database::sources).cloned().collect();
        sources.sort();
        sources.dedup();
        Ok(Self { sources, packages, advisories, as_v1: None })
    }

    /// The whole databases that this was taken from, sorted.
    pub fn sources(&self) -> &[Source] {
        &self.sources
    }

    /// Takes their dates from the databases that say to be younger than `newest` by more than a day, so that nobody takes
    /// them for fresh: they are dated in the future. Returns their names.
    pub fn distrust_dates_after(&mut self, newest: Timestamp) -> Vec<String> {
        let mut found = Vec::new();
        for source in &mut self.sources {
            if source.age_days(newest).is_some_and(|age| age < -1) {
                source.date = None;
                found.push(source.name.clone());
            }
        }
        found
    }

    /// Its advisories, sorted.
    pub fn advisories(&self) -> impl Iterator<Item = &Advisory> {
        self.advisories.values().flatten()
    }

    /// Whether any of its databases knows advisories about packages of `ecosystem`.
    pub fn answers_for(&self, ecosystem: Ecosystem) -> bool {
        self.sources.iter().any(|source| source.answers_for(ecosystem))
    }

    /// The advisories that speak about `lock`, as the whole databases would give them.
    pub fn matches(&self, lock: &Lock) -> Result<Matches, MatchError> {
        let ecosystem = lock.ecosystem();
        if !self.answers_for(ecosystem) {
            return Err(MatchError::NoDatabase(ecosystem));
        }
        let taken_for = self.packages.get(&ecosystem);
        matching::matches(lock, |same| {
            let package = normal_name(ecosystem, &same[0].name);
            if !taken_for.is_some_and(|names| names.contains(package.as_ref())) {
                return Err(MatchError::NotSelected { package: package.into_owned() });
            }
            let about = self.advisories.get(&(ecosystem, package.into_owned()));
            Ok(about.into_iter().flatten().collect())
        })
    }

    /// The snapshot as canonical JSON: the same snapshot gives the same bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        if let Some(bytes) = &self.as_v1 {
            return bytes.clone();
        }
        let saved = Saved {
            schema: SCHEMA.to_owned(),
            sources: self.sources.clone(),
            packages: self.packages.clone(),
            advisories: self.advisories().cloned().collect(),
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
        let Schema { schema } = serde_json::from_slice(bytes).map_err(SnapshotError::NotJson)?;
        let snapshot = match schema.as_str() {
            SCHEMA => Self::of(serde_json::from_slice(bytes).map_err(SnapshotError::NotJson)?),
            SCHEMA_1 => Self::of_v1(serde_json::from_slice(bytes).map_err(SnapshotError::NotJson)?, bytes),
            _ => return Err(SnapshotError::UnknownSchema(schema)),
        }?;
        match snapshot.sources.iter().all(Source::is_sound) {
            true => Ok(snapshot),
            false => Err(SnapshotError::NoDigest),
        }
    }

    fn of(saved: Saved) -> Result<Self, SnapshotError> {
        let mut advisories: BTreeMap<_, BTreeSet<Advisory>> = BTreeMap::new();
        let mut last: Option<Advisory> = None;
        for advisory in saved.advisories {
            if last.as_ref().is_some_and(|last| *last >= advisory) {
                return Err(SnapshotError::OutOfOrder(advisory.id));
            }
            let names = saved.packages.get(&advisory.ecosystem);
            if !names.is_some_and(|names| names.contains(&advisory.package)) {
                return Err(SnapshotError::Stray(advisory.id));
            }
            let key = (advisory.ecosystem, advisory.package.clone());
            advisories.entry(key).or_default().insert(advisory.clone());
            last = Some(advisory);
        }
        Ok(Self { sources: saved.sources, packages: saved.packages, advisories, as_v1: None })
    }

    fn of_v1(saved: Saved1, bytes: &[u8]) -> Result<Self, SnapshotError> {
        let mut advisories: BTreeMap<_, BTreeSet<Advisory>> = BTreeMap::new();
        let mut last: Option<String> = None;
        let mut withdrawn = 0;
        for Record1 { path, text } in saved.records {
            if last.as_ref().is_some_and(|last| *last >= path) {
                return Err(SnapshotError::OutOfOrder(path));
            }
            match Record::read(&path, text.into_bytes())? {
                Some(record) if path.starts_with("crates/") && saved.packages.contains(record.package()) => {
                    withdrawn += usize::from(record.is_withdrawn());
                    let key = (Ecosystem::Cargo, record.package().to_owned());
                    advisories.entry(key).or_default().extend(record.advisory());
                }
                _ => return Err(SnapshotError::Stray(path)),
            }
            last = Some(path);
        }
        let source = Source {
            name: saved.source.name,
            commit: saved.source.commit,
            date: saved.source.date,
            advisories: saved.source.advisories,
            sha256: saved.source.sha256,
            form: saved.source.form,
            ecosystems: vec![Ecosystem::Cargo],
            withdrawn,
            url: None,
            fetched_at: None,
        };
        let packages = Packages::from([(Ecosystem::Cargo, saved.packages)]);
        Ok(Self { sources: vec![source], packages, advisories, as_v1: Some(bytes.to_vec()) })
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
        testing::{index_source, lock_text, snapshot_1, three_records, write_tree},
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

    fn take(locks: &[&Lock]) -> Snapshot {
        Snapshot::take(&[database()], locks.iter().copied()).unwrap()
    }

    #[test]
    fn a_snapshot_has_only_what_speaks_about_the_lock_and_answers_as_the_database_does() {
        let lock = lock(&["foo", "unknown"]);
        let snapshot = take(&[&lock]);
        // The third record was taken back, and the second is about another package.
        assert_eq!(snapshot.advisories().count(), 1);
        assert_eq!(snapshot.sources(), database().sources());
        let found = snapshot.matches(&lock).unwrap();
        assert_eq!(found, database().matches(&lock).unwrap());
        assert_eq!(found.found.len(), 1);
    }

    #[test]
    fn a_snapshot_refuses_a_package_that_it_was_not_taken_for() {
        let error = take(&[&lock(&["foo"])]).matches(&lock(&["foo", "bar"])).unwrap_err();
        assert_eq!(error, MatchError::NotSelected { package: "bar".into() });
        let of_both = take(&[&lock(&["foo"]), &lock(&["bar"])]);
        assert_eq!(of_both.matches(&lock(&["foo", "bar"])).unwrap().found.len(), 2);
    }

    #[test]
    fn a_saved_snapshot_gives_the_same_bytes_and_answers() {
        let lock = lock(&["foo", "bar"]);
        let snapshot = take(&[&lock]);
        let bytes = snapshot.to_bytes();
        let loaded = Snapshot::from_bytes(&bytes).unwrap();
        assert_eq!(loaded.to_bytes(), bytes);
        assert_eq!(loaded, snapshot);
        assert_eq!(loaded.matches(&lock).unwrap().found.len(), 2);
    }

    #[test]
    fn two_databases_give_one_snapshot_and_the_same_one_twice_counts_once() {
        let lock = lock(&["foo", "bar"]);
        let twice = Snapshot::take(&[database(), database()], [&lock]).unwrap();
        assert_eq!(twice, take(&[&lock]));
    }

    #[test]
    fn a_snapshot_without_a_database_has_no_answer() {
        let lock = lock(&["foo"]);
        let nothing = Snapshot::take(&[], [&lock]).unwrap();
        assert_eq!(nothing.matches(&lock), Err(MatchError::NoDatabase(lock.ecosystem())));
    }

    #[test]
    fn the_first_schema_is_read_and_written_as_it_was() {
        let bytes = snapshot_1(&three_records()[1..], &["foo"]);
        let loaded = Snapshot::from_bytes(&bytes).unwrap();
        assert_eq!(loaded.to_bytes(), bytes);
        let lock = lock(&["foo"]);
        assert_eq!(loaded.matches(&lock).unwrap(), take(&[&lock]).matches(&lock).unwrap());
        assert_eq!(loaded.matches(&lock).unwrap().found.len(), 1);
    }

    #[test]
    fn a_spoiled_snapshot_is_refused() {
        let text = String::from_utf8(take(&[&lock(&["foo", "bar"])]).to_bytes()).unwrap();
        let spoiled = |from: &str, to: &str| {
            assert!(text.contains(from), "{from}");
            Snapshot::from_bytes(text.replacen(from, to, 1).as_bytes()).unwrap_err()
        };
        assert!(matches!(spoiled("advisories/v2", "advisories/v3"), SnapshotError::UnknownSchema(_)));
        assert!(matches!(spoiled("\"sources\"", "\"sauces\""), SnapshotError::NotJson(_)));
        assert!(matches!(spoiled("\"foo\"", "\"fox\""), SnapshotError::Stray(_)));
        assert!(matches!(
            spoiled("\"package\": \"bar\"", "\"package\": \"foo\""),
            SnapshotError::OutOfOrder(_)
        ));
        assert!(matches!(spoiled("\"sha256\": \"", "\"sha256\": \"x"), SnapshotError::NoDigest));
        assert!(matches!(spoiled("\"introduced\"", "\"induced\""), SnapshotError::NotJson(_)));
        assert!(matches!(
            Snapshot::from_bytes(&text.as_bytes()[..text.len() / 2]),
            Err(SnapshotError::NotJson(_))
        ));
    }

    #[test]
    fn a_spoiled_snapshot_of_the_first_schema_is_refused() {
        let text = String::from_utf8(snapshot_1(&three_records()[1..], &["foo"])).unwrap();
        let spoiled = |from: &str, to: &str| {
            assert!(text.contains(from), "{from}");
            Snapshot::from_bytes(text.replacen(from, to, 1).as_bytes()).unwrap_err()
        };
        assert!(matches!(spoiled("\"source\"", "\"sauce\""), SnapshotError::NotJson(_)));
        assert!(matches!(spoiled("\"foo\"", "\"fox\""), SnapshotError::Stray(_)));
        assert!(matches!(
            spoiled("[versions]", "[visions]"),
            SnapshotError::Record(RecordError::Malformed { .. })
        ));
        assert!(matches!(
            spoiled("crates/foo/", "crates/"),
            SnapshotError::Record(RecordError::Misplaced { .. })
        ));
        assert!(matches!(spoiled("2020-0002.md", "2020-0001.md"), SnapshotError::OutOfOrder(_)));
    }
}
