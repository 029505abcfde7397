//! A tag object, split into what is signed and the signature, as git splits it.
//!
//! git takes the last line that begins a signature, whatever kind, and everything after it (`parse_signed_buffer` in
//! gpg-interface.c). Other programs take the first one, or encode the object anew; a tag about which readers could differ
//! is refused.

use crate::{evidence::written, proof::Refusal};
use jiff::Timestamp;

/// The kinds of signature that git knows, by the line that begins one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Armor {
    OpenPgp,
    OpenPgpMessage,
    Ssh,
    Cms,
}

impl Armor {
    const ALL: [(Self, &'static [u8], &'static [u8]); 4] = [
        (Self::OpenPgp, b"-----BEGIN PGP SIGNATURE-----", b"-----END PGP SIGNATURE-----"),
        (Self::OpenPgpMessage, b"-----BEGIN PGP MESSAGE-----", b"-----END PGP MESSAGE-----"),
        (Self::Ssh, b"-----BEGIN SSH SIGNATURE-----", b"-----END SSH SIGNATURE-----"),
        (Self::Cms, b"-----BEGIN SIGNED MESSAGE-----", b"-----END SIGNED MESSAGE-----"),
    ];

    /// The kind of signature that `line` begins, for git: whatever follows on the line.
    fn begun_by(line: &[u8]) -> Option<Self> {
        Self::ALL.into_iter().find(|(_, begin, _)| line.starts_with(begin)).map(|(armor, ..)| armor)
    }

    fn begin_and_end(self) -> (&'static [u8], &'static [u8]) {
        let (_, begin, end) =
            Self::ALL.into_iter().find(|(armor, ..)| *armor == self).expect("every kind is in the table");
        (begin, end)
    }
}

/// A tag object with a signature.
pub(super) struct TagObject<'a> {
    /// What the signature is over.
    pub(super) payload: &'a [u8],
    /// From the line that begins the signature to the end.
    pub(super) signature: &'a [u8],
    pub(super) armor: Armor,
}

/// The headers of what is signed.
#[derive(Debug)]
pub(super) struct Headers<'a> {
    pub(super) object: &'a [u8],
    pub(super) kind: &'a [u8],
    pub(super) name: &'a [u8],
    pub(super) tagged_at: Option<Timestamp>,
}

impl<'a> TagObject<'a> {
    /// Splits the object; nothing where no line begins a signature.
    pub(super) fn split(bytes: &'a [u8]) -> Result<Option<Self>, Refusal> {
        let mut begins = Vec::new();
        let mut at = 0;
        for line in bytes.split_inclusive(|b| *b == b'\n') {
            begins.extend(Armor::begun_by(line).map(|armor| (at, armor)));
            at += line.len();
        }
        let Some(&(at, armor)) = begins.last() else { return Ok(None) };
        if begins.len() > 1 {
            return Err(Refusal::invalid(format!(
                "{} lines of the tag begin a signature, and programs differ in which of them counts",
                begins.len()
            )));
        }
        let (payload, signature) = bytes.split_at(at);
        whole(signature, armor)?;
        Ok(Some(Self { payload, signature, armor }))
    }

    /// The headers of what is signed.
    pub(super) fn headers(&self) -> Result<Headers<'a>, Refusal> {
        Headers::read(self.payload)
    }
}

impl<'a> Headers<'a> {
    /// The headers of a tag object, which are exactly those that git writes.
    pub(super) fn read(object: &'a [u8]) -> Result<Self, Refusal> {
        let malformed = |why: &str| Refusal::invalid(format!("the tag is malformed: {why}"));
        let end = object.windows(2).position(|pair| pair == b"\n\n");
        let head = &object[..end.ok_or_else(|| malformed("no empty line ends its headers"))?];
        if head.contains(&0) {
            return Err(malformed("there is a NUL among its headers"));
        }
        let lines: Vec<&[u8]> = head.split(|b| *b == b'\n').collect();
        let mut names: Vec<&[u8]> =
            lines.iter().filter_map(|line| line.split(|b| *b == b' ').next()).collect();
        names.sort_unstable();
        if names.windows(2).any(|pair| pair[0] == pair[1]) {
            return Err(malformed("a header is there twice"));
        }
        let [object, kind, name, rest @ ..] = lines.as_slice() else {
            return Err(malformed("a header is missing"));
        };
        let value = |line: &'a [u8], header: &[u8]| line.strip_prefix(header);
        let (Some(object), Some(kind), Some(name)) =
            (value(object, b"object "), value(kind, b"type "), value(name, b"tag "))
        else {
            return Err(malformed("it does not begin with the headers object, type and tag"));
        };
        let tagger = match rest {
            [] => None,
            [tagger] => Some(value(tagger, b"tagger ").ok_or_else(|| {
                // `gpgsig` and `gpgsig-sha256` sign the same tag under its other id.
                Refusal::unreadable("it has a header besides object, type, tag and tagger")
            })?),
            _ => return Err(Refusal::unreadable("it has headers besides object, type, tag and tagger")),
        };
        Ok(Self { object, kind, name, tagged_at: tagger.and_then(written::time) })
    }
}

