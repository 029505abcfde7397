//! Whole bodies, of the kind and size that were asked for.

use super::*;

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
fn a_body_that_ends_with_its_connection_is_no_answer() {
    for (version, coding) in [("1.0", ""), ("1.1", ""), ("1.1", "Transfer-Encoding: identity\r\n")] {
        let headers = format!("Content-Type: application/json\r\nConnection: close\r\n{coding}");
        let server = Server::saying(format!("HTTP/{version} 200 OK\r\n{headers}\r\n[1]").into_bytes());
        match refusal(&server) {
            TransportError::Connection { reason, .. } => {
                assert_eq!(reason, "its answer does not say where it ends");
            }
            other => panic!("{other}"),
        }
        assert_eq!(server.requests().len(), 3);
    }
}

#[test]
fn a_compressed_body_is_no_answer() {
    for coding in ["gzip", "br", "deflate", "zstd", "identity, gzip", "x-unknown"] {
        let headers = format!("Content-Type: application/json\r\nContent-Encoding: {coding}\r\n");
        let server = Server::saying(http("200 OK", &headers, "[]"));
        match refusal(&server) {
            TransportError::Kind { found, .. } => assert_eq!(found, "a compressed body"),
            other => panic!("{coding}: {other}"),
        }
        assert_eq!(server.requests().len(), 1);
    }
}

#[test]
fn a_next_page_is_taken_on_its_own_origin_only() {
    for (link, is_taken) in [
        ("</list?page=2>; rel=\"next\"", true),
        ("<https://127.0.0.1/list?page=2>; rel=\"next\"", false),
        ("<http://localhost/list?page=2>; rel=\"next\"", false),
    ] {
        let headers = format!("Content-Type: application/json\r\nLink: {link}\r\n");
        let server = Server::saying(http("200 OK", &headers, "[]"));
        let answer = loopback().fetch(&get(&server.url)).unwrap();
        assert_eq!(answer.next, is_taken.then(|| format!("{}/list?page=2", server.url)), "{link}");
    }
}

#[test]
fn a_body_that_ends_in_two_ways_is_no_answer() {
    for (length, chunks) in [(2, "2\r\n[]\r\n0\r\n\r\n"), (17, "2\r\n[]\r\n0\r\n\r\n")] {
        let head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n";
        let ends = format!("Content-Length: {length}\r\nTransfer-Encoding: chunked\r\n\r\n{chunks}");
        for ends in [ends.clone(), ends.replacen("chunked\r\n", "chunked\r\nX: y\r\n", 1)] {
            match refusal(&Server::saying(format!("{head}{ends}").into_bytes())) {
                TransportError::Connection { reason, .. } => {
                    assert!(reason.contains("says in two ways where it ends"), "{reason}")
                }
                other => panic!("{other}"),
            }
        }
    }
}
