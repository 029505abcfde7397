//! A branch in a sentence, and what the sentence names beside it.
//!
//! The rule that must not be broken: a second thing that is named beside a branch is told too, or nothing is.

use std::ops::Range as Span;

use super::latest::{Nouns, is_newest, latest, newest_places};
use super::{Meaning, UNCHECKED, known, short_line, subject};
use crate::security_policy::lexicon::sentences::{
    BEFORE_BRANCH, BEHIND_BRANCH, BRANCHES, CLAUSES, JOINING, POSSIBLY, VERSIONS, WHETHER,
};
use crate::security_policy::range::Range;
use crate::security_policy::selector::Selector;
use crate::security_policy::status::Support;

/// What a sentence about support says of a branch and what stands beside it; none where it names no branch.
pub(super) fn read(text: &str, words: &[String]) -> Option<Vec<Meaning>> {
    let newest = newest_places(words).map(|at| Newest::read(words, at)).find(|newest| newest.nouns.any);
    if mentions(words).count() > 1 {
        return newest.map(|_| vec![UNCHECKED]);
    }
    let branch = Named::read(words)?;
    let Some(newest) = newest else {
        return (branch.is_called || branch.is_of_head(words)).then(|| branch.alone(text, words));
    };
    if branch.is_joined(&newest, words) {
        return Some(branch.with(&newest, words));
    }
    let release = |words| latest(words).map(known).into_iter().collect::<Vec<Meaning>>();
    match (newest.is_of(&branch.at, words), branch.is_called) {
        // The newest of a branch: a release where it is called so, else what stands on the branch.
        (true, called) if newest.is_release(words) || !called => Some(release(words)),
        (true, _) => Some(vec![branch.meaning(None)]),
        (false, called) => {
            let between = newest.at.end.min(branch.at.end)..newest.at.start.max(branch.at.start);
            let apart = words.get(between).is_some_and(|words| words.iter().any(|word| word == "and"));
            (called || apart).then(|| vec![UNCHECKED])
        }
    }
}

/// The newest release, as a sentence names it.
struct Newest {
    /// Its words, from "latest" to its last noun.
    at: Span<usize>,
    nouns: Nouns,
}

impl Newest {
    fn read(words: &[String], at: usize) -> Self {
        let (nouns, after) = Nouns::read(&words[at + 1..]);
        // "most recent"
        let start = at - usize::from(words[at] == "recent");
        Self { at: start..words.len() - after.len(), nouns }
    }

    /// Whether the branch is where it is made: "the latest release on the main branch", "of Widget on main".
    fn is_of(&self, branch: &Span<usize>, words: &[String]) -> bool {
        let Some(mut between) = words.get(self.at.end..branch.start) else { return false };
        if let [of, _, rest @ ..] = between
            && of == "of"
            && !rest.is_empty()
        {
            between = rest;
        }
        let Some((preposition, articles)) = between.split_first() else { return false };
        matches!(preposition.as_str(), "on" | "of" | "from" | "in")
            && articles.iter().all(|word| matches!(word.as_str(), "the" | "our" | "current"))
    }

    /// Whether it is called a release, or is that of a line.
    fn is_release(&self, words: &[String]) -> bool {
        let names = ["release", "releases", "released", "published", "tag", "tagged"];
        self.nouns.scope.is_some() || words[self.at.clone()].iter().any(|word| names.contains(&word.as_str()))
    }
}

/// A branch, as a sentence names it.
struct Named {
    /// Its words: its name, and "branch" beside it.
    at: Span<usize>,
    name: Option<String>,
    /// Whether it is called a branch, and not only named: "on `main`".
    is_called: bool,
}

impl Named {
    fn read(words: &[String]) -> Option<Self> {
        let at = mentions(words).next()?;
        let is_branch =
            |at: Option<usize>| at.is_some_and(|at| words.get(at).is_some_and(|word| word == "branch"));
        let (before, after) = (is_branch(at.checked_sub(1)), is_branch(Some(at + 1)));
        let name = Some(bare(&words[at])).filter(|name| *name != "default").map(str::to_owned);
        let is_called = before || after;
        let is_placed = || {
            let beside = |at: Option<usize>| at.and_then(|at| words.get(at)).map(String::as_str);
            name.is_some()
                && beside(at.checked_sub(1)).is_none_or(|word| BEFORE_BRANCH.contains(&word))
                && beside(Some(at + 1)).is_none_or(|word| BEHIND_BRANCH.contains(&word))
        };
        (is_called || is_placed()).then(|| Self {
            at: at - usize::from(before)..at + 1 + usize::from(after && !before),
            name,
            is_called,
        })
    }

