//! Whether Dependabot finds a manifest where it is told to look.

use super::super::{Around, shown};
use std::collections::{BTreeMap, BTreeSet};

/// Most folders with a `*` of one file; each is held against every folder of the tree that has a manifest.
const PATTERNS_LIMIT: usize = 20;

/// Most segments of a folder that is held against a pattern.
const DEEPEST: usize = 32;

/// What Dependabot knows, each with the manifests that it looks for: those whose names are always known here.
pub(super) const ECOSYSTEMS: [(&str, &[&str]); 29] = [
    ("bazel", &[]),
    ("bun", &["package.json"]),
    ("bundler", &[]),
    ("cargo", &["Cargo.toml"]),
    ("composer", &["composer.json"]),
    ("conda", &[]),
    ("devcontainers", &[]),
    ("docker", &[]),
    ("docker-compose", &[]),
    ("dotnet-sdk", &[]),
    ("elm", &[]),
    ("github-actions", &[]),
    ("gitsubmodule", &[]),
    ("gomod", &["go.mod"]),
    ("gradle", &["build.gradle", "build.gradle.kts", "settings.gradle", "settings.gradle.kts"]),
    ("helm", &[]),
    ("julia", &[]),
    ("maven", &["pom.xml"]),
    ("mix", &["mix.exs"]),
    ("npm", &["package.json"]),
    ("nuget", &[]),
    ("opentofu", &[]),
    ("pip", &["pyproject.toml", "Pipfile", "setup.py", "setup.cfg", "*.txt", "*.in"]),
    ("pub", &["pubspec.yaml"]),
    ("rust-toolchain", &[]),
    ("swift", &["Package.swift"]),
    ("terraform", &[]),
    ("uv", &["pyproject.toml", "uv.lock", "*.txt", "*.in"]),
    ("vcpkg", &["vcpkg.json"]),
];

/// The folders that have a manifest, by the ecosystem.
pub(super) struct Folders<'a> {
    around: &'a Around<'a>,
    of: BTreeMap<&'static str, BTreeSet<&'a str>>,
    patterns: usize,
}

impl<'a> Folders<'a> {
    pub(super) const fn new(around: &'a Around<'a>) -> Self {
        Self { around, of: BTreeMap::new(), patterns: 0 }
    }

    /// Why an update finds nothing in its folders, where none of them has a manifest.
    pub(super) fn without(
        &mut self,
        name: &str,
        manifests: &[&str],
        named: &[String],
    ) -> Result<Option<String>, String> {
        let known =
            ECOSYSTEMS.iter().map(|(known, _)| *known).find(|known| *known == name).unwrap_or_default();
        let paths = &self.around.paths;
        let with = self.of.entry(known).or_insert_with(|| {
            let parts = |path: &&'_ str| -> (usize, usize) {
                let at = path.rfind('/');
                (at.unwrap_or(0), at.map_or(0, |at| at + 1))
            };
            let is_one = |file: &str| {
                manifests.iter().any(|it| match it.strip_prefix('*') {
                    Some(ending) => file.ends_with(ending),
                    None => *it == file,
                })
            };
            let mut found = BTreeSet::new();
            for path in paths {
                let (end, from) = parts(path);
                if !manifests.is_empty() && is_one(&path[from..]) {
                    found.insert(&path[..end]);
                    // Requirement files are looked for in the folders below, too.
                    if path.ends_with(".txt") || path.ends_with(".in") {
                        let above = path[..end].rfind('/').unwrap_or(0);
                        found.insert(&path[..above]);
                    }
                } else if manifests.is_empty() {
                    // Every folder above something that is there is there.
                    found.insert("");
                    found.extend(path.match_indices('/').map(|(at, _)| &path[..at]));
                }
            }
            found
        });
        // The root is there in any case.
        let is_there =
            |folder: &String| with.contains(folder.as_str()) || (manifests.is_empty() && folder.is_empty());
        if named.iter().any(is_there) {
            return Ok(None);
        }
        for pattern in named.iter().filter(|folder| folder.contains('*')) {
            self.patterns += 1;
            if self.patterns > PATTERNS_LIMIT {
                return Err(format!("has more than {PATTERNS_LIMIT} folders with a `*`"));
            }
            if with.iter().any(|folder| fits(pattern, folder)) {
                return Ok(None);
            }
        }
        let folder = named.first().map_or("", String::as_str);
        Ok(Some(match manifests {
            [] => format!("looks in /{}, which is not known to be there", shown(folder)),
            _ => format!("looks for {name} in /{}, where it has no manifest", shown(folder)),
        }))
    }
}

/// Whether a folder fits a pattern: `*` stands for a segment or a part of one, `**` for any number of them.
fn fits(pattern: &str, folder: &str) -> bool {
    let segments = |path: &str| -> Vec<String> {
        path.split('/').filter(|it| !it.is_empty()).take(DEEPEST + 1).map(str::to_owned).collect()
    };
    let (pattern, folder) = (segments(pattern), segments(folder));
    if pattern.len() > DEEPEST || folder.len() > DEEPEST {
        return false;
    }
    let is_one = |part: &str, segment: &str| match part.split_once('*') {
        None => part == segment,
        Some((start, end)) => {
            segment.len() >= start.len() + end.len() && segment.starts_with(start) && segment.ends_with(end)
        }
    };
    // Which beginnings of the folder the pattern read so far fits.
    let mut at = vec![false; folder.len() + 1];
    at[0] = true;
    for part in &pattern {
        let mut next = vec![false; folder.len() + 1];
        for (index, is_reached) in at.iter().enumerate().filter(|(_, is_reached)| **is_reached) {
            debug_assert!(is_reached);
            if part == "**" {
                next[index..].fill(true);
            } else if folder.get(index).is_some_and(|segment| is_one(part, segment)) {
                next[index + 1] = true;
            }
        }
        at = next;
    }
    at[folder.len()]
}
