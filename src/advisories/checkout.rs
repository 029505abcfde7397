//! Advisory files of a folder: from its git objects when it is a checkout, from its files when it is not.
//!
//! The rule that must not be broken: a commit id and a date are given only together with the very bytes of that
//! commit. A work tree may be older or newer than its `HEAD`, so a checkout's work tree is not looked at.

use super::{
    database::{DatabaseError, Found, Limits, SourceForm},
    layout::{Place, SourceKind},
    record::{RECORD_LIMIT, RecordError},
};
use crate::paths;
use gix::object::tree::EntryKind;
use jiff::Timestamp;
use std::{
    fs::{self, File},
    io::{self, Read},
    path::Path,
};

/// The deepest folder that is looked into.
const DEPTH_LIMIT: usize = 8;

/// What takes the files, one by one.
pub(super) type Take<'a> = &'a mut dyn FnMut(SourceKind, &str, &[u8]) -> Result<(), DatabaseError>;

/// Reads the folder at `root`, as a database of `kind` or of the kind that it looks like.
pub(super) fn read(
    root: &Path,
    kind: Option<SourceKind>,
    limits: Limits,
    take: Take<'_>,
) -> Result<Found, DatabaseError> {
    let has = |name: &str| fs::symlink_metadata(root.join(name)).is_ok();
    if has(".git") || (has("HEAD") && has("objects")) {
        return read_git(root, kind, limits, take);
    }
    let kind = match kind {
        Some(kind) => kind,
        None => kind_of_folder(root)?,
    };
    let mut walk = Walk { kind, limits, seen: 0, bytes: 0, take };
    for part in kind.roots().iter().filter(|part| root.join(part).exists()) {
        walk.folder(root, part, 0)?;
    }
    Ok(Found { kind, form: SourceForm::Folder, commit: None, date: None })
}

fn kind_of_folder(root: &Path) -> Result<SourceKind, DatabaseError> {
    let has_root =
        |kind: &SourceKind| kind.roots().iter().any(|part| !part.is_empty() && root.join(part).is_dir());
    if let Some(kind) = SourceKind::RECOGNISED.into_iter().find(has_root) {
        return Ok(kind);
    }
    let names = list(root, "", usize::MAX)?;
    match names.iter().any(|(name, _)| SourceKind::Osv(None).place(name) == Place::Record) {
        true => Ok(SourceKind::Osv(None)),
        false => Err(DatabaseError::NotADatabase { path: root.display().to_string() }),
    }
}

/// Files handed over so far, within the limits.
struct Walk<'a> {
    kind: SourceKind,
    limits: Limits,
    seen: usize,
    bytes: u64,
    take: Take<'a>,
}

impl Walk<'_> {
    fn count(&mut self) -> Result<(), DatabaseError> {
        self.seen += 1;
        if self.seen > self.limits.entries {
            return Err(DatabaseError::TooManyEntries(self.limits.entries));
        }
        Ok(())
    }

    fn add(&mut self, path: &str, bytes: &[u8]) -> Result<(), DatabaseError> {
        if bytes.len() > RECORD_LIMIT {
            return Err(RecordError::TooLarge { path: path.to_owned() }.into());
        }
        self.bytes += bytes.len() as u64;
        if self.bytes > self.limits.bytes {
            return Err(DatabaseError::TooLarge(self.limits.bytes));
        }
        (self.take)(self.kind, path, bytes)
    }

    /// Reads the files below `folder`; what is no advisory's place is nobody's.
    fn folder(&mut self, root: &Path, folder: &str, depth: usize) -> Result<(), DatabaseError> {
        check_depth(folder, depth)?;
        for (path, kind) in list(root, folder, self.limits.entries)? {
            self.count()?;
            if is_hidden(&path) {
                continue;
            }
            if kind.is_symlink() {
                return Err(DatabaseError::NotAFile { path });
            }
            if kind.is_dir() {
                self.folder(root, &path, depth + 1)?;
                continue;
            }
            match self.kind.place(&path) {
                Place::Other => {}
                Place::Misplaced => return Err(RecordError::Misplaced { path }.into()),
                Place::Record | Place::Report if kind.is_file() => {
                    let bytes = read_file(root, &path)?;
                    self.add(&path, &bytes)?;
                }
                Place::Record | Place::Report => return Err(DatabaseError::NotAFile { path }),
            }
        }
        Ok(())
    }

    fn tree(&mut self, tree: &gix::Tree<'_>, folder: &str, depth: usize) -> Result<(), DatabaseError> {
        check_depth(folder, depth)?;
        for entry in tree.iter() {
            let entry = entry.map_err(git_error)?;
            self.count()?;
            let path = tree_path(folder, entry.filename())?;
            if is_hidden(&path) {
                continue;
            }
            let is_file = match entry.kind() {
                EntryKind::Tree => {
                    let tree = entry.object().map_err(git_error)?.try_into_tree().map_err(git_error)?;
                    self.tree(&tree, &path, depth + 1)?;
                    continue;
                }
                EntryKind::Blob | EntryKind::BlobExecutable => true,
                EntryKind::Link | EntryKind::Commit => false,
            };
            match self.kind.place(&path) {
                Place::Record | Place::Report if is_file => {}
                Place::Misplaced => return Err(RecordError::Misplaced { path }.into()),
                Place::Other if is_file => continue,
                _ => return Err(DatabaseError::NotAFile { path }),
            }
            let size = tree.id().repo.find_header(entry.object_id()).map_err(git_error)?.size();
            if size > RECORD_LIMIT as u64 {
                return Err(RecordError::TooLarge { path }.into());
            }
            let blob = entry.object().map_err(git_error)?;
            self.add(&path, &blob.data)?;
        }
        Ok(())
    }
}

