//! A sentence that begins with a line and says whether it is supported: "1.x is no longer maintained; it needs PHP < 8".
//!
//! The rule that must not be broken: a number that follows is that of something else, or the sentence says nothing that
//! is checked.

use super::signs::{is_about_support, is_advice, is_denied, is_number, promises_before_denial, words};
use super::{Meaning, UNCHECKED, short_line};
use crate::security_policy::lexicon::lines::{CONDITIONS, LEADING, LINES, NO_NAMES, PROMISING};
use crate::security_policy::lexicon::sentences::{
    BRANCHES, FIXES, GIVEN, GIVING, NEEDS, PROMISES, VERBS, VERSIONS,
};
use crate::security_policy::range::Range;
use crate::security_policy::selector::Selector;
use crate::security_policy::status::Support;
use crate::security_policy::until;
use crate::security_policy::words::is_platform;

/// What the sentence says of the line that it begins with; none where it does not.
pub(super) fn read(text: &str, words: &[String]) -> Option<Meaning> {
    let subject = Subject::read(words)?;
    if words.iter().any(|word| matches!(word.as_str(), "latest" | "newest" | "recent")) {
        return None;
    }
    if !is_lead(text, words, subject.at) {
        // "Versions prior to 1.2.x": read as a comparison, or not at all.
        return super::compared(&words.join(" ")).is_none().then_some(UNCHECKED);
    }
    let first = first_clause(text);
    let denied = is_denied(&first);
    if !denied && !is_about_support(&first) || denied && promises_before_denial(&first) {
        return None;
    }
    if is_bound(&first) || !denied && words.iter().any(|word| CONDITIONS.contains(&word.as_str())) {
        return Some(UNCHECKED);
    }
    let led = super::signs::words(text).len().saturating_sub(words.len());
    if !denied && !subject.is_promised(&first, led) {
        return Some(UNCHECKED);
    }
    let advised = denied && is_advice(&words.join(" "));
    if !advised && subject.has_other(text, words) {
        return Some(UNCHECKED);
    }
    let support = if denied { Some(Support::No) } else { promise(text) };
    Some(support.map_or(UNCHECKED, |support| (Selector::range(subject.line), support)))
}

/// "Security fixes are released for the 2.x series only": a sentence of nothing else than what goes to one line alone.
pub(super) fn only_for(all: &[String]) -> Option<Meaning> {
    let words: Vec<&str> = all.iter().map(String::as_str).filter(|word| *word != "only").collect();
    let words = match words.as_slice() {
        [rest @ .., noun] if LINES.contains(noun) => rest,
        words => words,
    };
    // "Only security fixes": that is no word about the line.
    let is_of_fixes = |two: &[String]| two[0] == "only" && !is_behind_preposition(&two[1]);
    if all.windows(2).any(is_of_fixes) {
        return None;
    }
    let (line, before) = words.split_last()?;
    let is_known = |word: &&str| FIXES.contains(word) || GIVEN.contains(word) || GIVING.contains(word);
    let goes = matches!(before, [.., "for" | "to", "the"] | [.., "for" | "to"]);
    let is_whole = goes && before.iter().all(is_known) && before.iter().any(|word| FIXES.contains(word));
    let line = short_line(line).filter(|_| is_whole && words.len() < all.len())?;
    all.iter().any(|word| word == "only").then_some((Selector::range(line), Support::Yes))
}

/// What "only" stands before where it bounds the line: "only for 2.x", "only to the 2.x series", "only 2.x".
fn is_behind_preposition(word: &str) -> bool {
    matches!(word, "for" | "to" | "the") || short_line(word).is_some()
}

/// Whether nothing stands before the line but words without weight and the name of the project.
fn is_lead(text: &str, words: &[String], at: usize) -> bool {
    let is_name = |at: usize| {
        let mut said = text.split_whitespace().map(bare).filter(|word| !word.is_empty());
        said.nth(at).is_some_and(|word| word.starts_with(char::is_uppercase))
    };
    let may_lead = |(at, word): (usize, &String)| {
        LEADING.contains(&word.as_str()) || is_name(at) && !NO_NAMES.contains(&word.as_str())
    };
    words[..at].iter().enumerate().all(may_lead)
}

/// Whether a word is the name of a branch.
fn is_name(word: &str) -> bool {
    BRANCHES.contains(&word)
}

/// Whether a clause speaks of a time, or of one platform: "from June 2031", "on Windows".
fn is_bound(clause: &str) -> bool {
    let words: Vec<&str> = clause.split(' ').collect();
    words.iter().enumerate().any(|(at, word)| match *word {
        "from" | "after" | "before" | "starting" | "beginning" => {
            words[at + 1..].iter().take(3).any(|word| is_number(word))
        }
        "on" | "for" => words.get(at + 1).is_some_and(|word| is_platform(word)),
        _ => false,
    })
}

/// A line and its verb at the beginning of a sentence.
struct Subject {
    line: Range,
    /// Where it stands.
    at: usize,
    /// Where its verb stands.
    verb: usize,
}

