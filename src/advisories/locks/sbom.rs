//! Software bills of materials that are published with a release: CycloneDX 1.2 to 1.7 and SPDX 2.2 and 2.3, as JSON.
//!
//! The rule that must not be broken: a component counts by its package URL alone; one without, of a type that no database
//! knows, or that calls itself something else, is listed as not covered, and so is what is referred to and not listed.

mod agrees;
mod below;
pub(in crate::advisories) mod purl;
mod refers;

use super::{
    Fault,
    notation::{self, object, optional_object, optional_string, string},
    rows::Rows,
};
use crate::{
    advisories::lock::{Ecosystem, Lock, NotCovered, Origin},
    json::{self, Limits},
};
use agrees::Named;
pub use below::below;
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
}

/// Whether a published file's name is that of a bill of materials.
pub fn is_named(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let endings = [".cdx.json", ".spdx.json", ".cyclonedx.json", "bom.json"];
    endings.iter().any(|ending| name.ends_with(ending)) || (name.contains("sbom") && name.ends_with(".json"))
}

/// Whether a published file's name is that of a bill of materials in a form that is not read: XML, RDF, tags and values, or
/// compressed.
pub fn is_of_other_form(name: &str) -> bool {
    const COMPRESSED: [&str; 6] = [".gz", ".zst", ".xz", ".bz2", ".zip", ".br"];
    const FORMS: [&str; 9] = [
        ".cdx.xml",
        ".cyclonedx.xml",
        "bom.xml",
        ".cdx",
        ".spdx",
        ".spdx.rdf",
        ".spdx.xml",
        ".spdx.yaml",
        ".spdx.yml",
    ];
    let name = name.to_ascii_lowercase();
    let is_form = |name: &str| {
        FORMS.iter().chain([&".spdx.rdf.xml", &".spdx.tv"]).any(|ending| name.ends_with(ending))
            || (name.contains("sbom") && name.ends_with(".xml"))
    };
    let packed = COMPRESSED.iter().find_map(|ending| name.strip_suffix(ending));
    is_form(&name) || packed.is_some_and(|name| is_form(name) || is_named(name))
}

/// Whether a JSON file of any other name says on top of it that it is a bill of materials; without its bytes, whether its
/// name hints at one.
pub fn is_by_content(name: &str, bytes: Option<&[u8]>) -> bool {
    let name = name.to_ascii_lowercase();
    let says = |bytes: &[u8]| {
        let limits =
            Limits { max_bytes: super::LOCK_LIMIT, max_depth: super::DEPTH_LIMIT, max_memory: 16 << 20 };
        json::outline(bytes, limits, 1)
            .is_ok_and(|top| ["bomFormat", "spdxVersion"].iter().any(|key| top.get(key).is_some()))
    };
    let hints = || ["spdx", "cyclonedx", "cdx"].iter().any(|word| name.contains(word));
    name.ends_with(".json") && bytes.map_or_else(hints, says)
}

/// Reads a bill of materials.
///
/// # Errors
/// [`Fault`] for what is none, for a version that is not known, and where nothing is listed.
pub fn parse(bytes: &[u8]) -> Result<Sbom, Fault> {
    let document = notation::json(notation::text(bytes)?)?;
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
        if self.rows.is_empty() && self.others.is_empty() {
            return Err(Fault::NoPackages);
        }
        let locks = self.rows.into_values().map(Rows::lock).collect::<Result<_, _>>()?;
        Ok(Sbom { locks, others: self.others })
    }
}
