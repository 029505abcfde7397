//! Commands and variables that have Go build with another `go.mod` or `go.work` than the one that it would find, or that change
//! what is in it.
//!
//! The rule that must not be broken: only a file that the tag holds, and whose packages are looked up, is no doubt.

use super::{super::Modules, said::words};

/// What Go is told to do with another `go.mod` where nothing of it is released: its own programs, and changes of that file.
const OF_TOOLS: [&str; 6] = ["tool", "run", "get", "mod", "list", "version"];

/// Options of `go mod edit` that change what is selected.
const EDITS: [&str; 4] = ["droprequire", "dropreplace", "replace", "require"];

/// What a text says that Go builds with, where the tag does not hold it.
pub(super) fn elsewhere(text: &str, modules: &Modules) -> Option<String> {
    text.lines().find_map(|line| {
        let of_module =
            values(line, "-modfile").find(|(before, value)| !modules.is_named(value) && !is_of_tools(before));
        let of_workspace = values(line, "GOWORK")
            .find(|(_, value)| !matches!(*value, "" | "off" | "auto") && !modules.is_named(value));
        let named = |option: &str, value: &str| format!("{option}={value}");
        let of_module = of_module.map(|(_, value)| named("-modfile", value));
        of_module.or_else(|| of_workspace.map(|(_, value)| named("GOWORK", value)))
    })
}

/// The command in those of a job that has a later one, or itself, build what no `go.mod` of the tag selects.
pub(super) fn changed(commands: &str) -> Option<String> {
    let mut changing = None;
    for command in commands.split(['\n', ';', '&', '|']).map(str::trim) {
        let is_building = builds(command);
        let is_without = values(command, "GO111MODULE").any(|(_, value)| value == "off");
        let is_laid_over = command.contains("-overlay");
        if is_building && (is_without || is_laid_over) {
            return Some(command.to_owned());
        }
        if is_building && changing.is_some() {
            return changing;
        }
        let is_for_all = is_without && !words(command).any(|word| word == "go");
        if is_for_all || selects(command) {
            changing = Some(command.to_owned());
        }
    }
    None
}

/// Whether a command builds with Go, or runs what does.
fn builds(command: &str) -> bool {
    let mut of_go = words(command).skip_while(|word| *word != "go").skip(1);
    of_go.next() == Some("build") || words(command).any(|word| ["goreleaser", "make"].contains(&word))
}

/// Whether a command writes the version of a module, or what stands in its place, into a `go.mod`.
fn selects(command: &str) -> bool {
    let mut of_go = words(command).skip_while(|word| *word != "go").skip(1);
    match of_go.next() {
        Some("get") => command.contains('@'),
        Some("mod") => {
            of_go.next() == Some("edit") && of_go.any(|it| EDITS.contains(&it.trim_start_matches('-')))
        }
        _ => false,
    }
}

/// What an option or a variable is set to in a line, each with what stands before it.
fn values<'l>(line: &'l str, name: &'static str) -> impl Iterator<Item = (&'l str, &'l str)> {
    line.match_indices(name).filter_map(move |(at, _)| {
        let after = line[at + name.len()..].trim_start_matches(['"', '\'', ' ']);
        // A variable that is set to nothing is read; the value of an option may stand apart.
        let is_set = name.starts_with('-') || after.starts_with(['=', ':', '?']);
        let value = is_set.then(|| after.trim_start_matches([':', '?', '=']))?;
        let value = value.trim_start_matches([' ', '"', '\'']);
        let end = value.find(|c: char| c.is_whitespace() || "\"';&|,}".contains(c)).unwrap_or(value.len());
        Some((&line[..at], &value[..end]))
    })
}

/// Whether the command before an option is one of Go's that releases nothing.
fn is_of_tools(before: &str) -> bool {
    // So far away there is none, and a long line costs no time.
    const FARTHEST: usize = 1000;
    let near = before.char_indices().rev().nth(FARTHEST).map_or(before, |(at, _)| &before[at..]);
    let command = near.rsplit([';', '&', '|']).next().unwrap_or(near);
    let mut of_go = words(command).skip_while(|word| *word != "go");
    of_go.nth(1).is_some_and(|word| OF_TOOLS.contains(&word))
}
