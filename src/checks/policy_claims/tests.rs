//! What is said of each claim, whole: `status level rule subject: message`.

use super::*;
use crate::{
    facts::{Files, published_key},
    outcome::Level,
    release::Sha256,
    security_policy,
};

mod registries;

/// What the check says of `text` in the repository `acme/widget`, judged on 2026-11-21.
fn judged(text: &str) -> Vec<String> {
    judged_of(text, |_| {})
}

fn judged_of(text: &str, change: impl FnOnce(&mut Facts)) -> Vec<String> {
    let mut facts = Facts::for_tests("github.com/acme/widget", "v1.2.3");
    facts.as_of = "2026-11-21T12:00:00Z".parse().unwrap();
    let policy = security_policy::read("SECURITY.md", text.as_bytes());
    let keys = published_key::keys(&policy, facts.as_of);
    let sha256 = Sha256::of(text.as_bytes());
    facts.security_policy = Seen::Present(PolicyFact { sha256, policy, keys });
    change(&mut facts);
    let said = PolicyClaims::run(&facts, &Rules::default());
    said.iter().map(shown).collect()
}

fn shown(finding: &Finding) -> String {
    let rule = finding.rule.id.strip_prefix("policy-claims/").unwrap();
    let (status, level) = (finding.status.word(), finding.level.word());
    format!("{status} {level} {rule} {}: {}", finding.subject, finding.message)
}

#[test]
fn a_contact_is_an_address_that_can_receive_mail() {
    for (text, expected) in [
        (
            "Email security@acme.dev",
            "pass warn contact SECURITY.md:1: \"Email security@acme.dev\": security@acme.dev is well formed; whether \
             anybody reads it was not looked at",
        ),
        (
            "Email security@acme.invalid",
            "fail warn contact SECURITY.md:1: \"Email security@acme.invalid\": security@acme.invalid receives no mail: \
             .invalid is reserved",
        ),
        (
            "Email security@acme.internal",
            "fail warn contact SECURITY.md:1: \"Email security@acme.internal\": security@acme.internal receives no mail: \
             .internal is known inside of a network alone",
        ),
        (
            "Email [security@acme.dev](https://evil.example.dev/x)",
            "fail warn contact SECURITY.md:1: \"Email security@acme.dev\": the text shows security@acme.dev, and the link \
             writes to https://evil.example.dev/x",
        ),
        (
            "Email no-reply@acme.dev",
            "fail warn contact SECURITY.md:1: \"Email no-reply@acme.dev\": no-reply@acme.dev is an address that nobody \
             reads",
        ),
        (
            "Email security@-acme.dev",
            "fail warn contact SECURITY.md:1: \"Email security@-acme.dev\": security@-acme.dev is no address: the part \
             behind the @ is no host",
        ),
        (
            "Email a..b@acme.dev",
            "fail warn contact SECURITY.md:1: \"Email a..b@acme.dev\": a..b@acme.dev is no address: the part before the \
             @ is none",
        ),
    ] {
        assert_eq!(judged(text), [expected], "{text}");
    }
}

#[test]
fn a_placeholder_is_named_and_where_it_is_the_only_way_that_is_said() {
    assert_eq!(
        judged("Send an email to [security@yourdomain.com] with:"),
        ["fail warn placeholder SECURITY.md:1: \"Send an email to [security@yourdomain.com] with\": \
          security@yourdomain.com was never filled in, and the file gives no other way to report"]
    );
    assert_eq!(
        judged("Email: **[MAINTAINER_EMAIL]**\n\nOr write to b@acme.dev")[0],
        "fail warn placeholder SECURITY.md:1: \"Email: [MAINTAINER_EMAIL]\": [MAINTAINER_EMAIL] was never filled in"
    );
}

#[test]
fn what_a_template_has_in_the_place_of_an_address_was_never_filled_in() {
    for written in [
        "SECURITY_EMAIL",
        "security@YOUR_DOMAIN",
        "<security-email>",
        "[security email]",
        "security@test.com",
    ] {
        let said = judged(&format!("To report a vulnerability, email {written}."));
        assert_eq!(
            said,
            [format!(
                "fail warn placeholder SECURITY.md:1: \"To report a vulnerability, email {written}\": {written} was never \
                 filled in, and the file gives no other way to report"
            )]
        );
    }
    let near = judged("To report a vulnerability, email <security@acme.dev>.");
    assert!(near[0].starts_with("pass warn contact SECURITY.md:1"), "{near:?}");
}

