//! A certificate: a primary key, what it says about itself and its subkeys, and what became of it.
//!
//! The rule that must not be broken: nothing counts that the primary key did not sign over a strong hash, except what
//! speaks against the certificate. A revocation counts whoever made it and whether or not it verifies: who removes a
//! revocation from the policy's own file knows what they do.
//!
//! Of several statements about the same thing the latest counts, as its maker wants it, even where it was made after
//! the signature that is judged. Two statements that both count (a direct-key signature and one over a user id) must
//! both allow what is asked.

mod parts;
mod reading;

use super::{armor, key::PublicKey};
use crate::text;
use jiff::Timestamp;
use parts::Parts;
use reading::Reading;

/// A certificate that was read.
pub(crate) struct Certificate {
    components: Vec<Component>,
    unread: usize,
    allowed: Vec<Vec<u8>>,
}

/// A primary key or subkey, and what the certificate says about it.
pub(crate) struct Component {
    key: PublicKey,
    may_sign: bool,
    may_encrypt: Option<bool>,
    expires: Option<Timestamp>,
    revoked: Option<Revocation>,
    fault: Option<Fault>,
}

/// A statement that a key is not to be used any more.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Revocation {
    /// From when on; `None` where signatures made before do not count either.
    from: Option<Timestamp>,
    /// Why.
    why: String,
}

/// Why signatures of a key do not count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// A key or a hash function that is too weak.
    Weak(String),
    /// The certificate does not say, or not so that it can be checked, that the key may sign.
    Unbound(String),
    /// Something that this version does not understand.
    Unreadable(String),
    /// It was revoked.
    Revoked(String),
    /// It was not valid then.
    Expired(String),
    /// The policy does not name this key of the certificate.
    NotNamed(String),
}

/// Whether messages can be encrypted to a certificate, at the moment judged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Encryption {
    /// They can.
    Able,
    /// The whole certificate ended then.
    Expired(Timestamp),
    /// It was revoked, for this reason.
    Revoked(String),
    /// Every key of it that messages can be encrypted to has ended, the last one then.
    SubkeysExpired(Timestamp),
    /// It has no key for that.
    None,
    /// Something of it could not be read.
    Unknown,
}

/// What a key that may sign has to be said about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Standing {
    /// When it ends to be valid.
    pub(crate) until: Option<Timestamp>,
    /// What a reader has to know.
    pub(crate) remarks: Vec<String>,
}

impl Component {
    /// The key.
    pub(crate) fn key(&self) -> &PublicKey {
        &self.key
    }

    /// Its fingerprint, as GnuPG writes it.
    pub(crate) fn fingerprint(&self) -> String {
        hex::encode_upper(self.key.fingerprint())
    }
}

impl Certificate {
    /// Reads a certificate, armored or binary. Of its keys, those of the `fingerprints` may sign; all that its own
    /// statements let sign where none is given.
    pub(crate) fn parse(bytes: &[u8], fingerprints: &[String]) -> Result<Self, String> {
        let decoded;
        let bytes = if bytes.first().is_some_and(|first| first & 0x80 != 0) {
            bytes
        } else {
            let mut blocks = armor::blocks(bytes)?;
            match (blocks.pop(), blocks.is_empty()) {
                (Some(block), true) if block.label == "PUBLIC KEY BLOCK" => decoded = block.bytes,
                (Some(_), true) => return Err("it is no public key block".to_owned()),
                _ => return Err("it holds several blocks; give each certificate its own file".to_owned()),
            }
            &decoded
        };
        let parts = Parts::of(bytes)?;
        let mut reading = Reading::of(&parts);
        let mut components = reading.components()?;
        let allowed = allowed(fingerprints, &components)?;
        if !components.iter().any(|it| it.may_sign || it.fault.is_some() || it.revoked.is_some()) {
            return Err("none of its keys may sign".to_owned());
        }
        components.shrink_to_fit();
        Ok(Self { components, unread: reading.unread, allowed })
    }

    /// Its keys, the primary one first.
    pub(crate) fn components(&self) -> &[Component] {
        &self.components
    }

