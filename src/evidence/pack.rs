//! An evidence pack: a folder that holds everything collected about a release, to be judged again without a network.
//!
//! ```text
//! manifest.json     what was collected, sorted; {"format": 1, ...}
//! blobs/<sha256>    the bytes, each named by its digest
//! ```
//!
//! The rule that must not be broken: what is loaded is what was saved, byte for byte, or an error. Nothing in a pack
//! is followed, each blob is hashed again, and a file that the manifest does not name is refused like a missing one.
//! The manifest is written last, so that half a pack is none. A pack is no proof: whoever can write to it can write
//! another one.

mod manifest;

use super::{Evidence, Item};
use crate::{
    advisories::snapshot::SnapshotError,
    digest::DigestError,
    json::{self, JsonError},
    release::{ArtifactName, Sha256},
    text::Untrusted,
};
use manifest::Manifest;
use rayon::prelude::*;
use rustix::{
    fs::{Dir, FileType, Mode, OFlags},
    io::Errno,
};
use std::{
    collections::{BTreeMap, BTreeSet},
    fs::{self, File, OpenOptions},
    io::{self, Read, Write},
    os::fd::{AsFd, OwnedFd},
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

/// Why a pack cannot be saved or loaded.
#[derive(Debug, thiserror::Error)]
pub enum PackError {
    /// There is something where the pack should go.
    #[error("the folder for the evidence is not empty; give a new one")]
    NotEmpty,
    /// Reading or writing failed.
    #[error("{what} of the evidence pack cannot be {verb}")]
    Io {
        /// Which part of the pack.
        what: String,
        /// `read` or `written`.
        verb: &'static str,
        /// Why not.
        #[source]
        cause: io::Error,
    },
    /// No manifest.
    #[error("this folder is not an evidence pack, or saving it was interrupted: it has no manifest.json")]
    NoManifest,
    /// The manifest is not JSON with one meaning.
    #[error("the manifest of the evidence pack is not readable")]
    Json(#[source] JsonError),
    /// The manifest is JSON, and no manifest.
    #[error("the manifest of the evidence pack does not have the form of one")]
    Form(#[source] serde_json::Error),
    /// The manifest says what one may say, in other bytes than it is written in.
    #[error("the manifest of the evidence pack was edited or formatted anew")]
    Edited,
    /// Another format.
    #[error("the evidence pack has format {found}; this version reads format {FORMAT}")]
    Format {
        /// Its format.
        found: u64,
    },
    /// A file that the manifest does not name.
    #[error("the evidence pack holds {name}, which its manifest does not name")]
    Unknown {
        /// The file.
        name: Untrusted,
    },
    /// A blob that the manifest names is not there.
    #[error("the evidence pack lacks the blob {sha256}")]
    Missing {
        /// Its digest.
        sha256: Sha256,
    },
    /// A blob has other bytes.
    #[error("the blob {sha256} of the evidence pack has other bytes than its name says")]
    Altered {
        /// The digest that it should have.
        sha256: Sha256,
    },
    /// A link, a pipe, a folder or a device.
    #[error("{name} in the evidence pack is not a regular file")]
    NotRegular {
        /// The file.
        name: String,
    },
    /// Too much of something.
    #[error("{what} of the evidence pack: more than {limit}")]
    Limit {
        /// What there is too much of.
        what: &'static str,
        /// How much is read.
        limit: usize,
    },
    /// The digests of a published file.
    #[error("the evidence pack has unusable digests for {name}")]
    Digests {
        /// The file.
        name: ArtifactName,
        /// Why not.
        #[source]
        cause: DigestError,
    },
    /// Two statements of the pack contradict each other.
    #[error("the evidence pack contradicts itself about {about}")]
    Contradiction {
        /// What about.
        about: String,
    },
    /// The advisories.
    #[error("the advisories in the evidence pack are not readable")]
    Advisories(#[source] SnapshotError),
}

/// Saves `evidence` into a folder, which is made; it may exist when it is empty. Artifacts are saved as digests, what
/// speaks about them with its bytes.
///
/// # Errors
/// [`PackError::NotEmpty`], [`PackError::Io`], and [`PackError::Limit`] for what could not be loaded again.
pub fn save(evidence: &Evidence, folder: &Path) -> Result<(), PackError> {
    let mut blobs = Blobs::default();
    let manifest = Manifest::of(evidence, &mut blobs)?;
    let text = manifest.to_bytes()?;
    within("the manifest", text.len(), MANIFEST_LIMIT)?;
    within("blobs", blobs.0.len(), BLOBS_LIMIT)?;

    fs::create_dir_all(folder).map_err(writing("the folder"))?;
    if fs::read_dir(folder).map_err(writing("the folder"))?.next().is_some() {
        return Err(PackError::NotEmpty);
    }
    let below = folder.join(BLOBS);
    fs::create_dir(&below).map_err(writing(BLOBS))?;
    for (sha256, bytes) in &blobs.0 {
        write(&below, &sha256.to_string(), bytes)?;
    }
    write(folder, MANIFEST, &text)
}

/// Loads the evidence in a folder.
///
/// # Errors
/// [`PackError`] for the first thing in it that is not as it was saved.
pub fn load(folder: &Path) -> Result<Evidence, PackError> {
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
    let reading =
        |errno: Errno, what: &str| PackError::Io { what: what.into(), verb: "read", cause: errno.into() };
    let folder = rustix::fs::open(folder, flags, Mode::empty()).map_err(|e| reading(e, "the folder"))?;
    let names = names(&folder, 2)?;
    if !names.contains(MANIFEST) {
        return Err(PackError::NoManifest);
    }
    if let Some(name) = names.iter().find(|name| *name != MANIFEST && *name != BLOBS) {
        return Err(PackError::Unknown { name: Untrusted::new(name) });
    }
    let text = read(&folder, MANIFEST, "the manifest", MANIFEST_LIMIT)?;
    let manifest = Manifest::parse(&text)?;

    let blobs = rustix::fs::openat(&folder, BLOBS, flags | OFlags::NOFOLLOW, Mode::empty())
        .map_err(|e| reading(e, "the folder of blobs"))?;
    manifest.into_evidence(&mut Loaded::read(&blobs)?)
}

/// Contents on their way into a pack.
#[derive(Default)]
struct Blobs<'a>(BTreeMap<Sha256, std::borrow::Cow<'a, [u8]>>, usize);

impl<'a> Blobs<'a> {
    /// Adds the bytes of an item.
    fn add(&mut self, item: &'a Item) -> Result<(), PackError> {
        if Sha256::of(&item.bytes) != item.sha256 {
            return Err(PackError::Contradiction { about: item.origin.clone() });
        }
        self.add_bytes(item.sha256, item.bytes.as_slice().into())
    }

    fn add_bytes(&mut self, sha256: Sha256, bytes: std::borrow::Cow<'a, [u8]>) -> Result<(), PackError> {
        within("bytes of one blob", bytes.len(), BLOB_LIMIT)?;
        self.1 = self.1.saturating_add(bytes.len());
        within("bytes of content", self.1, TOTAL_LIMIT)?;
        self.0.insert(sha256, bytes);
        Ok(())
    }
}

/// Contents that came out of a pack.
struct Loaded {
    blobs: BTreeMap<Sha256, Vec<u8>>,
    unused: BTreeSet<Sha256>,
    /// Bytes handed out: one blob may be named many times.
    taken: usize,
}

impl Loaded {
    /// Reads every blob and hashes it again.
    fn read(folder: &OwnedFd) -> Result<Self, PackError> {
        let mut known = Vec::new();
        for name in names(folder, BLOBS_LIMIT)? {
            match Sha256::from_hex(&name) {
                Some(sha256) => known.push(sha256),
                None => return Err(PackError::Unknown { name: Untrusted::new(format!("{BLOBS}/{name}")) }),
            }
        }
        let total = std::sync::atomic::AtomicUsize::new(0);
        let blobs: BTreeMap<Sha256, Vec<u8>> = known
            .par_iter()
            .map(|sha256| {
                let bytes = read(folder, &sha256.to_string(), "a blob", BLOB_LIMIT)?;
                let before = total.fetch_add(bytes.len(), std::sync::atomic::Ordering::Relaxed);
                within("bytes of content", before + bytes.len(), TOTAL_LIMIT)?;
                if Sha256::of(&bytes) != *sha256 {
                    return Err(PackError::Altered { sha256: *sha256 });
                }
                Ok((*sha256, bytes))
            })
            .collect::<Result<_, _>>()?;
        Ok(Self { unused: blobs.keys().copied().collect(), blobs, taken: 0 })
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

fn writing(what: &str) -> impl Fn(io::Error) -> PackError {
    move |cause| PackError::Io { what: what.to_owned(), verb: "written", cause }
}

/// Writes a file that is there whole or not at all.
fn write(folder: &Path, name: &str, bytes: &[u8]) -> Result<(), PackError> {
    let temporary = folder.join(format!("{name}.part"));
    let mut file = OpenOptions::new().write(true).create_new(true).open(&temporary).map_err(writing(name))?;
    file.write_all(bytes).map_err(writing(name))?;
    drop(file);
    fs::rename(&temporary, folder.join(name)).map_err(writing(name))
}

/// The names in a folder of a pack.
fn names(folder: &OwnedFd, limit: usize) -> Result<BTreeSet<String>, PackError> {
    let failed = |errno: Errno| PackError::Io { what: "a folder".into(), verb: "read", cause: errno.into() };
    let mut names = BTreeSet::new();
    for entry in Dir::read_from(folder).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        let name = entry.file_name().to_string_lossy();
        if matches!(&*name, "." | "..") {
            continue;
        }
        names.insert(name.into_owned());
        // One more than the limit may be an unknown name, which says more than a number.
        within("files", names.len(), limit + 1)?;
    }
    Ok(names)
}

/// Reads a regular file of a pack, following no link and waiting for no pipe.
fn read(folder: &OwnedFd, name: &str, what: &'static str, limit: usize) -> Result<Vec<u8>, PackError> {
    let failed = |cause| PackError::Io { what: name.to_owned(), verb: "read", cause };
    let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::CLOEXEC;
    let file = match rustix::fs::openat(folder, name, flags, Mode::empty()) {
        Err(Errno::LOOP | Errno::NXIO) => return Err(PackError::NotRegular { name: name.to_owned() }),
        other => other.map_err(|e| failed(e.into()))?,
    };
    let stat = rustix::fs::fstat(file.as_fd()).map_err(|e| failed(e.into()))?;
    if FileType::from_raw_mode(stat.st_mode) != FileType::RegularFile {
        return Err(PackError::NotRegular { name: name.to_owned() });
    }
    let mut bytes = Vec::new();
    File::from(file).take(limit as u64 + 1).read_to_end(&mut bytes).map_err(failed)?;
    within(what, bytes.len(), limit)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests;
