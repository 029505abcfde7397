//! Promises that the rest of the file denies, bounds, ends or says of something else.

use super::reading::reading;

/// The promises of a row `2.x` below this header.
fn status(header: &str, cells: &str) -> String {
    let rules = "---|".repeat(header.matches('|').count() + 2);
    let text = format!("## Supported Versions\n\n| Version | {header} |\n|{rules}\n| 2.x | {cells} |\n");
    let rows = reading(&text);
    let [row] = rows.as_slice() else { panic!("{header} {cells}: {rows:?}") };
    row.rsplit_once("3.0.0 ").map_or_else(|| row.clone(), |(_, said)| said.to_owned())
}

#[test]
fn a_remark_that_takes_back_ends_or_bounds_the_mark_leaves_no_promise() {
    for note in [
        "No longer supported",
        "Ended 2024-06-30",
        "Security support ended June 2024",
        "Dropped",
        "End of life",
        "Customers only",
        "Paid",
        "Windows only",
        "Does not get security updates",
        "Superseded by 3.x",
        "until then",
    ] {
        for header in ["Notes", "Remarks", "Anything", ""] {
            assert_eq!(
                status(&format!("Supported | {header}"), &format!("✅ | {note}")),
                "unknown",
                "{header}: {note}"
            );
        }
    }
    for (header, cell) in [
        ("Ended", "2024-06-30"),
        ("Reason", "Security"),
        ("Condition", "Contract"),
        ("Edition", "Enterprise"),
        ("Comments", "except 3.1"),
        ("", "until 2024"),
        ("", "❌"),
        ("Maintained", "No"),
    ] {
        assert_eq!(
            status(&format!("Supported | {header}"), &format!("✅ | {cell}")),
            "unknown",
            "{header}: {cell}"
        );
    }
}

#[test]
fn a_remark_that_says_no_more_changes_nothing() {
    for (header, cell) in [
        ("Notes", "Current stable release"),
        ("Notes", "Requires Python ≥ 3.10"),
        ("Notes", "Active development, security patches"),
        ("Notes", "Upgrade to the latest patch before reporting a regression."),
        ("New Features", "❌ No"),
        ("New Features", "No"),
        ("Released", "2025-10-27"),
        ("Ended", "—"),
        ("Notes", "No new features"),
        ("Type", "LTS"),
        ("Minimum JDK", "17"),
    ] {
        assert_eq!(
            status(&format!("Supported | {header}"), &format!("✅ | {cell}")),
            "yes",
            "{header}: {cell}"
        );
    }
    assert_eq!(status("Supported | Notes", "✅ | LTS until 2031-06-30"), "until 2031-06-30");
    assert_eq!(status("Supported | Notes", "✅ | Security patches only"), "security-only");
    assert_eq!(status("Supported | Notes", "⚠️ Security fixes only | Limited backports"), "security-only");
    assert_eq!(status("Supported | Notes", "⚠️ Security fixes only | Windows only"), "unknown");
    assert_eq!(status("Supported | Post-EOL / Enterprise", "✅ | Subscription"), "yes");
    assert_eq!(status("Supported | Notes", "❌ | No longer supported"), "no");
}

#[test]
fn a_cell_of_an_end_that_is_not_understood_leaves_no_promise() {
    for header in ["Until", "EOL", "End of support"] {
        for cell in [
            "06/30/24",
            "30.06.24",
            "Jun '24",
            "next major",
            "3.0 release",
            "now",
            "past",
            "passed",
            "24-06-30",
            "yes",
            "soon",
        ] {
            assert_eq!(
                status(&format!("Supported | {header}"), &format!("✅ | {cell}")),
                "unknown",
                "{header}: {cell}"
            );
        }
        for cell in ["", "-", "—", "N/A", "TBD", "Not scheduled", "Further notice"] {
            assert_eq!(
                status(&format!("Supported | {header}"), &format!("✅ | {cell}")),
                "yes",
                "{header}: {cell}"
            );
        }
    }
}

