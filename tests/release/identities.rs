//! Who may sign: derived for each forge from a name and a tag, held to the claims of the certificate, counted once each,
//! overridden for a component, and shown so that nobody can pass for somebody else.

use relcheck::outcome::{Finding, Level};
use relcheck::report::Report;

use crate::kit::bundle::Content;
use crate::kit::certificates::{Extension, Identity};
use crate::kit::keys::Key;
use crate::kit::release::Release;
use crate::kit::signing::{Signing, maintainer};
use crate::kit::spoil::{Spoil, Which};
use crate::kit::statement::Build;
use crate::kit::{ISSUER, SLSA_GENERATOR};
use crate::stage::{CRATE, LINUX, MACOS, Stage, aside, bundle, key_entry, outcome, said, workflow};

pub(crate) const SUMS: &str = "SHA256SUMS";
pub(crate) const DERIVE: &str = "[rules.signatures]\nderive = true";

/// The good release, whose provenance is by a builder that is no signer.
pub(crate) fn generated() -> Release {
    Release { by_slsa_generator: true, ..Release::good() }
}

/// Every signed file of the release, signed anew by `identity`; provenance is left out of the judgement.
fn signed_by(identity: &Identity) -> Stage {
    let mut stage = Stage::set(&generated());
    for name in [LINUX, MACOS, CRATE, SUMS] {
        let bytes = bundle(&Content::file(&stage.read(name)), identity);
        stage.publish(&format!("{name}.sigstore.json"), &bytes);
    }
    stage.policy = stage.policy.replace("\nprovenance = \"require\"", "\nprovenance = \"skip\"");
    stage
}

/// A policy about a repository on another host.
fn on(stage: &mut Stage, repository: &str, forge: &str) {
    let forge = if forge.is_empty() { String::new() } else { format!("forge = \"{forge}\"\n") };
    let top = format!("repository = \"{repository}\"\n{forge}[levels]");
    stage.policy = stage.policy.replacen("[levels]", &top, 1);
}

/// The identity of a pipeline of `repository` on `host`, for the tag of the stage.
fn pipeline(stage: &Stage, host: &str, repository: &str, issuer: &str, path: &str) -> Identity {
    Identity::workflow(&Build::of_tag("v1.2.3", &stage.written.commit))
        .named(&format!("https://{host}/{repository}{path}@refs/tags/v1.2.3"))
        .issued_by(issuer)
        .with(Extension::SourceRepositoryUri, &format!("https://{host}/{repository}"))
}

/// The findings of a rule that are no pass.
pub(crate) fn against<'a>(report: &'a Report, rule: &str) -> Vec<&'a Finding> {
    let findings = report.checks.iter().flat_map(|check| &check.findings);
    findings.filter(|finding| finding.rule.id == rule && finding.status.word() != "pass").collect()
}

pub(crate) fn identity_entry(issuer: &str, subject: &str) -> String {
    format!("\n[[rules.signatures.identity]]\nissuer = \"{issuer}\"\nsubject = \"{subject}\"\n")
}

// --- derived ---

