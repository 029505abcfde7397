use super::{testing::Fixture, *};
use crate::evidence::{Item, Seen};

fn open(fixture: &Fixture) -> Repository {
    Repository::open(fixture.path()).unwrap()
}

fn error(repository: &Repository, tag: &str) -> String {
    repository.tag(tag).expect_err(tag).to_string()
}

/// A repository with one commit and one tag of each kind.
fn tagged() -> (Fixture, String) {
    let fixture = Fixture::new();
    fixture.write("README.md", "hello");
    let commit = fixture.commit("first");
    fixture.git(&["tag", "light"]);
    fixture.git(&["tag", "-a", "-m", "notes", "v1.0.0"]);
    fixture.git(&["-c", "advice.nestedTag=false", "tag", "-a", "-m", "nested", "nested", "v1.0.0"]);
    fixture.git(&[
        "tag",
        "-a",
        "-m",
        "x\n-----BEGIN SSH SIGNATURE-----\nAA\n-----END SSH SIGNATURE-----",
        "v2.0.0",
    ]);
    (fixture, commit)
}

#[test]
fn each_kind_of_tag_peels_to_its_commit() {
    let (fixture, commit) = tagged();
    let repository = open(&fixture);
    for (name, kind) in [
        ("light", TagKind::Lightweight),
        ("v1.0.0", TagKind::Annotated),
        ("nested", TagKind::Annotated),
        ("v2.0.0", TagKind::Signed),
    ] {
        let record = repository.tag(name).unwrap().expect(name);
        assert_eq!((record.commit.as_str(), record.kind), (commit.as_str(), kind), "{name}");
        assert_eq!(record.time.unwrap().as_second(), 1_700_000_060);
        assert_eq!(record.object == record.commit, kind == TagKind::Lightweight);
    }
    assert_eq!(repository.tags().unwrap().records.len(), 4);
}

#[test]
fn loose_and_packed_references_and_every_layout_give_the_same_tags() {
    let (fixture, _) = tagged();
    let expected = open(&fixture).tags().unwrap();
    fixture.git(&["pack-refs", "--all"]);
    fixture.git(&["gc", "-q"]);
    assert_eq!(open(&fixture).tags().unwrap(), expected);
    assert_eq!(open(&fixture.clone_with(&["--bare"])).tags().unwrap(), expected);
    let worktree = tempfile::tempdir().unwrap();
    let path = worktree.path().join("w");
    fixture.git(&["worktree", "add", "-q", "--detach", path.to_str().unwrap()]);
    assert!(path.join(".git").is_file());
    assert_eq!(Repository::open(&path).unwrap().tags().unwrap(), expected);
    assert_eq!(Repository::open(&fixture.path().join(".git")).unwrap().tags().unwrap(), expected);
}

#[test]
fn only_the_exact_name_of_a_tag_is_a_tag() {
    let (fixture, _) = tagged();
    fixture.git(&["branch", "topic"]);
    fixture.git(&["update-ref", "refs/tags/refs/tags/hidden", "HEAD"]);
    let repository = open(&fixture);
    for absent in ["main", "topic", "HEAD", "v1.0", "V1.0.0", "hidden", "refs/tags/v1.0.0", "refs/heads/main"]
    {
        assert_eq!(repository.tag(absent).unwrap(), None, "{absent}");
    }
    for hostile in [
        "",
        "-v1",
        "--upload-pack=x",
        "../heads/main",
        "v1.0.0^{commit}",
        "v1.0.0~1",
        "@{-1}",
        "a b",
        "a:b",
        "a\nb",
    ] {
        assert!(matches!(repository.tag(hostile), Err(GitError::TagName { .. })), "{hostile:?}");
    }
}

#[test]
fn a_missing_tag_is_answered_with_the_nearest_names() {
    let (fixture, _) = tagged();
    fixture.git(&["tag", "tools/v3.1.0"]);
    let near = |name: &str| -> Vec<String> {
        open(&fixture).nearest_tags(name).unwrap().iter().map(ToString::to_string).collect()
    };
    assert_eq!(near("1.0.0")[0], "v1.0.0");
    assert_eq!(near("3.1.0")[0], "tools/v3.1.0");
    assert_eq!(near("v1.0.1")[0], "v1.0.0");
    assert_eq!(near("completely-different"), Vec::<String>::new());
    // Of those that are equally near, the newest comes first, which is not the last by its letters.
    for tag in ["v1.8.0", "v1.9.0", "v1.10.0", "v1.11.0"] {
        fixture.git(&["tag", tag]);
    }
    assert_eq!(near("v1.7.0"), ["v1.9.0", "v1.8.0", "v1.0.0"]);
    assert_eq!(near("v1.12.0"), ["v1.11.0", "v1.10.0", "v1.9.0"]);
    assert_eq!(near("v11.8.0"), ["v1.8.0", "v1.9.0", "v1.0.0"]);
}

