//! `docs/report.md` holds what the reports hold: every field of theirs, no other, with examples that are real.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::fixture::{AS_OF, Fixture};
use crate::kit::advisories::VULNERABILITY;
use crate::kit::release::Release;
use crate::kit::repository::git;
use crate::kit::spoil::Spoil;
use crate::run::relcheck;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// What the page's tables say of one field.
struct Row {
    types: BTreeSet<String>,
    example: Option<String>,
    meaning: String,
}

/// The fields that the page's section about `schema` names, by their paths.
fn rows(page: &str, schema: &str) -> BTreeMap<String, Row> {
    let heading = format!("\n## `{schema}`\n");
    let (_, section) = page.split_once(&heading).expect("the page has a section about the schema");
    let section = section.split("\n## ").next().unwrap();
    let mut rows = BTreeMap::new();
    for line in section.lines().filter(|line| line.starts_with("| `")) {
        let line = line.replace("\\|", "\u{0}");
        let cells: Vec<String> =
            line.split('|').map(|cell| cell.trim().replace('\u{0}', "|")).filter(|c| c != "|").collect();
        let [_, path, types, example, meaning, _] = cells.as_slice() else { panic!("five bars: {line}") };
        let row = Row {
            types: types.split(" or ").map(str::to_owned).collect(),
            example: (!example.is_empty()).then(|| code(example).to_owned()),
            meaning: meaning.clone(),
        };
        assert!(rows.insert(code(path).to_owned(), row).is_none(), "{path} is named twice");
    }
    rows
}

fn code(cell: &str) -> &str {
    cell.strip_prefix('`')
        .and_then(|cell| cell.strip_suffix('`'))
        .unwrap_or_else(|| panic!("no code: {cell}"))
}

/// What was seen of one field: its types, and its values as a shell shows them.
#[derive(Default)]
struct Seen {
    types: BTreeSet<&'static str>,
    values: BTreeSet<String>,
}

/// Every path of `value`, with what is there.
fn look(value: &Value, path: &str, seen: &mut BTreeMap<String, Seen>) {
    let (name, shown) = match value {
        Value::Null => ("null", "null".to_owned()),
        Value::Bool(is) => ("truth", is.to_string()),
        Value::Number(number) => ("number", number.to_string()),
        Value::String(text) => ("text", text.clone()),
        Value::Array(_) => ("list", String::new()),
        Value::Object(_) => ("object", String::new()),
    };
    if !path.is_empty() {
        let field = seen.entry(path.to_owned()).or_default();
        field.types.insert(name);
        field.values.insert(shown);
    }
    match value {
        Value::Array(items) => items.iter().for_each(|item| look(item, &format!("{path}[]"), seen)),
        Value::Object(fields) => {
            let dot = if path.is_empty() { "" } else { "." };
            fields.iter().for_each(|(key, field)| look(field, &format!("{path}{dot}{key}"), seen));
        }
        _ => {}
    }
}

fn seen(reports: &[Value]) -> BTreeMap<String, Seen> {
    let mut seen = BTreeMap::new();
    reports.iter().for_each(|report| look(report, "", &mut seen));
    seen
}

/// Values that change with a version of relcheck, or of its policies; their examples need not be those of today.
const OF_THIS_VERSION: [&str; 2] = ["policy.sha256", "tool.version"];

/// Fields of which the page lists every word.
const WORDS: [&str; 7] = [
    "verdict",
    "release.artifacts[].bytes",
    "trust[].origin",
    "checks[].level",
    "checks[].findings[].level",
    "checks[].findings[].status",
    "checks[].findings[].subject.kind",
];

/// What a field may be where the tests of this file cannot bring it about: it takes a forge, or a TUF repository.
const NOT_HERE: [(&str, &str); 3] =
    [("release.commit", "null"), ("release.published_at", "text"), ("trust[].expires", "text")];

