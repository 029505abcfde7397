//! A bundle and no artifact, which must not be a success.

use crate::stage::CRATE;
use crate::stand::{CRATE_BUNDLE, Stand, code_of_verify_bundle};

#[test]
fn a_release_whose_only_file_is_a_signature_is_not_verified() {
    let stand = Stand::file().withdraw(CRATE);
    assert_eq!(stand.outcome(), "undetermined: signatures/unsigned undetermined");
    assert_eq!(stand.withdraw(CRATE_BUNDLE).outcome(), "undetermined: signatures/unsigned undetermined");
}

#[test]
fn a_bundle_without_an_artifact_is_a_wrong_call() {
    for artifact in [&[][..], &[""], &["sha256:"], &["no-such-file"], &["."]] {
        assert_eq!(code_of_verify_bundle(artifact), Some(2), "{artifact:?}");
    }
}
