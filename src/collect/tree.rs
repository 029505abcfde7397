//! The files of the tree at the tag that checks read, and those of ecosystems that nobody here reads.

use super::git::{EntryKind, GitError, Repository};
use crate::{
    evidence::{Item, Seen, Tree},
    release::ObjectId,
    text,
};

/// Manifests and lock files whose content is kept.
const KEPT: [&str; 4] = ["Cargo.lock", "Cargo.toml", "package.json", "pyproject.toml"];

/// Dependency manifests and lock files whose names alone are kept.
const FOREIGN: [&str; 40] = [
    "Cartfile.resolved",
    "Directory.Packages.props",
    "Gemfile",
    "Gemfile.lock",
    "Gopkg.lock",
    "Package.resolved",
    "Pipfile",
    "Pipfile.lock",
    "Podfile.lock",
    "build.gradle",
    "build.gradle.kts",
    "build.sbt",
    "bun.lock",
    "bun.lockb",
    "cabal.project.freeze",
    "composer.json",
    "composer.lock",
    "conan.lock",
    "deno.lock",
    "flake.lock",
    "go.mod",
    "go.sum",
    "gradle.lockfile",
    "libs.versions.toml",
    "mix.lock",
    "npm-shrinkwrap.json",
    "package-lock.json",
    "packages.config",
    "packages.lock.json",
    "pdm.lock",
    "pnpm-lock.yaml",
    "poetry.lock",
    "pom.xml",
    "pubspec.lock",
    "pylock.toml",
    "rebar.lock",
    "stack.yaml.lock",
    "uv.lock",
    "vcpkg.json",
    "yarn.lock",
];

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

/// Reads the tree of a commit. `source` is how the commit was found, for origins.
pub(super) fn read(repository: &Repository, commit: &ObjectId, source: &str) -> Result<Tree, GitError> {
    read_within(repository, commit, source, LIMITS)
}

pub(super) fn read_within(
    repository: &Repository,
    commit: &ObjectId,
    source: &str,
    limits: Limits,
) -> Result<Tree, GitError> {
    let mut tree = Tree::default();
    let mut kept = Vec::new();
    for entry in repository.paths(commit)? {
        let name = entry.path.rsplit(|b| *b == b'/').next().unwrap_or_default();
        let Some(class) = class(name).filter(|_| entry.kind != EntryKind::Submodule) else { continue };
        if kept.len() + tree.foreign.len() + tree.files.len() >= limits.names {
            return Err(GitError::Limit { what: "manifests and lock files", limit: limits.names as u64 });
        }
        let path = String::from_utf8_lossy(&entry.path);
        let shown = text::clean(&path);
        match class {
            Class::Foreign => tree.foreign.push(shown.into_owned()),
            Class::Kept if shown.as_bytes() == entry.path => kept.push((shown.into_owned(), entry.id)),
            Class::Kept => {
                let seen = Seen::unavailable("its path holds characters that do not print");
                tree.files.insert(shown.into_owned(), seen);
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
        tree.files.entry(path).or_insert(seen);
    }
    Ok(tree)
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
}

fn class(name: &[u8]) -> Option<Class> {
    let name = std::str::from_utf8(name).ok()?;
    let requirements = name.starts_with("requirements") && name.ends_with(".txt");
    if KEPT.contains(&name) {
        Some(Class::Kept)
    } else if FOREIGN.contains(&name) || requirements {
        Some(Class::Foreign)
    } else {
        None
    }
}

/// The last segment of a path.
pub(super) fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}
