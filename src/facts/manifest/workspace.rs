//! Which packages of a repository are members of a Cargo workspace.
//!
//! The rule that must not be broken: a member is what the workspace itself says to be one
//! (<https://doc.rust-lang.org/cargo/reference/workspaces.html#the-members-and-exclude-fields>). A `Cargo.toml` that only
//! stands in the tree may be that of a copy of somebody else's package.

use std::collections::{BTreeMap, BTreeSet};

use toml::Value;

use super::{Declared, Ecosystem, Files, cargo, parse_toml};
use crate::{advisories::locks::go::is_of_copies, paths};

/// What one `Cargo.toml` says of its workspace and of packages in folders.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Links {
    /// Whether it is the root of a workspace.
    pub is_root: bool,
    /// The members that it lists, as written.
    pub members: Vec<String>,
    /// The folders that it says to be no members, as written.
    pub exclude: Vec<String>,
    /// The folders of the packages that it depends on by path, from the root of the repository.
    pub folders: Vec<String>,
}

/// What the manifest at `path` says; nothing where it cannot be read, which its reading says.
pub(super) fn links(files: &Files, path: &str, bytes: &[u8]) -> Links {
    let Ok(manifest) = parse_toml(bytes) else { return Links::default() };
    let root = cargo::root_of(files, path, &manifest);
    let (at, root) = root.as_ref().map_or((path, &manifest), |(at, root)| (at.as_str(), root));
    let shared = cargo::shared(root);
    let folder = |key: &String, value: &Value| {
        let inherits = value.get("workspace") == Some(&Value::Boolean(true));
        let (from, value) = match shared.and_then(|shared| shared.get(key)).filter(|_| inherits) {
            Some(shared) => (at, shared),
            None => (path, value),
        };
        let manifest = cargo::join(paths::folder_of(from), value.get("path")?.as_str()?)?;
        Some(paths::folder_of(&manifest).to_owned())
    };
    let workspace = manifest.get("workspace");
    let list = |key: &str| -> Vec<String> {
        let items = workspace.and_then(|it| it.get(key)).and_then(Value::as_array).into_iter().flatten();
        items.filter_map(|item| item.as_str().map(str::to_owned)).collect()
    };
    Links {
        is_root: workspace.is_some(),
        members: list("members"),
        exclude: list("exclude"),
        folders: cargo::entries(&manifest).filter_map(|(key, value)| folder(key, value)).collect(),
    }
}

/// The names of the members of the workspace whose root is in `folder`, or of the one package there. A copy of a package
/// from elsewhere, by the name of a folder above it, is none, though the workspace lists it.
#[must_use]
pub fn members(declared: &[Declared], folder: &str) -> BTreeSet<String> {
    let cargo = declared.iter().filter(|it| it.ecosystem == Ecosystem::Cargo);
    let all: BTreeMap<&str, &Declared> = cargo.map(|it| (paths::folder_of(&it.path), it)).collect();
    let Some(root) = all.get(folder) else { return BTreeSet::new() };
    let mut waiting = vec![folder];
    if root.links.is_root {
        let listed = |at: &&str| {
            let inner = paths::within(folder, at);
            inner.is_some_and(|inner| root.links.members.iter().any(|glob| matches(glob, inner)))
        };
        waiting.extend(all.keys().copied().filter(listed));
    }
    let mut found: BTreeMap<&str, &Declared> = BTreeMap::new();
    while let Some(at) = waiting.pop() {
        let Some(manifest) = all.get(at).filter(|_| at == folder || !is_excluded(root, folder, at)) else {
            continue;
        };
        if found.insert(at, manifest).is_none() && root.links.is_root {
            waiting.extend(
                manifest
                    .links
                    .folders
                    .iter()
                    .map(String::as_str)
                    .filter(|it| paths::within(folder, it).is_some()),
            );
        }
    }
    let is_own = |at: &str| at == folder || !paths::within(folder, at).is_some_and(is_of_copies);
    found.into_iter().filter(|(at, _)| is_own(at)).filter_map(|(_, manifest)| manifest.name.clone()).collect()
}

/// Whether the root excludes a folder. One that is listed by its very name is a member all the same.
fn is_excluded(root: &Declared, folder: &str, at: &str) -> bool {
    let Some(inner) = paths::within(folder, at) else { return true };
    let is_listed = root.links.members.iter().any(|listed| plain(listed) == inner);
    let excludes = |excluded: &String| paths::within(&plain(excluded), inner).is_some();
    !is_listed && root.links.exclude.iter().any(excludes)
}

/// A path as written, without `.` and empty segments.
fn plain(path: &str) -> String {
    let segments: Vec<&str> = path.split('/').filter(|it| !it.is_empty() && *it != ".").collect();
    segments.join("/")
}

