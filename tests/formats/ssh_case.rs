//! A signature of ssh-keygen, judged alone.

use relcheck::digest::{Algorithm, Algorithms, Digests, hash_reader};
use relcheck::evidence::{Item, Seen};
use relcheck::proof::{self, Context, Proof, Reason, Refusal, Target};
use relcheck::trust::{Key, KeyOptions, TrustRoots};

use crate::ledger;
use crate::ssh_maker::BYTES;

/// The artifact.
const WIDGET: &str = "widget.tar.gz";
/// Its signature.
const SIGNATURE: &str = "widget.tar.gz.sshsig";

/// A signature of the widget before its judge.
pub struct Case {
    signature: Vec<u8>,
    file: Vec<u8>,
    keys: Vec<(String, KeyOptions)>,
    as_of: String,
}

impl Case {
    /// Judged by these allowed signers.
    pub fn new(signature: &str, allowed: &str) -> Self {
        let keys = vec![(allowed.to_owned(), KeyOptions::default())];
        let as_of = "2026-01-06T00:00:00Z".to_owned();
        Self { signature: signature.as_bytes().to_vec(), file: BYTES.to_vec(), keys, as_of }
    }

    /// As at another moment.
    pub fn at(mut self, as_of: &str) -> Self {
        as_of.clone_into(&mut self.as_of);
        self
    }

    /// Beside another file.
    pub fn over(mut self, file: &[u8]) -> Self {
        self.file = file.to_vec();
        self
    }

    /// With the principals that the policy counts.
    pub fn principals(mut self, names: &[&str]) -> Self {
        self.keys[0].1.principals = names.iter().map(|name| (*name).to_owned()).collect();
        self
    }

    /// With the namespaces that the policy counts.
    pub fn namespaces(mut self, names: &[&str]) -> Self {
        self.keys[0].1.namespaces = names.iter().map(|name| (*name).to_owned()).collect();
        self
    }

    /// Without any key.
    pub fn without_keys(mut self) -> Self {
        self.keys.clear();
        self
    }

    /// The verdict, which must be the same whether the widget's bytes were kept or only its digests.
    pub fn verdict(&self) -> Result<Proof, Refusal> {
        let all = Algorithms::SHA256.with(&Algorithm::Sha512);
        let (kept, streamed) = (self.judge(true, all), self.judge(false, all));
        assert_eq!(format!("{kept:?}"), format!("{streamed:?}"));
        kept
    }

    /// The verdict where these digests of the widget are all that is known, or its bytes too.
    pub fn judge(&self, keeps: bool, algorithms: Algorithms) -> Result<Proof, Refusal> {
        let keys = self.keys.iter().enumerate().map(|(n, (text, options))| {
            Key::parse(&format!("key {n}"), text.as_bytes(), options.clone()).unwrap()
        });
        let trust = TrustRoots::of(Vec::new()).with_keys(keys.collect());
        let digests: Digests = hash_reader(self.file.as_slice(), algorithms).unwrap().1;
        let target = Target { digests: &digests, framed: &[], bytes: keeps.then_some(self.file.as_slice()) };
        let (format, about) = proof::recognise(SIGNATURE).unwrap();
        assert_eq!(about, WIDGET);
        let item = Item::new(format!("file:{SIGNATURE}"), self.signature.clone());
        let log_entries = Seen::unavailable("no log was asked");
        let context = Context {
            about: Some(target),
            sibling: &|_| None,
            name: SIGNATURE,
            log_entries: &log_entries,
            trust: &trust,
            as_of: self.as_of.parse().unwrap(),
        };
        let mut verdicts = proof::verify(format, &item, &context);
        assert_eq!(verdicts.len(), 1, "{verdicts:?}");
        verdicts.remove(0)
    }

    /// The signature counts; returns who made it, and what is remarked.
    #[track_caller]
    pub fn accepted(&self) -> (String, Vec<String>) {
        let proof = self.verdict().unwrap_or_else(|refusal| panic!("{:?}: {refusal}", refusal.reason));
        ledger::accepted(self.input());
        (proof.signer().to_string(), proof.remarks().to_vec())
    }

    /// The signature is refused for that reason, in words that hold these.
    #[track_caller]
    pub fn refused(&self, reason: Reason, words: &str) {
        match self.verdict() {
            Ok(proof) => panic!("accepted: {proof:?}"),
            Err(refusal) => {
                assert_eq!(refusal.reason, reason, "{refusal}");
                assert!(refusal.detail.contains(words), "\"{refusal}\" does not say \"{words}\"");
                ledger::refused(self.input(), reason);
            }
        }
    }

    fn input(&self) -> String {
        format!("{:?} {:?} {:?} {}", self.signature, self.file, self.keys, self.as_of)
    }
}
