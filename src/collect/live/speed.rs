//! Whether a body comes fast enough to ever end.

use super::Limits;
use crate::collect::transport::TransportError;
use reqwest::Url;
use tokio::time::Instant;

/// Whether a body comes fast enough to ever end.
pub(super) struct Speed {
    limits: Limits,
    since: Instant,
    bytes: u64,
}

impl Speed {
    pub(super) fn new(limits: Limits) -> Self {
        Self { limits, since: Instant::now(), bytes: 0 }
    }

    pub(super) fn check(&mut self, bytes: usize, url: &Url) -> Result<(), TransportError> {
        self.bytes += bytes as u64;
        let passed = self.since.elapsed();
        if passed < self.limits.slow_for {
            return Ok(());
        }
        if self.bytes < self.limits.slowest * passed.as_secs().max(1) {
            return Err(TransportError::Slow { url: url.to_string(), bytes: self.bytes, within: passed });
        }
        *self = Self::new(self.limits);
        Ok(())
    }
}
