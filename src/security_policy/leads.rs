//! What stands before a table and ends with a colon: "We provide security updates for the following versions:".
//!
//! The rule that must not be broken: with a word in it that is not known, the table below it promises nothing.

use super::document::fold;
use super::items;
use super::lexicon::leads::{FOREIGN, LEADS};
use super::sentences::sentences;
use super::vocabulary::is_known_with;

/// Clauses that say what is not below, and nothing of what is.
const OF_OTHERS: [&str; 5] = [", other", ", all other", ", older", "; other", "; older"];

/// The longest lead that is looked at.
const LONGEST: usize = 600;

/// Whether the text before a table is a lead that is not understood.
pub(super) fn is_unknown(before: &str) -> bool {
    let Some(last) = sentences(1, before).pop().filter(|last| is_lead(&last.text)) else { return false };
    let lower = last.text.to_lowercase();
    if ["earlier ", "older ", "other "].iter().any(|other| lower.starts_with(other)) {
        return false;
    }
    let end = OF_OTHERS.iter().filter_map(|clause| lower.find(clause)).min().unwrap_or(lower.len());
    let said = last.text.get(..end).unwrap_or(&last.text);
    let of_other =
        items::is_by_a_host(&lower) || ["included in", "final"].iter().any(|said| lower.contains(said));
    last.text.len() > LONGEST || of_other || !is_foreign(&lower) && !is_known_with(&fold(said), LEADS)
}

fn is_lead(sentence: &str) -> bool {
    sentence.trim_end_matches(|c: char| c.is_whitespace() || matches!(c, '*' | '_')).ends_with(':')
}

/// Whether it is written in another language, or in other letters.
fn is_foreign(lower: &str) -> bool {
    let is_other = |c: char| c.is_alphabetic() && !c.is_ascii() && !c.is_lowercase();
    lower.contains(is_other) || lower.split_whitespace().any(|word| FOREIGN.contains(&word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lead_is_understood_where_each_of_its_words_is() {
        for text in [
            "We take security seriously and provide security updates for the following versions of GetAvails:",
            "We support the following versions of widget-works (three last minor releases):",
            "The following versions of ClickHouse server are supported:",
            "Widget is young. The following table shows which versions are currently receiving security updates:",
            "Only the following versions are supported, others are not:",
            "Earlier versions have known security issues that are resolved in 2.6.3:",
            "**Currently supported lines:**",
            "Wir bieten derzeit Sicherheitsupdates für die folgenden Versionen:",
            "Мы предоставляем security updates для следующих версий:",
            "サポート対象は次のとおりです:",
            "We try hard, and no colon ends this.",
            "",
        ] {
            assert!(!is_unknown(text), "{text}");
        }
        for text in [
            "For example:",
            "We try to support:",
            "From January 2030 the following applies:",
            "Supported on Windows only:",
            "Minimum supported Rust versions:",
            "Linux:",
            "GitHub supports the following versions:",
            "Security fixes are included in the following versions:",
            "We support the following versions of the server:",
            "We support the following versions of Windows Server:",
            "The client works with these server versions:",
        ] {
            assert!(is_unknown(text), "{text}");
        }
    }
}
