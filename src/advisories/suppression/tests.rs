use super::{Found, Suppression, is_suppression_file, read};
use crate::advisories::lock::Ecosystem;
use jiff::{Timestamp, civil::date};

const FOUND: Found<'static> = Found {
    lock: "Cargo.lock",
    ecosystem: Ecosystem::Cargo,
    package: "foo",
    version: "1.2.3",
    id: "RUSTSEC-2020-0001",
    aliases: &[],
};

fn entries(path: &str, text: &str) -> Vec<Suppression> {
    read(path, text.as_bytes()).unwrap()
}

fn covers(path: &str, text: &str, found: Found<'_>) -> bool {
    entries(path, text).iter().any(|entry| entry.is_about(found))
}

#[test]
fn files_are_known_by_their_names_and_places() {
    for path in [
        ".cargo/audit.toml",
        "a/.cargo/audit.toml",
        "deny.toml",
        ".cargo/deny.toml",
        "web/osv-scanner.toml",
        "vex.json",
        ".vex/2026-1.json",
        "security/widget.openvex.json",
        "testing-tools/vex.json",
        "fixtures/osv-scanner.toml",
    ] {
        assert!(is_suppression_file(path), "{path}");
    }
    for path in [
        "audit.toml",
        "cargo/audit.toml",
        "my-deny.toml",
        "osv-scanner.toml.bak",
        "x/vexx.json",
        "third_party/foo/vex.json",
        "tests/fixtures/x.vex.json",
        "a/Testdata/.vex/1.json",
    ] {
        assert!(!is_suppression_file(path), "{path}");
    }
}

#[test]
fn cargo_audit_ignores_by_id_in_its_own_folder() {
    let text =
        "[advisories]\nignore = [\"RUSTSEC-2020-0001\", \"RUSTSEC-2020-0002\"]\n[output]\nquiet = true\n";
    assert!(covers(".cargo/audit.toml", text, FOUND));
    assert!(covers("a/.cargo/audit.toml", text, Found { lock: "a/Cargo.lock", ..FOUND }));
    for other in [
        Found { id: "RUSTSEC-2020-0003", ..FOUND },
        Found { lock: "fuzz/Cargo.lock", ..FOUND },
        Found { ecosystem: Ecosystem::Golang, ..FOUND },
    ] {
        assert!(!covers(".cargo/audit.toml", text, other), "{other:?}");
    }
    let alias = "[advisories]\nignore = [\"CVE-2020-1\"]\n";
    let aliases = ["CVE-2020-1".to_owned()];
    assert!(covers(".cargo/audit.toml", alias, Found { aliases: &aliases, ..FOUND }));
    assert!(!covers(".cargo/audit.toml", alias, FOUND));
}

#[test]
fn cargo_deny_ignores_by_id_with_a_reason_and_a_crate_is_no_advisory() {
    let text = "[advisories]\nignore = [\n  { id = \"RUSTSEC-2020-0001\", reason = \"not reached\" },\n  \
                \"foo@1.2\",\n  { crate = \"foo\", reason = \"yanked\" },\n]\n";
    let entries = entries("deny.toml", text);
    assert_eq!(entries.len(), 1);
    assert_eq!(entries[0].reason.as_deref(), Some("not reached"));
    assert!(entries[0].is_about(FOUND));
    assert!(!entries[0].is_about(Found { id: "RUSTSEC-2020-0002", ..FOUND }));
}

#[test]
fn osv_scanner_ignores_until_a_day_and_by_package() {
    let text = "[[IgnoredVulns]]\nid = \"RUSTSEC-2020-0001\"\nignoreUntil = 2026-03-01\nreason = \"soon\"\n\n\
                [[PackageOverrides]]\nname = \"bar\"\nversion = \"2.0.0\"\necosystem = \"Go\"\nignore = true\n\n\
                [[PackageOverrides]]\ngroup = \"dev\"\nignore = true\n\n[[PackageOverrides]]\nname = \"baz\"\n";
    let entries = entries("osv-scanner.toml", text);
    let [id, package] = entries.as_slice() else { panic!("{entries:?}") };
    assert!(id.is_about(FOUND));
    assert!(!id.is_about(Found { lock: "web/Cargo.lock", ..FOUND }));
    let at = |text: &str| text.parse::<Timestamp>().unwrap();
    assert!(id.holds_at(at("2026-02-28T23:59:59Z")) && !id.holds_at(at("2026-03-01T00:00:00Z")));
    assert_eq!(id.last_day(), Some(date(2026, 2, 28)));
    let bar =
        Found { lock: "go.mod", ecosystem: Ecosystem::Golang, package: "bar", version: "2.0.0", ..FOUND };
    assert!(package.is_about(bar) && package.holds_at(at("2099-01-01T00:00:00Z")));
    for other in [
        Found { package: "baz", ..bar },
        Found { version: "2.0.1", ..bar },
        Found { ecosystem: Ecosystem::Cargo, ..bar },
    ] {
        assert!(!package.is_about(other), "{other:?}");
    }
    for (until, last_day) in [
        ("2026-03-01T00:00:00Z", date(2026, 2, 28)),
        ("2026-03-01T00:00:01Z", date(2026, 3, 1)),
        ("2026-03-01T08:00:00+09:00", date(2026, 2, 28)),
    ] {
        let text = format!("[[IgnoredVulns]]\nid = \"X\"\nignoreUntil = {until}\n");
        let entry = &self::entries("osv-scanner.toml", &text)[0];
        assert_eq!(entry.last_day(), Some(last_day), "{until}");
        let moment = at(until);
        let just_before = Timestamp::from_second(moment.as_second() - 1).unwrap();
        assert!(entry.holds_at(just_before) && !entry.holds_at(moment), "{until}");
    }
}

