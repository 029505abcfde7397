//! OpenBSD's signify as the maker.

use base64::{Engine, engine::general_purpose::STANDARD};
use relcheck::proof::{Reason, Signed, signed_text};

use crate::kit::keys::sha256_hex;
use crate::kit::release::Release;
use crate::kit::signing::{Signing, maintainer};
use crate::ledger::{self, outcome, vectors};
use crate::makers::Signify;
use crate::place::{BYTES, Place, WIDGET, without_signatures};
use crate::stage::{LINUX, Stage, said};

const SIGNATURE: &str = "widget.tar.gz.sig";

impl Signify {
    fn place(&self, signature: &[u8]) -> Place {
        Place::with(SIGNATURE, signature).key(&self.public())
    }
}

/// The signature with its second line written by `edit` from what it holds.
fn with_head(signature: &[u8], edit: impl Fn(&mut Vec<u8>)) -> Vec<u8> {
    let mut parts = signature.splitn(3, |b| *b == b'\n');
    let (comment, head) = (parts.next().unwrap(), parts.next().unwrap());
    let mut raw = STANDARD.decode(head).unwrap();
    edit(&mut raw);
    [comment, b"\n", STANDARD.encode(raw).as_bytes(), b"\n", parts.next().unwrap()].concat()
}

#[test]
fn what_signify_signs_counts_and_says_neither_when_nor_more() {
    vectors!();
    let Some(tool) = Signify::new() else { return };
    let proof = tool.place(&tool.sign(BYTES)).accepted(SIGNATURE);
    assert!(matches!(proof.signed(), Signed::File(_)));
    assert!(proof.times().is_empty() && proof.stated().is_none() && proof.remarks().is_empty());
}

#[test]
fn another_file_another_key_and_a_changed_signature_are_refused() {
    vectors!();
    let (Some(tool), Some(stranger)) = (Signify::new(), Signify::new()) else { return };
    let good = tool.sign(BYTES);
    tool.place(&good).and(WIDGET, b"other").refused(SIGNATURE, Reason::Invalid, "the file was changed");
    tool.place(&good).without(WIDGET).refused(SIGNATURE, Reason::Unbound, "no published file");
    tool.place(&stranger.sign(BYTES)).refused(SIGNATURE, Reason::UnknownKey, "no minisign or signify key");
    Place::with(SIGNATURE, &good).refused(SIGNATURE, Reason::UnknownKey, "no minisign or signify key");
    let broken = with_head(&good, |raw| raw[20] ^= 1);
    tool.place(&broken).refused(SIGNATURE, Reason::Invalid, "the Ed25519 signature");
    let id = STANDARD.decode(good.split(|b| *b == b'\n').nth(1).unwrap()).unwrap()[2..10].to_vec();
    let swapped = with_head(&stranger.sign(BYTES), |raw| raw[2..10].copy_from_slice(&id));
    tool.place(&swapped).refused(SIGNATURE, Reason::Invalid, "another key signed it");
}

#[test]
fn a_file_that_is_not_written_as_signify_writes_it_is_refused() {
    vectors!();
    let Some(tool) = Signify::new() else { return };
    let good = tool.sign(BYTES);
    let text = String::from_utf8(good.clone()).unwrap();
    let refused = |text: &str, reason, words| tool.place(text.as_bytes()).refused(SIGNATURE, reason, words);
    refused(
        &text.replace("untrusted comment: ", "untrusted comment:"),
        Reason::Invalid,
        "does not begin with",
    );
    refused(&text.replace('\n', "\r\n"), Reason::Invalid, "CR LF");
    refused(text.lines().next().unwrap(), Reason::Invalid, "two lines, and this one");
    refused(&text.replacen("comment: ", "comment: \x1b[2K", 1), Reason::Invalid, "control character");
    refused(
        &text.replacen("comment: ", &format!("comment: {}", "x".repeat(1025)), 1),
        Reason::Invalid,
        "more than 1024",
    );
    refused(&text.replace('=', ""), Reason::Invalid, "not base64");
    let other = with_head(&good, |raw| raw[0] = b'X');
    tool.place(&other).refused(SIGNATURE, Reason::Unreadable, "only ED and Ed");
    let short = with_head(&good, |raw| raw.truncate(73));
    tool.place(&short).refused(SIGNATURE, Reason::Invalid, "73 bytes");
    let latin = [b"untrusted comment: \xff\n", good.splitn(2, |b| *b == b'\n').nth(1).unwrap()].concat();
    tool.place(&latin).refused(SIGNATURE, Reason::Invalid, "UTF-8");
}

#[test]
fn what_follows_a_detached_signature_makes_it_one_over_that() {
    vectors!();
    let Some(tool) = Signify::new() else { return };
    // It would have to be over what follows it, and is not.
    let trailing = [&tool.sign(BYTES)[..], b"more\n"].concat();
    tool.place(&trailing).refused(SIGNATURE, Reason::Invalid, "the message behind it was changed");
}

