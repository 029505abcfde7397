//! Which published files are kept whole, and which digests they speak of.
//!
//! Keeping too much costs memory, keeping too little makes a check say that it could not look: so names are judged
//! generously here, and what a file is, is decided later from its content.

use crate::digest::{Algorithm, Algorithms};
use base64::{Engine, engine::general_purpose::STANDARD_NO_PAD, engine::general_purpose::URL_SAFE_NO_PAD};
use std::collections::BTreeSet;

/// Ends of names of files that speak about others.
const SUFFIXES: &[&str] = &[
    ".json",
    ".jsonl",
    ".jsonld",
    ".ndjson",
    ".sigstore",
    ".bundle",
    ".sig",
    ".sign",
    ".signature",
    ".pem",
    ".crt",
    ".cert",
    ".cer",
    ".pub",
    ".asc",
    ".gpg",
    ".pgp",
    ".minisig",
    ".p7s",
    ".p7b",
    ".sshsig",
    ".slsa",
    ".tsr",
    ".ots",
    ".att",
    ".spdx",
    ".cdx",
    ".xml",
    ".txt",
    ".md",
];

/// Parts of names of files that speak about others.
const PARTS: &[&str] = &[
    "checksum",
    "digest",
    "hashes",
    "sum",
    "md5",
    "sha1",
    "sha2",
    "sha3",
    "sha5",
    "blake",
    "b2",
    "b3",
    "provenance",
    "attestation",
    "intoto",
    "in-toto",
    "slsa",
    "sbom",
    "signature",
];

/// Shortest run of base64 that is looked into; what is shorter cannot hold a digest in hexadecimal.
const SHORTEST_BASE64: usize = 96;

/// What predicates of SLSA provenance are called.
const PROVENANCE: &[u8] = b"slsa.dev/provenance";

/// How an SSH signature begins.
const SSH_SIGNATURE: &[u8] = b"-----BEGIN SSH SIGNATURE-----";

/// Whether a published file of this name may speak about others.
pub(super) fn is_sidecar_name(name: &str) -> bool {
    let lower = name.to_lowercase();
    if SUFFIXES.iter().any(|suffix| lower.ends_with(suffix)) {
        return true;
    }
    // `sumo-1.0.tar.gz` is no list of sums.
    const PACKAGES: &[&str] = &[
        ".gz", ".xz", ".zst", ".bz2", ".zip", ".exe", ".msi", ".deb", ".rpm", ".dmg", ".whl", ".crate",
        ".jar", ".apk",
    ];
    PARTS.iter().any(|part| lower.contains(part)) && !PACKAGES.iter().any(|suffix| lower.ends_with(suffix))
}

/// Whether a published file of this name may be something that people use: also one like `config.json`, which is kept
/// since it may speak about others.
pub(super) fn may_be_artifact(name: &str) -> bool {
    let lower = name.to_lowercase();
    let document = [".json", ".jsonld", ".ndjson", ".xml", ".txt", ".md"]
        .iter()
        .find_map(|suffix| lower.strip_suffix(suffix));
    !is_sidecar_name(document.unwrap_or(&lower))
}

/// `known`, and the further algorithms that a sidecar speaks of: by name, or by a run of as many hexadecimal digits
/// as one has, in its text or in base64 inside it. 128 digits alone may be SHA-512 or BLAKE2b: then both.
pub(super) fn mentioned(name: &str, bytes: &[u8], known: Algorithms) -> Algorithms {
    let mut seen = Mentions::default();
    seen.look(name.as_bytes());
    seen.look(bytes);
    // What an SSH signature was hashed with stands across two lines of its base64; nearly always it is SHA-512.
    seen.sha512 |= bytes.trim_ascii_start().starts_with(SSH_SIGNATURE);
    seen.blake2 |= is_over_blake2b(bytes);
    decoded(bytes).for_each(|decoded| seen.look(&decoded));
    seen.add_to(known)
}

