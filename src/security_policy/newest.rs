//! The verdicts about the newest release, and the pass with what was compared.

use super::branches::branch_part;
use super::conclusion::{Conclusion, Status};
use super::coverage::{Coverage, Decision, Now};
use super::family::{PublishedTag, Refs};
use super::wording::{day, granularity, label, line_of, plural};
use super::{Kind, Range, Row};

/// No row promises anything, which is well unless a release came after the policy said so.
pub(super) fn nothing_supported(coverage: &Coverage<'_>, newest: &PublishedTag, refs: &Refs) -> Conclusion {
    let line = coverage.rows.first().map(|row| row.line);
    let say = |status, text: String| {
        Conclusion::new("nothing-supported", status, line, format!("no version is supported{text}"))
    };
    match (refs.policy_changed, newest.date) {
        (Some(changed), Some(date)) if date > changed => say(
            Status::Fail,
            format!(", yet {} was published on {}, after the policy last changed", newest.name, day(date)),
        )
        .fix("say which versions are supported, or publish no more"),
        (Some(_), Some(_)) => say(Status::Pass, String::new()),
        _ => say(Status::Undetermined, "; whether a release came after the policy cannot be told".to_owned()),
    }
}

/// Rows that deny support of others than the newest release: what of it, they do not say.
pub(super) fn not_said(coverage: &Coverage<'_>, newest: &PublishedTag) -> Conclusion {
    let line = coverage.rows.first().map(|row| row.line);
    let message =
        format!("no row says that a version is supported, and none names the newest release {}", newest.name);
    Conclusion::new("not-machine-readable", Status::Undetermined, line, message)
        .expected(format!("a row for {}", newest.name))
        .fix("add a row for what is supported, such as \"Latest release\"")
}

/// A row that calls the newest release unsupported.
pub(super) fn unsupported(coverage: &Coverage<'_>, row: &Row, newest: &PublishedTag) -> Conclusion {
    let dated = newest.date.map(|date| format!(", {}", day(date))).unwrap_or_default();
    let mut message = format!(
        "the newest release {} (tag {}{dated}) falls under \"{}\", which the policy calls unsupported",
        newest.version, newest.name, row.raw
    );
    message.push_str(of_the_others(coverage, row));
    let instead = line_of(newest, granularity(coverage.rows));
    Conclusion::new("latest-unsupported", Status::Fail, Some(row.line), message)
        .expected(format!("a supported row for {}", newest.name))
        .found(row.raw.clone())
        .fix(format!("add \"{instead}\" as supported, or write \"Latest release\""))
}

