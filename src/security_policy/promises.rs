//! The verdicts about promises that nothing published stands for, and about the version in the manifest.
//!
//! The rule that must not be broken: a promise fails only when it is the newest of the policy; one about an older line
//! may have been kept when it was made.

use super::conclusion::{Conclusion, Status};
use super::coverage::{Coverage, Decision, Now};
use super::family::Family;
use super::verdicts::has_only_numbers;
use super::wording::{label, line_of};
use super::{Kind, Range, Row};
use crate::versions::TagVersion;

/// Supported rows that select nothing published.
pub(super) fn promises(coverage: &Coverage<'_>, family: &Family, manifest: Option<&str>) -> Vec<Conclusion> {
    let promised = |at: &usize| {
        coverage.now[*at] == Now::Supported
            && matches!(coverage.rows[*at].selector.kind, Kind::Range | Kind::Exact | Kind::Latest)
            && coverage.rows[*at].selector.range.is_some()
    };
    let promised: Vec<usize> = (0..coverage.rows.len()).filter(promised).collect();
    let upper = |at: usize| coverage.rows[at].selector.range.as_ref().map(Range::upper);
    let top = promised.iter().map(|&at| upper(at)).max().flatten();
    let empty = promised.iter().copied().filter(|&at| coverage.selected[at].is_empty());
    empty.filter_map(|at| promise(&coverage.rows[at], upper(at) == top, family, manifest)).collect()
}

fn promise(row: &Row, top: bool, family: &Family, manifest: Option<&str>) -> Option<Conclusion> {
    let range = row.selector.range.as_ref()?;
    let label = label(row);
    let line = Some(row.line);
    if let Some(pre) = family.releases.iter().find(|tag| range.contains_line_of(&tag.version)) {
        let status = if row.development { Status::Info } else { Status::Warn };
        let message = format!("{label} has only pre-releases (newest {})", pre.name);
        return Some(Conclusion::new("only-pre-release", status, line, message));
    }
    let newest = family.releases.first()?;
    let mut message = format!("{label} is promised but was never published (newest: {})", newest.name);
    let told = manifest.and_then(|text| Some((text, TagVersion::parse(text)?)));
    if let Some((text, _)) = told.filter(|(_, version)| range.contains_line_of(version)) {
        message.push_str(&format!("; the manifest says {text}"));
    }
    let status = if top { Status::Fail } else { Status::Warn };
    let instead = line_of(newest, range.line_parts().unwrap_or(2));
    Some(
        Conclusion::new("never-published", status, line, message)
            .expected(format!("a release in {range}"))
            .found(newest.name.clone())
            .fix(format!("publish it, or change line {} to \"{instead}\"", row.line)),
    )
}

/// The version in the manifest, by the rows with numbers.
pub(super) fn manifest(coverage: &Coverage<'_>, text: &str) -> Option<Conclusion> {
    let version = TagVersion::parse(text).filter(|version| version.family.is_empty())?;
    let warn = |line, message: String| {
        Some(Conclusion::new("manifest-differs", Status::Warn, line, message).found(text))
    };
    match coverage.by_numbers(&version) {
        Decision::Row(row) if matches!(coverage.now[row], Now::Unsupported | Now::Expired) => {
            let row = &coverage.rows[row];
            warn(Some(row.line), format!("the version in the manifest, {text}, falls under \"{}\"", row.raw))
        }
        Decision::Nothing if has_only_numbers(coverage) => {
            warn(None, format!("the version in the manifest, {text}, is in no row"))
        }
        _ => None,
    }
}
