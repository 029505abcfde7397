//! Whole releases that are signed with OpenPGP: the exact rule for each way to spoil one.

use relcheck::report::Report;

use crate::gpg::Gpg;
use crate::kit::release::Release;
use crate::ledger::{outcome, vectors};
use crate::stage::{CRATE, LINUX, MACOS, Stage, at, key_entry};

/// Half an hour before the release is judged, and long before.
const MADE: &str = "20260105";

/// A release of which nothing but checksums and OpenPGP signatures is asked.
struct Signed {
    gpg: Gpg,
    key: String,
    stage: Stage,
}

impl Signed {
    /// With `SHA256SUMS` and no signature yet.
    fn new() -> Option<Self> {
        let gpg = Gpg::new()?;
        let key = gpg.key("20240101", "Release <r@example.com>", "ed25519", "sign,cert", "never");
        let mut stage = Stage::set(&Release::good());
        for entry in std::fs::read_dir(stage.written.published()).unwrap() {
            let name = entry.unwrap().file_name().into_string().unwrap();
            if ![LINUX, MACOS, CRATE, "SHA256SUMS"].contains(&name.as_str()) {
                stage.withdraw(&name);
            }
        }
        stage.policy = stage
            .policy
            .replace("provenance = \"require\"", "provenance = \"skip\"")
            .replace("derive = true", "derive = false");
        Some(Self { gpg, key, stage })
    }

    fn sign(&self, name: &str, options: &[&str]) -> Vec<u8> {
        self.gpg.sign(MADE, &self.key, options, &self.stage.read(name))
    }

    /// The report, by a policy that names the certificate as it is now.
    fn judge(&self) -> Report {
        self.judge_by(&self.gpg.export(&self.key))
    }

    fn judge_by(&self, certificate: &[u8]) -> Report {
        let policy =
            self.stage.policy.clone() + &key_entry("release", std::str::from_utf8(certificate).unwrap());
        let stage = Stage { policy, ..self.stage_at() };
        stage.judge()
    }

    /// The same files, judged at the same moment.
    fn stage_at(&self) -> Stage {
        let folder = tempfile::tempdir().unwrap();
        Stage { folder, written: self.stage.written.clone(), policy: String::new(), as_of: self.stage.as_of }
    }

    #[track_caller]
    fn assert(&self, expected: &str, what: &str) {
        let report = self.judge();
        assert_eq!(outcome(&report), expected, "{what}\n{}", relcheck::report::json::render(&report));
    }

    /// Publishes `SHA256SUMS.asc`, a cleartext-signed list, in place of `SHA256SUMS`.
    fn clearsign(&self) -> String {
        let message = self.gpg.clearsign(MADE, &self.key, &self.stage.read("SHA256SUMS"));
        self.stage.withdraw("SHA256SUMS");
        self.stage.publish("SHA256SUMS.asc", &message);
        String::from_utf8(message).unwrap()
    }
}

#[test]
fn a_damaged_signed_text_is_shown_with_gpg_and_no_other_tool() {
    let Some(signed) = Signed::new() else { return };
    let text = signed.clearsign();
    let damaged = [format!("x\n{text}"), text.replacen("widget", "midget", 1)];
    for text in damaged {
        signed.stage.publish("SHA256SUMS.asc", text.as_bytes());
        let report = signed.judge();
        let findings = report.checks.iter().flat_map(|check| &check.findings);
        let commands: Vec<&str> = findings.filter_map(|finding| finding.reproduce.as_deref()).collect();
        assert_eq!(commands.len(), 1, "{commands:?}");
        assert!(
            commands[0].starts_with("gpg ") && commands[0].ends_with(" --verify SHA256SUMS.asc"),
            "{commands:?}"
        );
    }
}

/// What is said of the artifacts of a release none of whose signatures counts.
const UNSIGNED: &str = "signatures/unsigned fail";