#[test]
fn a_tag_of_a_tree_or_a_file_is_set_aside_and_refused_by_name() {
    let (fixture, _) = tagged();
    fixture.git(&["tag", "tree", "HEAD^{tree}"]);
    fixture.git(&["tag", "-a", "-m", "x", "file", "HEAD:README.md"]);
    let repository = open(&fixture);
    let others: Vec<_> = repository.tags().unwrap().others.iter().map(|(n, k)| format!("{n}={k}")).collect();
    assert_eq!(others, ["file=blob", "tree=tree"]);
    assert_eq!(error(&repository, "tree"), "the tag tree points to a tree, not to a commit");
    assert_eq!(error(&repository, "file"), "the tag file points to a blob, not to a commit");
}

#[test]
fn a_tag_object_with_a_header_twice_is_refused() {
    let (fixture, commit) = tagged();
    let raw =
        format!("object {commit}\nobject {commit}\ntype commit\ntag bad\ntagger T <t@e> 1 +0000\n\nx\n");
    let id = fixture.object("tag", raw.as_bytes());
    fixture.tag_by_hand("bad", &id);
    let repository = open(&fixture);
    assert_eq!(error(&repository, "bad"), format!("the git object {id} has the header object twice"));
    assert!(matches!(repository.tags(), Err(GitError::DuplicateHeader { .. })));
}

#[test]
fn a_tag_of_a_commit_with_a_header_twice_is_refused() {
    let (fixture, _) = tagged();
    let tree = fixture.git(&["rev-parse", "HEAD^{tree}"]);
    let raw = format!("tree {tree}\ntree {tree}\nauthor A <a@e> 1 +0000\ncommitter A <a@e> 1 +0000\n\nx\n");
    let id = fixture.object("commit", raw.as_bytes());
    fixture.tag_by_hand("bad", &id);
    assert_eq!(error(&open(&fixture), "bad"), format!("the git object {id} has the header tree twice"));
}

#[test]
fn a_tag_object_that_calls_itself_otherwise_is_refused() {
    let (fixture, _) = tagged();
    let id = fixture.git(&["rev-parse", "refs/tags/v1.0.0"]);
    fixture.git(&["update-ref", "refs/tags/v9.0.0", &id]);
    assert_eq!(
        error(&open(&fixture), "v9.0.0"),
        "the tag v9.0.0 points to a tag object that calls itself v1.0.0"
    );
}

#[test]
fn a_tag_that_lies_about_its_kind_or_never_ends_is_refused() {
    let (fixture, commit) = tagged();
    let raw = format!("object {commit}\ntype tree\ntag lie\n\nx\n");
    let id = fixture.object("tag", raw.as_bytes());
    fixture.tag_by_hand("lie", &id);
    assert!(matches!(open(&fixture).tag("lie"), Err(GitError::Kind { .. })));
    let mut target = commit;
    for depth in 0..9 {
        let kind = if depth == 0 { "commit" } else { "tag" };
        target = fixture.object("tag", format!("object {target}\ntype {kind}\ntag deep\n\nx\n").as_bytes());
    }
    fixture.tag_by_hand("deep", &target);
    assert_eq!(error(&open(&fixture), "deep"), "tags that point to each other: more than 8");
}

#[test]
fn an_object_with_other_bytes_than_its_id_is_refused() {
    let (fixture, commit) = tagged();
    let other = fixture.git_with(
        &["hash-object", "-t", "commit", "-w", "--stdin"],
        fixture.git(&["cat-file", "commit", "HEAD"]).replace("first", "worst").as_bytes(),
    );
    let file = |id: &str| fixture.path().join(".git/objects").join(&id[..2]).join(&id[2..]);
    std::fs::remove_file(file(&commit)).unwrap();
    std::fs::copy(file(&other), file(&commit)).unwrap();
    assert_eq!(
        error(&open(&fixture), "light"),
        format!("the git object {commit} has other bytes than its id was made of")
    );
}

#[test]
fn a_replacement_object_changes_nothing() {
    let (fixture, commit) = tagged();
    fixture.write("README.md", "replaced");
    let other = fixture.commit("second");
    fixture.git(&["replace", &commit, &other]);
    assert_eq!(fixture.git(&["show", "light:README.md"]), "replaced", "git itself is fooled");
    let repository = open(&fixture);
    let tag = repository.tag("light").unwrap().unwrap();
    let item = repository.file(&tag.commit, "tag", "README.md", 100);
    assert_eq!(item.present().unwrap().bytes, b"hello");
}

