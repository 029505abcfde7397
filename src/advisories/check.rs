//! `relcheck advisories check`: lock files against databases, without a release.
//!
//! The rule that must not be broken: no lock file, no database, or one of either that cannot be read is an error, and
//! what was not covered is in the answer.

use super::{
    YANKED_NOT_LOOKED_AT,
    database::{Database, Source},
    lock::{Ecosystem, Lock, NotCovered},
    locks::{self, Format, LOCK_LIMIT, LockError},
    matching::{MatchError, Matches, Undecided},
    record::Kind,
};
use crate::text::{count, inert_json};
use jiff::Timestamp;
use serde::Serialize;
use std::{
    collections::BTreeSet,
    fmt::Write as _,
    fs::{self, File},
    io::{self, Read},
    path::{Path, PathBuf},
};
use thiserror::Error;

/// One advisory that speaks about one package of one lock file. The JSON is a list of these.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Row {
    /// The lock file, as it was given.
    pub file: String,
    /// Whose package names these are.
    pub ecosystem: Ecosystem,
    /// The package.
    pub package: String,
    /// Its version.
    pub version: String,
    /// The advisory.
    pub id: String,
    /// Its ids elsewhere.
    pub aliases: Vec<String>,
    /// What it warns of.
    pub kind: Kind,
    /// The versions without the problem; empty when there is none.
    pub fixed: Vec<String>,
    /// One line about it, for people.
    #[serde(skip)]
    pub title: String,
    /// When it was published, for people.
    #[serde(skip)]
    pub published: Option<jiff::civil::Date>,
    /// The database does not know which versions are affected; only written where that is so.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub range_unknown: bool,
}

/// What was found in some lock files, and what was not looked at.
#[derive(Debug)]
pub struct Checked {
    /// The advisories found, sorted and each once.
    pub rows: Vec<Row>,
    /// By lock file: how many packages were looked up, and which were not covered.
    pub files: Vec<CheckedFile>,
    /// Why lock files were not looked up at all.
    pub failed: Vec<CheckError>,
    /// The databases that were asked.
    pub sources: Vec<Source>,
}

/// How much of one lock file was looked up.
#[derive(Clone, Debug)]
pub struct CheckedFile {
    /// The lock file, as it was given.
    pub file: String,
    /// How many packages were looked up.
    pub covered: usize,
    /// The packages that nothing is known about.
    pub not_covered: Vec<NotCovered>,
    /// How many of those are in folders. A lock file alone does not tell the release's own from copies of others', so that
    /// they are told and decide nothing here; `verify` holds them against the manifests.
    pub folders: usize,
    /// Advisories about packages whose versions cannot be compared with theirs.
    pub undecided: Vec<Undecided>,
    /// Why no package was looked up, where that is so: no database is about packages of this ecosystem.
    pub unanswered: Option<String>,
}

/// Why lock files cannot be checked.
#[derive(Debug, Error)]
pub enum CheckError {
    /// Nothing to check.
    #[error("no lock file was given")]
    NoLockFile,
    /// Nothing to check against.
    #[error("no advisory database was given")]
    NoDatabase,
    /// A lock file cannot be read.
    #[error("cannot read `{}`", file.escape_debug())]
    Unreadable {
        /// The lock file.
        file: String,
        /// Why.
        source: io::Error,
    },
    /// A lock file cannot be understood.
    #[error("cannot check `{}`", file.escape_debug())]
    Lock {
        /// The lock file.
        file: String,
        /// Why.
        source: LockError,
    },
    /// A lock file's packages cannot be matched.
    #[error("cannot check `{}`", file.escape_debug())]
    Match {
        /// The lock file.
        file: String,
        /// Why.
        source: MatchError,
    },
}

/// A lock file as it was given, with its name.
#[derive(Debug)]
pub struct GivenLock {
    file: String,
    lock: Result<Lock, LockError>,
}

