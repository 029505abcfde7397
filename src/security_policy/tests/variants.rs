//! Policies in the shapes that are met in the wild, each read right or kept as unread.
//!
//! No case of the corpus is among them: they hold the grammar, not the cases.

use super::reading::reading;

pub(super) const HEAD: &str = "## Supported Versions\n\n";

/// A table with this header and these rows, a cell parted from the next by `|`.
fn table(header: &str, rows: &[&str]) -> String {
    let rules = "---|".repeat(header.matches('|').count() + 1);
    let rows: String = rows.iter().map(|row| format!("| {row} |\n")).collect();
    format!("{HEAD}| {header} |\n|{rules}\n{rows}")
}

fn usual(rows: &[&str]) -> String {
    table("Version | Supported", rows)
}

/// The readings without their lines.
pub(super) fn read(text: &str) -> Vec<String> {
    reading(text).iter().filter_map(|row| row.split_once(' ')).map(|(_, row)| row.to_owned()).collect()
}

#[test]
fn version_cells_of_many_shapes_are_read_or_kept_as_unread() {
    for (rows, expected) in [
        (
            &["8.x (LTS) | ✅", "7.x LTS | until 2026-12", "6 LTS (security only) | ✅"][..],
            &[
                "range >=8.0.0, <9.0.0 yes",
                "range >=7.0.0, <8.0.0 until 2026-12",
                "range >=6.0.0, <7.0.0 security-only",
            ][..],
        ),
        (
            &["2024.10.x | yes", "2024.04 | no", "< 2024.4 | no"],
            &["range >=2024.10.0, <2024.11.0 yes", "range >=2024.4.0, <2024.5.0 no", "range <2024.4.0 no"],
        ),
        (&["3.х | ✅", "< 3,0 | ❌"], &["range >=3.0.0, <4.0.0 yes", "range <3.0.0 no"]),
        (
            &["1.2 - 1.4 | yes", "1.5.0-1.7.2 | yes", "1.2.x – 1.4.x | no"],
            &["range >=1.2.0, <1.5.0 yes", "range >=1.5.0, <=1.7.2 yes", "range >=1.2.0, <1.5.0 no"],
        ),
        (
            &["1.x, 2.x | yes", "3.x and 4.x | yes", "5.x/6.x | yes"],
            &["unknown yes", "unknown yes", "unknown yes"],
        ),
        (
            &["2.x* | ✅", "~~1.x~~ | ❌", "**3.x** | **Yes**", "`0.x` | `no`"],
            &[
                "range >=2.0.0, <3.0.0 unknown",
                "range >=1.0.0, <2.0.0 no",
                "range >=3.0.0, <4.0.0 yes",
                "range >=0.0.0, <1.0.0 no",
            ],
        ),
        (
            &["&lt; 1.0 | No", "\\<= 2.3 | No", "&ge; 3 | Yes"],
            &["range <1.0.0 no", "range <2.4.0 no", "range >=3.0.0 yes"],
        ),
        (
            &[
                "1.0 through 1.4 | no",
                "up to 0.9 | no",
                "2.0 or higher | yes",
                "≥1.2,<2 | yes",
                "above 1.0 | yes",
            ],
            &[
                "range >=1.0.0, <1.5.0 no",
                "range <0.10.0 no",
                "range >=2.0.0 yes",
                "range >=1.2.0, <2.0.0 yes",
                "unknown yes",
            ],
        ),
        (
            &["2.0.0-beta.x | ✅", "2.0.0-rc.1 | ❌", "2.0 beta | ✅", "1.2.x-beta | ✅"],
            &["range >=2.0.0-beta, <2.0.0-beta- yes", "exact =2.0.0-rc.1 no", "unknown yes", "unknown yes"],
        ),
        (
            &["1.x (unsupported) | ✅", "2.x (EOL) | ✅", "0.x (EOL) | ❌"],
            &["range >=1.0.0, <2.0.0 unknown", "range >=2.0.0, <3.0.0 unknown", "range >=0.0.0, <1.0.0 no"],
        ),
        (
            &[
                "1.2.3.4.5 | yes",
                "1..2 | yes",
                "1.x.3 | yes",
                "!= 1.0 | no",
                ">1.2.0< | no",
                "x.y.z | yes",
                "{{ v }} | yes",
            ],
            &[
                "unknown yes",
                "unknown yes",
                "unknown yes",
                "unknown no",
                "unknown no",
                "unknown yes",
                "unknown yes",
            ],
        ),
        (
            &["N | ✅", "N-1 | ✅", "release/2.x | ✅", "`develop` | ⚠️"],
            &["unknown yes", "unknown yes", "unknown yes", "branch unknown"],
        ),
        (
            &[
                "latest 3.x | ✅",
                "latest 2.x | critical fixes only",
                "Latest 2 minor versions | ✅",
                "Everything else | ❌",
            ],
            &["latest >=3.0.0, <4.0.0 yes", "latest >=2.0.0, <3.0.0 security-only", "latest yes", "rest no"],
        ),
    ] {
        assert_eq!(read(&usual(rows)), expected, "{rows:?}");
    }
}

