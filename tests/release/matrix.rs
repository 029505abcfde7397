//! Every shape of a good release is verified, and every switch of the kit that spoils one gives exactly the outcome
//! written here. What stays verified although a switch was thrown says why that is right.

use std::collections::BTreeSet;

use rayon::prelude::*;

use crate::kit;
use crate::kit::advisories::{UNMAINTAINED, UNSOUND, VULNERABILITY};
use crate::kit::bundle::{BundleOptions, Content, Fault, Logged, Signer, Version};
use crate::kit::certificates::{Extension, Identity};
use crate::kit::checksums::{Algorithm, Style};
use crate::kit::keys::sha256_hex;
use crate::kit::log::EntryFault;
use crate::kit::project::TAGS;
use crate::kit::release::Release;
use crate::kit::repository::{Form, git};
use crate::kit::signing::{ReleaseSigner, Signing};
use crate::kit::spoil::{Field, Spoil, Which};
use crate::kit::statement::{Build, Predicate, Provenance, Subject};
use crate::kit::trusted_root::Sigstore;
use crate::stage::{LINUX, Stage, aside, assert_verified, judge, outcome, said};

/// Bundles of each version and log that can prove a time.
fn bundle_shapes() -> Vec<BundleOptions> {
    let plain = |(version, logged)| BundleOptions::new(version, logged);
    let mut shapes: Vec<BundleOptions> = [
        (Version::V01, Logged::RekorV1),
        (Version::V02, Logged::RekorV1),
        (Version::V03, Logged::RekorV1),
        (Version::V03, Logged::RekorV2),
    ]
    .map(plain)
    .into();
    shapes.push(BundleOptions::default().and_timestamp());
    shapes.push(BundleOptions::new(Version::V01, Logged::RekorV1).and_timestamp());
    shapes
}

/// Every shape of a release that the kit can make.
pub fn shapes() -> Vec<Release> {
    let mut shapes = Vec::new();
    for options in bundle_shapes() {
        for predicate in [Predicate::SlsaV02, Predicate::SlsaV1] {
            for by_slsa_generator in [false, true] {
                let options = options.clone();
                shapes.push(Release { options, predicate, by_slsa_generator, ..Release::good() });
            }
        }
    }
    for signing in [Signing::ManagedKey, Signing::Detached] {
        let logs = [Logged::RekorV1, Logged::RekorV2].map(|log| BundleOptions::new(Version::V03, log));
        shapes.extend(logs.map(|options| Release { options, signing, ..Release::good() }));
    }
    for style in [Style::GnuText, Style::GnuBinary, Style::Bsd] {
        for algorithm in [Algorithm::Sha256, Algorithm::Sha384, Algorithm::Sha512, Algorithm::Blake2b] {
            shapes.push(Release { style, algorithm, ..Release::good() });
        }
    }
    shapes.extend(TAGS.map(Release::of));
    shapes.push(Release { form: Form::Checkout, ..Release::good() });
    shapes
}

#[test]
fn the_good_release_is_verified_in_every_shape() {
    let shapes = shapes();
    shapes.par_iter().for_each(|release| assert_verified(&judge(release), &format!("{release:?}")));
    eprintln!("verified: {} shapes of the good release", shapes.len());
}

#[test]
fn the_good_release_is_signed_and_attested_for_each_artifact_and_says_by_whom() {
    let report = judge(&Release::good());
    let signer = "https://github.com/acme/widget/.github/workflows/release.yml@refs/tags/v1.2.3";
    assert_eq!(said(&report, "signatures/signed").len(), 3);
    assert!(said(&report, "signatures/signed").iter().all(|line| line.contains(signer)));
    for rule in ["checksums/match", "provenance/builder", "provenance/source", "provenance/commit"] {
        assert_eq!(said(&report, rule).len(), 3, "{rule}");
    }
    let levels: Vec<Option<u8>> = report.release.artifacts.iter().map(|one| one.slsa_build_level).collect();
    assert_eq!(levels, [Some(2), Some(2), Some(2)]);
    let generated = judge(&Release { by_slsa_generator: true, ..Release::good() });
    assert!(generated.release.artifacts.iter().all(|one| one.slsa_build_level == Some(3)));
}

