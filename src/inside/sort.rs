//! What a file is, by how it begins and ends.
//!
//! The rule that must not be broken: what may hold programs and is not looked into has a name here, so that it is told. Only
//! what nobody unpacks is [`Sort::Other`].

use super::program::is_program;
use std::io::{self, Read, Seek, SeekFrom, Write};

/// How many bytes of a file tell what it is: up to the mark of a disc image, which is the farthest in.
pub(super) const HEAD: usize = DISC + 5;

/// Where a disc image (ECMA-119) is marked.
const DISC: usize = 0x8001;

/// The size of a header of a tar archive.
const TAR: usize = 512;

/// What a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sort {
    Program,
    /// Something that is run by the program that its first line names.
    Script,
    Gzip,
    Zstd,
    Tar,
    Zip,
    /// An archive that is not looked into: what it is called.
    Closed(&'static str),
    /// Anything else: there are no programs in it.
    Other,
}

/// How what is not looked into begins.
const CLOSED: &[(&[u8], &str)] = &[
    (b"\xfd7zXZ\0", "compressed with xz"),
    (b"BZh", "compressed with bzip2"),
    (b"LZIP", "compressed with lzip"),
    (b"LRZI", "compressed with lrzip"),
    (b"\x89LZO\0\r\n\x1a\n", "compressed with lzop"),
    (b"\x04\x22\x4d\x18", "compressed with lz4"),
    (b"\x02\x21\x4c\x18", "compressed with lz4"),
    (b"\xff\x06\0\0sNaPpY", "compressed with snappy"),
    (b"\x1f\x9d", "compressed with compress"),
    (b"\x1f\x1e", "compressed with pack"),
    (b"\x1f\xa0", "compressed with compress"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"Rar!\x1a\x07", "a RAR archive"),
    (b"xar!", "a xar archive or a package of macOS"),
    (b"!<arch>\n", "a Debian package or an ar archive"),
    (b"!<thin>\n", "an ar archive"),
    (b"\xed\xab\xee\xdb", "an RPM package"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "a Windows installer"),
    (b"MSCF", "a cabinet archive"),
    (b"MSWIM\0\0\0", "a disk image"),
    (b"QFI\xfb", "a disk image"),
    (b"KDMV", "a disk image"),
    (b"vhdxfile", "a disk image"),
    (b"hsqs", "a squashfs image"),
    (b"sqsh", "a squashfs image"),
    (b"070701", "a cpio archive"),
    (b"070702", "a cpio archive"),
    (b"070707", "a cpio archive"),
    (b"\xc7\x71", "a cpio archive"),
    (b"\x71\xc7", "a cpio archive"),
];

/// How archives and images are called that nothing in them tells.
const CLOSED_NAMES: &[&str] = &[
    ".br", ".lzma", ".tlz", ".lha", ".lzh", ".arj", ".ace", ".zpaq", ".img", ".vmdk", ".vhd", ".dmg", ".iso",
];

/// Whether a file of this name is an archive or image that is not looked into, whatever it begins with.
pub(super) fn is_closed_by_name(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    CLOSED_NAMES.iter().any(|ending| name.ends_with(ending))
}

/// What begins with `head` is: the first [`HEAD`] bytes, or all there are.
pub(super) fn sort(head: &[u8]) -> Sort {
    if let Some((_, what)) = CLOSED.iter().find(|(magic, _)| head.starts_with(magic)) {
        return Sort::Closed(what);
    }
    match head {
        [0x1f, 0x8b, ..] => Sort::Gzip,
        // Of today and of before, and frames that are passed over, which whoever unpacks the file does.
        [0x1e..=0x28, 0xb5, 0x2f, 0xfd, ..] | [0x50..=0x5f, 0x2a, 0x4d, 0x18, ..] => Sort::Zstd,
        [b'P', b'K', 3, 4, ..] | [b'P', b'K', 5, 6, ..] => Sort::Zip,
        [b'#', b'!', ..] => Sort::Script,
        _ if is_program(head) => Sort::Program,
        _ if is_tar(head) => Sort::Tar,
        _ if head.get(DISC..HEAD).is_some_and(|mark| mark == b"CD001") => Sort::Closed("a disc image"),
        // Programs that find no header at the beginning go on to the next one.
        _ if head.chunks_exact(TAR).any(is_header) => Sort::Closed("a tar archive behind something else"),
        _ if is_lzma(head) => Sort::Closed("compressed with lzma"),
        _ => Sort::Other,
    }
}

/// By its magic, or, as archives from before there was one, by the checksum of its first header.
fn is_tar(head: &[u8]) -> bool {
    head.get(257..262).is_some_and(|magic| magic == b"ustar") || head.get(..TAR).is_some_and(is_header)
}

