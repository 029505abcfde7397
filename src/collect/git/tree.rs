//! Files and paths of a commit's tree.
//!
//! The rule that must not be broken: a path never leaves the tree. Symbolic links are followed by this code inside
//! the tree, a few deep; one that points outside is a reason, not a file.

use super::{GitError, Kind, Mode, Repository, git_id};
use crate::{
    evidence::{Item, Seen},
    release::ObjectId,
    text,
};
use gix::objs::TreeRefIter;
use std::collections::VecDeque;

/// Most entries of a tree that are listed, folders among them.
pub const PATHS_LIMIT: usize = 500_000;

/// Longest path that is listed, in bytes.
pub const PATH_LIMIT: usize = 4096;

/// Most symbolic links on the way to one file.
const LINKS_LIMIT: usize = 5;

/// A path of a tree that is no folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TreePath {
    /// The path, as bytes; it need not be text.
    pub path: Vec<u8>,
    /// What is there.
    pub kind: EntryKind,
    /// Its object.
    pub(in crate::collect) id: gix::ObjectId,
}

/// What is at a path of a tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EntryKind {
    /// A file.
    File,
    /// A symbolic link.
    Link,
    /// A commit of another repository.
    Submodule,
}

/// Where a path led.
enum Found {
    File(gix::ObjectId),
    Folder(gix::ObjectId),
    Nothing,
    /// Something that is no file, or a file that must not be read.
    Unusable(&'static str),
}

impl Repository {
    /// The file at `path` of a commit, following symbolic links inside the tree; at most `limit` bytes. `source` says
    /// in the origin how the commit was found, such as `refs/heads/main`.
    pub fn file(&self, commit: &ObjectId, source: &str, path: &str, limit: u64) -> Seen<Item> {
        match self.find(commit, path) {
            Ok(Found::Nothing) => Seen::Absent { looked_at: vec![path.to_owned()] },
            Ok(Found::Folder(_)) => Seen::unavailable(format!("{} is a folder", text::clean(path))),
            Ok(Found::Unusable(why)) => Seen::unavailable(format!("{} {why}", text::clean(path))),
            Ok(Found::File(id)) => self.blob(id, source, path, limit),
            Err(error) => Seen::unavailable(format!("{} cannot be read: {error}", text::clean(path))),
        }
    }

    /// The paths of a commit's tree, folders left out, sorted.
    ///
    /// # Errors
    /// When a folder cannot be read, or the tree is over [`PATHS_LIMIT`] or [`PATH_LIMIT`].
    pub fn paths(&self, commit: &ObjectId) -> Result<Vec<TreePath>, GitError> {
        let mut paths = Vec::new();
        let mut entries = 0;
        let mut folders = vec![(Vec::new(), self.root(commit)?)];
        while let Some((folder, id)) = folders.pop() {
            let bytes = self.tree_bytes(id)?;
            for entry in self.entries(id, &bytes) {
                let (name, mode, id) = entry?;
                entries += 1;
                if entries > PATHS_LIMIT {
                    return Err(GitError::Limit { what: "entries in the tree", limit: PATHS_LIMIT as u64 });
                }
                if folder.len() + name.len() + 1 > PATH_LIMIT {
                    return Err(GitError::Limit { what: "bytes in a path", limit: PATH_LIMIT as u64 });
                }
                let path = [folder.as_slice(), name].concat();
                let kind = match mode {
                    Mode::Tree => {
                        folders.push(([path.as_slice(), b"/"].concat(), id));
                        continue;
                    }
                    Mode::Blob | Mode::BlobExecutable => EntryKind::File,
                    Mode::Link => EntryKind::Link,
                    Mode::Commit => EntryKind::Submodule,
                };
                paths.push(TreePath { path, kind, id });
            }
        }
        paths.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(paths)
    }

    /// The names in one folder of a commit's tree, sorted; empty where there is no such folder.
    ///
    /// # Errors
    /// When it cannot be read, or leads out of the tree.
    pub fn folder(&self, commit: &ObjectId, path: &str) -> Result<Vec<Vec<u8>>, GitError> {
        let id = match self.find(commit, path)? {
            Found::Folder(id) => id,
            Found::File(_) | Found::Nothing => return Ok(Vec::new()),
            Found::Unusable(why) => return Err(GitError::Folder { path: path.to_owned(), why }),
        };
        let bytes = self.tree_bytes(id)?;
        self.entries(id, &bytes).map(|entry| entry.map(|(name, _, _)| name.to_vec())).collect()
    }

