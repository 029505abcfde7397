//! A TUF repository that publishes a trusted root, with consistent snapshots as Sigstore's have them.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::keys::{Key, sha256_hex};

/// When all of it expires, unless it is spoilt.
pub const EXPIRES: &str = "2026-07-01T00:00:00Z";

type Edit = fn(&mut Value);

/// A repository to be written: a good one, unless spoilt.
#[derive(Clone)]
pub struct Tuf {
    /// The version of everything but the root.
    pub version: u64,
    /// The version of the root; all from the first one on are published.
    pub root_version: u64,
    /// The `trusted_root.json`.
    pub target: Vec<u8>,
    edits: Vec<(&'static str, Edit)>,
    strangers: Vec<&'static str>,
}

impl Tuf {
    /// Version 1 with this target.
    pub fn new(target: &[u8]) -> Self {
        Self {
            version: 1,
            root_version: 1,
            target: target.to_vec(),
            edits: Vec::new(),
            strangers: Vec::new(),
        }
    }

    /// The same in a later version.
    pub fn at(mut self, version: u64) -> Self {
        self.version = version;
        self
    }

    /// The same with that many roots, each signed by the keys of its predecessor too.
    pub fn with_roots(mut self, version: u64) -> Self {
        self.root_version = version;
        self
    }

    /// The same with one role (`root`, of the last version) changed before it is signed.
    pub fn edit(mut self, role: &'static str, edit: Edit) -> Self {
        self.edits.push((role, edit));
        self
    }

    /// The same with one role signed by a stranger's key under the right one's name.
    pub fn signed_by_stranger(mut self, role: &'static str) -> Self {
        self.strangers.push(role);
        self
    }

    /// The first root, which a verifier starts from.
    pub fn bootstrap(&self) -> Vec<u8> {
        self.root(1)
    }

    /// Every file, by its path.
    pub fn files(&self) -> BTreeMap<String, Vec<u8>> {
        let hash = sha256_hex(&self.target);
        let length = self.target.len();
        let mut listed = json!({"trusted_root.json": {"length": length, "hashes": {"sha256": hash}}});
        if let Some(value) = self.edited("target", listed["trusted_root.json"].clone()) {
            listed["trusted_root.json"] = value;
        }
        let targets = self.signed("targets", json!({"targets": listed}), &["online"]);
        let snapshot =
            self.signed("snapshot", json!({"meta": {"targets.json": self.pin(&targets)}}), &["online"]);
        let timestamp =
            self.signed("timestamp", json!({"meta": {"snapshot.json": self.pin(&snapshot)}}), &["online"]);
        let version = self.version;
        let mut files = BTreeMap::from([
            ("timestamp.json".to_owned(), timestamp),
            (format!("{version}.snapshot.json"), snapshot),
            (format!("{version}.targets.json"), targets),
            (format!("targets/{hash}.trusted_root.json"), self.target.clone()),
        ]);
        for version in 1..=self.root_version {
            files.insert(format!("{version}.root.json"), self.root(version));
        }
        files
    }

    /// Metadata of the role of that kind, or of one that it delegates to, in that version.
    pub fn metadata(&self, kind: &str, version: u64, body: Value) -> Vec<u8> {
        self.envelope(kind, "a part", version, body, &["online"])
    }

    fn pin(&self, bytes: &[u8]) -> Value {
        json!({"version": self.version, "length": bytes.len(), "hashes": {"sha256": sha256_hex(bytes)}})
    }

    fn root(&self, version: u64) -> Vec<u8> {
        let name = |version: u64| format!("root-{version}");
        let keys: serde_json::Map<String, Value> =
            [name(version), "online".to_owned()].iter().map(|name| (name.clone(), public(name))).collect();
        let role = |name: &str| json!({"keyids": [name], "threshold": 1});
        let body = json!({
            "consistent_snapshot": true,
            "keys": keys,
            "roles": {
                "root": role(&name(version)), "timestamp": role("online"),
                "snapshot": role("online"), "targets": role("online"),
            },
        });
        let before = name(version.saturating_sub(1).max(1));
        let signers = if version == 1 { vec![name(1)] } else { vec![name(version), before] };
        let signers: Vec<&str> = signers.iter().map(String::as_str).collect();
        let role = if version == self.root_version { "root" } else { "earlier root" };
        self.envelope("root", role, version, body, &signers)
    }

    fn signed(&self, role: &'static str, body: Value, signers: &[&str]) -> Vec<u8> {
        self.envelope(role, role, self.version, body, signers)
    }

    fn envelope(&self, kind: &str, role: &str, version: u64, mut body: Value, signers: &[&str]) -> Vec<u8> {
        body["_type"] = json!(kind);
        body["spec_version"] = json!("1.0.31");
        body["version"] = json!(version);
        body["expires"] = json!(EXPIRES);
        let body = self.edited(role, body.clone()).unwrap_or(body);
        let stranger = self.strangers.contains(&role);
        let text = canonical(&body);
        let sign = |name: &&str| {
            let key = if stranger { "stranger".to_owned() } else { format!("tuf/{name}") };
            json!({"keyid": name, "sig": hex::encode(Key::named(&key).sign(text.as_bytes()))})
        };
        let signatures: Vec<Value> = signers.iter().map(sign).collect();
        json!({"signed": body, "signatures": signatures}).to_string().into_bytes()
    }

    fn edited(&self, role: &str, value: Value) -> Option<Value> {
        let mut edits = self.edits.iter().filter(|(of, _)| *of == role).peekable();
        edits.peek()?;
        Some(edits.fold(value, |mut value, (_, edit)| {
            edit(&mut value);
            value
        }))
    }
}

/// A key as root metadata lists it.
pub fn public(name: &str) -> Value {
    let public = Key::named(&format!("tuf/{name}")).public_pem();
    json!({"keytype": "ecdsa", "scheme": "ecdsa-sha2-nistp256", "keyval": {"public": public}})
}

/// Canonical JSON as securesystemslib has it: sorted, no space, and nothing escaped but quotes and backslashes.
fn canonical(value: &Value) -> String {
    let text = |text: &str| format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""));
    match value {
        Value::String(it) => text(it),
        Value::Array(items) => format!("[{}]", items.iter().map(canonical).collect::<Vec<_>>().join(",")),
        Value::Object(members) => {
            let sorted: BTreeMap<&String, &Value> = members.iter().collect();
            let members: Vec<String> =
                sorted.iter().map(|(name, value)| format!("{}:{}", text(name), canonical(value))).collect();
            format!("{{{}}}", members.join(","))
        }
        other => other.to_string(),
    }
}
