//! A public key or subkey packet (RFC 9580, section 5.5), versions 4 and 6.

use jiff::Timestamp;
use pgp::{
    crypto::hash::HashAlgorithm,
    packet::{PacketHeader, PublicKey as Parsed},
    ser::Serialize,
    types::{
        EcdsaPublicParams, EddsaLegacyPublicParams, KeyDetails, PublicParams, SignatureBytes, Tag,
        VerifyingKey,
    },
};

/// Shortest RSA modulus that counts, in bits.
const MIN_RSA_BITS: usize = 2048;

/// A public key.
pub(crate) struct PublicKey {
    parsed: Parsed,
    body: Vec<u8>,
    fingerprint: Vec<u8>,
}

impl PublicKey {
    /// Reads the body of a public key packet; the reason in words, where it cannot be.
    pub(crate) fn parse(body: &[u8]) -> Result<Self, String> {
        let version = body.first().copied().unwrap_or(0);
        if !matches!(version, 4 | 6) {
            return Err(format!("it is of version {version}; only versions 4 and 6 are read"));
        }
        let length = u32::try_from(body.len()).map_err(|_| "it is too long")?;
        // A subkey's packet is laid out as a primary key's.
        let header = PacketHeader::new_fixed(Tag::PublicKey, length);
        let mut rest = body;
        let parsed = Parsed::try_from_reader(header, &mut rest)
            .map_err(|_| "it is malformed, or of an algorithm that is not read")?;
        // The fingerprint is computed over the key as it is written anew: that has to be what was read.
        if !rest.is_empty() || parsed.to_bytes().ok().as_deref() != Some(body) {
            return Err("it is not written in the one form that counts".to_owned());
        }
        let fingerprint = parsed.fingerprint().as_bytes().to_vec();
        Ok(Self { parsed, body: body.to_vec(), fingerprint })
    }

    /// 4 or 6.
    pub(crate) fn version(&self) -> u8 {
        self.body[0]
    }

    /// The number of its algorithm.
    pub(crate) fn algorithm(&self) -> u8 {
        self.parsed.algorithm().into()
    }

    /// Its fingerprint.
    pub(crate) fn fingerprint(&self) -> &[u8] {
        &self.fingerprint
    }

    /// Whether `hint` is its fingerprint or key id: section 5.5.4.
    pub(crate) fn is_hinted(&self, hint: &[u8]) -> bool {
        let id = match self.version() {
            4 => &self.fingerprint[self.fingerprint.len() - 8..],
            _ => &self.fingerprint[..8],
        };
        hint == self.fingerprint || hint == id
    }

    /// Its own fields, behind version, time and algorithm, which anybody may write anew around the same key.
    pub(crate) fn parameters(&self) -> &[u8] {
        self.body.get(if self.version() == 4 { 6 } else { 10 }..).unwrap_or_default()
    }

    /// When it says it was made.
    pub(crate) fn created(&self) -> Timestamp {
        Timestamp::from_second(i64::from(self.parsed.created_at().as_secs())).unwrap_or(Timestamp::MAX)
    }

    /// What is hashed of it by signatures over keys: section 5.2.4.
    pub(crate) fn hashed(&self) -> Vec<u8> {
        let length = self.body.len();
        let mut all = match self.version() {
            4 => [&[0x99][..], &u16::try_from(length).unwrap_or(u16::MAX).to_be_bytes()].concat(),
            _ => [&[0x9B][..], &u32::try_from(length).unwrap_or(u32::MAX).to_be_bytes()].concat(),
        };
        all.extend(&self.body);
        all
    }

    /// Whether its signature over `digest` is `value`.
    pub(crate) fn verifies(&self, hash: HashAlgorithm, digest: &[u8], value: &SignatureBytes) -> bool {
        self.is_supported() && self.parsed.verify(hash, digest, value).is_ok()
    }

    /// Whether signatures with it can be checked.
    pub(crate) fn is_supported(&self) -> bool {
        match self.parsed.public_params() {
            PublicParams::RSA(_)
            | PublicParams::DSA(_)
            | PublicParams::Ed25519(_)
            | PublicParams::Ed448(_) => true,
            PublicParams::EdDSALegacy(it) => matches!(it, EddsaLegacyPublicParams::Ed25519 { .. }),
            // What reads secp256k1 refuses every signature whose second number is not the smaller of two.
            PublicParams::ECDSA(it) => {
                !matches!(it, EcdsaPublicParams::Unsupported { .. } | EcdsaPublicParams::Secp256k1 { .. })
            }
            _ => false,
        }
    }

    /// Why its signatures prove nothing, whatever they are over.
    pub(crate) fn weakness(&self) -> Option<String> {
        match self.parsed.public_params() {
            PublicParams::RSA(_) => {
                let bits = self.rsa_bits();
                (bits < MIN_RSA_BITS)
                    .then(|| format!("an RSA key of {bits} bits; {MIN_RSA_BITS} are the least that count"))
            }
            PublicParams::DSA(_) | PublicParams::Elgamal(_) => Some("a DSA key".to_owned()),
            PublicParams::EdDSALegacy(EddsaLegacyPublicParams::Ed25519 { key }) if key.is_weak() => {
                Some("an Ed25519 key of small order".to_owned())
            }
            PublicParams::Ed25519(params) if params.key.is_weak() => {
                Some("an Ed25519 key of small order".to_owned())
            }
            _ => None,
        }
    }

    /// The bits of the modulus, which is the first number of the key.
    fn rsa_bits(&self) -> usize {
        let at = if self.version() == 4 { 6 } else { 10 };
        let modulus = self.body.get(at + 2..).unwrap_or_default();
        let bits = self.body.get(at..at + 2).map_or(0, |b| usize::from(u16::from_be_bytes([b[0], b[1]])));
        // The length is that of a number without leading zeros, as the key was written anew.
        if modulus.is_empty() { 0 } else { bits }
    }
}
