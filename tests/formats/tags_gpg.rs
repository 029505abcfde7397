//! `git tag -s` with GnuPG, and what its signatures must not be taken for.

use std::path::Path;
use std::process::Command;

use base64::{Engine, engine::general_purpose::STANDARD};
use relcheck::proof::Reason;
use tempfile::TempDir;

use crate::ledger::{self, vectors};
use crate::ssh_maker::ADA;
use crate::tags::{TAG, Tagged};
use crate::tool;

/// GnuPG with a keyring of its own, at a moment of the test's choice.
struct Gpg {
    home: TempDir,
}

impl Drop for Gpg {
    fn drop(&mut self) {
        Command::new("gpgconf").arg("--homedir").arg(self.home.path()).args(["--kill", "all"]).output().ok();
    }
}

impl Gpg {
    /// With a key of Ada's, made in 2025 and valid for that long.
    fn ada(until: &str) -> Option<Self> {
        use std::os::unix::fs::PermissionsExt;
        if !tool::is_there("gpg", "--version") {
            return None;
        }
        // The agent's socket needs a short path.
        let home = tempfile::Builder::new().prefix("g").rand_bytes(4).tempdir().unwrap();
        std::fs::set_permissions(home.path(), std::fs::Permissions::from_mode(0o700)).unwrap();
        let gpg = Self { home };
        gpg.run("20250101", &["--quick-gen-key", ADA, "ed25519", "sign", until], b"");
        Some(gpg)
    }

    fn options(&self, day: &str) -> Vec<String> {
        let home = self.home.path().display().to_string();
        let time = format!("{day}T100000!");
        [
            "--homedir",
            &home,
            "--batch",
            "--no-tty",
            "--quiet",
            "--pinentry-mode",
            "loopback",
            "--passphrase",
            "",
            "--trust-model",
            "always",
            "--faked-system-time",
            &time,
        ]
        .map(str::to_owned)
        .to_vec()
    }

    fn run(&self, day: &str, arguments: &[&str], input: &[u8]) -> Vec<u8> {
        tool::output(Command::new("gpg").args(self.options(day)).args(arguments), input)
    }

    fn public(&self) -> String {
        String::from_utf8(self.run("20260105", &["--armor", "--export", ADA], b"")).unwrap()
    }

    /// How git signs with it on that day.
    fn maker(&self, day: &str) -> Vec<(&'static str, String)> {
        let script = self.home.path().join("sign");
        let options: Vec<String> = self.options(day).iter().map(|option| format!("'{option}'")).collect();
        write_script(&script, &format!("#!/bin/sh\nexec gpg {} \"$@\"\n", options.join(" ")));
        vec![("gpg.program", script.display().to_string()), ("user.signingkey", ADA.to_owned())]
    }

    /// The certificate after it was revoked on that day, by the revocation that gpg keeps for every key.
    fn revoked(&self, day: &str) -> String {
        let folder = self.home.path().join("openpgp-revocs.d");
        let file = std::fs::read_dir(folder).unwrap().next().unwrap().unwrap().path();
        let text = std::fs::read_to_string(file).unwrap().replace(":-----BEGIN", "-----BEGIN");
        self.run(day, &["--import"], text.as_bytes());
        self.public()
    }
}

fn write_script(path: &Path, text: &str) {
    use std::os::unix::fs::PermissionsExt;
    std::fs::write(path, text).unwrap();
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o700)).unwrap();
}

