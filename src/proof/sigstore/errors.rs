//! What an error of the library means here.

use crate::proof::{Reason, Refusal};
use sigstore_verify::{CertificateError, Error, TimestampError, TransparencyLogError};

/// Whether the error says no more than that the bundle is from another Sigstore instance.
fn is_stranger(error: &Error) -> bool {
    match error {
        Error::TransparencyLog(TransparencyLogError::UnknownLog { .. })
        | Error::Certificate(CertificateError::NoValidAuthority { .. }) => true,
        Error::Certificate(CertificateError::ChainInvalid(detail)) => !is_out_of_date(detail),
        // The library has no variant for a promise by a log that the root does not list.
        Error::TransparencyLog(TransparencyLogError::InclusionPromise(detail)) => {
            detail.starts_with("No log key")
        }
        _ => false,
    }
}

/// Whether the chain is refused for the time alone. The library says so in no other way than in these words of its
/// path validation; should they change, the refusal stays and only its rule is a coarser one.
fn is_out_of_date(detail: &str) -> bool {
    detail.contains("CertExpired {") || detail.contains("CertNotValidYet {")
}

/// The sort of refusal that an error of the library is.
pub fn refusal_of(error: &Error) -> Refusal {
    if is_stranger(error) {
        let detail = format!("it leads back to no Sigstore instance that is trusted here: {error}");
        return Refusal::new(Reason::Stranger, detail);
    }
    let reason = match error {
        // The library tells a log entry about other bytes from a bundle about other bytes in no other way.
        Error::ArtifactMismatch(detail) if detail.contains("hashedrekord entry") => Reason::Invalid,
        Error::ArtifactMismatch(_) => Reason::Unbound,
        Error::UnsupportedArtifact(_) | Error::UnsupportedBundle(_) => Reason::Unreadable,
        Error::Certificate(CertificateError::Expired { .. } | CertificateError::NotYetValid { .. }) => {
            Reason::Expired
        }
        Error::Certificate(CertificateError::ChainInvalid(detail)) if is_out_of_date(detail) => {
            let detail = "the certificate was not valid when the signature was made";
            return Refusal::new(Reason::Expired, detail);
        }
        Error::Timestamp(TimestampError::NoVerifiedTimestamp(_)) => Reason::NoTime,
        _ => Reason::Invalid,
    };
    Refusal::new(reason, error.to_string())
}
