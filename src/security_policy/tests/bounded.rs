//! Days beside a mark, and sentences that bound a line: what they leave of a promise.

use super::super::*;
use super::reading::reading;
use super::{now, published, rules};

const TABLE: &str = "| Version | Supported |\n|-|-|\n| 3.x | ✅ |\n| 2.x | ✅ |\n| < 2 | ❌ |\n";

/// The status of a row `3.x` with these cells below this header.
fn status(header: &str, cells: &str) -> String {
    let rules = "-|".repeat(header.matches('|').count() + 2);
    let rows =
        reading(&format!("## Supported Versions\n\n| Version | {header} |\n|{rules}\n| 3.x | {cells} |\n"));
    let [row] = rows.as_slice() else { panic!("{header}: {rows:?}") };
    row.split_once("<4.0.0 ").expect("the line is read").1.to_owned()
}

/// What the table promises of 3.x and of 2.x beside a sentence.
fn promised(sentence: &str) -> String {
    let rows = reading(&format!("## Supported Versions\n\n{TABLE}\n{sentence}\n"));
    rows.iter()
        .take(2)
        .filter_map(|row| row.split_once(".0.0 "))
        .map(|(_, row)| row)
        .collect::<Vec<_>>()
        .join("; ")
}

fn judged(text: &str, tags: &[&str], tag: Option<&str>) -> Vec<Conclusion> {
    let refs = Refs { judged: tag.map(str::to_owned), ..Refs::default() };
    judge(&read("SECURITY.md", text.as_bytes()), &published(tags), &refs, None, now())
}

const TAGS: [&str; 4] = ["v3.0.1", "v3.0.0", "v2.1.0", "v2.0.0"];

#[test]
fn a_column_with_a_day_that_is_not_known_to_be_of_a_beginning_leaves_the_row_unknown() {
    for header in [
        "Support window",
        "Last supported",
        "Last release",
        "Drop date",
        "Termination",
        "Archived",
        "Lifecycle",
        "Notes",
        "Last seen",
        "",
    ] {
        assert_eq!(status(&format!("Supported | {header}"), "✅ | 2026-01-01"), "unknown", "{header}");
    }
    assert_eq!(status("Supported | Lifecycle", "✅ | EOL 2026-01-01"), "unknown");
    assert_eq!(status("Supported | Support window", "✅ | 2025-01-01 – 2026-01-01"), "unknown");
    for header in
        ["Released", "Release date", "First release", "Initial release", "Date", "Since", "Last updated"]
    {
        assert_eq!(status(&format!("Supported | {header}"), "✅ | 2026-01-01"), "yes", "{header}");
    }
    assert_eq!(status("Supported | Notes", "✅ | Released on 2026-01-01"), "yes");
    // Its end is read, and the other day is no later one that counts.
    assert_eq!(
        status("Supported | End of active support | EOL", "✅ | 2026-01-01 | 2031-01-01"),
        "until 2031-01-01"
    );
}

#[test]
fn a_column_of_an_end_by_another_name_is_one() {
    for header in [
        "Planned EOL",
        "Expected end of life",
        "Valid until",
        "Expiry",
        "Through",
        "Final release",
        "Security updates through",
    ] {
        assert_eq!(
            status(&format!("Supported | {header}"), "✅ | 2026-01-01"),
            "until 2026-01-01",
            "{header}"
        );
    }
    assert_eq!(status("Supported | Planned EOL", "✅ | TBD"), "yes");
    // A second column about support tells the end too.
    assert_eq!(
        status("Supported | Support Status", "✅ | Security fixes only, until February 7, 2031"),
        "until 2031-02-07"
    );
    let table = "## Supported Versions\n\n| Version | Supported | Planned EOL |\n|-|-|-|\n| 3.x | ✅ | 2026-01-01 |\n| < 3 | ❌ | |\n";
    assert_eq!(rules(&judged(table, &TAGS, None)), ["fail expired"]);
}

#[test]
fn an_answer_beside_a_mark_takes_it_back_or_not() {
    for (header, cell, expected) in [
        ("Archived", "yes", "unknown"),
        ("Archived", "no", "yes"),
        ("Archived", "false", "yes"),
        ("Fixes", "none", "unknown"),
        ("Fixes", "all", "yes"),
        ("Bug fixes", "none", "yes"),
        ("Docker", "no", "yes"),
    ] {
        assert_eq!(
            status(&format!("Supported | {header}"), &format!("✅ | {cell}")),
            expected,
            "{header}: {cell}"
        );
    }
}

#[test]
fn a_sentence_with_a_day_ends_the_row_of_its_line() {
    for (sentence, expected) in [
        ("Security support for 3.x ends on 2026-06-30.", "until 2026-06-30; yes"),
        ("2.x will be supported until 2026-01-01.", "yes; until 2026-01-01"),
        ("Support for 2.x ends in December 2031.", "yes; until 2031-12"),
        ("Support for 2.x ends once 4.0 is out.", "yes; yes"),
    ] {
        assert_eq!(promised(sentence), expected, "{sentence}");
    }
    let text = format!("## Supported Versions\n\n{TABLE}\nSecurity support for 3.x ends on 2026-06-30.\n");
    assert_eq!(rules(&judged(&text, &TAGS, None)), ["fail expired"]);
}

