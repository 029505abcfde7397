//! The packets of an OpenPGP file (RFC 9580, section 4): their types and where each begins and ends.
//!
//! Only lengths that are known in advance are read. Packets that hold files may have others, and no packet that counts
//! here is one of those.

/// The types that are told apart.
pub(crate) mod tag {
    pub(crate) const SIGNATURE: u8 = 2;
    pub(crate) const SECRET_KEY: u8 = 5;
    pub(crate) const PUBLIC_KEY: u8 = 6;
    pub(crate) const SECRET_SUBKEY: u8 = 7;
    pub(crate) const MARKER: u8 = 10;
    pub(crate) const TRUST: u8 = 12;
    pub(crate) const USER_ID: u8 = 13;
    pub(crate) const PUBLIC_SUBKEY: u8 = 14;
    pub(crate) const USER_ATTRIBUTE: u8 = 17;
    pub(crate) const PADDING: u8 = 21;
}

/// A packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Packet<'a> {
    /// Its type.
    pub(crate) tag: u8,
    /// What it holds; `None` where that does not end within the file, or where its length is not given in advance.
    pub(crate) body: Option<&'a [u8]>,
}

/// The packets of a file, in order. The last may be one without a body; a byte that begins no packet is type 0.
pub(crate) struct Packets<'a> {
    rest: &'a [u8],
}

impl<'a> Packets<'a> {
    /// The packets of `bytes`.
    pub(crate) fn of(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }
}

impl<'a> Iterator for Packets<'a> {
    type Item = Packet<'a>;

    fn next(&mut self) -> Option<Packet<'a>> {
        let (&first, rest) = self.rest.split_first()?;
        let tag = match first & 0xC0 {
            0xC0 => first & 0x3F,
            0x80 => (first & 0x3C) >> 2,
            _ => 0,
        };
        let body = length(first, rest).and_then(|(length, rest)| rest.split_at_checked(length));
        self.rest = body.map_or(&[], |(_, rest)| rest);
        Some(Packet { tag, body: body.map(|(body, _)| body) })
    }
}

/// The length of a body, and what follows its length: sections 4.2.1 and 4.2.2.
fn length(first: u8, rest: &[u8]) -> Option<(usize, &[u8])> {
    let number = |bytes: &[u8]| bytes.iter().fold(0_usize, |sum, b| (sum << 8) | usize::from(*b));
    let take = |n: usize| rest.split_at_checked(n).map(|(digits, rest)| (number(digits), rest));
    if first & 0xC0 == 0x80 {
        return match first & 3 {
            0 => take(1),
            1 => take(2),
            2 => take(4),
            _ => None,
        };
    }
    match rest.first()? {
        one @ 0..=191 => Some((usize::from(*one), &rest[1..])),
        192..=223 => take(2).map(|(n, rest)| (n - (192 << 8) + 192, rest)),
        224..=254 => None,
        255 => rest[1..].split_at_checked(4).map(|(digits, rest)| (number(digits), rest)),
    }
}

/// What a packet of that type is called.
pub(crate) fn name(tag: u8) -> &'static str {
    match tag {
        1 | 3 => "session key",
        tag::SIGNATURE => "signature",
        4 => "one-pass signature",
        tag::SECRET_KEY | tag::SECRET_SUBKEY => "secret key",
        tag::PUBLIC_KEY | tag::PUBLIC_SUBKEY => "public key",
        8 => "compressed data",
        9 | 18 | 20 => "encrypted data",
        tag::MARKER => "marker",
        11 => "literal data",
        tag::TRUST => "trust",
        tag::USER_ID | tag::USER_ATTRIBUTE => "user id",
        tag::PADDING => "padding",
        _ => "unknown",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8]) -> Vec<(u8, Option<usize>)> {
        Packets::of(bytes).map(|packet| (packet.tag, packet.body.map(<[u8]>::len))).collect()
    }

    #[test]
    fn both_formats_of_headers_are_read() {
        assert_eq!(read(&[0x88, 1, 4, 0xC2, 2, 4, 4]), [(2, Some(1)), (2, Some(2))]);
        assert_eq!(read(&[0x99, 0, 1, 4]), [(6, Some(1))]);
        assert_eq!(read(&[0x9A, 0, 0, 0, 1, 4]), [(6, Some(1))]);
        assert_eq!(read(&[&[0xC2, 192, 0][..], &[0; 192]].concat()), [(2, Some(192))]);
        assert_eq!(read(&[0xC2, 255, 0, 0, 0, 1, 4]), [(2, Some(1))]);
        assert_eq!(read(&[]), []);
    }

    #[test]
    fn a_packet_that_does_not_end_is_the_last_and_has_no_body() {
        assert_eq!(read(&[0x88, 2, 4]), [(2, None)]);
        assert_eq!(read(&[0xC2]), [(2, None)]);
        assert_eq!(read(&[0xA3, 1, 2, 3]), [(8, None)], "a length that is not given");
        assert_eq!(read(&[0xCB, 224, 1]), [(11, None)], "a partial length");
        assert_eq!(read(&[0xC2, 255, 255, 255, 255, 255, 0]), [(2, None)]);
        assert_eq!(read(b"text"), [(0, None)]);
    }
}