#[test]
fn reports_in_public_alone_are_no_private_channel() {
    assert_eq!(
        judged("If you find a vulnerability, create an issue for it."),
        [
            "fail warn no-private-channel SECURITY.md:1: \"If you find a vulnerability, create an issue for it\": \
          vulnerabilities are to be reported in public, and no private way is given"
        ]
    );
    for text in [
        "To report a vulnerability, open a GitHub issue.",
        "Please use GitHub issues to report security problems.",
        "Report security issues publicly at https://github.com/acme/widget/issues.",
    ] {
        let found = judged(text);
        assert!(
            found.iter().any(|it| it.starts_with("fail warn no-private-channel SECURITY.md:1")),
            "{found:?}"
        );
    }
    let alone = judged("# Security\n\n## Reporting a Vulnerability\n\nPlease open a public issue on GitHub.");
    assert!(alone[0].starts_with("fail warn no-private-channel SECURITY.md:5"), "{alone:?}");
    for text in [
        "# Security\n\n## Reporting Vulnerabilities\n\nSee below.\n\n## Reporting bugs\n\nOpen an issue on GitHub.",
        "# Security\n\n## Supported Versions\n\nOpen an issue on GitHub.",
        "Please do not report security problems in GitHub issues.",
        "To report a bug, open a GitHub issue.",
        "To report a vulnerability, open a GitHub issue or write to security@acme.dev.",
    ] {
        let found = judged(text);
        assert!(!found.iter().any(|it| it.contains("no-private-channel")), "{found:?}");
    }
}

#[test]
fn a_link_to_the_form_of_another_repository_is_refuted_and_none_passes() {
    for (link, expected) in [
        (
            "https://github.com/acme/widget/security/advisories/new",
            "undetermined warn private-reporting SECURITY.md:1: \"Report here\": the link leads to this repository; \
             whether private reporting is switched on was not asked of the forge",
        ),
        (
            "https://github.com/Acme/Widget/security/advisories/new",
            "undetermined warn private-reporting SECURITY.md:1: \"Report here\": the link leads to this repository; \
             whether private reporting is switched on was not asked of the forge",
        ),
        (
            "https://github.com/acme/old/security/advisories/new",
            "fail warn private-reporting SECURITY.md:1: \"Report here\": the link leads to the form of acme/old, and \
             this is acme/widget",
        ),
        (
            "../../security/advisories/new",
            "undetermined warn private-reporting SECURITY.md:1: \"Report here\": whether private reporting is switched \
             on was not asked of the forge",
        ),
    ] {
        assert_eq!(judged(&format!("Report [here]({link})")), [expected], "{link}");
    }
    assert_eq!(
        judged("Report at https://github.com/acme/old/security/advisories/new."),
        ["fail warn private-reporting SECURITY.md:1: \"Report at \
          https://github.com/acme/old/security/advisories/new\": the link leads to the form of acme/old, and this is \
          acme/widget"]
    );
}

#[test]
fn dates_that_do_not_exist_are_past_or_differ_are_refuted() {
    for (text, expected) in [
        (
            "Last Updated: November 1, 2025",
            &[
                "fail warn last-updated SECURITY.md:1: \"Last Updated: November 1, 2025\": that was 385 days ago",
            ][..],
        ),
        (
            "Last Updated: 2026-11-01",
            &[
                "undetermined warn last-updated SECURITY.md:1: \"Last Updated: 2026-11-01\": whether the file was \
                 changed then is not known: not part of this test",
            ],
        ),
        (
            "Last Updated: 2027-01-01",
            &[
                "fail warn last-updated SECURITY.md:1: \"Last Updated: 2027-01-01\": 2027-01-01 is still to come",
            ],
        ),
        (
            "Next Review: February 1, 2026",
            &["fail warn review-date SECURITY.md:1: \"Next Review: February 1, 2026\": overdue by 293 days"],
        ),
        (
            "Next Review: November 2026",
            &["pass warn review-date SECURITY.md:1: \"Next Review: November 2026\": due in 9 days"],
        ),
        (
            "Next Review: March 5, 20265",
            &[
                "fail warn impossible-date SECURITY.md:1: \"Next Review: March 5, 20265\": there is no such date as \
               \"March 5, 20265\"",
            ],
        ),
        (
            "Next Review: February 30 2026",
            &[
                "fail warn impossible-date SECURITY.md:1: \"Next Review: February 30 2026\": there is no such date as \
               \"February 30 2026\"",
            ],
        ),
        (
            "Next Review: 2027-01-01\n\nNext Review: 2027-02-01",
            &[
                "fail warn review-date SECURITY.md:1: \"Next Review: 2027-01-01\": line 3 gives another date: \"Next \
                 Review: 2027-02-01\"",
                "fail warn review-date SECURITY.md:3: \"Next Review: 2027-02-01\": line 1 gives another date: \"Next \
                 Review: 2027-01-01\"",
            ],
        ),
        (
            "This policy is reviewed quarterly.",
            &[
                "undetermined warn review-date SECURITY.md:1: \"This policy is reviewed quarterly\": the file gives no \
               date of its last change, and its history was not looked at",
            ],
        ),
        (
            "This policy is reviewed quarterly.\n\nLast updated: 2026-11-01",
            &[
                "pass warn review-date SECURITY.md:1: \"This policy is reviewed quarterly\": the last change was on \
                 2026-11-01, 20 days ago",
                "undetermined warn last-updated SECURITY.md:3: \"Last updated: 2026-11-01\": whether the file was \
                 changed then is not known: not part of this test",
            ],
        ),
    ] {
        assert_eq!(judged(text), expected, "{text}");
    }
}

