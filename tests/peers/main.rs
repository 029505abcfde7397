//! Peers agree: bundles of the virtual Sigstore are accepted by the public verifiers that can read their shape, and
//! what was forged is refused by each of them and by relcheck.
//!
//! `eval "$(bash .ci/peers)"` installs the peers and says where they are; without them the comparison is skipped, loudly,
//! and where `.ci/run` promised them it fails. Where a peer differs, the difference stands in [`DIFFERENCES`] with its reason; any other fails.
#![allow(clippy::unwrap_used, reason = "a test")]
#![allow(clippy::print_stderr, reason = "the table is for whoever reads the test's output")]

#[path = "../kit/mod.rs"]
mod kit;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use kit::bundle::{BundleOptions, Content, Fault, Logged, Signer, Version};
use kit::certificates::Identity;
use kit::keys::Key;
use kit::log::EntryFault;
use kit::statement::{Build, Predicate, Provenance, Subject};
use kit::trusted_root::Sigstore;
use relcheck::digest::{Algorithm, Digest};
use relcheck::proof::sigstore::{Expected, Subject as About, verify_one};
use relcheck::trust::{Origin, SigstoreRoot, TrustRoots};
use serde_json::{Value, json};

const FILE: &[u8] = b"the widget\n";
const COMMIT: &str = "0123456789abcdef0123456789abcdef01234567";

/// A verifier that is not relcheck.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Peer {
    /// sigstore-python.
    Python,
    /// `gh attestation verify`.
    Gh,
    /// @sigstore/verify, of JavaScript.
    Node,
}

/// What a verifier made of a bundle.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Verdict {
    Accepts,
    Refuses(String),
}

/// One bundle, and what it is to be verified for.
struct Case {
    name: String,
    bundle: Value,
    artifact: Vec<u8>,
    identity: String,
    predicate: Option<&'static str>,
    by_key: bool,
    good: bool,
}

/// Where a peer refuses what relcheck accepts: part of a case's name, and why.
const DIFFERENCES: [(Peer, &str, &str); 7] = [
    (Peer::Python, "key", "it reads no bundle that was signed with a key"),
    (Peer::Python, "slsa v0.2", "it refuses statements of in-toto v0.1"),
    (Peer::Python, "RekorV1Intoto", "it takes the time of dsse and hashedrekord entries only"),
    (Peer::Gh, "file", "it verifies attestations only"),
    (Peer::Gh, "key", "it wants a certificate"),
    (Peer::Gh, "V01", "it reads no bundle of v0.1"),
    (Peer::Node, "envelope in RekorV2", "version 3.1.1 reads no envelope that is logged in Rekor v2"),
];

/// Where a peer accepts a forgery that relcheck refuses: the forgery, and what the peer does not look at.
const BLIND_SPOTS: [(Peer, &str, &str); 3] = [
    (Peer::Gh, "forged sct", "2.103.3 checks no SCT against a trusted root that it was given"),
    (Peer::Gh, "no sct", "2.103.3 wants no SCT under a trusted root that it was given"),
    (Peer::Node, "entry of another signer", "3.1.1 does not compare the signer that a log entry names"),
];

fn build() -> Build {
    Build::of_tag("v1.2.3", COMMIT)
}

fn provenance(predicate: Predicate) -> Content {
    let subjects = vec![Subject::of("widget", FILE)];
    Content::provenance(&match predicate {
        Predicate::SlsaV1 => Provenance::v1(&build(), subjects),
        Predicate::SlsaV02 => Provenance::v02(&build(), subjects),
    })
}

/// What can be signed, with what it is called and its predicate.
fn contents() -> [(&'static str, Content, Option<&'static str>); 3] {
    [
        ("file", Content::file(FILE), None),
        ("slsa v1 envelope", provenance(Predicate::SlsaV1), Some("https://slsa.dev/provenance/v1")),
        ("slsa v0.2 envelope", provenance(Predicate::SlsaV02), Some("https://slsa.dev/provenance/v0.2")),
    ]
}

/// Every way in which a bundle can be logged.
fn ways(is_file: bool) -> Vec<BundleOptions> {
    let mut ways = Vec::new();
    for version in [Version::V01, Version::V02, Version::V03] {
        for logged in [Logged::RekorV1, Logged::RekorV1Intoto, Logged::RekorV2] {
            let intoto_of_file = logged == Logged::RekorV1Intoto && is_file;
            // Rekor v2 makes no promise, which v0.1 wants; and nobody writes it into the older v0.2 either.
            if intoto_of_file || (logged == Logged::RekorV2 && version != Version::V03) {
                continue;
            }
            let options = BundleOptions::new(version, logged);
            ways.push(options.clone());
            if !options.timestamped {
                ways.push(options.and_timestamp());
            }
        }
    }
    ways
}

