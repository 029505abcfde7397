//! Where package managers are told to take packages from, other than where a lock file says: `.npmrc`, `.yarnrc`,
//! `.yarnrc.yml`, `bunfig.toml`, `pnpm-workspace.yaml`, `nuget.config` and Bundler's `.bundle/config` at the tag, beside
//! Cargo's configuration; and what puts other lock files in the place of those of the usual names.
//!
//! The rule that must not be broken: npm takes what a lock file has of its own registry from the one that is configured
//! (`replace-registry-host`), and pnpm and Yarn name none. A configuration that cannot be read may name any.

mod lock_files;
mod others;

use super::cargo_sources;
use crate::{
    advisories::{
        lock::Ecosystem,
        locks::{Format, is_npm_registry, is_source_config},
    },
    evidence::{Seen, Tree},
    paths,
    text::clean,
};

/// A configuration that takes packages from elsewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rerouted {
    /// Its path.
    pub path: String,
    /// What it does.
    pub why: String,
    /// Whose packages.
    pub of: Ecosystem,
    /// The scope whose packages alone are meant, with its `@`.
    pub scope: Option<String>,
    /// The format of the lock files that alone are meant, which stand in its folder or below.
    pub only: Option<Format>,
}

/// The configurations that take packages from elsewhere.
pub(super) fn rerouted(tree: &Tree) -> Vec<Rerouted> {
    let mut found = cargo_sources::rerouted(tree);
    for (path, seen) in tree.files().iter().filter(|(path, _)| is_source_config(path)) {
        let name = paths::name_of(path).to_ascii_lowercase();
        let of = match name.as_str() {
            "config" => Ecosystem::Gem,
            "nuget.config" => Ecosystem::Nuget,
            _ => Ecosystem::Npm,
        };
        let text = match seen {
            Seen::Present(item) => std::str::from_utf8(&item.bytes).map_err(|_| "it is not utf-8".to_owned()),
            Seen::Absent { .. } => Err("it is not there".to_owned()),
            Seen::Unavailable { reason } => Err(reason.clone()),
        };
        let all = match text {
            Ok(text) => match name.as_str() {
                "config" => bundler(text).into_iter().map(|why| (why, None)).collect(),
                "nuget.config" => others::nuget(text).into_iter().map(|why| (why, None)).collect(),
                "bunfig.toml" => others::bun(text),
                "pnpm-workspace.yaml" => others::pnpm(text),
                _ => npm(text),
            },
            Err(why) => vec![(format!("cannot be read: {why}"), None)],
        };
        let of_one = |(why, scope)| Rerouted { path: path.clone(), why, of, scope, only: None };
        found.extend(all.into_iter().map(of_one));
    }
    found.extend(lock_files::rerouted(tree));
    found
}

/// What a configuration of npm or Yarn takes from other registries, each with the scope that it is about.
fn npm(text: &str) -> Vec<(String, Option<String>)> {
    let mut found = Vec::new();
    for line in settings(text) {
        let end = line.find(|c: char| c == '=' || c.is_whitespace()).unwrap_or(line.len());
        // A colon ends a name in the notation of Yarn 2 and begins a part of it in the others.
        let (name, value) = (line[..end].trim_end_matches(':').trim_matches('"'), &line[end..]);
        let value = value.trim_start_matches([' ', '\t', '=']).trim().trim_matches(['"', '\'']);
        let scope = name.strip_suffix(":registry");
        let is_registry = name == "registry" || name == "npmRegistryServer" || scope.is_some();
        if is_registry && !is_npm_registry(value) {
            let why = format!("takes packages from {}", clean(value));
            found.push((why, scope.map(str::to_owned)));
        }
    }
    found
}

/// What a configuration of Bundler puts in the place of what a lock file names.
fn bundler(text: &str) -> Option<String> {
    let name = |line: &str| line.split(": ").next().unwrap_or(line).trim_matches(['"', '\'']).to_owned();
    let puts = |name: &String| {
        ["BUNDLE_MIRROR__", "BUNDLE_LOCAL__"].iter().any(|it| name.starts_with(it))
            || ["BUNDLE_GEMFILE", "BUNDLE_LOCKFILE"].contains(&name.as_str())
    };
    let name = settings(text).map(name).find(puts)?;
    Some(format!("takes packages from elsewhere ({})", clean(&name)))
}

/// The lines that are not comments.
fn settings(text: &str) -> impl Iterator<Item = &str> {
    text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with(['#', ';']))
}

#[cfg(test)]
mod tests {
    use super::{bundler, npm};

    const REGISTRY: &str = concat!("https://registry.", "npmjs", ".org");

    #[test]
    fn a_configuration_of_npm_that_names_another_registry_is_told_from_one_that_does_not() {
        let elsewhere = "https://evil.example/";
        for (text, scope) in [
            (format!("registry={elsewhere}\n"), None),
            (format!("; note\n  registry = \"{elsewhere}\"\n"), None),
            (format!("registry \"{elsewhere}\"\n"), None),
            (format!("npmRegistryServer: \"{elsewhere}\"\n"), None),
            (format!("@acme:registry={elsewhere}\n"), Some("@acme")),
        ] {
            let why = format!("takes packages from {elsewhere}");
            assert_eq!(npm(&text), [(why, scope.map(str::to_owned))], "{text}");
        }
        for text in [
            String::new(),
            format!("registry={REGISTRY}\n"),
            format!("registry={REGISTRY}/\n@acme:registry={REGISTRY}/\n"),
            format!("# registry={elsewhere}\n"),
            "save-exact=true\n//evil.example/:_authToken=${TOKEN}\n".to_owned(),
        ] {
            assert_eq!(npm(&text), [], "{text}");
        }
    }

    #[test]
    fn a_mirror_of_bundlers_is_told_from_other_settings() {
        for name in [
            "BUNDLE_MIRROR__HTTPS://RUBYGEMS__ORG/",
            "BUNDLE_LOCAL__RACK",
            "BUNDLE_GEMFILE",
            "BUNDLE_LOCKFILE",
        ] {
            let why = format!("takes packages from elsewhere ({name})");
            assert_eq!(bundler(&format!("---\nBUNDLE_PATH: \"vendor\"\n{name}: \"x\"\n")), Some(why));
        }
        assert_eq!(bundler("---\nBUNDLE_PATH: \"vendor\"\n# BUNDLE_LOCAL__RACK: x\n"), None);
    }
}
