//! Answers of a git server that somebody changed: never a panic, and never more than the answer says.

use super::*;
use proptest::prelude::*;

const OTHER: &str = "2222222222222222222222222222222222222222";

/// What may be done to some bytes, at a place.
#[derive(Clone, Debug)]
enum Change {
    Set(u8),
    Insert(u8),
    Remove(usize),
    Repeat(usize),
    Truncate,
}

fn changes() -> impl Strategy<Value = Vec<(prop::sample::Index, Change)>> {
    let byte =
        || prop_oneof![any::<u8>(), prop::sample::select(b"0123456789abcdef \n\0\x01\x02\x03".to_vec())];
    let change = prop_oneof![
        byte().prop_map(Change::Set),
        byte().prop_map(Change::Insert),
        (1..60_usize).prop_map(Change::Remove),
        (1..200_usize).prop_map(Change::Repeat),
        Just(Change::Truncate),
    ];
    prop::collection::vec((any::<prop::sample::Index>(), change), 1..6)
}

fn changed(mut bytes: Vec<u8>, changes: &[(prop::sample::Index, Change)]) -> Vec<u8> {
    for (place, change) in changes {
        if bytes.is_empty() {
            return bytes;
        }
        let at = place.index(bytes.len());
        let end = |length: usize| bytes.len().min(at + length);
        match change {
            Change::Set(byte) => bytes[at] = *byte,
            Change::Insert(byte) => bytes.insert(at, *byte),
            Change::Remove(length) => drop(bytes.drain(at..end(*length))),
            Change::Repeat(length) => {
                let again = bytes[at..end(*length)].to_vec();
                bytes.splice(at..at, again);
            }
            Change::Truncate => bytes.truncate(at),
        }
    }
    bytes
}

fn listing() -> Vec<u8> {
    answer(&[
        &format!("{ID} HEAD symref-target:refs/heads/main"),
        &format!("{ID} refs/heads/main"),
        &format!("{OTHER} refs/tags/v1.2.3 peeled:{ID}"),
        "unborn refs/heads/next",
    ])
}

fn packed() -> Vec<u8> {
    let mut bytes = Vec::new();
    for text in ["shallow-info", &format!("shallow {ID}")] {
        line(&mut bytes, text);
    }
    bytes.extend(b"0001");
    for text in ["packfile", "\u{2}Counting", "\u{1}PACK....", "\u{1}more of it"] {
        line(&mut bytes, text);
    }
    [bytes.as_slice(), b"0000"].concat()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4000, ..ProptestConfig::default() })]

    #[test]
    fn a_changed_list_has_no_reference_that_it_does_not_say(changes in changes()) {
        let bytes = changed(listing(), &changes);
        for found in references(&bytes, 8).into_iter().flatten() {
            let said = format!("{} {}", found.id, found.name).into_bytes();
            // Digits may be written in either case.
            let is_said = bytes.windows(said.len()).any(|part| part.eq_ignore_ascii_case(&said));
            prop_assert!(is_said, "{found:?} of {:?}", String::from_utf8_lossy(&bytes));
            let is_name = |name: &str| name == "HEAD" || gix::validate::reference::name(name.into()).is_ok();
            prop_assert!(is_name(&found.name) && found.target.as_deref().is_none_or(is_name));
        }
    }

    #[test]
    fn a_changed_pack_has_no_bytes_that_were_not_sent(changes in changes()) {
        let bytes = changed(packed(), &changes);
        match pack(&bytes) {
            Ok(pack) => prop_assert!(pack.len() <= bytes.len()),
            Err(error) => prop_assert!(!error.to_string().chars().any(char::is_control), "{error}"),
        }
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        if let Ok(found) = references(&bytes, 8) {
            prop_assert!(found.len() <= 8);
        }
        if let Ok(pack) = pack(&bytes) {
            prop_assert!(pack.len() <= bytes.len());
        }
    }
}

#[test]
fn the_unchanged_answers_are_good() {
    assert_eq!(references(&listing(), 8).unwrap().len(), 3);
    assert_eq!(pack(&packed()).unwrap(), b"PACK....\nmore of it\n");
}
