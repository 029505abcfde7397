//! The files of the tree at the tag's commit that say what the release is made of.
//!
//! The rule that must not be broken: what was worked out from the files is forgotten when one of them changes.

use super::{Item, Seen, project::NOT_COLLECTED};
use crate::advisories::locks::tree::{self, File, Files, TreeLock};
use std::{collections::BTreeMap, sync::OnceLock};

/// What is looked for where it is said how Go builds: to be raised with each kind of file that is added.
pub(super) const BUILDS_LOOKED_FOR: u32 = 2;

/// What the repository holds at the tag's commit.
#[derive(Clone, Debug, Default)]
pub struct Tree {
    files: BTreeMap<String, Seen<Item>>,
    foreign: Vec<String>,
    modules: BTreeMap<String, Seen<Item>>,
    /// Nothing where they were not collected.
    builds: Option<BTreeMap<String, Seen<Item>>>,
    /// What the lock files select, and the tag that this was worked out for: collecting and judging both need it.
    locks: OnceLock<(String, Vec<TreeLock>)>,
}

impl PartialEq for Tree {
    fn eq(&self, other: &Self) -> bool {
        let Self { files, foreign, modules, builds, locks: _ } = self;
        (files, foreign, modules, builds) == (&other.files, &other.foreign, &other.modules, &other.builds)
    }
}

impl Eq for Tree {}

impl Tree {
    /// A tree of files that checks read, by path: manifests and lock files; and of the paths of those of ecosystems that
    /// this version does not read.
    pub fn new(files: BTreeMap<String, Seen<Item>>, foreign: Vec<String>) -> Self {
        Self { files, foreign, ..Self::default() }
    }

    /// With the `go.mod` files of modules of the same repository at tags of their own, by tag, such as `runtime/v1.5.11`:
    /// those that the release publishes, and those that its modules require.
    #[must_use]
    pub fn with_modules(self, modules: BTreeMap<String, Seen<Item>>) -> Self {
        Self { modules, locks: OnceLock::new(), ..self }
    }

    /// With the files that say how Go builds, by path: makefiles, scripts, what images are built from, and those that stand
    /// in the place of a `go.mod`.
    #[must_use]
    pub fn with_builds(self, builds: BTreeMap<String, Seen<Item>>) -> Self {
        Self { builds: Some(builds), locks: OnceLock::new(), ..self }
    }

    /// With another file, or another content of one.
    pub fn insert(&mut self, path: String, seen: Seen<Item>) {
        self.files.insert(path, seen);
        self.locks = OnceLock::new();
    }

    /// The manifests and lock files, by path.
    pub const fn files(&self) -> &BTreeMap<String, Seen<Item>> {
        &self.files
    }

    /// The paths of dependency manifests and lock files of ecosystems that this version does not read.
    pub fn foreign(&self) -> &[String] {
        &self.foreign
    }

    /// The `go.mod` files at tags of their own, by tag.
    pub const fn modules(&self) -> &BTreeMap<String, Seen<Item>> {
        &self.modules
    }

    /// The files that say how Go builds; nothing where they were not collected.
    pub const fn builds(&self) -> Option<&BTreeMap<String, Seen<Item>>> {
        self.builds.as_ref()
    }

    /// The manifests and lock files, for the readers of lock files.
    pub fn lock_files(&self) -> Files<'_> {
        Files {
            files: files_of(&self.files),
            modules: files_of(&self.modules),
            builds: self.builds.as_ref().map(files_of).ok_or(NOT_COLLECTED),
        }
    }

    /// The lock files, read, where the tree is that of `tag`.
    pub fn locks(&self, tag: &str) -> Vec<TreeLock> {
        let read = || tree::locks(&self.lock_files(), tag);
        let (of, locks) = self.locks.get_or_init(|| (tag.to_owned(), read()));
        if of == tag { locks.clone() } else { read() }
    }
}

fn files_of(files: &BTreeMap<String, Seen<Item>>) -> BTreeMap<&str, File<'_>> {
    files.iter().map(|(name, seen)| (name.as_str(), file_of(seen))).collect()
}

fn file_of(seen: &Seen<Item>) -> File<'_> {
    let bytes = match seen {
        Seen::Present(item) => Ok(item.bytes.as_slice()),
        Seen::Absent { .. } => Err("it is not there"),
        Seen::Unavailable { reason } => Err(reason.as_str()),
    };
    File { sha256: seen.present().map(|item| item.sha256), bytes }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn versions(tree: &Tree, tag: &str) -> Vec<String> {
        let locks = tree.locks(tag).into_iter().filter_map(|lock| lock.lock.ok());
        locks.flat_map(|lock| lock.covered().map(|it| it.version.to_string()).collect::<Vec<_>>()).collect()
    }

    fn requirements(text: &str) -> Seen<Item> {
        Seen::Present(Item::new("git:refs/tags/v1:requirements.txt", text.as_bytes().to_vec()))
    }

    #[test]
    fn what_is_selected_is_that_of_the_files_as_they_are_and_of_the_tag_that_is_asked_about() {
        let mut tree =
            Tree::new([("requirements.txt".to_owned(), requirements("a==1.0\n"))].into(), Vec::new());
        assert_eq!(versions(&tree, "v1"), ["1.0"]);
        let before = tree.clone();
        tree.insert("requirements.txt".to_owned(), requirements("a==2.0\n"));
        assert_eq!(versions(&tree, "v1"), ["2.0"]);
        assert_eq!(versions(&before, "v1"), ["1.0"]);
        assert_ne!(tree, before);

        let go =
            |text: &str| Seen::Present(Item::new("git:refs/tags/v1.0.0:go.mod", text.as_bytes().to_vec()));
        let root = go("module example.com/p\nrequire a.example/x v1.1.0\n");
        let tree = Tree::new([("go.mod".to_owned(), root)].into(), Vec::new());
        assert!(tree.locks("v1.0.0").iter().all(|lock| lock.path != "go.mod at v1.0.0"));
        let newer = go("module example.com/p\nrequire a.example/x v1.2.0\n");
        let tree = tree.with_modules([("v1.0.0".to_owned(), newer)].into());
        assert!(tree.locks("v1.0.0").iter().any(|lock| lock.path == "go.mod at v1.0.0"));
        assert!(tree.locks("v2.0.0").iter().all(|lock| lock.path != "go.mod at v1.0.0"));
    }
}
