//! Public keys of minisign and signify: one format, two tools.

use super::ed25519::Ed25519Key;
use crate::text::Untrusted;
use base64::{Engine, engine::general_purpose::STANDARD};

/// What the first line of a file of minisign or signify begins with.
const COMMENT: &str = "untrusted comment:";

/// A public key of minisign or signify.
pub(crate) struct MinisignKey {
    pub(crate) id: KeyId,
    pub(crate) key: Ed25519Key,
    pub(crate) tool: Tool,
}

/// The number that tells keys of one holder apart. Anybody can make a key with any id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct KeyId(pub(crate) [u8; 8]);

/// Whose key it is: signify signs files themselves, and minisign their hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tool {
    Minisign,
    Signify,
}

impl MinisignKey {
    /// Reads a `.pub` file of either tool, or the line of base64 alone, which minisign prints.
    ///
    /// signify ends the comment of every key that it writes in `public key`; minisign puts the id after it.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let mut lines = text.trim().lines().map(str::trim);
        let (comment, encoded) = match (lines.next(), lines.next(), lines.next()) {
            (Some(comment), Some(encoded), None) if comment.starts_with(COMMENT) => (comment, encoded),
            (Some(encoded), None, None) if !encoded.starts_with(COMMENT) => ("", encoded),
            _ => return Err("a key of minisign or signify is one comment and one line of base64".to_owned()),
        };
        if comment.ends_with("secret key") {
            return Err("it is a secret key; give the public one".to_owned());
        }
        let raw = STANDARD.decode(encoded).map_err(|_| "its second line is no base64".to_owned())?;
        let raw = <[u8; 42]>::try_from(raw)
            .map_err(|raw| format!("a key of minisign or signify has 42 bytes, and this {}", raw.len()))?;
        let [e, d, rest @ ..] = raw;
        if [e, d] != *b"Ed" {
            let found = Untrusted::new(String::from_utf8_lossy(&[e, d]));
            return Err(format!("its algorithm is {found}, and only Ed is known"));
        }
        let (id, key) = rest.split_at(8);
        let id = KeyId(id.try_into().expect("the first 8 of 40 bytes are 8"));
        let key = Ed25519Key::parse(key.try_into().expect("the rest of 40 bytes after 8 are 32"))
            .map_err(|error| format!("as an Ed25519 key {error}"))?;
        let tool = if comment.ends_with(" public key") { Tool::Signify } else { Tool::Minisign };
        Ok(Self { id, key, tool })
    }
}

/// As minisign prints it.
impl std::fmt::Display for KeyId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:016X}", u64::from_le_bytes(self.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use curve25519_dalek::constants::{ED25519_BASEPOINT_COMPRESSED, EIGHT_TORSION};

    fn line(algorithm: &[u8], key: &[u8]) -> String {
        STANDARD.encode([algorithm, &[1, 2, 3, 4, 5, 6, 7, 8], key].concat())
    }

    fn refused(text: &str) -> String {
        MinisignKey::parse(text).map(drop).unwrap_err()
    }

    #[test]
    fn both_tools_keys_are_read_and_told_apart_by_their_comment() {
        let encoded = line(b"Ed", ED25519_BASEPOINT_COMPRESSED.as_bytes());
        for (text, tool) in [
            (encoded.clone(), Tool::Minisign),
            (format!("untrusted comment: minisign public key 0807060504030201\n{encoded}\n"), Tool::Minisign),
            (format!("untrusted comment: widget 1.2 public key\n{encoded}\n"), Tool::Signify),
        ] {
            let key = MinisignKey::parse(&text).unwrap();
            assert_eq!((key.tool, key.id.to_string().as_str()), (tool, "0807060504030201"), "{text}");
        }
    }

    #[test]
    fn what_is_no_key_is_refused_by_name() {
        let good = ED25519_BASEPOINT_COMPRESSED.as_bytes();
        assert!(refused("untrusted comment: x\n").contains("one comment and one line"));
        assert!(
            refused(&format!("untrusted comment: x\n{0}\n{0}", line(b"Ed", good))).contains("one comment")
        );
        assert!(refused("untrusted comment: x\nRW!").contains("no base64"));
        assert!(refused(&format!("untrusted comment: x\n{}", line(b"Ed", &good[1..]))).contains("this 41"));
        assert!(refused(&format!("untrusted comment: x\n{}", line(b"ED", good))).contains("algorithm is ED"));
    }

    #[test]
    fn row_113_a_key_of_small_order_is_refused_when_it_is_loaded() {
        for point in EIGHT_TORSION {
            let text = format!("untrusted comment: x public key\n{}\n", line(b"Ed", &point.compress().0));
            assert!(refused(&text).contains("small order"));
        }
    }
}
