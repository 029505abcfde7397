//! Sigstore bundles (v0.1 to v0.3), through the `sigstore-verify` crate.
//!
//! A bundle is verified against the digest that it itself claims to cover: the message digest, or a subject of its
//! in-toto statement. What that proves is who signed these digests and when; whether a published file has one of them
//! is decided by the caller, from the proof alone. The steps are those of the Sigstore client specification, section
//! "Verification", as `sigstore_verify::Verifier::verify` numbers them.

use super::{
    Certificate, Claims, Proof, Reason, Refusal, Signed, Signer, Target, cosign,
    statement::{self, Statement},
};
use crate::{
    digest::{Algorithm, Digest},
    evidence::{LogEntries, NO_LOG_ASKED, Seen},
    json,
    text::Untrusted,
    trust::{Key, SigstoreRoot, TrustRoots},
};
use serde_json::Value;
use sigstore_verify::{
    CertificateError, Error, Policy, PublicKeyVerificationPolicy, TimestampError, TransparencyLogError,
    VerificationPolicy, VerificationResult,
    types::{ArtifactDigest, Bundle, HashAlgorithm, SignatureContent},
};

mod alone;
pub mod bare;

pub use alone::{Expected, Subject, verify_one};

/// The largest bundle, in bytes.
pub const MAX_BUNDLE: usize = 10 << 20;
const MAX_BUNDLES: usize = 100;
const MAX_LOG_ENTRIES: usize = 32;
const MAX_TIMESTAMPS: usize = 32;
const MAX_CERTIFICATES: usize = 10;
const LIMITS: json::Limits = json::Limits { max_bytes: MAX_BUNDLE, max_depth: 64 };

/// Verifies every bundle in `bytes`: one JSON document, or JSON Lines. No log was asked about bare envelopes.
pub fn verify_all(
    bytes: &[u8],
    about: Option<&Target<'_>>,
    trust: &TrustRoots,
) -> Vec<Result<Proof, Refusal>> {
    verify_file(bytes, about, &Seen::unavailable(NO_LOG_ASKED), trust)
}

/// As [`verify_all`], with what logs said about bare envelopes.
pub fn verify_file(
    bytes: &[u8],
    about: Option<&Target<'_>>,
    log_entries: &LogEntries,
    trust: &TrustRoots,
) -> Vec<Result<Proof, Refusal>> {
    let documents = match split(bytes) {
        Ok(documents) => documents,
        Err(refusal) => return vec![Err(refusal)],
    };
    let verdict = |document| match bare::Envelope::read(document) {
        Some(envelope) => envelope?.verify(log_entries, trust),
        None => verify(document, about, trust),
    };
    documents.into_iter().map(verdict).collect()
}

/// The JSON documents in a file.
fn split(bytes: &[u8]) -> Result<Vec<&[u8]>, Refusal> {
    if bytes.len() > MAX_BUNDLE {
        return Err(Refusal::unreadable(format!(
            "{} bytes are over the limit of {MAX_BUNDLE} for a bundle",
            bytes.len()
        )));
    }
    let lines: Vec<&[u8]> =
        bytes.split(|b| *b == b'\n').map(<[u8]>::trim_ascii).filter(|line| !line.is_empty()).collect();
    let one_a_line =
        lines.len() > 1 && lines.iter().all(|line| line.starts_with(b"{") && line.ends_with(b"}"));
    match lines.len() {
        0 => Err(Refusal::invalid("the file is empty")),
        n if one_a_line && n > MAX_BUNDLES => {
            Err(Refusal::unreadable(format!("{n} bundles in a file are over the limit of {MAX_BUNDLES}")))
        }
        _ if one_a_line => Ok(lines),
        _ => Ok(vec![bytes]),
    }
}

/// Verifies one bundle against every root of trust.
fn verify(document: &[u8], about: Option<&Target<'_>>, trust: &TrustRoots) -> Result<Proof, Refusal> {
    if cosign::is_bundle(document) {
        return cosign::verify(document, about, trust);
    }
    let parsed = Parsed::read(document)?;
    let digest = parsed.covered(about)?;
    let (proof, _) = if parsed.has_key() {
        parsed.verify_with_keys(&digest, trust)?
    } else {
        parsed.verify_with_roots(&digest, &VerificationPolicy::any_identity(), trust)?
    };
    Ok(proof)
}

/// A bundle that is well formed and within the limits. Nothing in it has been verified.
pub struct Parsed {
    bundle: Bundle,
    statement: Option<Statement>,
}

