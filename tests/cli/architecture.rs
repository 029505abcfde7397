//! The rooms of `docs/architecture.md`: what each may know of the others, and where the world may enter.
//!
//! Read from the paths in the sources themselves (`use` trees, and paths in code), with comments, texts and tests
//! taken out. Each exception is one file, with its reason.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// What each room may import of the others.
const ROOMS: &[(&str, &[&str])] = &[
    // Foundations: words and bytes.
    ("text", &[]),
    ("paths", &[]),
    ("json", &[]),
    ("at_once", &[]),
    ("digest", &[]),
    ("framed", &["digest"]),
    ("versions", &[]),
    ("release", &["text"]),
    ("outcome", &["release", "text"]),
    // Parsers of what strangers wrote.
    ("inside", &["json"]),
    ("advisories", &["inside", "json", "paths", "release", "text"]),
    ("security_policy", &["text", "versions"]),
    // What was found, whom to trust, what is proved, and what follows: no room sees one to its right.
    ("evidence", &["advisories", "digest", "framed", "inside", "json", "paths", "release", "text"]),
    ("trust", &["release", "text"]),
    ("proof", &["digest", "evidence", "framed", "json", "release", "text", "trust"]),
    (
        "facts",
        &[
            "advisories",
            "digest",
            "evidence",
            "inside",
            "json",
            "outcome",
            "paths",
            "proof",
            "release",
            "security_policy",
            "text",
            "trust",
            "versions",
        ],
    ),
    // Comparison and nothing else.
    (
        "checks",
        &[
            "advisories",
            "digest",
            "evidence",
            "facts",
            "inside",
            "outcome",
            "paths",
            "proof",
            "release",
            "security_policy",
            "text",
            "versions",
        ],
    ),
    ("policy", &["checks", "outcome", "release", "text", "trust", "versions"]),
    // A renderer sees the report, and no evidence.
    ("report", &["outcome", "release", "text"]),
    // Where the world enters.
    (
        "collect",
        &[
            "advisories",
            "at_once",
            "digest",
            "evidence",
            "framed",
            "inside",
            "json",
            "paths",
            "release",
            "text",
        ],
    ),
    (
        "evaluate",
        &["advisories", "checks", "evidence", "facts", "outcome", "policy", "release", "report", "trust"],
    ),
    ("cli", &["report", "trust"]),
    ("app", ALL),
    ("main", &["app", "cli"]),
    ("lib", &[]),
];

/// The one room that knows every stage.
const ALL: &[&str] = &["*"];

/// Files that may import more than their room.
const EXCEPTIONS: &[(&str, &str, &str)] = &[(
    "checks/mod.rs",
    "policy",
    "it runs every check with the policy's section for it, and applies levels and waivers to what they say",
)];

/// Who may reach for what of the world, and of the libraries that touch it. A file or a room.
const WORLD: &[(&str, &[&str])] = &[
    // Opened: the release's folder, the pack, the database; and by name, one artifact of `verify-bundle`.
    (
        "std::fs",
        // In `inside`, files without a name, which hold what is looked through.
        &[
            "app",
            "collect",
            "evidence/pack.rs",
            "advisories",
            "inside",
            "proof/sigstore.rs",
            "trust/refresh.rs",
        ],
    ),
    ("std::os", &["app", "collect", "evidence/pack.rs", "advisories", "inside/layout.rs"]),
    ("rustix", &["collect", "evidence/pack.rs"]),
    ("std::env", &["main"]),
    // `cargo metadata` on one's own checkout, with an end to its time, is the one child of this program.
    ("std::process", &["main", "advisories/shipping.rs"]),
    ("std::net", &["collect/live.rs", "collect/address.rs"]),
    ("std::thread", &["advisories/shipping.rs", "app/advisories.rs", "at_once.rs", "collect/git/budget.rs"]),
    (
        "std::time",
        &[
            // A length of time is no clock.
            "cli",
            "app/waiting.rs",
            "app/progress.rs",
            "advisories/shipping.rs",
            "collect/git/budget.rs",
            "collect/live.rs",
            "collect/progress.rs",
            "collect/transport.rs",
            "collect/waiting.rs",
        ],
    ),
    ("reqwest", &["collect/live.rs"]),
    ("tokio", &["collect/live.rs"]),
    ("terminal_size", &["main"]),
    ("indicatif", &["app/progress.rs"]),
    ("gix", &["collect/git", "advisories/checkout.rs", "evidence/pack/tag.rs"]),
    (
        "sigstore_verify",
        &["proof/sigstore.rs", "proof/raw.rs", "proof/cosign.rs", "proof/tag/gitsign.rs", "trust"],
    ),
    ("sigstore_tuf", &["trust/refresh.rs"]),
    ("aws_lc_rs", &["proof", "trust"]),
    ("rustsec", &["advisories"]),
    ("cargo_metadata", &["advisories/shipping.rs"]),
    ("clap", &["cli", "app", "main"]),
    ("clap_complete", &["cli", "app"]),
    ("clap_mangen", &["app"]),
    ("toml", &["policy", "facts/manifest.rs", "advisories"]),
];