#[test]
fn status_cells_of_many_shapes_are_read_or_kept_as_unknown() {
    let status = |cell: &str| {
        read(&usual(&[&format!("2.x | {cell}")]))[0].rsplit(">=2.0.0, <3.0.0 ").next().map(str::to_owned)
    };
    for (cell, expected) in [
        ("Until 3.0", "until release 3.0"),
        ("until 03/04/2027", "unknown"),
        ("until 13/04/2027", "until 2027-04-13"),
        ("until 04/04/2027", "until 2027-04-04"),
        ("until 13/14/2027", "unknown"),
        ("2027-02-30", "unknown"),
        ("Ended 2024-01-01", "unknown"),
        ("since 2023", "unknown"),
        ("?", "unknown"),
        ("planned", "unknown"),
        ("Not yet", "unknown"),
        ("yes?", "unknown"),
        ("yes, but only on Linux", "unknown"),
        ("❌ → ✅", "unknown"),
        ("no more than 6 months", "unknown"),
        ("", "unknown"),
        ("tak", "yes"),
        ("nie", "no"),
        ("EOL", "no"),
    ] {
        assert_eq!(status(cell).as_deref(), Some(expected), "{cell}");
    }
}

#[test]
fn tables_of_many_shapes_are_read() {
    for (text, expected) in [
        (format!("{HEAD}Version | Supported\n:--- | :---:\n2.x | ✔\n1.x | ✘\n"), &["range >=2.0.0, <3.0.0 yes", "range >=1.0.0, <2.0.0 no"][..]),
        (table("Supported | Version", &["✅ | 3.x", "❌ | < 3"]), &["range >=3.0.0, <4.0.0 yes", "range <3.0.0 no"]),
        (table("Version | Node | Supported", &["4.x | >=18 | ✅"]), &["range >=4.0.0, <5.0.0 yes"]),
        (
            table("Version | Bug fixes | Security fixes", &["3.x | ✅ | ✅", "2.x | ❌ | ✅", "1.x | ❌ | ❌"]),
            &["range >=3.0.0, <4.0.0 yes", "range >=2.0.0, <3.0.0 security-only", "range >=1.0.0, <2.0.0 no"],
        ),
        (
            table("Release | End of Life", &["3.2 | 2027-03-31", "3.1 | 31.12.2025", "3.0 | EOL", "2.9 | soon"]),
            &["range >=3.2.0, <3.3.0 until 2027-03-31", "range >=3.1.0, <3.2.0 until 2025-12-31", "range >=3.0.0, <3.1.0 no", "range >=2.9.0, <2.10.0 unknown"],
        ),
        (
            format!("{}\n- 🟢: supported\n- 🟡: security fixes only\n- 🔴: not supported\n", usual(&["2.x | 🟢", "1.x | 🟡", "0.x | 🔴"])),
            &["range >=2.0.0, <3.0.0 yes", "range >=1.0.0, <2.0.0 security-only", "range >=0.0.0, <1.0.0 no"],
        ),
        (format!("{HEAD}| Severity | Response |\n|-|-|\n| Critical | 7 days |\n\n| Version | Supported |\n|-|-|\n| 2.x | yes |\n"), &["range >=2.0.0, <3.0.0 yes"]),
        ("## Unterstützte Versionen\n\n| Version | Unterstützt |\n|-|-|\n| 2.x | ja |\n| Andere | nein |\n".to_owned(), &["range >=2.0.0, <3.0.0 yes", "rest no"]),
        ("## Wspierane wersje\n\n| Wersja | Wspierana |\n|-|-|\n| 2.x | tak |\n".to_owned(), &["range >=2.0.0, <3.0.0 yes"]),
        ("## Wsparcie dla wersji\n\n| Wersja | Obsługiwana |\n|-|-|\n| 2.x | tak |\n".to_owned(), &["range >=2.0.0, <3.0.0 yes"]),
        ("## Podporované verze\n\n| Verze | Podporováno |\n|-|-|\n| 2.x | ano |\n| 1.x | ne |\n".to_owned(), &["range >=2.0.0, <3.0.0 yes", "range >=1.0.0, <2.0.0 no"]),
        ("## Stödda versioner\n\n| Version | Stöds |\n|-|-|\n| 2.x | ja |\n| 1.x | nej |\n".to_owned(), &["range >=2.0.0, <3.0.0 yes", "range >=1.0.0, <2.0.0 no"]),
        ("## Phiên bản được hỗ trợ\n\n| Phiên bản | Được hỗ trợ |\n|-|-|\n| 2.x | có |\n| 1.x | không |\n".to_owned(), &["range >=2.0.0, <3.0.0 yes", "range >=1.0.0, <2.0.0 no"]),
        ("## Podporované verze PHP\n\n| Verze | Podporováno |\n|-|-|\n| 8.x | ano |\n".to_owned(), &[]),
        ("## 支持的版本\n\n| 版本 | 支持状态 |\n|-|-|\n| 2.x | ✅ 支持 |\n| 其他 | 不支持 |\n".to_owned(), &["range >=2.0.0, <3.0.0 yes", "rest no"]),
        ("### :shield: Supported versions :shield:\n\n| Version | Supported |\n|-|-|\n| 2.x | yes |\n".to_owned(), &["range >=2.0.0, <3.0.0 yes"]),
    ] {
        assert_eq!(read(&text), expected, "{text}");
    }
}

