//! Whether the words of a status cell deny support as a whole, or only an end or a part of it.
//!
//! The rule that must not be broken: where words of support stand beside a denial, or a time is set to it, the cell
//! denies nothing; "fixes until EOL" is no end that has come.

use super::lexicon::statuses::{
    ASKED, DEADLINES, DENIERS, ENDED, INSTEAD, NEGATIONS, REPRIEVES, REPRIEVES_WITHIN, SUPPORT,
};
use super::translated;

/// Whether words with a denial say nothing but that: "EOL", "no longer supported (upgrade to 2.x)".
pub(super) fn is_whole(words: &str) -> bool {
    let put_off = has_any(words, REPRIEVES)
        || is_answered(words)
        || is_of_a_year(words)
        || REPRIEVES_WITHIN.iter().any(|phrase| words.contains(phrase));
    !put_off && clauses(words).into_iter().all(|clause| !promises(clause))
}

/// "EOL: never": an answer that denies the denial.
fn is_answered(words: &str) -> bool {
    let Some((asked, answer)) = words.split_once(':') else { return false };
    let is_end = |word: &&str| NEGATIONS.iter().any(|phrase| phrase == word);
    is_end(&asked.trim()) && matches!(answer.trim(), "never" | "no" | "none" | "not yet" | "false" | "n/a")
}

/// "EOL in 2030": a year that has come or not.
fn is_of_a_year(words: &str) -> bool {
    let all: Vec<&str> = words.split_whitespace().collect();
    let is_year = |word: &str| word.len() == 4 && word.starts_with("20");
    all.windows(2).any(|two| two[0] == "in" && is_year(two[1]))
}

/// The parts of a cell between its marks.
fn clauses(words: &str) -> Vec<&str> {
    let marks = ['(', ')', ',', ';', ':', '—', '–', '/', '、', '。', '（', '）', '，', '；', '：'];
    let between = [" - ", ". ", " but "];
    let mut parts: Vec<&str> = words.split(marks).collect();
    for mark in between {
        parts = parts.into_iter().flat_map(|part| part.split(mark)).collect();
    }
    parts
}

/// Whether a clause speaks of support that its denial does not take away.
fn promises(clause: &str) -> bool {
    let clause = clause.trim();
    if is_instead(clause) {
        return false;
    }
    let Some(denial) = denial(clause) else { return is_of_support(clause) };
    let before = &clause[..denial.at];
    denial.of_an_end || is_of_support(before) && has_any(before, DEADLINES)
}

/// Whether words say what to do instead: "upgrade to 2.x", "security update required".
pub(super) fn is_instead(words: &str) -> bool {
    let words = words.trim().to_lowercase();
    let mut all = words.split_whitespace();
    all.next().is_some_and(|first| INSTEAD.contains(&first))
        || all.last().is_some_and(|last| ASKED.contains(&last))
}

/// The first denial of a clause.
struct Denial {
    /// Where it begins.
    at: usize,
    /// Whether it denies another: "not EOL".
    of_an_end: bool,
}

fn denial(clause: &str) -> Option<Denial> {
    let phrase = NEGATIONS.iter().filter_map(|phrase| clause.find(phrase)).min();
    let first = starts(clause).into_iter().find(|(_, word)| DENIERS.contains(word) || ENDED.contains(word));
    match (phrase, first) {
        (phrase, Some((at, word))) if phrase.is_none_or(|phrase| at < phrase) => {
            Some(Denial { at, of_an_end: phrase.is_some() && DENIERS.contains(&word) })
        }
        (phrase, _) => phrase.map(|at| Denial { at, of_an_end: false }),
    }
}

/// The words of a clause, each with the byte where it begins.
fn starts(clause: &str) -> Vec<(usize, &str)> {
    let is_mark = |c: char| !c.is_alphanumeric() && c != '\'';
    let mut at = 0;
    let mut found = Vec::new();
    for part in clause.split_inclusive(is_mark) {
        found.push((at, part.trim_end_matches(is_mark)));
        at += part.len();
    }
    found
}

fn has_any(words: &str, list: &[&str]) -> bool {
    starts(words).into_iter().any(|(_, word)| list.contains(&word))
}

fn is_of_support(words: &str) -> bool {
    has_any(words, SUPPORT) || translated::is_about_support(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_denial_with_nothing_beside_it_is_whole() {
        for words in [
            "no",
            "eol",
            "unsupported",
            "no longer supported",
            "eol (please upgrade to get fixes)",
            "not supported, use 2.x for updates",
            "support ended, eol",
            "security updates no longer provided",
            "end of life, no fixes of any kind",
            "no longer supported but still downloadable",
            "eol since 2021",
            "unsupported; update required",
            "サポート終了",
            "不再支持",
            "지원 종료",
            "wird nicht mehr unterstützt",
        ] {
            assert!(is_whole(words), "{words}");
        }
    }

    #[test]
    fn a_denial_beside_support_or_of_another_time_is_not() {
        for words in [
            "supported until eol",
            "lts until eol",
            "bug fixes until end of life",
            "maintenance (eol 02/28/2021)",
            "maintenance mode, eol in 2031",
            "critical fixes, eol soon",
            "eol soon",
            "eol: never",
            "eol: no",
            "eol in 2030",
            "eol announced",
            "unsupported after 3.0",
            "eol planned",
            "security support until 5.0; then end of life",
            "not maintained — urgent fixes backported",
            "unsupported except for emergencies",
            "not supported unless it is grave",
            "not actively supported but fixes land",
            "not eol",
            "not yet at end of life",
            "no eol date",
            "보안 패치 (eol 예정)",
            "サポート終了まで",
        ] {
            assert!(!is_whole(words), "{words}");
        }
    }
}
