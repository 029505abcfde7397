//! One artifact with its signature and the files beside it, verified alone.

use std::collections::BTreeMap;

use relcheck::digest::{Algorithm, Algorithms, Digests, hash_reader};
use relcheck::evidence::{Item, Seen};
use relcheck::framed::Framed;
use relcheck::proof::{self, Context, Proof, Reason, Refusal, Target};
use relcheck::trust::{Key, KeyOptions, Origin, SigstoreRoot, TrustRoots};

use crate::stage::{LINUX, Stage};
use crate::{kit, ledger};

/// The artifact.
pub const WIDGET: &str = "widget.tar.gz";
/// Its bytes.
pub const BYTES: &[u8] = b"These are the bytes of the widget.\n";

/// Files that are published together, and the verifier's keys.
#[derive(Default)]
pub struct Place {
    files: BTreeMap<String, Vec<u8>>,
    keys: Vec<(String, Vec<u8>, bool)>,
}

impl Place {
    /// The widget, and a signature of it.
    pub fn with(name: &str, signature: &[u8]) -> Self {
        Self::default().and(WIDGET, BYTES).and(name, signature)
    }

    /// The same with one more file.
    pub fn and(mut self, name: &str, bytes: &[u8]) -> Self {
        self.files.insert(name.to_owned(), bytes.to_vec());
        self
    }

    /// The same with one file less.
    pub fn without(mut self, name: &str) -> Self {
        self.files.remove(name).unwrap();
        self
    }

    /// The same with a key of the policy.
    pub fn key(mut self, key: &[u8]) -> Self {
        self.keys.push((format!("key {}", self.keys.len()), key.to_vec(), false));
        self
    }

    /// The same with a key of the policy that may sign in the legacy form.
    pub fn legacy_key(mut self, key: &[u8]) -> Self {
        self.keys.push((format!("key {}", self.keys.len()), key.to_vec(), true));
        self
    }

    fn trust(&self) -> TrustRoots {
        let keys = self.keys.iter().map(|(name, bytes, legacy)| {
            Key::parse(name, bytes, KeyOptions { legacy: *legacy, ..KeyOptions::default() }).unwrap()
        });
        let root = kit::trusted_root::Sigstore::new(kit::SEED).trusted_root().to_string();
        let root = SigstoreRoot::parse("kit", Origin::File, root.as_bytes()).unwrap();
        TrustRoots::of(vec![root]).with_keys(keys.collect())
    }

    /// Every verdict on the signatures in `name`, which must be the same whether the artifact's bytes were kept, or only
    /// the hashes that collection computes for it.
    pub fn verdicts(&self, name: &str) -> Vec<Result<Proof, Refusal>> {
        let (kept, streamed) = (self.judge(name, true), self.judge(name, false));
        assert_eq!(format!("{kept:?}"), format!("{streamed:?}"), "{name}");
        kept
    }

    fn judge(&self, name: &str, keeps: bool) -> Vec<Result<Proof, Refusal>> {
        let trust = self.trust();
        let bytes = &self.files[name];
        let (format, about) = proof::recognise(name).unwrap();
        let frames = proof::frames(name, bytes, trust.keys());
        let found = self.files.get(about).map(|artifact| {
            let asked = if bytes.starts_with(b"untrusted comment") {
                Algorithms::SHA256.with(&Algorithm::Blake2b512)
            } else {
                Algorithms::SHA256
            };
            let frames = frames.iter().filter(|(of, _)| of == about);
            let framed: Vec<Framed> = frames.map(|(_, frame)| frame.of(artifact)).collect();
            (hash_reader(artifact.as_slice(), asked).unwrap().1, framed, artifact)
        });
        let target = found.as_ref().map(|(digests, framed, artifact): &(Digests, _, _)| Target {
            digests,
            framed: if keeps { &[] } else { framed },
            bytes: keeps.then_some(artifact.as_slice()),
        });
        let sibling = |name: &str| self.files.get(name).map(Vec::as_slice);
        let item = Item::new(format!("file:{name}"), bytes.clone());
        let log_entries = Seen::unavailable("no log was asked");
        let as_of = jiff::Timestamp::from_second(kit::RELEASED_AT + 3600).unwrap();
        let context = Context {
            about: target,
            sibling: &sibling,
            name,
            log_entries: &log_entries,
            trust: &trust,
            as_of,
        };
        proof::verify(format, &item, &context)
    }

    /// The one verdict.
    #[track_caller]
    pub fn verdict(&self, name: &str) -> Result<Proof, Refusal> {
        let mut all = self.verdicts(name);
        assert_eq!(all.len(), 1, "{all:?}");
        all.remove(0)
    }

    /// The one signature counts.
    #[track_caller]
    pub fn accepted(&self, name: &str) -> Proof {
        let verdict = self.verdict(name);
        ledger::accepted((&self.files, &self.keys, name));
        verdict.unwrap_or_else(|refusal| panic!("{name}: {:?}, {refusal}", refusal.reason))
    }

    /// The one signature is refused for that reason, in words that hold these.
    #[track_caller]
    pub fn refused(&self, name: &str, reason: Reason, words: &str) {
        match self.verdict(name) {
            Ok(proof) => panic!("{name} was accepted: {proof:?}"),
            Err(refusal) => {
                assert_eq!(refusal.reason, reason, "{refusal}");
                assert!(refusal.detail.contains(words), "{refusal} does not say \"{words}\"");
                ledger::refused((&self.files, &self.keys, name), reason);
            }
        }
    }
}

/// The outcome of a release without the signatures of an artifact and of the list, and without provenance.
pub fn without_signatures(mut stage: Stage, suffix: &str) -> String {
    for name in [LINUX, "SHA256SUMS"] {
        stage.withdraw(&format!("{name}{suffix}"));
    }
    stage.withdraw("widget-1.2.3.intoto.jsonl");
    let required = "provenance = \"require\"";
    assert!(stage.policy.contains(required));
    stage.policy = stage.policy.replace(required, "provenance = \"skip\"");
    ledger::outcome(&stage.judge())
}
