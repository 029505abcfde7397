//! A signature packet (RFC 9580, section 5.2), versions 4 and 6.
//!
//! The rule that must not be broken: what is hashed are the bytes that were read, never what was understood of them
//! and written anew; and only the hashed subpackets say anything, besides hints at which key to try.

use super::key::PublicKey;
use jiff::Timestamp;
use pgp::{
    crypto::hash::HashAlgorithm,
    types::{Mpi, SignatureBytes},
};

/// Most bytes of the hashed subpackets.
const MAX_HASHED: usize = 32 << 10;
/// Most subpackets in one area.
const MAX_SUBPACKETS: usize = 128;
/// Most bits of a number.
const MAX_BITS: usize = 16_384;

/// The types of signatures that are told apart: section 5.2.1.
pub(crate) mod kind {
    pub(crate) const BINARY: u8 = 0x00;
    pub(crate) const TEXT: u8 = 0x01;
    pub(crate) const SUBKEY_BINDING: u8 = 0x18;
    pub(crate) const PRIMARY_BINDING: u8 = 0x19;
    pub(crate) const DIRECT_KEY: u8 = 0x1F;
    pub(crate) const KEY_REVOCATION: u8 = 0x20;
    pub(crate) const SUBKEY_REVOCATION: u8 = 0x28;
    pub(crate) const CERTIFICATION_REVOCATION: u8 = 0x30;
}

/// The types of subpackets that are read: section 5.2.3.7.
pub(crate) mod sub {
    pub(crate) const CREATED: u8 = 2;
    pub(crate) const EXPIRES: u8 = 3;
    pub(crate) const KEY_EXPIRES: u8 = 9;
    pub(crate) const ISSUER: u8 = 16;
    pub(crate) const KEY_FLAGS: u8 = 27;
    pub(crate) const REVOCATION_REASON: u8 = 29;
    pub(crate) const EMBEDDED: u8 = 32;
    pub(crate) const ISSUER_FINGERPRINT: u8 = 33;
}

/// A signature.
#[derive(Debug)]
pub(crate) struct Signature<'a> {
    /// 4 or 6.
    pub(crate) version: u8,
    /// What it is over: see [`kind`].
    pub(crate) kind: u8,
    /// The public-key algorithm.
    pub(crate) algorithm: u8,
    /// The hash function.
    pub(crate) hash: Hash,
    /// What is hashed before everything else: the salt of version 6.
    pub(crate) salt: &'a [u8],
    hashed: Vec<Subpacket<'a>>,
    unhashed: Vec<Subpacket<'a>>,
    fields: &'a [u8],
    left: [u8; 2],
    value: Option<SignatureBytes>,
}

#[derive(Clone, Copy, Debug)]
struct Subpacket<'a> {
    is_critical: bool,
    kind: u8,
    body: &'a [u8],
}

/// A hash function, and what it is worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Hash {
    /// One without a known way to collisions.
    Strong(HashAlgorithm),
    /// MD5, SHA-1, RIPEMD-160.
    Weak(HashAlgorithm),
    /// One that is not read.
    Unknown(u8),
}

/// Why a packet is no signature that can be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum SignatureError {
    /// Of a version that says too little, or that is not read.
    #[error("it is a signature of version {0}; only versions 4 and 6 are read")]
    Version(u8),
    /// Not well-formed.
    #[error("the signature packet is malformed: {0}")]
    Malformed(&'static str),
}

impl Hash {
    fn of(id: u8) -> Self {
        match HashAlgorithm::from(id) {
            weak @ (HashAlgorithm::Md5 | HashAlgorithm::Sha1 | HashAlgorithm::Ripemd160) => Self::Weak(weak),
            strong @ (HashAlgorithm::Sha224
            | HashAlgorithm::Sha256
            | HashAlgorithm::Sha384
            | HashAlgorithm::Sha512
            | HashAlgorithm::Sha3_256
            | HashAlgorithm::Sha3_512) => Self::Strong(strong),
            _ => Self::Unknown(id),
        }
    }

    /// What it is called.
    pub(crate) fn name(self) -> String {
        match self {
            Self::Strong(hash) | Self::Weak(hash) => hash.to_string(),
            Self::Unknown(id) => format!("hash function {id}"),
        }
    }
}

/// Reads from the front.
struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn take(&mut self, n: usize) -> Result<&'a [u8], SignatureError> {
        let (taken, rest) =
            self.0.split_at_checked(n).ok_or(SignatureError::Malformed("it ends too early"))?;
        self.0 = rest;
        Ok(taken)
    }

    /// A number of `n` bytes.
    fn number(&mut self, n: usize) -> Result<usize, SignatureError> {
        Ok(self.take(n)?.iter().fold(0, |sum, b| (sum << 8) | usize::from(*b)))
    }

    /// A multiprecision integer: section 3.2.
    fn mpi(&mut self) -> Result<Mpi, SignatureError> {
        let bits = self.number(2)?;
        if bits > MAX_BITS {
            return Err(SignatureError::Malformed("a number in it is too large"));
        }
        let number = self.take(bits.div_ceil(8))?;
        // One number has one form: the length is counted from the highest bit that is set.
        let highest = number.first().map_or(0, |byte| number.len() * 8 - byte.leading_zeros() as usize);
        if highest != bits {
            return Err(SignatureError::Malformed("a number in it has the wrong length"));
        }
        Ok(Mpi::from_slice(number))
    }
}