fn describe(options: &BundleOptions) -> String {
    let stamped = if options.timestamped { " stamped" } else { "" };
    format!("in {:?} {:?}{stamped}", options.logged, options.version)
}

/// Every shape that relcheck accepts.
fn shapes(sigstore: &Sigstore) -> Vec<Case> {
    let mut cases = Vec::new();
    for (what, content, predicate) in contents() {
        for options in ways(predicate.is_none()) {
            let keyless = Signer::Keyless(Identity::workflow(&build()));
            cases.push(Case {
                name: format!("{what} {}", describe(&options)),
                bundle: sigstore.bundle(&content, &keyless, &options),
                artifact: FILE.to_vec(),
                identity: build().workflow_uri(),
                predicate,
                by_key: false,
                good: true,
            });
        }
    }
    for (what, content, predicate) in contents().into_iter().take(2) {
        for logged in [Logged::RekorV1, Logged::RekorV2] {
            let options = BundleOptions::new(Version::V03, logged);
            cases.push(Case {
                name: format!("{what} {} by key", describe(&options)),
                bundle: sigstore.bundle(&content, &Signer::Key(Key::named("maintainer")), &options),
                artifact: FILE.to_vec(),
                identity: String::new(),
                predicate,
                by_key: true,
                good: true,
            });
        }
    }
    cases
}

/// Every forgery, of each shape that all peers read in some form.
fn forgeries(sigstore: &Sigstore) -> Vec<Case> {
    let mut cases = Vec::new();
    for (what, content, predicate) in contents().into_iter().take(2) {
        for logged in [Logged::RekorV1, Logged::RekorV2] {
            let options = BundleOptions::new(Version::V03, logged);
            let mint = |options: &BundleOptions, content: &Content| {
                sigstore.bundle(content, &Signer::Keyless(Identity::workflow(&build())), options)
            };
            let mut forge = |how: &str, bundle: Value, artifact: &[u8], identity: String| {
                cases.push(Case {
                    name: format!("{how}: {what} {}", describe(&options)),
                    bundle,
                    artifact: artifact.to_vec(),
                    identity,
                    predicate,
                    by_key: false,
                    good: false,
                });
            };
            let right = build().workflow_uri();
            let good = mint(&options, &content);
            forge("other artifact", good.clone(), b"another file\n", right.clone());
            forge("other identity", good.clone(), FILE, right.replace("acme", "evil"));
            let mut faults = vec![
                ("flipped signature", Fault::SignatureBroken),
                ("signed by another key", Fault::SigningKey),
                ("forged log", Fault::Entry(EntryFault::LogKey)),
                ("unknown log", Fault::Entry(EntryFault::UnknownLog)),
                ("forged checkpoint", Fault::Entry(EntryFault::CheckpointBroken)),
                ("checkpoint of another tree", Fault::Entry(EntryFault::CheckpointOfOtherTree)),
                ("proof broken", Fault::Entry(EntryFault::ProofBroken)),
                ("entry changed", Fault::Entry(EntryFault::BodyChanged)),
                ("entry of another signature", Fault::EntryOfOther),
                ("entry of another signer", Fault::EntryOfOtherSigner),
                ("forged authority", Fault::CertificateAuthority),
                ("forged sct", Fault::SctKey),
                ("no sct", Fault::SctMissing),
                ("too late", Fault::TooLate),
                ("too early", Fault::TooEarly),
            ];
            if logged == Logged::RekorV1 {
                faults.push(("time moved", Fault::Entry(EntryFault::IntegratedTime)));
                faults.push(("promise forged", Fault::Entry(EntryFault::PromiseBroken)));
                faults.push(("promise missing", Fault::Entry(EntryFault::PromiseMissing)));
            } else {
                faults.push(("stamp forged", Fault::TsaUntrusted));
                faults.push(("stamp broken", Fault::TsaBroken));
                faults.push(("stamp of another signature", Fault::TsaOfOther));
                let unstamped = BundleOptions { timestamped: false, ..options.clone() };
                forge("stamp missing", mint(&unstamped, &content), FILE, right.clone());
            }
            for (how, fault) in faults {
                forge(how, mint(&options.clone().spoil(fault), &content), FILE, right.clone());
            }
            let mut spliced = good.clone();
            let mut other = mint(&options, &Content::file(b"another file\n"));
            spliced["verificationMaterial"]["tlogEntries"] =
                other["verificationMaterial"]["tlogEntries"].take();
            forge("entry of another bundle", spliced, FILE, right);
        }
    }
    cases
}

/// The files of the cases, as the peers read them.
struct Folder {
    folder: tempfile::TempDir,
}

