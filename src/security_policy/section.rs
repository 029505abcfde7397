//! The section that speaks of supported versions: found by its headings, read from its tables or else its text.
//!
//! The rule that must not be broken: text under a heading that announces the statement is never passed over in silence;
//! when nothing of it is understood, the headers of its tables of versions, or else its first sentence, are kept as unread.

mod passed_over;
mod rows;
mod under;

use super::beside;
use super::columns::{self, Fixes};
use super::decoration::strip_decoration;
use super::document::{Block, Document, Table};
use super::flattened;
use super::headings::{self, Opens, bold_line, is_about_age, names_images, opens, package_name};
use super::items;
use super::leads;
use super::retraction;
use super::sentences::sentences;
use super::table::{self, Around};
use super::withdrawn;
use under::{Under, is_captioned_away, lines_of};

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
    /// Whether its sub-heading says that what follows is not.
    denied: bool,
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
    /// Whether its sub-heading says that what follows is not supported.
    denied: bool,
    /// Whether its sub-heading is about the versions of something else.
    foreign: bool,
    /// Whether a table in it stood below the name of something else alone.
    labelled: bool,
}

impl Section {
    /// Whether the text before a table is the name of something else: of one that is known, or another in a list of such.
    fn is_of_another(&self, before: &str) -> bool {
        headings::labels_a_platform(before) || self.labelled && headings::is_label(before)
    }
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
                    let opening = opens(text, *level);
                    let loose = *level > 1 && opening == Some(Opens::Loose);
                    (titled, before, later) = (*level == 1 || loose, "", None);
                    plainly = loose && !headings::is_about_support(text);
                    own = !headings::is_of_another(text);
                    self.named = self.named.filter(|named| level > named);
                    section = self.heading(section, *level, text, opening);
                    if opening.is_none() {
                        self.named = self.named.or(Some(*level));
                    }
                }
                Block::Table(table) => match &mut section {
                    Some(section) if section.foreign => {}
                    Some(section) if section.is_of_another(before) => section.labelled = true,
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
                        section = self.heading(None, 7, bold, opens(bold, 7));
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
                        denied: false,
                        opens: Opens::Loose,
                    };
                    match &mut section {
                        Some(section) => {
                            section.product = package_name(text).or_else(|| section.product.take());
                            section.titled &= *item;
                            self.texts.push(Text {
                                direct: section.direct || section.denied && *item,
                                titled: section.titled,
                                denied: section.denied,
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
                Block::Fold(_) => {}
            }
        }
    }

    /// The section that a heading leaves open: a new one, the one that it stands in, or none.
    fn heading(
        &mut self,
        section: Option<Section>,
        level: u8,
        text: &str,
        opening: Option<Opens>,
    ) -> Option<Section> {
        if let Some(section) = section.filter(|section| level > section.level) {
            let fixes = columns::fixes(text);
            let product = Some(strip_decoration(text)).filter(|name| {
                !name.is_empty() && fixes.is_none() && opens(name, level).is_none() && !is_about_age(name)
            });
            let containers = section.containers || names_images(text);
            let foreign = headings::is_about_platform(text);
            // A sub-heading that announces the statement itself, or says that what follows is supported, opens it anew.
            let says = headings::says_supported(text);
            let direct = section.level > 1 && (opening == Some(Opens::Statement) || says);
            let titled = if says { self.named.is_none() } else { section.titled };
            let denied = headings::says_unsupported(text);
            return Some(Section { product, direct, fixes, containers, foreign, titled, denied, ..section });
        }
        let opens = opening.filter(|opens| *opens != Opens::Loose)?;
        self.announced |= opens != Opens::Tables;
        let product = (opens == Opens::Tables && self.announced).then(|| strip_decoration(text));
        let titled = self.named.is_none() && headings::says_supported(text);
        let containers = names_images(text);
        Some(Section {
            level,
            opens,
            product,
            direct: true,
            fixes: None,
            containers,
            titled,
            denied: false,
            foreign: false,
            labelled: false,
        })
    }

    /// Looks for what takes all above back, or ends the project; `ages` is whether its heading is about some versions only.
    fn hear(&mut self, block: &Block, ages: bool) {
        if let Block::Text { text, item: false, .. } = block
            && !ages
        {
            self.ended |= withdrawn::is_shouted(text);
        }
        let (line, text) = match block {
            Block::Text { line, text, .. } => (*line, text),
            Block::Heading { text, .. } => (0, text),
            Block::Table(_) | Block::Code { .. } | Block::Fold(_) => return,
        };
        for sentence in sentences(line, text).iter().filter(|sentence| sentence.text.len() <= LONGEST_HEARD) {
            self.ended |= withdrawn::ends_the_project(&sentence.text)
                || !ages && retraction::is_against_everything(&sentence.text);
            if !ages && retraction::is_plainly_of_all_above(&sentence.text) {
                self.taken_back = self.taken_back.max(line);
            }
        }
    }
}

/// Whether a bullet has a box to tick: it says what is to be done.
fn is_box(text: &str) -> bool {
    ["[ ]", "[x]"].iter().any(|mark| text.starts_with(mark))
}
/// Whether the text before a table says that it holds once something is released, or held once, or what is not
/// understood.
fn is_of_another_time(before: &str) -> bool {
    items::holds_later(before) || retraction::takes_back_below(before) || leads::is_in_doubt(before)
}
/// Whether the text before a code block leaves a version in it one that is supported: none, or one that names support
/// and denies nothing.
fn announces_version(before: &str) -> bool {
    let lower = before.to_lowercase();
    let says = ["support", "maintain", "current", "latest", "newest"].iter().any(|word| lower.contains(word));
    before.is_empty() || says && !beside::says_against(&lower) && !retraction::takes_back_below(before)
}
