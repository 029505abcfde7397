//! All advisories of one or more databases, compiled into one flat file that is looked up without being unpacked.
//!
//! The rule that must not be broken: an index is whole or it is an error. It is hashed from the first byte to the last
//! and all its parts are checked before the first answer; a part that cannot be read later is an error too.
//!
//! ```text
//! magic, format (4 bytes), header length (4), rows (4), words length (4), blobs length (8)
//! header      JSON: the sources
//! words       that many titles have
//! rows        of 16 bytes, sorted: key of ecosystem and package, place and length of its blob
//! blobs       one a package: its ecosystem, its name, its advisories
//! BLAKE3      of everything before
//! ```
//!
//! All numbers are little-endian. A key begins with the ecosystem, so that the entries of one lie together: who asks about
//! one ecosystem keeps its entries alone, however large the rest is. The same sources give the same bytes, in whatever
//! order they are given.

use super::{
    advisory::{Advisory, Affected},
    lock::Ecosystem,
    source::Source,
};
use codec::Reader;
use hashing::{Hashing, Stretch};
use known::Known;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::{collections::BTreeSet, fs::File, io::Read, ops::Range, path::Path};
use words::Words;

mod codec;
mod error;
mod hashing;
mod ids;
mod known;
#[cfg(test)]
mod tests;
mod words;
mod write;

pub use error::IndexError;
pub use write::{sealed, write};

/// What an index begins with.
pub const MAGIC: &[u8; 24] = b"relcheck advisory index\n";

/// The format that this version writes, and the only one that it reads.
pub const FORMAT: u32 = 5;

/// The largest index, in bytes.
pub const INDEX_LIMIT: usize = 512 << 20;

const PREFIX: usize = 48;
const ROW: usize = 16;
const DIGEST: usize = 32;

/// The bits of a key behind its ecosystem.
const ECOSYSTEM_SHIFT: u32 = 56;

/// One database, compiled.
#[derive(Clone, Debug)]
pub struct Compiled {
    /// What a report says about it.
    pub source: Source,
    /// Its advisories without those that were taken back.
    pub advisories: Vec<Advisory>,
    /// How many entries are left out because they are about packages of other registries.
    pub elsewhere: usize,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Header {
    builder: String,
    sources: Vec<Source>,
}

/// Which ecosystems an index is read for.
#[derive(Clone, Copy, Debug)]
pub enum Wanted<'a> {
    /// All that it knows.
    All,
    /// These alone. The rest is hashed all the same, and asking about it afterwards is an error.
    Only(&'a BTreeSet<Ecosystem>),
    /// None: its sources and its SHA-256, which people compare.
    Sources,
}

impl Wanted<'_> {
    fn holds(self, ecosystem: Ecosystem) -> bool {
        match self {
            Self::All => true,
            Self::Only(ecosystems) => ecosystems.contains(&ecosystem),
            Self::Sources => false,
        }
    }
}

/// Which advisories are wanted, by the versions that they are about.
pub(super) type Wants<'a> = dyn Fn(&[Affected<&str>]) -> bool + 'a;

/// An index, read.
#[derive(Clone)]
pub struct Index {
    sources: Vec<Source>,
    words: Words,
    rows: Vec<u8>,
    /// Of every key of the rows.
    known: Known,
    /// The blobs that are kept.
    kept: Vec<Stretch>,
    /// What it was read for; all of it where nothing is said.
    only: Option<BTreeSet<Ecosystem>>,
    /// Of the file, where that is wanted.
    sha256: Option<[u8; 32]>,
}

impl Index {
    /// Compiles databases.
    pub fn build(databases: Vec<Compiled>) -> Result<Self, IndexError> {
        Self::open(&write(databases)?)
    }

    /// Reads of the index at `path` what is wanted.
    pub fn read(path: &Path, wanted: Wanted<'_>) -> Result<Self, IndexError> {
        let file = File::open(path).map_err(IndexError::Unreadable)?;
        let size = file.metadata().map_err(IndexError::Unreadable)?.len();
        Self::read_from(file, size, wanted)
    }

    /// Opens an index from the bytes of its file.
    pub fn open(bytes: &[u8]) -> Result<Self, IndexError> {
        Self::open_for(bytes, Wanted::All)
    }

    /// Reads of the bytes of an index what is wanted.
    pub fn open_for(bytes: &[u8], wanted: Wanted<'_>) -> Result<Self, IndexError> {
        Self::read_from(bytes, bytes.len() as u64, wanted)
    }

