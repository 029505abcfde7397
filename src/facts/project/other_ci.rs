//! The settings of continuous integration other than GitHub's, as far as they tell which commands are run.
//!
//! The rule that must not be broken: what these settings include from elsewhere, and a format that is no YAML, are gaps.

use super::{runs::Call, workflow::Triggers};
use crate::{
    advisories::locks::notation,
    evidence::project::{CI_SETTINGS, is_foreign_ci},
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
}

/// What one file tells.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// Scripts.
    pub(super) scripts: Vec<Script>,
    /// Templates and the like.
    pub(super) calls: Vec<(Call, Option<&'static str>)>,
    /// What is included from elsewhere.
    pub(super) gaps: BTreeSet<String>,
}

/// Whether a file is one.
pub(super) fn is_settings(path: &str) -> bool {
    CI_SETTINGS.contains(&path) || path.starts_with(".woodpecker/") || is_foreign_ci(path)
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
    let ruled = root.contains_key("workflow").then_some("rules decide whether the pipeline runs");
    for (key, value) in root {
        match key.as_str() {
            "include" => included(path, value, &mut found),
            _ if NO_SCRIPTS.contains(&key.as_str()) => {}
            // What is hidden runs where another job takes it up.
            _ if key.starts_with('.') => {
                let job = Job { name: key, harmless: None, doubt: Some("the job is hidden") };
                gather(&job, value, false, &mut found);
            }
            _ => {
                let job = Job { name: key, harmless: None, doubt: ruled };
                gather(&job, value, SCRIPTS.contains(&key.as_str()), &mut found);
            }
        }
    }
    Ok(found)
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
        }),
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
            let conditions = ["when", "rules", "only", "except", "if", "condition", "only_if", "skip"];
            let is_ruled = conditions.into_iter().any(|key| map.contains_key(key));
            let doubt = job.doubt.or_else(|| is_ruled.then_some("rules decide whether the job runs"));
            let job = Job { name: job.name, harmless, doubt };
            for (key, value) in map.iter().filter(|(key, _)| !NO_SCRIPTS.contains(&key.as_str())) {
                let is_script = SCRIPTS.contains(&key.as_str()) || key.ends_with("_script");
                gather(&job, value, is_script, found);
            }
        }
        _ => {}
    }
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
    fn the_scripts_of_jobs_are_found_with_what_keeps_them_from_failing() {
        let text = "\
stages: [bandit]
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
                doubt: None
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
        ] {
            assert_eq!(sure(path, text), 0, "{text}");
        }
        for path in [".forgejo/workflows/ci.yml", ".builds/a.yml", "cloudbuild.yaml", "Earthfile"] {
            assert!(is_settings(path) && read(path, "a: b").is_err(), "{path}");
        }
        assert!(read("Jenkinsfile", "sh 'bandit'").is_err());
        assert!(read(".travis.yml", "- a").is_err());
    }
}
