//! `[rules.provenance]` in a policy: who may build, from what, with which parameters, and whose summaries count.

use super::{
    super::{identity::Pattern, signatures::NamedKey},
    builders,
};
use crate::{
    release::Sha256,
    text::{self, plural_list},
};
use serde::{Deserialize, Deserializer};
use serde_json::Value;
use std::collections::BTreeMap;

/// `[rules.provenance]`: who may build, from what.
#[derive(Debug, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Policy {
    /// Whether the release's own workflows at its tag may state provenance, besides the builders named.
    pub derive: bool,
    /// Well-known builders, by name.
    #[serde(rename = "builders")]
    pub well_known: Vec<String>,
    /// Builders by the certificate or key they sign with.
    #[serde(rename = "builder")]
    pub builders: Vec<Builder>,
    /// Keys of builders and verifiers; they sign no artifact and no checksum file.
    #[serde(rename = "key")]
    pub keys: Vec<NamedKey>,
    /// The refs that a release may be built from.
    pub refs: Vec<Pattern>,
    /// The events that may start a build.
    pub triggers: Vec<String>,
    /// The SLSA Build level that is asked for, 1 to 3.
    pub min_level: Option<u8>,
    /// External parameters that must have exactly these values, by their path: `workflow.path`, `inputs.jdk`; of SLSA v0.2,
    /// `entryPoint` too.
    pub parameters: BTreeMap<String, Value>,
    /// What to make of inputs that somebody chose when starting the workflow.
    pub workflow_inputs: Inputs,
    /// Whether an accepted verification summary answers for an artifact without provenance.
    pub accept_vsa: bool,
    /// Who may sign verification summaries, and as which verifier.
    #[serde(rename = "verifier")]
    pub verifiers: Vec<Verifier>,
}

/// What to make of something that may be right or not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Inputs {
    /// It is said, and holds.
    Allow,
    /// It is a warning.
    #[default]
    Warn,
    /// It is a failure.
    Refuse,
}

/// A builder that the policy trusts: by `issuer` and `signer`, or by `key` and `id`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Builder {
    /// The OIDC issuer of its certificate.
    pub issuer: Option<String>,
    /// The subject of its certificate.
    pub signer: Option<Pattern>,
    /// The key it signs with, as `[[rules.provenance.key]]` or `[[rules.signatures.key]]` calls it.
    pub key: Option<String>,
    /// The `builder.id` that its predicate states, where that is not the signer itself.
    pub id: Option<Pattern>,
    /// The build types it may state; any, where none is named.
    #[serde(default)]
    pub build_types: Vec<String>,
    /// The SLSA Build level that the policy grants it.
    pub level: u8,
}

/// A verifier whose summaries count: its id, together with who signs for it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Verifier {
    /// The `verifier.id`, compared byte for byte.
    pub id: String,
    /// The OIDC issuer of its certificate.
    pub issuer: Option<String>,
    /// The subject of its certificate.
    pub identity: Option<Pattern>,
    /// The key it signs with, as `[[rules.provenance.key]]` or `[[rules.signatures.key]]` calls it.
    pub key: Option<String>,
    /// The `resourceUri` that it gives the artifact; `{artifact}` stands for the name that the file is published under.
    pub resource_uri: ResourcePattern,
    /// The oldest summary that counts.
    pub max_age_days: Option<u32>,
    /// The `policy.uri`, compared byte for byte.
    pub policy_uri: Option<String>,
    /// The policies that it may have verified by.
    #[serde(default, deserialize_with = "one_or_many")]
    pub policy_sha256: Vec<Sha256>,
}

/// A pattern in which `{artifact}` stands for the name of the file.
#[derive(Clone, Debug)]
pub struct ResourcePattern(String);

impl Default for Policy {
    fn default() -> Self {
        Self {
            derive: true,
            well_known: Vec::new(),
            builders: Vec::new(),
            keys: Vec::new(),
            refs: vec![Pattern::parse("refs/tags/{tag}").expect("the built-in pattern is well formed")],
            triggers: ["push", "release", "workflow_dispatch", "create"].map(str::to_owned).to_vec(),
            min_level: None,
            parameters: BTreeMap::new(),
            workflow_inputs: Inputs::default(),
            accept_vsa: false,
            verifiers: Vec::new(),
        }
    }
}

impl Policy {
    /// What no policy can mean, with its place in the section. `keys` are the names of the policy's keys.
    pub(crate) fn nonsense(&self, keys: &[&str]) -> Option<(String, String)> {
        let says = |place: &str, problem: &str| Some((place.to_owned(), problem.to_owned()));
        if self.refs.is_empty() {
            return says(
                "refs",
                "no ref may be built from, so nothing could pass; the default is [\"refs/tags/{tag}\"]",
            );
        }
        if !self.triggers.iter().any(|event| !is_of_a_pull_request(event)) {
            return says(
                "triggers",
                "no event may start a build, so nothing could pass; a pull request never may",
            );
        }
        if let Some(place) = self.unknown_level() {
            return says(&place, "SLSA Build levels are 1, 2 and 3");
        }
        for (at, name) in self.well_known.iter().enumerate() {
            if builders::named(name).next().is_none() {
                let near = text::nearest(name, builders::names()).map_or_else(
                    || format!("there are {}", plural_list(&builders::names().collect::<Vec<_>>(), 20)),
                    |near| format!("did you mean \"{near}\"?"),
                );
                let message = format!("no well-known builder is called \"{}\"; {near}", text::clean(name));
                return Some((format!("builders.{at}"), message));
            }
        }
        let builders = self.builders.iter().map(|builder| builder.nonsense(keys));
        let verifiers = self.verifiers.iter().map(|verifier| verifier.nonsense(keys));
        if let Some(unfit) = placed("builder", builders, "").chain(placed("verifier", verifiers, "")).next() {
            return Some(unfit);
        }
        if self.accept_vsa && self.verifiers.is_empty() {
            let problem = "no verifier is named whose summaries could be accepted; name one under \
                           [[rules.provenance.verifier]]";
            return says("accept-vsa", problem);
        }
        None
    }

