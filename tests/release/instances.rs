//! Several Sigstore instances at once: what a signature must have follows from the root that it leads back to, never from
//! what the bundle has or lacks; and what forges and registries state is nobody's signature.

use relcheck::evaluate::evaluate;
use relcheck::evidence::{Evidence, Seen};
use relcheck::proof::sigstore::{Expected, Subject as Target, verify_all, verify_one};
use relcheck::proof::{Proof, Reason, Refusal, Registry, Signer as By};
use relcheck::report::Report;
use relcheck::trust::{
    Demand, GITHUB_RELEASES, Instance, Key as TrustedKey, Origin, RegistryKey, SigstoreRoot, TrustRoots,
};
use serde_json::{Value, json};

use crate::kit::bundle::{BundleOptions, Content, Fault, IN_TOTO, Logged, Signer, Version};
use crate::kit::certificates::{Extension, Identity};
use crate::kit::keys::{Key, base64};
use crate::kit::release::Release;
use crate::kit::statement::{Build, Provenance, Subject};
use crate::kit::trusted_root::Sigstore;
use crate::kit::tsa::{Hash, Stamp, TimestampAuthority};
use crate::kit::{ISSUER, RELEASED_AT};
use crate::stage::{LINUX, Stage, at, outcome, said, trust};

const FILE: &[u8] = b"the widget\n";
const COMMIT: &str = "0123456789abcdef0123456789abcdef01234567";
const RELEASE: &str = "https://in-toto.io/attestation/release/v0.1";
const PUBLISH: &str = "https://github.com/npm/attestation/tree/main/specs/publish/v0.1";

/// The public instance of these tests.
fn public() -> Sigstore {
    Sigstore::new("public")
}

/// The instance of these tests that keeps no log, as GitHub's.
fn github() -> Sigstore {
    Sigstore::named("github", "kit-github")
}

fn logged(of: &Sigstore) -> SigstoreRoot {
    SigstoreRoot::parse("public", Origin::File, of.trusted_root().to_string().as_bytes()).unwrap()
}

/// An instance without logs: one that the verifier knows to be GitHub's, or somebody's own.
fn stamped(known: Option<Instance>, of: &Sigstore) -> SigstoreRoot {
    let bytes = of.trusted_root_without_logs().to_string();
    let root = match known {
        Some(instance) => SigstoreRoot::of(instance, Origin::File, bytes.as_bytes()).unwrap(),
        None => SigstoreRoot::parse("private", Origin::File, bytes.as_bytes()).unwrap(),
    };
    assert_eq!((root.instance(), root.demand()), (known, Demand::Stamped));
    root
}

fn both() -> TrustRoots {
    TrustRoots::of(vec![logged(&public()), stamped(Some(Instance::GitHub), &github())])
}

fn workflow() -> Identity {
    Identity::workflow(&Build::of_tag("v1.2.3", COMMIT))
}

fn statement() -> Content {
    Content::provenance(&Provenance::v1(
        &Build::of_tag("v1.2.3", COMMIT),
        vec![Subject::of("widget", FILE).and_sha512(FILE)],
    ))
}

/// A bundle that is in no log, and has a timestamp.
fn unlogged() -> BundleOptions {
    BundleOptions::new(Version::V03, Logged::Nowhere)
}

fn no_timestamp() -> BundleOptions {
    BundleOptions { timestamped: false, ..unlogged() }
}

fn by(of: &Sigstore, content: &Content, identity: &Identity, options: &BundleOptions) -> Value {
    of.bundle(content, &Signer::Keyless(identity.clone()), options)
}

fn only(document: &str, trust: &TrustRoots) -> Result<Proof, Refusal> {
    let mut all = verify_all(document.as_bytes(), None, trust);
    assert_eq!(all.len(), 1, "{document}");
    all.remove(0)
}

/// Refused for that reason, in words that hold that phrase.
#[track_caller]
fn refused(what: &str, bundle: &Value, trust: &TrustRoots, reason: Reason, phrase: &str) {
    let refusal = only(&bundle.to_string(), trust).expect_err(what);
    assert_eq!(refusal.reason, reason, "{what}: {refusal}");
    assert!(refusal.detail.contains(phrase), "{what}: {phrase:?} in {refusal}");
}

#[track_caller]
fn proved(what: &str, bundle: &Value, trust: &TrustRoots) -> Proof {
    only(&bundle.to_string(), trust).unwrap_or_else(|refusal| panic!("{what}: {refusal}"))
}

// --- whose demands ---

#[test]
fn each_instance_is_held_to_what_its_own_root_lists() {
    for content in [Content::file(FILE), statement()] {
        let proof =
            proved("public", &by(&public(), &content, &workflow(), &BundleOptions::default()), &both());
        assert_eq!((proof.root(), proof.times().len()), ("public", 1));
        let proof = proved("github", &by(&github(), &content, &workflow(), &unlogged()), &both());
        assert_eq!((proof.root(), proof.times()), ("github", &[at("2026-01-05T12:00:02Z")][..]));
    }
}

