//! Trees that were read already. Every file of a release is looked for from the root again.
//!
//! The rule that must not be broken: only what was read whole, and whose id was computed over it, is held.

use super::{GitError, Kind, OBJECT_LIMIT, Repository, object};
use std::{
    cell::{Cell, RefCell},
    collections::HashMap,
    sync::Arc,
};

/// How many bytes of trees, and how many commits, are held.
const BYTES: usize = 8 << 20;
const COMMITS: usize = 1024;

/// What is held of a repository.
pub(super) struct Held {
    trees: RefCell<HashMap<gix::ObjectId, Arc<[u8]>>>,
    /// The tree of each commit.
    roots: RefCell<HashMap<gix::ObjectId, gix::ObjectId>>,
    room: Cell<usize>,
}

impl Default for Held {
    fn default() -> Self {
        Self { trees: RefCell::default(), roots: RefCell::default(), room: Cell::new(BYTES) }
    }
}

impl Repository {
    /// The bytes of a tree object.
    pub(super) fn tree_bytes(&self, id: gix::ObjectId) -> Result<Arc<[u8]>, GitError> {
        if let Some(known) = self.held.trees.borrow().get(&id) {
            return Ok(Arc::clone(known));
        }
        let bytes: Arc<[u8]> = self.object_of(id, Kind::Tree, OBJECT_LIMIT)?.into();
        if let Some(room) = self.held.room.get().checked_sub(bytes.len()) {
            self.held.room.set(room);
            self.held.trees.borrow_mut().insert(id, Arc::clone(&bytes));
        }
        Ok(bytes)
    }

    /// The tree of a commit.
    pub(super) fn tree_of(&self, commit: gix::ObjectId) -> Result<gix::ObjectId, GitError> {
        if let Some(known) = self.held.roots.borrow().get(&commit) {
            return Ok(*known);
        }
        let tree = object::commit(commit, &self.object_of(commit, Kind::Commit, OBJECT_LIMIT)?)?.tree;
        let mut roots = self.held.roots.borrow_mut();
        if roots.len() < COMMITS {
            roots.insert(commit, tree);
        }
        Ok(tree)
    }
}
