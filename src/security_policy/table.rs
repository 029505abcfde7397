//! The rows of a table, from the columns that were chosen by its header.
//!
//! The rule that must not be broken: a cell that is not understood stays in its row as unknown, two status columns that
//! do not fit together make no promise, and of two rows of one line that another column tells apart none is the line.

use super::beside;
use super::columns::{Columns, Fixes};
use super::document::{Cell, Table, TableRow};
use super::footnotes;
use super::headings::words;
use super::lexicon::columns::{BEFORE, DATES, RELEASED};
use super::selector::Selector;
use super::status::{self, Legend, Status, Support, is_bare_yes};
use super::until::{self, Until};
use super::{Damage, Kind, Op, Point, Range, Row, products};
use std::collections::BTreeMap;

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

/// What the text around a table says of it.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Around<'a> {
    pub(super) product: Option<&'a str>,
    /// Whether a column "Name" may be the version's.
    pub(super) names: bool,
    /// Whether its versions are image tags.
    pub(super) containers: bool,
    /// Whether its header has to speak of support, since the heading does not.
    pub(super) plainly: bool,
    /// Whether it holds only once something is released.
    pub(super) later: bool,
}

/// The rows of a table; none when its header is of another kind of table.
pub(super) fn rows(table: &Table, around: Around<'_>, legend: &Legend, damage: &mut Vec<Damage>) -> Vec<Row> {
    if let Some(sides) = listed::sides(table) {
        return sides.iter().flat_map(|side| unplaced(rows(side, around, legend, damage))).collect();
    }
    let chosen = Columns::choose(&table.headers(), around.names)
        .filter(|columns| !columns.joined || products::are_joined(table, columns.version));
    let Some(mut columns) = chosen.or_else(|| listed::columns(table)) else { return Vec::new() };
    if around.plainly && columns.weak || listed::is_of_versions(table, &columns) {
        return Vec::new();
    }
    columns.containers |= around.containers;
    columns.product = products::column(table, &columns);
    let names = products::names(table, columns.product);
    let read = |(cells, name): (_, Option<String>)| {
        Some((cells, self::row(cells, table, &columns, name, around, legend, damage)?))
    };
    let (cells, mut found): (Vec<&TableRow>, Vec<Row>) =
        table.rows.iter().zip(names).filter_map(read).unzip();
    let lines: Vec<Range> = found.iter().filter_map(|row| row.selector.range.clone()).collect();
    for row in &mut found {
        if let Some(line) = row.selector.above.take()
            && lines.contains(&line)
        {
            row.selector.range = after(&line);
        }
    }
    tell_apart(&mut found, &cells, table, &columns);
    found
}

/// Rows that do not stand in the file as they are read.
fn unplaced(mut rows: Vec<Row>) -> Vec<Row> {
    rows.iter_mut().for_each(|row| row.place = None);
    rows
}

/// Rows of one line that differ in a column of their own: those of pre-releases are a channel, and which of the others
/// is the line cannot be told.
fn tell_apart(found: &mut [Row], cells: &[&TableRow], table: &Table, columns: &Columns) {
    let chosen = [
        Some(columns.version),
        columns.general,
        columns.security,
        columns.bugs,
        columns.end,
        columns.notes,
        columns.product,
    ];
    let headers = table.headers();
    let free: Vec<usize> = (0..headers.len())
        .filter(|at| !chosen.contains(&Some(*at)))
        .filter(|&at| !words(headers[at]).iter().any(|word| DATES.contains(&word.as_str())))
        .collect();
    let text = |cells: &'_ TableRow, at: usize| {
        cells.cells.get(at).map_or_else(String::new, |cell| cell.text.trim().to_owned())
    };
    let said: Vec<Vec<String>> =
        cells.iter().map(|cells| free.iter().map(|&at| text(cells, at)).collect()).collect();
    let mut groups: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (at, row) in found.iter().enumerate().filter(|(_, row)| row.selector.range.is_some()) {
        groups.entry(format!("{:?} {:?}", row.selector, row.product)).or_default().push(at);
    }
    for group in groups.into_values().filter(|group| group.len() > 1) {
        let stages = (0..free.len()).find_map(|column| {
            let stages: Option<Vec<Stage>> = group.iter().map(|&at| stage(&said[at][column])).collect();
            stages.filter(|stages| stages.iter().any(|stage| matches!(stage, Stage::Before(_))))
        });
        if let Some(stages) = stages {
            for (&at, stage) in group.iter().zip(stages) {
                if let Stage::Before(name) = stage {
                    found[at].selector = Selector { name: Some(name), ..Selector::of(Kind::Channel) };
                }
            }
            continue;
        }
        let first = group[0];
        let apart = |at: &usize| found[*at].supported != found[first].supported && said[*at] != said[first];
        if group.iter().any(apart) {
            group.iter().for_each(|&at| found[at].supported = Support::Unknown);
        }
    }
}

