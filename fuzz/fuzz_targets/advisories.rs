#![no_main]
//! An index with a right digest and anything in it, advisories in OSV's format, and what a repository passes over.
use libfuzzer_sys::fuzz_target;
use relcheck::advisories::{
    index::{self, Index},
    osv, suppression,
};

fuzz_target!(|bytes: &[u8]| {
    let sealed = index::sealed(bytes.to_vec());
    if let Ok(index) = Index::open(&sealed) {
        assert!(!index.sources().is_empty());
        let _ = index.all();
    }
    let _ = osv::read("ID/GO-2024-0001.json", bytes);
    let _ = osv::read("vulns/a/PYSEC-2024-1.yaml", bytes);
    for path in [".cargo/audit.toml", "deny.toml", "osv-scanner.toml", "vex.json"] {
        match suppression::read(path, bytes) {
            Ok(entries) => assert!(entries.iter().all(|entry| entry.id.is_some() || entry.package.is_some())),
            Err(why) => assert!(!why.is_empty()),
        }
    }
});
