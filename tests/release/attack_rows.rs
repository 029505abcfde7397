//! Attacks on verifiers that others suffered, one test a row of the table of known attacks; each names its row.

use std::process::{Command, Output};

use relcheck::policy::Policy;
use serde_json::json;

use crate::identities::{DERIVE, against, generated, identity_entry};
use crate::kit::ISSUER;
use crate::kit::bundle::Content;
use crate::kit::certificates::Extension;
use crate::kit::release::Release;
use crate::kit::signing::maintainer;
use crate::kit::spoil::{Spoil, Which};
use crate::kit::statement::{Build, Provenance, Subject};
use crate::stage::{AS_OF, CRATE, LINUX, MACOS, Stage, bundle, key_entry, outcome, workflow};

const IDENTITY: &str = "rejected: signatures/identity fail";

/// The outcome of the good release by a policy that names this signer and nobody else.
fn named(issuer: &str, subject: &str) -> String {
    let mut stage = Stage::set(&generated());
    stage.policy =
        stage.policy.replace(DERIVE, "[rules.signatures]\nderive = false") + &identity_entry(issuer, subject);
    outcome(&stage.judge())
}

/// The outcome where two signers are asked for, and `prepare` publishes what it likes.
fn two_asked(prepare: impl Fn(&Stage)) -> String {
    let mut stage = Stage::set(&generated());
    prepare(&stage);
    stage.policy = stage.policy.replace(DERIVE, &format!("{DERIVE}\nthreshold = 2"))
        + &key_entry("maintainer", &maintainer().public_pem());
    outcome(&stage.judge())
}

#[test]
fn row_13_a_threshold_is_not_met_by_several_signatures_of_one_signer() {
    let told = two_asked(|stage| {
        for name in [LINUX, MACOS, CRATE] {
            let content = Content::file(&stage.read(name));
            for suffix in ["bundle", "sigstore", "bundle.json"] {
                stage.publish(&format!("{name}.{suffix}"), &bundle(&content, &workflow(stage)));
            }
        }
    });
    assert_eq!(told, "rejected: signatures/threshold fail");
}

#[test]
fn row_14_a_threshold_is_not_met_by_the_same_signature_twice() {
    let told = two_asked(|stage| {
        for name in [LINUX, MACOS, CRATE] {
            let line = stage.read(&format!("{name}.sigstore.json"));
            let line = String::from_utf8(line).unwrap().trim().to_owned();
            stage.withdraw(&format!("{name}.sigstore.json"));
            stage.publish(&format!("{name}.sigstore.jsonl"), format!("{line}\n{line}\n").as_bytes());
        }
    });
    assert_eq!(told, "rejected: signatures/threshold fail");
}

#[test]
fn row_19_every_claim_that_a_policy_asks_for_is_compared() {
    use Extension as X;
    let claims = [
        ("build-signer-uri", X::BuildSignerUri),
        ("build-signer-digest", X::BuildSignerDigest),
        ("runner-environment", X::RunnerEnvironment),
        ("source-repository-uri", X::SourceRepositoryUri),
        ("source-repository-digest", X::SourceRepositoryDigest),
        ("source-repository-ref", X::SourceRepositoryRef),
        ("source-repository-identifier", X::SourceRepositoryId),
        ("source-repository-owner-uri", X::SourceRepositoryOwnerUri),
        ("source-repository-owner-identifier", X::SourceRepositoryOwnerId),
        ("build-config-uri", X::BuildConfigUri),
        ("build-config-digest", X::BuildConfigDigest),
        ("build-trigger", X::BuildTrigger),
        ("run-invocation-uri", X::RunInvocationUri),
        ("source-repository-visibility", X::SourceRepositoryVisibility),
    ];
    // Every current claim but the issuer, which is compared on its own.
    assert_eq!(claims.len(), X::CURRENT.len() - 1);
    let mut stage = Stage::set(&generated());
    let own = workflow(&stage);
    let policy = stage.policy.replace(DERIVE, "[rules.signatures]\nderive = false")
        + &identity_entry(
            ISSUER,
            "https://github.com/{repository}/.github/workflows/release.yml@refs/tags/{tag}",
        );
    let mut told = |key: &str, value: &str| {
        stage.policy = format!("{policy}claims.{key} = \"{value}\"\n");
        outcome(&stage.judge())
    };
    for (key, claim) in claims {
        let value = &own.extensions[&claim];
        assert_eq!(told(key, value), "verified", "{key}");
        assert_eq!(told(key, &format!("{value}x")), IDENTITY, "{key}");
        assert_eq!(told(key, &value[1..]), IDENTITY, "{key}");
    }
    // A claim that the certificate lacks is not met.
    let release = generated().spoil(Spoil::Claim(Which::Every, X::RunnerEnvironment, None));
    let mut stage = Stage::set(&release);
    stage.policy = format!("{policy}claims.runner-environment = \"github-hosted\"\n")
        .replace("\nprovenance = \"require\"", "\nprovenance = \"skip\"");
    assert_eq!(outcome(&stage.judge()), "undetermined: signatures/identity undetermined");
}

