//! Tables that are none to Markdown, rows that are about one of several things, and promises for what is not out yet.

use super::super::*;
use super::{now, published, rules, support};

/// The rows of a policy: the line, the product, what is selected and what is promised.
fn rows(text: &str) -> Vec<String> {
    let told = |row: &Row| {
        let product = row.product.as_deref().map(|name| format!(" {name}:")).unwrap_or_default();
        let range = row.selector.range.as_ref().map(|range| format!(" {range}")).unwrap_or_default();
        format!("{}{product} {}{range} {}", row.line, row.selector.kind.name(), support(&row.supported))
    };
    read("SECURITY.md", text.as_bytes()).rows.iter().map(told).collect()
}

#[test]
fn a_table_that_is_none_to_markdown_is_kept_as_unread() {
    for table in [
        "| Version | Supported | | --- | --- | | 3.x | :white_check_mark: | | < 3.0 | :x: |",
        "| Version | Supported |\n| 3.x | :white_check_mark: |\n| < 3.0 | :x: |",
        "Version | Supported\n3.x | yes\n< 3.0 | no",
        "Version\tSupported\n3.x\t✅\n< 3.0\t❌",
        "Version Supported\n3.x ✅\n< 3.0 ❌",
        "3.x | supported\n< 3.0 | unsupported",
    ] {
        let policy = read("SECURITY.md", format!("## Supported Versions\n\n{table}\n").as_bytes());
        let found: Vec<_> =
            policy.rows.iter().map(|row| (row.line, row.raw.as_str(), row.selector.kind)).collect();
        let first = document::fold(table.lines().next().unwrap());
        assert_eq!(found, [(3, first.as_str(), Kind::Prose)], "{table}");
        assert_eq!(policy.form, Form::Prose, "{table}");
    }
    let text = "## Supported Versions\n\nThe versions are these:\nVersion | Supported\n3.x | yes\n";
    assert_eq!(rows(text), ["4 prose unknown"]);
    let item = "## Supported Versions\n\n- 3.x | ✅\n- < 3.0 | ❌\n";
    assert_eq!(rows(item), ["3 prose unknown", "4 prose unknown"]);
}

#[test]
fn beside_a_table_that_is_read_one_that_is_none_leaves_its_versions_unknown() {
    let text = "## Supported Versions\n\n| Version | Supported |\n|-|-|\n| 3.x | yes |\n\n### Before\n\n2.x | yes\n1.x | no\n";
    assert_eq!(rows(text), ["5 range >=3.0.0, <4.0.0 yes", "9 prose unknown"]);
    let policy = read("SECURITY.md", text.as_bytes());
    assert_eq!(
        rules(&judge(&policy, &published(&["v3.1.0", "v2.0.0"]), &Refs::default(), None, now())),
        ["undetermined not-machine-readable", "pass supported"]
    );
}

#[test]
fn a_table_that_is_none_counts_without_a_section_by_its_header() {
    assert_eq!(rows("# Security\n\nVersion\tSupported\n3.x\t✅\n"), ["3 prose unknown"]);
    for text in [
        "# Security\n\n3.x | yes\n",
        "# Security\n\nHome | Docs\n",
        "## PHP\n\nVersion | Supported\n8.x | yes\n",
        "## Contact\n\nVersion | Supported\n8.x | yes\n",
    ] {
        assert_eq!(rows(text), Vec::<String>::new(), "{text}");
    }
}

#[test]
fn a_mark_in_a_sentence_makes_no_table() {
    let sentence = "Only the latest release is supported";
    let section = |text: &str| rows(&format!("## Supported Versions\n\n{text}\n"));
    assert_eq!(section(&format!("{sentence} (`git tag | tail -1`).")), ["3 latest yes"]);
    assert_eq!(section(&format!("Home | Docs\n\n{sentence}.")), ["5 latest yes"]);
    // What it says beside other cells is not known.
    assert_eq!(section(&format!("Home | {sentence}")), ["3 prose unknown"]);
}

/// A section with a table of this header and these rows.
fn table(header: &str, rows: &str) -> String {
    let rule = "|-".repeat(header.matches('|').count() - 1);
    format!("## Supported Versions\n\n{header}\n{rule}|\n{rows}")
}

#[test]
fn a_column_of_names_before_the_versions_makes_the_rows_theirs() {
    for header in ["Service", "Platform", "npm package", "Composant", "组件", "Image", "Anything", ""] {
        let text = table(
            &format!("| {header} | Version | Supported |"),
            "| Weaver | 3.x | yes |\n| **Loom** | 1.4 | no |\n| Weaver | Latest | yes |\n",
        );
        assert_eq!(
            rows(&text),
            [
                "5 Weaver: range >=3.0.0, <4.0.0 yes",
                "6 Loom: range >=1.4.0, <1.5.0 no",
                "7 Weaver: latest yes"
            ],
            "{header}"
        );
    }
    let text = table("| Tool | Supported | Version |", "| Weaver | yes | 3.x |\n| Loom | no | 1.4 |\n");
    assert_eq!(rows(&text), ["5 Weaver: range >=3.0.0, <4.0.0 yes", "6 Loom: range >=1.4.0, <1.5.0 no"]);
}

