//! A release whose only attestation is of another type than the one that is asked for.

use crate::kit::bundle::Content;
use crate::stand::{PROVENANCE, Stand, v1};

#[test]
fn an_attestation_of_another_type_is_no_provenance() {
    let stand = Stand::whole();
    // One that calls itself a bill of materials, and is none that can be read, says so too.
    let no_bill = "rejected: advisories/not-covered undetermined, provenance/missing fail";
    for (other, expected) in [
        ("https://in-toto.io/attestation/vulns/v0.1", "rejected: provenance/missing fail"),
        ("https://spdx.dev/Document", no_bill),
        ("https://cyclonedx.org/bom", no_bill),
    ] {
        let mut statement = stand.provenance();
        statement["predicateType"] = other.into();
        let bundle = stand.bundle_of(&Content::statement(&statement), &v1()).to_string();
        let stand = stand.clone().publish(PROVENANCE, bundle.as_bytes());
        assert_eq!(stand.outcome(), expected, "{other}");
    }
    assert_eq!(stand.outcome(), "verified");
}
