//! All advisories of one or more databases, compiled into one flat file that is looked up without being unpacked.
//!
//! The rule that must not be broken: an index is whole or it is an error. It is hashed from the first byte to the last
//! and all its parts are checked before the first answer; a part that cannot be read later is an error too.
//!
//! ```text
//! magic, format (4 bytes), header length (4), rows (4), 0 (4), blobs length (8)
//! header      JSON: the sources
//! rows        of 16 bytes, sorted: hash of ecosystem and package, place and length of its blob
//! blobs       one a package: its ecosystem, its name, its advisories
//! SHA-256     of everything before
//! ```
//!
//! All numbers are little-endian. The same sources give the same bytes, in whatever order they are given.

use super::{advisory::Advisory, lock::Ecosystem, source::Source};
use codec::{Reader, Writer};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::{
    collections::BTreeMap,
    fs::File,
    io::{self, Read},
    ops::Range,
    path::Path,
};
use thiserror::Error;

mod codec;
#[cfg(test)]
mod tests;

/// What an index begins with.
pub const MAGIC: &[u8; 24] = b"relcheck advisory index\n";

/// The format that this version writes, and the only one that it reads.
pub const FORMAT: u32 = 1;

/// The largest index, in bytes.
pub const INDEX_LIMIT: usize = 512 << 20;

const PREFIX: usize = 48;
const ROW: usize = 16;
const DIGEST: usize = 32;

/// Why an index cannot be used or made.
#[derive(Debug, Error)]
pub enum IndexError {
    /// It cannot be read.
    #[error("cannot read the advisory index")]
    Unreadable(#[source] io::Error),
    /// Larger than [`INDEX_LIMIT`].
    #[error("the advisory index is larger than {INDEX_LIMIT} bytes")]
    TooLarge,
    /// It begins like something else, or is empty.
    #[error("this is not an advisory index")]
    NotAnIndex,
    /// Written by another version of relcheck.
    #[error(
        "the advisory index has format {found}, and this version reads format {FORMAT}; build it anew (relcheck advisories build or update)"
    )]
    OtherFormat {
        /// Its format.
        found: u32,
    },
    /// Cut off, or with bytes after its end.
    #[error(
        "the advisory index has {found} bytes, and says that it has {expected}: it was cut off or added to"
    )]
    WrongLength {
        /// The length that its parts add up to.
        expected: u64,
        /// Its length.
        found: u64,
    },
    /// Its bytes are not those that were written.
    #[error("the advisory index was changed: its SHA-256 does not match")]
    Changed,
    /// Parts that contradict each other.
    #[error("the advisory index is damaged: {0}")]
    Damaged(&'static str),
    /// No source, or no advisories.
    #[error("the advisory index would be empty")]
    Empty,
    /// Two sources of one name.
    #[error("two databases are called {0}")]
    SameName(String),
}

/// One database, compiled.
#[derive(Clone, Debug)]
pub struct Compiled {
    /// What a report says about it.
    pub source: Source,
    /// Its advisories without those that were taken back.
    pub advisories: Vec<Advisory>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Header {
    builder: String,
    sources: Vec<Source>,
}

/// An index, held as the bytes of its file.
#[derive(Clone)]
pub struct Index {
    bytes: Vec<u8>,
    sources: Vec<Source>,
    rows: Range<usize>,
    blobs: Range<usize>,
}

impl Index {
    /// Compiles databases.
    pub fn build(mut databases: Vec<Compiled>) -> Result<Self, IndexError> {
        databases.sort_by(|one, two| one.source.cmp(&two.source));
        if let Some(two) = databases.windows(2).find(|two| two[0].source.name == two[1].source.name) {
            return Err(IndexError::SameName(two[0].source.name.clone()));
        }
        if databases.iter().all(|database| database.source.advisories == 0) {
            return Err(IndexError::Empty);
        }
        let header = Header {
            builder: format!("relcheck {}", env!("CARGO_PKG_VERSION")),
            sources: databases.iter().map(|database| database.source.clone()).collect(),
        };
        Self::open(written(&header, blobs(&databases))?)
    }

    /// Reads the index at `path`.
    pub fn read(path: &Path) -> Result<Self, IndexError> {
        let file = File::open(path).map_err(IndexError::Unreadable)?;
        let size = file.metadata().map_err(IndexError::Unreadable)?.len();
        let size = usize::try_from(size).unwrap_or(usize::MAX);
        if size > INDEX_LIMIT {
            return Err(IndexError::TooLarge);
        }
        let mut bytes = Vec::with_capacity(size + 1);
        file.take(INDEX_LIMIT as u64 + 1).read_to_end(&mut bytes).map_err(IndexError::Unreadable)?;
        Self::open(bytes)
    }

