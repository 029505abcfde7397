//! Tables and headings that are written as HTML: a walk over tags, no tree, no recursion.

use std::collections::BTreeMap;

use super::document::{Cell, Fold, Table, TableRow, fold};

/// Rows of one HTML table that are read.
const MOST_ROWS: usize = 2000;

/// Rows, or columns, that one cell may take; in so many columns, and with a text so long, it goes on in them.
const MOST_SPANNED: usize = 100;
const MOST_COLUMNS: usize = 20;
const LONGEST_SPANNED: usize = 200;

/// Elements that show nothing of what stands in them, or show it as code or as struck out.
const HIDING: [&str; 15] = [
    "template", "script", "style", "noscript", "textarea", "pre", "del", "s", "strike", "dialog", "svg",
    "iframe", "math", "title", "object",
];

/// Elements that may be hidden.
const WRAPPING: [&str; 7] = ["div", "section", "article", "span", "p", "center", "blockquote"];

/// Whether a tag hides its element: `<div hidden>`, `<p style="display:none">`.
fn is_hidden(tag: &str) -> bool {
    let tag = tag.to_ascii_lowercase();
    let said: String = tag.chars().filter(|c| !c.is_whitespace()).collect();
    let is_attribute = |word: &str| word.trim_end_matches(['>', '/']).split('=').next() == Some("hidden");
    tag.split_whitespace().skip(1).any(is_attribute)
        || ["display:none", "visibility:hidden", "aria-hidden=\"true", "aria-hidden='true"]
            .iter()
            .any(|style| said.contains(style))
}

/// Whether something in a cell is hidden.
pub(super) fn hides(raw: &str) -> bool {
    raw.contains('<') && tags(raw).any(|tag| !tag.closes && is_hidden(&raw[tag.start..tag.end]))
}

/// Where a table's start tag is.
pub(super) fn find_table(text: &str) -> Option<usize> {
    tags(text).find(|tag| tag.name == "table" && !tag.closes).map(|tag| tag.start)
}

/// The level and the text of a heading, when the block begins with one.
pub(super) fn heading(block: &str) -> Option<(u8, String)> {
    let first = tags(block).next().filter(|tag| !tag.closes && block[..tag.start].trim().is_empty())?;
    let level = first.name.strip_prefix('h')?.parse::<u8>().ok().filter(|level| (1..=6).contains(level))?;
    let end = tags(&block[first.end..]).find(|tag| tag.closes && tag.name == first.name)?;
    Some((level, fold(&plain(&block[first.end..first.end + end.start]))))
}

/// Where folded parts begin and end in a block, with their summaries.
pub(super) fn folds(block: &str) -> impl Iterator<Item = Fold> + '_ {
    let mut summary = None;
    tags(block).filter_map(move |tag| match (tag.name.as_str(), tag.closes) {
        ("details", false) => Some(Fold::Opens),
        ("details", true) => Some(Fold::Closes),
        ("summary", false) => {
            summary = Some(tag.end);
            None
        }
        ("summary", true) => summary.take().map(|from| Fold::Titled(fold(&plain(&block[from..tag.start])))),
        (name, false) if HIDING.contains(&name) || WRAPPING.contains(&name) => {
            let hides = HIDING.contains(&name) || is_hidden(&block[tag.start..tag.end]);
            Some(Fold::Element(tag.name, hides))
        }
        (name, true) if HIDING.contains(&name) || WRAPPING.contains(&name) => Some(Fold::Ends(tag.name)),
        _ => None,
    })
}

/// The table at the head of `text`, and how many bytes it takes. A nested table is none.
pub(super) fn table(text: &str, quoted: bool, line: impl Fn(usize) -> usize) -> (Option<Table>, usize) {
    let mut table = Table { quoted, html: true, ..Table::default() };
    let mut row: Option<TableRow> = None;
    let mut cell: Option<(usize, Span)> = None;
    let mut spans = Spans::default();
    let (mut tables, mut caption) = (0, None);
    let (mut hidden_table, mut hidden_row, mut hidden) = (false, false, false);
    for tag in tags(text) {
        if matches!(tag.name.as_str(), "td" | "th" | "tr" | "table")
            && let Some((from, span)) = cell.take()
            && let Some(row) = &mut row
        {
            let raw = &text[from..tag.start];
            let bound = hidden || hides(raw);
            spans.put(row, &Cell { raw: fold(raw), text: fold(&plain(raw)), bound }, span);
        }
        match (tag.name.as_str(), tag.closes) {
            ("table", false) => {
                tables += 1;
                if tables > 1 {
                    return (None, tag.start);
                }
                hidden_table = is_hidden(&text[tag.start..tag.end]);
            }
            ("caption", false) => caption = Some(tag.end),
            ("caption", true) => {
                table.caption =
                    caption.take().map(|from| fold(&plain(&text[from..tag.start]))).unwrap_or_default();
            }
            ("td" | "th", false) => {
                let shown = &text[tag.start..tag.end];
                hidden = hidden_table || hidden_row || is_hidden(shown);
                cell = Some((tag.end, Span::of(shown)));
            }
            ("tr", _) | ("table", true) => {
                hidden_row = !tag.closes && is_hidden(&text[tag.start..tag.end]);
                take_row(&mut table, row.take().map(|row| spans.end(row)));
                row = (!tag.closes).then(|| TableRow { line: line(tag.start), cells: Vec::new() });
            }
            _ => {}
        }
        if tag.name == "table" && tag.closes {
            return (Some(table).filter(|table| !table.header.is_empty()), tag.end);
        }
        if table.rows.len() > MOST_ROWS {
            return (None, tag.end);
        }
    }
    (None, text.len())
}

