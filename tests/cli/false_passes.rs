//! What made other tools print "no vulnerabilities": each is an error, not covered, stale or a finding here.
//!
//! The rows are those of the study of the field: what was tried with the peers, and what their users wrote in threads.

use std::fs;

use serde_json::{Value, json};

use crate::fixture::Fixture;
use crate::kit::advisories::VULNERABILITY;
use crate::kit::project;
use crate::kit::release::Release;
use crate::kit::spoil::Spoil;

/// An advisory in OSV's format about `package`, below `fixed` where that is known.
fn osv(id: &str, ecosystem: &str, package: &str, fixed: Option<&str>, aliases: &[&str]) -> Value {
    let mut events = vec![json!({ "introduced": "0" })];
    events.extend(fixed.map(|fixed| json!({ "fixed": fixed })));
    let mut affected = json!({ "package": { "ecosystem": ecosystem, "name": package } });
    match fixed {
        Some(_) => {
            affected["ranges"] =
                json!([{ "type": if ecosystem == "Go" { "SEMVER" } else { "ECOSYSTEM" }, "events": events }])
        }
        // As Go's database says that it cannot express them.
        None => {
            affected["ranges"] = json!([{ "type": "SEMVER", "events": events }]);
            affected["ecosystem_specific"] =
                json!({ "custom_ranges": [{ "type": "ECOSYSTEM", "events": [{ "introduced": "1.0" }] }] });
        }
    }
    json!({
        "schema_version": "1.3.1", "id": id, "modified": "2026-01-05T00:00:00Z", "published": "2024-01-02T00:00:00Z",
        "aliases": aliases, "summary": "Invented, for a test", "affected": [affected],
    })
}

/// Go's and PyPA's databases, as folders in the place where the user stands.
fn databases(fixture: &Fixture) {
    let here = fixture.here();
    let put = |path: &str, content: &Value| {
        let path = here.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        // JSON is YAML.
        fs::write(path, content.to_string()).unwrap();
    };
    put(
        "go/data/osv/GO-2024-0001.json",
        &osv("GO-2024-0001", "Go", "stdlib", Some("1.21.5"), &["CVE-2024-1"]),
    );
    put("go/data/osv/GO-2024-0002.json", &osv("GO-2024-0002", "Go", "example.com/ingress", None, &[]));
    put("py/vulns/django/PYSEC-2024-1.yaml", &osv("PYSEC-2024-1", "PyPI", "django", Some("2.2"), &[]));
    put("py/vulns/jinja2/PYSEC-2024-2.yaml", &osv("PYSEC-2024-2", "PyPI", "jinja2", Some("2.10.1"), &[]));
}

fn check(fixture: &Fixture, lock: (&str, &str), database: &str, code: i32, phrases: &[&str]) {
    fixture.write(lock.0, lock.1);
    let said = fixture.relcheck(&["advisories", "check", lock.0, "--advisories", database]);
    said.expect(&format!("{} by {database}", lock.0), code, phrases);
}

/// pip-audit, whose service answered 404 for everything: each dependency was skipped, "No known vulnerabilities found",
/// exit code 0. Also pip-audit#142 and #163: what is skipped must be able to fail.
#[test]
fn dependencies_that_nobody_answers_for_are_not_clean() {
    let fixture = Fixture::good();
    databases(&fixture);
    let pinned = ("requirements.txt", "django==2.0\njinja2==2.10\n");
    check(&fixture, pinned, "go", 3, &["2 packages, none looked up: no advisory database for pypi"]);
    check(&fixture, pinned, "py", 1, &["django 2.0 PYSEC-2024-1", "jinja2 2.10 PYSEC-2024-2"]);
    let loose = ("requirements.txt", "django==2.2\nflask>=2\njinja2 @ git+https://example.com/jinja2\n");
    let said = ["flask no version is selected; asked for: >=2", "jinja2 from the git repository"];
    check(&fixture, loose, "py", 3, &said);
}

/// osv-scanner#2983: with an empty cache, offline, "No issues found".
#[test]
fn an_empty_or_absent_database_is_an_error() {
    let fixture = Fixture::good();
    let lock = ("Cargo.lock", project::lock("1.2.3"));
    fs::create_dir_all(fixture.here().join("empty/crates")).unwrap();
    check(&fixture, (lock.0, &lock.1), "empty", 2, &["the advisory database is empty"]);
    fs::create_dir_all(fixture.here().join("nothing")).unwrap();
    check(&fixture, (lock.0, &lock.1), "nothing", 2, &["is not an advisory database"]);
    fixture.relcheck(&["advisories", "check", lock.0]).expect("none", 3, &["no advisory database was given"]);
    let without = fixture.arguments().without("--advisories").flag("--offline");
    fixture.run(&without).expect(
        "verify",
        3,
        &["advisories/stale-database", "no advisory database was given"],
    );
}

/// cargo-audit without the registry's index: a thousand lines that it could not look for yanked versions, and success.
#[test]
fn that_yanked_versions_are_not_looked_at_is_said_once() {
    let fixture = Fixture::good();
    fixture.write("Cargo.lock", project::lock("1.2.3"));
    let database = fixture.written.advisories();
    let said =
        fixture.relcheck(&["advisories", "check", "Cargo.lock", "--advisories", database.to_str().unwrap()]);
    let text = said.expect("clean", 0, &[]).out();
    assert_eq!(text.matches("yanked versions are not looked at").count(), 1, "{text}");
}

