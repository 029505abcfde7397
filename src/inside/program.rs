//! The lists in one program.

use super::{
    BuildList, Contents, ListKind, Unopened, auditable, go,
    layout::{Layout, Region, fat},
    wasm,
};

/// How programs begin: ELF, PE, Mach-O for one machine and for several, WebAssembly.
const MAGICS: &[&[u8]] = &[
    b"\x7fELF",
    b"MZ",
    b"\xfe\xed\xfa\xce",
    b"\xce\xfa\xed\xfe",
    b"\xfe\xed\xfa\xcf",
    b"\xcf\xfa\xed\xfe",
    b"\xca\xfe\xba\xbe",
    b"\xca\xfe\xba\xbf",
    b"\0asm",
];

/// How many bytes of a file tell whether it may be a program.
pub(super) const MAGIC: usize = 4;

/// Whether what begins like this may be a program.
pub(super) fn is_program(head: &[u8]) -> bool {
    MAGICS.iter().any(|magic| head.starts_with(magic))
}

/// Java's classes begin like programs for several machines, of which there would be as many as their version says.
fn is_java_class(region: Region<'_>) -> bool {
    const OLDEST: u32 = 45;
    let head = region.read(0, 8).and_then(|head| <[u8; 8]>::try_from(head).ok());
    head.is_some_and(|head| {
        let version = u32::from_be_bytes([head[4], head[5], head[6], head[7]]);
        head[..4] == *b"\xca\xfe\xba\xbe" && version & 0xffff >= OLDEST
    })
}

/// Looks through a program called `member`. What begins like one and cannot be read as one is said.
pub(super) fn look(region: Region<'_>, member: &str, contents: &mut Contents) {
    match fat(region) {
        Some(machines) => machines.into_iter().for_each(|machine| one(machine, member, contents)),
        None => one(region, member, contents),
    }
}

fn one(region: Region<'_>, member: &str, contents: &mut Contents) {
    let mut add = |kind, read: Result<Vec<u8>, String>| match read {
        Ok(bytes) => contents.lists.push(BuildList { member: member.to_owned(), kind, bytes }),
        Err(why) => contents.unread.push(Unopened { member: member.to_owned(), why }),
    };
    if region.read(0, MAGIC).is_some_and(|magic| magic == b"\0asm") {
        match wasm::custom_section(region, auditable::SECTION) {
            Some((at, size)) => add(ListKind::CargoAuditable, auditable::unpack(region, at, size)),
            None => contents.silent.push(member.to_owned()),
        }
        return;
    }
    let Some(layout) = Layout::of(region) else {
        if !is_java_class(region) {
            add(ListKind::Go, Err("it begins like a program, and cannot be read as one".to_owned()));
        }
        return;
    };
    let go = go::find(region, &layout);
    let auditable = layout.section(auditable::SECTION);
    if go.is_none() && auditable.is_none() {
        contents.silent.push(member.to_owned());
        return;
    }
    if let Some(read) = go {
        add(ListKind::Go, read);
    }
    if let Some(section) = auditable {
        add(ListKind::CargoAuditable, auditable::unpack(region, section.at, section.in_file));
    }
}
