//! The tools that claims name, and what calls them.
//!
//! The rule that must not be broken: a tool runs where it is called. Its name in an installation, in what is printed, in
//! a file's name, or in an action that only carries its results elsewhere is no call. Its name anywhere else is a doubt.

mod builders;
mod inputs;
mod options;
mod places;
mod reach;
mod scanners;
mod search_inputs;
mod searches;
mod table;
mod unknown;

use super::{
    programs::{self, base},
    runs::Call,
};
use Trade::{Code, Dependencies, Images, Licences};
pub(super) use options::is_of_no_matter;
use options::{Scan, Verdict};
use places::Mounts;
pub use places::is_of_what_is_used;
pub use reach::Reach;
use scanners::Grammar;
pub(super) use searches::looks_at_changes;
use std::collections::BTreeMap;
pub use table::TOOLS;
pub(super) use unknown::may_scan;

/// What a tool is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trade {
    /// It looks for known vulnerabilities in dependencies.
    Dependencies,
    /// It looks through code for weaknesses.
    Code,
    /// It looks for secrets.
    Secrets,
    /// It looks through container images.
    Images,
    /// It looks at licences.
    Licences,
    /// It looks at style or types, and at weaknesses only where it is told to.
    Style,
}

/// A tool.
pub struct Tool {
    /// Its name, as claims have it.
    pub name: &'static str,
    /// What it is for.
    pub trades: &'static [Trade],
    /// The words of the commands that run it, one alternative each.
    commands: &'static [&'static str],
    /// The names of the actions, reusable workflows and repositories of hooks that run it, in full.
    actions: &'static [&'static str],
}

const fn tool(
    name: &'static str,
    trades: &'static [Trade],
    commands: &'static [&'static str],
    actions: &'static [&'static str],
) -> Tool {
    Tool { name, trades, commands, actions }
}

/// The tool of this name.
#[must_use]
pub fn named(name: &str) -> Option<&'static Tool> {
    TOOLS.iter().find(|tool| tool.name == name)
}

/// What a call has to do with a tool.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Says {
    /// It runs it.
    Runs(Scan),
    /// Nobody can say whether it does, in words that follow the name of the tool.
    Perhaps(String),
    /// Nothing that counts.
    Nothing,
}

impl Says {
    /// It has its name, and what it does with it is not known.
    fn names() -> Self {
        Self::Perhaps("is run is not known: it is named there, and perhaps not run".to_owned())
    }
}

impl Says {
    /// A word of it is not known, and may change what is looked at.
    fn of_search(word: &str) -> Self {
        Self::Perhaps(format!(
            "looks at everything is not known: relcheck does not know what \"{}\" does to the search",
            crate::text::clean(word)
        ))
    }
}

impl From<Verdict> for Says {
    fn from(verdict: Verdict) -> Self {
        match verdict {
            Verdict::Scans(scan) => Self::Runs(scan),
            Verdict::Idle => Self::Nothing,
            Verdict::Unknown(why) => Self::Perhaps(why),
        }
    }
}

impl Tool {
    /// Whether a hook of this id is one of it.
    pub(super) fn is_hook(&self, id: &str) -> bool {
        self.commands.contains(&id)
    }

    /// Whether the call runs it for the trade: not every mode of a tool looks at everything that the tool can look at.
    #[must_use]
    pub fn is_run_for(&self, trade: Trade, call: &Call) -> bool {
        matches!(self.says(trade, call), Says::Runs(_))
    }

    /// Of which ecosystems it looks at the packages, in this call of it.
    #[must_use]
    pub fn reach(&self, call: &Call) -> Reach {
        Reach::of(self.name, call)
    }

    /// Whether the call runs it.
    #[must_use]
    pub fn is_run_by(&self, call: &Call) -> bool {
        self.trades.iter().any(|trade| self.is_run_for(*trade, call))
    }

    /// Whether the call has its name where it may be run, and nobody can say whether it is.
    #[must_use]
    pub fn is_perhaps_run_by(&self, call: &Call) -> bool {
        !self.is_run_by(call) && self.trades.iter().any(|trade| self.why_perhaps(*trade, call).is_some())
    }

    /// Why nobody can say whether the call runs it for the trade, where that is so, in words that follow its name.
    #[must_use]
    pub fn why_perhaps(&self, trade: Trade, call: &Call) -> Option<String> {
        match self.says(trade, call) {
            Says::Perhaps(why) => Some(why),
            Says::Runs(_) | Says::Nothing => None,
        }
    }

