//! A token that is nothing but nesting, or one object identifier of a megabyte.

use crate::kit::der::{sequence, tlv};
use crate::stand::{Stand, set_stamps, v1, v2};

#[test]
fn a_token_of_nothing_but_nesting_is_refused() {
    let stand = Stand::file();
    // Each level names the length of what is in it; two bytes a level as long as that is short.
    let mut nested = sequence(&[]);
    for _ in 0..2_000 {
        nested = sequence(&[&nested]);
    }
    let flat = [0x30, 0x80].repeat(1 << 19);
    let arcs = sequence(&[&sequence(&[&tlv(0x02, &[0])]), &sequence(&[&tlv(0x06, &vec![0x81; 1 << 20])])]);
    let oid_only = tlv(0x06, &vec![0xff; 1 << 20]);
    let many = sequence(&[&[0x05, 0x00].repeat(1 << 19)]);
    for token in [nested, flat, arcs, oid_only, many, Vec::new()] {
        for options in [v1().and_timestamp(), v2()] {
            let mut bundle = stand.bundle(&options);
            set_stamps(&mut bundle, std::slice::from_ref(&token));
            stand.refuses(&bundle, "signatures/invalid", "imestamp");
        }
    }
}
