//! `uv.lock`, version 1: <https://docs.astral.sh/uv/concepts/resolution/#lockfile-versioning>.

use super::{
    Fault,
    notation::{self, tables, toml_optional, toml_string},
    projects::IsProject,
    python, python_origin,
    rows::Rows,
};
use crate::advisories::lock::{Ecosystem, Lock, Origin};
use std::collections::{BTreeMap, BTreeSet};
use toml::{Table, Value};

/// Reads a `uv.lock`. A copy of a package from elsewhere is no member, whatever the lock file says.
pub(super) fn read(text: &str, is_project: &IsProject<'_>) -> Result<Lock, Fault> {
    let table = notation::toml(text)?;
    match table.get("version") {
        Some(Value::Integer(1)) => {}
        Some(other) => return Err(Fault::version(&other.to_string(), "1")),
        None => return Err(Fault::malformed("version", "1")),
    }
    let members = members(&table)?;
    let mut rows = Rows::new(Ecosystem::Pypi);
    for needed in asked_for(table.get("manifest"), "requirements", "dependency-groups")? {
        rows.want("the project", &needed)?;
    }
    let (mut listed, mut wanted) = (BTreeSet::new(), BTreeMap::new());
    for package in tables(&table, "package")? {
        let name = python::normal_name(toml_string(package, "name")?);
        let version = toml_optional(package, "version")?.unwrap_or_default();
        let source = package.get("source").and_then(Value::as_table);
        let source = source.ok_or_else(|| Fault::malformed(format!("the source of {name}"), "a table"))?;
        let mut origin = origin(source, &name, &|place| members.contains(&name) && is_project(place, &name))?;
        if origin == Origin::DefaultRegistry {
            let files = python_origin::of_files(package, "wheels", &name, version, false)?;
            origin = files.unwrap_or(origin);
        }
        rows.add(&name, version, origin)?;
        listed.insert((name.clone(), version.to_owned()));
        for needed in asked_for(package.get("metadata"), "requires-dist", "requires-dev")? {
            rows.want(&name, &needed)?;
        }
        for dependency in dependencies(package) {
            let dependency = dependency?;
            let needed = python::normal_name(toml_string(dependency, "name")?);
            rows.want(&name, &needed)?;
            // Where several versions of it are listed, a dependency says which.
            if let Some(version) = toml_optional(dependency, "version")? {
                wanted.insert((needed, version.to_owned()), name.clone());
            }
        }
    }
    for name in &members {
        rows.want("the workspace", name)?;
    }
    let lock = rows.lock()?;
    match wanted.iter().find(|(needed, _)| !listed.contains(needed)) {
        Some(((needed, version), by)) => Err(Fault::incomplete(by, &format!("{needed} {version}"))),
        None => Ok(lock),
    }
}

/// The members of the workspace; where none are listed, the project in the folder of the lock file is the only one.
fn members(table: &Table) -> Result<BTreeSet<String>, Fault> {
    let manifest = table.get("manifest").and_then(Value::as_table);
    let Some(listed) = manifest.and_then(|it| it.get("members")) else { return Ok(BTreeSet::new()) };
    let malformed = || Fault::malformed("manifest.members", "a list of names");
    let items = listed.as_array().ok_or_else(malformed)?.iter();
    items.map(|item| item.as_str().map(python::normal_name).ok_or_else(malformed)).collect()
}

fn origin(source: &Table, name: &str, is_member: &dyn Fn(&str) -> bool) -> Result<Origin, Fault> {
    let mut keys = source.iter().filter(|(key, _)| *key != "subdirectory");
    let (Some((key, Value::String(place))), None) = (keys.next(), keys.next()) else {
        return Err(Fault::malformed(format!("the source of {name}"), "one kind of source and its place"));
    };
    Ok(match key.as_str() {
        "registry" => python::of_index(place),
        "git" => Origin::Git(python::without_secrets(place)),
        "url" => Origin::Url(python::without_secrets(place)),
        "editable" | "virtual" | "directory" if place == "." || is_member(place) => Origin::Own,
        "editable" | "virtual" | "directory" | "path" => Origin::Path,
        _ => return Err(Fault::malformed(format!("the source of {name}"), "a known kind of source")),
    })
}

/// All dependencies of a package, those of its extras and groups among them.
fn dependencies(package: &Table) -> Vec<Result<&Table, Fault>> {
    let mut found = Vec::new();
    let lists = package.get("dependencies").into_iter().chain(
        ["optional-dependencies", "dev-dependencies"]
            .iter()
            .filter_map(|key| package.get(*key)?.as_table())
            .flat_map(|groups| groups.values()),
    );
    for list in lists {
        let Some(items) = list.as_array() else {
            found.push(Err(Fault::malformed("dependencies", "a list")));
            continue;
        };
        let items = items.iter();
        found
            .extend(items.map(|it| it.as_table().ok_or_else(|| Fault::malformed("a dependency", "a table"))));
    }
    found
}

/// What a manifest asked for as it was locked, wherever it is installed: one list, and those of a table of groups.
fn asked_for(described: Option<&Value>, list: &str, groups: &str) -> Result<Vec<String>, Fault> {
    let of = |key: &str| described.and_then(|it| it.get(key));
    let groups = of(groups).and_then(Value::as_table).into_iter().flat_map(|it| it.values());
    of(list).into_iter().chain(groups).flat_map(everywhere).collect()
}

/// The names in a list of requirements that have no marker.
fn everywhere(list: &Value) -> Vec<Result<String, Fault>> {
    let malformed = || Fault::malformed("what a project asks for", "a list of tables with names");
    let Some(items) = list.as_array() else { return vec![Err(malformed())] };
    let unmarked = items.iter().filter(|it| it.get("marker").is_none());
    unmarked
        .map(|it| it.get("name").and_then(Value::as_str).map(python::normal_name).ok_or_else(malformed))
        .collect()
}
