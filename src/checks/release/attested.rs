//! What GitHub attests of an immutable release: the commit of its tag, and its files. It is signed, which the forge's list is
//! not, and says that the files are those that were published, and nothing of who built them.
//!
//! Follows the in-toto predicate "release" v0.1 and v0.2.

use super::{ASSET_CHANGED, TAG_MOVED, whole::Accepted};
use crate::{
    evidence::Listing,
    facts::{Facts, Files, SignatureFact},
    outcome::{Finding, Subject},
    proof::{
        Registry, Signed, Signer,
        statement::{Release, Statement},
    },
    release::ArtifactName,
    text::clean,
};
use std::collections::BTreeSet;

/// The attestations of this release by the forge, and what is wrong with them.
pub(super) struct Attested<'a> {
    all: Vec<One<'a>>,
}

struct One<'a> {
    fact: &'a SignatureFact,
    statement: &'a Statement,
    /// The git object that the tag named, where that is another one now.
    moved: Option<String>,
}

impl<'a> Attested<'a> {
    /// Those that verify and name this repository and this tag.
    pub(super) fn of(facts: &Facts, files: &'a Files, accepted: &Accepted<'_>) -> Self {
        let one = |fact: &'a SignatureFact| {
            let proof = fact.proof.as_ref().ok()?;
            let Signed::Statement(statement) = proof.signed() else { return None };
            if *proof.signer() != Signer::Registry(Registry::GitHubReleases) || !accepted.is_in_time(proof) {
                return None;
            }
            let object = of_this_release(facts, statement)?;
            let moved = match facts.tag_record.present() {
                Some(record) => object.filter(|object| {
                    ![record.object.as_str(), record.commit.as_str()].contains(&object.as_str())
                }),
                None => None,
            };
            Some(One { fact, statement, moved })
        };
        Self { all: files.signatures.iter().filter_map(one).collect() }
    }

    /// The file that holds one which the tag still agrees with.
    pub(super) fn good(&self) -> Option<&ArtifactName> {
        self.all.iter().find(|one| one.moved.is_none()).map(|one| &one.fact.file)
    }

    /// A tag that was moved, and files that were added or removed since.
    pub(super) fn findings(&self, facts: &Facts, files: &Files, listing: Option<&Listing>) -> Vec<Finding> {
        let mut findings = Vec::new();
        for One { fact, statement, moved } in &self.all {
            if let (Some(object), Some(record)) = (moved, facts.tag_record.present()) {
                let message =
                    format!("{} is GitHub's word that {} named another object", fact.file, facts.tag);
                let finding =
                    Finding::fail(&TAG_MOVED, facts.release(), message).expected(record.object.as_str());
                findings.push(finding.found(clean(object)).rests_on([fact.sha256]));
            }
            let added = files.artifacts.keys().filter(|name| !fact.covers.contains_key(*name));
            findings.extend(added.map(|name| {
                let message = format!("{name} is not among the files that {} names", fact.file);
                Finding::fail(&ASSET_CHANGED, Subject::artifact(name), message).rests_on([fact.sha256])
            }));
            // Whoever has a folder need not have every file.
            let Some(listing) = listing else { continue };
            let listed: BTreeSet<&str> = listing.files.iter().map(|file| file.name.raw()).collect();
            let named = statement.subjects().iter().filter_map(|subject| subject.name.as_deref());
            let gone: BTreeSet<&str> = named.filter(|name| !listed.contains(name)).collect();
            findings.extend(gone.into_iter().map(|name| {
                let message = format!("{} names {}, which is published no more", fact.file, clean(name));
                Finding::fail(&ASSET_CHANGED, Subject::artifact(name), message).rests_on([fact.sha256])
            }));
        }
        findings
    }
}

/// The git object of the tag in an attestation of this very release (an empty one where it names none); nothing where it is
/// one of another release.
pub(super) fn of_this_release(facts: &Facts, statement: &Statement) -> Option<Option<String>> {
    let Release::GitHub { repository, tag, object } = Release::of(statement).ok().flatten()? else {
        return None;
    };
    let own = facts.repository.as_ref().filter(|own| own.host() == "github.com")?;
    let is_it = own.path().eq_ignore_ascii_case(&repository) && tag == facts.tag.raw();
    is_it.then_some(object)
}
