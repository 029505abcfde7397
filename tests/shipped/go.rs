//! Programs of the Go toolchain, for every sort of file that it writes.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use relcheck::inside::{ListKind, go::BuildInfo};
use tempfile::TempDir;

use crate::{look, tool};

/// The toolchains at hand: the machine's own, and others named in `RELCHECK_GO`, separated by colons.
fn toolchains() -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = Vec::new();
    if tool::is_there("go", "version") {
        found.push("go".into());
    }
    if let Some(more) = std::env::var_os("RELCHECK_GO") {
        found.extend(std::env::split_paths(&more));
    }
    found
}

/// A module that needs another one, in whose place a folder stands; in a repository, with nothing that is not committed.
fn module() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let write = |path: &str, text: &str| {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    write(
        "go.mod",
        "module example.com/widget\n\ngo 1.18\n\nrequire example.com/part v1.2.3\n\nreplace example.com/part => ./part\n",
    );
    write("main.go", "package main\n\nimport \"example.com/part\"\n\nfunc main() { println(part.Name()) }\n");
    write("part/go.mod", "module example.com/part\n\ngo 1.18\n");
    write("part/part.go", "package part\n\nfunc Name() string { return \"part\" }\n");
    let git = |arguments: &[&str]| {
        let mut git = Command::new("git");
        git.current_dir(folder.path()).args(["-c", "user.name=t", "-c", "user.email=t@example.com"]);
        tool::output(git.args(["-c", "commit.gpgsign=false"]).args(arguments), b"")
    };
    git(&["init", "-q"]);
    git(&["add", "."]);
    git(&["commit", "-q", "-m", "one"]);
    folder
}

/// Builds it, somewhere else.
fn build(go: &Path, module: &Path, into: &Path, os: &str, arch: &str, flags: &[&str]) {
    let mut command = Command::new(go);
    command.current_dir(module).args(["build", "-o"]).arg(into).args(flags).arg(".");
    command.env("GOOS", os).env("GOARCH", arch).env("CGO_ENABLED", "0").env("GOFLAGS", "-mod=mod");
    command.env("GOPROXY", "off").env("GOTOOLCHAIN", "local").env("GOWORK", "off");
    command.env("GOCACHE", std::env::temp_dir().join("relcheck-go-cache"));
    tool::output(&mut command, b"");
}

/// `go version -m` of a program: its lines, without the path and the indentation.
fn oracle(go: &Path, program: &Path) -> String {
    let mut command = Command::new(go);
    let said = tool::output(command.args(["version", "-m"]).arg(program), b"");
    let said = String::from_utf8(said).unwrap();
    let said = said.strip_prefix(program.to_str().unwrap()).unwrap().strip_prefix(": ").unwrap();
    said.replace("\n\t", "\n")
}

#[test]
fn programs_for_every_system_are_read_as_go_version_reads_them() {
    let module = module();
    let out = tempfile::tempdir().unwrap();
    let program = out.path().join("widget");
    let mut read = 0;
    for go in toolchains() {
        // ELF of 64 and 32 bits in both byte orders, PE and Mach-O. Each takes a while: its runtime is built first.
        for (os, arch) in [("linux", "amd64"), ("linux", "mips"), ("windows", "386"), ("darwin", "arm64")] {
            let stripped: &[&str] =
                if os == "linux" { &["-trimpath", "-ldflags=-s -w"] } else { &["-ldflags=-s -w"] };
            for flags in [&[][..], stripped] {
                build(&go, module.path(), &program, os, arch, flags);
                let contents = look(&fs::read(&program).unwrap());
                let [list] = contents.lists.as_slice() else { panic!("{os} {arch} {flags:?}: {contents:?}") };
                assert_eq!(list.kind, ListKind::Go);
                let said = String::from_utf8(list.bytes.clone()).unwrap();
                assert_eq!(said, oracle(&go, &program), "{os} {arch} {flags:?}");
                let info = BuildInfo::parse(&list.bytes).unwrap();
                assert_eq!(info.setting("GOOS"), Some(os));
                assert_eq!(info.setting("vcs.modified"), Some("false"));
                assert_eq!(info.setting("-trimpath"), flags.contains(&"-trimpath").then_some("true"));
                assert_eq!(info.main.as_ref().unwrap().path, "example.com/widget");
                let [part] = info.modules.as_slice() else { panic!("{info:?}") };
                assert_eq!((part.path.as_str(), part.version.as_str()), ("example.com/part", "v1.2.3"));
                assert_eq!(part.built().path, "./part");
                read += 1;
            }
        }
    }
    eprintln!("go: {read} programs read as `go version -m` reads them");
}

#[test]
fn a_program_that_is_cut_short_or_changed_is_never_read_as_another_one() {
    let Some(go) = toolchains().into_iter().next() else { return };
    let module = module();
    let out = tempfile::tempdir().unwrap();
    let program = out.path().join("widget");
    build(&go, module.path(), &program, "linux", "amd64", &["-ldflags=-s -w"]);
    let whole = fs::read(&program).unwrap();
    let list = look(&whole).lists[0].clone();
    for eighth in 0..8 {
        let cut = &whole[..whole.len() * eighth / 8];
        for found in look(cut).lists {
            assert_eq!(found, list, "cut at {eighth}/8");
        }
    }
    // Whoever reads no list of modules behind this says that the program has none.
    let mut unframed = whole.clone();
    let end = b"\n\xf92C1\x86\x18 r\x00\x82B\x10A\x16\xd8\xf2";
    let frames: Vec<_> = (0..whole.len() - end.len()).filter(|at| whole[*at..].starts_with(end)).collect();
    frames.iter().for_each(|at| unframed[*at] = b' ');
    let contents = look(&unframed);
    let why: Vec<_> = contents.unread.iter().map(|it| it.why.as_str()).collect();
    assert_eq!((contents.lists, why), (vec![], vec!["its build information is cut short"]));
    // The first four KiB hold every header.
    for at in 0..4096.min(whole.len()) {
        let mut changed = whole.clone();
        changed[at] ^= 0xff;
        for found in look(&changed).lists {
            assert_eq!(found, list, "byte {at}");
        }
    }
}

#[test]
fn a_program_of_another_toolchain_has_no_list() {
    let contents = look(&fs::read(std::env::current_exe().unwrap()).unwrap());
    assert_eq!((contents.lists.len(), contents.silent, contents.unread.len()), (0, vec![String::new()], 0));
}
