//! The build information that the Go toolchain leaves in every program: found and read as `go version -m` does
//! (package `debug/buildinfo` of Go 1.27).

use super::{
    LIST_BYTES,
    layout::{Layout, Part, Region},
};

/// What whatever is wrong with it begins with.
pub(super) const LIST: &str = "its build information";
/// The sections that hold it: of ELF and PE, and of Mach-O.
pub(super) const SECTIONS: [&[u8]; 2] = [b".go.buildinfo", b"__go_buildinfo"];
/// What it begins with.
const MAGIC: &[u8] = b"\xff Go buildinf:";
/// At which multiples of its address it may begin.
const ALIGN: u64 = 16;
/// How long its header is.
const HEADER: u64 = 32;
/// What stands before and after the list of modules.
const SENTINEL: usize = 16;
/// Most bytes of data that are searched.
const SEARCHED: u64 = 256 << 20;

/// What a program says of its build.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BuildInfo {
    /// The toolchain: `go1.22.1`.
    pub go: String,
    /// The package that was built.
    pub path: Option<String>,
    /// The module that it is in.
    pub main: Option<Module>,
    /// The modules that were built in.
    pub modules: Vec<Module>,
    /// How it was built: `-trimpath`, `vcs.revision`.
    pub settings: Vec<(String, String)>,
}

/// A module that was built in.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Module {
    /// Its path.
    pub path: String,
    /// Its version; `(devel)` where nobody knew.
    pub version: String,
    /// Its checksum, where it came from a module proxy.
    pub sum: Option<String>,
    /// What stood in its place.
    pub replaced_by: Option<Box<Self>>,
}

impl Module {
    /// What was really built in.
    pub fn built(&self) -> &Self {
        self.replaced_by.as_deref().unwrap_or(self)
    }
}

impl BuildInfo {
    /// The value of a setting.
    pub fn setting(&self, key: &str) -> Option<&str> {
        self.settings.iter().find(|(known, _)| known == key).map(|(_, value)| value.as_str())
    }

    /// Reads the build information of a program, as it was found.
    ///
    /// # Errors
    /// Why it cannot be read, in words for the report.
    pub fn parse(bytes: &[u8]) -> Result<Self, String> {
        let text = std::str::from_utf8(bytes).map_err(|_| format!("{LIST} is no text"))?;
        let mut lines = text.lines();
        let mut info = Self { go: lines.next().unwrap_or_default().to_owned(), ..Self::default() };
        let mut last: Option<Module> = None;
        let mut is_main = false;
        let unreadable = |line: &str| format!("{LIST} holds the line {line:?}");
        for line in lines.filter(|line| !line.is_empty()) {
            let (word, rest) = line.split_once('\t').ok_or_else(|| unreadable(line))?;
            if word == "=>" {
                let module = last.as_mut().filter(|module| module.replaced_by.is_none());
                let module = module.ok_or_else(|| unreadable(line))?;
                module.replaced_by = Some(Box::new(module_of(rest).ok_or_else(|| unreadable(line))?));
                continue;
            }
            info.keep(last.take(), is_main);
            match word {
                "path" => info.path = Some(rest.to_owned()),
                "mod" | "dep" => {
                    is_main = word == "mod";
                    last = Some(module_of(rest).ok_or_else(|| unreadable(line))?);
                }
                "build" => info.settings.push(setting(rest).ok_or_else(|| unreadable(line))?),
                _ => return Err(unreadable(line)),
            }
        }
        info.keep(last, is_main);
        Ok(info)
    }

    fn keep(&mut self, module: Option<Module>, is_main: bool) {
        match module {
            Some(module) if is_main => self.main = Some(module),
            Some(module) => self.modules.push(module),
            None => {}
        }
    }
}

fn module_of(rest: &str) -> Option<Module> {
    let mut fields = rest.split('\t');
    let path = fields.next().filter(|path| !path.is_empty())?.to_owned();
    // A folder in the place of a module has no version.
    let version = fields.next().unwrap_or_default().to_owned();
    let sum = fields.next().filter(|sum| !sum.is_empty()).map(str::to_owned);
    fields.next().is_none().then_some(Module { path, version, sum, replaced_by: None })
}

