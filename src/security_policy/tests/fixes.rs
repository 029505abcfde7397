//! Corrected tables: what is written, what stays byte for byte, and what is left alone with the reason.

use super::super::*;
use super::{now, published, table};

fn refs() -> Refs {
    Refs { default_branch: Some("trunk".into()), ..Refs::default() }
}

fn fix(text: &str, tags: &[&str]) -> Outcome {
    correct("SECURITY.md", text.as_bytes(), &published(tags), &refs(), now())
}

/// The corrected file. It passes, and correcting it again changes nothing.
fn corrected(text: &str, tags: &[&str]) -> (String, Correction) {
    let Outcome::Corrected(correction) = fix(text, tags) else { panic!("{text}: {:?}", fix(text, tags)) };
    let file = String::from_utf8(correction.bytes.clone()).unwrap();
    assert_ne!(file, text);
    let found = judge(&read("SECURITY.md", file.as_bytes()), &published(tags), &refs(), None, now());
    assert_eq!(found.iter().any(|c| c.status == Status::Fail), !correction.left.is_empty(), "{found:#?}");
    if correction.left.is_empty() {
        assert!(matches!(fix(&file, tags), Outcome::Passes { .. }), "{file}");
    } else {
        assert!(matches!(fix(&file, tags), Outcome::OnlyByHand(_)), "{file}");
    }
    (file, correction)
}

/// Corrects a table of two columns, and gives the rows as they are then.
fn rows(before: &[(&str, &str)], tags: &[&str]) -> Vec<String> {
    let (file, _) = corrected(&table(before), tags);
    file.lines()
        .filter(|line| line.starts_with("| ") && !line.contains("---"))
        .skip(1)
        .map(str::to_owned)
        .collect()
}

#[test]
fn the_newest_line_is_added_beside_the_newest_supported_row() {
    let tags = ["v3.6.1", "v3.7.9", "v2.11.4"];
    let table = [("`3.6.x`", "✅"), ("`< 3.6.x`", "❌"), ("`2.11.x`", "✅")];
    assert_eq!(
        rows(&table, &tags),
        ["| `3.7.x` | ✅ |", "| `3.6.x` | ✅ |", "| `< 3.6.x` | ❌ |", "| `2.11.x` | ✅ |"]
    );
    // Only one row is the latest.
    assert_eq!(
        rows(&[("Latest (2.x)", "✅"), ("< 2.0", "❌")], &["v3.2.0", "v2.0.0"]),
        ["| 3.x          | ✅ |", "| Latest (2.x) | ✅ |", "| < 2.0 | ❌ |"]
    );
    let ascending = [("1.x", "no"), ("2.x", "yes"), ("main", "yes")];
    assert_eq!(
        rows(&[("1.x", "no"), ("2.x", "yes")], &["v3.1.0", "v2.0.0", "v1.0.0"]),
        ["| 1.x | no |", "| 2.x | yes |", "| 3.x | yes |"]
    );
    assert_eq!(rows(&ascending, &["v3.1.0", "v2.0.0", "v1.0.0"])[2..], ["| 3.x | yes |", "| trunk | yes |"]);
    assert_eq!(
        rows(&[("3.2.0", "yes"), ("< 3.2.0", "no")], &["v3.2.1", "v3.2.0"]),
        ["| 3.2.1 | yes |", "| 3.2.0 | yes |", "| < 3.2.0 | no |"]
    );
    assert_eq!(
        rows(&[("Latest (2.x.x)", "yes"), ("All others", "no")], &["3.2.0", "2.0.1"])[0],
        "| 3.x.x          | yes |"
    );
}

#[test]
fn a_promise_that_was_never_kept_names_what_is_published_or_goes() {
    assert_eq!(
        rows(&[("0.2.x", "✅"), ("< 0.2.0", "❌")], &["0.1.6"]),
        ["| 0.1.x | ✅ |", "| < 0.1.0 | ❌ |"]
    );
    assert_eq!(
        rows(&[("3.x", "✅"), ("2.x", "✅"), ("< 2", "❌")], &["v2.1.0", "v1.0.0"]),
        ["| 2.x | ✅ |", "| < 2 | ❌ |"]
    );
}

