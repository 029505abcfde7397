//! What somebody who controls the published files, or some signer, might try: each with exactly what relcheck says.

use serde_json::{Value, json};

use crate::kit::bundle::{BundleOptions, Content, IN_TOTO};
use crate::kit::certificates::{Extension, Identity};
use crate::kit::keys::sha256_hex;
use crate::kit::release::Release;
use crate::kit::spoil::{Field, Spoil, Which};
use crate::kit::statement::{Build, Provenance, Subject};
use crate::stage::{CRATE, LINUX, MACOS, Stage, aside, at, bundle, judge, outcome, said, workflow};

const PROVENANCE: &str = "widget-1.2.3.intoto.jsonl";
const SUMS: &str = "SHA256SUMS";

fn good() -> Stage {
    Stage::set(&Release::good())
}

fn bundle_name(file: &str) -> String {
    format!("{file}.sigstore.json")
}

/// The outcome after `attack`.
fn after(attack: impl FnOnce(&Stage)) -> String {
    let stage = good();
    attack(&stage);
    outcome(&stage.judge())
}

/// The outcome after a change of a published bundle's JSON.
fn after_edit(file: &str, edit: impl FnOnce(&mut Value)) -> String {
    after(|stage| {
        let mut value = serde_json::from_slice(&stage.read(file)).unwrap();
        edit(&mut value);
        stage.publish(file, value.to_string().as_bytes());
    })
}

fn subjects(stage: &Stage) -> Vec<Subject> {
    stage.written.artifacts.iter().map(|name| Subject::of(name, &stage.read(name))).collect()
}

fn provenance(stage: &Stage) -> Provenance {
    Provenance::v1(&Build::of_tag("v1.2.3", &stage.written.commit), subjects(stage))
}

const INVALID: &str = "rejected: provenance/missing fail, signatures/invalid fail";
const UNBOUND: &str = "rejected: signatures/unbound fail";

// --- signatures of other things ---

#[test]
fn bundles_swapped_between_two_artifacts_are_unbound() {
    let told = after(|stage| {
        let (one, other) = (stage.read(&bundle_name(LINUX)), stage.read(&bundle_name(MACOS)));
        stage.publish(&bundle_name(LINUX), &other);
        stage.publish(&bundle_name(MACOS), &one);
    });
    assert_eq!(told, UNBOUND);
}

#[test]
fn the_bundle_of_another_releases_artifact_is_unbound() {
    let older = Stage::set(&Release::of("v1.2.2"));
    let told = after(|stage| {
        stage.publish(&bundle_name(CRATE), &older.read("widget-1.2.2.crate.sigstore.json"));
    });
    assert_eq!(told, UNBOUND);
}

#[test]
fn an_older_release_under_the_new_names_is_refused_though_every_signature_in_it_is_genuine() {
    let older = Stage::set(&Release::of("v1.2.2"));
    let told = after(|stage| {
        for (old, new) in older.written.artifacts.iter().zip(&stage.written.artifacts) {
            stage.publish(new, &older.read(old));
            stage.publish(&bundle_name(new), &older.read(&bundle_name(old)));
        }
        let list = String::from_utf8(older.read(SUMS)).unwrap().replace("1.2.2", "1.2.3");
        stage.publish(SUMS, list.as_bytes());
        stage.withdraw(&bundle_name(SUMS));
        stage.publish(PROVENANCE, &older.read("widget-1.2.2.intoto.jsonl"));
    });
    assert_eq!(
        told,
        "rejected: provenance/builder fail, provenance/commit fail, provenance/ref fail, signatures/identity fail"
    );
}

#[test]
fn a_sidecar_under_another_artifacts_name_is_unbound_and_under_no_artifacts_name_still_binds_by_digest() {
    let renamed = |to: &str| {
        after(|stage| {
            let bytes = stage.read(&bundle_name(LINUX));
            stage.withdraw(&bundle_name(LINUX));
            stage.publish(to, &bytes);
        })
    };
    assert_eq!(renamed(&bundle_name(MACOS)), UNBOUND);
    assert_eq!(renamed(&bundle_name(SUMS)), UNBOUND);
    assert_eq!(renamed("linux.sigstore.json"), "verified");
}

