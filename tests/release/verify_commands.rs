//! Commands of SECURITY.md that verify a release, run in effect on whole releases of the kit.

use crate::kit::ISSUER;
use crate::kit::release::Release;
use crate::kit::signing::{Signing, maintainer};
use crate::kit::spoil::{Spoil, Which};
use crate::stage::{LINUX, Stage};

const WORKFLOW: &str = "https://github.com/acme/widget/.github/workflows/release.yml";

/// What is said of a command: the status, and what stands behind the quotation.
fn told_of(release: Release, command: &str, change: impl FnOnce(&Stage)) -> String {
    let text = format!("# Security Policy\n\n## Verifying\n\n```console\n{command}\n```\n");
    let stage = Stage::set(&release.spoil(Spoil::File("SECURITY.md", Some(text.leak()))));
    change(&stage);
    let report = stage.judge();
    let outcome = report.checks.iter().find(|outcome| outcome.check == "policy-claims").unwrap();
    let of = |rule: &str| rule == "policy-claims/verify-command";
    let finding = outcome.findings.iter().find(|finding| of(finding.rule.id)).unwrap();
    assert_eq!(finding.subject.name, "SECURITY.md:6");
    format!("{}: {}", finding.status.word(), finding.message.split_once("\": ").unwrap().1)
}

fn told(command: &str) -> String {
    told_of(Release::good(), command, |_| {})
}

/// A command of cosign about the checksum file, with this identity and further options.
fn cosign(rest: &str) -> String {
    format!(
        "$ cosign verify-blob SHA256SUMS --bundle SHA256SUMS.sigstore.json \\\n    --certificate-oidc-issuer {ISSUER} {rest}"
    )
}

#[test]
fn cosign_holds_where_identity_and_issuer_are_those_that_signed() {
    let signed = format!("pass: for v1.2.3 it holds: SHA256SUMS is signed by {WORKFLOW}@refs/tags/v1.2.3");
    for identity in [
        format!("--certificate-identity {WORKFLOW}@refs/tags/v1.2.3"),
        format!("--certificate-identity \"{WORKFLOW}@refs/tags/${{VERSION}}\""),
        format!("--certificate-identity={WORKFLOW}@refs/tags/v${{VERSION}}"),
        "--certificate-identity-regexp '^https://github.com/acme/widget/'".to_owned(),
        format!("--certificate-identity-regexp '^{WORKFLOW}@refs/tags/v[0-9]+.[0-9]+.[0-9]+$'"),
    ] {
        assert_eq!(told(&cosign(&identity)), signed, "{identity}");
    }
}

#[test]
fn cosign_fails_where_something_differs_and_says_what() {
    let other = "https://github.com/acme/other/.github/workflows/release.yml@refs/tags/v1.2.3";
    assert_eq!(
        told(&cosign(&format!("--certificate-identity {other}"))),
        format!(
            "fail: for v1.2.3 it fails: SHA256SUMS is signed with the identity {WORKFLOW}@refs/tags/v1.2.3, and the command \
             asks for {other}"
        )
    );
    assert_eq!(
        told(&cosign("--certificate-identity-regexp '^https://github.com/acme/other/'")),
        format!(
            "fail: for v1.2.3 it fails: SHA256SUMS is signed with the identity {WORKFLOW}@refs/tags/v1.2.3, and the command \
             asks for ^https://github.com/acme/other/"
        )
    );
    let of = |issuer: &str, bundle: &str| {
        told(&format!(
            "cosign verify-blob SHA256SUMS --bundle {bundle} --certificate-oidc-issuer {issuer} \
             --certificate-identity {WORKFLOW}@refs/tags/v1.2.3"
        ))
    };
    assert_eq!(
        of("https://accounts.example", "SHA256SUMS.sigstore.json"),
        format!(
            "fail: for v1.2.3 it fails: SHA256SUMS is signed with the issuer {ISSUER}, and the command asks for \
             https://accounts.example"
        )
    );
    assert_eq!(
        of(ISSUER, "SHA256SUMS.bundle"),
        "fail: for v1.2.3 it fails: the release has no SHA256SUMS.bundle"
    );
    assert_eq!(
        of(ISSUER, &format!("{LINUX}.sigstore.json")),
        format!("fail: for v1.2.3 it fails: {LINUX}.sigstore.json is of something else than SHA256SUMS")
    );
}

