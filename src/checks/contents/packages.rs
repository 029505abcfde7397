//! What packages say of themselves, against the tag: their name, their version and, of crates, the commit.

use super::{Compared, NAME_DIFFERS, VERSION_DIFFERS, clean};
use crate::{
    facts::{
        manifest::{Ecosystem, same_version},
        shipped::Place,
    },
    inside::package::{CrateCommit, Package},
    outcome::Finding,
};

impl Compared<'_> {
    /// A package is of the tag's version and has the name of one at the tag.
    pub(super) fn package(&mut self, place: &Place, ecosystem: Ecosystem, package: &Package) {
        let findings = [self.version(place, ecosystem, package), self.name(place, ecosystem, package)];
        let before = self.findings.len();
        self.findings.extend(findings.into_iter().flatten());
        if self.findings.len() == before {
            self.agreed.push(format!("{place}: {} {}", clean(&package.name), clean(&package.version)));
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
    fn name(&self, place: &Place, ecosystem: Ecosystem, package: &Package) -> Option<Finding> {
        let manifests = self.facts.manifests.present()?.iter();
        let of_its_kind = manifests.filter(|manifest| manifest.ecosystem == ecosystem);
        let mut names = of_its_kind.filter_map(|manifest| manifest.name.as_deref()).peekable();
        names.peek()?;
        let own = plain(ecosystem, &package.name);
        if names.any(|name| plain(ecosystem, name) == own) {
            return None;
        }
        let message =
            format!("no manifest at {} names the package that {place} calls itself", self.facts.tag);
        let finding = Finding::undetermined(&NAME_DIFFERS, Self::subject(place), message);
        Some(finding.found(package.name.as_str()))
    }

    /// A crate was packed from the tag's commit, as it was committed.
    pub(super) fn crate_commit(&mut self, place: &Place, packed: &CrateCommit) {
        let modified = packed.dirty.then(|| ("dirty: false", "dirty: true".to_owned()));
        if self.commit(place, packed.commit.as_deref(), modified) {
            self.agreed.push(format!("{place}: the commit"));
        }
    }
}

/// A name as its ecosystem compares names: Python's are the same with any of `-`, `_` and `.` (PEP 503).
fn plain(ecosystem: Ecosystem, name: &str) -> String {
    match ecosystem {
        Ecosystem::Npm => name.to_owned(),
        Ecosystem::Cargo => name.replace('_', "-"),
        Ecosystem::Python => {
            let parts = name.split(['-', '_', '.']).filter(|part| !part.is_empty());
            parts.collect::<Vec<_>>().join("-").to_ascii_lowercase()
        }
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
