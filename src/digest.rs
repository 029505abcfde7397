//! Digests: the algorithms a release may use, one digest, and the digests of one artifact.
//!
//! The rule that must not be broken: a [`Digest`] of a known algorithm is always lowercase hexadecimal of exactly
//! that algorithm's length, so that comparing two of them is comparing bytes. An empty, short or odd expected value
//! cannot be represented, and an algorithm that was not computed is [`Agreement::NotComputed`], never a match.

mod artifact;

pub(crate) use artifact::read_parts;
pub use artifact::{Agreement, Algorithms, Digests, Hashing, hash_reader};

use sha2::{Digest as _, Sha256};
use std::fmt;

/// Longest value kept for an algorithm nobody here knows, in bytes.
const UNKNOWN_VALUE_LIMIT: usize = 1024;

/// Longest name of an unknown algorithm, in bytes.
const UNKNOWN_NAME_LIMIT: usize = 64;

/// A digest algorithm, as checksum files and in-toto digest sets name them.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Algorithm {
    /// MD5: broken, recognised so that it can be reported.
    Md5,
    /// SHA-1: broken, recognised so that it can be reported.
    Sha1,
    /// SHA-224: too short to rely on.
    Sha224,
    /// SHA-256.
    Sha256,
    /// SHA-384.
    Sha384,
    /// SHA-512.
    Sha512,
    /// SHA-512/256.
    Sha512_256,
    /// SHA3-256.
    Sha3_256,
    /// SHA3-384.
    Sha3_384,
    /// SHA3-512.
    Sha3_512,
    /// BLAKE2b with 256 bits.
    Blake2b256,
    /// BLAKE2b with 384 bits.
    Blake2b384,
    /// BLAKE2b with 512 bits, what `b2sum` writes.
    Blake2b512,
    /// BLAKE3 with 256 bits.
    Blake3,
    /// The id of a git commit (SHA-1 or SHA-256 repositories): it names a commit, never an artifact's bytes.
    GitCommit,
    /// Anything else, kept by name for reports and never matched.
    Unknown(String),
}

impl Algorithm {
    /// The algorithm that a key of an in-toto `DigestSet` names; keys are case-sensitive.
    #[must_use]
    pub fn from_digest_set_key(key: &str) -> Self {
        match key {
            "md5" => Self::Md5,
            "sha1" => Self::Sha1,
            "sha224" => Self::Sha224,
            "sha256" => Self::Sha256,
            "sha384" => Self::Sha384,
            "sha512" => Self::Sha512,
            "sha512_256" => Self::Sha512_256,
            "sha3_256" => Self::Sha3_256,
            "sha3_384" => Self::Sha3_384,
            "sha3_512" => Self::Sha3_512,
            "blake2b" => Self::Blake2b512,
            "gitCommit" => Self::GitCommit,
            other => Self::Unknown(other.to_owned()),
        }
    }

    /// The name used in reports; for in-toto's algorithms the key of its `DigestSet`.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Md5 => "md5",
            Self::Sha1 => "sha1",
            Self::Sha224 => "sha224",
            Self::Sha256 => "sha256",
            Self::Sha384 => "sha384",
            Self::Sha512 => "sha512",
            Self::Sha512_256 => "sha512_256",
            Self::Sha3_256 => "sha3_256",
            Self::Sha3_384 => "sha3_384",
            Self::Sha3_512 => "sha3_512",
            Self::Blake2b256 => "blake2b_256",
            Self::Blake2b384 => "blake2b_384",
            Self::Blake2b512 => "blake2b",
            Self::Blake3 => "blake3",
            Self::GitCommit => "gitCommit",
            Self::Unknown(name) => name,
        }
    }

    /// Whether finding a second file with the same digest is out of reach (at least 128 bits of collision
    /// resistance). False for anything unknown, and for git's ids, which are not digests of an artifact.
    #[must_use]
    pub fn is_strong(&self) -> bool {
        !matches!(self, Self::Md5 | Self::Sha1 | Self::Sha224 | Self::GitCommit | Self::Unknown(_))
    }

    /// Whether `length` hexadecimal digits are a digest of this algorithm; `true` for every length when unknown.
    fn has_length(&self, length: usize) -> bool {
        match self {
            Self::Md5 => length == 32,
            Self::Sha1 => length == 40,
            Self::Sha224 => length == 56,
            Self::Sha256 | Self::Sha512_256 | Self::Sha3_256 | Self::Blake2b256 | Self::Blake3 => {
                length == 64
            }
            Self::Sha384 | Self::Sha3_384 | Self::Blake2b384 => length == 96,
            Self::Sha512 | Self::Sha3_512 | Self::Blake2b512 => length == 128,
            Self::GitCommit => length == 40 || length == 64,
            Self::Unknown(_) => true,
        }
    }
}

