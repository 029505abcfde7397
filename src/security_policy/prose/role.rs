//! What the newest release is in its sentence: that which is supported, or that which does, holds or is left by something.
//!
//! The rule that must not be broken: "the latest release" is promised only where it is the subject of a verb in the passive
//! or of one that receives, or what support and fixes go to.

use super::latest::{Nouns, count, is_newest};
use super::signs::is_number;
use crate::security_policy::lexicon::newest::{
    ASKING, BEHIND_SUBJECT, COMPLEMENTS, ELSEWHERE, NOUNS, RECEIVING,
};
use crate::security_policy::lexicon::sentences::ABOUT;

/// Whether the newest at this place is another part of the sentence than what is supported.
pub(super) fn is_another(words: &[String], at: usize) -> bool {
    let (before, after) = (&words[..at], &words[at + 1..]);
    let is = |word: Option<&String>, list: &[&str]| word.is_some_and(|word| list.contains(&word.as_str()));
    let asks = is(words.first(), ASKING);
    let at_most = before.windows(2).any(|two| {
        matches!(
            (two[0].as_str(), two[1].as_str()),
            ("at", "most") | ("up", "to") | ("one", "of") | ("support", "us")
        )
    });
    let next = after
        .windows(3)
        .any(|three| matches!(three[0].as_str(), "in" | "into" | "with") && three[1..] == ["the", "next"]);
    asks || at_most
        || next
        || before.iter().any(|word| ELSEWHERE.contains(&word.as_str()))
        || is_left(before)
        || is_called_last(words, at)
        || of_several(after)
        || has_unknown_complement(after)
        || is_by_a_host(words)
        || !is_object(before) && acts(after)
}

/// "from the latest release to 1.x": where something comes from.
fn is_left(before: &[String]) -> bool {
    let small = ["the", "our", "most", "two", "three", "very"];
    let last = before.iter().rfind(|word| !small.contains(&word.as_str()));
    last.is_some_and(|word| word == "from")
}

/// "The current release is the last we support."
fn is_called_last(words: &[String], at: usize) -> bool {
    let begins = |next: &str| matches!(next, "we" | "that" | "which" | "with" | "to");
    (at..words.len()).filter(|&at| words[at] == "last").any(|last| {
        let next = words[last + 1..].iter().find(|word| !NOUNS.contains(&word.as_str()));
        next.is_some_and(|next| begins(next))
    })
}

/// "GitHub supports the latest release": what a host of projects does.
fn is_by_a_host(words: &[String]) -> bool {
    let [first, verb, ..] = words else { return false };
    matches!(first.as_str(), "github" | "gitlab" | "npm" | "pypi" | "crates.io") && verb == "supports"
}

/// "of the two most recent minor versions": several, each with its newest.
fn of_several(after: &[String]) -> bool {
    let of = after.iter().position(|word| matches!(word.as_str(), "of" | "for" | "in" | "from" | "within"));
    let Some(of) = of.filter(|&of| !after[..of].iter().any(|word| word == "and")) else { return false };
    let rest = &after[of + 1..];
    let newest = rest.iter().position(|word| is_newest(word));
    newest.is_some_and(|at| {
        let around = rest[at.saturating_sub(2)..at].iter().chain(rest.get(at + 1));
        around.into_iter().any(|word| count(word).is_some())
    })
}

/// Whether a word of support stands before the newest, so that it goes to it.
fn is_object(before: &[String]) -> bool {
    before.iter().any(|word| ABOUT.contains(&word.as_str()) || RECEIVING.contains(&word.as_str()))
}

/// Whether the newest, as the subject, does something itself: "supports OAuth", "fixes a security issue".
fn acts(after: &[String]) -> bool {
    let (_, rest) = Nouns::read(after);
    let is_numbered =
        rest.first().is_some_and(|verb| verb == "is") && rest.get(1).is_some_and(|word| is_number(word));
    let has_verb = || rest.iter().any(|word| matches!(word.as_str(), "is" | "are"));
    // "The latest version with security fixes is 1.x", and not "the latest release with bug fixes".
    let begins = |word: &str| matches!(word, "that" | "which" | "with" | "to" | "we") && has_verb();
    is_numbered || rest.first().is_some_and(|verb| BEHIND_SUBJECT.contains(&verb.as_str()) || begins(verb))
}

/// Whether a preposition behind the newest leads to what is not known: "in its last month", "at Acme Corp".
fn has_unknown_complement(after: &[String]) -> bool {
    let small = ["the", "our", "a", "all", "any", "most", "very"];
    (0..after.len()).any(|at| {
        let Some((_, known)) = COMPLEMENTS.iter().find(|(word, _)| *word == after[at]) else { return false };
        let next = after[at + 1..].iter().find(|word| !small.contains(&word.as_str()));
        next.is_some_and(|next| !known.contains(&next.as_str()) && !is_number(next))
    })
}
