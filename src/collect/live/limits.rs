//! How long and how often is waited. There is an end to every wait.

use std::time::Duration;

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
    /// The longest pause before the first retry; twice as long before each further one. How long it is, is random.
    pub pause: Duration,
    /// The longest that a server may ask to wait.
    pub retry_after: Duration,
    /// How many redirects are followed.
    pub redirects: u32,
    /// The fewest bytes a second that a body may come with, …
    pub slowest: u64,
    /// … on the average of so long.
    pub slow_for: Duration,
}

impl Limits {
    /// The same, with those of these that are said, in seconds.
    pub fn in_seconds(self, whole_run: Option<u64>, request: Option<u64>, read: Option<u64>) -> Self {
        let or = |said: Option<u64>, usual: Duration| said.map_or(usual, Duration::from_secs);
        Self {
            whole_run: or(whole_run, self.whole_run),
            request: or(request, self.request),
            read: or(read, self.read),
            ..self
        }
    }
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
            slowest: 1024,
            slow_for: Duration::from_secs(30),
        }
    }
}
