#![no_main]
//! The first byte chooses the format.
use libfuzzer_sys::fuzz_target;
use relcheck::advisories::locks::{Format, go::Workspace, parse_as, sbom};

const FORMATS: [Format; 17] = [
    Format::CargoLock,
    Format::GoMod,
    Format::PackageLock,
    Format::PnpmLock,
    Format::YarnLock,
    Format::BunLock,
    Format::Requirements,
    Format::UvLock,
    Format::PoetryLock,
    Format::PdmLock,
    Format::Pylock,
    Format::PipfileLock,
    Format::GemfileLock,
    Format::ComposerLock,
    Format::NugetLock,
    Format::GradleLock,
    Format::MixLock,
];

fuzz_target!(|bytes: &[u8]| {
    let Some((first, bytes)) = bytes.split_first() else { return };
    let Some(format) = FORMATS.get(usize::from(*first) % (FORMATS.len() + 2)) else {
        let _ = sbom::form("x.json", Some(bytes));
        let _ = sbom::parse(bytes);
        let _ = std::str::from_utf8(bytes).map(Workspace::parse);
        return;
    };
    match parse_as(*format, bytes) {
        Ok(lock) => {
            assert!(!lock.packages().is_empty());
            for package in lock.packages() {
                assert!(!package.name.is_empty() && !package.name.contains('\u{1b}'));
            }
            for row in lock.not_covered(None) {
                assert!(!row.why.is_empty() && !row.why.contains('\u{1b}'));
            }
        }
        Err(error) => assert!(!error.to_string().is_empty()),
    }
});
