//! Tests against others' answers: `cargo audit`'s on real lock files, and the `rustsec` crate's own report (which
//! `cargo audit` prints) on every package of a whole database around every bound.

use super::{
    archive, cargo_lock,
    check::{Row, check_locks, read_locks},
    database::{Database, Limits},
    record::Record,
    snapshot::Snapshot,
    testing::{index_source, write_tree},
};
use rustsec::{
    advisory::Informational,
    report::{Report, Settings},
};
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

/// The data that the project's owner keeps beside the repository, or a loud skip.
pub(super) fn shared(path: &str) -> Option<PathBuf> {
    let path = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/data")).join(path);
    if path.exists() {
        return Some(path);
    }
    assert!(std::env::var_os("CI").is_none(), "{} is missing", path.display());
    eprintln!("SKIPPED: {} is missing", path.display());
    None
}

#[test]
fn eight_real_lock_files_give_the_answers_of_cargo_audit() {
    let (Some(locks), Some(advisories)) = (shared("cargo-locks"), shared("advisories")) else { return };
    let archive = advisories.join("rustsec-bf5c0d245-2026-08-21.tar.gz");
    let database = Database::open(&archive).unwrap();
    let source = &database.sources()[0];
    assert_eq!((source.advisories, source.withdrawn), (1225, 13));
    assert_eq!(source.commit.as_deref(), Some("bf5c0d245a92671908518d7e765914d437954ed6"));
    assert_eq!(source.date.map(|date| date.to_string()).as_deref(), Some("2026-08-21T06:28:40Z"));

    let expected = fs::read_to_string(locks.join("expected.txt")).unwrap();
    let mut wanted: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for line in expected.lines() {
        let (file, rest) = line.split_once(' ').unwrap();
        wanted.entry(file).or_default().insert(rest.to_owned());
    }
    let mut paths: Vec<PathBuf> = fs::read_dir(&locks).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "lock"));
    paths.sort();
    assert_eq!(paths.len(), 8);

    let (mut total, mut differences, mut packages) = (0, 0, 0);
    for path in &paths {
        let name = path.file_name().unwrap().to_str().unwrap();
        let checked =
            check_locks(read_locks(std::slice::from_ref(path)).unwrap(), std::slice::from_ref(&database))
                .unwrap();
        let row = |row: &Row| format!("{} {} {} {}", row.id, row.package, row.version, row.kind);
        let got: BTreeSet<String> = checked.rows.iter().map(row).collect();
        assert_eq!(got.len(), checked.rows.len());
        let wanted = wanted.remove(name).unwrap_or_default();
        got.symmetric_difference(&wanted).for_each(|row| eprintln!("different: {name}: {row}"));
        differences += got.symmetric_difference(&wanted).count();
        total += got.len();

        let bytes = fs::read(path).unwrap();
        let lock = cargo_lock::parse(&bytes).unwrap();
        assert_eq!(lock, cargo_lock::parse_whole(&bytes).unwrap(), "{name}");
        packages += lock.packages().len();
        let snapshot = Snapshot::take(std::slice::from_ref(&database), [&lock]).unwrap();
        let snapshot = Snapshot::from_bytes(&snapshot.to_bytes()).unwrap();
        assert_eq!(snapshot.matches(&lock).unwrap(), database.matches(&lock).unwrap(), "{name}");
    }
    assert!(wanted.is_empty(), "no lock file for {wanted:?}");
    eprintln!(
        "8 lock files, {packages} packages, {total} findings, {differences} differences from cargo-audit"
    );
    assert_eq!(total, expected.lines().count());
    assert_eq!(differences, 0);
}

