//! Policies of our own: each form that is read, each trap that is not, each verdict with a near miss.

use std::time::{Duration, Instant};

use super::*;
use crate::versions::TagVersion;

/// A promise in a word, or with its end.
pub(super) fn support(supported: &Support) -> String {
    match supported {
        Support::Yes => "yes".to_owned(),
        Support::No => "no".to_owned(),
        Support::SecurityOnly => "security-only".to_owned(),
        Support::Unknown => "unknown".to_owned(),
        Support::Until(until) => format!("until {until}"),
    }
}

fn told(policy: &SecurityPolicy) -> Vec<String> {
    let row = |row: &Row| {
        let range = row.selector.range.as_ref().map(|range| format!(" {range}")).unwrap_or_default();
        format!("{} {}{range} {}", row.line, row.selector.kind.name(), support(&row.supported))
    };
    policy.rows.iter().map(row).collect()
}

fn reading(text: &str) -> Vec<String> {
    told(&read("SECURITY.md", text.as_bytes()))
}

fn table(rows: &[(&str, &str)]) -> String {
    let rows: String = rows.iter().map(|(version, status)| format!("| {version} | {status} |\n")).collect();
    format!(
        "# Security\n\n## Supported Versions\n\n| Version | Supported |\n| --- | --- |\n{rows}\n## Reporting\n"
    )
}

#[test]
fn a_table_is_read_with_ticks_as_codes_characters_and_words() {
    let text = table(&[
        ("main", ":white_check_mark:"),
        ("Latest release", "✅"),
        ("Previous release", "Yes"),
        ("< Previous release", ":x:"),
    ]);
    assert_eq!(reading(&text), ["7 branch yes", "8 latest yes", "9 previous yes", "10 before-previous no"]);
    let text = table(&[
        ("1.x", "yes"),
        ("0.2.x", "✔️"),
        ("1.x.x", "❌"),
        ("< 1.0", "No"),
        (">= 2.0", "until 2027-01-31"),
    ]);
    assert_eq!(
        reading(&text),
        [
            "7 range >=1.0.0, <2.0.0 yes",
            "8 range >=0.2.0, <0.3.0 yes",
            "9 range >=1.0.0, <2.0.0 no",
            "10 range <1.0.0 no",
            "11 range >=2.0.0 until 2027-01-31"
        ]
    );
}

#[test]
fn tables_in_their_many_shapes_are_read() {
    for text in [
        "Supported Versions\n---\n\nVersion | Supported\n--- | ---\n1.x | yes\n",
        "**Supported Versions**\n\n| Version | Supported |\n|-|-|\n| **1.x** | yes\n",
        "## 🛡️ Supported Versions\nThese are:\n| Version | Supported |\n|-|-|\n| [`1.x`](https://example.org) | yes |\n",
        "## Supported Versions\n<details>\n\n| Version | Supported |\n|-|-|\n| v1.X | yes |\n\n</details>\n",
        "## Supported Versions\n<table><tr><th>Version</th><th>Supported</th></tr><tr><td>1.x</td><td>Yes</td></tr></table>\n",
        "<h2>Supported Versions</h2>\n\n| Version | Supported |\n|-|-|\n| 1.x[^1] | yes |\n\n[^1]: note\n",
        "| Version | Supported |\r\n|-|-|\r\n| 1.x | yes |\r\n",
        "\u{feff}## Supported Versions\n> | Version | Supported |\n> |-|-|\n> | 1.x | yes |\n",
    ] {
        let rows = reading(text);
        assert!(rows.len() == 1 && rows[0].ends_with(" range >=1.0.0, <2.0.0 yes"), "{text}: {rows:?}");
    }
}

#[test]
fn what_only_looks_like_the_statement_gives_no_rows() {
    for text in [
        "# Security\n\nMail us.\n",
        "## Known Vulnerabilities\n\n| CVE | Affected Versions | Patched Versions |\n|-|-|-|\n| CVE-1 | 1.x | 1.2 |\n",
        "## Supported PHP Versions\n\n| Version | Supported |\n|-|-|\n| 8.1 | yes |\n",
        "```md\n## Supported Versions\n| Version | Supported |\n|-|-|\n| 1.x | yes |\n```\n",
        "<!--\n## Supported Versions\n| Version | Supported |\n|-|-|\n| 1.x | yes |\n-->\n",
        "## Response\n\n| Severity | Days |\n|-|-|\n| High | 7 |\n",
        "## Supported Versions\n\n| Version | Supported |\n|-|-|\n",
        "Versions 6.4.1 and earlier contain a bug and are not supported.\n",
    ] {
        let policy = read("SECURITY.md", text.as_bytes());
        assert_eq!((policy.form, told(&policy)), (Form::None, Vec::new()), "{text}");
    }
}