impl<'a> Signature<'a> {
    /// Reads the body of a signature packet.
    pub(crate) fn parse(body: &'a [u8]) -> Result<Self, SignatureError> {
        let mut reader = Reader(body);
        let version = reader.take(1)?[0];
        let width = match version {
            4 => 2,
            6 => 4,
            _ => return Err(SignatureError::Version(version)),
        };
        let head = reader.take(3)?;
        let (kind, algorithm, hash) = (head[0], head[1], Hash::of(head[2]));
        let hashed_length = reader.number(width)?;
        if hashed_length > MAX_HASHED {
            return Err(SignatureError::Malformed("its subpackets are too long"));
        }
        let hashed = subpackets(reader.take(hashed_length)?)?;
        let fields = &body[..4 + width + hashed_length];
        let unhashed_length = reader.number(width)?;
        let unhashed = subpackets(reader.take(unhashed_length)?)?;
        let left = reader.take(2)?;
        let salt = if version == 6 { salt(&mut reader, hash)? } else { &[] };
        let value = value(&mut reader, algorithm)?;
        let left = [left[0], left[1]];
        Ok(Self { version, kind, algorithm, hash, salt, hashed, unhashed, fields, left, value })
    }

    /// What is hashed behind what is signed: the fields and the trailer of section 5.2.4.
    pub(crate) fn trailer(&self) -> Vec<u8> {
        let mut all = self.fields.to_vec();
        all.extend([self.version, 0xFF]);
        all.extend(u32::try_from(self.fields.len()).unwrap_or(u32::MAX).to_be_bytes());
        all
    }

    /// The hash over `parts` and this signature's own fields.
    pub(crate) fn digest(&self, parts: &[&[u8]]) -> Option<Vec<u8>> {
        let (Hash::Strong(hash) | Hash::Weak(hash)) = self.hash else { return None };
        let all = [&[self.salt], parts, &[&self.trailer()]].concat().concat();
        hash.digest(&all).ok()
    }

    /// Whether `key` made it over what has that `digest`.
    pub(crate) fn is_by(&self, key: &PublicKey, digest: &[u8]) -> bool {
        let (Hash::Strong(hash) | Hash::Weak(hash)) = self.hash else { return false };
        let Some(value) = &self.value else { return false };
        // Keys of version 6 make signatures of version 6, and others none: section 5.2.3.
        self.version == key.version()
            && self.algorithm == key.algorithm()
            && digest.get(..2) == Some(&self.left[..])
            && key.verifies(hash, digest, value)
    }

    /// Whether its algorithm is one whose signatures are read.
    pub(crate) fn is_readable(&self) -> bool {
        self.value.is_some()
    }

