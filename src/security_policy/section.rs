//! The section that speaks of supported versions: found by its headings, read from its tables or else its text.
//!
//! The rule that must not be broken: text under a heading that announces the statement is never passed over in silence;
//! when nothing of it is understood, its first sentence is kept as unread.

use super::columns::Columns;
use super::decoration::strip_decoration;
use super::document::{Block, Document, Table, TableRow};
use super::headings::{self, Opens, opens};
use super::items::{self, Item, Lead};
use super::lexicon::headings::AGES;
use super::prose::{self, Statement};
use super::reader::MOST_ROWS;
use super::selector::{Kind, Selector};
use super::sentences::{Sentence, sentences};
use super::status::{self, Legend, Support};
use super::{Form, Row, SecurityPolicy, table, translated};

/// Paragraphs and bullets of one section that are read.
const MOST_TEXTS: usize = 300;

/// The parts of the file that speak of supported versions.
#[derive(Default)]
pub(super) struct Found<'a> {
    tables: Vec<(&'a Table, Option<String>, Opens)>,
    /// Tables that stand under the title or no heading at all.
    loose: Vec<&'a Table>,
    texts: Vec<Text<'a>>,
    codes: Vec<(usize, &'a str)>,
    /// Text that stands under no heading of another thing, outside of every section.
    alone: Vec<(usize, &'a str)>,
    /// Whether a heading announced the statement itself.
    announced: bool,
}

/// Running text of the section.
struct Text<'a> {
    line: usize,
    text: &'a str,
    item: bool,
    /// Whether it stands directly in the section, before any sub-heading.
    direct: bool,
    opens: Opens,
}

/// The section that is open.
struct Section {
    level: u8,
    opens: Opens,
    product: Option<String>,
    direct: bool,
}

impl<'a> Found<'a> {
    /// Finds the section, from heading to heading.
    pub(super) fn walk(&mut self, document: &'a Document) {
        let mut section: Option<Section> = None;
        let (mut titled, mut own) = (true, true);
        for block in &document.blocks {
            match block {
                Block::Heading { level, text } => {
                    titled = *level == 1;
                    own = !headings::is_of_another(text);
                    section = self.heading(section, *level, text);
                }
                Block::Table(table) => match &section {
                    Some(section) => self.tables.push((table, section.product.clone(), section.opens)),
                    None if titled => self.loose.push(table),
                    None => {}
                },
                Block::Text { line, text, raw, item, quoted } => {
                    if let Some(bold) = bold_line(raw).filter(|_| !item)
                        && section.as_ref().is_none_or(|section| section.level == 7)
                    {
                        section = self.heading(None, 7, bold);
                        continue;
                    }
                    if section.is_none() && own && !quoted && self.alone.len() < MOST_TEXTS {
                        self.alone.push((*line, text));
                    }
                    if let Some(section) = &mut section {
                        if let Some(name) = package_name(text) {
                            section.product = Some(name);
                        }
                        self.texts.push(Text {
                            line: *line,
                            text,
                            item: *item,
                            direct: section.direct,
                            opens: section.opens,
                        });
                    }
                }
                Block::Code { line, text } => {
                    if section
                        .as_ref()
                        .is_some_and(|section| section.direct && section.opens == Opens::Statement)
                    {
                        self.codes.push((*line, text));
                    }
                }
            }
        }
    }

    fn heading(&mut self, section: Option<Section>, level: u8, text: &str) -> Option<Section> {
        if let Some(section) = section.filter(|section| level > section.level) {
            let product = Some(strip_decoration(text))
                .filter(|name| !name.is_empty() && opens(name, level).is_none() && !is_about_age(name));
            return Some(Section { product, direct: false, ..section });
        }
        let opens = opens(text, level)?;
        self.announced |= opens != Opens::Tables;
        let product = (opens == Opens::Tables && self.announced).then(|| strip_decoration(text));
        Some(Section { level, opens, product, direct: true })
    }

    /// Fills the policy with what the section says: its tables, or else its text.
    pub(super) fn settle(&self, policy: &mut SecurityPolicy) {
        let legend = self.legend();
        let mut html = false;
        for (table, product, opens) in &self.tables {
            let rows =
                table::rows(table, product.as_deref(), *opens == Opens::Tables, &legend, &mut policy.damage);
            html |= table.html && !rows.is_empty();
            policy.rows.extend(rows);
            if policy.rows.len() > MOST_ROWS {
                break;
            }
        }
        if policy.rows.is_empty() && !self.announced {
            for table in self.loose.iter().filter(|table| !table.quoted) {
                policy.rows.extend(table::rows(table, None, false, &legend, &mut policy.damage));
                html |= table.html && !policy.rows.is_empty();
            }
        }
        let statements = self.statements();
        if !policy.rows.is_empty() {
            policy.form = if html { Form::Html } else { Form::Table };
            let (rest, beside) =
                statements.into_iter().partition(|row: &Row| row.selector.kind == Kind::Rest);
            let rest: Vec<Row> = rest;
            if !policy.rows.iter().any(|row| row.selector.kind == Kind::Rest) {
                policy.rows.extend(rest);
            }
            policy.beside = beside;
            return;
        }
        let listed = self.texts.iter().any(|text| text.item && text.direct);
        policy.rows = self.listed(&legend);
        let items: Vec<usize> = policy.rows.iter().map(|row| row.line).collect();
        policy.rows.extend(statements.into_iter().filter(|row| !items.contains(&row.line)));
        policy.rows.sort_by_key(|row| row.line);
        if policy.rows.is_empty() {
            policy.rows.extend(self.unread());
        }
        if policy.rows.is_empty() && !self.announced && self.tables.is_empty() {
            policy.rows.extend(self.said_alone());
        }
        if !policy.rows.is_empty() {
            policy.form = if listed { Form::List } else { Form::Prose };
        }
    }

    /// The rows of the section's bullets.
    fn listed(&self, legend: &Legend) -> Vec<Row> {
        let mut lead = Lead::Silent;
        let mut items: Vec<Item<'_>> = Vec::new();
        for text in self.spoken() {
            if text.item {
                items.push(Item { line: text.line, text: text.text, lead });
            } else {
                lead = Lead::of(text.line, text.text);
            }
        }
        items::rows(&items, legend)
    }

    fn legend(&self) -> Legend {
        let mut legend = Legend::new();
        let mut texts: Vec<String> =
            self.texts.iter().take(MOST_TEXTS).map(|text| text.text.to_owned()).collect();
        for (table, ..) in &self.tables {
            if Columns::choose(&table.headers(), false).is_none() && table.rows.len() < 30 {
                let joined = |row: &TableRow| {
                    row.cells.iter().map(|cell| cell.text.as_str()).collect::<Vec<_>>().join(" ")
                };
                texts.extend(table.rows.iter().map(joined));
            }
        }
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        status::learn(&mut legend, &texts);
        legend
    }

    /// What the sentences of the section say.
    fn statements(&self) -> Vec<Row> {
        let mut found: Vec<Statement> = Vec::new();
        for (line, code) in &self.codes {
            found.extend(version_alone(*line, code));
        }
        let (mut conditional, mut promised) = (false, false);
        let mut unheard = None;
        for text in self.spoken() {
            if text.item && conditional {
                continue;
            }
            let sentences = sentences(text.line, text.text);
            let before = found.len();
            for sentence in &sentences {
                let read = prose::read(sentence, &found);
                if read.is_empty() && prose::may_promise(sentence) {
                    unheard.get_or_insert_with(|| (found.len(), unread(sentence)));
                }
                for read in read {
                    if found.iter().all(|earlier| earlier.selector != read.selector) {
                        found.push(read);
                    }
                }
            }
            if text.item && promised && found.len() == before {
                found.extend(sentences.first().map(unread));
            }
            if !text.item {
                let last = sentences.last().map(|sentence| sentence.text.to_lowercase()).unwrap_or_default();
                conditional = last.ends_with(':') && (last.starts_with("if ") || last.contains(" would "));
                promised = last.ends_with("support:") || last.ends_with("supported:");
            }
        }
        // A denial alone does not say that nothing is supported, where a sentence that was not read may say what is.
        if let Some((at, unread)) = unheard
            && !found.is_empty()
            && found.iter().all(|statement| statement.support == Support::No)
        {
            found.insert(at, unread);
        }
        found.into_iter().map(row_of).collect()
    }

    /// The text that stands directly in the section.
    fn spoken(&self) -> impl Iterator<Item = &Text<'a>> {
        self.texts.iter().filter(|text| text.direct && text.opens != Opens::Tables).take(MOST_TEXTS)
    }

    /// A sentence of a statement of which nothing is understood: the first that speaks of support, else the first.
    fn unread(&self) -> Option<Row> {
        let texts = self.texts.iter().filter(|text| text.direct && text.opens == Opens::Statement);
        let mut all = texts.take(MOST_TEXTS).flat_map(|text| sentences(text.line, text.text)).peekable();
        let first = all.peek().cloned();
        let said =
            all.find(|sentence| prose::may_promise(sentence) || translated::is_about_support(&sentence.text));
        said.or(first).as_ref().map(unread).map(row_of)
    }

    /// Where no section is, the one sentence that is a statement as a whole.
    fn said_alone(&self) -> Option<Row> {
        let all = self.alone.iter().flat_map(|(line, text)| sentences(*line, text));
        let mut said = all.filter_map(|sentence| prose::read_alone(&sentence));
        said.next().filter(|_| said.next().is_none()).map(row_of)
    }
}