#[test]
fn openvex_covers_what_is_not_affected_with_a_reason_or_is_fixed() {
    let document = |status: &str, extra: &str, products: &str| {
        format!(
            "{{\"@context\":\"https://openvex.dev/ns/v0.2.0\",\"@id\":\"x\",\"author\":\"a\",\"statements\":[{{\
             \"vulnerability\":{{\"name\":\"CVE-2020-1\",\"aliases\":[\"RUSTSEC-2020-0001\"]}},\
             \"products\":[{products}],\"status\":\"{status}\"{extra}}}]}}"
        )
    };
    let foo = "{\"@id\":\"pkg:cargo/foo@1.2.3\"}";
    let part = "{\"@id\":\"pkg:github/acme/widget@v1\",\"subcomponents\":[{\"@id\":\"pkg:cargo/foo\"}]}";
    let why = ",\"justification\":\"vulnerable_code_not_present\"";
    for good in [
        document("not_affected", why, foo),
        document("not_affected", ",\"impact_statement\":\"never called\"", part),
        document("fixed", "", foo),
    ] {
        assert!(covers("vex.json", &good, FOUND), "{good}");
        assert!(covers("vex.json", &good, Found { lock: "deep/below/Cargo.lock", ..FOUND }));
    }
    let of_another = "{\"@id\":\"pkg:cargo/foo@1.2.4\"}";
    let narrower = "{\"@id\":\"pkg:cargo/foo@1.2.3?download_url=https://example.com/foo\"}";
    let nobody = "{\"@id\":\"pkg:github/acme/widget\"}";
    for none in [
        document("not_affected", "", foo),
        document("not_affected", ",\"justification\":\"trust_me\"", foo),
        document("not_affected", ",\"impact_statement\":\" \"", foo),
        document("not_affected", ",\"impact_statement\":\" \u{200b}-\"", foo),
        document("fixed", "", "{\"@id\":\"pkg:cargo/foo@\"}"),
        document("affected", why, foo),
        document("under_investigation", why, foo),
        document("fixed", "", of_another),
        document("fixed", "", narrower),
        document("fixed", "", nobody),
        document("fixed", "", ""),
    ] {
        assert!(!covers("vex.json", &none, FOUND), "{none}");
    }
    let gem =
        Found { lock: "Gemfile.lock", ecosystem: Ecosystem::Gem, package: "foo", version: "1.2.3", ..FOUND };
    for (purl, is_covered) in [("pkg:gem/foo@1.2.3", true), ("pkg:gem/foo@1.2.3-java", false)] {
        let of_gem = document("fixed", "", &format!("{{\"@id\":\"{purl}\"}}"));
        assert_eq!(covers("vex.json", &of_gem, gem), is_covered, "{purl}");
    }
}

#[test]
fn a_statement_that_leaves_a_vulnerability_open_takes_back_all_that_cover_it() {
    let statement = |name: &str, status: &str| {
        format!(
            "{{\"vulnerability\":{{\"name\":\"{name}\"}},\"products\":[{{\"@id\":\"pkg:cargo/foo\"}}],\"status\":\"{status}\"}}"
        )
    };
    let document = |statements: &[String]| {
        format!(
            "{{\"@context\":\"https://openvex.dev/ns/v0.2.0\",\"statements\":[{}]}}",
            statements.join(",")
        )
    };
    let fixed = statement("RUSTSEC-2020-0001", "fixed");
    assert!(covers(
        "vex.json",
        &document(&[fixed.clone(), statement("RUSTSEC-2020-0002", "affected")]),
        FOUND
    ));
    for status in ["affected", "under_investigation", "unheard_of"] {
        let open = statement("RUSTSEC-2020-0001", status);
        for statements in [[fixed.clone(), open.clone()], [open, fixed.clone()]] {
            assert!(!covers("vex.json", &document(&statements), FOUND), "{status}");
        }
    }
}

