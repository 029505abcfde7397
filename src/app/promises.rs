//! What SECURITY.md promises, beside the levels of a policy that `relcheck policy init` writes.
//!
//! The rule that must not be broken: only comments are added. The policy means what the built-in default means; what a
//! promise would make stricter is proposed in a comment, and nothing is ever made milder.

use crate::{
    checks,
    collect::{self, git::Repository},
    evidence::Seen,
    outcome::Level,
    security_policy::{
        self, SecurityPolicy, Support,
        claims::{Claim, ClaimKind, Tone},
    },
    text,
};

/// The security policy on the default branch, where it can be read.
pub fn read(repository: &Repository) -> Option<SecurityPolicy> {
    let Seen::Present(item) = collect::security_policy_of(repository) else { return None };
    let policy = security_policy::read(item.path(), &item.bytes);
    policy.refusal.is_none().then_some(policy)
}

/// The lines after `[levels]`, with each promise above the check that it calls for, and proposals after the last.
pub fn beside(body: &str, policy: &SecurityPolicy) -> String {
    let (levels, rest) = body.find("\n\n").map_or((body, ""), |end| body.split_at(end));
    let mut text = String::with_capacity(body.len() + 1000);
    for line in levels.split_inclusive('\n') {
        let check = line.split(" = ").next().unwrap_or_default().trim();
        for said in promised(policy, check) {
            text.push_str(&format!("# {}\n", text::clean(&said)));
        }
        text.push_str(line);
    }
    text.push_str(&proposals(policy));
    text.push_str(rest);
    text
}

/// The checks that promises call for, and the kinds of claims that do.
const CALLED_FOR: [(&str, ClaimKind, &str); 4] = [
    ("checksums", ClaimKind::Checksums, "checksums"),
    ("signatures", ClaimKind::SignedReleases, "signed releases"),
    ("provenance", ClaimKind::Slsa, "provenance"),
    ("advisories", ClaimKind::DependencyScanning, "that dependencies are searched for vulnerabilities"),
];

/// What the policy promises that calls for a check.
fn promised(policy: &SecurityPolicy, check: &str) -> Vec<String> {
    if check == "supported-versions" {
        return supported(policy).into_iter().collect();
    }
    let of = |(_, kind, what): &(&str, ClaimKind, &str)| {
        let claim = first(policy, *kind)?;
        let place = place(policy, claim);
        Some(match claim.tone {
            Tone::Promise => format!("you promise {what} ({place}): requiring `{check}`"),
            Tone::Aim => {
                format!("you aim at {what} ({place}): requiring `{check}`, or \"warn\" while it is an aim")
            }
        })
    };
    CALLED_FOR.iter().filter(|(name, ..)| *name == check).filter_map(of).collect()
}

/// The rows that promise support.
fn supported(policy: &SecurityPolicy) -> Option<String> {
    let promises = |row: &&security_policy::Row| !matches!(row.supported, Support::No | Support::Unknown);
    let lines: Vec<usize> = policy.rows.iter().filter(promises).map(|row| row.line).collect();
    let (first, last) = (lines.first()?, lines.last()?);
    let place = if first == last { format!("{first}") } else { format!("{first}-{last}") };
    Some(format!(
        "you promise which versions are supported ({}:{place}): requiring `supported-versions`",
        policy.path
    ))
}

/// The first claim of a kind, a promise before an aim.
fn first(policy: &SecurityPolicy, kind: ClaimKind) -> Option<&Claim> {
    let claims = policy.claims.all.iter().filter(|claim| claim.kind == kind);
    claims.min_by_key(|claim| (claim.tone, claim.line))
}

fn place(policy: &SecurityPolicy, claim: &Claim) -> String {
    format!("{}:{}", policy.path, claim.line)
}

/// What is promised besides, and only warns by default.
fn proposals(policy: &SecurityPolicy) -> String {
    let mut lines = String::new();
    if let Some(claim) = first(policy, ClaimKind::SignedReleases).filter(|claim| claim.tone == Tone::Promise)
    {
        let said = format!("if a tag is the release, as with Go modules ({})", place(policy, claim));
        lines.push_str(&format!("\n# \"tag/unsigned\" = \"require\"   # {}", text::clean(&said)));
    }
    for kind in ClaimKind::ALL {
        let (Some(what), Some(claim)) = (named(*kind), first(policy, *kind)) else { continue };
        let id = format!("policy-claims/{}", kind.name());
        let warns = checks::ALL
            .iter()
            .flat_map(|meta| meta.rules)
            .any(|rule| rule.id == id && rule.level == Level::Warn);
        if warns && claim.tone == Tone::Promise {
            let said = format!("you promise {what} ({})", place(policy, claim));
            lines.push_str(&format!("\n# \"{id}\" = \"require\"   # {}", text::clean(&said)));
        }
    }
    if lines.is_empty() {
        return lines;
    }
    format!(
        "\n# What SECURITY.md promises besides only warns; remove the mark before a line to require it:{lines}"
    )
}