#[test]
fn a_bundle_never_chooses_what_it_is_held_to() {
    let (public, github) = (public(), github());
    let file = Content::file(FILE);
    let logged_too = BundleOptions::default().and_timestamp();
    let cases = [
        (
            "a public certificate without a log entry",
            by(&public, &file, &workflow(), &unlogged()),
            Reason::Invalid,
            "inclusion proof",
        ),
        (
            "a public certificate without anything",
            by(&public, &file, &workflow(), &no_timestamp()),
            Reason::Invalid,
            "inclusion proof",
        ),
        (
            "a public certificate without an SCT",
            by(&public, &file, &workflow(), &BundleOptions::default().spoil(Fault::SctMissing)),
            Reason::Invalid,
            "signed certificate timestamp",
        ),
        (
            "a log entry where no log is",
            by(&github, &file, &workflow(), &logged_too),
            Reason::Invalid,
            "which keeps no log, and the bundle has a log entry",
        ),
        (
            "a log entry instead of a timestamp",
            by(&github, &file, &workflow(), &BundleOptions::default()),
            Reason::Invalid,
            "which keeps no log, and the bundle has a log entry",
        ),
        (
            "no timestamp",
            by(&github, &file, &workflow(), &no_timestamp()),
            Reason::NoTime,
            "which keeps no log, and the bundle has no timestamp",
        ),
        (
            "a broken timestamp",
            by(&github, &file, &workflow(), &unlogged().spoil(Fault::TsaBroken)),
            Reason::Invalid,
            "invalid RFC 3161 timestamp",
        ),
        (
            "a stranger's timestamp",
            by(&github, &file, &workflow(), &unlogged().spoil(Fault::TsaUntrusted)),
            Reason::Invalid,
            "invalid RFC 3161 timestamp",
        ),
        (
            "the timestamp of another signature",
            by(&github, &file, &workflow(), &unlogged().spoil(Fault::TsaOfOther)),
            Reason::Invalid,
            "invalid RFC 3161 timestamp",
        ),
        (
            "a timestamp after the certificate's end",
            by(&github, &file, &workflow(), &unlogged().spoil(Fault::TooLate)),
            Reason::Expired,
            "not valid when the signature was made",
        ),
        (
            "a timestamp before the certificate's start",
            by(&github, &file, &workflow(), &unlogged().spoil(Fault::TooEarly)),
            Reason::Expired,
            "not valid when the signature was made",
        ),
        (
            "a broken signature",
            by(&github, &file, &workflow(), &unlogged().spoil(Fault::SignatureBroken)),
            Reason::Invalid,
            "signature",
        ),
        (
            "another signing key",
            by(&github, &file, &workflow(), &unlogged().spoil(Fault::SigningKey)),
            Reason::Invalid,
            "signature",
        ),
    ];
    for (what, bundle, reason, phrase) in &cases {
        refused(what, bundle, &both(), *reason, phrase);
        // Nor does the order of the roots.
        let reversed = TrustRoots::of(vec![stamped(Some(Instance::GitHub), &github), logged(&public)]);
        refused(what, bundle, &reversed, *reason, phrase);
    }
    println!("instances: {} bundles refused, each in both orders of the roots", cases.len());
}

#[test]
fn a_root_that_lists_no_log_is_no_help_to_the_bundles_of_another_instance() {
    let bundle = by(&public(), &Content::file(FILE), &workflow(), &unlogged());
    for instance in [Some(Instance::GitHub), None] {
        let alone = TrustRoots::of(vec![stamped(instance, &github())]);
        refused("another instance", &bundle, &alone, Reason::Stranger, "none lists the authority");
        // The same names and other keys.
        let namesake = TrustRoots::of(vec![stamped(instance, &Sigstore::new("namesake"))]);
        let sewn = by(
            &Sigstore { timestamps: TimestampAuthority::new("namesake"), ..public() },
            &Content::file(FILE),
            &workflow(),
            &unlogged(),
        );
        refused("a namesake", &sewn, &namesake, Reason::Stranger, "leads back to no Sigstore instance");
    }
}

