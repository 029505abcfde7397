//! What a sentence beside a table says otherwise than the table.
//!
//! The rule that must not be broken: the table decides, and a sentence that is understood and says something else is told.

use super::bounds;
use super::conclusion::{Conclusion, Status};
use super::coverage::{Coverage, Decision, Now};
use super::family::PublishedTag;
use super::{Kind, Row, Support, Unit};

/// A sentence beside a table that says something else than the table.
pub(super) fn prose_differs(coverage: &Coverage<'_>, beside: &[Row]) -> Option<Conclusion> {
    let differs = |row| said_otherwise(coverage, row).or_else(|| these_only(coverage, row));
    latest_only(coverage, beside).or_else(|| beside.iter().find_map(differs))
}

/// A sentence that supports some lines alone, beside a table that supports another.
fn these_only(coverage: &Coverage<'_>, sentence: &Row) -> Option<Conclusion> {
    let lines = bounds::only(&sentence.raw)?;
    let is_named = |release: &PublishedTag| lines.iter().any(|line| line.contains_line_of(&release.version));
    let decided = coverage.releases.iter().zip(&coverage.decisions);
    let (release, row) = decided.into_iter().find_map(|(release, decision)| match decision {
        Decision::Row(at) if coverage.now[*at] == Now::Supported && !is_named(release) => {
            Some((release, &coverage.rows[*at]))
        }
        _ => None,
    })?;
    let message = format!(
        "line {} supports other lines only, and line {} of the table supports {}",
        sentence.line, row.line, release.name
    );
    let found = Conclusion::new("prose-differs", Status::Warn, Some(sentence.line), message);
    Some(found.found(sentence.raw.clone()))
}

/// A sentence that denies what the table supports, or the other way round.
fn said_otherwise(coverage: &Coverage<'_>, sentence: &Row) -> Option<Conclusion> {
    let range = sentence.selector.range.as_ref().filter(|_| sentence.selector.kind == Kind::Range)?;
    let differs = |row: &Row| match sentence.supported {
        Support::No => !matches!(row.supported, Support::No | Support::Unknown),
        Support::Yes => row.supported == Support::No,
        _ => false,
    };
    let decided = coverage.releases.iter().zip(&coverage.decisions);
    let (release, row) = decided.into_iter().find_map(|(release, decision)| match decision {
        Decision::Row(at) if range.contains(&release.version) && differs(&coverage.rows[*at]) => {
            Some((release, &coverage.rows[*at]))
        }
        _ => None,
    })?;
    let (said, told) = match sentence.supported {
        Support::No => ("denies", "supports"),
        _ => ("promises", "denies"),
    };
    let message = format!(
        "line {} {said} support of {}, which line {} of the table {told}",
        sentence.line, release.name, row.line
    );
    let found = Conclusion::new("prose-differs", Status::Warn, Some(sentence.line), message);
    Some(found.found(sentence.raw.clone()))
}

/// A sentence that supports the latest release only, beside a table that supports more.
fn latest_only(coverage: &Coverage<'_>, beside: &[Row]) -> Option<Conclusion> {
    let sentence = beside.iter().find(|row| {
        row.selector.kind == Kind::Latest
            && row.selector.unit == Some(Unit::Release)
            && row.selector.range.is_none()
            && row.selector.n == Some(1)
            && row.raw.to_lowercase().contains("only")
    })?;
    let supported = coverage.supported().count();
    (supported > 1).then(|| {
        let message = format!(
            "line {} supports the latest release only; the table supports {supported} releases",
            sentence.line
        );
        Conclusion::new("prose-differs", Status::Warn, Some(sentence.line), message)
            .found(sentence.raw.clone())
    })
}

/// A release of a supported row whose line has a newer one, where a sentence supports only the newest of each line: that
/// sentence's line, and what is to be said.
pub(super) fn superseded(coverage: &Coverage<'_>, at: usize, beside: &[Row]) -> Option<(usize, String)> {
    let sentence = beside.iter().find(|row| bounds::is_newest_of_each(&row.raw))?;
    let line = |at: usize| &coverage.releases[at].version.numbers[..2];
    let newer = (0..at).find(|&newer| line(newer) == line(at))?;
    let message = format!(
        "{} is older than {}, and line {} supports only the newest release of a line",
        coverage.releases[at].name, coverage.releases[newer].name, sentence.line
    );
    Some((sentence.line, message))
}
