//! OpenVEX 0.2 documents: statements that a product is not affected by a vulnerability, or is fixed.
//!
//! Only `not_affected` with a justification or an impact statement, and `fixed`, say that an advisory does not concern the
//! product (specification, "Status Labels"). A statement is about the packages that it names by purl, as products or as
//! their parts.

use super::{Package, Suppression};
use crate::{advisories::locks::sbom::purl::Purl, json, paths, text::clean};
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
    #[serde(rename = "@id")]
    id: Option<String>,
    name: Option<String>,
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
        self.vulnerability.name.iter().chain(&self.vulnerability.aliases)
    }

    /// Whatever may be an id of the vulnerability, in lower case: each that is named, and what ends an address.
    fn heard_ids(&self) -> impl Iterator<Item = String> {
        self.ids().chain(&self.vulnerability.id).flat_map(|text| {
            let text = text.trim().to_ascii_lowercase();
            let path = text.split(['?', '#']).next().unwrap_or_default().trim_end_matches('/');
            let last = paths::name_of(path).to_owned();
            let is_address = last.contains('-') && path.contains('/');
            [Some(text), is_address.then_some(last)].into_iter().flatten()
        })
    }
}

/// The day of a moment, which is written as RFC 3339 has it.
fn day(text: &str) -> Result<Date, String> {
    let moment: Result<Timestamp, _> = text.parse();
    let moment = moment.map_err(|_| format!("its time `{}` is no moment of RFC 3339", clean(text)))?;
    Ok(moment.to_zoned(TimeZone::UTC).date())
}

/// The contexts of the versions of OpenVEX that are read.
const CONTEXTS: [&str; 4] = [
    "https://openvex.dev/ns",
    "https://openvex.dev/ns/v0.0.1",
    "https://openvex.dev/ns/v0.0.2",
    "https://openvex.dev/ns/v0.2.0",
];

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
    if !CONTEXTS.contains(&document.context.as_str()) {
        return Err("its context is not that of OpenVEX, or of a version that is not known".to_owned());
    }
    let open: BTreeSet<String> =
        document.statements.iter().filter(|it| it.leaves_open()).flat_map(Statement::heard_ids).collect();
    let mut found: Vec<Suppression> = open.iter().map(|id| left_open(file, id)).collect();
    for statement in &document.statements {
        let Some(reason) = reason(statement) else { continue };
        // Which of two statements is the newer one is told by times that need not be there: the worse one counts.
        if statement.heard_ids().any(|id| open.contains(&id)) {
            continue;
        }
        let time = statement.timestamp.as_deref().or(document.timestamp.as_deref());
        let since = time.map(day).transpose();
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
                    since: since.clone(),
                    is_open: false,
                });
            }
        }
    }
    Ok(found)
}

/// That an advisory concerns something, or may, whatever other statements say of it. Its id is in lower case.
fn left_open(file: &str, id: &str) -> Suppression {
    Suppression {
        file: file.to_owned(),
        folder: None,
        id: Some(id.to_owned()),
        package: None,
        product: None,
        reason: None,
        until: None,
        since: Ok(None),
        is_open: true,
    }
}

/// Why the statement says that nothing is affected; `None` where it does not say so.
fn reason(statement: &Statement) -> Option<String> {
    let says_something = |text: &&str| text.contains(char::is_alphanumeric);
    let impact = statement.impact_statement.as_deref().map(str::trim).filter(says_something);
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

    /// One with qualifiers, a subpath or a platform is of a narrower thing than a package and version; which, nobody here can tell.
    /// One whose version is empty may have lost it.
    fn package(&self) -> Option<Package> {
        let text = self.purl().filter(|text| !text.contains(['?', '#']) && !text.ends_with('@'))?;
        let purl = Purl::parse(text).filter(|purl| !purl.is_of_platform)?;
        let version = (!purl.version.is_empty()).then_some(purl.version);
        Some(Package { ecosystem: Some(purl.ecosystem.ok()?), name: Some(purl.name), version })
    }
}
