//! Software bills of materials that are published with a release: CycloneDX 1.2 to 1.7 and SPDX 2.2 and 2.3, as JSON.
//!
//! The rule that must not be broken: a component counts by its package URL alone; one without, of a type that no database
//! knows, or that calls itself something else, is listed as not covered, and so is what is referred to and not listed. What the document says against itself is said.

mod agrees;
mod below;
mod forms;
pub(in crate::advisories) mod purl;
mod refers;
mod said;
mod wrapped;

use super::{
    Fault,
    notation::{self, object, optional_object, optional_string, string},
    rows::Rows,
};
use crate::advisories::lock::{Ecosystem, Lock, NotCovered, Origin};
use agrees::Named;
pub use below::below;
pub use forms::{Form, form, is_document, is_named, is_of_other_form, lines};
use purl::Purl;
use refers::Refers;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// What a bill of materials lists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sbom {
    /// The components by ecosystem.
    pub locks: Vec<Lock>,
    /// The components that are of no ecosystem with advisories.
    pub others: Vec<NotCovered>,
    /// What it says against itself, in words for a report.
    pub against_itself: Vec<String>,
}

/// Reads a bill of materials.
///
/// # Errors
/// [`Fault`] for what is none, for a version that is not known, and where nothing is listed.
pub fn parse(bytes: &[u8]) -> Result<Sbom, Fault> {
    let document = wrapped::unwrapped(notation::json(notation::text(bytes)?)?)?;
    let root = object(Some(&document), "the document")?;
    let mut found = Found::default();
    if root.contains_key("bomFormat") {
        cyclonedx(root, &mut found)?;
    } else if root.contains_key("spdxVersion") {
        spdx(root, &mut found)?;
    } else {
        return Err(Fault::malformed("the document", "a bill of materials in CycloneDX or SPDX 2"));
    }
    found.sbom()
}

/// <https://cyclonedx.org/docs/1.6/json/>. Components may hold components; the reader of JSON caps their depth.
fn cyclonedx(root: &Map<String, Value>, found: &mut Found) -> Result<(), Fault> {
    if string(root.get("bomFormat"), "bomFormat")? != "CycloneDX" {
        return Err(Fault::malformed("bomFormat", "CycloneDX"));
    }
    let version = string(root.get("specVersion"), "specVersion")?;
    if !["1.2", "1.3", "1.4", "1.5", "1.6", "1.7"].contains(&version) {
        return Err(Fault::version(version, "1.2 to 1.7 (CycloneDX)"));
    }
    // The release itself is no package of its own, and what it is made of may be listed below it.
    if let Some(own) = optional_object(root.get("metadata"), "metadata")?.and_then(|it| it.get("component")) {
        components(object(Some(own), "the component of the metadata")?.get("components"), found)?;
    }
    components(root.get("components"), found)?;
    found.against_itself = said::against_itself(root);
    found.refers(refers::cyclonedx(root))
}

fn components(listed: Option<&Value>, found: &mut Found) -> Result<(), Fault> {
    let Some(listed) = listed else { return Ok(()) };
    for component in listed.as_array().ok_or_else(|| Fault::malformed("components", "a list"))? {
        let component = object(Some(component), "a component")?;
        let name = string(component.get("name"), "the name of a component")?;
        let version = optional_string(component.get("version"), "a version")?.unwrap_or_default();
        let group = optional_string(component.get("group"), "a group")?.unwrap_or_default();
        let purl = optional_string(component.get("purl"), "a purl")?;
        // A file without one is part of a package and none itself.
        if purl.is_some() || component.get("type").and_then(Value::as_str) != Some("file") {
            found.add(Named { group, name, version }, purl)?;
        }
        components(component.get("components"), found)?;
    }
    Ok(())
}

/// <https://spdx.github.io/spdx-spec/v2.3/package-information/>
fn spdx(root: &Map<String, Value>, found: &mut Found) -> Result<(), Fault> {
    let version = string(root.get("spdxVersion"), "spdxVersion")?;
    if !["SPDX-2.2", "SPDX-2.3"].contains(&version) {
        return Err(Fault::version(version, "SPDX-2.2 and SPDX-2.3"));
    }
    let packages = root.get("packages").and_then(Value::as_array);
    for package in packages.ok_or_else(|| Fault::malformed("packages", "a list"))? {
        let package = object(Some(package), "a package")?;
        let name = string(package.get("name"), "the name of a package")?;
        let version = optional_string(package.get("versionInfo"), "a version")?.unwrap_or_default();
        let references = package.get("externalRefs").and_then(Value::as_array).into_iter().flatten();
        let mut purls = references
            .filter(|it| it.get("referenceType").and_then(Value::as_str) == Some("purl"))
            .map(|it| string(it.get("referenceLocator"), "a purl"))
            .peekable();
        let named = Named { group: "", name, version };
        if purls.peek().is_none() {
            found.add(named, None)?;
        }
        for purl in purls {
            found.add(named, Some(purl?))?;
        }
    }
    found.refers(refers::spdx(root))
}

#[derive(Default)]
struct Found {
    rows: BTreeMap<Ecosystem, Rows>,
    others: Vec<NotCovered>,
    against_itself: Vec<String>,
}

impl Found {
    fn add(&mut self, own: Named<'_>, purl: Option<&str>) -> Result<(), Fault> {
        let purl = purl.map(Purl::parse);
        let contradiction = match &purl {
            Some(Some(purl @ Purl { ecosystem: Ok(ecosystem), .. })) => {
                agrees::contradiction(*ecosystem, own, purl)
            }
            _ => None,
        };
        let why = match purl {
            Some(Some(Purl { ecosystem: Ok(ecosystem), name, also, version, origin, .. })) => {
                let rows = self.rows.entry(ecosystem).or_insert_with(|| Rows::new(ecosystem));
                if let Some(also) = also {
                    rows.add(also, &version, origin.clone())?;
                }
                // Programs write names of npm in small letters, which older packages need not have.
                if ecosystem == Ecosystem::Npm && name.chars().any(char::is_uppercase) {
                    rows.add(&name.to_lowercase(), &version, origin.clone())?;
                }
                if let Some(why) = contradiction {
                    rows.add(&name, &version, Origin::Unclear(why))?;
                }
                return rows.add(&name, &version, origin);
            }
            Some(Some(Purl { ecosystem: Err(kind), .. })) => {
                format!("no advisories for packages of type {kind}")
            }
            Some(None) => "its package url is none".to_owned(),
            None => "it has no package url".to_owned(),
        };
        let (package, version) = (super::error::shown(own.name), super::error::shown(own.version));
        self.other(NotCovered { package, version, why: super::error::shown(&why) })
    }

    /// What is referred to and not listed.
    fn refers(&mut self, refers: Refers) -> Result<(), Fault> {
        refers.rows(super::PACKAGES_LIMIT).try_for_each(|row| self.other(row))
    }

    fn other(&mut self, row: NotCovered) -> Result<(), Fault> {
        if self.others.len() > super::PACKAGES_LIMIT {
            return Err(Fault::TooMany);
        }
        self.others.push(row);
        Ok(())
    }

    fn sbom(self) -> Result<Sbom, Fault> {
        if self.rows.is_empty() && self.others.is_empty() && self.against_itself.is_empty() {
            return Err(Fault::NoPackages);
        }
        let locks = self.rows.into_values().map(Rows::lock).collect::<Result<_, _>>()?;
        Ok(Sbom { locks, others: self.others, against_itself: self.against_itself })
    }
}