fn check_depth(folder: &str, depth: usize) -> Result<(), DatabaseError> {
    if depth > DEPTH_LIMIT {
        return Err(RecordError::Misplaced { path: folder.to_owned() }.into());
    }
    Ok(())
}

fn is_hidden(path: &str) -> bool {
    paths::name_of(path).starts_with('.')
}

/// The entries of a folder, as paths relative to `root`, with what they are (links not followed).
fn list(root: &Path, folder: &str, limit: usize) -> Result<Vec<(String, fs::FileType)>, DatabaseError> {
    let unreadable = |source| DatabaseError::Unreadable { path: folder.to_owned(), source };
    let mut entries = Vec::new();
    for entry in fs::read_dir(root.join(folder)).map_err(unreadable)? {
        let entry = entry.map_err(unreadable)?;
        let name = entry.file_name();
        let name = name.to_str().ok_or_else(|| DatabaseError::UnsafePath {
            path: format!("{folder}/{}", name.to_string_lossy()),
        })?;
        entries.push((paths::below(folder, name), entry.file_type().map_err(unreadable)?));
        if entries.len() > limit {
            return Err(DatabaseError::TooManyEntries(limit));
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
fn read_git(
    root: &Path,
    kind: Option<SourceKind>,
    limits: Limits,
    take: Take<'_>,
) -> Result<Found, DatabaseError> {
    let options = gix::open::Options::isolated().filter_config_section(|_| false);
    let mut repository = gix::open_opts(root, options).map_err(git_error)?;
    repository.object_cache_size(Some(4 << 20));
    let commit = repository.head_commit().map_err(git_error)?;
    let seconds = commit.time().map_err(git_error)?.seconds;
    let tree = commit.tree().map_err(git_error)?;
    let fits = |kind: &SourceKind| kind.roots().iter().any(|part| part.is_empty() || has(&tree, part));
    let not_one = || DatabaseError::NotADatabase { path: root.display().to_string() };
    let kind = match kind {
        Some(kind) => kind,
        None => SourceKind::RECOGNISED.into_iter().find(fits).ok_or_else(not_one)?,
    };
    let mut walk = Walk { kind, limits, seen: 0, bytes: 0, take };
    let mut found_any = false;
    for part in kind.roots() {
        if part.is_empty() {
            walk.tree(&tree, "", 0)?;
            found_any = true;
        } else if let Some(entry) = tree.lookup_entry_by_path(part).map_err(git_error)? {
            let below = entry.object().map_err(git_error)?.try_into_tree().map_err(git_error)?;
            walk.tree(&below, part, 0)?;
            found_any = true;
        }
    }
    if !found_any {
        return Err(not_one());
    }
    let date = Timestamp::from_second(seconds).ok();
    Ok(Found { kind, form: SourceForm::Git, commit: Some(commit.id.to_string()), date })
}

fn has(tree: &gix::Tree<'_>, path: &str) -> bool {
    tree.lookup_entry_by_path(path).is_ok_and(|entry| entry.is_some())
}

fn tree_path(folder: &str, name: &[u8]) -> Result<String, DatabaseError> {
    match std::str::from_utf8(name) {
        Ok(name) if name != "." && name != ".." && !name.contains(['/', '\\', '\0']) => {
            Ok(paths::below(folder, name))
        }
        _ => Err(DatabaseError::UnsafePath { path: format!("{folder}/{}", String::from_utf8_lossy(name)) }),
    }
}

fn git_error(error: impl std::fmt::Display) -> DatabaseError {
    DatabaseError::Git { reason: super::record::one_line(&error.to_string()) }
}
