use super::{Event, Match, Matches, Verdict, groups, leave_out_repeated, verdict};
use crate::advisories::{
    advisory::{Advisory, Affected, Kind, Severity},
    cargo_lock,
    lock::Ecosystem,
    record::Record,
    source::{Source, SourceForm},
    testing::{SPARSE_INDEX_SOURCE, advisory, index_source, lock_text, three_records},
};

fn record(id: &str, package: &str, versions: &str, extra: &str) -> Record {
    let text = advisory(id, package, versions, extra);
    Record::read(&format!("crates/{package}/{id}.md"), text.into_bytes()).unwrap().unwrap()
}

fn found(records: &[Record], name: &str, version: &str, source: Option<&str>) -> Vec<Match> {
    let lock = cargo_lock::parse(lock_text(&[(name, version, source)]).as_bytes()).unwrap();
    let about = |package: &str| {
        let all = records.iter().filter_map(Record::advisory);
        Ok(all.filter(|advisory| advisory.package == package).collect())
    };
    let all = super::matches(&lock, |same| about(&same[0].name)).unwrap();
    assert_eq!(all.undecided, []);
    all.found
}

fn is_hit(record: &Record, version: &str) -> bool {
    !found(std::slice::from_ref(record), record.package(), version, Some(&index_source())).is_empty()
}

#[test]
fn a_match_says_all_that_a_report_needs() {
    let severe =
        "aliases = [\"GHSA-xxxx\", \"CVE-2020-1\"]\ncvss = \"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H\"";
    let record = record("RUSTSEC-2020-0001", "foo", "patched = [\">= 1.2.3\"]", severe);
    let found = found(&[record], "foo", "1.2.2", Some(&index_source()));
    let [found] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!(
        (found.package.as_str(), found.version.as_str(), found.id.as_str()),
        ("foo", "1.2.2", "RUSTSEC-2020-0001")
    );
    assert_eq!(
        (found.kind, found.title.as_str(), found.severity),
        (Kind::Vulnerability, "A title", Some(Severity::Critical))
    );
    assert_eq!(found.aliases, ["CVE-2020-1", "GHSA-xxxx"]);
    assert_eq!(found.patched, [">=1.2.3"]);
    assert_eq!(found.published.map(|date| date.to_string()).as_deref(), Some("2020-01-02"));
    assert!(found.kind.is_harmful() && !found.is_range_unknown);
}

#[test]
fn the_bounds_of_rustsec_are_exact() {
    let versions = "patched = [\">= 1.2.3\", \">= 1.0.5, < 1.1.0-0\"]\nunaffected = [\"< 0.9.0\"]";
    let record = record("RUSTSEC-2020-0001", "foo", versions, "");
    for (version, hit) in [
        ("0.8.9", false),
        ("0.9.0-alpha", false),
        ("0.9.0", true),
        ("0.9.0+build", true),
        ("1.0.4", true),
        ("1.0.5-rc.1", true),
        ("1.0.5", false),
        ("1.0.99", false),
        ("1.1.0-0", true),
        ("1.1.0", true),
        ("1.2.2", true),
        ("1.2.3-rc.1", true),
        ("1.2.3", false),
        ("1.2.3+build", false),
        ("2.0.0-alpha", false),
    ] {
        assert_eq!(is_hit(&record, version), hit, "{version}");
    }
}

#[test]
fn a_withdrawn_advisory_does_not_match_and_the_same_one_not_withdrawn_does() {
    let withdrawn = record("RUSTSEC-2020-0001", "foo", "patched = []", "withdrawn = \"2020-02-02\"");
    assert!(!is_hit(&withdrawn, "1.0.0"));
    assert!(is_hit(&record("RUSTSEC-2020-0001", "foo", "patched = []", ""), "1.0.0"));
}

#[test]
fn every_kind_is_told() {
    for (word, kind) in
        [("unsound", Kind::Unsound), ("unmaintained", Kind::Unmaintained), ("notice", Kind::Notice)]
    {
        let record =
            record("RUSTSEC-2020-0001", "foo", "patched = []", &format!("informational = \"{word}\""));
        let found = found(&[record], "foo", "1.0.0", Some(&index_source()));
        assert_eq!(found.iter().map(|found| found.kind).collect::<Vec<_>>(), [kind]);
        assert!(!found[0].kind.is_harmful());
    }
}

