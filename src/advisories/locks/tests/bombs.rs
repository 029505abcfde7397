//! Small files that would take much time or memory: each is refused, and the error names the limit.

use super::{go::tree_of, read};
use crate::advisories::locks::{Fault, LockError, tree};

fn fault(path: &str, text: &str) -> Fault {
    match read(path, text) {
        Err(LockError::File { fault, .. }) => fault,
        other => panic!("{path}: {:?}", other.map(|_| "read")),
    }
}

fn limit(path: &str, text: &str) -> String {
    match fault(path, text) {
        fault @ Fault::Limit { .. } => fault.to_string(),
        other => panic!("{path}: {other}"),
    }
}

#[test]
fn descriptors_and_dependencies_of_yarn_are_not_multiplied() {
    let many = |of: usize| {
        let names: Vec<String> = (0..of).map(|n| format!("a@{n}")).collect();
        let needs = "    a \"1\"\n".repeat(of);
        format!("# yarn lockfile v1\n{}:\n  version \"1.0.0\"\n  dependencies:\n{needs}", names.join(","))
    };
    assert_eq!(read("yarn.lock", &many(60_000)).unwrap().packages().len(), 60_000);
    assert_eq!(fault("yarn.lock", &many(100_001)), Fault::TooMany);
    assert!(Fault::TooMany.to_string().contains("200000"));
    let long =
        format!("# yarn lockfile v1\na@1:\n  version \"1.0.0\"\n  resolved \"{}\"\n", "a".repeat(5000));
    assert!(matches!(fault("yarn.lock", &long), Fault::Line { .. }));
}

#[test]
fn paths_and_steps_of_npm_are_counted() {
    let lock = |packages: &str| format!("{{\"lockfileVersion\":3,\"packages\":{{{packages}}}}}");
    let deep = format!("\"{}a\":{{\"version\":\"1.0.0\"}}", "node_modules/a/".repeat(40));
    let text = limit("package-lock.json", &lock(&deep));
    assert_eq!(text, "has more than 64 folders in the path of a package, which is the limit");
    let long = format!("\"{}\":{{}}", "a".repeat(1025));
    assert!(limit("package-lock.json", &lock(&long)).contains("1024 bytes in the path of a package"));
    let patterns: Vec<String> = (0..2000).map(|n| format!("\"p/*/x{n}\"")).collect();
    let folders: Vec<String> = (0..1001).map(|n| format!("\"p/q/y{n}\":{{}}")).collect();
    let both = format!("\"\":{{\"workspaces\":[{}]}},{}", patterns.join(","), folders.join(","));
    assert!(limit("package-lock.json", &lock(&both)).contains("2000000 places"));
    let needs: Vec<String> = (0..1000).map(|n| format!("\"z{n}\":\"1\"")).collect();
    let roots = (0..1000).map(|n| format!(",\"node_modules/z{n}\":{{\"version\":\"1.0.0\"}}"));
    let far = (0..50).map(|n| {
        format!(",\"{}y{n}\":{{\"name\":\"y\",\"dependencies\":{{{}}}}}", "x/".repeat(60), needs.join(","))
    });
    let all: String = std::iter::once("\"\":{}".to_owned()).chain(roots).chain(far).collect();
    assert!(limit("package-lock.json", &lock(&all)).contains("2000000 places"));
}

#[test]
fn remotes_of_a_gemfile_are_counted() {
    let remotes = "  remote: https://example.com/\n".repeat(33);
    let text = format!("GEM\n{remotes}  specs:\n    a (1.0)\n\nDEPENDENCIES\n  a\n");
    assert!(limit("Gemfile.lock", &text).contains("32 remotes of one source"));
    let text = format!("GEM\n  remote: {}\n  specs:\n", "a".repeat(3000));
    assert!(limit("Gemfile.lock", &text).contains("2048 bytes in the address"));
}

#[test]
fn what_a_document_takes_in_memory_is_limited_before_it_is_taken() {
    let toml = |what: &str| format!("version = 1\n{what}\n");
    for what in [
        toml(&format!("x=[{}]", "1,".repeat(2_100_000))),
        toml(&format!("x=[{}]", "{a=1},".repeat(110_000))),
        toml(&(0..120_000).map(|n| format!("[a{n}]\n")).collect::<String>()),
        toml(&(0..2000).map(|n| format!("a{n}{} = 1\n", ".c".repeat(70))).collect::<String>()),
        // A string of several lines hides nothing.
        toml(&format!("y = \"\"\"\n\"\"\"\nx=[{}]", "{a=1},".repeat(110_000))),
        toml(&format!("y = [\"\"\"\n\"\"\", {}]", "{a=1},".repeat(110_000))),
    ] {
        assert!(limit("uv.lock", &what).contains("201326592 bytes"));
    }
    for what in ["[],".repeat(3_200_000), "{\"\":1},".repeat(260_000), "0,".repeat(3_200_000)] {
        let text = format!("{{\"lockfileVersion\":3,\"packages\":{{}},\"x\":[{what}0]}}");
        assert!(limit("package-lock.json", &text).contains("201326592 bytes"));
    }
    let nodes = format!("lockfileVersion: '9.0'\nx: [{}a]\n", "a,".repeat(600_000));
    assert!(limit("pnpm-lock.yaml", &nodes).contains("600000 scalars, maps and lists"));
}

#[test]
fn options_without_end_on_one_line_are_refused() {
    let text = format!("a==1.0\n{}\n", "-r a ".repeat(3000));
    assert!(matches!(fault("requirements.txt", &text), Fault::Line { line: 2, .. }));
    let text = "-c a\n".repeat(200_010);
    let names = Fault::Limit { what: "names of other requirement files", limit: 1000 };
    assert_eq!(fault("requirements.txt", &text), names);
}

#[test]
fn marks_within_strings_do_not_count() {
    let text =
        format!("version = 1\nx = \"{}\"\ny = '{}'\n", "a.b,[{=\\\"".repeat(300_000), "\"{".repeat(300_000));
    assert_eq!(fault("uv.lock", &text), Fault::NoPackages);
}

#[test]
fn the_packages_of_all_lock_files_together_are_capped() {
    let of = |at: usize| {
        let rows: String = (0..150_000).map(|n| format!("g{at}:p{n}:1.0=c\n")).collect();
        format!("{rows}empty=\n")
    };
    let texts: Vec<(String, String)> = (0..3).map(|at| (format!("d{at}/gradle.lockfile"), of(at))).collect();
    let files: Vec<(&str, &str)> = texts.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let locks = tree::locks(&tree_of(&files), "v1.0.0");
    let read: Vec<bool> = locks.iter().map(|it| it.lock.is_ok()).collect();
    assert_eq!(read, [true, true, false]);
    let why = locks[2].lock.as_ref().unwrap_err();
    assert_eq!(
        why,
        "the lock files at the tag and what is published list more than 400000 packages together"
    );
}
