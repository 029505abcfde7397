#![no_main]
use libfuzzer_sys::fuzz_target;
use relcheck::trust::{Key, KeyOptions};

// Keys come from the verifier's side, and are typed and pasted by people: no panic, and a reason.
fuzz_target!(|bytes: &[u8]| {
    if let Err(error) = Key::parse("fuzz", bytes, KeyOptions::default()) {
        assert!(!error.to_string().is_empty());
    }
});
