//! What cosign wrote before Sigstore bundles, made with the virtual Sigstore: rows 1, 2, 8 and 23.

use std::collections::BTreeSet;

use base64::{Engine, engine::general_purpose::STANDARD};
use relcheck::proof::{Reason, Signed, Signer as By};
use serde_json::{Value, json};

use crate::kit::bundle::{BundleOptions, Content, Fault, Logged, Signer, Version};
use crate::kit::certificates::Identity;
use crate::kit::keys::{Key, base64, pem, sha256_hex};
use crate::kit::log::EntryFault;
use crate::kit::release::Release;
use crate::kit::signing::maintainer;
use crate::kit::trusted_root::Sigstore;
use crate::kit::{ISSUER, SEED};
use crate::ledger::{self, outcome, vectors};
use crate::makers::{certificate, legacy};
use crate::place::{BYTES, Place, WIDGET, without_signatures};
use crate::stage::{LINUX, Stage, said, workflow};

const BUNDLE: &str = "widget.tar.gz.bundle";
const SIGNATURE: &str = "widget.tar.gz.sig";

fn somebody() -> Signer {
    Signer::Keyless(Identity::person("ann@example.org", ISSUER))
}

/// A Sigstore bundle v0.1, which has what the older form has.
fn modern(bytes: &[u8], signer: &Signer, fault: Option<Fault>) -> Value {
    let options = BundleOptions { fault, ..BundleOptions::new(Version::V01, Logged::RekorV1) };
    Sigstore::new(SEED).bundle(&Content::file(bytes), signer, &options)
}

fn chain(modern: &Value) -> String {
    let all = modern["verificationMaterial"]["x509CertificateChain"]["certificates"].as_array().unwrap();
    let one = |it: &Value| pem("CERTIFICATE", &STANDARD.decode(it["rawBytes"].as_str().unwrap()).unwrap());
    all.iter().map(one).collect()
}

fn good() -> Value {
    legacy(&modern(BYTES, &somebody(), None))
}

fn place(bundle: &Value) -> Place {
    Place::with(BUNDLE, bundle.to_string().as_bytes())
}

/// The good bundle, changed.
fn with(edit: impl FnOnce(&mut Value)) -> Place {
    let mut bundle = good();
    edit(&mut bundle);
    place(&bundle)
}

/// The log entry's body, changed; the log signed another.
fn with_body(edit: impl FnOnce(&mut Value)) -> Place {
    with(|bundle| {
        let body = &mut bundle["rekorBundle"]["Payload"]["body"];
        let mut record = serde_json::from_slice(&STANDARD.decode(body.as_str().unwrap()).unwrap()).unwrap();
        edit(&mut record);
        *body = json!(base64(record.to_string()));
    })
}

#[test]
fn a_bundle_of_old_cosign_counts_with_the_time_of_its_log() {
    vectors!();
    let proof = place(&good()).accepted(BUNDLE);
    assert!(matches!(proof.signed(), Signed::File(digest) if digest.hex() == sha256_hex(BYTES)));
    assert_eq!(proof.times().len(), 1);
    let By::Certificate(by) = proof.signer() else { panic!("{:?}", proof.signer()) };
    assert_eq!((by.identity.raw(), by.issuer.raw()), ("ann@example.org", ISSUER));
    for name in ["widget.tar.gz.cosign.bundle", "widget.tar.gz.sig.bundle", "widget.tar.gz.cosign.json"] {
        Place::with(name, good().to_string().as_bytes()).accepted(name);
    }
    // The certificate in PEM as it stands, and with its chain.
    let modern = modern(BYTES, &somebody(), None);
    for cert in [certificate(&modern).unwrap(), chain(&modern)] {
        with(|bundle| bundle["cert"] = json!(cert)).accepted(BUNDLE);
        with(|bundle| bundle["cert"] = json!(base64(&cert))).accepted(BUNDLE);
    }
}

#[test]
fn row_1_the_log_entry_of_another_signature_is_refused() {
    vectors!();
    let other = legacy(&modern(b"another file", &somebody(), None));
    let moved = with(|bundle| bundle["rekorBundle"] = other["rekorBundle"].clone());
    moved.refused(BUNDLE, Reason::Invalid, "entry is of another signature");
    let entry = legacy(&modern(BYTES, &somebody(), Some(Fault::EntryOfOther)));
    place(&entry).refused(BUNDLE, Reason::Invalid, "entry is of another signature");
}

