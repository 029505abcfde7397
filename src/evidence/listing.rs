//! What a forge says of a release, besides its files' bytes. It is the forge's word, and nobody signed it.

use crate::{digest::Digest, release::ObjectId, text::Untrusted};
use jiff::Timestamp;

/// A release as a forge, or an index, lists it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listing {
    /// Where it said so.
    pub origin: String,
    /// How far it is published.
    pub stage: Stage,
    /// Whether the forge lets nobody change it; `None` where the forge does not say.
    pub is_immutable: Option<bool>,
    /// When it was published.
    pub published_at: Option<Timestamp>,
    /// The commit that it says the tag leads to, where it says.
    pub commit: Option<ObjectId>,
    /// The addresses of other releases that the forge keeps of the same tag.
    pub also: Vec<String>,
    /// Its files.
    pub files: Vec<Listed>,
    /// What the forge makes of the repository when it is asked for it: archives that nobody uploaded.
    pub generated: Vec<String>,
}

impl Listing {
    /// What the list is called in findings.
    pub fn called(&self) -> &'static str {
        match self.stage {
            Stage::Indexed => "the index",
            Stage::Draft | Stage::PreRelease | Stage::Full | Stage::Published => "the forge's list",
        }
    }
}

/// How far a release is published.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Not yet.
    Draft,
    /// As one that is not meant for everybody.
    PreRelease,
    /// For everybody.
    Full,
    /// To those who may look; the forge has no word for what is not meant for everybody.
    Published,
    /// As files in an index, which says nothing of it.
    Indexed,
}

/// A file in the list of a forge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// Its name.
    pub name: Untrusted,
    /// Its size in bytes, where the forge says it.
    pub size: Option<u64>,
    /// Its digest, where the forge says it.
    pub digest: Option<Digest>,
    /// When it was uploaded or changed, where the forge says it.
    pub updated_at: Option<Timestamp>,
}
