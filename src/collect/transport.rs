//! What may be asked of the network, and what may come of it: the one door through which bytes from elsewhere come in.
//!
//! The rule that must not be broken: an answer is the whole body, of a kind that was asked for and within the cap that
//! the request states; everything else is an error with its reason. "Not there" is never concluded here: a 404 is an
//! error like a 500, and whoever asks decides what it means. A token belongs to one origin (scheme, host and port) and
//! is never sent to another one, never shown, and never part of an error.

use super::mark::{Mark, Streamed};
use crate::text;
use jiff::Timestamp;
use std::{fmt, time::Duration};

/// The largest answer of an API, in bytes.
pub const API_ANSWER_LIMIT: usize = 20 << 20;

/// Something that answers requests: the network, or a test's script.
pub trait Transport: Send + Sync {
    /// The whole answer to `request`.
    ///
    /// # Errors
    /// [`TransportError`], with what to do in [`TransportError::advice`].
    fn fetch(&self, request: &Request<'_>) -> Result<Answer, TransportError>;

    /// The answer to `request`, part by part as it comes, and never held whole. The parts that a sink was given mean nothing
    /// before this returns: only then the body is known to be whole.
    ///
    /// # Errors
    /// As [`Transport::fetch`].
    fn stream(&self, request: &Request<'_>, sink: &mut dyn Sink) -> Result<(), TransportError> {
        let answer = self.fetch(request)?;
        sink.begin();
        sink.part(&answer.bytes);
        Ok(())
    }

    /// As [`Transport::stream`], except where the server says that the body is still the one that `mark` is of.
    ///
    /// # Errors
    /// As [`Transport::fetch`].
    fn stream_if_changed(
        &self,
        request: &Request<'_>,
        mark: Option<&Mark>,
        sink: &mut dyn Sink,
    ) -> Result<Streamed, TransportError> {
        let _ = mark;
        self.stream(request, sink).map(|()| Streamed::Whole(None))
    }

    /// How long the run has lasted, by the clock that [`Transport::rest`] goes by.
    fn elapsed(&self) -> Duration {
        Duration::ZERO
    }

    /// Does nothing for a random time between these two, which does not count against the run. Whether it can.
    fn rest(&self, least: Duration, most: Duration) -> bool {
        let _ = (least, most);
        false
    }

    /// Until this is taken back, what is asked of interfaces ends when the run has lasted so long, with the time of one
    /// request more. Files have their own time.
    fn hurry(&self, end: Option<Duration>) {
        let _ = end;
    }
}

/// Where the parts of a body go.
pub trait Sink: Send {
    /// The body begins, or begins again: what came before counts for nothing.
    fn begin(&mut self);

    /// The next part.
    fn part(&mut self, bytes: &[u8]);
}

/// One request.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// How it asks.
    pub method: Method<'a>,
    /// Where; an `https` URL.
    pub url: &'a str,
    /// The most bytes that the body may have.
    pub max_bytes: usize,
    /// Of which kind the body must be.
    pub accept: Accept,
    /// Who asks, where that matters.
    pub token: Option<&'a Token>,
}

/// How a request asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method<'a> {
    /// For a thing.
    Get,
    /// With a question in JSON. Only for questions that change nothing: they may be asked again.
    Ask(&'a [u8]),
    /// With a question to a git server, in version 2 of its protocol. It changes nothing either.
    Git(&'a [u8]),
}

/// Of which kind the body of an answer must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Accept {
    /// JSON, and said to be.
    Json,
    /// What a git server answers.
    Git,
    /// A published file, except a page of HTML.
    File,
    /// A large file that is served like a page, except a page of HTML.
    Archive,
    /// Any bytes, except a page of HTML where none was asked for.
    Bytes,
}

impl Accept {
    /// Whether it may take as long as the run; how slow it may be is another limit.
    pub(in crate::collect) fn is_long(self) -> bool {
        matches!(self, Self::File | Self::Archive)
    }
}

