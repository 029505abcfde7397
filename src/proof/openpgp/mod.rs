//! OpenPGP signatures (RFC 9580): detached ones, and checksum files that are signed in place.
//!
//! The rule that must not be broken: what is verified is what counts. A detached signature is nothing but signature
//! packets, each of which gets a verdict; of a file that is signed in place only what was hashed is ever read.

mod cleartext;
mod judge;
#[cfg(test)]
mod tests;

use super::{Context, Proof, Reason, Refusal, Signed, Target};
use crate::{
    framed::Frame,
    trust::{
        Key,
        openpgp::{
            Signature, armor,
            packet::{self, Packets, tag},
            signature::kind,
        },
    },
};
use judge::Signee;

pub use cleartext::{Cleartext, is_cleartext};

/// The largest file of signatures, in bytes.
const MAX_FILE: usize = 1 << 20;
/// Most signatures in one file.
const MAX_SIGNATURES: usize = 32;

/// Whether `bytes` begin with an OpenPGP signature packet, of whichever header format.
pub fn is_binary(bytes: &[u8]) -> bool {
    let Some(packet) = Packets::of(bytes).next() else { return false };
    let Some(body) = packet.body else { return false };
    // A raw signature may begin with the same byte: not also with the length and the version.
    packet.tag == tag::SIGNATURE && matches!(body.first(), Some(2..=6))
}

/// Verifies every signature in `bytes` over the file that they are named after.
pub fn verify(bytes: &[u8], context: &Context<'_>) -> Vec<Result<Proof, Refusal>> {
    let bodies = match bodies(bytes) {
        Ok(bodies) => bodies,
        Err(refusal) => return vec![Err(refusal)],
    };
    let Some(about) = &context.about else {
        let refusal = Refusal::new(Reason::Unbound, "no published file has the name this signature is for");
        return vec![Err(refusal)];
    };
    let signed = Signed::File(about.digests.sha256().clone());
    bodies
        .iter()
        .map(|body| judge::judge(body, &Signee::File(about), context.trust.keys(), signed.clone()))
        .collect()
}

/// The hashes that the signatures need of the file.
pub fn frames(bytes: &[u8]) -> Vec<Frame> {
    let bodies = bodies(bytes).unwrap_or_default();
    let mut frames: Vec<Frame> = bodies
        .iter()
        .filter_map(|body| Signature::parse(body).ok())
        .filter(|signature| signature.kind == kind::BINARY)
        .filter_map(|signature| judge::frame(&signature).ok())
        .collect();
    frames.sort();
    frames.dedup();
    frames
}

/// Verifies the one signature that `signature` holds, armored or binary, over `content`, by one of `keys`. A proof says
/// that `signed` was signed: the caller answers for it that this is what `content` is.
pub(super) fn verify_over(
    signature: &[u8],
    content: &[u8],
    keys: &[Key],
    signed: Signed,
) -> Result<Proof, Refusal> {
    let bodies = bodies(signature)?;
    let [body] = &bodies[..] else {
        return Err(Refusal::invalid(format!(
            "there are {} signatures, and only one has a place",
            bodies.len()
        )));
    };
    judge::judge(body, &Signee::Bytes(content), keys, signed)
}

/// What a file is that should be a signature, for people; `None` where it has nothing of OpenPGP.
pub(super) fn explain(name: &str, bytes: &[u8]) -> Option<Refusal> {
    let lower = name.to_ascii_lowercase();
    let is_named = [".asc", ".gpg", ".pgp"].iter().any(|suffix| lower.ends_with(suffix));
    if bytes.is_empty() && is_named {
        return Some(Refusal::invalid("it is empty: it holds no signature"));
    }
    let begins = b"-----BEGIN PGP ";
    if bytes.windows(begins.len()).any(|window| window == begins) {
        return Some(Refusal::invalid("there is text before the OpenPGP armor, which nobody signed"));
    }
    let binary = bytes.first().is_some_and(|first| first & 0x80 != 0);
    let foreign = binary.then(|| Packets::of(bytes).next()).flatten().map(|packet| packet.tag);
    match foreign {
        // A plain signature of another kind may begin with any byte: only the name makes it OpenPGP.
        Some(tag) if is_named => Some(misplaced(tag)),
        _ if is_named => Some(Refusal::invalid("it holds no OpenPGP signature")),
        _ => None,
    }
}

/// The bodies of the signature packets of a file that holds nothing else; at least one.
fn bodies(bytes: &[u8]) -> Result<Vec<Vec<u8>>, Refusal> {
    if bytes.len() > MAX_FILE {
        let detail = format!("{} bytes are over the limit of {MAX_FILE} for signatures", bytes.len());
        return Err(Refusal::unreadable(detail));
    }
    let blocks = match armor::label(bytes) {
        None => vec![bytes.to_vec()],
        Some("SIGNATURE") => {
            let blocks = armor::blocks(bytes).map_err(Refusal::invalid)?;
            if let Some(other) = blocks.iter().find(|block| block.label != "SIGNATURE") {
                return Err(mislabelled(other.label));
            }
            blocks.into_iter().map(|block| block.bytes).collect()
        }
        Some(label) => return Err(mislabelled(label)),
    };
    let mut bodies = Vec::new();
    for block in &blocks {
        bodies.extend(signatures(block)?);
    }
    match bodies.len() {
        0 => Err(Refusal::invalid("it holds no signature")),
        1..=MAX_SIGNATURES => Ok(bodies),
        _ => Err(Refusal::unreadable(format!("it holds more than {MAX_SIGNATURES} signatures"))),
    }
}

/// The bodies of the signature packets in one block.
fn signatures(block: &[u8]) -> Result<Vec<Vec<u8>>, Refusal> {
    let mut bodies = Vec::new();
    for packet in Packets::of(block).take(MAX_SIGNATURES + 1) {
        match (packet.tag, packet.body) {
            (tag::SIGNATURE, Some(body)) => bodies.push(body.to_vec()),
            (tag::SIGNATURE, None) => return Err(Refusal::invalid("a signature in it is cut off")),
            (other, _) => return Err(misplaced(other)),
        }
    }
    Ok(bodies)
}

/// A packet that is no signature, where only signatures have a place.
fn misplaced(tag: u8) -> Refusal {
    match tag {
        tag::PUBLIC_KEY | tag::PUBLIC_SUBKEY => mislabelled("PUBLIC KEY BLOCK"),
        tag::SECRET_KEY | tag::SECRET_SUBKEY => mislabelled("PRIVATE KEY BLOCK"),
        4 | 8 | 11 => Refusal::invalid(format!(
            "it is a signed message with its own content ({} packet), and no detached signature",
            packet::name(tag)
        )),
        _ => Refusal::invalid(format!(
            "a detached signature is signature packets alone, and it holds a packet of type {tag} ({})",
            packet::name(tag)
        )),
    }
}

/// A block of armor that is no signature.
fn mislabelled(label: &str) -> Refusal {
    match label {
        "PUBLIC KEY BLOCK" => Refusal::unreadable(
            "it is a public key and no signature: keys count from the policy only, never from the release",
        ),
        "PRIVATE KEY BLOCK" => Refusal::invalid("it is a secret key, which nobody should publish"),
        "SIGNED MESSAGE" => Refusal::invalid(
            "it is a cleartext-signed message with its own content, and no detached signature; only checksum files \
             are read in that form",
        ),
        "MESSAGE" => Refusal::invalid("it is a message with its own content, and no detached signature"),
        other => Refusal::invalid(format!("it is armored as {other}, and is no signature")),
    }
}
