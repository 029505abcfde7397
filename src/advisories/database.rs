//! Advisory databases, opened from an index, a checkout or an archive.
//!
//! The rule that must not be broken: a database is whole or it is an error. No file in an advisory's place is skipped,
//! and a database without advisories is refused. Its date is the date of its source, never of its copy.

pub use super::source::{Source, SourceForm};
use super::{
    advisory::{Advisory, normal_name},
    archive, checkout,
    compile::Compiler,
    index::{Compiled, Index, IndexError, MAGIC},
    layout::SourceKind,
    lock::{Ecosystem, Lock},
    matching::{self, MatchError, Matches},
    record::RecordError,
    zip,
};
use jiff::Timestamp;
use std::{
    fs::{self, File},
    io::{self, Read},
    path::Path,
};
use thiserror::Error;

/// How much of a database is read at all.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// The most files and folders.
    pub entries: usize,
    /// The most bytes that all files may have together, uncompressed.
    pub bytes: u64,
}

impl Default for Limits {
    /// Two million files of 4 GiB: GitHub's database is a third of that.
    fn default() -> Self {
        Self { entries: 2_000_000, bytes: 4 << 30 }
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
    #[error("`{}` is not an advisory database: no place for advisories is in it (RustSec's `crates`, Go's `data/osv`, PyPA's `vulns`, GitHub's `advisories/github-reviewed`, or OSV's JSON files)", path.escape_debug())]
    NotADatabase {
        /// What was being read.
        path: String,
    },
    /// It has the right shape, and nothing in it.
    #[error("the advisory database is empty")]
    Empty,
    /// More bytes than [`Limits::bytes`].
    #[error("the advisory database has more than {0} bytes")]
    TooLarge(u64),
    /// More files than [`Limits::entries`].
    #[error("the advisory database has more than {0} files")]
    TooManyEntries(usize),
    /// Advisories about several ecosystems, or none, so that nobody knows which it answers for.
    #[error(
        "the advisories do not say which one ecosystem they are about; give the database a name (osv/npm) and build an index"
    )]
    NoEcosystem,
    /// No advisory about what the database is said to be about.
    #[error("no advisory in the database is about {about}")]
    OtherEcosystem {
        /// What it is said to be about.
        about: Ecosystem,
    },
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
    /// An index that cannot be used.
    #[error(transparent)]
    Index(#[from] IndexError),
}

/// What the readers of checkouts and archives know about what they read.
pub(super) struct Found {
    pub(super) kind: SourceKind,
    pub(super) form: SourceForm,
    pub(super) commit: Option<String>,
    pub(super) date: Option<Timestamp>,
}

/// Reads the database at `path`: a git checkout, a bare repository, a plain folder, a tar archive of one,
/// gzip-compressed or not, with or without a top-level folder, or a zip archive. Without a `kind` it is of the kind
/// that it looks like.
pub fn compile(path: &Path, kind: Option<SourceKind>, limits: Limits) -> Result<Compiled, DatabaseError> {
    let name = path.display().to_string();
    let unreadable = |source| DatabaseError::Unreadable { path: name.clone(), source };
    let metadata = fs::metadata(path).map_err(unreadable)?;
    let mut compiler = Compiler::default();
    let mut take = |kind: SourceKind, path: &str, bytes: &[u8]| compiler.take(kind, path, bytes);
    let found = if metadata.is_dir() {
        checkout::read(path, kind, limits, &mut take)?
    } else if !metadata.is_file() {
        return Err(DatabaseError::NotADatabase { path: name });
    } else if begins_with(path, &zip::MAGIC).map_err(unreadable)? {
        zip::read(path, kind, limits, &mut take)?
    } else {
        archive::read(path, kind, limits, &mut take)?
    };
    compiler.finish(found)
}

fn begins_with(path: &Path, magic: &[u8]) -> io::Result<bool> {
    let mut first = Vec::new();
    File::open(path)?.take(magic.len() as u64).read_to_end(&mut first)?;
    Ok(first == magic)
}

/// One or more whole advisory databases.
#[derive(Clone, Debug)]
pub struct Database {
    index: Index,
}

