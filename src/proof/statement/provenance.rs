//! SLSA provenance, v0.2 and v1: what a builder says about a build, in one shape for both.
//!
//! The rule that must not be broken: this is what the predicate claims, no more. Where the layouts of build types
//! differ, only layouts known here give a source; another build type gives none, and no source is never a match.
//! Claims that contradict each other are an error, not a choice.

use std::collections::BTreeMap;

use serde_json::Value;

use super::environment::Environment;
use super::{PredicateType, Statement, StatementError};
use crate::json::{Node, ShapeError};

/// The predicate type of SLSA provenance v0.2.
pub const SLSA_V0_2: &str = "https://slsa.dev/provenance/v0.2";
/// The predicate type of SLSA provenance v1.
pub const SLSA_V1: &str = "https://slsa.dev/provenance/v1";

/// The build type of slsa-github-generator's delegated builders, whose parameters do not name the source: their first
/// resolved dependency is it.
const DELEGATED: &str = "https://github.com/slsa-framework/slsa-github-generator/delegator-generic@v0";

/// The build type of Google Cloud Build, whose parameters may leave the source out; the first resolved dependency then
/// is it, where that is a repository.
const CLOUD_BUILD: &str = "https://cloud.google.com/build/gcb-buildtypes/google-worker/v1";

/// Build types whose parameters have the source under this very key, where it must then be.
const LAYOUTS: &[(&str, &str)] = &[
    ("https://actions.github.io/buildtypes/workflow/v1", "workflow"),
    ("https://slsa-framework.github.io/github-actions-buildtypes/workflow/v1", "workflow"),
    ("https://slsa.dev/container-based-build/v0.1?draft", "source"),
];

/// Whether GitLab's runner, or GitLab itself, describes a build of this type.
fn is_gitlab(build_type: &str) -> bool {
    let runner = build_type.strip_prefix("https://gitlab.com/gitlab-org/gitlab-runner/-/blob/");
    runner.is_some_and(|rest| rest.ends_with("/PROVENANCE.md"))
        || build_type == "https://docs.gitlab.com/ci/pipeline_security/slsa/provenance_v1"
}

/// The version of SLSA provenance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProvenanceVersion {
    /// [`SLSA_V0_2`].
    V0_2,
    /// [`SLSA_V1`].
    V1,
}

/// What a builder says about a build.
#[derive(Clone, Debug, PartialEq)]
pub struct Provenance {
    /// Which version said it.
    pub version: ProvenanceVersion,
    /// The builder, never empty.
    pub builder_id: String,
    /// The kind of build, which says how the parameters are meant.
    pub build_type: String,
    /// The source repository as `https://host/owner/name`; `None` where the layout names none that is known here.
    pub source_uri: Option<String>,
    /// The ref that was built, `refs/tags/v1.2.3`.
    pub source_ref: Option<String>,
    /// Every commit claimed for that repository and ref, sorted, without repetition. More than one is a
    /// contradiction that the caller must report.
    pub source_commits: Vec<String>,
    /// The path of the workflow in the source repository (v0.2: the entry point).
    pub workflow_path: Option<String>,
    /// The run that made it.
    pub invocation_id: Option<String>,
    /// What the caller of the builder chose: v1 `externalParameters`, v0.2 `invocation.parameters`; `null` if absent.
    pub external_parameters: Value,
    /// What the builder says of the run besides.
    pub environment: Environment,
    /// What went into the build: v0.2 `materials`, v1 `resolvedDependencies`.
    pub materials: Vec<Material>,
}

/// Something that went into a build.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Material {
    /// Where it came from.
    pub uri: Option<String>,
    /// Its digests, as claimed and not validated.
    pub digests: BTreeMap<String, String>,
}

/// A repository and the ref in it, taken from `git+https://host/owner/name@ref`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceUri {
    /// `https://host/owner/name`, byte for byte but without `git+`, `.git` and the ref.
    pub repository: String,
    /// What follows the `@`.
    pub reference: Option<String>,
}

