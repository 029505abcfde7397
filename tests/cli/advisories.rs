//! Advisory indexes: built, shown, used, and refused where they are not whole.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use crate::fixture::Fixture;
use crate::kit::advisories::VULNERABILITY;
use crate::kit::project;
use crate::kit::release::Release;
use crate::kit::spoil::Spoil;

/// A release whose lock file has a vulnerability, with an index of its database beside it.
fn fixture() -> Fixture {
    let fixture = Fixture::of(&Release::good().spoil(Spoil::Advisory(VULNERABILITY)));
    fixture.write("Cargo.lock", project::lock("1.2.3"));
    build(&fixture, "index");
    fixture
}

fn build(fixture: &Fixture, to: &str) {
    let from = format!("rustsec={}", fixture.written.advisories().display());
    let said = ["rustsec: 3 advisories (0 withdrawn) about cargo, commit ", "sha256 "];
    fixture.relcheck(&["advisories", "build", "--from", &from, "--output", to]).expect("build", 0, &said);
}

#[test]
fn an_index_is_built_the_same_twice_shown_and_used_like_its_database() {
    let fixture = fixture();
    build(&fixture, "again");
    let index = fs::read(fixture.here().join("index")).unwrap();
    assert_eq!(index, fs::read(fixture.here().join("again")).unwrap());
    let check = |database: &str| {
        let arguments = ["advisories", "check", "Cargo.lock", "--format", "json", "--advisories", database];
        fixture.relcheck(&arguments).expect(database, 1, &["RUSTSEC-2025-9003"]).out()
    };
    assert_eq!(check("index"), check(fixture.written.advisories().to_str().unwrap()));
    // Of 2026-01-04: a month is all that the default policy allows.
    let old = ["the rustsec database is", "days old, and what was published since is not in it"];
    fixture.relcheck(&["advisories", "check", "Cargo.lock", "--advisories", "index"]).expect("old", 1, &old);
    let status = ["advisories", "status", "--advisories", "index"];
    fixture.relcheck(&status).expect("status", 0, &["rustsec: 3 advisories", "date 2026-01-04", "age "]);
    let json = fixture.relcheck(&[&status[..], &["--format", "json"]].concat()).expect("json", 0, &[]).json();
    assert_eq!(json["sources"][0]["ecosystems"], serde_json::json!(["cargo"]));
    let verify = fixture.run(&fixture.arguments().with("--advisories", "index"));
    verify.expect("verify", 1, &["advisories/vulnerable", "known before the tag: 1; since: 0"]);
}

#[test]
fn entries_about_other_registries_are_counted_as_an_index_is_built() {
    let fixture = fixture();
    fs::create_dir(fixture.here().join("records")).unwrap();
    let left_out = |others: &[&str]| {
        let entry =
            |ecosystem: &&str| format!("{{\"package\":{{\"ecosystem\":\"{ecosystem}\",\"name\":\"a\"}}}}");
        let affected: Vec<String> = ["npm"].iter().chain(others).map(entry).collect();
        let record = format!(
            "{{\"id\":\"X-1\",\"modified\":\"2026-01-01T00:00:00Z\",\"affected\":[{}]}}",
            affected.join(",")
        );
        fixture.write("records/X-1.json", record);
        let arguments = ["advisories", "build", "--from", "osv/npm=records", "--output", "npm.idx"];
        let said =
            fixture.relcheck(&arguments).expect("build", 0, &["osv/npm: 1 advisory (0 withdrawn)"]).out();
        said.lines().find(|line| line.starts_with("left out: ")).map(str::to_owned)
    };
    let told = "left out: 2 entries about packages of other registries".to_owned();
    assert_eq!(left_out(&["npm:https://a.example", "PyPI:https://b.example", "Debian:12"]), Some(told));
    assert_eq!(left_out(&["Debian:12"]), None);
}

