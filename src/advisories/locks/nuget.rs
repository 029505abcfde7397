//! `packages.lock.json` of NuGet, versions 1 and 2. It does not say which source a package is from.

use super::{
    Fault,
    notation::{self, object, optional_object, optional_string, string},
    rows::Rows,
};
use crate::advisories::lock::{Ecosystem, Lock, Origin};
use serde_json::Value;

/// Reads one. Names are compared without case, and so are given in lower case.
pub(super) fn read(text: &str) -> Result<Lock, Fault> {
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
    for (framework, packages) in object(root.get("dependencies"), "dependencies")? {
        let packages = object(Some(packages), framework)?;
        for (name, package) in packages {
            let package = object(Some(package), name)?;
            let kind = string(package.get("type"), "the type of a package")?;
            let name = name.to_lowercase();
            match kind {
                "Project" => rows.add(&name, "", Origin::Own)?,
                "Direct" | "Transitive" | "CentralTransitive" => {
                    let resolved = optional_string(package.get("resolved"), "resolved")?;
                    let resolved = resolved.ok_or_else(|| Fault::malformed("resolved", "a version"))?;
                    rows.add(&name, resolved, Origin::DefaultRegistry)?;
                }
                _ => return Err(Fault::malformed("the type of a package", "a known one")),
            }
            let needs = optional_object(package.get("dependencies"), "dependencies")?;
            for needed in needs.into_iter().flatten().map(|(needed, _)| needed) {
                rows.want(&name, &needed.to_lowercase())?;
            }
        }
    }
    rows.lock()
}
