//! Programs of `cargo auditable`.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use relcheck::inside::{
    ListKind,
    auditable::{self, From},
};

use crate::{look, tool};

/// Where `cargo-auditable` and `rust-audit-info` are: in the folder that `RELCHECK_AUDITABLE` names, as `.ci/run` does.
fn tools() -> Option<PathBuf> {
    let tools = std::env::var_os("RELCHECK_AUDITABLE").map(PathBuf::from);
    if tools.is_none() {
        eprintln!("SKIPPED: RELCHECK_AUDITABLE does not say where cargo-auditable is");
    }
    tools
}

/// A package with one dependency in a folder, built by `cargo auditable`.
fn build(tools: &Path, folder: &Path) -> PathBuf {
    let write = |path: &str, text: &str| {
        let path = folder.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    let package = |name: &str, rest: &str| {
        format!("[package]\nname = \"{name}\"\nversion = \"1.2.3\"\nedition = \"2021\"\n\n{rest}")
    };
    write("Cargo.toml", &package("widget", "[dependencies]\npart = { path = \"part\" }\n\n[workspace]\n"));
    write("src/main.rs", "fn main() {\n    part::name();\n}\n");
    write("part/Cargo.toml", &package("part", ""));
    write("part/src/lib.rs", "pub fn name() {}\n");
    let mut cargo = Command::new(tools.join("cargo-auditable"));
    cargo.current_dir(folder).args(["auditable", "build", "--offline"]);
    tool::output(cargo.env("CARGO_TARGET_DIR", folder.join("target")), b"");
    folder.join("target/debug/widget")
}

#[test]
fn a_program_of_cargo_auditable_is_read_as_rust_audit_info_reads_it() {
    let folder = tempfile::tempdir().unwrap();
    let Some(tools) = tools() else { return };
    let program = build(&tools, folder.path());
    let contents = look(&fs::read(&program).unwrap());
    let [list] = contents.lists.as_slice() else { panic!("{contents:?}") };
    assert_eq!((list.kind, list.member.as_str()), (ListKind::CargoAuditable, ""));
    let packages = auditable::parse(&list.bytes).unwrap();
    let shown: Vec<_> = packages.iter().map(|it| (it.name.as_str(), it.version.as_str(), it.from)).collect();
    assert_eq!(shown, [("part", "1.2.3", From::Path), ("widget", "1.2.3", From::Path)]);
    assert_eq!(
        packages.iter().filter(|it| it.is_root).map(|it| it.name.as_str()).collect::<Vec<_>>(),
        ["widget"]
    );
    let oracle = tool::output(Command::new(tools.join("rust-audit-info")).arg(&program), b"");
    let oracle: serde_json::Value = serde_json::from_slice(&oracle).unwrap();
    assert_eq!(serde_json::from_slice::<serde_json::Value>(&list.bytes).unwrap(), oracle);
}

#[test]
fn a_list_that_is_none_says_why() {
    for (text, problem) in [
        ("{", "unreadable"),
        ("{}", "no list of cargo auditable"),
        ("{\"packages\":[],\"packages\":[]}", "unreadable"),
        (
            "{\"packages\":[{\"name\":\"a\",\"version\":\"one\",\"source\":\"local\"}]}",
            "no list of cargo auditable",
        ),
    ] {
        let error = auditable::parse(text.as_bytes()).unwrap_err();
        assert!(error.contains(problem), "{text}: {error}");
    }
}
