//! An evidence pack: everything collected about a release, to be judged again without a network. It is a folder, or the
//! same folder as one file.
//!
//! ```text
//! manifest.json     what was collected, sorted; {"format": 1, ...}
//! blobs/<sha256>    the bytes, each named by its digest
//! ```
//!
//! The rule that must not be broken: what is loaded is what was saved, byte for byte, or an error. Nothing in a pack
//! is followed, each blob is hashed again, and a file that the manifest does not name is refused like a missing one.
//! A pack is no proof: whoever can write to it can write another one.

mod archive;
mod error;
mod folder;
mod manifest;
mod tag;

pub use error::PackError;

use super::{Evidence, Item};
use crate::{
    json::{self},
    release::Sha256,
    text::Untrusted,
};
use manifest::Manifest;
use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet},
    io,
    path::Path,
};

/// The format that is written, and the only one that is read.
pub const FORMAT: u64 = 1;

/// Largest manifest, in bytes.
pub const MANIFEST_LIMIT: usize = 64 << 20;

/// Largest blob, in bytes.
pub const BLOB_LIMIT: usize = 64 << 20;

/// Most bytes of content in one pack.
pub const TOTAL_LIMIT: usize = 320 << 20;

/// Most blobs.
const BLOBS_LIMIT: usize = 50_000;

const MANIFEST: &str = "manifest.json";
const BLOBS: &str = "blobs";

/// Saves `evidence` into a folder, which is made; it may exist when it is empty. Artifacts are saved as digests, what
/// speaks about them with its bytes.
///
/// # Errors
/// [`PackError::NotEmpty`], [`PackError::Io`], and [`PackError::Limit`] for what could not be loaded again.
pub fn save(evidence: &Evidence, folder: &Path) -> Result<(), PackError> {
    folder::write(&Saved::of(evidence)?, folder)
}

/// Saves `evidence` as one file, which must not exist yet. The same evidence gives the same bytes.
///
/// # Errors
/// As [`save`].
pub fn save_file(evidence: &Evidence, file: &Path) -> Result<(), PackError> {
    archive::write(&Saved::of(evidence)?, file)
}

/// Loads the evidence in a folder, or in the file that such a folder was written as.
///
/// # Errors
/// [`PackError`] for the first thing in it that is not as it was saved.
pub fn load(path: &Path) -> Result<Evidence, PackError> {
    let at = path.metadata().map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => PackError::Nowhere,
        _ => PackError::reading("the folder or file")(error),
    })?;
    let (manifest, blobs) = if at.is_dir() { folder::read(path)? } else { archive::read(path)? };
    let evidence = manifest.into_evidence(&mut Loaded::new(blobs))?;
    tag::refuse_contradiction(&evidence)?;
    Ok(evidence)
}

/// Evidence as it is written.
struct Saved<'a> {
    manifest: Vec<u8>,
    blobs: BTreeMap<Sha256, Cow<'a, [u8]>>,
}

impl<'a> Saved<'a> {
    fn of(evidence: &'a Evidence) -> Result<Self, PackError> {
        tag::refuse_contradiction(evidence)?;
        let mut blobs = Blobs::default();
        let manifest = Manifest::of(evidence, &mut blobs)?.to_bytes()?;
        within("the manifest", manifest.len(), MANIFEST_LIMIT)?;
        within("blobs", blobs.0.len(), BLOBS_LIMIT)?;
        Ok(Self { manifest, blobs: blobs.0 })
    }
}

/// What was read: a manifest, and contents whose digests were computed again.
type Parts = (Manifest, Contents);

/// Contents by their digests.
type Contents = BTreeMap<Sha256, Vec<u8>>;

/// Contents on their way into a pack.
#[derive(Default)]
struct Blobs<'a>(BTreeMap<Sha256, Cow<'a, [u8]>>, usize);

impl<'a> Blobs<'a> {
    /// Adds the bytes of an item.
    fn add(&mut self, item: &'a Item) -> Result<(), PackError> {
        if Sha256::of(&item.bytes) != item.sha256 {
            return Err(PackError::Contradiction { about: item.origin.clone() });
        }
        self.add_bytes(item.sha256, item.bytes.as_slice().into())
    }

    fn add_bytes(&mut self, sha256: Sha256, bytes: Cow<'a, [u8]>) -> Result<(), PackError> {
        within("bytes of one blob", bytes.len(), BLOB_LIMIT)?;
        self.1 = self.1.saturating_add(bytes.len());
        within("bytes of content", self.1, TOTAL_LIMIT)?;
        self.0.insert(sha256, bytes);
        Ok(())
    }
}

/// Contents that came out of a pack.
struct Loaded {
    blobs: Contents,
    unused: BTreeSet<Sha256>,
    /// Bytes handed out: one blob may be named many times.
    taken: usize,
}

impl Loaded {
    /// Contents whose digests were computed again.
    fn new(blobs: Contents) -> Self {
        Self { unused: blobs.keys().copied().collect(), blobs, taken: 0 }
    }

    /// The bytes of a blob.
    fn take(&mut self, sha256: Sha256) -> Result<Vec<u8>, PackError> {
        let bytes = self.blobs.get(&sha256).ok_or(PackError::Missing { sha256 })?;
        self.unused.remove(&sha256);
        self.taken = self.taken.saturating_add(bytes.len());
        within("bytes of content", self.taken, TOTAL_LIMIT)?;
        Ok(bytes.clone())
    }

    /// Refuses blobs that nobody took.
    fn finish(&self) -> Result<(), PackError> {
        match self.unused.first() {
            Some(sha256) => Err(PackError::Unknown { name: Untrusted::new(format!("{BLOBS}/{sha256}")) }),
            None => Ok(()),
        }
    }
}

fn within(what: &'static str, amount: usize, limit: usize) -> Result<(), PackError> {
    if amount > limit { Err(PackError::Limit { what, limit }) } else { Ok(()) }
}

#[cfg(test)]
mod tests;
