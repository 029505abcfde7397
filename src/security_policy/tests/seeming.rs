//! Marks, columns and labels that seem to promise something, and do not; each beside what does.

use super::reading::reading;

/// The rows of a section, without their lines.
fn section(below: &str) -> Vec<String> {
    let rows = reading(&format!("# Security Policy\n\n## Supported Versions\n\n{below}"));
    rows.iter().map(|row| row.split_once(' ').unwrap().1.to_owned()).collect()
}

#[test]
fn a_box_with_a_cross_is_neither_yes_nor_no() {
    let read = |mark: &str| section(&format!("| Version | Supported |\n|---|---|\n| 6.x | {mark} |\n"));
    assert_eq!(read("☒"), ["range >=6.0.0, <7.0.0 unknown"]);
    assert_eq!(read("☑"), ["range >=6.0.0, <7.0.0 yes"]);
    assert_eq!(read("✗"), ["range >=6.0.0, <7.0.0 no"]);
}

#[test]
fn beside_an_end_alone_a_no_in_any_cell_leaves_no_promise() {
    let read = |cell: &str| {
        section(&format!(
            "| Version | Kept up by us | EOL |\n|---|---|---|\n| 0.9.x | {cell} | 2031-01-01 |\n"
        ))
    };
    assert_eq!(read(":x:"), ["range >=0.9.0, <0.10.0 unknown"]);
    assert_eq!(read(":white_check_mark:"), ["range >=0.9.0, <0.10.0 until 2031-01-01"]);
}

#[test]
fn critical_fixes_beside_an_end_of_support_are_left_or_end_then() {
    let read = |cell: &str| {
        section(&format!(
            "| Version | Support Ends | Security Updates |\n|---|---|---|\n| 0.9.x | 2031-09-13 | {cell} |\n"
        ))
    };
    assert_eq!(read("✓ Critical only"), ["range >=0.9.0, <0.10.0 unknown"]);
    assert_eq!(read("✓"), ["range >=0.9.0, <0.10.0 until 2031-09-13"]);
}

#[test]
fn development_is_no_security_fix() {
    for header in ["Active Development", "Feature development", "Bug Fixes"] {
        let table = format!("| Version | {header} | Security Fixes |\n|---|---|---|\n| 2.2.x | :x: | ✅ |\n");
        assert_eq!(section(&table), ["range >=2.2.0, <2.3.0 security-only"], "{header}");
    }
}

#[test]
fn other_forks_are_no_releases_of_the_project() {
    let read = |cell: &str| section(&format!("| Version | Supported |\n|---|---|\n| {cell} | ✅ |\n"));
    assert_eq!(read("Other forks"), ["unknown yes"]);
    assert_eq!(read("Other releases"), ["rest yes"]);
    assert_eq!(read("v0.4.X (For Non-NPM)"), ["unknown yes"]);
    assert_eq!(read("v0.4.X (LTS)"), ["range >=0.4.0, <0.5.0 yes"]);
}

#[test]
fn versions_of_something_else_are_no_rows() {
    let table = "| Version | Supported |\n|---|---|\n| 6.3.x | ✅ |\n";
    for label in ["- Symfony\n\n", "- PHP\n\n", "**PHP**\n\n", "- PHP versions:\n\n"] {
        assert_eq!(section(&format!("{label}{table}")), ["prose unknown"], "{label}");
    }
    assert_eq!(section(&format!("- Widget\n\n{table}")), ["range >=6.3.0, <6.4.0 yes"]);
    let listed = |first: &str| section(&format!("- {first}\n\n{table}\n- Doctrine\n\n{table}"));
    assert_eq!(listed("Symfony"), ["prose unknown"]);
    assert_eq!(listed("Widget").len(), 2);
    for heading in ["GHC Versions support", "Supported .Net Versions", "Supported Discord.js Versions"] {
        let own = "| Version | Supported |\n|---|---|\n| 0.0.x | ✅ |\n";
        let rows = section(&format!("{own}\n## {heading}\n\n{table}"));
        assert_eq!(rows, ["range >=0.0.0, <0.1.0 yes"], "{heading}");
    }
}

#[test]
fn a_lead_of_both_kinds_of_versions_takes_back_neither() {
    let read = |lead: &str| {
        section(&format!("{lead}\n\n| Version | Supported |\n|---|---|\n| 2.x | ✅ |\n| 1.x | ❌ |\n"))
    };
    for lead in [
        "Security patches are supported or unsupported for the following releases:",
        "The following versions are supported ✅/unsupported ❌:",
    ] {
        assert_eq!(read(lead), ["range >=2.0.0, <3.0.0 yes", "range >=1.0.0, <2.0.0 no"], "{lead}");
    }
    let back = read("The following versions are unsupported:");
    assert_eq!(back[0], "range >=2.0.0, <3.0.0 unknown");
}