#[test]
fn a_private_instance_without_logs_vouches_for_whom_it_likes_and_githubs_for_github_alone() {
    let person = Identity::person("alice@example.org", "https://accounts.example.org");
    let bundle = by(&github(), &Content::file(FILE), &person, &unlogged());
    let private = TrustRoots::of(vec![stamped(None, &github())]);
    assert!(matches!(proved("private", &bundle, &private).signer(), By::Certificate(_)));
    let phrase = "vouches for GitHub Actions alone, and names the issuer https://accounts.example.org";
    refused("github", &bundle, &both(), Reason::Invalid, phrase);
    for (issuer, good) in [
        (ISSUER, true),
        ("https://token.actions.githubusercontent.com/acme", true),
        ("https://token.actions.acme.ghe.com", true),
        ("https://token.actions.githubusercontent.com.evil.example", false),
        ("https://evil.example/?https://token.actions.githubusercontent.com", false),
    ] {
        let bundle = by(&github(), &Content::file(FILE), &workflow().issued_by(issuer), &unlogged());
        assert_eq!(only(&bundle.to_string(), &both()).is_ok(), good, "{issuer}");
    }
}

#[test]
fn one_bundle_alone_is_held_to_the_same_with_several_roots() {
    let expected = Expected::Certificate { identity: workflow().san, issuer: ISSUER.to_owned() };
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("widget");
    std::fs::write(&file, FILE).unwrap();
    let judge = |bundle: &Value| {
        let target = Target::File(file.clone());
        verify_one(bundle.to_string().as_bytes(), &target, &expected, &both()).map(drop).map_err(|r| r.reason)
    };
    for content in [Content::file(FILE), statement()] {
        assert_eq!(judge(&by(&public(), &content, &workflow(), &BundleOptions::default())), Ok(()));
        assert_eq!(judge(&by(&github(), &content, &workflow(), &unlogged())), Ok(()));
        assert_eq!(judge(&by(&public(), &content, &workflow(), &unlogged())), Err(Reason::Invalid));
        let logged_too = BundleOptions::default().and_timestamp();
        assert_eq!(judge(&by(&github(), &content, &workflow(), &logged_too)), Err(Reason::Invalid));
        let mallory = workflow()
            .named("https://github.com/mallory/widget/.github/workflows/release.yml@refs/tags/v1.2.3");
        assert_eq!(judge(&by(&github(), &content, &mallory, &unlogged())), Err(Reason::Invalid));
    }
}

#[test]
fn a_key_is_bound_to_a_moment_by_a_log_alone() {
    let key = Key::named("maintainer");
    let trusted = || vec![TrustedKey::from_pem("maintainer", &key.public_pem()).unwrap()];
    let signer = Signer::Key(key.clone());
    let bundle = public().bundle(&Content::file(FILE), &signer, &BundleOptions::default());
    proved("logged", &bundle, &both().with_keys(trusted()));
    let alone = TrustRoots::of(vec![stamped(Some(Instance::GitHub), &github())]).with_keys(trusted());
    let stamped = github().bundle(&Content::file(FILE), &signer, &unlogged());
    refused("no log", &stamped, &alone, Reason::Invalid, "no Sigstore instance that keeps a log is trusted");
    refused("no entry", &stamped, &both().with_keys(trusted()), Reason::Invalid, "inclusion proof");
}

#[test]
fn a_stranger_beside_built_in_roots_is_told_that_they_may_be_stale_and_from_when_they_are() {
    let bundle = by(&public(), &Content::file(FILE), &workflow(), &BundleOptions::default());
    let phrase = "may be stale: run `relcheck trust update`";
    refused("embedded", &bundle, &TrustRoots::embedded().unwrap(), Reason::Stranger, phrase);
    let refusal =
        only(&bundle.to_string(), &TrustRoots::of(vec![logged(&Sigstore::new("other"))])).unwrap_err();
    assert_eq!(refusal.reason, Reason::Stranger);
    assert!(!refusal.detail.contains("stale"), "{refusal}");
}

// --- attacks on timestamps and authorities, by the rows of the list of attacks ---

/// A bundle of the instance without logs, with this timestamp made of its signature.
fn with_stamp(stamp: impl FnOnce(&[u8]) -> Vec<u8>) -> Value {
    use base64::Engine as _;
    let mut bundle = by(&github(), &Content::file(FILE), &workflow(), &unlogged());
    let signature = bundle["messageSignature"]["signature"].as_str().unwrap();
    let signature = base64::engine::general_purpose::STANDARD.decode(signature).unwrap();
    let stamp = base64(stamp(&signature));
    bundle["verificationMaterial"]["timestampVerificationData"]["rfc3161Timestamps"] =
        json!([{"signedTimestamp": stamp}]);
    bundle
}

const STAMPED_AT: i64 = RELEASED_AT + 2;

