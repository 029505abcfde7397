//! Go: the files' grammar, selection over the modules of a repository, the standard library.

use super::{covered, not_covered, own, read};
use crate::advisories::{
    lock::Lock,
    locks::{
        Fault, LockError,
        go::{self, Target, parse},
        tree::{self, File, Files},
    },
};
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

/// A tree of files.
pub(super) fn tree_of<'t>(files: &[(&'t str, &'t str)]) -> Files<'t> {
    // A manifest that is read as one stays among the files, as in the tree of a tag.
    let is_manifest = |path: &str| path.ends_with("package.json");
    let is_of_builds = |path: &str| go::is_script(path) && !is_manifest(path) || go::may_stand_in(path);
    let (builds, files) =
        files.iter().map(|(path, text)| (*path, file(text))).partition(|(path, _)| is_of_builds(path));
    Files { files, builds: Ok(builds), modules: BTreeMap::new() }
}

fn file(text: &str) -> File<'_> {
    File { sha256: None, bytes: Ok(text.as_bytes()) }
}

/// One lock file of a tree.
pub(super) fn lock_at(files: &[(&str, &str)], path: &str) -> Lock {
    let found = tree::locks(&tree_of(files), "v1.0.0");
    Lock::clone(found.into_iter().find(|it| it.path == path).unwrap().lock.as_ref().unwrap())
}

#[test]
fn every_directive_is_read_and_an_unknown_one_refused() {
    let file = parse(
        "// Deprecated: no\nmodule \"example.com/m\" // here\n\ngo 1.26.0\ntoolchain go1.26.3\ngodebug default=go1.21\n\
         require (\n\ta.example/x v1.0.0 // indirect\n\n\t// a comment\n\t`a.example/y` v2.0.0+incompatible\n)\n\
         require a.example/z v0.0.0-20200101000000-0123456789ab\nexclude a.example/x v1.2.0\n\
         replace (\n\ta.example/x v1.0.0 => ../x\n\ta.example/y => b.example/y v2.1.0\n)\n\
         retract [v1.0.0, v1.1.0] // wrong\nretract v1.2.0\ntool a.example/x/cmd\nignore ./node\n",
    )
    .unwrap();
    assert_eq!((file.module.as_str(), file.go.as_deref()), ("example.com/m", Some("1.26.0")));
    assert_eq!(file.toolchain.as_deref(), Some("go1.26.3"));
    let required: Vec<_> =
        file.require.iter().map(|it| (it.path.as_str(), it.version.as_str(), it.is_indirect)).collect();
    assert_eq!(
        required,
        [
            ("a.example/x", "v1.0.0", true),
            ("a.example/y", "v2.0.0+incompatible", false),
            ("a.example/z", "v0.0.0-20200101000000-0123456789ab", false),
        ]
    );
    assert_eq!(file.replace[0].with, Target::Folder("../x".to_owned()));
    assert_eq!(file.replace[0].version.as_deref(), Some("v1.0.0"));
    assert_eq!(file.exclude, [("a.example/x".to_owned(), "v1.2.0".to_owned())]);
    for (wrong, line) in [
        ("module m\nrequire a.example/x\n", 2),
        ("module m\nmodule n\n", 2),
        ("module m\ngo 1.1\ngo 1.2\n", 3),
        ("module m\nunheard of\n", 2),
        ("module m\nreplace a => b\n", 2),
        ("module m\nrequire \"a v1.0.0\n", 2),
        ("module m\n)\n", 2),
        ("module m\nrequire (\nrequire (\n", 3),
        ("module m\n<<<<<<< HEAD\n", 2),
    ] {
        assert!(
            matches!(parse(wrong), Err(Fault::Line { line: at, .. }) if at == line),
            "{wrong}: {:?}",
            parse(wrong)
        );
    }
    assert_eq!(parse("go 1.26\n"), Err(Fault::CutOff("the module line")));
    assert_eq!(parse("module m\nrequire (\n"), Err(Fault::CutOff("the ) that ends a block")));
    let twice = "module m\nreplace a => ./b\nreplace a => ./c\n";
    assert_eq!(parse(twice), Err(Fault::Duplicate("a replacement of a".to_owned())));
}

