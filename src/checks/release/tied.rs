//! Which files something signed ties to the tag. A key signs the files of every release alike: then nothing but their names
//! tells those of this release from those of another one, and a name is signed only as part of a checksum file.

use super::{OTHER_VERSION, UNTIED, called::Versions, whole::Accepted};
use crate::{
    checks::{Rules, provenance},
    evidence::TagRecord,
    facts::{Cover, Facts, Files, SignatureFact},
    outcome::{Finding, Subject},
    proof::{Proof, Signed, Signer},
    release::{ArtifactName, RepositoryName},
    text::{Untrusted, count, plural_list},
};

/// Files that nothing ties to the tag: those that are called after another version, and the rest with one word.
pub(super) fn judge(facts: &Facts, rules: &Rules, files: &Files, accepted: &Accepted<'_>) -> Vec<Finding> {
    let leads = provenance::leads_to_the_tag(facts, &rules.provenance, files);
    let is_signed = |name: &ArtifactName| speaking(files, name).any(|fact| accepted.proof(fact).is_some());
    let is_tied = |name: &ArtifactName| {
        let mut proofs = speaking(files, name).filter_map(|fact| accepted.proof(fact));
        proofs.any(|proof| signer_names_the_tag(facts, proof))
            || leads(name)
            || files.listing(name).any(|list| leads(&list.file))
    };
    let versions = Versions::of(facts);
    let is_tied_by_name = |name: &ArtifactName| {
        let mut signed = files.listing(name).flat_map(|list| bound(files, &list.file));
        versions.is_own(name.as_str()) && signed.any(|fact| accepted.proof(fact).is_some_and(is_over_bytes))
    };
    let untied: Vec<&ArtifactName> = files.artifacts.keys().filter(|name| !is_tied(name)).collect();
    let mut findings = Vec::new();
    for name in &untied {
        let Some(other) = versions.other(name.as_str()) else { continue };
        let message =
            format!("{name} is called after {other}, and nothing that is signed ties it to {}", facts.tag);
        findings.push(Finding::fail(&OTHER_VERSION, Subject::artifact(*name), message));
    }
    // What nobody signed is said to be unsigned already.
    let is_told = |name: &&&ArtifactName| is_signed(name) && !is_tied_by_name(name);
    let signed: Vec<String> = untied.iter().filter(is_told).map(ToString::to_string).collect();
    if !signed.is_empty() {
        let message = format!(
            "nothing that is signed ties {} to {}: files of another release would pass under these names: {}",
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
    std::iter::once(name).chain(lists).flat_map(|name| bound(files, name))
}

/// The signatures whose own bytes say that they are of this file.
fn bound<'a>(files: &'a Files, name: &'a ArtifactName) -> impl Iterator<Item = &'a SignatureFact> {
    files.speaking_of(name).filter(|(_, cover)| **cover == Cover::Bound).map(|(fact, _)| fact)
}

/// Whether the bytes of a file were signed.
fn is_over_bytes(proof: &Proof) -> bool {
    matches!(proof.signed(), Signed::File(_) | Signed::Text(_))
}

/// Whether the certificate that signed names the tag of this repository, or its commit.
fn signer_names_the_tag(facts: &Facts, proof: &Proof) -> bool {
    let certificate = match proof.signer() {
        Signer::Certificate(certificate) => certificate,
        // Those of other releases are not accepted.
        Signer::Registry(_) => return true,
        Signer::Key { .. } => return false,
    };
    let claims = &certificate.claims;
    let is = |claim: &Option<Untrusted>, wanted: Option<&str>| {
        claim.as_ref().is_some_and(|claim| Some(claim.raw()) == wanted)
    };
    let repository = facts.repository.as_ref().map(RepositoryName::url);
    let reference = format!("refs/tags/{}", facts.tag.raw());
    let commit = facts.tag_record.present().map(|record: &TagRecord| record.commit.as_str());
    is(&claims.source_repository_digest, commit)
        || (is(&claims.source_repository_uri, repository.as_deref())
            && is(&claims.source_repository_ref, Some(&reference)))
}