    /// When it says it was made. `Err` where it says so twice.
    pub(crate) fn created(&self) -> Result<Option<Timestamp>, &'static str> {
        let seconds = self.seconds(sub::CREATED)?;
        Ok(seconds.and_then(|seconds| Timestamp::from_second(seconds).ok()))
    }

    /// When it ends to be valid by its own words.
    pub(crate) fn expires(&self) -> Result<Option<Timestamp>, &'static str> {
        let (Some(created), Some(seconds)) = (self.created()?, self.seconds(sub::EXPIRES)?) else {
            return Ok(None);
        };
        Ok((seconds != 0).then(|| later(created, seconds)))
    }

    /// The seconds that a key is valid for, from when it was made.
    pub(crate) fn key_lifetime(&self) -> Result<Option<i64>, &'static str> {
        Ok(self.seconds(sub::KEY_EXPIRES)?.filter(|seconds| *seconds != 0))
    }

    /// Whether it allows the key to sign; `None` where it does not say.
    pub(crate) fn allows_signing(&self) -> Result<Option<bool>, &'static str> {
        Ok(self.hashed_one(sub::KEY_FLAGS)?.map(|flags| flags.first().is_some_and(|flags| flags & 2 != 0)))
    }

    /// Whether it allows that messages are encrypted to the key (section 5.2.3.29, flags 4 and 8); `None` where it does not
    /// say.
    pub(crate) fn allows_encryption(&self) -> Result<Option<bool>, &'static str> {
        Ok(self.hashed_one(sub::KEY_FLAGS)?.map(|flags| flags.first().is_some_and(|flags| flags & 0x0C != 0)))
    }

    /// The code and the words of the reason of a revocation.
    pub(crate) fn revocation_reason(&self) -> Option<(u8, &'a [u8])> {
        let (code, words) = self.hashed_one(sub::REVOCATION_REASON).ok()??.split_first()?;
        Some((*code, words))
    }

    /// The signatures inside it: back signatures, which prove themselves and may stand in either area.
    pub(crate) fn embedded(&self) -> impl Iterator<Item = Signature<'a>> {
        let all = self.hashed.iter().chain(&self.unhashed);
        all.filter(|it| it.kind == sub::EMBEDDED).take(4).filter_map(|it| Self::parse(it.body).ok())
    }

    /// The fingerprints that the hashed area gives of the key that made it.
    pub(crate) fn fingerprints(&self) -> impl Iterator<Item = &'a [u8]> {
        fingerprints(&self.hashed)
    }

    /// The fingerprints and key ids that anybody may have written to say which key made it.
    pub(crate) fn hints(&self) -> impl Iterator<Item = &'a [u8]> {
        let ids = self.hashed.iter().chain(&self.unhashed).filter(|it| it.kind == sub::ISSUER);
        fingerprints(&self.hashed).chain(fingerprints(&self.unhashed)).chain(ids.map(|it| it.body))
    }

    /// A critical subpacket that is not one of `known`: section 5.2.3.7 wants such a signature refused.
    pub(crate) fn unknown_critical(&self, known: &[u8]) -> Option<u8> {
        self.hashed.iter().find(|it| it.is_critical && !known.contains(&it.kind)).map(|it| it.kind)
    }

    fn seconds(&self, kind: u8) -> Result<Option<i64>, &'static str> {
        let Some(body) = self.hashed_one(kind)? else { return Ok(None) };
        let bytes: [u8; 4] = body.try_into().map_err(|_| "a time in it is malformed")?;
        Ok(Some(i64::from(u32::from_be_bytes(bytes))))
    }

    /// The one hashed subpacket of a type. Which of several counts is left open by the specification: then none does.
    fn hashed_one(&self, kind: u8) -> Result<Option<&'a [u8]>, &'static str> {
        let mut all = self.hashed.iter().filter(|it| it.kind == kind);
        let first = all.next().map(|it| it.body);
        if all.next().is_some() {
            return Err("it says the same thing twice");
        }
        Ok(first)
    }
}

/// `seconds` after `time`; the end of time where there is no such moment.
pub(crate) fn later(time: Timestamp, seconds: i64) -> Timestamp {
    Timestamp::from_second(time.as_second().saturating_add(seconds)).unwrap_or(Timestamp::MAX)
}

/// The subpackets of an area: section 5.2.3.1.
fn subpackets(area: &[u8]) -> Result<Vec<Subpacket<'_>>, SignatureError> {
    let mut reader = Reader(area);
    let mut all = Vec::new();
    while !reader.0.is_empty() {
        if all.len() == MAX_SUBPACKETS {
            return Err(SignatureError::Malformed("it has too many subpackets"));
        }
        let length = match reader.number(1)? {
            short @ 0..=191 => short,
            first @ 192..=254 => ((first - 192) << 8) + reader.number(1)? + 192,
            _ => reader.number(4)?,
        };
        let (kind, body) = reader
            .take(length)?
            .split_first()
            .ok_or(SignatureError::Malformed("it has an empty subpacket"))?;
        all.push(Subpacket { is_critical: kind & 0x80 != 0, kind: kind & 0x7F, body });
    }
    Ok(all)
}

fn fingerprints<'a>(area: &[Subpacket<'a>]) -> impl Iterator<Item = &'a [u8]> {
    let all = area.iter().filter(|it| it.kind == sub::ISSUER_FINGERPRINT);
    all.map(|it| it.body.get(1..).unwrap_or_default()).collect::<Vec<_>>().into_iter()
}

fn salt<'a>(reader: &mut Reader<'a>, hash: Hash) -> Result<&'a [u8], SignatureError> {
    let length = reader.number(1)?;
    let salt = reader.take(length)?;
    match hash {
        Hash::Strong(hash) if hash.salt_len() != Some(length) => {
            Err(SignatureError::Malformed("its salt has the wrong length"))
        }
        _ => Ok(salt),
    }
}

/// The signature proper: section 5.2.3. `None` for an algorithm that is not read.
fn value(reader: &mut Reader<'_>, algorithm: u8) -> Result<Option<SignatureBytes>, SignatureError> {
    let value = match algorithm {
        1 | 3 => SignatureBytes::Mpis(vec![reader.mpi()?]),
        17 | 19 | 22 => SignatureBytes::Mpis(vec![reader.mpi()?, reader.mpi()?]),
        27 => SignatureBytes::Native(reader.take(64)?.to_vec().into()),
        28 => SignatureBytes::Native(reader.take(114)?.to_vec().into()),
        _ => return Ok(None),
    };
    if !reader.0.is_empty() {
        return Err(SignatureError::Malformed("there are bytes behind it"));
    }
    Ok(Some(value))
}