#[test]
fn a_go_mod_cut_off_anywhere_is_refused_or_lists_no_other_version() {
    let text = "module example.com/m\n\ngo 1.26.0\n\nrequire (\n\ta.example/x v1.0.0\n\tb.example/y v1.2.3 // indirect\n)\n";
    let whole = covered(&read("go.mod", text).unwrap());
    let mut refused = 0;
    for end in 0..text.len() {
        match read("go.mod", &text[..end]) {
            Err(LockError::File { .. }) => refused += 1,
            Err(other) => panic!("{other}"),
            Ok(lock) => assert!(covered(&lock).iter().all(|row| whole.contains(row)), "{end}"),
        }
    }
    assert!(refused > 60, "{refused}");
}

const ROOT: &str = "module example.com/p\ngo 1.26\nrequire (\n\ta.example/x v1.0.0\n\texample.com/p/lib v0.0.0\n)\n\
                    replace example.com/p/lib => ./lib\n";

#[test]
fn a_local_replacement_raises_what_its_own_go_mod_requires() {
    let lib = "module example.com/p/lib\ngo 1.26\nrequire a.example/x v1.10.0\nrequire b.example/y v1.0.0\n";
    let lock = lock_at(&[("go.mod", ROOT), ("lib/go.mod", lib)], "go.mod");
    assert_eq!(covered(&lock), ["a.example/x v1.10.0", "b.example/y v1.0.0"]);
    assert_eq!(own(&lock), ["example.com/p", "example.com/p/lib"]);
    assert_eq!(not_covered(&lock), Vec::<String>::new());
}

#[test]
fn the_order_of_versions_is_that_of_go() {
    for (low, high) in [
        ("v1.9.0", "v1.10.0"),
        ("v1.0.0-rc.1", "v1.0.0"),
        ("v0.0.0-20200101000000-0123456789ab", "v0.0.0-20210101000000-000000000000"),
        ("v1.5.0", "v2.0.0+incompatible"),
    ] {
        for (own, lifted) in [(low, high), (high, low)] {
            let root = ROOT.replace("v1.0.0", own);
            let lib = format!("module example.com/p/lib\nrequire a.example/x {lifted}\n");
            let lock = lock_at(&[("go.mod", &root), ("lib/go.mod", &lib)], "go.mod");
            assert_eq!(covered(&lock), [format!("a.example/x {high}")]);
        }
    }
}

#[test]
fn a_folder_that_is_not_there_outside_unreadable_or_a_copy_is_not_covered() {
    let why = |files: &[(&str, &str)]| not_covered(&lock_at(files, "go.mod"));
    let lib = "example.com/p/lib v0.0.0: replaced by the folder";
    assert_eq!(why(&[("go.mod", ROOT)]), [format!("{lib} lib, which has no go.mod at the tag")]);
    let outside = ROOT.replace("./lib", "../lib");
    assert_eq!(why(&[("go.mod", &outside)]), [format!("{lib} ../lib, outside of the repository")]);
    let unreadable = why(&[("go.mod", ROOT), ("lib/go.mod", "modul x\n")]);
    assert_eq!(unreadable, [format!("{lib} lib, whose go.mod cannot be read")]);
    let copy = "module example.com/p\nrequire a.example/x v1.0.0\nreplace a.example/x => ./third/x\n";
    assert_eq!(
        why(&[("go.mod", copy), ("third/x/go.mod", "module a.example/x\n")]),
        ["a.example/x v1.0.0: replaced by the folder third/x, a copy of a module from elsewhere"]
    );
}