impl SourceUri {
    /// Reads a uri; `None` for anything but an https repository of ASCII letters, digits and `-._~`.
    #[must_use]
    pub fn parse(uri: &str) -> Option<Self> {
        let uri = uri.strip_prefix("git+").unwrap_or(uri);
        let rest = uri.strip_prefix("https://")?;
        let (place, reference) = match rest.split_once('@') {
            Some((place, reference)) => (place, Some(reference)),
            None => (rest, None),
        };
        let place = place.strip_suffix(".git").unwrap_or(place);
        let mut segments = place.split('/');
        let host = segments.next()?;
        let is_host = |c: u8| c.is_ascii_alphanumeric() || matches!(c, b'.' | b'-' | b':');
        let is_path = |c: u8| c.is_ascii_alphanumeric() || matches!(c, b'.' | b'-' | b'_' | b'~');
        let path: Vec<_> = segments.collect();
        let good_path =
            path.len() >= 2 && path.iter().all(|s| !matches!(*s, "" | "." | "..") && s.bytes().all(is_path));
        let good_host = !host.is_empty() && host.bytes().all(is_host);
        let good_ref = reference.is_none_or(is_clean);
        (good_host && good_path && good_ref)
            .then(|| Self { repository: format!("https://{place}"), reference: reference.map(str::to_owned) })
    }
}

impl Provenance {
    /// Reads the provenance in a statement.
    ///
    /// # Errors
    /// [`StatementError::NotProvenance`] for another predicate, else the first thing that is wrong, by its path.
    pub fn of(statement: &Statement) -> Result<Self, StatementError> {
        let PredicateType::Provenance(version) = statement.predicate_type() else {
            let found = statement.predicate_type().as_str().to_owned();
            return Err(StatementError::NotProvenance { found });
        };
        let predicate = Node::root(statement.predicate()).named("$.predicate");
        match version {
            ProvenanceVersion::V0_2 => parse_v0_2(&predicate),
            ProvenanceVersion::V1 => parse_v1(&predicate),
        }
    }

    /// The commits at which the source repository went into the build under other refs than the one that was built.
    pub fn commits_at_other_refs(&self) -> impl Iterator<Item = &str> {
        let is_source = |uri: &str| {
            let parsed = SourceUri::parse(uri);
            parsed.is_some_and(|parsed| Some(parsed.repository) == self.source_uri)
        };
        let of_source =
            self.materials.iter().filter(move |material| material.uri.as_deref().is_some_and(is_source));
        let commits =
            of_source.flat_map(|material| ["gitCommit", "sha1"].map(|key| material.digests.get(key)));
        let is_other = |commit: &&str| !self.source_commits.iter().any(|known| known == commit);
        commits.flatten().map(String::as_str).filter(is_other)
    }
}

/// SLSA v0.2: the source is `invocation.configSource`.
fn parse_v0_2(predicate: &Node<'_>) -> Result<Provenance, StatementError> {
    let builder_id = predicate.required("builder")?.required("id")?.text()?.to_owned();
    let build_type = predicate.required("buildType")?.text()?.to_owned();
    let invocation = predicate.optional("invocation")?;
    let config = member(invocation.as_ref(), "configSource")?;
    let mut source = Source::of(&build_type);
    if let Some(uri) = member(config.as_ref(), "uri")? {
        source.claim(&uri)?;
        source.add_commits(member(config.as_ref(), "digest")?.as_ref())?;
    }
    let materials = parse_materials(predicate.optional("materials")?.as_ref(), &mut source)?;
    let metadata = predicate.optional("metadata")?;
    let environment = Environment::of(member(invocation.as_ref(), "environment")?.as_ref())?;
    Ok(Provenance {
        version: ProvenanceVersion::V0_2,
        builder_id,
        build_type,
        workflow_path: owned_string(member(config.as_ref(), "entryPoint")?)?,
        invocation_id: owned_string(member(metadata.as_ref(), "buildInvocationID")?)?
            .or(owned_string(member(metadata.as_ref(), "buildInvocationId")?)?),
        external_parameters: owned_value(member(invocation.as_ref(), "parameters")?),
        environment,
        materials,
        source_uri: source.repository,
        source_ref: source.reference,
        source_commits: source.commits,
    })
}

