//! What builds of each known type are told from outside: the layout of their external parameters.
//!
//! The rule that must not be broken: a member that the layout does not have is never overlooked. SLSA v1.0, "Verifying
//! artifacts", step 2: unrecognised external parameters could change what a build does, so they are shown.

use crate::proof::statement::{Provenance, ProvenanceVersion};
use serde_json::Value;

/// The longest path that is shown, and the most members that are looked at.
const MAX_MEMBERS: usize = 10_000;

/// A type of build that is known here.
#[derive(Debug)]
pub(super) struct BuildType {
    /// Its URI; a `*` in it stands for a version.
    uri: &'static str,
    /// Every path its external parameters may have; `.*` stands for anything below.
    fields: &'static [&'static str],
    /// Those that somebody may choose when starting the workflow, or that the repository's settings hold.
    inputs: &'static [&'static str],
}

const GITHUB_WORKFLOW: &[&str] =
    &["workflow.ref", "workflow.repository", "workflow.path", "inputs.*", "vars.*"];

/// SLSA v0.2 has them under `invocation.parameters`.
const GENERATOR: &[&str] = &["event_inputs.*"];

/// Every known type.
const KNOWN: &[BuildType] = &[
    // GitHub's artifact attestations, and npm's provenance of later versions.
    BuildType {
        uri: "https://actions.github.io/buildtypes/workflow/v1",
        fields: GITHUB_WORKFLOW,
        inputs: &["inputs", "vars"],
    },
    BuildType {
        uri: "https://slsa-framework.github.io/github-actions-buildtypes/workflow/v1",
        fields: GITHUB_WORKFLOW,
        inputs: &["inputs", "vars"],
    },
    // npm's provenance of earlier versions.
    BuildType { uri: "https://github.com/npm/cli/gha@v1", fields: GENERATOR, inputs: &["event_inputs"] },
    BuildType { uri: "https://github.com/npm/cli/gha/v2", fields: GENERATOR, inputs: &["event_inputs"] },
    BuildType { uri: "https://github.com/npm/cli/gitlab/v0alpha1", fields: &["*"], inputs: &[] },
    // slsa-github-generator.
    BuildType {
        uri: "https://github.com/slsa-framework/slsa-github-generator@v1",
        fields: GENERATOR,
        inputs: &["event_inputs"],
    },
    BuildType {
        uri: "https://github.com/slsa-framework/slsa-github-generator-go@v1",
        fields: GENERATOR,
        inputs: &["event_inputs"],
    },
    BuildType {
        uri: "https://github.com/slsa-framework/slsa-github-generator/generic@v1",
        fields: GENERATOR,
        inputs: &["event_inputs"],
    },
    BuildType {
        uri: "https://github.com/slsa-framework/slsa-github-generator/go@v1",
        fields: GENERATOR,
        inputs: &["event_inputs"],
    },
    BuildType {
        uri: "https://github.com/slsa-framework/slsa-github-generator/container@v1",
        fields: GENERATOR,
        inputs: &["event_inputs"],
    },
    // The inputs of a delegated builder stand in the workflow that calls it, at the commit that was built.
    BuildType {
        uri: "https://github.com/slsa-framework/slsa-github-generator/delegator-generic@v0",
        fields: &["inputs.*", "vars.*"],
        inputs: &["vars"],
    },
    BuildType {
        uri: "https://slsa.dev/container-based-build/v0.1?draft",
        fields: &[
            "source.uri",
            "source.digest.*",
            "builderImage.uri",
            "builderImage.digest.*",
            "configPath",
            "buildConfig.*",
        ],
        inputs: &[],
    },
    // GitLab's parameters are the variables of the job, which may have any name.
    BuildType {
        uri: "https://gitlab.com/gitlab-org/gitlab-runner/-/blob/*/PROVENANCE.md",
        fields: &["*"],
        inputs: &[],
    },
    BuildType {
        uri: "https://docs.gitlab.com/ci/pipeline_security/slsa/provenance_v1",
        fields: &["source", "entryPoint", "variables.*"],
        inputs: &[],
    },
    BuildType {
        uri: "https://cloud.google.com/build/gcb-buildtypes/google-worker/v1",
        fields: &[
            "buildConfigSource.repository",
            "buildConfigSource.ref",
            "buildConfigSource.path",
            "substitutions.*",
        ],
        inputs: &["substitutions"],
    },
];

