//! What a release must satisfy. It comes from the verifier's side, never from the release, and is known by its digest.

use crate::{
    checks::{self, Rules, signatures::add_keys},
    outcome::{Finding, Level, Status, Waiver},
    release::{Forge, RepositoryName, Sha256},
    text::{self, Untrusted},
    versions::TagVersion,
};
use file::File;
use jiff::{Timestamp, tz::TimeZone};
use place::Place;
use std::{collections::BTreeMap, path::Path};
use waiver::WaiverEntry;

mod error;
mod file;
mod keys;
mod network;
mod nonsense;
mod place;
mod waiver;

pub use error::PolicyError;
pub use network::NetworkLimits;

/// The largest policy that is read, in bytes.
pub const MAX_POLICY: u64 = 1 << 20;

/// The policies built into the program, by name.
pub const BUILT_IN: &[(&str, &str)] = &[
    ("default", include_str!("../../policies/default.toml")),
    ("pipeline", include_str!("../../policies/pipeline.toml")),
    ("audit", include_str!("../../policies/audit.toml")),
];

/// A policy in effect.
#[derive(Debug)]
pub struct Policy {
    /// Its name, for the report.
    pub name: String,
    /// Its text, for `policy show`.
    pub text: String,
    /// Digest of its text and of the key files it names.
    pub sha256: Sha256,
    /// The repository whose releases it is about, where it says so.
    pub repository: Option<RepositoryName>,
    /// What kind of forge that repository is on, where it says so.
    pub forge: Option<Forge>,
    /// Whether the host of that repository may be inside the verifier's own network.
    has_internal_host: bool,
    /// How long the network may take, where it says so.
    pub network: NetworkLimits,
    /// What each check asks for.
    pub rules: Rules,
    levels: BTreeMap<String, Level>,
    waivers: Vec<WaiverEntry>,
    /// What holds for the tags of one component, by its name.
    components: BTreeMap<String, Self>,
    /// The component that this is for.
    component: Option<String>,
}

impl Policy {
    /// The built-in policy called `name`.
    pub fn built_in(name: &str) -> Result<Self, PolicyError> {
        let (name, text) = BUILT_IN
            .iter()
            .find(|(known, _)| *known == name)
            .ok_or_else(|| PolicyError::Unknown { name: Untrusted::new(name) })?;
        Self::parse(name, text)
    }

    /// Reads the text of a policy. `path` is for messages, and its stem is the name where the text gives none.
    pub fn parse(path: &str, text: &str) -> Result<Self, PolicyError> {
        Self::read(path, text, Place::of(text, None))
    }