#[test]
fn row_48_an_issuer_is_compared_whole() {
    let mut stage = Stage::set(&generated());
    let own = workflow(&stage);
    for other in [
        format!("https://evil.example/?{ISSUER}"),
        format!("{ISSUER}.evil.example"),
        format!("{ISSUER}/acme"),
        format!("https://evil.example/{ISSUER}"),
        ISSUER.to_uppercase(),
        ISSUER.replace("https://", "http://"),
    ] {
        let bytes = bundle(&Content::file(&stage.read(LINUX)), &own.clone().issued_by(&other));
        stage.publish(&format!("{LINUX}.sigstore.json"), &bytes);
        assert_eq!(outcome(&stage.judge()), IDENTITY, "{other}");
    }
    stage.as_of = crate::stage::at(AS_OF);
}

#[test]
fn row_50_a_name_of_a_million_letters_matches_nobody() {
    let stage = Stage::set(&generated());
    let base = "https://github.com/acme/widget/.github/workflows/";
    let told = |letters: &str, times: usize| {
        let name = format!("{base}{}@refs/tags/v1.2.3", letters.repeat(times));
        let bytes = bundle(&Content::file(&stage.read(LINUX)), &workflow(&stage).named(&name));
        stage.publish(&format!("{LINUX}.sigstore.json"), &bytes);
        stage.judge()
    };
    for letters in ["/", ".", "@", "a", "*"] {
        let report = told(letters, 40_000);
        assert_eq!(outcome(&report), IDENTITY, "{letters}");
        let shown = against(&report, "signatures/identity")[0].found.as_ref().unwrap();
        assert!(shown.len() < 4_000 && shown.contains("(cut)"), "{}", shown.len());
        // One that is larger than a log takes is no signature at all.
        let report = told(letters, 1_000_000);
        assert_eq!(outcome(&report), "rejected: signatures/invalid fail", "{letters}");
    }
}

#[test]
fn row_53_a_workflow_is_not_another_one_whose_name_holds_its_name() {
    let subject =
        |name: &str| format!("https://github.com/{{repository}}/.github/workflows/{name}@refs/tags/{{tag}}");
    assert_eq!(named(ISSUER, &subject("release.yml")), "verified");
    for other in [
        "prerelease.yml",
        "release.yml.yml",
        "elease.yml",
        "release.ym",
        "release.yaml",
        "*-release.yml",
        "release-*.yml",
    ] {
        assert_eq!(named(ISSUER, &subject(other)), IDENTITY, "{other}");
    }
    let stage = Stage::set(&generated());
    let mut policy = stage.policy.replace(DERIVE, "[rules.signatures]\nderive = false");
    policy += &identity_entry(ISSUER, &subject("release.yml"));
    let stage = Stage { policy, ..stage };
    let san = workflow(&stage).san.replace("release.yml", "prerelease.yml");
    let bytes = bundle(&Content::file(&stage.read(LINUX)), &workflow(&stage).named(&san));
    stage.publish(&format!("{LINUX}.sigstore.json"), &bytes);
    assert_eq!(outcome(&stage.judge()), IDENTITY);
}

