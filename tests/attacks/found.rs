//! Releases that somebody made to be believed: each is refused, and for the reason that is named here.

use crate::kit::{
    self, advisories,
    certificates::Extension,
    project,
    release::{Release, Written},
    spoil::{Spoil, Which},
};
use serde_json::Value;
use std::{path::PathBuf, process::Command};

/// What relcheck said about a release.
struct Said {
    code: i32,
    report: Value,
}

impl Said {
    /// The findings of `rule` that are not passes, as `status level subject`, in the order of the report.
    fn findings(&self, rule: &str) -> Vec<String> {
        let checks = self.report["checks"].as_array().unwrap().iter();
        let all = checks.flat_map(|check| check["findings"].as_array().unwrap());
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        all.filter(|finding| finding["rule"] == rule && finding["status"] != "pass")
            .map(|finding| format!("{} {}", text(&finding["status"]), text(&finding["subject"]["name"])))
            .collect()
    }
}

/// Writes `release`, changes it with `attack`, and judges it by a policy that says `policy`.
#[track_caller]
fn judge(release: &Release, policy: &str, attack: impl FnOnce(&Written)) -> Said {
    let folder = tempfile::tempdir().unwrap();
    let written = release.write(&folder.path().join("release"));
    attack(&written);
    let file = written.root.join("policy.toml");
    std::fs::write(&file, format!("name = \"attacks\"\n{policy}")).unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_relcheck"))
        .current_dir(&written.root)
        .args(["verify", "--format", "json", "--as-of", "2026-01-06T00:00:00Z", "--policy"])
        .arg(&file)
        .args(written.arguments())
        .args(["--", &written.tag])
        .output()
        .unwrap();
    let report = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stderr)));
    Said { code: output.status.code().unwrap(), report }
}

/// The path of an artifact's bundle.
fn bundle(written: &Written, index: usize) -> PathBuf {
    written.published().join(format!("{}.sigstore.json", written.artifacts[index]))
}

/// A file of the repository that is made while the test runs.
fn file(path: &'static str, text: &str) -> Spoil {
    Spoil::File(path, Some(Box::leak(text.to_owned().into_boxed_str())))
}

#[test]
fn the_release_that_the_attacks_begin_with_is_verified() {
    assert_eq!(judge(&Release::good(), "", |_| {}).code, 0);
}

#[test]
fn a_manifest_that_is_too_large_to_read_is_not_passed_over() {
    for (path, text) in [
        (
            "package.json",
            format!("{{\"name\":\"widget\",\"version\":\"9.9.9\",\"x\":\"{}\"}}", "x".repeat(17 << 20)),
        ),
        ("Cargo.toml", format!("{}# {}\n", project::manifest("9.9.9"), "x".repeat(17 << 20))),
    ] {
        let said = judge(&Release::good().spoil(file(path, &text)), "", |_| {});
        assert_eq!(said.code, 3, "{path}");
        assert_eq!(said.findings("tag/version-mismatch"), [format!("undetermined {path}")]);
    }
}

/// An artifact whose only signature is one that nobody can read, or is by somebody else.
fn without_a_signature_that_counts(level: &str, rule: &str, spoil: &[Spoil], unread: bool) -> Said {
    let release = spoil.iter().fold(Release::good(), |release, one| release.spoil(*one));
    let release = release.spoil(Spoil::Unsigned(Which::Checksums));
    // What its own workflow attests is signed too: here only a builder of the policy attests.
    let release = Release { by_slsa_generator: true, ..release };
    let lowered = match level {
        "waived" => format!("[[waiver]]\nrule = \"{rule}\"\nreason = \"a test\"\nuntil = \"2099-12-31\"\n"),
        level => format!("[levels]\n\"{rule}\" = \"{level}\"\n"),
    };
    let policy = format!(
        "{lowered}[[rules.provenance.builder]]\nissuer = \"{}\"\n\
         signer = \"{}\"\nlevel = 3\n",
        kit::ISSUER,
        kit::SLSA_GENERATOR,
    );
    judge(&release, &policy, |written| {
        if unread {
            std::fs::remove_file(bundle(written, 0)).unwrap();
            let name = format!("{}.sig", written.artifacts[0]);
            // Larger than any signature: nobody looks into it.
            std::fs::write(written.published().join(name), "A".repeat(20_000)).unwrap();
        }
    })
}

