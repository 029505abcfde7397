//! A pack as one file: a tar archive (POSIX.1-1988 ustar) compressed with Zstandard (RFC 8878).
//!
//! The rule that must not be broken: the file is one frame and nothing else, and the archive inside is read only when it is,
//! byte for byte, the one that this program writes of what it holds. How it was compressed makes no difference; there is no
//! room for anything that nobody looks at.

use super::{
    BLOB_LIMIT, BLOBS, BLOBS_LIMIT, Contents, MANIFEST, MANIFEST_LIMIT, Manifest, PackError, Parts, Saved,
    TOTAL_LIMIT, within,
};
use crate::{digest::read_parts, release::Sha256, text::Untrusted};
use sha2::Digest as _;
use std::{
    borrow::Cow,
    collections::BTreeMap,
    fs::{File, Permissions},
    io::{self, BufRead, BufReader, Read, Write},
    os::unix::fs::PermissionsExt,
    path::Path,
};
use tar::{EntryType, Header};
use zstd::stream::{read::Decoder, write::Encoder};

/// How hard is compressed: evidence is small, and kept for years.
const LEVEL: i32 = 12;
/// The largest window that decompressing may need: 2^27 bytes.
const WINDOW_LOG: u32 = 27;
/// How a frame begins (RFC 8878, section 3.1.1).
const FRAME: [u8; 4] = 0xFD2F_B528_u32.to_le_bytes();
/// How many times larger than its file an archive may be, …
const RATIO: u64 = 200;
/// … unless it is no larger than this. Evidence is text and signatures, which compress less than a tenth as well.
const SMALL: u64 = 16 << 20;
/// What a tar archive adds to each file, and at its end.
const BLOCK: usize = 512;

/// Writes a pack into a file, which must not exist. It is there whole or not at all.
pub(super) fn write(saved: &Saved<'_>, file: &Path) -> Result<(), PackError> {
    let failed = PackError::writing("the file");
    let folder = match file.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    // As readable as other files are: a pack is there to be passed on.
    let readable = Permissions::from_mode(0o666);
    let mut temporary =
        tempfile::Builder::new().permissions(readable).tempfile_in(folder).map_err(&failed)?;
    let archived = compress(saved, temporary.as_file_mut()).map_err(&failed)?;
    let written = temporary.as_file().metadata().map_err(&failed)?.len();
    if archived > most_bytes(written) {
        return Err(PackError::Archive {
            why: "it compresses so well that nobody would load it again; save it as a folder".into(),
        });
    }
    temporary.as_file().sync_all().map_err(&failed)?;
    temporary.persist_noclobber(file).map_err(|error| failed(error.error))?;
    Ok(())
}

/// Writes the file, and says how large the archive inside is.
fn compress(saved: &Saved<'_>, to: impl Write) -> io::Result<u64> {
    let mut encoder = Encoder::new(to, LEVEL)?;
    encoder.include_checksum(true)?;
    let mut counted = Counted { writer: encoder, bytes: 0 };
    archive(&saved.manifest, &saved.blobs, &mut counted)?;
    counted.writer.finish()?.flush()?;
    Ok(counted.bytes)
}

/// The manifest, then the blobs by name; no owner, no time, and nothing else of the machine that writes.
fn archive(manifest: &[u8], blobs: &BTreeMap<Sha256, Cow<'_, [u8]>>, to: impl Write) -> io::Result<()> {
    let mut builder = tar::Builder::new(to);
    let mut add = |name: &str, bytes: &[u8]| {
        let mut header = Header::new_ustar();
        header.set_entry_type(EntryType::Regular);
        header.set_mode(0o644);
        header.set_size(bytes.len() as u64);
        builder.append_data(&mut header, name, bytes)
    };
    add(MANIFEST, manifest)?;
    for (sha256, bytes) in blobs {
        add(&format!("{BLOBS}/{sha256}"), bytes)?;
    }
    builder.into_inner()?.flush()
}