    /// Opens an index from the bytes of its file.
    pub fn open(bytes: Vec<u8>) -> Result<Self, IndexError> {
        if bytes.len() > INDEX_LIMIT {
            return Err(IndexError::TooLarge);
        }
        if !bytes.starts_with(MAGIC) {
            return Err(IndexError::NotAnIndex);
        }
        let (header, rows, blobs) = parts(&bytes)?;
        let (content, digest) = bytes.split_at(bytes.len() - DIGEST);
        if Sha256::digest(content).as_slice() != digest {
            return Err(IndexError::Changed);
        }
        let parsed: Header = serde_json::from_slice(&bytes[header])
            .map_err(|_| IndexError::Damaged("its header is not readable"))?;
        if parsed.sources.is_empty() || parsed.sources.iter().all(|source| source.advisories == 0) {
            return Err(IndexError::Empty);
        }
        if !parsed.sources.iter().all(Source::is_sound) {
            return Err(IndexError::Damaged("a source's digest is none"));
        }
        let index = Self { sources: parsed.sources, rows, blobs, bytes };
        index.check_rows()?;
        Ok(index)
    }

    /// Its databases, sorted by name.
    pub fn sources(&self) -> &[Source] {
        &self.sources
    }

    /// The bytes of its file.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// SHA-256 of its file.
    pub fn sha256(&self) -> String {
        hex::encode(Sha256::digest(&self.bytes))
    }

    /// How many packages it knows.
    pub fn packages(&self) -> usize {
        self.rows.len() / ROW
    }

    /// What it knows about a package, by its normalised name: each advisory with the place of its database among
    /// [`Self::sources`], sorted by id.
    pub fn about(&self, ecosystem: Ecosystem, package: &str) -> Result<Vec<(usize, Advisory)>, IndexError> {
        let hash = hash(ecosystem, package);
        let rows = self.bytes[self.rows.clone()].chunks_exact(ROW);
        let first = partition(self.packages(), |at| self.row(at).0 < hash);
        let mut found = Vec::new();
        for at in first..rows.len() {
            let (other, blob) = self.row(at);
            if other != hash {
                break;
            }
            let (key, advisories) = self.blob(blob)?;
            // Two packages whose hashes agree are as good as impossible; an entry in the wrong place is not.
            if key != (ecosystem, package) {
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
            all.extend(self.blob(self.row(at).1)?.1);
        }
        Ok(all)
    }

    /// The hash of the row at `at`, and its blob.
    fn row(&self, at: usize) -> (u64, Range<usize>) {
        let row = &self.bytes[self.rows.start + at * ROW..][..ROW];
        let start = number(&row[8..12]) as usize;
        (long_number(&row[..8]), start..start + number(&row[12..16]) as usize)
    }

    /// Sorted, and each blob begins where the one before ends.
    fn check_rows(&self) -> Result<(), IndexError> {
        let (mut last, mut end) = (0, 0);
        for at in 0..self.packages() {
            let (hash, blob) = self.row(at);
            if hash < last || blob.start != end || blob.is_empty() {
                return Err(IndexError::Damaged("its table is out of order"));
            }
            (last, end) = (hash, blob.end);
        }
        match end == self.blobs.len() {
            true => Ok(()),
            false => Err(IndexError::Damaged("its table does not cover it")),
        }
    }

    /// The key of a blob, and its advisories.
    #[expect(clippy::type_complexity, reason = "a key and rows, used twice")]
    fn blob(&self, range: Range<usize>) -> Result<((Ecosystem, &str), Vec<(usize, Advisory)>), IndexError> {
        let mut reader = Reader(&self.bytes[self.blobs.clone()][range]);
        let mut read = || {
            let ecosystem = *ECOSYSTEMS.get(usize::try_from(reader.number()?).ok()?)?;
            let package = reader.word()?;
            let count = reader.count()?;
            let mut advisories = Vec::with_capacity(count.min(256));
            for _ in 0..count {
                let source = usize::try_from(reader.number()?).ok()?;
                if source >= self.sources.len() {
                    return None;
                }
                advisories.push((source, reader.advisory(ecosystem, package)?));
            }
            reader.0.is_empty().then_some(((ecosystem, package), advisories))
        };
        read().ok_or(IndexError::Damaged("an entry is not readable"))
    }
}

impl std::fmt::Debug for Index {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Index").field("sources", &self.sources).field("bytes", &self.bytes.len()).finish()
    }
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

/// A package, behind its hash.
type Key<'a> = (u64, Ecosystem, &'a str);

/// The entry of each package, sorted by its hash.
fn blobs<'a>(databases: &'a [Compiled]) -> BTreeMap<Key<'a>, Vec<u8>> {
    let mut packages: BTreeMap<Key<'a>, Vec<(usize, &Advisory)>> = BTreeMap::new();
    for (source, database) in databases.iter().enumerate() {
        for advisory in &database.advisories {
            let package = advisory.package.as_str();
            let key = (hash(advisory.ecosystem, package), advisory.ecosystem, package);
            packages.entry(key).or_default().push((source, advisory));
        }
    }
    let blob = |(key, mut advisories): (Key<'a>, Vec<(usize, &'a Advisory)>)| {
        advisories.sort_by(|one, two| (&one.1.id, one.0, one.1).cmp(&(&two.1.id, two.0, two.1)));
        let mut writer = Writer::default();
        let ecosystem = ECOSYSTEMS.iter().position(|it| *it == key.1);
        writer.number(ecosystem.expect("every ecosystem is in the list") as u64);
        writer.word(key.2);
        writer.number(advisories.len() as u64);
        for (source, advisory) in advisories {
            writer.number(source as u64);
            writer.advisory(advisory);
        }
        (key, writer.0)
    };
    packages.into_iter().map(blob).collect()
}

