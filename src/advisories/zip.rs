//! Advisory files of a zip archive: the exports that OSV and the Go team serve.
//!
//! APPNOTE.TXT of PKWARE, with 64-bit sizes and without encryption. The rule that must not be broken: the central
//! directory is read wholly and every file that it names is whole, by its size and CRC-32, or the archive is damaged.

use super::{
    archive::{damaged, safe_path},
    checkout::Take,
    database::{DatabaseError, Found, Limits, SourceForm},
    layout::{Place, SourceKind},
    record::{RECORD_LIMIT, RecordError},
};
use std::{
    collections::BTreeMap,
    fs::File,
    io::{self, BufReader, Read, Seek, SeekFrom},
    path::Path,
};

/// What a zip archive begins with.
pub(super) const MAGIC: [u8; 4] = *b"PK\x03\x04";
const ENTRY: [u8; 4] = *b"PK\x01\x02";
const END: [u8; 4] = *b"PK\x05\x06";
const END_64: [u8; 4] = *b"PK\x06\x06";
const LOCATOR_64: [u8; 4] = *b"PK\x06\x07";

/// The end record with the longest comment.
const END_LIMIT: u64 = 22 + 0xffff;

/// The largest central directory that is read, in bytes.
const DIRECTORY_LIMIT: u64 = 512 << 20;

/// One file, as the central directory has it.
struct Member {
    name: Vec<u8>,
    method: u16,
    crc: u32,
    packed: u64,
    size: u64,
    offset: u64,
}

/// Reads the archive at `path`, as a database of `kind` or of the kind that it looks like.
pub(super) fn read(
    path: &Path,
    kind: Option<SourceKind>,
    limits: Limits,
    take: Take<'_>,
) -> Result<Found, DatabaseError> {
    let name = path.display().to_string();
    let unreadable = |source| DatabaseError::Unreadable { path: name.clone(), source };
    let mut file = BufReader::with_capacity(1 << 16, File::open(path).map_err(unreadable)?);
    let members = directory(&mut file, limits)?;
    let kind = kind.or_else(|| SourceKind::of_paths(members.keys().map(String::as_str)));
    let kind = kind.ok_or(DatabaseError::NotADatabase { path: name })?;
    let mut total = 0u64;
    for (path, member) in members {
        // A name that was changed in one of its two places could hide a file.
        start(&mut file, &path, &member)?;
        match kind.place(&path) {
            Place::Other => continue,
            Place::Misplaced => return Err(RecordError::Misplaced { path }.into()),
            Place::Record | Place::Report if member.size > RECORD_LIMIT as u64 => {
                return Err(RecordError::TooLarge { path }.into());
            }
            Place::Record | Place::Report => {}
        }
        total += member.size;
        if total > limits.bytes {
            return Err(DatabaseError::TooLarge(limits.bytes));
        }
        let bytes = content(&mut file, &path, &member)?;
        take(kind, &path, &bytes)?;
    }
    Ok(Found { kind, form: SourceForm::Archive, commit: None, date: None })
}

/// The files of the archive, by their paths.
fn directory<R: Read + Seek>(
    file: &mut R,
    limits: Limits,
) -> Result<BTreeMap<String, Member>, DatabaseError> {
    let (count, size, offset) = end(file).map_err(damaged)?;
    if count > limits.entries as u64 {
        return Err(DatabaseError::TooManyEntries(limits.entries));
    }
    if size > DIRECTORY_LIMIT {
        return Err(damaged("its directory is too large"));
    }
    file.seek(SeekFrom::Start(offset)).map_err(damaged)?;
    let mut bytes = Vec::new();
    file.take(size).read_to_end(&mut bytes).map_err(damaged)?;
    let mut rest = Rest(&bytes);
    let mut members = BTreeMap::new();
    for _ in 0..count {
        let member = entry(&mut rest).ok_or_else(|| damaged("its directory is cut off"))??;
        let path = safe_path(&member.name)?;
        if member.name.ends_with(b"/") {
            continue;
        }
        if members.insert(path.clone(), member).is_some() {
            return Err(DatabaseError::DuplicatePath { path });
        }
    }
    if !rest.0.is_empty() {
        return Err(damaged("its directory has more files than it says"));
    }
    Ok(members)
}