impl Parsed {
    /// Reads one JSON document as a bundle.
    pub fn read(document: &[u8]) -> Result<Self, Refusal> {
        let value = json::parse(document, LIMITS)
            .map_err(|e| Refusal::invalid(format!("not a Sigstore bundle: {e}")))?;
        refuse_other_formats(&value)?;
        refuse_excess(&value)?;
        let text = std::str::from_utf8(document).map_err(|e| Refusal::invalid(e.to_string()))?;
        let bundle =
            Bundle::from_json(text).map_err(|e| Refusal::invalid(format!("not a Sigstore bundle: {e}")))?;
        let statement = match &bundle.content {
            SignatureContent::DsseEnvelope(envelope) => {
                if envelope.payload_type != statement::PAYLOAD_TYPE {
                    return Err(Refusal::unreadable(format!(
                        "the envelope holds {}, not an in-toto statement",
                        Untrusted::new(&envelope.payload_type)
                    )));
                }
                Some(
                    Statement::parse(envelope.payload.as_bytes(), LIMITS)
                        .map_err(|e| Refusal::invalid(format!("not an in-toto statement: {e}")))?,
                )
            }
            SignatureContent::MessageSignature(_) => None,
            _ => {
                return Err(Refusal::unreadable(
                    "the bundle holds a kind of signature that this version does not know",
                ));
            }
        };
        Ok(Self { bundle, statement })
    }

    /// Whether it was signed with a managed key rather than a certificate.
    pub fn has_key(&self) -> bool {
        matches!(
            self.bundle.verification_material.content,
            sigstore_verify::types::VerificationMaterialContent::PublicKey(_)
        )
    }

    /// The underlying bundle.
    pub fn bundle(&self) -> &Bundle {
        &self.bundle
    }

    /// The digest that the bundle claims to cover: verifying it against that proves, or refutes, the claim.
    fn covered(&self, about: Option<&Target<'_>>) -> Result<Digest, Refusal> {
        if let Some(statement) = &self.statement {
            return statement
                .subjects()
                .iter()
                .flat_map(|subject| &subject.digests)
                .find(|digest| hash_algorithm(digest.algorithm()).is_some())
                .cloned()
                .ok_or_else(|| Refusal::unreadable("no subject has a SHA-256, SHA-384 or SHA-512 digest"));
        }
        if let SignatureContent::MessageSignature(message) = &self.bundle.content
            && let Some(claimed) = &message.message_digest
        {
            let algorithm = match claimed.algorithm {
                HashAlgorithm::Sha2256 => Algorithm::Sha256,
                HashAlgorithm::Sha2384 => Algorithm::Sha384,
                HashAlgorithm::Sha2512 => Algorithm::Sha512,
                _ => {
                    return Err(Refusal::unreadable(
                        "the message digest is of an algorithm that this version does not know",
                    ));
                }
            };
            return Digest::parse(algorithm, &hex::encode(claimed.digest.as_bytes()))
                .map_err(|e| Refusal::invalid(format!("the message digest is malformed: {e}")));
        }
        about.map(|target| target.digests.sha256().clone()).ok_or_else(|| {
            Refusal::new(
                Reason::Unbound,
                "the bundle names no digest, and no published file has the name it is for",
            )
        })
    }

    /// Verifies the bundle over `digest` with a certificate that leads back to one of the roots.
    pub fn verify_with_roots(
        &self,
        digest: &Digest,
        policy: &VerificationPolicy,
        trust: &TrustRoots,
    ) -> Result<(Proof, VerificationResult), Refusal> {
        let mut refusal = None;
        for root in trust.sigstore() {
            match self.run(root, digest, policy) {
                Ok(result) => return Ok((self.certified(root, digest, &result)?, result)),
                Err(error) => {
                    // Another root's "I do not know this log" must not hide why its own root refused it.
                    if refusal.is_none() || !is_stranger(&error) {
                        refusal = Some(refusal_of(&error));
                    }
                }
            }
        }
        let refusal = refusal.unwrap_or_else(|| Refusal::invalid("no Sigstore root is trusted"));
        Err(or_stale(refusal, trust))
    }