#[test]
fn rows_about_other_things_decide_about_no_release_of_the_project() {
    let text = table("| Platform | Version | Supported |", "| Fedora | 3 | no |\n| Weaver OS | 2 | yes |\n");
    let policy = read("SECURITY.md", text.as_bytes());
    let tags = published(&["v3.0.0", "v2.0.0"]);
    assert_eq!(
        rules(&judge(&policy, &tags, &Refs::default(), None, now())),
        ["undetermined foreign-product", "undetermined foreign-product"]
    );
    // One name in all rows is the project.
    let text = table("| Tool | Version | Supported |", "| Weaver | 3.x | yes |\n| Weaver | 2.x | no |\n");
    let policy = read("SECURITY.md", text.as_bytes());
    assert_eq!(rules(&judge(&policy, &tags, &Refs::default(), None, now())), ["pass supported"]);
}

#[test]
fn what_is_no_name_before_the_versions_makes_no_product() {
    for (header, cells) in [
        ("Codename", ["Amber", "Birch"]),
        ("Notes", ["Best for servers", "Old"]),
        ("Release date", ["May", "June"]),
        ("Channel", ["Edge", "Candidate"]),
        ("Anything", ["LTS", "Stable"]),
        ("Anything", ["main", "develop"]),
        ("Anything", ["1", "2"]),
        ("Released", ["2027-01-31", "2026-01-31"]),
        ("Anything", ["✅", "❌"]),
        ("Anything", ["Major", "Minor"]),
        ("Anything", ["", "—"]),
    ] {
        let text = table(
            &format!("| {header} | Version | Supported |"),
            &format!("| {} | 3.x | yes |\n| {} | 2.x | no |\n", cells[0], cells[1]),
        );
        assert_eq!(
            rows(&text),
            ["5 range >=3.0.0, <4.0.0 yes", "6 range >=2.0.0, <3.0.0 no"],
            "{header} {cells:?}"
        );
    }
}

#[test]
fn an_empty_cell_of_a_product_goes_on_with_the_one_above() {
    let cells =
        "| | 3.x | no |\n| Weaver | 3.x | yes |\n| | < 3.0 | no |\n| — | 2.x | yes |\n| | 1.x | no |\n";
    for header in ["Project", "Service"] {
        assert_eq!(
            rows(&table(&format!("| {header} | Version | Supported |"), cells)),
            [
                "5 range >=3.0.0, <4.0.0 no",
                "6 Weaver: range >=3.0.0, <4.0.0 yes",
                "7 Weaver: range <3.0.0 no",
                "8 —: range >=2.0.0, <3.0.0 yes",
                "9 —: range >=1.0.0, <2.0.0 no"
            ],
            "{header}"
        );
    }
}

#[test]
fn a_cell_of_html_that_spans_rows_is_in_each_of_them() {
    let text = "## Supported Versions\n\n<table><tr><th>Part</th><th>Version</th><th>Supported</th></tr>\n<tr><td rowspan=\"2\">Weaver</td><td>3.x</td><td>yes</td></tr>\n<tr><td>2.x</td><td rowspan=2>no</td></tr>\n<tr><td>Loom</td><td>1.x</td></tr>\n</table>\n";
    assert_eq!(
        rows(text),
        [
            "4 Weaver: range >=3.0.0, <4.0.0 yes",
            "5 Weaver: range >=2.0.0, <3.0.0 no",
            "6 Loom: range >=1.0.0, <2.0.0 no"
        ]
    );
}

