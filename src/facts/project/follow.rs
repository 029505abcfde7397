//! Follows what continuous integration runs, step by step and through what the steps call.
//!
//! The rule that must not be broken: what is called and cannot be read is a gap.

mod commands;
mod steps;

use super::{
    checkout,
    entered::Entered,
    home::Home,
    other_ci,
    prepared::Prepared,
    replaced::Own,
    runs::{Call, Run, Runs, Texts},
    settings::scanners,
    shell::{self, Options},
    shells, tools,
    triggers::Triggers,
    workflow::{self, Job, Step, When, Workflow},
};
use crate::{paths, text};
use std::{
    collections::{BTreeMap, BTreeSet},
    rc::Rc,
};
use steps::{action, folder_of, works_on_proposals_alone};

/// Most calls that are kept.
const RUNS_LIMIT: usize = 20_000;
/// Most commands whose scripts elsewhere are looked for.
const FOLLOWED_LIMIT: usize = 100;
/// The most words of all commands together: each is held against each tool.
const WORDS_LIMIT: usize = 20_000;

/// How deep calls are followed.
pub(super) const DEPTH_LIMIT: usize = 5;

/// What the calls of a workflow share.
#[derive(Clone)]
struct At<'a> {
    place: String,
    triggers: &'a Triggers,
    harmless: Option<&'static str>,
    doubt: Option<&'static str>,
    folder: Option<String>,
    depth: usize,
}

/// What tells an action in which folder to work.
const FOLDERS: [&str; 5] = ["working-directory", "working_directory", "work-dir", "workdir", "scan-ref"];

/// A shell that ends with the first failure, also of a pipeline.
const STRICT: Options = Options { errexit: true, pipefail: true };

/// Why nothing of a workflow is run that leads back to itself.
const CALLS_ITSELF: &str = "it calls a workflow that calls it, which GitHub refuses";

/// Why what stands behind a failure is not run.
const FAILED: &str = "what stands before it always fails";

/// Follows the calls.
pub(super) struct Follower<'a> {
    pub(super) workflows: &'a BTreeMap<String, Result<Workflow, String>>,
    pub(super) texts: &'a Texts,
    pub(super) home: Home<'a>,
    /// What the repository has under the names of programs.
    pub(super) own: Own,
    pub(super) hooks: &'a [Call],
    pub(super) runs: Runs,
    pub(super) followed: usize,
    /// The words of all commands.
    pub(super) words: usize,
    pub(super) entered: Entered,
    /// What the job has done before.
    pub(super) prepared: Prepared,
}

