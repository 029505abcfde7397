use super::{Advisories, Known, NOT_COVERED, Policy, RULES, RepositoryWaivers, Times, same_problems};
use crate::{
    advisories::{
        advisory::{Kind, Severity},
        lock::{Ecosystem, Lock, LockedPackage, Origin},
        locks::tree::From,
        matching::{Match, Matches, Undecided},
        source::{Source, SourceForm},
        suppression,
    },
    checks::{Check, Rules},
    evidence::{Seen, TagKind, TagRecord},
    facts::{Facts, LockFact, LockedPackages, SuppressionFile, package_sources::Rerouted},
    outcome::{Finding, Level, Status},
    release::ObjectId,
    text::Untrusted,
};

mod elsewhere;

fn source(name: &str, ecosystem: Ecosystem, date: Option<&str>) -> Source {
    Source {
        name: name.to_owned(),
        commit: None,
        date: date.map(|date| date.parse().unwrap()),
        advisories: 1,
        sha256: "0".repeat(64),
        form: SourceForm::Archive,
        ecosystems: vec![ecosystem],
        withdrawn: 0,
        url: None,
        fetched_at: None,
    }
}

fn found(id: &str, version: &str, published: Option<&str>) -> Match {
    Match {
        package: "foo".to_owned(),
        version: version.to_owned(),
        id: id.to_owned(),
        kind: Kind::Vulnerability,
        aliases: vec!["CVE-2026-1".to_owned()],
        title: "A title".to_owned(),
        patched: vec!["2.0.0".to_owned()],
        published: published.map(|date| date.parse().unwrap()),
        severity: Some(Severity::High),
        url: "https://example.com/".to_owned(),
        is_range_unknown: false,
    }
}

/// A release of 2026-07-31, judged on 2026-08-22, with one lock file of two packages.
fn facts(ecosystem: Ecosystem, matches: Option<Matches>, sources: Vec<Source>) -> Facts {
    let package = |name: &str| LockedPackage {
        name: name.into(),
        version: "1.0.0".into(),
        origin: Origin::DefaultRegistry,
        is_dependency: true,
    };
    let lock = Lock::new(ecosystem, vec![package("foo"), package("bar")]);
    let id = ObjectId::parse(&"1".repeat(40)).unwrap();
    let mut facts = Facts::for_tests("github.com/acme/widget", "v1.0.0");
    facts.as_of = "2026-08-22T00:00:00Z".parse().unwrap();
    facts.tag_record = Seen::Present(TagRecord {
        name: Untrusted::new("v1.0.0"),
        object: id.clone(),
        commit: id,
        kind: TagKind::Annotated,
        time: Some("2026-07-31T10:00:00Z".parse().unwrap()),
    });
    facts.manifests = Seen::Present(Vec::new());
    facts.locks = Seen::Present(vec![LockFact {
        path: "a.lock".to_owned(),
        stands_for: Vec::new(),
        from: crate::advisories::locks::tree::From::Tree,
        sha256: None,
        lock: Ok(LockedPackages { lock: lock.into(), matches }),
    }]);
    facts.advisories = Seen::Present(sources);
    facts
}

fn told(facts: &Facts) -> Vec<Finding> {
    Advisories::run(facts, &Rules::default())
}

#[track_caller]
fn one<'a>(findings: &'a [Finding], rule: &str) -> &'a Finding {
    let mut all = findings.iter().filter(|finding| finding.rule.id == rule);
    let first = all.next().unwrap_or_else(|| panic!("no {rule} in {findings:#?}"));
    assert!(all.next().is_none(), "{rule} twice");
    first
}

fn go() -> Vec<Source> {
    vec![source("go", Ecosystem::Golang, Some("2026-08-21T00:00:00Z"))]
}

fn with(found: Vec<Match>) -> Option<Matches> {
    Some(Matches { found, undecided: Vec::new() })
}

#[test]
fn a_lock_file_without_any_match_is_clean() {
    let findings = told(&facts(Ecosystem::Golang, with(Vec::new()), go()));
    assert_eq!(one(&findings, "advisories/clean").status, Status::Pass);
    assert_eq!(one(&findings, "advisories/stale-database").status, Status::Pass);
    assert_eq!(findings.len(), 2);
}