#[test]
fn row_2_a_bundle_that_is_empty_or_whose_entry_is_corrupt_is_refused() {
    vectors!();
    Place::with(BUNDLE, b"{}").refused(BUNDLE, Reason::Invalid, "no verification material");
    with(|bundle| *bundle = json!({"base64Signature": ""})).refused(BUNDLE, Reason::Invalid, "is empty");
    with(|bundle| bundle["rekorBundle"] = json!({})).refused(BUNDLE, Reason::Invalid, "has no Payload");
    let body = |text: &str| {
        let text = text.to_owned();
        with(move |bundle| bundle["rekorBundle"]["Payload"]["body"] = json!(text))
    };
    body("%").refused(BUNDLE, Reason::Invalid, "body is no base64");
    body(&base64("{")).refused(BUNDLE, Reason::Invalid, "the log entry");
    body(&base64("{}")).refused(BUNDLE, Reason::Unreadable, "only hashedrekord 0.0.1");
    // Well formed, and not what the log signed.
    with_body(|record| record["extra"] = json!(1)).refused(BUNDLE, Reason::Invalid, "");
}

#[test]
fn row_8_digest_key_and_signature_of_the_entry_are_each_compared() {
    vectors!();
    let (one, other) = (modern(BYTES, &somebody(), None), modern(b"another file", &somebody(), None));
    // A valid entry for another artifact, with what stands beside it exchanged part by part.
    let mut forged = legacy(&other);
    forged["base64Signature"] = legacy(&one)["base64Signature"].clone();
    place(&forged).refused(BUNDLE, Reason::Invalid, "entry is of another signature");
    let mallory = Signer::Keyless(Identity::person("mallory@example.org", ISSUER));
    let mut forged = good();
    forged["cert"] = legacy(&modern(BYTES, &mallory, None))["cert"].clone();
    place(&forged).refused(BUNDLE, Reason::Invalid, "entry is by another certificate");
    let by_other = legacy(&modern(BYTES, &somebody(), Some(Fault::EntryOfOtherSigner)));
    place(&by_other).refused(BUNDLE, Reason::Invalid, "entry is by another certificate");
    // The digest in the entry is what the log signed; another one is not.
    with_body(|record| record["spec"]["data"]["hash"]["value"] = json!(sha256_hex(b"another file"))).refused(
        BUNDLE,
        Reason::Invalid,
        "",
    );
    // A whole bundle of another file is good, for that file.
    let proof = place(&legacy(&other)).accepted(BUNDLE);
    assert!(matches!(proof.signed(), Signed::File(digest) if digest.hex() == sha256_hex(b"another file")));
}

#[test]
fn every_part_of_the_entry_is_signed_by_a_log_that_is_trusted() {
    vectors!();
    type Edit = fn(&mut Value);
    let edits: [(Edit, Reason); 6] = [
        (
            |payload| payload["integratedTime"] = json!(payload["integratedTime"].as_i64().unwrap() + 1),
            Reason::Invalid,
        ),
        (|payload| payload["logIndex"] = json!(payload["logIndex"].as_i64().unwrap() + 1), Reason::Invalid),
        (|payload| payload["logID"] = json!("00".repeat(32)), Reason::Stranger),
        (|payload| payload["integratedTime"] = json!(-1), Reason::Invalid),
        (|payload| payload["integratedTime"] = json!("1767614401"), Reason::Invalid),
        (|payload| payload["logIndex"] = json!(1.5), Reason::Invalid),
    ];
    for (edit, reason) in edits {
        with(|bundle| edit(&mut bundle["rekorBundle"]["Payload"])).refused(BUNDLE, reason, "");
    }
    for (fault, reason) in [
        (EntryFault::LogKey, Reason::Invalid),
        (EntryFault::UnknownLog, Reason::Stranger),
        (EntryFault::PromiseBroken, Reason::Invalid),
        (EntryFault::IntegratedTime, Reason::Invalid),
    ] {
        let bundle = legacy(&modern(BYTES, &somebody(), Some(Fault::Entry(fault))));
        place(&bundle).refused(BUNDLE, reason, "");
    }
}

