//! Whether one signature counts: its form, the key that made it, and what the certificate says about that key.
//!
//! The order of the questions is the order of the reasons: what cannot be a good signature is refused before any key
//! is tried, and what the certificate says matters only for signatures that verify.

use super::{Proof, Reason, Refusal, Signed, Target};
use crate::{
    framed::{Frame, FrameHash},
    text::{Untrusted, plural_list},
    trust::{
        Key,
        openpgp::{
            Certificate, Component, Fault, Hash, Signature, SignatureError, Standing,
            signature::{kind, sub},
        },
    },
};
use pgp::crypto::hash::HashAlgorithm;

/// Critical subpackets of signatures over files that are understood, or that ask for nothing here.
const UNDERSTOOD: &[u8] = &[
    sub::CREATED,
    sub::EXPIRES,
    sub::ISSUER,
    24, // preferred key server
    26, // policy URI
    28, // signer's user id
    sub::ISSUER_FINGERPRINT,
];

/// What a signature is over.
pub(super) enum Signee<'a> {
    /// A published file.
    File(&'a Target<'a>),
    /// These bytes.
    Bytes(&'a [u8]),
    /// The text of a cleartext-signed message, as it is hashed, with the hash functions that its header names.
    Cleartext { text: &'a [u8], hashes: &'a [String] },
}

/// The verdict on the signature whose packet has that `body`.
pub(super) fn judge(body: &[u8], over: &Signee<'_>, keys: &[Key], signed: Signed) -> Result<Proof, Refusal> {
    let signature = Signature::parse(body).map_err(|error| match error {
        SignatureError::Version(_) => Refusal::unreadable(error.to_string()),
        SignatureError::Malformed(_) => Refusal::invalid(error.to_string()),
    })?;
    let made = form(&signature, over)?;
    let until = signature.expires().map_err(Refusal::invalid)?;
    let candidates = candidates(&signature, keys)?;
    let digest = digest(&signature, over)?;
    let by = |(_, _, component): &&Candidate<'_>| signature.is_by(component.key(), &digest);
    let makers: Vec<&Candidate<'_>> = candidates.iter().filter(by).collect();
    if makers.is_empty() {
        let names: Vec<&str> = candidates.iter().map(|(key, _, _)| key.name()).collect();
        return Err(Refusal::invalid(format!(
            "it does not verify with key \"{}\": the file or the signature was changed",
            plural_list(&names, 3)
        )));
    }
    let (key, component, standing) = maker(&makers, made)?;
    let mut proof = Proof::by_key(key, signed);
    if let super::super::Signer::Key { detail, .. } = &mut proof.signer {
        *detail = Some(Untrusted::new(component.fingerprint()));
    }
    proof.stated = Some(made);
    proof.until = until;
    proof.key_until = standing.until;
    proof.remarks = standing.remarks;
    if signature.kind == kind::TEXT && matches!(over, Signee::File(_)) {
        proof.remarks.push("it is over text, whatever its line endings are".to_owned());
    }
    Ok(proof)
}

/// A key of the policy, its certificate, and one of the keys in that.
type Candidate<'a> = (&'a Key, &'a Certificate, &'a Component);

/// The first of `makers`, who all hold the key that made it, for whom it counts. Where the policy names one key in
/// several certificates, a revocation in any of them is one.
fn maker<'a>(
    makers: &[&Candidate<'a>],
    made: jiff::Timestamp,
) -> Result<(&'a Key, &'a Component, Standing), Refusal> {
    let judged: Vec<_> = makers
        .iter()
        .map(|(key, certificate, component)| {
            certificate.judge(component, made).map(|standing| (*key, *component, standing))
        })
        .collect();
    let revoked = judged.iter().find(|it| matches!(it, Err(Fault::Revoked(_))));
    let verdict = revoked.or_else(|| judged.iter().find(|it| it.is_ok())).or_else(|| judged.first());
    let nobody = || Err(Fault::Unbound("no key made it".to_owned()));
    verdict.cloned().unwrap_or_else(nobody).map_err(refusal)
}

/// What can be said of a signature without any key. Returns when it says it was made.
fn form(signature: &Signature<'_>, over: &Signee<'_>) -> Result<jiff::Timestamp, Refusal> {
    let fits = match over {
        Signee::File(_) => matches!(signature.kind, kind::BINARY | kind::TEXT),
        Signee::Bytes(_) => signature.kind == kind::BINARY,
        Signee::Cleartext { .. } => signature.kind == kind::TEXT,
    };
    if !fits {
        let detail = format!("it is a signature of type {:#04x}, which is not over this", signature.kind);
        return Err(Refusal::invalid(detail));
    }
    match signature.hash {
        Hash::Strong(_) => {}
        Hash::Weak(hash) => {
            return Err(Refusal::new(Reason::Weak, format!("it is made over {hash}, which can be forged")));
        }
        Hash::Unknown(_) => {
            return Err(Refusal::unreadable(format!("it is made over {}", signature.hash.name())));
        }
    }
    if matches!(signature.algorithm, 16 | 17 | 20) {
        return Err(Refusal::new(Reason::Weak, "it is made with DSA, whose keys are too short to count"));
    }
    if !signature.is_readable() {
        let detail = format!("it is made with algorithm {}, which is not read", signature.algorithm);
        return Err(Refusal::unreadable(detail));
    }
    if let Some(kind) = signature.unknown_critical(UNDERSTOOD) {
        return Err(Refusal::invalid(format!(
            "it demands that something is understood which is not (critical subpacket {kind})"
        )));
    }
    let made = signature.created().map_err(Refusal::invalid)?;
    made.ok_or_else(|| Refusal::new(Reason::NoTime, "it does not say when it was made"))
}