/// The bytes of the file.
fn written(header: &Header, blobs: BTreeMap<(u64, Ecosystem, &str), Vec<u8>>) -> Result<Vec<u8>, IndexError> {
    let header = serde_json::to_vec(header).expect("strings, numbers and lists always serialise");
    let length: usize = blobs.values().map(Vec::len).sum();
    let total = PREFIX + header.len() + blobs.len() * ROW + length + DIGEST;
    if total > INDEX_LIMIT {
        return Err(IndexError::TooLarge);
    }
    let mut bytes = Vec::with_capacity(total);
    bytes.extend_from_slice(MAGIC);
    for number in [FORMAT, header.len() as u32, blobs.len() as u32, 0] {
        bytes.extend_from_slice(&number.to_le_bytes());
    }
    bytes.extend_from_slice(&(length as u64).to_le_bytes());
    bytes.extend_from_slice(&header);
    let mut start = 0u32;
    for ((hash, ..), blob) in &blobs {
        bytes.extend_from_slice(&hash.to_le_bytes());
        bytes.extend_from_slice(&start.to_le_bytes());
        bytes.extend_from_slice(&(blob.len() as u32).to_le_bytes());
        start += blob.len() as u32;
    }
    blobs.values().for_each(|blob| bytes.extend_from_slice(blob));
    let digest = Sha256::digest(&bytes);
    bytes.extend_from_slice(&digest);
    Ok(bytes)
}

/// Where header, rows and blobs are, once the length of the file is theirs.
#[expect(clippy::type_complexity, reason = "three ranges")]
fn parts(bytes: &[u8]) -> Result<(Range<usize>, Range<usize>, Range<usize>), IndexError> {
    let found = bytes.len() as u64;
    if bytes.len() < PREFIX + DIGEST {
        return Err(IndexError::WrongLength { expected: (PREFIX + DIGEST) as u64, found });
    }
    let format = number(&bytes[24..28]);
    if format != FORMAT {
        return Err(IndexError::OtherFormat { found: format });
    }
    let (header, rows) = (u64::from(number(&bytes[28..32])), u64::from(number(&bytes[32..36])));
    let blobs = long_number(&bytes[40..48]);
    let fixed = PREFIX as u64 + header + rows * ROW as u64 + DIGEST as u64;
    let expected = fixed.saturating_add(blobs);
    if expected != found {
        return Err(IndexError::WrongLength { expected, found });
    }
    let header = PREFIX..PREFIX + header as usize;
    let rows = header.end..header.end + rows as usize * ROW;
    let blobs = rows.end..bytes.len() - DIGEST;
    Ok((header, rows, blobs))
}

/// Eight bytes of SHA-256, so that nobody can make many packages share one.
fn hash(ecosystem: Ecosystem, package: &str) -> u64 {
    let mut all = Sha256::new();
    all.update(ecosystem.word());
    all.update(b"\0");
    all.update(package);
    long_number(&all.finalize()[..8])
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
