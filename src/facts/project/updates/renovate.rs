//! The settings of Renovate. <https://docs.renovatebot.com/configuration-options/>
//!
//! The rule that must not be broken: what is not on the list of what is harmless is a doubt, by name.

mod known;

use super::{Settings, is_beside, shown, strings};
use crate::json::{self, Limits};
use known::{MANAGERS, is_known, unsettled};
use serde_json::{Map, Value};

/// Kinds of updates that may be left to people, and others follow.
const SPARED: [&str; 7] =
    ["major", "pin", "pinDigest", "digest", "lockFileMaintenance", "rollback", "replacement"];

/// Reads them, for a repository with this default branch; the error follows the path.
pub(super) fn read(text: &str, branch: Option<&str>) -> Result<Settings, String> {
    let limits = Limits { max_depth: 32, ..Limits::bytes(1 << 20) };
    let document = json::parse(text.as_bytes(), limits).map_err(|error| format!("is not JSON: {error}"))?;
    let document = document.as_object().ok_or("is no object")?;
    let mut reader = Reader { branch, has_others: false, settings: Settings::default() };
    reader.whole(document)?;
    if reader.has_others {
        reader.settings.intervals.clear();
    }
    let Settings { ecosystems, off, .. } = &mut reader.settings;
    if let Some(listed) = ecosystems {
        listed.retain(|name| !off.contains(name));
    }
    Ok(reader.settings)
}

struct Reader<'a> {
    branch: Option<&'a str>,
    /// Whether some updates have a schedule of their own: then nothing is known of all.
    has_others: bool,
    settings: Settings,
}

