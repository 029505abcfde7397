//! Who proposes updates of dependencies, and for what: Dependabot and Renovate.
//!
//! The rule that must not be broken: an ecosystem counts where the settings have it, and settings that cannot be read
//! have none and lack none. A key that is not known to be harmless makes it doubtful that anything is proposed.

mod dependabot;
mod renovate;

use super::{home::Home, runs::Texts};
use crate::{
    json::{self, Limits},
    paths,
};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// A tool that proposes updates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Updater {
    /// Dependabot.
    Dependabot,
    /// Renovate.
    Renovate,
}

/// The settings of one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Updates {
    /// Whose.
    pub updater: Updater,
    /// Their path.
    pub path: String,
    /// What they say, or why they cannot be read.
    pub settings: Result<Settings, String>,
}

/// What settings say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    /// The ecosystems by their names there; `None` where every one that is found is looked after.
    pub ecosystems: Option<BTreeSet<String>>,
    /// The folders that Dependabot is told to look in, by ecosystem; the root has no name.
    pub folders: BTreeMap<String, BTreeSet<String>>,
    /// Those that are switched off.
    pub off: BTreeSet<String>,
    /// How often at least (`daily`, `weekly`), by ecosystem; by no name for all of them.
    pub intervals: BTreeMap<String, &'static str>,
    /// Whether it is switched off.
    pub is_off: bool,
    /// Why nobody can say that it proposes anything, where that is so.
    pub doubt: Option<String>,
    /// What passes over some dependencies, where something does.
    pub partial: Option<String>,
    /// The packages that are passed over by name.
    pub ignored: BTreeSet<String>,
    /// What they say of known vulnerabilities, in words that follow "it".
    pub flaws: Option<&'static str>,
}

/// How often updates may be looked for, the most often first.
pub const INTERVALS: [&str; 6] = ["daily", "weekly", "monthly", "quarterly", "semiannually", "yearly"];

/// What stands around the settings.
pub(super) struct Around<'a> {
    /// Where the repository is.
    pub(super) home: Home<'a>,
    /// The paths at the tag that are known: manifests, lock files, settings.
    pub(super) paths: Vec<&'a str>,
}

/// Paths of Dependabot's settings.
pub const DEPENDABOT: [&str; 2] = [".github/dependabot.yml", ".github/dependabot.yaml"];

/// Whose settings a file holds.
#[must_use]
pub fn updater(path: &str) -> Option<Updater> {
    let (folder, name) = paths::split(path);
    let is_renovate = matches!(
        name,
        "renovate.json" | "renovate.json5" | ".renovaterc" | ".renovaterc.json" | ".renovaterc.json5"
    );
    match () {
        () if DEPENDABOT.contains(&path) => Some(Updater::Dependabot),
        () if is_renovate && matches!(folder, "" | ".github" | ".gitlab") => Some(Updater::Renovate),
        () => None,
    }
}

/// The settings among files that were kept.
pub(super) fn all(texts: &Texts, around: &Around<'_>) -> Vec<Updates> {
    let found = texts.iter().filter_map(|(path, read)| {
        let (updater, text) = match updater(path) {
            Some(updater) => (updater, read.clone()),
            // Renovate looks there as well.
            None if path == "package.json" => (Updater::Renovate, Ok(within(read.as_deref().ok()?)?)),
            None => return None,
        };
        let settings = text.and_then(|text| match around.home.doubt(path, texts) {
            Some(why) => Err(format!("says nothing of this repository: {why}")),
            None => read_as(updater, &text, around),
        });
        Some(Updates { updater, path: path.clone(), settings })
    });
    found.collect()
}

/// Renovate's settings in a `package.json`.
fn within(manifest: &str) -> Option<String> {
    let limits = Limits { max_depth: 32, ..Limits::bytes(1 << 20) };
    let manifest = json::parse(manifest.as_bytes(), limits).ok()?;
    manifest.get("renovate").map(Value::to_string)
}

/// Reads settings by themselves, as of a repository of which nothing else is known.
///
/// # Errors
/// Why they cannot be read, in words that follow their path.
pub fn read(updater: Updater, text: &str) -> Result<Settings, String> {
    read_as(updater, text, &Around { home: Home::default(), paths: Vec::new() })
}

/// Reads the settings of one; the error follows the path.
fn read_as(updater: Updater, text: &str, around: &Around<'_>) -> Result<Settings, String> {
    match updater {
        Updater::Dependabot => dependabot::read(text, around),
        Updater::Renovate => renovate::read(text, around.home.branch),
    }
}

/// A key of settings as it is shown.
fn shown(key: &str) -> String {
    let short: String = key.chars().take(60).collect();
    crate::text::clean(&short).into_owned()
}

/// The texts of a list; nothing where it is none, or holds something else.
fn strings(value: &Value) -> Option<Vec<&str>> {
    value.as_array()?.iter().map(Value::as_str).collect()
}

/// Folders of what is no part of the project itself, so that nothing of it is lost where they are passed over.
fn is_beside(pattern: &str) -> bool {
    const FOLDERS: [&str; 18] = [
        "__fixtures__",
        "__tests__",
        "bench",
        "benchmarks",
        "demo",
        "e2e",
        "example",
        "examples",
        "fixture",
        "fixtures",
        "node_modules",
        "bower_components",
        "playground",
        "samples",
        "test",
        "testdata",
        "tests",
        "vendor",
    ];
    pattern.split('/').any(|segment| FOLDERS.contains(&segment))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_count_only_where_their_tools_look() {
        assert_eq!(updater(".github/dependabot.yaml"), Some(Updater::Dependabot));
        assert_eq!(updater("dependabot.yml"), None);
        assert_eq!(updater(".gitlab/renovate.json"), Some(Updater::Renovate));
        assert_eq!(updater("docs/renovate.json"), None);
    }

    #[test]
    fn settings_of_renovate_may_stand_in_a_package_json() {
        let texts: Texts = [("package.json", "{\"renovate\": {\"enabled\": false}}"), ("a.json", "{}")]
            .map(|(path, text)| (path.to_owned(), Ok(text.to_owned())))
            .into();
        let around = Around { home: Home::default(), paths: Vec::new() };
        let found = all(&texts, &around);
        assert_eq!(found.len(), 1);
        assert!(found[0].settings.as_ref().unwrap().is_off);
    }

    #[test]
    fn dependabot_says_nothing_where_no_github_is() {
        let text = "version: 2\nupdates: []\n".to_owned();
        let texts: Texts = [(DEPENDABOT[0].to_owned(), Ok(text))].into();
        let on = |host: &'static str| {
            let home = Home { forge: crate::release::Forge::of_host(host), host: Some(host), branch: None };
            all(&texts, &Around { home, paths: Vec::new() }).remove(0).settings
        };
        assert!(on("github.com").is_ok());
        for host in ["gitlab.com", "codeberg.org", "bitbucket.org"] {
            assert_eq!(on(host).unwrap_err(), "says nothing of this repository: only GitHub reads it");
        }
    }
}
