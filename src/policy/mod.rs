//! What a release must satisfy. It comes from the verifier's side, never from the release, and is known by its digest.

use crate::{
    checks::{
        self, Rules,
        signatures::{NamedKey, add_keys},
    },
    outcome::{Finding, Level, Status, Waiver},
    release::{RepositoryName, Sha256},
    text::{self, Untrusted},
    trust::{Key, KeyOptions, TrustError},
};
use jiff::{Timestamp, civil::Date, tz::TimeZone};
use serde::Deserialize;
use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};
use toml::Spanned;

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
    /// What each check asks for.
    pub rules: Rules,
    levels: BTreeMap<String, Level>,
    waivers: Vec<WaiverEntry>,
}

/// A policy as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct File {
    name: Option<Spanned<String>>,
    repository: Option<Spanned<String>>,
    #[serde(default)]
    levels: BTreeMap<Spanned<String>, Level>,
    #[serde(default)]
    rules: Rules,
    #[serde(default)]
    waiver: Vec<Spanned<WaiverEntry>>,
}

/// A failure that the policy accepts until a date.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct WaiverEntry {
    /// The rule it covers.
    rule: String,
    /// The one subject it covers; without it, every subject.
    subject: Option<String>,
    /// A word that must stand before the first `: ` of the finding, such as an advisory's id.
    id: Option<String>,
    reason: String,
    #[serde(deserialize_with = "last_day")]
    until: Date,
}

/// Reads a day, with or without quotes.
fn last_day<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Date, D::Error> {
    let value = toml::Value::deserialize(deserializer)?;
    let text = match &value {
        toml::Value::String(text) => text.clone(),
        toml::Value::Datetime(day) => day.to_string(),
        _ => String::new(),
    };
    text.parse().map_err(|_| serde::de::Error::custom("write the last day as \"2027-01-31\""))
}

/// A policy that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum PolicyError {
    /// It is not TOML, or says something no check understands; the message has line, column and snippet.
    #[error("{path} is not a policy:\n{message}")]
    Syntax {
        /// The file.
        path: String,
        /// What, where, and what was expected.
        message: String,
    },
    /// It says something that no policy can mean.
    #[error("{path}, line {line}: {message}")]
    Meaning {
        /// The file.
        path: String,
        /// The line.
        line: usize,
        /// What is wrong, and what to write.
        message: String,
    },
    /// It names a key that cannot be used.
    #[error("{path}: {source}")]
    Key {
        /// The file.
        path: String,
        /// Why not.
        source: TrustError,
    },
    /// It names a key file that cannot be read.
    #[error("{path}: key file {file} cannot be read")]
    KeyFile {
        /// The file.
        path: String,
        /// The key file.
        file: Untrusted,
        /// Why not.
        source: std::io::Error,
    },
    /// There is no built-in policy of this name.
    #[error(
        "no policy is called {name}{}; there are {}, and every file with a path",
        nearest_built_in(name),
        built_in_names()
    )]
    Unknown {
        /// What was asked for.
        name: Untrusted,
    },
}

fn nearest_built_in(name: &Untrusted) -> String {
    let near = text::nearest(name.raw(), BUILT_IN.iter().map(|(known, _)| *known));
    near.map_or_else(String::new, |near| format!("; did you mean {near}?"))
}

