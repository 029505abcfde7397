//! What can be wrong with a release, one thing each.

use super::advisories::Advisory;
use super::bundle::Fault;
use super::certificates::Extension;

/// Which of a release's signatures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    /// All of them.
    Every,
    /// That of the checksum file.
    Checksums,
    /// That of one artifact.
    Artifact(usize),
    /// Those of all artifacts.
    Artifacts,
    /// That of the provenance.
    Provenance,
}

impl Which {
    /// Whether `other`, which names a single signature, is among them.
    pub fn includes(self, other: Self) -> bool {
        self == Self::Every
            || self == other
            || (self == Self::Artifacts && matches!(other, Self::Artifact(_)))
    }
}

/// A field of the provenance, apart from what the certificate says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    /// `_type`.
    StatementType,
    /// `predicateType`.
    PredicateType,
    /// `buildType`.
    BuildType,
    /// `builder.id`.
    Builder,
    /// Repository URI, wherever it is said.
    Source,
    /// Git ref, wherever it is said.
    Reference,
    /// Commit, wherever it is said.
    Commit,
    /// Path of the workflow.
    Workflow,
    /// Event.
    Trigger,
    /// The run.
    Invocation,
    /// Runner environment (SLSA v1 only).
    Runner,
}

/// What is wrong with a release. Numbers are indices of artifacts.
///
/// Whatever is published is made consistently with the fault: a wrong checksum line is signed as it stands, so that
/// only the check it belongs to can see it. [`Spoil::ArtifactChanged`] and [`Spoil::ChecksumsChanged`] come after.
#[derive(Debug, Clone, Copy)]
pub enum Spoil {
    /// Those bundles have that fault. Of detached signatures, only [`Fault::SigningKey`] and
    /// [`Fault::SignatureBroken`] can be.
    Bundle(Which, Fault),
    /// Those signatures are not published. The provenance goes with its own.
    Unsigned(Which),
    /// Those certificates have another subject alternative name.
    San(Which, &'static str),
    /// Those certificates have another issuer.
    Issuer(Which, &'static str),
    /// Those certificates have another claim, or lack it.
    Claim(Which, Extension, Option<&'static str>),
    /// The artifact has the next one's bundle.
    OtherArtifactsBundle(usize),
    /// The bundle's file is not JSON.
    BundleUnreadable(Which),

    /// The provenance says another SHA-256 of that artifact.
    SubjectDigest(usize),
    /// The provenance says the right SHA-256 of that artifact, and a wrong SHA-512.
    SubjectSha512(usize),
    /// The provenance does not say that artifact.
    SubjectMissing(usize),
    /// The provenance says something else in that field.
    Provenance(Field, &'static str),

    /// The checksum file says another digest of that artifact.
    ChecksumWrong(usize),
    /// The checksum file does not list that artifact.
    ChecksumMissing(usize),
    /// The checksum file lists a file that is not published.
    ChecksumExtra,
    /// The checksum file lists that artifact twice, with different digests.
    ChecksumConflict(usize),
    /// The checksum file has a line that is none.
    ChecksumUnreadable,
    /// There is no checksum file, nor its signature.
    ChecksumsMissing,
    /// The checksum file got a further empty line after it was signed.
    ChecksumsChanged,

    /// One byte of that artifact changed after everything was signed.
    ArtifactChanged(usize),
    /// That artifact is not published; the files beside it are.
    ArtifactMissing(usize),
    /// There is a further artifact of which nothing speaks.
    ArtifactExtra,

    /// The tag is lightweight.
    TagLightweight,
    /// The tag is signed by the maintainer's SSH key. This one is no fault.
    TagSigned,
    /// The tag has a signature over something else.
    TagBadlySigned,
    /// The tag was moved to the next commit after the release was built; nothing else differs there.
    TagMoved,
    /// There is no such tag.
    TagMissing,
    /// Cargo.toml at the tag says another version.
    ManifestVersion,
    /// There is no Cargo.lock at the tag.
    LockMissing,
    /// A file at every commit is another one, or is missing.
    File(&'static str, Option<&'static str>),
    /// The table of SECURITY.md says that the latest release is not supported.
    LatestUnsupported,
    /// The table of SECURITY.md names a version that was never published.
    NeverPublished,
    /// The table of SECURITY.md has a cell that nobody can read.
    TableUnreadable,

    /// The advisory database has one more advisory.
    Advisory(Advisory),
    /// There is no advisory database.
    AdvisoriesMissing,
    /// The trusted root is that of another Sigstore.
    TrustedRoot,
}
