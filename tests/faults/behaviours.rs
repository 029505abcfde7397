//! What a network does otherwise than it should, and connections that break.

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

/// The head of a body in chunks.
pub fn chunked(answer: &Http) -> Vec<u8> {
    head(answer, "Transfer-Encoding: chunked\r\n")
}

/// One chunk.
pub fn chunk(bytes: &[u8]) -> Vec<u8> {
    [format!("{:x}\r\n", bytes.len()).as_bytes(), bytes, b"\r\n"].concat()
}

/// The good answer.
pub fn good(answer: &Http) -> Vec<Step> {
    vec![Step::Say(answer.bytes())]
}

/// An answer, and nothing wrong with its form.
pub fn say(answer: Http) -> Vec<Step> {
    good(&answer)
}

/// That the first time, and the good answer afterwards.
fn once(asked: &Asked, answer: Http, first: impl Fn(&Http) -> Vec<Step>) -> Vec<Step> {
    if asked.before == 0 { first(&answer) } else { good(&answer) }
}

const TICK: Duration = Duration::from_millis(150);
/// A pause that is none to speak of.
pub const SHORT: Duration = Duration::from_millis(5);
/// That the connection broke; where that is tried again until the end of the run, that it took too long.
pub const BROKEN: &[&str] = &["could not be asked: ", "did not answer within "];
/// That it took too long, or was broken off for it.
pub const LATE: &[&str] = &["did not answer within ", "could not be asked: "];

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
