//! Real attestations of GitHub and npm, and a real verification summary: each good one verifies with its digest, each bad
//! one is refused by name, and so is every forgery of a good one.

use std::fs;

use base64::{Engine, engine::general_purpose::STANDARD};
use relcheck::digest::{Algorithm, Digest};
use relcheck::evidence::{Item, Seen};
use relcheck::proof::sigstore::{Expected, Subject, verify_all, verify_one};
use relcheck::proof::statement::Release;
use relcheck::proof::{self, Context, Proof, Reason, Refusal, Registry, Signed, Signer};
use relcheck::trust::{Instance, Key, Origin, SigstoreRoot, TrustRoots};
use serde_json::{Value, json};

use crate::run::relcheck;
use crate::shared;

const GITHUB_ISSUER: &str = "https://token.actions.githubusercontent.com";

/// A good file of `github-attestations`.
struct Good {
    file: &'static str,
    /// The file it is about, in `DIGESTS`.
    artifact: &'static str,
    bundles: usize,
    identity: &'static str,
    issuer: &'static str,
    /// The instance it leads back to.
    root: &'static str,
}

const SIGSTORE_JS: &str =
    "https://github.com/sigstore/sigstore-js/.github/workflows/release.yml@refs/heads/main";

const GOOD: [Good; 6] = [
    Good {
        file: "sigstore-js-2.1.0-bundle.json",
        artifact: "sigstore-js-2.1.0.tgz",
        bundles: 1,
        identity: SIGSTORE_JS,
        issuer: GITHUB_ISSUER,
        root: "sigstore public good",
    },
    Good {
        file: "sigstore-js-2.1.0-bundle-v0.1.json",
        artifact: "sigstore-js-2.1.0.tgz",
        bundles: 1,
        identity: SIGSTORE_JS,
        issuer: GITHUB_ISSUER,
        root: "sigstore public good",
    },
    Good {
        file: "sigstore-js-2.1.0_with_2_bundles.jsonl",
        artifact: "sigstore-js-2.1.0.tgz",
        bundles: 2,
        identity: SIGSTORE_JS,
        issuer: GITHUB_ISSUER,
        root: "sigstore public good",
    },
    Good {
        file: "custom-issuer.sigstore.json",
        artifact: "custom-issuer-artifact",
        bundles: 1,
        identity: "https://github.com/too-legit/attest/.github/workflows/integration.yml@refs/heads/main",
        issuer: "https://token.actions.githubusercontent.com/hammer-time",
        root: "sigstore public good",
    },
    Good {
        file: "reusable-workflow-attestation.sigstore.json",
        artifact: "reusable-workflow-artifact",
        bundles: 1,
        identity: "https://github.com/github/artifact-attestations-workflows/.github/workflows/attest.yml@09b495c3f12c7881b3cc17209a327792065c1a1d",
        issuer: GITHUB_ISSUER,
        root: "sigstore public good",
    },
    Good {
        file: "github_provenance_demo-0.0.12-py3-none-any-bundle.jsonl",
        artifact: "github_provenance_demo-0.0.12-py3-none-any.whl",
        bundles: 1,
        identity: "https://github.com/actions/attest-demo/.github/workflows/build-python.yml@refs/heads/main",
        issuer: GITHUB_ISSUER,
        root: "github",
    },
];

impl Good {
    fn bytes(&self) -> Option<Vec<u8>> {
        Some(fs::read(shared("data/github-attestations")?.join(self.file)).unwrap())
    }

    /// The digests of its artifact, by SHA-256 and SHA-512.
    fn digests(&self) -> Vec<Digest> {
        let table = fs::read_to_string(shared("data/github-attestations/DIGESTS").unwrap()).unwrap();
        let of_it =
            table.lines().filter_map(|line| line.split_once("  ")).filter(|row| row.1 == self.artifact);
        let digests: Vec<Digest> = of_it
            .map(|(hex, _)| {
                let algorithm = if hex.len() == 64 { Algorithm::Sha256 } else { Algorithm::Sha512 };
                Digest::parse(algorithm, hex).unwrap()
            })
            .collect();
        assert_eq!(digests.len(), 2, "{}", self.artifact);
        digests
    }

