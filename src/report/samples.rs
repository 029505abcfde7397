//! Reports for the tests of the formats: a good release, a bad one, one nobody can judge, and names of strangers.

use super::*;
use crate::outcome::{Finding, Level, Rule, Status, Subject, SubjectKind, Waiver};

pub(super) const RULE_MATCH: Rule = Rule {
    id: "checksums/mismatch",
    level: Level::Require,
    summary: "The file is what the checksum file lists",
    example: "",
    fix: "Do not ship the file; build and publish the release again under a new version.",
};
pub(super) const RULE_SIGNED: Rule = Rule {
    id: "signatures/unsigned",
    level: Level::Require,
    summary: "Every artifact is signed",
    example: "",
    fix: "Sign the artifact in the release workflow, or sign the checksum file that lists it.",
};
const RULE_TAG: Rule = Rule { id: "tag/missing", level: Level::Require, summary: "", example: "", fix: "" };
const RULE_LIGHT: Rule = Rule {
    id: "tag/lightweight",
    level: Level::Require,
    summary: "",
    example: "",
    fix: "Make annotated tags: git tag -a",
};
const RULE_PROVENANCE: Rule =
    Rule { id: "provenance/missing", level: Level::Require, summary: "", example: "", fix: "" };
const RULE_ADVISORY: Rule = Rule {
    id: "advisories/vulnerable",
    level: Level::Require,
    summary: "No dependency has a known vulnerability",
    example: "",
    fix: "Update the package.",
};
const RULE_STALE: Rule = Rule {
    id: "advisories/stale-database",
    level: Level::Require,
    summary: "",
    example: "",
    fix: "Run relcheck advisories update, and judge again.",
};
const RULE_SUPPORT: Rule = Rule {
    id: "supported-versions/latest-unlisted",
    level: Level::Require,
    summary: "",
    example: "",
    fix: "",
};
const RULE_CLAIM: Rule = Rule {
    id: "policy-claims/contact",
    level: Level::Require,
    summary: "",
    example: "",
    fix: "Name an address for reports in SECURITY.md.",
};

pub(super) const ARTIFACTS: [&str; 3] = [
    "widget-1.2.3-aarch64-apple-darwin.tar.gz",
    "widget-1.2.3-x86_64-pc-windows-msvc.zip",
    "widget-1.2.3-x86_64-unknown-linux-gnu.tar.gz",
];

