//! The releases that a policy speaks of, out of all the tags of a repository.
//!
//! A monorepo has many families of tags. The project's own are those without a component, or with its name; of
//! these the one whose tags are newest counts, since a project may have moved from one to the other.

use std::collections::{BTreeMap, BTreeSet};

use crate::versions::TagVersion;

/// A tag that is a release.
#[derive(Debug, Clone)]
pub struct PublishedTag {
    /// The tag's name.
    pub name: String,
    /// The version it names.
    pub version: TagVersion,
    /// When it was made.
    pub date: Option<jiff::Timestamp>,
}

impl PublishedTag {
    /// How many digits each number has that the tag writes with a zero before it: `v26.04`.
    pub(super) fn widths(&self) -> [usize; 4] {
        let numbers = self.name.get(self.version.family.len()..).unwrap_or_default();
        let mut parts = numbers.split(|c: char| !c.is_ascii_digit());
        std::array::from_fn(|_| {
            let digits = parts.next().unwrap_or_default();
            if digits.starts_with('0') { digits.len().min(4) } else { 0 }
        })
    }
}

/// What the repository has besides tags.
#[derive(Debug, Clone, Default)]
pub struct Refs {
    /// The default branch.
    pub default_branch: Option<String>,
    /// All branches, without `refs/heads/`.
    pub branches: Vec<String>,
    /// The repository's name, without its owner.
    pub repository: Option<String>,
    /// The directories of the default branch, with `/`; where known, families of directories that are gone are
    /// retired.
    pub directories: Option<BTreeSet<String>>,
    /// When the policy was last changed.
    pub policy_changed: Option<jiff::Timestamp>,
    /// The tag of the release that is judged, where one is.
    pub judged: Option<String>,
}

/// The releases of one family, the newest first.
#[derive(Debug, Default)]
pub(super) struct Family {
    pub(super) releases: Vec<PublishedTag>,
    /// Whether `-N` was read as a fourth number, since all tags carry one.
    pub(super) build_numbers: bool,
}

/// All families of a repository, by component.
pub(super) struct Families<'a> {
    by_component: BTreeMap<String, Vec<&'a PublishedTag>>,
    retired: BTreeSet<String>,
    repository: Option<String>,
}

impl<'a> Families<'a> {
    pub(super) fn of(published: &'a [PublishedTag], refs: &Refs) -> Self {
        let mut by_component: BTreeMap<String, Vec<&PublishedTag>> = BTreeMap::new();
        for tag in published {
            by_component.entry(tag.version.component()).or_default().push(tag);
        }
        let gone = |component: &String| {
            refs.directories.as_ref().is_some_and(|directories| {
                component.contains('/') && !component.starts_with('@') && !has(directories, component)
            })
        };
        let retired = by_component.keys().filter(|component| gone(component)).cloned().collect();
        Self { by_component, retired, repository: refs.repository.as_deref().map(plain) }
    }

    /// The components that have releases but no directory any more.
    pub(super) const fn retired(&self) -> &BTreeSet<String> {
        &self.retired
    }

    /// The project's own releases; the names of the families when it cannot be told which they are.
    pub(super) fn own(&self) -> Result<Family, Vec<String>> {
        let live = || self.by_component.iter().filter(|(component, _)| !self.retired.contains(*component));
        let is_own = |component: &str| component.is_empty() || Some(plain(component)) == self.repository;
        let own: Vec<_> = live().filter(|(component, _)| is_own(component)).collect();
        let chosen = if own.is_empty() {
            let all: Vec<_> = live().collect();
            let first = all.first().and_then(|(_, tags)| newest(tags));
            let same = |tags| match (newest(tags), first) {
                (Some(a), Some(b)) => a.precedence(b).is_eq(),
                (a, b) => a.is_none() && b.is_none() && all.len() == 1,
            };
            if !all.iter().all(|(_, tags)| same(tags)) {
                return Err(all.into_iter().map(|(component, _)| component.clone()).collect());
            }
            all.into_iter().next()
        } else {
            own.into_iter().max_by(|(_, a), (_, b)| recency(a).cmp(&recency(b)))
        };
        Ok(chosen.map(|(_, tags)| family(tags)).unwrap_or_default())
    }

    /// A product's name without what stands behind it in parentheses, and without the path of a Go module.
    pub(super) fn bare(product: &str) -> String {
        let name = product
            .split_once(" (")
            .filter(|(_, rest)| rest.ends_with(')'))
            .map_or(product, |(name, _)| name);
        let name = name.trim();
        let is_version = |segment: &&str| {
            segment.strip_prefix('v').is_some_and(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()))
        };
        match name.split_once('/') {
            Some((host, path)) if host.contains('.') && !name.contains(' ') => {
                path.rsplit('/').find(|segment| !is_version(segment)).unwrap_or(name).to_owned()
            }
            _ => name.to_owned(),
        }
    }

    /// Whether a product's name is that of the repository.
    pub(super) fn is_own(&self, product: &str) -> bool {
        self.repository.is_some() && Some(plain(product)) == self.repository
    }

    /// The releases of a product by its name, when a family has it.
    pub(super) fn of_product(&self, product: &str) -> Option<Family> {
        let name = plain(product);
        let mut found = self.by_component.iter().filter(|(component, _)| {
            !component.is_empty()
                && (plain(component) == name
                    || component.rsplit('/').next().map(plain).as_ref() == Some(&name))
        });
        let (_, tags) = found.next()?;
        found.next().is_none().then(|| family(tags))
    }
}

