//! Lines of cron, as the schedules of workflows have them: POSIX.1-2024, crontab, with lists, ranges, steps and names.
//!
//! The rule that must not be broken: a line that is no such line, or that names a day that never comes, is no schedule.

use std::{collections::BTreeSet, ops::RangeInclusive};

/// The days that are looked through: two leap years and what lies between, and once more.
const DAYS: u32 = 8 * 366;

/// The longest line that is read, in bytes.
const LONGEST: usize = 200;

const MONTHS: [&str; 12] =
    ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
const WEEKDAYS: [&str; 7] = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

/// A line of cron, as far as days go: whatever the hours are, it fires at least once on each of its days.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cron {
    days: BTreeSet<u32>,
    months: BTreeSet<u32>,
    weekdays: BTreeSet<u32>,
    /// Whether the day of the month, and that of the week, is left open: with both given, either will do.
    any_day: bool,
    any_weekday: bool,
}

impl Cron {
    /// Reads a line; `None` where it is none: five fields, each within its range.
    #[must_use]
    pub fn read(line: &str) -> Option<Self> {
        if line.len() > LONGEST {
            return None;
        }
        let fields: Vec<&str> = line.split_whitespace().collect();
        let [minute, hour, day, month, weekday] = fields.as_slice() else { return None };
        field(minute, 0..=59, &[])?;
        field(hour, 0..=23, &[])?;
        Some(Self {
            days: field(day, 1..=31, &[])?,
            months: field(month, 1..=12, &MONTHS)?,
            weekdays: field(weekday, 0..=7, &WEEKDAYS)?.into_iter().map(|day| day % 7).collect(),
            any_day: day.starts_with('*'),
            any_weekday: weekday.starts_with('*'),
        })
    }

    /// The most days from one run to the next; `None` where it never runs. One that runs on every working day counts as
    /// one of every day.
    #[must_use]
    pub fn longest_wait(&self) -> Option<u32> {
        let all_months = self.months.len() == 12;
        if self.any_day
            && self.days.len() == 31
            && all_months
            && (1..=5).all(|it| self.weekdays.contains(&it))
        {
            return Some(1);
        }
        let (mut longest, mut last) = (0, None);
        for day in (0..DAYS).filter(|day| self.is_on(*day)) {
            longest = longest.max(last.map_or(0, |last| day - last));
            last = Some(day);
        }
        (longest > 0).then_some(longest)
    }

    /// Whether it runs on this day, counted from Saturday, 1 January 2000.
    fn is_on(&self, number: u32) -> bool {
        let (month, day) = month_and_day(number);
        let of_month = self.days.contains(&day);
        let of_week = self.weekdays.contains(&((number + 6) % 7));
        let is_day = if self.any_day || self.any_weekday { of_month && of_week } else { of_month || of_week };
        self.months.contains(&month) && is_day
    }
}

/// The month and the day of a day, counted from 1 January 2000; no century is near that is no leap year.
fn month_and_day(number: u32) -> (u32, u32) {
    let mut left = number % 1461;
    let mut is_leap = true;
    while left >= 365 + u32::from(is_leap) {
        left -= 365 + u32::from(is_leap);
        is_leap = false;
    }
    let lengths = [31, 28 + u32::from(is_leap), 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    for (month, length) in (1..).zip(lengths) {
        if left < length {
            return (month, left + 1);
        }
        left -= length;
    }
    (12, 31)
}

/// The values of a field: `*`, `*/5`, `1-5`, `MON-FRI`, `1,15`, `3/4`.
fn field(text: &str, range: RangeInclusive<u32>, names: &[&str]) -> Option<BTreeSet<u32>> {
    let value = |text: &str| -> Option<u32> {
        let named = names.iter().position(|name| name.eq_ignore_ascii_case(text));
        let is_number = !text.is_empty() && text.len() <= 4 && text.bytes().all(|b| b.is_ascii_digit());
        match named {
            Some(at) => u32::try_from(at).ok().map(|at| at + u32::from(names.len() == MONTHS.len())),
            None if is_number => text.parse().ok().filter(|value| range.contains(value)),
            None => None,
        }
    };
    let mut values = BTreeSet::new();
    for part in text.split(',') {
        let (of, step) = match part.split_once('/') {
            Some((of, step)) => (of, step.parse().ok().filter(|step| (1..=99_usize).contains(step))?),
            None => (part, 1),
        };
        let (from, to) = match of.split_once('-') {
            _ if of == "*" => (*range.start(), *range.end()),
            Some((from, to)) => (value(from)?, value(to)?),
            None if part.contains('/') => (value(of)?, *range.end()),
            None => (value(of)?, value(of)?),
        };
        if from > to {
            return None;
        }
        values.extend((from..=to).step_by(step));
    }
    Some(values)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wait(line: &str) -> Option<u32> {
        Cron::read(line).and_then(|cron| cron.longest_wait())
    }

    #[test]
    fn a_line_is_as_often_as_its_longest_wait() {
        for (line, expected) in [
            ("0 8 * * *", 1),
            ("*/5 * * * *", 1),
            ("0 8 * * 1-5", 1),
            ("0 8 * * MON-FRI", 1),
            ("0 8 * * 1", 7),
            ("0 8 * * 7", 7),
            ("0 8 * * 1,4", 4),
            ("0 8 1 * *", 31),
            ("0 8 */2 * *", 2),
            ("0 8 1 */3 *", 92),
            ("0 8 31 * *", 61),
            ("0 8 1 1 *", 366),
            ("0 0 29 2 *", 1461),
            // With both given, either will do.
            ("0 0 31 2 1", 350),
            ("0 0 13 * 5", 7),
        ] {
            assert_eq!(wait(line), Some(expected), "{line}");
        }
    }

    #[test]
    fn what_never_fires_is_no_schedule() {
        for line in [
            "99 99 * * *",
            "60 8 * * *",
            "0 24 * * *",
            "0 0 31 2 *",
            "0 0 30 FEB *",
            "0 0 31 4,6,9,11 *",
            "0 0 0 * *",
            "0 0 32 * *",
            "0 0 * 13 *",
            "0 0 * 0 *",
            "0 0 * * 8",
            "0 8 * *",
            "0 8 * * * *",
            "@daily",
            "daily",
            "",
            "0 8 * * 5-1",
            "*/0 * * * *",
            "a * * * *",
            "0, * * * *",
            "- * * * *",
            "0 8 ? * *",
            "+1 8 * * *",
        ] {
            assert_eq!(wait(line), None, "{line}");
        }
        assert_eq!(wait(&format!("0{} 8 * * *", ",0".repeat(200))), None);
    }

    #[test]
    fn days_are_those_of_the_calendar() {
        assert_eq!(month_and_day(59), (2, 29));
        assert_eq!(month_and_day(366 + 58), (2, 28));
        assert_eq!(month_and_day(366 + 59), (3, 1));
        assert_eq!(month_and_day(1461), (1, 1));
        assert_eq!(month_and_day(365), (12, 31));
    }
}
