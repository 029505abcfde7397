//! Detached signatures made with a key: `cosign sign-blob --key`, `openssl dgst -sign`.
//!
//! The file holds the signature over the artifact's bytes, in base64 or raw. It carries no time and no identity; who
//! signed is known only because the verifier's own key verifies it.

use super::{Proof, Reason, Refusal, Signed, Target};
use crate::{
    digest::Algorithm,
    framed::Frame,
    text::plural_list,
    trust::{Key, Spki, TrustRoots},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use sigstore_verify::{crypto::SigningScheme, types::SignatureBytes};

/// The largest detached signature, in bytes: an RSA-8192 signature in base64 is 1.4 KiB.
const MAX_SIGNATURE: usize = 16 << 10;

/// Verifies `bytes` as a signature over the file `about`, by one of the keys that the policy names.
pub fn verify(bytes: &[u8], about: Option<&Target<'_>>, trust: &TrustRoots) -> Result<Proof, Refusal> {
    if bytes.len() > MAX_SIGNATURE {
        return Err(Refusal::unreadable(format!("{} bytes are too many for a signature", bytes.len())));
    }
    let Some(about) = about else {
        return Err(Refusal::new(Reason::Unbound, "no published file has the name this signature is for"));
    };
    let signature = decode(bytes)?;
    if !trust.keys().iter().any(|key| key.spki().is_some()) {
        return Err(Refusal::new(
            Reason::UnknownKey,
            "a detached signature names nobody, and the policy names no PEM key to check it with",
        ));
    }
    let mut unchecked = None;
    let keys = || trust.keys().iter().filter_map(|key| Some((key, key.spki()?)));
    for (key, spki) in keys() {
        match check(key, spki, about, &signature) {
            Ok(proof) => return Ok(proof),
            Err(refusal) if refusal.reason == Reason::Unreadable => unchecked = Some(refusal),
            Err(_) => {}
        }
    }
    let tried: Vec<&str> = keys().map(|(key, _)| key.name()).collect();
    Err(unchecked.unwrap_or_else(|| {
        Refusal::invalid(format!(
            "either the file was changed, or another key signed it (tried \"{}\")",
            plural_list(&tried, 5).replace(", ", "\", \"")
        ))
    }))
}

/// The signature in base64, whatever its line breaks, as cosign and `base64` write it; or raw, as openssl does.
fn decode(bytes: &[u8]) -> Result<SignatureBytes, Refusal> {
    let is_text = bytes.iter().all(|b| b.is_ascii_graphic() || b.is_ascii_whitespace());
    if !is_text {
        return Ok(SignatureBytes::new(bytes.to_vec()));
    }
    let text: Vec<u8> = bytes.iter().copied().filter(|b| !b.is_ascii_whitespace()).collect();
    match STANDARD.decode(&text) {
        Ok(raw) if !raw.is_empty() => Ok(SignatureBytes::new(raw)),
        _ => Err(Refusal::unreadable("it is neither a raw signature nor one in base64")),
    }
}

fn check(key: &Key, spki: &Spki, about: &Target<'_>, signature: &SignatureBytes) -> Result<Proof, Refusal> {
    let scheme = spki.verifier.scheme();
    let algorithm = match scheme {
        SigningScheme::EcdsaP384Sha384 | SigningScheme::RsaPkcs1Sha384 => Algorithm::Sha384,
        SigningScheme::RsaPkcs1Sha512 => Algorithm::Sha512,
        _ => Algorithm::Sha256,
    };
    let refused = |_| Refusal::invalid("the signature does not verify");
    match (about.digests.get(&algorithm), about.bytes) {
        (_, Some(bytes)) => spki.verifier.verify(bytes, signature).map_err(refused)?,
        (Some(digest), None) if scheme != SigningScheme::Ed25519 => {
            let raw =
                hex::decode(digest.hex()).map_err(|_| Refusal::invalid("the digest is not hexadecimal"))?;
            spki.verifier.verify_prehashed(&raw, signature).map_err(refused)?;
        }
        _ => {
            return Err(Refusal::unreadable(format!(
                "checking a {} signature needs the file's bytes, and only its SHA-256 was kept",
                scheme.name()
            )));
        }
    }
    Ok(Proof::by_key(key, Signed::File(about.digests.sha256().clone())))
}

/// The hashes that plain Ed25519 signatures need of the file, by the keys that may have made them.
pub fn frames(_bytes: &[u8], _keys: &[Key]) -> Vec<Frame> {
    Vec::new()
}
