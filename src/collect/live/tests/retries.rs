//! What is asked again, how often, and what is given up.

use super::*;

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
