//! The settings of continuous integration other than GitHub's, as far as they tell which commands are run.
//!
//! The rule that must not be broken: what these settings include from elsewhere, and a format that is no YAML, are gaps.

mod systems;
mod travis;

use super::{circleci, gitlab, runs::Call, triggers::Triggers};
use crate::{
    advisories::locks::notation,
    evidence::project::{CI_SETTINGS, is_foreign_ci, is_forge_workflow},
};
use serde_json::{Map, Value};
use std::collections::BTreeSet;
use systems::{Kind, System};

/// Keys at the root that decide whether a pipeline runs.
pub(super) const RULES: [&str; 7] = ["workflow", "trigger", "pr", "branches", "when", "if", "condition"];

/// A script.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Script {
    /// The job that it belongs to.
    pub(super) place: String,
    pub(super) text: String,
    /// Why its failure counts for nothing, where that is so.
    pub(super) harmless: Option<&'static str>,
    /// Why nobody can say that it is run, where that is so.
    pub(super) doubt: Option<&'static str>,
    /// The folder that it runs in, where that is not the root.
    pub(super) folder: Option<String>,
}

/// What one file tells.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// Scripts.
    pub(super) scripts: Vec<Script>,
    /// Templates and the like.
    pub(super) calls: Vec<(Call, Option<&'static str>)>,
    /// Why nobody can say that what the templates bring is run, where that is so.
    pub(super) template_doubt: Option<&'static str>,
    /// What is included from elsewhere.
    pub(super) gaps: BTreeSet<String>,
}

/// Whether a file is one.
pub(super) fn is_settings(path: &str) -> bool {
    let is_one = CI_SETTINGS.contains(&path) || path.starts_with(".woodpecker/") || is_foreign_ci(path);
    is_one && !is_forge_workflow(path)
}

/// What starts such a pipeline where it does not say otherwise: pushes, those to proposed changes too.
pub(super) fn triggers() -> Triggers {
    let events = ["push", "pull_request"].map(str::to_owned).into();
    Triggers { events, pushes: true, proposals: true, crons: Vec::new() }
}

/// Reads one.
///
/// # Errors
/// Why it cannot be read.
pub(super) fn read(path: &str, text: &str) -> Result<Found, String> {
    if path == "Jenkinsfile" {
        return Err("is a program, and was not read".to_owned());
    }
    if is_foreign_ci(path) {
        return Err("is of a system whose settings are not read".to_owned());
    }
    let document = notation::settings(text.as_bytes()).map_err(|fault| fault.to_string())?;
    let mut found = Found::default();
    let Some(root) = document.as_object() else { return Err("is no map".to_owned()) };
    // Rules for the whole pipeline decide whether it runs.
    let is_ruled = RULES.iter().any(|key| root.contains_key(*key));
    let ruled = is_ruled.then_some("rules decide whether the pipeline runs");
    match path {
        ".circleci/config.yml" => circleci::read(path, root, &mut found),
        "appveyor.yml" | ".appveyor.yml" => appveyor(root, &mut found),
        ".travis.yml" => travis::read(path, root, &mut found),
        ".gitlab-ci.yml" => {
            gitlab::read(root, ruled, &mut found);
            gitlab::included(path, root, &mut found);
            hidden(root, &mut found);
        }
        _ => pipeline(System::at(path), root, ruled, &mut found),
    }
    Ok(found)
}

/// The scripts of a pipeline whose root is a job, or holds jobs.
fn pipeline(system: &System, root: &Map<String, Value>, ruled: Option<&'static str>, found: &mut Found) {
    let settings = |(key, _): &(&String, &Value)| !matches!(key.as_str(), "pipelines" | "definitions");
    let effect = system.effect(root.iter().filter(settings));
    let doubt = ruled.or(effect.doubt);
    for (key, value) in root {
        let job = Job { name: key, harmless: effect.harmless, doubt, folder: effect.folder.as_deref() };
        match key.as_str() {
            // These run for some changes alone.
            "pipelines" => {
                for (kind, value) in value.as_object().into_iter().flatten() {
                    let rules = (kind != "default").then_some("rules decide whether the pipeline runs");
                    gather(system, &Job { name: kind, doubt: doubt.or(rules), ..job.clone() }, value, found);
                }
            }
            // What is defined runs where it is taken up.
            "definitions" => {
                let defined = Some("it is defined, and perhaps not used");
                gather(system, &Job { doubt: defined, ..job }, value, found);
            }
            _ => entry(system, &job, key, value, found),
        }
    }
}

/// GitLab's hidden jobs: one runs where another job takes it up.
fn hidden(root: &Map<String, Value>, found: &mut Found) {
    for (key, value) in root.iter().filter(|(key, _)| key.starts_with('.')) {
        let job = Job { name: key, harmless: None, doubt: Some("the job is hidden"), folder: None };
        gather(System::at(""), &job, value, found);
    }
}

