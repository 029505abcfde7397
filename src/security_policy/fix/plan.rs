//! Which rows are to be written how, by what the judge says of them.
//!
//! The rule that must not be broken: an edit makes a row agree with what is published; it never makes a promise about a
//! release that the table denies by name, other than the newest, and never takes one back about a published release.

use super::super::branches::names;
use super::super::conclusion::{Conclusion, Status};
use super::super::coverage::{Coverage, Decision, Now};
use super::super::family::{Families, PublishedTag, Refs};
use super::super::judge::{Group, family_of, products};
use super::super::{Kind, Range, Row, SecurityPolicy, Selector, Support};
use super::respell;

/// One change of one line.
pub(super) struct Edit {
    /// The line of the file, from 1: the row that is changed, or beside which one is added.
    pub(super) line: usize,
    pub(super) change: Change,
    /// The row that is added.
    pub(super) row: Option<NewRow>,
    /// What the row says after it: its selector's meaning.
    means: Option<(Option<String>, String)>,
    /// The sentence that tells of it.
    pub(super) why: String,
}

/// What is done to a line.
pub(super) enum Change {
    /// A cell is written over.
    Cell { column: usize, from: String, to: String },
    /// The line is removed.
    Remove,
    /// A row is added beside it.
    Insert { before: bool },
}

/// A row that is added.
pub(super) struct NewRow {
    pub(super) version: usize,
    pub(super) text: String,
    /// The columns that say whether it is supported, with the bare mark of each.
    pub(super) marks: Vec<(usize, String)>,
    /// The column that is taken from the row beside which it stands: the product.
    pub(super) copied: Option<usize>,
}

impl Edit {
    /// Whether the row of its line stays as it is.
    pub(super) const fn keeps_row(&self) -> bool {
        matches!(self.change, Change::Insert { .. })
    }

    /// What the row that it writes says.
    pub(super) fn meaning(&self) -> Option<(Option<String>, String)> {
        self.means.clone()
    }
}

/// What a row says, as far as it is compared.
pub(super) fn meaning(
    selector: &Selector,
    support: &Support,
    product: Option<&str>,
) -> (Option<String>, String) {
    let range = selector.range.as_ref().map(ToString::to_string);
    let (unit, n, name) = (selector.unit, selector.n, &selector.name);
    (range, format!("{} {unit:?} {n:?} {name:?} {support:?} {product:?}", selector.kind.name()))
}

/// All that is to be done, and what is not.
#[derive(Default)]
pub(super) struct Plan {
    pub(super) edits: Vec<Edit>,
    pub(super) left: Vec<Conclusion>,
}

impl Plan {
    pub(super) fn of(
        policy: &SecurityPolicy,
        published: &[PublishedTag],
        refs: &Refs,
        as_of: jiff::Timestamp,
    ) -> Self {
        let families = Families::of(published, refs);
        let group = Group { refs, manifest: None, as_of };
        let mut plan = Self::default();
        let groups = products(&policy.rows);
        for (rows, product) in &groups {
            let rows: Vec<Row> = rows.iter().map(|&at| policy.rows[at].clone()).collect();
            let Ok(family) = family_of(&families, product.as_deref(), &rows, &groups) else { continue };
            let said = group.judge(&rows, &policy.beside, &family);
            let stable: Vec<PublishedTag> =
                family.releases.iter().filter(|tag| !tag.version.is_pre_release()).cloned().collect();
            let failed = said.into_iter().filter(|said| said.status == Status::Fail);
            let coverage = Coverage::of(&rows, &stable, as_of);
            plan.take(&coverage, failed.collect(), refs, family.releases.first());
        }
        plan
    }

    /// The edits for the failures of one group of rows.
    fn take(
        &mut self,
        coverage: &Coverage<'_>,
        failed: Vec<Conclusion>,
        refs: &Refs,
        newest: Option<&PublishedTag>,
    ) {
        let (mut edits, mut left) = (Vec::new(), Vec::new());
        let (mut newest_named, mut newest_failed) = (false, Vec::new());
        for said in failed {
            let row = coverage.rows.iter().find(|row| Some(row.line) == said.line);
            let found = match said.rule {
                "latest-unlisted" | "latest-unsupported" => {
                    newest_failed.push(said);
                    continue;
                }
                "never-published" => row.and_then(|row| never_published(coverage, row)),
                "template" => template(coverage),
                "branch-missing" => row.and_then(|row| branch(row, coverage.rows, refs)),
                _ => None,
            };
            let Some(found) = found else {
                left.push(said);
                continue;
            };
            let named = |edit: &Edit| matches!(edit.change, Change::Cell { .. });
            newest_named |= said.rule == "never-published" && found.iter().any(named);
            edits.extend(found);
        }
        // A row that was made to name the newest line leaves none to be added.
        if !newest_failed.is_empty() && !newest_named {
            match newest_unpromised(coverage) {
                Some(found) => edits.extend(found),
                None => {
                    let why = why_not(coverage, newest).map(|why| format!("; no row was written: {why}"));
                    let why = why.unwrap_or_default();
                    left.extend(newest_failed.into_iter().map(|mut said| {
                        said.message.push_str(&why);
                        said
                    }));
                }
            }
        }
        self.edits.extend(edits);
        self.left.extend(left);
    }
}

