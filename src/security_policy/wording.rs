//! How conclusions name rows, releases and days.

use super::decoration::strip_decoration;
use super::family::PublishedTag;
use super::{Kind, Row, Support};

/// The version cell as it is shown; a sentence by what it selects.
pub(super) fn label(row: &Row) -> String {
    match row.selector.kind {
        Kind::BeforePrevious => return "< previous".to_owned(),
        Kind::BeforeLatest if row.selector.range.is_none() => return "< latest".to_owned(),
        _ => {}
    }
    let link = row.raw.strip_prefix('[').and_then(|rest| rest.split_once("]("));
    let text = link.map_or(row.raw.as_str(), |(text, _)| text);
    let text = strip_decoration(text.split("[^").next().unwrap_or_default());
    match &row.selector.range {
        Some(range) if text.chars().count() > 40 => range.to_string(),
        _ if text.chars().count() > 40 => row.selector.kind.name().to_owned(),
        _ => text,
    }
}

/// How many numbers the table's own lines fix.
pub(super) fn granularity(rows: &[Row]) -> u8 {
    let supported = rows.iter().filter(|row| row.supported != Support::No);
    supported.filter_map(|row| row.selector.range.as_ref()?.line_parts()).max().unwrap_or(2).min(2)
}

/// The line of a version as a row would name it.
pub(super) fn line_of(tag: &PublishedTag, parts: u8) -> String {
    let [major, minor, ..] = tag.version.numbers;
    let width = tag.widths()[1];
    match parts {
        1 => format!("{major}.x"),
        _ => format!("{major}.{minor:0width$}.x"),
    }
}

/// The day of a moment, in UTC.
pub(super) fn day(date: jiff::Timestamp) -> String {
    date.to_zoned(jiff::tz::TimeZone::UTC).date().to_string()
}

/// The noun for so many.
pub(super) fn plural(n: usize) -> &'static str {
    if n == 1 { "release" } else { "releases" }
}

/// Where the rows stand.
pub(super) fn lines(rows: &[Row]) -> String {
    match (rows.first(), rows.last()) {
        (Some(first), Some(last)) if first.line != last.line => {
            format!("the rows on lines {} to {}", first.line, last.line)
        }
        (Some(first), _) => format!("the row on line {}", first.line),
        _ => "no row".to_owned(),
    }
}
