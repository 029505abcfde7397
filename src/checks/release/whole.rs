//! The files together: everything that speaks of them is held side by side.

use super::{
    CONSISTENT, DIGEST_MISMATCH, MISSING, SILENT_FIX, UNREAD_FIX,
    attested::of_this_release,
    claims::{Claims, Said, Who},
    generated,
};
use crate::{
    checks::{Rules, provenance, signatures},
    digest::Digest,
    evidence::{Bytes, Listing, PublishedFile},
    facts::{Cover, Facts, Files, SignatureFact},
    outcome::{Finding, Subject},
    proof::{Proof, Registry, Signed, Signer},
    release::ArtifactName,
    text::{count, plural_list},
};

/// Whose word counts: those whom the policy lets sign or build, and GitHub of this very release. A stranger's statement
/// tells neither for nor against a release, or anybody could spoil one.
pub(super) struct Accepted<'a> {
    facts: &'a Facts,
    is_named: Box<dyn Fn(&Signer) -> bool + Sync + 'a>,
}

impl<'a> Accepted<'a> {
    pub(super) fn of(facts: &'a Facts, rules: &'a Rules) -> Self {
        let signs = signatures::may_sign(&rules.signatures, facts);
        let states = provenance::may_state(&rules.provenance, facts);
        Self { facts, is_named: Box::new(move |signer| signs(signer) || states(signer)) }
    }

    /// Whether it was signed by the moment judged.
    pub(super) fn is_in_time(&self, proof: &Proof) -> bool {
        proof.times().iter().all(|time| *time <= self.facts.as_of)
    }

    /// What it proves, where the word of its signer counts.
    pub(super) fn proof<'p>(&self, fact: &'p SignatureFact) -> Option<&'p Proof> {
        let proof = fact.proof.as_ref().ok().filter(|proof| self.is_in_time(proof))?;
        let counts = match (proof.signer(), proof.signed()) {
            (Signer::Registry(Registry::GitHubReleases), Signed::Statement(statement)) => {
                of_this_release(self.facts, statement).is_some()
            }
            (signer, _) => (self.is_named)(signer),
        };
        counts.then_some(proof)
    }
}

/// A release whose files could be had.
pub(super) struct Whole<'a> {
    pub(super) facts: &'a Facts,
    pub(super) files: &'a Files,
    pub(super) listing: Option<&'a Listing>,
    pub(super) accepted: Accepted<'a>,
}

/// What was held side by side for the files that agree.
#[derive(Default)]
struct Tally {
    agree: usize,
    silent: Vec<String>,
    attested: bool,
}

