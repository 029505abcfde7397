//! What a sentence beside a table says of lines that it names: when their support ends, that they alone are supported, or
//! what is not understood.
//!
//! The rule that must not be broken: a sentence about the support of a line leaves the promise of its row only where each
//! of its words is known to leave it; one with a condition, or about another thing, is none about support.

use super::Range;
use super::amends::Amends;
use super::lexicon::against::AGAINST;
use super::lexicon::amends::{BESIDE_NUMBERS, NO_DENIALS};
use super::lexicon::beside::{DENYING, LIMITING, OF_SUPPORT};
use super::lexicon::bounds::{
    ACTS, ENDING, ENDS, FADING, NEWEST, NOUNS, OF_TIMES, ONLY, OPEN, ORDINARY, PROMISING, STATES, TO_LINES,
};
use super::lexicon::retractions::IF;
use super::prose;
use super::retraction;
use super::selector::Selector;
use super::until::{self, MONTHS, Until};
use super::vocabulary::{Reading, is_understood};
use super::words::is_platform;

/// The longest sentence that is looked at.
const LONGEST: usize = 600;

/// What a sentence says of the lines that it names, if anything.
pub(super) fn read(sentence: &str) -> Option<Amends> {
    let lines = named(sentence);
    let words = retraction::words(sentence);
    let has = |list: &[&str]| words.iter().any(|word| list.contains(&word.as_str()));
    if lines.is_empty() || is_conditional(&words) || is_of_another(&words) {
        return None;
    }
    if let Some(end) = end(sentence) {
        return Some(Amends::Until(lines, end));
    }
    if has(NEWEST) || words.iter().any(|word| is_platform(word)) {
        return None;
    }
    (!is_example(&words) && is_in_doubt(sentence)).then_some(Amends::Lines(lines))
}

/// The lines that a sentence supports alone: "Only 3.x is supported."
pub(super) fn only(sentence: &str) -> Option<Vec<Range>> {
    if sentence.len() > LONGEST {
        return None;
    }
    let words = retraction::words(sentence);
    let has = |list: &[&str]| words.iter().any(|word| list.contains(&word.as_str()));
    let is_plain = !is_conditional(&words)
        && !is_of_another(&words)
        && !is_example(&words)
        && !has(NEWEST)
        && !words.iter().any(|word| is_platform(word));
    let lines = if is_plain && is_only(sentence, &words) { named(sentence) } else { Vec::new() };
    (!lines.is_empty()).then_some(lines)
}

fn is_example(words: &[String]) -> bool {
    words.windows(2).any(|two| two[0] == "for" && matches!(two[1].as_str(), "example" | "instance"))
        || words.iter().any(|word| word == "e.g")
}

/// "Only the latest patch release of each line is supported": whether a sentence leaves only the newest of each line.
pub(super) fn is_newest_of_each(sentence: &str) -> bool {
    if sentence.len() > LONGEST {
        return false;
    }
    let words = retraction::words(sentence);
    let has = |list: &[&str]| words.iter().any(|word| list.contains(&word.as_str()));
    let of_each = words.windows(2).any(|two| {
        matches!(two[0].as_str(), "of" | "in" | "for" | "within" | "on")
            && matches!(two[1].as_str(), "each" | "every")
    });
    (of_each || has(&["per"]))
        && has(ONLY)
        && has(NEWEST)
        && has(PROMISING)
        && !has(&["major", "majors"])
        && (!has(ORDINARY) || has(&["security"]))
        && !is_of_another(&words)
        && is_understood(sentence, Reading::Beside)
}

/// Whether a sentence depends on what is not known to have come: "once 3.0 is out", and not "after 2026-06-30".
pub(super) fn is_conditional(words: &[String]) -> bool {
    let is_dated = |at: usize| {
        let near = words[at + 1..].iter().take(4).map(String::as_str);
        OF_TIMES.contains(&words[at].as_str()) && near.into_iter().any(is_time)
    };
    (0..words.len()).any(|at| IF.contains(&words[at].as_str()) && !is_dated(at))
}

