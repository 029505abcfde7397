//! Where each byte of a signature stands that is no JSON: which line it is on, and which part of an OpenPGP packet or of
//! an armor it belongs to.

use base64::{Engine, engine::general_purpose::STANDARD};

use crate::json_places::{Part, Place};
use crate::unsigned_bytes::bytes_of;

/// One place for each byte of a signature by that tool.
pub fn regions(format: &str, bytes: &[u8]) -> Vec<Place> {
    let text = std::str::from_utf8(bytes).ok().filter(|text| text.contains("-----BEGIN PGP SIGNATURE-----"));
    match text {
        _ if format != "gpg" => lines(bytes),
        Some(text) => armored(text),
        None => (0..bytes.len()).map(|at| place(region(bytes, at), bytes[at])).collect(),
    }
}

fn place(region: &str, byte: u8) -> Place {
    let part = if byte.is_ascii_whitespace() { Part::Blank } else { Part::Structure };
    Place { pointer: region.to_owned(), part, text: (0, 0) }
}

/// By line, counted from 1.
fn lines(bytes: &[u8]) -> Vec<Place> {
    let mut line = 1;
    let next = |byte: &u8| {
        let here = place(&format!("line {line}"), *byte);
        line += usize::from(*byte == b'\n');
        here
    };
    bytes.iter().map(next).collect()
}

/// The part of an OpenPGP signature packet of version 4, with an old header (RFC 9580, 4.2.2 and 5.2.3).
fn region(packet: &[u8], at: usize) -> &'static str {
    let header = 2 + usize::from(packet[0] & 1);
    let length = |at: usize| usize::from(packet[at]) << 8 | usize::from(packet[at + 1]);
    let hashed = header + 6;
    let unhashed = hashed + length(header + 4) + 2;
    let digest = unhashed + length(unhashed - 2);
    match at {
        at if at < header => "the header of the packet",
        at if at < hashed => "the fields of the signature",
        at if at < unhashed - 2 => "the hashed area",
        at if at < unhashed => "the length of the unhashed area",
        at if at < digest => "the unhashed area",
        at if at < digest + 2 => "the first two bytes of the digest",
        _ => "the numbers of the signature",
    }
}

/// By line before the armor, and by what the armor holds in it.
fn armored(text: &str) -> Vec<Place> {
    let begin = text.find("-----BEGIN PGP SIGNATURE-----").expect("it is there");
    let end = text.find("-----END PGP SIGNATURE-----").expect("it ends");
    let body = begin + text[begin..].find("\n\n").expect("a blank line is before the body") + 2;
    let sum = text[..end].rfind("\n=").map_or(end, |at| at + 1);
    let coded: String = text[body..sum].chars().filter(|c| !c.is_whitespace()).collect();
    let packet = STANDARD.decode(&coded).expect("gpg writes base64");
    let mut places = lines(text.as_bytes());
    let mut coded = 0;
    for (at, byte) in text.bytes().enumerate().skip(begin) {
        let region = match at {
            at if at < body => "the first line of the armor",
            at if at < sum && byte.is_ascii_whitespace() => "the line ends of the armor",
            at if at < sum => {
                coded += 1;
                let first = *bytes_of(coded - 1).start();
                if first < packet.len() { region(&packet, first) } else { "the padding of the armor" }
            }
            at if at < end => "the checksum of the armor",
            _ => "the last line of the armor",
        };
        places[at] = place(region, byte);
    }
    places
}

#[test]
fn each_byte_of_a_packet_and_of_its_armor_has_its_region() {
    let packet = [0x88, 17, 4, 0, 22, 8, 0, 1, 7, 0, 2, 8, 9, 1, 2, 0, 1, 1, 0];
    let found: Vec<String> = regions("gpg", &packet).into_iter().map(|it| it.pointer).collect();
    let count = |what: &str| found.iter().filter(|it| *it == what).count();
    assert_eq!((count("the header of the packet"), count("the fields of the signature")), (2, 6));
    assert_eq!((count("the hashed area"), count("the length of the unhashed area")), (1, 2));
    assert_eq!((count("the unhashed area"), count("the numbers of the signature")), (2, 4));
    let armor = format!(
        "-----BEGIN PGP SIGNATURE-----\n\n{}\n=abcd\n-----END PGP SIGNATURE-----\n",
        STANDARD.encode(packet)
    );
    let found: Vec<String> = regions("gpg", armor.as_bytes()).into_iter().map(|it| it.pointer).collect();
    assert_eq!(found.len(), armor.len());
    assert_eq!(found.iter().filter(|it| *it == "the checksum of the armor").count(), 6);
    assert_eq!(found.iter().filter(|it| *it == "the padding of the armor").count(), 2);
}
