//! What stands beside a mark of support: the words of its own cell, and the other cells of its row.
//!
//! The rule that must not be broken: in its own cell only words of a closed list leave a promise as it stands; in another
//! cell, words that deny, end or bound take it back, and so does a day that is not known to be one of a beginning.

use super::columns::Columns;
use super::document::{Table, TableRow};
use super::headings::words;
use super::lexicon::against::{AGAINST, AGAINST_HEADERS, AGAINST_PHRASES};
use super::lexicon::beside::{
    BESIDES, DENYING, HARMLESS, HARMLESS_PHRASES, LIMITING, NO_END, OF_OTHER_FIXES, OF_SUPPORT,
};
use super::lexicon::columns::ALLOWED;
use super::status::{Legend, Status, Support, is_amber, yes_until};
use super::table::says_nothing;
use super::words::is_platform;
use super::{columns, days, until};

/// Whether words of a status cell, in lower case, leave a promise as it stands.
pub(super) fn is_harmless(said: &str) -> bool {
    if said.contains(['<', '>', '≤', '≥', '=', '^', '~', '+', '→', '†', '‡', '§', '[', ']', '%', '$'])
    {
        return false;
    }
    let kept = HARMLESS_PHRASES.iter().fold(said.to_owned(), |kept, phrase| kept.replace(phrase, " "));
    let words: Vec<&str> = parts(&kept).collect();
    // A name alone is that of a product.
    if is_platform(said) {
        return true;
    }
    let is_known = |at: usize| HARMLESS.contains(&words[at]) || is_since(&words, at) || is_within(&words, at);
    (0..words.len()).all(is_known) && !is_narrowed(&words)
}

/// "the latest patch": not all of the line.
fn is_narrowed(words: &[&str]) -> bool {
    let has = |list: &[&str]| words.iter().any(|word| list.contains(word));
    has(&["latest", "newest"]) && has(&["minor", "patch"])
}

/// "since 2023": when it began.
fn is_since(words: &[&str], at: usize) -> bool {
    let is_year = |word: &str| {
        let year = word.split('-').next().unwrap_or_default();
        year.len() == 4 && year.bytes().all(|b| b.is_ascii_digit()) && year.starts_with(['1', '2'])
    };
    let is_month = |word: &str| until::MONTHS.contains(&word);
    match words[at] {
        "since" => words.get(at + 1).is_some_and(|next| is_year(next) || is_month(next)),
        word if is_year(word) => at > 0 && (words[at - 1] == "since" || at > 1 && words[at - 2] == "since"),
        word => is_month(word) && at > 0 && words[at - 1] == "since",
    }
}

/// "within 48 hours": how fast.
fn is_within(words: &[&str], at: usize) -> bool {
    let is_hours = |from: usize| {
        let number = words.get(from + 1).is_some_and(|word| word.bytes().all(|b| b.is_ascii_digit()));
        words[from] == "within" && number && words.get(from + 2).is_some_and(|unit| *unit == "hours")
    };
    (at.saturating_sub(2)..=at).any(is_hours)
}

/// The words of a text without the marks around them.
fn parts(text: &str) -> impl Iterator<Item = &str> {
    let is_mark = |c: char| !(c.is_alphanumeric() || matches!(c, '-' | '\'' | '’' | '.'));
    text.split(is_mark).map(|word| word.trim_matches(['-', '\'', '’', '.'])).filter(|word| !word.is_empty())
}

/// What another cell of a row is against a mark of support, the gravest last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Against {
    /// It promises security fixes only.
    SecurityOnly,
    /// It limits the promise to some fixes.
    Limit,
    /// It holds a day that may be one of an end.
    Day,
    /// It denies support as a whole.
    Denial,
    /// It ends, denies or bounds something.
    Bound,
}

impl Against {
    /// What is left of a promise.
    pub(super) fn leaves(self, support: Support) -> Support {
        match (support, self) {
            (Support::No, _) | (Support::Until(_), Self::Denial) => Support::No,
            (Support::Yes, Self::SecurityOnly) => Support::SecurityOnly,
            (support @ (Support::SecurityOnly | Support::Until(_)), Self::SecurityOnly) => support,
            // Its end was read.
            (support @ Support::Until(_), Self::Day) => support,
            (Support::SecurityOnly, Self::Limit) => Support::SecurityOnly,
            _ => Support::Unknown,
        }
    }
}

/// What the cells of a row beside those that its `columns` read leave of its promise.
pub(super) fn leave(support: Support, table: &Table, row: &TableRow, columns: &Columns) -> Support {
    let headers = table.headers();
    let read = columns.read();
    let text = |at: usize| row.cells[at].text.trim();
    let mut found: Vec<Against> = (0..row.cells.len())
        .filter(|at| !read.contains(at) && !text(*at).is_empty())
        .filter_map(|at| {
            let header = headers.get(at).copied().unwrap_or_default();
            cell_against(header, text(at), columns.remarks().any(|remarks| remarks == at))
        })
        .collect();
    found.sort_unstable_by(|a, b| b.cmp(a));
    found.into_iter().fold(support, |support, against| against.leaves(support))
}

