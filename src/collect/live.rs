//! The network: the one HTTP client of this program.
//!
//! The rules that must not be broken. Only `https`. Redirects are followed here, hop by hop, and each hop is held to
//! the same rules; a token goes to its own origin and nowhere else. A name is resolved, its addresses are checked, and
//! the connection goes to one that passed: nothing inside the verifier's own network is reached. A body is read as it
//! comes and cut off at the cap of its request. There is an end to every wait: for one request, for all of its retries,
//! and for everything that one run asks.
//!
//! No proxy is used and no compression is asked for. The runtime lives in here; nothing else of the program is async.

use super::{
    address,
    transport::{Accept, Answer, Header, Method, Request, Token, Transport, TransportError},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use reqwest::{
    Client, Response, Url,
    dns::{Addrs, Name, Resolve, Resolving},
    header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderName, HeaderValue, LOCATION, RETRY_AFTER},
    redirect::Policy,
};
use std::{
    error::Error,
    net::{IpAddr, SocketAddr, ToSocketAddrs},
    sync::Arc,
    time::Duration,
};
use tokio::{
    runtime::{Builder, Runtime},
    task::spawn_blocking,
    time::{Instant, sleep, timeout},
};

/// The kind of what a git server answers (gitprotocol-http(5), section "Smart Service git-upload-pack").
const GIT_ANSWER: &str = "application/x-git-upload-pack-result";
const USER_AGENT: &str = concat!("relcheck/", env!("CARGO_PKG_VERSION"));

/// How long and how often is waited.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// For everything that one run asks.
    pub whole_run: Duration,
    /// For one request with its redirects, from the first byte sent to the last one received.
    pub request: Duration,
    /// For a connection.
    pub connect: Duration,
    /// For the next bytes of a body.
    pub read: Duration,
    /// How often a request is made again.
    pub retries: u32,
    /// Before the first retry; twice as long before each further one.
    pub pause: Duration,
    /// The longest that a server may ask to wait.
    pub retry_after: Duration,
    /// How many redirects are followed.
    pub redirects: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            whole_run: Duration::from_secs(15 * 60),
            request: Duration::from_secs(60),
            connect: Duration::from_secs(10),
            read: Duration::from_secs(20),
            retries: 4,
            pause: Duration::from_millis(500),
            retry_after: Duration::from_secs(120),
            redirects: 5,
        }
    }
}

/// The network.
pub struct Live {
    /// Present until it is dropped.
    runtime: Option<Runtime>,
    client: Client,
    limits: Limits,
    reach: Reach,
    end: Instant,
}

/// What may be reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reach {
    /// `https` on the public internet.
    Public,
    /// Plain `http` on this machine, for the tests of this file.
    #[cfg(test)]
    Loopback,
}

impl Live {
    /// A client whose run begins now.
    ///
    /// # Errors
    /// [`TransportError::Connection`] where the system has no certificates to trust, or no threads.
    pub fn new(limits: Limits) -> Result<Self, TransportError> {
        Self::reaching(Reach::Public, limits)
    }

    fn reaching(reach: Reach, limits: Limits) -> Result<Self, TransportError> {
        let failed = |reason: String| TransportError::Connection { url: "the network".to_owned(), reason };
        let runtime =
            Builder::new_current_thread().enable_all().build().map_err(|e| failed(e.to_string()))?;
        let client = Client::builder()
            .user_agent(USER_AGENT)
            .https_only(reach == Reach::Public)
            .redirect(Policy::none())
            .retry(reqwest::retry::never())
            .referer(false)
            .no_proxy()
            .connect_timeout(limits.connect)
            .read_timeout(limits.read)
            .pool_max_idle_per_host(4)
            .dns_resolver(Arc::new(Resolver(reach)))
            .build()
            .map_err(|e| failed(in_full(&e)))?;
        Ok(Self { runtime: Some(runtime), client, limits, reach, end: Instant::now() + limits.whole_run })
    }

    /// Asks until there is an answer, a refusal, or no time left.
    async fn persist(&self, request: &Request<'_>) -> Result<Answer, TransportError> {
        let mut attempt = 0;
        loop {
            let left = self.end.saturating_duration_since(Instant::now());
            let wait = self.limits.request.min(left);
            let timed_out = || TransportError::Timeout { url: request.url.to_owned(), after: wait };
            if wait.is_zero() {
                return Err(timed_out());
            }
            let error = match timeout(wait, self.follow(request)).await {
                Ok(Ok(answer)) => return Ok(answer),
                Ok(Err(error)) => error,
                Err(_) => timed_out(),
            };
            let pause = self.pause(&error, attempt);
            let left = self.end.saturating_duration_since(Instant::now());
            match pause.filter(|pause| attempt < self.limits.retries && *pause < left) {
                Some(pause) => sleep(pause).await,
                None => return Err(error),
            }
            attempt += 1;
        }
    }

