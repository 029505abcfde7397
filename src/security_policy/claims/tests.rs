//! Each kind of claim: a text that makes it, and a near miss that does not.

mod nobody;
mod places;
mod trades;

use super::*;
use ClaimKind::*;

fn read(text: &str) -> Vec<Claim> {
    claims("SECURITY.md", text.as_bytes()).all
}

/// The claims of a text: `line:kind`, with a tilde before an aim.
fn told(text: &str) -> Vec<String> {
    let one = |claim: &Claim| {
        let tone = if claim.tone == Tone::Aim { "~" } else { "" };
        format!("{tone}{}:{}", claim.line, claim.kind.name())
    };
    read(text).iter().map(one).collect()
}

/// For each kind: texts that claim it, and near misses that do not.
const CASES: &[(ClaimKind, &[&str], &[&str])] = &[
    (
        SignedReleases,
        &[
            "- **Signed Releases**: All releases are signed and checksummed",
            "Release artifacts are signed with cosign and can be verified.",
            "`checksums.txt` is signed with [cosign](https://example.org).",
            "We sign all tags with GPG.",
            "All releases are signed when the pipeline publishes them.",
            "Each release comes with:\n\n- Sigstore signatures\n",
        ],
        &[
            "Releases are not signed.",
            "It is false that all releases are signed.",
            "We gave up on signing all releases.",
            "A release is signed when a maintainer has a key.",
            "We plan to sign our releases.",
            "Releases may be signed.",
            "If a release is signed, check it.",
            "You should sign your release artifacts.",
            "Sign your releases with cosign.",
            "## Best Practices\n\n- Signed releases are safer to use",
            "Width and height are signed 32-bit integers in a release.",
            "Each release publishes a signed manifest of its scripts.",
            "> All releases are signed.",
            "```\nAll releases are signed\n```",
            "- [ ] All releases are signed",
            "Are your releases signed?",
            "Container images are signed with cosign in the build.",
            "All commits in a release are signed off.",
        ],
    ),
    (
        Checksums,
        &[
            "All releases are signed and checksummed.",
            "SHA256 checksums of all release artifacts are published.",
        ],
        &[
            "Verify model checksums when available",
            "We do not publish checksums of releases.",
            "Compare the checksums of your downloads.",
            "The library computes checksums.",
        ],
    ),
    (
        Slsa,
        &["The release workflow creates SLSA Level 3 provenance.", "Every release has build provenance."],
        &[
            "`slsa-verifier` is a tool.",
            "There is no SLSA provenance yet.",
            "The provenance of your data is your own concern.",
            "SLSA provenance of the container image is stored in the registry.",
        ],
    ),
    (
        Sbom,
        &["- **SBOM** — software bill of materials published with every release"],
        &["We do not publish an SBOM with releases.", "Use an SBOM to check your build."],
    ),
    (
        VerifyCommand,
        &[
            "```sh\ncosign verify-blob \\\n  --bundle a.json a\n```",
            "    gpg --verify a.asc a\n",
            "```sh\n$ sha256sum -c SHA256SUMS\n$ exit\n```",
        ],
        &[
            "```sh\n# cosign verify-blob is a command\ncosign version\n```",
            "Use `cosign verify-blob`.",
            "```sh\nexit 0\nsha256sum -c SHA256SUMS\n```",
        ],
    ),
    (
        DependencyUpdates,
        &[
            "- **Updates**: Dependabot creates pull requests",
            "1. **Dependabot**\n",
            "We:\n\n- Regularly update dependencies\n",
            "Dependencies are regularly updated.",
        ],
        &[
            "- Enable Dependabot alerts",
            "Keep your dependencies updated.",
            "Such flaws are addressed by updating the dependency.",
            "## Checklist\n\n- Dependencies are regularly updated\n",
        ],
    ),
    (
        DependencyScanning,
        &[
            "- **Dependency Scanning**: Regular checks for known vulnerabilities in dependencies",
            "We:\n\n- Use tools like `pip-audit` to check for vulnerabilities\n",
            "Vulnerability scanning with Dependabot for Python packages",
        ],
        &[
            "- Use tools like `pip-audit` to check for vulnerabilities\n",
            "Review Dependencies: Regularly audit dependencies for vulnerabilities",
            "Dependency vulnerabilities are reported to their own project.",
            "To check your installation:\n\n```\npip-audit\n```",
            "- [ ] Dependencies scanned for vulnerabilities",
        ],
    ),
    (
        StaticAnalysis,
        &["- **CodeQL** — static analysis", "Security scanning with ruff and mypy on all code changes"],
        &[
            "We do not accept reports of static analysis tools.",
            "Run CodeQL on your own code.",
            "We use mypy.",
        ],
    ),
    (
        PreCommit,
        &["- **Pre-commit hooks**: Security scanning before code commits"],
        &["Install the pre-commit hooks before you write code.", "Made in a pre-commit state."],
    ),
    (
        SecretScanning,
        &["- **Secret Detection**: Automated scanning for exposed secrets"],
        &["- Never scan secrets into logs", "Secrets are kept in a vault."],
    ),
    (
        ContainerScanning,
        &["- **Container Security**: Docker image vulnerability scanning"],
        &["- Scan images for vulnerabilities", "Vulnerability scanning with Dependabot for Docker images"],
    ),
    (
        LicenceCheck,
        &["- **License Compliance**: Automated license compatibility checking"],
        &["This project has the MIT license.", "Check your license compliance."],
    ),
    (
        Schedule,
        &["- **Automated scanning**: Daily vulnerability checks"],
        &["We send a weekly status update on the scan.", "Scan daily."],
    ),
    (
        LockedDependencies,
        &["- **Dependency pinning**: Locked dependency versions"],
        &[
            "Pin your dependency versions.",
            "The account of the reporter is locked.",
            "Callers remain responsible for locked dependency versions.",
            "## CVE-2031-0001\n\n- **Strict pinning**: Locked dependency versions",
            "## Flaws\n\nRemediation in Widget v2.7.0:\n\n- **Strict pinning**: Locked dependency versions",
        ],
    ),
    (
        PinnedActions,
        &["All GitHub Actions are pinned by commit SHA."],
        &["Pin GitHub Actions by SHA.", "The action returns a digest."],
    ),
    (
        LeastPrivilege,
        &["- **Minimal permissions**: Least-privilege principle in CI/CD"],
        &[
            "- **Principle of Least Privilege**: Minimal required permissions",
            "Use minimal permissions in your CI.",
        ],
    ),
    (
        Review,
        &["- **Code Review**: All changes require review before merging"],
        &["All code must be reviewed.", "We review all reports.", "Reviews of code are welcome."],
    ),
    (
        Mfa,
        &["The organization requires 2FA authorization for all of its members."],
        &["Enable 2FA.", "We do not require MFA."],
    ),
    (
        Contact,
        &["Email security@acme.dev", "## Contact\n\n`security [at] acme [dot] dev`"],
        &["Install `@acme/widget`.", "git clone git@github.com:acme/widget", "Email us."],
    ),
    (
        Placeholder,
        &[
            "Email security reports to: **[MAINTAINER_EMAIL]**",
            "Send an email to [security@yourdomain.com] with:",
            "Contact security@example.com",
            "[Email us](mailto:)",
            "Report to {{ SECURITY_EMAIL }}",
            "Contact: [INSERT CONTACT METHOD]",
        ],
        &[
            "[email](mailto:security@acme.dev)",
            "Put [SECURITY] in the subject of the email.",
            "> [!NOTE]\n> Report by email.",
            "```\ncontact security@example.com\n```",
            "A user such as me@example.com logs in.",
        ],
    ),
    (
        PrivateReporting,
        &[
            "Report [here](https://github.com/acme/widget/security/advisories/new).",
            "We use private vulnerability reporting.",
            "Do not open an issue; use private vulnerability reporting.",
            "If you find a flaw, use GitHub's private vulnerability reporting.",
            "Private vulnerability reporting is enabled. If private vulnerability reporting is not available to you, email us.",
        ],
        &[
            "See our [advisories](https://github.com/acme/widget/security/advisories).",
            "The repository is closed, so *private vulnerability reporting* is not available.",
            "Private vulnerability reporting is\ndisabled here.",
            "We do not offer private vulnerability reporting.",
            "There is no private vulnerability reporting.",
            "If private vulnerability reporting is not enabled, email us.",
            "Where GitHub's private vulnerability reporting is enabled, use it.",
            "Use private vulnerability reporting when enabled, or email us.",
            "Use private vulnerability reporting for this repository if it is available.",
        ],
    ),
    (
        NoPrivateChannel,
        &["If you find a vulnerability, create an issue for it."],
        &[
            "Do not open an issue for a vulnerability.",
            "Open an issue for a vulnerability, or email us.",
            "Open an issue for a bug.",
        ],
    ),
    (
        PgpKey,
        &[
            "```\n-----BEGIN PGP PUBLIC KEY BLOCK-----\nx\n-----END PGP PUBLIC KEY BLOCK-----\n```",
            "PGP fingerprint: 0123 4567 89AB CDEF 0123  4567 89AB CDEF 0123 4567",
            "- **GPG Key**: Available upon request",
            "To encrypt (optional), the public key ID is 0x0123456789abcdef, on most keyservers.",
        ],
        &[
            "There is no PGP key.",
            "The PGP key fingerprint will be published before 1.0.",
            "PGP key: coming soon",
            "**PGP key:** [Optional: include PGP fingerprint]",
            "The public key ID of an account is a number.",
            "Commit 0123456789abcdef0123456789abcdef01234567 is bad.",
        ],
    ),
    (
        LastUpdated,
        &["**Last Updated**: November 1, 2025", "_Last reviewed on 2025-10-31._"],
        &["Last updated: soon", "The time of the last update is stored."],
    ),
    (
        ReviewDate,
        &[
            "**Next Review:** 2026-01-31",
            "*This security policy is reviewed quarterly and updated as needed.*",
        ],
        &["Next Review: soon", "Permissions are reviewed quarterly."],
    ),
    (
        ResponseTimes,
        &[
            "- **Initial Response**: Within 48 hours",
            "- Critical: 7 days",
            "## Reporting\n\nWe respond within two days.",
        ],
        &[
            "- Sessions end after 30 minutes",
            "- Within 48 hours you can reply",
            "Version 2 was fixed in 3 days.",
        ],
    ),
    (
        BrokenLink,
        &[
            "[docs](docs/a.md)",
            "[there](#nowhere)",
            "See `.github/dependabot.yml`",
            "Keys are checked in `src/keys.py`.",
        ],
        &[
            "[web](https://acme.dev/a.md)",
            "[issues](../../issues)",
            "Store keys in `config/keys.yml`",
            "`example.org/a.md` is a page.",
            "[web](www.acme.dev/a)",
            "```\n[docs](docs/a.md)\n```",
        ],
    ),
    (MovedLine, &["See: `src/a.py:167`", "`a.py:12`"], &["`a.py:0`", "`host.example:443`", "`src/a.py`:12"]),
    (
        History,
        &["No security vulnerabilities have been reported to date."],
        &["If no vulnerabilities are reported, we rest.", "Known vulnerabilities are published."],
    ),
    (
        UpdateChannels,
        &[
            "Security updates are distributed via:\n\n- PyPI package updates\n",
            "Fixes are announced in the CHANGELOG.",
        ],
        &["Follow the CHANGELOG for updates.", "The changelog is long."],
    ),
    (SecurityTxt, &["See our `security.txt`."], &["See our security page."]),
    (SecurityInsights, &["See security-insights.yml."], &["See our insights."]),
    (Coverage, &["- 80%+ test coverage"], &["- Good test coverage", "80% of users"]),
    (
        PenetrationTesting,
        &["- Penetration testing (quarterly)"],
        &["Do not do penetration testing.", "Penetration testing reports are welcome."],
    ),
];

