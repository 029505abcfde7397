//! Real lock files: the same advisories, packages and versions as cargo-audit found with the same database.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use crate::run::relcheck;
use crate::{entries, name, shared};

type Found = BTreeSet<(String, String, String)>;

#[test]
fn the_program_finds_in_each_lock_file_what_cargo_audit_found() {
    let (Some(locks), Some(databases)) = (shared("data/cargo-locks"), shared("data/advisories")) else {
        return;
    };
    let is_rustsec =
        |path: &std::path::PathBuf| name(path).starts_with("rustsec-") && name(path).ends_with(".tar.gz");
    let database = entries(&databases).into_iter().find(is_rustsec).unwrap();
    let mut expected: BTreeMap<String, Found> = BTreeMap::new();
    let mut vulnerable = BTreeSet::new();
    for line in fs::read_to_string(locks.join("expected.txt")).unwrap().lines() {
        let words: Vec<&str> = line.splitn(5, ' ').collect();
        let [file, id, package, version, kind] = words[..] else { panic!("{line}") };
        if kind == "vulnerability" {
            vulnerable.insert(file.to_owned());
        }
        expected.entry(file.to_owned()).or_default().insert((
            id.to_owned(),
            package.to_owned(),
            version.to_owned(),
        ));
    }
    let folder = tempfile::tempdir().unwrap();
    let (mut files, mut total, mut differences) = (0, 0, Vec::new());
    for lock in entries(&locks).into_iter().filter(|path| name(path).ends_with(".lock")) {
        let arguments = ["advisories", "check", "--format", "json", "--advisories"].map(str::to_owned);
        let paths = [&database, &lock].map(|path| path.to_str().unwrap().to_owned());
        // A vulnerability decides; without one, what is from a git repository leaves it open.
        let is_harmed = vulnerable.contains(name(&lock));
        let is_open = fs::read_to_string(&lock).unwrap().contains("source = \"git+");
        let code = if is_harmed { 1 } else { 3 * i32::from(is_open) };
        let ran = relcheck(folder.path(), arguments.iter().chain(&paths)).expect(name(&lock), code, &[]);
        let text = |row: &serde_json::Value, key: &str| row[key].as_str().unwrap().to_owned();
        let json = ran.json();
        let rows = json.as_array().unwrap().iter();
        let found: Found =
            rows.map(|row| (text(row, "id"), text(row, "package"), text(row, "version"))).collect();
        let empty = Found::new();
        let known = expected.get(name(&lock)).unwrap_or(&empty);
        differences.extend(found.symmetric_difference(known).map(|row| format!("{}: {row:?}", name(&lock))));
        files += 1;
        total += found.len();
    }
    println!(
        "locks, program: {files} lock files, {total} findings, {} differences from cargo-audit",
        differences.len()
    );
    assert_eq!(differences, Vec::<String>::new());
    assert_eq!(files, 8);
    assert!(total > 100, "{total}");
}
