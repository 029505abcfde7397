//! `poetry.lock`, versions 1.0 to 2.1.

use super::{
    Fault,
    marker::Environments,
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
    let version_of_file = toml_optional(metadata, "lock-version")?.unwrap_or("1.0");
    if !KNOWN.contains(&version_of_file) {
        return Err(Fault::version(version_of_file, "1.0, 1.1, 2.0 and 2.1"));
    }
    if toml_optional(metadata, "content-hash")?.is_none() {
        return Err(Fault::CutOff("the content-hash"));
    }
    // It is for every platform.
    let environments = Environments::of(toml_optional(metadata, "python-versions")?.unwrap_or("*"));
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
        // Versions 1.0 and 1.1 never list setuptools, pip and wheel: which of them is installed, nobody knows.
        for dependency in dependencies(package, &environments)? {
            rows.want(&name, &dependency)?;
        }
    }
    rows.lock()
}

/// What is needed in an environment that the file is for. What is optional need not be listed.
fn dependencies(package: &Table, environments: &Environments) -> Result<Vec<String>, Fault> {
    let Some(listed) = package.get("dependencies") else { return Ok(Vec::new()) };
    let listed = listed.as_table().ok_or_else(|| Fault::malformed("dependencies", "a table"))?;
    let is_needed_as = |wanted: &Value| match wanted {
        Value::Table(one) => {
            let text = |key: &str| one.get(key).and_then(Value::as_str);
            one.get("optional") != Some(&Value::Boolean(true))
                && text("markers").is_none_or(|marker| environments.may_meet(marker))
                && text("python").is_none_or(|range| environments.may_be_in(range))
        }
        _ => true,
    };
    let is_needed = |wanted: &Value| match wanted {
        Value::Array(any) => any.iter().any(is_needed_as),
        one => is_needed_as(one),
    };
    // Python itself is no package.
    let needed = listed.iter().filter(|(name, wanted)| *name != "python" && is_needed(wanted));
    Ok(needed.map(|(name, _)| python::normal_name(name)).collect())
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

#[cfg(test)]
mod tests {
    use super::{Fault, read};

    /// What a package with these dependencies lacks.
    fn with(dependencies: &str) -> Result<Vec<String>, Fault> {
        in_version("2.1", dependencies)
    }

    fn in_version(version: &str, dependencies: &str) -> Result<Vec<String>, Fault> {
        let text = format!(
            "[[package]]\nname = \"a\"\nversion = \"1.0\"\nfiles = []\n[package.dependencies]\n{dependencies}\n\n\
             [metadata]\nlock-version = \"{version}\"\npython-versions = \">=3.9\"\ncontent-hash = \"0\"\n"
        );
        read(&text).map(|lock| lock.not_covered(None).into_iter().map(|it| it.package).collect())
    }

    #[test]
    fn what_older_files_never_list_is_said_where_it_is_needed() {
        for version in ["1.0", "1.1", "2.1"] {
            for name in ["setuptools", "pip", "wheel"] {
                let missing = in_version(version, &format!("{name} = \">=3.0\""));
                assert_eq!(missing, Ok(vec![name.to_owned()]), "{version}");
            }
            let optional = "setuptools = {version = \"*\", optional = true}";
            assert_eq!(in_version(version, optional), Ok(vec![]), "{version}");
        }
    }

    #[test]
    fn what_a_package_needs_everywhere_and_is_not_listed_is_said() {
        for missing in [
            "B_c = \">=1\"",
            "b-c = {version = \"1\", extras = [\"x\"]}",
            "b-c = [{version = \"1\", markers = \"python_version < '3'\"}, {version = \"2\"}]",
            "b-c = [{version = \"1\", markers = \"python_version < '3'\"}, {version = \"2\", markers = \"python_version >= '3'\"}]",
            "b-c = {version = \"1\", markers = \"python_version >= '3.8'\"}",
            "b-c = {version = \"1\", markers = \"sys_platform == 'win32'\"}",
            "b-c = {version = \"1\", python = \">=3.8\"}",
        ] {
            assert_eq!(with(missing), Ok(vec!["b-c".to_owned()]), "{missing}");
        }
        for near in [
            "A = \"1\"",
            "python = \">=3\"",
            "b = {version = \"1\", optional = true}",
            "b = {version = \"1\", markers = \"python_version < '3.8'\"}",
            "b = {version = \"1\", python = \"<3.8\"}",
            "b = [{version = \"1\", markers = \"extra == 'x'\"}, {version = \"2\", optional = true}]",
        ] {
            assert_eq!(with(near), Ok(vec![]), "{near}");
        }
    }
}