    /// One pass over the file: every byte is hashed, and of the blobs only what is wanted is kept.
    fn read_from(file: impl Read, size: u64, wanted: Wanted<'_>) -> Result<Self, IndexError> {
        if usize::try_from(size).map_or(true, |size| size > INDEX_LIMIT) {
            return Err(IndexError::TooLarge);
        }
        let mut file = Hashing::new(file, size, matches!(wanted, Wanted::Sources))?;
        let parts = Parts::of(&file.take(PREFIX)?, size)?;
        let header = file.take(parts.header)?;
        let words = file.take(parts.words)?;
        let rows = file.take(parts.rows * ROW)?;
        let kept = file.keep(parts.blobs, stretches(&rows, parts.blobs, wanted))?;
        let sha256 = file.finish()?;
        let parsed: Header =
            serde_json::from_slice(&header).map_err(|_| IndexError::Damaged("its header is not readable"))?;
        if parsed.sources.is_empty() || parsed.sources.iter().all(|source| source.advisories == 0) {
            return Err(IndexError::Empty);
        }
        if !parsed.sources.iter().all(Source::is_sound) {
            return Err(IndexError::Damaged("a source's digest is none"));
        }
        let words = Words::read(words).ok_or(IndexError::Damaged("its words are not readable"))?;
        let only = match wanted {
            Wanted::All => None,
            Wanted::Only(ecosystems) => Some(ecosystems.clone()),
            Wanted::Sources => Some(BTreeSet::new()),
        };
        let known = Known::of(rows.chunks_exact(ROW).map(|bytes| row(bytes).0));
        let index = Self { sources: parsed.sources, words, rows, known, kept, only, sha256 };
        index.check_rows(parts.blobs)?;
        Ok(index)
    }

    /// Its databases, sorted by name.
    pub fn sources(&self) -> &[Source] {
        &self.sources
    }

    /// SHA-256 of its file, where it was read for [`Wanted::Sources`].
    pub fn sha256(&self) -> Option<String> {
        self.sha256.map(hex::encode)
    }

    /// How many packages it knows.
    pub fn packages(&self) -> usize {
        self.rows.len() / ROW
    }

    /// What it knows about a package, by its normalised name: each advisory with the place of its database among
    /// [`Self::sources`], sorted by id.
    pub fn about(&self, ecosystem: Ecosystem, package: &str) -> Result<Vec<(usize, Advisory)>, IndexError> {
        self.about_where(ecosystem, package, &|_| true)
    }

    /// Of what it knows about a package, the advisories of whose entries `wants` holds; the others are passed over unread.
    pub(super) fn about_where(
        &self,
        ecosystem: Ecosystem,
        package: &str,
        wants: &Wants<'_>,
    ) -> Result<Vec<(usize, Advisory)>, IndexError> {
        if self.only.as_ref().is_some_and(|only| !only.contains(&ecosystem)) {
            return Err(IndexError::NotRead);
        }
        let wanted = key(ecosystem, package);
        if !self.known.may_hold(wanted) {
            return Ok(Vec::new());
        }
        let first = partition(self.packages(), |at| self.row(at).0 < wanted);
        let mut found = Vec::new();
        for at in first..self.packages() {
            let (other, blob) = self.row(at);
            if other != wanted {
                break;
            }
            let (found_key, advisories) = self.blob(blob, wants)?;
            // Two packages whose keys agree are as good as impossible; an entry in the wrong place is not.
            if found_key != (ecosystem, package) {
                return Err(IndexError::Damaged("an entry is of another package than its place"));
            }
            found.extend(advisories);
        }
        Ok(found)
    }

    /// All that it knows, package by package.
    pub fn all(&self) -> Result<Vec<(usize, Advisory)>, IndexError> {
        let mut all = Vec::new();
        for at in 0..self.packages() {
            all.extend(self.blob(self.row(at).1, &|_| true)?.1);
        }
        Ok(all)
    }

    fn row(&self, at: usize) -> (u64, Range<usize>) {
        row(&self.rows[at * ROW..][..ROW])
    }

    /// Sorted, and each blob begins where the one before ends.
    fn check_rows(&self, blobs: usize) -> Result<(), IndexError> {
        let (mut last, mut end) = (0, 0);
        for at in 0..self.packages() {
            let (key, blob) = self.row(at);
            if key < last || blob.start != end || blob.is_empty() {
                return Err(IndexError::Damaged("its table is out of order"));
            }
            (last, end) = (key, blob.end);
        }
        match end == blobs {
            true => Ok(()),
            false => Err(IndexError::Damaged("its table does not cover it")),
        }
    }

    /// The bytes of a blob, where they were kept.
    fn bytes(&self, blob: Range<usize>) -> Result<&[u8], IndexError> {
        let holds = |it: &&Stretch| it.place.start <= blob.start && blob.end <= it.place.end;
        let Stretch { place, bytes } = self.kept.iter().find(holds).ok_or(IndexError::NotRead)?;
        Ok(&bytes[blob.start - place.start..blob.end - place.start])
    }

