//! `relcheck security-policy`: corrected tables as a diff and in the file; and policies that were made to be hard to
//! read, given by hand or found in a repository, each with a clear outcome.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;

use tempfile::TempDir;

use crate::kit::repository::git;
use crate::run::{Ran, relcheck};

const STALE: &str = "# Security\n\n## Supported Versions\n\n| Version | Supported |\n| ------- | --------- |\n| 1.x     | yes       |\n| < 1.0   | no        |\n\nMail us.  \n";
const TAGS: &str = "v2.0.1\nv1.4.0\nv0.9.0\n";

fn folder() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("tags"), TAGS).unwrap();
    folder
}

fn fix(folder: &TempDir, further: &[&str]) -> Ran {
    let arguments = ["security-policy", "SECURITY.md", "--tags", "tags", "--fix"];
    relcheck(folder.path(), arguments.iter().chain(further))
}

// --- --fix ---

#[test]
fn the_corrected_table_is_a_diff_that_git_applies_and_the_file_is_not_touched() {
    let folder = folder();
    let file = folder.path().join("SECURITY.md");
    fs::write(&file, STALE).unwrap();
    let ran = fix(&folder, &[]).expect(
        "a diff",
        1,
        &[
            "\"2.x\" is added as supported, since v2.0.1 is published",
            "does not agree with the tags",
            "--write",
        ],
    );
    assert_eq!(
        ran.out(),
        "--- a/SECURITY.md\n+++ b/SECURITY.md\n@@ -4,6 +4,7 @@\n \n | Version | Supported |\n | ------- | --------- |\n+| 2.x     | yes       |\n | 1.x     | yes       |\n | < 1.0   | no        |\n \n"
    );
    assert_eq!(fs::read_to_string(&file).unwrap(), STALE, "the file is not touched");
    git(folder.path(), &["init", "-q"], b"");
    git(folder.path(), &["apply", "-"], &ran.stdout);
    let applied = fs::read(&file).unwrap();
    fs::write(&file, STALE).unwrap();
    fix(&folder, &["--write"]).expect("written", 0, &["agrees with the tags now"]);
    assert_eq!(fs::read(&file).unwrap(), applied, "the diff and the file say the same");
}

/// The diff of `file`, from `here`.
fn diff(here: &Path, file: &str) -> Ran {
    relcheck(here, ["security-policy", file, "--tags", "tags", "--fix"]).expect(file, 1, &["does not agree"])
}

#[test]
fn the_diff_names_the_file_by_its_path_and_git_applies_it_to_that_file() {
    let folder = folder();
    git(folder.path(), &["init", "-q"], b"");
    for (typed, header) in [
        ("docs/SECURITY.md", "a/docs/SECURITY.md\n"),
        ("./docs//deep/./SECURITY.md", "a/docs/deep/SECURITY.md\n"),
        ("my docs/SECURITY.md", "a/my docs/SECURITY.md\t\n"),
        ("a\\\"b/SECURITY.md", "\"a/a\\\\\\\"b/SECURITY.md\"\n"),
        ("docs/../docs/SECURITY.md", "a/docs/SECURITY.md\n"),
        ("größe/SECURITY.md", "a/größe/SECURITY.md\n"),
        ("SECURITY.md", "a/SECURITY.md\n"),
    ] {
        let file = folder.path().join(typed);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::create_dir_all(folder.path().join("docs")).unwrap();
        fs::write(&file, STALE).unwrap();
        // The one of the root is as stale, and is not touched by a diff for another.
        fs::write(folder.path().join("SECURITY.md"), STALE).unwrap();
        let ran = diff(folder.path(), typed);
        assert!(ran.out().starts_with(&format!("--- {header}")), "{}", ran.out());
        assert!(!ran.stderr.contains("to be applied"), "{}", ran.stderr);
        git(folder.path(), &["apply", "-"], &ran.stdout);
        assert!(fs::read_to_string(&file).unwrap().contains("| 2.x "), "{typed}");
        let root = fs::read_to_string(folder.path().join("SECURITY.md")).unwrap();
        assert_eq!(root.contains("| 2.x "), typed == "SECURITY.md", "{typed}");
    }
}