#[test]
fn products_and_columns_are_told_apart() {
    let text = "## Supported Versions\n\n### core\n\n| Version | PHP | Supported |\n|-|-|-|\n| 2.x | 8.1 | yes |\n\n### cli\n\n| Version | Supported |\n|-|-|\n| 1.x | no |\n";
    let policy = read("SECURITY.md", text.as_bytes());
    let products: Vec<_> = policy.rows.iter().map(|row| row.product.as_deref()).collect();
    assert_eq!(products, [Some("core"), Some("cli")]);
    assert_eq!(told(&policy), ["7 range >=2.0.0, <3.0.0 yes", "13 range >=1.0.0, <2.0.0 no"]);
}

#[test]
fn a_sub_heading_about_age_names_no_product() {
    let sub = |heading: &str| {
        let text = format!(
            "## Supported Versions\n\n### {heading}\n\n| Version | Supported |\n|-|-|\n| 2.x | yes |\n"
        );
        read("SECURITY.md", text.as_bytes()).rows[0].product.clone()
    };
    assert_eq!((sub("Legacy releases"), sub("Legacy CLI")), (None, Some("Legacy CLI".to_owned())));
}

#[test]
fn two_status_columns_are_combined() {
    let header = "## Supported Versions\n\n| Version | Active support | Security support |\n|-|-|-|\n";
    let rows = "| 3.x | yes | yes |\n| 2.x | no | yes |\n| 1.x | no | no |\n| 0.x | yes | no |\n";
    let ends: Vec<String> = reading(&format!("{header}{rows}"))
        .iter()
        .map(|row| row.rsplit(' ').next().unwrap().to_owned())
        .collect();
    assert_eq!(ends, ["yes", "security-only", "no", "unknown"]);
}

#[test]
fn an_end_of_life_column_is_a_status_when_there_is_no_other() {
    let text = "## Supported Versions\n\n| Version | End-of-life |\n|-|-|\n| 6.x | TBD |\n| 5.x | 2026-04-30 |\n| 4.x | soon |\n";
    assert_eq!(
        reading(text),
        [
            "5 range >=6.0.0, <7.0.0 yes",
            "6 range >=5.0.0, <6.0.0 until 2026-04-30",
            "7 range >=4.0.0, <5.0.0 unknown"
        ]
    );
}

#[test]
fn the_json_form_has_the_shape_of_the_readings() {
    let policy = read("SECURITY.md", table(&[("Latest v1.x", "✅"), ("?", ":warning:")]).as_bytes());
    assert_eq!(
        to_json(&policy),
        json!({"path": "SECURITY.md", "form": "table", "rows": [
            {"line": 7, "raw": "Latest v1.x", "selector": {"kind": "latest", "range": ">=1.0.0, <2.0.0", "unit": "release", "n": 1}, "supported": true},
            {"line": 8, "raw": "?", "selector": {"kind": "unknown", "range": null}, "supported": "unknown"},
        ]})
    );
}

#[test]
fn a_raw_cell_keeps_its_hidden_characters_and_is_unread() {
    let policy = read("SECURITY.md", table(&[("1.x\u{202e}", "yes"), ("1.x\u{1b}[31m", "yes")]).as_bytes());
    assert!(policy.rows.iter().all(|row| row.selector.kind == Kind::Unknown));
    assert_eq!(policy.rows[0].raw, "1.x\u{202e}");
}