#[test]
fn row_53_a_bundle_written_by_hand_is_no_signature() {
    let stage = Stage::set(&generated());
    let digest = crate::kit::keys::base64(crate::kit::keys::sha256(&stage.read(LINUX)));
    let by_hand = json!({
        "mediaType": "application/vnd.dev.sigstore.bundle.v0.3+json",
        "verificationMaterial": {
            "certificate": {"rawBytes": "AAAA"},
            "tlogEntries": [{"logIndex": "1", "integratedTime": "1767614401"}]
        },
        "messageSignature": {"messageDigest": {"algorithm": "SHA2_256", "digest": digest}, "signature": "AAAA"}
    });
    stage.publish(&format!("{LINUX}.sigstore.json"), by_hand.to_string().as_bytes());
    assert_eq!(outcome(&stage.judge()), "rejected: signatures/invalid fail");
}

#[test]
fn row_53_without_a_trusted_root_nothing_starts() {
    let stage = Stage::set(&generated());
    let nowhere = stage.written.root.join("no-root.json");
    let ran = relcheck(&stage, &stage.written.root, &["--trusted-root", nowhere.to_str().unwrap()], &[]);
    assert_eq!(ran.status.code(), Some(2));
    assert!(ran.stdout.is_empty());
}

#[test]
fn row_55_names_in_a_statement_are_bytes_and_bind_nothing() {
    for name in
        [format!("dist/../{LINUX}"), format!("./{LINUX}"), format!("dist//{LINUX}"), format!("{LINUX}/")]
    {
        let stage = Stage::set(&Release::good());
        let build = Build::of_tag("v1.2.3", &stage.written.commit);
        let others = [MACOS, CRATE].map(|other| Subject::of(other, &stage.read(other)));
        let subjects = others.into_iter().chain([Subject::of(&name, b"something else")]);
        let content = Content::provenance(&Provenance::v1(&build, subjects.collect()));
        stage.publish("widget-1.2.3.intoto.jsonl", &bundle(&content, &workflow(&stage)));
        assert_eq!(outcome(&stage.judge()), "rejected: provenance/missing fail", "{name}");
    }
}

#[test]
fn row_56_negated_classes_are_refused_in_either_spelling() {
    for glob in ["[!a]", "[^a]", "[a-z]", "!release.yml", "(a|b)", "a?b", "^release", "release$", ".\\.yml"] {
        let subject = format!("https://github.com/acme/widget/.github/workflows/{glob}");
        let subject = subject.replace('\\', "\\\\");
        let parsed = Policy::parse("p.toml", &format!("name = \"p\"\n{}", identity_entry(ISSUER, &subject)));
        assert!(parsed.is_err(), "{glob}");
    }
}

/// Runs `relcheck verify` on the stage's release, standing in `folder`.
fn relcheck(stage: &Stage, folder: &std::path::Path, further: &[&str], variables: &[(&str, &str)]) -> Output {
    let written = &stage.written;
    let mut command = Command::new(env!("CARGO_BIN_EXE_relcheck"));
    command.current_dir(folder).env_clear().envs(variables.iter().copied());
    command.args(["verify", "--format", "json", "--as-of", AS_OF]);
    command
        .args(written.arguments_without(further))
        .args(further)
        .args(["--", &written.tag])
        .output()
        .unwrap()
}

/// A policy by which anything goes that has a tag.
const HOSTILE: &str = "name = \"hostile\"\n[levels]\nsignatures = \"skip\"\nchecksums = \"skip\"\nprovenance = \"skip\"\n\
                       advisories = \"skip\"\nsupported-versions = \"skip\"\nrelease = \"skip\"\n";

