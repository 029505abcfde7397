//! Every field of a bundle taken out, one by one; and every field of the body that the log signed.

use std::collections::BTreeSet;
use std::panic::catch_unwind;

use serde_json::{Value, json};

use crate::kit::bundle::{BundleOptions, Logged, Version};
use crate::kit::log::{Entry, Log};
use crate::kit::trusted_root::Sigstore;
use crate::kit::{RELEASED_AT, SEED};
use crate::stand::{Stand, decode, entries, shapes, v1};

/// Where the members of all objects in `value` are.
fn members(value: &Value, at: &str, found: &mut Vec<String>) {
    match value {
        Value::Object(fields) => fields.iter().for_each(|(key, value)| {
            found.push(format!("{at}/{key}"));
            members(value, &format!("{at}/{key}"), found);
        }),
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(i, item)| members(item, &format!("{at}/{i}"), found));
        }
        _ => {}
    }
}

fn without(value: &Value, pointer: &str) -> Value {
    let mut value = value.clone();
    let (parent, key) = pointer.rsplit_once('/').unwrap();
    value.pointer_mut(parent).unwrap().as_object_mut().unwrap().remove(key).unwrap();
    value
}

/// The fields that a bundle may lack and stay what it is, because nothing rests on them: `docs/unsigned-bytes.md`.
fn may_be_missing(options: &BundleOptions, pointer: &str) -> bool {
    let last = pointer.rsplit('/').next().unwrap();
    let is_v1 = options.logged != Logged::RekorV2;
    match last {
        "mediaType" => is_v1,
        "messageDigest" => true,
        "inclusionProof" => options.version == Version::V01,
        "inclusionPromise" | "integratedTime" => is_v1 && options.timestamped,
        "timestampVerificationData" | "rfc3161Timestamps" => is_v1,
        "logIndex" => !is_v1 && pointer.contains("inclusionProof"),
        _ => false,
    }
}

#[test]
fn a_bundle_without_one_of_its_fields_is_decided_and_never_by_a_panic() {
    let (mut tried, mut stayed) = (0, BTreeSet::new());
    for (stand, options) in shapes() {
        for options in [options.clone(), options.and_timestamp()] {
            let good = stand.bundle(&options);
            let mut all = Vec::new();
            members(&good, "", &mut all);
            for pointer in all {
                let bundle = without(&good, &pointer).to_string();
                let judged = stand.clone().publish(stand.sidecar(), bundle.as_bytes());
                let told =
                    catch_unwind(|| judged.outcome()).unwrap_or_else(|_| panic!("{options:?} {pointer}"));
                if told == "verified" {
                    assert!(may_be_missing(&options, &pointer), "{options:?} is verified without {pointer}");
                    stayed.insert(pointer);
                }
                tried += 1;
            }
        }
    }
    eprintln!("{tried} bundles without one of their fields; verified without {stayed:?}");
    assert!(tried > 400);
}

/// What the body of an entry says of itself: the entry says it too, and that is what is read.
const UNUSED: [&str; 8] = [
    "dsse 0.0.1 /apiVersion",
    "dsse 0.0.1 /kind",
    "hashedrekord 0.0.1 /apiVersion",
    "hashedrekord 0.0.1 /kind",
    "hashedrekord 0.0.2 /apiVersion",
    "hashedrekord 0.0.2 /kind",
    "intoto 0.0.2 /apiVersion",
    "intoto 0.0.2 /kind",
];

#[test]
fn an_entry_whose_body_lacks_a_field_is_refused_though_the_log_took_it() {
    let sigstore = Sigstore::new(SEED);
    let (mut tried, mut stayed) = (0, BTreeSet::new());
    for (stand, options) in shapes() {
        let log: &Log =
            if options.logged == Logged::RekorV2 { &sigstore.rekor_v2 } else { &sigstore.rekor_v1 };
        let good = stand.bundle(&options);
        let entry = good["verificationMaterial"]["tlogEntries"][0].clone();
        let body: Value =
            serde_json::from_slice(&decode(entry["canonicalizedBody"].as_str().unwrap())).unwrap();
        let known =
            [("hashedrekord", "0.0.1"), ("hashedrekord", "0.0.2"), ("dsse", "0.0.1"), ("intoto", "0.0.2")];
        let (kind, version) = known
            .into_iter()
            .find(|(kind, version)| entry["kindVersion"] == json!({"kind": kind, "version": version}))
            .unwrap();
        let with = |body: Value| {
            let mut bundle = good.clone();
            entries(&mut bundle)[0] = log.append(&Entry { kind, version, body }, RELEASED_AT + 1, None);
            bundle
        };
        stand.accepts(&with(body.clone()));
        let mut all = Vec::new();
        members(&body, "", &mut all);
        for pointer in all {
            for body in [without(&body, &pointer), {
                let mut b = body.clone();
                *b.pointer_mut(&pointer).unwrap() = Value::Null;
                b
            }] {
                let bundle = with(body);
                let told = stand.clone().publish(stand.sidecar(), bundle.to_string().as_bytes()).outcome();
                if told == "verified" {
                    stayed.insert(format!("{kind} {version} {pointer}"));
                }
                tried += 1;
            }
        }
        for body in [json!(null), json!([]), json!({}), json!("")] {
            stand.refuses(&with(body), "signatures/invalid", "");
        }
    }
    eprintln!("{tried} entries whose body lacks a field");
    assert_eq!(stayed.into_iter().collect::<Vec<_>>(), UNUSED);
    assert!(tried > 100);
    Stand::file().accepts(&Stand::file().bundle(&v1()));
}