    /// Its bundles, each as a document.
    fn documents(&self) -> Option<Vec<Value>> {
        let bytes = self.bytes()?;
        if let Ok(one) = serde_json::from_slice(&bytes) {
            return Some(vec![one]);
        }
        let text = String::from_utf8(bytes).unwrap();
        Some(text.lines().map(|line| serde_json::from_str(line).unwrap()).collect())
    }

    fn expected(&self) -> Expected {
        Expected::Certificate { identity: self.identity.to_owned(), issuer: self.issuer.to_owned() }
    }
}

fn embedded() -> TrustRoots {
    TrustRoots::embedded().unwrap()
}

fn only(document: &Value, trust: &TrustRoots) -> Result<Proof, Refusal> {
    let mut all = verify_all(document.to_string().as_bytes(), None, trust);
    assert_eq!(all.len(), 1);
    all.remove(0)
}

/// The digest that a proof's statement gives of its first subject that has one of `own`'s algorithms.
fn signs(proof: &Proof, own: &[Digest]) -> bool {
    let Signed::Statement(statement) = proof.signed() else { return false };
    statement.subjects().iter().any(|subject| subject.digests.iter().any(|digest| own.contains(digest)))
}

#[test]
fn every_good_attestation_of_github_verifies_with_its_digest() {
    let (mut files, mut bundles, mut by_github) = (0, 0, 0);
    for good in &GOOD {
        let Some(bytes) = good.bytes() else { return };
        let all = verify_all(&bytes, None, &embedded());
        assert_eq!(all.len(), good.bundles, "{}", good.file);
        for proof in all {
            let proof = proof.unwrap_or_else(|refusal| panic!("{}: {refusal}", good.file));
            assert!(signs(&proof, &good.digests()), "{}", good.file);
            assert_eq!(proof.root(), good.root, "{}", good.file);
            let Signer::Certificate(certificate) = proof.signer() else { panic!("{}: a key", good.file) };
            assert_eq!((certificate.identity.raw(), certificate.issuer.raw()), (good.identity, good.issuer));
            assert!(!proof.times().is_empty(), "{}", good.file);
            bundles += 1;
            by_github += usize::from(proof.root() == "github");
        }
        files += 1;
    }
    println!(
        "attestations: {files} files with {bundles} bundles verify, {by_github} of GitHub's own instance"
    );
    assert_eq!((files, bundles, by_github), (6, 7, 1));
}

#[test]
fn one_bundle_alone_verifies_with_its_digest_by_library_and_program() {
    let folder = tempfile::tempdir().unwrap();
    let (mut accepted, mut refused) = (0, 0);
    for good in &GOOD {
        let Some(documents) = good.documents() else { return };
        for document in documents {
            let text = document.to_string();
            let judge = |digest: &Digest| {
                let subject = Subject::Digest(digest.clone());
                verify_one(text.as_bytes(), &subject, &good.expected(), &embedded()).map_err(|r| r.reason)
            };
            let statement = judge(&good.digests()[0]).or_else(|_| judge(&good.digests()[1]));
            let proof = statement.unwrap_or_else(|reason| panic!("{}: {reason:?}", good.file));
            let Signed::Statement(statement) = proof.signed() else { panic!("no statement") };
            let digest = &statement.subjects()[0].digests[0];
            let bundle = folder.path().join("bundle.json");
            fs::write(&bundle, &text).unwrap();
            let run = |digest: &str, identity: &str| {
                let by = ["--certificate-identity", identity, "--certificate-oidc-issuer", good.issuer];
                let head = ["verify-bundle", "--bundle", bundle.to_str().unwrap()];
                relcheck(folder.path(), [&head[..], &by, &[digest]].concat())
            };
            run(&digest.to_string(), good.identity).expect(good.file, 0, &["verified: signed by"]);
            accepted += 1;
            let mut other = digest.to_string();
            let last = if other.pop() == Some('0') { '1' } else { '0' };
            other.push(last);
            run(&other, good.identity).expect(good.file, 1, &["rejected: ", "artifact mismatch"]);
            run(&digest.to_string(), &format!("{}x", good.identity)).expect(
                good.file,
                1,
                &["identity mismatch"],
            );
            refused += 2;
        }
    }
    println!(
        "attestations, program: {accepted} bundles accepted, {refused} with another digest or signer refused"
    );
    assert_eq!((accepted, refused), (7, 14));
}

