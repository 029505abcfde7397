//! Sentences beside a table that take back one of its rows, or all of them: "We no longer support 2.x", "All support has
//! ended", "✅ = EOL".
//!
//! The rule that must not be broken: a sentence that denies, ends or bounds what the table promises leaves no promise of
//! it; one with a condition, or about other versions, takes nothing back.

use super::Range;
use super::bounds;
use super::icons::{self, Sign};
use super::lexicon::amends::{
    ADDED, MARKED, OF_WHOLE, SAID_OF_TABLES, TABLES, WHOLE_DENIALS, WHOLE_SUBJECTS, WHOLE_SUPPORT,
};
use super::retraction;
use super::status::{Status, Support};
use super::until::Until;

/// The longest sentence that is looked at.
const LONGEST: usize = 600;

/// What a sentence takes back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Amends {
    /// All that the tables of the section promise.
    All,
    /// These lines.
    Lines(Vec<Range>),
    /// These lines, once the day is over.
    Until(Vec<Range>, Until),
}

impl Amends {
    /// What a sentence beside a table takes back, if anything.
    pub(super) fn read(sentence: &str) -> Option<Self> {
        if sentence.len() > LONGEST {
            return None;
        }
        let all = retraction::words(sentence);
        let said = without_lead(&all);
        let is_all = turns_a_mark(sentence)
            || voids_the_table(said)
            || is_for_some(said)
            || mark(&sentence.to_lowercase()).is_none() && denies_the_whole(said)
            || is_changed(&all, said)
            || retraction::is_plainly_of_all_above(sentence);
        if is_all {
            return Some(Self::All);
        }
        let lines = lines(sentence);
        if lines.is_empty() { bounds::read(sentence) } else { Some(Self::Lines(lines)) }
    }

    /// Whether it says nothing where the sentence is read as a row.
    pub(super) const fn yields(&self) -> bool {
        matches!(self, Self::All | Self::Lines(_))
    }

    /// What it leaves of what a row with this range promises.
    pub(super) fn leaves(&self, support: Support, range: Option<&Range>) -> Support {
        let names = |lines: &[Range]| range.is_some_and(|range| lines.iter().any(|line| covers(line, range)));
        match self {
            _ if support == Support::No => support,
            Self::All => Support::Unknown,
            Self::Lines(lines) if names(lines) => Support::Unknown,
            Self::Until(lines, until) if names(lines) => ended(support, until),
            _ => support,
        }
    }
}

/// What is left of a promise by the end that a sentence sets to it. Whether security fixes end then too, or what ends
/// before the end of the row, nobody can say.
fn ended(support: Support, until: &Until) -> Support {
    match (&support, until) {
        (Support::Yes, _) => Support::Until(until.clone()),
        (Support::Until(Until::Day { last, .. }), Until::Day { last: end, .. }) if end >= last => support,
        _ => Support::Unknown,
    }
}

/// Whether a line is the range, or its first part that is not open.
fn covers(line: &Range, range: &Range) -> bool {
    let begins = line.lower() <= range.lower() && range.lower() < line.upper();
    let whole = line.lower() == range.lower() && line.upper() == range.upper();
    whole || begins && (range.is_open() || range.upper() <= line.upper())
}

/// The words without "Note:", "Update 2024:".
fn without_lead(words: &[String]) -> &[String] {
    let Some((first, rest)) = words.split_first().filter(|(first, _)| ADDED.contains(&first.as_str())) else {
        return words;
    };
    let is_year = |word: &String| word.len() == 4 && word.bytes().all(|b| b.is_ascii_digit());
    // "Update" may also be what nobody gets.
    if first == "update" && rest.first().is_some_and(|word| word == "is") {
        return words;
    }
    if rest.first().is_some_and(is_year) { &rest[1..] } else { rest }
}

/// "Update 2024: only 3.x is supported now."
fn is_changed(all: &[String], said: &[String]) -> bool {
    let is_later = all.first().is_some_and(|word| matches!(word.as_str(), "update" | "edit"));
    let is_support = |word: &String| WHOLE_SUPPORT.contains(&word.as_str());
    is_later
        && said.len() < all.len()
        && said.first().is_some_and(|word| word == "only")
        && said.iter().any(is_support)
}

