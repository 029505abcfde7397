//! What a policy claims of its project: one promise, aim or pointer after another, each with its line.
//!
//! Read sentence by sentence, by words and not by any one word: advice to users, conditions, denials, plans, quoted text
//! and fenced examples claim nothing. The rule that must not be broken: a sentence that is not understood is no claim,
//! for a claim that nobody made would be held against the project.
//!
//! | step | modules |
//! |---|---|
//! | the file as units of text, each with what introduces it | `passages`, `units`, `aside` |
//! | a sentence as words, and whose word it is | `words`, `stance`, `others`, `phrases` |
//! | practices: what is signed, scanned, reviewed | `practices`, `acts`, `qualifiers`, `who`, `stems`, `tools` |
//! | addresses, channels, keys | `contacts`, `placeholders`, `form`, `keys` |
//! | dates, paths and links | `dates`, `reviews`, `links` |

mod acts;
mod aside;
mod contacts;
mod dates;
mod detail;
mod form;
mod keys;
mod kind;
mod links;
mod others;
mod passages;
mod phrases;
mod placeholders;
mod practices;
mod qualifiers;
mod reviews;
mod stance;
mod stems;
#[cfg(test)]
mod tests;
mod tools;
mod units;
mod who;
mod words;

pub use dates::Written;
pub use detail::{Channel, Detail, Ecosystem, Interval, Method};
pub use kind::ClaimKind;

use super::text;
use units::Unit;

/// The most claims of one file; real ones have fewer than a hundred.
pub const MOST_CLAIMS: usize = 1000;

/// The longest text that claims are read from, in bytes; real ones have a fifth of it. It bounds the time that one takes.
const LONGEST_TEXT: usize = 96 << 10;

/// How much of a sentence is kept, in characters.
const LONGEST_SENTENCE: usize = 300;

/// How firmly something is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tone {
    /// It is so.
    Promise,
    /// It is aimed at, or followed as a principle.
    Aim,
}

/// Something that the policy says of its project and that can be looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// What it is about.
    pub kind: ClaimKind,
    /// The line that it stands on, from 1.
    pub line: usize,
    /// The sentence, with its white space folded.
    pub sentence: String,
    /// How firmly it is said.
    pub tone: Tone,
    /// What it names.
    pub detail: Detail,
}

/// Every claim of a policy, in the order of the file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Claims {
    /// The claims.
    pub all: Vec<Claim>,
    /// Whether there are more than are kept: those that are missing were not looked at.
    pub is_cut: bool,
    /// How many sentences were looked through for practices.
    looked_at: usize,
}

impl Claims {
    fn push(&mut self, kind: ClaimKind, line: usize, sentence: &str, tone: Tone, detail: Detail) {
        if self.all.len() == MOST_CLAIMS {
            self.is_cut = true;
            return;
        }
        let sentence = sentence.chars().take(LONGEST_SENTENCE).collect();
        self.all.push(Claim { kind, line, sentence, tone, detail });
    }
}

/// Reads the claims of a policy. The path tells the format by its ending; what is refused as a policy claims nothing.
#[must_use]
pub fn claims(path: &str, bytes: &[u8]) -> Claims {
    if super::reader::refusal(path, bytes).is_some() {
        return Claims::default();
    }
    of_text(&text::decode(bytes).0)
}

/// Reads the claims of a policy's text, which is no larger than is read.
pub(super) fn of_text(source: &str) -> Claims {
    if source.len() > LONGEST_TEXT {
        return Claims { is_cut: true, ..Claims::default() };
    }
    let passages = passages::of(source);
    let mut found = Claims::default();
    for unit in passages.units.iter().chain(&passages.asides) {
        sentences_of(unit, &mut found);
    }
    keys::find(&passages, source, &mut found);
    contacts::find(&passages, source, &mut found);
    reviews::find(&passages, &mut found);
    links::find(&passages, &mut found);
    found.all.sort_by_key(|claim| (claim.line, claim.kind));
    found
}

/// The practices that a unit claims, sentence by sentence.
fn sentences_of(unit: &Unit, found: &mut Claims) {
    if unit.is_quoted || unit.is_cell {
        return;
    }
    // The mark of an item stands for all of it.
    let mark = unit.text.split_whitespace().next().unwrap_or_default();
    if unit.is_item && (super::icons::denies(mark) || super::icons::is_to_do(mark)) {
        return;
    }
    for sentence in super::sentences::sentences(unit.line, &unit.text) {
        if super::icons::denies(&sentence.text) || super::icons::is_to_do(&sentence.text) {
            continue;
        }
        practices::find(unit, &sentence, found);
    }
}