#[test]
fn an_artifact_with_other_bytes_is_refused_by_every_file_that_speaks_of_it() {
    let told = after(|stage| stage.publish(LINUX, b"#!/bin/sh\nevil\n"));
    let expected = "rejected: checksums/mismatch fail, provenance/unbound fail, release/digest-mismatch fail, signatures/unbound fail";
    assert_eq!(told, expected);
    // Nor does it help to list and sign it anew as somebody else.
    let told = after(|stage| {
        let evil = b"#!/bin/sh\nevil\n";
        let list = String::from_utf8(stage.read(SUMS)).unwrap();
        let list = list.replace(&sha256_hex(&stage.read(LINUX)), &sha256_hex(evil));
        stage.publish(LINUX, evil);
        stage.publish(SUMS, list.as_bytes());
        let mallory = Identity::person("mallory@example.org", "https://accounts.example");
        stage.publish(&bundle_name(LINUX), &bundle(&Content::file(evil), &mallory));
        stage.publish(&bundle_name(SUMS), &bundle(&Content::file(list.as_bytes()), &mallory));
    });
    assert_eq!(
        told,
        "rejected: provenance/unbound fail, release/digest-mismatch fail, signatures/identity fail, signatures/unbound fail"
    );
}

// --- names ---

#[test]
fn a_program_called_like_a_sidecar_is_not_spared() {
    let program = b"\x7fELF, and so on";
    let told = |name: &str, bytes: &[u8]| after(|stage| stage.publish(name, bytes));
    assert_eq!(told("evil.sig", program), "rejected: signatures/orphan fail");
    assert_eq!(told("evil.sigstore.json", program), "rejected: signatures/invalid fail");
    assert_eq!(told("evil.intoto.jsonl", program), "rejected: signatures/invalid fail");
    assert_eq!(told("evil.sha256", program), "undetermined: checksums/unreadable undetermined");
    assert_eq!(told("evil.asc", program), "rejected: signatures/invalid fail");
    let as_artifact = "rejected: checksums/unlisted fail, provenance/missing fail, signatures/unsigned fail";
    for name in ["evil.pem", "evil.crt", "evil.txt", "evil.json", "sumo"] {
        assert_eq!(told(name, program), as_artifact, "{name}");
    }
    // A bill of materials that cannot be read lists nobody knows what.
    let as_bill = "rejected: advisories/not-covered undetermined, checksums/unlisted fail, provenance/missing fail, \
                   signatures/unsigned fail";
    for name in ["evil.spdx.json", "evil.cdx.json"] {
        assert_eq!(told(name, program), as_bill, "{name}");
    }
}

#[test]
fn a_bill_of_materials_is_no_artifact_and_is_reported_as_unsigned() {
    let stage = good();
    let package = r#"{"SPDXID": "SPDXRef-1", "name": "either", "versionInfo": "1.13.0", "externalRefs": [
        {"referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl", "referenceLocator": "pkg:cargo/either@1.13.0"}]}"#;
    let bill = |packages: &str| format!("{{\"spdxVersion\": \"SPDX-2.3\", \"packages\": [{packages}]}}");
    stage.publish("widget.spdx.json", bill("").as_bytes());
    assert_eq!(
        outcome(&stage.judge()),
        "undetermined: advisories/not-covered undetermined",
        "it lists nothing"
    );
    stage.publish("widget.spdx.json", bill(package).as_bytes());
    let report = stage.judge();
    assert_eq!(outcome(&report), "verified");
    assert_eq!(aside(&report), ["signatures/unsigned fail", "tag/unsigned fail"]);
}

// --- checksum files ---

#[test]
fn a_list_signed_by_a_stranger_is_refused() {
    let release = Release::good().spoil(Spoil::San(Which::Checksums, "https://mallory.example/x"));
    assert_eq!(outcome(&judge(&release)), "rejected: signatures/identity fail");
}

#[test]
fn an_artifact_that_a_signed_list_names_with_md5_only_is_neither_listed_nor_signed() {
    let mut stage = good();
    let list: String = String::from_utf8(stage.read(SUMS))
        .unwrap()
        .lines()
        .filter(|l| !l.ends_with(LINUX))
        .map(|l| format!("{l}\n"))
        .collect();
    let md5 = format!("d41d8cd98f00b204e9800998ecf8427e  {LINUX}\n");
    for (name, text) in [(SUMS, list), ("MD5SUMS", md5)] {
        stage.publish(name, text.as_bytes());
        stage.publish(&bundle_name(name), &bundle(&Content::file(text.as_bytes()), &workflow(&stage)));
    }
    assert_eq!(outcome(&stage.judge()), "rejected: checksums/weak fail");
    stage.withdraw(&bundle_name(LINUX));
    stage.withdraw(PROVENANCE);
    stage.policy = stage.policy.replace("provenance = \"require\"", "provenance = \"skip\"");
    let report = stage.judge();
    assert_eq!(outcome(&report), "rejected: checksums/weak fail, signatures/unsigned fail");
    let mut findings = report.checks.iter().flat_map(|check| &check.findings);
    let unsigned = findings.find(|it| it.rule.id == "signatures/unsigned").unwrap();
    assert!(
        unsigned.message.ends_with("lists it with a digest of a broken hash function alone"),
        "{}",
        unsigned.message
    );
    let fix = "list it with a SHA-256 digest or better (sha256sum), and sign that list";
    assert_eq!(unsigned.fix.as_deref(), Some(fix));
}