impl Reader<'_> {
    fn doubt(&mut self, why: impl Into<String>) {
        self.settings.doubt.get_or_insert_with(|| why.into());
    }

    fn partial(&mut self, why: impl Into<String>) {
        self.settings.partial.get_or_insert_with(|| why.into());
    }

    fn whole(&mut self, document: &Map<String, Value>) -> Result<(), String> {
        if document.is_empty() {
            self.doubt("says nothing");
        }
        for (key, value) in document {
            match key.as_str() {
                "enabled" => match value.as_bool() {
                    Some(is_on) => self.settings.is_off = !is_on,
                    None => self.doubt("has `enabled`, and neither true nor false"),
                },
                "enabledManagers" => {
                    let names = strings(value).ok_or("has enabledManagers that are no list of names")?;
                    if names.is_empty() {
                        self.doubt("enables no manager");
                    }
                    self.settings.ecosystems = Some(names.into_iter().map(str::to_owned).collect());
                }
                "extends" => self.presets(value, document.contains_key("schedule")),
                "packageRules" => match value.as_array() {
                    Some(rules) => rules.iter().for_each(|rule| self.rule(rule)),
                    None => self.doubt("has packageRules that are no list"),
                },
                "baseBranches" | "baseBranchPatterns" => {
                    let is_default = |name: &&str| *name == "$default" || Some(*name) == self.branch;
                    if !strings(value).is_some_and(|names| names.iter().any(is_default)) {
                        self.doubt(format!("proposes to branches that are named ({key})"));
                    }
                }
                "ignorePaths" => match strings(value) {
                    Some(paths) if paths.iter().all(|path| is_beside(path)) => {}
                    _ => self.doubt("ignores paths"),
                },
                "ignoreDeps" => match strings(value) {
                    Some(names) if names.iter().all(|name| is_name(name)) => {
                        self.settings.ignored.extend(names.iter().map(|name| (*name).to_owned()));
                        if !names.is_empty() {
                            self.partial("ignores some dependencies");
                        }
                    }
                    _ => self.doubt("ignores what is not understood"),
                },
                "osvVulnerabilityAlerts" if value == &Value::Bool(true) => {
                    self.settings.flaws.get_or_insert("asks OSV about direct dependencies alone");
                }
                key if MANAGERS.contains(&key) => self.manager(key, value),
                "major"
                | "minor"
                | "patch"
                | "pin"
                | "digest"
                | "pinDigest"
                | "lockFileMaintenance"
                | "vulnerabilityAlerts"
                | "rollback"
                | "replacement" => self.kind(key, value),
                key => {
                    if let Some(why) = unsettled(key, value) {
                        self.doubt(why);
                    }
                }
            }
        }
        Ok(())
    }

    fn presets(&mut self, value: &Value, has_schedule: bool) {
        let Some(presets) = strings(value) else { return self.doubt("extends what is no list of names") };
        if presets.contains(&"security:only-security-updates") {
            self.doubt("extends security:only-security-updates, which proposes nothing else");
        }
        let tells_when = |preset: &&str| preset.starts_with("schedule:") || preset.starts_with(":timezone(");
        if !presets.is_empty() && presets.iter().all(tells_when) {
            self.doubt("extends nothing but when to look");
        }
        for preset in presets {
            if !is_known(preset) {
                self.doubt(format!("extends {}, which was not read", shown(preset)));
            }
            let schedule = preset.strip_prefix("schedule:").or_else(|| preset.strip_prefix(":schedule"));
            let often = schedule.and_then(|name| match name.to_ascii_lowercase().as_str() {
                "daily" => Some("daily"),
                "weekly" | "weekends" | "earlymondays" => Some("weekly"),
                "monthly" => Some("monthly"),
                "quarterly" => Some("quarterly"),
                "yearly" => Some("yearly"),
                _ => None,
            });
            // A schedule of its own takes the place of that of a preset.
            if let Some(often) = often.filter(|_| !has_schedule) {
                self.settings.intervals.insert(String::new(), often);
            }
        }
    }

    /// `"npm": {…}`: switched off, or set up in some way.
    fn manager(&mut self, name: &str, value: &Value) {
        let Some(map) = value.as_object() else { return self.doubt(format!("has {name}, which is no map")) };
        self.has_others |= map.contains_key("schedule");
        for (key, value) in map {
            match (key.as_str(), value) {
                ("enabled", Value::Bool(true)) => {}
                ("enabled", Value::Bool(false)) => self.switch_off(name),
                ("major" | "minor" | "patch" | "pin" | "digest", value) => self.kind(key, value),
                (key, value) => {
                    if let Some(why) = unsettled(key, value) {
                        self.doubt(format!("{why} ({name})"));
                    }
                }
            }
        }
    }

    fn switch_off(&mut self, manager: &str) {
        // A group stands for managers that are not listed here.
        if matches!(
            manager,
            "docker" | "golang" | "java" | "js" | "node" | "php" | "python" | "ruby" | "rust" | "dotnet"
        ) {
            self.doubt(format!("switches {manager} off"));
        }
        self.settings.off.insert(manager.to_owned());
        self.partial(format!("switches {manager} off"));
    }

    /// `"major": {…}`: updates of one kind.
    fn kind(&mut self, name: &str, value: &Value) {
        let Some(map) = value.as_object() else { return self.doubt(format!("has {name}, which is no map")) };
        self.has_others |= map.contains_key("schedule");
        for (key, value) in map {
            match (key.as_str(), value) {
                ("enabled", Value::Bool(true)) => {}
                ("enabled", Value::Bool(false))
                    if SPARED.contains(&name) || name == "vulnerabilityAlerts" =>
                {
                    if name == "vulnerabilityAlerts" {
                        self.settings.flaws = Some("switches alerts of vulnerabilities off");
                    }
                    self.partial(format!("switches updates of the kind {name} off"));
                }
                ("enabled", _) => self.doubt(format!("switches updates of the kind {name} off")),
                ("dependencyDashboardApproval", Value::Bool(true)) if SPARED.contains(&name) => {
                    self.partial(format!("waits for an approval of updates of the kind {name}"));
                }
                (key, value) => {
                    if let Some(why) = unsettled(key, value) {
                        self.doubt(format!("{why} ({name})"));
                    }
                }
            }
        }
    }

    /// One of `packageRules`.
    fn rule(&mut self, rule: &Value) {
        let Some(rule) = rule.as_object() else { return self.doubt("has a package rule that is no map") };
        self.has_others |= rule.contains_key("schedule");
        let mut why = None;
        for (key, value) in rule.iter().filter(|(key, _)| !is_matcher(key)) {
            let what = match (key.as_str(), value) {
                ("enabled", Value::Bool(true)) => None,
                ("enabled", Value::Bool(false)) => Some("switches packages off".to_owned()),
                ("allowedVersions", _) => Some("allows named versions alone".to_owned()),
                ("major" | "minor" | "patch", Value::Object(kind)) => {
                    let is_on = kind.iter().all(|(key, value)| unsettled(key, value).is_none());
                    (!is_on).then(|| format!("has a package rule about {key}"))
                }
                (key, value) => unsettled(key, value),
            };
            why = why.or(what);
        }
        let Some(why) = why else { return };
        if is_narrow(rule) {
            let named =
                ["matchPackageNames", "matchDepNames"].iter().filter_map(|key| strings(rule.get(*key)?));
            self.settings.ignored.extend(named.flatten().map(str::to_owned));
            return self.partial(why);
        }
        let managers = rule.get("matchManagers").and_then(strings);
        match managers.filter(|names| !names.is_empty() && names.iter().all(|name| is_name(name))) {
            Some(names) => names.into_iter().for_each(|name| self.switch_off(name)),
            None => self.doubt(why),
        }
    }
}

