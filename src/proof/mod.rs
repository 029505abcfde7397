//! Proofs: evidence whose cryptography was verified against the verifier's own roots of trust.
//!
//! A [`Proof`] says who signed which digests and when. It never says whether that is allowed: no file in this folder
//! sees the policy. A `Proof` has no public constructor, so only code here, which verified one, can make one.

use crate::{
    digest::Digest,
    evidence::{Item, LogEntries},
    framed::{Frame, Framed},
    json::JsonError,
    release::{ObjectId, Sha256},
    text::{self, Untrusted},
    trust::{Key, TrustRoots},
};
use jiff::Timestamp;
use std::fmt;

pub mod cosign;
pub mod detached;
pub mod ed25519;
pub mod minisign;
pub mod openpgp;
pub mod raw;
pub mod signify;
pub mod sigstore;
pub mod ssh;
pub mod statement;
pub mod tag;

use statement::Statement;

/// A signature that led back to a root of trust.
#[derive(Clone, Debug)]
pub struct Proof {
    signer: Signer,
    signed: Signed,
    times: Vec<Timestamp>,
    stated: Option<Timestamp>,
    until: Option<Timestamp>,
    key_until: Option<Timestamp>,
    remarks: Vec<String>,
    names_its_file: bool,
    root: String,
}

/// Who signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Signer {
    /// Somebody to whom a Sigstore certificate was issued.
    Certificate(Box<Certificate>),
    /// The holder of a key that the policy names.
    Key {
        /// What the policy calls it.
        name: String,
        /// SHA-256 of its SubjectPublicKeyInfo, or of the key file where it is of another kind.
        fingerprint: Sha256,
        /// Which of the keys in it: an OpenPGP fingerprint, an SSH principal.
        detail: Option<Untrusted>,
    },
    /// A forge or a registry that states what it serves. It is nobody whom a policy names.
    Registry(Registry),
}

/// Who states what was published, and nothing of how it was built.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Registry {
    /// GitHub, of an immutable release.
    GitHubReleases,
    /// npm's registry, of a publication.
    Npm {
        /// What it calls its key.
        key: String,
    },
}

/// The subject of a Sigstore certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Certificate {
    /// The subject alternative name: a URI or an e-mail address.
    pub identity: Untrusted,
    /// Who vouched for it: the OIDC issuer.
    pub issuer: Untrusted,
    /// What the issuer said about the workload.
    pub claims: Claims,
}

/// The extensions 1.3.6.1.4.1.57264.1.* of a Sigstore certificate that relcheck reads.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Claims {
    /// `.9`: the workflow that signed.
    pub build_signer_uri: Option<Untrusted>,
    /// `.10`: the commit of that workflow.
    pub build_signer_digest: Option<Untrusted>,
    /// `.11`: `github-hosted` or `self-hosted`.
    pub runner_environment: Option<Untrusted>,
    /// `.12`: the repository that was built.
    pub source_repository_uri: Option<Untrusted>,
    /// `.13`: the commit that was built.
    pub source_repository_digest: Option<Untrusted>,
    /// `.14`: the ref that was built.
    pub source_repository_ref: Option<Untrusted>,
    /// `.15`: the forge's number of the repository, which a rename keeps.
    pub source_repository_identifier: Option<Untrusted>,
    /// `.16`: its owner.
    pub source_repository_owner_uri: Option<Untrusted>,
    /// `.17`: the forge's number of the owner.
    pub source_repository_owner_identifier: Option<Untrusted>,
    /// `.18`: the workflow that was started.
    pub build_config_uri: Option<Untrusted>,
    /// `.19`: the commit of that workflow.
    pub build_config_digest: Option<Untrusted>,
    /// `.20`: the event that started it.
    pub build_trigger: Option<Untrusted>,
    /// `.21`: the run.
    pub run_invocation_uri: Option<Untrusted>,
    /// `.22`: `public`, `private` or `internal`, when it was signed.
    pub source_repository_visibility: Option<Untrusted>,
}

