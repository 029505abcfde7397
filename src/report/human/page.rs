//! Lines of at most so many columns, from words; the only place where text and colour become output.
//!
//! The rule that must not be broken: every word goes through [`Page::safe`], so that nothing written here moves a cursor
//! or starts a command of a build log.

use super::Style;
use crate::text;
use unicode_width::UnicodeWidthStr;

const LABEL: usize = 11;

/// What a piece of text is painted with: attributes and the eight basic colours, readable on light and dark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Paint {
    Plain,
    Bold,
    Dim,
    Green,
    Red,
    Yellow,
    BoldGreen,
    BoldRed,
    BoldYellow,
}

impl Paint {
    pub(super) fn bold(self) -> Self {
        match self {
            Self::Green => Self::BoldGreen,
            Self::Red => Self::BoldRed,
            Self::Yellow => Self::BoldYellow,
            Self::Plain | Self::Dim => Self::Bold,
            bold => bold,
        }
    }

    fn code(self) -> Option<&'static str> {
        match self {
            Self::Plain => None,
            Self::Bold => Some("1"),
            Self::Dim => Some("2"),
            Self::Green => Some("32"),
            Self::Red => Some("31"),
            Self::Yellow => Some("33"),
            Self::BoldGreen => Some("1;32"),
            Self::BoldRed => Some("1;31"),
            Self::BoldYellow => Some("1;33"),
        }
    }
}

/// Text with one paint.
#[derive(Clone, Debug)]
pub(super) struct Span(pub(super) Paint, pub(super) String);

impl Span {
    pub(super) fn plain(text: impl Into<String>) -> Self {
        Self(Paint::Plain, text.into())
    }
}

/// A text under construction.
#[derive(Debug)]
pub(super) struct Page {
    style: Style,
    width: usize,
    out: String,
    column: usize,
}

impl Page {
    pub(super) fn new(style: Style) -> Self {
        Self { style, width: style.width.max(40), out: String::new(), column: 0 }
    }

    pub(super) fn finish(self) -> String {
        self.out
    }

    pub(super) fn unicode(&self) -> bool {
        self.style.unicode
    }

    pub(super) fn mark_width(&self) -> usize {
        if self.style.unicode { 1 } else { 2 }
    }

