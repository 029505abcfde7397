//! One conclusion about a policy: its rule, how it counts, the line and the sentence.
//!
//! The rule that must not be broken: a rule that is in [`CONCLUSIONS`] never changes its meaning, and none is used that
//! is not in it.

/// How a conclusion counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Status {
    /// The policy holds in this respect.
    Pass,
    /// It does not.
    Fail,
    /// It does, and should be looked at.
    Warn,
    /// It cannot be told.
    Undetermined,
    /// Something to know.
    Info,
}

/// One conclusion about a policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conclusion {
    /// The rule, which never changes its meaning.
    pub rule: &'static str,
    /// How it counts.
    pub status: Status,
    /// The line of the policy that it is about.
    pub line: Option<usize>,
    /// One sentence, or two.
    pub message: String,
    /// What should be there.
    pub expected: Option<String>,
    /// What is there.
    pub found: Option<String>,
    /// What a maintainer can do.
    pub fix: Option<String>,
}

impl Conclusion {
    pub(super) const fn new(
        rule: &'static str,
        status: Status,
        line: Option<usize>,
        message: String,
    ) -> Self {
        Self { rule, status, line, message, expected: None, found: None, fix: None }
    }

    pub(super) fn expected(mut self, text: impl Into<String>) -> Self {
        self.expected = Some(text.into());
        self
    }

    pub(super) fn found(mut self, text: impl Into<String>) -> Self {
        self.found = Some(text.into());
        self
    }

    pub(super) fn fix(mut self, text: impl Into<String>) -> Self {
        self.fix = Some(text.into());
        self
    }
}

/// Every rule that a conclusion can name.
pub const CONCLUSIONS: &[&str] = &[
    "branch",
    "branch-missing",
    "build-numbers",
    "contradiction",
    "development-line",
    "expired",
    "family-unknown",
    "foreign-product",
    "gap",
    "latest-unlisted",
    "latest-unsupported",
    "manifest-differs",
    "never-published",
    "no-releases",
    "no-section",
    "not-machine-readable",
    "nothing-supported",
    "only-pre-release",
    "previous-same-line",
    "promise-too-wide",
    "prose-differs",
    "release-unsupported",
    "retired-family",
    "supported",
    "template",
    "text-damage",
    "unreadable",
];
