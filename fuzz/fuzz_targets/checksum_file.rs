#![no_main]
use libfuzzer_sys::fuzz_target;
use relcheck::facts::checksum_file::ChecksumFile;

fuzz_target!(|bytes: &[u8]| {
    for name in ["SHA256SUMS", "artifact.sha512", "checksums.txt"] {
        let Ok(list) = ChecksumFile::parse(name, bytes) else { continue };
        for entry in list.entries() {
            assert!(!entry.name.is_empty() && !entry.digest.hex().is_empty());
        }
    }
});
