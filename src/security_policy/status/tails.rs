//! What follows an answer in its cell: "No (cut from main)", "Deprecated — removed from PyPI".
//!
//! The rule that must not be broken: a no is kept only by a tail that neither puts it off nor takes anything out of it.

use super::super::denial::is_instead;
use super::super::lexicon::cells::REGISTRIES;
use super::super::lexicon::statuses::{
    DENIERS, ENDED, FIXED, GONE, LIMITED, NO_TURNS, OLDER, SUPPORT, WANING,
};
use super::{has_word, is_conditional};

/// Whether what follows a no leaves it one: "(cut from main)", "— use only for testing". What is `turned` may hold the no
/// to some time or some line.
pub(super) fn leaves_no(rest: &str, turned: bool) -> bool {
    let said = rest.trim_matches(|c: char| !c.is_alphanumeric());
    // What is to be done with it alone, and where something is from: no condition of the no.
    let plain = if is_instead(said) { without(rest, "only") } else { rest.to_owned() };
    // "cut from main": where it is from, and not from when on.
    let plain = if said.contains("from main") || said.contains("from master") || said.contains("from pypi") {
        without(&plain, "from")
    } else {
        plain
    };
    let is_numbered = turned && rest.contains(|c: char| c.is_ascii_digit());
    let first = said.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
    let denied = has_word(rest, DENIERS) || has_word(rest, ENDED);
    let is_promise = SUPPORT.contains(&first) && !denied;
    !is_numbered && !is_promise && !is_conditional(&plain) && !has_word(&plain, NO_TURNS)
}

/// "; upgrade to >= 2.0"
pub(super) fn is_advice(rest: &str) -> bool {
    is_instead(rest.trim_start_matches(|c: char| !c.is_alphanumeric()))
}

/// The words without one of them.
fn without(words: &str, left_out: &str) -> String {
    let is_other = |word: &&str| word.trim_matches(|c: char| !c.is_alphanumeric()) != left_out;
    words.split_whitespace().filter(is_other).collect::<Vec<_>>().join(" ")
}

/// "Archived", "Superseded by 2.x", "Deprecated — removed from PyPI": it is there no more, and nothing else is said.
pub(super) fn is_gone(words: &str) -> bool {
    let words = words.trim_matches(['.', '!', ' ']);
    if let Some(rest) = words.strip_prefix("superseded by ") {
        let (line, tail) = rest.split_once([' ', ',', ';']).unwrap_or((rest, ""));
        let is_part =
            |part: &str| part == "x" || !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
        let is_line = line.trim_start_matches('v').split('.').all(is_part) && !line.starts_with("20");
        return is_line && (tail.is_empty() || is_advice(tail));
    }
    let said: Vec<&str> =
        words.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let is_place = |from: &[&str]| matches!(from, ["from", place] if REGISTRIES.contains(place));
    match said.as_slice() {
        [gone] => GONE.contains(gone),
        [waning, gone, from @ ..] if WANING.contains(waning) => GONE.contains(gone) && is_place(from),
        [gone, from @ ..] => GONE.contains(gone) && is_place(from),
        [] => false,
    }
}

/// Words before the end without those of a way: "through hotfix/ branches".
pub(super) fn without_ways(words: &str) -> String {
    let Some((before, way)) = words.split_once("through ") else { return words.to_owned() };
    let mut said = way.split(|c: char| c.is_whitespace() || matches!(c, ')' | '.')).skip_while(|word| {
        word.ends_with('/')
            || matches!(*word, "the" | "our" | "dedicated" | "release" | "maintenance" | "hotfix")
    });
    match said.next() {
        Some("branch" | "branches" | "tags") => format!("{before}{}", said.collect::<Vec<_>>().join(" ")),
        _ => words.to_owned(),
    }
}

/// The words beside a limit: "legacy — critical fixes only".
pub(super) fn without_limit(words: &str) -> String {
    let mut left = words.replace("limited ", "");
    for older in OLDER {
        if let Some(rest) = left.strip_prefix(older) {
            left = rest.trim_start().to_owned();
        }
    }
    // Those of other languages stand in the list as phrases.
    LIMITED.iter().filter(|limit| !limit.ends_with("only")).fold(left, |left, limit| left.replace(limit, " "))
}

/// Words of what is fixed as those of fixes: "critical issues only".
pub(super) fn of_fixes(words: &str) -> String {
    let is_named = |word: &str| FIXED.contains(&word);
    words.split(' ').map(|word| if is_named(word) { "fixes" } else { word }).collect::<Vec<_>>().join(" ")
}
