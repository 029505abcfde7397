//! Time-stamps over SHA-384 and SHA-512, which are good; and over SHA-1, which is not.

use crate::kit::tsa::{Hash, Stamp, TimestampAuthority};
use crate::kit::{RELEASED_AT, SEED};
use crate::stand::{Stand, set_stamps, signature, v2};

#[test]
fn a_stamp_may_be_over_any_strong_hash() {
    let stand = Stand::file();
    let mut bundle = stand.bundle(&v2());
    let signature = signature(&bundle);
    let authority = TimestampAuthority::new(SEED);
    let mut with = |imprint, digest| {
        let stamp = Stamp { imprint, digest, ..Stamp::default() };
        set_stamps(&mut bundle, &[authority.stamp_as(&signature, RELEASED_AT + 2, &stamp)]);
        bundle.clone()
    };
    for imprint in [Hash::Sha256, Hash::Sha384, Hash::Sha512] {
        for digest in [Hash::Sha256, Hash::Sha384] {
            stand.accepts(&with(imprint, digest));
        }
    }
    stand.refuses(&with(Hash::Sha1, Hash::Sha256), "signatures/invalid", "unsupported hash algorithm");
}

#[test]
fn a_stamp_may_stand_without_the_certificate_of_the_authority() {
    let stand = Stand::file();
    let mut bundle = stand.bundle(&v2());
    let signature = signature(&bundle);
    let stamp = Stamp { own_certificate: false, ..Stamp::default() };
    set_stamps(&mut bundle, &[TimestampAuthority::new(SEED).stamp_as(&signature, RELEASED_AT + 2, &stamp)]);
    stand.accepts(&bundle);
}