/// The SHA-256 digests, in hexadecimal, that stand in a sidecar beside the words of SLSA provenance. Whether it is provenance
/// of them, shows when it is verified; here it only spares a question to the forge.
pub(super) fn claims_provenance_of(bytes: &[u8]) -> BTreeSet<String> {
    let speaks = |text: &[u8]| text.windows(PROVENANCE.len()).any(|window| window == PROVENANCE);
    let digests = |text: &[u8]| -> Vec<String> {
        let runs = text.split(|b| !b.is_ascii_hexdigit()).filter(|run| run.len() == 64);
        runs.map(|run| String::from_utf8_lossy(run).to_ascii_lowercase()).collect()
    };
    decoded(bytes).filter(|text| speaks(text)).flat_map(|text| digests(&text)).collect()
}

/// What stands in a sidecar in base64.
fn decoded(bytes: &[u8]) -> impl Iterator<Item = Vec<u8>> {
    let runs = bytes.split(|b| !is_base64(*b)).filter(|run| run.len() >= SHORTEST_BASE64);
    runs.filter_map(|run| STANDARD_NO_PAD.decode(run).or_else(|_| URL_SAFE_NO_PAD.decode(run)).ok())
}

/// Whether it is a signature of minisign of the kind that is over a file's BLAKE2b-512: `ED`, which is RU in base64.
fn is_over_blake2b(bytes: &[u8]) -> bool {
    let head = bytes.trim_ascii_start();
    head.starts_with(b"untrusted comment:")
        && head.split(|b| *b == b'\n').nth(1).is_some_and(|line| line.starts_with(b"RU"))
}

fn is_base64(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'-' | b'_')
}

/// What was seen in a sidecar.
#[derive(Default)]
struct Mentions {
    sha384: bool,
    sha512: bool,
    blake2: bool,
    digits_128: bool,
}

impl Mentions {
    fn look(&mut self, bytes: &[u8]) {
        for run in bytes.split(|b| !b.is_ascii_hexdigit()) {
            self.sha384 |= run.len() == 96;
            self.digits_128 |= run.len() == 128;
        }
        // Names are compared without case and without what stands between their parts: sha512, SHA-512, SHA2_512.
        let plain: Vec<u8> = bytes
            .iter()
            .filter(|b| !matches!(b, b'-' | b'_' | b' ' | b'.'))
            .map(u8::to_ascii_lowercase)
            .collect();
        let mut rest = plain.as_slice();
        while let Some(at) = rest.iter().position(|b| matches!(b, b's' | b'b')) {
            rest = &rest[at..];
            let begins = |word: &[u8]| rest.starts_with(word);
            self.sha384 |= begins(b"sha384") || begins(b"sha2384");
            self.sha512 |= begins(b"sha512") || begins(b"sha2512");
            self.blake2 |= begins(b"blake2") || begins(b"b2sum") || begins(b"b2:");
            rest = &rest[1..];
        }
    }