#[test]
fn provenance_that_was_logged_as_intoto_is_verified() {
    for version in [Version::V01, Version::V02] {
        let stage = Stage::set(&Release::good());
        let build = Build::of_tag("v1.2.3", &stage.written.commit);
        let subjects = stage.written.artifacts.iter().map(|name| Subject::of(name, &stage.read(name)));
        let content = Content::provenance(&Provenance::v02(&build, subjects.collect()));
        let options = BundleOptions::new(version, Logged::RekorV1Intoto);
        let signer = Signer::Keyless(Identity::workflow(&build));
        let bundle = Sigstore::new(kit::SEED).bundle(&content, &signer, &options);
        stage.publish("widget-1.2.3.intoto.jsonl", bundle.to_string().as_bytes());
        assert_verified(&stage.judge(), &format!("{version:?}"));
    }
}

/// The good release under other names of its tags.
fn retagged(name: impl Fn(&str) -> String) -> Stage {
    let release = Release::good();
    let mut stage = Stage::set(&release);
    let repository = stage.written.repository();
    for tag in TAGS {
        let commit = git(&repository, &["rev-parse", &format!("{tag}^{{commit}}")], b"");
        git(&repository, &["update-ref", "-d", &format!("refs/tags/{tag}")], b"");
        git(&repository, &["update-ref", &format!("refs/tags/{}", name(tag)), commit.trim()], b"");
    }
    let build = Build::of_tag(&name("v1.2.3"), &stage.written.commit);
    let sigstore = Sigstore::new(kit::SEED);
    let signer = ReleaseSigner { release: &release, sigstore: &sigstore, build: &build };
    let artifacts = release.artifacts();
    for (index, (name, bytes)) in artifacts.iter().enumerate() {
        signer.sign_file(&stage.written, Which::Artifact(index), name, bytes);
    }
    signer.sign_file(&stage.written, Which::Checksums, "SHA256SUMS", &stage.read("SHA256SUMS"));
    let subjects: Vec<Subject> = artifacts.iter().map(|(name, bytes)| Subject::of(name, bytes)).collect();
    signer.write_provenance(&stage.written, &subjects);
    stage.written.tag = name("v1.2.3");
    stage
}

#[test]
fn every_form_of_a_release_tag_is_verified() {
    let forms: [fn(&str) -> String; 5] = [
        |tag| tag[1..].to_owned(),
        |tag| format!("widget-{tag}"),
        |tag| format!("widget-{}", &tag[1..]),
        |tag| format!("widget@{}", &tag[1..]),
        |tag| format!("tools/widget/{tag}"),
    ];
    for form in forms {
        let report = retagged(form).judge();
        assert_verified(&report, &form("v1.2.3"));
        assert_eq!(report.release.tag, form("v1.2.3"));
    }
}

#[test]
fn a_tag_that_spells_no_version_is_rejected() {
    let report = retagged(|tag| tag.replace('.', "_")).judge();
    assert!(outcome(&report).starts_with("rejected: "), "{}", outcome(&report));
    assert!(outcome(&report).contains("tag/not-semver fail"), "{}", outcome(&report));
}

/// The outcome, and what was said aside other than that the kit's tags are not signed.
fn told(release: &Release) -> String {
    let stage = Stage::set(release);
    let evidence = match stage.try_gather() {
        Ok(_) => stage.judge(),
        Err(error) => return format!("not started: {error}"),
    };
    let aside = aside(&evidence);
    match aside.as_slice() {
        [usual] if usual == "tag/unsigned fail" => outcome(&evidence),
        _ => format!("{} | {}", outcome(&evidence), aside.join(", ")),
    }
}

/// A spoilt release, its outcome, and, where that is `verified`, why.
struct Row {
    release: Release,
    spoil: Spoil,
    told: &'static str,
    because: &'static str,
}

fn refused(spoil: Spoil, told: &'static str) -> Row {
    Row { release: Release::good().spoil(spoil), spoil, told, because: "" }
}

fn holds(spoil: Spoil, told: &'static str, because: &'static str) -> Row {
    Row { release: Release::good().spoil(spoil), spoil, told, because }
}

/// In a release whose bundles carry time-stamps.
fn stamped(logged: Logged, spoil: Spoil, told: &'static str) -> Row {
    let options = BundleOptions::new(Version::V03, logged).and_timestamp();
    Row { release: Release { options, ..Release::good() }.spoil(spoil), spoil, told, because: "" }
}

