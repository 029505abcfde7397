//! Which files something signed ties to the tag. A key signs the files of every release alike: then nothing but their names
//! tells those of this release from those of another one.

use super::{OTHER_VERSION, UNTIED, whole::Accepted};
use crate::{
    evidence::TagRecord,
    facts::{Cover, Facts, Files, SignatureFact},
    outcome::{Finding, Subject},
    proof::{
        Proof, Signed, Signer,
        statement::{Provenance, Summary},
    },
    release::ArtifactName,
    text::{Untrusted, count, plural_list},
    versions::TagVersion,
};
use std::collections::BTreeSet;

/// Files that nothing ties to the tag: those that are called after another version, and the rest with one word.
pub(super) fn judge(facts: &Facts, files: &Files, accepted: &Accepted<'_>) -> Vec<Finding> {
    let is_signed = |name: &ArtifactName| speaking(files, name).any(|fact| accepted.proof(fact).is_some());
    let is_tied = |name: &ArtifactName| {
        speaking(files, name).filter_map(|fact| accepted.proof(fact)).any(|proof| names_the_tag(facts, proof))
    };
    let untied: Vec<&ArtifactName> = files.artifacts.keys().filter(|name| !is_tied(name)).collect();
    let others = other_versions(facts);
    let mut findings = Vec::new();
    for name in &untied {
        let own = facts.version.as_ref().is_some_and(|version| holds(name.as_str(), &version.number()));
        let Some(other) = others.iter().find(|other| !own && holds(name.as_str(), other)) else { continue };
        let message =
            format!("{name} is called after {other}, and nothing that is signed ties it to {}", facts.tag);
        findings.push(Finding::fail(&OTHER_VERSION, Subject::artifact(*name), message));
    }
    // What nobody signed is said to be unsigned already.
    let signed: Vec<String> = untied.iter().filter(|name| is_signed(name)).map(ToString::to_string).collect();
    if !signed.is_empty() {
        let message = format!(
            "nothing that is signed ties {} to {}, and files of another release would pass as well: {}",
            count(signed.len(), "file", "files"),
            facts.tag,
            plural_list(&signed, 3)
        );
        findings.push(Finding::fail(&UNTIED, facts.release(), message));
    }
    findings
}

/// The signatures of a file, and of the checksum files that list it.
fn speaking<'a>(files: &'a Files, name: &'a ArtifactName) -> impl Iterator<Item = &'a SignatureFact> {
    let lists = files.listing(name).map(|list| &list.file);
    std::iter::once(name).chain(lists).flat_map(|name| {
        files.speaking_of(name).filter(|(_, cover)| **cover == Cover::Bound).map(|(fact, _)| fact)
    })
}

/// Whether what was signed, or the certificate that signed it, names the tag or its commit.
fn names_the_tag(facts: &Facts, proof: &Proof) -> bool {
    let reference = format!("refs/tags/{}", facts.tag.raw());
    let commit = facts.tag_record.present().map(|record: &TagRecord| record.commit.as_str());
    let by_certificate = match proof.signer() {
        Signer::Certificate(certificate) => {
            let claims = &certificate.claims;
            let is = |claim: &Option<Untrusted>, wanted: Option<&str>| {
                claim.as_ref().is_some_and(|claim| Some(claim.raw()) == wanted)
            };
            is(&claims.source_repository_ref, Some(&reference))
                || is(&claims.source_repository_digest, commit)
        }
        // Those of other releases are not accepted.
        Signer::Registry(_) => true,
        Signer::Key { .. } => false,
    };
    let by_statement = || match proof.signed() {
        Signed::Statement(statement) => match (Provenance::of(statement), Summary::of(statement)) {
            (Ok(provenance), _) => {
                provenance.source_ref.as_deref() == Some(&reference)
                    || provenance.source_commits.iter().any(|source| Some(source.as_str()) == commit)
            }
            (_, Ok(summary)) => summary.resource_uri.contains(&format!("@{reference}")),
            _ => false,
        },
        Signed::File(_) | Signed::Text(_) | Signed::Object(_) => false,
    };
    by_certificate || by_statement()
}

/// The numbers of the repository's other tags that a file may be called after: those of two numbers at least, and not
/// those that are part of this tag's own.
fn other_versions(facts: &Facts) -> BTreeSet<String> {
    let Some(own) = facts.version.as_ref().map(TagVersion::number) else { return BTreeSet::new() };
    let tags = facts.tags.present().map_or(&[][..], Vec::as_slice);
    let versions = tags.iter().filter_map(|tag| TagVersion::parse(tag.name.raw()));
    versions.map(|version| version.number()).filter(|number| *number != own && !holds(&own, number)).collect()
}

/// Whether a name holds a version, and not as part of a longer number.
fn holds(name: &str, version: &str) -> bool {
    let is_digit_or_dot = |c: char| c.is_ascii_digit() || c == '.';
    name.match_indices(version).any(|(at, _)| {
        let (before, after) = (&name[..at], &name[at + version.len()..]);
        let longer_before = before.ends_with(is_digit_or_dot);
        // `1.2.3.tar.gz` ends with the number, and `1.2.3.4` does not.
        let mut rest = after.chars();
        let longer_after = match rest.next() {
            Some('.') => rest.next().is_some_and(|c| c.is_ascii_digit()),
            Some(c) => c.is_ascii_digit(),
            None => false,
        };
        !longer_before && !longer_after
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_holds_a_version_only_as_a_whole_number() {
        for (name, version) in [
            ("w-1.2.3.tar.gz", "1.2.3"),
            ("w-v1.2.3-linux.zip", "1.2.3"),
            ("w_1.2.3", "1.2.3"),
            ("1.2.3", "1.2.3"),
        ] {
            assert!(holds(name, version), "{name}");
        }
        for (name, version) in [
            ("w-1.2.30.tar.gz", "1.2.3"),
            ("w-11.2.3.tar.gz", "1.2.3"),
            ("w-1.2.3.4.tar.gz", "1.2.3"),
            ("w-0.1.2.3.tar.gz", "1.2.3"),
            ("w.tar.gz", "1.2.3"),
        ] {
            assert!(!holds(name, version), "{name}");
        }
    }
}
