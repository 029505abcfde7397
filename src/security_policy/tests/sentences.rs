//! What a sentence is about, and what the bullets beside it are.

use super::variants::{HEAD, read};

/// The readings of a text below the usual heading, without their lines.
fn said(text: &str) -> Vec<String> {
    read(&format!("{HEAD}{text}\n"))
}

#[test]
fn a_further_number_in_a_sentence_about_a_line_is_of_something_else() {
    for (text, expected) in [
        ("- 3.x is no longer maintained; it needs PHP < 8.0", "range >=3.0.0, <4.0.0 no"),
        ("- 3.x is no longer supported, use it with Node < 14", "range >=3.0.0, <4.0.0 no"),
        ("3.x is no longer supported; use it only with PHP < 7.2.", "range >=3.0.0, <4.0.0 no"),
        ("3.x is no longer supported; please upgrade to 4.x.", "range >=3.0.0, <4.0.0 no"),
        ("- 3.x is maintained on the main branch", "range >=3.0.0, <4.0.0 yes"),
        (
            "- 3.x is maintained and developed on the main branch, and uses Gadget 2.x;",
            "range >=3.0.0, <4.0.0 yes",
        ),
        ("Widget 3.x is supported with Node 20.", "range >=3.0.0, <4.0.0 yes"),
        ("3.x is supported until June 2031.", "range >=3.0.0, <4.0.0 until 2031-06"),
        ("3.x is supported until 4.0 is released.", "range >=3.0.0, <4.0.0 until release 4.0"),
        ("3.x is supported until further notice.", "range >=3.0.0, <4.0.0 yes"),
        // What is about the project's own versions stays, and so does what is about a branch.
        ("Versions < 3.0 are not supported.", "range <3.0.0 no"),
        ("We provide fixes for releases >= 3.0.", "range >=3.0.0 yes"),
        ("The main branch (the 3.x line) is supported.", "branch >=3.0.0, <4.0.0 yes"),
    ] {
        assert_eq!(said(text), [expected], "{text}");
    }
}

#[test]
fn a_sentence_with_other_versions_of_the_project_or_of_another_is_no_row_of_the_first() {
    for text in [
        "3.x is supported; 2.x gets nothing.",
        "Widget 3.x is supported, Widget 2.x is not.",
        "3.x is supported and versions 1.0 and later are too.",
        "3.x is no longer supported, nor is anything < 2.0.",
        "3.x is supported until the next one is out.",
        "3.x is supported from June 2031.",
        "3.x will no longer be supported after June 2031.",
        "3.x is supported if you pay.",
        "3.x is supported by the community.",
        "3.x is not supported on Windows.",
        "PHP 7.x is no longer supported.",
        "PHP 8.1 and later is supported.",
        "We support PHP >= 8.1.",
        "The plugin needs Gadget < 2.0 and is supported.",
    ] {
        assert_eq!(said(text), ["prose unknown"], "{text}");
    }
}

#[test]
fn a_number_before_the_plural_of_a_unit_is_a_count() {
    let counted = |cell: &str| {
        let selector = super::super::Selector::read(cell, false);
        let range = selector.range.map(|range| format!(" of {range}")).unwrap_or_default();
        let unit = selector.unit.map(|unit| format!(" {}", unit.name())).unwrap_or_default();
        let n = selector.n.map(|n| format!(" {n}")).unwrap_or_default();
        format!("{}{n}{unit}{range}", selector.kind.name())
    };
    for (cell, expected) in [
        ("Latest 2 majors", "latest 2 major"),
        ("Last 3 minors", "latest 3 minor"),
        ("2 latest majors", "latest 2 major"),
        ("2 previous versions", "previous 2 release"),
        ("last 2 major", "latest 2 major"),
        ("Latest 2 minor", "latest 2 minor"),
        ("Latest 2 minor versions", "latest 2 minor"),
        ("Latest 2 minor release", "unknown"),
        ("Latest 2.x minor", "latest 1 minor of >=2.0.0, <3.0.0"),
        ("Latest 2.x", "latest 1 release of >=2.0.0, <3.0.0"),
        ("Latest 2", "latest 1 release of >=2.0.0, <3.0.0"),
    ] {
        assert_eq!(counted(cell), expected, "{cell}");
    }
    assert_eq!(said("- latest 2 minors: supported"), ["latest yes"]);
    assert_eq!(said("The latest 2 minors are supported."), ["latest yes"]);
}