/// Calls that no room may make, besides the files that are named.
const CALLS: &[(&str, &[&str])] = &[
    ("Timestamp::now", &["main.rs"]),
    ("SystemTime::now", &[]),
    (
        "Instant::now",
        &[
            "advisories/shipping.rs",
            "collect/git/budget.rs",
            "collect/live.rs",
            "collect/live/retry.rs",
            "collect/live/speed.rs",
        ],
    ),
    ("Zoned::now", &[]),
    ("env::var", &["main.rs"]),
    ("env::args", &[]),
    ("env::current_dir", &["main.rs"]),
    ("env::temp_dir", &[]),
    ("process::exit", &[]),
    ("Command::new", &["advisories/shipping.rs"]),
];

/// A source file of the program, without comments, texts and tests.
struct Source {
    /// Its path below `src`.
    path: String,
    text: String,
}

impl Source {
    fn room(&self) -> &str {
        let first = self.path.split('/').next().unwrap();
        first.strip_suffix(".rs").unwrap_or(first)
    }

    /// The modules above its items, from the crate's root.
    fn module(&self) -> Vec<String> {
        let path = self.path.strip_suffix(".rs").unwrap();
        let mut parts: Vec<String> = path.split('/').map(str::to_owned).collect();
        if parts.last().is_some_and(|last| matches!(last.as_str(), "mod" | "lib" | "main")) {
            parts.pop();
        }
        parts
    }

    /// Every path that begins at a crate, with `super` and `self` resolved: `crate::evidence::Seen`, `std::fs::File`.
    fn paths(&self) -> BTreeSet<String> {
        let mut found = Vec::new();
        let chars: Vec<char> = self.text.chars().collect();
        let mut at = 0;
        while at < chars.len() {
            let begins = (at == 0 || !(chars[at - 1].is_alphanumeric() || "_:.'\"".contains(chars[at - 1])))
                && (chars[at].is_alphabetic() || chars[at] == '_');
            if begins {
                tree(&chars, &mut at, String::new(), &mut found);
            } else {
                at += 1;
            }
        }
        let module = self.module();
        found.into_iter().filter(|path| path.contains("::")).map(|path| absolute(&module, &path)).collect()
    }
}

