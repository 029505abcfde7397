//! `yarn.lock` of Yarn 1.
//!
//! The rule that must not be broken: a dependency that no entry is about, at all or as it is asked for, is said.

use super::{Fault, PACKAGES_LIMIT, descriptors::Descriptors, error::shown, npm_origin, rows::Rows};
use crate::advisories::lock::{Ecosystem, Lock, Origin};
use std::collections::BTreeSet;

/// What the first lines of every such file say.
const HEADER: &str = "# yarn lockfile v1";

/// The longest address of an archive, in bytes.
const LONGEST_ADDRESS: usize = 4096;

/// One entry while it is read.
#[derive(Default)]
struct Entry {
    descriptors: Vec<String>,
    version: Option<String>,
    resolved: Option<String>,
    /// Each by its name and the range that it is asked for with.
    dependencies: Vec<(String, String)>,
}

/// Reads one.
pub(super) fn read(text: &str) -> Result<Lock, Fault> {
    check_header(text)?;
    let mut rows = Rows::new(Ecosystem::Npm);
    let entries = entries(text)?;
    // A dependency is called by the name before `@`, also where that is an alias.
    let mut known = BTreeSet::new();
    for entry in &entries {
        known.extend(entry.add(&mut rows)?);
    }
    let asked = Descriptors::of(entries.iter().flat_map(|entry| &entry.descriptors).map(String::as_str));
    for entry in &entries {
        for (name, range) in entry.dependencies.iter().filter(|(name, range)| !asked.answer(name, range)) {
            // A member of a workspace has no entry.
            if known.contains(name.as_str()) {
                asked.note(&mut rows, entry.name(), name, range);
            } else {
                rows.note_missing(entry.name(), name)?;
            }
        }
    }
    rows.lock()
}

fn check_header(text: &str) -> Result<(), Fault> {
    let header = text.lines().take(5).find(|line| line.starts_with("# yarn lockfile"));
    match header {
        Some(HEADER) => Ok(()),
        Some(other) => Err(Fault::version(other, HEADER)),
        None => Err(Fault::malformed("the beginning", "the comment `# yarn lockfile v1`")),
    }
}

fn entries(text: &str) -> Result<Vec<Entry>, Fault> {
    let mut entries: Vec<Entry> = Vec::new();
    let mut in_dependencies = false;
    let mut seen = BTreeSet::new();
    let mut steps = 0;
    for (number, line) in text.lines().enumerate() {
        let wrong = || Fault::line(number, line);
        let content = line.trim_start_matches(' ');
        if content.trim().is_empty() || content.starts_with('#') {
            continue;
        }
        match (line.len() - content.len(), entries.last_mut()) {
            (0, _) => {
                let left = PACKAGES_LIMIT.saturating_sub(steps);
                let descriptors = descriptors(content, left)?.ok_or_else(wrong)?;
                steps += descriptors.len();
                if let Some(twice) = descriptors.iter().find(|it| !seen.insert((*it).clone())) {
                    return Err(Fault::Duplicate(format!("the entry {}", shown(twice))));
                }
                entries.push(Entry { descriptors, ..Entry::default() });
                in_dependencies = false;
            }
            (2, Some(entry)) => {
                in_dependencies = entry.field(content).ok_or_else(wrong)?;
            }
            (4, Some(entry)) if in_dependencies => {
                let (name, rest) = word(content).ok_or_else(wrong)?;
                let (range, _) = word(rest.trim_start()).ok_or_else(wrong)?;
                entry.dependencies.push((name, range));
                steps += 1;
                if steps > PACKAGES_LIMIT {
                    return Err(Fault::TooMany);
                }
            }
            _ => return Err(wrong()),
        }
    }
    Ok(entries)
}

