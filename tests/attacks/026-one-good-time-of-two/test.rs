//! Two time-stamps, one of which is outside of the life of the certificate.

use crate::kit::certificates::LIFETIME;
use crate::kit::tsa::TimestampAuthority;
use crate::kit::{RELEASED_AT, SEED};
use crate::stand::{Stand, set_stamps, signature, v1, v2};

#[test]
fn every_time_must_be_within_the_life_of_the_certificate() {
    let authority = TimestampAuthority::new(SEED);
    for stand in [Stand::file(), Stand::statement()] {
        for options in [v1(), v2()] {
            let mut bundle = stand.bundle(&options);
            let stamp = |at: i64| authority.stamp(&signature(&bundle), RELEASED_AT + at);
            let inside = [stamp(2), stamp(LIFETIME - 1)];
            let outside = [stamp(-3600), stamp(LIFETIME + 3600)];
            set_stamps(&mut bundle, &inside);
            stand.accepts(&bundle);
            for bad in outside {
                for pair in [[inside[0].clone(), bad.clone()], [bad, inside[1].clone()]] {
                    set_stamps(&mut bundle, &pair);
                    stand.refuses(&bundle, "signatures/expired", "was not valid when the signature was made");
                }
            }
        }
    }
}