#[test]
fn configuration_of_the_repository_hides_and_runs_nothing() {
    let (fixture, _) = tagged();
    let expected = open(&fixture).tags().unwrap();
    let marker = fixture.path().join("marker");
    let run = format!("touch {}", marker.display());
    for (key, value) in [
        ("gitoxide.core.refsNamespace", "elsewhere"),
        ("gitoxide.objects.replaceRefBase", "refs/heads/"),
        ("core.fsmonitor", run.as_str()),
        ("core.hooksPath", "/"),
        ("core.sshCommand", run.as_str()),
        ("gpg.program", run.as_str()),
        ("filter.x.smudge", run.as_str()),
        ("core.worktree", "/nonexistent"),
    ] {
        fixture.git(&["config", "--file", ".git/config", key, value]);
    }
    assert_eq!(open(&fixture).tags().unwrap(), expected);
    assert!(!marker.exists());
}

#[test]
fn a_pipe_in_the_git_folder_does_not_block() {
    let (fixture, _) = tagged();
    let head = fixture.path().join(".git/packed-refs");
    assert!(std::process::Command::new("mkfifo").arg(&head).status().unwrap().success());
    assert!(matches!(Repository::open(fixture.path()), Err(GitError::NotRegular { name: "packed-refs" })));
    let linked = tempfile::tempdir().unwrap();
    std::fs::write(linked.path().join(".git"), format!("gitdir: {}/.git\n", fixture.path().display()))
        .unwrap();
    assert!(matches!(Repository::open(linked.path()), Err(GitError::NotRegular { name: "packed-refs" })));
    let worktree = tempfile::tempdir().unwrap();
    std::fs::write(worktree.path().join("HEAD"), "ref: refs/heads/main\n").unwrap();
    std::fs::write(worktree.path().join("commondir"), format!("{}/.git\n", fixture.path().display()))
        .unwrap();
    assert!(matches!(Repository::open(worktree.path()), Err(GitError::NotRegular { name: "packed-refs" })));
    let elsewhere = tempfile::tempdir().unwrap();
    assert!(matches!(Repository::open(elsewhere.path()), Err(GitError::NotARepository(_))));
}

#[test]
fn the_default_branch_is_the_first_that_is_said() {
    let (fixture, commit) = tagged();
    fixture.git(&["branch", "trunk"]);
    fixture.write("b", "b");
    let tip = fixture.commit("second");
    let said = |f: &Fixture| {
        open(f).branches(None).unwrap().default.map(|d| (d.name, d.said_by, d.commit.to_string()))
    };
    let is = |name: &str, by: &str, commit: &str| Some((name.to_owned(), by.to_owned(), commit.to_owned()));
    assert_eq!(said(&fixture), is("main", "HEAD", &tip));
    let clone = fixture.clone_with(&[]);
    clone.git(&["remote", "set-head", "origin", "trunk"]);
    assert_eq!(said(&clone), is("trunk", "refs/remotes/origin/HEAD", &commit));
    clone.git(&["remote", "set-head", "origin", "-d"]);
    clone.git(&["checkout", "-q", "-b", "topic"]);
    assert_eq!(said(&clone), is("topic", "HEAD", &tip));
    clone.git(&["checkout", "-q", "--detach", "light"]);
    assert_eq!(said(&clone), is("main", "refs/remotes/origin/main", &tip));
    clone.git(&["update-ref", "-d", "refs/remotes/origin/main"]);
    assert_eq!(said(&clone), is("main", "refs/heads/main", &tip));
    clone.git(&["branch", "-q", "-D", "main"]);
    assert_eq!(said(&clone), None);
    assert_eq!(open(&clone).branches(None).unwrap().names, ["topic", "trunk"]);
    assert_eq!(said(&Fixture::new()), None, "an unborn branch is none");
}

#[test]
fn reachability_is_known_only_where_history_is_whole() {
    let (fixture, _) = tagged();
    fixture.git(&["checkout", "-q", "-b", "side"]);
    fixture.commit("aside");
    fixture.git(&["tag", "aside"]);
    fixture.git(&["checkout", "-q", "main"]);
    for n in 0..4 {
        fixture.commit(&format!("more {n}"));
    }
    let contains = |f: &Fixture, tag: &str| {
        let repository = open(f);
        let tag = repository.tag(tag).unwrap().unwrap();
        repository.branches(Some(&tag.commit)).unwrap().contains_tag
    };
    assert_eq!(contains(&fixture, "light"), Some(true));
    assert_eq!(contains(&fixture, "aside"), Some(false));
    let shallow = fixture.clone_with(&["--depth", "2", "--no-single-branch"]);
    shallow.git(&["fetch", "-q", "--depth", "1", "origin", "tag", "light", "tag", "aside"]);
    assert_eq!(contains(&shallow, "light"), None);
    assert_eq!(contains(&shallow, "aside"), None);
    shallow.git(&["tag", "tip"]);
    assert_eq!(contains(&shallow, "tip"), Some(true));
}

