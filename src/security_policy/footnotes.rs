//! Footnotes, and the marks that point to one: `[^1]`, `✅*`, `<sup>1</sup>`.
//!
//! The rule that must not be broken: a note binds what refers to it, unless all its words are known to take nothing back;
//! a note that is not found does too.

use super::document::Block;
use super::document::{Cell, Document};
use super::lexicon::retractions::HARMLESS_NOTES;
use std::collections::{BTreeMap, BTreeSet};

/// Whether a footnote bounds what refers to it.
fn binds(note: &str) -> bool {
    let mut words =
        note.split_whitespace().map(|word| word.trim_matches(['.', ',', ':', ';', '`'])).peekable();
    let is_harmless = |word: &str| {
        HARMLESS_NOTES.contains(&word.to_lowercase().as_str()) || is_line(word) || word.starts_with('@')
    };
    words.peek().is_none() || !words.all(is_harmless)
}

/// `v1.22.x`
fn is_line(word: &str) -> bool {
    let word = word.strip_prefix('v').unwrap_or(word);
    let number = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    word.strip_suffix(".x").is_some_and(|line| line.split('.').all(number))
}

/// Marks the cells and texts that a note binds. `notes` are the texts of the footnotes by their names.
pub(super) fn bind(document: &mut Document, notes: &BTreeMap<String, String>) {
    let harmless: BTreeSet<&str> =
        notes.iter().filter(|(_, note)| !binds(note)).map(|(name, _)| name.as_str()).collect();
    let is_bound = |raw: &str| names(raw).any(|name| !harmless.contains(name));
    for block in &mut document.blocks {
        match block {
            Block::Table(table) => {
                let cells = table.rows.iter_mut().flat_map(|row| &mut row.cells);
                for cell in cells.chain(&mut table.header) {
                    cell.bound |= is_bound(&cell.raw);
                }
            }
            Block::Text { raw, bound, .. } => *bound = is_bound(raw),
            Block::Heading { .. } | Block::Code { .. } | Block::Fold(_) => {}
        }
    }
}

/// The names of the footnotes that a text refers to.
fn names(raw: &str) -> impl Iterator<Item = &str> {
    raw.split("[^").skip(1).filter_map(|rest| rest.split_once(']').map(|(name, _)| name))
}

/// Whether a cell has a mark of a note that is none of Markdown's: `✅*`, `2.x†`, `Yes [1]`, `<sup>1</sup>`.
pub(super) fn has_mark(cell: &Cell) -> bool {
    let text = cell.text.trim();
    cell.raw.to_ascii_lowercase().contains("<sup")
        || text.contains(|c: char| matches!(c, '†' | '‡' | '§' | '※' | '¹' | '²' | '³' | '⁰'..='⁹'))
        || has_star(text)
        || text.split('[').skip(1).any(|rest| {
            let name = rest.split_once(']').map_or("", |(name, _)| name);
            (1..=3).contains(&name.len()) && name.bytes().all(|b| b.is_ascii_alphanumeric())
        }) && !text.starts_with('[')
}

/// Whether a star stands behind something that it is no wildcard of: `2.x*`, and neither `2.*` nor `release/*`.
fn has_star(text: &str) -> bool {
    text.char_indices().filter(|(_, c)| *c == '*').any(|(at, _)| {
        let before = text[..at].chars().next_back();
        !before.is_none_or(|c| matches!(c, '.' | '/' | '-' | '^' | '~' | '=' | '>' | '<' | 'v' | '*'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_footnote_binds_unless_its_words_are_known() {
        for (note, bound) in [
            ("Except for 1.2.3.", true),
            ("Not on Windows.", true),
            ("For customers with a contract.", true),
            ("Support ended in 2024.", true),
            ("Ends 2025-06-30.", true),
            ("Through June 2025.", true),
            ("Discontinued.", true),
            ("Was supported before 2024.", true),
            ("Only on Linux.", true),
            ("Enterprise only.", true),
            ("LTS support requires a subscription.", true),
            ("From January 2030.", true),
            ("Planned.", true),
            ("", true),
            ("The `v1.22.x` series will receive bug fixes and security patches only.", false),
            ("Synced version with @swisspost/design-system-styles package", false),
            ("The newest line.", false),
        ] {
            assert_eq!(binds(note), bound, "{note}");
        }
    }

    #[test]
    fn marks_of_notes_are_told_from_wildcards_and_links() {
        let marked = |raw: &str, text: &str| {
            has_mark(&Cell { raw: raw.to_owned(), text: text.to_owned(), bound: false })
        };
        for text in ["✅*", "2.x*", "Yes *", "Yes†", "2.x¹", "Yes [1]", "✅ [a]"] {
            assert!(marked(text, text), "{text}");
        }
        assert!(marked("✅<sup>1</sup>", "✅ 1"));
        for (raw, text) in [
            ("2.*", "2.*"),
            ("`release/*`", "release/*"),
            ("**2.x**", "2.x"),
            ("[2](https://e.org)", "2"),
            ("[ ]", "[ ]"),
        ] {
            assert!(!marked(raw, text), "{raw}");
        }
    }
}
