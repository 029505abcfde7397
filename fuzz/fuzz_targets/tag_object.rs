#![no_main]
use libfuzzer_sys::fuzz_target;
use relcheck::{
    evidence::{TagKind, TagRecord},
    proof::tag,
    release::ObjectId,
    text::Untrusted,
};

fuzz_target!(|bytes: &[u8]| {
    let id = ObjectId::parse(&"a".repeat(40)).expect("40 hexadecimal digits");
    let record = TagRecord {
        name: Untrusted::new("v1"),
        object: id.clone(),
        commit: id,
        kind: TagKind::Signed,
        time: None,
    };
    if let Some(fault) = tag::fault(&record.name, Some(&record.commit), bytes) {
        assert!(!fault.is_empty());
    }
    if let Some(Err(refusal)) = tag::verify(&record, bytes, &relcheck_fuzz::TRUST) {
        assert!(!refusal.detail.is_empty());
    }
});
