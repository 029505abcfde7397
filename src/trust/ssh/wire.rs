//! The binary encoding of SSH (RFC 4251, section 5), and public keys in it (RFC 4253, section 6.6; RFC 5656, section 3.1;
//! RFC 8709, section 4; PROTOCOL.u2f of OpenSSH).
//!
//! The rule that must not be broken: a key has one encoding. Whatever differs from it, by a byte too many, a number with
//! a needless zero or a point in another form, is no key; so keys are compared as bytes.

use base64::{Engine, engine::general_purpose::STANDARD_NO_PAD};
use sha2::{Digest as _, Sha256};

/// The largest RSA modulus that is read, in bits; OpenSSH's own limit.
const MAX_RSA_BITS: usize = 16384;
/// The smallest RSA modulus that proves anything, in bits.
const MIN_RSA_BITS: usize = 2048;

/// Reads values one after the other; `None` for what is not there.
pub(crate) struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    pub(crate) fn is_at_end(&self) -> bool {
        self.rest.is_empty()
    }

    /// What was not read yet.
    pub(crate) fn rest(&self) -> &'a [u8] {
        self.rest
    }

    pub(crate) fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.rest.split_at_checked(length)?;
        self.rest = rest;
        Some(taken)
    }

    pub(crate) fn byte(&mut self) -> Option<u8> {
        Some(self.take(1)?[0])
    }

    pub(crate) fn u32(&mut self) -> Option<u32> {
        Some(u32::from_be_bytes(self.take(4)?.try_into().ok()?))
    }

    pub(crate) fn u64(&mut self) -> Option<u64> {
        Some(u64::from_be_bytes(self.take(8)?.try_into().ok()?))
    }

    pub(crate) fn string(&mut self) -> Option<&'a [u8]> {
        let length = usize::try_from(self.u32()?).ok()?;
        self.take(length)
    }

    pub(crate) fn text(&mut self) -> Option<&'a str> {
        std::str::from_utf8(self.string()?).ok()
    }

    /// A positive `mpint` in its shortest form, as unsigned bytes without a leading zero.
    pub(crate) fn positive(&mut self) -> Option<&'a [u8]> {
        match self.string()? {
            [0, number @ ..] if number.first().is_some_and(|first| first & 0x80 != 0) => Some(number),
            [first, ..] if *first == 0 || first & 0x80 != 0 => None,
            [] => None,
            number => Some(number),
        }
    }
}

/// Appends a `string`.
pub(crate) fn put_string(out: &mut Vec<u8>, bytes: &[u8]) {
    let length = u32::try_from(bytes.len()).expect("what is hashed is far below 4 GiB");
    out.extend_from_slice(&length.to_be_bytes());
    out.extend_from_slice(bytes);
}

/// The curves of ECDSA keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Curve {
    P256,
    P384,
    P521,
}

impl Curve {
    fn of_name(name: &str) -> Option<Self> {
        match name {
            "nistp256" => Some(Self::P256),
            "nistp384" => Some(Self::P384),
            "nistp521" => Some(Self::P521),
            _ => None,
        }
    }

    /// The length of a coordinate, and of a number of a signature, in bytes.
    pub(crate) fn len(self) -> usize {
        match self {
            Self::P256 => 32,
            Self::P384 => 48,
            Self::P521 => 66,
        }
    }
}

/// What a public key consists of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Material {
    Ed25519([u8; 32]),
    /// An uncompressed point.
    Ecdsa(Curve, Vec<u8>),
    /// Modulus and exponent, unsigned.
    Rsa(Vec<u8>, Vec<u8>),
    /// On a security key: with the application it was made for.
    SkEd25519([u8; 32], Vec<u8>),
    SkEcdsa(Vec<u8>, Vec<u8>),
    /// DSA: 1024 bits and SHA-1, whatever is in it.
    Dsa,
}

/// A public key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PublicKey {
    algorithm: String,
    blob: Vec<u8>,
    material: Material,
}

