use super::{Compiled, FORMAT, Index, IndexError, MAGIC, Wanted};
use crate::advisories::{
    advisory::{Advisory, Affected, Event, Kind, Severity},
    lock::Ecosystem,
    source::{Source, SourceForm},
};
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;

fn advisory(ecosystem: Ecosystem, package: &str, id: &str) -> Advisory {
    let events = vec![
        Event::Introduced("0".to_owned()),
        Event::Fixed("1.2.3".to_owned()),
        Event::Introduced("2.0.0".to_owned()),
        Event::LastAffected("2.4.0".to_owned()),
        Event::Limit("3.0.0".to_owned()),
    ];
    Advisory {
        ecosystem,
        package: package.to_owned(),
        id: id.to_owned(),
        aliases: vec!["CVE-2020-1".to_owned()],
        kind: Kind::Unsound,
        title: "A tïtle".to_owned(),
        published: Some("2020-01-02".parse().unwrap()),
        severity: Some(Severity::High),
        affected: vec![Affected {
            ranges: vec![events],
            versions: vec!["1.0.0".to_owned(), "1.0.1".to_owned()],
            is_range_unknown: true,
        }],
        fixed: vec!["1.2.3".to_owned()],
        url: Some("https://example.com/1".to_owned()),
    }
}

fn database(name: &str, ecosystem: Ecosystem, advisories: Vec<Advisory>) -> Compiled {
    let source = Source {
        name: name.to_owned(),
        commit: Some("c".repeat(40)),
        date: Some("2026-08-21T00:00:00Z".parse().unwrap()),
        advisories: advisories.len(),
        sha256: "0".repeat(64),
        form: SourceForm::Git,
        ecosystems: vec![ecosystem],
        withdrawn: 0,
        url: None,
        fetched_at: None,
    };
    Compiled { source, advisories, elsewhere: 0 }
}

fn two() -> Vec<Compiled> {
    let plain = Advisory {
        published: None,
        severity: None,
        url: None,
        title: "A flaw in example.com/b".to_owned(),
        ..advisory(Ecosystem::Golang, "example.com/b", "GO-3")
    };
    let go = vec![
        advisory(Ecosystem::Golang, "example.com/a", "GO-2"),
        advisory(Ecosystem::Golang, "example.com/a", "GO-1"),
        plain,
    ];
    let cargo = vec![advisory(Ecosystem::Cargo, "example.com/a", "RUSTSEC-1")];
    vec![database("go", Ecosystem::Golang, go), database("rustsec", Ecosystem::Cargo, cargo)]
}

/// An index with another last part, and the digest that it should have.
fn sealed(mut bytes: Vec<u8>) -> Vec<u8> {
    bytes.truncate(bytes.len() - 32);
    super::sealed(bytes)
}

#[test]
fn what_was_compiled_is_found_by_ecosystem_and_package() {
    let index = Index::build(two()).unwrap();
    let ids = |ecosystem, package: &str| -> Vec<String> {
        let about = index.about(ecosystem, package).unwrap();
        about.into_iter().map(|(source, it)| format!("{} {}", index.sources()[source].name, it.id)).collect()
    };
    assert_eq!(ids(Ecosystem::Golang, "example.com/a"), ["go GO-1", "go GO-2"]);
    assert_eq!(ids(Ecosystem::Golang, "example.com/b"), ["go GO-3"]);
    assert_eq!(ids(Ecosystem::Cargo, "example.com/a"), ["rustsec RUSTSEC-1"]);
    assert_eq!(ids(Ecosystem::Npm, "example.com/a"), Vec::<String>::new());
    assert_eq!(ids(Ecosystem::Golang, "example.com/c"), Vec::<String>::new());
    let mut all: Vec<Advisory> = index.all().unwrap().into_iter().map(|(_, it)| it).collect();
    let mut given: Vec<Advisory> = two().into_iter().flat_map(|database| database.advisories).collect();
    all.sort();
    given.sort();
    assert_eq!(all, given);
}

