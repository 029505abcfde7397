//! The databases that can be read, and where each keeps its advisories.
//!
//! The rule that must not be broken: a database answers only for the ecosystems that it is about. An advisory that is
//! kept for npm and names a Python package too does not make npm's export one of Python's.

use super::lock::Ecosystem;
use crate::{paths, text};
use std::{fmt, str::FromStr};

/// Whose database it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SourceKind {
    /// <https://github.com/RustSec/advisory-db>
    Rustsec,
    /// <https://github.com/golang/vulndb>, or the archive that <https://vuln.go.dev> serves.
    Go,
    /// <https://github.com/pypa/advisory-database>
    Pypa,
    /// <https://github.com/github/advisory-database>, the reviewed part.
    Ghsa,
    /// OSV's export of one ecosystem; `None` is the one that every advisory in it speaks about.
    Osv(Option<Ecosystem>),
}

/// What lies at a path of a database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// An advisory must.
    Record,
    /// More about an advisory: when it was published.
    Report,
    /// Something that must not be there, or an advisory with a wrong name.
    Misplaced,
    /// Nothing of interest.
    Other,
}

/// All ecosystems, with the names that OSV has for them.
pub(super) const ECOSYSTEMS: [(Ecosystem, &str); 9] = [
    (Ecosystem::Cargo, concat!("crates", ".io")),
    (Ecosystem::Golang, "Go"),
    (Ecosystem::Pypi, "PyPI"),
    (Ecosystem::Npm, "npm"),
    (Ecosystem::Gem, "RubyGems"),
    (Ecosystem::Composer, "Packagist"),
    (Ecosystem::Nuget, "NuGet"),
    (Ecosystem::Maven, "Maven"),
    (Ecosystem::Hex, "Hex"),
];

impl SourceKind {
    /// Where all its advisories lie; an empty path is everywhere.
    pub(super) fn roots(self) -> &'static [&'static str] {
        match self {
            Self::Rustsec => &["crates", "rust"],
            Self::Go => &["data/osv", "data/reports", "ID"],
            Self::Pypa => &["vulns"],
            Self::Ghsa => &["advisories/github-reviewed"],
            Self::Osv(_) => &[""],
        }
    }

    /// What lies at `path`, relative to the database's root.
    pub(super) fn place(self, path: &str) -> Place {
        let (folder, name) = paths::split(path);
        if name.starts_with('.') || name.is_empty() {
            return Place::Other;
        }
        let depth = path.matches('/').count();
        let first = path.split('/').next().unwrap_or_default();
        let is_json = name.ends_with(".json");
        let record = |fits: bool| if fits { Place::Record } else { Place::Misplaced };
        match self {
            Self::Rustsec if matches!(first, "crates" | "rust") && depth >= 2 => Place::Record,
            Self::Go if folder == "data/osv" => record(is_json),
            Self::Go if folder == "ID" && is_json => Place::Record,
            Self::Go if folder == "data/reports" && name.ends_with(".yaml") => Place::Report,
            Self::Pypa if first == "vulns" && depth >= 2 => record(depth == 2 && name.ends_with(".yaml")),
            Self::Ghsa if folder.starts_with("advisories/github-reviewed/") => record(is_json),
            Self::Osv(_) if is_json || name.to_ascii_lowercase().ends_with(".json") => record(is_json),
            _ => Place::Other,
        }
    }

    /// The ecosystems whose packages it may speak about; `None` is any.
    pub(super) fn about(self) -> Option<Ecosystem> {
        match self {
            Self::Rustsec => Some(Ecosystem::Cargo),
            Self::Go => Some(Ecosystem::Golang),
            Self::Pypa => Some(Ecosystem::Pypi),
            Self::Ghsa => None,
            Self::Osv(ecosystem) => ecosystem,
        }
    }

    /// The kinds that can be told by where their advisories lie.
    pub(super) const RECOGNISED: [Self; 5] =
        [Self::Rustsec, Self::Go, Self::Pypa, Self::Ghsa, Self::Osv(None)];

    /// The kind whose advisories lie at one of `paths`, relative to the root.
    pub(super) fn of_paths<'a>(paths: impl Iterator<Item = &'a str> + Clone) -> Option<Self> {
        Self::RECOGNISED.into_iter().find(|kind| paths.clone().any(|path| kind.place(path) == Place::Record))
    }
}

