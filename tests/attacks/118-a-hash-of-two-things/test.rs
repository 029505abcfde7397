//! Git objects whose bytes are not what their name says.

use std::fs::File;
use std::process::Command;

use crate::kit::release::Release;
use crate::stage::{Stage, outcome};

#[test]
fn sha1_is_computed_by_what_detects_its_known_collisions() {
    let lock = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.lock")).unwrap();
    let hash = lock.split("[[package]]").find(|package| package.contains("name = \"gix-hash\"")).unwrap();
    assert!(hash.contains("\"sha1dc\""), "{hash}");
}

/// A release in whose repository each object is a file.
fn loose(release: &Release) -> Stage {
    let stage = Stage::set(release);
    let repository = stage.written.repository();
    for entry in std::fs::read_dir(repository.join("objects/pack")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "pack") {
            let aside = stage.folder.path().join("aside.pack");
            std::fs::rename(&path, &aside).unwrap();
            let mut git = Command::new("git");
            git.arg("-C").arg(&repository).args(["unpack-objects", "-q"]).stdin(File::open(aside).unwrap());
            assert!(git.status().unwrap().success());
        }
        std::fs::remove_file(path.with_extension("idx")).unwrap_or_default();
    }
    stage
}

#[test]
fn an_object_whose_bytes_are_anothers_is_not_believed() {
    let stage = loose(&Release::good());
    assert_eq!(outcome(&stage.judge()), "verified");
    let objects = stage.written.repository().join("objects");
    let at = |commit: &str| objects.join(&commit[..2]).join(&commit[2..]);
    let commit = at(&stage.written.commit);
    let other = loose(&Release::of("v1.2.2"));
    let substitute = at(&other.written.commit);
    assert!(commit.is_file() && substitute.is_file(), "each object is a file");
    let bytes = std::fs::read(&substitute).unwrap();
    std::fs::remove_file(&commit).unwrap();
    std::fs::write(&commit, bytes).unwrap();
    match stage.try_gather() {
        Err(_) => {}
        Ok(_) => assert_ne!(outcome(&stage.judge()), "verified"),
    }
}