#[test]
fn the_certificate_leads_back_to_a_trusted_authority_and_was_valid_then() {
    vectors!();
    for (fault, reason) in [
        (Fault::CertificateAuthority, Reason::Stranger),
        (Fault::SctKey, Reason::Invalid),
        (Fault::SctMissing, Reason::Invalid),
        (Fault::SigningKey, Reason::Invalid),
        (Fault::SignatureBroken, Reason::Invalid),
        (Fault::TooLate, Reason::Expired),
        (Fault::TooEarly, Reason::Expired),
    ] {
        let bundle = legacy(&modern(BYTES, &somebody(), Some(fault)));
        place(&bundle).refused(BUNDLE, reason, "");
    }
}

#[test]
fn a_bundle_without_its_log_entry_has_no_time() {
    vectors!();
    let forms: [fn(&mut Value); 2] = [
        |bundle| bundle["rekorBundle"] = Value::Null,
        |bundle| drop(bundle.as_object_mut().unwrap().remove("rekorBundle")),
    ];
    for form in forms {
        let unlogged = with(form);
        unlogged.refused(BUNDLE, Reason::NoTime, "a certificate for ann@example.org signed it, and nothing");
        let changed = with(form).and(WIDGET, b"other");
        changed.refused(BUNDLE, Reason::Invalid, "did not sign this file");
        with(form).without(WIDGET).refused(BUNDLE, Reason::Unbound, "no published file");
    }
}

#[test]
fn members_that_cosign_does_not_write_and_members_twice_are_refused() {
    vectors!();
    with(|bundle| bundle["Cert"] = json!("")).refused(BUNDLE, Reason::Invalid, "has the member Cert");
    with(|bundle| bundle["mediaType"] = json!("x")).refused(
        BUNDLE,
        Reason::Invalid,
        "members of two signature formats",
    );
    with(|bundle| bundle["rekorBundle"]["payload"] = json!({})).refused(
        BUNDLE,
        Reason::Invalid,
        "member payload",
    );
    with(|bundle| bundle["rekorBundle"]["Payload"]["Body"] = json!("")).refused(
        BUNDLE,
        Reason::Invalid,
        "member Body",
    );
    with(|bundle| bundle["cert"] = json!(1)).refused(BUNDLE, Reason::Invalid, "cert is no text");
    with(|bundle| bundle["cert"] = json!("nothing")).refused(
        BUNDLE,
        Reason::Invalid,
        "neither PEM nor base64",
    );
    let twice = good().to_string().replacen('{', "{\"cert\":\"\",", 1);
    let refusal = Place::with(BUNDLE, twice.as_bytes()).verdict(BUNDLE).unwrap_err();
    assert_eq!(refusal.reason, Reason::Invalid);
    assert!(refusal.detail.contains("given twice"), "{refusal}");
}

#[test]
fn entries_of_other_kinds_are_said_to_be_unreadable() {
    vectors!();
    with_body(|record| record["kind"] = json!("rekord")).refused(BUNDLE, Reason::Unreadable, "rekord 0.0.1");
    with_body(|record| record["apiVersion"] = json!("0.0.2")).refused(
        BUNDLE,
        Reason::Unreadable,
        "only hashedrekord",
    );
    with_body(|record| record["spec"]["data"]["hash"]["algorithm"] = json!("sha512")).refused(
        BUNDLE,
        Reason::Unreadable,
        "another hash than SHA-256",
    );
}