/// The letters and digits of a name, for names that differ in their separators.
fn plain(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

fn has(directories: &BTreeSet<String>, component: &str) -> bool {
    directories.contains(component)
        || directories.iter().any(|directory| directory.eq_ignore_ascii_case(component))
}

fn newest<'t>(tags: &[&'t PublishedTag]) -> Option<&'t TagVersion> {
    let stable = tags.iter().map(|tag| &tag.version).filter(|version| !version.is_pre_release());
    stable.max_by(|a, b| a.precedence(b))
}

/// When a family was last released: its newest date where all dates are known, then its highest version.
fn recency(tags: &[&PublishedTag]) -> (Option<jiff::Timestamp>, Option<TagVersion>) {
    (tags.iter().filter_map(|tag| tag.date).max(), tags.iter().map(|tag| tag.version.clone()).max())
}

fn family(tags: &[&PublishedTag]) -> Family {
    let numbered: Option<Vec<PublishedTag>> = tags
        .iter()
        .map(|tag| tag.version.with_build_number().map(|version| PublishedTag { version, ..(*tag).clone() }))
        .collect();
    let build_numbers = numbered.is_some();
    let mut releases = numbered.unwrap_or_else(|| tags.iter().map(|tag| (*tag).clone()).collect());
    releases.sort_by(|a, b| b.version.cmp(&a.version).then_with(|| a.name.cmp(&b.name)));
    releases.dedup_by(|a, b| a.version.precedence(&b.version).is_eq());
    Family { releases, build_numbers }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tags(names: &[(&str, &str)]) -> Vec<PublishedTag> {
        names
            .iter()
            .map(|(name, date)| PublishedTag {
                name: (*name).to_owned(),
                version: TagVersion::parse(name).unwrap(),
                date: (!date.is_empty()).then(|| format!("{date}T00:00:00Z").parse().unwrap()),
            })
            .collect()
    }

    fn names(family: &Family) -> Vec<&str> {
        family.releases.iter().map(|tag| tag.name.as_str()).collect()
    }

    #[test]
    fn the_own_family_is_the_one_that_goes_on() {
        let tags = tags(&[
            ("4.7.5", "2024-03-14"),
            ("socket.io@4.8.3", "2025-12-23"),
            ("engine.io@6.6.0", "2026-01-01"),
        ]);
        let refs = Refs { repository: Some("socket.io".into()), ..Refs::default() };
        assert_eq!(names(&Families::of(&tags, &refs).own().unwrap()), ["socket.io@4.8.3"]);
        assert_eq!(names(&Families::of(&tags, &Refs::default()).own().unwrap()), ["4.7.5"]);
    }

    #[test]
    fn families_that_differ_and_have_no_own_are_ambiguous() {
        let apart = tags(&[("a-1.0.0", ""), ("b-2.0.0", "")]);
        assert_eq!(Families::of(&apart, &Refs::default()).own().unwrap_err(), ["a", "b"]);
        let together = tags(&[("a-2.0.0", ""), ("b-2.0.0", "")]);
        assert_eq!(names(&Families::of(&together, &Refs::default()).own().unwrap()), ["a-2.0.0"]);
        let alone = tags(&[("XSTREAM_1_4_20", ""), ("XSTREAM_1_4_21", "")]);
        assert_eq!(
            names(&Families::of(&alone, &Refs::default()).own().unwrap()),
            ["XSTREAM_1_4_21", "XSTREAM_1_4_20"]
        );
    }

    #[test]
    fn a_family_whose_directory_is_gone_is_retired() {
        let tags = tags(&[("v1.5.11", ""), ("tools/arena/v1.5.3", ""), ("sdk/v1.5.11", "")]);
        let directories = Some(BTreeSet::from(["sdk".to_owned(), "tools".to_owned()]));
        let families = Families::of(&tags, &Refs { directories, ..Refs::default() });
        assert_eq!(families.retired(), &BTreeSet::from(["tools/arena".to_owned()]));
        assert!(Families::of(&tags, &Refs::default()).retired().is_empty());
    }

    #[test]
    fn a_suffix_that_every_tag_carries_is_a_build_number() {
        let all = tags(&[("2.2.1-24", ""), ("2.2.1-9", "")]);
        let family = Families::of(&all, &Refs::default()).own().unwrap();
        assert!(family.build_numbers && !family.releases[0].version.is_pre_release());
        assert_eq!(names(&family), ["2.2.1-24", "2.2.1-9"]);
        let some = tags(&[("2.2.1-24", ""), ("2.2.1", "")]);
        assert!(!Families::of(&some, &Refs::default()).own().unwrap().build_numbers);
    }
}
