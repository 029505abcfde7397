//! What stands above a block and takes it back: headings, the summary of a part that is folded, an element that hides it,
//! a caption.

use crate::security_policy::document::{Block, Fold};
use crate::security_policy::headings::{Opens, bold_line, is_about_age, opens};
use crate::security_policy::withdrawn;

/// The headings that stand above a block.
#[derive(Default)]
pub(super) struct Under {
    /// The level of the one that takes back what stands under it.
    withdrawn: Option<u8>,
    /// Whether the last is about some versions only.
    pub(super) ages: bool,
    /// How many folded parts are open, and which of them, from the outermost, takes back what stands in it.
    folds: usize,
    folded: Option<usize>,
    /// The element that hides what stands in it, and how many of its name are open.
    hidden: Option<(String, usize)>,
}

impl Under {
    /// A bold line stands below every heading.
    pub(super) fn take(&mut self, block: &Block) {
        let (level, title) = match block {
            Block::Heading { level, text } => (*level, text.as_str()),
            Block::Text { raw, item: false, .. } => match bold_line(raw) {
                Some(bold) => (7, bold),
                None => return,
            },
            Block::Fold(fold) => return self.fold(fold),
            _ => return,
        };
        self.withdrawn = self.withdrawn.filter(|above| level > *above);
        self.ages = is_about_age(title) && opens(title, level) != Some(Opens::Statement);
        // The title of the file is about the file.
        if level > 1 && withdrawn::is_withdrawn(title) {
            self.withdrawn.get_or_insert(level);
        }
    }

    fn fold(&mut self, fold: &Fold) {
        match fold {
            Fold::Opens => self.folds += 1,
            Fold::Titled(title) if withdrawn::is_withdrawn(title) => {
                self.folded.get_or_insert(self.folds);
            }
            Fold::Titled(_) => {}
            Fold::Element(name, hides) => match &mut self.hidden {
                Some((hidden, open)) if hidden == name => *open += 1,
                Some(_) => {}
                None => self.hidden = hides.then(|| (name.clone(), 1)),
            },
            Fold::Ends(name) => {
                if let Some((_, open)) = self.hidden.as_mut().filter(|(hidden, _)| hidden == name) {
                    *open -= 1;
                }
                self.hidden = self.hidden.take().filter(|(_, open)| *open > 0);
            }
            Fold::Closes => {
                self.folded = self.folded.filter(|folded| *folded < self.folds);
                self.folds = self.folds.saturating_sub(1);
            }
        }
    }

    pub(super) const fn is_withdrawn(&self) -> bool {
        self.withdrawn.is_some() || self.folded.is_some() || self.hidden.is_some()
    }
}

/// Whether the caption of a table takes it back.
pub(super) fn is_captioned_away(block: &Block) -> bool {
    matches!(block, Block::Table(table) if withdrawn::is_withdrawn(&table.caption))
}

/// The first and the last line of a block.
pub(super) fn lines_of(block: &Block) -> Option<(usize, usize)> {
    let to = |line: usize, text: &str| (line, line + text.matches('\n').count());
    match block {
        Block::Table(table) => {
            let last = table.rows.last().map_or(table.line, |row| row.line);
            Some((table.line, last))
        }
        Block::Text { line, raw, .. } => Some(to(*line, raw)),
        Block::Code { line, text } => Some(to(*line, text)),
        Block::Heading { .. } | Block::Fold(_) => None,
    }
}
