#![no_main]
use libfuzzer_sys::fuzz_target;
use relcheck::{
    json::Limits,
    proof::statement::{Envelope, Provenance, Statement},
};

const LIMITS: Limits = Limits::bytes(1 << 20);

fuzz_target!(|bytes: &[u8]| {
    if let Ok(envelope) = Envelope::parse(bytes, LIMITS) {
        let encoded = envelope.pre_authentication_encoding();
        assert!(encoded.ends_with(envelope.payload()));
    }
    let Ok(statement) = Statement::parse(bytes, LIMITS) else { return };
    assert!(!statement.subjects().is_empty());
    assert!(statement.subjects().iter().all(|subject| !subject.digests.is_empty()));
    let _ = Provenance::of(&statement);
});
