//! Whether a command of a script is reached, and is what its name says.
//!
//! The rule that must not be broken: a command behind anything that may end the script, or may make its name stand for
//! something else, is a doubt.

use super::{
    super::workflow::expressions::UNKNOWN,
    before, is_word_of_the_language,
    scan::{After, REST, split},
};
use std::collections::BTreeSet;

/// Why what follows `||` may not be run.
const BEHIND_FAILURE: &str = "it runs only where another fails";

/// Why what follows an expression of GitHub may not be run.
const EXPRESSION: &str = "an expression whose text is not known stands before it, or in it";

/// For each of `parts`, why nobody can say that it is run.
pub(super) fn doubts(parts: &[(Vec<String>, After)]) -> Vec<Option<&'static str>> {
    const GUARDS: [&str; 11] =
        ["false", "true", ":", "[", "[[", "test", "grep", "command", "which", "type", "exit"];
    let mut all = Vec::with_capacity(parts.len());
    let (mut blocks, mut braces) = (0_usize, 0_usize);
    let mut function: Option<usize> = None;
    let mut ended = false;
    // Whether a function may end the script where it is called.
    let mut exits = false;
    let mut chain: Option<&'static str> = None;
    let mut before: Option<&(Vec<String>, After)> = None;
    let mut changes = Changes::default();
    // Whether it is a guard that fails before `||`.
    let mut is_guarded = false;
    // The command that takes the output of a substitution.
    let mut taker = "";
    // Whether GitHub has put in a text that is not known: it may end the command, and the script.
    let mut has_unknown = false;
    for (index, part) in parts.iter().enumerate() {
        let first = part.0.first().map_or("", String::as_str);
        let plain = part.0.iter().position(|word| !is_word_of_the_language(word));
        let plain = plain.map_or(&[][..], |at| &part.0[at..]);
        chain = match before {
            Some((words, After::And)) => {
                let guard = words.iter().find(|word| !is_word_of_the_language(word)).map(String::as_str);
                let is_guard = guard
                    .map(|word| if word == REST { taker } else { word })
                    .is_none_or(|word| GUARDS.contains(&word))
                    || words.first().is_some_and(|word| word == "!");
                chain.or_else(|| is_guard.then_some("a condition stands before it"))
            }
            Some((words, After::Or)) => {
                is_guarded = words.first().is_some_and(|word| word == "!")
                    || words.iter().find(|word| !is_word_of_the_language(word)).is_none_or(|word| {
                        word == REST
                            || GUARDS.contains(&word.as_str()) && word != "command" && word != "which"
                    });
                Some(BEHIND_FAILURE)
            }
            Some((_, After::Pipe)) => chain,
            _ => None,
        };
        if matches!(first, "fi" | "done" | "esac") {
            blocks = blocks.saturating_sub(1);
        }
        if matches!(first, "()" | "function") {
            function = function.or(Some(braces));
            let name =
                if first == "function" { part.0.get(1) } else { before.and_then(|(words, _)| words.last()) };
            changes.names.extend(name.map(|name| name.trim_end_matches("()").to_owned()));
        }
        before = Some(part);
        if part.0.last().is_some_and(|word| word.ends_with('$')) {
            taker = plain.first().map_or("", String::as_str);
        }
        has_unknown |= part.0.iter().any(|word| word.contains(UNKNOWN));
        all.push(match () {
            () if has_unknown => Some(EXPRESSION),
            () if ended => Some("the script may have ended before it"),
            () if function.is_some() => Some("it stands in a function"),
            () if blocks > 0 => Some("it stands in a condition or a loop"),
            () => chain.or_else(|| changes.doubt(plain)),
        });
        changes.any = changes.any.or_else(|| left(parts, index));
        let is_sure = blocks == 0 && function.is_none() && chain.is_none();
        let is_false = part.0.len() == 1 && matches!(first, "false" | "/bin/false");
        let ending = ends(plain, chain == Some(BEHIND_FAILURE));
        exits |= function.is_some() && matches!(ending, Ends::Failed);
        ended |= exits && function.is_none() && plain.first().is_some_and(|it| changes.names.contains(it));
        ended |= match ending {
            Ends::Never => false,
            // Behind a failure it ends what would have ended; behind a guard nobody knows.
            Ends::Failed => function.is_none() && (chain != Some(BEHIND_FAILURE) || is_guarded),
            Ends::Perhaps => true,
            Ends::Returned => function.is_none(),
        };
        changes.take(plain, parts.get(index + 1).map_or(&[][..], |(words, _)| words));
        ended |= is_sure && is_false && part.1 == After::End;
        if matches!(first, "if" | "for" | "while" | "until" | "case" | "select") {
            blocks += 1;
        }
        if first == "{" || (first == "function" && part.0.last().is_some_and(|it| it == "{")) {
            braces += 1;
        }
        if first == "}" {
            braces = braces.saturating_sub(1);
            function = function.filter(|outside| braces > *outside);
        }
    }
    all
}