#[test]
fn a_bundle_by_a_key_counts_where_the_policy_names_that_key() {
    vectors!();
    let signer = Signer::Key(maintainer());
    let bundle = legacy(&modern(BYTES, &signer, None));
    let public = maintainer().public_pem();
    let proof = place(&bundle).key(public.as_bytes()).accepted(BUNDLE);
    assert!(matches!(proof.signer(), By::Key { .. }) && proof.times().len() == 1);
    let without = |edit: fn(&mut Value)| {
        let mut bundle = bundle.clone();
        edit(&mut bundle);
        place(&bundle)
    };
    // cosign left the key out at times; the entry has it.
    without(|bundle| bundle["cert"] = json!("")).key(public.as_bytes()).accepted(BUNDLE);
    let stranger = Key::named("stranger").public_pem();
    place(&bundle).refused(BUNDLE, Reason::UnknownKey, "brings along");
    place(&bundle).key(stranger.as_bytes()).refused(BUNDLE, Reason::UnknownKey, "brings along");
    place(&legacy(&modern(BYTES, &signer, Some(Fault::EntryOfOtherSigner)))).key(public.as_bytes()).refused(
        BUNDLE,
        Reason::Invalid,
        "by another certificate or key",
    );
    place(&legacy(&modern(BYTES, &signer, Some(Fault::SigningKey)))).key(public.as_bytes()).refused(
        BUNDLE,
        Reason::Invalid,
        "",
    );
    // A key in the bundle beside an entry of a certificate, and the other way.
    let keyless = good();
    let mixed = |cert: &Value, entry: &Value| {
        let mut bundle = entry.clone();
        bundle["cert"] = cert["cert"].clone();
        place(&bundle).key(public.as_bytes())
    };
    mixed(&bundle, &keyless).refused(BUNDLE, Reason::Invalid, "by another certificate or key");
    mixed(&keyless, &bundle).refused(BUNDLE, Reason::Invalid, "by another certificate or key");
    let mut bare = keyless;
    bare["cert"] = json!("");
    place(&bare).key(public.as_bytes()).refused(BUNDLE, Reason::Invalid, "the bundle holds none");
    // Without the log it is a detached signature by that key, which needs no time.
    let unlogged = without(|bundle| bundle["rekorBundle"] = Value::Null);
    unlogged.key(public.as_bytes()).accepted(BUNDLE);
    let unlogged = without(|bundle| bundle["rekorBundle"] = Value::Null);
    unlogged.refused(BUNDLE, Reason::UnknownKey, "brings along");
}

/// A detached signature, and the certificate that is published beside it.
fn pair() -> (Vec<u8>, Value) {
    let modern = modern(BYTES, &somebody(), None);
    (modern["messageSignature"]["signature"].as_str().unwrap().as_bytes().to_vec(), modern)
}

#[test]
fn a_signature_with_nothing_but_its_certificate_has_no_time_and_is_never_a_pass() {
    vectors!();
    let (signature, modern) = pair();
    let leaf = certificate(&modern).unwrap();
    let words = "a certificate for ann@example.org signed it, and nothing that can be checked says when";
    for name in [
        "widget.tar.gz.pem",
        "widget.tar.gz.crt",
        "widget.tar.gz.cert",
        "widget.tar.gz.cer",
        "widget.tar.gz.sig.pem",
    ] {
        for written in [
            leaf.clone(),
            base64(&leaf),
            format!("{}\n", base64(&leaf)),
            chain(&modern),
            base64(chain(&modern)),
        ] {
            let place = Place::with(SIGNATURE, &signature).and(name, written.as_bytes());
            place.refused(SIGNATURE, Reason::NoTime, words);
            assert!(place.verdicts(name).is_empty(), "{name} is judged with its signature");
            place.and(WIDGET, b"other").refused(SIGNATURE, Reason::Invalid, "did not sign this file");
        }
    }
}