/// That the block is whole, and the last thing in the object.
fn whole(signature: &[u8], armor: Armor) -> Result<(), Refusal> {
    let (begin, end) = armor.begin_and_end();
    let mut lines = signature.split(|b| *b == b'\n').map(|line| line.strip_suffix(b"\r").unwrap_or(line));
    if lines.next() != Some(begin) {
        return Err(Refusal::invalid("the line that begins the signature goes on after it"));
    }
    if !lines.any(|line| line == end) {
        return Err(Refusal::invalid("the signature has no end"));
    }
    if lines.any(|line| !line.is_empty()) {
        return Err(Refusal::invalid("there is text after the signature, which nobody signed"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::proof::Reason;

    const SIGNATURE: &str = "-----BEGIN SSH SIGNATURE-----\nAAAA\n-----END SSH SIGNATURE-----\n";
    const TAG: &str = "object 1111111111111111111111111111111111111111\ntype commit\ntag v1\n\
                       tagger T <t@example.org> 1700000000 +0100\n\nmessage\n";

    fn refused(text: &str) -> Refusal {
        match TagObject::split(text.as_bytes()) {
            Err(refusal) => refusal,
            Ok(tag) => tag.expect("it is signed").headers().expect_err(text),
        }
    }

    #[test]
    fn what_is_signed_is_what_stands_before_the_signature() {
        let text = format!("{TAG}{SIGNATURE}");
        let tag = TagObject::split(text.as_bytes()).unwrap().unwrap();
        assert_eq!((tag.payload, tag.signature), (TAG.as_bytes(), SIGNATURE.as_bytes()));
        let headers = tag.headers().unwrap();
        assert_eq!((headers.kind, headers.name), (&b"commit"[..], &b"v1"[..]));
        assert_eq!(headers.tagged_at.unwrap().as_second(), 1_700_000_000);
        assert!(TagObject::split(TAG.as_bytes()).unwrap().is_none());
        let quoted = format!("{TAG} {SIGNATURE}");
        assert!(
            TagObject::split(quoted.as_bytes()).unwrap().is_none(),
            "git wants it at the start of a line"
        );
    }

    #[test]
    fn row_117_two_signatures_are_refused_whatever_their_kinds() {
        let other = "-----BEGIN PGP SIGNATURE-----\n\nAAAA\n-----END PGP SIGNATURE-----\n";
        for text in [
            format!("{TAG}{SIGNATURE}{SIGNATURE}"),
            format!("{TAG}{other}{SIGNATURE}"),
            format!("{TAG}-----BEGIN SIGNED MESSAGE-----\n{SIGNATURE}"),
        ] {
            let refusal = refused(&text);
            assert_eq!(refusal.reason, Reason::Invalid);
            assert!(refusal.detail.contains("2 lines of the tag begin a signature"), "{refusal}");
        }
    }

    #[test]
    fn a_block_is_whole_and_the_last_thing_in_the_object() {
        for (text, why) in [
            (format!("{TAG}{SIGNATURE}more\n"), "text after the signature"),
            (format!("{TAG}{}", SIGNATURE.replace("-----END SSH SIGNATURE-----", "")), "no end"),
            (format!("{TAG}{}", SIGNATURE.replacen("-----\n", "----- x\n", 1)), "goes on after it"),
        ] {
            assert!(refused(&text).detail.contains(why), "{text}");
        }
    }

    #[test]
    fn row_44_a_header_that_is_there_twice_or_unknown_is_refused() {
        for (from, to) in [
            ("type commit\n", "object 2222222222222222222222222222222222222222\ntype commit\n"),
            ("type commit\n", "type commit\ntype commit\n"),
            ("tag v1\n", "tag v1\ntag v2\n"),
            ("tag v1\n", "tag v1\ngpgsig-sha256 x\n"),
            ("+0100\n", "+0100\ngpgsig x\n"),
            ("+0100\n", "+0100\ntagger T <t@example.org> 1 +0000\n"),
            ("tag v1", "tag v\0"),
            ("object 1", "objekt 1"),
            ("\n\nmessage", "\nmessage"),
        ] {
            let text = format!("{}{SIGNATURE}", TAG.replacen(from, to, 1));
            let refusal = refused(&text);
            assert!(matches!(refusal.reason, Reason::Invalid | Reason::Unreadable), "{text}");
        }
    }
}
