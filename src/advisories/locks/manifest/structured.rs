//! Manifests in JSON, TOML or the notation of pip.

use super::Wanted;
use crate::advisories::locks::{
    Fault,
    notation::{self, object, optional_object, optional_string},
    python::{self, Wanted as Asked},
};
use toml::{Table, Value};

/// The name of what a manifest describes, and what it asks for.
pub(super) type Read = (Option<String>, Vec<Wanted>);

/// `package.json`. Peers are others' to bring where there is a lock file; without one, whoever installs it gets them.
pub(super) fn package_json(text: &str) -> Result<Read, Fault> {
    let document = notation::json(text)?;
    let root = object(Some(&document), "the document")?;
    let name = optional_string(root.get("name"), "name").unwrap_or_default().map(str::to_owned);
    let mut wanted = Vec::new();
    for key in ["dependencies", "devDependencies", "optionalDependencies"] {
        for (called, requirement) in optional_object(root.get(key), key)?.into_iter().flatten() {
            let requirement = requirement.as_str().unwrap_or_default();
            let real = requirement
                .strip_prefix("npm:")
                .map(|it| crate::advisories::locks::npm_origin::split(it).map_or(it, |(name, _)| name));
            // A folder, a repository or an address has a name of its own.
            let is_listed =
                real.is_some() || requirement.starts_with("catalog:") || !requirement.contains([':', '/']);
            let name = real.unwrap_or(called).to_owned();
            wanted.push(Wanted { name, requirement: requirement.to_owned(), is_listed });
        }
    }
    let of_pnpm = optional_object(root.get("pnpm"), "pnpm")?.and_then(|it| it.get("configDependencies"));
    for (called, requirement) in optional_object(of_pnpm, "configDependencies")?.into_iter().flatten() {
        wanted.push(Wanted::new(called, requirement.as_str().unwrap_or_default()));
    }
    for (called, requirement) in
        optional_object(root.get("peerDependencies"), "peerDependencies")?.into_iter().flatten()
    {
        let requirement = requirement.as_str().unwrap_or_default().to_owned();
        wanted.push(Wanted { name: called.clone(), requirement, is_listed: false });
    }
    Ok((name, wanted))
}

/// `composer.json`. What has no vendor is PHP or a part of it.
pub(super) fn composer_json(text: &str) -> Result<Read, Fault> {
    let document = notation::json(text)?;
    let root = object(Some(&document), "the document")?;
    let mut wanted = Vec::new();
    for key in ["require", "require-dev"] {
        // An empty map is written as a list by some programs.
        let members = root.get(key).filter(|it| !it.as_array().is_some_and(Vec::is_empty));
        for (name, requirement) in optional_object(members, key)?.into_iter().flatten() {
            if name.contains('/') {
                wanted.push(Wanted::new(name.to_lowercase(), requirement.as_str().unwrap_or_default()));
            }
        }
    }
    Ok((None, wanted))
}

/// The name that a `package.json` gives, where it gives one; nothing where it cannot be read.
pub(in crate::advisories::locks) fn package_name(text: &str) -> Option<Option<String>> {
    let document = notation::json(text.trim_start_matches('\u{feff}')).ok()?;
    let name = optional_string(document.as_object()?.get("name"), "name").ok()?;
    Some(name.map(str::to_owned))
}

/// The name of the project that a `pyproject.toml` describes, as the index writes it.
pub(in crate::advisories::locks) fn project_name(text: &str) -> Option<String> {
    let table = notation::toml(text).ok()?;
    let named = [at(&table, &["project"]), at(&table, &["tool", "poetry"])];
    let name = named.into_iter().flatten().find_map(|it| it.get("name")?.as_str())?;
    Some(python::normal_name(name))
}