/// A row that promises what was never published: it names the newest release's line, or goes when another row does.
fn never_published(coverage: &Coverage<'_>, row: &Row) -> Option<Vec<Edit>> {
    let newest = coverage.releases.first()?;
    let place = row.place.as_ref()?;
    let supported =
        matches!(coverage.decisions.first()?, Decision::Row(at) if coverage.now[*at] == Now::Supported);
    if supported {
        let why = format!("line {}: \"{}\" was never published, and the row is removed", row.line, row.raw);
        return Some(vec![Edit { line: row.line, change: Change::Remove, row: None, means: None, why }]);
    }
    let text = respell::for_release(&row.raw, &row.selector, newest)?;
    let range = Selector::read(&text, false).range?;
    if coverage.rows.iter().any(|other| other.selector.range.as_ref() == Some(&range))
        || denials(coverage).any(|denial| lowered(denial, &range).is_none())
    {
        return None;
    }
    let mut edits = vec![cell(row, place.version, &text, &range)];
    for below in coverage.rows.iter().filter(|row| row.supported == Support::No) {
        edits.extend(lowered(below, &range));
    }
    Some(edits)
}

/// A row `< 0.2.0` that would deny the line that the table now promises.
fn lowered(row: &Row, promised: &Range) -> Option<Edit> {
    let (range, place) = (row.selector.range.as_ref()?, row.place.as_ref()?);
    let denies =
        row.selector.kind == Kind::Range && range.is_from_the_beginning() && range.upper() > promised.lower();
    let text = respell::below(&row.raw, promised.lower()).filter(|_| denies)?;
    let range = Selector::read(&text.replace("&lt;", "<").replace("\\<", "<"), false).range?;
    Some(cell(row, place.version, &text, &range))
}

/// A version cell written over.
fn cell(row: &Row, column: usize, text: &str, range: &Range) -> Edit {
    let selector = Selector { range: Some(range.clone()), ..row.selector.clone() };
    Edit {
        line: row.line,
        change: Change::Cell { column, from: row.raw.clone(), to: text.to_owned() },
        row: None,
        means: Some(meaning(&selector, &row.supported, row.product.as_deref())),
        why: format!("line {}: \"{}\" becomes \"{text}\"", row.line, row.raw),
    }
}

/// The newest release is in no supported row: a row for its line stands beside the newest supported one.
fn newest_unpromised(coverage: &Coverage<'_>) -> Option<Vec<Edit>> {
    let newest = coverage.releases.first()?;
    let like = pattern(coverage)?;
    let place = like.place.as_ref()?;
    let marks = marks(coverage, like)?;
    // "Latest (2.x)" stays where it is, and no second row may be the latest.
    let line = Selector { kind: Kind::Range, ..like.selector.clone() };
    let like_line = if like.selector.kind == Kind::Latest { &line } else { &like.selector };
    let text = respell::for_release(&like.raw, like_line, newest)?;
    let range = Selector::read(&text, false).range?;
    // A row that denies the newest release, or this very line by name, says what the maintainer decided.
    if !range.contains(&newest.version)
        || denials(coverage).next().is_some()
        || coverage.rows.iter().any(|row| row.selector.range.as_ref() == Some(&range))
    {
        return None;
    }
    let selector = Selector { product: None, ..Selector::read(&text, false) };
    let before = !ascends(coverage.rows, like);
    Some(vec![Edit {
        line: like.line,
        change: Change::Insert { before },
        means: Some(meaning(&selector, &like.supported, like.product.as_deref())),
        why: format!("\"{text}\" is added as supported, since {} is published", newest.name),
        row: Some(NewRow { version: place.version, text, marks, copied: place.product }),
    }])
}

/// The newest supported row that names a line or a version, with a plain promise.
fn pattern<'a>(coverage: &Coverage<'a>) -> Option<&'a Row> {
    let fits = |at: &usize| {
        let row = &coverage.rows[*at];
        let named =
            row.selector.range.as_ref().is_some_and(|range| range.is_exact() || range.line_parts().is_some());
        coverage.now[*at] == Now::Supported
            && row.supported == Support::Yes
            && matches!(row.selector.kind, Kind::Range | Kind::Exact | Kind::Latest)
            && !row.development
            && named
            && row.place.is_some()
    };
    let rows = (0..coverage.rows.len()).filter(fits).map(|at| &coverage.rows[at]);
    rows.max_by_key(|row| row.selector.range.as_ref().map(Range::upper))
}

