//! The `go.mod` files of modules at tags of their own: `runtime/v1.5.11` is the tag of the module in `runtime`.

use super::{GitError, LIMITS, Repository};
use crate::{
    advisories::locks::{
        self,
        go::{SiblingTag, component_and_version},
    },
    evidence::{Item, Seen, Tree},
};
use std::collections::{BTreeMap, BTreeSet};

/// Most tags whose module is read. Each may cost a question to another machine.
const TAGS: usize = 32;

/// The modules that the release of `tag` publishes, and those of the same repository that they require, through the
/// tags of those.
pub(super) fn read(repository: &Repository, tree: &Tree, tag: &str) -> BTreeMap<String, Seen<Item>> {
    let modules = locks::tree::modules(&tree.lock_files());
    let mut waiting: Vec<SiblingTag> = published(tag, modules.readable().map(|(folder, _)| folder));
    waiting.extend(modules.readable().flat_map(|(_, file)| modules.siblings(file)));
    let mut asked = BTreeSet::new();
    let mut found = BTreeMap::new();
    while !waiting.is_empty() {
        waiting.retain(|sibling| asked.insert(sibling.tag.clone()));
        let mut batch = Vec::new();
        for sibling in waiting.drain(..) {
            match repository.tag(&sibling.tag) {
                // A version without a tag here is one of a module as every other.
                Ok(None) | Err(GitError::TagName { .. }) => {}
                Ok(Some(_)) if found.len() + batch.len() >= TAGS => {
                    let seen = Seen::unavailable(format!("there are more than {TAGS} tags of modules"));
                    found.insert(sibling.tag, seen);
                }
                Ok(Some(record)) => batch.push((sibling, record.commit)),
                Err(error) => drop(found.insert(sibling.tag, Seen::unavailable(error.to_string()))),
            }
        }
        let commits: Vec<_> = batch.iter().map(|(_, commit)| commit.clone()).collect();
        // What could not be fetched together is asked for one by one, and says there why it cannot be had.
        drop(repository.prefetch_folders(&commits));
        for (sibling, commit) in batch {
            let source = format!("refs/tags/{}", sibling.tag);
            let seen = repository.file(&commit, &source, &sibling.path, LIMITS.file_bytes);
            if let Some(file) = seen.present().and_then(|item| locks::tree::go_mod(&item.bytes).ok()) {
                waiting.extend(modules.siblings(&file));
            }
            if !matches!(seen, Seen::Absent { .. }) {
                found.insert(sibling.tag, seen);
            }
        }
    }
    found
}

/// The tags of the modules that a release publishes: with the tag of a component that module alone, otherwise all that
/// have a tag of the same version.
fn published<'m>(tag: &str, folders: impl Iterator<Item = &'m str>) -> Vec<SiblingTag> {
    let Some((component, version)) = component_and_version(tag) else { return Vec::new() };
    let all = folders.map(|folder| SiblingTag::new(folder, version));
    all.filter(|sibling| component.is_empty() || sibling.tag == tag).collect()
}
