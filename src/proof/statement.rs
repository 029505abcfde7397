//! in-toto statements, v0.1 and v1: who says what about which digests.
//!
//! The rule that must not be broken: a statement is about what its subjects' digests name and about nothing else.
//! A statement without subjects, or with a subject without digests, would be about anything; it is refused, as is a
//! digest that is not written exactly as its algorithm has it. Parsing proves nothing: only a statement taken from
//! a verified envelope counts.
//!
//! Follows the in-toto attestation framework, statement layer v0.1.0 and v1.

mod envelope;
mod environment;
mod provenance;
mod release;
#[cfg(test)]
mod tests;
mod vsa;

use serde_json::Value;

use crate::digest::{Algorithm, Digest, DigestError};
use crate::json::{self, JsonError, Limits, Node, ShapeError};

pub use envelope::{Envelope, PAYLOAD_TYPE};
pub use environment::Environment;
pub use provenance::{Material, Provenance, ProvenanceVersion, SLSA_V0_2, SLSA_V1, SourceUri};
pub use release::{PUBLISH_V0_1, RELEASE_V0_1, RELEASE_V0_2, Release};
pub use vsa::Summary;

/// Most subjects of a statement.
pub const MAX_SUBJECTS: usize = 1024;
/// Most digests of a subject.
pub const MAX_DIGESTS: usize = 32;

/// The predicate type of a SLSA verification summary.
pub const VSA_V1: &str = "https://slsa.dev/verification_summary/v1";

/// A parsed statement: between 1 and [`MAX_SUBJECTS`] subjects, each with digests, and a predicate.
#[derive(Clone, Debug, PartialEq)]
pub struct Statement {
    version: StatementVersion,
    subjects: Vec<Subject>,
    predicate_type: PredicateType,
    predicate: Value,
}

/// The version of the statement layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StatementVersion {
    /// `https://in-toto.io/Statement/v0.1`.
    V0_1,
    /// `https://in-toto.io/Statement/v1`.
    V1,
}

/// What a statement is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject {
    /// A name, for people: digests bind, names do not. `None` where the statement gives none (v1 only).
    pub name: Option<String>,
    /// Its digests, by name of the algorithm; never empty.
    pub digests: Vec<Digest>,
}

/// What kind of claim a predicate is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PredicateType {
    /// SLSA provenance that [`Provenance::of`] reads.
    Provenance(ProvenanceVersion),
    /// Anything else, [`VSA_V1`] and [`RELEASE_V0_1`] among it.
    Other(String),
}

