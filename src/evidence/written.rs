//! When an object of git says that it was made.

use jiff::Timestamp;

/// The time in `Name <mail> SECONDS ZONE`, as the headers `tagger` and `committer` hold it.
pub(crate) fn time(header: &[u8]) -> Option<Timestamp> {
    let after = header.iter().rposition(|b| *b == b'>')? + 1;
    let text = std::str::from_utf8(&header[after..]).ok()?;
    Timestamp::from_second(text.split_ascii_whitespace().next()?.parse().ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

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
}
