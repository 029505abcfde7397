//! `poetry.lock`, versions 1.0 to 2.1.

use super::{
    Fault,
    notation::{self, tables, toml_optional, toml_string},
    python, python_origin,
    rows::Rows,
};
use crate::advisories::lock::{Ecosystem, Lock, Origin};
use toml::{Table, Value};

const KNOWN: [&str; 4] = ["1.0", "1.1", "2.0", "2.1"];

/// Reads a `poetry.lock`. Its `[metadata]` stands at the end, so that a file that was cut off lacks it.
pub(super) fn read(text: &str) -> Result<Lock, Fault> {
    let table = notation::toml(text)?;
    let metadata = table.get("metadata").and_then(Value::as_table).ok_or(Fault::CutOff("[metadata]"))?;
    let version = toml_optional(metadata, "lock-version")?.unwrap_or("1.0");
    if !KNOWN.contains(&version) {
        return Err(Fault::version(version, "1.0, 1.1, 2.0 and 2.1"));
    }
    if toml_optional(metadata, "content-hash")?.is_none() {
        return Err(Fault::CutOff("the content-hash"));
    }
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
    }
    rows.lock()
}

fn origin(package: &Table) -> Result<Origin, Fault> {
    let Some(source) = package.get("source") else { return Ok(Origin::DefaultRegistry) };
    let source = source.as_table().ok_or_else(|| Fault::malformed("a source", "a table"))?;
    let url = toml_string(source, "url")?;
    Ok(match toml_optional(source, "type")?.unwrap_or("legacy") {
        "git" => Origin::Git(python::without_secrets(url)),
        "directory" | "file" => Origin::Path,
        "url" => Origin::Url(python::without_secrets(url)),
        // Even where the address is that of the default index: then there would be no source.
        "legacy" => python::of_index(url),
        _ => return Err(Fault::malformed("the type of a source", "a known one")),
    })
}
