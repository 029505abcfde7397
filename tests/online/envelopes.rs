//! A bare envelope with the entry of a log: what makes it a proof, and every way in which it is none.
//!
//! Rows of the list of published attacks: 1, 2, 8, 21, 22, 23, 24, 28 and 42.

use relcheck::proof::sigstore::bare::verify_with_entries;
use relcheck::proof::{Proof, Reason, Refusal, Signer};
use relcheck::trust::{Origin, SigstoreRoot, TrustRoots};
use serde_json::{Value, json};

use crate::kit::bundle::{BundleOptions, Content, Fault, Logged, Signer as By, Version};
use crate::kit::certificates::{Identity, LIFETIME};
use crate::kit::log::EntryFault;
use crate::kit::rekor::Bare;
use crate::kit::statement::{Build, Provenance, Subject};
use crate::kit::trusted_root::Sigstore;
use crate::kit::{ISSUER, RELEASED_AT, SEED};

fn trust() -> TrustRoots {
    let root = Sigstore::new(SEED).trusted_root().to_string();
    TrustRoots::of(vec![SigstoreRoot::parse("kit", Origin::File, root.as_bytes()).unwrap()])
}

fn build() -> Build {
    Build::of_tag("v1.2.3", "3b593598946c4d5b9c9d3a6d2a2b1c0d0e0f1a2b")
}

fn statement(file: &[u8]) -> Content {
    Content::provenance(&Provenance::v1(&build(), vec![Subject::of("widget", file)]))
}

pub fn bare_of(content: &Content, logged: Logged, fault: Option<Fault>) -> Bare {
    let options = BundleOptions { fault, ..BundleOptions::new(Version::V03, logged) };
    let signer = By::Keyless(Identity::workflow(&build()));
    Bare::of(&Sigstore::new(SEED).bundle(content, &signer, &options))
}

fn bare(logged: Logged, fault: Option<Fault>) -> Bare {
    bare_of(&statement(b"widget"), logged, fault)
}

fn verdict(bare: &Bare) -> Result<Proof, Refusal> {
    verify_with_entries(&bare.file(), &[&bare.answer()], &trust())
}

fn refused(bare: &Bare) -> (Reason, String) {
    let refusal = verdict(bare).unwrap_err();
    (refusal.reason, refusal.detail)
}

const BOTH: [Logged; 2] = [Logged::RekorV1, Logged::RekorV1Intoto];

#[test]
fn an_envelope_with_its_entry_is_a_proof() {
    for logged in BOTH {
        let proof = verdict(&bare(logged, None)).unwrap();
        let Signer::Certificate(certificate) = proof.signer() else { panic!("{:?}", proof.signer()) };
        assert_eq!(certificate.issuer.raw(), ISSUER);
        let times: Vec<i64> = proof.times().iter().map(|time| time.as_second()).collect();
        assert_eq!(times, [RELEASED_AT + 1], "{logged:?}");
    }
}

