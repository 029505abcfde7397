//! Dates as policies write them.
//!
//! The rule that must not be broken: a date that does not exist is told from one that is not understood.

use crate::security_policy::until::MONTHS;
use jiff::civil::Date;

/// A date as it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Written {
    /// A day.
    Day(Date),
    /// A month: its first day.
    Month(Date),
    /// One of two days, the earlier one first: `05/12/2026` has the month before the day or behind it.
    Either(Date, Date),
    /// It is written as a date, and there is no such day.
    Impossible(String),
}

impl Written {
    /// The first day that it may mean.
    #[must_use]
    pub const fn first(&self) -> Option<Date> {
        match self {
            Self::Day(day) | Self::Month(day) | Self::Either(day, _) => Some(*day),
            Self::Impossible(_) => None,
        }
    }

    /// The last day that it may mean.
    #[must_use]
    pub fn last(&self) -> Option<Date> {
        match self {
            Self::Day(day) | Self::Either(_, day) => Some(*day),
            Self::Month(day) => Some(day.last_of_month()),
            Self::Impossible(_) => None,
        }
    }

    /// Whether both may mean the same.
    #[must_use]
    pub fn may_be(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Either(one, two), Self::Day(day)) | (Self::Day(day), Self::Either(one, two)) => {
                day == one || day == two
            }
            _ => self == other,
        }
    }
}

/// The date that `text` begins with; `None` where it begins with none.
pub(super) fn read(text: &str) -> Option<Written> {
    let text =
        text.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, ':' | '*' | '_' | '`' | '('));
    let words: Vec<&str> =
        text.split([' ', ',', '\n', '*', '_', '|', ')', ';']).filter(|w| !w.is_empty()).take(3).collect();
    let bare = |at: usize| words.get(at).map(|word| word.trim_end_matches(['.', ',']));
    let first = bare(0)?;
    if let Some(written) = numeric(first) {
        return Some(written);
    }
    if let Some(month) = month(first) {
        // `January 2025`, or `March 5, 2026`
        let second = bare(1)?;
        return match (year(second), day(second), bare(2)) {
            (Some(year), _, _) => whole_month(year, month),
            (None, Some(day), Some(third)) => exact(third, month, day, &words.join(" ")),
            _ => None,
        };
    }
    // `5 March 2026`
    let (day, month) = (day(first)?, month(bare(1)?)?);
    exact(bare(2)?, month, day, &words.join(" "))
}

/// `2026-03-05`, `2026/03/05`, `31/03/2026`, `5.3.2026`, `2026-03`; `05/03/2026` is one of two days.
fn numeric(word: &str) -> Option<Written> {
    let separator = word.chars().find(|c| matches!(c, '-' | '/' | '.'))?;
    let parts: Vec<&str> = word.split(separator).collect();
    let is_number =
        |part: &&str| !part.is_empty() && part.len() <= 6 && part.bytes().all(|b| b.is_ascii_digit());
    if !parts.iter().all(is_number) {
        return None;
    }
    let number = |part: &str| part.parse::<i32>().ok();
    match parts.as_slice() {
        [y, m] if y.len() == 4 && m.len() <= 2 => {
            let month = i8::try_from(number(m)?).ok()?;
            match whole_month(number(y)?.try_into().ok()?, month) {
                None => Some(Written::Impossible(word.to_owned())),
                some => some,
            }
        }
        [y, m, d] if y.len() >= 4 => of_numbers(word, y, number(m)?, number(d)?),
        // The day stands first, unless it can only be a month's; with slashes and hyphens both ways are in use.
        [a, b, y] if y.len() >= 4 => {
            let (a, b) = (number(a)?, number(b)?);
            let (day, month) = if b > 12 && a <= 12 { (b, a) } else { (a, b) };
            let written = of_numbers(word, y, month, day)?;
            match (&written, of_numbers(word, y, day, month)) {
                (Written::Day(one), Some(Written::Day(two))) if separator != '.' && *one != two => {
                    Some(Written::Either(two.min(*one), two.max(*one)))
                }
                _ => Some(written),
            }
        }
        _ => None,
    }
}

/// Whether a text begins with what stands in the place of a date that was never filled in.
pub(super) fn is_placeholder(text: &str) -> bool {
    const MARKS: [&str; 15] = [
        "yyyy",
        "dd/mm",
        "mm/dd",
        "dd-mm",
        "mm-dd",
        "dd.mm",
        "date",
        "insert",
        "tbd",
        "tba",
        "todo",
        "xxxx",
        "to be determined",
        "to be announced",
        "to be decided",
    ];
    let text = text.trim_start_matches(['[', '<', '{', '(', ' ']);
    MARKS
        .iter()
        .filter_map(|mark| text.strip_prefix(mark))
        .any(|rest| !rest.starts_with(char::is_alphanumeric))
}