#[test]
fn cosign_fails_where_the_signed_file_was_changed() {
    let changed = |stage: &Stage| {
        let mut bytes = stage.read("SHA256SUMS");
        bytes.push(b'\n');
        stage.publish("SHA256SUMS", &bytes);
    };
    let command = cosign("--certificate-identity-regexp '^https://github.com/acme/widget/'");
    let said = told_of(Release::good(), &command, changed);
    assert!(said.starts_with("fail: for v1.2.3 it fails: SHA256SUMS.sigstore.json"), "{said}");
}

#[test]
fn what_is_not_understood_is_never_confirmed() {
    let fine = "--certificate-identity-regexp '^https://github.com/acme/widget/'";
    let not = "undetermined: whether it holds for v1.2.3 could not be determined: ";
    for (command, why) in [
        (
            cosign(&format!("{fine} --insecure-ignore-tlog")),
            "the option --insecure-ignore-tlog is not known here",
        ),
        (
            cosign(&format!("{fine} --rekor-url https://log.example")),
            "the option --rekor-url is not known here",
        ),
        (cosign(""), "it does not give --certificate-identity once"),
        (
            cosign("--certificate-identity-regexp '(?i)^https://github.com/ACME/'"),
            "the expression (?i)^https://github.com/ACME/ is not understood here",
        ),
        (
            cosign(fine).replace("verify-blob SHA256SUMS", "verify-blob ${FILE}"),
            "nothing says what ${FILE} stands for",
        ),
        (
            cosign(fine).replace("verify-blob SHA256SUMS", "verify-blob *.tar.gz"),
            "*.tar.gz is no name of a published file",
        ),
        (
            cosign(fine).replace("$ cosign", "$ cosign-ng cosign"),
            "cosign-ng is no tool whose equal is known here",
        ),
        (format!("{} && echo fine", cosign(fine)), "it is made of several commands"),
        ("grep x SHA256SUMS | sha256sum -c -".to_owned(), "it is made of several commands"),
        ("sha256sum -c -".to_owned(), "it reads what another command writes"),
        ("sha256sum -c SHA256SUMS --binary".to_owned(), "the option --binary is not known here"),
        (
            "gpg --verify --keyring k SHA256SUMS.sigstore.json SHA256SUMS".to_owned(),
            "the option --keyring is not known here",
        ),
        ("minisign -Vm SHA256SUMS -x SHA256SUMS.sigstore.json".to_owned(), "it gives no key"),
    ] {
        assert_eq!(told(&command), format!("{not}{why}"), "{command}");
    }
}

#[test]
fn checksums_hold_where_every_listed_file_is_there_with_its_digest() {
    let all = "pass: for v1.2.3 it holds: 3 lines of SHA256SUMS match";
    assert_eq!(told("sha256sum -c SHA256SUMS"), all);
    assert_eq!(told("shasum -a 256 --check --strict SHA256SUMS"), all);
    let withdrawn = |command: &str| told_of(Release::good(), command, |stage| stage.withdraw(LINUX));
    assert_eq!(
        withdrawn("sha256sum -c SHA256SUMS"),
        format!("fail: for v1.2.3 it fails: SHA256SUMS lists {LINUX}, which the release does not have")
    );
    assert_eq!(
        withdrawn("sha256sum --ignore-missing -c SHA256SUMS"),
        "pass: for v1.2.3 it holds: 2 lines of SHA256SUMS match"
    );
    let changed = |stage: &Stage| stage.publish(LINUX, b"something else");
    assert_eq!(
        told_of(Release::good(), "sha256sum --ignore-missing -c SHA256SUMS", changed),
        format!("fail: for v1.2.3 it fails: {LINUX} has another digest than SHA256SUMS lists")
    );
    assert_eq!(
        told("sha256sum -c checksums.txt"),
        "fail: for v1.2.3 it fails: the release has no checksums.txt"
    );
}

#[test]
fn of_several_commands_each_that_fails_is_named() {
    assert_eq!(
        told("sha256sum -c SHA256SUMS\nsha256sum -c checksums.txt\nsha256sum -c OTHERSUMS"),
        "fail: for v1.2.3 it fails: `sha256sum -c checksums.txt`: the release has no checksums.txt; \
         `sha256sum -c OTHERSUMS`: the release has no OTHERSUMS"
    );
    assert_eq!(
        told("sha256sum -c SHA256SUMS\nsha256sum --ignore-missing -c SHA256SUMS"),
        "pass: for v1.2.3 it holds: 3 lines of SHA256SUMS match; 3 lines of SHA256SUMS match"
    );
}