/// rustsec#408, #792: packages of other registries and of git repositories were matched by their names, or passed over.
#[test]
fn packages_from_elsewhere_are_neither_matched_nor_passed_over() {
    let release = Release::good().spoil(Spoil::Advisory(VULNERABILITY));
    let fixture = Fixture::of(&release);
    let database = fixture.written.advisories();
    let database = database.to_str().unwrap();
    let index = "registry+https://github.com/rust-lang/crates.io-index";
    let locked = project::lock("1.2.3");
    check(&fixture, ("Cargo.lock", &locked), database, 1, &["memchr 2.8.3 RUSTSEC-2025-9003"]);
    for elsewhere in ["registry+https://registry.example/index", "git+https://example.com/memchr#0123456"] {
        let at = locked.find("name = \"memchr\"").unwrap();
        let moved = locked[..at].to_owned() + &locked[at..].replacen(index, elsewhere, 1);
        check(&fixture, ("Cargo.lock", &moved), database, 3, &["not covered memchr 2.8.3"]);
    }
}

/// rustsec#1383: no `Cargo.lock` at the tag.
#[test]
fn a_manifest_without_a_lock_file_is_not_covered() {
    let fixture = Fixture::spoilt(Spoil::LockMissing);
    fixture.verify().expect("no lock", 3, &["advisories/not-covered", "without a lock file"]);
}

/// cargo-deny#889: an exception without an end is forgotten, and one with an end counts again.
#[test]
fn an_exception_that_has_ended_no_longer_covers_its_advisory() {
    let fixture = Fixture::of(&Release::good().spoil(Spoil::Advisory(VULNERABILITY)));
    for (until, code, phrase) in [("2026-02-01", 0, "not reachable"), ("2026-01-01", 1, "a waiver has ended")]
    {
        let path = fixture.write("waived.toml", waiver("subject = \"memchr 2.8.3\"", until));
        fixture.run(&fixture.arguments().with("--policy", path)).expect(until, code, &[phrase]);
    }
}

/// osv-scanner#2438, #1606: the version in the `go` line was taken for the toolchain, whatever really built it.
#[test]
fn the_go_line_of_a_module_is_not_the_toolchain_that_built_it() {
    let fixture = Fixture::good();
    databases(&fixture);
    for version in ["1.21.0", "1.22.0"] {
        let module = format!("module example.com/m\n\ngo {version}\n");
        let said = ["not covered stdlib", "a go line names no toolchain"];
        check(&fixture, ("go.mod", &module), "go", 3, &said);
    }
}

/// grype#3510, vulndb#6175: an advisory whose versions the database cannot express was a vulnerability of every version.
/// It is neither that nor nothing.
#[test]
fn an_advisory_without_versions_is_told_and_decides_nothing() {
    let fixture = Fixture::good();
    databases(&fixture);
    let module = "module example.com/m\n\ngo 1.22.0\n\nrequire example.com/ingress v1.9.4\n";
    let said = ["example.com/ingress v1.9.4 GO-2024-0002", "which versions are affected is unknown"];
    check(&fixture, ("go.mod", module), "go", 3, &said);
}

/// osv-scanner#3093, #634: one problem under several names is told as one, and passing over one name hides no other.
#[test]
fn an_exception_for_one_name_of_a_problem_does_not_hide_the_other() {
    let fixture = Fixture::of(&Release::good().spoil(Spoil::Advisory(VULNERABILITY)));
    let registry = concat!("crates", ".io");
    let other = osv("GHSA-aaaa-bbbb-cccc", registry, "memchr", Some("99.0.0"), &["CVE-2025-1"]);
    fs::create_dir(fixture.here().join("osv")).unwrap();
    fixture.write("osv/GHSA-aaaa-bbbb-cccc.json", other.to_string());
    let from = [format!("rustsec={}", fixture.written.advisories().display()), format!("osv/{registry}=osv")];
    let build = ["advisories", "build", "--from", &from[0], "--from", &from[1], "--output", "index"];
    fixture.relcheck(&build).expect("build", 0, &[]);
    let verify = |policy: String| {
        let path = fixture.write("waived.toml", policy);
        fixture.run(&fixture.arguments().with("--advisories", "index").with("--policy", path))
    };
    let one = waiver("id = \"RUSTSEC-2025-9003\"", "2026-02-01");
    verify(one.clone()).expect("one name", 1, &["RUSTSEC-2025-9003", "GHSA-aaaa-bbbb-cccc"]);
    let both = one + &waiver("id = \"GHSA-aaaa-bbbb-cccc\"", "2026-02-01").replace(HEAD, "");
    verify(both).expect("both names", 0, &["RUSTSEC-2025-9003", "GHSA-aaaa-bbbb-cccc"]);
}

const HEAD: &str = "name = \"waived\"\n";

/// A policy that passes over the vulnerability that a line tells.
fn waiver(which: &str, until: &str) -> String {
    format!(
        "{HEAD}\n[[waiver]]\nrule = \"advisories/vulnerable\"\n{which}\nreason = \"not reachable\"\n\
         until = \"{until}\"\n"
    )
}
