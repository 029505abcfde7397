//! The jobs of GitLab's pipelines: what they run, and what stands before them.
//!
//! <https://docs.gitlab.com/ci/yaml/>
//!
//! The rule that must not be broken: what `before_script` says is said before the script, and a job that waits for
//! another one is a doubt where that one may never end.

mod templates;

use super::{
    other_ci::{Found, Script},
    shell, shells,
};
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};
pub(super) use templates::included;

/// Keys at the root that are no jobs.
const NO_JOBS: [&str; 12] = [
    "default",
    "include",
    "stages",
    "types",
    "variables",
    "workflow",
    "image",
    "services",
    "cache",
    "before_script",
    "after_script",
    "spec",
];

/// Most rounds in which jobs that wait for others are looked through, and how deep scripts may be nested.
const ROUNDS_LIMIT: usize = 10;
const DEPTH_LIMIT: usize = 10;

/// A job.
struct Job<'a> {
    name: &'a str,
    map: &'a Map<String, Value>,
    /// The place of its stage in the order.
    stage: Option<usize>,
    /// Whether those behind it may wait for ever.
    is_blocked: bool,
}

/// Reads the scripts of the jobs. `ruled` is why nobody can say that the pipeline runs.
pub(super) fn read(root: &Map<String, Value>, ruled: Option<&'static str>, found: &mut Found) {
    let stages = stages(root);
    let is_job = |name: &str| !name.starts_with('.') && !NO_JOBS.contains(&name);
    let mut jobs: Vec<Job<'_>> = (root.iter())
        .filter(|(name, _)| is_job(name))
        .filter_map(|(name, value)| Some((name, value.as_object()?)))
        .map(|(name, map)| {
            let stage = map.get("stage").and_then(Value::as_str).unwrap_or("test");
            Job { name, map, stage: stages.get(stage).copied(), is_blocked: blocks(map) }
        })
        .collect();
    let waits = spread(&mut jobs);
    for (job, waits) in jobs.iter().zip(waits) {
        let doubt = ruled.or_else(|| doubt(root, job)).or(waits);
        let Some(text) = script(root, job.map) else {
            found.gaps.insert(format!("the job {} has a script of an unknown form", job.name));
            continue;
        };
        if job.map.get("when").and_then(Value::as_str) == Some("never") {
            continue;
        }
        let may_fail = !matches!(job.map.get("allow_failure"), None | Some(Value::Bool(false)));
        let harmless = may_fail.then_some("`allow_failure`");
        let place = format!("job {}", job.name);
        if !text.is_empty() {
            found.scripts.push(Script { place: place.clone(), text, harmless, doubt, folder: None });
        }
        let after = of_key(root, job.map, "after_script").unwrap_or_default();
        if !after.is_empty() {
            // What it ends with changes nothing any more.
            let harmless = Some("`after_script`");
            found.scripts.push(Script { place, text: after.join("\n"), harmless, doubt, folder: None });
        }
    }
}

/// The stages, each with its place in the order.
fn stages(root: &Map<String, Value>) -> BTreeMap<&str, usize> {
    let listed = root.get("stages").or_else(|| root.get("types")).and_then(Value::as_array);
    let listed: Vec<&str> = match listed {
        Some(items) => items.iter().filter_map(Value::as_str).collect(),
        None => vec!["build", "test", "deploy"],
    };
    let all = [".pre"].into_iter().chain(listed).chain([".post"]);
    all.enumerate().map(|(at, name)| (name, at)).collect()
}

/// Whether a job may keep those behind it from running: it waits for somebody, is left out, or always fails.
fn blocks(map: &Map<String, Value>) -> bool {
    let says = |map: &Map<String, Value>, when: &str| map.get("when").and_then(Value::as_str) == Some(when);
    let allowed = |map: &Map<String, Value>| map.get("allow_failure") == Some(&Value::Bool(true));
    let rules = map.get("rules").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_object);
    let by_rule = rules.into_iter().any(|rule| says(rule, "manual") && !allowed(rule) && !allowed(map));
    let by_hand = says(map, "manual") && map.get("allow_failure") == Some(&Value::Bool(false));
    let fails = || {
        let lines = map.get("script").and_then(|value| lines(value, 0)).unwrap_or_default();
        !map.contains_key("allow_failure") && shell::always_fails(&lines.join("\n"))
    };
    by_rule || by_hand || fails()
}

