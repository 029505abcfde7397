//! Advisory files of a folder: from its git objects when it is a checkout, from its files when it is not.
//!
//! The rule that must not be broken: a commit id and a date are given only together with the very bytes of that
//! commit. A work tree may be older or newer than its `HEAD`, so a checkout's work tree is not looked at.

use super::{
    database::{DatabaseError, ENTRY_LIMIT, Files, SourceForm, TOTAL_LIMIT, is_record_path},
    record::{RECORD_LIMIT, RecordError},
};
use gix::object::tree::EntryKind;
use jiff::Timestamp;
use std::{
    collections::BTreeMap,
    fs::{self, File},
    io::{self, Read},
    path::Path,
};

const COLLECTIONS: [&str; 2] = ["crates", "rust"];

/// Reads the folder at `root`.
pub(super) fn read(root: &Path) -> Result<Files, DatabaseError> {
    let has = |name: &str| fs::symlink_metadata(root.join(name)).is_ok();
    if has(".git") || (has("HEAD") && has("objects")) {
        return read_git(root);
    }
    read_folder(root)
}

/// Files collected so far, within the limits.
#[derive(Default)]
struct Collected {
    files: BTreeMap<String, Vec<u8>>,
    seen: usize,
    bytes: u64,
}

impl Collected {
    fn count(&mut self) -> Result<(), DatabaseError> {
        self.seen += 1;
        if self.seen > ENTRY_LIMIT {
            return Err(DatabaseError::TooManyEntries);
        }
        Ok(())
    }

    fn add(&mut self, path: String, bytes: Vec<u8>) -> Result<(), DatabaseError> {
        if bytes.len() > RECORD_LIMIT {
            return Err(RecordError::TooLarge { path }.into());
        }
        self.bytes += bytes.len() as u64;
        if self.bytes > TOTAL_LIMIT {
            return Err(DatabaseError::TooLarge);
        }
        self.files.insert(path, bytes);
        Ok(())
    }
}

fn read_folder(root: &Path) -> Result<Files, DatabaseError> {
    if !root.join("crates").is_dir() {
        return Err(DatabaseError::NotADatabase { path: root.display().to_string() });
    }
    let mut collected = Collected::default();
    for collection in COLLECTIONS {
        if root.join(collection).exists() {
            read_collection(root, collection, &mut collected)?;
        }
    }
    Ok(Files { form: SourceForm::Folder, commit: None, date: None, files: collected.files })
}

/// Reads the package folders of one collection. What lies beside them is not an advisory's place.
fn read_collection(root: &Path, collection: &str, collected: &mut Collected) -> Result<(), DatabaseError> {
    for (package, kind) in list(root, collection)? {
        collected.count()?;
        if kind.is_symlink() {
            return Err(DatabaseError::NotAFile { path: package });
        }
        if !kind.is_dir() {
            continue;
        }
        for (path, kind) in list(root, &package)? {
            collected.count()?;
            if !is_record_path(&path) {
                continue;
            }
            if kind.is_dir() {
                return Err(RecordError::Misplaced { path }.into());
            }
            if !kind.is_file() {
                return Err(DatabaseError::NotAFile { path });
            }
            let bytes = read_file(root, &path)?;
            collected.add(path, bytes)?;
        }
    }
    Ok(())
}

/// The entries of a folder, as paths relative to `root`, with what they are (links not followed).
fn list(root: &Path, folder: &str) -> Result<Vec<(String, fs::FileType)>, DatabaseError> {
    let unreadable = |source| DatabaseError::Unreadable { path: folder.to_owned(), source };
    let mut entries = Vec::new();
    for entry in fs::read_dir(root.join(folder)).map_err(unreadable)? {
        let entry = entry.map_err(unreadable)?;
        let name = entry.file_name();
        let name = name.to_str().ok_or_else(|| DatabaseError::UnsafePath {
            path: format!("{folder}/{}", name.to_string_lossy()),
        })?;
        entries.push((format!("{folder}/{name}"), entry.file_type().map_err(unreadable)?));
        if entries.len() > ENTRY_LIMIT {
            return Err(DatabaseError::TooManyEntries);
        }
    }
    Ok(entries)
}