#[test]
fn the_older_root_beside_them_verifies_those_of_the_public_instance() {
    let Some(path) = shared("data/github-attestations/trusted_root.json") else { return };
    let root = SigstoreRoot::parse("older", Origin::File, &fs::read(path).unwrap()).unwrap();
    assert_eq!(root.instance(), Some(Instance::PublicGood));
    let trust = TrustRoots::of(vec![root]);
    let (mut good, mut strangers) = (0, 0);
    for file in &GOOD {
        for document in file.documents().unwrap() {
            match (only(&document, &trust), file.root) {
                (Ok(_), "sigstore public good") => good += 1,
                (Err(refusal), "github") => {
                    assert_eq!(refusal.reason, Reason::Stranger, "{refusal}");
                    strangers += 1;
                }
                (other, _) => panic!("{}: {other:?}", file.file),
            }
        }
    }
    println!(
        "attestations: {good} bundles verify with the older root, {strangers} of another instance is a stranger"
    );
    assert_eq!((good, strangers), (6, 1));
}

#[test]
fn the_three_bad_ones_are_refused_by_name() {
    let Some(folder) = shared("data/github-attestations") else { return };
    let scratch = tempfile::tempdir().unwrap();
    for (file, what) in [
        (
            "github_provenance_demo-0.0.12-py3-none-any-bundle-missing-cert.jsonl",
            "the bundle has no certificate, and names no key",
        ),
        (
            "github_provenance_demo-0.0.12-py3-none-any-bundle-missing-verification-material.jsonl",
            "the bundle has no verification material",
        ),
        ("sigstoreBundle-invalid-signature.json", "invalid signature: DSSE signature verification failed"),
    ] {
        let bytes = fs::read(folder.join(file)).unwrap();
        let all = verify_all(&bytes, None, &embedded());
        let [Err(refusal)] = all.as_slice() else { panic!("{file}: {all:?}") };
        assert_eq!(refusal.reason, Reason::Invalid, "{file}");
        assert!(refusal.detail.starts_with(what), "{file}: {refusal}");
        let path = folder.join(file);
        let by = [
            "--certificate-identity",
            "brian@dehamer.com",
            "--certificate-oidc-issuer",
            "https://github.com/login/oauth",
        ];
        let head = ["verify-bundle", "--bundle", path.to_str().unwrap()];
        let digest = format!("sha256:{}", "0".repeat(64));
        relcheck(scratch.path(), [&head[..], &by, &[digest.as_str()]].concat()).expect(file, 1, &[what]);
    }
    println!("attestations: 3 bad ones refused by name, by library and program");
}

// --- forgeries ---

/// `text` with one character of its middle changed, base64 still.
fn flipped(text: &str) -> String {
    let middle = text.len() / 2;
    let other = if text.as_bytes()[middle] == b'A' { "B" } else { "A" };
    format!("{}{other}{}", &text[..middle], &text[middle + 1..])
}

fn with_flipped_signature(bundle: &Value) -> Value {
    let mut forged = bundle.clone();
    let signature = &mut forged["dsseEnvelope"]["signatures"][0]["sig"];
    *signature = flipped(signature.as_str().unwrap()).into();
    forged
}

