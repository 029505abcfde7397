//! From a file's bytes to its promises: finds the section, chooses the columns, reads the cells.

use super::decoration::strip_decoration;
use super::document::{self, Block, Cell, Document, Table, TableRow};
use super::headings::{Columns, Opens, opens};
use super::lexicon::headings::AGES;
use super::prose::{self, Sentence, Statement};
use super::selector::{Kind, Selector};
use super::status::{self, Legend, Status, Support};
use super::text::{self, LARGEST};
use super::until;
use super::{Damage, Form, Range, Refusal, Row, SecurityPolicy};

/// Rows of one policy that are read; real ones have fewer than a hundred.
pub(super) const MOST_ROWS: usize = 1000;

/// Paragraphs and bullets of one section that are read.
const MOST_TEXTS: usize = 300;

/// Reads a policy. The path is kept, and tells the format by its ending.
#[must_use]
pub fn read(path: &str, bytes: &[u8]) -> SecurityPolicy {
    let mut policy = SecurityPolicy {
        path: path.to_owned(),
        form: Form::None,
        rows: Vec::new(),
        beside: Vec::new(),
        damage: Vec::new(),
        refusal: refusal(path, bytes),
    };
    if policy.refusal.is_some() {
        return policy;
    }
    let (source, damage) = text::decode(bytes);
    policy.damage.extend(damage);
    policy.damage.extend(text::mojibake(&source).map(|(line, marks)| Damage::Mojibake(line, marks)));
    policy.damage.extend(template_sentence(&source));
    let document = document::parse(&source);
    if document.too_many {
        policy.refusal = Some(Refusal::TooManyRows);
        return policy;
    }
    let mut statement = Found::default();
    statement.walk(&document);
    statement.settle(&mut policy);
    if policy.form == Form::None {
        policy.damage.extend(fenced(&document));
    }
    if policy.rows.len() > MOST_ROWS {
        policy.rows.clear();
        policy.beside.clear();
        policy.form = Form::None;
        policy.refusal = Some(Refusal::TooManyRows);
    }
    policy
}

fn refusal(path: &str, bytes: &[u8]) -> Option<Refusal> {
    if bytes.len() > LARGEST {
        return Some(Refusal::TooLarge(bytes.len()));
    }
    if !text::has_usual_lines(bytes) {
        return Some(Refusal::TooManyLines);
    }
    let lower = path.to_ascii_lowercase();
    [".rst", ".adoc", ".asciidoc"].iter().any(|ending| lower.ends_with(ending)).then_some(Refusal::Format)
}

/// The line of GitHub's own instruction, left in.
fn template_sentence(source: &str) -> Option<Damage> {
    let line = source
        .lines()
        .position(|line| line.contains("Use this section to tell people about which versions"))?;
    Some(Damage::TemplateSentence(line + 1))
}

/// Whether a code fence holds a whole policy.
fn fenced(document: &Document) -> Option<Damage> {
    document.blocks.iter().find_map(|block| match block {
        Block::Code { line, text } => {
            let heading = |line: &str| {
                line.strip_prefix('#').is_some_and(|rest| opens(rest, 2) == Some(Opens::Statement))
            };
            text.lines().take(200).any(heading).then_some(Damage::Fenced(*line))
        }
        _ => None,
    })
}

