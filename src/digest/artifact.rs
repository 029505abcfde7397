//! The digests of one artifact: what to compute, the computing, and what they say about a digest that is claimed.

use super::{Algorithm, Digest, DigestError};
use blake2::Blake2b512;
use sha2::{Digest as _, Sha256, Sha384, Sha512};
use std::io::{self, Read};

/// Bytes read at a time while hashing.
const BUFFER: usize = 1 << 20;

/// What an artifact's own digests say about one that is claimed for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub enum Agreement {
    /// Computed with the same algorithm, and equal.
    Same,
    /// Computed with the same algorithm, and different.
    Different,
    /// Not computed with that algorithm: nothing is known.
    NotComputed,
}

/// The algorithms to compute over an artifact: SHA-256 always, others on request.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Algorithms {
    sha384: bool,
    sha512: bool,
    blake2b: bool,
}

impl Algorithms {
    /// SHA-256 alone.
    pub const SHA256: Self = Self { sha384: false, sha512: false, blake2b: false };

    /// Everything that can be computed here.
    pub const ALL: Self = Self { sha384: true, sha512: true, blake2b: true };

    /// The same with one more; an algorithm that cannot be computed here changes nothing.
    #[must_use]
    pub fn with(mut self, algorithm: &Algorithm) -> Self {
        match algorithm {
            Algorithm::Sha384 => self.sha384 = true,
            Algorithm::Sha512 => self.sha512 = true,
            Algorithm::Blake2b512 => self.blake2b = true,
            _ => {}
        }
        self
    }
}

/// The digests of one artifact's bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Digests {
    sha256: Digest,
    sha384: Option<Digest>,
    sha512: Option<Digest>,
    blake2b: Option<Digest>,
}

impl Digests {
    /// Digests that somebody else computed (`recorded`, not `rehashed`). Algorithms that would never be computed
    /// here are left out.
    ///
    /// # Errors
    /// [`DigestError::NoSha256`] without SHA-256, [`DigestError::Contradiction`] with two values of one algorithm.
    pub fn recorded(digests: impl IntoIterator<Item = Digest>) -> Result<Self, DigestError> {
        let (mut sha256, mut sha384, mut sha512, mut blake2b) = (None, None, None, None);
        for digest in digests {
            let place = match digest.algorithm() {
                Algorithm::Sha256 => &mut sha256,
                Algorithm::Sha384 => &mut sha384,
                Algorithm::Sha512 => &mut sha512,
                Algorithm::Blake2b512 => &mut blake2b,
                _ => continue,
            };
            match place {
                Some(known) if *known != digest => {
                    return Err(DigestError::Contradiction { algorithm: digest.algorithm });
                }
                _ => *place = Some(digest),
            }
        }
        let sha256 = sha256.ok_or(DigestError::NoSha256)?;
        Ok(Self { sha256, sha384, sha512, blake2b })
    }

    /// The SHA-256, which every artifact has.
    #[must_use]
    pub fn sha256(&self) -> &Digest {
        &self.sha256
    }

    /// The digest of one algorithm, if it was computed.
    #[must_use]
    pub fn get(&self, algorithm: &Algorithm) -> Option<&Digest> {
        match algorithm {
            Algorithm::Sha256 => Some(&self.sha256),
            Algorithm::Sha384 => self.sha384.as_ref(),
            Algorithm::Sha512 => self.sha512.as_ref(),
            Algorithm::Blake2b512 => self.blake2b.as_ref(),
            _ => None,
        }
    }

    /// Whether all of these were computed.
    pub fn cover(&self, algorithms: Algorithms) -> bool {
        (self.sha384.is_some() || !algorithms.sha384)
            && (self.sha512.is_some() || !algorithms.sha512)
            && (self.blake2b.is_some() || !algorithms.blake2b)
    }

    /// Every digest there is, SHA-256 first.
    pub fn iter(&self) -> impl Iterator<Item = &Digest> {
        let others = [&self.sha384, &self.sha512, &self.blake2b];
        std::iter::once(&self.sha256).chain(others.into_iter().flatten())
    }

    /// Compares a claimed digest with the artifact's own.
    pub fn agrees(&self, claimed: &Digest) -> Agreement {
        match self.get(claimed.algorithm()) {
            None => Agreement::NotComputed,
            Some(own) if own == claimed => Agreement::Same,
            Some(_) => Agreement::Different,
        }
    }
}

/// Reads to the end and returns the size in bytes and the digests, in constant memory.
///
/// # Errors
/// What the reader reports; a partial read gives no digests.
pub fn hash_reader(reader: impl Read, algorithms: Algorithms) -> io::Result<(u64, Digests)> {
    let mut hashing = Hashing::new(algorithms);
    read_parts(reader, |part| hashing.update(part))?;
    Ok(hashing.finish())
}

/// Reads to the end, and hands on what was read part by part.
pub(crate) fn read_parts(mut reader: impl Read, mut with: impl FnMut(&[u8])) -> io::Result<()> {
    let mut buffer = vec![0; BUFFER];
    loop {
        match reader.read(&mut buffer) {
            Ok(0) => return Ok(()),
            Ok(read) => with(&buffer[..read]),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

/// The digests of bytes that come in parts.
pub struct Hashing {
    size: u64,
    sha256: Sha256,
    sha384: Option<Sha384>,
    sha512: Option<Sha512>,
    blake2b: Option<Blake2b512>,
}

impl Hashing {
    /// The digests of nothing yet.
    pub fn new(algorithms: Algorithms) -> Self {
        Self {
            size: 0,
            sha256: Sha256::new(),
            sha384: algorithms.sha384.then(Sha384::new),
            sha512: algorithms.sha512.then(Sha512::new),
            blake2b: algorithms.blake2b.then(Blake2b512::new),
        }
    }

    /// One part more.
    pub fn update(&mut self, part: &[u8]) {
        self.sha256.update(part);
        self.sha384.iter_mut().for_each(|hasher| hasher.update(part));
        self.sha512.iter_mut().for_each(|hasher| hasher.update(part));
        self.blake2b.iter_mut().for_each(|hasher| hasher.update(part));
        self.size += part.len() as u64;
    }

    /// The size in bytes and the digests of all parts.
    pub fn finish(self) -> (u64, Digests) {
        let digest = |algorithm, value: &[u8]| Digest { algorithm, hex: hex::encode(value) };
        let digests = Digests {
            sha256: digest(Algorithm::Sha256, &self.sha256.finalize()),
            sha384: self.sha384.map(|hasher| digest(Algorithm::Sha384, &hasher.finalize())),
            sha512: self.sha512.map(|hasher| digest(Algorithm::Sha512, &hasher.finalize())),
            blake2b: self.blake2b.map(|hasher| digest(Algorithm::Blake2b512, &hasher.finalize())),
        };
        (self.size, digests)
    }
}
