//! The settings of Dependabot.
//! <https://docs.github.com/en/code-security/dependabot/working-with-dependabot/dependabot-options-reference>
//!
//! The rule that must not be broken: settings that Dependabot would refuse say nothing at all, and an update with a key
//! that is not known proposes nothing for certain.

mod folders;

use super::{Around, INTERVALS, Settings, shown, strings};
use crate::{advisories::locks::notation, facts::project::cron::Cron};
use folders::{ECOSYSTEMS, Folders};
use serde_json::{Map, Value};
use std::collections::BTreeSet;

/// How many letters a pattern has that may be one of a few packages; `a*` to `z*` are all of them.
const SHORTEST: usize = 3;

/// What an update may say and still propose everything.
const HARMLESS: [&str; 15] = [
    "assignees",
    "commit-message",
    "directories",
    "directory",
    "groups",
    "insecure-external-code-execution",
    "labels",
    "milestone",
    "package-ecosystem",
    "pull-request-branch-name",
    "rebase-strategy",
    "registries",
    "reviewers",
    "schedule",
    "vendor",
];

/// Reads them; the error follows the path.
pub(super) fn read(text: &str, around: &Around<'_>) -> Result<Settings, String> {
    let document = notation::settings(text.as_bytes()).map_err(|fault| fault.to_string())?;
    if document.get("version").and_then(Value::as_u64) != Some(2) {
        return Err("is not of version 2".to_owned());
    }
    let known = ["version", "updates", "registries", "enable-beta-ecosystems"];
    let keys = document.as_object().into_iter().flat_map(Map::keys);
    if let Some(key) = keys.into_iter().find(|key| !known.contains(&key.as_str())) {
        return Err(format!("has the key {}, which is not known", shown(key)));
    }
    let updates = document.get("updates").and_then(Value::as_array).ok_or("has no list of updates")?;
    let mut settings = Settings { ecosystems: Some(BTreeSet::new()), ..Settings::default() };
    let mut folders = Folders::new(around);
    let mut seen = BTreeSet::new();
    let registries = document.get("registries").and_then(Value::as_object);
    for update in updates {
        if let Some(name) = unknown_registry(update, registries) {
            return Err(format!("uses the registry {}, which it does not define", shown(name)));
        }
        for place in of_update(update) {
            // <https://docs.github.com/en/code-security/dependabot/working-with-dependabot/dependabot-options-reference>
            if !seen.insert(place) {
                return Err("has two updates of one ecosystem and folder, which GitHub refuses".to_owned());
            }
        }
        let update = update.as_object().ok_or("has an update that is no map")?;
        read_update(update, around, &mut folders, &mut settings)?;
    }
    Ok(settings)
}

/// A registry that an update uses and nothing defines: GitHub refuses the file.
fn unknown_registry<'a>(update: &'a Value, defined: Option<&Map<String, Value>>) -> Option<&'a str> {
    let used = update.get("registries").and_then(strings).unwrap_or_default();
    used.into_iter().find(|name| defined.is_none_or(|defined| !defined.contains_key(*name)))
}

/// The ecosystem, branch and folders of an update, which no other may have.
fn of_update(update: &Value) -> BTreeSet<(String, String, String)> {
    let text = |key: &str| update.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
    let folders = update.get("directories").and_then(strings).unwrap_or_default();
    let one = update.get("directory").and_then(Value::as_str);
    let key = |folder: &str| {
        (text("package-ecosystem"), text("target-branch"), folder.trim_matches('/').to_owned())
    };
    folders.into_iter().chain(one).map(key).collect()
}

fn read_update(
    update: &Map<String, Value>,
    around: &Around<'_>,
    folders: &mut Folders<'_>,
    settings: &mut Settings,
) -> Result<(), String> {
    let name = update.get("package-ecosystem").and_then(Value::as_str);
    let name = name.ok_or("has an update without its ecosystem")?;
    let (_, manifests) = (ECOSYSTEMS.iter().find(|(known, _)| *known == name))
        .ok_or_else(|| format!("has the ecosystem {}, which is not known", shown(name)))?;
    let interval = interval(update)?;
    let named = named_folders(update)?;
    let doubt = match may_propose_nothing(update, around.home.branch) {
        Some(why) => Some(why),
        None => folders.without(name, manifests, &named)?,
    };
    if let Some(why) = doubt {
        settings.doubt.get_or_insert(why);
        return Ok(());
    }
    let ecosystems = settings.ecosystems.get_or_insert_with(BTreeSet::new);
    ecosystems.insert(name.to_owned());
    settings.folders.entry(name.to_owned()).or_default().extend(named);
    let names = update.get("ignore").and_then(Value::as_array).into_iter().flatten();
    // Where some kinds of updates alone are passed over, the others are proposed.
    let names = names.filter(|entry| entry.get("update-types").is_none());
    let names = names.filter_map(|entry| entry.get("dependency-name")?.as_str());
    settings.ignored.extend(names.map(str::to_owned));
    if settings.partial.is_none() {
        settings.partial = passes_over(update);
    }
    let slowest = settings.intervals.entry(name.to_owned()).or_insert(interval);
    let rank = |word: &str| INTERVALS.iter().position(|it| *it == word);
    if rank(interval) > rank(slowest) {
        *slowest = interval;
    }
    Ok(())
}

