//! The digest that a bundle states is of another file; and a signature that anybody can make from the logged one.

use crate::kit::bundle::Fault;
use crate::kit::keys::other_s;
use crate::kit::tsa::TimestampAuthority;
use crate::kit::{RELEASED_AT, SEED};
use crate::stand::{Stand, set_signature, set_stamps, shapes, shapes_of_files, signature};

#[test]
fn the_digest_of_another_file_is_refused_though_the_signature_is_over_this_one() {
    let stand = Stand::file();
    for options in shapes_of_files() {
        stand.refuses(&stand.bundle(&options.spoil(Fault::MessageDigest)), "signatures/invalid", "");
    }
}

#[test]
fn the_other_signature_that_ecdsa_allows_is_not_the_one_that_was_logged() {
    for (stand, options) in shapes() {
        let mut bundle = stand.bundle(&options);
        stand.accepts(&bundle);
        let other = other_s(&signature(&bundle));
        assert_ne!(other, signature(&bundle));
        set_signature(&mut bundle, &other);
        if options.timestamped {
            // Stamped anew, so that nothing but the log is left to notice it.
            let token = TimestampAuthority::new(SEED).stamp(&other, RELEASED_AT + 2);
            set_stamps(&mut bundle, &[token]);
        }
        stand.refuses(&bundle, "signatures/invalid", "log entry does not match the bundle");
    }
}