#[test]
fn row_57_what_lies_in_the_judged_repository_is_no_policy() {
    let stage = Stage::set(&generated().spoil(Spoil::San(Which::Artifact(0), "https://mallory.example/x")));
    let clean = tempfile::tempdir().unwrap();
    let before = relcheck(&stage, clean.path(), &[], &[]);
    assert_eq!(before.status.code(), Some(1));
    for folder in [stage.written.repository(), stage.written.published(), stage.written.root.clone()] {
        for name in ["relcheck.toml", ".relcheck.toml"] {
            std::fs::write(folder.join(name), HOSTILE).unwrap();
        }
        std::fs::write(folder.join(".env"), "RELCHECK_POLICY=audit\n").unwrap();
        std::fs::write(folder.join(".netrc"), "machine github.com login a password b\n").unwrap();
    }
    // They are published with the rest by whoever put them there; only the policy is of interest here.
    for name in ["relcheck.toml", ".relcheck.toml", ".env", ".netrc"] {
        std::fs::remove_file(stage.written.published().join(name)).unwrap();
    }
    let after = relcheck(&stage, clean.path(), &[], &[]);
    assert_eq!((after.status.code(), &after.stdout), (Some(1), &before.stdout));
    assert_eq!(after.stderr, before.stderr);
    // Standing in it is to choose it, and is said; another one may be named.
    let inside = relcheck(&stage, &stage.written.root, &[], &[]);
    let said = String::from_utf8(inside.stderr).unwrap();
    assert!(said.contains("note: judged by relcheck.toml in this folder"), "{said}");
    let inside = relcheck(&stage, &stage.written.root, &["--policy", "default"], &[]);
    assert_eq!((inside.status.code(), &inside.stdout), (Some(1), &before.stdout));
    // A hidden one is never read.
    std::fs::remove_file(stage.written.root.join("relcheck.toml")).unwrap();
    let inside = relcheck(&stage, &stage.written.root, &[], &[]);
    assert_eq!((inside.status.code(), &inside.stdout), (Some(1), &before.stdout));
}

#[test]
fn a_policy_further_up_in_the_checkout_is_not_taken_and_is_said() {
    let stage = Stage::set(&generated());
    let checkout = stage.written.root.join("checkout");
    let below = checkout.join("crates/core");
    std::fs::create_dir_all(&below).unwrap();
    std::fs::create_dir(checkout.join(".git")).unwrap();
    std::fs::write(checkout.join("relcheck.toml"), HOSTILE).unwrap();
    let said = |folder: &std::path::Path| {
        let ran = relcheck(&stage, folder, &[], &[]);
        assert_eq!(ran.status.code(), Some(0));
        String::from_utf8(ran.stderr).unwrap()
    };
    let told = said(&below);
    assert!(told.contains("judged by the default policy, and not by") && told.contains("--policy"), "{told}");
    let told = said(&checkout);
    assert!(
        told.contains("in this folder, which lies in a git checkout: whoever can change that decides"),
        "{told}"
    );
    // Nothing above the checkout is anybody's business.
    std::fs::write(stage.written.root.join("relcheck.toml"), HOSTILE).unwrap();
    std::fs::remove_file(checkout.join("relcheck.toml")).unwrap();
    assert!(!said(&below).contains("relcheck.toml"));
}

#[test]
fn row_68_a_name_is_matched_whole_and_never_as_a_part() {
    let rest = "/.github/workflows/release.yml@refs/tags/{tag}";
    for other in [
        format!("https://github.com/acme/widget-evil{rest}"),
        format!("https://evil.example/github.com/acme/widget{rest}"),
        format!("https://github.com/acme{rest}"),
        format!("https://github.com/xacme/widget{rest}"),
        "https://github.com/acme/widget".to_owned(),
        "https://github.com/acme/*".to_owned(),
        format!("github.com/acme/widget{rest}"),
    ] {
        assert_eq!(named(ISSUER, &other), IDENTITY, "{other}");
    }
    // Nor the other way about: the signer's name may not merely hold the one that is named.
    for san in [
        "https://github.com/acme/widget-evil/.github/workflows/release.yml@refs/tags/v1.2.3",
        "https://evil.example/https://github.com/acme/widget/.github/workflows/release.yml@refs/tags/v1.2.3",
        "https://github.com/acme/widget/.github/workflows/release.yml@refs/tags/v1.2.3/",
    ] {
        let told = outcome(&Stage::set(&generated().spoil(Spoil::San(Which::Artifact(0), san))).judge());
        assert_eq!(told, IDENTITY, "{san}");
    }
}

