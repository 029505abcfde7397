//! `yarn.lock` of Yarn 2 and later ("berry"), versions 4 to 10 of its metadata.

use super::{
    Fault,
    descriptors::Descriptors,
    error::shown,
    notation::{self, object, optional_object, string},
    npm_origin,
    projects::IsProject,
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
pub(super) fn read(text: &str, is_project: &IsProject<'_>) -> Result<Lock, Fault> {
    let document = notation::yaml(text)?;
    let root = object(Some(&document), "the document")?;
    check_version(object(root.get("__metadata"), "__metadata")?.get("version"))?;
    let mut rows = Rows::new(Ecosystem::Npm);
    let entries = || root.iter().filter(|(key, _)| *key != "__metadata");
    let mut called = BTreeSet::new();
    for (descriptors, entry) in entries() {
        object(Some(entry), descriptors)?;
        for descriptor in descriptors.split(", ") {
            let name = npm_origin::split(descriptor).ok_or_else(|| {
                Fault::malformed(format!("the entry {}", shown(descriptor)), "a name and a range")
            })?;
            called.insert(name.0);
        }
    }
    let listed = Listed::of(entries())?;
    for (of, entry) in entries() {
        let entry = object(Some(entry), of)?;
        add(&mut rows, entry, &listed, is_project)?;
        check_listed(of, entry, &called, &listed, &mut rows)?;
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

/// What the entries are about and what they come to.
struct Listed<'v> {
    descriptors: Descriptors<'v>,
    /// A name and a source each, without parameters.
    resolutions: BTreeSet<&'v str>,
}

impl<'v> Listed<'v> {
    fn of(entries: impl Iterator<Item = (&'v String, &'v Value)> + Clone) -> Result<Self, Fault> {
        let keys = entries.clone().flat_map(|(key, _)| key.split(", ")).map(without_parameters);
        let resolution = |(_, entry): (&'v String, &'v Value)| {
            string(entry.get("resolution"), "a resolution").map(without_parameters)
        };
        let resolutions = entries.map(resolution).collect::<Result<_, _>>()?;
        Ok(Self { descriptors: Descriptors::of(keys), resolutions })
    }
}

fn without_parameters(descriptor: &str) -> &str {
    descriptor.split("::").next().unwrap_or(descriptor)
}

/// Every dependency must be in the list, as it is asked for; a peer is somebody else's dependency.
fn check_listed(
    of: &str,
    entry: &Map<String, Value>,
    called: &BTreeSet<&str>,
    listed: &Listed<'_>,
    rows: &mut Rows,
) -> Result<(), Fault> {
    let wanted = optional_object(entry.get("dependencies"), "dependencies")?;
    for (name, range) in wanted.into_iter().flatten() {
        if !called.contains(name.as_str()) {
            return Err(Fault::incomplete(of, name));
        }
        let range = range.as_str().map_or_else(|| range.to_string(), str::to_owned);
        // Before its version 8 the metadata leaves the registry's own protocol out.
        let range = if range.contains(':') { range } else { format!("npm:{range}") };
        let range = without_parameters(&range);
        if !listed.descriptors.answer(name, range) {
            listed.descriptors.note(rows, of, name, range);
        }
    }
    Ok(())
}

fn add(
    rows: &mut Rows,
    entry: &Map<String, Value>,
    listed: &Listed<'_>,
    is_project: &IsProject<'_>,
) -> Result<(), Fault> {
    let resolution = string(entry.get("resolution"), "a resolution")?;
    let malformed =
        || Fault::malformed(format!("the resolution {}", shown(resolution)), "a name and a source");
    let (name, source) = npm_origin::split(resolution).ok_or_else(malformed)?;
    let version = match entry.get("version") {
        Some(Value::String(text)) => text.as_str(),
        _ => return Err(Fault::malformed(format!("the version of {}", shown(name)), "a string")),
    };
    // The last line of an entry.
    let link = string(entry.get("linkType"), &format!("the linkType of {}", shown(name)))?;
    let (source, parameters) = source.split_once("::").unwrap_or((source, ""));
    let origin = if let Some(folder) = source.strip_prefix("workspace:") {
        // What is the release's own is never copied.
        if link == "soft" && is_project(folder, name) { Origin::Own } else { Origin::Path }
    } else if let Some(selected) = source.strip_prefix("npm:") {
        let other = parameters.split('&').find_map(|it| it.strip_prefix("__archiveUrl="));
        match other {
            Some(address) => Origin::OtherRegistry(shown(address)),
            None if selected == version => Origin::DefaultRegistry,
            None => return Err(malformed()),
        }
    } else if let Some(patched) = source.strip_prefix("patch:") {
        of_patched(patched, name, version, listed)
    } else if ["file:", "link:", "portal:"].iter().any(|it| source.starts_with(it)) {
        Origin::Path
    } else {
        npm_origin::of_address(source, name, version)
    };
    rows.add(name, version, origin)
}

/// Where a package is from that is another one with a patch, `a@npm%3A1.0.0#./a.patch`. That other one is an entry of its
/// own, of this name and version, and where it is from is said there.
fn of_patched(patched: &str, name: &str, version: &str, listed: &Listed<'_>) -> Origin {
    let base = patched.split('#').next().unwrap_or(patched).replace("%3A", ":").replace("%3a", ":");
    let base = base.replace("%40", "@").replace("%2F", "/").replace("%2f", "/");
    if base == format!("{name}@npm:{version}") && listed.resolutions.contains(base.as_str()) {
        Origin::DefaultRegistry
    } else {
        Origin::Unclear(format!("it is {} with a patch", shown(&base)))
    }
}