#[test]
fn hostile_files_end_soon_with_a_clear_outcome() {
    let mib = 1 << 20;
    let long = |piece: &str| piece.repeat(mib / piece.len());
    let header = "## Supported Versions\n\n| Version | Supported |\n| - | - |\n";
    let files = [
        format!("{header}{}", long("| 1.2.x | yes |\n")),
        format!("{header}| {} | yes |\n", long("9")),
        long(">"),
        long("[") + "x",
        long("<table>\n\n"),
        long("<table><tr><td>1.x"),
        long("<!-- "),
        long("# Supported Versions\n\n"),
        format!("## Supported Versions\n\n{}", long("a. ")),
        format!("## Supported Versions\n\n{}", long(":x: ")),
        format!("## Supported Versions\n\n{}", long("- a\n")),
        format!("## Supported Versions\n\n{}", long("the latest ")),
        long("**a"),
        format!("## Supported Versions\n\na{}", long("\u{a0}")),
        long("|"),
        (0..1400).map(|depth| format!("{}- a\n", " ".repeat(depth))).collect(),
    ];
    let wrapped = |piece: &str| format!("{}\n", piece.repeat(8000 / piece.len())).repeat(120);
    let wrapped = [">", "[", "**a", ":x: ", "the latest ", "`", "<a ", "![", "1.2.", "| "].map(wrapped);
    for file in files.into_iter().chain(wrapped) {
        let file = &file.as_bytes()[..file.len().min(mib)];
        let start = Instant::now();
        let policy = read("SECURITY.md", file);
        let took = start.elapsed();
        let name = String::from_utf8_lossy(&file[..file.len().min(80)]).into_owned();
        assert!(took < Duration::from_secs(3), "{took:?} for {name}");
        assert!(policy.rows.iter().all(|row| row.selector.is_unread()), "{name}");
        let found = judge(&policy, &published(&["v1.0.0"]), &Refs::default(), None, now());
        assert!(!found.is_empty() && found.iter().all(|c| c.status != Status::Pass), "{name}: {found:?}");
    }
    let policy = read("SECURITY.md", &vec![b'a'; mib + 1]);
    assert_eq!(policy.refusal, Some(Refusal::TooLarge(mib + 1)));
    assert_eq!(rules(&judge(&policy, &[], &Refs::default(), None, now())), ["undetermined unreadable"]);
    let many = format!("{header}{}", "| 1.2.x | yes |\n".repeat(10_000));
    assert_eq!(read("SECURITY.md", many.as_bytes()).refusal, Some(Refusal::TooManyLines));
    let rows = format!("{header}{}", "| 1.2.x | yes |\n".repeat(2000));
    assert_eq!(read("SECURITY.md", rows.as_bytes()).refusal, Some(Refusal::TooManyRows));
    let usual = format!(
        "{header}{}{}",
        "| 1.2.x | yes |\n".repeat(900),
        format!("\n{}\n", "a".repeat(100)).repeat(4000)
    );
    assert_eq!(
        (read("SECURITY.md", usual.as_bytes()).refusal, read("SECURITY.md", usual.as_bytes()).rows.len()),
        (None, 900)
    );
    assert_eq!(read("SECURITY.md", &[0xff, 0xfe, 0x00, b'|']).damage, [Damage::NotUtf8]);
}

fn published(tags: &[&str]) -> Vec<PublishedTag> {
    tags.iter()
        .map(|tag| {
            let (name, date) = tag.split_once(' ').unwrap_or((tag, "2026-01-01"));
            let date = Some(format!("{date}T00:00:00Z").parse().unwrap());
            PublishedTag { name: name.to_owned(), version: TagVersion::parse(name).unwrap(), date }
        })
        .collect()
}

fn now() -> jiff::Timestamp {
    "2026-11-21T00:00:00Z".parse().unwrap()
}

fn main_branch() -> Refs {
    Refs {
        default_branch: Some("main".into()),
        branches: vec!["main".into(), "next".into()],
        ..Refs::default()
    }
}

fn rules(found: &[Conclusion]) -> Vec<String> {
    found.iter().map(|c| format!("{} {}", format!("{:?}", c.status).to_lowercase(), c.rule)).collect()
}

fn verdicts(rows: &[(&str, &str)], tags: &[&str]) -> Vec<Conclusion> {
    judge(&read("SECURITY.md", table(rows).as_bytes()), &published(tags), &main_branch(), None, now())
}

/// The one conclusion of a rule.
fn the<'a>(found: &'a [Conclusion], rule: &str) -> &'a Conclusion {
    let mut of_rule = found.iter().filter(|c| c.rule == rule);
    let only = of_rule.next().unwrap_or_else(|| panic!("{rule} in {found:#?}"));
    assert!(of_rule.next().is_none(), "one {rule} in {found:#?}");
    only
}

const YES: &str = "✅";
const NO: &str = "❌";

