//! A signed statement without subjects, which would be about anything.

use serde_json::{Value, json};

use crate::kit::bundle::Content;
use crate::stage::LINUX;
use crate::stand::{Stand, shapes_of_statements};

#[test]
fn a_statement_that_names_no_digest_is_invalid() {
    let stand = Stand::statement();
    let subjects = [
        Some(json!([])),
        None,
        Some(Value::Null),
        Some(json!({})),
        Some(json!("")),
        Some(json!([{}])),
        Some(json!([null])),
        Some(json!([[]])),
        Some(json!([{"digest": {}}])),
        Some(json!([{"name": LINUX}])),
        Some(json!([{"name": LINUX, "digest": {}}])),
        Some(json!([{"name": LINUX, "digest": null}])),
        Some(json!([{"name": LINUX, "digest": {"sha256": ""}}])),
        Some(json!([{"name": LINUX, "digest": {"sha256": null}}])),
        Some(json!([{"name": LINUX, "digest": {"sha256": "00"}}])),
        Some(json!([{"name": LINUX, "digest": {"sha256": ["00"]}}])),
    ];
    for options in shapes_of_statements() {
        for subject in &subjects {
            let mut statement = stand.provenance();
            match subject {
                Some(subject) => statement["subject"] = subject.clone(),
                None => drop(statement.as_object_mut().unwrap().remove("subject")),
            }
            let bundle = stand.bundle_of(&Content::statement(&statement), &options);
            stand.refuses(&bundle, "signatures/invalid", "not an in-toto statement");
        }
    }
}

#[test]
fn a_statement_whose_digests_are_all_of_unknown_algorithms_binds_nothing() {
    let stand = Stand::statement();
    let mut statement = stand.provenance();
    statement["subject"] = json!([{"name": LINUX, "digest": {"gitCommit": "0".repeat(40)}}]);
    let bundle = stand.bundle_of(&Content::statement(&statement), &crate::stand::v1());
    stand.refuses(&bundle, "signatures/unreadable", "no subject has a SHA-256");
}
