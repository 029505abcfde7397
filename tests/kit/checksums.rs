//! Checksum files as `sha256sum`, `sha512sum`, `b2sum` and BSD's `sha256` write them.

use blake2::Blake2b512;
use sha2::{Digest, Sha256, Sha384, Sha512};

/// What a line looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// `DIGEST  NAME`.
    GnuText,
    /// `DIGEST *NAME`.
    GnuBinary,
    /// `SHA256 (NAME) = DIGEST`.
    Bsd,
}

/// The digest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Algorithm {
    /// SHA-256.
    Sha256,
    /// SHA-384.
    Sha384,
    /// SHA-512.
    Sha512,
    /// BLAKE2b with 512 bits, as `b2sum`.
    Blake2b,
}

impl Algorithm {
    /// The usual name of a file of such digests.
    pub fn file_name(self) -> &'static str {
        match self {
            Self::Sha256 => "SHA256SUMS",
            Self::Sha384 => "SHA384SUMS",
            Self::Sha512 => "SHA512SUMS",
            Self::Blake2b => "B2SUMS",
        }
    }

    /// The digest of `bytes` in hexadecimal.
    pub fn digest(self, bytes: &[u8]) -> String {
        match self {
            Self::Sha256 => hex::encode(Sha256::digest(bytes)),
            Self::Sha384 => hex::encode(Sha384::digest(bytes)),
            Self::Sha512 => hex::encode(Sha512::digest(bytes)),
            Self::Blake2b => hex::encode(Blake2b512::digest(bytes)),
        }
    }

    fn bsd_tag(self) -> &'static str {
        match self {
            Self::Sha256 => "SHA256",
            Self::Sha384 => "SHA384",
            Self::Sha512 => "SHA512",
            Self::Blake2b => "BLAKE2b",
        }
    }
}

/// The line that says `name` has the digest of `bytes`, with its newline.
pub fn line(style: Style, algorithm: Algorithm, name: &str, bytes: &[u8]) -> String {
    let digest = algorithm.digest(bytes);
    let escaped = name.replace('\\', "\\\\").replace('\n', "\\n").replace('\r', "\\r");
    let mark = if escaped == name { "" } else { "\\" };
    match style {
        Style::GnuText => format!("{mark}{digest}  {escaped}\n"),
        Style::GnuBinary => format!("{mark}{digest} *{escaped}\n"),
        Style::Bsd => format!("{mark}{} ({escaped}) = {digest}\n", algorithm.bsd_tag()),
    }
}

/// One line for each of `files`.
pub fn file(style: Style, algorithm: Algorithm, files: &[(String, Vec<u8>)]) -> String {
    files.iter().map(|(name, bytes)| line(style, algorithm, name, bytes)).collect()
}