/// A fixture that triggers a rule, and a near miss that is clean of it.
fn triggers(
    rule: &str,
    status: Status,
    bad: &[Conclusion],
    line: Option<usize>,
    message: &str,
    good: &[Conclusion],
) {
    let found = the(bad, rule);
    assert_eq!((found.status, found.line, found.message.as_str()), (status, line, message));
    assert!(good.iter().all(|c| c.rule != rule), "{rule} in {good:#?}");
    assert!(!good.is_empty(), "nothing passes by silence");
}

#[test]
fn latest_and_previous_pass_and_say_what_was_compared() {
    let rows =
        [("main", YES), ("Latest release", YES), ("Previous release", YES), ("< Previous release", NO)];
    let found = verdicts(&rows, &["v1.2.0", "v1.1.0", "v1.0.0", "v0.9.0"]);
    assert_eq!(rules(&found), ["pass branch", "pass supported"]);
    assert_eq!(
        the(&found, "supported").message,
        "main = default branch; latest = v1.2.0, previous = v1.1.0; < previous: 2 older releases unsupported"
    );
    let found = verdicts(&[("0.2.x", YES), ("< 0.2.0", NO)], &["v0.2.4", "v0.2.3", "v0.1.0"]);
    assert_eq!(
        the(&found, "supported").message,
        "0.2.x = v0.2.4 (latest) and 1 more; < 0.2.0: 1 release unsupported"
    );
}

#[test]
fn latest_unsupported() {
    let rows = [("1.x", YES), ("< 1.0", NO)];
    triggers(
        "latest-unsupported",
        Status::Fail,
        &verdicts(&rows, &["v0.9.0 2026-02-18"]),
        Some(8),
        "the newest release 0.9.0 (tag v0.9.0, 2026-02-18) falls under \"< 1.0\", which the policy calls unsupported; every published version does",
        &verdicts(&rows, &["v0.9.0", "v1.0.0"]),
    );
}

#[test]
fn latest_unlisted() {
    triggers(
        "latest-unlisted",
        Status::Fail,
        &verdicts(&[("5.3.x", YES), ("5.4.x", YES), ("< 5.3", NO)], &["v5.4.1", "v5.6.3"]),
        Some(8),
        "the newest release is v5.6.3; the newest supported row is 5.4.x (line 8) and no row names it",
        &verdicts(&[("5.6.x", YES), ("5.4.x", YES), ("< 5.4", NO)], &["v5.4.1", "v5.6.3"]),
    );
}

#[test]
fn never_published() {
    let rows = [("0.2.x", YES), ("0.1.x", YES)];
    let bad = verdicts(&rows, &["0.1.6"]);
    triggers(
        "never-published",
        Status::Fail,
        &bad,
        Some(7),
        "0.2.x is promised but was never published (newest: 0.1.6)",
        &verdicts(&rows, &["0.1.6", "0.2.0"]),
    );
    assert_eq!(
        the(&bad, "never-published").fix.as_deref(),
        Some("publish it, or change line 7 to \"0.1.x\"")
    );
    let older = verdicts(&[("3.x", YES), ("2.x", YES)], &["v3.0.0"]);
    assert_eq!(
        the(&older, "never-published").status,
        Status::Warn,
        "an old line that never was is no failure"
    );
}

#[test]
fn only_pre_release() {
    let rows = [("7.x", YES), ("6.x", YES)];
    triggers(
        "only-pre-release",
        Status::Warn,
        &verdicts(&rows, &["v6.1.0", "v7.0.0-alpha.48"]),
        Some(7),
        "7.x has only pre-releases (newest v7.0.0-alpha.48)",
        &verdicts(&rows, &["v6.1.0", "v7.0.0"]),
    );
    let said = verdicts(&[("7.x (alpha)", YES), ("6.x", YES)], &["v6.1.0", "v7.0.0-alpha.48"]);
    assert_eq!(the(&said, "only-pre-release").status, Status::Info);
}

#[test]
fn expired() {
    triggers(
        "expired",
        Status::Warn,
        &verdicts(&[("9.x", YES), ("8.x", "until 2026-06-30")], &["v9.0.0", "v8.0.0"]),
        Some(8),
        "support for 8.x ended (2026-06-30) by this table",
        &verdicts(&[("9.x", YES), ("8.x", "until 2026-11")], &["v9.0.0", "v8.0.0"]),
    );
    let newest = verdicts(&[("8.x", "until 2026-06-30")], &["v8.0.0"]);
    assert_eq!(rules(&newest), ["fail expired"]);
    let event = verdicts(&[("4.x", YES), ("3.x", "until 4.x")], &["v4.0.0", "v3.0.0"]);
    assert_eq!(the(&event, "expired").line, Some(8));
    let waiting = verdicts(&[("3.x", "until 4.x")], &["v4.0.0-rc.1", "v3.0.0"]);
    assert_eq!(rules(&waiting), ["pass supported"]);
}

