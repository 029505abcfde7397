//! One request to one place, and the reading of what it answers.

use super::{
    Live,
    answer::Origin,
    cache::Validators,
    errors::failure,
    headers::{GIT_ANSWER, check_kind, header, is_of_origin, next_page},
    resume::Got,
    speed::Speed,
};
use crate::collect::transport::{Accept, Method, Request, Sink, TransportError};
use reqwest::{
    Response, Url,
    header::{ACCEPT, CONTENT_TYPE, IF_MODIFIED_SINCE, IF_NONE_MATCH, IF_RANGE, RANGE},
};
use std::net::IpAddr;

impl Live {
    /// One request to one place.
    pub(super) async fn send(
        &self,
        request: &Request<'_>,
        url: &Url,
        got: &mut Got,
    ) -> Result<Response, TransportError> {
        let accept = match request.accept {
            Accept::Json => "application/json",
            Accept::Git => GIT_ANSWER,
            // GitHub tells a file from what it says about the file by this.
            Accept::File => "application/octet-stream",
            Accept::Bytes | Accept::Archive => "*/*",
        };
        let mut builder = match request.method {
            Method::Get => self.client.get(url.clone()),
            Method::Ask(body) => {
                self.client.post(url.clone()).header(CONTENT_TYPE, "application/json").body(body.to_vec())
            }
            Method::Git(body) => (self.client.post(url.clone()))
                .header(CONTENT_TYPE, "application/x-git-upload-pack-request")
                .header("Git-Protocol", "version=2")
                .body(body.to_vec()),
        };
        builder = builder.header(ACCEPT, accept);
        if let Some((from, tag)) = got.ask_for_rest(request.method) {
            // Only of the very same representation may the rest be taken (RFC 9110, sections 13.1.5 and 14.2).
            builder = builder.header(RANGE, format!("bytes={from}-")).header(IF_RANGE, tag);
        }
        match got.ask_whether_changed(url) {
            // RFC 9110, section 13.1.3: the date counts only where there is no tag.
            Some(Validators { tag: Some(tag), .. }) => builder = builder.header(IF_NONE_MATCH, tag),
            Some(Validators { modified: Some(at), .. }) => builder = builder.header(IF_MODIFIED_SINCE, at),
            _ => {}
        }
        if let Some(token) = request.token.filter(|token| is_of_origin(token, url)) {
            let (name, value) = header(token, url)?;
            builder = builder.header(name, value);
        }
        builder.send().await.map_err(|error| failure(url, &error, &self.limits))
    }

    /// Reads the body, which must be of the kind and size that was asked for.
    pub(super) async fn read(
        &self,
        request: &Request<'_>,
        url: &Url,
        mut response: Response,
        got: &mut Got,
        sink: &mut dyn Sink,
    ) -> Result<Origin, TransportError> {
        // Nothing counts, and nothing is thrown away, before it is known to be an answer to what was asked.
        let part = got.recognise(url, &response, self.clock.now())?;
        check_kind(request.accept, url, &response)?;
        let too_large = || TransportError::TooLarge { url: url.to_string(), limit: request.max_bytes };
        let room = (request.max_bytes as u64).saturating_sub(part.from());
        if response.content_length().is_some_and(|length| length > room) {
            return Err(too_large());
        }
        got.begin(part, sink);
        let mut speed = Speed::new(self.limits);
        while let Some(chunk) = response.chunk().await.map_err(|error| failure(url, &error, &self.limits))? {
            got.add(chunk.len() as u64, url)?;
            if got.bytes() > request.max_bytes as u64 {
                return Err(too_large());
            }
            sink.part(&chunk);
            speed.check(chunk.len(), url)?;
        }
        got.end(url)?;
        let (next, validators) = (next_page(url, response.headers()), Validators::of(response.headers()));
        Ok(Origin { next, validators, ..Origin::of(url) })
    }

    /// Whether a place may be asked at all; names are looked at again when they are resolved.
    pub(super) fn check(&self, url: &Url) -> Result<(), TransportError> {
        let refuse = |reason| Err(TransportError::Url { url: url.to_string(), reason });
        if url.scheme() != self.reach.scheme() {
            return refuse("it is not https");
        }
        if !url.username().is_empty() || url.password().is_some() {
            return refuse("it holds a password");
        }
        let Some(host) = url.host_str() else { return refuse("it has no host") };
        if self.reach.is_proxy(host) {
            return refuse("its host is the proxy");
        }
        let literal = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>().ok();
        match literal.and_then(|ip| Some((ip, self.reach.refusal(host, ip)?))) {
            Some((ip, kind)) => {
                Err(TransportError::Address { url: url.to_string(), address: ip.to_string(), kind })
            }
            None => Ok(()),
        }
    }
}
