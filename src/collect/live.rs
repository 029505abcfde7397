//! The network: the one HTTP client of this program.
//!
//! The rules that must not be broken. Only `https`. Redirects are followed here, hop by hop, and each hop is held to
//! the same rules; a token goes to its own origin and nowhere else. A name is resolved, its addresses are checked, and
//! the connection goes to one that passed: nothing inside the verifier's own network is reached. A body is read as it
//! comes and cut off at the cap of its request. There is an end to every wait: for one request, for all of its retries,
//! and for everything that one run asks.
//!
//! No proxy is used and no compression is asked for. The runtime lives in here; nothing else of the program is async.

mod errors;
mod headers;
mod limits;
mod resolve;
mod resume;
mod speed;

pub use limits::Limits;

use super::transport::{Accept, Answer, Method, Request, Sink, Transport, TransportError};
use errors::{failure, in_full, kind, redirect};
use headers::{GIT_ANSWER, check_kind, header, is_of_origin, next_hop, next_page};
use reqwest::{
    Client, Response, Url,
    header::{ACCEPT, CONTENT_TYPE, IF_RANGE, RANGE},
    redirect::Policy,
};
use resolve::{Reach, Resolver};
use resume::Got;
use speed::Speed;
use std::{net::IpAddr, sync::Arc, time::Duration};
use tokio::{
    runtime::{Builder, Runtime},
    time::{Instant, sleep, timeout},
};

/// How often one body is gone on with after it broke off.
const MAX_RESUMED: u32 = 20;
const USER_AGENT: &str = concat!("relcheck/", env!("CARGO_PKG_VERSION"));

/// The network.
pub struct Live {
    /// Present until it is dropped.
    runtime: Option<Runtime>,
    client: Client,
    limits: Limits,
    reach: Reach,
    end: Instant,
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

    /// Asks until there is a whole answer, a refusal, or no time left.
    async fn persist(&self, request: &Request<'_>, sink: &mut dyn Sink) -> Result<Origin, TransportError> {
        let mut attempt = 0;
        let mut got = Got::default();
        loop {
            let left = self.end.saturating_duration_since(Instant::now());
            // A file may take as long as the run; how slow it may be is another limit.
            let wait = if request.accept == Accept::File { left } else { self.limits.request.min(left) };
            let timed_out = || TransportError::Timeout { url: request.url.to_owned(), after: wait };
            if wait.is_zero() {
                return Err(timed_out());
            }
            let before = got.bytes;
            let error = match timeout(wait, self.follow(request, &mut got, sink)).await {
                Ok(Ok(origin)) => return Ok(origin),
                Ok(Err(error)) => error,
                Err(_) => timed_out(),
            };
            if got.bytes > before {
                attempt = 0;
                got.resumed += 1;
            }
            let pause = self.pause(&error, attempt).filter(|_| got.resumed <= MAX_RESUMED);
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
            TransportError::Timeout { .. }
            | TransportError::Connection { .. }
            | TransportError::Slow { .. } => Some(usual),
            _ => None,
        }
    }

    /// Asks once, and follows the redirects.
    async fn follow(
        &self,
        request: &Request<'_>,
        got: &mut Got,
        sink: &mut dyn Sink,
    ) -> Result<Origin, TransportError> {
        let mut url = Url::parse(request.url)
            .map_err(|_| TransportError::Url { url: request.url.to_owned(), reason: "it is not a URL" })?;
        self.check(&url)?;
        for _ in 0..=self.limits.redirects {
            let response = self.send(request, &url, got).await?;
            if !response.status().is_redirection() {
                return self.read(request, &url, response, got, sink).await;
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
    async fn send(&self, request: &Request<'_>, url: &Url, got: &Got) -> Result<Response, TransportError> {
        let accept = match request.accept {
            Accept::Json => "application/json",
            Accept::Git => GIT_ANSWER,
            // GitHub tells a file from what it says about the file by this.
            Accept::File => "application/octet-stream",
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
        if let Some(tag) = got.tag.as_ref().filter(|_| got.bytes > 0) {
            // Only of the very same representation may the rest be taken (RFC 9110, sections 13.1.5 and 14.2).
            builder = builder.header(RANGE, format!("bytes={}-", got.bytes)).header(IF_RANGE, tag);
        }
        if let Some(token) = request.token.filter(|token| is_of_origin(token, url)) {
            let (name, value) = header(token, url)?;
            builder = builder.header(name, value);
        }
        builder.send().await.map_err(|error| failure(url, &error))
    }

    /// Reads the body, which must be of the kind and size that was asked for.
    async fn read(
        &self,
        request: &Request<'_>,
        url: &Url,
        mut response: Response,
        got: &mut Got,
        sink: &mut dyn Sink,
    ) -> Result<Origin, TransportError> {
        got.begin(url, &response, sink)?;
        check_kind(request.accept, url, &response)?;
        let too_large = || TransportError::TooLarge { url: url.to_string(), limit: request.max_bytes };
        let room = (request.max_bytes as u64).saturating_sub(got.bytes);
        if response.content_length().is_some_and(|length| length > room) {
            return Err(too_large());
        }
        let mut speed = Speed::new(self.limits);
        while let Some(chunk) = response.chunk().await.map_err(|error| failure(url, &error))? {
            got.bytes += chunk.len() as u64;
            if got.bytes > request.max_bytes as u64 {
                return Err(too_large());
            }
            sink.part(&chunk);
            speed.check(chunk.len(), url)?;
        }
        let next = next_page(url, &response);
        let mut plain = url.clone();
        plain.set_query(None);
        plain.set_fragment(None);
        Ok(Origin { url: plain.into(), next })
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

    fn block_on<T>(&self, future: impl Future<Output = T>) -> T {
        self.runtime.as_ref().expect("the runtime is taken when the client is dropped").block_on(future)
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

impl Transport for Live {
    fn fetch(&self, request: &Request<'_>) -> Result<Answer, TransportError> {
        let mut bytes = Memory(Vec::new());
        let origin = self.block_on(self.persist(request, &mut bytes))?;
        if request.accept == Accept::Json && bytes.0.trim_ascii_start().starts_with(b"<") {
            return Err(kind(request.accept, &origin.url, "a page of HTML"));
        }
        let mut answer = Answer::new(origin.url, bytes.0);
        answer.next = origin.next;
        Ok(answer)
    }

    fn stream(&self, request: &Request<'_>, sink: &mut dyn Sink) -> Result<(), TransportError> {
        self.block_on(self.persist(request, sink)).map(drop)
    }
}

/// A body that is kept.
struct Memory(Vec<u8>);

impl Sink for Memory {
    fn begin(&mut self) {
        self.0.clear();
    }

    fn part(&mut self, bytes: &[u8]) {
        self.0.extend_from_slice(bytes);
    }
}

/// Where a whole answer came from.
struct Origin {
    url: String,
    next: Option<String>,
}

#[cfg(test)]
mod tests;
