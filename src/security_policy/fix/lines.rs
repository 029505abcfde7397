//! The file as lines of bytes: cells of a table's lines replaced, lines added and removed, and the unified diff of it.
//!
//! The rule that must not be broken: what is not edited is the same bytes, with the same line ends, and a cell is only
//! written over when it holds what was read of it.

use super::super::document::fold;
use super::plan::{Change, Edit};
use std::ops::Range;
use unicode_width::UnicodeWidthStr;

/// Lines around a change in the diff.
const CONTEXT: usize = 3;

/// The lines of a file, with their ends.
pub(super) struct Lines<'a> {
    lines: Vec<&'a [u8]>,
}

/// One line of the edited file, or one that is gone.
enum Line<'a> {
    Same(&'a [u8]),
    Gone(&'a [u8]),
    New(Vec<u8>),
}

/// The edited file.
pub(super) struct Edited<'a> {
    lines: Vec<Line<'a>>,
    bytes: Vec<u8>,
}

impl<'a> Lines<'a> {
    pub(super) fn of(bytes: &'a [u8]) -> Self {
        Self { lines: bytes.split_inclusive(|byte| *byte == b'\n').collect() }
    }

    /// The file with the edits; `None` when a line is not what was read.
    pub(super) fn edit(&self, edits: &[Edit]) -> Option<Edited<'a>> {
        if edits.iter().any(|edit| edit.line == 0 || edit.line > self.lines.len()) {
            return None;
        }
        let end = if self.lines.first()?.ends_with(b"\r\n") { "\r\n" } else { "\n" };
        let mut lines: Vec<Line<'a>> = Vec::with_capacity(self.lines.len() + edits.len());
        for (at, line) in self.lines.iter().enumerate() {
            let here: Vec<&Edit> = edits.iter().filter(|edit| edit.line == at + 1).collect();
            if here.is_empty() {
                lines.push(Line::Same(line));
                continue;
            }
            let text = std::str::from_utf8(line).ok()?;
            for edit in here.iter().filter(|edit| matches!(edit.change, Change::Insert { before: true })) {
                lines.push(Line::New(with_end(row_like(text, edit)?, end)));
            }
            let mut now = text.to_owned();
            for edit in here.iter().filter(|edit| matches!(edit.change, Change::Cell { .. })) {
                now = set(&now, edit)?;
            }
            let after: Vec<&&Edit> =
                here.iter().filter(|edit| matches!(edit.change, Change::Insert { before: false })).collect();
            if here.iter().any(|edit| matches!(edit.change, Change::Remove)) {
                lines.push(Line::Gone(line));
            } else if now == text && (after.is_empty() || text.ends_with('\n')) {
                lines.push(Line::Same(line));
            } else {
                lines.push(Line::Gone(line));
                lines.push(Line::New(if after.is_empty() { now.into_bytes() } else { with_end(now, end) }));
            }
            for edit in after {
                let row = row_like(text, edit)?;
                lines.push(Line::New(if text.ends_with('\n') {
                    with_end(row, end)
                } else {
                    row.into_bytes()
                }));
            }
        }
        let mut bytes = Vec::new();
        for line in &lines {
            match line {
                Line::Same(line) => bytes.extend_from_slice(line),
                Line::New(line) => bytes.extend_from_slice(line),
                Line::Gone(_) => {}
            }
        }
        Some(Edited { lines, bytes })
    }
}

impl Edited<'_> {
    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    pub(super) fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }

    /// The unified diff.
    pub(super) fn diff(&self, path: &str) -> String {
        let mut text = format!("--- {}\n+++ {}\n", header("a", path), header("b", path));
        let changed: Vec<usize> =
            (0..self.lines.len()).filter(|&at| !matches!(self.lines[at], Line::Same(_))).collect();
        let mut next = 0;
        let (mut old, mut new, mut counted) = (0, 0, 0);
        while let Some(&first) = changed.get(next) {
            let mut last = first;
            while let Some(&at) = changed.get(next).filter(|&&at| at <= last + 2 * CONTEXT) {
                last = at;
                next += 1;
            }
            let hunk = first.saturating_sub(CONTEXT)..self.lines.len().min(last + CONTEXT + 1);
            for line in &self.lines[counted..hunk.start] {
                old += usize::from(!matches!(line, Line::New(_)));
                new += usize::from(!matches!(line, Line::Gone(_)));
            }
            counted = hunk.start;
            let olds = self.lines[hunk.clone()].iter().filter(|line| !matches!(line, Line::New(_))).count();
            let news = self.lines[hunk.clone()].iter().filter(|line| !matches!(line, Line::Gone(_))).count();
            text.push_str(&format!("@@ -{},{olds} +{},{news} @@\n", old + 1, new + 1));
            for line in &self.lines[hunk] {
                let (mark, bytes) = match line {
                    Line::Same(bytes) => (' ', *bytes),
                    Line::Gone(bytes) => ('-', *bytes),
                    Line::New(bytes) => ('+', bytes.as_slice()),
                };
                push(&mut text, mark, bytes);
            }
        }
        text
    }
}

fn push(text: &mut String, mark: char, bytes: &[u8]) {
    let line = String::from_utf8_lossy(bytes);
    text.push(mark);
    let body = line.strip_suffix('\n').unwrap_or(&line);
    let (body, end) = body.strip_suffix('\r').map_or((body, ""), |body| (body, "\r"));
    text.push_str(&shown(body));
    text.push_str(end);
    text.push('\n');
    if !line.ends_with('\n') {
        text.push_str("\\ No newline at end of file\n");
    }
}