/// "✅ = EOL", "A check mark means affected": whether one mark is given another meaning than its own.
fn turns_a_mark(sentence: &str) -> bool {
    let lower = sentence.to_lowercase();
    let Some((sign, said)) = mark(&lower) else { return false };
    let mut words = said.split_whitespace();
    let is_verb = words.next().is_some_and(|verb| MARKED.contains(&verb));
    let meaning: Vec<&str> =
        words.skip_while(|word| matches!(*word, "a" | "an" | "the" | "that" | "version" | "is")).collect();
    let own = if sign == Sign::Yes { Support::Yes } else { Support::No };
    let is_alone = !meaning.iter().any(|word| word.chars().any(|c| icons::sign_of(c).is_some()));
    is_verb && is_alone && Status::from_words(&without_nouns(&meaning)).support != own
}

fn without_nouns(words: &[&str]) -> String {
    let is_noun = |word: &&&str| !matches!(**word, "version" | "versions" | "release" | "releases");
    words.iter().filter(is_noun).copied().collect::<Vec<_>>().join(" ")
}

/// The mark that a sentence begins with, and the words after it.
fn mark(lower: &str) -> Option<(Sign, &str)> {
    let text = lower.trim_start_matches(['*', '_', '`', ' ']);
    for (name, sign) in [("a check mark ", Sign::Yes), ("a checkmark ", Sign::Yes), ("a cross ", Sign::No)] {
        if let Some(rest) = text.strip_prefix(name) {
            return Some((sign, rest));
        }
    }
    let coded = text.strip_prefix(':').and_then(|text| text.split_once(':'));
    let (sign, rest) = match coded {
        Some((code, rest)) => (icons::coded(code)?.1, rest),
        None => {
            let first = text.chars().next()?;
            (icons::sign_of(first)?, &text[first.len_utf8()..])
        }
    };
    let rest = rest.trim_start_matches(['\u{fe0f}', '*', '_', '`', ' ']);
    matches!(sign, Sign::Yes | Sign::No).then_some((sign, rest))
}

/// "The table above is out of date": whether it says of the table what is not known to leave it as it is.
fn voids_the_table(words: &[String]) -> bool {
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let said = match words.as_slice() {
        ["everything", "above", "is", said @ ..] => return !said.is_empty(),
        ["the" | "this" | "our", rest @ ..] => {
            let named = rest.iter().take(3).position(|word| TABLES.contains(word));
            let Some(at) = named else { return false };
            let behind = &rest[at + 1..];
            match behind {
                ["above" | "below", "is" | "was", said @ ..] | ["is" | "was", said @ ..] => said,
                _ => return false,
            }
        }
        _ => return false,
    };
    !said.iter().all(|word| SAID_OF_TABLES.contains(word))
}

/// "This applies to Enterprise customers only.", "Support is best effort only."
fn is_for_some(words: &[String]) -> bool {
    let begins = matches!(
        words.iter().map(String::as_str).take(3).collect::<Vec<_>>().as_slice(),
        ["this" | "it" | "these", "applies" | "apply", ..]
            | ["this", "policy" | "table", "applies"]
            | ["the" | "everything", "above", "applies" | "only"]
            | ["support" | "maintenance", "is", ..]
    );
    begins && retraction::is_bounded(words)
}

/// "All support has ended", "No version is supported anymore".
fn denies_the_whole(words: &[String]) -> bool {
    let any = |list: &[&str]| words.iter().any(|word| list.contains(&word.as_str()));
    let is_date =
        |word: &String| word.starts_with("20") && word.bytes().all(|b| b.is_ascii_digit() || b == b'-');
    let known = |word: &String| OF_WHOLE.contains(&word.as_str()) || is_date(word);
    any(WHOLE_DENIALS)
        && any(WHOLE_SUPPORT)
        && any(WHOLE_SUBJECTS)
        && words.iter().all(known)
        && !is_new_only(words)
}

