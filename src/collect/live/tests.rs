//! The client against a server on this machine that behaves as each test says.

use super::*;
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
                if !behaviour.hangs_up {
                    open.push(stream);
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

fn loopback() -> Live {
    Live::reaching(Reach::Loopback, quick()).unwrap()
}

fn get(url: &str) -> Request<'_> {
    Request { method: Method::Get, url, max_bytes: 64, accept: Accept::Json, token: None }
}

fn refusal(server: &Server) -> TransportError {
    loopback().fetch(&get(&server.url)).unwrap_err()
}

#[test]
fn an_answer_is_the_whole_body() {
    let server = Server::saying(json("[1,2]"));
    let url = format!("{}/a?q=1#f", server.url);
    let answer = loopback().fetch(&get(&url)).unwrap();
    assert_eq!(answer, Answer::new(format!("{}/a", server.url), b"[1,2]".to_vec()));
    let head = server.requests().remove(0);
    assert!(head.starts_with("GET /a?q=1 HTTP/1.1"), "{head}");
    assert!(head.contains(&format!("user-agent: {USER_AGENT}")), "{head}");
    assert!(!head.to_lowercase().contains("accept-encoding"), "{head}");
}

#[test]
fn a_question_carries_its_body_and_kind() {
    let server = Server::saying(json("[]"));
    let request = Request { method: Method::Ask(b"{\"hash\":1}"), ..get(&server.url) };
    assert_eq!(loopback().fetch(&request).unwrap().bytes, b"[]");
    let head = server.requests().remove(0).to_lowercase();
    assert!(head.starts_with("post / "), "{head}");
    assert!(head.contains("content-type: application/json") && head.contains("content-length: 10"), "{head}");
}

#[test]
fn a_body_over_the_cap_is_cut_off_whether_or_not_it_says_so() {
    let long = "x".repeat(65);
    let chunks = format!(
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n{}",
        format!("20\r\n{}\r\n", "x".repeat(32)).repeat(3)
    );
    for answer in [json(&long), chunks.into_bytes()] {
        let error = refusal(&Server::saying(answer));
        assert!(matches!(error, TransportError::TooLarge { limit: 64, .. }), "{error}");
    }
    let at_limit = "x".repeat(64);
    assert_eq!(loopback().fetch(&get(&Server::saying(json(&at_limit)).url)).unwrap().bytes.len(), 64);
}

#[test]
fn a_body_of_another_kind_is_no_answer() {
    let cases = [
        ("Content-Type: text/html\r\n", "<html>", "a page of HTML"),
        ("Content-Type: TEXT/HTML; charset=utf-8\r\n", "[]", "a page of HTML"),
        ("Content-Type: application/json\r\n", " \n<!doctype html>", "a page of HTML"),
        ("Content-Type: text/plain\r\n", "[]", "text/plain"),
        ("", "[]", "something of no stated kind"),
    ];
    for (headers, body, expected) in cases {
        let server = Server::saying(http("200 OK", headers, body));
        match refusal(&server) {
            TransportError::Kind { found, expected: "JSON", .. } => assert_eq!(found, expected),
            other => panic!("{headers:?}: {other}"),
        }
        assert_eq!(server.requests().len(), 1, "asked again for {headers:?}");
    }
    for kind in ["application/json; charset=utf-8", "application/vnd.x+json"] {
        let server = Server::saying(http("200 OK", &format!("Content-Type: {kind}\r\n"), "[]"));
        assert_eq!(loopback().fetch(&get(&server.url)).unwrap().bytes, b"[]");
    }
    let page = Server::saying(http("200 OK", "Content-Type: text/html\r\n", "<html>"));
    let error = loopback().fetch(&Request { accept: Accept::Bytes, ..get(&page.url) }).unwrap_err();
    assert!(matches!(error, TransportError::Kind { .. }), "{error}");
}