impl fmt::Display for SourceKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rustsec => f.write_str("rustsec"),
            Self::Go => f.write_str("go"),
            Self::Pypa => f.write_str("pypa"),
            Self::Ghsa => f.write_str("ghsa"),
            Self::Osv(None) => f.write_str("osv"),
            Self::Osv(Some(ecosystem)) => write!(f, "osv/{ecosystem}"),
        }
    }
}

impl FromStr for SourceKind {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if let Some(name) = text.strip_prefix("osv/") {
            let known = ECOSYSTEMS.into_iter().find(|(it, osv)| it.word() == name || *osv == name);
            return match known {
                Some((ecosystem, _)) => Ok(Self::Osv(Some(ecosystem))),
                None => Err(unknown_ecosystem(name)),
            };
        }
        let known = Self::RECOGNISED.into_iter().find(|kind| kind.to_string() == text);
        known.ok_or_else(|| unknown_database(text))
    }
}

/// No ecosystem has this name; which one is meant, or all of them.
fn unknown_ecosystem(name: &str) -> String {
    let words = ECOSYSTEMS.map(|(ecosystem, _)| ecosystem.word());
    let hint = text::nearest(name, words).map_or_else(
        || format!("there are {}", words.join(", ")),
        |near| format!("did you mean osv/{near}?"),
    );
    format!("no ecosystem is called `{}`; {hint}", name.escape_debug())
}

/// No database has this name; that of an ecosystem is OSV's export of it.
fn unknown_database(name: &str) -> String {
    let ecosystem = ECOSYSTEMS.into_iter().find(|(it, osv)| it.word() == name || *osv == name);
    let hint = match ecosystem {
        Some((ecosystem, _)) => format!("did you mean osv/{ecosystem}?"),
        None => "there are rustsec, go, pypa, ghsa, osv and osv/ECOSYSTEM".to_owned(),
    };
    format!("no advisory database is called `{}`; {hint}", name.escape_debug())
}

#[cfg(test)]
mod tests {
    use super::{Ecosystem, Place, SourceKind};

    #[test]
    fn each_kind_is_told_by_where_its_advisories_lie() {
        for (path, kind) in [
            ("crates/a/RUSTSEC-2020-0001.md", Some(SourceKind::Rustsec)),
            ("data/osv/GO-2020-0001.json", Some(SourceKind::Go)),
            ("ID/GO-2020-0001.json", Some(SourceKind::Go)),
            ("vulns/a/PYSEC-2020-1.yaml", Some(SourceKind::Pypa)),
            ("advisories/github-reviewed/2020/01/GHSA-a/GHSA-a.json", Some(SourceKind::Ghsa)),
            ("GHSA-a.json", Some(SourceKind::Osv(None))),
            ("README.md", None),
            ("crates/a", None),
        ] {
            assert_eq!(SourceKind::of_paths([path].into_iter()), kind, "{path}");
        }
    }

    #[test]
    fn what_lies_among_the_advisories_is_one_or_misplaced_unless_it_is_hidden() {
        assert_eq!(SourceKind::Rustsec.place("crates/a/b/c.md"), Place::Record);
        assert_eq!(SourceKind::Rustsec.place("crates/a/.hidden"), Place::Other);
        assert_eq!(SourceKind::Rustsec.place("other/a/b.md"), Place::Other);
        assert_eq!(SourceKind::Pypa.place("vulns/.id-allocator"), Place::Other);
        assert_eq!(SourceKind::Pypa.place("vulns/a/PYSEC-1.yml"), Place::Misplaced);
        assert_eq!(SourceKind::Go.place("data/osv/GO-1.jso"), Place::Misplaced);
        assert_eq!(SourceKind::Go.place("data/reports/GO-1.yaml"), Place::Report);
        assert_eq!(SourceKind::Osv(None).place("GHSA-1.JSON"), Place::Misplaced);
        assert_eq!(SourceKind::Osv(None).place("GHSA-1.md"), Place::Other);
        assert_eq!(SourceKind::Ghsa.place("advisories/unreviewed/2020/01/GHSA-a/GHSA-a.json"), Place::Other);
    }

    #[test]
    fn a_name_is_read_as_it_is_written() {
        for text in ["rustsec", "go", "pypa", "ghsa", "osv", "osv/npm", "osv/gem"] {
            assert_eq!(text.parse::<SourceKind>().unwrap().to_string(), text);
        }
        assert_eq!("osv/RubyGems".parse(), Ok(SourceKind::Osv(Some(Ecosystem::Gem))));
        assert!("osv/cobol".parse::<SourceKind>().is_err());
        assert!("nvd".parse::<SourceKind>().is_err());
    }
}
