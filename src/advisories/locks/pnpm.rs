//! `pnpm-lock.yaml`, versions 5, 6 and 9 (pnpm 7 to 12): <https://github.com/pnpm/spec/tree/master/lockfile>.
//!
//! The rule that must not be broken: every package that an importer or another package selects must be listed; a file
//! that was cut off between two packages is still YAML.

use super::{
    Fault,
    error::shown,
    notation::{self, object, optional_string},
    npm_origin,
    rows::Rows,
};
use crate::{
    advisories::lock::{Ecosystem, Lock, Origin},
    paths,
};
use serde_json::{Map, Value};
use std::{borrow::Cow, collections::BTreeSet};

type Members = Map<String, Value>;

/// The longest key of a package with its peers, in bytes. pnpm itself shortens them at 1000.
const LONGEST_KEY: usize = 8192;

/// How the key of a package is written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Keys {
    /// `/name/1.0.0_peer@1.0.0`
    Five,
    /// `/name@1.0.0(peer@1.0.0)`
    Six,
    /// `name@1.0.0`, and with peers under `snapshots`.
    Nine,
}

/// Reads one.
pub(super) fn read(text: &str) -> Result<Lock, Fault> {
    let mut rows = Rows::new(Ecosystem::Npm);
    for text in documents(text)? {
        read_document(&text, &mut rows)?;
    }
    rows.lock()
}

/// The documents of a file: since version 11 pnpm writes what it needs itself, its own program and `configDependencies`, into
/// one before that of the project, and then begins the file with the mark between documents. Such a file with one document
/// alone was cut off.
fn documents(text: &str) -> Result<Vec<Cow<'_, str>>, Fault> {
    // At the beginning of a line these are a mark wherever they stand (YAML 1.2, section 9.1.2).
    let is_mark = |line: &str| line.trim_end() == "---";
    if !text.lines().any(is_mark) {
        return Ok(vec![text.into()]);
    }
    // Each keeps its lines where they are in the file, so that what is wrong is found there.
    let mut documents = vec![String::new()];
    for (number, line) in text.split_inclusive('\n').enumerate() {
        match (is_mark(line), documents.last_mut()) {
            (false, Some(document)) => document.push_str(line),
            _ => documents.push("\n".repeat(number + 1)),
        }
        if documents.len() > 3 {
            return Err(Fault::limit("documents", 2));
        }
    }
    let says_something = |it: &String| it.lines().any(|line| !line.is_empty() && !line.starts_with('#'));
    documents.retain(says_something);
    match documents.len() {
        2 => Ok(documents.into_iter().map(Cow::Owned).collect()),
        n if n < 2 => Err(Fault::incomplete("the file", "a second document")),
        _ => Err(Fault::limit("documents", 2)),
    }
}

fn read_document(text: &str, rows: &mut Rows) -> Result<(), Fault> {
    let document = notation::yaml(text)?;
    let root = object(Some(&document), "the document")?;
    let keys = keys(root.get("lockfileVersion"))?;
    let empty = Map::new();
    let part = |key: &str| root.get(key).map(|value| object(Some(value), key)).transpose();
    let packages = part("packages")?.unwrap_or(&empty);
    let snapshots = match keys {
        Keys::Nine => part("snapshots")?.unwrap_or(&empty),
        _ => packages,
    };
    let importers = part("importers")?;
    for folder in importers
        .into_iter()
        .flatten()
        .map(|(folder, _)| folder.as_str())
        .chain(importers.is_none().then_some("."))
    {
        rows.add(folder, "", Origin::Own)?;
    }
    for (key, package) in packages {
        let package = object(Some(package), key)?;
        add(rows, keys, key, package)?;
    }
    let listed = Listed { keys, snapshots, importers };
    listed.check_base(packages)?;
    match importers {
        Some(importers) => {
            for (folder, importer) in importers {
                listed.check(folder, object(Some(importer), folder)?, rows)?;
            }
        }
        None => listed.check(".", root, rows)?,
    }
    for (key, package) in snapshots {
        if key.len() > LONGEST_KEY {
            return Err(Fault::limit("bytes in the key of a package", LONGEST_KEY));
        }
        listed.check(key, object(Some(package), key)?, rows)?;
    }
    Ok(())
}

fn keys(version: Option<&Value>) -> Result<Keys, Fault> {
    let text = match version {
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
        None => return Err(Fault::malformed("lockfileVersion", "a version")),
    };
    match text.split('.').next() {
        Some("5") => Ok(Keys::Five),
        Some("6") => Ok(Keys::Six),
        Some("9") => Ok(Keys::Nine),
        _ => Err(Fault::version(&text, "5, 6 and 9")),
    }
}

