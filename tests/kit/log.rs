//! Transparency logs: Rekor v1 (signed entry timestamp, proof, checkpoint) and Rekor v2 (proof, checkpoint).
//!
//! An entry stands at index 5 of a log of seven, unless a test says otherwise: that is the smallest tree whose proof has
//! a left and a right neighbour and a node that was carried up.

use serde_json::{Value, json};

use super::keys::{Key, base64, sha256};

/// Where an entry stands in its log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// Counted from 0.
    pub index: u64,
    /// How many entries the log has.
    pub size: u64,
}

/// Where entries stand unless a test says otherwise.
pub const PLACE: Place = Place { index: 5, size: 7 };

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
        self.append_at(PLACE, entry, at, fault)
    }

    /// The same at another place of the log.
    pub fn append_at(&self, place: Place, entry: &Entry, at: i64, fault: Option<EntryFault>) -> Value {
        let stranger = Key::named("stranger/log");
        let signer = match fault {
            Some(EntryFault::LogKey | EntryFault::UnknownLog) => &stranger,
            _ => &self.key,
        };
        let id = if fault == Some(EntryFault::UnknownLog) { stranger.id() } else { self.key.id() };
        let body = entry.body.to_string().into_bytes();
        let shard = if self.generation == Generation::V1 { SHARD_START } else { 0 };
        let top_index = shard + place.index;
        let mut item = json!({
            "logIndex": top_index.to_string(),
            "logId": {"keyId": base64(id)},
            "kindVersion": {"kind": entry.kind, "version": entry.version},
            "inclusionProof": self.proof(place, &body, signer, &id, fault),
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

    /// The good inclusion proof of `body` at that place.
    pub fn proof_at(&self, place: Place, body: &[u8]) -> Value {
        self.proof(place, body, &self.key, &self.key.id(), None)
    }

    /// What the first line of its checkpoints says.
    pub fn origin(&self) -> String {
        match self.generation {
            Generation::V1 => format!("{} - 1193050959916656506", self.host()),
            Generation::V2 => self.host().to_owned(),
        }
    }

    /// A signed note over `text`, which is whatever a test wants the log to have signed.
    pub fn note(&self, text: &str) -> String {
        self.signed_note(text, &self.key.id(), &self.key.sign(text.as_bytes()))
    }

    fn signed_note(&self, text: &str, id: &[u8; 32], signature: &[u8]) -> String {
        format!("{text}\n\u{2014} {} {}\n", self.host(), base64([&id[..4], signature].concat()))
    }

    /// Inclusion proof and checkpoint of `body` (RFC 6962, 2.1.1; C2SP `tlog-checkpoint`).
    fn proof(
        &self,
        place: Place,
        body: &[u8],
        signer: &Key,
        id: &[u8; 32],
        fault: Option<EntryFault>,
    ) -> Value {
        let others = if fault == Some(EntryFault::CheckpointOfOtherTree) { 100 } else { 0 };
        let leaves = leaves(body, place, 0);
        let path = path(place.index, &leaves);
        let text = format!(
            "{}\n{}\n{}\n",
            self.origin(),
            place.size,
            base64(root(&self::leaves(body, place, others)))
        );
        let mut signature = signer.sign(text.as_bytes());
        if fault == Some(EntryFault::CheckpointBroken) {
            flip_last(&mut signature);
        }
        json!({
            "logIndex": place.index.to_string(),
            "rootHash": base64(root(&leaves)),
            "treeSize": place.size.to_string(),
            "hashes": path.iter().map(base64).collect::<Vec<_>>(),
            "checkpoint": {"envelope": self.signed_note(&text, id, &signature)},
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
                signed_entry_timestamp(b"another body", at, &[0; 32], 5, &Key::named("stranger/log"));
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

/// The hashes of a log's entries, with `body` at its place; `first` tells the others of two logs apart.
fn leaves(body: &[u8], place: Place, first: u64) -> Vec<[u8; 32]> {
    let leaf = |data: &[u8]| sha256(&[&[0][..], data].concat());
    let other = |index: u64| match u8::try_from(first + index) {
        Ok(short) => leaf(&[short]),
        Err(_) => leaf(&(first + index).to_be_bytes()),
    };
    (0..place.size).map(|index| if index == place.index { leaf(body) } else { other(index) }).collect()
}

fn node(left: &[u8; 32], right: &[u8; 32]) -> [u8; 32] {
    sha256(&[&[1][..], left, right].concat())
}

/// The largest power of two below `n` (RFC 6962, 2.1).
fn split(n: usize) -> usize {
    n.next_power_of_two() / 2
}

/// The Merkle tree hash (RFC 6962, 2.1) of at least one entry.
fn root(leaves: &[[u8; 32]]) -> [u8; 32] {
    if let [only] = leaves {
        return *only;
    }
    let (left, right) = leaves.split_at(split(leaves.len()));
    node(&root(left), &root(right))
}

/// The Merkle audit path (RFC 6962, 2.1.1) of the entry at `index`.
fn path(index: u64, leaves: &[[u8; 32]]) -> Vec<[u8; 32]> {
    if leaves.len() < 2 {
        return Vec::new();
    }
    let middle = split(leaves.len());
    let (left, right) = leaves.split_at(middle);
    let (mut below, beside) = match index.checked_sub(middle as u64) {
        None => (path(index, left), root(right)),
        Some(index) => (path(index, right), root(left)),
    };
    below.push(beside);
    below
}

/// Change the last byte.
pub fn flip_last(bytes: &mut [u8]) {
    *bytes.last_mut().expect("there is a byte to change") ^= 1;
}
