//! The verdicts about rows: unread, contradicting, expired, too wide, with gaps between them.

use std::collections::{BTreeMap, BTreeSet};

use super::conclusion::{Conclusion, Status};
use super::coverage::{Coverage, Decision, Now};
use super::family::{Family, PublishedTag};
use super::newest::deciding;
use super::status::is_bare_yes;
use super::wording::{label, line_of, lines, plural};
use super::{Kind, Range, Row, Support, Unit};

/// Rows that were not read, or whose status was not.
pub(super) fn unread(rows: &[Row]) -> Vec<Conclusion> {
    let told = |row: &Row| {
        let line = Some(row.line);
        let undetermined = |rule, message| {
            Some(Conclusion::new(rule, Status::Undetermined, line, message).found(row.raw.clone()))
        };
        match row.selector.kind {
            Kind::Unknown => {
                undetermined("unreadable", format!("\"{}\" is not understood as a version", row.raw))
            }
            Kind::Prose => undetermined(
                "not-machine-readable",
                format!("support is described in words that are not checked: \"{}\"", row.raw),
            ),
            Kind::Channel
                if rows.iter().all(|row| matches!(row.selector.kind, Kind::Channel | Kind::Rest)) =>
            {
                undetermined(
                    "not-machine-readable",
                    format!("\"{}\" is a channel and no release; not checked", row.raw),
                )
            }
            // A line under development promises nothing that a release could break.
            Kind::Branch if row.supported == Support::Unknown && row.development => {
                Some(Conclusion::new("unreadable", Status::Info, line, unread_status(row)))
            }
            _ if row.supported == Support::Unknown && !row.development => {
                let found = if row.status.is_empty() { &row.raw } else { &row.status };
                let fix = if is_bare_yes(&row.status) {
                    "say in plain words what holds, in the remarks, notes, headings and sentences around it"
                } else {
                    "write its status as ✅, ❌, \"security fixes only\" or \"until 2030-12-31\""
                };
                undetermined("unreadable", unread_status(row)).map(|said| said.found(found.clone()).fix(fix))
            }
            _ => None,
        }
    };
    rows.iter().filter_map(told).collect()
}

/// Why a plain mark promises nothing.
pub(super) const TAKEN_BACK: &str =
    "what else the file says of it denies, ends or bounds that, or is not understood";

/// What is said of a row whose version was understood, and its status not.
fn unread_status(row: &Row) -> String {
    if row.status.is_empty() {
        return format!("whether \"{}\" is supported cannot be read", row.raw);
    }
    if is_bare_yes(&row.status) {
        return format!("\"{}\" is marked \"{}\", and {TAKEN_BACK}", row.raw, row.status);
    }
    format!("what \"{}\" says about \"{}\" is not understood", row.status, row.raw)
}

/// GitHub's template with its four rows as they come.
pub(super) fn template(rows: &[Row], stable: &[PublishedTag]) -> Option<Conclusion> {
    let told: Vec<(String, bool)> = rows
        .iter()
        .map(|row| {
            let range = row.selector.range.as_ref().map(ToString::to_string).unwrap_or_default();
            (range, row.supported == Support::Yes)
        })
        .collect();
    let own =
        [(">=5.1.0, <5.2.0", true), (">=5.0.0, <5.1.0", false), (">=4.0.0, <4.1.0", true), ("<4.0.0", false)];
    let same = told.len() == 4
        && own.iter().all(|(range, yes)| told.iter().any(|row| row.0 == *range && row.1 == *yes));
    let published = |major, minor| stable.iter().any(|tag| tag.version.numbers[..2] == [major, minor]);
    if !same || published(5, 1) && published(4, 0) {
        return None;
    }
    let publishes = stable.first().map_or_else(
        || "the project publishes nothing yet".to_owned(),
        |newest| format!("the project publishes {}", newest.name),
    );
    let message = format!("this is GitHub's unedited template (5.1.x, 5.0.x, 4.0.x, < 4.0); {publishes}");
    let found = Conclusion::new("template", Status::Fail, rows.first().map(|row| row.line), message);
    Some(found.fix("write the lines that are supported, or \"Latest release\""))
}

pub(super) fn no_releases(rows: &[Row]) -> Conclusion {
    let words = rows.iter().find(|row| matches!(row.selector.kind, Kind::Previous | Kind::Latest));
    let names = words.map(|row| format!("; \"{}\" names nothing", row.raw)).unwrap_or_default();
    let line = words.or_else(|| rows.first()).map(|row| row.line);
    Conclusion::new("no-releases", Status::Undetermined, line, format!("no tag is read as a version{names}"))
}

