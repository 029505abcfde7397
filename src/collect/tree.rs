//! The files of the tree at the tag that checks read, and those of ecosystems that nobody here reads.

mod builds;
mod modules;
mod otherwise;

use super::git::{EntryKind, GitError, Repository, TreePath};
use crate::{
    advisories::{
        locks::{self, Format},
        suppression::is_suppression_file,
    },
    evidence::{Item, Seen, Tree},
    paths,
    release::ObjectId,
    text,
};
use std::collections::{BTreeMap, BTreeSet};

/// Manifests whose content is kept, beside the lock files of every format that is read.
const KEPT: [&str; 12] = [
    "Cargo.toml",
    "Gemfile",
    "Pipfile",
    "build.gradle",
    "build.gradle.kts",
    "composer.json",
    "gems.rb",
    "go.work",
    "mix.exs",
    "package.json",
    "pom.xml",
    "pyproject.toml",
];

/// Dependency manifests and lock files whose names alone are kept.
const FOREIGN: [&str; 41] = [
    "Berksfile.lock",
    "Cartfile",
    "Cartfile.resolved",
    "Directory.Packages.props",
    "Gopkg.lock",
    "MODULE.bazel.lock",
    "Package.resolved",
    "Package.swift",
    "Podfile",
    "Podfile.lock",
    "bower.json",
    "build.sbt",
    "bun.lockb",
    "cabal.project.freeze",
    "conan.lock",
    "conanfile.py",
    "conanfile.txt",
    "conda-lock.yml",
    "cpanfile.snapshot",
    "deno.lock",
    "dub.selections.json",
    "elm.json",
    "environment.yml",
    "flake.lock",
    "gleam.toml",
    "ivy.xml",
    "libs.versions.toml",
    "packages.config",
    "paket.lock",
    "pixi.lock",
    "project.clj",
    "pubspec.lock",
    "pubspec.yaml",
    "rebar.config",
    "rebar.lock",
    "renv.lock",
    "setup.cfg",
    "setup.py",
    "shard.lock",
    "stack.yaml.lock",
    "vcpkg.json",
];

/// Folders that hold copies of packages from elsewhere. What is in them is shipped and nobody's selection: the names of
/// its manifests and lock files are kept, as those of files that are not read.
const VENDORED: [&str; 2] = ["node_modules", "vendor"];

/// How much of a tree is kept.
#[derive(Clone, Copy)]
pub(super) struct Limits {
    /// Most files whose content is kept; those nearest to the root come first.
    pub(super) files: usize,
    /// Largest such file, in bytes.
    pub(super) file_bytes: u64,
    /// Most bytes of content together.
    pub(super) total_bytes: u64,
    /// Most manifests and lock files of any kind; with more, the tree is not read at all.
    pub(super) names: usize,
}

pub(super) const LIMITS: Limits =
    Limits { files: 2000, file_bytes: 16 << 20, total_bytes: 64 << 20, names: 20_000 };

/// Reads the tree of a commit, which `tag` leads to, and of the tags of their own that its Go modules have.
pub(super) fn read(repository: &Repository, commit: &ObjectId, tag: &str) -> Result<Tree, GitError> {
    let tree = read_within(repository, commit, &format!("refs/tags/{tag}"), LIMITS)?;
    let modules = modules::read(repository, &tree, tag);
    Ok(tree.with_modules(modules))
}

pub(super) fn read_within(
    repository: &Repository,
    commit: &ObjectId,
    source: &str,
    limits: Limits,
) -> Result<Tree, GitError> {
    let (mut files, mut foreign) = (BTreeMap::new(), Vec::new());
    let mut kept = Vec::new();
    let paths = repository.paths(commit)?;
    for entry in &paths {
        let Some(class) = class(entry) else { continue };
        if kept.len() + foreign.len() + files.len() >= limits.names {
            return Err(GitError::Limit { what: "manifests and lock files", limit: limits.names as u64 });
        }
        let path = String::from_utf8_lossy(&entry.path);
        let shown = text::clean(&path);
        match class {
            Class::Foreign => foreign.push(shown.into_owned()),
            Class::Unread(why) => foreign.push(format!("{shown}{why}")),
            Class::Kept if shown.as_bytes() == entry.path => kept.push((shown.into_owned(), entry.id)),
            Class::Kept => {
                let seen = Seen::unavailable("its path holds characters that do not print");
                files.insert(shown.into_owned(), seen);
            }
        }
    }
    // The manifests nearest to the root say most about the release.
    kept.sort_by_cached_key(|(path, _)| (path.matches('/').count(), path.clone()));
    repository.prefetch(kept.iter().take(limits.files).map(|(_, id)| *id))?;
    let mut left = Some(limits.total_bytes);
    for (number, (path, _)) in kept.into_iter().enumerate() {
        let seen = match left {
            _ if number >= limits.files => {
                Seen::unavailable(format!("there are more than {} manifests and lock files", limits.files))
            }
            Some(room) => match repository.file(commit, source, &path, limits.file_bytes) {
                Seen::Present(item) => {
                    left = room.checked_sub(item.bytes.len() as u64);
                    if left.is_some() { Seen::Present(item) } else { over_total(limits) }
                }
                other => other,
            },
            None => over_total(limits),
        };
        // A path that was refused above stays refused.
        files.entry(path).or_insert(seen);
    }
    included(&mut files, &paths, limits, |path| repository.file(commit, source, path, limits.file_bytes));
    let gemspecs: Vec<String> = foreign.iter().filter(|path| path.ends_with(".gemspec")).cloned().collect();
    otherwise::leave_out_what_is_read(&mut foreign, &files, &paths);
    let left: BTreeSet<&String> = foreign.iter().collect();
    let spoken_for = gemspecs.into_iter().filter(|path| !left.contains(path)).collect();
    add(&mut files, spoken_for, limits, |path| repository.file(commit, source, path, limits.file_bytes));
    let builds = builds::read(repository, commit, source, &files, &paths);
    Ok(Tree::new(files, foreign).with_builds(builds))
}

