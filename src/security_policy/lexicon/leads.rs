//! Words of what stands before a table and ends with a colon.
//!
//! Data only. The rule that must not be broken: a word that is missing here leaves a promise as it stands, so that one
//! too many is better than one too few.

/// Words of an example, an aim, a doubt, another time, or of something else than support.
pub(in crate::security_policy) const DOUBTS: &[&str] = &[
    "affected",
    "attempt",
    "compatible",
    "deprecated",
    "example",
    "examples",
    "final",
    "fork",
    "forks",
    "future",
    "goal",
    "goals",
    "hope",
    "hopefully",
    "hypothetical",
    "intend",
    "intended",
    "maximum",
    "maybe",
    "might",
    "minimum",
    "old",
    "perhaps",
    "plan",
    "planned",
    "planning",
    "plans",
    "probably",
    "proposal",
    "proposed",
    "sample",
    "someday",
    "tentative",
    "tentatively",
    "try",
    "trying",
    "unaffected",
    "upcoming",
    "upstream",
    "vulnerable",
    "works",
    "would",
];

/// Words before a day from which something holds.
pub(in crate::security_policy) const BEGINNINGS: &[&str] =
    &["after", "beginning", "effective", "from", "since", "starting", "until"];

/// Words before the name of what something runs on, or is a version of.
pub(in crate::security_policy) const BEFORE_PLATFORMS: &[&str] =
    &["for", "in", "of", "on", "supported", "under", "with"];