#[test]
fn an_ecosystem_that_no_database_is_about_is_not_covered_with_the_number_of_its_packages() {
    let findings = told(&facts(Ecosystem::Npm, None, go()));
    let finding = one(&findings, "advisories/not-covered");
    assert_eq!(finding.status, Status::Undetermined);
    assert!(finding.message.contains("2 packages in a.lock: no advisory database for npm"), "{finding:?}");
    // A database about something else is neither fresh nor stale for this release.
    assert_eq!(findings.len(), 1);
}

#[test]
fn each_database_that_matters_must_be_young_enough_and_the_others_need_not() {
    let old = source("go", Ecosystem::Golang, Some("2024-10-10T00:00:00Z"));
    let dateless = source("go", Ecosystem::Golang, None);
    let other = source("pypa", Ecosystem::Pypi, Some("2024-10-10T00:00:00Z"));
    let status = |sources: Vec<Source>| -> Vec<Status> {
        let findings = told(&facts(Ecosystem::Golang, with(Vec::new()), sources));
        let stale = findings.iter().filter(|finding| finding.rule.id == "advisories/stale-database");
        stale.map(|finding| finding.status).collect()
    };
    assert_eq!(status([go(), vec![other]].concat()), [Status::Pass]);
    assert_eq!(status(vec![old.clone()]), [Status::Undetermined]);
    assert_eq!(status([go(), vec![old]].concat()), [Status::Pass, Status::Undetermined]);
    assert_eq!(status(vec![dateless]), [Status::Undetermined]);
}

#[test]
fn what_was_known_before_the_tag_is_told_from_what_was_found_since() {
    let all = vec![
        found("GO-1", "1.0.0", Some("2026-07-01")),
        found("GO-2", "1.0.0", Some("2026-07-31")),
        found("GO-3", "1.0.0", Some("2026-08-14")),
        found("GO-4", "1.0.0", None),
    ];
    let findings = told(&facts(Ecosystem::Golang, with(all.clone()), go()));
    let finding = one(&findings, "advisories/known-before-tag");
    assert_eq!((finding.status, finding.level), (Status::Fail, Level::Warn));
    assert!(finding.message.ends_with("known before the tag: 2; since: 1; date unknown: 1"), "{finding:?}");
    let said: Vec<&str> = findings
        .iter()
        .filter(|finding| finding.rule.id == "advisories/vulnerable")
        .map(|finding| finding.found.as_deref().unwrap().split_once("advisory of ").unwrap().1)
        .collect();
    let expected = [
        "2026-07-01, before the tag was made, severity high",
        "2026-07-31, before the tag was made, severity high",
        "2026-08-14, since the tag was made, severity high",
        "an unknown date, severity high",
    ];
    assert_eq!(said, expected);
    let since = told(&facts(Ecosystem::Golang, with(vec![all[2].clone()]), go()));
    assert_eq!(one(&since, "advisories/known-before-tag").status, Status::Pass);
    let unknown = told(&facts(Ecosystem::Golang, with(vec![all[3].clone()]), go()));
    assert_eq!(one(&unknown, "advisories/known-before-tag").status, Status::Undetermined);
    let times = Times { tagged: None, databases: Some("2020-01-01T00:00:00Z".parse().unwrap()) };
    assert!(all.iter().all(|found| Known::of(found, times) == Known::Unknown));
}

#[test]
fn a_range_that_nobody_knows_warns_and_the_rest_stays_clean() {
    let unknown = Match { is_range_unknown: true, ..found("GO-1", "1.0.0", None) };
    let findings = told(&facts(Ecosystem::Golang, with(vec![unknown]), go()));
    let finding = one(&findings, "advisories/range-unknown");
    assert_eq!((finding.status, finding.level), (Status::Fail, Level::Warn));
    assert_eq!(one(&findings, "advisories/clean").status, Status::Pass);
}

#[test]
fn what_cannot_be_compared_is_not_covered() {
    let row = Undecided { package: "foo".to_owned(), version: "latest".to_owned(), id: "GO-1".to_owned() };
    let matches = Matches { found: Vec::new(), undecided: vec![row] };
    let findings = told(&facts(Ecosystem::Golang, Some(matches), go()));
    let finding = one(&findings, "advisories/not-covered");
    assert_eq!((finding.status, finding.level), (Status::Undetermined, Level::Require));
    assert!(finding.message.contains("foo latest") && finding.message.contains("GO-1"), "{finding:?}");
}