fn is_matcher(key: &str) -> bool {
    key.starts_with("match") || key.starts_with("exclude")
}

/// Whether a rule is about some packages alone: what it asks for has to hold together.
fn is_narrow(rule: &Map<String, Value>) -> bool {
    rule.iter().any(|(key, value)| {
        let Some(values) = strings(value).filter(|values| !values.is_empty()) else { return false };
        match key.as_str() {
            "matchPackageNames" | "matchDepNames" => values.iter().all(|name| is_name(name)),
            "matchUpdateTypes" => values.iter().all(|kind| SPARED.contains(kind)),
            "matchDepTypes" => values.iter().all(|kind| {
                matches!(
                    *kind,
                    "devDependencies" | "peerDependencies" | "engines" | "packageManager" | "action"
                )
            }),
            "matchFileNames" | "matchPaths" => values.iter().all(|path| is_beside(path)),
            _ => false,
        }
    })
}

/// Whether a text is a name, and no pattern.
fn is_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '@')
        && text.chars().all(|c| c.is_ascii_alphanumeric() || "@/._-:".contains(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(more: &str) -> Settings {
        read(&format!("{{\"extends\": [\"config:recommended\"]{more}}}"), Some("main")).unwrap()
    }

    #[test]
    fn renovate_looks_after_everything_unless_it_is_told() {
        let all = of("");
        assert_eq!((all.ecosystems, all.doubt, all.partial), (None, None, None));
        let some = of(", \"enabledManagers\": [\"npm\", \"cargo\"], \"npm\": {\"enabled\": false}");
        assert_eq!(some.ecosystems, Some(["cargo".to_owned()].into()));
        assert!(of(", \"enabled\": false").is_off);
        assert!(read("{ // a comment\n}", None).unwrap_err().starts_with("is not JSON: "));
    }

    #[test]
    fn what_is_not_known_to_be_harmless_is_a_doubt() {
        for key in [
            "\"mode\": \"silent\"",
            "\"dryRun\": \"full\"",
            "\"onboarding\": true",
            "\"enabled\": \"false\"",
            "\"enabledManagers\": []",
            "\"includePaths\": [\"none/**\"]",
            "\"ignorePaths\": [\"**\"]",
            "\"ignorePaths\": [\"**/package.json\"]",
            "\"ignoreDeps\": [\"*\"]",
            "\"baseBranches\": [\"other\"]",
            "\"baseBranchPatterns\": [\"/^release/\"]",
            "\"schedule\": [\"before 5am on February 31\"]",
            "\"schedule\": [\"* 0 31 2 *\"]",
            "\"dependencyDashboardApproval\": true",
            "\"branchConcurrentLimit\": -1",
            "\"minimumReleaseAge\": \"900 years\"",
            "\"minor\": {\"enabled\": false}",
            "\"hostRules\": [{\"enabled\": false}]",
            "\"timezone\": \"x\"",
            "\"timezone\": \"Europe/\"",
            "\"ignorePresets\": [\"config:recommended\"]",
            "\"packageRules\": [{\"matchPackageNames\": [\"*\"], \"enabled\": false}]",
            "\"packageRules\": [{\"matchDepNames\": [\"/.*/\"], \"enabled\": false}]",
            "\"packageRules\": [{\"matchPackagePatterns\": [\".*\"], \"enabled\": false}]",
            "\"packageRules\": [{\"matchUpdateTypes\": [\"major\", \"minor\"], \"enabled\": false}]",
            "\"packageRules\": [{\"matchFileNames\": [\"**\"], \"enabled\": false}]",
            "\"packageRules\": [{\"excludePackageNames\": [\"a\"], \"enabled\": false}]",
            "\"packageRules\": [{\"enabled\": false}]",
        ] {
            assert!(of(&format!(", {key}")).doubt.is_some(), "{key}");
        }
        for preset in [
            ":disableRenovate",
            "github>a/b",
            "local>a",
            ":onlyNpm",
            ":dependencyDashboardApproval",
            "config:none",
            "security:only-security-updates",
            "schedule:weekly",
        ] {
            let text = format!("{{\"extends\": [\"{preset}\"]}}");
            assert!(read(&text, None).unwrap().doubt.is_some(), "{preset}");
        }
        assert!(read("{}", None).unwrap().doubt.is_some());
    }

    #[test]
    fn what_changes_nothing_of_what_is_proposed_is_none() {
        for key in [
            "\"labels\": [\"deps\"], \"automerge\": true, \"prHourlyLimit\": 2",
            "\"ignorePaths\": [\"**/node_modules/**\", \"examples/**\"]",
            "\"baseBranches\": [\"main\"]",
            "\"schedule\": [\"before 5am on monday\"], \"timezone\": \"UTC\"",
            "\"timezone\": \"America/Argentina/Buenos_Aires\", \"ignorePresets\": []",
            "\"schedule\": [\"* 0-3 * * 1\"]",
            "\"packageRules\": [{\"matchPackageNames\": [\"*\"], \"groupName\": \"all\"}]",
            "\"npm\": {\"rangeStrategy\": \"bump\"}, \"minimumReleaseAge\": \"3 days\"",
        ] {
            let found = of(&format!(", {key}"));
            assert_eq!((found.doubt, found.partial), (None, None), "{key}");
        }
        for key in [
            "\"ignoreDeps\": [\"left-pad\"]",
            "\"major\": {\"enabled\": false}",
            "\"packageRules\": [{\"matchPackageNames\": [\"@types/node\"], \"enabled\": false}]",
            "\"packageRules\": [{\"matchUpdateTypes\": [\"major\"], \"enabled\": false}]",
        ] {
            let found = of(&format!(", {key}"));
            assert!(found.doubt.is_none() && found.partial.is_some(), "{key}");
        }
    }

    #[test]
    fn what_is_said_of_vulnerabilities_is_kept_and_off_counts_most() {
        for (key, flaws) in [
            ("\"vulnerabilityAlerts\": {\"labels\": [\"a\"]}, \"osvVulnerabilityAlerts\": false", None),
            ("\"osvVulnerabilityAlerts\": true", Some("asks OSV about direct dependencies alone")),
            (
                "\"vulnerabilityAlerts\": {\"enabled\": false}, \"osvVulnerabilityAlerts\": true",
                Some("switches alerts of vulnerabilities off"),
            ),
        ] {
            let found = of(&format!(", {key}"));
            assert_eq!((found.flaws, found.doubt), (flaws, None), "{key}");
        }
    }

    #[test]
    fn a_manager_is_switched_off_by_its_own_key_or_by_a_rule() {
        for key in [
            "\"npm\": {\"enabled\": false}",
            "\"packageRules\": [{\"matchManagers\": [\"npm\"], \"enabled\": false}]",
        ] {
            let found = of(&format!(", {key}"));
            assert_eq!((found.off, found.doubt), (["npm".to_owned()].into(), None), "{key}");
        }
    }

    #[test]
    fn a_schedule_of_its_own_takes_the_place_of_a_preset() {
        let often = |text: &str| read(text, None).unwrap().intervals.get("").copied();
        assert_eq!(often("{\"extends\": [\"schedule:weekly\"]}"), Some("weekly"));
        assert_eq!(often("{\"extends\": [\":scheduleDaily\"]}"), Some("daily"));
        assert_eq!(often("{\"extends\": [\"schedule:daily\"], \"schedule\": [\"before 5am\"]}"), None);
        let rule = "{\"matchPackageNames\": [\"*\"], \"schedule\": [\"on the first day of the month\"]}";
        assert_eq!(
            often(&format!("{{\"extends\": [\"schedule:daily\"], \"packageRules\": [{rule}]}}")),
            None
        );
    }
}
