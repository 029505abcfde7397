//! What attackers of this program found, each with a release in which it would be believed again if it came back.

use serde_json::{Value, json};

use relcheck::checks;
use relcheck::evaluate::evaluate;
use relcheck::facts::checksum_file::{ChecksumFile, MAX_BYTES, MAX_LINES};
use relcheck::policy::Policy;
use relcheck::report::Report;
use relcheck::trust::RegistryKey;

use crate::kit::bundle::{BundleOptions, Content, Signer};
use crate::kit::certificates::{Extension, Identity};
use crate::kit::keys::{Key, sha256_hex};
use crate::kit::release::Release;
use crate::kit::spoil::Spoil;
use crate::kit::statement::Subject;
use crate::kit::trusted_root::Sigstore;
use crate::kit::{ISSUER, SEED, SLSA_GENERATOR};
use crate::provenance_stage::{
    PROVENANCE, build, expected_and_found, publish, section, set, stage, statement, told, v1,
};
use crate::stage::{LINUX, Stage, at, bundle, outcome, said, trust};

// --- npm's word is no signature ---

/// npm's statement that it took in the bytes of one artifact, as a package of that version.
fn publication(stage: &Stage, artifact: &str, npm: &Key) -> Value {
    let subject = Subject { name: "pkg:npm/%40acme/widget@1.2.3".to_owned(), digests: [].into() };
    let statement = json!({
        "_type": "https://in-toto.io/Statement/v0.1",
        "subject": [subject.and_sha512(&stage.read(artifact)).json()],
        "predicateType": "https://github.com/npm/attestation/tree/main/specs/publish/v0.1",
        "predicate": {
            "name": "@acme/widget", "version": "1.2.3", "registry": concat!("https://registry.", "npmjs.org"),
        },
    });
    let signer = Signer::Key(npm.clone());
    Sigstore::new(SEED).bundle(&Content::statement(&statement), &signer, &BundleOptions::default())
}

/// The good release with npm's statements about every artifact, judged by a policy that counts registries' statements.
fn published_on_npm(without_signatures: bool) -> Report {
    let mut stage = stage();
    let npm = Key::named("npm");
    let statements: Vec<Value> = stage
        .written
        .artifacts
        .iter()
        .map(|name| json!({"bundle": publication(&stage, name, &npm), "repository_id": 1}))
        .collect();
    let list = json!({"attestations": statements}).to_string();
    stage.publish("widget-1.2.3.attestations.json", list.as_bytes());
    if without_signatures {
        for name in stage.written.artifacts.clone() {
            stage.withdraw(&format!("{name}.sigstore.json"));
        }
        stage.withdraw("SHA256SUMS.sigstore.json");
        stage.withdraw(PROVENANCE);
        stage.policy = stage.policy.replace("provenance = \"require\"", "provenance = \"skip\"");
    }
    stage.policy =
        stage.policy.replace("[rules.signatures]\n", "[rules.signatures]\nrelease-attestations = true\n");
    let key = RegistryKey::new("SHA256:kit", npm.spki().to_vec(), at("2025-01-01T00:00:00Z"), None).unwrap();
    let trust = trust(&stage.written.trusted_root(), &stage.policy()).with_registries(vec![key]);
    evaluate(&stage.gather(), &trust, &stage.policy(), stage.as_of)
}

#[test]
fn npms_statement_of_a_publication_never_counts_as_a_signature() {
    let report = published_on_npm(false);
    assert_eq!(outcome(&report), "verified");
    let stated = said(&report, "signatures/release");
    assert!(!stated.is_empty());
    assert!(
        stated.iter().all(|one| one.contains("npm's registry") && one.contains("counts as no signature"))
    );
    assert_eq!(outcome(&published_on_npm(true)), "rejected: signatures/unsigned fail");
}

// --- a certificate of one platform, a build of another ---