/// Whether a cell of a row beside those that were `read` is a no.
pub(super) fn denies_anything(row: &TableRow, read: &[usize]) -> bool {
    let cells = row.cells.iter().enumerate().filter(|(at, _)| !read.contains(at));
    cells.into_iter().any(|(_, cell)| Status::read(&cell.text, &Legend::new()).support == Support::No)
}

/// What a cell below this header has against a mark of support in its row; in `remarks` an end is read.
fn cell_against(header: &str, cell: &str, remarks: bool) -> Option<Against> {
    let lower = cell.to_lowercase();
    let named = words(header);
    let is_of = |list: &[&str]| named.iter().any(|word| list.contains(&word.as_str()));
    // What is sold besides is no bound of what is not.
    if says_nothing(&lower) || is_of(BESIDES) {
        return None;
    }
    let support = Status::read(cell, &Legend::new()).support;
    if asks_for_support(header, &named) && support == Support::No {
        // A warning before an end that another column dates: which of them holds until then, nobody can say.
        return Some(if is_amber(cell) { Against::Bound } else { Against::Denial });
    }
    if is_of(AGAINST_HEADERS) {
        return (!tells_no_end(&lower)).then_some(Against::Bound);
    }
    let is_read = is_of_other_fixes(&lower) || remarks && is_end(&lower);
    let day = (!is_read && days::may_end(&named, &lower)).then_some(Against::Day);
    day.max(said_against(&lower, &support))
}

/// Whether a cell below it answers whether there is support at all: "Support", "Fixes", or no header.
fn asks_for_support(header: &str, words: &[String]) -> bool {
    let is_known = |word: &String| ALLOWED.contains(&word.as_str());
    let names_support = |word: &String| OF_SUPPORT.contains(&word.as_str());
    match columns::fixes(header) {
        Some(fixes) => fixes == columns::Fixes::All,
        None => words.iter().all(is_known) && (words.is_empty() || words.iter().any(names_support)),
    }
}

/// "Bug fixes until June 2027"
fn is_of_other_fixes(lower: &str) -> bool {
    parts(lower).next().is_some_and(|word| OF_OTHER_FIXES.contains(&word))
}

/// What the words of a cell, in lower case, have against a mark of support in its row.
fn said_against(lower: &str, support: &Support) -> Option<Against> {
    if *support == Support::SecurityOnly && parts(lower).any(|word| word == "only") {
        return Some(Against::SecurityOnly);
    }
    // A bare answer is one to the question of its header.
    let is_answer = matches!(lower, "no" | "none" | "never");
    if is_event(lower) || begins_with_a_start(lower) {
        return Some(Against::Bound);
    }
    if is_answer || is_of_other_fixes(lower) || is_end(lower) || !says_against(lower) {
        return None;
    }
    let rest: String = parts(lower).filter(|word| !LIMITING.contains(word)).collect::<Vec<_>>().join(" ");
    let of_some_fixes = parts(lower).any(|word| matches!(word, "limited" | "security" | "critical"));
    Some(if of_some_fixes && !says_against(&rest) { Against::Limit } else { Against::Bound })
}

/// "until 2.1": an end that has come or not, which nobody can say.
fn is_event(lower: &str) -> bool {
    let begins = ["until ", "till ", "through "].iter().any(|word| lower.starts_with(word));
    begins && matches!(until::ending(lower), Some(until::Until::Release { .. }))
}

/// "from 2030": from when on.
fn begins_with_a_start(lower: &str) -> bool {
    let words: Vec<&str> = parts(lower).take(3).collect();
    let is_number = |word: &str| word.trim_start_matches('v').starts_with(|c: char| c.is_ascii_digit());
    matches!(words.as_slice(), ["from" | "starting", next] if is_number(next))
        || matches!(words.as_slice(), ["starting", "with" | "from" | "in", next] if is_number(next))
        || matches!(words.as_slice(), ["from", month, year] if until::MONTHS.contains(month) && is_number(year))
}

/// Whether a remark is an end that is read.
fn is_end(lower: &str) -> bool {
    until::ending(lower).is_some() || yes_until(lower).is_some()
}

/// Whether words, in lower case, end or bound something, or deny support.
pub(super) fn says_against(lower: &str) -> bool {
    let lower = lower.replace("until further notice", " ").replace('’', "'");
    if parts(&lower).any(|word| AGAINST.contains(&word)) {
        return true;
    }
    let spaced = format!(" {} ", parts(&lower).collect::<Vec<_>>().join(" "));
    AGAINST_PHRASES.iter().any(|phrase| spaced.contains(&format!(" {phrase} ")))
        || lower.split(['.', ',', ';', ':', '(', ')', '—', '–']).any(denies_support)
}

/// Whether a clause denies, and speaks of support.
pub(super) fn denies_support(clause: &str) -> bool {
    parts(clause).any(|word| DENYING.contains(&word)) && parts(clause).any(|word| OF_SUPPORT.contains(&word))
}

/// Whether a cell of a column of ends, in lower case, tells that there is none: "TBD", "TBD (two years)".
pub(super) fn tells_no_end(lower: &str) -> bool {
    let (told, note) = lower.trim().split_once(" (").unwrap_or_else(|| (lower.trim(), ""));
    says_nothing(told) || NO_END.contains(&told) && !says_against(note)
}