/// Reads lock files. One that cannot be understood keeps its place, so that the others are still looked up.
pub fn read_locks(paths: &[PathBuf]) -> Result<Vec<GivenLock>, CheckError> {
    if paths.is_empty() {
        return Err(CheckError::NoLockFile);
    }
    let read = |path: &PathBuf| {
        let file = path.display().to_string();
        let bytes =
            read_file(path).map_err(|source| CheckError::Unreadable { file: file.clone(), source })?;
        Ok(GivenLock { lock: locks::parse_given(&file, &bytes), file })
    };
    paths.iter().map(read).collect()
}

/// Whose packages are in lock files, by their names. Those of a file whose name says nothing are asked for by nobody: it
/// cannot be read either.
pub fn ecosystems(paths: &[PathBuf]) -> BTreeSet<Ecosystem> {
    let of = |path: &PathBuf| Some(Format::of_given(&path.display().to_string())?.ecosystem());
    paths.iter().filter_map(of).collect()
}

/// Matches every lock file with every database. Where not one lock file can be understood, that is an error.
pub fn check_locks(locks: Vec<GivenLock>, databases: &[Database]) -> Result<Checked, CheckError> {
    if databases.is_empty() {
        return Err(CheckError::NoDatabase);
    }
    let (mut rows, mut files, mut failed) = (Vec::new(), Vec::new(), Vec::new());
    for GivenLock { file, lock } in locks {
        let lock = match lock {
            Ok(lock) => lock,
            Err(source) => {
                failed.push(CheckError::Lock { file, source });
                continue;
            }
        };
        let (matches, unanswered) = match asked(&lock, databases) {
            Ok(matches) => (matches, None),
            Err(error @ MatchError::NoDatabase(_)) => (Matches::default(), Some(error.to_string())),
            Err(source) => return Err(CheckError::Match { file, source }),
        };
        let not_covered = lock.not_covered(None);
        rows.extend(rows_of(&file, &lock, matches.found));
        let (covered, undecided) = (lock.covered().count(), matches.undecided);
        let folders = lock.folders();
        files.push(CheckedFile { file, covered, not_covered, folders, undecided, unanswered });
    }
    if files.is_empty() {
        return Err(failed.into_iter().next().unwrap_or(CheckError::NoLockFile));
    }
    rows.sort();
    rows.dedup();
    let sources = databases.iter().flat_map(Database::sources).cloned().collect();
    Ok(Checked { rows, files, failed, sources })
}

/// What all databases together say about `lock`. That none of them is about its ecosystem is an error.
fn asked(lock: &Lock, databases: &[Database]) -> Result<Matches, MatchError> {
    let ecosystem = lock.ecosystem();
    let mut answering = databases.iter().filter(|database| database.answers_for(ecosystem)).peekable();
    if answering.peek().is_none() {
        return Err(MatchError::NoDatabase(ecosystem));
    }
    answering.try_fold(Matches::default(), |all, database| Ok(all.join(database.matches(lock)?)))
}

fn rows_of(file: &str, lock: &Lock, found: Vec<super::matching::Match>) -> impl Iterator<Item = Row> {
    found.into_iter().map(move |found| Row {
        file: file.to_owned(),
        ecosystem: lock.ecosystem(),
        package: found.package,
        version: found.version,
        id: found.id,
        aliases: found.aliases,
        kind: found.kind,
        fixed: found.patched,
        title: found.title,
        published: found.published,
        range_unknown: found.is_range_unknown,
    })
}

/// A regular file's bytes; one byte over the limit is enough for the parser to refuse it.
fn read_file(path: &Path) -> io::Result<Vec<u8>> {
    let metadata = fs::metadata(path)?;
    if !metadata.is_file() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "not a regular file"));
    }
    let most = LOCK_LIMIT as u64 + 1;
    let mut bytes = Vec::with_capacity(metadata.len().min(most) as usize + 1);
    File::open(path)?.take(most).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// The rows as a JSON list, one line feed at the end.
