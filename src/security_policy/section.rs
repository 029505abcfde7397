//! The section that speaks of supported versions: found by its headings, read from its tables or else its text.
//!
//! The rule that must not be broken: text under a heading that announces the statement is never passed over in silence;
//! when nothing of it is understood, the headers of its tables of versions, or else its first sentence, are kept as unread.

use super::beside;
use super::columns::{self, Columns, Fixes};
use super::decoration::strip_decoration;
use super::document::{Block, Document, Table, TableRow, fold};
use super::flattened;
use super::headings::{self, Opens, bold_line, is_about_age, names_images, opens, package_name};
use super::items::{self, Item, Lead};
use super::legend;
use super::prose::{self, Statement};
use super::reader::MOST_ROWS;
use super::retraction;
use super::selector::{Kind, Selector};
use super::sentences::{Sentence, sentences};
use super::siblings::Siblings;
use super::status::{Legend, Support};
use super::table::{self, Around};
use super::{Form, Row, SecurityPolicy, translated, withdrawn};

/// Paragraphs and bullets of one section that are read.
const MOST_TEXTS: usize = 300;

/// The longest sentence that is looked at for what it takes back.
const LONGEST_HEARD: usize = 2000;

/// The parts of the file that speak of supported versions.
#[derive(Default)]
pub(super) struct Found<'a> {
    tables: Vec<Held<'a>>,
    /// Tables that stand under the title, no heading at all, or one that announces less; these have to speak plainly.
    loose: Vec<(&'a Table, Around<'a>)>,
    texts: Vec<Text<'a>>,
    codes: Vec<(usize, &'a str)>,
    /// Text that stands under no heading of another thing, outside of every section.
    alone: Vec<Text<'a>>,
    /// Whether a heading announced the statement itself.
    announced: bool,
    /// The level of the heading above that names something, and is no place of a policy.
    named: Option<u8>,
    /// The first and the last lines of what stands under a heading that takes it back.
    withdrawn: Vec<(usize, usize)>,
    /// The last line of a bullet, or of text below another heading, that takes back all above.
    taken_back: usize,
    /// Whether a sentence says that the whole project is at its end.
    ended: bool,
}

/// A table of the section.
struct Held<'a> {
    table: &'a Table,
    product: Option<String>,
    opens: Opens,
    containers: bool,
    fixes: Option<Fixes>,
    /// Whether the text before it says that it holds once something is released.
    later: bool,
}

/// Running text of the section.
struct Text<'a> {
    line: usize,
    text: &'a str,
    item: bool,
    /// Whether it has cells: that is no text to read.
    cells: bool,
    /// Whether something in it is struck out, or a note may take it back.
    struck: bool,
    /// Whether it stands directly in the section, before any sub-heading.
    direct: bool,
    /// Whether only a heading stands before it, and says that what follows is supported.
    titled: bool,
    opens: Opens,
}

/// The section that is open.
struct Section {
    level: u8,
    opens: Opens,
    product: Option<String>,
    direct: bool,
    /// Which fixes its sub-heading is about.
    fixes: Option<Fixes>,
    /// Whether its heading is about images.
    containers: bool,
    /// Whether its heading says that what follows is supported, and no text has followed yet.
    titled: bool,
    /// Whether its sub-heading is about the versions of something else.
    foreign: bool,
}

