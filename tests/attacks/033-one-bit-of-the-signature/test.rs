//! Each bit of the signature changed, for each shape of bundle.

use crate::kit::tsa::TimestampAuthority;
use crate::kit::{RELEASED_AT, SEED};
use crate::stand::{set_signature, set_stamps, shapes, signature};

#[test]
fn each_bit_of_the_signature_counts() {
    let mut flipped = 0;
    for (stand, options) in shapes() {
        let good = stand.bundle(&options);
        let bytes = signature(&good);
        for bit in 0..bytes.len() * 8 {
            let (mut bundle, mut bytes) = (good.clone(), bytes.clone());
            bytes[bit / 8] ^= 1 << (bit % 8);
            set_signature(&mut bundle, &bytes);
            if options.timestamped {
                // Stamped anew: a time-stamp must not be what notices it.
                set_stamps(&mut bundle, &[TimestampAuthority::new(SEED).stamp(&bytes, RELEASED_AT + 2)]);
            }
            let refusal = stand.proof(&bundle).unwrap_err();
            assert_eq!(refusal.reason, relcheck::proof::Reason::Invalid, "{options:?} bit {bit}: {refusal}");
            flipped += 1;
        }
        let mut bundle = good.clone();
        let mut bytes = bytes.clone();
        *bytes.last_mut().unwrap() ^= 1;
        set_signature(&mut bundle, &bytes);
        stand.refuses(&bundle, "signatures/invalid", "");
        // However little the policy asks for, a signature that does not verify is none.
        for level in ["warn", "skip"] {
            let lax = format!("[levels]\n\"signatures/invalid\" = \"{level}\"\n");
            let lax = stand.clone().change_policy("[levels]\n", &lax);
            let judged = lax.publish(stand.sidecar(), bundle.to_string().as_bytes());
            assert_ne!(judged.outcome(), "verified", "{level}");
        }
    }
    eprintln!("{flipped} bits of signatures");
    assert!(flipped > 5000);
}
