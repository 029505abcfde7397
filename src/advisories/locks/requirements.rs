//! Requirement files of pip: <https://pip.pypa.io/en/stable/reference/requirements-file-format/>.
//!
//! The rule that must not be broken: only `==` or `===` with a whole version selects one. Everything else that is asked
//! for is listed as not covered, and so is what nobody lists: without hashes, which make pip refuse a package that is
//! not in the file, or the head of a program that writes whole lists, the packages that these need are not known. What the
//! file itself says to have been left out is listed too.

mod head;
mod joined;
mod left_out;
mod lines;
mod options;
mod pins;

use super::{
    Fault, PACKAGES_LIMIT,
    error::shown,
    manifest::Wanted as Wants,
    python::{self, Requirement, Wanted},
    rows::Rows,
};
use crate::advisories::lock::{Ecosystem, Lock, Origin};
use head::{Head, List};
use joined::Joined;
use pins::Pins;
use std::{cell::Cell, collections::BTreeSet};

/// The most names of other files of one file, and the most that are followed from one.
const NAMES_LIMIT: usize = 1000;

/// Why nothing is known of what packages need in a file that nothing says to be a whole list.
const UNSAID: &str =
    "the file has no hashes and no program wrote it, so that what its packages need is not listed";

/// The most lines of the requirement files of a tag, each as often as another file names it.
const LINES_LIMIT: usize = 2_000_000;

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
    /// What it says to have been left out.
    left_out: Vec<String>,
    /// Why what its packages need may not be listed.
    lacks: Option<String>,
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
    File::parse(text)?.lock("", &Reader { named: &|_, _| None, lines: &Cell::new(0) })
}

impl File {
    /// Reads a requirement file.
    ///
    /// # Errors
    /// [`Fault::Line`] for a line that pip would refuse or that is not known.
    pub fn parse(text: &str) -> Result<Self, Fault> {
        let Head { list, indexes, mut left_out } = head::read(text);
        left_out.extend(left_out::of(text)?);
        let mut file = Self { indexes, left_out, ..Self::default() };
        let mut hashed = 0;
        for (number, line) in lines::logical_lines(text)? {
            let named = file.includes.len() + file.constraints.len() + file.indexes.len();
            if file.rows.len() + file.unnamed.len() + named > PACKAGES_LIMIT {
                return Err(Fault::TooMany);
            }
            if file.includes.len() + file.constraints.len() > NAMES_LIMIT {
                return Err(too_many_names());
            }
            let digests = file.read_line(&line).ok_or_else(|| Fault::line(number, &line))?;
            hashed += usize::from(digests > 0);
        }
        // pip refuses what is not in a file with hashes, unless it is told not to look for what packages need.
        let is_hashed = hashed > 0 && hashed == file.rows.len() + file.unnamed.len();
        file.lacks = match list {
            List::Part(why) => Some(why),
            List::Unclear(why) => Some(why).filter(|_| !is_hashed),
            List::Unsaid => Some(UNSAID.to_owned()).filter(|_| !is_hashed),
            List::Whole => None,
        };
        Ok(file)
    }

    /// Takes up a line; how many digests of a requirement it has. Nothing where it is not understood.
    fn read_line(&mut self, line: &str) -> Option<usize> {
        let (line, options) = options::halves(line);
        if line.is_empty() {
            return self.read_options(options).map(|()| 0);
        }
        // A backslash within a line is what pip takes away in some places only.
        match python::requirement(line) {
            _ if line.contains('\\') => return None,
            Some(requirement) => self.rows.push(requirement),
            None if is_address(line) => self.unnamed.push(line.to_owned()),
            None => return None,
        }
        options::digests(options)
    }