#[test]
fn a_certificate_that_github_vouches_for_and_a_build_of_another_platform_contradict_each_other() {
    for build_type in [
        "https://docs.gitlab.com/ci/pipeline_security/slsa/provenance_v1",
        "https://gitlab.com/gitlab-org/gitlab-runner/-/blob/v17.0.0/PROVENANCE.md",
        "https://github.com/npm/cli/gitlab/v0alpha1",
        "https://cloud.google.com/build/gcb-buildtypes/google-worker/v1",
    ] {
        let stage = stage();
        let mut statement = v1(&stage);
        set(&mut statement, "/predicate/buildDefinition/buildType", json!(build_type));
        publish(&stage, &statement, &build(&stage));
        assert!(told(&stage).starts_with("rejected: "), "{build_type}: {}", told(&stage));
        let differs = said(&stage.judge(), "provenance/parameters");
        let differs: Vec<_> =
            differs.iter().filter(|one| one.contains("a type of build of another platform")).collect();
        assert_eq!(differs.len(), 3, "{build_type}: {}", told(&stage));
        assert!(outcome(&stage.judge()).contains("provenance/parameters fail"), "{build_type}");
    }
}

// --- a builder that says another's name ---

#[test]
fn a_trusted_builder_that_names_another_one_is_no_third_party() {
    let stage = stage();
    assert_eq!(told(&stage), "verified");
    let mut other = v1(&stage);
    set(&mut other, "/predicate/runDetails/builder/id", json!("https://evil.example/builder"));
    let content = Content::statement(&other);
    // Beside provenance that holds, by the same builder.
    stage.publish("other.intoto.jsonl", &bundle(&content, &Identity::workflow(&build(&stage))));
    assert_eq!(told(&stage), "rejected: provenance/builder fail");
    let (_, found) = expected_and_found(&stage, "provenance/builder");
    assert!(found.contains("https://evil.example/builder"), "{found}");
    // Somebody else's says nothing for this release and nothing against it.
    let stranger = "https://github.com/evil/widget/.github/workflows/release.yml@refs/tags/v1.2.3";
    let stranger = Identity::workflow(&build(&stage)).named(stranger);
    stage.publish("other.intoto.jsonl", &bundle(&content, &stranger));
    assert!(told(&stage).starts_with("verified | provenance/builder fail"), "{}", told(&stage));
    // Alone it is refused as well.
    stage.withdraw("other.intoto.jsonl");
    publish(&stage, &other, &build(&stage));
    assert_eq!(told(&stage), "rejected: provenance/builder fail");
}

// --- a reusable workflow that a stranger calls, for summaries ---

#[test]
fn a_verifiers_workflow_that_a_stranger_calls_or_that_does_not_say_who_calls_it_is_not_the_verifier() {
    let (vsa, id) = ("https://slsa.dev/verification_summary/v1", "https://verifier.example/v1");
    let by = |change: &dyn Fn(Identity) -> Identity| {
        let mut stage = stage();
        let predicate = json!({
            "verifier": {"id": id},
            "timeVerified": "2026-01-05T12:00:00Z",
            "resourceUri": "https://github.com/acme/widget/releases/tag/v1.2.3",
            "policy": {"uri": "https://verifier.example/policy"},
            "verificationResult": "PASSED",
            "verifiedLevels": ["SLSA_BUILD_LEVEL_3"],
        });
        let content = Content::statement(&statement(&stage, vsa, &predicate));
        stage.withdraw(PROVENANCE);
        let signer = change(Identity::workflow(&build(&stage)).named(SLSA_GENERATOR));
        stage.publish("widget-1.2.3.vsa.sigstore.json", &bundle(&content, &signer));
        section(&mut stage, "accept-vsa = true");
        stage.policy += &format!(
            "[[rules.provenance.verifier]]\nid = \"{id}\"\nissuer = \"{ISSUER}\"\nidentity = \"{SLSA_GENERATOR}\"\n\
             resource-uri = \"https://github.com/{{repository}}/releases/tag/{{tag}}\"\n"
        );
        told(&stage)
    };
    let refused = "rejected: provenance/vsa-verifier fail";
    let source = Extension::SourceRepositoryUri;
    assert_eq!(by(&|own| own), "verified");
    assert_eq!(by(&|own| own.with(source, "https://github.com/mallory/widget")), refused);
    assert_eq!(by(&|own| own.with(source, "https://github.com/acme/widget-2")), refused);
    let unsaid = |mut own: Identity| {
        own.extensions.remove(&source).unwrap();
        own
    };
    assert_eq!(by(&unsaid), refused);
    assert_eq!(by(&|own| own.with(Extension::SourceRepositoryRef, "refs/heads/main")), refused);
}

// --- a waiver's id ---

