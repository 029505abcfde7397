//! When a request is made again: what a server asks for, how long is waited, and when it is no use.
//!
//! The rule that must not be broken: no server decides that this program waits longer than the cap, whatever it says.

use super::Limits;
use crate::collect::transport::TransportError;
use jiff::{SignedDuration, Timestamp, fmt::rfc2822, fmt::strtime, tz::TimeZone};
use reqwest::header::{HeaderMap, RETRY_AFTER};
use std::{
    hash::{BuildHasher, Hasher, RandomState},
    time::Duration,
};
use tokio::time::Instant;

/// The headers in which forges say how many requests are left, and when that begins anew. GitHub's, and GitLab's; both
/// give the seconds since 1970. Gitea has none.
const QUOTAS: [(&str, &str); 2] =
    [("x-ratelimit-remaining", "x-ratelimit-reset"), ("ratelimit-remaining", "ratelimit-reset")];
/// The longest date that is read.
const MAX_DATE: usize = 64;

/// The time, as it was told when the run began, and what has passed since.
pub(super) struct Clock {
    began: Timestamp,
    since: Instant,
}

impl Clock {
    pub(super) fn starting(began: Timestamp) -> Self {
        Self { began, since: Instant::now() }
    }

    pub(super) fn now(&self) -> Timestamp {
        later(self.began, self.elapsed())
    }

    pub(super) fn elapsed(&self) -> Duration {
        self.since.elapsed()
    }
}

/// What keeps many that were turned away together from coming back together.
pub(super) struct Jitter(pub(super) Box<dyn Fn() -> u32 + Send + Sync>);

impl Default for Jitter {
    /// The keys of a hasher are random, and others each time.
    fn default() -> Self {
        Self(Box::new(|| {
            let bytes = RandomState::new().build_hasher().finish().to_le_bytes();
            u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]])
        }))
    }
}

impl Jitter {
    /// Anything from nothing to `whole`.
    pub(super) fn of(&self, whole: Duration) -> Duration {
        let nanoseconds = whole.as_nanos().saturating_mul((self.0)().into()) / u128::from(u32::MAX);
        let seconds = u64::try_from(nanoseconds / 1_000_000_000).unwrap_or(u64::MAX);
        Duration::new(seconds, u32::try_from(nanoseconds % 1_000_000_000).unwrap_or(0))
    }
}

/// How long to wait before asking again; nothing where that is no use.
pub(super) fn pause(
    error: &TransportError,
    attempt: u32,
    limits: &Limits,
    clock: &Clock,
    jitter: &Jitter,
) -> Option<Duration> {
    let usual = || jitter.of(limits.pause.saturating_mul(1 << attempt.min(10)));
    let after = |asked: Duration| {
        (asked <= limits.retry_after)
            .then(|| asked.max(asked.saturating_add(usual()).min(limits.retry_after)))
    };
    match error {
        TransportError::RateLimited { until, .. } => after(from_to(clock.now(), *until)),
        TransportError::Status { status: 429 | 502..=504, retry_after: Some(seconds), .. } => {
            after(Duration::from_secs(*seconds))
        }
        TransportError::Status { status: 429 | 502..=504, retry_after: None, .. }
        | TransportError::Timeout { .. }
        | TransportError::Connection { .. }
        | TransportError::Slow { .. } => Some(usual()),
        _ => None,
    }
}

/// When a server wants to be asked again; nothing where it does not say so, or in no way that means anything.
pub(super) fn asked_again(status: u16, headers: &HeaderMap, now: Timestamp) -> Option<Timestamp> {
    let all = headers.get_all(RETRY_AFTER).iter();
    let latest = all.filter_map(|value| retry_after(value.to_str().ok()?.trim(), now)).max();
    // A quota may be used up by any answer; it is the reason for these alone.
    let quotas = QUOTAS.iter().filter(|_| matches!(status, 403 | 429));
    latest.or_else(|| quotas.filter_map(|(left, reset)| quota(headers, left, reset)).max())
}

