//! The settings of Travis: the phases of a job are one script.
//!
//! <https://docs.travis-ci.com/user/job-lifecycle/>
//!
//! The rule that must not be broken: what stands before a script is run before it, and a key that is not known to change
//! nothing is a doubt.

use super::{Found, Script, systems};
use serde_json::{Map, Value};

/// What is run of a job, in this order.
const PHASES: [&str; 4] = ["before_install", "install", "before_script", "script"];

/// Keys that change nothing of it.
const HARMLESS: &str = "language name os dist arch sudo virt group version cache notifications services addons python \
                        node_js go rust rvm jdk php perl r dotnet mono ruby gemfile compiler osx_image xcode_image \
                        before_cache after_success after_failure after_script before_deploy deploy after_deploy stage";

const RULED: &str = "rules decide whether the job runs";

/// Reads the scripts of the root, and those of the jobs that are listed one by one.
pub(super) fn read(path: &str, root: &Map<String, Value>, found: &mut Found) {
    if root.contains_key("import") {
        found.gaps.insert(format!("{path} imports settings that were not read"));
    }
    let jobs = root.get("jobs").or_else(|| root.get("matrix"));
    let listed = jobs.and_then(|jobs| jobs.get("include")).and_then(Value::as_array);
    let listed: Vec<&Map<String, Value>> =
        listed.into_iter().flatten().filter_map(Value::as_object).collect();
    let scripted: Vec<_> = listed.iter().filter(|job| job.contains_key("script")).collect();
    // What else is said of the jobs may leave any of them out, or let it fail.
    let is_told = jobs.is_some_and(|jobs| {
        jobs.as_object()
            .is_none_or(|map| map.keys().any(|key| !matches!(key.as_str(), "include" | "fast_finish")))
    });
    let of_root = doubt(root).or_else(|| is_told.then_some(RULED));
    let alone = of_root.or_else(|| (!scripted.is_empty()).then_some("the jobs have scripts of their own"));
    push(root, None, alone, found);
    for job in scripted {
        push(root, Some(job), of_root.or_else(|| doubt(job)), found);
    }
}

/// Why nobody can say that what a map holds is run as it stands.
fn doubt(map: &Map<String, Value>) -> Option<&'static str> {
    map.iter().find_map(|(key, value)| match key.as_str() {
        "env" => systems::environment(value),
        "jobs" | "matrix" | "import" => None,
        "git" => {
            let is_known = |key: &String| matches!(key.as_str(), "depth" | "submodules" | "quiet");
            let is_fine = value.as_object().is_some_and(|map| map.keys().all(is_known));
            (!is_fine).then_some("it has no copy of the repository as it is")
        }
        key if PHASES.contains(&key) || systems::lists(HARMLESS, key) => None,
        _ => Some(RULED),
    })
}

/// The phases of a job as one script: its own, or else those of the root.
fn push(
    root: &Map<String, Value>,
    job: Option<&Map<String, Value>>,
    doubt: Option<&'static str>,
    found: &mut Found,
) {
    let phases =
        PHASES.iter().filter_map(|phase| job.and_then(|job| job.get(*phase)).or_else(|| root.get(*phase)));
    let lines: Vec<&str> = phases.flat_map(lines).collect();
    if !lines.is_empty() {
        let place = "job script".to_owned();
        found.scripts.push(Script { place, text: lines.join("\n"), harmless: None, doubt, folder: None });
    }
}

fn lines(value: &Value) -> Vec<&str> {
    match value {
        Value::Array(items) => items.iter().filter_map(Value::as_str).collect(),
        other => other.as_str().into_iter().collect(),
    }
}
