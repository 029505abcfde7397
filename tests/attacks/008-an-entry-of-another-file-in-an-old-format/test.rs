//! The genuine entry of another file, in the bundle formats in which the promise of a log stands alone.

use crate::kit::bundle::{BundleOptions, Content, Logged, Version};
use crate::stand::{Stand, entries};

#[test]
fn the_promise_for_another_file_is_refused_with_and_without_a_proof() {
    let stand = Stand::file();
    for version in [Version::V01, Version::V02] {
        for proof in [true, false] {
            if !proof && version == Version::V02 {
                continue;
            }
            let options = BundleOptions::new(version, Logged::RekorV1);
            let without_proof = |mut bundle: serde_json::Value| {
                if !proof {
                    entries(&mut bundle)[0].as_object_mut().unwrap().remove("inclusionProof").unwrap();
                }
                bundle
            };
            let mut bundle = without_proof(stand.bundle(&options));
            stand.accepts(&bundle);
            let mut other = without_proof(stand.bundle_of(&Content::file(b"another file"), &options));
            *entries(&mut bundle) = entries(&mut other).take();
            stand.refuses(&bundle, "signatures/invalid", "artifact hash mismatch for hashedrekord entry");
        }
    }
}