/// What a kind promises; `None` for what is no promise about the project's practice.
const fn named(kind: ClaimKind) -> Option<&'static str> {
    Some(match kind {
        ClaimKind::Sbom => "a bill of materials",
        ClaimKind::DependencyUpdates => "that dependencies are kept up to date",
        ClaimKind::StaticAnalysis => "static analysis",
        ClaimKind::PreCommit => "hooks before commits",
        ClaimKind::SecretScanning => "a search for secrets",
        ClaimKind::ContainerScanning => "that container images are scanned",
        ClaimKind::LicenceCheck => "that licences are checked",
        ClaimKind::Schedule => "checks on a schedule",
        ClaimKind::LockedDependencies => "locked dependencies",
        ClaimKind::PinnedActions => "pinned actions",
        ClaimKind::LeastPrivilege => "few permissions in workflows",
        ClaimKind::Review => "review of every change",
        ClaimKind::Contact => "an address for reports",
        ClaimKind::PrivateReporting => "private reports on the forge",
        ClaimKind::PgpKey => "a key for encrypted reports",
        ClaimKind::SecurityTxt => "a security.txt",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const LEVELS: &str = "\ntag = \"require\"\nchecksums = \"require\"\nsignatures = \"require\"\nprovenance = \"require\"\nadvisories = \"require\"\nsupported-versions = \"require\"\n\n# Who may sign.\n";

    fn policy(text: &str) -> SecurityPolicy {
        security_policy::read("SECURITY.md", text.as_bytes())
    }

    #[test]
    fn promises_stand_above_the_checks_that_they_call_for() {
        let text = "## Supported Versions\n\n| Version | Supported |\n|-|-|\n| main | yes |\n| Latest release | yes |\n| older | no |\n\n## Measures\n\n- **Signed Releases**: All releases are signed and checksummed\n- **Dependency Scanning**: Regular checks for known vulnerabilities in dependencies\n- **Supply Chain Security**: Using SLSA framework principles\n";
        let written = beside(LEVELS, &policy(text));
        assert!(written.contains("\n# you promise signed releases (SECURITY.md:11): requiring `signatures`\nsignatures = \"require\"\n"), "{written}");
        assert!(
            written.contains(
                "\n# you promise checksums (SECURITY.md:11): requiring `checksums`\nchecksums = \"require\"\n"
            ),
            "{written}"
        );
        assert!(written.contains("\n# you aim at provenance (SECURITY.md:13): requiring `provenance`, or \"warn\" while it is an aim\nprovenance"), "{written}");
        assert!(written.contains("(SECURITY.md:12): requiring `advisories`\nadvisories"), "{written}");
        assert!(written.contains("\n# you promise which versions are supported (SECURITY.md:5-6): requiring `supported-versions`\n"), "{written}");
        assert!(written.contains("\n# \"tag/unsigned\" = \"require\"   # if a tag is the release, as with Go modules (SECURITY.md:11)\n"), "{written}");
        assert!(written.ends_with("\n\n# Who may sign.\n"), "{written}");
    }

    #[test]
    fn only_comments_are_added() {
        let text = "# Security\n\n## Measures\n\n- **Static Analysis**: CodeQL runs on every pull request\n- All releases are signed\n\nMail security@widget.dev.\n";
        let written = beside(LEVELS, &policy(text));
        assert!(written.contains("# \"policy-claims/static-analysis\" = \"require\"   # you promise static analysis (SECURITY.md:5)\n"), "{written}");
        let uncommented: String =
            written.split_inclusive('\n').filter(|line| !line.starts_with('#')).collect();
        let before: String = LEVELS.split_inclusive('\n').filter(|line| !line.starts_with('#')).collect();
        assert_eq!(uncommented, before);
        assert_eq!(beside(LEVELS, &policy("# Security\n")), LEVELS, "nothing promised, nothing added");
    }
}
