//! A signed envelope of a type that says nothing about any artifact.

use crate::kit::bundle::Content;
use crate::stage::CRATE;
use crate::stand::{CRATE_BUNDLE, Stand, bytes_of, shapes_of_statements};

#[test]
fn an_envelope_of_another_type_is_about_no_artifact() {
    let stand = Stand::statement();
    let payloads = [stand.provenance().to_string().into_bytes(), bytes_of(CRATE), b"{}".to_vec(), Vec::new()];
    for options in shapes_of_statements() {
        for payload in &payloads {
            for kind in ["application/octet-stream", "text/plain", ""] {
                let content = Content::Envelope(kind.to_owned(), payload.clone());
                let bundle = stand.bundle_of(&content, &options);
                stand.refuses(&bundle, "signatures/unreadable", "not an in-toto statement");
                let beside = Stand::file().publish(CRATE_BUNDLE, bundle.to_string().as_bytes());
                assert_eq!(beside.outcome(), "undetermined: signatures/unreadable undetermined");
            }
        }
    }
}
