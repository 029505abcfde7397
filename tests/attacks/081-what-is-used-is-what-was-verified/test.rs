//! What is judged is what was verified: a proof is made by the code that verified it, and holds what it verified.

use relcheck::proof::Signed;
use serde_json::Value;

use crate::kit::keys::base64;
use crate::stand::{Stand, decode, shapes_of_statements};

#[test]
fn the_statement_of_a_proof_is_the_one_that_was_signed_and_no_other() {
    let stand = Stand::statement();
    for options in shapes_of_statements() {
        let bundle = stand.bundle(&options);
        let proof = stand.proof(&bundle).unwrap();
        let Signed::Statement(statement) = proof.signed() else { panic!("a statement was signed") };
        let signed: Value =
            serde_json::from_slice(&decode(bundle["dsseEnvelope"]["payload"].as_str().unwrap())).unwrap();
        assert_eq!(statement.subjects().len(), signed["subject"].as_array().unwrap().len());
        // Another payload under the same signature; a second one beside it; and one that is decoded in two ways.
        let mut other = stand.provenance();
        other["subject"][0]["digest"]["sha256"] = "0".repeat(64).into();
        let mut spoilt = bundle.clone();
        spoilt["dsseEnvelope"]["payload"] = base64(other.to_string()).into();
        stand.refuses(&spoilt, "signatures/invalid", "");
        let text = bundle.to_string();
        let twice = text.replacen(
            "\"payload\":",
            &format!("\"payload\":\"{}\",\"payload\":", base64(other.to_string())),
            1,
        );
        stand.refuses_text(twice.as_bytes(), "signatures/invalid", "is given twice");
    }
}

#[test]
fn a_proof_has_no_public_constructor_and_no_public_field() {
    let source = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/src/proof/mod.rs")).unwrap();
    let (_, rest) = source.split_once("pub struct Proof {\n").unwrap();
    let fields = rest.split_once("\n}").unwrap().0;
    assert!(fields.lines().all(|line| !line.trim_start().starts_with("pub ")), "{fields}");
    let (_, rest) = source.split_once("\nimpl Proof {\n").unwrap();
    let methods = rest.split_once("\n}\n").unwrap().0;
    for line in methods.lines().filter(|line| line.trim_start().starts_with("pub fn ")) {
        assert!(line.contains("(&self"), "{line}");
    }
    assert!(!source.contains(" for Proof {"), "no Default, no From, no Deserialize");
}