/// `key=value`, each quoted as Go quotes strings where it holds what would not stand alone.
fn setting(rest: &str) -> Option<(String, String)> {
    let (key, rest) = match rest.strip_prefix('"') {
        Some(_) => unquoted(rest)?,
        None => rest.split_once('=').map(|(key, _)| (key.to_owned(), &rest[key.len()..]))?,
    };
    let value = rest.strip_prefix('=')?;
    let value = match value.starts_with(['"', '`']) {
        true => unquoted(value).filter(|(_, rest)| rest.is_empty())?.0,
        false => value.to_owned(),
    };
    Some((key, value))
}

/// What a quoted string stands for, and what follows it.
fn unquoted(text: &str) -> Option<(String, &str)> {
    if let Some(raw) = text.strip_prefix('`') {
        return raw.split_once('`').map(|(value, rest)| (value.to_owned(), rest));
    }
    let mut bytes = Vec::new();
    let mut chars = text.char_indices().skip(1);
    let digits = |chars: &mut dyn Iterator<Item = (usize, char)>, n: usize| -> Option<u32> {
        let digits: String = chars.take(n).map(|(_, c)| c).collect();
        (digits.len() == n).then(|| u32::from_str_radix(&digits, 16).ok())?
    };
    while let Some((at, c)) = chars.next() {
        let mut push = |c: char| bytes.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
        match c {
            '"' => return String::from_utf8(bytes).ok().map(|value| (value, &text[at + 1..])),
            '\\' => match chars.next()?.1 {
                'n' => push('\n'),
                't' => push('\t'),
                'r' => push('\r'),
                'x' => bytes.push(u8::try_from(digits(&mut chars, 2)?).ok()?),
                'u' => push(char::from_u32(digits(&mut chars, 4)?)?),
                'U' => push(char::from_u32(digits(&mut chars, 8)?)?),
                other @ ('"' | '\\' | '\'') => push(other),
                'a' => push('\x07'),
                'b' => push('\x08'),
                'f' => push('\x0c'),
                'v' => push('\x0b'),
                _ => return None,
            },
            c => push(c),
        }
    }
    None
}

/// The build information of a program: the toolchain's version, and on the lines after it the modules. None where the program
/// was made by another toolchain, and several where it has several sections for it, of which others may read another one.
pub(super) fn find<'a>(
    region: Region<'a>,
    layout: &'a Layout,
) -> impl Iterator<Item = Result<Vec<u8>, String>> + 'a {
    data(layout).into_iter().filter_map(move |part| {
        let header = search(region, layout, part.address, part.in_memory)?;
        Some(read(region, layout, header).ok_or_else(|| format!("{LIST} is cut short")))
    })
}

/// What may hold it.
fn data(layout: &Layout) -> Vec<&Part> {
    let sections: Vec<_> = SECTIONS.into_iter().flat_map(|name| layout.sections(name)).collect();
    match sections.is_empty() {
        true => layout.loaded.iter().find(|part| part.is_data).into_iter().collect(),
        false => sections,
    }
}

/// The address of the header.
fn search(region: Region<'_>, layout: &Layout, start: u64, size: u64) -> Option<u64> {
    const CHUNK: u64 = 1 << 20;
    let end = start.saturating_add(size.min(SEARCHED));
    let mut address = start.checked_next_multiple_of(ALIGN)?;
    while address < end {
        let (at, left) = layout.place(address)?;
        let chunk = CHUNK.min(left).min(end - address);
        let bytes = region.read(at, usize::try_from(chunk).ok()?)?;
        let found = bytes.chunks(16).position(|line| line.starts_with(MAGIC));
        if let Some(line) = found {
            let header = address.checked_add(16 * line as u64)?;
            return (end - header >= HEADER).then_some(header);
        }
        address = address.checked_add(chunk.next_multiple_of(ALIGN))?;
    }
    None
}