#[test]
fn the_bundle_of_the_very_same_signature_says_when_the_pair_was_made() {
    vectors!();
    let (signature, modern) = pair();
    let pair = || {
        Place::with(SIGNATURE, &signature).and("widget.tar.gz.pem", certificate(&modern).unwrap().as_bytes())
    };
    for (name, bundle) in
        [("widget.tar.gz.sigstore.json", modern.clone()), ("widget.tar.gz.bundle", legacy(&modern))]
    {
        let place = pair().and(name, bundle.to_string().as_bytes());
        let (own, of_bundle) = (place.accepted(SIGNATURE), place.accepted(name));
        assert_eq!((own.signer(), own.times()), (of_bundle.signer(), of_bundle.times()), "{name}");
        assert!(!own.times().is_empty());
        // A bundle that does not hold, of another file or of another signature over this one, says nothing of it.
        place.and(WIDGET, b"other").refused(SIGNATURE, Reason::Invalid, "did not sign this file");
        let late = bundle.to_string().replacen("1767614401", "1767614402", 1);
        for text in [late, String::new(), "{}".to_owned()] {
            assert_ne!(text, bundle.to_string());
            pair().and(name, text.as_bytes()).refused(
                SIGNATURE,
                Reason::NoTime,
                "nothing that can be checked says when",
            );
        }
        let key =
            BundleOptions { key: "another".to_owned(), ..BundleOptions::new(Version::V01, Logged::RekorV1) };
        let other = Sigstore::new(SEED).bundle(&Content::file(BYTES), &somebody(), &key);
        let other = if name.ends_with(".bundle") { legacy(&other) } else { other };
        let place = pair().and(name, other.to_string().as_bytes());
        place.accepted(name);
        place.refused(SIGNATURE, Reason::NoTime, "nothing that can be checked says when");
    }
}

#[test]
fn a_certificate_that_did_not_sign_or_is_none_is_refused() {
    vectors!();
    let (signature, _) = pair();
    let other =
        BundleOptions { key: "another".to_owned(), ..BundleOptions::new(Version::V01, Logged::RekorV1) };
    let other = Sigstore::new(SEED).bundle(&Content::file(BYTES), &somebody(), &other);
    let beside = |written: &[u8]| Place::with(SIGNATURE, &signature).and("widget.tar.gz.pem", written);
    beside(certificate(&other).unwrap().as_bytes()).refused(
        SIGNATURE,
        Reason::Invalid,
        "did not sign this file",
    );
    for junk in [
        "",
        "junk",
        "-----BEGIN CERTIFICATE-----\n",
        "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
    ] {
        beside(junk.as_bytes()).refused(SIGNATURE, Reason::Invalid, "certificate");
    }
    // What is called a certificate beside a good signature is judged, all the same.
    let signed = |written: &[u8]| {
        let signed = Place::with(SIGNATURE, maintainer().detached_signature(BYTES).as_bytes());
        signed.key(maintainer().public_pem().as_bytes()).and("widget.tar.gz.pem", written)
    };
    let leaf = certificate(&other).unwrap();
    for junk in ["#!/bin/sh\n".to_owned(), format!("#!/bin/sh\n{leaf}"), format!("{leaf}#!/bin/sh\n")] {
        signed(junk.as_bytes()).accepted(SIGNATURE);
        signed(junk.as_bytes()).refused("widget.tar.gz.pem", Reason::Invalid, "neither PEM nor base64");
    }
    let empty = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    signed(empty.as_bytes()).refused("widget.tar.gz.pem", Reason::Invalid, "and is none");
    beside(&vec![b'A'; 70_000]).refused(SIGNATURE, Reason::Unreadable, "too many for a certificate");
    let key = Key::named("stranger");
    let signed = Place::with(SIGNATURE, key.detached_signature(BYTES).as_bytes());
    let signed = signed.and("widget.tar.gz.pem", key.public_pem().as_bytes());
    signed.refused(SIGNATURE, Reason::UnknownKey, "a public key is published beside it");
    // The verifier's own key decides, whatever is published beside the signature.
    signed.key(key.public_pem().as_bytes()).accepted(SIGNATURE);
}

#[test]
fn a_certificate_alone_is_said_to_be_alone() {
    vectors!();
    let leaf = certificate(&pair().1).unwrap();
    for name in ["widget.tar.gz.pem", "widget.tar.gz.crt", "widget.tar.gz.cert", "widget.tar.gz.cer"] {
        Place::with(name, leaf.as_bytes()).refused(name, Reason::Unreadable, "is not published");
    }
    // Beside a signature that no certificate belongs to, too.
    let other = Place::with("widget.tar.gz.pem", leaf.as_bytes());
    let other = other.and("widget.tar.gz.sig", b"untrusted comment: verify with x.pub\n");
    other.refused("widget.tar.gz.pem", Reason::Unreadable, "is not published");
}

