#![no_main]
use libfuzzer_sys::fuzz_target;
use relcheck::policy::Policy;

fuzz_target!(|text: &str| {
    if let Err(error) = Policy::parse("fuzz.toml", text) {
        assert!(!error.to_string().is_empty());
    }
});
