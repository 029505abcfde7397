//! What one workflow or action says of the Go toolchain.
//!
//! The rule that must not be broken: whatever may put another toolchain in the place of the one that is named (a
//! container, a variable, a workflow of another repository) is among what is said.

use super::programs;
use serde_json::{Map, Value};
use std::collections::BTreeSet;

/// The folder of workflows.
pub(super) const WORKFLOWS: &str = ".github/workflows/";

/// Workflows of other repositories that build nothing: they attest what they are handed.
const ATTESTING: &str = "slsa-framework/slsa-github-generator/.github/workflows/generator_";

/// Words of the names of images that hold a Go toolchain.
const IMAGES: [&str; 2] = ["golang", "goreleaser"];

/// Parts of the names of actions that build with Go.
const BUILDING: [&str; 4] = ["goreleaser", "golang", "go-build", "go-release"];

/// Where archives of Go are, before their version.
const ARCHIVES: [&str; 4] =
    ["golang.org/dl/go", "go.dev/dl/go", "dl.google.com/go/go", "storage.googleapis.com/golang/go"];

/// What one workflow or action says of the toolchain.
#[derive(Default)]
pub(super) struct Said {
    /// Whether the workflow runs for tags or releases, or may.
    pub(super) releases: bool,
    /// The workflows and actions of the repository that it calls, by path or folder.
    pub(super) calls: BTreeSet<String>,
    /// The workflows of other repositories that it calls.
    pub(super) elsewhere: BTreeSet<String>,
    /// Versions as written, and files that hold one.
    pub(super) versions: BTreeSet<String>,
    pub(super) files: BTreeSet<String>,
    /// All of it, or the commands alone of a job, which may run files of the repository.
    pub(super) text: String,
    /// Whether it runs what builds with the Go that it finds.
    pub(super) builds: bool,
    /// What its jobs say, each with its name: one finds nothing of what another one set up.
    pub(super) jobs: Vec<(String, Self)>,
}

impl Said {
    /// What a workflow or an action says whose text and content are these.
    pub(super) fn of(text: &str, document: &Value) -> Self {
        let mut said = Self { releases: runs_for_releases(document), ..Self::default() };
        gather(document, &Scope { text, variables: Vec::new() }, &mut said);
        text.clone_into(&mut said.text);
        let jobs = std::mem::take(&mut said.jobs);
        for (_, job) in &jobs {
            said.calls.extend(job.calls.iter().cloned());
            said.elsewhere.extend(job.elsewhere.iter().cloned());
        }
        // A toolchain that stands above all jobs is that of each.
        let above = (said.versions.clone(), said.files.clone());
        for (name, mut job) in jobs {
            said.versions.extend(job.versions.iter().cloned());
            said.files.extend(job.files.iter().cloned());
            job.versions.extend(above.0.iter().cloned());
            job.files.extend(above.1.iter().cloned());
            said.jobs.push((name, job));
        }
        said
    }

    /// What a file of commands says: a makefile, a script, the settings of another system that builds.
    pub(super) fn of_commands(text: &str) -> Self {
        let mut said = Self::default();
        said.runs(text);
        said
    }

    /// Whether it names no toolchain itself.
    pub(super) fn is_empty(&self) -> bool {
        self.versions.is_empty() && self.files.is_empty()
    }
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
    // A push is of tags too unless branches are named and tags are not; paths are not looked at for tags.
    let has = |key: &str| on.get("push").is_some_and(|push| push.get(key).is_some());
    let of_tags = has("tags") || has("tags-ignore") || !(has("branches") || has("branches-ignore"));
    MAY.into_iter().any(names) || (names("push") && of_tags)
}

/// The variables that hold at a place of a file.
#[derive(Clone)]
struct Scope<'v> {
    text: &'v str,
    /// The tables of variables around it, the nearest last.
    variables: Vec<&'v Map<String, Value>>,
}

impl<'v> Scope<'v> {
    /// The value of a variable; nothing where a step may set it while the workflow runs.
    fn variable(&self, name: &str) -> Option<&'v str> {
        let is_set = self.text.contains("GITHUB_ENV") && self.text.contains(&format!("{name}="));
        let value = self.variables.iter().rev().find_map(|table| table.get(name))?;
        value.as_str().filter(|_| !is_set)
    }
}

