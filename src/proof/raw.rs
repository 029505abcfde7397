//! Detached signatures made with a key: `cosign sign-blob --key`, `openssl dgst -sign`, `openssl pkeyutl -sign`.
//!
//! The file holds the signature over the artifact's bytes, in base64 or raw. It carries no time and no identity; who
//! signed is known only because the verifier's own key verifies it. The rule that must not be broken: a scheme is chosen
//! by the key, never by the signature, and its DER is read by the strict reader of the library.

use super::{Context, Proof, Reason, Refusal, Signed, Target, cosign, ed25519, minisign};
use crate::{
    digest::Algorithm,
    framed::{Frame, FrameHash},
    text::plural_list,
    trust::{Key, Spki, SpkiKind, TrustRoots},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use sigstore_verify::{
    crypto::SigningScheme,
    types::{HashAlgorithm, SignatureBytes},
};

/// The largest detached signature, in bytes: an RSA-8192 signature in base64 is 1.4 KiB.
const MAX_SIGNATURE: usize = 16 << 10;

/// Verifies `bytes` as a signature over the file that they are named after: by one of the keys that the policy names, or
/// else by the certificate beside them.
pub fn verify(bytes: &[u8], context: &Context<'_>) -> Result<Proof, Refusal> {
    if bytes.len() > MAX_SIGNATURE {
        return Err(Refusal::unreadable(format!("{} bytes are too many for a signature", bytes.len())));
    }
    let about = minisign::published(context.about.as_ref())?;
    let signature = decode(bytes)?;
    match by_keys(&signature, about, context.trust) {
        Ok(proof) => Ok(proof),
        Err(refusal) => {
            let Some(certificate) = cosign::certificate_of(context) else { return Err(refusal) };
            let refusal = cosign::without_log(&signature, certificate, about);
            match refusal.reason {
                Reason::NoTime => cosign::logged_beside(context, &signature).ok_or(refusal),
                _ => Err(refusal),
            }
        }
    }
}

/// Verifies `signature` over `about` by one of the keys that the policy names.
pub(super) fn by_keys(signature: &[u8], about: &Target<'_>, trust: &TrustRoots) -> Result<Proof, Refusal> {
    let keys = || trust.keys().iter().filter_map(|key| Some((key, key.spki()?)));
    if keys().next().is_none() {
        return Err(Refusal::new(
            Reason::UnknownKey,
            "a detached signature names nobody, and the policy names no PEM key to check it with",
        ));
    }
    let mut better = None;
    for (key, spki) in keys() {
        match check(spki, about, signature) {
            Ok(()) => return Ok(Proof::by_key(key, Signed::File(about.digests.sha256().clone()))),
            Err(refusal) if refusal.reason == Reason::Invalid => {}
            Err(refusal) => better = Some(refusal),
        }
    }
    if signature.starts_with(b"\x1f\x8b\x08") {
        return Err(Refusal::unreadable(
            "a gzip file, as `signify -z` embeds signatures in, which this version does not read",
        ));
    }
    let tried: Vec<&str> = keys().map(|(key, _)| key.name()).collect();
    Err(better.unwrap_or_else(|| {
        Refusal::invalid(format!(
            "either the file was changed, or another key signed it (tried \"{}\")",
            plural_list(&tried, 5).replace(", ", "\", \"")
        ))
    }))
}

/// The signature in base64, whatever its line breaks, as cosign and `base64` write it; or raw, as openssl does.
pub(super) fn decode(bytes: &[u8]) -> Result<Vec<u8>, Refusal> {
    let is_text = bytes.iter().all(|b| b.is_ascii_graphic() || b.is_ascii_whitespace());
    if !is_text {
        return Ok(bytes.to_vec());
    }
    let text: Vec<u8> = bytes.iter().copied().filter(|b| !b.is_ascii_whitespace()).collect();
    match STANDARD.decode(&text) {
        Ok(raw) if !raw.is_empty() => Ok(raw),
        _ => Err(Refusal::unreadable("it is neither a raw signature nor one in base64")),
    }
}

/// Whether `signature` is over `about`, by that key.
pub(super) fn check(spki: &Spki, about: &Target<'_>, signature: &[u8]) -> Result<(), Refusal> {
    if let Some(bits) = spki.weak_bits() {
        return Err(match signature.len() == bits.div_ceil(8) {
            true => Refusal::new(
                Reason::Weak,
                format!(
                    "it is as long as one by an RSA key of {bits} bits, and 2048 is the least that counts"
                ),
            ),
            false => invalid(),
        });
    }
    if let SpkiKind::Ed25519(key) = &spki.kind {
        let signature = <&[u8; 64]>::try_from(signature).map_err(|_| invalid())?;
        let plain = match ed25519::verify(key, signature, |frame| about.hash(frame)) {
            Ok(()) => return Ok(()),
            Err(refusal) => refusal,
        };
        // cosign 2.4 and later sign in this form, so that a log can check it without the file.
        let sha512 = hash(about, FrameHash::Sha512).and_then(|value| <[u8; 64]>::try_from(value).ok());
        return match sha512.map(|sha512| ed25519::verify_prehashed(key, signature, &sha512)) {
            Some(Ok(())) => Ok(()),
            _ => Err(plain),
        };
    }
    let signature = SignatureBytes::new(signature.to_vec());
    let schemes = spki.schemes();
    if schemes.is_empty() {
        return match about.bytes {
            Some(bytes) => spki.verifier.verify(bytes, &signature).map_err(|_| invalid()),
            None => Err(not_hashed(spki.verifier.scheme())),
        };
    }
    let mut missing = None;
    for scheme in schemes {
        let Some(value) = hash_of(*scheme).and_then(|function| hash(about, function)) else {
            missing = Some(*scheme);
            continue;
        };
        let verifier = spki.verifier_in(*scheme);
        if verifier.is_some_and(|verifier| verifier.verify_prehashed(&value, &signature).is_ok()) {
            return Ok(());
        }
    }
    Err(missing.map_or_else(invalid, not_hashed))
}

fn invalid() -> Refusal {
    Refusal::invalid("the signature does not verify")
}

fn not_hashed(scheme: SigningScheme) -> Refusal {
    Refusal::unreadable(format!(
        "checking a {} signature needs another hash of the file than was computed, and its bytes were not kept; \
         pass the files themselves with --assets",
        scheme.name()
    ))
}

fn hash_of(scheme: SigningScheme) -> Option<FrameHash> {
    match scheme.hash_algorithm()? {
        HashAlgorithm::Sha2256 => Some(FrameHash::Sha256),
        HashAlgorithm::Sha2384 => Some(FrameHash::Sha384),
        HashAlgorithm::Sha2512 => Some(FrameHash::Sha512),
        _ => None,
    }
}

/// The plain hash of a file, where it is known or can be computed.
fn hash(about: &Target<'_>, function: FrameHash) -> Option<Vec<u8>> {
    let algorithm = match function {
        FrameHash::Sha224 => Algorithm::Sha224,
        FrameHash::Sha256 => Algorithm::Sha256,
        FrameHash::Sha384 => Algorithm::Sha384,
        FrameHash::Sha512 => Algorithm::Sha512,
    };
    let known = about.digests.get(&algorithm).and_then(|digest| hex::decode(digest.hex()).ok());
    known.or_else(|| about.hash(&plain(function)))
}

fn plain(hash: FrameHash) -> Frame {
    Frame { hash, before: Vec::new(), after: Vec::new() }
}

/// The hashes besides SHA-256 that the signature needs of the file, by the keys that may have made it.
pub fn frames(bytes: &[u8], keys: &[Key]) -> Vec<Frame> {
    let Some(signature) = Some(bytes).filter(|it| it.len() <= MAX_SIGNATURE).and_then(|it| decode(it).ok())
    else {
        return Vec::new();
    };
    let mut frames = Vec::new();
    for spki in keys.iter().filter_map(Key::spki) {
        if let SpkiKind::Ed25519(key) = &spki.kind
            && let Ok(signature) = <&[u8; 64]>::try_from(signature.as_slice())
        {
            frames.extend([ed25519::frame(key, signature), plain(FrameHash::Sha512)]);
        }
        let hashes = spki.schemes().iter().filter_map(|scheme| hash_of(*scheme));
        frames.extend(hashes.filter(|hash| *hash != FrameHash::Sha256).map(plain));
    }
    frames
}
