//! The file of an index, hashed as it is read.

use super::{DIGEST, IndexError, MAGIC, PREFIX};
use sha2::{Digest, Sha256};
use std::{io::Read, ops::Range};

/// How much is read and hashed at a time: memory that is touched again costs less than new memory, and BLAKE3 takes pieces
/// several at once where each begins at a multiple of its own length.
pub(super) const CHUNK: usize = 32 << 10;

/// Blobs that lie together, with their place among all.
#[derive(Clone)]
pub(super) struct Stretch {
    pub(super) place: Range<usize>,
    pub(super) bytes: Vec<u8>,
}

/// What stands in a file before its digest, every byte of it hashed before it is handed out.
pub(super) struct Hashing<R> {
    file: R,
    /// The length of the file, as it was said to be.
    size: u64,
    /// How much of it before the digest was not read yet.
    left: u64,
    chunk: Vec<u8>,
    /// How much of the chunk was handed out.
    at: usize,
    blake3: blake3::Hasher,
    sha256: Option<Sha256>,
}

impl<R: Read> Hashing<R> {
    /// A file of `size` bytes that may be an index. SHA-256 takes twice the time of the other, which is enough to know that
    /// the index is whole.
    pub(super) fn new(file: R, size: u64, wants_sha256: bool) -> Result<Self, IndexError> {
        let least = (PREFIX + DIGEST) as u64;
        if size < least {
            let mut begin = Vec::new();
            file.take(MAGIC.len() as u64).read_to_end(&mut begin).map_err(IndexError::Unreadable)?;
            return match begin == MAGIC {
                true => Err(IndexError::WrongLength { expected: least, found: size }),
                false => Err(IndexError::NotAnIndex),
            };
        }
        let left = size - DIGEST as u64;
        let sha256 = wants_sha256.then(Sha256::new);
        let mut hashing =
            Self { file, size, left, chunk: Vec::new(), at: 0, blake3: blake3::Hasher::new(), sha256 };
        hashing.fill()?;
        match hashing.chunk.starts_with(MAGIC) {
            true => Ok(hashing),
            false => Err(IndexError::NotAnIndex),
        }
    }

    /// The next chunk.
    fn fill(&mut self) -> Result<(), IndexError> {
        let length = self.left.min(CHUNK as u64) as usize;
        self.chunk.resize(length, 0);
        self.at = 0;
        self.file.read_exact(&mut self.chunk).map_err(IndexError::Unreadable)?;
        self.blake3.update(&self.chunk);
        if let Some(sha256) = &mut self.sha256 {
            sha256.update(&self.chunk);
        }
        self.left -= length as u64;
        Ok(())
    }

    /// The next bytes, between one and `most` of them, where `most` is not 0 and no more than the file has.
    fn next(&mut self, most: usize) -> Result<&[u8], IndexError> {
        if self.at == self.chunk.len() {
            self.fill()?;
        }
        let from = self.at;
        self.at = self.chunk.len().min(from + most);
        match &self.chunk[from..self.at] {
            // The caller asked for more than there is: never go round for it.
            [] => Err(IndexError::Damaged("it ends before its parts do")),
            bytes => Ok(bytes),
        }
    }

    /// The next `length` bytes, which the caller holds to be no more than the file has.
    pub(super) fn take(&mut self, length: usize) -> Result<Vec<u8>, IndexError> {
        let mut bytes = Vec::with_capacity(length);
        while bytes.len() < length {
            let next = self.next(length - bytes.len())?;
            bytes.extend_from_slice(next);
        }
        Ok(bytes)
    }

    /// The next `length` bytes, of which those at `places` are kept; the places are in order.
    pub(super) fn keep(
        &mut self,
        length: usize,
        places: Vec<Range<usize>>,
    ) -> Result<Vec<Stretch>, IndexError> {
        let empty = |place: Range<usize>| Stretch { bytes: Vec::with_capacity(place.len()), place };
        let mut kept: Vec<Stretch> = places.into_iter().map(empty).collect();
        let mut at = 0;
        while at < length {
            let next = self.next(length - at)?;
            let end = at + next.len();
            for Stretch { place, bytes } in &mut kept {
                let (from, to) = (place.start.max(at), place.end.min(end));
                if from < to {
                    bytes.extend_from_slice(&next[from - at..to - at]);
                }
            }
            at = end;
        }
        Ok(kept)
    }

    /// Holds what was read to the digest at the end; the file ends behind it, whatever its size was said to be. SHA-256 of
    /// the whole file where that was wanted.
    pub(super) fn finish(mut self) -> Result<Option<[u8; 32]>, IndexError> {
        if self.left > 0 || self.at < self.chunk.len() {
            return Err(IndexError::Damaged("its parts end before it does"));
        }
        let mut digest = [0; DIGEST];
        self.file.read_exact(&mut digest).map_err(IndexError::Unreadable)?;
        if self.blake3.finalize() != digest {
            return Err(IndexError::Changed);
        }
        if self.file.read(&mut [0]).map_err(IndexError::Unreadable)? > 0 {
            return Err(IndexError::WrongLength { expected: self.size, found: self.size + 1 });
        }
        Ok(self.sha256.map(|sha256| sha256.chain_update(digest).finalize().into()))
    }
}
