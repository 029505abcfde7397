//! Files that are made to hurt whoever looks through them: nothing panics, and nothing takes more than there is.

use relcheck::inside::go::BuildInfo;

use crate::{
    archives::{gzip, tar},
    look,
};

#[test]
fn beginnings_of_programs_without_the_rest_are_harmless() {
    let magics: [&[u8]; 11] = [
        b"\x7fELF\x01\x01\x01",
        b"\x7fELF\x02\x02\x01",
        b"MZ",
        b"\xfe\xed\xfa\xce",
        b"\xce\xfa\xed\xfe",
        b"\xfe\xed\xfa\xcf",
        b"\xcf\xfa\xed\xfe",
        b"\xca\xfe\xba\xbe",
        b"\xca\xfe\xba\xbf",
        b"\0asm\x01\0\0\0",
        b"PK\x05\x06",
    ];
    for magic in magics {
        for filler in [0x00, 0x01, 0x7f, 0xff] {
            for size in [0, 1, 16, 64, 500, 5000] {
                let bytes = [magic, &vec![filler; size]].concat();
                let contents = look(&bytes);
                assert!(contents.lists.is_empty(), "{magic:?} {filler} {size}: {contents:?}");
            }
        }
    }
}

#[test]
fn an_archive_of_very_many_programs_tells_of_some_and_says_that_there_are_more() {
    let names: Vec<String> = (0..400).map(|n| format!("bin/{n}")).collect();
    let members: Vec<(&str, &[u8])> =
        names.iter().map(|name| (name.as_str(), b"\0asm\x01\0\0\0".as_slice())).collect();
    let contents = look(&gzip(&tar(&members)));
    assert_eq!(contents.silent.len(), 256);
    assert_eq!(contents.unread[0].why, "it holds more than 256 programs without such a list");
}

#[test]
fn build_information_with_other_lines_is_no_build_information() {
    let good = "go1.22.1\npath\ta/b\nmod\ta/b\t(devel)\t\ndep\tx/y\tv1.0.0\th1:abc=\n=>\t./y\n\
                build\t-ldflags=\"-X a=b\"\nbuild\tvcs.modified=true\n";
    let info = BuildInfo::parse(good.as_bytes()).unwrap();
    assert_eq!(info.setting("-ldflags"), Some("-X a=b"));
    assert_eq!(info.modules[0].built().path, "./y");
    for (from, to) in [
        ("path\t", "paths\t"),
        ("dep\tx/y", "=>\tx/y"),
        ("h1:abc=\n", "h1:abc=\tmore\n"),
        ("=>\t./y\n", "=>\t./y\n=>\t./z\n"),
        ("vcs.modified=true", "vcs.modified"),
        ("\"-X a=b\"", "\"-X a=b"),
        ("mod\ta/b", "mod\t"),
    ] {
        let bad = good.replace(from, to);
        assert_ne!(bad, good);
        let error = BuildInfo::parse(bad.as_bytes()).unwrap_err();
        assert!(error.contains("its build information holds the line"), "{to}: {error}");
    }
    assert!(BuildInfo::parse(b"go1.22\n\xff\xfe\n").is_err());
}
