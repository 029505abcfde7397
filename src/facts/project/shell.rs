//! The commands of a shell script, as words, and whether their failure counts.
//!
//! This is no shell: it tells which programs a script calls, from quotes, comments, here-documents and what stands
//! between commands (POSIX.1-2024, Shell Command Language, 2.2, 2.3, 2.9). The rule that must not be broken: a word in a
//! comment, in a text that is printed or in a package that is installed is no call.

mod scan;

use scan::{After, split};

/// Most parts of a group that are looked through.
const GROUP_LIMIT: usize = 50;

/// The longest name of a folder that is followed, in bytes.
const LONGEST_FOLDER: usize = 200;

/// A command of a script.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Command {
    /// Its words, without quotes.
    pub words: Vec<String>,
    /// Why its failure does not fail the script, where that is so.
    pub harmless: Option<&'static str>,
    /// Why nobody can say that it is run, where that is so.
    pub doubt: Option<&'static str>,
    /// Whether the script ends here in any case, and has failed.
    pub fails: bool,
    /// The folder that it runs in, below the one that the script began in; `None` where it is that one.
    pub folder: Option<String>,
}

/// Whether a script fails whatever happens: it has an `exit 1` or a `false` that nothing stands before.
#[must_use]
pub fn always_fails(script: &str) -> bool {
    commands(script, false).iter().any(|command| command.fails)
}

/// The commands of `script`. With `pipefail`, each command of a pipeline counts; otherwise the last alone.
#[must_use]
pub fn commands(script: &str, pipefail: bool) -> Vec<Command> {
    let parts = split(script);
    let swallowed = swallowed(&parts);
    let doubts = doubts(&parts);
    let mut pipefail = pipefail;
    let mut lenient = false;
    let mut folder = None;
    let mut commands = Vec::new();
    for (index, (words, after)) in parts.iter().enumerate() {
        if words.first().is_some_and(|word| word == "set") {
            let has = |option: &str| words.iter().any(|word| word == option);
            pipefail |= has("pipefail");
            let is_off = words.iter().any(|word| word.starts_with('+') && word.contains('e'))
                || words.windows(2).any(|pair| pair[0] == "+o" && pair[1] == "errexit");
            lenient = (lenient || is_off) && !words.iter().any(|word| word.starts_with("-e"));
        }
        let is_last = index + 1 == parts.len();
        let harmless = if *after == After::Pipe && !pipefail {
            Some("a pipe hides its result")
        } else if *after == After::Background {
            Some("it runs in the background")
        } else if words.first().is_some_and(|word| word == "!") {
            Some("`!` turns its result round")
        } else if matches!(words.as_slice(), [word, next, ..] if word == "if" && next != "!") {
            Some("`if` takes its result")
        } else if lenient && !is_last {
            Some("`set +e`")
        } else {
            swallowed[index].or_else(|| by_option(words))
        };
        let words: Vec<String> =
            words.iter().filter(|word| !is_word_of_the_language(word)).cloned().collect();
        if words.is_empty() {
            continue;
        }
        let doubt = doubts[index];
        let is_sure = doubt.is_none() && *after == After::End;
        let fails = is_sure && fails(&words, harmless);
        commands.push(Command { harmless, doubt, fails, folder: folder.clone(), words });
        let words = &commands[commands.len() - 1].words;
        folder = behind(words, folder);
    }
    commands
}

/// Whether a command that is run ends the script with a failure.
fn fails(words: &[String], harmless: Option<&str>) -> bool {
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["false" | "/bin/false"] => harmless.is_none(),
        // Whatever `set` says, it exits.
        ["exit", code] => {
            let is_failure = code.parse::<u32>().is_ok_and(|code| code % 256 != 0);
            is_failure && harmless.is_none_or(|why| why == "`set +e`")
        }
        _ => false,
    }
}

/// The folder after a command: `cd` leads to another one, and one that is not understood nobody knows where.
fn behind(words: &[String], folder: Option<String>) -> Option<String> {
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["cd" | "pushd", to] if to.starts_with(['$', '/', '~']) => {
            let is_root = matches!(*to, "$GITHUB_WORKSPACE" | "${GITHUB_WORKSPACE}" | "$CI_PROJECT_DIR");
            (!is_root).then(|| to.chars().take(LONGEST_FOLDER).collect())
        }
        ["cd" | "pushd", to] if to.len() <= LONGEST_FOLDER => within(folder.as_deref(), to),
        ["cd" | "pushd" | "popd", ..] => Some("a folder that is not known".to_owned()),
        _ => folder,
    }
}

/// A folder within another, both relative; `None` for the root.
#[must_use]
pub fn within(folder: Option<&str>, to: &str) -> Option<String> {
    let mut segments: Vec<&str> = folder.map(|it| it.split('/').collect()).unwrap_or_default();
    for segment in to.split('/') {
        match segment {
            "" | "." => {}
            ".." if segments.last().is_some_and(|last| *last != "..") => drop(segments.pop()),
            other => segments.push(other),
        }
    }
    // A hostile path grows no further.
    segments.truncate(16);
    (!segments.is_empty()).then(|| segments.join("/"))
}

