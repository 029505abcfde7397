//! Every code of the study, one row each: a policy that brings it about with its whole message, and a near miss.

use super::super::*;
use super::{now, published, table};

/// A policy with the tags it is held against, and the version in the manifest.
struct Case {
    text: String,
    tags: &'static [&'static str],
    manifest: Option<&'static str>,
}

/// A code with its status, line and whole message; the policy that brings it about, and the near miss.
type Told = (&'static str, Status, Option<usize>, &'static str, Case, Case);

fn rows(rows: &[(&str, &str)], tags: &'static [&'static str]) -> Case {
    Case { text: table(rows), tags, manifest: None }
}

fn text(text: &str, tags: &'static [&'static str]) -> Case {
    Case { text: text.to_owned(), tags, manifest: None }
}

fn with_manifest(rows: &[(&str, &str)], manifest: &'static str) -> Case {
    Case { text: table(rows), tags: &["v1.0.0"], manifest: Some(manifest) }
}

fn judged(case: &Case) -> Vec<Conclusion> {
    let refs = Refs {
        default_branch: Some("master".into()),
        policy_changed: Some("2026-02-01T00:00:00Z".parse().unwrap()),
        ..Refs::default()
    };
    let policy = read("SECURITY.md", case.text.as_bytes());
    judge(&policy, &published(case.tags), &refs, case.manifest, now())
}