#[test]
fn a_block_that_holds_no_key_is_refuted_and_a_key_that_is_not_shown_is_not_known() {
    let block = |body: &str| {
        format!(
            "```\n-----BEGIN PGP PUBLIC KEY BLOCK-----\n{body}\n-----END PGP PUBLIC KEY BLOCK-----\n```\n"
        )
    };
    for (text, expected) in [
        (
            block("[PGP key will be provided upon request]"),
            "fail warn pgp-key SECURITY.md:2: the block holds \"[PGP key will be provided upon request]\", and no key",
        ),
        (block(""), "fail warn pgp-key SECURITY.md:2: the block of the key is empty"),
        (
            block(&format!("\n{}", "mDMEaaaaaaaaaaaaaaaa".repeat(3))),
            "undetermined warn pgp-key SECURITY.md:2: the key cannot be read: its MarkerPacket packet does not end",
        ),
        (
            "- **GPG Key**: Available upon request".to_owned(),
            "undetermined warn pgp-key SECURITY.md:1: \"GPG Key: Available upon request\": no key is in the file, and \
             none was fetched",
        ),
    ] {
        let said = judged(&text);
        if expected.contains("cannot be read") {
            assert!(
                said[0].starts_with("undetermined warn pgp-key SECURITY.md:2: the key cannot be read: "),
                "{said:?}"
            );
        } else {
            assert_eq!(said, [expected], "{text}");
        }
    }
}

#[test]
fn what_nothing_here_can_look_at_is_undetermined_and_says_what_could() {
    for (text, expected) in [
        (
            "- **Initial Response**: Within 48 hours",
            "undetermined warn response-times SECURITY.md:1: \"Initial Response: Within 48 hours\": only the dates of \
             reports and of published advisories could tell, and they were not asked for",
        ),
        (
            "No security vulnerabilities have been reported to date.",
            "undetermined warn history SECURITY.md:1: \"No security vulnerabilities have been reported to date\": only \
             the published advisories of the repository could tell, and they were not asked for",
        ),
        (
            "All changes require review before merging.",
            "undetermined warn review SECURITY.md:1: \"All changes require review before merging\": only the forge's \
             rules for the branch could tell, and the history gives no hint: not part of this test",
        ),
        (
            "The organization requires 2FA authorization.",
            "undetermined warn mfa SECURITY.md:1: \"The organization requires 2FA authorization\": only the forge's \
             settings for its members could tell, and they were not asked for",
        ),
        (
            "- Penetration testing (quarterly)",
            "undetermined warn penetration-testing SECURITY.md:1: \"Penetration testing (quarterly)\": nothing that is \
             published here could tell",
        ),
    ] {
        assert_eq!(judged(text), [expected], "{text}");
    }
}

#[test]
fn a_link_within_the_file_leads_to_a_heading_or_does_not() {
    assert_eq!(
        judged("# A b\n\n[a](#a-b)\n\n[b](#c)"),
        [
            "pass warn broken-link SECURITY.md:3: \"a\": #a-b is a heading of the file",
            "fail warn broken-link SECURITY.md:5: \"b\": #c is no heading of the file",
        ]
    );
}