#[test]
fn to_tolerate_a_signature_is_not_to_do_without_one() {
    let linux = "undetermined widget-1.2.3-x86_64-unknown-linux-gnu.tar.gz";
    let stranger = "https://github.com/evil/widget/.github/workflows/release.yml@refs/tags/v1.2.3";
    let by_stranger = Spoil::San(Which::Artifact(0), stranger);
    let broken = Spoil::Bundle(Which::Artifact(0), kit::bundle::Fault::SignatureBroken);
    for level in ["warn", "skip", "waived"] {
        for (rule, spoil, unread) in [
            ("signatures/unreadable", &[][..], true),
            ("signatures/identity", &[by_stranger][..], false),
            ("signatures/invalid", &[broken][..], false),
        ] {
            let said = without_a_signature_that_counts(level, rule, spoil, unread);
            assert_eq!(
                (said.code, said.findings("relcheck/unjudged")),
                (3, vec![linux.to_owned()]),
                "{rule}"
            );
        }
        let unsigned = Spoil::Unsigned(Which::Artifact(0));
        let said = without_a_signature_that_counts(level, "signatures/unsigned", &[unsigned], false);
        // Lowered or waived by name, the report still says that it is unsigned; skipped, nothing would be said at all.
        let expected = if level == "skip" { (3, 1) } else { (0, 0) };
        assert_eq!((said.code, said.findings("relcheck/unjudged").len()), expected);
    }
}

#[test]
fn a_lock_file_that_nobody_could_read_is_no_clean_one_at_any_level() {
    for level in ["warn", "skip"] {
        let policy = format!("[levels]\n\"advisories/not-covered\" = \"{level}\"\n");
        let said = judge(&Release::good().spoil(file("Cargo.lock", "x")), &policy, |_| {});
        assert_eq!(
            (said.code, said.findings("relcheck/unjudged")),
            (3, vec!["undetermined v1.2.3".to_owned()])
        );
    }
}

#[test]
fn a_lock_file_that_leaves_out_what_the_manifest_asks_for_says_nothing() {
    let hollow = "version = 4\n\n[[package]]\nname = \"widget\"\nversion = \"1.2.3\"\n";
    let stranger = project::lock("1.2.3").replace("name = \"widget\"", "name = \"gadget\"");
    let stale = project::lock("1.2.3").replace("version = \"2.8.3\"", "version = \"1.9.9\"");
    for lock in [hollow, stranger.as_str(), stale.as_str()] {
        let release = Release::good().spoil(Spoil::Advisory(advisories::VULNERABILITY));
        let stale_is_patched = Spoil::Advisory(advisories::Advisory {
            patched: &["< 2.0.0", ">= 99.0.0"],
            ..advisories::VULNERABILITY
        });
        let release = if lock == stale { Release::good().spoil(stale_is_patched) } else { release };
        let said = judge(&release.spoil(file("Cargo.lock", lock)), "", |_| {});
        let not_covered = said.findings("advisories/not-covered");
        assert!(not_covered.contains(&"undetermined Cargo.toml".to_owned()), "{lock}{not_covered:?}");
        assert_ne!(said.code, 0);
    }
}

#[test]
fn a_manifest_that_the_lock_file_above_it_does_not_know_is_not_covered() {
    let manifest = "[package]\nname = \"x\"\nversion = \"0.0.1\"\n\n[dependencies]\nopenssl = \"=0.10.40\"\n";
    let release = Release::good().spoil(file("tools/x/Cargo.toml", manifest));
    let said = judge(&release, "", |_| {});
    let expected = vec!["undetermined tools/x/Cargo.toml".to_owned()];
    assert_eq!((said.code, said.findings("advisories/not-covered")), (3, expected));
    let said = judge(&release, "[rules.advisories]\nexclude = [\"tools\"]\n", |_| {});
    assert_eq!(said.code, 0);
}

#[test]
fn a_runner_that_nothing_says_is_the_platforms_own_is_worth_level_one() {
    for runner in [None, Some("self-hosted"), Some("Self-Hosted"), Some("github-hosted ")] {
        let claim = Spoil::Claim(Which::Provenance, Extension::RunnerEnvironment, runner);
        let policy = "[rules.provenance]\nmin-level = 2\n";
        let said = judge(&Release::good().spoil(claim), policy, |_| {});
        assert_eq!((said.code, said.findings("provenance/level").len()), (1, 3), "{runner:?}");
        let artifact = &said.report["release"]["artifacts"][0];
        assert_ne!(artifact["slsa_build_level"], 2, "{artifact}");
    }
}

#[test]
fn a_waiver_for_one_advisory_does_not_cover_another_whose_title_names_it() {
    let waiver = "[[waiver]]\nrule = \"advisories/vulnerable\"\nid = \"RUSTSEC-2025-9003\"\nreason = \"not called\"\n\
                  until = \"2027-01-01\"\n";
    let known = judge(&Release::good().spoil(Spoil::Advisory(advisories::VULNERABILITY)), waiver, |_| {});
    assert_eq!(known.code, 0);
    let another = advisories::Advisory {
        id: "RUSTSEC-2025-9999",
        title: "Invented: the fix of RUSTSEC-2025-9003 was incomplete",
        ..advisories::VULNERABILITY
    };
    let said = judge(&Release::good().spoil(Spoil::Advisory(another)), waiver, |_| {});
    assert_eq!(
        (said.code, said.findings("advisories/vulnerable")),
        (1, vec!["fail memchr 2.8.3".to_owned()])
    );
}

