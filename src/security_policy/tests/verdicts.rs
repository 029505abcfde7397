//! Each verdict, with a near miss that is clean of it.

use super::super::*;
use super::{now, published, rules, table};

fn main_branch() -> Refs {
    Refs {
        default_branch: Some("main".into()),
        branches: vec!["main".into(), "next".into()],
        ..Refs::default()
    }
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
        "the newest release 0.9.0 (tag v0.9.0, 2026-02-18) falls under \"< 1.0\", which the policy calls unsupported; every stable release does",
        &verdicts(&rows, &["v0.9.0", "v1.0.0"]),
    );
    for (rows, tags, others) in [
        // The pre-release is supported, and was not looked at beside a stable one.
        (
            &[("1.0.0-rc.1", YES), ("< 1.0", NO)][..],
            &["v0.9.0", "v1.0.0-rc.1"][..],
            "; every stable release does",
        ),
        (&rows, &["v0.9.0-rc.1"], "; every published version does"),
        // Another row supports it all the same.
        (&[("0.x", YES), ("0.9.x", NO)], &["v0.9.0"], ""),
        (&[("1.x", YES), ("0.9.x", NO)], &["v0.9.0", "v0.8.0"], "; no stable release is in a supported row"),
    ] {
        let found = verdicts(rows, tags);
        let message = &the(&found, "latest-unsupported").message;
        assert!(message.ends_with(&format!(", which the policy calls unsupported{others}")), "{message}");
    }
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
fn a_pre_release_alone_is_of_the_line_that_it_leads_to() {
    let rows = [("1.x", YES), ("< 1.0", NO)];
    let said = verdicts(&rows, &["v1.0.0-rc.1", "v1.0.0-rc.2"]);
    assert_eq!(rules(&said), ["warn only-pre-release", "pass supported"]);
    let next = verdicts(&[("1.x", YES), ("2.x", NO)], &["v2.0.0-rc.1"]);
    assert_eq!(the(&next, "latest-unsupported").status, Status::Fail);
    let below = verdicts(&[("< 2.0", YES)], &["v2.0.0-rc.1"]);
    assert_eq!(the(&below, "latest-unlisted").status, Status::Fail);
}

