//! The reader held against a person's readings of real policies, which lie beside the repository.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::{Conclusion, PublishedTag, Refs, Status, judge, read, to_json};
use crate::versions::TagVersion;

/// The folder of readings; `None` is said loudly, and is a failure on CI.
pub(super) fn folder(name: &str) -> Option<PathBuf> {
    let path = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/data")).join(name);
    if path.is_dir() {
        return Some(path);
    }
    assert!(std::env::var_os("CI").is_none(), "{} is absent on CI", path.display());
    eprintln!("SKIPPED: {} is absent", path.display());
    None
}

/// Readings that are wrong: this file has a section "Supported Versions" with a table of 13 rows on its line 146, which
/// the person who read its tables of CVEs did not come to. What is read of it is held below instead.
const DISPUTED: &str = "AcademySoftwareFoundation__openexr";

type Told = (String, String, String);

fn told(rows: &Value) -> Vec<Told> {
    let rows = rows.as_array().expect("rows are a list");
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    rows.iter()
        .map(|row| {
            let range =
                row["selector"]["range"].as_str().unwrap_or_default().replace(' ', "").replace("-0,", ",");
            (text(&row["selector"]["kind"]), range, text(&row["supported"]).to_lowercase())
        })
        .collect()
}

#[test]
fn real_policies_are_read_as_a_person_read_them() {
    let Some(folder) = folder("security-md") else { return };
    let (mut right, mut unread, mut nones, mut wrong, mut tables) = (0, 0, 0, Vec::new(), Vec::new());
    let mut files: Vec<PathBuf> =
        fs::read_dir(folder.join("expected")).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    for file in files.iter().filter(|file| file.extension().is_some_and(|end| end == "json")) {
        let name = file.file_stem().unwrap().to_string_lossy().into_owned();
        let expected: Value = serde_json::from_slice(&fs::read(file).unwrap()).unwrap();
        let Ok(text) = fs::read(folder.join("corpus").join(format!("{name}.md"))) else { continue };
        let policy = read("SECURITY.md", &text);
        let (have, want) = (told(&to_json(&policy)["rows"]), told(&expected["rows"]));
        if name == DISPUTED {
            assert_eq!((have.len(), policy.rows[0].line), (13, 148));
            assert_eq!((have[1].1.as_str(), have[1].2.as_str()), (">=3.4.0,<3.5.0", "true"));
            wrong.push(name);
            continue;
        }
        let is_unread = |row: &Told| matches!(row.0.as_str(), "unknown" | "prose");
        if have == want {
            right += 1;
            continue;
        }
        let english = !expected["tags"].as_array().unwrap().iter().any(|tag| tag == "non-english");
        if expected["form"] == "table" && english {
            tables.push(name.clone());
        }
        nones += usize::from(expected["form"] == "none");
        if want.iter().any(|row| !is_unread(row)) && have.iter().all(is_unread) {
            unread += 1;
            eprintln!("unread {name}: {want:?}");
        } else {
            eprintln!("misread {name}:");
            let differ = have.iter().zip(&want).filter(|(a, b)| a != b).take(5);
            differ.for_each(|(a, b)| eprintln!("   {a:?} for {b:?}"));
            eprintln!("   {} rows for {}", have.len(), want.len());
            wrong.push(name);
        }
    }
    eprintln!("{right} right, {unread} unread, {} misread: {wrong:?}", wrong.len());
    assert!(right + unread + wrong.len() >= 100, "the corpus is there");
    assert_eq!(tables, Vec::<String>::new(), "tables in English that were not read exactly");
    assert_eq!(nones, 0, "rows read of files without a statement");
    assert!(wrong.len() * 100 <= right + unread + wrong.len(), "{wrong:?}");
    assert!(right * 100 >= 95 * (right + unread + wrong.len()));
}

fn published(lines: &str) -> Vec<PublishedTag> {
    lines
        .lines()
        .filter_map(|line| {
            let mut fields = line.split('\t');
            let name = fields.next()?;
            let date = fields.next_back().and_then(|date| date.parse().ok());
            Some(PublishedTag { name: name.to_owned(), version: TagVersion::parse(name)?, date })
        })
        .collect()
}

fn now() -> jiff::Timestamp {
    "2026-11-21T00:00:00Z".parse().unwrap()
}

/// A sample project's conclusions, from its text and its real tags.
fn sample(name: &str, default: &str, manifest: &str) -> Option<Vec<Conclusion>> {
    let folder = folder("seeds")?.join(name);
    let policy = read("SECURITY.md", &fs::read(folder.join("SECURITY.seed.md")).unwrap());
    let tags = published(&fs::read_to_string(folder.join("tags.tsv")).unwrap());
    let files = fs::read_to_string(folder.join("files.txt")).unwrap();
    let directories = files.lines().flat_map(|file| Path::new(file).ancestors().skip(1));
    let refs = Refs {
        default_branch: Some(default.to_owned()),
        repository: Some(name.to_owned()),
        directories: Some(directories.map(|path| path.to_string_lossy().into_owned()).collect()),
        ..Refs::default()
    };
    Some(judge(&policy, &tags, &refs, (!manifest.is_empty()).then_some(manifest), now()))
}

