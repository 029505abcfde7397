//! Requirement files of pip: <https://pip.pypa.io/en/stable/reference/requirements-file-format/>.
//!
//! The rule that must not be broken: only `==` or `===` with a whole version selects one. Everything else that is asked
//! for is listed as not covered, and so is what nobody lists: without hashes, which make pip refuse a package that is
//! not in the file, or the header of a program that writes whole lists, the packages that these need are not known.

use super::{
    Fault, PACKAGES_LIMIT,
    error::shown,
    manifest::Wanted as Wants,
    python::{self, Requirement, Wanted},
    rows::Rows,
};
use crate::advisories::lock::{Ecosystem, Lock, Origin};
use std::collections::BTreeMap;

/// One requirement file.
#[derive(Clone, Debug, Default)]
pub struct File {
    rows: Vec<Requirement>,
    /// What is asked for and has no name: a folder, an archive, a repository.
    unnamed: Vec<String>,
    /// The files that `-r` names.
    pub(super) includes: Vec<String>,
    /// The files that `-c` names.
    pub(super) constraints: Vec<String>,
    /// Indexes other than the default one.
    indexes: Vec<String>,
    /// Whether everything is listed.
    is_whole: bool,
}

/// Whether a path is that of a requirement file: `requirements*.txt`, `*requirements.txt`, `requirements/*.txt`.
pub(super) fn is_named(path: &str) -> bool {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    let inside = folder.rsplit('/').next() == Some("requirements");
    name.strip_suffix(".txt")
        .is_some_and(|stem| stem.starts_with("requirements") || stem.ends_with("requirements") || inside)
}

/// Reads a requirement file by itself: what it includes is not known.
pub(super) fn lock(text: &str) -> Result<Lock, Fault> {
    File::parse(text)?.lock("", |_, _| None)
}

impl File {
    /// Reads a requirement file.
    ///
    /// # Errors
    /// [`Fault::Line`] for a line that pip would refuse or that is not known.
    pub fn parse(text: &str) -> Result<Self, Fault> {
        let mut file = Self { is_whole: is_generated(text), ..Self::default() };
        let mut hashed = 0;
        for (number, line) in logical_lines(text) {
            if file.rows.len() + file.unnamed.len() + file.includes.len() > PACKAGES_LIMIT {
                return Err(Fault::TooMany);
            }
            hashed += usize::from(line.contains(" --hash=") || line.contains("--hash "));
            file.read_line(&line).ok_or_else(|| Fault::line(number, &line))?;
        }
        file.is_whole |= hashed > 0 && hashed == file.rows.len() + file.unnamed.len();
        Ok(file)
    }

    fn read_line(&mut self, line: &str) -> Option<()> {
        if line.starts_with('-') {
            return self.read_option(line);
        }
        let line = without_options(line);
        match python::requirement(line) {
            Some(requirement) => self.rows.push(requirement),
            None if is_address(line) => self.unnamed.push(line.to_owned()),
            None => return None,
        }
        Some(())
    }

    fn read_option(&mut self, line: &str) -> Option<()> {
        let (name, value) = option(line)?;
        match name {
            "-r" | "--requirement" => self.includes.push(value.to_owned()),
            "-c" | "--constraint" => self.constraints.push(value.to_owned()),
            "-e" | "--editable" => self.unnamed.push(value.to_owned()),
            "-i" | "--index-url" | "--extra-index-url" | "-f" | "--find-links" => {
                if python::of_index(value) != Origin::DefaultRegistry {
                    self.indexes.push(python::without_secrets(value));
                }
            }
            "--no-index" => self.indexes.push("none at all".to_owned()),
            "--no-binary" | "--only-binary" | "--prefer-binary" | "--require-hashes" | "--pre"
            | "--trusted-host" | "--use-feature" => {}
            _ => return None,
        }
        Some(())
    }

    /// What it asks for.
    pub(super) fn wanted(&self) -> impl Iterator<Item = Wants> {
        self.rows.iter().map(super::manifest::of)
    }