    /// Verifies the bundle over `digest` with one of the keys that the policy names.
    pub fn verify_with_keys(
        &self,
        digest: &Digest,
        trust: &TrustRoots,
    ) -> Result<(Proof, VerificationResult), Refusal> {
        let mut refusal = Refusal::new(Reason::UnknownKey, "signed with a key, and the policy names none");
        for (key, spki) in trust.keys().iter().filter_map(|key| Some((key, key.spki()?))) {
            let policy = PublicKeyVerificationPolicy::new(spki.der.clone());
            for root in trust.sigstore() {
                match self.run(root, digest, &policy) {
                    Ok(result) => return Ok((self.keyed(key, digest, &result)?, result)),
                    Err(error) => refusal = refusal_of(&error),
                }
            }
        }
        Err(refusal)
    }

    fn run(
        &self,
        root: &SigstoreRoot,
        digest: &Digest,
        policy: &dyn Policy,
    ) -> Result<VerificationResult, Error> {
        let raw = hex::decode(digest.hex()).map_err(|e| Error::UnsupportedArtifact(e.to_string()))?;
        let algorithm = hash_algorithm(digest.algorithm())
            .ok_or_else(|| Error::UnsupportedArtifact(digest.algorithm().name().to_owned()))?;
        root.verifier().verify(ArtifactDigest::new(algorithm, raw)?, &self.bundle, policy)
    }

    fn certified(
        &self,
        root: &SigstoreRoot,
        digest: &Digest,
        result: &VerificationResult,
    ) -> Result<Proof, Refusal> {
        let certificate =
            result.certificate().ok_or_else(|| Refusal::invalid("the bundle has no certificate"))?;
        // Fail closed should a later version of the library verify less than this one does.
        if !(result.certificate_verified() && result.sct_verified() && result.tlog_verified()) {
            return Err(Refusal::invalid("the certificate, its SCT or the log entry was not verified"));
        }
        let (Some(identity), Some(issuer)) = (&certificate.identity, &certificate.issuer) else {
            return Err(Refusal::invalid("the certificate names no identity or no issuer"));
        };
        let signer = Signer::Certificate(Box::new(Certificate {
            identity: Untrusted::new(identity.as_str()),
            issuer: Untrusted::new(issuer),
            claims: claims(&certificate.ci_claims),
        }));
        self.proof(signer, digest, result, root.name())
    }

    fn keyed(&self, key: &Key, digest: &Digest, result: &VerificationResult) -> Result<Proof, Refusal> {
        if !result.tlog_verified() {
            return Err(Refusal::new(Reason::NoTime, "the log entry was not verified"));
        }
        let signer =
            Signer::Key { name: key.name().to_owned(), fingerprint: key.fingerprint(), detail: None };
        self.proof(signer, digest, result, &format!("key {}", key.name()))
    }

    fn proof(
        &self,
        signer: Signer,
        digest: &Digest,
        result: &VerificationResult,
        root: &str,
    ) -> Result<Proof, Refusal> {
        let times = result.verified_timestamps().to_vec();
        if times.is_empty() && matches!(signer, Signer::Certificate(_)) {
            return Err(Refusal::new(Reason::NoTime, "no authenticated time says when it was signed"));
        }
        let signed = match &self.statement {
            Some(statement) => Signed::Statement(Box::new(statement.clone())),
            None => Signed::File(digest.clone()),
        };
        let root = root.to_owned();
        let (stated, until, key_until) = (None, None, None);
        Ok(Proof { signer, signed, times, stated, until, key_until, remarks: Vec::new(), root })
    }
}

/// Documents that are signatures of another kind get a reason of their own, not a parse error.
fn refuse_other_formats(value: &Value) -> Result<(), Refusal> {
    let has = |key: &str| value.get(key).is_some();
    if has("payload") && has("payloadType") && has("signatures") {
        return Err(Refusal::new(
            Reason::NoTime,
            "a bare DSSE envelope without a certificate: nothing says who signed it, nor when",
        ));
    }
    if has("base64Signature") {
        return Err(Refusal::unreadable("a bundle of old cosign, which this version does not read"));
    }
    if has("attestations") {
        return Err(Refusal::unreadable(
            "a list of attestations as npm serves it, which this version does not read",
        ));
    }
    Ok(())
}

/// Refuses what is over the limits before any of it is parsed further.
fn refuse_excess(value: &Value) -> Result<(), Refusal> {
    let material = &value["verificationMaterial"];
    let counts = [
        ("log entries", &material["tlogEntries"], MAX_LOG_ENTRIES),
        ("timestamps", &material["timestampVerificationData"]["rfc3161Timestamps"], MAX_TIMESTAMPS),
        ("certificates", &material["x509CertificateChain"]["certificates"], MAX_CERTIFICATES),
    ];
    for (what, list, limit) in counts {
        let n = list.as_array().map_or(0, Vec::len);
        if n > limit {
            return Err(Refusal::unreadable(format!("{n} {what} are over the limit of {limit}")));
        }
    }
    Ok(())
}

