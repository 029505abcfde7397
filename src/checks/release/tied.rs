//! Which files something signed ties to the tag. A key signs the files of every release alike: then nothing but their names
//! tells those of this release from those of another one, and a name is signed only as part of a checksum file.

use super::{OTHER_VERSION, UNTIED, called::Versions, whole::Accepted};
use crate::{
    checks::{Rules, provenance},
    evidence::TagRecord,
    facts::{ChecksumFact, Cover, Facts, Files, SignatureFact, checksum_file::ChecksumFile},
    outcome::{Finding, Subject},
    proof::{Proof, Signed, Signer},
    release::{ArtifactName, RepositoryName},
    text::{Untrusted, count, plural_list},
};
use std::collections::HashSet;

/// Files that nothing ties to the tag: those that are called after another version, and the rest with one word.
pub(super) fn judge(facts: &Facts, rules: &Rules, files: &Files, accepted: &Accepted<'_>) -> Vec<Finding> {
    Ties { facts, files, accepted, versions: Versions::of(facts) }.judge(rules)
}

/// What ties files to the tag.
struct Ties<'a> {
    facts: &'a Facts,
    files: &'a Files,
    accepted: &'a Accepted<'a>,
    versions: Versions,
}

impl<'a> Ties<'a> {
    fn judge(&self, rules: &Rules) -> Vec<Finding> {
        let leads = provenance::leads_to_the_tag(self.facts, &rules.provenance, self.files);
        let is_tied = |name: &ArtifactName| {
            self.is_tied_by_signer(name)
                || leads(name)
                || self.files.listing(name).any(|list| leads(&list.file))
        };
        let all = self.files.artifacts.keys().chain(&self.files.sboms);
        let untied: Vec<&ArtifactName> = all.filter(|name| !is_tied(name)).collect();
        let of_others: Vec<(&ArtifactName, String)> =
            untied.iter().filter_map(|name| Some((*name, self.versions.other(name.as_str())?))).collect();
        let lists = if of_others.is_empty() { HashSet::new() } else { self.lists_of_the_tag() };
        let mut findings: Vec<Finding> =
            of_others.iter().map(|(name, other)| self.of_another_version(name, other, &lists)).collect();
        // Those are told, and what nobody signed is said to be unsigned already.
        let told: HashSet<&ArtifactName> = of_others.iter().map(|(name, _)| *name).collect();
        let is_left = |name: &&&ArtifactName| {
            !told.contains(**name) && self.is_signed(name) && !self.is_tied_by_name(name)
        };
        let signed: Vec<String> = untied.iter().filter(is_left).map(ToString::to_string).collect();
        if !signed.is_empty() {
            let message = format!(
                "nothing that is signed ties {} to {}: files of another release would pass under these names: {}",
                count(signed.len(), "file", "files"),
                self.facts.tag,
                plural_list(&signed, 3)
            );
            findings.push(Finding::fail(&UNTIED, self.facts.release(), message));
        }
        findings
    }

    /// A file that is called after another version. What is listed beside the tag's own files was published with them: the
    /// version may be that of a part.
    fn of_another_version(
        &self,
        name: &ArtifactName,
        other: &str,
        lists: &HashSet<&ArtifactName>,
    ) -> Finding {
        let tag = &self.facts.tag;
        if let Some(list) = self.files.listing(name).find(|list| lists.contains(&list.file)) {
            let message = format!(
                "{name} is called after {other}, and nothing that is signed ties it to {tag} but {}, which lists it \
                 beside files called after {tag}",
                list.file
            );
            return Finding::fail(&UNTIED, Subject::artifact(name), message);
        }
        let message = format!("{name} is called after {other}, and nothing that is signed ties it to {tag}");
        Finding::fail(&OTHER_VERSION, Subject::artifact(name), message)
    }

    fn proofs(&self, facts: impl Iterator<Item = &'a SignatureFact>) -> impl Iterator<Item = &'a Proof> {
        facts.filter_map(|fact| self.accepted.proof(fact))
    }

    fn is_signed(&self, name: &'a ArtifactName) -> bool {
        self.proofs(speaking(self.files, name)).next().is_some()
    }

    fn is_tied_by_signer(&self, name: &'a ArtifactName) -> bool {
        self.proofs(speaking(self.files, name)).any(|proof| signer_names_the_tag(self.facts, proof))
    }

    /// Whether the file is called after the tag by a name that was signed: in a checksum file, or with its own signature.
    fn is_tied_by_name(&self, name: &'a ArtifactName) -> bool {
        let mut lists = self.files.listing(name);
        self.versions.is_own(name.as_str())
            && (self.is_signed_by_name(name) || lists.any(|list| self.has_signed_names(list)))
    }

    /// Whether the names in a checksum file were signed. A digest alone has none, unless the list's own name was signed, from
    /// which it is taken.
    fn has_signed_names(&self, list: &'a ChecksumFact) -> bool {
        let has_names = list.listed.as_ref().is_ok_and(ChecksumFile::has_names);
        let is_signed = || self.proofs(bound(self.files, &list.file)).any(is_over_bytes);
        if has_names { is_signed() } else { self.is_signed_by_name(&list.file) }
    }

    /// Whether the name of a file was signed with its bytes, as in the trusted comment of minisign.
    fn is_signed_by_name(&self, name: &'a ArtifactName) -> bool {
        let about = bound(self.files, name).filter(|fact| fact.about == name.as_str());
        self.proofs(about).any(|proof| is_over_bytes(proof) && proof.names_its_file())
    }

    /// The signed checksum files that list a published file called after the tag.
    fn lists_of_the_tag(&self) -> HashSet<&'a ArtifactName> {
        let lists_own = |list: &ChecksumFact| {
            let entries = list.listed.as_ref().map_or(&[][..], ChecksumFile::entries);
            entries.iter().any(|entry| self.is_published(&entry.name) && self.versions.is_own(&entry.name))
        };
        let lists = self.files.checksums.iter().filter(|list| self.has_signed_names(list) && lists_own(list));
        lists.map(|list| &list.file).collect()
    }

    fn is_published(&self, name: &str) -> bool {
        ArtifactName::parse(name).is_some_and(|name| self.files.all.contains_key(&name))
    }
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