#[test]
fn row_29_a_retired_timestamp_authority_borrows_no_other_ones_window() {
    let (retired, current) = (TimestampAuthority::new("github"), TimestampAuthority::new("current"));
    let trust = |end: &str| {
        let mut root = github().trusted_root_without_logs();
        let mut second = root["timestampAuthorities"][0].clone();
        let chain: Vec<Value> = current.chain().iter().map(|der| json!({"rawBytes": base64(der)})).collect();
        second["certChain"]["certificates"] = chain.into();
        root["timestampAuthorities"][0]["validFor"]["end"] = end.into();
        root["timestampAuthorities"].as_array_mut().unwrap().push(second);
        let root = SigstoreRoot::of(Instance::GitHub, Origin::File, root.to_string().as_bytes()).unwrap();
        TrustRoots::of(vec![root])
    };
    let by_retired = with_stamp(|signature| retired.stamp(signature, STAMPED_AT));
    let by_current = with_stamp(|signature| current.stamp(signature, STAMPED_AT));
    let phrase = "outside the validity period of the authority that signed it";
    refused("retired", &by_retired, &trust("2026-01-01T00:00:00Z"), Reason::Invalid, phrase);
    proved("current", &by_current, &trust("2026-01-01T00:00:00Z"));
    proved("not yet retired", &by_retired, &trust("2027-01-01T00:00:00Z"));
}

#[test]
fn row_29_an_authority_with_an_empty_chain_is_refused_with_its_root() {
    let mut root = github().trusted_root_without_logs();
    root["timestampAuthorities"][0]["certChain"]["certificates"] = json!([]);
    assert!(SigstoreRoot::parse("x", Origin::File, root.to_string().as_bytes()).is_err());
}

#[test]
fn row_34_two_authorities_of_one_name_are_told_apart_by_their_keys() {
    let regions = [Sigstore::new("region-1"), Sigstore::new("region-2")];
    let shared = |region: &str| {
        // One log, one certificate log and one clock for both regions.
        let Sigstore { authority, .. } = Sigstore::new(region);
        Sigstore { authority, ..public() }
    };
    let mut root = public().trusted_root();
    root["certificateAuthorities"] =
        regions.iter().map(|region| region.trusted_root()["certificateAuthorities"][0].clone()).collect();
    let parse = |root: &Value| {
        TrustRoots::of(vec![
            SigstoreRoot::parse("regions", Origin::File, root.to_string().as_bytes()).unwrap(),
        ])
    };
    for region in ["region-1", "region-2"] {
        for content in [Content::file(FILE), statement()] {
            let bundle = by(&shared(region), &content, &workflow(), &BundleOptions::default());
            proved(region, &bundle, &parse(&root));
        }
    }
    let third = by(&shared("region-3"), &Content::file(FILE), &workflow(), &BundleOptions::default());
    refused("region-3", &third, &parse(&root), Reason::Stranger, "leads back to no Sigstore instance");
}

#[test]
fn row_35_timestamps_by_sha_384_and_sha_512_are_read_as_well() {
    let authority = TimestampAuthority::new("github");
    // Nobody signs with P-256 over SHA-512: there the imprint alone is by that.
    for (imprint, digest) in
        [(Hash::Sha256, Hash::Sha256), (Hash::Sha384, Hash::Sha384), (Hash::Sha512, Hash::Sha384)]
    {
        let kind = Stamp { imprint, digest, ..Stamp::default() };
        let good = with_stamp(|signature| authority.stamp_as(signature, STAMPED_AT, &kind));
        assert_eq!(proved("good", &good, &both()).times(), [at("2026-01-05T12:00:02Z")], "{imprint:?}");
        let other = with_stamp(|_| authority.stamp_as(b"another", STAMPED_AT, &kind));
        refused("another signature's", &other, &both(), Reason::Invalid, "invalid RFC 3161 timestamp");
        // Without any certificate in it, the authority is found all the same: those in it are believed in nothing.
        let bare = Stamp { own_certificate: false, ..kind };
        let bare = with_stamp(|signature| authority.stamp_as(signature, STAMPED_AT, &bare));
        proved("no certificate in it", &bare, &both());
    }
}

#[test]
fn rows_38_and_39_certificates_inside_a_timestamp_are_believed_in_nothing() {
    let (genuine, forger) = (TimestampAuthority::new("github"), TimestampAuthority::new("forger"));
    let leaf = |authority: &TimestampAuthority| authority.chain()[0].clone();
    let with = |bag: Vec<Vec<u8>>| Stamp { bag, own_certificate: false, ..Stamp::default() };
    for (what, stamp) in [
        ("row 38: the genuine certificate, another key", with(vec![leaf(&genuine)])),
        ("row 39: a forged certificate before the genuine one", with(vec![leaf(&forger), leaf(&genuine)])),
        ("row 39: after it", with(vec![leaf(&genuine), leaf(&forger)])),
        ("with the forger's own root", with(forger.chain())),
    ] {
        let bundle = with_stamp(|signature| forger.stamp_as(signature, STAMPED_AT, &stamp));
        refused(what, &bundle, &both(), Reason::Invalid, "invalid RFC 3161 timestamp");
        // A genuine timestamp is not spoilt by what stands beside it.
        let bundle = with_stamp(|signature| genuine.stamp_as(signature, STAMPED_AT, &stamp));
        proved(what, &bundle, &both());
    }
}

