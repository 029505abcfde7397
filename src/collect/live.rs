//! The network: the one HTTP client of this program.
//!
//! The rules that must not be broken. Only `https`. Redirects are followed here, hop by hop, and each hop is held to
//! the same rules; a token goes to its own origin and nowhere else. A name is resolved, its addresses are checked, and
//! the connection goes to one that passed: nothing inside the verifier's own network is reached, except what the verifier
//! named. A body is read as it comes and cut off at the cap of its request. There is an end to every wait: for one request,
//! for all of its retries, and for everything that one run asks.
//!
//! No compression is asked for. The runtime lives in here; nothing else of the program is async.

mod answer;
mod cache;
mod config;
mod errors;
mod exchange;
mod headers;
mod limits;
mod resolve;
mod resume;
mod retry;
mod route;
mod speed;

pub use config::Config;
pub use limits::Limits;
pub use route::{Authority, Proxy, RouteError};

use super::mark::{Mark, Streamed};
use super::transport::{Accept, Answer, Request, Sink, Transport, TransportError};
use answer::{Memory, Origin};
use cache::{Cache, Entry};
use errors::{in_full, kind, redirect};
use headers::next_hop;
use reqwest::{Client, Url, redirect::Policy};
use resolve::{Reach, Resolver};
use resume::{Got, Kept, MAX_RESUMED};
use retry::{Clock, Jitter, pause};
use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use tokio::{
    runtime::{Builder, Runtime},
    time::{Instant, sleep, timeout},
};

const USER_AGENT: &str = concat!("relcheck/", env!("CARGO_PKG_VERSION"));

/// The network.
pub struct Live {
    /// Present until it is dropped.
    runtime: Option<Runtime>,
    client: Client,
    limits: Limits,
    reach: Reach,
    clock: Clock,
    jitter: Jitter,
    cache: Option<Cache>,
    end: Instant,
    waiting: Mutex<Waiting>,
}

/// What waiting does to the ends of things.
#[derive(Clone, Copy, Default)]
struct Waiting {
    /// How long nothing was done, which does not count against the run.
    rested: Duration,
    /// When questions end.
    hurry: Option<Duration>,
}

impl Live {
    /// A client whose run begins now.
    ///
    /// # Errors
    /// [`TransportError::Connection`] where the system has no certificates to trust, or no threads.
    pub fn new(config: Config) -> Result<Self, TransportError> {
        let reach = Reach::public(&config);
        Self::reaching(reach, config)
    }

    fn reaching(reach: Reach, config: Config) -> Result<Self, TransportError> {
        let failed = |reason: String| TransportError::Connection { url: "the network".to_owned(), reason };
        let runtime =
            Builder::new_current_thread().enable_all().build().map_err(|e| failed(e.to_string()))?;
        let limits = config.limits;
        let mut builder = Client::builder()
            .user_agent(USER_AGENT)
            .https_only(reach.scheme() == "https")
            .redirect(Policy::none())
            .retry(reqwest::retry::never())
            .referer(false)
            // The surroundings are read by whoever made the configuration, and by nobody else.
            .no_proxy()
            .connect_timeout(limits.connect)
            .read_timeout(limits.read)
            .pool_max_idle_per_host(4)
            .dns_resolver(Arc::new(Resolver(reach.clone())));
        if let Some(proxy) = config.proxy {
            builder = builder.proxy(proxy.into_client());
        }
        let roots: Vec<_> = config.authorities.into_iter().flat_map(Authority::into_roots).collect();
        if !roots.is_empty() {
            builder = builder.tls_certs_merge(roots);
        }
        let client = builder.build().map_err(|e| failed(in_full(&e)))?;
        Ok(Self {
            runtime: Some(runtime),
            client,
            limits,
            reach,
            clock: Clock::starting(config.now),
            jitter: Jitter::default(),
            cache: config.cache.map(Cache::at),
            end: Instant::now() + limits.whole_run,
            waiting: Mutex::default(),
        })
    }

    /// Asks until there is a whole answer, a refusal, or no time left.
    async fn persist(
        &self,
        request: &Request<'_>,
        kept: Option<Kept>,
        sink: &mut dyn Sink,
    ) -> Result<Origin, TransportError> {
        let mut attempt = 0;
        let mut got = Got::beside(kept);
        loop {
            let left = self.left(request.accept);
            // A file may take as long as the run; how slow it may be is another limit.
            let wait = if request.accept.is_long() { left } else { self.limits.request.min(left) };
            let timed_out = || TransportError::Timeout { url: request.url.to_owned(), after: wait };
            if wait.is_zero() {
                return Err(timed_out());
            }
            let error = match timeout(wait, self.follow(request, &mut got, sink)).await {
                Ok(Ok(origin)) => return Ok(origin),
                Ok(Err(error)) => error,
                Err(_) => timed_out(),
            };
            // Only what was added to what was there is progress. A body that begins again has made none.
            if got.take_progress() {
                attempt = 0;
            }
            let pause = pause(&error, attempt, &self.limits, &self.clock, &self.jitter);
            let may_again = attempt < self.limits.retries && got.resumed() < MAX_RESUMED;
            match pause.filter(|pause| may_again && *pause < self.left(request.accept)) {
                Some(pause) => sleep(pause).await,
                None => return Err(error),
            }
            attempt += 1;
        }
    }