#[test]
fn an_embedded_message_is_what_was_signed_and_nothing_else() {
    vectors!();
    let Some(tool) = Signify::new() else { return };
    let good = tool.embed(BYTES);
    let proof = tool.place(&good).accepted(SIGNATURE);
    assert!(matches!(proof.signed(), Signed::Text(digest) if digest.hex() == sha256_hex(BYTES)));
    assert_eq!(signed_text(SIGNATURE, &good).unwrap(), BYTES);
    // The file beside it has no say in that, and its bytes are not what is verified.
    tool.place(&good).and(WIDGET, b"other").accepted(SIGNATURE);
    for changed in [
        [&good[..], b"x"].concat(),
        good[..good.len() - 1].to_vec(),
        String::from_utf8(good.clone()).unwrap().replace("bytes", "Bytes").into_bytes(),
    ] {
        tool.place(&changed).refused(SIGNATURE, Reason::Invalid, "the message behind it was changed");
    }
    // Bytes that are no text are signed as they are.
    let binary = [&b"\r\n\xff\0"[..], &[0; 3000]].concat();
    let signed = tool.embed(&binary);
    tool.place(&signed).accepted(SIGNATURE);
    assert_eq!(signed_text(SIGNATURE, &signed).unwrap(), binary);
}

#[test]
fn a_message_inside_a_gzip_file_is_said_to_be_unreadable() {
    vectors!();
    let Some(tool) = Signify::new() else { return };
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    std::io::Write::write_all(&mut gzip, BYTES).unwrap();
    let signed = tool.sign_with(&gzip.finish().unwrap(), &["-z"]);
    assert!(signed.starts_with(b"\x1f\x8b"));
    let place = tool.place(&signed).key(maintainer().public_pem().as_bytes());
    place.refused(SIGNATURE, Reason::Unreadable, "signify -z");
}

#[test]
fn row_112_a_key_of_minisign_does_not_accept_what_signify_would_write() {
    vectors!();
    let Some(tool) = Signify::new() else { return };
    // The same key under minisign's comment, or under none: whose key it is, its holder said in the policy.
    let line = String::from_utf8(tool.public()).unwrap().lines().nth(1).unwrap().to_owned();
    let minisign = format!("untrusted comment: minisign public key 0000000000000000\n{line}\n");
    for key in [minisign.as_bytes(), line.as_bytes()] {
        let place = Place::with(SIGNATURE, &tool.sign(BYTES)).key(key);
        place.refused(SIGNATURE, Reason::Weak, "set legacy = true");
        Place::with(SIGNATURE, &tool.sign(BYTES)).legacy_key(key).accepted(SIGNATURE);
    }
}

/// The good release with one list inside its own signature, as OpenBSD publishes it, instead of every other one.
fn release(tool: &Signify, list: impl Fn(&Stage) -> Vec<u8>) -> Stage {
    let mut stage = Stage::set(&Release { signing: Signing::Detached, ..Release::good() });
    let signed = list(&stage);
    for name in stage.written.artifacts.iter().map(String::as_str).chain(["SHA256SUMS"]) {
        stage.withdraw(&format!("{name}.sig"));
    }
    stage.withdraw("SHA256SUMS");
    stage.publish("SHA256.sig", &signed);
    let key = String::from_utf8(tool.public()).unwrap();
    // What the workflow attests is signed, too: here it attests nothing.
    stage.withdraw("widget-1.2.3.intoto.jsonl");
    stage.policy = stage.policy.replace("provenance = \"require\"", "provenance = \"skip\"");
    stage.policy = stage.policy.replace(&maintainer().public_pem(), &key);
    stage
}

/// BSD-style lines, as `sha256` of OpenBSD writes them.
fn list(stage: &Stage) -> String {
    let line = |name: &String| format!("SHA256 ({name}) = {}\n", sha256_hex(&stage.read(name)));
    stage.written.artifacts.iter().map(line).collect()
}

#[test]
fn a_list_inside_its_own_signature_signs_what_it_lists() {
    vectors!();
    let (Some(tool), Some(stranger)) = (Signify::new(), Signify::new()) else { return };
    let good = release(&tool, |stage| tool.embed(list(stage).as_bytes()));
    let report = good.judge();
    assert_eq!(outcome(&report), "verified");
    let signed = said(&report, "signatures/signed");
    assert!(signed[0].contains("is listed in SHA256.sig, which is signed by key maintainer"), "{signed:?}");

    let told = |list: &dyn Fn(&Stage) -> Vec<u8>| outcome(&release(&tool, list).judge());
    let changed = told(&|stage| {
        let text = String::from_utf8(tool.embed(list(stage).as_bytes())).unwrap();
        text.replacen("SHA256 (widget", "SHA256  (widget", 1).into_bytes()
    });
    assert!(changed.starts_with("rejected: ") && changed.contains("signatures/invalid fail"), "{changed}");
    let theirs = told(&|stage| stranger.embed(list(stage).as_bytes()));
    assert!(theirs.contains("signatures/identity fail"), "{theirs}");
    // What nobody signed, before the message or behind the signed text, is not listed.
    let before = told(&|stage| [list(stage).as_bytes(), &tool.embed(b"SHA256 (x) = 00\n")].concat());
    assert!(!before.starts_with("verified"), "{before}");
    let other = told(&|stage| {
        tool.embed(list(stage).replace(&sha256_hex(&stage.read(LINUX)), &sha256_hex(b"x")).as_bytes())
    });
    assert_eq!(
        other,
        "rejected: checksums/mismatch fail, release/digest-mismatch fail, signatures/unsigned fail"
    );
    // Another list beside it, under the name that the signature is for, is not the one that was signed.
    let stage = release(&tool, |stage| tool.embed(list(stage).as_bytes()));
    stage.publish("SHA256", format!("{}\n", list(&stage)).as_bytes());
    assert_eq!(outcome(&stage.judge()), "rejected: signatures/unbound fail");
    stage.publish("SHA256", list(&stage).as_bytes());
    assert_eq!(outcome(&stage.judge()), "verified");
}

