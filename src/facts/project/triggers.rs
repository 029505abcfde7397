//! What starts a workflow, and whether every change of the default branch does.
//!
//! <https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#on>
//!
//! The rule that must not be broken: a filter that is not understood lets nothing pass, and a branch of another name
//! than the default one is not the default one.

use super::cron::Cron;
use serde_json::Value;
use std::collections::BTreeSet;

/// Most schedules of one workflow.
const SCHEDULES_LIMIT: usize = 50;

/// The longest name of a branch that is held against a pattern.
const LONGEST_NAME: usize = 300;

/// What starts a workflow.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Triggers {
    /// The names of the events.
    pub events: BTreeSet<String>,
    /// Whether every push to the default branch is one: one of tags, of other branches or of some paths alone is not.
    pub pushes: bool,
    /// Whether every proposed change is one, to the default branch at least.
    pub proposals: bool,
    /// When it is started by the clock.
    pub crons: Vec<String>,
}

impl Triggers {
    /// Why nobody can say that it is started by itself, where that is so.
    #[must_use]
    pub fn doubt(&self) -> Option<&'static str> {
        let fires = |line: &String| Cron::read(line).and_then(|cron| cron.longest_wait()).is_some();
        let is_started = self.pushes || self.proposals || self.crons.iter().any(fires);
        (!is_started).then_some("it is not started by every change or by the clock")
    }
}

/// Reads `on`, for a repository with this default branch.
pub(super) fn read(on: &Value, default: Option<&str>) -> Result<Triggers, String> {
    let unknown = || "has triggers of an unknown form".to_owned();
    let mut triggers = Triggers::default();
    match on {
        Value::String(event) => drop(triggers.events.insert(event.clone())),
        Value::Array(events) => {
            for event in events {
                triggers.events.insert(event.as_str().ok_or_else(unknown)?.to_owned());
            }
        }
        Value::Object(events) => {
            triggers.events.extend(events.keys().cloned());
            if let Some(entries) = events.get("schedule") {
                for entry in entries.as_array().ok_or_else(unknown)? {
                    let cron = entry.get("cron").and_then(Value::as_str).ok_or_else(unknown)?;
                    triggers.crons.push(cron.to_owned());
                }
            }
        }
        _ => return Err(unknown()),
    }
    if triggers.crons.len() > SCHEDULES_LIMIT {
        return Err(format!("has more than {SCHEDULES_LIMIT} schedules"));
    }
    let of_all = |known: &[&str]| {
        let mut known = known.iter();
        known.any(|event| triggers.events.contains(*event) && is_of_all(on.get(*event), default))
    };
    // `pull_request_target` checks out what is proposed to, and not what is proposed.
    let proposals = of_all(&["pull_request"]);
    triggers.pushes = of_all(&["push"]);
    triggers.proposals = proposals;
    Ok(triggers)
}

/// Whether an event counts for every change of the default branch, whatever it touches.
fn is_of_all(event: Option<&Value>, default: Option<&str>) -> bool {
    let Some(filters) = event.and_then(Value::as_object) else {
        return event.is_none_or(Value::is_null);
    };
    let list = |key: &str| -> Option<Vec<&str>> {
        match filters.get(key)? {
            Value::String(one) => Some(vec![one.as_str()]),
            Value::Array(items) => Some(items.iter().filter_map(Value::as_str).collect()),
            _ => Some(Vec::new()),
        }
    };
    let has = |key: &str| filters.contains_key(key);
    let branches = match (list("branches"), list("branches-ignore")) {
        (Some(patterns), None) => is_let_in(&patterns, default),
        (None, Some(patterns)) => {
            let is_whole = filters.get("branches-ignore").and_then(Value::as_array).is_some();
            is_whole && is_never_ignored(&patterns, default)
        }
        // Both together are no workflow.
        (Some(_), Some(_)) => false,
        (None, None) => !has("tags") && !has("tags-ignore"),
    };
    let paths = list("paths").is_none_or(|paths| paths == ["**"]) && !has("paths-ignore");
    let types =
        list("types").is_none_or(|types| ["opened", "synchronize"].into_iter().all(|it| types.contains(&it)));
    branches && paths && types
}

/// Whether `branches` lets the default branch in: the last pattern that fits decides. Where its name is not known, only
/// what fits every name does.
fn is_let_in(patterns: &[&str], default: Option<&str>) -> bool {
    let mut is_in = false;
    for pattern in patterns {
        match pattern.strip_prefix('!') {
            // What may fit takes it out.
            Some(without) => is_in &= fits(without, default) == Some(false),
            None => is_in |= fits(pattern, default) == Some(true),
        }
    }
    is_in
}

fn is_never_ignored(patterns: &[&str], default: Option<&str>) -> bool {
    patterns.iter().all(|pattern| !pattern.starts_with('!') && fits(pattern, default) == Some(false))
}