/// The same with another digest in its statement, which is well formed still.
fn with_changed_payload(bundle: &Value) -> Value {
    let mut forged = bundle.clone();
    let payload = &mut forged["dsseEnvelope"]["payload"];
    let statement = STANDARD.decode(payload.as_str().unwrap()).unwrap();
    let mut statement: Value = serde_json::from_slice(&statement).unwrap();
    let digests = statement["subject"][0]["digest"].as_object_mut().unwrap();
    for digest in digests.values_mut() {
        let text = digest.as_str().unwrap();
        *digest = format!("{}{}", if text.starts_with('0') { '1' } else { '0' }, &text[1..]).into();
    }
    *payload = STANDARD.encode(statement.to_string()).into();
    forged
}

#[test]
fn every_forgery_of_a_good_attestation_is_refused_for_its_own_reason() {
    let mut refused = 0;
    let mut donor = Value::Null;
    for good in &GOOD {
        let Some(documents) = good.documents() else { return };
        for bundle in documents {
            let material = "verificationMaterial";
            let is_github = good.root == "github";
            let mut unlogged = bundle.clone();
            unlogged[material]["tlogEntries"] = json!([]);
            let mut unstamped = bundle.clone();
            unstamped[material]["timestampVerificationData"] = json!({});
            let mut other_payload_type = bundle.clone();
            other_payload_type["dsseEnvelope"]["payloadType"] = "application/octet-stream".into();
            let mut two = bundle.clone();
            let signature = two["dsseEnvelope"]["signatures"][0].clone();
            two["dsseEnvelope"]["signatures"].as_array_mut().unwrap().push(signature);
            // A timestamp is over the signature, and verified before it.
            let flipped = if is_github { "invalid RFC 3161 timestamp" } else { "invalid signature" };
            let mut cases = vec![
                ("a flipped signature", with_flipped_signature(&bundle), flipped),
                ("another payload", with_changed_payload(&bundle), "invalid signature"),
                ("another payload type", other_payload_type, "invalid signature"),
                ("two signatures", two, "exactly one signature"),
            ];
            if is_github {
                let mut logged = bundle.clone();
                logged[material]["tlogEntries"] = donor[material]["tlogEntries"].clone();
                cases.push((
                    "another's log entry",
                    logged,
                    "which keeps no log, and the bundle has a log entry",
                ));
            } else {
                cases.push(("no log entry", unlogged, "Bundle error"));
                donor = bundle.clone();
            }
            for (what, forged, phrase) in cases {
                let refusal = only(&forged, &embedded()).expect_err(what);
                assert_eq!(refusal.reason, Reason::Invalid, "{} with {what}: {refusal}", good.file);
                assert!(refusal.detail.contains(phrase), "{} with {what}: {refusal}", good.file);
                refused += 1;
            }
            if is_github {
                let refusal = only(&unstamped, &embedded()).unwrap_err();
                assert_eq!(refusal.reason, Reason::NoTime, "{refusal}");
                refused += 1;
            }
        }
    }
    println!("attestations: {refused} forgeries refused");
    assert_eq!(refused, 7 * 5 + 1);
}

// --- npm ---

/// The three lists of the same package: which bundle of each is forged.
const NPM: [(&str, Option<usize>); 3] = [
    ("gundam-visor-cli-v1-tag.tgz.json", None),
    ("gundam-visor-cli-v1-tag-invalidsigpub.tgz.json", Some(0)),
    ("gundam-visor-cli-v1-tag-invalidsigprov.tgz.json", Some(1)),
];

const NPM_SHA512: &str = "8d9d7972f676516c75014aa074e11ae604d98f0b64ec6725a61e2838ff3dab162118fa71433fb31e1550d30bd0dec9d086ce032b94457b583900c507acf39c40";