/// In a release that is signed with the maintainer's key.
fn keyed(signing: Signing, spoil: Spoil, told: &'static str) -> Row {
    Row { release: Release { signing, ..Release::good() }.spoil(spoil), spoil, told, because: "" }
}

const INVALID: &str = "rejected: signatures/invalid fail";
const INVALID_PROVENANCE: &str = "rejected: provenance/missing fail, signatures/invalid fail";
const EXPIRED: &str = "rejected: signatures/expired fail";
const EXPIRED_PROVENANCE: &str = "rejected: provenance/missing fail, signatures/expired fail";
const NO_TIME: &str = "undetermined: signatures/no-time undetermined";
const NO_TIME_PROVENANCE: &str =
    "undetermined: provenance/no-time undetermined, signatures/no-time undetermined";
const IDENTITY: &str = "rejected: signatures/identity fail";
const BUILDER: &str = "rejected: provenance/builder fail";
const UNSTATED: &str = "nothing that is judged or reported rests on it; the policy asks for no such claim";
const PARAMETERS: &str = "rejected: provenance/parameters fail";
const OLD_CERTIFICATE: &str =
    "older certificates do not have it, and what it would say is held by no other rule";

/// Faults that make a signature invalid, whoever made it.
const INVALID_FAULTS: [Fault; 7] = [
    Fault::CertificateAuthority,
    Fault::SctKey,
    Fault::SctMissing,
    Fault::SigningKey,
    Fault::SignatureBroken,
    Fault::EntryOfOther,
    Fault::EntryOfOtherSigner,
];

const INVALID_ENTRIES: [EntryFault; 9] = [
    EntryFault::LogKey,
    EntryFault::UnknownLog,
    EntryFault::PromiseBroken,
    EntryFault::IntegratedTime,
    EntryFault::ProofBroken,
    EntryFault::ProofMissing,
    EntryFault::CheckpointBroken,
    EntryFault::CheckpointOfOtherTree,
    EntryFault::BodyChanged,
];

fn signature_rows() -> Vec<Row> {
    let mut rows = Vec::new();
    let entries = INVALID_ENTRIES.map(Fault::Entry);
    for fault in INVALID_FAULTS.into_iter().chain(entries).chain([Fault::MessageDigest]) {
        for which in [Which::Artifact(0), Which::Artifact(2), Which::Artifacts, Which::Checksums] {
            rows.push(refused(Spoil::Bundle(which, fault), INVALID));
        }
    }
    for fault in INVALID_FAULTS.into_iter().chain(entries) {
        rows.push(refused(Spoil::Bundle(Which::Provenance, fault), INVALID_PROVENANCE));
        rows.push(refused(Spoil::Bundle(Which::Every, fault), INVALID_PROVENANCE));
    }
    for fault in [Fault::TooLate, Fault::TooEarly] {
        for logged in [Logged::RekorV1, Logged::RekorV2] {
            rows.push(stamped(logged, Spoil::Bundle(Which::Artifact(0), fault), EXPIRED));
            rows.push(stamped(logged, Spoil::Bundle(Which::Provenance, fault), EXPIRED_PROVENANCE));
        }
        rows.push(refused(Spoil::Bundle(Which::Checksums, fault), EXPIRED));
        rows.push(refused(Spoil::Bundle(Which::Every, fault), EXPIRED_PROVENANCE));
    }
    let no_promise = Fault::Entry(EntryFault::PromiseMissing);
    rows.push(refused(Spoil::Bundle(Which::Artifact(0), no_promise), NO_TIME));
    rows.push(refused(Spoil::Bundle(Which::Checksums, no_promise), NO_TIME));
    rows.push(refused(Spoil::Bundle(Which::Provenance, no_promise), NO_TIME_PROVENANCE));
    for logged in [Logged::RekorV1, Logged::RekorV2] {
        for fault in [Fault::TsaUntrusted, Fault::TsaBroken, Fault::TsaOfOther] {
            rows.push(stamped(logged, Spoil::Bundle(Which::Artifact(0), fault), INVALID));
            rows.push(stamped(logged, Spoil::Bundle(Which::Checksums, fault), INVALID));
            rows.push(stamped(logged, Spoil::Bundle(Which::Provenance, fault), INVALID_PROVENANCE));
        }
    }
    for fault in [Fault::SigningKey, Fault::SignatureBroken] {
        for signing in [Signing::ManagedKey, Signing::Detached] {
            rows.push(keyed(signing, Spoil::Bundle(Which::Artifact(0), fault), INVALID));
            rows.push(keyed(signing, Spoil::Bundle(Which::Checksums, fault), INVALID));
        }
    }
    rows
}

