//! Sentences beside a table that take back one of its rows, or all of them.

use super::reading::reading;

const TABLE: &str = "| Version | Supported |\n|-|-|\n| 2.x | ✅ |\n| 1.x | ✅ |\n| 0.x | ❌ |\n";

/// What the rows of the table promise, below a heading, with text before and behind it.
fn told(before: &str, behind: &str) -> String {
    let rows = reading(&format!("## Supported Versions\n\n{before}\n\n{TABLE}\n{behind}\n"));
    rows.iter().filter_map(|row| row.rsplit(' ').next()).collect::<Vec<_>>().join(" ")
}

#[test]
fn a_sentence_that_denies_ends_or_bounds_a_line_takes_its_row_back() {
    for text in [
        "We no longer support 2.x.",
        "2.x has reached end of life.",
        "Support for 2.x has been dropped.",
        "2.x is supported for paying customers only.",
        "Note: 2.x is no longer supported either.",
    ] {
        assert_eq!(told("", text), "unknown yes no", "{text}");
        assert_eq!(told(text, ""), "unknown yes no", "{text}");
    }
    for text in ["We no longer support 0.5.", "When 3.x is out, 2.x is no longer supported.", "2.x is young."]
    {
        assert_eq!(told("", text), "yes yes no", "{text}");
    }
}

#[test]
fn a_sentence_that_denies_all_or_turns_the_table_takes_all_rows_back() {
    for text in [
        "Edit: no version is supported anymore.",
        "The table above is out of date.",
        "We do not provide any support.",
        "All support has ended.",
        "This applies to Enterprise customers only.",
        "✅ marks vulnerable versions.",
        "✅ = EOL",
        "None of the versions gets fixes.",
    ] {
        assert_eq!(told("", text), "unknown unknown no", "{text}");
        assert_eq!(told(text, ""), "unknown unknown no", "{text}");
    }
    for text in ["✅ = supported", "This table is updated with every release.", "We do not backport fixes."]
    {
        assert_eq!(told("", text), "yes yes no", "{text}");
    }
}

#[test]
fn a_lead_with_a_word_that_is_not_known_leaves_the_rows_below_it_unknown() {
    for text in [
        "For example:",
        "We try to support:",
        "From January 2030 the following applies:",
        "Supported on Windows only:",
        "Minimum supported Rust versions:",
    ] {
        assert_eq!(told(text, ""), "unknown unknown no", "{text}");
        assert_eq!(told("", text), "yes yes no", "{text}");
    }
    for text in ["We provide security updates for the following versions of Widget:", "Supported releases:"] {
        assert_eq!(told(text, ""), "yes yes no", "{text}");
    }
}