#[test]
fn an_index_is_readable_as_other_files_are_and_one_that_cannot_be_written_is_named() {
    let fixture = fixture();
    let mode = |name: &str| fs::metadata(fixture.here().join(name)).unwrap().permissions().mode() & 0o777;
    fixture.write("other", "");
    assert_eq!(mode("index"), mode("other"));
    let from = format!("rustsec={}", fixture.written.advisories().display());
    fs::create_dir(fixture.here().join("folder")).unwrap();
    for (to, why) in [("nowhere/a.idx", "No such file or directory"), ("folder", "Is a directory")] {
        let ran = fixture.relcheck(&["advisories", "build", "--from", &from, "--output", to]);
        let ran = ran.expect(to, 4, &[&format!("error: {to} could not be written: {why}")]);
        assert!(!ran.stderr.contains("half"), "{}", ran.stderr);
    }
    let left = fs::read_dir(fixture.here()).unwrap().map(|entry| entry.unwrap().file_name());
    assert!(!left.into_iter().any(|name| name.to_string_lossy().contains("half")));
}

#[test]
fn a_file_that_is_no_database_is_not_called_a_damaged_archive() {
    let fixture = fixture();
    fixture.write("notes", "some notes\n");
    let check = fixture.relcheck(&["advisories", "check", "Cargo.lock", "--advisories", "notes"]);
    let says =
        "error: --advisories notes: it is neither an index, nor an archive or a checkout of a database";
    check.expect("a text", 2, &[says, "help: --advisories takes an index"]);
}

#[test]
fn an_index_that_is_not_whole_is_refused_and_never_without_findings() {
    let fixture = fixture();
    let index = fs::read(fixture.here().join("index")).unwrap();
    let mut changed = index.clone();
    *changed.last_mut().unwrap() ^= 1;
    let mut newer = index.clone();
    newer[24] = 9;
    for (bytes, phrase) in [
        (&index[..index.len() - 1], "it was cut off or added to"),
        (&index[..24], "it was cut off or added to"),
        (changed.as_slice(), "its BLAKE3 digest does not match"),
        (newer.as_slice(), "has format 9, and this version reads format 5"),
        (&index[..0], "truncated or damaged"),
    ] {
        fixture.write("spoilt", bytes);
        for command in ["check", "status"] {
            let lock: &[&str] = if command == "check" { &["Cargo.lock"] } else { &[] };
            let arguments = [&["advisories", command], lock, &["--advisories", "spoilt"]].concat();
            fixture.relcheck(&arguments).expect(phrase, 2, &["--advisories spoilt: ", phrase]);
        }
    }
}

#[test]
fn without_a_database_nothing_is_said_to_be_clean() {
    let fixture = fixture();
    let fetch = "fetch the databases (relcheck advisories update)";
    fixture.relcheck(&["advisories", "check", "Cargo.lock"]).expect(
        "check",
        3,
        &["no advisory database was given", fetch],
    );
    fixture.relcheck(&["advisories", "status"]).expect("status", 3, &["no refreshed advisories", fetch]);
    let update = ["advisories", "update", "--offline", "--source", "rustsec"];
    let ran = fixture.relcheck(&update);
    assert_ne!(ran.code, 0, "{}", ran.stderr);
    assert!(ran.stderr.contains("rustsec"), "{}", ran.stderr);
}

#[test]
fn a_name_that_is_no_databases_is_refused_with_those_that_are() {
    let fixture = fixture();
    for (from, phrase) in [
        ("nvd=.", "no advisory database is called `nvd`"),
        ("osv/cobol=.", "no ecosystem is called `cobol`"),
        ("rustsec", "it is not of the form NAME=PATH"),
        ("go=nowhere", "cannot read"),
    ] {
        let ran = fixture.relcheck(&["advisories", "build", "--from", from, "--output", "out"]);
        ran.expect(from, 2, &[phrase]);
        assert!(!fixture.here().join("out").exists());
    }
}
