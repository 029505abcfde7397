//! Two attestations: what one says would do, and the other one is signed.

use crate::kit::bundle::{Content, Fault};
use crate::stand::{PROVENANCE, Stand, v1};

#[test]
fn an_unsigned_attestation_that_fits_is_not_carried_by_a_signed_one_of_another_type() {
    let stand = Stand::statement();
    let mut other = stand.provenance();
    other["predicateType"] = "https://in-toto.io/attestation/vulns/v0.1".into();
    let signed = stand.bundle_of(&Content::statement(&other), &v1());
    let unsigned = stand.bundle(&v1().spoil(Fault::SigningKey));
    for lines in [format!("{signed}\n{unsigned}\n"), format!("{unsigned}\n{signed}\n")] {
        let judged = stand.clone().publish(PROVENANCE, lines.as_bytes());
        assert_eq!(
            judged.outcome(),
            "rejected: provenance/missing fail, signatures/invalid fail, signatures/unsigned fail"
        );
    }
    let good = stand.bundle(&v1());
    stand.accepts_text(format!("{signed}\n{good}\n").as_bytes());
}
