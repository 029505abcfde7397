//! OpenVEX 0.2 documents: statements that a product is not affected by a vulnerability, or is fixed.
//!
//! Only `not_affected` with a justification or an impact statement, and `fixed`, say that an advisory does not concern the
//! product (specification, "Status Labels"). A statement is about the packages that it names by purl, as products or as
//! their parts.

use super::{Package, Suppression};
use crate::{advisories::lock::Ecosystem, json};
use serde::Deserialize;

#[derive(Deserialize)]
struct Document {
    #[serde(rename = "@context")]
    context: String,
    statements: Vec<Statement>,
}

#[derive(Deserialize)]
struct Statement {
    vulnerability: Vulnerability,
    #[serde(default)]
    products: Vec<Product>,
    status: String,
    justification: Option<String>,
    impact_statement: Option<String>,
}

#[derive(Deserialize)]
struct Vulnerability {
    name: String,
    #[serde(default)]
    aliases: Vec<String>,
}

#[derive(Deserialize)]
struct Product {
    #[serde(rename = "@id")]
    id: Option<String>,
    #[serde(default)]
    identifiers: Identifiers,
    #[serde(default)]
    subcomponents: Vec<Self>,
}

#[derive(Default, Deserialize)]
struct Identifiers {
    purl: Option<String>,
}

/// Why a statement says that a product is not affected (specification, "Status Justifications").
const JUSTIFICATIONS: &[&str] = &[
    "component_not_present",
    "vulnerable_code_not_present",
    "vulnerable_code_not_in_execute_path",
    "vulnerable_code_cannot_be_controlled_by_adversary",
    "inline_mitigations_already_exist",
];

/// Reads the document.
pub(super) fn read(bytes: &[u8], file: &str) -> Result<Vec<Suppression>, String> {
    json::check(bytes, json::Limits::bytes(super::MAX_BYTES))
        .map_err(|error| format!("it cannot be read: {error}"))?;
    let document: Document =
        serde_json::from_slice(bytes).map_err(|error| format!("it is no OpenVEX document: {error}"))?;
    if !document.context.starts_with("https://openvex.dev/ns") {
        return Err("its context is not that of OpenVEX".to_owned());
    }
    let mut found = Vec::new();
    for statement in &document.statements {
        let Some(reason) = reason(statement) else { continue };
        let ids = std::iter::once(&statement.vulnerability.name).chain(&statement.vulnerability.aliases);
        for id in ids {
            for package in packages(&statement.products) {
                if found.len() >= super::ENTRIES {
                    return Err(format!("its statements are about more than {} products", super::ENTRIES));
                }
                found.push(Suppression {
                    file: file.to_owned(),
                    folder: None,
                    id: Some(id.clone()),
                    package: Some(package),
                    reason: Some(reason.clone()),
                    until: None,
                });
            }
        }
    }
    Ok(found)
}

/// Why the statement says that nothing is affected; `None` where it does not say so.
fn reason(statement: &Statement) -> Option<String> {
    let impact = statement.impact_statement.as_deref().map(str::trim).filter(|text| !text.is_empty());
    let justification = statement.justification.as_deref().filter(|text| JUSTIFICATIONS.contains(text));
    match statement.status.as_str() {
        "fixed" => Some("fixed".to_owned()),
        "not_affected" => {
            let why: Vec<&str> = [justification, impact].into_iter().flatten().collect();
            (!why.is_empty()).then(|| format!("not affected: {}", why.join(", ")))
        }
        _ => None,
    }
}

/// The packages that a statement names: the parts of each product, or where it names none, the product itself.
fn packages(products: &[Product]) -> Vec<Package> {
    let of = |product: &Product| {
        let purl = product.identifiers.purl.as_deref().or(product.id.as_deref())?;
        package(purl)
    };
    let named = |product: &Product| -> Vec<Package> {
        match product.subcomponents.as_slice() {
            [] => of(product).into_iter().collect(),
            parts => parts.iter().filter_map(of).collect(),
        }
    };
    products.iter().flat_map(named).collect()
}

/// A package by its purl: `pkg:TYPE/NAMESPACE/NAME@VERSION?QUALIFIERS#SUBPATH` (package URL specification).
fn package(purl: &str) -> Option<Package> {
    let rest = purl.strip_prefix("pkg:")?;
    let rest = rest.split(['?', '#']).next()?;
    let (kind, name) = rest.split_once('/')?;
    let (name, version) = match name.rfind('@').filter(|at| *at > 0) {
        Some(at) => (&name[..at], Some(&name[at + 1..])),
        None => (name, None),
    };
    let ecosystem = match kind.to_ascii_lowercase().as_str() {
        "cargo" => Ecosystem::Cargo,
        "golang" => Ecosystem::Golang,
        "pypi" => Ecosystem::Pypi,
        "npm" => Ecosystem::Npm,
        "gem" => Ecosystem::Gem,
        "composer" => Ecosystem::Composer,
        "nuget" => Ecosystem::Nuget,
        "maven" => Ecosystem::Maven,
        "hex" => Ecosystem::Hex,
        _ => return None,
    };
    let mut name = unescaped(name)?;
    if ecosystem == Ecosystem::Maven {
        name = name.replace('/', ":");
    }
    let version = match version {
        Some(version) => Some(unescaped(version)?),
        None => None,
    };
    Some(Package { ecosystem: Some(ecosystem), name: Some(name), version })
}

/// Text in which bytes may be written as `%40`.
fn unescaped(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        if *first == b'%' {
            let (digits, tail) = tail.split_at_checked(2)?;
            bytes.extend(hex::decode(digits).ok()?);
            rest = tail;
        } else {
            bytes.push(*first);
            rest = tail;
        }
    }
    String::from_utf8(bytes).ok()
}
