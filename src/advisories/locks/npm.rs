//! `package-lock.json` and `npm-shrinkwrap.json`, versions 1 to 3:
//! npm's documentation of `package-lock.json`.
//!
//! The rule that must not be broken: version 2 says everything twice, for old clients and new ones, and both count.

use super::{
    Fault,
    notation::{self, object, optional_object, optional_string, string},
    npm_origin,
    places::{self, Steps},
    projects::IsProject,
    rows::Rows,
};
use crate::{
    advisories::lock::{Ecosystem, Lock, Origin},
    paths,
};
use serde_json::{Map, Value};
use std::collections::BTreeSet;

type Members = Map<String, Value>;

/// Reads one.
pub(super) fn read(text: &str, is_project: &IsProject<'_>) -> Result<Lock, Fault> {
    let document = notation::json(text)?;
    let root = object(Some(&document), "the document")?;
    let version = match root.get("lockfileVersion") {
        Some(Value::Number(number)) => number.as_u64().filter(|n| (1..=3).contains(n)),
        _ => None,
    };
    let found = || root.get("lockfileVersion").map_or_else(|| "none".to_owned(), Value::to_string);
    let version = version.ok_or_else(|| Fault::version(&found(), "1 to 3"))?;
    let mut rows = Rows::new(Ecosystem::Npm);
    if version == 1 {
        rows.add(optional_string(root.get("name"), "name")?.unwrap_or("."), "", Origin::Own)?;
    } else {
        packages(object(root.get("packages"), "packages")?, is_project, &mut rows)?;
    }
    if version < 3 {
        let empty = Map::new();
        let tree = optional_object(root.get("dependencies"), "dependencies")?.unwrap_or(&empty);
        dependencies(tree, version == 2, &mut rows)?;
        if version == 1 {
            check_required(tree, &mut Vec::new(), &mut Steps::none(), &mut rows)?;
        }
    }
    rows.lock()
}

/// The flat list of versions 2 and 3, by folder.
fn packages(packages: &Members, is_project: &IsProject<'_>, rows: &mut Rows) -> Result<(), Fault> {
    let workspaces = workspaces(packages)?;
    workspaces.iter().try_for_each(|pattern| places::check(pattern))?;
    packages.keys().try_for_each(|folder| check_folder(folder))?;
    let hosts: BTreeSet<&str> =
        packages.keys().filter_map(|folder| Some(folder.rsplit_once("/node_modules/")?.0)).collect();
    let mut steps = Steps::none();
    for (folder, package) in packages {
        let package = object(Some(package), folder)?;
        let named = optional_string(package.get("name"), "a name")?;
        let version = optional_string(package.get("version"), "a version")?.unwrap_or_default();
        let resolved = optional_string(package.get("resolved"), "resolved")?;
        let is_link = is_link(package)?;
        let mut is_own = folder.is_empty();
        match installed(folder) {
            _ if folder.is_empty() => rows.add(named.unwrap_or("."), version, Origin::Own)?,
            Installed::Nowhere => {
                let name = named.unwrap_or_else(|| paths::name_of(folder));
                steps.take(workspaces.len())?;
                is_own =
                    workspaces.iter().any(|pattern| matches(pattern, folder)) && is_project(folder, name);
                rows.add(name, version, if is_own { Origin::Own } else { Origin::Path })?;
            }
            Installed::Within => rows.add(named.unwrap_or(folder), version, Origin::Path)?,
            Installed::As(name) if is_link => {
                if !leads_to_a_folder(packages, name, resolved) {
                    rows.add(named.unwrap_or(name), version, Origin::Path)?;
                }
            }
            // So npm lists peers that are optional, and that it did not install.
            Installed::As(name) if version.is_empty() && resolved.is_none() => {
                rows.add(named.unwrap_or(name), "", Origin::Unclear("no version is selected".to_owned()))?;
            }
            Installed::As(name) => add(rows, named.unwrap_or(name), version, resolved)?,
        }
        if package.get("hasShrinkwrap") == Some(&Value::Bool(true)) && !hosts.contains(folder.as_str()) {
            rows.note(
                folder,
                "its own shrinkwrap says what it is installed with, and none of that is listed",
            );
        }
        for name in wanted(package, is_own)? {
            check_listed(packages, folder, name, &mut steps, rows)?;
        }
    }
    Ok(())
}

