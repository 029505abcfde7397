//! Claims that there are checksums.

use super::super::Context;
use super::{Each, elsewhere, sidecar, without_files};
use crate::{
    checks::{Check, checksums},
    facts::Files,
    outcome::{Finding, Status},
    release::ArtifactName,
    security_policy::claims::Claim,
};

/// Whether all artifacts have a checksum as the sentence says.
pub(super) fn judge(context: &Context<'_>, claim: &Claim, files: &Files) -> Finding {
    if let Some(finding) = without_files(context, claim, files, "no checksums") {
        return finding;
    }
    let findings = checksums::Checksums::run(context.facts, context.rules);
    let broken = [&checksums::MISSING, &checksums::UNLISTED, &checksums::MISMATCH, &checksums::WEAK];
    let each = Each::of(files, &findings, &checksums::MATCH, &broken);
    let finding = each.finding(
        context,
        claim,
        "listed in a checksum file with its own digest",
        "in no checksum file with the right digest",
    );
    let finding = match of_algorithm(context, claim, files) {
        Some(other) if finding.status == Status::Pass => other,
        _ => finding,
    };
    let sentence = claim.sentence.to_lowercase();
    let is_open = |place: &elsewhere::Place| match finding.status {
        Status::Pass => !place.may_be_files,
        status => status == Status::Fail,
    };
    if let Some(place) = elsewhere::place(&sentence).filter(is_open) {
        return context.unknown(claim, place.why);
    }
    match finding.status {
        Status::Pass if let Some(place) = of_registry(&sentence) => {
            context.unknown(claim, format!("it is said of {place}, and registries were not looked at"))
        }
        Status::Pass if let Some(file) = sidecar::missing(&sentence, files) => {
            context.unknown(claim, format!("{file} is not published; another file lists what it is of"))
        }
        _ => finding,
    }
}

/// What in a registry the checksums are said to be of.
fn of_registry(sentence: &str) -> Option<&'static str> {
    const SAID: [(&str, &str); 7] = [
        ("docker image", "images"),
        ("container image", "images"),
        ("on npm", "npm"),
        ("on pypi", "PyPI"),
        ("on maven central", "Maven Central"),
        ("on nuget", "NuGet"),
        ("on docker hub", "Docker Hub"),
    ];
    SAID.iter().find(|(words, _)| sentence.contains(words)).map(|(_, name)| *name)
}

/// Where the sentence names an algorithm, and not every artifact has a digest of it.
fn of_algorithm(context: &Context<'_>, claim: &Claim, files: &Files) -> Option<Finding> {
    let wanted = &claim.detail.algorithms;
    let of = |name: &ArtifactName| -> Vec<String> {
        let lists = files.naming(name).filter_map(|list| list.listed.as_ref().ok());
        let all = lists.flat_map(|list| list.digests_of(name.as_str()));
        let mut found: Vec<String> = all.map(|digest| plain(digest.algorithm().name())).collect();
        found.sort();
        found.dedup();
        found
    };
    let is_of = |wanted: &str, found: &[String]| found.iter().any(|it| it.starts_with(wanted));
    let mut partly = None;
    for name in files.artifacts.keys().filter(|_| !wanted.is_empty()) {
        let found = of(name);
        let missing: Vec<&str> = wanted.iter().copied().filter(|it| !is_of(it, &found)).collect();
        let message = || {
            let (lacks, has) = (missing.join(" and "), found.join(", "));
            format!("{name} has no checksum by {lacks}; it has one by {has}")
        };
        if missing.len() == wanted.len() {
            return Some(
                context.refuted(claim, message()).expected(wanted.join(", ")).found(found.join(", ")),
            );
        }
        if !missing.is_empty() && partly.is_none() {
            // Of several, one or the other may have been meant.
            partly = Some(context.unknown(claim, message()));
        }
    }
    partly
}

/// The name of an algorithm without marks.
fn plain(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase()
}