/// A month, a year or a day.
fn is_time(word: &str) -> bool {
    let begins = word.split('-').next().unwrap_or_default();
    MONTHS.contains(&word) || until::year(begins).is_some_and(|year| year >= 2000)
}

/// Whether a sentence denies or bounds something else than support; "May 2026" is a month.
pub(super) fn is_of_another(words: &[String]) -> bool {
    let is_month = |at: usize| words[at] == "may" && words[at + 1..].iter().take(2).any(|word| is_time(word));
    (0..words.len()).any(|at| NO_DENIALS.contains(&words[at].as_str()) && !is_month(at))
}

/// "Support for 2.x ends on 2027-06-30": the day, where each word before it is known.
fn end(sentence: &str) -> Option<Until> {
    let words: Vec<&str> = sentence.split_whitespace().collect();
    let at = words.iter().position(|word| ENDING.contains(&bare(word).as_str()))?;
    let rest = words[at + 1..].join(" ");
    let mut rest = rest.trim_end_matches(['.', '!', '*', '`', '_', ')']);
    for phrase in ENDS {
        rest = rest.strip_prefix(phrase).unwrap_or(rest);
    }
    let until = until::read(rest).filter(|until| matches!(until, Until::Day { .. }))?;
    is_understood(&words[..at].join(" "), Reading::Beside).then_some(until)
}

/// "Only 3.x is supported", "We only support 3.x", "3.x is the only supported version".
fn is_only(sentence: &str, words: &[String]) -> bool {
    let has = |list: &[&str]| words.iter().any(|word| list.contains(&word.as_str()));
    let of_other_fixes = has(ORDINARY) && !has(&["security"]);
    let is_whole = !of_other_fixes && !has(OPEN) && has(PROMISING);
    let clauses = sentence.split([',', ';', ':', '—', '–', '(', ')']);
    is_whole && !sentence.contains(['<', '>', '≤', '≥', '+']) && clauses.into_iter().any(is_only_by_place)
}

/// Whether "only" stands where it bounds the lines beside it, and no fixes.
fn is_only_by_place(clause: &str) -> bool {
    let words = retraction::words(clause);
    let is_noun = |word: &String| NOUNS.contains(&word.as_str());
    let is_line = |word: Option<&String>| word.is_some_and(|word| is_number(word));
    (0..words.len()).filter(|&at| ONLY.contains(&words[at].as_str())).any(|at| {
        let (before, after) = (&words[..at], &words[at + 1..]);
        let by_us = before.last().is_some_and(|word| word == "we");
        let verbs =
            usize::from(by_us && after.first().is_some_and(|verb| PROMISING.contains(&verb.as_str())));
        let governs = is_line(after[verbs..].iter().find(|word| !is_noun(word)));
        let ends = after.is_empty() && is_line(before.iter().rev().find(|word| !is_noun(word)));
        let is_named = before.last().is_some_and(|word| word == "the")
            && after.iter().any(is_noun)
            && after.first().is_some_and(|word| PROMISING.contains(&word.as_str()));
        governs || ends || is_named
    })
}

/// Whether a sentence is about the state of support, or its end, and not each of its words is known to leave it.
fn is_in_doubt(sentence: &str) -> bool {
    let said = since_then(prose::before_advice(sentence));
    let words = retraction::words(said);
    let has = |list: &[&str]| words.iter().any(|word| list.contains(&word.as_str()));
    let is_end = |word: &str| AGAINST.contains(&word) && !LIMITING.contains(&word) && !IF.contains(&word);
    let releases = |two: &[String]| {
        matches!(two[0].as_str(), "no" | "more" | "further") && two[1].starts_with("release")
    };
    let denies = has(OF_SUPPORT) && (has(DENYING) || has(FADING));
    let about =
        denies || has(STATES) || words.iter().any(|word| is_end(word)) || words.windows(2).any(releases);
    let is_known = || is_understood(said, Reading::Beside) && !has(&["final"]);
    (about || has(&["final"])) && !is_lead(sentence) && !acts(&words) && !is_known()
}

/// Whether what it says is of a table or a list that follows.
fn is_lead(sentence: &str) -> bool {
    sentence.trim_end().trim_end_matches(['*', '_']).ends_with(':')
}

