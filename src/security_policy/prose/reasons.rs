//! The reason before what a sentence says: "Due to limited time, only the latest release is supported."
//!
//! The rule that must not be broken: only a clause of reason is passed over, closed by a comma; one with a number, a
//! condition or a denial of its own is kept, and so is one of another time or for some alone.

use super::signs::{is_denied, is_number, words};
use crate::security_policy::lexicon::reasons::{BECAUSE, KEPT, OPENERS, WE};

/// The sentence without such clauses at its beginning.
pub(super) fn without_reason(text: &str) -> &str {
    let mut rest = text;
    while let Some((clause, behind)) = rest.split_once(", ") {
        if !is_reason(&words(clause)) {
            break;
        }
        rest = behind.trim_start();
    }
    rest
}

fn is_reason(clause: &[String]) -> bool {
    let all: Vec<&str> = clause.iter().map(String::as_str).collect();
    if OPENERS.contains(&all.as_slice()) {
        return true;
    }
    let of_a_reason = BECAUSE.iter().any(|because| all.len() > because.len() && all.starts_with(because));
    let as_what_we_are = matches!(all.as_slice(), ["as", "a" | "an" | "the", .., last] if WE.contains(last));
    let is_kept = |word: &&str| KEPT.contains(word) || is_number(word);
    (of_a_reason || as_what_we_are) && !all.iter().any(is_kept) && !is_denied(&all.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clause_of_reason_is_passed_over() {
        for (text, rest) in [
            ("In general, due to limited time, only X is.", "only X is."),
            ("Owing to the size of the team, we support X.", "we support X."),
            ("As a volunteer project, we support X.", "we support X."),
            ("As a sponsor, you get X.", "As a sponsor, you get X."),
            ("As of June, we support X.", "As of June, we support X."),
            ("Due to 2.x, we support X.", "Due to 2.x, we support X."),
            ("Due to customers, we support X.", "Due to customers, we support X."),
            ("Because of it we support X.", "Because of it we support X."),
        ] {
            assert_eq!(without_reason(text), rest, "{text}");
        }
    }
}