/// Reads a path, and the tree of paths that it may end in.
fn tree(chars: &[char], at: &mut usize, prefix: String, found: &mut Vec<String>) {
    let mut path = prefix;
    loop {
        let start = *at;
        while *at < chars.len() && (chars[*at].is_alphanumeric() || chars[*at] == '_') {
            *at += 1;
        }
        path.extend(&chars[start..*at]);
        if chars[*at..].starts_with(&[':', ':']) && chars.get(*at + 2) != Some(&'<') {
            path.push_str("::");
            *at += 2;
        } else {
            found.push(path);
            *at = (*at).max(start + 1).min(chars.len());
            return;
        }
        if chars.get(*at) == Some(&'{') {
            *at += 1;
            loop {
                while chars.get(*at).is_some_and(|c| c.is_whitespace() || *c == ',') {
                    *at += 1;
                }
                match chars.get(*at) {
                    None => return,
                    Some('}') => {
                        *at += 1;
                        return;
                    }
                    Some('*') => {
                        found.push(format!("{path}*"));
                        *at += 1;
                    }
                    Some(_) => tree(chars, at, path.clone(), found),
                }
                // `as NAME`, which names nothing new.
                while chars.get(*at).is_some_and(|c| !matches!(c, ',' | '}')) {
                    *at += 1;
                }
            }
        }
        if chars.get(*at) == Some(&'*') {
            found.push(format!("{path}*"));
            *at += 1;
            return;
        }
    }
}

/// A path from the root of the crate, where it was relative to `module`.
fn absolute(module: &[String], path: &str) -> String {
    let mut module = module.to_vec();
    let mut rest = path;
    let mut is_relative = false;
    loop {
        if let Some(after) = rest.strip_prefix("super::") {
            module.pop();
            (rest, is_relative) = (after, true);
        } else if let Some(after) = rest.strip_prefix("self::") {
            (rest, is_relative) = (after, true);
        } else {
            break;
        }
    }
    if !is_relative {
        return rest.to_owned();
    }
    let mut all = vec!["crate".to_owned()];
    all.extend(module);
    all.push(rest.to_owned());
    all.join("::")
}

/// The text with comments and the contents of texts blanked out.
fn code(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while at < chars.len() {
        let rest = &chars[at..];
        if rest.starts_with(&['/', '/']) {
            at += rest.iter().position(|c| *c == '\n').unwrap_or(rest.len());
        } else if rest.starts_with(&['/', '*']) {
            at += 2 + rest[2..]
                .windows(2)
                .position(|pair| pair == ['*', '/'])
                .map_or(rest.len() - 2, |n| n + 2);
        } else if let Some(hashes) = raw_text(rest) {
            let end: Vec<char> = std::iter::once('"').chain(std::iter::repeat_n('#', hashes)).collect();
            let body = 2 + hashes;
            let n = rest[body..].windows(end.len()).position(|window| window == end).unwrap();
            out.push_str("\"\"");
            at += body + n + end.len();
        } else if rest[0] == '"' {
            let mut n = 1;
            while rest[n] != '"' {
                n += if rest[n] == '\\' { 2 } else { 1 };
            }
            out.push_str("\"\"");
            at += n + 1;
        } else if let Some(n) = character(rest) {
            out.push_str("' '");
            at += n;
        } else {
            out.push(rest[0]);
            at += 1;
        }
    }
    out
}

/// How many `#` a raw text that begins here has.
fn raw_text(rest: &[char]) -> Option<usize> {
    (rest[0] == 'r').then_some(())?;
    let hashes = rest[1..].iter().take_while(|c| **c == '#').count();
    (rest.get(1 + hashes) == Some(&'"')).then_some(hashes)
}

/// The length of a character such as `'"'`; a lifetime has none.
fn character(rest: &[char]) -> Option<usize> {
    match rest {
        ['\'', '\\', ..] => Some(2 + rest[2..].iter().skip(1).position(|c| *c == '\'')? + 2),
        ['\'', _, '\'', ..] => Some(3),
        _ => None,
    }
}

/// Every source file that is part of the program.
fn sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut all: BTreeMap<PathBuf, String> = BTreeMap::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                all.insert(path.clone(), fs::read_to_string(&path).unwrap());
            }
        }
    }
    let tests: BTreeSet<PathBuf> = all.iter().flat_map(|(path, text)| test_files(path, text)).collect();
    let is_test =
        |path: &Path| tests.iter().any(|test| path.starts_with(test.with_extension("")) || path == test);
    all.into_iter()
        .filter(|(path, _)| !is_test(path))
        .map(|(path, text)| {
            let path = path.strip_prefix(&root).unwrap().to_str().unwrap().to_owned();
            Source { path, text: without_tests(&code(&text)) }
        })
        .collect()
}

