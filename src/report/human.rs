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
    let expected = first.expected.as_deref().map(|text| group.text(text));
    let rows: Vec<(&str, Cow<'_, str>)> = [("expected", expected), ("found", group.found())]
        .into_iter()
        .filter_map(|(label, text)| Some((label, text?)))
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
mod tests;