/// The bare marks of support for a row beside `like`: its own, or those of another row of its table.
fn marks(coverage: &Coverage<'_>, like: &Row) -> Option<Vec<(usize, String)>> {
    let table = |row: &Row| row.place.as_ref().map(|place| place.table);
    let of = |row: &Row| row.place.as_ref().map(|place| place.marks.clone());
    let others = coverage.rows.iter().filter(|row| table(row) == table(like));
    let supported = others.filter(|row| row.supported == Support::Yes);
    std::iter::once(like).chain(supported).filter_map(of).find(|marks| !marks.is_empty())
}

/// Why no row for the newest release is added, where it is one of these reasons.
fn why_not(coverage: &Coverage<'_>, newest: Option<&PublishedTag>) -> Option<String> {
    if let Some(newest) = newest.filter(|_| coverage.releases.is_empty()) {
        return Some(format!(
            "what follows the hyphen of {} makes it a pre-release, and no row is written for one",
            newest.name
        ));
    }
    if let Some(denial) = denials(coverage).find(|row| row.selector.kind == Kind::Range) {
        return Some(format!("line {} denies it", denial.line));
    }
    let is_bare = |row: &Row| row.place.as_ref().is_some_and(|place| !place.marks.is_empty());
    let any = coverage.rows.iter().any(|row| row.supported == Support::Yes && is_bare(row));
    (!any).then(|| "the table has no bare mark of support".to_owned())
}

/// The rows that select the newest release and do not support it, other than "all others".
fn denials<'a>(coverage: &'a Coverage<'_>) -> impl Iterator<Item = &'a Row> {
    let denies = |at: &usize| {
        coverage.now[*at] != Now::Supported
            && coverage.rows[*at].selector.kind != Kind::Rest
            && coverage.selected[*at].contains(&0)
    };
    (0..coverage.rows.len()).filter(denies).map(|at| &coverage.rows[at])
}

/// Whether the table's numbers rise towards its end.
fn ascends(rows: &[Row], like: &Row) -> bool {
    let table = |row: &&Row| {
        row.place.as_ref().map(|place| place.table) == like.place.as_ref().map(|place| place.table)
    };
    let lines: Vec<[u64; 4]> = rows
        .iter()
        .filter(table)
        .filter_map(|row| row.selector.range.as_ref().filter(|r| r.is_exact() || r.line_parts().is_some()))
        .map(Range::lower)
        .collect();
    lines.len() > 1 && lines.windows(2).all(|pair| pair[0] < pair[1])
}

/// The unedited template: the newest line, and what is below it.
fn template(coverage: &Coverage<'_>) -> Option<Vec<Edit>> {
    let newest = coverage.releases.first()?;
    let of = |lower: [u64; 4], upper: [u64; 4]| {
        coverage.rows.iter().find(|row| {
            row.selector.range.as_ref().is_some_and(|range| range.lower() == lower && range.upper() == upper)
        })
    };
    let line = of([5, 1, 0, 0], [5, 2, 0, 0])?;
    let below = of([0; 4], [4, 0, 0, 0])?;
    let text = respell::for_release(&line.raw, &line.selector, newest)?;
    let range = Selector::read(&text, false).range?;
    let bound = respell::below(&below.raw, range.lower())?;
    let bounded = Selector::read(&bound.replace("&lt;", "<").replace("\\<", "<"), false).range?;
    let mut edits = vec![
        cell(line, line.place.as_ref()?.version, &text, &range),
        cell(below, below.place.as_ref()?.version, &bound, &bounded),
    ];
    for row in coverage.rows.iter().filter(|row| row.line != line.line && row.line != below.line) {
        let why = format!("line {}: \"{}\" of the template is removed", row.line, row.raw);
        edits.push(Edit { line: row.line, change: Change::Remove, row: None, means: None, why });
    }
    Some(edits)
}

/// A branch that is not there: the default branch.
fn branch(row: &Row, rows: &[Row], refs: &Refs) -> Option<Vec<Edit>> {
    let (name, default) = (row.selector.name.as_deref()?, refs.default_branch.as_deref()?);
    let place = row.place.as_ref()?;
    if row.raw.matches(name).count() != 1 || names(rows, default) {
        return None;
    }
    let text = row.raw.replace(name, default);
    let selector = Selector { name: Some(default.to_owned()), ..row.selector.clone() };
    Some(vec![Edit {
        line: row.line,
        change: Change::Cell { column: place.version, from: row.raw.clone(), to: text.clone() },
        row: None,
        means: Some(meaning(&selector, &row.supported, row.product.as_deref())),
        why: format!("line {}: \"{}\" becomes \"{text}\", the default branch", row.line, row.raw),
    }])
}