/// What stands in a folder.
enum Installed<'f> {
    /// The package of a name, where Node looks for it.
    As(&'f str),
    /// A part of an installed package.
    Within,
    /// No installed package: a folder of the repository or beside it.
    Nowhere,
}

fn installed(folder: &str) -> Installed<'_> {
    if !is_in_modules(folder) {
        return Installed::Nowhere;
    }
    match folder.rsplit_once("node_modules/") {
        Some((before, name)) if before.is_empty() || before.ends_with('/') => {
            let is_name = name.split('/').count() == if name.starts_with('@') { 2 } else { 1 };
            if is_name { Installed::As(name) } else { Installed::Within }
        }
        _ => Installed::Within,
    }
}

fn is_in_modules(folder: &str) -> bool {
    folder.split('/').any(|segment| segment == "node_modules")
}

fn is_link(package: &Members) -> Result<bool, Fault> {
    match package.get("link") {
        None => Ok(false),
        Some(Value::Bool(is_link)) => Ok(*is_link),
        Some(_) => Err(Fault::malformed("a link", "true or false")),
    }
}

/// Whether the link called `name` leads to a folder inside of the repository that is listed itself: to the project by its
/// own name alone.
fn leads_to_a_folder(packages: &Members, name: &str, target: Option<&str>) -> bool {
    let Some((target, listed)) = target.and_then(|it| Some((it, packages.get(it)?))) else { return false };
    if target.is_empty() {
        return listed.get("name").and_then(Value::as_str) == Some(name);
    }
    // A folder outside of the repository is none that is listed, whatever stands at its name.
    !is_in_modules(target) && target.split('/').all(|it| it != "..")
}

/// The names of what npm installs for a package: its peers but for the optional ones; and for the release's own what
/// these are developed with.
fn wanted(package: &Members, is_own: bool) -> Result<Vec<&String>, Fault> {
    let group = |key: &str| -> Result<_, Fault> {
        Ok(optional_object(package.get(key), key)?.into_iter().flat_map(Map::keys))
    };
    let about_peers = optional_object(package.get("peerDependenciesMeta"), "peerDependenciesMeta")?;
    let is_optional =
        |name: &String| about_peers.and_then(|it| it.get(name)?.get("optional")) == Some(&Value::Bool(true));
    let mut wanted: Vec<&String> = group("dependencies")?.chain(group("optionalDependencies")?).collect();
    wanted.extend(group("peerDependencies")?.filter(|name| !is_optional(name)));
    if is_own {
        wanted.extend(group("devDependencies")?);
    }
    Ok(wanted)
}

/// A dependency must be installed where Node looks for it, in a folder above; npm leaves out what is for other platforms.
fn check_listed(
    packages: &Members,
    folder: &str,
    name: &str,
    steps: &mut Steps,
    rows: &mut Rows,
) -> Result<(), Fault> {
    if name.len() > places::LENGTH_LIMIT {
        return Err(Fault::limit("bytes in the name of a dependency", places::LENGTH_LIMIT));
    }
    let mut at = folder;
    loop {
        steps.take(1)?;
        // Nothing is installed for a scope or for the folder of all packages.
        let is_package = !at.rsplit('/').next().is_some_and(|it| it.starts_with('@') || it == "node_modules");
        let place = paths::below(at, &format!("node_modules/{name}"));
        if is_package && packages.contains_key(&place) {
            return Ok(());
        }
        if at.is_empty() {
            return rows.note_missing(if folder.is_empty() { "the project" } else { folder }, name);
        }
        at = paths::folder_of(at);
    }
}

/// Refuses a folder that is not written as npm writes it: another way to write one hides what is installed there. Only
/// folders beside the repository begin with `..`.
fn check_folder(folder: &str) -> Result<(), Fault> {
    places::check(folder)?;
    let mut below = folder;
    while let Some(rest) = below.strip_prefix("../") {
        below = rest;
    }
    let is_plain = |it: &str| !matches!(it, "" | "." | "..") && !it.contains(['\\', '\0']);
    if folder.is_empty() || below == ".." || below.split('/').all(is_plain) {
        return Ok(());
    }
    Err(Fault::malformed(format!("the folder {folder}"), "written as npm writes it"))
}