#[test]
#[allow(clippy::too_many_lines, reason = "one row for each code")]
fn each_code_has_a_policy_that_brings_it_about_and_a_near_miss_that_does_not() {
    use Status::{Fail, Info, Undetermined, Warn};
    let line = |line| Some(line);
    let cases: [Told; 20] = [
        (
            "latest-unsupported",
            Fail,
            line(8),
            "the newest release 0.1.6 (tag 0.1.6, 2026-02-18) falls under \"< 0.2.0\", which the policy calls unsupported",
            rows(
                &[("Latest 1.x", "yes"), ("< 0.2.0", "no"), ("0.1.5", "yes")],
                &["0.1.6 2026-02-18", "0.1.5"],
            ),
            rows(&[("0.2.x", "yes"), ("< 0.2.0", "no")], &["0.2.0", "0.1.6"]),
        ),
        (
            "latest-unlisted",
            Fail,
            line(7),
            "the newest release is v5.6.3; the newest supported row is 5.4.x (line 7) and no row names it",
            rows(&[("5.4.x", "yes"), ("< 5.4", "no")], &["v5.6.3", "v5.4.0"]),
            rows(&[("5.x", "yes"), ("< 5", "no")], &["v5.6.3", "v5.4.0"]),
        ),
        (
            "never-published",
            Fail,
            line(7),
            "0.2.x is promised but was never published (newest: 0.1.6)",
            rows(&[("0.2.x", "yes"), ("0.1.x", "yes")], &["0.1.6"]),
            rows(&[("0.2.x", "no"), ("0.1.x", "yes")], &["0.1.6"]),
        ),
        (
            "only-pre-release",
            Warn,
            line(7),
            "7.x has only pre-releases (newest v7.0.0-alpha.48)",
            rows(&[("7.x", "yes"), ("6.x", "yes")], &["v7.0.0-alpha.48", "v6.0.0"]),
            rows(&[("7.x", "no"), ("6.x", "yes")], &["v7.0.0-alpha.48", "v6.0.0"]),
        ),
        (
            "expired",
            Warn,
            line(8),
            "support for 8.x ended (2026-11-20) by this table",
            rows(&[("9.x", "yes"), ("8.x", "until 2026-11-20")], &["v9.0.0", "v8.0.0"]),
            // The day itself has not passed.
            rows(&[("9.x", "yes"), ("8.x", "until 2026-11-21")], &["v9.0.0", "v8.0.0"]),
        ),
        (
            "branch-missing",
            Fail,
            line(7),
            "no branch \"main\" here; the default branch is \"master\"",
            rows(&[("main", "yes"), ("1.x", "yes")], &["v1.0.0"]),
            rows(&[("master", "yes"), ("1.x", "yes")], &["v1.0.0"]),
        ),
        (
            "template",
            Fail,
            line(7),
            "this is GitHub's unedited template (5.1.x, 5.0.x, 4.0.x, < 4.0); the project publishes v7.0.0",
            rows(&[("5.1.x", "yes"), ("5.0.x", "no"), ("4.0.x", "yes"), ("< 4.0", "no")], &["v7.0.0"]),
            rows(&[("5.1.x", "yes"), ("5.0.x", "no"), ("4.0.x", "no"), ("< 4.0", "no")], &["v5.1.0"]),
        ),
        (
            "contradiction",
            Fail,
            line(7),
            "lines 7 and 8 disagree about 4.0.x",
            rows(&[("4.0.x", "yes"), ("4.0.x", "no")], &["v4.0.0"]),
            rows(&[("4.0.x", "yes"), ("4.0.0", "no")], &["v4.0.1", "v4.0.0"]),
        ),
        (
            "gap",
            Warn,
            line(8),
            "5.0.x (1 release) is in no row",
            rows(&[("5.1.x", "yes"), ("< 5.0", "no")], &["v5.1.0", "v5.0.0", "v4.0.0"]),
            rows(&[("5.1.x", "yes"), ("< 5.1", "no")], &["v5.1.0", "v5.0.0", "v4.0.0"]),
        ),
        (
            "promise-too-wide",
            Warn,
            line(7),
            "\">= 1.12.6\" promises fixes for 3 major versions (1.12.6 to 3.5.0); is that meant?",
            rows(&[(">= 1.12.6", "yes")], &["3.5.0", "2.0.0", "1.12.6"]),
            rows(&[(">= 1.12.6", "yes")], &["1.13.0", "1.12.6"]),
        ),
        (
            "prose-differs",
            Warn,
            line(3),
            "line 3 supports the latest release only; the table supports 2 releases",
            text(
                "## Supported Versions\n\nOnly the latest version is supported.\n\n| Version | Supported |\n|-|-|\n| 4.x | yes |\n",
                &["v4.1.0", "v4.0.0"],
            ),
            text(
                "## Supported Versions\n\nOnly the latest version is supported.\n\n| Version | Supported |\n|-|-|\n| 4.x | yes |\n",
                &["v4.0.0"],
            ),
        ),
        (
            "manifest-differs",
            Warn,
            line(8),
            "the version in the manifest, 0.1.0, falls under \"< 1.0\"",
            with_manifest(&[("1.x", "yes"), ("< 1.0", "no")], "0.1.0"),
            with_manifest(&[("1.x", "yes"), ("< 1.0", "no")], "1.0.0"),
        ),
        (
            "nothing-supported",
            Fail,
            line(7),
            "no version is supported, yet v2.0.0 was published on 2026-02-02, after the policy last changed",
            rows(&[("2.x", "no")], &["v2.0.0 2026-02-02"]),
            rows(&[("2.x", "security fixes only")], &["v2.0.0 2026-02-02"]),
        ),
        (
            "development-line",
            Info,
            line(7),
            "1.19.0 is on a development line; the newest supported release is 1.18.1",
            rows(&[("1.19.x", ":hammer:"), ("1.18.x", "yes")], &["1.19.0", "1.18.1"]),
            rows(&[("1.19.x", "yes"), ("1.18.x", "yes")], &["1.19.0", "1.18.1"]),
        ),
        (
            "foreign-product",
            Fail,
            line(7),
            "the rows on lines 7 to 8 match no tag (1.0.0 to 2.1.1). Is this another project's table?",
            rows(&[("9", "yes"), ("10", "yes")], &["2.1.1", "1.0.0"]),
            rows(&[("3", "yes"), ("10", "yes")], &["2.1.1", "1.0.0"]),
        ),
        (
            "no-releases",
            Undetermined,
            line(8),
            "no tag is read as a version; \"Previous release\" names nothing",
            rows(&[("1.x", "yes"), ("Previous release", "yes")], &[]),
            rows(&[("1.x", "yes"), ("Previous release", "yes")], &["v1.0.0"]),
        ),
        (
            "not-machine-readable",
            Undetermined,
            line(3),
            "support is described in words that are not checked: \"See our site.\"",
            text("## Supported Versions\n\nSee [our site](https://example.org).\n", &["v1.0.0"]),
            text("## Supported Versions\n\nAll 1.x versions are supported.\n", &["v1.0.0"]),
        ),
        (
            "no-section",
            Undetermined,
            None,
            "the policy does not say which versions are supported",
            text("# Security\n\n## Reporting\n\nMail us.\n", &["v1.0.0"]),
            text("# Security\n\n## Supported Versions\n\nMail us.\n", &["v1.0.0"]),
        ),
        (
            "text-damage",
            Warn,
            line(1),
            "text was decoded with the wrong encoding (\"ðŸ\")",
            text("ðŸ“§\n\n## Supported Versions\n\nAll 1.x versions are supported.\n", &["v1.0.0"]),
            text("📧\n\n## Supported Versions\n\nAll 1.x versions are supported.\n", &["v1.0.0"]),
        ),
        (
            "unreadable",
            Undetermined,
            line(8),
            "\"1.x and some\" is not understood as a version",
            rows(&[("2.x", "yes"), ("1.x and some", "yes")], &["v2.0.0"]),
            rows(&[("2.x", "yes"), ("1.x", "no")], &["v2.0.0"]),
        ),
    ];
    for (code, status, line, message, bad, good) in &cases {
        let found = judged(bad);
        let said: Vec<&Conclusion> = found.iter().filter(|said| said.rule == *code).collect();
        let [said] = said.as_slice() else { panic!("one {code} in {found:#?}") };
        assert_eq!((said.status, said.line, said.message.as_str()), (*status, *line, *message), "{code}");
        let near = judged(good);
        assert!(!near.is_empty(), "{code}: nothing passes by silence");
        assert!(near.iter().all(|said| said.rule != *code), "{code}: {near:#?}");
    }
}
