//! Which releases a policy promises support for, one for each line that it names.

use super::{
    PublishedTag, Row, SecurityPolicy, Unit,
    coverage::{self, Now},
    show::Held,
};
use crate::versions::TagVersion;
use std::collections::BTreeSet;

/// The newest release of each line of versions that a row says is supported at `as_of`, the newest first. A row of the
/// newest two minor versions has two lines; one of a range has one.
pub fn promised(policy: &SecurityPolicy, tags: &[&str], as_of: jiff::Timestamp) -> Vec<String> {
    let held = Held::of(policy, tags, as_of);
    let mut found: Vec<PublishedTag> = Vec::new();
    for (row, selected) in policy.rows.iter().zip(&held.selects) {
        let releases =
            super::show::published(&selected.iter().flatten().map(String::as_str).collect::<Vec<_>>());
        if coverage::now(row, &super::show::published(tags), as_of) == Now::Supported {
            found.extend(newest_of_lines(row, releases));
        }
    }
    found.sort_by(|a, b| b.version.precedence(&a.version).then_with(|| a.name.cmp(&b.name)));
    found.dedup_by(|a, b| a.name == b.name);
    found.into_iter().map(|release| release.name).collect()
}

/// Of releases from the newest on, the first of each line that the row counts in. Pre-releases only where there is nothing
/// else.
fn newest_of_lines(row: &Row, mut releases: Vec<PublishedTag>) -> Vec<PublishedTag> {
    if releases.iter().any(|release| !release.version.is_pre_release()) {
        releases.retain(|release| !release.version.is_pre_release());
    }
    let unit = row.selector.unit.filter(|_| row.selector.n.is_some_and(|n| n > 1));
    let mut seen = BTreeSet::new();
    let is_first = |release: &PublishedTag| seen.insert(line(&release.version, unit));
    releases.into_iter().filter(is_first).collect()
}

/// What releases of one line have in common.
fn line(version: &TagVersion, unit: Option<Unit>) -> Vec<u64> {
    match unit {
        None => Vec::new(),
        Some(Unit::Major) => version.numbers[..1].to_vec(),
        Some(Unit::Minor) => version.numbers[..2].to_vec(),
        Some(Unit::Release | Unit::PreRelease) => version.numbers.to_vec(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn promises(table: &str, tags: &[&str]) -> Vec<String> {
        let policy = crate::security_policy::read("SECURITY.md", table.as_bytes());
        promised(&policy, tags, "2026-06-01T00:00:00Z".parse().unwrap())
    }

    #[test]
    fn each_supported_row_promises_its_newest_release_and_no_other_row_any() {
        let table = "## Supported versions\n\n| Version | Supported |\n|---|---|\n| 3.1.x | yes |\n| 3.0.x | security fixes only |\n\
                     | 2.x | until 2026-05-01 |\n| 1.x | until 2027-01-01 |\n| < 1.0 | no |\n";
        let tags =
            ["v3.1.0", "v3.1.2", "v3.0.9", "v3.0.10", "v2.4.0", "v1.0.0", "v1.9.1", "v0.9.0", "v3.2.0-rc.1"];
        assert_eq!(promises(table, &tags), ["v3.1.2", "v3.0.10", "v1.9.1"]);
    }

    #[test]
    fn the_newest_two_minor_versions_are_two_lines_and_a_word_that_is_not_read_is_none() {
        let table = "## Supported versions\n\nWe support the latest two minor versions.\n";
        assert_eq!(promises(table, &["v1.4.1", "v1.4.0", "v1.3.7", "v1.2.0"]), ["v1.4.1", "v1.3.7"]);
        let unread = "## Supported versions\n\n| Version | Supported |\n|---|---|\n| 3.1.x | perhaps |\n";
        assert_eq!(promises(unread, &["v3.1.0"]), [""; 0]);
    }
}
