//! `.cargo/audit.toml` of cargo-audit and `deny.toml` of cargo-deny.

use super::{Package, Place, Suppression};
use crate::advisories::lock::Ecosystem;
use serde::Deserialize;

/// What of either file matters here; the rest of them is about other things.
#[derive(Deserialize)]
struct File {
    #[serde(default)]
    advisories: Option<Advisories>,
}

#[derive(Deserialize)]
struct Advisories {
    #[serde(default)]
    ignore: Vec<Entry>,
}

/// An id, `crate@requirement`, or a table with either and a reason.
#[derive(Deserialize)]
#[serde(untagged)]
enum Entry {
    Text(String),
    Table(Table),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    id: Option<String>,
    #[serde(rename = "crate", alias = "name")]
    package: Option<String>,
    version: Option<String>,
    reason: Option<String>,
}

/// Reads cargo-audit's configuration (its `[advisories] ignore`: ids).
pub(super) fn audit(text: &str, place: &Place<'_>) -> Result<Vec<Suppression>, String> {
    let entries = entries(text)?.into_iter().map(|entry| match entry {
        Entry::Text(id) => Ok(suppression(place, id, None)),
        Entry::Table(_) => {
            Err("its list of ignored advisories holds a table, where an id is expected".to_owned())
        }
    });
    entries.collect()
}

/// Reads cargo-deny's configuration. What it ignores as a crate is about yanked versions, and about advisories of none.
pub(super) fn deny(text: &str, place: &Place<'_>) -> Result<Vec<Suppression>, String> {
    let mut found = Vec::new();
    for entry in entries(text)? {
        match entry {
            Entry::Text(id) if is_id(&id) => found.push(suppression(place, id, None)),
            Entry::Table(Table { id: Some(id), package: None, version: None, reason }) if is_id(&id) => {
                found.push(suppression(place, id, reason));
            }
            Entry::Table(Table { id: Some(_), .. }) => {
                return Err("an ignored advisory has keys that cargo-deny does not know together".to_owned());
            }
            Entry::Text(_) | Entry::Table(_) => {}
        }
    }
    Ok(found)
}

fn entries(text: &str) -> Result<Vec<Entry>, String> {
    let file: File =
        toml::from_str(text).map_err(|error| format!("it cannot be read: {}", error.message()))?;
    Ok(file.advisories.map(|advisories| advisories.ignore).unwrap_or_default())
}

/// Whether an entry is an id: `crate@1.2` and `crate` are not.
fn is_id(text: &str) -> bool {
    text.starts_with("RUSTSEC-") || text.starts_with("CVE-") || text.starts_with("GHSA-")
}

fn suppression(place: &Place<'_>, id: String, reason: Option<String>) -> Suppression {
    let package = Package { ecosystem: Some(Ecosystem::Cargo), ..Package::default() };
    Suppression {
        file: place.file.to_owned(),
        folder: Some(place.folder.clone()),
        id: Some(id),
        package: Some(package),
        product: None,
        reason,
        until: None,
        since: Ok(None),
        is_open: false,
    }
}
