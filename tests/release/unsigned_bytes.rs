//! The bytes of a release that nothing signs: each with the reason why a change there proves nothing and hides nothing.
//!
//! The mutation tests fail when a change outside of this list stays verified, and when an entry is never met. The list
//! is published as `docs/unsigned-bytes.md`; `RELCHECK_WRITE_DOCS=1 cargo test --test release unsigned` writes it.

use base64::{Engine, engine::general_purpose::STANDARD};

use crate::json_places::{Part, Place};

/// A byte that was changed.
pub struct Spot<'a> {
    /// What the file is.
    pub shape: Shape,
    /// Where the byte stands; nowhere in particular outside of JSON.
    pub place: &'a Place,
    /// The text of the string that it is in.
    pub text: &'a str,
    /// Its place in that text, or in the file outside of JSON.
    pub at: usize,
    /// The file as it was.
    pub file: &'a [u8],
    /// What the byte was.
    pub from: u8,
    /// What it became.
    pub to: u8,
}

/// How a signature was made, as far as it matters to which of its bytes count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Shape {
    /// The bundle's own version allows that the log's promise stands alone.
    pub v01: bool,
    /// Logged in Rekor v2.
    pub rekor_v2: bool,
    /// By a managed key.
    pub key: bool,
    /// With an RFC 3161 time-stamp.
    pub stamped: bool,
    /// The tool that made it; empty for what the kit makes in Sigstore's own forms.
    pub format: &'static str,
}

