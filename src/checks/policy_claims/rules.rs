//! The rules: one a kind of claim, under the kind's name, and what there is to say of the file as a whole.

use crate::{outcome::Rule, security_policy::claims::ClaimKind};

rules! { "policy-claims":
    SIGNED_RELEASES = "signed-releases", Require, "releases that are said to be signed are signed",
        example: "SECURITY.md:61: \"All releases are signed\": v1.5.11 has no files, and its tag is not signed",
        fix: "sign what is released (cosign, gpg or a signed tag), or take the promise away";
    CHECKSUMS = "checksums", Require, "checksums that are promised are published, and those of every file",
        example: "SECURITY.md:61: \"All releases are checksummed\": no checksum file lists widget.tar.gz",
        fix: "publish a SHA256SUMS with every file of the release, or take the promise away";
    SLSA = "slsa", Require, "provenance that is promised is published, and covers every file",
        example: "SECURITY.md:20: \"SLSA provenance for every release\": nothing attests widget.tar.gz",
        fix: "attest what is released in the release workflow, or take the promise away";
    SBOM = "sbom", Warn, "a bill of materials that is promised is published",
        example: "SECURITY.md:26: \"SBOM published with every release\": none of the 4 files is one",
        fix: "publish an SBOM (SPDX or CycloneDX) with the release, or take the promise away";
    VERIFY_COMMAND = "verify-command", Warn, "what a command in the policy verifies, verifies",
        example: "SECURITY.md:35: \"cosign verify-blob\": the release has no checksums.txt.sig",
        fix: "write a command that verifies the newest release as it is published";
    DEPENDENCY_UPDATES = "dependency-updates", Warn, "the updater that is named is set up for what is named",
        example: "SECURITY.md:49: \"Dependabot for Python packages and Docker images\": there is no .github/dependabot.yml",
        fix: "add the configuration, with every ecosystem that the sentence names, or change the sentence";
    DEPENDENCY_SCANNING = "dependency-scanning", Require, "dependencies that are said to be scanned are scanned",
        example: "SECURITY.md:105: \"Use tools like pip-audit\": no workflow and no hook runs pip-audit",
        fix: "run the scanner in a workflow where it can fail, or change the sentence";
    STATIC_ANALYSIS = "static-analysis", Warn, "the code is analysed by the tools that are named",
        example: "SECURITY.md:48: \"security scanning with ruff and mypy\": neither looks for vulnerabilities as configured",
        fix: "run the analysis on pushes and pull requests, or change the sentence";
    PRE_COMMIT = "pre-commit", Warn, "hooks that are said to run before commits are configured",
        example: "SECURITY.md:45: \"Pre-commit hooks\": there is no .pre-commit-config.yaml",
        fix: "add the hooks, or change the sentence";
    SECRET_SCANNING = "secret-scanning", Warn, "the code is searched for secrets where that is said",
        example: "SECURITY.md:39: \"Secret detection\": no workflow and no hook runs a scanner for secrets",
        fix: "run detect-secrets, gitleaks or trufflehog, or change the sentence";
    CONTAINER_SCANNING = "container-scanning", Warn, "container images are scanned where that is said",
        example: "SECURITY.md:40: \"Docker image vulnerability scanning\": no workflow scans an image",
        fix: "scan the image in the workflow that builds it, or change the sentence";
    LICENCE_CHECK = "licence-check", Warn, "licences are checked where that is said",
        example: "SECURITY.md:41: \"License Compliance\": no workflow checks licences",
        fix: "run a licence check, or change the sentence";
    SCHEDULE = "schedule", Warn, "what is said to run daily or weekly is scheduled so",
        example: "SECURITY.md:192: \"Daily vulnerability checks\": no workflow runs on a schedule",
        fix: "add a cron schedule, or change the adverb";
    LOCKED_DEPENDENCIES = "locked-dependencies", Warn, "dependencies that are said to be locked have a lock file",
        example: "SECURITY.md:46: \"Locked dependency versions\": there is no lock file at the tag",
        fix: "commit the lock file, or change the sentence";
    PINNED_ACTIONS = "pinned-actions", Warn, "actions that are said to be pinned are named by digest",
        example: "SECURITY.md:30: \"Actions are pinned\": .github/workflows/ci.yml uses actions/checkout@v4",
        fix: "name every action by its commit, or change the sentence";
    LEAST_PRIVILEGE = "least-privilege", Warn, "workflows that are said to have few permissions declare them",
        example: "SECURITY.md:47: \"Minimal permissions\": ci.yml declares none",
        fix: "add `permissions:` to every workflow, or change the sentence";
    REVIEW = "review", Warn, "changes that are said to be reviewed are reviewed",
        example: "SECURITY.md:60: \"All changes require review\": only the forge's branch protection can tell",
        fix: "ask the forge whether the default branch requires reviews";
    MFA = "mfa", Warn, "maintainers who are said to use a second factor do",
        example: "SECURITY.md:74: \"Multi-factor authentication\": only the forge's organisation settings can tell",
        fix: "ask the forge whether the organisation requires a second factor";
    CONTACT = "contact", Warn, "an address for reports is one that can receive mail",
        example: "SECURITY.md:20: security@project.invalid: .invalid is reserved, and receives no mail",
        fix: "write an address that somebody reads";
    PLACEHOLDER = "placeholder", Warn, "no placeholder stands where a contact should",
        example: "SECURITY.md:22: [MAINTAINER_EMAIL] was never filled in",
        fix: "write the real address";
    PRIVATE_REPORTING = "private-reporting", Warn, "private reports go to this repository, and are switched on",
        example: "SECURITY.md:12: the link leads to acme/old, and this is acme/widget",
        fix: "link to this repository's own form, and switch private vulnerability reporting on";
    NO_PRIVATE_CHANNEL = "no-private-channel", Warn, "a private way to report is given",
        example: "SECURITY.md:8: vulnerabilities are to be reported in a public issue",
        fix: "give an address, or switch private vulnerability reporting on and link to it";
    PGP_KEY = "pgp-key", Warn, "an OpenPGP key in the policy can be encrypted to",
        example: "SECURITY.md:38: the block holds \"[PGP key will be provided upon request]\", and no key",
        fix: "publish the key as gpg --armor --export writes it, with an encryption subkey that has not expired";
    LAST_UPDATED = "last-updated", Warn, "the date of the last change is true, and not long ago",
        example: "SECURITY.md:163: \"Last Updated: November 1, 2025\": 385 days ago",
        fix: "read the policy through, and write the day on which that was done";
    REVIEW_DATE = "review-date", Warn, "the next review is not overdue",
        example: "SECURITY.md:164: \"Next Review: February 1, 2026\": overdue by 293 days",
        fix: "review the policy, and write the next date";
    IMPOSSIBLE_DATE = "impossible-date", Warn, "every date is one that exists",
        example: "SECURITY.md:187: \"Next Review: March 5, 20265\": there is no such date",
        fix: "write the date that was meant, as YYYY-MM-DD";
    RESPONSE_TIMES = "response-times", Warn, "reports are answered as soon as is said",
        example: "SECURITY.md:32: \"Within 48 hours\": only published advisories could tell",
        fix: "nothing to do; the times of published advisories are not looked at";
    BROKEN_LINK = "broken-link", Warn, "paths and links into the repository lead somewhere",
        example: "SECURITY.md:118: .github/dependabot.yml is not in the tree of the tag",
        fix: "correct the path, or add the file";
    MOVED_LINE = "moved-line", Warn, "a line that is named is still the line that was meant",
        example: "SECURITY.md:100: claude.py:167 was written about a line that is now line 169",
        fix: "write the line where the code stands now, or name the function instead";
    HISTORY = "history", Warn, "no advisory contradicts what is said of past vulnerabilities",
        example: "SECURITY.md:235: \"No security vulnerabilities have been reported\": only the forge's advisories could tell",
        fix: "look at the published advisories of the repository";
    UPDATE_CHANNELS = "update-channels", Warn, "the release is announced where it is said",
        example: "SECURITY.md:128: \"Announced in the CHANGELOG\": CHANGELOG.md has no entry for 0.1.6",
        fix: "add the entry, or change the sentence";
    SECURITY_TXT = "security-txt", Warn, "a security.txt is complete and current (RFC 9116)",
        example: ".well-known/security.txt expired on 2026-06-30",
        fix: "renew Expires, and give at least one Contact";
    SECURITY_INSIGHTS = "security-insights", Warn, "security-insights.yml agrees with the policy",
        example: "security-insights.yml names another contact than SECURITY.md",
        fix: "correct one of them";
    COVERAGE = "coverage", Warn, "the coverage that is claimed is enforced",
        example: "SECURITY.md:206: \"80%+ test coverage\": no threshold is set",
        fix: "set the threshold (fail_under), or take the number away";
    PENETRATION_TESTING = "penetration-testing", Warn, "penetration tests that are claimed took place",
        example: "SECURITY.md:184: \"Penetration testing (quarterly)\": nothing here can tell",
        fix: "publish the reports, and link to them";
    NONE = "none", Warn, "the security policy says something that can be checked",
        example: "SECURITY.md makes no claim that can be checked",
        fix: "say what the project does: how releases are signed, how dependencies are scanned, where to report";
    NOT_FOUND = "not-found", Warn, "the repository has a security policy",
        example: "no SECURITY.md in .github/, the root or docs/",
        fix: "add a SECURITY.md to the default branch";
    UNREADABLE = "unreadable", Require, "the security policy was read",
        example: "SECURITY.md has more than 1 MiB, and was not read",
        fix: "fetch the default branch; or shorten the file";
}

/// The rule of a kind of claim.
pub(super) fn of(kind: ClaimKind) -> &'static Rule {
    let is_it = |rule: &&&'static Rule| rule.id.strip_prefix("policy-claims/") == Some(kind.name());
    RULES.iter().find(is_it).copied().unwrap_or(&UNREADABLE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_stands_in_the_documentation() {
        let text = include_str!("../../../docs/security-policy-claims.md");
        for rule in RULES {
            let name = rule.id.strip_prefix("policy-claims/").unwrap();
            assert!(
                text.contains(&format!("`{name}`")),
                "docs/security-policy-claims.md does not name {name}"
            );
        }
    }

    #[test]
    fn every_kind_of_claim_has_its_rule() {
        for kind in ClaimKind::ALL {
            assert_eq!(of(*kind).id.strip_prefix("policy-claims/"), Some(kind.name()));
        }
    }
}
