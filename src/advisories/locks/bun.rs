//! `bun.lock`, versions 0 to 3: JSON with comments and trailing commas.
//!
//! Version 2 has the entries of version 1, and is refused by Bun where a hash is missing; version 3 says that overrides are
//! nested, of which only the results stand among the packages.

use super::{
    Fault,
    error::shown,
    notation::{self, object, optional_object, optional_string},
    npm_origin,
    rows::Rows,
};
use crate::advisories::lock::{Ecosystem, Lock, Origin};
use serde_json::{Map, Value};
use std::collections::BTreeSet;

/// Reads one.
pub(super) fn read(text: &str) -> Result<Lock, Fault> {
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
    let called: BTreeSet<&str> = packages.keys().map(|place| last_name(place)).collect();
    for (folder, workspace) in object(root.get("workspaces"), "workspaces")? {
        let workspace = object(Some(workspace), folder)?;
        let here = if folder.is_empty() { "." } else { folder };
        let name = optional_string(workspace.get("name"), "the name of a workspace")?.unwrap_or(here);
        rows.add(name, "", Origin::Own)?;
        for group in ["dependencies", "devDependencies", "optionalDependencies"] {
            check_listed(name, optional_object(workspace.get(group), group)?, &called)?;
        }
    }
    for (place, package) in packages {
        let malformed = || Fault::malformed(format!("the package {}", shown(place)), "a list with a name");
        let parts = package.as_array().ok_or_else(malformed)?;
        let locator = parts.first().and_then(Value::as_str).ok_or_else(malformed)?;
        let (name, source) = npm_origin::split(locator).ok_or_else(malformed)?;
        for described in parts.iter().filter_map(Value::as_object) {
            check_listed(name, optional_object(described.get("dependencies"), "dependencies")?, &called)?;
        }
        if source.starts_with("workspace:") {
            rows.add(name, "", Origin::Own)?;
        } else if npm_origin::is_version(source) {
            let registry = parts.get(1).and_then(Value::as_str).ok_or_else(malformed)?;
            let origin = match registry {
                "" => Origin::DefaultRegistry,
                address => npm_origin::of_address(address, name, source),
            };
            rows.add(name, source, origin)?;
        } else {
            rows.add(name, "", npm_origin::of_address(source, name, ""))?;
        }
    }
    rows.lock()
}

/// The name at the end of a place: `a/@s/b` is where `a` finds `@s/b`.
fn last_name(place: &str) -> &str {
    let Some((before, last)) = place.rsplit_once('/') else { return place };
    let scope = before.rsplit('/').next().unwrap_or(before);
    if scope.starts_with('@') { &place[place.len() - last.len() - 1 - scope.len()..] } else { last }
}

/// Every dependency must be listed under its name, wherever that is.
fn check_listed(of: &str, wanted: Option<&Map<String, Value>>, called: &BTreeSet<&str>) -> Result<(), Fault> {
    match wanted.into_iter().flatten().find(|(name, _)| !called.contains(name.as_str())) {
        Some((missing, _)) => Err(Fault::incomplete(of, missing)),
        None => Ok(()),
    }
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