#[test]
fn what_is_not_wanted_is_passed_over_and_the_rest_is_whole() {
    let mut databases = two();
    databases[0].advisories[0].affected[0].versions.push("9.9.9".to_owned());
    let index = Index::build(databases).unwrap();
    let about = |wants: &super::Wants<'_>| {
        let about = index.about_where(Ecosystem::Golang, "example.com/a", wants).unwrap();
        about.into_iter().map(|(_, it)| it).collect::<Vec<_>>()
    };
    let all = about(&|_| true);
    assert_eq!(all.iter().map(|it| it.id.as_str()).collect::<Vec<_>>(), ["GO-1", "GO-2"]);
    assert_eq!(about(&|_| false), []);
    assert_eq!(about(&|affected| affected[0].versions.contains(&"9.9.9")), all[1..]);
    assert_eq!(about(&|affected| affected[0].versions.len() == 2), all[..1]);
}

#[test]
fn the_same_databases_give_the_same_bytes_in_any_order() {
    let one = super::write(two()).unwrap();
    let mut other = two();
    other.reverse();
    other[1].advisories.reverse();
    assert_eq!(super::write(other).unwrap(), one);
    let index = Index::open_for(&one, Wanted::Sources).unwrap();
    assert_eq!(index.sha256(), Some(hex::encode(Sha256::digest(&one))));
    assert!(matches!(index.about(Ecosystem::Golang, "example.com/a"), Err(IndexError::NotRead)));
}

#[test]
fn every_changed_byte_and_every_truncation_is_refused() {
    let bytes = super::write(two()).unwrap();
    for at in 0..bytes.len() {
        let mut changed = bytes.clone();
        changed[at] ^= 0x10;
        assert!(Index::open(&changed).is_err(), "byte {at}");
        assert!(Index::open(&bytes[..at]).is_err(), "cut off at {at}");
    }
    let longer = [bytes.as_slice(), b"\0"].concat();
    assert!(matches!(Index::open(&longer), Err(IndexError::WrongLength { .. })));
}

#[test]
fn an_index_is_told_by_its_beginning_and_its_format() {
    let bytes = super::write(two()).unwrap();
    assert!(matches!(Index::open(b""), Err(IndexError::NotAnIndex)));
    assert!(matches!(Index::open(b"SQLite format 3\0"), Err(IndexError::NotAnIndex)));
    assert!(matches!(Index::open(MAGIC), Err(IndexError::WrongLength { .. })));
    let mut newer = bytes;
    newer[24] = FORMAT as u8 + 1;
    let error = Index::open(&sealed(newer)).unwrap_err();
    assert!(matches!(error, IndexError::OtherFormat { found } if found == FORMAT + 1), "{error}");
    assert!(error.to_string().contains("build it anew"));
}

#[test]
fn an_index_with_a_right_digest_and_wrong_parts_is_an_error_and_never_an_absence() {
    let bytes = super::write(two()).unwrap();
    let header = u32::from_le_bytes(bytes[28..32].try_into().unwrap()) as usize;
    let known = [
        (Ecosystem::Golang, "example.com/a"),
        (Ecosystem::Golang, "example.com/b"),
        (Ecosystem::Cargo, "example.com/a"),
    ];
    let expected: Vec<_> = {
        let index = Index::build(two()).unwrap();
        known.iter().map(|(ecosystem, name)| index.about(*ecosystem, name).unwrap()).collect()
    };
    let (mut refused, mut later, mut other) = (0, 0, 0);
    for at in 28..bytes.len() - 32 {
        let mut changed = bytes.clone();
        changed[at] ^= 0x01;
        let Ok(index) = Index::open(&sealed(changed)) else {
            refused += 1;
            continue;
        };
        let found: Result<Vec<_>, _> =
            known.iter().map(|(ecosystem, name)| index.about(*ecosystem, name)).collect();
        match found {
            Err(IndexError::Damaged(_)) => later += 1,
            Err(error) => panic!("{at}: {error}"),
            // A word of the header or of an advisory became another word, which no digest inside could tell.
            Ok(found) => other += usize::from(found != expected),
        }
    }
    assert!(refused > 50 && later > 10 && other > 50, "{refused} {later} {other} {header}");
}

