//! Programs and packages in archives: tar, zip, and what is compressed with gzip or zstd.
//!
//! The rule that must not be broken: what is unpacked is counted against the room that there is for the whole release, and an
//! archive that cannot be read to its end is said to be so, whatever was found in it before. Members' names are only shown.

use super::{
    BuildList, Contents, LIST_BYTES, ListKind, Unopened,
    layout::Region,
    looker::Room,
    nested, package, program,
    sort::{End, HEAD, Sort, sort},
    tape,
};
use flate2::read::MultiGzDecoder;
use std::{
    fs::File,
    io::{self, BufReader, Read, Write},
};

/// Largest list of the members of a zip archive, in bytes.
const DIRECTORY: u64 = 32 << 20;

/// Why an archive in an archive is not looked into.
pub(super) const NESTED: &str = "it is an archive in an archive, which is not looked into";

/// Looks through the file.
pub(super) fn look(file: &mut File, size: u64, head: &[u8], room: &Room) -> Contents {
    let mut contents = Contents::default();
    let looked = match sort(head) {
        Sort::Program => {
            program::look(Region { file, start: 0, size }, "", &mut contents);
            End::of(&mut *file, size).and_then(|end| behind(file, size, &end, room, &mut contents))
        }
        Sort::Script => script(file, size, room, &mut contents),
        Sort::Gzip => unpacked(MultiGzDecoder::new(BufReader::new(file)), room, &mut contents),
        Sort::Zstd => zstd(file).and_then(|reader| unpacked(reader, room, &mut contents)),
        Sort::Tar => tape::look(BufReader::new(file), room, &mut contents),
        Sort::Zip => zip(file, size, room, &mut contents),
        Sort::Closed(what) => Err(closed(what)),
        Sort::Other => Ok(()),
    };
    if let Err(error) = looked {
        contents.unread.push(Unopened { member: String::new(), why: said(&error) });
    }
    contents
}

/// Why what is called `what` is unread.
pub(super) fn closed(what: &str) -> io::Error {
    io::Error::other(format!("it is {what}, which is not looked into"))
}

/// Looks through the archive that a file is by its end, too.
fn behind(file: &mut File, size: u64, end: &End, room: &Room, contents: &mut Contents) -> io::Result<()> {
    match end.sort() {
        Sort::Zip => zip(file, size, room, contents),
        Sort::Closed(what) => Err(closed(what)),
        _ => Ok(()),
    }
}

/// Looks through what is behind a script: a zip archive, or what nobody but the script itself unpacks.
fn script(file: &mut File, size: u64, room: &Room, contents: &mut Contents) -> io::Result<()> {
    let mut end = End::default();
    io::copy(file, &mut end)?;
    if end.sort() == Sort::Other && end.is_binary() {
        return Err(closed("a script with something else behind it"));
    }
    behind(file, size, &end, room, contents)
}

fn said(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::Other => error.to_string(),
        kind => format!("it cannot be unpacked: {kind}"),
    }
}

fn zstd(file: &mut File) -> io::Result<impl Read> {
    let mut reader = zstd::stream::read::Decoder::new(file)?;
    reader.window_log_max(27)?;
    Ok(reader)
}

/// What is compressed as a whole: an archive, or one program.
fn unpacked(reader: impl Read, room: &Room, contents: &mut Contents) -> io::Result<()> {
    let mut reader = Metered { reader, room };
    let head = head_of(&mut reader, HEAD)?;
    let sort = sort(&head);
    let mut whole = head.as_slice().chain(&mut reader);
    match sort {
        Sort::Tar => tape::look(whole, room, contents),
        Sort::Program => member(&mut whole, "", room, contents),
        Sort::Gzip | Sort::Zstd | Sort::Zip | Sort::Closed(_) => Err(io::Error::other(NESTED)),
        Sort::Script | Sort::Other if hides(&mut whole, sort)? => Err(io::Error::other(NESTED)),
        Sort::Script | Sort::Other => Ok(()),
    }
}

fn zip(file: &mut File, size: u64, room: &Room, contents: &mut Contents) -> io::Result<()> {
    let members = members(file, size)?;
    let damaged = |error: ::zip::result::ZipError| match error {
        ::zip::result::ZipError::Io(error) => error,
        other => io::Error::other(format!("it cannot be unpacked: {other}")),
    };
    let mut archive = ::zip::ZipArchive::new(BufReader::new(file)).map_err(damaged)?;
    for at in 0..archive.len() {
        let entry = archive.by_index(at).map_err(damaged)?;
        if !entry.is_file() && entry.size() == 0 {
            continue;
        }
        let name = entry.name().map_err(damaged)?.into_owned();
        one(&mut Metered { reader: entry, room }, &name, room, contents)?;
    }
    if archive.len() == members {
        Ok(())
    } else {
        // The last of each name was looked at; which one is unpacked depends on the program.
        Err(io::Error::other("it has several members of one name"))
    }
}