#[test]
fn a_shallow_clone_does_not_say_what_was_published() {
    let said = judge(&Release::good(), "", |written| {
        let shallow = written.root.join("shallow");
        let from = format!("file://{}", written.repository().display());
        let git = |arguments: &[&str]| {
            let ran = Command::new("git")
                .envs([("GIT_CONFIG_NOSYSTEM", "1"), ("GIT_CONFIG_GLOBAL", "/dev/null")])
                .args(arguments)
                .output()
                .unwrap();
            assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
        };
        let into = shallow.to_str().unwrap();
        git(&["clone", "-q", "--bare", "--depth", "1", "--branch", "main", &from, into]);
        git(&["-C", into, "fetch", "-q", "--depth", "1", "origin", "tag", "v1.2.3"]);
        std::fs::remove_dir_all(written.repository()).unwrap();
        std::fs::rename(shallow, written.repository()).unwrap();
    });
    assert_eq!(said.code, 3);
    assert_eq!(said.findings("supported-versions/no-releases"), ["undetermined v1.2.3"]);
}

#[test]
fn bytes_published_under_another_name_than_they_were_built_as_are_pointed_out() {
    let said = judge(&Release::good(), "", |written| {
        let (from, to) = (&written.artifacts[0], "widget-installer.tar.gz");
        let published = written.published();
        std::fs::rename(published.join(from), published.join(to)).unwrap();
        std::fs::rename(bundle(written, 0), published.join(format!("{to}.sigstore.json"))).unwrap();
        let list = std::fs::read_to_string(published.join("SHA256SUMS")).unwrap();
        std::fs::write(published.join("SHA256SUMS"), list.replace(from.as_str(), to)).unwrap();
        std::fs::remove_file(published.join("SHA256SUMS.sigstore.json")).unwrap();
    });
    assert_eq!(said.findings("provenance/name"), ["fail widget-installer.tar.gz"]);
}

#[test]
fn a_script_called_like_a_bill_of_materials_is_an_unsigned_artifact() {
    let said = judge(&Release::good(), "", |written| {
        std::fs::write(written.published().join("install.spdx"), "#!/bin/sh\n# SPDXVersion: SPDX-2.3\n")
            .unwrap();
    });
    assert_eq!((said.code, said.findings("signatures/unsigned")), (1, vec!["fail install.spdx".to_owned()]));
}

#[test]
fn a_copy_that_replaces_a_published_package_is_not_the_releases_own() {
    let manifest = "[package]\nname = \"widget\"\nversion = \"1.2.3\"\nedition = \"2024\"\n\n[dependencies]\ntime = \
                    \"0.1\"\n\n[patch.crates-io]\ntime = { path = \"vendor/time\" }\n";
    let lock = "version = 4\n\n[[package]]\nname = \"time\"\nversion = \"0.1.45\"\n\n[[package]]\nname = \
                \"widget\"\nversion = \"1.2.3\"\ndependencies = [\"time\"]\n";
    let copy = "[package]\nname = \"time\"\nversion = \"0.1.45\"\n";
    let release = Release::good()
        .spoil(file("Cargo.toml", manifest))
        .spoil(file("Cargo.lock", lock))
        .spoil(file("vendor/time/Cargo.toml", copy));
    let said = judge(&release, "", |_| {});
    assert_eq!(
        (said.code, said.findings("advisories/not-covered")),
        (3, vec!["undetermined time 0.1.45".to_owned()])
    );
}

#[test]
fn a_signature_in_base64_with_line_breaks_counts_and_other_text_does_not() {
    let release = Release { signing: kit::signing::Signing::Detached, ..Release::good() };
    let key = "[levels]\nprovenance = \"skip\"\n[[rules.signatures.key]]\nname = \"k\"\nfile = \"maintainer.pub\"\n";
    let broken = |how: fn(String) -> String| {
        judge(&release, key, |written| {
            let path = written.published().join(format!("{}.sig", written.artifacts[0]));
            let text = std::fs::read_to_string(&path).unwrap();
            std::fs::write(&path, how(text)).unwrap();
        })
    };
    let wrapped = broken(|text| format!("{}\n{}\n", &text[..40], &text[40..]));
    assert_eq!(
        wrapped.findings("signatures/invalid").len() + wrapped.findings("signatures/unreadable").len(),
        0
    );
    let junk = broken(|_| "this is no signature\n".to_owned());
    assert_eq!(junk.findings("signatures/unreadable").len(), 1);
    assert_ne!(junk.code, 0);
}
