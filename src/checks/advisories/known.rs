//! What was known when the tag was made.
//!
//! The rule that must not be broken: a date that the source does not give is not guessed. What stands in a database that is
//! older than the tag was known before it; about everything else without a date nothing is said.

use super::KNOWN_BEFORE;
use crate::{
    advisories::{lock::Ecosystem, matching::Match},
    facts::{Facts, LockFact},
    outcome::{Finding, Subject, SubjectKind},
};
use jiff::{Timestamp, tz::TimeZone};

/// The times that count for one lock file.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Times {
    /// When the tag was made.
    pub(super) tagged: Option<Timestamp>,
    /// Of when the newest of the databases is that an advisory may come from; nothing where one of them does not say.
    pub(super) databases: Option<Timestamp>,
}

impl Times {
    /// Those of a lock file of `ecosystem`.
    pub(super) fn of(facts: &Facts, ecosystem: Ecosystem) -> Self {
        let sources = || {
            let all = facts.advisories.present().into_iter().flatten();
            all.filter(|source| source.answers_for(ecosystem)).map(|source| source.date)
        };
        let are_dated = sources().all(|date| date.is_some());
        Self {
            tagged: facts.tag_record.present().and_then(|tag| tag.time),
            databases: sources().flatten().max().filter(|_| are_dated),
        }
    }
}

/// How many of the vulnerabilities were published before the tag was made. What was published on the same day counts
/// as before.
pub(super) fn known_before(facts: &Facts, fact: &LockFact, harmful: &[&Match], times: Times) -> Finding {
    let all: Vec<Known> = harmful.iter().map(|row| Known::of(row, times)).collect();
    let count = |known: Known| all.iter().filter(|it| **it == known).count();
    let (before, since, unknown) = (count(Known::Before), count(Known::Since), count(Known::Unknown));
    let mut message =
        format!("{} in {}: known before the tag: {before}; since: {since}", facts.tag, fact.path);
    if unknown > 0 {
        message.push_str(&format!("; date unknown: {unknown}"));
    }
    let subject = Subject::new(SubjectKind::Package, &fact.path);
    let finding = match (before, unknown) {
        (0, 0) => Finding::pass(&KNOWN_BEFORE, subject, message),
        (0, _) => Finding::undetermined(&KNOWN_BEFORE, subject, message),
        _ => Finding::fail(&KNOWN_BEFORE, subject, message),
    };
    finding.rests_on(fact.sha256)
}

/// When an advisory was published, seen from the tag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Known {
    Before,
    Since,
    Unknown,
}

impl Known {
    pub(super) fn of(found: &Match, times: Times) -> Self {
        let Some(tagged) = times.tagged else { return Self::Unknown };
        match found.published {
            Some(published) if published > tagged.to_zoned(TimeZone::UTC).date() => Self::Since,
            Some(_) => Self::Before,
            None if times.databases.is_some_and(|date| date < tagged) => Self::Before,
            None => Self::Unknown,
        }
    }
}
