//! `bun.lock`, versions 0 to 3: JSON with comments and trailing commas.
//!
//! Version 2 has the entries of version 1, and is refused by Bun where a hash is missing; version 3 says that overrides are
//! nested, of which only the results stand among the packages.

use super::{
    Fault,
    error::shown,
    notation::{self, object, optional_string},
    npm_origin,
    rows::Rows,
};
use crate::advisories::lock::{Ecosystem, Lock, Origin};
use serde_json::Value;

/// Reads one.
pub(super) fn read(text: &str) -> Result<Lock, Fault> {
    let document = notation::json(&strict(text))?;
    let root = object(Some(&document), "the document")?;
    match root.get("lockfileVersion").and_then(Value::as_u64) {
        Some(0..=3) => {}
        _ => {
            let found = root.get("lockfileVersion").map_or_else(|| "none".to_owned(), Value::to_string);
            return Err(Fault::version(&found, "0 to 3"));
        }
    }
    let mut rows = Rows::new(Ecosystem::Npm);
    for (folder, workspace) in object(root.get("workspaces"), "workspaces")? {
        let workspace = object(Some(workspace), folder)?;
        let here = if folder.is_empty() { "." } else { folder };
        let name = optional_string(workspace.get("name"), "the name of a workspace")?.unwrap_or(here);
        rows.add(name, "", Origin::Own)?;
    }
    for (place, package) in object(root.get("packages"), "packages")? {
        let malformed = || Fault::malformed(format!("the package {}", shown(place)), "a list with a name");
        let parts = package.as_array().ok_or_else(malformed)?;
        let locator = parts.first().and_then(Value::as_str).ok_or_else(malformed)?;
        let (name, source) = npm_origin::split(locator).ok_or_else(malformed)?;
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

/// The same document without comments and trailing commas. Strings stay as they are; each comment becomes a space.
fn strict(text: &str) -> String {
    let mut strict = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let taken = match first {
            '"' => string_end(rest),
            '/' if rest.starts_with("//") => {
                strict.push(' ');
                rest = &rest[rest.find('\n').unwrap_or(rest.len())..];
                continue;
            }
            '/' if rest.starts_with("/*") => {
                strict.push(' ');
                rest = &rest[rest.find("*/").map_or(rest.len(), |at| at + 2)..];
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
    strict
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