/// How often an update is looked for; without that there is no update.
fn interval(update: &Map<String, Value>) -> Result<&'static str, String> {
    let schedule =
        update.get("schedule").and_then(Value::as_object).ok_or("has an update without a schedule")?;
    let known = ["interval", "day", "time", "timezone", "cronjob"];
    if let Some(key) = schedule.keys().find(|key| !known.contains(&key.as_str())) {
        return Err(format!("has a schedule with the key {}, which is not known", shown(key)));
    }
    const DAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
    if let Some(day) = schedule.get("day").filter(|day| !day.as_str().is_some_and(|it| DAYS.contains(&it))) {
        return Err(format!("has the day {}, which is not known", shown(&day.to_string())));
    }
    let word =
        schedule.get("interval").and_then(Value::as_str).ok_or("has a schedule without an interval")?;
    if word == "cron" {
        let cron = schedule.get("cronjob").and_then(Value::as_str).and_then(Cron::read);
        let days = cron.and_then(|cron| cron.longest_wait()).ok_or("has a cronjob that is not understood")?;
        let most = [1, 7, 31, 92, 184, 366];
        let at = most.iter().position(|most| days <= *most).ok_or("has a cronjob that may never run")?;
        return Ok(INTERVALS[at]);
    }
    let found = INTERVALS.iter().find(|known| **known == word);
    found.copied().ok_or_else(|| format!("has the interval {}, which is not known", shown(word)))
}

fn named_folders(update: &Map<String, Value>) -> Result<Vec<String>, String> {
    let named: Vec<&str> = match (update.get("directory"), update.get("directories")) {
        (Some(one), None) => one.as_str().into_iter().collect(),
        (None, Some(list)) => strings(list).unwrap_or_default(),
        (Some(_), Some(_)) => return Err("has an update with both directory and directories".to_owned()),
        (None, None) => Vec::new(),
    };
    if named.is_empty() {
        return Err("has an update without a folder".to_owned());
    }
    Ok(named.into_iter().map(|folder| folder.trim_matches('/').to_owned()).collect())
}

/// Why nobody can say that an update proposes anything.
fn may_propose_nothing(update: &Map<String, Value>, branch: Option<&str>) -> Option<String> {
    for (key, value) in update {
        let why = match key.as_str() {
            key if HARMLESS.contains(&key) => None,
            // Only what is vulnerable is proposed then, where the forge is set up to.
            "open-pull-requests-limit" => match value.as_u64() {
                None => Some("has a limit that is no number".to_owned()),
                Some(0) => Some("has `open-pull-requests-limit: 0`".to_owned()),
                Some(_) => None,
            },
            "versioning-strategy" => (value.as_str() == Some("lockfile-only"))
                .then(|| "has `versioning-strategy: lockfile-only`".to_owned()),
            "cooldown" => (!is_short(value)).then(|| "waits for longer than is allowed".to_owned()),
            "ignore" => ignored(value).err(),
            "allow" => allows(value),
            "exclude-paths" => match strings(value) {
                Some(paths) if paths.iter().all(|path| super::is_beside(path)) => None,
                _ => Some("excludes paths".to_owned()),
            },
            "target-branch" if value.as_str().is_some() && value.as_str() == branch => None,
            "target-branch" => Some("proposes to a branch that is named".to_owned()),
            key => Some(format!("has an update with the key {}, which is not known", shown(key))),
        };
        if why.is_some() {
            return why;
        }
    }
    None
}

/// Whether new versions are waited for as long as Dependabot allows at most.
fn is_short(cooldown: &Value) -> bool {
    let of = |(key, value): (&String, &Value)| match key.ends_with("days") {
        true => value.as_u64().is_some_and(|days| days <= 90),
        false => matches!(key.as_str(), "include" | "exclude"),
    };
    cooldown.as_object().is_some_and(|map| map.iter().all(of))
}