/// Why nobody knows what is run behind one of the parts, where that is so.
fn left(parts: &[(Vec<String>, After)], index: usize) -> Option<&'static str> {
    let (words, after) = &parts[index];
    let is_arithmetic = words.as_slice() == ["("]
        && *after == After::End
        && index.checked_sub(1).is_some_and(|at| parts[at].0.as_slice() == ["("]);
    if is_arithmetic {
        return Some("what stands before it may end the script");
    }
    let at = words.iter().position(|word| !is_word_of_the_language(word))?;
    let is_asked =
        words[..at].iter().any(|word| matches!(word.as_str(), "if" | "elif" | "while" | "until" | "!"));
    let next = parts.get(index + 1).map_or(&[][..], |(words, _)| words);
    // What a substitution stands in goes on behind it.
    let opens = words.last().is_some_and(|word| word.ends_with('$'));
    let counts = !is_asked && (opens || !matches!(after, After::And | After::Or));
    before::why(&before::Told { words: &words[at..], next, counts })
}

/// Why nobody knows what is run in steps behind a script, where that is so.
#[must_use]
pub(in crate::facts::project) fn leaves(script: &str) -> Option<&'static str> {
    if let Some(why) = super::too_large(script) {
        return Some(why);
    }
    let parts = split(script);
    (0..parts.len()).find_map(|index| left(&parts, index))
}

/// Whether a command ends the script.
enum Ends {
    Never,
    /// With a failure; where a condition decides, what follows runs unless something failed.
    Failed,
    /// With a success: what follows a condition may not be run though nothing failed.
    Perhaps,
    /// A function returns, or a script.
    Returned,
}

fn ends(words: &[String], is_behind_failure: bool) -> Ends {
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let of_code = |code: Option<&&str>| match code {
        // It ends as what was before it did.
        None | Some(&("$?" | "${?}")) if is_behind_failure => Ends::Failed,
        Some(code) if code.parse::<u32>().is_ok_and(|code| code % 256 != 0) => Ends::Failed,
        _ => Ends::Perhaps,
    };
    match words.as_slice() {
        ["exit", rest @ ..] => of_code(rest.first()),
        ["return", rest @ ..] => match of_code(rest.first()) {
            Ends::Failed => Ends::Failed,
            _ => Ends::Returned,
        },
        // `exec 2>&1`
        ["exec", rest @ ..] => {
            let is_redirection = |word: &&str| {
                word.trim_start_matches(|c: char| c.is_ascii_digit()).starts_with(['<', '>', '&'])
            };
            if rest.iter().all(is_redirection) { Ends::Never } else { Ends::Perhaps }
        }
        ["kill", rest @ ..] if rest.iter().any(|word| word.contains("$$")) => Ends::Perhaps,
        ["shopt", rest @ ..] if rest.contains(&"noexec") => Ends::Perhaps,
        ["set", rest @ ..] => {
            let options = rest.iter().take_while(|word| **word != "--");
            let reads_only =
                |word: &&&str| word.starts_with('-') && word.contains(['n', 't']) || **word == "noexec";
            if options.filter(reads_only).count() > 0 { Ends::Perhaps } else { Ends::Never }
        }
        _ => Ends::Never,
    }
}

