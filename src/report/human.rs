//! The report for people at a terminal: the verdict, a line a check, and what is not a pass.
//!
//! The rule that must not be broken: only the first line starts at the left edge with a mark, so that no name, however
//! chosen and however wrapped, reads as a verdict. Colour adds nothing that the text does not say.

mod page;

use super::{DatabaseSummary, Report, summary};
use crate::{
    outcome::{Finding, Level, Outcome, Status},
    text::count,
};
use page::{Page, Paint, Span};
use std::{borrow::Cow, collections::BTreeMap};
use summary::{Group, Mark};

/// How a report is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Style {
    /// Columns of the terminal; at least 40 are used.
    pub width: usize,
    /// Whether to use the terminal's colours.
    pub colour: bool,
    /// Whether the terminal shows more than ASCII.
    pub unicode: bool,
}

impl Default for Style {
    fn default() -> Self {
        Self { width: 80, colour: false, unicode: true }
    }
}

/// The report as text.
pub fn render(report: &Report, style: &Style) -> String {
    let mut page = Page::new(*style);
    heading(&mut page, report);
    checks(&mut page, report);
    let mut shown: Vec<&Outcome> =
        report.checks.iter().filter(|outcome| outcome.level != Level::Skip).collect();
    // What decided comes first; checks of one mark keep the order of the lines above.
    shown.sort_by_key(|outcome| std::cmp::Reverse(worst(outcome)));
    let mut told = Told::default();
    for outcome in shown {
        findings(&mut page, outcome, &mut told);
    }
    footer(&mut page, report);
    page.finish()
}

/// Long sentences that were printed, each with where: one outage has many consequences, and nobody reads it a dozen times.
#[derive(Default)]
struct Told<'a>(BTreeMap<String, &'a str>);

impl<'a> Told<'a> {
    /// Shorter ones are read faster than a reference is followed.
    const LONG: usize = 60;

    /// Where the sentence was printed before `here`, if it was.
    fn before(&mut self, sentence: &str, here: &'a str) -> Option<&'a str> {
        let is_long = sentence.chars().count() > Self::LONG;
        is_long.then(|| *self.0.entry(sentence.to_owned()).or_insert(here)).filter(|at| *at != here)
    }
}

/// The worst mark among its findings.
fn worst(outcome: &Outcome) -> Option<Mark> {
    outcome.findings.iter().map(|finding| Mark::of_finding(outcome, finding)).max()
}

fn heading(page: &mut Page, report: &Report) {
    let mark = Mark::of_verdict(report.verdict);
    let verdict = format!("{} {}  ", symbol(page, mark), report.verdict.word().to_uppercase());
    let title = Span(Paint::Bold, summary::title(report));
    page.flow(&[Span(paint(mark).bold(), verdict)], 2, &[title]);
    page.flow(&[Span::plain("  ")], 2, &[Span(Paint::Plain, summary::reason(report))]);
    page.blank();
    page.list(2, &facts(report, page.arrow()));
    page.blank();
}

/// What was judged, by whom and when.
fn facts(report: &Report, arrow: &str) -> Vec<String> {
    let release = &report.release;
    let tag = match &release.commit {
        Some(commit) => format!("{} {arrow} {}", release.tag, commit.short()),
        None => format!("{} (no commit)", release.tag),
    };
    vec![
        release.repository.clone().unwrap_or_else(|| "repository unknown".to_owned()),
        tag,
        artifacts(report),
        format!("policy {}", report.policy.name),
        format!("as of {}", report.as_of.strftime("%Y-%m-%d %H:%M:%SZ")),
    ]
}

/// `5 artifacts`, and how many of them were not read.
pub(super) fn artifacts(report: &Report) -> String {
    let all = &report.release.artifacts;
    let recorded = all.iter().filter(|artifact| artifact.bytes != "rehashed").count();
    let total = count(all.len(), "artifact", "artifacts");
    match recorded {
        0 => total,
        n => format!("{total} ({n} recorded, not rehashed)"),
    }
}

fn checks(page: &mut Page, report: &Report) {
    let column = report.checks.iter().map(|outcome| outcome.check.len()).max().unwrap_or(0);
    let mut told = Told::default();
    for outcome in &report.checks {
        let mark = Mark::of_check(outcome);
        let name = format!("{:column$}  ", outcome.check);
        let prefix =
            [Span::plain("  "), Span(paint(mark), symbol(page, mark)), Span::plain(format!(" {name}"))];
        let text = summary::of_check(report, outcome);
        let text = match (text.split_once(": "), told.before(&text, outcome.check)) {
            (Some((status, _)), Some(first)) => format!("{status}: as for {first}"),
            _ => text,
        };
        let mut sentence = vec![Span(summary_paint(mark), text)];
        if outcome.level == Level::Warn {
            sentence.push(Span(Paint::Dim, "(does not decide)".to_owned()));
        }
        let hang = 2 + page.mark_width() + 1 + column + 2;
        page.flow(&prefix, hang, &sentence);
    }
}

fn summary_paint(mark: Mark) -> Paint {
    match mark {
        Mark::Fail | Mark::Undetermined => Paint::Bold,
        Mark::Skipped => Paint::Dim,
        Mark::Pass | Mark::Waived | Mark::Warning => Paint::Plain,
    }
}

fn findings<'a>(page: &mut Page, outcome: &'a Outcome, told: &mut Told<'a>) {
    let groups = summary::not_passing(outcome);
    if groups.is_empty() && !outcome.findings.is_empty() {
        return;
    }
    page.blank();
    page.flow(&[Span(Paint::Bold, outcome.check.to_owned())], 2, &[]);
    if groups.is_empty() {
        page.flow(&[Span::plain("  ")], 2, &[Span(Paint::Plain, "the check reported nothing".to_owned())]);
    }
    for group in groups.iter().take(summary::MAX_GROUPS) {
        finding(page, outcome, group, told);
    }
    let hidden: usize = groups.iter().skip(summary::MAX_GROUPS).map(|group| group.findings.len()).sum();
    if hidden > 0 {
        let more = format!("and {}; --format json lists all", count(hidden, "more finding", "more findings"));
        page.flow(&[Span::plain("  ")], 2, &[Span(Paint::Dim, more)]);
    }
}