    /// Reads the text of a policy; what is wrong with it is at `place`, which may be another text.
    fn read(path: &str, text: &str, place: Place<'_>) -> Result<Self, PolicyError> {
        let shown = text::clean(path).into_owned();
        let file: File = toml::from_str(text)
            .map_err(|e| PolicyError::Syntax { path: shown.clone(), message: error::with_nearest(&e) })?;
        let at_line =
            |line: usize, message: String| PolicyError::Meaning { path: shown.clone(), line, message };
        let meaning = |at: &[&str], message: String| at_line(place.line(at), message);
        let refuse = |at: &[&str], problem: Option<String>| match problem {
            Some(problem) => Err(meaning(at, problem)),
            None => Ok(()),
        };
        for id in file.levels.keys() {
            refuse(&["levels", id], bad_level_key(id))?;
        }
        for (at, entry) in file.waiver.iter().enumerate() {
            if let Some((key, problem)) = entry.nonsense() {
                return Err(meaning(&["waiver", &at.to_string(), key], problem));
            }
        }
        let repository = match &file.repository {
            None => None,
            Some(name) => Some(RepositoryName::parse(name).ok_or_else(|| {
                let found = Untrusted::new(name);
                meaning(
                    &["repository"],
                    format!("{found} is no repository; write OWNER/NAME or HOST/OWNER/NAME"),
                )
            })?),
        };
        if let Some(forge) = file.forge {
            refuse(&["forge"], nonsense::bad_forge(forge, repository.as_ref()))?;
        }
        let has_internal_host = file.internal_host.unwrap_or(false);
        if has_internal_host {
            refuse(&["internal-host"], nonsense::bad_internal_host(repository.as_ref()))?;
        }
        let network = file.network.read().map_err(|(key, problem)| meaning(&["network", key], problem))?;
        let is_given = file.name.is_some();
        if file.name.as_deref().is_some_and(|name| name.trim().is_empty()) {
            return Err(meaning(
                &["name"],
                "the name is empty; say what reports are to call this policy".to_owned(),
            ));
        }
        let name = text::clean(&file.name.unwrap_or_else(|| stem(path))).into_owned();
        refuse(&["name"], taken(&name, text, is_given))?;
        let rules = file.rules;
        if let Some((at, problem)) = nonsense::nonsense(&rules) {
            return Err(meaning(&at.split('.').collect::<Vec<_>>(), problem));
        }
        let mut components = BTreeMap::new();
        for (component, says) in file.component {
            refuse(&["component", &component], file::bad_component(&component))?;
            if let Some((key, problem)) = file::bad_override(&component, &says) {
                return Err(meaning(&["component", &component, key], problem));
            }
            let of_component = Self::for_component(path, text, &name, &component, &says)?;
            components.insert(component, of_component);
        }
        let policy = Self {
            name,
            text: text.to_owned(),
            sha256: Sha256::of(text.as_bytes()),
            repository,
            forge: file.forge,
            has_internal_host,
            network,
            rules,
            levels: file.levels,
            waivers: file.waiver,
            components,
            component: None,
        };
        match policy.ambiguous_key() {
            Some((line, problem)) => Err(at_line(line, problem)),
            None => Ok(policy.with_digest()),
        }
    }

    /// The whole policy with an override laid over it, or why that is none.
    fn for_component(
        path: &str,
        text: &str,
        name: &str,
        component: &str,
        says: &toml::Table,
    ) -> Result<Self, PolicyError> {
        let place = Place::of(text, Some(component));
        let cannot = || PolicyError::Meaning {
            path: text::clean(path).into_owned(),
            line: place.line(&[]),
            message: "the override cannot be laid over the policy".to_owned(),
        };
        let whole = file::overlaid(text, says).ok_or_else(cannot)?;
        let policy = Self::read(path, &whole, place).map_err(|error| error.of_override(text, component))?;
        Ok(Self { name: name.to_owned(), component: Some(component.to_owned()), ..policy })
    }

    /// What holds for the release of `tag`: the policy, or its override for the component that the tag names.
    pub fn for_tag(&self, tag: &str) -> &Self {
        let component = TagVersion::parse(tag).map(|version| version.component());
        component.and_then(|component| self.components.get(&component)).unwrap_or(self)
    }

    /// The components that it has overrides for.
    pub fn components(&self) -> impl Iterator<Item = &str> {
        self.components.keys().map(String::as_str)
    }

    /// The one host that may be inside the verifier's own network, where the policy says so of its repository's.
    pub fn internal_host(&self) -> Option<&str> {
        self.repository.as_ref().filter(|_| self.has_internal_host).map(RepositoryName::host)
    }

    /// Its name, and that of the component that it is for.
    pub fn full_name(&self) -> String {
        match &self.component {
            Some(component) => format!("{} for {}", self.name, text::clean(component)),
            None => self.name.clone(),
        }
    }

    /// The rules, and those of each component.
    fn sections(&self) -> impl Iterator<Item = &Rules> {
        std::iter::once(&self.rules).chain(self.components.values().map(|component| &component.rules))
    }

    fn digest(&self) -> Sha256 {
        let mut all = self.text.as_bytes().to_vec();
        for rules in self.sections() {
            add_keys(&mut all, &rules.signatures.keys);
            add_keys(&mut all, &rules.tag.keys);
            add_keys(&mut all, &rules.provenance.keys);
        }
        Sha256::of(&all)
    }