#[test]
fn a_bullet_beside_one_that_is_read_is_not_passed_over() {
    for (text, expected) in [
        (
            "- The latest release receives security fixes.\n- The previous release receives urgent fixes.\n- 1.x is on request.",
            &["latest yes", "prose unknown", "prose unknown"][..],
        ),
        (
            "- **Latest release** — Full support for grave flaws\n- **Older releases** — No promised support; users should upgrade",
            &["latest yes", "prose unknown"],
        ),
        (
            "- Versions older than 3 minor versions: No support\n- Latest minor version: Active support",
            &["prose unknown", "latest yes"],
        ),
        // Advice, and what is about no version, are no statements; nor is a bullet of another list.
        (
            "- The latest release is supported.\n- Please update to a newer version to get fixes.\n- Name the version.\n- Mail us.",
            &["latest yes"],
        ),
        (
            "- The latest release is supported.\n- Supported versions get fixes soon.\n- End-of-life versions get no updates.",
            &["latest yes"],
        ),
        (
            "- The latest release is supported.\n\nWhat we ask of you:\n\n- Test the versions that we support.",
            &["latest yes"],
        ),
    ] {
        assert_eq!(said(text), expected, "{text}");
    }
}

/// The readings of the first table below the usual heading.
fn rows(header: &str, row: &str) -> Vec<String> {
    let rules = "---|".repeat(header.matches('|').count() + 1);
    said(&format!("| {header} |\n|{rules}\n| {row} |"))
}

#[test]
fn security_fixes_alone_go_on_after_the_end_of_support() {
    for (header, row, expected) in [
        ("Version | Supported Until | Security Only", "3.x | 2031-06-16 | 2031-12-16", "until 2031-12-16"),
        (
            "Version | Supported Until | Security Fixes Only",
            "3.x | 2031-06-16 | 2031-12-16",
            "until 2031-12-16",
        ),
        // Beside a plain status, whether there are only security fixes says nothing more.
        ("Version | Supported | Security Only", "3.x | yes | no", "yes"),
        ("Supported | Version | Security Only", "yes | 3.x | no", "yes"),
    ] {
        assert_eq!(rows(header, row), [format!("range >=3.0.0, <4.0.0 {expected}")], "{header}");
    }
}

#[test]
fn all_products_are_no_product() {
    let product = |name: &str| {
        let text = format!("{HEAD}| Product | Version | Supported |\n|-|-|-|\n| {name} | 2.x | yes |\n");
        super::super::read("SECURITY.md", text.as_bytes()).rows[0].product.clone()
    };
    for name in ["All 12 Products", "**All Modules**", "any", "All of our packages", "Every component"] {
        assert_eq!(product(name), None, "{name}");
    }
    for name in ["All-in-one", "Any Player", "Modules", "All other modules"] {
        assert_eq!(product(name).as_deref(), Some(name));
    }
}

#[test]
fn versions_of_something_else_are_no_versions_of_the_project() {
    let table = "| Version | Supported |\n|-|-|\n| 2.x | yes |\n";
    for heading in ["Supported game versions", "Wspierane wersje gry", "Підтримувані версії гри"]
    {
        assert_eq!(read(&format!("## {heading}\n\n{table}")), Vec::<String>::new(), "{heading}");
    }
    let below = |heading: &str| read(&format!("## Version Support\n\n### {heading}\n\n{table}"));
    for heading in ["PHP Versions", "Node.js Versions", "Supported Python versions"] {
        assert_eq!(below(heading), Vec::<String>::new(), "{heading}");
    }
    for heading in ["Android app", "Python", "Widget Versions", "Node.js client versions"] {
        assert_eq!(below(heading), ["range >=2.0.0, <3.0.0 yes"], "{heading}");
    }
    let two = format!("## Version Support\n\n### PHP Versions\n\n{table}\n### Releases\n\n{table}");
    assert_eq!(read(&two), ["range >=2.0.0, <3.0.0 yes"]);
}

