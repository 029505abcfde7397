//! Where the parts of a program are, in its file and in memory: ELF, PE and Mach-O.
//!
//! Only headers are read, each no larger than the file and all of them within [`HEADERS`], for a damaged file can name the
//! same bytes many times.

use super::program::{MAGIC, is_program};
use object::{
    Endianness, elf, macho, pe,
    read::{
        ReadCache, ReadCacheOps, ReadRef,
        elf::{FileHeader, ProgramHeader as _},
        macho::{FatArch, MachHeader, MachOFatFile32, MachOFatFile64, Section as _, Segment as _},
        pe::{ImageNtHeaders, ImageOptionalHeader as _},
    },
};
use std::{
    fs::File,
    os::unix::fs::FileExt,
    sync::atomic::{AtomicU64, Ordering},
};

/// Most bytes of headers of one program.
const HEADERS: u64 = 64 << 20;

/// Most parts of one program.
const PARTS: usize = 100_000;

/// A file, or a stretch of one.
#[derive(Clone, Copy)]
pub(super) struct Region<'a> {
    pub(super) file: &'a File,
    pub(super) start: u64,
    pub(super) size: u64,
}

impl Region<'_> {
    /// `size` bytes at `at`; `None` where there are not as many.
    pub(super) fn read(&self, at: u64, size: usize) -> Option<Vec<u8>> {
        if at.checked_add(size as u64)? > self.size {
            return None;
        }
        let mut bytes = vec![0; size];
        self.file.read_exact_at(&mut bytes, self.start.checked_add(at)?).ok()?;
        Some(bytes)
    }

    /// The stretch of it at `at`.
    pub(super) fn part(&self, at: u64, size: u64) -> Option<Self> {
        let end = at.checked_add(size)?;
        (end <= self.size).then_some(Self { file: self.file, start: self.start.checked_add(at)?, size })
    }
}

/// A section or a segment.
#[derive(Clone, Debug)]
pub(super) struct Part {
    pub(super) name: Vec<u8>,
    pub(super) address: u64,
    pub(super) in_memory: u64,
    pub(super) at: u64,
    pub(super) in_file: u64,
    /// Whether the Go toolchain takes it for the data of the program, where no section says so.
    pub(super) is_data: bool,
}

/// The parts of a program.
#[derive(Debug, Default)]
pub(super) struct Layout {
    pub(super) sections: Vec<Part>,
    /// What is loaded, by which addresses lead to places in the file.
    pub(super) loaded: Vec<Part>,
}

impl Layout {
    /// The layout of a program; `None` for what is none, or is damaged.
    pub(super) fn of(region: Region<'_>) -> Option<Self> {
        let cache = ReadCache::new(Counted { region, at: 0, left: AtomicU64::new(HEADERS) });
        let magic = region.read(0, 4)?;
        let layout = match magic.as_slice() {
            [0x7f, b'E', b'L', b'F'] => match region.read(4, 1)?.first()? {
                1 => elf::<elf::FileHeader32<Endianness>, _>(&cache)?,
                2 => elf::<elf::FileHeader64<Endianness>, _>(&cache)?,
                _ => return None,
            },
            [0xfe, 0xed, 0xfa, 0xce] | [0xce, 0xfa, 0xed, 0xfe] => {
                mach::<macho::MachHeader32<Endianness>, _>(&cache)?
            }
            [0xfe, 0xed, 0xfa, 0xcf] | [0xcf, 0xfa, 0xed, 0xfe] => {
                mach::<macho::MachHeader64<Endianness>, _>(&cache)?
            }
            [b'M', b'Z', ..] => windows(&cache)?,
            _ => return None,
        };
        (layout.sections.len() <= PARTS && layout.loaded.len() <= PARTS).then_some(layout)
    }

    /// The sections of this name, of which there should be one.
    pub(super) fn sections<'a>(&'a self, name: &'a [u8]) -> impl Iterator<Item = &'a Part> {
        self.sections.iter().filter(move |part| part.name == name)
    }

    /// Where in the file the byte at `address` is, and how many follow it there.
    pub(super) fn place(&self, address: u64) -> Option<(u64, u64)> {
        self.loaded.iter().find_map(|part| {
            let into = address.checked_sub(part.address)?;
            let left = part.in_file.checked_sub(into).filter(|left| *left > 0)?;
            Some((part.at.checked_add(into)?, left))
        })
    }
}