/// Whether a sub-heading sorts versions by age or state, and names no product.
fn is_about_age(heading: &str) -> bool {
    heading
        .to_lowercase()
        .split([' ', '/', '(', ')', ':'])
        .all(|word| word.is_empty() || AGES.contains(&word))
}

/// The text of a paragraph that is one bold line.
fn bold_line(raw: &str) -> Option<&str> {
    let inner = raw.trim().strip_prefix("**")?.strip_suffix("**")?;
    (!inner.contains("**") && !inner.contains('\n')).then_some(inner)
}

/// `@scope/package` alone in a paragraph.
fn package_name(text: &str) -> Option<String> {
    let text = text.trim();
    let plain = text.starts_with('@') && text.contains('/') && !text.contains(char::is_whitespace);
    plain.then(|| text.to_owned())
}

fn unread(sentence: &Sentence) -> Statement {
    Statement { sentence: sentence.clone(), selector: Selector::of(Kind::Prose), support: Support::Unknown }
}

/// A version that stands alone in a code block, as release tools keep it.
fn version_alone(line: usize, code: &str) -> Option<Statement> {
    let code = code.trim();
    let selector = Selector::read(code, false);
    (selector.kind == Kind::Exact).then(|| Statement {
        sentence: Sentence { line: line + 1, text: code.to_owned() },
        selector,
        support: Support::Yes,
    })
}

fn row_of(statement: Statement) -> Row {
    Row {
        line: statement.sentence.line,
        raw: statement.sentence.text,
        status: String::new(),
        selector: statement.selector,
        supported: statement.support,
        product: None,
        development: false,
        place: None,
    }
}
