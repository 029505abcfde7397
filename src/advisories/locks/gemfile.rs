//! `Gemfile.lock` of Bundler.
//!
//! The rule that must not be broken: the section `DEPENDENCIES` stands after all packages, so that a file without it
//! was cut off, and so is one whose packages depend on what is not listed. What the project itself asks for and the
//! file does not list is not covered: Bundler leaves out a gem that is for other platforms alone. A gem of the release's own
//! has a gemspec of its name at the tag.

use super::{Fault, projects::IsProject, rows::Rows};
use crate::advisories::lock::{Ecosystem, Lock, Origin};
use std::collections::BTreeSet;

/// The address of the registry, as Bundler writes it.
const REMOTE: &str = concat!("https://", "rubygems", ".org/");

/// The folder of the lock file, as Bundler writes it.
const OWN_FOLDER: &str = ".";

/// What is never listed: Bundler itself.
const BUNDLER: &str = "bundler";

/// The most remotes of one source.
const REMOTES_LIMIT: usize = 32;

/// The longest address of a remote, in bytes.
const REMOTE_LENGTH: usize = 2048;

/// Why nothing is known about what the project asks for and the file does not list.
const LEFT_OUT: &str =
    "the project asks for it and the file selects no version, as for a gem of other platforms";

/// A section of the file.
#[derive(Clone, PartialEq, Eq)]
enum Section {
    /// Packages of a registry, a repository or a folder.
    Source { kind: &'static str, remotes: Vec<String> },
    /// What the project asks for.
    Dependencies,
    /// What selects nothing: platforms, checksums, versions of programs.
    Other,
}

/// Reads one.
pub(super) fn read(text: &str, is_project: &IsProject<'_>) -> Result<Lock, Fault> {
    let mut rows = Rows::new(Ecosystem::Gem);
    let mut section = None;
    let mut asked = None;
    let mut listed = BTreeSet::new();
    let mut last = String::new();
    for (number, line) in text.lines().enumerate() {
        let wrong = || Fault::line(number, line);
        let content = line.trim_start_matches(' ');
        if content.is_empty() {
            continue;
        }
        match (line.len() - content.len(), &mut section) {
            (0, _) => {
                let opened = open(content).ok_or_else(wrong)?;
                if opened == Section::Dependencies {
                    asked.get_or_insert_with(BTreeSet::new);
                }
                section = Some(opened);
            }
            (2, Some(Section::Source { remotes, .. })) => {
                let (key, value) = content.split_once(':').ok_or_else(wrong)?;
                match key {
                    "remote" if remotes.len() >= REMOTES_LIMIT => {
                        return Err(Fault::limit("remotes of one source", REMOTES_LIMIT));
                    }
                    "remote" if value.len() > REMOTE_LENGTH => {
                        return Err(Fault::limit("bytes in the address of a remote", REMOTE_LENGTH));
                    }
                    "remote" => remotes.push(value.trim().to_owned()),
                    "specs" | "revision" | "branch" | "tag" | "ref" | "glob" | "submodules" | "type" => {}
                    _ => return Err(wrong()),
                }
            }
            (4, Some(Section::Source { kind, remotes })) => {
                let (name, version) = spec(content).ok_or_else(wrong)?;
                let version = version.ok_or_else(wrong)?;
                let is_own = *kind == "PATH" && is_project(OWN_FOLDER, name);
                rows.add(name, number_of(version), origin(kind, remotes, is_own))?;
                last = name.to_owned();
                listed.insert(name);
            }
            (6, Some(Section::Source { .. })) => {
                let (name, _) = spec(content).ok_or_else(wrong)?;
                want(&mut rows, &last, name)?;
            }
            (2, Some(Section::Dependencies)) => {
                let (name, _) = spec(content.trim_end_matches('!')).ok_or_else(wrong)?;
                asked.get_or_insert_with(BTreeSet::new).insert(name);
            }
            (_, Some(Section::Other)) => {}
            _ => return Err(wrong()),
        }
    }
    let asked = asked.ok_or(Fault::CutOff("the section DEPENDENCIES"))?;
    if listed.is_empty() {
        return Err(Fault::NoPackages);
    }
    for name in asked.difference(&listed).filter(|name| **name != BUNDLER) {
        rows.add(name, "", Origin::Unclear(LEFT_OUT.to_owned()))?;
    }
    rows.lock()
}

fn open(name: &str) -> Option<Section> {
    let source = |kind| Section::Source { kind, remotes: Vec::new() };
    Some(match name.trim_end() {
        "GEM" => source("GEM"),
        "GIT" => source("GIT"),
        "PATH" => source("PATH"),
        "PLUGIN SOURCE" => source("PLUGIN SOURCE"),
        "DEPENDENCIES" => Section::Dependencies,
        "PLATFORMS" | "CHECKSUMS" | "RUBY VERSION" | "BUNDLED WITH" => Section::Other,
        _ => return None,
    })
}

fn want(rows: &mut Rows, of: &str, name: &str) -> Result<(), Fault> {
    if name == BUNDLER { Ok(()) } else { rows.want(of, name) }
}

/// `name (version)` or `name`.
fn spec(text: &str) -> Option<(&str, Option<&str>)> {
    let text = text.trim_end();
    match text.split_once(" (") {
        Some((name, rest)) => Some((name, Some(rest.strip_suffix(')')?))),
        None if text.contains([' ', '(', ')']) => None,
        None => Some((text, None)),
    }
}

/// The version without the platform, which stands after a `-`.
fn number_of(version: &str) -> &str {
    version.split('-').next().unwrap_or(version)
}

fn origin(kind: &str, remotes: &[String], is_own: bool) -> Origin {
    let remote = remotes.first().map_or("", String::as_str);
    match kind {
        "GEM" if remotes.iter().all(|it| it == REMOTE) && !remotes.is_empty() => Origin::DefaultRegistry,
        "GEM" => {
            let other = remotes.iter().find(|it| *it != REMOTE).map_or("", String::as_str);
            Origin::OtherRegistry(super::python::without_secrets(other))
        }
        "GIT" => Origin::Git(super::python::without_secrets(remote)),
        "PATH" if remote == OWN_FOLDER && is_own => Origin::Own,
        "PATH" => Origin::Path,
        _ => Origin::Unclear("from the source of a plugin".to_owned()),
    }
}
