//! What packages say of themselves: the name and version of a Python wheel or source archive, and of an npm package.

use super::ListKind;
use crate::json;

/// Largest metadata of a package, in bytes.
pub const METADATA: usize = 1 << 20;

/// A package's name and version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Package {
    /// Its name, as it writes it.
    pub name: String,
    /// Its version.
    pub version: String,
    /// Whether its version follows PEP 440; that of npm's packages is semver.
    pub is_python: bool,
}

/// What kind of metadata the member of this name is: `NAME-1.0.dist-info/METADATA` of a wheel, `NAME-1.0/PKG-INFO` of a
/// Python source archive, `package/package.json` of an npm package.
pub(super) fn metadata_of(member: &str) -> Option<ListKind> {
    let (folder, name) = member.split_once('/')?;
    match name {
        "METADATA" if folder.ends_with(".dist-info") => Some(ListKind::Python),
        "PKG-INFO" if folder.contains('-') => Some(ListKind::Python),
        "package.json" if folder == "package" => Some(ListKind::Npm),
        _ => None,
    }
}

/// Reads Python's core metadata: lines of `Field: value`, up to the first empty one.
///
/// # Errors
/// Why not, in words for the report.
pub fn python(bytes: &[u8]) -> Result<Package, String> {
    let text = std::str::from_utf8(bytes).map_err(|_| "its metadata is no text".to_owned())?;
    let field = |field: &str| -> Result<String, String> {
        let lines = text.lines().take_while(|line| !line.is_empty());
        let mut values = lines.filter_map(|line| {
            let (name, value) = line.split_once(':')?;
            name.eq_ignore_ascii_case(field).then(|| value.trim())
        });
        match (values.next(), values.next()) {
            (Some(value), None) if !value.is_empty() => Ok(value.to_owned()),
            (None, _) => Err(format!("its metadata has no {field}")),
            _ => Err(format!("its metadata has several values of {field}")),
        }
    };
    Ok(Package { name: field("Name")?, version: field("Version")?, is_python: true })
}

/// Reads `package.json`.
///
/// # Errors
/// Why not, in words for the report.
pub fn npm(bytes: &[u8]) -> Result<Package, String> {
    let unreadable = |error: &dyn std::fmt::Display| format!("its package.json is unreadable: {error}");
    json::check(bytes, json::Limits::bytes(METADATA)).map_err(|error| unreadable(&error))?;
    let value: serde_json::Value = serde_json::from_slice(bytes).map_err(|error| unreadable(&error))?;
    let field = |field: &str| {
        let value = value.get(field).and_then(serde_json::Value::as_str).map(str::to_owned);
        value.ok_or_else(|| format!("its package.json has no {field}"))
    };
    Ok(Package { name: field("name")?, version: field("version")?, is_python: false })
}