/// The good release, with the bundle of one artifact replaced by what `files` gives for its bytes.
fn release(files: impl Fn(&Stage, &[u8]) -> Vec<(String, Vec<u8>)>) -> Stage {
    let stage = Stage::set(&Release::good());
    stage.withdraw(&format!("{LINUX}.sigstore.json"));
    for (name, bytes) in files(&stage, &stage.read(LINUX)) {
        stage.publish(&name, &bytes);
    }
    stage
}

fn told(files: impl Fn(&Stage, &[u8]) -> Vec<(String, Vec<u8>)>) -> String {
    outcome(&release(files).judge())
}

#[test]
fn row_23_a_release_with_a_bundle_of_old_cosign_is_verified_and_each_fault_has_its_rule() {
    vectors!();
    let name = format!("{LINUX}.bundle");
    let one = |bundle: Value| vec![(name.clone(), bundle.to_string().into_bytes())];
    let by = |stage: &Stage| Signer::Keyless(workflow(stage));
    assert_eq!(told(|stage, bytes| one(legacy(&modern(bytes, &by(stage), None)))), "verified");
    let other = told(|stage, _| one(legacy(&modern(b"other", &by(stage), None))));
    assert_eq!(other, "rejected: signatures/unbound fail");
    let entry = told(|stage, bytes| one(legacy(&modern(bytes, &by(stage), Some(Fault::EntryOfOther)))));
    assert_eq!(entry, "rejected: signatures/invalid fail");
    let late = told(|stage, bytes| one(legacy(&modern(bytes, &by(stage), Some(Fault::TooLate)))));
    assert_eq!(late, "rejected: signatures/expired fail");
    let mallory = told(|_, bytes| one(legacy(&modern(bytes, &somebody(), None))));
    assert_eq!(mallory, "rejected: signatures/identity fail");
    // Row 2: the right person, by another issuer.
    let issuer = told(|stage, bytes| {
        let identity = workflow(stage).issued_by("https://accounts.example");
        one(legacy(&modern(bytes, &Signer::Keyless(identity), None)))
    });
    assert_eq!(issuer, "rejected: signatures/identity fail");
    let unlogged = told(|stage, bytes| {
        let mut bundle = legacy(&modern(bytes, &by(stage), None));
        bundle["rekorBundle"] = Value::Null;
        one(bundle)
    });
    assert_eq!(unlogged, "undetermined: signatures/no-time undetermined");
    let early = told(|stage, bytes| one(legacy(&modern(bytes, &by(stage), Some(Fault::TooEarly)))));
    assert_eq!(early, "rejected: signatures/expired fail");
    let rekord = told(|stage, bytes| {
        let mut bundle = legacy(&modern(bytes, &by(stage), None));
        let body = bundle["rekorBundle"]["Payload"]["body"].as_str().unwrap();
        let body = String::from_utf8(STANDARD.decode(body).unwrap()).unwrap();
        bundle["rekorBundle"]["Payload"]["body"] = json!(base64(body.replace("hashedrekord", "rekord")));
        one(bundle)
    });
    assert_eq!(rekord, "undetermined: signatures/unreadable undetermined");
    let gone = told(|stage, bytes| {
        let bundle = |bytes: &[u8]| legacy(&modern(bytes, &by(stage), None)).to_string().into_bytes();
        vec![(name.clone(), bundle(bytes)), ("gone.bundle".to_owned(), bundle(b"gone"))]
    });
    assert_eq!(gone, "rejected: signatures/orphan fail");
    let stage = release(|stage, bytes| one(legacy(&modern(bytes, &by(stage), None))));
    stage.withdraw("SHA256SUMS.sigstore.json");
    stage.publish(
        "SHA256SUMS.bundle",
        legacy(&modern(&stage.read("SHA256SUMS"), &by(&stage), None)).to_string().as_bytes(),
    );
    assert_eq!(without_signatures(stage, ".bundle"), "rejected: signatures/unsigned fail");
}

