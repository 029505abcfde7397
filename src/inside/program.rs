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

/// Looks through a program called `member`. A file that only begins like one is none.
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
    let Some(layout) = Layout::of(region) else { return };
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