#[test]
fn only_the_default_registry_matches_and_by_both_its_addresses() {
    let records = [record("RUSTSEC-2020-0001", "foo", "patched = []", "")];
    for source in [index_source(), SPARSE_INDEX_SOURCE.to_owned()] {
        assert_eq!(found(&records, "foo", "1.0.0", Some(&source)).len(), 1, "{source}");
    }
    for source in [None, Some("git+https://example.com/foo#0123"), Some("registry+https://example.com/index")]
    {
        assert_eq!(found(&records, "foo", "1.0.0", source), [], "{source:?}");
    }
    let elsewhere =
        record("RUSTSEC-2020-0001", "foo", "patched = []", "source = \"registry+https://example.com/index\"");
    assert!(!is_hit(&elsewhere, "1.0.0"));
}

#[test]
fn another_package_and_the_language_itself_do_not_match() {
    let mut records: Vec<Record> = three_records()
        .into_iter()
        .map(|(path, text)| Record::read(&path, text.into_bytes()).unwrap().unwrap())
        .collect();
    let std = advisory("RUSTSEC-2018-0001", "std", "patched = []", "");
    records.push(Record::read("rust/std/RUSTSEC-2018-0001.md", std.into_bytes()).unwrap().unwrap());
    for name in ["fo", "fooo", "std", "ba", "a", "zzz"] {
        assert_eq!(found(&records, name, "1.0.0", Some(&index_source())), [], "{name}");
    }
    assert_eq!(found(&records, "foo", "1.0.0", Some(&index_source())).len(), 1);
    assert_eq!(found(&records, "bar", "1.0.0", Some(&index_source())).len(), 1);
}

fn introduced(version: &str) -> Event {
    Event::Introduced(version.to_owned())
}

fn fixed(version: &str) -> Event {
    Event::Fixed(version.to_owned())
}

fn last(version: &str) -> Event {
    Event::LastAffected(version.to_owned())
}

fn of(ecosystem: Ecosystem, events: Vec<Event>, versions: &[&str]) -> Advisory {
    let versions = versions.iter().map(|version| (*version).to_owned()).collect();
    Advisory {
        ecosystem,
        package: "foo".to_owned(),
        id: "X-1".to_owned(),
        aliases: Vec::new(),
        kind: Kind::Vulnerability,
        title: String::new(),
        published: None,
        severity: None,
        affected: vec![Affected { ranges: vec![events], versions, is_range_unknown: false }],
        fixed: Vec::new(),
        url: None,
    }
}

#[track_caller]
fn affected(advisory: &Advisory, inside: &[&str], outside: &[&str]) {
    for version in inside {
        assert_eq!(verdict(advisory, version), Verdict::Affected, "{version}");
    }
    for version in outside {
        assert_eq!(verdict(advisory, version), Verdict::Outside, "{version}");
    }
}

#[test]
fn events_are_sorted_before_they_are_swept() {
    // PYSEC-2022-42972 has two beginnings in a row.
    let events = vec![introduced("0"), introduced("2.0"), fixed("1.5"), fixed("2.3")];
    affected(
        &of(Ecosystem::Pypi, events, &[]),
        &["0.1.dev0", "1.4", "2.0", "2.2.9"],
        &["1.5", "1.9", "2.3", "3"],
    );
}

#[test]
fn the_last_affected_version_is_affected_and_the_fixed_one_is_not() {
    let one = of(Ecosystem::Golang, vec![introduced("1.0.0"), last("1.2.0")], &[]);
    affected(&one, &["v1.0.0", "1.2.0", "v1.2.0-rc.1"], &["v0.9.9", "v1.2.1", "v1.0.0-rc.1"]);
    let single = of(Ecosystem::Golang, vec![introduced("1.0.0"), last("1.0.0")], &[]);
    affected(&single, &["v1.0.0"], &["v0.9.9", "v1.0.1"]);
    let adjoining = of(
        Ecosystem::Golang,
        vec![introduced("0"), fixed("1.0.0"), introduced("1.0.0"), fixed("1.1.0")],
        &[],
    );
    affected(&adjoining, &["v0.1.0", "v1.0.0", "v1.0.5"], &["v1.1.0"]);
    let overlapping =
        of(Ecosystem::Golang, vec![introduced("0"), last("1.0.0"), introduced("1.0.0"), last("1.1.0")], &[]);
    affected(&overlapping, &["v0.1.0", "v1.0.0", "v1.0.5", "v1.1.0"], &["v1.1.1"]);
    // RUSTSEC-2024-0399, as the rustsec crate writes it.
    let empty = of(
        Ecosystem::Cargo,
        vec![introduced("0.23.0"), fixed("0.23.0"), introduced("0.23.13"), fixed("0.23.18")],
        &[],
    );
    affected(&empty, &["0.23.13", "0.23.17"], &["0.22.9", "0.23.0", "0.23.12", "0.23.18", "0.24.0"]);
}

