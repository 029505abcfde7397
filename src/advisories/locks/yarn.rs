//! `yarn.lock` of Yarn 1.
//!
//! The rule that must not be broken: a dependency that no entry is about means that the file was cut off.

use super::{Fault, PACKAGES_LIMIT, error::shown, npm_origin, rows::Rows};
use crate::advisories::lock::{Ecosystem, Lock, Origin};

/// What the first lines of every such file say.
const HEADER: &str = "# yarn lockfile v1";

/// One entry while it is read.
#[derive(Default)]
struct Entry {
    descriptors: Vec<String>,
    version: Option<String>,
    resolved: Option<String>,
    dependencies: Vec<String>,
}

/// Reads one.
pub(super) fn read(text: &str) -> Result<Lock, Fault> {
    check_header(text)?;
    let mut rows = Rows::new(Ecosystem::Npm);
    let mut names = Vec::new();
    for entry in entries(text)? {
        names.extend(entry.add(&mut rows)?);
    }
    // A dependency is called by the name before `@`, also where that is an alias.
    let known: std::collections::BTreeSet<&str> = names.iter().map(|(name, _)| name.as_str()).collect();
    for (of, wanted) in names.iter().flat_map(|(name, wanted)| wanted.iter().map(move |it| (name, it))) {
        if !known.contains(wanted.as_str()) {
            return Err(Fault::incomplete(of, wanted));
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
    let mut seen = std::collections::BTreeSet::new();
    for (number, line) in text.lines().enumerate() {
        let wrong = || Fault::line(number, line);
        let content = line.trim_start_matches(' ');
        if content.trim().is_empty() || content.starts_with('#') {
            continue;
        }
        if entries.len() > PACKAGES_LIMIT {
            return Err(Fault::TooMany);
        }
        match (line.len() - content.len(), entries.last_mut()) {
            (0, _) => {
                let descriptors = descriptors(content).ok_or_else(wrong)?;
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
                let (name, _) = word(content).ok_or_else(wrong)?;
                entry.dependencies.push(name);
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
        (after.trim().is_empty() && place.replace(value).is_none()).then_some(false)
    }

    /// Adds its package; the names by which it is called, each with what it depends on.
    fn add(self, rows: &mut Rows) -> Result<Vec<(String, Vec<String>)>, Fault> {
        let first = self.descriptors.first().map_or("", String::as_str);
        let version = self
            .version
            .as_deref()
            .ok_or_else(|| Fault::malformed(format!("the entry {first}"), "one with a version"))?;
        let mut called = Vec::new();
        for descriptor in &self.descriptors {
            let (name, range) = npm_origin::split(descriptor)
                .ok_or_else(|| Fault::malformed(format!("the entry {descriptor}"), "a name and a range"))?;
            let real =
                range.strip_prefix("npm:").map_or(name, |it| npm_origin::split(it).map_or(it, |it| it.0));
            let origin = match &self.resolved {
                Some(address) => npm_origin::of_address(address, real, version),
                None if range.starts_with("file:") || range.starts_with("link:") => Origin::Path,
                None => Origin::DefaultRegistry,
            };
            rows.add(real, version, origin)?;
            called.push((name.to_owned(), self.dependencies.clone()));
        }
        Ok(called)
    }
}

/// The descriptors of an entry: `"a@^1", b@^2:`.
fn descriptors(line: &str) -> Option<Vec<String>> {
    let mut rest = line.trim_end().strip_suffix(':')?;
    let mut found = Vec::new();
    loop {
        let (descriptor, after) = match rest.strip_prefix('"') {
            Some(inside) => inside.split_once('"')?,
            None => rest.split_at(rest.find(',').unwrap_or(rest.len())),
        };
        found.push(descriptor.trim().to_owned());
        match after.trim_start().strip_prefix(',') {
            Some(more) => rest = more.trim_start(),
            None => return after.trim().is_empty().then_some(found),
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