/// The body of an answer, with what is known of it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Answer {
    /// The body, whole.
    pub bytes: Vec<u8>,
    /// Where it came from in the end, without query and fragment.
    pub url: String,
    /// Where the next page of the list is (RFC 8288, `rel="next"`), when it is on the same origin.
    pub next: Option<String>,
}

impl Answer {
    /// A body from `url`.
    pub fn new(url: impl Into<String>, bytes: Vec<u8>) -> Self {
        Self { bytes, url: url.into(), next: None }
    }
}

/// A secret, and the one origin that it may be sent to.
#[derive(Clone, PartialEq, Eq)]
pub struct Token {
    origin: String,
    header: Header,
    secret: String,
}

/// The header in which a token is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Header {
    /// `Authorization: Bearer`.
    Bearer,
    /// `Authorization: Basic`, as the password of this user.
    Basic {
        /// The user, whom forges mostly do not look at.
        user: &'static str,
    },
    /// A header of its own, such as `PRIVATE-TOKEN`.
    Named(&'static str),
}

impl Token {
    /// A token for the origin of `url`, of which only scheme, host and port count.
    pub fn new(url: impl Into<String>, header: Header, secret: impl Into<String>) -> Self {
        Self { origin: url.into(), header, secret: secret.into() }
    }

    /// A URL of the origin that it belongs to.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// In which header it is sent.
    pub fn header(&self) -> Header {
        self.header
    }

    /// The secret; for the transport alone.
    pub(in crate::collect) fn secret(&self) -> &str {
        &self.secret
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Token")
            .field("origin", &self.origin)
            .field("header", &self.header)
            .finish_non_exhaustive()
    }
}

/// Why there is no answer. URLs are shown without their query, which may hold secrets, and escaped.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TransportError {
    /// `--offline`.
    #[error("{} was not asked: --offline opens no socket", shown(url))]
    Offline {
        /// Where it would have been.
        url: String,
    },
    /// A URL that is never asked.
    #[error("{} is not asked: {reason}", shown(url))]
    Url {
        /// The URL.
        url: String,
        /// Why not.
        reason: &'static str,
    },
    /// A name that leads to an address inside somebody's network.
    #[error("{} is not asked: its address {address} is {kind}", shown(url))]
    Address {
        /// The URL.
        url: String,
        /// The address.
        address: String,
        /// Which kind of address that is.
        kind: &'static str,
    },
    /// A redirect that is not followed.
    #[error("{} redirects to {}, which is not followed: {reason}", shown(url), shown(to))]
    Redirect {
        /// Who redirects.
        url: String,
        /// Where to.
        to: String,
        /// Why it is not followed.
        reason: &'static str,
    },
    /// Another status than 200.
    #[error("{} answered {status}{}", shown(url), retry(*retry_after))]
    Status {
        /// Who answered.
        url: String,
        /// The status.
        status: u16,
        /// After how many seconds it wants to be asked again.
        retry_after: Option<u64>,
    },
    /// As many requests as the server allows, or more.
    #[error("{} answered {status}: it takes no more requests before {}", shown(url), in_seconds(*until))]
    RateLimited {
        /// Who answered.
        url: String,
        /// The status.
        status: u16,
        /// When it takes requests again.
        until: Timestamp,
    },
    /// A body of another kind than was asked for.
    #[error("{} answered with {} where {expected} was asked for", shown(url), text::clean(found))]
    Kind {
        /// Who answered.
        url: String,
        /// What came.
        found: String,
        /// What was asked for.
        expected: &'static str,
    },
    /// A body over the cap of its request.
    #[error("the answer of {} is over the limit of {limit} bytes", shown(url))]
    TooLarge {
        /// Who answered.
        url: String,
        /// The cap.
        limit: usize,
    },
    /// No whole answer in time.
    #[error("{} did not answer within {} s", shown(url), after.as_secs())]
    Timeout {
        /// Who was asked.
        url: String,
        /// How long was waited.
        after: Duration,
    },
    /// A body that comes too slowly to ever end.
    #[error("{} sent {bytes} bytes within {} s, which is too slow", shown(url), within.as_secs())]
    Slow {
        /// Who answered.
        url: String,
        /// How much came.
        bytes: u64,
        /// In how long.
        within: Duration,
    },
    /// A server that does not show that it is the one that was asked for.
    #[error("{} is not asked: the certificate of {} {}", shown(url), text::clean(host), text::clean(reason))]
    Certificate {
        /// Who was asked.
        url: String,
        /// Whose certificate it should be.
        host: String,
        /// What is wrong with it.
        reason: String,
        /// Whether somebody whom nobody here knows certifies it.
        is_of_unknown_issuer: bool,
    },
    /// No connection, or one that broke before the answer was whole.
    #[error("{} could not be asked: {}", shown(url), text::clean(reason))]
    Connection {
        /// Who was asked.
        url: String,
        /// Why there is no answer.
        reason: String,
    },
}

