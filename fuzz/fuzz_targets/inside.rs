#![no_main]
//! What a published file may hold: programs, archives and the lists in them.
use libfuzzer_sys::fuzz_target;
use relcheck::{
    advisories::locks::built,
    inside::{Inside, auditable, go::BuildInfo, looker::{Room, look_at}, nested, package},
};

fuzz_target!(|bytes: &[u8]| {
    let Inside::Looked(contents) = look_at("widget-1.2.3.tgz", bytes, &Room::of(32 << 20, 32 << 20)) else {
        panic!("it was looked at");
    };
    for list in &contents.lists {
        let _ = built::locks("widget-1.2.3.tgz", list, "v1.2.3");
    }
    for unread in &contents.unread {
        assert!(!unread.why.is_empty());
    }
    // The lists alone, too: few inputs get as far as one in a program.
    let _ = BuildInfo::parse(bytes);
    let _ = auditable::parse(bytes);
    let _ = package::python(bytes);
    let _ = package::npm(bytes);
    let _ = package::crate_commit(bytes);
    let _ = package::maven(bytes);
    let _ = nested::bundled(bytes);
});