/// For each job, why it may wait for ever.
fn spread(jobs: &mut [Job<'_>]) -> Vec<Option<&'static str>> {
    const WAITS: &str = "a job before it waits for somebody, or fails";
    let mut waits = vec![None; jobs.len()];
    for _ in 0..ROUNDS_LIMIT {
        let first = jobs.iter().filter(|job| job.is_blocked).filter_map(|job| job.stage).min();
        let left_out = |job: &&Job<'_>| {
            job.is_blocked || matches!(job.map.get("when").and_then(Value::as_str), Some("never" | "manual"))
        };
        let blocked: BTreeSet<&str> = jobs.iter().filter(left_out).map(|job| job.name).collect();
        let all: BTreeSet<&str> = jobs.iter().map(|job| job.name).collect();
        let is_behind = |job: &Job<'_>| match job.map.get("needs").and_then(Value::as_array) {
            Some(needs) => needs.iter().any(|need| {
                let name = need.as_str().or_else(|| need.get("job").and_then(Value::as_str));
                name.is_none_or(|name| blocked.contains(name) || !all.contains(name))
            }),
            None => first.is_some_and(|first| job.stage.is_none_or(|stage| stage > first)),
        };
        let next: Vec<usize> =
            (0..jobs.len()).filter(|at| waits[*at].is_none() && is_behind(&jobs[*at])).collect();
        if next.is_empty() {
            break;
        }
        for at in next {
            waits[at] = Some(WAITS);
            jobs[at].is_blocked = true;
        }
    }
    waits
}