/// The type that `uri` names, where it is known.
pub(super) fn known(uri: &str) -> Option<&'static BuildType> {
    KNOWN.iter().find(|known| matches(known.uri, uri))
}

/// Whether `uri` is `pattern`, in which one `*` stands for a version: letters, digits, `.`, `-` and `_`.
fn matches(pattern: &str, uri: &str) -> bool {
    let Some((before, after)) = pattern.split_once('*') else { return pattern == uri };
    let version = uri.strip_prefix(before).and_then(|rest| rest.strip_suffix(after));
    version.is_some_and(|version| {
        !version.is_empty()
            && version.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_'))
    })
}

impl BuildType {
    /// Whether builds of this type run on another platform than GitHub Actions.
    pub(super) fn is_elsewhere(&self) -> bool {
        [
            "https://gitlab.com/",
            "https://docs.gitlab.com/",
            "https://github.com/npm/cli/gitlab/",
            "https://cloud.google.com/",
        ]
        .iter()
        .any(|platform| self.uri.starts_with(platform))
    }

    /// Whether it is a run of a GitHub workflow, of which the certificate and the predicate name the same path and run.
    pub(super) fn is_workflow(&self) -> bool {
        self.fields == GITHUB_WORKFLOW || self.fields == GENERATOR
    }

    /// The paths of members that the layout does not have, sorted.
    pub(super) fn unknown(&self, parameters: &Value) -> Vec<String> {
        let mut unknown = Vec::new();
        for (path, _) in leaves(parameters) {
            if !self.fields.iter().any(|field| covers(field, &path)) {
                unknown.push(path);
            }
        }
        // No layout has a member with a dot in its name; one would pass for the member of a member.
        if self.fields != ["*"] {
            let names = parameters.as_object().into_iter().flatten().map(|(name, _)| name);
            unknown.extend(names.filter(|name| name.contains('.')).cloned());
        }
        unknown.sort_unstable();
        unknown
    }

    /// What somebody chose outside of the source, as `path=value`, sorted; nothing where nobody chose anything.
    pub(super) fn chosen(&self, provenance: &Provenance) -> Vec<String> {
        let mut chosen = Vec::new();
        for input in self.inputs {
            if let Some(value) = provenance.external_parameters.get(input) {
                chosen
                    .extend(leaves(value).into_iter().map(|(path, value)| shown(&join(input, &path), value)));
            }
        }
        chosen
    }
}

/// What was entered by hand when the run was started, as `path=value`.
pub(super) fn entered(provenance: &Provenance) -> Vec<String> {
    let all = provenance.environment.inputs.iter().flat_map(leaves);
    all.map(|(path, value)| shown(&join("inputs", &path), value)).collect()
}

/// The parameter at `path`. SLSA v0.2 has the path of the workflow beside them, as `entryPoint`.
pub(super) fn parameter(provenance: &Provenance, path: &str) -> Option<Value> {
    let entry_point = provenance.workflow_path.as_deref().map(Value::from);
    match (provenance.version, path) {
        (ProvenanceVersion::V0_2, "entryPoint") => entry_point,
        _ => at(&provenance.external_parameters, path).cloned(),
    }
}

/// The value at a path such as `workflow.path`.
fn at<'a>(parameters: &'a Value, path: &str) -> Option<&'a Value> {
    let (mut found, mut more) = (Vec::new(), false);
    gather(parameters, path, &mut found, &mut more);
    // Two members that spell one path would be one for whoever wrote the policy, and the other for the build.
    match found.as_slice() {
        [value] if !more => Some(value),
        _ => None,
    }
}

/// The members that spell `path`, whose own names may have dots; at most two.
fn gather<'a>(parameters: &'a Value, path: &str, found: &mut Vec<&'a Value>, more: &mut bool) {
    if let Some(value) = parameters.get(path) {
        *more |= found.len() >= 2;
        if found.len() < 2 {
            found.push(value);
        }
    }
    for (dot, _) in path.match_indices('.') {
        if let Some(inner) = parameters.get(&path[..dot]) {
            gather(inner, &path[dot + 1..], found, more);
        }
    }
}

