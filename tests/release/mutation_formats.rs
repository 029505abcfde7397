//! Releases signed otherwise than with Sigstore's bundles, with the tools that people sign with as the makers: every byte
//! of every sidecar changed, and nothing stays verified save for the bytes that `unsigned_bytes.rs` lists.

use std::sync::atomic::Ordering;

use crate::gpg::Gpg;
use crate::kit::SEED;
use crate::kit::bundle::{BundleOptions, Content, Logged, Signer, Version};
use crate::kit::keys::sha256_hex;
use crate::kit::release::Release;
use crate::kit::signing::{Signing, maintainer};
use crate::kit::trusted_root::Sigstore;
use crate::makers::{Minisign, Pair, Signify, legacy};
use crate::mutation::{Bench, Counts, SUMS, Ways, mutate};
use crate::ssh_maker::Ssh;
use crate::stage::{CRATE, LINUX, MACOS, Stage, workflow};
use crate::unsigned_bytes::{LIST, Shape};

const PROVENANCE: &str = "widget-1.2.3.intoto.jsonl";
const MADE: &str = "20260105";

/// A release whose artifacts and list each have a signature beside them; the policy names this key.
fn signed(extension: &str, key: &str, sign: impl Fn(&str, &[u8]) -> Vec<u8>) -> Stage {
    let mut stage = Stage::set(&Release { signing: Signing::Detached, ..Release::good() });
    for name in [LINUX, MACOS, CRATE, SUMS] {
        stage.withdraw(&format!("{name}.sig"));
        stage.publish(&format!("{name}.{extension}"), &sign(name, &stage.read(name)));
    }
    stage.policy = stage.policy.replace(&maintainer().public_pem(), key);
    // What the workflow attests would be verified over and over, and is no part of this.
    stage.withdraw(PROVENANCE);
    stage.policy = stage.policy.replace("provenance = \"require\"", "provenance = \"skip\"");
    stage
}

/// The same with nothing but a list, which is signed, and the artifacts on it.
fn listed(name: &str, key: &str, sign: impl Fn(&[u8]) -> Vec<u8>) -> Stage {
    let stage = signed("sig", key, |_, _| Vec::new());
    let line = |name: &&str| format!("SHA256 ({name}) = {}\n", sha256_hex(&stage.read(name)));
    let list: String = [LINUX, MACOS, CRATE].iter().map(line).collect();
    for name in [LINUX, MACOS, CRATE, SUMS] {
        stage.withdraw(&format!("{name}.sig"));
    }
    stage.withdraw(SUMS);
    stage.publish(name, &sign(list.as_bytes()));
    stage
}

/// The sidecars of [`signed`].
fn sidecars(extension: &str) -> Vec<String> {
    [LINUX, MACOS, CRATE, SUMS].map(|name| format!("{name}.{extension}")).to_vec()
}

/// The whole release in memory.
fn bench(stage: &Stage) -> Bench {
    Bench::of_stage(stage, |_| true, &[])
}

/// Changes every byte of these sidecars, and asserts that the entries of the format were met and no other change passed.
fn assert_signed(format: &'static str, releases: &[(Bench, Vec<String>)]) {
    let counts = Counts::new();
    let shape = Shape { format, ..Shape::default() };
    let mut wrong = Vec::new();
    for (bench, names) in releases {
        for (at, name) in names.iter().enumerate() {
            // Each byte once in each sidecar; between two of them, both ways.
            let ways = match at {
                _ if names.len() == 1 => Ways::Both,
                at if at.is_multiple_of(2) => Ways::One,
                _ => Ways::Other,
            };
            wrong.extend(mutate(bench, name, shape, ways, &counts));
        }
    }
    counts.print(format);
    assert!(wrong.is_empty(), "{} stayed verified:\n{}", wrong.len(), wrong.join("\n"));
    for (entry, count) in LIST.iter().zip(&counts.verified).filter(|(entry, _)| entry.format == format) {
        let met = count.load(Ordering::Relaxed);
        assert!(met > 0, "nothing stayed verified by {format} {} {}", entry.pointer, entry.bytes);
    }
}

#[test]
fn no_byte_of_a_release_signed_with_minisign_can_be_changed_save_those_that_nothing_signs() {
    let Some(tool) = Minisign::new() else { return };
    let key = String::from_utf8(tool.public()).unwrap();
    let stage = signed("minisig", &key, |name, bytes| {
        let comment = format!("timestamp:{}\tfile:{name}\thashed", crate::kit::RELEASED_AT);
        tool.sign_as(name, bytes, &["-t", &comment]).into_bytes()
    });
    assert_signed("minisign", &[(bench(&stage), sidecars("minisig"))]);
}