#[test]
fn a_statement_without_a_moment_of_its_own_never_begins() {
    let document = |times: [&str; 2]| {
        format!(
            "{{\"@context\":\"https://openvex.dev/ns/v0.2.0\"{},\"statements\":[{{\"vulnerability\":{{\"name\":\"A\"}},\
             \"products\":[{{\"@id\":\"pkg:cargo/foo\"}}],\"status\":\"fixed\"{}}}]}}",
            times[0], times[1]
        )
    };
    let day = date(2026, 8, 22);
    let since = |times: [&str; 2]| entries("vex.json", &document(times))[0].clone();
    for good in
        ["", ",\"timestamp\":\"2026-08-22T09:00:00Z\"", ",\"timestamp\":\"2026-08-22T09:00:00.5+02:00\""]
    {
        assert!(since([good, ""]).has_begun_on(day) && since(["", good]).has_begun_on(day), "{good}");
    }
    let good = ",\"timestamp\":\"2020-01-01T00:00:00Z\"";
    for bad in ["2020-01-01", "2020-01-01 00:00:00", "2020-01-01T00:00:00", "soon", ""] {
        let own = format!(",\"timestamp\":\"{bad}\"");
        for times in [[own.as_str(), ""], [good, &own]] {
            let entry = since(times);
            assert_eq!(entry.since, Err(format!("its time `{bad}` is no moment of RFC 3339")));
            assert!(!entry.has_begun_on(day));
        }
    }
}

#[test]
fn what_leaves_a_vulnerability_open_is_heard_however_its_id_is_written() {
    let document = |vulnerability: &str, status: &str| {
        format!(
            "{{\"@context\":\"https://openvex.dev/ns\",\"statements\":[{{\"vulnerability\":{vulnerability},\
             \"products\":[{{\"@id\":\"pkg:cargo/foo\"}}],\"status\":\"{status}\"}}]}}"
        )
    };
    for vulnerability in [
        "{\"name\":\"cve-2020-26235\"}",
        "{\"name\":\"x\",\"@id\":\"https://example.com/vuln/detail/CVE-2020-26235\"}",
        "{\"@id\":\"https://example.com/Cve-2020-26235/?a=b#c\"}",
        "{\"name\":\"x\",\"aliases\":[\" CVE-2020-26235 \"]}",
    ] {
        let heard = entries("vex.json", &document(vulnerability, "affected"));
        let is_it = |entry: &Suppression| entry.is_open && entry.id.as_deref() == Some("cve-2020-26235");
        assert!(heard.iter().any(is_it), "{vulnerability}: {heard:?}");
        // What passes over is exact.
        let passed = entries("vex.json", &document(vulnerability, "fixed"));
        assert!(passed.iter().all(|entry| entry.id.as_deref() != Some("CVE-2020-26235")), "{vulnerability}");
    }
}

#[test]
fn a_document_about_very_many_products_is_refused() {
    let products = vec!["{\"@id\":\"pkg:cargo/foo\"}"; super::ENTRIES + 1].join(",");
    let text = format!(
        "{{\"@context\":\"https://openvex.dev/ns/v0.2.0\",\"statements\":[{{\"vulnerability\":{{\"name\":\"A\"}},\
         \"products\":[{products}],\"status\":\"fixed\"}}]}}"
    );
    let error = read("vex.json", text.as_bytes()).unwrap_err();
    assert_eq!(error, "its statements are about more than 10000 products");
}

#[test]
fn a_file_that_cannot_be_read_covers_nothing_and_says_why() {
    for (path, text, problem) in [
        (".cargo/audit.toml", "[advisories]\nignore = \"RUSTSEC-2020-0001\"\n", "cannot be read"),
        (".cargo/audit.toml", "[advisories]\nignore = [{ id = \"RUSTSEC-2020-0001\" }]\n", "holds a table"),
        (
            "deny.toml",
            "[advisories]\nignore = [{ id = \"RUSTSEC-2020-0001\", until = \"x\" }]\n",
            "cannot be read",
        ),
        ("deny.toml", "[advisories]\nignore = [\n", "cannot be read"),
        ("osv-scanner.toml", "[[IgnoredVulns]]\nreason = \"x\"\n", "cannot be read"),
        ("vex.json", "{\"@context\":\"https://example.com\",\"statements\":[]}", "not that of OpenVEX"),
        (
            "vex.json",
            "{\"@context\":\"https://openvex.dev/nsevil\",\"statements\":[]}",
            "not that of OpenVEX",
        ),
        ("vex.json", "{\"@context\":\"https://openvex.dev/ns/v9.9.9\",\"statements\":[]}", "not known"),
        ("vex.json", "{\"statements\":[],\"statements\":[]}", "cannot be read"),
        ("vex.json", "[]", "no OpenVEX document"),
    ] {
        let error = read(path, text.as_bytes()).unwrap_err();
        assert!(error.contains(problem), "{path}: {error}");
    }
    assert!(read("deny.toml", &vec![b'\n'; super::MAX_BYTES + 1]).unwrap_err().contains("bytes"));
    assert!(read("deny.toml", b"\xff").unwrap_err().contains("UTF-8"));
}
