//! What a denial denies: support as a whole, or something else beside it.
//!
//! The rule that must not be broken: a sentence that denies another thing than support, or promises some of it in a
//! further clause, denies nothing that is checked.

use super::signs::{is_advice, is_denied, words};
use crate::security_policy::lexicon::denied::{ADVERBS, OF_FORKS, OF_SUPPORT, PROBLEMS, PROMISING};
use crate::security_policy::lexicon::sentences::NEEDS;

/// Whether a denial of a line is one of something else: "no longer in beta", "no updates other than security fixes".
pub(super) fn is_of_another(text: &str) -> bool {
    let words = words(text);
    let has_other =
        words.windows(2).any(|two| matches!(two[0].as_str(), "other" | "else") && two[1] == "than");
    has_other || is_of_problems(&words) || ends_another(&words) || promises_more(text)
}

/// "Beta versions >= 2.0 are not supported": of a part of what the range names.
pub(super) fn is_of_a_part(text: &str) -> bool {
    words(text).iter().any(|word| OF_FORKS.contains(&word.as_str()))
}

/// "no security issues"
fn is_of_problems(words: &[String]) -> bool {
    let is_problem = |word: &String| PROBLEMS.contains(&word.as_str());
    words.iter().enumerate().any(|(at, word)| {
        let behind = words[at + 1..].iter().take(3);
        word == "no" && behind.take_while(|word| *word != "fixes" && *word != "for").any(is_problem)
    })
}

/// "no longer the default", "no longer in beta": whether what is no longer so is not support.
fn ends_another(words: &[String]) -> bool {
    (1..words.len()).filter(|&at| words[at - 1] == "no" && words[at] == "longer").any(|at| {
        let said = words[at + 1..].iter().find(|word| !ADVERBS.contains(&word.as_str()));
        said.is_some_and(|word| !OF_SUPPORT.contains(&word.as_str()))
    })
}

/// "not actively developed, only maintained": whether a further clause promises something.
fn promises_more(text: &str) -> bool {
    let marks = [',', ';', '—', '–', '('];
    let lower = text.to_lowercase().replace(" but ", ", but ");
    lower.split(marks).skip(1).any(|clause| {
        let words = words(clause);
        let has = |list: &[&str]| words.iter().any(|word| list.contains(&word.as_str()));
        let denies = is_denied(&words.join(" ")) || has(&["not", "no", "nor", "neither", "unsupported"]);
        has(PROMISING) && !denies && !is_advice(clause) && !has(NEEDS) && !has(&["use", "please", "upgrade"])
    })
}
