//! `bun.lock`, versions 0 to 3: JSON with comments and trailing commas.
//!
//! Version 2 has the entries of version 1, and is refused by Bun where a hash is missing; version 3 says that overrides are
//! nested, of which only the results stand among the packages.

use super::{
    Fault,
    error::shown,
    notation::{self, object, optional_object, optional_string},
    npm_origin,
    places::{self, Steps},
    projects::IsProject,
    rows::Rows,
};
use crate::{
    advisories::lock::{Ecosystem, Lock, Origin},
    paths,
};
use serde_json::{Map, Value};
use std::collections::BTreeSet;

type Members = Map<String, Value>;

/// Reads one.
pub(super) fn read(text: &str, is_project: &IsProject<'_>) -> Result<Lock, Fault> {
    let document = notation::json(&strict(text)?)?;
    let root = object(Some(&document), "the document")?;
    match root.get("lockfileVersion").and_then(Value::as_u64) {
        Some(0..=3) => {}
        _ => {
            let found = root.get("lockfileVersion").map_or_else(|| "none".to_owned(), Value::to_string);
            return Err(Fault::version(&found, "0 to 3"));
        }
    }
    let mut rows = Rows::new(Ecosystem::Npm);
    let packages = object(root.get("packages"), "packages")?;
    packages.keys().try_for_each(|place| places::check(place))?;
    let called = packages.keys().map(|place| last_name(place)).collect();
    let mut places = Places { packages, called, steps: Steps::none() };
    let workspaces = object(root.get("workspaces"), "workspaces")?;
    for (folder, workspace) in workspaces {
        let workspace = object(Some(workspace), folder)?;
        let here = if folder.is_empty() { "." } else { folder };
        let name = optional_string(workspace.get("name"), "the name of a workspace")?.unwrap_or(here);
        let is_own = folder.is_empty() || is_project(folder, name);
        rows.add(name, "", if is_own { Origin::Own } else { Origin::Path })?;
        let place = if folder.is_empty() { "" } else { name };
        let groups = ["dependencies", "devDependencies", "optionalDependencies"];
        places.check_all(place, name, workspace, &groups, &mut rows)?;
    }
    let is_own = |name: &str, folder: &str| {
        let workspace = workspaces.get(folder);
        workspace.is_some_and(|it| it.get("name").is_none_or(|own| own == name)) && is_project(folder, name)
    };
    for (place, package) in packages {
        add(&mut rows, place, package, &is_own)?;
        for described in package.as_array().into_iter().flatten().filter_map(Value::as_object) {
            places.check_all(place, last_name(place), described, &["dependencies"], &mut rows)?;
        }
    }
    rows.lock()
}

fn add(
    rows: &mut Rows,
    place: &str,
    package: &Value,
    is_own: &dyn Fn(&str, &str) -> bool,
) -> Result<(), Fault> {
    let malformed = || Fault::malformed(format!("the package {}", shown(place)), "a list with a name");
    let parts = package.as_array().ok_or_else(malformed)?;
    let locator = parts.first().and_then(Value::as_str).ok_or_else(malformed)?;
    let (name, source) = npm_origin::split(locator).ok_or_else(malformed)?;
    if let Some(folder) = source.strip_prefix("workspace:") {
        return rows.add(name, "", if is_own(name, folder) { Origin::Own } else { Origin::Path });
    }
    if !npm_origin::is_version(source) {
        return rows.add(name, "", npm_origin::of_address(source, name, ""));
    }
    let origin = match parts.get(1).and_then(Value::as_str).ok_or_else(malformed)? {
        "" => Origin::DefaultRegistry,
        address => npm_origin::of_address(address, name, source),
    };
    rows.add(name, source, origin)
}

/// Where Bun looks for packages.
struct Places<'v> {
    packages: &'v Members,
    /// The names at their ends.
    called: BTreeSet<&'v str>,
    steps: Steps,
}

