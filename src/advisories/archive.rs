//! Advisory files of a tar archive, as `git archive` and forges make them.
//!
//! The rule that must not be broken: an archive is read to its end marker or it is damaged. One that was cut off
//! between two files would otherwise be a database with fewer advisories.
//!
//! It is read twice, file by file: first for the names, which say what kind of database it is and below which folder
//! it lies, then for the advisories. It is never held whole.

use super::{
    checkout::Take,
    database::{DatabaseError, Found, Limits, SourceForm},
    layout::{Place, SourceKind},
    record::{RECORD_LIMIT, RecordError, one_line},
};
use jiff::Timestamp;
use std::{
    collections::BTreeSet,
    fs::File,
    io::{self, BufReader, Read, Seek},
    path::Path,
};

const GZIP_MAGIC: [u8; 2] = [0x1f, 0x8b];

/// Two blocks of zeros end a tar archive.
const END_MARKER: u64 = 1024;

/// A global header says a commit id and little else.
const GLOBAL_HEADER_LIMIT: u64 = 64 << 10;

/// Reads the archive at `path`, as a database of `kind` or of the kind that it looks like.
pub(super) fn read(
    path: &Path,
    kind: Option<SourceKind>,
    limits: Limits,
    take: Take<'_>,
) -> Result<Found, DatabaseError> {
    let name = path.display().to_string();
    if !begins_like_one(path)? {
        return Err(DatabaseError::OtherForm);
    }
    let mut names = Names::default();
    walk(path, limits, |entry| names.add(entry, limits))?;
    let (kind, top) = names.place(kind).ok_or(DatabaseError::NotADatabase { path: name })?;
    walk(path, limits, |mut entry| {
        if entry.header().entry_type().is_pax_global_extensions() {
            return Ok(());
        }
        let path = safe_path(&entry.path_bytes())?;
        let Some(path) = path.strip_prefix(&top).map(str::to_owned) else { return Ok(()) };
        let entry_type = entry.header().entry_type();
        match kind.place(&path) {
            Place::Other => Ok(()),
            _ if entry_type.is_dir() => Ok(()),
            Place::Misplaced => Err(RecordError::Misplaced { path }.into()),
            _ if entry_type != tar::EntryType::Regular => Err(DatabaseError::NotAFile { path }),
            _ if entry.size() > RECORD_LIMIT as u64 => Err(RecordError::TooLarge { path }.into()),
            _ => take(kind, &path, &content(&mut entry)?),
        }
    })?;
    Ok(Found { kind, form: SourceForm::Archive, date: names.date(), commit: names.commit })
}

/// Whether a file begins as an archive does, whatever became of the rest: with gzip's first bytes, or with a block that is a
/// header or empty. Of a block that is cut off, a header has zeros in it, and a text none.
fn begins_like_one(path: &Path) -> Result<bool, DatabaseError> {
    let unreadable = |source| DatabaseError::Unreadable { path: path.display().to_string(), source };
    let mut first = Vec::new();
    File::open(path).map_err(unreadable)?.take(512).read_to_end(&mut first).map_err(unreadable)?;
    let Ok(block) = <[u8; 512]>::try_from(first.as_slice()) else {
        let is_packed = first.starts_with(&GZIP_MAGIC) || GZIP_MAGIC.starts_with(&first);
        return Ok(is_packed || first.contains(&0));
    };
    let sums = |(at, byte): (usize, &u8)| u32::from(if (148..156).contains(&at) { b' ' } else { *byte });
    let header = tar::Header::from_byte_slice(&block);
    Ok(block.starts_with(&GZIP_MAGIC)
        || block[0] == 0
        || block[257..262] == *b"ustar"
        || header.cksum().is_ok_and(|told| told == block.iter().enumerate().map(sums).sum::<u32>()))
}