    fn says(&self, trade: Trade, call: &Call) -> Says {
        match call {
            Call::Action { name, inputs, .. } if self.actions.contains(&name.as_str()) => {
                self.of_action(trade, name, inputs)
            }
            // Of CodeQL it is known which of its actions analyses.
            Call::Action { name, .. } if name.starts_with("github/codeql-action/") => Says::Nothing,
            Call::Action { name, .. } => self.named_in(std::slice::from_ref(name), true),
            Call::Hook { repository, id } => {
                let is_its = self.commands.contains(&id.as_str())
                    || id.strip_suffix("-full").is_some_and(|id| self.commands.contains(&id));
                let address = repository.trim_end_matches('/').trim_end_matches(".git");
                let from = address.strip_prefix("https://github.com/").unwrap_or_default();
                match () {
                    () if is_its && self.actions.contains(&from) && trade != Images => {
                        Says::Runs(Scan::default())
                    }
                    // What a hook of the repository itself runs stands beside it.
                    () if repository == "local" || repository == "meta" => Says::Nothing,
                    () if is_its => Says::names(),
                    () => self.named_in(std::slice::from_ref(repository), true),
                }
            }
            Call::Command(words) => self.of_command(trade, words),
        }
    }

    fn of_action(&self, trade: Trade, name: &str, inputs: &BTreeMap<String, String>) -> Says {
        let is_of_dependencies = self.trades.contains(&Dependencies);
        if is_of_dependencies && matches!(trade, Dependencies | Images | Licences) {
            return inputs::judge(self.name, trade, name, inputs).into();
        }
        if let Some(word) = search_inputs::unknown(self.name, inputs) {
            return Says::of_search(&word);
        }
        let is_told =
            |word: &str| inputs.get("command").is_some_and(|it| it.split_whitespace().any(|it| it == word));
        if self.name == "snyk" && trade == Code && !is_told("code") {
            return Says::Nothing;
        }
        Says::Runs(Scan::default())
    }

    fn of_command(&self, trade: Trade, words: &[String]) -> Says {
        let program = programs::program(words);
        let plain: Vec<&str> = program.iter().map(|word| base(word)).collect();
        if let Some(says) = self.of_builder(&plain, program) {
            return says;
        }
        let grammar = scanners::grammar(self.name);
        for command in self.commands {
            let parts: Vec<&str> = command.split(' ').collect();
            if plain.first().is_none_or(|first| first != &parts[0]) {
                continue;
            }
            let Some(grammar) = grammar else {
                if plain.starts_with(&parts) {
                    if let Some(word) = searches::unknown(self.name, &program[parts.len()..]) {
                        return Says::of_search(&word);
                    }
                    let looks = self.looks_at_something(&plain[parts.len()..]);
                    let harmless = searches::harmless(self.name, &program[parts.len()..]);
                    return if looks {
                        Says::Runs(Scan { harmless, ..Scan::default() })
                    } else {
                        Says::Nothing
                    };
                }
                continue;
            };
            if let Some(arguments) = behind(grammar, &parts, program) {
                return self.of_scanner(grammar, trade, words, program, &arguments);
            }
        }
        if programs::is_no_call(words) { Says::Nothing } else { self.named_in(words, false) }
    }

    /// What the call of a scanner does whose options are known.
    fn of_scanner(
        &self,
        grammar: &Grammar,
        trade: Trade,
        words: &[String],
        program: &[String],
        arguments: &[&str],
    ) -> Says {
        if self.name == "dotnet-list" && !arguments.contains(&"--vulnerable") {
            return Says::Nothing;
        }
        let before = &words[..words.len() - program.len()];
        let verdict = options::judge(grammar, trade, arguments, Mounts(before));
        match (&verdict, programs::unlike(before, program)) {
            (Verdict::Scans(_), Some(word)) => options::unknown(&word).into(),
            _ => verdict.into(),
        }
    }

    /// A task of Maven or Gradle that runs it; nothing where they are not called.
    fn of_builder(&self, plain: &[&str], program: &[String]) -> Option<Says> {
        let (builder, arguments) = plain.split_first()?;
        if !matches!(*builder, "mvn" | "mvnw" | "gradle" | "gradlew") {
            return None;
        }
        if self.name == "dependency-check" {
            return builders::dependency_check(&program[1..]).map(Says::from);
        }
        let is_its = |command: &&&str| !command.contains(' ') && arguments.contains(*command);
        self.commands.iter().find(is_its)?;
        let is_left_out = arguments.iter().any(|word| matches!(*word, "-x" | "--exclude-task" | "-pl"));
        Some(if is_left_out { Says::names() } else { Says::Runs(Scan::default()) })
    }

    /// Whether these arguments make a tool do its work whose options are not all known.
    fn looks_at_something(&self, arguments: &[&str]) -> bool {
        let first = arguments.first().copied().unwrap_or_default();
        let tells = arguments
            .iter()
            .any(|word| matches!(*word, "--help" | "-h" | "-help" | "--version" | "-V" | "-version"));
        let other = match self.name {
            "detect-secrets" => first == "audit",
            "ruff" => matches!(first, "format" | "clean" | "rule"),
            "golangci-lint" => matches!(first, "cache" | "config" | "linters" | "fmt"),
            _ => false,
        };
        !(tells || other || matches!(first, "version" | "help"))
    }