/// Reads a pack from a file.
pub(super) fn read(file: &Path) -> Result<Parts, PackError> {
    let failed = PackError::reading("the file");
    // A pipe would be waited for when it is opened.
    let metadata = file.metadata().map_err(&failed)?;
    if !metadata.is_file() {
        return Err(PackError::NotRegular { name: Untrusted::new(file.to_string_lossy()).to_string() });
    }
    let file = File::open(file).map_err(failed)?;
    let mut file = BufReader::new(file);
    if !file.fill_buf().map_err(broken)?.starts_with(&FRAME) {
        return Err(PackError::Archive { why: "it does not begin with a Zstandard frame".into() });
    }
    let mut decoder = Decoder::with_buffer(file).map_err(broken)?.single_frame();
    decoder.window_log_max(WINDOW_LOG).map_err(broken)?;
    let most = most_bytes(metadata.len());
    let mut hashed = Hashed { reader: decoder, hasher: sha2::Sha256::new(), most, left: most };
    let (text, blobs) = entries(&mut hashed)?;
    // The archive's end, and whatever may stand behind it.
    read_parts(&mut hashed, |_| ()).map_err(broken)?;
    let mut behind = hashed.reader.finish();
    if !behind.fill_buf().map_err(broken)?.is_empty() {
        return Err(PackError::Archive { why: "something stands behind its frame".into() });
    }
    let manifest = Manifest::parse(&text)?;
    let mut expected = Hashing(sha2::Sha256::new());
    let borrowed = blobs.iter().map(|(sha256, bytes)| (*sha256, Cow::Borrowed(bytes.as_slice()))).collect();
    archive(&text, &borrowed, &mut expected).map_err(broken)?;
    if expected.0.finalize() != hashed.hasher.finalize() {
        return Err(PackError::Archive {
            why: "it holds more than a manifest and blobs, or in another form".into(),
        });
    }
    Ok((manifest, blobs))
}

/// The most bytes that an archive can have in a file of that size.
fn most_bytes(file: u64) -> u64 {
    let most = (MANIFEST_LIMIT + TOTAL_LIMIT + (BLOBS_LIMIT + 4) * 2 * BLOCK) as u64;
    most.min(file.saturating_mul(RATIO).max(SMALL))
}

/// The manifest and the blobs in an archive, in their order.
fn entries(from: impl Read) -> Result<(Vec<u8>, Contents), PackError> {
    let mut archive = tar::Archive::new(from);
    let mut entries = archive.entries().map_err(broken)?.raw(true);
    let first = entries.next().ok_or(PackError::NoManifest)?.map_err(broken)?;
    if first.path_bytes() != MANIFEST.as_bytes() {
        return Err(PackError::NoManifest);
    }
    let manifest = content(first, "the manifest", MANIFEST_LIMIT)?;
    let (mut blobs, mut total) = (BTreeMap::new(), 0);
    for entry in entries {
        let entry = entry.map_err(broken)?;
        let name = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
        let named = name.strip_prefix(BLOBS).and_then(|rest| Sha256::from_hex(rest.strip_prefix('/')?));
        let Some(sha256) = named else {
            return Err(PackError::Unknown { name: Untrusted::new(name) });
        };
        let bytes = content(entry, "a blob", BLOB_LIMIT)?;
        total += bytes.len();
        within("bytes of content", total, TOTAL_LIMIT)?;
        within("blobs", blobs.len(), BLOBS_LIMIT)?;
        if Sha256::of(&bytes) != sha256 {
            return Err(PackError::Altered { sha256 });
        }
        blobs.insert(sha256, bytes);
    }
    Ok((manifest, blobs))
}

/// The bytes of a regular file.
fn content<R: Read>(
    entry: tar::Entry<'_, R>,
    what: &'static str,
    limit: usize,
) -> Result<Vec<u8>, PackError> {
    if entry.header().entry_type() != EntryType::Regular {
        return Err(PackError::NotRegular {
            name: String::from_utf8_lossy(&entry.path_bytes()).into_owned(),
        });
    }
    let size = entry.size();
    within(what, usize::try_from(size).unwrap_or(usize::MAX), limit)?;
    let mut bytes = Vec::new();
    entry.take(limit as u64 + 1).read_to_end(&mut bytes).map_err(broken)?;
    match bytes.len() as u64 == size {
        true => Ok(bytes),
        false => Err(PackError::Archive { why: "it is cut short".into() }),
    }
}

fn broken(cause: io::Error) -> PackError {
    PackError::Archive { why: cause.to_string() }
}

/// Hashes what is read, and ends with an error behind the last byte that a pack can have.
struct Hashed<R> {
    reader: R,
    hasher: sha2::Sha256,
    most: u64,
    left: u64,
}

impl<R: Read> Read for Hashed<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.reader.read(buffer)?;
        self.hasher.update(&buffer[..read]);
        self.left = self.left.checked_sub(read as u64).ok_or_else(|| {
            io::Error::other(format!(
                "it has more than {} bytes when it is decompressed, which no pack in a file of that size has",
                self.most
            ))
        })?;
        Ok(read)
    }
}

/// Counts what is written.
struct Counted<W> {
    writer: W,
    bytes: u64,
}

impl<W: Write> Write for Counted<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.writer.write(bytes)?;
        self.bytes += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.writer.flush()
    }
}

/// Hashes what is written.
struct Hashing(sha2::Sha256);

impl Write for Hashing {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
