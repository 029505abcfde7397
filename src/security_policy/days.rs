//! Days in the cells beside a mark of support: those of a beginning, and those that may be of an end.
//!
//! The rule that must not be broken: a day whose header and words are not all of a closed list for beginnings may be the
//! end of what the mark promises.

use super::lexicon::days::{BEGINNINGS, LOOKED_AT, OF_BEGINNINGS, OF_TIMES, SMALL};
use super::until::{self, Until, month, year};

/// Whether a cell, in lower case, below a header of these words holds a day that may be one of an end.
pub(super) fn may_end(header: &[String], cell: &str) -> bool {
    !is_of_a_beginning(header) && holds_an_end(cell)
}

/// "Release date", "Last updated"; "Final release" is none.
fn is_of_a_beginning(header: &[String]) -> bool {
    let is_looked_at = header.iter().any(|word| LOOKED_AT.contains(&word.as_str()));
    let is_known = |word: &String| {
        let word = word.as_str();
        OF_BEGINNINGS.contains(&word) || LOOKED_AT.contains(&word) || word == "last" && is_looked_at
    };
    !header.is_empty() && header.iter().all(is_known)
}

/// Whether a day stands in a cell, and no word before it says that something began then: "released on 2024-05-01".
fn holds_an_end(cell: &str) -> bool {
    let words: Vec<&str> = words(cell).collect();
    let begins = |at: usize| {
        let before = words[..at].iter().rev().find(|word| !SMALL.contains(word) && month(word).is_none());
        before.is_some_and(|word| BEGINNINGS.contains(word))
    };
    let is_time = |word: &&str| OF_TIMES.contains(word) || year(word).is_some() || month(word).is_some();
    let is_year_alone = words.iter().all(is_time) && words.iter().any(|word| year(word).is_some());
    is_year_alone || (0..words.len()).any(|at| is_day(&words, at) && !begins(at))
}

/// Whether a word is a day, or ends one: `2027-06-30`, `06/30/2027`, `Q1 2027`, `June 2027`.
fn is_day(words: &[&str], at: usize) -> bool {
    let of_month = |word: &str| month(word).is_some() || is_quarter(word);
    let near = || words[at.saturating_sub(2)..at].iter().chain(words.get(at + 1)).any(|word| of_month(word));
    matches!(until::read(words[at]), Some(Until::Day { .. }))
        || is_numeric(words[at])
        || words[at]
            .char_indices()
            .nth(4)
            .is_some_and(|(end, c)| c == '年' && year(&words[at][..end]).is_some())
        || year(words[at]).is_some() && near()
}

fn is_quarter(word: &str) -> bool {
    matches!(word, "q1" | "q2" | "q3" | "q4" | "h1" | "h2")
}

/// `2027-06`, `03/04/2027`: numbers with marks between them, one of them a year; of those with dots the last of three.
fn is_numeric(word: &str) -> bool {
    let is_number = |part: &&str| (1..=4).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
    ['-', '/', '.'].into_iter().any(|mark| {
        let parts: Vec<&str> = word.split(mark).collect();
        let is_whole = parts.len() == 3 || parts.len() == 2 && mark != '.';
        let is_dated = match mark {
            '.' => parts.last().is_some_and(|last| year(last).is_some()),
            _ => parts.iter().any(|part| year(part).is_some()),
        };
        is_whole && is_dated && parts.iter().all(is_number)
    })
}

/// The words of a cell without the marks around them; a dash between two days is none of them.
fn words(cell: &str) -> impl Iterator<Item = &str> {
    let is_mark = |c: char| c.is_whitespace() || matches!(c, ',' | ';' | '(' | ')' | '–' | '—' | '~' | '→');
    let trimmed = |c: char| matches!(c, '.' | ':' | '*' | '`' | '_' | '-' | '"' | '\'' | '[' | ']');
    cell.split(is_mark).map(move |word| word.trim_matches(trimmed)).filter(|word| !word.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(header: &str, cell: &str) -> bool {
        may_end(&super::super::headings::words(header), &cell.to_lowercase())
    }

    #[test]
    fn a_day_below_a_header_that_is_not_known_may_be_an_end() {
        for cell in [
            "2026-01-01",
            "2025-01-01 – 2026-01-01",
            "June 2027",
            "Jun 30, 2027",
            "30 June 2027",
            "Q1 2027",
            "2027-H2",
            "03/04/2027",
            "31.12.2026",
            "end of 2026",
            "2026",
            "2025 - 2026",
            "2026年1月",
            "EOL 2026-01-01",
            "moved to the archive in May 2026",
        ] {
            for header in
                ["Final release", "Support window", "Drop date", "Last release", "Through", "", "Notes"]
            {
                assert!(told(header, cell), "{header}: {cell}");
            }
            for header in
                ["Released", "Release date", "First release", "Date", "Last updated", "Support starts"]
            {
                assert!(!told(header, cell), "{header}: {cell}");
            }
        }
    }

    #[test]
    fn what_is_no_day_or_of_a_beginning_is_none() {
        for cell in [
            "",
            "—",
            "yes",
            "3.4.5",
            "2024.1.0",
            "17.2",
            "Windows Server 2022",
            "CVE-2026-1234",
            "released on 2024-05-01",
            "since May 2024",
            "initial release: 2024-05-01",
            "may need Node 20",
            "12 months",
        ] {
            assert!(!told("Notes", cell), "{cell}");
        }
    }
}
