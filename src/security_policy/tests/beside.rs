//! What stands beside something that is read: a second thing in a sentence, a second column in a row.

use super::reading::reading;

/// The readings of a text below the usual heading, without their lines.
fn read(text: &str) -> Vec<String> {
    let rows = reading(&format!("## Supported Versions\n\n{text}\n"));
    rows.iter().filter_map(|row| row.split_once(' ')).map(|(_, row)| row.to_owned()).collect()
}

/// The status of a row `3.x` with these cells below this header.
fn status(header: &str, cells: &str) -> String {
    let rules = "---|".repeat(header.matches('|').count() + 2);
    let rows = read(&format!("| Version | {header} |\n|{rules}\n| 3.x | {cells} |"));
    let [row] = rows.as_slice() else { panic!("{header}: {rows:?}") };
    row.strip_prefix("range >=3.0.0, <4.0.0 ").expect("the line is read").to_owned()
}

#[test]
fn a_branch_and_the_newest_release_are_two_things() {
    for text in [
        "Fixes are applied to the main branch and the latest tagged release.",
        "Fixes are applied to the latest `main` branch and the most recent tagged release.",
        "Fixes are made on `main` and the latest published release.",
        "Fixes land on `main` and in the most recent / latest published release.",
        "Fixes go to the `main` branch as well as to the latest release.",
        "We support `main` and the latest release.",
        "`main` and the latest release receive fixes.",
    ] {
        assert_eq!(read(text), ["branch yes", "latest yes"], "{text}");
    }
    assert_eq!(
        read("Fixes are applied to the main branch and the latest 2.x release."),
        ["branch yes", "latest >=2.0.0, <3.0.0 yes"]
    );
}

#[test]
fn a_second_thing_that_is_not_understood_leaves_the_sentence_unread() {
    for text in [
        "Fixes are applied to the current `main` branch and the latest release when practical.",
        "Fixes are applied to the main branch and the latest release, if there is one.",
        "Fixes go to the latest release tagged on `main` and the current development branch (`develop`).",
        "Fixes are applied to the `main` branch, 2.x and 1.x.",
        "Fixes are applied to version 2.x and the `main` branch.",
        "Fixes are applied to the releases and the main branch.",
        "Fixes are applied to the main branch and all tagged releases.",
        "Fixes are applied to the main branch where feasible.",
        "Fixes are applied to the main branch and the latest enterprise release.",
        "Fixes are made on `main` and then come with the latest release.",
    ] {
        assert_eq!(read(text), ["prose unknown"], "{text}");
    }
}

#[test]
fn what_explains_a_branch_is_no_second_thing() {
    for (text, expected) in [
        ("Fixes are applied to the main branch.", "branch yes"),
        ("Fixes are applied to the main branch and are released soon after.", "branch yes"),
        ("Fixes and new versions come from the main branch; we support it alone.", "branch yes"),
        ("Only the main branch (the 2.x line) receives fixes.", "branch >=2.0.0, <3.0.0 yes"),
        ("Fixes are applied to the main branch of 2.x.", "branch >=2.0.0, <3.0.0 yes"),
        ("At this stage (0.x) only the main branch is supported.", "branch yes"),
        ("2.x is maintained on the main branch.", "range >=2.0.0, <3.0.0 yes"),
        ("The latest code on the main branch is supported.", "branch yes"),
    ] {
        assert_eq!(read(text), [expected], "{text}");
    }
}

#[test]
fn a_release_that_is_made_on_a_branch_is_a_release() {
    for (text, expected) in [
        ("Fixes are applied to the latest released version on the main branch.", "latest yes"),
        ("Fixes are applied to the latest `0.x` version on the `main` branch.", "latest >=0.0.0, <1.0.0 yes"),
        ("Fixes are applied to the latest tag on `main`.", "latest yes"),
        ("We support the latest tagged vX.Y.Z release on main.", "latest yes"),
        ("We support the latest released version of Widget on the main branch.", "latest yes"),
        ("Fixes are applied to the latest version on the main branch.", "branch yes"),
        ("We support the latest version of Widget (as the main branch has it).", "prose unknown"),
    ] {
        assert_eq!(read(text), [expected], "{text}");
    }
}

