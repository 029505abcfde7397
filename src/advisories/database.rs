//! An advisory database, opened from a checkout or from an archive of one.
//!
//! The rule that must not be broken: a database is whole or it is an error. No file in an advisory's place is skipped,
//! and a database without advisories is refused. Its date is the date of its source, never of its copy.

use super::{
    archive, checkout,
    record::{Record, RecordError},
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::{
    collections::{BTreeMap, BTreeSet},
    fs, io,
    path::Path,
};
use thiserror::Error;

/// The most files that a database may have.
pub const ENTRY_LIMIT: usize = 200_000;

/// The most bytes that all files of a database may have together, uncompressed.
pub const TOTAL_LIMIT: u64 = 64 << 20;

/// What a database was read from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SourceForm {
    /// The commit that `HEAD` of a git checkout names. Files changed in its work tree are not looked at.
    Git,
    /// A tar archive.
    Archive,
    /// A folder without git, whose commit and age nobody can know.
    Folder,
}

/// What a report says about a database.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// Whose database it is: `rustsec`.
    pub name: String,
    /// The commit it was taken from, where that is known.
    pub commit: Option<String>,
    /// When that commit was made. `None` is an age nobody knows, which a caller must not take for a fresh one.
    pub date: Option<Timestamp>,
    /// How many advisories it has.
    pub advisories: usize,
    /// SHA-256 of the lines that `sha256sum` prints for all advisories, sorted by path. A checkout and an archive of
    /// the same commit have the same one.
    pub sha256: String,
    /// What it was read from.
    pub form: SourceForm,
}

impl Source {
    /// Whole days from the source's date to `as_of`, rounded down; negative when the source is from the future,
    /// `None` when its date is not known.
    pub fn age_days(&self, as_of: Timestamp) -> Option<i64> {
        const DAY: i64 = 24 * 60 * 60;
        let date = self.date?;
        Some((as_of.as_second() - date.as_second()).div_euclid(DAY))
    }
}

/// Why a database cannot be used.
#[derive(Debug, Error)]
pub enum DatabaseError {
    /// The path, or a file below it, cannot be read.
    #[error("cannot read `{}`", path.escape_debug())]
    Unreadable {
        /// What was being read.
        path: String,
        /// Why.
        source: io::Error,
    },
    /// Neither a folder nor a regular file, or one without advisories' folder.
    #[error("`{}` is not an advisory database: it has no `crates` folder", path.escape_debug())]
    NotADatabase {
        /// What was being read.
        path: String,
    },
    /// It has the right shape, and nothing in it.
    #[error("the advisory database is empty")]
    Empty,
    /// More bytes than [`TOTAL_LIMIT`].
    #[error("the advisory database has more than {TOTAL_LIMIT} bytes")]
    TooLarge,
    /// More files than [`ENTRY_LIMIT`].
    #[error("the advisory database has more than {ENTRY_LIMIT} files")]
    TooManyEntries,
    /// An archive that names a file outside of itself.
    #[error("the archive names the unsafe path `{}`", path.escape_debug())]
    UnsafePath {
        /// The path as the archive has it.
        path: String,
    },
    /// A link, device or pipe where an advisory belongs.
    #[error("`{}` is not a regular file", path.escape_debug())]
    NotAFile {
        /// The path inside the database.
        path: String,
    },
    /// Two files of the same name.
    #[error("`{}` is there twice", path.escape_debug())]
    DuplicatePath {
        /// The path inside the database.
        path: String,
    },
    /// Two advisories of the same id.
    #[error("the advisory id {} is there twice", id.escape_debug())]
    DuplicateId {
        /// The id.
        id: String,
    },
    /// The archive ends before its end marker, or its compression is damaged.
    #[error("the archive is truncated or damaged: {reason}")]
    Damaged {
        /// What the reader stumbled over.
        reason: String,
    },
    /// The git repository of a checkout cannot be read.
    #[error("cannot read the database's git repository: {reason}")]
    Git {
        /// What the reader stumbled over.
        reason: String,
    },
    /// A file that is not an advisory.
    #[error(transparent)]
    Record(#[from] RecordError),
}

/// What the readers of checkouts and archives hand over: files by path, and what is known about their source.
pub(super) struct Files {
    pub(super) form: SourceForm,
    pub(super) commit: Option<String>,
    pub(super) date: Option<Timestamp>,
    pub(super) files: BTreeMap<String, Vec<u8>>,
}

/// A whole advisory database.
#[derive(Clone, Debug)]
pub struct Database {
    source: Source,
    records: Vec<Record>,
}

impl Database {
    /// Opens the RustSec database at `path`: a git checkout, a bare repository, a plain folder, or a tar archive of
    /// one, gzip-compressed or not, with or without a top-level folder.
    pub fn open(path: &Path) -> Result<Self, DatabaseError> {
        let name = path.display().to_string();
        let unreadable = |source| DatabaseError::Unreadable { path: name.clone(), source };
        let metadata = fs::metadata(path).map_err(unreadable)?;
        let files = if metadata.is_dir() {
            checkout::read(path)?
        } else if metadata.is_file() {
            archive::read(path)?
        } else {
            return Err(DatabaseError::NotADatabase { path: name });
        };
        Self::of(files)
    }