// --- what a forge states of its releases ---

/// GitHub's statement of the release `tag`, with these subjects.
fn release_statement(tag: &str, object: &str, subjects: &[(&str, &[u8])]) -> Value {
    let purl = format!("pkg:github/acme/widget@{tag}");
    let mut all = vec![json!({"uri": purl, "digest": {"sha1": object}})];
    all.extend(subjects.iter().map(|(name, bytes)| Subject::of(name, bytes).json()));
    json!({
        "_type": "https://in-toto.io/Statement/v1",
        "subject": all,
        "predicateType": RELEASE,
        "predicate": {"purl": purl, "repository": "acme/widget", "tag": tag, "repositoryId": "1", "ownerId": "2"},
    })
}

fn github_itself() -> Identity {
    Identity { san: GITHUB_RELEASES.to_owned(), extensions: std::collections::BTreeMap::new() }
}

fn release_bundle(statement: &Value) -> Value {
    by(&github(), &Content::statement(statement), &github_itself(), &unlogged())
}

#[test]
fn githubs_own_certificate_is_read_for_releases_and_nothing_else() {
    let good = release_statement("v1.2.3", COMMIT, &[("widget", FILE)]);
    let proof = proved("release", &release_bundle(&good), &both());
    assert_eq!(*proof.signer(), By::Registry(Registry::GitHubReleases));
    let private = TrustRoots::of(vec![stamped(None, &github())]);
    let nobody = "the certificate names no identity or no issuer";
    refused("a private instance", &release_bundle(&good), &private, Reason::Invalid, nobody);
    let options = BundleOptions::default();
    let public_one = by(&public(), &Content::statement(&good), &github_itself(), &options);
    refused("the public instance", &public_one, &both(), Reason::Invalid, nobody);
    for san in ["https://other.releases.github.com", "dotcom@releases.github.com"] {
        let bundle = by(&github(), &Content::statement(&good), &github_itself().named(san), &unlogged());
        refused(san, &bundle, &both(), Reason::Invalid, nobody);
    }
    let mut other_tag = good.clone();
    other_tag["predicate"]["tag"] = "v1.2.4".into();
    refused("two tags", &release_bundle(&other_tag), &both(), Reason::Unbound, "names another release");
    for content in [Content::file(FILE), statement()] {
        let bundle = by(&github(), &content, &github_itself(), &unlogged());
        refused("no release", &bundle, &both(), Reason::Unreadable, "read for releases alone");
    }
    // A workflow that states a release is a workflow.
    let bundle = by(&github(), &Content::statement(&good), &workflow(), &unlogged());
    assert!(matches!(proved("a workflow", &bundle, &both()).signer(), By::Certificate(_)));
}

/// The good release with GitHub's attestation beside it, judged with GitHub trusted too.
struct Attested {
    stage: Stage,
}

impl Attested {
    fn new(tag: &str, object: Option<&str>, change: impl FnOnce(&mut Value)) -> Self {
        let stage = Stage::set(&Release::good());
        let commit = stage.written.commit.clone();
        let files: Vec<(String, Vec<u8>)> =
            stage.written.artifacts.iter().map(|name| (name.clone(), stage.read(name))).collect();
        let files: Vec<(&str, &[u8])> =
            files.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect();
        let mut statement = release_statement(tag, object.unwrap_or(&commit), &files);
        change(&mut statement);
        let list = json!({"attestations": [{"bundle": release_bundle(&statement), "repository_id": 1}]});
        stage.publish("widget-1.2.3.attestations.json", list.to_string().as_bytes());
        Self { stage }
    }

    fn good() -> Self {
        Self::new("v1.2.3", None, |_| {})
    }

    fn counted(mut self) -> Self {
        self.stage.policy = self
            .stage
            .policy
            .replace("[rules.signatures]\n", "[rules.signatures]\nrelease-attestations = true\n");
        self
    }

    /// Without signatures, checksums and provenance of its own.
    fn alone(mut self) -> Self {
        for name in self.stage.written.artifacts.clone() {
            self.stage.withdraw(&format!("{name}.sigstore.json"));
        }
        for name in ["SHA256SUMS.sigstore.json", "widget-1.2.3.intoto.jsonl"] {
            self.stage.withdraw(name);
        }
        self.stage.policy = self.stage.policy.replace("provenance = \"require\"", "provenance = \"skip\"");
        self
    }

    fn judge(&self) -> Report {
        self.judge_evidence(&self.stage.gather())
    }