impl Subject {
    fn read(words: &[String]) -> Option<Self> {
        let (at, line) = (0..words.len().min(4)).find_map(|at| Some((at, named(words, at)?)))?;
        let is_of_another =
            |word: &String| is_platform(word) || is_number(word) || BRANCHES.contains(&word.as_str());
        let noun = words.get(at + 1).is_some_and(|word| LINES.contains(&word.as_str()));
        let verb = at + 1 + usize::from(noun);
        let says = words.get(verb).is_some_and(|word| VERBS.contains(&word.as_str()));
        let state = matches!(words.get(at + 1).map(String::as_str), Some("state" | "project"));
        (says && !state && !words[..at].iter().any(is_of_another)).then_some(Self { line, at, verb })
    }

    /// Whether nothing but known words stands between the line and the end of the promise: "has no support" is none. As many
    /// words as `led` stand before those that are read: "only", "currently".
    fn is_promised(&self, first: &str, led: usize) -> bool {
        let words: Vec<&str> = first.split(' ').skip(self.verb + led).collect();
        let ends = |word: &&str| {
            matches!(*word, "until" | "till" | "through") || NEEDS.contains(word) && *word != "with"
        };
        let end = words.iter().position(ends);
        let words = &words[..end.unwrap_or(words.len())];
        // "with Node 20" is what it runs with.
        let is_of_platform = |at: usize| {
            is_platform(words[at]) || at > 0 && is_number(words[at]) && is_platform(words[at - 1])
        };
        let is_known = |word: &str| PROMISING.contains(&word) || PROMISES.contains(&word) || is_name(word);
        (0..words.len()).all(|at| is_known(words[at]) || is_of_platform(at))
    }

    /// Whether what follows the verb names other versions of the project: "and 2.x", "nor releases < 1.0".
    fn has_other(&self, text: &str, words: &[String]) -> bool {
        let said: Vec<&str> = text.split_whitespace().map(bare).filter(|word| !word.is_empty()).collect();
        let is_named = |word: &str| {
            let lower = word.to_lowercase();
            let is_own = words[..self.at].contains(&lower) || VERSIONS.contains(&lower.as_str());
            !is_own && (is_platform(&lower) || word.starts_with(char::is_uppercase))
        };
        let after = said.len().saturating_sub(words.len() - self.verb);
        (after..said.len()).any(|at| {
            let compares = said[at].starts_with(['<', '>', '≤', '≥']);
            let before = said[..at].last().copied().unwrap_or_default();
            let before_is_mark = before.starts_with(['<', '>', '≤', '≥']);
            let is_version = is_number(&said[at].to_lowercase()) && said[at].matches('.').count() > 1;
            let is_other = compares
                || is_version
                || !before_is_mark && short_line(&said[at].to_lowercase()).is_some()
                || is_number(&said[at].to_lowercase()) && VERSIONS.contains(&before.to_lowercase().as_str());
            is_other && !is_named(before)
        })
    }
}

/// The line, or the version that is called one, at a word: "2.x", "version 2.0.1 is supported", "v2 is supported".
fn named(words: &[String], at: usize) -> Option<Range> {
    let is_noun = |word: &String| matches!(word.as_str(), "version" | "release");
    let is_called = at.checked_sub(1).is_some_and(|before| is_noun(&words[before]));
    let adverbs = ["is", "currently", "actively", "officially", "still", "not", "no", "longer"];
    // "v2 is supported", and no v2 of something that has a name.
    let is_plain = words[..at].iter().all(|word| LEADING.contains(&word.as_str()))
        && !words[at + 1..].iter().any(|word| matches!(word.as_str(), "only" | "for" | "with"));
    let says = words.get(at + 1).is_some_and(|word| word == "is")
        && words[at + 1..]
            .iter()
            .find(|word| !adverbs.contains(&word.as_str()))
            .is_some_and(|word| matches!(word.as_str(), "supported" | "maintained"));
    let is_called = is_called || is_plain && words[at].starts_with('v') && is_number(&words[at]);
    let version = || Selector::read(&words[at], false).range;
    short_line(&words[at]).or_else(|| (is_called && says).then(version).flatten())
}

/// A word without the marks around it.
fn bare(word: &str) -> &str {
    word.trim_matches([',', '.', ';', ':', '"', '(', ')', '[', ']', '*', '`', '_', '!'])
}

/// The words of a text before its first mark.
fn first_clause(text: &str) -> String {
    let marks = ["; ", ", ", " (", " – ", " — ", " - ", ": "];
    let end = marks.iter().filter_map(|mark| text.find(mark)).min().unwrap_or(text.len());
    words(&text[..end]).join(" ")
}

/// A promise, until the day or the release that the sentence names; none where that end is not understood.
fn promise(text: &str) -> Option<Support> {
    let lower = text.to_lowercase();
    let at = [" until ", " till ", " through "].iter().filter_map(|word| lower.find(word)).min();
    let Some(at) = at else { return Some(Support::Yes) };
    let end = lower[at..].trim().trim_end_matches(['.', ';', ',', ')']);
    if end.ends_with("further notice") {
        return Some(Support::Yes);
    }
    until::ending(end).map(Support::Until)
}
