//! Two authorities of the same name: who issued a certificate is known by the key.

use crate::kit::trusted_root::Sigstore;
use crate::stand::shapes;

#[test]
fn the_bundles_of_two_authorities_of_one_name_are_both_good() {
    let other = Sigstore::new("another region");
    for (stand, options) in shapes() {
        let mut root = stand.root.clone();
        let more = other.trusted_root();
        for list in ["tlogs", "certificateAuthorities", "ctlogs", "timestampAuthorities"] {
            let more = more[list].as_array().unwrap().clone();
            root[list].as_array_mut().unwrap().extend(more);
        }
        let both = stand.clone().trusting(root);
        both.accepts(&stand.bundle(&options));
        both.accepts(&stand.bundle_by(&other, &options));
        stand.refuses(&stand.bundle_by(&other, &options), "signatures/invalid", "");
    }
}