/// The scripts of AppVeyor, each a command or a map with the shell's name; another shell than that of POSIX may run them.
/// <https://www.appveyor.com/docs/appveyor-yml/>
fn appveyor(root: &Map<String, Value>, found: &mut Found) {
    let doubt = Some("AppVeyor may run it in another shell, or in some of its builds alone");
    for (key, value) in root {
        let is_script = key.ends_with("_script") || matches!(key.as_str(), "install" | "init" | "on_success");
        if is_script || matches!(key.as_str(), "for" | "environment" | "matrix") {
            let job = Job { name: key, harmless: None, doubt, folder: None };
            let entries = value.as_array().map_or_else(|| std::slice::from_ref(value), Vec::as_slice);
            for entry in entries {
                let inner = ["cmd", "ps", "sh", "bash", "pwsh"].iter().find_map(|shell| entry.get(*shell));
                match inner.or_else(|| is_script.then_some(entry)) {
                    Some(value) => script(System::at(""), &job, value, found),
                    None => gather(System::at(""), &job, entry, found),
                }
            }
        }
    }
}

/// What the scripts of a job share.
#[derive(Clone)]
struct Job<'a> {
    name: &'a str,
    harmless: Option<&'static str>,
    doubt: Option<&'static str>,
    folder: Option<&'a str>,
}

/// The scripts of the jobs below a value; the reader of YAML caps the depth.
fn gather(system: &System, job: &Job<'_>, value: &Value, found: &mut Found) {
    match value {
        Value::Array(items) => {
            let doubt = job.doubt.or_else(|| items.iter().find_map(systems::beside));
            let job = Job { doubt, ..job.clone() };
            items.iter().for_each(|item| gather(system, &job, item, found));
        }
        Value::Object(map) => {
            let effect = system.effect(map.iter());
            if effect.is_never {
                return;
            }
            let job = Job {
                name: job.name,
                harmless: effect.harmless.or(job.harmless),
                doubt: job.doubt.or(effect.doubt),
                folder: effect.folder.as_deref().or(job.folder),
            };
            map.iter().for_each(|(key, value)| entry(system, &job, key, value, found));
        }
        _ => {}
    }
}

/// What one key of a job holds.
fn entry(system: &System, job: &Job<'_>, key: &str, value: &Value, found: &mut Found) {
    match system.kind(key) {
        Kind::Script => {
            let harmless = match key {
                // What it ends with changes nothing any more.
                "after_script" => Some("`after_script`"),
                _ if key.ends_with("_background_script") => Some("it runs in the background"),
                _ => None,
            };
            script(system, &Job { harmless: job.harmless.or(harmless), ..job.clone() }, value, found);
        }
        Kind::Named if value.is_object() => {
            value.as_object().into_iter().flatten().for_each(|(_, step)| gather(system, job, step, found));
        }
        // What is below a key that is not known bears the doubt that the key makes.
        Kind::Container | Kind::Named | Kind::Unknown => gather(system, job, value, found),
        Kind::Environment | Kind::Harmless => {}
    }
}

