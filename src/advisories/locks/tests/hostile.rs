//! What no lock file is: cut off, nested without end, too large, with a key twice, of a version to come.

use super::{covered, kept, read};
use crate::advisories::locks::{DEPTH_LIMIT, Fault, Format, LOCK_LIMIT, LockError, parse};

/// One whole file of each format, with what makes it one of a newer version, and one with something twice.
struct Case {
    file: (&'static str, String),
    /// What is replaced by what, and the version that is then found.
    newer: Option<(&'static str, &'static str, &'static str)>,
    /// What is replaced by what, and what is then there twice.
    twice: Option<(&'static str, &'static str, &'static str)>,
}

fn cases() -> Vec<Case> {
    let case = |file, newer, twice| Case { file, newer, twice };
    let name = Some(("{\n", "{\n\"name\": 1, \"name\": 2,", "the key $.name (line 2)"));
    vec![
        case(
            kept!("npm-1/package-lock.json"),
            Some(("\"lockfileVersion\": 1", "\"lockfileVersion\": 4", "4")),
            name,
        ),
        case(
            kept!("npm-2/package-lock.json"),
            Some(("\"lockfileVersion\": 2", "\"lockfileVersion\": \"2\"", "\"2\"")),
            Some((
                "\"node_modules/debug\"",
                "\"node_modules/ms\"",
                "the key $.packages[\"node_modules/ms\"] (line 84)",
            )),
        ),
        case(
            kept!("npm-3/package-lock.json"),
            Some(("\"lockfileVersion\": 3", "\"lockfileVersion\": 3.5", "3.5")),
            None,
        ),
        case(
            kept!("pnpm-5/pnpm-lock.yaml"),
            Some(("lockfileVersion: 5.4", "lockfileVersion: 4", "4")),
            Some(("/ms/2.1.2:", "/debug/4.3.1:", "the key /debug/4.3.1 (line 61)")),
        ),
        case(kept!("pnpm-6/pnpm-lock.yaml"), Some(("'6.0'", "'7.0'", "7.0")), None),
        case(
            kept!("pnpm-9/pnpm-lock.yaml"),
            Some(("'9.0'", "'10.0'", "10.0")),
            Some(("settings:", "lockfileVersion:", "the key lockfileVersion (line 3)")),
        ),
        case(
            kept!("pnpm-12/pnpm-lock.yaml"),
            Some(("'9.0'", "'10.0'", "10.0")),
            Some(("settings:", "lockfileVersion:", "the key lockfileVersion (line 24)")),
        ),
        case(
            kept!("yarn-1/yarn.lock"),
            Some(("lockfile v1", "lockfile v2", "# yarn lockfile v2")),
            Some(("ms@2.1.2:", "debug@4.3.1:", "the entry debug@4.3.1")),
        ),
        case(
            kept!("yarn-berry/yarn.lock"),
            Some(("version: 10\n", "version: 11\n", "11")),
            Some(("\"ms@npm:2.1.2\":", "\"debug@npm:4.3.1\":", "the key debug@npm:4.3.1 (line 63)")),
        ),
        case(
            kept!("bun/bun.lock"),
            Some(("\"lockfileVersion\": 1", "\"lockfileVersion\": 4", "4")),
            Some(("\"ms\": [", "\"debug\": [", "the key $.packages.debug (line 35)")),
        ),
        case(
            kept!("bun-2/bun.lock"),
            Some(("\"lockfileVersion\": 2", "\"lockfileVersion\": \"2\"", "\"2\"")),
            None,
        ),
        case(
            kept!("bun-3/bun.lock"),
            Some(("\"lockfileVersion\": 3", "\"lockfileVersion\": 3.5", "3.5")),
            None,
        ),
        case(
            kept!("uv/uv.lock"),
            Some(("version = 1\n", "version = 2\n", "2")),
            Some(("revision = ", "version = ", "the key version (line 2)")),
        ),
        case(
            kept!("poetry/poetry.lock"),
            Some(("lock-version = \"2.1\"", "lock-version = \"3.0\"", "3.0")),
            Some(("python-versions = \">=3.10,<4\"", "lock-version = \"2.1\"", "the key lock-version")),
        ),
        case(
            kept!("pdm/pdm.lock"),
            Some(("4.5.0", "4.6.0", "4.6.0")),
            Some(("strategy =", "groups =", "the key groups (line 6)")),
        ),
        case(
            kept!("uv/pylock.toml"),
            Some(("lock-version = \"1.0\"", "lock-version = \"1.1\"", "1.1")),
            Some(("created-by =", "lock-version =", "the key lock-version (line 4)")),
        ),
        case(
            kept!("pipenv/Pipfile.lock"),
            Some(("\"pipfile-spec\": 6", "\"pipfile-spec\": 7", "7")),
            Some(("\"develop\"", "\"default\"", "the key $.default")),
        ),
        case(kept!("pip-compile/requirements.txt"), None, None),
        case(kept!("bundler/Gemfile.lock"), None, None),
        case(kept!("bundler-2.6/Gemfile.lock"), None, None),
        case(
            kept!("composer/composer.lock"),
            Some(("\"2.3.0\"", "\"3.0.0\"", "3.0.0")),
            Some(("\"packages-dev\"", "\"packages\"", "the key $.packages (line 147)")),
        ),
        case(
            kept!("nuget/packages.lock.json"),
            Some(("\"version\": 1", "\"version\": 3", "3")),
            Some((
                "\"Serilog\": {\n",
                "\"Newtonsoft.Json\": {\n",
                "the key $.dependencies[\".NETCoreApp,Version=v3.1\"][\"Newtonsoft.Json\"] (line 32)",
            )),
        ),
        case(kept!("gradle/gradle.lockfile"), None, None),
        case(
            kept!("nuget-2/packages.lock.json"),
            Some(("\"version\": 2", "\"version\": 3", "3")),
            Some((
                "\"inner\": {",
                "\"Serilog\": {",
                "the key $.dependencies[\".NETStandard,Version=v2.0\"].Serilog (line 61)",
            )),
        ),
        case(
            kept!("nuget-2-net8/packages.lock.json"),
            Some(("\"version\": 2", "\"version\": 3", "3")),
            Some(("\"inner\": {", "\"Serilog\": {", "the key $.dependencies[\"net8.0\"].Serilog (line 20)")),
        ),
        case(kept!("mix/mix.lock"), None, Some(("\"mono\": {", "\"forked\": {", "the key forked"))),
        case(kept!("mix-hex/mix.lock"), None, Some(("\"mime\": {", "\"jason\": {", "the key jason"))),
    ]
}

fn fault(path: &str, text: &str) -> Fault {
    match read(path, text) {
        Err(LockError::File { format, fault }) => {
            assert_eq!(Some(format), Format::of(path));
            fault
        }
        other => panic!("{path}: {other:?}"),
    }
}

#[test]
fn a_file_cut_off_at_any_sixteenth_is_refused_or_lists_nothing_that_the_whole_one_does_not() {
    let mut refused = 0;
    let mut shorter = 0;
    for Case { file: (path, text), .. } in cases() {
        let whole = covered(&read(path, &text).unwrap());
        for part in 0..16 {
            let mut end = text.len() * part / 16;
            while !text.is_char_boundary(end) {
                end -= 1;
            }
            match read(path, &text[..end]) {
                Err(_) => refused += 1,
                // These have neither an end nor, of necessity, a list of what depends on what.
                Ok(lock) if matches!(Format::of(path), Some(Format::Requirements | Format::Pylock)) => {
                    shorter += 1;
                    let rows = covered(&lock);
                    let (last, before) = rows.split_last().unwrap();
                    assert!(before.iter().all(|row| whole.contains(row)), "{path} at {part}/16: {rows:?}");
                    assert!(whole.contains(last) || whole.iter().any(|row| row.starts_with(last.as_str())));
                }
                Ok(lock) => panic!("{path} at {part}/16 of {whole:?}: {:?}", covered(&lock)),
            }
        }
    }
    eprintln!("{refused} refused, {shorter} shorter");
    assert!(refused > 280 && shorter < 20);
}

#[test]
fn a_newer_version_is_named_with_those_that_are_known() {
    let mut counted = 0;
    for Case { file: (path, text), newer, .. } in cases() {
        let Some((from, to, expected)) = newer else { continue };
        assert!(text.contains(from), "{path}: {from}");
        match fault(path, &text.replacen(from, to, 1)) {
            Fault::UnknownVersion { found, known } => {
                assert_eq!(found, expected, "{path}");
                assert!(!known.is_empty());
                counted += 1;
            }
            other => panic!("{path}: {other:?}"),
        }
    }
    eprintln!("{counted} newer versions");
}

#[test]
fn what_is_there_twice_is_named() {
    let mut counted = 0;
    let mut others = Vec::new();
    for Case { file: (path, text), twice, .. } in cases() {
        let Some((from, to, expected)) = twice else { continue };
        assert!(text.contains(from), "{path}: {from}");
        match fault(path, &text.replacen(from, to, 1)) {
            Fault::Duplicate(found) => {
                counted += 1;
                if !found.starts_with(expected) {
                    others.push(format!("{path}: {found}"));
                }
            }
            other => panic!("{path}: {other:?}"),
        }
    }
    eprintln!("{counted} duplicates");
    assert_eq!(others, Vec::<String>::new());
}

#[test]
fn too_much_and_what_is_no_text_is_refused_before_it_is_read() {
    for Case { file: (path, text), .. } in cases() {
        let format = Format::of(path).unwrap();
        let large = parse(path, &vec![b' '; LOCK_LIMIT + 1]).unwrap_err();
        assert_eq!(large, LockError::File { format, fault: Fault::TooLarge });
        let mut bytes = text.into_bytes();
        bytes.push(0xff);
        assert_eq!(parse(path, &bytes).unwrap_err(), LockError::File { format, fault: Fault::NotText });
    }
}

#[test]
fn nesting_without_end_is_refused_in_every_notation() {
    let deep = 1 << 16;
    let json = format!("{{\"a\":{}", "[".repeat(deep));
    let toml = format!("a = {}\n", "[".repeat(deep));
    let flow = format!("__metadata:\n  version: 8\na: {}{}\n", "[".repeat(deep), "]".repeat(deep));
    let block: String = (0..DEPTH_LIMIT + 9).map(|n| format!("{}a:\n", " ".repeat(n))).collect();
    let mix = format!("%{{\"a\": {}", "[".repeat(deep));
    for (path, text) in [
        ("package-lock.json", json.as_str()),
        ("bun.lock", &json),
        ("Pipfile.lock", &json),
        ("composer.lock", &json),
        ("packages.lock.json", &json),
        ("pnpm-lock.yaml", &block),
        ("mix.lock", &mix),
    ] {
        assert_eq!(fault(path, text), Fault::TooDeep, "{path}");
    }
    for (path, text) in
        [("uv.lock", toml.as_str()), ("poetry.lock", &toml), ("pdm.lock", &toml), ("pylock.toml", &toml)]
    {
        assert!(matches!(fault(path, text), Fault::Syntax(_) | Fault::TooDeep), "{path}");
    }
    assert!(matches!(fault("yarn.lock", &flow), Fault::Syntax(_) | Fault::TooDeep));
}

#[test]
fn anchors_merges_and_several_documents_are_no_part_of_a_lock_file() {
    let head = "lockfileVersion: '9.0'\n";
    for tail in ["a: &b {}\nc: *b\n", "a: &b {x: 1}\nc:\n  <<: *b\n", "--- {lockfileVersion: '9.0'}\n"] {
        assert!(matches!(fault("pnpm-lock.yaml", &format!("{head}{tail}")), Fault::Syntax(_)), "{tail}");
    }
    // Of two documents of pnpm both count, and neither may be missing.
    let document = |name: &str| {
        format!(
            "---\n{head}packages:\n  {name}@1.0.0:\n    resolution: {{integrity: x}}\nsnapshots:\n  {name}@1.0.0: {{}}\n"
        )
    };
    let (one, other) = (document("a"), document("b"));
    let lock = read("pnpm-lock.yaml", &format!("{one}{other}")).unwrap();
    assert_eq!(covered(&lock), ["a 1.0.0", "b 1.0.0"]);
    for cut in [one.clone(), format!("{one}---\n"), format!("{one}---\n# nothing\n")] {
        let error = fault("pnpm-lock.yaml", &cut);
        assert!(matches!(error, Fault::Incomplete { .. }), "{cut}: {error}");
    }
    assert!(matches!(fault("pnpm-lock.yaml", &format!("{one}{other}{other}")), Fault::Limit { .. }));
}

#[test]
fn a_hundred_thousand_packages_are_read_and_a_million_refused() {
    let requirements = |n: usize| (0..n).map(|n| format!("p{n}==1.0\n")).collect::<String>();
    assert_eq!(covered(&read("requirements.txt", &requirements(100_000)).unwrap()).len(), 100_000);
    let yarn = |n: usize| {
        let entries: String = (0..n).map(|n| format!("p{n}@^1:\n  version \"1.0.0\"\n")).collect();
        format!("# yarn lockfile v1\n{entries}")
    };
    let go = |n: usize| {
        format!("module m\n{}", (0..n).map(|n| format!("require m/p{n} v1.0.0\n")).collect::<String>())
    };
    let gradle = |n: usize| (0..n).map(|n| format!("g:p{n}:1.0=c\n")).collect::<String>();
    for (path, text) in [
        ("requirements.txt", requirements(600_000)),
        ("yarn.lock", yarn(300_000)),
        ("go.mod", go(300_000)),
        ("gradle.lockfile", gradle(600_000)),
    ] {
        assert!(text.len() < LOCK_LIMIT);
        assert_eq!(fault(path, &text), Fault::TooMany, "{path}");
    }
}

#[test]
fn a_file_without_packages_says_so() {
    let mut counted = 0;
    for (path, text) in [
        ("pnpm-lock.yaml", "lockfileVersion: '9.0'\nimporters: {}\n"),
        ("yarn.lock", "# yarn lockfile v1\n"),
        ("yarn.lock", "__metadata:\n  version: 8\n"),
        ("bun.lock", "{\"lockfileVersion\": 1, \"workspaces\": {}, \"packages\": {}}"),
        ("requirements.txt", "# nothing\n"),
        ("uv.lock", "version = 1\n"),
        ("poetry.lock", "package = []\n[metadata]\nlock-version = \"2.1\"\ncontent-hash = \"0\"\n"),
        ("pdm.lock", "[metadata]\nlock_version = \"4.5.0\"\n"),
        ("pylock.toml", "lock-version = \"1.0\"\ncreated-by = \"x\"\npackages = []\n"),
        ("Pipfile.lock", "{\"_meta\": {\"pipfile-spec\": 6, \"sources\": []}, \"default\": {}}"),
        ("Gemfile.lock", "GEM\n  specs:\n\nDEPENDENCIES\n"),
        ("composer.lock", "{\"content-hash\": \"0\", \"packages\": []}"),
        ("packages.lock.json", "{\"version\": 1, \"dependencies\": {\"net8.0\": {}}}"),
        ("gradle.lockfile", "empty=classpath\n"),
        ("mix.lock", "%{}\n"),
    ] {
        assert_eq!(fault(path, text), Fault::NoPackages, "{path}");
        counted += 1;
    }
    eprintln!("{counted} empty files");
}

#[test]
fn a_name_of_no_format_is_an_error_that_lists_the_known_ones() {
    let error = read("a\u{1b}[2J.lock", "").unwrap_err().to_string();
    assert!(error.starts_with("a\\u{1b}[2J.lock is not the name of a lock file"), "{error}");
    assert!(error.contains("pnpm-lock.yaml"));
    let error = read("a/go.work", "go 1.26\nuse .\n").unwrap_err().to_string();
    assert!(error.starts_with("a/go.work selects nothing alone: give the `go.mod` files"), "{error}");
}
