//! What stands in parentheses after a version: a line, a branch, how far back, or a note.
//!
//! The rule that must not be broken: words that limit what they follow are no note; the cell is not read with them.

use super::lex::Token;
use super::range::Range;
use super::selector::Unit;
use super::{worded, words};

/// What stands in parentheses after a selector.
pub(super) enum Qualifier {
    /// A line: `Latest (2.x.x)`.
    Line(Range),
    /// A branch: `Latest release (main)`.
    Branch,
    /// What stands on a branch: `main (HEAD)`.
    Head,
    /// That only the newest is meant: `1.x (latest only)`.
    Newest,
    /// How far back it is, and what counts: `(N-1)`, `(X.Y-1)`.
    Back(Option<Unit>),
    /// A note: `(LTS)`, a code name.
    Note(Note),
}

/// What a note says of what it follows.
#[derive(Default)]
pub(super) struct Note {
    pub(super) development: bool,
    pub(super) security_only: bool,
    pub(super) denied: bool,
    pub(super) planned: bool,
    /// Whether it names a day.
    pub(super) dated: bool,
}

impl Qualifier {
    pub(super) fn read(inner: &[Token]) -> Option<Self> {
        let line = match inner {
            [Token::Word(now), Token::Version(version)] if now == "current" || now == "currently" => {
                Some(version)
            }
            [Token::Version(version)] if !version.is_day() => Some(version),
            _ => None,
        };
        if let Some(version) = line {
            return version.line().filter(|_| !version.is_exact()).map(Self::Line);
        }
        if worded::is_on_branch(inner) {
            return Some(Self::Branch);
        }
        if is_newest_only(inner) {
            return Some(Self::Newest);
        }
        if worded::is_head(inner) {
            return Some(Self::Head);
        }
        worded::one_back(inner).map(Self::Back).or_else(|| Note::read(inner).map(Self::Note))
    }
}

/// "latest only", "only the latest release"
fn is_newest_only(inner: &[Token]) -> bool {
    let is =
        |token: &Token, list: &[&str]| matches!(token, Token::Word(word) if list.contains(&word.as_str()));
    let of_releases = ["latest", "newest", "only", "the", "release", "version"];
    inner.iter().all(|token| is(token, &of_releases))
        && inner.iter().any(|token| is(token, &["latest", "newest"]))
        && inner.iter().any(|token| is(token, &["only"]))
}

impl Note {
    fn read(inner: &[Token]) -> Option<Self> {
        let mut note = Self::default();
        let mut said: Vec<&str> = Vec::new();
        let is_day = |at: usize| matches!(inner.get(at), Some(Token::Version(version)) if version.is_day());
        for (at, token) in inner.iter().enumerate() {
            match token {
                Token::Word(word) => said.push(word),
                Token::Mark('/') if !said.is_empty() => {}
                Token::Mark(',') if is_day(at + 1) => {}
                Token::Version(_) if is_day(at) && !note.dated => note.dated = true,
                _ => return None,
            }
        }
        note.development = said.iter().any(|word| words::is_development(word));
        note.security_only = said.iter().any(|word| matches!(*word, "backports" | "security"));
        note.planned = words::is_yet_to_come(&said);
        note.denied = words::is_denial(&said) || said.iter().any(|word| words::denies(word));
        if note.planned || words::is_denial(&said) {
            return Some(note);
        }
        // `1.x (latest minor)` is not all of 1.x.
        let has = |list: &[&str]| said.iter().any(|word| list.contains(word));
        let narrows = has(&["latest", "current"]) && has(&["minor", "patch"]);
        let only = has(&["only"]) && !note.security_only;
        let limited = said.iter().any(|word| words::limits(word));
        (!narrows && !only && !limited && said.len() <= 3).then_some(note)
    }
}
