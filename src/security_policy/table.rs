//! The rows of a table, from the columns that were chosen by its header.
//!
//! The rule that must not be broken: a cell that is not understood stays in its row as unknown, and two status columns
//! that do not fit together make no promise.

use super::columns::Columns;
use super::decoration::strip_decoration;
use super::document::{Cell, Table, TableRow};
use super::selector::Selector;
use super::status::{Legend, Status, Support, is_bare_yes};
use super::until::{self, Until};
use super::{Damage, Op, Point, Range, Row};

/// Where a row stands, for those who correct it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    /// The line of the table's header.
    pub(super) table: usize,
    /// The column of the version.
    pub(super) version: usize,
    /// The column of the product.
    pub(super) product: Option<usize>,
    /// The columns that say whether it is supported, each with its bare mark (`✅`, `Yes`); none where only an end of life
    /// says so, or where a cell says more than that.
    pub(super) marks: Vec<(usize, String)>,
}

impl Place {
    fn of(table: &Table, columns: &Columns, row: &TableRow) -> Self {
        let statuses = [columns.general, columns.security, columns.bugs].into_iter().flatten();
        let mark = |at: usize| {
            let raw = row.cells.get(at).map(|cell| cell.raw.trim())?;
            is_bare_yes(raw).then(|| (at, raw.to_owned()))
        };
        let marks = statuses.map(mark).collect::<Option<Vec<_>>>().unwrap_or_default();
        Self { table: table.line, version: columns.version, product: columns.product, marks }
    }
}

/// The rows of a table; none when its header is of another kind of table.
pub(super) fn rows(
    table: &Table,
    product: Option<&str>,
    names: bool,
    legend: &Legend,
    damage: &mut Vec<Damage>,
) -> Vec<Row> {
    let Some(columns) = Columns::choose(&table.headers(), names) else { return Vec::new() };
    let mut found: Vec<Row> = table
        .rows
        .iter()
        .filter_map(|row| self::row(row, table, &columns, product, legend, damage))
        .collect();
    let lines: Vec<Range> = found.iter().filter_map(|row| row.selector.range.clone()).collect();
    for row in &mut found {
        if let Some(line) = row.selector.above.take()
            && lines.contains(&line)
        {
            row.selector.range = after(&line);
        }
    }
    found
}

/// Everything after a line.
fn after(line: &Range) -> Option<Range> {
    let point = Point { numbers: line.upper(), four: false, pre: None };
    Some(Range::one_sided(Op::From, point))
}

fn row(
    row: &TableRow,
    table: &Table,
    columns: &Columns,
    product: Option<&str>,
    legend: &Legend,
    damage: &mut Vec<Damage>,
) -> Option<Row> {
    let empty = Cell::default();
    let cell = |at: usize| row.cells.get(at).unwrap_or(&empty);
    let version = cell(columns.version);
    let shown = |at: Option<usize>| at.map(|at| cell(at).raw.as_str()).unwrap_or_default();
    let said = [shown(columns.general), shown(columns.security), shown(columns.end)]
        .into_iter()
        .filter(|said| !said.is_empty())
        .collect::<Vec<_>>()
        .join(" | ");
    let nothing = |text: &str| text.trim().chars().all(|c| matches!(c, '-' | '–' | '—' | ' ' | '|'));
    if nothing(&version.text) && (nothing(&said) || version.text.trim().is_empty() && said.is_empty()) {
        return None;
    }
    let mut selector = Selector::read(&version.text, columns.containers);
    let status = statuses(columns, |at| &cell(at).text, legend);
    // What is struck out was said once.
    let is_struck = [Some(columns.version), columns.general, columns.security]
        .into_iter()
        .flatten()
        .any(|at| is_struck(&cell(at).raw));
    let development = selector.development || status.development;
    if development {
        widen(&mut selector);
    }
    if status.broken_mark {
        damage.push(Damage::BrokenMark(row.line));
    }
    if selector.decimal_comma {
        damage.push(Damage::DecimalComma(row.line));
    }
    let supported = match status.support {
        Support::Yes if selector.security_only => Support::SecurityOnly,
        // The cell and its status contradict each other.
        Support::Yes if selector.denied => Support::Unknown,
        support if is_struck && support != Support::No => Support::Unknown,
        support => support,
    };
    let named = columns.product.map(|at| strip_decoration(&cell(at).text)).filter(|name| !name.is_empty());
    Some(Row {
        line: row.line,
        raw: version.raw.clone(),
        status: said,
        product: named
            .or_else(|| selector.product.clone())
            .or(status.product)
            .or_else(|| product.map(str::to_owned)),
        selector,
        supported,
        development,
        place: (!table.html).then(|| Place::of(table, columns, row)),
    })
}

