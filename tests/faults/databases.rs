//! `relcheck advisories update` against servers that serve the archives of databases as GitHub does: by a redirect to
//! another host, with an entity tag there.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Arc, Mutex};

use relcheck::advisories::database::Database;
use relcheck::release::Sha256;

use crate::authority::Authority;
use crate::http::{Asked, Http};
use crate::kit::advisories::{Advisory, ELSEWHERE, FIXED_LONG_AGO, VULNERABILITY, database};
use crate::kit::repository::{Commit, Form, Repository};
use crate::run::{Ran, command, finish};
use crate::scene::through;
use crate::server::{Internet, Play, Step};

const RUSTSEC: &str = "https://github.com/RustSec/advisory-db/archive/refs/heads/main.tar.gz";
const RUSTSEC_THERE: &str = "https://codeload.github.com/RustSec/advisory-db/tar.gz/refs/heads/main";
const GO: &str = "https://github.com/golang/vulndb/archive/refs/heads/master.tar.gz";
const GO_THERE: &str = "https://codeload.github.com/golang/vulndb/tar.gz/refs/heads/master";

/// What servers say, by address; to a request by the entity tag of what it would say, that it has not changed.
#[derive(Clone, Default)]
struct Shelf(Arc<Mutex<BTreeMap<String, Vec<Step>>>>, Arc<Mutex<BTreeMap<String, Vec<u8>>>>);

impl Shelf {
    fn steps(&self, url: &str, steps: Vec<Step>) {
        self.1.lock().unwrap().remove(url);
        self.0.lock().unwrap().insert(url.to_owned(), steps);
    }

    fn says(&self, url: &str, answer: Http) {
        self.steps(url, vec![Step::Say(answer.bytes())]);
    }

    fn serves(&self, url: &str, archive: Vec<u8>) {
        self.1.lock().unwrap().insert(url.to_owned(), archive);
    }
}

impl Play for Shelf {
    fn answer(&self, asked: &Asked) -> Vec<Step> {
        let Some(body) = self.1.lock().unwrap().get(&asked.url()).cloned() else {
            let said = self.0.lock().unwrap().get(&asked.url()).cloned();
            return said.unwrap_or_else(|| vec![Step::Say(Http::status("404 Not Found").bytes())]);
        };
        let tag = format!("W/\"{}\"", Sha256::of(&body));
        let unchanged = asked.header("if-none-match") == Some(tag.as_str());
        let answer = match unchanged {
            true => Http::status("304 Not Modified"),
            false => Http::status("200 OK").with("Content-Type", "application/x-gzip").saying(body),
        };
        vec![Step::Say(answer.with("ETag", tag).bytes())]
    }
}

/// Databases on GitHub, and a cache.
struct Place {
    folder: tempfile::TempDir,
    shelf: Shelf,
    internet: Internet,
}

impl Place {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("ca.pem"), &Authority::get().pem).unwrap();
        let shelf = Shelf::default();
        for (url, there) in [(RUSTSEC, RUSTSEC_THERE), (GO, GO_THERE)] {
            shelf.says(url, Http::status("302 Found").with("Location", there));
        }
        shelf.serves(RUSTSEC_THERE, rustsec(&[FIXED_LONG_AGO, ELSEWHERE]));
        shelf.serves(GO_THERE, go(&["GO-2026-0001"]));
        let internet = Internet::of(shelf.clone());
        Self { folder, shelf, internet }
    }

    fn update(&self) -> Ran {
        self.update_with(&["--source", "rustsec", "--source", "go"])
    }

    fn update_with(&self, arguments: &[&str]) -> Ran {
        let mut command = command(self.folder.path());
        command.args(["advisories", "update"]).args(arguments).env("RELCHECK_CACHE", "cache");
        through(&mut command, &self.internet);
        finish(&mut command)
    }

    fn kept(&self) -> PathBuf {
        self.folder.path().join("cache/advisories")
    }

    fn index(&self) -> Vec<u8> {
        fs::read(self.kept().join("index")).unwrap()
    }

    /// The names of the index's databases, with the number of their advisories.
    fn holds(&self) -> Vec<String> {
        let database = Database::open(&self.kept().join("index")).unwrap();
        database.sources().iter().map(|it| format!("{} {}", it.name, it.advisories)).collect()
    }

    /// What was asked since the last time, with the entity tags.
    fn asked(&self, since: usize) -> Vec<(String, bool)> {
        let all = self.internet.asked();
        all[since..].iter().map(|it| (it.url(), it.header("if-none-match").is_some())).collect()
    }

    /// Nothing half fetched lies about.
    #[track_caller]
    fn is_tidy(&self) {
        let all = fs::read_dir(self.kept()).unwrap().map(|it| it.unwrap().file_name());
        let other: Vec<_> = all.filter(|name| name != "index" && name != "marks.json").collect();
        assert!(other.is_empty(), "{other:?}");
    }
}

