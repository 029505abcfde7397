//! Roots of trust. They come from the verifier's side, never from the release that is judged.

use crate::text::Untrusted;

mod ed25519;
mod key;
mod minisign;
pub(crate) mod openpgp;
pub mod refresh;
mod registry;
mod sigstore;
mod spki;
pub(crate) mod ssh;
mod window;

pub use ed25519::{Ed25519Key, Ed25519KeyError};
pub(crate) use key::Material;
pub use key::{Key, KeyKind, KeyOptions};
pub(crate) use minisign::{KeyId, MinisignKey, Tool};
pub use refresh::Instance;
pub use registry::RegistryKey;
pub use sigstore::{Demand, GITHUB_RELEASES, Origin, SigstoreRoot};
pub(crate) use spki::{Spki, SpkiKind};

/// The largest trusted root that is read, in bytes.
pub const MAX_TRUSTED_ROOT: u64 = 4 << 20;
/// The largest public key that is read, in bytes.
pub const MAX_KEY: u64 = 1 << 20;

/// The keys and certificates that every proof must lead back to.
pub struct TrustRoots {
    sigstore: Vec<SigstoreRoot>,
    registries: Vec<RegistryKey>,
    keys: Vec<Key>,
    tag_keys: Vec<Key>,
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
    #[error("key {name}{place} is no public key that can be used: {reason}")]
    Key {
        /// What the policy calls it.
        name: Untrusted,
        /// The file that holds it, in brackets, where it is in one.
        place: String,
        /// Why not.
        reason: String,
    },
    /// A key under `[[rules.tag.key]]` that can verify no tag.
    #[error(
        "key {name}{place} is {kind}, which can verify no tag: git signs with OpenPGP, SSH or gitsign; name an OpenPGP \
         certificate, an SSH public key or an allowed_signers file under [[rules.tag.key]], or a gitsign identity under \
         [[rules.tag.identity]]"
    )]
    NoTagKey {
        /// What the policy calls it.
        name: Untrusted,
        /// The file that holds it, in brackets, where it is in one.
        place: String,
        /// What it is.
        kind: &'static str,
    },
    /// Two keys that one holder may be able to sign with.
    #[error("threshold asks for different signers, and keys {one} and {other} may be one: {reason}")]
    OneHolder {
        /// What the policy calls one of them.
        one: Untrusted,
        /// What it calls the other.
        other: Untrusted,
        /// Why they may be one.
        reason: &'static str,
    },
}

impl TrustError {
    /// The key called `name` is none.
    fn no_key(name: &str, reason: impl Into<String>) -> Self {
        Self::Key { name: Untrusted::new(name), place: String::new(), reason: reason.into() }
    }

    /// The same about a key that is in a file.
    pub(crate) fn in_file(mut self, file: String) -> Self {
        if let Self::Key { place, .. } = &mut self {
            *place = file;
        }
        self
    }

    /// What the policy calls the key that is wrong.
    pub(crate) fn key(&self) -> Option<&Untrusted> {
        match self {
            Self::Key { name, .. } | Self::NoTagKey { name, .. } | Self::OneHolder { other: name, .. } => {
                Some(name)
            }
            _ => None,
        }
    }
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
        Self { sigstore, registries: RegistryKey::npm(), keys: Vec::new(), tag_keys: Vec::new() }
    }

    /// The same with other keys of registries.
    pub fn with_registries(mut self, registries: Vec<RegistryKey>) -> Self {
        self.registries = registries;
        self
    }

    /// The same with other Sigstore instances.
    pub fn with_sigstore(mut self, sigstore: Vec<SigstoreRoot>) -> Self {
        self.sigstore = sigstore;
        self
    }

    /// Adds the keys that the policy names.
    pub fn with_keys(mut self, keys: Vec<Key>) -> Self {
        self.keys = keys;
        self
    }

    /// Adds the keys that the policy names for signing tags.
    pub fn with_tag_keys(mut self, keys: Vec<Key>) -> Self {
        self.tag_keys = keys;
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

    /// The keys that may sign what is published.
    pub fn keys(&self) -> &[Key] {
        &self.keys
    }

    /// The keys that may sign tags.
    pub fn tag_keys(&self) -> &[Key] {
        &self.tag_keys
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
