//! The name of the project between "latest" and its noun: "the latest Widget release".
//!
//! The rule that must not be broken: only what is written as a name is one, and no word for a kind of release, which
//! may be written so too.

use super::latest::{is_newest, is_plain};
use super::signs::{is_number, words};
use crate::security_policy::lexicon::newest::{KINDS, NOUNS};
use crate::security_policy::lexicon::sentences::VERBS;
use crate::security_policy::words::{is_development, is_platform};

/// The most words of a name.
const LONGEST: usize = 3;

/// The sentence without the name of the project behind the word for the newest, and without the end of a name that has a
/// "to" in it: "of Gadget to Home".
pub(super) fn without_name(text: &str) -> String {
    let mut all: Vec<&str> = text.split_whitespace().collect();
    let ends = |at: usize| all.get(at).is_none_or(|word| VERBS.contains(word));
    let is_long = |&at: &usize| {
        all[at] == "of" && all[at + 2] == "to" && is_name(all[at + 1]) && is_name(all[at + 3]) && ends(at + 4)
    };
    if let Some(at) = (0..all.len().saturating_sub(3)).find(is_long) {
        all.drain(at + 2..at + 4);
        return without_name(&all.join(" "));
    }
    let known = |word: &str| is_plain(word) || NOUNS.contains(&word);
    let Some(newest) = all.iter().position(|word| is_newest(&plain(word))) else { return text.to_owned() };
    let behind = all[newest + 1..].iter().take_while(|word| known(&plain(word))).count();
    let start = newest + 1 + behind;
    let length = all[start..].iter().take_while(|word| is_name(word)).count();
    let ends = all.get(start + length).map(|word| plain(word));
    let is_of_release = ends.is_some_and(|word| NOUNS.contains(&word.as_str()) || is_number(&word));
    if is_of_release && (1..=LONGEST).contains(&length) {
        all.drain(start..start + length);
        return all.join(" ");
    }
    text.to_owned()
}

/// A word in lower case, without the marks around it.
fn plain(word: &str) -> String {
    words(word).pop().unwrap_or_default()
}

fn is_name(word: &str) -> bool {
    let lower = plain(word);
    let is_known = NOUNS.contains(&lower.as_str()) || KINDS.contains(&lower.as_str());
    word.trim_start_matches(['*', '_', '`']).starts_with(char::is_uppercase)
        && !is_known
        && !is_development(&lower)
        && !is_platform(&lower)
}
