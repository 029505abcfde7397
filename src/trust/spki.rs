//! PEM public keys (SubjectPublicKeyInfo, RFC 5280 section 4.1.2.7), as cosign and openssl write them.

use super::ed25519::Ed25519Key;
use der::{Decode, Reader, SliceReader, asn1::UintRef};
use sigstore_verify::{
    crypto::{KeyAlgorithm, SigningScheme, VerificationKey},
    types::DerPublicKey,
};

/// The shortest modulus that proves anything, in bits.
const MIN_RSA_BITS: usize = 2048;
/// The longest modulus that is worked with, in bits: verifying takes a time that grows with its square.
const MAX_RSA_BITS: usize = 8192;

/// A SubjectPublicKeyInfo and what verifies with it.
pub(crate) struct Spki {
    pub(crate) der: DerPublicKey,
    pub(crate) verifier: VerificationKey,
    pub(crate) kind: SpkiKind,
}

/// What kind of key it is, and what has to be known of it besides.
pub(crate) enum SpkiKind {
    /// ECDSA, or one for which there is one scheme.
    Other,
    /// Ed25519, checked as [`Ed25519Key`] is.
    Ed25519(Box<Ed25519Key>),
    /// RSA, with the length of its modulus in bits.
    Rsa(usize),
}

impl Spki {
    /// Reads one PEM block; what stands around it is no part of it.
    pub(crate) fn from_pem(pem: &str) -> Result<Self, String> {
        let blocks = pem.matches("-----BEGIN").count();
        if blocks > 1 {
            return Err(format!(
                "it holds {blocks} PEM blocks, and a file holds one key and nothing else; give each its own"
            ));
        }
        Self::from_der(DerPublicKey::from_pem(pem.trim()).map_err(|e| e.to_string())?)
    }

    /// Reads the DER.
    pub(crate) fn from_der(der: DerPublicKey) -> Result<Self, String> {
        let verifier = VerificationKey::from_spki(&der).map_err(|e| e.to_string())?;
        let kind = match verifier.scheme().key_algorithm() {
            KeyAlgorithm::Ed25519 => {
                let raw = <&[u8; 32]>::try_from(verifier.as_bytes())
                    .map_err(|_| "an Ed25519 key has 32 bytes".to_owned())?;
                let key = Ed25519Key::parse(raw).map_err(|e| format!("as an Ed25519 key {e}"))?;
                SpkiKind::Ed25519(Box::new(key))
            }
            KeyAlgorithm::Rsa => {
                let bits = modulus_bits(verifier.as_bytes()).map_err(|e| e.to_string())?;
                if bits > MAX_RSA_BITS {
                    return Err(format!("an RSA key of {bits} bits is over the limit of {MAX_RSA_BITS}"));
                }
                SpkiKind::Rsa(bits)
            }
            _ => SpkiKind::Other,
        };
        Ok(Self { der, verifier, kind })
    }

    /// The point or modulus.
    pub(crate) fn public_value(&self) -> &[u8] {
        let key = self.verifier.as_bytes();
        match self.kind {
            SpkiKind::Rsa(_) => modulus(key).unwrap_or(key),
            _ => super::key::point(key),
        }
    }

    /// The length of its modulus in bits, where that is too short to prove anything.
    pub(crate) fn weak_bits(&self) -> Option<usize> {
        match self.kind {
            SpkiKind::Rsa(bits) if bits < MIN_RSA_BITS => Some(bits),
            _ => None,
        }
    }

    /// The schemes in which a detached signature by this key is written: by cosign, which hashed everything with SHA-256
    /// before 2.4, and by openssl. Plain Ed25519 is not among them.
    pub(crate) fn schemes(&self) -> &'static [SigningScheme] {
        use SigningScheme::{
            EcdsaP256Sha256, EcdsaP384Sha256, EcdsaP384Sha384, RsaPkcs1Sha256, RsaPkcs1Sha384,
            RsaPkcs1Sha512, RsaPssSha256, RsaPssSha384, RsaPssSha512,
        };
        match self.verifier.scheme().key_algorithm() {
            KeyAlgorithm::EcdsaP256 => &[EcdsaP256Sha256],
            KeyAlgorithm::EcdsaP384 => &[EcdsaP384Sha384, EcdsaP384Sha256],
            KeyAlgorithm::Rsa => {
                &[RsaPkcs1Sha256, RsaPssSha256, RsaPkcs1Sha512, RsaPssSha512, RsaPkcs1Sha384, RsaPssSha384]
            }
            _ => &[],
        }
    }

    /// What verifies in that scheme, which is one of [`Spki::schemes`].
    pub(crate) fn verifier_in(&self, scheme: SigningScheme) -> Option<VerificationKey> {
        VerificationKey::from_spki_with_scheme(&self.der, scheme).ok()
    }
}

/// The modulus of an RSAPublicKey (RFC 8017, appendix A.1.1), without leading zeros.
fn modulus(key: &[u8]) -> der::Result<&[u8]> {
    let mut reader = SliceReader::new(key)?;
    let modulus = reader.sequence(|fields| {
        let modulus = UintRef::decode(fields)?;
        UintRef::decode(fields)?;
        Ok(modulus.as_bytes())
    })?;
    reader.finish(modulus)
}

/// The length of a modulus in bits.
fn modulus_bits(key: &[u8]) -> der::Result<usize> {
    let bytes = modulus(key)?;
    let zeros = bytes.first().map_or(0, |first| first.leading_zeros() as usize);
    Ok((bytes.len() * 8).saturating_sub(zeros))
}