#[test]
fn a_copy_that_calls_itself_a_part_of_the_repository_is_a_copy() {
    let root = "module github.com/acme/widget\nrequire golang.org/x/net v0.1.0\nreplace golang.org/x/net => ./lib/net\n";
    let copy = "module github.com/acme/widget/lib/net\n";
    let said = |folder: &str, why: &str| {
        [format!("golang.org/x/net v0.1.0: replaced by the folder {folder}, {why}")]
    };
    let why = "a copy of a module from elsewhere";
    let lock = lock_at(&[("go.mod", root), ("lib/net/go.mod", copy)], "go.mod");
    assert_eq!(not_covered(&lock), said("lib/net", why));
    assert_eq!(own(&lock), ["github.com/acme/widget"]);
    // Without a module at the root, copies are no majority for those that are built from them.
    let server = "module github.com/acme/widget/srv\nrequire golang.org/x/net v0.1.0\nreplace golang.org/x/net => ../net\n";
    let files = [
        ("srv/go.mod", server),
        ("net/go.mod", "module golang.org/x/net\n"),
        ("text/go.mod", "module golang.org/x/text\n"),
    ];
    let lock = lock_at(&files, "srv/go.mod");
    assert_eq!(not_covered(&lock), said("net", why));
    assert_eq!(own(&lock), ["github.com/acme/widget/srv"]);
    // What stands among copies is one, whatever its path.
    let lib = ROOT.replace("example.com/p/lib", "example.com/p/vendor/lib").replace("./lib", "./vendor/lib");
    let lock =
        lock_at(&[("go.mod", &lib), ("vendor/lib/go.mod", "module example.com/p/vendor/lib\n")], "go.mod");
    assert_eq!(own(&lock), ["example.com/p"]);
    let work = [
        ("go.work", "go 1.26\nuse (\n\t.\n\t./third_party/net\n)\n"),
        ("go.mod", "module example.com/p\ngo 1.26\nrequire a.example/x v1.0.0\n"),
        ("third_party/net/go.mod", "module golang.org/x/net\ngo 1.26\nrequire a.example/x v1.2.0\n"),
    ];
    let lock = lock_at(&work, "go.work");
    assert_eq!(
        not_covered(&lock),
        [format!("./third_party/net : the workspace uses the folder ./third_party/net, {why}")]
    );
    assert_eq!(covered(&lock), ["a.example/x v1.2.0"]);
}

#[test]
fn replacements_by_modules_exclusions_and_branches_are_obeyed() {
    let file = "module example.com/p\ngo 1.26\nrequire (\n\ta.example/x v1.0.0\n\tb.example/y v1.0.0\n\tc.example/z main\n\
                \td.example/e v1.0.0\n\td.example/e v1.5.0\n)\nexclude d.example/e v1.5.0\n\
                replace a.example/x => f.example/x v1.0.1\nreplace b.example/y v1.1.0 => f.example/y v1.1.1\n";
    let lock = lock_at(&[("go.mod", file)], "go.mod");
    assert_eq!(covered(&lock), ["b.example/y v1.0.0", "d.example/e v1.0.0", "f.example/x v1.0.1"]);
    assert_eq!(not_covered(&lock), ["c.example/z : no version is selected; asked for: main"]);
}

#[test]
fn replacements_and_exclusions_of_others_than_the_main_module_say_nothing() {
    let lib = "module example.com/p/lib\ngo 1.26\nrequire a.example/x v1.10.0\nexclude a.example/x v1.10.0\n\
               replace a.example/x => f.example/x v9.0.0\n";
    let lock = lock_at(&[("go.mod", ROOT), ("lib/go.mod", lib)], "go.mod");
    assert_eq!(covered(&lock), ["a.example/x v1.10.0"]);
}

