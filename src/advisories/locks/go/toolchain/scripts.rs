//! Files of the tag that workflows run: makefiles, scripts, what container images are built from, the settings of other
//! systems that build.
//!
//! The rule that must not be broken: one that something names, by its own name or by the program that reads it, counts.

use super::{
    graph::{self, Edges},
    said::{Said, words},
};
use crate::paths;
use std::collections::{BTreeMap, BTreeSet};

/// Settings of continuous integration other than GitHub's that are read, by path. One list, for whoever keeps such files
/// and whoever reads them: one that is read and not kept would pass for one that is not there.
pub const CI_SETTINGS: [&str; 14] = [
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

/// What reads a file.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// A program of one of these names, in the job that starts it.
    Program(&'static [&'static str]),
    /// The builder of a container, with the toolchain that it holds.
    Image,
    /// A system that builds for every tag by itself.
    System,
    /// Whoever names it.
    Script,
    /// Whoever names it by a path, or hands it to a shell: its name is one of ordinary words.
    Plain,
}

/// Folders of the programs that a project builds itself with.
const FOLDERS: [&str; 11] =
    [".ci", ".github", "automation", "bin", "build", "ci", "hack", "release", "script", "scripts", "tools"];

/// Names of programs at the root that build.
const AT_ROOT: [&str; 8] = ["all", "bootstrap", "build", "compile", "dist", "make", "package", "release"];

/// Whether a file without an ending stands where programs do that a project builds itself with.
fn is_plain(path: &str, name: &str) -> bool {
    let folder = path.rsplit_once('/').map(|(folder, _)| paths::name_of(folder));
    !name.contains('.') && folder.map_or_else(|| AT_ROOT.contains(&name), |folder| FOLDERS.contains(&folder))
}

/// What reads the file of a path; nothing for a file of another kind.
fn kind(path: &str) -> Option<Kind> {
    let name = paths::name_of(path).to_ascii_lowercase();
    let has_ending = |endings: &[&str]| endings.iter().any(|ending| name.ends_with(ending));
    Some(match name.as_str() {
        _ if CI_SETTINGS.contains(&path) => Kind::System,
        "makefile" | "gnumakefile" => Kind::Program(&["make", "gmake"]),
        "justfile" | ".justfile" => Kind::Program(&["just"]),
        "taskfile.yml" | "taskfile.yaml" => Kind::Program(&["task"]),
        "magefile.go" => Kind::Program(&["mage"]),
        _ if name.contains("goreleaser") && has_ending(&[".yml", ".yaml"]) => Kind::Program(&["goreleaser"]),
        _ if has_ending(&[".mk"]) => Kind::Program(&["make", "gmake"]),
        _ if name.contains("dockerfile") || name.contains("containerfile") => Kind::Image,
        "package.json" => Kind::Program(&["npm", "pnpm", "yarn", "bun"]),
        ".ko.yaml" | ".ko.yml" => Kind::Program(&["ko", "setup-ko"]),
        "mise.toml" | ".mise.toml" | ".tool-versions" => Kind::Program(&["mise", "asdf"]),
        _ if name.contains("compose") && has_ending(&[".yml", ".yaml"]) => {
            Kind::Program(&["compose", "docker-compose"])
        }
        _ if has_ending(&[".sh", ".bash", ".zsh", ".ps1", ".bat", ".cmd"]) => Kind::Script,
        _ if is_plain(path, &name) => Kind::Plain,
        _ => return None,
    })
}

/// Whether a file is one that may say which toolchain builds a release, beside the workflows and actions.
pub(crate) fn is_script(path: &str) -> bool {
    kind(path).is_some()
}

/// The files of a tag that may be run.
pub(super) struct Scripts<'t> {
    /// By path; nothing in the place of what could not be read.
    said: BTreeMap<&'t str, Option<Said>>,
    /// Those that each names.
    named: Edges<'t>,
    /// Those that build with the toolchain of whoever runs them, or run one that does.
    building: BTreeSet<&'t str>,
}

