//! A bundle and no artifact, which must not be a success.

use std::process::Command;

use crate::stage::CRATE;
use crate::stand::{CRATE_BUNDLE, Stand, v1};

#[test]
fn a_release_whose_only_file_is_a_signature_is_not_verified() {
    let stand = Stand::file().withdraw(CRATE);
    assert_eq!(stand.outcome(), "undetermined: signatures/unsigned undetermined");
    assert_eq!(stand.withdraw(CRATE_BUNDLE).outcome(), "undetermined: signatures/unsigned undetermined");
}

#[test]
fn a_bundle_without_an_artifact_is_a_wrong_call() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bundle");
    std::fs::write(&path, Stand::file().bundle(&v1()).to_string()).unwrap();
    let verify = |artifact: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_relcheck"));
        command.args([
            "verify-bundle",
            "--certificate-identity",
            "x",
            "--certificate-oidc-issuer",
            "y",
            "--bundle",
        ]);
        command.arg(&path).args(artifact).output().unwrap().status.code()
    };
    for artifact in [&[][..], &[""], &["sha256:"], &["no-such-file"], &["."]] {
        assert_eq!(verify(artifact), Some(2), "{artifact:?}");
    }
}
