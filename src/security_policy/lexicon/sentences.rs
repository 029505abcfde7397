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

/// Words before "latest" that take back what follows, or say that it is for some alone.
pub(in crate::security_policy) const HEDGES: &[&str] = &[
    "never",
    "was",
    "were",
    "except",
    "premium",
    "enterprise",
    "paid",
    "commercial",
    "customers",
    "subscribers",
    "sponsors",
];

/// Words after "latest" that make it not the newest release of the project for everyone.
pub(in crate::security_policy) const NARROWING: &[&str] = &[
    "except",
    "excluding",
    "if",
    "was",
    "were",
    "community",
    "customers",
    "subscribers",
    "lts",
    "candidate",
    "candidates",
];

/// What the newest is the newest of.
pub(in crate::security_policy) const NOUNS: &[&str] = &[
    "version",
    "versions",
    "release",
    "releases",
    "minor",
    "major",
    "major.minor",
    "patch",
    "series",
    "line",
    "tag",
    "tags",
    "tagged",
    "stable",
    "released",
    "one",
    "prerelease",
];