fn signer_rows() -> Vec<Row> {
    const STRANGER: &str = "https://mallory.example/x";
    const ISSUER: &str = "https://mallory.example";
    const BOTH: &str = "rejected: provenance/builder fail, signatures/identity fail";
    let artifacts = [Which::Artifact(0), Which::Artifact(2), Which::Artifacts, Which::Checksums];
    let mut rows = Vec::new();
    for which in artifacts {
        rows.push(refused(Spoil::San(which, STRANGER), IDENTITY));
        rows.push(refused(Spoil::Issuer(which, ISSUER), IDENTITY));
        rows.push(refused(Spoil::BundleUnreadable(which), INVALID));
        let because = "every artifact is attested by named provenance, and signed or listed in a signed file";
        rows.push(holds(Spoil::Unsigned(which), "verified", because));
    }
    rows.extend([
        refused(Spoil::San(Which::Provenance, STRANGER), BUILDER),
        refused(Spoil::San(Which::Every, STRANGER), BOTH),
        refused(Spoil::Issuer(Which::Provenance, ISSUER), BUILDER),
        refused(Spoil::Issuer(Which::Every, ISSUER), BOTH),
        refused(Spoil::BundleUnreadable(Which::Provenance), INVALID_PROVENANCE),
        refused(Spoil::BundleUnreadable(Which::Every), INVALID_PROVENANCE),
        refused(Spoil::Unsigned(Which::Provenance), "rejected: provenance/missing fail"),
        refused(Spoil::Unsigned(Which::Every), "rejected: provenance/missing fail, signatures/unsigned fail"),
        refused(Spoil::OtherArtifactsBundle(0), "rejected: signatures/unbound fail"),
        refused(Spoil::OtherArtifactsBundle(2), "rejected: signatures/unbound fail"),
        refused(Spoil::TrustedRoot, INVALID_PROVENANCE),
    ]);
    rows
}

