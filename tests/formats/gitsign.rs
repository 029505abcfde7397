//! Tags as gitsign signs them, made with the kit's Sigstore: rows 42, 43 and 77.

use relcheck::proof::Reason;
use serde_json::{Value, json};

use crate::kit::certificates::{CertificateAuthority, Identity, LIFETIME, Sct};
use crate::kit::der::{self, child, explicit0, octets, sequence, set, small, tlv};
use crate::kit::keys::{Key, base64, pem, sha256, sha256_hex};
use crate::kit::log::{Entry, EntryFault};
use crate::kit::trusted_root::Sigstore;
use crate::kit::{ISSUER, RELEASED_AT, SEED};
use crate::ledger::{self, vectors};
use crate::tags::Tagged;

const WHO: &str = "ada@example.org";
/// `id-data`.
const DATA: &[u8] = &[0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 7, 1];
/// `id-signingTime`.
const SIGNING_TIME: &[u8] = &[0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 9, 5];
/// `id-aa-timeStampToken`.
const TIME_STAMP: &[u8] = &[0x06, 0x0b, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 9, 0x10, 2, 0x0e];
/// 1.3.6.1.4.1.57264.3.1, Rekor's `TransparencyLogEntry`.
const LOG_ENTRY: &[u8] = &[0x06, 0x0a, 0x2b, 6, 1, 4, 1, 0x83, 0xbf, 0x30, 3, 1];

/// A CMS message in the making: gitsign's, unless spoilt.
struct Message {
    identity: Identity,
    authority: CertificateAuthority,
    sct: bool,
    at: i64,
    logged_at: i64,
    signed_by: Key,
    digest: Option<[u8; 32]>,
    content: Option<Vec<u8>>,
    certificates: usize,
    signers: usize,
    entries: usize,
    entry_of: Option<Vec<u8>>,
    fault: Option<EntryFault>,
    stamped: bool,
    logged_body: bool,
}

impl Message {
    fn good() -> Self {
        Self {
            identity: Identity::person(WHO, ISSUER),
            authority: CertificateAuthority::new(SEED),
            sct: true,
            at: RELEASED_AT,
            logged_at: RELEASED_AT + 1,
            signed_by: Key::named("gitsign"),
            digest: None,
            content: None,
            certificates: 1,
            signers: 1,
            entries: 1,
            entry_of: None,
            fault: None,
            stamped: false,
            logged_body: false,
        }
    }

    /// Changed by `edit`.
    fn but(edit: impl FnOnce(&mut Self)) -> Self {
        let mut message = Self::good();
        edit(&mut message);
        message
    }

    fn certificate(&self) -> Vec<u8> {
        let log = Key::named(&format!("{SEED}/ct"));
        let sct = if self.sct { Sct::Signed(&log, &log) } else { Sct::Missing };
        self.authority.issue(&Key::named("gitsign"), &self.identity, self.at, sct)
    }

    /// The DER of the message over `payload`.
    fn der(&self, payload: &[u8]) -> Vec<u8> {
        let certificate = self.certificate();
        let signer = self.signer(&certificate, payload);
        let content = self.content.as_ref().map(|content| explicit0(&octets(content))).unwrap_or_default();
        let other = CertificateAuthority::new("other").chain().remove(0);
        let mut certificates: Vec<Vec<u8>> =
            [certificate, other].into_iter().take(self.certificates).collect();
        certificates.sort();
        let certificates = certificates.concat();
        let certificates = if self.certificates == 0 { Vec::new() } else { explicit0(&certificates) };
        let mut signers = vec![signer];
        if self.signers == 2 {
            let mut second = Self::good();
            second.signed_by = Key::named("second");
            signers.push(second.signer(&self.certificate(), payload));
        }
        signers.truncate(self.signers);
        signers.sort();
        let data = sequence(&[
            &small(1),
            &set(der::SHA256),
            &sequence(&[DATA, &content]),
            &certificates,
            &tlv(0x31, &signers.concat()),
        ]);
        sequence(&[der::SIGNED_DATA, &explicit0(&data)])
    }