#[test]
fn a_release_without_files_and_without_a_signed_tag_refutes_what_was_promised_of_it() {
    let bare = |facts: &mut Facts| {
        facts.files = Seen::Present(Files::default());
        facts.tag_signature = Seen::Absent { looked_at: vec!["the tag object".to_owned()] };
    };
    let text = "- **Signed Releases**: All releases are signed and checksummed\n";
    assert_eq!(
        judged_of(text, bare),
        [
            "fail require signed-releases SECURITY.md:1: \"Signed Releases: All releases are signed and checksummed\": \
             v1.2.3 has no files, and its tag is not signed",
            "fail require checksums SECURITY.md:1: \"Signed Releases: All releases are signed and checksummed\": v1.2.3 \
             has no files, and so no checksums",
        ]
    );
    let text = "- **SBOM**: published with every release\n- **SLSA**: provenance of every release\n";
    assert_eq!(
        judged_of(text, bare),
        [
            "fail warn sbom SECURITY.md:1: \"SBOM: published with every release\": v1.2.3 has no files, and so no bill \
             of materials",
            "undetermined require slsa SECURITY.md:2: \"SLSA: provenance of every release\": v1.2.3 has no files, and \
             registries were not looked at",
        ]
    );
    let text = "The project aims to follow:\n\n- **Supply Chain**: Using SLSA framework principles\n";
    assert_eq!(
        judged_of(text, bare),
        [
            "fail warn slsa SECURITY.md:3: \"Supply Chain: Using SLSA framework principles\" (an aim): v1.2.3 has no files, \
          and so no provenance"
        ]
    );
}

#[test]
fn files_that_were_not_looked_at_decide_nothing() {
    let text = "- All releases are signed and checksummed, with an SBOM\n";
    let why = "the files of v1.2.3 were not looked at: not part of this test";
    let sentence = "\"All releases are signed and checksummed, with an SBOM\"";
    let expected = ["signed-releases", "checksums", "sbom"].map(|rule| {
        let level = if rule == "sbom" { "warn" } else { "require" };
        format!("undetermined {level} {rule} SECURITY.md:1: {sentence}: {why}")
    });
    assert_eq!(judged(text), expected);
}

#[test]
fn an_aim_is_never_more_than_a_warning_whatever_the_policy_says() {
    let policy =
        crate::policy::Policy::parse("p.toml", "[levels]\n\"policy-claims/slsa\" = \"require\"\n").unwrap();
    let mut facts = Facts::for_tests("github.com/acme/widget", "v1.2.3");
    facts.files = Seen::Present(Files::default());
    let text = "The project aims to use SLSA provenance for releases.\n";
    let read = security_policy::read("SECURITY.md", text.as_bytes());
    let sha256 = Sha256::of(text.as_bytes());
    facts.security_policy = Seen::Present(PolicyFact { sha256, policy: read, keys: Default::default() });
    let said = PolicyClaims::run(&facts, &Rules::default());
    let applied: Vec<_> = said.into_iter().filter_map(|finding| policy.apply(finding, facts.as_of)).collect();
    assert!(!applied.is_empty() && applied.iter().all(|finding| finding.level == Level::Warn), "{applied:?}");
}

#[test]
fn a_policy_that_is_not_there_claims_nothing_or_cannot_be_read_is_said() {
    assert_eq!(judged("Hello."), ["fail warn none v1.2.3: SECURITY.md makes no claim that can be checked"]);
    assert_eq!(
        judged(&"x\n".repeat(10_001)),
        [
            "undetermined require unreadable v1.2.3: the policy was not read: it has more than 10000 lines, or a line of \
          more than 32768 bytes"
        ]
    );
    assert_eq!(
        judged_of("", |facts| facts.security_policy = Seen::Absent { looked_at: vec!["main".to_owned()] }),
        ["fail warn not-found v1.2.3: the repository has no security policy, so it claims nothing"]
    );
    assert_eq!(
        judged_of("", |facts| facts.security_policy = Seen::unavailable("no repository")),
        ["undetermined require unreadable v1.2.3: no repository"]
    );
}