/// What the header at `address` leads to.
fn read(region: Region<'_>, layout: &Layout, address: u64) -> Option<Vec<u8>> {
    let header = bytes_at(region, layout, address, HEADER as usize)?;
    let (pointer, flags) = (usize::from(header[14]), header[15]);
    let (version, modules) = if flags & 2 != 0 {
        let (version, next) = inline(region, layout, address.checked_add(HEADER)?)?;
        (version, inline(region, layout, next)?.0)
    } else {
        // Before Go 1.18 the header points to two strings.
        let pointers = Pointers { region, layout, size: pointer, is_big: flags & 1 != 0 };
        let at = |place: usize| pointers.value(header.get(16 + place * pointer..)?);
        (pointers.string(at(0)?)?, at(1).and_then(|at| pointers.string(at)).unwrap_or_default())
    };
    if version.is_empty() {
        return None;
    }
    let mut list = version;
    list.push(b'\n');
    list.extend_from_slice(framed(&modules)?);
    Some(list)
}

/// The list of modules between its sentinels: nothing where there is none. For one that is there without them `go version -m`
/// prints nothing; here it is damaged.
fn framed(modules: &[u8]) -> Option<&[u8]> {
    if modules.is_empty() {
        return Some(modules);
    }
    let inner = modules.get(SENTINEL..modules.len().checked_sub(SENTINEL)?)?;
    inner.ends_with(b"\n").then_some(inner)
}

/// A string behind its length.
fn inline(region: Region<'_>, layout: &Layout, address: u64) -> Option<(Vec<u8>, u64)> {
    let mut length = 0;
    for place in 0..5 {
        let at = address.checked_add(place)?;
        let byte = *bytes_at(region, layout, at, 1)?.first()?;
        length |= u64::from(byte & 0x7f) << (7 * place);
        if byte & 0x80 == 0 {
            let start = at.checked_add(1)?;
            let length = usize::try_from(length).ok()?;
            return Some((bytes_at(region, layout, start, length)?, start.checked_add(length as u64)?));
        }
    }
    None
}

fn bytes_at(region: Region<'_>, layout: &Layout, address: u64, size: usize) -> Option<Vec<u8>> {
    let (at, left) = layout.place(address)?;
    (size as u64 <= left && size <= LIST_BYTES).then(|| region.read(at, size))?
}

/// How a program of an old toolchain spells addresses.
struct Pointers<'a> {
    region: Region<'a>,
    layout: &'a Layout,
    size: usize,
    is_big: bool,
}

impl Pointers<'_> {
    fn value(&self, bytes: &[u8]) -> Option<u64> {
        let bytes = bytes.get(..self.size).filter(|bytes| matches!(bytes.len(), 4 | 8))?;
        let push = |value: u64, byte: &u8| value << 8 | u64::from(*byte);
        Some(if self.is_big { bytes.iter().fold(0, push) } else { bytes.iter().rev().fold(0, push) })
    }

    /// The string whose header, an address and a length, is at `address`.
    fn string(&self, address: u64) -> Option<Vec<u8>> {
        let header = bytes_at(self.region, self.layout, address, 2 * self.size)?;
        let (start, length) = (self.value(&header)?, self.value(&header[self.size..])?);
        bytes_at(self.region, self.layout, start, usize::try_from(length).ok()?)
    }
}

#[cfg(test)]
mod tests {
    use super::framed;

    #[test]
    fn a_list_of_modules_without_its_sentinels_is_damaged_and_none_is_not() {
        let of = |text: &str| [&[1; 16][..], text.as_bytes(), &[2; 16]].concat();
        assert_eq!(framed(&of("path\ta\n")), Some(&b"path\ta\n"[..]));
        assert_eq!(framed(b""), Some(&b""[..]));
        for text in ["", "path\ta", "path\ta "] {
            assert_eq!(framed(&of(text)), None, "{text}");
        }
        assert_eq!(framed(b"path\ta\n"), None);
    }
}
