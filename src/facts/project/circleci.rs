//! The settings of CircleCI: the jobs that a workflow names, and the commands that they take up.
//!
//! <https://circleci.com/docs/reference/configuration-reference/>
//!
//! The rule that must not be broken: a job that no workflow names does not run, an orb is a gap, and a key that is not
//! known to change nothing of a job is a doubt.

use super::{
    other_ci::{Found, Script},
    shells,
};
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};

/// How deep commands are followed.
const DEPTH_LIMIT: usize = 5;

/// Most scripts of one file, and most rounds in which jobs that wait for others are looked through.
const SCRIPTS_LIMIT: usize = 5000;
const ROUNDS_LIMIT: usize = 50;

/// Reads the scripts of the jobs that are run, with what is not known of each.
pub(super) fn read(path: &str, root: &Map<String, Value>, found: &mut Found) {
    let map = |key: &str| root.get(key).and_then(Value::as_object);
    if root.get("setup") == Some(&Value::Bool(true)) {
        found.gaps.insert(format!("{path} goes on with settings that were not read"));
    }
    let executors = map("executors");
    let mut reader = Reader { path, commands: map("commands"), found, before: Before::default() };
    let named = match map("workflows") {
        Some(workflows) => reader.named(workflows),
        None => BTreeMap::from([("build".to_owned(), None)]),
    };
    let Some(jobs) = map("jobs") else { return };
    for (id, job) in jobs {
        let Some(doubt) = named.get(id) else { continue };
        let own = job.as_object().and_then(|job| of_job(job, executors));
        let at = At { place: format!("job {id}"), doubt: doubt.or(own) };
        reader.before = Before::default();
        reader.steps(&at, job.get("steps"), 0);
    }
}

/// What the scripts of a job share.
#[derive(Clone)]
struct At {
    place: String,
    doubt: Option<&'static str>,
}

struct Reader<'a> {
    path: &'a str,
    commands: Option<&'a Map<String, Value>>,
    found: &'a mut Found,
    before: Before,
}

/// What the steps of a job before this one have done.
#[derive(Default)]
struct Before {
    /// Whether the repository was checked out, or taken over from another job.
    has_tree: bool,
    /// Why those behind them may do something else.
    changed: Option<&'static str>,
}