#[test]
fn an_artifact_that_only_a_signed_list_names_is_signed_and_that_only_an_unsigned_list_names_is_not() {
    let mut stage = good();
    for name in [LINUX, MACOS, CRATE] {
        stage.withdraw(&bundle_name(name));
    }
    stage.withdraw(PROVENANCE);
    stage.policy = stage.policy.replace("provenance = \"require\"", "provenance = \"skip\"");
    assert_eq!(outcome(&stage.judge()), "verified");
    stage.withdraw(&bundle_name(SUMS));
    assert_eq!(outcome(&stage.judge()), "rejected: signatures/unsigned fail");
}

#[test]
fn a_list_that_lists_itself_and_its_signature_is_told_so_and_any_other_line_of_it_counts() {
    let listing = |name: &str| {
        let stage = good();
        let list = String::from_utf8(stage.read(SUMS)).unwrap();
        // As `sha256sum * > SHA256SUMS` writes it over an older one.
        let list = format!("{list}{}  {name}\n", sha256_hex(b""));
        stage.publish(SUMS, list.as_bytes());
        let signed = bundle(&Content::File(list.into_bytes()), &workflow(&stage));
        stage.publish(&bundle_name(SUMS), &signed);
        let report = stage.judge();
        let told = said(&report, "checksums/mismatch");
        (outcome(&report), aside(&report).contains(&"checksums/mismatch fail".to_owned()), told)
    };
    let (told, is_aside, messages) = listing(SUMS);
    assert_eq!((told.as_str(), is_aside), ("verified", true));
    assert_eq!(messages, ["SHA256SUMS: SHA256SUMS lists itself, and no list can hold its own digest"]);
    let (told, is_aside, messages) = listing(&bundle_name(SUMS));
    assert_eq!((told.as_str(), is_aside), ("verified", true));
    assert!(messages[0].ends_with("which holds a signature over it: no list can hold the digest of that"));
    let (told, is_aside, _) = listing(&bundle_name(LINUX));
    let expected = "rejected: checksums/mismatch fail, release/digest-mismatch fail";
    assert_eq!((told.as_str(), is_aside), (expected, false), "that of another file");
}

#[test]
fn two_checksum_files_that_disagree_are_a_mismatch() {
    use crate::kit::checksums::{Algorithm, Style, line};
    let told = after(|stage| {
        let wrong = line(Style::GnuText, Algorithm::Sha512, LINUX, b"another file");
        stage.publish("SHA512SUMS", wrong.as_bytes());
    });
    assert_eq!(told, "rejected: checksums/mismatch fail, release/digest-mismatch fail");
    let told = after(|stage| {
        let wrong = line(Style::GnuText, Algorithm::Sha256, LINUX, b"another file");
        stage.publish(&format!("{LINUX}.sha256"), wrong.as_bytes());
    });
    assert_eq!(told, "rejected: checksums/mismatch fail, release/digest-mismatch fail");
}

// --- statements ---

#[test]
fn a_fork_with_the_same_workflow_is_another_builder() {
    let told = after(|stage| {
        let fork =
            Build { repository: "evil/widget".to_owned(), ..Build::of_tag("v1.2.3", &stage.written.commit) };
        let content = Content::provenance(&Provenance::v1(&fork, subjects(stage)));
        stage.publish(PROVENANCE, &bundle(&content, &Identity::workflow(&fork)));
    });
    assert_eq!(told, "rejected: provenance/builder fail, provenance/source fail");
}

