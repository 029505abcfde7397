//! The ends that the cells of a row tell: in a remark, in a column of ends, and in one that alone speaks of support.
//!
//! The rule that must not be broken: an end that is not understood leaves no promise.

use super::super::beside;
use super::super::status::{self, Legend, Status, Support};
use super::super::until::{self, Until};

/// The end that a remark tells: "EOL 2027-06-30", "LTS until June 2027".
pub(super) fn noted(text: &str) -> Option<Until> {
    until::ending(text).or_else(|| status::yes_until(text.trim().to_lowercase().as_str()))
}

/// What a column of ends says of a line that another column supports: until when, or what is not understood.
pub(super) fn ended(text: &str) -> Option<Support> {
    let tells_none = || beside::tells_no_end(&text.trim().to_lowercase());
    until::read(text).map(Support::Until).or_else(|| (!tells_none()).then_some(Support::Unknown))
}

/// A table without a status column: what is listed is supported until its end of life.
pub(super) fn end_alone(text: &str) -> Status {
    let mut status = Status::read("", &Legend::new());
    let words = text.trim().to_lowercase();
    status.support = match until::read(text) {
        Some(until) => Support::Until(until),
        // Whether it is at its end, and no status.
        None if matches!(words.as_str(), "no" | "false" | "not yet" | "never") => Support::Yes,
        None if matches!(words.as_str(), "yes" | "true") => Support::No,
        None if matches!(words.as_str(), "tbd" | "tba" | "-" | "n/a" | "none" | "to be defined") => {
            Support::Yes
        }
        // A mark may say that it is supported or that it is at its end.
        None if Status::read(text, &Legend::new()).by_icon => Support::Unknown,
        None => match Status::read(text, &Legend::new()).support {
            Support::No => Support::No,
            _ => Support::Unknown,
        },
    };
    status
}
