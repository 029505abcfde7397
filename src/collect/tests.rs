use super::{git::testing::Fixture, *};
use crate::evidence::TagKind;

fn request(fixture: &Fixture, tag: &str, assets: Assets) -> Request<'static> {
    Request {
        repository: RepositoryAt::Folder(fixture.path().to_owned()),
        repository_name: None,
        tag: tag.to_owned(),
        assets,
        advisories: &NO_DATABASES,
        frames: super::folder::NO_FRAMES,
        now: Timestamp::from_second(1_700_000_100).unwrap(),
    }
}

fn evidence(fixture: &Fixture, tag: &str) -> Evidence {
    gather(request(
        fixture,
        tag,
        Assets::None("no published files were given; pass --assets DIR or --digests FILE".into()),
    ))
    .unwrap()
}

fn reason<T: std::fmt::Debug>(seen: &Seen<T>) -> &str {
    match seen {
        Seen::Unavailable { reason } => reason,
        other => panic!("{other:?}"),
    }
}

/// A repository with a lock file and one tag.
fn widget() -> Fixture {
    let fixture = Fixture::new();
    fixture.write("Cargo.toml", "[package]\nname = \"widget\"\nversion = \"1.0.0\"\n");
    fixture.write("Cargo.lock", "version = 4\n\n[[package]]\nname = \"widget\"\nversion = \"1.0.0\"\n");
    fixture.write("SECURITY.md", "old policy");
    fixture.write("web/package.json", "{}");
    fixture.write("web/yarn.lock", "");
    fixture.write("web/node_modules/other/package.json", "{}");
    fixture.write("app/paket.lock", "");
    fixture.write("requirements-dev.txt", "");
    fixture.write("src/main.rs", "");
    fixture.commit("first");
    fixture.git(&["tag", "-a", "-m", "notes", "v1.0.0"]);
    fixture
}

#[test]
fn everything_about_a_release_is_gathered() {
    let fixture = widget();
    fixture.write("SECURITY.md", "new policy");
    fixture.commit("second");
    fixture.git(&["config", "remote.origin.url", "git@github.com:acme/widget.git"]);
    let assets = tempfile::tempdir().unwrap();
    std::fs::write(assets.path().join("widget"), "bytes").unwrap();
    let evidence = gather(request(&fixture, "v1.0.0", Assets::Folder(assets.path().to_owned()))).unwrap();
    assert_eq!(evidence.collected_at.as_second(), 1_700_000_100);
    assert_eq!(evidence.repository.unwrap().to_string(), "github.com/acme/widget");
    let tag = evidence.tag_record.present().unwrap();
    assert_eq!((tag.name.raw(), tag.kind), ("v1.0.0", TagKind::Annotated));
    assert_eq!(evidence.tags.present().unwrap().as_slice(), std::slice::from_ref(tag));
    let branches = evidence.branches.present().unwrap();
    assert_eq!(branches.contains_tag, Some(true));
    let tree = evidence.tree.present().unwrap();
    let expected = ["Cargo.lock", "Cargo.toml", "requirements-dev.txt", "web/package.json", "web/yarn.lock"];
    assert_eq!(tree.files().keys().collect::<Vec<_>>(), expected);
    assert_eq!(
        tree.files()["web/package.json"].present().unwrap().origin,
        "git:refs/tags/v1.0.0:web/package.json"
    );
    assert_eq!(tree.foreign(), ["app/paket.lock", "web/node_modules/other/package.json"]);
    let policy = evidence.security_policy.present().unwrap();
    assert_eq!(
        (policy.origin.as_str(), policy.bytes.as_slice()),
        ("git:refs/heads/main:SECURITY.md", &b"new policy"[..])
    );
    assert_eq!(evidence.published.present().unwrap().files.len(), 1);
    assert!(reason(&evidence.advisories).contains("no advisory database was given"));
}

#[test]
fn submodules_and_paths_that_are_not_utf_8_are_named() {
    let fixture = widget();
    let commit = fixture.git(&["rev-parse", "HEAD"]);
    let link = format!("160000,{},third_party/lib", commit.trim());
    fixture.git(&["update-index", "--add", "--cacheinfo", &link]);
    fixture.git(&["commit", "-q", "-m", "a submodule"]);
    fixture.git(&["tag", "-a", "-m", "notes", "v1.1.0"]);
    let evidence = gather(request(&fixture, "v1.1.0", Assets::None("none".into()))).unwrap();
    assert_eq!(
        evidence.tree.present().unwrap().foreign(),
        [
            "app/paket.lock",
            "third_party/lib/ (a submodule, whose files are not read)",
            "web/node_modules/other/package.json"
        ]
    );
}