impl Entry {
    /// Takes up a line; whether a list of dependencies follows. Nothing where the line is not understood.
    fn field(&mut self, content: &str) -> Option<bool> {
        if let Some(list) = content.strip_suffix(':') {
            return ["dependencies", "optionalDependencies"].contains(&list).then_some(true);
        }
        let (key, rest) = word(content)?;
        let (value, after) = word(rest.trim_start())?;
        let place = match key.as_str() {
            "version" => &mut self.version,
            "resolved" => &mut self.resolved,
            "integrity" | "uid" | "registry" | "permissions" => return Some(false),
            _ => return None,
        };
        let fits = after.trim().is_empty() && value.len() <= LONGEST_ADDRESS;
        (fits && place.replace(value).is_none()).then_some(false)
    }

    /// The name of its first descriptor.
    fn name(&self) -> &str {
        let first = self.descriptors.first().map_or("", String::as_str);
        npm_origin::split(first).map_or(first, |(name, _)| name)
    }

    /// Adds its package; the names by which it is called.
    fn add(&self, rows: &mut Rows) -> Result<Vec<&str>, Fault> {
        let version = self
            .version
            .as_deref()
            .ok_or_else(|| Fault::malformed(format!("the entry {}", self.name()), "one with a version"))?;
        let mut called = Vec::new();
        for descriptor in &self.descriptors {
            let (name, range) = npm_origin::split(descriptor)
                .ok_or_else(|| Fault::malformed(format!("the entry {descriptor}"), "a name and a range"))?;
            let alias = range.strip_prefix("npm:");
            let (real, range) = alias.map_or((name, range), |it| npm_origin::split(it).unwrap_or((it, "")));
            rows.add(real, version, self.origin(real, range, version))?;
            called.push(name);
        }
        Ok(called)
    }

    /// Where the files are from: what is `resolved` says it, and what was asked for must not say otherwise.
    fn origin(&self, name: &str, range: &str, version: &str) -> Origin {
        let asked = (!is_of_the_registry(range)).then(|| of_exotic(range, name, version));
        let resolved = self.resolved.as_deref().map(|it| npm_origin::of_address(it, name, version));
        match (resolved, asked) {
            (Some(Origin::DefaultRegistry) | None, Some(asked)) => asked,
            (Some(resolved), _) => resolved,
            (None, None) => Origin::Unpinned(range.to_owned()),
        }
    }
}

/// Whether a range is one of versions or a tag of the registry, and no address, folder or repository.
fn is_of_the_registry(range: &str) -> bool {
    let is_exotic = range.contains(['/', ':', '@', '#', '\\']) || range.starts_with('.');
    !is_exotic && !range.ends_with(".tgz") && !range.ends_with(".tar.gz")
}

/// Where something is from that was asked for by its address.
fn of_exotic(range: &str, name: &str, version: &str) -> Origin {
    if range.starts_with(['.', '/', '~']) {
        return Origin::Path;
    }
    npm_origin::of_address(range, name, version)
}

/// The descriptors of an entry, `"a@^1", b@^2:`, of which there may be `left`; nothing where they are not understood.
fn descriptors(line: &str, left: usize) -> Result<Option<Vec<String>>, Fault> {
    let Some(mut rest) = line.trim_end().strip_suffix(':') else { return Ok(None) };
    let mut found = Vec::new();
    loop {
        if found.len() >= left {
            return Err(Fault::TooMany);
        }
        let parts = match rest.strip_prefix('"') {
            Some(inside) => inside.split_once('"'),
            None => Some(rest.split_at(rest.find(',').unwrap_or(rest.len()))),
        };
        let Some((descriptor, after)) = parts else { return Ok(None) };
        found.push(descriptor.trim().to_owned());
        match after.trim_start().strip_prefix(',') {
            Some(more) => rest = more.trim_start(),
            None => return Ok(after.trim().is_empty().then_some(found)),
        }
    }
}

/// The first word, in quotes or not, and what follows.
fn word(text: &str) -> Option<(String, &str)> {
    let (word, after) = match text.strip_prefix('"') {
        Some(inside) => inside.split_once('"')?,
        None => text.split_at(text.find(' ').unwrap_or(text.len())),
    };
    (!word.is_empty() && !word.contains('\\')).then(|| (word.to_owned(), after))
}
