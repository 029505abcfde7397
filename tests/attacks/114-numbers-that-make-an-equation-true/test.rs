//! Signatures of zero, of the order of the curve, and in encodings that only some readers take.

use crate::kit::keys::base64;
use crate::kit::tsa::TimestampAuthority;
use crate::kit::{RELEASED_AT, SEED};
use crate::stand::{Stand, set_signature, set_stamps, shapes, signature};

const ORDER: &str = "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551";

fn integer(bytes: &[u8]) -> Vec<u8> {
    [&[0x02, bytes.len() as u8], bytes].concat()
}

fn pair(r: &[u8], s: &[u8]) -> Vec<u8> {
    let body = [integer(r), integer(s)].concat();
    [&[0x30, body.len() as u8][..], &body].concat()
}

/// What is no signature, whatever it is a signature of; `good` is one.
fn forged(good: &[u8]) -> Vec<Vec<u8>> {
    let order = [&[0][..], &hex::decode(ORDER).unwrap()].concat();
    let mut more = order.clone();
    *more.last_mut().unwrap() += 1;
    let numbers: [&[u8]; 7] = [&[], &[0], &[1], &[0xff], &[0, 0], &order, &more];
    let mut all: Vec<Vec<u8>> = numbers.iter().flat_map(|r| numbers.iter().map(|s| pair(r, s))).collect();
    // The good one in encodings that are not DER.
    let (r, s) = {
        let length = good[3] as usize;
        (&good[4..4 + length], &good[6 + length..])
    };
    let long = [&[0x30, 0x81, (good.len() - 2) as u8], &good[2..]].concat();
    let indefinite = [&[0x30, 0x80], &good[2..], &[0, 0]].concat();
    all.extend([long, indefinite, pair(&[&[0], r].concat(), s), pair(r, &[&[0], s].concat())]);
    all.extend([
        [good, &[0]].concat(),
        good[..good.len() - 1].to_vec(),
        [&[0x31], &good[1..]].concat(),
        Vec::new(),
    ]);
    // The good one as two bare numbers.
    let bare =
        |n: &[u8]| [&vec![0; 32usize.saturating_sub(n.len())][..], &n[n.len().saturating_sub(32)..]].concat();
    all.push([bare(r), bare(s)].concat());
    all
}

#[test]
fn no_such_signature_is_one_in_any_shape() {
    let mut tried = 0;
    for (stand, options) in shapes() {
        let good = stand.bundle(&options);
        for bytes in forged(&signature(&good)) {
            let mut bundle = good.clone();
            set_signature(&mut bundle, &bytes);
            if options.timestamped {
                set_stamps(&mut bundle, &[TimestampAuthority::new(SEED).stamp(&bytes, RELEASED_AT + 2)]);
            }
            assert!(stand.proof(&bundle).is_err(), "{options:?} {}", hex::encode(&bytes));
            tried += 1;
        }
    }
    eprintln!("{tried} signatures that are none");
}

#[test]
fn no_such_signature_is_one_beside_its_file() {
    let stand = Stand::file();
    let key = crate::kit::signing::maintainer();
    let stand = stand.and_policy(&crate::stage::key_entry("maintainer", &key.public_pem()));
    let stand = stand.withdraw(crate::stand::CRATE_BUNDLE);
    let name = format!("{}.sig", crate::stage::CRATE);
    let good = key.sign(&crate::stand::bytes_of(crate::stage::CRATE));
    let told = |bytes: &[u8]| stand.clone().publish(&name, base64(bytes).as_bytes()).outcome();
    assert_eq!(told(&good), "verified");
    for bytes in forged(&good) {
        assert!(
            stand.clone().publish(&name, base64(&bytes).as_bytes()).outcome() != "verified",
            "{}",
            hex::encode(&bytes)
        );
    }
}