/// Rows of one rank that say different things about one release, or about the same range.
pub(super) fn contradictions(coverage: &Coverage<'_>) -> Vec<Conclusion> {
    let mut pairs: BTreeSet<(usize, usize)> = BTreeSet::new();
    for decision in &coverage.decisions {
        if let Decision::Conflict(a, b) = decision {
            pairs.insert((*a, *b));
        }
    }
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    for (at, row) in coverage.rows.iter().enumerate().filter(|(_, row)| !row.selector.is_unread()) {
        let selector = &row.selector;
        let range = selector.range.as_ref().map(ToString::to_string).unwrap_or_default();
        let key = format!(
            "{} {range} {:?} {:?} {:?}",
            selector.kind.name(),
            selector.name,
            selector.unit,
            selector.n
        );
        // What is not understood disagrees with nothing.
        if coverage.now[at] == Now::Unknown {
            continue;
        }
        let first = *seen.entry(key).or_insert(at);
        if coverage.now[first] != coverage.now[at] {
            pairs.insert((first, at));
        }
    }
    let told = |(a, b): &(usize, usize)| {
        let (a, b) = (&coverage.rows[*a], &coverage.rows[*b]);
        let about = if label(a) == label(b) { label(a) } else { format!("{} and {}", label(a), label(b)) };
        let message = format!("lines {} and {} disagree about {about}", a.line, b.line);
        Conclusion::new("contradiction", Status::Fail, Some(a.line), message).fix("keep one of the two rows")
    };
    pairs.iter().take(20).map(told).collect()
}

/// Rows that are all far from every release: another project's table.
pub(super) fn foreign(coverage: &Coverage<'_>, family: &Family) -> Option<Conclusion> {
    let rows: Vec<&Row> = coverage.rows.iter().filter(|row| row.selector.kind != Kind::Branch).collect();
    let far = |row: &&Row| {
        row.selector.range.as_ref().is_some_and(|range| {
            matches!(row.selector.kind, Kind::Range | Kind::Exact)
                && family.releases.iter().all(|tag| {
                    let major = tag.version.numbers[0];
                    !range.contains_line_of(&tag.version)
                        && (major.saturating_add(1) < range.lower()[0]
                            || major > range.upper()[0].saturating_add(1))
                })
        })
    };
    if rows.len() < 2 || !rows.iter().all(far) {
        return None;
    }
    let (newest, oldest) = (family.releases.first()?, family.releases.last()?);
    let message = format!(
        "{} match no tag ({} to {}). Is this another project's table?",
        lines(coverage.rows),
        oldest.name,
        newest.name
    );
    let found = Conclusion::new("foreign-product", Status::Fail, rows.first().map(|row| row.line), message);
    Some(found.fix("write the lines of this project, or \"Latest release\""))
}

/// Rows whose end has passed.
pub(super) fn expired(coverage: &Coverage<'_>) -> Vec<Conclusion> {
    let told = |at: usize| {
        let row = &coverage.rows[at];
        let Support::Until(until) = &row.supported else { return None };
        let decides = coverage.decisions.first() == Some(&Decision::Row(at));
        let (status, newest) = if decides {
            (Status::Fail, ", and the newest release is in that row")
        } else {
            (Status::Warn, "")
        };
        let message = format!("support for {} ended ({until}) by this table{newest}", label(row));
        let found =
            Conclusion::new("expired", status, Some(row.line), message).found(format!("until {until}"));
        Some(found.fix(format!("mark line {} unsupported, or give it a new date", row.line)))
    };
    (0..coverage.rows.len()).filter(|&at| coverage.now[at] == Now::Expired).filter_map(told).collect()
}

/// Releases that no row names, besides the newest.
pub(super) fn gap(coverage: &Coverage<'_>) -> Option<Conclusion> {
    let denies_only = coverage.rows.iter().all(|row| row.supported == Support::No);
    if coverage.rows.iter().any(|row| row.selector.is_unread())
        || denies_only && coverage.decisions.first() == Some(&Decision::Nothing)
    {
        return None;
    }
    let missing: Vec<usize> =
        (1..coverage.releases.len()).filter(|&at| coverage.decisions[at] == Decision::Nothing).collect();
    let first = *missing.first()?;
    let mut lines: Vec<(String, Vec<usize>)> = Vec::new();
    for &at in &missing {
        let line = line_of(&coverage.releases[at], 2);
        match lines.last_mut().filter(|(name, _)| *name == line) {
            Some((_, releases)) => releases.push(at),
            None => lines.push((line, vec![at])),
        }
    }
    let total = lines.len();
    let shown: Vec<String> =
        lines.iter().take(4).map(|(line, releases)| missing_part(coverage, line, releases)).collect();
    let more = if total > 4 { format!(" and {} more lines", total - 4) } else { String::new() };
    let one = total == 1 && (missing.len() == 1 || shown[0].starts_with(&lines[0].0));
    let is = if one { "is" } else { "are" };
    let below = (first..coverage.releases.len()).all(|at| coverage.decisions[at] == Decision::Nothing);
    let only_supported = coverage.now.iter().all(|now| matches!(now, Now::Supported | Now::Expired));
    let status = if below && only_supported { Status::Info } else { Status::Warn };
    let message = format!("{}{more} {is} in no row", shown.join(", "));
    let found = Conclusion::new("gap", status, None, message);
    let at_bound = |found: Conclusion, row: &Row, meant: String| {
        Conclusion { line: Some(row.line), ..found }
            .found(row.raw.clone())
            .fix(format!("did line {} mean \"{meant}\"?", row.line))
    };
    Some(match (bound(coverage, &missing), hole(coverage, &missing)) {
        (Some((row, meant)), _) => at_bound(found, row, format!(">= {meant}")),
        (None, Some((row, meant))) => at_bound(found, row, format!("< {meant}")),
        (None, None) => found.fix("add a row \"older\" that is not supported"),
    })
}

