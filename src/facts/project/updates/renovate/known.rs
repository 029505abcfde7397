//! What settings of Renovate may hold and still have everything proposed.
//!
//! The rule that must not be broken: this is a list of what is known. What is not on it is a doubt.

use super::super::{shown, strings};
use crate::facts::project::cron::Cron;
use serde_json::Value;

/// Keys with which everything is proposed still, whatever they hold.
const HARMLESS: [&str; 61] = [
    "$schema",
    "addLabels",
    "additionalReviewers",
    "assignAutomerge",
    "assignees",
    "assigneesFromCodeOwners",
    "assigneesSampleSize",
    "automerge",
    "automergeComment",
    "automergeSchedule",
    "automergeStrategy",
    "automergeType",
    "branchPrefix",
    "branchTopic",
    "bumpVersion",
    "commitBody",
    "commitBodyTable",
    "commitMessage",
    "commitMessageAction",
    "commitMessageExtra",
    "commitMessageLowerCase",
    "commitMessagePrefix",
    "commitMessageSuffix",
    "commitMessageTopic",
    "configMigration",
    "confidential",
    "constraints",
    "customManagers",
    "dependencyDashboard",
    "dependencyDashboardAutoclose",
    "dependencyDashboardFooter",
    "dependencyDashboardHeader",
    "dependencyDashboardLabels",
    "dependencyDashboardTitle",
    "description",
    "fetchChangeLogs",
    "fetchReleaseNotes",
    "fileMatch",
    "gitAuthor",
    "groupName",
    "groupSlug",
    "labels",
    "managerFilePatterns",
    "milestone",
    "pinDigests",
    "platformAutomerge",
    "platformCommit",
    "postUpdateOptions",
    "prBodyColumns",
    "prBodyNotes",
    "prBodyTemplate",
    "prFooter",
    "prHeader",
    "prPriority",
    "prTitle",
    "rangeStrategy",
    "rebaseWhen",
    "regexManagers",
    "reviewers",
    "reviewersFromCodeOwners",
    "reviewersSampleSize",
];

/// More of them, which tell how updates are put together.
const GROUPING: [&str; 16] = [
    "cloneSubmodules",
    "ignoreTests",
    "ignoreUnstable",
    "keepUpdatedLabel",
    "osvVulnerabilityAlerts",
    "recreateClosed",
    "recreateWhen",
    "respectLatest",
    "rollbackPrs",
    "semanticCommitScope",
    "semanticCommitType",
    "semanticCommits",
    "separateMajorMinor",
    "separateMinorPatch",
    "separateMultipleMajor",
    "updateNotScheduled",
];

/// Managers, and groups of them, that have settings of their own.
pub(super) const MANAGERS: [&str; 48] = [
    "ansible",
    "asdf",
    "bun",
    "bundler",
    "cargo",
    "circleci",
    "composer",
    "deno",
    "devcontainer",
    "docker",
    "docker-compose",
    "dockerfile",
    "dotnet",
    "git-submodules",
    "github-actions",
    "gitlabci",
    "golang",
    "gomod",
    "gradle",
    "gradle-wrapper",
    "helm-values",
    "helmv3",
    "java",
    "js",
    "kubernetes",
    "kustomize",
    "maven",
    "maven-wrapper",
    "mise",
    "mix",
    "node",
    "npm",
    "nuget",
    "nvm",
    "pep621",
    "php",
    "pip-compile",
    "pip_requirements",
    "pip_setup",
    "pipenv",
    "poetry",
    "pre-commit",
    "pub",
    "python",
    "ruby",
    "rust",
    "setup-cfg",
    "terraform",
];

/// Why a key with this value makes it doubtful that anything is proposed.
pub(super) fn unsettled(key: &str, value: &Value) -> Option<String> {
    let is_fine = match key {
        _ if HARMLESS.contains(&key) || GROUPING.contains(&key) => true,
        "mode" => value == "full",
        "prCreation" => matches!(value.as_str(), Some("immediate" | "not-pending" | "status-success")),
        "dependencyDashboardApproval" | "draftPR" => value == &Value::Bool(false) || key == "draftPR",
        // None of them is no limit at all.
        "prConcurrentLimit" | "prHourlyLimit" | "branchConcurrentLimit" | "commitHourlyLimit" => {
            value.as_u64().is_some()
        }
        "minimumReleaseAge" => value.is_null() || value.as_str().is_some_and(is_short),
        "stabilityDays" => value.as_u64().is_some_and(|days| days <= 60),
        "internalChecksFilter" => matches!(value.as_str(), Some("strict" | "flexible" | "none")),
        "schedule" => schedule(value),
        // Presets that are passed over may be all that there are.
        "ignorePresets" => value.as_array().is_some_and(Vec::is_empty),
        "timezone" => value.as_str().is_some_and(is_zone),
        "hostRules" => {
            value.as_array().is_some_and(|rules| rules.iter().all(|rule| rule.get("enabled").is_none()))
        }
        _ => false,
    };
    let of_value = match value {
        Value::String(text) => format!(" \"{}\"", shown(text)),
        Value::Bool(it) => format!(" {it}"),
        Value::Number(number) => format!(" {number}"),
        _ => String::new(),
    };
    (!is_fine).then(|| format!("has {}{of_value}, which may keep it from proposing", shown(key)))
}

