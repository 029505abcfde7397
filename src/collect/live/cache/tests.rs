//! What is kept, for whom, and what becomes of it where something is wrong.

use super::*;
use crate::collect::transport::Token;

const SECRET: &str = "s3cr3t-canary";

fn request(url: &str) -> Request<'_> {
    Request { method: Method::Get, url, max_bytes: 1000, accept: Accept::Json, token: None }
}

fn entry(body: &[u8]) -> Entry {
    let validators = Validators { tag: Some(HeaderValue::from_static("W/\"1\"")), modified: None };
    Entry { validators, next: Some("https://forge.example/x?page=2".to_owned()), body: body.to_vec() }
}

fn files(folder: &Path) -> Vec<PathBuf> {
    fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect()
}

#[test]
fn an_answer_is_kept_for_the_same_request_by_the_same_asker() {
    let folder = tempfile::tempdir().unwrap();
    let cache = Cache::at(folder.path().join("answers"));
    let url = "https://forge.example/x";
    let token = Token::new("https://forge.example", Header::Bearer, SECRET);
    let asked = Request { token: Some(&token), ..request(url) };
    assert_eq!(cache.load(&asked), None);
    cache.store(&asked, &entry(b"[1]"));
    assert_eq!(cache.load(&asked), Some(entry(b"[1]")));
    let others = [
        Token::new("https://forge.example", Header::Bearer, "another"),
        Token::new("https://forge.example", Header::Named("PRIVATE-TOKEN"), SECRET),
        Token::new("https://forge.example", Header::Basic { user: "u" }, SECRET),
        Token::new("https://other.example", Header::Bearer, SECRET),
    ];
    for other in &others {
        assert_eq!(cache.load(&Request { token: Some(other), ..asked }), None, "{other:?}");
    }
    assert_eq!(cache.load(&request(url)), None);
    assert_eq!(cache.load(&Request { url: "https://forge.example/y", ..asked }), None);
    assert_eq!(cache.load(&Request { max_bytes: 2, ..asked }), None);
    for path in files(&folder.path().join("answers")) {
        assert!(!String::from_utf8(fs::read(&path).unwrap()).unwrap().contains(SECRET));
        assert!(!path.to_string_lossy().contains(SECRET));
    }
}

#[test]
fn every_changed_byte_of_what_is_kept_makes_it_nothing_or_the_same_body() {
    let folder = tempfile::tempdir().unwrap();
    let cache = Cache::at(folder.path().to_owned());
    let asked = request("https://forge.example/x");
    cache.store(&asked, &entry(b"[1,2]"));
    let path = files(folder.path()).remove(0);
    let whole = fs::read(&path).unwrap();
    for at in 0..whole.len() {
        let mut bytes = whole.clone();
        bytes[at] ^= 1;
        fs::write(&path, &bytes).unwrap();
        assert!(cache.load(&asked).is_none_or(|found| found.body == b"[1,2]"), "byte {at}");
        fs::write(&path, &whole[..at]).unwrap();
        assert_eq!(cache.load(&asked), None, "{at} bytes");
    }
    for nonsense in [&b""[..], b"\n", b"{}\n[1,2]", &[b'x'; 40_000]] {
        fs::write(&path, nonsense).unwrap();
        assert_eq!(cache.load(&asked), None);
    }
    let foreign = String::from_utf8(whole.clone())
        .unwrap()
        .replace("https://forge.example/x?", "https://evil.example/x?");
    fs::write(&path, foreign).unwrap();
    assert_eq!(cache.load(&asked), None);
    // An entry under another name is not the answer to that.
    fs::write(&path, &whole).unwrap();
    let other = request("https://forge.example/y");
    fs::copy(&path, folder.path().join(key(&other))).unwrap();
    assert_eq!(cache.load(&other), None);
    println!("{} bytes changed", whole.len());
}

#[test]
fn what_cannot_be_written_or_read_has_no_effect() {
    let folder = tempfile::tempdir().unwrap();
    let asked = request("https://forge.example/x");
    let file = folder.path().join("file");
    fs::write(&file, b"x").unwrap();
    let cache = Cache::at(file);
    cache.store(&asked, &entry(b"[1]"));
    assert_eq!(cache.load(&asked), None);
    let cache = Cache::at(folder.path().to_owned());
    fs::create_dir(folder.path().join(key(&asked))).unwrap();
    cache.store(&asked, &entry(b"[1]"));
    assert_eq!(cache.load(&asked), None);
}

#[test]
fn the_oldest_go_where_there_are_too_many_and_nobody_elses_do() {
    let folder = tempfile::tempdir().unwrap();
    let cache = Cache::at(folder.path().to_owned());
    for n in 0..MAX_ENTRIES + 20 {
        fs::write(folder.path().join(format!("{n:064x}")), b"x").unwrap();
    }
    fs::write(folder.path().join(format!("{HALF}1")), b"x").unwrap();
    fs::write(folder.path().join("notes.txt"), b"x").unwrap();
    cache.store(&request("https://forge.example/x"), &entry(b"[1]"));
    assert_eq!(files(folder.path()).len(), MAX_ENTRIES + 1);
    assert!(folder.path().join("notes.txt").exists());
    let large = entry(&vec![b' '; MAX_BODY + 1]);
    let asked = request("https://forge.example/large");
    cache.store(&asked, &large);
    assert_eq!(cache.load(&Request { max_bytes: usize::MAX, ..asked }), None);
}

#[test]
fn only_what_has_a_validator_and_wants_to_be_kept_is() {
    let of = |all: &[(reqwest::header::HeaderName, &'static str)]| {
        let one = |(name, value): &(_, &'static str)| (Clone::clone(name), HeaderValue::from_static(value));
        Validators::of(&all.iter().map(one).collect())
    };
    assert!(
        of(&[(ETAG, "\"1\"")]).is_some() && of(&[(LAST_MODIFIED, "Sun, 08 Nov 2026 08:49:37 GMT")]).is_some()
    );
    assert_eq!(of(&[]), None);
    for (name, value) in [(CACHE_CONTROL, "private, No-Store"), (VARY, "Accept, *")] {
        assert_eq!(of(&[(ETAG, "\"1\""), (name, value)]), None);
    }
}
