//! From the parts that were found to the rows of the policy: its tables, or else its text.

use super::{Found, Held, MOST_TEXTS, Text};
use crate::security_policy::amends::Amends;
use crate::security_policy::bounds;
use crate::security_policy::columns::{self, Columns, Fixes};
use crate::security_policy::document::{TableRow, fold};
use crate::security_policy::flattened;
use crate::security_policy::headings::Opens;
use crate::security_policy::icons::{Sign, sign_of};
use crate::security_policy::items::{self, Item, Lead};
use crate::security_policy::legend;
use crate::security_policy::prose::{self, Statement};
use crate::security_policy::reader::MOST_ROWS;
use crate::security_policy::retraction;
use crate::security_policy::selector::{Kind, Selector};
use crate::security_policy::sentences::{Sentence, sentences};
use crate::security_policy::siblings::Siblings;
use crate::security_policy::status::{Legend, Status, Support};
use crate::security_policy::table::{self, Around};
use crate::security_policy::translated;
use crate::security_policy::{Form, Row, SecurityPolicy};
use std::collections::BTreeSet;

/// What stands in a legend for a sentence about a sign that was not understood.
const UNREAD_LEGEND: &str = "a sign that is explained";

impl<'a> Found<'a> {
    /// Fills the policy with what the section says: its tables, or else its text.
    pub(in crate::security_policy) fn settle(&self, policy: &mut SecurityPolicy) {
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
        self.amend(&mut policy.rows);
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
            policy.beside.extend(self.bounding());
            return;
        }
        let listed = self.texts.iter().any(|text| text.item && text.direct);
        policy.rows = self.listed(&legend);
        self.take_back(&mut policy.rows);
        let items: Vec<usize> = policy.rows.iter().map(|row| row.line).collect();
        policy.rows.extend(statements.into_iter().chain(flattened).filter(|row| !items.contains(&row.line)));
        policy.rows.extend(self.passed_over(&policy.rows));
        policy.rows.sort_by_key(|row| row.line);
        say_once(&mut policy.rows, &items);
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

    /// Leaves of what rows of tables promise what the sentences beside them do. A denial that is read as a row is held
    /// against the table elsewhere.
    fn amend(&self, rows: &mut [Row]) {
        let alone = self.alone.iter().filter(|text| text.direct && !self.announced);
        for sentence in self.spoken().chain(alone).flat_map(|text| sentences(text.line, text.text)) {
            let Some(amends) = Amends::read(&sentence.text) else { continue };
            let is_read = |read: &Statement| !read.selector.is_unread();
            if amends.yields() && prose::read(&sentence, &[]).iter().any(is_read) {
                continue;
            }
            for row in rows.iter_mut() {
                row.supported = amends.leaves(row.supported.clone(), row.selector.range.as_ref());
            }
        }
    }

    /// The sentences beside a table that support some lines alone, or only the newest release of each.
    fn bounding(&self) -> impl Iterator<Item = Row> {
        let bounds = |said: &str| bounds::only(said).is_some() || bounds::is_newest_of_each(said);
        let all = self.spoken().flat_map(|text| sentences(text.line, text.text));
        all.filter(move |sentence| bounds(&sentence.text)).map(|sentence| row_of(unread(&sentence)))
    }

