//! What was entered of the workflows and actions of a repository, so that following them ends.
//!
//! The rule that must not be broken: nothing is entered within itself, and only so much at all.

use super::{follow::DEPTH_LIMIT, workflow::Step};
use std::{collections::BTreeMap, rc::Rc};

/// Most calls of workflows and actions of the repository that are followed, and the bytes that they may have together.
const ENTERED_LIMIT: usize = 200;
const ENTERED_BYTES: usize = 4 << 20;

/// What was entered of the workflows and actions of the repository.
#[derive(Default)]
pub(super) struct Entered {
    /// What is being followed: what calls itself is a gap.
    pub(super) now: Vec<String>,
    count: usize,
    bytes: usize,
    /// The steps of each action, read once.
    pub(super) actions: BTreeMap<String, Rc<Result<Vec<Step>, String>>>,
}

impl Entered {
    /// Enters a file, where it may be followed once more; [`Entered::now`] is to be popped afterwards.
    pub(super) fn enter(&mut self, path: &str, bytes: usize) -> bool {
        let is_over = self.count >= ENTERED_LIMIT || self.bytes.saturating_add(bytes) > ENTERED_BYTES;
        if is_over || self.now.len() > DEPTH_LIMIT || self.now.iter().any(|it| it == path) {
            return false;
        }
        self.count += 1;
        self.bytes += bytes;
        self.now.push(path.to_owned());
        true
    }
}
