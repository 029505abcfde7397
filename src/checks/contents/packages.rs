//! What packages say of themselves, against the tag: their name, their version and, of crates, the commit.

use super::{Compared, NAME_DIFFERS, VERSION_DIFFERS, clean};
use crate::{
    advisories::{advisory::normal_name, lock},
    evidence::Seen,
    facts::{
        manifest::{Ecosystem, same_version},
        shipped::Place,
    },
    inside::package::{CrateCommit, Package},
    outcome::Finding,
};
use std::borrow::Cow;

impl Compared<'_> {
    /// A package is of the tag's version and has the name of one at the tag.
    pub(super) fn package(&mut self, place: &Place, ecosystem: Ecosystem, package: &Package) {
        let version = self.version(place, ecosystem, package);
        let name = self.name(place, ecosystem, package);
        match (version, name) {
            (None, Name::Same) => {
                self.agreed.push(format!("{place}: {} {}", clean(&package.name), clean(&package.version)));
            }
            (None, Name::NotCompared) => {
                self.agreed.push(format!("{place}: version {}", clean(&package.version)));
            }
            (version, Name::Other(name)) => self.findings.extend(version.into_iter().chain([*name])),
            (version, _) => self.findings.extend(version),
        }
    }

    fn version(&self, place: &Place, ecosystem: Ecosystem, package: &Package) -> Option<Finding> {
        let Some(tag) = &self.facts.version else {
            let message =
                format!("{place} is of version {}, and the tag names none", clean(&package.version));
            return Some(Finding::undetermined(&VERSION_DIFFERS, Self::subject(place), message));
        };
        let semver = tag.semver.as_ref();
        let is_same =
            semver.is_some_and(|semver| same_version(&semver.to_string(), &package.version, ecosystem));
        if is_same || tag.matches_manifest(&package.version) {
            return None;
        }
        let message = format!("{place} calls itself another version than {}", self.facts.tag);
        let found = format!("{} {}", package.name, package.version);
        let finding = Finding::fail(&VERSION_DIFFERS, Self::subject(place), message);
        Some(finding.expected(self.facts.tag.to_string()).found(found))
    }

    /// Packages that a build generates have names that no manifest has, so that another name does not tell against a release;
    /// nor does it agree. Where no manifest at the tag names a package there is nothing to compare.
    fn name(&self, place: &Place, ecosystem: Ecosystem, package: &Package) -> Name {
        let other = |message: String| {
            let finding = Finding::undetermined(&NAME_DIFFERS, Self::subject(place), message);
            Name::Other(Box::new(finding.found(package.name.as_str())))
        };
        let manifests = match &self.facts.manifests {
            Seen::Present(manifests) => manifests,
            Seen::Absent { .. } => return Name::NotCompared,
            Seen::Unavailable { reason } => {
                return other(format!("the name of {place} was held against no manifest: {reason}"));
            }
        };
        let of_its_kind = manifests.iter().filter(|manifest| manifest.ecosystem == ecosystem);
        let mut names = of_its_kind.filter_map(|manifest| manifest.name.as_deref()).peekable();
        if names.peek().is_none() {
            return Name::NotCompared;
        }
        let own = plain(ecosystem, &package.name);
        if names.any(|name| plain(ecosystem, name) == own) {
            return Name::Same;
        }
        other(format!("no manifest at {} names the package that {place} calls itself", self.facts.tag))
    }

    /// A crate was packed from the tag's commit, as it was committed.
    pub(super) fn crate_commit(&mut self, place: &Place, packed: &CrateCommit) {
        let modified = packed.dirty.then(|| ("dirty: false", "dirty: true".to_owned()));
        if self.commit(place, packed.commit.as_deref(), modified) {
            self.agreed.push(format!("{place}: the commit"));
        }
    }
}

/// What the name of a package is, beside those at the tag.
enum Name {
    /// That of a manifest.
    Same,
    /// No manifest names a package of its ecosystem.
    NotCompared,
    /// Another one, or nobody knows.
    Other(Box<Finding>),
}

/// A name as its ecosystem compares names.
fn plain(ecosystem: Ecosystem, name: &str) -> Cow<'_, str> {
    match ecosystem {
        Ecosystem::Npm => Cow::Borrowed(name),
        Ecosystem::Cargo => Cow::Owned(name.replace('_', "-")),
        Ecosystem::Python => normal_name(lock::Ecosystem::Pypi, name),
    }
}

#[cfg(test)]
mod tests {
    use super::plain;
    use crate::facts::manifest::Ecosystem::{Cargo, Npm, Python};

    #[test]
    fn names_are_compared_as_their_ecosystem_compares_them() {
        for (ecosystem, one, other, is_same) in [
            (Python, "Acme.Widget", "acme__widget", true),
            (Python, "acme-widget", "acmewidget", false),
            (Cargo, "acme_widget", "acme-widget", true),
            (Cargo, "widget", "Widget", false),
            (Npm, "@acme/widget", "@acme/widget", true),
            (Npm, "@acme/widget", "@evil/widget", false),
        ] {
            assert_eq!(plain(ecosystem, one) == plain(ecosystem, other), is_same, "{one} {other}");
        }
    }
}
