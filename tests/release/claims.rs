//! What SECURITY.md promises of a release, held against whole releases of the kit.

use serde_json::json;

use crate::kit::bundle::Content;
use crate::kit::release::Release;
use crate::kit::spoil::{Spoil, Which};
use crate::provenance_stage::statement;
use crate::stage::{LINUX, MACOS, Stage, bundle, workflow};

const PROMISES: &str = "# Security Policy\n\n## Supported Versions\n\n| Version | Supported |\n| --- | --- |\n\
                        | Latest release | :white_check_mark: |\n| Older | :x: |\n\n## Releases\n\n\
                        - All releases are signed\n- Checksums of all release artifacts are published\n\
                        - Every release has SLSA provenance\n- An SBOM is published with every release\n";

/// What the check says of the four promises: lines 12 to 15.
fn told(release: Release, change: impl FnOnce(&Stage)) -> Vec<String> {
    told_of(PROMISES, release, change)
}

fn told_of(promises: &'static str, release: Release, change: impl FnOnce(&Stage)) -> Vec<String> {
    let stage = Stage::set(&release.spoil(Spoil::File("SECURITY.md", Some(promises))));
    change(&stage);
    let report = stage.judge();
    let outcome = report.checks.iter().find(|outcome| outcome.check == "policy-claims").unwrap();
    let mut findings: Vec<_> = outcome.findings.iter().collect();
    findings.sort_by_key(|finding| finding.subject.name.clone());
    let shown = findings.iter().map(|finding| {
        let (_, message) = finding.message.rsplit_once("\": ").unwrap();
        let (_, rule) = finding.rule.id.split_once('/').unwrap();
        format!("{} {} {rule}: {message}", finding.subject, finding.status.word())
    });
    shown.collect()
}

const SIGNED: &str =
    "SECURITY.md:12 pass signed-releases: 3 artifacts, each signed by somebody whom the policy names";
const LISTED: &str =
    "SECURITY.md:13 pass checksums: 3 artifacts, each listed in a checksum file with its own digest";
const ATTESTED: &str =
    "SECURITY.md:14 pass slsa: 3 artifacts, each with provenance that leads back to the tag";

#[test]
fn promises_that_every_artifact_keeps_are_confirmed() {
    let said = told(Release::good(), |_| {});
    assert_eq!(said[..3], [SIGNED, LISTED, ATTESTED]);
}

#[test]
fn one_artifact_without_what_is_promised_refutes_it_and_is_named() {
    let extra = |stage: &Stage| stage.publish("extra.tar.gz", b"extra");
    let said = told(Release::good(), extra);
    assert_eq!(
        said[..3],
        [
            "SECURITY.md:12 fail signed-releases: 1 of 4 artifacts is without a signature: extra.tar.gz",
            "SECURITY.md:13 fail checksums: 1 of 4 artifacts is in no checksum file with the right digest: extra.tar.gz",
            "SECURITY.md:14 fail slsa: 1 of 4 artifacts is without provenance: extra.tar.gz",
        ]
    );
}

#[test]
fn changed_bytes_are_neither_listed_nor_signed() {
    let changed = |stage: &Stage| {
        let mut bytes = stage.read(LINUX);
        *bytes.last_mut().unwrap() ^= 1;
        stage.publish(LINUX, &bytes);
    };
    let said = told(Release::good(), changed);
    assert!(said.iter().take(3).all(|it| !it.contains(" pass ")), "{said:#?}");
    let wrong = format!(
        "SECURITY.md:13 fail checksums: 1 of 3 artifacts is in no checksum file with the right digest: {LINUX}"
    );
    assert_eq!(said[1], wrong);
}

#[test]
fn a_signature_by_a_stranger_neither_keeps_nor_breaks_the_promise() {
    let said = told(Release::good().spoil(Spoil::San(Which::Every, "https://mallory.example/x")), |_| {});
    let expected = "SECURITY.md:12 undetermined signed-releases: of ";
    assert!(said[0].starts_with(expected) && said[0].contains(MACOS), "{said:#?}");
    assert!(said[2].starts_with("SECURITY.md:14 undetermined slsa: of "), "{said:#?}");
}

