//! A body that broke off, and what may be gone on with.
//!
//! The rule that must not be broken: parts of two representations are never put together.

use super::errors::status;
use crate::collect::transport::{Sink, TransportError};
use reqwest::{
    Response, Url,
    header::{CONTENT_RANGE, ETAG, HeaderValue},
};

/// How much of a body there is already.
#[derive(Default)]
pub(super) struct Got {
    pub(super) bytes: u64,
    /// The strong entity tag of what these bytes are of.
    pub(super) tag: Option<HeaderValue>,
    /// How often a broken body was gone on with.
    pub(super) resumed: u32,
}

impl Got {
    /// A body begins, or goes on where it broke off.
    pub(super) fn begin(
        &mut self,
        url: &Url,
        response: &Response,
        sink: &mut dyn Sink,
    ) -> Result<(), TransportError> {
        let tag = response.headers().get(ETAG).filter(|tag| tag.as_bytes().starts_with(b"\"")).cloned();
        match response.status().as_u16() {
            // 201 is how Rekor answers a question that it has just taken down.
            200 | 201 => {
                (self.bytes, self.tag) = (0, tag);
                sink.begin();
                Ok(())
            }
            206 if self.bytes > 0 => {
                let range = response.headers().get(CONTENT_RANGE).and_then(|value| value.to_str().ok());
                let begins = format!("bytes {}-", self.bytes);
                let goes_on = range.is_some_and(|range| range.starts_with(&begins)) && tag == self.tag;
                if goes_on {
                    return Ok(());
                }
                *self = Self { resumed: self.resumed, ..Self::default() };
                let reason = "it went on with another part than was asked for".to_owned();
                Err(TransportError::Connection { url: url.to_string(), reason })
            }
            _ => Err(status(url, response)),
        }
    }
}
