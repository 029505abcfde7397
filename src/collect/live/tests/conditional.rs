//! Answers that were kept: whether they have changed is asked, and what is kept counts only where they have not.

use super::*;
use std::path::Path;

const TAGGED: &str = "Content-Type: application/json\r\nETag: W/\"1\"\r\nLink: </?page=2>; rel=\"next\"\r\n";

fn keeping(folder: &Path) -> Live {
    let config = Config { cache: Some(folder.join("answers")), ..within(quick()) };
    Live::reaching(Reach::loopback(), config).unwrap()
}

fn in_turn(answers: Vec<Vec<u8>>) -> Server {
    Server::start(Box::new(move |_, before| {
        Behaviour::saying(answers[before.min(answers.len() - 1)].clone())
    }))
}

fn kept(folder: &Path) -> Vec<std::path::PathBuf> {
    let all = std::fs::read_dir(folder.join("answers")).into_iter().flatten();
    all.map(|entry| entry.unwrap().path()).collect()
}

pub(super) fn conditions(server: &Server) -> Vec<Option<String>> {
    let of = |head: &String| {
        let lower = head.to_lowercase();
        let mut lines = lower.lines().map(str::to_owned);
        lines.find(|line| line.starts_with("if-"))
    };
    server.requests().iter().map(of).collect()
}

#[test]
fn what_has_not_changed_is_what_was_kept() {
    let folder = tempfile::tempdir().unwrap();
    let server =
        in_turn(vec![http("200 OK", TAGGED, "[1]"), http("304 Not Modified", "ETag: \"1\"\r\n", "")]);
    let first = keeping(folder.path()).fetch(&get(&server.url)).unwrap();
    let again = keeping(folder.path()).fetch(&get(&server.url)).unwrap();
    assert_eq!(again, first);
    assert_eq!(again.next, Some(format!("{}/?page=2", server.url)));
    assert_eq!(conditions(&server), [None, Some("if-none-match: w/\"1\"".to_owned())]);
    assert_eq!(kept(folder.path()).len(), 1);
}

#[test]
fn a_date_does_where_there_is_no_tag() {
    let folder = tempfile::tempdir().unwrap();
    let headers = "Content-Type: application/json\r\nLast-Modified: Sun, 08 Nov 2026 08:49:37 GMT\r\n";
    let server = in_turn(vec![http("200 OK", headers, "[1]"), http("304 Not Modified", "", "")]);
    for _ in 0..2 {
        assert_eq!(keeping(folder.path()).fetch(&get(&server.url)).unwrap().bytes, b"[1]");
    }
    assert_eq!(conditions(&server)[1].as_deref(), Some("if-modified-since: sun, 08 nov 2026 08:49:37 gmt"));
}

#[test]
fn what_has_changed_is_fetched_and_kept_instead() {
    let folder = tempfile::tempdir().unwrap();
    let newer = TAGGED.replace("\"1\"", "\"2\"");
    let server =
        in_turn(vec![http("200 OK", TAGGED, "[1]"), http("200 OK", &newer, "[2]"), http("304 X", "", "")]);
    let bodies: Vec<Vec<u8>> =
        (0..3).map(|_| keeping(folder.path()).fetch(&get(&server.url)).unwrap().bytes).collect();
    assert_eq!(bodies, [b"[1]", b"[2]", b"[2]"]);
    assert_eq!(conditions(&server)[2].as_deref(), Some("if-none-match: w/\"2\""));
    assert_eq!(kept(folder.path()).len(), 1);
}

#[test]
fn an_answer_about_another_version_is_asked_for_again() {
    let folder = tempfile::tempdir().unwrap();
    let server = in_turn(vec![
        http("200 OK", TAGGED, "[1]"),
        http("304 Not Modified", "ETag: \"2\"\r\n", ""),
        http("200 OK", TAGGED, "[2]"),
    ]);
    keeping(folder.path()).fetch(&get(&server.url)).unwrap();
    assert_eq!(keeping(folder.path()).fetch(&get(&server.url)).unwrap().bytes, b"[2]");
    assert_eq!(conditions(&server).iter().map(Option::is_some).collect::<Vec<_>>(), [false, true, false]);
}

#[test]
fn not_changed_is_no_answer_to_who_did_not_ask() {
    let folder = tempfile::tempdir().unwrap();
    let server = in_turn(vec![http("200 OK", TAGGED, "[1]"), http("304 Not Modified", "", "")]);
    keeping(folder.path()).fetch(&get(&server.url)).unwrap();
    let token = Token::new(&server.url, Header::Bearer, "s3cr3t-canary");
    let others = [
        Request { token: Some(&token), ..get(&server.url) },
        Request { accept: Accept::Bytes, ..get(&server.url) },
        Request { accept: Accept::File, ..get(&server.url) },
        Request { max_bytes: 2, ..get(&server.url) },
        Request { method: Method::Ask(b"{}"), ..get(&server.url) },
    ];
    for request in &others {
        let error = keeping(folder.path()).fetch(request).unwrap_err();
        assert!(
            matches!(error, TransportError::Status { status: 304, .. } | TransportError::Redirect { .. }),
            "{request:?}: {error}"
        );
    }
    assert!(conditions(&server).iter().all(Option::is_none));
    assert!(loopback().fetch(&get(&server.url)).is_err());
}