    fn signer(&self, certificate: &[u8], payload: &[u8]) -> Vec<u8> {
        let digest = self.digest.unwrap_or_else(|| sha256(payload));
        let mut attributes = [
            sequence(&[der::CONTENT_TYPE, &set(DATA)]),
            sequence(&[SIGNING_TIME, &set(&tlv(0x17, b"260105120001Z"))]),
            sequence(&[der::MESSAGE_DIGEST, &set(&octets(&digest))]),
        ];
        attributes.sort();
        let attributes = attributes.concat();
        let signature = self.signed_by.sign(&set(&attributes));
        let tbs = child(certificate, 0);
        // A certificate of version 3 has its version first.
        let (serial, issuer) = (child(tbs, 1), child(tbs, 3));
        let unsigned = self.unsigned(&attributes, certificate, &signature);
        let unsigned = if unsigned.is_empty() { Vec::new() } else { tlv(0xa1, &unsigned) };
        sequence(&[
            &small(1),
            &sequence(&[issuer, serial]),
            der::SHA256,
            &explicit0(&attributes),
            der::ECDSA_SHA256,
            &octets(&signature),
            &unsigned,
        ])
    }

    /// The attributes that nobody signs: the log entry, and a time-stamp.
    fn unsigned(&self, attributes: &[u8], certificate: &[u8], signature: &[u8]) -> Vec<u8> {
        let sigstore = Sigstore::new(SEED);
        let logged = self.entry_of.as_deref().unwrap_or(signature);
        let body = json!({"apiVersion": "0.0.1", "kind": "hashedrekord", "spec": {
            "data": {"hash": {"algorithm": "sha256", "value": sha256_hex(&set(attributes))}},
            "signature": {
                "content": base64(logged),
                "publicKey": {"content": base64(pem("CERTIFICATE", certificate))},
            },
        }});
        let entry = Entry { kind: "hashedrekord", version: "0.0.1", body };
        let entry = sigstore.rekor_v1.append(&entry, self.logged_at, self.fault);
        let mut encoded = protobuf(&entry);
        if self.logged_body {
            encoded.extend(bytes_field(7, &raw(&entry["canonicalizedBody"])));
        }
        let attribute = |oid: &[u8], value: &[u8]| sequence(&[oid, &set(value)]);
        let mut all = Vec::new();
        for n in 0..self.entries {
            let mut encoded = encoded.clone();
            // A second one that differs from the first, or it would be no set.
            encoded.extend(bytes_field(6, b"").repeat(n));
            all.push(attribute(LOG_ENTRY, &octets(&encoded)));
        }
        if self.stamped {
            let response = sigstore.timestamps.stamp(signature, self.logged_at);
            all.push(attribute(TIME_STAMP, child(&response, 1)));
        }
        all.sort();
        all.concat()
    }

    /// The tag, signed by this message; whoever is named may sign tags.
    fn tag(&self, named: &str) -> Tagged {
        let mut tagged = Tagged::new();
        let text = tagged.text();
        tagged.put(format!("{text}{}", armored(&self.der(text.as_bytes()))).as_bytes());
        tagged.stage.policy +=
            &format!("\n[[rules.tag.identity]]\nissuer = \"{ISSUER}\"\nsubject = \"{named}\"\n");
        tagged
    }
}

fn armored(der: &[u8]) -> String {
    pem("SIGNED MESSAGE", der)
}

fn raw(value: &Value) -> Vec<u8> {
    use base64::{Engine, engine::general_purpose::STANDARD};
    STANDARD.decode(value.as_str().unwrap()).unwrap()
}

