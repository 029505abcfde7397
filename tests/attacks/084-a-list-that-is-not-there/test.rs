//! A list of checksums that is missing, empty, or signed by nobody.

use crate::stage::{LINUX, said};
use crate::stand::{PROVENANCE, Stand};

#[test]
fn a_list_that_is_missing_or_empty_is_no_success() {
    let unsigned = Stand::whole().withdraw("SHA256SUMS.sigstore.json");
    assert_eq!(unsigned.clone().withdraw("SHA256SUMS").outcome(), "rejected: checksums/missing fail");
    for empty in ["", "\n", "# nothing\n"] {
        let told = unsigned.clone().publish("SHA256SUMS", empty.as_bytes()).outcome();
        assert!(
            told.starts_with("rejected: checksums/") || told.starts_with("undetermined: checksums/"),
            "{empty:?}: {told}"
        );
    }
}

#[test]
fn a_list_that_nobody_signed_makes_nothing_signed() {
    let bundle = format!("{LINUX}.sigstore.json");
    let stand = Stand::whole().withdraw(&bundle).withdraw(PROVENANCE).skip("provenance");
    assert_eq!(stand.outcome(), "verified", "a signed list signs what it lists");
    let unsigned = stand.withdraw("SHA256SUMS.sigstore.json");
    assert_eq!(unsigned.outcome(), "rejected: signatures/unsigned fail");
    assert!(
        said(&unsigned.judge(), "signatures/unsigned")[0]
            .contains("which lists it, has none by a named signer")
    );
}
