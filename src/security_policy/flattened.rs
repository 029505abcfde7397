//! Text that is a table to its author and none to Markdown: its lines were joined, its delimiter row is missing, or tabs
//! or spaces part its cells.
//!
//! The rule that must not be broken: cells that stand in a row are never read as a sentence; of `1.x | yes | < 1.0 | no`
//! a sentence would keep one half.

use super::columns::Columns;
use super::selector::Selector;
use super::status::{Legend, Status, Support};

/// The longest header that is parted by spaces, in words.
const LONGEST_HEADER: usize = 4;

/// Whether a text, which stands as `raw` in the file, has cells, and is no sentence for that. Marks in code part none.
pub(super) fn has_cells(text: &str, raw: &str) -> bool {
    let outside: String = raw.split('`').step_by(2).collect::<Vec<_>>().join("_");
    outside.lines().any(|line| cells(line).count() > 1) || is_spaced(text)
}

/// Whether its cells are those of a table of supported versions.
pub(super) fn is_table(text: &str) -> bool {
    let is_row = |line: &str| cells(line).any(is_version) && cells(line).any(is_status);
    has_header(text) || text.lines().any(|line| cells(line).any(is_delimiter) || is_row(line))
}

/// Whether one of its lines is the header of such a table.
pub(super) fn has_header(text: &str) -> bool {
    let chosen = |line: &str| Columns::choose(&cells(line).collect::<Vec<_>>(), false).is_some();
    text.lines().any(|line| cells(line).count() > 1 && chosen(line)) || is_spaced(text)
}

/// The first line that has cells, and how many stand before it.
pub(super) fn first(text: &str) -> (usize, &str) {
    let mut lines = text.lines().enumerate();
    lines
        .find(|(_, line)| cells(line).count() > 1)
        .unwrap_or_else(|| (0, text.lines().next().unwrap_or_default()))
}

/// The cells of a line, but for empty ones.
fn cells(line: &str) -> impl Iterator<Item = &str> {
    line.trim().split(['|', '\t']).map(str::trim).filter(|cell| !cell.is_empty())
}

/// `---`, as it stands below a header.
fn is_delimiter(cell: &str) -> bool {
    cell.len() > 2 && cell.chars().all(|c| matches!(c, '-' | ':'))
}

fn is_version(cell: &str) -> bool {
    !Selector::read(cell, false).is_unread()
}

fn is_status(cell: &str) -> bool {
    let status = Status::read(cell, &Legend::new());
    status.by_icon || status.support != Support::Unknown
}

/// `Version Supported 1.x ✅`: the words of a header, and then a version.
fn is_spaced(text: &str) -> bool {
    let words: Vec<&str> = text.split_whitespace().take(LONGEST_HEADER + 1).collect();
    let is_header = |header: &[&str]| {
        header.iter().all(|word| word.chars().all(char::is_alphabetic))
            && Columns::choose(header, false).is_some_and(|columns| columns.version == 0)
    };
    let is_first = |word: &str| {
        word.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '<' | '>' | '≤' | '≥'))
            || is_version(word)
    };
    (2..words.len()).any(|end| is_first(words[end]) && is_header(&words[..end]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_in_a_row_are_a_table_and_no_sentence() {
        for text in [
            "| Version | Supported | |---|---| | 2.x | :white_check_mark: | | < 2.0 | :x: |",
            "| Version | Supported | | --- | --- | | 2.x |\n:white_check_mark: | | < 2.0 | :x: |",
            "| Version | Supported |\n| 2.x | yes |\n| < 2.0 | no |",
            "Version | Supported\n2.x | yes",
            "Version\tSupported\n2.x\t✅\n< 2.0\t❌",
            "Version\tStatus\tEnd of life\n2.x\tActive\t2030-01-31",
            "2.x | yes\n< 2.0 | no",
            "Version Supported\n2.x ✅\n< 2.0 ❌",
            "Version Supported 2.x ✅ < 2.0 ❌",
            "Version Supported\nLatest ✅",
        ] {
            assert_eq!((has_cells(text, text), is_table(text)), (true, true), "{text}");
        }
    }

    #[test]
    fn what_has_no_cells_of_a_statement_is_no_table() {
        for text in ["Home | Security | Contact", "docs\tblog", "[1.x] | [2.x]"] {
            assert_eq!((has_cells(text, text), is_table(text)), (true, false), "{text}");
        }
        for text in [
            "Only the latest version is supported.",
            "Version support is described below.\n2.x is supported.",
            "Supported versions:\n2.x and 1.x",
            "Version supported: 2.x",
            "| only the latest version is supported",
            "Only the latest tag (`git tag | tail -1`) is supported.",
            "",
        ] {
            assert_eq!((has_cells(text, text), is_table(text)), (false, false), "{text}");
        }
    }
}