#[test]
fn a_tag_that_git_signed_with_gpg_counts_by_a_key_that_the_policy_names() {
    vectors!();
    let (Some(gpg), Some(stranger)) = (Gpg::ada("2y"), Gpg::ada("2y")) else { return };
    let tagged = Tagged::new();
    tagged.sign(&gpg.maker("20260105"), &[TAG, tagged.commit()]);
    tagged.unsigned("verified", "tag/unsigned undetermined");
    let tagged = tagged.key("ada", &gpg.public(), "");
    tagged.accepted("v1.2.3 is signed by key ada");
    let good = String::from_utf8(tagged.object()).unwrap();
    tagged.put(good.replacen("Release v1.2.3", "Release v1.2.4", 1).as_bytes());
    tagged.refused("tag/bad-signature fail", Reason::Invalid, "");
    tagged.put(good.as_bytes());
    tagged.accepted("v1.2.3 is signed by key ada");
    let other = Tagged::new().key("ada", &stranger.public(), "");
    other.sign(&gpg.maker("20260105"), &[TAG, other.commit()]);
    other.refused("tag/signer fail", Reason::UnknownKey, "");
}

#[test]
fn a_tag_signed_with_gpg_by_a_key_that_was_expired_or_revoked_is_refused() {
    vectors!();
    let Some(gpg) = Gpg::ada("2025-06-01") else { return };
    let text = Tagged::new().text();
    // gpg does not sign with an expired key; at a time before, it does, and says so in the signature. So the key is
    // given its end afterwards, and the signature stays.
    let signature = gpg.run("20250301", &["--armor", "--detach-sign"], text.as_bytes());
    let tagged = Tagged::new().key("ada", &gpg.public(), "");
    tagged.put(&[tagged.text().as_bytes(), &signature].concat());
    tagged.accepted("signed by key ada");
    let Some(gpg) = Gpg::ada("2y") else { return };
    let signature = gpg.run("20260105", &["--armor", "--detach-sign"], text.as_bytes());
    gpg.run("20250301", &["--quick-set-expire", &fingerprint(&gpg), "2025-06-01"], b"");
    let tagged = Tagged::new().key("ada", &gpg.public(), "");
    tagged.put(&[tagged.text().as_bytes(), &signature].concat());
    tagged.refused("tag/bad-signature fail", Reason::Expired, "");
    let Some(gpg) = Gpg::ada("2y") else { return };
    let signature = gpg.run("20260105", &["--armor", "--detach-sign"], text.as_bytes());
    let tagged = Tagged::new().key("ada", &gpg.revoked("20260106"), "");
    tagged.put(&[tagged.text().as_bytes(), &signature].concat());
    tagged.refused("tag/bad-signature fail", Reason::Revoked, "");
}

fn fingerprint(gpg: &Gpg) -> String {
    let listed = gpg.run("20250301", &["--with-colons", "--list-keys", ADA], b"");
    let listed = String::from_utf8(listed).unwrap();
    listed.lines().find_map(|line| line.strip_prefix("fpr:")).unwrap().trim_matches(':').to_owned()
}

/// A tag with that signature, by a policy that names the certificate as it is now.
fn signed(gpg: &Gpg, day: &str, options: &[&str]) -> (Tagged, Vec<u8>) {
    let tagged = Tagged::new().key("ada", &gpg.public(), "");
    let arguments = [options, &["--detach-sign"]].concat();
    let signature = gpg.run(day, &arguments, tagged.text().as_bytes());
    (tagged, signature)
}

/// The tag with these packets in an armor of its own.
fn put(tagged: &Tagged, packets: &[u8]) {
    let armor = |text: &str| {
        let lines: Vec<&str> =
            text.as_bytes().chunks(64).map(|it| std::str::from_utf8(it).unwrap()).collect();
        format!("-----BEGIN PGP SIGNATURE-----\n\n{}\n-----END PGP SIGNATURE-----\n", lines.join("\n"))
    };
    tagged.put(format!("{}{}", tagged.text(), armor(&STANDARD.encode(packets))).as_bytes());
}