/// The files of the modules that a file declares for tests.
fn test_files(path: &Path, text: &str) -> Vec<PathBuf> {
    let folder = path.parent().unwrap();
    let name = path.file_stem().unwrap().to_str().unwrap();
    let below = if matches!(name, "mod" | "lib" | "main") { folder.to_owned() } else { folder.join(name) };
    let mut files = Vec::new();
    for (at, mark) in text.match_indices("#[cfg(test)]") {
        let mut rest = text[at + mark.len()..].trim_start();
        let mut named = None;
        if let Some(after) = rest.strip_prefix("#[path = \"") {
            let end = after.find('"').unwrap();
            named = Some(folder.join(&after[..end]));
            rest = after[end + 2..].trim_start();
        }
        let rest = rest
            .trim_start_matches("pub(crate) ")
            .trim_start_matches("pub(super) ")
            .trim_start_matches("pub ");
        if let Some(declared) = rest.strip_prefix("mod ").and_then(|rest| rest.split_once([';', '{', '\n']))
            && text[at..].find(';') < text[at..].find('{').or(Some(usize::MAX))
        {
            let module = declared.0.trim();
            files.push(named.unwrap_or_else(|| below.join(format!("{module}.rs"))));
        }
    }
    files
}

/// The text up to the module of tests at its end.
fn without_tests(text: &str) -> String {
    let is_module = |at: &usize| {
        let rest = text[at + "#[cfg(test)]".len()..].trim_start();
        rest.starts_with("mod tests {") || rest.starts_with("mod tests{")
    };
    let end = text.match_indices("#[cfg(test)]").map(|(at, _)| at).find(is_module);
    text[..end.unwrap_or(text.len())].to_owned()
}

fn is_within(path: &str, prefix: &str) -> bool {
    path == prefix || path.strip_prefix(prefix).is_some_and(|rest| rest.starts_with("::"))
}

fn may(source: &Source, allowed: &[&str]) -> bool {
    let inside = |one: &&str| {
        source.room() == *one
            || source.path == *one
            || source.path.starts_with(&format!("{}/", one.trim_end_matches(".rs")))
    };
    allowed.iter().any(inside)
}

#[test]
fn no_room_imports_what_it_must_not_know() {
    let sources = sources();
    let known: BTreeSet<&str> = ROOMS.iter().map(|(room, _)| *room).collect();
    let mut wrong = Vec::new();
    let mut imports = 0;
    for source in &sources {
        let room = source.room();
        assert!(known.contains(room), "{}: the table has no room {room}", source.path);
        let allowed = ROOMS.iter().find(|(name, _)| *name == room).unwrap().1;
        for path in source.paths() {
            let Some(rest) = path.strip_prefix("crate::").or_else(|| path.strip_prefix("relcheck::")) else {
                continue;
            };
            imports += 1;
            let other = rest.split("::").next().unwrap();
            assert_ne!(other, "*", "{} imports everything", source.path);
            let is_named = known.contains(other);
            let excepted =
                EXCEPTIONS.iter().any(|(file, import, _)| source.path == *file && *import == other);
            if is_named && other != room && !excepted && allowed != ALL && !allowed.contains(&other) {
                wrong.push(format!("{} imports {path}", source.path));
            }
        }
    }
    assert!(imports > 300, "only {imports} imports were seen");
    assert_eq!(wrong, Vec::<String>::new());
    println!("{imports} imports in {} files of {} rooms", sources.len(), ROOMS.len());
}

