//! What stands before a table and ends with a colon: "We provide security updates for the following versions:".
//!
//! The rule that must not be broken: below one of an example, an aim, another time or another thing, the table promises
//! nothing.

use super::items;
use super::lexicon::leads::{BEFORE_PLATFORMS, BEGINNINGS, DOUBTS};
use super::retraction::words;
use super::sentences::sentences;
use super::until::MONTHS;
use super::words::is_platform;

/// The longest lead that is looked at.
const LONGEST: usize = 600;

/// Whether the text before a table is a lead that leaves it no promise.
pub(super) fn is_in_doubt(before: &str) -> bool {
    let Some(last) = sentences(1, before).pop().filter(|last| is_lead(&last.text)) else { return false };
    let said = words(&last.text);
    let is_of_others =
        said.first().is_some_and(|first| matches!(first.as_str(), "earlier" | "older" | "other"));
    if is_of_others {
        return false;
    }
    last.text.len() > LONGEST
        || said.iter().any(|word| DOUBTS.contains(&word.as_str()))
        || said.windows(2).any(|two| two == ["included", "in"])
        || said.windows(2).any(|two| BEGINNINGS.contains(&two[0].as_str()) && is_time(&two[1]))
        || is_of_a_platform(&said)
        || items::is_by_a_host(&last.text.to_lowercase())
}

fn is_lead(sentence: &str) -> bool {
    sentence.trim_end_matches(|c: char| c.is_whitespace() || matches!(c, '*' | '_')).ends_with(':')
}

/// A month or a year.
fn is_time(word: &str) -> bool {
    MONTHS.contains(&word)
        || word.len() == 4 && word.starts_with("20") && word.bytes().all(|b| b.is_ascii_digit())
}

/// "Supported on Windows only", "Minimum supported Rust versions", "Linux".
fn is_of_a_platform(words: &[String]) -> bool {
    (0..words.len()).filter(|&at| is_platform(&words[at])).any(|at| {
        let is_behind =
            at.checked_sub(1).is_none_or(|before| BEFORE_PLATFORMS.contains(&words[before].as_str()));
        let next = words.get(at + 1).map(String::as_str);
        is_behind || matches!(next, Some("only" | "version" | "versions" | "releases"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lead_of_an_example_an_aim_or_another_thing_is_told_from_one_of_support() {
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
            "We support the following versions of the server:",
            "As a small team we support:",
            "The following plugin versions are currently supported with security updates:",
            "Our team actively monitors and patches the following versions:",
            "We release patches for security vulnerabilities. Which versions are eligible for receiving such patches depends on \
             the CVSS v3.0 Rating:",
            "Since 2.0 we support the following versions of the Docker image:",
            "",
        ] {
            assert!(!is_in_doubt(text), "{text}");
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
            "We support the following versions of Windows Server:",
            "The client works with these server versions:",
        ] {
            assert!(is_in_doubt(text), "{text}");
        }
    }
}