    /// Whether its name is among the words.
    fn named_in(&self, words: &[String], in_part: bool) -> Says {
        let is_of_name = |c: char| c.is_ascii_alphanumeric() || "-_.:".contains(c);
        let tokens: Vec<&str> = (words.iter())
            .flat_map(|word| word.split(|c| !is_of_name(c)))
            .map(|word| word.split_once("==").map_or(word, |(name, _)| name))
            .filter(|word| !word.is_empty())
            .collect();
        let is_named = self.commands.iter().chain([&self.name]).any(|command| {
            let mut left = command.split(' ').peekable();
            for token in &tokens {
                let Some(part) = left.peek() else { break };
                if token == part
                    || (in_part && token.contains(part))
                    || token.split(':').any(|it| it == *part)
                {
                    left.next();
                }
            }
            left.peek().is_none()
        });
        if is_named { Says::names() } else { Says::Nothing }
    }
}

/// The arguments behind a command of several words; options may stand between them.
fn behind<'a>(grammar: &Grammar, parts: &[&str], program: &'a [String]) -> Option<Vec<&'a str>> {
    let mut arguments = Vec::new();
    let mut left = program.iter().skip(1).map(String::as_str);
    for part in &parts[1..] {
        loop {
            let word = left.next()?;
            if word == *part {
                break;
            }
            // `cargo +nightly`
            if word.starts_with('+') {
                continue;
            }
            // `dotnet list APP.sln package`
            if grammar.tool == "dotnet-list" && !word.starts_with('-') {
                continue;
            }
            if !word.starts_with('-') {
                return None;
            }
            arguments.push(word);
            if options::has_value(grammar, word) {
                arguments.push(left.next()?);
            }
        }
    }
    arguments.extend(left);
    Some(arguments)
}

/// Whether a command of a tool begins with this program.
pub(super) fn is_begun_by(program: &str) -> bool {
    TOOLS.iter().any(|tool| tool.commands.iter().any(|it| it.split(' ').next() == Some(program)))
}

/// Whether the tool of this program is made by this owner of repositories on GitHub.
pub(super) fn is_made_by(program: &str, owner: &str) -> bool {
    const MAKERS: [(&str, &str); 8] = [
        ("gitleaks", "gitleaks"),
        ("gosec", "securego"),
        ("grype", "anchore"),
        ("nancy", "sonatype-nexus-community"),
        ("osv-scanner", "google"),
        ("snyk", "snyk"),
        ("trivy", "aquasecurity"),
        ("trufflehog", "trufflesecurity"),
    ];
    MAKERS.contains(&(program, owner))
}

/// Whether a call looks at an image, and at no files of the repository.
pub(super) fn is_of_image(call: &Call) -> bool {
    TOOLS.iter().any(|tool| tool.trades.contains(&Images) && tool.is_run_for(Images, call))
}

/// Whether a command looks at the packages that are installed where it runs.
pub(super) fn is_of_environment(call: &Call) -> bool {
    scan(call, &["pip-audit", "safety"]).is_some_and(|scan| scan.of_environment)
}

/// Whether a command calls no tool that it names.
#[must_use]
pub fn is_no_call(words: &[String]) -> bool {
    programs::is_no_call(words)
}

/// The tools that a call runs, or has the names of.
pub(super) fn named_by(call: &Call) -> Vec<&'static str> {
    let is_named = |tool: &&Tool| tool.trades.iter().any(|trade| tool.says(*trade, call) != Says::Nothing);
    TOOLS.iter().filter(is_named).map(|tool| tool.name).collect()
}

/// What is known of a scan of dependencies, or of an image, that a call makes, where it makes one.
pub(super) fn scan(call: &Call, names: &[&str]) -> Option<Scan> {
    let of = |trade: Trade| {
        names.iter().find_map(|name| match named(name)?.says(trade, call) {
            Says::Runs(scan) => Some(scan),
            Says::Perhaps(_) | Says::Nothing => None,
        })
    };
    of(Dependencies).or_else(|| of(Images)).or_else(|| of(Trade::Code)).or_else(|| of(Trade::Secrets))
}

/// Whether a command runs the hooks of pre-commit: nothing where it does not, and whether it runs each of them.
pub(super) fn runs_hooks(words: &[String]) -> Option<bool> {
    let program = programs::program(words);
    let [first, second, arguments @ ..] = program else { return None };
    if base(first) != "pre-commit" || second != "run" {
        return None;
    }
    let is_of_all = |word: &String| {
        matches!(
            word.as_str(),
            "--all-files" | "-a" | "--show-diff-on-failure" | "--verbose" | "-v" | "--color=always"
        )
    };
    Some(arguments.iter().all(is_of_all))
}

#[cfg(test)]
mod tests;