/// `pyproject.toml`: PEP 621, PEP 735, and the tables of Poetry, PDM, uv, Flit and Hatch.
pub(super) fn pyproject(text: &str) -> Result<Read, Fault> {
    let table = notation::toml(text)?;
    let project = at(&table, &["project"]);
    let poetry = at(&table, &["tool", "poetry"]);
    let flit = at(&table, &["tool", "flit", "metadata"]);
    let name = [project, poetry].into_iter().flatten().find_map(|it| it.get("name")?.as_str());
    let mut wanted = Vec::new();
    let lists = [
        project.and_then(|it| it.get("dependencies")).into_iter().collect::<Vec<_>>(),
        groups(project.and_then(|it| it.get("optional-dependencies"))),
        groups(table.get("dependency-groups")),
        groups(at(&table, &["tool", "pdm"]).and_then(|it| it.get("dev-dependencies"))),
        at(&table, &["tool", "uv"]).and_then(|it| it.get("dev-dependencies")).into_iter().collect(),
        flit.and_then(|it| it.get("requires")).into_iter().collect(),
        groups(flit.and_then(|it| it.get("requires-extra"))),
    ];
    for list in lists.into_iter().flatten() {
        let items = list.as_array().ok_or_else(|| Fault::malformed("dependencies", "a list"))?;
        for item in items.iter().filter_map(Value::as_str) {
            wanted.push(of_requirement(item)?);
        }
    }
    // An environment of Hatch is installed beside what is locked.
    let environments = groups(at(&table, &["tool", "hatch"]).and_then(|it| it.get("envs")));
    for key in ["dependencies", "extra-dependencies"] {
        let lists = environments.iter().filter_map(|it| it.get(key)?.as_array());
        for item in lists.flatten().filter_map(Value::as_str) {
            let shown = item.split([';', '#']).next().unwrap_or(item).trim();
            wanted.push(Wanted { is_listed: false, ..Wanted::new(shown, "") });
        }
    }
    let tables = [
        poetry.and_then(|it| it.get("dependencies")).into_iter().collect::<Vec<_>>(),
        poetry.and_then(|it| it.get("dev-dependencies")).into_iter().collect(),
        groups(poetry.and_then(|it| it.get("group")))
            .iter()
            .filter_map(|it| it.get("dependencies"))
            .collect(),
    ];
    for (name, asked) in tables.into_iter().flatten().filter_map(Value::as_table).flatten() {
        if name != "python" {
            wanted.push(of_table(name, asked));
        }
    }
    let dynamic = project.and_then(|it| it.get("dynamic")).and_then(Value::as_array).into_iter().flatten();
    if dynamic.filter_map(Value::as_str).any(|it| it == "dependencies") {
        wanted.push(Wanted::new("(what is worked out when it is built)", ""));
    }
    Ok((name.map(python::normal_name), wanted))
}

/// `Pipfile`.
pub(super) fn pipfile(text: &str) -> Result<Read, Fault> {
    let table = notation::toml(text)?;
    let settings = ["source", "requires", "scripts", "pipenv"];
    let groups = table.iter().filter(|(key, _)| !settings.contains(&key.as_str()));
    let packages = groups.filter_map(|(_, group)| group.as_table()).flatten();
    Ok((None, packages.map(|(name, asked)| of_table(name, asked)).collect()))
}

/// `requirements.in`.
pub(super) fn requirements_in(text: &str) -> Result<Read, Fault> {
    let file = crate::advisories::locks::requirements::File::parse(text)?;
    Ok((None, file.wanted().map(|it| Wanted { is_listed: true, ..it }).collect()))
}

fn at<'t>(table: &'t Table, path: &[&str]) -> Option<&'t Table> {
    path.iter().try_fold(table, |table, key| table.get(*key)?.as_table())
}

/// The values of a table of groups.
fn groups(table: Option<&Value>) -> Vec<&Value> {
    table.and_then(Value::as_table).into_iter().flat_map(|it| it.values()).collect()
}

fn of_requirement(text: &str) -> Result<Wanted, Fault> {
    let read = python::requirement(text).ok_or_else(|| Fault::malformed(text, "a requirement"))?;
    Ok(of(&read))
}

/// One that holds only in some environments, or is at an address, need not be listed.
pub(in crate::advisories::locks) fn of(read: &python::Requirement) -> Wanted {
    let (requirement, is_address) = match &read.wanted {
        Asked::Version(version) => (format!("=={version}"), false),
        Asked::Range(range) => (range.clone(), false),
        Asked::Address(address) => (python::without_secrets(address), true),
    };
    Wanted { name: read.name.clone(), requirement, is_listed: read.marker.is_none() && !is_address }
}

/// An entry of a table by name: a version, or a table with one. An optional one need not be listed.
fn of_table(name: &str, asked: &Value) -> Wanted {
    let table = asked.as_table();
    let version = asked.as_str().or_else(|| table?.get("version")?.as_str()).unwrap_or_default();
    let key = |key: &str| table.is_some_and(|it| it.contains_key(key));
    let is_listed = !(key("optional") || key("markers") || key("python") || key("platform"));
    Wanted { name: python::normal_name(name), requirement: version.to_owned(), is_listed }
}
