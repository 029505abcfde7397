//! Roots of trust. They come from the verifier's side, never from the release that is judged.

use crate::{release::Sha256, text::Untrusted};
use jiff::Timestamp;
use sigstore_verify::{
    Verifier,
    trust_root::{
        SIGSTORE_PRODUCTION_TRUSTED_ROOT, SIGSTORE_STAGING_TRUSTED_ROOT, TransparencyLog, TrustedRoot,
    },
};
use std::collections::BTreeSet;

mod ed25519;
mod key;
mod minisign;
pub(crate) mod openpgp;
pub mod refresh;
mod spki;
pub(crate) mod ssh;
mod window;

pub use ed25519::{Ed25519Key, Ed25519KeyError};
pub(crate) use key::Material;
pub use key::{Key, KeyOptions};
pub(crate) use minisign::{KeyId, MinisignKey, Tool};
pub(crate) use spki::{Spki, SpkiKind};

/// The largest trusted root that is read, in bytes.
pub const MAX_TRUSTED_ROOT: u64 = 4 << 20;
/// The largest public key that is read, in bytes.
pub const MAX_KEY: u64 = 1 << 20;

/// The keys and certificates that every proof must lead back to.
pub struct TrustRoots {
    sigstore: Vec<SigstoreRoot>,
    keys: Vec<Key>,
    tag_keys: Vec<Key>,
}

/// A Sigstore instance: its certificate authorities, logs and timestamp authorities.
pub struct SigstoreRoot {
    name: String,
    origin: &'static str,
    sha256: Sha256,
    expires: Option<Timestamp>,
    logs: Vec<String>,
    verifier: Verifier,
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
    /// A public key that is not one.
    #[error("key {name} is no public key that can be used: {reason}")]
    Key {
        /// What the policy calls it.
        name: Untrusted,
        /// Why not.
        reason: String,
    },
}

impl TrustRoots {
    /// The public-good Sigstore instance, as built into this program.
    pub fn embedded() -> Result<Self, TrustError> {
        let root = SigstoreRoot::parse(
            "sigstore public good",
            "embedded",
            SIGSTORE_PRODUCTION_TRUSTED_ROOT.as_bytes(),
        )?;
        Ok(Self::of(vec![root]))
    }

    /// The staging instance of Sigstore, as built into this program.
    pub fn embedded_staging() -> Result<Self, TrustError> {
        let root =
            SigstoreRoot::parse("sigstore staging", "embedded", SIGSTORE_STAGING_TRUSTED_ROOT.as_bytes())?;
        Ok(Self::of(vec![root]))
    }

    /// These roots and no others.
    pub fn of(sigstore: Vec<SigstoreRoot>) -> Self {
        Self { sigstore, keys: Vec::new(), tag_keys: Vec::new() }
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

    /// The keys that may sign what is published.
    pub fn keys(&self) -> &[Key] {
        &self.keys
    }

    /// The keys that may sign tags.
    pub fn tag_keys(&self) -> &[Key] {
        &self.tag_keys
    }
}

impl SigstoreRoot {
    /// Reads a `trusted_root.json`. `name` and `origin` are for the report.
    pub fn parse(name: &str, origin: &'static str, bytes: &[u8]) -> Result<Self, TrustError> {
        let refuse = |source: Box<dyn std::error::Error + Send + Sync>| TrustError::Root {
            name: Untrusted::new(name),
            source,
        };
        let text = std::str::from_utf8(bytes).map_err(|e| refuse(e.into()))?;
        let mut root = TrustedRoot::from_json(text).map_err(|e| refuse(e.into()))?;
        if root.tlogs.is_empty()
            && root.certificate_authorities.is_empty()
            && root.timestamp_authorities.is_empty()
        {
            return Err(TrustError::Empty { name: Untrusted::new(name) });
        }
        window::narrow(&mut root);
        let verifier = Verifier::new(&root).map_err(|e| refuse(e.into()))?;
        let logs = searchable_logs(&root);
        Ok(Self { name: name.to_owned(), origin, sha256: Sha256::of(bytes), expires: None, logs, verifier })
    }

    /// The same with the moment until which its distributor vouches for it.
    pub fn expiring(mut self, at: Timestamp) -> Self {
        self.expires = Some(at);
        self
    }

    /// Until when its distributor vouches for it, where that is known.
    pub fn expires(&self) -> Option<Timestamp> {
        self.expires
    }

    /// The base URLs of its logs that may have a search.
    pub fn logs(&self) -> &[String] {
        &self.logs
    }

    /// What it is called in reports.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// `embedded`, `cached` or `file`.
    pub fn origin(&self) -> &'static str {
        self.origin
    }

    /// Digest of the file.
    pub fn sha256(&self) -> Sha256 {
        self.sha256
    }

    pub(crate) fn verifier(&self) -> &Verifier {
        &self.verifier
    }
}

/// Logs of the first generation name themselves by the SHA-256 of their key, and have a search; the others do not.
fn searchable_logs(root: &TrustedRoot) -> Vec<String> {
    let is_first = |log: &&TransparencyLog| {
        let key = Sha256::of(log.public_key.raw_bytes.as_bytes()).to_string();
        hex::encode(log.log_id.key_id.as_bytes()) == key && log.base_url.starts_with("https://")
    };
    let logs: BTreeSet<String> = root.tlogs.iter().filter(is_first).map(|log| log.base_url.clone()).collect();
    logs.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_embedded_roots_are_usable() {
        assert_eq!(TrustRoots::embedded().unwrap().sigstore().len(), 1);
        assert_eq!(TrustRoots::embedded_staging().unwrap().sigstore().len(), 1);
    }

    #[test]
    fn a_root_that_trusts_nobody_is_refused() {
        let empty = br#"{"mediaType": "application/vnd.dev.sigstore.trustedroot+json;version=0.1"}"#;
        assert!(matches!(SigstoreRoot::parse("x", "file", empty), Err(TrustError::Empty { .. })));
    }

    #[test]
    fn what_is_no_root_and_no_key_is_refused_by_name() {
        assert!(matches!(SigstoreRoot::parse("x", "file", b"{"), Err(TrustError::Root { .. })));
        let error = Key::from_pem("release", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n");
        assert!(matches!(error, Err(TrustError::Key { .. })));
    }
}