#[test]
fn a_workspace_selects_over_all_its_modules_and_names_what_it_cannot_read() {
    let files = [
        ("go.work", "go 1.26\nuse (\n\t.\n\t./lib\n\t./gone\n)\nreplace b.example/y => f.example/y v3.0.0\n"),
        (
            "go.mod",
            "module example.com/p\ngo 1.26\nrequire a.example/x v1.0.0\nrequire example.com/p/lib v0.9.0\n",
        ),
        (
            "lib/go.mod",
            "module example.com/p/lib\ngo 1.26\nrequire a.example/x v1.2.0\nrequire b.example/y v1.0.0\n",
        ),
    ];
    let lock = lock_at(&files, "go.work");
    assert_eq!(covered(&lock), ["a.example/x v1.2.0", "f.example/y v3.0.0"]);
    assert_eq!(own(&lock), ["example.com/p", "example.com/p/lib"]);
    assert_eq!(
        not_covered(&lock),
        ["./gone : the workspace uses the folder ./gone, whose go.mod cannot be read"]
    );
}

#[test]
fn a_sibling_at_a_tag_of_its_own_raises_what_its_go_mod_there_requires() {
    let root =
        "module example.com/p/srv\ngo 1.26\nrequire a.example/x v1.0.0\nrequire example.com/p/lib v1.5.0\n";
    let mut tree = tree_of(&[
        ("srv/go.mod", root),
        ("lib/go.mod", "module example.com/p/lib\ngo 1.26\nrequire a.example/x v1.9.0\n"),
    ]);
    let selected = |tree: &Files<'_>, path: &str| {
        let found = tree::locks(tree, "srv/v1.5.0").into_iter().find(|it| it.path == path);
        found.map(|it| covered(&it.lock.unwrap()))
    };
    let without = ["a.example/x v1.0.0", "example.com/p/lib v1.5.0"].map(str::to_owned).to_vec();
    assert_eq!(selected(&tree, "srv/go.mod"), Some(without), "what no tag says is as every other module");
    tree.modules
        .insert("lib/v1.5.0", file("module example.com/p/lib\ngo 1.26\nrequire a.example/x v1.2.0\n"));
    let with = ["a.example/x v1.2.0", "example.com/p/lib v1.5.0"].map(str::to_owned).to_vec();
    assert_eq!(selected(&tree, "srv/go.mod"), Some(with));
    let unread = File { sha256: None, bytes: Err("it is too large") };
    tree.modules.insert("lib/v1.5.0", unread);
    let found = tree::locks(&tree, "srv/v1.5.0").into_iter().find(|it| it.path == "srv/go.mod");
    assert_eq!(
        not_covered(&found.unwrap().lock.unwrap()),
        ["lib/v1.5.0 : the go.mod at this tag of a module cannot be read: it is too large"]
    );
    tree.modules
        .insert("lib/v1.5.0", file("module example.com/p/lib\ngo 1.26\nrequire a.example/x v1.2.0\n"));
    tree.modules.insert("srv/v1.5.0", file(root));
    assert_eq!(selected(&tree, "go.mod at srv/v1.5.0"), None, "the same is not said twice");
    let newer = root.replace("a.example/x v1.0.0", "a.example/x v1.3.0");
    tree.modules.insert("srv/v1.5.0", file(&newer));
    let published = ["a.example/x v1.3.0", "example.com/p/lib v1.5.0"].map(str::to_owned).to_vec();
    assert_eq!(selected(&tree, "go.mod at srv/v1.5.0"), Some(published));
}