#[test]
fn a_sentence_that_ends_in_a_list_of_versions_says_what_they_are() {
    let list = "- Version 3.0\n- v2.x\n- The latest stable release\n";
    let read = ["range >=3.0.0, <3.1.0", "range >=2.0.0, <3.0.0", "latest"];
    for (lead, support) in [
        ("We provide security updates for the following versions:", "yes"),
        ("Currently supported versions:", "yes"),
        ("We no longer support the following versions:", "no"),
    ] {
        assert_eq!(said(&format!("{lead}\n\n{list}")), read.map(|row| format!("{row} {support}")), "{lead}");
    }
    assert_eq!(said("Fixes are in the following versions of PHP:\n\n- 8.x"), ["prose unknown"]);
}

#[test]
fn a_sentence_may_name_one_version_or_none() {
    for (text, expected) in [
        ("Version 2.1.0 is currently supported with security fixes.", "exact =2.1.0 yes"),
        ("Version 2.1 is no longer supported.", "range >=2.1.0, <2.2.0 no"),
        ("No versions are currently supported.", "rest no"),
        ("No release is maintained.", "rest no"),
        // An example, another thing, and one that is not clear.
        ("Version 2.1.0 is the supported line.", "prose unknown"),
        ("Version 2.1.0 is vulnerable and receives a fix.", "prose unknown"),
        ("2.1.0 is what we like, and it is supported.", "prose unknown"),
        ("No versions are supported but the newest.", "prose unknown"),
        ("Solo l'ultima versione riceve aggiornamenti.", "latest yes"),
        ("Yalnızca en son sürüm desteklenmektedir.", "latest yes"),
    ] {
        assert_eq!(said(text), [expected], "{text}");
    }
}

#[test]
fn headings_of_support_and_headers_of_more_languages_are_read() {
    let rows = "|-|-|\n| 2.x | ✅ |\n";
    for heading in ["Obsługiwane wersje", "Versi yang didukung"] {
        let text = format!("## {heading}\n\n| Version | Supported |\n{rows}");
        assert_eq!(read(&text), ["range >=2.0.0, <3.0.0 yes"], "{heading}");
    }
    for header in [
        "Versiyon | Destek Durumu",
        "Sürüm | Destek durumu",
        "Wersja | Status wsparcia",
        "Versie | Ondersteuningsstatus",
        "バージョン | 対応",
    ] {
        let text = format!("{HEAD}| {header} |\n{rows}");
        assert_eq!(read(&text), ["range >=2.0.0, <3.0.0 yes"], "{header}");
    }
    let below = |heading: &str, header: &str| {
        let text = format!("# Security\n\n## {heading}\n\n| {header} |\n|-|-|-|\n| 2.x | Active | May |\n");
        read(&text).len()
    };
    assert_eq!(below("Support policy", "Version | Status | Published"), 1);
    assert_eq!(below("Security policy", "Version | Status | Published"), 0);
    let list = "### Supported Versions\n\n- 2.x: supported\n";
    assert_eq!(read(&format!("## Version Support Policy\n\n{list}")), ["range >=2.0.0, <3.0.0 yes"]);
    assert_eq!(read(&format!("# Widget Version Support\n\n#{list}")), Vec::<String>::new());
    let list = list.replace("Supported Versions", "Widget");
    assert_eq!(read(&format!("## Version Support Policy\n\n{list}")), Vec::<String>::new());
}

#[test]
fn a_phase_lasts_until_the_end_of_its_line() {
    assert_eq!(
        rows("Version | Supported | Security | End of Life", "3.x | Maintenance | ❌ | 2031-12-31"),
        ["range >=3.0.0, <4.0.0 unknown"]
    );
    for (cells, expected) in [
        ("Active Development | 2031-05-26", "until 2031-05-26"),
        ("Deprecated | 26-Jun-2031", "until 2031-06-26"),
        ("🔧 Maintenance | 2031-12-31", "until 2031-12-31"),
        ("Deprecated | TBD", "unknown"),
        ("Planned | 2031-12-31", "unknown"),
        ("Development | 2031-12-31", "unknown"),
        ("❌ Deprecated | 2031-12-31", "no"),
    ] {
        let rows = rows("Version | Status | End of Life", &format!("3.x | {cells}"));
        assert_eq!(rows, [format!("range >=3.0.0, <4.0.0 {expected}")], "{cells}");
    }
}