/// What a file is that begins like one for several machines.
pub(super) enum Fat<'a> {
    /// The programs in it.
    Machines(Vec<Region<'a>>),
    /// A class of Java, which begins alike.
    Class,
    /// It begins like neither, or is damaged, or is for more machines than there are.
    No,
}

/// The programs of a file for several machines.
pub(super) fn fat(region: Region<'_>) -> Fat<'_> {
    /// More machines than there are.
    const MACHINES: usize = 32;
    if is_java_class(region) {
        return Fat::Class;
    }
    match ranges(region) {
        Some(ranges) if (1..=MACHINES).contains(&ranges.len()) => {
            let parts =
                ranges.into_iter().map(|(at, size)| region.part(at, size)).collect::<Option<Vec<_>>>();
            parts.map_or(Fat::No, Fat::Machines)
        }
        _ => Fat::No,
    }
}

/// The places of the programs in a file for several machines, as it says.
fn ranges(region: Region<'_>) -> Option<Vec<(u64, u64)>> {
    let cache = ReadCache::new(Counted { region, at: 0, left: AtomicU64::new(HEADERS) });
    Some(match region.read(0, 4)?.as_slice() {
        [0xca, 0xfe, 0xba, 0xbe] => {
            MachOFatFile32::parse(&cache).ok()?.arches().iter().map(FatArch::file_range).collect()
        }
        [0xca, 0xfe, 0xba, 0xbf] => {
            MachOFatFile64::parse(&cache).ok()?.arches().iter().map(FatArch::file_range).collect()
        }
        _ => return None,
    })
}

/// Java's classes begin like programs for several machines, of which there would be as many as their version says, 45 and more.
/// A file of which the table of machines leads to a program is none.
fn is_java_class(region: Region<'_>) -> bool {
    /// The version of the oldest classes.
    const OLDEST: u32 = 45;
    /// Most rows of the table that are read; a system reads one page of them.
    const ROWS: u32 = 4096;
    let number = |at: u64| {
        let bytes = region.read(at, 4)?;
        Some(u32::from_be_bytes(bytes.try_into().ok()?))
    };
    let Some((0xcafe_babe, version)) = number(0).zip(number(4)) else { return false };
    let mut places = (0..version.min(ROWS)).map_while(|row| number(8 + 20 * u64::from(row) + 8));
    let is_program = |at: u32| region.read(at.into(), MAGIC).is_some_and(|magic| is_program(&magic));
    version & 0xffff >= OLDEST && !places.any(|at| at != 0 && is_program(at))
}

fn elf<'a, Elf: FileHeader<Endian = Endianness>, R: ReadRef<'a>>(data: R) -> Option<Layout> {
    let header = Elf::parse(data).ok()?;
    let endian = header.endian().ok()?;
    let mut layout = Layout::default();
    for segment in header.program_headers(endian, data).ok()? {
        let flags = segment.p_flags(endian);
        let is_loaded = segment.p_type(endian) == elf::PT_LOAD;
        layout.loaded.push(Part {
            name: Vec::new(),
            address: segment.p_vaddr(endian).into(),
            in_memory: segment.p_memsz(endian).into(),
            at: segment.p_offset(endian).into(),
            in_file: segment.p_filesz(endian).into(),
            is_data: is_loaded && flags & (elf::PF_X | elf::PF_W) == elf::PF_W,
        });
    }
    // A stripped program may have no sections at all.
    let Ok(sections) = header.sections(endian, data) else { return Some(layout) };
    for section in sections.iter() {
        use object::read::elf::SectionHeader as _;
        let Ok(name) = sections.section_name(endian, section) else { continue };
        let has_bytes = section.sh_type(endian) != elf::SHT_NOBITS;
        let size: u64 = section.sh_size(endian).into();
        layout.sections.push(Part {
            name: name.to_vec(),
            address: section.sh_addr(endian).into(),
            in_memory: size,
            at: section.sh_offset(endian).into(),
            in_file: if has_bytes { size } else { 0 },
            is_data: false,
        });
    }
    Some(layout)
}

fn mach<'a, Mach: MachHeader<Endian = Endianness>, R: ReadRef<'a>>(data: R) -> Option<Layout> {
    let header = Mach::parse(data, 0).ok()?;
    let endian = header.endian().ok()?;
    let mut commands = header.load_commands(endian, data, 0).ok()?;
    let mut layout = Layout::default();
    while let Some(command) = commands.next().ok()? {
        if layout.loaded.len() > PARTS || layout.sections.len() > PARTS {
            return None;
        }
        let Some((segment, sections)) = Mach::Segment::from_command(command).ok()? else { continue };
        let writable = macho::VM_PROT_READ | macho::VM_PROT_WRITE;
        let (address, in_file) = (segment.vmaddr(endian).into(), segment.filesize(endian).into());
        if segment.name() != b"__PAGEZERO" {
            layout.loaded.push(Part {
                name: segment.name().to_vec(),
                address,
                in_memory: segment.vmsize(endian).into(),
                at: segment.fileoff(endian).into(),
                in_file,
                is_data: address != 0
                    && in_file != 0
                    && segment.initprot(endian) == writable
                    && segment.maxprot(endian) == writable,
            });
        }
        for section in segment.sections(endian, sections).ok()? {
            let size: u64 = section.size(endian).into();
            layout.sections.push(Part {
                name: section.name().to_vec(),
                address: section.addr(endian).into(),
                in_memory: size,
                at: section.offset(endian).into(),
                in_file: size,
                is_data: false,
            });
        }
    }
    Some(layout)
}

fn windows<'a, R: ReadRef<'a>>(data: R) -> Option<Layout> {
    let dos = pe::ImageDosHeader::parse(data).ok()?;
    let offset = u64::from(dos.nt_headers_offset());
    match object::read::pe::optional_header_magic(data).ok()? {
        pe::IMAGE_NT_OPTIONAL_HDR32_MAGIC => nt::<pe::ImageNtHeaders32, R>(data, offset),
        pe::IMAGE_NT_OPTIONAL_HDR64_MAGIC => nt::<pe::ImageNtHeaders64, R>(data, offset),
        _ => None,
    }
}

fn nt<'a, Pe: ImageNtHeaders, R: ReadRef<'a>>(data: R, mut offset: u64) -> Option<Layout> {
    let (headers, _) = Pe::parse(data, &mut offset).ok()?;
    let base = headers.optional_header().image_base();
    let endian = object::LittleEndian;
    let aligned = pe::IMAGE_SCN_ALIGN_32BYTES;
    let data_flags = pe::IMAGE_SCN_CNT_INITIALIZED_DATA | pe::IMAGE_SCN_MEM_READ | pe::IMAGE_SCN_MEM_WRITE;
    let mut layout = Layout::default();
    for section in headers.sections(data, offset).ok()?.iter() {
        let in_file = section.size_of_raw_data.get(endian);
        let address = section.virtual_address.get(endian);
        let part = Part {
            name: section.raw_name().to_vec(),
            address: base.checked_add(address.into())?,
            in_memory: section.virtual_size.get(endian).into(),
            at: section.pointer_to_raw_data.get(endian).into(),
            in_file: in_file.into(),
            is_data: address != 0
                && in_file != 0
                && section.characteristics.get(endian).0 & !aligned.0 == data_flags.0,
        };
        layout.loaded.push(part.clone());
        layout.sections.push(part);
    }
    Some(layout)
}

/// Reads headers, and not more of them than there may be.
struct Counted<'a> {
    region: Region<'a>,
    at: u64,
    left: AtomicU64,
}

impl Counted<'_> {
    fn take(&self, bytes: usize) -> Result<(), ()> {
        let bytes = bytes as u64;
        let taken =
            self.left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(bytes));
        taken.map(|_| ()).map_err(|_| ())
    }
}

impl ReadCacheOps for Counted<'_> {
    fn len(&mut self) -> Result<u64, ()> {
        Ok(self.region.size)
    }

    fn seek(&mut self, pos: u64) -> Result<u64, ()> {
        self.at = pos;
        Ok(pos)
    }

    fn read(&mut self, buf: &mut [u8]) -> Result<usize, ()> {
        let left = usize::try_from(self.region.size.saturating_sub(self.at)).unwrap_or(usize::MAX);
        let size = buf.len().min(left);
        self.read_exact(&mut buf[..size])?;
        Ok(size)
    }

    fn read_exact(&mut self, buf: &mut [u8]) -> Result<(), ()> {
        self.take(buf.len())?;
        let bytes = self.region.read(self.at, buf.len()).ok_or(())?;
        buf.copy_from_slice(&bytes);
        self.at += buf.len() as u64;
        Ok(())
    }
}