/// The algorithms of public keys, as they begin a key.
pub(crate) const ALGORITHMS: &[&str] = &[
    "ssh-ed25519",
    "ecdsa-sha2-nistp256",
    "ecdsa-sha2-nistp384",
    "ecdsa-sha2-nistp521",
    "ssh-rsa",
    "sk-ssh-ed25519@openssh.com",
    "sk-ecdsa-sha2-nistp256@openssh.com",
    "ssh-dss",
];

impl PublicKey {
    /// Decodes the blob of a key.
    pub(crate) fn parse(blob: &[u8]) -> Result<Self, &'static str> {
        let mut reader = Reader::new(blob);
        let algorithm = reader.text().ok_or("it is cut short")?.to_owned();
        let material = Material::read(&algorithm, &mut reader)?;
        if !reader.is_at_end() {
            return Err("there are bytes after the key");
        }
        Ok(Self { algorithm, blob: blob.to_vec(), material })
    }

    /// The algorithm that begins its blob.
    pub(crate) fn algorithm(&self) -> &str {
        &self.algorithm
    }

    pub(crate) fn blob(&self) -> &[u8] {
        &self.blob
    }

    pub(crate) fn material(&self) -> &Material {
        &self.material
    }

    /// Why nothing that it signs proves anything.
    pub(crate) fn weakness(&self) -> Option<String> {
        self.material.weakness()
    }

    /// As `ssh-keygen -l` writes it.
    pub(crate) fn fingerprint(&self) -> String {
        format!("SHA256:{}", STANDARD_NO_PAD.encode(Sha256::digest(&self.blob)))
    }
}