#[test]
fn the_diff_of_a_file_elsewhere_says_where_it_is_to_be_applied() {
    let folder = folder();
    let real = folder.path().canonicalize().unwrap();
    let (docs, root) = (real.join("docs"), real.display());
    fs::create_dir(&docs).unwrap();
    for place in [&real, &docs] {
        fs::write(place.join("SECURITY.md"), STALE).unwrap();
        fs::write(place.join("tags"), TAGS).unwrap();
    }
    let absolute = docs.join("SECURITY.md").display().to_string();
    // Without a work tree: from where the user stands, or else the name alone.
    let ran = diff(&real, &absolute);
    assert!(ran.out().starts_with("--- a/docs/SECURITY.md\n"), "{}", ran.out());
    assert!(!ran.stderr.contains("to be applied"), "{}", ran.stderr);
    let ran = diff(&docs, "../SECURITY.md");
    let note = format!("note: the diff is to be applied in the folder of the file, {root}\n");
    assert!(ran.out().starts_with("--- a/SECURITY.md\n") && ran.stderr.contains(&note), "{}", ran.stderr);
    // In a work tree: from its root.
    git(&real, &["init", "-q"], b"");
    let ran = diff(&docs, &absolute);
    let note = format!("note: the diff is to be applied in the root of its git work tree, {root}\n");
    assert!(
        ran.out().starts_with("--- a/docs/SECURITY.md\n") && ran.stderr.contains(&note),
        "{}",
        ran.stderr
    );
    git(&real, &["apply", "-"], &ran.stdout);
    assert!(fs::read_to_string(docs.join("SECURITY.md")).unwrap().contains("| 2.x "));
    assert_eq!(fs::read_to_string(real.join("SECURITY.md")).unwrap(), STALE, "the other file is not touched");
}

#[test]
fn a_link_is_followed_within_its_work_tree_and_never_out_of_it() {
    let folder = folder();
    let tree = folder.path().join("tree");
    fs::create_dir_all(tree.join(".github")).unwrap();
    git(&tree, &["init", "-q"], b"");
    let (inside, outside) = (tree.join("SECURITY.md"), folder.path().join("outside.md"));
    for file in [&inside, &outside] {
        fs::write(file, STALE).unwrap();
    }
    let link = tree.join(".github/SECURITY.md");
    let write = || {
        relcheck(&tree, ["security-policy", ".github/SECURITY.md", "--tags", "../tags", "--fix", "--write"])
    };
    std::os::unix::fs::symlink("../../outside.md", &link).unwrap();
    let says = ["error: .github/SECURITY.md is a link to ", "outside of its git work tree"];
    write().expect("out of it", 2, &says);
    assert_eq!(fs::read_to_string(&outside).unwrap(), STALE);
    fs::remove_file(&link).unwrap();
    std::os::unix::fs::symlink("../SECURITY.md", &link).unwrap();
    write().expect("within it", 0, &["agrees with the tags now"]);
    assert!(link.is_symlink() && fs::read_to_string(&inside).unwrap().contains("| 2.x "));
}

#[test]
fn a_policy_that_cannot_be_written_is_named_with_the_reason() {
    let folder = folder();
    fs::write(folder.path().join("SECURITY.md"), STALE).unwrap();
    // Where the whole file would be written first.
    fs::create_dir(folder.path().join("SECURITY.md.partial")).unwrap();
    let says = ["error: SECURITY.md could not be written: Is a directory"];
    fix(&folder, &["--write"]).expect("not written", 4, &says);
    assert_eq!(fs::read_to_string(folder.path().join("SECURITY.md")).unwrap(), STALE);
}