/// Where a section of the page and what was seen of the reports part ways.
fn differences(rows: &BTreeMap<String, Row>, seen: &BTreeMap<String, Seen>) -> Vec<String> {
    let mut all: Vec<String> = rows
        .keys()
        .filter(|path| !seen.contains_key(*path))
        .map(|path| format!("{path}: in no report"))
        .collect();
    for (path, field) in seen {
        let Some(row) = rows.get(path) else {
            all.push(format!("{path}: not in the page"));
            continue;
        };
        let other = field.types.iter().filter(|name| !row.types.contains(**name));
        all.extend(other.map(|name| format!("{path}: may be {name} too")));
        let never = row.types.iter().filter(|name| !field.types.contains(name.as_str()));
        let never = never.filter(|name| !NOT_HERE.contains(&(path.as_str(), name.as_str())));
        all.extend(never.map(|name| format!("{path}: is never {name}")));
        let is_word = WORDS.contains(&path.as_str());
        let unsaid =
            field.values.iter().filter(|word| is_word && !row.meaning.contains(&format!("`{word}`")));
        all.extend(unsaid.map(|word| format!("{path}: the word {word} is not explained")));
        let Some(example) = row.example.as_deref().filter(|_| !OF_THIS_VERSION.contains(&path.as_str()))
        else {
            continue;
        };
        let is_real = match example.strip_suffix('…') {
            Some(start) => field.values.iter().any(|value| value.starts_with(start)),
            None => field.values.contains(example),
        };
        if !is_real {
            all.push(format!("{path}: no report has the example {example}"));
        }
    }
    all
}

fn page() -> String {
    fs::read_to_string(Path::new(ROOT).join("docs/report.md")).unwrap()
}

/// The report of the command that README.md names first.
fn first_report() -> Value {
    let readme = fs::read_to_string(Path::new(ROOT).join("README.md")).unwrap();
    let command = readme.lines().find_map(|line| line.strip_prefix("$ cargo run --locked -- ")).unwrap();
    let arguments = command.split(' ').chain(["--format", "json"]);
    relcheck(Path::new(ROOT), arguments).expect("README's first command", 0, &[]).json()
}

const WAIVING: &str = "name = \"strict\"
[levels]
contents = \"skip\"
[[waiver]]
rule = \"checksums/mismatch\"
reason = \"rebuilt by hand\"
until = \"2026-06-30\"
[[rules.signatures.key]]
name = \"release key\"
text = \"\"\"-----BEGIN PUBLIC KEY-----
MCowBQYDK2VwAyEAO8OCZ4XFQdSzgEI4VIf1hI8BS5Zt2fFtueyepXrmIx4=
-----END PUBLIC KEY-----\"\"\"
";

/// The kinds of reports that there are: verified, rejected, waived, undetermined, and without what each may lack.
fn reports() -> Vec<Value> {
    let good = Fixture::good();
    let spoilt = Fixture::good();
    let artifact = spoilt.written.published().join("widget-1.2.3.crate");
    fs::write(&artifact, [fs::read(&artifact).unwrap(), b"x".to_vec()].concat()).unwrap();
    spoilt.write("strict.toml", WAIVING);
    let ignored =
        "[advisories]\nignore = [{ id = \"RUSTSEC-2025-9003\", reason = \"it is not reachable\" }]\n";
    let passed_over = Release::good().spoil(Spoil::Advisory(VULNERABILITY));
    let passed_over = Fixture::of(&passed_over.spoil(Spoil::File("deny.toml", Some(ignored))));
    let nameless = Fixture::good();
    git(&nameless.written.repository(), &["config", "--remove-section", "remote.origin"], b"");
    let advisory = nameless.here().join("advisories").join(VULNERABILITY.path());
    fs::create_dir_all(advisory.parent().unwrap()).unwrap();
    fs::write(advisory, VULNERABILITY.text()).unwrap();
    let sums = good.written.published().join("SHA256SUMS");
    let run = |fixture: &Fixture, arguments: crate::fixture::Arguments, code| {
        fixture.run(&arguments.with("--format", "json")).expect("a report", code, &[]).json()
    };
    vec![
        first_report(),
        run(&good, good.arguments(), 0),
        run(&spoilt, spoilt.arguments(), 1),
        run(&spoilt, spoilt.arguments().with("--policy", "strict.toml"), 1),
        run(&good, good.arguments().without("--assets").with("--digests", &sums), 0),
        run(&passed_over, passed_over.arguments(), 0),
        run(&nameless, nameless.arguments().with("--advisories", "advisories"), 1),
        run(&good, good.arguments().without("--advisories"), 3),
        run(&good, good.arguments().without("--assets").flag("--offline"), 3),
        run(&good, good.arguments().without("--trusted-root"), 1),
    ]
}

