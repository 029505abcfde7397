//! `Cargo.lock` in exactly the form that cargo writes it, read line by line.
//!
//! The rule that must not be broken: a file with any line, key, order or value that cargo would not have written is left
//! to the whole reader, whatever is wrong with it. So this may be quick, and need not judge.

use super::lock::{LockedPackage, Origin};
use foldhash::fast::RandomState;
use semver::Version;
use std::collections::HashMap;

/// Addresses of the default registry; any other source is left to the whole reader.
const REGISTRY: &str = concat!("registry+https://github.com/rust-lang/crates", ".io-index");
const SPARSE: &str = concat!("sparse+https://index.", "crates", ".io/");

/// What is left of a text whose lines end with a line feed, but for the last one perhaps.
struct Rest<'a>(&'a str);

impl<'a> Rest<'a> {
    /// Passes over `text`, where it stands here; what is known of a text here is compared as a number or two.
    #[inline(always)]
    fn take(&mut self, text: &str) -> Option<()> {
        self.0 = self.0.strip_prefix(text)?;
        Some(())
    }

    /// Passes over the quote and the end of the line, where they are next.
    fn take_end(&mut self) -> Option<()> {
        self.take("\"").filter(|()| self.0.is_empty() || self.take("\n").is_some())
    }

    /// Passes over so many bytes, which the caller has seen, and gives them.
    fn split(&mut self, at: usize) -> &'a str {
        let (taken, rest) = self.0.split_at(at);
        self.0 = rest;
        taken
    }

    /// The bytes of which `fits` holds up to the first of which it does not; at least one.
    fn span(&mut self, fits: impl Fn(u8) -> bool) -> Option<&'a str> {
        let end = self.0.bytes().position(|byte| !fits(byte)).filter(|end| *end > 0)?;
        Some(self.split(end))
    }

    fn name(&mut self) -> Option<&'a str> {
        self.span(is_name)
    }

    /// What may be a version.
    fn version(&mut self) -> Option<&'a str> {
        self.span(|byte| byte.is_ascii_graphic() && byte != b'"')
    }
}

fn is_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_')
}

/// One package, as its lines have it.
struct Row<'a> {
    name: &'a str,
    version: &'a str,
    /// Whether it comes from the default registry; from a folder otherwise.
    is_registered: bool,
    /// The lines of its dependencies, not looked at yet.
    dependencies: &'a str,
}

/// The packages of formats 3 and 4; `None` where another reader has to look.
pub(super) fn packages(text: &str) -> Option<Vec<LockedPackage>> {
    let rows = rows(text)?;
    // Cargo sorts them, so that those of one name follow each other.
    let mut places: HashMap<&str, (usize, &[Row<'_>]), RandomState> =
        HashMap::with_capacity_and_hasher(rows.len(), RandomState::default());
    let mut at = 0;
    for same in rows.chunk_by(|one, next| one.name == next.name) {
        let is_twice = |(n, row): (usize, &Row<'_>)| same[..n].iter().any(|it| it.version == row.version);
        if same.len() > 64
            || same.iter().enumerate().any(is_twice)
            || places.insert(same[0].name, (at, same)).is_some()
        {
            return None;
        }
        at += same.len();
    }
    let mut is_dependency = vec![false; rows.len()];
    for row in &rows {
        let mut lines = Rest(row.dependencies);
        while !lines.0.is_empty() {
            lines.take(" \"")?;
            let name = lines.name()?;
            let (first, same) = *places.get(name)?;
            // A third word would be a source, which no version is.
            let version = match lines.take(" ") {
                Some(()) => Some(lines.version()?),
                None => None,
            };
            lines.take("\",\n")?;
            let at = match version {
                Some(version) => first + same.iter().position(|row| row.version == version)?,
                None if same.len() == 1 => first,
                None => return None,
            };
            is_dependency[at] = true;
        }
    }
    let package = |(row, is_dependency): (&Row<'_>, bool)| LockedPackage {
        name: row.name.into(),
        version: row.version.into(),
        origin: if row.is_registered { Origin::DefaultRegistry } else { Origin::Path },
        is_dependency,
    };
    Some(rows.iter().zip(is_dependency).map(package).collect())
}

fn rows(text: &str) -> Option<Vec<Row<'_>>> {
    if !is_plain(text.as_bytes()) {
        return None;
    }
    let mut rest = Rest(text);
    while rest.0.starts_with(['#', '\n']) {
        rest.0 = rest.0.split_once('\n')?.1;
    }
    rest.take("version = 3\n").or_else(|| rest.take("version = 4\n"))?;
    // New memory costs more than a guess: few packages have so few bytes.
    let mut rows = Vec::with_capacity(text.len() / 160);
    while !rest.0.is_empty() {
        match rest.take("[[package]]\n") {
            Some(()) => rows.push(package(&mut rest)?),
            None => rest.take("\n")?,
        }
    }
    (!rows.is_empty()).then_some(rows)
}

/// A package's lines, in cargo's order.
fn package<'a>(rest: &mut Rest<'a>) -> Option<Row<'a>> {
    rest.take("name = \"")?;
    let name = rest.name()?;
    rest.take_end()?;
    rest.take("version = \"")?;
    let version = rest.version().filter(|version| is_version(version))?;
    rest.take_end()?;
    let mut row = Row { name, version, is_registered: false, dependencies: "" };
    if rest.take("source = \"").is_some() {
        rest.take(REGISTRY).or_else(|| rest.take(SPARSE))?;
        rest.take_end()?;
        row.is_registered = true;
    }
    if rest.take("checksum = \"").is_some() {
        rest.0.get(..64).filter(|digest| is_hex(digest))?;
        rest.split(64);
        rest.take_end()?;
    }
    if rest.take("dependencies = [\n").is_some() {
        row.dependencies = rest.split(rest.0.find(']')?);
        rest.take("]").filter(|()| rest.0.is_empty() || rest.take("\n").is_some())?;
    }
    Some(row)
}

