//! Everything about a release that selects packages.

use super::{Published, Tree};
use crate::{
    advisories::locks::{self, tree::TreeLock},
    inside::ListKind,
};

/// Everything that selects packages: the lock files of the tree, published bills of materials, and what was built into the
/// published programs. Where programs name their toolchain, what the workflows say of it does not matter.
pub fn selected(tree: &Tree, published: Option<&Published>, tag: &str) -> Vec<TreeLock> {
    let mut found = locks::tree::locks(&tree.lock_files(), tag);
    let Some(published) = published else { return found };
    let built = published.built();
    let built: Vec<TreeLock> = built.filter_map(|(name, list)| locks::built::lock(name, list)).collect();
    if published.built().any(|(_, list)| list.kind == ListKind::Go) {
        found.retain(|lock| lock.path != locks::go::STDLIB_PATH);
    }
    found.extend(locks::tree::published(&published.listed()));
    found.extend(built);
    found
}
