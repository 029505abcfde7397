//! `pylock.toml`, version 1.0: <https://packaging.python.org/en/latest/specifications/pylock-toml/> (PEP 751).

use super::{
    Fault,
    error::shown,
    notation::{self, tables, toml_optional, toml_string},
    python, python_origin,
    rows::Rows,
};
use crate::advisories::lock::{Ecosystem, Lock, Origin};
use toml::{Table, Value};

/// Reads a `pylock.toml`.
pub(super) fn read(text: &str) -> Result<Lock, Fault> {
    let table = notation::toml(text)?;
    let version = toml_string(&table, "lock-version")?;
    if version != "1.0" {
        return Err(Fault::version(version, "1.0"));
    }
    toml_string(&table, "created-by")?;
    if !table.contains_key("packages") {
        return Err(Fault::CutOff("the list of packages"));
    }
    let mut rows = Rows::new(Ecosystem::Pypi);
    for package in tables(&table, "packages")? {
        let name = python::normal_name(toml_string(package, "name")?);
        let version = toml_optional(package, "version")?.unwrap_or_default();
        rows.add(&name, version, origin(package, &name, version)?)?;
        let needs = package.get("dependencies").and_then(Value::as_array).into_iter().flatten();
        for needed in needs {
            let needed = needed.as_table().and_then(|it| it.get("name")).and_then(Value::as_str);
            let needed = needed.ok_or_else(|| Fault::malformed("a dependency", "a table with a name"))?;
            rows.want(&name, &python::normal_name(needed))?;
        }
    }
    rows.lock()
}

fn origin(package: &Table, name: &str, version: &str) -> Result<Origin, Fault> {
    if let Some(vcs) = part(package, "vcs")? {
        let place = toml_optional(vcs, "url")?.or(toml_optional(vcs, "path")?);
        return Ok(Origin::Git(python::without_secrets(place.unwrap_or_default())));
    }
    if let Some(directory) = part(package, "directory")? {
        let is_here = matches!(toml_string(directory, "path")?, "." | "./");
        return Ok(if is_here { Origin::Own } else { Origin::Path });
    }
    if let Some(archive) = part(package, "archive")? {
        let url = toml_optional(archive, "url")?;
        return Ok(url.map_or(Origin::Path, |url| Origin::Url(python::without_secrets(url))));
    }
    // The addresses are what is fetched; the index only says where they were found.
    if let Some(index) = toml_optional(package, "index")? {
        let index = python::of_index(index);
        if index != Origin::DefaultRegistry {
            return Ok(index);
        }
    }
    let unclear = || Origin::Unclear("it does not say where its files are".to_owned());
    Ok(python_origin::of_files(package, "wheels", name, version, false)?.unwrap_or_else(unclear))
}

fn part<'t>(package: &'t Table, key: &str) -> Result<Option<&'t Table>, Fault> {
    let read = |value: &'t Value| value.as_table().ok_or_else(|| Fault::malformed(shown(key), "a table"));
    package.get(key).map(read).transpose()
}