    /// How long to wait before asking again; nothing where that is no use.
    fn pause(&self, error: &TransportError, attempt: u32) -> Option<Duration> {
        let usual = self.limits.pause.saturating_mul(1 << attempt.min(10));
        match error {
            TransportError::Status { status: 429 | 502..=504, retry_after, .. } => {
                let asked = retry_after.map(Duration::from_secs).unwrap_or_default();
                (asked <= self.limits.retry_after).then_some(usual.max(asked))
            }
            TransportError::Timeout { .. } | TransportError::Connection { .. } => Some(usual),
            _ => None,
        }
    }

    /// Asks once, and follows the redirects.
    async fn follow(&self, request: &Request<'_>) -> Result<Answer, TransportError> {
        let mut url = Url::parse(request.url)
            .map_err(|_| TransportError::Url { url: request.url.to_owned(), reason: "it is not a URL" })?;
        self.check(&url)?;
        for _ in 0..=self.limits.redirects {
            let response = self.send(request, &url).await?;
            if !response.status().is_redirection() {
                return read(request, &url, response).await;
            }
            let next = next_hop(request, &url, &response)?;
            self.check(&next).map_err(|error| match error {
                TransportError::Url { reason, .. } => redirect(&url, next.as_str(), reason),
                TransportError::Address { .. } => redirect(&url, next.as_str(), "its address is not public"),
                other => other,
            })?;
            url = next;
        }
        Err(redirect(&url, url.as_str(), "it is one redirect too many"))
    }

    /// One request to one place.
    async fn send(&self, request: &Request<'_>, url: &Url) -> Result<Response, TransportError> {
        let accept = match request.accept {
            Accept::Json => "application/json",
            Accept::Git => GIT_ANSWER,
            Accept::Bytes => "*/*",
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
        if let Some(token) = request.token.filter(|token| is_of_origin(token, url)) {
            let (name, value) = header(token, url)?;
            builder = builder.header(name, value);
        }
        builder.send().await.map_err(|error| failure(url, &error))
    }

    /// Whether a place may be asked at all; names are looked at again when they are resolved.
    fn check(&self, url: &Url) -> Result<(), TransportError> {
        let refuse = |reason| Err(TransportError::Url { url: url.to_string(), reason });
        if url.scheme() != self.reach.scheme() {
            return refuse("it is not https");
        }
        if !url.username().is_empty() || url.password().is_some() {
            return refuse("it holds a password");
        }
        let Some(host) = url.host_str() else { return refuse("it has no host") };
        let literal = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>().ok();
        match literal.and_then(|ip| Some((ip, self.reach.refusal(ip)?))) {
            Some((ip, kind)) => {
                Err(TransportError::Address { url: url.to_string(), address: ip.to_string(), kind })
            }
            None => Ok(()),
        }
    }
}

impl Transport for Live {
    fn fetch(&self, request: &Request<'_>) -> Result<Answer, TransportError> {
        let runtime = self.runtime.as_ref().expect("the runtime is taken when the client is dropped");
        runtime.block_on(self.persist(request))
    }
}

impl Drop for Live {
    /// A name server that does not answer must not hold up the end.
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

impl Reach {
    /// The one scheme that is spoken.
    fn scheme(self) -> &'static str {
        match self {
            Self::Public => "https",
            #[cfg(test)]
            Self::Loopback => "http",
        }
    }

    /// Why an address is not connected to.
    fn refusal(self, address: IpAddr) -> Option<&'static str> {
        match self {
            Self::Public => address::refusal(address),
            #[cfg(test)]
            Self::Loopback => (!address.is_loopback()).then_some("not loopback"),
        }
    }
}

/// Resolves names to the addresses that may be connected to; the client connects to these and to no others.
struct Resolver(Reach);