/// What else is to be said where the newest release is unsupported: of all others of its kind, where no row supports any.
/// Of a product's rows nothing, since other rows are about other versions.
fn of_the_others(coverage: &Coverage<'_>, row: &Row) -> &'static str {
    let promises = |at: usize| coverage.now[at] == Now::Supported && !coverage.selected[at].is_empty();
    if row.product.is_some() || (0..coverage.rows.len()).any(promises) {
        return "";
    }
    let is_denied = |decision: &Decision| matches!(decision, Decision::Row(row) if coverage.now[*row] == Now::Unsupported);
    let is_stable = coverage.releases.iter().all(|release| !release.version.is_pre_release());
    match (coverage.decisions.iter().all(is_denied), is_stable) {
        // Beside stable releases, pre-releases are not looked at.
        (true, true) => "; every stable release does",
        (true, false) => "; every published version does",
        (false, true) => "; no stable release is in a supported row",
        (false, false) => "; no published version is in a supported row",
    }
}

/// No row names the newest release.
pub(super) fn unlisted(coverage: &Coverage<'_>, newest: &PublishedTag) -> Conclusion {
    let mut supported: Vec<&Row> = (0..coverage.rows.len())
        .filter(|&at| coverage.now[at] == Now::Supported && coverage.rows[at].selector.range.is_some())
        .map(|at| &coverage.rows[at])
        .collect();
    supported.sort_by_key(|row| row.selector.range.as_ref().map(Range::upper));
    let top = supported.last();
    let named = top.map(|row| format!("the newest supported row is {} (line {}) and ", label(row), row.line));
    let message =
        format!("the newest release is {}; {}no row names it", newest.name, named.unwrap_or_default());
    let line = line_of(newest, granularity(coverage.rows));
    // A row may decide about others of that line: then the release itself is to be named.
    let is_of_line = |at: usize| line_of(&coverage.releases[at], granularity(coverage.rows)) == line;
    let in_part = (1..coverage.releases.len())
        .any(|at| is_of_line(at) && matches!(coverage.decisions[at], Decision::Row(row) if coverage.rows[row].selector.kind != Kind::Rest));
    let instead = if in_part { newest.version.to_string() } else { line };
    Conclusion::new("latest-unlisted", Status::Fail, top.map(|row| row.line), message)
        .expected(format!("a supported row for {}", newest.name))
        .fix(format!("add \"{instead}\", or write \"Latest release\""))
}

/// The newest release is on a line that is marked as under development.
pub(super) fn development(coverage: &Coverage<'_>, row: &Row, refs: &Refs) -> Vec<Conclusion> {
    let newest = &coverage.releases[0];
    let Some(supported) = coverage.supported().next() else { return vec![unlisted(coverage, newest)] };
    let message = format!(
        "{} is on a development line; the newest supported release is {}",
        newest.name, supported.name
    );
    vec![passed(coverage, refs), Conclusion::new("development-line", Status::Info, Some(row.line), message)]
}

/// The pass, with what was compared.
pub(super) fn passed(coverage: &Coverage<'_>, refs: &Refs) -> Conclusion {
    let (mut branches, mut supported, mut others) = (Vec::new(), Vec::new(), Vec::new());
    for (at, row) in coverage.rows.iter().enumerate() {
        let releases = deciding(coverage, at);
        match (row.selector.kind, coverage.now[at]) {
            (Kind::Branch, Now::Supported) if row.selector.range.is_none() => {
                branches.extend(branch_part(row, refs))
            }
            (_, Now::Supported) if !releases.is_empty() => {
                supported.push(supported_part(coverage, row, &releases))
            }
            (kind, Now::Unsupported) if !releases.is_empty() => {
                let older = matches!(kind, Kind::BeforeLatest | Kind::BeforePrevious | Kind::Rest);
                let older = if older { "older " } else { "" };
                others.push(format!(
                    "{}: {} {older}{} unsupported",
                    label(row),
                    releases.len(),
                    plural(releases.len())
                ));
            }
            _ => {}
        }
    }
    let mut parts = branches;
    parts.push(supported.join(", "));
    if others.len() > 4 {
        let more = others.len() - 3;
        others.truncate(3);
        others.push(format!("{more} more rows unsupported"));
    }
    parts.extend(others);
    parts.retain(|part| !part.is_empty());
    Conclusion::new("supported", Status::Pass, None, parts.join("; "))
}

/// The releases that a row decides about.
pub(super) fn deciding(coverage: &Coverage<'_>, row: usize) -> Vec<usize> {
    let decides = |at: &usize| coverage.decisions[*at] == Decision::Row(row);
    coverage.selected[row].iter().copied().filter(decides).collect()
}

/// What a supported row comes to, as the pass shows it.
fn supported_part(coverage: &Coverage<'_>, row: &Row, releases: &[usize]) -> String {
    let newest = &coverage.releases[releases[0]].name;
    let of = row.selector.range.as_ref().map(|range| format!(" of {range}")).unwrap_or_default();
    let more = if releases.len() > 1 { format!(" and {} more", releases.len() - 1) } else { String::new() };
    match row.selector.kind {
        Kind::Latest => format!("latest{of} = {newest}{more}"),
        Kind::Previous => format!("previous{of} = {newest}{more}"),
        _ if releases[0] == 0 => format!("{} = {newest} (latest){more}", label(row)),
        _ => format!("{} = {newest}{more}", label(row)),
    }
}
