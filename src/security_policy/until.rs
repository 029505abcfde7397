//! "until" in a status cell: a day, a month, a quarter, a half year, or an event.

use std::fmt;

use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::lex::{Token, tokens};
use super::range::Range;

/// When a promise ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Until {
    /// After this day; the text is the date as precisely as the cell gives it (`2027-07`, `2026-H2`).
    Day {
        /// The last day.
        last: Date,
        /// The canonical text.
        text: String,
    },
    /// When a release of this line is out; the text is the line as the cell has it.
    Release {
        /// The line.
        line: Range,
        /// `4.x`
        text: String,
    },
}

impl Until {
    /// Whether the day has passed, in UTC; an event never has by the clock alone.
    #[must_use]
    pub fn has_passed(&self, now: jiff::Timestamp) -> bool {
        match self {
            Self::Day { last, .. } => now.to_zoned(TimeZone::UTC).date() > *last,
            Self::Release { .. } => false,
        }
    }
}

impl fmt::Display for Until {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Day { text, .. } => f.write_str(text),
            Self::Release { text, .. } => write!(f, "release {text}"),
        }
    }
}

/// Reads what follows "until", or a bare date. Words it does not know make it `None`.
pub(super) fn read(text: &str) -> Option<Until> {
    said(text, false)
}

/// Reads what follows "until" or another word of ending, and no bare date, which may be of something else.
pub(super) fn ending(text: &str) -> Option<Until> {
    said(text, true)
}

fn said(text: &str, must_be_named: bool) -> Option<Until> {
    clause(text, must_be_named).or_else(|| clause(first_sentence(text)?, must_be_named))
}

/// The first sentence, where what follows it speaks of no other end: "until 2027-06-30. Upgrade in time."
fn first_sentence(text: &str) -> Option<&str> {
    let (first, rest) = text.split_once(". ")?;
    let further = ["until", "till", "through", "support", "extended", "fixes", "patches", "updates"];
    let rest = rest.to_lowercase();
    let more = |word: &str| further.iter().any(|further| word.starts_with(further));
    let ends = rest.starts_with(char::is_alphabetic) && !rest.split_whitespace().any(more);
    ends.then_some(first)
}

fn clause(text: &str, must_be_named: bool) -> Option<Until> {
    if text.len() > 100 {
        return None;
    }
    let lower = text.to_lowercase();
    let mut text = lower.trim().trim_matches('*').trim();
    text = text.strip_prefix('(').and_then(|inner| inner.strip_suffix(')')).unwrap_or(text).trim();
    let (mut prefixed, mut ends) = (false, false);
    for word in [
        "until",
        "till",
        "through",
        "eol",
        "ends",
        "end of life",
        "eol:",
        "supported until",
        "support ends",
        "end of support",
        "at",
        "bis",
        "jusqu'au",
        "hasta",
    ] {
        if let Some(rest) = text.strip_prefix(word).filter(|rest| rest.starts_with([' ', ':'])) {
            text = rest.trim_start_matches([' ', ':']);
            prefixed = true;
            // Through a year is through its last month.
            ends |= word == "through";
        }
    }
    if must_be_named && !prefixed {
        return None;
    }
    for phrase in ["the end of ", "end of "] {
        if let Some(rest) = text.strip_prefix(phrase) {
            (text, ends) = (rest, true);
        }
    }
    let text = text.strip_suffix("(plan)").or_else(|| text.strip_suffix("(planned)")).unwrap_or(text).trim();
    day(text, ends).or_else(|| prefixed.then(|| release(text)).flatten())
}

