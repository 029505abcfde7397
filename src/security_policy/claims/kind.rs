//! The kinds of claims. The name of a kind is that of its rule, and never changes its meaning.

/// What a claim is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ClaimKind {
    /// Releases, tags or artifacts are signed.
    SignedReleases,
    /// Checksums are published.
    Checksums,
    /// Provenance is published (SLSA, attestations).
    Slsa,
    /// A software bill of materials is published.
    Sbom,
    /// A command that verifies a release.
    VerifyCommand,
    /// Dependencies are kept up to date, by Dependabot or Renovate where it says so.
    DependencyUpdates,
    /// Dependencies are searched for known vulnerabilities.
    DependencyScanning,
    /// The code is searched for faults by a tool.
    StaticAnalysis,
    /// Hooks run before commits.
    PreCommit,
    /// The code is searched for secrets.
    SecretScanning,
    /// Container images are searched for vulnerabilities.
    ContainerScanning,
    /// The licences of dependencies are looked at.
    LicenceCheck,
    /// Something is done daily, weekly, monthly.
    Schedule,
    /// The versions of dependencies are locked.
    LockedDependencies,
    /// Workflows name actions by digest.
    PinnedActions,
    /// Workflows have no more permissions than they need.
    LeastPrivilege,
    /// Every change is reviewed.
    Review,
    /// Maintainers log in with more than a password.
    Mfa,
    /// An address for reports.
    Contact,
    /// A placeholder where an address or a name should stand.
    Placeholder,
    /// Reports are taken on the forge, in private.
    PrivateReporting,
    /// Reports are asked for, and no private way is given.
    NoPrivateChannel,
    /// An OpenPGP key, or its fingerprint.
    PgpKey,
    /// When the policy was last changed.
    LastUpdated,
    /// When the policy will be, or how often it is, reviewed.
    ReviewDate,
    /// How soon reports are answered, or faults mended.
    ResponseTimes,
    /// A path or a link into the repository.
    BrokenLink,
    /// A line of a file.
    MovedLine,
    /// No vulnerability was ever reported.
    History,
    /// Where updates are announced.
    UpdateChannels,
    /// A `security.txt` (RFC 9116).
    SecurityTxt,
    /// A `security-insights.yml`.
    SecurityInsights,
    /// A share of the code that tests cover.
    Coverage,
    /// Somebody tries to break in.
    PenetrationTesting,
}

impl ClaimKind {
    /// Every kind.
    pub const ALL: &[Self] = &[
        Self::SignedReleases,
        Self::Checksums,
        Self::Slsa,
        Self::Sbom,
        Self::VerifyCommand,
        Self::DependencyUpdates,
        Self::DependencyScanning,
        Self::StaticAnalysis,
        Self::PreCommit,
        Self::SecretScanning,
        Self::ContainerScanning,
        Self::LicenceCheck,
        Self::Schedule,
        Self::LockedDependencies,
        Self::PinnedActions,
        Self::LeastPrivilege,
        Self::Review,
        Self::Mfa,
        Self::Contact,
        Self::Placeholder,
        Self::PrivateReporting,
        Self::NoPrivateChannel,
        Self::PgpKey,
        Self::LastUpdated,
        Self::ReviewDate,
        Self::ResponseTimes,
        Self::BrokenLink,
        Self::MovedLine,
        Self::History,
        Self::UpdateChannels,
        Self::SecurityTxt,
        Self::SecurityInsights,
        Self::Coverage,
        Self::PenetrationTesting,
    ];

    /// The name of its rule, `policy-claims/NAME`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::SignedReleases => "signed-releases",
            Self::Checksums => "checksums",
            Self::Slsa => "slsa",
            Self::Sbom => "sbom",
            Self::VerifyCommand => "verify-command",
            Self::DependencyUpdates => "dependency-updates",
            Self::DependencyScanning => "dependency-scanning",
            Self::StaticAnalysis => "static-analysis",
            Self::PreCommit => "pre-commit",
            Self::SecretScanning => "secret-scanning",
            Self::ContainerScanning => "container-scanning",
            Self::LicenceCheck => "licence-check",
            Self::Schedule => "schedule",
            Self::LockedDependencies => "locked-dependencies",
            Self::PinnedActions => "pinned-actions",
            Self::LeastPrivilege => "least-privilege",
            Self::Review => "review",
            Self::Mfa => "mfa",
            Self::Contact => "contact",
            Self::Placeholder => "placeholder",
            Self::PrivateReporting => "private-reporting",
            Self::NoPrivateChannel => "no-private-channel",
            Self::PgpKey => "pgp-key",
            Self::LastUpdated => "last-updated",
            Self::ReviewDate => "review-date",
            Self::ResponseTimes => "response-times",
            Self::BrokenLink => "broken-link",
            Self::MovedLine => "moved-line",
            Self::History => "history",
            Self::UpdateChannels => "update-channels",
            Self::SecurityTxt => "security-txt",
            Self::SecurityInsights => "security-insights",
            Self::Coverage => "coverage",
            Self::PenetrationTesting => "penetration-testing",
        }
    }
}
