use super::*;

/// The base point of Ed25519 is a key like any other.
const POINT: &str = "AAAAC3NzaC1lZDI1NTE5AAAAIFhmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZm";

fn key() -> String {
    format!("ssh-ed25519 {POINT}")
}

fn one(line: &str) -> AllowedSigner {
    let mut signers = AllowedSigners::parse(line).unwrap_or_else(|why| panic!("{line}: {why}"));
    assert_eq!(signers.lines.len(), 1, "{line}");
    signers.lines.remove(0)
}

fn refused(line: &str) -> String {
    AllowedSigners::parse(line).expect_err(line)
}

#[test]
fn lines_are_read_as_ssh_keygen_reads_them() {
    let key = key();
    let plain = one(&format!("ada@example.org,bob@* {key} a comment with spaces"));
    assert_eq!(plain.principals.unwrap().as_str(), "ada@example.org,bob@*");
    assert!(!plain.is_authority);
    let full = one(&format!(
        "\t\"ada@example.org\" CERT-authority,Namespaces=\"file,git\",valid-after=\"20240102Z\",valid-before=\"202501020304Z\" {key}\r"
    ));
    assert_eq!(full.principals.unwrap().as_str(), "ada@example.org");
    assert!(full.is_authority);
    assert!(full.namespaces.unwrap().matches("git"));
    assert_eq!(full.valid_after.unwrap().to_string(), "2024-01-02T00:00:00Z");
    assert_eq!(full.valid_before.unwrap().to_string(), "2025-01-02T03:04:00Z");
    let public = one(&key);
    assert_eq!(public.principals, None);
    let spaced = one(&format!("\"ada lovelace,bob\" {key}"));
    assert!(spaced.principals.unwrap().matches("ada lovelace"));
    let many = AllowedSigners::parse(&format!("# comment\n\r\n  \na {key}\r\nb {key}\n")).unwrap();
    assert_eq!(many.lines.len(), 2);
    assert!(many.have_principals());
}

#[test]
fn a_time_without_a_zone_leaves_the_key_the_least_time_of_all_zones() {
    let line = one(&format!("a valid-after=\"20240102\",valid-before=\"20240105\" {}", key()));
    assert_eq!(line.valid_after.unwrap().to_string(), "2024-01-02T12:00:00Z");
    assert_eq!(line.valid_before.unwrap().to_string(), "2024-01-04T10:00:00Z");
    let seconds = one(&format!("a valid-after=\"20240102030405Z\" {}", key()));
    assert_eq!(seconds.valid_after.unwrap().to_string(), "2024-01-02T03:04:05Z");
}

#[test]
fn a_line_that_is_not_understood_in_full_is_refused_by_number() {
    let key = key();
    let at = |line: &str| refused(&format!("a {key}\n{line}"));
    for (line, why) in [
        (format!("a no-touch-required {key}"), "\"no-touch-required\" is no option"),
        (format!("a cert-authority,cert-authority {key}"), "cert-authority is there twice"),
        (format!("a namespaces=\"git\",namespaces=\"file\" {key}"), "namespaces is there twice"),
        (format!("a namespaces=git {key}"), "quotation marks"),
        (format!("a namespaces=\"git {key}"), "not closed"),
        (format!("a namespaces=\"\" {key}"), "empty pattern"),
        (format!("a namespaces {key}"), "no option"),
        (format!("a cert-authority=\"yes\" {key}"), "no option"),
        (format!("a cert-authority, {key}"), "end in a comma"),
        (format!("a valid-after=\"2024\" {key}"), "YYYYMMDD"),
        (format!("a valid-after=\"20241301\" {key}"), "YYYYMMDD"),
        (format!("a valid-after=\"tomorrow\" {key}"), "YYYYMMDD"),
        (format!("a valid-after=\"20250101Z\",valid-before=\"20240101Z\" {key}"), "at no time"),
        (format!("!a {key}"), "matches nobody"),
        (format!("a,,b {key}"), "empty pattern"),
        ("a".to_owned(), "no key"),
        ("a ssh-ed25519".to_owned(), "no key"),
        ("a ssh-ed25519 !!!!".to_owned(), "not base64"),
        (format!("a ssh-rsa {POINT}"), "another algorithm"),
        (format!("a cert-authority ssh-ed448 {POINT}"), "neither an option nor an algorithm"),
        (format!("a ssh-ed25519-cert-v01@openssh.com {POINT}"), "no option"),
        (
            format!("a cert-authority ssh-ed25519-cert-v01@openssh.com {POINT}"),
            "name the key of its authority",
        ),
        (format!("a\u{7} {key}"), "control character"),
    ] {
        let said = at(&line);
        assert!(said.starts_with("line 2: ") && said.contains(why), "{line}: {said}");
    }
    assert_eq!(refused("# nothing\n\n"), "there is no key in it");
}

#[test]
fn row_113_a_point_of_small_order_is_no_key() {
    for point in curve25519_dalek::constants::EIGHT_TORSION {
        let mut blob = Vec::new();
        wire::put_string(&mut blob, b"ssh-ed25519");
        wire::put_string(&mut blob, &point.compress().0);
        let said = refused(&format!("a ssh-ed25519 {}", STANDARD.encode(blob)));
        assert!(said.contains("small order"), "{said}");
    }
}

#[test]
fn row_115_a_star_for_everybody_is_noticed() {
    assert!(one(&format!("* {}", key())).is_everybody());
    assert!(one(&format!("ada@x,** {}", key())).is_everybody());
    assert!(!one(&format!("*@example.org {}", key())).is_everybody());
}