/// The parts of the file that speak of supported versions.
#[derive(Default)]
struct Found<'a> {
    tables: Vec<(&'a Table, Option<String>, Opens)>,
    /// Tables that stand under the title or no heading at all.
    loose: Vec<&'a Table>,
    texts: Vec<Text<'a>>,
    codes: Vec<(usize, &'a str)>,
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
    fn walk(&mut self, document: &'a Document) {
        let mut section: Option<Section> = None;
        let mut titled = true;
        for block in &document.blocks {
            match block {
                Block::Heading { level, text } => {
                    titled = *level == 1;
                    section = self.heading(section, *level, text);
                }
                Block::Table(table) => match &section {
                    Some(section) => self.tables.push((table, section.product.clone(), section.opens)),
                    None if titled => self.loose.push(table),
                    None => {}
                },
                Block::Text { line, text, raw, item, quoted: _ } => {
                    if let Some(bold) = bold_line(raw).filter(|_| !item)
                        && section.as_ref().is_none_or(|section| section.level == 7)
                    {
                        section = self.heading(None, 7, bold);
                        continue;
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

    fn settle(&self, policy: &mut SecurityPolicy) {
        let legend = self.legend();
        let mut html = false;
        for (table, product, opens) in &self.tables {
            let rows = rows(table, product.as_deref(), *opens == Opens::Tables, &legend, &mut policy.damage);
            html |= table.html && !rows.is_empty();
            policy.rows.extend(rows);
        }
        if policy.rows.is_empty() && !self.announced {
            for table in self.loose.iter().filter(|table| !table.quoted) {
                policy.rows.extend(rows(table, None, false, &legend, &mut policy.damage));
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
        policy.rows = statements;
        if policy.rows.is_empty() {
            policy.rows.extend(self.unread());
        }
        if !policy.rows.is_empty() {
            policy.form = if listed { Form::List } else { Form::Prose };
        }
    }

    fn legend(&self) -> Legend {
        let mut legend = Legend::new();
        let mut texts: Vec<String> =
            self.texts.iter().take(MOST_TEXTS).map(|text| text.text.to_owned()).collect();
        for (table, ..) in &self.tables {
            if Columns::choose(&headers(table), false).is_none() && table.rows.len() < 30 {
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
        for text in self.spoken() {
            if text.item && conditional {
                continue;
            }
            let sentences = prose::sentences(text.line, text.text);
            let before = found.len();
            for sentence in &sentences {
                let read = prose::read(sentence, &found);
                found.extend(
                    read.filter(|read| found.iter().all(|earlier| earlier.selector != read.selector)),
                );
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
        found.into_iter().map(row_of).collect()
    }

    /// The text that stands directly in the section.
    fn spoken(&self) -> impl Iterator<Item = &Text<'a>> {
        self.texts.iter().filter(|text| text.direct && text.opens != Opens::Tables).take(MOST_TEXTS)
    }

    /// The first sentence of a statement of which nothing is understood.
    fn unread(&self) -> Option<Row> {
        let text = self.texts.iter().find(|text| text.direct && text.opens == Opens::Statement)?;
        prose::sentences(text.line, text.text).first().map(unread).map(row_of)
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
    }
}

fn headers(table: &Table) -> Vec<&str> {
    table.header.iter().map(|cell| cell.text.as_str()).collect()
}

/// The rows of a table; none when its header is of another kind of table.
fn rows(
    table: &Table,
    product: Option<&str>,
    names: bool,
    legend: &Legend,
    damage: &mut Vec<Damage>,
) -> Vec<Row> {
    let Some(columns) = Columns::choose(&headers(table), names) else { return Vec::new() };
    let mut found: Vec<Row> =
        table.rows.iter().filter_map(|row| self::row(row, &columns, product, legend, damage)).collect();
    let lines: Vec<Range> = found.iter().filter_map(|row| row.selector.range.clone()).collect();
    for row in &mut found {
        if let Some(line) = row.selector.above.take()
            && lines.contains(&line)
        {
            row.selector.range = after(&line);
        }
    }
    found
}

/// Everything after a line.
fn after(line: &Range) -> Option<Range> {
    let point = super::Point { numbers: line.upper(), four: false, pre: None };
    Some(Range::one_sided(super::Op::From, point))
}

fn row(
    row: &TableRow,
    columns: &Columns,
    product: Option<&str>,
    legend: &Legend,
    damage: &mut Vec<Damage>,
) -> Option<Row> {
    let empty = Cell::default();
    let cell = |at: usize| row.cells.get(at).unwrap_or(&empty);
    let version = cell(columns.version);
    let shown = |at: Option<usize>| at.map(|at| cell(at).raw.as_str()).unwrap_or_default();
    let said = [shown(columns.general), shown(columns.security), shown(columns.end)]
        .into_iter()
        .filter(|said| !said.is_empty())
        .collect::<Vec<_>>()
        .join(" | ");
    let nothing = |text: &str| text.trim().chars().all(|c| matches!(c, '-' | '–' | '—' | ' ' | '|'));
    if nothing(&version.text) && (nothing(&said) || version.text.trim().is_empty() && said.is_empty()) {
        return None;
    }
    let mut selector = Selector::read(&version.text, columns.containers);
    let status = statuses(columns, |at| &cell(at).text, legend);
    let development = selector.development || status.development;
    if development {
        widen(&mut selector);
    }
    if status.broken_mark {
        damage.push(Damage::BrokenMark(row.line));
    }
    if selector.decimal_comma {
        damage.push(Damage::DecimalComma(row.line));
    }
    let supported = match status.support {
        Support::Yes if selector.security_only => Support::SecurityOnly,
        support => support,
    };
    let named = columns.product.map(|at| strip_decoration(&cell(at).text)).filter(|name| !name.is_empty());
    Some(Row {
        line: row.line,
        raw: version.raw.clone(),
        status: said,
        product: named
            .or_else(|| selector.product.clone())
            .or(status.product)
            .or_else(|| product.map(str::to_owned)),
        selector,
        supported,
        development,
    })
}

/// A line under development begins with its pre-releases.
fn widen(selector: &mut Selector) {
    if let Some(range) = &selector.range
        && let Some(parts) = range.line_parts()
        && let Some(wide) = Range::line(range.lower(), parts, true)
    {
        selector.range = Some(wide);
    }
}

/// The row's status, from all the columns that say something about it.
fn statuses<'a>(columns: &Columns, text: impl Fn(usize) -> &'a String, legend: &Legend) -> Status {
    let read = |at: usize| Status::read(text(at), legend);
    let mut status = match (columns.general.map(read), columns.security.map(read)) {
        (Some(general), None) | (None, Some(general)) => general,
        (Some(general), Some(security)) => both(general, security),
        (None, None) => return end_alone(text(columns.end.unwrap_or_default())),
    };
    if let Some(end) = columns.end
        && !status.by_icon
        && status.support == Support::Yes
        && let Some(until) = until::read(text(end))
    {
        status.support = Support::Until(until);
    }
    status
}

/// A general status beside one about security fixes.
fn both(general: Status, security: Status) -> Status {
    let support = match (&general.support, &security.support) {
        (a, b) if a == b => general.support.clone(),
        (_, Support::Until(_)) => security.support.clone(),
        (Support::No, Support::Yes) | (Support::SecurityOnly, Support::Yes) => Support::SecurityOnly,
        (Support::Until(_), Support::Yes) => general.support.clone(),
        _ => Support::Unknown,
    };
    Status { support, ..general }
}

/// A table without a status column: what is listed is supported until its end of life.
fn end_alone(text: &str) -> Status {
    let mut status = Status::read("", &Legend::new());
    let words = text.trim().to_lowercase();
    status.support = match until::read(text) {
        Some(until) => Support::Until(until),
        None if matches!(words.as_str(), "tbd" | "tba" | "-" | "n/a" | "none" | "to be defined") => {
            Support::Yes
        }
        None => Support::Unknown,
    };
    status
}