#[test]
fn lists_and_sentences_are_read_or_kept_as_unread() {
    for (text, expected) in [
        (
            "- 2.x: supported\n- 1.x: not supported\n",
            &["range >=2.0.0, <3.0.0 yes", "range >=1.0.0, <2.0.0 no"][..],
        ),
        (
            "- ✅ 2.x\n- ❌ 1.x\n- see our site\n",
            &["range >=2.0.0, <3.0.0 yes", "range >=1.0.0, <2.0.0 no", "prose unknown"],
        ),
        ("- 2.x ❌ yes\n", &["prose unknown"]),
        ("We support:\n\n- 2.x\n- 1.9.x\n", &["range >=2.0.0, <3.0.0 yes", "range >=1.9.0, <1.10.0 yes"]),
        ("The following are no longer supported:\n\n- 1.x\n", &["range >=1.0.0, <2.0.0 no"]),
        ("If you need support:\n\n- 1.x\n", &["prose unknown"]),
        (
            "Version 2.x is supported. Versions below 2.0 are not supported.\n",
            &["range >=2.0.0, <3.0.0 yes", "range <2.0.0 no"],
        ),
        ("Only the latest release is supported.\n", &["latest yes"]),
        ("We provide security updates for the two most recent minor versions.\n", &["latest yes"]),
        ("For example, if 1.4.x is current, 1.3.x is supported too.\n", &["prose unknown"]),
        ("We do not support 1.x.\n", &["prose unknown"]),
        ("See [BRANCHES.md](BRANCHES.md).\n", &["prose unknown"]),
    ] {
        assert_eq!(read(&format!("{HEAD}{text}")), expected, "{text}");
    }
}