impl Follower<'_> {
    /// What every workflow, and every other system whose settings are there, runs.
    pub(super) fn follow(mut self) -> Runs {
        let workflows = self.workflows;
        for (path, read) in workflows {
            match read {
                Ok(workflow) => {
                    // One that is only called runs where it is called.
                    let only_called = workflow.triggers.events.iter().all(|event| event == "workflow_call");
                    if !only_called {
                        let doubt = workflow.triggers.doubt().or_else(|| self.home.doubt(path, self.texts));
                        self.entered.now = vec![path.clone()];
                        self.workflow(path, workflow, &workflow.triggers, doubt, 0);
                        self.entered.now.clear();
                    }
                }
                Err(why) => self.gap(format!("{path} {why}")),
            }
        }
        for (path, read) in self.texts {
            if !other_ci::is_settings(path) {
                continue;
            }
            match read.as_ref().map_err(Clone::clone).and_then(|text| other_ci::read(path, text)) {
                Ok(found) => {
                    let triggers = other_ci::triggers();
                    let elsewhere = self.home.doubt(path, self.texts);
                    let mut failed: BTreeSet<String> = BTreeSet::new();
                    let mut last = None;
                    for script in found.scripts {
                        let place = format!("{path}, {}", text::clean(&script.place));
                        // Each job begins anew, with the repository checked out.
                        if last.replace(place.clone()).is_none_or(|last| last != place) {
                            self.prepared = Prepared::with_tree();
                        }
                        let harmless = script.harmless;
                        let behind = failed.contains(&place).then_some(FAILED);
                        let doubt = script.doubt.or(elsewhere).or(behind);
                        let folder = script.folder.as_deref().and_then(|to| shell::within(None, to));
                        let at = At { place, triggers: &triggers, harmless, doubt, folder, depth: 0 };
                        if self.script(&script.text, STRICT, &at) {
                            failed.insert(at.place);
                        }
                    }
                    self.prepared = Prepared::with_tree();
                    for (call, harmless) in found.calls {
                        let (place, folder) = (path.clone(), None);
                        let doubt = elsewhere.or(found.template_doubt);
                        let at = At { place, triggers: &triggers, harmless, doubt, folder, depth: 0 };
                        self.push(call, &at, None);
                    }
                    found.gaps.into_iter().for_each(|gap| self.gap(gap));
                }
                Err(why) => self.gap(format!("{path} {why}")),
            }
        }
        self.runs
    }

    fn workflow(
        &mut self,
        path: &str,
        workflow: &Workflow,
        triggers: &Triggers,
        doubt: Option<&'static str>,
        depth: usize,
    ) {
        let skipped = workflow.skipped();
        let is_followed = |job: &Job| {
            let called = job.uses.as_deref().and_then(|called| called.strip_prefix("./"));
            called.is_some_and(|called| self.entered.now.iter().any(|path| path == called))
        };
        let doubt = doubt.or_else(|| workflow.jobs.values().any(is_followed).then_some(CALLS_ITSELF));
        for (id, job) in &workflow.jobs {
            let own = match skipped.get(id.as_str()).copied().unwrap_or(job.when) {
                When::Never => continue,
                When::Perhaps => Some("a condition decides whether the job runs"),
                When::Always | When::Runs => None,
            };
            let short: String = id.chars().take(60).collect();
            let place = format!("{path}, job {}", text::clean(&short));
            let doubt = doubt.or(own).or(job.doubt);
            let at = At { place, triggers, harmless: job.continues, doubt, folder: None, depth };
            self.job(job, &at);
        }
    }

    fn job(&mut self, job: &Job, at: &At<'_>) {
        self.prepared = Prepared::default();
        if let Some(called) = &job.uses {
            match called.strip_prefix("./").map(|path| (path, self.workflows.get(path))) {
                Some((path, Some(Ok(workflow)))) if self.entered.enter(path, self.length(path)) => {
                    let doubt = workflow::called::refusal(workflow, job);
                    self.workflow(path, workflow, at.triggers, at.doubt.or(doubt), at.depth + 1);
                    self.entered.now.pop();
                }
                Some((path, Some(Err(why)))) => self.gap(format!("{path} {why}")),
                _ => {
                    self.push(action(called, &job.with), at, None);
                    self.gap(format!("{} calls the workflow {called}, which was not read", at.place));
                }
            }
        }
        self.steps(&job.steps, at);
    }

    /// Whether one of the steps always fails: then those behind it are not run.
    fn steps(&mut self, steps: &[Step], at: &At<'_>) -> bool {
        let mut failed = false;
        let mut changed = None;
        for step in steps {
            self.prepared.next_step();
            if self.runs.all.len() >= RUNS_LIMIT {
                break;
            }
            let own = match step.when {
                When::Never => continue,
                When::Perhaps => Some("a condition decides whether the step runs"),
                When::Runs if failed => Some(FAILED),
                When::Always | When::Runs => None,
            };
            let at = At {
                harmless: at.harmless.or(step.continues),
                doubt: at.doubt.or(own).or(step.doubt).or(changed),
                folder: step.folder.as_deref().map_or_else(|| at.folder.clone(), folder_of),
                ..at.clone()
            };
            let mut fails = false;
            if let Some(uses) = &step.uses {
                match uses.strip_prefix("./") {
                    Some(folder) => fails = self.local_action(folder, &at),
                    None => {
                        let zero = step.with.get("exit-code").is_some_and(|code| code == "0");
                        // Where scripts run is nothing to an action, unless it is told.
                        let told = FOLDERS.iter().find_map(|key| step.with.get(*key));
                        let folder = told.and_then(|to| shell::within(None, to));
                        let at = At { folder, ..at.clone() };
                        let never = step.with.get("exit_zero").is_some_and(|it| it == "true");
                        let harmless = never.then_some("`exit_zero: true`");
                        self.push(
                            action(uses, &step.with),
                            &at,
                            zero.then_some("`exit-code: 0`").or(harmless),
                        );
                        self.image(uses, &step.with, &at);
                    }
                }
            }
            if let Some(script) = &step.run {
                fails |= self.run(script, step.shell.as_deref(), &at);
            }
            let left =
                || step.run.as_deref().and_then(|run| shells::changes(run).or_else(|| shell::leaves(run)));
            changed = changed.or_else(left);
            if let Some(uses) = &step.uses {
                let mut has_tree = self.prepared.has_tree;
                changed = changed.or_else(|| checkout::doubt(uses, &step.with, &mut has_tree));
                // One under a condition may not be run.
                self.prepared.has_tree |= has_tree && own.is_none();
            }
            failed |= fails && step.continues.is_none() && at.doubt.is_none();
        }
        failed
    }

    /// The script of a step. <https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#jobsjob_idstepsshell>
    fn run(&mut self, script: &str, shell: Option<&str>, at: &At<'_>) -> bool {
        match shells::options(shell, script) {
            Some(options) => self.script(script, options, at),
            None => {
                // What another program makes of it is not known: its words are kept, and call nothing.
                self.push(Call::Command(vec!["(".to_owned(), script.to_owned()]), at, None);
                false
            }
        }
    }

    /// The length of a file that was kept.
    fn length(&self, path: &str) -> usize {
        self.texts.get(path).and_then(|it| it.as_ref().ok()).map_or(0, String::len)
    }

    fn local_action(&mut self, folder: &str, at: &At<'_>) -> bool {
        let folder = folder.trim_end_matches('/');
        let texts = self.texts;
        let found = ["action.yml", "action.yaml"].into_iter().find_map(|name| {
            let path = paths::below(folder, name);
            Some((texts.get(&path)?.as_ref().ok()?, path))
        });
        match found {
            Some((text, path)) if self.entered.enter(&path, text.len()) => {
                let read = self.entered.actions.entry(path.clone());
                let read = Rc::clone(read.or_insert_with(|| Rc::new(workflow::read_action(text.as_bytes()))));
                if workflow::is_program(text.as_bytes()) {
                    self.gap(format!("{} uses the action ./{folder}, a program that was not read", at.place));
                }
                let fails = match &*read {
                    Ok(steps) => self.steps(steps, &At { depth: at.depth + 1, ..at.clone() }),
                    Err(why) => {
                        self.gap(format!("{path} {why}"));
                        false
                    }
                };
                self.entered.now.pop();
                return fails;
            }
            _ => self.gap(format!("{} uses the action ./{folder}, which was not read", at.place)),
        }
        false
    }

    fn push(&mut self, call: Call, at: &At<'_>, harmless: Option<&'static str>) {
        if matches!(&call, Call::Action { name, .. } if name == "pre-commit/action") {
            for hook in self.hooks {
                self.push(hook.clone(), at, harmless);
            }
        }
        if self.runs.all.len() >= RUNS_LIMIT {
            return;
        }
        if self.runs.all.len() + 1 == RUNS_LIMIT {
            self.gap(format!("more than {RUNS_LIMIT} commands are run"));
        }
        if let Call::Command(words) = &call {
            self.words += words.len();
            if self.words > WORDS_LIMIT {
                return self.gap(format!("commands of more than {WORDS_LIMIT} words are run"));
            }
        }
        let named = tools::named_by(&call);
        let scan = tools::scan(&call, &named).unwrap_or_default();
        let may_scan = tools::may_scan(&call);
        let harmless = at.harmless.or(harmless).or(scan.harmless);
        let folder = match scan.folder {
            Some(to) if to.starts_with('/') => Some(to),
            Some(to) => shell::within(at.folder.as_deref(), &to),
            None => at.folder.clone(),
        };
        let by_settings = || {
            named.iter().find_map(|name| scanners::cannot_fail(name, &call, folder.as_deref(), self.texts))
        };
        let harmless = harmless.or_else(by_settings);
        let has_project = self.texts.contains_key("pyproject.toml");
        let unprepared = || {
            let of_environment = scan.of_environment;
            self.prepared.doubt(&call, &named, of_environment, folder.as_deref(), has_project)
        };
        let replaced = || if named.is_empty() { None } else { self.own.doubt(&call) };
        let doubt = at
            .doubt
            .or_else(replaced)
            .or_else(|| works_on_proposals_alone(&call, at.triggers))
            .or_else(|| tools::looks_at_changes(&call))
            .or_else(unprepared);
        if let Call::Command(words) = &call
            && at.doubt.is_none()
            && harmless.is_none_or(|why| why.starts_with("`&&`"))
        {
            self.prepared.note(words, at.folder.as_deref());
        }
        let (place, triggers) = (at.place.clone(), at.triggers.clone());
        self.runs.all.push(Run { place, call, harmless, triggers, doubt, folder, named, may_scan });
    }

    fn gap(&mut self, what: String) {
        if self.runs.gaps.len() < 100 {
            self.runs.gaps.insert(text::clean(&what).into_owned());
        }
    }
}