/// Bytes that nothing signs.
pub struct Unsigned {
    /// The tool that made the signature; empty for Sigstore's own forms.
    pub format: &'static str,
    /// JSON pointer, with `*` for an index; the line or the part of the packet where there is no JSON.
    pub pointer: &'static str,
    /// Which bytes there.
    pub bytes: &'static str,
    /// Where they occur.
    pub found: &'static str,
    /// Why a change is harmless.
    pub reason: &'static str,
    /// Whether one of several authenticated times may be missing afterwards.
    pub loses_a_time: bool,
    covers: fn(&Spot<'_>) -> bool,
}

/// Every byte that nothing signs.
pub const LIST: &[Unsigned] = &[
    Unsigned {
        format: "",
        pointer: "",
        bytes: "white space outside of strings",
        found: "every bundle, and the end of a detached signature",
        reason: "JSON and base64 mean the same with other white space",
        loses_a_time: false,
        covers: |spot| spot.place.part == Part::Blank && spot.to.is_ascii_whitespace(),
    },
    Unsigned {
        format: "",
        pointer: "/mediaType",
        bytes: "the name of the member",
        found: "bundles in Rekor v1",
        reason: "a bundle without a media type is read as its oldest version, and every signature in it is checked the same",
        loses_a_time: false,
        covers: |spot| spot.place.part == Part::Key && !spot.shape.rekor_v2,
    },
    Unsigned {
        format: "",
        pointer: "/messageSignature/messageDigest",
        bytes: "the name of the member",
        found: "bundles over a file",
        reason: "a hint for finding the file; without it the signature is checked over the file that the bundle is named after",
        loses_a_time: false,
        covers: |spot| spot.place.part == Part::Key,
    },
    Unsigned {
        format: "",
        pointer: "/verificationMaterial/publicKey/hint",
        bytes: "the name and the text",
        found: "bundles by a managed key",
        reason: "a hint for finding the key; the keys are the policy's, and each of them is tried",
        loses_a_time: false,
        covers: |spot| spot.shape.key && spot.place.part != Part::Structure,
    },
    Unsigned {
        format: "",
        pointer: "/verificationMaterial/x509CertificateChain/certificates/1/rawBytes",
        bytes: "the text",
        found: "bundles v0.1 and v0.2",
        reason: "the chain is built from the certificates in the trusted root; those above the first are not needed",
        loses_a_time: false,
        covers: |spot| spot.place.part == Part::Text,
    },
    Unsigned {
        format: "",
        pointer: "/verificationMaterial/tlogEntries/*/inclusionProof",
        bytes: "the name of the member",
        found: "bundles v0.1",
        reason: "bundles v0.1 may rest on the log's signed promise alone, which is checked",
        loses_a_time: false,
        covers: |spot| spot.shape.v01 && spot.place.part == Part::Key,
    },
    Unsigned {
        format: "",
        pointer: "/verificationMaterial/tlogEntries/*/inclusionPromise",
        bytes: "the name of the member",
        found: "bundles by a managed key, and bundles with a time-stamp besides",
        reason: "the proof of inclusion is checked by itself; a key needs no time, and the time-stamp is one",
        loses_a_time: true,
        covers: |spot| (spot.shape.key || spot.shape.stamped) && spot.place.part == Part::Key,
    },
    Unsigned {
        format: "",
        pointer: "/verificationMaterial/tlogEntries/*/inclusionProof/checkpoint/envelope",
        bytes: "the name before the signature, on the last line",
        found: "every bundle with a checkpoint",
        reason: "the log's key is found by the four bytes before the signature; the name is for people",
        loses_a_time: false,
        covers: |spot| {
            let dash = spot.text.rfind('\u{2014}').unwrap_or(usize::MAX);
            let end = spot.text.rfind(' ').unwrap_or(0);
            (dash..end).contains(&spot.at)
        },
    },
    Unsigned {
        format: "",
        pointer: "/verificationMaterial/tlogEntries/*/logId/keyId",
        bytes: "the text",
        found: "bundles in Rekor v2",
        reason: "in Rekor v2 the log is known by its checkpoint, which is signed; this is a repetition",
        loses_a_time: false,
        covers: |spot| spot.shape.rekor_v2 && spot.place.part == Part::Text,
    },
    Unsigned {
        format: "",
        pointer: "/verificationMaterial/tlogEntries/*/inclusionProof/rootHash",
        bytes: "the text",
        found: "bundles in Rekor v2",
        reason: "a repetition of what the checkpoint says, which is signed and is what the proof is held against",
        loses_a_time: false,
        covers: |spot| spot.shape.rekor_v2 && spot.place.part == Part::Text,
    },
    Unsigned {
        format: "",
        pointer: "/verificationMaterial/tlogEntries/*/inclusionProof/treeSize",
        bytes: "the text",
        found: "bundles in Rekor v2",
        reason: "a repetition of what the checkpoint says, which is signed and is what the proof is held against",
        loses_a_time: false,
        covers: |spot| spot.shape.rekor_v2 && spot.place.part == Part::Text,
    },
    Unsigned {
        format: "",
        pointer: "/verificationMaterial/tlogEntries/*/inclusionProof/logIndex",
        bytes: "the name and the text",
        found: "bundles in Rekor v2",
        reason: "the proof is walked with the entry's own index; this is a repetition",
        loses_a_time: false,
        covers: |spot| spot.shape.rekor_v2 && spot.place.part != Part::Structure,
    },
    Unsigned {
        format: "",
        pointer: "/verificationMaterial/timestampVerificationData",
        bytes: "the name of the member",
        found: "bundles with a time-stamp that have a promise too, or are by a managed key",
        reason: "the other time is authenticated by itself, and a key needs none",
        loses_a_time: true,
        covers: |spot| {
            spot.place.part == Part::Key && spot.shape.stamped && (spot.shape.key || !spot.shape.rekor_v2)
        },
    },
    Unsigned {
        format: "",
        pointer: "/verificationMaterial/timestampVerificationData/rfc3161Timestamps",
        bytes: "the name of the member",
        found: "bundles with a time-stamp that have a promise too, or are by a managed key",
        reason: "the other time is authenticated by itself, and a key needs none",
        loses_a_time: true,
        covers: |spot| {
            spot.place.part == Part::Key && spot.shape.stamped && (spot.shape.key || !spot.shape.rekor_v2)
        },
    },
    Unsigned {
        format: "",
        pointer: "/verificationMaterial/timestampVerificationData/rfc3161Timestamps/*/signedTimestamp",
        bytes: "`SignedData.certificates`",
        found: "bundles with a time-stamp",
        reason: "the authority's certificate is the one in the trusted root; the copy in the token is not used",
        loses_a_time: false,
        covers: |spot| in_token(spot, "1.1.0.3"),
    },
    Unsigned {
        format: "",
        pointer: "/verificationMaterial/timestampVerificationData/rfc3161Timestamps/*/signedTimestamp",
        bytes: "`SignedData.digestAlgorithms`",
        found: "bundles with a time-stamp",
        reason: "an announcement of what the signer information says again; RFC 5652 signs only the latter",
        loses_a_time: false,
        covers: |spot| in_token(spot, "1.1.0.1"),
    },
    Unsigned {
        format: "",
        pointer: "/verificationMaterial/timestampVerificationData/rfc3161Timestamps/*/signedTimestamp",
        bytes: "the tag of `encapContentInfo.eContent`",
        found: "bundles with a time-stamp",
        reason: "the content is hashed without its tag (RFC 5652, 5.4)",
        loses_a_time: false,
        covers: |spot| in_token(spot, "1.1.0.2.1.0"),
    },
    Unsigned {
        format: "",
        pointer: "/verificationMaterial/timestampVerificationData/rfc3161Timestamps/*/signedTimestamp",
        bytes: "`SignerInfo.signatureAlgorithm`",
        found: "bundles with a time-stamp",
        reason: "the signature is checked with the algorithm of the authority's key",
        loses_a_time: false,
        covers: |spot| in_token(spot, "1.1.0.4.0.4"),
    },
    Unsigned {
        format: "minisign",
        pointer: "line 1",
        bytes: "the untrusted comment",
        found: "signatures of minisign",
        reason: "it is called so because nothing signs it: it is never shown, and says nothing to anybody",
        loses_a_time: false,
        covers: |spot| spot.at >= "untrusted comment: ".len() && !spot.to.is_ascii_control(),
    },
    Unsigned {
        format: "signify",
        pointer: "line 1",
        bytes: "the untrusted comment",
        found: "signatures of signify, detached and before a message",
        reason: "it is called so because nothing signs it: it is never shown, and says nothing to anybody",
        loses_a_time: false,
        covers: |spot| spot.at >= "untrusted comment: ".len() && !spot.to.is_ascii_control(),
    },
    Unsigned {
        format: "gpg",
        pointer: "the unhashed area",
        bytes: "every byte, save where the packet could be read no more",
        found: "OpenPGP signatures, binary, armored and behind a text",
        reason: "hints for finding the key (RFC 9580, 5.2.4); each key of the policy that it may be is tried, and the time \
                 and the fingerprint that count are in the hashed area",
        loses_a_time: false,
        covers: |_| true,
    },
    Unsigned {
        format: "gpg",
        pointer: "the checksum of the armor",
        bytes: "every character, by another one of base64",
        found: "armored OpenPGP signatures",
        reason: "RFC 9580, 6.1: what is signed is in the packet, and a wrong checksum makes it no other one",
        loses_a_time: false,
        covers: |spot| spot.to.is_ascii_alphanumeric() || b"+/".contains(&spot.to),
    },
    Unsigned {
        format: "gpg",
        pointer: "the last line of the armor",
        bytes: "the line feed at its end, by other white space",
        found: "armored OpenPGP signatures",
        reason: "nothing follows it, and nothing is read there",
        loses_a_time: false,
        covers: at_the_end,
    },
    Unsigned {
        format: "ssh-keygen",
        pointer: "line *",
        bytes: "the line feed at the end, by other white space",
        found: "SSH signatures",
        reason: "nothing follows it, and nothing is read there",
        loses_a_time: false,
        covers: at_the_end,
    },
    Unsigned {
        format: "cosign",
        pointer: "/cert",
        bytes: "white space behind the certificate, in the PEM that the text encodes",
        found: "bundles of cosign before Sigstore's own",
        reason: "PEM means the same with other white space behind it; the certificate is the same",
        loses_a_time: false,
        covers: |spot| {
            let mut changed = spot.text.as_bytes().to_vec();
            changed[spot.at] = spot.to;
            let pem = |text: &[u8]| STANDARD.decode(text).ok().map(|it| it.trim_ascii_end().to_vec());
            spot.place.part == Part::Text && pem(&changed) == pem(spot.text.as_bytes())
        },
    },
];

/// The last byte of a file, which was white space and still is.
fn at_the_end(spot: &Spot<'_>) -> bool {
    spot.at + 1 == spot.file.len() && spot.from.is_ascii_whitespace() && spot.to.is_ascii_whitespace()
}

/// The list as people read it.
pub fn document() -> String {
    let mut text = HEAD.to_owned();
    for entry in LIST {
        let place = match entry.pointer {
            "" => "(anywhere)".to_owned(),
            pointer if pointer.starts_with('/') => format!("`{pointer}`"),
            pointer => pointer.to_owned(),
        };
        let times = if entry.loses_a_time { " One of its times is missing from then on." } else { "" };
        text +=
            &format!("| {place} | {} | {} | {}.{times} |\n", entry.bytes, entry.found, upper(entry.reason));
    }
    text + TAIL
}

const HEAD: &str = "\
# Bytes that nothing signs

A release stays `verified` when one of these bytes is changed, because nothing signs them: whoever changes one proves
nothing by it and hides nothing. `tests/release/mutation.rs` changes every byte of every sidecar in turn, and
`mutation_formats.rs` beside it does so for signatures of minisign, signify, openssl, gpg, ssh-keygen and old cosign; they
fail when a change outside of this list stays verified, when an entry is never met, and when the signer, what was signed or the
times differ afterwards (save for a time that is missing, where the entry says so). This file is written from
`tests/release/unsigned_bytes.rs`.

| where | which bytes | in | why it is harmless |
|---|---|---|---|
";

const TAIL: &str = "
No byte of an artifact or of a checksum file is on this list, nor of a signature, nor anything that
the certificate, the log entry, the statement, the checkpoint, the trusted comment or the hashed area says.
No byte at all of what openssl signs with a raw key is.
";

fn upper(text: &str) -> String {
    let (first, rest) = text.split_at(1);
    first.to_uppercase() + rest
}

#[test]
fn the_published_list_is_this_one() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/unsigned-bytes.md");
    if std::env::var_os("RELCHECK_WRITE_DOCS").is_some() {
        std::fs::create_dir_all(concat!(env!("CARGO_MANIFEST_DIR"), "/docs")).unwrap();
        std::fs::write(path, document()).unwrap();
    }
    let published = std::fs::read_to_string(path).unwrap_or_default();
    assert!(
        published == document(),
        "write it anew: RELCHECK_WRITE_DOCS=1 cargo test --test release unsigned"
    );
}

