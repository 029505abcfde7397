//! `pyproject.toml`: the standard `[project]` table, and Poetry's own where that is older or does the work.

use toml::{Table, Value};

use super::{DeclaredVersion, ManifestError, NotDeclared, Reading, parse_toml, pep440, unreadable};

/// Reads one manifest.
pub(super) fn read(bytes: &[u8]) -> Reading {
    match parse_toml(bytes).and_then(|manifest| read_tables(&manifest)) {
        Ok((name, version)) => (name, version),
        Err(error) => unreadable(error),
    }
}

fn read_tables(manifest: &Table) -> Result<Reading, ManifestError> {
    let project = table(manifest, "project", "project")?;
    let tool = table(manifest, "tool", "tool")?;
    let poetry = tool.map(|tool| table(tool, "poetry", "tool.poetry")).transpose()?.flatten();
    let plugin = tool.and_then(|tool| tool.get("poetry-dynamic-versioning"));

    let own_name = string(project, "name", "project.name")?;
    let name = own_name.or(string(poetry, "name", "tool.poetry.name")?).map(str::to_owned);
    let version = (|| {
        let own = string(project, "version", "project.version")?;
        let poetrys = string(poetry, "version", "tool.poetry.version")?;
        let dynamic = is_dynamic(project)?;
        if plugin.and_then(|plugin| plugin.get("enable")) == Some(&Value::Boolean(true)) {
            return Ok(DeclaredVersion::NotDeclared { why: NotDeclared::Dynamic });
        }
        if own.is_some() && dynamic {
            return Err(ManifestError::WrongType {
                key: "project.dynamic",
                expected: "free of version beside one",
            });
        }
        match (own, poetrys) {
            (Some(own), Some(poetrys)) if own != poetrys => {
                Err(ManifestError::Contradiction { first: own.to_owned(), second: poetrys.to_owned() })
            }
            (Some(version), _) | (None, Some(version)) => stated(version),
            (None, None) => Ok(DeclaredVersion::NotDeclared {
                why: match (dynamic, project.or(poetry)) {
                    (true, _) => NotDeclared::Dynamic,
                    (false, Some(_)) => NotDeclared::NoVersion,
                    (false, None) => NotDeclared::NoPackage,
                },
            }),
        }
    })();
    Ok((name, version))
}

fn stated(version: &str) -> Result<DeclaredVersion, ManifestError> {
    match pep440::Version::parse(version) {
        Some(_) => Ok(DeclaredVersion::Stated(version.to_owned())),
        None => Err(ManifestError::NotAVersion { version: version.to_owned() }),
    }
}

/// Whether `project.dynamic` has the version.
fn is_dynamic(project: Option<&Table>) -> Result<bool, ManifestError> {
    match project.and_then(|project| project.get("dynamic")) {
        None => Ok(false),
        Some(Value::Array(fields)) => Ok(fields.iter().any(|field| field.as_str() == Some("version"))),
        Some(_) => Err(ManifestError::WrongType { key: "project.dynamic", expected: "an array" }),
    }
}

fn table<'a>(parent: &'a Table, key: &str, full: &'static str) -> Result<Option<&'a Table>, ManifestError> {
    match parent.get(key) {
        None => Ok(None),
        Some(Value::Table(table)) => Ok(Some(table)),
        Some(_) => Err(ManifestError::WrongType { key: full, expected: "a table" }),
    }
}

fn string<'a>(
    parent: Option<&'a Table>,
    key: &str,
    full: &'static str,
) -> Result<Option<&'a str>, ManifestError> {
    match parent.and_then(|parent| parent.get(key)) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(_) => Err(ManifestError::WrongType { key: full, expected: "a string" }),
    }
}
