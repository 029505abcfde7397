//! What a command leaves to those behind it: whether it may end the script, or change what is looked at or run.
//!
//! The rule that must not be broken: an ending, or a change of lock files, settings or programs, is a doubt about
//! everything behind it.

use super::{super::shells, writes};

/// The words of a command, and what stands around it.
pub(super) struct Told<'a> {
    pub(super) words: &'a [String],
    /// The words of the command behind it: of a substitution, where the last word opens one.
    pub(super) next: &'a [String],
    /// Whether its result ends the script where it is a failure.
    pub(super) counts: bool,
}

const ENDS: &str = "what stands before it may end the script";
const OTHER_FILES: &str = "what stands before it may change the files that it looks at";
const OTHER_SETTINGS: &str = "what stands before it may change its settings";
const OTHER_PROGRAMS: &str = "what stands before it may change which program is run";
const OTHER_FOLDER: &str = "the folder that it runs in is not known";

/// Why what stands behind the command may not be run, or be something else, where that is so.
pub(super) fn why(told: &Told<'_>) -> Option<&'static str> {
    let words: Vec<&str> = told.words.iter().map(String::as_str).collect();
    let words = plain(&words);
    ends(words, told).or_else(|| changes(words, told.next))
}

/// The words without those that only start a program.
fn plain<'a>(words: &'a [&'a str]) -> &'a [&'a str] {
    let is_skipped = |word: &&&str| {
        let is_assignment = word.split_once('=').is_some_and(|(name, _)| {
            !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
        });
        matches!(**word, "command" | "builtin" | "env" | "sudo" | "time" | "nohup" | "-E") || is_assignment
    };
    let skipped = words.iter().take_while(is_skipped).count();
    // An assignment alone is a command.
    if skipped == words.len() { words } else { &words[skipped..] }
}

fn ends(words: &[&str], told: &Told<'_>) -> Option<&'static str> {
    let (first, rest) = words.split_first()?;
    let is_started = words.len() < told.words.len();
    let of_shell = || rest.iter().any(|word| word.starts_with('-') && word.contains('c'));
    let text_ends = || {
        let ends = ["exit", "false", "kill", "exec", "test ", "[", "((", "return", "logout", "$"];
        rest.iter().any(|word| ends.iter().any(|end| word.contains(end)))
    };
    let is_one = match *first {
        "logout" | "kill" | "pkill" | "killall" | "shutdown" | "reboot" | "halt" | "poweroff" | "suspend"
        | "ulimit" => true,
        "exec" | "exit" | "return" | "false" => is_started,
        "let" | "[" | "[[" | "test" | "read" => told.counts,
        "sh" | "bash" | "dash" | "zsh" => of_shell() && text_ends(),
        "sleep" => !rest.iter().all(|time| is_short(time)),
        // What a substitution gives is run; a program in the folder that it gives is.
        "$" => !matches!(told.next.first().map(String::as_str), Some("go" | "brew" | "npm")),
        name => {
            let is_number = name.bytes().all(|byte| byte.is_ascii_digit());
            is_number || (name.starts_with('$') && !name.contains('/'))
        }
    };
    // `${x:?}` (POSIX.1-2024, 2.6.2)
    let asks = |word: &&str| {
        let mut inner = word.split("${").skip(1);
        inner.any(|inner| inner.split('}').next().is_some_and(|inner| inner.contains('?')))
    };
    (is_one || words.iter().any(asks)).then_some(ENDS)
}

/// Whether `sleep` waits an hour at most.
fn is_short(time: &str) -> bool {
    let (number, unit) = match time.strip_suffix(['s', 'm', 'h', 'd']) {
        Some(number) => (number, &time[number.len()..]),
        None => (time, "s"),
    };
    let factor = match unit {
        "m" => 60,
        "h" => 3600,
        "d" => 86_400,
        _ => 1,
    };
    number.parse::<u32>().is_ok_and(|number| u64::from(number) * factor <= 3600)
}

fn changes(words: &[&str], next: &[String]) -> Option<&'static str> {
    if targets(words).any(is_setting) {
        return Some(OTHER_SETTINGS);
    }
    if writes::replaces_program(words, next) {
        return Some(OTHER_PROGRAMS);
    }
    if writes::changes_list(words) {
        return Some(OTHER_FILES);
    }
    let (first, rest) = words.split_first()?;
    let operands = || rest.iter().copied().filter(|word| !word.starts_with('-'));
    let last = operands().next_back().unwrap_or_default();
    // What of the root a pattern stands for is not known.
    let is_pattern = |path: &str| path.contains(['*', '?', '[']) && !path.contains('/');
    match *first {
        "rm" | "mv" | "unlink" | "shred" | "truncate"
            if operands().any(|path| is_all_or_manifest(path) || is_pattern(path)) =>
        {
            Some(OTHER_FILES)
        }
        "tee" if operands().any(|path| is_all_or_manifest(path) || is_setting(path)) => Some(OTHER_FILES),
        "cp" | "install" | "rsync" | "dd" if is_all_or_manifest(last) || is_setting(last) => {
            Some(OTHER_FILES)
        }
        "ln" if last.contains("/bin") || last.contains('$') || is_all_or_manifest(last) => {
            Some(OTHER_PROGRAMS)
        }
        "git" => {
            let command = rest.iter().find(|word| !word.starts_with('-')).copied().unwrap_or_default();
            let is_one = matches!(
                command,
                "rm" | "mv"
                    | "checkout"
                    | "switch"
                    | "reset"
                    | "restore"
                    | "clean"
                    | "stash"
                    | "apply"
                    | "am"
                    | "cherry-pick"
                    | "merge"
                    | "pull"
                    | "rebase"
                    | "revert"
                    | "worktree"
                    | "read-tree"
                    | "sparse-checkout"
            );
            is_one.then_some(OTHER_FILES)
        }
        "npm" | "yarn" | "pnpm" | "pip" | "pip3" | "composer" | "bundle" | "poetry" => {
            let is_one =
                matches!(rest, ["config", "set" | "delete" | "unset" | "edit", ..] | ["set" | "c", ..])
                    || matches!((*first, rest), ("composer" | "bundle" | "poetry", ["config", ..]));
            is_one.then_some(OTHER_SETTINGS)
        }
        "cd" | "pushd" if last.ends_with('$') => {
            let is_root = next.iter().map(String::as_str).eq(["git", "rev-parse", "--show-toplevel"]);
            (!is_root).then_some(OTHER_FOLDER)
        }
        "export" | "declare" | "typeset" | "readonly" => variables(rest),
        _ => variables(words),
    }
}

/// What is set for those behind it.
fn variables(words: &[&str]) -> Option<&'static str> {
    if !words.iter().all(|word| word.contains('=') || word.starts_with('-')) {
        return None;
    }
    let set = words.iter().filter_map(|word| word.split_once('='));
    // What is put into `PATH` is looked at elsewhere.
    let mut set = set.filter(|(name, _)| *name != "PATH");
    set.any(|(name, value)| shells::by_variable(name).or_else(|| shells::by_value(name, value)).is_some())
        .then_some(OTHER_SETTINGS)
}

/// The files that redirections write.
pub(super) fn targets<'a>(words: &'a [&'a str]) -> impl Iterator<Item = &'a str> {
    words.iter().enumerate().filter_map(|(at, word)| {
        let (_, target) = word.rsplit_once('>')?;
        let target = target.trim_start_matches(['|', '&']);
        if target.is_empty() { words.get(at + 1).copied() } else { Some(target) }
    })
}

fn is_setting(path: &str) -> bool {
    const ENDS: [&str; 10] = [
        "npmrc",
        ".yarnrc",
        ".yarnrc.yml",
        "pip.conf",
        ".cargo/config",
        ".cargo/config.toml",
        ".bashrc",
        ".profile",
        "trivy.yaml",
        ".pypirc",
    ];
    ENDS.iter().any(|end| path.ends_with(end))
}

/// Whether a file may be one that tells of dependencies.
pub(in crate::facts::project) fn is_manifest(path: &str) -> bool {
    const PARTS: [&str; 13] = [
        "lock",
        "package.json",
        "shrinkwrap",
        "go.mod",
        "go.sum",
        "requirements",
        "pyproject",
        "Gemfile",
        "pom.xml",
        "composer",
        "Cargo.toml",
        "gradle",
        ".csproj",
    ];
    let is_far = path.starts_with("/tmp/") || path.contains("node_modules") || path.starts_with("/var/");
    !is_far && PARTS.iter().any(|part| path.contains(part))
}

pub(super) fn is_all_or_manifest(path: &str) -> bool {
    let rest = path.trim_start_matches("./");
    is_manifest(path)
        || matches!(rest, "" | "." | ".." | "/" | "~" | ".git")
        || rest.starts_with(['*', '$', '?', '{', '['])
        || rest.starts_with("../")
}

/// Whether a file is the repository's own.
pub(super) fn is_own(path: &str) -> bool {
    path.starts_with("./")
        || ["bin/", "scripts/", "tools/", "ci/", ".github/"].iter().any(|it| path.starts_with(it))
}
