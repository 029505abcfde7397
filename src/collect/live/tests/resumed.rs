//! A body that broke off: what is gone on with, what begins again, and when that ends.

use super::*;

const WHOLE: &[u8] = b"0123456789abcdef";
const GOOD: &str = "Content-Range: bytes 8-15/16\r\nETag: \"v1\"\r\n";

/// Half of the body, under a tag; then the connection breaks.
fn half(tag: &str) -> Vec<u8> {
    format!("HTTP/1.1 200 OK\r\nContent-Length: 16\r\n{tag}\r\n01234567").into_bytes()
}

fn whole() -> Vec<u8> {
    http("200 OK", "ETag: \"v1\"\r\n", "0123456789abcdef")
}

fn rest(headers: &str) -> Vec<u8> {
    http("206 Partial Content", headers, "89abcdef")
}

/// What came of a body.
#[derive(Default)]
struct Taken {
    begun: u32,
    bytes: Vec<u8>,
}

impl Sink for Taken {
    fn begin(&mut self) {
        self.begun += 1;
        self.bytes.clear();
    }

    fn part(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
    }
}

fn download(url: &str, limits: Limits) -> (Result<(), TransportError>, Taken) {
    let mut taken = Taken::default();
    let request = Request { accept: Accept::File, max_bytes: 1000, ..get(url) };
    (limited(limits).stream(&request, &mut taken), taken)
}

/// A server with one answer after the other, the last one for ever.
fn in_turn(answers: Vec<Vec<u8>>) -> Server {
    Server::start(Box::new(move |_, before| {
        Behaviour::saying(answers[before.min(answers.len() - 1)].clone())
    }))
}

fn reason(error: TransportError) -> String {
    match error {
        TransportError::Connection { reason, .. } => reason,
        other => panic!("{other:?}"),
    }
}

fn ranges(server: &Server) -> Vec<bool> {
    server.requests().iter().map(|head| head.to_lowercase().contains("\r\nrange: ")).collect()
}

#[test]
fn the_rest_of_the_very_same_body_is_gone_on_with() {
    let server = in_turn(vec![half("ETag: \"v1\"\r\n"), rest(GOOD)]);
    let (result, taken) = download(&server.url, quick());
    result.unwrap();
    assert_eq!((taken.begun, taken.bytes.as_slice()), (1, WHOLE));
    let head = server.requests()[1].to_lowercase();
    assert!(head.contains("range: bytes=8-\r\n") && head.contains("if-range: \"v1\"\r\n"), "{head}");
    // In three parts, too.
    let first = http("206 Partial Content", "Content-Range: bytes 8-11/16\r\nETag: \"v1\"\r\n", "89ab");
    let second = http("206 Partial Content", "Content-Range: bytes 12-15/16\r\nETag: \"v1\"\r\n", "cdef");
    let server = in_turn(vec![half("ETag: \"v1\"\r\n"), first, second]);
    let (result, taken) = download(&server.url, quick());
    result.unwrap();
    assert_eq!((taken.begun, taken.bytes.as_slice()), (1, WHOLE));
    assert_eq!(ranges(&server), [false, true, true]);
}

#[test]
fn another_rest_is_refused_by_name_and_the_body_begins_again() {
    let another_part = "it went on with another part than was asked for";
    let another_version = "the rest is of another version of the file";
    let another_size = "the rest is of a file of another size";
    let cases = [
        ("Content-Range: bytes 7-14/16\r\nETag: \"v1\"\r\n", another_part),
        ("Content-Range: bytes 9-16/17\r\nETag: \"v1\"\r\n", another_part),
        ("Content-Range: bytes 0-7/16\r\nETag: \"v1\"\r\n", another_part),
        ("Content-Range: bytes 8-15/*\r\nETag: \"v1\"\r\n", another_part),
        ("Content-Range: bytes 8-16/16\r\nETag: \"v1\"\r\n", another_part),
        ("Content-Range: lines 8-15/16\r\nETag: \"v1\"\r\n", another_part),
        ("Content-Range: nonsense\r\nETag: \"v1\"\r\n", another_part),
        ("ETag: \"v1\"\r\n", another_part),
        ("Content-Range: bytes 8-15/16\r\nETag: \"v2\"\r\n", another_version),
        ("Content-Range: bytes 8-15/16\r\nETag: W/\"v1\"\r\n", another_version),
        ("Content-Range: bytes 8-15/16\r\nETag: \"v1\"\r\nETag: \"v2\"\r\n", another_version),
        ("Content-Range: bytes 8-15/16\r\n", another_version),
        ("Content-Range: bytes 8-15/17\r\nETag: \"v1\"\r\n", another_size),
        ("Content-Range: bytes 8-14/16\r\nETag: \"v1\"\r\n", another_size),
        ("Content-Range: bytes 8-15/1000000\r\nETag: \"v1\"\r\n", another_size),
    ];
    for (headers, why) in cases {
        let server = in_turn(vec![half("ETag: \"v1\"\r\n"), rest(headers)]);
        let (result, taken) = download(&server.url, Limits { retries: 1, ..quick() });
        assert_eq!(reason(result.unwrap_err()), why, "{headers}");
        assert_eq!(taken.bytes, b"01234567", "bytes of the refused rest were taken");
        let server = in_turn(vec![half("ETag: \"v1\"\r\n"), rest(headers), whole()]);
        let (result, taken) = download(&server.url, quick());
        result.unwrap();
        assert_eq!((taken.begun, taken.bytes.as_slice()), (2, WHOLE), "{headers}");
        assert_eq!(ranges(&server), [false, true, false], "{headers}");
    }
    println!("{} rests refused", cases.len());
}