#[test]
fn a_status_is_said_and_retried_only_where_that_helps() {
    let cases = [
        ("401 Unauthorized", 401, 1),
        ("403 Forbidden", 403, 1),
        ("404 Not Found", 404, 1),
        ("409 Conflict", 409, 1),
        ("429 Too Many Requests", 429, 3),
        ("500 Internal Server Error", 500, 1),
        ("502 Bad Gateway", 502, 3),
        ("503 Service Unavailable", 503, 3),
        ("504 Gateway Timeout", 504, 3),
        ("204 No Content", 204, 1),
        ("304 Not Modified", 304, 1),
    ];
    for (line, status, asked) in cases {
        let server = Server::saying(http(line, "Content-Type: application/json\r\n", ""));
        let error = refusal(&server);
        assert!(
            matches!(&error, TransportError::Status { status: it, .. } if *it == status),
            "{line}: {error}"
        );
        assert_eq!(error.is_not_found(), status == 404);
        assert_eq!(server.requests().len(), asked, "{line}");
    }
}

#[test]
fn a_server_that_recovers_is_asked_again() {
    let server = Server::start(Box::new(|_, before| {
        let busy = http("429 Too Many Requests", "Retry-After: 0\r\n", "");
        Behaviour { bytes: if before < 2 { busy } else { json("[]") }, hangs_up: true }
    }));
    assert_eq!(loopback().fetch(&get(&server.url)).unwrap().bytes, b"[]");
    assert_eq!(server.requests().len(), 3);
}

#[test]
fn a_wait_over_the_cap_is_not_waited_for() {
    let server = Server::saying(http("429 Too Many Requests", "Retry-After: 86400\r\n", ""));
    let error = refusal(&server);
    assert!(matches!(error, TransportError::Status { status: 429, retry_after: Some(86400), .. }), "{error}");
    assert_eq!(server.requests().len(), 1);
    assert!(
        error.reason().contains("asked again after 86400 s; wait for the rate limit"),
        "{}",
        error.reason()
    );
}

