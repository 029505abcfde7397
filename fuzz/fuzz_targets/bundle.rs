#![no_main]
use libfuzzer_sys::fuzz_target;
use relcheck::proof::Format;

// Sigstore bundles and lists of them, old cosign's, npm's wrapper, bare envelopes: one reader for all.
fuzz_target!(|bytes: &[u8]| {
    relcheck_fuzz::judge(Format::Bundle, ".sigstore.json", bytes);
});