#[test]
fn beside_a_yes_only_words_that_are_known_may_stand() {
    for cell in [
        "✅ Dropped",
        "✅ Withdrawn",
        "✅ Abandoned",
        "✅ Superseded",
        "✅ Was",
        "✅ Former",
        "✅ never",
        "✅ to 2024-06-30",
        "✅ up to June 2024",
        "✅ – 2024-06-30",
        "✅ (2023 - 2024)",
        "✅ -> June 2024",
        "✅ 2.3+",
        "✅ >= 2.3",
        "✅ latest patch release",
        "✅ Sponsors",
        "✅ Enterprise",
        "Supported (customers)",
        "Yes (enterprise)",
        "Yes, formerly",
        "Yes, later",
        "✅ by request",
        "Yes (Windows)",
        "✅ since 2.3",
        "✅ security fixes only for sponsors",
        "Is supported by Acme",
        "Until further notice for sponsors",
    ] {
        assert_eq!(status("Supported", cell), "unknown", "{cell}");
    }
    for cell in [
        "✅ Active (in use)",
        "✅ Supportée",
        "✅ Support actif",
        "✅ Ativo",
        "✅ Aktywne wsparcie",
        "Yes — fixes land here first",
        "✅ Full (features, fixes, security)",
        "Yes (current)",
        "✅ Yes (since March 2023)",
        "Until further notice",
        ":white_check_mark: (LTS)",
        "Supported (LTS)",
    ] {
        assert_eq!(status("Supported", cell), "yes", "{cell}");
    }
}

/// The promises of a section.
fn promised(text: &str) -> Vec<String> {
    let rows = reading(&format!("## Supported Versions\n\n{text}\n"));
    rows.iter().filter_map(|row| row.rsplit_once(' ')).map(|(_, said)| said.to_owned()).collect()
}

#[test]
fn what_a_note_may_bound_is_no_promise() {
    for cell in ["✅[^1]", "✅*", "Yes*", "✅<sup>1</sup>", "✅ ¹", "Yes †", "✅ [1]", "✅[^2]"] {
        assert_eq!(status("Supported", &format!("{cell} |\n\n[^1]: Only on Linux.")), "unknown", "{cell}");
    }
    let table = |version: &str, header: &str| {
        promised(&format!("| Version | {header} |\n|-|-|\n| {version} | ✅ |\n\n[^1]: Only on Linux."))
    };
    assert_eq!(table("2.x\\*", "Supported"), ["unknown"]);
    assert_eq!(table("2.x", "Supported[^1]"), ["unknown"]);
    assert_eq!(table("2.*", "Supported"), ["yes"]);
    assert_eq!(promised("- 2.x: supported[^1]\n- 1.x: no\n\n[^1]: Only on Linux."), ["unknown", "no"]);
    assert_eq!(promised("Only the latest release is supported.[^1]\n\n[^1]: Only on Linux."), ["unknown"]);
    assert_eq!(promised("Only the latest release is supported.[^1]\n\n[^1]: The newest line."), ["yes"]);
}

/// A table of one promise and one denial.
const TABLE: &str = "| Version | Supported |\n|---|---|\n| 2.x | :white_check_mark: |\n| 1.x | :x: |\n";

/// Whether the file promises nothing.
fn is_withdrawn(text: &str) -> bool {
    reading(text).iter().all(|row| row.ends_with(" unknown") || row.ends_with(" no"))
}

