//! What a report says of a release that is not verified: undetermined where something was not understood, digests under
//! the right label, counts of what the heading counts, and commands that can be pasted.

use relcheck::report::{Report, human, markdown};

use crate::identities::{against, generated};
use crate::kit::bundle::{Content, Fault};
use crate::kit::keys::Key;
use crate::kit::release::Release;
use crate::kit::signing::{Signing, maintainer};
use crate::kit::spoil::{Spoil, Which};
use crate::stage::{CRATE, LINUX, MACOS, Stage, bundle, key_entry, outcome, said, workflow};

const SUMS: &str = "SHA256SUMS";

/// A release of which nothing is signed but `SHA256SUMS`, which holds `text` and is signed by `key`.
fn listed(text: &str, key: Option<&Key>) -> Stage {
    let mut stage = Stage::set(&Release { signing: Signing::Detached, ..generated() });
    for name in [LINUX, MACOS, CRATE, SUMS] {
        stage.withdraw(&format!("{name}.sig"));
    }
    stage.withdraw("widget-1.2.3.intoto.jsonl");
    stage.publish(SUMS, text.as_bytes());
    if let Some(key) = key {
        stage.publish("SHA256SUMS.sig", key.detached_signature(text.as_bytes()).as_bytes());
    }
    stage.policy = stage.policy.replace("\nprovenance = \"require\"", "\nprovenance = \"skip\"");
    stage
}

/// What signatures say, among everything that decides.
fn of_signatures(report: &Report) -> String {
    let said = outcome(report);
    let (verdict, findings) = said.split_once(": ").unwrap_or((said.as_str(), ""));
    let own: Vec<&str> = findings.split(", ").filter(|finding| finding.starts_with("signatures/")).collect();
    format!("{verdict}: {}", own.join(", "))
}

#[test]
fn a_signed_list_that_could_not_be_read_leaves_its_artifacts_undetermined() {
    let good = String::from_utf8(Stage::set(&generated()).read(SUMS)).unwrap();
    assert_eq!(of_signatures(&listed(&good, Some(&maintainer())).judge()), "verified: ");
    let texts = [
        (good.replace("  ", "  dist/"), "line 1 names a path, and not a file of the release"),
        (good.replace("  widget", "  ../widget"), "line 1 names a path, and not a file of the release"),
        (format!("{good}neither digest nor name\n"), "line 4 is no checksum line"),
        ("# nothing\n".to_owned(), "the checksum file lists nothing"),
    ];
    for (text, why) in &texts {
        let report = listed(text, Some(&maintainer())).judge();
        assert_eq!(of_signatures(&report), "undetermined: signatures/unsigned undetermined", "{text}");
        let findings = against(&report, "signatures/unsigned");
        assert_eq!(findings.len(), 3, "{text}");
        for finding in findings {
            let expected = format!(
                "{} has no signature of its own, and what SHA256SUMS, which is signed by key maintainer, lists could not \
                 be read: {why}",
                finding.subject
            );
            assert_eq!(finding.message, expected);
            assert!(finding.fix.as_ref().unwrap().contains("and no paths"), "{:?}", finding.fix);
        }
    }
    let text = &texts[0].0;
    // Nobody signed it, or nobody who is named: then it is no reason to doubt.
    let unsigned = listed(text, None).judge();
    assert_eq!(of_signatures(&unsigned), "rejected: signatures/unsigned fail", "{text}");
    let stranger = of_signatures(&listed(text, Some(&Key::named("stranger"))).judge());
    assert!(
        stranger.starts_with("rejected: ") && stranger.ends_with("signatures/unsigned fail"),
        "{stranger}"
    );
    let changed = listed(text, Some(&maintainer()));
    changed.publish(SUMS, format!("{text}# more\n").as_bytes());
    let changed = of_signatures(&changed.judge());
    assert!(changed.starts_with("rejected: ") && changed.ends_with("signatures/unsigned fail"), "{changed}");
    // What was read is judged by what it says.
    let others: String =
        good.lines().filter(|line| !line.ends_with(LINUX)).map(|line| format!("{line}\n")).collect();
    let report = listed(&others, Some(&maintainer())).judge();
    assert_eq!(of_signatures(&report), "rejected: signatures/unsigned fail");
    assert_eq!(against(&report, "signatures/unsigned").len(), 1);
    let zeros = "0".repeat(64);
    let conflict = listed(&format!("{good}{zeros}  {LINUX}\n"), Some(&maintainer())).judge();
    assert_eq!(of_signatures(&conflict), "rejected: signatures/unsigned fail");
}

