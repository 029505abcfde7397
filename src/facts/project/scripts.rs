//! What a command runs that stands in another file of the repository: a target of a makefile, a task, a script.

pub(super) mod images;
mod make;
mod packages;
mod sessions;
mod variables;

use super::{runs::Texts, shell::Options};
use crate::advisories::locks::notation;
use serde_json::Value;
use std::collections::BTreeSet;

/// Most scripts that one command leads to.
const CALLED_LIMIT: usize = 50;

/// Programs that run what stands in files of their own.
const RUNNERS: [&str; 20] = [
    "make", "gmake", "just", "task", "nox", "tox", "npm", "yarn", "pnpm", "pixi", "hatch", "poe", "pdm",
    "rye", "bun", "node", "docker", "podman", "buildah", "nerdctl",
];

/// A script that a command runs.
pub(super) struct Called {
    /// Its name for people.
    pub(super) place: String,
    /// Its text, or why it was not read.
    pub(super) script: Result<String, String>,
    /// Why nobody can say that it is run, where that is so.
    pub(super) doubt: Option<&'static str>,
    /// Why its failure counts for nothing, where that is so.
    pub(super) harmless: Option<&'static str>,
    /// How it is run.
    pub(super) way: Way,
    /// Whether it runs in an environment of its own.
    pub(super) is_apart: bool,
}

/// How a script is run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// Line by line, until one fails.
    Lines,
    /// By one shell.
    Whole(Options),
}

impl Called {
    const fn of(place: String, script: Result<String, String>) -> Self {
        Self { place, script, doubt: None, harmless: None, way: Way::Lines, is_apart: false }
    }

    /// Something that is run and was not read, and why, in words that follow its name.
    fn unread(place: &str, why: impl Into<String>) -> Self {
        Self::of(place.to_owned(), Err(why.into()))
    }
}

/// Why a runner may do something else.
const UNKNOWN_OPTION: &str = "an option of what calls it is not known";

/// Whether a command may run a script that stands elsewhere.
pub(super) fn may_call(words: &[String]) -> bool {
    words.iter().take(6).any(|word| {
        RUNNERS.contains(&word.as_str()) || word.contains('/') || word.rsplit_once('.').is_some_and(is_script)
    })
}

/// Whether a name is that of a script.
fn is_script((stem, ending): (&str, &str)) -> bool {
    !stem.is_empty() && matches!(ending, "sh" | "bash" | "py" | "js" | "ps1" | "mk")
}

/// The scripts that a command runs, of those that are kept.
pub(super) fn called(words: &[String], texts: &Texts) -> Vec<Called> {
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let mut found = Vec::new();
    for (at, word) in words.iter().enumerate().take(6) {
        let rest = &words[at + 1..];
        let before = found.len();
        match *word {
            "make" | "gmake" if rest.iter().any(|word| make::is_of_another(word)) => {
                found.push(Called::unread("a makefile", "stands in another folder, and was not read"));
            }
            "make" | "gmake" => make::makefile(&words[..at], rest, texts, &mut found),
            "just" => {
                let names = ["justfile", "Justfile"];
                names.iter().filter_map(|name| texts.get(*name).map(|it| (*name, it))).for_each(
                    |(name, read)| {
                        make::recipes(name, read, &words[..at], rest, texts, &mut found);
                    },
                );
            }
            builder if images::BUILDERS.contains(&builder) => images::of_command(rest, texts, &mut found),
            "task" | "nox" | "tox" => sessions::of_runner(word, rest, texts, &mut found),
            "npm" | "yarn" | "pnpm" | "bun" => packages::scripts(word, rest, texts, &mut found),
            "node" if rest.first() == Some(&"--run") => packages::scripts(word, rest, texts, &mut found),
            "pixi" | "hatch" | "poe" | "pdm" | "rye" => pyproject(rest, texts, &mut found),
            path => {
                let path = path.trim_start_matches("./");
                // A file that is an argument of another program is not run.
                let is_run = at == 0 || is_interpreter(words[at - 1]);
                if let Some(read) = texts.get(path).filter(|_| is_run && path.contains('.')) {
                    found.push(file(path, &words[..at], read));
                }
            }
        }
        let is_known = match *word {
            "make" | "gmake" | "task" | "nox" | "tox" => true,
            "just" => rest.iter().all(|it| {
                !it.starts_with('-') || matches!(*it, "-q" | "-v" | "--quiet" | "--verbose" | "--unstable")
            }),
            "npm" | "yarn" | "pnpm" | "bun" | "pixi" | "hatch" | "poe" | "pdm" | "rye" => are_known(rest),
            _ => true,
        };
        if !is_known {
            found[before..]
                .iter_mut()
                .for_each(|called| called.doubt = called.doubt.or(Some(UNKNOWN_OPTION)));
        }
        // What follows another program may be a text of it: `echo make audit`, `apt-get install make`.
        if !words[..at].iter().all(|word| is_wrapper(word)) {
            let mut index = 0;
            found.retain(|called| {
                index += 1;
                index <= before || called.script.is_ok()
            });
            found[before..]
                .iter_mut()
                .for_each(|called| called.doubt = Some("another program may only name it"));
        }
    }
    found.truncate(CALLED_LIMIT);
    found
}

