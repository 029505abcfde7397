//! What tells a promise from an example, a condition, advice and a denial.

use crate::security_policy::lexicon::sentences::{ABOUT, ADVICE, DENIED, FAVOURS, LATER, NOW, PROMISES};
use crate::security_policy::words::is_development;
use std::borrow::Cow;

/// The sentence without examples in parentheses, and without what "stable" means: `(N, e.g. 1.8)`, `(not beta)`.
pub(super) fn without_examples(text: &str) -> Cow<'_, str> {
    let is_example = |aside: &str| {
        let mut words = words(aside).into_iter();
        let (first, second) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
        let is_one = matches!(first.as_str(), "e.g" | "n" | "n-1" | "n+1")
            || matches!((first.as_str(), second.as_str()), ("for", "example" | "instance") | ("such", "as"));
        (is_one || is_no_pre_release(aside)) && !aside.contains('(')
    };
    let mut kept = Cow::Borrowed(text);
    loop {
        let example = asides(&kept).into_iter().find(|(open, close)| is_example(&kept[open + 1..*close]));
        let Some((open, close)) = example else { return kept };
        kept = Cow::Owned(format!("{}{}", kept[..open].trim_end(), &kept[close + 1..]));
    }
}

/// "not beta", "i.e. no release candidates": what is no stable release.
fn is_no_pre_release(aside: &str) -> bool {
    let words = words(aside);
    let rest = words.strip_prefix(&["i.e".to_owned()]).unwrap_or(&words);
    let Some((no, kinds)) = rest.split_first() else { return false };
    let known = |word: &String| {
        is_development(word) || matches!(word.as_str(), "or" | "a" | "an" | "releases" | "versions")
    };
    matches!(no.as_str(), "not" | "no")
        && kinds.iter().any(|word| is_development(word))
        && kinds.iter().all(known)
}

/// Where the parentheses of a sentence open and close.
fn asides(text: &str) -> Vec<(usize, usize)> {
    text.match_indices('(').filter_map(|(open, _)| Some((open, open + text[open..].find(')')?))).collect()
}

/// The sentence without a last clause that denies all that is older: "...; older versions are not supported".
pub(super) fn without_the_rest(text: &str) -> &str {
    let between = ["; ", ", and ", ", but ", ", so ", ", while ", " – ", " — ", " -- "];
    let cut = between.iter().filter_map(|mark| text.find(mark).map(|at| (at, at + mark.len()))).min();
    let Some((head, tail)) = cut.map(|(at, end)| (&text[..at], words(&text[end..]))) else { return text };
    let any = |list: &[&str]| tail.iter().any(|word| list.contains(&word.as_str()));
    let lower = tail.join(" ");
    let denies = is_denied(&lower) || any(&["not"]) || denies_older(&tail);
    let says_more = any(&["unless", "except", "if", "until", "but", "only", "latest", "newest"])
        || tail.iter().any(|word| is_number(word))
        || has_window(&tail);
    let promises = !is_denied(&words(head).join(" "));
    if denies && promises && !says_more && any(&["older", "previous", "earlier", "prior", "other", "old"]) {
        head
    } else {
        text
    }
}

/// "no older releases receive fixes"
fn denies_older(tail: &[String]) -> bool {
    let older = ["older", "previous", "earlier", "prior", "other", "old"];
    matches!(tail, [no, age, ..] if no == "no" && older.contains(&age.as_str()))
}

/// Whether the first clause promises what a later one takes back.
pub(super) fn promises_first(text: &str) -> bool {
    let lower = text.to_lowercase();
    let end = [";", ",", " but ", " while ", " whereas ", " – ", " — "]
        .iter()
        .filter_map(|mark| lower.find(mark))
        .min();
    end.is_some_and(|end| {
        let first = words(&lower[..end]).join(" ");
        first.split(' ').any(|word| PROMISES.contains(&word)) && !is_denied(&first)
    })
}

/// Whether a promise stands before the first denial: "1.x is supported and 2.x is not supported".
pub(super) fn promises_before_denial(lower: &str) -> bool {
    let denial = DENIED.iter().filter_map(|phrase| lower.find(phrase)).min().unwrap_or_default();
    lower[..denial].split(' ').any(|word| PROMISES.contains(&word))
}

/// The words without those that say "now" at their beginning, and without "only".
pub(super) fn without_lead(mut words: &[String]) -> &[String] {
    while let Some(lead) = NOW.iter().find(|lead| starts_with(words, lead)) {
        words = &words[lead.len()..];
    }
    words
}

fn starts_with(words: &[String], lead: &[&str]) -> bool {
    words.len() > lead.len() && words.iter().zip(lead).all(|(word, lead)| word == lead)
}

/// "Starting at v2.0, ...", "As of June 2027, ...": a promise from a version or a day on.
pub(super) fn begins_later(text: &str, words: &[String]) -> bool {
    let lead = match words {
        [first, next, ..] => LATER.contains(&first.as_str()) || first == "as" && next == "of",
        _ => false,
    };
    let head = text.split_once(", ").map(|(head, _)| head);
    lead && head.is_some_and(|head| head.contains(|c: char| c.is_ascii_digit()))
}

/// "on a best-effort basis", "case by case": a hope, and no promise.
pub(super) fn is_favour(lower: &str) -> bool {
    FAVOURS.iter().any(|phrase| lower.contains(phrase))
}

/// Whether the word is a version, a year or another number.
pub(super) fn is_number(word: &str) -> bool {
    word.trim_start_matches('v').starts_with(|c: char| c.is_ascii_digit())
}

/// The words in lower case, without the marks around them.
pub(super) fn words(text: &str) -> Vec<String> {
    text.split_whitespace()
        .map(|word| {
            word.trim_matches(|c: char| {
                matches!(c, ',' | '.' | ';' | ':' | '"' | '(' | ')' | '[' | ']' | '*' | '`' | '_' | '!')
            })
            .to_lowercase()
        })
        .filter(|word| !word.is_empty())
        .collect()
}

pub(super) fn is_example(words: &[String]) -> bool {
    let head: Vec<&str> = words.iter().take(2).map(String::as_str).collect();
    matches!(head.as_slice(), ["e.g" | "example" | "i.e" | "note", ..] | ["for", "example" | "instance"])
}

pub(super) fn is_conditional(words: &[String]) -> bool {
    matches!(
        words.first().map(String::as_str),
        Some("if" | "when" | "once" | "in" | "where" | "since" | "after" | "while" | "unless")
    ) && !(words.first().is_some_and(|word| word == "in")
        && words.get(1).is_some_and(|word| word == "general"))
}

pub(super) fn is_advice(lower: &str) -> bool {
    advice_at(lower).is_some()
}

/// Where advice begins.
pub(super) fn advice_at(lower: &str) -> Option<usize> {
    ADVICE.iter().filter_map(|phrase| lower.find(phrase)).min()
}

pub(super) fn is_about_support(lower: &str) -> bool {
    lower.split(' ').any(|word| ABOUT.contains(&word)) || lower.contains("report issues for")
}

pub(super) fn is_denied(lower: &str) -> bool {
    DENIED.iter().any(|phrase| lower.contains(phrase))
}

/// "for a period of one year", "for 6 months", "All versions if": a promise that a row cannot hold.
pub(super) fn has_window(words: &[String]) -> bool {
    let units = ["year", "years", "month", "months", "weeks", "days"];
    words.iter().enumerate().any(|(at, word)| {
        units.contains(&word.as_str())
            && words[at.saturating_sub(5)..at]
                .iter()
                .any(|word| matches!(word.as_str(), "for" | "within" | "least" | "minimum" | "period"))
    })
}
