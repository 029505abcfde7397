//! What is never asked.

use super::*;

#[test]
fn the_public_client_never_leaves_https_nor_enters_a_network() {
    let server = Server::saying(json("[]"));
    let live = Live::new(within(quick())).unwrap();
    for url in [
        server.url.as_str(),
        "http://example.org/",
        "ftp://example.org/",
        "file:///etc/passwd",
        "https://user@example.org/",
        "https://user:password@example.org/",
        "nonsense",
        "",
    ] {
        let error = live.fetch(&get(url)).unwrap_err();
        assert!(matches!(error, TransportError::Url { .. }), "{url}: {error}");
    }
    let port = server.url.rsplit(':').next().unwrap();
    for host in [
        "127.0.0.1",
        "127.1",
        "0x7f000001",
        "2130706433",
        "0.0.0.0",
        "10.0.0.1",
        "169.254.169.254",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "[fe80::1]",
        "[64:ff9b::7f00:1]",
        "localhost",
    ] {
        let url = format!("https://{host}:{port}/");
        let error = live.fetch(&get(&url)).unwrap_err();
        assert!(matches!(error, TransportError::Address { .. }), "{host}: {error}");
    }
    assert!(server.requests().is_empty());
}

#[test]
fn a_name_that_nobody_has_is_a_connection_that_failed() {
    let error = Live::new(within(quick())).unwrap().fetch(&get("https://nobody.invalid/")).unwrap_err();
    assert!(matches!(error, TransportError::Connection { .. }), "{error}");
}

/// RUSTSEC-2024-0421: a label in punycode that decodes to ASCII is another spelling of that name. None of these is a host, or
/// the one whose name it looks like.
#[test]
fn row_130_a_host_has_one_spelling() {
    let is_of = |origin: &str, url: &str| {
        let token = Token::new(origin, Header::Bearer, "x");
        Url::parse(url).is_ok_and(|url| headers::is_of_origin(&token, &url))
    };
    let reach = Reach::loopback().with_internal("forge.example");
    let own = "https://forge.example";
    let others = [
        "https://xn--forge-.example/",
        "https://xn--forge.example/",
        "https://forge.xn--example-/",
        "https://forge.example./",
        "https://forge.example:444/",
        "http://forge.example/",
        "https://forge.example.evil.example/",
        "https://forge.example@evil.example/",
        "https://forge.example%00.evil.example/",
        "https://forge.example%2f.evil.example/",
        "https://forg\u{435}.example/",
        "https://[::1]forge.example/",
        "https://[forge.example]/",
        "https://forge.example:443:443/",
    ];
    for other in others {
        assert!(!is_of(own, other), "{other}");
        let is_internal = Url::parse(other).is_ok_and(|url| reach.is_internal(&url));
        let is_other_port = other.contains(":444") || other.starts_with("http:");
        assert_eq!(is_internal, is_other_port, "{other}");
    }
    // These are written otherwise, and are the same host to every parser (WHATWG URL, section 3.5).
    for same in [
        "https://FORGE.example/",
        "https://forge.example:443/",
        "https://%66orge.example/",
        "https://forge.example\\@evil.example/",
    ] {
        assert!(is_of(own, same), "{same}");
    }
    assert!(Url::parse("https://xn--forge-.example/").is_err(), "it decodes to ASCII");
}
