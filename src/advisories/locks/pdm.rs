//! `pdm.lock`, versions 4.0 to 4.5.

use super::{
    Fault,
    marker::Environments,
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
    let minor = minor_version(toml_string(metadata, "lock_version")?)?;
    let environments = if minor < 5 { None } else { Some(environments(metadata)?) };
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
        for dependency in dependencies(package, environments.as_deref())? {
            rows.want(&name, &dependency)?;
        }
    }
    rows.lock()
}

/// The second number of the version of the file.
fn minor_version(version: &str) -> Result<u32, Fault> {
    let mut parts = version.split('.').map(str::parse::<u32>);
    match (parts.next(), parts.next()) {
        (Some(Ok(4)), None) => Ok(0),
        (Some(Ok(4)), Some(Ok(minor @ 0..=5))) => Ok(minor),
        _ => Err(Fault::version(version, KNOWN)),
    }
}

/// What the file is for, which it says since version 4.5: some Pythons, on some platforms or on all.
fn environments(metadata: &Table) -> Result<Vec<Environments>, Fault> {
    let targets = tables(metadata, "targets")?;
    if targets.is_empty() {
        return Ok(vec![Environments::of("")]);
    }
    let environments = targets.into_iter().map(|target| {
        let pythons = Environments::of(toml_optional(target, "requires_python")?.unwrap_or_default());
        let is_some = ["platform", "implementation"].iter().any(|key| target.contains_key(*key));
        Ok(if is_some { pythons.on_some_platforms() } else { pythons })
    });
    environments.collect()
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

/// What is needed in an environment that the file is for. Where it does not say for which it is, what has a marker need
/// not be listed.
fn dependencies(package: &Table, environments: Option<&[Environments]>) -> Result<Vec<String>, Fault> {
    let Some(listed) = package.get("dependencies") else { return Ok(Vec::new()) };
    let malformed = || Fault::malformed("dependencies", "a list of requirements");
    let mut found = Vec::new();
    for item in listed.as_array().ok_or_else(malformed)? {
        let read = item.as_str().and_then(python::requirement).ok_or_else(malformed)?;
        let is_met = |marker: &str| environments.is_some_and(|all| all.iter().any(|it| it.may_meet(marker)));
        if read.marker.as_deref().is_none_or(is_met) {
            found.push(read.name);
        }
    }
    Ok(found)
}
