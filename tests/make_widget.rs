//! The example release in `examples/widget/`: it is what the kit makes, and `relcheck` verifies it.
//!
//! `RELCHECK_WRITE_WIDGET=examples/widget cargo test --test make_widget` writes it anew.
#![allow(clippy::unwrap_used, reason = "a test")]

mod kit;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use kit::release::write_example;
use relcheck::{advisories::database::Database, evidence::pack};

/// Every file below `root`, by its path.
fn contents(root: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut files = BTreeMap::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                files.insert(path.strip_prefix(root).unwrap().to_owned(), std::fs::read(&path).unwrap());
            }
        }
    }
    files
}

#[test]
fn the_example_is_the_same_bytes_every_time() {
    let (first, second) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    write_example(first.path());
    write_example(second.path());
    let (first, second) = (contents(first.path()), contents(second.path()));
    assert_eq!(first.keys().collect::<Vec<_>>(), second.keys().collect::<Vec<_>>());
    for (path, bytes) in &first {
        assert!(bytes == &second[path], "{} differs", path.display());
    }
    assert_eq!(first.len(), 23, "{:?}", first.keys());
}

/// Writes the example, with the evidence that `relcheck collect` gathers about it.
fn write_with_evidence(root: &Path) {
    for part in ["widget.git", "published", "advisories", "evidence"] {
        if root.join(part).exists() {
            std::fs::remove_dir_all(root.join(part)).unwrap();
        }
    }
    let written = write_example(root);
    let database = Database::open(&written.advisories()).unwrap();
    let now = jiff::Timestamp::from_second(kit::RELEASED_AT).unwrap();
    pack::save(&written.gather(&database, now), &root.join("evidence")).unwrap();
}

#[test]
fn the_example_in_the_project_is_what_the_kit_makes() {
    let fresh = tempfile::tempdir().unwrap();
    write_with_evidence(fresh.path());
    let fresh = contents(fresh.path());
    let kept = contents(&Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/widget"));
    // The names and bytes of git's packs depend on git's version; what is in them is in the evidence too.
    let comparable = |path: &&PathBuf| !path.components().any(|part| part.as_os_str() == "objects");
    let of = |files: &BTreeMap<PathBuf, Vec<u8>>| -> Vec<PathBuf> {
        files
            .keys()
            .filter(comparable)
            .filter(|path| path.file_name().unwrap() != "README.md")
            .cloned()
            .collect()
    };
    assert_eq!(of(&fresh), of(&kept));
    for path in of(&fresh) {
        assert!(fresh[&path] == kept[&path], "{} differs: write the example anew", path.display());
    }
}

#[test]
fn the_example_is_written_where_it_is_asked_for() {
    let Some(root) = std::env::var_os("RELCHECK_WRITE_WIDGET").map(PathBuf::from) else {
        eprintln!("SKIPPED: RELCHECK_WRITE_WIDGET names no folder to write the example to");
        return;
    };
    write_with_evidence(&root);
    assert!(root.join("evidence/manifest.json").is_file());
}
