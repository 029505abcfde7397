//! Words around a table or a list that take back what it says: "These were supported until 2025:", "The versions above
//! are no longer supported", and footnotes with an exception.
//!
//! The rule that must not be broken: what is taken back, as a whole or in part, promises nothing.

use super::lexicon::retractions::{APART, AT_AN_END, DENIALS, LISTED, PAST, POINTERS, RELEASES};
use super::sentences::sentences;

/// Whether the last sentence before a table or a list says that what follows was so once.
pub(super) fn is_of_the_past(before: &str) -> bool {
    let Some(last) = sentences(1, before).pop() else { return false };
    let said = words(&last.text);
    let points = last.text.trim_end().ends_with(':') || has(&said, &["below", "following", "table", "list"]);
    points && (is_past(&said) || is_ended(&said))
}

/// Whether a sentence behind them says that all of them are supported no more.
pub(super) fn is_of_all_above(sentence: &str) -> bool {
    let said = words(sentence);
    let points =
        has(&said, POINTERS) && has(&said, RELEASES) || said.first().is_some_and(|word| word == "they");
    let of_others = said.windows(2).any(|two| two[0] == "not" && LISTED.contains(&two[1].as_str()));
    let apart = of_others || has(&said, APART);
    points && !apart && (has(&said, DENIALS) || is_past(&said) || is_ended(&said))
}

/// "were supported", "previously".
fn is_past(words: &[String]) -> bool {
    let was = |two: &[String]| {
        matches!(two[0].as_str(), "was" | "were") && matches!(two[1].as_str(), "supported" | "maintained")
    };
    has(words, PAST) || words.windows(2).any(was)
}

/// "has reached its end of life", "are out of support".
fn is_ended(words: &[String]) -> bool {
    let text = words.join(" ");
    AT_AN_END.iter().any(|phrase| text.contains(phrase))
}

fn has(words: &[String], list: &[&str]) -> bool {
    words.iter().any(|word| list.contains(&word.as_str()))
}

fn words(text: &str) -> Vec<String> {
    let marks = |c: char| !(c.is_alphanumeric() || matches!(c, '.' | '\'' | '’' | '-'));
    let bare = |word: &str| word.trim_matches(['.', '\'', '’', '-']).replace('’', "'").to_lowercase();
    text.split(marks).map(bare).filter(|word| !word.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_the_past_before_a_table_are_told_from_those_of_today() {
        for (text, past) in [
            ("Until 2025 these versions were supported:", true),
            ("These versions were supported in the past:", true),
            ("The following versions have reached end of support:", true),
            ("The table below shows formerly supported versions.", true),
            ("Support for the following versions has ended:", true),
            ("The following versions are supported:", false),
            ("These versions will receive security updates:", false),
            ("It was written in 2020. The following versions are supported:", false),
            ("We were asked about this.", false),
        ] {
            assert_eq!(is_of_the_past(text), past, "{text}");
        }
    }

    #[test]
    fn a_denial_of_all_above_is_told_from_one_of_all_others() {
        for (text, all) in [
            ("The versions above are no longer supported.", true),
            ("None of these versions are supported anymore.", true),
            ("All of the above releases have reached their end of life.", true),
            ("These versions were supported until 2025.", true),
            ("Support for these versions has ended.", true),
            ("We don't support any of these versions.", true),
            ("They are no longer supported.", true),
            ("Versions not listed above are not supported.", false),
            ("Versions other than these are not supported.", false),
            ("Only the above versions are supported; all others are not.", false),
            ("Releases older than the versions above are no longer supported.", false),
            ("These versions are supported.", false),
            ("Do not report these issues in public.", false),
        ] {
            assert_eq!(is_of_all_above(text), all, "{text}");
        }
    }
}
