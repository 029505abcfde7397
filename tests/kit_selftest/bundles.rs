//! Bundles: every shape is accepted, and every fault is refused for its own reason.

use crate::kit;
use crate::kit::bundle::{BundleOptions, Content, Fault, Logged, Signer, Version};
use crate::kit::certificates::{Extension, Identity};
use crate::kit::keys::Key;
use crate::kit::log::EntryFault;
use crate::kit::statement::{Build, Provenance, Subject};
use crate::kit::trusted_root::Sigstore;
use sigstore_verify::types::DerPublicKey;
use sigstore_verify::{PublicKeyVerificationPolicy, VerificationPolicy};

use crate::{reason, verify};

const FILE: &[u8] = b"the widget\n";
const COMMIT: &str = "0123456789abcdef0123456789abcdef01234567";
const SAN: &str = "https://github.com/acme/widget/.github/workflows/release.yml@refs/tags/v1.2.3";

fn build() -> Build {
    Build::of_tag("v1.2.3", COMMIT)
}

fn workflow() -> Signer {
    Signer::Keyless(Identity::workflow(&build()))
}

fn provenance() -> Provenance {
    Provenance::v1(&build(), vec![Subject::of("widget", FILE)])
}

fn file() -> Content {
    Content::file(FILE)
}

fn statement() -> Content {
    Content::provenance(&provenance())
}

fn policy() -> VerificationPolicy {
    VerificationPolicy::new(SAN, kit::ISSUER)
}

/// Every shape that a keyless bundle can have and be accepted.
fn shapes() -> Vec<(Content, BundleOptions)> {
    let mut shapes = Vec::new();
    for content in [file(), statement()] {
        for version in [Version::V01, Version::V02, Version::V03] {
            for logged in [Logged::RekorV1, Logged::RekorV1Intoto, Logged::RekorV2] {
                let intoto_of_file = logged == Logged::RekorV1Intoto && matches!(content, Content::File(_));
                let promise_missing = logged == Logged::RekorV2 && version == Version::V01;
                if intoto_of_file || promise_missing {
                    continue;
                }
                let options = BundleOptions::new(version, logged);
                shapes.push((content.clone(), options.clone()));
                shapes.push((content.clone(), options.and_timestamp()));
            }
        }
    }
    shapes
}

#[test]
fn every_shape_of_keyless_bundle_is_accepted() {
    let sigstore = Sigstore::new("kit");
    let shapes = shapes();
    assert_eq!(shapes.len(), 26);
    for (content, options) in shapes {
        let result = verify(&sigstore.bundle(&content, &workflow(), &options), &policy(), FILE);
        let result = result.unwrap_or_else(|error| panic!("{options:?}: {error}"));
        assert!(result.certificate_verified() && result.sct_verified() && result.tlog_verified());
    }
}

#[test]
fn a_bundle_that_is_logged_nowhere_is_accepted_only_without_a_log() {
    let options = BundleOptions::new(Version::V03, Logged::Nowhere);
    for content in [file(), statement()] {
        let bundle = Sigstore::new("kit").bundle(&content, &workflow(), &options);
        assert_eq!(
            reason(&verify(&bundle, &policy(), FILE).unwrap_err()),
            "Bundle(MissingInclusionProof(Bundle0_3))"
        );
        verify(&bundle, &policy().skip_tlog_unsafe(), FILE).unwrap();
    }
}

#[test]
fn the_certificate_carries_every_claim_of_the_build() {
    let bundle = Sigstore::new("kit").bundle(&file(), &workflow(), &BundleOptions::default());
    let result = verify(&bundle, &policy(), FILE).unwrap();
    let claims = format!("{:?}", result.certificate().unwrap().ci_claims);
    let identity = Identity::workflow(&build());
    for extension in Extension::CURRENT {
        let value = &identity.extensions[&extension];
        assert!(
            extension == Extension::Issuer || claims.contains(value),
            "{extension:?} {value} in {claims}"
        );
    }
    assert_eq!(result.issuer(), Some(kit::ISSUER));
}

/// The reason why a bundle of `content`, logged there, is refused when it has `fault`; `None` if it is accepted.
fn refusal(content: &Content, options: BundleOptions, fault: Fault) -> Option<String> {
    let bundle = Sigstore::new("kit").bundle(content, &workflow(), &options.spoil(fault));
    verify(&bundle, &policy(), FILE).err().map(|error| reason(&error))
}

/// What can be signed, in every kind of entry that a log keeps for it.
fn contents_in_logs() -> [(Content, Logged); 5] {
    [
        (file(), Logged::RekorV1),
        (file(), Logged::RekorV2),
        (statement(), Logged::RekorV1),
        (statement(), Logged::RekorV1Intoto),
        (statement(), Logged::RekorV2),
    ]
}

