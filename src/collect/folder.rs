//! A folder of published files: each hashed once, the small ones that may speak about others kept.
//!
//! The rule that must not be broken: nothing in the folder leads anywhere else or blocks. Only regular files directly
//! in it are opened, without following links, and what is hashed is what was opened. Everything else is listed with
//! the reason why it was not read.

use super::sidecar;
use crate::{
    digest::{Algorithms, Digest, DigestError, Digests, hash_reader, read_parts},
    evidence::{Bytes, Item, Published, PublishedFile, Unread},
    framed::{Frame, FramedHashing, MAX_AROUND, MAX_FRAMES},
    inside::{
        Inside,
        looker::{Looker, Room, look_at},
    },
    release::ArtifactName,
    text::Untrusted,
};
use rayon::prelude::*;
use rustix::{
    fs::{AtFlags, Dir, FileType, Mode, OFlags, Stat},
    io::Errno,
};
use std::{
    collections::BTreeMap,
    ffi::CString,
    fs::File,
    io::{self, Read},
    os::fd::{AsFd, OwnedFd},
    path::Path,
    sync::Arc,
};

/// How much of a folder is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Most entries.
    pub files: usize,
    /// Largest file, in bytes.
    pub file_bytes: u64,
    /// Largest sidecar whose content is kept, in bytes.
    pub sidecar_bytes: u64,
    /// Most bytes of content that are kept together; the smallest sidecars come first.
    pub content_bytes: u64,
}

impl Default for Limits {
    /// 10 000 files of 50 GiB; sidecars of 20 MiB, 128 MiB together.
    fn default() -> Self {
        Self { files: 10_000, file_bytes: 50 << 30, sidecar_bytes: 20 << 20, content_bytes: 128 << 20 }
    }
}

/// Why the published files could not be had.
#[derive(Debug, thiserror::Error)]
pub enum FolderError {
    /// The folder cannot be opened or listed.
    #[error("the folder of published files cannot be read")]
    Folder(#[source] io::Error),
    /// Too many entries.
    #[error("there are more than {limit} published files")]
    TooMany {
        /// The limit.
        limit: usize,
    },
    /// A list of digests names what can be no published file.
    #[error("{name} cannot be the name of a published file")]
    Name {
        /// The name.
        name: Untrusted,
    },
    /// A list of digests is not enough for a file.
    #[error("the digests of {name} cannot be used")]
    Digests {
        /// The file.
        name: ArtifactName,
        /// Why not.
        #[source]
        cause: DigestError,
    },
}

/// Given the name and content of a sidecar: the files that it is about, each with a frame that has to be hashed around it.
pub type FramePlan<'a> = &'a (dyn Fn(&str, &[u8]) -> Vec<(String, Frame)> + Sync);

/// The plan of those who look for no signatures.
pub const NO_FRAMES: FramePlan<'static> = &|_, _| Vec::new();

/// A regular file that is going to be read.
struct Planned {
    name: ArtifactName,
    size: u64,
    keeps_content: bool,
}

/// Reads the files of a folder.
///
/// Each has a SHA-256; the other digests are computed for all of them as soon as one kept sidecar speaks of such.
///
/// # Errors
/// When the folder cannot be listed, or has too many entries. A file that cannot be read is in
/// [`Published::unread`].
pub fn read_folder(folder: &Path, limits: Limits, frames: FramePlan<'_>) -> Result<Published, FolderError> {
    read_some(folder, limits, frames, |_| true)
}

/// As [`read_folder`], of the files whose names are `wanted` alone; the others are not opened, nor mentioned.
///
/// # Errors
/// As [`read_folder`].
pub fn read_some(
    folder: &Path,
    limits: Limits,
    frames: FramePlan<'_>,
    wanted: impl Fn(&str) -> bool,
) -> Result<Published, FolderError> {
    let failed = |errno: Errno| FolderError::Folder(errno.into());
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
    let folder = rustix::fs::open(folder, flags, Mode::empty()).map_err(failed)?;
    let (mut planned, mut unread) = (Vec::new(), Vec::new());
    for name in names(&folder, limits.files)? {
        if !wanted(&name.to_string_lossy()) {
            continue;
        }
        match plan(&folder, &name, limits) {
            Ok(file) => planned.push(file),
            Err(why) => unread.push(Unread { name: Untrusted::new(name.to_string_lossy()), why }),
        }
    }
    allot(&mut planned, limits);
    let (kept, streamed): (Vec<_>, Vec<_>) = planned.into_iter().partition(|file| file.keeps_content);

    let contents: Vec<_> = kept.par_iter().map(|file| (file, content(&folder, file))).collect();
    let speaking =
        contents.iter().filter_map(|(file, read)| Some((&file.name, read.as_ref().ok()?.as_slice())));
    let needed = Needed::by(speaking, frames);
    let algorithms = needed.algorithms;

    let room = Room::default();
    let kept = contents.into_par_iter().map(|(file, read)| {
        let hashed = read.and_then(|bytes| {
            let (size, digests) = hash_reader(bytes.as_slice(), algorithms).map_err(|e| reason(&e))?;
            let inside = look_at(file.name.as_str(), &bytes, &room);
            let content = Item::new(format!("file:{}", file.name), bytes);
            Ok((size, digests, Vec::new(), inside, Some(content)))
        });
        (file.name.clone(), hashed)
    });
    let streamed = streamed.par_iter().map(|file| {
        let hashed = read(&folder, file, |reader| {
            let mut hashing = FramedHashing::new(algorithms, needed.frames(&file.name));
            let mut looker = Looker::new(file.name.as_str(), &room);
            read_parts(reader, |part| {
                hashing.update(part);
                looker.part(part);
            })?;
            let (size, digests, framed) = hashing.finish();
            Ok((size, (digests, framed, looker.finish())))
        });
        let hashed = hashed.map(|(size, (digests, framed, inside))| (size, digests, framed, inside, None));
        (file.name.clone(), hashed)
    });
    let read: Vec<_> = kept.chain(streamed).collect();

    let mut files = BTreeMap::new();
    for (name, hashed) in read {
        match hashed {
            Ok((size, digests, framed, inside, content)) => {
                let bytes = Bytes::Rehashed;
                let file = PublishedFile { size: Some(size), digests, bytes, framed, inside, content };
                files.insert(name, Arc::new(file));
            }
            Err(why) => unread.push(Unread { name: Untrusted::new(name.as_str()), why }),
        }
    }
    unread.sort();
    Ok(Published { files, unread })
}

/// Which hashes of the other files the kept ones speak of.
pub(super) struct Needed {
    pub(super) algorithms: Algorithms,
    framed: BTreeMap<String, Vec<Frame>>,
}

impl Needed {
    /// What these files, each with its content, speak of.
    pub(super) fn by<'a>(
        kept: impl Iterator<Item = (&'a ArtifactName, &'a [u8])>,
        frames: FramePlan<'_>,
    ) -> Self {
        let mut needed = Self { algorithms: Algorithms::SHA256, framed: BTreeMap::new() };
        for (name, bytes) in kept {
            needed.algorithms = sidecar::mentioned(name.as_str(), bytes, needed.algorithms);
            for (about, frame) in frames(name.as_str(), bytes) {
                let wanted = needed.framed.entry(about).or_default();
                let is_small = frame.before.len().max(frame.after.len()) <= MAX_AROUND;
                if is_small && wanted.len() < MAX_FRAMES && !wanted.contains(&frame) {
                    wanted.push(frame);
                }
            }
        }
        needed
    }

