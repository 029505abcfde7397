//! The same log entry twice is one entry.

use crate::stand::{Stand, entries, v1};

#[test]
fn an_entry_that_is_given_twice_proves_what_it_proves_once() {
    let stand = Stand::file();
    let once = stand.bundle(&v1());
    let mut twice = once.clone();
    let entry = entries(&mut twice)[0].clone();
    entries(&mut twice).as_array_mut().unwrap().push(entry);
    let (one, two) = (stand.proof(&once).unwrap(), stand.proof(&twice).unwrap());
    assert_eq!(one.signer(), two.signer());
    assert!(two.times().iter().all(|time| one.times().contains(time)));
    // Every entry must be right, not one of them.
    entries(&mut twice)[1]["integratedTime"] = "1767614402".into();
    stand.refuses(&twice, "signatures/invalid", "SET verification failed");
}
