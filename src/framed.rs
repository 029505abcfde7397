//! Hashes over a file together with bytes before and after it.
//!
//! Some signatures are made over more than a file: OpenPGP hashes the file and then the signature's own fields, plain
//! Ed25519 hashes two points and then the file. Which bytes these are is known before the file is read, so the hash is
//! computed in the one pass that hashes the file anyway, and large files never have to be kept. A value is only ever
//! looked up under the whole frame that it was computed with.

use crate::digest::{Algorithms, Digests, Hashing};
use sha2::{Digest as _, Sha224, Sha256, Sha384, Sha512};

/// Most bytes before and after a file.
pub const MAX_AROUND: usize = 64 << 10;
/// Most frames of one file.
pub const MAX_FRAMES: usize = 32;

/// The hash function of a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FrameHash {
    /// SHA-224.
    Sha224,
    /// SHA-256.
    Sha256,
    /// SHA-384.
    Sha384,
    /// SHA-512.
    Sha512,
}

impl FrameHash {
    /// The word in an evidence pack.
    pub fn name(self) -> &'static str {
        match self {
            Self::Sha224 => "sha224",
            Self::Sha256 => "sha256",
            Self::Sha384 => "sha384",
            Self::Sha512 => "sha512",
        }
    }

    /// The hash function of this name.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Sha224, Self::Sha256, Self::Sha384, Self::Sha512].into_iter().find(|hash| hash.name() == name)
    }

    /// The length of its values, in bytes.
    pub fn bytes(self) -> usize {
        match self {
            Self::Sha224 => 28,
            Self::Sha256 => 32,
            Self::Sha384 => 48,
            Self::Sha512 => 64,
        }
    }
}

/// What is hashed: bytes, a file, bytes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Frame {
    /// With what.
    pub hash: FrameHash,
    /// The bytes before the file.
    pub before: Vec<u8>,
    /// The bytes after it.
    pub after: Vec<u8>,
}

/// A frame with the value that was computed for one file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Framed {
    /// What was hashed.
    pub frame: Frame,
    /// The hash.
    pub value: Vec<u8>,
}

impl Frame {
    /// The value for a file that is held in memory.
    pub fn of(&self, bytes: &[u8]) -> Framed {
        let mut hasher = Hasher::new(self);
        hasher.update(bytes);
        hasher.finish(self)
    }
}

/// The digests and the values of frames of a file that comes in parts.
pub struct FramedHashing<'a> {
    digests: Hashing,
    frames: Vec<(&'a Frame, Hasher)>,
}

impl<'a> FramedHashing<'a> {
    /// Of an empty file.
    pub fn new(algorithms: Algorithms, frames: &'a [Frame]) -> Self {
        Self {
            digests: Hashing::new(algorithms),
            frames: frames.iter().map(|frame| (frame, Hasher::new(frame))).collect(),
        }
    }

    /// One part more.
    pub fn update(&mut self, part: &[u8]) {
        self.digests.update(part);
        self.frames.iter_mut().for_each(|(_, hasher)| hasher.update(part));
    }

    /// The size, the digests, and the value of each frame.
    pub fn finish(self) -> (u64, Digests, Vec<Framed>) {
        let (size, digests) = self.digests.finish();
        let framed = self.frames.into_iter().map(|(frame, hasher)| hasher.finish(frame));
        (size, digests, framed.collect())
    }
}

enum Hasher {
    Sha224(Sha224),
    Sha256(Sha256),
    Sha384(Sha384),
    Sha512(Sha512),
}

impl Hasher {
    fn new(frame: &Frame) -> Self {
        let mut hasher = match frame.hash {
            FrameHash::Sha224 => Self::Sha224(Sha224::new()),
            FrameHash::Sha256 => Self::Sha256(Sha256::new()),
            FrameHash::Sha384 => Self::Sha384(Sha384::new()),
            FrameHash::Sha512 => Self::Sha512(Sha512::new()),
        };
        hasher.update(&frame.before);
        hasher
    }

    fn update(&mut self, bytes: &[u8]) {
        match self {
            Self::Sha224(hasher) => hasher.update(bytes),
            Self::Sha256(hasher) => hasher.update(bytes),
            Self::Sha384(hasher) => hasher.update(bytes),
            Self::Sha512(hasher) => hasher.update(bytes),
        }
    }

    fn finish(mut self, frame: &Frame) -> Framed {
        self.update(&frame.after);
        let value = match self {
            Self::Sha224(hasher) => hasher.finalize().to_vec(),
            Self::Sha256(hasher) => hasher.finalize().to_vec(),
            Self::Sha384(hasher) => hasher.finalize().to_vec(),
            Self::Sha512(hasher) => hasher.finalize().to_vec(),
        };
        Framed { frame: frame.clone(), value }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_is_hashed_as_its_three_parts_in_a_row() {
        for hash in [FrameHash::Sha224, FrameHash::Sha256, FrameHash::Sha384, FrameHash::Sha512] {
            let frame = Frame { hash, before: b"before".to_vec(), after: b"after".to_vec() };
            let whole = Frame { hash, before: Vec::new(), after: Vec::new() };
            assert_eq!(frame.of(b" file ").value, whole.of(b"before file after").value);
            assert_eq!(frame.of(b"").value.len(), hash.bytes());
            assert_eq!(FrameHash::from_name(hash.name()), Some(hash));
        }
        let sha256 = Frame { hash: FrameHash::Sha256, before: Vec::new(), after: Vec::new() };
        assert_eq!(
            hex::encode(sha256.of(b"abc").value),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
    }

    #[test]
    fn a_file_that_is_streamed_gives_the_value_of_one_that_is_held() {
        let frames = [FrameHash::Sha256, FrameHash::Sha512].map(|hash| Frame {
            hash,
            before: vec![1; 70],
            after: vec![2; 9],
        });
        let file = vec![b'x'; 300_000];
        let mut hashing = FramedHashing::new(Algorithms::SHA256, &frames);
        file.chunks(70_001).for_each(|part| hashing.update(part));
        let (size, digests, framed) = hashing.finish();
        assert_eq!(size, 300_000);
        assert_eq!(*digests.sha256(), crate::digest::Digest::sha256_of(&file));
        assert_eq!(framed, frames.each_ref().map(|frame| frame.of(&file)));
    }
}
