//! Signatures by SSH keys (RFC 8332, RFC 5656, RFC 8709), and by security keys (PROTOCOL.u2f of OpenSSH).
//!
//! The rule that must not be broken: the algorithm follows from the key. What a signature calls itself must be that, and
//! is never used to choose.

use crate::{
    proof::{Reason, Refusal, ed25519},
    trust::{
        Ed25519Key,
        ssh::{
            PublicKey,
            wire::{Curve, Material, Reader},
        },
    },
};
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P384_SHA384_FIXED, ECDSA_P521_SHA512_FIXED, RSA_PKCS1_2048_8192_SHA256,
    RSA_PKCS1_2048_8192_SHA512, UnparsedPublicKey, VerificationAlgorithm,
};
use sha2::{Digest as _, Sha256};

/// The largest RSA modulus that the cryptographic library verifies with, in bytes.
const MAX_RSA: usize = 1024;
/// The bit in the flags of a security key that says that somebody touched it.
const USER_PRESENT: u8 = 1;

/// Checks the `blob` of a signature by `key` over `message`.
pub(super) fn verify(key: &PublicKey, blob: &[u8], message: &[u8]) -> Result<(), Refusal> {
    if let Some(weakness) = key.weakness() {
        return Err(Refusal::new(Reason::Weak, format!("its key is too weak: {weakness}")));
    }
    let mut reader = Reader::new(blob);
    let (Some(algorithm), Some(signature)) = (reader.text(), reader.string()) else {
        return Err(malformed("it is cut short"));
    };
    let device = match key.material() {
        Material::SkEd25519(..) | Material::SkEcdsa(..) => Some(Device::read(&mut reader)?),
        _ => None,
    };
    if !reader.is_at_end() {
        return Err(malformed("there are bytes after it"));
    }
    match algorithm {
        "ssh-rsa" => return Err(Refusal::new(Reason::Weak, "it is an RSA signature over SHA-1")),
        "webauthn-sk-ecdsa-sha2-nistp256@openssh.com" => {
            return Err(Refusal::unreadable(
                "it was made by a browser (WebAuthn), which this version does not read",
            ));
        }
        _ => {}
    }
    let rsa = match (key.material(), algorithm) {
        (Material::Rsa(..), "rsa-sha2-256") => Some(&RSA_PKCS1_2048_8192_SHA256),
        (Material::Rsa(..), "rsa-sha2-512") => Some(&RSA_PKCS1_2048_8192_SHA512),
        (Material::Rsa(..), _) => return Err(malformed("its algorithm is not one of its key")),
        (_, algorithm) if algorithm == key.algorithm() => None,
        _ => return Err(malformed("its algorithm is not that of its key")),
    };
    match (key.material(), device, rsa) {
        (Material::Ed25519(point), ..) => edwards(point, signature, message),
        (Material::Ecdsa(curve, point), ..) => ecdsa(*curve, point, signature, message),
        (Material::SkEd25519(point, application), Some(device), _) => {
            edwards(point, signature, &device.signed(application, message))
        }
        (Material::SkEcdsa(point, application), Some(device), _) => {
            ecdsa(Curve::P256, point, signature, &device.signed(application, message))
        }
        (Material::Rsa(modulus, exponent), _, Some(algorithm)) => {
            if modulus.len() > MAX_RSA {
                return Err(Refusal::unreadable(format!(
                    "its RSA key has more than the {} bits that can be checked here",
                    8 * MAX_RSA
                )));
            }
            check(algorithm, &rsa_public_key(modulus, exponent), signature, message)
        }
        _ => Err(malformed("its algorithm is not that of its key")),
    }
}

fn edwards(point: &[u8; 32], signature: &[u8], message: &[u8]) -> Result<(), Refusal> {
    let key = Ed25519Key::parse(point).map_err(|why| malformed(format!("of its Ed25519 key: {why}")))?;
    let signature = signature.try_into().map_err(|_| malformed("an Ed25519 signature has 64 bytes"))?;
    ed25519::verify(&key, signature, |frame| Some(frame.of(message).value))
}

/// RFC 5656, section 3.1.2: two numbers, one after the other.
fn ecdsa(curve: Curve, point: &[u8], signature: &[u8], message: &[u8]) -> Result<(), Refusal> {
    let mut reader = Reader::new(signature);
    let (Some(r), Some(s)) = (reader.positive(), reader.positive()) else {
        return Err(malformed("its numbers are not positive ones in their shortest form"));
    };
    if !reader.is_at_end() || r.len() > curve.len() || s.len() > curve.len() {
        return Err(malformed("its numbers are longer than those of its curve, or followed by others"));
    }
    let mut fixed = vec![0; 2 * curve.len()];
    fixed[curve.len() - r.len()..curve.len()].copy_from_slice(r);
    fixed[2 * curve.len() - s.len()..].copy_from_slice(s);
    let algorithm = match curve {
        Curve::P256 => &ECDSA_P256_SHA256_FIXED,
        Curve::P384 => &ECDSA_P384_SHA384_FIXED,
        Curve::P521 => &ECDSA_P521_SHA512_FIXED,
    };
    check(algorithm, point, &fixed, message)
}

fn check(
    algorithm: &'static dyn VerificationAlgorithm,
    key: &[u8],
    signature: &[u8],
    message: &[u8],
) -> Result<(), Refusal> {
    UnparsedPublicKey::new(algorithm, key).verify(message, signature).map_err(|_| {
        Refusal::invalid(
            "the signature does not verify: what was signed, or the signature, was changed since",
        )
    })
}

/// `RSAPublicKey` of RFC 8017, appendix A.1.1, in DER.
fn rsa_public_key(modulus: &[u8], exponent: &[u8]) -> Vec<u8> {
    let integer = |number: &[u8]| {
        let zero = if number.first().is_some_and(|first| first & 0x80 != 0) { &[0][..] } else { &[] };
        der(0x02, &[zero, number].concat())
    };
    der(0x30, &[integer(modulus), integer(exponent)].concat())
}

/// One value of DER, of up to 65535 bytes.
fn der(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = u16::try_from(content.len()).expect("a modulus has at most 1024 bytes").to_be_bytes();
    let header = match length {
        [0, short] if short < 0x80 => vec![tag, short],
        [0, medium] => vec![tag, 0x81, medium],
        [high, low] => vec![tag, 0x82, high, low],
    };
    [header, content.to_vec()].concat()
}

/// What a security key adds to what it signs.
#[derive(Clone, Copy)]
struct Device {
    flags: u8,
    counter: u32,
}

impl Device {
    fn read(reader: &mut Reader<'_>) -> Result<Self, Refusal> {
        let (Some(flags), Some(counter)) = (reader.byte(), reader.u32()) else {
            return Err(malformed("it is by a security key, and what such a key adds is missing"));
        };
        if flags & USER_PRESENT == 0 {
            return Err(Refusal::invalid(
                "it is by a security key that nobody touched, so a program may have made it on its own",
            ));
        }
        Ok(Self { flags, counter })
    }

    /// What the key itself signed.
    fn signed(self, application: &[u8], message: &[u8]) -> Vec<u8> {
        let (application, message) = (Sha256::digest(application), Sha256::digest(message));
        [application.as_slice(), &[self.flags], &self.counter.to_be_bytes(), &message].concat()
    }
}

fn malformed(why: impl AsRef<str>) -> Refusal {
    Refusal::invalid(format!("the signature is malformed: {}", why.as_ref()))
}
