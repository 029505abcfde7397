//! `osv-scanner.toml`: `[[IgnoredVulns]]` and `[[PackageOverrides]]`, for the lock files in its own folder.

use super::{Package, Place, Suppression};
use crate::advisories::lock::Ecosystem;
use jiff::{Timestamp, civil::Date, tz::TimeZone};
use serde::Deserialize;

#[derive(Deserialize)]
struct File {
    #[serde(default, rename = "IgnoredVulns")]
    ignored: Vec<Ignored>,
    #[serde(default, rename = "PackageOverrides")]
    overrides: Vec<Override>,
}

#[derive(Deserialize)]
struct Ignored {
    id: String,
    #[serde(rename = "ignoreUntil")]
    until: Option<toml::value::Datetime>,
    reason: Option<String>,
}

#[derive(Deserialize)]
struct Override {
    name: Option<String>,
    version: Option<String>,
    ecosystem: Option<String>,
    group: Option<String>,
    ignore: Option<bool>,
    vulnerability: Option<Vulnerability>,
    #[serde(rename = "effectiveUntil")]
    until: Option<toml::value::Datetime>,
    reason: Option<String>,
}

#[derive(Deserialize)]
struct Vulnerability {
    ignore: Option<bool>,
}

/// Reads the file.
pub(super) fn read(text: &str, place: &Place<'_>) -> Result<Vec<Suppression>, String> {
    let file: File =
        toml::from_str(text).map_err(|error| format!("it cannot be read: {}", error.message()))?;
    let of = |id, package, reason, until: Option<toml::value::Datetime>| {
        Ok::<_, String>(Suppression {
            file: place.file.to_owned(),
            folder: Some(place.folder.clone()),
            id,
            package,
            product: None,
            reason,
            until: until.map(end).transpose()?,
            since: Ok(None),
            is_open: false,
        })
    };
    let mut found = Vec::new();
    for Ignored { id, until, reason } in file.ignored {
        found.push(of(Some(id), None, reason, until)?);
    }
    for entry in file.overrides {
        let ignores = entry.ignore == Some(true)
            || entry.vulnerability.as_ref().is_some_and(|it| it.ignore == Some(true));
        // Of groups of dependencies nothing is kept here, so that an entry about one covers nothing.
        if !ignores || entry.group.is_some() {
            continue;
        }
        let Some(package) = package(&entry) else { continue };
        found.push(of(None, Some(package), entry.reason, entry.until)?);
    }
    Ok(found)
}

/// The package of an override; `None` for one of an ecosystem that is not read.
fn package(entry: &Override) -> Option<Package> {
    let ecosystem = match entry.ecosystem.as_deref() {
        None => None,
        Some(name) => Some(ecosystem(name)?),
    };
    let package = Package { ecosystem, name: entry.name.clone(), version: entry.version.clone() };
    (package != Package::default()).then_some(package)
}

/// The ecosystem that OSV calls by this name.
fn ecosystem(name: &str) -> Option<Ecosystem> {
    Some(match name {
        concat!("crates", ".io") => Ecosystem::Cargo,
        "Go" => Ecosystem::Golang,
        "PyPI" => Ecosystem::Pypi,
        "npm" => Ecosystem::Npm,
        "RubyGems" => Ecosystem::Gem,
        "Packagist" => Ecosystem::Composer,
        "NuGet" => Ecosystem::Nuget,
        "Maven" => Ecosystem::Maven,
        "Hex" => Ecosystem::Hex,
        _ => return None,
    })
}

/// The moment at which osv-scanner ends an entry. A day without a time, or with one of no zone, begins at its midnight.
fn end(until: toml::value::Datetime) -> Result<Timestamp, String> {
    let text = until.to_string();
    if let Ok(moment) = text.parse() {
        return Ok(moment);
    }
    let date: Option<Date> = text.get(..10).and_then(|day| day.parse().ok());
    let midnight = date.and_then(|date| date.to_zoned(TimeZone::UTC).ok());
    midnight
        .map(|midnight| midnight.timestamp())
        .ok_or_else(|| format!("`{text}` is no day until which an entry could hold"))
}
