//! Sigstore bundles (v0.1 to v0.3), through the `sigstore-verify` crate.
//!
//! A bundle is verified against the digest that it itself claims to cover: the message digest, or a subject of its
//! in-toto statement. What that proves is who signed these digests and when; whether a published file has one of them
//! is decided by the caller, from the proof alone. The steps are those of the Sigstore client specification, section
//! "Verification", as `sigstore_verify::Verifier::verify` numbers them. What a bundle must have, a log entry or a
//! timestamp, is told by the root of trust that it leads back to, never by what the bundle has.

use super::{
    Certificate, Claims, Proof, Reason, Refusal, Registry, Signed, Signer, Target, cosign,
    statement::{self, PredicateType, Statement, StatementError},
};
use crate::{
    digest::{Algorithm, Digest},
    evidence::{LogEntries, NO_LOG_ASKED, Seen},
    json,
    text::Untrusted,
    trust::{Demand, GITHUB_RELEASES, Instance, Key, SigstoreRoot, TrustRoots},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::Value;
use sigstore_verify::{
    Error, Policy, PublicKeyVerificationPolicy, SubjectAltName, VerificationPolicy, VerificationResult,
    crypto::{parse_certificate_info, verify_signature},
    types::{
        ArtifactDigest, Bundle, DsseEnvelope, HashAlgorithm, SignatureContent, VerificationMaterialContent,
    },
};

mod alone;
pub mod bare;
mod documents;
mod errors;
mod keyed;
mod registry;
mod roots;

pub use alone::{Expected, Subject, verify_one};
pub use errors::refusal_of;

use documents::{Document, Shape};

/// The largest bundle, in bytes.
pub const MAX_BUNDLE: usize = 10 << 20;
const MAX_LOG_ENTRIES: usize = 32;
const MAX_TIMESTAMPS: usize = 32;
const MAX_CERTIFICATES: usize = 10;
/// What is read of a file of bundles, all that are in it together.
pub(super) const LIMITS: json::Limits =
    json::Limits { max_memory: 16 << 20, ..json::Limits::bytes(MAX_BUNDLE) };
/// What is read of a statement: it may hold a bill of materials.
const STATEMENT_LIMITS: json::Limits = json::Limits { max_memory: 96 << 20, ..LIMITS };

/// Verifies every bundle in `bytes`: one JSON document, JSON Lines, or a list as npm's registry and GitHub serve it. No
/// log was asked about bare envelopes.
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
    let documents = documents::read(bytes).into_iter();
    documents.map(|document| verify(&document?, about, log_entries, trust)).collect()
}

/// The proofs of those bundles in `bytes` that hold exactly `signature` over a file.
pub fn verify_of(
    bytes: &[u8],
    signature: &[u8],
    about: Option<&Target<'_>>,
    trust: &TrustRoots,
) -> Vec<Proof> {
    let held = |value: &Value| {
        let text =
            value["messageSignature"]["signature"].as_str().or_else(|| value["base64Signature"].as_str());
        text.and_then(|text| STANDARD.decode(text).ok())
    };
    let documents = documents::read(bytes).into_iter().flatten();
    let same = documents.filter(|document| held(&document.value).as_deref() == Some(signature));
    same.filter_map(|document| verify(&document, about, &Seen::unavailable(NO_LOG_ASKED), trust).ok())
        .collect()
}

/// Verifies one document against every root of trust.
fn verify(
    document: &Document<'_>,
    about: Option<&Target<'_>>,
    log_entries: &LogEntries,
    trust: &TrustRoots,
) -> Result<Proof, Refusal> {
    match documents::shape(&document.value)? {
        Shape::Bundle => {}
        Shape::Envelope => {
            return match bare::Envelope::read(document.text.as_bytes()) {
                Some(envelope) => envelope?.verify(log_entries, trust),
                None => keyed::verify(&document.value, trust),
            };
        }
        Shape::OldCosign => return cosign::verify(document.text.as_bytes(), about, trust),
        Shape::List => return Err(Refusal::invalid("a list of attestations inside another")),
    }
    let parsed = Parsed::of(&document.value, &document.text)?;
    document.refuse_other_predicate(parsed.predicate_type().map(PredicateType::as_str))?;
    let digest = parsed.covered(about)?;
    match (parsed.has_key(), parsed.is_publication()) {
        (true, true) => parsed.verify_as_publication(&digest, trust),
        (true, false) => parsed.verify_with_keys(&digest, trust),
        (false, _) => parsed.verify_with_roots(&digest, &VerificationPolicy::any_identity(), trust),
    }
}

