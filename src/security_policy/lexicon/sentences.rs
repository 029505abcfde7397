//! Words of sentences.
//!
//! Data only. The rule that must not be broken: advice and denial are looked up before support,
//! so a phrase that is missing there can make a promise of a sentence that is none.

/// Phrases of advice to users, which promises nothing.
pub(in crate::security_policy) const ADVICE: &[&str] = &[
    "recommend",
    "urged",
    "encourage",
    "advised",
    "upgrade to",
    "upgrading to",
    "update to",
    "updating to",
    "use the latest",
    "using the latest",
    "running the latest",
    "users should",
    "users must",
    "you should",
    "make sure",
    "please use",
    "please update",
    "keep ",
];

/// Words that make a sentence one about support.
pub(in crate::security_policy) const ABOUT: &[&str] = &[
    "support",
    "supported",
    "supports",
    "maintained",
    "maintains",
    "maintain",
    "fixes",
    "patches",
    "updates",
    "patch",
    "fix",
    "receive",
    "receives",
    "address",
    "addressed",
    "backport",
    "backports",
];

/// Phrases that deny support.
pub(in crate::security_policy) const DENIED: &[&str] = &[
    "not supported",
    "no longer",
    "unsupported",
    "not maintained",
    "unmaintained",
    "end of life",
    "end-of-life",
    "not receive",
    "not be supported",
    "not be maintained",
    "not provide",
    "do not backport",
    "not actively",
    "not get",
    "never ",
    "no security",
    "not be backported",
    "not backported",
    "not covered",
    "not eligible",
];

/// Names of branches.
pub(in crate::security_policy) const BRANCHES: &[&str] =
    &["main", "master", "develop", "devel", "trunk", "default"];

/// Words before the name of a branch that is not called one: "on `main`".
pub(in crate::security_policy) const BEFORE_BRANCH: &[&str] =
    &["on", "to", "in", "into", "from", "against", "of", "support", "supports", "maintain", "both"];

/// Words that may follow it.
pub(in crate::security_policy) const BEHIND_BRANCH: &[&str] = &[
    "and", "or", "plus", "as", "only", "is", "are", "receives", "gets", "for", "when", "if", "before",
    "first",
];

/// Words that may stand between two things that are supported.
pub(in crate::security_policy) const JOINING: &[&str] = &[
    "and", "plus", "&", "as", "well", "both", "also", "the", "our", "its", "most", "current", "latest", "in",
    "on", "to", "for",
];

/// Words after "and" that begin a clause of its own, and no second thing.
pub(in crate::security_policy) const CLAUSES: &[&str] = &[
    "are",
    "is",
    "will",
    "may",
    "then",
    "we",
    "they",
    "it",
    "this",
    "there",
    "get",
    "gets",
    "receive",
    "receives",
    "released",
    "shipped",
    "included",
    "published",
    "not",
    "no",
];

/// Words of a condition.
pub(in crate::security_policy) const WHETHER: &[&str] =
    &["if", "when", "where", "unless", "once", "whenever", "practical", "possible", "feasible"];

/// Words of what is done only where it can be.
pub(in crate::security_policy) const POSSIBLY: &[&str] =
    &["practical", "practicable", "possible", "feasible", "reasonable"];

/// Words at the beginning of a sentence that say "now", or "only", and change nothing of what it names.
pub(in crate::security_policy) const NOW: &[&[&str]] = &[
    &["currently"],
    &["presently"],
    &["now"],
    &["today"],
    &["only"],
    &["officially"],
    &["generally"],
    &["at", "present"],
    &["at", "the", "moment"],
    &["at", "this", "time"],
    &["at", "this", "point"],
    &["right", "now"],
    &["for", "now"],
    &["as", "of", "now"],
    &["as", "of", "today"],
];

/// Words at the beginning of a sentence that say from when on, or until when, it holds.
pub(in crate::security_policy) const LATER: &[&str] =
    &["starting", "beginning", "from", "until", "till", "before", "with", "upon", "effective", "following"];

/// Phrases of a sentence that promises nothing for certain.
pub(in crate::security_policy) const FAVOURS: &[&str] = &[
    "best effort",
    "best-effort",
    "case by case",
    "case-by-case",
    "on request",
    "upon request",
    "per request",
    "by request",
    "at our discretion",
];

/// Words that promise support in a sentence.
pub(in crate::security_policy) const PROMISES: &[&str] = &[
    "support",
    "supports",
    "supported",
    "maintain",
    "maintains",
    "maintained",
    "receive",
    "receives",
    "backport",
    "backports",
];

/// Words for versions in a sentence.
pub(in crate::security_policy) const VERSIONS: &[&str] = &[
    "version", "versions", "release", "releases", "branch", "branches", "series", "line", "lines", "major",
    "minor",
];

/// Words before "versions" that do not say which they are.
pub(in crate::security_policy) const STATES: &[&str] = &[
    "supported",
    "maintained",
    "unsupported",
    "unmaintained",
    "end-of-life",
    "eol",
    "affected",
    "vulnerable",
];

/// Words for the versions that a list names.
pub(in crate::security_policy) const ANNOUNCED: &[&str] = &["versions", "releases", "branches", "lines"];

/// Words before a list that make it one of something else, or of some fixes.
pub(in crate::security_policy) const NO_LEAD: &[&str] = &[
    "affected",
    "vulnerable",
    "fixed",
    "patched",
    "tested",
    "critical",
    "when",
    "until",
    "after",
    "once",
    "how",
    "which",
    "included",
    "include",
    "final",
    "last",
    "month",
    "advisories",
];

/// What versions get.
pub(in crate::security_policy) const FIXES: &[&str] = &["updates", "fixes", "patches", "bugfixes"];

/// Words of what a version is supported for.
pub(in crate::security_policy) const PURPOSES: &[&str] =
    &["active", "development", "security", "bug", "all", "regular", "feature", "and", "&", "new"];

/// Words by which they get it: "updates are provided for".
pub(in crate::security_policy) const GIVEN: &[&str] =
    &["provided", "released", "issued", "published", "made", "shipped", "delivered", "applied", "backported"];

/// Words around what they get and how.
pub(in crate::security_policy) const GIVING: &[&str] = &[
    "security",
    "bug",
    "and",
    "are",
    "is",
    "we",
    "provide",
    "release",
    "publish",
    "for",
    "to",
    "the",
    "currently",
];

/// Verbs of a sentence that says of a line whether it is supported.
pub(in crate::security_policy) const VERBS: &[&str] =
    &["is", "are", "will", "receives", "receive", "has", "have"];

/// Verbs before the versions of something else.
pub(in crate::security_policy) const NEEDS: &[&str] =
    &["need", "needs", "needing", "require", "requires", "requiring", "uses", "using", "with"];