fn hash_algorithm(algorithm: &Algorithm) -> Option<HashAlgorithm> {
    match algorithm {
        Algorithm::Sha256 => Some(HashAlgorithm::Sha2256),
        Algorithm::Sha384 => Some(HashAlgorithm::Sha2384),
        Algorithm::Sha512 => Some(HashAlgorithm::Sha2512),
        _ => None,
    }
}

fn claims(all: &sigstore_verify::crypto::FulcioCiClaims) -> Claims {
    let take = |claim: &Option<String>| claim.as_deref().map(Untrusted::new);
    Claims {
        build_signer_uri: take(&all.build_signer_uri),
        build_signer_digest: take(&all.build_signer_digest),
        runner_environment: take(&all.runner_environment),
        source_repository_uri: take(&all.source_repository_uri),
        source_repository_digest: take(&all.source_repository_digest),
        source_repository_ref: take(&all.source_repository_ref),
        source_repository_identifier: take(&all.source_repository_identifier),
        source_repository_owner_uri: take(&all.source_repository_owner_uri),
        source_repository_owner_identifier: take(&all.source_repository_owner_identifier),
        build_config_uri: take(&all.build_config_uri),
        build_config_digest: take(&all.build_config_digest),
        build_trigger: take(&all.build_trigger),
        run_invocation_uri: take(&all.run_invocation_uri),
        source_repository_visibility: take(&all.source_repository_visibility_at_signing),
    }
}

/// Whether the error says no more than that the bundle is from another Sigstore instance.
fn is_stranger(error: &Error) -> bool {
    match error {
        Error::TransparencyLog(TransparencyLogError::UnknownLog { .. })
        | Error::Certificate(CertificateError::NoValidAuthority { .. }) => true,
        Error::Certificate(CertificateError::ChainInvalid(detail)) => !is_out_of_date(detail),
        // The library has no variant for a promise by a log that the root does not list.
        Error::TransparencyLog(TransparencyLogError::InclusionPromise(detail)) => {
            detail.starts_with("No log key")
        }
        _ => false,
    }
}

/// Whether the chain is refused for the time alone. The library says so in no other way than in these words of its
/// path validation; should they change, the refusal stays and only its rule is a coarser one.
fn is_out_of_date(detail: &str) -> bool {
    detail.contains("CertExpired {") || detail.contains("CertNotValidYet {")
}

/// Where only roots that are built in are trusted, the instance may know keys that they do not list yet.
fn or_stale(refusal: Refusal, trust: &TrustRoots) -> Refusal {
    let all_built_in = trust.sigstore().iter().all(|root| root.origin() == "embedded");
    if refusal.reason != Reason::Stranger || !all_built_in {
        return refusal;
    }
    let detail = refusal.detail;
    Refusal::new(
        Reason::Stranger,
        format!(
            "{detail}; the trusted root is the one built into this program and may be stale: run `relcheck trust update`"
        ),
    )
}

/// The sort of refusal that an error of the library is.
pub fn refusal_of(error: &Error) -> Refusal {
    if is_stranger(error) {
        let detail = format!("it leads back to no Sigstore instance that is trusted here: {error}");
        return Refusal::new(Reason::Stranger, detail);
    }
    let reason = match error {
        // The library tells a log entry about other bytes from a bundle about other bytes in no other way.
        Error::ArtifactMismatch(detail) if detail.contains("hashedrekord entry") => Reason::Invalid,
        Error::ArtifactMismatch(_) => Reason::Unbound,
        Error::UnsupportedArtifact(_) | Error::UnsupportedBundle(_) => Reason::Unreadable,
        Error::Certificate(CertificateError::Expired { .. } | CertificateError::NotYetValid { .. }) => {
            Reason::Expired
        }
        Error::Certificate(CertificateError::ChainInvalid(detail)) if is_out_of_date(detail) => {
            let detail = "the certificate was not valid when the signature was made";
            return Refusal::new(Reason::Expired, detail);
        }
        Error::Timestamp(TimestampError::NoVerifiedTimestamp(_)) => Reason::NoTime,
        _ => Reason::Invalid,
    };
    Refusal::new(reason, error.to_string())
}
