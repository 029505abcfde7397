//! What a workflow that is called has to be given, and machines that no longer are.

use super::{Job, Workflow};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// Machines that GitHub has taken away: what asks for one waits, and never runs.
/// <https://github.com/actions/runner-images#available-images>
const RETIRED: [&str; 10] = [
    "macos-10.14",
    "macos-10.15",
    "macos-11",
    "macos-12",
    "ubuntu-16.04",
    "ubuntu-18.04",
    "ubuntu-20.04",
    "windows-2016",
    "windows-2019",
    "vs2017-win2016",
];

/// The inputs of `workflow_call`, each with whether it has to be given.
pub(super) fn inputs(on: &Value) -> BTreeMap<String, bool> {
    let inputs = on.pointer("/workflow_call/inputs").and_then(Value::as_object).into_iter().flatten();
    let is_needed = |input: &Value| input.get("required") == Some(&Value::Bool(true));
    inputs.map(|(name, input)| (name.to_lowercase(), is_needed(input))).collect()
}

/// Why a call of the workflow is refused.
/// <https://docs.github.com/en/actions/reference/workflows-and-actions/reusing-workflow-configurations>
pub(in crate::facts::project) fn refusal(workflow: &Workflow, job: &Job) -> Option<&'static str> {
    let needed = || workflow.inputs.iter().filter(|(_, is_needed)| **is_needed);
    match () {
        () if !workflow.triggers.events.contains("workflow_call") => {
            Some("what calls it is refused: it has no workflow_call")
        }
        () if needed().any(|(name, _)| !job.with.contains_key(name)) => {
            Some("what calls it is refused: it gives no input that is required")
        }
        () if job.with.keys().any(|name| !workflow.inputs.contains_key(name)) => {
            Some("what calls it is refused: it gives an input that is not there")
        }
        () => None,
    }
}

/// Why a job runs nowhere.
pub(super) fn nowhere(job: &Map<String, Value>) -> Option<&'static str> {
    let text = |key: &str| job.get(key).and_then(Value::as_str).map(str::trim);
    let container = || job.get("container").and_then(|it| it.get("image")).and_then(Value::as_str);
    let machines = job.get("runs-on").and_then(Value::as_array).into_iter().flatten();
    let mut machines = machines.filter_map(Value::as_str).chain(text("runs-on"));
    match () {
        () if machines.any(|machine| RETIRED.contains(&machine.to_lowercase().as_str())) => {
            Some("the machine that its job asks for is no longer there")
        }
        () if text("container").or_else(container) == Some("scratch") => {
            Some("the image that its job runs in is empty")
        }
        () if job.get("timeout-minutes").and_then(Value::as_f64).is_some_and(|minutes| minutes <= 0.0) => {
            Some("its job may take no time")
        }
        () => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Option<&'static str> {
        nowhere(serde_json::from_str::<Value>(text).unwrap().as_object().unwrap())
    }

    #[test]
    fn a_job_that_runs_nowhere_is_told() {
        for (job, why) in [
            (r#"{"runs-on": "ubuntu-18.04"}"#, "the machine that its job asks for is no longer there"),
            (r#"{"runs-on": ["windows-2016"]}"#, "the machine that its job asks for is no longer there"),
            (r#"{"runs-on": "x", "container": "scratch"}"#, "the image that its job runs in is empty"),
            (
                r#"{"runs-on": "x", "container": {"image": "scratch"}}"#,
                "the image that its job runs in is empty",
            ),
            (r#"{"runs-on": "x", "timeout-minutes": 0}"#, "its job may take no time"),
        ] {
            assert_eq!(of(job), Some(why), "{job}");
        }
        for job in [
            r#"{"runs-on": "ubuntu-latest", "timeout-minutes": 10, "environment": "production"}"#,
            r#"{"runs-on": ["self-hosted", "linux"], "container": "rust:1"}"#,
            r#"{"runs-on": "${{ matrix.os }}"}"#,
        ] {
            assert_eq!(of(job), None, "{job}");
        }
    }
}