    /// What a report says about it.
    pub fn source(&self) -> &Source {
        &self.source
    }

    /// Its advisories, sorted by path.
    pub fn records(&self) -> &[Record] {
        &self.records
    }

    fn of(files: Files) -> Result<Self, DatabaseError> {
        let mut records = Vec::with_capacity(files.files.len());
        let mut ids = BTreeSet::new();
        for (path, bytes) in files.files {
            let Some(record) = Record::read(&path, bytes)? else { continue };
            if !ids.insert(record.id().to_owned()) {
                return Err(DatabaseError::DuplicateId { id: record.id().to_owned() });
            }
            records.push(record);
        }
        if records.is_empty() {
            return Err(DatabaseError::Empty);
        }
        let source = Source {
            name: "rustsec".to_owned(),
            commit: files.commit,
            date: files.date,
            advisories: records.len(),
            sha256: digest(&records),
            form: files.form,
        };
        Ok(Self { source, records })
    }
}

/// Whether a path inside a database is one that must hold an advisory. Hidden files are nobody's.
pub(super) fn is_record_path(path: &str) -> bool {
    let mut parts = path.split('/');
    let in_collection = matches!(parts.next(), Some("crates" | "rust"));
    let depth = path.matches('/').count();
    let hidden = path.rsplit('/').next().is_none_or(|name| name.starts_with('.'));
    in_collection && depth >= 2 && !hidden
}

/// The digest that [`Source::sha256`] describes. `records` are sorted by path.
fn digest(records: &[Record]) -> String {
    let mut all = Sha256::new();
    for record in records {
        let line = format!("{}  {}\n", hex::encode(Sha256::digest(record.bytes())), record.path());
        all.update(line);
    }
    hex::encode(all.finalize())
}

#[cfg(test)]
mod tests {
    use super::{Database, DatabaseError, SourceForm, is_record_path};
    use crate::advisories::{
        record::RecordError,
        testing::{ARCHIVE_TIME, Tar, advisory, gzip, three_records, write_tree},
    };
    use jiff::{Timestamp, ToSpan};
    use std::{fs, path::Path, process::Command};

    const COMMIT: &str = "bf5c0d245a92671908518d7e765914d437954ed6";

    fn open_files(files: &[(String, String)]) -> Result<Database, DatabaseError> {
        let folder = tempfile::tempdir().unwrap();
        write_tree(folder.path(), files);
        Database::open(folder.path())
    }

    fn open_bytes(bytes: &[u8]) -> Result<Database, DatabaseError> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("db");
        fs::write(&path, bytes).unwrap();
        Database::open(&path)
    }