#[test]
fn a_rest_is_as_long_as_it_says() {
    let chunked = |range: &str, body: &str| {
        let head = "HTTP/1.1 206 Partial Content\r\nTransfer-Encoding: chunked\r\nETag: \"v1\"\r\n";
        let length = body.len();
        format!("{head}Content-Range: bytes {range}\r\n\r\n{length:x}\r\n{body}\r\n0\r\n\r\n").into_bytes()
    };
    for (range, body, why) in [
        ("8-15/16", "89abcdefX", "it sent more than it said"),
        ("8-11/16", "89abcdef", "it sent more than it said"),
        ("8-15/16", "89abcde", "it ended before its end"),
        ("8-15/16", "", "it ended before its end"),
    ] {
        let server = in_turn(vec![half("ETag: \"v1\"\r\n"), chunked(range, body)]);
        let (result, _) = download(&server.url, Limits { retries: 1, ..quick() });
        let said = reason(result.unwrap_err());
        // One that is short is gone on with, and asked for from there.
        assert!(said == why || body == "89abcde", "{range} {body}: {said}");
    }
    let server = in_turn(vec![half("ETag: \"v1\"\r\n"), chunked("8-15/16", "89abcdef")]);
    let (result, taken) = download(&server.url, quick());
    result.unwrap();
    assert_eq!((taken.begun, taken.bytes.as_slice()), (1, WHOLE));
}

#[test]
fn a_rest_that_nobody_asked_for_is_no_answer() {
    for (tag, answers) in [("", 1), ("ETag: W/\"v1\"\r\n", 1), ("ETag: \"v1\"\r\n", 0)] {
        let mut all = vec![half(tag); answers];
        all.push(rest(if answers == 0 { "Content-Range: bytes 0-7/8\r\nETag: \"v1\"\r\n" } else { GOOD }));
        let server = in_turn(all);
        let error = download(&server.url, quick()).0.unwrap_err();
        assert!(matches!(error, TransportError::Status { status: 206, .. }), "{tag}: {error}");
        assert!(ranges(&server).iter().all(|asked| !asked));
    }
    // A question is asked again whole.
    let server = in_turn(vec![half("ETag: \"v1\"\r\n"), rest(GOOD)]);
    let request =
        Request { method: Method::Ask(b"{}"), accept: Accept::Bytes, max_bytes: 1000, ..get(&server.url) };
    let error = loopback().fetch(&request).unwrap_err();
    assert!(matches!(error, TransportError::Status { status: 206, .. }), "{error}");
    assert_eq!(ranges(&server), [false, false]);
}

#[test]
fn a_rest_of_another_kind_is_no_answer_and_nothing_of_it_is_taken() {
    for (headers, found) in [
        ("Content-Encoding: gzip\r\n", "a compressed body"),
        ("Content-Type: text/html\r\n", "a page of HTML"),
    ] {
        for answer in [rest(&format!("{GOOD}{headers}")), http("200 OK", headers, "another body")] {
            let server = in_turn(vec![half("ETag: \"v1\"\r\n"), answer]);
            let (result, taken) = download(&server.url, quick());
            match result.unwrap_err() {
                TransportError::Kind { found: it, .. } => assert_eq!(it, found),
                other => panic!("{other}"),
            }
            // Nor did it begin again for that.
            assert_eq!((taken.begun, taken.bytes.as_slice()), (1, &b"01234567"[..]));
            assert_eq!(server.requests().len(), 2);
        }
    }
    let long = in_turn(vec![http("200 OK", "", &"x".repeat(1001))]);
    let (result, taken) = download(&long.url, quick());
    assert!(matches!(result, Err(TransportError::TooLarge { limit: 1000, .. })));
    assert_eq!(taken.begun, 0);
}