    /// What is left of the run for a request of that kind.
    fn left(&self, accept: Accept) -> Duration {
        let waiting = self.waiting();
        let left = (self.end + waiting.rested).saturating_duration_since(Instant::now());
        match waiting.hurry {
            Some(end) if !accept.is_long() => {
                left.min((end + self.limits.request).saturating_sub(self.elapsed()))
            }
            _ => left,
        }
    }

    fn waiting(&self) -> std::sync::MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Asks once, and follows the redirects.
    async fn follow(
        &self,
        request: &Request<'_>,
        got: &mut Got,
        sink: &mut dyn Sink,
    ) -> Result<Origin, TransportError> {
        let first = Url::parse(request.url)
            .map_err(|_| TransportError::Url { url: request.url.to_owned(), reason: "it is not a URL" })?;
        self.check(&first)?;
        let mut url = first;
        for _ in 0..=self.limits.redirects {
            let response = self.send(request, &url, got).await?;
            if response.status() == 304 && got.asked_whether_changed() {
                match got.unchanged(&response) {
                    true => return Ok(Origin::unchanged(&url)),
                    false => continue,
                }
            }
            if !response.status().is_redirection() {
                return self.read(request, &url, response, got, sink).await;
            }
            let next = next_hop(request, &url, &response, self.clock.now())?;
            self.check(&next).map_err(|error| match error {
                TransportError::Url { reason, .. } => redirect(&url, next.as_str(), reason),
                TransportError::Address { .. } => redirect(&url, next.as_str(), "its address is not public"),
                other => other,
            })?;
            if self.reach.is_internal(&next) && !self.reach.is_internal(&url) {
                return Err(redirect(&url, next.as_str(), "it leads into the internal network"));
            }
            url = next;
        }
        Err(redirect(&url, url.as_str(), "it is one redirect too many"))
    }

    fn block_on<T>(&self, future: impl Future<Output = T>) -> T {
        self.runtime.as_ref().expect("the runtime is taken when the client is dropped").block_on(future)
    }
}

impl Transport for Live {
    fn fetch(&self, request: &Request<'_>) -> Result<Answer, TransportError> {
        let cache = self.cache.as_ref().filter(|_| cache::may_hold(request));
        let kept = cache.and_then(|cache| cache.load(request));
        let asked = Url::parse(request.url).ok();
        let beside = kept.as_ref().zip(asked.clone()).map(|(entry, place)| {
            let validators = entry.validators.clone();
            Kept { place, validators }
        });
        let mut bytes = Memory(Vec::new());
        let origin = self.block_on(self.persist(request, beside, &mut bytes))?;
        if let Some(entry) = kept.filter(|_| origin.is_unchanged) {
            let mut answer = Answer::new(origin.url, entry.body);
            answer.next = entry.next;
            return Ok(answer);
        }
        if request.accept == Accept::Json && bytes.0.trim_ascii_start().starts_with(b"<") {
            return Err(kind(request.accept, &origin.url, "a page of HTML"));
        }
        let is_of_asked = asked.as_ref() == Some(&origin.place);
        if let (Some(cache), Some(validators), true) = (cache, origin.validators, is_of_asked) {
            let next = origin.next.clone();
            cache.store(request, &Entry { validators, next, body: bytes.0.clone() });
        }
        let mut answer = Answer::new(origin.url, bytes.0);
        answer.next = origin.next;
        Ok(answer)
    }

    fn stream(&self, request: &Request<'_>, sink: &mut dyn Sink) -> Result<(), TransportError> {
        self.block_on(self.persist(request, None, sink)).map(drop)
    }

    fn stream_if_changed(
        &self,
        request: &Request<'_>,
        mark: Option<&Mark>,
        sink: &mut dyn Sink,
    ) -> Result<Streamed, TransportError> {
        let origin = self.block_on(self.persist(request, mark.and_then(Kept::of), sink))?;
        if origin.is_unchanged {
            return Ok(Streamed::Unchanged);
        }
        Ok(Streamed::Whole(origin.mark()))
    }

    fn elapsed(&self) -> Duration {
        self.clock.elapsed()
    }

    fn rest(&self, least: Duration, most: Duration) -> bool {
        let pause = least + self.jitter.of(most.saturating_sub(least));
        self.block_on(async { sleep(pause).await });
        self.waiting().rested += pause;
        true
    }

    fn hurry(&self, end: Option<Duration>) {
        self.waiting().hurry = end;
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

#[cfg(test)]
mod tests;