    /// Whether all that is needed of the file called `name` was computed already.
    pub(super) fn are_in(&self, file: &PublishedFile, name: &ArtifactName) -> bool {
        let has = |frame: &Frame| file.framed.iter().any(|framed| framed.frame == *frame);
        file.digests.cover(self.algorithms) && self.frames(name).iter().all(has)
    }

    /// What has to be hashed around the file called `name`.
    pub(super) fn frames(&self, name: &ArtifactName) -> &[Frame] {
        self.framed.get(name.as_str()).map_or(&[], Vec::as_slice)
    }
}

/// Takes published files as a list of digests, without their bytes.
///
/// # Errors
/// For a name that can be no file, two digests that contradict each other, a file without SHA-256, and too many files.
pub fn from_digests(entries: impl IntoIterator<Item = (String, Digest)>) -> Result<Published, FolderError> {
    let limit = Limits::default().files;
    let mut lists: BTreeMap<ArtifactName, Vec<Digest>> = BTreeMap::new();
    for (name, digest) in entries {
        let name =
            ArtifactName::parse(&name).ok_or_else(|| FolderError::Name { name: Untrusted::new(name) })?;
        let list = lists.entry(name).or_default();
        // Each algorithm twice is enough to notice a contradiction.
        if list.iter().filter(|known| known.algorithm() == digest.algorithm()).count() < 2
            && !list.contains(&digest)
        {
            list.push(digest);
        }
        if lists.len() > limit {
            return Err(FolderError::TooMany { limit });
        }
    }
    let mut files = BTreeMap::new();
    for (name, list) in lists {
        let digests =
            Digests::recorded(list).map_err(|cause| FolderError::Digests { name: name.clone(), cause })?;
        files.insert(
            name,
            Arc::new(PublishedFile {
                size: None,
                digests,
                bytes: Bytes::Recorded,
                framed: Vec::new(),
                inside: Inside::NotLooked,
                content: None,
            }),
        );
    }
    Ok(Published { files, unread: Vec::new() })
}

