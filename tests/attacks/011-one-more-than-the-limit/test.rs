//! One log entry, time-stamp, subject, digest or certificate more than the limit.

use serde_json::{Value, json};

use crate::kit::bundle::Content;
use crate::stand::{Stand, entries, set_stamps, v1, v2};

fn with_entries(bundle: &Value, n: usize) -> Value {
    let mut bundle = bundle.clone();
    let entry = entries(&mut bundle)[0].clone();
    *entries(&mut bundle) = Value::Array(vec![entry; n]);
    bundle
}

fn with_stamps(bundle: &Value, n: usize) -> Value {
    let mut bundle = bundle.clone();
    let stamps = bundle["verificationMaterial"]["timestampVerificationData"]["rfc3161Timestamps"].clone();
    let token = crate::stand::decode(stamps[0]["signedTimestamp"].as_str().unwrap());
    set_stamps(&mut bundle, &vec![token; n]);
    bundle
}

#[test]
fn entries_and_stamps_are_decided_at_the_limit_and_not_read_above_it() {
    let stand = Stand::file();
    let bundle = stand.bundle(&v2());
    stand.accepts(&with_entries(&bundle, 32));
    stand.refuses(
        &with_entries(&bundle, 33),
        "signatures/unreadable",
        "33 log entries are over the limit of 32",
    );
    stand.accepts(&with_stamps(&bundle, 32));
    stand.refuses(
        &with_stamps(&bundle, 33),
        "signatures/unreadable",
        "33 timestamps are over the limit of 32",
    );
}

#[test]
fn subjects_and_digests_are_decided_at_the_limit_and_refused_above_it() {
    let stand = Stand::statement();
    let subjects = |n: usize| {
        let mut statement = stand.provenance();
        let all = statement["subject"].as_array_mut().unwrap();
        while all.len() < n {
            let digest = crate::kit::keys::sha256_hex(&all.len().to_be_bytes());
            all.push(json!({"name": format!("part-{}", all.len()), "digest": {"sha256": digest}}));
        }
        stand.bundle_of(&Content::statement(&statement), &v1())
    };
    stand.accepts(&subjects(1024));
    stand.refuses(&subjects(1025), "signatures/invalid", "1025 subjects");
    let digests = |n: usize| {
        let mut statement = stand.provenance();
        let all = statement["subject"][0]["digest"].as_object_mut().unwrap();
        while all.len() < n {
            all.insert(format!("digest-{}", all.len()), json!("00"));
        }
        stand.bundle_of(&Content::statement(&statement), &v1())
    };
    stand.accepts(&digests(32));
    stand.refuses(&digests(33), "signatures/invalid", "33 digests");
}

#[test]
fn certificates_are_not_read_above_the_limit() {
    let stand = Stand::file();
    let mut bundle = stand.bundle(&v1());
    bundle["mediaType"] = "application/vnd.dev.sigstore.bundle+json;version=0.2".into();
    let material = bundle["verificationMaterial"].as_object_mut().unwrap();
    let leaf = material.remove("certificate").unwrap();
    material.insert("x509CertificateChain".to_owned(), json!({"certificates": vec![leaf.clone(); 11]}));
    stand.refuses(&bundle, "signatures/unreadable", "11 certificates are over the limit of 10");
    bundle["verificationMaterial"]["x509CertificateChain"] = json!({"certificates": [leaf]});
    stand.accepts(&bundle);
}