    fn add_to(&self, mut known: Algorithms) -> Algorithms {
        let either = self.digits_128 && !self.sha512 && !self.blake2;
        for (is_seen, algorithm) in [
            (self.sha384, Algorithm::Sha384),
            (self.sha512 || either, Algorithm::Sha512),
            (self.blake2 || either, Algorithm::Blake2b512),
        ] {
            if is_seen {
                known = known.with(&algorithm);
            }
        }
        known
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::engine::general_purpose::STANDARD;

    const ONLY: Algorithms = Algorithms::SHA256;

    fn of(name: &str, text: &str) -> Algorithms {
        mentioned(name, text.as_bytes(), ONLY)
    }

    #[test]
    fn names_of_sidecars_are_known_and_names_of_packages_are_not() {
        for sidecar in [
            "a.tar.gz.sigstore.json",
            "a.intoto.jsonl",
            "A.SIG",
            "cosign.pub",
            "a.asc",
            "SHA256SUMS",
            "sha512sum",
            "checksums.txt",
            "a.tar.gz.sha256",
            "a.zip.b2",
            "a.exe.blake2b",
            "multiple.intoto",
            "CHECKSUM",
            "SHASUMS256.txt",
            "widget.provenance",
            "bom.xml",
        ] {
            assert!(is_sidecar_name(sidecar), "{sidecar}");
        }
        for package in
            ["widget-1.0.tar.gz", "widget", "widget.exe", "sumo-1.0.tar.gz", "b2-1.0.zip", "widget.deb"]
        {
            assert!(!is_sidecar_name(package), "{package}");
        }
    }

    #[test]
    fn a_document_may_be_an_artifact_unless_its_name_says_more() {
        for name in ["widget", "widget.tar.gz", "config.json", "LICENSE.txt", "layout.xml", "INSTALL.md"] {
            assert!(may_be_artifact(name), "{name}");
        }
        for name in [
            "widget.sigstore.json",
            "widget.cdx.json",
            "SHA256SUMS",
            "SHA256SUMS.txt",
            "checksums.txt",
            "a.sig",
        ] {
            assert!(!may_be_artifact(name), "{name}");
        }
    }

    #[test]
    fn an_algorithm_is_computed_when_a_sidecar_names_it_or_shows_its_digits() {
        let (sha384, sha512, blake) = (Algorithm::Sha384, Algorithm::Sha512, Algorithm::Blake2b512);
        let digits = "a1".repeat(64);
        assert_eq!(of("x.json", &"a1".repeat(32)), ONLY);
        assert_eq!(of("x.json", &"a1".repeat(48)), ONLY.with(&sha384));
        assert_eq!(of("x.json", &digits), ONLY.with(&sha512).with(&blake));
        assert_eq!(of("SHA512SUMS", &digits), ONLY.with(&sha512));
        assert_eq!(of("B2SUMS", &digits), ONLY.with(&blake));
        assert_eq!(of("x.json", &format!("BLAKE2b (x) = {digits}")), ONLY.with(&blake));
        assert_eq!(of("x.json", "\"algorithm\": \"SHA2_512\""), ONLY.with(&sha512));
        assert_eq!(of("x.json", &format!("{digits}0")), ONLY, "129 digits are no digest");
    }

    #[test]
    fn an_ssh_signature_speaks_of_sha_512_whatever_it_is_called() {
        let armor = "-----BEGIN SSH SIGNATURE-----\nU1NIU0lH\n-----END SSH SIGNATURE-----\n";
        for name in ["a.sig", "a.sshsig", "a.asc"] {
            assert_eq!(of(name, armor), ONLY.with(&Algorithm::Sha512), "{name}");
        }
        assert_eq!(of("a.txt", &format!("see {armor}")), ONLY);
    }

    #[test]
    fn a_prehashed_signature_of_minisign_asks_for_what_it_is_over() {
        let blake = ONLY.with(&Algorithm::Blake2b512);
        assert_eq!(of("x.minisig", "untrusted comment: x\nRURcgUNF1zF+\n"), blake);
        assert_eq!(of("x.sig", "untrusted comment: x\nRURcgUNF1zF+\n"), blake);
        assert_eq!(of("x.minisig", "untrusted comment: x\nRWRcgUNF1zF+\n"), ONLY);
    }

    #[test]
    fn provenance_is_of_the_digests_beside_its_words() {
        let (one, other) = ("0f".repeat(32), "1e".repeat(32));
        let envelope = |text: String| format!("{{\"payload\":\"{}\"}}", STANDARD.encode(text));
        let of = |kind: &str| envelope(format!("{{\"a\":\"{one}\",\"b\":\"{other}0\",\"p\":\"{kind}\"}}"));
        let claimed = claims_provenance_of(of("https://slsa.dev/provenance/v1").as_bytes());
        assert_eq!(claimed, BTreeSet::from([one.clone()]));
        assert!(claims_provenance_of(of("https://spdx.dev/Document").as_bytes()).is_empty());
        assert!(claims_provenance_of(format!("slsa.dev/provenance {one}").as_bytes()).is_empty());
    }

    #[test]
    fn a_digest_inside_the_payload_of_an_envelope_is_found() {
        let statement = format!("{{\"subject\":[{{\"digest\":{{\"sha512\":\"{}\"}}}}]}}", "0f".repeat(64));
        for payload in [STANDARD.encode(&statement), URL_SAFE_NO_PAD.encode(&statement)] {
            let found = of("x.json", &format!("{{\"payload\":\"{payload}\"}}"));
            assert_eq!(found, ONLY.with(&Algorithm::Sha512));
        }
        let statement = format!("{{\"subject\":[{{\"digest\":{{\"sha256\":\"{}\"}}}}]}}", "0f".repeat(32));
        assert_eq!(of("x.json", &format!("{{\"payload\":\"{}\"}}", STANDARD.encode(statement))), ONLY);
    }
}