#[test]
fn a_missing_tag_is_an_error_with_the_nearest_names() {
    let fixture = widget();
    let error = gather(request(
        &fixture,
        "1.0.0",
        Assets::None("no published files were given; pass --assets DIR or --digests FILE".into()),
    ))
    .unwrap_err();
    assert_eq!(error.to_string(), "there is no tag 1.0.0; did you mean v1.0.0?");
    let error = gather(request(
        &fixture,
        "wholly-unlike",
        Assets::None("no published files were given; pass --assets DIR or --digests FILE".into()),
    ))
    .unwrap_err();
    assert_eq!(error.to_string(), "there is no tag wholly-unlike");
    let error = gather(request(
        &fixture,
        "--all",
        Assets::None("no published files were given; pass --assets DIR or --digests FILE".into()),
    ))
    .unwrap_err();
    assert_eq!(error.to_string(), "--all cannot be the name of a tag");
}

#[test]
fn a_tag_that_cannot_be_read_makes_its_tree_unavailable() {
    let fixture = widget();
    fixture.git(&["tag", "tree", "HEAD^{tree}"]);
    let evidence = evidence(&fixture, "tree");
    assert_eq!(reason(&evidence.tag_record), "the tag tree points to a tree, not to a commit");
    assert!(reason(&evidence.tree).contains("could not be read"));
    assert_eq!(evidence.branches.present().unwrap().contains_tag, None);
}

#[test]
fn no_published_files_is_said_with_the_remedy() {
    let evidence = evidence(&widget(), "v1.0.0");
    assert_eq!(
        reason(&evidence.published),
        "no published files were given; pass --assets DIR or --digests FILE"
    );
}

#[test]
fn a_folder_that_is_not_there_and_unusable_digests_are_errors_of_the_call() {
    let fixture = widget();
    let nowhere = Assets::Folder(fixture.path().join("nowhere"));
    assert!(matches!(gather(request(&fixture, "v1.0.0", nowhere)), Err(CollectError::Published(_))));
    let digests = Assets::Digests {
        entries: vec![("a/b".to_owned(), Digest::sha256_of(b""))],
        list: None,
        list_is_published: false,
    };
    let error = gather(request(&fixture, "v1.0.0", digests)).unwrap_err();
    assert_eq!(error.to_string(), "a/b cannot be the name of a published file");
}

#[test]
fn the_security_policy_is_looked_for_where_forges_look_in_their_order() {
    let fixture = Fixture::new();
    fixture.write("x", "");
    fixture.commit("first");
    fixture.git(&["tag", "v1"]);
    let found = || match evidence(&fixture, "v1").security_policy {
        Seen::Present(item) => item.origin,
        Seen::Absent { looked_at } => looked_at.join(", "),
        Seen::Unavailable { reason } => reason,
    };
    assert_eq!(found(), ".github/SECURITY.md on main, SECURITY.md on main, docs/SECURITY.md on main");
    for path in ["docs/security.TXT", "docs/Security.rst", "SECURITY", "Security.MD", ".github/SECURITY.adoc"]
    {
        fixture.write(path, "policy");
        fixture.commit(path);
        assert_eq!(found(), format!("git:refs/heads/main:{path}"));
    }
    fixture.git(&["rm", "-q", ".github/SECURITY.adoc"]);
    fixture.write(".github/SECURITY.md", vec![b'x'; (1 << 20) + 1]);
    fixture.commit("large");
    assert_eq!(found(), ".github/SECURITY.md is larger than the limit of 1048576 bytes");
    fixture.git(&["rm", "-q", "-r", ".github"]);
    std::os::unix::fs::symlink("docs", fixture.path().join(".github")).unwrap();
    fixture.commit("linked folder");
    assert_eq!(found(), "git:refs/heads/main:.github/Security.rst");
    fixture.git(&["rm", "-q", ".github"]);
    std::os::unix::fs::symlink("../outside", fixture.path().join(".github")).unwrap();
    fixture.commit("link out");
    assert_eq!(found(), "the folder .github/ leads out of the repository");
}