    /// The files that it names, as written.
    pub(super) fn named(&self) -> impl Iterator<Item = &str> {
        self.includes.iter().chain(&self.constraints).map(String::as_str)
    }

    /// What it selects. `named` gives the file that another one names: by the path of the other and the name as written.
    ///
    /// # Errors
    /// [`Fault`] for an impossible name or version, and where nothing is asked for.
    pub fn lock<'f>(
        &'f self,
        path: &str,
        named: impl Fn(&str, &str) -> Option<Named<'f>>,
    ) -> Result<Lock, Fault> {
        let mut rows = Rows::new(Ecosystem::Pypi);
        let mut joined = vec![(path.to_owned(), self)];
        let mut pins: BTreeMap<&str, &str> = BTreeMap::new();
        let mut indexes: Vec<&String> = Vec::new();
        let mut judged_elsewhere = Vec::new();
        let mut at = 0;
        while let Some((path, file)) = joined.get(at).cloned() {
            at += 1;
            indexes.extend(&file.indexes);
            for name in &file.constraints {
                match named(&path, name) {
                    Some(found) => pins.extend(found.file.rows.iter().filter_map(Requirement::pin)),
                    None => rows.note(name, "a file of constraints that is not at the tag or cannot be read"),
                }
            }
            for name in &file.includes {
                match named(&path, name) {
                    Some(found) if joined.iter().any(|(path, _)| *path == found.path) => {}
                    Some(found) if found.is_judged => judged_elsewhere.push((found.path, found.file)),
                    Some(found) => joined.push((found.path, found.file)),
                    None => {
                        rows.note(name, "a file of requirements that is not at the tag or cannot be read")
                    }
                }
            }
        }
        let is_only_list = joined.iter().all(|(_, file)| file.rows.is_empty() && file.unnamed.is_empty());
        if (is_only_list && !judged_elsewhere.is_empty()) || !pins.is_empty() || !indexes.is_empty() {
            joined.extend(judged_elsewhere);
        }
        for (_, file) in &joined {
            file.add_rows(&mut rows, &pins, indexes.first().copied())?;
        }
        if joined.iter().any(|(_, file)| !(file.is_whole || file.rows.is_empty() && file.unnamed.is_empty()))
        {
            rows.note(
                "(what these need)",
                "the file has no hashes and no program wrote it, so that what its packages need is not listed",
            );
        }
        rows.lock()
    }

    fn add_rows(
        &self,
        rows: &mut Rows,
        pins: &BTreeMap<&str, &str>,
        index: Option<&String>,
    ) -> Result<(), Fault> {
        let registry = || index.map_or(Origin::DefaultRegistry, |it| Origin::OtherRegistry(it.clone()));
        for row in &self.rows {
            let constrained = pins.get(row.name.as_str()).copied();
            let (version, origin) = match (&row.wanted, constrained) {
                (Wanted::Version(version), _) => (version.as_str(), registry()),
                (Wanted::Range(_), Some(version)) => (version, registry()),
                (Wanted::Range(range), None) => ("", Origin::Unpinned(range.clone())),
                (Wanted::Address(address), _) => ("", of_address(address)),
            };
            rows.add(&row.name, version, origin)?;
        }
        for address in &self.unnamed {
            match of_address(address) {
                // The project itself, which is what an editable install of the folder of the file is.
                Origin::Path if address.trim_start_matches("./") == "." || address == "." => {
                    rows.add("(this-project)", "", Origin::Own)?;
                }
                origin => rows.add(&name_of(address), "", origin)?,
            }
        }
        Ok(())
    }
}

impl Requirement {
    fn pin(&self) -> Option<(&str, &str)> {
        match &self.wanted {
            Wanted::Version(version) => Some((self.name.as_str(), version.as_str())),
            _ => None,
        }
    }
}