#[test]
fn branch_missing() {
    triggers(
        "branch-missing",
        Status::Fail,
        &verdicts(&[("master", YES), ("1.x", YES)], &["v1.0.0"]),
        Some(7),
        "no branch \"master\" here; the default branch is \"main\"",
        &verdicts(&[("next branch", YES), ("1.x", YES)], &["v1.0.0"]),
    );
    let policy = read("SECURITY.md", table(&[("main", YES), ("1.x", YES)]).as_bytes());
    let unknown = judge(&policy, &published(&["v1.0.0"]), &Refs::default(), None, now());
    assert_eq!(the(&unknown, "branch-missing").status, Status::Undetermined);
}

#[test]
fn template() {
    let rows = [("5.1.x", YES), ("5.0.x", NO), ("4.0.x", YES), ("< 4.0", NO)];
    triggers(
        "template",
        Status::Fail,
        &verdicts(&rows, &["v7.0.0"]),
        Some(7),
        "this is GitHub's unedited template (5.1.x, 5.0.x, 4.0.x, < 4.0); the project publishes v7.0.0",
        &verdicts(&rows, &["v5.1.0", "v4.0.2"]),
    );
    let edited = [("5.1.x", YES), ("5.0.x", NO), ("4.0.x", NO), ("< 4.0", NO)];
    assert!(verdicts(&edited, &["v7.0.0"]).iter().all(|c| c.rule != "template"));
}

#[test]
fn contradiction() {
    triggers(
        "contradiction",
        Status::Fail,
        &verdicts(&[("4.0.x", YES), ("3.x", YES), ("4.0.x", NO)], &["v4.0.0", "v3.0.0"]),
        Some(7),
        "lines 7 and 9 disagree about 4.0.x",
        &verdicts(&[("4.x", YES), ("4.0.0", NO), ("3.x", YES)], &["v4.1.0", "v4.0.0", "v3.0.0"]),
    );
    let both = verdicts(&[(">= 2.0", YES), ("< 4.0", NO)], &["v3.0.0"]);
    assert_eq!(the(&both, "contradiction").message, "lines 7 and 8 disagree about >= 2.0 and < 4.0");
}

#[test]
fn the_most_specific_row_wins() {
    let traefik = [("`3.6.x`", YES), ("`< 3.6.x`", NO), ("`2.11.x`", YES), ("`< 2.11.x`", NO)];
    let found = verdicts(&traefik, &["v3.6.1", "v3.5.0", "v2.11.4", "v2.10.0"]);
    assert_eq!(rules(&found), ["pass supported"]);
    assert_eq!(
        found[0].message,
        "3.6.x = v3.6.1 (latest), 2.11.x = v2.11.4; < 3.6.x: 1 release unsupported; < 2.11.x: 1 release unsupported"
    );
    let exact = verdicts(&[("10.x", YES), ("10.0.0", NO)], &["v10.1.0", "v10.0.0"]);
    assert_eq!(rules(&exact), ["pass supported"]);
    let of_line = verdicts(
        &[("2.latest", YES), ("1.latest", YES), ("<= 1", NO), ("older", NO)],
        &["v2.1.0", "v2.0.0", "v1.4.0", "v1.3.0"],
    );
    assert_eq!(rules(&of_line), ["pass supported"]);
}

#[test]
fn gap() {
    let bad = verdicts(&[("5.1.x", YES), ("< 5.0", NO)], &["v5.1.0", "v5.0.1", "v5.0.0", "v4.0.0"]);
    triggers(
        "gap",
        Status::Warn,
        &bad,
        Some(8),
        "5.0.x (2 releases) is in no row",
        &verdicts(&[("5.1.x", YES), ("< 5.1", NO)], &["v5.1.0", "v5.0.1", "v4.0.0"]),
    );
    assert_eq!(the(&bad, "gap").fix.as_deref(), Some("did line 8 mean \"< 5.1\"?"));
    let low = verdicts(&[("5.1.x", YES)], &["v5.1.0", "v5.0.1"]);
    assert_eq!(
        the(&low, "gap").status,
        Status::Info,
        "a table of supported lines need not name the old ones"
    );
}

