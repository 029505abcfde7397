//! Which roots of trust a bundle is held against, and what each of them demands.
//!
//! The rule that must not be broken: a root's demand follows from the root, and from nothing that a bundle has or lacks.
//! The names of authorities choose whose refusal is told, and never whether there is one.

use super::Parsed;
use crate::{
    proof::{Proof, Reason, Refusal},
    trust::{Demand, Origin, SigstoreRoot, TrustRoots},
};
use sigstore_verify::{
    VerificationPolicy,
    types::{DerCertificate, VerificationMaterialContent},
};
use x509_cert::{
    Certificate,
    der::{Decode, Encode},
};

/// The longest name of an authority that is shown, in characters.
const MAX_NAME: usize = 200;

/// The roots whose instances keep transparency logs: a key without a certificate is bound to a moment by nothing else.
pub(super) fn with_logs(trust: &TrustRoots) -> Result<Vec<&SigstoreRoot>, Refusal> {
    let roots: Vec<_> = trust.sigstore().iter().filter(|root| root.demand() == Demand::Logged).collect();
    if roots.is_empty() {
        return Err(Refusal::invalid("no Sigstore instance that keeps a log is trusted here"));
    }
    Ok(roots)
}

impl Parsed {
    /// What `verify` proves with one of the roots that its certificate may lead back to.
    pub(super) fn by_any_root(
        &self,
        trust: &TrustRoots,
        verify: impl Fn(&SigstoreRoot) -> Result<Proof, Refusal>,
    ) -> Result<Proof, Refusal> {
        let mut refusal: Option<Refusal> = None;
        let candidates = self.candidates(trust)?;
        for root in &candidates {
            match verify(root) {
                Ok(proof) => return Ok(proof),
                // Another root's "I do not know this log" must not hide why its own root refused it.
                Err(other) if refusal.as_ref().is_none_or(|known| known.reason == Reason::Stranger) => {
                    refusal = Some(other);
                }
                Err(_) => {}
            }
        }
        let refusal = refusal.unwrap_or_else(|| Refusal::invalid("no Sigstore root is trusted"));
        Err(or_stale(refusal, candidates.into_iter()))
    }

    /// The roots that list an authority of the name that issued a certificate of the bundle. No other can be led to.
    fn candidates<'a>(&self, trust: &'a TrustRoots) -> Result<Vec<&'a SigstoreRoot>, Refusal> {
        if trust.sigstore().is_empty() {
            return Err(Refusal::invalid("no Sigstore root is trusted"));
        }
        let certificates = self.certificates().into_iter().map(|der| Certificate::from_der(der.as_bytes()));
        let Ok(certificates) = certificates.collect::<Result<Vec<_>, _>>() else {
            // The library says what is wrong with them.
            return Ok(trust.sigstore().iter().collect());
        };
        let issuers = certificates.iter().filter_map(|it| it.tbs_certificate.issuer.to_der().ok());
        let issuers: Vec<Vec<u8>> = issuers.collect();
        let roots: Vec<&SigstoreRoot> = trust
            .sigstore()
            .iter()
            .filter(|root| issuers.iter().any(|name| root.has_authority(name)))
            .collect();
        match certificates.first() {
            Some(leaf) if roots.is_empty() => {
                let issuer: String = leaf.tbs_certificate.issuer.to_string().chars().take(MAX_NAME).collect();
                let detail = format!(
                    "it leads back to no Sigstore instance that is trusted here: none lists the authority {issuer}"
                );
                Err(or_stale(Refusal::new(Reason::Stranger, detail), trust.sigstore().iter()))
            }
            _ => Ok(roots),
        }
    }

    fn certificates(&self) -> Vec<&DerCertificate> {
        match &self.bundle.verification_material.content {
            VerificationMaterialContent::Certificate(certificate) => vec![&certificate.raw_bytes],
            VerificationMaterialContent::X509CertificateChain { certificates } => {
                certificates.iter().map(|certificate| &certificate.raw_bytes).collect()
            }
            _ => Vec::new(),
        }
    }

    /// `policy` as the instance demands it. An instance without logs has nothing to check an entry with, so a bundle of
    /// it that brings one is refused rather than believed without it.
    pub(super) fn policy_for(
        &self,
        root: &SigstoreRoot,
        policy: &VerificationPolicy,
    ) -> Result<VerificationPolicy, Refusal> {
        if root.demand() == Demand::Logged {
            return Ok(policy.clone());
        }
        if !self.bundle.verification_material.tlog_entries.is_empty() {
            return Err(Refusal::invalid(format!(
                "the certificate is of {}, which keeps no log, and the bundle has a log entry",
                root.name()
            )));
        }
        if self.bundle.verification_material.timestamp_verification_data.rfc3161_timestamps.is_empty() {
            let detail = format!(
                "the certificate is of {}, which keeps no log, and the bundle has no timestamp",
                root.name()
            );
            return Err(Refusal::new(Reason::NoTime, detail));
        }
        Ok(policy.clone().skip_sct().skip_tlog_unsafe())
    }
}

/// Keys and authorities of an instance change: what is built in may not know the newest. Where one of `roots` is newer,
/// or named by the user, that is no reason.
fn or_stale<'a>(mut refusal: Refusal, roots: impl Iterator<Item = &'a SigstoreRoot>) -> Refusal {
    let mut dated = Vec::new();
    for root in roots {
        if root.origin() != Origin::Embedded {
            return refusal;
        }
        dated.extend(root.obtained().map(|at| format!("{} of {}", root.name(), at.strftime("%Y-%m-%d"))));
    }
    if refusal.reason == Reason::Stranger && !dated.is_empty() {
        refusal.detail.push_str(&format!(
            "; the trusted root is the one built into this program ({}) and may be stale: run `relcheck trust update`",
            dated.join(", ")
        ));
    }
    refusal
}
