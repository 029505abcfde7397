//! One advisory of a RustSec database: its file, and what it says.
//!
//! The rule that must not be broken: a file in an advisory's place that cannot be read as one is an error with its
//! name. Skipping it would hide a vulnerability.

pub use super::advisory::Kind;
use super::{
    advisory::{self, Affected, Event, title_of},
    lock::Ecosystem,
};
use jiff::civil::Date;
use rustsec::{Advisory, Collection, SourceId, advisory::Informational, osv};
use std::{panic, str::FromStr};
use thiserror::Error;

/// The largest advisory that is read, in bytes.
pub const RECORD_LIMIT: usize = 4 << 20;

/// A version number that RustSec's range arithmetic cannot add one to.
const LARGEST_NUMBER: &str = "18446744073709551615";

/// Why a file is not an advisory.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum RecordError {
    /// A file below `crates` or `rust` that is not in an advisory's place.
    #[error("`{}` is not where an advisory is expected (`crates/PACKAGE/ID.md`)", path.escape_debug())]
    Misplaced {
        /// The path inside the database.
        path: String,
    },
    /// Larger than [`RECORD_LIMIT`].
    #[error("`{}` is larger than {RECORD_LIMIT} bytes", path.escape_debug())]
    TooLarge {
        /// The path inside the database.
        path: String,
    },
    /// Not an advisory in RustSec's format.
    #[error("`{}` is not a readable advisory: {reason}", path.escape_debug())]
    Malformed {
        /// The path inside the database.
        path: String,
        /// What the reader stumbled over.
        reason: String,
    },
    /// An `informational` word that this version does not know.
    #[error("`{}` has the unknown kind `{}`", path.escape_debug(), kind.escape_debug())]
    UnknownKind {
        /// The path inside the database.
        path: String,
        /// The unknown word.
        kind: String,
    },
}

/// One advisory, as it stands in the database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    path: String,
    bytes: Vec<u8>,
    advisory: Advisory,
    kind: Kind,
    published: Date,
}

impl Record {
    /// Reads the file at `path` (relative to the database's root). A draft, which has no id yet, is `None`.
    pub fn read(path: &str, bytes: Vec<u8>) -> Result<Option<Self>, RecordError> {
        let place = Place::of(path)?;
        if bytes.len() > RECORD_LIMIT {
            return Err(RecordError::TooLarge { path: path.to_owned() });
        }
        let malformed = |reason: String| RecordError::Malformed { path: path.to_owned(), reason };
        let text = std::str::from_utf8(&bytes).map_err(|error| malformed(error.to_string()))?;
        let advisory = parse(text).map_err(&malformed)?;
        place.agrees_with(&advisory).map_err(&malformed)?;
        let kind = kind_of(path, &advisory)?;
        let published =
            Date::from_str(advisory.metadata.date.as_str()).map_err(|error| malformed(error.to_string()))?;
        if advisory.metadata.id.is_placeholder() {
            return Ok(None);
        }
        let advisory = in_collection(advisory, place.collection);
        Ok(Some(Self { path: path.to_owned(), bytes, advisory, kind, published }))
    }

    /// The path inside the database, such as `crates/foo/RUSTSEC-2020-0001.md`.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The file's bytes.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The advisory's id.
    pub fn id(&self) -> &str {
        self.advisory.metadata.id.as_str()
    }

    /// The package it is about.
    pub fn package(&self) -> &str {
        self.advisory.metadata.package.as_str()
    }

    /// What it warns of.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// When it was published.
    pub fn published(&self) -> Date {
        self.published
    }

    /// Whether it was taken back.
    pub fn is_withdrawn(&self) -> bool {
        self.advisory.withdrawn()
    }

