//! Builds, and in-toto statements that tell of them: SLSA provenance v0.2 as slsa-github-generator writes it, and v1 as
//! GitHub's artifact attestations do.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use sha2::{Digest, Sha512};

use super::keys::sha256_hex;

/// A run of a GitHub Actions workflow: certificates and provenance both tell of one.
#[derive(Debug, Clone)]
pub struct Build {
    /// Host of the repository.
    pub host: String,
    /// OWNER/NAME.
    pub repository: String,
    /// Number of the repository.
    pub repository_id: String,
    /// Number of its owner.
    pub owner_id: String,
    /// Git ref, `refs/tags/v1.2.3`.
    pub reference: String,
    /// Commit, 40 hexadecimal digits.
    pub commit: String,
    /// Path of the workflow in the repository.
    pub workflow: String,
    /// URI of the reusable workflow that did the work, when it is not `workflow` itself.
    pub signer: Option<String>,
    /// GitHub's name of the event.
    pub trigger: String,
    /// `github-hosted` or `self-hosted`.
    pub runner: String,
    /// Number of the run.
    pub run: u64,
}

impl Build {
    /// The release workflow of `acme/widget`, run for a pushed tag.
    pub fn of_tag(tag: &str, commit: &str) -> Self {
        Self {
            host: "github.com".to_owned(),
            repository: "acme/widget".to_owned(),
            repository_id: "420001".to_owned(),
            owner_id: "77001".to_owned(),
            reference: format!("refs/tags/{tag}"),
            commit: commit.to_owned(),
            workflow: ".github/workflows/release.yml".to_owned(),
            signer: None,
            trigger: "push".to_owned(),
            runner: "github-hosted".to_owned(),
            run: 9001,
        }
    }

    /// The same, done by slsa-github-generator's reusable workflow.
    pub fn by_slsa_generator(mut self) -> Self {
        self.signer = Some(super::SLSA_GENERATOR.to_owned());
        self
    }

    /// `https://HOST/OWNER/NAME`.
    pub fn repository_uri(&self) -> String {
        format!("https://{}/{}", self.host, self.repository)
    }

    /// `https://HOST/OWNER`.
    pub fn owner_uri(&self) -> String {
        format!("https://{}/{}", self.host, self.repository.split('/').next().unwrap_or_default())
    }

    /// The workflow at its ref.
    pub fn workflow_uri(&self) -> String {
        format!("{}/{}@{}", self.repository_uri(), self.workflow, self.reference)
    }

    /// The workflow that signs: the reusable one, if there is one.
    pub fn signer_uri(&self) -> String {
        self.signer.clone().unwrap_or_else(|| self.workflow_uri())
    }

    /// The commit of the workflow that signs.
    pub fn signer_commit(&self) -> String {
        if self.signer.is_some() { "5".repeat(40) } else { self.commit.clone() }
    }

    /// The run.
    pub fn run_uri(&self) -> String {
        format!("{}/actions/runs/{}/attempts/1", self.repository_uri(), self.run)
    }
}

/// A subject of a statement.
#[derive(Debug, Clone)]
pub struct Subject {
    /// File name.
    pub name: String,
    /// Digests in hexadecimal, by the name of their algorithm.
    pub digests: BTreeMap<String, String>,
}

impl Subject {
    /// `bytes` under `name`, by SHA-256.
    pub fn of(name: &str, bytes: &[u8]) -> Self {
        Self { name: name.to_owned(), digests: [("sha256".to_owned(), sha256_hex(bytes))].into() }
    }

    /// The same with the SHA-512 of `bytes` beside it.
    pub fn and_sha512(self, bytes: &[u8]) -> Self {
        self.with("sha512", &hex::encode(Sha512::digest(bytes)))
    }

    /// It, as a statement has it.
    pub fn json(&self) -> Value {
        json!({"name": self.name, "digest": self.digests})
    }

    /// The same with one digest set.
    pub fn with(mut self, algorithm: &str, digest: &str) -> Self {
        self.digests.insert(algorithm.to_owned(), digest.to_owned());
        self
    }
}

/// Which predicate tells of the build.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Predicate {
    /// `https://slsa.dev/provenance/v0.2`.
    SlsaV02,
    /// `https://slsa.dev/provenance/v1`.
    SlsaV1,
}