/// What a cell says of how far a release is.
enum Stage {
    /// It is released, or the cell says nothing.
    Released,
    /// It is a pre-release of this name.
    Before(String),
}

fn stage(cell: &str) -> Option<Stage> {
    let cell = cell.to_lowercase();
    if says_nothing(&cell) {
        return Some(Stage::Released);
    }
    let words: Vec<&str> = cell.split([' ', '/', ',', '(', ')']).filter(|word| !word.is_empty()).collect();
    let known = |word: &&str| RELEASED.contains(word) || BEFORE.contains(word);
    if words.is_empty() || !words.iter().all(known) {
        return None;
    }
    let before = words.iter().any(|word| BEFORE.contains(word));
    Some(if before { Stage::Before(words.join(" ")) } else { Stage::Released })
}

/// Whether a cell only says how far a release is.
pub(super) fn is_stage(cell: &str) -> bool {
    stage(cell).is_some()
}

/// Whether a cell is there to say nothing.
pub(super) fn says_nothing(text: &str) -> bool {
    let text = text.trim().to_lowercase();
    text.chars().all(|c| matches!(c, '-' | '–' | '—')) || matches!(text.as_str(), "n/a" | "na")
}

/// Everything after a line.
fn after(line: &Range) -> Option<Range> {
    let point = Point { numbers: line.upper(), four: false, pre: None };
    Some(Range::one_sided(Op::From, point))
}

/// A row; `name` is the product by its own column.
fn row(
    row: &TableRow,
    table: &Table,
    columns: &Columns,
    name: Option<String>,
    around: Around<'_>,
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
    let mut selector = if columns.joined {
        products::joined(&version.text)
    } else {
        Selector::read(&version.text, columns.containers)
    };
    let status = statuses(columns, |at| &cell(at).text, legend);
    // What is struck out was said once, and what a footnote bounds is not said of all.
    let is_branch = selector.kind == Kind::Branch;
    let is_noted = |at: usize, cell: &Cell| {
        cell.bound || footnotes::has_mark(cell) && !(is_branch && at == columns.version)
    };
    let is_taken_back = [Some(columns.version), columns.general, columns.security, columns.end]
        .into_iter()
        .flatten()
        .any(|at| {
            let header = table.header.get(at);
            is_struck(&cell(at).raw)
                || is_noted(at, cell(at))
                || header.is_some_and(|cell| is_noted(at, cell))
        });
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
    let development = development && !selector.puts_off(&status.support);
    // Where nothing but an end speaks of support, a no in any cell speaks of it too.
    let is_end_alone = columns.end.is_some() && columns.general.is_none() && columns.security.is_none();
    let is_denied = is_end_alone && beside::denies_anything(row, &columns.read());
    let supported = match selector.promised(status.support) {
        Support::Yes | Support::SecurityOnly | Support::Until(_)
            if around.later || is_taken_back || is_denied =>
        {
            Support::Unknown
        }
        support @ (Support::Yes | Support::SecurityOnly | Support::Until(_)) => {
            beside::leave(support, table, row, columns)
        }
        support => support,
    };
    Some(Row {
        line: row.line,
        raw: version.raw.clone(),
        status: said,
        product: name
            .or_else(|| selector.product.clone())
            .or(status.product)
            .or_else(|| around.product.map(str::to_owned)),
        selector,
        supported,
        development,
        place: (!table.html).then(|| Place::of(table, columns, row)),
    })
}

