use super::*;
use crate::report::samples;
use unicode_width::UnicodeWidthStr;

fn plain(width: usize) -> Style {
    Style { width, ..Style::default() }
}

fn without_colour(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, code)) = rest.split_once("\x1b[") {
        out.push_str(before);
        let (digits, after) = code.split_once('m').expect("a colour code ends with m");
        assert!(
            matches!(digits, "0" | "1" | "2" | "31" | "32" | "33" | "1;31" | "1;32" | "1;33"),
            "{digits:?}"
        );
        rest = after;
    }
    out + rest
}

#[test]
fn a_good_release_is_a_verdict_and_a_line_a_check() {
    insta::assert_snapshot!(render(&samples::good(), &plain(80)), @r"
    ✓ VERIFIED  widget v1.2.3
      6 of 6 required checks passed; skipped: contents; reported only: policy-claims

      github.com/acme/widget · v1.2.3 → 0f1e2d3c4b5a · 3 artifacts · policy default
      as of 2026-05-01 12:00:00Z

      ✓ tag                 v1.2.3 is an annotated tag of commit 0f1e2d3c4b5a
      ✓ checksums           each of 3 artifacts: matches SHA256SUMS
      ✓ signatures          each of 3 artifacts: is signed by release.yml of
                            github.com/acme/widget
      ✓ provenance          each of 3 artifacts: built at SLSA Build L3 from the
                            tag's commit
      ✓ advisories          each of 211 packages: no advisory is known
      ✓ supported-versions  SECURITY.md lists 1.2.x as supported
      ✓ policy-claims       SECURITY.md names a private address (does not decide)
      - contents            skipped by the policy

      trusted    sigstore-public-good (embedded 4813494d137e), until 2026-12-01
      database   rustsec at 5d9f1c7e3b2a: 812 advisories, 3 days old (2026-04-28)
      exit code  0, verified
    ");
}

#[test]
fn one_outage_is_told_once() {
    let mut report = samples::good();
    let why = "no published files were given, and nobody on this machine could be asked for them";
    for outcome in &mut report.checks[1..4] {
        let Finding { rule, subject, .. } = outcome.findings[0].clone();
        outcome.findings = vec![Finding::undetermined(rule, subject, why)];
    }
    let text = render(&report, &plain(200));
    assert_eq!(text.matches(why).count(), 2, "in the list and below it\n{text}");
    assert_eq!(text.matches("undetermined: as for checksums").count(), 2, "{text}");
    assert_eq!(text.matches("for the same reason as checksums/").count(), 2, "{text}");
}

#[test]
fn a_bad_release_says_what_is_wrong_and_what_to_do() {
    insta::assert_snapshot!(render(&samples::bad(), &plain(80)), @r"
    ✗ REJECTED  widget v1.2.3
      2 of 6 required checks failed: checksums, signatures

      github.com/acme/widget · v1.2.3 → 0f1e2d3c4b5a · 3 artifacts · policy default
      as of 2026-05-01 12:00:00Z

      ✓ tag                 v1.2.3 is an annotated tag of commit 0f1e2d3c4b5a, 1
                            warning
      ✗ checksums           1 of 3 artifacts failed, 2 passed
      ✗ signatures          3 of 3 artifacts failed
      ✓ provenance          each of 3 artifacts: built at SLSA Build L3 from the
                            tag's commit
      ~ advisories          1 of 212 packages waived, 211 passed
      ✓ supported-versions  SECURITY.md lists 1.2.x as supported
      ! policy-claims       failed: SECURITY.md names no address (does not decide)
      - contents            skipped by the policy

    checksums
      ✗ checksums/mismatch  widget-1.2.3-x86_64-unknown-linux-gnu.tar.gz
        the file is not the one that SHA256SUMS lists
        expected   994659de87f727ddcde75df44314f31d7f367b3bff347e852f390530f29720c7
        found      100ef6a71bac925f709fe9c114c60460bf6e472cfdb9d44bd8adf1698135260f
        fix        Do not ship the file; build and publish the release again under a
                   new version.
        reproduce  grep widget-1.2.3-x86_64-unknown-linux-gnu.tar.gz SHA256SUMS | \
                     sha256sum --check --strict --ignore-missing

    signatures
      ✗ signatures/unsigned  widget-1.2.3-aarch64-apple-darwin.tar.gz,
        widget-1.2.3-x86_64-pc-windows-msvc.zip,
        widget-1.2.3-x86_64-unknown-linux-gnu.tar.gz
        nothing published with <name> signs it
        expected
          a Sigstore bundle by
          https://github.com/acme/widget/.github/workflows/release.yml@refs/tags/v1.2.3
        found
          no bundle, and no signed checksum file that lists its digest
        fix        Sign the artifact in the release workflow, or sign the checksum
                   file that lists it.

    tag
      ! tag/lightweight  v1.2.3 (a warning, does not decide)
        the tag carries no signature
        fix        Make annotated tags: git tag -a

    policy-claims
      ! policy-claims/contact  contact (a warning, does not decide)
        SECURITY.md names no address
        fix        Name an address for reports in SECURITY.md.

    advisories
      ~ advisories/vulnerable  tar@0.4.40
        RUSTSEC-2026-0001: symlink escape when unpacking
        waived     until 2026-06-30: the vulnerable function is not reachable from
                   the command line

      trusted    sigstore-public-good (embedded 4813494d137e), until 2026-12-01
      database   rustsec at 5d9f1c7e3b2a: 812 advisories, 3 days old (2026-04-28)
      exit code  1, rejected: there is evidence against this release
    ");
}

#[test]
fn a_release_that_cannot_be_judged_shows_why_in_ascii() {
    let style = Style { unicode: false, ..plain(80) };
    insta::assert_snapshot!(render(&samples::unclear(), &style), @r"
    ?? UNDETERMINED  widget v1.2.3
      1 of 6 required checks could not be decided: advisories

      github.com/acme/widget | v1.2.3 -> 0f1e2d3c4b5a
      3 artifacts (3 recorded, not rehashed) | policy default
      as of 2026-05-01 12:00:00Z

      ok tag                 v1.2.3 is an annotated tag of commit 0f1e2d3c4b5a
      ok checksums           each of 3 artifacts: matches SHA256SUMS
      ok signatures          each of 3 artifacts: is signed by release.yml of
                             github.com/acme/widget
      ok provenance          each of 3 artifacts: built at SLSA Build L3 from the
                             tag's commit
      ?? advisories          undetermined: the advisory database is 40 days old
      ok supported-versions  SECURITY.md lists 1.2.x as supported
      ok policy-claims       SECURITY.md names a private address (does not decide)
      -- contents            skipped by the policy

    advisories
      ?? advisories/stale-database  v1.2.3 (undetermined)
         the advisory database is 40 days old
         expected   at most 10 days, by the policy
         found      40 days
         fix        Run relcheck advisories update, and judge again.

      trusted    sigstore-public-good (embedded 4813494d137e), until 2026-12-01
      database   rustsec at 5d9f1c7e3b2a: 812 advisories, 40 days old (2026-04-28)
      exit code  3, undetermined: neither verified nor rejected
    ");
}

#[test]
fn colour_adds_codes_and_nothing_else() {
    for report in [samples::good(), samples::bad(), samples::unclear()] {
        for width in [40, 80, 120] {
            let coloured = render(&report, &Style { colour: true, ..plain(width) });
            assert!(coloured.contains("\x1b["));
            assert_eq!(without_colour(&coloured), render(&report, &plain(width)));
            assert!(!render(&report, &plain(width)).contains('\x1b'));
        }
    }
}

#[test]
fn no_line_is_wider_than_the_terminal_unless_it_is_one_word() {
    let mut long = samples::bad();
    for finding in long.checks.iter_mut().flat_map(|outcome| &mut outcome.findings) {
        finding.subject.name = format!("{} 版本 größe", "name-".repeat(30));
    }
    for report in [samples::good(), samples::bad(), long] {
        for (width, unicode) in [(40, true), (80, true), (80, false), (120, true)] {
            let text = render(&report, &Style { unicode, ..plain(width) });
            for line in text.lines().filter(|line| line.width() > width) {
                let words = line.trim().trim_end_matches(" \\");
                assert!(!words.contains(' '), "{width}: {line:?}");
            }
        }
    }
}

#[test]
fn names_of_strangers_are_inert_on_a_terminal_and_in_a_build_log() {
    let checks = samples::bad().checks;
    let known = |line: &str| line.is_empty() || checks.iter().any(|outcome| outcome.check == line);
    for name in samples::HOSTILE {
        for (colour, unicode) in [(false, true), (false, false), (true, true)] {
            let style = Style { colour, unicode, ..plain(80) };
            let text = without_colour(&render(&samples::hostile(name), &style));
            samples::assert_plain(&text, name);
            assert!(unicode || text.is_ascii(), "{name:?}");
            for line in text.lines() {
                assert!(!line.trim().starts_with("::"), "{name:?} gives {line:?}");
                assert!(!line.contains("##"), "{name:?} gives {line:?}");
            }
            let at_the_edge: Vec<&str> = text.lines().filter(|line| !line.starts_with(' ')).collect();
            let verdict = at_the_edge[0].contains(" REJECTED  ");
            assert!(verdict && at_the_edge[1..].iter().all(|line| known(line)), "{name:?}: {at_the_edge:?}");
        }
    }
}

#[test]
fn findings_that_say_the_same_are_one_with_the_number_of_the_others() {
    let mut report = samples::bad();
    let first = report.checks[2].findings[0].clone();
    report.checks[2].findings = (0..17)
        .map(|n| {
            let subject = crate::outcome::Subject::artifact(format!("file-{n:02}.zip"));
            let message = format!("nothing published with {subject} signs it");
            Finding { subject, message, ..first.clone() }
        })
        .collect();
    let text = render(&report, &plain(120));
    assert!(text.contains("file-00.zip, file-01.zip, file-02.zip and 14 more"), "{text}");
    assert!(text.contains("17 of 17 files failed"), "{text}");
    assert_eq!(text.matches("nothing published with <name> signs it").count(), 1, "{text}");
}

#[test]
fn findings_that_are_not_shown_are_counted() {
    let mut report = samples::bad();
    let first = report.checks[2].findings[0].clone();
    let number = |n| Finding { message: format!("reason {n}"), ..first.clone() };
    report.checks[2].findings = (0..10_000).map(number).collect();
    let text = render(&report, &plain(80));
    assert!(text.contains("and 9980 more findings; --format json lists all"), "{text}");
}

#[test]
fn a_required_check_that_says_nothing_is_shown_as_undetermined() {
    let mut report = samples::good();
    report.checks[2].findings.clear();
    report.verdict = crate::outcome::Verdict::of(&report.checks);
    let text = render(&report, &plain(80));
    assert!(text.starts_with("? UNDETERMINED  widget v1.2.3\n"), "{text}");
    assert!(text.contains("  ? signatures          said nothing that decides"), "{text}");
    assert!(text.contains("the check reported nothing"), "{text}");
}