    /// Fetches the folders of some commits, in one question. Where nothing is fetched anyway, nothing is done.
    ///
    /// # Errors
    /// When a commit cannot be read, or its repository not asked.
    pub(in crate::collect) fn prefetch_folders(&self, commits: &[ObjectId]) -> Result<(), GitError> {
        let roots: Vec<gix::ObjectId> =
            commits.iter().map(|commit| self.root(commit)).collect::<Result<_, _>>()?;
        self.prefetch(roots.into_iter())
    }

    /// The tree of a commit.
    pub(super) fn root(&self, commit: &ObjectId) -> Result<gix::ObjectId, GitError> {
        self.tree_of(git_id(commit)?)
    }

    /// Walks to `path`, one segment at a time.
    fn find(&self, commit: &ObjectId, path: &str) -> Result<Found, GitError> {
        let mut folders = vec![self.root(commit)?];
        let mut left: VecDeque<Vec<u8>> = path.split('/').map(|name| name.as_bytes().to_vec()).collect();
        let mut links = 0;
        while let Some(name) = left.pop_front() {
            let here = *folders.last().expect("the root is never left");
            match name.as_slice() {
                b"" | b"." => continue,
                b".." if folders.len() == 1 => return Ok(Found::Unusable("leads out of the repository")),
                b".." => {
                    folders.pop();
                    continue;
                }
                _ => {}
            }
            match self.entry(here, &name)? {
                None if links > 0 => return Ok(Found::Unusable("is a symbolic link to nothing")),
                None => return Ok(Found::Nothing),
                Some((Mode::Tree, id)) => folders.push(id),
                Some((Mode::Commit, _)) => return Ok(Found::Unusable("is in a submodule")),
                Some((Mode::Link, id)) => {
                    links += 1;
                    if links > LINKS_LIMIT {
                        return Ok(Found::Unusable("is behind more than 5 symbolic links"));
                    }
                    let target = self.object_of(id, Kind::Blob, PATH_LIMIT as u64)?;
                    if target.first() == Some(&b'/') {
                        return Ok(Found::Unusable("leads out of the repository"));
                    }
                    for name in target.split(|b| *b == b'/').rev() {
                        left.push_front(name.to_vec());
                    }
                }
                Some((Mode::Blob | Mode::BlobExecutable, id)) if left.is_empty() => {
                    return Ok(Found::File(id));
                }
                Some((Mode::Blob | Mode::BlobExecutable, _)) if links > 0 => {
                    return Ok(Found::Unusable("is a symbolic link to nothing"));
                }
                Some((Mode::Blob | Mode::BlobExecutable, _)) => return Ok(Found::Nothing),
            }
        }
        Ok(Found::Folder(*folders.last().expect("the root is never left")))
    }

    /// Reads a file.
    fn blob(&self, id: gix::ObjectId, source: &str, path: &str, limit: u64) -> Seen<Item> {
        let path = text::clean(path);
        match self.object_of(id, Kind::Blob, limit) {
            Ok(bytes) => Seen::Present(Item::new(format!("git:{source}:{path}"), bytes)),
            Err(GitError::Limit { .. }) => {
                Seen::unavailable(format!("{path} is larger than the limit of {limit} bytes"))
            }
            Err(error) => Seen::unavailable(format!("{path} cannot be read: {error}")),
        }
    }

    /// One entry of a folder; refused when the folder has it twice.
    pub(super) fn entry(
        &self,
        folder: gix::ObjectId,
        name: &[u8],
    ) -> Result<Option<(Mode, gix::ObjectId)>, GitError> {
        let bytes = self.tree_bytes(folder)?;
        let mut found = None;
        for entry in self.entries(folder, &bytes) {
            let (candidate, mode, id) = entry?;
            if candidate == name && found.replace((mode, id)).is_some() {
                return Err(GitError::Malformed { object: folder.to_string(), why: "a name is there twice" });
            }
        }
        Ok(found)
    }

    /// The entries of a tree object, each with a name that is one path segment.
    fn entries<'a>(
        &self,
        folder: gix::ObjectId,
        bytes: &'a [u8],
    ) -> impl Iterator<Item = Result<(&'a [u8], Mode, gix::ObjectId), GitError>> {
        let malformed = move |why| GitError::Malformed { object: folder.to_string(), why };
        TreeRefIter::from_bytes(bytes, folder.kind()).map(move |entry| {
            let entry = entry.map_err(|_| malformed("it is not a tree"))?;
            let name: &[u8] = entry.filename;
            if matches!(name, b"" | b"." | b"..") || name.contains(&b'/') {
                return Err(malformed("an entry of a tree has a name that is no path segment"));
            }
            Ok((name, entry.mode.kind(), entry.oid.to_owned()))
        })
    }
}