#[test]
fn the_diff_of_a_file_with_crlf_line_ends_is_applied_by_git_too() {
    let folder = folder();
    let file = folder.path().join("SECURITY.md");
    fs::write(&file, STALE.replace('\n', "\r\n")).unwrap();
    let ran = fix(&folder, &[]);
    git(folder.path(), &["init", "-q"], b"");
    git(folder.path(), &["apply", "-"], &ran.stdout);
    let applied = fs::read_to_string(&file).unwrap();
    assert_eq!(applied.matches("\r\n").count(), applied.matches('\n').count());
    assert!(applied.contains("| 2.x     | yes       |\r\n| 1.x"), "{applied}");
    assert_eq!(fix(&folder, &[]).code, 0, "and there is nothing more to correct");
}

#[test]
fn written_twice_changes_nothing_and_mode_and_links_stay() {
    let folder = folder();
    let (file, target) = (folder.path().join("SECURITY.md"), folder.path().join("policy.md"));
    fs::write(&target, STALE).unwrap();
    fs::set_permissions(&target, fs::Permissions::from_mode(0o640)).unwrap();
    symlink("policy.md", &file).unwrap();
    fix(&folder, &["--write"]).expect("once", 0, &["agrees with the tags now"]);
    let once = fs::read(&target).unwrap();
    let ran = fix(&folder, &["--write"]).expect(
        "twice",
        0,
        &["nothing to correct: the table agrees with the tags"],
    );
    assert_eq!((fs::read(&target).unwrap(), ran.out()), (once, String::new()));
    assert!(fs::symlink_metadata(&file).unwrap().is_symlink());
    assert_eq!(fs::metadata(&target).unwrap().permissions().mode() & 0o777, 0o640);
    let mut names: Vec<String> =
        fs::read_dir(folder.path()).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    assert_eq!(names, ["SECURITY.md", "policy.md", "tags"]);
}

#[test]
fn a_file_that_is_not_understood_stays_as_it_is_and_why_is_said() {
    let list = "## Supported Versions\n\n- 1.x: supported\n- 0.x: not supported\n";
    let html = "## Supported Versions\n\n<table><tr><th>Version</th><th>Supported</th></tr><tr><td>1.x</td><td>Yes</td></tr></table>\n";
    let latin = [STALE.as_bytes(), b"f\xfcr\n"].concat();
    let utf16: Vec<u8> = format!("\u{feff}{STALE}").encode_utf16().flat_map(u16::to_le_bytes).collect();
    let contradiction = STALE.replace("< 1.0   | no ", "1.x     | no ");
    for (what, bytes, code, says) in [
        (
            "nothing said",
            b"# Security\n\nMail us.\n".as_slice(),
            3,
            "does not say which versions are supported",
        ),
        ("a list", list.as_bytes(), 3, "the versions stand in a list, which is not rewritten"),
        ("HTML", html.as_bytes(), 3, "the table is written as HTML, which is not rewritten"),
        ("not UTF-8", &latin, 3, "the file is not UTF-8"),
        ("UTF-16", &utf16, 3, "undetermined: the policy is not UTF-8 text, but UTF-16, and was not read"),
        ("too large", &[b'a'; (1 << 20) + 1], 3, "over the limit of 1048576 bytes"),
        ("a contradiction", contradiction.as_bytes(), 1, "line 8: lines 8 and 9 disagree about 1.x"),
    ] {
        let folder = folder();
        let file = folder.path().join("SECURITY.md");
        fs::write(&file, bytes).unwrap();
        let ran = fix(&folder, &["--write"]).expect(what, code, &[says]);
        // A contradiction beside a stale row: the row is written, and what is left is said.
        if what != "a contradiction" {
            assert_eq!(ran.out(), "", "{what}");
            assert_eq!(fs::read(&file).unwrap(), bytes, "{what}: byte for byte");
        }
    }
    let folder = folder();
    fs::write(folder.path().join("SECURITY.md"), utf16).unwrap();
    let read = ["security-policy", "SECURITY.md"];
    relcheck(folder.path(), read).expect("UTF-16", 3, &["the policy is not UTF-8 text, but UTF-16"]);
    fs::write(folder.path().join("SECURITY.md"), STALE).unwrap();
    let alone = ["security-policy", "SECURITY.md", "--fix"];
    relcheck(folder.path(), alone).expect("without tags", 2, &["--tags"]);
    let alone = ["security-policy", "SECURITY.md", "--tags", "tags", "--write"];
    relcheck(folder.path(), alone).expect("--write alone", 2, &["--fix"]);
}

