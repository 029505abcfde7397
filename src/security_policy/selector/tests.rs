use super::*;

fn told(text: &str) -> String {
    let selector = Selector::read(text, false);
    let range = selector.range.map(|range| format!(" {range}")).unwrap_or_default();
    format!("{}{range}", selector.kind.name())
}

#[test]
fn number_cells_are_read_as_the_ranges_they_mean() {
    for (cell, meaning) in [
        ("0.2.x", "range >=0.2.0, <0.3.0"),
        ("1.x", "range >=1.0.0, <2.0.0"),
        ("1.x.x", "range >=1.0.0, <2.0.0"),
        ("vA.x", "unknown"),
        ("v49 :anchor:", "range >=49.0.0, <50.0.0"),
        ("1.18", "range >=1.18.0, <1.19.0"),
        ("1.*", "range >=1.0.0, <2.0.0"),
        ("10 LTS", "range >=10.0.0, <11.0.0"),
        ("1.5.4.x", "range >=1.5.4.0, <1.5.5.0"),
        ("2021.1.x", "range >=2021.1.0, <2021.2.0"),
        ("3.2.0", "exact =3.2.0"),
        ("v2.4.70.1", "exact =2.4.70.1"),
        ("v1.2.0-alpha", "exact =1.2.0-alpha"),
        ("2.0.0v", "exact =2.0.0"),
        ("2.5.4 (Crimson Red)", "exact =2.5.4"),
        ("2.6-dev (Dreamy Duskywing)", "range >=2.6.0-0, <2.7.0"),
        ("1.0.0-rc.x", "range >=1.0.0-rc, <1.0.0-rc-"),
        ("0.4.0-preview.*", "range >=0.4.0-preview, <0.4.0-preview-"),
        ("< 1.0.0-rc.0", "range <1.0.0-rc.0"),
        ("7.x (alpha)", "range >=7.0.0-0, <8.0.0"),
        ("< 1.0", "range <1.0.0"),
        ("< 7.2.x", "range <7.2.0"),
        ("<0.2.0", "range <0.2.0"),
        ("<= 3.26", "range <3.27.0"),
        ("≤ 1.17.x", "range <1.18.0"),
        ("<= 1.9.1", "range <=1.9.1"),
        ("<= 1", "range <2.0.0"),
        (">= 2.0", "range >=2.0.0"),
        ("> 1.0", "range >1.0.0"),
        ("> 1.x", "range >=2.0.0"),
        ("20.15.1 +", "range >=20.15.1"),
        ("1.2+", "range >=1.2.0"),
        ("1.2 and later", "range >=1.2.0"),
        ("1.2 and earlier", "range <1.3.0"),
        ("before 1.2", "range <1.2.0"),
        ("1.2 - 1.4", "range >=1.2.0, <1.5.0"),
        ("1.2.0 – 1.4.3", "range >=1.2.0, <=1.4.3"),
        (">= 1.0, < 2.0", "range >=1.0.0, <2.0.0"),
        ("< 2.0 and >= 1.0", "range >=1.0.0, <2.0.0"),
        ("^1.2", "range >=1.2.0, <2.0.0"),
        ("^0.2.3", "range >=0.2.3, <0.3.0"),
        ("~1.2.3", "range >=1.2.3, <1.3.0"),
        ("~> 1.2", "range >=1.2.0, <2.0.0"),
        ("Version 1.x", "range >=1.0.0, <2.0.0"),
        ("2.0 이상", "range >=2.0.0"),
        ("=< 1.9.1", "range <=1.9.1"),
        ("1.x.y", "range >=1.0.0, <2.0.0"),
        ("v0.3.x 및 이전", "range <0.4.0"),
        ("< 1.0 (Alpha/Beta)", "range <1.0.0"),
        ("1.2.0 (frozen, 2025-10-08)", "exact =1.2.0"),
        ("< 1.2 (no longer supported)", "range <1.2.0"),
    ] {
        assert_eq!(told(cell), meaning, "{cell}");
    }
}

