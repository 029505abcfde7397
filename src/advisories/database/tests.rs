use super::{Database, DatabaseError, Source, SourceForm};
use crate::advisories::{
    cargo_lock,
    lock::Ecosystem,
    locks,
    record::RecordError,
    snapshot::Snapshot,
    testing::{ARCHIVE_TIME, Tar, advisory, gzip, index_source, lock_text, three_records, write_tree},
};
use jiff::{Timestamp, ToSpan};
use std::{fs, path::Path, process::Command};

const COMMIT: &str = "bf5c0d245a92671908518d7e765914d437954ed6";

fn open_files(files: &[(String, String)]) -> Result<Database, DatabaseError> {
    let folder = tempfile::tempdir().unwrap();
    write_tree(folder.path(), files);
    Database::open(folder.path())
}

fn open_bytes(bytes: &[u8]) -> Result<Database, DatabaseError> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("db");
    fs::write(&path, bytes).unwrap();
    Database::open(&path)
}

fn source(database: &Database) -> &Source {
    let [source] = database.sources() else { panic!("{:?}", database.sources()) };
    source
}

fn git(folder: &Path, arguments: &[&str]) {
    let status = Command::new("git")
        .current_dir(folder)
        .args(["-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "commit.gpgsign=false"])
        .args(arguments)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_COMMITTER_DATE", format!("{ARCHIVE_TIME} +0200"))
        .env("GIT_AUTHOR_DATE", "1000000000 +0000")
        .status()
        .unwrap();
    assert!(status.success());
}

fn git_checkout() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    write_tree(folder.path(), &three_records());
    fs::write(folder.path().join("README.md"), "about").unwrap();
    git(folder.path(), &["init", "-q"]);
    git(folder.path(), &["add", "."]);
    git(folder.path(), &["commit", "-q", "-m", "one"]);
    folder
}

#[test]
fn of_several_versions_of_one_package_each_is_held_to_every_advisory() {
    let files = [
        ("0003", "patched = [\">= 2.0.0\"]\nunaffected = [\"< 1.2.3\"]"),
        ("0004", "patched = [\">= 9.0.0\"]"),
    ];
    let record = |(number, versions): &(&str, &str)| {
        let id = format!("RUSTSEC-2020-{number}");
        (format!("crates/foo/{id}.md"), advisory(&id, "foo", versions, ""))
    };
    let database = open_files(&[three_records(), files.iter().map(record).collect()].concat()).unwrap();
    let found = |versions: &[&str]| -> Vec<String> {
        let index = index_source();
        let rows: Vec<_> = versions.iter().map(|version| ("foo", *version, Some(index.as_str()))).collect();
        let lock = cargo_lock::parse(lock_text(&rows).as_bytes()).unwrap();
        let found = database.matches(&lock).unwrap().found;
        found.iter().map(|it| format!("{} {}", it.version, &it.id[13..])).collect()
    };
    assert_eq!(found(&["1.2.2"]), ["1.2.2 0001", "1.2.2 0004"]);
    assert_eq!(found(&["1.5.0"]), ["1.5.0 0003", "1.5.0 0004"]);
    assert_eq!(found(&["9.0.0"]), Vec::<String>::new());
    let of_each = ["1.2.2 0001", "1.2.2 0004", "1.5.0 0003", "1.5.0 0004", "2.0.0 0004"];
    assert_eq!(found(&["1.2.2", "1.5.0", "2.0.0", "9.0.0"]), of_each);
}

#[test]
fn what_is_doubtful_about_a_version_is_no_reason_to_pass_over_an_advisory() {
    let of = |id: &str, package: &str, ranges: &str| {
        let text = format!(
            "id: {id}\nmodified: 2024-02-01T00:00:00Z\npublished: 2024-01-01T00:00:00Z\ndetails: A title\naffected:\n\
             - package: {{name: {package}, ecosystem: PyPI}}\n  ranges:\n  - {ranges}\n"
        );
        (format!("vulns/{package}/{id}.yaml"), text)
    };
    let events = |fixed: &str| {
        format!("{{type: ECOSYSTEM, events: [{{introduced: \"1.0\"}}, {{fixed: \"{fixed}\"}}]}}")
    };
    let commits = "{type: GIT, repo: \"https://example.com/a\", events: [{introduced: \"0\"}]}";
    let database = open_files(&[
        of("PYSEC-2024-1", "a", &events("not a version")),
        of("PYSEC-2024-2", "a", &events("2.0")),
        of("PYSEC-2024-3", "b", commits),
    ])
    .unwrap();
    let lock = locks::parse_given("requirements.txt", b"a==2.0\nb==7.0\n").unwrap();
    let all = database.matches(&lock).unwrap();
    let undecided: Vec<_> = all.undecided.iter().map(|it| (it.version.as_str(), it.id.as_str())).collect();
    assert_eq!(undecided, [("2.0", "PYSEC-2024-1")]);
    let found: Vec<_> = all.found.iter().map(|it| (it.package.as_str(), it.id.as_str())).collect();
    assert_eq!(found, [("b", "PYSEC-2024-3")]);
    assert!(all.found[0].is_range_unknown);
}

#[test]
fn a_checkout_a_folder_and_an_archive_have_the_same_digest() {
    let checkout = git_checkout();
    let from_git = Database::open(checkout.path()).unwrap();
    let from_folder = open_files(&three_records()).unwrap();
    let tar = Tar::of_three_records(COMMIT).bytes();
    let from_tar = open_bytes(&tar).unwrap();
    let from_gzip = open_bytes(&gzip(&tar)).unwrap();
    for other in [&from_folder, &from_tar, &from_gzip] {
        assert_eq!(source(other).sha256, source(&from_git).sha256);
        assert_eq!(source(other).advisories, 3);
    }
    let moved = Timestamp::from_second(ARCHIVE_TIME as i64).unwrap();
    assert_eq!((source(&from_git).form, source(&from_git).date), (SourceForm::Git, Some(moved)));
    assert_eq!(source(&from_git).commit.as_deref().map(str::len), Some(40));
    assert_eq!((source(&from_tar).form, source(&from_tar).date), (SourceForm::Archive, Some(moved)));
    assert_eq!(source(&from_tar).commit.as_deref(), Some(COMMIT));
    assert_eq!((source(&from_folder).form, source(&from_folder).date), (SourceForm::Folder, None));
    assert_eq!(source(&from_folder).commit, None);
}

#[test]
fn a_changed_advisory_changes_the_digest() {
    let before = open_files(&three_records()).unwrap();
    let mut files = three_records();
    files[0].1 += " ";
    assert_ne!(source(&open_files(&files).unwrap()).sha256, source(&before).sha256);
}

#[test]
fn a_checkout_is_what_its_commit_says_whatever_its_work_tree_and_config_say() {
    let checkout = git_checkout();
    let clean = Database::open(checkout.path()).unwrap();
    fs::remove_file(checkout.path().join("crates/foo/RUSTSEC-2020-0001.md")).unwrap();
    fs::write(checkout.path().join("crates/foo/RUSTSEC-2099-0001.md"), "rubbish").unwrap();
    let config =
        "[core]\n\trepositoryformatversion = 0\n\tfsmonitor = \"touch pwned\"\n\tworktree = /nowhere\n";
    fs::write(checkout.path().join(".git/config"), config).unwrap();
    let dirty = Database::open(checkout.path()).unwrap();
    assert_eq!(source(&dirty), source(&clean));
    let bare = Database::open(&checkout.path().join(".git")).unwrap();
    assert_eq!(source(&bare), source(&clean));
}

#[test]
fn a_checkout_whose_repository_is_broken_is_an_error_not_a_folder() {
    let checkout = git_checkout();
    fs::remove_dir_all(checkout.path().join(".git/objects")).unwrap();
    assert!(matches!(Database::open(checkout.path()), Err(DatabaseError::Git { .. })));
    fs::remove_dir_all(checkout.path().join(".git")).unwrap();
    fs::create_dir(checkout.path().join(".git")).unwrap();
    assert!(matches!(Database::open(checkout.path()), Err(DatabaseError::Git { .. })));
}

#[test]
fn an_empty_database_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    assert!(matches!(Database::open(folder.path()), Err(DatabaseError::NotADatabase { .. })));
    fs::create_dir(folder.path().join("crates")).unwrap();
    assert!(matches!(Database::open(folder.path()), Err(DatabaseError::Empty)));
    assert!(matches!(open_bytes(&Tar::bare().bytes()), Err(DatabaseError::NotADatabase { .. })));
    assert!(matches!(open_bytes(b""), Err(DatabaseError::Damaged { .. })));
    let draft = advisory("RUSTSEC-0000-0000", "foo", "patched = []", "");
    let files = [("crates/foo/RUSTSEC-0000-0000.md".to_owned(), draft)];
    assert!(matches!(open_files(&files), Err(DatabaseError::Empty)));
}

