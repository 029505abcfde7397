//! Why an index is not one.

use super::{FORMAT, INDEX_LIMIT};
use std::io;
use thiserror::Error;

/// Why an index cannot be used or made.
#[derive(Debug, Error)]
pub enum IndexError {
    /// It cannot be read.
    #[error("cannot read the advisory index")]
    Unreadable(#[source] io::Error),
    /// Larger than [`INDEX_LIMIT`].
    #[error("the advisory index is larger than {INDEX_LIMIT} bytes")]
    TooLarge,
    /// It begins like something else, or is empty.
    #[error("this is not an advisory index")]
    NotAnIndex,
    /// Written by another version of relcheck.
    #[error(
        "the advisory index has format {found}, and this version reads format {FORMAT}; build it anew (relcheck advisories build or update)"
    )]
    OtherFormat {
        /// Its format.
        found: u32,
    },
    /// Cut off, or with bytes after its end.
    #[error(
        "the advisory index has {found} bytes, and says that it has {expected}: it was cut off or added to"
    )]
    WrongLength {
        /// The length that its parts add up to.
        expected: u64,
        /// Its length.
        found: u64,
    },
    /// Its bytes are not those that were written.
    #[error("the advisory index was changed: its BLAKE3 digest does not match")]
    Changed,
    /// Asked about an ecosystem that it was not read for.
    #[error("the advisory index was not read for packages of this ecosystem")]
    NotRead,
    /// Parts that contradict each other.
    #[error("the advisory index is damaged: {0}")]
    Damaged(&'static str),
    /// No source, or no advisories.
    #[error("the advisory index would be empty")]
    Empty,
    /// Two sources of one name.
    #[error("two databases are called {0}")]
    SameName(String),
}