#[test]
fn every_kind_is_found_where_it_is_claimed_and_not_where_it_is_nearly_claimed() {
    let found = |text: &str, kind| read(text).iter().any(|claim| claim.kind == kind);
    let (mut hits, mut misses, mut wrong) = (0, 0, Vec::new());
    for (kind, claimed, near) in CASES {
        for text in *claimed {
            hits += 1;
            if !found(text, *kind) {
                wrong.push(format!("{} is not found: {text:?}: {:?}", kind.name(), told(text)));
            }
        }
        for text in *near {
            misses += 1;
            if found(text, *kind) {
                wrong.push(format!("{} is found: {text:?}", kind.name()));
            }
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
    let kinds: std::collections::BTreeSet<_> = CASES.iter().map(|(kind, ..)| *kind).collect();
    assert_eq!(kinds.len(), ClaimKind::ALL.len());
    println!("{hits} claims and {misses} near misses of {} kinds", kinds.len());
}

#[test]
fn what_is_aimed_at_is_no_promise() {
    for (text, expected) in [
        ("We aim to sign all releases.", "~1:signed-releases"),
        ("The project aims to follow:\n\n- **Supply Chain**: Using SLSA framework principles\n", "~3:slsa"),
        (
            "Acme aims to follow standards and best practices:\n\n- **Supply Chain**: Using SLSA framework principles\n",
            "~3:slsa",
        ),
        ("Most releases are signed.", "~1:signed-releases"),
        ("We strive to sign every release.", "~1:signed-releases"),
    ] {
        assert_eq!(told(text), [expected], "{text}");
    }
}

#[test]
fn claims_have_the_line_they_stand_on() {
    let text = "# Policy\n\n- **Signed Releases**: All releases\n  are signed\n\n**Last Updated:** 2025-10-31\n\
                **Next Review:** 2026-01-31  \nWrite to\nsecurity@acme.dev\n";
    assert_eq!(told(text), ["3:signed-releases", "6:last-updated", "7:review-date", "9:contact"]);
}

#[test]
fn what_a_claim_names_is_kept() {
    let detail = |text: &str| read(text).remove(0).detail;
    let scan = detail("Vulnerability scanning with Dependabot for Python packages and Docker images, weekly");
    assert_eq!(scan.tools, ["dependabot"]);
    assert_eq!(scan.ecosystems, [Ecosystem::Python, Ecosystem::Docker]);
    assert_eq!(scan.interval, Some(Interval::Weekly));
    assert_eq!(detail("The release workflow creates SLSA Level 3 provenance.").level, Some(3));
    assert_eq!(detail("80%+ test coverage").percent, Some(80));
    assert!(detail("All releases are signed.").is_of_all);
    let line = detail("See: `src/a.py:167` and `escape(text)`");
    assert_eq!((line.path.as_deref(), line.path_line), (Some("src/a.py"), Some(167)));
    assert_eq!(line.code, ["escape(text)"]);
    assert_eq!(detail("[a](docs/a%20b.md#c)").path.as_deref(), Some("docs/a b.md"));
    assert_eq!(detail("# A b!\n\n[a](#a-b)").is_anchor_there, Some(true));
    assert_eq!(detail("# A b!\n\n[a](#ab)").is_anchor_there, Some(false));
    assert_eq!(
        detail("Fixes are announced in the CHANGELOG and on PyPI.").channels,
        [Channel::Changelog, Channel::PyPi]
    );
    assert_eq!(
        detail("```\ncosign verify-blob \\\n  --bundle a.json \\\n  a\nls\n```").commands,
        ["cosign verify-blob --bundle a.json a"]
    );
    assert_eq!(
        detail("Contact: [INSERT CONTACT METHOD]").placeholder.as_deref(),
        Some("[INSERT CONTACT METHOD]")
    );
}

#[test]
fn more_claims_than_are_kept_are_said() {
    let text = "All releases are signed.\n\n".repeat(MOST_CLAIMS + 1);
    let found = claims("SECURITY.md", text.as_bytes());
    assert!(found.is_cut && found.all.len() == MOST_CLAIMS);
    let text = "All releases are signed.\n\n".repeat(MOST_CLAIMS);
    assert!(!claims("SECURITY.md", text.as_bytes()).is_cut);
}

#[test]
fn hostile_text_makes_no_trouble() {
    let key = "-----BEGIN PGP PUBLIC KEY BLOCK-----\n".repeat(9000);
    for text in [
        "[".repeat(30_000),
        "> ".repeat(15_000),
        format!("{}a@b.c", " [at] ".repeat(5_000)),
        "a@".repeat(15_000),
        "{{".repeat(15_000),
        "- ".repeat(15_000),
        "%%%2%zz%f0".repeat(3_000),
        key,
        "\u{202e}All releases\u{0} are \u{1b}[31msigned.".to_owned(),
        format!("# {}\n[a](#{})", "é".repeat(10_000), "%c3".repeat(5_000)),
        "# a\n".repeat(9_000),
        "Critical: 7 days. ".repeat(1_500),
    ] {
        drop(read(&text));
    }
    assert!(!read("\u{202e}All releases are signed.").is_empty());
}
