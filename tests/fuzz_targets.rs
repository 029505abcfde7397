//! The fuzz targets over their own seeds: each compiles with the library as it is, and what it asserts holds for every seed.
//!
//! Fuzzing itself needs another compiler and hours (docs/testing.md); without this, a target that no longer compiles would
//! go unseen until then.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::let_underscore_must_use,
    reason = "a test, and targets that drop what they got"
)]

// What the targets are written against, by the names that they use.
extern crate self as libfuzzer_sys;
extern crate self as relcheck_fuzz;

#[path = "../fuzz/src/lib.rs"]
mod shared;

use shared::{TRUST, frames, judge};
use std::{fs, path::Path};

macro_rules! targets {
    ($($name:ident = $path:literal),* $(,)?) => {
        $(
            #[path = $path]
            #[allow(unused_attributes, reason = "`no_main` means something to the fuzzer's own build alone")]
            mod $name;
        )*

        const TARGETS: &[(&str, fn(&[u8]))] = &[$((stringify!($name), $name::run)),*];
    };
}

targets! {
    advisories = "../fuzz/fuzz_targets/advisories.rs",
    bundle = "../fuzz/fuzz_targets/bundle.rs",
    checksum_file = "../fuzz/fuzz_targets/checksum_file.rs",
    git_remote = "../fuzz/fuzz_targets/git_remote.rs",
    inside = "../fuzz/fuzz_targets/inside.rs",
    key = "../fuzz/fuzz_targets/key.rs",
    lock = "../fuzz/fuzz_targets/lock.rs",
    minisign = "../fuzz/fuzz_targets/minisign.rs",
    openpgp = "../fuzz/fuzz_targets/openpgp.rs",
    policy = "../fuzz/fuzz_targets/policy.rs",
    raw = "../fuzz/fuzz_targets/raw.rs",
    security_policy = "../fuzz/fuzz_targets/security_policy.rs",
    signify = "../fuzz/fuzz_targets/signify.rs",
    ssh = "../fuzz/fuzz_targets/ssh.rs",
    statement = "../fuzz/fuzz_targets/statement.rs",
    tag_object = "../fuzz/fuzz_targets/tag_object.rs",
    trusted_root = "../fuzz/fuzz_targets/trusted_root.rs",
    version_cell = "../fuzz/fuzz_targets/version_cell.rs",
    workflow = "../fuzz/fuzz_targets/workflow.rs",
}

/// Stands in for the macro of libfuzzer: the target is a function. It comes after the targets, which import it by its path.
#[macro_export]
macro_rules! fuzz_target {
    (|$bytes:ident: &[u8]| $body:block) => {
        pub fn run($bytes: &[u8]) $body
    };
    (|$text:ident: &str| $body:block) => {
        pub fn run(bytes: &[u8]) {
            if let Ok($text) = std::str::from_utf8(bytes) $body
        }
    };
}

#[test]
fn every_target_is_here() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/fuzz_targets");
    let mut files: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path().file_stem().unwrap().to_str().unwrap().to_owned())
        .collect();
    files.sort();
    assert_eq!(files, TARGETS.iter().map(|(name, _)| *name).collect::<Vec<_>>());
}

#[test]
fn what_a_target_asserts_holds_for_every_seed_whole_and_cut_off() {
    let seeds = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/seeds");
    for (name, target) in TARGETS {
        let mut count = 0;
        for entry in fs::read_dir(seeds.join(name)).unwrap() {
            let bytes = fs::read(entry.unwrap().path()).unwrap();
            target(&bytes);
            target(&bytes[..bytes.len() / 2]);
            count += 1;
        }
        assert!(count > 0, "{name} has no seed");
    }
}
