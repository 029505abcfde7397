//! A token with the genuine certificate of the authority in it, signed by another key.

use crate::kit::keys::Key;
use crate::kit::tsa::{Stamp, TimestampAuthority};
use crate::kit::{RELEASED_AT, SEED};
use crate::stand::{Stand, set_stamps, signature, v1, v2};

#[test]
fn the_certificate_in_a_token_is_not_its_signature() {
    let authority = TimestampAuthority::new(SEED);
    for stand in [Stand::file(), Stand::statement()] {
        for options in [v1().and_timestamp(), v2()] {
            let mut bundle = stand.bundle(&options);
            let signature = signature(&bundle);
            stand.accepts(&bundle);
            for key in ["stranger", "stranger/tsa", "signing"] {
                let stamp = Stamp { signer: Some(Key::named(key)), ..Stamp::default() };
                set_stamps(&mut bundle, &[authority.stamp_as(&signature, RELEASED_AT + 2, &stamp)]);
                stand.refuses(&bundle, "signatures/invalid", "invalid RFC 3161 timestamp");
            }
        }
    }
}

#[test]
fn a_stamp_that_was_not_granted_or_is_over_something_else_is_none() {
    let authority = TimestampAuthority::new(SEED);
    let stand = Stand::file();
    let mut bundle = stand.bundle(&v2());
    let signature = signature(&bundle);
    for status in [2, 3, 4, 5] {
        let stamp = Stamp { status, ..Stamp::default() };
        set_stamps(&mut bundle, &[authority.stamp_as(&signature, RELEASED_AT + 2, &stamp)]);
        stand.refuses(&bundle, "signatures/invalid", "not granted");
    }
    set_stamps(&mut bundle, &[authority.stamp(b"another signature", RELEASED_AT + 2)]);
    stand.refuses(&bundle, "signatures/invalid", "invalid RFC 3161 timestamp");
}
