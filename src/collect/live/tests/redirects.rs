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

#[test]
fn nobody_else_redirects_to_the_internal_host() {
    let inside = Server::saying(json("[]"));
    let on_name = inside.url.replace("127.0.0.1", "localhost");
    let reach = || Reach::loopback().with_internal("localhost");
    let live = || Live::reaching(reach(), within(quick())).unwrap();
    let to = on_name.clone();
    let outside = Server::start(Box::new(move |_, _| {
        Behaviour::saying(http("302 Found", &format!("Location: {to}/secret\r\n"), ""))
    }));
    match live().fetch(&get(&outside.url)).unwrap_err() {
        TransportError::Redirect { reason, .. } => assert_eq!(reason, "it leads into the internal network"),
        other => panic!("{other}"),
    }
    assert!(inside.requests().is_empty());
    // Asked itself it answers, and redirects within itself and outwards.
    assert_eq!(live().fetch(&get(&on_name)).unwrap().bytes, b"[]");
    let elsewhere = inside.url;
    let within_itself = Server::start(Box::new(move |path, _| {
        let to = if path == "/a" { "/b".to_owned() } else { elsewhere.clone() };
        Behaviour::saying(http("302 Found", &format!("Location: {to}\r\n"), ""))
    }));
    let url = format!("{}/a", within_itself.url.replace("127.0.0.1", "localhost"));
    assert_eq!(live().fetch(&get(&url)).unwrap().bytes, b"[]");
    assert_eq!(within_itself.requests().len(), 2);
}
