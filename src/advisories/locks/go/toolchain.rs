//! The Go standard library, with the toolchain that the workflows at the tag build with.
//!
//! The rule that must not be broken: a `go` line says what is needed at least and names no toolchain. Only one exact
//! version on which all workflows that make releases agree is a version; everything else is not covered, and why.

use super::{Modules, version};
use crate::advisories::{
    lock::{Ecosystem, Lock, Origin},
    locks::{
        error::{Fault, shown},
        notation,
        rows::Rows,
    },
};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// What advisories call the standard library.
pub const STDLIB: &str = "stdlib";

/// Where it is looked for which toolchain makes a release.
pub const STDLIB_PATH: &str = ".github/workflows";

/// The folder of workflows.
const WORKFLOWS: &str = ".github/workflows/";

/// What one workflow says of the toolchain.
#[derive(Default)]
struct Said {
    /// Whether the workflow runs for tags or releases, or may.
    releases: bool,
    /// The workflows of the repository that it calls, by path.
    calls: BTreeSet<String>,
    /// Versions as written, and files that hold one.
    versions: BTreeSet<String>,
    files: BTreeSet<String>,
}

/// Whether a file of the tag is a workflow.
pub(crate) fn is_workflow(path: &str) -> bool {
    let name = path.strip_prefix(WORKFLOWS).filter(|name| !name.contains('/'));
    name.is_some_and(|name| name.ends_with(".yml") || name.ends_with(".yaml"))
}

/// The lock of the standard library alone, from the workflows at the tag: each path, with its text where it was read.
///
/// # Errors
/// [`Fault`] never for what a workflow says, which may be anything.
pub fn toolchain(workflows: &[(&str, Option<&str>)], modules: &Modules) -> Result<Lock, Fault> {
    let mut rows = Rows::new(Ecosystem::Golang);
    match decide(workflows, modules) {
        Ok(version) => rows.add(STDLIB, &version, Origin::DefaultRegistry)?,
        Err(why) => rows.note(STDLIB, format!("{why}{}", at_least(modules))),
    }
    rows.lock()
}

fn at_least(modules: &Modules) -> String {
    let lines: BTreeSet<&str> = modules.readable().filter_map(|(_, file)| file.go.as_deref()).collect();
    match lines.iter().max_by_key(|line| number(line)) {
        Some(line) => format!("; the go lines ask for {} or later, which names no toolchain", shown(line)),
        None => String::new(),
    }
}

fn decide(workflows: &[(&str, Option<&str>)], modules: &Modules) -> Result<String, String> {
    let mut all = BTreeMap::new();
    for (path, text) in workflows {
        let said = text.ok_or("it was not read".to_owned()).and_then(|text| {
            notation::yaml(text).map(|document| read(&document)).map_err(|fault| fault.to_string())
        });
        let said =
            said.map_err(|why| format!("the workflow {} may name the toolchain and {why}", shown(path)))?;
        all.insert(*path, said);
    }
    let mut found = BTreeSet::new();
    let releasing = releasing(&all, &mut found);
    if releasing.iter().any(|path| all.get(path).is_some_and(|said| !said.is_empty())) {
        all.retain(|path, _| releasing.contains(path));
    }
    for said in all.values() {
        found.extend(said.versions.iter().cloned());
        for file in &said.files {
            found.insert(of_file(file, modules));
        }
    }
    let found: Vec<String> = found.into_iter().collect();
    match found.as_slice() {
        [] => Err("no workflow at the tag says which Go toolchain it builds with".to_owned()),
        [only] => exact(only, modules),
        several => Err(format!(
            "the workflows at the tag build with several Go toolchains: {}",
            shown(&several.join(", "))
        )),
    }
}

/// The workflows that make releases, or may, and those of the repository that they call; one that is called and not there
/// is among what is `found`.
fn releasing<'w>(all: &BTreeMap<&'w str, Said>, found: &mut BTreeSet<String>) -> BTreeSet<&'w str> {
    let mut releasing = BTreeSet::new();
    let mut waiting: Vec<&'w str> =
        all.iter().filter(|(_, said)| said.releases).map(|(path, _)| *path).collect();
    while let Some(path) = waiting.pop() {
        let Some(said) = all.get(path).filter(|_| releasing.insert(path)) else { continue };
        for call in &said.calls {
            match all.get_key_value(call.as_str()) {
                Some((path, _)) => waiting.push(path),
                None => drop(found.insert(format!("what {call} says"))),
            }
        }
    }
    releasing
}