#[test]
fn a_local_version_of_python_is_where_the_version_without_its_local_part_is() {
    let last_affected = of(Ecosystem::Pypi, vec![introduced("0"), last("2.0")], &[]);
    affected(&last_affected, &["2.0", "2.0+cu118", "1.9+cu118"], &["2.0.1", "2.0.1+cu118", "2.0.post1"]);
    let until = of(Ecosystem::Pypi, vec![introduced("1.0"), fixed("2.0")], &[]);
    affected(&until, &["1.0+cu118", "1.9+cu118"], &["0.9+cu118", "2.0+cu118"]);
    let local = of(Ecosystem::Pypi, vec![introduced("0"), fixed("2.0+p2")], &[]);
    affected(&local, &["2.0", "2.0+p1"], &["2.0+p2", "2.0+p3"]);
    let limited = of(Ecosystem::Pypi, vec![introduced("0"), Event::Limit("2.0".to_owned())], &[]);
    affected(&limited, &["1.9+cu118"], &["2.0+cu118"]);
}

#[test]
fn a_limit_ends_what_a_range_says() {
    let limit = |version: &str| Event::Limit(version.to_owned());
    let one = of(Ecosystem::Npm, vec![introduced("1.0.0"), limit("2.0.0")], &[]);
    affected(&one, &["1.0.0", "1.9.9"], &["0.9.0", "2.0.0"]);
    affected(
        &of(Ecosystem::Npm, vec![introduced("1.0.0"), limit("*")], &[]),
        &["1.0.0", "9.9.9"],
        &["0.9.0"],
    );
}

#[test]
fn named_versions_and_ranges_both_count() {
    let one = of(Ecosystem::Pypi, vec![introduced("2"), fixed("3")], &["1.0"]);
    affected(&one, &["1.0", "1", "1.0.0", "1.0+cu118", "2.5"], &["1.0.1", "3.0"]);
}

#[test]
fn a_named_version_is_left_out_where_a_range_holds_it_and_nothing_is_said_otherwise_then() {
    let named = ["1.0", "2.0", "2.5.dev1", "2.9+local", "3.0", "odd one"];
    let asked = ["1", "1.0+x", "2", "2.0+x", "2.5.dev1", "2.9+local", "2.9", "3", "3.0+x", "odd one", "4"];
    for (range, kept) in [
        (vec![introduced("2"), fixed("3")], &["1.0", "3.0", "odd one"][..]),
        (
            vec![introduced("2"), Event::LastAffected("2.5".to_owned())],
            &["1.0", "2.9+local", "3.0", "odd one"],
        ),
        // To such a bound `2.9` and `2.9+x` do not stand in one place.
        (vec![introduced("0"), fixed("2.9+local")], &named),
        (vec![introduced("0"), fixed("no version")], &named),
    ] {
        let whole = of(Ecosystem::Pypi, range, &named);
        let mut short = whole.clone();
        leave_out_repeated(Ecosystem::Pypi, &mut short.affected[0]);
        assert_eq!(short.affected[0].versions, kept);
        for version in asked {
            assert_eq!(verdict(&short, version), verdict(&whole, version), "{version}");
        }
    }
    let mut unknown = of(Ecosystem::Golang, vec![introduced("0")], &["1.0.0"]);
    unknown.affected[0].is_range_unknown = true;
    leave_out_repeated(Ecosystem::Golang, &mut unknown.affected[0]);
    assert_eq!(unknown.affected[0].versions, ["1.0.0"]);
}

#[test]
fn what_has_no_place_in_the_order_is_undecided_and_never_outside() {
    let range = vec![introduced("0"), fixed("1.0.0")];
    assert_eq!(verdict(&of(Ecosystem::Npm, range.clone(), &[]), "latest"), Verdict::Undecided);
    assert_eq!(verdict(&of(Ecosystem::Npm, range, &["latest"]), "latest"), Verdict::Affected);
    let odd = of(Ecosystem::Npm, vec![introduced("0"), fixed("newest")], &[]);
    assert_eq!(verdict(&odd, "2.0.0"), Verdict::Undecided);
    let nothing = Advisory { affected: Vec::new(), ..odd };
    assert_eq!(verdict(&nothing, "2.0.0"), Verdict::Undecided);
}

#[test]
fn a_range_that_nobody_knows_is_told_from_one_that_affects_everything() {
    let mut one = of(Ecosystem::Golang, vec![introduced("0")], &[]);
    affected(&one, &["v1.0.0"], &[]);
    one.affected[0].is_range_unknown = true;
    assert_eq!(verdict(&one, "v1.0.0"), Verdict::RangeUnknown);
}

