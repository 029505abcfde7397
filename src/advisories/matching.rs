//! Which advisories speak about which locked packages.
//!
//! The rule that must not be broken: the answer is `cargo audit`'s, save that no informational kind is left out and
//! that both addresses of the default registry count (the library's own query misses the sparse one).

use super::{
    lock::{Ecosystem, Lock, LockedPackage},
    record::{Kind, Record},
};
use jiff::civil::Date;
use rustsec::{Collection, database::Query};
use semver::Version;
use serde::Serialize;
use std::collections::BTreeSet;
use thiserror::Error;

/// Why packages cannot be matched.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum MatchError {
    /// A version that the ecosystem's order cannot place.
    #[error("the version `{}` of `{}` cannot be compared", version.escape_debug(), package.escape_debug())]
    Uncomparable {
        /// The package.
        package: String,
        /// Its version.
        version: String,
    },
    /// A snapshot was asked about a package that it was not taken for: its silence would mean nothing.
    #[error("the advisory snapshot was not taken for `{}`", package.escape_debug())]
    NotSelected {
        /// The package.
        package: String,
    },
    /// The databases at hand know nothing about packages of this ecosystem.
    #[error("no advisory database for {0}")]
    NoDatabase(Ecosystem),
}

/// An advisory that speaks about a locked package.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Match {
    /// The package's name.
    pub package: String,
    /// The version that the lock file selects.
    pub version: String,
    /// The advisory's id.
    pub id: String,
    /// What it warns of.
    pub kind: Kind,
    /// The same problem's ids elsewhere, sorted.
    pub aliases: Vec<String>,
    /// One line.
    pub title: String,
    /// The versions without the problem, as requirements such as `>=1.2.3`. Empty: there is none.
    pub patched: Vec<String>,
    /// When the advisory was published.
    pub published: Date,
    /// The CVSS severity's word, where there is a score. A missing one is not a low one.
    pub severity: Option<String>,
    /// Where to read more.
    pub url: Option<String>,
}

impl Match {
    /// Whether it warns of something other than a vulnerability.
    pub fn is_informational(&self) -> bool {
        self.kind != Kind::Vulnerability
    }
}

/// All matches between `records` (sorted by path) and the packages of the default registry in `lock`, sorted.
pub(super) fn matches(records: &[Record], lock: &Lock) -> Result<Vec<Match>, MatchError> {
    let mut found = BTreeSet::new();
    for package in lock.covered() {
        let about = about(records, &package.name);
        if about.is_empty() {
            continue;
        }
        let query = query_of(package)?;
        let affecting = about
            .iter()
            .filter(|record| record.is_about_default_registry() && query.matches(record.advisory()));
        found.extend(affecting.map(|record| match_of(record, package)));
    }
    Ok(found.into_iter().collect())
}

/// The records about one package: those below its folder.
pub(super) fn about<'a>(records: &'a [Record], package: &str) -> &'a [Record] {
    let folder = format!("crates/{package}/");
    let start = records.partition_point(|record| record.path() < folder.as_str());
    let count = records[start..].iter().take_while(|record| record.path().starts_with(&folder)).count();
    &records[start..start + count]
}

/// Withdrawn advisories are dropped; every informational kind stays.
fn query_of(package: &LockedPackage) -> Result<Query, MatchError> {
    let version = Version::parse(&package.version).map_err(|_| MatchError::Uncomparable {
        package: package.name.clone(),
        version: package.version.clone(),
    })?;
    Ok(Query::new().collection(Collection::Crates).withdrawn(false).package_version(version))
}

fn match_of(record: &Record, package: &LockedPackage) -> Match {
    let advisory = record.advisory();
    let metadata = &advisory.metadata;
    let mut aliases: Vec<String> = metadata.aliases.iter().map(|alias| alias.as_str().to_owned()).collect();
    aliases.sort();
    Match {
        package: package.name.clone(),
        version: package.version.clone(),
        id: record.id().to_owned(),
        kind: record.kind(),
        aliases,
        title: metadata.title.clone(),
        patched: advisory.versions.patched().iter().map(ToString::to_string).collect(),
        published: record.published(),
        severity: advisory.severity().map(|severity| severity.as_str().to_owned()),
        url: metadata.url.as_ref().map(ToString::to_string).or_else(|| metadata.id.url()),
    }
}

#[cfg(test)]
mod tests {
    use super::{Match, matches};
    use crate::advisories::{
        cargo_lock,
        record::{Kind, Record},
        testing::{SPARSE_INDEX_SOURCE, advisory, index_source, lock_text, three_records},
    };

    fn record(id: &str, package: &str, versions: &str, extra: &str) -> Record {
        let text = advisory(id, package, versions, extra);
        Record::read(&format!("crates/{package}/{id}.md"), text.into_bytes()).unwrap().unwrap()
    }

    fn found(records: &[Record], name: &str, version: &str, source: Option<&str>) -> Vec<Match> {
        let lock = cargo_lock::parse(lock_text(&[(name, version, source)]).as_bytes()).unwrap();
        matches(records, &lock).unwrap()
    }