/// A name all of whose addresses are refused.
#[derive(Debug, thiserror::Error)]
#[error("its address {address} is {kind}")]
struct Refused {
    address: IpAddr,
    kind: &'static str,
}

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        let reach = self.0;
        Box::pin(async move {
            let host = name.as_str().to_owned();
            let found =
                spawn_blocking(move || (host.as_str(), 0).to_socket_addrs().map(Vec::from_iter)).await??;
            let refused = found
                .iter()
                .find_map(|socket| Some(Refused { address: socket.ip(), kind: reach.refusal(socket.ip())? }));
            let public: Vec<SocketAddr> =
                found.into_iter().filter(|socket| reach.refusal(socket.ip()).is_none()).collect();
            match refused.filter(|_| public.is_empty()) {
                Some(refused) => Err(refused.into()),
                None => Ok(Box::new(public.into_iter()) as Addrs),
            }
        })
    }
}

/// Where a redirect leads.
fn next_hop(request: &Request<'_>, url: &Url, response: &Response) -> Result<Url, TransportError> {
    let to = response.headers().get(LOCATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if request.method != Method::Get {
        return Err(redirect(url, to, "a question is not sent on to somebody else"));
    }
    if !matches!(response.status().as_u16(), 301 | 302 | 303 | 307 | 308) || to.is_empty() {
        return Err(status(url, response));
    }
    url.join(to).map_err(|_| redirect(url, to, "it is not a URL"))
}

/// Reads the body, which must be of the kind and size that was asked for.
async fn read(request: &Request<'_>, url: &Url, mut response: Response) -> Result<Answer, TransportError> {
    // 201 is how Rekor answers a question that it has just taken down.
    if !matches!(response.status().as_u16(), 200 | 201) {
        return Err(status(url, &response));
    }
    check_kind(request.accept, url, &response)?;
    let too_large = || TransportError::TooLarge { url: url.to_string(), limit: request.max_bytes };
    if response.content_length().is_some_and(|length| length > request.max_bytes as u64) {
        return Err(too_large());
    }
    let mut bytes = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| failure(url, &error))? {
        if bytes.len() + chunk.len() > request.max_bytes {
            return Err(too_large());
        }
        bytes.extend_from_slice(&chunk);
    }
    if request.accept == Accept::Json && bytes.trim_ascii_start().starts_with(b"<") {
        return Err(kind(request.accept, url, "a page of HTML"));
    }
    let mut plain = url.clone();
    plain.set_query(None);
    plain.set_fragment(None);
    Ok(Answer::new(plain, bytes))
}

/// The kind that the server says the body is of.
fn check_kind(accept: Accept, url: &Url, response: &Response) -> Result<(), TransportError> {
    let said = response.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let essence = said.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let is_html = matches!(essence.as_str(), "text/html" | "application/xhtml+xml");
    let is_json = essence == "application/json" || essence.ends_with("+json");
    match accept {
        _ if is_html => Err(kind(accept, url, "a page of HTML")),
        Accept::Json if is_json => Ok(()),
        Accept::Git if essence == GIT_ANSWER => Ok(()),
        Accept::Bytes => Ok(()),
        _ if essence.is_empty() => Err(kind(accept, url, "something of no stated kind")),
        _ => Err(kind(accept, url, &essence)),
    }
}

fn kind(accept: Accept, url: &Url, found: &str) -> TransportError {
    let expected = match accept {
        Accept::Json => "JSON",
        Accept::Git => "the answer of a git server",
        Accept::Bytes => "a file",
    };
    let found: String = found.chars().take(100).collect();
    TransportError::Kind { url: url.to_string(), found, expected }
}

fn redirect(url: &Url, to: &str, reason: &'static str) -> TransportError {
    TransportError::Redirect { url: url.to_string(), to: to.to_owned(), reason }
}

fn status(url: &Url, response: &Response) -> TransportError {
    let after = response.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok());
    TransportError::Status {
        url: url.to_string(),
        status: response.status().as_u16(),
        // A date would need the clock; the usual pause does for it.
        retry_after: after.and_then(|text| text.trim().parse().ok()),
    }
}

fn failure(url: &Url, error: &reqwest::Error) -> TransportError {
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
fn in_full(error: &reqwest::Error) -> String {
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

/// Whether `url` has the scheme, host and port that the token is for.
fn is_of_origin(token: &Token, url: &Url) -> bool {
    Url::parse(token.origin()).is_ok_and(|origin| origin.origin() == url.origin())
}

/// The header that carries a token.
fn header(token: &Token, url: &Url) -> Result<(HeaderName, HeaderValue), TransportError> {
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
mod tests;
