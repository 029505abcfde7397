//! SECURITY.md: what it promises about versions, read row by row with the line of each.
//!
//! [`read`] is a pure function of the file's bytes. The rule that must not be broken: a cell, a sentence or a file
//! that is not understood is kept as `unknown` with its line, and never read as something else; what the file does
//! not say is no row.
//!
//! Read from the outside in:
//!
//! | step | modules |
//! |---|---|
//! | the file as text and blocks | `reader`, `text`, `document`, `footnotes`, `html` |
//! | the section, its tables, lists and sentences | `headings`, `section`, `columns`, `products`, `table`, `flattened`, `items`, `leads`, `amends`, `bounds`, `siblings`, `sentences`, `prose`, `translated` |
//! | a version cell | `selector`, of `lex`, `spelled` and `qualifier`; by `numeric` or `worded`, into a `range` |
//! | a status cell | `status`, `beside`, `legend`, `denial`, `icons`, `until`, `days` |
//! | the words that they know | `words`, `decoration`, and the tables of `lexicon` |
//! | held against the releases | `judge`, of `family` and `coverage` |
//! | what comes of it | `conclusion`; from `newest`, `branches`, `promises`, `verdicts`, `differs`; in the words of `wording` |
//! | what else it claims | `claims` |
//! | shown | `show` |
//! | corrected | `fix` |

mod amends;
mod beside;
mod bounds;
mod branches;
pub mod claims;
mod columns;
mod conclusion;
#[cfg(test)]
mod corpus;
mod coverage;
mod days;
mod decoration;
mod denial;
mod differs;
mod document;
mod family;
mod fix;
mod flattened;
mod footnotes;
mod headings;
mod html;
mod icons;
mod items;
mod judge;
mod leads;
mod legend;
mod lex;
mod lexicon;
mod newest;
mod numeric;
mod products;
mod promised;
mod promises;
mod prose;
mod qualifier;
mod range;
mod reader;
mod retraction;
mod section;
mod selector;
mod sentences;
mod show;
mod siblings;
mod spelled;
mod status;
mod table;
#[cfg(test)]
mod tests;
mod text;
mod translated;
mod until;
mod verdicts;
mod vocabulary;
mod withdrawn;
mod worded;
mod wording;
mod words;

pub use conclusion::{CONCLUSIONS, Conclusion, Status};
pub use family::{PublishedTag, Refs};
pub use fix::{Correction, Outcome, correct};
pub use judge::judge;
pub use promised::promised;
pub use range::{Op, Point, Range};
pub use reader::read;
pub use selector::{Kind, Selector, Unit};
pub use show::{latest_and_previous, to_human, to_json_text};
pub use status::Support;
pub use until::Until;

use serde_json::{Map, Value, json};
use std::fmt;

/// In what form the statement is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// A Markdown table.
    Table,
    /// An HTML table.
    Html,
    /// Bullets.
    List,
    /// Sentences.
    Prose,
    /// There is no statement.
    None,
}

impl Form {
    /// The name in the JSON form.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Table => "table",
            Self::Html => "html",
            Self::List => "list",
            Self::Prose => "prose",
            Self::None => "none",
        }
    }
}

/// One promise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The line it stands on, from 1.
    pub line: usize,
    /// The version cell, or the sentence, as it stands in the file with its white space folded.
    pub raw: String,
    /// The status cells, as they stand in the file.
    pub status: String,
    /// What it selects.
    pub selector: Selector,
    /// What it promises.
    pub supported: Support,
    /// The product it is about, when the file tells products apart.
    pub product: Option<String>,
    /// Whether the row marks a line under development.
    pub development: bool,
    /// Where it stands in its table, when it is of one.
    place: Option<table::Place>,
}

/// Something wrong with the file that does not keep it from being read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Damage {
    /// The bytes are no UTF-8; they were read as Windows-1252.
    NotUtf8,
    /// Text that was decoded twice: the line and the marks.
    Mojibake(usize, &'static str),
    /// The whole policy stands in a code fence, on this line: it is shown as code.
    Fenced(usize),
    /// A mark that a translation broke, on this line: `:х:` with a Cyrillic letter.
    BrokenMark(usize),
    /// A comma for a dot, on this line.
    DecimalComma(usize),
    /// The sentence of GitHub's template that tells how to use the section, on this line.
    TemplateSentence(usize),
}