#[test]
fn a_release_whose_checksum_file_or_whose_artifacts_are_signed_is_verified() {
    vectors!();
    let Some(signed) = Signed::new() else { return };
    signed.assert(&format!("rejected: {UNSIGNED}"), "without a signature");
    for (name, options) in
        [("SHA256SUMS.asc", &["--armor"][..]), ("SHA256SUMS.sig", &[]), ("SHA256SUMS.gpg", &[])]
    {
        signed.stage.publish(name, &signed.sign("SHA256SUMS", options));
        signed.assert("verified", name);
        signed.stage.withdraw(name);
    }
    for name in [LINUX, MACOS, CRATE] {
        signed.stage.publish(&format!("{name}.asc"), &signed.sign(name, &["--armor"]));
    }
    signed.assert("verified", "every artifact by itself");
    let report = signed.judge_by(&signed.gpg.export(&signed.key));
    let json = relcheck::report::json::render(&report);
    assert!(json.contains(&signed.key), "the report names the key: {json}");
}

#[test]
fn rows_058_075_each_spoilt_signature_has_its_own_rule() {
    vectors!();
    let Some(signed) = Signed::new() else { return };
    let name = format!("{LINUX}.asc");
    let good = signed.sign(LINUX, &["--armor"]);
    signed.stage.publish("SHA256SUMS.asc", &signed.sign("SHA256SUMS", &["--armor"]));
    signed.stage.publish(&name, &good);
    signed.assert("verified", "good");

    let other = signed.gpg.key("20240101", "Other <o@example.com>", "rsa2048", "sign,cert", "never");
    let stranger = signed.gpg.sign(MADE, &other, &["--armor"], &signed.stage.read(LINUX));
    let sha1 = ["--armor", "--digest-algo", "SHA1"];
    let weak = signed.gpg.sign(MADE, &other, &sha1, &signed.stage.read(LINUX));
    let short = signed.sign(LINUX, &["--armor", "--default-sig-expire", "1d"]);
    let late = signed.gpg.sign("20260107", &signed.key, &["--armor"], &signed.stage.read(LINUX));
    let inline = signed.gpg.run(MADE, &["--armor", "--sign"], &signed.stage.read(LINUX));
    let clear = signed.gpg.clearsign(MADE, &signed.key, &signed.stage.read(LINUX));
    let text = signed.sign(LINUX, &["--armor", "--textmode"]);
    let elsewhere = signed.sign(MACOS, &["--armor"]);
    let key = signed.gpg.export(&signed.key);
    let cases: &[(&str, &[u8], &str)] = &[
        ("of another file", &elsewhere, "rejected: signatures/invalid fail"),
        ("row 098: inline-signed", &inline, "rejected: signatures/invalid fail"),
        ("row 098: cleartext", &clear, "rejected: signatures/invalid fail"),
        ("row 099: empty", b"", "rejected: signatures/invalid fail"),
        ("row 099: a comment", b"# signed\n", "rejected: signatures/invalid fail"),
        ("by a stranger", &stranger, "rejected: signatures/identity fail"),
        ("row 075: over SHA-1", &weak, "rejected: signatures/weak fail"),
        ("row 058: expired by its own words", &short, "rejected: signatures/expired fail"),
        ("made later than judged", &late, "undetermined: signatures/no-time undetermined"),
        ("over text that was not kept", &text, "undetermined: signatures/unreadable undetermined"),
        ("a public key", &key, "undetermined: signatures/unreadable undetermined"),
    ];
    for (what, bytes, expected) in cases {
        signed.stage.publish(&name, bytes);
        signed.assert(expected, what);
    }
    signed.stage.publish(&name, &good);
    signed.stage.publish("gone.asc", &signed.gpg.sign(MADE, &signed.key, &["--armor"], b"gone"));
    signed.assert("rejected: signatures/orphan fail", "of a file that is not published");
    signed.stage.withdraw("gone.asc");
    let mut artifact = signed.stage.read(LINUX);
    artifact.push(b'\n');
    signed.stage.publish(LINUX, &artifact);
    signed.assert(
        "rejected: checksums/mismatch fail, release/digest-mismatch fail, signatures/invalid fail",
        "the artifact was changed",
    );
    eprintln!("{} spoilt signatures in a release", cases.len() + 1);
}