#[test]
fn without_a_default_branch_the_security_policy_was_not_looked_for() {
    let fixture = widget();
    fixture.git(&["checkout", "-q", "--detach"]);
    fixture.git(&["branch", "-q", "-D", "main"]);
    assert!(
        reason(&evidence(&fixture, "v1.0.0").security_policy).contains("the default branch is not known")
    );
}

#[test]
fn manifests_over_a_limit_are_listed_as_unavailable_with_the_limit() {
    let fixture = widget();
    fixture.write("a/b/Cargo.toml", "deep");
    fixture.write("a/b\x1b/Cargo.toml", "odd");
    fixture.commit("more");
    fixture.git(&["tag", "v2"]);
    let repository = Repository::open(fixture.path()).unwrap();
    let commit = repository.tag("v2").unwrap().unwrap().commit;
    let read = |limits| tree::read_within(&repository, &commit, "x", limits);
    let limits = tree::Limits { files: 3, ..tree::LIMITS };
    let files = read(limits).unwrap().files().clone();
    assert!(files["Cargo.toml"].present().is_some(), "what is near the root comes first");
    assert_eq!(reason(&files["a/b/Cargo.toml"]), "there are more than 3 manifests and lock files");
    assert_eq!(reason(&files["a/b\\u{1b}/Cargo.toml"]), "its path holds characters that do not print");
    let small = tree::Limits { file_bytes: 10, ..tree::LIMITS };
    assert_eq!(
        reason(&read(small).unwrap().files()["Cargo.lock"]),
        "Cargo.lock is larger than the limit of 10 bytes"
    );
    let budget = tree::Limits { total_bytes: 70, ..tree::LIMITS };
    let files = read(budget).unwrap().files().clone();
    assert!(files["Cargo.lock"].present().is_some());
    for over in ["Cargo.toml", "a/b/Cargo.toml"] {
        assert_eq!(reason(&files[over]), "the manifests and lock files have more than 70 bytes together");
    }
    let few = tree::Limits { names: 3, ..tree::LIMITS };
    assert!(matches!(read(few), Err(GitError::Limit { what: "manifests and lock files", limit: 3 })));
}

#[test]
fn the_go_modules_of_the_repository_are_read_at_the_tags_of_their_own() {
    let fixture = Fixture::new();
    fixture.write("lib/go.mod", "module example.com/p/lib\n\nrequire a.example/x v1.2.0\n");
    fixture.commit("lib");
    fixture.git(&["tag", "lib/v1.4.0"]);
    fixture.write("lib/go.mod", "module example.com/p/lib\n\nrequire a.example/x v1.9.0\n");
    fixture.write("go.mod", "module example.com/p\n\nrequire example.com/p/lib v1.4.0\n");
    fixture.write("srv/go.mod", "module example.com/p/srv\n\nrequire example.com/p/lib v1.3.0\n");
    fixture.write("requirements.txt", "-r deps/base.in\n-r ../outside.txt\n-c limits\n");
    fixture.write("deps/base.in", "a\n-r more\n");
    fixture.write("deps/more", "b==1\n");
    fixture.write("limits", "a==1\n");
    fixture.commit("root");
    for tag in ["v1.5.0", "srv/v1.5.0", "v1.5.1"] {
        fixture.git(&["tag", tag]);
    }
    let names = |tag: &str| {
        let tree = evidence(&fixture, tag).tree.present().unwrap().clone();
        let files: Vec<String> = tree.files().keys().cloned().collect();
        (
            files,
            tree.modules()
                .iter()
                .map(|(tag, seen)| (tag.clone(), seen.present().unwrap().origin.clone()))
                .collect::<Vec<_>>(),
        )
    };
    let (files, modules) = names("v1.5.0");
    let expected =
        ["deps/base.in", "deps/more", "go.mod", "lib/go.mod", "limits", "requirements.txt", "srv/go.mod"];
    assert_eq!(files, expected);
    let pair = |tag: &str, path: &str| (tag.to_owned(), format!("git:refs/tags/{tag}:{path}"));
    let lib = pair("lib/v1.4.0", "lib/go.mod");
    assert_eq!(
        modules,
        [lib.clone(), pair("srv/v1.5.0", "srv/go.mod"), pair("v1.5.0", "go.mod")],
        "lib/v1.3.0 is no tag, and is a module as every other"
    );
    assert_eq!(names("srv/v1.5.0").1, [lib.clone(), pair("srv/v1.5.0", "srv/go.mod")]);
    assert_eq!(names("v1.5.1").1, [lib, pair("v1.5.1", "go.mod")]);
}