fn take_row(table: &mut Table, row: Option<TableRow>) {
    let Some(row) = row.filter(|row| !row.cells.is_empty()) else { return };
    if table.header.is_empty() {
        (table.header, table.line) = (row.cells, row.line);
    } else {
        table.rows.push(row);
    }
}

/// How many rows and columns a cell takes.
#[derive(Clone, Copy)]
struct Span {
    rows: usize,
    columns: usize,
}

impl Span {
    fn of(tag: &str) -> Self {
        let tag = tag.to_ascii_lowercase();
        let number = |name: &str| {
            let value = tag.split_once(name)?.1.trim_start().strip_prefix('=')?;
            let value = value.trim_start().trim_start_matches(['"', '\'']);
            let end = value.find(|c: char| !c.is_ascii_digit()).unwrap_or(value.len());
            value[..end].parse::<usize>().ok().filter(|n| (1..=MOST_SPANNED).contains(n))
        };
        Self { rows: number("rowspan").unwrap_or(1), columns: number("colspan").unwrap_or(1) }
    }
}

/// The cells that go on below the row they stand in, by their columns, each with the rows that are left to it.
#[derive(Default)]
struct Spans(BTreeMap<usize, (usize, Cell)>);

impl Spans {
    /// Puts a cell into the next free columns of a row.
    fn put(&mut self, row: &mut TableRow, cell: &Cell, span: Span) {
        self.fill(row);
        let again = if cell.raw.len() > LONGEST_SPANNED { Cell::default() } else { cell.clone() };
        for nth in 0..span.columns {
            if nth > 0 && row.cells.len() >= MOST_COLUMNS {
                return;
            }
            if span.rows > 1 && row.cells.len() < MOST_COLUMNS {
                self.0.insert(row.cells.len(), (span.rows, again.clone()));
            }
            row.cells.push(if nth == 0 { cell.clone() } else { again.clone() });
        }
    }

    /// Fills the columns that cells of the rows above still take.
    fn fill(&self, row: &mut TableRow) {
        while let Some((_, cell)) = self.0.get(&row.cells.len()) {
            row.cells.push(cell.clone());
        }
    }

    /// Ends a row.
    fn end(&mut self, mut row: TableRow) -> TableRow {
        if !row.cells.is_empty() {
            self.fill(&mut row);
            self.0.values_mut().for_each(|(left, _)| *left -= 1);
            self.0.retain(|_, (left, _)| *left > 0);
        }
        row
    }
}

/// A tag in the text.
struct Found {
    name: String,
    closes: bool,
    start: usize,
    end: usize,
}

fn tags(text: &str) -> impl Iterator<Item = Found> + '_ {
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            let start = at + text[at..].find('<')?;
            if text[start..].starts_with("<!--") {
                at = text[start..].find("-->").map_or(text.len(), |end| start + end + 3);
                continue;
            }
            let closes = text[start + 1..].starts_with('/');
            let from = start + 1 + usize::from(closes);
            let name: String =
                text[from..].chars().take(12).take_while(char::is_ascii_alphanumeric).collect();
            if !name.starts_with(|c: char| c.is_ascii_alphabetic()) {
                at = start + 1;
                continue;
            }
            let end = start + text[start..].find('>')? + 1;
            at = end;
            return Some(Found { name: name.to_ascii_lowercase(), closes, start, end });
        }
    })
}

/// The text between tags, its common entities decoded.
fn plain(html: &str) -> String {
    let mut text = String::with_capacity(html.len());
    let mut at = 0;
    for tag in tags(html) {
        text.push_str(&html[at..tag.start]);
        text.push(' ');
        at = tag.end;
    }
    text.push_str(&html[at..]);
    for (entity, c) in [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&le;", "≤"),
        ("&ge;", "≥"),
        ("&nbsp;", " "),
        ("&#60;", "<"),
        ("&#62;", ">"),
        ("&check;", "✓"),
        ("&cross;", "✗"),
        ("&#10003;", "✓"),
        ("&#9989;", "✅"),
        ("&#10060;", "❌"),
        ("&quot;", "\""),
        ("&amp;", "&"),
    ] {
        if text.contains(entity) {
            text = text.replace(entity, c);
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_is_read_with_its_entities_and_lines() {
        let source = "<table>\n<tr><th>Version<th>Supported</tr>\n<tr><td><b>&lt; 0.1</b></td><td>No</td></tr>\n</table>tail";
        let (table, length) = table(source, false, |at| source[..at].matches('\n').count() + 1);
        let table = table.unwrap();
        assert_eq!((table.line, table.header[1].text.as_str()), (2, "Supported"));
        assert_eq!((table.rows[0].line, table.rows[0].cells[0].text.as_str()), (3, "< 0.1"));
        assert_eq!(&source[length..], "tail");
    }

    #[test]
    fn a_table_in_a_table_or_without_an_end_is_none() {
        assert!(table("<table><tr><td><table></table></td></tr></table>", false, |_| 1).0.is_none());
        assert!(table("<table><tr><td>1.x</td></tr>", false, |_| 1).0.is_none());
    }

    #[test]
    fn a_heading_has_a_level() {
        assert_eq!(
            heading("<h2 align=center>Supported <i>Versions</i></h2>"),
            Some((2, "Supported Versions".into()))
        );
        assert_eq!(heading("<p>Supported Versions</p>"), None);
    }
}