/// A value for people.
pub(super) fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn shown(path: &str, value: &Value) -> String {
    format!("{path}={}", text(value))
}

fn join(parent: &str, child: &str) -> String {
    match (parent, child) {
        ("", child) => child.to_owned(),
        (parent, "") => parent.to_owned(),
        (parent, child) => format!("{parent}.{child}"),
    }
}

/// Every value that says something and is no object, with its path. An empty text, object, list or `null` says nothing.
/// The depth is that of a document that was parsed, which has a limit.
fn leaves(value: &Value) -> Vec<(String, &Value)> {
    let mut leaves = Vec::new();
    let mut open = vec![(String::new(), value)];
    while let Some((path, value)) = open.pop() {
        match value {
            Value::Object(members) if leaves.len() + open.len() < MAX_MEMBERS => {
                open.extend(members.iter().map(|(key, value)| (join(&path, key), value)));
            }
            Value::Null => {}
            Value::Object(members) if members.is_empty() => {}
            Value::String(text) if text.is_empty() => {}
            Value::Array(items) if items.is_empty() => {}
            _ => leaves.push((path, value)),
        }
    }
    leaves.sort_by(|a, b| a.0.cmp(&b.0));
    leaves
}

/// Whether a layout's `field` is `path`.
fn covers(field: &str, path: &str) -> bool {
    match field.strip_suffix('*') {
        Some(parent) => path.starts_with(parent),
        None => field == path,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const WORKFLOW: &str = "https://actions.github.io/buildtypes/workflow/v1";

    #[test]
    fn a_member_that_the_layout_does_not_have_is_found_wherever_it_is() {
        let known = known(WORKFLOW).unwrap();
        let good =
            json!({"workflow": {"ref": "r", "repository": "u", "path": "p"}, "inputs": {"a": 1}, "vars": {}});
        assert_eq!(known.unknown(&good), Vec::<String>::new());
        let odd = json!({"workflow": {"ref": "r", "extra": {"x": 1}, "refs": "y"}, "inputsx": "z", "deployment": []});
        assert_eq!(known.unknown(&odd), ["inputsx", "workflow.extra.x", "workflow.refs"]);
        let shadows = json!({"workflow": {"path": "p"}, "workflow.path": "q", "inputs.target": "debug"});
        assert_eq!(known.unknown(&shadows), ["inputs.target", "workflow.path"]);
        assert_eq!(known.unknown(&json!("text")), [""]);
        assert_eq!(known.unknown(&Value::Null), Vec::<String>::new());
    }

    #[test]
    fn a_type_is_known_by_its_whole_name_and_any_version_where_it_has_one() {
        let runner = |version: &str| {
            format!("https://gitlab.com/gitlab-org/gitlab-runner/-/blob/{version}/PROVENANCE.md")
        };
        assert!(known(&runner("v16.7.0")).is_some());
        for near in [runner(""), runner("a/b"), format!("{WORKFLOW}/"), WORKFLOW.to_uppercase()] {
            assert!(known(&near).is_none(), "{near}");
        }
    }

    #[test]
    fn a_parameter_is_found_by_its_path_even_where_its_name_has_dots() {
        let parameters = json!({"a": {"b": {"c": 1}, "b.c": 2}, "a.b": {"d": 3}, "x.y": 4});
        for (path, value) in [("a.b.d", json!(3)), ("x.y", json!(4))] {
            assert_eq!(at(&parameters, path), Some(&value), "{path}");
        }
        for missing in ["", "a.", ".a", "b", "a.b.c.d", "a.b", "a.b.c"] {
            assert_eq!(at(&parameters, missing), None, "{missing}");
        }
    }

    #[test]
    fn every_known_type_has_one_entry() {
        for (index, one) in KNOWN.iter().enumerate() {
            assert!(KNOWN[..index].iter().all(|other| other.uri != one.uri), "{}", one.uri);
            assert!(!one.fields.is_empty() && one.uri.starts_with("https://"), "{}", one.uri);
        }
    }
}