/// A file that a requirement file names.
pub struct Named<'f> {
    /// Its path.
    pub path: String,
    /// What it says.
    pub file: &'f File,
    /// Whether it is judged by itself, for its name is that of a requirement file.
    pub is_judged: bool,
}

/// Whether a program wrote the file that lists all that is needed.
fn is_generated(text: &str) -> bool {
    let head = || text.lines().take(6).filter(|line| line.starts_with('#'));
    head().any(|line| {
        line.contains("autogenerated by pip-compile")
            || line.contains("autogenerated by uv via")
            || line.contains("generated by PDM")
            || line.contains("exported from `uv")
    })
}

/// The lines with continuations joined and comments gone, each with its number from 0.
fn logical_lines(text: &str) -> Vec<(usize, String)> {
    let mut lines = Vec::new();
    let mut joined = String::new();
    let mut start = 0;
    for (number, line) in text.trim_start_matches('\u{feff}').lines().enumerate() {
        if joined.is_empty() {
            start = number;
        }
        let is_comment = line.trim_start().starts_with('#');
        match line.strip_suffix('\\') {
            Some(more) if !is_comment => {
                joined.push_str(more);
                joined.push(' ');
                continue;
            }
            _ if is_comment => joined.push(' '),
            _ => joined.push_str(line),
        }
        let whole = std::mem::take(&mut joined);
        let whole = without_comment(&whole).trim();
        if !whole.is_empty() {
            lines.push((start, whole.to_owned()));
        }
    }
    if !without_comment(&joined).trim().is_empty() {
        lines.push((start, joined.trim().to_owned()));
    }
    lines
}

/// A comment begins at a `#` that begins the line or follows a space.
fn without_comment(line: &str) -> &str {
    if line.starts_with('#') {
        return "";
    }
    let at = line
        .char_indices()
        .zip(line.chars().skip(1))
        .find(|((_, c), next)| c.is_whitespace() && *next == '#');
    at.map_or(line, |((at, _), _)| &line[..at])
}

/// The name and value of an option: `-r file`, `-rfile`, `--requirement=file`.
fn option(line: &str) -> Option<(&str, &str)> {
    let (name, value) = if line.starts_with("--") {
        line.split_once(|c: char| c == '=' || c.is_whitespace()).unwrap_or((line, ""))
    } else {
        (line.get(..2)?, line.get(2..)?.trim_start_matches('='))
    };
    let value = value.trim().trim_matches(['"', '\'']);
    let alone = ["--no-index", "--prefer-binary", "--require-hashes", "--pre"].contains(&name);
    (alone || !value.is_empty()).then_some((name, value))
}

/// A requirement without the options of its own: `--hash`, `--config-settings`.
fn without_options(line: &str) -> &str {
    line.find(" --").map_or(line, |at| &line[..at]).trim()
}

fn is_address(text: &str) -> bool {
    let text = text.split([';', '#']).next().unwrap_or(text).trim();
    text.contains("://") || text.starts_with(['.', '/']) || text.contains('/') || text.ends_with(".whl")
}

fn of_address(address: &str) -> Origin {
    let address = address.trim();
    if ["git+", "hg+", "svn+", "bzr+"].iter().any(|scheme| address.starts_with(scheme)) {
        Origin::Git(python::without_secrets(address))
    } else if address.contains("://") && !address.starts_with("file:") {
        Origin::Url(python::without_secrets(address))
    } else {
        Origin::Path
    }
}

/// What to call something that has an address and no name.
fn name_of(address: &str) -> String {
    let egg = address.split_once("#egg=").map(|(_, name)| name.split(['&', '[']).next().unwrap_or(name));
    let last = address.split(['#', '?', ';']).next().unwrap_or(address).trim_end_matches('/');
    let name = egg.unwrap_or_else(|| last.rsplit('/').next().unwrap_or(last));
    let plain: String =
        shown(name).chars().filter(|c| c.is_ascii_alphanumeric() || "-_.+@".contains(*c)).collect();
    if plain.is_empty() { "(unnamed)".to_owned() } else { plain }
}