#[test]
fn all_that_is_older_is_the_rest_however_it_is_called() {
    for cell in
        ["Older commits and forks", "Legacy / Older versions", "Older releases and historical commits"]
    {
        assert_eq!(rows("Version | Supported", &format!("{cell} | no")), ["rest no"], "{cell}");
    }
    for cell in ["Commits", "Older / 2.x", "tags / newer", "Older commits but one"] {
        assert_eq!(rows("Version | Supported", &format!("{cell} | no")), ["unknown no"], "{cell}");
    }
}

#[test]
fn a_denial_below_all_lines_of_a_table_is_one_of_its_rows() {
    let told =
        |rows: &str, sentence: &str| said(&format!("| Version | Supported |\n|-|-|\n{rows}\n{sentence}\n"));
    let (six, five) = ("range >=6.0.0, <7.0.0 yes", "range >=5.0.0, <6.0.0 yes");
    let both = "| 6.x | yes |\n| 5.x | yes |\n";
    assert_eq!(told(both, "Versions prior to v5 are unsupported."), [six, five, "range <5.0.0 no"]);
    // One of the lines, or a release that has no number, may be meant too.
    assert_eq!(told(both, "Versions prior to v6 are unsupported."), [six, five]);
    assert_eq!(told(both, "Versions prior to v5 are supported."), [six, five]);
    assert_eq!(told("| Latest release | yes |\n", "Versions prior to v5 are unsupported."), ["latest yes"]);
}

#[test]
fn a_line_whose_support_ended_or_is_bound_is_no_promise() {
    for text in [
        "1.2.x has reached end of support.",
        "1.2.x is out of support.",
        "1.2.x has no support.",
        "1.2.x is supported no more.",
        "1.2.x is formerly supported.",
        "1.2.x is supported excluding 1.2.3.",
        "1.2.x is supported, with the exception of 1.2.3.",
        "1.2.x is supported with exceptions.",
        "No 1.2.x release is supported.",
        "All versions but 1.2.x are supported.",
        "There is no support for the latest release.",
        "Support for the latest release has ended.",
        "All but the latest release are supported.",
        "The latest release is out of support.",
    ] {
        let read = said(text);
        assert!(read.iter().all(|row| !row.ends_with(" yes")), "{text}: {read:?}");
    }
}

#[test]
fn bullets_below_what_ended_boxes_and_what_is_struck_out_promise_nothing() {
    for text in [
        "The following versions have reached end of support:\n\n- 1.2.x\n- 1.1.x",
        "These versions were supported until 2025:\n\n- 1.2.x",
        "Until 2025 these versions were supported:\n\n- 1.2.x",
        "The following versions are supported:\n\n- [ ] 1.2.x\n- [x] 1.3.x",
        "The following versions are supported:\n\n- ~~1.2.x~~",
        "~~Only the latest release is supported.~~",
        "The following versions are supported:\n\n- 1.2.x\n\nThe versions above are no longer supported.",
        "| Version | Supported |\n| --- | --- |\n| 1.2.x | yes |\n\nNone of these versions are supported anymore.",
        "| Version | Supported |\n| --- | --- |\n| 1.2.x | yes[^1] |\n\n[^1]: Except for 1.2.3.",
        "Until 2025 these versions were supported:\n\n| Version | Supported |\n| --- | --- |\n| 1.2.x | yes |",
    ] {
        let read = said(text);
        assert!(read.iter().all(|row| !row.ends_with(" yes")), "{text}: {read:?}");
    }
}

#[test]
fn what_is_near_such_words_and_takes_nothing_back_is_read() {
    let (row, two) =
        ("range >=1.2.0, <1.3.0 yes", ["range >=1.2.0, <1.3.0 yes", "range >=1.1.0, <1.2.0 yes"]);
    for text in [
        "Widget 1.2.x is supported with security fixes.",
        "Only the 1.2.x series is actively maintained.",
        "| Version | Supported |\n| --- | --- |\n| 1.2.x | yes[^1] |\n\n[^1]: The newest line.",
        "| Version | Supported |\n| --- | --- |\n| 1.2.x | yes |\n\nVersions not listed above are unsupported.",
        "The following version is supported:\n\n- 1.2.x",
    ] {
        assert_eq!(said(text).first().map(String::as_str), Some(row), "{text}");
    }
    assert_eq!(said("We support the following versions:\n\n- 1.2.x\n- 1.1.x"), two);
    assert_eq!(said("Versions prior to 1.2.x are unsupported."), ["range <1.2.0 no"]);
    assert_eq!(said("Anything before 1.2.x is supported."), ["range <1.2.0 yes"]);
}

