//! Signatures of OpenBSD's signify: detached, and with the message behind them (signify(1), `-e`).
//!
//! Two lines: a comment that nobody signed, and plain Ed25519 over the whole file; where the message is embedded, it
//! follows them to the end of the file, and nothing else in the file is signed. The rule that must not be broken: what is
//! read of such a file is exactly what was verified, byte for byte: see [`message`].

use super::{
    Context, Proof, Refusal, Signed, ed25519,
    minisign::{self, COMMENT, Head, MAX_COMMENT},
};
use crate::{
    digest::Digest,
    framed::Frame,
    trust::{Key, MinisignKey, Tool},
};

/// The largest message with its signature, in bytes: as large as a checksum file may be.
const MAX_EMBEDDED: usize = 6 << 20;

/// Verifies `bytes` as a signature over the file that they are named after, or over the message in them.
pub fn verify(bytes: &[u8], context: &Context<'_>) -> Result<Proof, Refusal> {
    let signature = Signature::parse(bytes)?;
    let mut refusal = None;
    for (key, material) in minisign::keys_of(signature.head.id, context.trust.keys())? {
        match signature.verify(key, material, context) {
            Ok(proof) => return Ok(proof),
            Err(other) => refusal = Some(other),
        }
    }
    Err(refusal.unwrap_or_else(|| Refusal::invalid("no key was tried")))
}

/// The hashes that a detached signature needs of the file.
pub fn frames(bytes: &[u8], keys: &[Key]) -> Vec<Frame> {
    match Signature::parse(bytes) {
        Ok(signature) if signature.message.is_none() => signature.head.frames(keys),
        _ => Vec::new(),
    }
}

/// The message that the signature in `bytes` is over, where it stands in the same file. It was not verified.
pub fn message(bytes: &[u8]) -> Option<&[u8]> {
    Signature::parse(bytes).ok()?.message
}

/// A file of signify, well formed. Nothing in it was verified.
struct Signature<'a> {
    head: Head,
    message: Option<&'a [u8]>,
}

impl<'a> Signature<'a> {
    fn parse(bytes: &'a [u8]) -> Result<Self, Refusal> {
        if bytes.len() > MAX_EMBEDDED {
            let size = bytes.len();
            return Err(Refusal::unreadable(format!("{size} bytes are too many for a signify signature")));
        }
        let mut parts = bytes.splitn(3, |b| *b == b'\n');
        let (Some(untrusted), Some(head)) = (parts.next(), parts.next()) else {
            return Err(Refusal::invalid("a signify signature is two lines, and this one"));
        };
        minisign::comment(line(untrusted)?, COMMENT, MAX_COMMENT)?;
        let head = Head::parse(line(head)?)?;
        Ok(Self { head, message: parts.next().filter(|message| !message.is_empty()) })
    }

    fn verify(&self, key: &Key, material: &MinisignKey, context: &Context<'_>) -> Result<Proof, Refusal> {
        // Without its last two lines, a legacy signature of minisign looks like one of signify.
        if material.tool == Tool::Minisign && !key.options().legacy {
            return Err(Refusal::new(
                super::Reason::Weak,
                format!(
                    "it is of signify's form, over the file itself, and key \"{}\" is one of minisign, of which the \
                     policy does not accept that; give the key file of signify with its comment, or set legacy = \
                     true for this key",
                    key.name()
                ),
            ));
        }
        let signature = &self.head.signature;
        let Some(message) = self.message else {
            let about = minisign::published(context.about.as_ref())?;
            ed25519::verify(&material.key, signature, |frame| about.hash(frame)).map_err(|refusal| {
                refusal.or_invalid("either the file was changed, or another key signed it")
            })?;
            return Ok(Proof::by_key(key, Signed::File(about.digests.sha256().clone())));
        };
        ed25519::verify(&material.key, signature, |frame| Some(frame.of(message).value)).map_err(
            |refusal| {
                refusal.or_invalid("either the message behind it was changed, or another key signed it")
            },
        )?;
        Ok(Proof::by_key(key, Signed::Text(Digest::sha256_of(message))))
    }
}

/// One of the first two lines, which are text.
fn line(bytes: &[u8]) -> Result<&str, Refusal> {
    if bytes.contains(&b'\r') {
        return Err(Refusal::invalid("its lines end in CR LF, or hold a CR; signify writes LF alone"));
    }
    std::str::from_utf8(bytes).map_err(|_| Refusal::invalid("its first two lines are not UTF-8"))
}
