//! A signature that is required and was taken away.

use crate::stage::{LINUX, said};
use crate::stand::{CRATE_BUNDLE, PROVENANCE, Stand};

#[test]
fn a_release_without_its_signature_is_unsigned() {
    let stand = Stand::file().withdraw(CRATE_BUNDLE);
    assert_eq!(stand.outcome(), "rejected: signatures/unsigned fail");
    let stand = Stand::statement().withdraw(PROVENANCE);
    assert_eq!(stand.outcome(), "rejected: provenance/missing fail, signatures/unsigned fail");
    // In a whole release each artifact is signed thrice: by itself, in the list, and in the provenance.
    let bundle = format!("{LINUX}.sigstore.json");
    let stand = Stand::whole().withdraw(&bundle).withdraw("SHA256SUMS.sigstore.json");
    assert_eq!(stand.outcome(), "verified");
    let stand = stand.withdraw(PROVENANCE);
    assert_eq!(stand.outcome(), "rejected: provenance/missing fail, signatures/unsigned fail");
    let unsigned = said(&stand.judge(), "signatures/unsigned");
    assert!(unsigned.iter().all(|one| one.starts_with(LINUX)), "{unsigned:?}");
}