#[test]
fn row_70_nothing_in_the_environment_turns_a_check_off() {
    let stage = Stage::set(&generated().spoil(Spoil::San(Which::Artifact(0), "https://mallory.example/x")));
    let clean = tempfile::tempdir().unwrap();
    let before = relcheck(&stage, clean.path(), &[], &[]);
    let names = [
        "SIGNATURES",
        "SIGNATURE",
        "CHECKSUMS",
        "PROVENANCE",
        "TAG",
        "ADVISORIES",
        "SUPPORTED_VERSIONS",
        "VERIFY",
    ];
    let variables: Vec<String> = names
        .iter()
        .flat_map(|name| {
            ["RELCHECK_IGNORE_", "RELCHECK_SKIP_", "RELCHECK_NO_", "RELCHECK_INSECURE_", "RELCHECK_DISABLE_"]
                .map(|prefix| format!("{prefix}{name}"))
        })
        .chain(
            ["RELCHECK_POLICY", "RELCHECK_INSECURE", "COSIGN_EXPERIMENTAL", "SIGSTORE_NO_VERIFY"]
                .map(str::to_owned),
        )
        .collect();
    for value in ["1", "true", "0", ""] {
        let set: Vec<(&str, &str)> = variables.iter().map(|name| (name.as_str(), value)).collect();
        let after = relcheck(&stage, clean.path(), &[], &set);
        assert_eq!((after.status.code(), &after.stdout), (Some(1), &before.stdout), "{value:?}");
    }
    // Each check is seen to have run: it says something, and of every artifact where it owes that.
    let report: serde_json::Value = serde_json::from_slice(&before.stdout).unwrap();
    let checks = report["checks"].as_array().unwrap();
    let ids: Vec<&str> = checks.iter().map(|check| check["id"].as_str().unwrap()).collect();
    let expected: Vec<&str> = relcheck::checks::ALL.iter().map(|meta| meta.id).collect();
    assert_eq!(ids, expected);
    for check in checks {
        assert!(!check["findings"].as_array().unwrap().is_empty(), "{}", check["id"]);
    }
}

#[test]
fn row_94_a_threshold_of_nothing_is_refused() {
    for (threshold, phrase) in
        [("0", "threshold is at least 1"), ("-1", "invalid value"), ("2", "the policy names 1")]
    {
        for table in ["rules.signatures", "component.sdk.rules.signatures"] {
            let text = format!("name = \"p\"\n[{table}]\nthreshold = {threshold}\n");
            let error = Policy::parse("p.toml", &text).unwrap_err().to_string();
            assert!(error.contains(phrase), "{text}: {error}");
        }
    }
}

#[test]
fn digests_alone_say_nothing_about_the_checksum_file_of_the_release() {
    let stage = Stage::set(&generated());
    let folder = tempfile::tempdir().unwrap();
    let list = folder.path().join("mine.txt");
    std::fs::write(&list, stage.read("SHA256SUMS")).unwrap();
    let written = &stage.written;
    let ran = Command::new(env!("CARGO_BIN_EXE_relcheck"))
        .current_dir(folder.path())
        .env_clear()
        .args(["verify", "--format", "json", "--as-of", AS_OF, "--digests"])
        .arg(&list)
        .args(written.arguments_without(&["--assets"]))
        .args(["--", &written.tag])
        .output()
        .unwrap();
    let report: serde_json::Value = serde_json::from_slice(&ran.stdout).unwrap();
    let checksums =
        report["checks"].as_array().unwrap().iter().find(|check| check["id"] == "checksums").unwrap();
    let findings = checksums["findings"].as_array().unwrap();
    assert_eq!(
        (&findings[0]["rule"], &findings[0]["status"]),
        (&"checksums/missing".into(), &"undetermined".into())
    );
    assert_eq!(findings.len(), 1);
}
