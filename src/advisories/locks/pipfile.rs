//! `Pipfile.lock`, specification 6.

use super::{
    Fault,
    notation::{self, object, optional_string, string},
    python,
    rows::Rows,
};
use crate::advisories::lock::{Ecosystem, Lock, Origin};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// Reads a `Pipfile.lock`.
pub(super) fn read(text: &str) -> Result<Lock, Fault> {
    let document = notation::json(text)?;
    let root = object(Some(&document), "the document")?;
    let meta = object(root.get("_meta"), "_meta")?;
    match meta.get("pipfile-spec") {
        Some(Value::Number(number)) if number.as_u64() == Some(6) => {}
        Some(other) => return Err(Fault::version(&other.to_string(), "6")),
        None => return Err(Fault::malformed("_meta.pipfile-spec", "6")),
    }
    let sources = Sources::read(meta)?;
    let mut rows = Rows::new(Ecosystem::Pypi);
    for (group, packages) in root.iter().filter(|(group, _)| *group != "_meta") {
        for (name, package) in object(Some(packages), group)? {
            let package = object(Some(package), name)?;
            let version = optional_string(package.get("version"), "a version")?;
            let name = python::normal_name(name);
            match (address(package)?, version.and_then(|it| it.strip_prefix("=="))) {
                (Some(origin), version) => rows.add(&name, version.unwrap_or_default(), origin)?,
                (None, Some(exact)) => {
                    let index = optional_string(package.get("index"), "an index")?;
                    rows.add(&name, exact.trim_start_matches('='), sources.origin(index))?;
                }
                (None, None) => {
                    rows.add(&name, "", Origin::Unpinned(version.unwrap_or_default().to_owned()))?;
                }
            }
        }
    }
    rows.lock()
}

/// Where a package is from that is from no index.
fn address(package: &Map<String, Value>) -> Result<Option<Origin>, Fault> {
    for key in ["git", "hg", "svn", "bzr"] {
        if let Some(url) = optional_string(package.get(key), key)? {
            return Ok(Some(Origin::Git(python::without_secrets(url))));
        }
    }
    if let Some(url) = optional_string(package.get("file"), "file")? {
        return Ok(Some(Origin::Url(python::without_secrets(url))));
    }
    Ok(match optional_string(package.get("path"), "path")? {
        Some("." | "./") => Some(Origin::Own),
        Some(_) => Some(Origin::Path),
        None => None,
    })
}

/// What a package comes from by the index that it names. Worked out once: there may be many of both.
struct Sources<'v> {
    by_name: BTreeMap<&'v str, Origin>,
    /// A package without the name of an index may come from any of them.
    any: Option<Origin>,
}

impl<'v> Sources<'v> {
    fn read(meta: &'v Map<String, Value>) -> Result<Self, Fault> {
        let listed = meta.get("sources").and_then(Value::as_array);
        let mut sources = Self { by_name: BTreeMap::new(), any: None };
        for item in listed.ok_or_else(|| Fault::malformed("_meta.sources", "a list"))? {
            let item = object(Some(item), "a source")?;
            // Until 2018 a source needed no name; then no package can name it.
            let name = optional_string(item.get("name"), "the name of a source")?;
            let origin = python::of_index(string(item.get("url"), "its url")?);
            // Of several, the first that is not the default one tells.
            let of_name = name.map(|name| sources.by_name.entry(name).or_insert(Origin::DefaultRegistry));
            for known in of_name.into_iter().chain([sources.any.get_or_insert(Origin::DefaultRegistry)]) {
                if *known == Origin::DefaultRegistry {
                    *known = origin.clone();
                }
            }
        }
        Ok(sources)
    }

    fn origin(&self, index: Option<&str>) -> Origin {
        let found = index.map_or(self.any.as_ref(), |index| self.by_name.get(index));
        let unknown = || Origin::Unclear("from an index that the file does not describe".to_owned());
        found.cloned().unwrap_or_else(unknown)
    }
}