#[test]
fn what_is_wrong_with_the_entry_or_the_signature_is_said() {
    use EntryFault as E;
    let cases = [
        (Fault::EntryOfOther, Reason::Unbound, "the same payload with another signature"),
        (Fault::EntryOfOtherSigner, Reason::Unbound, "another certificate"),
        (Fault::SignatureBroken, Reason::Unbound, "the same payload with another signature"),
        (Fault::SigningKey, Reason::Invalid, "signature"),
        (Fault::CertificateAuthority, Reason::Stranger, "no Sigstore instance"),
        (Fault::SctKey, Reason::Invalid, ""),
        (Fault::SctMissing, Reason::Invalid, ""),
        (Fault::TooLate, Reason::Expired, "not valid when the signature was made"),
        (Fault::TooEarly, Reason::Expired, "not valid when the signature was made"),
        (Fault::Entry(E::LogKey), Reason::Invalid, "SET verification failed"),
        (Fault::Entry(E::UnknownLog), Reason::Stranger, "no Sigstore instance"),
        (Fault::Entry(E::PromiseBroken), Reason::Invalid, "SET verification failed"),
        (Fault::Entry(E::PromiseMissing), Reason::NoTime, "no signed entry timestamp"),
        (Fault::Entry(E::IntegratedTime), Reason::Invalid, "SET verification failed"),
        (Fault::Entry(E::ProofBroken), Reason::Invalid, "inclusion proof"),
        (Fault::Entry(E::ProofMissing), Reason::Invalid, "no inclusion proof"),
        (Fault::Entry(E::CheckpointBroken), Reason::Invalid, "checkpoint"),
        (Fault::Entry(E::CheckpointOfOtherTree), Reason::Invalid, ""),
        (Fault::Entry(E::BodyChanged), Reason::Invalid, "no kind or no version"),
    ];
    for logged in BOTH {
        for (fault, reason, words) in cases {
            // intoto 0.0.2 holds the certificate's key, and our own comparison holds its certificate.
            let (found, detail) = refused(&bare(logged, Some(fault)));
            assert_eq!(found, reason, "{logged:?} {fault:?}: {detail}");
            assert!(detail.to_lowercase().contains(&words.to_lowercase()), "{logged:?} {fault:?}: {detail}");
        }
    }
    eprintln!("{} entries and signatures refused", cases.len() * BOTH.len());
}

#[test]
fn row_1_8_23_the_entry_of_another_envelope_by_the_same_signer_is_refused() {
    for logged in BOTH {
        let other = bare_of(&statement(b"another"), logged, None);
        let mixed = Bare { entry: other.entry, uuid: other.uuid, ..bare(logged, None) };
        let (reason, detail) = refused(&mixed);
        assert_eq!(reason, Reason::Unbound, "{detail}");
        assert!(detail.contains("it is about another payload"), "{detail}");
    }
}

#[test]
fn row_42_an_entry_that_matches_the_key_alone_or_the_payload_alone_is_refused() {
    let good = bare(Logged::RekorV1, None);
    let same_key = bare_of(&statement(b"another"), Logged::RekorV1, None);
    let same_payload = bare(Logged::RekorV1, Some(Fault::EntryOfOtherSigner));
    for (other, words) in [(&same_key, "another payload"), (&same_payload, "another certificate")] {
        let refusal = verify_with_entries(&good.file(), &[&other.answer()], &trust()).unwrap_err();
        assert_eq!(refusal.reason, Reason::Unbound);
        assert!(refusal.detail.contains(words), "{refusal}");
    }
    // Both together are still not one entry that matches both.
    let both = [&same_key.answer()[..], &same_payload.answer()];
    assert_eq!(verify_with_entries(&good.file(), &both, &trust()).unwrap_err().reason, Reason::Unbound);
}

#[test]
fn one_entry_that_holds_is_enough_whatever_else_the_log_has() {
    let good = bare(Logged::RekorV1, None);
    let noise = [
        bare_of(&statement(b"another"), Logged::RekorV1, None).answer(),
        bare(Logged::RekorV1, Some(Fault::Entry(EntryFault::ProofBroken))).answer(),
        b"{}".to_vec(),
        b"<html>".to_vec(),
    ];
    let mut answers: Vec<&[u8]> = noise.iter().map(Vec::as_slice).collect();
    let refusal = verify_with_entries(&good.file(), &answers, &trust()).unwrap_err();
    assert_eq!(refusal.reason, Reason::Invalid, "the one that is bound says why: {refusal}");
    assert!(refusal.detail.contains("inclusion proof"), "{refusal}");
    let answer = good.answer();
    answers.push(&answer);
    assert!(verify_with_entries(&good.file(), &answers, &trust()).is_ok());
}

#[test]
fn the_limit_of_entries_is_kept() {
    let good = bare(Logged::RekorV1, None);
    let other = bare_of(&statement(b"another"), Logged::RekorV1, None).answer();
    let good_answer = good.answer();
    let mut answers = vec![other.as_slice(); 31];
    answers.push(&good_answer);
    assert!(verify_with_entries(&good.file(), &answers, &trust()).is_ok());
    answers.push(&other);
    let refusal = verify_with_entries(&good.file(), &answers, &trust()).unwrap_err();
    assert_eq!(refusal.reason, Reason::Unreadable);
    assert!(refusal.detail.contains("33 log entries"), "{refusal}");
}

