//! The modules of a repository, whose `go.mod` is in it: by folder at the tag, and at tags of their own.

use super::{
    GoMod,
    home::{self, repository_path, without_major},
    version,
};
use crate::paths;
use std::collections::{BTreeMap, BTreeSet};

/// The modules of a repository: by folder at the tag, and at tags of their own.
#[derive(Clone, Debug, Default)]
pub struct Modules {
    pub(super) folders: BTreeMap<String, Result<GoMod, String>>,
    /// The folder of each module, by its path; the first where two have one path.
    pub(super) paths: BTreeMap<String, String>,
    /// By path, then by version.
    pub(super) tagged: BTreeMap<String, BTreeMap<String, GoMod>>,
    /// Tags of modules whose `go.mod` cannot be read, and why.
    pub(super) unread: BTreeMap<String, String>,
    /// The names of the files of the tag that select modules, under whatever name.
    files: BTreeSet<String>,
}

/// A module of the same repository at one of its versions.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SiblingTag {
    /// The tag: `folder/v1.2.3`. A folder `v2` at the end is the major version's and no part of it.
    pub tag: String,
    /// The path of its `go.mod`.
    pub path: String,
}

impl SiblingTag {
    /// The module in `folder` at `version`.
    pub fn new(folder: &str, version: &str) -> Self {
        let named = without_major(folder);
        let tag = paths::below(named, version);
        let path = paths::below(folder, "go.mod");
        Self { tag, path }
    }
}

/// The folder and the version that the tag of a module names.
pub fn component_and_version(tag: &str) -> Option<(&str, &str)> {
    let (folder, at) = paths::split(tag);
    version(at).map(|_| (folder, at))
}

impl Modules {
    /// Adds the name of a file of the tag that selects modules.
    pub fn add_file(&mut self, name: &str) {
        self.files.insert(name.to_owned());
    }

    /// Whether a path, which may begin with a variable, is that of a file of the tag that selects modules.
    pub(super) fn is_named(&self, path: &str) -> bool {
        let name = paths::name_of(path);
        !path.starts_with('/') && self.files.contains(name)
    }

    /// Adds the module in a folder of the tag.
    pub fn add(&mut self, folder: String, file: GoMod) {
        self.paths.entry(file.module.clone()).or_insert_with(|| folder.clone());
        self.folders.insert(folder, Ok(file));
    }

    /// Adds a folder whose `go.mod` cannot be read.
    pub fn add_unreadable(&mut self, folder: String, why: String) {
        self.folders.insert(folder, Err(why));
    }

    /// Adds a module of the repository at a tag of its own; one whose path does not end in the folder that the tag
    /// names is somebody else's.
    pub fn add_tagged(&mut self, tag: &str, file: GoMod) {
        let Some((folder, at)) = component_and_version(tag) else { return };
        if repository_path(folder, &file.module).is_some() {
            self.tagged.entry(file.module.clone()).or_default().insert(at.to_owned(), file);
        }
    }

    /// Adds a tag of a module whose `go.mod` cannot be read.
    pub fn add_tagged_unreadable(&mut self, tag: String, why: String) {
        self.unread.insert(tag, why);
    }

    /// Why the `go.mod` in a folder cannot be read, where that is so.
    pub fn unreadable(&self, folder: &str) -> Option<&str> {
        self.folders.get(folder)?.as_ref().err().map(String::as_str)
    }

    /// The modules at the tag that can be read, with their folders.
    pub fn readable(&self) -> impl Iterator<Item = (&str, &GoMod)> {
        self.folders.iter().filter_map(|(folder, file)| Some((folder.as_str(), file.as_ref().ok()?)))
    }

    /// The modules of the same repository that a file requires at a version with a tag of its own.
    pub fn siblings(&self, file: &GoMod) -> Vec<SiblingTag> {
        let wanted = file.require.iter().filter(|it| version(&it.version).is_some_and(|v| v.pre.is_empty()));
        wanted.filter_map(|it| Some(SiblingTag::new(self.paths.get(&it.path)?, &it.version))).collect()
    }

    /// The path of the repository, where it is known.
    pub(super) fn repository_path(&self) -> Option<&str> {
        home::of_repository(self.readable().map(|(folder, file)| (folder, file.module.as_str())))
    }

    /// A module of the repository at a version with a tag of its own.
    pub(super) fn sibling(&self, path: &str, version: &str) -> Option<&GoMod> {
        self.tagged.get(path)?.get(version)
    }
}
