//! `packages.lock.json` of NuGet, versions 1 and 2. It does not say which source a package is from.

use super::{
    Fault,
    notation::{self, object, optional_object, optional_string, string},
    projects::IsProject,
    rows::Rows,
};
use crate::advisories::lock::{Ecosystem, Lock, Origin};
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};

/// Why a project that the tag does not have is not covered.
const NO_PROJECT: &str = "it is called a project of the release, and the tag has none of this name";

/// Reads one. Names are compared without case, and so are given in lower case.
pub(super) fn read(text: &str, is_project: &IsProject<'_>) -> Result<Lock, Fault> {
    let document = notation::json(text)?;
    let root = object(Some(&document), "the document")?;
    match root.get("version").and_then(Value::as_u64) {
        Some(1 | 2) => {}
        _ => {
            let found = root.get("version").map_or_else(|| "none".to_owned(), Value::to_string);
            return Err(Fault::version(&found, "1 and 2"));
        }
    }
    let mut rows = Rows::new(Ecosystem::Nuget);
    let frameworks = object(root.get("dependencies"), "dependencies")?;
    let listed = Listed::of(frameworks);
    for (framework, packages) in frameworks {
        let packages = object(Some(packages), framework)?;
        for (name, package) in packages {
            let package = object(Some(package), name)?;
            let kind = string(package.get("type"), "the type of a package")?;
            let name = name.to_lowercase();
            match kind {
                "Project" if is_project("", &name) => rows.add(&name, "", Origin::Own)?,
                "Project" => rows.add(&name, "", Origin::Unclear(NO_PROJECT.to_owned()))?,
                "Direct" | "Transitive" | "CentralTransitive" => {
                    let resolved = optional_string(package.get("resolved"), "resolved")?;
                    let resolved = resolved.ok_or_else(|| Fault::malformed("resolved", "a version"))?;
                    rows.add(&name, resolved, Origin::DefaultRegistry)?;
                }
                _ => return Err(Fault::malformed("the type of a package", "a known one")),
            }
            let needs = optional_object(package.get("dependencies"), "dependencies")?;
            for needed in needs.into_iter().flatten().map(|(needed, _)| needed) {
                let needed = needed.to_lowercase();
                rows.step()?;
                if !listed.has(framework, &needed) {
                    rows.note_missing(&name, &needed)?;
                }
            }
        }
    }
    rows.lock()
}

/// The names that are listed for each framework, in lower case.
struct Listed<'v>(BTreeMap<&'v str, BTreeSet<String>>);

impl<'v> Listed<'v> {
    fn of(frameworks: &'v Map<String, Value>) -> Self {
        let names = |packages: &Value| {
            packages.as_object().into_iter().flat_map(Map::keys).map(|name| name.to_lowercase()).collect()
        };
        Self(frameworks.iter().map(|(framework, packages)| (framework.as_str(), names(packages))).collect())
    }

    /// Whether what is needed for a framework is listed for it. Of `framework/runtime` only what differs is listed.
    fn has(&self, framework: &str, name: &str) -> bool {
        let base = framework.split('/').next().unwrap_or(framework);
        [framework, base].iter().any(|it| self.0.get(it).is_some_and(|names| names.contains(name)))
    }
}
