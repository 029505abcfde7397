//! Words of sentences that deny.
//!
//! Data only. The rule that must not be broken: what is not support is not listed among its words.

/// Words between "no longer" and what is so no longer.
pub(in crate::security_policy) const ADVERBS: &[&str] = &[
    "be",
    "being",
    "is",
    "are",
    "actively",
    "officially",
    "formally",
    "fully",
    "currently",
    "generally",
    "any",
    "a",
    "the",
    "our",
    "under",
    "in",
    "subject",
    "to",
    "active",
    "getting",
];

/// Words of support behind it.
pub(in crate::security_policy) const OF_SUPPORT: &[&str] = &[
    "supported",
    "support",
    "supports",
    "supporting",
    "maintained",
    "maintain",
    "maintenance",
    "maintaining",
    "receive",
    "receives",
    "receiving",
    "get",
    "gets",
    "provide",
    "provides",
    "provided",
    "providing",
    "patched",
    "patch",
    "patches",
    "updated",
    "update",
    "updates",
    "fixed",
    "fix",
    "fixes",
    "backport",
    "backported",
    "covered",
    "security",
    "considered",
    "eligible",
    "developed",
    "addressed",
    "have",
    "has",
    "accept",
    "issue",
    "issued",
    "made",
    "apply",
    "applied",
    "publish",
    "bug",
    "bugfixes",
    "have",
];

/// What is wrong with a version, and no support of it.
pub(in crate::security_policy) const PROBLEMS: &[&str] = &[
    "issue",
    "issues",
    "vulnerability",
    "vulnerabilities",
    "advisory",
    "advisories",
    "problem",
    "problems",
    "flaws",
];

/// Words for a part of the versions that a range names.
pub(in crate::security_policy) const OF_FORKS: &[&str] = &[
    "beta",
    "betas",
    "alpha",
    "alphas",
    "fork",
    "forks",
    "nightly",
    "candidate",
    "candidates",
    "snapshot",
    "snapshots",
    "prerelease",
    "prereleases",
    "pre-release",
    "pre-releases",
    "builds",
    "modified",
    "downstream",
    "third-party",
    "unpublished",
];

/// Words of a further clause that promise.
pub(in crate::security_policy) const PROMISING: &[&str] =
    &["receives", "receive", "gets", "get", "maintained", "supported", "only"];