fn of_numbers(word: &str, year: &str, month: i32, day: i32) -> Option<Written> {
    let year: Option<i16> = year.parse().ok().filter(|_| year.len() == 4);
    let date = year.and_then(|year| Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok());
    Some(date.map_or_else(|| Written::Impossible(word.to_owned()), Written::Day))
}

fn exact(year: &str, month: i8, day: i8, text: &str) -> Option<Written> {
    if !year.bytes().all(|b| b.is_ascii_digit()) || year.is_empty() || year.len() > 6 {
        return None;
    }
    let date = self::year(year).and_then(|year| Date::new(year, month, day).ok());
    Some(date.map_or_else(|| Written::Impossible(text.to_owned()), Written::Day))
}

fn whole_month(year: i16, month: i8) -> Option<Written> {
    Date::new(year, month, 1).ok().map(Written::Month)
}

fn year(word: &str) -> Option<i16> {
    let is_year = word.len() == 4 && word.bytes().all(|b| b.is_ascii_digit());
    is_year.then(|| word.parse().ok()).flatten()
}

fn day(word: &str) -> Option<i8> {
    let digits = word.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let is_ordinal = ["", "st", "nd", "rd", "th"].contains(&&word[digits.len()..]);
    (is_ordinal && digits.len() <= 2).then(|| digits.parse().ok()).flatten()
}

fn month(word: &str) -> Option<i8> {
    let word = word.to_lowercase();
    let is_it = |month: &&str| {
        **month == word
            || (word.len() == 3 && month.starts_with(&word))
            || word == "sept" && month.starts_with(&word)
    };
    let index = MONTHS.iter().position(is_it)?;
    i8::try_from(index + 1).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_for_a_date_is_none() {
        for text in ["yyyy-mm-dd", "[date]", "<date>", "{{ date }}", "tbd", "to be determined", "dd/mm/yyyy"]
        {
            assert!(is_placeholder(text), "{text}");
        }
        for text in ["", "dated", "2026-11-01", "[x]", "todos", "quarterly"] {
            assert!(!is_placeholder(text), "{text}");
        }
    }

    #[test]
    fn dates_are_read_and_impossible_ones_are_told() {
        let day = |y, m, d| Some(Written::Day(Date::constant(y, m, d)));
        let month = |y, m| Some(Written::Month(Date::constant(y, m, 1)));
        let date = |(y, m, d)| Date::constant(y, m, d);
        let either = |one, two| Some(Written::Either(date(one), date(two)));
        let none = |text: &str| Some(Written::Impossible(text.to_owned()));
        for (text, expected) in [
            ("November 1, 2025", day(2025, 11, 1)),
            (": **November 1st, 2025**", day(2025, 11, 1)),
            ("1 November 2025.", day(2025, 11, 1)),
            ("Nov 1, 2025", day(2025, 11, 1)),
            ("2025-10-31", day(2025, 10, 31)),
            ("2025/10/31 and more", day(2025, 10, 31)),
            ("31/10/2025", day(2025, 10, 31)),
            ("10/31/2025", day(2025, 10, 31)),
            ("31.10.2025", day(2025, 10, 31)),
            ("5.12.2025", day(2025, 12, 5)),
            ("05/12/2025", either((2025, 5, 12), (2025, 12, 5))),
            ("12-05-2025", either((2025, 5, 12), (2025, 12, 5))),
            ("05/05/2025", day(2025, 5, 5)),
            ("January 2025", month(2025, 1)),
            ("2025-01", month(2025, 1)),
            ("March 5, 20265", none("March 5 20265")),
            ("February 30, 2025", none("February 30 2025")),
            ("2025-13-01", none("2025-13-01")),
            ("2025-02-30", none("2025-02-30")),
            ("31/31/2025", none("31/31/2025")),
            ("20255-01-01", none("20255-01-01")),
            ("2025-13", none("2025-13")),
            ("soon", None),
            ("", None),
            ("quarterly", None),
            ("March", None),
            ("1.2.3", None),
            ("v1.2", None),
            ("TBD", None),
            ("May you", None),
        ] {
            assert_eq!(read(text), expected, "{text}");
        }
    }
}
