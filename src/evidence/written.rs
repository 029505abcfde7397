//! What an object of git says of itself: when it was made, and whether it is signed.

use jiff::Timestamp;

/// The time in `Name <mail> SECONDS ZONE`, as the headers `tagger` and `committer` hold it.
pub(crate) fn time(header: &[u8]) -> Option<Timestamp> {
    let after = header.iter().rposition(|b| *b == b'>')? + 1;
    let text = std::str::from_utf8(&header[after..]).ok()?;
    Timestamp::from_second(text.split_ascii_whitespace().next()?.parse().ok()?).ok()
}

/// What begins a line of a tag with which git lets a signature begin: OpenPGP, SSH and X.509 (gpg-interface.c). Which of
/// such lines count, and whether the signature is any good, is decided where it is verified.
const SIGNATURES: [&[u8]; 4] = [
    b"-----BEGIN PGP SIGNATURE-----",
    b"-----BEGIN PGP MESSAGE-----",
    b"-----BEGIN SSH SIGNATURE-----",
    b"-----BEGIN SIGNED MESSAGE-----",
];

/// Whether a line of the tag object begins a signature.
pub(crate) fn is_signed(tag: &[u8]) -> bool {
    let mut lines = tag.split(|byte| *byte == b'\n');
    lines.any(|line| SIGNATURES.iter().any(|begin| line.starts_with(begin)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TAG: &str = "object 1111111111111111111111111111111111111111\ntype commit\ntag v1\n\
                       tagger T <t@example.org> 1700000000 +0100\n\nmessage\n";

    #[test]
    fn the_time_is_the_number_behind_the_address_whatever_the_name_is() {
        let at = |text: &str| time(text.as_bytes()).map(Timestamp::as_second);
        assert_eq!(at("T <t@example.org> 1700000000 +0100"), Some(1_700_000_000));
        assert_eq!(at("A > 5 B <t@example.org> 7 +0000"), Some(7));
        for none in
            ["T <t@example.org>", "T 1700000000 +0000", "T <t> x", "T <t> 99999999999999999 +0000", ""]
        {
            assert_eq!(at(none), None, "{none}");
        }
    }

    #[test]
    fn a_tag_is_signed_when_a_line_of_it_begins_a_signature() {
        for marker in SIGNATURES {
            for end in [&b"\n"[..], b"", b"\r\n", b" and more\n"] {
                let signed = [TAG.as_bytes(), marker, end].concat();
                assert!(is_signed(&signed));
            }
            let indented = [TAG.as_bytes(), b" ", marker, b"\n"].concat();
            assert!(!is_signed(&indented), "git wants it at the start of a line");
        }
        let quoted = format!("{TAG}see -----BEGIN PGP SIGNATURE----- in the manual\n");
        assert!(!is_signed(quoted.as_bytes()));
    }
}
