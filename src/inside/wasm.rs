//! The custom sections of WebAssembly modules (core specification 2.0, 5.5: a module is a magic number, a version and
//! sections, each an id, a size and its content; a custom section has id 0 and begins with its name).

use super::layout::Region;

/// Most sections of one module.
const SECTIONS: usize = 100_000;

/// The custom sections of this name: where each is and how long; `None` where the module is damaged.
pub(super) fn custom_sections(region: Region<'_>, name: &[u8]) -> Option<Vec<(u64, u64)>> {
    if region.read(0, 8)? != *b"\0asm\x01\0\0\0" {
        return None;
    }
    let mut found = Vec::new();
    let mut at = 8;
    for _ in 0..SECTIONS {
        if at == region.size {
            return Some(found);
        }
        let id = *region.read(at, 1)?.first()?;
        let (size, content) = number(region, at + 1)?;
        let end = content.checked_add(size).filter(|end| *end <= region.size)?;
        if id == 0 {
            let (length, start) = number(region, content)?;
            let after = start.checked_add(length).filter(|after| *after <= end)?;
            if length == name.len() as u64 && region.read(start, name.len())? == name {
                found.push((after, end - after));
            }
        }
        at = end;
    }
    None
}

/// An unsigned LEB128 number of at most 32 bits, and where it ends.
fn number(region: Region<'_>, at: u64) -> Option<(u64, u64)> {
    let mut value = 0;
    for place in 0..5 {
        let byte = *region.read(at + place, 1)?.first()?;
        value |= u64::from(byte & 0x7f) << (7 * place);
        if byte & 0x80 == 0 {
            return u32::try_from(value).ok().map(|value| (value.into(), at + place + 1));
        }
    }
    None
}