    /// Until when messages can be encrypted to it, as seen at `now`.
    pub(crate) fn encryption(&self, now: Timestamp) -> Encryption {
        let primary = &self.components[0];
        if let Some(revocation) = &primary.revoked {
            return Encryption::Revoked(revocation.why.clone());
        }
        if let Some(expires) = primary.expires.filter(|expires| *expires <= now) {
            return Encryption::Expired(expires);
        }
        let able =
            || self.components.iter().filter(|it| it.may_encrypt == Some(true) && it.revoked.is_none());
        if able().any(|it| it.fault.is_none() && it.expires.is_none_or(|expires| now < expires)) {
            return Encryption::Able;
        }
        let is_open =
            |it: &Component| it.fault.is_some() || (it.may_encrypt.is_none() && it.revoked.is_none());
        if self.unread > 0 || self.components.iter().any(is_open) {
            return Encryption::Unknown;
        }
        match able().filter_map(|it| it.expires).max() {
            Some(expires) => Encryption::SubkeysExpired(expires),
            None => Encryption::None,
        }
    }

    /// Whether a signature that `component` made at `made` counts.
    pub(crate) fn judge(&self, component: &Component, made: Timestamp) -> Result<Standing, Fault> {
        if !self.allowed.is_empty() && !self.allowed.iter().any(|it| it == component.key.fingerprint()) {
            return Err(Fault::NotNamed(format!(
                "it was made with key {} of the certificate, which the policy does not name among its fingerprints",
                component.fingerprint()
            )));
        }
        let primary = &self.components[0];
        let both = [component, primary];
        let both = if std::ptr::eq(component, primary) { &both[..1] } else { &both[..] };
        if let Some(weak) = both.iter().find_map(|it| it.key.weakness()) {
            return Err(Fault::Weak(format!("it rests on {weak}")));
        }
        let mut standing = Standing::default();
        for revocation in both.iter().filter_map(|it| it.revoked.as_ref()) {
            match revocation.from {
                Some(from) if made < from => standing.remarks.push(format!(
                    "the key was revoked at {from}, after the signature says that it was made: {}",
                    revocation.why
                )),
                _ => return Err(Fault::Revoked(format!("the key was revoked: {}", revocation.why))),
            }
        }
        if let Some(fault) = both.iter().find_map(|it| it.fault.clone()) {
            return Err(fault);
        }
        if !component.may_sign {
            return Err(Fault::Unbound("it was made with a key whose flags do not let it sign".to_owned()));
        }
        for it in both {
            if made < it.key.created() {
                let created = it.key.created();
                return Err(Fault::Expired(format!(
                    "it says that it was made at {made}, and the key at {created}"
                )));
            }
            if let Some(expires) = it.expires.filter(|expires| made >= *expires) {
                return Err(Fault::Expired(format!(
                    "it says that it was made at {made}, and the key expired at {expires}"
                )));
            }
            standing.until = earlier(standing.until, it.expires);
        }
        Ok(standing)
    }
}

fn earlier(one: Option<Timestamp>, other: Option<Timestamp>) -> Option<Timestamp> {
    one.into_iter().chain(other).min()
}

/// The fingerprints that the policy names, each of a key that may sign.
fn allowed(fingerprints: &[String], components: &[Component]) -> Result<Vec<Vec<u8>>, String> {
    let signing: Vec<String> =
        components.iter().filter(|it| it.may_sign).map(Component::fingerprint).collect();
    let signing = if signing.is_empty() { "none may sign".to_owned() } else { signing.join(", ") };
    let read = |text: &String| {
        let shown = text::clean(text).into_owned();
        let plain: String = text.chars().filter(|c| !c.is_whitespace() && *c != ':').collect();
        let plain = plain.strip_prefix("0x").or_else(|| plain.strip_prefix("0X")).unwrap_or(&plain);
        let bytes = hex::decode(plain).map_err(|_| format!("fingerprint {shown} is not hexadecimal"))?;
        if !matches!(bytes.len(), 20 | 32) {
            return Err(format!(
                "{shown} is no fingerprint: give all 40 digits (64 for keys of version 6), as key ids can be forged; \
                 those that may sign: {signing}"
            ));
        }
        match components.iter().find(|it| it.key.fingerprint() == bytes) {
            None => Err(format!(
                "no key of the certificate has the fingerprint {shown}; those that may sign: {signing}"
            )),
            Some(it) if !it.may_sign && it.fault.is_none() => {
                Err(format!("key {shown} of the certificate may not sign; those that may: {signing}"))
            }
            Some(_) => Ok(bytes),
        }
    };
    fingerprints.iter().map(read).collect()
}