#[test]
fn a_number_as_large_as_there_is_stops_nothing() {
    let rows = [("1.5.x", YES), ("< 1.5", NO)];
    let said = verdicts(&rows, &["v18446744073709551615.0.0", "v1.5.0"]);
    assert_eq!(the(&said, "latest-unlisted").status, Status::Fail);
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
fn a_branch_that_is_missing_is_not_named_anew_where_that_says_something_else() {
    let fix =
        |rows: &[(&str, &str)]| the(&verdicts(rows, &["v1.0.0"]), "branch-missing").fix.clone().unwrap();
    assert_eq!(fix(&[("master", YES), ("1.x", YES)]), "write \"main\" on line 7");
    let other = "name the branch that line 7 means, or remove it";
    assert_eq!(fix(&[("master", NO), ("1.x", YES)]), other);
    assert_eq!(fix(&[("master", YES), ("main", YES), ("1.x", YES)]), other);
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
    triggers(
        "prose-differs",
        Status::Warn,
        &with("Version 4.x is no longer supported."),
        Some(5),
        "line 5 denies support of v4.1.0, which line 9 of the table supports",
        &with("Version 3.x is no longer supported."),
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
        "no tag is read as a version; \"Latest release\" names nothing"
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

#[test]
fn a_gap_within_a_line_is_told_by_its_releases() {
    let found =
        verdicts(&[("> 1.0.12", YES), ("< 1.0.12", NO)], &["v1.0.14", "v1.0.13", "v1.0.12", "v1.0.11"]);
    let gap = the(&found, "gap");
    assert_eq!(gap.message, "v1.0.12 is in no row");
    assert_eq!(gap.fix.as_deref(), Some("did line 7 mean \">= 1.0.12\"?"));
    // Where no row decides about the line at all, it is told as a line.
    let whole = verdicts(&[("1.2.x", YES), ("< 1.0", NO)], &["v1.2.0", "v1.1.1", "v1.1.0", "v0.9.0"]);
    assert_eq!(the(&whole, "gap").message, "1.1.x (2 releases) is in no row");
    let newest = verdicts(&[("0.9.x", YES), ("< 1.0.12", NO)], &["v1.0.12", "v1.0.11", "v0.9.0"]);
    assert_eq!(
        the(&newest, "latest-unlisted").fix.as_deref(),
        Some("add \"1.0.12\", or write \"Latest release\"")
    );
}

#[test]
fn rows_that_only_deny_others_do_not_say_that_nothing_is_supported() {
    let found = verdicts(&[("< 2.0", NO)], &["v2.1.0", "v2.0.0", "v1.0.0"]);
    assert_eq!(rules(&found), ["undetermined not-machine-readable"]);
    assert_eq!(
        found[0].message,
        "no row says that a version is supported, and none names the newest release v2.1.0"
    );
    assert_eq!(rules(&verdicts(&[("< 2.0", NO)], &["v1.0.0"])), ["undetermined nothing-supported"]);
}

#[test]
fn a_sentence_about_each_line_does_not_differ_from_the_table() {
    let with = |sentence: &str| {
        let text = table(&[("4.x", YES)]).replace("Versions\n\n", &format!("Versions\n\n{sentence}\n\n"));
        let policy = read("SECURITY.md", text.as_bytes());
        rules(&judge(&policy, &published(&["v4.1.0", "v4.0.0"]), &main_branch(), None, now()))
    };
    assert_eq!(with("Only the latest patch release within each minor line gets fixes."), ["pass supported"]);
    assert_eq!(with("Only the latest patch release gets fixes."), ["pass supported", "warn prose-differs"]);
}

#[test]
fn advice_about_a_status_is_about_the_status() {
    let found = verdicts(&[("1.x", "perhaps")], &["v1.0.0"]);
    let said = the(&found, "unreadable");
    assert_eq!(
        (said.found.as_deref(), said.message.as_str()),
        (Some("perhaps"), "what \"perhaps\" says about \"1.x\" is not understood")
    );
    assert!(said.fix.as_deref().is_some_and(|fix| fix.starts_with("write its status as")), "{said:?}");
    let empty = verdicts(&[("1.x", "")], &["v1.0.0"]);
    assert_eq!(the(&empty, "unreadable").message, "whether \"1.x\" is supported cannot be read");
    let version = verdicts(&[("some", YES)], &["v1.0.0"]);
    assert_eq!(the(&version, "unreadable").fix, None, "the rule's own advice is about versions");
}

#[test]
fn a_product_that_is_the_project_is_held_against_its_releases() {
    let judged = |names: &[&str], tags: &[&str]| {
        let rows: String = names.iter().map(|name| format!("| {name} | 1.x | yes |\n")).collect();
        let text = format!("## Supported Versions\n\n| Package | Version | Supported |\n|-|-|-|\n{rows}");
        let refs = Refs { repository: Some("widget".into()), ..main_branch() };
        rules(&judge(&read("SECURITY.md", text.as_bytes()), &published(tags), &refs, None, now()))
    };
    let (pass, foreign) = ("pass supported", "undetermined foreign-product");
    assert_eq!(judged(&["widget", "other"], &["v1.0.0"]), [pass, foreign]);
    assert_eq!(judged(&["Widget (server)", "other"], &["v1.0.0"]), [pass, foreign]);
    assert_eq!(judged(&["forge.example/us/widget/v2", "other"], &["v1.0.0"]), [pass, foreign]);
    assert_eq!(judged(&["—", "other"], &["v1.0.0"]), [pass, foreign]);
    assert_eq!(judged(&["other (cli)", "widget"], &["v1.0.0", "other@1.2.0"]), [pass, pass]);
    // Which of them the releases are of is not said.
    assert_eq!(judged(&["widget (server)", "widget (client)"], &["v1.0.0"]), [foreign, foreign]);
    assert_eq!(judged(&["@us/widget", "other"], &["v1.0.0"]), [foreign, foreign]);
}

#[test]
fn an_older_release_that_is_judged_and_unsupported_is_told() {
    let rows = [("Latest release", YES), ("Older releases", NO)];
    let of = |tag: &str| {
        let refs = Refs { judged: Some(tag.to_owned()), ..main_branch() };
        let tags = published(&["v1.5.2", "v1.4.7", "v1.0.0"]);
        judge(&read("SECURITY.md", table(&rows).as_bytes()), &tags, &refs, None, now())
    };
    triggers(
        "release-unsupported",
        Status::Warn,
        &of("v1.4.7"),
        Some(8),
        "v1.4.7 falls under \"Older releases\", which the policy calls unsupported",
        &of("v1.5.2"),
    );
    assert_eq!(rules(&of("v1.4.7")), ["pass supported", "warn release-unsupported"]);
    assert_eq!(rules(&of("tools/v3")), ["pass supported"], "it is no release of the project");
}
