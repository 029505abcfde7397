//! A log entry that is genuine, by the same signer, and of another signature.

use crate::kit::bundle::{Content, Fault};
use crate::stand::{entries, is_statement, shapes};

#[test]
fn an_entry_of_another_signature_by_the_same_signer_is_refused_in_every_shape() {
    for (stand, options) in shapes() {
        let mut bundle = stand.bundle(&options);
        stand.accepts(&bundle);
        let mut other = if is_statement(&bundle) {
            let mut statement = stand.provenance();
            statement["predicate"]["runDetails"]["metadata"]["invocationId"] =
                "https://example.test/2".into();
            stand.bundle_of(&Content::statement(&statement), &options)
        } else {
            stand.bundle_of(&Content::file(b"another file of the same workflow"), &options)
        };
        *entries(&mut bundle) = entries(&mut other).take();
        stand.refuses(&bundle, "signatures/invalid", "");
        stand.refuses(
            &stand.bundle(&options.spoil(Fault::EntryOfOtherSigner)),
            "signatures/invalid",
            "log entry does not match the bundle",
        );
    }
}
