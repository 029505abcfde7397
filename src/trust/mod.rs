//! Roots of trust. They come from the verifier's side, never from the release that is judged.

use crate::{release::Sha256, text::Untrusted};
use sigstore_verify::{crypto::VerificationKey, types::DerPublicKey};

mod registry;
mod sigstore;

pub use registry::RegistryKey;
pub use sigstore::{Demand, GITHUB_RELEASES, Instance, Origin, SigstoreRoot};

/// The largest trusted root that is read, in bytes.
pub const MAX_TRUSTED_ROOT: u64 = 4 << 20;
/// The largest public key that is read, in bytes.
pub const MAX_KEY: u64 = 64 << 10;

/// The keys and certificates that every proof must lead back to.
pub struct TrustRoots {
    sigstore: Vec<SigstoreRoot>,
    registries: Vec<RegistryKey>,
    keys: Vec<Key>,
}

/// A public key that the policy names.
pub struct Key {
    name: String,
    fingerprint: Sha256,
    spki: DerPublicKey,
    verifier: VerificationKey,
}

/// Trust material that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum TrustError {
    /// A trusted root that is not one.
    #[error("{name} is not a Sigstore trusted root")]
    Root {
        /// Where it came from.
        name: Untrusted,
        /// Why not.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// A trusted root without a single log, authority or timestamp authority.
    #[error("{name} is a trusted root that trusts nobody: it lists no log and no certificate authority")]
    Empty {
        /// Where it came from.
        name: Untrusted,
    },
    /// A root of a public instance without the logs that it keeps.
    #[error(
        "{name} lists no log, and the public instances of Sigstore keep them: part of the file is missing"
    )]
    LogsMissing {
        /// Where it came from.
        name: Untrusted,
    },
    /// A public key that is not one.
    #[error("key {name} is not a PEM public key (P-256, P-384, Ed25519 or RSA): {reason}")]
    Key {
        /// What the policy calls it.
        name: Untrusted,
        /// Why not.
        reason: String,
    },
}

impl TrustRoots {
    /// The public-good Sigstore instance and GitHub's own, as built into this program.
    pub fn embedded() -> Result<Self, TrustError> {
        let known = [Instance::PublicGood, Instance::GitHub];
        Ok(Self::of(known.map(SigstoreRoot::embedded).into_iter().collect::<Result<_, _>>()?))
    }

    /// The staging instance of Sigstore, as built into this program.
    pub fn embedded_staging() -> Result<Self, TrustError> {
        Ok(Self::of(vec![SigstoreRoot::embedded(Instance::Staging)?]))
    }

    /// These roots and no others, with npm's keys, which count only for what one of these roots has logged.
    pub fn of(sigstore: Vec<SigstoreRoot>) -> Self {
        Self { sigstore, registries: RegistryKey::npm(), keys: Vec::new() }
    }

    /// The same with other keys of registries.
    pub fn with_registries(mut self, registries: Vec<RegistryKey>) -> Self {
        self.registries = registries;
        self
    }

    /// Adds the keys that the policy names.
    pub fn with_keys(mut self, keys: Vec<Key>) -> Self {
        self.keys = keys;
        self
    }

    /// The Sigstore instances.
    pub fn sigstore(&self) -> &[SigstoreRoot] {
        &self.sigstore
    }

    /// The keys of registries.
    pub fn registries(&self) -> &[RegistryKey] {
        &self.registries
    }

    /// The keys.
    pub fn keys(&self) -> &[Key] {
        &self.keys
    }
}

impl Key {
    /// Reads a PEM public key (SubjectPublicKeyInfo), as cosign and openssl write them.
    pub fn from_pem(name: &str, pem: &str) -> Result<Self, TrustError> {
        let refuse = |reason: String| TrustError::Key { name: Untrusted::new(name), reason };
        let spki = DerPublicKey::from_pem(pem.trim()).map_err(|e| refuse(e.to_string()))?;
        let verifier = VerificationKey::from_spki(&spki).map_err(|e| refuse(e.to_string()))?;
        Ok(Self { name: name.to_owned(), fingerprint: Sha256::of(spki.as_bytes()), spki, verifier })
    }

    /// What the policy calls it.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// SHA-256 of its SubjectPublicKeyInfo.
    pub fn fingerprint(&self) -> Sha256 {
        self.fingerprint
    }

    pub(crate) fn spki(&self) -> &DerPublicKey {
        &self.spki
    }

    pub(crate) fn verifier(&self) -> &VerificationKey {
        &self.verifier
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_embedded_roots_are_usable() {
        assert_eq!(TrustRoots::embedded().unwrap().sigstore().len(), 2);
        assert_eq!(TrustRoots::embedded_staging().unwrap().sigstore().len(), 1);
    }

    #[test]
    fn a_root_that_trusts_nobody_is_refused() {
        let empty = br#"{"mediaType": "application/vnd.dev.sigstore.trustedroot+json;version=0.1"}"#;
        assert!(matches!(SigstoreRoot::parse("x", Origin::File, empty), Err(TrustError::Empty { .. })));
    }

    #[test]
    fn what_is_no_root_and_no_key_is_refused_by_name() {
        assert!(matches!(SigstoreRoot::parse("x", Origin::File, b"{"), Err(TrustError::Root { .. })));
        let error = Key::from_pem("release", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n");
        assert!(matches!(error, Err(TrustError::Key { .. })));
    }
}