#[test]
fn a_waivers_id_is_that_of_an_advisory_and_never_a_word_of_a_file_name() {
    let policy = |rule: &str| {
        let waiver = format!(
            "[[waiver]]\nrule = \"{rule}\"\nid = \"RUSTSEC-2025-9003\"\nreason = \"a test\"\nuntil = \"2026-12-31\"\n"
        );
        Policy::parse("p.toml", &format!("name = \"p\"\n{waiver}")).map(drop)
    };
    let about_advisories = [
        "advisories/below-threshold",
        "advisories/vulnerable",
        "advisories/unsound",
        "advisories/unmaintained",
        "advisories/notice",
        "advisories/range-unknown",
    ];
    let (mut allowed, mut refused) = (0, 0);
    for rule in checks::all_rules().filter(|rule| rule.id != "relcheck/unjudged") {
        let told = policy(rule.id);
        if about_advisories.contains(&rule.id) {
            assert!(told.is_ok(), "{}: {told:?}", rule.id);
            allowed += 1;
        } else {
            let error = told.expect_err(rule.id).to_string();
            assert!(error.contains("a waiver names an id for"), "{}: {error}", rule.id);
            refused += 1;
        }
    }
    eprintln!("a waiver may name an id with {allowed} rules, and not with {refused}");
    assert!(allowed >= 3 && refused > 40);
    // A name that is made of words, one of which somebody waived for another artifact.
    let mut stage = stage();
    let name = "widget RUSTSEC-2025-9003 x.tar.gz";
    stage.publish(name, b"unsigned");
    stage.policy += "\n[[waiver]]\nrule = \"signatures/unsigned\"\nsubject = \"RUSTSEC-2025-9003\"\nreason = \"x\"\nuntil \
                     = \"2026-12-31\"\n";
    let told = outcome(&stage.judge());
    assert!(told.starts_with("rejected: ") && told.contains("signatures/unsigned fail"), "{told}");
    assert!(!told.contains("waived"), "{told}");
}

// --- lists without end ---

#[test]
fn a_list_of_as_many_lines_as_there_may_be_is_looked_up_and_not_searched() {
    let many = |n: usize| format!("{}  widget\n", sha256_hex(b"widget")).repeat(n);
    let lines = 70_000;
    assert!(lines < MAX_LINES && many(lines).len() < MAX_BYTES);
    let many = many(lines);
    let file = ChecksumFile::parse("SHA256SUMS", many.as_bytes()).unwrap();
    // Every line again says nothing new: who asks for the name looks at one of them.
    assert_eq!(file.digests_of("widget").count(), 1);
    assert_eq!((file.entries().len(), file.digests_of("other").count()), (lines, 0));
    let others: String = (0..lines / 2).map(|n| format!("{:064x}  file-{n}\n", n)).collect();
    let file = ChecksumFile::parse("SHA256SUMS", others.as_bytes()).unwrap();
    assert_eq!(file.digests_of("file-17").count(), 1);
    // One more than there may be is not read, and the release is not verified without it.
    let stage = stage();
    stage.withdraw("SHA256SUMS.sigstore.json");
    let list = String::from_utf8(stage.read("SHA256SUMS")).unwrap();
    let line = list.lines().find(|line| line.ends_with(LINUX)).unwrap().to_owned() + "\n";
    stage.publish("SHA256SUMS", (list.clone() + &line.repeat(30_000)).as_bytes());
    let good = stage.judge();
    assert_eq!(outcome(&good), "verified");
    // One finding for each artifact, however often it is listed.
    assert_eq!(said(&good, "checksums/match").len(), 3);
    let changed = line.replace(&line[..64], &"0".repeat(64));
    let wrong: String =
        list.lines().filter(|one| !one.ends_with(LINUX)).map(|one| format!("{one}\n")).collect();
    stage.publish("SHA256SUMS", (wrong + &changed.repeat(30_000)).as_bytes());
    let report = stage.judge();
    assert_eq!(outcome(&report), "rejected: checksums/mismatch fail, release/digest-mismatch fail");
    assert_eq!(said(&report, "checksums/mismatch").len(), 1);
    let short: String = (0..=MAX_LINES).map(|_| "#\n").collect();
    stage.publish("SHA256SUMS", (short + &list).as_bytes());
    let told = outcome(&stage.judge());
    assert!(
        told.starts_with("undetermined: ") && told.contains("checksums/unreadable undetermined"),
        "{told}"
    );
}