impl Whole<'_> {
    /// Whether all that is said of each file agrees, and what that was.
    pub(super) fn judge(&self) -> Vec<Finding> {
        if self.files.all.is_empty() {
            let message = format!("no file of {} was read, so nothing can be compared", self.facts.tag);
            return vec![Finding::undetermined(&MISSING, self.facts.release(), message)];
        }
        let claims = self.claims();
        let mut tally = Tally::default();
        let mut findings = Vec::new();
        for (name, file) in &self.files.all {
            if let Some(finding) = self.unhashed(name, file) {
                findings.push(finding);
                continue;
            }
            let is_bound = self.is_bound(name);
            match claims.judge(name, file) {
                Said::Finding(finding) => findings.push(*finding),
                Said::Nothing if !is_bound && self.files.artifacts.contains_key(name) => {
                    tally.silent.push(name.to_string());
                }
                // Of a signature or a checksum file nobody needs to speak.
                Said::Nothing if !is_bound => {}
                Said::Nothing | Said::Agrees => {
                    tally.agree += 1;
                    tally.attested |= is_bound;
                }
            }
        }
        findings.extend(self.conclusion(&tally, findings.is_empty()));
        findings
    }

    /// What all that counts says, by the name of the file.
    fn claims(&self) -> Claims<'_> {
        let mut claims = Claims::default();
        if let Some(listing) = self.listing {
            let who = Who::Listing(listing.called());
            for file in &listing.files {
                if let Some(digest) = &file.digest {
                    claims.digest(file.name.raw(), who, digest);
                }
                if let Some(size) = file.size {
                    claims.size(file.name.raw(), who, size);
                }
            }
        }
        for list in &self.files.checksums {
            let entries = list.listed.as_ref().map_or(&[][..], |listed| listed.entries());
            for entry in entries.iter().filter(|entry| !self.files.is_made_from(&entry.name, &list.file)) {
                claims.digest(&entry.name, Who::List(&list.file), &entry.digest);
            }
        }
        for fact in &self.files.signatures {
            let Some(Signed::Statement(statement)) = self.accepted.proof(fact).map(Proof::signed) else {
                continue;
            };
            for subject in statement.subjects() {
                let Some(name) = subject.name.as_deref() else { continue };
                subject
                    .digests
                    .iter()
                    .for_each(|digest| claims.digest(name, Who::Attested(&fact.file), digest));
            }
        }
        claims
    }

    /// Whether somebody who counts signed or attested just these bytes.
    fn is_bound(&self, name: &ArtifactName) -> bool {
        let mut speaking = self.files.speaking_of(name);
        speaking.any(|(fact, cover)| *cover == Cover::Bound && self.accepted.proof(fact).is_some())
    }

    /// A forge's file whose bytes nobody here has seen.
    fn unhashed(&self, name: &ArtifactName, file: &PublishedFile) -> Option<Finding> {
        if self.listing.is_none() || file.bytes == Bytes::Rehashed {
            return None;
        }
        let message = format!("{name} is published, and its bytes were not read");
        Some(Finding::undetermined(&DIGEST_MISMATCH, Subject::artifact(name), message).fix(UNREAD_FIX))
    }

    /// That the files agree of which anybody speaks; where nobody speaks of any, nothing was compared.
    fn conclusion(&self, tally: &Tally, is_all: bool) -> Option<Finding> {
        let release = self.facts.release();
        if tally.agree == 0 {
            let message = "nothing but the files themselves speaks of them, so nothing could be compared";
            return is_all.then(|| Finding::undetermined(&DIGEST_MISMATCH, release, message).fix(SILENT_FIX));
        }
        let n = count(tally.agree, "file", "files");
        let mut message = format!("{n}: {} agree", self.compared(tally));
        if !tally.silent.is_empty() {
            message.push_str(&format!("; nothing speaks of {}", plural_list(&tally.silent, 3)));
        }
        match self.listing {
            None => message.push_str(
                "; no forge was asked, so drafts, changed files and its digests were not looked at",
            ),
            Some(listing) => {
                if listing.files.iter().all(|file| file.digest.is_none()) {
                    message.push_str("; the forge gives no digests");
                }
                if let Some(generated) = generated(listing) {
                    message.push_str(&format!("; {generated}"));
                }
            }
        }
        Some(Finding::pass(&CONSISTENT, release, message))
    }

    /// What was held side by side.
    fn compared(&self, tally: &Tally) -> String {
        let is_given = self.files.artifacts.values().any(|file| file.bytes == Bytes::Recorded);
        let own = if is_given { "the digests given for them" } else { "bytes" };
        // MD5 and SHA-1 are not computed, so that nothing is said of lists that hold nothing else.
        let is_strong = |digest: &Digest| digest.algorithm().is_strong();
        let has_lists = self.files.checksums.iter().any(|list| {
            list.listed.as_ref().is_ok_and(|listed| listed.entries().iter().any(|it| is_strong(&it.digest)))
        });
        let of_forge = |listing: &Listing| {
            listing
                .files
                .iter()
                .any(|file| file.digest.as_ref().is_some_and(is_strong) || file.size.is_some())
        };
        let mut all = vec![own];
        all.extend(has_lists.then_some("checksum files"));
        all.extend(tally.attested.then_some("what is signed or attested"));
        all.extend(self.listing.filter(|listing| of_forge(listing)).map(Listing::called));
        let last = all.pop().unwrap_or_default();
        if all.is_empty() { last.to_owned() } else { format!("{} and {last}", all.join(", ")) }
    }
}