    /// What holds for a component is known by the digest of the whole.
    fn set_digest(&mut self, sha256: Sha256) {
        self.sha256 = sha256;
        self.components.values_mut().for_each(|component| component.sha256 = sha256);
    }

    fn with_digest(mut self) -> Self {
        let sha256 = self.digest();
        self.set_digest(sha256);
        self
    }

    /// How much the check or rule called `id` matters, where the policy says so; a check is required by default.
    pub fn level(&self, check: &str) -> Level {
        self.levels.get(check).copied().unwrap_or_default()
    }

    /// A finding with the policy's level and waivers applied; `None` where the policy skips its rule.
    pub(crate) fn apply(&self, mut finding: Finding, as_of: Timestamp) -> Option<Finding> {
        match self.levels.get(finding.rule.id) {
            Some(Level::Skip) => return None,
            Some(level) => finding.level = finding.most.min(*level),
            None => {}
        }
        if !matches!(finding.status, Status::Fail | Status::Undetermined) {
            return Some(finding);
        }
        let today = as_of.to_zoned(TimeZone::UTC).date();
        let covering: Vec<&WaiverEntry> =
            self.waivers.iter().filter(|entry| entry.covers(&finding)).collect();
        for entry in covering {
            let reason = text::clean(&entry.reason).into_owned();
            if entry.until >= today {
                finding.status = Status::Waived;
                finding.waiver = Some(Waiver { reason, until: Some(entry.until), is_of_repository: false });
                return Some(finding);
            }
            // An expired waiver is said, and does nothing.
            finding.message = format!("{} (its waiver ended on {}: {reason})", finding.message, entry.until);
        }
        Some(finding)
    }

    /// The waivers that still hold and match none of `findings`.
    pub fn unused_waivers<'a>(
        &self,
        findings: impl Iterator<Item = &'a Finding> + Clone,
        as_of: Timestamp,
    ) -> Vec<String> {
        let today = as_of.to_zoned(TimeZone::UTC).date();
        let used = |entry: &WaiverEntry| {
            findings.clone().any(|finding| finding.status == Status::Waived && entry.covers(finding))
        };
        self.waivers
            .iter()
            .filter(|entry| entry.until >= today && !used(entry))
            .map(WaiverEntry::describe)
            .collect()
    }

    /// The waivers whose last day lies before `as_of`: `rule subject until`.
    pub fn expired_waivers(&self, as_of: Timestamp) -> Vec<String> {
        let today = as_of.to_zoned(TimeZone::UTC).date();
        self.waivers.iter().filter(|entry| entry.until < today).map(WaiverEntry::describe).collect()
    }
}

/// The name of a policy that gives itself none.
fn stem(path: &str) -> String {
    Path::new(path).file_stem().map_or_else(|| path.to_owned(), |stem| stem.to_string_lossy().into_owned())
}

/// A file that calls itself "default" would read in every report as the built-in policy.
fn taken(name: &str, text: &str, is_given: bool) -> Option<String> {
    let is_built_in = BUILT_IN.iter().any(|(known, built_in)| *known == name && *built_in == text);
    let is_taken = !is_built_in && BUILT_IN.iter().any(|(known, _)| *known == name);
    is_taken.then(|| match is_given {
        true => format!("the name \"{name}\" is that of a built-in policy; give this one another"),
        false => format!(
            "the name \"{name}\", which is taken from the name of the file, is that of a built-in policy; write \
             name = \"another\" in the policy, or call the file otherwise"
        ),
    })
}

fn level_keys() -> impl Iterator<Item = &'static str> {
    checks::ALL.iter().map(|meta| meta.id).chain(checks::all_rules().map(|rule| rule.id))
}

/// Why `id` can have no level.
fn bad_level_key(id: &str) -> Option<String> {
    // What nobody judged can never be made to count for less.
    let is_known = id != checks::UNJUDGED.id && level_keys().any(|known| known == id);
    (!is_known).then(|| error::unknown_key("levels", id, level_keys()))
}