fn audit() -> Value {
    let fixture = Fixture::good();
    let written = &fixture.written;
    let paths = [written.repository(), written.trusted_root(), written.advisories()];
    let [repository, root, advisories] = paths.map(|path| path.to_str().unwrap().to_owned());
    let by = ["--policy", "audit", "--as-of", AS_OF, "--offline", "--format", "json"];
    let head = ["audit", "--repo", &repository, "--trusted-root", &root, "--advisories", &advisories];
    fixture.relcheck(&[&head[..], &by].concat()).expect("an audit without files", 3, &[]).json()
}

/// What was seen of an audit itself, and its reports.
fn parts(mut audit: Value) -> (BTreeMap<String, Seen>, Vec<Value>) {
    let releases = audit["releases"].as_array_mut().unwrap();
    let reports =
        releases.iter_mut().map(|report| std::mem::replace(report, serde_json::json!({}))).collect();
    (seen(&[audit]), reports)
}

#[test]
fn the_page_names_every_field_of_the_reports_and_no_other() {
    let (audit, judged) = parts(audit());
    let page = page();
    assert_eq!(judged.len(), 2, "the latest and the previous");
    let of_report = rows(&page, "relcheck.report/v1");
    assert_eq!(differences(&of_report, &seen(&[reports(), judged].concat())), [""; 0]);
    assert_eq!(differences(&rows(&page, "relcheck.audit/v1"), &audit), [""; 0]);
}

#[test]
fn a_field_that_the_page_does_not_name_is_noticed_and_so_is_one_that_no_report_has() {
    let (page, good) = (page(), first_report());
    let compare_one = |page: &str, report: &Value| {
        differences(&rows(page, "relcheck.report/v1"), &seen(std::slice::from_ref(report)))
    };
    // One report does not have all.
    let lacking = compare_one(&page, &good);
    let compare = |page: &str, report: &Value| {
        let mut all = compare_one(page, report);
        all.retain(|difference| !lacking.contains(difference));
        all
    };
    assert_eq!(compare(&page, &good), [""; 0]);
    for (at, key, told) in [
        ("", "signed", "signed: not in the page"),
        ("/policy", "sha25", "policy.sha25: not in the page"),
        ("/checks/0", "rule", "checks[].rule: not in the page"),
        ("/checks/0/findings/0/subject", "kinds", "checks[].findings[].subject.kinds: not in the page"),
    ] {
        let mut more = good.clone();
        more.pointer_mut(at).unwrap().as_object_mut().unwrap().insert(key.to_owned(), "x".into());
        assert_eq!(compare(&page, &more), [told]);
    }
    for (at, value, told) in [
        (
            "/verdict",
            Value::from("verified-ish"),
            &["the word verified-ish", "no report has the example"][..],
        ),
        ("/checks/0/status", Value::Null, &["checks[].status: may be null too"]),
        ("/release/artifacts/0/size", "43".into(), &["release.artifacts[].size: may be text too"]),
        ("/as_of", "2026-01-07T00:00:00Z".into(), &["as_of: no report has the example 2026-01-06T00:00:00Z"]),
    ] {
        let mut other = good.clone();
        *other.pointer_mut(at).unwrap() = value;
        let all = compare(&page, &other);
        assert!(
            all.len() == told.len() && told.iter().zip(&all).all(|(told, all)| all.contains(told)),
            "{all:?}"
        );
    }
    let row = |path: &str| page.lines().find(|line| line.starts_with(&format!("| `{path}` "))).unwrap();
    for path in ["schema", "policy.sha256", "checks[].findings[].evidence[]"] {
        let section = page.replacen(&format!("{}\n", row(path)), "", 1);
        assert_eq!(compare(&section, &good), [format!("{path}: not in the page")]);
    }
    let invented = row("tool.name").replace("tool.name", "tool.names");
    let section = page.replacen(row("tool.name"), &format!("{}\n{invented}", row("tool.name")), 1);
    assert_eq!(compare(&section, &good), ["tool.names: in no report"]);
}