/// One package of the registry or with an address.
fn add(rows: &mut Rows, name: &str, version: &str, resolved: Option<&str>) -> Result<(), Fault> {
    let origin = resolved.map_or(Origin::DefaultRegistry, |it| npm_origin::of_address(it, name, version));
    if origin == Origin::DefaultRegistry && !npm_origin::is_version(version) {
        return Err(Fault::BadVersion {
            package: super::error::shown(name),
            version: super::error::shown(version),
        });
    }
    rows.add(name, version, origin)
}

/// The tree of version 1. Its depth is capped by the reader of JSON.
fn dependencies(tree: &Members, is_listed: bool, rows: &mut Rows) -> Result<(), Fault> {
    for (name, package) in tree {
        let package = object(Some(package), name)?;
        let version = string(package.get("version"), "a version")?;
        let resolved = optional_string(package.get("resolved"), "resolved")?;
        match version.strip_prefix("npm:").and_then(npm_origin::split) {
            Some((real, version)) => add(rows, real, version, resolved)?,
            None if npm_origin::is_version(version) => add(rows, name, version, resolved)?,
            // What stands here else is where the files are; of members of the workspace only that.
            None => {
                let origin = npm_origin::of_address(version, name, "");
                // In version 2 the list of packages tells members of the workspace from other folders.
                if origin != Origin::Path || !is_listed {
                    rows.add(name, "", origin)?;
                }
            }
        }
        if let Some(inner) = optional_object(package.get("dependencies"), "dependencies")? {
            dependencies(inner, is_listed, rows)?;
        }
    }
    Ok(())
}

/// Every package of version 1 that another one requires must be in its own tree or in one above; what is not is said.
fn check_required<'t>(
    tree: &'t Members,
    above: &mut Vec<&'t Members>,
    steps: &mut Steps,
    rows: &mut Rows,
) -> Result<(), Fault> {
    above.push(tree);
    for (name, package) in tree {
        let own = package.get("dependencies").and_then(Value::as_object);
        let required = match package.get("requires") {
            // So older files have it.
            None | Some(Value::Bool(_)) => None,
            required => Some(object(required, "what a package requires")?),
        };
        for (wanted, _) in required.into_iter().flatten() {
            steps.take(above.len() + 1)?;
            if !above.iter().copied().chain(own).any(|it| it.contains_key(wanted)) {
                rows.note_missing(name, wanted)?;
            }
        }
        if let Some(own) = own {
            check_required(own, above, steps, rows)?;
        }
    }
    above.pop();
    Ok(())
}

/// The patterns of the workspace's folders.
fn workspaces(packages: &Members) -> Result<Vec<&str>, Fault> {
    let root = packages.get("").and_then(|root| root.get("workspaces"));
    let listed = match root {
        Some(Value::Object(members)) => members.get("packages"),
        other => other,
    };
    let Some(listed) = listed else { return Ok(Vec::new()) };
    let malformed = || Fault::malformed("workspaces", "a list of folders");
    listed.as_array().ok_or_else(malformed)?.iter().map(|it| it.as_str().ok_or_else(malformed)).collect()
}

