#![no_main]
use libfuzzer_sys::fuzz_target;
use relcheck::trust::SigstoreRoot;

fuzz_target!(|bytes: &[u8]| {
    let _ = SigstoreRoot::parse("fuzz", relcheck::trust::Origin::File, bytes).map(|root| assert_eq!(root.name(), "fuzz"));
});
