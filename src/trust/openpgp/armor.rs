//! ASCII armor (RFC 9580, section 6), read strictly.
//!
//! The rule that must not be broken: what is decoded is all there is. Text before, between and behind blocks, header
//! lines that nobody defined and lines that are no base64 are errors, so that no reader can take them for signed.

use base64::{Engine, engine::general_purpose::STANDARD};

/// Most blocks in one file.
const MAX_BLOCKS: usize = 32;
/// Most header lines of a block.
const MAX_HEADERS: usize = 16;
/// Longest line, in bytes.
const MAX_LINE: usize = 1024;
/// The headers of RFC 9580, section 6.2.2.
const HEADERS: &[&str] = &["Version", "Comment", "MessageID", "Hash", "Charset"];

/// An armored block.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Block<'a> {
    /// What it says it is: `SIGNATURE`, `PUBLIC KEY BLOCK`.
    pub(crate) label: &'a str,
    /// What it holds.
    pub(crate) bytes: Vec<u8>,
}

/// What the first block of an armored file says it is, from its first line alone.
pub(crate) fn label(bytes: &[u8]) -> Option<&str> {
    let line = bytes.trim_ascii_start().split(|b| *b == b'\n').next()?;
    begins(std::str::from_utf8(line.get(..line.len().min(MAX_LINE))?).ok()?)
}

/// Every block of a file that holds nothing else.
pub(crate) fn blocks(bytes: &[u8]) -> Result<Vec<Block<'_>>, String> {
    let text = std::str::from_utf8(bytes).map_err(|_| "the armor is not text")?;
    let mut lines = text.split('\n').map(|line| line.trim_end_matches(['\r', ' ', '\t']));
    let mut blocks = Vec::new();
    while let Some(line) = lines.next() {
        if line.is_empty() {
            continue;
        }
        let Some(label) = begins(line) else {
            return Err("there is text outside the armor".to_owned());
        };
        if blocks.len() == MAX_BLOCKS {
            return Err(format!("there are more than {MAX_BLOCKS} armored blocks"));
        }
        headers(&mut lines)?;
        blocks.push(Block { label, bytes: body(&mut lines, label)? });
    }
    Ok(blocks)
}

/// The label of a line that begins a block.
fn begins(line: &str) -> Option<&str> {
    let label =
        line.trim_end_matches(['\r', ' ', '\t']).strip_prefix("-----BEGIN PGP ")?.strip_suffix("-----")?;
    let is_label = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || matches!(c, ' ' | ',' | '/');
    (!label.is_empty() && label.chars().all(is_label)).then_some(label)
}

/// Reads over the headers and the blank line that ends them.
fn headers<'a>(lines: &mut impl Iterator<Item = &'a str>) -> Result<(), String> {
    for line in lines.take(MAX_HEADERS + 1) {
        if line.is_empty() {
            return Ok(());
        }
        let known = line.split_once(": ").is_some_and(|(name, _)| HEADERS.contains(&name))
            || line.strip_suffix(':').is_some_and(|name| HEADERS.contains(&name));
        if !known || line.len() > MAX_LINE || line.chars().any(char::is_control) {
            return Err("the armor has a header that is not one of OpenPGP's".to_owned());
        }
    }
    Err("the headers of the armor do not end".to_owned())
}

/// The decoded body, up to the line that ends the block. The CRC is not looked at, as section 6.1 wants it.
fn body<'a>(lines: &mut impl Iterator<Item = &'a str>, label: &str) -> Result<Vec<u8>, String> {
    let mut data = String::new();
    let mut has_crc = false;
    for line in lines {
        if let Some(end) = line.strip_prefix("-----END PGP ") {
            if end.strip_suffix("-----") != Some(label) {
                return Err("the armor ends with another label than it begins with".to_owned());
            }
            return STANDARD.decode(&data).map_err(|_| "the armor is no base64".to_owned());
        }
        let is_base64 =
            |line: &str| line.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/' | b'='));
        if has_crc || line.is_empty() || line.len() > MAX_LINE || !is_base64(line) {
            return Err("the armor has a line that is no base64".to_owned());
        }
        match line.strip_prefix('=') {
            Some(crc) if crc.len() == 4 => has_crc = true,
            _ => data.push_str(line),
        }
    }
    Err("the armor does not end".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str =
        "-----BEGIN PGP SIGNATURE-----\nComment: hello\n\naGVs\nbG8=\n=AAAA\n-----END PGP SIGNATURE-----\n";

    #[test]
    fn blocks_are_decoded_one_after_the_other() {
        let hello = || Block { label: "SIGNATURE", bytes: b"hello".to_vec() };
        assert_eq!(blocks(GOOD.as_bytes()), Ok(vec![hello()]));
        assert_eq!(blocks(GOOD.replace('\n', "\r\n").as_bytes()), Ok(vec![hello()]));
        assert_eq!(blocks(format!("{GOOD}\n{GOOD}").as_bytes()), Ok(vec![hello(), hello()]));
        assert_eq!(blocks(b"\n\n"), Ok(vec![]));
        assert_eq!(label(GOOD.as_bytes()), Some("SIGNATURE"));
        assert_eq!(label(b"hello"), None);
    }

    /// Rows 104, 106 and 107 of the attack list.
    #[test]
    fn what_is_not_armor_is_an_error_wherever_it_stands() {
        for spoilt in [
            format!("hello\n{GOOD}"),
            format!("{GOOD}hello\n"),
            GOOD.replace("Comment: hello", "Comment: hello\nNotDashEscaped: You need GnuPG"),
            GOOD.replace("Comment: hello", "SHA256SUMS"),
            GOOD.replace("Comment: hello", "Comment: a\u{1b}[2Jb"),
            GOOD.replace("Comment: hello", &format!("Comment: {}", "x".repeat(1100))),
            GOOD.replace("Comment: hello", &"Comment: x\n".repeat(20)),
            GOOD.replace("Comment: hello\n\n", ""),
            GOOD.replace("aGVs", "aG*s"),
            GOOD.replace("aGVs", "aGVs\n"),
            GOOD.replace("=AAAA", "=AAAA\naGVs"),
            GOOD.replace("bG8=", "bG8"),
            GOOD.replace("END PGP SIGNATURE", "END PGP MESSAGE"),
            GOOD.replace("-----END PGP SIGNATURE-----\n", ""),
            GOOD.repeat(33),
        ] {
            assert!(blocks(spoilt.as_bytes()).is_err(), "{spoilt}");
        }
    }
}