/// Whether the list ignores something; the error says why it may be everything.
fn ignored(list: &Value) -> Result<bool, String> {
    let unknown = || "ignores what is not understood".to_owned();
    let entries = list.as_array().ok_or_else(unknown)?;
    for entry in entries {
        let entry = entry.as_object().ok_or_else(unknown)?;
        if entry.keys().any(|key| !matches!(key.as_str(), "dependency-name" | "versions" | "update-types")) {
            return Err(unknown());
        }
        let name = match entry.get("dependency-name") {
            None => "*",
            Some(name) => name.as_str().ok_or_else(unknown)?,
        };
        // Of every package, major versions alone may be left to people.
        let letters = name.chars().filter(|c| c.is_alphanumeric()).count();
        let is_everything = letters == 0 || (name.contains(['*', '?']) && letters < SHORTEST);
        let types = entry.get("update-types").map(|types| strings(types).unwrap_or_default());
        let is_major = types.is_some_and(|types| {
            !types.is_empty() && types.iter().all(|it| *it == "version-update:semver-major")
        });
        if is_everything && (!is_major || entry.contains_key("versions")) {
            return Err("ignores every dependency".to_owned());
        }
    }
    Ok(!entries.is_empty())
}

/// Why a list of what is allowed may allow nothing.
fn allows(list: &Value) -> Option<String> {
    let is_all = |entry: &Value| {
        let kind = entry.get("dependency-type").and_then(Value::as_str);
        matches!(kind, Some("all" | "direct" | "production"))
            && entry.as_object().is_some_and(|it| it.len() == 1)
    };
    match list.as_array() {
        Some(entries) if entries.iter().any(is_all) => None,
        Some(entries) if !entries.is_empty() => Some("allows named dependencies alone".to_owned()),
        _ => Some("allows nothing that is understood".to_owned()),
    }
}