/// Whether a glob means a folder. `*` and `?` stay inside a segment, `**` at the end goes below; any other pattern means
/// nothing, so that nothing is a member by it.
fn matches(glob: &str, path: &str) -> bool {
    let glob = plain(glob);
    let (glob, goes_below) = match glob.strip_suffix("/**") {
        Some(above) => (above, true),
        None => (glob.as_str(), false),
    };
    let globs: Vec<&str> = glob.split('/').collect();
    let segments: Vec<&str> = path.split('/').collect();
    let fits = globs.len() == segments.len() || (goes_below && globs.len() < segments.len());
    fits && globs
        .iter()
        .zip(&segments)
        .all(|(glob, segment)| matches_segment(glob.as_bytes(), segment.as_bytes()))
}

/// Goes back to the last `*` alone, so that no pattern takes long.
fn matches_segment(glob: &[u8], text: &[u8]) -> bool {
    let (mut g, mut t) = (0, 0);
    let mut star = None;
    while t < text.len() {
        match glob.get(g) {
            Some(b'*') => {
                star = Some((g, t));
                g += 1;
            }
            Some(c) if *c == b'?' || *c == text[t] => (g, t) = (g + 1, t + 1),
            _ => match star {
                Some((at, from)) => {
                    star = Some((at, from + 1));
                    (g, t) = (at + 1, from + 1);
                }
                None => return false,
            },
        }
    }
    glob[g..].iter().all(|c| *c == b'*')
}

#[cfg(test)]
mod tests {
    use super::{matches, members};
    use crate::facts::manifest::{Files, declared_versions};

    fn found(files: &[(&str, &str)], folder: &str) -> Vec<String> {
        let files: Files =
            files.iter().map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec())).collect();
        members(&declared_versions(&files), folder).into_iter().collect()
    }

    fn package(name: &str, more: &str) -> String {
        format!("[package]\nname = \"{name}\"\nversion = \"1.0.0\"\n{more}")
    }

    #[test]
    fn members_are_the_root_what_it_lists_and_folders_that_members_depend_on_without_what_is_excluded() {
        let root = package(
            "root",
            "[dependencies]\nfoo = { path = \"third_party/foo\" }\npart = { path = \"part\" }\n\
             shared = { workspace = true }\n[workspace]\nmembers = [\"parts/*\", \"x/kept\"]\n\
             exclude = [\"third_party\", \"x\"]\n[workspace.dependencies]\nshared = { path = \"shared\" }\n",
        );
        let inner = package("inner", "[dev-dependencies]\ndeep = { path = \"../../deep\" }\n");
        let (part, foo, bar) = (package("part", ""), package("foo", ""), package("bar", ""));
        let (deep, shared, kept) = (package("deep", ""), package("shared", ""), package("kept", ""));
        let files = [
            ("Cargo.toml", root.as_str()),
            ("part/Cargo.toml", &part),
            ("parts/inner/Cargo.toml", &inner),
            ("deep/Cargo.toml", &deep),
            ("shared/Cargo.toml", &shared),
            ("x/kept/Cargo.toml", &kept),
            ("third_party/foo/Cargo.toml", &foo),
            ("elsewhere/bar/Cargo.toml", &bar),
        ];
        assert_eq!(found(&files, ""), ["deep", "inner", "kept", "part", "root", "shared"]);
        assert_eq!(found(&files, "third_party/foo"), ["foo"], "a lock file of its own is about it alone");
        assert_eq!(found(&files, "nowhere"), Vec::<String>::new());
    }

    #[test]
    fn a_copy_that_the_workspace_lists_is_no_member() {
        let root = package("root", "[workspace]\nmembers = [\"third_party/time\", \"crates/time\"]\n");
        let (time, own) = (package("time", ""), package("own", ""));
        let files = [
            ("Cargo.toml", root.as_str()),
            ("third_party/time/Cargo.toml", &time),
            ("crates/time/Cargo.toml", &own),
        ];
        assert_eq!(found(&files, ""), ["own", "root"]);
        assert_eq!(found(&files, "third_party/time"), ["time"], "a lock file of its own is about it");
    }

    #[test]
    fn without_a_workspace_a_package_is_alone() {
        let root = package("root", "[dependencies]\nfoo = { path = \"third_party/foo\" }\n");
        let foo = package("foo", "");
        assert_eq!(found(&[("Cargo.toml", &root), ("third_party/foo/Cargo.toml", &foo)], ""), ["root"]);
    }

    #[test]
    fn a_glob_means_folders_segment_by_segment() {
        for (glob, path) in
            [("a/*", "a/b"), ("./a/", "a"), ("a*c/?", "abbc/d"), ("a/**", "a/b/c"), ("*", "a")]
        {
            assert!(matches(glob, path), "{glob} {path}");
        }
        for (glob, path) in
            [("a/*", "a/b/c"), ("a/*", "a"), ("a", "b"), ("a?", "a"), ("[a]", "a"), ("../a", "a")]
        {
            assert!(!matches(glob, path), "{glob} {path}");
        }
    }
}
