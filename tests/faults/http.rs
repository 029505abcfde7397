//! HTTP as servers speak it (RFC 9112): requests read, answers written, and the answers of a forge that behaves well.

use std::io::Read;

use relcheck::release::Sha256;

use crate::kit::forge::{Player, Said};

/// The largest body that is asked with.
const MAX_BODY: usize = 1 << 20;

/// A request, as it came inside of a tunnel.
#[derive(Clone, Debug)]
pub struct Asked {
    /// Whom the tunnel was for.
    pub host: String,
    /// How it asks.
    pub method: String,
    /// What for.
    pub path: String,
    /// Every line of the head.
    pub head: String,
    /// What it asks with.
    pub body: Vec<u8>,
    /// How often the same was asked before; of git, how often the same command was given.
    pub before: usize,
}

impl Asked {
    /// The next request on a connection.
    pub fn read(host: &str, stream: &mut impl Read) -> Option<Self> {
        let head = read_head(stream)?;
        let mut words = head.split(' ');
        let (method, path) = (words.next()?.to_owned(), words.next()?.to_owned());
        let mut asked = Self { host: host.to_owned(), method, path, head, body: Vec::new(), before: 0 };
        let length = asked.header("content-length").and_then(|text| text.parse().ok()).unwrap_or(0);
        asked.body = vec![0; MAX_BODY.min(length)];
        stream.read_exact(&mut asked.body).ok()?;
        Some(asked)
    }

    /// Its whole address.
    pub fn url(&self) -> String {
        format!("https://{}{}", self.host, self.path)
    }

    /// The same without one header.
    pub fn without(&self, name: &str) -> Self {
        let is_other = |line: &&str| !line.to_ascii_lowercase().starts_with(&format!("{name}:"));
        let head = self.head.lines().filter(is_other).map(|line| format!("{line}\r\n")).collect();
        Self { head, ..self.clone() }
    }

    /// One of its headers.
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut lines = self.head.lines().skip(1).filter_map(|line| line.split_once(": "));
        lines.find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }
}

/// The head of a request, byte by byte: what comes after it may be another protocol's.
pub fn read_head(stream: &mut impl Read) -> Option<String> {
    let (mut head, mut byte) = (Vec::new(), [0]);
    while !head.ends_with(b"\r\n\r\n") {
        stream.read_exact(&mut byte).ok()?;
        head.push(byte[0]);
    }
    String::from_utf8(head).ok()
}

/// An answer.
#[derive(Clone, Debug)]
pub struct Http {
    /// `200 OK`.
    pub status: String,
    /// Headers, besides the length.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

impl Http {
    /// An answer without a body.
    pub fn status(status: &str) -> Self {
        Self { status: status.to_owned(), headers: Vec::new(), body: Vec::new() }
    }

    /// The same with one more header.
    pub fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.push((name.to_owned(), value.into()));
        self
    }

    /// The same with another body.
    pub fn saying(self, body: impl Into<Vec<u8>>) -> Self {
        Self { body: body.into(), ..self }
    }

    /// The head without its end.
    pub fn head(&self) -> String {
        let line = |(name, value): &(String, String)| format!("{name}: {value}\r\n");
        let headers: String = self.headers.iter().map(line).collect();
        format!("HTTP/1.1 {}\r\n{headers}", self.status)
    }

    /// All of it.
    pub fn bytes(&self) -> Vec<u8> {
        let head = match self.status.starts_with("304") || self.status.starts_with("204") {
            true => format!("{}\r\n", self.head()),
            false => format!("{}Content-Length: {}\r\n\r\n", self.head(), self.body.len()),
        };
        [head.as_bytes(), &self.body].concat()
    }

    /// Of which kind its body is said to be.
    pub fn kind(&self) -> &str {
        let kind = self.headers.iter().find(|(name, _)| name == "Content-Type");
        kind.map_or("", |(_, kind)| kind)
    }
}

/// What a forge answers that behaves well: with entity tags, to conditional requests and ranges too, and with what is left
/// of a quota.
pub fn faithful(player: &Player, asked: &Asked) -> Http {
    let question = (asked.method == "POST").then_some(asked.body.as_slice());
    let ok = |kind: &str, body: Vec<u8>| {
        let tag = format!("\"{}\"", Sha256::of(&body));
        Http::status("200 OK").with("Content-Type", kind).with("ETag", tag).saying(body)
    };
    match player.answer(&asked.url(), question) {
        Said::Json(body, next) => {
            let mut answer = ok("application/json; charset=utf-8", body)
                .with("X-RateLimit-Remaining", "59")
                .with("X-RateLimit-Reset", "1767614460");
            if let Some(next) = next {
                answer = answer.with("Link", format!("<{next}>; rel=\"next\""));
            }
            unless_unchanged(answer, asked)
        }
        Said::File(body) => part(ok("application/octet-stream", body).with("Accept-Ranges", "bytes"), asked),
        Said::Git(body) => Http::status("200 OK")
            .with("Content-Type", "application/x-git-upload-pack-result")
            .with("Cache-Control", "no-cache")
            .saying(body),
        Said::Moved(to) => Http::status("302 Found").with("Location", to),
        Said::NotThere => Http::status("404 Not Found")
            .with("Content-Type", "application/json")
            .saying("{\"message\": \"Not Found\"}"),
    }
}

fn tag(answer: &Http) -> Option<&str> {
    answer.headers.iter().find(|(name, _)| name == "ETag").map(|(_, tag)| tag.as_str())
}

/// RFC 9110, section 13.1.2.
fn unless_unchanged(answer: Http, asked: &Asked) -> Http {
    if asked.header("if-none-match").is_none_or(|known| Some(known) != tag(&answer)) {
        return answer;
    }
    Http { status: "304 Not Modified".to_owned(), body: Vec::new(), ..answer }
}

/// RFC 9110, section 14.2: one range with an open end.
fn part(answer: Http, asked: &Asked) -> Http {
    let from =
        asked.header("range").and_then(|range| range.strip_prefix("bytes=")?.strip_suffix('-')?.parse().ok());
    let is_same = asked.header("if-range").is_none_or(|known| Some(known) == tag(&answer));
    let total = answer.body.len();
    let Some(from) = from.filter(|from: &usize| is_same && *from < total) else { return answer };
    let range = format!("bytes {from}-{}/{total}", total - 1);
    let body = answer.body[from..].to_vec();
    Http { status: "206 Partial Content".to_owned(), body, ..answer }.with("Content-Range", range)
}