    /// What it says about a package of the language's own registry, in the shape that all databases share; `None`
    /// where it was taken back, or is about the language itself or another registry.
    pub fn advisory(&self) -> Option<advisory::Advisory> {
        let metadata = &self.advisory.metadata;
        let in_registry = metadata.collection == Some(Collection::Crates) && self.is_about_default_registry();
        if self.is_withdrawn() || !in_registry {
            return None;
        }
        let mut aliases: Vec<String> = metadata.aliases.iter().map(|it| it.as_str().to_owned()).collect();
        aliases.sort();
        let versions = &self.advisory.versions;
        let ranges = osv::ranges_for_advisory(versions).into_iter().map(|range| {
            let from = range.introduced.map_or_else(|| "0".to_owned(), |version| version.to_string());
            let until = range.fixed.map(|version| Event::Fixed(version.to_string()));
            [Event::Introduced(from)].into_iter().chain(until).collect()
        });
        Some(advisory::Advisory {
            ecosystem: Ecosystem::Cargo,
            package: self.package().to_owned(),
            id: self.id().to_owned(),
            aliases,
            kind: self.kind,
            title: title_of(&metadata.title),
            published: Some(self.published),
            severity: self.advisory.severity().map(Into::into),
            affected: vec![Affected { ranges: ranges.collect(), ..Affected::default() }],
            fixed: versions.patched().iter().map(ToString::to_string).collect(),
            url: metadata.url.as_ref().map(ToString::to_string).or_else(|| metadata.id.url()),
        })
    }

    #[cfg(test)]
    pub(super) fn parsed(&self) -> &Advisory {
        &self.advisory
    }

    /// Whether it is about packages of the language's own registry, which is where its package name means anything.
    pub(super) fn is_about_default_registry(&self) -> bool {
        self.advisory.metadata.source.as_ref().is_none_or(SourceId::is_default_registry)
    }
}

/// What an advisory's path says: `COLLECTION/PACKAGE/ID.md`.
struct Place<'a> {
    collection: Collection,
    package: &'a str,
    stem: &'a str,
}

impl<'a> Place<'a> {
    fn of(path: &'a str) -> Result<Self, RecordError> {
        let misplaced = || RecordError::Misplaced { path: path.to_owned() };
        let mut parts = path.split('/');
        let (Some(collection), Some(package), Some(file), None) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(misplaced());
        };
        let collection = Collection::from_str(collection).map_err(|_| misplaced())?;
        let stem = file.strip_suffix(".md").ok_or_else(misplaced)?;
        if package.is_empty() || stem.is_empty() {
            return Err(misplaced());
        }
        Ok(Self { collection, package, stem })
    }

    /// The checks that RustSec's own loader makes.
    fn agrees_with(&self, advisory: &Advisory) -> Result<(), String> {
        let metadata = &advisory.metadata;
        if metadata.id.as_str() != self.stem {
            return Err(format!("its id is `{}`", metadata.id.as_str().escape_debug()));
        }
        if metadata.package.as_str() != self.package {
            return Err(format!("it is about the package `{}`", metadata.package.as_str().escape_debug()));
        }
        match metadata.collection {
            Some(collection) if collection != self.collection => {
                Err("it names another collection".to_owned())
            }
            _ => Ok(()),
        }
    }
}

fn in_collection(mut advisory: Advisory, collection: Collection) -> Advisory {
    advisory.metadata.collection = Some(collection);
    advisory
}

fn kind_of(path: &str, advisory: &Advisory) -> Result<Kind, RecordError> {
    match &advisory.metadata.informational {
        None => Ok(Kind::Vulnerability),
        Some(Informational::Unsound) => Ok(Kind::Unsound),
        Some(Informational::Unmaintained) => Ok(Kind::Unmaintained),
        Some(Informational::Notice) => Ok(Kind::Notice),
        Some(other) => {
            Err(RecordError::UnknownKind { path: path.to_owned(), kind: other.as_str().to_owned() })
        }
    }
}

/// Parses one advisory with the `rustsec` crate.
///
/// That crate trusts its database: it slices bytes inside a character, asserts on ranges that touch, and adds one to
/// the largest number (which wraps in a release build, and would move a bound). Ours may come from anywhere.
fn parse(text: &str) -> Result<Advisory, String> {
    if !text.starts_with("```toml") {
        return Err("it does not begin with TOML front matter".to_owned());
    }
    if text.contains(LARGEST_NUMBER) {
        return Err("a version number is too large".to_owned());
    }
    match panic::catch_unwind(|| Advisory::from_str(text)) {
        Ok(parsed) => parsed.map_err(|error| one_line(&error.to_string())),
        Err(_) => Err("the advisory reader could not cope with it".to_owned()),
    }
}