/// A bundle that is well formed and within the limits. Nothing in it has been verified.
pub struct Parsed {
    bundle: Bundle,
    statement: Option<Statement>,
}

impl Parsed {
    /// Reads one JSON document as a bundle.
    pub fn read(document: &[u8]) -> Result<Self, Refusal> {
        let value = json::parse(document, LIMITS).map_err(|e| Refusal::of_json("a Sigstore bundle", &e))?;
        let text = std::str::from_utf8(document).map_err(|e| Refusal::invalid(e.to_string()))?;
        Self::of(&value, text)
    }

    /// Reads `value`, of which `text` is the text, as a bundle.
    fn of(value: &Value, text: &str) -> Result<Self, Refusal> {
        refuse_other_formats(value)?;
        refuse_excess(value)?;
        refuse_two_of_one(value)?;
        refuse_incomplete(value)?;
        let bundle =
            Bundle::from_json(text).map_err(|e| Refusal::invalid(format!("not a Sigstore bundle: {e}")))?;
        let statement = match &bundle.content {
            SignatureContent::DsseEnvelope(envelope) => {
                if envelope.payload_type != statement::PAYLOAD_TYPE {
                    return Err(foreign(envelope, &bundle));
                }
                Some(statement_of(envelope.payload.as_bytes())?)
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

    /// The predicate type of its statement, where it has one.
    fn predicate_type(&self) -> Option<&PredicateType> {
        self.statement.as_ref().map(Statement::predicate_type)
    }

    /// Whether it was signed with a managed key rather than a certificate.
    pub fn has_key(&self) -> bool {
        matches!(self.bundle.verification_material.content, VerificationMaterialContent::PublicKey(_))
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
    ) -> Result<Proof, Refusal> {
        self.by_any_root(trust, |root| {
            let result = self.run(root, digest, &self.policy_for(root, policy)?)?;
            self.certified(root, digest, &result)
        })
    }

    /// Verifies the bundle over `digest` with one of the keys that the policy names.
    pub fn verify_with_keys(&self, digest: &Digest, trust: &TrustRoots) -> Result<Proof, Refusal> {
        let mut refusal = Refusal::new(Reason::UnknownKey, "signed with a key, and the policy names none");
        for (key, spki) in trust.keys().iter().filter_map(|key| Some((key, key.spki()?))) {
            let policy = PublicKeyVerificationPolicy::new(spki.der.clone());
            for root in roots::with_logs(trust)? {
                match self.run(root, digest, &policy) {
                    Ok(result) => return self.keyed(key, digest, &result),
                    Err(other) => refusal = other,
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
    ) -> Result<VerificationResult, Refusal> {
        let unsupported = |detail: String| refusal_of(&Error::UnsupportedArtifact(detail));
        let raw = hex::decode(digest.hex()).map_err(|e| unsupported(e.to_string()))?;
        let algorithm = hash_algorithm(digest.algorithm())
            .ok_or_else(|| unsupported(digest.algorithm().name().to_owned()))?;
        let artifact = ArtifactDigest::new(algorithm, raw).map_err(|e| unsupported(e.to_string()))?;
        root.verifier().verify(artifact, &self.bundle, policy).map_err(|error| refusal_of(&error))
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
        let logged = result.sct_verified() && result.tlog_verified();
        if !result.certificate_verified() || (root.demand() == Demand::Logged && !logged) {
            return Err(Refusal::invalid("the certificate, its SCT or the log entry was not verified"));
        }
        if result.verified_timestamps().is_empty() {
            return Err(Refusal::new(Reason::NoTime, "no authenticated time says when it was signed"));
        }
        let signer = match (&certificate.identity, &certificate.issuer) {
            (Some(identity), Some(issuer)) if root.vouches_for(issuer) => {
                Signer::Certificate(Box::new(Certificate {
                    identity: Untrusted::new(identity.as_str()),
                    issuer: Untrusted::new(issuer),
                    claims: claims(&certificate.ci_claims),
                }))
            }
            (Some(_), Some(issuer)) => {
                return Err(Refusal::invalid(format!(
                    "the certificate is of {}, which vouches for GitHub Actions alone, and names the issuer {}",
                    root.name(),
                    Untrusted::new(issuer)
                )));
            }
            (Some(SubjectAltName::Uri(uri)), None)
                if root.instance() == Some(Instance::GitHub) && uri == GITHUB_RELEASES =>
            {
                self.refuse_other_than_release()?;
                Signer::Registry(Registry::GitHubReleases)
            }
            _ => return Err(Refusal::invalid("the certificate names no identity or no issuer")),
        };
        Ok(self.proof(signer, digest, result, root.name()))
    }

    fn keyed(&self, key: &Key, digest: &Digest, result: &VerificationResult) -> Result<Proof, Refusal> {
        if !result.tlog_verified() {
            return Err(Refusal::new(Reason::NoTime, "the log entry was not verified"));
        }
        let signer =
            Signer::Key { name: key.name().to_owned(), fingerprint: key.fingerprint(), detail: None };
        Ok(self.proof(signer, digest, result, &format!("key {}", key.name())))
    }

    fn proof(&self, signer: Signer, digest: &Digest, result: &VerificationResult, root: &str) -> Proof {
        let signed = match &self.statement {
            Some(statement) => Signed::Statement(Box::new(statement.clone())),
            None => Signed::File(digest.clone()),
        };
        let (times, root) = (result.verified_timestamps().to_vec(), root.to_owned());
        let (stated, until, key_until) = (None, None, None);
        let (remarks, names_its_file) = (Vec::new(), false);
        Proof { signer, signed, times, stated, until, key_until, remarks, names_its_file, root }
    }
}

/// The statement that is the payload of an envelope.
fn statement_of(payload: &[u8]) -> Result<Statement, Refusal> {
    const WHAT: &str = "an in-toto statement";
    Statement::parse(payload, STATEMENT_LIMITS).map_err(|error| match error {
        StatementError::Json(error) => Refusal::of_json(WHAT, &error),
        error => Refusal::invalid(format!("not {WHAT}: {error}")),
    })
}

/// Documents that are signatures of another kind get a reason of their own, not a parse error.
fn refuse_other_formats(value: &Value) -> Result<(), Refusal> {
    match documents::shape(value)? {
        Shape::Bundle => Ok(()),
        Shape::Envelope => Err(keyed::no_key()),
        Shape::OldCosign => {
            Err(Refusal::unreadable("a bundle of old cosign, which this version does not read"))
        }
        Shape::List => Err(Refusal::unreadable("a list of attestations, and not one bundle")),
    }
}

/// Says by name what a bundle lacks that every bundle has.
fn refuse_incomplete(value: &Value) -> Result<(), Refusal> {
    let has =
        |of: &Value, names: &[&str]| names.iter().any(|name| of.get(name).is_some_and(|it| !it.is_null()));
    let Some(material) = value.get("verificationMaterial").filter(|material| material.is_object()) else {
        return Err(Refusal::invalid("the bundle has no verification material"));
    };
    let signed = has(value, &["messageSignature", "dsseEnvelope"]);
    let hint = material["publicKey"]["hint"].as_str().is_some_and(|hint| !hint.is_empty());
    let certified = has(material, &["certificate", "x509CertificateChain"]);
    // An empty `publicKey` is how the writers of bundles spell a certificate that they did not have.
    if !(certified || hint || signed && has(material, &["publicKey"])) {
        return Err(Refusal::invalid("the bundle has no certificate, and names no key"));
    }
    if signed { Ok(()) } else { Err(Refusal::invalid("the bundle has no signature")) }
}

/// Why an envelope with another payload than a statement proves nothing: where its own certificate's key did not even
/// sign it, that.
fn foreign(envelope: &DsseEnvelope, bundle: &Bundle) -> Refusal {
    let certificate =
        bundle.signing_certificate().and_then(|certificate| parse_certificate_info(certificate).ok());
    if let Some(certificate) = certificate {
        let scheme = certificate.key_algorithm.default_signing_scheme();
        let signature = &envelope.signature.sig;
        if let Err(error) = verify_signature(&certificate.public_key, &envelope.pae(), signature, scheme) {
            return Refusal::invalid(format!(
                "invalid signature: DSSE signature verification failed: {error}"
            ));
        }
    }
    let kind = Untrusted::new(&envelope.payload_type);
    Refusal::unreadable(format!("the envelope holds {kind}, not an in-toto statement"))
}

/// Refuses a document that holds two of what a bundle holds one of (`oneof` in `sigstore_bundle.proto`): one reader would
/// take the first, and another the second.
fn refuse_two_of_one(value: &Value) -> Result<(), Refusal> {
    let alternatives: [(&Value, &[&str]); 2] = [
        (value, &["messageSignature", "dsseEnvelope"]),
        (&value["verificationMaterial"], &["publicKey", "certificate", "x509CertificateChain"]),
    ];
    for (holder, names) in alternatives {
        let mut held = names.iter().filter(|name| holder.get(**name).is_some_and(|member| !member.is_null()));
        if let (Some(one), Some(other)) = (held.next(), held.next()) {
            return Err(Refusal::invalid(format!("not a Sigstore bundle: it holds both {one} and {other}")));
        }
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