#[test]
fn malware_is_a_vulnerability_and_says_that_it_is_malware() {
    let evil = Match { kind: Kind::Malware, ..found("MAL-1", "1.0.0", None) };
    let findings = told(&facts(Ecosystem::Golang, with(vec![evil]), go()));
    let finding = one(&findings, "advisories/vulnerable");
    assert!(finding.message.contains("does harm by itself"), "{finding:?}");
}

#[test]
fn the_same_problem_in_two_databases_is_two_findings_of_which_one_names_the_other() {
    let all =
        vec![found("GHSA-1", "1.0.0", None), found("GO-1", "1.0.0", None), found("GO-1", "2.0.0", None)];
    let same = same_problems(&all);
    assert_eq!(same.get(&("foo", "1.0.0", "GHSA-1")), Some(&"GO-1"));
    assert_eq!(same.len(), 1);
    let findings = told(&facts(Ecosystem::Golang, with(all), go()));
    let vulnerable: Vec<&Finding> =
        findings.iter().filter(|finding| finding.rule.id == "advisories/vulnerable").collect();
    assert_eq!(vulnerable.len(), 3);
    assert!(vulnerable[0].message.ends_with("; the same problem as GO-1"), "{:?}", vulnerable[0]);
}

#[test]
fn a_lock_file_that_selects_nothing_from_a_registry_needs_no_database() {
    let mut facts = facts(Ecosystem::Npm, None, go());
    let lock = Lock::new(Ecosystem::Npm, Vec::new());
    let Seen::Present(locks) = &mut facts.locks else { panic!("locks are there") };
    locks[0].lock = Ok(LockedPackages { lock: lock.into(), matches: None });
    let findings = told(&facts);
    assert_eq!(one(&findings, "advisories/clean").status, Status::Pass);
}

#[test]
fn a_bill_of_materials_that_lists_nothing_is_told_what_to_do_with_it_and_a_lock_file_with_that() {
    let unread = |from, path: &str| {
        let mut facts = facts(Ecosystem::Npm, None, go());
        let Seen::Present(locks) = &mut facts.locks else { panic!("locks are there") };
        (locks[0].from, locks[0].path) = (from, path.to_owned());
        locks[0].lock = Err(Untrusted::new("as a bill of materials the file lists no packages"));
        let finding = one(&told(&facts), "advisories/not-covered").clone();
        assert_eq!(finding.status, Status::Undetermined);
        finding.fix.unwrap()
    };
    assert!(unread(From::Published, "widget.cdx.json").contains("leave one that lists nothing out"));
    for (from, path) in [(From::Tree, "bom.json"), (From::Published, "widget.tar.gz: bin/widget")] {
        assert_eq!(unread(from, path), NOT_COVERED.fix, "{path}");
    }
}

#[test]
fn every_rule_is_of_this_check_and_the_limit_is_a_month() {
    assert!(RULES.iter().all(|rule| rule.id.starts_with("advisories/")));
    assert_eq!(Policy::default().max_age_days, 30);
}

/// Facts with one advisory, and one file at the tag that passes over something.
fn passing_over(path: &str, text: &str) -> Facts {
    let mut facts = facts(Ecosystem::Golang, with(vec![found("GO-1", "1.0.0", Some("2026-07-01"))]), go());
    let entries = suppression::read(path, text.as_bytes()).map_err(Untrusted::new);
    facts.suppressions = vec![SuppressionFile { path: path.to_owned(), entries }];
    facts
}

fn ignoring(id: &str, until: &str) -> String {
    format!("[[IgnoredVulns]]\nid = \"{id}\"\nignoreUntil = {until}\nreason = \"never called\"\n")
}

#[test]
fn what_a_file_at_the_tag_passes_over_is_waived_and_shown_with_its_place_and_reason() {
    for id in ["GO-1", "CVE-2026-1"] {
        let findings = told(&passing_over("osv-scanner.toml", &ignoring(id, "2026-09-01")));
        let finding = one(&findings, "advisories/vulnerable");
        assert_eq!(finding.status, Status::Waived);
        let waiver = finding.waiver.as_ref().unwrap();
        assert_eq!(waiver.reason, "osv-scanner.toml at v1.0.0: never called");
        assert_eq!(waiver.until.map(|until| until.to_string()).as_deref(), Some("2026-08-31"));
        assert!(findings.iter().all(|finding| finding.rule.id != "advisories/suppression"));
        assert!(findings.iter().all(|finding| finding.rule.id != "advisories/clean"));
    }
}