/// What GitHub serves of a repository.
fn archive(repository: &Repository, name: &str) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    repository.write(folder.path(), Form::Bare);
    let prefix = format!("--prefix={name}/");
    let made = Command::new("git")
        .args(["archive", "--format=tar.gz", &prefix, "HEAD"])
        .current_dir(folder.path())
        .output()
        .unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    made.stdout
}

fn rustsec(advisories: &[Advisory]) -> Vec<u8> {
    archive(&database(advisories, 1_767_500_000), "advisory-db-main")
}

fn go(ids: &[&str]) -> Vec<u8> {
    let advisory = |id: &&str| {
        let text = serde_json::json!({
            "schema_version": "1.3.1", "id": id, "modified": "0001-01-01T00:00:00Z",
            "published": "0001-01-01T00:00:00Z", "aliases": [], "summary": "Invented",
            "affected": [{ "package": { "name": "example.test/mod", "ecosystem": "Go" },
                "ranges": [{ "type": "SEMVER", "events": [{ "introduced": "0" }] }] }],
        });
        (format!("data/osv/{id}.json"), text.to_string())
    };
    let commit =
        Commit { message: "Add".to_owned(), at: 1_767_500_000, files: ids.iter().map(advisory).collect() };
    archive(&Repository { commits: vec![commit], tags: vec![], origin: None }, "vulndb-master")
}

#[test]
fn what_has_not_changed_costs_one_short_answer_and_leaves_the_index_as_it_is() {
    let place = Place::new();
    let said = ["go: 1 advisory", "rustsec: 2 advisories", "date 2026-01-04"];
    place.update().expect("the first time", 0, &said);
    let (first, marks) = (place.index(), fs::read(place.kept().join("marks.json")).unwrap());
    assert_eq!(place.holds(), ["go 1", "rustsec 2"]);
    place.is_tidy();
    let before = place.internet.asked().len();

    let again = ["rustsec has not changed", "go has not changed", "rustsec: 2 advisories"];
    place.update().expect("unchanged", 0, &again);
    // The place that gave the tag is asked by it, and nobody else.
    let expected = [(RUSTSEC, false), (RUSTSEC_THERE, true), (GO, false), (GO_THERE, true)];
    assert_eq!(place.asked(before), expected.map(|(url, by_tag)| (url.to_owned(), by_tag)));
    assert_eq!(place.index(), first);
    assert_eq!(fs::read(place.kept().join("marks.json")).unwrap(), marks);

    place.shelf.serves(RUSTSEC_THERE, rustsec(&[FIXED_LONG_AGO, ELSEWHERE, VULNERABILITY]));
    place.update().expect("changed", 0, &["go has not changed", "rustsec: 3 advisories", "go: 1 advisory"]);
    assert_eq!(place.holds(), ["go 1", "rustsec 3"]);
    let before = place.internet.asked().len();
    place.update().expect("unchanged again", 0, &["rustsec has not changed"]);
    assert_eq!(place.asked(before).iter().filter(|(_, by_tag)| *by_tag).count(), 2);

    // One alone leaves the other in.
    place.shelf.serves(GO_THERE, go(&["GO-2026-0001", "GO-2026-0002"]));
    place.update_with(&["--source", "go"]).expect("one alone", 0, &["go: 2 advisories"]);
    assert_eq!(place.holds(), ["go 2", "rustsec 3"]);
    place.is_tidy();
}

#[test]
fn a_database_that_cannot_be_had_leaves_the_index_as_it_was() {
    let place = Place::new();
    place.update().expect("the first time", 0, &[]);
    let first = place.index();
    // What else is new does not make an index that one database is old in.
    place.shelf.serves(GO_THERE, go(&["GO-2026-0001", "GO-2026-0002"]));
    let whole = rustsec(&[VULNERABILITY]);
    let gz = |body: &[u8]| Http::status("200 OK").with("Content-Type", "application/x-gzip").saying(body);
    let cut = gz(&whole).bytes()[..whole.len() / 2].to_vec();
    let page = Http::status("200 OK").with("Content-Type", "text/html").saying("<html>sign in</html>");
    let moved = |to: &str| vec![Step::Say(Http::status("302 Found").with("Location", to).bytes())];
    let say = |answer: Http| vec![Step::Say(answer.bytes())];
    let empty = archive(
        &Repository {
            commits: vec![Commit {
                message: "x".to_owned(),
                at: 1,
                files: [("README.md".to_owned(), "x".to_owned())].into(),
            }],
            tags: vec![],
            origin: None,
        },
        "x",
    );
    let cases: Vec<(&str, Vec<Step>, &str)> = vec![
        ("an archive cut off", say(gz(&whole[..whole.len() / 2])), "the archive is truncated or damaged"),
        ("a connection cut off", vec![Step::Say(cut), Step::Cut], "could not be asked"),
        ("a page", say(page), "answered with a page of HTML where a file was asked for"),
        (
            "something else",
            say(gz(b"no archive at all")),
            "it is neither an index, nor an archive or a checkout of a database",
        ),
        ("an archive of something else", say(gz(&empty)), "is not an advisory database"),
        ("another database", say(gz(&go(&["GO-2026-0003"]))), "is not an advisory database"),
        ("not there", say(Http::status("404 Not Found")), "answered 404"),
        ("a broken server", say(Http::status("500 Internal Server Error")), "answered 500"),
        ("a 304 that nobody asked for", say(Http::status("304 Not Modified")), "answered 304"),
        ("led to http", moved("http://codeload.github.com/x"), "is not followed: it is not https"),
        ("led inside", moved("https://10.0.0.1/x"), "is not followed: its address is not public"),
        ("led to nobody", moved("https://www.evil.example/x"), "answered 404"),
    ];
    let count = cases.len();
    for (what, steps, why) in cases {
        // Where the tag is asked for, so that a 304 to it would be an answer, is another place.
        place.shelf.steps(RUSTSEC, steps);
        let said = [why, "undetermined: rustsec: ", "note: the index stays as it was"];
        let ran = place.update().expect(what, 3, &said);
        assert!(ran.stdout.is_empty(), "{what}: {}", ran.out());
        assert_eq!(place.index(), first, "{what}");
        place.is_tidy();
    }
    println!("{count} answers that leave the index as it was");
    // None of it made the next run believe that anything is known.
    place.shelf.says(RUSTSEC, Http::status("302 Found").with("Location", RUSTSEC_THERE));
    place.update().expect("afterwards", 0, &["rustsec has not changed", "go: 2 advisories"]);
    assert_eq!(place.holds(), ["go 2", "rustsec 2"]);
}

