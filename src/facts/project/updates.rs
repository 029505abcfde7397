//! Who proposes updates of dependencies, and for what: Dependabot and Renovate.
//!
//! <https://docs.github.com/en/code-security/dependabot/working-with-dependabot/dependabot-options-reference>
//! <https://docs.renovatebot.com/configuration-options/>
//!
//! The rule that must not be broken: an ecosystem counts where the settings have it, and settings that cannot be read
//! have none and lack none.

use crate::{
    advisories::locks::notation,
    json::{self, Limits},
};
use serde_json::{Map, Value};
use std::collections::BTreeSet;

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
    /// How often: `daily`, `weekly`.
    pub intervals: BTreeSet<String>,
    /// Whether it is switched off.
    pub is_off: bool,
    /// Why nobody can say that it proposes anything, where that is so.
    pub doubt: Option<&'static str>,
}

/// Paths of Dependabot's settings.
pub const DEPENDABOT: [&str; 2] = [".github/dependabot.yml", ".github/dependabot.yaml"];

/// Whose settings a file holds.
#[must_use]
pub fn updater(path: &str) -> Option<Updater> {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
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

/// Reads the settings of one.
///
/// # Errors
/// Why they cannot be read, in words that follow the path.
pub fn read(updater: Updater, text: &str) -> Result<Settings, String> {
    match updater {
        Updater::Dependabot => dependabot(text),
        Updater::Renovate => renovate(text),
    }
}

/// What Dependabot knows.
const ECOSYSTEMS: [&str; 29] = [
    "bun",
    "bundler",
    "cargo",
    "composer",
    "conda",
    "devcontainers",
    "docker",
    "docker-compose",
    "dotnet-sdk",
    "elm",
    "github-actions",
    "gitsubmodule",
    "gomod",
    "gradle",
    "helm",
    "julia",
    "maven",
    "mix",
    "npm",
    "nuget",
    "opentofu",
    "pip",
    "pub",
    "rust-toolchain",
    "swift",
    "terraform",
    "uv",
    "vcpkg",
    "bazel",
];

fn dependabot(text: &str) -> Result<Settings, String> {
    let document = notation::settings(text.as_bytes()).map_err(|fault| fault.to_string())?;
    if document.get("version").and_then(Value::as_u64) != Some(2) {
        return Err("is not of version 2".to_owned());
    }
    let updates = document.get("updates").and_then(Value::as_array).ok_or("has no list of updates")?;
    let mut ecosystems = BTreeSet::new();
    let mut intervals = BTreeSet::new();
    let mut doubt = None;
    for update in updates {
        let ecosystem = update.get("package-ecosystem").and_then(Value::as_str);
        let ecosystem = ecosystem.ok_or("has an update without its ecosystem")?;
        if !ECOSYSTEMS.contains(&ecosystem) {
            return Err("has an ecosystem that is not known".to_owned());
        }
        if let Some(why) = may_propose_nothing(update) {
            doubt = Some(why);
            continue;
        }
        ecosystems.insert(ecosystem.to_owned());
        let interval = update.get("schedule").and_then(|it| it.get("interval")).and_then(Value::as_str);
        intervals.extend(interval.map(str::to_owned));
    }
    Ok(Settings { ecosystems: Some(ecosystems), intervals, is_off: false, doubt })
}

/// Why nobody can say that an update of Dependabot's proposes anything.
fn may_propose_nothing(update: &Value) -> Option<&'static str> {
    let names = |key: &str| update.get(key).and_then(Value::as_array).into_iter().flatten();
    let is_everything = |entry: &Value| {
        let has = |key: &str| entry.get(key).is_some();
        entry.get("dependency-name").and_then(Value::as_str) == Some("*")
            && !has("versions")
            && !has("update-types")
    };
    let limit = update.get("open-pull-requests-limit");
    let has_folder = update.get("directory").or_else(|| update.get("directories")).is_some();
    match () {
        // Only what is vulnerable is proposed then, where the forge is set up to.
        () if limit.is_some_and(|limit| limit.as_u64() == Some(0)) => {
            Some("has `open-pull-requests-limit: 0`")
        }
        () if limit.is_some_and(|limit| limit.as_u64().is_none()) => Some("has a limit that is no number"),
        () if names("ignore").any(is_everything) => Some("ignores every dependency"),
        () if names("allow").any(|entry| entry.get("dependency-name").is_some()) => {
            Some("allows named dependencies alone")
        }
        () if update.get("exclude-paths").is_some() => Some("excludes paths"),
        () if update.get("target-branch").is_some() => Some("proposes to a branch that is named"),
        () if !has_folder => Some("has an update without a folder"),
        () => None,
    }
}