    fn judge_evidence(&self, evidence: &Evidence) -> Report {
        let policy = self.stage.policy();
        let own = trust(&self.stage.written.trusted_root(), &policy);
        let kit = std::fs::read(self.stage.written.trusted_root()).unwrap();
        let kit = SigstoreRoot::parse("kit", Origin::File, &kit).unwrap();
        assert_eq!(own.sigstore().len(), 1);
        let roots = TrustRoots::of(vec![kit, stamped(Some(Instance::GitHub), &github())]);
        evaluate(evidence, &roots, &policy, self.stage.as_of)
    }
}

#[test]
fn githubs_attestation_of_a_tag_that_is_not_known_may_be_of_another_release() {
    let attested = Attested::good();
    let mut evidence = attested.stage.gather();
    evidence.tag_record = Seen::unavailable("it cannot be fetched");
    let told = said(&attested.judge_evidence(&evidence), "signatures/release");
    assert!(told.len() == 1 && told[0].contains("nobody knows whether of this release"), "{told:?}");
}

#[test]
fn githubs_attestation_of_a_release_counts_only_where_the_policy_says_so() {
    let report = Attested::good().judge();
    assert_eq!(outcome(&report), "verified");
    let told = said(&report, "signatures/release");
    assert!(told.len() == 1 && told[0].contains("it counts as no signature"), "{told:?}");
    assert!(told[0].contains("not how they were built"), "{told:?}");
    assert_eq!(outcome(&Attested::good().alone().judge()), "rejected: signatures/unsigned fail");
    let report = Attested::good().counted().alone().judge();
    assert_eq!(outcome(&report), "verified");
    assert!(
        said(&report, "signatures/signed")
            .iter()
            .any(|text| text.contains("attested by GitHub, of its releases"))
    );
}

#[test]
fn githubs_attestation_of_a_release_is_never_provenance() {
    let mut attested = Attested::good().counted().alone();
    attested.stage.policy =
        attested.stage.policy.replace("provenance = \"skip\"", "provenance = \"require\"");
    assert_eq!(outcome(&attested.judge()), "rejected: provenance/missing fail");
}

#[test]
fn the_attestation_of_another_release_is_refused_whether_it_counts_or_not() {
    let other_repository = |statement: &mut Value| {
        statement["predicate"]["repository"] = "mallory/widget".into();
        statement["predicate"]["purl"] = "pkg:github/mallory/widget@v1.2.3".into();
    };
    let cases = [
        ("another tag", Attested::new("v1.2.2", None, |_| {})),
        ("another object", Attested::new("v1.2.3", Some(COMMIT), |_| {})),
        ("another repository", Attested::new("v1.2.3", None, other_repository)),
    ];
    for (what, attested) in cases {
        // Of another object of this very tag, the whole release says that the tag was moved.
        let moved = if what == "another object" { "release/tag-moved fail, " } else { "" };
        let told = format!("rejected: {moved}signatures/release fail");
        assert_eq!(outcome(&attested.judge()), told, "{what}");
        let counted = attested.counted();
        assert_eq!(outcome(&counted.judge()), told, "{what}");
        let alone = outcome(&counted.alone().judge());
        assert_eq!(alone, format!("{told}, signatures/unsigned fail"), "{what}");
    }
}

#[test]
fn an_artifact_that_github_attested_with_other_bytes_is_unbound() {
    let attested = Attested::good();
    attested.stage.publish(LINUX, b"#!/bin/sh\nevil\n");
    let told = said(&attested.judge(), "signatures/unbound");
    assert!(told.iter().any(|text| text.contains("widget-1.2.3.attestations.json")), "{told:?}");
    let told = said(&attested.judge(), "release/digest-mismatch");
    assert!(told[0].contains("what widget-1.2.3.attestations.json attests"), "{told:?}");
}

#[test]
fn githubs_attestation_says_that_files_are_those_that_were_published_and_not_who_built_them() {
    let report = Attested::good().judge();
    let told = said(&report, "release/mutable");
    assert!(
        told[0].contains("widget-1.2.3.attestations.json, which GitHub signed, names its files"),
        "{told:?}"
    );
    assert!(told[0].contains("no word on who built them"), "{told:?}");
    assert!(said(&report, "release/asset-changed").is_empty());
    // A file that GitHub's word does not name came later; one that is in no list any more is gone.
    let added = Attested::new("v1.2.3", None, |it| drop(it["subject"].as_array_mut().unwrap().remove(1)));
    assert_eq!(said(&added.judge(), "release/asset-changed").len(), 1);
    let gone = Attested::new("v1.2.3", None, |it| {
        it["subject"].as_array_mut().unwrap().push(Subject::of("gone.exe", b"gone").json());
    });
    let mut evidence = gone.stage.gather();
    assert!(said(&gone.judge_evidence(&evidence), "release/asset-changed").is_empty());
    evidence.listing = Some(Seen::Present(crate::whole::listing(&evidence)));
    let told = said(&gone.judge_evidence(&evidence), "release/asset-changed");
    assert_eq!(told, ["gone.exe: widget-1.2.3.attestations.json names gone.exe, which is published no more"]);
}

