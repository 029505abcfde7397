//! A key that the policy names by an address: nothing is fetched that is named in a file.

use std::net::TcpListener;
use std::process::Command;

#[test]
fn an_address_is_no_file_and_nobody_connects() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let port = listener.local_addr().unwrap().port();
    let folder = tempfile::tempdir().unwrap();
    for address in [
        format!("http://127.0.0.1:{port}/key.pub"),
        "http://169.254.169.254/latest".to_owned(),
        "file:///etc/passwd".to_owned(),
    ] {
        let policy = folder.path().join("policy.toml");
        let text = format!("name = \"x\"\n[[rules.signatures.key]]\nname = \"k\"\nfile = \"{address}\"\n");
        std::fs::write(&policy, text).unwrap();
        let output = Command::new(env!("CARGO_BIN_EXE_relcheck"))
            .args(["policy", "check"])
            .arg(&policy)
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(2), "{address}");
    }
    assert_eq!(listener.accept().unwrap_err().kind(), std::io::ErrorKind::WouldBlock);
}