/// What was signed.
#[derive(Clone, Debug)]
pub enum Signed {
    /// A file with this digest.
    File(Digest),
    /// The text in the signature's own file: see [`signed_text`].
    Text(Digest),
    /// A statement about files.
    Statement(Box<Statement>),
    /// A git object.
    Object(ObjectId),
}

impl Proof {
    /// Who signed.
    pub fn signer(&self) -> &Signer {
        &self.signer
    }

    /// What was signed.
    pub fn signed(&self) -> &Signed {
        &self.signed
    }

    /// When, by each authenticated clock; empty for a detached signature made with a key.
    pub fn times(&self) -> &[Timestamp] {
        &self.times
    }

    /// When, by the signature's own words, which anybody who has the key can choose.
    pub fn stated(&self) -> Option<Timestamp> {
        self.stated
    }

    /// What a reader has to know besides: that the key expired since, the comment that was signed along.
    pub fn remarks(&self) -> &[String] {
        &self.remarks
    }

    /// Whether the name of the file that it is about, as its own name has it, was signed along.
    pub fn names_its_file(&self) -> bool {
        self.names_its_file
    }

    /// A proof by a key that the policy names. Only for code that has just verified it.
    fn by_key(key: &Key, signed: Signed) -> Self {
        Self {
            signer: Signer::Key { name: key.name().to_owned(), fingerprint: key.fingerprint(), detail: None },
            signed,
            times: Vec::new(),
            stated: None,
            until: None,
            key_until: None,
            remarks: Vec::new(),
            names_its_file: false,
            root: format!("key {}", key.name()),
        }
    }

    /// This proof as it stands at the moment `as_of`: refused where it says that it was made later, or where it has
    /// ended by its own words. A key that expired since takes nothing from it, and is remarked on.
    pub(crate) fn judged_at(mut self, as_of: Timestamp) -> Result<Self, Refusal> {
        if let Some(stated) = self.stated.filter(|stated| *stated > as_of) {
            let detail =
                format!("it says that it was made at {stated}, after the moment that is judged ({as_of})");
            return Err(Refusal::new(Reason::NoTime, detail));
        }
        if let Some(until) = self.until.filter(|until| *until <= as_of) {
            return Err(Refusal::new(Reason::Expired, format!("the signature itself expired at {until}")));
        }
        if let Some(until) = self.key_until.filter(|until| *until <= as_of) {
            self.remarks
                .push(format!("the key expired at {until}, after the signature says that it was made"));
        }
        Ok(self)
    }

    /// The root of trust that it led back to.
    pub fn root(&self) -> &str {
        &self.root
    }
}

impl fmt::Display for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Certificate(certificate) => write!(f, "{}", certificate.identity),
            Self::Key { name, detail: None, .. } => write!(f, "key {}", text::clean(name)),
            Self::Key { name, detail: Some(detail), .. } => {
                write!(f, "key {} ({detail})", text::clean(name))
            }
            Self::Registry(Registry::GitHubReleases) => {
                write!(f, "GitHub, of its releases ({})", crate::trust::GITHUB_RELEASES)
            }
            Self::Registry(Registry::Npm { key }) => {
                write!(f, "npm's registry, of its publications (key {})", text::clean(key))
            }
        }
    }
}

/// Why something that should be a signature proves nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{detail}")]
pub struct Refusal {
    /// The sort of reason; it decides the rule.
    pub reason: Reason,
    /// The reason in words.
    pub detail: String,
}

/// The sort of reason for which a signature is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// It is malformed, was tampered with, or does not lead back to a root of trust.
    Invalid,
    /// It verifies, but for something else.
    Unbound,
    /// The certificate or key was not valid when it was made.
    Expired,
    /// The key was revoked.
    Revoked,
    /// It rests on a hash function or a key that is too weak to prove anything.
    Weak,
    /// Nothing that can be checked says when it was made.
    NoTime,
    /// It leads back to a Sigstore instance that is not trusted here, or to none.
    Stranger,
    /// It was made with a key that the policy does not name.
    UnknownKey,
    /// It is of a kind that this version cannot read, or larger than the limits.
    Unreadable,
}