/// For each of `parts`, whether what follows makes its failure a success.
fn swallowed(parts: &[(Vec<String>, After)]) -> Vec<Option<&'static str>> {
    let mut all = vec![None; parts.len()];
    for at in (0..parts.len().saturating_sub(1)).rev() {
        all[at] = match parts[at].1 {
            After::End => None,
            After::And | After::Pipe => all[at + 1],
            After::Background => Some("it runs in the background"),
            After::Or => by_alternative(&parts[at + 1..]),
        };
    }
    // What is said behind a group is said of all in it.
    for at in 0..parts.len() {
        let closes = |word: &str| matches!(word, ")" | "}" | "fi" | "done" | "esac");
        let is_close = parts[at].0.len() == 1 && closes(&parts[at].0[0]);
        if let Some(why) = all[at].filter(|_| is_close) {
            for before in (at.saturating_sub(GROUP_LIMIT)..at).rev() {
                all[before] = all[before].or(Some(why));
                let words = &parts[before].0;
                let opens = words.first().is_some_and(|word| {
                    matches!(word.as_str(), "(" | "{" | "if" | "for" | "while" | "until" | "case")
                }) || words.last().is_some_and(|word| word.ends_with('$'));
                if opens {
                    break;
                }
            }
        }
    }
    all
}

/// For each of `parts`, why nobody can say that it is run.
fn doubts(parts: &[(Vec<String>, After)]) -> Vec<Option<&'static str>> {
    const GUARDS: [&str; 11] =
        ["false", "true", ":", "[", "[[", "test", "grep", "command", "which", "type", "exit"];
    let mut all = Vec::with_capacity(parts.len());
    let (mut blocks, mut braces) = (0_usize, 0_usize);
    let mut function: Option<usize> = None;
    let mut ended = false;
    let mut chain: Option<&'static str> = None;
    let mut before: Option<&(Vec<String>, After)> = None;
    for part in parts {
        let first = part.0.first().map_or("", String::as_str);
        chain = match before {
            Some((words, After::And)) => {
                let is_guard = words.iter().find(|word| !is_word_of_the_language(word));
                let is_guard = is_guard.is_none_or(|word| GUARDS.contains(&word.as_str()));
                chain.or_else(|| is_guard.then_some("a condition stands before it"))
            }
            Some((_, After::Or)) => Some("it runs only where another fails"),
            Some((_, After::Pipe)) => chain,
            _ => None,
        };
        before = Some(part);
        if matches!(first, "fi" | "done" | "esac") {
            blocks = blocks.saturating_sub(1);
        }
        if matches!(first, "()" | "function") {
            function = function.or(Some(braces));
        }
        all.push(match () {
            () if ended => Some("the script may have ended before it"),
            () if function.is_some() => Some("it stands in a function"),
            () if blocks > 0 => Some("it stands in a condition or a loop"),
            () => chain,
        });
        let is_sure = blocks == 0 && function.is_none() && chain.is_none();
        let is_false = part.0.len() == 1 && matches!(first, "false" | "/bin/false");
        ended |= is_sure && matches!(first, "exit" | "return" | "exec");
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

/// Why what is run in the place of a failure does not fail; nothing where it does.
fn by_alternative(rest: &[(Vec<String>, After)]) -> Option<&'static str> {
    let words: Vec<&str> = rest.first()?.0.iter().map(String::as_str).collect();
    let fails = |words: &[String]| match words {
        [word, code] => matches!(word.as_str(), "exit" | "return") && code != "0",
        [word] => matches!(word.as_str(), "exit" | "return" | "false"),
        _ => false,
    };
    match words.as_slice() {
        ["true" | "/bin/true", ..] => Some("`|| true`"),
        [":", ..] => Some("`|| :`"),
        ["exit", "0"] => Some("`|| exit 0`"),
        ["(" | "{", ..] => {
            let inner = rest.iter().take(10);
            let mut inner = inner.map(|(words, _)| words.strip_prefix(&["{".to_owned()]).unwrap_or(words));
            (!inner.any(fails)).then_some("`||` takes its place")
        }
        ["echo" | "printf", ..] => Some("`|| echo`"),
        _ if fails(&rest[0].0) => None,
        _ => Some("`||` takes its place"),
    }
}

/// Whether the command was told not to fail.
fn by_option(words: &[String]) -> Option<&'static str> {
    let zero = words.windows(2).any(|pair| pair[0] == "--exit-code" && pair[1] == "0");
    match () {
        () if words.iter().any(|word| word == "--exit-zero") => Some("`--exit-zero`"),
        () if zero || words.iter().any(|word| word == "--exit-code=0") => Some("`--exit-code 0`"),
        () if words.iter().any(|word| word == "--soft-fail") => Some("`--soft-fail`"),
        () => None,
    }
}

fn is_word_of_the_language(word: &str) -> bool {
    matches!(
        word,
        "if" | "then"
            | "else"
            | "elif"
            | "fi"
            | "do"
            | "done"
            | "while"
            | "until"
            | "!"
            | "{"
            | "}"
            | "("
            | ")"
            | "()"
    )
}

#[cfg(test)]
mod tests;
