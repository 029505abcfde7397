//! Words of sentences beside a table that bound the support of a line.
//!
//! Data only. The rule that must not be broken: a word that is missing here makes a promise unknown, or leaves another
//! rule to look at the sentence.

/// Words before a time, which then make no condition.
pub(in crate::security_policy) const OF_TIMES: &[&str] = &["until", "till", "before", "after"];

/// Words before the day of an end.
pub(in crate::security_policy) const ENDING: &[&str] =
    &["until", "till", "through", "end", "ends", "expire", "expires", "stops", "lasts"];

/// What may stand between them, in this order.
pub(in crate::security_policy) const ENDS: &[&str] = &[
    "of life ",
    "of support ",
    "of maintenance ",
    "until ",
    "at least ",
    "on ",
    "in ",
    "at ",
    "by ",
    "with ",
];

/// Words that say that nothing else is meant.
pub(in crate::security_policy) const ONLY: &[&str] = &["only", "solely", "exclusively"];

/// Words of a promise to what is named.
pub(in crate::security_policy) const PROMISING: &[&str] = &[
    "support",
    "supported",
    "supports",
    "maintain",
    "maintained",
    "maintains",
    "receive",
    "receives",
    "get",
    "gets",
    "provide",
    "provided",
    "patch",
    "patched",
    "backport",
    "backported",
];

/// Words of fixes that are none for security.
pub(in crate::security_policy) const ORDINARY: &[&str] = &["bug", "bugs", "bugfix", "bugfixes"];

/// Words that make a number one end of what is named.
pub(in crate::security_policy) const OPEN: &[&str] = &[
    "above", "later", "newer", "higher", "greater", "up", "onward", "onwards", "from", "since", "least",
    "than", "prior", "before", "below", "older", "earlier", "lower", "under",
];

/// Words of what is the newest of something.
pub(in crate::security_policy) const NEWEST: &[&str] = &["latest", "newest", "recent"];

/// Words that may stand beside the number of a line.
pub(in crate::security_policy) const NOUNS: &[&str] = &[
    "the", "our", "for", "version", "versions", "release", "releases", "branch", "branches", "line", "lines",
    "series", "major", "minor",
];

/// Verbs of a line that does something itself.
pub(in crate::security_policy) const ACTS: &[&str] = &[
    "adds",
    "added",
    "introduces",
    "introduced",
    "requires",
    "required",
    "uses",
    "used",
    "needs",
    "supports",
    "includes",
    "included",
    "contains",
    "contained",
    "brings",
    "brought",
    "changes",
    "changed",
    "works",
    "runs",
    "depends",
    "fixes",
    "fixed",
    "patches",
    "addresses",
    "addressed",
];

/// Words of what is worked on.
pub(in crate::security_policy) const OF_WORK: &[&str] =
    &["active", "actively", "current", "currently", "developed", "development", "stable", "lts"];

/// Words of what is not out yet.
pub(in crate::security_policy) const YET_TO_COME: &[&str] = &[
    "alpha",
    "beta",
    "future",
    "next",
    "planned",
    "preview",
    "rc",
    "roadmap",
    "unreleased",
    "upcoming",
    "soon",
];

/// Words of the state that a line is in.
pub(in crate::security_policy) const STATES: &[&str] =
    &["support", "supported", "supports", "supporting", "maintain", "maintained", "maintains", "maintenance"];

/// Words of what was so once, or hardly is so.
pub(in crate::security_policy) const FADING: &[&str] =
    &["was", "were", "left", "past", "inactive", "dormant", "rarely", "seldom", "occasionally", "sometimes"];

/// Words before "to" and a line, which then is what they are made for.
pub(in crate::security_policy) const TO_LINES: &[&str] =
    &["updates", "fixes", "patches", "backported", "applied"];