    /// Where a level is granted or asked for that is none.
    fn unknown_level(&self) -> Option<String> {
        let is_unknown = |level: u8| !(1..=3).contains(&level);
        let of_builder = self.builders.iter().position(|builder| is_unknown(builder.level));
        let of_builder = of_builder.map(|at| format!("builder.{at}.level"));
        of_builder.or_else(|| self.min_level.is_some_and(is_unknown).then(|| "min-level".to_owned()))
    }

    /// Every issuer that the section names, with its place.
    pub(crate) fn issuers(&self) -> impl Iterator<Item = (String, &str)> {
        let builders = self.builders.iter().map(|builder| builder.issuer.as_deref());
        let verifiers = self.verifiers.iter().map(|verifier| verifier.issuer.as_deref());
        placed("builder", builders, ".issuer").chain(placed("verifier", verifiers, ".issuer"))
    }
}

/// What the entries of `list` have, each with its place: `builder.0.issuer`.
fn placed<T>(
    list: &'static str,
    entries: impl Iterator<Item = Option<T>>,
    key: &'static str,
) -> impl Iterator<Item = (String, T)> {
    entries.enumerate().filter_map(move |(at, has)| Some((format!("{list}.{at}{key}"), has?)))
}

impl Builder {
    fn nonsense(&self, keys: &[&str]) -> Option<String> {
        match (&self.issuer, &self.signer, &self.key) {
            (Some(_), Some(_), None) => None,
            (None, None, Some(key)) => {
                if self.id.is_none() {
                    return Some(format!(
                        "builder with key \"{}\" needs the id that its provenance states",
                        text::clean(key)
                    ));
                }
                if self.level > 2 {
                    return Some(
                        "a builder known by a key is worth level 2 at most: that no build can reach the key is \
                         not to be seen from a signature"
                            .to_owned(),
                    );
                }
                unknown_key(key, keys)
            }
            _ => Some("a builder needs either issuer and signer, or key and id, and not both".to_owned()),
        }
    }
}

impl Verifier {
    fn nonsense(&self, keys: &[&str]) -> Option<String> {
        if self.id.is_empty() {
            return Some("a verifier needs the id that its summaries state".to_owned());
        }
        if self.max_age_days == Some(0) {
            return Some("max-age-days is at least 1; no summary is younger".to_owned());
        }
        if !["{tag}", "{commit}"].iter().any(|place| self.resource_uri.0.contains(place)) {
            return Some(
                "resource-uri names neither {tag} nor {commit}, so that the summary of an older release would do"
                    .to_owned(),
            );
        }
        match (&self.issuer, &self.identity, &self.key) {
            (Some(_), Some(_), None) => None,
            (None, None, Some(key)) => unknown_key(key, keys),
            _ => Some("a verifier needs either issuer and identity, or key, and not both".to_owned()),
        }
    }
}

fn unknown_key(key: &str, keys: &[&str]) -> Option<String> {
    let known = keys.contains(&key);
    (!known)
        .then(|| format!("no key is called \"{}\"; name it under [[rules.provenance.key]]", text::clean(key)))
}

impl ResourcePattern {
    /// The pattern for the file called `name`; `None` for a name that could be mistaken for a pattern.
    pub(super) fn of(&self, name: &str) -> Option<Pattern> {
        if name.contains(['*', '{', '}']) && self.0.contains("{artifact}") {
            return None;
        }
        Pattern::parse(&self.0.replace("{artifact}", name)).ok()
    }

    /// As the policy has it.
    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}

impl<'de> Deserialize<'de> for ResourcePattern {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let pattern = Self(String::deserialize(deserializer)?);
        let sample = pattern.0.replace("{artifact}", "artifact");
        Pattern::parse(&sample).map(|_| pattern).map_err(serde::de::Error::custom)
    }
}

fn one_or_many<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Sha256>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum OneOrMany {
        One(String),
        Many(Vec<String>),
    }
    let all = match OneOrMany::deserialize(deserializer)? {
        OneOrMany::One(one) => vec![one],
        OneOrMany::Many(many) => many,
    };
    let digest = |text: &String| {
        Sha256::from_hex(text)
            .ok_or_else(|| serde::de::Error::custom("a SHA-256 digest is 64 lowercase hexadecimal digits"))
    };
    all.iter().map(digest).collect()
}

/// Events whose code is not the repository's own yet: never allowed, even when a policy lists them.
pub(super) fn is_of_a_pull_request(event: &str) -> bool {
    ["pull_request", "merge_request", "external_pull_request"].iter().any(|kind| event.starts_with(kind))
}