/// Hands over every entry of the archive, and reads it to its end.
fn walk(
    path: &Path,
    limits: Limits,
    mut each: impl FnMut(tar::Entry<'_, Tail<Box<dyn Read>>>) -> Result<(), DatabaseError>,
) -> Result<(), DatabaseError> {
    let mut archive = tar::Archive::new(Tail::new(unpacked(path)?, limits.bytes));
    for entry in archive.entries().map_err(damaged)? {
        each(entry.map_err(damaged)?)?;
    }
    let mut tail = archive.into_inner();
    let mut buffer = [0; 4096];
    loop {
        match tail.read(&mut buffer) {
            Ok(0) => break,
            Ok(count) if buffer[..count].iter().any(|byte| *byte != 0) => {
                return Err(damaged("something follows its end marker"));
            }
            Ok(_) => {}
            Err(_) if tail.is_over => return Err(DatabaseError::TooLarge(limits.bytes)),
            Err(error) => return Err(damaged(error)),
        }
    }
    if tail.zeros < END_MARKER {
        return Err(damaged("it has no end marker"));
    }
    Ok(())
}

/// The archive's bytes, decompressed as they are read.
fn unpacked(path: &Path) -> Result<Box<dyn Read>, DatabaseError> {
    let unreadable = |source| DatabaseError::Unreadable { path: path.display().to_string(), source };
    let mut file = File::open(path).map_err(unreadable)?;
    let mut magic = Vec::new();
    file.by_ref().take(2).read_to_end(&mut magic).map_err(unreadable)?;
    file.rewind().map_err(unreadable)?;
    let file = BufReader::with_capacity(1 << 16, file);
    Ok(match magic == GZIP_MAGIC {
        true => Box::new(BufReader::with_capacity(1 << 16, flate2::bufread::MultiGzDecoder::new(file))),
        false => Box::new(file),
    })
}

/// A reader that counts the zeros at the end of what it has read, and ends at a limit.
struct Tail<R> {
    inner: R,
    zeros: u64,
    left: u64,
    is_over: bool,
}

impl<R> Tail<R> {
    fn new(inner: R, limit: u64) -> Self {
        Self { inner, zeros: 0, left: limit, is_over: false }
    }
}

impl<R: Read> Read for Tail<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        let read = &buffer[..count];
        let zeros = read.iter().rev().take_while(|byte| **byte == 0).count();
        self.zeros = if zeros == count { self.zeros + zeros as u64 } else { zeros as u64 };
        match self.left.checked_sub(count as u64) {
            Some(left) => self.left = left,
            None => {
                self.is_over = true;
                return Err(io::Error::other("it unpacks to too many bytes"));
            }
        }
        Ok(count)
    }
}

/// The names of an archive's files, with what its headers say about its source.
#[derive(Default)]
struct Names {
    names: BTreeSet<String>,
    seen: usize,
    commit: Option<String>,
    /// The time of all files; `None` once two differ.
    time: Option<Option<u64>>,
}

impl Names {
    fn add<R: Read>(&mut self, mut entry: tar::Entry<'_, R>, limits: Limits) -> Result<(), DatabaseError> {
        self.seen += 1;
        if self.seen > limits.entries {
            return Err(DatabaseError::TooManyEntries(limits.entries));
        }
        let kind = entry.header().entry_type();
        if kind.is_pax_global_extensions() {
            self.commit = commit_of(&mut entry)?;
            return Ok(());
        }
        let path = safe_path(&entry.path_bytes())?;
        if kind.is_dir() {
            return Ok(());
        }
        let time = entry.header().mtime().map_err(damaged)?;
        self.time = Some(match self.time {
            None => Some(time),
            Some(known) => known.filter(|known| *known == time),
        });
        if !self.names.insert(path.clone()) {
            return Err(DatabaseError::DuplicatePath { path });
        }
        Ok(())
    }

    /// The kind of database, and the folder that it lies in with its slash. What is not inside that folder is not the
    /// database's.
    fn place(&self, kind: Option<SourceKind>) -> Option<(SourceKind, String)> {
        let top = self.top_folder();
        for top in top.into_iter().chain([String::new()]) {
            let inside = self.names.iter().filter_map(|name| name.strip_prefix(&top));
            let found = match kind {
                Some(kind) => inside.clone().any(|path| kind.place(path) == Place::Record).then_some(kind),
                None => SourceKind::of_paths(inside.clone()),
            };
            // An export has no folders; below one, another kind may be.
            let is_loose = matches!(found, Some(SourceKind::Osv(_)))
                && !inside.clone().any(|path| path.ends_with(".json") && !path.contains('/'));
            if let Some(kind) = found.filter(|_| !is_loose) {
                return Some((kind, top));
            }
        }
        None
    }

    /// The one folder that everything lies in, with its slash.
    fn top_folder(&self) -> Option<String> {
        let mut firsts = self.names.iter().map(|path| path.split_once('/').map(|(first, _)| first));
        let first = firsts.next()??;
        firsts.all(|other| other == Some(first)).then(|| format!("{first}/"))
    }

