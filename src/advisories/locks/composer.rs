//! `composer.lock`: <https://getcomposer.org/doc/01-basic-usage.md>.

use super::{
    Fault,
    composer_origin::{self, Place},
    error::shown,
    notation::{self, object, optional_object, optional_string, string},
    python::without_secrets,
    rows::Rows,
};
use crate::advisories::lock::{Ecosystem, Lock, Origin};
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};

/// Whom Composer tells about an installation: the registry that a package is from.
const REGISTRY: &str = concat!("https://", "packagist", ".org/downloads/");

/// Reads one. The format has no version of its own; the version of the interface that Composer's plugins use tells the
/// generation of the program that wrote it.
pub(super) fn read(text: &str) -> Result<Lock, Fault> {
    let document = notation::json(text)?;
    let root = object(Some(&document), "the document")?;
    string(root.get("content-hash"), "content-hash")?;
    let generation = optional_string(root.get("plugin-api-version"), "plugin-api-version")?.unwrap_or("1");
    if !["1", "2"].contains(&generation.split('.').next().unwrap_or_default()) {
        return Err(Fault::version(generation, "1 and 2 (plugin-api-version)"));
    }
    let mut rows = Rows::new(Ecosystem::Composer);
    let mut graph = Graph::default();
    for group in ["packages", "packages-dev"] {
        let listed = root.get(group).filter(|it| !it.is_null() || group == "packages");
        let Some(listed) = listed else { continue };
        let items = listed.as_array().ok_or_else(|| Fault::malformed(group, "a list"))?;
        for package in items {
            let package = object(Some(package), "a package")?;
            let name = string(package.get("name"), "the name of a package")?.to_lowercase();
            let version = string(package.get("version"), "the version of a package")?;
            rows.add(&name, version, origin(package, &name, version)?)?;
            graph.add(name, package)?;
        }
    }
    if !root.contains_key("packages") {
        return Err(Fault::malformed("packages", "a list"));
    }
    graph.note_missing(&mut rows)?;
    rows.lock()
}

/// What packages require, and what answers for it.
#[derive(Default)]
struct Graph {
    /// Each package that is required, with one that requires it.
    required: BTreeMap<String, String>,
    /// The packages that are listed, and what they replace or provide.
    answered: BTreeSet<String>,
    steps: usize,
}

impl Graph {
    fn add(&mut self, name: String, package: &Map<String, Value>) -> Result<(), Fault> {
        for key in ["require", "replace", "provide"] {
            // Composer writes an empty map as a list.
            let names = match package.get(key) {
                Some(Value::Array(items)) if items.is_empty() => None,
                other => optional_object(other, key)?,
            };
            for other in names.into_iter().flatten().map(|(name, _)| name.to_lowercase()) {
                self.steps += 1;
                if self.steps > super::PACKAGES_LIMIT {
                    return Err(Fault::TooMany);
                }
                match key {
                    "require" => drop(self.required.insert(other, name.clone())),
                    _ => drop(self.answered.insert(other)),
                }
            }
        }
        self.answered.insert(name);
        Ok(())
    }

    /// Says of each package that nothing listed answers for; the project itself may, which the file does not tell. What is
    /// without a vendor is PHP itself, its extensions and Composer.
    fn note_missing(&self, rows: &mut Rows) -> Result<(), Fault> {
        let mut missing =
            self.required.iter().filter(|(name, _)| name.contains('/') && !self.answered.contains(*name));
        missing.try_for_each(|(name, by)| rows.note_missing(by, name))
    }
}

fn origin(package: &Map<String, Value>, name: &str, version: &str) -> Result<Origin, Fault> {
    let place = |part: &str| -> Result<Option<Place<'_>>, Fault> {
        let Some(part) = optional_object(package.get(part), part)? else { return Ok(None) };
        let (kind, url) = (string(part.get("type"), "a type")?, string(part.get("url"), "a url")?);
        let reference = optional_string(part.get("reference"), "a reference")?.filter(|it| !it.is_empty());
        Ok(Some(Place { kind, url, reference }))
    };
    let (dist, source) = (place("dist")?, place("source")?);
    if [dist, source].into_iter().flatten().any(|place| place.kind == "path") {
        return Ok(Origin::Path);
    }
    let told = optional_string(package.get("notification-url"), "notification-url")?;
    Ok(match (told, source, dist) {
        (Some(REGISTRY), ..) if version.starts_with("dev-") || version.ends_with("-dev") => {
            Origin::Unpinned(shown(version))
        }
        (Some(REGISTRY), ..) => composer_origin::of_registry(name, source, dist),
        (Some(other), ..) => Origin::OtherRegistry(without_secrets(other)),
        (None, Some(Place { kind: "git" | "hg" | "svn", url, .. }), _) => Origin::Git(without_secrets(url)),
        (None, _, Some(Place { url, .. })) => Origin::Url(without_secrets(url)),
        _ => Origin::Unclear("it does not say where it is from".to_owned()),
    })
}
