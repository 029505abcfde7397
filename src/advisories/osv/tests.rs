use super::{Parsed, read};
use crate::advisories::{
    advisory::{Event, Kind, Severity},
    lock::Ecosystem,
    matching::{Verdict, verdict},
    record::{RECORD_LIMIT, RecordError},
};

/// A record as the Go database keeps them.
const GOOD: &str = r#"{
  "schema_version": "1.3.1", "id": "GO-2026-1", "modified": "0001-01-01T00:00:00Z",
  "published": "2026-07-27T10:00:00Z", "aliases": ["GHSA-1", "CVE-1"], "summary": "A title",
  "affected": [{
    "package": { "name": "example.com/a", "ecosystem": "Go" },
    "ranges": [{ "type": "SEMVER", "events": [{ "introduced": "0" }, { "fixed": "1.10.0" }, { "introduced": "1.11.0" }, { "fixed": "1.9.0" }] }],
    "ecosystem_specific": { "imports": [{ "path": "example.com/a/b" }] }
  }]
}"#;

fn parse(text: &str) -> Result<Parsed, RecordError> {
    read("data/osv/GO-2026-1.json", text.as_bytes())
}

fn changed(from: &str, to: &str) -> Result<Parsed, RecordError> {
    assert!(GOOD.contains(from), "{from}");
    parse(&GOOD.replacen(from, to, 1))
}

