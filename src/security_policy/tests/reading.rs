//! Each form that is read, each trap that is not, and files that were made to be hard to read.

use std::time::{Duration, Instant};

use super::super::*;
use super::{now, published, rules, support, table};

fn told(policy: &SecurityPolicy) -> Vec<String> {
    let row = |row: &Row| {
        let range = row.selector.range.as_ref().map(|range| format!(" {range}")).unwrap_or_default();
        format!("{} {}{range} {}", row.line, row.selector.kind.name(), support(&row.supported))
    };
    policy.rows.iter().map(row).collect()
}

pub(super) fn reading(text: &str) -> Vec<String> {
    told(&read("SECURITY.md", text.as_bytes()))
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
fn a_sentence_outside_of_every_section_counts_where_it_is_a_statement_as_a_whole() {
    for (text, expected) in [
        ("# Security\n\nWidget supports only the latest released version. Mail us.\n", &["3 latest yes"][..]),
        ("# Security\n\nOnly the latest release is supported.\n", &["3 latest yes"]),
        ("# Security\n\nMail us.\n\n- Supported versions: the latest minor release.\n", &["5 latest yes"]),
        ("# Security\n\nSupported versions: the latest release. No fix is backported.\n", &["3 latest yes"]),
        (
            "# Security\n\nWe support only the latest release; older ones are not supported.\n",
            &["3 latest yes"],
        ),
        ("# Security\n\nWidget supports only the latest version of Firefox.\n", &[]),
        ("# Security\n\nFirefox supports only the latest version.\n", &[]),
        ("# Security\n\nThe plugin that only supports the latest version is old.\n", &[]),
        ("# Security\n\n## PHP\n\nOnly the latest version is supported.\n", &[]),
        ("# Security\n\n> Only the latest version is supported.\n", &[]),
        ("# Security\n\nSupported versions: see below.\n", &[]),
        ("# Security\n\nWe fix bugs in the latest version.\n", &[]),
        ("# Security\n\nSupported versions: 1.x.\n\nOnly the latest release is supported.\n", &[]),
    ] {
        assert_eq!(reading(text), expected, "{text}");
    }
}

#[test]
fn a_table_whose_header_is_not_understood_stands_at_the_line_of_its_header() {
    for table in [
        "| Version | Supperted |\n|-|-|\n| 1.x | yes |\n",
        "<table><tr><th>Version</th><th>Supperted</th></tr><tr><td>1.x</td><td>(yes</td></tr></table>\n",
    ] {
        let policy = read("SECURITY.md", format!("## Supported Versions\n\n{table}").as_bytes());
        let [row] = policy.rows.as_slice() else { panic!("{:?}", told(&policy)) };
        assert_eq!((row.line, row.raw.as_str()), (3, "Version | Supperted"), "{table}");
        assert!(row.selector.is_unread());
    }
}

#[test]
fn what_stands_for_an_unread_statement_is_about_support() {
    let raw = |text: &str| {
        read("SECURITY.md", format!("## Supported Versions\n\n{text}\n").as_bytes()).rows[0].raw.clone()
    };
    assert_eq!(
        raw("Widget follows semantic versioning. Releases that we like are supported."),
        "Releases that we like are supported."
    );
    assert_eq!(raw("See our site. We are busy."), "See our site.");
    assert_eq!(
        raw("Widget sigue semantic versioning. Las versiones que nos gustan reciben parches."),
        "Las versiones que nos gustan reciben parches."
    );
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
fn without_ordinary_fixes_security_fixes_are_all_that_is_promised() {
    let told = |header: &str, row: &str| {
        let rule = "|-".repeat(header.matches('|').count() - 1);
        reading(&format!("## Supported Versions\n\n{header}\n{rule}|\n{row}\n"))
            .first()
            .map_or_else(|| "no row".to_owned(), |row| row.rsplit(' ').next().unwrap().to_owned())
    };
    for header in [
        "| Version | Bug Fixes | Security Issues |",
        "| Version | Bugs | Security |",
        "| Version | Bugfixes | Security Updates |",
        "| Version | Features | Security fixes |",
        "| Version | Regular updates | Security updates |",
        "| Version | Active | Security |",
        "| Versión | Correcciones de errores | Soporte de seguridad |",
    ] {
        let ends: Vec<String> = ["Yes | Yes", "No | Yes", "No | No", "Yes | No"]
            .map(|cells| told(header, &format!("| 2.x | {cells} |")))
            .into();
        assert_eq!(ends, ["yes", "security-only", "no", "unknown"], "{header}");
    }
    // Whether there are security issues says nothing of support, nor does what is no column of a status.
    for header in ["| Version | Security Issues |", "| Version | Regular updates |", "| Version | Active |"] {
        assert!(!told(header, "| 2.x | Yes |").ends_with("yes"), "{header}");
    }
    assert_eq!(told("| Version | Supported | Security Issues |", "| 2.x | No | Yes |"), "no");
    assert_eq!(told("| Version | Regular updates | Supported |", "| 2.x | Yes | No |"), "no");
    assert_eq!(told("| Version | Supported Until | Security Updates |", "| 2.x | TBD | Yes |"), "yes");
    assert_eq!(
        told("| Version | Supported Until | Security Updates |", "| 2.x | 2027-01-31 | Yes |"),
        "2027-01-31"
    );
}

#[test]
fn rows_of_one_line_that_a_column_tells_apart_are_not_all_the_line() {
    let told = |header: &str, rows: &str| {
        let rule = "|-".repeat(header.matches('|').count() - 1);
        reading(&format!("## Supported Versions\n\n{header}\n{rule}|\n{rows}"))
    };
    let header = "| Version | Stage | Supported | Notes |";
    let rows = "| 3.x | Stable / GA | yes | |\n| 3.x | RC | no | |\n| 3.x | Beta | N/A | EOL |\n| 2.x | N/A | n/a | End of life |\n| 1.x | N/A | n/a | none |\n| 0.x | N/A | - | No longer gets features |\n";
    assert_eq!(
        told(header, rows),
        [
            "5 range >=3.0.0, <4.0.0 yes",
            "6 channel no",
            "7 channel no",
            "8 range >=2.0.0, <3.0.0 no",
            "9 range >=1.0.0, <2.0.0 unknown",
            "10 range >=0.0.0, <1.0.0 unknown"
        ]
    );
    // Rows of one line of HTML are told apart too.
    let html = "## Supported Versions\n\n<table><tr><th>Version</th><th>Stage</th><th>Supported</th></tr><tr><td>3.x</td><td>RC</td><td>No</td></tr><tr><td>3.x</td><td>GA</td><td>Yes</td></tr></table>\n";
    assert_eq!(reading(html), ["3 channel no", "3 range >=3.0.0, <4.0.0 yes"]);
    let header = "| Version | Edition | Supported |";
    let rows =
        "| 3.x | Home | no |\n| 3.x | Business | yes |\n| 2.x | Home | no |\n| 2.x | Business | no |\n";
    let ends = |rows: Vec<String>| -> Vec<String> {
        rows.iter().map(|row| row.rsplit(' ').next().unwrap().to_owned()).collect()
    };
    assert_eq!(ends(told(header, rows)), ["unknown", "unknown", "no", "no"]);
    // Two rows that nothing tells apart disagree.
    for header in ["| Version | Release date | Supported |", "| Version | Supported | Notes |"] {
        let rows = if header.ends_with("Notes |") {
            "| 3.x | no | a |\n| 3.x | yes | b |\n"
        } else {
            "| 3.x | May | no |\n| 3.x | June | yes |\n"
        };
        assert_eq!(ends(told(header, rows)), ["no", "yes"], "{header}");
    }
}

#[test]
fn a_status_that_is_not_understood_disagrees_with_nothing() {
    let found = |other: &str| {
        let text = table(&[("3.x", "yes"), ("3.x", other)]);
        let policy = read("SECURITY.md", text.as_bytes());
        rules(&judge(&policy, &published(&["v3.1.0"]), &Refs::default(), None, now()))
    };
    assert_eq!(found("perhaps"), ["undetermined unreadable"]);
    assert_eq!(found("no"), ["fail contradiction"]);
}

#[test]
fn sub_headings_about_fixes_are_no_products() {
    let text = |first: &str, second: &str| {
        let table = |heading: &str, bugs: &str| {
            format!("### {heading}\n\n| Version | Supported |\n|-|-|\n| 2.x | yes |\n| 1.x | {bugs} |\n\n")
        };
        format!("## Supported Versions\n\n{}{}", table(first, "yes"), table(second, "no"))
    };
    let policy = read("SECURITY.md", text("Security fixes", "Bug fixes").as_bytes());
    let rows: Vec<_> =
        policy.rows.iter().map(|row| (row.product.as_deref(), support(&row.supported))).collect();
    let said = |support: &str| (None, support.to_owned());
    assert_eq!(rows, [said("yes"), said("security-only"), said("yes"), said("security-only")]);
    let policy = read("SECURITY.md", text("Server", "Client").as_bytes());
    let products: Vec<_> = policy.rows.iter().map(|row| row.product.as_deref()).collect();
    assert_eq!(products, [Some("Server"), Some("Server"), Some("Client"), Some("Client")]);
}

#[test]
fn tags_of_images_are_no_branches() {
    let rows = "| `unstable` | no |\n| edge | yes |\n| 2.x | yes |\n";
    for text in [
        format!(
            "## Supported Versions\n\nThese Docker tags are updated:\n\n| Version | Supported |\n|-|-|\n{rows}"
        ),
        format!("## Supported Versions\n\n### Image tags\n\n| Version | Supported |\n|-|-|\n{rows}"),
        format!("## Supported Versions\n\n| Docker Tag | Supported |\n|-|-|\n{rows}"),
    ] {
        let kinds: Vec<String> =
            reading(&text).iter().map(|row| row.split(' ').nth(1).unwrap().to_owned()).collect();
        assert_eq!(kinds, ["channel", "channel", "range"], "{text}");
    }
    let plain = format!("## Supported Versions\n\nDocker is fine.\n\n| Version | Supported |\n|-|-|\n{rows}");
    assert!(reading(&plain)[0].contains("branch") && reading(&plain)[1].contains("unknown"));
}

#[test]
fn a_table_may_say_it_under_a_heading_that_says_less() {
    let told = |heading: &str, header: &str| {
        reading(&format!("# Security\n\n## {heading}\n\n{header}\n|-|-|-|\n| 2.x | Active | Yes |\n")).len()
    };
    let plain = "| Version | Status | Security Updates |";
    for heading in ["Security Update Policy", "Support policy", "Support Timeline", "Scope"] {
        assert_eq!(told(heading, plain), 1, "{heading}");
    }
    for heading in ["PHP support policy", "Affected versions", "Audits", "Scope of the audit"] {
        assert_eq!(told(heading, plain), 0, "{heading}");
    }
    assert_eq!(told("Scope", "| Version | Status | Published |"), 0);
    assert_eq!(told("Scope", "| Affected version | Supported | Fixed |"), 0);
    // The announced statement is the statement.
    let text = "## Supported Versions\n\nThe latest release is supported.\n\n## Scope\n\n| Version | Supported |\n|-|-|\n| 2.x | no |\n";
    assert_eq!(reading(text), ["3 latest yes"]);
}

#[test]
fn a_table_of_versions_that_is_not_understood_is_shown_and_no_stray_sentence() {
    let text = |header: &str, before: &str| {
        let text = format!("## Supported Versions\n\n{before}\n\n{header}\n|-|-|\n| 2.x | x |\n");
        let policy = read("SECURITY.md", text.as_bytes());
        policy.rows.iter().map(|row| row.raw.clone()).collect::<Vec<_>>()
    };
    let stray = "We follow semantic versioning.";
    assert_eq!(text("| Version | Wonders |", stray), ["Version | Wonders"]);
    assert_eq!(text("| PHP Version | Wonders |", stray), [stray]);
    let said = "Only the latest release is supported.";
    assert_eq!(text("| Version | Wonders |", said), [said]);
}

#[test]
fn headers_are_read_in_other_languages() {
    for header in [
        "| 版本 | 是否受支持 |",
        "| Versión | Soporte de seguridad |",
        "| Version | Support sécurité |",
        "| Version | Mises à jour de sécurité |",
        "| Версия | Статус |",
        "| Version | Wird unterstützt |",
        "| Versão | Suporte |",
        "| バージョン | ステータス |",
        "| 버전 | 보안 업데이트 |",
        "| Version series | Supported with bug fixes and security fixes |",
    ] {
        let text = format!("## Supported Versions\n\n{header}\n|-|-|\n| 2.x | ✅ |\n");
        assert_eq!(reading(&text), ["5 range >=2.0.0, <3.0.0 yes"], "{header}");
    }
    for header in ["| Version | Fecha de soporte |", "| Версия | Дата |", "| PHP 版本 | 是否受支持 |"]
    {
        let text = format!("## Supported Versions\n\n{header}\n|-|-|\n| 2.x | ✅ |\n");
        assert!(!reading(&text).iter().any(|row| row.ends_with("yes")), "{header}");
    }
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
fn an_end_of_life_ends_security_fixes_too() {
    let told = |header: &str, row: &str| {
        let text = format!(
            "## Supported Versions\n\n| Version | Bug fixes | Security fixes | {header} |\n|-|-|-|-|\n| 2.x | {row} |\n"
        );
        reading(&text)[0].rsplit("3.0.0 ").next().unwrap().to_owned()
    };
    assert_eq!(told("End of Life", "no | yes | 2027-01-31"), "until 2027-01-31");
    assert_eq!(told("End of Life", "no | yes | TBD"), "security-only");
    assert_eq!(told("Support ends", "no | yes | 2024-01-31"), "security-only");
    assert_eq!(told("End of Life", "yes | yes | ~March 2024 (expected)"), "unknown");
    assert_eq!(told("End of Life", "yes | yes | some day"), "unknown");
    assert_eq!(told("End of Life", "yes | yes | to be announced"), "yes");
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
    let marks = format!("{header}{}", format!("{}\n", "[]".repeat(10_000)).repeat(5));
    assert_eq!(read("SECURITY.md", marks.as_bytes()).refusal, Some(Refusal::TooManyMarks));
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
    assert_eq!(read("SECURITY.md", &[0xff, 0xfd, 0x00, b'|']).damage, [Damage::NotUtf8]);
    assert_eq!(read("SECURITY.md", &[0xff, 0xfe, 0x00, b'|']).refusal, Some(Refusal::Utf16));
}
