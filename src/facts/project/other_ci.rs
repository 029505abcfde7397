//! The settings of continuous integration other than GitHub's, as far as they tell which commands are run.
//!
//! The rule that must not be broken: what these settings include from elsewhere, and a format that is no YAML, are gaps.

use super::{circleci, gitlab, runs::Call, triggers::Triggers};
use crate::{
    advisories::locks::notation,
    evidence::project::{CI_SETTINGS, is_foreign_ci, is_forge_workflow},
};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Keys whose values are no scripts.
const NO_SCRIPTS: [&str; 20] = [
    "name",
    "description",
    "displayName",
    "stage",
    "stages",
    "image",
    "needs",
    "key",
    "label",
    "title",
    "only",
    "except",
    "rules",
    "variables",
    "env",
    "environment",
    "dependencies",
    "tags",
    "paths",
    "workflow",
];

/// Keys whose values are scripts.
const SCRIPTS: [&str; 12] = [
    "script",
    "before_script",
    "after_script",
    "run",
    "command",
    "commands",
    "steps",
    "bash",
    "sh",
    "cmd",
    "install",
    "before_install",
];

/// Keys at the root that decide whether a pipeline runs.
const RULES: [&str; 7] = ["workflow", "trigger", "pr", "branches", "when", "if", "condition"];

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
    if path == ".circleci/config.yml" {
        circleci::read(path, root, &mut found);
        return Ok(found);
    }
    // Rules for the whole pipeline decide whether it runs.
    let is_ruled = RULES.iter().any(|key| root.contains_key(*key));
    let ruled = is_ruled.then_some("rules decide whether the pipeline runs");
    let is_gitlab = path == ".gitlab-ci.yml";
    if matches!(path, "appveyor.yml" | ".appveyor.yml") {
        appveyor(root, &mut found);
        return Ok(found);
    }
    if is_gitlab {
        gitlab::read(root, ruled, &mut found);
    }
    for (key, value) in root {
        match key.as_str() {
            "include" => {
                found.template_doubt =
                    is_changed(root, value).then_some("its settings change what the template runs");
                included(path, value, &mut found);
            }
            _ if NO_SCRIPTS.contains(&key.as_str()) => {}
            // What is defined runs where it is taken up, and these run for some changes alone.
            "pipelines" if path == "bitbucket-pipelines.yml" => {
                for (kind, value) in value.as_object().into_iter().flatten() {
                    let doubt = (kind != "default").then_some("rules decide whether the pipeline runs");
                    let job = Job { name: kind, harmless: None, doubt };
                    gather(&job, value, false, &mut found);
                }
            }
            "definitions" => {
                let job =
                    Job { name: key, harmless: None, doubt: Some("it is defined, and perhaps not used") };
                gather(&job, value, false, &mut found);
            }
            // What is hidden runs where another job takes it up.
            _ if key.starts_with('.') => {
                let job = Job { name: key, harmless: None, doubt: Some("the job is hidden") };
                gather(&job, value, false, &mut found);
            }
            // Its jobs are read above.
            _ if is_gitlab => {}
            _ => {
                let job = Job { name: key, harmless: None, doubt: ruled };
                gather(&job, value, SCRIPTS.contains(&key.as_str()), &mut found);
            }
        }
    }
    Ok(found)
}

