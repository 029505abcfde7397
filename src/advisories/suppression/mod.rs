//! Advisories that a repository says do not concern it: what its own files tell its scanners to pass over.
//!
//! The rule that must not be broken: such a file is the word of those who are judged. It hides nothing: what it covers is
//! shown with its reason and its place, counts again on the day after its last, and a file that cannot be read covers nothing.

mod cargo;
mod openvex;
mod osv_scanner;
#[cfg(test)]
mod tests;

use super::{lock::Ecosystem, locks::go::is_of_copies};
use crate::paths;
use jiff::{Timestamp, civil::Date, tz::TimeZone};

/// Largest such file, in bytes.
pub const MAX_BYTES: usize = 1 << 20;

/// Most entries of one file.
const ENTRIES: usize = 10_000;

/// Folders of tests and examples.
const OF_TESTS: [&str; 7] = ["example", "examples", "fixtures", "samples", "test", "testdata", "tests"];

/// One advisory, or all about one package, that a file says to pass over.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Suppression {
    /// The file.
    pub file: String,
    /// The folder whose lock files it is about, with a slash at the end; empty for the root. `None`: every one below.
    pub folder: Option<String>,
    /// The advisory, by any of its ids; `None` for every advisory about the package.
    pub id: Option<String>,
    /// The package; `None` for all.
    pub package: Option<Package>,
    /// The product, by its purl, as a part of which alone the package is meant; `None` where it is meant by itself.
    pub product: Option<String>,
    /// Why.
    pub reason: Option<String>,
    /// The moment at which it ends.
    pub until: Option<Timestamp>,
    /// The first day on which it holds, `None` for one that always did; or why that is not known, and it holds on none.
    pub since: Result<Option<Date>, String>,
    /// Whether it passes over nothing and says the opposite: that the advisory concerns something, or may.
    pub is_open: bool,
}

/// The package that an entry is about.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Package {
    /// Whose package; `None` where the file does not say.
    pub ecosystem: Option<Ecosystem>,
    /// Its name; `None` for every package of the ecosystem.
    pub name: Option<String>,
    /// Its version; `None` for every version.
    pub version: Option<String>,
}

/// An advisory that was found, as far as it matters here.
#[derive(Clone, Copy, Debug)]
pub struct Found<'a> {
    /// The lock file's path.
    pub lock: &'a str,
    /// Whose package.
    pub ecosystem: Ecosystem,
    /// Its name.
    pub package: &'a str,
    /// Its version.
    pub version: &'a str,
    /// The advisory's id.
    pub id: &'a str,
    /// Its other ids.
    pub aliases: &'a [String],
}

impl Suppression {
    /// Whether this is about what was found, whatever the day.
    #[must_use]
    pub fn is_about(&self, found: Found<'_>) -> bool {
        let folder = found.lock.rfind('/').map_or("", |at| &found.lock[..=at]);
        let is_id = |id: &String| id == found.id || found.aliases.contains(id);
        !self.is_open
            && self.folder.as_deref().is_none_or(|own| own == folder)
            && self.id.as_ref().is_none_or(is_id)
            && (self.id.is_some() || self.package.is_some())
            && self.package.as_ref().is_none_or(|package| package.is(found))
    }

    /// Whether it is a statement of an OpenVEX document: those alone are about every folder.
    #[must_use]
    pub fn is_statement(&self) -> bool {
        self.folder.is_none()
    }

    /// Whether it has begun on `day`.
    #[must_use]
    pub fn has_begun_on(&self, day: Date) -> bool {
        self.since.as_ref().is_ok_and(|since| since.is_none_or(|since| since <= day))
    }

    /// Whether it still holds at `moment`.
    #[must_use]
    pub fn holds_at(&self, moment: Timestamp) -> bool {
        self.until.is_none_or(|until| moment < until)
    }

    /// The last day on which it holds, if only for a part of it.
    #[must_use]
    pub fn last_day(&self) -> Option<Date> {
        let until = self.until?;
        let last = Timestamp::from_nanosecond(until.as_nanosecond() - 1).unwrap_or(until);
        Some(last.to_zoned(TimeZone::UTC).date())
    }
}

impl Package {
    fn is(&self, found: Found<'_>) -> bool {
        self.ecosystem.is_none_or(|own| own == found.ecosystem)
            && self.name.as_ref().is_none_or(|own| own == found.package)
            && self.version.as_ref().is_none_or(|own| own == found.version)
    }
}

/// Whether the file at `path` may hold suppressions.
#[must_use]
pub fn is_suppression_file(path: &str) -> bool {
    format_of(path).is_some()
}

/// Reads the file at `path`.
///
/// # Errors
/// Why it cannot be read, in words for the report.
pub fn read(path: &str, bytes: &[u8]) -> Result<Vec<Suppression>, String> {
    let Some(format) = format_of(path) else { return Err("it is no file of suppressions".to_owned()) };
    if bytes.len() > MAX_BYTES {
        return Err(format!("it has more than {MAX_BYTES} bytes"));
    }
    let text = std::str::from_utf8(bytes).map_err(|_| "it is not UTF-8".to_owned())?;
    let folder = paths::folder_of(path);
    let found = match format {
        Format::CargoAudit => cargo::audit(text, &Place { file: path, folder: above_dot_cargo(folder) }),
        Format::CargoDeny => cargo::deny(text, &Place { file: path, folder: above_dot_cargo(folder) }),
        Format::OsvScanner => osv_scanner::read(text, &Place { file: path, folder: with_slash(folder) }),
        Format::OpenVex => openvex::read(bytes, path),
    }?;
    if found.len() > ENTRIES { Err(format!("it has more than {ENTRIES} entries")) } else { Ok(found) }
}

/// Where a file stands, and which folder it is about.
struct Place<'a> {
    file: &'a str,
    folder: String,
}

enum Format {
    CargoAudit,
    CargoDeny,
    OsvScanner,
    OpenVex,
}

fn format_of(path: &str) -> Option<Format> {
    let (folder, name) = paths::split(path);
    let parent = folder.rsplit('/').next().unwrap_or_default();
    let format = match name {
        "audit.toml" if parent == ".cargo" => Some(Format::CargoAudit),
        "deny.toml" | ".deny.toml" => Some(Format::CargoDeny),
        "osv-scanner.toml" => Some(Format::OsvScanner),
        "openvex.json" | ".openvex.json" | "vex.json" => Some(Format::OpenVex),
        _ if name.ends_with(".openvex.json") || name.ends_with(".vex.json") => Some(Format::OpenVex),
        _ if matches!(parent, ".vex" | ".openvex") && name.ends_with(".json") => Some(Format::OpenVex),
        _ => None,
    };
    format.filter(|format| !matches!(format, Format::OpenVex) || !is_of_others(folder))
}

/// Whether a folder holds copies, tests or examples: a statement there, which would count for every folder, is not about the
/// release.
fn is_of_others(folder: &str) -> bool {
    let is_of_tests = |segment: &str| OF_TESTS.iter().any(|name| segment.eq_ignore_ascii_case(name));
    is_of_copies(folder) || folder.split('/').any(is_of_tests)
}

/// The folder that a file in it, or in its `.cargo`, is about.
fn above_dot_cargo(folder: &str) -> String {
    match folder {
        ".cargo" => String::new(),
        folder => with_slash(folder.strip_suffix("/.cargo").unwrap_or(folder)),
    }
}

fn with_slash(folder: &str) -> String {
    if folder.is_empty() { String::new() } else { format!("{folder}/") }
}
