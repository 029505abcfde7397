//! Sentences of a statement without a table that were not read, and name a line that is newer than all that were.
//!
//! The rule that must not be broken: where one may speak of the newest line, the rows do not pass for all that is said.

use super::Found;
use super::rows::{row_of, unread};
use crate::security_policy::bounds;
use crate::security_policy::lexicon::beside::OF_SUPPORT;
use crate::security_policy::lexicon::bounds::{OF_WORK, YET_TO_COME};
use crate::security_policy::prose;
use crate::security_policy::retraction;
use crate::security_policy::sentences::{Sentence, sentences};
use crate::security_policy::words::is_platform;
use crate::security_policy::{Row, Support};

/// The longest sentence that is looked at.
const LONGEST: usize = 600;

impl Found<'_> {
    /// The first of them, unread.
    pub(super) fn passed_over(&self, rows: &[Row]) -> Option<Row> {
        let newest = newest_promised(rows)?;
        let is_read = |line: usize| rows.iter().any(|row| row.line == line);
        let texts = self.spoken().filter(|text| !text.cells && !text.struck);
        let open = texts.filter(|text| !text.item || !is_read(text.line));
        let mut all = open.flat_map(|text| sentences(text.line, text.text));
        all.find(|sentence| names_newer(sentence, newest)).as_ref().map(unread).map(row_of)
    }
}

/// Where the newest line ends that a row promises; none where one promises what has no number, or all that follows.
fn newest_promised(rows: &[Row]) -> Option<[u64; 4]> {
    let promises = rows.iter().filter(|row| !matches!(row.supported, Support::No | Support::Unknown));
    let ends = promises.map(|row| row.selector.range.as_ref().filter(|range| !range.is_open()));
    ends.map(|range| range.map(super::super::Range::upper)).collect::<Option<Vec<_>>>()?.into_iter().max()
}

/// Whether a sentence that is not read may say of a line above this one how it is supported.
fn names_newer(sentence: &Sentence, newest: [u64; 4]) -> bool {
    let said = prose::before_advice(&sentence.text);
    if said.len() > LONGEST {
        return false;
    }
    let words = retraction::words(said);
    let has = |list: &[&str]| words.iter().any(|word| list.contains(&word.as_str()));
    (has(OF_SUPPORT) || has(OF_WORK))
        && !has(YET_TO_COME)
        && !words.iter().any(|word| is_platform(word))
        && !bounds::is_conditional(&words)
        && bounds::named(said).iter().any(|line| line.lower() >= newest)
        && prose::read(sentence, &[]).is_empty()
}