/// Whether a command runs a task of the folder that it is called in.
pub(super) fn is_task(words: &[String]) -> bool {
    let program = super::programs::program(words);
    let word = program.get(1).map_or("", String::as_str);
    match program.first().map(|word| super::programs::base(word)) {
        Some("make" | "gmake" | "just" | "task" | "nox" | "tox") => true,
        Some("npm" | "yarn" | "pnpm" | "bun") => matches!(word, "run" | "run-script" | "test" | "t"),
        _ => false,
    }
}

/// Whether a word only stands before what is run.
fn is_wrapper(word: &str) -> bool {
    const WRAPPERS: [&str; 30] = [
        "bash", "sh", "python", "python3", "node", "pwsh", "run", "sudo", "env", "time", "nice", "exec",
        "command", "uv", "poetry", "pipenv", "hatch", "pdm", "rye", "pixi", "npx", "bunx", "npm", "yarn",
        "pnpm", "tox", "nox", "just", "task", "bun",
    ];
    WRAPPERS.contains(&word) || word.starts_with(['-', '+']) || word.contains('=')
}

fn is_interpreter(word: &str) -> bool {
    matches!(
        word,
        "bash" | "sh" | "python" | "python3" | "node" | "pwsh" | "run" | "sudo" | "-e" | "-x" | "-ex"
    )
}

/// Whether the options of a runner of tasks leave the task as it is; what stands behind `--` is for the task.
fn are_known(rest: &[&str]) -> bool {
    const FLAGS: [&str; 11] = [
        "-s",
        "--silent",
        "--if-present",
        "--ignore-scripts",
        "--frozen",
        "--locked",
        "-q",
        "--quiet",
        "-v",
        "--verbose",
        "--no-progress",
    ];
    let mut left = rest.iter().take_while(|word| **word != "--");
    while let Some(word) = left.next() {
        let name = word.split_once('=').map_or(*word, |(name, _)| name);
        match name {
            "-e" | "--environment" | "--loglevel" | "--color" if name == *word => drop(left.next()),
            "--environment" | "--loglevel" | "--color" => {}
            _ if FLAGS.contains(word) || !word.starts_with('-') => {}
            _ => return false,
        }
    }
    true
}

/// A script in a file of its own, and how the words before it make a shell run it.
fn file(path: &str, before: &[&str], read: &Result<String, String>) -> Called {
    if path.ends_with(".py") {
        let doubt = Some("which part of the program is run is not known");
        let script = read.clone().map(|text| sessions::of_python(&text));
        return Called { doubt, ..Called::of(path.to_owned(), script) };
    }
    if path.ends_with(".js") || path.ends_with(".ps1") {
        let doubt = Some("it is a program, and was not understood");
        return Called { doubt, ..Called::of(path.to_owned(), read.clone()) };
    }
    let first = read.as_ref().ok().and_then(|text| text.lines().next()).unwrap_or_default();
    // The options of `#!/bin/bash -e` hold where no shell is named.
    let own: Vec<&str> = match first.strip_prefix("#!") {
        Some(line) if before.is_empty() => line.split_whitespace().skip(1).collect(),
        _ => Vec::new(),
    };
    let options: Vec<&str> =
        before.iter().chain(&own).copied().filter(|word| word.starts_with(['-', '+'])).collect();
    let is_known =
        |word: &&str| word.strip_prefix('-').is_some_and(|it| it.chars().all(|c| "euxo".contains(c)));
    let errexit = options.iter().any(|word| word.contains('e'));
    // Another interpreter makes of it what it likes.
    let is_shell = !first.starts_with("#!") || first.contains("sh");
    let doubt = match () {
        () if !options.iter().all(is_known) => Some(UNKNOWN_OPTION),
        () if !is_shell => Some("it is a program, and was not understood"),
        () => None,
    };
    let way = Way::Whole(Options { errexit, pipefail: false });
    Called { doubt, way, ..Called::of(path.to_owned(), read.clone()) }
}

/// The tasks of `pyproject.toml`, wherever a tool keeps them: `[tool.pixi.tasks]`, `[tool.hatch.envs.x.scripts]`.
fn pyproject(rest: &[&str], texts: &Texts, found: &mut Vec<Called>) {
    let Some(Ok(text)) = texts.get("pyproject.toml") else { return };
    let Ok(document) = notation::toml_settings(text) else { return };
    let name = rest.iter().map(|word| word.rsplit(':').next().unwrap_or(word));
    let names: BTreeSet<&str> = name.filter(|word| !word.starts_with('-') && *word != "run").collect();
    let Some(tool) = document.get("tool").and_then(Value::as_object) else { return };
    let mut waiting = vec![(tool, false)];
    while let Some((table, is_tasks)) = waiting.pop() {
        for (key, value) in table {
            if is_tasks && names.contains(key.as_str()) {
                let place = format!("pyproject.toml, task {key}");
                found.extend(task(value).map(|script| Called::of(place, Ok(script))));
            }
            if let Value::Object(inner) = value {
                waiting.push((inner, matches!(key.as_str(), "tasks" | "scripts")));
            }
        }
    }
}

/// The script of a task: a text, a list of them, or a table with one.
fn task(value: &Value) -> Option<String> {
    match value {
        Value::String(script) => Some(script.clone()),
        Value::Array(items) => Some(items.iter().filter_map(Value::as_str).collect::<Vec<_>>().join("\n")),
        Value::Object(table) => {
            table.get("cmd").or_else(|| table.get("shell")).and_then(Value::as_str).map(str::to_owned)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests;