impl<'a> Found<'a> {
    /// Finds the section, from heading to heading.
    pub(super) fn walk(&mut self, document: &'a Document) {
        let mut section: Option<Section> = None;
        let (mut titled, mut plainly, mut own) = (true, false, true);
        let mut before = "";
        // Of the text before a table: many tables may follow one text.
        let mut later: Option<bool> = None;
        let mut under = Under::default();
        for block in &document.blocks {
            under.take(block);
            if under.is_withdrawn() || is_captioned_away(block) {
                self.withdrawn.extend(lines_of(block));
            }
            self.hear(block, under.ages);
            match block {
                Block::Heading { level, text } => {
                    let loose = *level > 1 && opens(text, *level) == Some(Opens::Loose);
                    (titled, before, later) = (*level == 1 || loose, "", None);
                    plainly = loose && !headings::is_about_support(text);
                    own = !headings::is_of_another(text);
                    self.named = self.named.filter(|named| level > named);
                    section = self.heading(section, *level, text);
                    if opens(text, *level).is_none() {
                        self.named = self.named.or(Some(*level));
                    }
                }
                Block::Table(table) => match &section {
                    Some(section) if section.foreign => {}
                    Some(section) => self.tables.push(Held {
                        table,
                        product: section.product.clone(),
                        opens: section.opens,
                        containers: section.containers || names_images(before),
                        fixes: section.fixes,
                        later: *later.get_or_insert_with(|| is_of_another_time(before)),
                    }),
                    None if titled => {
                        let later = *later.get_or_insert_with(|| is_of_another_time(before));
                        self.loose.push((table, Around { plainly, later, ..Around::default() }));
                    }
                    None => {}
                },
                Block::Text { line, text, raw, item, quoted, bound } => {
                    if let Some(bold) = bold_line(raw).filter(|_| !item)
                        && section.as_ref().is_none_or(|section| section.level == 7)
                    {
                        section = self.heading(None, 7, bold);
                        continue;
                    }
                    (before, later) = (text, None);
                    let cells = flattened::has_cells(text, raw);
                    let said = Text {
                        line: *line,
                        text,
                        item: *item,
                        cells,
                        struck: *bound || table::is_struck(raw) || is_box(text),
                        direct: titled,
                        titled: false,
                        opens: Opens::Loose,
                    };
                    match &mut section {
                        Some(section) => {
                            section.product = package_name(text).or_else(|| section.product.take());
                            section.titled &= *item;
                            self.texts.push(Text {
                                direct: section.direct,
                                titled: section.titled,
                                opens: section.opens,
                                ..said
                            });
                        }
                        None if own && !quoted && self.alone.len() < MOST_TEXTS => self.alone.push(said),
                        None => {}
                    }
                }
                Block::Code { line, text } => {
                    if section
                        .as_ref()
                        .is_some_and(|section| section.direct && section.opens == Opens::Statement)
                        && announces_version(before)
                    {
                        self.codes.push((*line, text));
                    }
                }
            }
        }
    }

    fn heading(&mut self, section: Option<Section>, level: u8, text: &str) -> Option<Section> {
        if let Some(section) = section.filter(|section| level > section.level) {
            let fixes = columns::fixes(text);
            let product = Some(strip_decoration(text)).filter(|name| {
                !name.is_empty() && fixes.is_none() && opens(name, level).is_none() && !is_about_age(name)
            });
            let containers = section.containers || names_images(text);
            let foreign = headings::is_about_platform(text);
            // A sub-heading that announces the statement itself opens it anew.
            let direct = section.level > 1 && opens(text, level) == Some(Opens::Statement);
            return Some(Section { product, direct, fixes, containers, foreign, ..section });
        }
        let opens = opens(text, level).filter(|opens| *opens != Opens::Loose)?;
        self.announced |= opens != Opens::Tables;
        let product = (opens == Opens::Tables && self.announced).then(|| strip_decoration(text));
        let titled = self.named.is_none() && headings::says_supported(text);
        let containers = names_images(text);
        Some(Section { level, opens, product, direct: true, fixes: None, containers, titled, foreign: false })
    }

    /// Looks for what takes all above back, or ends the project; `ages` is whether its heading is about some versions only.
    fn hear(&mut self, block: &Block, ages: bool) {
        let (line, text) = match block {
            Block::Text { line, text, .. } => (*line, text),
            Block::Heading { text, .. } => (0, text),
            Block::Table(_) | Block::Code { .. } => return,
        };
        for sentence in sentences(line, text).iter().filter(|sentence| sentence.text.len() <= LONGEST_HEARD) {
            self.ended |= withdrawn::ends_the_project(&sentence.text);
            if !ages && retraction::is_plainly_of_all_above(&sentence.text) {
                self.taken_back = self.taken_back.max(line);
            }
        }
    }

    /// Fills the policy with what the section says: its tables, or else its text.
    pub(super) fn settle(&self, policy: &mut SecurityPolicy) {
        self.fill(policy);
        for row in policy.rows.iter_mut().chain(&mut policy.beside) {
            let is_withdrawn = self.withdrawn.iter().any(|(from, to)| (*from..=*to).contains(&row.line));
            if (self.ended || is_withdrawn) && row.supported != Support::No {
                row.supported = Support::Unknown;
            }
        }
    }