/// Whether a name is made as those of time zones are; Renovate stops at one that is none.
fn is_zone(name: &str) -> bool {
    const AREAS: [&str; 11] = [
        "Africa",
        "America",
        "Antarctica",
        "Arctic",
        "Asia",
        "Atlantic",
        "Australia",
        "Etc",
        "Europe",
        "Indian",
        "Pacific",
    ];
    let is_place = |place: &str| {
        place.starts_with(|c: char| c.is_ascii_uppercase())
            && place.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '+' | '/'))
    };
    matches!(name, "UTC" | "GMT" | "CET" | "EET" | "MET" | "WET" | "EST" | "MST" | "HST")
        || name.split_once('/').is_some_and(|(area, place)| AREAS.contains(&area) && is_place(place))
}

/// `14 days`: an age that versions reach.
fn is_short(age: &str) -> bool {
    let Some((number, unit)) = age.trim().split_once(' ') else { return false };
    number.parse::<u32>().is_ok_and(|number| match unit.trim_end_matches('s') {
        "minute" | "hour" => true,
        "day" => number <= 60,
        "week" => number <= 8,
        _ => false,
    })
}

/// Whether each line of a schedule comes to pass, over and over.
fn schedule(value: &Value) -> bool {
    let lines = match value {
        Value::String(one) => Some(vec![one.as_str()]),
        other => strings(other),
    };
    let words = [
        "at",
        "any",
        "time",
        "before",
        "after",
        "every",
        "weekend",
        "weekday",
        "on",
        "and",
        "the",
        "first",
        "day",
        "of",
        "month",
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
        "midnight",
        "week",
        "non-office",
        "hours",
        "outside",
        "between",
        "to",
        "1st",
        "2",
        "3",
        "4",
    ];
    let is_hour = |word: &str| {
        let number = word.trim_end_matches("am").trim_end_matches("pm").trim_end_matches(":00");
        number.len() < word.len() && number.parse::<u8>().is_ok_and(|hour| hour <= 24)
    };
    let fires = |line: &&str| {
        let line = line.to_ascii_lowercase();
        let is_text = !line.trim().is_empty()
            && line
                .split([' ', ','])
                .filter(|word| !word.is_empty())
                .all(|word| words.contains(&word) || is_hour(word));
        is_text || Cron::read(&line).and_then(|cron| cron.longest_wait()).is_some()
    };
    lines.is_some_and(|lines| lines.iter().all(fires))
}

/// Whether a preset is one of Renovate's own that leaves everything to be proposed.
pub(super) fn is_known(preset: &str) -> bool {
    const SETS: [&str; 10] = [
        "group:",
        "helpers:",
        "workarounds:",
        "replacements:",
        "monorepos:",
        "security:",
        "mergeConfidence:",
        "customManagers:",
        "abandonments:",
        "docker:",
    ];
    // One of these that does not exist stops everything.
    const WHOLE: [&str; 17] = [
        "config:base",
        "config:best-practices",
        "config:js-app",
        "config:js-lib",
        "config:recommended",
        "config:semverAllMonthly",
        "config:semverAllWeekly",
        "schedule:annually",
        "schedule:daily",
        "schedule:earlyMondays",
        "schedule:monthly",
        "schedule:nonOfficeHours",
        "schedule:officeHours",
        "schedule:quarterly",
        "schedule:weekends",
        "schedule:weekly",
        "schedule:yearly",
    ];
    const SINGLE: [&str; 25] = [
        "assign",
        "automerge",
        "combine",
        "configMigration",
        "dependencyDashboard",
        "docker",
        "enable",
        "gitSignOff",
        "ignoreModulesAndTests",
        "ignoreUnstable",
        "label",
        "maintainLockFiles",
        "noUnscheduledUpdates",
        "pin",
        "prConcurrentLimit",
        "prHourlyLimit",
        "prImmediately",
        "prNotPending",
        "preserveSemverRanges",
        "rebaseStalePrs",
        "reviewer",
        "schedule",
        "semantic",
        "separate",
        "timezone",
    ];
    let single = preset.strip_prefix(':').or_else(|| preset.strip_prefix("default:"));
    let is_own = WHOLE.contains(&preset)
        || preset.starts_with("schedule:automerge")
        || SETS.iter().any(|set| preset.starts_with(set))
        || single.is_some_and(|name| SINGLE.iter().any(|known| name.starts_with(known)));
    is_own && !preset.contains("isable") && !preset.contains("Approval")
}
