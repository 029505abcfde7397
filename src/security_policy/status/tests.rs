use super::super::tests::support;
use super::*;

fn told(text: &str) -> String {
    support(&Status::read(text, &Legend::new()).support)
}

#[test]
fn icons_codes_characters_and_words_are_read() {
    for (cell, meaning) in [
        (":white_check_mark:", "yes"),
        ("✅", "yes"),
        ("✔️", "yes"),
        ("Yes", "yes"),
        ("yes", "yes"),
        ("🟢", "yes"),
        ("✅ **Fully Supported**", "yes"),
        ("still supported:white_check_mark:", "yes"),
        ("✅ 支持中", "yes"),
        ("feature updates", "yes"),
        (":white_check_mark: Active", "yes"),
        (":x:", "no"),
        (":X:", "no"),
        ("❌ Not supported", "no"),
        ("❎", "no"),
        ("no longer supported:x:", "no"),
        ("No", "no"),
        ("Unsupported", "no"),
        ("End of life", "no"),
        (":х:", "no"),
        (":white_check_mark: (backports only)", "security-only"),
        (":warning: Limited maintenance", "security-only"),
        ("Security fixes only", "security-only"),
        ("until July 2027", "until 2027-07"),
        ("✅ until 2027-01-31", "until 2027-01-31"),
        ("✅ through 2027", "until 2027-12"),
        ("Supported (EOL: 2027-06-30)", "until 2027-06-30"),
        ("Active (EOL 2027-06-30)", "until 2027-06-30"),
        ("Supported, EOL June 2027", "until 2027-06"),
        ("✅ supported (until 2027-01-31)", "until 2027-01-31"),
        ("✅ (since 2023)", "yes"),
        ("Full support with security patches", "yes"),
        ("Yes — fixes land here first", "yes"),
        ("yes (current development)", "yes"),
        ("Supported – gets fixes first", "yes"),
        ("**No — a version gets nothing the moment another one is out**", "no"),
        ("No (please upgrade)", "no"),
        ("EOL since 2021", "no"),
        ("⚠️ Security fixes only (EOL: 2031-06-30)", "until 2031-06-30"),
        ("Critical fixes only, until June 2031", "until 2031-06"),
        ("LTS until Jun 2031", "until 2031-06"),
        ("✅ Maintained until 2031-06-30", "until 2031-06-30"),
        ("Security patches until 2031-06", "until 2031-06"),
        (":white_check_mark: Critical patches only", "security-only"),
        ("🟡 Security updates", "security-only"),
        ("Yes (security)", "security-only"),
        ("Yes — security fixes", "security-only"),
        ("Active development", "yes"),
        ("Full support: bug fixes, security patches, new features", "yes"),
        ("활성 지원", "yes"),
        ("No active support; the manual stays", "no"),
        ("Support ended, EOL", "no"),
        ("No longer supported (upgrade to get fixes)", "no"),
        ("✅ Active (EOL approaching)", "yes"),
        ("Support was discontinued", "no"),
        ("❌ Will be discontinued", "no"),
        ("EOL, will get no fixes", "no"),
        ("until 2.0.0", "until release 2.0.0"),
        ("Yes (until 0.4.0 ships)", "until release 0.4.0"),
    ] {
        assert_eq!(told(cell), meaning, "{cell}");
    }
}

