//! What the name of a checksum file promises, which file it is about, and which names are paths.

use std::fmt;

use crate::digest::Algorithm;

/// The algorithm that the name of a checksum file promises.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Promise {
    /// One algorithm.
    Exactly(Algorithm),
    /// BLAKE2b, whose width the length of the digest tells.
    Blake2b,
}

impl Promise {
    /// The algorithm of a digest of `digits` hexadecimal digits with this promise and perhaps a tag, unless they
    /// disagree.
    pub(super) fn resolve(&self, tag: Option<Algorithm>, digits: usize) -> Option<Algorithm> {
        let promised = match (self, digits) {
            (Self::Exactly(algorithm), _) => algorithm.clone(),
            (Self::Blake2b, 64) => Algorithm::Blake2b256,
            (Self::Blake2b, 96) => Algorithm::Blake2b384,
            (Self::Blake2b, 128) => Algorithm::Blake2b512,
            (Self::Blake2b, _) => return None,
        };
        if tag.is_some_and(|tag| tag != promised) {
            return None;
        }
        let zeros = "0".repeat(digits);
        crate::digest::Digest::parse(promised.clone(), &zeros).ok().map(|_| promised)
    }
}

impl fmt::Display for Promise {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Exactly(algorithm) => algorithm.fmt(f),
            Self::Blake2b => f.write_str("blake2b"),
        }
    }
}

/// Whether a published file is a checksum file, by its name alone.
#[must_use]
pub fn looks_like_checksum_file(name: &str) -> bool {
    // OpenBSD calls the list `SHA256`; in small letters it may as well be a program.
    let is_openbsd = matches!(name, "MD5" | "SHA1" | "SHA256" | "SHA384" | "SHA512");
    if is_openbsd || name.ends_with("SUMS") || about(name).is_some() {
        return true;
    }
    let words = words(name);
    let Some((last, before)) = words.split_last() else {
        return false;
    };
    let before = before.last().map_or("", String::as_str);
    let lone_sum = last == "sum" && word_promise(before).is_none();
    (is_sums_word(last) && !lone_sum)
        || sums_promise(last).is_some()
        || (word_promise(last).is_some() && is_sums_word(before))
}

/// The algorithm that a checksum file's name promises; `None` when it promises nothing.
pub(super) fn promise(file_name: &str) -> Option<Promise> {
    let words = words(file_name);
    let (last, before) = words.split_last()?;
    let before = before.last().map_or("", String::as_str);
    let by_neighbour = || if is_sums_word(last) { word_promise(before) } else { None };
    sums_promise(last).or_else(|| word_promise(last)).or_else(by_neighbour)
}

/// The file that a sidecar is about: `x.tar.gz` for `x.tar.gz.sha256`, `None` where the name does not say.
pub(super) fn about(file_name: &str) -> Option<&str> {
    let without_text = strip_text_extension(file_name);
    let (stem, extension) = without_text.rsplit_once('.')?;
    let extension = joined(&extension.to_ascii_lowercase());
    let is_extension =
        extension == "checksum" || sums_promise(&extension).is_some() || word_promise(&extension).is_some();
    let is_name = !stem.is_empty() && !is_path(stem) && !is_sums_word(&stem.to_ascii_lowercase());
    (is_extension && is_name).then_some(stem)
}

/// Whether a name is more than the name of a file in one folder, on any system.
pub(super) fn is_path(name: &str) -> bool {
    let bytes = name.as_bytes();
    let drive = bytes.len() >= 2 && bytes[0].is_ascii_alphabetic() && bytes[1] == b':';
    name.contains('/')
        || name == "."
        || name.starts_with('\\')
        || drive
        || name.split('\\').any(|component| component == "..")
}

/// The lowercase words of a name, without a closing `.txt`.
fn words(name: &str) -> Vec<String> {
    let name = joined(&strip_text_extension(name).to_ascii_lowercase());
    let words = name.split(|c: char| !c.is_ascii_alphanumeric());
    words.filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

fn strip_text_extension(name: &str) -> &str {
    match name.len().checked_sub(4).and_then(|at| name.split_at_checked(at)) {
        Some((stem, extension)) if extension.eq_ignore_ascii_case(".txt") => stem,
        _ => name,
    }
}

/// Algorithms whose usual spelling has a separator, joined to one word; the longer spellings come first.
fn joined(name: &str) -> String {
    let spellings = [
        ("sha2-", "sha"),
        ("sha-", "sha"),
        ("sha512-256", "sha512t256"),
        ("sha512_256", "sha512t256"),
        ("sha3-", "sha3x"),
        ("sha3_", "sha3x"),
        ("blake2b-", "blake2b"),
    ];
    spellings.iter().fold(name.to_owned(), |name, (from, to)| name.replace(from, to))
}

/// `sums`, `checksums` and the like: a word for a list of digests that names no algorithm.
fn is_sums_word(word: &str) -> bool {
    matches!(word, "sum" | "sums" | "checksum" | "checksums" | "shasum" | "shasums")
}

/// `sha256sum`, `sha256sums`, `b2sums`, `shasums256`.
fn sums_promise(word: &str) -> Option<Promise> {
    if let Some(bits) = word.strip_prefix("shasums").or_else(|| word.strip_prefix("shasum")) {
        return (!bits.is_empty()).then(|| word_promise(&format!("sha{bits}"))).flatten();
    }
    word_promise(word.strip_suffix("sums").or_else(|| word.strip_suffix("sum"))?)
}

/// `sha256`, `b2`, `md5`.
fn word_promise(word: &str) -> Option<Promise> {
    let algorithm = match word {
        "md5" => Algorithm::Md5,
        "sha1" => Algorithm::Sha1,
        "sha224" => Algorithm::Sha224,
        "sha256" => Algorithm::Sha256,
        "sha384" => Algorithm::Sha384,
        "sha512" => Algorithm::Sha512,
        "sha512t256" => Algorithm::Sha512_256,
        "sha3x256" => Algorithm::Sha3_256,
        "sha3x384" => Algorithm::Sha3_384,
        "sha3x512" => Algorithm::Sha3_512,
        "b2" | "blake2" | "blake2b" => return Some(Promise::Blake2b),
        "blake2b256" => Algorithm::Blake2b256,
        "blake2b384" => Algorithm::Blake2b384,
        "blake2b512" => Algorithm::Blake2b512,
        "b3" | "blake3" => Algorithm::Blake3,
        _ => return None,
    };
    Some(Promise::Exactly(algorithm))
}