/// How many files the directory has, and its size and place.
fn end<R: Read + Seek>(file: &mut R) -> io::Result<(u64, u64, u64)> {
    let broken = |what: &str| io::Error::new(io::ErrorKind::InvalidData, what.to_owned());
    let length = file.seek(SeekFrom::End(0))?;
    let start = length.saturating_sub(END_LIMIT);
    file.seek(SeekFrom::Start(start))?;
    let mut tail = Vec::new();
    file.take(END_LIMIT).read_to_end(&mut tail)?;
    // The comment reaches to the end of the file, so that nothing else can pass for the record.
    let is_end = |at: &usize| {
        let comment = Rest(&tail[at + 20..]).u16();
        tail[*at..].starts_with(&END) && comment.is_some_and(|n| at + 22 + usize::from(n) == tail.len())
    };
    let at = (0..tail.len().saturating_sub(21)).rev().find(is_end);
    let at = at.ok_or_else(|| broken("it has no end record"))?;
    let mut rest = Rest(&tail[at + 4..]);
    let cut_off = || broken("its end record is cut off");
    let disk = rest.u32().ok_or_else(cut_off)?;
    let (here, count) = (rest.u16().ok_or_else(cut_off)?, rest.u16().ok_or_else(cut_off)?);
    let (size, offset) = (rest.u32().ok_or_else(cut_off)?, rest.u32().ok_or_else(cut_off)?);
    if at >= 20 && tail[at - 20..].starts_with(&LOCATOR_64) {
        return end_64(file, Rest(&tail[at - 16..at]));
    }
    if disk != 0 || here != count {
        return Err(broken("it is one part of several"));
    }
    Ok((count.into(), size.into(), offset.into()))
}

fn end_64<R: Read + Seek>(file: &mut R, mut locator: Rest<'_>) -> io::Result<(u64, u64, u64)> {
    let broken = || io::Error::new(io::ErrorKind::InvalidData, "its 64-bit end record is broken");
    locator.u32().ok_or_else(broken)?;
    file.seek(SeekFrom::Start(locator.u64().ok_or_else(broken)?))?;
    let mut record = [0; 56];
    file.read_exact(&mut record)?;
    if !record.starts_with(&END_64) {
        return Err(broken());
    }
    let mut rest = Rest(&record[24..]);
    let (here, count) = (rest.u64().ok_or_else(broken)?, rest.u64().ok_or_else(broken)?);
    let (size, offset) = (rest.u64().ok_or_else(broken)?, rest.u64().ok_or_else(broken)?);
    if here != count {
        return Err(broken());
    }
    Ok((count, size, offset))
}

/// The next entry of the directory; `None` where it is cut off.
fn entry(rest: &mut Rest<'_>) -> Option<Result<Member, DatabaseError>> {
    if rest.bytes(4)? != ENTRY {
        return Some(Err(damaged("its directory is broken")));
    }
    rest.bytes(4)?;
    let (flags, method) = (rest.u16()?, rest.u16()?);
    rest.bytes(4)?;
    let (crc, packed, size) = (rest.u32()?, rest.u32()?, rest.u32()?);
    let (name, extra, comment) = (rest.u16()?, rest.u16()?, rest.u16()?);
    rest.bytes(8)?;
    let offset = rest.u32()?;
    let name = rest.bytes(name.into())?.to_vec();
    let mut extra = Rest(rest.bytes(extra.into())?);
    rest.bytes(comment.into())?;
    if flags & 1 != 0 {
        return Some(Err(damaged("it is encrypted")));
    }
    let mut member =
        Member { name, method, crc, packed: packed.into(), size: size.into(), offset: offset.into() };
    // Sizes that do not fit stand in an extra field, in this order.
    while let (Some(id), Some(length)) = (extra.u16(), extra.u16()) {
        let mut field = Rest(extra.bytes(length.into())?);
        if id != 1 {
            continue;
        }
        for value in [&mut member.size, &mut member.packed, &mut member.offset] {
            if *value == u64::from(u32::MAX) {
                *value = field.u64()?;
            }
        }
    }
    Some(Ok(member))
}