/// Everything that names a toolchain; the depth of the file is capped by the reader of YAML.
fn gather<'v>(value: &'v Value, scope: &Scope<'v>, said: &mut Said) {
    match value {
        Value::Object(members) => {
            let mut scope = scope.clone();
            scope.variables.extend(members.get("env").and_then(Value::as_object));
            for (key, value) in members {
                match key.as_str() {
                    "jobs" => {
                        for (name, job) in value.as_object().into_iter().flatten() {
                            let mut own = Said::default();
                            gather(job, &scope, &mut own);
                            said.jobs.push((name.clone(), own));
                        }
                    }
                    "go-version" => said.versions.extend(versions(value, &scope)),
                    "go-version-file" => said.files.extend(value.as_str().map(str::to_owned)),
                    "uses" => said.uses(value.as_str().unwrap_or_default()),
                    "run" => said.runs(value.as_str().unwrap_or_default()),
                    "container" => {
                        let image = value.as_str().or_else(|| value.get("image")?.as_str());
                        said.versions.extend(image.and_then(of_image));
                    }
                    "PATH" | "GOROOT" => {
                        let set = format!("{key}={}", value.as_str().unwrap_or_default());
                        said.versions.extend(programs::versions(&set, false));
                    }
                    "GOTOOLCHAIN" => said.versions.extend(value.as_str().and_then(of_variable)),
                    _ => gather(value, &scope, said),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| gather(item, scope, said)),
        _ => {}
    }
}

impl Said {
    /// What a step or a job uses.
    fn uses(&mut self, name: &str) {
        if let Some(path) = name.strip_prefix("./") {
            self.calls.insert(path.trim_end_matches('/').to_owned());
        } else if let Some(image) = name.strip_prefix("docker://") {
            self.versions.extend(of_image(image));
        } else if name.contains("/.github/workflows/") && !name.starts_with(ATTESTING) {
            self.elsewhere.insert(name.to_owned());
        }
        self.versions.extend(programs::environment(name));
        self.builds |= BUILDING.iter().any(|it| name.contains(it)) && !name.contains("golangci");
    }

    /// The toolchains that commands name, and whether they build.
    fn runs(&mut self, commands: &str) {
        let lines = || commands.lines().filter(|line| !line.trim_start().starts_with('#'));
        let own: String = lines().flat_map(|line| [line, "\n"]).collect();
        self.text.push_str(&own);
        self.builds |= words(&own).any(programs::builds);
        let is_named = ARCHIVES.iter().chain(&["golang:"]).any(|it| own.contains(it));
        // A command may go on in the next line.
        self.versions
            .extend(own.replace("\\\n", " ").lines().flat_map(|line| programs::versions(line, is_named)));
        let after = |word: &'static str| {
            commands.match_indices(word).map(|(at, _)| beginning(&commands[at + word.len()..]))
        };
        self.versions.extend(after("GOTOOLCHAIN").filter_map(set_to).filter_map(of_variable));
        for place in ARCHIVES {
            self.versions.extend(after(place).map(|rest| of_archive(place, rest)));
        }
        for rest in after("golang:") {
            let tag = word(rest);
            if rest.starts_with('$') {
                self.versions.insert("what an image of Go holds whose version is a variable".to_owned());
            } else if !tag.is_empty() {
                self.versions.extend(of_image(&format!("golang:{tag}")));
            }
        }
    }
}

/// As much of a text as holds any version, so that many words after one another cost no time.
fn beginning(text: &str) -> &str {
    const LONGEST: usize = 200;
    text.char_indices().nth(LONGEST).map_or(text, |(end, _)| &text[..end])
}

/// What a variable is set to that stands before `rest`, in the notations of shells, makefiles, YAML and container files.
fn set_to(rest: &str) -> Option<&str> {
    let after = rest.trim_start_matches([' ', '"', '\'']);
    let value = match after.strip_prefix([':', '?']).unwrap_or(after).strip_prefix('=') {
        Some(value) => value,
        None => after.strip_prefix(':').or_else(|| after.starts_with("go1").then_some(after))?,
    };
    value.trim_start_matches([' ', '"', '\'']).split([' ', '\n', '\r', '"', '\'', ';', '&', '|']).next()
}

/// The version of an archive of Go whose name follows its place.
fn of_archive(place: &str, rest: &str) -> String {
    let is_number = |part: &&str| part.starts_with(|c: char| c.is_ascii_digit());
    let numbers: Vec<&str> = word(rest).split(['.', '-']).take_while(is_number).collect();
    if numbers.is_empty() { format!("what {place} comes to") } else { numbers.join(".") }
}

/// The words of commands: names of programs, paths, options.
pub(super) fn words(commands: &str) -> impl Iterator<Item = &str> {
    commands
        .split(|c: char| !(c.is_ascii_alphanumeric() || "._/-".contains(c)))
        .filter(|word| !word.is_empty())
}

/// The beginning of a text that may be a version or a tag.
fn word(text: &str) -> &str {
    let end = text.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_')));
    &text[..end.unwrap_or(text.len())]
}

/// The toolchain that a value of `GOTOOLCHAIN` names: none where it leaves that to others.
/// <https://go.dev/doc/toolchain#select>
fn of_variable(value: &str) -> Option<String> {
    let name = value.trim().split('+').next().unwrap_or_default();
    (!matches!(name, "" | "auto" | "local")).then(|| name.trim_start_matches("go").to_owned())
}

/// The toolchain of an image that holds one, by its tag where it is the one that Go's own images have.
fn of_image(image: &str) -> Option<String> {
    if !IMAGES.iter().any(|it| image.contains(it)) {
        return None;
    }
    let own = image.strip_prefix("docker.io/").unwrap_or(image);
    let own = own.strip_prefix("library/").unwrap_or(own).strip_prefix("golang:");
    let version = own.and_then(|tag| word(tag).split('-').next()).filter(|it| !it.is_empty());
    Some(version.map_or_else(|| format!("what the image {image} holds"), str::to_owned))
}

/// The versions of a `go-version`: a list in a matrix, or one, through the variables around it.
fn versions(value: &Value, scope: &Scope<'_>) -> Vec<String> {
    match value {
        Value::Array(items) => items.iter().flat_map(|item| versions(item, scope)).collect(),
        Value::Number(number) => vec![number.to_string()],
        Value::String(text) => vec![through_variable(text, scope).unwrap_or(text).to_owned()],
        _ => vec!["something that is no version".to_owned()],
    }
}

fn through_variable<'v>(text: &str, scope: &Scope<'v>) -> Option<&'v str> {
    let name = text.strip_prefix("${{")?.strip_suffix("}}")?.trim().strip_prefix("env.")?;
    scope.variable(name)
}