#[test]
fn a_file_that_has_ended_is_about_something_else_or_cannot_be_read_passes_over_nothing() {
    let status = |text: &str| {
        let findings = told(&passing_over("osv-scanner.toml", text));
        let finding = one(&findings, "advisories/vulnerable");
        let fault = findings.iter().find(|finding| finding.rule.id == "advisories/suppression");
        (finding.status, finding.message.clone(), fault.map(|fault| (fault.status, fault.level)))
    };
    let (ended, message, fault) = status(&ignoring("GO-1", "2026-08-22"));
    assert_eq!((ended, fault), (Status::Fail, None));
    assert!(
        message.ends_with("(passed over until 2026-08-21 by osv-scanner.toml at v1.0.0: never called)"),
        "{message}"
    );
    let (other, message, fault) = status(&ignoring("GO-2", "2026-09-01"));
    assert_eq!((other, fault), (Status::Fail, Some((Status::Fail, Level::Warn))));
    assert!(!message.contains("passed over"), "{message}");
    let (unread, _, fault) = status("[[IgnoredVulns]]\nid = 1\n");
    assert_eq!((unread, fault), (Status::Fail, Some((Status::Undetermined, Level::Warn))));
}

#[test]
fn a_policy_that_refuses_such_files_lets_them_count_for_nothing_and_shows_them() {
    let mut rules = Rules::default();
    rules.advisories.repository_waivers = RepositoryWaivers::Refuse;
    let findings =
        Advisories::run(&passing_over("osv-scanner.toml", &ignoring("GO-1", "2026-09-01")), &rules);
    let finding = one(&findings, "advisories/vulnerable");
    assert_eq!((finding.status, &finding.waiver), (Status::Fail, &None));
    assert!(finding.message.ends_with("which the policy does not accept)"), "{}", finding.message);
}

#[test]
fn what_has_no_date_was_known_where_every_database_it_may_be_from_is_older_than_the_tag() {
    let dateless = || with(vec![found("GO-4", "1.0.0", None)]);
    let told = |dates: &[Option<&str>]| {
        let mut sources: Vec<Source> =
            dates.iter().map(|date| source("go", Ecosystem::Golang, *date)).collect();
        sources.push(source("pypa", Ecosystem::Pypi, Some("2026-08-20T00:00:00Z")));
        let finding = told(&facts(Ecosystem::Golang, dateless(), sources));
        let finding = one(&finding, "advisories/known-before-tag");
        (finding.status, finding.message.rsplit_once("known before the tag: ").unwrap().1.to_owned())
    };
    let before = (Status::Fail, "1; since: 0".to_owned());
    let unknown = (Status::Undetermined, "0; since: 0; date unknown: 1".to_owned());
    // The tag is of 2026-07-31T10:00:00Z.
    assert_eq!(told(&[Some("2026-07-31T09:59:59Z")]), before);
    assert_eq!(told(&[Some("2026-07-31T10:00:00Z")]), unknown);
    assert_eq!(told(&[Some("2026-08-21T00:00:00Z")]), unknown);
    assert_eq!(told(&[None]), unknown);
    assert_eq!(told(&[Some("2026-07-01T00:00:00Z"), Some("2026-07-30T00:00:00Z")]), before);
    assert_eq!(told(&[Some("2026-07-01T00:00:00Z"), Some("2026-08-21T00:00:00Z")]), unknown);
    assert_eq!(told(&[Some("2026-07-01T00:00:00Z"), None]), unknown);
    // A date of its own counts for more than the database's.
    let old = vec![source("go", Ecosystem::Golang, Some("2026-07-01T00:00:00Z"))];
    let since = with(vec![found("GO-3", "1.0.0", Some("2026-08-14"))]);
    let findings = Advisories::run(&facts(Ecosystem::Golang, since, old), &Rules::default());
    assert!(one(&findings, "advisories/known-before-tag").message.ends_with("tag: 0; since: 1"));
}

