//! A token goes to its own origin.

use super::*;

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

/// What is asked of its own origin, elsewhere, elsewhere again, and of its own origin once more.
#[test]
fn row_124_a_token_that_was_taken_off_does_not_come_back_on_a_later_hop() {
    const SECRET: &str = "s3cr3t-canary";
    for header in [Header::Basic { user: "oauth2" }, Header::Bearer, Header::Named("PRIVATE-TOKEN")] {
        for status in ["301 Moved", "302 Found", "303 See Other", "307 Temporary", "308 Permanent"] {
            let back = Arc::new(Mutex::new(String::new()));
            let to = Arc::clone(&back);
            let other = Server::start(Box::new(move |path, _| {
                let to = if path == "/one" { "/two".to_owned() } else { to.lock().unwrap().clone() };
                Behaviour::saying(http(status, &format!("Location: {to}\r\nSet-Cookie: a=b\r\n"), ""))
            }));
            let elsewhere = other.url.clone();
            let own = Server::start(Box::new(move |path, _| match path {
                "/here" => Behaviour::saying(http(status, &format!("Location: {elsewhere}/one\r\n"), "")),
                _ => Behaviour::saying(json("[]")),
            }));
            *back.lock().unwrap() = format!("{}/back", own.url);
            let token = Token::new(&own.url, header, SECRET);
            let url = format!("{}/here", own.url);
            loopback().fetch(&Request { token: Some(&token), ..get(&url) }).unwrap();
            let credentials = ["authorization:", "private-token:", "proxy-", "cookie:"];
            let shows = |head: &String| credentials.iter().any(|it| head.to_lowercase().contains(it));
            assert_eq!(other.requests().iter().map(shows).collect::<Vec<_>>(), [false, false], "{status}");
            // Each request is its own: what is its origin's, is sent to its origin.
            assert_eq!(own.requests().iter().map(shows).collect::<Vec<_>>(), [true, true], "{status}");
            assert!(!own.requests().concat().to_lowercase().contains("cookie"));
        }
    }
}