fn of_status(conclusions: &[Conclusion], status: Status) -> Vec<&'static str> {
    conclusions.iter().filter(|c| c.status == status).map(|c| c.rule).collect()
}

#[test]
fn promptkit_passes_and_says_what_was_compared() {
    let Some(found) = sample("PromptKit", "main", "") else { return };
    assert_eq!(of_status(&found, Status::Fail), Vec::<&str>::new());
    assert_eq!(of_status(&found, Status::Undetermined), Vec::<&str>::new());
    let pass = found.iter().find(|c| c.rule == "supported").unwrap();
    assert_eq!(
        pass.message,
        "main = default branch; latest = v1.5.11, previous = v1.5.10; < previous: 70 older releases unsupported"
    );
    let retired = found.iter().find(|c| c.rule == "retired-family").unwrap();
    assert_eq!(
        retired.message,
        "not counted, since their directories are gone: the tags of actions/packc, actions/promptarena, tools/arena, tools/packc"
    );
}

#[test]
fn aligntune_promises_what_was_never_published() {
    let Some(found) = sample("aligntune", "main", "0.2.0") else { return };
    assert_eq!(of_status(&found, Status::Fail), ["latest-unsupported", "never-published"]);
    assert_eq!(
        found[of_rule(&found, "never-published")].message,
        "0.2.x is promised but was never published (newest: 0.1.6); the manifest says 0.2.0"
    );
    assert_eq!(
        found[of_rule(&found, "latest-unsupported")].message,
        "the newest release 0.1.6 (tag 0.1.6, 2026-02-18) falls under \"< 0.2.0\", which the policy calls unsupported; every stable release does"
    );
    assert_eq!(found[of_rule(&found, "text-damage")].line, Some(18));
    assert_eq!(of_status(&found, Status::Pass), Vec::<&str>::new());
}

fn of_rule(found: &[Conclusion], rule: &str) -> usize {
    found.iter().position(|c| c.rule == rule).unwrap_or_else(|| panic!("{rule} is among {found:?}"))
}

#[test]
fn samples_without_tags_are_undetermined_and_never_pass() {
    for (name, manifest, warns) in [
        ("omnia-langchain-runtime", "0.1.0", false),
        ("PM-Prompt-Patterns", "0.2.0", false),
        ("llm-task-framework", "0.1.0", true),
    ] {
        let Some(found) = sample(name, "main", manifest) else { return };
        assert_eq!(of_status(&found, Status::Undetermined), ["no-releases"], "{name}");
        assert!(!found.iter().any(|c| c.rule == "supported"), "{name}");
        let warned = found.iter().find(|c| c.rule == "manifest-differs");
        assert_eq!(warned.is_some(), warns, "{name}");
        if let Some(warned) = warned {
            assert_eq!(warned.message, "the version in the manifest, 0.1.0, falls under \"< 1.0\"");
            assert_eq!(warned.line, Some(8));
        }
    }
}

#[test]
fn stale_policies_are_found_among_real_ones() {
    let Some(folder) = folder("security-md") else { return };
    let mut stale = Vec::new();
    let mut files: Vec<PathBuf> =
        fs::read_dir(folder.join("tags")).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    for file in files {
        let name = file.file_stem().unwrap().to_string_lossy().into_owned();
        let Ok(text) = fs::read(folder.join("corpus").join(format!("{name}.md"))) else { continue };
        let repository = name.split_once("__").map(|(_, repository)| repository.to_owned());
        let refs = Refs { default_branch: Some("main".into()), repository, ..Refs::default() };
        let policy = read("SECURITY.md", &text);
        let found = judge(&policy, &published(&fs::read_to_string(&file).unwrap()), &refs, None, now());
        assert!(!found.is_empty(), "{name} passes by silence");
        for c in
            found.iter().filter(|c| !matches!(c.status, Status::Info | Status::Pass) || c.rule == "supported")
        {
            eprintln!("{name}: {:?} {} {:?} {}", c.status, c.rule, c.line, c.message);
        }
        if found.iter().any(|c| matches!(c.rule, "latest-unlisted" | "latest-unsupported")) {
            stale.push(name);
        }
    }
    eprintln!("{} stale: {stale:?}", stale.len());
    for name in [
        "traefik__traefik",
        "elementaio__locus",
        "peakedev__metasync",
        "0xmachos__mOSL",
        "Lexsi-Labs__aligntune",
    ] {
        assert!(stale.iter().any(|found| found == name), "{name}");
    }
    for name in ["AltairaLabs__PromptKit", "redis__redis", "puma__puma", "tiangolo__fastapi"] {
        assert!(!stale.iter().any(|found| found == name), "{name}");
    }
}
