//! The form of a forge for private reports, where a policy speaks of it by name.
//!
//! The rule that must not be broken: a form that is not there, or perhaps there, is not offered.

use super::units::Unit;
use super::words::{Words, folded};
use crate::security_policy::sentences::sentences;

/// What the form is called.
pub(super) const NAMES: [&str; 3] =
    ["private vulnerability reporting", "privately report", "private security advisory"];

/// Whether a unit offers the form: whether one sentence that names it neither denies it nor leaves it open.
pub(super) fn is_offered(unit: &Unit) -> bool {
    let all = sentences(unit.line, &unit.text);
    let mut named = all.iter().filter_map(|sentence| says(&sentence.text)).peekable();
    named.peek().is_none() || named.any(|is_offered| is_offered)
}

/// Whether a sentence that names the form offers it.
fn says(sentence: &str) -> Option<bool> {
    let folded = folded(sentence);
    let words = Words::of(&folded);
    let at = words.find_any(&NAMES)?;
    Some(!is_denied(&words, at) && !is_conditional(&words, at))
}

/// "private reporting is not available", "we do not use private reporting"
fn is_denied(words: &Words<'_>, at: usize) -> bool {
    const STATES: [&str; 2] = [
        "is|are|was not|currently|yet|disabled|unavailable|off|unsupported",
        "isn't|aren't|disabled|unavailable",
    ];
    const REFUSALS: [&str; 2] = [
        "not|don't|doesn't|can't|cannot|never use|have|offer|support|enable|accept|monitor|provide",
        "no|without",
    ];
    let behind = words.from(at + 2).until(6);
    let before = words.from(at.saturating_sub(4)).until(at.min(4));
    behind.any(&STATES) || before.any(&REFUSALS)
}

/// "if private reporting is enabled", "use private reporting when available"
fn is_conditional(words: &Words<'_>, at: usize) -> bool {
    const OPEN: [&str; 2] = [
        "if|when|where|once|whenever|unless|until enabled|available|possible|offered|supported|active|activated",
        "if|when|where|once|whenever|unless|until it|this|that is",
    ];
    const IF: [&str; 1] = ["if|when|where|once|unless|until|whether"];
    let is_state = words.from(at).until(8).any(&["is|are|isn't|has"]);
    words.from(at).any(&OPEN) || words.from(at.saturating_sub(3)).until(at.min(3)).any(&IF) && is_state
}