/// Whether anything in a cell is struck out.
pub(super) fn is_struck(raw: &str) -> bool {
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
        (Some(general), Some(security)) => {
            let said = columns.general.zip(columns.security).map(|(a, b)| (text(a), text(b)));
            let alone = said.and_then(|(a, b)| {
                second::beside_words(&general, b)
                    .or_else(|| second::beside_words(&security, a))
                    .or_else(|| second::beside_an_event(columns, &general, b))
            });
            alone.unwrap_or_else(|| both(general, security))
        }
        (None, None) if columns.listed => return Status::plain(Support::Yes),
        (None, None) => return ends::end_alone(text(columns.end.unwrap_or_default())),
    };
    let end = columns.end.map(&text).and_then(|text| ends::ended(text));
    let remarks = || [columns.notes, columns.state].into_iter().flatten().map(&text);
    let noted = || remarks().find_map(|text| ends::noted(text)).map(Support::Until);
    if columns.general.is_some_and(|at| second::is_limited(&status, text(at), legend, remarks())) {
        status.support = Support::SecurityOnly;
    }
    match status.support {
        // Security fixes may go on when support ends, and do not after the end of life.
        Support::SecurityOnly if columns.last => {
            status.support = end.or_else(noted).unwrap_or(Support::SecurityOnly);
        }
        // In one cell alone, whether they are what ends then or what is left, nobody can say.
        Support::SecurityOnly if end.is_some() && (columns.security.is_none() || columns.bugs.is_none()) => {
            status.support = Support::Unknown
        }
        Support::SecurityOnly => status.support = noted().unwrap_or(Support::SecurityOnly),
        Support::Yes => {
            // A mark that still stands decides before an event, for nobody can say that it was not taken into account.
            let counts = |support: &Support| {
                !status.by_icon || !matches!(support, Support::Until(Until::Release { .. }))
            };
            status.support = end.or_else(noted).filter(counts).unwrap_or(Support::Yes);
        }
        Support::Until(_) if end == Some(Support::Unknown) => status.support = Support::Unknown,
        // A warning before an end of life, and support until a day: which of them holds, nobody can say.
        Support::No
            if !columns.last
                && matches!(end, Some(Support::Until(Until::Day { .. })))
                && columns.general.is_some_and(|at| status::is_amber(text(at))) =>
        {
            status.support = Support::Unknown;
        }
        _ => {}
    }
    let asked = [columns.general, columns.security, columns.bugs];
    if asked.into_iter().flatten().all(|at| says_nothing(text(at)))
        && columns.notes.is_some_and(|at| status::is_denial(text(at)))
    {
        status.support = Support::No;
    }
    // "Maintenance" or "Deprecated" until a day.
    if status.support == Support::Unknown
        && columns.security.is_none()
        && columns.general.is_some_and(|at| status::is_phase(text(at)))
        && let Some(end @ Until::Day { .. }) = columns.end.map(&text).and_then(|text| until::read(text))
    {
        status.support = Support::Until(end);
    }
    status
}

/// A status about security fixes beside one about all others: without these, it is security fixes only, and these alone
/// are no support that is known.
fn with_bugs(security: Status, bugs: Option<Status>) -> Status {
    let support = bugs.and_then(|bugs| beside_bugs(&security.support, &bugs.support));
    Status { support: support.unwrap_or_else(|| security.support.clone()), ..security }
}

/// What support is where that of bug fixes changes it.
pub(super) const fn beside_bugs(security: &Support, bugs: &Support) -> Option<Support> {
    match (security, bugs) {
        (Support::Yes, Support::No) => Some(Support::SecurityOnly),
        (Support::No, Support::Yes) => Some(Support::Unknown),
        _ => None,
    }
}

/// Rows of a table about security fixes and of one about other fixes say together what two columns would.
pub(super) fn combine(rows: &mut [Row], fixes: &[Option<Fixes>]) {
    let of = |wanted: Fixes| (0..fixes.len()).filter(move |&at| fixes[at] == Some(wanted));
    if of(Fixes::Security).next().is_none() {
        return;
    }
    let same = |a: &Row, b: &Row| a.selector == b.selector && a.product == b.product;
    let mut said: Vec<(usize, Support)> = Vec::new();
    for bugs in of(Fixes::Ordinary) {
        let Some(security) = of(Fixes::Security).find(|&at| same(&rows[at], &rows[bugs])) else {
            said.push((bugs, Support::Unknown));
            continue;
        };
        let together = beside_bugs(&rows[security].supported, &rows[bugs].supported);
        let together = together.unwrap_or_else(|| rows[security].supported.clone());
        said.extend([(security, together.clone()), (bugs, together)]);
    }
    said.into_iter().for_each(|(at, support)| rows[at].supported = support);
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

/// Whether a sentence is about what a table does not name: the rest, or a denial below all of its lines.
pub(super) fn is_of_what_is_left(said: &Row, rows: &[Row]) -> bool {
    let denied = |range: &&Range| said.supported == Support::No && range.is_from_the_beginning();
    let above = |row: &Row, end: [u64; 4]| {
        row.product.is_none() && row.selector.range.as_ref().is_some_and(|range| range.lower() >= end)
    };
    let below = said.selector.range.as_ref().filter(denied);
    said.selector.kind == Kind::Rest
        || below.is_some_and(|range| rows.iter().all(|row| above(row, range.upper())))
}

mod ends;
mod listed;
mod second;