#[test]
fn a_threshold_is_undetermined_where_a_signed_list_could_not_be_read() {
    let good = String::from_utf8(Stage::set(&generated()).read(SUMS)).unwrap();
    let second = Key::named("second");
    let judge = |text: &str| {
        let mut stage = listed(text, Some(&maintainer()));
        for name in [LINUX, MACOS, CRATE] {
            let signature = second.detached_signature(&stage.read(name));
            stage.publish(&format!("{name}.sig"), signature.as_bytes());
        }
        stage.policy += &key_entry("second", &second.public_pem());
        stage.policy = stage.policy.replace("[rules.signatures]\n", "[rules.signatures]\nthreshold = 2\n");
        stage.judge()
    };
    assert_eq!(of_signatures(&judge(&good)), "verified: ");
    let report = judge(&good.replace("  ", "  dist/"));
    assert_eq!(of_signatures(&report), "undetermined: signatures/threshold undetermined");
    let message = &against(&report, "signatures/threshold")[0].message;
    assert!(
        message.contains("is signed by 1 of the 2") && message.contains("line 1 names a path"),
        "{message}"
    );
}

#[test]
fn what_was_signed_is_expected_and_what_the_file_has_is_found() {
    let stage = Stage::set(&generated());
    let list = String::from_utf8(stage.read(SUMS)).unwrap();
    stage.publish(LINUX, b"exchanged");
    let report = stage.judge();
    let line = list.lines().find(|line| line.ends_with(LINUX)).unwrap();
    let was = line.split_once(' ').unwrap().0;
    let mut seen = 0;
    for rule in ["signatures/unbound", "provenance/unbound", "checksums/mismatch"] {
        let findings = against(&report, rule);
        assert!(!findings.is_empty(), "{rule}");
        for finding in findings {
            let bare =
                |text: &Option<String>| text.as_ref().unwrap().trim_start_matches("sha256:").to_owned();
            assert_eq!(bare(&finding.expected), was, "{finding:?}");
            assert_eq!(
                bare(&finding.found),
                relcheck::release::Sha256::of(b"exchanged").to_string(),
                "{finding:?}"
            );
            seen += 1;
        }
    }
    assert!(seen >= 4, "{seen}");
    // Of a file that is not published, what was signed is expected too.
    let orphan = Stage::set(&generated());
    orphan.publish("gone.sigstore.json", &bundle(&Content::file(b"gone"), &workflow(&orphan)));
    let report = orphan.judge();
    let finding = against(&report, "signatures/orphan")[0];
    assert_eq!(finding.expected, Some(format!("sha256:{}", relcheck::release::Sha256::of(b"gone"))));
    assert_eq!(finding.found.as_deref(), Some("no published file of that digest"));
    assert_eq!(finding.reproduce, None);
}

#[test]
fn what_was_found_is_not_the_message_again() {
    let mut seen = 0;
    for fault in [Fault::SignatureBroken, Fault::TooLate] {
        let report = Stage::set(&generated().spoil(Spoil::Bundle(Which::Artifacts, fault))).judge();
        for finding in report.checks.iter().flat_map(|check| &check.findings) {
            if let Some(found) = &finding.found {
                assert!(!finding.message.ends_with(&format!(": {found}")), "{finding:?}");
            }
            seen +=
                usize::from(finding.rule.id.starts_with("signatures/") && finding.status.word() == "fail");
        }
    }
    assert!(seen >= 6, "{seen}");
}