pub fn to_json(rows: &[Row]) -> String {
    let json = serde_json::to_string_pretty(rows).expect("strings and lists always serialise");
    inert_json(&json) + "\n"
}

/// Everything, for people: one line an advisory, then what was not covered, then what was asked, and how old that is now.
pub fn to_human(checked: &Checked, now: Timestamp) -> String {
    let mut text = String::new();
    for file in &checked.files {
        let rows: Vec<&Row> = checked.rows.iter().filter(|row| row.file == file.file).collect();
        write_file(&mut text, file, &rows);
    }
    for source in &checked.sources {
        let commit = source.commit.as_deref().map_or("unknown", |commit| commit.get(..12).unwrap_or(commit));
        let date =
            source.date.map_or_else(|| "unknown".to_owned(), |date| date.strftime("%Y-%m-%d").to_string());
        let age = match source.age_days(now).map(usize::try_from) {
            Some(Ok(days)) => format!(", {} old", count(days, "day", "days")),
            Some(Err(_)) => ", in the future".to_owned(),
            None => String::new(),
        };
        line(
            &mut text,
            &format!(
                "database {}: {}, commit {commit}, date {date}{age}",
                source.name,
                count(source.advisories, "advisory", "advisories")
            ),
        );
    }
    line(&mut text, &format!("note: {YANKED_NOT_LOOKED_AT}"));
    text
}

fn write_file(text: &mut String, file: &CheckedFile, rows: &[&Row]) {
    let name = file.file.escape_debug();
    if let Some(why) = &file.unanswered {
        let packages = count(file.covered, "package", "packages");
        line(text, &format!("{name}: {packages}, none looked up: {why}\n"));
        return;
    }
    line(
        text,
        &format!(
            "{name}: {} in {}, {} not covered",
            count(rows.len(), "advisory", "advisories"),
            count(file.covered, "package", "packages"),
            file.not_covered.len()
        ),
    );
    for row in rows {
        let fixed = if row.fixed.is_empty() {
            "no fixed version".to_owned()
        } else {
            format!("fixed in {}", row.fixed.join(" or "))
        };
        let title = row.title.escape_debug();
        let published = row.published.map_or_else(|| "date unknown".to_owned(), |date| date.to_string());
        let range = if row.range_unknown { "; which versions are affected is unknown" } else { "" };
        line(
            text,
            &format!(
                "  {:13} {} {} {}  {title} ({fixed}; {published}{range})",
                row.kind.word(),
                row.package,
                row.version,
                row.id.escape_debug()
            ),
        );
    }
    for row in &file.undecided {
        let (package, version) = (row.package.escape_debug(), row.version.escape_debug());
        let id = row.id.escape_debug();
        line(
            text,
            &format!("  undecided     {package} {version}  cannot be compared with the versions of {id}"),
        );
    }
    for row in &file.not_covered {
        line(text, &format!("  not covered   {} {}  {}", row.package, row.version, row.why.escape_debug()));
    }
    text.push('\n');
}

fn line(text: &mut String, content: &str) {
    writeln!(text, "{content}").expect("writing to a string does not fail");
}

#[cfg(test)]
mod tests {
    use super::{CheckError, Checked, check_locks, ecosystems, read_locks, to_human, to_json};
    use crate::advisories::{
        cargo_lock,
        database::Database,
        lock::Ecosystem,
        locks::LockError,
        testing::{index_source, lock_text, three_records, write_tree},
    };
    use std::{
        collections::BTreeSet,
        fs,
        path::{Path, PathBuf},
    };

    fn database() -> Database {
        let folder = tempfile::tempdir().unwrap();
        write_tree(folder.path(), &three_records());
        Database::open(folder.path()).unwrap()
    }

    fn check_files(paths: &[PathBuf], databases: &[Database]) -> Result<Checked, CheckError> {
        check_locks(read_locks(paths)?, databases)
    }

    fn file(folder: &Path, name: &str, text: &str) -> PathBuf {
        let path = folder.join(name);
        fs::write(&path, text).unwrap();
        path
    }

