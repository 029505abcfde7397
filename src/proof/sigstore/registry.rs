//! What forges and registries state of what they serve: npm's publish attestations, GitHub's release attestations.
//!
//! The rule that must not be broken: their keys and certificates verify such statements and nothing else, so that no
//! signature of theirs is ever taken for one of the release's own makers.

use super::{Parsed, roots};
use crate::{
    digest::Digest,
    proof::{
        Proof, Reason, Refusal, Registry, Signer,
        statement::{PUBLISH_V0_1, PredicateType, RELEASE_V0_1, RELEASE_V0_2, Release},
    },
    text::Untrusted,
    trust::{RegistryKey, TrustRoots},
};
use sigstore_verify::{PublicKeyVerificationPolicy, VerificationResult, types::VerificationMaterialContent};

impl Parsed {
    /// Whether it says that it is npm's of a publication.
    pub(super) fn is_publication(&self) -> bool {
        self.predicate_type().is_some_and(|kind| kind.as_str() == PUBLISH_V0_1)
    }

    /// Verifies a publish attestation over `digest`: with npm's keys, or else with those that the policy names.
    pub(super) fn verify_as_publication(
        &self,
        digest: &Digest,
        trust: &TrustRoots,
    ) -> Result<Proof, Refusal> {
        let hint = self.hint();
        let mut refusal = Refusal::new(
            Reason::UnknownKey,
            format!(
                "signed with the key {}, which is none of npm's that are known here",
                Untrusted::new(hint)
            ),
        );
        for key in trust.registries() {
            let policy = PublicKeyVerificationPolicy::new(key.spki().clone());
            for root in roots::with_logs(trust)? {
                match self.run(root, digest, &policy) {
                    Ok(result) => return self.published(key, digest, &result, root.name()),
                    // The hint chooses whose refusal is told, and nothing else.
                    Err(other) if key.id() == hint => refusal = other,
                    Err(_) => {}
                }
            }
        }
        if refusal.reason == Reason::UnknownKey && !trust.keys().is_empty() {
            return self.verify_with_keys(digest, trust);
        }
        Err(refusal)
    }

    fn hint(&self) -> &str {
        match &self.bundle.verification_material.content {
            VerificationMaterialContent::PublicKey(key) => &key.hint,
            _ => "",
        }
    }

    fn published(
        &self,
        key: &RegistryKey,
        digest: &Digest,
        result: &VerificationResult,
        root: &str,
    ) -> Result<Proof, Refusal> {
        if !result.tlog_verified() || result.verified_timestamps().is_empty() {
            return Err(Refusal::new(Reason::NoTime, "no authenticated time says when it was signed"));
        }
        if let Some(at) = result.verified_timestamps().iter().find(|at| !key.is_in_use(**at)) {
            let detail =
                format!("npm's registry did not use the key {} at {at}, when it was signed", key.id());
            return Err(Refusal::new(Reason::Expired, detail));
        }
        self.refuse_contradiction()?;
        Ok(self.proof(Signer::Registry(Registry::Npm { key: key.id().to_owned() }), digest, result, root))
    }

    /// GitHub's own certificate is for releases alone.
    pub(super) fn refuse_other_than_release(&self) -> Result<(), Refusal> {
        match self.predicate_type().map(PredicateType::as_str) {
            Some(RELEASE_V0_1 | RELEASE_V0_2) => self.refuse_contradiction(),
            other => Err(Refusal::unreadable(format!(
                "signed by GitHub as a forge, which is read for releases alone, and not for {}",
                other.map_or_else(|| "a file".to_owned(), |kind| Untrusted::new(kind).to_string())
            ))),
        }
    }

    /// Everything in the statement that names the release names the same one.
    fn refuse_contradiction(&self) -> Result<(), Refusal> {
        let read = self.statement.as_ref().map(Release::of).transpose();
        match read.map_err(|error| Refusal::new(Reason::Unbound, error.to_string()))?.flatten() {
            Some(_) => Ok(()),
            None => Err(Refusal::unreadable("it states no release")),
        }
    }
}
