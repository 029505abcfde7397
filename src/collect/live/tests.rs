//! The client against a server on this machine that behaves as each test says.

mod bodies;
mod conditional;
mod marks;
mod places;
mod proxies;
mod redirects;
mod resumed;
mod retries;
mod tokens;
mod waiting;

use super::*;
use crate::collect::transport::{Header, Method, Token};
use jiff::Timestamp;
use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpListener,
    sync::Mutex,
};

/// What a server does with a connection: the bytes that it sends, and then whether it hangs up.
struct Behaviour {
    bytes: Vec<u8>,
    hangs_up: bool,
}

impl Behaviour {
    /// Sends that and hangs up.
    fn saying(bytes: impl Into<Vec<u8>>) -> Self {
        Self { bytes: bytes.into(), hangs_up: true }
    }

    /// Sends that, and then a byte now and then for as long as somebody listens.
    fn trickle(mut stream: std::net::TcpStream) {
        std::thread::spawn(move || {
            while stream.write_all(b"x").is_ok() {
                std::thread::sleep(Duration::from_millis(50));
            }
        });
    }
}

type Script = Box<dyn Fn(&str, usize) -> Behaviour + Send>;

/// A server that answers by a script, and remembers the heads of the requests.
struct Server {
    url: String,
    seen: Arc<Mutex<Vec<String>>>,
}

impl Server {
    /// `script` gets the path, and how many requests came before.
    fn start(script: Script) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let seen = Arc::new(Mutex::new(Vec::new()));
        let heads = Arc::clone(&seen);
        std::thread::spawn(move || {
            let mut open = Vec::new();
            for stream in listener.incoming() {
                let Ok(mut stream) = stream else { return };
                let Some(head) = read_request(&mut stream) else { continue };
                let path = head.split(' ').nth(1).unwrap_or_default().to_owned();
                let before = {
                    let mut heads = heads.lock().unwrap();
                    heads.push(head);
                    heads.len() - 1
                };
                let behaviour = script(&path, before);
                drop(stream.write_all(&behaviour.bytes));
                match behaviour.hangs_up {
                    true => {}
                    false if path.contains("trickle") => Behaviour::trickle(stream),
                    false => open.push(stream),
                }
            }
        });
        Self { url, seen }
    }

    fn saying(answer: Vec<u8>) -> Self {
        Self::start(Box::new(move |_, _| Behaviour { bytes: answer.clone(), hangs_up: true }))
    }

    fn requests(&self) -> Vec<String> {
        self.seen.lock().unwrap().clone()
    }
}

/// The head of a request, whose body is read too, so that hanging up is not a reset.
fn read_request(stream: &mut std::net::TcpStream) -> Option<String> {
    let mut reader = BufReader::new(stream);
    let mut head = String::new();
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).ok()? == 0 {
            return None;
        }
        if line == "\r\n" {
            break;
        }
        head.push_str(&line);
    }
    let lower = head.to_ascii_lowercase();
    let length = lower.split("content-length: ").nth(1).and_then(|rest| rest.lines().next()?.parse().ok());
    reader.read_exact(&mut vec![0; length.unwrap_or(0)]).ok()?;
    Some(head)
}

fn http(status: &str, headers: &str, body: &str) -> Vec<u8> {
    format!("HTTP/1.1 {status}\r\n{headers}Content-Length: {}\r\nConnection: close\r\n\r\n{body}", body.len())
        .into_bytes()
}

fn json(body: &str) -> Vec<u8> {
    http("200 OK", "Content-Type: application/json\r\n", body)
}

fn quick() -> Limits {
    Limits {
        whole_run: Duration::from_secs(20),
        request: Duration::from_secs(5),
        connect: Duration::from_secs(2),
        read: Duration::from_secs(2),
        retries: 2,
        pause: Duration::ZERO,
        retry_after: Duration::from_secs(1),
        redirects: 5,
        slowest: 1024,
        slow_for: Duration::from_secs(1),
    }
}

/// The time at which the tests run.
fn now() -> Timestamp {
    "2026-11-08T08:49:00Z".parse().unwrap()
}

fn within(limits: Limits) -> Config {
    Config { limits, ..Config::new(now()) }
}

fn limited(limits: Limits) -> Live {
    Live::reaching(Reach::loopback(), within(limits)).unwrap()
}

fn loopback() -> Live {
    limited(quick())
}

fn get(url: &str) -> Request<'_> {
    Request { method: Method::Get, url, max_bytes: 64, accept: Accept::Json, token: None }
}

fn refusal(server: &Server) -> TransportError {
    loopback().fetch(&get(&server.url)).unwrap_err()
}