/// A line with its count; its releases, which are in order, by name where a row decides about others of that line.
fn missing_part(coverage: &Coverage<'_>, line: &str, missing: &[usize]) -> String {
    let is_of_line = |at: usize| line_of(&coverage.releases[at], 2) == line;
    let in_part =
        (0..coverage.releases.len()).any(|at| is_of_line(at) && missing.binary_search(&at).is_err());
    if !in_part {
        return format!("{line} ({} {})", missing.len(), plural(missing.len()));
    }
    let names: Vec<&str> = missing.iter().map(|&at| coverage.releases[at].name.as_str()).collect();
    crate::text::plural_list(&names, 4)
}

/// The row `> 1.0.12` whose own bound is all that is missing.
fn bound<'a>(coverage: &Coverage<'a>, missing: &[usize]) -> Option<(&'a Row, String)> {
    let [at] = missing else { return None };
    let release = &coverage.releases[*at];
    let row = coverage.rows.iter().find(|row| {
        row.selector.range.as_ref().is_some_and(|range| {
            range.is_open() && range.lower() == release.version.numbers && !range.contains(&release.version)
        })
    })?;
    Some((row, release.version.to_string()))
}

/// The row `< 5.0` below which nothing is missing, when all that is missing lies between it and the next row.
pub(super) fn hole<'a>(coverage: &Coverage<'a>, missing: &[usize]) -> Option<(&'a Row, String)> {
    let ranges = || coverage.rows.iter().filter_map(|row| Some((row, row.selector.range.as_ref()?)));
    let (row, below) =
        ranges().filter(|(_, range)| range.is_from_the_beginning()).max_by_key(|(_, range)| range.upper())?;
    let next = ranges().map(|(_, range)| range.lower()).filter(|lower| *lower >= below.upper()).min()?;
    let between = |&at: &usize| {
        let numbers = coverage.releases[at].version.numbers;
        numbers >= below.upper() && numbers < next
    };
    let [a, b, c, _] = next;
    let meant = if c == 0 { format!("{a}.{b}") } else { format!("{a}.{b}.{c}") };
    missing.iter().all(between).then_some((row, meant))
}

/// Promises that reach over several major versions.
pub(super) fn too_wide(coverage: &Coverage<'_>) -> Vec<Conclusion> {
    let majors = |releases: &[usize]| -> usize {
        releases.iter().map(|&at| coverage.releases[at].version.numbers[0]).collect::<BTreeSet<_>>().len()
    };
    let mut found = Vec::new();
    for (at, row) in coverage.rows.iter().enumerate() {
        let open =
            row.selector.kind == Kind::Range && row.selector.range.as_ref().is_some_and(Range::is_open);
        let releases = deciding(coverage, at);
        if !open || coverage.now[at] != Now::Supported || majors(&releases) < 2 {
            continue;
        }
        let (newest, oldest) =
            (&coverage.releases[releases[0]], &coverage.releases[releases[releases.len() - 1]]);
        let message = format!(
            "\"{}\" promises fixes for {} major versions ({} to {}); is that meant?",
            row.raw,
            majors(&releases),
            oldest.name,
            newest.name
        );
        found.push(Conclusion::new("promise-too-wide", Status::Warn, Some(row.line), message));
    }
    let all: Vec<usize> = (0..coverage.releases.len()).collect();
    let every = coverage.supported().count() == coverage.releases.len()
        && coverage.now.iter().all(|now| *now == Now::Supported);
    if found.is_empty() && every && majors(&all) >= 3 {
        let message = format!(
            "every release ever published is supported, {} major versions; is that meant?",
            majors(&all)
        );
        found.push(Conclusion::new(
            "promise-too-wide",
            Status::Warn,
            coverage.rows.first().map(|row| row.line),
            message,
        ));
    }
    found
}

/// "Latest and previous release" that are two patch releases of one line.
pub(super) fn same_line(coverage: &Coverage<'_>) -> Option<Conclusion> {
    let previous = coverage.rows.iter().find(|row| {
        row.selector.kind == Kind::Previous
            && row.selector.unit == Some(Unit::Release)
            && row.selector.range.is_none()
    })?;
    let [latest, before, ..] = coverage.releases else { return None };
    let line = |tag: &PublishedTag| [tag.version.numbers[0], tag.version.numbers[1]];
    let older = coverage.releases.iter().find(|tag| line(tag) != line(latest))?;
    (line(latest) == line(before)).then(|| {
        let message = format!(
            "latest ({}) and previous ({}) are of one minor line; users of {} are not supported by this policy",
            latest.name,
            before.name,
            line_of(older, 2)
        );
        Conclusion::new("previous-same-line", Status::Info, Some(previous.line), message)
    })
}

pub(super) fn has_only_numbers(coverage: &Coverage<'_>) -> bool {
    coverage.rows.iter().all(|row| matches!(row.selector.kind, Kind::Range | Kind::Exact))
}
