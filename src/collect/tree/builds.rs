//! The files that say how Go builds: those that stand in the place of a `go.mod`, and, where there is a `go.mod`, makefiles,
//! scripts and what images are built from.
//!
//! The rule that must not be broken: one that is not read, for its size or its number, is said to be there.

use super::{Repository, TreePath, VENDORED};
use crate::{
    advisories::locks::go,
    collect::git::EntryKind,
    evidence::{Item, Seen},
    paths,
    release::ObjectId,
    text,
};
use std::collections::BTreeMap;

/// Most such files that are read.
const FILES: usize = 400;
/// Largest such file, in bytes.
const FILE_BYTES: u64 = 1 << 20;
/// Most bytes of them together.
const TOTAL_BYTES: u64 = 16 << 20;

/// Folders whose files build nothing that is released.
const OF_OTHERS: [&str; 3] = [".devcontainer", "testdata", "third_party"];

/// Reads them, those nearest to the root first.
pub(super) fn read(
    repository: &Repository,
    commit: &ObjectId,
    source: &str,
    files: &BTreeMap<String, Seen<Item>>,
    paths: &[TreePath],
) -> BTreeMap<String, Seen<Item>> {
    let name = |path: &str| paths::name_of(path).to_owned();
    let has_go = files.keys().any(|path| ["go.mod", "go.work"].contains(&name(path).as_str()));
    let is_wanted = |path: &&str| {
        let is_of_others = |it: &str| VENDORED.contains(&it) || OF_OTHERS.contains(&it);
        let may = go::may_stand_in(path) || (has_go && go::is_script(path));
        may && !files.contains_key(*path)
            && !path.split('/').any(is_of_others)
            && path.chars().all(text::is_plain)
    };
    let present = paths.iter().filter(|entry| entry.kind != EntryKind::Submodule);
    let mut wanted: Vec<(&str, &TreePath)> = present
        .filter_map(|entry| Some((std::str::from_utf8(&entry.path).ok()?, entry)))
        .filter(|(path, _)| is_wanted(path))
        .collect();
    wanted.sort_by_key(|(path, _)| (path.matches('/').count(), *path));
    // What cannot be fetched together is asked for one by one, and says there why it cannot be had.
    drop(repository.prefetch(wanted.iter().take(FILES).map(|(_, entry)| entry.id)));
    let mut room = TOTAL_BYTES;
    let read = wanted.into_iter().enumerate().map(|(at, (path, _))| {
        let seen = if at < FILES && room > 0 {
            repository.file(commit, source, path, FILE_BYTES)
        } else {
            Seen::unavailable("there are too many files like it")
        };
        room = room.saturating_sub(seen.present().map_or(0, |item| item.bytes.len() as u64));
        (path.to_owned(), seen)
    });
    read.collect()
}