#[test]
fn a_signed_checksum_file_keeps_the_promise_of_how_releases_are_signed() {
    let alone = || Release::good().spoil(Spoil::Unsigned(Which::Artifacts));
    let signed = SIGNED.replace(":12", ":3");
    for promise in
        ["# Policy\n\nAll releases are signed with cosign.\n", "# Policy\n\nAll releases are signed.\n"]
    {
        assert_eq!(told_of(promise, alone(), |_| {}), [signed.as_str()], "{promise}");
    }
    let other = told_of("# Policy\n\nAll releases are signed with minisign.\n", alone(), |_| {});
    assert!(other[0].starts_with("SECURITY.md:3 undetermined signed-releases: "), "{other:?}");
    assert!(other[0].ends_with(" is signed, but by no signature of minisign"), "{other:?}");
    let promise = "# Policy\n\nAll releases are signed with minisign.\n";
    let report = Stage::set(&alone().spoil(Spoil::File("SECURITY.md", Some(promise)))).judge();
    let mut findings = report.checks.iter().flat_map(|check| &check.findings);
    let found = findings.find(|it| it.rule.id == "policy-claims/signed-releases").unwrap();
    assert_eq!(
        found.fix.as_deref(),
        Some("name the tool that signs the releases in the sentence, or sign with minisign as it says")
    );
    // A list that does not name a file speaks for none.
    let extra = |stage: &Stage| stage.publish("extra.tar.gz", b"extra");
    let said = told_of("# Policy\n\nAll releases are signed with cosign.\n", alone(), extra);
    assert!(
        said[0].contains(" fail signed-releases: 1 of 4 artifacts is without a signature: extra.tar.gz"),
        "{said:?}"
    );
}

#[test]
fn a_bill_of_materials_that_a_stranger_attests_is_none_of_the_project() {
    let attested = |name: Option<&str>| {
        let said = told(Release::good(), |stage| {
            let content = Content::statement(&statement(stage, "https://spdx.dev/Document", &json!({})));
            let own = workflow(stage);
            let signer = name.map_or_else(|| own.clone(), |name| own.clone().named(name));
            stage.publish("bill.intoto.jsonl", &bundle(&content, &signer));
        });
        said[3].clone()
    };
    assert_eq!(attested(None), "SECURITY.md:15 pass sbom: bill.intoto.jsonl attests one");
    let stranger = "https://github.com/evil/widget/.github/workflows/release.yml@refs/tags/v1.2.3";
    let said = attested(Some(stranger));
    assert!(said.starts_with("SECURITY.md:15 fail sbom: none of the "), "{said}");
}

#[test]
fn a_release_that_nobody_signed_refutes_the_promise() {
    let unsigned = || Release::good().spoil(Spoil::Unsigned(Which::Every));
    let said = told(unsigned(), |_| {});
    assert!(
        said[0]
            .starts_with("SECURITY.md:12 fail signed-releases: 3 of 3 artifacts are without a signature: "),
        "{said:#?}"
    );
}

#[test]
fn checksums_of_another_algorithm_than_is_promised_are_none() {
    for (promise, lacks) in [
        ("# Policy\n\nSHA-512 checksums of all release artifacts are published.\n", "sha512"),
        ("# Policy\n\nBLAKE3 checksums accompany each release.\n", "blake3"),
        ("# Policy\n\nEvery release has MD5 checksums.\n", "md5"),
    ] {
        let said = told_of(promise, Release::good(), |_| {});
        let end = format!(" has no checksum by {lacks}; it has one by sha256");
        assert!(said[0].starts_with("SECURITY.md:3 fail checksums: ") && said[0].ends_with(&end), "{said:?}");
    }
    let near = "# Policy\n\nSHA-256 checksums of all release artifacts are published.\n";
    let said = told_of(near, Release::good(), |_| {});
    assert_eq!(said, [LISTED.replace(":13", ":3")]);
    let both = "# Policy\n\nSHA-256 or SHA-512 checksums of all release artifacts are published.\n";
    let said = told_of(both, Release::good(), |_| {});
    assert!(said[0].starts_with("SECURITY.md:3 undetermined checksums: "), "{said:?}");
}

