use crate::{
    collect::{Assets, RepositoryAt, Request, folder::NO_FRAMES, gather, git::testing::Fixture},
    evidence::{
        Evidence, Seen, pack,
        project::{Named, Project},
    },
};
use jiff::Timestamp;

fn evidence(fixture: &Fixture) -> Evidence {
    gather(Request {
        repository: RepositoryAt::Folder(fixture.path().to_owned()),
        repository_name: None,
        tag: "v1".to_owned(),
        assets: Assets::None("none".into()),
        advisories: &crate::collect::NO_DATABASES,
        frames: NO_FRAMES,
        now: Timestamp::from_second(1_800_000_000).unwrap(),
    })
    .unwrap()
}

fn project(fixture: &Fixture) -> Project {
    let evidence = evidence(fixture);
    let folder = tempfile::tempdir().unwrap();
    pack::save(&evidence, folder.path()).unwrap();
    assert_eq!(pack::load(folder.path()).unwrap(), evidence, "what is loaded is what was collected");
    evidence.project.present().expect("it is there").clone()
}

fn reason<T: std::fmt::Debug>(seen: &Seen<T>) -> &str {
    match seen {
        Seen::Unavailable { reason } => reason,
        other => panic!("{other:?}"),
    }
}

/// Commits everything at a time of its own.
fn commit_at(fixture: &Fixture, message: &str, seconds: i64) -> String {
    fixture.git(&["add", "-A"]);
    let tree = fixture.git(&["write-tree"]);
    let parent = fixture.git(&["for-each-ref", "--format=%(objectname)", "refs/heads/main"]);
    let parent = if parent.is_empty() { String::new() } else { format!("parent {parent}\n") };
    let who = format!("A <a@example.org> {seconds} +0000");
    let text = format!("tree {tree}\n{parent}author {who}\ncommitter {who}\n\n{message}\n");
    let id = fixture.object("commit", text.as_bytes());
    fixture.git(&["update-ref", "refs/heads/main", &id]);
    id
}

#[test]
fn settings_are_kept_with_their_bytes_and_images_by_name() {
    let fixture = Fixture::new();
    fixture.write("SECURITY.md", "# Security\n");
    fixture.write(".github/dependabot.yml", "version: 2\n");
    fixture.write(".github/workflows/ci.yml", "jobs: {a: {steps: [{run: make audit && ./tools/scan.sh}]}}\n");
    fixture.write("tools/scan.sh", "bandit -r .\n");
    fixture.write("tools/other.sh", "true\n");
    fixture.write("Makefile", "audit:\n\tpip-audit\n");
    fixture.write("justfile", "audit:\n");
    fixture.write("web/.well-known/security.txt", "Contact: mailto:a@b.example\n");
    fixture.write("CHANGELOG.md", "## 1.0.0\n");
    fixture.write("changes.d/1.txt", "x\n");
    fixture.write("app/Dockerfile.dev", "FROM scratch\n");
    fixture.write("vendor/x/Dockerfile", "FROM scratch\n");
    fixture.write("pixi.lock", "version: 6\n");
    std::os::unix::fs::symlink("../outside", fixture.path().join("tox.ini")).unwrap();
    fixture.write(".bandit", vec![b'x'; (1 << 20) + 1]);
    fixture.commit("first");
    fixture.git(&["tag", "v1"]);
    let project = project(&fixture);
    let kept: Vec<&str> = project.files.keys().map(String::as_str).collect();
    let expected = [
        ".bandit",
        ".github/dependabot.yml",
        "CHANGELOG.md",
        "Makefile",
        "tools/scan.sh",
        "tox.ini",
        "web/.well-known/security.txt",
    ];
    assert_eq!(kept, expected);
    assert_eq!(reason(&project.files[".bandit"]), ".bandit is larger than the limit of 1048576 bytes");
    assert_eq!(reason(&project.files["tox.ini"]), "tox.ini leads out of the repository");
    let item = project.files["tools/scan.sh"].present().unwrap();
    assert_eq!(
        (item.origin.as_str(), item.bytes.as_slice()),
        ("git:refs/tags/v1:tools/scan.sh", &b"bandit -r .\n"[..])
    );
    assert_eq!(project.names, ["app/Dockerfile.dev", "pixi.lock"]);
}

#[test]
fn what_the_policy_names_is_looked_for_at_the_tag() {
    let fixture = Fixture::new();
    fixture.write(
        ".github/SECURITY.md",
        "See [a](../docs/a.md), `src/` and `src/main.rs`, [none](NONE.md), `gone.py`, `b/loop`, etc. and ../../x.\n",
    );
    fixture.write("docs/a.md", "# A\n");
    fixture.write("src/main.rs", "fn main() {}\n");
    fixture.write("b/c", "");
    std::os::unix::fs::symlink("loop", fixture.path().join("b/loop")).unwrap();
    fixture.commit("first");
    fixture.git(&["tag", "v1"]);
    let project = project(&fixture);
    let is_file = |path: &str| matches!(project.named[path], Seen::Present(Named::File(_)));
    assert!(is_file("docs/a.md") && is_file("src/main.rs"));
    assert_eq!(project.named["src"], Seen::Present(Named::Folder));
    for path in ["NONE.md", ".github/NONE.md", "gone.py"] {
        assert_eq!(project.named[path], Seen::Absent { looked_at: vec![path.to_owned()] });
    }
    assert_eq!(reason(&project.named["b/loop"]), "b/loop is behind more than 5 symbolic links");
    assert!(!project.named.contains_key("See") && !project.named.keys().any(|path| path.contains("..")));
}