#[test]
fn no_byte_of_a_release_signed_with_signify_can_be_changed_save_those_that_nothing_signs() {
    let Some(tool) = Signify::new() else { return };
    let key = String::from_utf8(tool.public()).unwrap();
    let detached = signed("sig", &key, |_, bytes| tool.sign(bytes));
    let embedded = listed("SHA256.sig", &key, |list| tool.embed(list));
    let list = vec!["SHA256.sig".to_owned()];
    assert_signed("signify", &[(bench(&detached), sidecars("sig")), (bench(&embedded), list)]);
}

#[test]
fn no_byte_of_a_release_signed_with_openssl_can_be_changed_save_those_that_nothing_signs() {
    let (Some(p256), Some(ed25519), Some(rsa)) = (Pair::p256(), Pair::ed25519(), Pair::rsa("2048")) else {
        return;
    };
    let key = |pair: &Pair| String::from_utf8(pair.public()).unwrap();
    let one = || vec![format!("{CRATE}.sig")];
    let releases = [
        (signed("sig", &key(&p256), |_, bytes| p256.digest_sign(bytes, &["-sha256"])), sidecars("sig")),
        (signed("sig", &key(&ed25519), |_, bytes| ed25519.sign(bytes, &["-rawin"])), sidecars("sig")),
        (signed("sig", &key(&rsa), |_, bytes| rsa.digest_sign(bytes, &["-sha256"])), one()),
    ]
    .map(|(stage, names)| (bench(&stage), names));
    assert_signed("openssl", &releases);
}

#[test]
fn no_byte_of_a_release_signed_with_gpg_can_be_changed_save_those_that_nothing_signs() {
    let Some(gpg) = Gpg::new() else { return };
    let by = gpg.key("20240101", "Release <r@example.com>", "ed25519", "sign,cert", "never");
    let key = String::from_utf8(gpg.export(&by)).unwrap();
    let armored = signed("asc", &key, |_, bytes| gpg.sign(MADE, &by, &["--armor"], bytes));
    let binary = signed("sig", &key, |_, bytes| gpg.sign(MADE, &by, &[], bytes));
    let rsa = gpg.key("20240101", "Rsa <rsa@example.com>", "rsa2048", "sign,cert", "never");
    let certificate = String::from_utf8(gpg.export(&rsa)).unwrap();
    let by_rsa = signed("sig", &certificate, |_, bytes| gpg.sign(MADE, &rsa, &[], bytes));
    let clear = listed("SHA256SUMS.asc", &key, |list| gpg.clearsign(MADE, &by, list));
    assert_signed(
        "gpg",
        &[
            (bench(&armored), sidecars("asc")),
            (bench(&binary), sidecars("sig")),
            (bench(&by_rsa), vec![format!("{CRATE}.sig")]),
            (bench(&clear), vec!["SHA256SUMS.asc".to_owned()]),
        ],
    );
}

#[test]
fn no_byte_of_a_release_signed_with_ssh_keygen_can_be_changed_save_those_that_nothing_signs() {
    let Some(ssh) = Ssh::ada() else { return };
    ssh.key("p256", &["-t", "ecdsa", "-b", "256"]);
    let by = |key: &'static str| {
        let ssh = &ssh;
        move |_: &str, bytes: &[u8]| ssh.sign(key, "file", &[], bytes).into_bytes()
    };
    let of = |key: &'static str| signed("sshsig", &format!("{}\n", ssh.public(key)), by(key));
    assert_signed(
        "ssh-keygen",
        &[(bench(&of("ada")), sidecars("sshsig")), (bench(&of("p256")), vec![format!("{CRATE}.sshsig")])],
    );
}

#[test]
fn no_byte_of_a_release_signed_with_old_cosign_can_be_changed_save_those_that_nothing_signs() {
    let stage = Stage::set(&Release::good());
    let signer = Signer::Keyless(workflow(&stage));
    let options = BundleOptions::new(Version::V01, Logged::RekorV1);
    let bundle = Sigstore::new(SEED).bundle(&Content::file(&stage.read(CRATE)), &signer, &options);
    let name = format!("{CRATE}.bundle");
    stage.withdraw(&format!("{CRATE}.sigstore.json"));
    stage.publish(&name, legacy(&bundle).to_string().as_bytes());
    let bench = Bench::of_stage(&stage, |name| name.starts_with(CRATE), &["provenance", "checksums"]);
    assert_signed("cosign", &[(bench, vec![name])]);
}