fn finding<'a>(page: &mut Page, outcome: &Outcome, group: &Group<'a>, told: &mut Told<'a>) {
    let first = group.findings[0];
    let mark = Mark::of_finding(outcome, first);
    let indent = 2 + page.mark_width() + 1;
    let rule = Span(paint(mark), format!("{}  ", first.rule.id));
    let prefix = [Span::plain("  "), Span(paint(mark), symbol(page, mark)), Span::plain(" "), rule];
    page.flow(&prefix, indent, &subjects(group, first, mark));
    let text = group.text(&first.message);
    let before = told.before(&text, first.rule.id);
    let text = before.map_or(text, |rule| format!("for the same reason as {rule}").into());
    page.flow(&[Span::plain(" ".repeat(indent))], indent, &[Span::plain(text)]);
    comparison(page, indent, group);
    if let Some(waiver) = &first.waiver {
        page.field(indent, "waived", &format!("{}{}", waiver.lead(), waiver.reason));
    }
    if let Some(fix) = first.fix.as_deref().filter(|fix| !fix.is_empty() && first.status != Status::Waived) {
        page.field(indent, "fix", &group.text(fix));
    }
    if let Some(command) = &first.reproduce {
        // As it stands: it is for pasting, and a shell reads `<name>` as a redirection.
        page.command(indent, "reproduce", command);
    }
}

fn subjects(group: &Group<'_>, first: &Finding, mark: Mark) -> Vec<Span> {
    let (names, more) = group.subjects();
    let mut spans = vec![Span(Paint::Bold, names.join(", "))];
    if more > 0 {
        spans.push(Span(Paint::Plain, format!("and {more} more")));
    }
    match (mark, first.status) {
        (Mark::Warning, Status::Undetermined) => {
            spans.push(Span(Paint::Dim, "(undetermined; a warning, does not decide)".to_owned()));
        }
        (Mark::Warning, _) => spans.push(Span(Paint::Dim, "(a warning, does not decide)".to_owned())),
        (Mark::Undetermined, _) => spans.push(Span(Paint::Dim, "(undetermined)".to_owned())),
        _ => {}
    }
    spans
}

/// Expected and found, in the same place of two lines, so that the eye can compare them.
fn comparison(page: &mut Page, indent: usize, group: &Group<'_>) {
    let first = group.findings[0];
    let rows: Vec<(&str, Cow<'_, str>)> = [("expected", &first.expected), ("found", &first.found)]
        .into_iter()
        .filter_map(|(label, text)| Some((label, group.text(text.as_deref()?))))
        .collect();
    let beside = rows.iter().all(|(_, text)| page.fits_beside(indent, text));
    for (label, text) in rows {
        if beside { page.field(indent, label, &text) } else { page.block(indent, label, &text) }
    }
}

fn footer(page: &mut Page, report: &Report) {
    page.blank();
    for trust in &report.trust {
        let until = trust.expires.map(|t| format!(", until {}", t.strftime("%Y-%m-%d"))).unwrap_or_default();
        let digest = trust.sha256.to_string();
        page.note("trusted", &format!("{} ({} {}){until}", trust.name, trust.origin, &digest[..12]));
    }
    if report.trust.is_empty() {
        page.note("trusted", "no root of trust was used");
    }
    for database in &report.databases {
        page.note("database", &database_line(database));
    }
    let code = report.verdict.exit_code();
    page.note("exit code", &format!("{code}, {}", summary::exit_meaning(report.verdict)));
}

/// An advisory database with its age.
pub(super) fn database_line(database: &DatabaseSummary) -> String {
    let commit = database.commit.as_deref().map(|id| format!(" at {}", shortened(id))).unwrap_or_default();
    let advisories = count(database.advisories, "advisory", "advisories");
    let age = match database.age_days.map(usize::try_from) {
        Some(Ok(days)) => format!("{} old", count(days, "day", "days")),
        Some(Err(_)) => "newer than the moment judged".to_owned(),
        None => "of unknown age".to_owned(),
    };
    let date = database.date.map(|date| format!(" ({})", date.strftime("%Y-%m-%d"))).unwrap_or_default();
    format!("{}{commit}: {advisories}, {age}{date}", database.name)
}

fn shortened(id: &str) -> String {
    id.chars().take(12).collect()
}

fn paint(mark: Mark) -> Paint {
    match mark {
        Mark::Pass => Paint::Green,
        Mark::Fail => Paint::Red,
        Mark::Undetermined | Mark::Warning | Mark::Waived => Paint::Yellow,
        Mark::Skipped => Paint::Dim,
    }
}

fn symbol(page: &Page, mark: Mark) -> String {
    let (unicode, ascii) = match mark {
        Mark::Pass => ("✓", "ok"),
        Mark::Fail => ("✗", "XX"),
        Mark::Undetermined => ("?", "??"),
        Mark::Warning => ("!", "!!"),
        Mark::Waived => ("~", "~~"),
        Mark::Skipped => ("-", "--"),
    };
    (if page.unicode() { unicode } else { ascii }).to_owned()
}

#[cfg(test)]
mod tests {
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
                assert!(
                    verdict && at_the_edge[1..].iter().all(|line| known(line)),
                    "{name:?}: {at_the_edge:?}"
                );
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
}