fn add(rows: &mut Rows, keys: Keys, key: &str, package: &Members) -> Result<(), Fault> {
    let resolution = object(package.get("resolution"), &format!("the resolution of {}", shown(key)))?;
    let stated = |what: &str| optional_string(package.get(what), what);
    let from_key = name_and_version(keys, key);
    let (stated_name, stated_version) = (stated("name")?, stated("version")?);
    // pnpm fetches what the key says, whatever stands below it.
    if let Some((name, version)) = from_key.filter(|(_, version)| npm_origin::is_version(version)) {
        let others = [stated_name.filter(|it| *it != name), stated_version.filter(|it| *it != version)];
        if let Some(other) = others.into_iter().flatten().next() {
            let why = format!("its key says {}, and below it stands {}", shown(key), shown(other));
            return rows.add(name, version, Origin::Unclear(why));
        }
    }
    let name = stated_name.or_else(|| from_key.map(|(name, _)| name)).unwrap_or(key);
    let version = stated_version.or_else(|| from_key.map(|(_, version)| version)).unwrap_or_default();
    if let Some(repository) = optional_string(resolution.get("repo"), "repo")? {
        return rows.add(name, version, Origin::Git(shown(repository)));
    }
    if resolution.contains_key("directory") {
        return rows.add(name, version, Origin::Path);
    }
    if let Some(other) = resolution.keys().find(|key| !["integrity", "tarball"].contains(&key.as_str())) {
        let why = format!("where its files are is said in a way that is not known: {}", shown(other));
        return rows.add(name, version, Origin::Unclear(why));
    }
    let tarball = optional_string(resolution.get("tarball"), "tarball")?;
    match (tarball, from_key) {
        (Some(tarball), _) => rows.add(name, version, npm_origin::of_address(tarball, name, version)),
        // A key with anything but a name and a version of the registry says where the files are.
        (None, Some((_, in_key))) if npm_origin::is_version(in_key) && in_key == version => {
            rows.add(name, version, Origin::DefaultRegistry)
        }
        _ => rows.add(name, version, Origin::Url(shown(key))),
    }
}

/// The name and the version in a key, without its peers; nothing where the key is an address.
fn name_and_version(keys: Keys, key: &str) -> Option<(&str, &str)> {
    match keys {
        Keys::Nine => npm_origin::split(base(keys, key)),
        Keys::Six => npm_origin::split(base(keys, key.strip_prefix('/')?)),
        Keys::Five => base(keys, key.strip_prefix('/')?).rsplit_once('/'),
    }
}

/// A key without its peers.
fn base(keys: Keys, key: &str) -> &str {
    let end = match keys {
        Keys::Nine | Keys::Six => key.find('('),
        // A name may hold `_` too, a version may not.
        Keys::Five => key.rfind('/').and_then(|at| Some(at + key[at..].find('_')?)).or_else(|| peer(key)),
    };
    end.map_or(key, |end| &key[..end])
}

/// Where the peers of a key of version 5 begin when they hold a scope: `/name/1.0.0_@scope+peer@1.0.0`.
fn peer(key: &str) -> Option<usize> {
    key.find("_@")
}

/// The lists of what is selected; the last two are of what pnpm itself needs.
const GROUPS: [&str; 5] = [
    "dependencies",
    "devDependencies",
    "optionalDependencies",
    "configDependencies",
    "packageManagerDependencies",
];

/// The members of a map in a map; none where it is not there. One that is there and empty was cut off.
fn members<'v>(
    entry: &'v Members,
    key: &str,
) -> Result<impl Iterator<Item = (&'v String, &'v Value)>, Fault> {
    let found = entry.get(key).map(|value| object(Some(value), key)).transpose()?;
    Ok(found.into_iter().flatten())
}

/// What a dependency must be found in.
struct Listed<'v> {
    keys: Keys,
    snapshots: &'v Members,
    importers: Option<&'v Members>,
}

impl Listed<'_> {
    /// In version 9 each package has a snapshot, and each snapshot a package.
    fn check_base(&self, packages: &Members) -> Result<(), Fault> {
        if self.keys != Keys::Nine {
            return Ok(());
        }
        let bases: BTreeSet<&str> = self.snapshots.keys().map(|key| base(self.keys, key)).collect();
        if let Some(missing) = packages.keys().find(|key| !bases.contains(key.as_str())) {
            return Err(Fault::incomplete("packages", missing));
        }
        match bases.iter().find(|key| !packages.contains_key(**key)) {
            Some(missing) => Err(Fault::incomplete("snapshots", missing)),
            None => Ok(()),
        }
    }

    /// Every dependency of an importer or a package.
    fn check(&self, of: &str, entry: &Members, rows: &mut Rows) -> Result<(), Fault> {
        // Version 5 lists apart what was asked for, and all of it must be selected.
        for (asked, _) in members(entry, "specifiers")? {
            let is_selected =
                GROUPS.iter().any(|group| entry.get(*group).is_some_and(|it| it.get(asked).is_some()));
            if !is_selected {
                return Err(Fault::incomplete(of, asked));
            }
        }
        for group in GROUPS {
            for (name, selected) in members(entry, group)? {
                let version = match selected {
                    Value::Object(members) => members.get("version").and_then(Value::as_str),
                    other => other.as_str(),
                };
                let version = version.ok_or_else(|| Fault::malformed(name, "a version"))?;
                if let Some(path) = version.strip_prefix("link:") {
                    if !self.is_importer(of, path) {
                        rows.add(name, "", Origin::Path)?;
                    }
                } else if !self.is_listed(name, version) {
                    return Err(Fault::incomplete(of, &format!("{name} {version}")));
                }
            }
        }
        Ok(())
    }

    fn is_listed(&self, name: &str, version: &str) -> bool {
        let key = match self.keys {
            Keys::Five => format!("/{name}/{version}"),
            Keys::Six => format!("/{name}@{version}"),
            Keys::Nine => format!("{name}@{version}"),
        };
        self.snapshots.contains_key(&key) || self.snapshots.contains_key(version)
    }

    /// Whether a link leads from the folder of an importer to that of another.
    fn is_importer(&self, from: &str, path: &str) -> bool {
        let folder = paths::follow(from.trim_start_matches('.'), path);
        let folder = folder.map(|it| if it.is_empty() { ".".to_owned() } else { it });
        folder.is_some_and(|folder| self.importers.is_some_and(|it| it.contains_key(&folder)))
    }
}
