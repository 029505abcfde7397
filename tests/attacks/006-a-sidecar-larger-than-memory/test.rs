//! A sidecar that does not fit into memory.

use std::fs::File;
use std::process::Command;

use crate::kit::release::Release;
use crate::stage::{LINUX, Stage, outcome, said};

const BUNDLE: &str = "widget-1.2.3-x86_64-unknown-linux-gnu.tar.gz.sigstore.json";

fn with_sidecar_of(bytes: u64) -> Stage {
    let stage = Stage::set(&Release::good());
    File::create(stage.written.published().join(BUNDLE)).unwrap().set_len(bytes).unwrap();
    stage
}

#[test]
fn a_sidecar_over_the_limit_is_not_read() {
    let report = with_sidecar_of((10 << 20) + 1).judge();
    assert_eq!(outcome(&report), "undetermined: signatures/unreadable undetermined");
    assert!(said(&report, "signatures/unreadable")[0].contains("over the limit"));
    let report = with_sidecar_of(10 << 20).judge();
    assert_eq!(outcome(&report), "rejected: signatures/invalid fail", "one at the limit is read");
    assert!(said(&report, "signatures/invalid")[0].starts_with(LINUX));
}

#[test]
fn a_sidecar_larger_than_the_memory_that_there_is_is_decided() {
    let stage = with_sidecar_of(700 << 20);
    let relcheck = |limit: u32| {
        let mut command = Command::new("sh");
        command
            .arg("-c")
            .arg(format!("ulimit -v {limit}; exec \"$0\" \"$@\""))
            .arg(env!("CARGO_BIN_EXE_relcheck"));
        command.args(["verify", "--as-of", "2026-01-06T00:00:00Z", "--format", "json"]);
        command.args(stage.written.arguments()).args(["--", "v1.2.3"]);
        command.output().unwrap()
    };
    // Addresses, in KiB: most of them are stacks of threads and files mapped, and are never filled.
    let output = relcheck(500 << 10);
    let said = String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(3), "{said}{}", String::from_utf8_lossy(&output.stderr));
    assert!(said.contains("signatures/unreadable"), "{said}");
}
