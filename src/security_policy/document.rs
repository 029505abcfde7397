//! The blocks of a Markdown file, in order, with their lines: headings, tables, paragraphs, items, fences.
//!
//! Only what stands in the text counts: code fences stay code, comments are nothing, and a table is what GitHub
//! shows as one.

use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};
use std::collections::BTreeMap;

use super::footnotes;
use super::html;
use super::text::Lines;

/// Rows kept of one file; a policy has fewer than a hundred.
pub(super) const MOST_CELLS: usize = 20_000;

/// What is left in the text of a heading of the mark that strikes something out.
pub(super) const STRUCK: &str = "~~";

/// A cell: as it stands in the file, and as it is shown.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Cell {
    pub(super) raw: String,
    pub(super) text: String,
    /// Whether a note that it refers to may take something back.
    pub(super) bound: bool,
}

/// A row of a table.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct TableRow {
    pub(super) line: usize,
    pub(super) cells: Vec<Cell>,
}

/// A table, its header first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Table {
    pub(super) header: Vec<Cell>,
    pub(super) rows: Vec<TableRow>,
    pub(super) quoted: bool,
    pub(super) html: bool,
    /// The caption of one of HTML.
    pub(super) caption: String,
    /// The line of the header.
    pub(super) line: usize,
}

impl Table {
    /// The text of the header's cells.
    pub(super) fn headers(&self) -> Vec<&str> {
        self.header.iter().map(|cell| cell.text.as_str()).collect()
    }
}

/// A block of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Block {
    Heading {
        level: u8,
        text: String,
    },
    Table(Table),
    /// Running text; `item` when it is a bullet's, `quoted` when it stands in a block quote.
    Text {
        line: usize,
        text: String,
        raw: String,
        item: bool,
        quoted: bool,
        /// Whether a note that it refers to may take something back.
        bound: bool,
    },
    Code {
        line: usize,
        text: String,
    },
    /// A part that is folded, in HTML.
    Fold(Fold),
}

/// Where a folded part begins and ends, and the summary that is shown of it; and where elements do that may hide what
/// stands in them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Fold {
    Opens,
    Titled(String),
    Closes,
    /// An element of this name, and whether it hides or strikes out what stands in it.
    Element(String, bool),
    /// Its end.
    Ends(String),
}

/// The file as blocks.
#[derive(Debug, Default)]
pub(super) struct Document {
    pub(super) blocks: Vec<Block>,
    /// Whether the file has more cells than are read.
    pub(super) too_many: bool,
}

/// Parses the file.
pub(super) fn parse(source: &str) -> Document {
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_GFM
        | Options::ENABLE_TASKLISTS;
    let mut reader = Reader { source, lines: Lines::of(source), ..Reader::new() };
    for (event, range) in Parser::new_ext(source, options).into_offset_iter() {
        reader.take(event, range);
        if reader.document.too_many {
            break;
        }
    }
    reader.flush();
    footnotes::bind(&mut reader.document, &reader.notes);
    reader.document
}

struct Reader<'a> {
    source: &'a str,
    lines: Lines,
    document: Document,
    /// The text of the innermost block that is open.
    text: String,
    /// Where that block begins, while one is open.
    from: Option<usize>,
    to: usize,
    heading: Option<u8>,
    table: Option<Table>,
    row: Option<TableRow>,
    code: Option<usize>,
    items: usize,
    quotes: usize,
    footnotes: usize,
    /// What the footnotes say, by their names.
    notes: BTreeMap<String, String>,
    /// The footnote that is open.
    note: String,
    cells: usize,
    html_done: usize,
}

impl<'a> Reader<'a> {
    fn new() -> Self {
        Self {
            source: "",
            lines: Lines::of(""),
            document: Document::default(),
            text: String::new(),
            from: None,
            to: 0,
            heading: None,
            table: None,
            row: None,
            code: None,
            items: 0,
            quotes: 0,
            footnotes: 0,
            notes: BTreeMap::new(),
            note: String::new(),
            cells: 0,
            html_done: 0,
        }
    }

    fn take(&mut self, event: Event<'a>, range: std::ops::Range<usize>) {
        match event {
            Event::Start(tag) => self.start(&tag, range),
            Event::End(tag) => self.end(tag, range),
            Event::Text(text) | Event::Code(text) => self.push(&text, range),
            Event::InlineHtml(tag) => self.inline_html(&tag, range),
            Event::SoftBreak | Event::HardBreak => self.push("\n", range),
            Event::Html(_) | Event::InlineMath(_) | Event::DisplayMath(_) | Event::Rule => {}
            Event::FootnoteReference(_) => self.to = self.to.max(range.end),
            // A box to tick is no marker of a bullet alone: it says what is to be done.
            Event::TaskListMarker(ticked) => self.push(if ticked { "[x] " } else { "[ ] " }, range),
        }
    }

    /// Begins running text where none is open.
    fn begin(&mut self, at: usize) {
        if self.table.is_none() && self.code.is_none() && self.heading.is_none() {
            self.from.get_or_insert(at);
        }
    }

    fn push(&mut self, text: &str, range: std::ops::Range<usize>) {
        self.begin(range.start);
        self.to = self.to.max(range.end);
        self.text.push_str(text);
    }

    /// Tags that shape text are nothing, `<br>` is a space, and what is no tag of HTML is text: `<latest>`.
    fn inline_html(&mut self, tag: &str, range: std::ops::Range<usize>) {
        let name: String =
            tag.trim_start_matches(['<', '/']).chars().take_while(char::is_ascii_alphanumeric).collect();
        match name.as_str() {
            "br" => self.push(" ", range),
            "latest" | "version" => self.push(tag, range),
            "del" | "s" | "strike" if self.heading.is_some() => self.text.push_str(STRUCK),
            "del" | "s" | "strike" => self.begin(range.start),
            _ => {}
        }
    }