#[test]
fn word_cells_are_read_as_what_they_name() {
    for (cell, meaning) in [
        ("Latest release", "latest"),
        ("latest", "latest"),
        ("Latest GitHub release", "latest"),
        ("Latest major version", "latest"),
        ("Most recent stable version", "latest"),
        ("Latest v1.x", "latest >=1.0.0, <2.0.0"),
        ("Latest release in 8.x", "latest >=8.0.0, <9.0.0"),
        ("Latest (2.x.x)", "latest >=2.0.0, <3.0.0"),
        ("2.latest", "latest >=2.0.0, <3.0.0"),
        ("2.0.<latest>", "latest >=2.0.0, <2.1.0"),
        ("Previous release", "previous"),
        ("latest - 1", "previous"),
        ("< Previous release", "before-previous"),
        ("<= Latest - 2", "before-previous"),
        ("< latest", "before-latest"),
        ("< 2.latest", "before-latest >=2.0.0, <3.0.0"),
        ("Older major versions", "before-latest"),
        ("older than latest", "before-latest"),
        ("Latest (main)", "latest"),
        ("Latest stable release (master branch)", "latest"),
        ("Current minor (on main)", "latest"),
        ("Latest 2.x (on the develop branch)", "latest >=2.0.0, <3.0.0"),
        ("main / latest", "latest"),
        ("Latest release / main branch", "latest"),
        ("Older 3.x", "before-latest >=3.0.0, <4.0.0"),
        ("Older 1.x minors", "before-latest >=1.0.0, <2.0.0"),
        ("Dernière version", "latest"),
        ("最新稳定版", "latest"),
        ("Última versión (2.x)", "latest >=2.0.0, <3.0.0"),
        ("Neueste Version", "latest"),
        ("Последняя версия", "latest"),
        ("最新バージョン", "latest"),
        ("최신 버전", "latest"),
        ("1.x (latest)", "range >=1.0.0, <2.0.0"),
        ("older", "rest"),
        ("All other releases", "rest"),
        ("All Previous", "rest"),
        ("Previous versions", "rest"),
        ("Other branches or forked versions", "rest"),
        ("旧版本", "rest"),
        ("not :edge", "rest"),
        ("main", "branch"),
        ("main branch", "branch"),
        ("main (HEAD)", "branch"),
        ("main branch (latest commit)", "branch"),
        ("Latest release on main", "latest"),
        ("Latest release on main (current 0.x)", "latest >=0.0.0, <1.0.0"),
        ("Current main release", "latest"),
        ("Latest GitHub/PyPI release", "latest"),
        ("Previous stable (N-1)", "previous"),
        ("Older commits", "rest"),
        ("Default branch, nightly builds, development/alpha/beta releases*", "branch"),
        (":edge", "channel"),
    ] {
        assert_eq!(told(cell), meaning, "{cell}");
    }
}

#[test]
fn what_the_grammar_has_no_place_for_is_unknown() {
    for cell in [
        "16.0.4 >",
        "{{VERSION_SUPPORT_TABLE}}",
        "x.x.x",
        "not 1.x",
        "1.x except 1.2",
        "8.x-3.x",
        "1.0, 1.1",
        "main, 1.x",
        "=> 1.0",
        "1.x (latest minor)",
        "Latest (not main)",
        "Latest (main and develop)",
        "Latest (main only)",
        "Previous (main)",
        "main / 1.x",
        "main / previous",
        "latest / nightly / main",
        "Older 3.2.1",
        "Dernière version sauf 2.0",
        "最新稳定版以外",
        "99999999999999999999.x",
        "18446744073709551615.x",
        ">= 2.0, < 1.0",
        "LTS",
        "stable",
        "3.0-beta",
        "3.0-rc.x",
        "1.0.0-rc.x.1",
        "1.1.6-x.*",
        "1.0.0-1.x",
        "< 1.0.0-rc.x",
        "1.2.3.4.5",
        "0.2.x\u{202e}",
        "latest and previous",
        "1.y",
        "1.y.x",
        "0.4.x-windows",
        "1.x (2025-10-08)",
        "1.2.0 (until 2025-10-08)",
        "1.x (if you pay)",
        "1.x (no longer free)",
        "1.x (HEAD)",
        "1.x (earlier)",
        "Latest version on main",
        "Latest release on main, 1.x",
        "Previous main release",
        "Latest GitHub/Windows release",
        "Previous stable (N-2)",
        "Latest (N-1)",
        "1.x (N-1)",
        "unreleased commits",
        "development builds",
        "all snapshots",
        "older minor builds",
        "1.x (main, paid)",
        "2.x earlier",
        "",
    ] {
        assert_eq!(told(cell), "unknown", "{cell}");
    }
}

#[test]
fn older_states_of_the_code_are_named_by_nobody_and_are_never_promised() {
    for cell in [
        "Older tags and feature branches",
        "tags / older",
        "Older alphas",
        "Earlier development commits",
        "Earlier or modified builds",
        "Any fork or older checkout",
        "< main",
    ] {
        let selector = Selector::read(cell, false);
        assert_eq!(selector.kind, Kind::Rest, "{cell}");
        assert_eq!(selector.promised(Support::No), Support::No, "{cell}");
        assert_eq!(selector.promised(Support::Yes), Support::Unknown, "{cell}");
    }
    for (cell, meaning) in [
        ("Demais versões", "rest"),
        ("Vorherige Versionen", "rest"),
        ("更旧版本", "rest"),
        ("1.x (main)", "range >=1.0.0, <2.0.0"),
        ("1.x (rama main)", "range >=1.0.0, <2.0.0"),
        ("Earlier 2.x releases", "before-latest >=2.0.0, <3.0.0"),
        ("main ブランチ", "branch"),
        ("main 分支最新提交", "branch"),
        ("Unreleased main", "branch"),
        ("v1.11.x（最新）", "range >=1.11.0, <1.12.0"),
        ("1.x (latest only)", "latest >=1.0.0, <2.0.0"),
        ("1.x (only the latest minor)", "unknown"),
        (">= 1.0 (latest only)", "unknown"),
        ("dernière - 1", "previous"),
    ] {
        assert_eq!(told(cell), meaning, "{cell}");
    }
}