fn built_in_names() -> String {
    BUILT_IN.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ")
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
            .map_err(|e| PolicyError::Syntax { path: shown.clone(), message: with_nearest(&e) })?;
        let meaning = |at: usize, message: String| PolicyError::Meaning {
            path: shown.clone(),
            line: text.get(..at).map_or(0, |before| before.matches('\n').count()) + 1,
            message,
        };
        let mut levels = BTreeMap::new();
        for (id, level) in file.levels {
            let at = id.span().start;
            let id = id.into_inner();
            if !is_level_key(&id) {
                return Err(meaning(at, unknown_key("levels", &id, level_keys())));
            }
            levels.insert(id, level);
        }
        let mut waivers = Vec::new();
        for entry in file.waiver {
            let at = entry.span().start;
            let entry = entry.into_inner();
            // What nobody judged can no more be waived than it can be made to count for less.
            if checks::ALL.iter().any(|check| check.id == entry.rule) {
                let message =
                    format!("a waiver names a rule, such as {}, not a whole check", example(&entry.rule));
                return Err(meaning(at, message));
            }
            let is_waivable = entry.rule != checks::UNJUDGED.id;
            if !is_waivable || !checks::all_rules().any(|rule| rule.id == entry.rule) {
                return Err(meaning(at, unknown_key("rule", &entry.rule, checks::all_rules().map(|r| r.id))));
            }
            if entry.reason.trim().is_empty() {
                return Err(meaning(at, "a waiver needs a reason that others can read".to_owned()));
            }
            waivers.push(entry);
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
        let stem = Path::new(path)
            .file_stem()
            .map_or_else(|| shown.clone(), |stem| stem.to_string_lossy().into_owned());
        let name_at = file.name.as_ref().map_or(0, |name| name.span().start);
        let name = text::clean(&file.name.map_or(stem, Spanned::into_inner)).into_owned();
        // A file that calls itself "default" would read in every report as the built-in policy.
        let is_built_in = BUILT_IN.iter().any(|(known, built_in)| *known == name && *built_in == text);
        if !is_built_in && BUILT_IN.iter().any(|(known, _)| *known == name) {
            return Err(meaning(
                name_at,
                format!("the name \"{name}\" is that of a built-in policy; give this one another"),
            ));
        }
        let rules = file.rules;
        if let Some((key, problem)) = nonsense(&rules) {
            return Err(meaning(text.find(key).unwrap_or(0), problem));
        }
        Ok(Self {
            name,
            sha256: rules.digest_with(text),
            text: text.to_owned(),
            repository,
            rules,
            levels,
            waivers,
        })
    }

    /// Reads the key files that the policy names, relative to `folder`, with `read`; afterwards nothing else is read.
    pub fn read_keys(
        &mut self,
        path: &str,
        read: impl Fn(&str) -> std::io::Result<Vec<u8>>,
    ) -> Result<(), PolicyError> {
        let rules = &mut self.rules;
        for key in rules.signatures.keys.iter_mut().chain(&mut rules.tag.keys) {
            let Some(file) = &key.file else { continue };
            let bytes = read(file).map_err(|source| PolicyError::KeyFile {
                path: text::clean(path).into_owned(),
                file: Untrusted::new(file),
                source,
            })?;
            key.content = Some(bytes);
        }
        self.sha256 = self.rules.digest_with(&self.text);
        self.keys()
            .and_then(|_| self.tag_keys())
            .map(drop)
            .map_err(|source| PolicyError::Key { path: text::clean(path).into_owned(), source })
    }

    /// The keys that the policy names for what is published.
    pub fn keys(&self) -> Result<Vec<Key>, TrustError> {
        self.rules.signatures.keys.iter().map(key_of).collect()
    }

    /// The keys that the policy names for tags.
    pub fn tag_keys(&self) -> Result<Vec<Key>, TrustError> {
        self.rules.tag.keys.iter().map(key_of).collect()
    }

    /// How much the check or rule called `id` matters, where the policy says so; a check is required by default.
    pub fn level(&self, check: &str) -> Level {
        self.levels.get(check).copied().unwrap_or_default()
    }

    /// A finding with the policy's level and waivers applied; `None` where the policy skips its rule.
    pub(crate) fn apply(&self, mut finding: Finding, as_of: Timestamp) -> Option<Finding> {
        match self.levels.get(finding.rule.id) {
            Some(Level::Skip) => return None,
            Some(level) => finding.level = *level,
            None => {}
        }
        if !matches!(finding.status, Status::Fail | Status::Undetermined) {
            return Some(finding);
        }
        let today = as_of.to_zoned(TimeZone::UTC).date();
        let covering: Vec<&WaiverEntry> =
            self.waivers.iter().filter(|entry| entry.covers(&finding)).collect();
        for entry in covering {
            let waiver = Waiver { reason: text::clean(&entry.reason).into_owned(), until: entry.until };
            if entry.until >= today {
                finding.status = Status::Waived;
                finding.waiver = Some(waiver);
                return Some(finding);
            }
            // An expired waiver is said, and does nothing.
            finding.message =
                format!("{} (its waiver ended on {}: {})", finding.message, waiver.until, waiver.reason);
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

impl Rules {
    /// Digest of a policy's text together with the key files it names.
    fn digest_with(&self, text: &str) -> Sha256 {
        let mut all = text.as_bytes().to_vec();
        add_keys(&mut all, &self.signatures.keys);
        add_keys(&mut all, &self.tag.keys);
        Sha256::of(&all)
    }
}

/// What no policy can mean, with a word by which its line is found.
fn nonsense(rules: &Rules) -> Option<(&'static str, String)> {
    let (signatures, provenance) = (&rules.signatures, &rules.provenance);
    let says = |key: &'static str, problem: &str| Some((key, problem.to_owned()));
    if rules.advisories.max_age_days < 1 {
        return says("max-age-days", "max-age-days is at least 1; an older database decides nothing");
    }
    if provenance.refs.is_empty() {
        return says(
            "refs",
            "no ref may be built from, so nothing could pass; the default is [\"refs/tags/{tag}\"]",
        );
    }
    if !provenance.triggers.iter().any(|event| !event.starts_with("pull_request")) {
        return says(
            "triggers",
            "no event may start a build, so nothing could pass; a pull request never may",
        );
    }
    let levels = provenance.builders.iter().map(|builder| builder.level).chain(provenance.min_level);
    if levels.into_iter().any(|level| !(1..=3).contains(&level)) {
        return says("level", "SLSA Build levels are 1, 2 and 3");
    }
    let issuers = signatures.identities.iter().map(|identity| &identity.issuer);
    if issuers.chain(provenance.builders.iter().map(|b| &b.issuer)).any(|issuer| !is_issuer(issuer)) {
        return says("issuer", "an issuer is an https URL, compared exactly: no \"*\" and no placeholder");
    }
    unfit_keys("rules.signatures.key", &signatures.keys)
        .or_else(|| unfit_keys("rules.tag.key", &rules.tag.keys))
}

/// Keys of one name, and keys that are nowhere or in two places.
fn unfit_keys(section: &'static str, keys: &[NamedKey]) -> Option<(&'static str, String)> {
    let mut names = BTreeSet::new();
    for key in keys {
        let name = text::clean(&key.name);
        if !names.insert(&key.name) {
            return Some((section, format!("two keys are called \"{name}\"")));
        }
        if key.file.is_some() == key.text.is_some() {
            return Some((section, format!("key \"{name}\" needs either file or text, and not both")));
        }
    }
    None
}

fn is_issuer(issuer: &str) -> bool {
    issuer.starts_with("https://") && !issuer.contains(['*', '{', '}', ' '])
}

impl WaiverEntry {
    fn describe(&self) -> String {
        let about = self.subject.as_deref().or(self.id.as_deref()).unwrap_or("everything");
        format!("{} for {} until {}", self.rule, text::clean(about), self.until)
    }

    fn covers(&self, finding: &Finding) -> bool {
        let subject = self.subject.as_deref().is_none_or(|subject| subject == finding.subject.name);
        // What follows the first ": " are others' words: the title of an advisory may name another one.
        let own = finding.message.split_once(": ").map_or(finding.message.as_str(), |(own, _)| own);
        let word = |id: &str| own.split(|c: char| c.is_whitespace() || ":,;()".contains(c)).any(|w| w == id);
        self.rule == finding.rule.id && subject && self.id.as_deref().is_none_or(word)
    }
}

/// A rule of `check` that can fail.
fn example(check: &str) -> &'static str {
    let rules = checks::ALL.iter().filter(|meta| meta.id == check).flat_map(|meta| meta.rules);
    rules.into_iter().find(|rule| !rule.sums_up()).map_or("", |rule| rule.id)
}

fn level_keys() -> impl Iterator<Item = &'static str> {
    checks::ALL.iter().map(|meta| meta.id).chain(checks::all_rules().map(|rule| rule.id))
}

fn is_level_key(id: &str) -> bool {
    // What nobody judged can never be made to count for less.
    id != checks::UNJUDGED.id && level_keys().any(|known| known == id)
}

/// What the parser says, and the key or value that a misspelt one is nearest to.
fn with_nearest(error: &toml::de::Error) -> String {
    let message = error.message();
    let mut words = message.split('`').skip(1).step_by(2);
    let nearest = message
        .starts_with("unknown ")
        .then(|| words.next())
        .flatten()
        .and_then(|found| text::nearest(found, words));
    let all = error.to_string();
    let all = all.trim_end();
    nearest.map_or_else(|| all.to_owned(), |near| format!("{all}; did you mean `{near}`?"))
}

fn unknown_key<'a>(what: &str, found: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    if let Some((id, why)) = checks::RESERVED.iter().find(|(id, _)| *id == found) {
        return format!("{what}: {id} is not looked at by this version: {why}");
    }
    let known: Vec<&str> = known.into_iter().collect();
    let hint = text::nearest(found, known.iter().copied()).map_or_else(
        || "`relcheck explain` lists them".to_owned(),
        |near| format!("did you mean \"{near}\"?"),
    );
    format!("{what}: there is no check or rule called \"{}\"; {hint}", text::clean(found))
}
