//! What packages say of themselves: the name and version of a Python wheel or source archive, of an npm package and of a Rust
//! crate, and the commit that a crate was made from.

use super::ListKind;
use crate::json;
use serde::Deserialize;

/// Largest metadata of a package, in bytes.
pub const METADATA: usize = 1 << 20;

/// A package's name and version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Package {
    /// Its name, as it writes it.
    pub name: String,
    /// Its version.
    pub version: String,
}

/// What `cargo package` says of the repository that it packed from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct CrateCommit {
    /// The commit; `None` outside of a repository.
    #[serde(default, rename = "sha1")]
    pub commit: Option<String>,
    /// Whether files differed from it.
    #[serde(default)]
    pub dirty: bool,
}

/// What kind of metadata the member of this name is: `NAME-1.0.dist-info/METADATA` of a wheel, `NAME-1.0/PKG-INFO` of a
/// Python source archive, `package/package.json` of an npm package, `NAME-1.0/Cargo.toml` of a crate. Parts of the name that
/// lead nowhere, as in `./package`, are left out, as by whoever unpacks it.
pub(super) fn metadata_of(member: &str) -> Option<ListKind> {
    let (folder, name) = place(member)?;
    match name {
        "METADATA" if folder.ends_with(".dist-info") => Some(ListKind::Python),
        "PKG-INFO" if folder.contains('-') => Some(ListKind::Python),
        "package.json" => Some(ListKind::Npm),
        "Cargo.toml" => Some(ListKind::Crate),
        ".cargo_vcs_info.json" => Some(ListKind::CrateCommit),
        _ => None,
    }
}

/// Whether this metadata is that of the published file `file`, rather than of a source that is packed into it: npm takes
/// whatever the folder in a `.tgz` is called, and only a `.crate` is a crate.
pub(super) fn is_of(file: &str, kind: ListKind, member: &str) -> bool {
    let ends_with = |ending| file.to_ascii_lowercase().ends_with(ending);
    match kind {
        ListKind::Npm => place(member).is_some_and(|(folder, _)| folder == "package") || ends_with(".tgz"),
        ListKind::Crate | ListKind::CrateCommit => ends_with(".crate"),
        ListKind::Lock if member.ends_with("Cargo.lock") => ends_with(".crate"),
        ListKind::Lock => is_of(file, ListKind::Npm, member),
        ListKind::Go | ListKind::CargoAuditable | ListKind::Python | ListKind::Bill => true,
        ListKind::ComposerBundled | ListKind::MavenBundled | ListKind::NpmBundled => true,
        ListKind::NugetBundled | ListKind::PythonBundled => true,
    }
}

/// The folders and the name of a member, without parts that lead nowhere.
pub(super) fn parts(member: &str) -> impl Iterator<Item = &str> {
    member.split('/').filter(|part| !matches!(*part, "" | "."))
}

/// The folder and name of a member that is in exactly one folder.
fn place(member: &str) -> Option<(&str, &str)> {
    let mut parts = parts(member);
    let place = parts.next().zip(parts.next());
    place.filter(|_| parts.next().is_none())
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
    Ok(Package { name: field("Name")?, version: field("Version")? })
}

/// Reads `package.json`.
///
/// # Errors
/// Why not, in words for the report.
pub fn npm(bytes: &[u8]) -> Result<Package, String> {
    let value: serde_json::Value = read_json("package.json", bytes)?;
    let field = |field: &str| {
        let value = value.get(field).and_then(serde_json::Value::as_str).map(str::to_owned);
        value.ok_or_else(|| format!("its package.json has no {field}"))
    };
    Ok(Package { name: field("name")?, version: field("version")? })
}

/// Reads the `pom.properties` that Maven leaves in a jar: lines of `key=value`.
///
/// # Errors
/// Why not, in words for the report.
pub fn maven(bytes: &[u8]) -> Result<Package, String> {
    let text = std::str::from_utf8(bytes).map_err(|_| "its pom.properties is no text".to_owned())?;
    let field = |field: &str| {
        let pairs = text.lines().filter_map(|line| line.split_once('='));
        let mut values = pairs.filter(|(key, _)| key.trim() == field).map(|(_, value)| value.trim());
        match (values.next(), values.next()) {
            (Some(value), None) => Ok(value.to_owned()),
            _ => Err(format!("its pom.properties has no one {field}")),
        }
    };
    let name = format!("{}:{}", field("groupId")?, field("artifactId")?);
    Ok(Package { name, version: field("version")? })
}

/// Reads the `.cargo_vcs_info.json` of a crate.
///
/// # Errors
/// Why not, in words for the report.
pub fn crate_commit(bytes: &[u8]) -> Result<CrateCommit, String> {
    #[derive(Deserialize)]
    struct Saved {
        #[serde(default)]
        git: CrateCommit,
    }
    read_json(".cargo_vcs_info.json", bytes).map(|saved: Saved| saved.git)
}

pub(super) fn read_json<T: serde::de::DeserializeOwned>(name: &str, bytes: &[u8]) -> Result<T, String> {
    let unreadable = |error: &dyn std::fmt::Display| format!("its {name} is unreadable: {error}");
    json::check(bytes, json::Limits::bytes(super::LIST_BYTES)).map_err(|error| unreadable(&error))?;
    serde_json::from_slice(bytes).map_err(|error| unreadable(&error))
}
