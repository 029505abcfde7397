//! Which column of a table names the thing that each of its rows is about.
//!
//! The rule that must not be broken: a row that is about one of several things is no row about the project; where a column
//! before the versions has names in it, the rows are theirs, whatever its header says.

use super::columns::{self, Columns};
use super::decoration::strip_decoration;
use super::document::{Table, TableRow};
use super::headings::{is_about_age, words};
use super::lexicon::cells::NOUNS;
use super::lexicon::columns::{DATES, KEYS, NAMELESS};
use super::selector::{Kind, Selector};
use super::status::{Legend, Status, Support};
use super::table::{is_stage, says_nothing};
use super::until;
use super::words::is_everything;

/// The longest name; what is longer is a remark.
const LONGEST: usize = 60;

/// The column of the products: by its header, or the first before the versions that has names in it.
pub(super) fn column(table: &Table, columns: &Columns) -> Option<usize> {
    columns.product.or_else(|| {
        let headers = table.headers();
        (0..columns.version).find(|&at| {
            may_name(headers.get(at).copied().unwrap_or_default())
                && table.rows.iter().any(|row| is_name(text(row, at)))
        })
    })
}

/// The name in each row: an empty cell goes on with that of the row above.
pub(super) fn names(table: &Table, column: Option<usize>) -> Vec<Option<String>> {
    let Some(at) = column else { return vec![None; table.rows.len()] };
    let mut above = None;
    let name = |row: &TableRow| {
        let name = strip_decoration(text(row, at));
        if !name.is_empty() {
            above = Some(name);
        }
        above.clone()
    };
    let names = table.rows.iter().map(name);
    names.map(|name| name.filter(|name| !is_everything(name))).collect()
}

/// `widget-cli >= 1.2`: what the version after a name selects of that product. What stands for all of them is not read, since
/// it is of each.
pub(super) fn joined(cell: &str) -> Selector {
    let cell = strip_decoration(cell);
    let is_first = |word: &str| {
        let word = word.strip_prefix(['v', 'V']).unwrap_or(word);
        word.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '<' | '>' | '=' | '≤' | '≥' | '^' | '~'))
    };
    let at = cell.match_indices(' ').find(|(at, _)| !is_first(&cell) && is_first(&cell[at + 1..]));
    let Some((name, version)) = at.map(|(at, _)| (&cell[..at], &cell[at + 1..])) else {
        return Selector::of(Kind::Unknown);
    };
    let selector = Selector::read(version, false);
    let product = (!selector.is_unread()).then(|| strip_decoration(name));
    Selector { product, ..selector }
}

/// Whether the cells of a column are names with their versions, but for those about what is older.
pub(super) fn are_joined(table: &Table, column: usize) -> bool {
    let cells = || table.rows.iter().map(|row| text(row, column));
    let is_named = |cell: &str| joined(cell).product.is_some();
    cells().any(is_named)
        && cells().all(|cell| is_named(cell) || Selector::read(cell, false).kind == Kind::Rest)
}

fn text(row: &TableRow, at: usize) -> &str {
    row.cells.get(at).map_or("", |cell| cell.text.as_str())
}

/// Whether a column with this header may name things.
fn may_name(header: &str) -> bool {
    let known = |word: &String| [DATES, KEYS, NAMELESS].iter().any(|list| list.contains(&word.as_str()));
    columns::fixes(header).is_none() && !words(header).iter().any(known)
}

/// Whether a cell is a name, and no version, branch, day, status or stage.
fn is_name(cell: &str) -> bool {
    let cell = strip_decoration(cell);
    let is_selector = || {
        let selector = Selector::read(&cell, false);
        !selector.is_unread() && selector.product.is_none()
    };
    let is_status = || {
        let status = Status::read(&cell, &Legend::new());
        status.by_icon || status.support != Support::Unknown
    };
    let lower = cell.to_lowercase();
    cell.len() <= LONGEST
        && cell.contains(char::is_alphabetic)
        && !says_nothing(&cell)
        && !is_about_age(&cell)
        && !is_stage(&cell)
        && !lower.split(' ').all(|word| NOUNS.contains(&word))
        && until::read(&cell).is_none()
        && !is_selector()
        && !is_status()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_told_from_what_else_stands_before_a_version() {
        for name in
            ["Web App", "iOS", "Ubuntu", "@widget/cli", "`widget-core`", "Windows 10", "GCC", "Firmware"]
        {
            assert!(is_name(name), "{name}");
        }
        for other in [
            "",
            "—",
            "n/a",
            "1",
            "2.x",
            "main",
            "Latest",
            "Stable",
            "LTS",
            "Beta",
            "Legacy",
            "Major",
            "✅ Yes",
            "EOL",
            "2027-01-31",
            "Current release",
            "A remark that is too long to be the name of anything that has versions",
        ] {
            assert!(!is_name(other), "{other}");
        }
    }

    #[test]
    fn a_name_and_its_version_in_one_cell_are_told_apart() {
        let told = |cell: &str| {
            let selector = joined(cell);
            (
                selector.product.unwrap_or_default(),
                selector.range.map(|range| range.to_string()).unwrap_or_default(),
            )
        };
        for (cell, name, range) in [
            ("`@weaver/cli` >= 1.2", "@weaver/cli", ">=1.2.0"),
            ("Web App v2.x", "Web App", ">=2.0.0, <3.0.0"),
            ("weaver < 1.0", "weaver", "<1.0.0"),
            ("weaver", "", ""),
            (">= 1.2", "", ""),
            ("Older versions", "", ""),
            ("weaver 2 perhaps", "", ""),
        ] {
            assert_eq!(told(cell), (name.to_owned(), range.to_owned()), "{cell}");
        }
    }

    #[test]
    fn headers_of_what_is_no_thing_name_none() {
        for header in ["Service", "Platform", "npm package", "Composant", "组件", "", "Docker image", "OS"]
        {
            assert!(may_name(header), "{header}");
        }
        for header in
            ["Status", "Codename", "Release date", "Notes", "Channel", "End of life", "Branch", "Released"]
        {
            assert!(!may_name(header), "{header}");
        }
    }
}
