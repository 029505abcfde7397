//! The commands of a shell script, as words, and whether their failure counts.
//!
//! This is no shell: it tells which programs a script calls, from quotes, comments, here-documents and what stands
//! between commands (POSIX.1-2024, Shell Command Language, 2.2, 2.3, 2.9). The rule that must not be broken: a word in a
//! comment, in a text that is printed or in a package that is installed is no call.

mod before;
mod doubts;
mod results;
mod scan;
mod strange;
mod writes;

pub(super) use before::is_manifest;
pub(super) use doubts::{is_elsewhere, leaves};
use scan::{After, REFUSED, REST, split};
pub(super) use strange::too_large;

/// The longest name of a folder that is followed, in bytes.
const LONGEST_FOLDER: usize = 200;

/// Why a failure counts for nothing in a script without `set -e`.
const GOES_ON: &str = "the script goes on after it, without `set -e`";

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

/// What a shell makes of failures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// Whether it ends with the first of them, as `set -e` says.
    pub errexit: bool,
    /// Whether each command of a pipeline counts; otherwise the last alone.
    pub pipefail: bool,
}

/// Whether a script fails whatever happens: it has an `exit 1` or a `false` that nothing stands before.
#[must_use]
pub fn always_fails(script: &str) -> bool {
    commands(script, false).iter().any(|command| command.fails)
}

/// The commands of `script`. With `pipefail`, each command of a pipeline counts; otherwise the last alone.
#[must_use]
pub fn commands(script: &str, pipefail: bool) -> Vec<Command> {
    commands_of(script, Options { errexit: true, pipefail })
}

/// The commands of a script that is run with these options.
#[must_use]
pub fn commands_of(script: &str, options: Options) -> Vec<Command> {
    if let Some(why) = too_large(script) {
        // What is in it may be named, and is not run.
        let words = vec!["(".to_owned()];
        return vec![Command { words, harmless: None, doubt: Some(why), fails: false, folder: None }];
    }
    let mut parts = split(script);
    let unclear = strange::is_unclear(script, &parts);
    parts.retain(|(words, _)| words.first().is_none_or(|word| word != REFUSED));
    let swallowed = results::swallowed(&parts);
    let doubts = doubts::doubts(&parts);
    let mut pipefail = options.pipefail;
    let mut lenient = (!options.errexit).then_some(GOES_ON);
    let mut trapped = None;
    let mut folder = None;
    // What a substitution changes, it changes for itself.
    let mut outside = Vec::new();
    let mut commands = Vec::new();
    let last = parts.iter().rposition(|(words, _)| !closes(words)).unwrap_or_default();
    for (index, (words, after)) in parts.iter().enumerate() {
        let is_before = |word: &str| matches!(word, "command" | "builtin");
        let mut plain = words.iter().filter(|word| !is_word_of_the_language(word) && !is_before(word));
        let first = plain.next().map_or("", String::as_str);
        if first == "shopt" {
            let (is_on, is_off) = results::by_shopt(words, "errexit");
            lenient = if is_on { None } else { lenient.or_else(|| is_off.then_some("`set +e`")) };
            pipefail &= !results::by_shopt(words, "pipefail").1;
        }
        if first == "set" {
            let pair =
                |sign: &str, name: &str| words.windows(2).any(|it| it[0].starts_with(sign) && it[1] == name);
            pipefail = (pipefail || words.iter().any(|word| word == "pipefail")) && !pair("+", "pipefail");
            let is_off =
                words.iter().any(|word| word.starts_with('+') && word.contains('e')) || pair("+", "errexit");
            let is_on = words
                .iter()
                .any(|word| word.starts_with('-') && !word.starts_with("--") && word.contains('e'))
                || pair("-", "errexit");
            lenient = if is_on { None } else { lenient.or_else(|| is_off.then_some("`set +e`")) };
        }
        trapped = trapped.or_else(|| results::by_trap(words, &parts));
        let harmless = if *after == After::Pipe && !pipefail {
            Some("a pipe hides its result")
        } else if *after == After::Background {
            Some("it runs in the background")
        } else if words.first().is_some_and(|word| word == "!") {
            Some("`!` turns its result round")
        } else if let [word, next, ..] = words.as_slice()
            && (next != "!" || !results::fails_inside(&parts[index..]))
            && let Some(why) = results::by_word(word)
        {
            Some(why)
        } else if let Some(why) = lenient.filter(|_| index < last) {
            Some(why)
        } else {
            trapped.or(swallowed[index]).or_else(|| by_option(words))
        };
        if words.last().is_some_and(|word| word.ends_with('$')) {
            outside.push(folder.clone());
        }
        if words.first().is_some_and(|word| word == REST) {
            folder = outside.pop().unwrap_or(folder);
            continue;
        }
        let words: Vec<String> =
            words.iter().filter(|word| !is_word_of_the_language(word)).cloned().collect();
        if words.is_empty() {
            continue;
        }
        let doubt = doubts[index].or(unclear);
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
            is_failure && harmless.is_none_or(|why| matches!(why, "`set +e`" | GOES_ON))
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
    let folder = folder.filter(|_| !to.starts_with('/'));
    let mut segments: Vec<&str> =
        folder.map(|it| it.split('/').filter(|it| !it.is_empty()).collect()).unwrap_or_default();
    for segment in to.split('/') {
        match segment {
            "" | "." => {}
            ".." if segments.last().is_some_and(|last| *last != "..") => drop(segments.pop()),
            other => segments.push(other),
        }
    }
    // A hostile path grows no further.
    segments.truncate(16);
    let is_absolute = to.starts_with('/') || folder.is_some_and(|it| it.starts_with('/'));
    let root = if is_absolute { "/" } else { "" };
    (!segments.is_empty() || is_absolute).then(|| format!("{root}{}", segments.join("/")))
}

/// Whether the command was told not to fail.
pub(super) fn by_option(words: &[String]) -> Option<&'static str> {
    let zero = words.windows(2).any(|pair| pair[0] == "--exit-code" && pair[1] == "0");
    match () {
        () if words.iter().any(|word| word == "--exit-zero") => Some("`--exit-zero`"),
        () if zero || words.iter().any(|word| word == "--exit-code=0") => Some("`--exit-code 0`"),
        () if words.iter().any(|word| word == "--soft-fail") => Some("`--soft-fail`"),
        () if words.iter().any(|word| word == "-no-fail") => Some("`-no-fail`"),
        () if words.iter().any(|word| word == "--no-exit-on-warn") => Some("`--no-exit-on-warn`"),
        () => None,
    }
}

/// Whether a part only closes what others opened.
fn closes(words: &[String]) -> bool {
    match words {
        [word] => matches!(word.as_str(), ")" | "}" | "fi" | "done" | "esac" | REST),
        _ => false,
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