#[test]
fn each_forge_has_its_own_issuer_and_subject() {
    let base = Stage::set(&Release::good());
    let cases = [
        ("gitlab.com", "acme/tools/widget", "", "https://gitlab.com", "//.gitlab-ci.yml"),
        ("git.acme.example", "acme/widget", "gitlab", "https://git.acme.example", "//.gitlab-ci.yml"),
        (
            "acme.ghe.com",
            "acme/widget",
            "",
            "https://token.actions.acme.ghe.com",
            "/.github/workflows/release.yml",
        ),
        (
            "github.acme.example",
            "acme/widget",
            "github",
            "https://github.acme.example/_services/token",
            "/.github/workflows/release.yml",
        ),
        (
            "codeberg.org",
            "acme/widget",
            "",
            "https://codeberg.org/api/actions",
            "/.forgejo/workflows/release.yaml",
        ),
        (
            "git.acme.example",
            "acme/widget",
            "gitea",
            "https://git.acme.example/api/actions",
            "/.gitea/workflows/release.yml",
        ),
    ];
    let mut judged = 0;
    for (host, repository, forge, issuer, path) in cases {
        let identity = pipeline(&base, host, repository, issuer, path);
        let told = |identity: &Identity, repository: &str, forge: &str| {
            let mut stage = signed_by(identity);
            on(&mut stage, repository, forge);
            outcome(&stage.judge())
        };
        let named = format!("{host}/{repository}");
        let refused = "rejected: signatures/identity fail";
        assert_eq!(told(&identity, &named, forge), "verified", "{named}");
        assert_eq!(told(&identity, &format!("{host}/{repository}x"), forge), refused, "{named}");
        let branch = identity.san.replace("refs/tags/v1.2.3", "refs/heads/v1.2.3");
        assert_eq!(told(&identity.clone().named(&branch), &named, forge), refused, "{named}");
        let issuer = format!("{issuer}/");
        assert_eq!(told(&identity.clone().issued_by(&issuer), &named, forge), refused, "{named}");
        assert_eq!(told(&identity.clone().issued_by(ISSUER), &named, forge), refused, "{named}");
        judged += 5;
        if !forge.is_empty() {
            // What a host's name suggests is not taken for what it is.
            let nobody = "undetermined: signatures/identity undetermined";
            assert_eq!(told(&identity, &named, ""), nobody, "{named}");
            judged += 1;
        }
    }
    eprintln!("forges: {judged} identities judged");
}

#[test]
fn a_derived_signer_must_have_been_run_for_this_repository_ref_and_commit() {
    let base = Stage::set(&Release::good());
    let zeros = "0".repeat(40);
    for (claim, other, named, right) in [
        (
            Extension::SourceRepositoryUri,
            "https://github.com/mallory/widget",
            "source repository",
            "https://github.com/acme/widget",
        ),
        (Extension::SourceRepositoryRef, "refs/heads/main", "source ref", "refs/tags/v1.2.3"),
        (Extension::SourceRepositoryDigest, zeros.as_str(), "source commit", base.written.commit.as_str()),
    ] {
        let report = signed_by(&workflow(&base).with(claim, other)).judge();
        assert_eq!(outcome(&report), "rejected: signatures/identity fail", "{named}");
        for finding in against(&report, "signatures/identity") {
            assert!(finding.message.contains(named), "{}", finding.message);
            assert_eq!(finding.expected.as_deref(), Some(right));
            assert!(finding.found.as_ref().unwrap().starts_with(other), "{:?}", finding.found);
            let command = finding.reproduce.as_ref().unwrap();
            assert!(command.contains("--certificate-github-workflow-sha"), "{command}");
        }
        // What the certificate does not say is not proved.
        let report = signed_by(&workflow(&base).without(claim)).judge();
        assert_eq!(outcome(&report), "undetermined: signatures/identity undetermined", "{named}");
    }
}

#[test]
fn provenance_by_the_workflow_of_another_run_does_not_sign() {
    let release = Release::good()
        .spoil(Spoil::Unsigned(Which::Artifacts))
        .spoil(Spoil::Unsigned(Which::Checksums))
        .spoil(Spoil::Claim(
            Which::Provenance,
            Extension::SourceRepositoryUri,
            Some("https://github.com/mallory/widget"),
        ));
    let told = outcome(&Stage::set(&release).judge());
    assert_eq!(told, "rejected: provenance/source fail, signatures/unsigned fail");
}

// --- reusable workflows ---

#[test]
fn a_reusable_workflow_that_a_stranger_calls_does_not_sign() {
    let base = Stage::set(&Release::good());
    let entry = identity_entry(ISSUER, SLSA_GENERATOR);
    let told = |source: &str, reference: &str, claims: &str| {
        let identity = workflow(&base)
            .named(SLSA_GENERATOR)
            .with(Extension::SourceRepositoryUri, source)
            .with(Extension::SourceRepositoryRef, reference);
        let mut stage = signed_by(&identity);
        stage.policy += &format!("{entry}{claims}");
        outcome(&stage.judge())
    };
    let (own, tag, refused) =
        ("https://github.com/acme/widget", "refs/tags/v1.2.3", "rejected: signatures/identity fail");
    assert_eq!(told(own, tag, ""), "verified");
    assert_eq!(
        told("https://github.com/slsa-framework/slsa-github-generator", "refs/heads/main", ""),
        "verified"
    );
    assert_eq!(told("https://github.com/mallory/widget", tag, ""), refused);
    assert_eq!(told("https://github.com/slsa-framework/slsa-github", tag, ""), refused);
    assert_eq!(told("https://github.com/slsa-framework", tag, ""), refused);
    assert_eq!(told(own, "refs/heads/main", ""), refused);
    // The policy may name another caller, or another ref of its own.
    let claims = "claims.source-repository-uri = \"https://github.com/acme/releases\"\n";
    assert_eq!(told("https://github.com/acme/releases", "refs/heads/main", claims), "verified");
    assert_eq!(told(own, tag, claims), refused);
    let claims = "claims.source-repository-ref = \"refs/heads/main\"\n";
    assert_eq!(told(own, "refs/heads/main", claims), "verified");
    assert_eq!(told(own, tag, claims), refused);
}

