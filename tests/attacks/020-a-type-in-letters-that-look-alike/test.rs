//! A payload type in letters that become the right ones when they are cut to ASCII.

use crate::kit::bundle::{Content, IN_TOTO};
use crate::stand::{Stand, v1};

#[test]
fn a_payload_type_that_only_looks_right_is_not_read() {
    let stand = Stand::statement();
    let payload = stand.provenance().to_string().into_bytes();
    let alike = [
        IN_TOTO.replace("application", "\u{161}pplication"),
        IN_TOTO.replace("in-toto", "\u{131}n-toto"),
        IN_TOTO.replace("json", "\u{ff4a}\u{ff53}\u{ff4f}\u{ff4e}"),
        IN_TOTO.replace("vnd", "\u{176}nd"),
        IN_TOTO.to_uppercase(),
        format!("{IN_TOTO} "),
        format!("{IN_TOTO}\0"),
        format!("{IN_TOTO};charset=utf-8"),
    ];
    for kind in alike {
        // Signed as it stands: only the type is wrong.
        let bundle = stand.bundle_of(&Content::Envelope(kind.clone(), payload.clone()), &v1());
        stand.refuses(&bundle, "signatures/unreadable", "not an in-toto statement");
        // Signed as the right type, and sent as the other.
        let mut bundle = stand.bundle(&v1());
        bundle["dsseEnvelope"]["payloadType"] = kind.into();
        stand.refuses(&bundle, "signatures/invalid", "DSSE signature verification failed");
    }
}

#[test]
fn an_encoding_that_counts_characters_instead_of_bytes_does_not_verify() {
    let stand = Stand::statement();
    let mut statement = stand.provenance();
    statement["subject"][0]["annotations"] = serde_json::json!({"note": "\u{174}\u{131}\u{1f600}"});
    let content = Content::statement(&statement);
    stand.accepts(&stand.bundle_of(&content, &v1()));
    let Content::Envelope(kind, payload) = &content else { panic!("a statement is in an envelope") };
    let text = String::from_utf8(payload.clone()).unwrap();
    let wrong = format!("DSSEv1 {} {kind} {} {text}", kind.len(), text.chars().count());
    let mut bundle = stand.bundle_of(&content, &v1());
    crate::stand::set_signature(&mut bundle, &crate::stand::signing_key().sign(wrong.as_bytes()));
    stand.refuses(&bundle, "signatures/invalid", "signature verification failed");
}
