//! Answers that are whole and say the wrong thing, versions that change while they are read, and what carries the
//! connection.

use serde_json::Value;

use crate::authority::Shown;
use crate::behaviours::{BROKEN, Behaviour, Expected, half, say, sized};
use crate::http::Http;
use crate::server::{Step, Tunnel};

const USELESS: &[&str] = &[
    "cannot be used",
    "cannot be read as a git repository",
    "is no list of attestations",
    "not a git object",
];

fn odd(name: &'static str, act: fn(&crate::http::Asked, Http) -> Vec<Step>) -> Behaviour {
    Behaviour::of(name, act, USELESS).file(Expected::NoPass)
}

/// JSON that is none, or of another shape.
pub fn bodies() -> Vec<Behaviour> {
    vec![
        odd("an empty body", |_, a| say(a.saying(""))),
        odd("half a body with its own length", |_, a| {
            let half = half(&a);
            say(a.saying(half))
        }),
        odd("invalid JSON", |_, a| say(a.saying("{\"tag_name\": "))),
        odd("null", |_, a| say(a.saying("null"))),
        odd("JSON of another shape", |_, a| {
            say(a.saying("{\"message\": \"hello\", \"assets\": {}, \"attestations\": 1}"))
        }),
        odd("a list where an object is", |_, a| {
            let body = [b"[[", a.body.as_slice(), b"]]"].concat();
            say(a.saying(body))
        }),
        odd("duplicate keys", |_, a| {
            let text = String::from_utf8_lossy(&a.body).into_owned();
            let twice = "{\"id\":1,\"id\":2,";
            let body =
                if text.contains('{') { text.replacen('{', twice, 1) } else { format!("{twice}}}{text}") };
            say(a.saying(body))
        }),
        odd("JSON nested without end", |_, a| {
            let body = "[".repeat(200_000);
            say(a.saying(body))
        }),
        odd("invalid UTF-8", |_, a| {
            let body = [b"\"\xff\xfe\"", a.body.as_slice()].concat();
            say(a.saying(body))
        }),
        odd("a byte order mark", |_, a| {
            let body = [b"\xef\xbb\xbf", a.body.as_slice()].concat();
            say(a.saying(body))
        }),
        odd("two documents", |_, a| {
            let body = [a.body.as_slice(), b"{}"].concat();
            say(a.saying(body))
        }),
        odd("zeros", |_, a| {
            let body = vec![0; a.body.len()];
            say(a.saying(body))
        }),
    ]
}

/// The same with other lists in it: of assets, links or attestations.
fn lists(answer: Http, places: &[&str], change: fn(&mut Vec<Value>)) -> Http {
    let Ok(mut value) = serde_json::from_slice::<Value>(&answer.body) else { return answer };
    for place in places {
        if let Some(list) = value.pointer_mut(place).and_then(Value::as_array_mut) {
            change(list);
        }
    }
    if places.iter().all(|place| value.pointer(place).is_none_or(|value| !value.is_array())) {
        return answer;
    }
    answer.saying(value.to_string())
}

/// Where lists of files are.
const FILES: [&str; 3] = ["", "/assets", "/assets/links"];