impl Reader<'_> {
    /// The jobs that workflows name, each with why nobody can say that it runs.
    fn named(&mut self, workflows: &Map<String, Value>) -> BTreeMap<String, Option<&'static str>> {
        let mut named: BTreeMap<String, Option<&'static str>> = BTreeMap::new();
        for workflow in workflows.values().filter_map(Value::as_object) {
            let is_ruled = ["when", "unless", "triggers"].iter().any(|key| workflow.contains_key(*key));
            let ruled = is_ruled.then_some("rules decide whether the workflow runs");
            for (id, doubt) in entries(workflow) {
                if id.contains('/') {
                    self.found
                        .gaps
                        .insert(format!("{} takes the job {id} from an orb, which was not read", self.path));
                }
                let doubt = ruled.or(doubt);
                let known = named.entry(id).or_insert(doubt);
                *known = known.and(doubt);
            }
        }
        named
    }

    fn steps(&mut self, at: &At, steps: Option<&Value>, depth: usize) {
        let Some(steps) = steps.and_then(Value::as_array) else { return };
        for step in steps {
            match step {
                Value::String(name) => self.step(at, name, None, depth),
                Value::Object(map) => {
                    map.iter().for_each(|(name, value)| self.step(at, name, Some(value), depth))
                }
                _ => {}
            }
        }
    }

    fn step(&mut self, at: &At, name: &str, value: Option<&Value>, depth: usize) {
        match name {
            "run" => self.run(at, value),
            "checkout" | "attach_workspace" => self.before.has_tree |= at.doubt.is_none(),
            "when" | "unless" => {
                let doubt = at.doubt.or(Some("a condition decides whether the step runs"));
                let at = At { doubt, ..at.clone() };
                if depth < DEPTH_LIMIT {
                    self.steps(&at, value.and_then(|it| it.get("steps")), depth + 1);
                }
            }
            _ if name.contains('/') => {
                let gap = format!("{} takes the step {name} from an orb, which was not read", self.path);
                self.found.gaps.insert(gap);
            }
            _ => {
                let command = self.commands.and_then(|commands| commands.get(name));
                if let Some(command) = command.filter(|_| depth < DEPTH_LIMIT) {
                    self.steps(at, command.get("steps"), depth + 1);
                }
            }
        }
    }

    fn run(&mut self, at: &At, value: Option<&Value>) {
        let word = |key: &str| value.and_then(|it| it.get(key)?.as_str());
        let Some(text) = value.and_then(Value::as_str).or_else(|| word("command")) else { return };
        if self.found.scripts.len() >= SCRIPTS_LIMIT {
            self.found.gaps.insert(format!("{} has more than {SCRIPTS_LIMIT} scripts", self.path));
            return;
        }
        let is_behind = value.and_then(|it| it.get("background")) == Some(&Value::Bool(true));
        let keys = value.and_then(Value::as_object);
        let lacks_tree = (!self.before.has_tree).then_some("the repository is not checked out before it");
        let before = self.before.changed.or(lacks_tree);
        self.before.changed = self.before.changed.or_else(|| changes(text));
        self.found.scripts.push(Script {
            place: at.place.clone(),
            text: text.to_owned(),
            harmless: is_behind.then_some("it runs in the background"),
            doubt: at
                .doubt
                .or_else(|| {
                    (!word("shell").is_none_or(is_shell)).then_some("the shell that runs it is not known")
                })
                .or_else(|| (word("when") == Some("on_fail")).then_some("it runs only where another fails"))
                .or_else(|| keys.and_then(of_run))
                .or(before),
            folder: word("working_directory").map(str::to_owned),
        });
    }
}

const UNKNOWN: &str = "it has a key that relcheck does not know";

/// Why nobody can say that a job runs its steps as they stand; where it runs may stand under `executors`.
fn of_job(job: &Map<String, Value>, executors: Option<&Map<String, Value>>) -> Option<&'static str> {
    const KEYS: [&str; 13] = [
        "docker",
        "machine",
        "macos",
        "resource_class",
        "executor",
        "steps",
        "environment",
        "working_directory",
        "parallelism",
        "parameters",
        "description",
        "shell",
        "store_artifacts",
    ];
    let executor = job.get("executor");
    let name = executor.and_then(|it| it.as_str().or_else(|| it.get("name")?.as_str()));
    let executor = name.and_then(|name| executors?.get(name)?.as_object());
    let places = || std::iter::once(job).chain(executor);
    let keys = || places().flatten().map(|(key, _)| key.as_str());
    let images = places().filter_map(|map| map.get("docker")?.as_array()).flatten();
    if keys().any(|key| !KEYS.contains(&key)) {
        return Some(UNKNOWN);
    }
    let shell = places().find_map(|map| map.get("shell")?.as_str());
    if shell.is_some_and(|shell| !is_shell(shell)) {
        return Some("the shell that runs it is not known");
    }
    let of_image = |image: &Value| match image.get("entrypoint") {
        Some(_) => Some("its image starts another program"),
        None => image.as_object().and_then(environment),
    };
    places().find_map(environment).or_else(|| images.into_iter().find_map(of_image))
}

/// Why nobody can say that a step runs its command as it stands.
fn of_run(run: &Map<String, Value>) -> Option<&'static str> {
    const KEYS: [&str; 8] = [
        "name",
        "command",
        "shell",
        "environment",
        "background",
        "working_directory",
        "no_output_timeout",
        "when",
    ];
    let is_unknown = run.keys().any(|key| !KEYS.contains(&key.as_str()));
    is_unknown.then_some(UNKNOWN).or_else(|| environment(run))
}

fn environment(map: &Map<String, Value>) -> Option<&'static str> {
    map.get("environment")?.as_object()?.keys().find_map(|name| shells::by_variable(name))
}