impl Material {
    /// Reads the fields that follow the algorithm's name, in a key or in a certificate.
    pub(crate) fn read(algorithm: &str, reader: &mut Reader<'_>) -> Result<Self, &'static str> {
        const SHORT: &str = "it is cut short";
        match algorithm {
            "ssh-ed25519" => ed25519(reader).map(Self::Ed25519),
            "sk-ssh-ed25519@openssh.com" => {
                let key = ed25519(reader)?;
                Ok(Self::SkEd25519(key, reader.string().ok_or(SHORT)?.to_vec()))
            }
            "sk-ecdsa-sha2-nistp256@openssh.com" => {
                let (_, point) = ecdsa("nistp256", reader)?;
                Ok(Self::SkEcdsa(point, reader.string().ok_or(SHORT)?.to_vec()))
            }
            "ssh-rsa" => rsa(reader),
            "ssh-dss" => {
                for _ in 0..4 {
                    reader.string().ok_or(SHORT)?;
                }
                Ok(Self::Dsa)
            }
            _ => match algorithm.strip_prefix("ecdsa-sha2-") {
                Some(curve) => ecdsa(curve, reader).map(|(curve, point)| Self::Ecdsa(curve, point)),
                None => Err("its algorithm is none that this version knows"),
            },
        }
    }

    /// The point or modulus; empty for a key that nothing is verified with.
    pub(crate) fn public_value(&self) -> &[u8] {
        match self {
            Self::Ed25519(key) | Self::SkEd25519(key, _) => key,
            Self::Ecdsa(_, point) | Self::SkEcdsa(point, _) => super::super::key::point(point),
            Self::Rsa(modulus, _) => modulus,
            Self::Dsa => &[],
        }
    }

    /// Why nothing that such a key signs proves anything.
    pub(crate) fn weakness(&self) -> Option<String> {
        match self {
            Self::Dsa => Some("it is a DSA key, which signs over SHA-1 with 1024 bits".to_owned()),
            Self::Rsa(modulus, _) if bits(modulus) < MIN_RSA_BITS => {
                Some(format!("it is an RSA key of {} bits; {MIN_RSA_BITS} are the least", bits(modulus)))
            }
            _ => None,
        }
    }
}

fn ed25519(reader: &mut Reader<'_>) -> Result<[u8; 32], &'static str> {
    let key = reader.string().ok_or("it is cut short")?;
    key.try_into().map_err(|_| "an Ed25519 key has 32 bytes")
}

fn ecdsa(name: &str, reader: &mut Reader<'_>) -> Result<(Curve, Vec<u8>), &'static str> {
    let curve = Curve::of_name(name).ok_or("its algorithm is none that this version knows")?;
    let (Some(stated), Some(point)) = (reader.text(), reader.string()) else { return Err("it is cut short") };
    if stated != name {
        return Err("its two names of a curve differ");
    }
    if point.first() != Some(&4) || point.len() != 1 + 2 * curve.len() {
        return Err("its point is not an uncompressed one of its curve");
    }
    Ok((curve, point.to_vec()))
}

fn rsa(reader: &mut Reader<'_>) -> Result<Material, &'static str> {
    let (Some(exponent), Some(modulus)) = (reader.positive(), reader.positive()) else {
        return Err("its numbers are not positive ones in their shortest form");
    };
    if bits(modulus) > MAX_RSA_BITS || exponent.len() > 8 {
        return Err("it is an RSA key of more than 16384 bits, or with an exponent of more than 64");
    }
    Ok(Material::Rsa(modulus.to_vec(), exponent.to_vec()))
}

/// The length of a number without leading zero bytes, in bits.
fn bits(number: &[u8]) -> usize {
    number.first().map_or(0, |first| number.len() * 8 - first.leading_zeros() as usize)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn blob(parts: &[&[u8]]) -> Vec<u8> {
        let mut out = Vec::new();
        parts.iter().for_each(|part| put_string(&mut out, part));
        out
    }

    #[test]
    fn numbers_have_one_form() {
        let read = |bytes: &[u8]| Reader::new(&blob(&[bytes])).positive().map(<[u8]>::to_vec);
        assert_eq!(read(&[0x7f]), Some(vec![0x7f]));
        assert_eq!(read(&[0, 0x80]), Some(vec![0x80]));
        for odd in [&[][..], &[0], &[0x80], &[0, 0x7f], &[0, 0, 0x80]] {
            assert_eq!(read(odd), None, "{odd:?}");
        }
    }

    #[test]
    fn row_115_a_key_of_another_length_is_no_key() {
        for length in [0, 31, 33] {
            let error = PublicKey::parse(&blob(&[b"ssh-ed25519", &vec![7; length]]));
            assert_eq!(error, Err("an Ed25519 key has 32 bytes"));
        }
        let mut longer = blob(&[b"ssh-ed25519", &[7; 32]]);
        assert!(PublicKey::parse(&longer).is_ok());
        longer.push(0);
        assert_eq!(PublicKey::parse(&longer), Err("there are bytes after the key"));
        let compressed = blob(&[b"ecdsa-sha2-nistp256", b"nistp256", &[2; 33]]);
        assert!(PublicKey::parse(&compressed).is_err());
        let other_curve = blob(&[b"ecdsa-sha2-nistp256", b"nistp384", &[4; 65]]);
        assert_eq!(PublicKey::parse(&other_curve), Err("its two names of a curve differ"));
        assert!(PublicKey::parse(&blob(&[b"ssh-ed448", &[7; 57]])).is_err());
        assert!(PublicKey::parse(&[0xff; 40]).is_err());
    }

    #[test]
    fn row_115_a_modulus_is_neither_short_nor_endless() {
        let rsa = |bits: usize| {
            let mut modulus = vec![0xff; bits / 8];
            modulus.insert(0, 0);
            PublicKey::parse(&blob(&[b"ssh-rsa", &[1, 0, 1], &modulus]))
        };
        assert!(rsa(1024).unwrap().weakness().unwrap().contains("1024 bits"));
        assert_eq!(rsa(2048).unwrap().weakness(), None);
        assert_eq!(rsa(16384).unwrap().weakness(), None);
        assert!(rsa(16392).is_err());
        assert!(rsa(8 << 20).is_err());
    }

    #[test]
    fn a_fingerprint_is_that_of_ssh_keygen() {
        let key = PublicKey::parse(&blob(&[b"ssh-ed25519", &[0; 32]])).unwrap();
        assert_eq!(key.fingerprint().len(), "SHA256:".len() + 43);
        assert_eq!(key.algorithm(), "ssh-ed25519");
    }
}