impl Database {
    /// Opens what is at `path`: an index, or anything that [`compile`] reads.
    pub fn open(path: &Path) -> Result<Self, DatabaseError> {
        let unreadable = |source| DatabaseError::Unreadable { path: path.display().to_string(), source };
        let is_file = fs::metadata(path).map_err(unreadable)?.is_file();
        if is_file && begins_with(path, MAGIC).map_err(unreadable)? {
            return Ok(Self { index: Index::read(path)? });
        }
        Ok(Self { index: Index::build(vec![compile(path, None, Limits::default())?])? })
    }

    /// The database of an index.
    pub fn of(index: Index) -> Self {
        Self { index }
    }

    /// What a report says about it.
    pub fn sources(&self) -> &[Source] {
        self.index.sources()
    }

    /// SHA-256 of the index.
    pub fn sha256(&self) -> String {
        self.index.sha256()
    }

    /// What it knows about a package, by any spelling of its name, with the places of the databases among
    /// [`Self::sources`].
    pub fn about(&self, ecosystem: Ecosystem, package: &str) -> Result<Vec<(usize, Advisory)>, IndexError> {
        self.index.about(ecosystem, &normal_name(ecosystem, package))
    }

    /// Whether any of its sources knows advisories about packages of `ecosystem`.
    pub fn answers_for(&self, ecosystem: Ecosystem) -> bool {
        self.sources().iter().any(|source| source.answers_for(ecosystem))
    }

    /// The advisories that speak about `lock`.
    pub fn matches(&self, lock: &Lock) -> Result<Matches, MatchError> {
        let ecosystem = lock.ecosystem();
        if !self.answers_for(ecosystem) {
            return Err(MatchError::NoDatabase(ecosystem));
        }
        matching::matches(lock, |package| {
            let about = self.about(ecosystem, package);
            let about = about.map_err(|error| MatchError::Index { reason: error.to_string() })?;
            Ok(about.into_iter().map(|(_, advisory)| advisory).collect())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{Database, DatabaseError, Source, SourceForm};
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

    fn source(database: &Database) -> &Source {
        let [source] = database.sources() else { panic!("{:?}", database.sources()) };
        source
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
            assert_eq!(source(other).sha256, source(&from_git).sha256);
            assert_eq!(source(other).advisories, 3);
        }
        let moved = Timestamp::from_second(ARCHIVE_TIME as i64).unwrap();
        assert_eq!((source(&from_git).form, source(&from_git).date), (SourceForm::Git, Some(moved)));
        assert_eq!(source(&from_git).commit.as_deref().map(str::len), Some(40));
        assert_eq!((source(&from_tar).form, source(&from_tar).date), (SourceForm::Archive, Some(moved)));
        assert_eq!(source(&from_tar).commit.as_deref(), Some(COMMIT));
        assert_eq!((source(&from_folder).form, source(&from_folder).date), (SourceForm::Folder, None));
        assert_eq!(source(&from_folder).commit, None);
    }

    #[test]
    fn a_changed_advisory_changes_the_digest() {
        let before = open_files(&three_records()).unwrap();
        let mut files = three_records();
        files[0].1 += " ";
        assert_ne!(source(&open_files(&files).unwrap()).sha256, source(&before).sha256);
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
        assert_eq!(source(&dirty), source(&clean));
        let bare = Database::open(&checkout.path().join(".git")).unwrap();
        assert_eq!(source(&bare), source(&clean));
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
        assert_eq!(source(&open_files(&files).unwrap()).advisories, 3);
        files.push(("crates/foo/notes.txt".to_owned(), "x".to_owned()));
        assert!(matches!(open_files(&files), Err(DatabaseError::Record(RecordError::Misplaced { .. }))));
    }

    #[test]
    fn age_is_counted_in_whole_days_from_the_source_and_unknown_stays_unknown() {
        let mut source = source(&open_bytes(&Tar::of_three_records(COMMIT).bytes()).unwrap()).clone();
        let date = source.date.unwrap();
        assert_eq!(source.age_days(date), Some(0));
        assert_eq!(source.age_days(date + 47.hours()), Some(1));
        assert_eq!(source.age_days(date - 1.hour()), Some(-1));
        source.date = None;
        assert_eq!(source.age_days(date), None);
    }
}