/// Why the steps behind a command may not run, or with another environment.
fn changes(command: &str) -> Option<&'static str> {
    if command.contains("step halt") {
        return Some("the job may have ended before it");
    }
    command.contains("BASH_ENV").then_some("a step before it changes the environment")
}

/// Whether it is a shell that ends with a failure.
fn is_shell(shell: &str) -> bool {
    let shell =
        shell.trim_start_matches("/usr/bin/env ").trim_start_matches("/bin/").replace("-eo pipefail", "-e");
    matches!(shell.trim(), "bash" | "sh" | "bash -e" | "sh -e" | "bash -l" | "bash --login -e")
}

/// The jobs of a workflow: behind an approval, or for some branches alone, nobody knows whether they run.
fn entries(workflow: &Map<String, Value>) -> Vec<(String, Option<&'static str>)> {
    const FILTERED: &str = "filters or an approval decide whether the job runs";
    let listed = workflow.get("jobs").and_then(Value::as_array).into_iter().flatten();
    let mut ids: Vec<(String, BTreeSet<&str>)> = Vec::new();
    let mut doubtful: BTreeSet<String> = BTreeSet::new();
    for entry in listed {
        let named = match entry {
            Value::String(id) => vec![(id, None)],
            Value::Object(map) => map.iter().map(|(id, settings)| (id, Some(settings))).collect(),
            _ => Vec::new(),
        };
        for (id, settings) in named {
            let get = |key: &str| settings.and_then(|it| it.get(key));
            let needs = get("requires").and_then(Value::as_array).into_iter().flatten();
            let name = get("name").and_then(Value::as_str);
            if get("filters").is_some() || get("type").and_then(Value::as_str) == Some("approval") {
                doubtful.extend([Some(id.as_str()), name].into_iter().flatten().map(str::to_owned));
            }
            ids.push((id.clone(), needs.filter_map(Value::as_str).collect()));
        }
    }
    for _ in 0..ROUNDS_LIMIT {
        let is_next = |(id, needs): &&(String, BTreeSet<&str>)| {
            !doubtful.contains(id) && needs.iter().any(|need| doubtful.contains(*need))
        };
        let next: Vec<String> = ids.iter().filter(is_next).map(|(id, _)| id.clone()).collect();
        if next.is_empty() {
            break;
        }
        doubtful.extend(next);
    }
    ids.into_iter()
        .map(|(id, _)| (doubtful.contains(&id).then_some(FILTERED), id))
        .map(|(doubt, id)| (id, doubt))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::other_ci;

    /// Each script with whether nobody can say that it is run, and how many gaps there are.
    fn read(text: &str) -> (Vec<(String, bool)>, usize) {
        let found = other_ci::read(".circleci/config.yml", text).unwrap();
        let scripts = found.scripts.into_iter().map(|it| (it.text, it.doubt.is_some())).collect();
        (scripts, found.gaps.len())
    }

    fn is_run(workflows: &str) -> Vec<(String, bool)> {
        read(&format!("version: 2.1\njobs:\n  a: {{steps: [checkout, {{run: pip-audit}}]}}\n{workflows}")).0
    }

    #[test]
    fn a_job_runs_where_a_workflow_names_it() {
        let sure = [("pip-audit".to_owned(), false)];
        let perhaps = [("pip-audit".to_owned(), true)];
        for named in [
            "workflows: {w: {jobs: [a]}}",
            "workflows: {version: 2, w: {jobs: [{a: {context: x}}]}}",
            "workflows: {v: {when: x, jobs: [a]}, w: {jobs: [a]}}",
            "workflows: {w: {jobs: [b, {a: {requires: [b]}}]}}",
        ] {
            assert_eq!(is_run(named), sure, "{named}");
        }
        for filtered in [
            "workflows: {w: {jobs: [{a: {filters: {branches: {only: x}}}}]}}",
            "workflows: {w: {when: x, jobs: [a]}}",
            "workflows: {w: {jobs: [{hold: {type: approval}}, {a: {requires: [hold]}}]}}",
            "workflows: {w: {jobs: [{hold: {type: approval}}, {b: {requires: [hold]}}, {a: {requires: [b]}}]}}",
        ] {
            assert_eq!(is_run(filtered), perhaps, "{filtered}");
        }
        for other in ["workflows: {w: {jobs: [b]}}", "workflows: {}", ""] {
            assert!(is_run(other).is_empty(), "{other}");
        }
        assert_eq!(read("jobs: {build: {steps: [checkout, {run: ls}]}, a: {steps: [{run: no}]}}").0.len(), 1);
    }

    #[test]
    fn what_changes_a_job_is_a_doubt() {
        let is_sure = |job: &str, steps: &str| {
            let text = format!(
                "executors: {{e: {{docker: [{{image: x}}], environment: {{npm_config_x: y}}}}, f: {{machine: true}}}}\n\
                 jobs: {{a: {{{job} steps: [{steps}]}}}}\nworkflows: {{w: {{jobs: [a]}}}}\n"
            );
            read(&text).0.contains(&("npm audit".to_owned(), false))
        };
        for fine in
            ["", "docker: [{image: x}], environment: {CI: 1},", "executor: f, working_directory: ~/x,"]
        {
            assert!(is_sure(fine, "checkout, {run: npm audit}"), "{fine}");
        }
        for other in [
            "environment: {npm_config_audit_level: none},",
            "docker: [{image: x, entrypoint: [true]}],",
            "docker: [{image: x, environment: {PATH: x}}],",
            "executor: e,",
            "executor: {name: e},",
            "shell: /bin/true,",
            "branches: {only: x},",
        ] {
            assert!(!is_sure(other, "checkout, {run: npm audit}"), "{other}");
        }
        assert!(is_sure(
            "",
            "checkout, {run: ls}, {run: {name: x, command: npm audit, environment: {CI: 1}}}"
        ));
        for steps in [
            "{run: npm audit}",
            "{run: npm audit}, checkout",
            "{when: {condition: x, steps: [checkout]}}, {run: npm audit}",
            "checkout, {run: circleci-agent step halt}, {run: npm audit}",
            "checkout, {run: 'echo export PATH=x >> $BASH_ENV'}, {run: npm audit}",
            "checkout, {run: {command: npm audit, environment: {PATH: x}}}",
            "checkout, {run: {command: npm audit, other: x}}",
        ] {
            assert!(!is_sure("", steps), "{steps}");
        }
    }

    #[test]
    fn commands_are_taken_up_where_they_are_named_and_orbs_are_gaps() {
        let text = |steps: &str| {
            format!(
                "commands: {{scan: {{steps: [{{run: {{command: pip-audit}}}}]}}, again: {{steps: [again]}}}}\n\
                 jobs: {{a: {{steps: [checkout, {steps}]}}}}\nworkflows: {{w: {{jobs: [a]}}}}\n"
            )
        };
        assert_eq!(read(&text("scan")).0, [("pip-audit".to_owned(), false)]);
        assert_eq!(read(&text("scan: {x: 1}")).0, [("pip-audit".to_owned(), false)]);
        assert_eq!(read(&text("{when: {condition: x, steps: [scan]}}")).0, [("pip-audit".to_owned(), true)]);
        assert_eq!(read(&text("{run: {command: ls, when: on_fail}}")).0, [("ls".to_owned(), true)]);
        assert_eq!(read(&text("{run: {command: ls, shell: /bin/true}}")).0, [("ls".to_owned(), true)]);
        assert_eq!(
            read(&text("{run: {command: ls, shell: /bin/bash -eo pipefail}}")).0,
            [("ls".to_owned(), false)]
        );
        assert_eq!(read(&text("checkout")), (Vec::new(), 0));
        assert_eq!(read(&text("again")), (Vec::new(), 0));
        assert_eq!(read(&text("snyk/scan")), (Vec::new(), 1));
        assert_eq!(read("setup: true\njobs: {}").1, 1);
    }
}