/// The sentence behind "As of March 2026".
fn since_then(text: &str) -> &str {
    let begins = text.get(..6).is_some_and(|begin| begin.eq_ignore_ascii_case("as of "));
    let Some(mut rest) = text.get(6..).filter(|_| begins) else { return text };
    while let Some((_, behind)) = rest.split_once(' ').filter(|(word, _)| is_of_a_day(&bare(word))) {
        rest = behind;
    }
    rest
}

/// A month, a year, a day, or its number.
fn is_of_a_day(word: &str) -> bool {
    is_time(word) || !word.is_empty() && word.bytes().all(|b| b.is_ascii_digit())
}

/// Whether the line, as the subject, does something itself: "2.x adds support for OAuth".
fn acts(words: &[String]) -> bool {
    let verb = |at: usize| words[at + 1..].iter().find(|word| !NOUNS.contains(&word.as_str()));
    let is_act = |at: usize| verb(at).is_some_and(|verb| ACTS.contains(&verb.as_str()));
    let is_object = |at: usize| {
        let before = words[..at].iter().rev().find(|word| *word != "the").map(String::as_str);
        matches!(before, Some("of" | "for" | "to" | "with"))
    };
    (0..words.len()).any(|at| is_number(&words[at]) && !is_object(at) && is_act(at))
}

fn is_number(word: &str) -> bool {
    word.trim_start_matches('v').starts_with(|c: char| c.is_ascii_digit())
}

/// The lines that a text names as its own: "2.x", "version 2", "the 2 series"; not "older than 2.0", and not "Node 18".
pub(super) fn named(text: &str) -> Vec<Range> {
    let words: Vec<String> = text.split_whitespace().map(bare).filter(|word| !word.is_empty()).collect();
    let near = |at: Option<usize>| at.and_then(|at| words.get(at)).map(String::as_str).unwrap_or_default();
    let is_of_fixes =
        |at: usize| near(at.checked_sub(1)) == "to" && TO_LINES.contains(&near(at.checked_sub(2)));
    let is_line = |at: usize| {
        let (before, behind) = (near(at.checked_sub(1)), near(Some(at + 1)));
        let word = words[at].trim_start_matches('v');
        let is_called = matches!(before, "version" | "versions" | "v" | "series" | "branch" | "major")
            || matches!(behind, "series" | "line" | "branch")
            || word.len() < words[at].len();
        word.starts_with(|c: char| c.is_ascii_digit())
            && (word.contains(['.', 'x']) || is_called)
            && (!BESIDE_NUMBERS.contains(&before) || is_of_fixes(at))
            && !is_platform(before)
    };
    let lines = (0..words.len()).filter(|&at| is_line(at));
    lines.filter_map(|at| Selector::read(&words[at], false).range).collect()
}