/// Whether anything in a cell is struck out.
fn is_struck(raw: &str) -> bool {
    let raw = raw.to_ascii_lowercase();
    ["~~", "<del", "<s>", "<strike"].iter().any(|mark| raw.contains(mark))
}

/// A line under development begins with its pre-releases.
fn widen(selector: &mut Selector) {
    if let Some(range) = &selector.range
        && let Some(parts) = range.line_parts()
        && let Some(wide) = Range::line(range.lower(), parts, true)
    {
        selector.range = Some(wide);
    }
}

/// The row's status, from all the columns that say something about it.
fn statuses<'a>(columns: &Columns, text: impl Fn(usize) -> &'a String, legend: &Legend) -> Status {
    let read = |at: usize| Status::read(text(at), legend);
    let mut status = match (columns.general.map(read), columns.security.map(read)) {
        (Some(general), None) => general,
        (None, Some(security)) => with_bugs(security, columns.bugs.map(read)),
        (Some(general), Some(security)) => both(general, security),
        (None, None) => return end_alone(text(columns.end.unwrap_or_default())),
    };
    if status.support == Support::Yes {
        let end = columns.end.map(&text).and_then(|text| ended(text));
        let noted = columns.notes.map(&text).and_then(|text| until::ending(text)).map(Support::Until);
        // A mark that still stands decides before an event, for nobody can say that it was not taken into account.
        let counts =
            |support: &Support| !status.by_icon || !matches!(support, Support::Until(Until::Release { .. }));
        status.support = end.or(noted).filter(counts).unwrap_or(Support::Yes);
    }
    status
}

/// A status about security fixes beside one about all others: without these, it is security fixes only, and these alone
/// are no support that is known.
fn with_bugs(security: Status, bugs: Option<Status>) -> Status {
    match (&security.support, bugs.map(|bugs| bugs.support)) {
        (Support::Yes, Some(Support::No)) => Status { support: Support::SecurityOnly, ..security },
        (Support::No, Some(Support::Yes)) => Status { support: Support::Unknown, ..security },
        _ => security,
    }
}

/// A general status beside one about security fixes.
fn both(general: Status, security: Status) -> Status {
    let support = match (&general.support, &security.support) {
        (a, b) if a == b => general.support.clone(),
        (_, Support::Until(_)) => security.support.clone(),
        (Support::No | Support::SecurityOnly, Support::Yes) | (Support::No, Support::SecurityOnly) => {
            Support::SecurityOnly
        }
        (Support::Until(_), Support::Yes) => general.support.clone(),
        _ => Support::Unknown,
    };
    Status { support, ..general }
}

/// What a column of ends says of a line that another column supports: until when, or that it contradicts it.
fn ended(text: &str) -> Option<Support> {
    let word = text.trim().to_lowercase();
    let has_ended =
        || matches!(word.as_str(), "yes" | "eol" | "end of life" | "ended" | "expired" | "reached");
    until::read(text).map(Support::Until).or_else(|| has_ended().then_some(Support::Unknown))
}

/// A table without a status column: what is listed is supported until its end of life.
fn end_alone(text: &str) -> Status {
    let mut status = Status::read("", &Legend::new());
    let words = text.trim().to_lowercase();
    status.support = match until::read(text) {
        Some(until) => Support::Until(until),
        // Whether it is at its end, and no status.
        None if matches!(words.as_str(), "no" | "false" | "not yet" | "never") => Support::Yes,
        None if matches!(words.as_str(), "yes" | "true") => Support::No,
        None if matches!(words.as_str(), "tbd" | "tba" | "-" | "n/a" | "none" | "to be defined") => {
            Support::Yes
        }
        // A mark may say that it is supported or that it is at its end.
        None if Status::read(text, &Legend::new()).by_icon => Support::Unknown,
        None => match Status::read(text, &Legend::new()).support {
            Support::No => Support::No,
            _ => Support::Unknown,
        },
    };
    status
}