#[test]
fn npms_lists_verify_with_npms_key_and_the_builders_certificate_and_forged_ones_are_refused() {
    let own = [Digest::parse(Algorithm::Sha512, NPM_SHA512).unwrap()];
    let (mut verified, mut refused) = (0, 0);
    for (file, forged) in NPM {
        let Some(path) = shared(&format!("data/provenance/npm/{file}")) else { return };
        let all = verify_all(&fs::read(path).unwrap(), None, &embedded());
        assert_eq!(all.len(), 2, "{file}");
        for (at, verdict) in all.into_iter().enumerate() {
            if forged == Some(at) {
                let refusal = verdict.expect_err(file);
                assert_eq!(refusal.reason, Reason::Invalid, "{file}: {refusal}");
                assert!(refusal.detail.contains("signature"), "{file}: {refusal}");
                refused += 1;
                continue;
            }
            let proof = verdict.unwrap_or_else(|refusal| panic!("{file}: {refusal}"));
            assert!(signs(&proof, &own), "{file}");
            let Signed::Statement(statement) = proof.signed() else { panic!("no statement") };
            match (at, proof.signer()) {
                (0, Signer::Registry(Registry::Npm { key })) => {
                    assert_eq!(key, "SHA256:jl3bwswu80PjjokCgh0o2w5c2U4LhQAE57gj9cz1kzA");
                    let (name, version) = ("gundam-visor".to_owned(), "1.0.1".to_owned());
                    assert_eq!(Release::of(statement), Ok(Some(Release::Npm { name, version })));
                }
                (1, Signer::Certificate(certificate)) => {
                    assert_eq!(certificate.issuer.raw(), GITHUB_ISSUER);
                    assert_eq!(Release::of(statement), Ok(None));
                }
                (_, signer) => panic!("{file}: {signer}"),
            }
            verified += 1;
        }
    }
    println!("npm: {verified} attestations of 3 lists verified, {refused} forged ones refused");
    assert_eq!((verified, refused), (4, 2));
}

#[test]
fn every_forgery_of_npms_list_is_refused() {
    let Some(path) = shared(&format!("data/provenance/npm/{}", NPM[0].0)) else { return };
    let list: Value = serde_json::from_slice(&fs::read(path).unwrap()).unwrap();
    let mut refused = 0;
    for at in [0, 1] {
        let bundle = &list["attestations"][at]["bundle"];
        let mut unlogged = bundle.clone();
        unlogged["verificationMaterial"]["tlogEntries"] = json!([]);
        for (what, forged, phrase) in [
            ("a flipped signature", with_flipped_signature(bundle), "signature"),
            ("another payload", with_changed_payload(bundle), "signature"),
            ("no log entry", unlogged, "Bundle error"),
        ] {
            let mut forged_list = list.clone();
            forged_list["attestations"][at]["bundle"] = forged;
            let all = verify_all(forged_list.to_string().as_bytes(), None, &embedded());
            let refusal = all[at].as_ref().expect_err(what);
            assert_eq!(refusal.reason, Reason::Invalid, "{at} with {what}: {refusal}");
            assert!(refusal.detail.contains(phrase), "{at} with {what}: {refusal}");
            assert!(all[1 - at].is_ok(), "the other one is not touched");
            refused += 1;
        }
        let mut relabelled = list.clone();
        relabelled["attestations"][at]["predicateType"] = "https://slsa.dev/provenance/v0.2".into();
        let all = verify_all(relabelled.to_string().as_bytes(), None, &embedded());
        assert!(
            all[at]
                .as_ref()
                .unwrap_err()
                .detail
                .starts_with("it is listed as https://slsa.dev/provenance/v0.2")
        );
        refused += 1;
    }
    // npm's key is none of the policy's: without it, nobody vouches for the publication.
    let without = embedded().with_registries(Vec::new());
    let all = verify_all(list.to_string().as_bytes(), None, &without);
    assert_eq!(all[0].as_ref().unwrap_err().reason, Reason::UnknownKey);
    assert!(all[1].is_ok());
    println!("npm: {refused} forgeries refused");
    assert_eq!(refused, 8);
}