#[test]
fn a_fork_that_uses_a_trusted_generator_is_another_source() {
    let told = after(|stage| {
        let fork = Build {
            repository: "evil/widget".to_owned(),
            ..Build::of_tag("v1.2.3", &stage.written.commit).by_slsa_generator()
        };
        let content = Content::provenance(&Provenance::v02(&fork, subjects(stage)));
        stage.publish(PROVENANCE, &bundle(&content, &Identity::workflow(&fork)));
    });
    assert_eq!(told, "rejected: provenance/source fail");
}

#[test]
fn a_statement_of_right_and_wrong_digests_is_unbound() {
    let both = "rejected: provenance/unbound fail, release/digest-mismatch fail, signatures/unbound fail";
    assert_eq!(outcome(&judge(&Release::good().spoil(Spoil::SubjectSha512(1)))), both);
    assert_eq!(outcome(&judge(&Release::good().spoil(Spoil::SubjectDigest(1)))), both);
    // A second subject of the same name with another digest.
    let told = after(|stage| {
        let mut stated = provenance(stage);
        stated.subjects.push(Subject::of(LINUX, b"another file"));
        stage.publish(PROVENANCE, &bundle(&Content::provenance(&stated), &workflow(stage)));
    });
    assert_eq!(told, both);
}

#[test]
fn an_envelope_of_another_type_is_no_statement() {
    let unread = "undetermined: provenance/missing undetermined, signatures/unreadable undetermined";
    // The type is signed along: another one than was signed is no signature at all.
    let told = after_edit(PROVENANCE, |bundle| bundle["dsseEnvelope"]["payloadType"] = json!("text/plain"));
    assert_eq!(told, "rejected: provenance/missing fail, signatures/invalid fail");
    let told = after(|stage| {
        let text = provenance(stage).statement().to_string().into_bytes();
        let content = Content::Envelope("application/json".to_owned(), text);
        stage.publish(PROVENANCE, &bundle(&content, &workflow(stage)));
    });
    assert_eq!(told, unread);
    let told = after(|stage| {
        let text = provenance(stage).statement().to_string().into_bytes();
        stage.publish(PROVENANCE, &bundle(&Content::Envelope(IN_TOTO.to_owned(), text), &workflow(stage)));
    });
    assert_eq!(told, "verified");
}

#[test]
fn a_statement_about_nothing_or_with_two_meanings_is_invalid() {
    let stated = |change: fn(&mut Value)| {
        after(|stage| {
            let mut statement = provenance(stage).statement();
            change(&mut statement);
            stage.publish(PROVENANCE, &bundle(&Content::statement(&statement), &workflow(stage)));
        })
    };
    assert_eq!(stated(|statement| statement["subject"] = json!([])), INVALID);
    assert_eq!(stated(|statement| statement["subject"] = json!([{"name": LINUX}])), INVALID);
    assert_eq!(stated(|statement| statement["subject"][0]["digest"] = json!({})), INVALID);
    assert_eq!(stated(|statement| drop(statement.as_object_mut().unwrap().remove("subject"))), INVALID);
    let uppercase = stated(|statement| {
        let digest = statement["subject"][0]["digest"]["sha256"].as_str().unwrap().to_uppercase();
        statement["subject"][0]["digest"]["sha256"] = json!(digest);
    });
    assert_eq!(uppercase, INVALID);
    let twice = after(|stage| {
        let text = provenance(stage).statement().to_string();
        let text = text.replacen('{', "{\"subject\":[],", 1);
        let content = Content::Envelope(IN_TOTO.to_owned(), text.into_bytes());
        stage.publish(PROVENANCE, &bundle(&content, &workflow(stage)));
    });
    assert_eq!(twice, INVALID);
}

#[test]
fn a_bundle_with_a_key_given_twice_is_invalid() {
    let told = after(|stage| {
        let text = String::from_utf8(stage.read(PROVENANCE)).unwrap();
        stage.publish(PROVENANCE, text.replacen('{', "{\"dsseEnvelope\":{},", 1).as_bytes());
    });
    assert_eq!(told, INVALID);
}

#[test]
fn two_signatures_in_an_envelope_are_one_too_many() {
    let told = after_edit(PROVENANCE, |bundle| {
        let signatures = bundle["dsseEnvelope"]["signatures"].as_array_mut().unwrap();
        signatures.push(signatures[0].clone());
    });
    assert_eq!(told, INVALID);
    let told = after_edit(PROVENANCE, |bundle| bundle["dsseEnvelope"]["signatures"] = json!([]));
    assert_eq!(told, INVALID);
}