/// What `go-version-file` comes to: the toolchain that the file names.
fn of_file(file: &str, modules: &Modules) -> String {
    let folder = file.trim_start_matches("./").strip_suffix("go.mod").map(|it| it.trim_end_matches('/'));
    let named = folder.and_then(|folder| {
        let (_, module) = modules.readable().find(|(it, _)| *it == folder)?;
        let toolchain = module.toolchain.as_deref().and_then(|it| it.strip_prefix("go"));
        toolchain.or(module.go.as_deref()).map(str::to_owned)
    });
    named.unwrap_or_else(|| format!("what {file} says"))
}

/// One exact version, which no `go` or `toolchain` line is above: with one above, Go fetches another toolchain.
fn exact(text: &str, modules: &Modules) -> Result<String, String> {
    let written = text.trim_start_matches("go");
    let Some(parsed) = version(&format!("v{written}")).filter(|it| it.build.is_empty()) else {
        return Err(format!(
            "the workflows at the tag build with Go {}, which is no one version",
            shown(text)
        ));
    };
    let lines = modules.readable().flat_map(|(_, file)| {
        let toolchain = file.toolchain.as_deref().and_then(|it| it.strip_prefix("go"));
        [file.go.as_deref(), toolchain].into_iter().flatten()
    });
    let mine = number(written);
    match lines.into_iter().find(|line| number(line) > mine) {
        Some(line) => Err(format!(
            "the workflows at the tag build with Go {parsed}, and a go.mod asks for {}",
            shown(line)
        )),
        None => Ok(format!("v{parsed}")),
    }
}

/// A Go version, `1.26` or `1.26.0` or `1.26rc1`, for comparing; what is no number counts as the highest.
fn number(text: &str) -> Vec<u64> {
    let digits = |part: &str| part.parse().unwrap_or(u64::MAX);
    let mut parts: Vec<u64> = text.split('.').map(digits).collect();
    parts.resize(3, 0);
    parts
}

impl Said {
    fn is_empty(&self) -> bool {
        self.versions.is_empty() && self.files.is_empty()
    }
}

fn read(document: &Value) -> Said {
    let mut said = Said { releases: runs_for_releases(document), ..Said::default() };
    gather(document, document, &mut said);
    said
}

/// Whether a workflow runs when a tag is pushed, a release is made, another workflow has ended or somebody starts it.
/// <https://docs.github.com/en/actions/reference/workflows-and-actions/events-that-trigger-workflows>
fn runs_for_releases(document: &Value) -> bool {
    let Some(on) = document.get("on").or_else(|| document.get("true")) else { return false };
    let names = |name: &str| match on {
        Value::String(text) => text == name,
        Value::Array(items) => items.iter().any(|item| item.as_str() == Some(name)),
        Value::Object(members) => members.contains_key(name),
        _ => false,
    };
    const MAY: [&str; 5] = ["create", "release", "repository_dispatch", "workflow_dispatch", "workflow_run"];
    MAY.into_iter().any(names) || on.get("push").is_some_and(|push| push.get("tags").is_some())
}

/// Every `go-version` and `go-version-file` of a workflow; its depth is capped by the reader of YAML.
fn gather(value: &Value, document: &Value, said: &mut Said) {
    match value {
        Value::Object(members) => {
            for (key, value) in members {
                match key.as_str() {
                    "go-version" => said.versions.extend(versions(value, document)),
                    "go-version-file" => said.files.extend(value.as_str().map(str::to_owned)),
                    "uses" => said.calls.extend(called(value)),
                    _ => gather(value, document, said),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| gather(item, document, said)),
        _ => {}
    }
}

/// The workflow of the same repository that a job calls.
fn called(value: &Value) -> Option<String> {
    value.as_str()?.strip_prefix("./").filter(|path| path.starts_with(WORKFLOWS)).map(str::to_owned)
}

/// The versions of a `go-version`: a list in a matrix, or one, through the `env` of the workflow.
fn versions(value: &Value, document: &Value) -> Vec<String> {
    match value {
        Value::Array(items) => items.iter().flat_map(|item| versions(item, &Value::Null)).collect(),
        Value::Number(number) => vec![number.to_string()],
        Value::String(text) => vec![through_env(text, document).unwrap_or(text).to_owned()],
        _ => vec!["something that is no version".to_owned()],
    }
}

fn through_env<'v>(text: &str, document: &'v Value) -> Option<&'v str> {
    let name = text.strip_prefix("${{")?.strip_suffix("}}")?.trim().strip_prefix("env.")?;
    document.get("env")?.get(name)?.as_str()
}
