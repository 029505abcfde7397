//! What files at the tag say of advisories, and what they say nothing of.

use super::*;
use crate::advisories::locks::Format;

#[test]
fn a_file_of_a_folder_says_nothing_of_a_published_file() {
    let mut facts = passing_over("osv-scanner.toml", &ignoring("GO-1", "2026-09-01"));
    let Seen::Present(locks) = &mut facts.locks else { panic!("there are lock files") };
    locks[0].from = crate::advisories::locks::tree::From::Published;
    let findings = told(&facts);
    assert_eq!(one(&findings, "advisories/vulnerable").status, Status::Fail);
    assert_eq!(one(&findings, "advisories/suppression").status, Status::Fail);
    let fixed = vex("", &[("GO-1", "fixed")]);
    facts.suppressions = passing_over("vex.json", &fixed).suppressions;
    assert_eq!(one(&told(&facts), "advisories/vulnerable").status, Status::Waived);
}

/// An OpenVEX document of the package `foo`, with statements of ids.
fn vex(more: &str, statements: &[(&str, &str)]) -> String {
    let statement = |(id, status): &(&str, &str)| {
        format!(
            "{{\"vulnerability\":{{\"name\":\"{id}\"}},\"products\":[{{\"@id\":\"pkg:golang/foo@1.0.0\"}}],\"status\":\"{status}\"}}"
        )
    };
    let statements: Vec<String> = statements.iter().map(statement).collect();
    format!(
        "{{\"@context\":\"https://openvex.dev/ns/v0.2.0\"{more},\"statements\":[{}]}}",
        statements.join(",")
    )
}

#[test]
fn a_statement_that_leaves_an_advisory_open_takes_back_those_of_other_documents_and_of_its_other_ids() {
    let status = |documents: &[String]| {
        let mut facts = passing_over("0.vex.json", &documents[0]);
        for (at, document) in documents.iter().enumerate().skip(1) {
            let path = format!("{at}.vex.json");
            facts.suppressions.extend(passing_over(&path, document).suppressions);
        }
        one(&told(&facts), "advisories/vulnerable").status
    };
    let fixed = vex("", &[("GO-1", "fixed")]);
    assert_eq!(status(&[fixed.clone(), vex("", &[("GO-2", "affected")])]), Status::Waived);
    for open in ["GO-1", "CVE-2026-1"] {
        for word in ["affected", "under_investigation"] {
            assert_eq!(status(&[fixed.clone(), vex("", &[(open, word)])]), Status::Fail, "{open} {word}");
        }
        assert_eq!(status(&[vex("", &[("GO-1", "fixed"), (open, "affected")])]), Status::Fail, "{open}");
    }
    // The release is of 2026-07-31, and judged on 2026-08-22.
    let at = |moment: &str| vex(&format!(",\"timestamp\":\"{moment}\""), &[("GO-1", "fixed")]);
    assert_eq!(status(&[at("2026-08-22T10:00:00Z")]), Status::Waived);
    assert_eq!(status(&[at("2026-08-23T10:00:00Z")]), Status::Fail);
    for open in ["go-1", "cve-2026-1"] {
        assert_eq!(status(&[fixed.clone(), vex("", &[(open, "affected")])]), Status::Fail, "{open}");
    }
}

#[test]
fn a_statement_whose_time_cannot_be_read_passes_over_nothing_and_that_is_told() {
    let fixed = vex(",\"timestamp\":\"2026-01-01\"", &[("GO-1", "fixed")]);
    let findings = told(&passing_over("vex.json", &fixed));
    assert_eq!(one(&findings, "advisories/vulnerable").status, Status::Fail);
    let fault = one(&findings, "advisories/suppression");
    assert_eq!((fault.status, fault.level), (Status::Undetermined, Level::Warn));
    let message =
        "1 entry passes over nothing, of vex.json at v1.0.0: its time `2026-01-01` is no moment of RFC 3339";
    assert_eq!(fault.message, message);
}

#[test]
fn an_entry_ends_at_its_moment_and_not_with_its_day() {
    let status = |until: &str| {
        let mut facts = passing_over("osv-scanner.toml", &ignoring("GO-1", until));
        facts.as_of = "2026-08-22T12:00:00Z".parse().unwrap();
        one(&told(&facts), "advisories/vulnerable").status
    };
    assert_eq!(status("2026-08-22T12:00:01Z"), Status::Waived);
    assert_eq!(status("2026-08-22T12:00:00Z"), Status::Fail);
    assert_eq!(status("2026-08-22"), Status::Fail);
    assert_eq!(status("2026-08-23"), Status::Waived);
}

#[test]
fn a_statement_of_another_forge_or_kind_of_product_says_nothing_of_this_release() {
    for product in ["pkg:npm/acme/widget", "pkg:gitlab/acme/widget", "pkg:bitbucket/acme/widget@v1.0.0"] {
        let text = format!(
            "{{\"@context\":\"https://openvex.dev/ns/v0.2.0\",\"statements\":[{{\"vulnerability\":{{\"name\":\"GO-1\"}},\
             \"products\":[{{\"@id\":\"{product}\",\"subcomponents\":[{{\"@id\":\"pkg:golang/foo@1.0.0\"}}]}}],\
             \"status\":\"fixed\"}}]}}"
        );
        let findings = told(&passing_over("vex.json", &text));
        assert_eq!(one(&findings, "advisories/vulnerable").status, Status::Fail, "{product}");
    }
}

