//! Programs and packages in archives: tar, zip, and what is compressed with gzip or zstd.
//!
//! The rule that must not be broken: what is unpacked is counted against the room that there is for the whole release, and an
//! archive that cannot be read to its end is said to be so, whatever was found in it before. Members' names are only shown.

use super::{
    BuildList, Contents, Unopened,
    layout::Region,
    looker::Room,
    package,
    program::{self, is_program},
};
use flate2::read::MultiGzDecoder;
use std::{
    fs::File,
    io::{self, BufReader, Read, Seek, SeekFrom, Write},
};

/// How many bytes of a file tell what it is: the first header of a tar archive.
pub(super) const HEAD: usize = 512;

/// Most members of an archive.
const MEMBERS: usize = 200_000;

/// Largest list of the members of a zip archive, in bytes.
const DIRECTORY: u64 = 32 << 20;

/// Why an archive in an archive is not looked into.
const NESTED: &str = "it is an archive in an archive, which is not looked into";

/// What a file is, by its first bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sort {
    Program,
    Gzip,
    Zstd,
    Tar,
    Zip,
    /// An archive that is not looked into: what it is called.
    Closed(&'static str),
    /// Anything else: there are no programs in it.
    Other,
}

/// What begins with `head` is.
pub(super) fn sort(head: &[u8]) -> Sort {
    const CLOSED: &[(&[u8], &str)] = &[
        (b"\xfd7zXZ\0", "compressed with xz"),
        (b"BZh", "compressed with bzip2"),
        (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
        (b"!<arch>\n", "a Debian package or an ar archive"),
        (b"\xed\xab\xee\xdb", "an RPM package"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "a Windows installer"),
        (b"MSCF", "a cabinet archive"),
    ];
    if let Some((_, what)) = CLOSED.iter().find(|(magic, _)| head.starts_with(magic)) {
        return Sort::Closed(what);
    }
    match head {
        [0x1f, 0x8b, ..] => Sort::Gzip,
        [0x28, 0xb5, 0x2f, 0xfd, ..] => Sort::Zstd,
        [b'P', b'K', 3, 4, ..] | [b'P', b'K', 5, 6, ..] => Sort::Zip,
        _ if is_program(head) => Sort::Program,
        _ if is_tar(head) => Sort::Tar,
        _ => Sort::Other,
    }
}

/// By its magic, or, as archives from before there was one, by the checksum of its first header, which is computed with
/// spaces in its own place.
fn is_tar(head: &[u8]) -> bool {
    if head.get(257..262).is_some_and(|magic| magic == b"ustar") {
        return true;
    }
    let Some(written) = head.get(148..156).filter(|_| head.len() == HEAD) else { return false };
    let digits = String::from_utf8_lossy(written);
    let written = u32::from_str_radix(digits.trim_matches([' ', '\0']), 8);
    let sum = |bytes: &[u8]| bytes.iter().map(|byte| u32::from(*byte)).sum::<u32>();
    written.is_ok_and(|written| written == sum(&head[..148]) + 8 * u32::from(b' ') + sum(&head[156..]))
}

/// Looks through the file.
pub(super) fn look(file: &mut File, size: u64, head: &[u8], room: &Room) -> Contents {
    let mut contents = Contents::default();
    let looked = match sort(head) {
        Sort::Program => {
            program::look(Region { file, start: 0, size }, "", &mut contents);
            Ok(())
        }
        Sort::Gzip => unpacked(MultiGzDecoder::new(BufReader::new(file)), room, &mut contents),
        Sort::Zstd => zstd(file).and_then(|reader| unpacked(reader, room, &mut contents)),
        Sort::Tar => tar(BufReader::new(file), room, &mut contents),
        Sort::Zip => zip(file, size, room, &mut contents),
        Sort::Closed(what) => Err(io::Error::other(format!("it is {what}, which is not looked into"))),
        Sort::Other => Ok(()),
    };
    if let Err(error) = looked {
        contents.unread.push(Unopened { member: String::new(), why: said(&error) });
    }
    contents
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
        Sort::Tar => tar(whole, room, contents),
        Sort::Program => member(&mut whole, "", room, contents),
        Sort::Gzip | Sort::Zstd | Sort::Zip | Sort::Closed(_) => Err(io::Error::other(NESTED)),
        Sort::Other => io::copy(&mut whole, &mut io::sink()).map(|_| ()),
    }
}

