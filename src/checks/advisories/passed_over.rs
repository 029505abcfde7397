//! What the repository's own files pass over, applied to what was found.
//!
//! The rule that must not be broken: a finding that is passed over stays in the report, with the file and its reason; and the
//! policy, which is the verifier's, has the last word on whether such a file counts at all.

use super::{Policy, SUPPRESSION};
use crate::{
    advisories::{
        lock::Ecosystem,
        matching::Match,
        suppression::{Found, Suppression},
    },
    facts::{Facts, LockFact},
    outcome::{Finding, Status, Subject, SubjectKind, Waiver},
    text::{clean, count, plural_list},
};
use jiff::tz::TimeZone;
use serde::Deserialize;

/// Whether files at the tag that pass over advisories count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RepositoryWaivers {
    /// What they pass over is waived, and shown with their reason.
    #[default]
    Accept,
    /// They are shown, and count for nothing.
    Refuse,
}

/// `finding`, of the advisory `found`, waived where a file at the tag passes it over.
pub(super) fn apply(
    mut finding: Finding,
    facts: &Facts,
    policy: &Policy,
    fact: &LockFact,
    found: &Match,
) -> Finding {
    let Some(ecosystem) = fact.lock.as_ref().ok().map(|it| it.lock.ecosystem()) else { return finding };
    let today = facts.as_of.to_zoned(TimeZone::UTC).date();
    let about: Vec<&Suppression> =
        entries(facts).filter(|entry| entry.is_about(of(fact, ecosystem, found))).collect();
    for entry in about {
        let reason = entry.reason.as_deref().unwrap_or("no reason is given");
        let said = format!("{} at {}: {reason}", entry.file, facts.tag);
        let said = clean(&said);
        if !entry.holds_on(today) {
            let until = entry.until.map(|until| until.to_string()).unwrap_or_default();
            finding.message = format!("{} (passed over until {until} by {said})", finding.message);
        } else if policy.repository_waivers == RepositoryWaivers::Refuse {
            finding.message =
                format!("{} (passed over by {said}, which the policy does not accept)", finding.message);
        } else {
            finding.status = Status::Waived;
            finding.waiver = Some(Waiver { reason: said.into_owned(), until: entry.until });
            return finding;
        }
    }
    finding
}

/// What is wrong with such files: one that cannot be read, and entries about nothing that was found.
pub(super) fn faults(facts: &Facts, locks: &[&LockFact]) -> Vec<Finding> {
    let mut faults = Vec::new();
    for file in &facts.suppressions {
        let subject = Subject::new(SubjectKind::Package, &file.path);
        let entries = match &file.entries {
            Ok(entries) => entries,
            Err(why) => {
                let message = format!("{} at {} passes over nothing: {why}", file.path, facts.tag);
                faults.push(Finding::undetermined(&SUPPRESSION, subject, message));
                continue;
            }
        };
        let unused: Vec<String> =
            entries.iter().filter(|entry| !is_used(entry, locks)).map(describe).collect();
        if !unused.is_empty() {
            let n = count(unused.len(), "entry", "entries");
            let message = format!(
                "{n} of {} at {} about nothing that was found: {}",
                file.path,
                facts.tag,
                plural_list(&unused, 5)
            );
            faults.push(Finding::fail(&SUPPRESSION, subject, message));
        }
    }
    faults
}

/// What the files pass over in this release: an entry about a part of another product says nothing of it.
fn entries(facts: &Facts) -> impl Iterator<Item = &Suppression> {
    let entries = facts.suppressions.iter().filter_map(|file| file.entries.as_ref().ok()).flatten();
    entries.filter(|entry| entry.product.as_deref().is_none_or(|product| is_this_release(facts, product)))
}

/// Whether a purl such as `pkg:github/acme/widget@v1.2.3` names the repository, at this tag or at any.
fn is_this_release(facts: &Facts, purl: &str) -> bool {
    let Some((_, rest)) = purl.strip_prefix("pkg:").and_then(|rest| rest.split_once('/')) else {
        return false;
    };
    let (path, version) = rest.split_once('@').map_or((rest, None), |(path, version)| (path, Some(version)));
    let is_tag =
        |version: &str| version == facts.tag.raw() || facts.tag.raw().strip_prefix('v') == Some(version);
    version.is_none_or(is_tag)
        && facts.repository.as_ref().is_some_and(|repository| repository.path().eq_ignore_ascii_case(path))
}

fn of<'a>(fact: &'a LockFact, ecosystem: Ecosystem, found: &'a Match) -> Found<'a> {
    Found {
        lock: &fact.path,
        ecosystem,
        package: &found.package,
        version: &found.version,
        id: &found.id,
        aliases: &found.aliases,
    }
}

/// Whether an entry is about an advisory that was found; unknown, and so no fault, where nothing could be asked.
fn is_used(entry: &Suppression, locks: &[&LockFact]) -> bool {
    let read = locks.iter().filter_map(|fact| Some((*fact, fact.lock.as_ref().ok()?)));
    let mut asked = false;
    for (fact, locked) in read {
        let Some(matches) = &locked.matches else { continue };
        asked = true;
        let ecosystem = locked.lock.ecosystem();
        if matches.found.iter().any(|found| entry.is_about(of(fact, ecosystem, found))) {
            return true;
        }
    }
    !asked
}

fn describe(entry: &Suppression) -> String {
    let package = entry.package.as_ref().and_then(|package| package.name.clone());
    let words = [entry.id.clone(), package];
    clean(&words.into_iter().flatten().collect::<Vec<_>>().join(" ")).into_owned()
}
