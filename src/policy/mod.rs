//! What a release must satisfy. It comes from the verifier's side, never from the release, and is known by its digest.

use crate::{
    checks::{
        self, Rules,
        signatures::{NamedKey, add_keys},
    },
    outcome::{Finding, Level, Status, Waiver},
    release::{Forge, RepositoryName, Sha256},
    text::{self, Untrusted},
    trust::{Key, KeyKind, KeyOptions, TrustError},
    versions::TagVersion,
};
use file::File;
use jiff::{Timestamp, tz::TimeZone};
use std::{collections::BTreeMap, path::Path};
use toml::Spanned;
use waiver::WaiverEntry;

mod error;
mod file;
mod network;
mod nonsense;
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
        let shown = text::clean(path).into_owned();
        let file: File = toml::from_str(text)
            .map_err(|e| PolicyError::Syntax { path: shown.clone(), message: error::with_nearest(&e) })?;
        let meaning = |at: usize, message: String| PolicyError::Meaning {
            path: shown.clone(),
            line: text.get(..at).map_or(0, |before| before.matches('\n').count()) + 1,
            message,
        };
        let refuse = |at: usize, problem: Option<String>| match problem {
            Some(problem) => Err(meaning(at, problem)),
            None => Ok(()),
        };
        let mut levels = BTreeMap::new();
        for (id, level) in file.levels {
            refuse(id.span().start, bad_level_key(id.get_ref()))?;
            levels.insert(id.into_inner(), level);
        }
        let mut waivers = Vec::new();
        for entry in file.waiver {
            refuse(entry.span().start, entry.get_ref().nonsense())?;
            waivers.push(entry.into_inner());
        }
        let repository = match file.repository {
            None => None,
            Some(name) => Some(RepositoryName::parse(name.get_ref()).ok_or_else(|| {
                let found = Untrusted::new(name.get_ref());
                meaning(
                    name.span().start,
                    format!("{found} is no repository; write OWNER/NAME or HOST/OWNER/NAME"),
                )
            })?),
        };
        if let Some(forge) = &file.forge {
            refuse(forge.span().start, nonsense::bad_forge(*forge.get_ref(), repository.as_ref()))?;
        }
        let has_internal_host = file.internal_host.as_ref().is_some_and(|is| *is.get_ref());
        if let Some(is) = file.internal_host.filter(|_| has_internal_host) {
            refuse(is.span().start, nonsense::bad_internal_host(repository.as_ref()))?;
        }
        let network = file.network.read().map_err(|(at, problem)| meaning(at, problem))?;
        let is_given = file.name.is_some();
        let name_at = file.name.as_ref().map_or(0, |name| name.span().start);
        let name = text::clean(&file.name.map_or_else(|| stem(path), Spanned::into_inner)).into_owned();
        refuse(name_at, taken(&name, text, is_given))?;
        let rules = file.rules;
        if let Some((key, problem)) = nonsense::nonsense(&rules) {
            return Err(meaning(text.find(key).unwrap_or(0), problem));
        }
        let mut components = BTreeMap::new();
        for (component, says) in file.component {
            let at = component.span().start;
            let component = component.into_inner();
            refuse(at, file::nonsense(&component, &says))?;
            let of_component = Self::for_component(path, text, &name, &component, &says);
            components.insert(component, of_component.map_err(|problem| meaning(at, problem))?);
        }
        let forge = file.forge.map(Spanned::into_inner);
        let (text, sha256) = (text.to_owned(), Sha256::of(text.as_bytes()));
        let policy = Self {
            name,
            text,
            sha256,
            repository,
            forge,
            has_internal_host,
            network,
            rules,
            levels,
            waivers,
            components,
            component: None,
        };
        refuse_ambiguous_keys(&policy).map_err(|problem| meaning(0, problem))?;
        Ok(policy.with_digest())
    }

    /// The whole policy with an override laid over it, or why that is none.
    fn for_component(
        path: &str,
        text: &str,
        name: &str,
        component: &str,
        says: &toml::Table,
    ) -> Result<Self, String> {
        let shown = text::clean(component);
        let whole = file::overlaid(text, says).ok_or("the override cannot be laid over the policy")?;
        let policy = toml::from_str::<File>(&whole)
            .map_err(|e| e.message().to_owned())
            .and_then(|_| Self::parse(path, &whole).map_err(|e| e.message()))
            .map_err(|problem| format!("component \"{shown}\": {problem}"))?;
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

    /// Reads the key files that the policy names, relative to `folder`, with `read`; afterwards nothing else is read.
    pub fn read_keys(
        &mut self,
        path: &str,
        read: impl Fn(&str) -> std::io::Result<Vec<u8>>,
    ) -> Result<(), PolicyError> {
        let components = self.components.values_mut().map(|component| &mut component.rules);
        let sections = std::iter::once(&mut self.rules).chain(components);
        let keys = sections.flat_map(|rules| {
            let published = rules.signatures.keys.iter_mut().chain(&mut rules.provenance.keys);
            published.chain(&mut rules.tag.keys)
        });
        for key in keys {
            let Some(file) = &key.file else { continue };
            let bytes = read(file).map_err(|source| PolicyError::KeyFile {
                path: text::clean(path).into_owned(),
                file: Untrusted::new(file),
                source,
            })?;
            key.content = Some(bytes);
        }
        let sha256 = self.digest();
        self.set_digest(sha256);
        self.keys()
            .and_then(|_| self.tag_keys())
            .map(drop)
            .map_err(|source| PolicyError::Key { path: text::clean(path).into_owned(), source })
    }

    /// The keys that the policy names for what is published, for any component; a check counts those alone that its own
    /// section names.
    pub fn keys(&self) -> Result<Vec<Key>, TrustError> {
        self.sections().try_for_each(refuse_one_holder)?;
        self.named_keys(published_keys).into_values().map(key_of).collect()
    }

    /// The keys that the policy names for tags, for any component.
    pub fn tag_keys(&self) -> Result<Vec<Key>, TrustError> {
        self.named_keys(tag_keys).into_values().map(tag_key_of).collect()
    }

    /// Every key that is named in a section, once: a name means the same key for every component.
    fn named_keys(&self, of: fn(&Rules) -> Vec<&NamedKey>) -> BTreeMap<&str, &NamedKey> {
        self.sections().flat_map(of).map(|key| (key.name.as_str(), key)).collect()
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

/// A name that meant one key here and another for a component would let either sign for both.
fn refuse_ambiguous_keys(policy: &Policy) -> Result<(), String> {
    for of in [published_keys, tag_keys] {
        let named = policy.named_keys(of);
        let mut all = policy.sections().flat_map(of);
        if let Some(key) = all.find(|key| named.get(key.name.as_str()) != Some(key)) {
            return Err(format!(
                "the key \"{}\" is another one for a component; give it another name there",
                text::clean(&key.name)
            ));
        }
    }
    Ok(())
}

/// A threshold counts keys as different signers: none of them may be another one in other clothes.
fn refuse_one_holder(rules: &Rules) -> Result<(), TrustError> {
    if rules.signatures.threshold < 2 {
        return Ok(());
    }
    let keys = rules.signatures.keys.iter().map(key_of).collect::<Result<Vec<_>, _>>()?;
    for (at, one) in keys.iter().enumerate() {
        for other in &keys[at + 1..] {
            if let Some(reason) = one.may_be_one_holder(other) {
                let (one, other) = (Untrusted::new(one.name()), Untrusted::new(other.name()));
                return Err(TrustError::OneHolder { one, other, reason });
            }
        }
    }
    Ok(())
}

fn published_keys(rules: &Rules) -> Vec<&NamedKey> {
    rules.signatures.keys.iter().chain(&rules.provenance.keys).collect()
}

fn tag_keys(rules: &Rules) -> Vec<&NamedKey> {
    rules.tag.keys.iter().collect()
}

/// A key as the proofs use it.
fn key_of(named: &NamedKey) -> Result<Key, TrustError> {
    let options = KeyOptions {
        fingerprints: named.fingerprints.clone(),
        principals: named.principals.clone(),
        namespaces: named.namespaces.clone(),
        legacy: named.legacy,
    };
    Key::parse(&named.name, named.bytes(), options)
}

/// A key that may sign tags: git makes signatures of no other kinds with a key.
fn tag_key_of(named: &NamedKey) -> Result<Key, TrustError> {
    let key = key_of(named)?;
    if matches!(key.kind(), KeyKind::OpenPgp | KeyKind::Ssh) {
        return Ok(key);
    }
    Err(TrustError::NoTagKey {
        name: Untrusted::new(&named.name),
        place: named.file.as_ref().map_or_else(String::new, |file| format!(" ({})", text::clean(file))),
        kind: key.kind().word(),
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