#[test]
fn tables_about_something_else_give_no_rows() {
    for text in [
        "## Advisories\n\n| Advisory | Affected versions | Fixed version |\n|-|-|-|\n| GHSA-1 | < 2.0 | 2.0 |\n",
        "## Supported Node versions\n\n| Version | Supported |\n|-|-|\n| 20 | yes |\n",
        "## Supported Versions\n\n| PHP | Supported |\n|-|-|\n| 8.2 | ✅ |\n",
        "## Response times\n\n| Severity | Supported response |\n|-|-|\n| Critical | 24h |\n",
        "## Audits\n\n| Version | Auditor | Report |\n|-|-|-|\n| 1.2.0 | Us | yes |\n",
        "## Supported Versions\n\n```\n| Version | Supported |\n|-|-|\n| 1.x | yes |\n```\n",
        "# Security\n\n~~~\n## Supported Versions\n| Version | Supported |\n|-|-|\n| 1.x | yes |\n~~~\n",
    ] {
        assert_eq!(read(text), Vec::<String>::new(), "{text}");
    }
}

#[test]
fn an_end_beside_a_mark_is_the_end_of_its_promise() {
    for (header, cells, expected) in [
        ("Version | Supported | End of support", "3.x | ✅ | 2025-01-01", "until 2025-01-01"),
        ("Version | Supported | EOL Date", "3.x | :white_check_mark: | June 2025", "until 2025-06"),
        ("Version | Supported | Supported until", "3.x | ✅ | 2025-01-01", "until 2025-01-01"),
        ("Version | Supported | Until", "3.x | ✅ | Further notice", "yes"),
        ("Version | Supported | EOL", "3.x | ✅ | TBD", "yes"),
        ("Version | Supported | EOL", "3.x | ✅ | No", "yes"),
        ("Version | Supported | EOL", "3.x | ✅ | Yes", "unknown"),
        ("Version | Supported | EOL", "3.x | ❌ | 2027-01-01", "no"),
        ("Version | Supported | Notes", "3.x | ✅ | EOL 2025-01-01", "until 2025-01-01"),
        ("Version | Supported | Notes", "3.x | ✅ | 2025-01-01", "unknown"),
        ("Version | Supported | Released", "3.x | ✅ | 2025-01-01", "yes"),
        ("Version | EOL", "3.x | No", "yes"),
        ("Version | EOL", "3.x | Yes", "no"),
        ("Version | EOL", "3.x | ❌", "unknown"),
        ("Version | EOL", "3.x | 2027-01-01", "until 2027-01-01"),
    ] {
        let expected = format!("range >=3.0.0, <4.0.0 {expected}");
        assert_eq!(read(&table(header, &[cells])), [expected], "{header}: {cells}");
    }
}

#[test]
fn what_is_struck_out_promises_nothing() {
    for (cells, expected) in [
        ("~~3.x~~ | ~~✅~~", "unknown"),
        ("~~3.x~~ | ✅", "unknown"),
        ("3.x | ~~✅~~", "unknown"),
        ("3.x | <del>✅</del>", "unknown"),
        ("~~3.x~~ | ❌", "no"),
        ("~3.x | ✅", "yes"),
    ] {
        let rows = read(&usual(&[cells]));
        assert!(rows[0].ends_with(expected), "{cells}: {rows:?}");
    }
}

