//! Names of files that lead out of a folder, or mean something else to a system.

use relcheck::release::ArtifactName;

use crate::stage::LINUX;
use crate::stand::{Stand, bytes_of};

const PATHS: [&str; 14] = [
    "",
    ".",
    "..",
    "../x",
    "a/b",
    "/etc/passwd",
    "a\\b",
    "C:\\x",
    "..\\x",
    "x\0y",
    "x\ny",
    "x\ry",
    "x\u{1b}[2J",
    "\u{202e}gz.rat",
];

#[test]
fn a_name_that_is_a_path_is_no_name() {
    for name in PATHS {
        assert!(ArtifactName::parse(name).is_none(), "{name:?}");
    }
    assert!(ArtifactName::parse(&"x".repeat(256)).is_none());
    assert!(ArtifactName::parse(&"x".repeat(255)).is_some());
    for name in ["CON", "aux.txt", "-rf", "a b", "x..y"] {
        assert_eq!(
            ArtifactName::parse(name).unwrap().as_str(),
            name,
            "a name like any other here: nothing is written"
        );
    }
}

#[test]
fn a_list_that_names_a_path_lists_nothing_that_is_published() {
    let stand = Stand::whole();
    let digest = crate::kit::keys::sha256_hex(&bytes_of(LINUX));
    for path in [
        format!("../{LINUX}"),
        format!("/{LINUX}"),
        format!("dist/../{LINUX}"),
        format!("dist//{LINUX}"),
        format!("..\\{LINUX}"),
    ] {
        let list = format!("{digest}  {path}\n");
        let report = stand.clone().publish("SHA256SUMS", list.as_bytes()).judge();
        let told = crate::stage::outcome(&report);
        assert!(
            told.contains("checksums/unlisted fail") || told.contains("checksums/unreadable undetermined"),
            "{path}: {told}"
        );
    }
}
