//! Words that take back what a table or a list says.
//!
//! Data only. The rule that must not be broken: a word that is missing here leaves a promise as it stands, so that one
//! too many is better than one too few.

/// The only words of a footnote that leave what refers to it as it stands.
pub(in crate::security_policy) const HARMLESS_NOTES: &[&str] = &[
    "a",
    "an",
    "the",
    "this",
    "is",
    "and",
    "with",
    "of",
    "our",
    "note",
    "series",
    "line",
    "lines",
    "release",
    "releases",
    "version",
    "versions",
    "newest",
    "latest",
    "current",
    "stable",
    "package",
    "another",
    "synced",
    "lts",
    "will",
    "receive",
    "receives",
    "bug",
    "security",
    "fixes",
    "patches",
    "updates",
    "only",
    "supported",
];

/// Words that deny.
pub(in crate::security_policy) const DENIALS: &[&str] = &[
    "no",
    "not",
    "none",
    "never",
    "neither",
    "nor",
    "anymore",
    "unsupported",
    "unmaintained",
    "deprecated",
    "eol",
    "cannot",
    "don't",
    "doesn't",
    "aren't",
    "isn't",
    "won't",
    "can't",
];

/// Words of what was so once.
pub(in crate::security_policy) const PAST: &[&str] =
    &["formerly", "previously", "used", "dropped", "stopped", "ceased", "discontinued"];

/// Words of what has come to its end.
pub(in crate::security_policy) const AT_AN_END: &[&str] = &[
    "has ended",
    "have ended",
    "reached end",
    "reached its end",
    "reached their end",
    "reached the end",
    "out of support",
    "out of maintenance",
    "end of life",
    "end-of-life",
];

/// Words that point to what stands above.
pub(in crate::security_policy) const POINTERS: &[&str] =
    &["above", "these", "those", "listed", "mentioned", "aforementioned"];

/// Names for what is listed there.
pub(in crate::security_policy) const RELEASES: &[&str] =
    &["version", "versions", "release", "releases", "line", "lines", "series", "branch", "branches", "above"];

/// Words that speak of others, or of a part.
pub(in crate::security_policy) const APART: &[&str] = &[
    "other",
    "others",
    "otherwise",
    "only",
    "older",
    "newer",
    "earlier",
    "prior",
    "previous",
    "before",
    "below",
    "lower",
    "outside",
    "besides",
    "beyond",
    "than",
    "except",
    "some",
    "older-than",
    "anything",
    "everything",
    "unlisted",
    "rest",
    "remaining",
    "if",
    "unless",
];

/// Words that make a denial one of what is not above: "not listed above".
pub(in crate::security_policy) const LISTED: &[&str] =
    &["listed", "mentioned", "in", "above", "shown", "included", "on", "among", "covered", "named"];