#[test]
fn without_an_index_there_is_none_of_half_of_the_databases() {
    let place = Place::new();
    place.shelf.says(GO_THERE, Http::status("404 Not Found"));
    place.update().expect(
        "the first time",
        3,
        &["go: https://codeload.github.com", "there is still no index"],
    );
    assert!(!place.kept().join("index").exists());
    place.is_tidy();
    place.update_with(&["--source", "rustsec"]).expect("one alone", 0, &["rustsec: 2 advisories"]);
    assert_eq!(place.holds(), ["rustsec 2"]);
}

#[test]
fn a_mark_counts_only_for_what_is_in_the_index() {
    let spoil = |what: &str, change: &dyn Fn(&Path)| {
        let place = Place::new();
        place.update().expect(what, 0, &[]);
        change(&place.kept());
        let before = place.internet.asked().len();
        let ran = place.update().expect(what, 0, &["go: 1 advisory", "rustsec: 2 advisories"]);
        let by_tag = place.asked(before).iter().filter(|(_, by_tag)| *by_tag).count();
        assert_eq!((by_tag, ran.stderr.contains("has not changed")), (0, false), "{what}\n{}", ran.said());
        assert_eq!(place.holds(), ["go 1", "rustsec 2"], "{what}");
    };
    let edit = |from: &'static str, to: &'static str| {
        move |folder: &Path| {
            let path = folder.join("marks.json");
            let text = fs::read_to_string(&path).unwrap();
            assert!(text.contains(from), "{text}");
            fs::write(&path, text.replace(from, to)).unwrap();
        }
    };
    spoil("no index", &|folder| fs::remove_file(folder.join("index")).unwrap());
    spoil("a changed index", &|folder| {
        let mut bytes = fs::read(folder.join("index")).unwrap();
        let last = bytes.len() - 40;
        bytes[last] ^= 1;
        fs::write(folder.join("index"), bytes).unwrap();
    });
    spoil("no marks", &|folder| fs::remove_file(folder.join("marks.json")).unwrap());
    spoil("marks of another version", &edit("\"relcheck ", "\"relcheck 9."));
    spoil("marks of other advisories", &edit("\"sha256\": \"", "\"sha256\": \"0"));
    spoil(
        "marks of another address",
        &edit("\"url\": \"https://github.com", "\"url\": \"https://github.org"),
    );
    spoil("marks that are none", &edit("{", "["));
    spoil("marks without a tag", &edit("\"tag\": \"W/", "\"tag\": null, \"modified\": null, \"x\": \"W/"));
}

#[test]
fn a_mirror_is_not_asked_by_the_tag_of_somebody_else() {
    let place = Place::new();
    place.update().expect("the first time", 0, &[]);
    let mirror = "https://www.evil.example/advisory-db.tar.gz";
    place.shelf.serves(mirror, rustsec(&[VULNERABILITY]));
    let given = format!("rustsec={mirror}");
    let before = place.internet.asked().len();
    let arguments = ["--source", "rustsec", "--mirror", &given];
    place.update_with(&arguments).expect("mirror", 0, &["rustsec: 1 advisory"]);
    assert_eq!(place.asked(before), [(mirror.to_owned(), false)]);
    place.update_with(&arguments).expect("mirror again", 0, &["rustsec has not changed"]);
    assert_eq!(place.asked(before + 1), [(mirror.to_owned(), true)]);
    // Back at the first place, nothing of it is known any more.
    let before = place.internet.asked().len();
    place.update().expect("back", 0, &["rustsec: 2 advisories", "go has not changed"]);
    assert!(place.asked(before).contains(&(RUSTSEC_THERE.to_owned(), false)));
}
