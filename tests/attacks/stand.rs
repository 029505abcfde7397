//! A good release in memory, into which a test puts one hostile thing; then it is judged as any release is.
//!
//! Two of them are small, so that what one file says decides: [`Stand::file`], one artifact with one bundle, and
//! [`Stand::statement`], three artifacts with one provenance. [`Stand::whole`] has everything that is published.

use std::process::Command;
use std::sync::{Arc, OnceLock};

use jiff::Timestamp;
use relcheck::digest::{Algorithms, hash_reader};
use relcheck::evaluate::evaluate;
use relcheck::evidence::{Evidence, Item, PublishedFile, Seen};
use relcheck::policy::Policy;
use relcheck::proof::{Proof, Refusal, sigstore};
use relcheck::release::ArtifactName;
use relcheck::report::Report;
use relcheck::trust::{Origin, SigstoreRoot, TrustRoots};
use serde_json::{Value, json};

use crate::kit::bundle::{BundleOptions, Content, Logged, Signer, Version};
use crate::kit::certificates::Identity;
use crate::kit::keys::Key;
use crate::kit::release::Release;
use crate::kit::statement::{Build, Provenance, Subject};
use crate::kit::trusted_root::Sigstore;
use crate::stage::{CRATE, LINUX, MACOS, Stage, at, outcome, said};

/// The provenance of the good release.
pub const PROVENANCE: &str = "widget-1.2.3.intoto.jsonl";
/// The bundle beside the crate.
pub const CRATE_BUNDLE: &str = "widget-1.2.3.crate.sigstore.json";

/// What is judged, and by what.
#[derive(Clone)]
pub struct Stand {
    /// The evidence.
    pub evidence: Evidence,
    /// The text of the policy.
    pub policy: String,
    /// The trusted root.
    pub root: Value,
    /// The moment judged.
    pub as_of: Timestamp,
    commit: String,
    sidecar: &'static str,
}

fn good() -> &'static Stand {
    static GOOD: OnceLock<Stand> = OnceLock::new();
    GOOD.get_or_init(|| {
        let stage = Stage::set(&Release::good());
        Stand {
            evidence: stage.gather(),
            policy: stage.policy.replace("name = \"default\"", "name = \"widget\""),
            root: Sigstore::new(crate::kit::SEED).trusted_root(),
            as_of: at("2026-01-06T00:00:00Z"),
            commit: stage.written.commit.clone(),
            sidecar: CRATE_BUNDLE,
        }
    })
}

impl Stand {
    /// Everything that is published.
    pub fn whole() -> Self {
        good().clone()
    }

    /// The crate and its bundle.
    pub fn file() -> Self {
        Self::whole()
            .keep(|name| name.starts_with(CRATE))
            .skip("provenance")
            .skip("checksums")
            .skip("release")
    }

    /// The three artifacts and their provenance.
    pub fn statement() -> Self {
        let kept = [LINUX, MACOS, CRATE, PROVENANCE];
        let mut stand = Self::whole().keep(|name| kept.contains(&name)).skip("checksums").skip("release");
        stand.sidecar = PROVENANCE;
        stand
    }

    fn keep(mut self, keep: impl Fn(&str) -> bool) -> Self {
        if let Seen::Present(published) = &mut self.evidence.published {
            published.files.retain(|name, _| keep(name.as_str()));
        }
        self
    }

    /// Judged without that check.
    pub fn skip(self, check: &str) -> Self {
        self.change_policy(&format!("{check} = \"require\""), &format!("{check} = \"skip\""))
    }

    /// The same with a passage of the policy replaced.
    pub fn change_policy(mut self, passage: &str, with: &str) -> Self {
        assert!(self.policy.contains(passage), "the policy has no {passage}");
        self.policy = self.policy.replace(passage, with);
        self
    }

    /// The same with more at the end of the policy.
    pub fn and_policy(mut self, more: &str) -> Self {
        self.policy += more;
        self
    }

    /// The same with other roots of trust.
    pub fn trusting(mut self, root: Value) -> Self {
        self.root = root;
        self
    }

    /// The same with a file published, or replaced.
    pub fn publish(mut self, name: &str, bytes: &[u8]) -> Self {
        let Seen::Present(published) = &mut self.evidence.published else {
            panic!("there are published files")
        };
        let is_sidecar = relcheck::proof::recognise(name).is_some() || name.contains("SUMS");
        let mut file = PublishedFile::clone(published.files.values().next().unwrap());
        let (size, digests) = hash_reader(bytes, Algorithms::ALL).unwrap();
        (file.size, file.digests) = (Some(size), digests);
        file.content = is_sidecar.then(|| Item::new(format!("assets:{name}"), bytes.to_vec()));
        published.files.insert(ArtifactName::parse(name).unwrap(), Arc::new(file));
        self
    }

