//! `yarn.lock` of Yarn 2 and later ("berry"), versions 4 to 10 of its metadata.

use super::{
    Fault,
    error::shown,
    notation::{self, object, optional_object, string},
    npm_origin,
    rows::Rows,
};
use crate::advisories::lock::{Ecosystem, Lock, Origin};
use serde_json::{Map, Value};
use std::collections::BTreeSet;

/// Whether a `yarn.lock` is of this format, by the table that every one begins with.
pub(super) fn is_berry(text: &str) -> bool {
    text.lines().any(|line| line.trim_end() == "__metadata:")
}

/// Reads one.
pub(super) fn read(text: &str) -> Result<Lock, Fault> {
    let document = notation::yaml(text)?;
    let root = object(Some(&document), "the document")?;
    check_version(object(root.get("__metadata"), "__metadata")?.get("version"))?;
    let mut rows = Rows::new(Ecosystem::Npm);
    let entries = || root.iter().filter(|(key, _)| *key != "__metadata");
    let mut called = BTreeSet::new();
    for (descriptors, entry) in entries() {
        let entry = object(Some(entry), descriptors)?;
        for descriptor in descriptors.split(", ") {
            let name = npm_origin::split(descriptor).ok_or_else(|| {
                Fault::malformed(format!("the entry {}", shown(descriptor)), "a name and a range")
            })?;
            called.insert(name.0);
        }
        add(&mut rows, entry)?;
    }
    for (of, entry) in entries() {
        check_listed(of, object(Some(entry), of)?, &called)?;
    }
    rows.lock()
}

fn check_version(version: Option<&Value>) -> Result<(), Fault> {
    let text = version
        .map_or_else(|| "none".to_owned(), |it| it.as_str().map_or_else(|| it.to_string(), str::to_owned));
    match text.parse::<u32>() {
        Ok(4..=10) => Ok(()),
        _ => Err(Fault::version(&text, "4 to 10")),
    }
}

/// Every dependency must be in the list; a peer is somebody else's dependency.
fn check_listed(of: &str, entry: &Map<String, Value>, called: &BTreeSet<&str>) -> Result<(), Fault> {
    let wanted = optional_object(entry.get("dependencies"), "dependencies")?;
    match wanted.into_iter().flatten().find(|(name, _)| !called.contains(name.as_str())) {
        Some((name, _)) => Err(Fault::incomplete(of, name)),
        None => Ok(()),
    }
}

fn add(rows: &mut Rows, entry: &Map<String, Value>) -> Result<(), Fault> {
    let resolution = string(entry.get("resolution"), "a resolution")?;
    let malformed =
        || Fault::malformed(format!("the resolution {}", shown(resolution)), "a name and a source");
    let (name, source) = npm_origin::split(resolution).ok_or_else(malformed)?;
    let version = match entry.get("version") {
        Some(Value::String(text)) => text.as_str(),
        _ => return Err(Fault::malformed(format!("the version of {}", shown(name)), "a string")),
    };
    // The last line of an entry.
    string(entry.get("linkType"), &format!("the linkType of {}", shown(name)))?;
    let (source, parameters) = source.split_once("::").unwrap_or((source, ""));
    let origin = if source.starts_with("workspace:") {
        Origin::Own
    } else if let Some(selected) = source.strip_prefix("npm:") {
        let other = parameters.split('&').find_map(|it| it.strip_prefix("__archiveUrl="));
        match other {
            Some(address) => Origin::OtherRegistry(shown(address)),
            None if selected == version => Origin::DefaultRegistry,
            None => return Err(malformed()),
        }
    } else if source.starts_with("patch:") {
        // What is patched is an entry of its own.
        Origin::DefaultRegistry
    } else if ["file:", "link:", "portal:"].iter().any(|it| source.starts_with(it)) {
        Origin::Path
    } else {
        npm_origin::of_address(source, name, version)
    };
    rows.add(name, version, origin)
}
