//! What a pipeline of GitLab includes: GitLab's own templates, and anything else.
//!
//! <https://docs.gitlab.com/user/application_security/>
//!
//! The rule that must not be broken: a template is GitLab's own only by its whole path, and what is set for all jobs is
//! set for those of templates too. What is included and not known is a gap.

use super::super::{
    other_ci::{Found, RULES},
    runs::Call,
};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// The templates that scan, without the folder and the ending; their jobs belong to the stage `test`.
const SCANNERS: [&str; 5] =
    ["Dependency-Scanning", "SAST", "Secret-Detection", "Container-Scanning", "License-Scanning"];

/// Beginnings of variables that the jobs of templates, or the fetching of the repository, obey.
const OBEYED: [&str; 16] = [
    "GIT_",
    "SECURE_",
    "DS_",
    "SAST_",
    "CS_",
    "SECRET_",
    "AST_",
    "DEPENDENCY_",
    "CONTAINER_",
    "LICENSE_",
    "LM_",
    "SCAN_",
    "SEARCH_",
    "GEMNASIUM_",
    "SEMGREP_",
    "CI_",
];

/// Those of them that leave the scan as it is.
const HARMLESS: [&str; 4] =
    ["GIT_DEPTH", "GIT_SUBMODULE_STRATEGY", "SECURE_LOG_LEVEL", "AST_ENABLE_MR_PIPELINES"];

/// What `default` may say without changing what the jobs of templates do, which have images and scripts of their own.
const DEFAULTS: [&str; 8] =
    ["image", "services", "tags", "cache", "retry", "timeout", "interruptible", "artifacts"];

/// Reads what is included.
pub(in crate::facts::project) fn included(path: &str, root: &Map<String, Value>, found: &mut Found) {
    let Some(include) = root.get("include") else { return };
    let entries = include.as_array().map_or_else(|| std::slice::from_ref(include), Vec::as_slice);
    found.template_doubt = doubt(root, entries);
    for entry in entries {
        match entry.get("template").and_then(Value::as_str).map(|template| (template, known(template))) {
            Some((_, Some(name))) => {
                let name = format!("gitlab:{}", name.to_lowercase());
                found.calls.push((Call::Action { name, version: None, inputs: BTreeMap::new() }, None));
            }
            Some((template, None)) => {
                found.gaps.insert(format!("{path} includes the template {template}, which is not known"));
            }
            None => {
                found.gaps.insert(format!("{path} includes settings that were not read"));
            }
        }
    }
}

/// Which scanner a template brings: `Jobs/SAST.gitlab-ci.yml`.
fn known(template: &str) -> Option<&'static str> {
    let name = template.strip_prefix("Jobs/").or_else(|| template.strip_prefix("Security/"))?;
    let name = name.strip_suffix(".gitlab-ci.yml")?;
    let name = name.strip_suffix(".latest").or_else(|| name.strip_suffix(".v2")).unwrap_or(name);
    SCANNERS.into_iter().find(|known| *known == name)
}

/// Why nobody can say that the jobs of templates are run as GitLab wrote them.
fn doubt(root: &Map<String, Value>, entries: &[Value]) -> Option<&'static str> {
    const CHANGED: &str = "its settings change what the template runs";
    let is_ruled = |entry: &Value| {
        let mut keys = entry.as_object().into_iter().flat_map(Map::keys);
        entry.get("template").is_some() && keys.any(|key| key != "template")
    };
    let stages = root.get("stages").or_else(|| root.get("types"));
    let has_stage = stages.is_none_or(|stages| {
        stages.as_array().is_some_and(|all| all.iter().any(|stage| stage.as_str() == Some("test")))
    });
    if !has_stage {
        return Some("the stage of the template is none of the pipeline");
    }
    let variables = root.get("variables").and_then(Value::as_object);
    let defaults = root.get("default").and_then(Value::as_object).into_iter().flat_map(Map::keys);
    let is_job = |key: &String| {
        SCANNERS.iter().any(|name| key.replace('-', "_").ends_with(&name.to_lowercase().replace('-', "_")))
    };
    let is_changed = entries.iter().any(is_ruled)
        || RULES.iter().chain(&["before_script", "after_script"]).any(|key| root.contains_key(*key))
        || variables.is_some_and(|variables| variables.iter().any(obeyed))
        || defaults.into_iter().any(|key| !DEFAULTS.contains(&key.as_str()))
        || root.keys().any(is_job);
    is_changed.then_some(CHANGED)
}

/// Whether a variable may change what is scanned.
fn obeyed((name, value): (&String, &Value)) -> bool {
    let is_strategy = name == "GIT_STRATEGY" && matches!(value.as_str(), Some("fetch" | "clone"));
    let is_switch = name.contains("DISABLED") || name.contains("EXCLUDED");
    is_switch
        || OBEYED.iter().any(|beginning| name.starts_with(beginning))
            && !HARMLESS.contains(&name.as_str())
            && !is_strategy
}

#[cfg(test)]
mod tests {
    use super::super::super::other_ci::read;

    const INCLUDE: &str = "include:\n  - template: Jobs/Dependency-Scanning.gitlab-ci.yml\n";

    /// Why nobody can say that the template of dependencies is run, with this beside it.
    fn doubt(more: &str) -> Option<&'static str> {
        let found = read(".gitlab-ci.yml", &format!("{INCLUDE}{more}")).unwrap();
        assert!(found.calls.len() == 1 && found.gaps.is_empty(), "{more}");
        found.template_doubt
    }

    #[test]
    fn a_template_that_other_settings_change_is_a_doubt() {
        for fine in [
            "",
            "variables: {VERSION: x, GIT_DEPTH: 10, GIT_STRATEGY: clone}\n",
            "stages: [build, test]\nbuild: {stage: build, script: [make]}\n",
            "default: {image: node, interruptible: true}\n",
        ] {
            assert_eq!(doubt(fine), None, "{fine}");
        }
        let why = Some("its settings change what the template runs");
        for more in [
            "variables: {DEPENDENCY_SCANNING_DISABLED: \"true\"}\n",
            "variables: {DS_EXCLUDED_PATHS: \"**\"}\n",
            "variables: {GIT_STRATEGY: none}\n",
            "variables: {SECURE_ANALYZERS_PREFIX: evil.example/x}\n",
            "workflow: {rules: [{when: never}]}\n",
            "default: {before_script: [exit 0]}\n",
            "default: {hooks: {pre_get_sources_script: [exit 1]}}\n",
            "before_script: [exit 0]\n",
            "gemnasium-dependency_scanning: {rules: [{when: never}]}\n",
        ] {
            assert_eq!(doubt(more), why, "{more}");
        }
        assert_eq!(doubt("stages: [build]\n"), Some("the stage of the template is none of the pipeline"));
    }

    #[test]
    fn only_templates_of_gitlab_by_their_whole_path_are_known() {
        let of = |template: &str| {
            let found = read(".gitlab-ci.yml", &format!("include: {{template: {template}}}\n")).unwrap();
            (found.calls.len(), found.gaps.len())
        };
        for known in
            ["Jobs/SAST.gitlab-ci.yml", "Security/SAST.gitlab-ci.yml", "Jobs/SAST.latest.gitlab-ci.yml"]
        {
            assert_eq!(of(known), (1, 0), "{known}");
        }
        for other in [
            "Fake/SAST.gitlab-ci.yml",
            "SAST",
            "Jobs/SAST.yml",
            "Jobs/x/SAST.gitlab-ci.yml",
            "Auto-DevOps.gitlab-ci.yml",
        ] {
            assert_eq!(of(other), (0, 1), "{other}");
        }
    }
}
