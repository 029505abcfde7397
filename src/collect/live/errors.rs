//! Why there is no answer. No secret is in any of it.

use super::resolve::Refused;
use crate::collect::transport::{Accept, TransportError};
use reqwest::{Response, Url, header::RETRY_AFTER};
use std::error::Error;

pub(super) fn kind(accept: Accept, url: &str, found: &str) -> TransportError {
    let expected = match accept {
        Accept::Json => "JSON",
        Accept::Git => "the answer of a git server",
        Accept::Bytes | Accept::File => "a file",
    };
    let found: String = found.chars().take(100).collect();
    TransportError::Kind { url: url.to_owned(), found, expected }
}

pub(super) fn redirect(url: &Url, to: &str, reason: &'static str) -> TransportError {
    TransportError::Redirect { url: url.to_string(), to: to.to_owned(), reason }
}

pub(super) fn status(url: &Url, response: &Response) -> TransportError {
    let after = response.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok());
    TransportError::Status {
        url: url.to_string(),
        status: response.status().as_u16(),
        // A date would need the clock; the usual pause does for it.
        retry_after: after.and_then(|text| text.trim().parse().ok()),
    }
}

pub(super) fn failure(url: &Url, error: &reqwest::Error) -> TransportError {
    if let Some(refused) = cause::<Refused>(error) {
        return TransportError::Address {
            url: url.to_string(),
            address: refused.address.to_string(),
            kind: refused.kind,
        };
    }
    TransportError::Connection { url: url.to_string(), reason: in_full(error) }
}

/// The first cause of that type.
fn cause<'a, E: Error + 'static>(error: &'a (dyn Error + 'static)) -> Option<&'a E> {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(found) = error.downcast_ref::<E>() {
            return Some(found);
        }
        next = error.source();
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
