//! Tables whose versions stand below the word that supports them: "Package | Supported version", "Supported | Unsupported".
//!
//! The rule that must not be broken: every cell of such a column is a version, and the header names nothing but a package
//! of the project beside it; what stands in a column of versions is no status.

use super::super::columns::{self, Columns};
use super::super::document::{Cell, Table, TableRow};
use super::super::headings::words;
use super::super::lexicon::columns::{DENYING, OWN, SUPPORTING};
use super::super::selector::{Kind, Selector};
use super::super::status::{Legend, Status};
use super::super::words::is_platform;

/// The columns of a table that lists a version of each package as the supported one, by names that say whose they are
/// (`@acme/db`). A plain name may be that of a dependency.
pub(super) fn columns(table: &Table) -> Option<Columns> {
    let headers: Vec<String> = table.headers().into_iter().map(|header| words(header).join(" ")).collect();
    let at = |list: &[&str]| headers.iter().position(|header| list.contains(&header.as_str()));
    let (product, version) = (at(OWN)?, at(SUPPORTING)?);
    let is_another = |at: &usize| *at != product && *at != version;
    let has_status = (0..headers.len()).filter(is_another).any(|at| columns::fixes(&headers[at]).is_some());
    let is_own = |row: &TableRow| {
        let name = cell(row, product).trim().to_lowercase();
        name.trim_start_matches('`').starts_with('@') && !name.split([' ', '/', '@']).any(is_platform)
    };
    let all = table.rows.iter().all(|row| is_own(row) && selects(cell(row, version)));
    (all && !has_status && !table.rows.is_empty()).then(|| Columns::listed(version, product))
}

/// "Supported | Unsupported" with versions in both: a table for each, whose rows are all marked so.
pub(super) fn sides(table: &Table) -> Option<[Table; 2]> {
    let headers: Vec<String> = table.headers().into_iter().map(|header| words(header).join(" ")).collect();
    let [supported, denied] = headers.as_slice() else { return None };
    if !SUPPORTING.contains(&supported.as_str()) || !DENYING.contains(&denied.as_str()) {
        return None;
    }
    let is_read = |row: &TableRow| {
        let is_whole = |at: usize| cell(row, at).trim().is_empty() || selects(cell(row, at));
        (0..2).all(is_whole) && row.cells.len() <= 2
    };
    let side = |at: usize, mark: &str| Table {
        header: vec![shown("Version"), shown("Supported")],
        rows: table
            .rows
            .iter()
            .filter(|row| !cell(row, at).trim().is_empty())
            .map(|row| TableRow { line: row.line, cells: vec![row.cells[at].clone(), shown(mark)] })
            .collect(),
        ..table.clone()
    };
    (!table.rows.is_empty() && table.rows.iter().all(is_read)).then(|| [side(0, "yes"), side(1, "no")])
}

/// Whether a status column holds nothing but versions, and so is none.
pub(super) fn is_of_versions(table: &Table, columns: &Columns) -> bool {
    let asked = [columns.general, columns.security.filter(|_| !columns.dated)];
    let is_number = |text: &str| {
        let selector = Selector::read(text, false);
        let is_marked = Status::read(text, &Legend::new()).by_icon;
        !is_marked && text.contains('.') && matches!(selector.kind, Kind::Range | Kind::Exact)
    };
    let all = |at: usize| table.rows.iter().all(|row| is_number(cell(row, at)));
    !table.rows.is_empty() && columns.end.is_none() && asked.into_iter().flatten().any(all)
}

fn selects(text: &str) -> bool {
    matches!(Selector::read(text, false).kind, Kind::Range | Kind::Exact | Kind::Latest | Kind::Rest)
}

fn cell(row: &TableRow, at: usize) -> &str {
    row.cells.get(at).map_or("", |cell| cell.text.as_str())
}

fn shown(text: &str) -> Cell {
    Cell { raw: text.to_owned(), text: text.to_owned(), bound: false }
}
