//! Statuses other than 200, limits on requests, and bodies of another kind than was asked for.

use std::io::Write;

use flate2::{Compression, write::GzEncoder};

use crate::behaviours::{Behaviour, Expected, good, say};
use crate::http::Http;
use crate::server::Step;

fn status(line: &str) -> Http {
    Http::status(line).with("Content-Type", "application/json").saying("{\"message\": \"no\"}")
}

const ABSENT: Expected = Expected::NoPass;

/// Every status that means no.
pub fn statuses() -> Vec<Behaviour> {
    macro_rules! one {
        ($line:literal, $said:literal) => {
            Behaviour::of($line, |_, _| say(status($line)), &[$said])
        };
    }
    vec![
        one!("400 Bad Request", "answered 400"),
        one!("401 Unauthorized", "answered 401"),
        one!("403 Forbidden", "answered 403"),
        one!("404 Not Found", "answered 404").json(ABSENT),
        one!("407 Proxy Authentication Required", "answered 407"),
        one!("408 Request Timeout", "answered 408"),
        one!("409 Conflict", "answered 409"),
        one!("410 Gone", "answered 410").json(ABSENT),
        one!("416 Range Not Satisfiable", "answered 416"),
        one!("418 I'm a teapot", "answered 418"),
        one!("421 Misdirected Request", "answered 421"),
        one!("429 Too Many Requests", "answered 429"),
        one!("451 Unavailable For Legal Reasons", "answered 451"),
        one!("500 Internal Server Error", "answered 500"),
        one!("501 Not Implemented", "answered 501"),
        one!("502 Bad Gateway", "answered 502"),
        one!("503 Service Unavailable", "answered 503"),
        one!("504 Gateway Timeout", "answered 504"),
        one!("599 Whatever", "answered 599"),
        one!("202 Accepted", "answered 202"),
        one!("203 Non-Authoritative Information", "answered 203"),
        Behaviour::of("204 No Content", |_, _| say(Http::status("204 No Content")), &["answered 204"]),
        one!("205 Reset Content", "answered 205"),
        Behaviour::of(
            "206 unasked",
            |_, mut a| {
                let all = a.body.len();
                a.status = "206 Partial Content".to_owned();
                a.body.truncate(all / 2);
                let range = format!("bytes 0-{}/{all}", (all / 2).saturating_sub(1));
                say(a.with("Content-Range", range))
            },
            &["answered 206"],
        ),
        Behaviour::of(
            "304 unasked",
            |_, a| say(Http { status: "304 Not Modified".to_owned(), body: Vec::new(), ..a }),
            &["answered 304", "a question is not sent on"],
        )
        .at("GitHub release, kept", Expected::Heals),
        one!("300 Multiple Choices", "answered 300").git(Expected::Told(&["a question is not sent on"])),
    ]
}

