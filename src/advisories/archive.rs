//! Advisory files of a tar archive, as `git archive` and forges make them.
//!
//! The rule that must not be broken: an archive is read to its end marker or it is damaged. One that was cut off
//! between two files would otherwise be a database with fewer advisories.

use super::{
    database::{DatabaseError, ENTRY_LIMIT, Files, SourceForm, TOTAL_LIMIT, is_record_path},
    record::{RECORD_LIMIT, RecordError, one_line},
};
use jiff::Timestamp;
use std::{
    collections::BTreeMap,
    fs::File,
    io::{self, Read},
    path::Path,
};

const GZIP_MAGIC: [u8; 2] = [0x1f, 0x8b];

/// Two blocks of zeros end a tar archive.
const END_MARKER: [u8; 1024] = [0; 1024];

/// A global header says a commit id and little else.
const GLOBAL_HEADER_LIMIT: u64 = 64 << 10;

/// Reads the archive at `path`.
pub(super) fn read(path: &Path) -> Result<Files, DatabaseError> {
    let name = path.display().to_string();
    let bytes = unpacked(path, &name)?;
    if !bytes.ends_with(&END_MARKER) {
        return Err(damaged("it has no end marker"));
    }
    let mut archive = tar::Archive::new(bytes.as_slice());
    let mut members = Members::default();
    for entry in archive.entries().map_err(damaged)? {
        members.add(entry.map_err(damaged)?)?;
    }
    if archive.into_inner().iter().any(|byte| *byte != 0) {
        return Err(damaged("something follows its end marker"));
    }
    members.into_files(name)
}

/// The archive's bytes, decompressed, within the limit.
fn unpacked(path: &Path, name: &str) -> Result<Vec<u8>, DatabaseError> {
    let unreadable = |source| DatabaseError::Unreadable { path: name.to_owned(), source };
    let file = File::open(path).map_err(unreadable)?;
    let packed = capped(file)?.map_err(unreadable)?;
    if !packed.starts_with(&GZIP_MAGIC) {
        return Ok(packed);
    }
    capped(flate2::read::MultiGzDecoder::new(packed.as_slice()))?.map_err(damaged)
}

/// Everything that `reader` has; the outer error is that it has too much.
fn capped(reader: impl Read) -> Result<io::Result<Vec<u8>>, DatabaseError> {
    let mut bytes = Vec::new();
    if let Err(error) = reader.take(TOTAL_LIMIT + 1).read_to_end(&mut bytes) {
        return Ok(Err(error));
    }
    if bytes.len() as u64 > TOTAL_LIMIT {
        return Err(DatabaseError::TooLarge);
    }
    Ok(Ok(bytes))
}

enum Member {
    File(Vec<u8>),
    Oversized,
    Other,
}

/// What an archive holds, by path, with what its headers say about its source.
#[derive(Default)]
struct Members {
    members: BTreeMap<String, Member>,
    seen: usize,
    commit: Option<String>,
    times: Vec<u64>,
}

impl Members {
    fn add<R: Read>(&mut self, mut entry: tar::Entry<'_, R>) -> Result<(), DatabaseError> {
        self.seen += 1;
        if self.seen > ENTRY_LIMIT {
            return Err(DatabaseError::TooManyEntries);
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
        self.times.push(entry.header().mtime().map_err(damaged)?);
        let member = match kind {
            tar::EntryType::Regular if entry.size() > RECORD_LIMIT as u64 => Member::Oversized,
            tar::EntryType::Regular => Member::File(content(&mut entry)?),
            _ => Member::Other,
        };
        if self.members.insert(path.clone(), member).is_some() {
            return Err(DatabaseError::DuplicatePath { path });
        }
        Ok(())
    }

    fn into_files(self, name: String) -> Result<Files, DatabaseError> {
        let top = self.top_folder();
        let date = self.date();
        let mut files = BTreeMap::new();
        for (path, member) in self.members {
            let Some(path) = path.strip_prefix(&top).filter(|path| is_record_path(path)) else { continue };
            let path = path.to_owned();
            match member {
                Member::File(bytes) => files.insert(path, bytes),
                Member::Oversized => return Err(RecordError::TooLarge { path }.into()),
                Member::Other => return Err(DatabaseError::NotAFile { path }),
            };
        }
        if !files.keys().any(|path| path.starts_with("crates/")) {
            return Err(DatabaseError::NotADatabase { path: name });
        }
        Ok(Files { form: SourceForm::Archive, commit: self.commit, date, files })
    }

    /// The one folder that everything lies in, with its slash; empty when the archive has none.
    fn top_folder(&self) -> String {
        let mut firsts = self.members.keys().map(|path| path.split_once('/').map(|(first, _)| first));
        let Some(Some(first)) = firsts.next() else { return String::new() };
        let top = format!("{first}/");
        let inside = format!("{top}crates/");
        let shared = firsts.all(|other| other == Some(first));
        if shared && self.members.keys().any(|path| path.starts_with(&inside)) { top } else { String::new() }
    }

    /// The commit's time. `git archive` gives every file that time and writes the commit id beside it; without both,
    /// the times are those of some copy, and say nothing about the database.
    fn date(&self) -> Option<Timestamp> {
        self.commit.as_ref()?;
        let (first, others) = self.times.split_first()?;
        if *first == 0 || others.iter().any(|other| other != first) {
            return None;
        }
        Timestamp::from_second(i64::try_from(*first).ok()?).ok()
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
fn safe_path(path: &[u8]) -> Result<String, DatabaseError> {
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

fn damaged(reason: impl std::fmt::Display) -> DatabaseError {
    DatabaseError::Damaged { reason: one_line(&reason.to_string()) }
}

#[cfg(test)]
mod tests {
    use super::read;
    use crate::advisories::{
        database::{DatabaseError, Files, TOTAL_LIMIT},
        record::{RECORD_LIMIT, RecordError},
        testing::{ARCHIVE_TIME, Tar, gzip, three_records},
    };
    use std::fs;
    use tar::EntryType;

    const COMMIT: &str = "bf5c0d245a92671908518d7e765914d437954ed6";

    fn read_bytes(bytes: &[u8]) -> Result<Files, DatabaseError> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("db.tar");
        fs::write(&path, bytes).unwrap();
        read(&path)
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
        let bomb = gzip(&vec![0; TOTAL_LIMIT as usize + 1]);
        assert!(bomb.len() < 1 << 20);
        assert!(matches!(read_bytes(&bomb), Err(DatabaseError::TooLarge)));
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
        let date = |tar: Tar| read_bytes(&tar.bytes()).ok().unwrap().date.map(|date| date.as_second());
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