#[test]
fn an_empty_index_and_two_databases_of_one_name_are_refused() {
    assert!(matches!(Index::build(Vec::new()), Err(IndexError::Empty)));
    let empty = database("go", Ecosystem::Golang, Vec::new());
    assert!(matches!(Index::build(vec![empty]), Err(IndexError::Empty)));
    let same = vec![two().remove(0), two().remove(0)];
    assert!(matches!(Index::build(same), Err(IndexError::SameName(name)) if name == "go"));
}

#[test]
fn a_name_that_was_changed_under_a_right_digest_is_not_another_packages() {
    let bytes = super::write(two()).unwrap();
    let text = String::from_utf8_lossy(&bytes).into_owned();
    assert!(text.contains("example.com/b"));
    let at = bytes.windows(13).position(|window| window == b"example.com/b").unwrap();
    let mut changed = bytes;
    changed[at + 12] = b'c';
    let index = Index::open(&sealed(changed)).unwrap();
    // The table still leads there for the old name, and the entry is of another.
    assert!(matches!(index.about(Ecosystem::Golang, "example.com/b"), Err(IndexError::Damaged(_))));
}

#[test]
fn an_index_read_for_one_ecosystem_answers_for_no_other() {
    let bytes = super::write(two()).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("index");
    std::fs::write(&path, &bytes).unwrap();
    let go = BTreeSet::from([Ecosystem::Golang]);
    let (part, all) = (Index::read(&path, Wanted::Only(&go)).unwrap(), Index::open(&bytes).unwrap());
    for package in ["example.com/a", "example.com/b", "example.com/unknown"] {
        let about = |index: &Index| index.about(Ecosystem::Golang, package).unwrap();
        assert_eq!(about(&part), about(&all), "{package}");
        // What was passed over is no absence of advisories, whether or not there are any.
        for other in [Ecosystem::Cargo, Ecosystem::Npm] {
            assert!(matches!(part.about(other, package), Err(IndexError::NotRead)), "{other} {package}");
        }
    }
    assert!(matches!(part.all(), Err(IndexError::NotRead)));
    assert_eq!(part.sources(), all.sources());
    // The rest is still looked at.
    for at in 0..bytes.len() {
        let mut changed = bytes.clone();
        changed[at] ^= 0x10;
        std::fs::write(&path, changed).unwrap();
        assert!(Index::read(&path, Wanted::Only(&go)).is_err(), "byte {at}");
    }
}

#[test]
fn an_index_larger_than_what_is_read_at_a_time_is_read_alike() {
    let many = |ecosystem, count| -> Vec<Advisory> {
        (0..count).map(|n| advisory(ecosystem, &format!("example.com/{n}"), &format!("ID-{n}"))).collect()
    };
    let databases = vec![
        database("go", Ecosystem::Golang, many(Ecosystem::Golang, 1500)),
        database("hex", Ecosystem::Hex, many(Ecosystem::Hex, 1500)),
        database("rustsec", Ecosystem::Cargo, many(Ecosystem::Cargo, 1500)),
    ];
    let bytes = super::write(databases).unwrap();
    assert!(bytes.len() > 6 * super::hashing::CHUNK, "{}", bytes.len());
    // Neighbours are one stretch; those with another between them are two.
    for wanted in [[Ecosystem::Golang, Ecosystem::Cargo], [Ecosystem::Cargo, Ecosystem::Hex]] {
        let wanted = BTreeSet::from(wanted);
        let index = Index::read_from(bytes.as_slice(), bytes.len() as u64, Wanted::Only(&wanted)).unwrap();
        for ecosystem in &wanted {
            for n in 0..1500 {
                let about = index.about(*ecosystem, &format!("example.com/{n}")).unwrap();
                assert_eq!(about[0].1.id, format!("ID-{n}"));
            }
        }
    }
}
