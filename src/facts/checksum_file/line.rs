//! The grammar of one line of a checksum file, after `split_3` and `bsd_split_3` of coreutils' `digest.c`.

use super::ChecksumFileError;
use crate::digest::Algorithm;

/// What stands between digest and name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Separator {
    /// A blank and then a blank or `*`, as coreutils writes it.
    Coreutils,
    /// A single blank or tab, as BSD's reversed form and scripts write it.
    Single,
}

/// One line taken apart.
#[derive(Debug)]
pub(super) struct Line {
    /// The algorithm that the line itself names.
    pub(super) tag: Option<Algorithm>,
    /// Hexadecimal digits in either case.
    pub(super) hex: String,
    /// The decoded name; `None` for a lone digest.
    pub(super) name: Option<String>,
    /// `None` where no name follows the digest.
    pub(super) separator: Option<Separator>,
}

/// Takes apart a line that is neither blank nor a comment.
pub(super) fn parse(line: usize, text: &str) -> Result<Line, ChecksumFileError> {
    let (rest, escaped) = match text.strip_prefix('\\') {
        Some(rest) => (rest, true),
        None => (text, false),
    };
    if let Some((tag, rest)) = tagged(rest) {
        let (name, hex) = split_tagged(rest).ok_or(ChecksumFileError::Junk { line })?;
        let name = Some(decode(line, name, escaped)?);
        return Ok(Line { tag: Some(tag), hex: hex.to_owned(), name, separator: None });
    }
    let (hex, rest) = rest.split_at(hex_digits(rest));
    if hex.len() < 32 {
        return Err(ChecksumFileError::Junk { line });
    }
    let bytes = rest.as_bytes();
    let (separator, name) = match (bytes.first(), bytes.get(1)) {
        (None, _) if !escaped => {
            return Ok(Line { tag: None, hex: hex.to_owned(), name: None, separator: None });
        }
        (Some(b' '), Some(b' ' | b'*')) => (Separator::Coreutils, &rest[2..]),
        (Some(b'\t'), Some(b' ' | b'*' | b'\t')) => return Err(ChecksumFileError::Junk { line }),
        (Some(b' ' | b'\t'), _) => (Separator::Single, &rest[1..]),
        _ => return Err(ChecksumFileError::Junk { line }),
    };
    let name = Some(decode(line, name, escaped)?);
    Ok(Line { tag: None, hex: hex.to_owned(), name, separator: Some(separator) })
}

/// The algorithm of a digest of which only the length is known.
pub(super) fn by_length(digits: usize) -> Option<Algorithm> {
    match digits {
        32 => Some(Algorithm::Md5),
        40 => Some(Algorithm::Sha1),
        56 => Some(Algorithm::Sha224),
        64 => Some(Algorithm::Sha256),
        96 => Some(Algorithm::Sha384),
        128 => Some(Algorithm::Sha512),
        _ => None,
    }
}

/// How many hexadecimal digits a text starts with.
fn hex_digits(text: &str) -> usize {
    text.bytes().take_while(u8::is_ascii_hexdigit).count()
}

/// `ALGORITHM (` or `ALGORITHM(`: the algorithm, and what follows the parenthesis.
fn tagged(text: &str) -> Option<(Algorithm, &str)> {
    let (tag, rest) = text.split_once('(')?;
    let tag = tag.strip_suffix(' ').unwrap_or(tag);
    let algorithm = match tag.to_ascii_uppercase().as_str() {
        "MD5" => Algorithm::Md5,
        "SHA1" => Algorithm::Sha1,
        "SHA224" | "SHA2-224" => Algorithm::Sha224,
        "SHA256" | "SHA2-256" => Algorithm::Sha256,
        "SHA384" | "SHA2-384" => Algorithm::Sha384,
        "SHA512" | "SHA2-512" => Algorithm::Sha512,
        "SHA512/256" | "SHA512-256" | "SHA2-512/256" => Algorithm::Sha512_256,
        "SHA3-256" => Algorithm::Sha3_256,
        "SHA3-384" => Algorithm::Sha3_384,
        "SHA3-512" => Algorithm::Sha3_512,
        "BLAKE2B" | "BLAKE2B-512" => Algorithm::Blake2b512,
        "BLAKE2B-384" => Algorithm::Blake2b384,
        "BLAKE2B-256" => Algorithm::Blake2b256,
        "BLAKE3" => Algorithm::Blake3,
        known @ ("RMD160" | "RIPEMD160" | "SM3" | "SHA512/224" | "SHA3-224" | "BLAKE2S" | "BLAKE2S-256") => {
            Algorithm::Unknown(known.to_ascii_lowercase())
        }
        _ => return None,
    };
    Some((algorithm, rest))
}

/// `name) = hex`: the name ends at the last parenthesis, as coreutils has it.
fn split_tagged(text: &str) -> Option<(&str, &str)> {
    let (name, rest) = text.rsplit_once(')')?;
    let blanks = [' ', '\t'];
    let hex = rest.trim_start_matches(blanks).strip_prefix('=')?.trim_start_matches(blanks);
    (!hex.is_empty() && hex_digits(hex) == hex.len()).then_some((name, hex))
}

/// Decodes a name: only a line that starts with a backslash has escapes, and only `\n`, `\r` and `\\` are escapes.
fn decode(line: usize, name: &str, escaped: bool) -> Result<String, ChecksumFileError> {
    if name.contains('\t') {
        return Err(ChecksumFileError::ControlCharacter { line });
    }
    if name.is_empty() {
        return Err(ChecksumFileError::EmptyName { line });
    }
    if !escaped {
        if name.contains('\\') {
            return Err(ChecksumFileError::Path { line, name: name.to_owned() });
        }
        return Ok(name.to_owned());
    }
    let mut decoded = String::with_capacity(name.len());
    let mut characters = name.chars();
    while let Some(character) = characters.next() {
        if character != '\\' {
            decoded.push(character);
            continue;
        }
        decoded.push(match characters.next() {
            Some('n') => '\n',
            Some('r') => '\r',
            Some('\\') => '\\',
            _ => return Err(ChecksumFileError::BadEscape { line }),
        });
    }
    Ok(decoded)
}