#[test]
fn dates_and_the_cited_lines_come_from_the_history_of_the_default_branch() {
    let fixture = Fixture::new();
    fixture.write("src/a.py", "one\ntwo\nsafe = escape(text)\n");
    commit_at(&fixture, "start", 1_600_000_000);
    fixture.write("SECURITY.md", "# Security\n\nLast updated: 2021\n");
    commit_at(&fixture, "policy (#1)", 1_610_000_000);
    fixture.write("SECURITY.md", "# Security\n\nLast updated: 2021\n\n- escaped (`src/a.py:3`)\n");
    let cited_in = commit_at(&fixture, "cite", 1_620_000_000);
    fixture.write("src/a.py", "zero\none\ntwo\nsafe = escape(text)\n");
    commit_at(&fixture, "move (#2)", 1_630_000_000);
    fixture.write("SECURITY.md", "# Security\n\nLast updated: 2022\n\n- escaped (`src/a.py:3`)\n");
    commit_at(&fixture, "date", 1_640_000_000);
    fixture.write("src/b.py", "");
    commit_at(&fixture, "other", 1_650_000_000);
    fixture.git(&["tag", "v1"]);
    let project = project(&fixture);
    let history = project.history.present().unwrap();
    let at = |seconds| Seen::Present(Timestamp::from_second(seconds).unwrap());
    assert_eq!(history.began, at(1_600_000_000));
    assert_eq!(history.policy_began, at(1_610_000_000));
    assert_eq!(history.policy_changed, at(1_640_000_000));
    assert_eq!((history.recent.commits, history.recent.with_request), (6, 2));
    let [cited] = project.cited.as_slice() else { panic!("{:?}", project.cited) };
    assert_eq!((cited.line, cited.path.as_str(), cited.number), (5, "src/a.py", 3));
    let then = cited.then.present().unwrap();
    assert_eq!(then.origin, format!("git:{cited_in}:src/a.py"));
    assert_eq!(then.bytes, b"one\ntwo\nsafe = escape(text)\n");
}

#[test]
fn a_merge_that_brings_a_version_in_is_followed_to_the_side_it_is_from() {
    let fixture = Fixture::new();
    fixture.write("SECURITY.md", "Last updated: 2021\n");
    commit_at(&fixture, "start", 1_600_000_000);
    fixture.git(&["checkout", "-q", "-f", "-b", "side"]);
    fixture.write("SECURITY.md", "Last updated: 2022\n");
    fixture.git(&["commit", "-q", "-a", "-m", "side"]);
    fixture.git(&["checkout", "-q", "main"]);
    fixture.write("x", "");
    fixture.commit("main");
    fixture.git(&["merge", "-q", "--no-ff", "-m", "Merge pull request #7 from a/side", "side"]);
    fixture.git(&["tag", "v1"]);
    let project = project(&fixture);
    let history = project.history.present().unwrap();
    // The time at which the kit of the tests commits.
    let side = Timestamp::from_second(1_700_000_060).unwrap();
    assert_eq!(history.policy_changed, Seen::Present(side));
    assert_eq!(history.policy_began, Seen::Present(Timestamp::from_second(1_600_000_000).unwrap()));
    assert_eq!((history.recent.commits, history.recent.with_request), (3, 1));
}

#[test]
fn a_history_that_is_not_whole_gives_no_dates() {
    let fixture = Fixture::new();
    fixture.write("SECURITY.md", "Last updated: 2021, see `a.py:1`\n");
    fixture.write("a.py", "x\n");
    fixture.commit("first");
    fixture.write("b", "");
    fixture.commit("second");
    fixture.git(&["tag", "v1"]);
    let shallow = fixture.clone_with(&["--depth", "1", "--branch", "v1"]);
    shallow.git(&["checkout", "-q", "-b", "main"]);
    let project = project(&shallow);
    let why = "the clone is shallow, so its history is cut; run `git fetch --unshallow`";
    assert_eq!(reason(&project.history), why);
    assert_eq!(reason(&project.cited[0].then), why);
    assert!(project.named["a.py"].present().is_some(), "the tree is there all the same");
}

#[test]
fn without_a_policy_nothing_is_looked_for() {
    let fixture = Fixture::new();
    fixture.write("a", "");
    fixture.commit("first");
    fixture.git(&["tag", "v1"]);
    let evidence = evidence(&fixture);
    assert_eq!(reason(&evidence.project), "there is no security policy here that could claim anything");
}
