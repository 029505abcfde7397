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

/// Words that say as a whole that something is supported no more.
pub(in crate::security_policy) const UNSUPPORTED: &[&str] = &[
    "unsupported",
    "unmaintained",
    "deprecated",
    "eol",
    "end-of-life",
    "discontinued",
    "abandoned",
    "retired",
    "ceased",
];

/// Words of those for whom alone something is, or of what is not promised for certain.
pub(in crate::security_policy) const BOUNDS: &[&str] = &[
    "customer",
    "customers",
    "sponsor",
    "sponsors",
    "subscriber",
    "subscribers",
    "subscription",
    "contract",
    "paid",
    "paying",
    "enterprise",
    "commercial",
    "premium",
    "best-effort",
];

/// Words of a table or a policy that does not hold.
pub(in crate::security_policy) const VOID: &[&str] = &[
    "draft",
    "template",
    "placeholder",
    "outdated",
    "obsolete",
    "ignore",
    "historical",
    "invalid",
    "expired",
];

/// Words of titles that take back what stands under them.
pub(in crate::security_policy) const TITLES: &[&str] = &[
    "not",
    "formerly",
    "previously",
    "planned",
    "upcoming",
    "future",
    "proposed",
    "draft",
    "example",
    "template",
];

/// Words of titles of what has ended, where nothing in them says that it goes on.
pub(in crate::security_policy) const ENDED_TITLES: &[&str] = &[
    "unsupported",
    "non-supported",
    "unmaintained",
    "eol",
    "end-of-life",
    "legacy",
    "deprecated",
    "retired",
    "discontinued",
    "obsolete",
    "archived",
    "abandoned",
];

/// Words of titles that say that it goes on, or that speak of how it ends.
pub(in crate::security_policy) const AFFIRMING: &[&str] = &[
    "supported",
    "support",
    "current",
    "active",
    "lts",
    "stable",
    "latest",
    "maintained",
    "maintenance",
    "policy",
    "schedule",
    "dates",
    "date",
    "timeline",
    "lifecycle",
    "matrix",
    "plan",
    "process",
];

/// What a project calls itself.
pub(in crate::security_policy) const HOLDERS: &[&str] =
    &["project", "repository", "repo", "package", "library", "crate", "module", "plugin", "software", "tool"];

/// Words between it and its end.
pub(in crate::security_policy) const LINKS: &[&str] = &[
    "is",
    "has",
    "was",
    "been",
    "now",
    "currently",
    "officially",
    "permanently",
    "no",
    "not",
    "longer",
    "being",
    "actively",
    "reached",
    "at",
    "its",
    "the",
    "already",
];

/// Words of its end.
pub(in crate::security_policy) const ENDINGS: &[&str] = &[
    "archived",
    "unmaintained",
    "unsupported",
    "deprecated",
    "abandoned",
    "discontinued",
    "retired",
    "eol",
    "end-of-life",
    "sunset",
];

/// Words of a condition, or of a time to come.
pub(in crate::security_policy) const IF: &[&str] = &[
    "if", "when", "whenever", "once", "should", "unless", "until", "before", "after", "would", "case", "ever",
];

/// Words of what has come to its end.
pub(in crate::security_policy) const AT_AN_END: &[&str] = &[
    "has ended",
    "have ended",
    "support ended",
    "ended in",
    "ended on",
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
