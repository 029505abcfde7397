//! Archives of advisories, written header by header.

use std::io::Write;

use flate2::{Compression, write::GzEncoder};
use relcheck::advisories::database::{DatabaseError, Limits, compile};
use tar::{EntryType, Header};

use crate::kit::advisories::Advisory;

/// The end of an archive.
pub const END: [u8; 1024] = [0; 1024];

/// One file: its header, which says `size`, and its content in whole blocks.
pub fn entry(path: &str, kind: EntryType, size: usize, content: &[u8]) -> Vec<u8> {
    let mut header = Header::new_ustar();
    header.set_path(path).unwrap();
    header.set_entry_type(kind);
    header.set_mode(0o644);
    header.set_size(size as u64);
    header.set_cksum();
    let mut bytes = [header.as_bytes(), content].concat();
    bytes.resize(bytes.len().next_multiple_of(512), 0);
    bytes
}

/// A plain file.
pub fn file(path: &str, content: &[u8]) -> Vec<u8> {
    entry(path, EntryType::Regular, content.len(), content)
}

/// An advisory in its place.
pub fn advisory(advisory: &Advisory) -> Vec<u8> {
    file(&format!("advisory-db/{}", advisory.path()), advisory.text().as_bytes())
}

/// The most that these tests let a database have.
pub const LIMITS: Limits = Limits { entries: 50_000, bytes: 64 << 20 };

/// The advisories that relcheck finds in an archive.
pub fn found(bytes: &[u8]) -> Result<Vec<String>, DatabaseError> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("advisories.tar");
    std::fs::write(&path, bytes).unwrap();
    let compiled = compile(&path, None, LIMITS)?;
    Ok(compiled.advisories.into_iter().map(|advisory| advisory.id).collect())
}

/// One member of a gzip file (RFC 1952, section 2.2).
pub fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}