#[test]
fn a_body_that_changed_in_between_begins_again() {
    let other = http("200 OK", "ETag: \"v2\"\r\n", "another version");
    let server = in_turn(vec![half("ETag: \"v1\"\r\n"), other]);
    let (result, taken) = download(&server.url, quick());
    result.unwrap();
    assert_eq!((taken.begun, taken.bytes.as_slice()), (2, &b"another version"[..]));
    // And so it does where there is no such rest any more.
    let gone = http("416 Range Not Satisfiable", "Content-Range: bytes */5\r\n", "");
    let server = in_turn(vec![half("ETag: \"v1\"\r\n"), gone, http("200 OK", "", "short")]);
    let (result, taken) = download(&server.url, quick());
    result.unwrap();
    assert_eq!((taken.begun, taken.bytes.as_slice()), (2, &b"short"[..]));
    assert_eq!(ranges(&server), [false, true, false]);
    let nobody_asked = in_turn(vec![http("416 Range Not Satisfiable", "", "")]);
    assert!(matches!(
        download(&nobody_asked.url, quick()).0,
        Err(TransportError::Status { status: 416, .. })
    ));
}

#[test]
fn the_rest_comes_from_the_same_place() {
    for (place, is_same) in [("/store/file?sig=2", true), ("/other/file?sig=1", false)] {
        let server = Server::start(Box::new(move |path, before| {
            let to = if before == 0 { "/store/file?sig=1" } else { place };
            Behaviour::saying(match path {
                "/" => http("302 Found", &format!("Location: {to}\r\n"), ""),
                _ if before == 1 => half("ETag: \"v1\"\r\n"),
                _ => rest(GOOD),
            })
        }));
        let (result, taken) = download(&server.url, Limits { retries: 1, ..quick() });
        match is_same {
            true => {
                result.unwrap();
                assert_eq!((taken.begun, taken.bytes.as_slice()), (1, WHOLE));
            }
            false => assert_eq!(reason(result.unwrap_err()), "the rest came from another place"),
        }
    }
}

#[test]
fn a_body_that_begins_again_has_made_no_progress() {
    // Each time one more byte comes; without a tag, or under one that nobody keeps to.
    for tag in ["", "ETag: \"v1\"\r\n", "ETag: W/\"v1\"\r\n"] {
        let server = Server::start(Box::new(move |_, before| {
            let body = "x".repeat(before + 1);
            Behaviour::saying(format!("HTTP/1.1 200 OK\r\nContent-Length: 99\r\n{tag}\r\n{body}"))
        }));
        let (result, _) = download(&server.url, quick());
        assert!(matches!(result, Err(TransportError::Connection { .. })), "{result:?}");
        assert_eq!(server.requests().len(), 3, "{tag}");
    }
}

#[test]
fn a_body_is_gone_on_with_a_limited_number_of_times() {
    // One byte of a hundred comes with each answer.
    let server = Server::start(Box::new(|_, before| {
        let length = 100 - before;
        let range = format!("Content-Range: bytes {before}-99/100\r\n");
        let (status, range) =
            if before == 0 { ("200 OK", "") } else { ("206 Partial Content", range.as_str()) };
        Behaviour::saying(format!(
            "HTTP/1.1 {status}\r\nContent-Length: {length}\r\nETag: \"v1\"\r\n{range}\r\nx"
        ))
    }));
    let (result, taken) = download(&server.url, quick());
    assert!(matches!(result, Err(TransportError::Connection { .. })), "{result:?}");
    assert_eq!(server.requests().len(), 1 + MAX_RESUMED as usize);
    assert_eq!(taken.bytes.len(), 1 + MAX_RESUMED as usize);
}

#[test]
fn going_on_ends_with_the_run() {
    let server = Server::start(Box::new(|_, before| {
        std::thread::sleep(Duration::from_millis(40));
        let range = format!("Content-Range: bytes {before}-99/100\r\n");
        let (status, range) =
            if before == 0 { ("200 OK", "") } else { ("206 Partial Content", range.as_str()) };
        let length = 100 - before;
        Behaviour::saying(format!(
            "HTTP/1.1 {status}\r\nContent-Length: {length}\r\nETag: \"v1\"\r\n{range}\r\nx"
        ))
    }));
    let (result, _) = download(&server.url, Limits { whole_run: Duration::from_millis(200), ..quick() });
    assert!(result.is_err());
    let asked = server.requests().len();
    assert!(asked < MAX_RESUMED as usize, "{asked}");
}