impl Places<'_> {
    /// What the package `of` a name depends on, which is at `place`, must be listed at it or above it: what is not listed
    /// anywhere, and is not optional, was cut off.
    fn check_all(
        &mut self,
        place: &str,
        of: &str,
        package: &Members,
        groups: &[&str],
        rows: &mut Rows,
    ) -> Result<(), Fault> {
        let group = |key: &str| optional_object(package.get(key), key).map(|it| it.into_iter().flatten());
        for key in groups {
            for (name, _) in group(key)? {
                if !self.called.contains(name.as_str()) {
                    return Err(Fault::incomplete(of, name));
                }
                self.check(place, of, name, rows)?;
            }
        }
        let optional: BTreeSet<&str> = match package.get("optionalPeers") {
            Some(Value::Array(names)) => names.iter().filter_map(Value::as_str).collect(),
            _ => BTreeSet::new(),
        };
        let peers = group("peerDependencies")?.filter(|(name, _)| !optional.contains(name.as_str()));
        for (name, _) in group("optionalDependencies")?.chain(peers) {
            self.check(place, of, name, rows)?;
        }
        Ok(())
    }

    fn check(&mut self, place: &str, of: &str, name: &str, rows: &mut Rows) -> Result<(), Fault> {
        let mut at = place;
        while !at.is_empty() {
            self.steps.take(1)?;
            if self.packages.contains_key(&format!("{at}/{name}")) {
                return Ok(());
            }
            let above = &at[..at.len() - last_name(at).len()];
            at = above.strip_suffix('/').unwrap_or(above);
        }
        self.steps.take(1)?;
        if self.packages.contains_key(name) { Ok(()) } else { rows.note_missing(of, name) }
    }
}

/// The name at the end of a place: `a/@s/b` is where `a` finds `@s/b`.
fn last_name(place: &str) -> &str {
    let Some((before, last)) = place.rsplit_once('/') else { return place };
    let scope = paths::name_of(before);
    if scope.starts_with('@') { &place[place.len() - last.len() - 1 - scope.len()..] } else { last }
}

/// The same document without comments and trailing commas. Strings stay as they are; each comment becomes a space.
fn strict(text: &str) -> Result<String, Fault> {
    let mut strict = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let taken = match first {
            '"' => string_end(rest),
            '/' if rest.starts_with("//") => {
                strict.push(' ');
                let (line, after) = rest.split_at(rest.find('\n').unwrap_or(rest.len()));
                comment(line)?;
                rest = after;
                continue;
            }
            '/' if rest.starts_with("/*") => {
                strict.push(' ');
                let end = rest[2..].find("*/").ok_or(Fault::CutOff("the end of a comment"))?;
                comment(&rest[2..end + 2])?;
                rest = &rest[end + 4..];
                continue;
            }
            '}' | ']' => {
                let end = strict.trim_end().len();
                // A comma after nothing is no trailing one, and stays wrong.
                if strict[..end].ends_with(',') && !strict[..end - 1].trim_end().ends_with(['{', '[', ',']) {
                    strict.truncate(end - 1);
                }
                1
            }
            other => other.len_utf8(),
        };
        strict.push_str(&rest[..taken]);
        rest = &rest[taken..];
    }
    Ok(strict)
}

/// A comment, as it is. Bun ends one also at line ends that no editor shows, so that none may be in it.
fn comment(text: &str) -> Result<&str, Fault> {
    let text = text.strip_suffix('\r').unwrap_or(text);
    if text.contains(|c: char| (c.is_control() && !"\t\n".contains(c)) || "\u{2028}\u{2029}".contains(c)) {
        return Err(Fault::malformed(
            format!("the comment {}", shown(text)),
            "free of control characters and of line ends other than LF and CRLF",
        ));
    }
    Ok(text)
}

/// Where the string ends that `text` begins with.
fn string_end(text: &str) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return at + 1,
            _ => {}
        }
    }
    text.len()
}