    /// The same without a published file.
    pub fn withdraw(mut self, name: &str) -> Self {
        let Seen::Present(published) = &mut self.evidence.published else {
            panic!("there are published files")
        };
        published.files.remove(&ArtifactName::parse(name).unwrap()).unwrap();
        self
    }

    /// The bytes of a published sidecar.
    pub fn read(&self, name: &str) -> Vec<u8> {
        let files = &self.evidence.published.present().unwrap().files;
        files[&ArtifactName::parse(name).unwrap()].content.as_ref().unwrap().bytes.clone()
    }

    /// The roots of trust, and the keys of the policy.
    pub fn trust(&self) -> TrustRoots {
        let root = SigstoreRoot::parse("kit", Origin::File, self.root.to_string().as_bytes()).unwrap();
        TrustRoots::of(vec![root]).with_keys(self.parsed_policy().keys().unwrap())
    }

    fn parsed_policy(&self) -> Policy {
        Policy::parse("relcheck.toml", &self.policy).unwrap()
    }

    /// The judgement.
    pub fn judge(&self) -> Report {
        evaluate(&self.evidence, &self.trust(), &self.parsed_policy(), self.as_of)
    }

    /// The judgement in few words: see [`outcome`].
    pub fn outcome(&self) -> String {
        outcome(&self.judge())
    }

    /// What the verification of the file's bundle alone says.
    pub fn proof(&self, bundle: &Value) -> Result<Proof, Refusal> {
        sigstore::verify_all(bundle.to_string().as_bytes(), None, &self.trust()).remove(0)
    }

    /// Fails unless the release is verified with `bundle` as its signature.
    #[track_caller]
    pub fn accepts(&self, bundle: &Value) {
        self.accepts_text(bundle.to_string().as_bytes());
    }

    /// The same for the bytes of a file.
    #[track_caller]
    pub fn accepts_text(&self, text: &[u8]) {
        let report = self.clone().publish(self.sidecar, text).judge();
        assert_eq!(outcome(&report), "verified", "{}", relcheck::report::json::render(&report));
    }

    /// Fails unless the release with `bundle` as its signature is refused by exactly `rule` of the signatures, with a
    /// message that says `words`.
    #[track_caller]
    pub fn refuses(&self, bundle: &Value, rule: &str, words: &str) {
        self.refuses_text(bundle.to_string().as_bytes(), rule, words);
    }

    /// The same for the bytes of a file.
    #[track_caller]
    pub fn refuses_text(&self, text: &[u8], rule: &str, words: &str) {
        let report = self.clone().publish(self.sidecar, text).judge();
        let undetermined = matches!(rule, "signatures/no-time" | "signatures/unreadable");
        let (verdict, status) =
            if undetermined { ("undetermined", "undetermined") } else { ("rejected", "fail") };
        let mut against = vec![format!("{rule} {status}")];
        if self.sidecar == PROVENANCE {
            let of_provenance =
                if rule == "signatures/no-time" { "provenance/no-time" } else { "provenance/missing" };
            against.insert(0, format!("{of_provenance} {status}"));
            // It is the only signature there is.
            against.push(format!("signatures/unsigned {status}"));
            against.sort();
        }
        let expected = format!("{verdict}: {}", against.join(", "));
        let told = said(&report, rule);
        assert_eq!(outcome(&report), expected, "{told:?}");
        assert!(told.iter().any(|one| one.contains(words)), "none says {words:?}: {told:#?}");
    }

    /// The name of the file that decides.
    pub fn sidecar(&self) -> &'static str {
        self.sidecar
    }

    // --- what the good release's workflow would sign ---

    /// The run that built the release.
    pub fn build(&self) -> Build {
        Build::of_tag("v1.2.3", &self.commit)
    }

    /// The workflow of the release, which may sign.
    pub fn workflow(&self) -> Identity {
        Identity::workflow(&self.build())
    }

    /// What is signed here: the crate, or the statement about the artifacts.
    pub fn content(&self) -> Content {
        if self.sidecar == PROVENANCE {
            return Content::statement(&self.provenance());
        }
        Content::file(&bytes_of(CRATE))
    }

    /// The statement that the builder makes.
    pub fn provenance(&self) -> Value {
        let subjects = [LINUX, MACOS, CRATE].map(|name| Subject::of(name, &bytes_of(name)));
        Provenance::v1(&self.build(), subjects.to_vec()).statement()
    }

    /// The bundle of what is signed here, made as `options` say.
    pub fn bundle(&self, options: &BundleOptions) -> Value {
        self.bundle_by(&Sigstore::new(crate::kit::SEED), options)
    }

    /// The same by another instance.
    pub fn bundle_by(&self, sigstore: &Sigstore, options: &BundleOptions) -> Value {
        sigstore.bundle(&self.content(), &Signer::Keyless(self.workflow()), options)
    }

    /// The bundle of another statement or file.
    pub fn bundle_of(&self, content: &Content, options: &BundleOptions) -> Value {
        let signer = Signer::Keyless(self.workflow());
        Sigstore::new(crate::kit::SEED).bundle(content, &signer, options)
    }
}

