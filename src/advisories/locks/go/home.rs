//! Which path the modules of a repository have in common.
//!
//! The rule that must not be broken: a copy of somebody else's module never decides it, and where the modules do not
//! agree it is not known.

use crate::paths;
use std::collections::BTreeMap;

/// Names of folders that hold copies of modules from elsewhere, without `-` and `_`.
const COPIES: [&str; 10] = [
    "deps",
    "external",
    "extern",
    "forked",
    "forks",
    "godeps",
    "nodemodules",
    "thirdparty",
    "vendor",
    "vendored",
];

/// Whether a folder is one that holds copies of modules from elsewhere, or below one.
pub(crate) fn is_of_copies(folder: &str) -> bool {
    let is_name = |segment: &str| {
        let plain: String = segment.chars().filter(char::is_ascii_alphanumeric).collect();
        COPIES.contains(&plain.to_ascii_lowercase().as_str())
    };
    folder.split('/').any(is_name)
}

/// The path of a repository that has the module `path` in `folder`; nothing where the path does not end in the folder.
pub(super) fn repository_path<'p>(folder: &str, path: &'p str) -> Option<&'p str> {
    let (path, folder) = (without_major(path), without_major(folder));
    if folder.is_empty() { Some(path) } else { path.strip_suffix(folder)?.strip_suffix('/') }
}

/// A folder without the one of a major version at its end.
pub(super) fn without_major(folder: &str) -> &str {
    let last = paths::name_of(folder);
    let is_major = last.strip_prefix('v').is_some_and(|n| {
        !n.is_empty() && !n.starts_with(['0', '1']) && n.bytes().all(|b| b.is_ascii_digit())
    });
    if is_major { folder[..folder.len() - last.len()].trim_end_matches('/') } else { folder }
}

/// The path of the repository of these modules, each with its folder: that of the module at the root, or else what more
/// than half of them say by where they stand.
pub(super) fn of_repository<'m>(modules: impl Iterator<Item = (&'m str, &'m str)>) -> Option<&'m str> {
    let mut votes: BTreeMap<&str, usize> = BTreeMap::new();
    let mut all = 0;
    for (folder, path) in modules.filter(|(folder, _)| !is_of_copies(folder)) {
        let root = repository_path(folder, path);
        if folder.is_empty() {
            return root;
        }
        all += 1;
        if let Some(root) = root {
            *votes.entry(root).or_default() += 1;
        }
    }
    votes.into_iter().find(|(_, count)| *count * 2 > all).map(|(root, _)| root)
}

#[cfg(test)]
mod tests {
    use super::{is_of_copies, of_repository};

    #[test]
    fn the_module_at_the_root_decides_and_otherwise_more_than_half_of_those_that_are_no_copies() {
        let root = |modules: &[(&'static str, &'static str)]| of_repository(modules.iter().copied());
        assert_eq!(
            root(&[("", "a.example/p"), ("x", "b.example/x"), ("y", "b.example/y")]),
            Some("a.example/p")
        );
        assert_eq!(root(&[("x", "b.example/x"), ("y", "b.example/y"), ("t", "tools")]), Some("b.example"));
        assert_eq!(root(&[("x", "b.example/x"), ("y", "c.example/y")]), None, "no more than half");
        assert_eq!(root(&[("vendor/x", "b.example/vendor/x")]), None, "a copy");
        assert_eq!(root(&[]), None);
    }

    #[test]
    fn folders_of_copies_are_known_by_their_names() {
        for folder in
            ["third_party/net", "a/third-party", "ThirdParty/x", "a/vendor/b", "_vendor/x", "forks/y"]
        {
            assert!(is_of_copies(folder), "{folder}");
        }
        for folder in ["", "lib", "vendors", "internal/x"] {
            assert!(!is_of_copies(folder), "{folder}");
        }
    }
}
