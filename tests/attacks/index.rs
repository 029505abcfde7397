//! The index of all rows: every one is asserted here or elsewhere, or says why it does not apply.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// The rows: parts A to F of the notes.
const ROWS: std::ops::RangeInclusive<u32> = 1..=139;

/// Where a row is asserted.
enum Where {
    /// In the folder of that name beside this file.
    Here(String),
    /// By that test in that file.
    Elsewhere(PathBuf, String),
    /// Nowhere, for a reason.
    DoesNotApply(String),
}

struct Row {
    number: u32,
    slug: String,
    places: Vec<Where>,
}

/// The root of the project.
fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The lines of the index: number, slug, what it is about, where it is asserted.
fn rows() -> Vec<Row> {
    let text = include_str!("index.tsv");
    let mut lines = text.lines();
    assert_eq!(lines.next(), Some("row\tslug\twhere\twhat"), "the first line names the columns");
    lines
        .map(|line| {
            let cells: Vec<&str> = line.split('\t').collect();
            let [number, slug, places, what] = cells[..] else { panic!("{line:?} has not four cells") };
            let place = |place: &str| match place.split_once(' ') {
                None if place == "here" => Where::Here(format!("{number:0>3}-{slug}")),
                Some((file, test)) => Where::Elsewhere(file.into(), test.to_owned()),
                None if place == "no" => Where::DoesNotApply(what.to_owned()),
                None => panic!("{line:?}: neither here, nor FILE TEST, nor no"),
            };
            assert!(what.len() > 10, "{line:?} says what it is about, or why it does not apply");
            Row {
                number: number.parse().unwrap(),
                slug: slug.to_owned(),
                places: places.split("; ").map(place).collect(),
            }
        })
        .collect()
}

#[test]
fn every_row_is_there_once_and_in_order() {
    let numbers: Vec<u32> = rows().iter().map(|row| row.number).collect();
    let expected: Vec<u32> = ROWS.collect();
    assert_eq!(numbers, expected);
    let slugs: BTreeSet<String> = rows().into_iter().map(|row| row.slug).collect();
    assert_eq!(slugs.len(), expected.len(), "no two rows have one slug");
}

#[test]
fn every_row_is_asserted_where_the_index_says() {
    let mut counts = BTreeMap::from([("here", 0), ("elsewhere", 0), ("no", 0)]);
    let main = include_str!("main.rs");
    let mut folders: BTreeSet<String> = folders();
    let rows = rows();
    for (row, place) in rows.iter().flat_map(|row| row.places.iter().map(move |place| (row, place))) {
        let kind = match place {
            Where::Here(folder) => {
                let path = format!("{folder}/test.rs");
                let text = std::fs::read_to_string(root().join("tests/attacks").join(&path))
                    .unwrap_or_else(|error| panic!("row {}: {path}: {error}", row.number));
                assert!(text.contains("#[test]\nfn "), "{path} has a test");
                assert!(
                    main.contains(&format!("#[path = \"{path}\"]\nmod row_{:03};", row.number)),
                    "{path}"
                );
                folders.remove(folder);
                "here"
            }
            Where::Elsewhere(file, test) => {
                let text = std::fs::read_to_string(root().join(file))
                    .unwrap_or_else(|error| panic!("row {}: {}: {error}", row.number, file.display()));
                let declared = text.contains(&format!("#[test]\nfn {test}("))
                    || text.contains(&format!("#[test]\n    fn {test}("));
                assert!(declared, "row {}: {} has no test {test}", row.number, file.display());
                "elsewhere"
            }
            Where::DoesNotApply(reason) => {
                assert_eq!(row.places.len(), 1, "row {} applies or does not", row.number);
                assert!(reason.len() > 20, "row {} says why it does not apply", row.number);
                "no"
            }
        };
        *counts.entry(kind).or_default() += 1;
    }
    assert_eq!(folders, BTreeSet::new(), "folders that no row names");
    let total: i32 = counts.values().sum();
    let [elsewhere, here, no] = [counts["elsewhere"], counts["here"], counts["no"]];
    eprintln!(
        "{} rows in {total} places: {here} asserted here, {elsewhere} elsewhere, {no} do not apply",
        rows.len()
    );
    for row in rows {
        if let [Where::DoesNotApply(reason)] = &row.places[..] {
            eprintln!("  row {} ({}) does not apply: {reason}", row.number, row.slug);
        }
    }
}

/// The folders beside this file.
fn folders() -> BTreeSet<String> {
    let entries = std::fs::read_dir(root().join("tests/attacks")).unwrap().map(Result::unwrap);
    let folders = entries.filter(|entry| entry.file_type().unwrap().is_dir());
    folders.map(|entry| entry.file_name().into_string().unwrap()).collect()
}