    /// The commit's time. `git archive` gives every file that time and writes the commit id beside it; without both,
    /// the times are those of some copy, and say nothing about the database.
    fn date(&self) -> Option<Timestamp> {
        self.commit.as_ref()?;
        let time = self.time.flatten().filter(|time| *time != 0)?;
        Timestamp::from_second(i64::try_from(time).ok()?).ok()
    }
}

/// The commit id in a global header, if it is one.
fn commit_of<R: Read>(entry: &mut tar::Entry<'_, R>) -> Result<Option<String>, DatabaseError> {
    if entry.size() > GLOBAL_HEADER_LIMIT {
        return Err(damaged("its global header is too large"));
    }
    let body = content(entry)?;
    for extension in tar::PaxExtensions::new(&body) {
        let extension = extension.map_err(damaged)?;
        if let (Ok("comment"), Ok(value)) = (extension.key(), extension.value()) {
            let is_id = matches!(value.len(), 40 | 64) && value.bytes().all(|byte| byte.is_ascii_hexdigit());
            return Ok(is_id.then(|| value.to_ascii_lowercase()));
        }
    }
    Ok(None)
}

/// An entry's bytes, all of them.
fn content<R: Read>(entry: &mut tar::Entry<'_, R>) -> Result<Vec<u8>, DatabaseError> {
    let size = entry.size();
    let mut bytes = Vec::new();
    entry.take(size).read_to_end(&mut bytes).map_err(damaged)?;
    if bytes.len() as u64 != size {
        return Err(damaged("a file in it is cut off"));
    }
    Ok(bytes)
}

/// A path of plain names, without the `.` that some tools put first.
pub(super) fn safe_path(path: &[u8]) -> Result<String, DatabaseError> {
    let unsafe_path = || DatabaseError::UnsafePath { path: String::from_utf8_lossy(path).into_owned() };
    let text = std::str::from_utf8(path).map_err(|_| unsafe_path())?;
    let text = text.trim_start_matches("./").trim_end_matches('/');
    let plain = |name: &str| !name.is_empty() && name != "." && name != "..";
    if text == "." || text.is_empty() && path.starts_with(b"./") {
        return Ok(".".to_owned());
    }
    if text.contains(['\\', '\0']) || !text.split('/').all(plain) {
        return Err(unsafe_path());
    }
    Ok(text.to_owned())
}

pub(super) fn damaged(reason: impl std::fmt::Display) -> DatabaseError {
    DatabaseError::Damaged { reason: one_line(&reason.to_string()) }
}

#[cfg(test)]
mod tests {
    use crate::advisories::{
        database::{DatabaseError, Found, Limits},
        record::{RECORD_LIMIT, RecordError},
        testing::{ARCHIVE_TIME, Tar, gzip, three_records},
    };
    use std::{collections::BTreeMap, fs};
    use tar::EntryType;

    const COMMIT: &str = "bf5c0d245a92671908518d7e765914d437954ed6";

    const LIMITS: Limits = Limits { entries: 100, bytes: 8 << 20 };

    struct Files {
        files: BTreeMap<String, Vec<u8>>,
        found: Found,
    }