#[test]
fn artifacts_are_counted_as_artifacts_and_other_files_beside_them() {
    let report = Stage::set(&generated().spoil(Spoil::Bundle(Which::Every, Fault::SignatureBroken))).judge();
    assert_eq!(report.release.artifacts.len(), 3);
    let text = human::render(&report, &human::Style { width: 200, ..human::Style::default() });
    let line = text.lines().find(|line| line.starts_with("  ✗ signatures ")).unwrap();
    assert!(line.ends_with("3 of 3 artifacts failed; of 2 further files, 2 failed"), "{line}");
    for text in [text, markdown::render(&report)] {
        for wrong in ["4 artifacts", "5 artifacts", "6 artifacts"] {
            assert!(!text.contains(wrong), "{text}");
        }
    }
}

#[test]
fn a_command_names_files_that_are_there_and_the_root_that_was_given() {
    let mut seen = 0;
    let releases = [
        generated().spoil(Spoil::San(Which::Every, "https://mallory.example/x")),
        generated().spoil(Spoil::Bundle(Which::Every, Fault::SignatureBroken)),
        generated().spoil(Spoil::Bundle(Which::Provenance, Fault::SignatureBroken)),
        generated().spoil(Spoil::OtherArtifactsBundle(0)),
        Release::good().spoil(Spoil::San(Which::Provenance, "https://mallory.example/x")),
    ];
    for release in releases {
        let stage = Stage::set(&release);
        let report = stage.judge();
        for finding in report.checks.iter().flat_map(|check| &check.findings) {
            let Some(command) = finding.reproduce.as_ref().filter(|it| it.starts_with("cosign ")) else {
                continue;
            };
            let about = command.rsplit(' ').next().unwrap();
            assert!(stage.written.published().join(about).is_file(), "{command}");
            let bundle = command.split(" --bundle ").nth(1).unwrap().split(' ').next().unwrap();
            assert!(stage.written.published().join(bundle).is_file(), "{command}");
            assert!(command.contains(" --trusted-root kit "), "{command}");
            seen += 1;
        }
        // Folded or not, what is to be pasted holds no placeholder that a shell reads as a redirection.
        let style = human::Style { width: 400, ..human::Style::default() };
        for text in [human::render(&report, &style), markdown::render(&report)] {
            for line in text.lines().filter(|line| line.contains("cosign verify-blob")) {
                assert!(!line.contains("<name>"), "{line}");
            }
        }
    }
    assert!(seen >= 10, "{seen}");
}

#[test]
fn a_key_of_another_kind_is_not_named_to_a_tool() {
    let minisig = |content: &str| {
        let line = |bytes: &[u8]| crate::kit::keys::base64(bytes);
        let head = [b"ED12345678".as_slice(), &[7; 64]].concat();
        format!("untrusted comment: x\n{}\ntrusted comment: {content}\n{}\n", line(&head), line(&[7; 64]))
    };
    // Only a PEM key is named: it is for cosign, and for neither minisign nor gpg.
    let stage = Stage::set(&Release { signing: Signing::Detached, ..generated() });
    stage.publish(&format!("{LINUX}.minisig"), minisig("x").as_bytes());
    stage.publish("SHA256SUMS.asc", b"x\n-----BEGIN PGP SIGNED MESSAGE-----\n\n");
    let other = Key::named("stranger").detached_signature(&stage.read(CRATE));
    stage.publish(&format!("{CRATE}.sig"), other.as_bytes());
    let report = stage.judge();
    let command = |file: &str| {
        let mut all = report.checks.iter().flat_map(|check| &check.findings);
        let finding = all.find(|finding| finding.message.starts_with(&format!("{file}: ")));
        finding
            .unwrap_or_else(|| panic!("{file}: {:?}", said(&report, "signatures/identity")))
            .reproduce
            .clone()
    };
    assert_eq!(command(&format!("{LINUX}.minisig")), None);
    assert_eq!(command("SHA256SUMS.asc"), None);
    assert_eq!(
        command(&format!("{CRATE}.sig")),
        Some(format!(
            "cosign verify-blob --key KEY.pub --signature {CRATE}.sig --insecure-ignore-tlog=true {CRATE}"
        ))
    );
}
