//! Inclusion proofs in trees of 1 to 300 entries, right and wrong, and in trees larger than any number.

use rayon::prelude::*;
use relcheck::proof::Reason;
use serde_json::{Value, json};

use crate::kit::SEED;
use crate::kit::log::Place;
use crate::kit::trusted_root::Sigstore;
use crate::stand::{Stand, decode, entries, v1, v2};

/// Every place in small trees; in larger ones, the first, the last, and those beside a power of two.
fn places() -> Vec<Place> {
    let mut all = Vec::new();
    for size in 1..=300_u64 {
        let edge = |index: u64| {
            index < 2 || index + 2 >= size || (index + 1).is_power_of_two() || index.is_power_of_two()
        };
        all.extend((0..size).filter(|index| size <= 20 || edge(*index)).map(|index| Place { index, size }));
    }
    all
}

#[test]
fn a_proof_is_accepted_exactly_when_it_is_right() {
    let stand = Stand::file();
    let trust = stand.trust();
    let log = Sigstore::new(SEED).rekor_v1;
    let bundle = stand.bundle(&v1());
    let body =
        decode(bundle["verificationMaterial"]["tlogEntries"][0]["canonicalizedBody"].as_str().unwrap());
    let verify = |proof: Value| {
        let mut bundle = bundle.clone();
        entries(&mut bundle)[0]["inclusionProof"] = proof;
        relcheck::proof::sigstore::verify_all(bundle.to_string().as_bytes(), None, &trust).remove(0)
    };
    let refused = |proof: Value, what: &str| {
        let refusal = verify(proof).err().unwrap_or_else(|| panic!("{what} is accepted"));
        assert_eq!(refusal.reason, Reason::Invalid, "{what}: {refusal}");
    };
    let places = places();
    places.par_iter().for_each(|place| {
        let proof = log.proof_at(*place, &body);
        let what = |how: &str| format!("{place:?} {how}");
        assert!(verify(proof.clone()).is_ok(), "{place:?}");
        let hashes = proof["hashes"].as_array().unwrap().clone();
        let mut longer = proof.clone();
        longer["hashes"].as_array_mut().unwrap().push(json!(crate::kit::keys::base64([7; 32])));
        refused(longer, &what("with a hash more"));
        let mut moved = proof.clone();
        moved["logIndex"] = json!((place.index + 1).to_string());
        refused(moved, &what("at the next index"));
        if let Some((_, short)) = hashes.split_last() {
            let mut shorter = proof.clone();
            shorter["hashes"] = json!(short);
            refused(shorter, &what("with a hash less"));
            let mut other = proof;
            other["hashes"][hashes.len() - 1] = json!(crate::kit::keys::base64([7; 32]));
            refused(other, &what("with another hash"));
        }
    });
    eprintln!("{} places in trees of 1 to 300 entries", places.len());
    assert!(places.len() > 3000);
}

#[test]
fn numbers_at_the_end_of_their_range_are_refused_and_do_not_overflow() {
    for (stand, options) in [(Stand::file(), v1()), (Stand::statement(), v2())] {
        let good = stand.bundle(&options);
        for number in
            ["18446744073709551615", "9223372036854775807", "9223372036854775808", "-1", "0", "1e3", ""]
        {
            for field in ["logIndex", "treeSize"] {
                let mut bundle = good.clone();
                entries(&mut bundle)[0]["inclusionProof"][field] = number.into();
                // In Rekor v2 these two repeat what is said, and signed, elsewhere.
                let repeats = options == v2();
                let report = stand.clone().publish(stand.sidecar(), bundle.to_string().as_bytes()).judge();
                let told = crate::stage::outcome(&report);
                assert!(
                    told.contains("signatures/invalid fail") || (repeats && told == "verified"),
                    "{field} {number}: {told}"
                );
            }
            let mut bundle = good.clone();
            entries(&mut bundle)[0]["logIndex"] = number.into();
            stand.refuses(&bundle, "signatures/invalid", "");
        }
    }
}