/// The statuses from good to bad, with the verdict that each leaves.
const STATUSES: [(&str, &str); 4] =
    [("pass", "verified"), ("waived", "verified"), ("undetermined", "undetermined"), ("fail", "rejected")];

/// What in a report is not as the page explains it.
fn contradictions(report: &Value) -> Vec<String> {
    let mut all = Vec::new();
    let mut hold = |holds: bool, what: String| (!holds).then(|| all.push(what));
    let list = |value: &Value| value.as_array().unwrap().clone();
    let checks = list(&report["checks"]);
    let required = checks.iter().filter(|check| check["level"] == "require");
    let rank = |status: &Value| STATUSES.iter().position(|(word, _)| status == word).unwrap();
    let worst = required.map(|check| rank(&check["status"])).max();
    let verdict = worst.map_or("undetermined", |worst| STATUSES[worst].1);
    hold(report["verdict"] == verdict, format!("the verdict is {verdict}"));
    for artifact in list(&report["release"]["artifacts"]) {
        let is_read = artifact["bytes"] == "rehashed";
        hold(is_read != artifact["size"].is_null(), format!("the size of {}", artifact["name"]));
    }
    for database in list(&report["databases"]) {
        hold(
            database["date"].is_null() == database["age_days"].is_null(),
            "an age without a date".to_owned(),
        );
    }
    let ids = checks.iter().map(|check| check["id"].as_str().unwrap());
    hold(ids.eq(relcheck::checks::ALL.iter().map(|meta| meta.id)), "every check, in order".to_owned());
    for check in checks {
        let id = check["id"].as_str().unwrap();
        let findings = list(&check["findings"]);
        hold(findings.is_empty() == (check["level"] == "skip"), format!("{id} was skipped"));
        let of_require = findings.iter().filter(|finding| finding["level"] == "require");
        let worst = of_require.map(|finding| rank(&finding["status"])).max();
        let status = worst.map_or("undetermined", |worst| STATUSES[worst].0);
        hold(check["level"] != "require" || check["status"] == status, format!("{id} is {status}"));
        let deciding = |finding: &Value| (finding["level"] == "require", rank(&finding["status"]));
        hold(findings.is_sorted_by_key(|f| std::cmp::Reverse(deciding(f))), format!("{id}: the worst first"));
        for finding in findings {
            let rule = finding["rule"].as_str().unwrap();
            let is_waived = finding["status"] == "waived";
            hold(is_waived != finding["waiver"].is_null(), format!("{rule}: its waiver"));
            hold(
                finding["status"] != "pass" || finding["fix"].is_null(),
                format!("{rule}: a fix for a pass"),
            );
            hold(check["level"] == "require" || finding["level"] == "warn", format!("{rule}: its level"));
        }
    }
    all
}

#[test]
fn every_report_is_as_the_page_explains_it() {
    for report in reports() {
        assert_eq!(contradictions(&report), [""; 0], "{report:#}");
    }
    let good = first_report();
    for (at, value, told) in [
        ("/verdict", "rejected".into(), "the verdict is verified"),
        ("/checks/0/level", "skip".into(), "tag was skipped"),
        ("/checks/1/status", "waived".into(), "checksums is pass"),
        ("/checks/0/findings/2/level", "require".into(), "tag is fail"),
        ("/checks/0/findings/0/status", "waived".into(), "tag/version: its waiver"),
        ("/checks/0/findings/0/fix", "x".into(), "tag/version: a fix for a pass"),
        ("/checks/6/findings/0/level", "require".into(), "policy-claims/contact: its level"),
        ("/release/artifacts/0/size", Value::Null, "the size of"),
        ("/databases/0/date", Value::Null, "an age without a date"),
        ("/checks/8/id", "tag".into(), "every check, in order"),
    ] {
        let mut other = good.clone();
        *other.pointer_mut(at).unwrap() = value;
        let all = contradictions(&other);
        assert!(all.iter().any(|line| line.starts_with(told)), "{at}: {all:?}");
    }
}