#[test]
fn a_sentence_is_read_whole_or_kept_as_words() {
    for (text, expected) in [
        ("Currently, only version 3.0 and higher are supported and get fixes.", &["range >=3.0.0 yes"][..]),
        (
            "At present, releases 3.0 and later are supported. Releases older than 3.0 are end of life.",
            &["range >=3.0.0 yes", "range <3.0.0 no"],
        ),
        // What is supported stands in a sentence that is not read: the denial does not stand alone.
        (
            "Releases of the orange kind are supported. Releases older than 3.0 are end of life.",
            &["prose unknown", "range <3.0.0 no"],
        ),
        ("Releases 3.0 and later are supported; those below 3.0 are not supported.", &["prose unknown"]),
        ("The latest release is supported; older releases are not supported.", &["latest yes"]),
        ("The latest release is supported; releases older than 2.0 are not supported.", &["prose unknown"]),
        ("Only the latest patch release within each minor line gets fixes.", &["prose unknown"]),
        ("The latest patch of all maintained minor lines gets fixes.", &["prose unknown"]),
        ("The latest patch per minor line gets fixes.", &["prose unknown"]),
        ("Starting at v3.0, the three most recent minor releases are supported.", &["prose unknown"]),
        ("From June 2031, the latest release is supported.", &["prose unknown"]),
        ("Starting with 3.0 the two latest minor releases are supported.", &["prose unknown"]),
        (
            "Versions below 3.0 are no longer supported. We support all others.",
            &["range <3.0.0 no", "prose unknown"],
        ),
        ("1.x is supported and versions 3.0 and later are not supported.", &["prose unknown"]),
        (
            "Versions 1.0 and below are supported and versions 3.0 and above are not supported.",
            &["prose unknown"],
        ),
        ("The latest releases of 1.x and 3.x are supported.", &["prose unknown"]),
        ("The latest release of 3.x is supported.", &["latest >=3.0.0, <4.0.0 yes"]),
        ("Only the latest release is supported before 3.0.", &["prose unknown"]),
        ("The latest release is supported until June 2031.", &["prose unknown"]),
        ("As of now, the latest release is supported.", &["latest yes"]),
        ("As of 2031, the latest release is supported.", &["prose unknown"]),
        ("As of v3.0, both kinds are fine. The latest release is supported.", &["latest yes"]),
        ("The latest release is supported on a best-effort basis.", &["prose unknown"]),
        ("Supported versions: the latest release.", &["latest yes"]),
        ("**Supported versions:** the latest minor release only.", &["latest yes"]),
        ("Supported versions: those that we like.", &["prose unknown"]),
        ("The latest release and the main branch are supported.", &["branch yes", "latest yes"]),
        ("The master branch and the latest release are supported.", &["branch yes", "latest yes"]),
        ("The latest code on the main branch is supported.", &["branch yes"]),
        ("The main branch is supported, as is what the latest release had.", &["prose unknown"]),
        ("Es werden nur die jeweils neuesten Versionen unterstützt.", &["prose unknown"]),
        ("Korrekturen gibt es nur für die neueste Version.", &["latest yes"]),
        ("Gibt es Korrekturen nur für die neueste Version, wenn sie stabil ist?", &["prose unknown"]),
    ] {
        assert_eq!(read(&format!("{HEAD}{text}\n")), expected, "{text}");
    }
}

#[test]
fn the_newest_and_what_came_before_it_are_counted_together() {
    let n = |text: &str| {
        let policy = super::super::read("SECURITY.md", format!("{HEAD}{text}\n").as_bytes());
        let of = |row: &super::super::Row| {
            row.selector.n.map(|n| format!("{n} {}", row.selector.unit.unwrap().name()))
        };
        policy.rows.iter().map(|row| of(row).unwrap_or_default()).collect::<Vec<_>>().join(", ")
    };
    for (text, expected) in [
        ("We support the latest release and the previous release.", "2 release"),
        ("We support the newest release and the one before it.", "2 release"),
        (
            "We support the newest release (`N`, e.g. `4.8`) and the release prior to the newest (`N-1`).",
            "2 release",
        ),
        ("The current and previous minor release are supported.", "2 minor"),
        ("The latest and the two previous major versions are supported.", "3 major"),
        ("The latest release and previous releases are supported.", ""),
        ("The latest and previous versions are supported.", ""),
        ("The latest release and the previous major release are supported.", ""),
        ("The latest release and what we like are supported.", ""),
        ("The latest release, the previous release and the oldest one are supported.", ""),
    ] {
        assert_eq!(n(text), expected, "{text}");
    }
}