/// Goes to where a file's bytes begin, behind a header that names it as the directory does.
fn start<R: Read + Seek>(file: &mut R, path: &str, member: &Member) -> Result<(), DatabaseError> {
    let elsewhere = || damaged(format!("{path} is not where the directory says"));
    file.seek(SeekFrom::Start(member.offset)).map_err(damaged)?;
    let mut header = [0; 30];
    file.read_exact(&mut header).map_err(damaged)?;
    let mut rest = Rest(&header[26..]);
    let lengths = rest.u16().zip(rest.u16()).filter(|_| header.starts_with(&MAGIC));
    let (name, extra) = lengths.ok_or_else(elsewhere)?;
    let mut named = vec![0; name.into()];
    file.read_exact(&mut named).map_err(damaged)?;
    if named != member.name {
        return Err(elsewhere());
    }
    file.seek_relative(extra.into()).map_err(damaged)
}

/// A file's bytes, all of them.
fn content<R: Read + Seek>(file: &mut R, path: &str, member: &Member) -> Result<Vec<u8>, DatabaseError> {
    let wrong = |what: &str| damaged(format!("{path} {what}"));
    start(file, path, member)?;
    let packed = file.take(member.packed);
    let mut bytes = Vec::new();
    let limit = RECORD_LIMIT as u64 + 1;
    match member.method {
        0 => packed.take(limit).read_to_end(&mut bytes).map_err(damaged)?,
        8 => {
            let unpacked = flate2::read::DeflateDecoder::new(packed);
            unpacked.take(limit).read_to_end(&mut bytes).map_err(damaged)?
        }
        _ => return Err(wrong("is compressed in a way that is not known")),
    };
    let mut crc = flate2::Crc::new();
    crc.update(&bytes);
    if bytes.len() as u64 != member.size || crc.sum() != member.crc {
        return Err(wrong("is damaged"));
    }
    Ok(bytes)
}

/// What is left to read; numbers are little-endian.
struct Rest<'a>(&'a [u8]);

impl<'a> Rest<'a> {
    fn bytes(&mut self, count: usize) -> Option<&'a [u8]> {
        let (bytes, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(bytes)
    }

    fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        self.bytes(N)?.try_into().ok()
    }

    fn u16(&mut self) -> Option<u16> {
        self.array().map(u16::from_le_bytes)
    }

    fn u32(&mut self) -> Option<u32> {
        self.array().map(u32::from_le_bytes)
    }

    fn u64(&mut self) -> Option<u64> {
        self.array().map(u64::from_le_bytes)
    }
}

#[cfg(test)]
mod tests {
    use crate::advisories::{
        database::{Database, DatabaseError},
        lock::Ecosystem,
        record::RecordError,
    };
    use std::{fs, io::Write};