/// Seconds, or a date (RFC 9110, section 10.2.3).
fn retry_after(text: &str, now: Timestamp) -> Option<Timestamp> {
    match number(text) {
        Some(seconds) => Some(later(now, Duration::from_secs(seconds))),
        None => http_date(text),
    }
}

/// When a used-up quota begins anew.
fn quota(headers: &HeaderMap, left: &str, reset: &str) -> Option<Timestamp> {
    let value = |name: &str| number(headers.get(name)?.to_str().ok()?.trim());
    if value(left)? != 0 {
        return None;
    }
    Some(later(Timestamp::UNIX_EPOCH, Duration::from_secs(value(reset)?)))
}

/// Digits and nothing else; more than fit are as many as fit.
fn number(text: &str) -> Option<u64> {
    let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| text.parse().unwrap_or(u64::MAX))
}

/// A date of HTTP, in any of its three forms (RFC 9110, section 5.6.7).
fn http_date(text: &str) -> Option<Timestamp> {
    if text.len() > MAX_DATE {
        return None;
    }
    let obsolete = |form: &str| {
        let civil = strtime::parse(form, text).ok()?.to_datetime().ok()?;
        Some(civil.to_zoned(TimeZone::UTC).ok()?.timestamp())
    };
    rfc2822::DateTimeParser::new()
        .parse_timestamp(text)
        .ok()
        .or_else(|| obsolete("%A, %d-%b-%y %H:%M:%S GMT"))
        .or_else(|| obsolete("%a %b %e %H:%M:%S %Y"))
}

/// What is later by that much, or as late as there is.
fn later(time: Timestamp, by: Duration) -> Timestamp {
    SignedDuration::try_from(by).ok().and_then(|by| time.checked_add(by).ok()).unwrap_or(Timestamp::MAX)
}

