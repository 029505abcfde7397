//! OpenVEX 0.2 documents: statements that a product is not affected by a vulnerability, or is fixed.
//!
//! Only `not_affected` with a justification or an impact statement, and `fixed`, say that an advisory does not concern the
//! product (specification, "Status Labels"). A statement is about the packages that it names by purl, as products or as
//! their parts.

use super::{Package, Suppression};
use crate::{advisories::locks::sbom::purl::Purl, json};
use jiff::{Timestamp, civil::Date, tz::TimeZone};
use serde::Deserialize;
use std::collections::BTreeSet;

#[derive(Deserialize)]
struct Document {
    #[serde(rename = "@context")]
    context: String,
    timestamp: Option<String>,
    statements: Vec<Statement>,
}

#[derive(Deserialize)]
struct Statement {
    vulnerability: Vulnerability,
    #[serde(default)]
    products: Vec<Product>,
    status: String,
    timestamp: Option<String>,
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

impl Statement {
    /// Whether it says of a vulnerability that something is affected, or may be.
    fn leaves_open(&self) -> bool {
        !matches!(self.status.as_str(), "not_affected" | "fixed")
    }

    fn ids(&self) -> impl Iterator<Item = &String> {
        std::iter::once(&self.vulnerability.name).chain(&self.vulnerability.aliases)
    }
}

/// The day of a moment.
fn day(text: &str) -> Option<Date> {
    Some(text.parse::<Timestamp>().ok()?.to_zoned(TimeZone::UTC).date())
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
    let open: BTreeSet<&String> =
        document.statements.iter().filter(|it| it.leaves_open()).flat_map(Statement::ids).collect();
    let mut found = Vec::new();
    for statement in &document.statements {
        if statement.leaves_open() {
            found.extend(statement.ids().map(|id| left_open(file, id)));
            continue;
        }
        let Some(reason) = reason(statement) else { continue };
        // Which of two statements is the newer one is told by times that need not be there: the worse one counts.
        if open.contains(&statement.vulnerability.name) {
            continue;
        }
        let since = statement.timestamp.as_deref().or(document.timestamp.as_deref()).and_then(day);
        for id in statement.ids() {
            for (package, product) in packages(&statement.products) {
                if found.len() >= super::ENTRIES {
                    return Err(format!("its statements are about more than {} products", super::ENTRIES));
                }
                found.push(Suppression {
                    file: file.to_owned(),
                    folder: None,
                    id: Some(id.clone()),
                    package: Some(package),
                    product,
                    reason: Some(reason.clone()),
                    until: None,
                    since,
                    is_open: false,
                });
            }
        }
    }
    Ok(found)
}

/// That an advisory concerns something, or may, whatever other statements say of it.
fn left_open(file: &str, id: &str) -> Suppression {
    Suppression {
        file: file.to_owned(),
        folder: None,
        id: Some(id.to_owned()),
        package: None,
        product: None,
        reason: None,
        until: None,
        since: None,
        is_open: true,
    }
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

/// The packages that a statement names: the parts of each product with the product, or where it names none, the product
/// itself.
fn packages(products: &[Product]) -> Vec<(Package, Option<String>)> {
    let named = |product: &Product| -> Vec<(Package, Option<String>)> {
        match product.subcomponents.as_slice() {
            [] => product.package().map(|package| (package, None)).into_iter().collect(),
            parts => {
                let Some(of) = product.purl() else { return Vec::new() };
                parts.iter().filter_map(|part| Some((part.package()?, Some(of.to_owned())))).collect()
            }
        }
    };
    products.iter().flat_map(named).collect()
}

impl Product {
    fn purl(&self) -> Option<&str> {
        self.identifiers.purl.as_deref().or(self.id.as_deref())
    }

    /// One with qualifiers or a subpath is of a narrower thing than a package and version; which, nobody here can tell.
    fn package(&self) -> Option<Package> {
        let text = self.purl().filter(|text| !text.contains(['?', '#']))?;
        let purl = Purl::parse(text)?;
        let version = (!purl.version.is_empty()).then_some(purl.version);
        Some(Package { ecosystem: Some(purl.ecosystem.ok()?), name: Some(purl.name), version })
    }
}