/// Written again, it must be the same: so says the whole reader. Of three short numbers alone that is seen without it.
fn is_version(text: &str) -> bool {
    let is_number = |part: &str| {
        part.len() < 10
            && part.bytes().all(|byte| byte.is_ascii_digit())
            && (part == "0" || !part.starts_with('0'))
    };
    let mut parts = text.splitn(3, '.');
    let plain = (0..3).all(|_| parts.next().is_some_and(|part| !part.is_empty() && is_number(part)));
    plain || Version::parse(text).is_ok_and(|version| version.to_string() == text)
}

/// Without a way out of the middle, which is quicker.
fn is_hex(text: &str) -> bool {
    text.bytes().fold(true, |all, byte| all & byte.is_ascii_hexdigit())
}

/// Lines with nothing in them that TOML would read as anything but itself, but for quotes; as quick as [`is_hex`].
fn is_plain(text: &[u8]) -> bool {
    let is_plain = |byte: u8| ((b' '..=b'~').contains(&byte) && byte != b'\\') || byte == b'\n';
    text.chunks(1024).all(|part| part.iter().fold(true, |all, byte| all & is_plain(*byte)))
}

#[cfg(test)]
mod tests {
    use crate::advisories::{
        cargo_lock::{parse, parse_whole},
        lock::{Ecosystem, Lock},
        testing::{SPARSE_INDEX_SOURCE, index_source, lock_text},
    };

    fn good() -> String {
        let index = index_source();
        let rows = [
            ("program", "0.1.0", None),
            ("bar", "2.0.0", Some(index.as_str())),
            ("foo", "1.2.2", Some(SPARSE_INDEX_SOURCE)),
            ("foo", "1.3.0-rc.1+build", Some(index.as_str())),
        ];
        // As cargo writes it, with the digest of what comes from a registry.
        let text = lock_text(&rows);
        let (digest, ends) = ("0123456789abcdef".repeat(4), ["index\"\n", "/\"\n"]);
        ends.iter().fold(text, |text, end| text.replace(end, &format!("{end}checksum = \"{digest}\"\n")))
    }

    #[test]
    fn what_cargo_writes_is_read_as_the_whole_reader_reads_it() {
        let own = include_str!("../../Cargo.lock").replace("\r\n", "\n");
        for text in [good(), good().replace("version = 4", "version = 3"), own] {
            let quick = super::packages(&text).unwrap();
            assert_eq!(quick.len(), parse_whole(text.as_bytes()).unwrap().packages().len());
            assert_eq!(parse(text.as_bytes()).unwrap(), parse_whole(text.as_bytes()).unwrap());
        }
    }