#[test]
fn the_template_becomes_the_newest_line_and_what_is_below_it() {
    let template = [("5.1.x", "✅"), ("5.0.x", "❌"), ("4.0.x", "✅"), ("< 4.0", "❌")];
    assert_eq!(rows(&template, &["v7.2.0", "v7.1.0"]), ["| 7.2.x | ✅ |", "| < 7.2 | ❌ |"]);
}

#[test]
fn a_branch_that_is_not_there_becomes_the_default_branch() {
    assert_eq!(rows(&[("`master`", "✅"), ("1.x", "✅")], &["v1.0.0"])[0], "| `trunk`  | ✅ |");
}

#[test]
fn words_and_columns_that_belong_to_the_old_line_are_not_taken_over() {
    let text = "## Supported Versions\n\n| Version | Codename | Released   | Supported |\n|---|---|---|---|\n| 8.x (LTS) | Crimson | 2024-01-01 | yes |\n| < 8 | - | - | no |\n";
    let (file, _) = corrected(text, &["v9.0.1", "v8.1.0", "v7.0.0"]);
    let added = file.lines().find(|line| line.contains("9.x")).unwrap();
    assert_eq!(added, "| 9.x       |         |            | yes |");
}

#[test]
fn everything_else_stays_byte_for_byte() {
    let rows = "| Version  |  Supported|\n|:--|--:|\n| 1.x      |       yes |  \n|<1|no|\n";
    let prose = "Only 1.x is named here; 1.0.x stays.  \n\n\tcode 1.x\n";
    for text in [
        format!("\u{feff}# Security\n\n## Supported Versions\n\n{rows}\n{prose}"),
        format!("## Supported Versions\n\n{rows}\n{prose}").replace('\n', "\r\n"),
        format!("## Supported Versions\n\n{}", rows.trim_end()),
        format!(
            "## Supported Versions\n\n{prose}\n{}",
            rows.lines().map(|line| format!("> {line}\n")).collect::<String>()
        ),
    ] {
        let (file, correction) = corrected(&text, &["v2.0.0", "v1.0.0", "v0.9.0"]);
        let ends = |text: &str| text.matches("\r\n").count() == text.matches('\n').count();
        assert_eq!(ends(&file), ends(&text), "{file:?}");
        let kept: String = file.split_inclusive('\n').filter(|line| !line.contains("2.x")).collect();
        assert_eq!(kept, text, "only a line was added");
        assert_eq!(file.lines().filter(|line| line.contains("2.x")).count(), 1);
        assert_eq!(
            correction.diff.lines().filter(|line| line.starts_with('-')).count(),
            1,
            "{}",
            correction.diff
        );
    }
    let last = "## Supported Versions\n\n| Version | Supported |\n|-|-|\n| 0.x | no |\n| 1.x | yes |";
    let (file, correction) = corrected(last, &["v2.0.0", "v1.0.0"]);
    assert_eq!(file, format!("{last}\n| 2.x | yes |"));
    assert!(correction.diff.ends_with("+| 1.x | yes |\n+| 2.x | yes |\n\\ No newline at end of file\n"));
}

#[test]
fn the_diff_is_a_unified_one_with_three_lines_around() {
    let text = table(&[("1.x", "yes"), ("< 1", "no")]);
    let (_, correction) = corrected(&text, &["v2.0.0", "v1.0.0"]);
    assert_eq!(
        correction.diff,
        "--- a/SECURITY.md\n+++ b/SECURITY.md\n@@ -4,6 +4,7 @@\n \n | Version | Supported |\n | --- | --- |\n+| 2.x | yes |\n | 1.x | yes |\n | < 1 | no |\n \n"
    );
    assert_eq!(correction.done, ["\"2.x\" is added as supported, since v2.0.0 is published"]);
    let hostile =
        text.replace("| Version", "| Vers\u{202e}\u{7}ion").replace("Vers\u{202e}\u{7}ion", "Version");
    let noisy = format!("{}\u{1b}[31m\u{202e}\n", hostile);
    assert!(!corrected(&noisy, &["v2.0.0", "v1.0.0"]).1.diff.contains('\u{1b}'));
}

