//! `pdm.lock`, versions 4.0 to 4.5.

use super::{
    Fault,
    notation::{self, tables, toml_optional, toml_string},
    python, python_origin,
    rows::Rows,
};
use crate::advisories::lock::{Ecosystem, Lock, Origin};
use toml::{Table, Value};

const KNOWN: &str = "4.0 to 4.5";

/// Reads a `pdm.lock`. Its metadata stands at the beginning; that a file was not cut off is known from what its
/// packages depend on.
pub(super) fn read(text: &str) -> Result<Lock, Fault> {
    let table = notation::toml(text)?;
    let metadata = table.get("metadata").and_then(Value::as_table);
    let metadata = metadata.ok_or_else(|| Fault::malformed("metadata", "a table"))?;
    check_version(toml_string(metadata, "lock_version")?)?;
    let mut rows = Rows::new(Ecosystem::Pypi);
    for package in tables(&table, "package")? {
        let name = python::normal_name(toml_string(package, "name")?);
        let version = toml_string(package, "version")?;
        let mut origin = origin(package)?;
        if origin == Origin::DefaultRegistry {
            let files = python_origin::of_files(package, "files", &name, version, true)?;
            origin = files.unwrap_or(origin);
        }
        rows.add(&name, version, origin)?;
        for dependency in dependencies(package)? {
            rows.want(&name, &dependency)?;
        }
    }
    rows.lock()
}

fn check_version(version: &str) -> Result<(), Fault> {
    let mut parts = version.split('.').map(str::parse::<u32>);
    let known = parts.next() == Some(Ok(4)) && matches!(parts.next(), None | Some(Ok(0..=5)));
    if known { Ok(()) } else { Err(Fault::version(version, KNOWN)) }
}

fn origin(package: &Table) -> Result<Origin, Fault> {
    if let Some(address) = ["git", "hg", "svn"].iter().find_map(|key| package.get(*key)) {
        let address = address.as_str().ok_or_else(|| Fault::malformed("a repository", "a string"))?;
        return Ok(Origin::Git(python::without_secrets(address)));
    }
    if let Some(url) = toml_optional(package, "url")? {
        return Ok(Origin::Url(python::without_secrets(url)));
    }
    match toml_optional(package, "path")? {
        Some("." | "./") => Ok(Origin::Own),
        Some(_) => Ok(Origin::Path),
        None => Ok(Origin::DefaultRegistry),
    }
}

/// What is needed wherever the package is; what a marker leaves out need not be listed.
fn dependencies(package: &Table) -> Result<Vec<String>, Fault> {
    let Some(listed) = package.get("dependencies") else { return Ok(Vec::new()) };
    let malformed = || Fault::malformed("dependencies", "a list of requirements");
    let mut found = Vec::new();
    for item in listed.as_array().ok_or_else(malformed)? {
        let read = item.as_str().and_then(python::requirement).ok_or_else(malformed)?;
        if !read.has_marker {
            found.push(read.name);
        }
    }
    Ok(found)
}
