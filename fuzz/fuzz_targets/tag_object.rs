#![no_main]
use libfuzzer_sys::fuzz_target;
use relcheck::{proof::tag, release::ObjectId};

fuzz_target!(|bytes: &[u8]| {
    let id = ObjectId::parse(&"a".repeat(40)).expect("40 hexadecimal digits");
    if let Some(Err(refusal)) = tag::verify(&id, bytes, &relcheck_fuzz::TRUST) {
        assert!(!refusal.detail.is_empty());
    }
});
