//! Documents that are nothing but nesting, references or armor: read on a small stack, each is refused, and none is followed
//! down (RUSTSEC-2024-0012, RUSTSEC-2018-0006, CVE-2022-24675).

use std::collections::BTreeMap;

use relcheck::advisories::cargo_lock;
use relcheck::facts::checksum_file::ChecksumFile;
use relcheck::facts::manifest;
use relcheck::json;
use relcheck::policy::Policy;
use relcheck::security_policy;
use relcheck::trust::{Key, KeyOptions, Origin, SigstoreRoot};

/// How deep.
const DEEP: usize = 100_000;
/// The stack of a thread on the smallest machine.
const STACK: usize = 1 << 20;

/// On a stack of that size. A thread that overflows it ends the program, and with it the test.
fn on_a_small_stack<T: Send + 'static>(what: impl FnOnce() -> T + Send + 'static) -> T {
    std::thread::Builder::new().stack_size(STACK).spawn(what).unwrap().join().unwrap()
}

/// The same thing nested in every way that JSON, TOML and YAML have.
fn documents() -> Vec<(&'static str, String)> {
    vec![
        ("lists", format!("{}{}", "[".repeat(DEEP), "]".repeat(DEEP))),
        ("open lists", "[".repeat(DEEP)),
        ("objects", format!("{}1{}", "{\"a\":".repeat(DEEP), "}".repeat(DEEP))),
        ("lists of TOML", format!("a = {}{}", "[".repeat(DEEP), "]".repeat(DEEP))),
        ("tables of TOML", format!("a = {}1{}", "{a = ".repeat(DEEP), "}".repeat(DEEP))),
        ("dotted keys", format!("a{} = 1", ".a".repeat(DEEP))),
        ("a dotted table", format!("[a{}]", ".a".repeat(DEEP))),
        (
            "aliases of YAML",
            format!("a: &a [x]\nb: &b [{0}*a]\nc: [{1}*b]\n", "*a,".repeat(99), "*b,".repeat(99)),
        ),
        ("lists of YAML", "- ".repeat(DEEP)),
        ("elements", "<bom>".repeat(DEEP)),
    ]
}

#[test]
fn no_reader_follows_a_document_down() {
    for (what, text) in documents() {
        on_a_small_stack(move || {
            let bytes = text.as_bytes();
            assert!(Policy::parse("p.toml", &text).is_err(), "policy: {what}");
            assert!(json::parse(bytes, json::Limits::bytes(bytes.len())).is_err(), "JSON: {what}");
            assert!(cargo_lock::parse(bytes).is_err(), "lock file: {what}");
            assert!(SigstoreRoot::parse("r", Origin::File, bytes).is_err(), "trusted root: {what}");
            assert!(ChecksumFile::parse("SHA256SUMS", bytes).is_err(), "checksum file: {what}");
            assert!(Key::parse("k", bytes, KeyOptions::default()).is_err(), "key: {what}");
            for name in ["Cargo.toml", "pyproject.toml", "package.json"] {
                let files = BTreeMap::from([(name.to_owned(), bytes.to_vec())]);
                let declared = manifest::declared_versions(&files);
                assert!(declared.iter().all(|it| it.version.is_err()), "{name}: {what}: {declared:?}");
            }
            // It is text, whatever it says: what is read of it promises nothing.
            drop(security_policy::read("SECURITY.md", bytes));
        });
    }
}

#[test]
fn armor_without_end_is_refused() {
    let line = "-----BEGIN PUBLIC KEY-----\n";
    let cases = [
        ("begins", line.repeat(20_000)),
        ("dashes", "-".repeat(1 << 20)),
        ("no end", format!("{line}{}", "AAAA\n".repeat(200_000))),
        ("headers", format!("-----BEGIN PGP PUBLIC KEY BLOCK-----\n{}", "A: b\n".repeat(200_000))),
        ("OpenSSH", format!("-----BEGIN SSH SIGNATURE-----\n{}", "AAAA\n".repeat(200_000))),
        ("DER that nests", format!("{line}{}\n-----END PUBLIC KEY-----\n", "MIAw".repeat(200_000))),
    ];
    for (what, text) in cases {
        on_a_small_stack(move || {
            assert!(Key::parse("k", text.as_bytes(), KeyOptions::default()).is_err(), "{what}");
            assert!(Key::from_pem("k", &text).is_err(), "{what}");
        });
    }
}