impl fmt::Display for Algorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Why a digest is none.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DigestError {
    /// A character that is no lowercase hexadecimal digit.
    #[error("a {algorithm} digest is written in lowercase hexadecimal digits only")]
    NotLowercaseHex {
        /// The algorithm whose digest it should be.
        algorithm: Algorithm,
    },
    /// Too few or too many digits for the algorithm.
    #[error("{length} hexadecimal digits are no {algorithm} digest")]
    WrongLength {
        /// The algorithm whose digest it should be.
        algorithm: Algorithm,
        /// The digits there are.
        length: usize,
    },
    /// A value or name of an unknown algorithm that is empty, too long or has control characters.
    #[error("the digest of an unknown algorithm is empty, too long or not printable")]
    Unprintable,
    /// A list of digests without SHA-256 where one is needed.
    #[error("there is no sha256 among the digests")]
    NoSha256,
    /// Two values of one algorithm for one artifact.
    #[error("two different {algorithm} digests are given for one artifact")]
    Contradiction {
        /// The algorithm with two values.
        algorithm: Algorithm,
    },
}

/// One digest: an algorithm and its value.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest {
    algorithm: Algorithm,
    hex: String,
}

impl Digest {
    /// Reads `sha256:HEX` and the like; nothing for an algorithm that is not known, or a value that is none.
    pub fn from_prefixed(text: &str) -> Option<Self> {
        let (algorithm, hex) = text.split_once(':')?;
        Self::parse(Algorithm::from_digest_set_key(algorithm), hex).ok()
    }

    /// A digest from lowercase hexadecimal of the right length. The value of an unknown algorithm is any printable
    /// text up to 1024 bytes, since nobody here can know its form; it is never matched.
    ///
    /// # Errors
    /// [`DigestError`] when the text is no digest of that algorithm.
    pub fn parse(algorithm: Algorithm, text: &str) -> Result<Self, DigestError> {
        if let Algorithm::Unknown(name) = &algorithm {
            if !is_printable(name, UNKNOWN_NAME_LIMIT) || !is_printable(text, UNKNOWN_VALUE_LIMIT) {
                return Err(DigestError::Unprintable);
            }
            return Ok(Self { algorithm, hex: text.to_owned() });
        }
        if !text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f')) {
            return Err(DigestError::NotLowercaseHex { algorithm });
        }
        if !algorithm.has_length(text.len()) {
            return Err(DigestError::WrongLength { algorithm, length: text.len() });
        }
        Ok(Self { algorithm, hex: text.to_owned() })
    }

    /// The SHA-256 of some bytes.
    #[must_use]
    pub fn sha256_of(bytes: &[u8]) -> Self {
        Self { algorithm: Algorithm::Sha256, hex: hex::encode(Sha256::digest(bytes)) }
    }

    /// The algorithm.
    #[must_use]
    pub fn algorithm(&self) -> &Algorithm {
        &self.algorithm
    }

    /// The value: lowercase hexadecimal for every known algorithm, text as found for an unknown one.
    #[must_use]
    pub fn hex(&self) -> &str {
        &self.hex
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.algorithm, self.hex)
    }
}