#[test]
fn a_key_that_no_report_can_be_encrypted_to_is_refuted() {
    use crate::facts::published_key::tests::{ABLE, EXPIRED, SIGNING, SUBKEY_EXPIRED};
    for (block, expected) in [
        (
            ABLE,
            "pass warn pgp-key SECURITY.md:2: reports can be encrypted to the key 570D24F7122DC1DDAE886BF0D722405775B8A1BD",
        ),
        (
            EXPIRED,
            "fail warn pgp-key SECURITY.md:2: the key 63A6CD557CF3A6ACEC119ECDD88FAE75E7B3BCB7 expired on 2024-12-31",
        ),
        (
            SIGNING,
            "fail warn pgp-key SECURITY.md:2: no report can be encrypted to the key \
             51B19A712AF0B8EF60B2E235D98E2110CA8F8FF2: it has no subkey for that",
        ),
        (
            SUBKEY_EXPIRED,
            "fail warn pgp-key SECURITY.md:2: no report can be encrypted to the key \
             46789F38604A921A0B2E0BF0228C5D402CA0D348: its last subkey for that expired on 2024-12-31",
        ),
    ] {
        assert_eq!(judged(&format!("```\n{block}```\n")), [expected]);
    }
    let other = "0123456789ABCDEF0123456789ABCDEF01234567";
    let said = judged(&format!("```\n{ABLE}```\n\nThe PGP fingerprint is {other}.\n"));
    assert_eq!(
        said,
        [format!(
            "fail warn pgp-key SECURITY.md:2: the text gives the fingerprint {other}, and the key is \
             570D24F7122DC1DDAE886BF0D722405775B8A1BD"
        )]
    );
    let own = "570D 24F7 122D C1DD AE88 6BF0 D722 4057 75B8 A1BD";
    let said = judged(&format!("```\n{ABLE}```\n\nThe PGP fingerprint is {own}.\n"));
    assert!(said[0].starts_with("pass "), "{said:?}");
    let held = |more: &str| {
        let said = judged(&format!("```\n{ABLE}```\n\n{more}\n"));
        let told = said.into_iter().find(|it| it.contains(" pgp-key ")).unwrap();
        told.split_once(" SECURITY.md:2: ").map(|(status, why)| format!("{status}: {why}")).unwrap()
    };
    let key = "570D24F7122DC1DDAE886BF0D722405775B8A1BD";
    let able = format!("pass warn pgp-key: reports can be encrypted to the key {key}");
    let both = |print: &str| {
        format!("undetermined warn pgp-key: the text gives the key {print} too, and the block is {key}")
    };
    assert_eq!(held(&format!("Fingerprint: {own}\n\nRelease signing key fingerprint: {other}")), able);
    assert_eq!(held(&format!("Release signing key fingerprint: {other}")), able);
    assert_eq!(held(&format!("Fingerprint: {own}\n\nFingerprint: {other}")), both(other));
    assert_eq!(held("Key ID: `0xD722405775B8A1BD`"), able);
    assert_eq!(held("Key ID is 75B8A1BD."), able);
    assert_eq!(
        held("Key ID: 0x0123456789ABCDEF"),
        format!("fail warn pgp-key: the text gives the fingerprint 0123456789ABCDEF, and the key is {key}")
    );
}

#[test]
fn a_date_with_two_readings_and_one_that_is_not_there_are_told() {
    let of = |line: &str| {
        let told = judged(line).into_iter().map(|it| it.replace(&format!("\"{line}\": "), ""));
        told.collect::<Vec<_>>()
    };
    let at = "SECURITY.md:1:";
    for (line, expected) in [
        (
            "Last updated: 05/12/2026",
            format!(
                "undetermined warn last-updated {at} that is 2026-05-12 or 2026-12-05; which of them is not known"
            ),
        ),
        ("Last updated: 05/12/2027", format!("fail warn last-updated {at} 2027-05-12 is still to come")),
        ("Last updated: 05/12/2024", format!("fail warn last-updated {at} that was 716 days ago")),
        ("Last Updated: YYYY-MM-DD", format!("fail warn placeholder {at} the date was never filled in")),
        ("Last updated: [DATE]", format!("fail warn placeholder {at} the date was never filled in")),
        ("Next review: TBD", format!("fail warn placeholder {at} the date was never filled in")),
        ("Next review is due on Feb 1, 2026", format!("fail warn review-date {at} overdue by 293 days")),
        (
            "Next review: 11/12/2026",
            format!(
                "undetermined warn review-date {at} that is 2026-11-12 or 2026-12-11; which of them is not known"
            ),
        ),
        ("Next review: 12.11.2026", format!("fail warn review-date {at} overdue by 9 days")),
    ] {
        assert_eq!(of(line), [expected], "{line}");
    }
    let both = judged("Policy last updated on Nov 1 2026; next review due Feb 1 2026.");
    assert!(both.iter().any(|it| it.ends_with(": overdue by 293 days")), "{both:?}");
    let same = judged("Last updated: 05/12/2026\n\nLast updated: 2026-05-12");
    assert!(!same.iter().any(|it| it.contains("gives another date")), "{same:?}");
}