    #[test]
    fn anything_else_is_left_to_the_whole_reader() {
        let text = good();
        for (from, to) in [
            ("version = 4", "version = 5"),
            ("version = 4\n", ""),
            ("name = \"foo\"", "name = \"fo\\u006f\""),
            ("name = \"foo\"", "name = 'foo'"),
            ("name = \"foo\"", "name = \"foo\" # a comment"),
            ("version = \"1.2.2\"", "version = \"1.2\""),
            ("version = \"1.2.2\"", "version = \"1.2.\""),
            ("version = \"1.2.2\"", "version = \"1.2.02\""),
            ("version = \"1.2.2\"", "version = \"1.2.2.2\""),
            ("version = \"1.2.2\"", "version = \"1.2.99999999999999999999\""),
            ("version = \"1.2.2\"", "version = \"1.3.0-rc.1+build\""),
            ("source = \"registry+", "source = \"git+"),
            ("[[package]]", "[[ package ]]"),
            ("[[package]]", "[[patch.unused]]"),
            (" \"bar 2.0.0\",\n", " \"bar 2.0.1\",\n"),
            (" \"bar 2.0.0\",\n", " \"bar\" ,\n"),
            (" \"bar 2.0.0\",\n", " \"foo\",\n"),
            (" \"bar 2.0.0\",\n", " \"bar 2.0.0 (registry+x)\",\n"),
            (" \"bar 2.0.0\",\n", " \"bar 2.0.0\"\",\n"),
            (" \"bar 2.0.0\",\n", " \"bar 2.0.0]\",\n"),
            (" \"bar 2.0.0\",\n", " \"bar 2.0.0\",\n\n"),
            (" \"bar 2.0.0\",\n", " \"\",\n"),
            ("\n]\n", "\n ]\n"),
            ("\n]\n", "\n] \n"),
            ("name = \"foo\"", "name = \"\""),
            ("name = \"foo\"\n", "name = \"foo\n\""),
            ("name = \"bar\"\n", "name = \"bar\"\n\n"),
            ("source = \"registry", "checksum = \"0\"\nsource = \"registry"),
            ("checksum = \"0123", "checksum = \"g123"),
            ("checksum = \"0123", "checksum = \"123"),
            ("checksum = \"0123", "checksum = \"00123"),
            ("name = \"bar\"", "extra = \"1\"\nname = \"bar\""),
            ("\n", "\r\n"),
        ] {
            assert!(text.contains(from), "{from}");
            assert!(super::packages(&text.replacen(from, to, 1)).is_none(), "{to}");
        }
        // One name in two places: what depends on it without a version would mean either.
        let other = "[[package]]\nname = \"foo\"\nversion = \"9.0.0\"\n\n";
        let apart =
            text.replace("[[package]]\nname = \"bar\"", &format!("{other}[[package]]\nname = \"bar\""));
        assert_eq!(parse(apart.as_bytes()).unwrap().packages().len(), 5);
        assert!(super::packages(&apart).is_none());
        assert!(super::packages("version = 4\n").is_none());
        assert!(super::packages("").is_none());
    }

    #[test]
    fn a_file_cut_off_anywhere_is_read_as_the_whole_reader_reads_it() {
        let text = good();
        for end in 0..text.len() {
            let cut = &text.as_bytes()[..end];
            assert_eq!(parse(cut), parse_whole(cut), "{end}");
        }
    }

    #[test]
    fn a_file_changed_anywhere_is_read_as_the_whole_reader_reads_it_or_left_to_it() {
        let text = good();
        let mut read = 0;
        let mut held = |changed: &str| {
            if let Some(packages) = super::packages(changed) {
                let quick = Lock::new(Ecosystem::Cargo, packages);
                assert_eq!(Ok(quick), parse_whole(changed.as_bytes()), "{changed}");
                read += 1;
            }
        };
        for at in 0..text.len() {
            for byte in "\n \"\\#[]=.,-_+abefox01289AZ\t\r\u{7f}".chars() {
                held(&format!("{}{byte}{}", &text[..at], &text[at + 1..]));
                held(&format!("{}{byte}{}", &text[..at], &text[at..]));
            }
        }
        let lines: Vec<&str> = text.split_inclusive('\n').collect();
        for (from, to) in (0..lines.len()).flat_map(|from| (0..lines.len()).map(move |to| (from, to))) {
            let mut moved = lines.clone();
            let line = moved.remove(from);
            held(&moved.concat());
            moved.insert(to, line);
            held(&moved.concat());
            held(&[&lines[..to], &[lines[from]], &lines[to..]].concat().concat());
        }
        // Names, versions and digests may be others, so that this held something to something.
        assert!(read > 500, "{read}");
    }
}
