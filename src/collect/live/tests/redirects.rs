//! Redirects, hop by hop.

use super::*;

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