/// Whether a pattern of segments, in which `*` stands for any one, fits a folder. Other patterns fit nothing.
fn matches(pattern: &str, folder: &str) -> bool {
    let pattern = pattern.trim_start_matches("./").trim_end_matches('/');
    let (mut pattern, mut folder) = (pattern.split('/'), folder.split('/'));
    loop {
        match (pattern.next(), folder.next()) {
            (None, None) => return true,
            (Some("**"), Some(_)) => return pattern.next().is_none(),
            (Some("*"), Some(_)) => {}
            (Some(one), Some(other)) if one == other => {}
            _ => return false,
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::advisories::{
        lock::{Lock, Origin},
        locks::{Fault, projects},
    };

    fn read(text: &str) -> Result<Lock, Fault> {
        super::read(text, &projects::any)
    }

    #[test]
    fn what_a_package_of_version_one_requires_must_be_listed_where_node_looks_for_it() {
        let reads = |dependencies: &str| {
            read(&format!(
                "{{\"name\": \"x\", \"lockfileVersion\": 1, \"dependencies\": {{{dependencies}}}}}"
            ))
            .map(|lock| lock.not_covered(None).into_iter().map(|it| it.package).collect::<Vec<_>>())
        };
        let a = "\"a\": {\"version\": \"1.0.0\", \"requires\": {\"b\": \"^1\"}}";
        let b = "\"b\": {\"version\": \"1.0.0\", \"requires\": {}}";
        let (missing, nothing) = (Ok(vec!["b".to_owned()]), Ok(Vec::new()));
        assert_eq!(reads(a), missing);
        assert_eq!(reads(&format!("{a}, {b}")), nothing);
        let nested = format!(
            "\"a\": {{\"version\": \"1.0.0\", \"requires\": {{\"b\": \"1\"}}, \"dependencies\": {{{b}}}}}"
        );
        assert_eq!(reads(&nested), nothing);
        let in_another = format!("{a}, \"c\": {{\"version\": \"1.0.0\", \"dependencies\": {{{b}}}}}");
        assert_eq!(reads(&in_another), missing);
        let below = format!("\"c\": {{\"version\": \"1.0.0\", \"dependencies\": {{{a}}}}}, {b}");
        assert_eq!(reads(&below), nothing);
    }

    #[test]
    fn what_a_package_of_version_one_requires_is_a_map() {
        let reads = |requires: &str| {
            let package = format!("{{\"version\": \"1.0.0\", \"requires\": {requires}}}");
            read(&format!("{{\"lockfileVersion\": 1, \"dependencies\": {{\"a\": {package}}}}}")).map(drop)
        };
        assert_eq!(reads("[\"lodash\"]"), Err(Fault::malformed("what a package requires", "an object")));
        assert_eq!([reads("true"), reads("{}")], [Ok(()), Ok(())]);
    }

    #[test]
    fn what_the_shrinkwrap_of_a_package_installs_must_be_listed_below_it() {
        let not_covered = |a: &str, more: &str| {
            let text = format!(
                "{{\"name\": \"x\", \"lockfileVersion\": 3, \"packages\": {{\"\": {{\"name\": \"x\"}}, \
                 \"node_modules/a\": {{\"version\": \"1.0.0\"{a}}}{more}}}}}"
            );
            read(&text)
                .unwrap()
                .not_covered(None)
                .into_iter()
                .map(|it| (it.package, it.why))
                .collect::<Vec<_>>()
        };
        let why = "its own shrinkwrap says what it is installed with, and none of that is listed";
        let told = [("node_modules/a".to_owned(), why.to_owned())];
        let has = ", \"hasShrinkwrap\": true";
        assert_eq!(not_covered(has, ""), told);
        let below = ", \"node_modules/a/node_modules/b\": {\"version\": \"1.0.0\"}";
        let beside = ", \"node_modules/ab/node_modules/b\": {\"version\": \"1.0.0\"}";
        assert_eq!(not_covered(has, below), []);
        assert_eq!(not_covered(has, beside), told);
        assert_eq!(not_covered(", \"hasShrinkwrap\": false", ""), []);
    }

    #[test]
    fn a_link_that_leads_outside_of_the_repository_is_a_folder_even_where_that_is_listed() {
        let origins = |target: &str| {
            let text = format!(
                "{{\"name\": \"x\", \"version\": \"1.0.0\", \"lockfileVersion\": 3, \"packages\": {{\
                 \"\": {{\"name\": \"x\", \"version\": \"1.0.0\", \"workspaces\": [\"{target}\"], \
                 \"dependencies\": {{\"a\": \"1\"}}}}, \
                 \"{target}\": {{\"name\": \"a\", \"version\": \"1.0.0\"}}, \
                 \"node_modules/a\": {{\"resolved\": \"{target}\", \"link\": true}}}}}}"
            );
            let lock = read(&text).unwrap();
            lock.packages().iter().filter(|it| it.origin == Origin::Path).count()
        };
        assert_eq!(origins("a"), 0);
        assert_eq!(origins("../a"), 1);
    }
}
