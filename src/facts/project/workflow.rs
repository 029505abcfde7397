//! A workflow of GitHub Actions, or a composite action, as its settings have it.
//!
//! <https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax>
//!
//! The rule that must not be broken: what cannot be read is an error. A job or step of a shape that is not known is one
//! too, for a claim could rest on what it does.

use super::{
    shell, shells,
    triggers::{self, Triggers},
};
use crate::advisories::locks::notation;
use expressions::Known;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

pub(super) mod called;
pub(super) mod expressions;
mod matrix;
mod permissions;
mod valid;

pub use permissions::Permissions;

/// Most steps of one file.
const STEPS_LIMIT: usize = 5000;

/// A workflow.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Workflow {
    /// Its name, where it has one.
    pub name: Option<String>,
    /// What starts it.
    pub triggers: Triggers,
    /// What its token may do, where it says so for all jobs.
    pub permissions: Option<Permissions>,
    /// What it may be given where it is called, each with whether it has to be.
    pub inputs: BTreeMap<String, bool>,
    /// Its jobs, by id.
    pub jobs: BTreeMap<String, Job>,
}

/// A job.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Job {
    /// What its token may do, where it says so.
    pub permissions: Option<Permissions>,
    /// Why its failure does not count, where that is so.
    pub continues: Option<&'static str>,
    /// Whether it runs, as far as it says so itself.
    pub when: When,
    /// Why nothing runs it, where that is so.
    pub doubt: Option<&'static str>,
    /// The jobs that it waits for.
    pub needs: Vec<String>,
    /// The workflow that it calls.
    pub uses: Option<String>,
    /// What that is given.
    pub with: BTreeMap<String, String>,
    /// The images that it, and what serves it, run in.
    pub images: Vec<String>,
    /// What it does.
    pub steps: Vec<Step>,
}

/// A step.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Step {
    /// The action that it uses.
    pub uses: Option<String>,
    /// What the action is given.
    pub with: BTreeMap<String, String>,
    /// The script that it runs.
    pub run: Option<String>,
    /// The shell that runs it.
    pub shell: Option<String>,
    /// The folder that it runs in, where that is not the root.
    pub folder: Option<String>,
    /// Why its failure does not count, where that is so.
    pub continues: Option<&'static str>,
    /// Whether it runs.
    pub when: When,
    /// Why it may not do what it says, where that is so.
    pub doubt: Option<&'static str>,
}

/// Whether a job or a step runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum When {
    /// It does, unless something before it failed or was left out.
    #[default]
    Runs,
    /// It does, whatever was before it.
    Always,
    /// A condition decides.
    Perhaps,
    /// It does not.
    Never,
}

impl Workflow {
    /// The jobs that do not run, or perhaps do not, because of those that they wait for.
    pub(super) fn skipped(&self) -> BTreeMap<&str, When> {
        let mut waiters: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        let mut skipped: BTreeMap<&str, When> = BTreeMap::new();
        let mut waiting: Vec<(&str, When)> = Vec::new();
        let mut failed: Vec<&str> = Vec::new();
        for (id, job) in &self.jobs {
            for need in &job.needs {
                waiters.entry(need).or_default().push(id);
                if !self.jobs.contains_key(need) {
                    waiting.push((need, When::Perhaps));
                }
            }
            if matches!(job.when, When::Perhaps | When::Never) {
                waiting.push((id, job.when));
            } else if job.fails() {
                failed.push(id.as_str());
            }
        }
        let is_skipped = |id: &&str| self.jobs[*id].when != When::Always;
        for id in failed {
            let waiters = waiters.get(id).into_iter().flatten();
            waiting.extend(waiters.copied().filter(is_skipped).map(|id| (id, When::Perhaps)));
        }
        while let Some((id, when)) = waiting.pop() {
            let known = skipped.get(id).copied();
            if known == Some(When::Never) || known == Some(when) {
                continue;
            }
            skipped.insert(id, when);
            let waiters = waiters.get(id).into_iter().flatten();
            waiting.extend(waiters.filter(|id| self.jobs[**id].when != When::Always).map(|id| (*id, when)));
        }
        skipped
    }
}

impl Job {
    /// Whether one of its own scripts fails in any case.
    fn fails(&self) -> bool {
        let fails = |step: &Step| {
            let is_run = matches!(step.when, When::Runs | When::Always) && step.continues.is_none();
            is_run && step.run.as_deref().is_some_and(shell::always_fails)
        };
        self.continues.is_none() && self.steps.iter().any(fails)
    }
}