#[test]
fn a_sentence_with_a_word_that_is_not_known_promises_nothing() {
    for text in [
        "We support 2.x. We do not support versions < 2.0.",
        "We don't support versions < 2.0.",
        "Vulnerabilities in versions <2.0 will not be addressed.",
        "No updates for versions < 2.0.",
        "Versions < 2.0 won't receive security fixes.",
        "The latest release isn't supported.",
        "The latest release gets no updates.",
        "Neither the latest release nor older ones are supported.",
        "We do not support the main branch.",
        "The main branch used to be supported.",
        "All 1.2.x versions aren't supported.",
        "We dropped support for all 2.x releases.",
        "All 2.x versions were supported.",
        "Versions older than 2.0 are out of support.",
        "1.2.x is supported (until 2024-06-30).",
        "1.2.x is supported (planned).",
        "1.2.x will get security updates (for enterprise users).",
        "1.2.x is supported; however, support ends in June 2027.",
        "1.2.x is supported, not on Windows.",
        "All 1.2.x releases except 1.2.3 are supported.",
        "Versions prior to 2.0 are supported until June 2024.",
        "1.2.x is affected by CVE-2024-1; the fix is in 1.3.",
        "We try to support the latest release.",
        "The latest release is supported for paying users.",
        "Red Hat supports the latest release.",
        "We support the latest version of all major browsers.",
        "The latest release of the Helm chart is supported.",
        "Dependabot updates dependencies to the latest version.",
        "The latest release supports Python 3.",
        "The latest release is vulnerable; fixes follow.",
        "The next release will be supported; the latest release is not.",
        "Pull requests with fixes go to the main branch.",
        "The master branch supports Windows.",
        "Security fixes are released < 48 hours after confirmation.",
        "Only TLS >= 1.2 is supported.",
        "We support kernels >= 5.4.",
        "The fix for CVE-2024-1 affects versions < 2.0.",
        "All 2.x versions support Windows.",
        "* [ ] 2.x is supported.",
    ] {
        let read = said(text);
        assert!(read.iter().all(|row| row.ends_with(" unknown")), "{text}: {read:?}");
    }
}

#[test]
fn a_denial_with_a_word_that_is_not_known_denies_nothing() {
    for text in [
        "1.2.x is no longer actively developed but still receives security fixes.",
        "1.2.x will not receive new features, only security fixes.",
        "1.2.x is in maintenance mode and will not receive new features.",
        "1.2.x will not receive bug fixes; security fixes continue.",
        "1.2.x is no longer maintained except for security fixes.",
        "1.2.x is not end of life.",
        "1.2.x is not supported with Python 2.",
        "1.2.x will reach end of life in June 2027.",
        "1.2.x is nearing end of life.",
        "1.2.x will no longer be supported once 2.0 is released.",
        "1.2.x will become unsupported when 2.0 ships.",
    ] {
        let read = said(text);
        assert!(read.iter().all(|row| row.ends_with(" unknown")), "{text}: {read:?}");
    }
}

#[test]
fn bullets_below_a_lead_that_denies_bounds_or_is_of_something_else_promise_nothing() {
    for lead in [
        "None of the following is supported:",
        "The following versions do get no updates:",
        "Drop support:",
        "Before 2024, we supported:",
        "The following versions received updates:",
        "All versions except the following are supported:",
        "All versions except those listed below are not supported:",
        "The vulnerability was addressed in the following versions:",
        "We released patches for CVE-2024-1 in the following versions:",
        "The following versions need updates:",
        "Python versions we support:",
        "For sponsors, we support:",
        "Best-effort support:",
        "We may provide updates for the following versions:",
        "The following versions get updates through June 2024:",
    ] {
        let read = said(&format!("{lead}\n\n- 2.x\n- 1.x"));
        assert!(read.iter().all(|row| row.ends_with(" unknown")), "{lead}: {read:?}");
    }
    let beside = said("We support:\n\n- 2.x\n- 1.x (ended)");
    assert_eq!(beside, ["range >=2.0.0, <3.0.0 yes", "prose unknown"]);
}