/// Whether a pattern fits the name of a branch; `None` where that is not known.
fn fits(pattern: &str, name: Option<&str>) -> Option<bool> {
    if pattern == "**" {
        return Some(true);
    }
    let name = name.filter(|name| name.len() <= LONGEST_NAME)?;
    if pattern.contains(['?', '+', '[', ']', '\\']) {
        return None;
    }
    if !pattern.contains('*') {
        return Some(pattern == name);
    }
    // What stands before the first star and behind the last must be there in any case.
    let head = pattern.split('*').next().unwrap_or_default();
    let tail = pattern.rsplit('*').next().unwrap_or_default();
    let is_framed = name.len() >= head.len() + tail.len() && name.starts_with(head) && name.ends_with(tail);
    if !is_framed {
        return Some(false);
    }
    let between = &name[head.len()..name.len() - tail.len()];
    match &pattern[head.len()..pattern.len() - tail.len()] {
        "**" => Some(true),
        // One star does not go past a slash.
        "*" => Some(!between.contains('/')),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::advisories::locks::notation;

    fn on(text: &str, default: Option<&str>) -> Result<Triggers, String> {
        read(&notation::settings(format!("on: {text}").as_bytes()).unwrap()["on"], default)
    }

    fn is_pushed(text: &str, default: &str) -> bool {
        on(text, Some(default)).unwrap().pushes
    }

    #[test]
    fn the_three_forms_of_triggers_are_read() {
        let on = |text: &str| on(text, Some("main"));
        let push = on("push").unwrap();
        assert!(push.pushes && push.events.contains("push"));
        assert!(on("[push, pull_request]").unwrap().events.contains("pull_request"));
        let map = on("\n  push: {tags: ['v*']}\n  schedule:\n    - cron: '0 8 * * *'").unwrap();
        assert!(!map.pushes && map.events.contains("push"));
        assert_eq!(map.crons, ["0 8 * * *"]);
        assert!(on("{push: {tags: [v*], branches: [main]}}").unwrap().pushes);
        assert!(on("{push: }").unwrap().pushes);
        for broken in ["1", "[1]", "{schedule: 1}", "{schedule: [{}]}"] {
            assert_eq!(on(broken).unwrap_err(), "has triggers of an unknown form", "{broken}");
        }
        let many = format!("{{schedule: [{}]}}", "{cron: '0 8 * * *'},".repeat(51));
        assert_eq!(on(&many).unwrap_err(), "has more than 50 schedules");
    }

    #[test]
    fn the_filter_has_to_let_the_default_branch_in_whatever_it_is_called() {
        for (text, default) in [
            ("{push: {branches: [develop]}}", "develop"),
            ("{push: {branches: ['*']}}", "trunk"),
            ("{push: {branches: ['**']}}", "team/trunk"),
            ("{push: {branches: ['release/**', 'tr*k']}}", "trunk"),
            ("{push: {branches: ['!main', main]}}", "main"),
            ("{push: {branches-ignore: [other, 'dependabot/**']}}", "main"),
        ] {
            assert!(is_pushed(text, default), "{text} {default}");
        }
        for (text, default) in [
            ("{push: {branches: [main]}}", "develop"),
            ("{push: {branches: [master]}}", "main"),
            ("{push: {branches: [other]}}", "main"),
            ("{push: {branches: ['*']}}", "team/trunk"),
            ("{push: {branches: ['**', '!main']}}", "main"),
            ("{push: {branches: [main, '!m?in']}}", "main"),
            ("{push: {branches: ['m?in']}}", "main"),
            ("{push: {branches: []}}", "main"),
            ("{push: {branches-ignore: [main]}}", "main"),
            ("{push: {branches-ignore: ['m*']}}", "main"),
            ("{push: {branches-ignore: ['ma[i]n']}}", "main"),
            ("{push: {branches-ignore: main}}", "main"),
            ("{push: {branches: [main], branches-ignore: [x]}}", "main"),
            ("{push: {branches: [main], paths: [src/**]}}", "main"),
        ] {
            assert!(!is_pushed(text, default), "{text} {default}");
        }
    }

    #[test]
    fn without_the_name_of_the_default_branch_only_every_branch_will_do() {
        let is_pushed = |text: &str| on(text, None).unwrap().pushes;
        assert!(is_pushed("push") && is_pushed("{push: {branches: ['**']}}"));
        assert!(!is_pushed("{push: {branches: [main]}}") && !is_pushed("{push: {branches-ignore: [x]}}"));
    }

    #[test]
    fn a_schedule_that_never_fires_starts_nothing() {
        let doubt = |text: &str| on(text, Some("main")).unwrap().doubt();
        assert_eq!(doubt("{schedule: [{cron: '0 0 29 2 *'}]}"), None);
        for never in ["99 99 * * *", "0 0 31 2 *", "0 0 * *"] {
            let text = format!("{{schedule: [{{cron: '{never}'}}]}}");
            assert_eq!(doubt(&text), Some("it is not started by every change or by the clock"), "{never}");
        }
    }
}