/// The names in a folder, sorted.
fn names(folder: &OwnedFd, limit: usize) -> Result<Vec<CString>, FolderError> {
    let failed = |errno: Errno| FolderError::Folder(errno.into());
    let mut names = Vec::new();
    for entry in Dir::read_from(folder).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        if matches!(entry.file_name().to_bytes(), b"." | b"..") {
            continue;
        }
        if names.len() >= limit {
            return Err(FolderError::TooMany { limit });
        }
        names.push(entry.file_name().to_owned());
    }
    names.sort();
    Ok(names)
}

/// Looks at an entry without opening it; says why it is not going to be read.
fn plan(folder: &OwnedFd, name: &CString, limits: Limits) -> Result<Planned, String> {
    let text = name.to_str().map_err(|_| "its name is not UTF-8".to_owned())?;
    let safe =
        ArtifactName::parse(text).ok_or("its name holds characters that do not print, or is too long")?;
    let stat = rustix::fs::statat(folder, name.as_c_str(), AtFlags::SYMLINK_NOFOLLOW)
        .map_err(|e| reason(&e.into()))?;
    let size = regular_size(&stat)?;
    if size > limits.file_bytes {
        return Err(format!("it has {size} bytes, more than the limit of {}", limits.file_bytes));
    }
    Ok(Planned { name: safe, size, keeps_content: false })
}

/// Decides whose content is kept: the smallest sidecars first, as long as there is room.
fn allot(planned: &mut [Planned], limits: Limits) {
    let mut sidecars: Vec<&mut Planned> = planned
        .iter_mut()
        .filter(|file| file.size <= limits.sidecar_bytes && sidecar::is_sidecar_name(file.name.as_str()))
        .collect();
    sidecars.sort_by(|a, b| (a.size, &a.name).cmp(&(b.size, &b.name)));
    let mut left = limits.content_bytes;
    for file in sidecars {
        let Some(rest) = left.checked_sub(file.size) else { return };
        left = rest;
        file.keeps_content = true;
    }
}

/// The whole content of a file.
fn content(folder: &OwnedFd, file: &Planned) -> Result<Vec<u8>, String> {
    let (_, bytes) = read(folder, file, |reader| {
        let mut bytes = Vec::with_capacity(usize::try_from(file.size).unwrap_or(0));
        reader.read_to_end(&mut bytes)?;
        Ok((bytes.len() as u64, bytes))
    })?;
    Ok(bytes)
}

/// Opens a file and reads it to the end with `reader`, which returns how much it read. Refused when it is not the
/// file that was planned, or changes meanwhile.
fn read<T>(
    folder: &OwnedFd,
    file: &Planned,
    reader: impl FnOnce(&mut dyn Read) -> io::Result<(u64, T)>,
) -> Result<(u64, T), String> {
    // A link is an error, a pipe opens at once, a terminal does not become ours.
    let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::CLOEXEC;
    let opened = rustix::fs::openat(folder, file.name.as_str(), flags, Mode::empty())
        .map_err(|e| reason(&e.into()))?;
    let before = rustix::fs::fstat(opened.as_fd()).map_err(|e| reason(&e.into()))?;
    if regular_size(&before)? != file.size {
        return Err(CHANGED.to_owned());
    }
    let opened = File::from(opened);
    // One byte more than there should be shows a file that grows, and ends one that never does.
    let (size, value) = reader(&mut (&opened).take(file.size + 1)).map_err(|e| reason(&e))?;
    let after = rustix::fs::fstat(opened.as_fd()).map_err(|e| reason(&e.into()))?;
    if size != file.size || state(&before) != state(&after) {
        return Err(CHANGED.to_owned());
    }
    Ok((size, value))
}

const CHANGED: &str = "it changed while it was being read";

/// What differs when a file was written to.
fn state(stat: &Stat) -> impl PartialEq + use<> {
    (stat.st_size, stat.st_mtime, stat.st_mtime_nsec, stat.st_ctime, stat.st_ctime_nsec)
}

/// The size of a regular file; what it is, for anything else.
fn regular_size(stat: &Stat) -> Result<u64, String> {
    let what = match FileType::from_raw_mode(stat.st_mode) {
        FileType::RegularFile => return u64::try_from(stat.st_size).map_err(|_| CHANGED.to_owned()),
        FileType::Symlink => "it is a symbolic link",
        FileType::Directory => "it is a folder",
        FileType::Fifo => "it is a pipe",
        FileType::Socket => "it is a socket",
        FileType::CharacterDevice | FileType::BlockDevice => "it is a device",
        _ => "it is not a regular file",
    };
    Err(format!("{what}; only regular files are published"))
}

/// Why reading failed, in words that are the same on every machine.
fn reason(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "it was gone when it was to be read".to_owned(),
        io::ErrorKind::PermissionDenied => "reading it is not permitted".to_owned(),
        kind => format!("it cannot be read: {kind}"),
    }
}

#[cfg(test)]
#[path = "folder_tests.rs"]
mod tests;
