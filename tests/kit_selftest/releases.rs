//! Releases: the good one is good by other people's programs, and each spoil changes what it names and nothing else.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::Value;
use sigstore_verify::types::DerPublicKey;
use sigstore_verify::{PublicKeyVerificationPolicy, VerificationPolicy};
use tempfile::TempDir;

use crate::kit::advisories::{self, Advisory};
use crate::kit::bundle::{BundleOptions, Fault, Logged, Version};
use crate::kit::certificates::Extension;
use crate::kit::checksums::{Algorithm, Style};
use crate::kit::release::{Release, Written};
use crate::kit::repository::{Form, git};
use crate::kit::signing::{Signing, maintainer};
use crate::kit::spoil::{Field, Spoil, Which};
use crate::kit::ssh::SshKey;
use crate::kit::statement::Predicate;
use crate::kit::{self, checksums, project};
use crate::{reason, verify_with};

const SAN: &str = "https://github.com/acme/widget/.github/workflows/release.yml@refs/tags/v1.2.3";
const LINUX: &str = "widget-1.2.3-x86_64-unknown-linux-gnu.tar.gz";
const CRATE: &str = "widget-1.2.3.crate";

fn write(release: &Release) -> (TempDir, Written) {
    let folder = tempfile::tempdir().unwrap();
    let written = release.write(folder.path());
    (folder, written)
}

fn spoilt(spoil: Spoil) -> (TempDir, Written) {
    write(&Release::good().spoil(spoil))
}