// --- parameters that shadow each other ---

#[test]
fn a_parameter_with_a_dot_in_its_name_does_not_pass_for_one_inside_another() {
    let judged = |parameters: &[(&str, Value)], asked: &str| {
        let mut stage = stage();
        section(&mut stage, &format!("parameters = {{ {asked} }}"));
        let mut statement = v1(&stage);
        for (name, value) in parameters {
            let pointer = format!("/predicate/buildDefinition/externalParameters/{name}");
            set(&mut statement, &pointer, value.clone());
        }
        publish(&stage, &statement, &build(&stage));
        outcome(&stage.judge())
    };
    let asked = "\"inputs.target\" = \"release\"";
    let refused = "rejected: provenance/parameters fail";
    assert_eq!(judged(&[("inputs", json!({"target": "release"}))], asked), "verified");
    assert_eq!(judged(&[("inputs", json!({"target": "debug"}))], asked), refused);
    for shadowed in [
        [("inputs", json!({"target": "debug"})), ("inputs.target", json!("release"))],
        [("inputs", json!({"target": "release"})), ("inputs.target", json!("debug"))],
        // The same twice is one too many all the same.
        [("inputs", json!({"target": "release"})), ("inputs.target", json!("release"))],
    ] {
        assert_eq!(judged(&shadowed, asked), refused, "{shadowed:?}");
    }
    let path = "\"workflow.path\" = \".github/workflows/release.yml\"";
    assert_eq!(judged(&[], path), "verified");
    let shadow = [("workflow.path", json!(".github/workflows/release.yml"))];
    assert_eq!(judged(&shadow, path), refused);
    // Where nothing is asked of it, it is a parameter that the type of build does not have.
    let stage = stage();
    let mut statement = v1(&stage);
    set(&mut statement, "/predicate/buildDefinition/externalParameters/workflow.path", json!("x.yml"));
    publish(&stage, &statement, &build(&stage));
    assert_eq!(told(&stage), "verified | provenance/parameters fail");
    let (_, shown) = expected_and_found(&stage, "provenance/parameters");
    assert_eq!(shown, "workflow.path");
}

// --- addresses that programs read differently ---

#[test]
fn an_address_whose_host_depends_on_who_reads_it_names_no_repository() {
    let good = stage();
    let config = good.written.repository().join("config");
    let text = std::fs::read_to_string(&config).unwrap();
    let own = text.lines().find(|line| line.trim().starts_with("url = ")).unwrap().trim().to_owned();
    assert_eq!(outcome(&good.judge()), "verified");
    for authority in [
        "evil.example?@github.com",
        "evil.example#@github.com",
        "evil.example\\\\@github.com",
        "evil.example%2f@github.com",
        "github.com?x",
        "github.com#x",
    ] {
        for scheme in ["https", "ssh"] {
            let url = format!("{scheme}://{authority}/acme/widget");
            std::fs::write(&config, text.replace(&own, &format!("url = \"{url}\""))).unwrap();
            let told = outcome(&good.judge());
            let nobody = "undetermined: provenance/builder undetermined, provenance/source undetermined, \
                          signatures/identity undetermined";
            assert_eq!(told, nobody, "{url}");
        }
        let named = format!("repository = \"https://{authority}/acme/widget\"\n");
        assert!(Policy::parse("p.toml", &format!("name = \"p\"\n{named}")).is_err(), "{authority}");
    }
}

// --- a lock file in a folder with a name of words ---

#[test]
fn a_folder_named_after_an_advisory_is_not_waived_with_it() {
    let release = Release::good().spoil(Spoil::File("x RUSTSEC-2025-9003 y/Cargo.lock", Some("x")));
    let mut stage = Stage::set(&release);
    let told = "undetermined: advisories/not-covered undetermined";
    assert_eq!(outcome(&stage.judge()), told);
    stage.policy += "\n[[waiver]]\nrule = \"advisories/vulnerable\"\nid = \"RUSTSEC-2025-9003\"\nreason = \"x\"\nuntil = \
                     \"2026-12-31\"\n";
    assert_eq!(outcome(&stage.judge()), told);
}
