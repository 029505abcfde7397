//! The file as units of text: an item, a paragraph or a line that begins with bold words, each with the headings it
//! stands under and what introduces it; and the code blocks.
//!
//! The rule that must not be broken: what is code, quoted or an open task on a list is marked as such, so that nobody
//! takes it for a promise.

use super::super::text::Lines;
use super::aside::{self, Row};
use super::placeholders;
use super::stance::{self, Stance};
use super::units::{About, Fence, Link, List, MOST_UNITS, Passages, Section, Unit};
use pulldown_cmark::{CodeBlockKind, Event, HeadingLevel, Options, Parser, Tag, TagEnd};
use std::ops::Range;

/// Reads the file.
pub(super) fn of(source: &str) -> Passages {
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_GFM
        | Options::ENABLE_TASKLISTS;
    let mut reader = Reader {
        lines: Lines::of(source),
        found: Passages::default(),
        unit: None,
        heading: None,
        sections: Vec::new(),
        lists: Vec::new(),
        items: 0,
        quotes: 0,
        row: 0,
        cells: Row::default(),
        html: None,
        strong: None,
        shown: None,
        code: None,
        before: String::new(),
        introduced: None,
        is_task: false,
        struck: None,
    };
    for (event, range) in Parser::new_ext(source, options).into_offset_iter() {
        reader.take(event, range);
        if reader.found.units.len() + reader.found.asides.len() >= MOST_UNITS {
            reader.found.is_cut = true;
            break;
        }
    }
    reader.flush();
    reader.found
}

/// What stands for struck text within a sentence: a mark that denies it.
const STRUCK: &str = " ❌ ";

struct Reader {
    lines: Lines,
    found: Passages,
    unit: Option<Unit>,
    heading: Option<(u8, usize, String)>,
    sections: Vec<Section>,
    lists: Vec<List>,
    items: usize,
    quotes: usize,
    row: usize,
    /// The cells of the row that is read, and what stands above them.
    cells: Row,
    /// A block of HTML, with its first line.
    html: Option<(usize, String)>,
    /// Where in the unit's text the bold words begin that it begins with.
    strong: Option<usize>,
    /// Where in the text what is shown of the link begins that is read, and which of the unit's links it is.
    shown: Option<(usize, usize)>,
    code: Option<(usize, String)>,
    /// The text of the unit before.
    before: String,
    /// What that text introduces, once it was looked at.
    introduced: Option<(Option<Stance>, About)>,
    is_task: bool,
    /// The text that is struck through, while it is read: nobody says it any more.
    struck: Option<String>,
}

impl Reader {
    fn take(&mut self, event: Event<'_>, range: Range<usize>) {
        match event {
            Event::Start(tag) => self.start(tag, &range),
            Event::End(tag) => self.end(tag, &range),
            Event::Text(text) => self.push(&text, &range),
            Event::Code(text) => {
                let line = self.lines.at(range.start);
                self.push(&text, &range);
                if let Some(unit) = self.unit.as_mut().filter(|_| self.struck.is_none()) {
                    unit.code.push((line, text.to_string()));
                }
            }
            Event::SoftBreak => self.push("\n", &range),
            Event::HardBreak if self.heading.is_none() && self.row == 0 => self.flush(),
            // One that is done is said as plainly as any other item.
            Event::TaskListMarker(is_done) => self.is_task = !is_done,
            // No element of HTML, but what a template has in the place of an address.
            Event::InlineHtml(html) if placeholders::is_element(&html) => self.push(&html, &range),
            Event::Html(html) | Event::InlineHtml(html) => {
                if let Some((_, block)) = &mut self.html {
                    block.push_str(&html);
                }
                self.anchor(&html);
                self.mail(&html, &range);
            }
            _ => {}
        }
    }