fn tar(reader: impl Read, room: &Room, contents: &mut Contents) -> io::Result<()> {
    let mut archive = ::tar::Archive::new(reader);
    for (at, entry) in archive.entries()?.enumerate() {
        if at >= MEMBERS {
            return Err(io::Error::other(format!("it has more than {MEMBERS} members")));
        }
        let mut entry = entry?;
        let kind = entry.header().entry_type();
        // Contiguous and sparse files are files to everybody who unpacks them.
        if !(kind.is_file() || kind.is_contiguous() || kind.is_gnu_sparse()) {
            continue;
        }
        let name = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
        one(&mut entry, &name, room, contents)?;
    }
    Ok(())
}

fn zip(file: &mut File, size: u64, room: &Room, contents: &mut Contents) -> io::Result<()> {
    directory_fits(file, size)?;
    let damaged = |error: ::zip::result::ZipError| match error {
        ::zip::result::ZipError::Io(error) => error,
        other => io::Error::other(format!("it cannot be unpacked: {other}")),
    };
    let mut archive = ::zip::ZipArchive::new(BufReader::new(file)).map_err(damaged)?;
    for at in 0..archive.len() {
        let entry = archive.by_index(at).map_err(damaged)?;
        if !entry.is_file() {
            continue;
        }
        let name = entry.name().map_err(damaged)?.into_owned();
        one(&mut Metered { reader: entry, room }, &name, room, contents)?;
    }
    Ok(())
}

/// Refuses an archive whose list of members would take much memory (APPNOTE.TXT 4.3.16).
fn directory_fits(file: &mut File, size: u64) -> io::Result<()> {
    let tail = size.min(22 + 0xffff);
    file.seek(SeekFrom::Start(size - tail))?;
    let mut bytes = vec![0; usize::try_from(tail).unwrap_or(0)];
    file.read_exact(&mut bytes)?;
    let at = bytes.windows(4).rposition(|window| window == b"PK\x05\x06");
    let end = at
        .and_then(|at| bytes.get(at..at + 22))
        .ok_or_else(|| io::Error::other("it cannot be unpacked: it is cut short, or no zip archive"))?;
    let members = u16::from_le_bytes([end[10], end[11]]);
    let directory = u32::from_le_bytes([end[12], end[13], end[14], end[15]]);
    if members == u16::MAX || u64::from(directory) > DIRECTORY {
        return Err(io::Error::other("it has more members than are looked through"));
    }
    Ok(())
}

/// Looks at a member of an archive: a program, a package's own metadata, another archive, or nothing to look for.
fn one(reader: &mut impl Read, name: &str, room: &Room, contents: &mut Contents) -> io::Result<()> {
    if let Some(kind) = package::metadata_of(name) {
        let mut bytes = Vec::new();
        reader.take(package::METADATA as u64 + 1).read_to_end(&mut bytes)?;
        let member = name.to_owned();
        if bytes.len() > package::METADATA {
            let why = format!("it has more than {} bytes", package::METADATA);
            contents.unread.push(Unopened { member, why });
        } else {
            contents.lists.push(BuildList { member, kind, bytes });
        }
        return Ok(());
    }
    let head = head_of(reader, HEAD)?;
    match sort(&head) {
        Sort::Program => member(&mut head.as_slice().chain(reader), name, room, contents),
        Sort::Gzip | Sort::Zstd | Sort::Zip | Sort::Tar | Sort::Closed(_) => {
            contents.unread.push(Unopened { member: name.to_owned(), why: NESTED.to_owned() });
            Ok(())
        }
        Sort::Other => Ok(()),
    }
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
