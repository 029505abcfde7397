//! Digests that are too short, too long, in other digits, or no digits at all.

use serde_json::json;

use crate::kit::bundle::Content;
use crate::kit::keys::sha256_hex;
use crate::stage::LINUX;
use crate::stand::{Stand, bytes_of, code_of_verify_bundle, v1};

/// What is no SHA-256, made from one.
fn wrong(digest: &str) -> Vec<String> {
    vec![
        "../../x".to_owned(),
        digest[..63].to_owned(),
        format!("{digest}0"),
        format!("{}g", &digest[..63]),
        format!(" {digest}"),
        format!("0x{}", &digest[2..]),
        digest
            .chars()
            .map(|c| c.to_digit(10).and_then(|n| char::from_u32(0xff10 + n)).unwrap_or(c))
            .collect(),
        digest.chars().map(|c| c.to_digit(10).and_then(|n| char::from_u32(0x660 + n)).unwrap_or(c)).collect(),
        digest.replacen(|c: char| c.is_ascii_hexdigit(), "\0", 1),
        String::new(),
    ]
}

#[test]
fn a_statement_with_such_a_digest_is_no_statement() {
    let stand = Stand::statement();
    let digest = sha256_hex(&bytes_of(LINUX));
    for digest in wrong(&digest).into_iter().chain([digest.to_uppercase(), format!("sha256:{digest}")]) {
        let mut statement = stand.provenance();
        statement["subject"][0]["digest"] = json!({"sha256": digest});
        let bundle = stand.bundle_of(&Content::statement(&statement), &v1());
        stand.refuses(&bundle, "signatures/invalid", "not an in-toto statement");
    }
}

#[test]
fn a_list_with_such_a_digest_is_not_read() {
    let stand = Stand::whole().withdraw("SHA256SUMS.sigstore.json");
    let good = String::from_utf8(stand.read("SHA256SUMS")).unwrap();
    assert_eq!(stand.outcome(), "verified");
    for digest in wrong(&sha256_hex(&bytes_of(LINUX))) {
        let list: String = good
            .lines()
            .map(
                |line| {
                    if line.ends_with(LINUX) { format!("{digest}  {LINUX}\n") } else { format!("{line}\n") }
                },
            )
            .collect();
        let told = stand.clone().publish("SHA256SUMS", list.as_bytes()).outcome();
        assert_eq!(
            told, "undetermined: checksums/unlisted undetermined, checksums/unreadable undetermined",
            "{digest:?}"
        );
    }
}

#[test]
fn a_digest_on_the_command_line_is_exact_too() {
    let right = sha256_hex(&bytes_of(LINUX));
    assert_eq!(code_of_verify_bundle(&[&format!("sha256:{right}")]), Some(1), "a digest, of another file");
    for digest in wrong(&right).into_iter().filter(|digest| !digest.contains('\0')) {
        assert_eq!(code_of_verify_bundle(&[&format!("sha256:{digest}")]), Some(2), "{digest:?}");
    }
}