#[test]
fn what_is_not_said_is_unknown() {
    for cell in [
        "",
        "...",
        "TBD",
        "Best effort",
        ":warning:",
        "⚠️",
        ":hammer:",
        "✅ ❌",
        "Not Public",
        "yes and no",
        "maybe supported",
        "✅ (ended 2025-06-01)",
        "✅ ended in June 2025",
        "✅ expired 2024",
        "✅ (support ended)",
        "✅ until the next major",
        "Yes (ended 2025-06-01)",
        "Supported (2024-01-01)",
        "Supported with security patches",
        "Yes (updates)",
        "Yes, once it is released",
        "Yes — for customers only",
        "Yes — but not on Windows",
        "Yes (2.1+)",
        "Yes, until the next one",
        "No — unless it is critical",
        "No, but critical fixes are backported",
        "until 12.10.26",
        "✅ as soon as officially released",
        "✅ (30 days after a new minor ships)",
        "✅ from 1.2.3",
        "✅ planned",
        "✅ when it is out",
        "✅ on request",
        "✅ 发布后",
        "Deprecated",
        "Supported, EOL soon",
        "Support will be discontinued",
        "Will be unsupported soon",
        "To be discontinued",
        "Not yet discontinued",
        "soon end of life",
        "Security patches only (3 months)",
        "Security fixes only, until the next release",
        "No longer than June",
        "Active - end of life in some months",
        "Supported until EOL",
        "Maintenance (EOL 02/28/2031)",
        "Critical fixes, EOL soon",
        "Unsupported except critical fixes",
        "Not supported unless critical",
        "Not maintained — urgent fixes are backported",
        "Not EOL",
        "Bug fixes until 2031-06",
        "Active support until 2031-06",
        "Full support: bug fixes until 2031",
        "🟡 Updates",
        "Security updates",
        "✅ Latest only",
        "Active development, no fixes",
        "✅ Maintenance (EOL 02/28/2031)",
        "✅ No longer developed, security fixes only",
    ] {
        assert_eq!(told(cell), "unknown", "{cell}");
    }
}

#[test]
fn what_follows_a_no_leaves_it_one_unless_it_takes_something_back() {
    for cell in [
        "No (cut from `main` at a point in time)",
        "No — use only for testing",
        "No (never published)",
        "No (retired)",
        "No further fixes; upgrade to >= 0.2.1",
        "Archived",
        "Superseded",
        "Superseded by 2.0.0 — please upgrade",
        "Deprecated — removed from PyPI",
    ] {
        assert_eq!(told(cell), "no", "{cell}");
    }
    for cell in [
        "No (from 2.0)",
        "No — only critical fixes",
        "No (not yet)",
        "No (security fixes are still backported)",
        "No (supported elsewhere)",
        "No (without a contract)",
        "Removed in 3.0",
        "提供なし（重大な場合を除く）",
        "No fixes for small issues",
        "No further features; upgrade to >= 0.2.1",
        "No (>= 0.2.1)",
        "No (ends in June)",
        "No (until 2.0 is out)",
        "No — security",
        "Archived (security fixes only on request)",
        "Archived 2031-01-01",
        "Archived, still supported",
        "Archived soon",
        "Archived: no",
        "Archived (LTS)",
        "Removed by next release",
        "Removed from docs",
        "Superseded by 2.x, LTS",
        "No (apart from security)",
        "No, from July on",
        "No updates (security: yes)",
        "No fixes — none needed",
        "新機能の提供なし",
        "Removed features",
        "Deprecated — use 2.x",
    ] {
        assert_eq!(told(cell), "unknown", "{cell}");
    }
}

#[test]
fn what_follows_a_yes_leaves_it_one_where_its_words_are_known() {
    for cell in [
        "Yes — receives fixes through `hotfix/*` branches",
        "✅ free of charge",
        "✅ 持续支持",
        "✅ セキュリティアップデート提供",
        "✅ текущая",
        "✅ activamente mantenida",
        "対応します",
        "Активная",
    ] {
        assert_eq!(told(cell), "yes", "{cell}");
    }
    for cell in [
        "Yes — receives fixes through the next branches",
        "✅ of charge",
        "✅ 至下一 minor",
        "✅ только текущая",
        "✅ セキュリティアップデート提供予定",
        "対応しません",
    ] {
        assert_eq!(told(cell), "unknown", "{cell}");
    }
}

#[test]
fn limits_are_read_beside_what_is_fixed_and_in_other_languages() {
    for cell in [
        "Legacy — critical fixes only",
        "⚠️ Critical issues only",
        "✅ Correctifs sécurité uniquement",
        "⚠️ 限定サポート",
        "보안 패치만",
    ] {
        assert_eq!(told(cell), "security-only", "{cell}");
    }
    for cell in [
        "Legacy",
        "⚠️ Critical issues",
        "⚠️ Apenas críticos",
        "보안 패치만 (2031년 말 EOL 예정)",
        "Legacy — critical fixes only for customers",
        "Issues only",
    ] {
        assert_eq!(told(cell), "unknown", "{cell}");
    }
}

#[test]
fn a_mark_that_a_translation_broke_is_read_and_said() {
    assert!(Status::read(":х:", &Legend::new()).broken_mark);
    assert!(!Status::read(":x:", &Legend::new()).broken_mark);
}