#[test]
fn without_an_entry_there_is_no_time() {
    let refusal = verify_with_entries(&bare(Logged::RekorV1, None).file(), &[], &trust()).unwrap_err();
    assert_eq!(refusal.reason, Reason::NoTime);
    assert!(refusal.detail.contains("no log entry was found"), "{refusal}");
}

#[test]
fn row_28_an_envelope_with_two_signatures_is_refused() {
    let mut bare = bare(Logged::RekorV1, None);
    let again = bare.envelope["signatures"][0].clone();
    for position in [0, 1] {
        let mut spoilt = bare.clone();
        let mut second = again.clone();
        second["sig"] = json!("AAAA");
        spoilt.envelope["signatures"].as_array_mut().unwrap().insert(position, second);
        let (reason, detail) = refused(&spoilt);
        assert_eq!(reason, Reason::Invalid);
        assert!(detail.contains("it has 2 signatures"), "{detail}");
    }
    bare.envelope["signatures"].as_array_mut().unwrap().clear();
    assert_eq!(refused(&bare).0, Reason::Invalid);
}

#[test]
fn a_spoilt_envelope_is_refused() {
    type Spoil = fn(&mut Value);
    let spoilt: [(&str, Spoil, Reason); 7] = [
        ("payload", |it| it["payload"] = json!("AAAA"), Reason::Unbound),
        ("no base64", |it| it["payload"] = json!("%"), Reason::Invalid),
        ("payload type", |it| it["payloadType"] = json!("application/vnd.in-toto+jsoṅ"), Reason::Invalid),
        ("signature", |it| it["signatures"][0]["sig"] = json!("AAAA"), Reason::Unbound),
        ("certificate", |it| it["signatures"][0]["cert"] = json!("AAAA"), Reason::Invalid),
        ("no text", |it| it["signatures"][0]["cert"] = json!(1), Reason::Invalid),
        ("none", |it| drop(it["signatures"][0].as_object_mut().unwrap().remove("cert")), Reason::Invalid),
    ];
    for (what, spoil, expected) in spoilt {
        let mut bare = bare(Logged::RekorV1, None);
        spoil(&mut bare.envelope);
        let (reason, detail) = refused(&bare);
        assert_eq!(reason, expected, "{what}: {detail}");
    }
}

#[test]
fn entries_of_other_kinds_prove_nothing() {
    let mut old = bare(Logged::RekorV1, None);
    set_body(&mut old, |body| {
        body["kind"] = json!("intoto");
    });
    let (reason, detail) = refused(&old);
    assert_eq!(reason, Reason::Unreadable, "{detail}");
    assert!(detail.contains("intoto 0.0.1, which holds no signature"), "{detail}");
    for (kind, version) in
        [("hashedrekord", "0.0.1"), ("dsse", "0.0.2"), ("intoto", "0.0.3"), ("\u{1b}", "x")]
    {
        let mut other = bare(Logged::RekorV1, None);
        set_body(&mut other, |body| {
            body["kind"] = json!(kind);
            body["apiVersion"] = json!(version);
        });
        let (reason, detail) = refused(&other);
        assert_eq!(reason, Reason::Unbound, "{kind} {version}: {detail}");
        assert!(!detail.chars().any(char::is_control));
    }
}

#[test]
fn a_body_that_names_two_signatures_is_another_entry() {
    for logged in BOTH {
        let mut twice = bare(logged, None);
        set_body(&mut twice, |body| {
            let list = match logged {
                Logged::RekorV1 => &mut body["spec"]["signatures"],
                _ => &mut body["spec"]["content"]["envelope"]["signatures"],
            };
            let list = list.as_array_mut().unwrap();
            list.push(list[0].clone());
        });
        assert_eq!(refused(&twice).0, Reason::Unbound);
    }
}

