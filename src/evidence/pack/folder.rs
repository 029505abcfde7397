//! A pack as a folder. The manifest is written last, so that half a pack is none.

use super::{
    BLOB_LIMIT, BLOBS, BLOBS_LIMIT, Contents, MANIFEST, MANIFEST_LIMIT, Manifest, PackError, Parts, Saved,
    TOTAL_LIMIT, within,
};
use crate::{release::Sha256, text::Untrusted};
use rayon::prelude::*;
use rustix::{
    fs::{AtFlags, Dir, FileType, Mode, OFlags},
    io::Errno,
};
use std::{
    collections::BTreeSet,
    fs::{self, File, OpenOptions},
    io::{Read, Write},
    os::fd::{AsFd, OwnedFd},
    path::Path,
    sync::atomic::{AtomicUsize, Ordering},
};

/// Writes a pack into a folder, which is made; it may exist when it is empty.
pub(super) fn write(saved: &Saved<'_>, folder: &Path) -> Result<(), PackError> {
    fs::create_dir_all(folder).map_err(PackError::writing("the folder"))?;
    if fs::read_dir(folder).map_err(PackError::writing("the folder"))?.next().is_some() {
        return Err(PackError::NotEmpty);
    }
    let below = folder.join(BLOBS);
    fs::create_dir(&below).map_err(PackError::writing(BLOBS))?;
    for (sha256, bytes) in &saved.blobs {
        write_file(&below, &sha256.to_string(), bytes)?;
    }
    write_file(folder, MANIFEST, &saved.manifest)
}

/// Reads a pack from a folder.
pub(super) fn read(folder: &Path) -> Result<Parts, PackError> {
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
    let reading = |errno: Errno, what: &str| PackError::reading(what)(errno.into());
    let folder = rustix::fs::open(folder, flags, Mode::empty()).map_err(|e| reading(e, "the folder"))?;
    // Of a folder that is no pack, what else is in it says nothing.
    match rustix::fs::statat(&folder, MANIFEST, AtFlags::SYMLINK_NOFOLLOW) {
        Err(Errno::NOENT) => return Err(PackError::NoManifest),
        looked => looked.map_err(|e| reading(e, "the manifest"))?,
    };
    let names = names(&folder, 2)?;
    if let Some(name) = names.iter().find(|name| *name != MANIFEST && *name != BLOBS) {
        return Err(PackError::Unknown { name: Untrusted::new(name) });
    }
    let manifest = Manifest::parse(&read_file(&folder, MANIFEST, "the manifest", MANIFEST_LIMIT)?)?;
    let blobs = rustix::fs::openat(&folder, BLOBS, flags | OFlags::NOFOLLOW, Mode::empty())
        .map_err(|e| reading(e, "the folder of blobs"))?;
    Ok((manifest, read_blobs(&blobs)?))
}

/// Reads every blob and hashes it again.
fn read_blobs(folder: &OwnedFd) -> Result<Contents, PackError> {
    let mut known = Vec::new();
    for name in names(folder, BLOBS_LIMIT)? {
        match Sha256::from_hex(&name) {
            Some(sha256) => known.push(sha256),
            None => return Err(PackError::Unknown { name: Untrusted::new(format!("{BLOBS}/{name}")) }),
        }
    }
    let total = AtomicUsize::new(0);
    let read = |sha256: &Sha256| {
        let bytes = read_file(folder, &sha256.to_string(), "a blob", BLOB_LIMIT)?;
        let before = total.fetch_add(bytes.len(), Ordering::Relaxed);
        within("bytes of content", before + bytes.len(), TOTAL_LIMIT)?;
        if Sha256::of(&bytes) != *sha256 {
            return Err(PackError::Altered { sha256: *sha256 });
        }
        Ok((*sha256, bytes))
    };
    known.par_iter().map(read).collect()
}

/// Writes a file that is there whole or not at all.
fn write_file(folder: &Path, name: &str, bytes: &[u8]) -> Result<(), PackError> {
    let temporary = folder.join(format!("{name}.part"));
    let mut file =
        OpenOptions::new().write(true).create_new(true).open(&temporary).map_err(PackError::writing(name))?;
    file.write_all(bytes).map_err(PackError::writing(name))?;
    drop(file);
    fs::rename(&temporary, folder.join(name)).map_err(PackError::writing(name))
}

/// The names in a folder of a pack.
fn names(folder: &OwnedFd, limit: usize) -> Result<BTreeSet<String>, PackError> {
    let failed = |errno: Errno| PackError::Io { what: "a folder".into(), verb: "read", cause: errno.into() };
    let mut names = BTreeSet::new();
    for entry in Dir::read_from(folder).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        let name = entry.file_name().to_string_lossy();
        if matches!(&*name, "." | "..") {
            continue;
        }
        names.insert(name.into_owned());
        // One more than the limit may be an unknown name, which says more than a number.
        within("files", names.len(), limit + 1)?;
    }
    Ok(names)
}

/// Reads a regular file of a pack, following no link and waiting for no pipe.
fn read_file(folder: &OwnedFd, name: &str, what: &'static str, limit: usize) -> Result<Vec<u8>, PackError> {
    let failed = |cause| PackError::Io { what: name.to_owned(), verb: "read", cause };
    let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::CLOEXEC;
    let file = match rustix::fs::openat(folder, name, flags, Mode::empty()) {
        Err(Errno::LOOP | Errno::NXIO) => return Err(PackError::NotRegular { name: name.to_owned() }),
        other => other.map_err(|e| failed(e.into()))?,
    };
    let stat = rustix::fs::fstat(file.as_fd()).map_err(|e| failed(e.into()))?;
    if FileType::from_raw_mode(stat.st_mode) != FileType::RegularFile {
        return Err(PackError::NotRegular { name: name.to_owned() });
    }
    let mut bytes = Vec::new();
    File::from(file).take(limit as u64 + 1).read_to_end(&mut bytes).map_err(failed)?;
    within(what, bytes.len(), limit)?;
    Ok(bytes)
}