#[test]
fn a_workflow_whose_certificate_does_not_say_who_called_it_does_not_sign() {
    let base = Stage::set(&Release::good());
    let entry = identity_entry(ISSUER, SLSA_GENERATOR);
    let own = workflow(&base).named(SLSA_GENERATOR);
    let mut unsaid = own.clone();
    unsaid.extensions.remove(&Extension::SourceRepositoryUri).unwrap();
    let judged = |identity: &Identity, claims: &str| {
        let mut stage = signed_by(identity);
        stage.policy += &format!("{entry}{claims}");
        stage.judge()
    };
    assert_eq!(outcome(&judged(&own, "")), "verified");
    // Nothing is contradicted, and nothing is proved.
    let unknown = "undetermined: signatures/identity undetermined";
    let report = judged(&unsaid, "");
    assert_eq!(outcome(&report), unknown);
    assert!(against(&report, "signatures/identity").iter().all(|finding| finding.expected.is_some()));
    // Whatever else it says of the run.
    for claims in [
        "claims.source-repository-ref = \"refs/tags/{tag}\"\n",
        "claims.source-repository-digest = \"{commit}\"\n",
        "claims.source-repository-uri = \"https://github.com/acme/widget\"\n",
    ] {
        assert_eq!(outcome(&judged(&own, claims)), "verified", "{claims}");
        assert_eq!(outcome(&judged(&unsaid, claims)), unknown, "{claims}");
    }
    // The repository's own workflow, which is derived, has to say it as well.
    let mut derived = workflow(&base);
    derived.extensions.remove(&Extension::SourceRepositoryUri).unwrap();
    assert_eq!(outcome(&signed_by(&derived).judge()), unknown);
    // Who names another caller contradicts.
    let stranger = own.with(Extension::SourceRepositoryUri, "https://github.com/mallory/widget");
    assert_eq!(outcome(&judged(&stranger, "")), "rejected: signatures/identity fail");
}

// --- several signers ---

/// A release signed by its workflow and by the maintainer, judged by a policy that asks for `threshold` of those named.
fn told_of(threshold: usize, named: &str, prepare: impl Fn(&Stage)) -> Report {
    let mut stage = Stage::set(&generated());
    prepare(&stage);
    stage.policy = stage.policy.replace(DERIVE, &format!("{DERIVE}\nthreshold = {threshold}")) + named;
    stage.judge()
}

fn sign_with_key(stage: &Stage, names: &[&str]) {
    for name in names {
        let signature = maintainer().detached_signature(&stage.read(name));
        stage.publish(&format!("{name}.sig"), signature.as_bytes());
    }
}

