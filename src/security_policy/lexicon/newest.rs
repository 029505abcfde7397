//! Words around "the latest release".
//!
//! Data only. The rule that must not be broken: a word that is not known here makes the release another, or none.

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
    "minors",
    "major",
    "majors",
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

/// Words between "latest" and what it is the latest of that change nothing.
pub(in crate::security_policy) const PLAIN: &[&str] = &[
    "most",
    "recent",
    "latest",
    "newest",
    "current",
    "github",
    "gitlab",
    "npm",
    "pypi",
    "crates.io",
    "nuget",
    "packagist",
    "rubygems",
    "maven",
    "official",
    "public",
    "published",
    "available",
    "final",
    "full",
    "signed",
    "production",
    "ga",
    "semver",
    "vx.y.z",
    "x.y.z",
    "vx.y",
    "x.y",
    "non-prerelease",
];

/// Words for a kind of release, or for a part of a project, that may be written as names are.
pub(in crate::security_policy) const KINDS: &[&str] = &[
    "long",
    "long-term",
    "term",
    "support",
    "lts",
    "sts",
    "esr",
    "feature",
    "maintenance",
    "security",
    "hotfix",
    "enterprise",
    "pro",
    "professional",
    "business",
    "commercial",
    "premium",
    "community",
    "ultimate",
    "free",
    "paid",
    "open-source",
    "oss",
    "insider",
    "insiders",
    "nightly",
    "canary",
    "edge",
    "extended",
    "monthly",
    "weekly",
    "quarterly",
    "annual",
    "legacy",
    "next",
    "candidate",
    "main",
    "master",
    "hardened",
    "deployed",
    "internal",
    "desktop",
    "mobile",
    "web",
    "cloud",
    "server",
    "client",
    "cli",
    "sdk",
    "api",
    "app",
    "core",
    "firmware",
    "hardware",
    "helm",
    "chart",
    "image",
    "container",
    "plugin",
    "module",
    "extension",
    "driver",
    "and",
    "or",
];

/// Words for what came before the newest.
pub(in crate::security_policy) const EARLIER: &[&str] = &["previous", "prior", "preceding", "penultimate"];

/// Words before "the latest release" that take its support back.
pub(in crate::security_policy) const TAKING_BACK: &[&str] = &[
    "no", "never", "unable", "decline", "stopped", "dropped", "ended", "plan", "planning", "intend", "but",
    "except",
];

/// Words behind it that do.
pub(in crate::security_policy) const ENDED: &[&str] = &["ended", "gone", "dropped", "reached", "formerly"];