#[track_caller]
fn malformed(from: &str, to: &str, says: &str) {
    match changed(from, to) {
        Err(RecordError::Malformed { path, reason }) => {
            assert_eq!(path, "data/osv/GO-2026-1.json");
            assert!(reason.contains(says), "{reason}");
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_record_is_read() {
    let parsed = parse(GOOD).unwrap();
    assert_eq!((parsed.id.as_str(), parsed.withdrawn, parsed.modified), ("GO-2026-1", None, None));
    let [advisory] = parsed.advisories.as_slice() else { panic!("{parsed:?}") };
    assert_eq!((advisory.ecosystem, advisory.package.as_str()), (Ecosystem::Golang, "example.com/a"));
    assert_eq!(advisory.aliases, ["CVE-1", "GHSA-1"]);
    assert_eq!((advisory.kind, advisory.severity), (Kind::Vulnerability, None));
    assert_eq!(advisory.published.map(|date| date.to_string()).as_deref(), Some("2026-07-27"));
    // In the order of versions, not of letters.
    assert_eq!(advisory.fixed, ["1.9.0", "1.10.0"]);
    assert_eq!(advisory.link(), "https://pkg.go.dev/vuln/GO-2026-1");
}

#[test]
fn the_year_one_and_an_absent_date_are_unknown() {
    for text in ["\"published\": \"0001-01-01T00:00:00Z\"", "\"unpublished\": \"\"", "\"published\": null"] {
        let parsed = changed("\"published\": \"2026-07-27T10:00:00Z\"", text).unwrap();
        assert_eq!(parsed.advisories[0].published, None, "{text}");
    }
    malformed("2026-07-27T10", "yesterday", "impossible date");
}

#[test]
fn a_schema_that_is_not_known_is_an_error() {
    assert!(changed("1.3.1", "1.99.0").is_ok());
    assert!(changed("\"schema_version\": \"1.3.1\", ", "").is_ok());
    for version in ["2.0.0", "0.9.0", "one", ""] {
        malformed("1.3.1", version, "schema version");
    }
}

#[test]
fn a_key_given_twice_hides_nothing() {
    malformed("\"summary\"", "\"affected\": [], \"summary\"", "duplicate field `affected`");
    malformed(
        "{ \"fixed\": \"1.10.0\" }",
        "{ \"fixed\": \"0.0.1\", \"fixed\": \"1.10.0\" }",
        "duplicate field `fixed`",
    );
    malformed("\"ranges\"", "\"ranges\": [], \"ranges\"", "duplicate field `ranges`");
    malformed("\"name\"", "\"name\": \"b\", \"name\"", "duplicate field `name`");
    malformed(
        "\"aliases\"",
        "\"withdrawn\": null, \"withdrawn\": null, \"aliases\"",
        "duplicate field `withdrawn`",
    );
}

#[test]
fn what_cannot_be_understood_is_an_error_that_names_the_file() {
    malformed("\"id\": \"GO-2026-1\"", "\"id\": \"GO-2026-2\"", "its id is GO-2026-2");
    malformed("SEMVER", "LUNAR", "unknown type LUNAR");
    malformed("{ \"introduced\": \"0\" }", "{ \"begun\": \"0\" }", "no known type");
    malformed(
        "[{ \"introduced\": \"0\" }, { \"fixed\": \"1.10.0\" }, { \"introduced\": \"1.11.0\" }, ",
        "[",
        "no beginning",
    );
    malformed("example.com/a\", ", "\\u001b[2J\", ", "impossible word");
    malformed("example.com/a\", ", "example.com/a \", ", "impossible package name");
    malformed("example.com/a\", ", "\u{a0}example.com/a\", ", "impossible package name");
    malformed("\"affected\": [", "\"affected\": {", "");
    assert!(matches!(parse(&GOOD[..GOOD.len() / 2]), Err(RecordError::Malformed { .. })));
    assert!(matches!(parse(&" ".repeat(RECORD_LIMIT + 1)), Err(RecordError::TooLarge { .. })));
    let deep = format!("{{\"x\": {}", "[".repeat(1 << 20));
    assert!(matches!(parse(&deep), Err(RecordError::Malformed { .. })));
}

#[test]
fn a_withdrawn_record_is_told() {
    let withdrawn = |value: &str| {
        changed("\"aliases\"", &format!("\"withdrawn\": {value}, \"aliases\"")).map(|parsed| parsed.withdrawn)
    };
    assert_eq!(withdrawn("\"2026-08-01T00:00:00Z\"").unwrap(), "2026-08-01T00:00:00Z".parse().ok());
    for nothing in ["null", "\"\"", "\" \"", "\"0001-01-01T00:00:00Z\""] {
        assert_eq!(withdrawn(nothing).unwrap(), None, "{nothing}");
    }
    for day in ["2026-08-01", "2026-08-01T00:00:00", " 2026-08-01T00:00:00Z "] {
        assert_eq!(withdrawn(&format!("\"{day}\"")).unwrap(), "2026-08-01T00:00:00Z".parse().ok(), "{day}");
    }
    for nothing in ["yes", "2026-08-01 garbage", "2026-08-01T25:00:00Z"] {
        assert!(withdrawn(&format!("\"{nothing}\"")).is_err(), "{nothing}");
    }
}

#[test]
fn other_numberings_and_ranges_of_commits_leave_the_range_unknown() {
    let custom = "\"ecosystem_specific\": { \"custom_ranges\": [], ";
    let all = "[{ \"introduced\": \"0\" }]";
    let events = GOOD.split_once("\"events\": ").unwrap().1.split_once(']').unwrap().0;
    let events = format!("{events}]");
    let events = events.as_str();
    let ranged = GOOD.replacen("\"ecosystem_specific\": { ", custom, 1);
    let unknown = ranged.replacen(events, all, 1);
    let say = |text: &str| verdict(&parse(text).unwrap().advisories[0], "v1.0.0");
    assert_eq!(say(&ranged), Verdict::Affected);
    assert_eq!(say(&unknown), Verdict::RangeUnknown);
    assert_eq!(say(&GOOD.replacen(events, all, 1)), Verdict::Affected);
    assert_eq!(say(&GOOD.replacen("SEMVER", "GIT", 1)), Verdict::RangeUnknown);
}

#[test]
fn an_entry_without_any_version_is_about_all_of_them() {
    let text =
        r#"{ "id": "MAL-1", "affected": [{ "package": { "name": "Evil_Package", "ecosystem": "PyPI" } }] }"#;
    let parsed = read("MAL-1.json", text.as_bytes()).unwrap();
    let advisory = &parsed.advisories[0];
    assert_eq!((advisory.kind, advisory.package.as_str()), (Kind::Malware, "evil-package"));
    assert_eq!(verdict(advisory, "1.0"), Verdict::Affected);
}

#[test]
fn other_registries_and_unknown_ecosystems_are_nobodys_and_the_rest_is_read() {
    let text = r#"{ "id": "GHSA-1", "database_specific": { "severity": "MODERATE" }, "affected": [
        { "package": { "name": "@a/b", "ecosystem": "npm:https://example.com/" } },
        { "package": { "name": "b", "ecosystem": "Debian:12" } },
        { "package": { "name": "c", "ecosystem": "npm" }, "versions": ["1.0.0"] },
        { "package": { "name": "Json.Net", "ecosystem": "NuGet" }, "versions": ["1.0.0"],
          "severity": [{ "type": "CVSS_V3", "score": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H" }] } ] }"#;
    let parsed = read("GHSA-1.json", text.as_bytes()).unwrap();
    let rows: Vec<_> = parsed.advisories.iter().map(|it| (it.package.as_str(), it.severity)).collect();
    assert_eq!(rows, [("c", Some(Severity::Medium)), ("json.net", Some(Severity::Critical))]);
    assert_eq!(parsed.elsewhere, 1, "that of Debian is of no ecosystem that is known");
}

#[test]
fn a_vector_that_cannot_be_scored_leaves_the_severity_open() {
    let text = r#"{ "id": "X-1", "severity": [{ "type": "CVSS_V4", "score": "CVSS:4.0/AV:X" }],
        "database_specific": { "severity": "LOW" }, "affected": [{ "package": { "name": "c", "ecosystem": "npm" } }] }"#;
    assert_eq!(read("X-1.json", text.as_bytes()).unwrap().advisories[0].severity, None);
}

#[test]
fn yaml_is_read_as_json_is() {
    let text = "id: PYSEC-2021-1\ndetails: |\n  A first line.\n  Another.\naffected:\n- package:\n    name: A.B\n    \
                ecosystem: PyPI\n  ranges:\n  - type: ECOSYSTEM\n    events:\n    - introduced: \"0\"\n    - fixed: \"1.10\"\n  \
                versions:\n  - \"1.0\"\nmodified: \"2021-09-26T23:32:08.989778Z\"\n";
    let parsed = read("vulns/a-b/PYSEC-2021-1.yaml", text.as_bytes()).unwrap();
    let advisory = &parsed.advisories[0];
    assert_eq!((advisory.package.as_str(), advisory.title.as_str()), ("a-b", "A first line."));
    assert_eq!(advisory.affected[0].ranges, [[Event::Introduced("0".into()), Event::Fixed("1.10".into())]]);
    assert!(parsed.modified.is_some());
    let twice = text.replacen("affected:", "affected: []\naffected:", 1);
    assert!(matches!(read("PYSEC-2021-1.yaml", twice.as_bytes()), Err(RecordError::Malformed { .. })));
    let bomb = format!(
        "{text}a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c]\ne: &e [*d,*d,*d,*d,*d,*d,*d,*d,*d]\nf: [*e,*e,*e,*e,*e,*e,*e,*e,*e]\n"
    );
    assert!(matches!(read("PYSEC-2021-1.yaml", bomb.as_bytes()), Err(RecordError::Malformed { .. })));
}

/// The kind and severity of the advisory that two entries about one package come to.
fn of_entries(id: &str, top: &str, entries: [&str; 2]) -> (Kind, Option<Severity>) {
    let entry = |(at, more): (usize, &str)| {
        format!(
            "{{\"package\":{{\"name\":\"lodash\",\"ecosystem\":\"npm\"}},\"versions\":[\"{at}.0.0\"]{more}}}"
        )
    };
    let affected: Vec<String> = entries.into_iter().enumerate().map(entry).collect();
    let text = format!("{{\"id\":\"{id}\"{top},\"affected\":[{}]}}", affected.join(","));
    let parsed = read(&format!("{id}.json"), text.as_bytes()).unwrap();
    let [advisory] = parsed.advisories.as_slice() else { panic!("{parsed:?}") };
    assert_eq!(advisory.affected.len(), 2);
    (advisory.kind, advisory.severity)
}

#[test]
fn the_worst_that_the_entries_of_a_package_say_counts() {
    let scored = |vector: &str| format!(",\"severity\":[{{\"type\":\"CVSS_V3\",\"score\":\"{vector}\"}}]");
    let critical = scored("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H");
    let low = scored("CVSS:3.0/AV:L/AC:H/PR:H/UI:R/S:U/C:L/I:N/A:N");
    let severity = |top: &str, entries| of_entries("GHSA-1", top, entries).1;
    assert_eq!(severity("", [&critical, &low]), Some(Severity::Critical));
    assert_eq!(severity("", [&low, &critical]), Some(Severity::Critical));
    assert_eq!(severity(&critical, ["", &low]), Some(Severity::Critical));
    assert_eq!(severity("", [&low, &low]), Some(Severity::Low));
    assert_eq!(severity(&critical, [&low, &low]), Some(Severity::Low));
    assert_eq!(severity("", [&low, ""]), None);
    assert_eq!(severity("", ["", &low]), None);
    assert_eq!(severity("", ["", &critical]), Some(Severity::Critical));
    let unmaintained = ",\"database_specific\":{\"informational\":\"unmaintained\"}";
    let notice = ",\"database_specific\":{\"informational\":\"notice\"}";
    let kind = |id, entries| of_entries(id, "", entries).0;
    assert_eq!(kind("GHSA-1", ["", unmaintained]), Kind::Vulnerability);
    assert_eq!(kind("GHSA-1", [unmaintained, ""]), Kind::Vulnerability);
    assert_eq!(kind("GHSA-1", [notice, unmaintained]), Kind::Unmaintained);
    assert_eq!(kind("GHSA-1", [notice, notice]), Kind::Notice);
    assert_eq!(kind("MAL-1", [notice, notice]), Kind::Malware);
    assert_eq!(kind("MAL-1", ["", notice]), Kind::Malware);
}

#[test]
fn an_ecosystem_is_known_in_any_case_and_with_an_address_where_a_name_is_the_same_everywhere() {
    let known = |name: &str| {
        let text = format!(
            r#"{{ "id": "X-1", "affected": [{{ "package": {{ "name": "a", "ecosystem": "{name}" }} }}] }}"#
        );
        let advisories = read("X-1.json", text.as_bytes()).unwrap().advisories;
        advisories.first().map(|advisory| advisory.ecosystem)
    };
    for (name, ecosystem) in [
        ("npm", Ecosystem::Npm),
        ("NPM", Ecosystem::Npm),
        ("npm ", Ecosystem::Npm),
        ("pypi", Ecosystem::Pypi),
        ("CRATES.IO", Ecosystem::Cargo),
        ("Maven:https://repo.maven.apache.org/maven2", Ecosystem::Maven),
        ("Maven:https://maven.google.com", Ecosystem::Maven),
        ("maven:", Ecosystem::Maven),
        ("Packagist:https://packages.drupal.org/8", Ecosystem::Composer),
    ] {
        assert_eq!(known(name), Some(ecosystem), "{name}");
    }
    for name in
        ["npm:https://evil.example", "PyPI:https://evil.example", "np m", "Debian:12", "Mavens:x", ":"]
    {
        assert_eq!(known(name), None, "{name}");
    }
}
