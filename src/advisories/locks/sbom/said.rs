//! What a bill of materials in CycloneDX says against itself: vulnerabilities that it leaves open, and that it is incomplete.
//!
//! The rule that must not be broken: only what is known to leave nothing open does.

use super::super::error::shown;
use crate::text::{count, plural_list};
use serde_json::{Map, Value};

/// States of a vulnerability in which it is no longer open (<https://cyclonedx.org/docs/1.6/json/#vulnerabilities>).
const CLOSED: [&str; 4] = ["false_positive", "not_affected", "resolved", "resolved_with_pedigree"];
/// What is said of a list that is no less than one of which nothing is said.
const NOT_AGAINST: [&str; 3] = ["complete", "not_specified", "unknown"];

/// All that a document says against itself, in words for a report.
pub(super) fn against_itself(root: &Map<String, Value>) -> Vec<String> {
    let list = |key: &str| root.get(key).and_then(Value::as_array).into_iter().flatten();
    let open: Vec<String> = list("vulnerabilities").filter_map(open).collect();
    let mut said = Vec::new();
    if !open.is_empty() {
        let is_open = if open.len() == 1 { "is" } else { "are" };
        let n = count(open.len(), "vulnerability", "vulnerabilities");
        said.push(format!("it says itself that {n} {is_open} open: {}", plural_list(&open, 6)));
    }
    if let Some(how) = list("compositions").find_map(lacking) {
        said.push(format!("it says itself that it is not complete: {how}"));
    }
    said
}

/// The id of a vulnerability that is open, and its state.
fn open(vulnerability: &Value) -> Option<String> {
    let text = |value: Option<&Value>| value.and_then(Value::as_str).map(shown);
    let state = text(vulnerability.pointer("/analysis/state"));
    if state.as_deref().is_some_and(|state| CLOSED.contains(&state))
        || vulnerability.get("rejected").is_some()
    {
        return None;
    }
    let id = text(vulnerability.get("id")).unwrap_or_else(|| "(no id)".to_owned());
    Some(format!("{id} ({})", state.unwrap_or_else(|| "not analysed".to_owned())))
}

/// How far a list of packages lacks some. A list of vulnerabilities alone is none of packages.
fn lacking(composition: &Value) -> Option<String> {
    let has = |key: &str| composition.get(key).is_some();
    if has("vulnerabilities") && !has("assemblies") && !has("dependencies") {
        return None;
    }
    let how = composition.get("aggregate").and_then(Value::as_str).unwrap_or("(nothing is said)");
    (!NOT_AGAINST.contains(&how)).then(|| shown(how))
}
