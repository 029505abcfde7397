//! The entry of another file in a `.sigstore`, as build tools for Java publish it.

use crate::kit::bundle::Content;
use crate::stage::CRATE;
use crate::stand::{CRATE_BUNDLE, Stand, entries, shapes_of_files};

#[test]
fn a_sidecar_with_the_entry_of_another_file_is_invalid_under_every_suffix() {
    for options in shapes_of_files() {
        let stand = Stand::file().withdraw(CRATE_BUNDLE);
        let good = stand.bundle(&options);
        let mut spoilt = good.clone();
        *entries(&mut spoilt) =
            entries(&mut stand.bundle_of(&Content::file(b"another jar"), &options)).take();
        for suffix in ["sigstore", "sigstore.json", "bundle", "sigstore.jsonl"] {
            let name = format!("{CRATE}.{suffix}");
            let told = |bundle: &serde_json::Value| {
                stand.clone().publish(&name, bundle.to_string().as_bytes()).outcome()
            };
            assert_eq!(told(&good), "verified");
            assert_eq!(told(&spoilt), "rejected: signatures/invalid fail");
        }
    }
}