/// Provenance: what a builder says about a build. Each field is written as it stands, so that it can disagree with the
/// certificate.
#[derive(Debug, Clone)]
pub struct Provenance {
    /// `_type` of the statement.
    pub statement_type: String,
    /// Shape of the predicate.
    pub predicate: Predicate,
    /// `predicateType`.
    pub predicate_type: String,
    /// What was built.
    pub subjects: Vec<Subject>,
    /// `buildType`.
    pub build_type: String,
    /// `builder.id`.
    pub builder: String,
    /// Repository, as a URI without `git+`.
    pub source: String,
    /// Git ref.
    pub reference: String,
    /// Commit.
    pub commit: String,
    /// Path of the workflow.
    pub workflow: String,
    /// Event.
    pub trigger: String,
    /// The run: a URI in v1, `RUN-ATTEMPT` in v0.2.
    pub invocation: String,
    /// `github-hosted` or `self-hosted` (v1 only).
    pub runner: String,
}

impl Provenance {
    /// Statement v1, SLSA v1, in the shape of GitHub's artifact attestations.
    pub fn v1(build: &Build, subjects: Vec<Subject>) -> Self {
        Self {
            statement_type: "https://in-toto.io/Statement/v1".to_owned(),
            predicate: Predicate::SlsaV1,
            predicate_type: "https://slsa.dev/provenance/v1".to_owned(),
            subjects,
            build_type: "https://actions.github.io/buildtypes/workflow/v1".to_owned(),
            builder: build.signer_uri(),
            source: build.repository_uri(),
            reference: build.reference.clone(),
            commit: build.commit.clone(),
            workflow: build.workflow.clone(),
            trigger: build.trigger.clone(),
            invocation: build.run_uri(),
            runner: build.runner.clone(),
        }
    }

    /// Statement v0.1, SLSA v0.2, in the shape of slsa-github-generator.
    pub fn v02(build: &Build, subjects: Vec<Subject>) -> Self {
        Self {
            statement_type: "https://in-toto.io/Statement/v0.1".to_owned(),
            predicate: Predicate::SlsaV02,
            predicate_type: "https://slsa.dev/provenance/v0.2".to_owned(),
            build_type: "https://github.com/slsa-framework/slsa-github-generator/generic@v1".to_owned(),
            invocation: format!("{}-1", build.run),
            ..Self::v1(build, subjects)
        }
    }

    /// The statement as JSON, for a test that wants to change what has no field here.
    pub fn statement(&self) -> Value {
        let subjects: Vec<Value> = self.subjects.iter().map(Subject::json).collect();
        json!({
            "_type": self.statement_type,
            "subject": subjects,
            "predicateType": self.predicate_type,
            "predicate": match self.predicate {
                Predicate::SlsaV02 => self.slsa_v02(),
                Predicate::SlsaV1 => self.slsa_v1(),
            },
        })
    }

    fn slsa_v1(&self) -> Value {
        json!({
            "buildDefinition": {
                "buildType": self.build_type,
                "externalParameters": {
                    "workflow": {"ref": self.reference, "repository": self.source, "path": self.workflow},
                },
                "internalParameters": {
                    "github": {
                        "event_name": self.trigger,
                        "repository_id": "420001",
                        "repository_owner_id": "77001",
                        "runner_environment": self.runner,
                    },
                },
                "resolvedDependencies": [{"uri": self.git_uri(), "digest": {"gitCommit": self.commit}}],
            },
            "runDetails": {"builder": {"id": self.builder}, "metadata": {"invocationId": self.invocation}},
        })
    }

    fn slsa_v02(&self) -> Value {
        let source = json!({"uri": self.git_uri(), "digest": {"sha1": self.commit}});
        let mut config_source = source.clone();
        config_source["entryPoint"] = json!(self.workflow);
        json!({
            "builder": {"id": self.builder},
            "buildType": self.build_type,
            "invocation": {
                "configSource": config_source,
                "parameters": {},
                "environment": {
                    "github_event_name": self.trigger,
                    "github_ref": self.reference,
                    "github_ref_type": if self.reference.starts_with("refs/tags/") { "tag" } else { "branch" },
                    "github_repository_id": "420001",
                    "github_repository_owner_id": "77001",
                    "github_run_attempt": "1",
                    "github_run_id": self.invocation.trim_end_matches("-1"),
                    "github_sha1": self.commit,
                },
            },
            "metadata": {
                "buildInvocationID": self.invocation,
                "completeness": {"parameters": true, "environment": false, "materials": false},
                "reproducible": false,
            },
            "materials": [source],
        })
    }

    fn git_uri(&self) -> String {
        format!("git+{}@{}", self.source, self.reference)
    }
}