    pub(super) fn arrow(&self) -> &'static str {
        if self.style.unicode { "→" } else { "->" }
    }

    pub(super) fn blank(&mut self) {
        self.out.push('\n');
    }

    /// `prefix` as it stands, then words; further lines start at column `hang`.
    pub(super) fn flow(&mut self, prefix: &[Span], hang: usize, words: &[Span]) {
        prefix.iter().for_each(|span| self.put(span.0, &span.1));
        let mut gap = usize::from(prefix.last().is_some_and(|span| !span.1.ends_with(' ')));
        for Span(paint, text) in words {
            for word in self.safe(text).split_whitespace() {
                self.word(*paint, word, hang, gap);
                gap = 1;
            }
        }
        self.end_line();
    }

    /// Items with a separator between them, broken between items where possible.
    pub(super) fn list(&mut self, indent: usize, items: &[String]) {
        let separator = if self.style.unicode { " · " } else { " | " };
        self.pad(indent);
        for (n, item) in items.iter().enumerate() {
            let item = self.safe(item).split_whitespace().collect::<Vec<_>>().join(" ");
            if n > 0 && self.column + separator.width() + item.width() > self.width {
                self.end_line();
                self.pad(indent);
            } else if n > 0 {
                self.put(Paint::Dim, separator);
            }
            item.split(' ')
                .enumerate()
                .for_each(|(n, word)| self.word(Paint::Plain, word, indent, usize::from(n > 0)));
        }
        self.end_line();
    }

    /// A dim label, and text beside it.
    pub(super) fn field(&mut self, indent: usize, label: &str, text: &str) {
        let label = Span(Paint::Dim, format!("{label:LABEL$}"));
        self.flow(&[Span::plain(" ".repeat(indent)), label], indent + LABEL, &[Span::plain(text)]);
    }

    /// A dim label, and text on the lines below it.
    pub(super) fn block(&mut self, indent: usize, label: &str, text: &str) {
        self.flow(&[Span::plain(" ".repeat(indent)), Span(Paint::Dim, label.to_owned())], indent, &[]);
        self.flow(&[Span::plain(" ".repeat(indent + 2))], indent + 2, &[Span::plain(text)]);
    }

    /// A line of the footer.
    pub(super) fn note(&mut self, label: &str, text: &str) {
        self.field(2, label, text);
    }

    /// Whether the words of `text` fit beside their label.
    pub(super) fn fits_beside(&self, indent: usize, text: &str) -> bool {
        let widest = self.safe(text).split_whitespace().map(UnicodeWidthStr::width).max().unwrap_or(0);
        indent + LABEL + widest <= self.width
    }

    /// A command for a shell: lines are continued with a backslash, and never inside quotes.
    pub(super) fn command(&mut self, indent: usize, label: &str, command: &str) {
        let text = self.safe(command);
        self.pad(indent);
        self.put(Paint::Dim, &format!("{label:LABEL$}"));
        let hang = indent + LABEL;
        let words = shell_words(&text);
        for (n, word) in words.iter().enumerate() {
            let room = if n + 1 < words.len() { 2 } else { 0 };
            if n > 0 && self.column + 1 + word.width() + room > self.width {
                self.put(Paint::Plain, " \\");
                self.end_line();
                self.pad(hang + 2);
            } else if n > 0 {
                self.put(Paint::Plain, " ");
            } else if self.column + word.width() + room > self.width {
                self.end_line();
                self.pad(indent + 2);
            }
            self.put_word(Paint::Plain, word);
        }
        self.end_line();
    }

    fn word(&mut self, paint: Paint, word: &str, hang: usize, gap: usize) {
        if self.column + gap + word.width() > self.width && self.column > hang {
            self.end_line();
            self.pad(hang);
        } else {
            self.pad(gap);
        }
        self.put_word(paint, word);
    }

    fn put_word(&mut self, paint: Paint, word: &str) {
        // A build log takes a line that starts with `::` for a command.
        match word.strip_prefix("::") {
            Some(rest) => self.put(paint, &format!("\\u{{3a}}:{rest}")),
            None => self.put(paint, word),
        }
    }

    fn pad(&mut self, columns: usize) {
        self.put(Paint::Plain, &" ".repeat(columns));
    }

    fn end_line(&mut self) {
        let end = self.out.trim_end_matches(' ').len();
        self.out.truncate(end);
        self.out.push('\n');
        self.column = 0;
    }

    fn put(&mut self, paint: Paint, text: &str) {
        self.column += text.width();
        match paint.code().filter(|_| self.style.colour && !text.trim().is_empty()) {
            Some(code) => {
                // Spaces stay outside, so that a line ends where its text does.
                let inner = text.trim_end();
                let spaces = &text[inner.len()..];
                self.out.push_str(&format!("\x1b[{code}m{inner}\x1b[0m{spaces}"));
            }
            None => self.out.push_str(text),
        }
    }

    /// Text that is safe on a terminal of this style and in a build log.
    fn safe(&self, text: &str) -> String {
        // `##[command]` is one wherever it stands in a line.
        let text = text::clean(text).replace("##", "#\\u{23}");
        if self.style.unicode || text.is_ascii() {
            return text;
        }
        let mut ascii = String::with_capacity(text.len());
        for c in text.chars() {
            match c {
                '…' => ascii.push_str("..."),
                '→' => ascii.push_str("->"),
                c if c.is_ascii() => ascii.push(c),
                c => ascii.extend(c.escape_unicode()),
            }
        }
        ascii
    }
}

/// Words of a command; what is in quotes stays together.
fn shell_words(command: &str) -> Vec<&str> {
    let (mut words, mut start, mut quote) = (Vec::new(), 0, None);
    for (at, c) in command.char_indices() {
        match (quote, c) {
            (None, '\'' | '"') => quote = Some(c),
            (Some(open), c) if open == c => quote = None,
            (None, ' ') => {
                words.push(&command[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    words.push(&command[start..]);
    words.retain(|word| !word.is_empty());
    words
}