#[test]
fn what_is_yet_to_come_is_promised_nothing() {
    let told = |version: &str, status: &str| {
        let policy = read("SECURITY.md", super::table(&[(version, status)]).as_bytes());
        format!("{} {}", policy.rows[0].selector.kind.name(), support(&policy.rows[0].supported))
    };
    for note in
        ["when released", "once it is released", "planned", "upcoming", "unreleased", "in development"]
    {
        let version = format!("3.x ({note})");
        for (status, support) in [
            ("✅", "unknown"),
            ("Security fixes only", "unknown"),
            ("until 2030-01-31", "unknown"),
            ("❌", "no"),
        ] {
            assert_eq!(told(&version, status), format!("range {support}"), "{note} {status}");
        }
    }
    // A branch is there before its release, and alpha and beta are published.
    for (version, said) in [
        ("main (in development)", "branch yes"),
        ("3.x (alpha)", "range yes"),
        ("3.x (LTS)", "range yes"),
        ("3.x (when it pleases us)", "unknown yes"),
        ("3.x (once)", "unknown yes"),
    ] {
        assert_eq!(told(version, "✅"), said, "{version}");
    }
    let policy = read("SECURITY.md", super::table(&[("3.x (unreleased)", "✅")]).as_bytes());
    assert_eq!(
        rules(&judge(&policy, &published(&["v3.0.0"]), &Refs::default(), None, now())),
        ["undetermined unreadable"]
    );
    assert_eq!(rows("## Supported Versions\n\n- 3.x (planned): yes\n"), ["3 range >=3.0.0, <4.0.0 unknown"]);
    assert_eq!(rows("# Security\n\nSupported versions: 3.x (planned).\n"), Vec::<String>::new());
}

#[test]
fn a_table_that_holds_once_something_is_released_promises_nothing_yet() {
    let told = |text: &str| {
        rows(&format!(
            "## Supported Versions\n\n{text}\n\n| Version | Supported |\n|-|-|\n| 3.x | yes |\n| < 3.0 | no |\n"
        ))
    };
    assert_eq!(
        told("Once 3.0 is released, the table below applies:"),
        ["7 range >=3.0.0, <4.0.0 unknown", "8 range <3.0.0 no"]
    );
    for text in ["These are supported:", "When 3.0 was released, these became supported:"] {
        assert_eq!(told(text), ["7 range >=3.0.0, <4.0.0 yes", "8 range <3.0.0 no"], "{text}");
    }
}

#[test]
fn a_package_and_its_version_in_one_cell_are_told_apart() {
    let told = |cells: &str| rows(&table("| Package | Supported |", cells));
    assert_eq!(
        told("| `weaver` >= 1.2 | ✅ |\n| @weaver/loom v2.x | no |\n"),
        ["5 weaver: range >=1.2.0 yes", "6 @weaver/loom: range >=2.0.0, <3.0.0 no"]
    );
    // What is older of each of them is no release of the project.
    assert_eq!(
        told("| weaver >= 1.2 | ✅ |\n| Older versions | no |\n"),
        ["5 weaver: range >=1.2.0 yes", "6 unknown no"]
    );
    for cells in ["| weaver | ✅ |\n", "| weaver >= 1.2 | ✅ |\n| loom | ✅ |\n", "| Older versions | no |\n"]
    {
        assert_eq!(told(cells), Vec::<String>::new(), "{cells}");
    }
}

#[test]
fn an_end_of_support_speaks_of_support_under_every_heading() {
    let told = |heading: &str, header: &str| {
        let rule = "|-".repeat(header.matches('|').count() - 1);
        rows(&format!("{heading}\n\n{header}\n{rule}|\n| 3.x | Active | 2030-01-31 |\n"))
    };
    for heading in ["## Support Lifecycle", "### Security Support", "## 4. LTS Support Commitment"] {
        for header in [
            "| Version | Status | End of Life |",
            "| Version | Status | Support Until |",
            "| Version | Status | LTS Until |",
        ] {
            assert_eq!(
                told(heading, header),
                ["5 range >=3.0.0, <4.0.0 until 2030-01-31"],
                "{heading} {header}"
            );
        }
    }
    // A status alone is one of support where the heading says so.
    let alone = "| Version | Status | Tested on |";
    assert_eq!(told("## Support Lifecycle", alone), ["5 range >=3.0.0, <4.0.0 yes"]);
    assert_eq!(told("## Scope", alone), Vec::<String>::new());
    assert_eq!(told("## PHP Support Lifecycle", "| Version | Status | End of Life |"), Vec::<String>::new());
}

#[test]
fn a_list_of_bare_versions_is_supported_by_its_heading() {
    for title in ["# Security Policy", "# PHP\n\n# Security"] {
        let lines = title.lines().count();
        assert_eq!(
            rows(&format!("{title}\n\n## Supported Versions\n\n* `0.7.X`\n* 0.6.x\n")),
            [
                format!("{} range >=0.7.0, <0.8.0 yes", lines + 4),
                format!("{} range >=0.6.0, <0.7.0 yes", lines + 5)
            ]
        );
    }
    for text in [
        "## Version support\n\n* 0.7.x\n",
        "## Supported Versions\n\nWe look at these:\n\n* 0.7.x\n",
        "## Supported Versions\n\n* 0.7.x\n* mail us\n",
        "# Weaver\n\n## Supported Versions\n\n* 0.7.x\n",
        "## PHP\n\n### Supported Versions\n\n* 8.1\n",
    ] {
        assert!(rows(text).iter().all(|row| row.ends_with("prose unknown")), "{text}: {:?}", rows(text));
    }
}