/// A word in lower case, without the marks around it.
fn bare(word: &str) -> String {
    let is_mark =
        |c: char| matches!(c, '*' | '`' | '_' | '.' | '"' | '\'' | '!' | '?' | ',' | ';' | ':' | '(' | ')');
    word.trim_matches(is_mark).to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> String {
        let lines = |lines: &[Range]| lines.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ");
        match read(text) {
            None => "nothing".to_owned(),
            Some(Amends::All) => "all".to_owned(),
            Some(Amends::Lines(named)) => format!("unknown {}", lines(&named)),
            Some(Amends::Until(named, until)) => format!("{} until {until}", lines(&named)),
        }
    }

    #[test]
    fn a_day_on_which_the_support_of_a_line_ends_is_read() {
        for (text, expected) in [
            ("Security support for 3.x ends on 2026-06-30.", ">=3.0.0, <4.0.0 until 2026-06-30"),
            ("Support for 2.x will continue until at least December 2027.", ">=2.0.0, <3.0.0 until 2027-12"),
            ("Support for 2.x ends in December 2027.", ">=2.0.0, <3.0.0 until 2027-12"),
            ("2.x will be supported until 2026-01-01.", ">=2.0.0, <3.0.0 until 2026-01-01"),
            ("The 2.x line reaches end of life on 2027-01-01.", ">=2.0.0, <3.0.0 until 2027-01-01"),
            ("Version 2 is maintained until the end of 2027.", ">=2.0.0, <3.0.0 until 2027-12"),
            // A day that is not one, and words that are not known.
            ("Support for 2.x ends next spring.", "unknown >=2.0.0, <3.0.0"),
            ("Premium support for 2.x ends on 2027-01-01.", "unknown >=2.0.0, <3.0.0"),
            ("Support for 2.x ends once 4.0 is out.", "nothing"),
            ("Support for 2.x on Windows ends on 2027-01-01.", "nothing"),
        ] {
            assert_eq!(told(text), expected, "{text}");
        }
    }

    #[test]
    fn lines_that_alone_are_supported_are_told_from_fixes_that_alone_are_made() {
        for (text, expected) in [
            ("Only 3.x is supported.", ">=3.0.0, <4.0.0"),
            ("As of March 2026 only 3.x is supported.", ">=3.0.0, <4.0.0"),
            ("We only support version 3.", ">=3.0.0, <4.0.0"),
            ("Security fixes are provided for 3.x only; others receive none.", ">=3.0.0, <4.0.0"),
            ("The 3.x line is the only supported line.", ">=3.0.0, <4.0.0"),
            ("3.x only receives security fixes.", "nothing"),
            ("3.x is supported with security fixes only.", "nothing"),
            ("Only 3.x receives bug fixes.", "nothing"),
            ("Only 3.x gets new features.", "nothing"),
            ("Only 3.x is supported on Windows.", "nothing"),
            ("Only version 3.0 and above is supported.", "nothing"),
            ("Only the latest 3.x release is supported.", "nothing"),
        ] {
            let told =
                only(text).map(|lines| lines.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "));
            assert_eq!(told.as_deref().unwrap_or("nothing"), expected, "{text}");
        }
    }

    #[test]
    fn the_newest_of_each_line_is_told_from_the_newest() {
        for text in [
            "Only the latest patch release of each line is supported.",
            "Only the latest patch release of each supported minor version receives security updates.",
        ] {
            assert!(is_newest_of_each(text), "{text}");
        }
        for text in [
            "Only the latest release is supported.",
            "The latest patch release of each line is supported.",
            "Only the latest patch release of each line receives bug fixes.",
            "Only the latest minor version of each major line is supported.",
            "Only the latest patch release of each plugin is supported.",
        ] {
            assert!(!is_newest_of_each(text), "{text}");
        }
    }

    #[test]
    fn a_sentence_about_the_support_of_a_line_with_a_word_that_is_not_known_leaves_it_in_doubt() {
        for text in [
            "No more releases of 2.x are planned.",
            "There will be no further updates to 2.x.",
            "2.x has been superseded by 3.x.",
            "The 2.x branch has been archived.",
            "We no longer maintain the 2 series.",
            "Major version 2 left support at the end of 2025.",
            "Support of 2.x depends on our funding.",
            "2.x was supported by a former employer.",
            "2.9.3 is the last planned release of 2.x.",
            "2.9.3 is the final 2.x release.",
            "Long-term support for 2.x is offered for two years.",
        ] {
            assert!(told(text).ends_with(">=2.0.0, <3.0.0"), "{text}: {}", told(text));
        }
        for text in [
            "2.x is our current stable line and receives all fixes.",
            "2.x adds support for OAuth.",
            "Security fixes are backported to 2.x.",
            "2.x introduced the new parser.",
            "Bugs are fixed in 2.x first and then backported.",
            "Fixes for 2.x are announced in the changelog.",
            "We maintain 2.x and 1.x in parallel.",
            "During the 2.x cycle the following support matrix applies:",
            "Users of 2.x should migrate.",
            "Please upgrade to 2.x to get updates.",
            "For example, 2.x receives fixes for as long as we like it.",
            "Only 2.x is named here.",
            "If you use 2.x, its support is limited.",
            "2.x supports Python 3.12.",
        ] {
            assert_eq!(told(text), "nothing", "{text}");
        }
    }
}
