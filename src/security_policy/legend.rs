//! What a file itself says that its icons mean: `✅: supported`, in a list, a paragraph or a quoted table.
//!
//! The rule that must not be broken: one icon alone is no legend, and an explanation that takes itself back is unknown.

use super::decoration::is_emoji;
use super::icons::{self, sign_of};
use super::lexicon::statuses::{LIMITED, NEGATIONS, REVERSALS};
use super::selector::Selector;
use super::status::{Legend, Status, Support, has_end, has_word, is_conditional};

/// The bytes of an icon's meaning that are read.
const LONGEST_MEANING: usize = 400;

/// Reads `icon: meaning` lines of a list, a paragraph or a quoted table into the legend.
pub(super) fn learn(legend: &mut Legend, texts: &[&str]) {
    let mut found = Legend::new();
    for text in texts.iter().filter(|text| text.len() < 4000) {
        for (icon, words) in pairs(text) {
            // `✅ 2.x` is a row and explains no icon.
            if Selector::read(&words, false).range.is_none() {
                found.insert(icon, explained(&words));
            }
        }
    }
    if found.len() >= 2 {
        legend.extend(found);
    }
}

/// What an icon means by the words of a legend: all of them, or the first sentence where the others take nothing back.
fn explained(words: &str) -> Status {
    let all = Status::from_words(words);
    let Some((first, rest)) = words.split_once(". ") else { return all };
    let taken_back = has_end(rest)
        || is_conditional(rest)
        || has_word(rest, REVERSALS)
        || NEGATIONS.iter().chain(LIMITED).any(|phrase| rest.contains(phrase));
    match all.support {
        Support::Yes if taken_back => Status::plain(Support::Unknown),
        Support::Unknown if !taken_back && words.len() < LONGEST_MEANING => Status::from_words(first),
        _ => all,
    }
}

/// The icons of a text, each with the words that follow it; none unless the text begins with one.
fn pairs(text: &str) -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = Vec::new();
    let mut rest = text.trim_start();
    while let Some(c) = rest.chars().next() {
        let coded = (c == ':').then(|| rest[1..].split_once(':')).flatten();
        let named =
            coded.and_then(|(code, after)| icons::coded(code).map(|(name, _)| (name.to_owned(), after)));
        let other = coded.filter(|(code, _)| {
            !code.is_empty() && code.bytes().all(|b| b.is_ascii_lowercase() || b == b'_')
        });
        let icon = named
            .or_else(|| other.map(|(code, after)| (code.to_owned(), after)))
            .or_else(|| sign_of(c).map(|_| (c.to_string(), &rest[c.len_utf8()..])));
        if let Some((icon, after)) = icon {
            found.push((icon, String::new()));
            rest = after;
            continue;
        }
        let Some((_, words)) = found.last_mut() else { return Vec::new() };
        if !is_emoji(c) && words.len() < LONGEST_MEANING {
            words.extend(c.to_lowercase());
        }
        rest = &rest[c.len_utf8()..];
    }
    for (_, words) in &mut found {
        *words = words
            .trim_matches(|c: char| {
                c.is_whitespace() || matches!(c, ':' | '=' | '-' | '–' | '/' | '|' | '.' | '*')
            })
            .to_owned();
    }
    found.retain(|(_, words)| !words.is_empty());
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_legend_redefines_its_icons_and_a_single_icon_is_no_legend() {
        let mut legend = Legend::new();
        learn(&mut legend, &["✅: entierement supportée", "✔️: end of life", "❌: non-supportée"]);
        assert_eq!(Status::read("✔️", &legend).support, Support::No);
        assert_eq!(Status::read("✅", &legend).support, Support::Yes);
        let mut none = Legend::new();
        learn(&mut none, &["✅ is not supported here"]);
        assert!(none.is_empty());
    }

    #[test]
    fn a_legend_that_says_what_an_icon_says_confirms_it() {
        let told = |yes: &str| {
            let mut legend = Legend::new();
            let no = ":x: - The version is not supported. You can expect nothing.";
            learn(&mut legend, &[yes, no]);
            [":white_check_mark:", ":x:"].map(|cell| Status::read(cell, &legend).support)
        };
        let yes = ":white_check_mark: - The version is fully supported. You can expect fixes and features.";
        assert_eq!(told(yes), [Support::Yes, Support::No]);
        let turned = ":white_check_mark: - The version is fully supported. That ends in June.";
        assert_eq!(told(turned)[0], Support::Unknown);
        assert_eq!(told(":white_check_mark: - It is not fully supported.")[0], Support::Unknown);
    }
}
