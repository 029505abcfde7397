//! A Rekor v1 as its API shows it: a search by digest, and entries by name. It also takes bundles apart into the bare
//! envelope that slsa-github-generator up to v2.0 published, and the entry that only the log knew.

use std::collections::BTreeMap;

use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::{Value, json};

use super::keys::{pem, sha256, sha256_hex};
use super::transport::{Answered, Scripted};

/// The base URL of the kit's first log.
pub const LOG: &str = "https://rekor.kit.test";

/// A bare envelope and the log's answer about it.
#[derive(Debug, Clone)]
pub struct Bare {
    /// The envelope with `signatures[].cert`.
    pub envelope: Value,
    /// What the log calls the entry.
    pub uuid: String,
    /// `GET /api/v1/log/entries/{uuid}`.
    pub entry: Value,
}

impl Bare {
    /// Takes a bundle of an envelope apart, which must be logged in Rekor v1.
    pub fn of(bundle: &Value) -> Self {
        let material = &bundle["verificationMaterial"];
        let certificate = match &material["certificate"]["rawBytes"] {
            Value::Null => &material["x509CertificateChain"]["certificates"][0]["rawBytes"],
            other => other,
        };
        let mut envelope = bundle["dsseEnvelope"].clone();
        envelope["signatures"][0]["keyid"] = json!("");
        envelope["signatures"][0]["cert"] = json!(pem("CERTIFICATE", &raw(certificate)));
        let (uuid, entry) = api_entry(&material["tlogEntries"][0]);
        Self { envelope, uuid, entry }
    }

    /// The envelope as it is published: one line.
    pub fn file(&self) -> Vec<u8> {
        format!("{}\n", self.envelope).into_bytes()
    }

    /// The log's answer, as bytes.
    pub fn answer(&self) -> Vec<u8> {
        self.entry.to_string().into_bytes()
    }

    /// The entry itself, to be spoilt.
    pub fn fields(&mut self) -> &mut Value {
        &mut self.entry[&self.uuid]
    }
}

/// A log with these entries, behind a network that has nothing else.
pub fn network(entries: &[&Bare]) -> Scripted {
    let mut index: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut answers = BTreeMap::new();
    for bare in entries {
        let payload = format!("sha256:{}", sha256_hex(&raw(&bare.envelope["payload"])));
        index.entry(payload).or_default().push(bare.uuid.clone());
        answers.insert(bare.uuid.clone(), bare.answer());
    }
    Scripted::new(move |url, question| serve(&index, &answers, url, question))
}

fn serve(
    index: &BTreeMap<String, Vec<String>>,
    answers: &BTreeMap<String, Vec<u8>>,
    url: &str,
    question: &[u8],
) -> Answered {
    let path = url.strip_prefix(LOG)?;
    if path == "/api/v1/index/retrieve" {
        let question: Value = serde_json::from_slice(question).expect("the question is JSON");
        let found = index.get(question["hash"].as_str()?).cloned().unwrap_or_default();
        return Some(Ok(json!(found).to_string().into_bytes()));
    }
    answers.get(path.strip_prefix("/api/v1/log/entries/")?).cloned().map(Ok)
}

/// An item of `tlogEntries` as the API writes it: hexadecimal in the place of base64, numbers in that of texts.
fn api_entry(item: &Value) -> (String, Value) {
    let number = |value: &Value| json!(value.as_str().and_then(|text| text.parse::<i64>().ok()));
    let hash = |value: &Value| json!(hex::encode(raw(value)));
    let proof = &item["inclusionProof"];
    let mut verification = json!({});
    if let Some(promise) = item["inclusionPromise"]["signedEntryTimestamp"].as_str() {
        verification["signedEntryTimestamp"] = json!(promise);
    }
    if proof.is_object() {
        let hashes: Vec<Value> = proof["hashes"].as_array().into_iter().flatten().map(hash).collect();
        verification["inclusionProof"] = json!({
            "checkpoint": proof["checkpoint"]["envelope"],
            "hashes": hashes,
            "logIndex": number(&proof["logIndex"]),
            "rootHash": hash(&proof["rootHash"]),
            "treeSize": number(&proof["treeSize"]),
        });
    }
    let body = raw(&item["canonicalizedBody"]);
    let leaf = sha256(&[&[0][..], &body].concat());
    let uuid = format!("108e9186e8c5677a{}", hex::encode(leaf));
    let entry = json!({
        "body": item["canonicalizedBody"],
        "integratedTime": number(&item["integratedTime"]),
        "logID": hash(&item["logId"]["keyId"]),
        "logIndex": number(&item["logIndex"]),
        "verification": verification,
    });
    (uuid.clone(), json!({uuid: entry}))
}

fn raw(value: &Value) -> Vec<u8> {
    STANDARD.decode(value.as_str().expect("a text")).expect("base64")
}
