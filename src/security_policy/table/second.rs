//! What a second cell of a row says where the first leaves something open, or is open itself.
//!
//! The rule that must not be broken: a no stands against a cell that is not understood, and a yes does not, but for an
//! event after which it ends.

use super::super::columns::Columns;
use super::super::denial;
use super::super::status::has_word;
use super::super::status::{self, Legend, Status, Support};
use super::super::until;
use super::says_nothing;

/// "⚠️ Limited" beside "Critical fixes only": what is left is said there. A legend says it too.
pub(super) fn is_limited<'a>(
    status: &Status,
    text: &str,
    legend: &Legend,
    mut remarks: impl Iterator<Item = &'a String>,
) -> bool {
    let is_of_security = |text: &String| Status::read(text, &Legend::new()).support == Support::SecurityOnly;
    let is_open = status.support == Support::Unknown && legend.is_empty() && status::is_open(text);
    is_open && remarks.any(is_of_security)
}

/// A status beside words that say no more: "✅ | Active development", "❌ | Upgrade to 2.x".
pub(super) fn beside_words(status: &Status, text: &str) -> Option<Status> {
    let support = match status.support {
        Support::Yes if status::is_active(text) => Support::Yes,
        Support::No if says_nothing(text) || denial::is_instead(text) => Support::No,
        // What is worked on and not supported is not said to get security fixes.
        Support::No if status::is_active(text) && text.to_lowercase().contains("develop") => Support::Unknown,
        _ => return None,
    };
    Some(Status { support, ..status.clone() })
}

/// A mark of what is "supported" beside security fixes until something that is no day: "24 months after the release of
/// 5.0", "the release of 5.2".
pub(super) fn beside_an_event(columns: &Columns, general: &Status, text: &str) -> Option<Status> {
    let lower = text.trim().to_lowercase();
    if !columns.dated || !columns.plain || !general.by_icon {
        return None;
    }
    let words: Vec<&str> = lower.split_whitespace().collect();
    let event = match words.as_slice() {
        ["the", "release", "of", line] | ["release", "of", line] | ["release", line] => {
            until::ending(&format!("until {line}"))
        }
        _ => None,
    };
    let counted = matches!(words.as_slice(), [number, unit, "after", ..]
        if number.bytes().all(|b| b.is_ascii_digit()) && has_word(unit, status::PERIODS));
    let support = match &general.support {
        Support::No if event.is_some() || counted => Support::No,
        Support::Yes => Support::Until(event?),
        _ => return None,
    };
    Some(Status { support, ..general.clone() })
}
