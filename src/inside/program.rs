//! The lists in one program.

use super::{
    BuildList, Contents, ListKind, Unopened, auditable, go,
    layout::{Fat, Layout, Region, fat},
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

/// Most lists of one kind in one program: there should be one.
const LISTS: usize = 4;

/// Looks through a program called `member`. What begins like one and cannot be read as one is said.
pub(super) fn look(region: Region<'_>, member: &str, contents: &mut Contents) {
    match fat(region) {
        Fat::Machines(machines) => machines.into_iter().for_each(|machine| one(machine, member, contents)),
        Fat::Class => {}
        Fat::No => one(region, member, contents),
    }
}

fn one(region: Region<'_>, member: &str, contents: &mut Contents) {
    let found = lists(region).unwrap_or_else(|| {
        vec![(ListKind::Go, Err("it begins like a program, and cannot be read as one".to_owned()))]
    });
    if found.is_empty() {
        contents.silent.push(member.to_owned());
    }
    for (kind, read) in found {
        match read {
            Ok(bytes) => contents.lists.push(BuildList { member: member.to_owned(), kind, bytes }),
            Err(why) => contents.unread.push(Unopened { member: member.to_owned(), why }),
        }
    }
}

/// A list, or what is wrong with it.
type Found = (ListKind, Result<Vec<u8>, String>);

/// All lists of a program, for tools differ in which one they read where there are several; `None` where it cannot be read as a
/// program, or has more of them than any.
fn lists(region: Region<'_>) -> Option<Vec<Found>> {
    let cargo = |(at, size)| (ListKind::CargoAuditable, auditable::unpack(region, at, size));
    if region.read(0, MAGIC).is_some_and(|magic| magic == b"\0asm") {
        let sections = wasm::custom_sections(region, auditable::SECTION)?;
        return (sections.len() <= LISTS).then(|| sections.into_iter().map(cargo).collect());
    }
    let layout = Layout::of(region)?;
    let names = go::SECTIONS.into_iter().chain([auditable::SECTION]);
    if names.into_iter().any(|name| layout.sections(name).count() > LISTS) {
        return None;
    }
    let go = go::find(region, &layout).map(|read| (ListKind::Go, read));
    let auditable = layout.sections(auditable::SECTION).map(|section| (section.at, section.in_file));
    Some(go.chain(auditable.map(cargo)).collect())
}
