//! What a server said about a body by which it can be asked later whether that has changed (RFC 9110, section 13.1).
//!
//! The rule that must not be broken: a mark says nothing of the body itself. Whoever keeps one keeps it with the digest of
//! what was made of that body, and asks by it only while that is still there.

use serde::{Deserialize, Serialize};

/// What is remembered of a body that came whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mark {
    /// Where it came from in the end; only this place is asked by it.
    pub place: String,
    /// Its entity tag.
    pub tag: Option<String>,
    /// When it was changed, as the server wrote it.
    pub modified: Option<String>,
}

/// What came of a request for what may be known already.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Streamed {
    /// The whole body, and by what to ask for it the next time.
    Whole(Option<Mark>),
    /// It is what the mark is of; the sink was given nothing that counts.
    Unchanged,
}