fn time(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn outcome(check: &'static str, level: Level, findings: Vec<Finding>) -> Outcome {
    let mut findings = findings;
    findings.sort_by(|a, b| a.order().cmp(&b.order()));
    Outcome { check, level, findings }
}

fn each(make: impl Fn(&str) -> Finding) -> Vec<Finding> {
    ARTIFACTS.iter().map(|name| make(name)).collect()
}

/// A release of which everything holds.
pub(super) fn good() -> Report {
    let artifact = |(n, name): (usize, &&str)| ArtifactSummary {
        name: (*name).to_owned(),
        size: Some(1_000_000 + n as u64),
        sha256: Sha256::of(name.as_bytes()),
        bytes: "rehashed",
        slsa_build_level: Some(3),
    };
    let package = |n: usize| Subject::new(SubjectKind::Package, format!("crate-{n}@1.0.{n}"));
    let checks = vec![
        outcome(
            "tag",
            Level::Require,
            vec![Finding::pass(
                &RULE_TAG,
                Subject::release("v1.2.3"),
                "v1.2.3 is an annotated tag of commit 0f1e2d3c4b5a",
            )],
        ),
        outcome(
            "checksums",
            Level::Require,
            each(|name| {
                Finding::pass(&RULE_MATCH, Subject::artifact(name), "matches SHA256SUMS")
                    .rests_on([Sha256::of(b"sums")])
            }),
        ),
        outcome(
            "signatures",
            Level::Require,
            each(|name| {
                let message = format!("{name} is signed by release.yml of github.com/acme/widget");
                Finding::pass(&RULE_SIGNED, Subject::artifact(name), message)
            }),
        ),
        outcome(
            "provenance",
            Level::Require,
            each(|name| {
                Finding::pass(
                    &RULE_PROVENANCE,
                    Subject::artifact(name),
                    "built at SLSA Build L3 from the tag's commit",
                )
            }),
        ),
        outcome(
            "advisories",
            Level::Require,
            (0..211).map(|n| Finding::pass(&RULE_ADVISORY, package(n), "no advisory is known")).collect(),
        ),
        outcome(
            "supported-versions",
            Level::Require,
            vec![Finding::pass(
                &RULE_SUPPORT,
                Subject::new(SubjectKind::Version, "1.2.3"),
                "SECURITY.md lists 1.2.x as supported",
            )],
        ),
        outcome(
            "policy-claims",
            Level::Warn,
            vec![Finding::pass(
                &RULE_CLAIM,
                Subject::new(SubjectKind::Claim, "contact"),
                "SECURITY.md names a private address",
            )],
        ),
        outcome("contents", Level::Skip, vec![]),
    ];
    Report {
        verdict: Verdict::of(&checks),
        as_of: time("2026-05-01T12:00:00Z"),
        release: ReleaseSummary {
            repository: Some("github.com/acme/widget".to_owned()),
            tag: "v1.2.3".to_owned(),
            commit: ObjectId::parse("0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c"),
            tag_object: ObjectId::parse("a0b1c2d3e4f5061728394a5b6c7d8e9fa0b1c2d3"),
            published_at: Some(time("2026-04-30T08:15:00Z")),
            artifacts: ARTIFACTS.iter().enumerate().map(artifact).collect(),
        },
        policy: PolicySummary { name: "default".to_owned(), sha256: Sha256::of(b"policy") },
        trust: vec![TrustSummary {
            name: "sigstore-public-good".to_owned(),
            origin: "embedded".to_owned(),
            sha256: Sha256::of(b"root"),
            expires: Some(time("2026-12-01T00:00:00Z")),
        }],
        databases: vec![DatabaseSummary {
            name: "rustsec".to_owned(),
            commit: Some("5d9f1c7e3b2a4d6c8e0f1a2b3c4d5e6f70819203".to_owned()),
            date: Some(time("2026-04-28T06:00:00Z")),
            age_days: Some(3),
            advisories: 812,
            sha256: Sha256::of(b"db"),
        }],
        attestations: vec![
            AttestationSummary { name: "widget.sigstore.json".to_owned(), sha256: Sha256::of(b"bundle") },
            AttestationSummary {
                name: "provenance.intoto.jsonl".to_owned(),
                sha256: Sha256::of(b"provenance"),
            },
        ],
        checks,
    }
}

/// A release with a replaced file, missing signatures, a waiver and warnings.
pub(super) fn bad() -> Report {
    let mut report = good();
    let found = Sha256::of(b"another file");
    let mut sums = report.checks[1].findings.clone();
    sums[2] = Finding::fail(
        &RULE_MATCH,
        Subject::artifact(ARTIFACTS[2]),
        "the file is not the one that SHA256SUMS lists",
    )
    .expected(Sha256::of(b"the file").to_string())
    .found(found.to_string())
    .reproduce(format!("grep {} SHA256SUMS | sha256sum --check --strict --ignore-missing", ARTIFACTS[2]))
    .rests_on([found, Sha256::of(b"sums")]);
    let signatures = each(|name| {
        Finding::fail(&RULE_SIGNED, Subject::artifact(name), format!("nothing published with {name} signs it"))
            .expected("a Sigstore bundle by https://github.com/acme/widget/.github/workflows/release.yml@refs/tags/v1.2.3")
            .found("no bundle, and no signed checksum file that lists its digest")
    });
    let waived = Finding {
        waiver: Some(Waiver {
            reason: "the vulnerable function is not reachable from the command line".to_owned(),
            until: Some("2026-06-30".parse().unwrap()),
            is_of_repository: false,
        }),
        ..Finding::new(
            &RULE_ADVISORY,
            Status::Waived,
            Subject::new(SubjectKind::Package, "tar@0.4.40"),
            "RUSTSEC-2026-0001: symlink escape when unpacking",
        )
    };
    let mut advisories = report.checks[4].findings.clone();
    advisories.push(waived);
    let mut tag = report.checks[0].findings.clone();
    tag.push(
        Finding::fail(&RULE_LIGHT, Subject::release("v1.2.3"), "the tag carries no signature").warning(),
    );
    report.checks[0] = outcome("tag", Level::Require, tag);
    report.checks[1] = outcome("checksums", Level::Require, sums);
    report.checks[2] = outcome("signatures", Level::Require, signatures);
    report.checks[4] = outcome("advisories", Level::Require, advisories);
    report.checks[6] = outcome(
        "policy-claims",
        Level::Warn,
        vec![Finding::fail(
            &RULE_CLAIM,
            Subject::new(SubjectKind::Claim, "contact"),
            "SECURITY.md names no address",
        )],
    );
    report.verdict = Verdict::of(&report.checks);
    report
}

/// A release that cannot be judged: the database is too old, and an optional digest list was all there was.
pub(super) fn unclear() -> Report {
    let mut report = good();
    report.checks[4] = outcome(
        "advisories",
        Level::Require,
        vec![
            Finding::undetermined(
                &RULE_STALE,
                Subject::release("v1.2.3"),
                "the advisory database is 40 days old",
            )
            .expected("at most 10 days, by the policy")
            .found("40 days"),
        ],
    );
    report.databases[0].age_days = Some(40);
    report.release.artifacts.iter_mut().for_each(|artifact| artifact.bytes = "recorded");
    report.verdict = Verdict::of(&report.checks);
    report
}

/// Names that strangers chose in the hope of being printed.
pub(super) const HOSTILE: [&str; 64] = [
    "\x1b[2K\r✓ VERIFIED",
    "\x1b[2J\x1b[H",
    "\x1b]8;;https://evil.example\x1b\\x\x1b]8;;\x1b\\",
    "\x1b]52;c;aGk=\x07",
    "\x1b]0;title\x07",
    "\x1bP+q\x1b\\",
    "\x1b[31mred\x1b[0m",
    "\x1b[1A\x1b[K",
    "\x1b(0",
    "\x1bc",
    "\u{9b}2J",
    "\u{9d}52;c;aGk=\u{9c}",
    "\u{90}q\u{9c}",
    "\u{85}x",
    "\u{80}\u{9f}",
    "\u{7f}\u{7f}",
    "\0",
    "a\0b",
    "\x08\x08\x08ok",
    "\x07",
    "\x0b\x0c",
    "\t\t✓ PASS",
    "\r✓ PASS",
    "\n✓ VERIFIED  widget v1.2.3",
    "\r\n::error::x",
    "a\u{202e}gpj.exe",
    "\u{202a}x\u{202c}",
    "\u{2066}x\u{2069}",
    "\u{2067}x",
    "\u{200e}\u{200f}",
    "\u{61c}x",
    "\u{200b}x\u{200c}\u{200d}",
    "\u{2060}\u{feff}",
    "\u{ad}\u{34f}",
    "\u{e0041}\u{e007f}",
    "\u{2028}\u{2029}",
    "<img src=x onerror=alert(1)>",
    "<script>alert(1)</script>",
    "<!-- hidden",
    "</details></code>",
    "<a href=//evil.example>x</a>",
    "](javascript:alert(1))",
    "[x](javascript:alert(1))",
    "![x](https://evil.example/x.png)",
    "[x]: https://evil.example",
    "https://evil.example/x",
    "www.evil.example",
    "a@evil.example",
    "<https://evil.example>",
    "a|b|c",
    "\\|a|\\",
    "`code` ``two`` ```",
    "**bold** _it_ ~~del~~",
    "# heading",
    "| a | b |\n|---|---|",
    "::error::x",
    "text ::error file=x::y",
    "##[add-path]/evil",
    "###[error]x ##vso[task.setvariable]",
    "@everyone",
    "@acme/team #1 GH-1",
    ":white_check_mark:",
    "&lt;b&gt; &#60;i&#62;",
    "$(rm -rf /) `id` ${x} $x^2$",
];

/// The bad report with `name` wherever a stranger's text can be.
pub(super) fn hostile(name: &str) -> Report {
    let mut report = bad();
    report.release.repository = Some(format!("github.com/acme/{name}"));
    report.release.tag = name.to_owned();
    report.release.artifacts.iter_mut().for_each(|artifact| artifact.name = name.to_owned());
    report.policy.name = name.to_owned();
    report.trust.iter_mut().for_each(|trust| (trust.name, trust.origin) = (name.to_owned(), name.to_owned()));
    report
        .databases
        .iter_mut()
        .for_each(|db| (db.name, db.commit) = (name.to_owned(), Some(name.to_owned())));
    report.attestations.iter_mut().for_each(|attestation| attestation.name = name.to_owned());
    for finding in report.checks.iter_mut().flat_map(|outcome| &mut outcome.findings) {
        // Not through the constructors, which clean: a renderer does not rely on them.
        finding.subject.name = name.to_owned();
        finding.message = format!("{name} {name}");
        for text in [&mut finding.expected, &mut finding.found, &mut finding.fix, &mut finding.reproduce] {
            *text = Some(name.to_owned());
        }
        if let Some(waiver) = &mut finding.waiver {
            waiver.reason = name.to_owned();
        }
    }
    report
}

/// Panics when `text` holds anything but plain characters and newlines.
pub(super) fn assert_plain(text: &str, context: &str) {
    let bad = text.chars().find(|c| *c != '\n' && !crate::text::is_plain(*c));
    assert_eq!(bad, None, "{context:?} left {bad:?} in:\n{text}");
}
