//! What a forge or a registry states of a release: held against the release that is judged, told for what it is, and
//! counted as a signature where the policy says so. It never counts towards a threshold of several signers, and it never
//! says how anything was built.

use super::{Judge, RELEASE};
use crate::{
    facts::SignatureFact,
    outcome::{Finding, Status, Subject},
    proof::{Proof, Signed, Signer, statement::Release},
    text::clean,
};

/// How sure it is that a statement is about another release, and what is expected and found.
struct Other {
    status: Status,
    expected: String,
    found: String,
}

impl Judge<'_> {
    /// The finding about a statement that is, or may be, about another release.
    pub(super) fn of_another_release(
        &self,
        fact: &SignatureFact,
        proof: &Proof,
        subject: Subject,
    ) -> Option<Finding> {
        let Other { status, expected, found } = self.other(proof)?;
        let message = match status {
            Status::Fail => format!("{} is by {}, of another release", fact.file, proof.signer()),
            _ => format!("{} is by {}, and nobody knows whether of this release", fact.file, proof.signer()),
        };
        Some(Finding::new(&RELEASE, status, subject, message).expected(expected).found(found))
    }

    /// What a forge or a registry states of this release, told for what it is.
    pub(super) fn stated(&self, fact: &SignatureFact) -> Option<Finding> {
        let proof = fact.proof.as_ref().ok().filter(|proof| matches!(proof.signer(), Signer::Registry(_)))?;
        if self.unfit(fact, proof, self.subject_of(fact)).is_some() {
            return None;
        }
        let counts = match self.is_counted_statement(proof) {
            true => "it counts as a signature, for the policy says so",
            false => "it counts as no signature",
        };
        let message = format!(
            "{} is by {}: it proves that the files are those it took in, and not how they were built; {counts}",
            fact.file,
            proof.signer()
        );
        let subject = Subject::artifact(fact.file.as_str());
        Some(Finding::pass(&RELEASE, subject, message).rests_on([fact.sha256]))
    }

    /// Whether it is a forge's or a registry's statement of this very release, and the policy counts those.
    pub(super) fn is_counted_statement(&self, proof: &Proof) -> bool {
        // Whoever owns a package on npm may give it any version: nothing says that the package is this repository's.
        let is_of_a_forge = || match proof.signed() {
            Signed::Statement(statement) => {
                matches!(Release::of(statement).ok().flatten(), Some(Release::GitHub { .. }))
            }
            _ => false,
        };
        self.release_attestations
            && matches!(proof.signer(), Signer::Registry(_))
            && is_of_a_forge()
            && self.other(proof).is_none()
    }

    /// Why a forge's or a registry's statement is not about the release that is judged, or may not be.
    fn other(&self, proof: &Proof) -> Option<Other> {
        let release = match proof.signed() {
            Signed::Statement(statement) => Release::of(statement).ok().flatten(),
            _ => None,
        };
        match release {
            Some(Release::GitHub { repository, tag, object }) => {
                self.other_on_github(&repository, &tag, object.as_deref())
            }
            Some(Release::Npm { name, version }) => self.other_on_npm(&name, &version),
            None => Some(Other {
                status: Status::Fail,
                expected: "a statement of a release".to_owned(),
                found: "something else".to_owned(),
            }),
        }
    }

    /// Repository and tag must be those that are judged, and the object one that the tag names there.
    fn other_on_github(&self, repository: &str, tag: &str, object: Option<&str>) -> Option<Other> {
        let found = clean(&format!("github.com/{repository} at {tag}")).into_owned();
        let Some(own) = &self.facts.repository else {
            let expected = "a repository that the policy or the checkout names".to_owned();
            return Some(Other { status: Status::Undetermined, expected, found });
        };
        let is_it = own.host() == "github.com" && own.path().eq_ignore_ascii_case(repository);
        if !is_it || tag != self.facts.tag.raw() {
            let expected = format!("{own} at {}", self.facts.tag);
            return Some(Other { status: Status::Fail, expected, found });
        }
        let Some(record) = self.facts.tag_record.present() else {
            let expected = format!("{own} at {}, whose object is not known", self.facts.tag);
            return object.map(|_| Other { status: Status::Undetermined, expected, found });
        };
        let named = [record.object.as_str(), record.commit.as_str()];
        let object = object.filter(|object| !named.contains(object))?;
        let expected = format!("{own} at {}, {}", self.facts.tag, record.object);
        Some(Other { status: Status::Fail, expected, found: format!("{found}, {}", clean(object)) })
    }

    /// The version must be the one that the tag spells.
    fn other_on_npm(&self, name: &str, version: &str) -> Option<Other> {
        let found = clean(&format!("{name}@{version}")).into_owned();
        match &self.facts.version {
            Some(own) if own.matches_manifest(version) => None,
            Some(own) => {
                let expected = format!("version {}", own.number());
                Some(Other { status: Status::Fail, expected, found })
            }
            None => {
                let expected = "a tag that spells a version".to_owned();
                Some(Other { status: Status::Undetermined, expected, found })
            }
        }
    }
}
