//! A line of a list with a name and no digest, which must not be nothing to compare.

use crate::stage::LINUX;
use crate::stand::Stand;
use relcheck::digest::{Algorithm, Digest};

#[test]
fn a_name_without_a_digest_is_not_read_and_an_empty_digest_cannot_be_said() {
    let stand = Stand::whole().withdraw("SHA256SUMS.sigstore.json");
    let good = String::from_utf8(stand.read("SHA256SUMS")).unwrap();
    for line in [
        format!("  {LINUX}"),
        LINUX.to_owned(),
        format!("\t{LINUX}"),
        format!("SHA256 ({LINUX}) ="),
        format!("SHA256 ({LINUX}) = "),
    ] {
        let others: String =
            good.lines().filter(|one| !one.ends_with(LINUX)).map(|one| format!("{one}\n")).collect();
        let told = stand.clone().publish("SHA256SUMS", format!("{others}{line}\n").as_bytes()).outcome();
        assert_eq!(
            told, "undetermined: checksums/unlisted undetermined, checksums/unreadable undetermined",
            "{line:?}"
        );
    }
    for algorithm in [Algorithm::Sha256, Algorithm::Sha384, Algorithm::Sha512] {
        assert!(Digest::parse(algorithm, "").is_err());
    }
}