#[test]
fn a_branch_is_corrected_only_where_the_default_branch_is_told() {
    let folder = folder();
    let file = folder.path().join("SECURITY.md");
    fs::write(&file, STALE.replace("1.x     | yes ", "main    | yes       |\n| 2.x     | yes ")).unwrap();
    fix(&folder, &[]).expect("no branch is known", 0, &["nothing to correct"]);
    let ran = fix(&folder, &["--default-branch", "trunk"]).expect("a branch", 1, &["the default branch"]);
    assert!(ran.out().contains("-| main    | yes       |\n+| trunk   | yes       |\n"), "{}", ran.out());
}

// --- hostile files ---

#[test]
fn a_policy_that_is_no_file_cannot_be_read_and_why_is_said() {
    let folder = folder();
    fs::create_dir(folder.path().join("folder.md")).unwrap();
    symlink("b.md", folder.path().join("a.md")).unwrap();
    symlink("a.md", folder.path().join("b.md")).unwrap();
    symlink("nowhere", folder.path().join("dangling.md")).unwrap();
    for (name, says) in [
        ("folder.md", "folder.md cannot be read: it is not a regular file"),
        ("a.md", "a.md cannot be read: Too many levels of symbolic links"),
        ("dangling.md", "dangling.md cannot be read: No such file or directory"),
        ("/dev/null", "/dev/null cannot be read: it is not a regular file"),
    ] {
        relcheck(folder.path(), ["security-policy", name]).expect(name, 2, &[says]);
        let fix = ["security-policy", name, "--tags", "tags", "--fix", "--write"];
        relcheck(folder.path(), fix).expect(name, 2, &[says]);
    }
}

#[test]
fn hostile_policies_have_a_clear_outcome_and_print_nothing_that_a_terminal_obeys() {
    let header = "## Supported Versions\n\n| Version | Supported |\n|-|-|\n";
    let rows = |rows: &str| format!("{header}{rows}");
    let wide = format!("| Version {}|\n|{}\n", "| Supported ".repeat(39), "-|".repeat(40));
    let wide = format!("## Supported Versions\n\n{wide}{}", format!("|{}\n", " 1 |".repeat(40)).repeat(600));
    let mut utf8 = rows("| 1.x | yes |\n").into_bytes();
    utf8.extend(b"\xff\xfe\n");
    let limit = "it has more than 1000 rows, or 20000 cells";
    let long = "it has more than 10000 lines, or a line of more than 32768 bytes";
    for (what, bytes, code, says) in [
        ("10 000 rows", rows(&"| 1.2.x | yes |\n".repeat(9900)).into_bytes(), 3, limit),
        ("more lines", rows(&"| 1.2.x | yes |\n".repeat(10_000)).into_bytes(), 3, long),
        (
            "1 MiB in one row",
            rows(&format!("| {} | yes |\n", "9".repeat((1 << 20) - 100))).into_bytes(),
            3,
            long,
        ),
        ("many cells", wide.into_bytes(), 3, limit),
        (
            "deep quotes",
            format!("{}{}", ">".repeat(30_000), header).into_bytes(),
            0,
            "no statement about supported versions was found",
        ),
        ("huge numbers", rows("| 99999999999999999999.x | yes |\n").into_bytes(), 0, "unreadable"),
        ("bidirectional text", rows("| 1.x\u{202e} | yes |\n").into_bytes(), 0, "1.x\\u{202e}"),
        ("an escape", rows("| 1.x\u{1b}[31m | yes |\n").into_bytes(), 0, "1.x\\u{1b}[31m"),
        ("not UTF-8", utf8, 0, "read as table, 2 rows"),
        ("zero bytes", b"\0\0\0\0".to_vec(), 0, "no statement about supported versions was found"),
        ("nothing", Vec::new(), 0, "no statement about supported versions was found"),
    ] {
        let folder = folder();
        let file = folder.path().join("SECURITY.md");
        fs::write(&file, &bytes).unwrap();
        for further in [&[][..], &["--tags", "tags"]] {
            let arguments = ["security-policy", "SECURITY.md"];
            relcheck(folder.path(), arguments.iter().chain(further)).expect(what, code, &[says]);
        }
        fix(&folder, &["--write"]).assert_clean(what);
    }
}

