//! Archives that grow without end, or that are long and hold nothing (CVE-2022-30631).

use relcheck::advisories::database::DatabaseError;

use crate::archives::{END, LIMITS, advisory, file, found, gzip};
use crate::kit::advisories::ELSEWHERE;

fn good() -> Vec<u8> {
    [advisory(&ELSEWHERE), END.into()].concat()
}

#[test]
fn what_is_too_much_is_refused_and_what_is_nothing_is_passed_over() {
    let one = vec![ELSEWHERE.id.to_owned()];
    assert_eq!(found(&gzip(&good())).unwrap(), one);
    // A small file that becomes a large one.
    let zeros = gzip(&vec![0; usize::try_from(LIMITS.bytes).unwrap() + 1]);
    assert!(zeros.len() < 1 << 20);
    assert!(matches!(found(&zeros), Err(DatabaseError::TooLarge(_))));
    // The same in many members, none of which is large.
    let part = gzip(&vec![0; 1 << 20]);
    assert!(matches!(found(&part.repeat(65)), Err(DatabaseError::TooLarge(_))));
    // A million members with nothing in them, before the only one that has something, and instead of it.
    let nothing = gzip(b"").repeat(1_000_000);
    assert_eq!(found(&[nothing.clone(), gzip(&good())].concat()).unwrap(), one);
    assert!(matches!(found(&nothing), Err(DatabaseError::Damaged { .. })));
    // More files than anybody has advisories.
    let many = file("advisory-db/x", b"").repeat(100_000);
    let error = found(&gzip(&[many, END.into()].concat())).unwrap_err();
    assert!(
        matches!(error, DatabaseError::DuplicatePath { .. } | DatabaseError::TooManyEntries(_)),
        "{error}"
    );
}

#[test]
fn an_archive_within_itself_is_not_opened() {
    let inner = gzip(&good());
    let nested = (0..50).fold(inner, |inner, _| {
        gzip(&[file("advisory-db/inner.tar.gz", &inner), advisory(&ELSEWHERE), END.into()].concat())
    });
    assert_eq!(found(&nested).unwrap(), [ELSEWHERE.id]);
}