    fn read_options(&mut self, text: &str) -> Option<()> {
        for (name, value) in options::of_a_file(text)? {
            match name {
                "--requirement" => self.includes.push(value),
                "--constraint" => self.constraints.push(value),
                "--editable" => self.unnamed.push(value),
                "--index-url" | "--extra-index-url" | "--find-links"
                    if python::of_index(&value) != Origin::DefaultRegistry =>
                {
                    self.indexes.push(shown(&python::without_secrets(&value)));
                }
                "--no-index" => self.indexes.push("none at all".to_owned()),
                _ => {}
            }
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

    /// What it selects, with the files that it names.
    ///
    /// # Errors
    /// [`Fault`] for an impossible name or version, where nothing is asked for, and for too much to follow.
    pub fn lock<'f>(&'f self, path: &str, reader: &Reader<'f, '_>) -> Result<Lock, Fault> {
        let joined = Joined::of(path, self, reader)?;
        let mut rows = Rows::new(Ecosystem::Pypi);
        for (name, why) in &joined.missing {
            rows.note(name, *why);
        }
        let pins = Pins::of(&joined, &mut rows);
        let index = joined.all().flat_map(|file| &file.indexes).next();
        let mut files: Vec<&Self> = joined.own().collect();
        let is_only_list = files.iter().all(|file| file.is_list());
        if is_only_list || !pins.is_empty() || index.is_some() {
            files.extend(joined.elsewhere());
        }
        for file in &files {
            file.add_rows(&mut rows, &pins, index)?;
        }
        for why in files.iter().filter(|file| !file.is_list()).filter_map(|file| file.lacks.as_deref()) {
            rows.note("(what these need)", why);
        }
        let listed: BTreeSet<&str> = joined
            .own()
            .chain(joined.elsewhere())
            .flat_map(|file| &file.rows)
            .map(|row| row.name.as_str())
            .collect();
        let left_out = files.iter().flat_map(|file| &file.left_out);
        for name in left_out.filter(|name| !listed.contains(name.as_str())) {
            rows.note(name, "the file says that it was left out");
        }
        rows.lock()
    }

    /// Whether it asks for nothing itself.
    fn is_list(&self) -> bool {
        self.rows.is_empty() && self.unnamed.is_empty()
    }

    fn add_rows<'f>(&'f self, rows: &mut Rows, pins: &Pins<'f>, index: Option<&String>) -> Result<(), Fault> {
        for row in &self.rows {
            let selected = pins.selected(row);
            if selected.is_empty() {
                add_row(rows, row, &row.wanted, index)?;
            }
            for wanted in selected {
                add_row(rows, row, wanted, index)?;
            }
        }
        for address in &self.unnamed {
            // Extras of the project are told in its manifest.
            let folder = address.split('[').next().unwrap_or(address);
            match of_address(address) {
                // The project itself, which is what an editable install of the folder of the file is.
                Origin::Path if folder.split('/').all(|part| matches!(part, "" | ".")) => {
                    rows.add("(this-project)", "", Origin::Own)?;
                }
                origin => rows.add(&name_of(address), "", origin)?,
            }
        }
        Ok(())
    }
}

/// Adds what a row, or a constraint of it, asks for.
fn add_row(rows: &mut Rows, row: &Requirement, wanted: &Wanted, index: Option<&String>) -> Result<(), Fault> {
    let registry = || index.map_or(Origin::DefaultRegistry, |it| Origin::OtherRegistry(it.clone()));
    let (version, origin) = match wanted {
        Wanted::Version(version) => (version.as_str(), registry()),
        Wanted::Range(range) => ("", Origin::Unpinned(range.clone())),
        Wanted::Address(address) => ("", of_address(address)),
    };
    rows.add(&row.name, version, origin)
}

/// How the files that requirement files name are found.
pub struct Reader<'f, 'r> {
    /// The file that another one names: by the path of the other and the name as written.
    pub named: &'r dyn Fn(&str, &str) -> Option<Named<'f>>,
    /// How many lines were read so far, of all requirement files that share it.
    pub lines: &'r Cell<usize>,
}

impl Reader<'_, '_> {
    fn count(&self, file: &File) -> Result<(), Fault> {
        self.lines.set(self.lines.get() + file.rows.len() + file.unnamed.len());
        if self.lines.get() > LINES_LIMIT {
            return Err(Fault::limit("lines of requirement files that name each other", LINES_LIMIT));
        }
        Ok(())
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

fn too_many_names() -> Fault {
    Fault::limit("names of other requirement files", NAMES_LIMIT)
}

fn is_address(text: &str) -> bool {
    let text = text.split([';', '#']).next().unwrap_or(text).trim();
    text.contains("://") || text.starts_with(['.', '/']) || text.contains('/') || text.ends_with(".whl")
}

fn of_address(address: &str) -> Origin {
    let address = address.trim();
    if ["git+", "hg+", "svn+", "bzr+"].iter().any(|scheme| address.starts_with(scheme)) {
        Origin::Git(python::without_secrets(address))
    } else if (address.contains("://") && !address.starts_with("file:"))
        || address.starts_with("file:/")
        || address.starts_with('/')
    {
        // What is outside of the repository is no folder of the release.
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