#[test]
fn checksums_on_a_site_were_not_looked_at() {
    let extra = |stage: &Stage| stage.publish("extra.tar.gz", b"extra");
    let said =
        told_of("# Policy\n\nWe publish checksums of each release on our website.\n", Release::good(), extra);
    assert_eq!(
        said,
        ["SECURITY.md:3 undetermined checksums: they are said to be on a site, which was not looked at"]
    );
}

#[test]
fn checksums_in_the_notes_of_a_release_were_not_looked_at() {
    let said = |sentence: &str, change: fn(&Stage)| {
        told_of(format!("# Policy\n\n{sentence}\n").leak(), Release::good(), change)
    };
    let extra: fn(&Stage) = |stage| stage.publish("extra.tar.gz", b"extra");
    let notes = "SECURITY.md:3 undetermined checksums: they are said to be in the release notes, which were not looked at";
    let page = "SECURITY.md:3 undetermined checksums: they are said to be on the page of the release, which was not looked at";
    for (sentence, expected) in [
        ("Checksums are provided in the release notes.", notes),
        ("SHA256 checksums are included in the release notes for each asset.", notes),
        ("SHA-512 checksums are included in the release notes for each asset.", notes),
        ("The release notes list the SHA-256 checksum of every artifact.", notes),
        ("Checksums of all releases are listed on the GitHub release page.", page),
    ] {
        assert_eq!(said(sentence, |_| {}), [expected], "{sentence}");
        assert_eq!(said(sentence, extra), [expected], "{sentence}");
    }
    // The page has the published files, too.
    let published = "Checksums of all releases are published on the GitHub releases page.";
    assert_eq!(said(published, |_| {}), [LISTED.replace(":13", ":3")]);
    assert_eq!(said(published, extra), [page]);
    for near in [
        "Checksums of all artifacts are published, as the release notes say.",
        "Checksums of all artifacts are attached to each GitHub release.",
    ] {
        assert_eq!(said(near, |_| {}), [LISTED.replace(":13", ":3")], "{near}");
        assert!(said(near, extra)[0].starts_with("SECURITY.md:3 fail checksums: 1 of "), "{near}");
    }
}

#[test]
fn a_bill_of_another_version_of_its_format_or_of_more_than_there_are_is_not_known() {
    let said = |promise: &'static str| {
        let bill = r#"{"spdxVersion": "SPDX-2.3", "packages": [{"name": "a"}]}"#;
        let said = told_of(promise, Release::good(), |stage| {
            stage.publish("widget.spdx.json", bill.as_bytes());
        });
        said[0].strip_prefix("SECURITY.md:3 ").unwrap().to_owned()
    };
    for (promise, why) in [
        (
            "# Policy\n\nAn SPDX 3.0 SBOM is published with every release.\n",
            "widget.spdx.json is published, and none of that kind is known to be SPDX 3.0",
        ),
        (
            "# Policy\n\nA CycloneDX 1.6 SBOM is published with every release.\n",
            "widget.spdx.json is published, and none of that kind is known to be CycloneDX 1.6",
        ),
        (
            "# Policy\n\nAn SBOM is published for every artifact and every container image.\n",
            "registries, and so the images that it speaks of, were not looked at",
        ),
        (
            "# Policy\n\nAn SBOM is published for every release artifact.\n",
            "1 bill of materials and 3 artifacts are published; whether each has its own is not known",
        ),
    ] {
        assert_eq!(said(promise), format!("undetermined sbom: {why}"), "{promise}");
    }
    for promise in [
        "# Policy\n\nAn SPDX 2.3 SBOM is published with every release.\n",
        "# Policy\n\nAn SPDX (version 2) SBOM is published with every release.\n",
        "# Policy\n\nAn SBOM is published with every release.\n",
    ] {
        let near = "pass sbom: widget.spdx.json is published; whether it is right was not looked at";
        assert_eq!(said(promise), near, "{promise}");
    }
}

#[test]
fn a_list_is_no_checksum_file_beside_each_artifact() {
    let promise = "# Policy\n\nEvery artifact has a `.sha256` checksum file next to it.\n";
    let said = told_of(promise, Release::good(), |_| {});
    assert!(
        said[0].starts_with("SECURITY.md:3 undetermined checksums: ")
            && said[0].ends_with(".sha256 is not published; another file lists what it is of"),
        "{said:?}"
    );
}