fn passes_over(update: &Map<String, Value>) -> Option<String> {
    let is_ignoring = update.get("ignore").is_some_and(|list| ignored(list) == Ok(true));
    let is_narrow = update.contains_key("allow");
    match () {
        () if is_ignoring => Some("ignores some dependencies".to_owned()),
        () if is_narrow => Some("allows some kinds of dependencies alone".to_owned()),
        () => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::project::home::Home;

    fn read_at(text: &str, paths: &[&'static str]) -> Result<Settings, String> {
        let home = Home { branch: Some("main"), ..Home::default() };
        read(text, &Around { home, paths: paths.to_vec() })
    }

    const HEAD: &str = "version: 2\nupdates:\n  - package-ecosystem: npm\n    schedule: {interval: daily}\n";

    fn npm(more: &str) -> (usize, Option<String>) {
        let found = read_at(&format!("{HEAD}    directory: /\n{more}"), &["package.json"]).unwrap();
        (found.ecosystems.unwrap().len(), found.doubt)
    }

    #[test]
    fn what_github_refuses_is_no_list_of_updates() {
        for (more, why) in [
            ("    registries: [other]\n", "uses the registry other, which it does not define"),
            (
                "    schedule: {interval: weekly, day: someday}\n",
                "has the day \"someday\", which is not known",
            ),
        ] {
            let head = HEAD.replace("    schedule: {interval: daily}\n", "");
            let schedule = if more.contains("schedule") { "" } else { "    schedule: {interval: daily}\n" };
            let text = format!("{head}    directory: /\n{schedule}{more}");
            assert_eq!(read_at(&text, &["package.json"]).unwrap_err(), why);
        }
        let text = format!(
            "registries: {{own: {{type: npm-registry}}}}\n{HEAD}    directory: /\n    registries: [own]\n"
        );
        assert!(read_at(&text, &["package.json"]).is_ok());
    }

    #[test]
    fn an_update_that_may_propose_nothing_does_not_count() {
        for near in [
            "",
            "    ignore: [{dependency-name: left-pad}]\n",
            "    ignore: [{dependency-name: \"*\", update-types: [\"version-update:semver-major\"]}]\n",
            "    ignore: [{dependency-name: \"@types/*\"}]\n",
            "    target-branch: main\n",
            "    exclude-paths: [\"examples/**\"]\n",
            "    allow: [{dependency-type: all}]\n",
            "    open-pull-requests-limit: 3\n",
            "    cooldown: {default-days: 7}\n",
            "    groups: {all: {patterns: [\"*\"]}}\n",
        ] {
            assert_eq!(npm(near), (1, None), "{near}");
        }
        for (more, why) in [
            ("ignore: [{dependency-name: \"*\"}]", "ignores every dependency"),
            ("ignore: [{dependency-name: \"**\", versions: [\">= 0\"]}]", "ignores every dependency"),
            ("ignore: [{update-types: [\"version-update:semver-minor\"]}]", "ignores every dependency"),
            ("ignore: [{dependency-name: \"a*\"}]", "ignores every dependency"),
            ("ignore: everything", "ignores what is not understood"),
            ("allow: [{dependency-name: nothing}]", "allows named dependencies alone"),
            ("allow: []", "allows nothing that is understood"),
            ("exclude-paths: [\"**\"]", "excludes paths"),
            ("target-branch: other", "proposes to a branch that is named"),
            ("open-pull-requests-limit: 0", "has `open-pull-requests-limit: 0`"),
            ("open-pull-requests-limit: \"0\"", "has a limit that is no number"),
            ("open-pull-requests-limit: 0.0", "has a limit that is no number"),
            ("open-pull-requests-limit: -1", "has a limit that is no number"),
            ("cooldown: {default-days: 9999}", "waits for longer than is allowed"),
            ("dry-run: true", "has an update with the key dry-run, which is not known"),
        ] {
            assert_eq!(npm(&format!("    {more}\n")), (0, Some(why.to_owned())), "{more}");
        }
    }

    #[test]
    fn settings_that_dependabot_refuses_cannot_be_read() {
        let update = |rest: &str| format!("version: 2\nupdates: [{{package-ecosystem: npm, {rest}}}]");
        for (text, why) in [
            ("version: 1\nupdates: []".to_owned(), "is not of version 2"),
            ("version: 2".to_owned(), "has no list of updates"),
            ("version: 2\nupdates: [{}]".to_owned(), "has an update without its ecosystem"),
            ("version: 2\nupdates: []\nenabled: false".to_owned(), "has the key enabled, which is not known"),
            (update("directory: /"), "has an update without a schedule"),
            (
                format!(
                    "{HEAD}    directory: /\n{}    directory: /\n",
                    HEAD.split_once("updates:\n").unwrap().1
                ),
                "has two updates of one ecosystem and folder, which GitHub refuses",
            ),
            (update("directory: /, schedule: {}"), "has a schedule without an interval"),
            (
                update("directory: /, schedule: {interval: never}"),
                "has the interval never, which is not known",
            ),
            (update("schedule: {interval: daily}"), "has an update without a folder"),
            (
                "version: 2\nupdates: [{package-ecosystem: x}]".to_owned(),
                "has the ecosystem x, which is not known",
            ),
        ] {
            assert_eq!(read_at(&text, &["package.json"]).unwrap_err(), why, "{text}");
        }
    }

    #[test]
    fn an_update_of_a_folder_without_a_manifest_proposes_nothing() {
        let of = |folders: &str| {
            let found = read_at(&format!("{HEAD}    {folders}\n"), &["web/app/package.json"]).unwrap();
            found.doubt
        };
        for near in ["directory: /web/app", "directories: [\"/\", \"/web/*\"]", "directories: [\"**/*\"]"] {
            assert_eq!(of(near), None, "{near}");
        }
        for (folders, shown) in [
            ("directory: /", ""),
            ("directory: /nonexistent", "nonexistent"),
            ("directories: [\"/*\"]", "*"),
            ("directories: [\"/web/b*\"]", "web/b*"),
        ] {
            assert_eq!(of(folders), Some(format!("looks for npm in /{shown}, where it has no manifest")));
        }
        let pip = format!("{HEAD}    directory: /\n").replace("npm", "pip");
        assert_eq!(read_at(&pip, &["requirements/base.txt"]).unwrap().doubt, None);
        assert!(read_at(&pip, &["a/requirements/base.txt"]).unwrap().doubt.is_some());
        let docker = |folder: &str| {
            let text = format!("{HEAD}    directory: {folder}\n").replace("npm", "docker");
            read_at(&text, &["web/Dockerfile"]).unwrap().doubt
        };
        assert_eq!((docker("/"), docker("/web")), (None, None));
        assert_eq!(docker("/other").unwrap(), "looks in /other, which is not known to be there");
    }

    #[test]
    fn each_ecosystem_has_the_slowest_of_its_intervals() {
        let text = "version: 2\nupdates:\n  - package-ecosystem: pip\n    directory: /\n    schedule: {interval: weekly}\n\
                    \x20 - package-ecosystem: \"github-actions\" # and these\n    directory: /\n    schedule: {interval: daily}\n\
                    \x20 - {package-ecosystem: pip, directory: /app, schedule: {interval: cron, cronjob: \"0 8 1 * *\"}}\n";
        let settings = read_at(text, &["app/requirements.txt", "requirements.txt"]).unwrap();
        assert_eq!(settings.ecosystems, Some(["github-actions", "pip"].map(str::to_owned).into()));
        let intervals = [("github-actions", "daily"), ("pip", "monthly")];
        assert_eq!(settings.intervals, intervals.map(|(name, often)| (name.to_owned(), often)).into());
        assert!(settings.partial.is_none());
    }
}
