//! `Cargo.toml`: a package's own version, or the one it inherits from its workspace.

use crate::paths;
use toml::{Table, Value};

use super::{
    DeclaredVersion, Dependency, Files, ManifestError, NotDeclared, Reading, parse_toml, semver_version,
    unreadable,
};

/// The paths and globs of the members that a workspace lists, relative to its manifest; empty without a workspace.
///
/// # Errors
/// [`ManifestError`] when the manifest cannot be read.
pub fn workspace_members(manifest: &[u8]) -> Result<Vec<String>, ManifestError> {
    const KEY: &str = "workspace.members";
    let manifest = parse_toml(manifest)?;
    let Some(members) =
        table(&manifest, "workspace", "workspace")?.and_then(|workspace| workspace.get("members"))
    else {
        return Ok(Vec::new());
    };
    let items = members.as_array().ok_or(ManifestError::WrongType { key: KEY, expected: "an array" })?;
    let member = |item: &Value| item.as_str().map(str::to_owned);
    items
        .iter()
        .map(|item| {
            member(item).ok_or(ManifestError::WrongType { key: KEY, expected: "an array of strings" })
        })
        .collect()
}

/// Reads one manifest; the others are looked at only for the workspace it inherits from.
pub(super) fn read(files: &Files, path: &str, bytes: &[u8]) -> Reading {
    let manifest = match parse_toml(bytes) {
        Ok(manifest) => manifest,
        Err(error) => return unreadable(error),
    };
    match table(&manifest, "package", "package") {
        Err(error) => unreadable(error),
        Ok(None) => (None, virtual_version(&manifest)),
        Ok(Some(package)) => match package.get("name").map(Value::as_str) {
            Some(Some(name)) => (Some(name.to_owned()), package_version(files, path, &manifest, package)),
            _ => unreadable(ManifestError::WrongType { key: "package.name", expected: "a string" }),
        },
    }
}

/// Every package that a manifest depends on: those for development and for other platforms too, since Cargo locks
/// them all. Empty for what cannot be read, which [`read`] says.
pub(super) fn dependencies(files: &Files, path: &str, bytes: &[u8]) -> Vec<Dependency> {
    let Ok(manifest) = parse_toml(bytes) else { return Vec::new() };
    let root = root_of(files, path, &manifest).map(|(_, root)| root);
    let shared = shared(root.as_ref().unwrap_or(&manifest));
    let mut all: Vec<Dependency> = entries(&manifest)
        .map(|(key, value)| {
            let inherits = value.get("workspace") == Some(&Value::Boolean(true));
            let shared = shared.and_then(|shared| shared.get(key)).filter(|_| inherits);
            dependency(key, shared.unwrap_or(value))
        })
        .collect();
    all.sort();
    all.dedup();
    all
}

/// The dependencies that the members of a workspace may inherit.
pub(super) fn shared(root: &Table) -> Option<&Table> {
    root.get("workspace")?.get("dependencies")?.as_table()
}

/// The entries of all tables of dependencies, those for one platform too.
pub(super) fn entries(manifest: &Table) -> impl Iterator<Item = (&String, &Value)> {
    let targets = manifest.get("target").and_then(Value::as_table).into_iter().flatten();
    let tables = targets.filter_map(|(_, target)| target.as_table()).chain([manifest]);
    let kinds =
        ["dependencies", "dev-dependencies", "build-dependencies", "dev_dependencies", "build_dependencies"];
    tables
        .flat_map(move |table| kinds.map(|kind| table.get(kind).and_then(Value::as_table)))
        .flatten()
        .flatten()
}

/// The packages that a manifest replaces by folders (`[patch]`, `[replace]`): copies of somebody else's.
pub(super) fn patched(bytes: &[u8]) -> Vec<String> {
    let Ok(manifest) = parse_toml(bytes) else { return Vec::new() };
    let patches = manifest.get("patch").and_then(Value::as_table).into_iter().flatten();
    let patches = patches.filter_map(|(_, source)| source.as_table());
    let replaced = manifest.get("replace").and_then(Value::as_table);
    let mut names: Vec<String> = patches
        .chain(replaced)
        .flatten()
        .filter(|(_, value)| value.get("path").is_some())
        // `[replace]` spells its keys NAME:VERSION.
        .map(|(key, value)| dependency(key.split(':').next().unwrap_or(key), value).name)
        .collect();
    names.sort();
    names.dedup();
    names
}

/// One entry of a table of dependencies.
fn dependency(key: &str, value: &Value) -> Dependency {
    let text = |name: &str| value.get(name).and_then(Value::as_str);
    Dependency {
        name: text("package").unwrap_or(key).to_owned(),
        requirement: value.as_str().or_else(|| text("version")).map(str::to_owned),
    }
}

