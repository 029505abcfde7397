//! When an authority may vouch: within the window that the root gives it, and while its own certificates are valid.
//!
//! The rule that must not be broken: a certificate authority that has ended vouches for nobody. The Sigstore library
//! takes every certificate of a trusted chain as the end of a path (RFC 5280, 6.1), and the end of a path has no dates
//! there; so the dates are written into the window, which it does obey.

use jiff::Timestamp;
use sigstore_verify::{
    trust_root::TrustedRoot,
    types::{DerCertificate, TimeRange},
};
use x509_cert::{Certificate, der::Decode};

/// Narrows the window of each certificate authority to when all of its chain is valid. One that never is, or whose
/// certificates cannot be read, is left out.
pub(super) fn narrow(root: &mut TrustedRoot) {
    root.certificate_authorities.retain_mut(|authority| {
        let certificates = authority.cert_chain.certificates.iter();
        let validities = certificates.map(|certificate| validity(&certificate.raw_bytes));
        let Some(window) = validities.chain([Some(authority.valid_for)]).try_fold(None, |all, one| {
            let one = one?;
            intersection(all, one)
        }) else {
            return false;
        };
        authority.valid_for = window;
        true
    });
}

/// What two windows have in common, of which `None` is without bounds; nothing when that is nothing.
#[expect(clippy::option_option, reason = "no window at all, and a window without bounds")]
fn intersection(one: Option<TimeRange>, other: Option<TimeRange>) -> Option<Option<TimeRange>> {
    let (Some(one), Some(other)) = (one, other) else { return Some(one.or(other)) };
    let start = one.start.max(other.start);
    let end = [one.end, other.end].into_iter().flatten().min();
    end.is_none_or(|end| start <= end).then(|| Some(TimeRange::new(start, end)))
}

/// When a certificate is valid.
fn validity(certificate: &DerCertificate) -> Option<Option<TimeRange>> {
    let certificate = Certificate::from_der(certificate.as_bytes()).ok()?;
    let validity = certificate.tbs_certificate.validity;
    let seconds = |time: x509_cert::time::Time| i64::try_from(time.to_unix_duration().as_secs()).ok();
    let moment = |time| Timestamp::from_second(seconds(time)?).ok();
    Some(Some(TimeRange::new(moment(validity.not_before)?, Some(moment(validity.not_after)?))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use sigstore_verify::trust_root::{SIGSTORE_PRODUCTION_TRUSTED_ROOT, SIGSTORE_STAGING_TRUSTED_ROOT};

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    #[test]
    fn windows_have_in_common_what_is_in_both() {
        let window = |start, end: Option<i64>| Some(TimeRange::new(at(start), end.map(at)));
        assert_eq!(intersection(None, None), Some(None));
        assert_eq!(intersection(window(1, None), None), Some(window(1, None)));
        assert_eq!(intersection(window(1, None), window(3, Some(5))), Some(window(3, Some(5))));
        assert_eq!(intersection(window(1, Some(4)), window(3, Some(5))), Some(window(3, Some(4))));
        assert_eq!(intersection(window(1, Some(2)), window(3, Some(5))), None);
    }

    #[test]
    fn no_authority_of_the_public_instances_is_lost_and_each_has_an_end() {
        for text in [SIGSTORE_PRODUCTION_TRUSTED_ROOT, SIGSTORE_STAGING_TRUSTED_ROOT] {
            let mut root = TrustedRoot::from_json(text).unwrap();
            let before = root.certificate_authorities.len();
            narrow(&mut root);
            assert_eq!(root.certificate_authorities.len(), before);
            let mut windows = root.certificate_authorities.iter().map(|authority| authority.valid_for);
            assert!(windows.all(|window| window.is_some_and(|window| window.end.is_some())));
        }
    }

    #[test]
    fn an_authority_with_a_certificate_that_cannot_be_read_is_left_out() {
        let mut root = TrustedRoot::from_json(SIGSTORE_PRODUCTION_TRUSTED_ROOT).unwrap();
        root.certificate_authorities.truncate(1);
        root.certificate_authorities[0].cert_chain.certificates[0].raw_bytes = vec![0x30, 0].into();
        narrow(&mut root);
        assert!(root.certificate_authorities.is_empty());
    }
}
