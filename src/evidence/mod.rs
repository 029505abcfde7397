//! Everything collected about a release: bytes with their origin, or the reason why they could not be had.
//!
//! Nothing here has been believed yet. Failing to look is never the same as finding nothing: see [`Seen`].

use crate::{
    advisories::{locks::tree::File, snapshot::Snapshot},
    digest::Digests,
    framed::Framed,
    inside::{BuildList, Inside},
    release::{ArtifactName, ObjectId, RepositoryName, Sha256},
    text::Untrusted,
};
use jiff::Timestamp;
use std::{collections::BTreeMap, sync::Arc};

mod listing;
pub mod pack;
pub mod project;
mod selected;
mod tree;
pub(crate) mod written;

pub use listing::{Listed, Listing, Stage};
pub use selected::selected;
pub use tree::Tree;

/// What was learned about one thing that was looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Seen<T> {
    /// It exists, and this is it.
    Present(T),
    /// Every place where it could be was read, and it was in none of them.
    Absent {
        /// The places that were read.
        looked_at: Vec<String>,
    },
    /// At least one place could not be read.
    Unavailable {
        /// Why not, and what to do, in words for the report.
        reason: String,
    },
}

impl<T> Seen<T> {
    /// Could not look.
    pub fn unavailable(reason: impl Into<String>) -> Self {
        Self::Unavailable { reason: reason.into() }
    }

    /// What was found, when something was.
    pub fn present(&self) -> Option<&T> {
        match self {
            Self::Present(value) => Some(value),
            Self::Absent { .. } | Self::Unavailable { .. } => None,
        }
    }
}

/// Small bytes kept whole, with their digest and origin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// Digest of `bytes`; findings cite it.
    pub sha256: Sha256,
    /// Where they were read, without anything of the machine that read them: `git:refs/heads/main:SECURITY.md`.
    pub origin: String,
    /// The bytes.
    pub bytes: Vec<u8>,
}

impl Item {
    /// Keeps `bytes`.
    pub fn new(origin: impl Into<String>, bytes: Vec<u8>) -> Self {
        Self { sha256: Sha256::of(&bytes), origin: origin.into(), bytes }
    }

    /// The path at which a commit has it, or its origin where it is of none.
    pub fn path(&self) -> &str {
        self.origin.splitn(3, ':').nth(2).unwrap_or(&self.origin)
    }
}

/// A tag of the repository.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TagRecord {
    /// Its name, without `refs/tags/`.
    pub name: Untrusted,
    /// What the reference points to: a tag object, or the commit itself.
    pub object: ObjectId,
    /// The commit it peels to.
    pub commit: ObjectId,
    /// How it was made.
    pub kind: TagKind,
    /// When the tag was made, or, for a lightweight tag, its commit.
    pub time: Option<Timestamp>,
}

/// How a tag was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TagKind {
    /// A reference to a commit and nothing else.
    Lightweight,
    /// A tag object with an author and a message.
    Annotated,
    /// A tag object that carries a signature.
    Signed,
}

/// The branches of the repository.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Branches {
    /// The default branch, and how that is known.
    pub default: Option<DefaultBranch>,
    /// The names of all branches, sorted.
    pub names: Vec<String>,
    /// Whether the tag's commit can be reached from the default branch; `None` where history is cut short.
    pub contains_tag: Option<bool>,
}

/// The branch that people are shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DefaultBranch {
    /// Its name.
    pub name: String,
    /// Which reference said so, such as `refs/remotes/origin/HEAD`.
    pub said_by: String,
    /// Its newest commit here.
    pub commit: ObjectId,
}

/// A published file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublishedFile {
    /// Its size in bytes; unknown where only a digest was given.
    pub size: Option<u64>,
    /// Its digests: SHA-256 always, others where some evidence speaks of them.
    pub digests: Digests,
    /// Whether the digests were computed here.
    pub bytes: Bytes,
    /// Hashes over it together with what signatures about it add; only where its bytes are not kept.
    pub framed: Vec<Framed>,
    /// The lists that its build left in it.
    pub inside: Inside,
    /// The bytes themselves, for the small files that may speak about others.
    pub content: Option<Item>,
}

/// Where the digest of a file comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bytes {
    /// Computed here, from the bytes.
    Rehashed,
    /// Taken from a list that the verifier gave, without the bytes.
    Recorded,
}

impl Bytes {
    /// The word used in every report.
    pub fn word(self) -> &'static str {
        match self {
            Self::Rehashed => "rehashed",
            Self::Recorded => "recorded",
        }
    }
}

/// Something in the release that could not be taken as a published file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Unread {
    /// What it is called.
    pub name: Untrusted,
    /// Why it was not read.
    pub why: String,
}

/// The published files.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Published {
    /// Those that were read.
    pub files: BTreeMap<ArtifactName, Arc<PublishedFile>>,
    /// Those that were not.
    pub unread: Vec<Unread>,
}

impl Published {
    /// The lists that builds left inside of files, each with its file's name.
    pub fn built(&self) -> impl Iterator<Item = (&str, &BuildList)> {
        self.files.iter().flat_map(|(name, file)| {
            let lists = match &file.inside {
                Inside::Looked(contents) => contents.lists.as_slice(),
                Inside::NotLooked => &[],
            };
            lists.iter().map(|list| (name.as_str(), list))
        })
    }

    /// The files, for the reader of bills of materials.
    pub fn listed(&self) -> BTreeMap<&str, File<'_>> {
        let listed = self.files.iter().map(|(name, file)| {
            let bytes = match &file.content {
                Some(item) => Ok(item.bytes.as_slice()),
                None => Err("its bytes were not kept, so what it lists is not known"),
            };
            (name.as_str(), File { sha256: file.content.as_ref().map(|item| item.sha256), bytes })
        });
        listed.collect()
    }
}

/// Evidence about one release. Saved to a folder, it can be judged again without a network.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// When collection began.
    pub collected_at: Timestamp,
    /// The repository, as the verifier's side names it.
    pub repository: Option<RepositoryName>,
    /// The tag that was asked for.
    pub tag: Untrusted,
    /// That tag in the repository.
    pub tag_record: Seen<TagRecord>,
    /// The bytes of the tag object, as its id was computed over; absent where the tag is lightweight.
    pub tag_object: Seen<Item>,
    /// Every tag of the repository.
    pub tags: Seen<Vec<TagRecord>>,
    /// Its branches.
    pub branches: Seen<Branches>,
    /// What the forge says of the release; `None` where the files were not taken from one.
    pub listing: Option<Seen<Listing>>,
    /// The files published under the tag.
    pub published: Seen<Published>,
    /// The tree at the tag.
    pub tree: Seen<Tree>,
    /// The security policy on the default branch.
    pub security_policy: Seen<Item>,
    /// What the claims of that policy are held against, beside the tree.
    pub project: Seen<project::Project>,
    /// What was known about the packages in the lock files.
    pub advisories: Seen<Snapshot>,
    /// What transparency logs were asked about envelopes that were published without their log entries.
    pub log_entries: LogEntries,
    /// The trusted roots of whoever collected this, each with its name as origin. They are trusted by nobody else, unless
    /// the verifier says so.
    pub trusted_roots: Vec<Item>,
}

/// By the SHA-256 of an envelope, the answers of the logs that know it, each as it came. Nothing in it is verified.
pub type LogEntries = Seen<BTreeMap<Sha256, Seen<Vec<Item>>>>;

/// Why there are no answers of logs in evidence that nobody asked a log about.
pub const NO_LOG_ASKED: &str = "no log was asked about it; collect the evidence again without --offline";