#[test]
fn what_is_known_to_be_milder_than_the_policy_says_warns_and_everything_else_counts() {
    let of =
        |severity: Option<Severity>, kind: Kind| Match { severity, kind, ..found("GO-1", "1.0.0", None) };
    let told = |least: &str, all: Vec<Match>| {
        let rules: Policy = toml::from_str(&format!("min-severity = \"{least}\"")).unwrap();
        let rules = Rules { advisories: rules, ..Rules::default() };
        let findings = Advisories::run(&facts(Ecosystem::Golang, with(all), go()), &rules);
        let count = |rule: &str| findings.iter().filter(|it| it.rule.id == rule).count();
        (count("advisories/vulnerable"), count("advisories/below-threshold"), count("advisories/clean"))
    };
    let mut cases = 0;
    for least in Severity::ALL {
        for severity in Severity::ALL {
            let expected = if severity < least { (0, 1, 1) } else { (1, 0, 0) };
            assert_eq!(told(least.word(), vec![of(Some(severity), Kind::Vulnerability)]), expected);
            assert_eq!(told(least.word(), vec![of(Some(severity), Kind::Malware)]), (1, 0, 0));
            cases += 2;
        }
        assert_eq!(told(least.word(), vec![of(None, Kind::Vulnerability)]), (1, 0, 0), "{least:?}");
        cases += 1;
    }
    let both = vec![of(Some(Severity::Low), Kind::Vulnerability), of(None, Kind::Vulnerability)];
    assert_eq!(told("high", both), (1, 1, 0));
    let low = || with(vec![of(Some(Severity::Low), Kind::Vulnerability)]);
    let usual = Advisories::run(&facts(Ecosystem::Golang, low(), go()), &Rules::default());
    assert_eq!(one(&usual, "advisories/vulnerable").level, Level::Require);
    let high: Policy = toml::from_str("min-severity = \"high\"").unwrap();
    let rules = Rules { advisories: high, ..Rules::default() };
    let warned = Advisories::run(&facts(Ecosystem::Golang, low(), go()), &rules);
    let finding = one(&warned, "advisories/below-threshold");
    assert_eq!((finding.status, finding.level), (Status::Fail, Level::Warn));
    assert!(one(&warned, "advisories/clean").message.ends_with("that is not below high; below: 1"));
    for wrong in ["\"severe\"", "\"High\"", "7", "[\"high\"]"] {
        assert!(toml::from_str::<Policy>(&format!("min-severity = {wrong}")).is_err(), "{wrong}");
    }
    eprintln!("{cases} severities at, below and above each threshold");
}

#[test]
fn a_statement_about_a_part_of_another_product_says_nothing_of_this_release() {
    let status = |product: &str| {
        let text = format!(
            "{{\"@context\":\"https://openvex.dev/ns/v0.2.0\",\"statements\":[{{\"vulnerability\":{{\"name\":\"GO-1\"}},\
             \"products\":[{{\"@id\":\"{product}\",\"subcomponents\":[{{\"@id\":\"pkg:golang/foo@1.0.0\"}}]}}],\
             \"status\":\"fixed\"}}]}}"
        );
        one(&told(&passing_over("vex.json", &text)), "advisories/vulnerable").status
    };
    for own in ["pkg:github/acme/widget", "pkg:github/Acme/Widget@v1.0.0", "pkg:github/acme/widget@1.0.0"] {
        assert_eq!(status(own), Status::Waived, "{own}");
    }
    for other in
        ["pkg:github/acme/gadget", "pkg:github/acme/widget@v0.9.0", "pkg:oci/other", "https://acme.example/"]
    {
        assert_eq!(status(other), Status::Fail, "{other}");
    }
}

#[test]
fn a_configuration_of_cargo_that_takes_packages_from_elsewhere_is_not_covered() {
    let rustsec = || vec![source("rustsec", Ecosystem::Cargo, Some("2026-08-21T00:00:00Z"))];
    let mut facts = facts(Ecosystem::Cargo, with(Vec::new()), rustsec());
    facts.rerouted = vec![Rerouted {
        path: ".cargo/config.toml".to_owned(),
        why: "puts folders in the place of packages (paths)".to_owned(),
        of: Ecosystem::Cargo,
        scope: None,
        only: None,
    }];
    assert!(told(&facts).iter().all(|finding| finding.rule.id != "advisories/not-covered"), "no Cargo.lock");
    let Seen::Present(locks) = &mut facts.locks else { panic!("there are lock files") };
    locks[0].path = "Cargo.lock".to_owned();
    let findings = told(&facts);
    let finding = one(&findings, "advisories/not-covered");
    assert_eq!(finding.status, Status::Undetermined);
    assert_eq!(finding.subject.name, ".cargo/config.toml");
    assert!(finding.message.contains("puts folders in the place of packages"), "{}", finding.message);
    facts.rerouted.clear();
    assert!(told(&facts).iter().all(|finding| finding.rule.id != "advisories/not-covered"));
}