impl Folder {
    fn write(sigstore: &Sigstore, cases: &[Case]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let root = sigstore.trusted_root().to_string();
        std::fs::write(folder.path().join("root.json"), &root).unwrap();
        std::fs::write(folder.path().join("root.jsonl"), format!("{root}\n")).unwrap();
        std::fs::write(folder.path().join("key.pub"), Key::named("maintainer").public_pem()).unwrap();
        for (number, case) in cases.iter().enumerate() {
            std::fs::write(folder.path().join(format!("{number}.json")), case.bundle.to_string()).unwrap();
            std::fs::write(folder.path().join(format!("{number}.bin")), &case.artifact).unwrap();
        }
        Self { folder }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The cases as JSON Lines, for the scripts.
    fn lines(&self, cases: &[Case]) -> String {
        let line = |(number, case): (usize, &Case)| {
            json!({
                "name": number.to_string(),
                "root": self.path("root.json"),
                "bundle": self.path(&format!("{number}.json")),
                "artifact": self.path(&format!("{number}.bin")),
                "identity": case.identity,
                "issuer": kit::ISSUER,
                "statement": case.predicate.is_some(),
                "key": case.by_key.then(|| self.path("key.pub")),
            })
            .to_string()
                + "\n"
        };
        cases.iter().enumerate().map(line).collect()
    }
}

/// What relcheck makes of a case.
fn ours(sigstore: &Sigstore, case: &Case) -> Verdict {
    let root =
        SigstoreRoot::parse("kit", Origin::File, sigstore.trusted_root().to_string().as_bytes()).unwrap();
    let expected = if case.by_key {
        let pem = Key::named("maintainer").public_pem();
        Expected::Key(relcheck::trust::Key::from_pem("maintainer", &pem).unwrap())
    } else {
        Expected::Certificate { identity: case.identity.clone(), issuer: kit::ISSUER.to_owned() }
    };
    let digest = Digest::parse(Algorithm::Sha256, &kit::keys::sha256_hex(&case.artifact)).unwrap();
    let document = case.bundle.to_string();
    match verify_one(document.as_bytes(), &About::Digest(digest), &expected, &TrustRoots::of(vec![root])) {
        Ok(_) => Verdict::Accepts,
        Err(refusal) => Verdict::Refuses(refusal.to_string()),
    }
}

/// The peers that are installed, with where they are.
fn installed() -> Option<Vec<(Peer, PathBuf)>> {
    let all = [
        (Peer::Python, "RELCHECK_PEER_PYTHON"),
        (Peer::Gh, "RELCHECK_PEER_GH"),
        (Peer::Node, "RELCHECK_PEER_NODE"),
    ];
    let mut found = Vec::new();
    for (peer, variable) in all {
        match std::env::var_os(variable) {
            Some(path) => found.push((peer, path.into())),
            None => {
                let promised = std::env::var_os("RELCHECK_PEERS_PROMISED").is_some();
                assert!(!promised, "the peers were promised, and {variable} is not set");
                eprintln!("SKIPPED: {peer:?} is not compared with: {variable} is not set (see .ci/peers)");
            }
        }
    }
    (!found.is_empty()).then_some(found)
}

impl Peer {
    /// What it makes of each case.
    fn verify(self, program: &Path, folder: &Folder, cases: &[Case]) -> Vec<Verdict> {
        let scripts = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/peers"));
        match self {
            Self::Gh => (0..cases.len()).map(|number| gh(program, folder, &cases[number], number)).collect(),
            Self::Python => script(Command::new(program).arg(scripts.join("peer.py")), folder, cases),
            Self::Node => {
                let mut node = Command::new("node");
                script(node.arg(scripts.join("peer.cjs")).env("RELCHECK_PEER_NODE", program), folder, cases)
            }
        }
    }

    /// Why it accepts a forgery of that name, where that is known.
    fn blind_spot(self, name: &str) -> Option<&'static str> {
        let known = BLIND_SPOTS.iter().find(|(peer, forgery, _)| {
            *peer == self && name.strip_prefix(*forgery).is_some_and(|rest| rest.starts_with(": "))
        });
        known.map(|(_, _, why)| *why)
    }

    /// Why it refuses a good bundle of that name, where that is known.
    fn difference(self, name: &str) -> Option<&'static str> {
        DIFFERENCES
            .iter()
            .find(|(peer, part, _)| *peer == self && part.split(' ').all(|word| name.contains(word)))
            .map(|(_, _, why)| *why)
    }
}