    fn fill(&self, policy: &mut SecurityPolicy) {
        let legend = self.legend();
        let mut html = false;
        let mut fixes: Vec<Option<Fixes>> = Vec::new();
        for held in &self.tables {
            let around = Around {
                product: held.product.as_deref(),
                names: held.opens == Opens::Tables,
                containers: held.containers,
                plainly: false,
                later: held.later,
            };
            let rows = table::rows(held.table, around, &legend, &mut policy.damage);
            html |= held.table.html && !rows.is_empty();
            fixes.extend(rows.iter().map(|_| held.fixes));
            policy.rows.extend(rows);
            if policy.rows.len() > MOST_ROWS {
                break;
            }
        }
        table::combine(&mut policy.rows, &fixes);
        if policy.rows.is_empty() && !self.announced {
            for (table, around) in self.loose.iter().filter(|(table, _)| !table.quoted) {
                policy.rows.extend(table::rows(table, *around, &legend, &mut policy.damage));
                html |= table.html && !policy.rows.is_empty();
            }
        }
        self.take_back(&mut policy.rows);
        let statements = self.statements();
        let flattened = self.flattened();
        if !policy.rows.is_empty() {
            policy.form = if html { Form::Html } else { Form::Table };
            policy.rows.extend(flattened);
            let (rest, beside) =
                statements.into_iter().partition(|row: &Row| table::is_of_what_is_left(row, &policy.rows));
            let rest: Vec<Row> = rest;
            if !policy.rows.iter().any(|row| row.selector.kind == Kind::Rest) {
                policy.rows.extend(rest);
            }
            policy.beside = beside;
            return;
        }
        let listed = self.texts.iter().any(|text| text.item && text.direct);
        policy.rows = self.listed(&legend);
        self.take_back(&mut policy.rows);
        let items: Vec<usize> = policy.rows.iter().map(|row| row.line).collect();
        policy.rows.extend(statements.into_iter().chain(flattened).filter(|row| !items.contains(&row.line)));
        policy.rows.sort_by_key(|row| row.line);
        if policy.rows.iter().all(|row| row.selector.is_unread()) {
            let skipped: Vec<Row> = self.skipped().collect();
            if !skipped.is_empty() {
                (policy.rows, policy.form) = (skipped, Form::Table);
                return;
            }
        }
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

    /// Leaves no promise of rows that a sentence behind them takes back.
    fn take_back(&self, rows: &mut [Row]) {
        let alone = self.alone.iter().filter(|text| text.direct && !self.announced);
        let said = self.spoken().chain(alone).filter(|text| !text.item && !text.text.ends_with(':'));
        let is_of_all = |text: &&Text<'_>| {
            sentences(text.line, text.text).iter().any(|it| retraction::is_of_all_above(&it.text))
        };
        let line =
            said.filter(is_of_all).map(|text| text.line).max().unwrap_or_default().max(self.taken_back);
        for row in rows.iter_mut().filter(|row| row.line < line && row.supported != Support::No) {
            row.supported = Support::Unknown;
        }
    }