#[test]
fn a_message_that_is_no_list_is_about_nothing_published() {
    vectors!();
    let Some(tool) = Signify::new() else { return };
    let stage = release(&tool, |stage| tool.embed(list(stage).as_bytes()));
    stage.publish("NEWS.sig", &tool.embed(b"We moved.\n"));
    assert_eq!(outcome(&stage.judge()), "rejected: signatures/orphan fail");
}

#[test]
fn a_release_with_detached_signatures_is_verified_and_each_fault_has_its_rule() {
    vectors!();
    let (Some(tool), Some(stranger)) = (Signify::new(), Signify::new()) else { return };
    let release = |key: &str| {
        let mut stage = Stage::set(&Release { signing: Signing::Detached, ..Release::good() });
        for name in stage.written.artifacts.iter().map(String::as_str).chain(["SHA256SUMS"]) {
            stage.publish(&format!("{name}.sig"), &tool.sign(&stage.read(name)));
        }
        stage.policy = stage.policy.replace(&maintainer().public_pem(), key);
        stage
    };
    let key = String::from_utf8(tool.public()).unwrap();
    let stage = release(&key);
    assert_eq!(outcome(&stage.judge()), "verified");
    let linux = stage.read(LINUX);
    let replaced = |with: &[u8]| {
        stage.publish(&format!("{LINUX}.sig"), with);
        outcome(&stage.judge())
    };
    let good = tool.sign(&linux);
    assert_eq!(replaced(&stranger.sign(&linux)), "rejected: signatures/identity fail");
    assert_eq!(replaced(&tool.sign(b"other")), "rejected: signatures/invalid fail");
    assert_eq!(replaced(&with_head(&good, |raw| raw[20] ^= 1)), "rejected: signatures/invalid fail");
    let unknown = replaced(&with_head(&good, |raw| raw[0] = b'X'));
    assert_eq!(unknown, "undetermined: signatures/unreadable undetermined");
    assert_eq!(replaced(&good), "verified");
    stage.publish("gone.sig", &tool.sign(b"gone"));
    assert_eq!(outcome(&stage.judge()), "rejected: signatures/orphan fail");
    assert_eq!(without_signatures(release(&key), ".sig"), "rejected: signatures/unsigned fail");
    // As a key of minisign, whose form these signatures are not of.
    let line = key.lines().nth(1).unwrap();
    let minisign = format!("untrusted comment: minisign public key 0000000000000000\n{line}\n");
    let weak = outcome(&release(&minisign).judge());
    assert!(weak.starts_with("rejected: ") && weak.contains("signatures/weak fail"), "{weak}");
}

/// Every test of vectors in this file.
const TESTS: &[fn()] = &[
    what_signify_signs_counts_and_says_neither_when_nor_more,
    another_file_another_key_and_a_changed_signature_are_refused,
    a_file_that_is_not_written_as_signify_writes_it_is_refused,
    what_follows_a_detached_signature_makes_it_one_over_that,
    an_embedded_message_is_what_was_signed_and_nothing_else,
    a_message_inside_a_gzip_file_is_said_to_be_unreadable,
    row_112_a_key_of_minisign_does_not_accept_what_signify_would_write,
    a_list_inside_its_own_signature_signs_what_it_lists,
    a_message_that_is_no_list_is_about_nothing_published,
    a_release_with_detached_signatures_is_verified_and_each_fault_has_its_rule,
];

#[test]
fn there_are_enough_vectors_of_each_sort() {
    let reasons = [Reason::Invalid, Reason::Unbound, Reason::UnknownKey, Reason::Weak, Reason::Unreadable];
    let rules = [
        "signatures/identity fail",
        "signatures/invalid fail",
        "signatures/orphan fail",
        "signatures/unbound fail",
        "signatures/unreadable undetermined",
        "signatures/unsigned fail",
        "signatures/weak fail",
    ];
    ledger::count("signify", Some(("signify-openbsd", "-h")), TESTS, &reasons, &rules);
}