/// The scripts of AppVeyor, each a command or a map with the shell's name; another shell than that of POSIX may run them.
/// <https://www.appveyor.com/docs/appveyor-yml/>
fn appveyor(root: &serde_json::Map<String, Value>, found: &mut Found) {
    let doubt = Some("AppVeyor may run it in another shell, or in some of its builds alone");
    for (key, value) in root {
        let is_script = key.ends_with("_script") || matches!(key.as_str(), "install" | "init" | "on_success");
        if is_script || matches!(key.as_str(), "for" | "environment" | "matrix") {
            let job = Job { name: key, harmless: None, doubt };
            let entries = value.as_array().map_or_else(|| std::slice::from_ref(value), Vec::as_slice);
            for entry in entries {
                let inner = ["cmd", "ps", "sh", "bash", "pwsh"].iter().find_map(|shell| entry.get(*shell));
                gather(&job, inner.unwrap_or(entry), is_script, found);
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
}

/// The scripts of a job; the reader of YAML caps the depth.
fn gather(job: &Job<'_>, value: &Value, is_script: bool, found: &mut Found) {
    match value {
        Value::String(script) if is_script => found.scripts.push(Script {
            place: format!("job {}", job.name),
            text: script.clone(),
            harmless: job.harmless,
            doubt: job.doubt,
            folder: None,
        }),
        // The lines of a script are one: what ends it ends it for those behind.
        Value::Array(items) if is_script && items.iter().all(Value::is_string) => {
            let lines: Vec<&str> = items.iter().filter_map(Value::as_str).collect();
            if !lines.is_empty() {
                gather(job, &Value::String(lines.join("\n")), true, found);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| gather(job, item, is_script, found)),
        Value::Object(map) => {
            let may = |key: &str| !matches!(map.get(key), None | Some(Value::Bool(false)));
            let harmless = match () {
                () if may("allow_failure") => Some("`allow_failure`"),
                () if may("continueOnError") => Some("`continueOnError`"),
                () => job.harmless,
            };
            if map.get("when").and_then(Value::as_str) == Some("never") {
                return;
            }
            // What is extended may be ruled, and is not merged here.
            let conditions = [
                "when",
                "rules",
                "only",
                "except",
                "if",
                "condition",
                "only_if",
                "skip",
                "extends",
                "inherit",
            ];
            let is_ruled = conditions.into_iter().any(|key| map.contains_key(key));
            let doubt = job.doubt.or_else(|| is_ruled.then_some("rules decide whether the job runs"));
            let job = Job { name: job.name, harmless, doubt };
            for (key, value) in map.iter().filter(|(key, _)| !NO_SCRIPTS.contains(&key.as_str())) {
                let is_script = SCRIPTS.contains(&key.as_str()) || key.ends_with("_script");
                // What it ends with changes nothing any more.
                let after = (key == "after_script").then_some("`after_script`");
                gather(&Job { harmless: job.harmless.or(after), ..job.clone() }, value, is_script, found);
            }
        }
        _ => {}
    }
}

/// Whether anything else in the settings says when, and of what, the jobs of templates are run.
fn is_changed(root: &serde_json::Map<String, Value>, include: &Value) -> bool {
    let is_ruled = |entry: &Value| {
        let keys = entry.as_object().into_iter().flat_map(|map| map.keys());
        entry.get("template").is_some() && keys.into_iter().any(|key| key != "template")
    };
    let entries = include.as_array().map_or_else(|| std::slice::from_ref(include), Vec::as_slice);
    let variables = root.get("variables").and_then(Value::as_object);
    let is_switch = |name: &String| name.contains("DISABLED") || name.contains("EXCLUDED");
    let jobs =
        ["dependency_scanning", "dependency-scanning", "sast", "secret_detection", "container_scanning"];
    entries.iter().any(is_ruled)
        || RULES.iter().any(|key| root.contains_key(*key))
        || variables.is_some_and(|variables| variables.keys().any(is_switch))
        || root.keys().any(|key| jobs.iter().any(|job| key.ends_with(job)))
}

/// GitLab's `include`: its own templates are known by name.
fn included(path: &str, value: &Value, found: &mut Found) {
    let entries: Vec<&Value> = match value {
        Value::Array(items) => items.iter().collect(),
        other => vec![other],
    };
    for entry in entries {
        let template = entry.get("template").and_then(Value::as_str);
        match template {
            Some(template) => {
                let name =
                    template.rsplit('/').next().unwrap_or(template).split('.').next().unwrap_or_default();
                let name = format!("gitlab:{}", name.to_lowercase());
                found.calls.push((Call::Action { name, version: None, inputs: BTreeMap::new() }, None));
            }
            None => drop(found.gaps.insert(format!("{path} includes settings that were not read"))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_template_that_other_settings_change_is_a_doubt() {
        let include = "include:\n  - template: Jobs/Dependency-Scanning.gitlab-ci.yml\n";
        let doubt = |text: &str| read(".gitlab-ci.yml", text).unwrap().template_doubt;
        assert_eq!(doubt(include), None);
        assert_eq!(doubt(&format!("{include}variables: {{CI: x}}\n")), None);
        let why = Some("its settings change what the template runs");
        for more in [
            "variables: {DEPENDENCY_SCANNING_DISABLED: \"true\"}\n",
            "variables: {DS_EXCLUDED_PATHS: \"**\"}\n",
            "workflow: {rules: [{when: never}]}\n",
            "gemnasium-dependency_scanning: {rules: [{when: never}]}\n",
        ] {
            assert_eq!(doubt(&format!("{include}{more}")), why, "{more}");
        }
        assert_eq!(doubt("include: {template: Jobs/SAST.gitlab-ci.yml, rules: [{if: $NEVER}]}\n"), why);
        let extended = ".off: {rules: [{when: never}]}\nscan: {extends: .off, script: [npm audit]}\n";
        let found = read(".gitlab-ci.yml", extended).unwrap();
        assert!(found.scripts.iter().all(|script| script.doubt.is_some()) && !found.scripts.is_empty());
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
            Call::Action { name: "gitlab:sast".to_owned(), version: None, inputs: BTreeMap::new() }
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