#[test]
fn links_are_followed_inside_the_tree_and_never_out_of_it() {
    let fixture = Fixture::new();
    fixture.write("docs/policy.md", "policy");
    fixture.write("big", vec![b'x'; 101]);
    let links = [
        ("SECURITY.md", "docs/policy.md"),
        ("deep/er/up.md", "../../docs/../SECURITY.md"),
        ("folder", "docs"),
        ("absolute", "/etc/passwd"),
        ("out", "../outside"),
        ("dangling", "nowhere"),
        ("loop", "loop"),
        ("tofolder", "docs"),
    ];
    for (link, target) in links {
        fixture.write(link, "");
        std::fs::remove_file(fixture.path().join(link)).unwrap();
        std::os::unix::fs::symlink(target, fixture.path().join(link)).unwrap();
    }
    fixture.commit("links");
    fixture.git(&["tag", "v1"]);
    let repository = open(&fixture);
    let commit = repository.tag("v1").unwrap().unwrap().commit;
    let file = |path: &str| repository.file(&commit, "refs/tags/v1", path, 100);
    for path in ["docs/policy.md", "SECURITY.md", "deep/er/up.md", "folder/policy.md"] {
        assert_eq!(
            file(path),
            Seen::Present(Item::new(format!("git:refs/tags/v1:{path}"), b"policy".to_vec()))
        );
    }
    for (path, why) in [
        ("absolute", "leads out"),
        ("out", "leads out"),
        ("../x", "leads out"),
        ("dangling", "link to nothing"),
        ("loop", "more than 5"),
        ("tofolder", "is a folder"),
        ("big", "limit of 100 bytes"),
    ] {
        let Seen::Unavailable { reason } = file(path) else { panic!("{path}") };
        assert!(reason.contains(why), "{reason}");
    }
    assert!(matches!(file("nothing"), Seen::Absent { looked_at } if looked_at == ["nothing"]));
    let paths = repository.paths(&commit).unwrap();
    assert_eq!(paths.len(), links.len() + 2);
    assert!(paths.iter().any(|p| p.path == b"docs/policy.md" && p.kind == EntryKind::File));
    assert!(paths.iter().any(|p| p.path == b"SECURITY.md" && p.kind == EntryKind::Link));
}

#[test]
fn a_tree_that_unfolds_without_end_is_cut_off() {
    let fixture = Fixture::new();
    let blob = fixture.git_with(&["hash-object", "-w", "--stdin"], b"x");
    let mut entries: String = (0..10).map(|n| format!("100644 blob {blob}\tf{n}\n")).collect();
    for _ in 0..9 {
        let tree = fixture.git_with(&["mktree"], entries.as_bytes());
        entries = (0..10).map(|n| format!("040000 tree {tree}\td{n}\n")).collect();
    }
    let tree = fixture.git_with(&["mktree"], entries.as_bytes());
    let commit = fixture.git(&["commit-tree", "-m", "bomb", &tree]);
    let result = open(&fixture).paths(&ObjectId::parse(&commit).unwrap());
    assert!(matches!(result, Err(GitError::Limit { what: "entries in the tree", .. })));
}

#[test]
fn the_origin_is_read_without_credentials_and_without_includes() {
    let fixture = Fixture::new();
    let origin = || open(&fixture).origin().map(|name| name.to_string());
    assert_eq!(origin(), None);
    fixture.git(&["config", "--file", "included", "remote.origin.url", "https://github.com/evil/widget"]);
    fixture.git(&["config", "--file", ".git/config", "include.path", "../included"]);
    assert_eq!(origin(), None);
    fixture.git(&["config", "remote.origin.url", "https://user:secret@github.com/acme/widget.git"]);
    fixture.git(&["config", "url.https://github.com/evil/.insteadOf", "https://github.com/acme/"]);
    assert_eq!(origin().as_deref(), Some("github.com/acme/widget"));
    for path in ["../acme/widget", "acme/widget", "/srv/acme/widget", "file:///srv/acme/widget"] {
        fixture.git(&["config", "remote.origin.url", path]);
        assert_eq!(origin(), None, "{path}");
    }
    fixture.git(&["config", "remote.origin.url", "git@github.com:acme/widget.git"]);
    assert_eq!(origin().as_deref(), Some("github.com/acme/widget"));
    fixture.git(&["config", "--add", "remote.origin.url", "https://github.com/other/widget"]);
    assert_eq!(origin(), None, "two different ones are none");
}