#[test]
fn what_was_spoilt_is_as_if_nothing_had_been_kept() {
    let folder = tempfile::tempdir().unwrap();
    let server = in_turn(vec![http("200 OK", TAGGED, "[1]")]);
    keeping(folder.path()).fetch(&get(&server.url)).unwrap();
    let path = kept(folder.path()).remove(0);
    let mut bytes = std::fs::read(&path).unwrap();
    let last = bytes.len() - 2;
    bytes[last] = b'7';
    std::fs::write(&path, bytes).unwrap();
    assert_eq!(keeping(folder.path()).fetch(&get(&server.url)).unwrap().bytes, b"[1]");
    assert_eq!(conditions(&server), [None, None]);
    // It was written anew.
    keeping(folder.path()).fetch(&get(&server.url)).unwrap();
    assert!(conditions(&server)[2].is_some());
}

#[test]
fn files_redirected_answers_and_what_is_no_answer_are_not_kept() {
    let folder = tempfile::tempdir().unwrap();
    let live = keeping(folder.path());
    let tagged = in_turn(vec![http("200 OK", TAGGED, "[1]")]);
    for accept in [Accept::File, Accept::Bytes] {
        live.fetch(&Request { accept, ..get(&tagged.url) }).unwrap();
    }
    live.stream(&get(&tagged.url), &mut Memory(Vec::new())).unwrap();
    let elsewhere = Server::start(Box::new(|path, _| {
        let to = http("302 Found", "Location: /b\r\n", "");
        Behaviour::saying(if path == "/a" { to } else { http("200 OK", TAGGED, "[1]") })
    }));
    live.fetch(&get(&format!("{}/a", elsewhere.url))).unwrap();
    let page = in_turn(vec![http("200 OK", TAGGED, "<html>")]);
    live.fetch(&get(&page.url)).unwrap_err();
    let broken =
        in_turn(vec![format!("HTTP/1.1 200 OK\r\n{TAGGED}Content-Length: 9\r\n\r\n[1]").into_bytes()]);
    live.fetch(&get(&broken.url)).unwrap_err();
    let no_store = in_turn(vec![http("200 OK", &format!("{TAGGED}Cache-Control: no-store\r\n"), "[1]")]);
    live.fetch(&get(&no_store.url)).unwrap();
    assert_eq!(kept(folder.path()), Vec::<std::path::PathBuf>::new());
}

#[test]
fn no_token_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let server = in_turn(vec![http("200 OK", TAGGED, "[1]"), http("304 Not Modified", "", "")]);
    let token = Token::new(&server.url, Header::Named("PRIVATE-TOKEN"), "s3cr3t-canary");
    let request = Request { token: Some(&token), ..get(&server.url) };
    for _ in 0..2 {
        assert_eq!(keeping(folder.path()).fetch(&request).unwrap().bytes, b"[1]");
    }
    assert_eq!(server.requests().iter().filter(|head| head.contains("s3cr3t-canary")).count(), 2);
    for path in kept(folder.path()) {
        assert!(!String::from_utf8_lossy(&std::fs::read(path).unwrap()).contains("s3cr3t"));
    }
}

#[test]
fn the_question_is_put_to_nobody_else_after_a_redirect() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(Box::new(|path, before| {
        Behaviour::saying(match (path, before) {
            ("/a", 0) => http("200 OK", TAGGED, "[1]"),
            ("/a", _) => http("302 Found", "Location: /b\r\n", ""),
            _ => http("200 OK", TAGGED, "[2]"),
        })
    }));
    let url = format!("{}/a", server.url);
    assert_eq!(keeping(folder.path()).fetch(&get(&url)).unwrap().bytes, b"[1]");
    assert_eq!(keeping(folder.path()).fetch(&get(&url)).unwrap().bytes, b"[2]");
    assert_eq!(conditions(&server).iter().map(Option::is_some).collect::<Vec<_>>(), [false, true, false]);
    // Nor is an answer from there about what was kept here.
    let server = Server::start(Box::new(|path, before| {
        Behaviour::saying(match (path, before) {
            ("/a", 0) => http("200 OK", TAGGED, "[1]"),
            ("/a", _) => http("302 Found", "Location: /b\r\n", ""),
            _ => http("304 Not Modified", "ETag: W/\"1\"\r\n", ""),
        })
    }));
    let url = format!("{}/a", server.url);
    keeping(folder.path()).fetch(&get(&url)).unwrap();
    let error = keeping(folder.path()).fetch(&get(&url)).unwrap_err();
    assert!(matches!(error, TransportError::Status { status: 304, .. }), "{error}");
}