#[test]
fn what_is_not_understood_is_left_alone_with_the_reason() {
    let tags = ["v2.0.0", "v1.0.0"];
    let stale = table(&[("1.x", "yes"), ("< 1", "no")]);
    for (text, why) in [
        ("# Security\n\nMail us.\n".to_owned(), "the policy does not say which versions are supported (add a section \"Supported Versions\" with a table of Version and Supported)"),
        ("## Supported Versions\n\n- 1.x: supported\n- 0.x: not supported\n".to_owned(), "the versions stand in a list, which is not rewritten"),
        ("## Supported Versions\n\nAll 1.x versions are supported.\n".to_owned(), "the versions stand in sentences, which are not rewritten"),
        (
            "## Supported Versions\n\n<table><tr><th>Version</th><th>Supported</th></tr><tr><td>1.x</td><td>Yes</td></tr></table>\n".to_owned(),
            "the table is written as HTML, which is not rewritten",
        ),
        (stale.replace("## Reporting\n", "a\rb\n"), "the file has lines that end in a carriage return alone"),
        (table(&[("1.x", "yes"), ("2.x, perhaps", "yes")]), "line 8: \"2.x, perhaps\" is not understood as a version"),
    ] {
        assert_eq!(fix(&text, &tags), Outcome::NotUnderstood(why.to_owned()), "{text}");
    }
    let mut latin = stale.clone().into_bytes();
    latin.extend(b"f\xfcr\n");
    assert_eq!(
        correct("SECURITY.md", &latin, &published(&tags), &refs(), now()),
        Outcome::NotUnderstood("the file is not UTF-8".to_owned())
    );
    assert!(
        matches!(fix(&stale, &[]), Outcome::NotUnderstood(why) if why.contains("no tag is read as a version"))
    );
}

#[test]
fn what_only_a_maintainer_can_decide_is_left_to_them() {
    let by_hand = |rows: &[(&str, &str)], tags: &[&str]| match fix(&table(rows), tags) {
        Outcome::OnlyByHand(left) => left.join("; "),
        other => panic!("{other:?}"),
    };
    let contradiction = by_hand(&[("1.x", "yes"), ("1.x", "no")], &["v1.0.0"]);
    assert_eq!(contradiction, "line 7: lines 7 and 8 disagree about 1.x (keep one of the two rows)");
    let denied = by_hand(&[("2.x", "no"), ("1.x", "yes")], &["v2.0.0", "v1.0.0"]);
    assert!(denied.starts_with("line 7: the newest release 2.0.0"), "{denied}");
    let expired = by_hand(&[("2.x", "until 2026-01-01"), ("1.x", "no")], &["v2.0.0"]);
    assert!(expired.contains("support for 2.x ended"), "{expired}");
    let foreign = by_hand(&[("9", "yes"), ("10", "yes")], &["v1.0.0"]);
    assert!(foreign.contains("Is this another project's table?"), "{foreign}");
}

#[test]
fn what_is_left_is_said_beside_what_was_corrected() {
    let text = table(&[("2.x", "yes"), ("1.x", "yes"), ("1.x", "no")]);
    let (_, correction) = corrected(&text, &["v3.0.0", "v2.0.0", "v1.0.0"]);
    assert_eq!(correction.left, ["line 9: lines 9 and 10 disagree about 1.x (keep one of the two rows)"]);
    assert_eq!(correction.done.len(), 1);
}

#[test]
fn what_still_cannot_be_told_and_what_should_be_looked_at_is_said_too() {
    let Outcome::Corrected(correction) =
        fix(&table(&[("1.x", "yes"), ("0.9.x", "best effort"), ("< 0.9", "no")]), &["v3.0.0", "v1.0.0"])
    else {
        panic!("the row is added")
    };
    assert_eq!(
        correction.open,
        [
            "line 9: what \"best effort\" says about \"0.9.x\" is not understood (write its status as ✅, ❌, \"security fixes only\" or \"until 2030-12-31\")"
        ]
    );
    let (_, correction) =
        corrected(&table(&[("1.x", "yes"), ("< 1", "no")]), &["v3.0.0", "v2.0.0", "v1.0.0"]);
    assert_eq!(
        correction.warned,
        ["2.0.x (1 release) is in no row (add a row \"older\" that is not supported)"]
    );
    assert_eq!(correction.open, Vec::<String>::new());
}