#[test]
fn answers_that_are_no_entries_are_refused_without_a_panic() {
    let good = bare(Logged::RekorV1, None);
    let text = String::from_utf8(good.answer()).unwrap();
    let two = text.replacen('{', &format!("{{\"{}\":{{}},", "0".repeat(64)), 1);
    let doubled = text.replacen("\"body\"", "\"body\":\"AAAA\",\"body\"", 1);
    let answers = [
        "",
        "null",
        "[]",
        "{}",
        "1",
        "{\"a\":1}",
        "{\"a\":{}}",
        "<html>",
        &text[..text.len() / 2],
        &two,
        &doubled,
    ];
    for answer in answers {
        let refusal = verify_with_entries(&good.file(), &[answer.as_bytes()], &trust()).unwrap_err();
        assert_eq!(refusal.reason, Reason::Invalid, "{answer}: {refusal}");
    }
}

#[test]
fn every_field_of_an_entry_that_is_missing_or_of_another_kind_is_refused() {
    let mut cases = 0;
    for path in [
        "/body",
        "/integratedTime",
        "/logID",
        "/logIndex",
        "/verification",
        "/verification/signedEntryTimestamp",
        "/verification/inclusionProof",
        "/verification/inclusionProof/checkpoint",
        "/verification/inclusionProof/hashes",
        "/verification/inclusionProof/logIndex",
        "/verification/inclusionProof/rootHash",
        "/verification/inclusionProof/treeSize",
    ] {
        for value in
            [json!(null), json!("x"), json!(-1), json!([]), json!({}), json!(u64::MAX), json!(["zz"])]
        {
            let mut bare = bare(Logged::RekorV1, None);
            *bare.fields().pointer_mut(path).unwrap() = value.clone();
            assert!(verdict(&bare).is_err(), "{path} = {value}");
            cases += 1;
        }
    }
    eprintln!("{cases} entries with a field of another kind");
}

#[test]
fn no_changed_byte_of_an_answer_changes_what_is_proved() {
    let good = bare(Logged::RekorV1, None);
    let proof = verdict(&good).unwrap();
    let (file, answer, trust) = (good.file(), good.answer(), trust());
    let (mut refused, mut same) = (0, 0);
    for place in 0..answer.len() {
        let mut changed = answer.clone();
        changed[place] ^= 1;
        match verify_with_entries(&file, &[&changed], &trust) {
            Err(_) => refused += 1,
            Ok(other) => {
                assert_eq!((other.times(), other.signer()), (proof.times(), proof.signer()), "byte {place}");
                same += 1;
            }
        }
    }
    assert!(refused > 10 * same, "{refused} refused, {same} the same");
    eprintln!("{refused} changed bytes refused, {same} in what nothing signs");
}

#[test]
fn the_time_must_lie_within_the_certificate_to_the_second() {
    let made = |at: i64| {
        let options = BundleOptions { at, ..BundleOptions::default() };
        Bare::of(&Sigstore::new(SEED).bundle(
            &statement(b"widget"),
            &By::Keyless(Identity::workflow(&build())),
            &options,
        ))
    };
    let early = made(RELEASED_AT);
    let late = made(RELEASED_AT + LIFETIME);
    // The same key and payload, logged ten minutes later: the signature is the same, the certificate is not.
    let swapped = Bare { entry: late.entry, uuid: late.uuid, ..early };
    assert_eq!(refused(&swapped).0, Reason::Unbound);
}

/// Changes the body, which makes every signature over it wrong.
fn set_body(bare: &mut Bare, change: impl FnOnce(&mut Value)) {
    use base64::{Engine, engine::general_purpose::STANDARD};
    let fields = bare.fields();
    let mut body: Value =
        serde_json::from_slice(&STANDARD.decode(fields["body"].as_str().unwrap()).unwrap()).unwrap();
    change(&mut body);
    fields["body"] = json!(STANDARD.encode(body.to_string()));
}