#[test]
fn a_sentence_that_bounds_or_ends_a_line_leaves_its_row_unknown() {
    for (sentence, expected) in [
        ("Security support for 2.x ended with the release of 3.0.", "yes; unknown"),
        ("No more releases of 2.x are planned.", "yes; unknown"),
        ("The 2.x branch has been archived.", "yes; unknown"),
        ("We no longer maintain the 2 series.", "yes; unknown"),
        ("Major version 2 left support at the end of 2025.", "yes; unknown"),
        ("Since May 2026 we no longer support 2.x.", "yes; unknown"),
        ("After 2026-06-30, 2.x is no longer supported.", "yes; unknown"),
        // What is said of 1.x takes back nothing that is promised.
        ("No more releases of 1.x are planned.", "yes; yes"),
        ("Once 4.0 is released, 2.x will only receive security fixes.", "yes; yes"),
        ("3.x is our current stable line, and 2.x receives security fixes.", "yes; yes"),
        ("2.x adds support for OAuth.", "yes; yes"),
        ("Only the latest patch release of each line is supported.", "yes; yes"),
    ] {
        assert_eq!(promised(sentence), expected, "{sentence}");
    }
}

#[test]
fn a_sentence_that_supports_some_lines_alone_differs_from_a_table_that_supports_more() {
    for sentence in
        ["As of March 2026 only 3.x is supported.", "Only 3.x is supported.", "We only support 3.x."]
    {
        let text = format!("## Supported Versions\n\n{TABLE}\n{sentence}\n");
        let found = judged(&text, &TAGS, None);
        assert_eq!(rules(&found), ["pass supported", "warn prose-differs"], "{sentence}");
        assert_eq!(
            found[1].message,
            "line 9 supports other lines only, and line 6 of the table supports v2.1.0"
        );
    }
    for sentence in
        ["Only 2.x and 3.x are supported.", "Only 3.x gets new features.", "3.x only gets security fixes."]
    {
        let text = format!("## Supported Versions\n\n{TABLE}\n{sentence}\n");
        assert_eq!(rules(&judged(&text, &TAGS, None)), ["pass supported"], "{sentence}");
    }
}

#[test]
fn a_denial_below_a_version_is_read_with_any_of_its_verbs() {
    for sentence in [
        "Versions before 3.0 do not receive security updates.",
        "Versions older than 3.0 will not be supported.",
    ] {
        let text = format!("## Supported Versions\n\n{TABLE}\n{sentence}\n");
        let found = judged(&text, &TAGS, None);
        assert_eq!(rules(&found), ["pass supported", "warn prose-differs"], "{sentence}");
        assert_eq!(found[1].message, "line 9 denies support of v2.1.0, which line 6 of the table supports");
    }
    let text =
        format!("## Supported Versions\n\n{TABLE}\nVersions before 2.0 do not receive security updates.\n");
    assert_eq!(rules(&judged(&text, &TAGS, None)), ["pass supported"]);
}

#[test]
fn a_release_that_is_not_the_newest_of_its_line_is_told_where_only_that_is_supported() {
    let text = format!(
        "## Supported Versions\n\n{TABLE}\nOnly the latest patch release of each line is supported.\n"
    );
    let found = judged(&text, &TAGS, Some("v3.0.0"));
    assert_eq!(rules(&found), ["pass supported", "warn release-unsupported"]);
    assert_eq!(
        found[1].message,
        "v3.0.0 is older than v3.0.1, and line 9 supports only the newest release of a line"
    );
    for tag in ["v3.0.1", "v2.1.0"] {
        assert_eq!(rules(&judged(&text, &TAGS, Some(tag))), ["pass supported"], "{tag}");
    }
}

#[test]
fn lists_below_sub_headings_that_say_whether_they_are_supported_are_read() {
    let text = "## Supported Versions\n\n### Supported\n\n- 3.x\n- 2.x\n\n### Unsupported\n\n- 1.x\n";
    let expected =
        ["5 range >=3.0.0, <4.0.0 yes", "6 range >=2.0.0, <3.0.0 yes", "10 range >=1.0.0, <2.0.0 no"];
    assert_eq!(reading(text), expected);
    assert_eq!(rules(&judged(text, &TAGS, None)), ["pass supported"]);
    let text = "## Supported Versions\n\n### Unsupported\n\n- 3.x\n\n### Platforms\n\n- 2.x\n";
    assert_eq!(reading(text), Vec::<String>::new());
}

#[test]
fn a_sentence_that_is_not_read_and_names_a_newer_line_leaves_the_newest_release_undetermined() {
    for text in [
        "We fully support 3.x. 2.x is supported with security fixes only.",
        "3.x is actively developed. 2.x receives security fixes until 2031-01-01. 1.x is no longer supported.",
        "- 3.x is under active development.\n- 2.x receives security fixes until 2031-01-01.",
        "We actively maintain 3.x. 2.x receives critical security fixes only.",
        "Version 3 is in active support. Version 2 is supported with security fixes until 2031-01-01.",
        "Active development happens on 3.x. Version 2.x receives security fixes.",
    ] {
        let found = judged(&format!("## Supported Versions\n\n{text}\n"), &TAGS, None);
        let told = rules(&found);
        assert!(told.contains(&"undetermined not-machine-readable".to_owned()), "{text}: {told:?}");
        assert!(!told.iter().any(|rule| rule.starts_with("fail")), "{text}: {told:?}");
    }
    for text in [
        "2.x is supported with security fixes.",
        "3.x is planned for next year. 2.x receives security fixes.",
        "Once 3.0 is out, its support begins. 2.x receives security fixes.",
        "We actively maintain 1.x. 2.x receives security fixes.",
    ] {
        let told = rules(&judged(&format!("## Supported Versions\n\n{text}\n"), &TAGS, None));
        assert!(told.contains(&"fail latest-unlisted".to_owned()), "{text}: {told:?}");
    }
}