    /// The rows of the section's bullets.
    fn listed(&self, legend: &Legend) -> Vec<Row> {
        let denied = self.denied();
        let mut lead = Lead::Silent;
        let mut items: Vec<Item<'_>> = Vec::new();
        // The first lines of the lists that have a text of their own before them.
        let mut begins: Vec<usize> = Vec::new();
        for text in self.spoken() {
            if text.item {
                let lead = match (text.denied, text.titled) {
                    // What a text of its own says before it below such a heading counts.
                    (true, _) if denied.contains(&text.line) => Lead::Unsupported,
                    (true, _) => Lead::Condition,
                    (_, true) => Lead::Titled,
                    _ => lead,
                };
                items.push(Item { line: text.line, text: text.text, lead, struck: text.struck });
            } else {
                lead = Lead::of(text.line, text.text);
                begins.push(text.line);
            }
        }
        // A denial alone does not say what is supported.
        if self.spoken().filter(|text| text.item).all(|text| text.denied) {
            return Vec::new();
        }
        let as_sentence = |row: Row| {
            let is_no_promise =
                |item: &Item<'_>| item.struck || matches!(item.lead, Lead::Unsupported | Lead::Condition);
            let is_kept = items.iter().any(|item| item.line == row.line && is_no_promise(item));
            if is_kept || !row.selector.is_unread() { vec![row] } else { read_as_sentence(row) }
        };
        let rows = items::rows(&items, legend).into_iter().flat_map(as_sentence).collect();
        without_lists_of_another(rows, &begins)
    }

    /// The lines of bullets below a heading that denies support, with nothing between them that says something else.
    fn denied(&self) -> BTreeSet<usize> {
        let (mut found, mut is_denied) = (BTreeSet::new(), true);
        for text in &self.texts {
            if !text.item {
                is_denied = !text.denied || Lead::of(text.line, text.text) == Lead::Unsupported;
            } else if text.denied && is_denied {
                found.insert(text.line);
            }
        }
        found
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
        // A sign that a sentence explains in other words means what nobody knows.
        if legend.is_empty()
            && texts.iter().any(|text| text.chars().any(|c| !c.is_ascii() && sign_of(c) == Some(Sign::Amber)))
        {
            legend.insert(UNREAD_LEGEND.to_owned(), Status::read("", &Legend::new()));
        }
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
            if text.item && conditional || text.denied {
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
    pub(super) fn spoken(&self) -> impl Iterator<Item = &Text<'a>> {
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
        let texts =
            self.texts.iter().filter(|text| text.direct && !text.denied && text.opens == Opens::Statement);
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

/// A bullet that is no row, read as the one sentence that it is.
fn read_as_sentence(row: Row) -> Vec<Row> {
    let all = sentences(row.line, &row.raw);
    let [only] = all.as_slice() else { return vec![row] };
    let read = prose::read(only, &[]);
    if read.is_empty() || read.iter().any(|said| said.selector.is_unread()) {
        return vec![row];
    }
    read.into_iter().map(row_of).collect()
}

/// Leaves of what a bullet and a sentence both say the first.
fn say_once(rows: &mut Vec<Row>, items: &[usize]) {
    let is_item = |row: &Row| items.contains(&row.line);
    let mut kept: Vec<Row> = Vec::new();
    for row in rows.drain(..) {
        let is_same = |earlier: &Row| {
            is_item(earlier) != is_item(&row)
                && !row.selector.is_unread()
                && (&earlier.selector, &earlier.supported) == (&row.selector, &row.supported)
                && (&earlier.product, earlier.development) == (&row.product, row.development)
        };
        if !kept.iter().any(is_same) {
            kept.push(row);
        }
    }
    *rows = kept;
}

/// The rows without the lists of what the project runs on, where another list is of the project itself.
fn without_lists_of_another(mut rows: Vec<Row>, begins: &[usize]) -> Vec<Row> {
    let list = |row: &Row| begins.iter().filter(|line| **line < row.line).count();
    let read =
        |list_at: usize| rows.iter().filter(move |row| list(row) == list_at && !row.selector.is_unread());
    let is_of_another =
        |at: usize| read(at).next().is_some() && read(at).all(|row| row.selector.product.is_some());
    let others: Vec<usize> = (0..=begins.len()).filter(|at| is_of_another(*at)).collect();
    let is_own = |at: usize| read(at).any(|row| row.product.is_none());
    if (0..=begins.len()).any(is_own) {
        rows.retain(|row| !others.contains(&list(row)));
    }
    rows
}

pub(super) fn unread(sentence: &Sentence) -> Statement {
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

pub(super) fn row_of(statement: Statement) -> Row {
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
