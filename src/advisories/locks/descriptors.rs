//! What the entries of a `yarn.lock` are about: `name@range` each, as a dependency asks for it.

use super::{error::shown, npm_origin, rows::Rows};
use std::collections::BTreeSet;

/// All of a file.
pub(super) struct Descriptors<'t> {
    all: BTreeSet<&'t str>,
    /// The names with an entry about one version, which stands for all ranges of it where `resolutions` says so.
    resolved: BTreeSet<&'t str>,
}

impl<'t> Descriptors<'t> {
    pub(super) fn of(descriptors: impl Iterator<Item = &'t str>) -> Self {
        let all: BTreeSet<&str> = descriptors.collect();
        let is_one = |range: &str| {
            let patched = range.starts_with("patch:");
            patched || npm_origin::is_version(range.strip_prefix("npm:").unwrap_or(range))
        };
        let split = all.iter().filter_map(|it| npm_origin::split(it));
        let resolved = split.filter(|(_, range)| is_one(range)).map(|(name, _)| name).collect();
        Self { all, resolved }
    }

    /// Whether an entry is about a dependency as it is asked for.
    pub(super) fn answer(&self, name: &str, range: &str) -> bool {
        self.resolved.contains(name) || self.all.contains(format!("{name}@{range}").as_str())
    }

    /// Says of a dependency that none is.
    pub(super) fn note(&self, rows: &mut Rows, of: &str, name: &str, range: &str) {
        let why = format!("{} asks for {}, which no entry is about", shown(of), shown(range));
        rows.note(name, why);
    }
}
