//! What a network does otherwise than it should: connections that break, and bodies that are not framed as they must be
//! (RFC 9112, sections 6 and 7).

use std::time::Duration;

use crate::http::{Asked, Http};
use crate::server::{Step, Tunnel};

/// One way to misbehave, and what must come of it.
pub struct Behaviour {
    /// What it is called.
    pub name: &'static str,
    /// What is done.
    pub act: Act,
    /// What must come of it where git is asked, …
    pub git: Expected,
    /// … where an interface is, …
    pub json: Expected,
    /// … and where a published file is.
    pub file: Expected,
    /// What must come of it at one kind of request instead.
    pub except: Vec<(&'static str, Expected)>,
}

/// What is done.
pub enum Act {
    /// Instead of opening a tunnel.
    Tunnel(fn() -> Tunnel),
    /// Instead of the good answer to a request.
    Answer(fn(&Asked, Http) -> Vec<Step>),
}

/// What must come of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expected {
    /// Undetermined, and one of these is said.
    Told(&'static [&'static str]),
    /// No pass: what came is not what it should be, or is not there.
    NoPass,
    /// The very same report as if nothing had happened.
    Heals,
}

impl Behaviour {
    /// One that is told of everywhere by one of these phrases.
    pub fn of(
        name: &'static str,
        act: fn(&Asked, Http) -> Vec<Step>,
        phrases: &'static [&'static str],
    ) -> Self {
        let told = Expected::Told(phrases);
        Self { name, act: Act::Answer(act), git: told, json: told, file: told, except: Vec::new() }
    }

    /// One that does no harm anywhere.
    pub fn harmless(name: &'static str, act: fn(&Asked, Http) -> Vec<Step>) -> Self {
        let heals = Expected::Heals;
        Self { name, act: Act::Answer(act), git: heals, json: heals, file: heals, except: Vec::new() }
    }

    /// One of what carries the connection.
    pub fn of_tunnel(name: &'static str, act: fn() -> Tunnel, phrases: &'static [&'static str]) -> Self {
        let told = Expected::Told(phrases);
        Self { name, act: Act::Tunnel(act), git: told, json: told, file: told, except: Vec::new() }
    }

    /// The same with something else for git.
    pub fn git(self, git: Expected) -> Self {
        Self { git, ..self }
    }

    /// The same with something else for interfaces.
    pub fn json(self, json: Expected) -> Self {
        Self { json, ..self }
    }

    /// The same with something else at one kind of request.
    pub fn at(mut self, column: &'static str, expected: Expected) -> Self {
        self.except.push((column, expected));
        self
    }

    /// The same with something else for files.
    pub fn file(self, file: Expected) -> Self {
        Self { file, ..self }
    }
}

impl Behaviour {
    /// Whether a run with it mostly waits.
    pub fn waits(&self) -> bool {
        let waits = [
            "could not be asked: ",
            "did not answer within ",
            "answered 429",
            "answered 502",
            "answered 503",
            "answered 504",
        ];
        let told = |expected| matches!(expected, Expected::Told(phrases) if phrases.iter().any(|it| waits.contains(it)));
        told(self.git) || self.name.ends_with("once")
    }
}

/// The half of a body.
pub fn half(answer: &Http) -> Vec<u8> {
    answer.body[..answer.body.len() / 2].to_vec()
}

/// The head, with these further lines.
pub fn head(answer: &Http, lines: &str) -> Vec<u8> {
    format!("{}{lines}\r\n", answer.head()).into_bytes()
}

/// The head with the true length.
pub fn sized(answer: &Http) -> Vec<u8> {
    head(answer, &format!("Content-Length: {}\r\n", answer.body.len()))
}

fn chunked(answer: &Http) -> Vec<u8> {
    head(answer, "Transfer-Encoding: chunked\r\n")
}

fn chunk(bytes: &[u8]) -> Vec<u8> {
    [format!("{:x}\r\n", bytes.len()).as_bytes(), bytes, b"\r\n"].concat()
}