/// The keys of the policy that may have made it.
fn candidates<'a>(signature: &Signature<'_>, keys: &'a [Key]) -> Result<Vec<Candidate<'a>>, Refusal> {
    let all = keys.iter().filter_map(|key| Some((key, key.certificate()?)));
    let all = all.flat_map(|(key, it)| it.components().iter().map(move |component| (key, it, component)));
    let hints: Vec<&[u8]> = signature.hints().take(8).collect();
    // What the signature itself says about its key has to be true.
    let certain: Vec<&[u8]> = signature.fingerprints().collect();
    let found: Vec<_> = all
        .filter(|(_, _, component)| {
            let key = component.key();
            let hinted = hints.is_empty() || hints.iter().any(|hint| key.is_hinted(hint));
            hinted && certain.iter().all(|it| *it == key.fingerprint())
        })
        .collect();
    if !found.is_empty() {
        return Ok(found);
    }
    let by = match hints.first() {
        Some(hint) => format!("it was made with key {}", hex::encode_upper(&hint[..hint.len().min(32)])),
        None => "it does not say which key made it".to_owned(),
    };
    let named = keys.iter().filter(|key| key.certificate().is_some()).count();
    let known = match named {
        0 => "the policy names no OpenPGP certificate".to_owned(),
        1 => "the OpenPGP certificate that the policy names has no such key".to_owned(),
        n => format!("none of the {n} OpenPGP certificates that the policy names has such a key"),
    };
    Err(Refusal::new(Reason::UnknownKey, format!("{by}; {known}")))
}

/// The hash that the signature is over.
fn digest(signature: &Signature<'_>, over: &Signee<'_>) -> Result<Vec<u8>, Refusal> {
    let frame = frame(signature)?;
    match over {
        Signee::Bytes(bytes) => Ok(frame.of(bytes).value),
        Signee::Cleartext { text, hashes } => {
            let name = signature.hash.name();
            if !hashes.iter().any(|hash| hash.eq_ignore_ascii_case(&name)) {
                let detail =
                    format!("the header of the message does not name {name}, which it was signed over");
                return Err(Refusal::invalid(detail));
            }
            Ok(frame.of(text).value)
        }
        Signee::File(target) if signature.kind == kind::TEXT => {
            let bytes = target.bytes.ok_or_else(|| {
                Refusal::unreadable("it is over text, and of the file only its digest was kept")
            })?;
            Ok(frame.of(&normalised(bytes)?).value)
        }
        Signee::File(target) => target.hash(&frame).ok_or_else(|| {
            Refusal::unreadable("checking it needs a hash over the file that was not computed")
        }),
    }
}

/// What is hashed around the file: section 5.2.4.
pub(super) fn frame(signature: &Signature<'_>) -> Result<Frame, Refusal> {
    let hash = match signature.hash {
        Hash::Strong(HashAlgorithm::Sha224) => FrameHash::Sha224,
        Hash::Strong(HashAlgorithm::Sha256) => FrameHash::Sha256,
        Hash::Strong(HashAlgorithm::Sha384) => FrameHash::Sha384,
        Hash::Strong(HashAlgorithm::Sha512) => FrameHash::Sha512,
        _ => return Err(Refusal::unreadable(format!("it is made over {}", signature.hash.name()))),
    };
    Ok(Frame { hash, before: signature.salt.to_vec(), after: signature.trailer() })
}

/// Text with the line endings that are hashed: section 5.2.1.2. What is no text could be changed unseen.
fn normalised(bytes: &[u8]) -> Result<Vec<u8>, Refusal> {
    let text = std::str::from_utf8(bytes)
        .ok()
        .filter(|text| !text.contains('\0'))
        .ok_or_else(|| Refusal::invalid("it is over text, and the file is no text"))?;
    let lines: Vec<&str> = text.split('\n').map(|line| line.strip_suffix('\r').unwrap_or(line)).collect();
    // A carriage return at the very end belongs to no line ending.
    let last = text.rsplit('\n').next().unwrap_or_default();
    let mut all = lines[..lines.len() - 1].join("\r\n");
    if lines.len() > 1 {
        all.push_str("\r\n");
    }
    all.push_str(last);
    Ok(all.into_bytes())
}

fn refusal(fault: Fault) -> Refusal {
    match fault {
        Fault::Weak(detail) => Refusal::new(Reason::Weak, detail),
        Fault::Unbound(detail) => Refusal::invalid(detail),
        Fault::Unreadable(detail) => Refusal::unreadable(detail),
        Fault::Revoked(detail) => Refusal::new(Reason::Revoked, detail),
        Fault::Expired(detail) => Refusal::new(Reason::Expired, detail),
        Fault::NotNamed(detail) => Refusal::new(Reason::UnknownKey, detail),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_endings_of_text_are_made_one() {
        for (text, hashed) in [
            ("", ""),
            ("a", "a"),
            ("a\n", "a\r\n"),
            ("a\r\nb\n\nc", "a\r\nb\r\n\r\nc"),
            ("a\r", "a\r"),
            ("a\rb\n", "a\rb\r\n"),
        ] {
            assert_eq!(normalised(text.as_bytes()).unwrap(), hashed.as_bytes(), "{text:?}");
        }
        assert_eq!(normalised(b"a\0b").unwrap_err().reason, Reason::Invalid);
        assert_eq!(normalised(b"\xff\xfe").unwrap_err().reason, Reason::Invalid);
    }
}