/// `4.x`, `v58`, `release v58`, `version 2.0 is released`
fn release(text: &str) -> Option<Until> {
    let mut text = text;
    for word in ["the ", "release of ", "release ", "version "] {
        text = text.strip_prefix(word).unwrap_or(text);
    }
    for word in [
        " is released",
        " releases",
        " release",
        " is out",
        " ships",
        " is shipped",
        " is published",
        " comes out",
    ] {
        text = text.strip_suffix(word).unwrap_or(text);
    }
    let found = tokens(text)?;
    let [Token::Version(version)] = found.as_slice() else { return None };
    let sized = version.wildcard || version.parts > 1 || text.starts_with('v');
    let exact = || version.point().filter(|_| version.is_exact() && is_no_date(text)).map(Range::exact);
    let line = version.line().or_else(exact).filter(|_| sized && version.numbers[0] < 1900)?;
    Some(Until::Release { line, text: text.to_owned() })
}

/// Whether three numbers cannot be a day with a short year: `2.0.0`, not `12.10.26`.
fn is_no_date(text: &str) -> bool {
    let parts: Vec<&str> = text.trim_start_matches('v').split('.').collect();
    let padded = parts.iter().any(|part| part.len() > 1 && part.starts_with('0'));
    !padded && parts.last().is_some_and(|last| last.len() == 1)
}

/// A date in any of the forms that policies use.
fn day(text: &str, end: bool) -> Option<Until> {
    let words: Vec<&str> = text.split([' ', ',']).filter(|word| !word.is_empty()).collect();
    match words.as_slice() {
        [word] => one_word(word, end),
        ["q1" | "q2" | "q3" | "q4", year] | [year, "q1" | "q2" | "q3" | "q4"] => {
            let quarter = words.iter().find(|word| word.starts_with('q'))?;
            part_of_year(self::year(year)?, &quarter.to_ascii_uppercase())
        }
        [name, year] if !end || month(name).is_some() => whole_month(self::year(year)?, month(name)?),
        [year, name, number] if self::year(year).is_some() => {
            exact(self::year(year)?, month(name)?, ordinal(number)?)
        }
        [a, b, year] => {
            let year = self::year(year)?;
            let (month_name, number) = if month(a).is_some() { (a, b) } else { (b, a) };
            exact(year, month(month_name)?, ordinal(number)?)
        }
        _ => None,
    }
}

fn one_word(word: &str, end: bool) -> Option<Until> {
    if let Some((year, half)) = word.split_at_checked(4)
        && let Some(year) = self::year(year)
    {
        let half = half.strip_prefix('-').unwrap_or(half);
        if matches!(half, "h1" | "h2" | "q1" | "q2" | "q3" | "q4") {
            return part_of_year(year, &half.to_ascii_uppercase());
        }
        if half.is_empty() && end {
            return whole_month(year, 12);
        }
    }
    let numbers = |separator| {
        word.split(separator)
            .map(|part| part.parse::<i16>().ok().filter(|_| part.len() <= 4))
            .collect::<Option<Vec<_>>>()
    };
    if let Some([year, month, day]) = numbers('-').as_deref()
        && *year > 1900
    {
        return exact(*year, i8::try_from(*month).ok()?, i8::try_from(*day).ok()?);
    }
    if let [day, name, year] = word.split('-').collect::<Vec<_>>().as_slice()
        && let (Some(month), Some(year)) = (month(name), self::year(year))
    {
        return exact(year, month, day.parse().ok()?);
    }
    if let Some([year, month]) = numbers('-').as_deref()
        && *year > 1900
    {
        return whole_month(*year, i8::try_from(*month).ok()?);
    }
    for separator in ['/', '.', '-'] {
        if let Some([first, second, year]) = numbers(separator).as_deref()
            && *year > 1900
        {
            let (first, second) = (i8::try_from(*first).ok()?, i8::try_from(*second).ok()?);
            // Which of them is the month, nobody can say.
            if separator != '.' && first <= 12 && second <= 12 && first != second {
                return None;
            }
            let (day, month) = if second > 12 { (second, first) } else { (first, second) };
            return exact(*year, month, day);
        }
    }
    None
}

/// A year that a policy may speak of.
pub(super) fn year(text: &str) -> Option<i16> {
    let digits = text.len() == 4 && text.bytes().all(|b| b.is_ascii_digit());
    digits.then(|| text.parse().ok()).flatten().filter(|year| (1970..=2200).contains(year))
}