/// The entry that covers a byte.
pub fn entry(spot: &Spot<'_>) -> Option<usize> {
    LIST.iter().position(|entry| {
        entry.format == spot.shape.format && is_at(entry.pointer, &spot.place.pointer) && (entry.covers)(spot)
    })
}

/// Whether `pointer` is one that `pattern` stands for.
fn is_at(pattern: &str, pointer: &str) -> bool {
    if let (Some("*"), Some(line)) = (pattern.strip_prefix("line "), pointer.strip_prefix("line ")) {
        return line.bytes().all(|b| b.is_ascii_digit());
    }
    let (mut pattern, mut pointer) = (pattern.split('/'), pointer.split('/'));
    loop {
        match (pattern.next(), pointer.next()) {
            (None, None) => return true,
            (Some("*"), Some(index)) if index.bytes().all(|b| b.is_ascii_digit()) => {}
            (Some(one), Some(other)) if one == other => {}
            _ => return false,
        }
    }
}

/// Whether the character at that place of a base64 text holds bits of a DER element at or below `path`.
fn in_token(spot: &Spot<'_>, path: &str) -> bool {
    let Ok(token) = STANDARD.decode(spot.text) else { return false };
    bytes_of(spot.at).filter(|at| *at < token.len()).any(|at| {
        let here = der_path(&token, at);
        here == path || here.starts_with(&format!("{path}."))
    })
}

