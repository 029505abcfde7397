//! Workflows that GitHub refuses: nothing in them is run.
//!
//! <https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax>
//!
//! The rule that must not be broken: a key that is not known makes the whole workflow one that is not run.

use super::shown;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// The keys of a workflow, of a job and of a step.
const TOP: &str = "name run-name on true permissions env defaults concurrency jobs";
const JOB: &str = "name permissions needs if runs-on environment concurrency outputs env defaults steps \
                   timeout-minutes strategy continue-on-error container services uses with secrets snapshot";
const STEP: &str = "id if name uses run working-directory shell with env continue-on-error timeout-minutes";

/// Refuses what GitHub would.
///
/// # Errors
/// Why, in words that follow the name of the file.
pub(super) fn accept(root: &Map<String, Value>) -> Result<(), String> {
    refusal(root).map_or(Ok(()), |why| Err(format!("would be refused by GitHub: {why}")))
}

fn refusal(root: &Map<String, Value>) -> Option<String> {
    let jobs = root.get("jobs").and_then(Value::as_object)?;
    let in_jobs = || {
        let mut all = jobs.iter();
        all.find_map(|(id, value)| Some(format!("job {}: {}", shown(id), of_job(value.as_object()?)?)))
    };
    unknown(root, TOP).or_else(in_jobs).or_else(|| cycle(jobs))
}

fn of_job(job: &Map<String, Value>) -> Option<String> {
    if job.contains_key("uses") && job.contains_key("steps") {
        return Some("it has both uses and steps".to_owned());
    }
    let steps = || {
        let mut steps = job.get("steps")?.as_array()?.iter();
        steps.find_map(|step| of_step(step.as_object()?))
    };
    unknown(job, JOB).or_else(|| continues(job)).or_else(|| runs_nowhere(job)).or_else(steps)
}

/// A job that calls no other workflow needs a machine to run on.
fn runs_nowhere(job: &Map<String, Value>) -> Option<String> {
    let is_somewhere = match job.get("runs-on") {
        None | Some(Value::Null) => job.contains_key("uses"),
        Some(Value::String(machine)) => !machine.trim().is_empty(),
        Some(Value::Array(labels)) => !labels.is_empty(),
        Some(_) => true,
    };
    (!is_somewhere).then(|| "it has no runs-on".to_owned())
}

/// What is wrong with a step.
pub(super) fn of_step(step: &Map<String, Value>) -> Option<String> {
    if step.contains_key("uses") && step.contains_key("run") {
        return Some("a step has both uses and run".to_owned());
    }
    unknown(step, STEP).or_else(|| continues(step))
}

fn unknown(map: &Map<String, Value>, known: &str) -> Option<String> {
    let key = map.keys().find(|key| !known.split_whitespace().any(|known| known == key.as_str()))?;
    Some(format!("the key {} is not known", shown(key)))
}

/// `continue-on-error` is a truth value, or an expression of one.
fn continues(map: &Map<String, Value>) -> Option<String> {
    let is_one = match map.get("continue-on-error") {
        None | Some(Value::Null | Value::Bool(_)) => true,
        Some(Value::String(text)) => {
            matches!(text.as_str(), "true" | "false") || text.trim().starts_with("${{")
        }
        Some(_) => false,
    };
    (!is_one).then(|| "continue-on-error is neither true nor false".to_owned())
}

/// A job that waits for itself, directly or through others: what is left when those that wait for nothing are gone.
fn cycle(jobs: &Map<String, Value>) -> Option<String> {
    let mut waits: BTreeMap<&str, usize> = BTreeMap::new();
    let mut waiters: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    let needs: BTreeMap<&str, Vec<String>> =
        jobs.iter().map(|(id, job)| (id.as_str(), super::needs(job.get("needs")))).collect();
    for (id, needs) in &needs {
        let known: Vec<&str> =
            needs.iter().map(String::as_str).filter(|need| jobs.contains_key(*need)).collect();
        waits.insert(id, known.len());
        known.into_iter().for_each(|need| waiters.entry(need).or_default().push(id));
    }
    let mut free: Vec<&str> = waits.iter().filter(|(_, count)| **count == 0).map(|(id, _)| *id).collect();
    while let Some(id) = free.pop() {
        waits.remove(id);
        for waiter in waiters.get(id).into_iter().flatten() {
            if let Some(count) = waits.get_mut(waiter) {
                *count -= 1;
                if *count == 0 {
                    free.push(waiter);
                }
            }
        }
    }
    waits.keys().next().map(|id| format!("job {} waits for itself", shown(id)))
}
