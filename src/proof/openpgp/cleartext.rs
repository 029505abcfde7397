//! The cleartext signature framework (RFC 9580, section 7), for checksum files that are signed in place.
//!
//! The rule that must not be broken: the only text that can be had of such a file is what was hashed, and only where a
//! signature over it verifies. There is nothing before the message, nothing behind it, no header but `Hash`, and no
//! line that other tools could read differently.

use super::{bodies, judge};
use crate::{
    digest::Digest,
    proof::{Proof, Refusal, Signed},
    trust::TrustRoots,
};

/// The largest message, in bytes: a checksum file of the largest size, and its signatures.
const MAX_MESSAGE: usize = 6 << 20;
/// Longest line, in bytes. GnuPG cuts at 19995.
const MAX_LINE: usize = 4096;
/// Most lines of the header.
const MAX_HEADERS: usize = 8;

const BEGIN: &str = "-----BEGIN PGP SIGNED MESSAGE-----";
const SIGNATURE: &str = "-----BEGIN PGP SIGNATURE-----";

/// A cleartext-signed message, verified.
pub struct Cleartext {
    verdicts: Vec<Result<Proof, Refusal>>,
    text: String,
}

/// Whether `bytes` begin as a cleartext-signed message, well-formed or not.
pub fn is_cleartext(bytes: &[u8]) -> bool {
    bytes.trim_ascii_start().starts_with(b"-----BEGIN PGP SIGNED MESSAGE")
}

impl Cleartext {
    /// Verifies the message in `bytes`, a file with that `digest`, with the keys of the policy.
    ///
    /// # Errors
    /// The reason for which it is no message of that form.
    pub fn verify(bytes: &[u8], digest: &Digest, trust: &TrustRoots) -> Result<Self, Refusal> {
        let message = Message::parse(bytes)?;
        if message.signature.matches("-----BEGIN ").count() != 1 {
            return Err(malformed("there is more than one block of armor behind it"));
        }
        let bodies = bodies(message.signature.as_bytes())?;
        let hashed = message.lines.join("\r\n");
        let over = judge::Signee::Cleartext { text: hashed.as_bytes(), hashes: &message.hashes };
        let judged =
            bodies.iter().map(|body| judge::judge(body, &over, trust.keys(), Signed::File(digest.clone())));
        Ok(Self { verdicts: judged.collect(), text: message.lines.join("\n") })
    }

    /// The verdicts on its signatures, and what was signed, with plain line endings. `counts` says of each verdict
    /// whether it still is a proof; the text is there only where one is.
    pub fn open(
        self,
        counts: impl Fn(Result<Proof, Refusal>) -> Result<Proof, Refusal>,
    ) -> (Vec<Result<Proof, Refusal>>, Option<String>) {
        let verdicts: Vec<_> = self.verdicts.into_iter().map(counts).collect();
        let is_signed = verdicts.iter().any(Result::is_ok);
        (verdicts, is_signed.then_some(self.text))
    }
}

/// A message taken apart.
struct Message<'a> {
    hashes: Vec<String>,
    lines: Vec<&'a str>,
    signature: &'a str,
}

impl<'a> Message<'a> {
    fn parse(bytes: &'a [u8]) -> Result<Self, Refusal> {
        if bytes.len() > MAX_MESSAGE {
            let detail = format!("{} bytes are over the limit of {MAX_MESSAGE} for a message", bytes.len());
            return Err(Refusal::unreadable(detail));
        }
        let text = std::str::from_utf8(bytes).map_err(|_| malformed("it is no text in UTF-8"))?;
        let mut rest = text;
        if next(&mut rest)? != BEGIN {
            return Err(malformed("there is something before the message"));
        }
        let hashes = hashes(&mut rest)?;
        let mut lines = Vec::new();
        loop {
            let here = rest;
            if rest.is_empty() {
                return Err(malformed("it does not end"));
            }
            let line = next(&mut rest)?;
            if line == SIGNATURE {
                return Ok(Self { hashes, lines, signature: here });
            }
            // Section 7.1: every line that begins with a hyphen is escaped, and others may be.
            let line = match line.strip_prefix("- ") {
                Some(escaped) => escaped,
                None if line.starts_with('-') => return Err(malformed("a line begins with a bare hyphen")),
                None => line,
            };
            // Section 7.2: blanks and tabs at the end of a line are not signed.
            lines.push(line.trim_end_matches([' ', '\t']));
        }
    }
}

/// Takes off the next line, without its ending.
fn next<'a>(rest: &mut &'a str) -> Result<&'a str, Refusal> {
    let (line, after) = rest.split_once('\n').unwrap_or((*rest, ""));
    *rest = after;
    let line = line.strip_suffix('\r').unwrap_or(line);
    if line.len() > MAX_LINE {
        return Err(malformed("a line in it is too long"));
    }
    if line.chars().any(|c| c.is_control() && c != '\t') {
        return Err(malformed("it holds a control character"));
    }
    Ok(line)
}

/// The hash functions that the header names. No other header has a meaning, and one was used to hide text.
fn hashes(rest: &mut &str) -> Result<Vec<String>, Refusal> {
    let mut hashes = Vec::new();
    for _ in 0..=MAX_HEADERS {
        let line = next(rest)?;
        if line.is_empty() {
            return match hashes.is_empty() {
                true => Err(malformed("its header names no hash function")),
                false => Ok(hashes),
            };
        }
        let names = line
            .strip_prefix("Hash: ")
            .filter(|names| names.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | ',' | ' ')))
            .ok_or_else(|| malformed("it has a header other than Hash"))?;
        hashes.extend(names.split(',').map(|name| name.trim().to_owned()));
    }
    Err(malformed("its header does not end"))
}

fn malformed(detail: &str) -> Refusal {
    Refusal::invalid(format!("the cleartext-signed message is malformed: {detail}"))
}
