//! Words of the reason before what a sentence says.
//!
//! Data only. The rule that must not be broken: no opener is one of a condition, a time, or of somebody else.

/// Clauses without weight.
pub(in crate::security_policy) const OPENERS: &[&[&str]] = &[&["in", "general"], &["generally", "speaking"]];

/// Beginnings of a reason.
pub(in crate::security_policy) const BECAUSE: &[&[&str]] = &[
    &["due", "to"],
    &["owing", "to"],
    &["because", "of"],
    &["given", "our"],
    &["given", "its"],
    &["given", "limited"],
    &["on", "account", "of"],
    &["in", "view", "of"],
    &["for", "lack", "of"],
];

/// What a project says that it is: "as a volunteer project".
pub(in crate::security_policy) const WE: &[&str] = &[
    "project",
    "library",
    "package",
    "team",
    "effort",
    "maintainer",
    "developer",
    "hobby",
    "hobbyist",
    "volunteer",
    "volunteers",
];

/// Words that make it more than a reason.
pub(in crate::security_policy) const KEPT: &[&str] = &[
    "if",
    "when",
    "unless",
    "once",
    "until",
    "till",
    "while",
    "after",
    "before",
    "since",
    "except",
    "only",
    "but",
    "request",
    "customers",
    "subscribers",
    "sponsors",
    "contract",
    "enterprise",
    "commercial",
    "paid",
    "fork",
    "forked",
    "upstream",
    "archived",
    "sunset",
    "deprecation",
    "end",
    "eol",
];
