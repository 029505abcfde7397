//! How the forge shows the release: published or not, of which commit, and what happened to its files since.

use super::{
    AMBIGUOUS, ASSET_CHANGED, DRAFT, MUTABLE, NOT_PRE_RELEASE, PRE_RELEASE, Policy, TAG_MOVED,
    attested::Attested,
};
use crate::{
    evidence::{Listed, Listing, Stage},
    facts::Facts,
    outcome::{Finding, Subject},
    text::{count, plural_list},
};
use jiff::{SignedDuration, Timestamp};

/// What the forge says of the release itself.
pub(super) fn judge(facts: &Facts, listing: &Listing, policy: &Policy) -> Vec<Finding> {
    let mut findings: Vec<Finding> = stage(facts, listing).into_iter().collect();
    findings.extend(moved(facts, listing));
    if !listing.also.is_empty() {
        let n = listing.also.len() + 1;
        let message = format!("{} has {n} releases", facts.tag);
        let all: Vec<String> = std::iter::once(&listing.origin).chain(&listing.also).cloned().collect();
        findings.push(Finding::fail(&AMBIGUOUS, facts.release(), message).found(plural_list(&all, 5)));
    }
    findings.extend(listing.files.iter().filter_map(|file| changed(listing, file, policy)));
    findings
}

fn stage(facts: &Facts, listing: &Listing) -> Option<Finding> {
    let (release, tag) = (facts.release(), &facts.tag);
    let is_pre_release = facts.version.as_ref().map(|version| version.is_pre_release());
    match (listing.stage, is_pre_release) {
        (Stage::Draft, _) => {
            let message = format!("the release of {tag} is not published yet");
            Some(Finding::fail(&DRAFT, release, message))
        }
        (Stage::PreRelease, Some(false)) => {
            let message = format!("the forge marks {tag} as a pre-release, and its version is none");
            Some(Finding::fail(&PRE_RELEASE, release, message))
        }
        (Stage::Full, Some(true)) => {
            let message = format!(
                "{tag} is a pre-release by its version, and the forge shows it as a release for everybody"
            );
            Some(Finding::fail(&NOT_PRE_RELEASE, release, message))
        }
        (Stage::PreRelease | Stage::Full | Stage::Published | Stage::Indexed, _) => None,
    }
}

/// Whether anybody can still change the release. That nobody can says nothing of who built its files.
pub(super) fn mutable(facts: &Facts, listing: Option<&Listing>, attested: &Attested<'_>) -> Option<Finding> {
    let (release, tag) = (facts.release(), &facts.tag);
    let attestation = attested.good().map(|file| format!("{file}, which GitHub signed, names its files"));
    let says = match listing.and_then(|listing| listing.is_immutable) {
        Some(false) => {
            let message = format!("the forge lets the files of {tag} be exchanged");
            return Some(Finding::fail(&MUTABLE, release, message));
        }
        Some(true) => Some(format!("the forge says that nobody can change the files of {tag} any more")),
        None => None,
    };
    let said: Vec<String> = says.into_iter().chain(attestation).collect();
    if said.is_empty() {
        return None;
    }
    let message = format!("{}; that is no word on who built them", said.join(", and "));
    Some(Finding::pass(&MUTABLE, release, message))
}

/// A release that the forge made of another commit than the tag leads to now.
fn moved(facts: &Facts, listing: &Listing) -> Option<Finding> {
    let said = listing.commit.as_ref()?;
    let Some(record) = facts.tag_record.present() else {
        let message =
            format!("the release is of commit {}, and {} could not be read", said.short(), facts.tag);
        return Some(Finding::undetermined(&TAG_MOVED, facts.release(), message));
    };
    if [&record.commit, &record.object].contains(&said) {
        return None;
    }
    let tag = &facts.tag;
    let message =
        format!("the release is of commit {}, and {tag} leads to {}", said.short(), record.commit.short());
    let finding = Finding::fail(&TAG_MOVED, facts.release(), message);
    Some(finding.expected(record.commit.as_str()).found(said.as_str()))
}

/// A file that came, or was changed, long after the release.
fn changed(listing: &Listing, file: &Listed, policy: &Policy) -> Option<Finding> {
    let (published, updated) = (listing.published_at?, file.updated_at?);
    let settling = SignedDuration::from_hours(i64::from(policy.settle_hours));
    let late = updated.duration_since(published);
    if late <= settling {
        return None;
    }
    let name = &file.name;
    let message = format!("{name} was uploaded or changed {} after the release was published", long(late));
    let until = published.checked_add(settling).unwrap_or(Timestamp::MAX);
    Some(
        Finding::fail(&ASSET_CHANGED, Subject::artifact(name.raw()), message)
            .expected(format!("by {until}"))
            .found(updated.to_string()),
    )
}

/// `3 hours`, `12 days`.
fn long(duration: SignedDuration) -> String {
    let hours = usize::try_from(duration.as_hours()).unwrap_or_default();
    match hours {
        0 => "less than an hour".to_owned(),
        1..48 => count(hours, "hour", "hours"),
        _ => count(hours / 24, "day", "days"),
    }
}