fn provenance_rows() -> Vec<Row> {
    use Extension as X;
    let spoilt = |claim| Spoil::Claim(Which::Provenance, claim, Some("spoilt"));
    let missing = |claim| Spoil::Claim(Which::Provenance, claim, None);
    let mut rows = vec![
        refused(spoilt(X::Issuer), BUILDER),
        holds(missing(X::Issuer), "verified", "the older form of the same claim is still there"),
        refused(spoilt(X::SourceRepositoryUri), "rejected: provenance/source fail"),
        refused(missing(X::SourceRepositoryUri), "undetermined: provenance/source undetermined"),
        refused(spoilt(X::SourceRepositoryDigest), "rejected: provenance/commit fail"),
        refused(missing(X::SourceRepositoryDigest), "undetermined: provenance/commit undetermined"),
        refused(spoilt(X::SourceRepositoryRef), "rejected: provenance/ref fail"),
        refused(missing(X::SourceRepositoryRef), "undetermined: provenance/ref undetermined"),
        refused(spoilt(X::BuildTrigger), "rejected: provenance/trigger fail"),
        refused(missing(X::BuildTrigger), "undetermined: provenance/trigger undetermined"),
    ];
    rows.extend([
        refused(spoilt(X::BuildSignerUri), BUILDER),
        holds(missing(X::BuildSignerUri), "verified", OLD_CERTIFICATE),
        refused(
            spoilt(X::RunnerEnvironment),
            "rejected: provenance/parameters fail | provenance/runner fail, tag/unsigned fail",
        ),
        holds(
            missing(X::RunnerEnvironment),
            "verified | provenance/runner undetermined, tag/unsigned fail",
            "the default policy only warns about it, and the level is 1",
        ),
        refused(spoilt(X::BuildConfigUri), PARAMETERS),
        holds(missing(X::BuildConfigUri), "verified", OLD_CERTIFICATE),
        refused(spoilt(X::RunInvocationUri), PARAMETERS),
        holds(missing(X::RunInvocationUri), "verified", OLD_CERTIFICATE),
    ]);
    let unstated = [
        X::BuildSignerDigest,
        X::SourceRepositoryId,
        X::SourceRepositoryOwnerUri,
        X::SourceRepositoryOwnerId,
        X::BuildConfigDigest,
        X::SourceRepositoryVisibility,
    ];
    for claim in unstated {
        rows.push(holds(spoilt(claim), "verified", UNSTATED));
        rows.push(holds(missing(claim), "verified", UNSTATED));
    }
    for index in [0, 1, 2] {
        let unbound =
            "rejected: provenance/unbound fail, release/digest-mismatch fail, signatures/unbound fail";
        rows.push(refused(Spoil::SubjectDigest(index), unbound));
        rows.push(refused(Spoil::SubjectSha512(index), unbound));
        rows.push(refused(Spoil::SubjectMissing(index), "rejected: provenance/missing fail"));
    }
    use Field as F;
    let says = |field, value| Spoil::Provenance(field, value);
    rows.extend([
        refused(says(F::StatementType, "spoilt"), INVALID_PROVENANCE),
        refused(says(F::PredicateType, "spoilt"), "rejected: provenance/missing fail"),
        refused(says(F::Builder, "spoilt"), BUILDER),
        refused(says(F::Source, "spoilt"), "rejected: provenance/invalid fail"),
        refused(says(F::Source, "https://github.com/evil/widget"), "rejected: provenance/source fail"),
        refused(says(F::Reference, "spoilt"), "rejected: provenance/ref fail"),
        refused(says(F::Reference, "refs/heads/main"), "rejected: provenance/ref fail"),
        refused(says(F::Commit, "spoilt"), "rejected: provenance/invalid fail"),
        refused(
            says(F::Commit, "1111111111111111111111111111111111111111"),
            "rejected: provenance/commit fail",
        ),
        holds(
            says(F::BuildType, "spoilt"),
            "verified | provenance/parameters undetermined, tag/unsigned fail",
            "the release's own workflow may state a type of its own; the default policy only warns about it",
        ),
        refused(says(F::Workflow, "spoilt"), PARAMETERS),
        refused(says(F::Trigger, "spoilt"), "rejected: provenance/trigger fail"),
        refused(says(F::Trigger, "pull_request"), "rejected: provenance/trigger fail"),
        refused(says(F::Invocation, "spoilt"), PARAMETERS),
        refused(says(F::Runner, "spoilt"), PARAMETERS),
    ]);
    rows
}

fn file_rows() -> Vec<Row> {
    let mut rows = Vec::new();
    for index in [0, 1, 2] {
        let changed = "rejected: checksums/mismatch fail, provenance/unbound fail, release/digest-mismatch fail, signatures/unbound fail";
        rows.extend([
            refused(
                Spoil::ChecksumWrong(index),
                "rejected: checksums/mismatch fail, release/digest-mismatch fail",
            ),
            refused(Spoil::ChecksumMissing(index), "rejected: checksums/unlisted fail"),
            refused(
                Spoil::ChecksumConflict(index),
                "rejected: checksums/conflict fail, checksums/unlisted undetermined",
            ),
            refused(Spoil::ArtifactChanged(index), changed),
            refused(Spoil::ArtifactMissing(index), "rejected: checksums/orphan fail, signatures/orphan fail"),
        ]);
    }
    rows.extend([
        refused(Spoil::ChecksumExtra, "rejected: checksums/orphan fail"),
        refused(
            Spoil::ChecksumUnreadable,
            "undetermined: checksums/unlisted undetermined, checksums/unreadable undetermined",
        ),
        refused(Spoil::ChecksumsMissing, "rejected: checksums/missing fail"),
        refused(Spoil::ChecksumsChanged, "rejected: signatures/unbound fail"),
        refused(
            Spoil::ArtifactExtra,
            "rejected: checksums/unlisted fail, provenance/missing fail, signatures/unsigned fail",
        ),
    ]);
    rows
}