#[test]
fn a_new_row_gets_a_bare_mark_and_no_words_of_another_row() {
    let tags = ["v3.0.0", "v2.1.0", "v1.0.0"];
    let alone = [("2.x", "✅ critical fixes only"), ("1.x", "❌")];
    let Outcome::OnlyByHand(left) = fix(&table(&alone), &tags) else { panic!("left alone") };
    assert!(left[0].contains("; no row was written: the table has no bare mark of support ("), "{left:?}");
    for cell in ["✅ [see](a.md)", "yes \\*", "LTS", "**yes**", "Security fixes only"] {
        let found = fix(&table(&[("2.x", cell), ("< 2", "no")]), &tags);
        assert!(matches!(found, Outcome::OnlyByHand(_)), "{cell}: {found:?}");
    }
    assert_eq!(rows(&[("2.x", "✅ since May"), ("1.x", "✅")], &tags)[0], "| 3.x | ✅           |");
    for mark in [":white_check_mark:", "✔️", "Yes", "Supported"] {
        assert_eq!(rows(&[("2.x", mark), ("< 2", "no")], &tags)[0], format!("| 3.x | {mark} |"));
    }
}

#[test]
fn a_row_that_denies_the_newest_release_by_a_range_is_not_contradicted() {
    let denied = table(&[("2.x", "✅"), ("> 2", "❌"), ("< 2", "❌")]);
    let found = fix(&denied, &["v3.0.0", "v2.1.0", "v1.0.0"]);
    let Outcome::OnlyByHand(left) = found else { panic!("{found:?}") };
    assert!(left[0].contains("; no row was written: line 8 denies it ("), "{left:?}");
    let moved = table(&[("4.x", "✅"), (">= 3", "❌")]);
    let found = fix(&moved, &["v3.0.0", "v2.1.0"]);
    assert!(matches!(found, Outcome::OnlyByHand(_)), "{found:?}");
}

#[test]
fn prose_beside_the_table_that_speaks_of_a_line_is_named() {
    let text = table(&[("2.x", "✅"), ("< 2", "❌")]) + "\nOnly 2.x gets patches from us.\n";
    let (_, correction) = corrected(&text, &["v3.0.0", "v2.1.0", "v1.0.0"]);
    let note = correction.warned.last().unwrap();
    assert!(
        note.ends_with("\"Only 2.x gets patches from us.\" is not rewritten (see whether it still holds)")
    );
    let only = table(&[("2.x", "✅"), ("< 2", "❌")])
        .replace("\n\n| Version", "\n\nOnly 2.x is supported.\n\n| Version");
    match fix(&only, &["v3.0.0", "v2.1.0", "v1.0.0"]) {
        Outcome::Corrected(correction) => {
            assert!(correction.warned.iter().any(|note| note.contains("Only 2.x is supported.")));
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_table_that_agrees_is_not_touched() {
    assert_eq!(fix(&table(&[("1.x", "yes")]), &["v1.0.0"]), Outcome::Passes { warned: Vec::new() });
    assert_eq!(
        fix(&table(&[("main", "yes"), ("Latest release", "yes")]).replace("main", "trunk"), &["v1.0.0"]),
        Outcome::Passes { warned: Vec::new() }
    );
}

#[test]
fn why_no_row_is_written_for_tags_that_are_all_pre_releases_is_said() {
    let rows = table(&[("1.7.x", "✅")]);
    let Outcome::OnlyByHand(left) = fix(&rows, &["v1.8.1-stable", "v1.7.0-stable"]) else {
        panic!("left alone")
    };
    let why =
        "what follows the hyphen of v1.8.1-stable makes it a pre-release, and no row is written for one";
    assert!(left.iter().any(|left| left.contains(why)), "{left:?}");
    assert!(matches!(fix(&rows, &["v1.8.1", "v1.7.0"]), Outcome::Corrected(_)));
}