    /// The key of a blob, and those of its advisories that are wanted.
    #[expect(clippy::type_complexity, reason = "a key and rows, used twice")]
    fn blob(
        &self,
        range: Range<usize>,
        wants: &Wants<'_>,
    ) -> Result<((Ecosystem, &str), Vec<(usize, Advisory)>), IndexError> {
        let mut reader = Reader(self.bytes(range)?);
        let mut read = || {
            let ecosystem = *ECOSYSTEMS.get(usize::try_from(reader.number()?).ok()?)?;
            let package = reader.word()?;
            let count = reader.count()?;
            let mut advisories = Vec::new();
            for _ in 0..count {
                let source = usize::try_from(reader.number()?).ok()?;
                if source >= self.sources.len() {
                    return None;
                }
                let affected = reader.affected()?;
                let mut rest = Reader(reader.bytes()?);
                if wants(&affected) {
                    advisories.push((source, rest.advisory(ecosystem, package, &affected, &self.words)?));
                }
            }
            reader.0.is_empty().then_some(((ecosystem, package), advisories))
        };
        read().ok_or(IndexError::Damaged("an entry is not readable"))
    }
}

impl std::fmt::Debug for Index {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Index").field("sources", &self.sources).field("packages", &self.packages()).finish()
    }
}

/// The stretches of `blobs` bytes of blobs that hold what is wanted. The rows are not checked yet: where they contradict
/// each other or lead outside, a stretch is left out, and so never read.
fn stretches(rows: &[u8], blobs: usize, wanted: Wanted<'_>) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    for (key, blob) in rows.chunks_exact(ROW).map(row) {
        let ecosystem = ECOSYSTEMS.get((key >> ECOSYSTEM_SHIFT) as usize);
        let end = found.last().map_or(0, |last| last.end);
        if blob.end > blobs || blob.start < end || !ecosystem.is_some_and(|it| wanted.holds(*it)) {
            continue;
        }
        match found.last_mut().filter(|last| last.end == blob.start) {
            Some(last) => last.end = blob.end,
            None => found.push(blob),
        }
    }
    found
}

/// An index stores an ecosystem as its place here: never change the order, only add.
const ECOSYSTEMS: [Ecosystem; 9] = [
    Ecosystem::Cargo,
    Ecosystem::Golang,
    Ecosystem::Pypi,
    Ecosystem::Npm,
    Ecosystem::Gem,
    Ecosystem::Composer,
    Ecosystem::Nuget,
    Ecosystem::Maven,
    Ecosystem::Hex,
];

/// How much of the file each part takes, once they add up to its size.
struct Parts {
    header: usize,
    words: usize,
    rows: usize,
    blobs: usize,
}

impl Parts {
    fn of(prefix: &[u8], size: u64) -> Result<Self, IndexError> {
        let format = number(&prefix[24..28]);
        if format != FORMAT {
            return Err(IndexError::OtherFormat { found: format });
        }
        let (header, rows) = (u64::from(number(&prefix[28..32])), u64::from(number(&prefix[32..36])));
        let (words, blobs) = (u64::from(number(&prefix[36..40])), long_number(&prefix[40..48]));
        let fixed = PREFIX as u64 + header + words + rows * ROW as u64 + DIGEST as u64;
        let expected = fixed.saturating_add(blobs);
        if expected != size {
            return Err(IndexError::WrongLength { expected, found: size });
        }
        // None is larger than the file.
        Ok(Self {
            header: header as usize,
            words: words as usize,
            rows: rows as usize,
            blobs: blobs as usize,
        })
    }
}

/// The ecosystem in the first byte, then seven bytes of SHA-256, so that nobody can make many packages share one.
fn key(ecosystem: Ecosystem, package: &str) -> u64 {
    let mut all = Sha256::new();
    all.update(ecosystem.word());
    all.update(b"\0");
    all.update(package);
    let hash = u64::from_be_bytes(all.finalize()[..8].try_into().expect("SHA-256 has 32 bytes"));
    place(ecosystem) << ECOSYSTEM_SHIFT | hash >> (64 - ECOSYSTEM_SHIFT)
}

/// The place of an ecosystem in [`ECOSYSTEMS`].
fn place(ecosystem: Ecosystem) -> u64 {
    let place = ECOSYSTEMS.iter().position(|it| *it == ecosystem);
    place.expect("every ecosystem is in the list") as u64
}

/// The key of a row, and its blob.
fn row(bytes: &[u8]) -> (u64, Range<usize>) {
    let start = number(&bytes[8..12]) as usize;
    (long_number(&bytes[..8]), start..start + number(&bytes[12..16]) as usize)
}

fn number(bytes: &[u8]) -> u32 {
    u32::from_le_bytes(bytes.try_into().expect("the caller takes four bytes"))
}

fn long_number(bytes: &[u8]) -> u64 {
    u64::from_le_bytes(bytes.try_into().expect("the caller takes eight bytes"))
}

/// The first number for which `is_before` does not hold.
fn partition(count: usize, is_before: impl Fn(usize) -> bool) -> usize {
    let (mut low, mut high) = (0, count);
    while low < high {
        let middle = low + (high - low) / 2;
        if is_before(middle) { low = middle + 1 } else { high = middle }
    }
    low
}