    fn record(id: &str, name: &str) -> String {
        format!(
            r#"{{ "id": "{id}", "modified": "2026-08-20T00:00:00Z", "affected": [
                {{ "package": {{ "name": "{name}", "ecosystem": "npm" }}, "versions": ["1.0.0"] }},
                {{ "package": {{ "name": "other", "ecosystem": "PyPI" }}, "versions": ["1.0"] }} ] }}"#
        )
    }

    /// A zip archive, deflated, as `zip` writes one.
    fn zip(files: &[(&str, &str)]) -> Vec<u8> {
        let (mut bytes, mut directory) = (Vec::new(), Vec::new());
        for (name, text) in files {
            let mut encoder = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::fast());
            encoder.write_all(text.as_bytes()).unwrap();
            let packed = encoder.finish().unwrap();
            let mut crc = flate2::Crc::new();
            crc.update(text.as_bytes());
            let offset = bytes.len() as u32;
            let mut shared = Vec::new();
            for number in [20u16, 0, 8, 0, 0] {
                shared.extend(number.to_le_bytes());
            }
            for number in [crc.sum(), packed.len() as u32, text.len() as u32] {
                shared.extend(number.to_le_bytes());
            }
            shared.extend((name.len() as u16).to_le_bytes());
            shared.extend(0u16.to_le_bytes());
            bytes.extend(super::MAGIC);
            bytes.extend(&shared);
            bytes.extend(name.as_bytes());
            bytes.extend(packed);
            directory.extend(super::ENTRY);
            directory.extend(20u16.to_le_bytes());
            directory.extend(&shared);
            directory.extend([0; 10]);
            directory.extend(offset.to_le_bytes());
            directory.extend(name.as_bytes());
        }
        let (start, count) = (bytes.len() as u32, files.len() as u16);
        bytes.extend(&directory);
        bytes.extend(super::END);
        bytes.extend([0; 4]);
        bytes.extend([count.to_le_bytes(), count.to_le_bytes()].concat());
        bytes.extend((directory.len() as u32).to_le_bytes());
        bytes.extend(start.to_le_bytes());
        bytes.extend(0u16.to_le_bytes());
        bytes
    }

    fn open(bytes: &[u8]) -> Result<Database, DatabaseError> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("all.zip");
        fs::write(&path, bytes).unwrap();
        Database::open(&path)
    }

    fn good() -> Vec<u8> {
        let only_npm = record("GHSA-2", "b").replace("PyPI", "Debian:12");
        zip(&[("GHSA-1.json", &record("GHSA-1", "a")), ("GHSA-2.json", &only_npm)])
    }

    #[test]
    fn an_export_answers_for_the_ecosystem_that_all_its_records_are_about_and_no_other() {
        let database = open(&good()).unwrap();
        let source = &database.sources()[0];
        assert_eq!((source.name.as_str(), source.advisories), ("osv/npm", 2));
        assert_eq!(source.ecosystems, [Ecosystem::Npm]);
        assert_eq!(source.date.map(|date| date.to_string()).as_deref(), Some("2026-08-20T00:00:00Z"));
        assert_eq!(database.about(Ecosystem::Npm, "a").unwrap().len(), 1);
        assert_eq!(database.about(Ecosystem::Pypi, "other").unwrap(), []);
    }

    #[test]
    fn records_that_share_no_one_ecosystem_need_a_name() {
        let both = zip(&[("GHSA-1.json", &record("GHSA-1", "a"))]);
        assert!(matches!(open(&both), Err(DatabaseError::NoEcosystem)));
    }

    #[test]
    fn an_archive_cut_off_anywhere_or_with_a_changed_byte_is_refused_or_says_the_same() {
        let bytes = good();
        let whole = open(&bytes).unwrap();
        for end in 0..bytes.len() {
            assert!(open(&bytes[..end]).is_err(), "{end}");
        }
        for at in 0..bytes.len() {
            let mut changed = bytes.clone();
            changed[at] ^= 0x41;
            // Versions, times and the like of the container decide nothing.
            if let Ok(database) = open(&changed) {
                assert_eq!(database.sources()[0].sha256, whole.sources()[0].sha256, "{at}");
            }
        }
    }

    #[test]
    fn a_name_that_leaves_the_archive_or_is_there_twice_is_refused() {
        let text = record("GHSA-1", "a");
        let outside = zip(&[("../GHSA-1.json", &text)]);
        assert!(matches!(open(&outside), Err(DatabaseError::UnsafePath { .. })));
        let twice = zip(&[("GHSA-1.json", &text), ("GHSA-1.json", &text)]);
        assert!(matches!(open(&twice), Err(DatabaseError::DuplicatePath { .. })));
        let huge = zip(&[("GHSA-1.json", &" ".repeat(super::RECORD_LIMIT + 1))]);
        assert!(matches!(open(&huge), Err(DatabaseError::Record(RecordError::TooLarge { .. }))));
        let nothing = zip(&[("README.md", "about")]);
        assert!(matches!(open(&nothing), Err(DatabaseError::NotADatabase { .. })));
    }
}