    fn start(&mut self, tag: Tag<'_>, range: &Range<usize>) {
        match tag {
            Tag::Heading { level, .. } => {
                self.flush();
                self.heading = Some((depth(level), self.lines.at(range.start), String::new()));
            }
            Tag::List(_) => {
                self.flush();
                let inherited = self.list();
                // Lists in lists have one introduction, which is looked at once.
                let before = &self.before;
                let (said, own) =
                    *self.introduced.get_or_insert_with(|| (stance::of_intro(before), About::of(before)));
                let about = inherited.about.and(own);
                self.lists.push(List { stance: said.or(inherited.stance), about });
            }
            Tag::Item => {
                self.flush();
                self.items += 1;
                self.is_task = false;
            }
            Tag::BlockQuote(_) => {
                self.flush();
                self.quotes += 1;
            }
            Tag::Paragraph => self.flush(),
            Tag::CodeBlock(kind) => {
                self.flush();
                let own = usize::from(matches!(kind, CodeBlockKind::Fenced(_)));
                self.code = Some((self.lines.at(range.start) + own, String::new()));
            }
            Tag::TableRow | Tag::TableHead => {
                self.flush();
                self.row += 1;
                self.cells.begin();
            }
            Tag::TableCell => self.cells.from = self.unit.as_ref().map_or(0, |unit| unit.text.len()),
            Tag::HtmlBlock => {
                self.flush();
                self.html = Some((self.lines.at(range.start), String::new()));
            }
            Tag::Strikethrough => self.struck = Some(String::new()),
            Tag::Strong => self.bold(range.start),
            Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. } => self.link(&dest_url, range),
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd, range: &Range<usize>) {
        match tag {
            TagEnd::Heading(_) => self.open_section(),
            TagEnd::List(_) => {
                self.flush();
                self.lists.pop();
            }
            TagEnd::Item => {
                self.flush();
                self.items = self.items.saturating_sub(1);
                self.is_task = false;
            }
            TagEnd::BlockQuote(_) => {
                self.flush();
                self.quotes = self.quotes.saturating_sub(1);
            }
            TagEnd::Paragraph => self.flush(),
            TagEnd::CodeBlock => {
                if let Some((line, text)) = self.code.take() {
                    self.found.fences.push(Fence { line, text, before: self.before.clone() });
                }
            }
            TagEnd::TableCell => {
                self.cells.take(self.unit.as_ref().map_or("", |unit| &unit.text));
                self.push(": ", range);
            }
            TagEnd::TableHead => {
                self.flush();
                self.row = self.row.saturating_sub(1);
                self.cells.end_head();
            }
            TagEnd::TableRow => {
                self.flush();
                self.row = self.row.saturating_sub(1);
                let line = self.lines.at(range.start);
                self.cells.sentences().into_iter().for_each(|text| self.aside(line, text, false));
            }
            TagEnd::HtmlBlock => {
                let Some((line, block)) = self.html.take() else { return };
                for (below, is_item, text) in aside::paragraphs(&block) {
                    self.aside(line + below, text, is_item);
                }
            }
            TagEnd::Strikethrough => {
                // What is left of a sentence that is struck in part is not what was meant: it is marked as denied.
                let struck = self.struck.take().unwrap_or_default();
                if !struck.trim_end().ends_with(['.', '!', '?']) {
                    self.push(STRUCK, range);
                }
            }
            TagEnd::Strong => self.bold_ends(),
            TagEnd::Link => self.link_ends(),
            _ => {}
        }
    }

    fn push(&mut self, text: &str, range: &Range<usize>) {
        if let Some(struck) = &mut self.struck {
            struck.push_str(text);
            return;
        }
        if let Some((_, code)) = &mut self.code {
            code.push_str(text);
            return;
        }
        if let Some((_, _, heading)) = &mut self.heading {
            heading.push_str(text);
            return;
        }
        if self.unit.is_none() && text.trim().is_empty() {
            return;
        }
        let line = self.lines.at(range.start);
        self.open(line).text.push_str(text);
    }

    /// The unit that is open, or a new one that begins on this line.
    fn open(&mut self, line: usize) -> &mut Unit {
        let section = self.sections.last().copied();
        let list = self.list();
        let is_task = self.is_task;
        let about = section.map_or(list.about, |section| section.about.and(list.about));
        self.unit.get_or_insert_with(|| {
            let of_section = section.map_or(Stance::Plain, |section| section.stance);
            let stance = match list.stance {
                Some(of_list) if of_section != Stance::Nothing => of_list,
                _ => of_section,
            };
            Unit {
                line,
                is_item: self.items > 0,
                is_quoted: self.quotes > 0,
                is_cell: self.row > 0,
                stance: if is_task { Stance::Nothing } else { stance },
                is_reporting: about.reporting,
                is_of_releases: about.releases,
                is_of_updates: about.updates,
                is_announced: about.announced,
                ..Unit::default()
            }
        })
    }

    /// Keeps a text that is no paragraph of Markdown, where the file itself says it.
    fn aside(&mut self, line: usize, text: String, is_item: bool) {
        let section = self.sections.last();
        let stance = section.map_or(Stance::Plain, |section| section.stance);
        if self.quotes == 0 && self.unit.is_none() {
            self.found.asides.push(Unit { line, text, is_item, stance, ..Unit::default() });
        }
    }