fn repository_rows() -> Vec<Row> {
    let unread = "the policy does not say who may sign tags; the report says so, and it decides nothing";
    let warns = "the default policy only warns about it";
    vec![
        holds(Spoil::TagLightweight, "verified | tag/lightweight fail", warns),
        holds(Spoil::TagSigned, "verified | tag/unsigned undetermined", unread),
        refused(Spoil::TagBadlySigned, "rejected: tag/bad-signature fail | "),
        refused(Spoil::TagMoved, "rejected: provenance/commit fail, signatures/identity fail"),
        refused(Spoil::TagMissing, "not started: there is no tag v1.2.3; did you mean v1.2.2, v1.1.0?"),
        refused(Spoil::ManifestVersion, "rejected: tag/version-mismatch fail"),
        refused(Spoil::LockMissing, "undetermined: advisories/not-covered undetermined"),
        refused(Spoil::File("Cargo.toml", None), "undetermined: advisories/not-covered undetermined"),
        refused(Spoil::File("Cargo.lock", Some("?\n")), "undetermined: advisories/not-covered undetermined"),
        refused(
            Spoil::File("SECURITY.md", None),
            "rejected: supported-versions/not-found fail | policy-claims/not-found fail, tag/unsigned fail",
        ),
        refused(
            Spoil::File("SECURITY.md", Some("Write to us.\n")),
            "undetermined: supported-versions/no-section undetermined | policy-claims/none fail, tag/unsigned fail",
        ),
        refused(
            Spoil::File("package.json", Some("{\"dependencies\": {\"left-pad\": \"^1.0.0\"}}")),
            "undetermined: advisories/not-covered undetermined",
        ),
        refused(Spoil::LatestUnsupported, "rejected: supported-versions/latest-unsupported fail"),
        refused(
            Spoil::NeverPublished,
            "rejected: supported-versions/never-published fail | supported-versions/gap fail, tag/unsigned fail",
        ),
        refused(Spoil::TableUnreadable, "undetermined: supported-versions/unreadable undetermined"),
        refused(
            Spoil::Advisory(VULNERABILITY),
            "rejected: advisories/vulnerable fail | advisories/known-before-tag fail, tag/unsigned fail",
        ),
        holds(Spoil::Advisory(UNSOUND), "verified | advisories/unsound fail, tag/unsigned fail", warns),
        holds(
            Spoil::Advisory(UNMAINTAINED),
            "verified | advisories/unmaintained fail, tag/unsigned fail",
            warns,
        ),
        refused(Spoil::AdvisoriesMissing, "undetermined: advisories/stale-database undetermined"),
    ]
}

fn rows() -> Vec<Row> {
    [signature_rows(), signer_rows(), provenance_rows(), file_rows(), repository_rows()]
        .into_iter()
        .flatten()
        .collect()
}

/// Every spoilt release of the table.
pub fn spoilt_releases() -> Vec<Release> {
    rows().into_iter().map(|row| row.release).collect()
}

#[test]
fn every_spoilt_release_has_exactly_the_outcome_of_its_row() {
    let rows = rows();
    let wrong: Vec<String> = rows
        .par_iter()
        .filter_map(|row| {
            let told = told(&row.release);
            let what = format!("{:?}\n   expected {}\n   told     {told}", row.release.spoils, row.told);
            (told != row.told).then_some(what)
        })
        .collect();
    assert!(wrong.is_empty(), "{} of {} rows:\n{}", wrong.len(), rows.len(), wrong.join("\n"));
    let count = |verdict: &str| rows.iter().filter(|row| row.told.starts_with(verdict)).count();
    eprintln!(
        "{} spoilt releases: {} rejected, {} undetermined, {} not started, {} verified with a reason",
        rows.len(),
        count("rejected"),
        count("undetermined"),
        count("not started"),
        count("verified")
    );
}

#[test]
fn a_row_that_stays_verified_says_why_and_no_other_does() {
    for row in rows() {
        let verified = row.told.starts_with("verified");
        assert_eq!(verified, !row.because.is_empty(), "{:?}", row.spoil);
    }
}

/// Names each switch of the kit. A new one does not compile before it has a name here, and fails before it has a row.
fn switches(spoil: &Spoil) -> String {
    match spoil {
        Spoil::Bundle(_, Fault::Entry(fault)) => format!("Entry {fault:?}"),
        Spoil::Bundle(_, fault) => format!("Bundle {fault:?}"),
        Spoil::Claim(_, claim, Some(_)) => format!("Claim {claim:?}"),
        Spoil::Claim(_, claim, None) => format!("No claim {claim:?}"),
        Spoil::Provenance(field, _) => format!("Provenance {field:?}"),
        other => format!("{other:?}").split(['(', ' ']).next().unwrap_or_default().to_owned(),
    }
}

