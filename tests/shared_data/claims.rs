//! What the security policies of others claim: the five sample projects line by line, and every policy of the corpus.
//!
//! The kinds that only the tree of the tag settles are held to their detection here, for the samples' trees are not in the
//! data.

use std::path::Path;
use std::process::Command;

use relcheck::security_policy::claims::{Claim, Tone, claims};

use crate::run::relcheck;
use crate::shared;

/// A claim of the hand-made table: sample, line, kind. Those of one line stand together.
const CLAIMED: &[(&str, usize, &[&str])] = &[
    ("PromptKit", 24, &["contact"]),
    ("PromptKit", 38, &["pgp-key"]),
    ("PromptKit", 58, &["static-analysis"]),
    ("PromptKit", 59, &["dependency-scanning"]),
    ("PromptKit", 60, &["review"]),
    ("PromptKit", 61, &["signed-releases", "checksums"]),
    ("PromptKit", 148, &["~slsa"]),
    ("PromptKit", 163, &["last-updated"]),
    ("PromptKit", 164, &["review-date"]),
    ("omnia-langchain-runtime", 48, &["static-analysis"]),
    ("omnia-langchain-runtime", 49, &["dependency-scanning"]),
    ("omnia-langchain-runtime", 50, &["review"]),
    ("omnia-langchain-runtime", 51, &["signed-releases", "checksums"]),
    ("omnia-langchain-runtime", 65, &["dependency-updates"]),
    ("omnia-langchain-runtime", 138, &["~slsa"]),
    ("omnia-langchain-runtime", 144, &["last-updated"]),
    ("PM-Prompt-Patterns", 22, &["placeholder"]),
    ("PM-Prompt-Patterns", 100, &["moved-line"]),
    ("PM-Prompt-Patterns", 103, &["broken-link"]),
    ("PM-Prompt-Patterns", 109, &["moved-line"]),
    ("PM-Prompt-Patterns", 115, &["dependency-updates"]),
    ("PM-Prompt-Patterns", 120, &["pre-commit"]),
    ("PM-Prompt-Patterns", 206, &["coverage"]),
    ("PM-Prompt-Patterns", 235, &["history"]),
    ("PM-Prompt-Patterns", 239, &["last-updated"]),
    ("PM-Prompt-Patterns", 240, &["review-date"]),
    ("PM-Prompt-Patterns", 242, &["placeholder"]),
    ("llm-task-framework", 20, &["placeholder"]),
    ("llm-task-framework", 37, &["static-analysis"]),
    ("llm-task-framework", 38, &["dependency-scanning"]),
    ("llm-task-framework", 39, &["secret-scanning"]),
    ("llm-task-framework", 40, &["container-scanning"]),
    ("llm-task-framework", 41, &["licence-check"]),
    ("llm-task-framework", 45, &["pre-commit"]),
    ("llm-task-framework", 46, &["locked-dependencies"]),
    ("llm-task-framework", 47, &["least-privilege"]),
    ("llm-task-framework", 48, &["dependency-updates"]),
    ("llm-task-framework", 137, &["update-channels"]),
    ("llm-task-framework", 184, &["penetration-testing"]),
    ("llm-task-framework", 192, &["schedule"]),
    ("llm-task-framework", 200, &["placeholder"]),
    ("llm-task-framework", 201, &["pgp-key"]),
    ("llm-task-framework", 210, &["review-date"]),
    ("aligntune", 18, &["contact"]),
    ("aligntune", 35, &["response-times"]),
    ("aligntune", 103, &["dependency-updates"]),
    ("aligntune", 105, &["dependency-scanning"]),
    ("aligntune", 128, &["update-channels"]),
];

/// Lines of the samples that look like claims and are none: advice, checklists, aims without anything to look at.
const NOTHING: &[(&str, &[usize])] = &[
    ("PromptKit", &[67, 83, 97, 100, 123]),
    ("omnia-langchain-runtime", &[55, 73, 96, 98]),
    ("PM-Prompt-Patterns", &[52, 55, 127, 130, 145, 159, 173, 177, 218, 221, 227]),
    ("llm-task-framework", &[52, 112, 153, 158, 161, 166, 185, 186]),
    ("aligntune", &[57, 66, 67, 70, 78, 110, 111, 119, 144]),
];

fn shown(claim: &Claim) -> String {
    format!("{}{}", if claim.tone == Tone::Aim { "~" } else { "" }, claim.kind.name())
}

#[test]
fn the_lines_of_the_samples_claim_what_the_table_made_by_hand_says() {
    let Some(seeds) = shared("data/seeds") else { return };
    let of = |name: &str| {
        let bytes = std::fs::read(seeds.join(name).join("SECURITY.seed.md")).unwrap();
        claims("SECURITY.md", &bytes).all
    };
    for (name, line, kinds) in CLAIMED {
        let found: Vec<String> = of(name).iter().filter(|claim| claim.line == *line).map(shown).collect();
        assert_eq!(found, *kinds, "{name}:{line}");
    }
    let mut none = 0;
    for (name, lines) in NOTHING {
        for claim in of(name) {
            assert!(!lines.contains(&claim.line), "{name}:{} is {}", claim.line, claim.kind.name());
        }
        none += lines.len();
    }
    println!("claims: {} lines of the samples claim what they should, {none} claim nothing", CLAIMED.len());
}

