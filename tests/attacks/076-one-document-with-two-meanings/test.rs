//! Documents that two readers understand in two ways.

use serde_json::json;

use crate::kit::bundle::{Content, IN_TOTO};
use crate::stand::{Stand, v1};

#[test]
fn a_statement_with_a_key_twice_is_invalid_whichever_is_meant() {
    let stand = Stand::statement();
    let good = stand.provenance().to_string();
    let twice = [
        good.replacen('{', "{\"predicateType\":\"https://slsa.dev/provenance/v0.2\",", 1),
        format!(
            "{},\"predicateType\":\"https://slsa.dev/provenance/v0.2\"}}",
            good.trim_end_matches('}').to_owned()
                + &"}".repeat(good.len() - good.trim_end_matches('}').len() - 1)
        ),
        good.replacen('{', "{\"subject\":[],", 1),
        good.replacen('{', "{\"\\u0070redicateType\":\"https://slsa.dev/provenance/v0.2\",", 1),
        format!("\u{feff}{good}"),
        format!("{good}{{}}"),
        format!("{good}\0"),
    ];
    for text in twice {
        let content = Content::Envelope(IN_TOTO.to_owned(), text.into_bytes());
        stand.refuses(&stand.bundle_of(&content, &v1()), "signatures/invalid", "not an in-toto statement");
    }
    let content = Content::Envelope(IN_TOTO.to_owned(), good.into_bytes());
    stand.accepts(&stand.bundle_of(&content, &v1()));
}

#[test]
fn a_bundle_that_is_two_things_at_once_is_invalid() {
    let (file, statement) = (Stand::file(), Stand::statement());
    let (mut of_file, mut of_statement) = (file.bundle(&v1()), statement.bundle(&v1()));
    let (message, envelope) = (of_file["messageSignature"].clone(), of_statement["dsseEnvelope"].clone());
    of_file["dsseEnvelope"] = envelope.clone();
    of_statement["messageSignature"] = message;
    file.refuses(&of_file, "signatures/invalid", "holds both messageSignature and dsseEnvelope");
    statement.refuses(&of_statement, "signatures/invalid", "holds both messageSignature and dsseEnvelope");
    let mut material = file.bundle(&v1());
    material["verificationMaterial"]["publicKey"] = json!({"hint": "AAAA"});
    file.refuses(&material, "signatures/invalid", "holds both publicKey and certificate");
    for key in ["dsseEnvelope", "mediaType", "verificationMaterial"] {
        let text = statement.bundle(&v1()).to_string();
        let text = text.replacen('{', &format!("{{\"{key}\":null,"), 1);
        statement.refuses_text(text.as_bytes(), "signatures/invalid", "is given twice");
    }
    // An envelope with the fields of a bundle beside its own.
    let mut polyglot = statement.bundle(&v1());
    for field in ["payload", "payloadType", "signatures"] {
        polyglot[field] = envelope[field].clone();
    }
    let told = statement.clone().publish(statement.sidecar(), polyglot.to_string().as_bytes()).outcome();
    assert_ne!(told, "verified");
}