    fn read_bytes(bytes: &[u8]) -> Result<Files, DatabaseError> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("db.tar");
        fs::write(&path, bytes).unwrap();
        let mut files = BTreeMap::new();
        let found = super::read(&path, None, LIMITS, &mut |_, path, bytes| {
            files.insert(path.to_owned(), bytes.to_vec());
            Ok(())
        })?;
        Ok(Files { files, found })
    }

    fn error(tar: Tar) -> DatabaseError {
        match read_bytes(&tar.bytes()) {
            Ok(_) => panic!("accepted"),
            Err(error) => error,
        }
    }

    fn good() -> Tar {
        Tar::of_three_records(COMMIT)
    }

    #[test]
    fn any_top_folder_or_none_gives_the_same_files() {
        let plain = read_bytes(&good().bytes()).map(|files| files.files).ok().unwrap();
        assert_eq!(plain.len(), 3);
        for top in ["", "./", "crates/", "./x-1.2/"] {
            let mut tar = Tar::bare();
            for (path, text) in three_records() {
                tar.file(&format!("{top}{path}"), &text);
            }
            let files = read_bytes(&tar.bytes()).map(|files| files.files).ok().unwrap();
            assert_eq!(files, plain, "{top}");
        }
    }

    #[test]
    fn a_path_that_leaves_the_archive_is_refused() {
        for path in ["advisory-db/../../etc/x", "../x", "/etc/x", "advisory-db/a\\..\\b", "advisory-db//x"] {
            let mut tar = good();
            tar.file(path, "x");
            assert!(matches!(error(tar), DatabaseError::UnsafePath { .. }), "{path}");
        }
    }

    #[test]
    fn a_link_in_an_advisorys_place_is_refused() {
        for kind in [EntryType::Symlink, EntryType::Link, EntryType::Fifo, EntryType::Char] {
            let mut tar = good();
            tar.raw("advisory-db/crates/foo/RUSTSEC-2022-0001.md", kind, b"");
            assert!(matches!(error(tar), DatabaseError::NotAFile { .. }), "{kind:?}");
        }
    }

    #[test]
    fn a_link_elsewhere_is_nobodys() {
        let mut tar = good();
        tar.raw("advisory-db/LINK", EntryType::Symlink, b"");
        assert_eq!(read_bytes(&tar.bytes()).ok().unwrap().files.len(), 3);
    }

    #[test]
    fn a_path_given_twice_is_refused() {
        let mut tar = good();
        tar.file(&format!("advisory-db/{}", three_records()[0].0), "x");
        assert!(matches!(error(tar), DatabaseError::DuplicatePath { .. }));
    }

    #[test]
    fn too_much_is_refused() {
        let mut tar = good();
        tar.file("advisory-db/crates/foo/RUSTSEC-2022-0001.md", &"x".repeat(RECORD_LIMIT + 1));
        assert!(matches!(error(tar), DatabaseError::Record(RecordError::TooLarge { .. })));
        let bomb = gzip(&vec![0; LIMITS.bytes as usize + 1]);
        assert!(bomb.len() < 1 << 20);
        assert!(matches!(read_bytes(&bomb), Err(DatabaseError::TooLarge(_))));
        let mut tar = good();
        (0..100).for_each(|n| _ = tar.file(&format!("advisory-db/{n}"), ""));
        assert!(matches!(error(tar), DatabaseError::TooManyEntries(100)));
    }

    #[test]
    fn an_archive_cut_off_anywhere_is_refused() {
        let whole = good().bytes();
        for end in (0..whole.len() - 512).step_by(512) {
            assert!(matches!(read_bytes(&whole[..end]), Err(DatabaseError::Damaged { .. })), "{end}");
        }
        let packed = gzip(&whole);
        for end in 0..packed.len() {
            assert!(matches!(read_bytes(&packed[..end]), Err(DatabaseError::Damaged { .. })), "{end}");
        }
    }

    #[test]
    fn what_begins_like_no_archive_is_said_to_be_none() {
        let text = "name = \"widget\"\n".repeat(100);
        for bytes in [&b"x"[..], b"some text\n", text.as_bytes(), &[0x28, 0xb5, 0x2f, 0xfd].repeat(200)] {
            assert!(matches!(read_bytes(bytes), Err(DatabaseError::OtherForm)), "{bytes:?}");
        }
        // Headers before POSIX have no mark, but their sum.
        let mut old = tar::Header::new_old();
        old.set_path("advisory-db/").unwrap();
        old.set_cksum();
        assert!(matches!(read_bytes(old.as_bytes()), Err(DatabaseError::Damaged { .. })));
        for bytes in [&b""[..], b"\x1f\x8b", b"advisory-db\0", &good().bytes()[..300]] {
            assert!(matches!(read_bytes(bytes), Err(DatabaseError::Damaged { .. })), "{bytes:?}");
        }
    }

    #[test]
    fn a_damaged_or_extended_archive_is_refused() {
        let mut packed = gzip(&good().bytes());
        let middle = packed.len() / 2;
        packed[middle] ^= 1;
        assert!(matches!(read_bytes(&packed), Err(DatabaseError::Damaged { .. })));
        let mut twice = good().bytes();
        twice.extend(good().bytes());
        assert!(matches!(read_bytes(&twice), Err(DatabaseError::Damaged { .. })));
    }

    #[test]
    fn only_an_archive_with_a_commit_and_one_time_has_a_date() {
        let date = |tar: Tar| read_bytes(&tar.bytes()).ok().unwrap().found.date.map(|date| date.as_second());
        assert_eq!(date(good()), Some(ARCHIVE_TIME as i64));
        let mut copied = Tar::bare();
        for (path, text) in three_records() {
            copied.file(&path, &text);
        }
        assert_eq!(date(copied), None);
        let mut touched = good();
        touched.time += 1;
        touched.file("advisory-db/new", "x");
        assert_eq!(date(touched), None);
        assert_eq!(date(Tar::of_three_records("not a commit id, but forty bytes long ..")), None);
    }
}
