//! Commands of SECURITY.md for minisign and gpg, run in effect on releases that these tools signed.

use base64::{Engine, engine::general_purpose::STANDARD};

use crate::gpg::Gpg;
use crate::kit::release::Release;
use crate::kit::signing::{Signing, maintainer};
use crate::kit::spoil::Spoil;
use crate::ledger::vectors;
use crate::makers::Minisign;
use crate::stage::{Stage, key_entry};

/// What is said of a command in the policy of a release that `change` signs.
fn told(command: &str, change: impl FnOnce(&mut Stage)) -> String {
    let text = format!("# Security Policy\n\n## Verifying\n\n```console\n{command}\n```\n");
    let release = Release { signing: Signing::Detached, ..Release::good() };
    let mut stage = Stage::set(&release.spoil(Spoil::File("SECURITY.md", Some(text.leak()))));
    change(&mut stage);
    let report = stage.judge();
    let findings = report.checks.iter().flat_map(|outcome| &outcome.findings);
    let found = findings.into_iter().find(|it| it.rule.id == "policy-claims/verify-command").unwrap();
    format!("{}: {}", found.status.word(), found.message.split_once("\": ").unwrap().1)
}

const NOT: &str = "undetermined: whether it holds for v1.2.3 could not be determined: ";

#[test]
fn minisign_holds_with_the_key_that_signed() {
    vectors!();
    let (Some(tool), Some(stranger)) = (Minisign::new(), Minisign::new()) else { return };
    let key = |tool: &Minisign| String::from_utf8(tool.public()).unwrap().lines().nth(1).unwrap().to_owned();
    let with = |given: &str, signed: &[u8], trusted: &str| {
        told(&format!("minisign -Vm SHA256SUMS -P {given}"), |stage| {
            let bytes = if signed.is_empty() { stage.read("SHA256SUMS") } else { signed.to_vec() };
            stage.publish(
                "SHA256SUMS.minisig",
                tool.sign_as("SHA256SUMS", &bytes, &["-t", "by hand"]).as_bytes(),
            );
            stage.policy = stage.policy.replace(&maintainer().public_pem(), trusted);
        })
    };
    let file = String::from_utf8(tool.public()).unwrap();
    for trusted in [&file, &format!("{}\n", key(&tool))] {
        assert_eq!(
            with(&key(&tool), b"", trusted),
            "pass: for v1.2.3 it holds: SHA256SUMS is signed with that key",
            "{trusted}"
        );
    }
    let id = |key: &str| {
        let raw = STANDARD.decode(key).unwrap();
        format!("{:016X}", u64::from_le_bytes(raw[2..10].try_into().unwrap()))
    };
    let (own, other) = (key(&tool), key(&stranger));
    // Whether the policy names the key that signed has no say in it.
    for trusted in [&file, &maintainer().public_pem()] {
        assert_eq!(
            with(&other, b"", trusted),
            format!(
                "fail: for v1.2.3 it fails: SHA256SUMS.minisig was made with the key {}, and the command gives the key {}",
                id(&own),
                id(&other)
            )
        );
    }
    // Another key may have the same number.
    let (mut raw, strange) = (STANDARD.decode(&own).unwrap(), STANDARD.decode(&other).unwrap());
    raw[10..].copy_from_slice(&strange[10..]);
    assert_eq!(
        with(&STANDARD.encode(raw), b"", &file),
        format!("{NOT}whether SHA256SUMS is signed with that very key is not known")
    );
    let said = with(&own, b"", &maintainer().public_pem());
    let unnamed =
        format!("{NOT}SHA256SUMS.minisig: it was made with the key {}, and the policy names no", id(&own));
    assert!(said.starts_with(&unnamed), "{said}");
    let absent = told(&format!("minisign -Vm widget.zip -P {own}"), |_| ());
    assert!(absent.starts_with("fail: for v1.2.3 it fails: the release has no widget.zip"), "{absent}");
    let absent = told(&format!("minisign -Vm SHA256SUMS -P {own}"), |_| ());
    assert_eq!(absent, "fail: for v1.2.3 it fails: the release has no SHA256SUMS.minisig");
    let said = with(&key(&tool), b"something else", &file);
    assert!(said.starts_with("fail: for v1.2.3 it fails: SHA256SUMS.minisig"), "{said}");
}

#[test]
fn gpg_holds_where_a_key_of_the_policy_signed_the_file() {
    vectors!();
    let Some(gpg) = Gpg::new() else { return };
    let key = gpg.key("20240101", "Release <r@example.com>", "ed25519", "sign,cert", "never");
    let with = |command: &str, is_trusted: bool| {
        told(command, |stage| {
            let signature = gpg.sign("20260105", &key, &["--armor"], &stage.read("SHA256SUMS"));
            stage.publish("SHA256SUMS.asc", &signature);
            if is_trusted {
                stage.policy += &key_entry("release", std::str::from_utf8(&gpg.export(&key)).unwrap());
            }
        })
    };
    for command in ["gpg --verify SHA256SUMS.asc SHA256SUMS", "gpg --verify SHA256SUMS.asc"] {
        let said = with(command, true);
        assert!(said.starts_with("pass: for v1.2.3 it holds: SHA256SUMS is signed by key release"), "{said}");
        let said = with(command, false);
        assert!(said.starts_with(NOT), "{said}");
    }
    assert_eq!(
        with("gpg --verify checksums.asc SHA256SUMS", true),
        "fail: for v1.2.3 it fails: the release has no checksums.asc"
    );
}