    #[test]
    fn the_json_list_has_the_promised_keys_and_the_human_text_says_what_was_not_covered() {
        let folder = tempfile::tempdir().unwrap();
        let rows = [
            ("program", "0.1.0", None),
            ("foo", "1.2.2", Some(index_source())),
            ("forked", "1.0.0", Some("git+https://example.com/forked#0123".to_owned())),
        ];
        let rows: Vec<_> =
            rows.iter().map(|(name, version, source)| (*name, *version, source.as_deref())).collect();
        let lock = file(folder.path(), "Cargo.lock", &lock_text(&rows));
        let checked = check_files(std::slice::from_ref(&lock), &[database(), database()]).unwrap();
        let json: serde_json::Value = serde_json::from_str(&to_json(&checked.rows)).unwrap();
        let expected = serde_json::json!([{
            "file": lock.display().to_string(), "ecosystem": "cargo", "package": "foo", "version": "1.2.2",
            "id": "RUSTSEC-2020-0001", "aliases": ["CVE-2020-1234"], "kind": "vulnerability", "fixed": [">=1.2.3"],
        }]);
        assert_eq!(json, expected);
        let human = to_human(&checked, jiff::Timestamp::UNIX_EPOCH);
        for part in [
            "1 advisory in 1 package, 1 not covered",
            "vulnerability foo 1.2.2 RUSTSEC-2020-0001  A title (fixed in >=1.2.3; 2020-01-02)",
            "not covered   forked 1.0.0  from the git repository https://example.com/forked",
            "database rustsec: 3 advisories, commit unknown, date unknown\n",
            "yanked versions are not looked at",
        ] {
            assert!(human.contains(part), "{part}\n{human}");
        }
    }

    #[test]
    fn nothing_to_check_and_nothing_to_check_against_are_errors() {
        assert!(matches!(check_files(&[], &[database()]), Err(CheckError::NoLockFile)));
        assert!(matches!(check_locks(Vec::new(), &[]), Err(CheckError::NoDatabase)));
    }

    #[test]
    fn one_unreadable_lock_file_among_good_ones_is_named_and_hides_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let good = file(folder.path(), "good.lock", &lock_text(&[("program", "0.1.0", None)]));
        let newer = file(folder.path(), "newer.lock", "version = 5\n");
        let is_newer = |error: &CheckError| {
            let CheckError::Lock { file, source } = error else { return false };
            file.ends_with("newer.lock")
                && matches!(source, LockError::Cargo(cargo_lock::LockError::UnknownVersion(_)))
        };
        let named = [newer.clone(), good.clone(), "go.mod".into(), "whatever.json".into()];
        assert_eq!(ecosystems(&named), BTreeSet::from([Ecosystem::Cargo, Ecosystem::Golang]));
        let both = read_locks(&named[..2]).unwrap();
        let checked = check_locks(both, &[database()]).unwrap();
        assert!(checked.failed.len() == 1 && is_newer(&checked.failed[0]), "{:?}", checked.failed);
        assert!(checked.files.len() == 1 && checked.files[0].file.ends_with("good.lock"));
        let alone = check_files(&[newer], &[database()]).unwrap_err();
        assert!(is_newer(&alone), "{alone:?}");
        for path in [folder.path().join("absent.lock"), folder.path().to_owned()] {
            assert!(matches!(
                check_files(&[good.clone(), path], &[database()]),
                Err(CheckError::Unreadable { .. })
            ));
        }
    }

    #[test]
    fn the_lock_file_of_relcheck_itself_is_wholly_covered() {
        let bytes = fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.lock")).unwrap();
        let lock = cargo_lock::parse(&bytes).unwrap();
        assert_eq!(lock.not_covered(None), []);
        let own: Vec<&str> = lock.own(None).iter().map(|package| package.name.as_str()).collect();
        assert_eq!(own, ["relcheck"]);
        assert!(lock.covered().count() > 100);
    }
}