/// How many members a zip archive says that it has. One whose list of them would take much memory is refused (APPNOTE.TXT
/// 4.3.16).
fn members(file: &mut File, size: u64) -> io::Result<usize> {
    let end = End::of(file, size)?;
    let record = end
        .record()
        .ok_or_else(|| io::Error::other("it cannot be unpacked: it is cut short, or no zip archive"))?;
    if record.members == u16::MAX || u64::from(record.directory) > DIRECTORY {
        return Err(io::Error::other("it has more members than are looked through"));
    }
    Ok(record.members.into())
}

/// Looks at a member of an archive: a program, a package's own metadata, another archive, or nothing to look for.
pub(super) fn one(
    reader: &mut impl Read,
    name: &str,
    room: &Room,
    contents: &mut Contents,
) -> io::Result<()> {
    if let Some(kind) = package::metadata_of(name).or_else(|| nested::kind_of(name)) {
        return list(kind, reader, name, room, contents);
    }
    let head = head_of(reader, HEAD)?;
    let mut whole = head.as_slice().chain(reader);
    let is_nested = match sort(&head) {
        Sort::Program => return member(&mut whole, name, room, contents),
        Sort::Gzip | Sort::Zstd | Sort::Zip | Sort::Tar | Sort::Closed(_) => true,
        sort @ (Sort::Script | Sort::Other) => hides(&mut whole, sort)?,
    };
    if is_nested || nested::is_archive_by_name(name) {
        contents.unread.push(Unopened { member: name.to_owned(), why: NESTED.to_owned() });
    }
    Ok(())
}

/// Keeps a list that is a member by itself.
fn list(
    kind: ListKind,
    reader: &mut impl Read,
    name: &str,
    room: &Room,
    contents: &mut Contents,
) -> io::Result<()> {
    let is_whole = matches!(kind, ListKind::Lock | ListKind::Bill);
    let most = if is_whole || kind.is_of_installer() { LIST_BYTES } else { package::METADATA };
    let mut bytes = Vec::new();
    reader.take(most as u64 + 1).read_to_end(&mut bytes)?;
    if bytes.len() > most {
        let is_of_others = is_whole || kind.is_bundled();
        let what = if is_of_others { format!("{}: it", nested::LIST) } else { "it".to_owned() };
        let why = format!("{what} has more than {most} bytes");
        contents.unread.push(Unopened { member: name.to_owned(), why });
    } else if kind.is_bundled() {
        nested::add(kind, name, &bytes, contents);
    } else {
        room.list(bytes.len())?;
        contents.lists.push(BuildList { member: name.to_owned(), kind, bytes });
    }
    Ok(())
}

/// Whether what begins like no archive is one by its end, or is a script with something else behind it.
fn hides(reader: &mut impl Read, sort: Sort) -> io::Result<bool> {
    let mut end = End::default();
    io::copy(reader, &mut end)?;
    Ok(end.sort() != Sort::Other || sort == Sort::Script && end.is_binary())
}

/// Looks through a program in an archive, which is unpacked into a file without a name.
fn member(reader: &mut impl Read, name: &str, room: &Room, contents: &mut Contents) -> io::Result<()> {
    let mut spool = room.spool()?;
    let mut part = vec![0; 64 << 10];
    loop {
        match reader.read(&mut part) {
            Ok(0) => break,
            Ok(size) => spool.write_all(&part[..size])?,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    let size = spool.size();
    program::look(Region { file: spool.file(), start: 0, size }, name, contents);
    if End::of(spool.file(), size)?.sort() != Sort::Other {
        contents.unread.push(Unopened { member: name.to_owned(), why: NESTED.to_owned() });
    }
    Ok(())
}

/// The first bytes, or fewer where there are no more.
fn head_of(reader: &mut impl Read, size: usize) -> io::Result<Vec<u8>> {
    let mut head = Vec::with_capacity(size);
    reader.take(size as u64).read_to_end(&mut head)?;
    Ok(head)
}

/// What is unpacked, counted.
struct Metered<'a, R> {
    reader: R,
    room: &'a Room,
}

impl<R: Read> Read for Metered<'_, R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let size = self.reader.read(buf)?;
        self.room.unpack(size)?;
        Ok(size)
    }
}