/// Reads a workflow of a repository with this default branch, where it is known.
///
/// # Errors
/// Why it cannot be read, in words that follow its name.
pub fn read(bytes: &[u8], default_branch: Option<&str>) -> Result<Workflow, String> {
    // YAML 1.2.2, 6.1: a tab does not indent.
    let has_tabs = bytes.split(|byte| *byte == b'\n').any(|line| line.starts_with(b"\t"));
    if has_tabs {
        return Err("has a line that begins with a tab".to_owned());
    }
    let document = notation::settings(bytes).map_err(|fault| fault.to_string())?;
    let root = document.as_object().ok_or("is no map")?;
    valid::accept(root)?;
    let on = root.get("on").or_else(|| root.get("true"));
    let mut workflow = Workflow {
        name: root.get("name").and_then(Value::as_str).map(str::to_owned),
        triggers: triggers::read(on.ok_or("has no triggers")?, default_branch)?,
        permissions: permissions::read(root)?,
        inputs: on.map(called::inputs).unwrap_or_default(),
        ..Workflow::default()
    };
    let outside = Known::default().within(root);
    let defaults = Defaults::of(root, &Defaults::default(), outside);
    let jobs = root.get("jobs").and_then(Value::as_object).ok_or("has no jobs")?;
    let mut left = STEPS_LIMIT;
    for (id, value) in jobs {
        let map = value.as_object().ok_or_else(|| format!("has a job {} that is no map", shown(id)))?;
        let known = defaults.known.within_job(map);
        let job = job(map, &Defaults::of(map, &defaults, known), &mut left)
            .map_err(|why| format!("has a job {} that {why}", shown(id)))?;
        workflow.jobs.insert(id.clone(), job);
    }
    Ok(workflow)
}

/// Reads the steps of a composite action; another action has none.
///
/// # Errors
/// As [`read`].
pub fn read_action(bytes: &[u8]) -> Result<Vec<Step>, String> {
    let document = notation::settings(bytes).map_err(|fault| fault.to_string())?;
    let Some(runs) = document.get("runs").and_then(Value::as_object) else {
        return Err("has no runs".to_owned());
    };
    // The steps of another action are none; without `shell` a script is none.
    let has_steps = runs.contains_key("steps");
    match runs.get("using").and_then(Value::as_str) {
        Some("composite") => {}
        _ if has_steps => return Err("has steps and is no composite action".to_owned()),
        _ => return Ok(Vec::new()),
    }
    let values = runs.get("steps").and_then(Value::as_array).into_iter().flatten();
    for step in values.filter_map(Value::as_object) {
        if let Some(why) = valid::of_step(step) {
            return Err(format!("would be refused by GitHub: {why}"));
        }
        if step.contains_key("run") && !step.contains_key("shell") {
            return Err("would be refused by GitHub: a step has run without shell".to_owned());
        }
    }
    let mut left = STEPS_LIMIT;
    steps(runs, &Defaults::default(), &mut left)
}

/// Whether an action is a program, or an image: what it runs stands in no steps.
#[must_use]
pub fn is_program(bytes: &[u8]) -> bool {
    let Ok(document) = notation::settings(bytes) else { return false };
    let using = document.get("runs").and_then(|runs| runs.get("using")).and_then(Value::as_str);
    using.is_some_and(|using| using != "composite")
}

/// The image that an action runs in, where it is one of Docker's.
///
/// # Errors
/// As [`read`].
pub fn action_image(bytes: &[u8]) -> Result<Option<String>, String> {
    let document = notation::settings(bytes).map_err(|fault| fault.to_string())?;
    let image = document.get("runs").and_then(|runs| runs.get("image"));
    Ok(image.and_then(Value::as_str).map(str::to_owned))
}

fn job(map: &Map<String, Value>, defaults: &Defaults<'_>, left: &mut usize) -> Result<Job, String> {
    let own = when(map.get("if"));
    Ok(Job {
        permissions: permissions::read(map)?,
        continues: continues(map.get("continue-on-error")),
        doubt: called::nowhere(map),
        when: if matrix::has_entries(map) { own } else { perhaps(own) },
        needs: needs(map.get("needs")),
        uses: map.get("uses").and_then(Value::as_str).map(str::to_owned),
        with: inputs(map),
        images: images(map)?,
        steps: steps(map, defaults, left)?,
    })
}

/// The images of `container` and of `services`.
fn images(map: &Map<String, Value>) -> Result<Vec<String>, String> {
    let of = |value: &Value| match value {
        Value::Null => Ok(None),
        Value::String(image) => Ok(Some(image.clone())),
        Value::Object(container) => match container.get("image") {
            Some(Value::String(image)) => Ok(Some(image.clone())),
            _ => Err("has a container without an image"),
        },
        _ => Err("has a container of an unknown form"),
    };
    let mut found: Vec<String> = of(map.get("container").unwrap_or(&Value::Null))?.into_iter().collect();
    match map.get("services") {
        None | Some(Value::Null) => {}
        Some(Value::Object(services)) => {
            for service in services.values() {
                found.extend(of(service)?);
            }
        }
        // An expression decides.
        Some(Value::String(all)) => found.push(all.clone()),
        Some(_) => return Err("has services of an unknown form".to_owned()),
    }
    found.retain(|image| !image.is_empty());
    Ok(found)
}

