//! What is said in headers: where a redirect leads, of which kind a body is, where the next page is, and who asks.

use super::errors::{kind, redirect, status};
use crate::collect::transport::{Accept, Header, Method, Request, Token, TransportError};
use base64::{Engine, engine::general_purpose::STANDARD};
use reqwest::{
    Response, Url,
    header::{AUTHORIZATION, CONTENT_ENCODING, CONTENT_TYPE, HeaderName, HeaderValue, LINK, LOCATION},
};

/// The kind of what a git server answers (gitprotocol-http(5), section "Smart Service git-upload-pack").
pub(super) const GIT_ANSWER: &str = "application/x-git-upload-pack-result";

/// Where a redirect leads.
pub(super) fn next_hop(request: &Request<'_>, url: &Url, response: &Response) -> Result<Url, TransportError> {
    let to = response.headers().get(LOCATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if request.method != Method::Get {
        return Err(redirect(url, to, "a question is not sent on to somebody else"));
    }
    if !matches!(response.status().as_u16(), 301 | 302 | 303 | 307 | 308) || to.is_empty() {
        return Err(status(url, response));
    }
    url.join(to).map_err(|_| redirect(url, to, "it is not a URL"))
}

/// The kind that the server says the body is of.
pub(super) fn check_kind(accept: Accept, url: &Url, response: &Response) -> Result<(), TransportError> {
    let said = response.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    // None was asked for, and a small body that unpacks to a large one is nobody's to unpack.
    let is_packed = |value: &HeaderValue| !value.as_bytes().eq_ignore_ascii_case(b"identity");
    if response.headers().get_all(CONTENT_ENCODING).iter().any(is_packed) {
        return Err(kind(accept, url.as_str(), "a compressed body"));
    }
    let essence = said.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let is_html = matches!(essence.as_str(), "text/html" | "application/xhtml+xml");
    let is_json = essence == "application/json" || essence.ends_with("+json");
    match accept {
        _ if is_html => Err(kind(accept, url.as_str(), "a page of HTML")),
        Accept::Json if is_json => Ok(()),
        Accept::Git if essence == GIT_ANSWER => Ok(()),
        Accept::Bytes | Accept::File => Ok(()),
        _ if essence.is_empty() => Err(kind(accept, url.as_str(), "something of no stated kind")),
        _ => Err(kind(accept, url.as_str(), &essence)),
    }
}

/// The next page of a list (RFC 8288), on the same origin: the others are nobody's business.
pub(super) fn next_page(url: &Url, response: &Response) -> Option<String> {
    let links = response.headers().get_all(LINK).iter().filter_map(|value| value.to_str().ok());
    let next = links.flat_map(|value| value.split(',')).find_map(|link| {
        let (target, parameters) = link.trim().strip_prefix('<')?.split_once('>')?;
        parameters.split(';').any(|one| matches!(one.trim(), "rel=\"next\"" | "rel=next")).then_some(target)
    })?;
    let next = url.join(next).ok()?;
    (next.origin() == url.origin()).then(|| next.to_string())
}

/// Whether `url` has the scheme, host and port that the token is for.
pub(super) fn is_of_origin(token: &Token, url: &Url) -> bool {
    Url::parse(token.origin()).is_ok_and(|origin| origin.origin() == url.origin())
}

/// The header that carries a token.
pub(super) fn header(token: &Token, url: &Url) -> Result<(HeaderName, HeaderValue), TransportError> {
    let refuse = || TransportError::Url {
        url: url.to_string(),
        reason: "the token for it has characters that no header can carry",
    };
    let (name, text) = match token.header() {
        Header::Bearer => (AUTHORIZATION, format!("Bearer {}", token.secret())),
        Header::Basic { user } => {
            (AUTHORIZATION, format!("Basic {}", STANDARD.encode(format!("{user}:{}", token.secret()))))
        }
        Header::Named(name) => {
            (HeaderName::from_bytes(name.as_bytes()).map_err(|_| refuse())?, token.secret().to_owned())
        }
    };
    let mut value = HeaderValue::from_str(&text).map_err(|_| refuse())?;
    value.set_sensitive(true);
    Ok((name, value))
}