#[test]
fn the_newest_of_a_kind_is_not_the_newest_release() {
    for kind in [
        "beta",
        "preview",
        "enterprise",
        "pro",
        "commercial",
        "Feature",
        "Long Term Support",
        "Docker",
        "PHP",
        "monthly",
    ] {
        let text = format!("Only the latest {kind} release is supported.");
        assert_eq!(read(&text), ["prose unknown"], "{text}");
    }
    for kind in [
        "stable",
        "published",
        "official",
        "GitHub",
        "npm",
        "GitHub/npm",
        "tagged stable",
        "stable (i.e. not beta)",
        "public",
        "full",
    ] {
        let text = format!("Only the latest {kind} release is supported.");
        assert_eq!(read(&text), ["latest yes"], "{text}");
    }
}

#[test]
fn the_name_of_the_project_is_no_kind_of_release() {
    for (text, expected) in [
        ("Only the latest Widget release is supported.", "latest yes"),
        ("Only the latest stable Widget Works II version is supported.", "latest yes"),
        ("Security fixes are provided for the latest **Widget** 1.x release.", "latest >=1.0.0, <2.0.0 yes"),
        // Not written as a name, another's, and too much of one.
        ("Only the latest widget release is supported.", "prose unknown"),
        ("Only the latest PHP release is supported.", "prose unknown"),
        ("Only the latest Widget Enterprise release is supported.", "prose unknown"),
        ("Only the latest Widget Server release is supported.", "prose unknown"),
        ("Only the latest A B C D release is supported.", "prose unknown"),
    ] {
        assert_eq!(read(text), [expected], "{text}");
    }
}

#[test]
fn a_second_column_that_says_no_more_changes_nothing() {
    let header = "Supported | Security Updates";
    for (cells, expected) in [
        ("✅ Yes | Active development", "yes"),
        ("Yes | Current development branch", "yes"),
        ("Active development | ✅", "yes"),
        ("❌ No | Upgrade to 4.x", "no"),
        ("❌ No | N/A", "no"),
        ("❌ No | —", "no"),
        ("✅ Yes | None", "unknown"),
        ("✅ Yes | N/A", "unknown"),
        ("✅ Yes | Best effort", "unknown"),
        ("✅ Yes | Rarely", "unknown"),
        ("✅ Yes | Upgrade to 4.x", "unknown"),
        ("❌ No | Active development", "unknown"),
        ("❌ No | ✅", "security-only"),
        ("✅ Yes | Until 2031-06", "until 2031-06"),
    ] {
        assert_eq!(status(header, cells), expected, "{cells}");
    }
}

#[test]
fn a_day_beside_a_status_is_not_passed_over() {
    for (header, cells, expected) in [
        ("Security Support | Status", "✅ Full support | LTS until Jun 2031", "until 2031-06"),
        ("Security Support | Status", "✅ Full support | Current", "yes"),
        ("Security Support | Status", "✅ Full support | Bug fixes until Jun 2031", "yes"),
        ("Supported | Notes", "✅ | LTS until 2031-06-30", "until 2031-06-30"),
        ("Supported | Notes", "⚠️ Security fixes only | EOL 2031-06-30", "until 2031-06-30"),
        ("Supported | Notes", "⚠️ Security fixes only | since 2021-06-30", "security-only"),
        ("Supported | End of Life", "⚠️ Security fixes only | 2031-06-30", "until 2031-06-30"),
        ("Supported | End of Life", "⚠️ Security fixes only | TBD", "security-only"),
        // Whether the fixes end then, or the rest did.
        ("Supported | End of Support", "⚠️ Security fixes only | 2031-06-30", "unknown"),
        ("Supported | End of Support", "⚠️ Security fixes only | TBD", "security-only"),
        ("Supported | End of Support", "✅ | 2031-06-30", "until 2031-06-30"),
    ] {
        assert_eq!(status(header, cells), expected, "{header}: {cells}");
    }
}

#[test]
fn a_table_in_italian_is_read() {
    let rows = "| Versione | Stato |\n|-|-|\n| L'ultima minor `2.x` | Supportata: correzioni e patch |\n| Ogni versione precedente | Non supportata — nessun backport |\n";
    assert_eq!(read(rows), ["latest >=2.0.0, <3.0.0 yes", "rest no"]);
}
