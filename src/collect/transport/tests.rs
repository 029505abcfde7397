use super::*;

const SECRET: &str = "s3cr3t-canary";

#[test]
fn offline_refuses_by_name() {
    let request = Request {
        method: Method::Get,
        url: "https://log.example/api?x=1",
        max_bytes: 1,
        accept: Accept::Json,
        token: None,
    };
    let error = Offline.fetch(&request).unwrap_err();
    assert_eq!(error, TransportError::Offline { url: request.url.to_owned() });
    assert_eq!(
        error.reason(),
        "https://log.example/api was not asked: --offline opens no socket; run without --offline"
    );
}

#[test]
fn a_token_is_never_shown() {
    for header in [Header::Bearer, Header::Named("PRIVATE-TOKEN")] {
        let token = Token::new("https://forge.example", header, SECRET);
        assert!(!format!("{token:?}").contains(SECRET));
        let request = Request {
            method: Method::Get,
            url: "https://forge.example/x",
            max_bytes: 1,
            accept: Accept::Bytes,
            token: Some(&token),
        };
        assert!(!format!("{request:?}").contains(SECRET));
        assert!(!Offline.fetch(&request).unwrap_err().reason().contains(SECRET));
    }
}

#[test]
fn only_the_server_that_was_asked_says_that_there_is_nothing() {
    let answered =
        |url: &str, status| TransportError::Status { url: url.to_owned(), status, retry_after: None };
    let asked = "https://forge.example/api/releases/1";
    for (url, status, says) in [
        (asked, 404, true),
        ("https://forge.example/api/moved?x=1", 410, true),
        ("https://forge.example", 404, true),
        (asked, 403, false),
        ("https://store.example/api/releases/1", 404, false),
        ("https://forge.example.evil/api/releases/1", 404, false),
        ("https://forge.example:444/api/releases/1", 404, false),
        ("http://forge.example/api/releases/1", 404, false),
        ("https://evil.example/?https://forge.example/", 404, false),
    ] {
        assert_eq!(answered(url, status).is_not_found(asked), says, "{url} {status}");
    }
}

#[test]
fn an_error_shows_no_query_no_password_and_no_control_characters() {
    let url = format!("https://user:{SECRET}@host.example/a\u{1b}[2Jb?sig={SECRET}#{SECRET}");
    let all = [
        TransportError::Offline { url: url.clone() },
        TransportError::Url { url: url.clone(), reason: "no" },
        TransportError::Address { url: url.clone(), address: "::1".into(), kind: "loopback" },
        TransportError::Redirect { url: url.clone(), to: url.clone(), reason: "no" },
        TransportError::Status { url: url.clone(), status: 500, retry_after: Some(3) },
        TransportError::RateLimited { url: url.clone(), status: 403, until: Timestamp::MAX },
        TransportError::Slow { url: url.clone(), bytes: 1, within: Duration::from_secs(1) },
        TransportError::Kind { url: url.clone(), found: "\u{1b}".into(), expected: "JSON" },
        TransportError::TooLarge { url: url.clone(), limit: 1 },
        TransportError::Timeout { url: url.clone(), after: Duration::from_secs(1) },
        TransportError::Connection { url, reason: "\u{7}reset".into() },
    ];
    for error in all {
        let text = error.reason();
        assert!(text.contains("https://host.example/a"), "{text}");
        assert!(!text.contains(SECRET), "{text}");
        assert!(!text.chars().any(char::is_control), "{text:?}");
    }
}