#[test]
fn a_folder_in_the_place_of_a_sibling_is_the_sibling_as_it_was_released_with_the_module() {
    let lib = |x: &str| format!("module example.com/p/lib\nrequire a.example/x {x}\n");
    let root = "module example.com/p/srv\nrequire a.example/x v1.0.0\nrequire example.com/p/lib v1.2.0\n";
    let replaced = format!("{root}replace example.com/p/lib => ../lib\n");
    let at_tag = lib("v1.9.0");
    let mut tree = tree_of(&[("srv/go.mod", root), ("lib/go.mod", at_tag.as_str())]);
    let (old, beside) = (lib("v1.1.0"), lib("v1.7.0"));
    tree.modules.insert("lib/v1.2.0", file(&old));
    tree.modules.insert("srv/v1.5.0", file(&replaced));
    let selected = |tree: &Files<'_>| {
        let found = tree::locks(tree, "srv/v1.5.0").into_iter().find(|it| it.path == "go.mod at srv/v1.5.0");
        found.map(|it| covered(&it.lock.unwrap()))
    };
    // Nothing was released beside it: those who depend on it get what it requires, which is said already.
    assert_eq!(selected(&tree), None);
    tree.modules.insert("lib/v1.5.0", file(&beside));
    let with = ["a.example/x v1.7.0", "example.com/p/lib v1.2.0"].map(str::to_owned).to_vec();
    assert_eq!(selected(&tree), Some(with));
    // A replacement by another module is no sibling of the release.
    let elsewhere = format!("{root}replace example.com/p/lib => other.example/lib v1.0.0\n");
    tree.modules.insert("srv/v1.5.0", file(&elsewhere));
    assert_eq!(selected(&tree), None);
}

#[test]
fn a_go_mod_by_itself_says_what_it_cannot_know() {
    let lock = read("go.mod", ROOT).unwrap();
    assert_eq!(covered(&lock), ["a.example/x v1.0.0"]);
    assert_eq!(not_covered(&lock).len(), 2);
}

/// The files of a folder, by path below it.
fn folder(root: &Path, at: &Path, files: &mut BTreeMap<String, Vec<u8>>) {
    for entry in fs::read_dir(at).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            folder(root, &path, files);
        } else {
            let name = path.strip_prefix(root).unwrap().to_str().unwrap().to_owned();
            files.insert(name, fs::read(&path).unwrap());
        }
    }
}

/// What the modules of a monorepo select was held against an independent selection over the same files (1 697 rows, no
/// difference); the sums that it gave are kept here.
#[test]
fn a_monorepo_of_21_modules_selects_what_a_build_of_its_tag_selects() {
    let root = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/data/seeds/PromptKit/v1.5.11"));
    if !root.is_dir() {
        assert!(std::env::var_os("CI").is_none(), "the shared data is not here");
        eprintln!("SKIPPED: the shared data is not here");
        return;
    }
    let mut bytes = BTreeMap::new();
    folder(root, root, &mut bytes);
    let files = bytes.iter().map(|(path, bytes)| (path.as_str(), File { sha256: None, bytes: Ok(bytes) }));
    let tree = Files { files: files.collect(), modules: BTreeMap::new(), builds: Ok(BTreeMap::new()) };
    let mut required = 0;
    for seen in tree.files.iter().filter(|(path, _)| path.ends_with("go.mod")).map(|(_, seen)| seen) {
        required += tree::go_mod(seen.bytes.unwrap()).unwrap().require.len();
    }
    assert_eq!(required, 1320);
    let locks = tree::locks(&tree, "v1.5.11");
    let rows = |wanted: &dyn Fn(&str) -> bool| -> Vec<String> {
        let chosen = locks.iter().filter(|it| wanted(&it.path));
        chosen.flat_map(|it| covered(it.lock.as_ref().unwrap())).collect()
    };
    let (of_modules, of_workspace) =
        (rows(&|path| path.ends_with("go.mod")), rows(&|path| path == "go.work"));
    assert_eq!((of_modules.len(), of_workspace.len()), (1563, 134));
    assert!(of_modules.iter().any(|row| row == "google.golang.org/grpc v1.81.1"));
    let net: BTreeSet<&String> =
        of_modules.iter().filter(|row| row.starts_with("golang.org/x/net ")).collect();
    assert!(
        net.iter().all(|row| row.as_str() != "golang.org/x/net v0.55.0"),
        "a version that no build selects: {net:?}"
    );
    eprintln!(
        "{required} requirements, {} rows of modules, {} of the workspace",
        of_modules.len(),
        of_workspace.len()
    );
}