#[test]
fn a_heading_a_caption_or_a_bold_line_takes_back_what_stands_under_it() {
    for heading in [
        "## Versions no longer supported",
        "## Not supported versions",
        "## Previously Supported Versions",
        "## Planned supported versions",
        "## Supported versions (sponsors only)",
        "## Supported versions until 2024",
        "## Supported database versions",
        "## Supported browser versions",
        "## Supported API versions",
        "## Supported TLS versions",
        "## Supported schema versions",
        "## Supported upstream versions",
        "## Supported versions\n\n### Unsupported",
        "## Supported versions\n\n### EOL",
        "## Supported versions\n\n### Legacy",
        "## Supported versions\n\n### Deprecated versions",
        "## Supported versions\n\n**No longer supported:**",
    ] {
        assert!(is_withdrawn(&format!("# Security\n\n{heading}\n\n{TABLE}")), "{heading}");
    }
    assert!(is_withdrawn(
        "## Supported versions\n\n<table><caption>Formerly supported</caption><tr><th>Version</th><th>Supported</th></tr><tr><td>2.x</td><td>yes</td></tr></table>\n"
    ));
    let both =
        format!("## Supported versions\n\n{TABLE}\n### Unsupported\n\n- 0.x: no\n\n### Current\n\nThanks.\n");
    assert!(reading(&both).iter().any(|row| row.ends_with(" yes")));
}

#[test]
fn text_around_a_table_takes_it_back() {
    for text in [
        "As of January 2025, none of the versions below are supported.",
        "The table below is no longer valid.",
        "Before 2024 we supported:",
    ] {
        assert!(is_withdrawn(&format!("## Supported Versions\n\n{text}\n\n{TABLE}")), "{text}");
    }
    for text in [
        "Support for the above versions ended in 2024.",
        "Both are unsupported.",
        "- The versions above are no longer supported.",
        "### Note\n\nThe versions above are no longer supported.",
        "## Status\n\nAll versions are end of life.",
        "## Note\n\n> This repository is archived. No security updates will be provided.",
    ] {
        assert!(is_withdrawn(&format!("## Supported Versions\n\n{TABLE}\n{text}\n")), "{text}");
    }
    for text in [
        "These releases are not affected by CVE-2024-1.",
        "They do not include third-party plugins.",
        "### Older versions\n\nThese versions are no longer supported.",
        "If this project is ever archived, we will say so.",
        "## Reporting\n\nThey are not supported here.",
    ] {
        assert!(!is_withdrawn(&format!("## Supported Versions\n\n{TABLE}\n{text}\n")), "{text}");
    }
}

#[test]
fn a_version_in_a_code_block_is_supported_only_where_the_text_says_so() {
    let told = |text: &str| is_withdrawn(&format!("## Supported Versions\n\n{text}\n\n```\n1.2.3\n```\n"));
    assert!(told("Vulnerable version:") && told("Not supported:"));
    assert!(!told("The latest version is:"));
    assert!(is_withdrawn("# Security\n\n~~Only the latest version is supported.~~\n"));
}

#[test]
fn a_folded_part_of_an_old_policy_promises_nothing() {
    let fold = |summary: &str, table: &str| {
        reading(&format!(
            "## Supported Versions\n\n<details>\n<summary>{summary}</summary>\n\n{table}\n\n</details>\n"
        ))
    };
    let table = "| Version | Supported |\n|---|---|\n| 2.x | ✅ |\n| 1.x | ❌ |";
    let html = "<table><tr><th>Version</th><th>Supported</th></tr><tr><td>2.x</td><td>Yes</td></tr></table>";
    for summary in ["Old policy", "<b>Previously supported versions</b>", "Supported until 2024"] {
        let said: Vec<bool> = fold(summary, table).iter().map(|row| row.ends_with("unknown")).collect();
        assert_eq!(said, [true, false], "{summary}");
        assert!(fold(summary, html).iter().all(|row| row.ends_with("unknown")), "{summary}");
    }
    for summary in ["Supported versions", "Click to see the table", "Our policy"] {
        assert!(fold(summary, table).iter().any(|row| row.ends_with("yes")), "{summary}");
        assert!(fold(summary, html).iter().any(|row| row.ends_with("yes")), "{summary}");
    }
    let behind = reading(&format!(
        "## Supported Versions\n\n<details><summary>Old policy</summary>\n\n- 1.x\n\n</details>\n\n{table}\n"
    ));
    assert!(behind.iter().any(|row| row.ends_with("yes")), "{behind:?}");
}