#[test]
fn two_of_two_are_two_different_ones() {
    let key = key_entry("maintainer", &maintainer().public_pem());
    let short = "rejected: signatures/threshold fail";
    let all = [LINUX, MACOS, CRATE];
    assert_eq!(outcome(&told_of(1, &key, |_| {})), "verified");
    assert_eq!(outcome(&told_of(2, &key, |_| {})), short);
    assert_eq!(outcome(&told_of(2, &key, |stage| sign_with_key(stage, &all))), "verified");
    // One of three is left out, and only that one is short.
    let report = told_of(2, &key, |stage| sign_with_key(stage, &all[..2]));
    assert_eq!(outcome(&report), short);
    let findings = against(&report, "signatures/threshold");
    assert_eq!(findings.len(), 1);
    assert_eq!(findings[0].subject.name, CRATE);
    let expected = findings[0].expected.as_ref().unwrap();
    assert!(expected.starts_with("2 of: ") && expected.contains("key \"maintainer\""), "{expected}");
    assert!(findings[0].found.as_ref().unwrap().contains("release.yml@refs/tags/v1.2.3"));
    // Whoever signs the list of digests signs what it lists.
    assert_eq!(outcome(&told_of(2, &key, |stage| sign_with_key(stage, &[SUMS]))), "verified");
    // Two names for one key are one signer: such a policy is refused.
    let twice = key_entry("a", &maintainer().public_pem()) + &key_entry("b", &maintainer().public_pem());
    let mut stage = Stage::set(&generated());
    stage.policy = stage.policy.replace(DERIVE, &format!("{DERIVE}\nthreshold = 3")) + &twice;
    let refused = stage.try_gather().err().unwrap();
    assert!(refused.contains("keys a and b may be one"), "{refused}");
}

#[test]
fn two_workflows_that_one_entry_names_are_one_signer() {
    let second = |stage: &Stage| {
        let san = workflow(stage).san.replace("release.yml", "second.yml");
        for name in [LINUX, MACOS, CRATE] {
            let bytes = bundle(&Content::file(&stage.read(name)), &workflow(stage).named(&san));
            stage.publish(&format!("{name}.bundle"), &bytes);
        }
    };
    let key = key_entry("maintainer", &maintainer().public_pem());
    assert_eq!(outcome(&told_of(2, &key, second)), "rejected: signatures/threshold fail");
    let named = "https://github.com/{repository}/.github/workflows/second.yml@refs/tags/{tag}";
    assert_eq!(outcome(&told_of(2, &identity_entry(ISSUER, named), second)), "verified");
}

#[test]
fn somebody_whom_nobody_named_does_not_count_and_is_a_finding_of_its_own() {
    let key = key_entry("maintainer", &maintainer().public_pem());
    let report = told_of(2, &key, |stage| {
        let stranger = Identity::person("mallory@example.org", "https://accounts.example");
        stage.publish(&format!("{LINUX}.bundle"), &bundle(&Content::file(&stage.read(LINUX)), &stranger));
    });
    assert_eq!(outcome(&report), "rejected: signatures/identity fail, signatures/threshold fail");
}

#[test]
fn a_signature_that_nobody_could_look_at_leaves_the_number_open() {
    let key = key_entry("maintainer", &maintainer().public_pem());
    let report = told_of(2, &key, |stage| {
        sign_with_key(stage, &[MACOS, CRATE]);
        stage.publish(&format!("{LINUX}.pem"), b"-----BEGIN CERTIFICATE-----\n");
    });
    let told = outcome(&report);
    assert!(
        told.starts_with("undetermined: ") && told.contains("signatures/threshold undetermined"),
        "{told}"
    );
}

// --- components ---

#[test]
fn an_override_holds_for_the_tags_of_its_component_alone() {
    let text = "name = \"mono\"\n[levels]\n\"tag/unsigned\" = \"warn\"\n[rules.signatures]\nderive = true\n\
                [rules.provenance]\nrefs = [\"refs/tags/{tag}\", \"refs/heads/main\"]\n\
                [[rules.signatures.identity]]\nissuer = \"https://i.example\"\nsubject = \"a@b.example\"\n\
                [component.runtime.rules.signatures]\nthreshold = 2\n\
                [component.runtime.levels]\n\"tag/unsigned\" = \"require\"\n\
                [component.\"socket.io\".rules.provenance]\nrefs = [\"refs/heads/release\"]\n";
    let policy = relcheck::policy::Policy::parse("relcheck.toml", text).unwrap();
    let read = |tag: &str| {
        let policy = policy.for_tag(tag);
        (policy.rules.signatures.threshold, policy.level("tag/unsigned"), policy.rules.provenance.refs.len())
    };
    let (base, runtime, socket) = ((1, Level::Warn, 2), (2, Level::Require, 2), (1, Level::Warn, 1));
    for tag in ["runtime/v1.2.3", "runtime-v1.2.3", "runtime@1.2.3", "Runtime/v1.2.3", "runtime-1.2.3-rc.1"] {
        assert_eq!(read(tag), runtime, "{tag}");
    }
    assert_eq!(read("socket.io@1.2.3"), socket);
    for tag in [
        "v1.2.3",
        "1.2.3",
        "runtimes/v1.2.3",
        "my-runtime/v1.2.3",
        "runtime-core-v1.2.3",
        "runtime/core/v1.2.3",
        "core/runtime/v1.2.3",
        "xruntime-v1.2.3",
        "socket/io@1.2.3",
        "v1.2.3-runtime",
        "v1.2.3+runtime",
    ] {
        assert_eq!(read(tag), base, "{tag}");
    }
    // What is not overridden stays, and a list that is, is replaced.
    assert_eq!(policy.for_tag("runtime/v1.2.3").rules.signatures.identities.len(), 1);
    assert_eq!(policy.for_tag("runtime/v1.2.3").full_name(), "mono for runtime");
    assert_eq!(policy.for_tag("runtime/v1.2.3").sha256, policy.sha256);
}