/// Lists that change or do not end, and files that change while they are read.
pub fn changes() -> Vec<Behaviour> {
    vec![
        Behaviour::harmless("endless pages", |asked, a| {
            let next = format!("<https://{}{}&page={}>; rel=\"next\"", asked.host, asked.path, 2);
            say(a.with("Link", next))
        })
        .at("GitHub page 2", Expected::Told(&["has more than 100 pages"]))
        .at("attestations", Expected::Told(&["which is over the limit"])),
        Behaviour::harmless("a page that leads to itself", |asked, a| {
            let next = format!("<{}>; rel=\"next\"", asked.url());
            say(a.with("Link", next))
        })
        .at("GitHub page 2", Expected::Told(&["has more than 100 pages"]))
        .at("attestations", Expected::Told(&["which is over the limit"])),
        Behaviour::harmless("a list that repeats itself", |_, a| {
            say(lists(a, &FILES, |list| list.extend(list.clone())))
        })
        .json(Expected::NoPass)
        .at("attestations", Expected::Heals),
        Behaviour::harmless("a list that lost its last", |_, a| {
            say(lists(a, &["", "/assets", "/assets/links", "/attestations"], |list| drop(list.pop())))
        })
        .json(Expected::NoPass),
        Behaviour::harmless("a next page on another host", |_, a| {
            say(a.with("Link", "<https://x.evil.example/x>; rel=\"next\""))
        }),
        Behaviour::of(
            "another version in each part",
            |asked, a| {
                let tag = format!("\"version {}\"", asked.before);
                let mut a = a;
                a.headers.retain(|(name, _)| name != "ETag");
                let a = a.with("ETag", tag);
                vec![Step::Say(sized(&a)), Step::Say(half(&a)), Step::Cut]
            },
            BROKEN,
        ),
        Behaviour::of(
            "the rest with another tag",
            |asked, a| {
                let mut a = a;
                if asked.header("range").is_none() {
                    return vec![Step::Say(sized(&a)), Step::Say(half(&a)), Step::Cut];
                }
                a.headers.retain(|(name, _)| name != "ETag");
                say(a.with("ETag", "\"another\""))
            },
            BROKEN,
        )
        // An interface gives no rest, and the whole again is as good.
        .json(Expected::Heals),
        Behaviour::of(
            "the rest from another place",
            |asked, a| {
                let mut a = a;
                if asked.header("range").is_none() {
                    return vec![Step::Say(sized(&a)), Step::Say(half(&a)), Step::Cut];
                }
                for (name, value) in &mut a.headers {
                    if name == "Content-Range" {
                        *value = "bytes 0-1/2".to_owned();
                    }
                }
                say(a)
            },
            BROKEN,
        )
        .json(Expected::Heals),
    ]
}

/// Servers that do not show who they are, and proxies that do not carry.
pub fn tunnels() -> Vec<Behaviour> {
    use Step::{Close, Forever, Reset, Say, Stall};
    macro_rules! certificate {
        ($name:literal, $shown:expr, $why:literal) => {
            Behaviour::of_tunnel($name, || Tunnel::Open($shown), &[$why])
        };
    }
    const LATE: &[&str] = &["did not answer within "];
    macro_rules! refuses {
        ($name:literal, $head:literal) => {
            Behaviour::of_tunnel($name, || Tunnel::Refuse(vec![Say($head.to_vec()), Close]), BROKEN)
        };
    }
    vec![
        certificate!("a certificate of another name", Shown::OtherName, "is for another host: "),
        certificate!("a certificate that has ended", Shown::Expired, "expired on 2020-01-01T00:00:00Z"),
        certificate!("a certificate that has not begun", Shown::NotYet, "begins on 2999-01-01T00:00:00Z"),
        certificate!(
            "a certificate by itself",
            Shown::SelfSigned,
            "is by an authority that is not known here"
        ),
        certificate!(
            "another authority of the same name",
            Shown::OtherAuthority,
            "was not signed by the authority"
        ),
        Behaviour::of_tunnel(
            "HTTP instead of TLS",
            || Tunnel::Instead(vec![Say(b"HTTP/1.1 400 Bad Request\r\n\r\n".to_vec()), Close]),
            BROKEN,
        ),
        Behaviour::of_tunnel("stall in the handshake", || Tunnel::Instead(vec![Stall]), LATE),
        Behaviour::of_tunnel("reset in the handshake", || Tunnel::Instead(vec![Reset]), BROKEN),
        Behaviour::of_tunnel(
            "an endless handshake",
            || {
                Tunnel::Instead(vec![Forever(
                    b"\x16\x03\x03\x00\x01\x00".to_vec(),
                    std::time::Duration::from_millis(50),
                )])
            },
            &["could not be asked: ", "did not answer within "],
        ),
        refuses!(
            "connection refused behind the proxy",
            b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n"
        ),
        refuses!("the proxy refuses", b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n"),
        refuses!(
            "the proxy wants a password",
            b"HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic\r\n\r\n"
        ),
        refuses!("the proxy speaks nonsense", b"\xff\xfenonsense\r\n\r\n"),
        Behaviour::of_tunnel("the proxy hangs up", || Tunnel::Refuse(vec![Reset]), BROKEN),
        Behaviour::of_tunnel("the proxy stalls", || Tunnel::Refuse(vec![Stall]), LATE),
        Behaviour::of_tunnel(
            "the proxy's endless head",
            || {
                Tunnel::Refuse(vec![
                    Say(b"HTTP/1.1 200 OK\r\n".to_vec()),
                    Forever(b"X-More: and more\r\n".repeat(64), std::time::Duration::from_millis(5)),
                ])
            },
            BROKEN,
        ),
    ]
}
