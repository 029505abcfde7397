#![no_main]
use libfuzzer_sys::fuzz_target;
use relcheck::proof::Format;

fuzz_target!(|bytes: &[u8]| {
    relcheck_fuzz::frames(".asc", bytes);
    relcheck_fuzz::judge(Format::Detached, ".asc", bytes);
});