// --- what npm's registry states ---

fn npm_key() -> Key {
    Key::named("npm")
}

fn npm_trust() -> TrustRoots {
    npm_trust_until(None)
}

fn npm_trust_until(until: Option<&str>) -> TrustRoots {
    let (from, until) = (at("2025-01-01T00:00:00Z"), until.map(at));
    let key = RegistryKey::new("SHA256:kit", npm_key().spki().to_vec(), from, until).unwrap();
    both().with_registries(vec![key])
}

/// The registry that npm's statements are about.
const NPM_REGISTRY: &str = concat!("https://registry.", "npmjs.org");

fn publish_statement(version: &str, file: &[u8]) -> Value {
    let subject = Subject { name: format!("pkg:npm/%40acme/widget@{version}"), digests: [].into() };
    json!({
        "_type": "https://in-toto.io/Statement/v0.1",
        "subject": [subject.and_sha512(file).json()],
        "predicateType": PUBLISH,
        "predicate": {"name": "@acme/widget", "version": version, "registry": NPM_REGISTRY},
    })
}

fn by_npm(statement: &Value, key: &Key, options: &BundleOptions) -> Value {
    let mut bundle = public().bundle(&Content::statement(statement), &Signer::Key(key.clone()), options);
    bundle["verificationMaterial"]["publicKey"]["hint"] = "SHA256:kit".into();
    bundle
}

fn npm_list(publish: &Value) -> Value {
    let provenance = by(&public(), &statement(), &workflow(), &BundleOptions::default());
    json!({"attestations": [
        {"predicateType": PUBLISH, "bundle": publish},
        {"predicateType": "https://slsa.dev/provenance/v1", "bundle": provenance},
    ]})
}

#[test]
fn npms_list_gives_two_proofs_by_two_signers() {
    let publish = by_npm(&publish_statement("1.2.3", FILE), &npm_key(), &BundleOptions::default());
    let all = verify_all(npm_list(&publish).to_string().as_bytes(), None, &npm_trust());
    let signers: Vec<String> = all.iter().map(|proof| proof.as_ref().unwrap().signer().to_string()).collect();
    assert_eq!(signers, ["npm's registry, of its publications (key SHA256:kit)".to_owned(), workflow().san]);
}

#[test]
fn row_54_a_publication_is_bound_to_name_version_and_digest() {
    let of = |change: &dyn Fn(&mut Value)| {
        let mut statement = publish_statement("1.2.3", FILE);
        change(&mut statement);
        by_npm(&statement, &npm_key(), &BundleOptions::default())
    };
    proved("good", &of(&|_| {}), &npm_trust());
    for (what, bundle, phrase) in [
        ("another version", of(&|s| s["predicate"]["version"] = "1.2.4".into()), "names another package"),
        ("another name", of(&|s| s["predicate"]["name"] = "widget".into()), "names another package"),
        (
            "another registry",
            of(&|s| s["predicate"]["registry"] = "https://evil.example".into()),
            &format!("is not {NPM_REGISTRY}"),
        ),
        (
            "no SHA-512",
            of(&|s| s["subject"][0]["digest"] = json!({"sha256": "0".repeat(64)})),
            "has no SHA-512",
        ),
    ] {
        refused(what, &bundle, &npm_trust(), Reason::Unbound, phrase);
    }
}

#[test]
fn npms_key_counts_in_its_time_in_a_log_and_for_publications_alone() {
    let publish = publish_statement("1.2.3", FILE);
    let options = BundleOptions::default();
    let good = by_npm(&publish, &npm_key(), &options);
    let ended = npm_trust_until(Some("2026-01-01T00:00:00Z"));
    refused("ended", &good, &ended, Reason::Expired, "did not use the key SHA256:kit at 2026-01-05");
    let other = by_npm(&publish, &Key::named("mallory"), &options);
    refused("another key under its name", &other, &npm_trust(), Reason::Invalid, "signature");
    let mut unknown = good;
    unknown["verificationMaterial"]["publicKey"]["hint"] = "SHA256:other".into();
    proved("the hint chooses nothing", &unknown, &npm_trust());
    let embedded = TrustRoots::of(vec![logged(&public())]);
    refused("an unknown key", &unknown, &embedded, Reason::UnknownKey, "none of npm's that are known here");
    refused(
        "no log entry",
        &by_npm(&publish, &npm_key(), &unlogged()),
        &npm_trust(),
        Reason::Invalid,
        "inclusion proof",
    );
    let broken = by_npm(&publish, &npm_key(), &options.clone().spoil(Fault::SignatureBroken));
    refused("a broken signature", &broken, &npm_trust(), Reason::Invalid, "signature");
    for content in [statement(), Content::file(FILE)] {
        let bundle = public().bundle(&content, &Signer::Key(npm_key()), &options);
        refused("no publication", &bundle, &npm_trust(), Reason::UnknownKey, "the policy names none");
    }
}

