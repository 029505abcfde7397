//! Why an evidence pack is not saved, or not judged.

use super::FORMAT;
use crate::{
    advisories::snapshot::SnapshotError,
    digest::DigestError,
    json::JsonError,
    release::{ArtifactName, Sha256},
    text::Untrusted,
};
use std::io;

/// Why a pack cannot be saved or loaded.
#[derive(Debug, thiserror::Error)]
pub enum PackError {
    /// There is something where the pack should go.
    #[error("the folder for the evidence is not empty; give a new one")]
    NotEmpty,
    /// Reading or writing failed.
    #[error("{what} of the evidence pack cannot be {verb}")]
    Io {
        /// Which part of the pack.
        what: String,
        /// `read` or `written`.
        verb: &'static str,
        /// Why not.
        #[source]
        cause: io::Error,
    },
    /// There is nothing.
    #[error("there is no such folder or file")]
    Nowhere,
    /// No manifest.
    #[error("it has no manifest.json: it is no evidence pack, or saving it was interrupted")]
    NoManifest,
    /// The manifest is not JSON with one meaning.
    #[error("the manifest of the evidence pack is not readable")]
    Json(#[source] JsonError),
    /// The manifest is JSON, and no manifest.
    #[error("the manifest of the evidence pack does not have the form of one")]
    Form(#[source] serde_json::Error),
    /// The manifest says what one may say, in other bytes than it is written in.
    #[error("the manifest of the evidence pack was edited or formatted anew")]
    Edited,
    /// Another format.
    #[error("the evidence pack has format {found}; this version reads format {FORMAT}")]
    Format {
        /// Its format.
        found: u64,
    },
    /// A file that the manifest does not name.
    #[error("the evidence pack holds {name}, which its manifest does not name")]
    Unknown {
        /// The file.
        name: Untrusted,
    },
    /// A blob that the manifest names is not there.
    #[error("the evidence pack lacks the blob {sha256}")]
    Missing {
        /// Its digest.
        sha256: Sha256,
    },
    /// A blob has other bytes.
    #[error("the blob {sha256} of the evidence pack has other bytes than its name says")]
    Altered {
        /// The digest that it should have.
        sha256: Sha256,
    },
    /// A link, a pipe, a folder or a device.
    #[error("{name} in the evidence pack is not a regular file")]
    NotRegular {
        /// The file.
        name: String,
    },
    /// Too much of something.
    #[error("{what} of the evidence pack: more than {limit}")]
    Limit {
        /// What there is too much of.
        what: &'static str,
        /// How much is read.
        limit: usize,
    },
    /// The digests of a published file.
    #[error("the evidence pack has unusable digests for {name}")]
    Digests {
        /// The file.
        name: ArtifactName,
        /// Why not.
        #[source]
        cause: DigestError,
    },
    /// Two statements of the pack contradict each other.
    #[error("the evidence pack contradicts itself about {about}")]
    Contradiction {
        /// What about.
        about: String,
    },
    /// The archive is not one that this program wrote.
    #[error("the evidence pack is no archive of one: {why}; it is written by `relcheck collect --pack`")]
    Archive {
        /// What is wrong with it.
        why: String,
    },
    /// The advisories.
    #[error("the advisories in the evidence pack are not readable")]
    Advisories(#[source] SnapshotError),
}

impl PackError {
    pub(super) fn reading(what: &str) -> impl Fn(io::Error) -> Self {
        move |cause| Self::Io { what: what.to_owned(), verb: "read", cause }
    }

    pub(super) fn writing(what: &str) -> impl Fn(io::Error) -> Self {
        move |cause| Self::Io { what: what.to_owned(), verb: "written", cause }
    }
}