/// Why nobody can say that a job runs what it says.
fn doubt(root: &Map<String, Value>, job: &Job<'_>) -> Option<&'static str> {
    const CONDITIONS: [&str; 6] = ["when", "rules", "only", "except", "extends", "inherit"];
    if CONDITIONS.iter().any(|key| job.map.contains_key(*key)) {
        return Some("rules decide whether the job runs");
    }
    if job.map.iter().any(|(key, value)| !is_harmless(key, value)) {
        return Some("it has a key that relcheck does not know");
    }
    if job.stage.is_none() {
        return Some("its stage is none of the pipeline");
    }
    let default = root.get("default").and_then(Value::as_object);
    // <https://docs.gitlab.com/ci/yaml/#default>
    if default.into_iter().flatten().any(|(key, value)| !is_harmless(key, value)) {
        return Some("the defaults have a key that relcheck does not know");
    }
    let places = [Some(job.map), default, Some(root)];
    let of = |key: &str| places.iter().flatten().find_map(|map| map.get(key));
    let entry = of("image").and_then(|image| image.get("entrypoint")).and_then(Value::as_array);
    let is_shell = |word: &Value| {
        word.as_str().is_some_and(|word| matches!(word, "" | "/bin/sh" | "/bin/bash" | "sh" | "bash" | "-c"))
    };
    if entry.is_some_and(|words| !words.iter().all(is_shell)) {
        return Some("its image starts another program");
    }
    let variables = [job.map, root].into_iter().filter_map(|map| map.get("variables")?.as_object());
    for (name, value) in variables.flatten() {
        let is_none = matches!(name.as_str(), "GIT_STRATEGY" | "GIT_CHECKOUT")
            && matches!(value.as_str(), Some("none" | "empty" | "false"));
        if is_none {
            return Some("it has no copy of the repository");
        }
        let is_of_fetching = matches!(name.as_str(), "GIT_DEPTH" | "GIT_SUBMODULE_STRATEGY" | "GIT_STRATEGY");
        if let Some(why) = shells::by_variable(name).filter(|_| !is_of_fetching) {
            return Some(why);
        }
    }
    None
}

/// Whether a key of a job is read here, or leaves what the job runs, of which files, and when, as it is.
fn is_harmless(key: &str, value: &Value) -> bool {
    const KEYS: [&str; 22] = [
        "script",
        "before_script",
        "after_script",
        "stage",
        "image",
        "services",
        "tags",
        "cache",
        "artifacts",
        "variables",
        "needs",
        "dependencies",
        "coverage",
        "retry",
        "timeout",
        "interruptible",
        "allow_failure",
        "resource_group",
        "id_tokens",
        "secrets",
        "release",
        "environment",
    ];
    // A job that stops an environment is run by hand, or where another one ends.
    let stops = key == "environment"
        && !matches!(
            value.get("action").and_then(Value::as_str),
            None | Some("start" | "prepare" | "verify" | "access")
        );
    KEYS.contains(&key) && !stops
}

/// What a job runs: its script behind what is run before it. Nothing where its form is not known.
fn script(root: &Map<String, Value>, job: &Map<String, Value>) -> Option<String> {
    let mut all = of_key(root, job, "before_script")?;
    // A script of the defaults is nobody's.
    let own = job.get("script").map_or(Some(Vec::new()), |value| lines(value, 0))?;
    if own.is_empty() {
        return Some(String::new());
    }
    all.extend(own);
    Some(all.join("\n"))
}

/// The lines under a key, of the job before those of the defaults and those of the root.
fn of_key(root: &Map<String, Value>, job: &Map<String, Value>, key: &str) -> Option<Vec<String>> {
    let default = root.get("default").and_then(|default| default.get(key));
    let value = job.get(key).or(default).or_else(|| root.get(key));
    value.map_or(Some(Vec::new()), |value| lines(value, 0))
}

fn lines(value: &Value, depth: usize) -> Option<Vec<String>> {
    match value {
        Value::Null => Some(Vec::new()),
        Value::String(line) => Some(vec![line.clone()]),
        Value::Array(items) if depth < DEPTH_LIMIT => {
            let all: Option<Vec<Vec<String>>> = items.iter().map(|item| lines(item, depth + 1)).collect();
            all.map(|all| all.into_iter().flatten().collect())
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::other_ci;

    /// Why nobody can say that the script of the job `scan` is run, and its text.
    fn scan(text: &str) -> (Option<&'static str>, String) {
        let found = other_ci::read(".gitlab-ci.yml", text).unwrap();
        let script =
            found.scripts.into_iter().find(|script| script.place == "job scan").expect("there is the job");
        (script.doubt, script.text)
    }

    #[test]
    fn what_is_run_before_a_script_stands_before_it() {
        let job = "scan: {script: [npm audit]}\n";
        for text in [
            "scan: {before_script: [exit 0], script: [npm audit]}\n".to_owned(),
            format!("default: {{before_script: [exit 0]}}\n{job}"),
            format!("before_script: exit 0\n{job}"),
        ] {
            assert_eq!(scan(&text).1, "exit 0\nnpm audit", "{text}");
        }
        assert_eq!(
            scan(&format!("before_script: [ls]\n{}", "scan: {before_script: [], script: [npm audit]}")).1,
            "npm audit"
        );
        let found = other_ci::read(".gitlab-ci.yml", "default: {script: [npm audit]}\n").unwrap();
        assert!(found.scripts.is_empty(), "what the defaults have is no job");
        let found = other_ci::read(".gitlab-ci.yml", "scan: {script: {a: b}}\n").unwrap();
        assert!(found.scripts.is_empty() && found.gaps.len() == 1);
    }

    #[test]
    fn a_job_behind_one_that_may_never_end_is_a_doubt() {
        let behind = |first: &str, more: &str| {
            scan(&format!(
                "stages: [a, b]\nfirst: {{stage: a, {first}}}\nscan: {{stage: b, script: [npm audit]{more}}}\n"
            ))
            .0
        };
        let waits = Some("a job before it waits for somebody, or fails");
        for first in [
            "script: [ls], when: manual, allow_failure: false",
            "script: [ls], rules: [{when: manual}]",
            "script: [exit 1]",
        ] {
            assert_eq!(behind(first, ""), waits, "{first}");
            assert_eq!(behind(first, ", needs: [first]"), waits, "{first}");
            assert_eq!(behind(first, ", needs: []"), None, "{first}");
        }
        for first in ["script: [ls]", "script: [ls], when: manual", "script: [exit 1], allow_failure: true"] {
            assert_eq!(behind(first, ""), None, "{first}");
        }
        assert_eq!(behind("script: [ls], when: never", ", needs: [first]"), waits);
        assert_eq!(behind("script: [ls]", ", needs: [nobody]"), waits);
    }

    #[test]
    fn what_a_job_is_given_may_keep_it_from_scanning() {
        let doubt = |more: &str| scan(&format!("scan: {{script: [npm audit]{more}}}\n")).0;
        for fine in [
            "",
            ", stage: .post",
            ", image: {name: node, entrypoint: ['']}",
            ", variables: {CI: x, GIT_DEPTH: 10}",
            ", environment: {name: x, url: y}",
            ", artifacts: {paths: [x]}, retry: 1, cache: {paths: [x]}",
            ", image: node",
        ] {
            assert_eq!(doubt(fine), None, "{fine}");
        }
        for (more, why) in [
            (", stage: nowhere", "its stage is none of the pipeline"),
            (", image: {name: node, entrypoint: [/bin/true]}", "its image starts another program"),
            (", variables: {GIT_STRATEGY: none}", "it has no copy of the repository"),
            (", variables: {npm_config_audit_level: none}", "its environment may change what is run"),
            (", rules: [{if: x}]", "rules decide whether the job runs"),
            (", hooks: {pre_get_sources_script: [exit 1]}", "it has a key that relcheck does not know"),
            (", environment: {name: x, action: stop}", "it has a key that relcheck does not know"),
            (", parallel: {matrix: []}", "it has a key that relcheck does not know"),
        ] {
            assert_eq!(doubt(more), Some(why), "{more}");
        }
    }
}
