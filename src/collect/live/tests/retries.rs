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
        assert_eq!(error.is_not_found(&server.url), status == 404);
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
    let server = Server::saying(http("503 Service Unavailable", "Retry-After: 86400\r\n", ""));
    let error = refusal(&server);
    // The clock goes on a little between the request and the answer.
    let asked = match &error {
        TransportError::Status { status: 503, retry_after: Some(seconds), .. } => *seconds,
        other => panic!("{other}"),
    };
    assert_eq!(asked, 86400);
    assert_eq!(server.requests().len(), 1);
    assert!(error.reason().contains("asked again after 86400 s"), "{}", error.reason());
}

#[test]
fn a_limit_on_requests_says_when_to_come_back() {
    let reset = |name: &str| format!("{name}-Remaining: 0\r\n{name}-Reset: {}\r\n", now().as_second() + 3600);
    for status in ["403 Forbidden", "429 Too Many Requests"] {
        for headers in [
            reset("X-RateLimit"),
            reset("RateLimit"),
            "Retry-After: Sun, 08 Nov 2026 09:49:00 GMT\r\n".to_owned(),
            "Retry-After: Sunday, 08-Nov-26 09:49:00 GMT\r\n".to_owned(),
            "Retry-After: Sun Nov  8 09:49:00 2026\r\n".to_owned(),
        ] {
            let server = Server::saying(http(status, &headers, ""));
            let error = refusal(&server);
            let until = "2026-11-08T09:49:00Z".parse().unwrap();
            assert!(
                matches!(&error, TransportError::RateLimited { until: found, .. } if *found == until),
                "{headers}: {error}"
            );
            let text = error.reason();
            assert!(
                text.contains("it takes no more requests before 2026-11-08T09:49:00Z; come back then"),
                "{text}"
            );
            assert!(!error.is_not_found(&server.url));
            assert_eq!(server.requests().len(), 1, "{headers}");
        }
        let server = Server::saying(http(status, "Retry-After: 3600\r\n", ""));
        let error = refusal(&server);
        assert!(
            matches!(&error, TransportError::RateLimited { until, .. } if until.as_second() - now().as_second() >= 3600),
            "{error}"
        );
        assert_eq!(server.requests().len(), 1);
    }
}

#[test]
fn a_limit_that_ends_soon_is_waited_for() {
    for headers in [
        "Retry-After: 0\r\n".to_owned(),
        "Retry-After: Sun, 08 Nov 2026 08:48:00 GMT\r\n".to_owned(),
        format!("X-RateLimit-Remaining: 0\r\nX-RateLimit-Reset: {}\r\n", now().as_second() - 5),
        "RateLimit-Remaining: 0\r\nRateLimit-Reset: 30\r\n".to_owned(),
    ] {
        for status in ["403 Forbidden", "429 Too Many Requests"] {
            let headers = headers.clone();
            let server = Server::start(Box::new(move |_, before| {
                Behaviour::saying(if before < 2 { http(status, &headers, "") } else { json("[]") })
            }));
            assert_eq!(loopback().fetch(&get(&server.url)).unwrap().bytes, b"[]", "{status}");
            assert_eq!(server.requests().len(), 3);
        }
    }
}

#[test]
fn nonsense_in_such_headers_is_as_if_there_were_none_and_never_waited_for() {
    let long = "9".repeat(3000);
    let mut tried = 0;
    for value in ["-1", "NaN", "1e3", "", "soon", "18446744073709551615", "99999999999999999999", &long] {
        let is_far = value.len() > 12;
        for (status, code, again) in [("403 Forbidden", 403, 1), ("429 Too Many Requests", 429, 3)] {
            for headers in [
                format!("Retry-After: {value}\r\n"),
                format!("X-RateLimit-Remaining: 0\r\nX-RateLimit-Reset: {value}\r\n"),
                format!("RateLimit-Remaining: 0\r\nRateLimit-Reset: {value}\r\n"),
            ] {
                let server = Server::saying(http(status, &headers, ""));
                match refusal(&server) {
                    TransportError::RateLimited { until, .. } if is_far => {
                        assert!(until.to_string().starts_with("9999-12-30"), "{until}");
                        assert_eq!(server.requests().len(), 1);
                    }
                    TransportError::Status { status, retry_after: None, .. } if !is_far && status == code => {
                        assert_eq!(server.requests().len(), again, "{headers}");
                    }
                    other => panic!("{headers:.80}: {other}"),
                }
                tried += 1;
            }
        }
    }
    println!("{tried} answers");
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
        let live = limited(stalls);
        let error = live.fetch(&get(&server.url)).unwrap_err();
        assert!(matches!(error, TransportError::Timeout { .. }), "{error}");
        // The run is over: nothing more is asked.
        let asked = server.requests().len();
        assert!(matches!(live.fetch(&get(&server.url)), Err(TransportError::Timeout { .. })));
        assert_eq!(server.requests().len(), asked);
    }
}

#[test]
fn a_body_that_trickles_has_an_end_with_the_run() {
    let start = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 99999\r\n\r\n";
    let never_slow = Limits { slowest: 0, whole_run: Duration::from_millis(400), ..quick() };
    let slow = Limits { slow_for: Duration::from_millis(200), retries: 1, ..quick() };
    for (limits, is_slow) in [(never_slow, false), (slow, true)] {
        for accept in [Accept::File, Accept::Json] {
            let server = Server::start(Box::new(|_, _| Behaviour { bytes: start.to_vec(), hangs_up: false }));
            let url = format!("{}/trickle", server.url);
            let request = Request { accept, max_bytes: 100_000, ..get(&url) };
            let error = limited(limits).stream(&request, &mut Memory(Vec::new())).unwrap_err();
            match error {
                TransportError::Slow { bytes, .. } if is_slow => {
                    assert!(bytes < 1024);
                    assert_eq!(server.requests().len(), 2);
                }
                TransportError::Timeout { after, .. } if !is_slow => assert!(after <= limits.whole_run),
                other => panic!("{other}"),
            }
        }
    }
}

#[test]
fn a_head_that_trickles_is_given_up() {
    let limits = Limits { read: Duration::from_millis(300), retries: 0, ..quick() };
    let server = Server::start(Box::new(|_, _| Behaviour {
        bytes: b"HTTP/1.1 200 OK\r\nX: ".to_vec(),
        hangs_up: false,
    }));
    let url = format!("{}/trickle", server.url);
    let request = Request { accept: Accept::File, ..get(&url) };
    let error = limited(limits).stream(&request, &mut Memory(Vec::new())).unwrap_err();
    assert!(matches!(error, TransportError::Timeout { after, .. } if after == limits.read), "{error}");
}