// --- a verification summary ---

#[test]
fn a_verification_summary_verifies_with_its_key_and_no_forgery_does() {
    let Some(folder) = shared("data/provenance/vsa") else { return };
    let bytes = fs::read(folder.join("gke-gce-pre.bcid-vsa.jsonl")).unwrap();
    let pem = fs::read_to_string(folder.join("vsa_signing_public_key.pem")).unwrap();
    let trust = embedded().with_keys(vec![Key::from_pem("vsa", &pem).unwrap()]);
    let judge = |document: &Value, trust: &TrustRoots| {
        let item = Item::new("file:vsa", document.to_string().into_bytes());
        let log_entries = Seen::unavailable("no log was asked");
        let context = Context {
            about: None,
            sibling: &|_| None,
            name: "vsa.intoto.jsonl",
            log_entries: &log_entries,
            trust,
            as_of: "2026-08-21T00:00:00Z".parse().unwrap(),
        };
        let mut all = proof::verify(proof::Format::Bundle, &item, &context);
        assert_eq!(all.len(), 1);
        all.remove(0)
    };
    let envelope: Value = serde_json::from_slice(&bytes).unwrap();
    let proof = judge(&envelope, &trust).unwrap();
    assert!(matches!(proof.signer(), Signer::Key { name, .. } if name == "vsa"));
    let Signed::Statement(statement) = proof.signed() else { panic!("no statement") };
    assert_eq!(statement.predicate_type().as_str(), "https://slsa.dev/verification_summary/v1");
    let change = |member: &str, value: Value| {
        let mut forged = envelope.clone();
        forged[member] = value;
        forged
    };
    let signature = envelope["signatures"][0]["sig"].as_str().unwrap();
    let payload = String::from_utf8(STANDARD.decode(envelope["payload"].as_str().unwrap()).unwrap()).unwrap();
    let other_payload = payload.replace("PASSED", "FAILED");
    let stranger = Key::from_pem("other", OTHER_KEY).unwrap();
    let changed = "either the envelope was changed, or another key signed it";
    for (what, forged, phrase) in [
        ("a flipped signature", change("signatures", json!([{"sig": flipped(signature)}])), changed),
        ("another payload", change("payload", STANDARD.encode(other_payload).into()), changed),
        (
            "two signatures",
            change("signatures", json!([{"sig": signature}, {"sig": signature}])),
            "exactly one",
        ),
        ("no signature", change("signatures", json!([])), "exactly one"),
    ] {
        let refusal = judge(&forged, &trust).expect_err(what);
        assert_eq!(refusal.reason, Reason::Invalid, "{what}: {refusal}");
        assert!(refusal.detail.contains(phrase), "{what}: {refusal}");
    }
    let by_other = judge(&envelope, &embedded().with_keys(vec![stranger])).unwrap_err();
    assert_eq!(by_other.reason, Reason::Invalid);
    assert_eq!(judge(&envelope, &embedded()).unwrap_err().reason, Reason::NoTime);
    let renamed = change("signatures", json!([{"sig": signature, "keyid": "mallory"}]));
    assert!(judge(&renamed, &trust).is_ok(), "a key id chooses nothing");
    println!("vsa: 1 summary verified, 6 forgeries refused");
}

/// A P-256 key that signed nothing here: that of the public instance's log.
const OTHER_KEY: &str = "-----BEGIN PUBLIC KEY-----
MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE2G2Y+2tabdTV5BcGiBIx0a9fAFwr
kBbmLSGtks4L3qX6yYY0zufBnhC8Ur/iy55GhWP/9A/bY2LhC30M9+RYtw==
-----END PUBLIC KEY-----
";