fn read_file(root: &Path, path: &str) -> Result<Vec<u8>, DatabaseError> {
    let read = || -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        File::open(root.join(path))?.take(RECORD_LIMIT as u64 + 1).read_to_end(&mut bytes)?;
        Ok(bytes)
    };
    read().map_err(|source| DatabaseError::Unreadable { path: path.to_owned(), source })
}

/// Reads the tree of the commit that `HEAD` names, with no configuration of the repository or the machine applied.
fn read_git(root: &Path) -> Result<Files, DatabaseError> {
    let options = gix::open::Options::isolated().filter_config_section(|_| false);
    let repository = gix::open_opts(root, options).map_err(git_error)?;
    let commit = repository.head_commit().map_err(git_error)?;
    let seconds = commit.time().map_err(git_error)?.seconds;
    let tree = commit.tree().map_err(git_error)?;
    let mut collected = Collected::default();
    for collection in COLLECTIONS {
        read_tree_collection(&tree, collection, &mut collected)?;
    }
    if !collected.files.keys().any(|path| path.starts_with("crates/")) {
        return Err(DatabaseError::NotADatabase { path: root.display().to_string() });
    }
    Ok(Files {
        form: SourceForm::Git,
        commit: Some(commit.id.to_string()),
        date: Timestamp::from_second(seconds).ok(),
        files: collected.files,
    })
}

fn read_tree_collection(
    root: &gix::Tree<'_>,
    name: &str,
    collected: &mut Collected,
) -> Result<(), DatabaseError> {
    let Some(collection) = root.find_entry(name) else { return Ok(()) };
    let packages = collection.object().map_err(git_error)?.try_into_tree().map_err(git_error)?;
    for package in packages.iter() {
        let package = package.map_err(git_error)?;
        collected.count()?;
        let folder = tree_path(name, package.filename())?;
        match package.kind() {
            EntryKind::Tree => read_tree_package(&package, &folder, collected)?,
            EntryKind::Blob | EntryKind::BlobExecutable => {}
            EntryKind::Link | EntryKind::Commit => return Err(DatabaseError::NotAFile { path: folder }),
        }
    }
    Ok(())
}

fn read_tree_package(
    package: &gix::object::tree::EntryRef<'_, '_>,
    folder: &str,
    collected: &mut Collected,
) -> Result<(), DatabaseError> {
    let files = package.object().map_err(git_error)?.try_into_tree().map_err(git_error)?;
    for file in files.iter() {
        let file = file.map_err(git_error)?;
        collected.count()?;
        let path = tree_path(folder, file.filename())?;
        if !is_record_path(&path) {
            continue;
        }
        match file.kind() {
            EntryKind::Blob | EntryKind::BlobExecutable => {}
            EntryKind::Tree => return Err(RecordError::Misplaced { path }.into()),
            EntryKind::Link | EntryKind::Commit => return Err(DatabaseError::NotAFile { path }),
        }
        let size = package.id().repo.find_header(file.object_id()).map_err(git_error)?.size();
        if size > RECORD_LIMIT as u64 {
            return Err(RecordError::TooLarge { path }.into());
        }
        let mut blob = file.object().map_err(git_error)?;
        collected.add(path, std::mem::take(&mut blob.data))?;
    }
    Ok(())
}

fn tree_path(folder: &str, name: &[u8]) -> Result<String, DatabaseError> {
    match std::str::from_utf8(name) {
        Ok(name) if name != "." && name != ".." && !name.contains(['/', '\\', '\0']) => {
            Ok(format!("{folder}/{name}"))
        }
        _ => Err(DatabaseError::UnsafePath { path: format!("{folder}/{}", String::from_utf8_lossy(name)) }),
    }
}

fn git_error(error: impl std::fmt::Display) -> DatabaseError {
    DatabaseError::Git { reason: super::record::one_line(&error.to_string()) }
}