impl<'t> Scripts<'t> {
    pub(super) fn of(files: &[(&'t str, Option<&str>)]) -> Self {
        let scripts = files.iter().filter(|(path, _)| is_script(path));
        let said: BTreeMap<&str, Option<Said>> =
            scripts.map(|(path, text)| (*path, text.and_then(|text| said(path, text)))).collect();
        let mut all = Self { said, named: BTreeMap::new(), building: BTreeSet::new() };
        let read = all.said.iter().filter_map(|(path, said)| Some((*path, said.as_ref()?)));
        let named = read.clone().map(|(path, said)| (path, all.named_in(&said.text))).collect();
        let builds = |(path, said): &(&'t str, &Said)| said.builds && !has_own_toolchain(path);
        let building = graph::leading_to(&named, read.filter(builds).map(|(path, _)| path).collect());
        (all.named, all.building) = (named, building);
        all
    }

    /// The files that systems run by themselves.
    pub(super) fn of_systems(&self) -> BTreeSet<&'t str> {
        self.said.keys().copied().filter(|path| kind(path) == Some(Kind::System)).collect()
    }

    /// The files that a text names.
    pub(super) fn named_in(&self, text: &str) -> Vec<&'t str> {
        let named = Named::of(text);
        self.said.keys().copied().filter(|path| named.has(path)).collect()
    }

    /// Whether a text names one that builds with the toolchain of whoever runs it.
    pub(super) fn builds(&self, text: &str) -> bool {
        self.named_in(text).iter().any(|path| self.building.contains(path))
    }

    /// The toolchains that some files name, and those that they run, in words where that is not known.
    pub(super) fn versions(&self, paths: BTreeSet<&'t str>) -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        for path in graph::reached_from(&self.named, paths) {
            let Some(Some(said)) = self.said.get(path) else {
                found.insert(format!("what {path} says, which was not read"));
                continue;
            };
            found.extend(said.versions.iter().cloned());
            if said.builds && said.is_empty() && has_own_toolchain(path) {
                found.insert(format!("what {path} builds with"));
            }
        }
        found
    }
}

/// What a file says; nothing where it is not read.
fn said(path: &str, text: &str) -> Option<Said> {
    match paths::name_of(path).to_ascii_lowercase().as_str() {
        "package.json" => {
            let manifest: serde_json::Value = serde_json::from_str(text).ok()?;
            let scripts = manifest.get("scripts").and_then(serde_json::Value::as_object);
            let scripts = scripts.into_iter().flatten().filter_map(|(_, script)| script.as_str());
            Some(Said::of_commands(&scripts.collect::<Vec<_>>().join("\n")))
        }
        "mise.toml" | ".mise.toml" | ".tool-versions" => {
            let mut said = Said::of_commands(text);
            let is_of_go = |line: &str| {
                let line = line.trim_start_matches([' ', '"', '\'']);
                ["go", "golang", "go-sdk", "core:go"].iter().any(|name| {
                    let rest = line.strip_prefix(name).unwrap_or_default();
                    rest.starts_with([' ', '\t', '=', '"', '\'', '.'])
                })
            };
            if text.lines().any(is_of_go) {
                said.versions.insert(format!("what {path} installs"));
            }
            Some(said)
        }
        name => {
            let mut said = Said::of_commands(text);
            if name.contains("goreleaser") {
                said.versions.extend(text.lines().filter_map(other_go));
            }
            Some(said)
        }
    }
}

/// The program that the settings of GoReleaser put in the place of `go`.
fn other_go(line: &str) -> Option<String> {
    let line = line.trim_start_matches([' ', '-']);
    let value = line.strip_prefix("gobinary:").or_else(|| line.strip_prefix("tool:"))?;
    let value = value.trim_matches([' ', '"', '\'']);
    (!matches!(value, "" | "go")).then(|| format!("what {value} is"))
}

fn has_own_toolchain(path: &str) -> bool {
    matches!(kind(path), Some(Kind::Image | Kind::System))
}

/// The words of a text, and the last part of each that is a path.
struct Named<'t> {
    words: BTreeSet<&'t str>,
    /// Those of them that are paths, or that a shell is handed.
    run: BTreeSet<&'t str>,
    has_images: bool,
    has_asdf: bool,
}

impl<'t> Named<'t> {
    fn of(text: &'t str) -> Self {
        let last = |word: &'t str| paths::name_of(word);
        let lower = text.to_ascii_lowercase();
        let has_images = ["docker", "podman", "buildah", "containerfile"].iter().any(|it| lower.contains(it));
        let before = std::iter::once("").chain(words(text));
        let is_run = |(before, word): &(&str, &str)| {
            word.contains('/') || matches!(paths::name_of(before), "sh" | "bash" | "dash" | "zsh" | "source")
        };
        Self {
            words: words(text).map(last).collect(),
            run: before.zip(words(text)).filter(is_run).map(|(_, word)| last(word)).collect(),
            has_images,
            has_asdf: lower.contains("asdf-vm/"),
        }
    }

    fn has(&self, path: &str) -> bool {
        let name = paths::name_of(path);
        match kind(path) {
            Some(Kind::Plain) => self.run.contains(name),
            Some(Kind::Program(programs)) => {
                self.words.contains(name) || programs.iter().any(|program| self.starts(program))
            }
            Some(Kind::Image) => self.words.contains(name) || self.has_images,
            Some(Kind::System | Kind::Script) | None => self.words.contains(name),
        }
    }

    /// Whether a program is started, by its name or by the action that runs it: `goreleaser/goreleaser-action`.
    fn starts(&self, program: &str) -> bool {
        self.words.contains(program)
            || self.words.iter().any(|word| word.strip_suffix("-action") == Some(program))
            || program == "asdf" && self.has_asdf
    }
}