/// The scripts under a key that has some.
fn script(system: &System, job: &Job<'_>, value: &Value, found: &mut Found) {
    match value {
        Value::String(text) => found.scripts.push(Script {
            place: format!("job {}", job.name),
            text: text.clone(),
            harmless: job.harmless,
            doubt: job.doubt,
            folder: job.folder.map(str::to_owned),
        }),
        // The lines of a script are one: what ends it ends it for those behind.
        Value::Array(items) if items.iter().all(Value::is_string) => {
            let lines: Vec<&str> = items.iter().filter_map(Value::as_str).collect();
            if !lines.is_empty() {
                script(system, job, &Value::String(lines.join("\n")), found);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| script(system, job, item, found)),
        other => gather(system, job, other, found),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether the script of a file is run for certain, and why it cannot fail.
    fn sure(path: &str, text: &str) -> Option<Option<&'static str>> {
        let found = read(path, text).unwrap();
        found
            .scripts
            .into_iter()
            .find(|it| it.text.contains("npm audit") && it.doubt.is_none())
            .map(|it| it.harmless)
    }

    #[test]
    fn a_key_that_is_not_known_to_be_harmless_is_a_doubt() {
        for (path, text) in [
            ("azure-pipelines.yml", "steps: [{checkout: none}, {script: npm audit}]"),
            (
                "azure-pipelines.yml",
                "variables: {npm_config_audit_level: none}\nsteps: [{script: npm audit}]",
            ),
            (
                "azure-pipelines.yml",
                "variables: [{name: npm_config_x, value: y}]\nsteps: [{script: npm audit}]",
            ),
            ("azure-pipelines.yml", "variables: [{group: x}]\nsteps: [{script: npm audit}]"),
            ("azure-pipelines.yml", "steps: [{script: npm audit, enabled: false}]"),
            ("azure-pipelines.yml", "steps: [{script: npm audit, env: {PATH: x}}]"),
            ("azure-pipelines.yml", "jobs: [{job: a, dependsOn: b, steps: [{script: npm audit}]}]"),
            (
                "azure-pipelines.yml",
                "steps: [{bash: 'echo \"##vso[task.prependpath]x\"'}, {script: npm audit}]",
            ),
            (".travis.yml", "env: npm_config_audit_level=none\nscript: npm audit"),
            (".travis.yml", "env: {global: [A=b npm_config_x=y]}\nscript: npm audit"),
            (".travis.yml", "script: npm audit\njobs: {allow_failures: [{}]}"),
            (".travis.yml", "script: npm audit\ngit: {clone: false}"),
            (".travis.yml", "script: npm audit\njobs: {include: [{script: ls}]}"),
            (".travis.yml", "jobs: {include: [{if: x, script: npm audit}]}"),
            (".drone.yml", "kind: template\nsteps: [{name: a, commands: [npm audit]}]"),
            (".drone.yml", "kind: pipeline\nclone: {disable: true}\nsteps: [{commands: [npm audit]}]"),
            (".drone.yml", "kind: pipeline\nsteps: [{commands: [npm audit], detach: true}]"),
            (".woodpecker.yml", "skip_clone: true\nsteps: {a: {image: node, commands: [npm audit]}}"),
            (".woodpecker.yml", "runs_on: [failure]\nsteps: {a: {image: node, commands: [npm audit]}}"),
            (".woodpecker.yml", "steps: {a: {image: node, entrypoint: [true], commands: [npm audit]}}"),
            (".cirrus.yml", "task: {trigger_type: manual, script: npm audit}"),
            (".cirrus.yml", "task: {clone_script: ls, script: npm audit}"),
            (".buildkite/pipeline.yml", "steps: [{command: npm audit, branches: none}]"),
            (".buildkite/pipeline.yml", "steps: [{block: x}, {command: npm audit}]"),
            (
                "bitbucket-pipelines.yml",
                "clone: {enabled: false}\npipelines: {default: [{step: {script: [npm audit]}}]}",
            ),
            (
                "bitbucket-pipelines.yml",
                "pipelines: {default: [{step: {trigger: manual, script: [npm audit]}}]}",
            ),
        ] {
            assert_eq!(sure(path, text), None, "{path}: {text}");
        }
    }

    #[test]
    fn an_honest_job_of_each_system_is_run() {
        for (path, text) in [
            (
                "azure-pipelines.yml",
                "pool: {vmImage: x}\nvariables: {A: b}\nsteps: [{checkout: self}, {task: UseNode@1}, {script: npm audit, displayName: x, env: {CI: 1}}]",
            ),
            (
                "azure-pipelines.yml",
                "stages: [{stage: a, jobs: [{job: b, pool: x, steps: [{bash: npm audit}]}]}]",
            ),
            (
                ".travis.yml",
                "language: node_js\nnode_js: [20]\ncache: npm\nenv: CI=1\nscript: [npm audit, npm test]",
            ),
            (".travis.yml", "script: npm audit\njobs: {include: [{os: osx}]}"),
            (".travis.yml", "jobs: {include: [{name: x, script: npm audit}]}"),
            (
                ".drone.yml",
                "kind: pipeline\ntype: docker\nname: x\nclone: {depth: 5}\nsteps: [{name: a, image: node, commands: [npm audit]}]",
            ),
            (".woodpecker.yml", "steps: {a: {image: node, commands: [npm audit]}}"),
            (".woodpecker.yml", "steps: [{name: a, image: node, commands: [npm audit]}]"),
            (
                ".cirrus.yml",
                "audit_task: {container: {image: node}, npm_cache: {folder: x}, audit_script: npm audit}",
            ),
            (".buildkite/pipeline.yml", "steps: [{label: x, command: npm audit}, wait, {command: ls}]"),
            (
                "bitbucket-pipelines.yml",
                "image: node\npipelines: {default: [{parallel: [{step: {name: a, caches: [node], script: [npm audit]}}]}]}",
            ),
        ] {
            assert_eq!(sure(path, text), Some(None), "{path}: {text}");
        }
        for (path, text, why) in [
            (
                "azure-pipelines.yml",
                "steps: [{script: npm audit, continueOnError: true}]",
                "`continueOnError`",
            ),
            (
                ".drone.yml",
                "kind: pipeline\nsteps: [{failure: ignore, commands: [npm audit]}]",
                "`failure: ignore`",
            ),
            (".buildkite/pipeline.yml", "steps: [{command: npm audit, soft_fail: true}]", "`soft_fail`"),
            (".cirrus.yml", "task: {allow_failures: true, script: npm audit}", "`allow_failure`"),
        ] {
            assert_eq!(sure(path, text), Some(Some(why)), "{path}: {text}");
        }
    }

    #[test]
    fn a_step_runs_in_its_folder_and_a_script_of_travis_behind_its_phases() {
        let azure =
            read("azure-pipelines.yml", "steps: [{script: npm audit, workingDirectory: docs}]").unwrap();
        assert_eq!(azure.scripts[0].folder.as_deref(), Some("docs"));
        let travis = read(".travis.yml", "before_install: exit 0\nscript: npm audit\n").unwrap();
        assert_eq!(travis.scripts[0].text, "exit 0\nnpm audit");
    }

    #[test]
    fn a_hidden_job_is_a_doubt() {
        let extended = ".off: {rules: [{when: never}]}\n.scan: {script: [npm audit]}\nscan: {extends: .off, script: [npm audit]}\n";
        let found = read(".gitlab-ci.yml", extended).unwrap();
        assert!(found.scripts.iter().all(|script| script.doubt.is_some()) && found.scripts.len() == 2);
    }

    #[test]
    fn the_scripts_of_jobs_are_found_with_what_keeps_them_from_failing() {
        let text = "\
stages: [bandit, test]
include:
  - template: Jobs/SAST.gitlab-ci.yml
  - local: other.yml
audit:
  stage: test
  allow_failure: true
  script:
    - pip-audit
    - !reference [.a, script]
";
        // A tag of GitLab's own may not be known to the reader of YAML; then the file is a gap.
        let plain = text.replace("    - !reference [.a, script]\n", "");
        let found = read(".gitlab-ci.yml", &plain).unwrap();
        assert_eq!(
            found.scripts,
            [Script {
                place: "job audit".to_owned(),
                text: "pip-audit".to_owned(),
                harmless: Some("`allow_failure`"),
                doubt: None,
                folder: None,
            }]
        );
        assert_eq!(
            found.calls[0].0,
            Call::Action { name: "gitlab:sast".to_owned(), version: None, inputs: Default::default() }
        );
        assert_eq!(found.gaps.len(), 1);
        let sure = |path: &str, text: &str| {
            read(path, text).unwrap().scripts.iter().filter(|it| it.doubt.is_none()).count()
        };
        assert_eq!(sure(".gitlab-ci.yml", "a: {script: [pip-audit]}"), 1);
        for (path, text) in [
            (".gitlab-ci.yml", "a: {when: never, script: pip-audit}"),
            (".gitlab-ci.yml", ".a: {script: pip-audit}"),
            (".gitlab-ci.yml", "a: {rules: [{if: x}], script: pip-audit}"),
            (".gitlab-ci.yml", "a: {artifacts: {expire_in: pip-audit}}"),
            (".travis.yml", "notifications: {email: pip-audit}"),
            (".circleci/config.yml", "foo: pip-audit"),
            ("azure-pipelines.yml", "trigger: none\npr: none\nsteps: [{script: pip-audit}]"),
            (".travis.yml", "branches: {only: [x]}\nscript: pip-audit"),
            ("bitbucket-pipelines.yml", "pipelines: {custom: {a: [{step: {script: [pip-audit]}}]}}"),
            ("bitbucket-pipelines.yml", "definitions: {steps: [{step: {script: [pip-audit]}}]}"),
        ] {
            assert_eq!(sure(path, text), 0, "{text}");
        }
        assert_eq!(sure("azure-pipelines.yml", "steps: [{script: pip-audit}]"), 1);
        let default = "pipelines: {default: [{step: {script: [pip-audit]}}]}";
        assert_eq!(sure("bitbucket-pipelines.yml", default), 1);
        let lines = read(".gitlab-ci.yml", "a: {script: [exit 0, pip-audit], after_script: [ls]}").unwrap();
        assert_eq!(lines.scripts[0].text, "exit 0\npip-audit");
        assert_eq!(lines.scripts[1].harmless, Some("`after_script`"));
        assert!(!is_settings(".forgejo/workflows/ci.yml"));
        let appveyor =
            "test_script:\n  - cmd: npm audit\n  - ps: ls\nbuild_script: pip-audit\nimage: bandit\n";
        let found = read("appveyor.yml", appveyor).unwrap().scripts;
        let texts: Vec<&str> = found.iter().map(|script| script.text.as_str()).collect();
        assert!(found.iter().all(|script| script.doubt.is_some()));
        assert_eq!(texts, ["pip-audit", "npm audit", "ls"]);
        for path in [".builds/a.yml", "cloudbuild.yaml", "Earthfile"] {
            assert!(is_settings(path) && read(path, "a: b").is_err(), "{path}");
        }
        assert!(read("Jenkinsfile", "sh 'bandit'").is_err());
        assert!(read(".travis.yml", "- a").is_err());
    }
}