#[test]
fn what_else_gpg_makes_of_a_tag_is_refused_for_its_own_reason() {
    vectors!();
    let Some(gpg) = Gpg::ada("2y") else { return };
    let bad = "tag/bad-signature fail";
    let unknown = "tag/bad-signature undetermined";
    let (tagged, good) = signed(&gpg, "20260105", &[]);
    put(&tagged, &good);
    tagged.accepted("signed by key ada");
    for sha in ["SHA384", "SHA256"] {
        put(&tagged, &signed(&gpg, "20260105", &["--digest-algo", sha]).1);
        tagged.accepted("signed by key ada");
    }
    put(&tagged, &signed(&gpg, "20260105", &["--digest-algo", "SHA1"]).1);
    tagged.refused(bad, Reason::Weak, "SHA1");
    // Before the key was made.
    put(&tagged, &signed(&gpg, "20241201", &["--ignore-time-conflict", "--ignore-valid-from"]).1);
    tagged.refused(bad, Reason::Expired, "and the key at");
    put(&tagged, &gpg.run("20260105", &["--detach-sign"], b"another tag"));
    tagged.refused(bad, Reason::Invalid, "changed");
    put(&tagged, &gpg.run("20260105", &["--sign", "-z", "0"], tagged.text().as_bytes()));
    tagged.refused(bad, Reason::Invalid, "one-pass signature");
    put(&tagged, &good[..good.len() - 1]);
    tagged.refused(bad, Reason::Invalid, "");
    put(&tagged, &[&good[..], &[0xCA, 3, b'P', b'G', b'P']].concat());
    tagged.refused(bad, Reason::Invalid, "marker");
    put(&tagged, b"");
    tagged.refused(bad, Reason::Invalid, "");
    let changed = |at: usize, byte: u8| {
        let mut other = good.clone();
        other[at] = byte;
        put(&tagged, &other);
    };
    changed(2, 3);
    tagged.refused(unknown, Reason::Unreadable, "version 3");
    changed(3, 0x10);
    tagged.refused(bad, Reason::Invalid, "of type");
    changed(good.len() - 1, good[good.len() - 1] ^ 1);
    tagged.refused(bad, Reason::Invalid, "changed");
    // The time of the signature, type 2 in the hashed area, is called something else.
    let time = (0..good.len()).find(|at| good[*at..].starts_with(&[5, 2])).unwrap();
    changed(time + 1, 100);
    tagged.refused(unknown, Reason::NoTime, "when it was made");
    let binary = [tagged.text().as_bytes(), &good].concat();
    tagged.put(&binary);
    tagged.unsigned("rejected: tag/unsigned fail", "without a signature");
}

#[test]
fn a_subkey_signs_tags_unless_the_policy_names_another() {
    vectors!();
    let Some(gpg) = Gpg::ada("2y") else { return };
    let primary = fingerprint(&gpg);
    gpg.run("20250102", &["--quick-add-key", &primary, "ed25519", "sign", "never"], b"");
    let (tagged, by_subkey) = signed(&gpg, "20260105", &[]);
    put(&tagged, &by_subkey);
    tagged.accepted("signed by key ada");
    let named = Tagged::new().key("ada", &gpg.public(), &format!("fingerprints = [\"{primary}\"]"));
    put(&named, &by_subkey);
    named.refused("tag/signer fail", Reason::UnknownKey, "does not name");
}

/// Every test of vectors in this file.
const TESTS: &[fn()] = &[
    a_tag_that_git_signed_with_gpg_counts_by_a_key_that_the_policy_names,
    a_tag_signed_with_gpg_by_a_key_that_was_expired_or_revoked_is_refused,
    what_else_gpg_makes_of_a_tag_is_refused_for_its_own_reason,
    a_subkey_signs_tags_unless_the_policy_names_another,
];

#[test]
fn there_are_enough_vectors_of_each_sort() {
    let reasons = [
        Reason::Invalid,
        Reason::UnknownKey,
        Reason::Expired,
        Reason::Revoked,
        Reason::NoTime,
        Reason::Weak,
        Reason::Unreadable,
    ];
    let rules =
        ["tag/bad-signature fail", "tag/bad-signature undetermined", "tag/signer fail", "tag/unsigned fail"];
    ledger::count("tags_gpg", Some(("gpg", "--version")), TESTS, &reasons, &rules);
}