/// The bytes of which a base64 character holds bits.
pub fn bytes_of(character: usize) -> std::ops::RangeInclusive<usize> {
    let first = character * 6 / 8;
    first..=(character * 6 + 5) / 8
}

/// The place of a byte in a DER document: the index of the child at each level.
pub fn der_path(der: &[u8], at: usize) -> String {
    let mut path = Vec::new();
    let (mut start, mut end) = (0, der.len());
    'down: loop {
        let mut child = start;
        let mut index = 0;
        while child < end {
            let (header, length) = header(&der[child..end]);
            let next = child + header + length;
            if at < next {
                path.push(index.to_string());
                let constructed = der[child] & 0x20 != 0;
                if at < child + header || !constructed {
                    break 'down;
                }
                (start, end) = (child + header, next);
                continue 'down;
            }
            child = next;
            index += 1;
        }
        break;
    }
    // The document itself is the first and only child of nothing.
    path.get(1..).unwrap_or_default().join(".")
}

/// Length of tag and length, and of the content.
fn header(der: &[u8]) -> (usize, usize) {
    match der[1] {
        short @ 0..=0x7f => (2, usize::from(short)),
        0x81 => (3, usize::from(der[2])),
        _ => (4, usize::from(der[2]) << 8 | usize::from(der[3])),
    }
}
