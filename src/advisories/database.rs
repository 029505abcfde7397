//! Advisory databases, opened from an index, a checkout or an archive.
//!
//! The rule that must not be broken: a database is whole or it is an error. No file in an advisory's place is skipped,
//! and a database without advisories is refused. Its date is the date of its source, never of its copy.

pub use super::source::{Source, SourceForm};
use super::{
    advisory::{Advisory, as_cargo_compares, as_forges_compare, normal_name},
    archive, checkout,
    compile::Compiler,
    index::{self, Compiled, Index, IndexError, MAGIC, Wanted, Wants},
    layout::SourceKind,
    lock::{Ecosystem, Lock, LockedPackage},
    matching::{self, MatchError, Matches},
    record::RecordError,
    zip,
};
use jiff::Timestamp;
use std::{
    collections::BTreeSet,
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
    /// A file that begins like nothing that is read.
    #[error("it is neither an index, nor an archive or a checkout of a database")]
    OtherForm,
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
        Self::open_for(path, Wanted::All)
    }

    /// Opens what is at `path`; of an index only what is wanted is kept.
    pub fn open_for(path: &Path, wanted: Wanted<'_>) -> Result<Self, DatabaseError> {
        let unreadable = |source| DatabaseError::Unreadable { path: path.display().to_string(), source };
        let is_file = fs::metadata(path).map_err(unreadable)?.is_file();
        if is_file && begins_with(path, MAGIC).map_err(unreadable)? {
            return Ok(Self { index: Index::read(path, wanted)? });
        }
        let compiled = index::write(vec![compile(path, None, Limits::default())?])?;
        Ok(Self { index: Index::open_for(&compiled, wanted)? })
    }

    /// The database of an index.
    pub fn of(index: Index) -> Self {
        Self { index }
    }

    /// What a report says about it.
    pub fn sources(&self) -> &[Source] {
        self.index.sources()
    }

    /// SHA-256 of the index, where it was opened for [`Wanted::Sources`].
    pub fn sha256(&self) -> Option<String> {
        self.index.sha256()
    }

    /// What it knows about a package, by any spelling of its name, with the places of the databases among
    /// [`Self::sources`].
    pub fn about(&self, ecosystem: Ecosystem, package: &str) -> Result<Vec<(usize, Advisory)>, IndexError> {
        self.about_where(ecosystem, package, &|_| true)
    }

    /// What it knows about any of these versions of one package.
    fn about_any(
        &self,
        ecosystem: Ecosystem,
        same: &[&LockedPackage],
    ) -> Result<Vec<(usize, Advisory)>, IndexError> {
        self.about_where(ecosystem, &same[0].name, &|affected| matching::speaks_of(same, ecosystem, affected))
    }

    fn about_where(
        &self,
        ecosystem: Ecosystem,
        package: &str,
        wants: &Wants<'_>,
    ) -> Result<Vec<(usize, Advisory)>, IndexError> {
        match ecosystem {
            Ecosystem::Cargo => self.about_crate(package, wants),
            // Which of two spellings an advisory is under has to be seen first.
            Ecosystem::Golang => self.about_module(package),
            _ => self.index.about_where(ecosystem, &normal_name(ecosystem, package), wants),
        }
    }

    /// Cargo's registry has no two packages whose names differ in case, or in `-` and `_`, alone: an index has each advisory
    /// under the spelling that it compares names by, and what is known under that one is known of this one.
    fn about_crate(&self, package: &str, wants: &Wants<'_>) -> Result<Vec<(usize, Advisory)>, IndexError> {
        let compared = as_cargo_compares(package);
        let mut found = self.index.about_where(Ecosystem::Cargo, &compared, wants)?;
        if compared != package {
            found.iter_mut().for_each(|(_, advisory)| package.clone_into(&mut advisory.package));
        }
        Ok(found)
    }

    /// Go takes two spellings of one repository for two modules, and both are its code: what is known of the one that its host
    /// compares addresses by is known of each. An index has each advisory in lower case, too.
    fn about_module(&self, package: &str) -> Result<Vec<(usize, Advisory)>, IndexError> {
        let mut found = self.index.about(Ecosystem::Golang, package)?;
        let compared = as_forges_compare(package);
        if compared != package {
            let known: BTreeSet<(usize, String)> =
                found.iter().map(|(source, advisory)| (*source, advisory.id.clone())).collect();
            let mut others = self.index.about(Ecosystem::Golang, &compared)?;
            others.retain(|(source, advisory)| !known.contains(&(*source, advisory.id.clone())));
            others.iter_mut().for_each(|(_, advisory)| package.clone_into(&mut advisory.package));
            found.extend(others);
            found.sort_by(|one, two| one.1.id.cmp(&two.1.id));
        }
        Ok(found)
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
        matching::matches(lock, |same| {
            let about = self.about_any(ecosystem, same);
            let about = about.map_err(|error| MatchError::Index { reason: error.to_string() })?;
            Ok(about.into_iter().map(|(_, advisory)| advisory).collect())
        })
    }
}

#[cfg(test)]
mod tests;