#[test]
fn promise_too_wide() {
    triggers(
        "promise-too-wide",
        Status::Warn,
        &verdicts(&[(">= 1.12.6", YES), ("< 1.12.6", NO)], &["3.5.0", "2.0.0", "1.12.6", "1.0.0"]),
        Some(7),
        "\">= 1.12.6\" promises fixes for 3 major versions (1.12.6 to 3.5.0); is that meant?",
        &verdicts(&[(">= 1.12.6", YES), ("< 1.12.6", NO)], &["1.13.0", "1.12.6", "1.0.0"]),
    );
}

#[test]
fn prose_differs() {
    let with = |sentence: &str| {
        let text = table(&[("4.x", YES)]).replace("Versions\n\n", &format!("Versions\n\n{sentence}\n\n"));
        judge(
            &read("SECURITY.md", text.as_bytes()),
            &published(&["v4.1.0", "v4.0.0"]),
            &main_branch(),
            None,
            now(),
        )
    };
    triggers(
        "prose-differs",
        Status::Warn,
        &with("Only the latest version is supported."),
        Some(5),
        "line 5 supports the latest release only; the table supports 2 releases",
        &with("The table tells which versions are supported."),
    );
}

#[test]
fn manifest_differs() {
    let with = |manifest| {
        let policy = read("SECURITY.md", table(&[("1.x", YES), ("< 1.0", NO)]).as_bytes());
        judge(&policy, &published(&["v1.0.0"]), &main_branch(), Some(manifest), now())
    };
    triggers(
        "manifest-differs",
        Status::Warn,
        &with("0.1.0"),
        Some(8),
        "the version in the manifest, 0.1.0, falls under \"< 1.0\"",
        &with("1.1.0-dev"),
    );
    assert_eq!(
        the(&with("2.0.0"), "manifest-differs").message,
        "the version in the manifest, 2.0.0, is in no row"
    );
}

#[test]
fn nothing_supported() {
    let judged = |changed: &str, rows: &[(&str, &str)]| {
        let policy_changed = (!changed.is_empty()).then(|| format!("{changed}T00:00:00Z").parse().unwrap());
        let refs = Refs { policy_changed, ..main_branch() };
        judge(
            &read("SECURITY.md", table(rows).as_bytes()),
            &published(&["v2.0.0 2026-05-01"]),
            &refs,
            None,
            now(),
        )
    };
    let none = [("2.x", NO), ("< 2.0", NO)];
    triggers(
        "nothing-supported",
        Status::Fail,
        &judged("2026-04-01", &none),
        Some(7),
        "no version is supported, yet v2.0.0 was published on 2026-05-01, after the policy last changed",
        &judged("2026-04-01", &[("2.x", YES), ("< 2.0", NO)]),
    );
    assert_eq!(rules(&judged("2026-06-01", &none)), ["pass nothing-supported"]);
    assert_eq!(rules(&judged("", &none)), ["undetermined nothing-supported"]);
}

#[test]
fn development_line() {
    let rows = [("1.19.x", ":hammer:"), ("1.18.x", YES), ("≤ 1.17.x", NO)];
    triggers(
        "development-line",
        Status::Info,
        &verdicts(&rows, &["1.19.0", "1.18.1"]),
        Some(7),
        "1.19.0 is on a development line; the newest supported release is 1.18.1",
        &verdicts(&rows, &["1.18.1"]),
    );
    assert_eq!(rules(&verdicts(&rows, &["1.19.0"])), ["fail latest-unlisted", "fail never-published"]);
}

#[test]
fn foreign_product() {
    let laravel = [("9", "yes"), ("10", "yes"), ("11", "yes")];
    triggers(
        "foreign-product",
        Status::Fail,
        &verdicts(&laravel, &["1.0.0", "2.1.1"]),
        Some(7),
        "the rows on lines 7 to 9 match no tag (1.0.0 to 2.1.1). Is this another project's table?",
        &verdicts(&laravel, &["8.0.0"]),
    );
    let platform = table(&[("18", YES)]).replace("Versions\n\n", "Versions\n\n### Ubuntu\n\n");
    let found = judge(
        &read("SECURITY.md", platform.as_bytes()),
        &published(&["v18.0.0"]),
        &main_branch(),
        None,
        now(),
    );
    assert_eq!(rules(&found), ["undetermined foreign-product"]);
}