/// Limits on requests, and when the server wants to be asked again.
pub fn limits() -> Vec<Behaviour> {
    macro_rules! after {
        ($name:literal, $line:literal, $value:expr, $said:expr) => {
            Behaviour::of($name, |_, _| say(status($line).with("Retry-After", $value)), $said)
        };
    }
    vec![
        Behaviour::of(
            "403 with GitHub's rate limit",
            |_, _| {
                say(status("403 rate limit exceeded")
                    .with("X-RateLimit-Remaining", "0")
                    .with("X-RateLimit-Reset", "4000000000"))
            },
            &["takes no more requests before 2096-10-02"],
        ),
        Behaviour::of(
            "429 with GitLab's rate limit",
            |_, _| {
                say(status("429 Too Many Requests")
                    .with("RateLimit-Remaining", "0")
                    .with("RateLimit-Reset", "4000000000"))
            },
            &["takes no more requests before 2096-10-02"],
        ),
        Behaviour::of(
            "403 with a rate limit that is over",
            |_, _| {
                say(status("403 rate limit exceeded")
                    .with("X-RateLimit-Remaining", "0")
                    .with("X-RateLimit-Reset", "1"))
            },
            &["takes no more requests before 1970"],
        ),
        Behaviour::of(
            "429 with a reset of no number",
            |_, _| {
                say(status("429 Too Many Requests")
                    .with("X-RateLimit-Remaining", "0")
                    .with("X-RateLimit-Reset", "-1e9"))
            },
            &["answered 429"],
        ),
        after!("Retry-After: 0", "429 Too Many Requests", "0", &["answered 429"]),
        after!(
            "Retry-After: huge",
            "429 Too Many Requests",
            "18446744073709551616",
            &["answered 429", "9999"]
        ),
        after!("Retry-After: below nothing", "429 Too Many Requests", "-1", &["answered 429"]),
        after!(
            "Retry-After: a date far away",
            "429 Too Many Requests",
            "Fri, 31 Dec 2100 23:59:59 GMT",
            &["before 2100-12-31"]
        ),
        after!(
            "Retry-After: a date long ago",
            "429 Too Many Requests",
            "Fri, 31 Dec 1999 23:59:59 GMT",
            &["answered 429"]
        ),
        after!("Retry-After: garbage", "429 Too Many Requests", "soon\u{fe}", &["answered 429"]),
        after!(
            "Retry-After: 90 of a shorter run",
            "503 Service Unavailable",
            "90",
            &["answered 503 and wants to be asked again after 90 s"]
        ),
        after!("Retry-After: 121", "503 Service Unavailable", "121", &["asked again after 121 s"]),
        Behaviour::harmless("503, once", |asked, a| {
            if asked.before == 0 {
                say(status("503 Service Unavailable").with("Retry-After", "0"))
            } else {
                good(&a)
            }
        }),
        Behaviour::harmless("429 for a second, once", |asked, a| {
            if asked.before == 0 {
                say(status("429 Too Many Requests").with("Retry-After", "1"))
            } else {
                good(&a)
            }
        }),
    ]
}

/// Bodies of another kind.
pub fn kinds() -> Vec<Behaviour> {
    const PACKED: &[&str] = &["answered with a compressed body"];
    fn typed(mut answer: Http, kind: &str) -> Http {
        answer.headers.retain(|(name, _)| name != "Content-Type");
        if kind.is_empty() { answer } else { answer.with("Content-Type", kind) }
    }
    fn page(answer: Http, kind: &str) -> Vec<Step> {
        say(typed(answer, kind).saying("<!DOCTYPE html><html><title>Sign in</title>"))
    }
    vec![
        Behaviour::of(
            "a page of HTML with 200",
            |_, a| page(a, "text/html; charset=utf-8"),
            &["answered with a page of HTML"],
        ),
        Behaviour::of(
            "a page of XHTML with 200",
            |_, a| page(a, "application/xhtml+xml"),
            &["answered with a page of HTML"],
        ),
        Behaviour::of(
            "a page of HTML that says it is no page",
            |_, a| {
                let kind = a.kind().to_owned();
                page(a, &kind)
            },
            &["answered with a page of HTML", "cannot be read as a git repository"],
        )
        .file(Expected::NoPass),
        Behaviour::of(
            "another Content-Type",
            |_, a| say(typed(a, "text/plain")),
            &["answered with text/plain"],
        )
        .file(Expected::Heals),
        Behaviour::of("no Content-Type", |_, a| say(typed(a, "")), &["something of no stated kind"])
            .file(Expected::Heals),
        Behaviour::of(
            "a Content-Type of control characters",
            |_, a| say(typed(a, "x/\u{9b}2J")),
            &["answered with "],
        )
        .file(Expected::Heals),
        Behaviour::of(
            "Content-Encoding: gzip",
            |_, a| {
                let packed = gzip(&a.body);
                say(a.with("Content-Encoding", "gzip").saying(packed))
            },
            PACKED,
        ),
        Behaviour::of(
            "a gzip bomb",
            |_, a| {
                let packed = gzip(&vec![b' '; 8 << 20]);
                say(a.with("Content-Encoding", "gzip").saying(packed))
            },
            PACKED,
        ),
        Behaviour::of(
            "two Content-Encoding",
            |_, a| say(a.with("Content-Encoding", "identity").with("Content-Encoding", "br")),
            PACKED,
        ),
        Behaviour::harmless("Content-Encoding: identity", |_, a| say(a.with("Content-Encoding", "Identity"))),
    ]
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
    packed.write_all(bytes).unwrap();
    packed.finish().unwrap()
}
