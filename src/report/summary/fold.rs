//! Findings that say the same, told once: of several subjects, or of one that was found in several places.

use super::is_distinct;
use crate::outcome::{Finding, Outcome, Status};
use std::{borrow::Cow, collections::BTreeMap};

/// The most subjects, or places, that are named of findings which say the same.
pub(super) const MOST_NAMED: usize = 3;

/// Findings that say the same of several subjects, or of one in several places.
#[derive(Debug)]
pub(in crate::report) struct Group<'a> {
    /// At least one.
    pub(in crate::report) findings: Vec<&'a Finding>,
}

impl Group<'_> {
    fn is_of_one(&self) -> bool {
        self.findings.iter().all(|finding| finding.subject == self.findings[0].subject)
    }

    /// What the findings say; where several subjects are named in it, `<name>` stands for each.
    pub(in crate::report) fn text<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let name = self.findings[0].subject.name.as_str();
        if !self.is_of_one() && is_distinct(name) { text.replace(name, "<name>").into() } else { text.into() }
    }

    /// What was found; of several places the first, and how many there are besides.
    pub(in crate::report) fn found(&self) -> Option<Cow<'_, str>> {
        let first = self.findings[0].found.as_deref()?;
        if self.findings.len() == 1 || !self.is_of_one() {
            return Some(self.text(first));
        }
        let named: Vec<&str> =
            self.findings.iter().take(MOST_NAMED).filter_map(|finding| finding.found.as_deref()).collect();
        let more = self.findings.len() - named.len();
        let more = if more > 0 { format!("; and {more} more") } else { String::new() };
        Some((named.join("; ") + &more).into())
    }

    /// The names of the first subjects, and how many there are besides.
    pub(in crate::report) fn subjects(&self) -> (Vec<&str>, usize) {
        if self.is_of_one() {
            return (vec![self.findings[0].subject.name.as_str()], 0);
        }
        let names: Vec<&str> =
            self.findings.iter().take(MOST_NAMED).map(|f| f.subject.name.as_str()).collect();
        let more = self.findings.len() - names.len();
        (names, more)
    }
}

/// The findings of a check that are not a pass, folded, in their order.
pub(in crate::report) fn not_passing(outcome: &Outcome) -> Vec<Group<'_>> {
    places(by_subject(outcome.findings.iter().filter(|finding| finding.status != Status::Pass)))
}

/// Puts findings together that differ in nothing but their subject, wherever they name it.
pub(super) fn by_subject<'a>(findings: impl Iterator<Item = &'a Finding>) -> Vec<Group<'a>> {
    grouped(findings.map(|finding| (template(finding), vec![finding])))
}

/// Puts findings about one subject together that differ in nothing but what was found: one package in many lock files.
fn places(groups: Vec<Group<'_>>) -> Vec<Group<'_>> {
    grouped(groups.into_iter().enumerate().map(|(at, group)| {
        let place = match group.findings.as_slice() {
            [only] if only.found.is_some() => Ok((only.subject.clone(), apart_from_found(only))),
            _ => Err(at),
        };
        (place, group.findings)
    }))
}

/// Findings by a key, in the order of the first of each.
fn grouped<'a, K: Ord>(findings: impl Iterator<Item = (K, Vec<&'a Finding>)>) -> Vec<Group<'a>> {
    let mut index = BTreeMap::new();
    let mut groups: Vec<Group<'a>> = Vec::new();
    for (key, findings) in findings {
        let at = *index.entry(key).or_insert(groups.len());
        match groups.get_mut(at) {
            Some(group) => group.findings.extend(findings),
            None => groups.push(Group { findings }),
        }
    }
    groups
}

/// Everything a finding says, with a blank in place of its subject's name.
fn template(finding: &Finding) -> impl Ord + use<> {
    (finding.subject.kind, blank(finding, finding.found.as_ref()), apart_from_found(finding))
}

/// Everything it says but what was found, with that blank.
fn apart_from_found(finding: &Finding) -> impl Ord + use<> {
    let texts = [&finding.expected, &finding.fix, &finding.reproduce];
    (
        (finding.rule.id, finding.status, finding.level),
        blank(finding, Some(&finding.message)),
        texts.map(|text| blank(finding, text.as_ref())),
        finding.waiver.as_ref().map(|waiver| (waiver.reason.clone(), waiver.until)),
    )
}

fn blank(finding: &Finding, text: Option<&String>) -> Option<String> {
    let name = finding.subject.name.as_str();
    text.map(|text| if is_distinct(name) { text.replace(name, "\0") } else { text.clone() })
}