    fn is_hit(record: &Record, version: &str) -> bool {
        !found(std::slice::from_ref(record), record.package(), version, Some(&index_source())).is_empty()
    }

    #[test]
    fn a_match_says_all_that_a_report_needs() {
        let severe = "aliases = [\"GHSA-xxxx\", \"CVE-2020-1\"]\ncvss = \"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H\"";
        let record = record("RUSTSEC-2020-0001", "foo", "patched = [\">= 1.2.3\"]", severe);
        let found = found(&[record], "foo", "1.2.2", Some(&index_source()));
        let [found] = found.as_slice() else { panic!("{found:?}") };
        assert_eq!(
            (found.package.as_str(), found.version.as_str(), found.id.as_str()),
            ("foo", "1.2.2", "RUSTSEC-2020-0001")
        );
        assert_eq!(
            (found.kind, found.title.as_str(), found.severity.as_deref()),
            (Kind::Vulnerability, "A title", Some("critical"))
        );
        assert_eq!(found.aliases, ["CVE-2020-1", "GHSA-xxxx"]);
        assert_eq!(found.patched, [">=1.2.3"]);
        assert_eq!(found.published.to_string(), "2020-01-02");
        assert!(!found.is_informational());
    }

    #[test]
    fn the_bounds_are_exact() {
        let versions = "patched = [\">= 1.2.3\", \">= 1.0.5, < 1.1.0-0\"]\nunaffected = [\"< 0.9.0\"]";
        let record = record("RUSTSEC-2020-0001", "foo", versions, "");
        for (version, hit) in [
            ("0.8.9", false),
            ("0.9.0-alpha", false),
            ("0.9.0", true),
            ("0.9.0+build", true),
            ("1.0.4", true),
            ("1.0.5-rc.1", true),
            ("1.0.5", false),
            ("1.0.99", false),
            ("1.1.0-0", true),
            ("1.1.0", true),
            ("1.2.2", true),
            ("1.2.3-rc.1", true),
            ("1.2.3", false),
            ("1.2.3+build", false),
            ("2.0.0-alpha", false),
        ] {
            assert_eq!(is_hit(&record, version), hit, "{version}");
        }
    }

    #[test]
    fn a_withdrawn_advisory_does_not_match_and_the_same_one_not_withdrawn_does() {
        let withdrawn = record("RUSTSEC-2020-0001", "foo", "patched = []", "withdrawn = \"2020-02-02\"");
        assert!(!is_hit(&withdrawn, "1.0.0"));
        assert!(is_hit(&record("RUSTSEC-2020-0001", "foo", "patched = []", ""), "1.0.0"));
    }

    #[test]
    fn every_kind_is_told() {
        for (word, kind) in
            [("unsound", Kind::Unsound), ("unmaintained", Kind::Unmaintained), ("notice", Kind::Notice)]
        {
            let record =
                record("RUSTSEC-2020-0001", "foo", "patched = []", &format!("informational = \"{word}\""));
            let found = found(&[record], "foo", "1.0.0", Some(&index_source()));
            assert_eq!(found.iter().map(|found| found.kind).collect::<Vec<_>>(), [kind]);
            assert!(found[0].is_informational());
        }
    }

    #[test]
    fn only_the_default_registry_matches_and_by_both_its_addresses() {
        let records = [record("RUSTSEC-2020-0001", "foo", "patched = []", "")];
        for source in [index_source(), SPARSE_INDEX_SOURCE.to_owned()] {
            assert_eq!(found(&records, "foo", "1.0.0", Some(&source)).len(), 1, "{source}");
        }
        for source in
            [None, Some("git+https://example.com/foo#0123"), Some("registry+https://example.com/index")]
        {
            assert_eq!(found(&records, "foo", "1.0.0", source), [], "{source:?}");
        }
        let elsewhere = record(
            "RUSTSEC-2020-0001",
            "foo",
            "patched = []",
            "source = \"registry+https://example.com/index\"",
        );
        assert!(!is_hit(&elsewhere, "1.0.0"));
    }

    #[test]
    fn another_package_and_the_language_itself_do_not_match() {
        let mut records: Vec<Record> = three_records()
            .into_iter()
            .map(|(path, text)| Record::read(&path, text.into_bytes()).unwrap().unwrap())
            .collect();
        let std = advisory("RUSTSEC-2018-0001", "std", "patched = []", "");
        records.push(Record::read("rust/std/RUSTSEC-2018-0001.md", std.into_bytes()).unwrap().unwrap());
        for name in ["fo", "fooo", "std", "ba", "a", "zzz"] {
            assert_eq!(found(&records, name, "1.0.0", Some(&index_source())), [], "{name}");
        }
        assert_eq!(found(&records, "foo", "1.0.0", Some(&index_source())).len(), 1);
        assert_eq!(found(&records, "bar", "1.0.0", Some(&index_source())).len(), 1);
    }
}