/// What a script changed of the names that it calls.
#[derive(Default)]
struct Changes {
    /// Functions and aliases.
    names: BTreeSet<String>,
    /// Why any name may stand for something else.
    any: Option<&'static str>,
    /// Whether `PATH` is being set, by what a substitution gives.
    is_path: bool,
}

impl Changes {
    /// Why the command may not be what its name says.
    fn doubt(&self, words: &[String]) -> Option<&'static str> {
        let is_changed = !self.names.is_empty() && words.iter().any(|word| self.names.contains(word));
        self.any.or_else(|| is_changed.then_some("a function or an alias of its name stands before it"))
    }

    fn take(&mut self, words: &[String], next: &[String]) {
        let Some((first, rest)) = words.split_first() else { return };
        match first.as_str() {
            "alias" => {
                self.names.extend(rest.iter().filter_map(|word| Some(word.split_once('=')?.0.to_owned())));
            }
            "hash" | "enable" => self.names.extend(rest.iter().cloned()),
            "eval" => self.any = self.any.or(Some("what `eval` runs before it is not known")),
            "." | "source" if !rest.first().is_some_and(|path| is_environment(path)) => {
                self.any = self.any.or(Some("what the script reads in before it is not known"));
            }
            _ => {}
        }
        let is_assigned = matches!(first.as_str(), "export" | "declare" | "typeset" | "readonly" | "local");
        let are_all = words.iter().all(|word| word.contains('='));
        let assigned = if is_assigned || are_all { words } else { &[] };
        let path = assigned.iter().find_map(|word| word.strip_prefix("PATH="));
        let rest = rest.first().filter(|_| self.is_path && first == REST);
        let is_known = |folder: &str| match folder {
            // What a substitution gives stands behind it.
            "$" => matches!(
                next.first().map(String::as_str),
                Some("go" | "brew" | "npm" | "yarn" | "gem" | "composer")
            ),
            _ => is_elsewhere(folder),
        };
        let is_own = path.is_some_and(|path| !path.split(':').all(is_known))
            || rest.is_some_and(|path| !path.split(':').skip(1).all(is_known));
        if is_own {
            let why = "the script looks for programs in the repository first, or somewhere unknown";
            self.any = self.any.or(Some(why));
        }
        // The commands of the substitution itself stand between.
        if path.is_some() || first == REST {
            self.is_path = path.or_else(|| rest.map(String::as_str)).is_some_and(|path| path.ends_with('$'));
        }
    }
}

/// Whether a file only sets up what was installed.
fn is_environment(path: &str) -> bool {
    [
        "/activate",
        ".cargo/env",
        "/nvm.sh",
        "/etc/profile",
        "/conda.sh",
        "/sdkman-init.sh",
        ".nvm/nvm.sh",
        "/.bashrc",
    ]
    .iter()
    .any(|end| path.ends_with(end))
}

/// Whether a folder of `PATH` is none of the repository's own.
pub(in crate::facts::project) fn is_elsewhere(folder: &str) -> bool {
    const BEGINNINGS: [&str; 14] = [
        "$PATH",
        "${PATH}",
        "$HOME",
        "${HOME}",
        "~",
        "/usr",
        "/opt",
        "/root",
        "/home",
        "/bin",
        "/sbin",
        "$GOPATH",
        "$CARGO_HOME",
        "$(go env",
    ];
    let folder = folder.trim_matches('"');
    let is_known = BEGINNINGS.iter().any(|known| folder.starts_with(known)) && !folder.contains("..");
    is_known || folder.trim_end_matches('/').ends_with("node_modules/.bin") || folder.ends_with(".venv/bin")
}