/// SLSA v1: where the source is depends on the build type.
fn parse_v1(predicate: &Node<'_>) -> Result<Provenance, StatementError> {
    let definition = predicate.required("buildDefinition")?;
    let details = predicate.required("runDetails")?;
    let builder_id = details.required("builder")?.required("id")?.text()?.to_owned();
    let build_type = definition.required("buildType")?.text()?.to_owned();
    let parameters = definition.required("externalParameters")?;
    parameters.object()?;

    for (known, key) in LAYOUTS {
        if *known == build_type {
            parameters.required(key)?.object()?;
        }
    }
    let mut source = Source::of(&build_type);
    let workflow_path = claim_from_parameters(&build_type, &parameters, &mut source)?;
    let dependencies = definition.optional("resolvedDependencies")?;
    let first = dependencies.as_ref().map(Node::items).transpose()?.and_then(|mut items| items.next());
    if let Some(first) = first {
        let uri = first.optional("uri")?;
        // Cloud Build may start from an archive in a bucket, which is no repository and so no source.
        let is_repository =
            |uri: &Node<'_>| uri.value().as_str().is_some_and(|uri| SourceUri::parse(uri).is_some());
        if build_type == DELEGATED {
            source.claim(&first.required("uri")?)?;
        } else if build_type == CLOUD_BUILD && source.repository.is_none() {
            uri.filter(is_repository).map(|uri| source.claim(&uri)).transpose()?;
        }
    }
    let materials = parse_materials(dependencies.as_ref(), &mut source)?;
    let metadata = details.optional("metadata")?;
    let environment = Environment::of(definition.optional("internalParameters")?.as_ref())?;
    Ok(Provenance {
        version: ProvenanceVersion::V1,
        builder_id,
        build_type,
        workflow_path,
        invocation_id: owned_string(member(metadata.as_ref(), "invocationId")?)?,
        external_parameters: parameters.value().clone(),
        environment,
        materials,
        source_uri: source.repository,
        source_ref: source.reference,
        source_commits: source.commits,
    })
}

/// The source as the caller's parameters name it, in any of the known layouts; returns the path of the workflow.
fn claim_from_parameters(
    build_type: &str,
    parameters: &Node<'_>,
    source: &mut Source,
) -> Result<Option<String>, StatementError> {
    let mut workflow_path = None;
    // GitHub's workflows and Google Cloud Build's configuration: { repository, ref, path }.
    for key in ["workflow", "buildConfigSource"] {
        let Some(workflow) = parameters.optional(key)?.filter(|node| node.value().is_object()) else {
            continue;
        };
        source.claim(&workflow.required("repository")?)?;
        if let Some(reference) = workflow.optional("ref")? {
            source.claim_reference(&reference)?;
        }
        workflow_path = owned_string(workflow.optional("path")?)?;
    }
    // GitLab: the URL of the project.
    if is_gitlab(build_type)
        && let Some(project) = parameters.optional("source")?
    {
        source.claim(&project)?;
    }
    // Container-based builds: { uri, digest }.
    if let Some(place) = parameters.optional("source")?.filter(|node| node.value().is_object()) {
        source.claim(&place.required("uri")?)?;
        source.add_commits(place.optional("digest")?.as_ref())?;
    }
    Ok(workflow_path)
}

/// The source while its claims are gathered; each must agree with those before it.
#[derive(Default)]
struct Source {
    repository: Option<String>,
    reference: Option<String>,
    commits: Vec<String>,
    first_path: String,
    /// GitLab's runner writes the commit under the name of another algorithm.
    sha256_is_commit: bool,
    /// Google Cloud Build pins the source to its commit in the URI.
    pinned_is_source: bool,
}

impl Source {
    fn of(build_type: &str) -> Self {
        Self {
            sha256_is_commit: is_gitlab(build_type),
            pinned_is_source: build_type == CLOUD_BUILD,
            ..Self::default()
        }
    }
}

