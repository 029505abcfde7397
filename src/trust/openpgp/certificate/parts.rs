//! The packets of a certificate, each part with the signatures that follow it.

use super::super::{
    packet::{self, Packet, Packets, tag},
    signature::kind,
};

/// Most user ids, attributes and subkeys.
const MAX_PARTS: usize = 64;
/// Most signatures on one of them.
const MAX_SIGNATURES: usize = 200;
/// The packets of a certificate: section 10.1.1.
pub(super) struct Parts<'a> {
    pub(super) primary: Part<'a>,
    pub(super) others: Vec<Part<'a>>,
}

/// A key, user id or attribute with the signatures that follow it.
pub(super) struct Part<'a> {
    pub(super) tag: u8,
    pub(super) body: &'a [u8],
    pub(super) signatures: Vec<&'a [u8]>,
}

impl<'a> Parts<'a> {
    pub(super) fn of(bytes: &'a [u8]) -> Result<Self, String> {
        let mut parts: Vec<Part<'a>> = Vec::new();
        for Packet { tag, body } in Packets::of(bytes) {
            let body = body.ok_or_else(|| format!("its {} packet does not end", packet::name(tag)))?;
            match (tag, parts.last_mut()) {
                (tag::SECRET_KEY | tag::SECRET_SUBKEY, _) => {
                    return Err("it is a secret key; give the public one".to_owned());
                }
                (tag::MARKER | tag::TRUST | tag::PADDING, _) => {}
                (tag::PUBLIC_KEY, Some(_)) => {
                    return Err("it holds several certificates; give each its own file".to_owned());
                }
                (tag::SIGNATURE, Some(part)) => {
                    if part.tag != tag::PUBLIC_SUBKEY && kind_of(body) == Some(kind::SUBKEY_REVOCATION) {
                        return Err("the revocation of a subkey does not stand behind one".to_owned());
                    }
                    if part.signatures.len() == MAX_SIGNATURES {
                        return Err(format!(
                            "more than {MAX_SIGNATURES} signatures are on one part of it; export it with \
                             `gpg --export --export-options export-minimal`"
                        ));
                    }
                    part.signatures.push(body);
                }
                (tag::PUBLIC_KEY, None)
                | (tag::USER_ID | tag::USER_ATTRIBUTE | tag::PUBLIC_SUBKEY, Some(_)) => {
                    if parts.len() > MAX_PARTS {
                        return Err(format!("it has more than {MAX_PARTS} user ids and subkeys"));
                    }
                    parts.push(Part { tag, body, signatures: Vec::new() });
                }
                _ => return Err(format!("a {} packet has no place in a certificate", packet::name(tag))),
            }
        }
        let mut parts = parts.into_iter();
        let primary = parts.next().ok_or("it holds no public key")?;
        Ok(Self { primary, others: parts.collect() })
    }

    /// Every signature packet.
    pub(super) fn signatures(&self) -> impl Iterator<Item = &'a [u8]> {
        std::iter::once(&self.primary).chain(&self.others).flat_map(|part| part.signatures.iter().copied())
    }
}

/// The type of a signature, of whatever version, without reading the rest.
pub(super) fn kind_of(body: &[u8]) -> Option<u8> {
    match body.first()? {
        2 | 3 => body.get(2).copied(),
        _ => body.get(1).copied(),
    }
}
