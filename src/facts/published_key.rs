//! OpenPGP keys that a security policy holds: whether there is a key at all, and whether a report can be encrypted to it.
//!
//! These keys verify nothing: keys count from the verifier's side only.

pub use crate::trust::openpgp::Encryption;
use crate::{
    release::Sha256,
    security_policy::SecurityPolicy,
    trust::{Key, KeyOptions, openpgp::Certificate},
};
use jiff::Timestamp;
use std::collections::BTreeMap;

#[cfg(test)]
pub(crate) mod tests;

/// The most keys of one policy that are read; real policies have one or two.
const MOST_KEYS: usize = 20;

/// The largest block that is read, in bytes.
const LARGEST: usize = 256 << 10;

/// A block that should be a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PublishedKey {
    /// It holds no key, but these words.
    Placeholder(String),
    /// It could not be read, for this reason.
    Unreadable(String),
    /// It is a key.
    Key {
        /// The fingerprints of its keys, the primary one first, in upper case.
        fingerprints: Vec<String>,
        /// Whether reports can be encrypted to it.
        encryption: Encryption,
    },
}

/// The fingerprint of a key of any kind, as proofs name their signers; nothing where it is not understood.
pub fn fingerprint(written: &[u8]) -> Option<Sha256> {
    Key::parse("given", written, KeyOptions::default()).ok().map(|key| key.fingerprint())
}

/// The number that a key of minisign bears, as minisign prints it; nothing where it is no such key.
pub fn minisign_id(written: &[u8]) -> Option<String> {
    Key::parse("given", written, KeyOptions::default()).ok()?.minisign_id()
}

/// Reads the keys of a policy, by their lines.
pub fn keys(policy: &SecurityPolicy, as_of: Timestamp) -> BTreeMap<usize, PublishedKey> {
    let blocks =
        policy.claims.all.iter().filter_map(|claim| Some((claim.line, claim.detail.block.as_deref()?)));
    blocks.take(MOST_KEYS).map(|(line, block)| (line, read(block, as_of))).collect()
}

/// Reads an armored block.
fn read(block: &str, as_of: Timestamp) -> PublishedKey {
    if block.len() > LARGEST {
        return PublishedKey::Unreadable(format!("it has more than {LARGEST} bytes"));
    }
    if let Some(words) = placeholder(block) {
        return PublishedKey::Placeholder(words);
    }
    let certificate = match Certificate::parse(block.as_bytes(), &[]) {
        Ok(certificate) => certificate,
        Err(why) => return PublishedKey::Unreadable(why),
    };
    let encryption = certificate.encryption(as_of);
    let fingerprints = certificate.components().iter().map(|it| it.fingerprint()).collect();
    PublishedKey::Key { fingerprints, encryption }
}

/// The words of a block that has not one line of a key in it.
fn placeholder(block: &str) -> Option<String> {
    let mut words =
        block.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with("-----"));
    let is_of_key = |line: &str| {
        line.len() >= 20 && line.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/' | b'='))
    };
    if words.clone().any(is_of_key) {
        return None;
    }
    Some(words.find(|line| !line.contains(": ")).unwrap_or_default().chars().take(120).collect())
}
