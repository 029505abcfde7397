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