/// Whether a text is not empty, not too long and free of control characters.
fn is_printable(text: &str, limit: usize) -> bool {
    !text.is_empty() && text.len() <= limit && !text.chars().any(char::is_control)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{self, Read};

    const ABC_SHA256: &str = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    #[test]
    fn hashing_gives_the_published_test_vectors_of_every_algorithm() {
        let (size, digests) = hash_reader(&b"abc"[..], Algorithms::ALL).unwrap();
        let hex = |a: Algorithm| digests.get(&a).unwrap().hex().to_owned();
        assert_eq!(size, 3);
        assert_eq!(hex(Algorithm::Sha256), ABC_SHA256);
        assert!(hex(Algorithm::Sha384).starts_with("cb00753f45a35e8bb5a03d699ac65007272c32ab0eded163"));
        assert!(hex(Algorithm::Sha512).starts_with("ddaf35a193617abacc417349ae20413112e6fa4e89a97ea2"));
        assert!(hex(Algorithm::Blake2b512).starts_with("ba80a53f981c4d0d6a2797b69f12f6e94c212f14685ac4b7"));
        assert_eq!(digests.iter().count(), 4);
        assert_eq!(Digest::sha256_of(b"abc"), *digests.sha256());
        for digest in digests.iter() {
            assert_eq!(Digest::parse(digest.algorithm().clone(), digest.hex()).as_ref(), Ok(digest));
        }
    }

    #[test]
    fn only_what_was_asked_for_is_computed() {
        let (_, digests) = hash_reader(&b"abc"[..], Algorithms::SHA256.with(&Algorithm::Sha512)).unwrap();
        let names: Vec<_> = digests.iter().map(|d| d.algorithm().name()).collect();
        assert_eq!(names, ["sha256", "sha512"]);
        assert_eq!(Algorithms::SHA256.with(&Algorithm::Md5), Algorithms::SHA256);
    }

    /// A reader that is interrupted, gives few bytes at a time, and may fail.
    struct Trickle {
        left: usize,
        calls: usize,
        fails: bool,
    }

    impl Read for Trickle {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            self.calls += 1;
            if self.calls % 2 == 1 {
                return Err(io::ErrorKind::Interrupted.into());
            }
            if self.left == 0 && self.fails {
                return Err(io::ErrorKind::ConnectionReset.into());
            }
            let part = self.left.min(7).min(buffer.len());
            buffer[..part].fill(b'x');
            self.left -= part;
            Ok(part)
        }
    }

    #[test]
    fn a_slow_and_interrupted_reader_gives_the_same_digest() {
        let reader = Trickle { left: 1000, calls: 0, fails: false };
        let (size, digests) = hash_reader(reader, Algorithms::SHA256).unwrap();
        assert_eq!(size, 1000);
        assert_eq!(*digests.sha256(), Digest::sha256_of(&[b'x'; 1000]));
    }

    #[test]
    fn a_reader_that_breaks_off_gives_no_digest() {
        let reader = Trickle { left: 1000, calls: 0, fails: true };
        let error = hash_reader(reader, Algorithms::SHA256).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::ConnectionReset);
    }

    #[test]
    fn anything_but_lowercase_hexadecimal_of_the_right_length_is_no_digest() {
        let wrong_length = |length| DigestError::WrongLength { algorithm: Algorithm::Sha256, length };
        let not_hex = DigestError::NotLowercaseHex { algorithm: Algorithm::Sha256 };
        let cases = [
            (String::new(), wrong_length(0)),
            (ABC_SHA256[1..].to_owned(), wrong_length(63)),
            (format!("{ABC_SHA256}0"), wrong_length(65)),
            (ABC_SHA256.to_uppercase(), not_hex.clone()),
            (ABC_SHA256.replace('b', "g"), not_hex.clone()),
            (ABC_SHA256.replacen('b', "\u{ff42}", 1), not_hex.clone()),
            (format!(" {}", &ABC_SHA256[1..]), not_hex.clone()),
            ("../../etc/passwd".to_owned(), not_hex),
        ];
        for (text, expected) in cases {
            assert_eq!(Digest::parse(Algorithm::Sha256, &text), Err(expected), "{text:?}");
        }
        assert!(Digest::parse(Algorithm::Sha512, ABC_SHA256).is_err());
        assert!(Digest::parse(Algorithm::GitCommit, &ABC_SHA256[..40]).is_ok());
        assert!(Digest::parse(Algorithm::GitCommit, ABC_SHA256).is_ok());
        assert!(Digest::parse(Algorithm::GitCommit, &ABC_SHA256[..41]).is_err());
    }

    #[test]
    fn an_unknown_algorithm_is_kept_by_name_and_never_matched() {
        let algorithm = Algorithm::from_digest_set_key("SHA256");
        assert_eq!(algorithm, Algorithm::Unknown("SHA256".to_owned()));
        assert!(!algorithm.is_strong());
        let digest = Digest::parse(algorithm, ABC_SHA256).unwrap();
        let (_, own) = hash_reader(&b"abc"[..], Algorithms::ALL).unwrap();
        assert_eq!(own.agrees(&digest), Agreement::NotComputed);
        for text in ["", "a\nb", &"x".repeat(1025)] {
            let algorithm = Algorithm::Unknown("dirHash".to_owned());
            assert_eq!(Digest::parse(algorithm, text), Err(DigestError::Unprintable));
        }
    }

    #[test]
    fn agreement_is_same_only_for_the_same_algorithm_and_value() {
        let (_, own) = hash_reader(&b"abc"[..], Algorithms::SHA256).unwrap();
        let claimed = |a, text: &str| own.agrees(&Digest::parse(a, text).unwrap());
        assert_eq!(claimed(Algorithm::Sha256, ABC_SHA256), Agreement::Same);
        let mut other = ABC_SHA256.to_owned();
        other.replace_range(63.., "e");
        assert_eq!(claimed(Algorithm::Sha256, &other), Agreement::Different);
        assert_eq!(claimed(Algorithm::Sha512_256, ABC_SHA256), Agreement::NotComputed);
        assert_eq!(claimed(Algorithm::Sha512, &ABC_SHA256.repeat(2)), Agreement::NotComputed);
    }

    #[test]
    fn recorded_digests_need_sha256_and_no_contradiction() {
        let good = Digest::sha256_of(b"abc");
        let other = Digest::sha256_of(b"abd");
        assert_eq!(Digests::recorded([]), Err(DigestError::NoSha256));
        assert_eq!(
            Digests::recorded([good.clone(), other]),
            Err(DigestError::Contradiction { algorithm: Algorithm::Sha256 })
        );
        assert_eq!(Digests::recorded([good.clone(), good.clone()]).unwrap().sha256(), &good);
    }

    #[test]
    fn the_weak_algorithms_are_the_broken_short_and_foreign_ones() {
        for key in ["md5", "sha1", "sha224", "gitCommit", "crc32"] {
            assert!(!Algorithm::from_digest_set_key(key).is_strong(), "{key}");
        }
        for key in ["sha256", "sha384", "sha512", "sha512_256", "blake2b", "sha3_256"] {
            let algorithm = Algorithm::from_digest_set_key(key);
            assert!(algorithm.is_strong(), "{key}");
            assert_eq!(algorithm.name(), key);
        }
    }
}
