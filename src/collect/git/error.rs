//! Why something of a repository cannot be read.

use super::FormatError;
use crate::text::Untrusted;
use gix::objs::Kind;

/// What a library said about a failure.
pub(super) type Cause = Box<dyn std::error::Error + Send + Sync>;

/// Why a repository could not be read. Object ids and names are shown, paths of the machine are not.
#[derive(Debug, thiserror::Error)]
pub enum GitError {
    /// No repository is there.
    #[error("this is not a git repository, or not one that can be read")]
    NotARepository(#[source] Cause),
    /// It is of a format that is not read.
    #[error(transparent)]
    Format(#[from] FormatError),
    /// A file that git reads is a pipe, a device or a folder.
    #[error("{name} in the git folder is not a regular file")]
    NotRegular {
        /// The file.
        name: &'static str,
    },
    /// Not the name of a tag.
    #[error("{name} cannot be the name of a tag")]
    TagName {
        /// What was given.
        name: Untrusted,
    },
    /// A reference could not be read.
    #[error("the references of the repository cannot be read")]
    References(#[source] Cause),
    /// An object could not be read.
    #[error("the git object {object} cannot be read")]
    Object {
        /// Its id.
        object: String,
        /// Why not.
        #[source]
        cause: Cause,
    },
    /// An object is not in the repository.
    #[error("the git object {object} is not in this repository; fetch it, or use a full clone")]
    MissingObject {
        /// Its id.
        object: String,
    },
    /// The bytes of an object do not have its id.
    #[error("the git object {object} has other bytes than its id was made of")]
    Corrupt {
        /// Its id.
        object: String,
    },
    /// An object has a header twice.
    #[error("the git object {object} has the header {header} twice")]
    DuplicateHeader {
        /// Its id.
        object: String,
        /// The header.
        header: Untrusted,
    },
    /// An object breaks the rules of its format.
    #[error("the git object {object} is malformed: {why}")]
    Malformed {
        /// Its id.
        object: String,
        /// Which rule.
        why: &'static str,
    },
    /// An object is of another kind than what points to it says.
    #[error("the git object {object} is a {is}, where a {expected} was expected")]
    Kind {
        /// Its id.
        object: String,
        /// What it is.
        is: Kind,
        /// What it should be.
        expected: Kind,
    },
    /// A tag does not lead to a commit.
    #[error("the tag {tag} points to a {kind}, not to a commit")]
    NotACommit {
        /// The tag.
        tag: Untrusted,
        /// What it points to.
        kind: Kind,
    },
    /// A tag object was made under another name than the reference that points to it.
    #[error("the tag {tag} points to a tag object that calls itself {says}")]
    OtherName {
        /// The reference.
        tag: Untrusted,
        /// The name in the object.
        says: Untrusted,
    },
    /// A folder of the tree cannot be looked into.
    #[error("the folder {path} {why}")]
    Folder {
        /// The folder, as asked for.
        path: String,
        /// Why not.
        why: &'static str,
    },
    /// A repository on another machine that could not be asked, or that answers with something else.
    #[error("{reason}")]
    Remote {
        /// Who, why, and what to do.
        reason: String,
    },
    /// A pack of objects that is none.
    #[error("what {url} sent is no pack of git objects that can be read")]
    Pack {
        /// Who sent it.
        url: String,
        /// Why not.
        #[source]
        cause: Cause,
    },
    /// Too much of something.
    #[error("{what}: more than {limit}")]
    Limit {
        /// What there is too much of.
        what: &'static str,
        /// How much is read.
        limit: u64,
    },
}