fn renovate(text: &str) -> Result<Settings, String> {
    let limits = Limits { max_bytes: 1 << 20, max_depth: 32 };
    let document = json::parse(text.as_bytes(), limits).map_err(|error| format!("is not JSON: {error}"))?;
    let document = document.as_object().ok_or("is no object")?;
    let managers = match document.get("enabledManagers") {
        None => None,
        Some(list) => {
            let list = list.as_array().ok_or("has enabledManagers that are no list")?;
            Some(list.iter().filter_map(Value::as_str).map(str::to_owned).collect())
        }
    };
    let mut intervals = BTreeSet::new();
    let extends = document.get("extends").and_then(Value::as_array).into_iter().flatten();
    for preset in extends.filter_map(Value::as_str) {
        let interval = preset.rsplit(':').next().filter(|name| name.starts_with("schedule"));
        intervals.extend(interval.and_then(|name| name.strip_prefix("schedule")).map(str::to_lowercase));
    }
    let is_off = document.get("enabled") == Some(&Value::Bool(false));
    Ok(Settings { ecosystems: managers, intervals, is_off, doubt: doubt(document) })
}

/// Why Renovate may propose nothing.
fn doubt(document: &Map<String, Value>) -> Option<&'static str> {
    let list = |map: &Map<String, Value>, key: &str| -> Vec<String> {
        let items = map.get(key).and_then(Value::as_array).into_iter().flatten();
        items.filter_map(Value::as_str).map(str::to_owned).collect()
    };
    let presets = list(document, "extends");
    let is_known = |preset: &String| {
        let is_own =
            ["config:", "schedule:", "group:", "helpers:", ":"].iter().any(|it| preset.starts_with(it));
        is_own && !preset.contains("isable")
    };
    let all =
        |names: &[String]| names.iter().any(|name| matches!(name.as_str(), "*" | "**" | "**/*" | "/.*/"));
    let rules = document.get("packageRules").and_then(Value::as_array).into_iter().flatten();
    let mut rules = rules.filter_map(Value::as_object);
    match () {
        () if document.is_empty() => Some("says nothing"),
        () if document.get("enabledManagers").is_some() && list(document, "enabledManagers").is_empty() => {
            Some("enables no manager")
        }
        () if !presets.iter().all(is_known) => Some("extends settings that were not read"),
        () if all(&list(document, "ignorePaths")) => Some("ignores every path"),
        () if rules.any(|rule| {
            let is_of_all =
                all(&list(rule, "matchPackageNames")) || !rule.keys().any(|key| key.starts_with("match"));
            rule.get("enabled") == Some(&Value::Bool(false)) && is_of_all
        }) =>
        {
            Some("switches packages off")
        }
        () => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_update_that_may_propose_nothing_does_not_count() {
        let of = |more: &str| {
            let head = "version: 2\nupdates:\n  - package-ecosystem: npm\n    schedule: {interval: daily}\n";
            let found = read(Updater::Dependabot, &format!("{head}{more}")).unwrap();
            (found.ecosystems.unwrap().len(), found.doubt)
        };
        let folder = "    directory: /\n";
        assert_eq!(of(folder), (1, None));
        assert_eq!(of(&format!("{folder}    ignore: [{{dependency-name: left-pad}}]\n")), (1, None));
        assert_eq!(of(""), (0, Some("has an update without a folder")));
        for (more, why) in [
            ("ignore: [{dependency-name: \"*\"}]", "ignores every dependency"),
            ("allow: [{dependency-name: nothing}]", "allows named dependencies alone"),
            ("exclude-paths: [\"**\"]", "excludes paths"),
            ("target-branch: other", "proposes to a branch that is named"),
            ("open-pull-requests-limit: 0", "has `open-pull-requests-limit: 0`"),
            ("open-pull-requests-limit: \"0\"", "has a limit that is no number"),
        ] {
            assert_eq!(of(&format!("{folder}    {more}\n")), (0, Some(why)), "{more}");
        }
    }

    #[test]
    fn the_ecosystems_of_dependabot_are_read() {
        let text = "version: 2\nupdates:\n  - package-ecosystem: pip\n    directory: /\n    schedule: {interval: weekly}\n\
                    \x20 - package-ecosystem: \"github-actions\" # and these\n    directory: /\n";
        let settings = read(Updater::Dependabot, text).unwrap();
        let ecosystems = ["github-actions", "pip"].map(str::to_owned).into();
        assert_eq!(settings.ecosystems, Some(ecosystems));
        assert_eq!(settings.intervals, ["weekly".to_owned()].into());
        for (text, why) in [
            ("version: 1\nupdates: []", "is not of version 2"),
            ("version: 2", "has no list of updates"),
            ("version: 2\nupdates: [{}]", "has an update without its ecosystem"),
        ] {
            assert_eq!(read(Updater::Dependabot, text).unwrap_err(), why);
        }
    }

    #[test]
    fn renovate_looks_after_everything_unless_it_is_told() {
        let read = |text| read(Updater::Renovate, text);
        let all = read("{\"extends\": [\"config:recommended\", \"schedule:weekly\"]}").unwrap();
        assert_eq!(all.ecosystems, None);
        let some = read("{\"enabledManagers\": [\"npm\"], \"enabled\": false}").unwrap();
        assert!(some.is_off && some.ecosystems == Some(["npm".to_owned()].into()));
        assert!(read("{ // a comment\n}").unwrap_err().starts_with("is not JSON: "));
    }

    #[test]
    fn settings_that_may_propose_nothing_are_a_doubt() {
        for text in [
            "{}",
            "{\"enabledManagers\": []}",
            "{\"extends\": [\":disableAll\"]}",
            "{\"extends\": [\"github>a/b\"]}",
            "{\"ignorePaths\": [\"**\"]}",
            "{\"packageRules\": [{\"matchPackageNames\": [\"*\"], \"enabled\": false}]}",
        ] {
            assert!(read(Updater::Renovate, text).unwrap().doubt.is_some(), "{text}");
        }
        assert_eq!(read(Updater::Renovate, "{\"extends\": [\"config:recommended\"]}").unwrap().doubt, None);
        let update = "version: 2\nupdates: [{package-ecosystem: pip, open-pull-requests-limit: 0}]";
        let settings = read(Updater::Dependabot, update).unwrap();
        assert!(settings.doubt.is_some() && settings.ecosystems == Some(BTreeSet::new()));
        assert!(read(Updater::Dependabot, "version: 2\nupdates: [{package-ecosystem: x}]").is_err());
    }

    #[test]
    fn settings_count_only_where_their_tools_look() {
        assert_eq!(updater(".github/dependabot.yaml"), Some(Updater::Dependabot));
        assert_eq!(updater("dependabot.yml"), None);
        assert_eq!(updater(".gitlab/renovate.json"), Some(Updater::Renovate));
        assert_eq!(updater("docs/renovate.json"), None);
    }
}