impl TransportError {
    /// What the user can do about it.
    pub fn advice(&self) -> &'static str {
        match self {
            Self::Offline { .. } => "run without --offline",
            Self::Url { .. } | Self::Address { .. } => "give an https URL of a public host",
            Self::Redirect { .. } => "find out who redirects there, and why",
            Self::Status { status: 401 | 403, .. } => "check access, or wait if this is a rate limit",
            Self::Status { status: 404, .. } => "check the name; what is private also answers like this",
            Self::Status { status: 429, .. } => "wait for the rate limit to end, then try again",
            Self::RateLimited { .. } => "come back then, or give a token, which more requests are allowed to",
            Self::Certificate { is_of_unknown_issuer: true, .. } => {
                "if this network has an authority of its own, name its certificate in RELCHECK_CA_BUNDLE; otherwise \
                 somebody stands in between"
            }
            Self::Certificate { .. } => {
                "check the clock of this machine and the name of the host; otherwise tell whoever runs it"
            }
            Self::Kind { .. } => "a portal or proxy may stand in between; try again from another network",
            Self::TooLarge { .. } => "report it to whoever runs that service",
            Self::Status { .. } | Self::Timeout { .. } | Self::Slow { .. } | Self::Connection { .. } => {
                "check the network, and try again"
            }
        }
    }

    /// The reason and what to do, for a report.
    pub fn reason(&self) -> String {
        format!("{self}; {}", self.advice())
    }

    /// Whether the server that was asked for `asked` says that it has no such thing, and not somebody to whom it sent on.
    /// What that proves depends on the server.
    pub fn is_not_found(&self, asked: &str) -> bool {
        match self {
            Self::Status { status: 404 | 410, url, .. } => origin(url).eq_ignore_ascii_case(origin(asked)),
            _ => false,
        }
    }
}

/// A transport that opens no socket and says so.
#[derive(Clone, Copy, Debug, Default)]
pub struct Offline;

impl Transport for Offline {
    fn fetch(&self, request: &Request<'_>) -> Result<Answer, TransportError> {
        Err(TransportError::Offline { url: request.url.to_owned() })
    }
}

/// A URL without what may be secret, made safe to print.
pub fn shown(url: &str) -> String {
    let plain = url.split(['?', '#']).next().unwrap_or_default();
    let plain = match plain.split_once("://") {
        Some((scheme, rest)) => {
            let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
            let host = authority.rsplit('@').next().unwrap_or_default();
            format!("{scheme}://{host}{path}")
        }
        None => plain.to_owned(),
    };
    let short: String = plain.chars().take(300).collect();
    text::clean(&short).into_owned()
}

/// Scheme, host and port, as they are written.
fn origin(url: &str) -> &str {
    let host = url.find("://").map_or(0, |at| at + 3);
    let end = url[host..].find(['/', '?', '#']).map_or(url.len(), |at| host + at);
    &url[..end]
}

/// A time without its fractions, which nobody waits for.
fn in_seconds(time: Timestamp) -> String {
    time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

fn retry(after: Option<u64>) -> String {
    after.map_or_else(String::new, |seconds| format!(" and wants to be asked again after {seconds} s"))
}

#[cfg(test)]
mod tests;
