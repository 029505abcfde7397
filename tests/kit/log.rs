//! Transparency logs: Rekor v1 (signed entry timestamp, proof, checkpoint) and Rekor v2 (proof, checkpoint).
//!
//! An entry always stands at index 5 of a log of seven; that is the smallest tree whose proof has a left and a right
//! neighbour and a node that was carried up.

use serde_json::{Value, json};

use super::keys::{Key, base64, sha256};

const INDEX: u64 = 5;
const SIZE: u64 = 7;
/// Rekor v1 counts over all of its shards: what the entry says is not what the proof says.
const SHARD_START: u64 = 1_000_000;

/// Which service a log is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Generation {
    /// Rekor v1: it signs the time at which it took the entry.
    V1,
    /// Rekor v2: it says nothing about time.
    V2,
}

/// How an entry deviates from a good one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EntryFault {
    /// Signed by a stranger's key, under this log's id.
    LogKey,
    /// A log that nobody trusts, under its own id.
    UnknownLog,
    /// The signed entry timestamp is over another body, by a stranger.
    PromiseBroken,
    /// No signed entry timestamp.
    PromiseMissing,
    /// The time is not the one that was signed.
    IntegratedTime,
    /// One hash of the inclusion proof is wrong.
    ProofBroken,
    /// No inclusion proof.
    ProofMissing,
    /// One byte of the checkpoint's signature is wrong.
    CheckpointBroken,
    /// The checkpoint is of another tree.
    CheckpointOfOtherTree,
    /// The body is not the one that was logged.
    BodyChanged,
}

/// What is to be logged.
pub struct Entry {
    /// `hashedrekord`, `dsse` or `intoto`.
    pub kind: &'static str,
    /// Version of that kind.
    pub version: &'static str,
    /// The canonicalized body.
    pub body: Value,
}

/// A log.
pub struct Log {
    key: Key,
    generation: Generation,
}

impl Log {
    /// The log of that seed.
    pub fn new(seed: &str, generation: Generation) -> Self {
        Self { key: Key::named(&format!("{seed}/log-{generation:?}")), generation }
    }

    /// Its key, which the trusted root lists.
    pub fn key(&self) -> &Key {
        &self.key
    }

    /// Its host name, which is the origin of its checkpoints too.
    pub fn host(&self) -> &'static str {
        match self.generation {
            Generation::V1 => "rekor.kit.test",
            Generation::V2 => "log2.rekor.kit.test",
        }
    }

    /// The item of `tlogEntries` for `entry`, logged at `at`, spoilt by `fault`.
    pub fn append(&self, entry: &Entry, at: i64, fault: Option<EntryFault>) -> Value {
        let stranger = Key::named("stranger/log");
        let signer = match fault {
            Some(EntryFault::LogKey | EntryFault::UnknownLog) => &stranger,
            _ => &self.key,
        };
        let id = if fault == Some(EntryFault::UnknownLog) { stranger.id() } else { self.key.id() };
        let body = entry.body.to_string().into_bytes();
        let top_index = if self.generation == Generation::V1 { SHARD_START + INDEX } else { INDEX };
        let mut item = json!({
            "logIndex": top_index.to_string(),
            "logId": {"keyId": base64(id)},
            "kindVersion": {"kind": entry.kind, "version": entry.version},
            "inclusionProof": self.proof(&body, signer, &id, fault),
            "canonicalizedBody": base64(&body),
        });
        if self.generation == Generation::V1 {
            let promise = signed_entry_timestamp(&body, at, &id, top_index, signer);
            item["integratedTime"] = json!(at.to_string());
            item["inclusionPromise"] = json!({"signedEntryTimestamp": base64(promise)});
        }
        if let Some(fault) = fault {
            spoil(&mut item, fault, at);
        }
        item
    }

    /// Inclusion proof and checkpoint of `body` (RFC 6962, 2.1.1; C2SP `tlog-checkpoint`).
    fn proof(&self, body: &[u8], signer: &Key, id: &[u8; 32], fault: Option<EntryFault>) -> Value {
        let others = if fault == Some(EntryFault::CheckpointOfOtherTree) { 100 } else { 0 };
        let (root, path) = tree(body, 0);
        let (checkpoint_root, _) = tree(body, others);
        let origin = match self.generation {
            Generation::V1 => format!("{} - 1193050959916656506", self.host()),
            Generation::V2 => self.host().to_owned(),
        };
        let note = format!("{origin}\n{SIZE}\n{}\n", base64(checkpoint_root));
        let mut signature = signer.sign(note.as_bytes());
        if fault == Some(EntryFault::CheckpointBroken) {
            flip_last(&mut signature);
        }
        let hinted = base64([&id[..4], &signature].concat());
        json!({
            "logIndex": INDEX.to_string(),
            "rootHash": base64(root),
            "treeSize": SIZE.to_string(),
            "hashes": path.map(base64),
            "checkpoint": {"envelope": format!("{note}\n\u{2014} {} {hinted}\n", self.host())},
        })
    }
}

/// The faults that are a change of a finished item.
fn spoil(item: &mut Value, fault: EntryFault, at: i64) {
    let fields = item.as_object_mut().expect("an entry is an object");
    match fault {
        EntryFault::PromiseMissing => drop(fields.remove("inclusionPromise")),
        EntryFault::ProofMissing => drop(fields.remove("inclusionProof")),
        EntryFault::IntegratedTime => item["integratedTime"] = json!((at - 1).to_string()),
        EntryFault::PromiseBroken => {
            let broken =
                signed_entry_timestamp(b"another body", at, &[0; 32], INDEX, &Key::named("stranger/log"));
            item["inclusionPromise"]["signedEntryTimestamp"] = json!(base64(broken));
        }
        EntryFault::ProofBroken => {
            item["inclusionProof"]["hashes"][0] = json!(base64(sha256(b"another leaf")))
        }
        EntryFault::BodyChanged => item["canonicalizedBody"] = json!(base64(b"{\"kind\":\"another\"}")),
        EntryFault::LogKey
        | EntryFault::UnknownLog
        | EntryFault::CheckpointBroken
        | EntryFault::CheckpointOfOtherTree => {}
    }
}

/// The signature over the canonical JSON (RFC 8785) of body, time, index and log id.
fn signed_entry_timestamp(body: &[u8], at: i64, id: &[u8; 32], index: u64, signer: &Key) -> Vec<u8> {
    let (body, id) = (base64(body), hex::encode(id));
    signer.sign(
        format!(r#"{{"body":"{body}","integratedTime":{at},"logID":"{id}","logIndex":{index}}}"#).as_bytes(),
    )
}

/// Root of the tree, and the path from `body` at [`INDEX`] to it; `first` tells the other leaves apart.
fn tree(body: &[u8], first: u8) -> ([u8; 32], [[u8; 32]; 3]) {
    let leaf = |data: &[u8]| sha256(&[&[0][..], data].concat());
    let node = |left: &[u8; 32], right: &[u8; 32]| sha256(&[&[1][..], left, right].concat());
    let other = |index: u8| leaf(&[first + index]);
    let left = node(&node(&other(0), &other(1)), &node(&other(2), &other(3)));
    let right = node(&node(&other(4), &leaf(body)), &other(6));
    (node(&left, &right), [other(4), other(6), left])
}

/// Change the last byte.
pub fn flip_last(bytes: &mut [u8]) {
    *bytes.last_mut().expect("there is a byte to change") ^= 1;
}
