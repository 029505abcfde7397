//! A threshold counts keys as different signers: one holder's are refused when the policy is read, however they are written.

use relcheck::{
    policy::Policy,
    trust::{Key, KeyOptions, TrustError},
};

use crate::{gpg::Gpg, ssh_maker::Ssh};

fn key(text: &str) -> Key {
    Key::parse("k", text.as_bytes(), KeyOptions::default()).unwrap()
}

fn policy(threshold: usize, keys: [&str; 2]) -> Result<(), TrustError> {
    let entry = |(at, key): (usize, &str)| {
        format!("[[rules.signatures.key]]\nname = \"key {at}\"\ntext = '''\n{key}'''\n")
    };
    let keys: String = keys.into_iter().enumerate().map(entry).collect();
    let text = format!("[rules.signatures]\nderive = false\nthreshold = {threshold}\n{keys}");
    Policy::parse("two.toml", &text).unwrap().keys().map(drop)
}

#[track_caller]
fn assert_one(keys: [&str; 2]) {
    for keys in [keys, [keys[1], keys[0]]] {
        let refused = policy(2, keys).unwrap_err();
        assert!(matches!(refused, TrustError::OneHolder { .. }), "{refused}");
        // Where no number is asked for, naming a key twice does no harm.
        policy(1, keys).unwrap();
    }
}

#[test]
fn two_exports_of_one_openpgp_certificate_are_one_holders() {
    let Some(gpg) = Gpg::new() else { return };
    let export = |key: &str| String::from_utf8(gpg.export(key)).unwrap();
    let own = gpg.key("20240101", "Release <r@example.com>", "ed25519", "sign,cert", "never");
    let older = export(&own);
    gpg.subkey("20250101", &own, "rsa3072", "sign", "never");
    let newer = export(&own);
    assert_ne!(older, newer);
    assert_one([&older, &newer]);
    assert_one([&newer, &format!("{newer}\n")]);
    let other = gpg.key("20240101", "Other <o@example.com>", "ed25519", "sign,cert", "never");
    policy(2, [&newer, &export(&other)]).unwrap();
}

#[test]
fn one_key_of_ssh_is_one_holders_in_pem_too() {
    let Some(ssh) = Ssh::new() else { return };
    ssh.key("other", &["-t", "rsa", "-b", "2048"]);
    for (name, kind) in [
        ("rsa", &["-t", "rsa", "-b", "2048"][..]),
        ("p256", &["-t", "ecdsa", "-b", "256"]),
        ("p384", &["-t", "ecdsa", "-b", "384"]),
    ] {
        ssh.key(name, kind);
        let line = ssh.line(name, "namespaces=\"file\"");
        let pem = ssh.run(&["-e", "-m", "PKCS8", "-f", &format!("{name}.pub")], b"");
        let pem = String::from_utf8(pem).unwrap();
        assert_one([&line, &pem]);
        assert_one([&line, &ssh.line(name, "namespaces=\"rel\"")]);
        policy(2, [&pem, &ssh.line("other", "")]).unwrap();
        assert_eq!(key(&pem).may_be_one_holder(&key(&ssh.line("other", ""))), None);
    }
}

#[test]
fn whoever_has_an_authority_may_have_any_key() {
    let Some(ssh) = Ssh::ada() else { return };
    ssh.key("ca", &["-t", "ed25519"]);
    assert_one([&ssh.line("ca", "cert-authority"), &ssh.line("ada", "")]);
}