    /// Bold words at the beginning of a line begin a unit of their own.
    fn bold(&mut self, at: usize) {
        if self.heading.is_some() || self.code.is_some() || self.row > 0 {
            return;
        }
        if self.unit.as_ref().is_some_and(|unit| unit.text.ends_with('\n')) {
            self.flush();
        }
        let line = self.lines.at(at);
        let unit = self.open(line);
        if unit.lead.is_none() && !unit.text.contains(char::is_alphanumeric) {
            self.strong = Some(unit.text.len());
        }
    }

    fn bold_ends(&mut self) {
        if let (Some(from), Some(unit)) = (self.strong.take(), &mut self.unit) {
            unit.lead = unit.text.get(from..).map(str::to_owned);
        }
    }

    fn link(&mut self, target: &str, range: &Range<usize>) {
        if self.struck.is_some() {
            return;
        }
        let line = self.lines.at(range.start);
        let link = Link { line, target: target.to_owned(), text: String::new() };
        // A link in a heading belongs to no unit: it is kept in one of its own, without text.
        if let Some((_, _, heading)) = &self.heading {
            self.shown = Some((heading.len(), 0));
            self.found.units.push(Unit { line, links: vec![link], ..Unit::default() });
            return;
        }
        let unit = self.open(line);
        let shown = (unit.text.len(), unit.links.len());
        unit.links.push(link);
        // A picture within a link is a link of its own, and part of what is shown.
        self.shown = self.shown.or(Some(shown));
    }

    /// A link to an address that is written as HTML.
    fn mail(&mut self, html: &str, range: &Range<usize>) {
        if html.starts_with("</a") {
            return self.link_ends();
        }
        let target = html
            .split(['"', '\'', '='])
            .find(|part| part.get(..7).is_some_and(|it| it.eq_ignore_ascii_case("mailto:")));
        if let Some(target) = target.filter(|_| self.heading.is_none() && html.starts_with("<a")) {
            self.link(target.trim_end_matches('>'), range);
        }
    }

    fn link_ends(&mut self) {
        let Some((from, at)) = self.shown.take() else { return };
        let (text, unit) = match &self.heading {
            Some((_, _, heading)) => (heading.get(from..).map(str::to_owned), self.found.units.last_mut()),
            None => {
                let text = self.unit.as_ref().and_then(|unit| unit.text.get(from..)).map(str::to_owned);
                (text, self.unit.as_mut())
            }
        };
        if let (Some(text), Some(link)) = (text, unit.and_then(|unit| unit.links.get_mut(at))) {
            link.text = text;
        }
    }

    fn anchor(&mut self, html: &str) {
        for attribute in ["id=", "name="] {
            let Some((_, rest)) = html.split_once(attribute) else { continue };
            let value = rest.trim_start_matches(['"', '\'']);
            let value = value.split(['"', '\'', '>', ' ']).next().unwrap_or_default();
            if !value.is_empty() && value.len() < 200 {
                self.found.anchors.push(value.to_owned());
            }
        }
    }

    fn list(&self) -> List {
        self.lists.last().copied().unwrap_or_default()
    }

    fn open_section(&mut self) {
        let Some((level, line, text)) = self.heading.take() else { return };
        while self.sections.last().is_some_and(|section| section.level >= level) {
            self.sections.pop();
        }
        if aside::is_sentence(&text) {
            self.aside(line, text.clone(), false);
        }
        let outer = self.sections.last();
        let of_outer = outer.map_or(Stance::Plain, |outer| outer.stance);
        // What is out of scope stays so under every heading below.
        let stance = match of_outer {
            Stance::Nothing => Stance::Nothing,
            other => stance::of_heading(&text).unwrap_or(other),
        };
        // The title speaks of everything, and of reporting no more than of anything else.
        let own = if level > 1 { About::of(&text) } else { About::default() };
        let about = outer.map_or(own, |outer| outer.about.and(own));
        self.sections.push(Section { level, stance, about });
        self.before.clear();
        self.introduced = None;
        self.found.headings.push(text);
    }

    /// Ends the unit that is open.
    fn flush(&mut self) {
        (self.strong, self.shown) = (None, None);
        let Some(mut unit) = self.unit.take() else { return };
        if unit.text.trim().is_empty() && unit.links.is_empty() {
            return;
        }
        if let Some(lead) = unit.lead.take() {
            let lead = lead.trim().trim_end_matches(':').trim();
            unit.lead = Some(lead.to_owned()).filter(|lead| !lead.is_empty());
        }
        let tail = unit.text.trim_end();
        let from = tail.char_indices().rev().nth(400).map_or(0, |(at, _)| at);
        tail[from..].clone_into(&mut self.before);
        self.introduced = None;
        self.found.units.push(unit);
    }
}

const fn depth(level: HeadingLevel) -> u8 {
    level as u8
}
