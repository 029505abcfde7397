//! `Cargo.lock` in exactly the form that cargo writes it, read line by line.
//!
//! The rule that must not be broken: a file with any line, key, order or value that cargo would not have written is left
//! to the whole reader, whatever is wrong with it. So this may be quick, and need not judge.

use super::lock::{LockedPackage, Origin};
use memchr::memchr;
use semver::Version;
use std::collections::HashMap;

/// Addresses of the default registry; any other source is left to the whole reader.
const REGISTRY: &str = concat!("registry+https://github.com/rust-lang/crates", ".io-index");
const SPARSE: &str = concat!("sparse+https://index.", "crates", ".io/");

/// The lines of a text without carriage returns.
struct Lines<'a>(&'a str);

impl<'a> Iterator for Lines<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        if self.0.is_empty() {
            return None;
        }
        let (line, rest) = match memchr(b'\n', self.0.as_bytes()) {
            Some(at) => (&self.0[..at], &self.0[at + 1..]),
            None => (self.0, ""),
        };
        self.0 = rest;
        Some(line)
    }
}

/// One package, as its lines have it.
struct Row<'a> {
    name: &'a str,
    version: &'a str,
    source: Option<&'a str>,
    /// The lines of its dependencies.
    dependencies: &'a str,
}

/// The packages of formats 3 and 4; `None` where another reader has to look.
pub(super) fn packages(text: &str) -> Option<Vec<LockedPackage>> {
    let rows = rows(text)?;
    // Cargo sorts them, so that those of one name follow each other.
    let mut first: HashMap<&str, usize> = HashMap::with_capacity(rows.len());
    let mut at = 0;
    for same in rows.chunk_by(|one, next| one.name == next.name) {
        let is_twice = |(n, row): (usize, &Row<'_>)| same[..n].iter().any(|it| it.version == row.version);
        if same.len() > 64
            || same.iter().enumerate().any(is_twice)
            || first.insert(same[0].name, at).is_some()
        {
            return None;
        }
        at += same.len();
    }
    let mut is_dependency = vec![false; rows.len()];
    for line in rows.iter().flat_map(|row| Lines(row.dependencies)) {
        let dependency = dependency(line)?;
        // A third word would be a source, which no version is.
        let (name, version) = match memchr(b' ', dependency.as_bytes()) {
            Some(at) => (&dependency[..at], Some(&dependency[at + 1..])),
            None => (dependency, None),
        };
        let first = *first.get(name)?;
        let mut same = rows[first..].iter().take_while(|row| row.name == name);
        let at = match version {
            Some(version) => first + same.position(|row| row.version == version)?,
            None if same.count() == 1 => first,
            None => return None,
        };
        is_dependency[at] = true;
    }
    let package = |(row, is_dependency): (&Row<'_>, bool)| LockedPackage {
        name: row.name.to_owned(),
        version: row.version.to_owned(),
        origin: if row.source.is_some() { Origin::DefaultRegistry } else { Origin::Path },
        is_dependency,
    };
    Some(rows.iter().zip(is_dependency).map(package).collect())
}

fn rows(text: &str) -> Option<Vec<Row<'_>>> {
    if !is_plain(text.as_bytes()) {
        return None;
    }
    let mut lines = Lines(text);
    let mut line = lines.next()?;
    while line.starts_with('#') || line.is_empty() {
        line = lines.next()?;
    }
    if !matches!(line, "version = 3" | "version = 4") {
        return None;
    }
    // New memory costs more than a guess: few packages have so few bytes.
    let mut rows = Vec::with_capacity(text.len() / 128);
    let mut next = lines.next();
    while let Some(line) = next {
        match line {
            "" => next = lines.next(),
            "[[package]]" => {
                let (row, after) = package(&mut lines)?;
                rows.push(row);
                next = after;
            }
            _ => return None,
        }
    }
    (!rows.is_empty()).then_some(rows)
}

/// A package's lines, in cargo's order, and the line after them.
fn package<'a>(lines: &mut Lines<'a>) -> Option<(Row<'a>, Option<&'a str>)> {
    let name = value(lines.next()?, "name")?;
    let version = value(lines.next()?, "version")?;
    let is_name = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    if !name.bytes().all(is_name) || !is_version(version) {
        return None;
    }
    let mut row = Row { name, version, source: None, dependencies: "" };
    let mut next = lines.next();
    if let Some(source) = next.and_then(|line| value(line, "source")) {
        if source != REGISTRY && source != SPARSE {
            return None;
        }
        row.source = Some(source);
        next = lines.next();
    }
    if let Some(checksum) = next.and_then(|line| value(line, "checksum")) {
        if checksum.len() != 64 || !checksum.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return None;
        }
        next = lines.next();
    }
    if next == Some("dependencies = [") {
        let all = lines.0;
        loop {
            let rest = lines.0.len();
            let line = lines.next()?;
            if line == "]" {
                row.dependencies = &all[..all.len() - rest];
                break;
            }
            dependency(line)?;
        }
        next = lines.next();
    }
    Some((row, next))
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

/// The text in a line of a list.
fn dependency(line: &str) -> Option<&str> {
    quoted(line.strip_prefix(" \"")?.strip_suffix(',')?)
}

/// The value in a line `key = "value"`.
fn value<'a>(line: &'a str, key: &str) -> Option<&'a str> {
    quoted(line.strip_prefix(key)?.strip_prefix(" = \"")?)
}

/// What stands before the quote at the end, where that is the only one.
fn quoted(rest: &str) -> Option<&str> {
    let end = memchr(b'"', rest.as_bytes())?;
    (end > 0 && end + 1 == rest.len()).then(|| &rest[..end])
}

/// Lines with nothing in them that TOML would read as anything but itself, but for quotes. Without a way out of the middle,
/// which is quicker.
fn is_plain(text: &[u8]) -> bool {
    let is_plain = |byte: u8| ((b' '..=b'~').contains(&byte) && byte != b'\\') || byte == b'\n';
    text.chunks(1024).all(|part| part.iter().fold(true, |all, byte| all & is_plain(*byte)))
}

#[cfg(test)]
mod tests {
    use crate::advisories::{
        cargo_lock::{parse, parse_whole},
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
        lock_text(&rows)
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
            ("name = \"bar\"", "extra = \"1\"\nname = \"bar\""),
            ("\n", "\r\n"),
        ] {
            assert!(text.contains(from), "{from}");
            assert!(super::packages(&text.replacen(from, to, 1)).is_none(), "{to}");
        }
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
}
