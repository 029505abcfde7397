//! A signed envelope whose payload is no JSON, or is of another predicate.

use crate::kit::bundle::{Content, IN_TOTO};
use crate::stand::{PROVENANCE, Stand, shapes_of_statements};

#[test]
fn a_signed_payload_that_is_no_statement_is_invalid_in_every_shape() {
    let stand = Stand::statement();
    for options in shapes_of_statements() {
        let junk = Content::Envelope(IN_TOTO.to_owned(), b"not json".to_vec());
        stand.refuses(&stand.bundle_of(&junk, &options), "signatures/invalid", "not an in-toto statement");
        let mut statement = stand.provenance();
        statement["predicateType"] = "https://slsa.dev/provenance/v9".into();
        let bundle = stand.bundle_of(&Content::statement(&statement), &options);
        let judged = stand.clone().publish(PROVENANCE, bundle.to_string().as_bytes());
        let told = judged.outcome();
        assert!(told.starts_with("rejected: provenance/missing fail"), "{told}");
        stand.accepts(&stand.bundle(&options));
    }
}