#[test]
fn the_world_enters_where_the_table_says() {
    let mut wrong = Vec::new();
    let mut seen = BTreeSet::new();
    for source in sources() {
        for path in source.paths() {
            for (what, allowed) in WORLD {
                if is_within(&path, what) {
                    seen.insert(*what);
                    if !may(&source, allowed) {
                        wrong.push(format!("{} reaches for {path}", source.path));
                    }
                }
            }
        }
        for (call, allowed) in CALLS {
            if !allowed.contains(&source.path.as_str()) && source.text.contains(call) {
                wrong.push(format!("{} calls {call}", source.path));
            }
        }
    }
    for expected in
        ["std::fs", "std::env", "gix", "sigstore_verify", "rustsec", "clap", "rustix", "cargo_metadata"]
    {
        assert!(seen.contains(expected), "{expected} was seen nowhere: the test is blind");
    }
    assert_eq!(wrong, Vec::<String>::new());
}

#[test]
fn a_check_sees_no_bytes_no_network_no_clock_and_no_cryptography() {
    let forbidden = [
        "crate::collect",
        "crate::trust",
        "crate::app",
        "crate::proof::sigstore",
        "crate::proof::detached",
        "std::fs",
        "std::net",
        "std::env",
        "std::io",
    ];
    let checks: Vec<Source> = sources().into_iter().filter(|source| source.room() == "checks").collect();
    assert!(checks.len() >= 7, "{} files", checks.len());
    for source in checks {
        for path in source.paths() {
            assert!(!forbidden.iter().any(|one| is_within(&path, one)), "{} imports {path}", source.path);
        }
    }
}

#[test]
fn the_library_prints_nothing_by_itself() {
    for source in sources() {
        for call in ["println!", "print!", "eprintln!", "eprint!", "dbg!"] {
            assert!(!source.text.contains(call), "{}: {call}", source.path);
        }
        if !matches!(source.path.as_str(), "app/output.rs" | "main.rs") {
            assert!(
                !source.text.contains("stdout()") && !source.text.contains("stderr()"),
                "{}",
                source.path
            );
        }
    }
}

#[test]
fn an_exception_or_an_entry_that_nobody_needs_any_more_is_taken_out() {
    let sources = sources();
    let imports = |source: &Source, room: &str| {
        source.paths().iter().any(|path| {
            is_within(path, &format!("crate::{room}")) || is_within(path, &format!("relcheck::{room}"))
        })
    };
    for (file, room, reason) in EXCEPTIONS {
        let source = sources.iter().find(|source| source.path == *file).unwrap();
        assert!(imports(source, room), "{file} does not import {room} ({reason})");
    }
    for (room, _) in ROOMS {
        assert!(sources.iter().any(|source| source.room() == *room), "there is no room {room}");
    }
}

#[test]
fn the_reader_of_sources_sees_what_a_compiler_would() {
    let text = r##"
        //! use crate::ghost::A;
        use crate::{collect::{self, git::Repository as R}, outcome::*};
        use super::super::policy::Policy;
        use std::{fs::File, io};
        const A: &str = "crate::ghost::B"; const B: &str = r#"crate::ghost::"C""#; const C: char = '"';
        fn f<'a>(x: &'a str) { std::env::var("X"); crate::text::clean(x); Vec::<u8>::new(); '\''; }
        #[cfg(test)]
        mod tests { use crate::ghost::D; }
    "##;
    let source = Source { path: "checks/sub/x.rs".to_owned(), text: without_tests(&code(text)) };
    let paths = source.paths();
    for expected in [
        "crate::collect::self",
        "crate::collect::git::Repository",
        "crate::outcome::*",
        "crate::checks::policy::Policy",
        "std::fs::File",
        "std::io",
        "std::env::var",
        "crate::text::clean",
    ] {
        assert!(paths.contains(expected), "{expected}: {paths:?}");
    }
    assert!(!paths.iter().any(|path| path.contains("ghost")), "{paths:?}");
    let top =
        Source { path: "checks/x.rs".to_owned(), text: "use super::super::collect::Assets;".to_owned() };
    assert!(top.paths().contains("crate::collect::Assets"));
}