/// Versions at, below and above the bound `comparator`, with pre-releases and build metadata.
fn around(comparator: &semver::Comparator) -> Vec<String> {
    let (major, minor, patch) =
        (comparator.major, comparator.minor.unwrap_or(0), comparator.patch.unwrap_or(0));
    let at = format!("{major}.{minor}.{patch}");
    let below = match (major, minor, patch) {
        (major, minor, 1..) => format!("{major}.{minor}.{}", patch - 1),
        (major, 1.., _) => format!("{major}.{}.99", minor - 1),
        (1.., _, _) => format!("{}.99.99", major - 1),
        _ => "0.0.0-0".to_owned(),
    };
    let above = format!("{major}.{minor}.{}", patch + 1);
    let pre = if comparator.pre.is_empty() { "rc.1".to_owned() } else { comparator.pre.to_string() };
    vec![
        format!("{at}-0"),
        format!("{at}-{pre}"),
        format!("{at}-{pre}.0"),
        format!("{at}+build"),
        at,
        below,
        above,
    ]
}

/// Every package of the database at versions around every bound, as lock file rows.
fn rows_around_every_bound(records: &[Record]) -> BTreeSet<(String, String)> {
    let mut rows = BTreeSet::new();
    for record in records {
        let versions = &record.parsed().versions;
        let bounds =
            versions.patched().iter().chain(versions.unaffected()).flat_map(|bound| &bound.comparators);
        let mut add = |version: String| rows.insert((record.package().to_owned(), version));
        bounds.flat_map(around).for_each(|version| _ = add(version));
        add("0.0.1".to_owned());
        add("9999.0.0".to_owned());
    }
    rows
}

#[test]
fn every_package_around_every_bound_gives_the_answer_of_the_rustsec_report() {
    let Some(archive) = shared("advisories/rustsec-bf5c0d245-2026-08-21.tar.gz") else { return };
    let database = Database::open(&archive).unwrap();
    let mut records = Vec::new();
    archive::read(&archive, None, Limits::default(), &mut |_, path, bytes| {
        records.extend(Record::read(path, bytes.to_vec())?);
        Ok(())
    })
    .unwrap();
    let rows = rows_around_every_bound(&records);
    let index = index_source();
    let row = |(name, version): &(String, String)| {
        format!("[[package]]\nname = \"{name}\"\nversion = \"{version}\"\nsource = \"{index}\"\n")
    };
    let text = "version = 4\n".to_owned() + &rows.iter().map(row).collect::<String>();

    let folder = tempfile::tempdir().unwrap();
    let files: Vec<_> = records
        .iter()
        .map(|record| (record.path().to_owned(), String::from_utf8(record.bytes().to_vec()).unwrap()))
        .collect();
    write_tree(folder.path(), &files);
    let oracle = rustsec::Database::open(folder.path()).unwrap();
    let kinds = [Informational::Unmaintained, Informational::Unsound, Informational::Notice];
    let settings = Settings { informational_warnings: kinds.to_vec(), ..Settings::default() };
    let report = Report::generate(&oracle, &text.parse().unwrap(), &settings);
    let key = |id: &str, package: &rustsec::package::Package, kind: &str| {
        format!("{id} {} {} {kind}", package.name, package.version)
    };
    let vulnerabilities = report.vulnerabilities.list.iter();
    let mut wanted: BTreeSet<String> = vulnerabilities
        .map(|found| key(found.advisory.id.as_str(), &found.package, "vulnerability"))
        .collect();
    for warning in report.warnings.values().flatten() {
        let id = warning.advisory.as_ref().unwrap().id.as_str();
        wanted.insert(key(id, &warning.package, warning.kind.as_str()));
    }

    let lock = cargo_lock::parse(text.as_bytes()).unwrap();
    let snapshot = Snapshot::take(std::slice::from_ref(&database), [&lock]).unwrap();
    for found in [database.matches(&lock).unwrap(), snapshot.matches(&lock).unwrap()] {
        assert_eq!(found.undecided, []);
        let found =
            found.found.iter().map(|row| format!("{} {} {} {}", row.id, row.package, row.version, row.kind));
        let found: BTreeSet<String> = found.collect();
        let differences = found.symmetric_difference(&wanted).count();
        eprintln!("{} packages, {} findings, {differences} differences", rows.len(), found.len());
        assert!(found.len() > 10_000);
        assert_eq!(differences, 0);
    }
}