/// "We provide no patch releases": of the word's other sense.
fn is_new_only(words: &[String]) -> bool {
    words.windows(2).any(|two| two == ["patches", "releases"] || two == ["maintenance", "releases"])
}

/// The lines that the clauses of a sentence deny, end or bound.
fn lines(sentence: &str) -> Vec<Range> {
    let has = |words: &[String], list: &[&str]| words.iter().any(|word| list.contains(&word.as_str()));
    let all = retraction::words(sentence);
    if bounds::is_conditional(&all) || bounds::is_of_another(&all) {
        return Vec::new();
    }
    let (mut found, mut open) = (Vec::new(), Vec::new());
    for clause in sentence.split([',', ';', '—', '–', '(', ')', ':']).flat_map(|part| part.split(" but "))
    {
        let words = retraction::words(clause);
        open.extend(bounds::named(clause));
        if retraction::is_against(clause, &words) {
            found.append(&mut open);
        } else if has(&words, WHOLE_SUPPORT) {
            open.clear();
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> String {
        match Amends::read(text) {
            None => "nothing".to_owned(),
            Some(Amends::All) => "all".to_owned(),
            Some(Amends::Until(_, until)) => format!("until {until}"),
            Some(Amends::Lines(lines)) => {
                lines.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
            }
        }
    }

    #[test]
    fn a_sentence_takes_back_the_lines_that_it_denies_ends_or_bounds() {
        for (text, lines) in [
            ("We no longer support 2.x.", ">=2.0.0, <3.0.0"),
            ("2.x has reached end of life.", ">=2.0.0, <3.0.0"),
            ("Support for 2.x has been dropped.", ">=2.0.0, <3.0.0"),
            ("2.x is supported for paying customers only.", ">=2.0.0, <3.0.0"),
            ("Note: 2.x is no longer supported either.", ">=2.0.0, <3.0.0"),
            ("We dropped 2.x in 2023.", ">=2.0.0, <3.0.0"),
            ("3.x gets fixes, 2.1 and 2.2 have reached end of life.", ">=2.1.0, <2.2.0; >=2.2.0, <2.3.0"),
            ("Once 3.0 is out, 2.x is no longer supported.", "nothing"),
            ("Versions older than 2.0 are no longer supported.", "nothing"),
            ("2.x does not get new features.", "nothing"),
            ("2.x is no longer affected.", "nothing"),
            ("Node 18.x is no longer supported.", "nothing"),
            ("2.x receives security fixes.", "nothing"),
            ("There is no fixed end date for 2.x at this time.", "nothing"),
        ] {
            assert_eq!(told(text), lines, "{text}");
        }
    }

    #[test]
    fn a_sentence_takes_all_back_that_denies_the_whole_or_turns_the_table() {
        for text in [
            "Edit: no version is supported anymore.",
            "We do not provide any support.",
            "All support has ended.",
            "No one maintains this anymore.",
            "Support ended on 2020-01-01.",
            "The table above is out of date.",
            "EDIT: everything above is obsolete.",
            "Update 2024: only 3.x is supported now.",
            "The above only applies to Enterprise.",
            "Support is best effort only.",
            "None of the above is supported anymore.",
            "This applies to Enterprise customers only.",
            "✅ marks vulnerable versions.",
            "✅ = EOL",
            ":white_check_mark: means end of life",
            "A check mark means affected:",
        ] {
            assert_eq!(told(text), "all", "{text}");
        }
        for text in [
            "✅ = supported",
            ":x: = not supported",
            "🔴: not supported",
            "❌ No longer supported",
            "Not supported",
            "✅ We fix bugs.",
            "This table is updated in the same change that opens or retires a release line.",
            "This applies to all versions.",
            "Support is provided by the maintainers.",
            "Note: only the latest release is supported.",
            "We do not backport fixes.",
            "Unsupported versions will not receive security updates.",
            "There are no long-term support branches.",
            "We do not provide any support for older versions.",
            "Support is provided for all versions.",
        ] {
            assert_eq!(told(text), "nothing", "{text}");
        }
    }
}