#[test]
fn an_attestation_holds_for_its_own_repository() {
    let with =
        |whose: &str| told(&format!("gh attestation verify {LINUX} {whose} -b widget-1.2.3.intoto.jsonl"));
    let attested = format!("pass: for v1.2.3 it holds: {LINUX} is attested by {WORKFLOW}@refs/tags/v1.2.3");
    for own in ["--repo acme/widget", "-R Acme/Widget", "--owner acme"] {
        assert_eq!(with(own), attested, "{own}");
    }
    for other in ["--repo acme/other", "--owner acm", "--repo acme/widget-evil"] {
        assert!(with(other).starts_with("fail: for v1.2.3 it fails: "), "{other}: {}", with(other));
    }
    assert_eq!(
        told(&format!("gh attestation verify {LINUX} --repo acme/widget")),
        format!(
            "undetermined: whether it holds for v1.2.3 could not be determined: widget-1.2.3.intoto.jsonl attests {LINUX}, \
             and whether the forge keeps that as well was not asked"
        )
    );
}

#[test]
fn provenance_of_the_generator_holds_for_its_source_and_tag() {
    let generator = || Release { by_slsa_generator: true, ..Release::good() };
    let with = |release: Release, source: &str| {
        let command = format!(
            "slsa-verifier verify-artifact {LINUX} --provenance-path widget-1.2.3.intoto.jsonl {source}"
        );
        told_of(release, &command, |_| {})
    };
    let own = "--source-uri github.com/acme/widget --source-tag v1.2.3";
    assert_eq!(
        with(generator(), own),
        format!("pass: for v1.2.3 it holds: {LINUX} was built from https://github.com/acme/widget")
    );
    assert_eq!(
        with(generator(), "--source-uri github.com/acme/other"),
        format!(
            "fail: for v1.2.3 it fails: {LINUX} was built from https://github.com/acme/widget, and the command asks for \
             https://github.com/acme/other"
        )
    );
    assert_eq!(
        with(generator(), "--source-uri github.com/acme/widget --source-tag v1.2.2"),
        format!(
            "fail: for v1.2.3 it fails: {LINUX} was built from refs/tags/v1.2.3, and the command asks for refs/tags/v1.2.2"
        )
    );
    assert!(with(Release::good(), own).ends_with("and whether slsa-verifier takes that is not known"));
}

#[test]
fn a_key_holds_where_it_is_the_one_that_signed() {
    let detached = || Release { signing: Signing::Detached, ..Release::good() };
    let with = |publish: Option<String>| {
        let command = "cosign verify-blob --key cosign.pub --signature SHA256SUMS.sig SHA256SUMS";
        told_of(detached(), command, |stage| {
            if let Some(pem) = publish {
                stage.publish("cosign.pub", pem.as_bytes());
            }
        })
    };
    assert_eq!(
        with(Some(maintainer().public_pem())),
        "pass: for v1.2.3 it holds: SHA256SUMS is signed with that key"
    );
    let other = crate::kit::keys::Key::named("other").public_pem();
    assert_eq!(
        with(Some(other)),
        "undetermined: whether it holds for v1.2.3 could not be determined: whether SHA256SUMS is signed with that very key \
         is not known"
    );
    assert_eq!(
        with(None),
        "undetermined: whether it holds for v1.2.3 could not be determined: the key cosign.pub is not among the published \
         files"
    );
}

#[test]
fn a_signature_that_leads_nowhere_confirms_no_command() {
    let unsigned = Release::good().spoil(Spoil::Unsigned(Which::Checksums));
    let command = cosign("--certificate-identity-regexp '.*'");
    assert_eq!(
        told_of(unsigned, &command, |_| {}),
        "fail: for v1.2.3 it fails: the release has no SHA256SUMS.sigstore.json"
    );
    let strange = Release::good().spoil(Spoil::San(Which::Checksums, "https://mallory.example/x"));
    let command = cosign("--certificate-identity-regexp '^https://github.com/acme/'");
    assert_eq!(
        told_of(strange, &command, |_| {}),
        "fail: for v1.2.3 it fails: SHA256SUMS is signed with the identity https://mallory.example/x, and the command asks \
         for ^https://github.com/acme/"
    );
}
