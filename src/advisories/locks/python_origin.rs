//! Where the files of a Python package are from, by the addresses that a lock file gives.
//!
//! The rule that must not be broken: an installer fetches the address, whatever package stands above it. So a file of
//! another host, or whose name is that of another package or version, makes the package one that is not covered.

use super::{
    Fault,
    notation::{tables, toml_optional},
    python::{normal_name, without_secrets},
};
use crate::advisories::{
    lock::{Ecosystem, Origin},
    order::Version,
};
use std::cmp::Ordering;
use toml::Table;

/// Where the index keeps its files.
const FILES_HOST: &str = concat!("https://files.", "pythonhosted", ".org/");

/// What the names of source archives end in.
const ARCHIVES: [&str; 5] = [".tar.gz", ".zip", ".tar.bz2", ".tgz", ".tar.xz"];

/// The longest name of a file, in bytes.
const LONGEST: usize = 512;

/// Where a package is from by the addresses of its files, in `lists` of tables and the table `sdist`: the first that is
/// not the index's own file of it, or the index. Nothing where no file is listed. `is_named` is whether a file may be
/// listed by its name alone, which the index then serves.
pub(super) fn of_files(
    package: &Table,
    list: &str,
    name: &str,
    version: &str,
    is_named: bool,
) -> Result<Option<Origin>, Fault> {
    let mut files = tables(package, list)?;
    if let Some(sdist) = package.get("sdist") {
        files.push(sdist.as_table().ok_or_else(|| Fault::malformed("sdist", "a table"))?);
    }
    let mut origin = None;
    for file in files {
        let found = match (toml_optional(file, "url")?, toml_optional(file, "path")?) {
            (_, Some(_)) => Origin::Path,
            (Some(url), None) => of_file(url, name, version),
            (None, None) if is_named => Origin::DefaultRegistry,
            (None, None) => Origin::Unclear("it does not say where its files are".to_owned()),
        };
        if found != Origin::DefaultRegistry {
            return Ok(Some(found));
        }
        origin = Some(found);
    }
    Ok(origin)
}

/// Where a package is from whose file is at `url`.
fn of_file(url: &str, name: &str, version: &str) -> Origin {
    let bare = url.split('#').next().unwrap_or(url);
    let Some(path) = bare.strip_prefix(FILES_HOST) else { return Origin::Url(without_secrets(bare)) };
    let file = path.rsplit('/').next().unwrap_or(path);
    if is_file_of(file, name, version) && !path.contains("..") {
        Origin::DefaultRegistry
    } else {
        Origin::Unclear(format!("its files are those of {}", super::error::shown(bare)))
    }
}

/// Whether a file's name is that of a wheel (PEP 427) or of a source archive (PEP 625, and as it was before) of a
/// package.
fn is_file_of(file: &str, name: &str, version: &str) -> bool {
    if file.len() > LONGEST || file.contains(['?', '%', ';', '\\']) {
        return false;
    }
    let fits = |named: &str, at: &str| normal_name(named) == name && is_same(at, version);
    if let Some(stem) = file.strip_suffix(".whl") {
        let parts: Vec<&str> = stem.split('-').collect();
        return matches!(parts.len(), 5 | 6) && fits(parts[0], &parts[1].replace('_', "-"));
    }
    let stem = ARCHIVES.iter().find_map(|ending| file.strip_suffix(ending));
    stem.is_some_and(|stem| stem.match_indices('-').any(|(at, _)| fits(&stem[..at], &stem[at + 1..])))
}

fn is_same(one: &str, other: &str) -> bool {
    let read = |text: &str| Version::parse(Ecosystem::Pypi, text);
    one == other
        || read(one).zip(read(other)).is_some_and(|(one, other)| one.compare(&other) == Some(Ordering::Equal))
}