/// A parser's message of several lines (position, excerpt, reason) as one, without control characters.
pub(super) fn one_line(message: &str) -> String {
    let lines: Vec<&str> = message.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let joined = match lines.as_slice() {
        [] => String::new(),
        [only] => (*only).to_owned(),
        [first, .., last] => format!("{first}: {last}"),
    };
    joined.chars().filter(|c| !c.is_control()).take(300).collect()
}

#[cfg(test)]
mod tests {
    use super::{Kind, RECORD_LIMIT, Record, RecordError};
    use crate::advisories::testing::advisory;

    const PATH: &str = "crates/foo/RUSTSEC-2020-0001.md";

    fn read(path: &str, text: &str) -> Result<Option<Record>, RecordError> {
        Record::read(path, text.as_bytes().to_vec())
    }

    fn good() -> String {
        advisory("RUSTSEC-2020-0001", "foo", "patched = [\">= 1.2.3\"]", "")
    }

    #[track_caller]
    fn malformed(text: &str, says: &str) {
        match read(PATH, text) {
            Err(RecordError::Malformed { path, reason }) => {
                assert_eq!(path, PATH);
                assert!(reason.contains(says), "{reason}");
            }
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn an_advisory_in_its_place_is_read() {
        let record = read(PATH, &good()).unwrap().unwrap();
        assert_eq!(
            (record.id(), record.package(), record.kind()),
            ("RUSTSEC-2020-0001", "foo", Kind::Vulnerability)
        );
        assert!(record.is_about_default_registry());
    }

    #[test]
    fn a_draft_is_no_record_but_must_parse() {
        let draft = advisory("RUSTSEC-0000-0000", "foo", "patched = []", "");
        assert!(read("crates/foo/RUSTSEC-0000-0000.md", &draft).unwrap().is_none());
        let broken = draft.replace("patched", "patchy");
        assert!(matches!(
            read("crates/foo/RUSTSEC-0000-0000.md", &broken),
            Err(RecordError::Malformed { .. })
        ));
    }

    #[test]
    fn a_corrupted_advisory_is_malformed_and_named() {
        malformed(&good().replace("```toml", "'''toml"), "front matter");
        malformed(&good().replace("patched", "patchy"), "missing field");
        malformed(&good().replace("[versions]", "[versions"), "TOML");
        malformed(&good().replace(">= 1.2.3", ">= 1.2.x.y"), "version");
        malformed(&good().replace("2020-01-02", "yesterday"), "date");
        malformed(&good()[..40], "front matter");
        malformed("", "front matter");
    }

    #[test]
    fn what_makes_the_rustsec_crate_panic_is_malformed() {
        malformed("0123456789012345678é and so on", "front matter");
        malformed(&good().replace("[\">= 1.2.3\"]", "[\"=1.0.0\", \">1.0.0\"]"), "could not cope");
        malformed(&good().replace("1.2.3", "1.2.18446744073709551615"), "too large");
    }

    #[test]
    fn an_advisory_that_contradicts_its_path_is_malformed() {
        malformed(&good().replace("RUSTSEC-2020-0001", "RUSTSEC-2020-0002"), "its id is");
        malformed(&good().replace("\"foo\"", "\"bar\""), "about the package");
        malformed(&good().replace("package = ", "collection = \"rust\"\npackage = "), "another collection");
    }

    #[test]
    fn a_kind_nobody_knows_is_an_error_not_a_silence() {
        let text = advisory("RUSTSEC-2020-0001", "foo", "patched = []", "informational = \"haunted\"");
        let error = read(PATH, &text).unwrap_err();
        assert_eq!(error, RecordError::UnknownKind { path: PATH.into(), kind: "haunted".into() });
    }

    #[test]
    fn a_file_elsewhere_is_misplaced() {
        for path in [
            "crates/foo.md",
            "crates/foo/bar/RUSTSEC-2020-0001.md",
            "gems/foo/a.md",
            "crates/foo/a.txt",
            "crates//a.md",
        ] {
            assert_eq!(read(path, &good()).unwrap_err(), RecordError::Misplaced { path: path.into() });
        }
    }

    #[test]
    fn a_huge_advisory_is_too_large() {
        let text = good() + &"x".repeat(RECORD_LIMIT);
        assert_eq!(read(PATH, &text).unwrap_err(), RecordError::TooLarge { path: PATH.into() });
    }
}
