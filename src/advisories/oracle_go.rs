//! The Go database against an evaluation of its own: another order of versions, another way through the events.

use super::{
    database::Database,
    lock::{Ecosystem, Lock, LockedPackage, Origin},
    oracle::shared,
};
use serde_json::Value;
use std::{
    cmp::Ordering,
    collections::{BTreeMap, BTreeSet},
    fs::File,
    io::Read,
};

/// A version, taken apart by hand (<https://semver.org/#spec-item-11>).
fn taken_apart(text: &str) -> ([u64; 3], Vec<String>) {
    let text = text.split('+').next().unwrap();
    let (release, pre) = text.split_once('-').map_or((text, ""), |(release, pre)| (release, pre));
    let numbers: Vec<u64> = release.split('.').map(|number| number.parse().unwrap()).collect();
    let pre = if pre.is_empty() { Vec::new() } else { pre.split('.').map(str::to_owned).collect() };
    (numbers.try_into().unwrap(), pre)
}

fn order(one: &str, two: &str) -> Ordering {
    let ((one, one_pre), (two, two_pre)) = (taken_apart(one), taken_apart(two));
    let part = |one: &String, two: &String| match (one.parse::<u64>(), two.parse::<u64>()) {
        (Ok(one), Ok(two)) => one.cmp(&two),
        (Ok(_), Err(_)) => Ordering::Less,
        (Err(_), Ok(_)) => Ordering::Greater,
        (Err(_), Err(_)) => one.cmp(two),
    };
    one.cmp(&two).then_with(|| match (one_pre.is_empty(), two_pre.is_empty()) {
        (true, true) => Ordering::Equal,
        (true, false) => Ordering::Greater,
        (false, true) => Ordering::Less,
        (false, false) => {
            let first = one_pre.iter().zip(&two_pre).map(|(a, b)| part(a, b)).find(|order| order.is_ne());
            first.unwrap_or_else(|| one_pre.len().cmp(&two_pre.len()))
        }
    })
}

/// A beginning at or before the version, and no end between the two.
fn is_inside(events: &[Value], version: &str) -> bool {
    let of = |kind: &'static str| events.iter().filter_map(move |event| event[kind].as_str());
    let is_above = |bound: &str, version: &str| bound == "0" || order(version, bound).is_gt();
    let reached = |bound: &str| bound == "0" || order(version, bound).is_ge();
    of("introduced").filter(|from| reached(from)).any(|from| {
        let fixed = of("fixed").any(|fixed| reached(fixed) && is_above(from, fixed));
        let passed = of("last_affected").any(|last| order(version, last).is_gt());
        !fixed && !passed
    })
}

/// The raw advisories of the archive.
fn raw(archive: &std::path::Path) -> Vec<Value> {
    let mut archive = tar::Archive::new(flate2::read::GzDecoder::new(File::open(archive).unwrap()));
    let mut all = Vec::new();
    for entry in archive.entries().unwrap() {
        let mut entry = entry.unwrap();
        if entry.path().unwrap().extension().is_some_and(|extension| extension == "json") {
            let mut bytes = Vec::new();
            entry.read_to_end(&mut bytes).unwrap();
            all.push(serde_json::from_slice(&bytes).unwrap());
        }
    }
    all
}

fn list<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value[key].as_array().map_or(&[], Vec::as_slice)
}

/// Versions at, below and above a bound, with pre-releases, a pseudo-version and build metadata.
fn around(bound: &str) -> Vec<String> {
    let ([major, minor, patch], pre) = taken_apart(if bound == "0" { "0.0.0" } else { bound });
    let at = format!("{major}.{minor}.{patch}");
    let below = match (major, minor, patch) {
        (_, _, 1..) => format!("{major}.{minor}.{}", patch - 1),
        (_, 1.., _) => format!("{major}.{}.99", minor - 1),
        (1.., _, _) => format!("{}.99.99", major - 1),
        _ => "0.0.0-0".to_owned(),
    };
    let mut all = vec![
        format!("{at}-0"),
        format!("{at}-rc.1"),
        format!("{at}-0.20200101000000-abcdefabcdef"),
        format!("{at}+incompatible"),
        format!("{major}.{minor}.{}", patch + 1),
        at.clone(),
        below,
    ];
    if !pre.is_empty() {
        all.push(format!("{at}-{}", pre.join(".")));
        all.push(format!("{at}-{}.0", pre.join(".")));
    }
    all
}

/// A module's path as its host finds it: the forge that most are at does not tell capitals from small letters.
fn repository(module: &str) -> String {
    match module.starts_with("github.com/") || module.starts_with("gitlab.com/") {
        true => module.to_ascii_lowercase(),
        false => module.to_owned(),
    }
}

#[test]
fn every_go_module_around_every_bound_gives_the_answer_of_another_evaluation() {
    let Some(archive) = shared("advisories/go-vulndb-a752ea54-2026-08-21.tar.gz") else { return };
    let database = Database::open(&archive).unwrap();
    let source = &database.sources()[0];
    assert_eq!((source.name.as_str(), source.advisories, source.withdrawn), ("go", 4291, 17));
    assert_eq!(source.ecosystems, [Ecosystem::Golang]);

    let raw: Vec<Value> = raw(&archive).into_iter().filter(|it| it["withdrawn"].is_null()).collect();
    let mut modules: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    let mut about: BTreeMap<String, Vec<(&str, &Value)>> = BTreeMap::new();
    for advisory in &raw {
        for affected in list(advisory, "affected") {
            let name = affected["package"]["name"].as_str().unwrap();
            about.entry(repository(name)).or_default().push((advisory["id"].as_str().unwrap(), affected));
            let versions = modules.entry(name).or_default();
            versions.extend(["0.0.0-20190101000000-abcdefabcdef".to_owned(), "9999.0.0".to_owned()]);
            for event in list(affected, "ranges").iter().flat_map(|range| list(range, "events")) {
                let bounds = event.as_object().unwrap().values().filter_map(Value::as_str);
                bounds.for_each(|bound| versions.extend(around(bound)));
            }
        }
    }

    let mut wanted = BTreeSet::new();
    let mut pairs = 0;
    for (module, versions) in &modules {
        pairs += versions.len();
        for version in versions {
            for (id, affected) in &about[&repository(module)] {
                let ranges = list(affected, "ranges");
                if ranges.iter().any(|range| is_inside(list(range, "events"), version)) {
                    wanted.insert(format!("{id} {module} v{version}"));
                }
            }
        }
    }

    let package = |(name, version): (&str, &String)| LockedPackage {
        name: name.into(),
        version: format!("v{version}").into(),
        origin: Origin::DefaultRegistry,
        is_dependency: true,
    };
    let rows = modules.iter().flat_map(|(name, versions)| versions.iter().map(|version| (*name, version)));
    let lock = Lock::new(Ecosystem::Golang, rows.map(package).collect());
    let matches = database.matches(&lock).unwrap();
    assert_eq!(matches.undecided, []);
    let unknown = matches.found.iter().filter(|it| it.is_range_unknown).count();
    let found: BTreeSet<String> =
        matches.found.iter().map(|it| format!("{} {} {}", it.id, it.package, it.version)).collect();
    let differences: Vec<&String> = found.symmetric_difference(&wanted).collect();
    eprintln!(
        "{} modules, {pairs} pairs, {} findings ({unknown} of unknown range), {} differences from the other evaluation",
        modules.len(),
        found.len(),
        differences.len()
    );
    assert_eq!(differences, Vec::<&String>::new());
    assert!(modules.len() > 1300 && found.len() > 100_000 && unknown > 1000);
}