#[test]
fn a_key_that_is_named_for_one_component_signs_for_no_other() {
    let release = Release { signing: Signing::Detached, ..generated() };
    let mut stage = Stage::set(&release);
    let default = relcheck::policy::Policy::built_in("default").unwrap().text;
    let pem = maintainer().public_pem();
    let of_sdk =
        format!("\n[[component.sdk.rules.signatures.key]]\nname = \"sdk\"\npem = \"\"\"\n{pem}\"\"\"\n");
    stage.policy = default.clone() + &of_sdk;
    assert_eq!(outcome(&stage.judge()), "rejected: signatures/identity fail");
    stage.policy = default.clone() + &of_sdk + &key_entry("other", &Key::named("other").public_pem());
    assert_eq!(outcome(&stage.judge()), "rejected: signatures/identity fail");
    stage.policy = default + &of_sdk + &key_entry("sdk", &pem);
    assert_eq!(outcome(&stage.judge()), "verified");
}

#[test]
fn an_override_that_means_nothing_is_refused_with_its_line() {
    let pem = |name: &str| Key::named(name).public_pem();
    let key = |table: &str, name: &str| {
        format!("[[{table}rules.signatures.key]]\nname = \"k\"\npem = \"\"\"\n{}\"\"\"\n", pem(name))
    };
    for (text, line, phrase) in [
        ("\n[component.Runtime.levels]\ntag = \"warn\"\n".to_owned(), 2, "did you mean \"runtime\"?"),
        ("[component.v.levels]\ntag = \"warn\"\n".to_owned(), 1, "no tag has a component called \"v\""),
        ("[component.sdk]\nname = \"x\"\n".to_owned(), 2, "\"name\" cannot be overridden"),
        ("[component.sdk.rules.signatures]\nthreshold = 0\n".to_owned(), 2, "threshold is at least 1"),
        ("[component.sdk.rules.signatures]\nthreshold = 2\n".to_owned(), 2, "the policy names 1"),
        (
            "[rules.signatures]\nthreshold = 1\n[component.sdk.rules.signatures]\nderive = false\nthreshold = 1\n\
             [component.cli.rules.signatures]\nthreshold = 3\n"
                .to_owned(),
            7,
            "component \"cli\": threshold = 3, and the policy names 1",
        ),
        (
            "[component.sdk.levels]\n\"tag/signd\" = \"warn\"\n".to_owned(),
            2,
            "no check or rule called \"tag/signd\"",
        ),
        (key("", "a") + &key("component.sdk.", "b"), 2 + key("", "a").lines().count(), "is another one for a component"),
    ] {
        let error = relcheck::policy::Policy::parse("p.toml", &text).unwrap_err().to_string();
        assert!(
            error.starts_with(&format!("p.toml, line {line}: ")) && error.contains(phrase),
            "{text}: {error}"
        );
    }
}

// --- what policies may name ---