/// The programs for jq in the page, in order.
fn programs(page: &str) -> Vec<String> {
    let blocks = page.split("```sh\n").skip(1).map(|block| block.split("```").next().unwrap());
    blocks.map(|block| block.split('\'').nth(1).expect("a program in quotes").to_owned()).collect()
}

#[test]
fn what_the_page_asks_of_a_report_is_denied_by_everything_but_the_good_one() {
    if Command::new("jq").arg("--version").output().is_err() {
        assert!(std::env::var_os("CI").is_none(), "jq has to be installed under CI");
        eprintln!("SKIPPED: jq is not installed");
        return;
    }
    let fixture = Fixture::good();
    let good = first_report();
    let file = &good["release"]["artifacts"][2];
    let sha256 = file["sha256"].as_str().unwrap().to_owned();
    let accepts = |program: &str, text: &str| {
        let path = fixture.write("report.json", text);
        let mut jq = Command::new("jq");
        jq.args(["-es", "--arg", "tag", "v1.2.3", "--arg", "sha256", &sha256]).arg(program).arg(path);
        jq.output().unwrap().status.success()
    };
    let programs = programs(&page());
    let [verdict, more, one_file, audit] = programs.as_slice() else { panic!("{programs:?}") };
    let both = serde_json::json!({ "schema": "relcheck.audit/v1", "releases": [good, good] });
    for (program, document) in [(verdict, &good), (more, &good), (one_file, &good), (audit, &both)] {
        let text = document.to_string();
        assert!(accepts(program, &text), "{program}");
        let half = &text[..text.len() / 2];
        for bad in ["", "{}", "[]", "null", "true", "\"verified\"", half, &format!("{text}{text}")] {
            assert!(!accepts(program, bad), "{program} takes {:.80}", bad);
        }
        for (other, document) in [("an audit", &both), ("a report", &good)] {
            let is_its_own = (program == audit) == (other == "an audit");
            assert_eq!(accepts(program, &document.to_string()), is_its_own, "{program}: {other}");
        }
    }
    let changed = |at: &str, value: Value| {
        let mut other = both.clone();
        *other.pointer_mut(at).unwrap_or_else(|| panic!("{at}")) = value;
        other
    };
    let first = "/releases/0";
    for (at, value, noticing) in [
        ("verdict", "undetermined".into(), &[verdict, more, one_file, audit][..]),
        ("verdict", Value::Null, &[verdict, more, one_file, audit]),
        ("schema", "relcheck.report/v2".into(), &[verdict, more, one_file, audit]),
        ("release/tag", "v1.2.2".into(), &[verdict, more, one_file]),
        ("checks", Value::Array(Vec::new()), &[more]),
        ("checks/1/level", "warn".into(), &[more]),
        ("checks/2/status", "waived".into(), &[more]),
        ("checks/3/id", "contents".into(), &[more]),
        ("release/artifacts", Value::Array(Vec::new()), &[more, one_file]),
        ("release/artifacts/0/bytes", "recorded".into(), &[more]),
        ("release/artifacts/2/bytes", Value::Null, &[more, one_file]),
        ("release/artifacts/2/sha256", "0".repeat(64).into(), &[one_file]),
    ] {
        let other = changed(&format!("{first}/{at}"), value);
        for program in [verdict, more, one_file, audit] {
            let document = if program == audit { &other } else { &other["releases"][0] };
            let is_noticed = !accepts(program, &document.to_string());
            assert_eq!(is_noticed, noticing.contains(&program), "{at}: {program}");
        }
    }
    for releases in [Vec::new(), vec![good.clone()]] {
        assert!(!accepts(audit, &changed("/releases", Value::Array(releases)).to_string()));
    }
}