/// The findings of `supported-versions` about a repository with these files on its default branch.
fn findings(make: impl Fn(&Path)) -> Vec<(String, String, String)> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    git(path, &["init", "-q", "-b", "main"], b"");
    fs::write(path.join("README"), "").unwrap();
    make(path);
    git(path, &["add", "-A"], b"");
    git(path, &["-c", "user.name=a", "-c", "user.email=a@example.org", "commit", "-q", "-m", "first"], b"");
    git(path, &["tag", "v1.0.0"], b"");
    let ran = relcheck(path, ["verify", "v1.0.0", "--repo", ".", "--policy", "default", "--format", "json"]);
    assert_ne!(ran.code, 0, "a release without anything is never verified");
    let json = ran.json();
    let checks = json["checks"].as_array().unwrap();
    let check = checks.iter().find(|check| check["id"] == "supported-versions").unwrap();
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    let findings = check["findings"].as_array().unwrap().iter();
    findings.map(|f| (text(&f["rule"]), text(&f["status"]), text(&f["message"]))).collect()
}

#[test]
fn a_policy_in_the_repository_that_is_no_file_is_undetermined_and_an_absent_one_fails() {
    let absent = findings(|_| {});
    assert_eq!(
        absent,
        [(
            "supported-versions/not-found".to_owned(),
            "fail".to_owned(),
            "the repository has no security policy".to_owned()
        )]
    );
    let told = |found: &[(String, String, String)]| match found {
        [(rule, status, message)] => format!("{rule} {status}: {message}"),
        other => panic!("{other:?}"),
    };
    let loops = findings(|path| {
        symlink("other.md", path.join("SECURITY.md")).unwrap();
        symlink("SECURITY.md", path.join("other.md")).unwrap();
    });
    assert_eq!(
        told(&loops),
        "supported-versions/unreadable undetermined: SECURITY.md is behind more than 5 symbolic links"
    );
    let directory = findings(|path| {
        fs::create_dir(path.join("SECURITY.md")).unwrap();
        fs::write(path.join("SECURITY.md/a"), "").unwrap();
    });
    assert!(
        told(&directory).starts_with("supported-versions/unreadable undetermined: SECURITY.md is a folder"),
        "{directory:?}"
    );
    let out = findings(|path| symlink("../../etc/passwd", path.join("SECURITY.md")).unwrap());
    assert!(
        told(&out).starts_with(
            "supported-versions/unreadable undetermined: SECURITY.md leads out of the repository"
        ),
        "{out:?}"
    );
    let linked = findings(|path| {
        fs::write(path.join("policy.md"), "## Supported Versions\n\nAll 1.x versions are supported.\n")
            .unwrap();
        symlink("policy.md", path.join("SECURITY.md")).unwrap();
    });
    assert!(
        linked.iter().any(|(rule, status, _)| rule == "supported-versions/supported" && status == "pass"),
        "{linked:?}"
    );
}