    /// The rows of the section's bullets.
    fn listed(&self, legend: &Legend) -> Vec<Row> {
        let mut lead = Lead::Silent;
        let mut items: Vec<Item<'_>> = Vec::new();
        for text in self.spoken() {
            if text.item {
                let lead = if text.titled { Lead::Titled } else { lead };
                items.push(Item { line: text.line, text: text.text, lead, struck: text.struck });
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
        for Held { table, .. } in &self.tables {
            if Columns::choose(&table.headers(), false).is_none() && table.rows.len() < 30 {
                let joined = |row: &TableRow| {
                    row.cells.iter().map(|cell| cell.text.as_str()).collect::<Vec<_>>().join(" ")
                };
                texts.extend(table.rows.iter().map(joined));
            }
        }
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        legend::learn(&mut legend, &texts);
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
        let (mut siblings, mut kept) = (Siblings::default(), Vec::new());
        for text in self.spoken() {
            if text.item && conditional {
                continue;
            }
            if !text.item {
                kept.extend(siblings.end());
            }
            let sentences = sentences(text.line, text.text);
            if text.cells || text.struck {
                let promise = sentences.iter().find(|sentence| prose::may_promise(sentence));
                found.extend(promise.filter(|_| !flattened::is_table(text.text)).map(unread));
                continue;
            }
            let before = found.len();
            let mut said = false;
            for sentence in &sentences {
                let read = prose::read(sentence, &found);
                if read.is_empty() && prose::may_promise(sentence) {
                    unheard.get_or_insert_with(|| (found.len(), unread(sentence)));
                }
                said |= read.iter().any(|read| !read.selector.is_unread());
                for read in read {
                    if found.iter().all(|earlier| earlier.selector != read.selector) {
                        found.push(read);
                    }
                }
            }
            if text.item && promised && found.len() == before {
                found.extend(sentences.first().map(unread));
            }
            if text.item && (said || found.len() == before) {
                siblings.take(said, &sentences);
            }
            if !text.item {
                let last = sentences.last().map(|sentence| sentence.text.to_lowercase()).unwrap_or_default();
                conditional = last.ends_with(':') && (last.starts_with("if ") || last.contains(" would "));
                promised = last.ends_with("support:") || last.ends_with("supported:");
            }
        }
        kept.extend(siblings.end());
        found.extend(kept.iter().map(unread));
        // A denial alone does not say that nothing is supported, where a sentence that was not read may say what is.
        if let Some((at, unread)) = unheard
            && !found.is_empty()
            && found.iter().all(|statement| statement.support == Support::No)
        {
            found.insert(at, unread);
        }
        found.into_iter().map(row_of).collect()
    }

    /// The tables of the section that are none to Markdown; where no section is, those that a header begins.
    fn flattened(&self) -> impl Iterator<Item = Row> {
        let alone = self.alone.iter().filter(|text| {
            text.direct && !self.announced && self.tables.is_empty() && flattened::has_header(text.text)
        });
        let held = self.texts.iter().filter(|text| text.cells && flattened::is_table(text.text));
        held.chain(alone).take(MOST_TEXTS).map(|text| {
            let (before, first) = flattened::first(text.text);
            row_of(unread(&Sentence { line: text.line + before, text: fold(first) }))
        })
    }

    /// The text that stands directly in the section.
    fn spoken(&self) -> impl Iterator<Item = &Text<'a>> {
        self.texts.iter().filter(|text| text.direct && text.opens != Opens::Tables).take(MOST_TEXTS)
    }

    /// The tables of versions whose headers are not understood, each by its header.
    fn skipped(&self) -> impl Iterator<Item = Row> {
        let of = |held: &&Held<'_>| held.opens == Opens::Statement && !held.table.rows.is_empty();
        let tables = self.tables.iter().filter(of).map(|held| held.table);
        tables.filter(|table| columns::has_versions(&table.headers())).map(|table| {
            let named: Vec<&str> =
                table.headers().into_iter().filter(|text| !text.trim().is_empty()).collect();
            let text = fold(&named.join(" | "));
            row_of(unread(&Sentence { line: table.line, text }))
        })
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
        let said = self.alone.iter().filter(|text| !text.cells && !text.struck);
        let all = said.flat_map(|text| sentences(text.line, text.text));
        let mut said = all.filter_map(|sentence| prose::read_alone(&sentence));
        said.next().filter(|_| said.next().is_none()).map(row_of)
    }
}

/// Whether a bullet has a box to tick: it says what is to be done.
fn is_box(text: &str) -> bool {
    ["[ ]", "[x]"].iter().any(|mark| text.starts_with(mark))
}

/// The headings that stand above a block.
#[derive(Default)]
struct Under {
    /// The level of the one that takes back what stands under it.
    withdrawn: Option<u8>,
    /// Whether the last is about some versions only.
    ages: bool,
}

impl Under {
    /// A bold line stands below every heading.
    fn take(&mut self, block: &Block) {
        let (level, title) = match block {
            Block::Heading { level, text } => (*level, text.as_str()),
            Block::Text { raw, item: false, .. } => match bold_line(raw) {
                Some(bold) => (7, bold),
                None => return,
            },
            _ => return,
        };
        self.withdrawn = self.withdrawn.filter(|above| level > *above);
        self.ages = is_about_age(title) && opens(title, level) != Some(Opens::Statement);
        // The title of the file is about the file.
        if level > 1 && withdrawn::is_withdrawn(title) {
            self.withdrawn.get_or_insert(level);
        }
    }

    const fn is_withdrawn(&self) -> bool {
        self.withdrawn.is_some()
    }
}

/// Whether the caption of a table takes it back.
fn is_captioned_away(block: &Block) -> bool {
    matches!(block, Block::Table(table) if withdrawn::is_withdrawn(&table.caption))
}

/// The first and the last line of a block.
fn lines_of(block: &Block) -> Option<(usize, usize)> {
    let to = |line: usize, text: &str| (line, line + text.matches('\n').count());
    match block {
        Block::Table(table) => {
            let last = table.rows.last().map_or(table.line, |row| row.line);
            Some((table.line, last))
        }
        Block::Text { line, raw, .. } => Some(to(*line, raw)),
        Block::Code { line, text } => Some(to(*line, text)),
        Block::Heading { .. } => None,
    }
}

/// Whether the text before a table says that it holds once something is released, or held once.
fn is_of_another_time(before: &str) -> bool {
    items::holds_later(before) || retraction::takes_back_below(before)
}

fn unread(sentence: &Sentence) -> Statement {
    Statement { sentence: sentence.clone(), selector: Selector::of(Kind::Prose), support: Support::Unknown }
}

/// Whether the text before a code block leaves a version in it one that is supported: none, or one that names support
/// and denies nothing.
fn announces_version(before: &str) -> bool {
    let lower = before.to_lowercase();
    let says = ["support", "maintain", "current", "latest", "newest"].iter().any(|word| lower.contains(word));
    before.is_empty() || says && !beside::says_against(&lower) && !retraction::takes_back_below(before)
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
