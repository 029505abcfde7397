//! `package-lock.json` and `npm-shrinkwrap.json`, versions 1 to 3:
//! npm's documentation of `package-lock.json`.
//!
//! The rule that must not be broken: version 2 says everything twice, for old clients and new ones, and both count.

use super::{
    Fault,
    notation::{self, object, optional_object, optional_string, string},
    npm_origin,
    rows::Rows,
};
use crate::advisories::lock::{Ecosystem, Lock, Origin};
use serde_json::{Map, Value};

type Members = Map<String, Value>;

/// The longest path of an installed package or pattern of a workspace, in bytes.
const PATH_LIMIT: usize = 1024;

/// The most folders that such a path leads through.
const FOLDERS_LIMIT: usize = 64;

/// The most folders in which dependencies are looked for, and patterns that are held against folders, of one file.
const STEPS_LIMIT: usize = 2_000_000;

/// Reads one.
pub(super) fn read(text: &str) -> Result<Lock, Fault> {
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
        packages(object(root.get("packages"), "packages")?, &mut rows)?;
    }
    if version < 3 {
        let empty = Map::new();
        let tree = optional_object(root.get("dependencies"), "dependencies")?.unwrap_or(&empty);
        dependencies(tree, version == 2, &mut rows)?;
        if version == 1 {
            check_required(tree, &mut Vec::new(), &mut Steps(0), &mut rows)?;
        }
    }
    rows.lock()
}

/// The flat list of versions 2 and 3, by folder.
fn packages(packages: &Members, rows: &mut Rows) -> Result<(), Fault> {
    let workspaces = workspaces(packages)?;
    for path in packages.keys().map(String::as_str).chain(workspaces.iter().copied()) {
        check_path(path)?;
    }
    let mut steps = Steps(0);
    for (folder, package) in packages {
        let package = object(Some(package), folder)?;
        let named = optional_string(package.get("name"), "a name")?;
        let version = optional_string(package.get("version"), "a version")?.unwrap_or_default();
        let resolved = optional_string(package.get("resolved"), "resolved")?;
        let installed = folder.rsplit_once("node_modules/").map(|(_, name)| name);
        match installed {
            _ if folder.is_empty() => rows.add(named.unwrap_or("."), version, Origin::Own)?,
            None => {
                let name = named.unwrap_or_else(|| folder.rsplit('/').next().unwrap_or(folder));
                steps.take(workspaces.len())?;
                let is_member = workspaces.iter().any(|pattern| matches(pattern, folder));
                rows.add(name, version, if is_member { Origin::Own } else { Origin::Path })?;
            }
            Some(name) if package.get("link") == Some(&Value::Bool(true)) => {
                let target = resolved.unwrap_or_default();
                // A folder outside of the repository is none that is listed, whatever stands at its name.
                let is_outside = target.starts_with('/') || target.split('/').any(|it| it == "..");
                if is_outside || !packages.contains_key(target) {
                    rows.add(named.unwrap_or(name), version, Origin::Path)?;
                }
            }
            // So npm lists peers that are optional, and that it did not install.
            Some(name) if version.is_empty() && resolved.is_none() => {
                rows.add(named.unwrap_or(name), "", Origin::Unclear("no version is selected".to_owned()))?;
            }
            Some(name) => add(rows, named.unwrap_or(name), version, resolved)?,
        }
        for key in ["dependencies", "optionalDependencies"] {
            check_listed(packages, folder, optional_object(package.get(key), key)?, &mut steps, rows)?;
        }
    }
    Ok(())
}

/// Every dependency must be installed where Node looks for it, in a folder above; npm leaves out what is for other platforms.
fn check_listed(
    packages: &Members,
    folder: &str,
    wanted: Option<&Members>,
    steps: &mut Steps,
    rows: &mut Rows,
) -> Result<(), Fault> {
    for name in wanted.into_iter().flatten().map(|(name, _)| name) {
        let mut at = folder;
        if name.len() > PATH_LIMIT {
            return Err(Fault::limit("bytes in the name of a dependency", PATH_LIMIT));
        }
        loop {
            steps.take(1)?;
            let place = if at.is_empty() {
                format!("node_modules/{name}")
            } else {
                format!("{at}/node_modules/{name}")
            };
            if packages.contains_key(&place) {
                break;
            }
            if at.is_empty() {
                rows.note_missing(if folder.is_empty() { "the project" } else { folder }, name)?;
                break;
            }
            at = at.rsplit_once('/').map_or("", |(above, _)| above);
        }
    }
    Ok(())
}

fn check_path(path: &str) -> Result<(), Fault> {
    if path.len() > PATH_LIMIT {
        return Err(Fault::limit("bytes in the path of a package", PATH_LIMIT));
    }
    if path.matches('/').count() >= FOLDERS_LIMIT {
        return Err(Fault::limit("folders in the path of a package", FOLDERS_LIMIT));
    }
    Ok(())
}

/// How often something was looked for.
struct Steps(usize);

impl Steps {
    fn take(&mut self, n: usize) -> Result<(), Fault> {
        self.0 = self.0.saturating_add(n);
        if self.0 > STEPS_LIMIT {
            return Err(Fault::limit("places to look for packages in", STEPS_LIMIT));
        }
        Ok(())
    }
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
        // At the root of an older file `true` stands here.
        let required = package.get("requires").and_then(Value::as_object);
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
    use super::read;
    use crate::advisories::lock::Origin;

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
