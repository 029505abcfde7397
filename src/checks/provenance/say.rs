//! Words for findings about one statement and one artifact.

use super::TRIGGER;
use crate::{
    facts::SignatureFact,
    outcome::{Finding, Rule, Status, Subject},
    text::Untrusted,
};

/// Words for findings about one statement and one artifact.
pub(super) struct Say<'a> {
    pub(super) fact: &'a SignatureFact,
    pub(super) subject: Subject,
}

/// What must hold of one fact about a build.
pub(super) struct Asked<'a, F: Fn(&str) -> bool> {
    pub(super) rule: &'static Rule,
    /// What the fact is, such as `the commit`.
    pub(super) what: &'static str,
    /// What would pass.
    pub(super) expected: &'a str,
    /// What passes.
    pub(super) allowed: F,
}

/// Who says so, besides the predicate.
pub(super) enum Basis<'a> {
    /// The platform, by its certificate; nothing where that does not carry the claim.
    Certificate(Option<&'a Untrusted>),
    /// Nobody: the predicate is signed with a key that the policy believes.
    Key,
}

impl Say<'_> {
    pub(super) fn finding(&self, rule: &'static Rule, status: Status, message: String) -> Finding {
        Finding::new(rule, status, self.subject.clone(), message).rests_on([self.fact.sha256])
    }

    /// Compares what the certificate claims, and then what the predicate states, with what is allowed.
    pub(super) fn compare<F: Fn(&str) -> bool>(
        &self,
        asked: &Asked<'_, F>,
        basis: &Basis<'_>,
        stated: &[String],
    ) -> Finding {
        match basis {
            Basis::Certificate(Some(claimed)) => self.certified(asked, claimed, stated),
            Basis::Certificate(None) => {
                let message = format!(
                    "the certificate of {} does not say {}; the predicate alone proves nothing",
                    self.fact.file, asked.what
                );
                self.finding(asked.rule, Status::Undetermined, message).expected(asked.expected)
            }
            Basis::Key => self.keyed(asked, stated),
        }
    }

    fn certified<F: Fn(&str) -> bool>(
        &self,
        asked: &Asked<'_, F>,
        claimed: &Untrusted,
        stated: &[String],
    ) -> Finding {
        let Asked { rule, what, expected, allowed } = asked;
        if !allowed(claimed.raw()) {
            return self.another(asked).expected(expected).found(claimed.to_string());
        }
        if let Some(other) = stated.iter().find(|stated| *stated != claimed.raw()) {
            let message =
                format!("the provenance of {} states another one than its certificate: {what}", self.subject);
            return self.finding(rule, Status::Fail, message).expected(claimed.to_string()).found(other);
        }
        let alone = if stated.is_empty() { ", by the certificate; the predicate does not say" } else { "" };
        self.finding(rule, Status::Pass, format!("{}: {what} is {claimed}{alone}", self.subject))
    }

    fn keyed<F: Fn(&str) -> bool>(&self, asked: &Asked<'_, F>, stated: &[String]) -> Finding {
        let Asked { rule, what, expected, allowed } = asked;
        let Some(first) = stated.first() else {
            let message = format!(
                "{} is signed with a key, and its predicate does not say {what} in a way that is known here",
                self.fact.file
            );
            let finding = self.finding(rule, Status::Undetermined, message).expected(expected);
            // Builders outside of GitHub have no such events; the policy can still require the rule.
            return if *rule == &TRIGGER { finding.warning() } else { finding };
        };
        if let Some(other) = stated.iter().find(|stated| !allowed(stated)) {
            return self.another(asked).expected(expected).found(other);
        }
        let message = format!(
            "{}: {what} is {}, by the word of the builder alone: its provenance is signed with a key",
            self.subject,
            Untrusted::new(first)
        );
        self.finding(rule, Status::Pass, message)
    }

    fn another<F: Fn(&str) -> bool>(&self, asked: &Asked<'_, F>) -> Finding {
        let message = if asked.rule == &TRIGGER {
            format!("{} was built on an event that is not allowed", self.subject)
        } else {
            format!("{} that {} was built from is another one", asked.what, self.subject)
        };
        self.finding(asked.rule, Status::Fail, message)
    }
}
