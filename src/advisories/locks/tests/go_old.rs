//! Files of Go before 1.17, which list what is asked for directly alone.

use super::{covered, go::lock_at, not_covered, read};

const UNLISTED: &str = "and before Go 1.17 none lists what the modules that it requires need";

/// What nothing is known about, but for the standard library.
fn unknown(text: &str) -> Vec<String> {
    let rows = not_covered(&read("go.mod", text).unwrap());
    rows.into_iter().filter(|row| !row.starts_with("stdlib")).collect()
}

#[test]
fn a_go_mod_of_before_go_1_17_does_not_list_what_its_modules_need() {
    let file = |go: &str| format!("module example.com/p\n{go}require a.example/x v1.0.0\n");
    for (go, said) in [("go 1.16\n", "is of Go 1.16"), ("go 1.9\n", "is of Go 1.9"), ("", "has no go line")] {
        let why = format!("(what these need) : the go.mod of example.com/p {said}, {UNLISTED}");
        assert_eq!(unknown(&file(go)), [why], "{go}");
    }
    for go in ["1.17", "1.26", "1.21rc2", "1.21.0", "2.0"] {
        assert_eq!(unknown(&file(&format!("go {go}\n"))), Vec::<String>::new(), "{go}");
    }
    assert_eq!(unknown("module example.com/p\ngo 1.16\n"), Vec::<String>::new());
    assert_eq!(unknown("module example.com/p\n"), Vec::<String>::new());
}

#[test]
fn an_old_go_mod_that_requires_modules_of_the_repository_alone_is_as_whole_as_theirs() {
    let root = "module example.com/p\ngo 1.16\nrequire example.com/p/lib v0.0.0\nreplace example.com/p/lib => ./lib\n";
    let lib = |go: &str| format!("module example.com/p/lib\n{go}require a.example/x v1.0.0\n");
    let new = lock_at(&[("go.mod", root), ("lib/go.mod", &lib("go 1.17\n"))], "go.mod");
    assert_eq!((covered(&new), not_covered(&new)), (vec!["a.example/x v1.0.0".to_owned()], vec![]));
    let old = lock_at(&[("go.mod", root), ("lib/go.mod", &lib(""))], "go.mod");
    let why = format!("(what these need) : the go.mod of example.com/p/lib has no go line, {UNLISTED}");
    assert_eq!(not_covered(&old), [why]);
    let newer = root.replace("1.16", "1.17");
    let listed = lock_at(&[("go.mod", &newer), ("lib/go.mod", &lib(""))], "go.mod");
    assert_eq!(not_covered(&listed), Vec::<String>::new());
}
