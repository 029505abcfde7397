//! The recipes of makefiles and justfiles.
//!
//! <https://www.gnu.org/software/make/manual/make.html>
//!
//! The rule that must not be broken: an option, a condition or a variable that may change what a recipe does is a doubt.

use super::{
    CALLED_LIMIT, Called, Texts, UNKNOWN_OPTION,
    variables::{Variables, unknown_program},
};
use std::collections::BTreeSet;

/// Whether an option of `make` names another folder or another makefile.
pub(super) fn is_of_another(word: &str) -> bool {
    ["-C", "-f", "--directory", "--file", "--makefile"].iter().any(|option| word.starts_with(option))
}

/// The recipes that a call of `make` runs, whose words begin with `start`.
pub(super) fn makefile(start: &[&str], rest: &[&str], texts: &Texts, found: &mut Vec<Called>) {
    let name = ["GNUmakefile", "makefile", "Makefile"].into_iter().find(|name| texts.contains_key(*name));
    let Some((name, read)) = name.and_then(|name| texts.get_key_value(name)) else {
        return found.push(Called::unread("a makefile", "was not read"));
    };
    let before = found.len();
    recipes(name, read, start, rest, texts, found);
    let mut ignores = false;
    let is_known = rest.iter().all(|word| is_known(word, &mut ignores));
    for called in &mut found[before..] {
        called.doubt = called.doubt.or_else(|| (!is_known).then_some(UNKNOWN_OPTION));
        called.harmless = called.harmless.or_else(|| ignores.then_some("`make -i`"));
    }
}

/// Whether a word of the call leaves the recipes as they are, but for what becomes of their failures.
fn is_known(word: &str, ignores: &mut bool) -> bool {
    const LONG: [&str; 10] = [
        "--silent",
        "--quiet",
        "--no-print-directory",
        "--print-directory",
        "--keep-going",
        "--jobs",
        "--always-make",
        "--output-sync",
        "--trace",
        "--warn-undefined-variables",
    ];
    if let Some((name, value)) = word.split_once('=').filter(|_| !word.starts_with('-')) {
        let plain = value.chars().all(|c| c.is_ascii_alphanumeric() || "-_./".contains(c));
        return plain && !matches!(name, "SHELL" | ".SHELLFLAGS" | "MAKEFLAGS" | "PATH");
    }
    if word == "--ignore-errors" {
        *ignores = true;
        return true;
    }
    if word.starts_with("--") {
        return LONG.contains(&word.split('=').next().unwrap_or(word));
    }
    let Some(letters) = word.strip_prefix('-') else { return true };
    *ignores |= letters.contains('i');
    // `-j4`, `-Otarget`
    letters.starts_with('O') || letters.chars().all(|c| "sBkwrRbmji".contains(c) || c.is_ascii_digit())
}

/// The recipes of the targets that are named, and of what they need; of the first one where none is.
pub(super) fn recipes(
    name: &str,
    read: &Result<String, String>,
    start: &[&str],
    words: &[&str],
    texts: &Texts,
    found: &mut Vec<Called>,
) {
    let text = match read {
        Ok(text) => text,
        Err(why) => return found.push(Called::of(name.to_owned(), Err(why.clone()))),
    };
    let rules = rules(text);
    let whole = of_file(text);
    let is_make = !name.eq_ignore_ascii_case("justfile");
    let variables = Variables::of(text, &[start, words].concat(), texts);
    let put_in = |text: &str| if is_make { variables.put_in(text) } else { text.to_owned() };
    let mut waiting: Vec<String> = words
        .iter()
        .filter(|word| !word.starts_with('-') && !word.contains('='))
        .map(|it| (*it).to_owned())
        .collect();
    if waiting.is_empty() {
        waiting
            .extend(rules.iter().find(|rule| !rule.target.starts_with('.')).map(|rule| rule.target.clone()));
    }
    // A target that stands there in no plain rule may be made by another one.
    let is_open = text.contains("include") || text.contains('%') || text.contains("eval");
    let is_there = |target: &String| rules.iter().any(|rule| rule.target == *target);
    if let Some(target) = waiting.iter().find(|target| is_make && is_open && !is_there(target)) {
        found.push(Called::unread(name, format!("has no plain rule for {target}")));
    }
    let mut done = BTreeSet::new();
    while let Some(target) = waiting.pop() {
        if done.len() >= CALLED_LIMIT || !done.insert(target.clone()) {
            continue;
        }
        let of_it = || rules.iter().filter(|rule| rule.target == target);
        let is_twice = of_it().filter(|rule| !rule.recipe.is_empty()).count() > 1;
        let twice = is_twice.then_some("its target stands there twice");
        let included =
            is_included(text, &target, texts).then_some("a file that is included has its target too");
        for rule in of_it() {
            let needs = rule.needs.iter().map(|need| put_in(need));
            waiting.extend(needs.flat_map(|it| it.split_whitespace().map(str::to_owned).collect::<Vec<_>>()));
            let doubt = rule.doubt.or(twice).or(included).or(whole.0);
            let place = format!("{name}, target {target}");
            let recipe = put_in(&rule.recipe);
            if let Some(program) = unknown_program(&recipe) {
                let why = format!("runs \"{program}\", and what that stands for is not known");
                found.push(Called::unread(&place, why));
            }
            found.push(Called { doubt, harmless: whole.1, ..Called::of(place, Ok(recipe)) });
        }
    }
}