fn read(path: &Path) -> Vec<u8> {
    std::fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The published files and their bytes.
fn published(written: &Written) -> BTreeMap<String, Vec<u8>> {
    let entries = std::fs::read_dir(written.published()).unwrap();
    let paths = entries.map(|entry| entry.unwrap().path());
    paths.map(|path| (path.file_name().unwrap().to_str().unwrap().to_owned(), read(&path))).collect()
}

/// The bundle `name`, verified for the published file `of`; the error is the reason.
fn judge(written: &Written, name: &str, of: &str, san: &str) -> Result<(), String> {
    let bundle: Value = serde_json::from_slice(&read(&written.published().join(name))).unwrap();
    let root = String::from_utf8(read(&written.trusted_root())).unwrap();
    let policy = VerificationPolicy::new(san, kit::ISSUER);
    let result = verify_with(&root, &bundle, &policy, &read(&written.published().join(of)));
    result.map(drop).map_err(|error| reason(&error))
}

/// Every signature of the release, and why it is refused, if it is.
fn refusals(written: &Written, provenance_san: &str) -> Vec<String> {
    let provenance = written.provenance().file_name().unwrap().to_str().unwrap().to_owned();
    let files = written.artifacts.iter().cloned().chain(["SHA256SUMS".to_owned()]);
    let mut cases: Vec<_> = files.map(|file| (format!("{file}.sigstore.json"), file, SAN)).collect();
    cases.extend(written.artifacts.iter().map(|file| (provenance.clone(), file.clone(), provenance_san)));
    cases
        .into_iter()
        .filter_map(|(bundle, file, san)| {
            Some(format!("{file}: {}", judge(written, &bundle, &file, san).err()?))
        })
        .collect()
}

fn statement(written: &Written) -> Value {
    let bundle: Value = serde_json::from_slice(&read(&written.provenance())).unwrap();
    let payload = STANDARD.decode(bundle["dsseEnvelope"]["payload"].as_str().unwrap()).unwrap();
    serde_json::from_slice(&payload).unwrap()
}

#[test]
fn every_signature_of_the_good_release_verifies_in_every_shape() {
    let slsa = kit::SLSA_GENERATOR;
    let shapes = [
        (Version::V01, Logged::RekorV1),
        (Version::V02, Logged::RekorV1),
        (Version::V03, Logged::RekorV1),
        (Version::V03, Logged::RekorV2),
    ];
    for (version, logged) in shapes {
        let options = BundleOptions::new(version, logged);
        let (_folder, written) = write(&Release { options: options.clone(), ..Release::good() });
        assert_eq!(refusals(&written, SAN), Vec::<String>::new(), "{version:?} {logged:?}");
        let release =
            Release { options, predicate: Predicate::SlsaV02, by_slsa_generator: true, ..Release::good() };
        let (_folder, written) = write(&release);
        assert_eq!(refusals(&written, slsa), Vec::<String>::new(), "{version:?} {logged:?}");
        assert_eq!(statement(&written)["predicate"]["builder"]["id"], slsa);
    }
}

#[test]
fn the_provenance_names_every_artifact_and_the_commit_of_the_tag() {
    for predicate in [Predicate::SlsaV1, Predicate::SlsaV02] {
        let (_folder, written) = write(&Release { predicate, ..Release::good() });
        let statement = statement(&written);
        let subjects = statement["subject"].as_array().unwrap();
        assert_eq!(subjects.len(), 3);
        for (subject, name) in subjects.iter().zip(&written.artifacts) {
            assert_eq!(subject["name"], name.as_str());
            let digest = Algorithm::Sha256.digest(&read(&written.published().join(name)));
            assert_eq!(subject["digest"]["sha256"], digest);
        }
        let peeled = git(&written.repository(), &["rev-parse", "v1.2.3^{commit}"], b"");
        assert_eq!(peeled.trim(), written.commit);
        let commit = match predicate {
            Predicate::SlsaV1 => "/predicate/buildDefinition/resolvedDependencies/0/digest/gitCommit",
            Predicate::SlsaV02 => "/predicate/materials/0/digest/sha1",
        };
        assert_eq!(statement.pointer(commit).unwrap(), written.commit.as_str());
    }
}

#[test]
fn the_keys_signatures_verify_with_the_published_key_alone() {
    use sigstore_verify::crypto::{SigningScheme, verify_signature};
    let (_folder, written) = write(&Release { signing: Signing::ManagedKey, ..Release::good() });
    let pem = String::from_utf8(read(&written.public_key())).unwrap();
    let key = DerPublicKey::from_pem(&pem).unwrap();
    let root = String::from_utf8(read(&written.trusted_root())).unwrap();
    for file in [LINUX, CRATE, "SHA256SUMS"] {
        let bundle = read(&written.published().join(format!("{file}.sigstore.json")));
        let bundle = serde_json::from_slice(&bundle).unwrap();
        let bytes = read(&written.published().join(file));
        verify_with(&root, &bundle, &PublicKeyVerificationPolicy::new(key.clone()), &bytes).unwrap();
    }
    for fault in [None, Some(Fault::SigningKey), Some(Fault::SignatureBroken)] {
        let mut release = Release { signing: Signing::Detached, ..Release::good() };
        release.spoils.extend(fault.map(|fault| Spoil::Bundle(Which::Artifact(0), fault)));
        let (_folder, written) = write(&release);
        let signature = String::from_utf8(read(&written.published().join(format!("{LINUX}.sig")))).unwrap();
        let der = STANDARD.decode(signature.trim_end()).unwrap();
        let bytes = read(&written.published().join(LINUX));
        let result = verify_signature(&key, &bytes, &der.into(), SigningScheme::EcdsaP256Sha256);
        assert_eq!(result.is_ok(), fault.is_none(), "{fault:?}");
    }
    assert_eq!(pem, maintainer().public_pem());
}

/// A spoil, and the published files that must differ from the good release's: no other may.
fn spoils_of_published_files() -> Vec<(Spoil, Vec<String>)> {
    let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
    let bundle = |file: &str| format!("{file}.sigstore.json");
    let provenance = || names(&["widget-1.2.3.intoto.jsonl"]);
    let sums = || vec!["SHA256SUMS".to_owned(), bundle("SHA256SUMS")];
    let mut all = vec![
        (Spoil::Bundle(Which::Artifact(0), Fault::SctKey), vec![bundle(LINUX)]),
        (Spoil::Bundle(Which::Provenance, Fault::TooLate), provenance()),
        (Spoil::Unsigned(Which::Artifact(2)), vec![bundle(CRATE)]),
        (Spoil::Unsigned(Which::Provenance), provenance()),
        (Spoil::San(Which::Checksums, "https://mallory.example/x"), vec![bundle("SHA256SUMS")]),
        (Spoil::Issuer(Which::Checksums, "https://mallory.example"), vec![bundle("SHA256SUMS")]),
        (Spoil::OtherArtifactsBundle(0), vec![bundle(LINUX)]),
        (Spoil::BundleUnreadable(Which::Artifact(0)), vec![bundle(LINUX)]),
        (Spoil::SubjectDigest(0), provenance()),
        (Spoil::SubjectSha512(0), provenance()),
        (Spoil::SubjectMissing(0), provenance()),
        (Spoil::ChecksumWrong(0), sums()),
        (Spoil::ChecksumMissing(0), sums()),
        (Spoil::ChecksumExtra, sums()),
        (Spoil::ChecksumConflict(0), sums()),
        (Spoil::ChecksumUnreadable, sums()),
        (Spoil::ChecksumsMissing, sums()),
        (Spoil::ChecksumsChanged, names(&["SHA256SUMS"])),
        (Spoil::ArtifactChanged(0), names(&[LINUX])),
        (Spoil::ArtifactMissing(0), names(&[LINUX])),
        (Spoil::ArtifactExtra, names(&["widget-extra.tar.gz"])),
        (Spoil::TagLightweight, vec![]),
        (Spoil::TagMoved, vec![]),
        (Spoil::TagMissing, vec![]),
        (Spoil::TagSigned, vec![]),
        (Spoil::TrustedRoot, vec![]),
        (Spoil::Advisory(advisories::VULNERABILITY), vec![]),
        (Spoil::AdvisoriesMissing, vec![]),
    ];
    for claim in Extension::CURRENT {
        all.push((Spoil::Claim(Which::Provenance, claim, Some("spoilt")), provenance()));
        all.push((Spoil::Claim(Which::Provenance, claim, None), provenance()));
    }
    use Field as F;
    let fields = [F::StatementType, F::PredicateType, F::BuildType, F::Builder, F::Source, F::Reference];
    for field in fields.into_iter().chain([F::Commit, F::Workflow, F::Trigger, F::Invocation, F::Runner]) {
        all.push((Spoil::Provenance(field, "spoilt"), provenance()));
    }
    all
}

#[test]
fn each_spoil_changes_the_published_files_it_names_and_no_other() {
    let (_folder, good) = write(&Release::good());
    let good = published(&good);
    for (spoil, expected) in spoils_of_published_files() {
        let (_folder, written) = spoilt(spoil);
        let found = published(&written);
        let names: BTreeSet<&String> = good.keys().chain(found.keys()).collect();
        let changed: BTreeSet<&String> =
            names.into_iter().filter(|name| good.get(*name) != found.get(*name)).collect();
        assert_eq!(changed, expected.iter().collect(), "{spoil:?}");
    }
}

#[test]
fn a_spoilt_signature_is_refused_and_the_others_still_verify() {
    let cases = [
        (Spoil::Bundle(Which::Artifact(0), Fault::SigningKey), vec![format!("{LINUX}: SignatureInvalid")]),
        (
            Spoil::San(Which::Artifact(2), "https://mallory.example/x"),
            vec![format!("{CRATE}: IdentityMismatch")],
        ),
        (
            Spoil::Issuer(Which::Artifact(2), "https://mallory.example"),
            vec![format!("{CRATE}: IssuerMismatch")],
        ),
        (Spoil::OtherArtifactsBundle(0), vec![format!("{LINUX}: ArtifactMismatch")]),
        (Spoil::SubjectDigest(0), vec![format!("{LINUX}: ArtifactMismatch")]),
        (Spoil::SubjectMissing(2), vec![format!("{CRATE}: ArtifactMismatch")]),
        (Spoil::ChecksumsChanged, vec!["SHA256SUMS: ArtifactMismatch".to_owned()]),
        (Spoil::ArtifactChanged(0), vec![format!("{LINUX}: ArtifactMismatch"); 2]),
        // What only relcheck can see: sigstore-verify compares no claims, and one good digest is enough for it.
        (Spoil::SubjectSha512(0), vec![]),
        (Spoil::Provenance(Field::Commit, "spoilt"), vec![]),
        (Spoil::ChecksumWrong(0), vec![]),
        (Spoil::TagMoved, vec![]),
    ];
    for (spoil, expected) in cases {
        let (_folder, written) = spoilt(spoil);
        assert_eq!(refusals(&written, SAN), expected, "{spoil:?}");
    }
    let (_folder, written) = spoilt(Spoil::TrustedRoot);
    assert_eq!(refusals(&written, SAN).len(), 7);
}

#[test]
fn the_repository_is_sound_and_its_tags_are_what_they_are_said_to_be() {
    let tag = |spoil: Option<Spoil>, arguments: &[&str]| {
        let mut release = Release::good();
        release.spoils.extend(spoil);
        let (_folder, written) = write(&release);
        git(&written.repository(), &["fsck", "--strict"], b"");
        git(&written.repository(), arguments, b"").trim().to_owned()
    };
    let kind = ["cat-file", "-t", "refs/tags/v1.2.3"];
    assert_eq!(tag(None, &kind), "tag");
    assert_eq!(tag(Some(Spoil::TagLightweight), &kind), "commit");
    assert_eq!(tag(None, &["tag", "--list"]), project::TAGS.join("\n"));
    assert_eq!(tag(Some(Spoil::TagMissing), &["tag", "--list"]), "v1.1.0\nv1.2.2");
    let subject = ["log", "-1", "--format=%s %an %at", "v1.2.3"];
    assert_eq!(tag(None, &subject), "Release v1.2.3 Ada Widget 1767610800");
    assert_eq!(tag(Some(Spoil::TagMoved), &subject), "Say what it does Ada Widget 1767612600");
    let manifest = ["show", "v1.2.3:Cargo.toml"];
    assert!(tag(None, &manifest).contains("version = \"1.2.3\""));
    assert!(tag(Some(Spoil::ManifestVersion), &manifest).contains("version = \"9.9.9\""));
    let policy = ["show", "main:SECURITY.md"];
    assert!(tag(None, &policy).contains("| Latest release | :white_check_mark: |"));
    assert!(tag(Some(Spoil::LatestUnsupported), &policy).contains("| Latest release | :x: |"));
    assert!(tag(Some(Spoil::NeverPublished), &policy).contains("| 7.7.x | :white_check_mark: |"));
    assert!(tag(Some(Spoil::TableUnreadable), &policy).contains("| the nice ones | :white_check_mark: |"));
    let files = ["ls-tree", "-r", "--name-only", "v1.2.3"];
    assert_eq!(tag(None, &files), "Cargo.lock\nCargo.toml\nREADME.md\nSECURITY.md\nsrc/lib.rs");
    assert_eq!(tag(Some(Spoil::LockMissing), &files), "Cargo.toml\nREADME.md\nSECURITY.md\nsrc/lib.rs");
    assert!(!tag(Some(Spoil::File("SECURITY.md", None)), &files).contains("SECURITY.md"));
}

#[test]
fn a_checkout_has_the_files_of_main_and_nothing_to_commit() {
    let (_folder, written) = write(&Release { form: Form::Checkout, ..Release::good() });
    assert_eq!(git(&written.repository(), &["status", "--porcelain"], b""), "");
    assert_eq!(read(&written.repository().join("README.md")), b"# widget\n\nTurns.\n");
}

#[test]
fn git_verifies_the_signed_tag_and_refuses_the_badly_signed_one() {
    if std::process::Command::new("ssh-keygen").arg("-?").output().is_err() {
        eprintln!("SKIPPED: ssh-keygen is not installed");
        return;
    }
    let verify = |spoil: Spoil| {
        let (folder, written) = spoilt(spoil);
        let signers = folder.path().join("allowed-signers");
        std::fs::write(&signers, SshKey::named("maintainer").allowed_signer()).unwrap();
        let allowed = format!("gpg.ssh.allowedSignersFile={}", signers.display());
        let output = std::process::Command::new("git")
            .current_dir(written.repository())
            .args(["-c", &allowed, "verify-tag", "v1.2.3"])
            .output()
            .unwrap();
        (output.status.success(), String::from_utf8_lossy(&output.stderr).into_owned())
    };
    let (good, text) = verify(Spoil::TagSigned);
    assert!(good && text.contains("Good \"git\" signature for maintainer@widget.example"), "{text}");
    for spoil in [Spoil::TagBadlySigned, Spoil::TagLightweight] {
        assert!(!verify(spoil).0, "{spoil:?}");
    }
}

#[test]
fn checksum_lines_are_as_the_tools_write_them() {
    let line = |style, algorithm, name| checksums::line(style, algorithm, name, b"abc");
    let sha = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    assert_eq!(line(Style::GnuText, Algorithm::Sha256, "f"), format!("{sha}  f\n"));
    assert_eq!(line(Style::GnuBinary, Algorithm::Sha256, "f"), format!("{sha} *f\n"));
    assert_eq!(line(Style::Bsd, Algorithm::Sha256, "f"), format!("SHA256 (f) = {sha}\n"));
    assert_eq!(line(Style::GnuText, Algorithm::Sha256, "a\nb\\c"), format!("\\{sha}  a\\nb\\\\c\n"));
    assert!(line(Style::GnuText, Algorithm::Sha384, "f").starts_with("cb00753f45a35e8bb5a03d699ac65007"));
    assert!(line(Style::GnuText, Algorithm::Sha512, "f").starts_with("ddaf35a193617abacc417349ae204131"));
    assert!(
        line(Style::Bsd, Algorithm::Blake2b, "f")
            .starts_with("BLAKE2b (f) = ba80a53f981c4d0d6a2797b69f12f6e9")
    );
    for algorithm in [Algorithm::Sha256, Algorithm::Blake2b] {
        let (_folder, written) = write(&Release { algorithm, ..Release::good() });
        let sums = String::from_utf8(read(&written.published().join(algorithm.file_name()))).unwrap();
        assert_eq!(sums.lines().count(), 3);
        for (listed, name) in sums.lines().zip(&written.artifacts) {
            let digest = algorithm.digest(&read(&written.published().join(name)));
            assert_eq!(listed, format!("{digest}  {name}"));
        }
    }
}

#[test]
fn rustsec_finds_nothing_in_the_good_database_and_each_invented_advisory_in_a_spoilt_one() {
    let lock: rustsec::Lockfile = project::lock("1.2.3").parse().unwrap();
    assert_eq!(lock.packages.len(), 5);
    let good = [advisories::FIXED_LONG_AGO, advisories::ELSEWHERE];
    let found = |more: Option<Advisory>| {
        let folder = tempfile::tempdir().unwrap();
        let all: Vec<Advisory> = good.into_iter().chain(more).collect();
        advisories::database(&all, kit::RELEASED_AT).write(folder.path(), Form::Checkout);
        let database = rustsec::Database::open(folder.path()).unwrap();
        assert_eq!(database.iter().count(), all.len());
        let query = rustsec::database::Query::new().collection(rustsec::Collection::Crates);
        let hits = database.query_vulnerabilities(&lock, &query);
        hits.iter()
            .map(|hit| {
                let kind = hit.advisory.informational.as_ref().map(ToString::to_string);
                format!("{} {} {}", hit.advisory.id, hit.package.name, kind.unwrap_or_default())
            })
            .collect::<Vec<_>>()
    };
    assert_eq!(found(None), Vec::<String>::new());
    assert_eq!(found(Some(advisories::VULNERABILITY)), ["RUSTSEC-2025-9003 memchr "]);
    assert_eq!(found(Some(advisories::UNSOUND)), ["RUSTSEC-2025-9004 memchr unsound"]);
    assert_eq!(found(Some(advisories::UNMAINTAINED)), ["RUSTSEC-2025-9005 memchr unmaintained"]);
}

/// Where the leaves of two JSON values differ.
fn differences(left: &Value, right: &Value, at: &str, found: &mut Vec<String>) {
    match (left, right) {
        (Value::Object(one), Value::Object(other)) if one.keys().eq(other.keys()) => {
            for (key, value) in one {
                differences(value, &other[key], &format!("{at}/{key}"), found);
            }
        }
        (Value::Array(one), Value::Array(other)) if one.len() == other.len() => {
            for (index, (value, other)) in one.iter().zip(other).enumerate() {
                differences(value, other, &format!("{at}/{index}"), found);
            }
        }
        _ if left == right => {}
        _ => found.push(at.to_owned()),
    }
}

#[test]
fn each_field_of_the_provenance_is_spoilt_where_it_is_said_and_nowhere_else() {
    use Field as F;
    let definition = "/predicate/buildDefinition";
    let v1 = |path: &str| format!("{definition}{path}");
    let dependency = v1("/resolvedDependencies/0/uri");
    let cases = [
        (F::StatementType, vec!["/_type".to_owned()]),
        (F::PredicateType, vec!["/predicateType".to_owned()]),
        (F::BuildType, vec![v1("/buildType")]),
        (F::Builder, vec!["/predicate/runDetails/builder/id".to_owned()]),
        (F::Source, vec![v1("/externalParameters/workflow/repository"), dependency.clone()]),
        (F::Reference, vec![v1("/externalParameters/workflow/ref"), dependency]),
        (F::Commit, vec![v1("/resolvedDependencies/0/digest/gitCommit")]),
        (F::Workflow, vec![v1("/externalParameters/workflow/path")]),
        (F::Trigger, vec![v1("/internalParameters/github/event_name")]),
        (F::Invocation, vec!["/predicate/runDetails/metadata/invocationId".to_owned()]),
        (F::Runner, vec![v1("/internalParameters/github/runner_environment")]),
    ];
    let (_folder, good) = write(&Release::good());
    for (field, expected) in cases {
        let (_folder, written) = spoilt(Spoil::Provenance(field, "spoilt"));
        let mut found = Vec::new();
        differences(&statement(&good), &statement(&written), "", &mut found);
        found.sort();
        assert_eq!(found, expected, "{field:?}");
    }
}