fn v3(logged: Logged) -> BundleOptions {
    BundleOptions::new(Version::V03, logged)
}

#[test]
fn every_fault_of_the_certificate_and_the_signature_is_refused_for_its_own_reason() {
    let faults = [
        (Fault::CertificateAuthority, "Certificate(ChainInvalid"),
        (Fault::SctKey, "Certificate(Sct"),
        (Fault::SctMissing, "Certificate(Sct"),
        (Fault::TooLate, "Certificate(ChainInvalid"),
        (Fault::TooEarly, "Certificate(ChainInvalid"),
        (Fault::SigningKey, "SignatureInvalid"),
        (Fault::EntryOfOther, "TransparencyLog(EntryMismatch"),
        (Fault::EntryOfOtherSigner, "TransparencyLog(EntryMismatch"),
    ];
    for (content, logged) in contents_in_logs() {
        for (fault, expected) in faults {
            let found = refusal(&content, v3(logged), fault);
            assert_eq!(found.as_deref(), Some(expected), "{fault:?} {logged:?}");
        }
        let broken = refusal(&content, v3(logged), Fault::SignatureBroken);
        assert_eq!(broken.as_deref(), Some("SignatureInvalid"), "{logged:?}");
    }
    let stated = refusal(&file(), v3(Logged::RekorV1), Fault::MessageDigest);
    assert_eq!(stated.as_deref(), Some("ArtifactMismatch"));
}

#[test]
fn every_fault_of_the_log_entry_is_refused_for_its_own_reason() {
    use EntryFault as F;
    let cases = [
        (F::LogKey, "TransparencyLog(InclusionPromise", "TransparencyLog(Checkpoint"),
        (F::UnknownLog, "TransparencyLog(InclusionPromise", "TransparencyLog(Checkpoint"),
        (F::ProofBroken, "TransparencyLog(InclusionProof", "TransparencyLog(InclusionProof"),
        (
            F::ProofMissing,
            "Bundle(MissingInclusionProof(Bundle0_3))",
            "Bundle(MissingInclusionProof(Bundle0_3))",
        ),
        (F::CheckpointBroken, "TransparencyLog(Checkpoint", "TransparencyLog(Checkpoint"),
        (F::CheckpointOfOtherTree, "Bundle(CheckpointRootMismatch)", "TransparencyLog(InclusionProof"),
        (F::BodyChanged, "TransparencyLog(InclusionPromise", "TransparencyLog(InclusionProof"),
    ];
    for content in [file(), statement()] {
        for (fault, first, second) in cases {
            let found = refusal(&content, v3(Logged::RekorV1), Fault::Entry(fault));
            assert_eq!(found.as_deref(), Some(first), "{fault:?} in Rekor v1");
            let found = refusal(&content, v3(Logged::RekorV2), Fault::Entry(fault));
            assert_eq!(found.as_deref(), Some(second), "{fault:?} in Rekor v2");
        }
        for fault in [F::PromiseBroken, F::IntegratedTime] {
            let found = refusal(&content, v3(Logged::RekorV1), Fault::Entry(fault));
            assert_eq!(found.as_deref(), Some("TransparencyLog(InclusionPromise"), "{fault:?}");
        }
        let no_time = Some("Timestamp(NoVerifiedTimestamp");
        let missing = Fault::Entry(F::PromiseMissing);
        assert_eq!(refusal(&content, v3(Logged::RekorV1), missing).as_deref(), no_time);
        assert_eq!(
            refusal(&content, v3(Logged::RekorV1).and_timestamp(), missing),
            None,
            "the TSA gives the time"
        );
        let old = BundleOptions::new(Version::V01, Logged::RekorV1);
        assert_eq!(
            refusal(&content, old, missing).as_deref(),
            Some("Bundle(MissingInclusionPromise(Bundle0_1))")
        );
    }
}

#[test]
fn every_fault_of_the_time_stamp_is_refused_for_its_own_reason() {
    for content in [file(), statement()] {
        for options in [v3(Logged::RekorV2), v3(Logged::RekorV1).and_timestamp()] {
            for fault in [Fault::TsaUntrusted, Fault::TsaBroken, Fault::TsaOfOther] {
                let found = refusal(&content, options.clone(), fault);
                assert_eq!(found.as_deref(), Some("Timestamp(Invalid"), "{fault:?}");
            }
        }
        let mut without = v3(Logged::RekorV2);
        without.timestamped = false;
        let bundle = Sigstore::new("kit").bundle(&content, &workflow(), &without);
        assert_eq!(reason(&verify(&bundle, &policy(), FILE).unwrap_err()), "Timestamp(NoVerifiedTimestamp");
    }
}

