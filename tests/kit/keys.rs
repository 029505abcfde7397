//! ECDSA P-256 keys made from a name, so that every run has the same ones. Signatures follow RFC 6979: no randomness.

use base64::{Engine, engine::general_purpose::STANDARD};
use p256::ecdsa::signature::{Signer, hazmat::PrehashSigner};
use p256::ecdsa::{DerSignature, Signature, SigningKey};
use p256::pkcs8::EncodePublicKey;
use sha2::{Digest, Sha256};

/// A private key that belongs to whoever `name` says: a log, an authority, a maintainer, an attacker.
#[derive(Clone)]
pub struct Key {
    private: SigningKey,
    point: Vec<u8>,
    spki: Vec<u8>,
}

impl Key {
    /// The key of that name: the same one in every run.
    pub fn named(name: &str) -> Self {
        let private =
            SigningKey::from_bytes(&sha256(name.as_bytes()).into()).expect("a hash is a valid scalar");
        let public = private.verifying_key();
        let spki = public.to_public_key_der().expect("a P-256 key has an SPKI").as_bytes().to_vec();
        Self { point: public.to_encoded_point(false).as_bytes().to_vec(), spki, private }
    }

    /// The DER signature (ECDSA, SHA-256) over `message`.
    pub fn sign(&self, message: &[u8]) -> Vec<u8> {
        let signature: DerSignature = self.private.sign(message);
        signature.as_bytes().to_vec()
    }

    /// The DER signature over a message with that hash, of SHA-256 or longer.
    pub fn sign_hash(&self, hash: &[u8]) -> Vec<u8> {
        let signature: Signature = self.private.sign_prehash(hash).expect("a hash of 32 bytes or more");
        signature.to_der().as_bytes().to_vec()
    }

    /// The signature over `message` as the two numbers side by side (IEEE P1363).
    pub fn sign_as_pair(&self, message: &[u8]) -> Vec<u8> {
        let signature: Signature = self.private.sign(message);
        signature.to_bytes().to_vec()
    }

    /// `SubjectPublicKeyInfo`, DER.
    pub fn spki(&self) -> &[u8] {
        &self.spki
    }

    /// SHA-256 of the SPKI: the id of a log, the hint of a managed key.
    pub fn id(&self) -> [u8; 32] {
        sha256(&self.spki)
    }

    /// The public key in PEM, as `cosign.pub` has it.
    pub fn public_pem(&self) -> String {
        pem("PUBLIC KEY", &self.spki)
    }

    /// A detached signature as `cosign sign-blob --key` writes it: base64 of the DER signature, one line.
    pub fn detached_signature(&self, file: &[u8]) -> String {
        format!("{}\n", base64(self.sign(file)))
    }
}

impl rcgen::PublicKeyData for Key {
    fn der_bytes(&self) -> &[u8] {
        &self.point
    }

    fn algorithm(&self) -> &'static rcgen::SignatureAlgorithm {
        &rcgen::PKCS_ECDSA_P256_SHA256
    }
}

impl rcgen::SigningKey for Key {
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, rcgen::Error> {
        Ok(Self::sign(self, message))
    }
}

/// The other signature that everybody can make of one: ECDSA verifies for `-s` as it does for `s`.
pub fn other_s(der: &[u8]) -> Vec<u8> {
    let signature = Signature::from_der(der).expect("a DER signature");
    let (r, s) = signature.split_scalars();
    let other = Signature::from_scalars(*r, -*s).expect("the negative of a scalar is one");
    other.to_der().as_bytes().to_vec()
}

/// SHA-256.
pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

/// SHA-256 in hexadecimal.
pub fn sha256_hex(bytes: &[u8]) -> String {
    hex::encode(sha256(bytes))
}

/// Standard base64 with padding.
pub fn base64(bytes: impl AsRef<[u8]>) -> String {
    STANDARD.encode(bytes)
}

/// PEM (RFC 7468) with lines of 64 characters.
pub fn pem(label: &str, der: &[u8]) -> String {
    let text = base64(der);
    let lines: Vec<&str> = (0..text.len()).step_by(64).map(|at| &text[at..text.len().min(at + 64)]).collect();
    format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", lines.join("\n"))
}
