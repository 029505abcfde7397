//! Where a scan looks: the folder that it runs in, or another one.
//!
//! The rule that must not be broken: a path that is not understood is a doubt, and never the whole repository.

use crate::{facts::project::shell, paths};

/// What is known of the folders of a call: those that a container has mounted stand for the repository.
#[derive(Clone, Copy, Default)]
pub(super) struct Mounts<'a>(pub(super) &'a [String]);

/// Where a scan looks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// At everything in the folder that it runs in.
    Here,
    /// At this folder alone.
    Folder(String),
}

/// The place that a word names; nothing where it is not understood.
pub(super) fn place(word: &str, mounts: Mounts<'_>) -> Option<Place> {
    let path = word.strip_prefix("dir:").unwrap_or(word);
    let path = path.strip_suffix("/...").unwrap_or(path);
    let path = if path.len() > 1 { path.trim_end_matches('/') } else { path };
    if is_root(path) {
        return Some(Place::Here);
    }
    if path.starts_with('/') {
        let is_mounted = mounts.0.iter().any(|word| {
            let mut parts = word.split(':');
            parts.next().is_some_and(is_root) && parts.next() == Some(path)
        });
        return Some(if is_mounted { Place::Here } else { Place::Folder(path.to_owned()) });
    }
    if path.is_empty() || path.contains(['$', '*', '~', ':', '{', '`', '@']) {
        return None;
    }
    Some(shell::within(None, path).map_or(Place::Here, Place::Folder))
}

/// The place of a file that a word names: it stands for the folder that it lies in.
pub(super) fn beside(word: &str, mounts: Mounts<'_>) -> Option<Place> {
    // `requirements.txt` and `requirements/all.txt` stand for the project.
    if word.contains(['$', '{', ':']) || word.starts_with('/') && !word.starts_with("/github/workspace/") {
        let root = word.strip_prefix("$PWD/").or_else(|| word.strip_prefix("$GITHUB_WORKSPACE/"))?;
        return beside(root, mounts);
    }
    let path = word.trim_start_matches("./");
    let (folder, name) = paths::split(path);
    match folder {
        // A list of what the documentation needs is no list of what is used.
        _ if name.ends_with(".txt") && !is_of_what_is_used(name) => Some(Place::Folder(path.to_owned())),
        "" => Some(Place::Here),
        folder if folder.starts_with("req") => Some(Place::Here),
        folder => place(folder, mounts),
    }
}

/// Whether the name of a list of requirements says that it has what the project uses, and no more than that.
pub fn is_of_what_is_used(name: &str) -> bool {
    const WORDS: [&str; 24] = [
        "all",
        "app",
        "audit",
        "base",
        "common",
        "compiled",
        "constraints",
        "core",
        "default",
        "export",
        "exported",
        "freeze",
        "frozen",
        "full",
        "hashes",
        "lock",
        "locked",
        "main",
        "prod",
        "production",
        "req",
        "reqs",
        "requirements",
        "runtime",
    ];
    let stem = name.strip_suffix(".txt").unwrap_or(name);
    stem.split(['-', '_', '.']).all(|word| WORDS.contains(&word))
}

/// The folder that holds the repository, as scripts name it.
fn is_root(path: &str) -> bool {
    const ROOTS: [&str; 12] = [
        ".",
        "./",
        "...",
        "$PWD",
        "${PWD}",
        "$(pwd)",
        "$GITHUB_WORKSPACE",
        "${GITHUB_WORKSPACE}",
        "${{ github.workspace }}",
        "${{github.workspace}}",
        "$CI_PROJECT_DIR",
        "/github/workspace",
    ];
    ROOTS.contains(&path)
}

/// One folder for several places: everything, where one of them is; an error where they are several.
pub(super) fn together(places: Vec<Option<Place>>) -> Result<Option<String>, ()> {
    let places: Vec<Place> = places.into_iter().collect::<Option<_>>().ok_or(())?;
    if places.contains(&Place::Here) {
        return Ok(None);
    }
    let mut folders = places.into_iter().filter_map(|place| match place {
        Place::Folder(folder) => Some(folder),
        Place::Here => None,
    });
    let first = folders.next();
    if folders.all(|folder| Some(&folder) == first.as_ref()) { Ok(first) } else { Err(()) }
}

/// The folder of paths that an input names.
pub(super) fn folder_of(paths: &[&str], are_files: bool) -> Result<Option<String>, ()> {
    let of = |word: &&str| {
        let is_file = are_files
            && word.rsplit('/').next().is_some_and(|name| name.trim_start_matches('.').contains('.'));
        if is_file { beside(word, Mounts::default()) } else { place(word, Mounts::default()) }
    };
    together(paths.iter().map(of).collect())
}