fn ordinal(text: &str) -> Option<i8> {
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let suffix = &text[digits.len()..];
    ["", "st", "nd", "rd", "th"].contains(&suffix).then(|| digits.parse().ok()).flatten()
}

/// The English months, in order.
pub(super) const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// The number of a month, by its English name.
pub(super) fn month(text: &str) -> Option<i8> {
    let text = text.strip_suffix('.').unwrap_or(text);
    let full = MONTHS.iter().position(|month| *month == text || text.len() == 3 && month.starts_with(text));
    let index = full.or_else(|| (text == "sept").then_some(8))?;
    i8::try_from(index + 1).ok()
}

fn exact(year: i16, month: i8, day: i8) -> Option<Until> {
    let last = Date::new(year, month, day).ok()?;
    Some(Until::Day { last, text: last.to_string() })
}

fn whole_month(year: i16, month: i8) -> Option<Until> {
    let last = Date::new(year, month, 1).ok()?.last_of_month();
    Some(Until::Day { last, text: format!("{year}-{month:02}") })
}

fn part_of_year(year: i16, part: &str) -> Option<Until> {
    let month = match part {
        "Q1" => 3,
        "H1" | "Q2" => 6,
        "Q3" => 9,
        _ => 12,
    };
    let last = Date::new(year, month, 1).ok()?.last_of_month();
    Some(Until::Day { last, text: format!("{year}-{part}") })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> String {
        read(text).map_or_else(|| "none".to_owned(), |until| until.to_string())
    }

    #[test]
    fn dates_are_read_in_the_forms_that_policies_use() {
        for (text, date) in [
            ("until July 2027", "2027-07"),
            ("until july 2027", "2027-07"),
            ("until end of 2024", "2024-12"),
            ("Until 2023-12-31", "2023-12-31"),
            ("23/06/2026", "2026-06-23"),
            ("23.05.2026", "2026-05-23"),
            ("05/23/2026", "2026-05-23"),
            ("2026H2(plan)", "2026-H2"),
            ("Q1 2027", "2027-Q1"),
            ("July 2024", "2024-07"),
            ("February 6th, 2024", "2024-02-06"),
            ("5 June 2024", "2024-06-05"),
            ("Jun 5, 2024", "2024-06-05"),
            ("Until 4.x", "release 4.x"),
            ("through 2025", "2025-12"),
            ("eol: june 2025", "2025-06"),
            ("(At Release v58)", "release v58"),
            ("until 2.0.0", "release 2.0.0"),
            ("until 2027-06-30. Upgrade to the new line in time.", "2027-06-30"),
            ("until Feb. 6, 2027", "2027-02-06"),
            ("01-May-2027", "2027-05-01"),
            ("until 31-oct-2027", "2027-10-31"),
            ("until v1.4.0 ships", "release v1.4.0"),
        ] {
            assert_eq!(told(text), date, "{text}");
        }
    }

    #[test]
    fn what_is_no_date_is_not_made_one() {
        for text in [
            "",
            "TBD",
            "Further notice",
            "2024",
            "31/02/2026",
            "13/13/2026",
            "May 32, 2024",
            "Best effort",
            "4.x",
            "until 2024",
            "until 12.10.26",
            "until 01.02.3",
            "until 2.0.0-rc.1",
            "2.0.0",
            "31-Feb-2027",
            "01-Mai-27",
            "until 2027-06-30. Extended support ends 2028-06-30.",
            "until then. Upgrade.",
        ] {
            assert_eq!(told(text), "none", "{text}");
        }
    }

    #[test]
    fn a_promise_lasts_through_its_last_day() {
        let until = read("until July 2027").unwrap();
        assert!(!until.has_passed("2027-07-31T23:59:59Z".parse().unwrap()));
        assert!(until.has_passed("2027-08-01T00:00:00Z".parse().unwrap()));
    }
}