fn varint(mut number: u64) -> Vec<u8> {
    let mut out = Vec::new();
    while number >= 0x80 {
        out.push(number as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
    out
}

fn bytes_field(number: u64, bytes: &[u8]) -> Vec<u8> {
    [varint(number << 3 | 2), varint(bytes.len() as u64), bytes.to_vec()].concat()
}

fn number_field(number: u64, value: &Value) -> Vec<u8> {
    [varint(number << 3), varint(value.as_str().unwrap().parse().unwrap())].concat()
}

/// The entry in Protocol Buffers, without its body, as gitsign keeps it.
fn protobuf(entry: &Value) -> Vec<u8> {
    let kind = &entry["kindVersion"];
    let mut out = [
        number_field(1, &entry["logIndex"]),
        bytes_field(2, &bytes_field(1, &raw(&entry["logId"]["keyId"]))),
        bytes_field(
            3,
            &[
                bytes_field(1, kind["kind"].as_str().unwrap().as_bytes()),
                bytes_field(2, kind["version"].as_str().unwrap().as_bytes()),
            ]
            .concat(),
        ),
        number_field(4, &entry["integratedTime"]),
    ]
    .concat();
    if let Some(promise) = entry.get("inclusionPromise") {
        out.extend(bytes_field(5, &bytes_field(1, &raw(&promise["signedEntryTimestamp"]))));
    }
    if let Some(proof) = entry.get("inclusionProof") {
        let hashes = proof["hashes"].as_array().unwrap().iter().flat_map(|hash| bytes_field(4, &raw(hash)));
        let envelope = proof["checkpoint"]["envelope"].as_str().unwrap().as_bytes();
        let encoded = [
            number_field(1, &proof["logIndex"]),
            bytes_field(2, &raw(&proof["rootHash"])),
            number_field(3, &proof["treeSize"]),
            hashes.collect(),
            bytes_field(5, &bytes_field(1, envelope)),
        ];
        out.extend(bytes_field(6, &encoded.concat()));
    }
    out
}

#[test]
fn a_tag_that_gitsign_signed_counts_by_somebody_whom_the_policy_names() {
    vectors!();
    for message in [
        Message::good(),
        Message::but(|it| it.certificates = 2),
        Message::but(|it| it.stamped = true),
        Message::but(|it| it.logged_body = true),
    ] {
        message.tag(WHO).accepted("v1.2.3 is signed by ada@example.org");
    }
}

#[test]
fn a_tag_that_somebody_else_signed_is_refused() {
    vectors!();
    let (outcome, said) = Message::good().tag("bob@example.org").judged();
    assert_eq!(outcome, "rejected: tag/signer fail", "{said}");
    let other_issuer = Message::but(|it| it.identity = Identity::person(WHO, "https://accounts.example.com"));
    assert_eq!(other_issuer.tag(WHO).judged().0, "rejected: tag/signer fail");
    // A key that is named does not make a certificate count, nor the other way round.
    let nobody = Tagged::new();
    let text = nobody.text();
    nobody.put(format!("{text}{}", armored(&Message::good().der(text.as_bytes()))).as_bytes());
    nobody.unsigned("verified", "tag/unsigned undetermined: v1.2.3 carries a signature by ada@example.org");
}

#[test]
fn row_43_a_message_without_certificates_or_signers_is_refused() {
    vectors!();
    let bad = |message: Message, words: &str| {
        message.tag(WHO).refused("tag/bad-signature fail", Reason::Invalid, words)
    };
    bad(Message::but(|it| it.certificates = 0), "there is no certificate in it");
    bad(Message::but(|it| it.signers = 0), "it has 0 signers, and not one");
    bad(Message::but(|it| it.signers = 2), "it has 2 signers, and not one");
}

#[test]
fn row_77_a_message_about_other_bytes_or_with_content_of_its_own_is_refused() {
    vectors!();
    let bad = |message: Message, words: &str| {
        message.tag(WHO).refused("tag/bad-signature fail", Reason::Invalid, words)
    };
    bad(
        Message::but(|it| it.digest = Some(sha256(b"other bytes"))),
        "signs other bytes than those of the tag",
    );
    bad(Message::but(|it| it.content = Some(b"other bytes".to_vec())), "it has content of its own");
    let own = Tagged::new().text().into_bytes();
    bad(Message::but(|it| it.content = Some(own)), "it has content of its own");
    // The message of this tag, on a tag with another text.
    let tagged = Message::good().tag(WHO);
    let moved = String::from_utf8(tagged.object()).unwrap().replacen("Release v1.2.3", "Release v1.2.4", 1);
    tagged.put(moved.as_bytes());
    tagged.refused("tag/bad-signature fail", Reason::Invalid, "signs other bytes than those of the tag");
}

#[test]
fn without_a_log_entry_nothing_says_when_it_was_made() {
    vectors!();
    let online = Message::but(|it| it.entries = 0);
    online.tag(WHO).refused("tag/bad-signature undetermined", Reason::NoTime, "it holds no log entry");
    let stamped = Message::but(|it| {
        it.entries = 0;
        it.stamped = true;
    });
    stamped.tag(WHO).refused("tag/bad-signature undetermined", Reason::NoTime, "it holds no log entry");
}

#[test]
fn row_42_a_log_entry_of_another_signature_is_refused() {
    vectors!();
    let bad = |message: Message, words: &str| {
        message.tag(WHO).refused("tag/bad-signature fail", Reason::Invalid, words)
    };
    let other = Key::named("gitsign").sign(b"another message");
    bad(Message::but(|it| it.entry_of = Some(other.clone())), "");
    bad(
        Message::but(|it| {
            it.entry_of = Some(other.clone());
            it.logged_body = true;
        }),
        "",
    );
    bad(Message::but(|it| it.entries = 2), "is there twice");
    for fault in [
        EntryFault::PromiseBroken,
        EntryFault::ProofBroken,
        EntryFault::CheckpointBroken,
        EntryFault::ProofMissing,
    ] {
        bad(Message::but(|it| it.fault = Some(fault)), "");
    }
}

#[test]
fn a_certificate_that_is_no_good_is_refused_for_its_own_reason() {
    vectors!();
    let late = Message::but(|it| it.logged_at = it.at + LIFETIME + 3600);
    late.tag(WHO).refused("tag/bad-signature fail", Reason::Expired, "");
    let early = Message::but(|it| it.logged_at = it.at - 3600);
    early.tag(WHO).refused("tag/bad-signature fail", Reason::Expired, "");
    let stranger = Message::but(|it| it.authority = CertificateAuthority::new("stranger"));
    stranger.tag(WHO).refused(
        "tag/bad-signature fail",
        Reason::Stranger,
        "no Sigstore instance that is trusted",
    );
    let without_sct = Message::but(|it| it.sct = false);
    without_sct.tag(WHO).refused("tag/bad-signature fail", Reason::Invalid, "");
    let other_key = Message::but(|it| it.signed_by = Key::named("stranger"));
    other_key.tag(WHO).refused("tag/bad-signature fail", Reason::Invalid, "");
}

#[test]
fn what_is_not_der_or_armored_oddly_is_refused() {
    vectors!();
    let tagged = Message::good().tag(WHO);
    let text = tagged.text();
    let good = Message::good().der(text.as_bytes());
    let with = |der: &[u8]| {
        tagged.put(format!("{text}{}", armored(der)).as_bytes());
        tagged.refused("tag/bad-signature fail", Reason::Invalid, "malformed as a CMS signature");
    };
    with(&good[..good.len() - 1]);
    with(&[&good[..], &[0]].concat());
    with(b"");
    with(&sequence(&[DATA, &explicit0(&octets(b"x"))]));
    tagged.put(format!("{text}{}", armored(&good).replacen("-----\n", "-----\n!!!!\n", 1)).as_bytes());
    tagged.refused("tag/bad-signature fail", Reason::Invalid, "not base64");
    tagged.put(format!("{text}{}", armored(&vec![0x30; 20_000])).as_bytes());
    tagged.refused("tag/bad-signature undetermined", Reason::Unreadable, "over the limit");
    // Every byte of the message changed, one at a time: none of the changes counts, and none is a panic.
    let mut counted = 0;
    for at in (0..good.len()).step_by(23) {
        let mut changed = good.clone();
        changed[at] ^= 1;
        tagged.put(format!("{text}{}", armored(&changed)).as_bytes());
        counted += usize::from(tagged.reason().is_none());
    }
    eprintln!(
        "{} bytes of a CMS message changed; {counted} of them made no difference",
        good.len().div_ceil(23)
    );
}

/// Every test of vectors in this file.
const TESTS: &[fn()] = &[
    a_tag_that_gitsign_signed_counts_by_somebody_whom_the_policy_names,
    a_tag_that_somebody_else_signed_is_refused,
    row_43_a_message_without_certificates_or_signers_is_refused,
    row_77_a_message_about_other_bytes_or_with_content_of_its_own_is_refused,
    without_a_log_entry_nothing_says_when_it_was_made,
    row_42_a_log_entry_of_another_signature_is_refused,
    a_certificate_that_is_no_good_is_refused_for_its_own_reason,
    what_is_not_der_or_armored_oddly_is_refused,
];

#[test]
fn there_are_enough_vectors_of_each_sort() {
    let reasons = [Reason::Invalid, Reason::Expired, Reason::NoTime, Reason::Stranger, Reason::Unreadable];
    let rules = ["tag/bad-signature fail", "tag/bad-signature undetermined", "tag/signer fail"];
    ledger::count("gitsign", None, TESTS, &reasons, &rules);
}