#[test]
fn a_policy_that_could_name_more_than_its_author_means_is_refused() {
    let bad = [
        "forge = \"gitlab\"\n".to_owned(),
        "repository = \"acme/widget\"\nforge = \"gitlab\"\n".to_owned(),
        "repository = \"git.acme.example/a/b\"\nforge = \"cloud-build\"\n".to_owned(),
        "[rules.signatures]\nthreshold = 0\n".to_owned(),
        "[rules.signatures]\nthreshold = -1\n".to_owned(),
        "[rules.signatures]\nthreshold = 2\n".to_owned(),
        "[rules.signatures]\nthreshold = 1.5\n".to_owned(),
        identity_entry(ISSUER, "https://g\u{456}thub.com/acme/widget"),
        identity_entry("https://\u{456}ssuer.example", "a@b.example"),
        identity_entry(ISSUER, "https://github.com/acme/widget\\u0000"),
        identity_entry("https://", "a@b.example"),
        identity_entry(ISSUER, "a@b.example") + "claims.source-repository = \"x\"\n",
        identity_entry(ISSUER, "a@b.example") + "claims.build-trigger = \"\"\n",
        identity_entry(ISSUER, "a@b.example") + "claims.build-trigger = \"*\"\n",
    ];
    for text in bad {
        let parsed = relcheck::policy::Policy::parse("p.toml", &format!("name = \"p\"\n{text}"));
        assert!(parsed.is_err(), "{text}");
    }
}

// --- names that look like others ---

#[test]
fn a_name_that_is_not_ascii_is_shown_escaped_and_warned_of() {
    let base = Stage::set(&Release::good());
    // A Cyrillic letter that looks like the Latin i.
    let look_alike = ISSUER.replace("github", "g\u{456}thub");
    let report = signed_by(&workflow(&base).issued_by(&look_alike)).judge();
    assert_eq!(outcome(&report), "rejected: signatures/identity fail");
    assert!(
        aside(&report).contains(&"signatures/identity-characters fail".to_owned()),
        "{:?}",
        aside(&report)
    );
    for finding in against(&report, "signatures/identity")
        .into_iter()
        .chain(against(&report, "signatures/identity-characters"))
    {
        let found = finding.found.as_ref().unwrap();
        assert!(found.contains("g\\u{456}thub") && found.is_ascii(), "{found}");
    }
    // The name of a key is the policy's own, and is escaped all the same.
    let mut stage = Stage::set(&Release { signing: Signing::Detached, ..generated() });
    stage.policy = stage.policy.replace("name = \"maintainer\"", "name = \"maint\u{430}iner\"");
    let report = stage.judge();
    assert_eq!(outcome(&report), "verified");
    assert!(aside(&report).contains(&"signatures/identity-characters fail".to_owned()));
    let signed = said(&report, "signatures/signed");
    assert!(signed.iter().all(|line| line.contains("maint\\u{430}iner") && line.is_ascii()), "{signed:?}");
}

// --- what a finding shows ---

#[test]
fn every_failing_finding_about_a_signature_shows_what_was_expected_and_found() {
    let base = Stage::set(&Release::good());
    let stages = [
        signed_by(&workflow(&base).named("https://mallory.example/x")),
        Stage::set(
            &generated().spoil(Spoil::Bundle(Which::Artifact(0), crate::kit::bundle::Fault::SignatureBroken)),
        ),
        Stage::set(&generated().spoil(Spoil::Bundle(Which::Artifact(0), crate::kit::bundle::Fault::TooLate))),
        Stage::set(&generated().spoil(Spoil::OtherArtifactsBundle(0))),
        Stage::set(
            &Release { signing: Signing::Detached, ..generated() }
                .spoil(Spoil::Bundle(Which::Artifact(0), crate::kit::bundle::Fault::SigningKey)),
        ),
    ];
    let mut seen = 0;
    for stage in stages {
        let report = stage.judge();
        for rule in ["identity", "invalid", "expired", "unbound"] {
            for finding in against(&report, &format!("signatures/{rule}")) {
                assert!(finding.expected.is_some(), "{finding:?}");
                // What a signature is refused for is the message itself.
                assert!(finding.found.is_some() || finding.message.contains(": "), "{finding:?}");
                if rule != "unbound" {
                    let command = finding.reproduce.as_ref().unwrap_or_else(|| panic!("{finding:?}"));
                    assert!(
                        command.starts_with("cosign verify-blob ")
                            && command.ends_with(&finding.subject.name),
                        "{command}"
                    );
                }
                seen += 1;
            }
        }
    }
    assert!(seen >= 8, "{seen}");
}