#[test]
fn a_bare_envelope_has_no_time() {
    let told = after_edit(PROVENANCE, |bundle| *bundle = bundle["dsseEnvelope"].clone());
    assert_eq!(told, "undetermined: provenance/no-time undetermined, signatures/no-time undetermined");
}

#[test]
fn what_is_over_a_limit_is_not_read() {
    let unread = "undetermined: provenance/missing undetermined, signatures/unreadable undetermined";
    let entries = after_edit(PROVENANCE, |bundle| {
        let entry = bundle["verificationMaterial"]["tlogEntries"][0].clone();
        bundle["verificationMaterial"]["tlogEntries"] = Value::Array(vec![entry; 33]);
    });
    assert_eq!(entries, unread);
    let certificates = after_edit(PROVENANCE, |bundle| {
        let leaf = bundle["verificationMaterial"]["certificate"].clone();
        bundle["verificationMaterial"] = json!({
            "x509CertificateChain": {"certificates": vec![leaf; 11]},
            "tlogEntries": bundle["verificationMaterial"]["tlogEntries"],
        });
    });
    assert_eq!(certificates, unread);
    let stamps = after_edit(PROVENANCE, |bundle| {
        let stamp = json!({"signedTimestamp": "AAAA"});
        bundle["verificationMaterial"]["timestampVerificationData"] =
            json!({"rfc3161Timestamps": vec![stamp; 33]});
    });
    assert_eq!(stamps, unread);
    let bundles = after(|stage| {
        let line = stage.read(PROVENANCE);
        stage.publish(PROVENANCE, &line.repeat(101));
    });
    assert_eq!(bundles, unread);
    let deep = after(|stage| stage.publish(PROVENANCE, "[".repeat(100_000).as_bytes()));
    assert_eq!(deep, INVALID);
}

// --- time ---

#[test]
fn a_signature_from_after_the_moment_judged_does_not_count() {
    let mut stage = good();
    stage.as_of = at("2026-01-05T12:00:00Z");
    let told = outcome(&stage.judge());
    let expected = "undetermined: provenance/no-time undetermined, signatures/no-time undetermined";
    assert_eq!(told, expected);
    stage.as_of = at("2026-01-05T12:00:01Z");
    assert_eq!(outcome(&stage.judge()), "verified");
}

#[test]
fn the_latest_of_several_times_counts() {
    // Logged at 12:00:01, stamped at 12:00:02.
    let options = BundleOptions::default().and_timestamp();
    let mut stage = Stage::set(&Release { options, ..Release::good() });
    stage.as_of = at("2026-01-05T12:00:01Z");
    let expected = "undetermined: provenance/no-time undetermined, signatures/no-time undetermined";
    assert_eq!(outcome(&stage.judge()), expected);
    stage.as_of = at("2026-01-05T12:00:02Z");
    assert_eq!(outcome(&stage.judge()), "verified");
}

// --- builds ---

/// The outcome of provenance by a run that is not quite the release's.
fn built(change: impl FnOnce(&mut Build)) -> String {
    after(|stage| {
        let mut build = Build::of_tag("v1.2.3", &stage.written.commit);
        change(&mut build);
        let content = Content::provenance(&Provenance::v1(&build, subjects(stage)));
        stage.publish(PROVENANCE, &bundle(&content, &Identity::workflow(&build)));
    })
}

#[test]
fn a_build_for_a_pull_request_is_no_release_build() {
    for trigger in ["pull_request", "pull_request_target", "schedule", "issue_comment", "workflow_run"] {
        assert_eq!(built(|run| run.trigger = trigger.to_owned()), "rejected: provenance/trigger fail");
    }
    for trigger in ["push", "release", "workflow_dispatch", "create"] {
        assert_eq!(built(|run| run.trigger = trigger.to_owned()), "verified", "{trigger}");
    }
}

#[test]
fn a_build_of_a_branch_another_tag_or_another_commit_is_not_the_releases() {
    let of_ref = |reference: &str| built(|run| run.reference = reference.to_owned());
    for reference in ["refs/heads/main", "refs/heads/v1.2.3", "refs/tags/v1.2.2", "refs/pull/1/merge"] {
        let expected = "rejected: provenance/builder fail, provenance/ref fail";
        assert_eq!(of_ref(reference), expected, "{reference}");
    }
    assert_eq!(built(|run| run.commit = "0".repeat(40)), "rejected: provenance/commit fail");
}