#[test]
fn an_end_is_one_however_its_header_is_spelled_out() {
    for header in [
        "End of Life (EOL)",
        "End of Support (EOS)",
        "End of Life (planned)",
        "End-of-Life (EOL) Date",
        "Security Support Ends",
        "Expiration Date",
        "Retirement date",
    ] {
        let table = format!("| Version | Supported | {header} |\n|---|---|---|\n| 1.x | ✅ | 31.12.2023 |\n");
        assert_eq!(section(&table), ["range >=1.0.0, <2.0.0 until 2023-12-31"], "{header}");
    }
    for (header, expected) in [("Eol notes", "unknown"), ("Released", "yes")] {
        let table = format!("| Version | Supported | {header} |\n|---|---|---|\n| 1.x | ✅ | 31.12.2023 |\n");
        assert_eq!(section(&table), [format!("range >=1.0.0, <2.0.0 {expected}")], "{header}");
    }
}

#[test]
fn what_a_list_says_that_updates_go_to_is_supported() {
    let read =
        |lead: &str| section(&format!("{lead}\n\n- Latest `main` branch\n- Most recent tagged release\n"));
    for lead in ["Security updates are provided for:", "We provide security fixes for:"] {
        assert_eq!(read(lead), ["branch yes", "latest yes"], "{lead}");
    }
    for lead in [
        "We released fixes for:",
        "We have released patches for:",
        "Patches for this issue are released for:",
        "Security updates may be provided for:",
        "Security updates are tested for:",
        "Watch for:",
    ] {
        assert_eq!(read(lead), ["prose unknown"], "{lead}");
    }
}

#[test]
fn a_version_that_is_supported_for_fixes_is_supported() {
    let read = |status: &str| section(&format!("- `main`: {status}\n- Latest release (`v*`): supported\n"));
    assert_eq!(read("supported for active development and security fixes"), ["branch yes", "latest yes"]);
    assert_eq!(read("supported for security fixes"), ["branch security-only", "latest yes"]);
    for status in [
        "maintained for bug fixes",
        "supported for feature updates",
        "supported for sponsors",
        "supported for critical fixes",
        "supported for six months",
    ] {
        assert_eq!(read(status), ["prose unknown", "latest yes"], "{status}");
    }
}

#[test]
fn a_list_below_a_heading_that_denies_support_is_not_passed_over() {
    let read = |heading: &str| section(&format!("### Supported\n\n- 2.x\n\n### {heading}\n\n- 1.x\n"));
    for heading in ["Unsupported", "Unsupported versions", "End of life", "No longer supported"] {
        assert_eq!(read(heading), ["range >=2.0.0, <3.0.0 yes", "range >=1.0.0, <2.0.0 no"], "{heading}");
    }
    let led = section("### Supported\n\n- 2.x\n\n### Unsupported\n\nPlease upgrade to:\n\n- 2.x\n");
    assert_eq!(led, ["range >=2.0.0, <3.0.0 yes"]);
    assert_eq!(read("Unsupported platforms"), ["range >=2.0.0, <3.0.0 yes"]);
    let last =
        section("- 2.x: supported\n\nThese are not supported:\n\n- 1.x\n- The latest release gets fixes\n");
    assert_eq!(last[1..], ["range >=1.0.0, <2.0.0 no", "prose unknown"]);
}

#[test]
fn a_list_of_what_the_project_runs_on_does_not_join_its_own() {
    let read = |own: &str| {
        section(&format!("- {own}: supported\n\nAs of October:\n\n- ✅ Debian 12\n- ✅ Debian 13\n"))
    };
    assert_eq!(read("2.x"), ["range >=2.0.0, <3.0.0 yes"]);
    assert_eq!(read("Debian 11").len(), 3);
}

#[test]
fn what_a_sentence_and_a_bullet_both_say_is_one_row() {
    let lead = "Widget is maintained on the main branch and the latest release.\n\n";
    let asked = "\nIf you report a vulnerability, please include:\n\n- your version\n";
    assert_eq!(section(&format!("{lead}- `main`: supported\n{asked}")), ["branch yes", "latest yes"]);
    assert_eq!(section(&format!("{lead}- `main`: unsupported\n")), ["branch yes", "latest yes", "branch no"]);
}

#[test]
fn a_sign_that_leaves_a_line_open_is_what_the_remark_beside_it_says() {
    let read = |cell: &str, note: &str| {
        section(&format!("| Version | Supported | Notes |\n|---|---|---|\n| 0.9.x | {cell} | {note} |\n"))
    };
    for (cell, note) in [
        ("⚠️", "Legacy — critical fixes only"),
        ("⚠️ Limited", "Critical issues only"),
        ("⚠️ **Limited**", "Critical fixes only"),
        ("🟡", "Security fixes only"),
    ] {
        assert_eq!(read(cell, note), ["range >=0.9.0, <0.10.0 security-only"], "{cell} {note}");
    }
    for (cell, note) in [
        ("⚠️", "Legacy"),
        ("⚠️ Limited", "Critical issues"),
        ("⚠️ Best effort", "Critical fixes only"),
        ("⚠️", "Critical fixes only for customers"),
    ] {
        assert_eq!(read(cell, note), ["range >=0.9.0, <0.10.0 unknown"], "{cell} {note}");
    }
}