/// Runs a script over all cases.
fn script(command: &mut Command, folder: &Folder, cases: &[Case]) -> Vec<Verdict> {
    let piped = command.stdin(Stdio::piped()).stdout(Stdio::piped()).env("HOME", folder.path("home"));
    let mut child = piped.spawn().unwrap();
    let lines = folder.lines(cases);
    let mut stdin = child.stdin.take().unwrap();
    let writer = std::thread::spawn(move || stdin.write_all(lines.as_bytes()));
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap().unwrap();
    let answers: BTreeMap<usize, Verdict> = String::from_utf8(output.stdout)
        .unwrap()
        .lines()
        .map(|line| {
            let answer: Value = serde_json::from_str(line).unwrap();
            let number = answer["name"].as_str().unwrap().parse().unwrap();
            let refused = answer["refused"].as_str().map(ToOwned::to_owned);
            (number, refused.map_or(Verdict::Accepts, Verdict::Refuses))
        })
        .collect();
    assert_eq!(answers.len(), cases.len(), "the script answered every case");
    answers.into_values().collect()
}

/// Runs `gh attestation verify` for one case; it wants no login for a bundle in a file.
fn gh(program: &Path, folder: &Folder, case: &Case, number: usize) -> Verdict {
    let Some(predicate) = case.predicate else { return Verdict::Refuses("no attestation".to_owned()) };
    let output = Command::new(program)
        .args(["attestation", "verify"])
        .arg(folder.path(&format!("{number}.bin")))
        .arg("--bundle")
        .arg(folder.path(&format!("{number}.json")))
        .args(["--repo", "acme/widget", "--cert-identity", &case.identity, "--predicate-type", predicate])
        .arg("--custom-trusted-root")
        .arg(folder.path("root.jsonl"))
        .env("HOME", folder.path("home"))
        .env("GH_CONFIG_DIR", folder.path("home"))
        .env("GH_TOKEN", "none")
        .env("GH_NO_UPDATE_NOTIFIER", "1")
        .output()
        .unwrap();
    if output.status.success() {
        return Verdict::Accepts;
    }
    let said = [output.stderr, output.stdout].concat();
    let said = String::from_utf8_lossy(&said);
    Verdict::Refuses(said.lines().rev().find(|line| !line.trim().is_empty()).unwrap_or_default().to_owned())
}

#[test]
fn peers_accept_what_is_good_and_refuse_what_is_forged_and_so_does_relcheck() {
    let sigstore = Sigstore::new("kit");
    let cases: Vec<Case> = shapes(&sigstore).into_iter().chain(forgeries(&sigstore)).collect();
    let mut wrong = Vec::new();
    for case in &cases {
        let verdict = ours(&sigstore, case);
        if (verdict == Verdict::Accepts) != case.good {
            wrong.push(format!("relcheck: {}: {verdict:?}", case.name));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    let Some(peers) = installed() else { return };
    let folder = Folder::write(&sigstore, &cases);
    let mut table = String::from("| bundle | peer | |\n|---|---|---|\n");
    let mut counts: BTreeMap<(Peer, &str), usize> = BTreeMap::new();
    let mut met = BTreeSet::new();
    let asked: Vec<Peer> = peers.iter().map(|(peer, _)| *peer).collect();
    for (peer, program) in peers {
        let verdicts = peer.verify(&program, &folder, &cases);
        for (case, verdict) in cases.iter().zip(verdicts) {
            let difference =
                if case.good { peer.difference(&case.name) } else { peer.blind_spot(&case.name) };
            let (word, detail) = match (&verdict, case.good, difference) {
                (Verdict::Accepts, true, None) => ("accepts", ""),
                (Verdict::Refuses(_), true, Some(why)) => ("cannot read", why),
                (Verdict::Refuses(why), false, _) => ("refuses", why.as_str()),
                (Verdict::Accepts, false, Some(why)) => ("does not see", why),
                _ => {
                    wrong.push(format!("{peer:?}: {}: {verdict:?}, {difference:?}", case.name));
                    ("WRONG", "")
                }
            };
            if let ("cannot read" | "does not see", Some(why)) = (word, difference) {
                met.insert((peer, why));
            }
            *counts.entry((peer, word)).or_default() += 1;
            let detail: String = detail.chars().filter(|c| !c.is_control()).take(110).collect();
            writeln!(table, "| {} | {peer:?} | {word} {detail} |", case.name).unwrap();
        }
    }
    let good = cases.iter().filter(|case| case.good).count();
    eprintln!("{table}\n{good} good bundles and {} forgeries: {counts:?}", cases.len() - good);
    assert!(wrong.is_empty(), "{wrong:#?}");
    for (peer, _, why) in DIFFERENCES.iter().chain(&BLIND_SPOTS).filter(|(peer, _, _)| asked.contains(peer)) {
        assert!(met.contains(&(*peer, *why)), "{peer:?}: {why}: no bundle is read so any more");
    }
}
