//! Other people's data: real bundles, real provenance, real lock files, real projects, and the known answers.
//!
//! The data is not part of the project. Without it these tests say so and pass, except where `CI` is set.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::disallowed_methods,
    reason = "a test"
)]

#[path = "../cli/run.rs"]
mod run;

mod attestations;
mod claims;
mod conformance;
mod locks;
mod policies;
mod provenance;
mod seeds;

use std::path::{Path, PathBuf};

/// A path below the shared folder, when it is there.
fn shared(path: &str) -> Option<PathBuf> {
    let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../shared"));
    let found = folder.join(path);
    if found.exists() {
        return Some(found);
    }
    assert!(std::env::var_os("CI").is_none(), "{} is missing", found.display());
    eprintln!("SKIPPED: {} is not there", found.display());
    None
}

/// The entries of a folder, sorted.
fn entries(folder: &Path) -> Vec<PathBuf> {
    let mut all: Vec<PathBuf> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    all.sort();
    all
}

/// The last segment of a path.
fn name(path: &Path) -> &str {
    path.file_name().unwrap().to_str().unwrap()
}
