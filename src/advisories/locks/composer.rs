//! `composer.lock`: <https://getcomposer.org/doc/01-basic-usage.md>.

use super::{
    Fault,
    error::shown,
    notation::{self, object, optional_object, optional_string, string},
    python::without_secrets,
    rows::Rows,
};
use crate::advisories::lock::{Ecosystem, Lock, Origin};
use serde_json::{Map, Value};

/// Whom Composer tells about an installation: the registry that a package is from.
const REGISTRY: &str = concat!("https://", "packagist", ".org/downloads/");

/// Reads one. The format has no version of its own; the version of the interface that Composer's plugins use tells the
/// generation of the program that wrote it.
pub(super) fn read(text: &str) -> Result<Lock, Fault> {
    let document = notation::json(text)?;
    let root = object(Some(&document), "the document")?;
    string(root.get("content-hash"), "content-hash")?;
    let generation = optional_string(root.get("plugin-api-version"), "plugin-api-version")?.unwrap_or("1");
    if !["1", "2"].contains(&generation.split('.').next().unwrap_or_default()) {
        return Err(Fault::version(generation, "1 and 2 (plugin-api-version)"));
    }
    let mut rows = Rows::new(Ecosystem::Composer);
    for group in ["packages", "packages-dev"] {
        let listed = root.get(group).filter(|it| !it.is_null() || group == "packages");
        let Some(listed) = listed else { continue };
        let items = listed.as_array().ok_or_else(|| Fault::malformed(group, "a list"))?;
        for package in items {
            let package = object(Some(package), "a package")?;
            let name = string(package.get("name"), "the name of a package")?.to_lowercase();
            let version = string(package.get("version"), "the version of a package")?;
            rows.add(&name, version, origin(package, version)?)?;
        }
    }
    if !root.contains_key("packages") {
        return Err(Fault::malformed("packages", "a list"));
    }
    rows.lock()
}

fn origin(package: &Map<String, Value>, version: &str) -> Result<Origin, Fault> {
    let place = |part: &str| -> Result<Option<(&str, &str)>, Fault> {
        let Some(part) = optional_object(package.get(part), part)? else { return Ok(None) };
        Ok(Some((string(part.get("type"), "a type")?, string(part.get("url"), "a url")?)))
    };
    let (dist, source) = (place("dist")?, place("source")?);
    if matches!(dist, Some(("path", _))) || matches!(source, Some(("path", _))) {
        return Ok(Origin::Path);
    }
    let told = optional_string(package.get("notification-url"), "notification-url")?;
    Ok(match (told, source, dist) {
        (Some(REGISTRY), ..) if version.starts_with("dev-") || version.ends_with("-dev") => {
            Origin::Unpinned(shown(version))
        }
        (Some(REGISTRY), ..) => Origin::DefaultRegistry,
        (Some(other), ..) => Origin::OtherRegistry(without_secrets(other)),
        (None, Some(("git" | "hg" | "svn", url)), _) => Origin::Git(without_secrets(url)),
        (None, _, Some((_, url))) => Origin::Url(without_secrets(url)),
        _ => Origin::Unclear("it does not say where it is from".to_owned()),
    })
}
