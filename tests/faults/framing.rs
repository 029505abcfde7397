//! Bodies that are not framed as they must be, and what is no HTTP (RFC 9112, sections 2.3, 6 and 7).

use crate::behaviours::{BROKEN, Behaviour, Expected, LATE, SHORT, chunk, chunked, half, head, sized};
use crate::http::Http;
use crate::server::Step;

/// That it is no HTTP.
const UNREADABLE: &[&str] = &["could not be asked: client error (SendRequest)"];

/// Bodies whose length is not what is said, or not said at all.
pub fn framing() -> Vec<Behaviour> {
    use Step::{Close, Forever, Say};
    vec![
        Behaviour::of(
            "truncated chunk",
            |_, a| {
                let mut part = chunk(&a.body);
                part.truncate(part.len() / 2);
                vec![Say(chunked(&a)), Say(part), Close]
            },
            BROKEN,
        ),
        Behaviour::of("no last chunk", |_, a| vec![Say(chunked(&a)), Say(chunk(&a.body)), Close], BROKEN),
        Behaviour::of(
            "a chunk of no size",
            |_, a| vec![Say(chunked(&a)), Say(b"zz\r\n".to_vec()), Say(a.body), Close],
            BROKEN,
        ),
        Behaviour::of(
            "a chunk of all sizes",
            |_, a| vec![Say(chunked(&a)), Say(b"ffffffffffffffffff\r\n".to_vec()), Say(a.body), Close],
            BROKEN,
        ),
        Behaviour::of(
            "no end but that of the connection",
            |_, a| vec![Say(head(&a, "Connection: close\r\n")), Say(a.body), Close],
            &["does not say where it ends"],
        ),
        Behaviour::of(
            "longer than said",
            |_, a| {
                let short = half(&a).len();
                vec![Say(head(&a, &format!("Content-Length: {short}\r\n"))), Say(a.body), Close]
            },
            &["cannot be used", "cannot be read as a git repository", "no list of attestations"],
        )
        .file(Expected::NoPass),
        Behaviour::of(
            "two Content-Length",
            |_, a| {
                let lines =
                    format!("Content-Length: {}\r\nContent-Length: {}\r\n", a.body.len(), a.body.len() / 2);
                vec![Say(head(&a, &lines)), Say(a.body), Close]
            },
            UNREADABLE,
        ),
        Behaviour::of(
            "Content-Length below nothing",
            |_, a| vec![Say(head(&a, "Content-Length: -5\r\n")), Say(a.body), Close],
            UNREADABLE,
        ),
        Behaviour::of(
            "Content-Length over the cap",
            |_, a| vec![Say(head(&a, "Content-Length: 9000000000000000\r\n")), Say(a.body), Close],
            &["is over the limit of "],
        ),
        Behaviour::of(
            "Content-Length and chunks",
            |_, a| {
                let lines = format!("Content-Length: {}\r\nTransfer-Encoding: chunked\r\n", a.body.len() / 2);
                vec![Say(head(&a, &lines)), Say(chunk(&a.body)), Say(b"0\r\n\r\n".to_vec())]
            },
            &["says in two ways where it ends"],
        ),
        Behaviour::of(
            "an unknown Transfer-Encoding",
            |_, a| vec![Say(head(&a, "Transfer-Encoding: gzip\r\n")), Say(a.body), Close],
            &["could not be asked: ", "does not say where it ends"],
        ),
        Behaviour::of(
            "endless headers",
            |_, a| vec![Say(a.head().into_bytes()), Forever(b"X-More: and more\r\n".repeat(2048), SHORT)],
            BROKEN,
        ),
        Behaviour::of(
            "an endless header",
            |_, a| vec![Say(a.head().into_bytes()), Forever(vec![b'x'; 40_000], SHORT)],
            BROKEN,
        ),
        Behaviour::of(
            "an endless body",
            |_, a| vec![Say(chunked(&a)), Forever(chunk(&[b' '; 256 << 10]), SHORT)],
            &["is over the limit of ", "did not answer within "],
        ),
        Behaviour::of(
            "endless 100-continue",
            |_, _| vec![Forever(b"HTTP/1.1 100 Continue\r\n\r\n".repeat(16), SHORT)],
            LATE,
        ),
        Behaviour::harmless("100-continue and early hints", |_, a| {
            vec![
                Say(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n".to_vec()),
                Say(a.bytes()),
            ]
        }),
        Behaviour::of(
            "nonsense for HTTP",
            |_, _| vec![Say(b"\x00\x01\xff\xfe nonsense\r\n\r\n".to_vec()), Close],
            UNREADABLE,
        ),
        Behaviour::of(
            "HTTP/9.9",
            |_, a| {
                vec![
                    Say(String::from_utf8_lossy(&sized(&a)).replacen("1.1", "9.9", 1).into_bytes()),
                    Say(a.body),
                    Close,
                ]
            },
            UNREADABLE,
        ),
        Behaviour::of("HTTP/0.9, a body alone", |_, a| vec![Say(a.body), Close], BROKEN),
        Behaviour::of(
            "HTTP/2 unasked",
            |_, _| vec![Say(b"\x00\x00\x12\x04\x00\x00\x00\x00\x00".to_vec()), Close],
            UNREADABLE,
        ),
        Behaviour::harmless("HTTP/1.0", |_, a| {
            vec![
                Say(String::from_utf8_lossy(&sized(&a)).replacen("1.1", "1.0", 1).into_bytes()),
                Say(a.body),
                Close,
            ]
        }),
        Behaviour::of(
            "the answer to another request before it",
            |_, a| {
                vec![
                    Say(Http::status("200 OK").with("Content-Type", a.kind()).saying("[]").bytes()),
                    Say(a.bytes()),
                    Close,
                ]
            },
            &["cannot be used", "cannot be read as a git repository", "no list of attestations"],
        )
        .at("GitHub page 2", Expected::NoPass)
        .file(Expected::NoPass),
    ]
}