fn a_match(id: &str, version: &str, aliases: &[&str], published: Option<&str>) -> Match {
    Match {
        package: "foo".to_owned(),
        version: version.to_owned(),
        id: id.to_owned(),
        kind: Kind::Vulnerability,
        aliases: aliases.iter().map(|alias| (*alias).to_owned()).collect(),
        title: String::new(),
        patched: Vec::new(),
        published: published.map(|date| date.parse().unwrap()),
        severity: None,
        url: String::new(),
        is_range_unknown: false,
    }
}

#[test]
fn the_same_problem_is_grouped_for_display_per_package_and_version_only() {
    let all = [
        a_match("GHSA-1", "1.0", &["CVE-1"], None),
        a_match("GO-1", "1.0", &["CVE-1"], None),
        a_match("GO-2", "1.0", &["CVE-2"], None),
        a_match("GO-1", "2.0", &["CVE-1"], None),
    ];
    let ids: Vec<Vec<&str>> =
        groups(&all).iter().map(|group| group.iter().map(|it| it.id.as_str()).collect()).collect();
    assert_eq!(ids, [vec!["GHSA-1", "GO-1"], vec!["GO-2"], vec!["GO-1"]]);
}

#[test]
fn for_a_moment_in_the_past_what_was_published_later_is_left_out_and_what_has_no_date_is_not() {
    let source = Source {
        name: "go".to_owned(),
        commit: None,
        date: Some("2026-08-21T00:00:00Z".parse().unwrap()),
        advisories: 4,
        sha256: "0".repeat(64),
        form: SourceForm::Folder,
        ecosystems: vec![Ecosystem::Golang],
        withdrawn: 0,
        url: None,
        fetched_at: None,
    };
    let all = Matches {
        found: vec![
            a_match("GO-1", "1", &[], Some("2026-07-01")),
            a_match("GO-2", "1", &[], Some("2026-07-31")),
            a_match("GO-3", "1", &[], Some("2026-08-01")),
            a_match("GO-4", "1", &[], None),
            a_match("GO-5", "1", &[], Some("2062-01-01")),
        ],
        undecided: Vec::new(),
    };
    let known = all.known_at("2026-07-31T12:00:00Z".parse().unwrap(), &[source]);
    let ids: Vec<&str> = known.found.iter().map(|it| it.id.as_str()).collect();
    assert_eq!(ids, ["GO-1", "GO-2", "GO-4", "GO-5"]);
}

/// One finding, as one of several databases has it.
fn known(kind: Kind, severity: Option<Severity>, published: Option<&str>, title: &str) -> Matches {
    let row = Match {
        package: "lodash".to_owned(),
        version: "4.17.20".to_owned(),
        id: "GHSA-a".to_owned(),
        kind,
        aliases: vec![format!("CVE-{title}")],
        title: title.to_owned(),
        patched: vec!["4.17.21".to_owned()],
        published: published.map(|date| date.parse().unwrap()),
        severity,
        url: String::new(),
        is_range_unknown: false,
    };
    Matches { found: vec![row], undecided: Vec::new() }
}

#[test]
fn of_two_databases_that_know_one_id_the_worst_counts_whichever_is_asked_first() {
    let mild = || known(Kind::Unmaintained, Some(Severity::Low), Some("2026-11-19"), "1");
    let bad = || known(Kind::Vulnerability, Some(Severity::Critical), Some("2026-01-01"), "2");
    let dateless = || known(Kind::Vulnerability, None, None, "3");
    let malware = || known(Kind::Malware, Some(Severity::Medium), None, "4");
    let said = |all: Matches| {
        let [found] = all.found.as_slice() else { panic!("{all:?}") };
        let date = found.published.map(|date| date.to_string()).unwrap_or_default();
        (found.kind, found.severity, date, found.aliases.join(" "))
    };
    let early = "2026-01-01".to_owned();
    for (one, other, expected) in [
        (
            mild(),
            bad(),
            (Kind::Vulnerability, Some(Severity::Critical), early.clone(), "CVE-1 CVE-2".to_owned()),
        ),
        (mild(), dateless(), (Kind::Vulnerability, None, "2026-11-19".to_owned(), "CVE-1 CVE-3".to_owned())),
        (bad(), malware(), (Kind::Malware, Some(Severity::Critical), early, "CVE-2 CVE-4".to_owned())),
    ] {
        assert_eq!(said(one.clone().join(other.clone())), expected);
        assert_eq!(said(other.join(one)), expected);
    }
}