#[test]
fn a_release_with_detached_pairs_is_undetermined_and_no_file_of_them_vanishes() {
    vectors!();
    let pair = |stage: &Stage, bytes: &[u8], signature: &str, certificate_name: &str| {
        let modern = modern(bytes, &Signer::Keyless(workflow(stage)), None);
        let text = modern["messageSignature"]["signature"].as_str().unwrap().as_bytes().to_vec();
        let leaf = base64(certificate(&modern).unwrap()).into_bytes();
        vec![(format!("{LINUX}{signature}"), text), (format!("{LINUX}{certificate_name}"), leaf)]
    };
    let no_time = "undetermined: signatures/no-time undetermined";
    for (signature, certificate) in [
        (".sig", ".pem"),
        (".sig", ".crt"),
        (".sig", ".cert"),
        (".sig", ".sig.pem"),
        ("-keyless.sig", "-keyless.pem"),
    ] {
        assert_eq!(
            told(|stage, bytes| pair(stage, bytes, signature, certificate)),
            no_time,
            "{signature} {certificate}"
        );
        // The certificate without its signature is said, too, and the artifact is not signed.
        let alone = release(|stage, bytes| pair(stage, bytes, signature, certificate).split_off(1)).judge();
        assert_ne!(outcome(&alone), "verified");
        let whole = format!("{LINUX}{certificate}");
        let about: BTreeSet<&str> = alone
            .checks
            .iter()
            .flat_map(|check| &check.findings)
            .map(|it| it.subject.name.as_str())
            .collect();
        let unreadable = said(&alone, "signatures/unreadable").iter().any(|message| message.contains(&whole));
        assert!(unreadable || about.contains(whole.as_str()), "{whole}: {about:?}");
    }
    let changed = told(|stage, bytes| pair(stage, &[bytes, b"x"].concat(), ".sig", ".pem"));
    assert_eq!(changed, "rejected: signatures/invalid fail");
}

#[test]
fn certificates_and_keys_that_belong_to_nothing_are_artifacts_like_any_other() {
    vectors!();
    for (name, bytes) in [("ca.pem", chain(&pair().1)), ("release.pem", maintainer().public_pem())] {
        let stage = Stage::set(&Release::good());
        stage.publish(name, bytes.as_bytes());
        let told = outcome(&stage.judge());
        assert_eq!(
            told, "rejected: checksums/unlisted fail, provenance/missing fail, signatures/unsigned fail",
            "{name}"
        );
    }
}

/// Every test of vectors in this file.
const TESTS: &[fn()] = &[
    a_bundle_of_old_cosign_counts_with_the_time_of_its_log,
    row_1_the_log_entry_of_another_signature_is_refused,
    row_2_a_bundle_that_is_empty_or_whose_entry_is_corrupt_is_refused,
    row_8_digest_key_and_signature_of_the_entry_are_each_compared,
    every_part_of_the_entry_is_signed_by_a_log_that_is_trusted,
    the_certificate_leads_back_to_a_trusted_authority_and_was_valid_then,
    a_bundle_without_its_log_entry_has_no_time,
    members_that_cosign_does_not_write_and_members_twice_are_refused,
    entries_of_other_kinds_are_said_to_be_unreadable,
    a_bundle_by_a_key_counts_where_the_policy_names_that_key,
    a_signature_with_nothing_but_its_certificate_has_no_time_and_is_never_a_pass,
    the_bundle_of_the_very_same_signature_says_when_the_pair_was_made,
    a_certificate_that_did_not_sign_or_is_none_is_refused,
    a_certificate_alone_is_said_to_be_alone,
    row_23_a_release_with_a_bundle_of_old_cosign_is_verified_and_each_fault_has_its_rule,
    a_release_with_detached_pairs_is_undetermined_and_no_file_of_them_vanishes,
    certificates_and_keys_that_belong_to_nothing_are_artifacts_like_any_other,
];

#[test]
fn there_are_enough_vectors_of_each_sort() {
    let reasons = [
        Reason::Invalid,
        Reason::Unbound,
        Reason::UnknownKey,
        Reason::Expired,
        Reason::NoTime,
        Reason::Stranger,
        Reason::Unreadable,
    ];
    let rules = [
        "signatures/expired fail",
        "signatures/identity fail",
        "signatures/invalid fail",
        "signatures/no-time undetermined",
        "signatures/orphan fail",
        "signatures/unbound fail",
        "signatures/unreadable undetermined",
        "signatures/unsigned fail",
    ];
    ledger::count("cosign", None, TESTS, &reasons, &rules);
}