/// What `relcheck verify-bundle` exits with for a good bundle and this artifact.
pub fn code_of_verify_bundle(artifact: &[&str]) -> Option<i32> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bundle");
    std::fs::write(&path, Stand::file().bundle(&v1()).to_string()).unwrap();
    let by = ["--certificate-identity", "x", "--certificate-oidc-issuer", "y"];
    let mut command = Command::new(env!("CARGO_BIN_EXE_relcheck"));
    command.arg("verify-bundle").args(by).arg("--bundle").arg(&path).args(artifact);
    command.output().unwrap().status.code()
}

/// The bytes of an artifact of the good release.
pub fn bytes_of(name: &str) -> Vec<u8> {
    let mut all = Release::good().artifacts().into_iter();
    all.find(|(one, _)| one == name).map(|(_, bytes)| bytes).unwrap()
}

/// Every way in which the bundle of a file can be logged, and time-stamped where the log tells no time.
pub fn shapes_of_files() -> Vec<BundleOptions> {
    let v1 = [Version::V01, Version::V02, Version::V03]
        .map(|version| BundleOptions::new(version, Logged::RekorV1));
    v1.into_iter().chain([BundleOptions::new(Version::V03, Logged::RekorV2)]).collect()
}

/// Every way in which the bundle of a statement can be logged.
pub fn shapes_of_statements() -> Vec<BundleOptions> {
    let intoto = [Version::V01, Version::V02, Version::V03];
    let intoto = intoto.map(|version| BundleOptions::new(version, Logged::RekorV1Intoto));
    shapes_of_files().into_iter().chain(intoto).collect()
}

/// Each kind of release with each shape that its bundle can have.
pub fn shapes() -> Vec<(Stand, BundleOptions)> {
    let files = shapes_of_files().into_iter().map(|options| (Stand::file(), options));
    let statements = shapes_of_statements().into_iter().map(|options| (Stand::statement(), options));
    files.chain(statements).collect()
}

/// The options of a bundle in Rekor v1 without a time-stamp.
pub fn v1() -> BundleOptions {
    BundleOptions::default()
}

/// The options of a bundle in Rekor v2 with a time-stamp.
pub fn v2() -> BundleOptions {
    BundleOptions::new(Version::V03, Logged::RekorV2)
}

/// The entries of a bundle.
pub fn entries(bundle: &mut Value) -> &mut Value {
    &mut bundle["verificationMaterial"]["tlogEntries"]
}

/// The tokens of a bundle are these and no others.
pub fn set_stamps(bundle: &mut Value, tokens: &[Vec<u8>]) {
    let tokens: Vec<Value> =
        tokens.iter().map(|token| json!({"signedTimestamp": crate::kit::keys::base64(token)})).collect();
    bundle["verificationMaterial"]["timestampVerificationData"] = json!({"rfc3161Timestamps": tokens});
}

/// Whether a bundle holds an envelope.
pub fn is_statement(bundle: &Value) -> bool {
    bundle.get("dsseEnvelope").is_some()
}

/// The signature in a bundle.
pub fn signature(bundle: &Value) -> Vec<u8> {
    let message = bundle["messageSignature"]["signature"].as_str();
    let text = message.or_else(|| bundle["dsseEnvelope"]["signatures"][0]["sig"].as_str());
    decode(text.unwrap())
}

/// Puts another signature into a bundle.
pub fn set_signature(bundle: &mut Value, signature: &[u8]) {
    let text = json!(crate::kit::keys::base64(signature));
    match bundle.get_mut("messageSignature") {
        Some(message) => message["signature"] = text,
        None => bundle["dsseEnvelope"]["signatures"][0]["sig"] = text,
    }
}

/// What base64 says.
pub fn decode(text: &str) -> Vec<u8> {
    use base64::{Engine, engine::general_purpose::STANDARD};
    STANDARD.decode(text).unwrap()
}

/// The key that signs the bundles of [`Stand::bundle`].
pub fn signing_key() -> Key {
    Key::named("signing")
}