/// The good answer.
pub fn good(answer: &Http) -> Vec<Step> {
    vec![Step::Say(answer.bytes())]
}

/// That the first time, and the good answer afterwards.
fn once(asked: &Asked, answer: Http, first: impl Fn(&Http) -> Vec<Step>) -> Vec<Step> {
    if asked.before == 0 { first(&answer) } else { good(&answer) }
}

const TICK: Duration = Duration::from_millis(150);
const SHORT: Duration = Duration::from_millis(5);
/// That the connection broke; where that is tried again until the end of the run, that it took too long.
pub const BROKEN: &[&str] = &["could not be asked: ", "did not answer within "];
const LATE: &[&str] = &["did not answer within ", "could not be asked: "];
const UNREADABLE: &[&str] = &["could not be asked: client error (SendRequest)"];

/// Connections that break or stall, before the head, in it and in the body.
pub fn connections() -> Vec<Behaviour> {
    use Step::{Close, Cut, Forever, Reset, Say, Slowly, Stall};
    vec![
        Behaviour::of("reset before the head", |_, _| vec![Reset], BROKEN),
        Behaviour::of("closed before the head", |_, _| vec![Close], BROKEN),
        Behaviour::of("cut before the head", |_, _| vec![Cut], BROKEN),
        Behaviour::of("stall before the head", |_, _| vec![Stall], LATE),
        Behaviour::of("reset in the head", |_, a| vec![Say(a.head().into_bytes()), Reset], BROKEN),
        Behaviour::of("closed in the head", |_, a| vec![Say(a.head().into_bytes()), Close], BROKEN),
        Behaviour::of("stall in the head", |_, a| vec![Say(a.head().into_bytes()), Stall], LATE),
        Behaviour::of("slow trickle of the head", |_, a| vec![Slowly(a.bytes(), TICK)], LATE),
        Behaviour::of("reset in the body", |_, a| vec![Say(sized(&a)), Say(half(&a)), Reset], BROKEN),
        Behaviour::of("cut in the body", |_, a| vec![Say(sized(&a)), Say(half(&a)), Cut], BROKEN),
        Behaviour::of(
            "truncated by Content-Length",
            |_, a| vec![Say(sized(&a)), Say(half(&a)), Close],
            BROKEN,
        ),
        Behaviour::of("stall in the body", |_, a| vec![Say(sized(&a)), Say(half(&a)), Stall], LATE),
        Behaviour::of("slow trickle of the body", |_, a| vec![Say(sized(&a)), Slowly(a.body, TICK)], LATE),
        Behaviour::of(
            "endless trickle of a body",
            |_, a| vec![Say(chunked(&a)), Forever(chunk(b" "), TICK)],
            LATE,
        ),
        Behaviour::harmless("reset before the head, once", |asked, a| once(asked, a, |_| vec![Reset])),
        Behaviour::harmless("closed in the head, once", |asked, a| {
            once(asked, a, |a| vec![Say(a.head().as_bytes()[..11].to_vec()), Close])
        }),
        Behaviour::harmless("reset in the body, once", |asked, a| {
            once(asked, a, |a| vec![Say(sized(a)), Say(half(a)), Reset])
        }),
        Behaviour::harmless("stall in the body, once", |asked, a| {
            once(asked, a, |a| vec![Say(sized(a)), Say(half(a)), Stall])
        }),
        Behaviour::harmless("in small parts", |_, a| {
            let parts = a.body.chunks(a.body.len() / 9 + 1).map(|part| Say(part.to_vec()));
            [Say(sized(&a))].into_iter().chain(parts).collect()
        }),
        Behaviour::harmless("in chunks", |_, a| {
            vec![
                Say(chunked(&a)),
                Say(chunk(&half(&a))),
                Say(chunk(&a.body[a.body.len() / 2..])),
                Say(b"0\r\n\r\n".into()),
            ]
        }),
    ]
}

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