#[test]
fn another_identity_issuer_file_or_instance_is_refused_for_its_own_reason() {
    let refuse = |identity: Identity, content: Content, file: &[u8]| {
        let options = BundleOptions::default();
        let bundle = Sigstore::new("kit").bundle(&content, &Signer::Keyless(identity), &options);
        reason(&verify(&bundle, &policy(), file).unwrap_err())
    };
    let good = || Identity::workflow(&build());
    assert_eq!(refuse(good().named("https://github.com/mallory/widget"), file(), FILE), "IdentityMismatch");
    assert_eq!(refuse(good().issued_by("https://mallory.example"), file(), FILE), "IssuerMismatch");
    assert_eq!(refuse(Identity::person("a@example.org", kit::ISSUER), file(), FILE), "IdentityMismatch");
    assert_eq!(refuse(good(), file(), b"another"), "ArtifactMismatch");
    assert_eq!(refuse(good(), statement(), b"another"), "ArtifactMismatch");
    let other = Sigstore::new("other").bundle(&file(), &workflow(), &BundleOptions::default());
    let found = reason(&verify(&other, &policy(), FILE).unwrap_err());
    assert_eq!(found, "TransparencyLog(InclusionPromise");
}

#[test]
fn each_claim_can_be_changed_or_left_out_alone() {
    let sigstore = Sigstore::new("kit");
    let claims = |identity: Identity| {
        let bundle = sigstore.bundle(&file(), &Signer::Keyless(identity), &BundleOptions::default());
        let result = verify(&bundle, &VerificationPolicy::any_identity(), FILE).unwrap();
        (result.issuer().map(str::to_owned), format!("{:?}", result.certificate().unwrap().ci_claims))
    };
    let good = || Identity::workflow(&build());
    for extension in Extension::CURRENT {
        let changed = claims(good().with(extension, "https://spoilt.example"));
        let missing = claims(good().without(extension));
        assert_ne!(changed, claims(good()), "{extension:?}");
        // Without `.8` the issuer is read from `.1`, which says the same.
        assert_eq!(missing == claims(good()), extension == Extension::Issuer, "{extension:?}");
    }
}

#[test]
fn a_managed_key_signs_in_every_log_and_another_key_is_refused() {
    let (sigstore, key) = (Sigstore::new("kit"), Key::named("maintainer"));
    let trust =
        |key: &Key| PublicKeyVerificationPolicy::new(DerPublicKey::from_pem(&key.public_pem()).unwrap());
    for (content, logged) in contents_in_logs() {
        let signer = Signer::Key(key.clone());
        let bundle = sigstore.bundle(&content, &signer, &v3(logged));
        verify(&bundle, &trust(&key), FILE).unwrap();
        let refused = verify(&bundle, &trust(&Key::named("stranger")), FILE).unwrap_err();
        assert_eq!(reason(&refused), "SignatureInvalid", "{logged:?}");
        for fault in [Fault::SigningKey, Fault::SignatureBroken] {
            let bundle = sigstore.bundle(&content, &signer, &v3(logged).spoil(fault));
            assert_eq!(reason(&verify(&bundle, &trust(&key), FILE).unwrap_err()), "SignatureInvalid");
        }
        let other = sigstore.bundle(&content, &signer, &v3(logged).spoil(Fault::EntryOfOtherSigner));
        assert_eq!(reason(&verify(&other, &trust(&key), FILE).unwrap_err()), "TransparencyLog(EntryMismatch");
    }
}

#[test]
fn a_detached_signature_verifies_with_its_key_alone() {
    use base64::{Engine, engine::general_purpose::STANDARD};
    use sigstore_verify::crypto::{SigningScheme, verify_signature};
    let key = Key::named("maintainer");
    let der = STANDARD.decode(key.detached_signature(FILE).trim_end()).unwrap();
    let check = |key: &Key, file: &[u8]| {
        let public = DerPublicKey::from_pem(&key.public_pem()).unwrap();
        verify_signature(&public, file, &der.clone().into(), SigningScheme::EcdsaP256Sha256)
    };
    check(&key, FILE).unwrap();
    check(&key, b"another").unwrap_err();
    check(&Key::named("stranger"), FILE).unwrap_err();
}

#[test]
fn two_runs_mint_the_same_bytes() {
    let mint = || {
        let sigstore = Sigstore::new("kit");
        let bundles =
            shapes().into_iter().map(|(content, options)| sigstore.bundle(&content, &workflow(), &options));
        (sigstore.trusted_root().to_string(), bundles.map(|one| one.to_string()).collect::<Vec<_>>())
    };
    assert_eq!(mint(), mint());
}