#[test]
fn a_self_hosted_runner_is_worth_level_one_at_most() {
    for by_slsa_generator in [false, true] {
        let release = Release { by_slsa_generator, ..Release::good() };
        let claim = Spoil::Claim(Which::Provenance, Extension::RunnerEnvironment, Some("self-hosted"));
        let said = Spoil::Provenance(Field::Runner, "self-hosted");
        let report = judge(&release.spoil(claim).spoil(said));
        let levels: Vec<_> = report.release.artifacts.iter().map(|one| one.slsa_build_level).collect();
        assert_eq!(levels, [Some(1); 3]);
    }
}

#[test]
fn a_certificate_without_claims_proves_no_source() {
    let told = after(|stage| {
        let bare = Identity::person("x@y.example", crate::kit::ISSUER).named(&workflow(stage).san);
        stage.publish(PROVENANCE, &bundle(&Content::provenance(&provenance(stage)), &bare));
    });
    assert_eq!(
        told,
        "undetermined: provenance/commit undetermined, provenance/ref undetermined, \
         provenance/source undetermined, provenance/trigger undetermined"
    );
}

#[test]
fn a_predicate_that_differs_from_its_certificate_is_refused_by_the_claim() {
    let says = |field, value| outcome(&judge(&Release::good().spoil(Spoil::Provenance(field, value))));
    let commit = "1111111111111111111111111111111111111111";
    assert_eq!(says(Field::Commit, commit), "rejected: provenance/commit fail");
    assert_eq!(says(Field::Source, "https://github.com/acme/gadget"), "rejected: provenance/source fail");
    assert_eq!(says(Field::Reference, "refs/tags/v1.2.2"), "rejected: provenance/ref fail");
    assert_eq!(
        says(Field::Builder, "https://github.com/acme/widget/.github/workflows/other.yml@refs/tags/v1.2.3"),
        "rejected: provenance/builder fail"
    );
}

#[test]
fn a_tag_that_was_moved_after_the_build_is_seen_by_the_commit() {
    let report = judge(&Release::good().spoil(Spoil::TagMoved));
    assert_eq!(outcome(&report), "rejected: provenance/commit fail, signatures/identity fail");
    assert_eq!(said(&report, "provenance/commit").len(), 3);
}

// --- who ---

#[test]
fn where_nothing_says_whose_release_it_is_nobody_is_trusted_and_the_signer_is_shown() {
    let stage = good();
    let config = stage.written.repository().join("config");
    let text = std::fs::read_to_string(&config).unwrap();
    std::fs::write(&config, text.split("[remote").next().unwrap()).unwrap();
    let report = stage.judge();
    assert_eq!(
        outcome(&report),
        "undetermined: provenance/builder undetermined, provenance/source undetermined, \
         signatures/identity undetermined"
    );
    let identity = report.checks.iter().flat_map(|check| &check.findings);
    let mut identity = identity.filter(|finding| finding.rule.id == "signatures/identity");
    let signer = workflow(&stage).san;
    assert!(identity.all(|finding| finding.found.as_deref().is_some_and(|found| found.contains(&signer))));
}

#[test]
fn a_signer_whose_name_looks_like_the_right_one_is_a_stranger() {
    let right = "https://github.com/acme/widget/.github/workflows/release.yml@refs/tags/v1.2.3";
    let near = [
        right.replace("widget", "wldget"),
        right.replace("github.com", "glthub.com"),
        right.replace("github.com", "github.com.evil.example"),
        right.replace("github.com", "xn--github-x2a.com"),
        right.replace("acme", "Acme"),
        right.replace("https", "http"),
        right.replace("/acme/", "//acme/"),
        right.replace("v1.2.3", "v1.2.30"),
        right.replace("v1.2.3", "v1.2.3/"),
        right.replace("refs/tags", "refs/heads"),
        right.replace(".github/workflows/", ".github/workflows/../workflows/"),
        right.replace("release.yml", "release.yml@refs/tags/v1.2.3#"),
        right.replace("@refs", "%40refs"),
        format!("{right}?"),
        format!("{right}%00"),
        format!("https://evil.example/{right}"),
    ];
    for san in near {
        let told = after(|stage| {
            let identity = workflow(stage).named(&san);
            let content = Content::file(&stage.read(LINUX));
            stage.publish(&bundle_name(LINUX), &bundle(&content, &identity));
            stage.publish(PROVENANCE, &bundle(&Content::provenance(&provenance(stage)), &identity));
        });
        assert_eq!(told, "rejected: provenance/builder fail, signatures/identity fail", "{san}");
    }
}