#[test]
fn rows_058_111_keys_end_and_are_revoked() {
    vectors!();
    let Some(signed) = Signed::new() else { return };
    signed.stage.publish("SHA256SUMS.asc", &signed.sign("SHA256SUMS", &["--armor"]));
    signed.gpg.expire("20250101", &signed.key, "2025-06-01");
    signed.assert(&format!("rejected: signatures/expired fail, {UNSIGNED}"), "expired before");
    signed.gpg.expire("20250102", &signed.key, "20260105T120000");
    let report = signed.judge();
    assert_eq!(outcome(&report), "verified");
    let json = relcheck::report::json::render(&report);
    assert!(json.contains("the key expired at 2026-01-05"), "{json}");
    signed.gpg.revoke("20260106", &signed.key, 1, "stolen");
    signed.assert(&format!("rejected: signatures/revoked fail, {UNSIGNED}"), "compromised");
    let report = signed.judge();
    let findings = report.checks.iter().flat_map(|check| &check.findings);
    let revoked = findings.filter(|finding| finding.rule.id == "signatures/revoked").collect::<Vec<_>>();
    assert!(revoked[0].message.contains("stolen"), "{}", revoked[0].message);
    assert!(revoked[0].reproduce.as_deref().unwrap().ends_with(" --verify SHA256SUMS.asc SHA256SUMS"));
}

#[test]
fn a_cleartext_signed_checksum_file_is_a_signed_list_under_each_of_its_names() {
    vectors!();
    let Some(signed) = Signed::new() else { return };
    let message = signed.clearsign();
    signed.assert("verified", "SHA256SUMS.asc alone");
    for name in
        ["SHA256SUMS", "sha256sum.txt", "widget-1.2.3-CHECKSUM", "SHA256SUMS.gpg", "SHA256SUMS.txt.asc"]
    {
        signed.stage.withdraw("SHA256SUMS.asc");
        signed.stage.publish(name, message.as_bytes());
        signed.assert("verified", name);
        signed.stage.withdraw(name);
        signed.stage.publish("SHA256SUMS.asc", message.as_bytes());
    }
}

#[test]
fn rows_103_104_106_107_108_a_forged_list_counts_for_nothing() {
    vectors!();
    let Some(signed) = Signed::new() else { return };
    let plain = String::from_utf8(signed.stage.read("SHA256SUMS")).unwrap();
    let good = signed.clearsign();
    // An artifact is exchanged, and the list made to fit.
    let before = relcheck::release::Sha256::of(&signed.stage.read(LINUX)).to_string();
    signed.stage.publish(LINUX, b"Evil bytes.\n");
    let after = relcheck::release::Sha256::of(b"Evil bytes.\n").to_string();
    let line = plain.lines().find(|line| line.contains(LINUX)).unwrap();
    let evil = line.replace(&before, &after);
    assert_ne!(line, evil);
    let (header, end) = ("\n\n", "-----BEGIN PGP SIGNATURE-----");
    let forged = "rejected: checksums/unlisted undetermined, checksums/unreadable undetermined, \
                  release/digest-mismatch undetermined, signatures/invalid fail, signatures/unsigned fail";
    let cases = [
        ("another digest", good.replace(line, &evil)),
        ("one more line", good.replace(end, &format!("{evil}\n{end}"))),
        ("row 106: behind the message", format!("{good}{evil}\n")),
        ("row 107: in the header", good.replacen(header, &format!("\n{evil}\n\n"), 1)),
        ("row 104: NotDashEscaped", good.replacen(header, "\nNotDashEscaped: x\n\n", 1).replace(line, &evil)),
        ("row 103: behind a form feed", good.replace(line, &format!("{line}\u{c}{evil}"))),
        ("row 108: no header", good.replacen("\nHash: ", "\nX: ", 1)),
    ];
    for (what, forgery) in &cases {
        signed.stage.publish("SHA256SUMS.asc", forgery.as_bytes());
        signed.assert(forged, what);
    }
    // What is before the message makes it no message.
    signed.stage.publish("SHA256SUMS.asc", format!("{evil}\n{good}").as_bytes());
    let report = signed.judge();
    assert!(outcome(&report).starts_with("rejected: "), "{}", outcome(&report));
    assert!(outcome(&report).contains("signatures/unsigned fail"), "{}", outcome(&report));
    // The list itself is good: the artifact is not the listed one.
    signed.stage.publish("SHA256SUMS.asc", good.as_bytes());
    signed.assert(
        &format!("rejected: checksums/mismatch fail, release/digest-mismatch fail, {UNSIGNED}"),
        "the exchanged artifact",
    );
    // Another list beside it that fits makes it no better.
    signed.stage.publish("SHA256SUMS", plain.replace(&before, &after).as_bytes());
    signed.assert(
        &format!("rejected: checksums/mismatch fail, release/digest-mismatch fail, {UNSIGNED}"),
        "two lists that contradict each other",
    );
    eprintln!("{} forged lists in a release", cases.len() + 3);
}