#[test]
fn beside_a_mark_an_event_ends_what_is_supported_and_a_no_stays_one() {
    let read = |header: &str, mark: &str, end: &str| {
        section(&format!(
            "| Version | {header} | Security fixes until |\n|---|---|---|\n| 5.x | {mark} | {end} |\n"
        ))
    };
    let event = "24 Months after the release of 6.0";
    assert_eq!(read("Supported", ":x:", event), ["range >=5.0.0, <6.0.0 no"]);
    assert_eq!(read("Supported", "✅", "The release of 6.0"), ["range >=5.0.0, <6.0.0 until release 6.0"]);
    assert_eq!(read("Supported", ":x:", "Critical fixes on request"), ["range >=5.0.0, <6.0.0 unknown"]);
    assert_eq!(read("Actively supported", ":x:", event), ["range >=5.0.0, <6.0.0 unknown"]);
    assert_eq!(read("Supported", "✅", event), ["range >=5.0.0, <6.0.0 unknown"]);
}

#[test]
fn an_end_of_life_with_a_warning_before_a_day_until_which_there_is_support_is_neither() {
    let read = |status: &str| {
        section(&format!(
            "| Version | Status | Support Until |\n|---|---|---|\n| 5.x | {status} | 2031-12-04 |\n"
        ))
    };
    assert_eq!(read("⚠️ End-of-Life"), ["range >=5.0.0, <6.0.0 unknown"]);
    assert_eq!(read("❌ End-of-Life"), ["range >=5.0.0, <6.0.0 no"]);
    assert_eq!(read("✅ Current"), ["range >=5.0.0, <6.0.0 until 2031-12-04"]);
}

#[test]
fn days_are_read_in_more_forms_where_they_can_be_told() {
    let read = |header: &str, end: &str| {
        section(&format!("| Version | Supported | {header} |\n|---|---|---|\n| 5.x | ✅ | {end} |\n"))
    };
    for (header, end, day) in [
        ("EOL", "31-12-2031", "2031-12-31"),
        ("EOL (dd-mm-yyyy)", "01-01-2031", "2031-01-01"),
        ("EOL", "2031 April 30", "2031-04-30"),
        ("Patched through", "September 2031", "2031-09"),
    ] {
        assert_eq!(read(header, end), [format!("range >=5.0.0, <6.0.0 until {day}")], "{header} {end}");
    }
    assert_eq!(read("EOL", "05-06-2031"), ["range >=5.0.0, <6.0.0 unknown"]);
    assert_eq!(read("Patched", "September 2031"), ["range >=5.0.0, <6.0.0 unknown"]);
}

#[test]
fn versions_below_the_word_that_supports_them_are_supported() {
    let read = |header: &str, row: &str| section(&format!("| {header} |\n|---|---|\n| {row} |\n"));
    let line = "range >=0.4.0, <0.5.0";
    assert_eq!(read("Package | Supported version", "`@acme/db` | 0.4.x"), [format!("{line} yes")]);
    assert_eq!(read("Package | Supported", "`@acme/db` | latest"), ["latest yes"]);
    assert_eq!(
        read("Supported | Unsupported", "0.4.x | < 0.4"),
        [format!("{line} yes"), "range <0.4.0 no".to_owned()]
    );
    for (header, row) in [
        ("Library | Supported version", "`@acme/db` | 0.4.x"),
        ("Package | Supported version", "numpy | >=1.26"),
        ("Package | Supported version", "Node.js | 20.x"),
        ("Package | Supported version", "`@acme/db` | by its owner"),
        ("Package | Supported | Status", "`@acme/db` | 0.4.x | EOL"),
        ("Supported | Unsupported", "0.4.x | ask us"),
    ] {
        let rows = read(header, row);
        assert!(rows.iter().all(|row| row.ends_with("unknown")), "{header} {row}: {rows:?}");
    }
}

#[test]
fn a_column_of_versions_is_no_status() {
    let said = "Only the latest version is supported.\n\nExample:\n\n";
    let header = "| Current Release | Supported for Security Fixes | Not Supported |\n|---|---|---|\n";
    let read = |status: &str| section(&format!("{said}{header}| 2.1 | {status} | 1.x |\n"));
    assert_eq!(read("2.1"), ["latest yes"]);
    assert_eq!(read("2.1 and us"), ["range >=2.1.0, <2.2.0 unknown"]);
}
