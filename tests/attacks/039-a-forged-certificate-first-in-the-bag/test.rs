//! A token whose bag of certificates begins with one that its maker forged.

use crate::kit::keys::Key;
use crate::kit::tsa::{Stamp, TimestampAuthority};
use crate::kit::{RELEASED_AT, SEED};
use crate::stand::{Stand, set_stamps, signature, v2};

#[test]
fn who_signed_a_token_is_looked_up_in_the_root_and_not_in_the_token() {
    let (authority, forger) = (TimestampAuthority::new(SEED), TimestampAuthority::new("stranger"));
    let stand = Stand::file();
    let mut bundle = stand.bundle(&v2());
    let signature = signature(&bundle);
    let mut with = |authority: &TimestampAuthority, stamp: &Stamp| {
        set_stamps(&mut bundle, &[authority.stamp_as(&signature, RELEASED_AT + 2, stamp)]);
        bundle.clone()
    };
    for own_certificate in [true, false] {
        // The forger signs, and the bag has the forged certificate before the genuine one.
        let forged = Stamp {
            bag: forger.chain(),
            signer: Some(Key::named("stranger/tsa")),
            own_certificate,
            ..Stamp::default()
        };
        stand.refuses(&with(&authority, &forged), "signatures/invalid", "invalid RFC 3161 timestamp");
        let turned = Stamp { bag: authority.chain(), own_certificate, ..Stamp::default() };
        stand.refuses(&with(&forger, &turned), "signatures/invalid", "invalid RFC 3161 timestamp");
        // The authority signs: what else is in the bag changes nothing.
        let beside = Stamp { bag: forger.chain(), own_certificate, ..Stamp::default() };
        stand.accepts(&with(&authority, &beside));
    }
}