/// Adds the files that requirement files name, whatever they are called.
fn included(
    files: &mut BTreeMap<String, Seen<Item>>,
    paths: &[TreePath],
    limits: Limits,
    read: impl Fn(&str) -> Seen<Item>,
) {
    let mut size = size_of(files);
    let mut waiting: Vec<String> = files.keys().cloned().collect();
    let mut is_named = BTreeSet::new();
    while let Some(path) = waiting.pop() {
        if Format::of(&path) != Some(Format::Requirements) && !is_named.contains(&path) {
            continue;
        }
        let Some(item) = files.get(&path).and_then(Seen::present) else { continue };
        for named in locks::tree::named_by(&path, &item.bytes) {
            let exists = paths.binary_search_by(|it| it.path.as_slice().cmp(named.as_bytes())).is_ok();
            let is_new = exists && is_named.insert(named.clone()) && !files.contains_key(&named);
            if !is_new {
                continue;
            }
            let seen = if files.len() >= limits.files || size > limits.total_bytes {
                over_total(limits)
            } else {
                read(&named)
            };
            size += seen.present().map_or(0, |item| item.bytes.len() as u64);
            files.insert(named.clone(), seen);
            waiting.push(named);
        }
    }
}

/// The bytes of all files that were read.
fn size_of(files: &BTreeMap<String, Seen<Item>>) -> u64 {
    files.values().filter_map(Seen::present).map(|item| item.bytes.len() as u64).sum()
}

/// Adds files whose names say what they are about: the gemspecs that a lock file of Bundler speaks for.
fn add(
    files: &mut BTreeMap<String, Seen<Item>>,
    paths: Vec<String>,
    limits: Limits,
    read: impl Fn(&str) -> Seen<Item>,
) {
    let mut size = size_of(files);
    for path in paths {
        let is_over = files.len() >= limits.files || size > limits.total_bytes;
        let seen = if is_over { over_total(limits) } else { read(&path) };
        size += seen.present().map_or(0, |item| item.bytes.len() as u64);
        files.entry(path).or_insert(seen);
    }
}

fn over_total(limits: Limits) -> Seen<Item> {
    Seen::unavailable(format!(
        "the manifests and lock files have more than {} bytes together",
        limits.total_bytes
    ))
}

/// What is done with a file of the tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Class {
    Kept,
    Foreign,
    /// Not to be read, and what is put behind its name.
    Unread(&'static str),
}

fn class(entry: &TreePath) -> Option<Class> {
    // As below a folder, so that a policy can exclude it by its path.
    if entry.kind == EntryKind::Submodule {
        return Some(Class::Unread("/ (a submodule, whose files are not read)"));
    }
    match std::str::from_utf8(&entry.path) {
        Ok(path) => class_of(path),
        Err(_) => {
            let kind = class_of(&String::from_utf8_lossy(&entry.path));
            kind.map(|_| Class::Unread(" (its path is not UTF-8, and it is not read)"))
        }
    }
}

fn class_of(path: &str) -> Option<Class> {
    let (folder, name) = paths::split(path);
    let is_manifest = KEPT.contains(&name) || Format::of(path).is_some() || locks::manifest::is_named(name);
    let is_kept = is_manifest || locks::go::may_name_toolchain(path) || is_suppression_file(path);
    let is_vendored = folder.split('/').any(|segment| VENDORED.contains(&segment));
    // A copy of a package of Cargo's counts where `[patch]` puts it in the place of a published one.
    let is_cargo = name.starts_with("Cargo.");
    match (is_kept, !is_cargo && is_vendored) {
        (true, false) => Some(Class::Kept),
        // An action of somebody else's, which no workflow of the repository runs by its path.
        (true, true) if locks::go::may_name_toolchain(path) => None,
        (true, true) => Some(Class::Foreign),
        (false, _) if locks::is_cargo_config(path) || locks::is_source_config(path) => {
            (!is_vendored).then_some(Class::Kept)
        }
        (false, _) => (FOREIGN.contains(&name) || otherwise::is_one(path)).then_some(Class::Foreign),
    }
}

#[cfg(test)]
mod tests;