#[test]
fn a_path_that_is_not_there_is_unreadable() {
    assert!(matches!(Database::open(Path::new("/nowhere/at/all")), Err(DatabaseError::Unreadable { .. })));
}

#[test]
fn one_corrupted_advisory_makes_the_database_an_error_that_names_it() {
    for at in 0..3 {
        let mut files = three_records();
        files[at].1 = files[at].1.replace("[versions]", "[visions]");
        let path = files[at].0.clone();
        match open_files(&files) {
            Err(DatabaseError::Record(RecordError::Malformed { path: named, .. })) => {
                assert_eq!(named, path)
            }
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn the_same_id_in_two_folders_is_refused() {
    let mut files = three_records();
    let text = advisory("RUSTSEC-2020-0001", "baz", "patched = []", "");
    files.push(("crates/baz/RUSTSEC-2020-0001.md".to_owned(), text));
    assert!(
        matches!(open_files(&files), Err(DatabaseError::DuplicateId { id }) if id == "RUSTSEC-2020-0001")
    );
}

#[cfg(unix)]
#[test]
fn a_link_or_a_pipe_in_a_folder_is_not_a_file() {
    let folder = tempfile::tempdir().unwrap();
    write_tree(folder.path(), &three_records());
    let link = folder.path().join("crates/foo/RUSTSEC-2022-0001.md");
    std::os::unix::fs::symlink("RUSTSEC-2020-0001.md", &link).unwrap();
    assert!(matches!(Database::open(folder.path()), Err(DatabaseError::NotAFile { .. })));
    fs::remove_file(&link).unwrap();
    assert!(Command::new("mkfifo").arg(&link).status().unwrap().success());
    assert!(matches!(Database::open(folder.path()), Err(DatabaseError::NotAFile { .. })));
    fs::remove_file(&link).unwrap();
    std::os::unix::fs::symlink("foo", folder.path().join("crates/linked")).unwrap();
    assert!(matches!(Database::open(folder.path()), Err(DatabaseError::NotAFile { .. })));
}

#[test]
fn a_file_among_the_advisories_is_an_error_unless_it_is_hidden() {
    let mut files = three_records();
    files.push(("crates/foo/.DS_Store".to_owned(), "x".to_owned()));
    assert_eq!(source(&open_files(&files).unwrap()).advisories, 3);
    files.push(("crates/foo/notes.txt".to_owned(), "x".to_owned()));
    assert!(matches!(open_files(&files), Err(DatabaseError::Record(RecordError::Misplaced { .. }))));
}

#[test]
fn age_is_counted_in_whole_days_from_the_source_and_unknown_stays_unknown() {
    let mut source = source(&open_bytes(&Tar::of_three_records(COMMIT).bytes()).unwrap()).clone();
    let date = source.date.unwrap();
    assert_eq!(source.age_days(date), Some(0));
    assert_eq!(source.age_days(date + 47.hours()), Some(1));
    assert_eq!(source.age_days(date - 1.hour()), Some(-1));
    source.date = None;
    assert_eq!(source.age_days(date), None);
}

/// A small copy of Go's database, whose advisories have no date of their own, and the reports of two of the three.
fn vulndb() -> Vec<(String, String)> {
    let osv = |id: &str| {
        let text = format!(
            "{{\"schema_version\":\"1.3.1\",\"id\":\"{id}\",\"modified\":\"0001-01-01T00:00:00Z\",\
             \"published\":\"0001-01-01T00:00:00Z\",\"summary\":\"Invented\",\"affected\":[{{\"package\":\
             {{\"name\":\"example.test/mod\",\"ecosystem\":\"Go\"}},\"ranges\":[{{\"type\":\"SEMVER\",\
             \"events\":[{{\"introduced\":\"0\"}}]}}]}}]}}"
        );
        (format!("data/osv/{id}.json"), text)
    };
    let report = |id: &str, published: &str| {
        let text = format!(
            "id: {id}\nmodules:\n    - module: example.test/mod\n      published: 1999-01-01T00:00:00Z\n\
             summary: Invented\npublished: {published}\nreview_status: REVIEWED\n"
        );
        (format!("data/reports/{id}.yaml"), text)
    };
    vec![
        osv("GO-2026-0001"),
        osv("GO-2026-0002"),
        osv("GO-2026-0003"),
        report("GO-2026-0001", "2026-07-27T18:12:07.123Z"),
        report("GO-2026-0002", "\"2026-08-14T00:00:00Z\""),
    ]
}

#[test]
fn the_reports_in_a_checkout_of_gos_database_give_its_advisories_their_dates() {
    let folder = tempfile::tempdir().unwrap();
    write_tree(folder.path(), &vulndb());
    let loose = Database::open(folder.path()).unwrap();
    git(folder.path(), &["init", "-q"]);
    git(folder.path(), &["add", "."]);
    git(folder.path(), &["commit", "-q", "-m", "one"]);
    let checkout = Database::open(folder.path()).unwrap();
    for database in [loose, checkout] {
        let about = database.about(Ecosystem::Golang, "example.test/mod").unwrap();
        let dates: Vec<String> = about
            .iter()
            .map(|(_, it)| it.published.map_or_else(|| "unknown".to_owned(), |date| date.to_string()))
            .collect();
        assert_eq!(dates, ["2026-07-27", "2026-08-14", "unknown"]);
    }
}

#[test]
fn a_database_that_is_dated_in_the_future_loses_its_date() {
    let database = open_bytes(&Tar::of_three_records(COMMIT).bytes()).unwrap();
    let date = source(&database).date.unwrap();
    let lost = |now: Timestamp| {
        let mut snapshot = Snapshot::take(std::slice::from_ref(&database), []).unwrap();
        let names = snapshot.distrust_dates_after(now);
        (names.len(), snapshot.sources()[0].date.is_none())
    };
    assert_eq!(lost(date), (0, false));
    assert_eq!(lost(date - 24.hours()), (0, false), "clocks differ");
    assert_eq!(lost(date - 25.hours()), (1, true));
}

#[test]
fn a_package_of_cargo_is_found_by_any_spelling_that_its_registry_takes_for_the_same() {
    let mut files = three_records();
    for (_, text) in &mut files {
        *text = text.replace("\"foo\"", "\"Foo_bar-baz\"");
    }
    for (path, _) in &mut files {
        *path = path.replace("/foo/", "/Foo_bar-baz/");
    }
    let database = open_files(&files).unwrap();
    let source = index_source();
    let found = |name: &str| {
        let lock = cargo_lock::parse(lock_text(&[(name, "1.2.2", Some(&source))]).as_bytes()).unwrap();
        let all = database.matches(&lock).unwrap();
        let snapshot = Snapshot::take(std::slice::from_ref(&database), [&lock]).unwrap();
        let snapshot = Snapshot::from_bytes(&snapshot.to_bytes()).unwrap();
        assert_eq!(snapshot.matches(&lock).unwrap(), all);
        all.found.into_iter().map(|it| (it.package, it.id)).collect::<Vec<_>>()
    };
    for name in ["Foo_bar-baz", "foo_bar_baz", "foo-bar-baz", "FOO-bar_baz"] {
        assert_eq!(found(name), [(name.to_owned(), "RUSTSEC-2020-0001".to_owned())], "{name}");
    }
    assert_eq!(found("foobarbaz"), []);
}

#[test]
fn a_module_is_known_by_every_spelling_that_leads_to_its_repository() {
    let osv = |id: &str, module: &str| {
        let text = format!(
            "{{\"schema_version\":\"1.3.1\",\"id\":\"{id}\",\"modified\":\"2026-01-01T00:00:00Z\",\"summary\":\"Invented\",\
             \"affected\":[{{\"package\":{{\"name\":\"{module}\",\"ecosystem\":\"Go\"}},\"ranges\":[{{\"type\":\"SEMVER\",\
             \"events\":[{{\"introduced\":\"0\"}}]}}]}}]}}"
        );
        (format!("data/osv/{id}.json"), text)
    };
    let database = open_files(&[
        osv("GO-2026-0001", "github.com/Acme/Part"),
        osv("GO-2026-0002", "example.com/Acme/part"),
    ])
    .unwrap();
    let about = |module: &str| -> Vec<(String, String)> {
        let about = database.about(Ecosystem::Golang, module).unwrap();
        about.into_iter().map(|(_, it)| (it.package, it.id)).collect()
    };
    for module in [
        "github.com/Acme/Part",
        "github.com/acme/part",
        "github.com/ACME/part.git",
        "www.GitHub.com/Acme/Part",
    ] {
        assert_eq!(about(module), [(module.to_owned(), "GO-2026-0001".to_owned())]);
    }
    for module in ["example.com/Acme/part", "Example.COM/Acme/part"] {
        assert_eq!(about(module), [(module.to_owned(), "GO-2026-0002".to_owned())]);
    }
    for other in ["github.com/acme/parts", "example.com/ACME/part", "example.com/Acme/part.git"] {
        assert_eq!(about(other), [], "{other}");
    }
}