    fn git(folder: &Path, arguments: &[&str]) {
        let status = Command::new("git")
            .current_dir(folder)
            .args(["-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "commit.gpgsign=false"])
            .args(arguments)
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .env("GIT_COMMITTER_DATE", format!("{ARCHIVE_TIME} +0200"))
            .env("GIT_AUTHOR_DATE", "1000000000 +0000")
            .status()
            .unwrap();
        assert!(status.success());
    }

    fn git_checkout() -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        write_tree(folder.path(), &three_records());
        fs::write(folder.path().join("README.md"), "about").unwrap();
        git(folder.path(), &["init", "-q"]);
        git(folder.path(), &["add", "."]);
        git(folder.path(), &["commit", "-q", "-m", "one"]);
        folder
    }

    #[test]
    fn a_checkout_a_folder_and_an_archive_have_the_same_digest() {
        let checkout = git_checkout();
        let from_git = Database::open(checkout.path()).unwrap();
        let from_folder = open_files(&three_records()).unwrap();
        let tar = Tar::of_three_records(COMMIT).bytes();
        let from_tar = open_bytes(&tar).unwrap();
        let from_gzip = open_bytes(&gzip(&tar)).unwrap();
        for other in [&from_folder, &from_tar, &from_gzip] {
            assert_eq!(other.source().sha256, from_git.source().sha256);
            assert_eq!(other.source().advisories, 3);
        }
        let moved = Timestamp::from_second(ARCHIVE_TIME as i64).unwrap();
        assert_eq!((from_git.source().form, from_git.source().date), (SourceForm::Git, Some(moved)));
        assert_eq!(from_git.source().commit.as_deref().map(str::len), Some(40));
        assert_eq!((from_tar.source().form, from_tar.source().date), (SourceForm::Archive, Some(moved)));
        assert_eq!(from_tar.source().commit.as_deref(), Some(COMMIT));
        assert_eq!((from_folder.source().form, from_folder.source().date), (SourceForm::Folder, None));
        assert_eq!(from_folder.source().commit, None);
    }

    #[test]
    fn a_changed_advisory_changes_the_digest() {
        let before = open_files(&three_records()).unwrap();
        let mut files = three_records();
        files[0].1 += " ";
        assert_ne!(open_files(&files).unwrap().source().sha256, before.source().sha256);
    }

    #[test]
    fn a_checkout_is_what_its_commit_says_whatever_its_work_tree_and_config_say() {
        let checkout = git_checkout();
        let clean = Database::open(checkout.path()).unwrap();
        fs::remove_file(checkout.path().join("crates/foo/RUSTSEC-2020-0001.md")).unwrap();
        fs::write(checkout.path().join("crates/foo/RUSTSEC-2099-0001.md"), "rubbish").unwrap();
        let config =
            "[core]\n\trepositoryformatversion = 0\n\tfsmonitor = \"touch pwned\"\n\tworktree = /nowhere\n";
        fs::write(checkout.path().join(".git/config"), config).unwrap();
        let dirty = Database::open(checkout.path()).unwrap();
        assert_eq!(dirty.source(), clean.source());
        assert_eq!(Database::open(&checkout.path().join(".git")).unwrap().source(), clean.source());
    }

    #[test]
    fn a_checkout_whose_repository_is_broken_is_an_error_not_a_folder() {
        let checkout = git_checkout();
        fs::remove_dir_all(checkout.path().join(".git/objects")).unwrap();
        assert!(matches!(Database::open(checkout.path()), Err(DatabaseError::Git { .. })));
        fs::remove_dir_all(checkout.path().join(".git")).unwrap();
        fs::create_dir(checkout.path().join(".git")).unwrap();
        assert!(matches!(Database::open(checkout.path()), Err(DatabaseError::Git { .. })));
    }

    #[test]
    fn an_empty_database_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        assert!(matches!(Database::open(folder.path()), Err(DatabaseError::NotADatabase { .. })));
        fs::create_dir(folder.path().join("crates")).unwrap();
        assert!(matches!(Database::open(folder.path()), Err(DatabaseError::Empty)));
        assert!(matches!(open_bytes(&Tar::bare().bytes()), Err(DatabaseError::NotADatabase { .. })));
        assert!(matches!(open_bytes(b""), Err(DatabaseError::Damaged { .. })));
        let draft = advisory("RUSTSEC-0000-0000", "foo", "patched = []", "");
        let files = [("crates/foo/RUSTSEC-0000-0000.md".to_owned(), draft)];
        assert!(matches!(open_files(&files), Err(DatabaseError::Empty)));
    }

