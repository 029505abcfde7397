//! Whether scanners look at the dependencies that a sentence speaks of.
//!
//! The rule that must not be broken: a scanner bears out nothing of an ecosystem that it does not know, and nothing where
//! the project has no manifest of those that it knows.

use super::{About, ecosystems, locks, scans::Found};
use crate::{paths, security_policy::claims::Ecosystem, text};
use std::collections::BTreeSet;

/// What scanners that are run leave out, in words that follow what is run.
///
/// # Errors
/// Why nobody knows that they look at what the sentence speaks of.
pub(super) fn left_out(about: &About<'_>, found: &[Found<'_>]) -> Result<String, String> {
    if is_of_all(about) && found.iter().all(|it| it.tool == "dependency-review") {
        return Err("dependency-review is run, and looks at what a pull request changes alone".to_owned());
    }
    let reaches = || found.iter().flat_map(|it| &it.reaches);
    let has = ecosystems::scannable(about);
    if reaches().any(|it| it.is_of_all && (!it.is_of_some || has.len() < 2)) {
        return Ok(String::new());
    }
    let mut tools: Vec<&str> = found.iter().map(|it| it.tool).collect();
    tools.dedup();
    let verb = if tools.len() == 1 { "is" } else { "are" };
    let tools = format!("{} {verb} run", tools.join(" and "));
    // With one ecosystem there is nothing else that it could look at.
    let is_seen =
        |it: Ecosystem| reaches().any(|reach| reach.has(it) || has.len() == 1 && reach.may_have(it));
    let named = named(about);
    if let Some(lacking) = named.iter().find(|it| !is_seen(**it)) {
        return Err(format!("{tools}, and nothing is known to scan {}", lacking.name()));
    }
    if let Some(lacking) = named.iter().find(|it| !has.contains(it)) {
        return Err(format!("{tools}, and there is no manifest or lock file of {}", lacking.name()));
    }
    if is_of_all(about)
        && let Some(lock) = apart(about, found)
    {
        return Err(format!("{tools}, and nothing is known to look at {}", text::clean(lock)));
    }
    if !named.is_empty() {
        return Ok(String::new());
    }
    if !has.iter().any(|it| reaches().any(|reach| reach.may_have(*it))) {
        return Err(match names(&has) {
            all if all.is_empty() => {
                format!("{tools}, and there is no manifest or lock file that it knows")
            }
            all => format!("{tools}, and the project has manifests of {all}, which it does not know"),
        });
    }
    let open: BTreeSet<Ecosystem> = has.iter().copied().filter(|it| !is_seen(*it)).collect();
    match (names(&open), ecosystems::unnamed(about)) {
        (open, _) if !open.is_empty() && is_of_all(about) => {
            Err(format!("{tools}, and nothing is known to scan {open}, which the project has manifests of"))
        }
        (open, Some(other)) if open.is_empty() && is_of_all(about) => {
            Err(format!("{tools}, and nothing is known to look at {other}"))
        }
        (open, _) if open.is_empty() => Ok(String::new()),
        (open, _) => Ok(format!("; nothing is known to scan {open}")),
    }
}

/// A lock file in a folder where none of the scanners runs that look at their own folder alone.
fn apart<'a>(about: &About<'a>, found: &[Found<'_>]) -> Option<&'a str> {
    const OF_A_FOLDER: [&str; 2] = ["Cargo.lock", "package-lock.json"];
    // What a hook looks at is not known by its folder.
    if found.iter().any(|it| it.runs.len() != it.reaches.len()) {
        return None;
    }
    let is_seen = |lock: &str| {
        let (folder, _) = paths::split(lock);
        let ecosystem = ecosystems::of_lock(lock);
        let mut calls = found.iter().flat_map(|it| it.runs.iter().zip(&it.reaches));
        calls.any(|(run, reach)| {
            reach.is_of_all
                || run.folder.as_deref().unwrap_or_default() == folder
                    && ecosystem.is_some_and(|it| reach.may_have(it))
        })
    };
    let locks = about.project.locks.iter().map(String::as_str);
    let mut own = locks.filter(|lock| OF_A_FOLDER.contains(&paths::name_of(lock)) && !locks::is_beside(lock));
    // What none of them knows is told otherwise.
    let may_be_seen = |lock: &str| {
        let ecosystem = ecosystems::of_lock(lock);
        let mut reaches = found.iter().flat_map(|it| &it.reaches);
        reaches.any(|reach| ecosystem.is_some_and(|it| reach.may_have(it)))
    };
    own.find(|lock| may_be_seen(lock) && !is_seen(lock))
}

/// Where a tool knows one language, and the project has manifests of others alone.
pub(super) fn of_another_language(about: &About<'_>, tool: &str) -> Option<String> {
    const LANGUAGES: [(&str, Ecosystem, &str); 6] = [
        ("bandit", Ecosystem::Python, "Python"),
        ("brakeman", Ecosystem::Ruby, "Ruby"),
        ("clippy", Ecosystem::Cargo, "Rust"),
        ("golangci-lint", Ecosystem::Go, "Go"),
        ("gosec", Ecosystem::Go, "Go"),
        ("ruff", Ecosystem::Python, "Python"),
    ];
    let (_, its, language) = LANGUAGES.into_iter().find(|(name, ..)| *name == tool)?;
    let has = ecosystems::scannable(about);
    (!has.is_empty() && !has.contains(&its)).then(|| {
        format!("{tool} looks at {language} alone, and the project has manifests of {}", names(&has))
    })
}

fn names(all: &BTreeSet<Ecosystem>) -> String {
    all.iter().map(|it| it.name()).collect::<Vec<_>>().join(" and ")
}

/// The ecosystems of packages that the sentence names, where all that it names has to be scanned.
fn named(about: &About<'_>) -> Vec<Ecosystem> {
    let detail = &about.claim.detail;
    // What is said of Dependabot is held against its settings.
    if detail.tools.iter().any(|name| matches!(*name, "dependabot" | "renovate")) {
        return Vec::new();
    }
    // "In GitHub Actions" says where, and what is in images is another claim.
    let is_package = |it: &Ecosystem| !matches!(it, Ecosystem::Actions | Ecosystem::Docker);
    detail.ecosystems.iter().copied().filter(is_package).collect()
}

/// Whether it is said of all dependencies; "on every push" says nothing of them.
fn is_of_all(about: &About<'_>) -> bool {
    let sentence = about.claim.sentence.to_lowercase();
    let words: Vec<&str> =
        sentence.split(|c: char| !c.is_alphanumeric() && c != '-').filter(|word| !word.is_empty()).collect();
    let is_all = |word: &str| matches!(word, "all" | "every" | "each" | "any" | "entire" | "whole" | "full");
    let is_other = |word: &str| {
        [
            "push", "commit", "pull", "pr", "prs", "merge", "build", "release", "change", "run", "week",
            "day", "night",
        ]
        .iter()
        .any(|it| word.starts_with(it))
    };
    let is_dependency = |word: &str| {
        ["dependenc", "librar", "package", "component", "crate", "module", "gem"]
            .iter()
            .any(|it| word.contains(it))
    };
    let all = words.iter().enumerate().filter(|(_, word)| is_all(word));
    all.into_iter().any(|(at, _)| {
        let mut behind = words[at + 1..].iter().take(7).take_while(|word| !is_other(word));
        behind.any(|word| is_dependency(word))
    }) || words.windows(2).any(|pair| pair[0] == "are" && pair[1] == "all")
}
