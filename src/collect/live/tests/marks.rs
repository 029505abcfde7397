//! Large files that are asked for by what their server said of them the last time.

use super::conditional::conditions;
use super::*;

const FILE: &str = "Content-Type: application/x-gzip\r\nETag: W/\"1\"\r\n";

fn archive(url: &str) -> Request<'_> {
    Request { method: Method::Get, url, max_bytes: 64, accept: Accept::Archive, token: None }
}

/// What came of it, and the body that did.
fn ask(url: &str, mark: Option<&Mark>) -> Result<(Streamed, Vec<u8>), TransportError> {
    let mut sink = Memory(Vec::new());
    let streamed = loopback().stream_if_changed(&archive(url), mark, &mut sink)?;
    Ok((streamed, sink.0))
}

fn mark(place: String, tag: Option<&str>) -> Mark {
    Mark { place, tag: tag.map(str::to_owned), modified: None }
}

/// `/a` leads to another place, which knows whether it has changed.
fn behind_a_redirect(place: &'static str) -> Server {
    Server::start(Box::new(move |path, before| {
        Behaviour::saying(match (path, before) {
            ("/a", _) => http("302 Found", &format!("Location: {place}\r\n"), ""),
            (_, 1) => http("200 OK", FILE, "first"),
            _ => http("304 Not Modified", "ETag: \"1\"\r\n", ""),
        })
    }))
}

#[test]
fn the_place_that_a_redirect_led_to_is_asked_by_its_own_tag() {
    let server = behind_a_redirect("/b");
    let url = format!("{}/a", server.url);
    let expected = mark(format!("{}/b", server.url), Some("W/\"1\""));
    let (streamed, body) = ask(&url, None).unwrap();
    assert_eq!((&streamed, body.as_slice()), (&Streamed::Whole(Some(expected.clone())), b"first".as_slice()));
    assert_eq!(ask(&url, Some(&expected)).unwrap(), (Streamed::Unchanged, Vec::new()));
    let tag = Some("if-none-match: w/\"1\"".to_owned());
    assert_eq!(conditions(&server), [None, None, None, tag]);
}

#[test]
fn an_answer_that_nothing_has_changed_counts_only_where_that_was_asked() {
    let server = behind_a_redirect("/b");
    let url = format!("{}/a", server.url);
    ask(&url, None).unwrap();
    let elsewhere = mark(format!("{}/c", server.url), Some("W/\"1\""));
    let empty = mark(format!("{}/b", server.url), None);
    let broken = mark(format!("{}/b", server.url), Some("\r\nX: y"));
    for mark in [None, Some(&elsewhere), Some(&empty), Some(&broken)] {
        let error = ask(&url, mark).unwrap_err();
        assert!(matches!(error, TransportError::Status { status: 304, .. }), "{mark:?}: {error}");
    }
    assert!(conditions(&server).iter().all(Option::is_none));
}

#[test]
fn an_answer_about_another_body_is_none_and_the_whole_one_is_fetched() {
    let server = Server::start(Box::new(|_, before| {
        Behaviour::saying(match before {
            0 => http("304 Not Modified", "ETag: \"2\"\r\n", ""),
            _ => http("200 OK", FILE, "whole"),
        })
    }));
    let known = mark(format!("{}/", server.url), Some("W/\"1\""));
    let (streamed, body) = ask(&server.url, Some(&known)).unwrap();
    assert_eq!((streamed, body.as_slice()), (Streamed::Whole(Some(known)), b"whole".as_slice()));
}

#[test]
fn an_address_that_may_hold_a_secret_is_not_remembered() {
    let server = behind_a_redirect("/b?signature=s3cr3t");
    let url = format!("{}/a", server.url);
    assert_eq!(ask(&url, None).unwrap().0, Streamed::Whole(None));
}

#[test]
fn what_does_not_want_to_be_kept_is_not_remembered() {
    for headers in ["Cache-Control: no-store\r\nETag: \"1\"\r\n", "Vary: *\r\nETag: \"1\"\r\n", ""] {
        let server = Server::saying(http("200 OK", headers, "x"));
        assert_eq!(ask(&server.url, None).unwrap().0, Streamed::Whole(None), "{headers}");
    }
    let server = Server::saying(http("200 OK", "Last-Modified: Sun, 08 Nov 2026 08:49:37 GMT\r\n", "x"));
    let Streamed::Whole(Some(mark)) = ask(&server.url, None).unwrap().0 else { panic!("no mark") };
    assert_eq!(mark.modified.as_deref(), Some("Sun, 08 Nov 2026 08:49:37 GMT"));
}