#[test]
fn a_gemspec_is_read_where_a_lock_file_of_bundler_speaks_for_it_and_else_named() {
    let fixture = Fixture::new();
    for path in ["ruby/Gemfile.lock", "ruby/widget.gemspec", "ruby/a/b/other.gemspec", "alone.gemspec"] {
        fixture.write(path, "text");
    }
    fixture.commit("gems");
    fixture.git(&["tag", "v1.0.0"]);
    let evidence = evidence(&fixture, "v1.0.0");
    let tree = evidence.tree.present().unwrap();
    assert_eq!(tree.foreign(), ["alone.gemspec"]);
    let read: Vec<&String> = tree.files().keys().collect();
    assert_eq!(read, ["ruby/Gemfile.lock", "ruby/a/b/other.gemspec", "ruby/widget.gemspec"]);
}

#[test]
fn what_builds_with_go_is_kept_beside_a_go_mod_and_what_stands_in_its_place_always() {
    let fixture = Fixture::new();
    for path in [
        "go.release.mod",
        "b/r.work",
        "Makefile",
        "hack/b.sh",
        "Dockerfile",
        "testdata/x.sh",
        "vendor/x/Makefile",
    ] {
        fixture.write(path, "text");
    }
    fixture.write("notes.txt", "text");
    fixture.commit("without");
    fixture.git(&["tag", "v1.0.0"]);
    fixture.write("go.mod", "module example.com/p\n");
    fixture.commit("with");
    fixture.git(&["tag", "v1.1.0"]);
    let builds = |tag: &str| {
        let evidence = evidence(&fixture, tag);
        let builds = evidence.tree.present().unwrap().builds().unwrap().clone();
        assert!(builds.values().all(|seen| seen.present().is_some()));
        builds.into_keys().collect::<Vec<_>>()
    };
    assert_eq!(builds("v1.0.0"), ["b/r.work", "go.release.mod"]);
    assert_eq!(builds("v1.1.0"), ["Dockerfile", "Makefile", "b/r.work", "go.release.mod", "hack/b.sh"]);
}

#[test]
fn nothing_in_the_checkout_or_beside_the_files_is_taken_for_an_instruction() {
    let fixture = widget();
    let expected = evidence(&fixture, "v1.0.0");
    for name in ["relcheck.toml", ".relcheck.toml", ".gitattributes", ".netrc", ".env", "build.rs"] {
        fixture.write(name, "* filter=evil export-ignore\n[policy]\n");
    }
    fixture.write(".git/hooks/post-checkout", "#!/bin/sh\ntouch marker\n");
    fixture.write(".git/info/attributes", "* filter=evil\n");
    fixture.write("Cargo.toml", "changed in the checkout only");
    assert_eq!(evidence(&fixture, "v1.0.0"), expected);
    assert!(!fixture.path().join("marker").exists());
}

#[test]
fn beside_a_list_of_digests_only_what_speaks_about_the_listed_files_is_read() {
    let folder = tempfile::tempdir().unwrap();
    for name in [
        "SHA256SUMS",
        "SHA256SUMS.sigstore.json",
        "a.tar.gz.sig",
        "all.intoto.jsonl",
        "b.sig",
        "a.tar.gz",
        "x.asc",
    ] {
        std::fs::write(folder.path().join(name), name).unwrap();
    }
    let entries = vec![("a.tar.gz".to_owned(), Digest::sha256_of(b"elsewhere"))];
    let published = recorded(entries, Some(&folder.path().join("SHA256SUMS")), true).unwrap();
    let read: Vec<(&str, &str)> =
        published.files.iter().map(|(name, file)| (name.as_str(), file.bytes.word())).collect();
    assert_eq!(
        read,
        [
            ("SHA256SUMS", "rehashed"),
            ("SHA256SUMS.sigstore.json", "rehashed"),
            ("a.tar.gz", "recorded"),
            ("a.tar.gz.sig", "rehashed"),
            ("all.intoto.jsonl", "rehashed"),
        ]
    );
}