#[test]
fn a_body_that_breaks_off_is_no_answer() {
    let half = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 60\r\n\r\n[1,".to_vec();
    let chunked =
        b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n[1,\r\n"
            .to_vec();
    for answer in [half, chunked, b"HTTP/1.1 200".to_vec(), b"nonsense\r\n\r\n".to_vec(), Vec::new()] {
        let server = Server::saying(answer);
        let error = refusal(&server);
        assert!(matches!(error, TransportError::Connection { .. }), "{error}");
        assert_eq!(server.requests().len(), 3);
    }
}

#[test]
fn a_server_that_stalls_is_given_up() {
    let stalls = Limits {
        request: Duration::from_millis(200),
        whole_run: Duration::from_millis(300),
        retries: 1,
        ..quick()
    };
    for start in
        [&b""[..], b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n["]
    {
        let server =
            Server::start(Box::new(move |_, _| Behaviour { bytes: start.to_vec(), hangs_up: false }));
        let live = Live::reaching(Reach::Loopback, stalls).unwrap();
        let error = live.fetch(&get(&server.url)).unwrap_err();
        assert!(matches!(error, TransportError::Timeout { .. }), "{error}");
        // The run is over: nothing more is asked.
        let asked = server.requests().len();
        assert!(matches!(live.fetch(&get(&server.url)), Err(TransportError::Timeout { .. })));
        assert_eq!(server.requests().len(), asked);
    }
}

#[test]
fn redirects_are_followed_a_few_times_and_not_for_ever() {
    let server = Server::start(Box::new(|path, _| {
        let n: u32 = path.trim_start_matches('/').parse().unwrap();
        let next = http("302 Found", &format!("Location: /{}\r\n", n.saturating_sub(1)), "");
        Behaviour { bytes: if n == 0 { json("[]") } else { next }, hangs_up: true }
    }));
    let at = |n: u32| format!("{}/{n}", server.url);
    assert_eq!(loopback().fetch(&get(&at(5))).unwrap().url, at(0));
    let error = loopback().fetch(&get(&at(6))).unwrap_err();
    assert!(
        matches!(error, TransportError::Redirect { reason: "it is one redirect too many", .. }),
        "{error}"
    );
    assert_eq!(server.requests().len(), 12);
}

#[test]
fn a_redirect_to_somewhere_that_is_never_asked_is_refused() {
    let places = [
        "https://example.org/",
        "ftp://127.0.0.1/",
        "file:///etc/passwd",
        "http://10.0.0.1/",
        "http://169.254.169.254/latest/meta-data/",
        "http://[::ffff:10.0.0.1]/",
        "http://user:password@127.0.0.1/",
        "http://",
    ];
    for to in places {
        let server = Server::saying(http("302 Found", &format!("Location: {to}\r\n"), ""));
        let error = refusal(&server);
        assert!(matches!(error, TransportError::Redirect { .. }), "{to}: {error}");
        assert_eq!(server.requests().len(), 1);
    }
    println!("{} places refused", places.len());
}

#[test]
fn a_question_is_not_sent_on() {
    for status in ["301 Moved", "302 Found", "303 See Other", "307 Temporary", "308 Permanent"] {
        let server = Server::saying(http(status, "Location: /elsewhere\r\n", ""));
        let request = Request { method: Method::Ask(b"{}"), ..get(&server.url) };
        let error = loopback().fetch(&request).unwrap_err();
        assert!(matches!(error, TransportError::Redirect { .. }), "{status}: {error}");
        assert_eq!(server.requests().len(), 1);
    }
}

#[test]
fn a_token_stays_at_its_origin() {
    const SECRET: &str = "s3cr3t-canary";
    let mut hops = 0;
    for header in [Header::Bearer, Header::Named("PRIVATE-TOKEN"), Header::Named("JOB-TOKEN")] {
        for status in ["301 Moved", "302 Found", "303 See Other", "307 Temporary", "308 Permanent"] {
            let other = Server::saying(json("[]"));
            let elsewhere = other.url.clone();
            let own = Server::start(Box::new(move |path, _| {
                let to = if path == "/here" { "/there" } else { &elsewhere };
                Behaviour { bytes: http(status, &format!("Location: {to}\r\n"), ""), hangs_up: true }
            }));
            let token = Token::new(&own.url, header, SECRET);
            let url = format!("{}/here", own.url);
            loopback().fetch(&Request { token: Some(&token), ..get(&url) }).unwrap();
            let sent: Vec<bool> = own.requests().iter().map(|head| head.contains(SECRET)).collect();
            assert_eq!(sent, [true, true], "{header:?}");
            assert!(other.requests().iter().all(|head| !head.contains(SECRET)), "{header:?} {status}");
            // A token of another port, host or scheme is not sent to begin with.
            for foreign in [other.url.as_str(), "https://127.0.0.1", "http://localhost", "nonsense"] {
                let token = Token::new(foreign, header, SECRET);
                loopback().fetch(&Request { token: Some(&token), ..get(&url) }).unwrap();
            }
            assert_eq!(own.requests().iter().filter(|head| head.contains(SECRET)).count(), 2);
            hops += 1;
        }
    }
    println!("{hops} redirects with a token");
}

#[test]
fn a_token_that_no_header_can_carry_is_refused_without_being_shown() {
    let server = Server::saying(json("[]"));
    let token = Token::new(&server.url, Header::Bearer, "s3cr3t\r\nX: y");
    let error = loopback().fetch(&Request { token: Some(&token), ..get(&server.url) }).unwrap_err();
    assert!(matches!(error, TransportError::Url { .. }), "{error}");
    assert!(!format!("{error:?} {error}").contains("s3cr3t"));
    assert!(server.requests().is_empty());
}

#[test]
fn the_public_client_never_leaves_https_nor_enters_a_network() {
    let server = Server::saying(json("[]"));
    let live = Live::new(quick()).unwrap();
    for url in [
        server.url.as_str(),
        "http://example.org/",
        "ftp://example.org/",
        "file:///etc/passwd",
        "https://user@example.org/",
        "https://user:password@example.org/",
        "nonsense",
        "",
    ] {
        let error = live.fetch(&get(url)).unwrap_err();
        assert!(matches!(error, TransportError::Url { .. }), "{url}: {error}");
    }
    let port = server.url.rsplit(':').next().unwrap();
    for host in [
        "127.0.0.1",
        "127.1",
        "0x7f000001",
        "2130706433",
        "0.0.0.0",
        "10.0.0.1",
        "169.254.169.254",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "[fe80::1]",
        "[64:ff9b::7f00:1]",
        "localhost",
    ] {
        let url = format!("https://{host}:{port}/");
        let error = live.fetch(&get(&url)).unwrap_err();
        assert!(matches!(error, TransportError::Address { .. }), "{host}: {error}");
    }
    assert!(server.requests().is_empty());
}

#[test]
fn a_name_that_nobody_has_is_a_connection_that_failed() {
    let error = Live::new(quick()).unwrap().fetch(&get("https://nobody.invalid/")).unwrap_err();
    assert!(matches!(error, TransportError::Connection { .. }), "{error}");
}