fn steps(map: &Map<String, Value>, defaults: &Defaults<'_>, left: &mut usize) -> Result<Vec<Step>, String> {
    let Some(steps) = map.get("steps").filter(|steps| !steps.is_null()) else { return Ok(Vec::new()) };
    let steps = steps.as_array().ok_or("has steps that are no list")?;
    *left = left.checked_sub(steps.len()).ok_or_else(|| format!("has more than {STEPS_LIMIT} steps"))?;
    steps.iter().map(|value| step(value, defaults)).collect()
}

fn step(value: &Value, defaults: &Defaults<'_>) -> Result<Step, String> {
    let map = value.as_object().ok_or("has a step that is no map")?;
    let text = |key: &str| match map.get(key) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.clone())),
        Some(_) => Err(format!("has a step whose {key} is no text")),
    };
    Ok(Step {
        uses: text("uses")?,
        with: inputs(map),
        run: text("run")?.map(|script| defaults.known.within(map).put_in(&script)),
        shell: text("shell")?.or_else(|| defaults.shell.clone()),
        folder: text("working-directory")?.or_else(|| defaults.folder.clone()),
        continues: continues(map.get("continue-on-error")),
        when: when(map.get("if")),
        doubt: defaults.doubt.or_else(|| environment(map)),
    })
}

/// What an action or a workflow is given.
fn inputs(map: &Map<String, Value>) -> BTreeMap<String, String> {
    let with = map.get("with").and_then(Value::as_object).into_iter().flatten();
    with.filter_map(|(key, value)| Some((key.to_lowercase(), scalar(value)?))).collect()
}

/// Why what `env` sets may change what is run.
fn environment(map: &Map<String, Value>) -> Option<&'static str> {
    map.get("env")?.as_object()?.iter().find_map(|(name, value)| {
        let text = scalar(value).unwrap_or_default();
        shells::by_variable(name).or_else(|| shells::by_value(name, &text))
    })
}

fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(it) => Some(it.to_string()),
        _ => None,
    }
}

/// `defaults.run` and `env`, of a job before that of the workflow.
#[derive(Default)]
struct Defaults<'m> {
    shell: Option<String>,
    folder: Option<String>,
    doubt: Option<&'static str>,
    /// What is known of the expressions in scripts.
    known: Known<'m>,
}

impl<'m> Defaults<'m> {
    fn of(map: &Map<String, Value>, outer: &Self, known: Known<'m>) -> Self {
        let run = map.get("defaults").and_then(|it| it.get("run"));
        let text = |key: &str| run?.get(key)?.as_str().map(str::to_owned);
        Self {
            shell: text("shell").or_else(|| outer.shell.clone()),
            folder: text("working-directory").or_else(|| outer.folder.clone()),
            doubt: outer.doubt.or_else(|| environment(map)),
            known,
        }
    }
}

/// Whether failures are let pass: what an expression decides may let them.
fn continues(value: Option<&Value>) -> Option<&'static str> {
    match value {
        None | Some(Value::Null | Value::Bool(false)) => None,
        Some(Value::Bool(true)) => Some("`continue-on-error`"),
        Some(Value::String(text)) if expression(text) == "false" => None,
        Some(Value::String(text)) if expression(text) == "true" => Some("`continue-on-error`"),
        Some(_) => Some("`continue-on-error` under a condition"),
    }
}

/// What `if` says. What is not understood is a condition.
fn when(value: Option<&Value>) -> When {
    match value {
        None | Some(Value::Bool(true)) => When::Runs,
        Some(Value::Bool(false)) => When::Never,
        Some(Value::String(text)) => match expression(text) {
            "true" | "success()" => When::Runs,
            "always()" | "!cancelled()" | "! cancelled()" => When::Always,
            "false" | "!true" | "null" | "0" | "''" => When::Never,
            _ => When::Perhaps,
        },
        Some(_) => When::Perhaps,
    }
}

/// The jobs that `needs` names.
fn needs(value: Option<&Value>) -> Vec<String> {
    match value {
        Some(Value::String(one)) => vec![one.clone()],
        Some(Value::Array(items)) => items.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        _ => Vec::new(),
    }
}

/// The same, or a condition.
fn perhaps(when: When) -> When {
    if when == When::Never { When::Never } else { When::Perhaps }
}

/// What stands in `${{ }}`, or the text itself.
fn expression(text: &str) -> &str {
    let inner = text.trim().strip_prefix("${{").and_then(|it| it.strip_suffix("}}"));
    inner.unwrap_or(text).trim()
}

fn shown(id: &str) -> String {
    let short: String = id.chars().take(60).collect();
    crate::text::clean(&short).into_owned()
}

#[cfg(test)]
mod tests;
