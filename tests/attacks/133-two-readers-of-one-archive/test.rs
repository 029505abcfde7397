//! An archive that two readers take for two different ones (CVE-2025-62518): the size of a file in its own header, and
//! another one in the extended header before it.

use tar::EntryType;

use crate::archives::{END, advisory, entry, file, found};
use crate::kit::advisories::{ELSEWHERE, VULNERABILITY};

/// `LENGTH KEY=VALUE\n`, where the length counts itself (POSIX.1-2001, pax, "pax Extended Header").
fn extended(key: &str, value: usize) -> Vec<u8> {
    let rest = format!(" {key}={value}\n");
    let length = (rest.len()..).find(|length| rest.len() + length.to_string().len() == *length).unwrap();
    let text = format!("{length}{rest}");
    entry("PaxHeaders/README", EntryType::XHeader, text.len(), text.as_bytes())
}

/// An archive with one advisory, and one more within its README, whose size is said twice.
fn archive(in_extended: usize, in_header: usize) -> Vec<u8> {
    let inside = advisory(&VULNERABILITY);
    let readme = entry("advisory-db/README", EntryType::Regular, in_header, &inside);
    [advisory(&ELSEWHERE), extended("size", in_extended), readme, file("advisory-db/LAST", b"x"), END.into()]
        .concat()
}

#[test]
fn the_extended_header_counts_for_the_content_and_for_where_the_next_file_begins() {
    let whole = advisory(&VULNERABILITY).len();
    let one = vec![ELSEWHERE.id.to_owned()];
    // The twin: both headers say the same.
    assert_eq!(found(&archive(whole, whole)).unwrap(), one);
    // A reader that skips by the header alone takes the inside of the README for further files.
    assert_eq!(found(&archive(whole, 0)).unwrap(), one, "what is within a file is no file of the archive");
    assert_eq!(found(&archive(whole, 512)).unwrap(), one);
    // The other way round the README is empty, and what follows it are files of the archive to everybody.
    let both = vec![ELSEWHERE.id.to_owned(), VULNERABILITY.id.to_owned()];
    let mut all = found(&archive(0, whole)).unwrap();
    all.sort_by_key(|id| !id.ends_with("9002"));
    assert_eq!(all, both, "none is lost");
}