fn every_switch() -> BTreeSet<String> {
    let which = Which::Artifact(0);
    let entries = INVALID_ENTRIES.into_iter().chain([EntryFault::PromiseMissing]).map(Fault::Entry);
    let other_faults = [
        Fault::MessageDigest,
        Fault::TooLate,
        Fault::TooEarly,
        Fault::TsaUntrusted,
        Fault::TsaBroken,
        Fault::TsaOfOther,
    ];
    let faults = INVALID_FAULTS.into_iter().chain(entries).chain(other_faults);
    let mut all: Vec<Spoil> = faults.map(|fault| Spoil::Bundle(which, fault)).collect();
    for claim in Extension::CURRENT {
        all.extend([Spoil::Claim(which, claim, Some("")), Spoil::Claim(which, claim, None)]);
    }
    use Field as F;
    let fields = [F::StatementType, F::PredicateType, F::BuildType, F::Builder, F::Source, F::Reference];
    let fields = fields.into_iter().chain([F::Commit, F::Workflow, F::Trigger, F::Invocation, F::Runner]);
    all.extend(fields.map(|field| Spoil::Provenance(field, "")));
    all.extend([
        Spoil::Unsigned(which),
        Spoil::San(which, ""),
        Spoil::Issuer(which, ""),
        Spoil::OtherArtifactsBundle(0),
        Spoil::BundleUnreadable(which),
        Spoil::SubjectDigest(0),
        Spoil::SubjectSha512(0),
        Spoil::SubjectMissing(0),
        Spoil::ChecksumWrong(0),
        Spoil::ChecksumMissing(0),
        Spoil::ChecksumExtra,
        Spoil::ChecksumConflict(0),
        Spoil::ChecksumUnreadable,
        Spoil::ChecksumsMissing,
        Spoil::ChecksumsChanged,
        Spoil::ArtifactChanged(0),
        Spoil::ArtifactMissing(0),
        Spoil::ArtifactExtra,
        Spoil::TagLightweight,
        Spoil::TagSigned,
        Spoil::TagBadlySigned,
        Spoil::TagMoved,
        Spoil::TagMissing,
        Spoil::ManifestVersion,
        Spoil::LockMissing,
        Spoil::File("", None),
        Spoil::LatestUnsupported,
        Spoil::NeverPublished,
        Spoil::TableUnreadable,
        Spoil::Advisory(VULNERABILITY),
        Spoil::AdvisoriesMissing,
        Spoil::TrustedRoot,
    ]);
    all.iter().map(switches).collect()
}

#[test]
fn every_switch_of_the_kit_has_a_row() {
    let named: BTreeSet<String> = rows().iter().map(|row| switches(&row.spoil)).collect();
    let every = every_switch();
    assert_eq!(every.difference(&named).collect::<Vec<_>>(), Vec::<&String>::new());
    assert_eq!(every, named);
    // The kit's own lists, read from its source: a switch that is added there is missed here.
    let source = include_str!("../kit/spoil.rs");
    let body = source.split_once("pub enum Spoil {").unwrap().1;
    let variants = body.lines().take_while(|line| *line != "}").filter(|line| {
        line.starts_with("    ") && line.trim_start().starts_with(|c: char| c.is_ascii_uppercase())
    });
    for variant in variants {
        let name = variant.trim().split(['(', ',']).next().unwrap();
        let prefix = match name {
            "Bundle" => "Bundle ",
            "Claim" => "Claim ",
            "Provenance" => "Provenance ",
            other => other,
        };
        assert!(every.iter().any(|switch| switch.starts_with(prefix)), "{name} has no row");
    }
    eprintln!("{} switches of the kit, each with a row", every.len());
}

#[test]
fn a_rejected_artifact_is_named_with_what_was_expected_and_found() {
    let report = judge(&Release::good().spoil(Spoil::ArtifactChanged(0)));
    let check = report.checks.iter().find(|check| check.check == "checksums").unwrap();
    let finding = check.findings.iter().find(|finding| finding.rule.id == "checksums/mismatch").unwrap();
    assert_eq!(finding.subject.name, LINUX);
    let (_, bytes) = &Release::good().artifacts()[0];
    assert_eq!(finding.expected.as_deref(), Some(sha256_hex(bytes).as_str()));
    assert!(finding.found.is_some() && finding.found != finding.expected && finding.fix.is_some());
}
