//! Whether what a command ends with counts for the script.
//!
//! The rule that must not be broken: where a failure is thrown away, it is said.

use super::{
    closes,
    scan::{After, REST},
};

/// Most parts of a group that are looked through.
const GROUP_LIMIT: usize = 50;

/// For each of `parts`, whether what follows makes its failure a success.
pub(super) fn swallowed(parts: &[(Vec<String>, After)]) -> Vec<Option<&'static str>> {
    let mut all = vec![None; parts.len()];
    // Whether nothing stands behind the list that a part belongs to.
    let (mut ends_script, mut only_closed) = (true, true);
    for at in (0..parts.len()).rev() {
        if parts[at].1 == After::End {
            ends_script = only_closed;
        }
        only_closed &= closes(&parts[at].0);
        if parts[at].1 == After::Background {
            all[at] = Some("it runs in the background");
            continue;
        }
        if at + 1 == parts.len() {
            continue;
        }
        all[at] = match parts[at].1 {
            After::End => None,
            After::Pipe => all[at + 1],
            // POSIX.1-2024, `set -e`: it passes over what fails before the last `&&`.
            After::And => all[at + 1]
                .or_else(|| (!ends_script).then_some("`&&` keeps its failure from ending the script")),
            After::Background => None,
            After::Or => by_alternative(&parts[at + 1..]).or_else(|| {
                let is_false = parts[at + 1].0.iter().all(|word| word == "false" || word == "/bin/false");
                all[at + 1].filter(|_| is_false)
            }),
        };
    }
    // What is said behind a group is said of all in it.
    for at in 0..parts.len() {
        let is_rest = parts[at].0.first().is_some_and(|word| word == REST);
        let by_taker = is_rest.then(|| by_taker(&parts[at.saturating_sub(GROUP_LIMIT)..=at])).flatten();
        if let Some(why) = all[at].filter(|_| is_rest || closes(&parts[at].0)).or(by_taker) {
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

/// Why the result of a substitution counts for nothing: an assignment alone fails with it.
fn by_taker(parts: &[(Vec<String>, After)]) -> Option<&'static str> {
    let ((rest, _), before) = parts.split_last()?;
    let (taker, _) =
        before.iter().rev().find(|(words, _)| words.last().is_some_and(|word| word.ends_with('$')))?;
    let is_assignment = match taker.as_slice() {
        [word] => word.strip_suffix('$').and_then(|word| word.split_once('=')).is_some(),
        _ => false,
    };
    (rest.len() > 1 || !is_assignment).then_some("another command takes its output, and not its result")
}

/// Whether what stands between a condition and its end may end the script with a failure.
pub(super) fn fails_inside(parts: &[(Vec<String>, After)]) -> bool {
    let inner = parts
        .iter()
        .take(GROUP_LIMIT)
        .take_while(|(words, _)| !words.first().is_some_and(|word| matches!(word.as_str(), "fi" | "done")));
    let mut words =
        inner.flat_map(|(words, _)| words.windows(1).zip(1..).map(move |(_, at)| &words[at - 1..]));
    words.any(|words| match words {
        [word, code, ..] if matches!(word.as_str(), "exit" | "return") => code != "0",
        [word] => matches!(word.as_str(), "exit" | "return" | "false"),
        // What is set may be looked at later.
        [word, ..] => word.contains('='),
        [] => false,
    })
}

/// Why a word of the language takes the result of what follows it.
pub(super) fn by_word(word: &str) -> Option<&'static str> {
    match word {
        "if" => Some("`if` takes its result"),
        "elif" => Some("`elif` takes its result"),
        "while" => Some("`while` takes its result"),
        "until" => Some("`until` takes its result"),
        _ => None,
    }
}

/// Whether `shopt` switches an option of `set` on, or off: `shopt -uo errexit`.
pub(super) fn by_shopt(words: &[String], option: &str) -> (bool, bool) {
    let is_told = |letter: char| words.iter().any(|word| word.starts_with('-') && word.contains(letter));
    let is_it = words.iter().any(|word| word == option);
    (is_it && is_told('s'), is_it && is_told('u'))
}

/// Why a trap may make a failure of the script a success.
pub(super) fn by_trap(words: &[String], parts: &[(Vec<String>, After)]) -> Option<&'static str> {
    let at = words.iter().position(|word| word == "trap")?;
    let (action, signals) = words[at + 1..].split_first()?;
    let is_of_end = signals.iter().any(|it| matches!(it.as_str(), "EXIT" | "ERR" | "0" | "DEBUG"));
    // A failure it may keep: `exit 1`, `exit $?`.
    let succeeds =
        |rest: &str| !rest.trim_start().starts_with(['$', '1', '2', '3', '4', '5', '6', '7', '8', '9']);
    let exits = action.split("exit").skip(1).any(succeeds);
    let is_function = !action.contains(char::is_whitespace) && action != "-" && !action.is_empty();
    let by_function =
        || parts.iter().any(|(words, _)| words.windows(2).any(|pair| pair[0] == "exit" && pair[1] == "0"));
    (is_of_end && (exits || is_function && by_function())).then_some("a `trap` may take its result")
}

/// Why what is run in the place of a failure does not fail; nothing where it does.
fn by_alternative(rest: &[(Vec<String>, After)]) -> Option<&'static str> {
    let words: Vec<&str> = rest.first()?.0.iter().map(String::as_str).collect();
    let fails = |words: &[String]| match words {
        [word, code] => {
            matches!(word.as_str(), "exit" | "return")
                && code.parse::<u32>().map_or(true, |code| code % 256 != 0)
        }
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