/// What the whole file says of its recipes: why they may not be run as they stand, and why they may fail.
fn of_file(text: &str) -> (Option<&'static str>, Option<&'static str>) {
    let (mut doubt, mut harmless) = (None, None);
    for line in text.lines().filter(|line| !line.starts_with('\t')) {
        let words = line.trim_start_matches("export ").trim_start_matches("override ").trim_start();
        let name = words.split(|c: char| c.is_whitespace() || "+:?=!".contains(c)).next().unwrap_or_default();
        match name {
            "SHELL" => {
                let shell = words.trim_start_matches("SHELL").trim_start_matches([' ', ':', '?', '=']).trim();
                let is_one = matches!(
                    shell,
                    "bash" | "sh" | "/bin/bash" | "/bin/sh" | "/usr/bin/bash" | "/usr/bin/env bash"
                );
                doubt = doubt.or_else(|| (!is_one).then_some("another shell runs its recipes"));
            }
            ".SHELLFLAGS" => {
                let is_known = line.split_whitespace().all(|word| {
                    matches!(
                        word,
                        ".SHELLFLAGS"
                            | ":="
                            | "="
                            | "-e"
                            | "-c"
                            | "-ec"
                            | "-o"
                            | "pipefail"
                            | "-eu"
                            | "-euo"
                            | "-eo"
                            | "-u"
                    )
                });
                doubt = doubt.or_else(|| (!is_known).then_some("another shell runs its recipes"));
            }
            "MAKEFLAGS" | "GNUMAKEFLAGS"
                if !line.contains("--no-print-directory") && !line.contains("--no-builtin-rules") =>
            {
                doubt = doubt.or(Some("the makefile changes the options of make"));
            }
            ".ONESHELL" => doubt = doubt.or(Some("one shell runs all lines of a recipe")),
            ".IGNORE" => harmless = Some("`.IGNORE`"),
            "PATH" => doubt = doubt.or(Some("the makefile changes where programs are looked for")),
            // Of a justfile.
            "set" if line.contains("shell") => doubt = doubt.or(Some("another shell runs its recipes")),
            _ => {}
        }
    }
    (doubt, harmless)
}

/// Whether a file that the makefile includes has a rule for the target.
fn is_included(text: &str, target: &str, texts: &Texts) -> bool {
    let has = |read: &Result<String, String>| match read {
        Ok(text) => rules(text).iter().any(|rule| rule.target == target),
        Err(_) => true,
    };
    let includes = text.lines().filter_map(|line| {
        let (word, files) = line.split_once(char::is_whitespace)?;
        matches!(word, "include" | "-include" | "sinclude").then_some(files)
    });
    includes.take(20).flat_map(|files| files.split_whitespace().take(20)).any(|file| {
        if file.contains(['$', '*', '(']) {
            return texts.iter().any(|(path, read)| path.ends_with(".mk") && has(read));
        }
        texts.get(file.trim_start_matches("./")).is_some_and(has)
    })
}

/// A rule of a makefile or a justfile.
struct Rule {
    target: String,
    needs: Vec<String>,
    recipe: String,
    /// Why nobody can say that it holds, where that is so.
    doubt: Option<&'static str>,
}

fn rules(text: &str) -> Vec<Rule> {
    const CONDITION: &str = "a condition decides whether its recipe holds";
    let mut rules: Vec<Rule> = Vec::new();
    let (mut conditions, mut first_of_line) = (0_usize, 0);
    for line in text.lines() {
        let word = line.split_whitespace().next().unwrap_or_default();
        if !line.starts_with('\t') {
            match word {
                "ifeq" | "ifneq" | "ifdef" | "ifndef" | "define" => {
                    conditions += 1;
                    continue;
                }
                "endif" | "endef" => {
                    conditions = conditions.saturating_sub(1);
                    continue;
                }
                _ => {}
            }
        }
        let doubt = (conditions > 0).then_some(CONDITION);
        if line.starts_with([' ', '\t']) {
            for rule in rules.iter_mut().skip(first_of_line) {
                add(rule, line);
                rule.doubt = rule.doubt.or(doubt);
            }
            continue;
        }
        let Some((target, needs)) = line.split_once(':').filter(|(target, needs)| {
            !needs.starts_with('=')
                && !needs.starts_with(":=")
                && !target.starts_with('#')
                && !target.contains('=')
        }) else {
            continue;
        };
        let (needs, own) = needs.split_once(';').map_or((needs, None), |(needs, own)| (needs, Some(own)));
        // `audit: PATH := ./bin` holds for that target alone.
        let is_variable = needs.contains('=');
        let needs: Vec<String> = match is_variable {
            true => Vec::new(),
            false => needs.trim_start_matches(':').split_whitespace().map(str::to_owned).collect(),
        };
        let doubt = doubt.or_else(|| is_variable.then_some("a variable is set for its target alone"));
        first_of_line = rules.len();
        for target in target.split_whitespace().take(20) {
            let mut rule =
                Rule { target: target.to_owned(), needs: needs.clone(), recipe: String::new(), doubt };
            if let Some(own) = own {
                add(&mut rule, own);
            }
            rules.push(rule);
        }
    }
    rules
}

/// Adds a line to a recipe.
fn add(rule: &mut Rule, line: &str) {
    let command = line.trim_start();
    let bare = command.trim_start_matches(['@', '-', '+']);
    rule.recipe.push_str(bare);
    // A line that begins with `-` may fail.
    if command.starts_with('-') || command.starts_with("@-") {
        rule.recipe.push_str(" || true");
    }
    rule.recipe.push('\n');
}