#[test]
fn no_releases() {
    let rows = [("main", YES), ("Latest release", YES), ("Previous release", YES)];
    let found = verdicts(&rows, &[]);
    assert_eq!(rules(&found), ["pass branch", "undetermined no-releases"]);
    assert_eq!(
        the(&found, "no-releases").message,
        "nothing is published yet; \"Latest release\" names nothing"
    );
    assert!(verdicts(&rows, &["v1.0.0"]).iter().all(|c| c.rule != "no-releases"));
}

#[test]
fn unreadable_rows_are_shown_and_make_nothing_unsupported() {
    let rows = [("1.x", YES), ("2.x (see below, maybe)", YES), ("older", NO)];
    let found = verdicts(&rows, &["v2.0.0", "v1.0.0"]);
    assert_eq!(rules(&found), ["undetermined unreadable"]);
    let row = the(&found, "unreadable");
    assert_eq!((row.line, row.found.as_deref()), (Some(8), Some("2.x (see below, maybe)")));
    assert_eq!(row.message, "\"2.x (see below, maybe)\" is not understood as a version");
    let status = verdicts(&[("1.x", "Best effort")], &["v1.0.0"]);
    assert_eq!(rules(&status), ["undetermined unreadable"]);
    assert_eq!(rules(&verdicts(&[("1.x", YES)], &["v1.0.0"])), ["pass supported"]);
}

#[test]
fn words_that_are_not_checked_are_not_machine_readable() {
    let judged = |text: &str| {
        judge(&read("SECURITY.md", text.as_bytes()), &published(&["v1.0.0"]), &main_branch(), None, now())
    };
    let found = judged("## Supported Versions\n\nSee [our site](https://example.org).\n");
    assert_eq!(rules(&found), ["undetermined not-machine-readable"]);
    assert_eq!(found[0].line, Some(3));
    assert_eq!(
        rules(&judged("## Supported Versions\n\nOnly the latest release is supported.\n")),
        ["pass supported"]
    );
    assert_eq!(rules(&judged("# Security\n\nMail us.\n")), ["undetermined no-section"]);
    let branches = verdicts(&[("main", YES), ("older releases", NO)], &["v1.0.0"]);
    assert_eq!(rules(&branches), ["pass branch", "undetermined not-machine-readable"]);
}

#[test]
fn text_damage() {
    let judged = |bytes: &[u8]| {
        judge(&read("SECURITY.md", bytes), &published(&["v4.0.0"]), &main_branch(), None, now())
    };
    let clean = table(&[("4.0.x", YES)]);
    let mojibake = judged(clean.replace("Reporting", "ðŸ“§").as_bytes());
    triggers(
        "text-damage",
        Status::Warn,
        &mojibake,
        Some(9),
        "text was decoded with the wrong encoding (\"ðŸ\")",
        &judged(clean.as_bytes()),
    );
    let mut latin = clean.replace('✅', "yes").into_bytes();
    latin.extend(b"f\xfcr");
    assert_eq!(
        the(&judged(&latin), "text-damage").message,
        "the file is not UTF-8; it was read as Windows-1252"
    );
    let fenced = judged(format!("```\n{clean}\n```\n").as_bytes());
    assert_eq!(rules(&fenced), ["warn text-damage", "undetermined no-section"]);
    let comma = verdicts(&[("4.0.x", YES), ("< 4,0", ":х:")], &["v4.0.0"]);
    assert_eq!(rules(&comma), ["warn text-damage", "warn text-damage", "pass supported"]);
}

#[test]
fn latest_and_previous_of_one_line_are_told() {
    let rows = [("Latest release", YES), ("Previous release", YES)];
    triggers(
        "previous-same-line",
        Status::Info,
        &verdicts(&rows, &["v1.5.11", "v1.5.10", "v1.4.9"]),
        Some(8),
        "latest (v1.5.11) and previous (v1.5.10) are of one minor line; users of 1.4.x are not supported by this policy",
        &verdicts(&rows, &["v1.5.0", "v1.4.9"]),
    );
}

#[test]
fn families_that_cannot_be_told_apart_are_undetermined() {
    let found = verdicts(&[("1.x", YES)], &["a-1.0.0", "b-2.0.0"]);
    assert_eq!(rules(&found), ["undetermined family-unknown"]);
    assert_eq!(rules(&verdicts(&[("1.x", YES)], &["a-1.0.0"])), ["pass supported"]);
}