/// The armor around a signed text is not signed: a copy of the file under another name is no signed artifact.
#[test]
fn a_copy_of_a_signed_list_is_no_signed_artifact() {
    vectors!();
    let Some(signed) = Signed::new() else { return };
    let message = signed.clearsign();
    let begin = "-----BEGIN PGP SIGNATURE-----\n";
    let script = message.replace(begin, &format!("{begin}Comment: $(rm -rf ~)\n"));
    signed.stage.publish("SHA256SUMS.asc", script.as_bytes());
    signed.assert("verified", "a comment in the armor changes nothing");
    signed.stage.publish("install.sh", script.as_bytes());
    signed.assert(&format!("rejected: checksums/unlisted fail, {UNSIGNED}"), "the copy");
}

#[test]
fn a_replay_of_the_evidence_says_the_same_although_large_files_are_not_in_it() {
    vectors!();
    let Some(signed) = Signed::new() else { return };
    signed.stage.publish(&format!("{LINUX}.asc"), &signed.sign(LINUX, &["--armor"]));
    signed.stage.publish("SHA256SUMS.sig", &signed.sign("SHA256SUMS", &[]));
    let policy = signed.stage.policy.clone()
        + &key_entry("release", std::str::from_utf8(&signed.gpg.export(&signed.key)).unwrap());
    let stage = Stage { policy, ..signed.stage_at() };
    let evidence = stage.gather();
    let folder = tempfile::tempdir().unwrap();
    let pack = folder.path().join("pack");
    relcheck::evidence::pack::save(&evidence, &pack).unwrap();
    let loaded = relcheck::evidence::pack::load(&pack).unwrap();
    let judged = |evidence: &_| {
        let report = relcheck::evaluate::evaluate(
            evidence,
            &stage.trust(),
            &stage.policy(),
            at("2026-01-06T00:00:00Z"),
        );
        relcheck::report::json::render(&report)
    };
    assert_eq!(judged(&evidence), judged(&loaded));
    assert_eq!(outcome(&stage.judge()), "verified");
}

/// Every test of this file.
pub const TESTS: &[fn()] = &[
    a_release_whose_checksum_file_or_whose_artifacts_are_signed_is_verified,
    rows_058_075_each_spoilt_signature_has_its_own_rule,
    rows_058_111_keys_end_and_are_revoked,
    a_cleartext_signed_checksum_file_is_a_signed_list_under_each_of_its_names,
    rows_103_104_106_107_108_a_forged_list_counts_for_nothing,
    a_copy_of_a_signed_list_is_no_signed_artifact,
    a_replay_of_the_evidence_says_the_same_although_large_files_are_not_in_it,
];