/// Why a file was not read at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// It is larger than is read; its size in bytes.
    TooLarge(usize),
    /// It has more rows than are read.
    TooManyRows,
    /// It has more lines, or longer ones, than are read.
    TooManyLines,
    /// It has more punctuation than is read.
    TooManyMarks,
    /// It is in a format that is not read (reStructuredText, AsciiDoc).
    Format,
    /// It is text in UTF-16.
    Utf16,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLarge(size) => {
                write!(f, "the policy has {size} bytes and was not read; the limit is {}", text::LARGEST)
            }
            Self::TooManyRows => write!(
                f,
                "the policy was not read: it has more than {} rows, or {} cells",
                reader::MOST_ROWS,
                document::MOST_CELLS
            ),
            Self::TooManyLines => write!(
                f,
                "the policy was not read: it has more than {} lines, or a line of more than {} bytes",
                text::MOST_LINES,
                text::LONGEST_LINE
            ),
            Self::TooManyMarks => {
                write!(f, "the policy was not read: it has more than {} punctuation marks", text::MOST_MARKS)
            }
            Self::Format => f.write_str("the policy is not Markdown and was not read"),
            Self::Utf16 => f.write_str("the policy is not UTF-8 text, but UTF-16, and was not read"),
        }
    }
}

/// A policy as it is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecurityPolicy {
    /// The path it was read from.
    pub path: String,
    /// The form of its statement.
    pub form: Form,
    /// What it promises, in the order of the file.
    pub rows: Vec<Row>,
    /// What the sentences beside a table say, where they are understood.
    pub beside: Vec<Row>,
    /// What is wrong with the file.
    pub damage: Vec<Damage>,
    /// Why it was not read, when it was not.
    pub refusal: Option<Refusal>,
    /// What it claims of the project.
    pub claims: claims::Claims,
}

/// The JSON form of a policy: `{form, rows: [{raw, selector: {kind, range}, supported, ...}]}`.
#[must_use]
pub fn to_json(policy: &SecurityPolicy) -> Value {
    let mut object = Map::new();
    object.insert("path".into(), json!(policy.path));
    object.insert("form".into(), json!(policy.form.name()));
    object.insert("rows".into(), policy.rows.iter().map(row_json).collect());
    let refusal = policy.refusal.map(|refusal| match refusal {
        Refusal::TooLarge(_) => "too-large",
        Refusal::TooManyRows => "too-many-rows",
        Refusal::TooManyLines => "too-many-lines",
        Refusal::TooManyMarks => "too-many-marks",
        Refusal::Format => "format",
        Refusal::Utf16 => "utf-16",
    });
    if let Some(refusal) = refusal {
        object.insert("unread".into(), json!(refusal));
    }
    Value::Object(object)
}

fn row_json(row: &Row) -> Value {
    let mut selector = Map::new();
    selector.insert("kind".into(), json!(row.selector.kind.name()));
    selector.insert("range".into(), json!(row.selector.range.as_ref().map(ToString::to_string)));
    if let Some(unit) = row.selector.unit {
        selector.insert("unit".into(), json!(unit.name()));
    }
    if let Some(n) = row.selector.n {
        selector.insert("n".into(), json!(n));
    }
    if let Some(name) = &row.selector.name {
        selector.insert("name".into(), json!(name));
    }
    let supported = match &row.supported {
        Support::Yes => json!(true),
        Support::No => json!(false),
        Support::SecurityOnly => json!("security-only"),
        Support::Unknown => json!("unknown"),
        Support::Until(until) => json!(format!("until {until}")),
    };
    let mut object = Map::new();
    object.insert("line".into(), json!(row.line));
    object.insert("raw".into(), json!(row.raw));
    object.insert("selector".into(), Value::Object(selector));
    object.insert("supported".into(), supported);
    if let Some(product) = &row.product {
        object.insert("product".into(), json!(product));
    }
    Value::Object(object)
}