#[test]
fn many_entries_and_many_findings_cost_no_time() {
    let ignored: String =
        (0..9_999).map(|n| format!("[[IgnoredVulns]]\nid = \"GO-{n}\"\nreason = \"r\"\n")).collect();
    let matches: Vec<Match> =
        (0..5_000).map(|n| found(&format!("GO-{}", n + 9_000), "1.0.0", None)).collect();
    let mut facts = facts(Ecosystem::Golang, with(matches), go());
    for at in 0..10 {
        let entries = suppression::read("osv-scanner.toml", ignored.as_bytes()).map_err(Untrusted::new);
        facts.suppressions.push(SuppressionFile { path: format!("{at}/osv-scanner.toml"), entries });
    }
    let begun = std::time::Instant::now();
    let findings = told(&facts);
    let waived = findings.iter().filter(|it| it.status == Status::Waived).count();
    assert_eq!(waived, 999);
    assert!(begun.elapsed() < std::time::Duration::from_secs(20), "{:?}", begun.elapsed());
}

#[test]
fn a_configuration_of_cargo_counts_where_the_lock_file_names_only_what_it_put_there() {
    let mut facts = facts(Ecosystem::Cargo, with(Vec::new()), Vec::new());
    let folder = |name: &str| LockedPackage {
        name: name.into(),
        version: "1.0.0".into(),
        origin: Origin::Path,
        is_dependency: true,
    };
    facts.rerouted = vec![Rerouted {
        path: ".cargo/config.toml".to_owned(),
        why: "puts other packages in the place".to_owned(),
        of: Ecosystem::Cargo,
        scope: None,
        only: None,
    }];
    let mut told_of = |names: &[&str]| {
        let Seen::Present(locks) = &mut facts.locks else { panic!("there are lock files") };
        let lock = Lock::new(Ecosystem::Cargo, names.iter().map(|name| folder(name)).collect());
        locks[0].path = "Cargo.lock".to_owned();
        locks[0].lock = Ok(LockedPackages { lock: lock.into(), matches: None });
        told(&facts).iter().filter(|it| it.subject.name == ".cargo/config.toml").count()
    };
    assert_eq!(told_of(&["widget", "smallvec"]), 1);
    assert_eq!(told_of(&["widget"]), 0);
}

#[test]
fn a_configuration_of_npm_counts_for_the_packages_that_it_is_about() {
    let npm = || vec![source("osv", Ecosystem::Npm, Some("2026-08-21T00:00:00Z"))];
    let mut facts = facts(Ecosystem::Npm, with(Vec::new()), npm());
    let mut told_of = |path: &str, name: &str, scope: Option<&str>| {
        let Seen::Present(locks) = &mut facts.locks else { panic!("there are lock files") };
        let package = LockedPackage {
            name: name.into(),
            version: "1.0.0".into(),
            origin: Origin::DefaultRegistry,
            is_dependency: true,
        };
        locks[0].path = path.to_owned();
        let lock = Lock::new(Ecosystem::Npm, vec![package]);
        locks[0].lock = Ok(LockedPackages { lock: lock.into(), matches: with(Vec::new()) });
        facts.rerouted = vec![Rerouted {
            path: ".npmrc".to_owned(),
            why: "takes packages from https://evil.example".to_owned(),
            of: Ecosystem::Npm,
            scope: scope.map(str::to_owned),
            only: None,
        }];
        let findings = told(&facts);
        findings.into_iter().filter(|it| it.subject.name == ".npmrc").map(|it| it.message).collect::<Vec<_>>()
    };
    let message = ".npmrc at v1.0.0 takes packages from https://evil.example: what is built need not be the packages that \
                   pnpm-lock.yaml names";
    assert_eq!(told_of("a/pnpm-lock.yaml", "lodash", None), [message]);
    assert_eq!(told_of("a/pnpm-lock.yaml", "@acme/a", Some("@acme")), [message]);
    assert_eq!(told_of("a/pnpm-lock.yaml", "lodash", Some("@acme")), Vec::<String>::new());
    assert_eq!(told_of("a/pnpm-lock.yaml", "@acmes/a", Some("@acme")), Vec::<String>::new());
    assert_eq!(told_of("a/yarn.unlock", "lodash", None), Vec::<String>::new());
}

#[test]
fn a_setting_of_one_lock_file_counts_for_those_in_its_folder_and_below() {
    let npm = || vec![source("osv", Ecosystem::Npm, Some("2026-08-21T00:00:00Z"))];
    let mut facts = facts(Ecosystem::Npm, with(Vec::new()), npm());
    facts.rerouted = vec![Rerouted {
        path: "web/.npmrc".to_owned(),
        why: "sets package-lock=false".to_owned(),
        of: Ecosystem::Npm,
        scope: None,
        only: Some(Format::PackageLock),
    }];
    let mut told_of = |path: &str| {
        let Seen::Present(locks) = &mut facts.locks else { panic!("there are lock files") };
        locks[0].path = path.to_owned();
        let findings = told(&facts);
        let of = |it: Finding| (it.status, it.message, it.fix.unwrap_or_default());
        findings.into_iter().filter(|it| it.subject.name == "web/.npmrc").map(of).collect::<Vec<_>>()
    };
    let message = "web/.npmrc at v1.0.0 sets package-lock=false: what is built need not be the packages that \
                   package-lock.json names";
    let fix = "build releases with the lock file of the usual name; list folders that do not ship under exclude in \
               [rules.advisories]";
    let expected = [(Status::Undetermined, message.to_owned(), fix.to_owned())];
    assert_eq!(told_of("web/package-lock.json"), expected);
    assert_eq!(told_of("web/a/package-lock.json"), expected);
    for other in ["package-lock.json", "website/package-lock.json", "web/pnpm-lock.yaml"] {
        assert_eq!(told_of(other), [], "{other}");
    }
}
