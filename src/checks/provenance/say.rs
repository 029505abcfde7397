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

impl Say<'_> {
    pub(super) fn finding(&self, rule: &'static Rule, status: Status, message: String) -> Finding {
        Finding::new(rule, status, self.subject.clone(), message).rests_on([self.fact.sha256])
    }

    /// Compares what the certificate claims, and then what the predicate states, with what is allowed.
    pub(super) fn compare<'s>(
        &self,
        rule: &'static Rule,
        what: &str,
        claimed: Option<&Untrusted>,
        stated: impl IntoIterator<Item = &'s str>,
        expected: &str,
        allowed: impl Fn(&str) -> bool,
    ) -> Finding {
        let Some(claimed) = claimed else {
            let message = format!(
                "the certificate of {} does not say {what}; the predicate alone proves nothing",
                self.fact.file
            );
            return self.finding(rule, Status::Undetermined, message).expected(expected);
        };
        if !allowed(claimed.raw()) {
            let message = format!("{what} that {} was built from is another one", self.subject);
            let message = if rule == &TRIGGER {
                format!("{} was built on an event that is not allowed", self.subject)
            } else {
                message
            };
            return self.finding(rule, Status::Fail, message).expected(expected).found(claimed.to_string());
        }
        if let Some(other) = stated.into_iter().find(|stated| *stated != claimed.raw()) {
            let message =
                format!("the provenance of {} states another one than its certificate: {what}", self.subject);
            return self.finding(rule, Status::Fail, message).expected(claimed.to_string()).found(other);
        }
        self.finding(rule, Status::Pass, format!("{}: {what} is {claimed}", self.subject))
    }
}