/// Why something is no statement, or not the kind that was asked for.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StatementError {
    /// Not acceptable JSON.
    #[error(transparent)]
    Json(#[from] JsonError),
    /// A member is missing or has the wrong type.
    #[error(transparent)]
    Shape(#[from] ShapeError),
    /// The envelope carries something else than in-toto.
    #[error("the payload type is {found:?}, not {PAYLOAD_TYPE}")]
    PayloadType {
        /// What the envelope says.
        found: String,
    },
    /// Text that is neither standard nor URL-safe base64.
    #[error("{path} is not base64")]
    Base64 {
        /// The path in the document.
        path: String,
    },
    /// An envelope has exactly one signature.
    #[error("the envelope has {count} signatures, not exactly one")]
    SignatureCount {
        /// How many there are.
        count: usize,
    },
    /// `_type` is no known version of the statement layer.
    #[error("{found:?} is no known type of in-toto statement")]
    StatementType {
        /// What the statement says.
        found: String,
    },
    /// No subject: the statement is about nothing, or about anything.
    #[error("the statement has no subject")]
    NoSubjects,
    /// Over [`MAX_SUBJECTS`].
    #[error("the statement has {count} subjects, more than {MAX_SUBJECTS}")]
    TooManySubjects {
        /// How many there are.
        count: usize,
    },
    /// A subject without digests.
    #[error("{path} has no digest")]
    NoDigests {
        /// The path of the digest set.
        path: String,
    },
    /// Over [`MAX_DIGESTS`].
    #[error("{path} has {count} digests, more than {MAX_DIGESTS}")]
    TooManyDigests {
        /// The path of the digest set.
        path: String,
        /// How many there are.
        count: usize,
    },
    /// A digest that is none.
    #[error("{path}: {source}")]
    Digest {
        /// The path of the digest.
        path: String,
        /// Why it is none.
        source: DigestError,
    },
    /// Provenance was asked for, and the predicate is another.
    #[error("the predicate is {found:?}, not slsa provenance")]
    NotProvenance {
        /// The predicate type.
        found: String,
    },
    /// A verification summary was asked for, and the predicate is another, or one of another version.
    #[error("the predicate is {found:?}, and of verification summaries only {VSA_V1} is read")]
    NotSummary {
        /// The predicate type.
        found: String,
    },
    /// A source that is no `https://host/owner/name` with an optional `git+` and `@ref`.
    #[error("{path} is no https repository: {uri:?}")]
    SourceUri {
        /// The path of the uri.
        path: String,
        /// What it says.
        uri: String,
    },
    /// A commit id that is not 40 or 64 lowercase hexadecimal digits.
    #[error("{path} is no git commit id")]
    Commit {
        /// The path of the id.
        path: String,
    },
    /// The predicate names two sources that are not the same.
    #[error("the provenance names two sources, {first} and {second}")]
    TwoSources {
        /// The path of one.
        first: String,
        /// The path of the other.
        second: String,
    },
}

impl Statement {
    /// Parses the payload of an envelope.
    ///
    /// # Errors
    /// [`StatementError`] for the first thing that is wrong.
    pub fn parse(payload: &[u8], limits: Limits) -> Result<Self, StatementError> {
        let mut document = json::parse(payload, limits)?;
        let root = Node::root(&document);
        let version = match root.required("_type")?.string()? {
            "https://in-toto.io/Statement/v0.1" => StatementVersion::V0_1,
            "https://in-toto.io/Statement/v1" => StatementVersion::V1,
            found => return Err(StatementError::StatementType { found: found.to_owned() }),
        };
        let subjects = match root.optional("subject")? {
            Some(subjects) => parse_subjects(version, &subjects)?,
            None => return Err(StatementError::NoSubjects),
        };
        let predicate_type = PredicateType::from_uri(root.required("predicateType")?.text()?);
        root.optional("predicate")?.map_or(Ok(()), |predicate| predicate.object())?;
        let predicate = document.get_mut("predicate").map_or(Value::Null, Value::take);
        Ok(Self { version, subjects, predicate_type, predicate })
    }

    /// The version of the statement layer.
    #[must_use]
    pub fn version(&self) -> StatementVersion {
        self.version
    }

    /// What the statement is about; never empty.
    #[must_use]
    pub fn subjects(&self) -> &[Subject] {
        &self.subjects
    }

    /// What kind of claim it makes.
    #[must_use]
    pub fn predicate_type(&self) -> &PredicateType {
        &self.predicate_type
    }

    /// The claim itself: an object, or `null` where the statement has none.
    #[must_use]
    pub fn predicate(&self) -> &Value {
        &self.predicate
    }
}

impl PredicateType {
    fn from_uri(uri: &str) -> Self {
        match uri {
            SLSA_V0_2 => Self::Provenance(ProvenanceVersion::V0_2),
            SLSA_V1 => Self::Provenance(ProvenanceVersion::V1),
            other => Self::Other(other.to_owned()),
        }
    }

    /// The uri, as the statement has it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Provenance(ProvenanceVersion::V0_2) => SLSA_V0_2,
            Self::Provenance(ProvenanceVersion::V1) => SLSA_V1,
            Self::Other(uri) => uri,
        }
    }
}

fn parse_subjects(version: StatementVersion, list: &Node<'_>) -> Result<Vec<Subject>, StatementError> {
    let items = list.items()?;
    match items.len() {
        0 => return Err(StatementError::NoSubjects),
        count if count > MAX_SUBJECTS => return Err(StatementError::TooManySubjects { count }),
        _ => {}
    }
    items.map(|item| parse_subject(version, &item)).collect()
}

/// v0.1 requires a name; v1 does not. Both require digests.
fn parse_subject(version: StatementVersion, subject: &Node<'_>) -> Result<Subject, StatementError> {
    let name = match version {
        StatementVersion::V0_1 => Some(subject.required("name")?),
        StatementVersion::V1 => subject.optional("name")?,
    };
    let name = name.map(|name| name.string().map(str::to_owned)).transpose()?;
    let path = format!("{}.digest", subject.path());
    let Some(set) = subject.optional("digest")? else {
        return Err(StatementError::NoDigests { path });
    };
    let entries = set.entries()?;
    match entries.len() {
        0 => return Err(StatementError::NoDigests { path }),
        count if count > MAX_DIGESTS => return Err(StatementError::TooManyDigests { path, count }),
        _ => {}
    }
    let digests = entries.map(|(key, value)| {
        Digest::parse(Algorithm::from_digest_set_key(key), value.string()?)
            .map_err(|source| StatementError::Digest { path: value.path().to_owned(), source })
    });
    Ok(Subject { name, digests: digests.collect::<Result<_, _>>()? })
}
