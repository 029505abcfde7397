//! Everything about a release that selects packages.

use super::{Published, Tree};
use crate::{
    advisories::{
        lock::Ecosystem,
        locks::{self, sbom, tree::TreeLock},
    },
    inside::{BuildList, Inside, ListKind, go::BuildInfo},
};
use std::{collections::BTreeSet, sync::Arc};

/// Everything that selects packages: the lock files of the tree, published bills of materials, and what was built into the
/// published programs and packages, with the lists of these that are damaged. Where all programs name their toolchain, what the workflows say of it does not matter.
pub fn selected(tree: &Tree, published: Option<&Published>, tag: &str) -> Vec<TreeLock> {
    let mut found = tree.locks(tag);
    let Some(published) = published else { return found };
    let mut room = locks::tree::Room::beside(&found);
    let bills = locks::tree::published(&published.listed(), &mut room);
    let built = published.built().flat_map(|(name, list)| locks::built::locks(name, list, tag));
    let built: Vec<TreeLock> = built.map(|lock| room.hold(lock)).collect();
    if tells_toolchain(tree, published) {
        found.retain(|lock| lock.path != locks::go::STDLIB_PATH);
    }
    let modules = modules(found.iter().chain(&built));
    found.extend(bills.into_iter().map(|bill| {
        match bill.lock.as_deref().map(|lock| sbom::below(lock, &modules)) {
            Ok(Some(marked)) => TreeLock { lock: Ok(Arc::new(marked)), ..bill },
            _ => bill,
        }
    }));
    found.extend(built);
    let looked = published.files.iter().filter_map(|(name, file)| match &file.inside {
        Inside::Looked(contents) => Some((name.as_str(), &contents.unread)),
        Inside::NotLooked => None,
    });
    for (name, unread) in looked {
        found.extend(unread.iter().filter_map(|it| locks::built::unread(name, it)));
        found.extend(locks::built::packed(name, unread));
    }
    found
}

/// The Go modules that lists select.
fn modules<'l>(lists: impl Iterator<Item = &'l TreeLock>) -> BTreeSet<String> {
    let read = lists.filter_map(|list| list.lock.as_ref().ok());
    let of_go = read.filter(|lock| lock.ecosystem() == Ecosystem::Golang);
    of_go.flat_map(|lock| lock.packages()).map(|package| package.name.to_string()).collect()
}

/// Whether the published programs say with which Go toolchain they were built: at least one does, each that does is of a module
/// of the tree, and there is none that says nothing or could not be looked through.
fn tells_toolchain(tree: &Tree, published: &Published) -> bool {
    let of_go: Vec<&BuildList> =
        published.built().map(|(_, list)| list).filter(|list| list.kind == ListKind::Go).collect();
    let is_whole = published.files.values().all(|file| match &file.inside {
        Inside::Looked(contents) => contents.silent.is_empty() && contents.unread.is_empty(),
        Inside::NotLooked => false,
    });
    if of_go.is_empty() || !is_whole {
        return false;
    }
    let modules = locks::tree::modules(&tree.lock_files());
    let own: BTreeSet<&str> = modules.readable().map(|(_, file)| file.module.as_str()).collect();
    of_go.iter().all(|list| {
        let info = BuildInfo::parse(&list.bytes).ok();
        let main = info.and_then(|info| info.main).map(|module| module.path);
        main.is_some_and(|main| own.contains(main.as_str()))
    })
}