#[test]
fn every_policy_of_the_corpus_is_read_for_claims() {
    let Some(corpus) = shared("data/security-md/corpus") else { return };
    let (mut files, mut found) = (0, 0);
    for entry in std::fs::read_dir(corpus).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let all = claims(&name, &std::fs::read(&path).unwrap());
        assert!(!all.is_cut, "{name}");
        files += 1;
        found += all.all.len();
    }
    assert!(files > 100 && found > files);
    println!("claims: {found} in {files} policies of the corpus");
}

/// Rows `contact.*`, `date.*` and `release.*` of the table, as of 2026-11-21: sample, and what the check says of the text
/// for a release without files whose tag is annotated and not signed.
const SAID: &[(&str, &[&str])] = &[
    (
        "PromptKit",
        &[
            "24 pass contact",
            "38 fail pgp-key: the block holds \"[PGP key will be provided upon request]\", and no key",
            "61 fail signed-releases: v1.0.0 has no files, and its tag is not signed",
            "61 fail checksums: v1.0.0 has no files, and so no checksums",
            "148 fail slsa: v1.0.0 has no files, and so no provenance",
            "163 fail last-updated: that was 385 days ago",
            "164 fail review-date: overdue by 293 days",
        ],
    ),
    ("omnia-langchain-runtime", &["24 pass contact"]),
    (
        "PM-Prompt-Patterns",
        &[
            "22 fail placeholder: [MAINTAINER_EMAIL] was never filled in, and the file gives no other way to report",
            "242 fail placeholder: [MAINTAINER_EMAIL] was never filled in, and the file gives no other way to report",
            "239 fail last-updated: that was 386 days ago",
            "240 fail review-date: overdue by 294 days",
        ],
    ),
    (
        "llm-task-framework",
        &[
            "20 fail placeholder: security@yourdomain.com was never filled in, and the file gives no other way to report",
            "200 fail placeholder: security@yourdomain.com was never filled in, and the file gives no other way to report",
            "201 undetermined pgp-key",
        ],
    ),
    ("aligntune", &["18 pass contact"]),
];

/// A repository with one commit, `text` as its policy, and an annotated tag.
fn repository(folder: &Path, text: &[u8]) -> bool {
    std::fs::write(folder.join("SECURITY.md"), text).unwrap();
    let git = |arguments: &[&str]| {
        let mut command = Command::new("git");
        command.current_dir(folder).args([
            "-c",
            "user.name=Sample",
            "-c",
            "user.email=sample@example.invalid",
        ]);
        command.args(["-c", "commit.gpgsign=false", "-c", "tag.gpgsign=false"]).args(arguments);
        command.env("GIT_CONFIG_NOSYSTEM", "1").env("GIT_CONFIG_GLOBAL", "/dev/null");
        for inherited in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"] {
            command.env_remove(inherited);
        }
        command
            .env("GIT_AUTHOR_DATE", "2025-12-05T00:00:00Z")
            .env("GIT_COMMITTER_DATE", "2025-12-05T00:00:00Z");
        command.output().map(|output| output.status.success())
    };
    match git(&["init", "-q", "-b", "main"]) {
        Ok(true) => {}
        other => {
            assert!(std::env::var_os("CI").is_none(), "git: {other:?}");
            eprintln!("SKIPPED: git: {other:?}");
            return false;
        }
    }
    for arguments in
        [&["add", "."][..], &["commit", "-q", "-m", "Release"], &["tag", "-a", "-m", "1.0.0", "v1.0.0"]]
    {
        assert!(git(arguments).unwrap(), "{arguments:?}");
    }
    true
}

#[test]
fn contacts_dates_and_releases_of_the_samples_come_out_as_the_table_made_by_hand_says() {
    let Some(seeds) = shared("data/seeds") else { return };
    let mut rows = 0;
    for (name, expected) in SAID {
        let folder = tempfile::tempdir().unwrap();
        let text = std::fs::read(seeds.join(name).join("SECURITY.seed.md")).unwrap();
        let (at, empty) = (folder.path().join("repository"), folder.path().join("empty"));
        std::fs::create_dir(&at).unwrap();
        std::fs::create_dir(&empty).unwrap();
        if !repository(&at, &text) {
            return;
        }
        let (at, empty) = (at.to_str().unwrap(), empty.to_str().unwrap());
        let ran = relcheck(
            Path::new("/"),
            [
                "verify",
                "v1.0.0",
                "--repo",
                at,
                "--assets",
                empty,
                "--policy",
                "default",
                "--format",
                "json",
                "--as-of",
                "2026-11-21T12:00:00Z",
            ],
        );
        let json = ran.json();
        let checks = json["checks"].as_array().unwrap();
        let check = checks.iter().find(|check| check["id"] == "policy-claims").unwrap();
        let findings = check["findings"].as_array().unwrap();
        for row in *expected {
            let (head, message) = row.split_once(": ").unwrap_or((row, ""));
            let [line, status, kind] = head.split(' ').collect::<Vec<_>>()[..] else { panic!("{row}") };
            let is_it = |finding: &&serde_json::Value| {
                finding["rule"] == format!("policy-claims/{kind}")
                    && finding["subject"]["name"] == format!("SECURITY.md:{line}")
                    && finding["status"] == status
                    && finding["message"].as_str().unwrap().ends_with(message)
            };
            assert!(findings.iter().any(|finding| is_it(&finding)), "{name}: {row}: {check:#}");
            rows += 1;
        }
    }
    println!("claims: {rows} rows of the samples' contacts, dates and releases");
}