impl Refusal {
    pub(crate) fn new(reason: Reason, detail: impl AsRef<str>) -> Self {
        Self { reason, detail: text::clean(detail.as_ref()).into_owned() }
    }

    pub(crate) fn invalid(detail: impl AsRef<str>) -> Self {
        Self::new(Reason::Invalid, detail)
    }

    /// The same, with what follows from it where it says that the signature is no good.
    fn or_invalid(self, why: &str) -> Self {
        if self.reason == Reason::Invalid { Self::invalid(format!("{}: {why}", self.detail)) } else { self }
    }

    /// What `error` says about a document that should be `what`: one that takes too much memory was not read, and any
    /// other is none.
    fn of_json(what: &str, error: &JsonError) -> Self {
        match error {
            JsonError::TooMuchMemory { .. } => Self::unreadable(format!("{what} over the limit: {error}")),
            _ => Self::invalid(format!("not {what}: {error}")),
        }
    }

    pub(crate) fn unreadable(detail: impl AsRef<str>) -> Self {
        Self::new(Reason::Unreadable, detail)
    }
}

/// The signature formats, by what a file is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// A Sigstore bundle, or several as JSON Lines; a bundle of old cosign; a bare DSSE envelope.
    Bundle,
    /// A detached signature, which its content says the kind of: see [`detached`].
    Detached,
    /// A certificate or key that belongs to a detached signature beside it, and is nothing alone.
    Certificate,
}

/// Suffixes of names, the longest first where one ends another.
const SUFFIXES: &[(&str, Format)] = &[
    (".sigstore.json", Format::Bundle),
    (".sigstore.jsonl", Format::Bundle),
    (".sigstore", Format::Bundle),
    (".bundle.json", Format::Bundle),
    (".cosign.bundle", Format::Bundle),
    (".sig.bundle", Format::Bundle),
    (".cosign.json", Format::Bundle),
    (".bundle", Format::Bundle),
    (".intoto.jsonl", Format::Bundle),
    (".intoto.json", Format::Bundle),
    (".intoto.sigstore", Format::Bundle),
    (".intoto.build.slsa", Format::Bundle),
    (".attestation.json", Format::Bundle),
    (".attestation.jsonl", Format::Bundle),
    (".attestations.json", Format::Bundle),
    (".attestations.jsonl", Format::Bundle),
    (".provenance.json", Format::Bundle),
    (".provenance.jsonl", Format::Bundle),
    (".provenance", Format::Bundle),
    (".build.slsa", Format::Bundle),
    (".slsa", Format::Bundle),
    (".sig", Format::Detached),
    (".sign", Format::Detached),
    (".signature", Format::Detached),
    (".asc", Format::Detached),
    (".gpg", Format::Detached),
    (".pgp", Format::Detached),
    (".minisig", Format::Detached),
    (".sshsig", Format::Detached),
    (".pem", Format::Certificate),
    (".crt", Format::Certificate),
    (".cert", Format::Certificate),
    (".cer", Format::Certificate),
];

/// What is added to the name of a file for that of its bundle.
fn bundle_suffixes() -> impl Iterator<Item = &'static str> {
    SUFFIXES.iter().filter(|(_, format)| *format == Format::Bundle).map(|(suffix, _)| *suffix)
}

/// Which signature format `name` announces, and the name of the file it is about.
pub fn recognise(name: &str) -> Option<(Format, &str)> {
    let lower = name.to_ascii_lowercase();
    let (suffix, format) = SUFFIXES
        .iter()
        .filter(|(suffix, _)| lower.len() > suffix.len() && lower.ends_with(suffix))
        .max_by_key(|(suffix, _)| suffix.len())?;
    Some((*format, &name[..name.len() - suffix.len()]))
}