    fn meaning(&self, scope: Option<Range>) -> Meaning {
        (Selector { range: scope, ..Selector::branch(self.name.clone()) }, Support::Yes)
    }

    /// Whether it is where the newest commit is: "the latest commit on `main`".
    fn is_of_head(&self, words: &[String]) -> bool {
        let [.., newest, head, preposition] = &words[..self.at.start] else { return false };
        is_newest(newest)
            && matches!(head.as_str(), "commit" | "code" | "revision" | "state")
            && matches!(preposition.as_str(), "on" | "of" | "from" | "in")
    }

    /// What the sentence says where it names no newest release.
    fn alone(&self, text: &str, words: &[String]) -> Vec<Meaning> {
        let is_explained = |at: usize| is_aside(text, &words[at]) || self.is_line_at(words, at);
        let mut lines = words.iter().enumerate().filter_map(|(at, word)| Some((at, short_line(word)?)));
        let scope = match (lines.next(), lines.next()) {
            (None, _) => None,
            // "2.x is maintained on the main branch"
            (Some((at, line)), None)
                if at < self.at.start && subject(text, words).as_ref() == Some(&line) =>
            {
                return vec![(Selector::range(line), Support::Yes)];
            }
            (Some((at, line)), None) if is_explained(at) => Some(line).filter(|_| self.is_behind(at)),
            _ => return vec![UNCHECKED],
        };
        let hedged = words.iter().any(|word| POSSIBLY.contains(&word.as_str()));
        if hedged || self.has_more(words, scope.is_some()) {
            return vec![UNCHECKED];
        }
        vec![self.meaning(scope)]
    }

    /// Whether a word stands just behind the branch.
    fn is_behind(&self, at: usize) -> bool {
        (self.at.end..self.at.end + 3).contains(&at)
    }

    /// Whether the line at a word is that of the branch: "the main branch of 2.x".
    fn is_line_at(&self, words: &[String], at: usize) -> bool {
        let joins = |word: &String| matches!(word.as_str(), "for" | "of");
        self.is_behind(at) && words.get(self.at.end).is_some_and(joins)
    }

    /// Whether something else is supported beside it: "and all tagged releases", "releases and the main branch".
    fn has_more(&self, words: &[String], explained: bool) -> bool {
        let versions =
            |word: &String| VERSIONS.contains(&word.as_str()) || matches!(word.as_str(), "tag" | "tags");
        let (front, back) = (&words[..self.at.start], &words[self.at.end..]);
        let joining = front.iter().rev().take_while(|word| JOINING.contains(&word.as_str())).count();
        let (thing, joining) = front.split_at(front.len() - joining);
        if joining.iter().any(|word| is_and(word)) && thing.last().is_some_and(versions) {
            return true;
        }
        let and = back.iter().position(|word| is_and(word)).filter(|_| !explained);
        and.is_some_and(|and| {
            let rest = &back[and + 1..];
            let is_clause = rest.first().is_some_and(|word| CLAUSES.contains(&word.as_str()));
            !is_clause && rest.iter().take(6).any(versions)
        })
    }

    /// Whether only "and" stands between the branch and the newest release.
    fn is_joined(&self, newest: &Newest, words: &[String]) -> bool {
        let between = if self.at.end <= newest.at.start {
            words.get(self.at.end..newest.at.start)
        } else {
            words.get(newest.at.end..self.at.start)
        };
        between.is_some_and(|between| {
            between.iter().any(|word| is_and(word))
                && between.iter().all(|word| JOINING.contains(&word.as_str()))
        })
    }

    /// The branch and the newest release, unless a condition stands beside them.
    fn with(&self, newest: &Newest, words: &[String]) -> Vec<Meaning> {
        if words.iter().any(|word| WHETHER.contains(&word.as_str())) {
            return vec![UNCHECKED];
        }
        let is_first = self.at.start < newest.at.start;
        let told = if is_first { latest(&words[newest.at.start..]) } else { latest(&words[..newest.at.end]) };
        told.map_or_else(|| vec![UNCHECKED], |release| vec![self.meaning(None), known(release)])
    }
}

/// Where the names of branches stand.
fn mentions(words: &[String]) -> impl Iterator<Item = usize> {
    (0..words.len()).filter(|&at| BRANCHES.contains(&bare(&words[at])))
}

/// A word without its quotes.
fn bare(word: &str) -> &str {
    word.trim_matches(['\'', '‘', '’'])
}

fn is_and(word: &str) -> bool {
    matches!(word, "and" | "plus" | "well" | "&")
}

/// Whether a word stands in parentheses.
fn is_aside(text: &str, word: &str) -> bool {
    let text = text.to_lowercase();
    let before = text.find(word).map(|at| &text[..at]);
    before.is_some_and(|before| before.rfind('(') > before.rfind(')'))
}