/// The path and the manifest of the workspace above that `path` belongs to, if it is not one itself.
pub(super) fn root_of(files: &Files, path: &str, manifest: &Table) -> Option<(String, Table)> {
    if manifest.contains_key("workspace") {
        return None;
    }
    let mut folder = path.rsplit_once('/')?.0;
    if let Some(explicit) = manifest.get("package")?.get("workspace") {
        let root = join(folder, explicit.as_str()?)?;
        let manifest = parse_toml(files.get(&root)?).ok()?;
        return Some((root, manifest));
    }
    while !folder.is_empty() {
        folder = paths::folder_of(folder);
        let root = paths::below(folder, "Cargo.toml");
        let manifest = files.get(&root).and_then(|bytes| parse_toml(bytes).ok());
        if let Some(manifest) = manifest.filter(|it| it.contains_key("workspace")) {
            return Some((root, manifest));
        }
    }
    None
}

/// A workspace without a package of its own has the version that its members can inherit.
fn virtual_version(manifest: &Table) -> Result<DeclaredVersion, ManifestError> {
    match workspace_version(manifest)? {
        Some(version) => semver_version(version),
        None => Ok(DeclaredVersion::NotDeclared { why: NotDeclared::NoPackage }),
    }
}

fn package_version(
    files: &Files,
    path: &str,
    manifest: &Table,
    package: &Table,
) -> Result<DeclaredVersion, ManifestError> {
    match package.get("version") {
        None => Ok(DeclaredVersion::NotDeclared { why: NotDeclared::NoVersion }),
        Some(Value::String(version)) => semver_version(version),
        Some(Value::Table(inherited)) if inherited.get("workspace") == Some(&Value::Boolean(true)) => {
            let explicit = match package.get("workspace") {
                None => None,
                Some(Value::String(folder)) => Some(folder.as_str()),
                Some(_) => {
                    return Err(ManifestError::WrongType { key: "package.workspace", expected: "a string" });
                }
            };
            inherited_version(files, path, manifest, explicit)
        }
        Some(_) => {
            Err(ManifestError::WrongType { key: "package.version", expected: "a string or inherited" })
        }
    }
}

fn inherited_version(
    files: &Files,
    path: &str,
    manifest: &Table,
    explicit: Option<&str>,
) -> Result<DeclaredVersion, ManifestError> {
    if manifest.contains_key("workspace") {
        return version_of_root(path, manifest);
    }
    let folder = paths::folder_of(path);
    if let Some(explicit) = explicit {
        let root = join(folder, explicit).ok_or(ManifestError::NoWorkspaceRoot)?;
        let bytes = files.get(&root).ok_or(ManifestError::NoWorkspaceRoot)?;
        return version_of_root(&root, &parse_toml(bytes)?);
    }
    let mut folder = folder;
    while !folder.is_empty() {
        folder = paths::folder_of(folder);
        let root = paths::below(folder, "Cargo.toml");
        let Some(bytes) = files.get(&root) else {
            continue;
        };
        let manifest = parse_toml(bytes)?;
        if manifest.contains_key("workspace") {
            return version_of_root(&root, &manifest);
        }
    }
    Err(ManifestError::NoWorkspaceRoot)
}

fn version_of_root(root: &str, manifest: &Table) -> Result<DeclaredVersion, ManifestError> {
    match workspace_version(manifest)? {
        Some(version) => semver_version(version),
        None => Err(ManifestError::NoWorkspaceVersion { root: root.to_owned() }),
    }
}

/// `workspace.package.version`.
fn workspace_version(manifest: &Table) -> Result<Option<&str>, ManifestError> {
    let Some(workspace) = table(manifest, "workspace", "workspace")? else {
        return Ok(None);
    };
    match table(workspace, "package", "workspace.package")?.and_then(|package| package.get("version")) {
        None => Ok(None),
        Some(Value::String(version)) => Ok(Some(version)),
        Some(_) => Err(ManifestError::WrongType { key: "workspace.package.version", expected: "a string" }),
    }
}

/// A table of a table, if it is there.
fn table<'a>(parent: &'a Table, key: &str, full: &'static str) -> Result<Option<&'a Table>, ManifestError> {
    match parent.get(key) {
        None => Ok(None),
        Some(Value::Table(table)) => Ok(Some(table)),
        Some(_) => Err(ManifestError::WrongType { key: full, expected: "a table" }),
    }
}

/// The manifest in a folder given relative to another, inside the repository or not at all.
pub(super) fn join(folder: &str, relative: &str) -> Option<String> {
    Some(paths::below(&paths::follow(folder, relative)?, "Cargo.toml"))
}
