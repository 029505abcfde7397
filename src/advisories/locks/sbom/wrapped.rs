//! Bills of materials in what they are published in: the answer of a forge (`sbom`), and statements of in-toto, plain or in an
//! envelope or bundle. Whether these are signed is not asked here: what they list counts all the same.

use super::super::{Fault, notation};
use crate::json::{self, Limits};
use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE},
};
use serde_json::Value;

/// Words in the types of predicates that are bills of materials.
const PREDICATES: [&str; 4] = ["cyclonedx", "spdx", "sbom", "syft"];

/// Whether a document says on top that it is a bill of materials.
pub(super) fn is_bill(document: &Value) -> bool {
    ["bomFormat", "spdxVersion"].iter().any(|key| document.get(key).is_some())
}

/// Whether a document of which no more than two levels were read holds a bill of materials.
pub(super) fn holds_one(document: &Value) -> bool {
    let of_statement = |statement: &Value| {
        let kind = statement.get("predicateType").and_then(Value::as_str).unwrap_or_default();
        let kind = kind.to_ascii_lowercase();
        PREDICATES.iter().any(|word| kind.contains(word)) || statement.get("predicate").is_some_and(is_bill)
    };
    let signed = || {
        let limits = Limits { max_memory: 64 << 20, ..Limits::bytes(2 * super::super::LOCK_LIMIT) };
        json::outline(&payload(document)?, limits, 2).ok()
    };
    document.get("sbom").is_some_and(is_bill)
        || of_statement(document)
        || signed().is_some_and(|statement| of_statement(&statement))
}

/// What is signed in an envelope, or in a bundle around one.
fn payload(document: &Value) -> Option<Vec<u8>> {
    let envelope = document.get("dsseEnvelope").unwrap_or(document);
    let text = envelope.get("payload")?.as_str()?;
    STANDARD.decode(text).or_else(|_| URL_SAFE.decode(text)).ok()
}

/// The bill of materials itself, taken out of what is around it.
///
/// # Errors
/// [`Fault`] for an envelope around something that cannot be read.
pub(super) fn unwrapped(mut document: Value) -> Result<Value, Fault> {
    if is_bill(&document) {
        return Ok(document);
    }
    if let Some(bytes) = payload(&document) {
        document = notation::json(notation::text(&bytes)?)?;
    }
    let around = ["sbom", "predicate"].into_iter().find(|key| document.get(key).is_some());
    Ok(match around {
        Some(key) => document[key].take(),
        None => document,
    })
}