impl Source {
    /// Takes a repository, and perhaps a ref, from a uri.
    fn claim(&mut self, uri: &Node<'_>) -> Result<(), StatementError> {
        let text = uri.string()?;
        let parsed = SourceUri::parse(text)
            .ok_or_else(|| StatementError::SourceUri { path: uri.path().to_owned(), uri: text.to_owned() })?;
        match &self.repository {
            Some(known) if *known != parsed.repository => return Err(self.contradiction(uri)),
            Some(_) => {}
            None => {
                uri.path().clone_into(&mut self.first_path);
                self.repository = Some(parsed.repository);
            }
        }
        // A URI that is pinned to a commit names no ref.
        if let Some(commit) = parsed.reference.as_deref().filter(|reference| is_commit(reference)) {
            self.add_commit(commit);
            return Ok(());
        }
        match (&self.reference, parsed.reference) {
            (Some(known), Some(other)) if *known != other => Err(self.contradiction(uri)),
            (None, other) => {
                self.reference = other;
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn claim_reference(&mut self, reference: &Node<'_>) -> Result<(), StatementError> {
        let text = reference.text()?;
        if !is_clean(text) {
            return Err(reference.error("is no ref").into());
        }
        match &self.reference {
            Some(known) if known != text => Err(self.contradiction(reference)),
            _ => {
                self.reference = Some(text.to_owned());
                Ok(())
            }
        }
    }

    /// Takes the commits of a digest set: `gitCommit`, or `sha1` as older builders write it.
    fn add_commits(&mut self, set: Option<&Node<'_>>) -> Result<(), StatementError> {
        for key in ["gitCommit", "sha1"] {
            let Some(id) = member(set, key)? else {
                continue;
            };
            let text = id.string()?;
            if !is_commit(text) {
                return Err(StatementError::Commit { path: id.path().to_owned() });
            }
            self.add_commit(text);
        }
        if self.sha256_is_commit
            && let Some(id) = member(set, "sha256")?
            && let Some(text) = id.value().as_str().filter(|text| text.len() == 40 && is_commit(text))
        {
            self.add_commit(text);
        }
        Ok(())
    }

    fn add_commit(&mut self, commit: &str) {
        if let Err(place) = self.commits.binary_search_by(|known| known.as_str().cmp(commit)) {
            self.commits.insert(place, commit.to_owned());
        }
    }

    /// Whether a material is this source: the same repository, and the same ref if both name one.
    fn is_at(&self, uri: &str) -> bool {
        let Some(parsed) = SourceUri::parse(uri) else {
            return false;
        };
        let same_ref = match (&self.reference, &parsed.reference) {
            (Some(own), Some(other)) => own == other || (self.pinned_is_source && is_commit(other)),
            _ => true,
        };
        self.repository.as_deref() == Some(parsed.repository.as_str()) && same_ref
    }

    fn contradiction(&self, second: &Node<'_>) -> StatementError {
        StatementError::TwoSources { first: self.first_path.clone(), second: second.path().to_owned() }
    }
}

fn parse_materials(list: Option<&Node<'_>>, source: &mut Source) -> Result<Vec<Material>, StatementError> {
    let Some(list) = list else {
        return Ok(Vec::new());
    };
    let mut materials = Vec::new();
    for item in list.items()? {
        let uri = owned_string(item.optional("uri")?)?;
        let set = item.optional("digest")?;
        if uri.as_deref().is_some_and(|uri| source.is_at(uri)) {
            source.add_commits(set.as_ref())?;
        }
        let mut digests = BTreeMap::new();
        if let Some(set) = &set {
            for (algorithm, value) in set.entries()? {
                digests.insert(algorithm.to_owned(), value.string()?.to_owned());
            }
        }
        materials.push(Material { uri, digests });
    }
    Ok(materials)
}

/// A member of an object that may itself be absent.
fn member<'a>(node: Option<&Node<'a>>, key: &str) -> Result<Option<Node<'a>>, ShapeError> {
    node.map_or(Ok(None), |node| node.optional(key))
}

fn owned_string(node: Option<Node<'_>>) -> Result<Option<String>, ShapeError> {
    node.map(|node| node.string().map(str::to_owned)).transpose()
}

fn owned_value(node: Option<Node<'_>>) -> Value {
    node.map_or(Value::Null, |node| node.value().clone())
}

/// Whether it is a git commit id: 40 or 64 lowercase hexadecimal digits.
fn is_commit(text: &str) -> bool {
    matches!(text.len(), 40 | 64) && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
}

/// Whether a ref is free of blanks and control characters; git allows any other character, non-ASCII ones too.
fn is_clean(reference: &str) -> bool {
    !reference.is_empty() && !reference.chars().any(|c| c.is_control() || c.is_whitespace())
}