pub use detached::Kind as DetachedKind;

/// What surrounds a file that holds signatures.
pub struct Context<'a> {
    /// The file that the signature's own name says it is about, where it is published.
    pub about: Option<Target<'a>>,
    /// The kept bytes of another published file, by its name: the certificate of a detached signature.
    pub sibling: &'a (dyn Fn(&str) -> Option<&'a [u8]> + Sync),
    /// The name of the file that holds the signature.
    pub name: &'a str,
    /// What logs were asked about bare envelopes.
    pub log_entries: &'a LogEntries,
    /// The verifier's own roots and keys.
    pub trust: &'a TrustRoots,
    /// The moment judged, for signatures that carry no time of their own.
    pub as_of: Timestamp,
}

/// The file that a signature's own name says it is about.
#[derive(Clone, Copy, Debug)]
pub struct Target<'a> {
    /// Its digests.
    pub digests: &'a crate::digest::Digests,
    /// Hashes over it together with what signatures add.
    pub framed: &'a [Framed],
    /// Its bytes, where they were kept.
    pub bytes: Option<&'a [u8]>,
}

impl Target<'_> {
    /// The hash over `frame` around this file; `None` where neither it nor the bytes were kept.
    pub fn hash(&self, frame: &Frame) -> Option<Vec<u8>> {
        let known =
            self.framed.iter().find(|framed| framed.frame == *frame).map(|framed| framed.value.clone());
        known.or_else(|| self.bytes.map(|bytes| frame.of(bytes).value))
    }
}

/// One verdict on each signature in `item`, which is a file of that `format`.
pub fn verify(format: Format, item: &Item, context: &Context<'_>) -> Vec<Result<Proof, Refusal>> {
    match format {
        Format::Bundle => {
            sigstore::verify_file(&item.bytes, context.about.as_ref(), context.log_entries, context.trust)
        }
        Format::Detached => detached::verify(&item.bytes, context),
        // It belongs to a signature, which is judged with it; alone it says nothing, and that has to be said.
        Format::Certificate if cosign::has_signature(context.name, &context.sibling) => {
            cosign::is_companion(&item.bytes).err().map(Err).into_iter().collect()
        }
        Format::Certificate => vec![Err(Refusal::unreadable(
            "a certificate or key alone: the signature that it would belong to is not published",
        ))],
    }
}

/// The text that the signatures in `bytes` are over, where it stands in the same file: nothing else in it was signed. Who
/// signed it, and whether anybody did, is what [`verify`] says.
pub fn signed_text(name: &str, bytes: &[u8]) -> Option<Vec<u8>> {
    match recognise(name)? {
        (Format::Detached, _) => detached::signed_text(bytes),
        _ => None,
    }
}

/// The hashes that the signatures in a file need of the file they are about, besides its digests: see [`crate::framed`].
pub fn frames(name: &str, bytes: &[u8], keys: &[Key]) -> Vec<(String, Frame)> {
    let Some((Format::Detached, about)) = recognise(name) else { return Vec::new() };
    detached::frames(bytes, keys).into_iter().map(|frame| (about.to_owned(), frame)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_suffix_names_the_format_and_the_file() {
        assert_eq!(recognise("a.tar.gz.sigstore.json"), Some((Format::Bundle, "a.tar.gz")));
        for provenance in ["a.intoto.jsonl", "a.intoto.sigstore", "a.build.slsa", "a.intoto.build.slsa"] {
            assert_eq!(recognise(provenance), Some((Format::Bundle, "a")), "{provenance}");
        }
        assert_eq!(recognise("a.sig"), Some((Format::Detached, "a")));
        assert_eq!(recognise("a.pem"), Some((Format::Certificate, "a")));
        assert_eq!(recognise(".sig"), None);
        assert_eq!(recognise("signature"), None);
    }
}
