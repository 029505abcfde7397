//! What a file is made of: units of text, code blocks and headings.

use super::stance::{self, Stance};

/// How many units of one file are read.
pub(super) const MOST_UNITS: usize = 20_000;

/// A run of text.
#[derive(Debug, Default)]
pub(super) struct Unit {
    /// Its first line.
    pub(super) line: usize,
    /// What is shown, a line break where the source has one.
    pub(super) text: String,
    /// The bold words that it begins with.
    pub(super) lead: Option<String>,
    /// Whether it is an item of a list.
    pub(super) is_item: bool,
    /// Whether it stands in a block quote.
    pub(super) is_quoted: bool,
    /// Whether it is a row of a table.
    pub(super) is_cell: bool,
    /// What the headings, and the sentence that introduces the list, make of it.
    pub(super) stance: Stance,
    /// Whether the headings above it, or what introduces it, are about reporting or about whom to ask.
    pub(super) is_reporting: bool,
    /// Whether the headings above it, or what introduces it, are about releases.
    pub(super) is_of_releases: bool,
    /// Whether the headings above it, or what introduces it, are about security updates.
    pub(super) is_of_updates: bool,
    /// Whether what introduces it says that updates are announced somewhere.
    pub(super) is_announced: bool,
    /// Its links.
    pub(super) links: Vec<Link>,
    /// Its inline code: line and text.
    pub(super) code: Vec<(usize, String)>,
}

/// A link.
#[derive(Debug, Default)]
pub(super) struct Link {
    /// Its line.
    pub(super) line: usize,
    /// Its target.
    pub(super) target: String,
    /// What is shown of it.
    pub(super) text: String,
}

/// A code block.
#[derive(Debug)]
pub(super) struct Fence {
    /// The line of its first line of code.
    pub(super) line: usize,
    /// Its text.
    pub(super) text: String,
    /// The last words before it.
    pub(super) before: String,
}

/// The file.
#[derive(Debug, Default)]
pub(super) struct Passages {
    /// Its units.
    pub(super) units: Vec<Unit>,
    /// Whole sentences that stand in cells of tables and in headings, and the paragraphs of HTML: practices are looked
    /// for there, and nothing else.
    pub(super) asides: Vec<Unit>,
    /// Its code blocks.
    pub(super) fences: Vec<Fence>,
    /// The text of its headings.
    pub(super) headings: Vec<String>,
    /// Anchors that it sets by hand.
    pub(super) anchors: Vec<String>,
    /// Whether it has more units than are read.
    pub(super) is_cut: bool,
}

/// What a heading or an introduction is about.
#[derive(Clone, Copy, Default)]
pub(super) struct About {
    pub(super) reporting: bool,
    pub(super) releases: bool,
    pub(super) updates: bool,
    pub(super) announced: bool,
}

impl About {
    pub(super) fn of(text: &str) -> Self {
        Self {
            reporting: stance::is_reporting(text),
            releases: stance::is_of_releases(text),
            updates: stance::is_of_updates(text),
            announced: stance::is_announced(text),
        }
    }

    pub(super) const fn and(self, other: Self) -> Self {
        Self {
            reporting: self.reporting || other.reporting,
            releases: self.releases || other.releases,
            updates: self.updates || other.updates,
            announced: self.announced || other.announced,
        }
    }
}

/// What holds under a heading.
#[derive(Clone, Copy)]
pub(super) struct Section {
    pub(super) level: u8,
    pub(super) stance: Stance,
    pub(super) about: About,
}

/// What holds in a list.
#[derive(Clone, Copy, Default)]
pub(super) struct List {
    pub(super) stance: Option<Stance>,
    pub(super) about: About,
}