/// One side of the header as git writes it: the name in quotation marks where a letter of it would be taken for something
/// else, and a tab behind one with spaces, so that what reads it knows where it ends.
fn header(side: &str, path: &str) -> String {
    let is_taken = |c: char| acts(c) || matches!(c, '\t' | '"' | '\\');
    let end = if path.contains(' ') { "\t" } else { "" };
    if !path.contains(is_taken) {
        return format!("{side}/{path}{end}");
    }
    let mut quoted = String::new();
    for c in path.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            _ if is_taken(c) => {
                c.encode_utf8(&mut [0; 4]).bytes().for_each(|byte| quoted.push_str(&format!("\\{byte:03o}")));
            }
            _ => quoted.push(c),
        }
    }
    format!("\"{side}/{quoted}\"{end}")
}

/// Whether a terminal would act on it.
fn acts(c: char) -> bool {
    c.is_control() && c != '\t'
        || matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
            | '\u{2028}' | '\u{2029}' | '\u{e0000}'..='\u{e007f}')
}

/// The text without what a terminal would act on.
fn shown(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if acts(c) { out.extend(c.escape_unicode()) } else { out.push(c) }
    }
    out
}

fn with_end(row: String, end: &str) -> Vec<u8> {
    let mut row = row.trim_end_matches(['\r', '\n']).to_owned();
    row.push_str(end);
    row.into_bytes()
}

/// The line with one cell written over.
fn set(line: &str, edit: &Edit) -> Option<String> {
    let Change::Cell { column, from, to } = &edit.change else { return None };
    let span = cells(line)?.get(*column)?.clone();
    if fold(&line[span.clone()]) != *from || from.contains('\\') && from.contains('|') {
        return None;
    }
    Some(format!("{}{}{}", &line[..span.start], padded(&line[span.clone()], to), &line[span.end..]))
}

/// A new row after the pattern of a line: the version, bare marks of support, the product, and nothing in other cells.
fn row_like(line: &str, edit: &Edit) -> Option<String> {
    let row = edit.row.as_ref()?;
    let mut text = String::new();
    let mut at = 0;
    for (column, span) in cells(line)?.into_iter().enumerate() {
        text.push_str(&line[at..span.start]);
        let cell = &line[span.clone()];
        if column == row.version {
            text.push_str(&padded(cell, &row.text));
        } else if let Some((_, mark)) = row.marks.iter().find(|(at, _)| *at == column) {
            text.push_str(&padded(cell, mark));
        } else if row.copied == Some(column) {
            text.push_str(cell);
        } else {
            text.push_str(&" ".repeat(cell.width().max(1)));
        }
        at = span.end;
    }
    text.push_str(&line[at..]);
    Some(text.trim_end_matches(['\r', '\n']).to_owned())
}

/// `text` in the place of a cell's text, in the cell's width where that is possible.
fn padded(cell: &str, text: &str) -> String {
    let old = cell.trim();
    let lead = &cell[..cell.len() - cell.trim_start().len()];
    let trail = cell.len() - lead.len() - old.len();
    let space = (trail + old.width()).saturating_sub(text.width()).max(trail.min(1));
    format!("{lead}{text}{}", " ".repeat(space))
}

/// Where the cells of a table's line are, between its pipes; `None` for a line that is no row.
fn cells(line: &str) -> Option<Vec<Range<usize>>> {
    let body = line.trim_end_matches(['\r', '\n']);
    let begin = body.len() - body.trim_start_matches([' ', '\t', '>']).len();
    let start = begin + usize::from(body[begin..].starts_with('|'));
    let mut found = Vec::new();
    let (mut from, mut escaped) = (start, false);
    for (at, c) in body[start..].char_indices() {
        let at = start + at;
        match c {
            '\\' => escaped = !escaped,
            '|' if !escaped => {
                found.push(from..at);
                from = at + 1;
            }
            _ => escaped = false,
        }
    }
    if !body[from..].trim().is_empty() {
        found.push(from..body.len());
    }
    (!found.is_empty()).then_some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_what_stands_between_pipes() {
        let told = |line: &str| -> Vec<String> {
            cells(line).unwrap().into_iter().map(|span| line[span].to_owned()).collect()
        };
        assert_eq!(told("| 1.x | yes |\r\n"), [" 1.x ", " yes "]);
        assert_eq!(told("1.x|yes\n"), ["1.x", "yes"]);
        assert_eq!(told("> | a \\| b | c"), [" a \\| b ", " c"]);
        assert!(cells("\n").is_none());
    }

    #[test]
    fn a_cell_keeps_its_width_where_it_can() {
        assert_eq!(padded(" 3.0.x   ", "10.12.x"), " 10.12.x ");
        assert_eq!(padded(" 3.0.x ", "10.12.x"), " 10.12.x ");
        assert_eq!(padded("3.0.x", "10.12.x"), "10.12.x");
        assert_eq!(padded(" ✅ ", "yes"), " yes ");
    }

    #[test]
    fn a_name_in_the_header_ends_where_it_ends() {
        for (path, expected) in [
            ("docs/SECURITY.md", "a/docs/SECURITY.md"),
            ("my docs/SECURITY.md", "a/my docs/SECURITY.md\t"),
            ("a\tb\\c\"d\n/é", "\"a/a\\011b\\\\c\\\"d\\012/é\""),
            ("\u{202e}.md", "\"a/\\342\\200\\256.md\""),
        ] {
            assert_eq!(header("a", path), expected);
        }
    }

    #[test]
    fn what_a_terminal_acts_on_is_shown() {
        assert_eq!(shown("a\u{1b}[31m\u{202e}b\t✔️"), "a\\u{1b}[31m\\u{202e}b\t✔️");
    }
}
