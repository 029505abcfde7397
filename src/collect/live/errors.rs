//! Why there is no answer. No secret is in any of it.

use super::{
    Limits,
    resolve::Refused,
    retry::{asked_again, from_to},
};
use crate::collect::transport::{Accept, TransportError};
use jiff::Timestamp;
use reqwest::{Response, Url};
use rustls::CertificateError;
use std::error::Error;

/// How many names of another host are shown.
const NAMES: usize = 3;

pub(super) fn kind(accept: Accept, url: &str, found: &str) -> TransportError {
    let expected = match accept {
        Accept::Json => "JSON",
        Accept::Git => "the answer of a git server",
        Accept::Bytes | Accept::File | Accept::Archive => "a file",
    };
    let found: String = found.chars().take(100).collect();
    TransportError::Kind { url: url.to_owned(), found, expected }
}

pub(super) fn redirect(url: &Url, to: &str, reason: &'static str) -> TransportError {
    TransportError::Redirect { url: url.to_string(), to: to.to_owned(), reason }
}

/// Another status than was hoped for, and when the server wants to be asked again.
pub(super) fn status(url: &Url, response: &Response, now: Timestamp) -> TransportError {
    let (url, status) = (url.to_string(), response.status().as_u16());
    match (status, asked_again(status, response.headers(), now)) {
        // GitHub says 403 for both of its limits on requests, and others 429 (RFC 6585, section 4).
        (403 | 429, Some(until)) => TransportError::RateLimited { url, status, until },
        (_, until) => {
            let wait = until.map(|until| from_to(now, until));
            let retry_after = wait.map(|wait| wait.as_secs() + u64::from(wait.subsec_nanos() > 0));
            TransportError::Status { url, status, retry_after }
        }
    }
}

/// An answer that broke its own word, or the connection.
pub(super) fn broken(url: &Url, reason: &str) -> TransportError {
    TransportError::Connection { url: url.to_string(), reason: reason.to_owned() }
}

pub(super) fn failure(url: &Url, error: &reqwest::Error, limits: &Limits) -> TransportError {
    let host = url.host_str().unwrap_or_default().to_owned();
    let url = url.to_string();
    if let Some(rustls::Error::InvalidCertificate(fault)) = cause::<rustls::Error>(error) {
        let is_of_unknown_issuer = matches!(fault, CertificateError::UnknownIssuer);
        return TransportError::Certificate { url, host, reason: what_is_wrong(fault), is_of_unknown_issuer };
    }
    if let Some(refused) = cause::<Refused>(error) {
        let address = refused.address.to_string();
        return TransportError::Address { url, address, kind: refused.kind };
    }
    match error.is_timeout() {
        true if error.is_connect() => TransportError::Timeout { url, after: limits.connect },
        true => TransportError::Timeout { url, after: limits.read },
        false => TransportError::Connection { url, reason: in_full(error) },
    }
}

/// What is wrong with a certificate (RFC 5280, section 6, and RFC 9525).
fn what_is_wrong(fault: &CertificateError) -> String {
    use CertificateError as Fault;
    let at = |time: &rustls::pki_types::UnixTime| {
        let time = i64::try_from(time.as_secs()).ok().and_then(|at| Timestamp::from_second(at).ok());
        time.map_or_else(|| "at a time that nobody has seen".to_owned(), |time| format!("on {time}"))
    };
    match fault {
        Fault::Expired => "has expired".to_owned(),
        Fault::ExpiredContext { not_after, .. } => format!("expired {}", at(not_after)),
        Fault::NotValidYet => "does not count yet".to_owned(),
        Fault::NotValidYetContext { not_before, .. } => {
            format!("counts only from then: it begins {}", at(not_before))
        }
        Fault::NotValidForName => "is for another host".to_owned(),
        Fault::NotValidForNameContext { presented, .. } => {
            let names: Vec<String> =
                presented.iter().take(NAMES).map(|name| name.chars().take(80).collect()).collect();
            let more = if presented.len() > NAMES { " and others" } else { "" };
            format!("is for another host: {}{more}", names.join(", "))
        }
        Fault::UnknownIssuer => "is by an authority that is not known here".to_owned(),
        Fault::Revoked => "was revoked".to_owned(),
        Fault::BadEncoding => "cannot be read".to_owned(),
        Fault::BadSignature => "was not signed by the authority that it names".to_owned(),
        Fault::UnsupportedSignatureAlgorithmContext { .. }
        | Fault::UnsupportedSignatureAlgorithmForPublicKeyContext { .. } => {
            "is signed with an algorithm that is not known here".to_owned()
        }
        Fault::InvalidPurpose | Fault::InvalidPurposeContext { .. } => "is not one of a server".to_owned(),
        other => format!("does not count: {other}").chars().take(300).collect(),
    }
}

/// The first cause of that type, also within errors of input and output, which hide theirs.
fn cause<'a, E: Error + 'static>(error: &'a (dyn Error + 'static)) -> Option<&'a E> {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(found) = error.downcast_ref::<E>() {
            return Some(found);
        }
        let hidden = error.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
        next = hidden.map(|hidden| hidden as &(dyn Error + 'static)).or_else(|| error.source());
    }
    None
}

/// An error and its causes, without the URL, which may hold secrets.
pub(super) fn in_full(error: &reqwest::Error) -> String {
    let mut text = String::new();
    let mut next = error.source();
    while let Some(cause) = next {
        if !text.is_empty() {
            text.push_str(": ");
        }
        text.push_str(&cause.to_string());
        next = cause.source();
    }
    if text.is_empty() { "the connection failed".to_owned() } else { text }
}
