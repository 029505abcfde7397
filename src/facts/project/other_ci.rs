//! The settings of continuous integration other than GitHub's, as far as they tell which commands are run.
//!
//! The rule that must not be broken: what these settings include from elsewhere, and a format that is no YAML, are gaps.

use super::{runs::Call, workflow::Triggers};
use crate::advisories::locks::notation;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Paths of such settings.
const PATHS: [&str; 14] = [
    ".gitlab-ci.yml",
    ".circleci/config.yml",
    ".travis.yml",
    ".cirrus.yml",
    ".drone.yml",
    ".woodpecker.yml",
    ".woodpecker.yaml",
    ".buildkite/pipeline.yml",
    "azure-pipelines.yml",
    ".azure-pipelines.yml",
    "bitbucket-pipelines.yml",
    "appveyor.yml",
    ".appveyor.yml",
    "Jenkinsfile",
];

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

/// What one file tells.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// Scripts with the job that they belong to, and why their failure counts for nothing.
    pub(super) scripts: Vec<(String, String, Option<&'static str>)>,
    /// Templates and the like.
    pub(super) calls: Vec<(Call, Option<&'static str>)>,
    /// What is included from elsewhere.
    pub(super) gaps: BTreeSet<String>,
}

/// Whether a file is one.
pub(super) fn is_settings(path: &str) -> bool {
    PATHS.contains(&path) || path.starts_with(".woodpecker/")
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
    let document = notation::settings(text.as_bytes()).map_err(|fault| fault.to_string())?;
    let mut found = Found::default();
    let Some(root) = document.as_object() else { return Err("is no map".to_owned()) };
    for (key, value) in root {
        match key.as_str() {
            "include" => included(path, value, &mut found),
            _ if NO_SCRIPTS.contains(&key.as_str()) => {}
            _ => gather(key, value, None, &mut found),
        }
    }
    Ok(found)
}

/// The scripts of a job; the reader of YAML caps the depth.
fn gather(job: &str, value: &Value, harmless: Option<&'static str>, found: &mut Found) {
    match value {
        Value::String(script) => found.scripts.push((format!("job {job}"), script.clone(), harmless)),
        Value::Array(items) => items.iter().for_each(|item| gather(job, item, harmless, found)),
        Value::Object(map) => {
            let is_true = |key: &str| map.get(key) == Some(&Value::Bool(true));
            let harmless = match () {
                () if is_true("allow_failure") => Some("`allow_failure`"),
                () if is_true("continueOnError") => Some("`continueOnError`"),
                () => harmless,
            };
            let scripts = map.iter().filter(|(key, _)| !NO_SCRIPTS.contains(&key.as_str()));
            scripts.for_each(|(_, value)| gather(job, value, harmless, found));
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
            [("job audit".to_owned(), "pip-audit".to_owned(), Some("`allow_failure`"))]
        );
        assert_eq!(
            found.calls[0].0,
            Call::Action { name: "gitlab:sast".to_owned(), version: None, inputs: BTreeMap::new() }
        );
        assert_eq!(found.gaps.len(), 1);
        assert!(read("Jenkinsfile", "sh 'bandit'").is_err());
        assert!(read(".travis.yml", "- a").is_err());
    }
}
