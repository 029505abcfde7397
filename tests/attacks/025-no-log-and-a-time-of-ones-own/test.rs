//! A bundle that was never logged, with times that its maker wrote.

use crate::kit::bundle::{BundleOptions, Fault, Logged, Version};
use crate::stand::{Stand, entries, shapes, v1};

#[test]
fn what_was_never_logged_is_refused_with_and_without_a_time_stamp() {
    for stand in [Stand::file(), Stand::statement()] {
        let stamped = BundleOptions::new(Version::V03, Logged::Nowhere);
        let bare = BundleOptions { timestamped: false, ..stamped.clone() };
        for options in [stamped, bare] {
            let mut bundle = stand.bundle(&options);
            stand.refuses(&bundle, "signatures/invalid", "");
            // An entry of one's own, which says a time and is signed by nobody.
            let mut entry = entries(&mut stand.bundle(&v1()))[0].take();
            entry.as_object_mut().unwrap().remove("inclusionPromise");
            entry.as_object_mut().unwrap().remove("inclusionProof");
            *entries(&mut bundle) = serde_json::json!([entry]);
            stand.refuses(&bundle, "signatures/invalid", "");
        }
    }
}

#[test]
fn a_signature_from_outside_of_the_certificates_ten_minutes_is_expired() {
    for (stand, options) in shapes() {
        for fault in [Fault::TooLate, Fault::TooEarly] {
            let bundle = stand.bundle(&options.clone().spoil(fault));
            stand.refuses(&bundle, "signatures/expired", "was not valid when the signature was made");
        }
    }
}
