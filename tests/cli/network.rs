//! How the network is reached, as the surroundings say it: nothing of a test leaves this machine.

use crate::run::{command, finish, relcheck};
use std::{
    io::{Read, Write},
    net::TcpListener,
    sync::{Arc, Mutex},
};

const PASSWORD: &str = "s3cr3t-canary";

/// A proxy that refuses everybody; the address, and what it was asked.
fn refusing_proxy() -> (String, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let heads = Arc::<Mutex<Vec<String>>>::default();
    let seen = Arc::clone(&heads);
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(mut stream) = stream else { return };
            let (mut head, mut byte) = (Vec::new(), [0]);
            while !head.ends_with(b"\r\n\r\n") && stream.read_exact(&mut byte).is_ok() {
                head.push(byte[0]);
            }
            seen.lock().unwrap().push(String::from_utf8_lossy(&head).into_owned());
            drop(stream.write_all(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n"));
        }
    });
    (address, heads)
}

#[test]
fn what_is_named_and_cannot_be_used_exits_2_by_its_name() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("empty.pem"), "nothing").unwrap();
    for (variable, value, phrase) in [
        (
            "HTTPS_PROXY",
            "socks5://user:s3cr3t-canary@127.0.0.1:1",
            "HTTPS_PROXY names no proxy that can be used",
        ),
        ("ALL_PROXY", "ftp://127.0.0.1:1", "ALL_PROXY names no proxy that can be used"),
        ("https_proxy", "http://", "https_proxy names no proxy that can be used: it is not a URL"),
        ("RELCHECK_CA_BUNDLE", "gone.pem", "RELCHECK_CA_BUNDLE"),
        ("RELCHECK_CA_BUNDLE", "empty.pem", "RELCHECK_CA_BUNDLE empty.pem holds no certificate in PEM"),
        ("SSL_CERT_FILE", "gone.pem", "SSL_CERT_FILE"),
        ("SSL_CERT_FILE", "empty.pem", "SSL_CERT_FILE empty.pem holds no certificate in PEM"),
        ("SSL_CERT_DIR", "gone", "SSL_CERT_DIR gone cannot be read"),
    ] {
        for arguments in [&["trust", "update"][..], &["verify", "v1.0.0", "--repo", "acme/widget"]] {
            let ran = finish(command(folder.path()).args(arguments).env(variable, value));
            let ran = ran.expect(&format!("{variable}={value}"), 2, &["error: ", phrase]);
            assert!(!ran.said().contains(PASSWORD), "{}", ran.said());
        }
    }
}

#[test]
fn what_is_never_reached_is_not_looked_at() {
    let folder = tempfile::tempdir().unwrap();
    let ran = finish(
        command(folder.path())
            .args(["trust", "update", "--offline"])
            .env("HTTPS_PROXY", "socks5://127.0.0.1:1")
            .env("SSL_CERT_FILE", "gone.pem"),
    );
    ran.expect("--offline", 3, &["--offline opens no socket"]);
    relcheck(folder.path(), ["trust", "status"]).expect("status", 0, &["embedded"]);
}

#[test]
fn a_proxy_is_asked_for_a_tunnel_and_is_given_no_token() {
    let (address, heads) = refusing_proxy();
    let folder = tempfile::tempdir().unwrap();
    let ran = finish(
        command(folder.path())
            .args(["verify", "v1.0.0", "--repo", "acme/widget"])
            .env("HTTPS_PROXY", format!("http://user:{PASSWORD}@{address}"))
            .env("GITHUB_TOKEN", "t0k3n-canary"),
    );
    let ran = ran.expect("a proxy that refuses", 3, &["https://github.com/acme/widget"]);
    assert!(!ran.said().contains(PASSWORD) && !ran.said().contains("t0k3n"), "{}", ran.said());
    let heads = heads.lock().unwrap();
    assert!(!heads.is_empty());
    for head in heads.iter() {
        assert!(head.starts_with("CONNECT ") && head.contains(":443 HTTP/1.1\r\n"), "{head}");
        assert!(head.to_lowercase().contains("proxy-authorization: basic "), "{head}");
        assert!(!head.contains("t0k3n") && !head.contains("widget"), "{head}");
    }
    println!("{} tunnels asked for", heads.len());
}