/// Whether a block is a header of a tar archive, by its checksum, which is computed with spaces in its own place.
fn is_header(block: &[u8]) -> bool {
    let digits = String::from_utf8_lossy(&block[148..156]);
    let written = u32::from_str_radix(digits.trim_matches([' ', '\0']), 8);
    let sum = |bytes: &[u8]| bytes.iter().map(|byte| u32::from(*byte)).sum::<u32>();
    written.is_ok_and(|written| written == sum(&block[..148]) + 8 * u32::from(b' ') + sum(&block[156..]))
}

/// The format of LZMA from before xz has no magic number; it is told as xz tells it: by a possible byte of properties, a size
/// of the dictionary that is 2^n or 2^n + 2^(n-1), and a size of the contents that is not stated or under 2^38.
fn is_lzma(head: &[u8]) -> bool {
    const PROPERTIES: u8 = 9 * 5 * 5;
    let Some((&[properties, a, b, c, d], rest)) = head.split_first_chunk() else { return false };
    let Some(size) = rest.first_chunk().map(|size| u64::from_le_bytes(*size)) else { return false };
    let dictionary = u32::from_le_bytes([a, b, c, d]);
    let top = dictionary.checked_ilog2().filter(|top| *top >= 12).map(|top| 1 << top);
    let is_usual = top.is_some_and(|top: u32| dictionary == top || dictionary == top + top / 2);
    properties < PROPERTIES && is_usual && (size == u64::MAX || size < 1 << 38)
}

/// The end of a file that goes by. A zip archive has its list of members there, and is unpacked, or run by Python and Java,
/// whatever stands before it; so has a disk image of macOS its only mark.
#[derive(Default)]
pub(super) struct End {
    /// How much went by.
    size: u64,
    last: Vec<u8>,
    is_binary: bool,
}

impl End {
    /// The record that ends a zip archive, with the longest comment behind it (APPNOTE.TXT 4.3.16).
    const KEPT: usize = RECORD + 0xffff;

    /// The end of a file that is at hand.
    pub(super) fn of(mut file: impl Read + Seek, size: u64) -> io::Result<Self> {
        let kept = size.min(Self::KEPT as u64);
        file.seek(SeekFrom::Start(size - kept))?;
        let mut last = Vec::new();
        file.take(kept).read_to_end(&mut last)?;
        Ok(Self { size, is_binary: last.contains(&0), last })
    }

    /// One part more.
    pub(super) fn part(&mut self, part: &[u8]) {
        self.size += part.len() as u64;
        self.is_binary |= part.contains(&0);
        self.last.extend_from_slice(&part[part.len().saturating_sub(Self::KEPT)..]);
        // Not at every part, so that small ones are not moved about many times.
        if self.last.len() > 2 * Self::KEPT {
            self.last.drain(..self.last.len() - Self::KEPT);
        }
    }

    /// Whether what went by is no text.
    pub(super) fn is_binary(&self) -> bool {
        self.is_binary
    }

    /// What the file is by its end, whatever it begins with: [`Sort::Other`] where that says nothing.
    pub(super) fn sort(&self) -> Sort {
        let last = &self.last[self.last.len().saturating_sub(Self::KEPT)..];
        let trailer = last.len().checked_sub(512).map(|at| &last[at..]);
        if trailer.is_some_and(|trailer| trailer.starts_with(b"koly")) {
            Sort::Closed("a disk image")
        } else if self.is_zip(last) {
            Sort::Zip
        } else {
            Sort::Other
        }
    }

    /// The last record of a zip archive.
    pub(super) fn record(&self) -> Option<Record> {
        records(&self.last).last().map(|(_, record)| record)
    }

    /// Whether a record of a zip archive is in `last`, with as large a list of members before it as it says; one that begins
    /// before `last` is not seen and believed.
    fn is_zip(&self, last: &[u8]) -> bool {
        let before = self.size - last.len() as u64;
        records(last).any(|(at, record)| {
            let directory = u64::from(record.directory);
            let is_large = at.checked_sub(20).is_some_and(|at| last[at..].starts_with(b"PK\x06\x07"));
            let start = (before + at as u64).checked_sub(directory).filter(|_| directory > 0);
            let is_member = |start: u64| match start.checked_sub(before) {
                Some(start) => last[usize::try_from(start).unwrap_or(at)..].starts_with(b"PK\x01\x02"),
                None => true,
            };
            is_large || start.is_some_and(is_member)
        })
    }
}

/// The record that ends a zip archive.
pub(super) struct Record {
    /// How many members it has.
    pub(super) members: u16,
    /// How large the list of them is, in bytes.
    pub(super) directory: u32,
}

/// The size of such a record.
const RECORD: usize = 22;

/// All that may be such records, and where they are.
fn records(bytes: &[u8]) -> impl Iterator<Item = (usize, Record)> {
    bytes.windows(RECORD).enumerate().filter(|(_, it)| it.starts_with(b"PK\x05\x06")).map(|(at, it)| {
        let members = u16::from_le_bytes([it[10], it[11]]);
        (at, Record { members, directory: u32::from_le_bytes([it[12], it[13], it[14], it[15]]) })
    })
}

impl Write for End {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.part(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