/// How long it is until then; nothing where that has passed.
pub(super) fn from_to(now: Timestamp, then: Timestamp) -> Duration {
    then.duration_since(now).try_into().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use reqwest::header::{HeaderName, HeaderValue};

    fn headers(all: &[(&'static str, &str)]) -> HeaderMap {
        let one = |(name, value): &(&'static str, &str)| {
            (HeaderName::from_static(name), HeaderValue::from_str(value).unwrap())
        };
        all.iter().map(one).collect()
    }

    fn now() -> Timestamp {
        "2026-11-08T08:49:00Z".parse().unwrap()
    }

    fn asked(all: &[(&'static str, &str)]) -> Option<String> {
        asked_again(429, &headers(all), now()).map(|at| at.to_string())
    }

    #[test]
    fn a_server_says_when_in_seconds_by_a_date_or_by_its_quota() {
        let at = Some("2026-11-08T08:49:37Z".to_owned());
        for value in [
            "37",
            " 37 ",
            "Sun, 08 Nov 2026 08:49:37 GMT",
            "Sunday, 08-Nov-26 08:49:37 GMT",
            "Sun Nov  8 08:49:37 2026",
        ] {
            assert_eq!(asked(&[("retry-after", value)]), at, "{value}");
        }
        let reset = now().as_second() + 37;
        let reset = reset.to_string();
        assert_eq!(asked(&[("x-ratelimit-remaining", "0"), ("x-ratelimit-reset", &reset)]), at);
        assert_eq!(asked(&[("ratelimit-remaining", "0"), ("ratelimit-reset", &reset)]), at);
        assert_eq!(asked(&[("x-ratelimit-remaining", "1"), ("x-ratelimit-reset", &reset)]), None);
        assert_eq!(asked(&[("x-ratelimit-reset", &reset)]), None);
        // What is said outright counts before the quota, and the later of two counts.
        assert_eq!(
            asked(&[
                ("retry-after", "37"),
                ("x-ratelimit-remaining", "0"),
                ("x-ratelimit-reset", "9999999999")
            ]),
            at
        );
        assert_eq!(asked(&[("retry-after", "5"), ("retry-after", "37")]), at);
        let used_up = headers(&[("x-ratelimit-remaining", "0"), ("x-ratelimit-reset", &reset)]);
        assert_eq!(asked_again(404, &used_up, now()), None);
    }

    #[test]
    fn nonsense_says_nothing_and_what_is_too_far_is_as_far_as_there_is() {
        let long = "9".repeat(5000);
        for value in [
            "",
            "-1",
            "NaN",
            "1e9",
            "12.5",
            "+5",
            "0x10",
            "soon",
            "Thu, 99 Foo 2026 99:99:99 GMT",
            &"x".repeat(9000),
        ] {
            assert_eq!(asked(&[("retry-after", value)]), None, "{value:.40}");
            assert_eq!(asked(&[("x-ratelimit-remaining", "0"), ("x-ratelimit-reset", value)]), None);
        }
        for value in ["18446744073709551615", "9223372036854775807", "99999999999999", &long] {
            let at = asked(&[("retry-after", value)]).unwrap();
            assert!(at.starts_with("9999-12-30"), "{value:.40}: {at}");
            let at = asked(&[("x-ratelimit-remaining", "0"), ("x-ratelimit-reset", value)]).unwrap();
            assert!(at.starts_with("9999-12-30"), "{value:.40}: {at}");
        }
        assert_eq!(
            asked(&[("retry-after", "Thu, 30 Dec 9999 00:00:00 GMT")]).unwrap(),
            "9999-12-30T00:00:00Z"
        );
    }

    #[test]
    fn a_wait_grows_is_spread_and_stays_under_its_cap() {
        let limits = Limits::default();
        let clock = Clock { began: now(), since: Instant::now() };
        let wait = |error: &TransportError, attempt, random: u32| {
            pause(error, attempt, &limits, &clock, &Jitter(Box::new(move || random)))
        };
        let url = || "https://forge.example/".to_owned();
        let broken = TransportError::Connection { url: url(), reason: String::new() };
        let half = u32::MAX / 2;
        let all: Vec<_> =
            (0..4).map(|attempt| wait(&broken, attempt, u32::MAX).unwrap().as_millis()).collect();
        assert_eq!(all, [500, 1000, 2000, 4000]);
        assert_eq!(wait(&broken, 1, half).unwrap().as_millis(), 499);
        assert_eq!(wait(&broken, 3, 0), Some(Duration::ZERO));
        let wants = |retry_after| TransportError::Status { url: url(), status: 503, retry_after };
        assert_eq!(wait(&wants(Some(7)), 0, 0), Some(Duration::from_secs(7)));
        assert_eq!(wait(&wants(Some(7)), 1, u32::MAX), Some(Duration::from_secs(8)));
        assert_eq!(wait(&wants(Some(120)), 9, u32::MAX), Some(Duration::from_secs(120)));
        assert_eq!(wait(&wants(Some(121)), 0, 0), None);
        assert_eq!(wait(&wants(Some(u64::MAX)), 0, 0), None);
        let until = |until| TransportError::RateLimited { url: url(), status: 403, until };
        assert_eq!(wait(&until(Timestamp::MIN), 0, u32::MAX), Some(limits.pause));
        assert!(
            wait(&until(later(now(), Duration::from_secs(60))), 0, u32::MAX).unwrap() <= limits.retry_after
        );
        assert_eq!(wait(&until(later(now(), Duration::from_secs(600))), 0, 0), None);
        assert_eq!(wait(&until(Timestamp::MAX), 0, 0), None);
        // The longest that a limit can be does not overflow.
        let longest = Limits { pause: Duration::MAX, retry_after: Duration::MAX, ..limits };
        assert_eq!(
            pause(&wants(Some(u64::MAX)), 9, &longest, &clock, &Jitter(Box::new(|| u32::MAX))),
            Some(Duration::MAX)
        );
    }

    #[test]
    fn the_usual_randomness_is_some() {
        let jitter = Jitter::default();
        let all: std::collections::BTreeSet<u32> = (0..16).map(|_| (jitter.0)()).collect();
        assert!(all.len() > 8, "{all:?}");
    }
}
