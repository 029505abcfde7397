//! What is said in headers: where a redirect leads, of which kind a body is, where the next page is, and who asks.

use super::errors::{kind, redirect, status};
use crate::collect::transport::{Accept, Header, Method, Request, Token, TransportError};
use base64::{Engine, engine::general_purpose::STANDARD};
use jiff::Timestamp;
use reqwest::{
    Response, Url,
    header::{
        AUTHORIZATION, CONTENT_ENCODING, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, LINK, LOCATION,
    },
};

/// The kind of what a git server answers (gitprotocol-http(5), section "Smart Service git-upload-pack").
pub(super) const GIT_ANSWER: &str = "application/x-git-upload-pack-result";

/// Where a redirect leads.
pub(super) fn next_hop(
    request: &Request<'_>,
    url: &Url,
    response: &Response,
    now: Timestamp,
) -> Result<Url, TransportError> {
    let to = response.headers().get(LOCATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if request.method != Method::Get {
        return Err(redirect(url, to, "a question is not sent on to somebody else"));
    }
    if !matches!(response.status().as_u16(), 301 | 302 | 303 | 307 | 308) || to.is_empty() {
        return Err(status(url, response, now));
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
        Accept::Bytes | Accept::File | Accept::Archive => Ok(()),
        _ if essence.is_empty() => Err(kind(accept, url.as_str(), "something of no stated kind")),
        _ => Err(kind(accept, url.as_str(), &essence)),
    }
}

/// The next page of a list (RFC 8288), on the same origin: the others are nobody's business.
pub(super) fn next_page(url: &Url, headers: &HeaderMap) -> Option<String> {
    let links = headers.get_all(LINK).iter().filter_map(|value| value.to_str().ok());
    let next = links.flat_map(link_values).find(|link| link.is_next())?;
    let next = url.join(next.target).ok()?;
    (next.origin() == url.origin()).then(|| next.to_string())
}

/// One link: `<TARGET>; rel="next"; …` (RFC 8288, section 3).
struct Link<'a> {
    target: &'a str,
    parameters: &'a str,
}

impl Link<'_> {
    /// Whether the first `rel` has `next` among its words; further ones do not count (section 3.3).
    fn is_next(&self) -> bool {
        let mut parameters = split_unquoted(self.parameters, b';').filter_map(|one| one.split_once('='));
        let rel = parameters.find(|(name, _)| name.trim().eq_ignore_ascii_case("rel"));
        rel.is_some_and(|(_, value)| {
            let words = value.trim().trim_matches('"');
            words.split_ascii_whitespace().any(|word| word.eq_ignore_ascii_case("next"))
        })
    }
}

/// The links of a header; what comes after one that is none is not read.
fn link_values(header: &str) -> impl Iterator<Item = Link<'_>> {
    let mut rest = header;
    std::iter::from_fn(move || {
        let (target, after) = rest.trim_start_matches([' ', '\t', ',']).strip_prefix('<')?.split_once('>')?;
        let parameters = split_unquoted(after, b',').next().unwrap_or_default();
        rest = &after[parameters.len()..];
        Some(Link { target, parameters })
    })
}

/// The parts of a text between separators that stand in no quotes.
fn split_unquoted(text: &str, separator: u8) -> impl Iterator<Item = &str> {
    let (mut rest, mut is_quoted, mut is_escaped) = (Some(text), false, false);
    std::iter::from_fn(move || {
        let all = rest?;
        let end = all.bytes().position(|byte| {
            let is_plain = !std::mem::take(&mut is_escaped);
            is_escaped = is_plain && is_quoted && byte == b'\\';
            is_quoted ^= is_plain && byte == b'"';
            byte == separator && !is_quoted
        });
        rest = end.map(|at| &all[at + 1..]);
        Some(&all[..end.unwrap_or(all.len())])
    })
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

#[cfg(test)]
mod tests {
    use super::*;

    fn next(links: &[&'static str]) -> Option<String> {
        let all = links.iter().map(|link| (LINK, HeaderValue::from_static(link)));
        next_page(&Url::parse("https://forge.example/list?page=1").unwrap(), &all.collect())
    }

    #[test]
    fn the_next_page_is_found_however_it_is_written() {
        for link in [
            "<?page=2>; rel=\"next\"",
            "<?page=2>;rel=next",
            "<https://forge.example/list?page=2>; title=\"a, b; rel=last\"; REL=\"Next\"",
            "<?page=1>; rel=\"prev\", <?page=2>; rel=\"last next\"",
            "<?page=1,3;5>; rel=prev,<?page=2>; rel=next",
            "<?page=1>; title=\"\\\", <\"; rel=prev, <?page=2>; rel=next",
            ",, <?page=2>; rel=next",
        ] {
            assert_eq!(next(&[link]).as_deref(), Some("https://forge.example/list?page=2"), "{link}");
        }
        assert_eq!(
            next(&["<?page=1>; rel=prev", "<?page=2>; rel=next"]).as_deref(),
            Some("https://forge.example/list?page=2")
        );
    }

    #[test]
    fn a_next_page_of_somebody_else_is_none() {
        for link in [
            "<https://evil.example/list?page=2>; rel=\"next\"",
            "<https://forge.example.evil/list>; rel=next",
            "<https://forge.example:444/list>; rel=next",
            "<http://forge.example/list>; rel=next",
            "<//evil.example/list>; rel=next",
            "<file:///etc/passwd>; rel=next",
            "<?page=2>; rel=\"prev\"; rel=\"next\"",
            "<?page=2>; rel=nextish",
            "<?page=2>; title=\"rel=next\"",
            "?page=2; rel=next",
            "<?page=2; rel=next",
            "",
        ] {
            assert_eq!(next(&[link]), None, "{link}");
        }
    }
}