    fn start(&mut self, tag: &Tag<'a>, range: std::ops::Range<usize>) {
        match tag {
            Tag::Paragraph => self.open(range.start),
            Tag::Heading { level, .. } => {
                self.flush();
                self.heading = Some(depth(*level));
            }
            Tag::Item => {
                self.flush();
                self.items += 1;
            }
            Tag::BlockQuote(_) => {
                self.flush();
                self.quotes += 1;
            }
            Tag::FootnoteDefinition(name) => {
                self.flush();
                self.footnotes += 1;
                self.note = name.to_string();
            }
            Tag::Strikethrough if self.heading.is_some() => self.text.push_str(STRUCK),
            Tag::Strikethrough => self.begin(range.start),
            Tag::CodeBlock(_) => {
                self.flush();
                self.code = Some(range.start);
            }
            Tag::Table(_) => {
                self.flush();
                self.table = Some(Table { quoted: self.quotes > 0, ..Table::default() });
            }
            Tag::TableHead | Tag::TableRow => {
                self.row = Some(TableRow { line: self.lines.at(range.start), cells: Vec::new() });
            }
            Tag::TableCell => self.text.clear(),
            Tag::HtmlBlock => {
                self.flush();
                self.html(range);
            }
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd, range: std::ops::Range<usize>) {
        match tag {
            TagEnd::Paragraph => self.flush(),
            TagEnd::Heading(_) => {
                let text = std::mem::take(&mut self.text);
                if let Some(level) = self.heading.take() {
                    self.document.blocks.push(Block::Heading { level, text });
                }
            }
            TagEnd::Item => {
                self.flush();
                self.items = self.items.saturating_sub(1);
            }
            TagEnd::BlockQuote(_) => {
                self.flush();
                self.quotes = self.quotes.saturating_sub(1);
            }
            TagEnd::FootnoteDefinition => {
                self.flush();
                self.footnotes = self.footnotes.saturating_sub(1);
            }
            TagEnd::CodeBlock => {
                let text = std::mem::take(&mut self.text);
                if let Some(from) = self.code.take() {
                    self.document.blocks.push(Block::Code { line: self.lines.at(from), text });
                }
            }
            TagEnd::TableCell => self.cell(range),
            TagEnd::TableHead => {
                if let (Some(table), Some(row)) = (&mut self.table, self.row.take()) {
                    (table.header, table.line) = (row.cells, row.line);
                }
            }
            TagEnd::TableRow => {
                if let (Some(table), Some(row)) = (&mut self.table, self.row.take()) {
                    table.rows.push(row);
                }
            }
            TagEnd::Table => {
                if let Some(table) = self.table.take() {
                    self.document.blocks.push(Block::Table(table));
                }
            }
            _ => {}
        }
    }

    fn open(&mut self, at: usize) {
        self.flush();
        self.from = Some(at);
    }

    fn cell(&mut self, range: std::ops::Range<usize>) {
        let text = std::mem::take(&mut self.text);
        let raw = self.source.get(range).unwrap_or_default().trim().trim_matches('|');
        if let Some(row) = &mut self.row {
            row.cells.push(Cell { raw: fold(raw), text, bound: html::hides(raw) });
            self.cells += 1;
            self.document.too_many |= self.cells > MOST_CELLS;
        }
    }

    /// Ends the running text that is open.
    fn flush(&mut self) {
        if self.table.is_some() || self.code.is_some() || self.heading.is_some() {
            return;
        }
        let text = std::mem::take(&mut self.text);
        let (from, to) = (self.from.take(), std::mem::take(&mut self.to));
        if self.footnotes > 0 {
            self.notes.entry(self.note.clone()).or_default().push_str(&text);
            return;
        }
        let Some(from) = from.filter(|_| !text.trim().is_empty()) else { return };
        let raw = self.source.get(from..to).unwrap_or_default().to_owned();
        self.document.blocks.push(Block::Text {
            line: self.lines.at(from),
            text,
            raw,
            item: self.items > 0,
            quoted: self.quotes > 0,
            bound: false,
        });
    }

    /// A table, a heading or a folded part that is written as HTML. The block ends at a blank line, the table at its end tag.
    fn html(&mut self, range: std::ops::Range<usize>) {
        let block = self.source.get(range.clone()).unwrap_or_default();
        if let Some((level, text)) = html::heading(block) {
            self.document.blocks.push(Block::Heading { level, text });
        }
        let start = range.start.max(self.html_done);
        let from = self.source.get(start..range.end).unwrap_or_default();
        let open = html::find_table(from);
        let (before, after) = block.split_at(open.map_or(block.len(), |open| start + open - range.start));
        self.document.blocks.extend(html::folds(before).map(Block::Fold));
        if let Some(open) = open {
            self.html_table(start + open);
        }
        self.document.blocks.extend(html::folds(after).map(Block::Fold));
    }

    /// The table whose tag begins at `at`.
    fn html_table(&mut self, at: usize) {
        let Some(rest) = self.source.get(at..) else { return };
        let (table, length) = html::table(rest, self.quotes > 0, |within| self.lines.at(at + within));
        self.html_done = at + length;
        if let Some(table) = table {
            self.document.blocks.push(Block::Table(table));
        }
    }
}

/// White space folded.
pub(super) fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !folded.is_empty() {
            folded.push(' ');
        }
        folded.push_str(word);
    }
    folded
}

const fn depth(level: HeadingLevel) -> u8 {
    level as u8
}