#[test]
fn row_59_a_list_that_says_something_else_than_was_signed_or_nothing_is_refused() {
    let publish = by_npm(&publish_statement("1.2.3", FILE), &npm_key(), &BundleOptions::default());
    let mut list = npm_list(&publish);
    let (one, other) =
        (list["attestations"][0]["predicateType"].take(), list["attestations"][1]["predicateType"].take());
    list["attestations"][0]["predicateType"] = other;
    list["attestations"][1]["predicateType"] = one;
    let all = verify_all(list.to_string().as_bytes(), None, &npm_trust());
    assert_eq!(all.len(), 2);
    for verdict in all {
        let refusal = verdict.unwrap_err();
        assert_eq!(refusal.reason, Reason::Invalid);
        assert!(refusal.detail.contains("it is listed as https://"), "{refusal}");
    }
    refused("empty", &json!({"attestations": []}), &npm_trust(), Reason::Invalid, "it proves nothing");
}

// --- envelopes on their own ---

fn envelope(signatures: Value) -> Value {
    let Content::Envelope(kind, payload) = statement() else { panic!("a statement is in an envelope") };
    json!({"payload": base64(payload), "payloadType": kind, "signatures": signatures})
}

fn encoded() -> Vec<u8> {
    let Content::Envelope(kind, payload) = statement() else { panic!("a statement is in an envelope") };
    assert_eq!(kind, IN_TOTO);
    [format!("DSSEv1 {} {kind} {} ", kind.len(), payload.len()).as_bytes(), &payload].concat()
}

#[test]
fn an_envelope_alone_is_verified_with_the_keys_of_the_policy() {
    let key = Key::named("maintainer");
    let trust = || both().with_keys(vec![TrustedKey::from_pem("maintainer", &key.public_pem()).unwrap()]);
    let (der, pair) = (key.sign(&encoded()), key.sign_as_pair(&encoded()));
    for (what, signature) in [
        ("DER", json!({"sig": base64(&der)})),
        ("a pair", json!({"sig": base64(&pair)})),
        ("a key id that is wrong", json!({"sig": base64(&der), "keyid": "mallory"})),
    ] {
        let proof = proved(what, &envelope(json!([signature])), &trust());
        assert!(matches!(proof.signer(), By::Key { name, .. } if name == "maintainer"), "{what}");
        assert_eq!(proof.times(), []);
    }
    let mut flipped = der.clone();
    *flipped.last_mut().unwrap() ^= 1;
    let good = json!({"sig": base64(&der), "keyid": ""});
    let changed = "either the envelope was changed, or another key signed it (tried \"maintainer\")";
    let mut other_payload = envelope(json!([good]));
    other_payload["payload"] = base64(b"{}").into();
    let mut other_type = envelope(json!([good]));
    other_type["payloadType"] = "application/octet-stream".into();
    for (what, bad, reason, phrase) in [
        ("a flipped bit", envelope(json!([{"sig": base64(&flipped)}])), Reason::Invalid, changed),
        (
            "another key",
            envelope(json!([{"sig": base64(Key::named("mallory").sign(&encoded()))}])),
            Reason::Invalid,
            changed,
        ),
        (
            "the payload alone signed",
            envelope(json!([{"sig": base64(key.sign(b"{}"))}])),
            Reason::Invalid,
            changed,
        ),
        ("another payload", other_payload, Reason::Invalid, changed),
        (
            "row 28: two signatures",
            envelope(json!([good, good])),
            Reason::Invalid,
            "2 signatures, not exactly one",
        ),
        (
            "row 28: a bad one first",
            envelope(json!([{"sig": "AAAA"}, good])),
            Reason::Invalid,
            "2 signatures, not exactly one",
        ),
        ("no signature", envelope(json!([])), Reason::Invalid, "0 signatures, not exactly one"),
        ("row 32: another payload type", other_type, Reason::Unreadable, "the payload type is"),
        (
            "with a certificate",
            envelope(json!([{"sig": base64(&der), "cert": "x"}])),
            Reason::Invalid,
            "its certificate is not PEM",
        ),
    ] {
        refused(what, &bad, &trust(), reason, phrase);
    }
    refused("no key", &envelope(json!([good])), &both(), Reason::NoTime, "bare DSSE envelope");
}

#[test]
fn the_claims_of_an_extension_do_not_change_what_an_instance_demands() {
    // `private` in the certificate is what GitHub writes where it keeps no log; anybody's certificate may say so.
    let private = workflow().with(Extension::SourceRepositoryVisibility, "private");
    let bundle = by(&public(), &Content::file(FILE), &private, &unlogged());
    refused("private", &bundle, &both(), Reason::Invalid, "inclusion proof");
}