    #[test]
    fn a_path_that_is_not_there_is_unreadable() {
        assert!(matches!(
            Database::open(Path::new("/nowhere/at/all")),
            Err(DatabaseError::Unreadable { .. })
        ));
    }

    #[test]
    fn one_corrupted_advisory_makes_the_database_an_error_that_names_it() {
        for at in 0..3 {
            let mut files = three_records();
            files[at].1 = files[at].1.replace("[versions]", "[visions]");
            let path = files[at].0.clone();
            match open_files(&files) {
                Err(DatabaseError::Record(RecordError::Malformed { path: named, .. })) => {
                    assert_eq!(named, path)
                }
                other => panic!("{other:?}"),
            }
        }
    }

    #[test]
    fn the_same_id_in_two_folders_is_refused() {
        let mut files = three_records();
        let text = advisory("RUSTSEC-2020-0001", "baz", "patched = []", "");
        files.push(("crates/baz/RUSTSEC-2020-0001.md".to_owned(), text));
        assert!(
            matches!(open_files(&files), Err(DatabaseError::DuplicateId { id }) if id == "RUSTSEC-2020-0001")
        );
    }

    #[cfg(unix)]
    #[test]
    fn a_link_or_a_pipe_in_a_folder_is_not_a_file() {
        let folder = tempfile::tempdir().unwrap();
        write_tree(folder.path(), &three_records());
        let link = folder.path().join("crates/foo/RUSTSEC-2022-0001.md");
        std::os::unix::fs::symlink("RUSTSEC-2020-0001.md", &link).unwrap();
        assert!(matches!(Database::open(folder.path()), Err(DatabaseError::NotAFile { .. })));
        fs::remove_file(&link).unwrap();
        assert!(Command::new("mkfifo").arg(&link).status().unwrap().success());
        assert!(matches!(Database::open(folder.path()), Err(DatabaseError::NotAFile { .. })));
        fs::remove_file(&link).unwrap();
        std::os::unix::fs::symlink("foo", folder.path().join("crates/linked")).unwrap();
        assert!(matches!(Database::open(folder.path()), Err(DatabaseError::NotAFile { .. })));
    }

    #[test]
    fn a_file_among_the_advisories_is_an_error_unless_it_is_hidden() {
        let mut files = three_records();
        files.push(("crates/foo/.DS_Store".to_owned(), "x".to_owned()));
        assert_eq!(open_files(&files).unwrap().source().advisories, 3);
        files.push(("crates/foo/notes.txt".to_owned(), "x".to_owned()));
        assert!(matches!(open_files(&files), Err(DatabaseError::Record(RecordError::Misplaced { .. }))));
    }

    #[test]
    fn age_is_counted_in_whole_days_from_the_source_and_unknown_stays_unknown() {
        let mut source = open_bytes(&Tar::of_three_records(COMMIT).bytes()).unwrap().source().clone();
        let date = source.date.unwrap();
        assert_eq!(source.age_days(date), Some(0));
        assert_eq!(source.age_days(date + 47.hours()), Some(1));
        assert_eq!(source.age_days(date - 1.hour()), Some(-1));
        source.date = None;
        assert_eq!(source.age_days(date), None);
    }

    #[test]
    fn record_paths_are_the_files_two_folders_down() {
        for path in ["crates/a/b.md", "rust/std/c.md", "crates/a/b/c.md"] {
            assert!(is_record_path(path), "{path}");
        }
        for path in ["crates/a", "README.md", "crates/a/.hidden", "other/a/b.md"] {
            assert!(!is_record_path(path), "{path}");
        }
    }
}
