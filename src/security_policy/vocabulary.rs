//! Whether each word of a sentence is known, so that nothing in it can turn, end or bound what was read of it.
//!
//! The rule that must not be broken: a sentence is a promise, or a denial, only where no word of it is unknown. What is
//! missing in the lists leaves a sentence unread; it never makes a promise of one that is none.

use super::lexicon::beside;
use super::lexicon::cells::REGISTRIES;
use super::lexicon::sentences::{ADVICE, BRANCHES, NEEDS, VERSIONS};
use super::lexicon::subjects::{NO_SUBJECTS, SUBJECT_VERBS};
use super::lexicon::vocabulary::{BESIDE, DENYING, GENERAL, HARMLESS, INSTEAD, OF_ENDS, REASONS};
use super::words::is_platform;

/// What a sentence was read as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reading {
    Promise,
    /// A promise until a day or a release that was read.
    PromiseUntil,
    Denial,
    /// A sentence beside a table, whose words leave what the table says.
    Beside,
}

/// Whether all of it is understood.
pub(super) fn is_understood(text: &str, reading: Reading) -> bool {
    let text = without_harmless(text);
    let text = match reading {
        Reading::Promise | Reading::Beside => without_needs(&text),
        Reading::PromiseUntil => before(&text, OF_ENDS),
        Reading::Denial => without_reason(before(before(without_needs(&text), ADVICE), INSTEAD)),
    };
    is_known(text, reading)
}

/// Whether each word of it is known, also behind what it needs and where it advises.
pub(super) fn is_known(text: &str, reading: Reading) -> bool {
    let words = Words::of(text);
    (0..words.0.len()).all(|at| words.is_known(at, reading) && !words.denies_an_end(at))
}

/// The text without phrases that change nothing.
fn without_harmless(text: &str) -> String {
    let mut kept = text.to_owned();
    for phrase in HARMLESS {
        while let Some(at) = kept.to_ascii_lowercase().find(phrase) {
            kept.replace_range(at..at + phrase.len(), " ");
        }
    }
    kept
}

/// The text before the first of these phrases, in any case.
fn before<'t>(text: &'t str, phrases: &[&str]) -> &'t str {
    let lower = text.to_ascii_lowercase();
    let end = phrases.iter().filter_map(|phrase| lower.find(phrase)).min();
    &text[..end.unwrap_or(text.len())]
}

/// The text before what it says that something needs: "and uses Gadget 2.x".
fn without_needs(text: &str) -> &str {
    let mut at = 0;
    for part in text.split_inclusive(char::is_whitespace) {
        let word = bare(part).to_lowercase();
        if NEEDS.contains(&word.as_str()) && word != "with" {
            return &text[..at];
        }
        at += part.len();
    }
    text
}

/// The words of a text as they are written, without the marks around them.
struct Words<'t>(Vec<&'t str>);

/// A denial without its reason, where nothing in that turns it.
fn without_reason(text: &str) -> &str {
    let kept = before(text, REASONS);
    let behind = text[kept.len()..].to_lowercase();
    let turns = [";", " but ", " except", " only", " still", " however", " though", " unless", "other than"];
    if turns.iter().any(|turn| behind.contains(turn)) { text } else { kept }
}

impl<'t> Words<'t> {
    fn of(text: &'t str) -> Self {
        let has_letter = |word: &&str| word.contains(char::is_alphanumeric);
        Self(text.split_whitespace().map(bare).filter(has_letter).collect())
    }

    fn lower(&self, at: usize) -> String {
        self.0.get(at).map(|word| word.to_lowercase()).unwrap_or_default()
    }

    fn is_known(&self, at: usize, reading: Reading) -> bool {
        let lower = self.lower(at);
        let listed = |word: &str| {
            GENERAL.contains(&word)
                || BRANCHES.contains(&word)
                || reading == Reading::Denial && DENYING.contains(&word)
                || reading == Reading::Beside && (beside::HARMLESS.contains(&word) || BESIDE.contains(&word))
        };
        let is_joined = || lower.split(['-', '/']).all(|part| listed(part) || is_version(part));
        listed(&lower)
            || is_version(&lower)
            || is_joined()
            || reading != Reading::Denial && self.is_of_a_platform(at)
            || self.is_release_build(at)
            || self.is_name(at, reading)
    }

    /// "release builds": what is released.
    fn is_release_build(&self, at: usize) -> bool {
        matches!(self.lower(at).as_str(), "build" | "builds")
            && at.checked_sub(1).is_some_and(|before| self.lower(before) == "release")
    }

    /// "on ARM", "for Acme": where or for whom alone, unless a version or its noun follows.
    fn is_apart(&self, at: usize) -> bool {
        let back = |n: usize| at.checked_sub(n).map(|at| self.lower(at)).unwrap_or_default();
        let is_one = |word: String| matches!(word.as_str(), "on" | "for" | "by" | "in");
        let next = self.lower(at + 1);
        let named = is_version(&next) || VERSIONS.contains(&next.as_str());
        (is_one(back(1)) || back(1) == "the" && is_one(back(2))) && !named
    }

    /// "not at end of life": a denial that is none of support.
    fn denies_an_end(&self, at: usize) -> bool {
        let ends = ["end", "end-of-life", "eol", "unsupported", "unmaintained", "deprecated"];
        let small = ["a", "an", "at", "the", "its"];
        let behind = (at + 1..self.0.len()).map(|at| self.lower(at));
        let next = behind.into_iter().find(|word| !small.contains(&word.as_str()));
        matches!(self.lower(at).as_str(), "not" | "never")
            && next.is_some_and(|next| ends.contains(&next.as_str()))
    }

    /// "with Node 20": what it runs with.
    fn is_of_a_platform(&self, at: usize) -> bool {
        let is_with = |at: usize| self.lower(at) == "with";
        let is_one = |at: usize| is_platform(&self.lower(at));
        let back = |n: usize| at.checked_sub(n);
        is_one(at) && back(1).is_some_and(is_with)
            || is_number(self.0[at]) && back(1).is_some_and(is_one) && back(2).is_some_and(is_with)
    }

    /// Whether a word is the name of the project, as far as its place and its letters tell.
    fn is_name(&self, at: usize, reading: Reading) -> bool {
        let (word, lower) = (self.0[at], self.lower(at));
        let is_advisory = ["cve-", "ghsa-"].iter().any(|begin| lower.starts_with(begin));
        let is_by_somebody = (1..3).filter_map(|back| at.checked_sub(back)).any(|at| self.lower(at) == "by");
        if is_advisory
            || is_by_somebody
            || DENYING.contains(&lower.as_str())
            || is_platform(&lower)
            || NO_SUBJECTS.contains(&lower.as_str())
        {
            return false;
        }
        if reading != Reading::Denial && self.is_apart(at) {
            return false;
        }
        let (before, after) = (at.checked_sub(1).map(|at| self.lower(at)), self.lower(at + 1));
        let is_written_so = word.chars().skip(1).any(char::is_uppercase) || word.starts_with('@');
        let is_capital = at > 0 && word.starts_with(char::is_uppercase);
        let is_subject = at == 0 && (SUBJECT_VERBS.contains(&after.as_str()) || is_version(&after));
        let is_published =
            matches!(after.as_str(), "on" | "to") && REGISTRIES.contains(&self.lower(at + 2).as_str());
        let ends = after.is_empty() || SUBJECT_VERBS.contains(&after.as_str()) || is_published;
        let is_owner = before.as_deref() == Some("of") && ends;
        let is_called =
            before.is_some_and(|before| matches!(before.as_str(), "crate" | "package" | "library"));
        is_written_so || is_capital || is_subject || is_owner || is_called
    }
}

/// A word without the marks around it.
fn bare(word: &str) -> &str {
    let is_mark = |c: char| !(c.is_alphanumeric() || matches!(c, '@'));
    word.trim_matches(is_mark)
}

/// `2.x`, `v1.2`, `N`, `N-1`, `1.0+`; no year and no day.
fn is_version(word: &str) -> bool {
    let word = word.trim_start_matches('v');
    matches!(word, "n" | "x" | "x.y" | "x.y.z") || is_number(word) && !is_date(word)
}

fn is_number(word: &str) -> bool {
    word.starts_with(|c: char| c.is_ascii_digit())
}

/// `2031`, `2031-06`, `2031-06-30`: a number that begins with a year, and nothing but more numbers.
fn is_date(word: &str) -> bool {
    let year = word.split(['-', '/']).next().unwrap_or_default();
    let is_year = year.len() == 4 && year.starts_with("20") && year.bytes().all(|b| b.is_ascii_digit());
    is_year && word.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'-' | b'/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_promise_is_one_where_each_word_is_known() {
        for text in [
            "Only the latest release is supported.",
            "granit-parser supports only the latest released version.",
            "The latest version of templ is supported.",
            "We take security seriously and provide security updates for the latest version of TimeProofs (v0.x).",
            "Widget 3.x is supported with Node 20.",
            "4.x is actively maintained and developed on the master branch, and uses Gadget SDK 3.0;",
        ] {
            assert!(is_understood(text, Reading::Promise), "{text}");
        }
        for text in [
            "We may support the latest release.",
            "The latest release isn't supported.",
            "The latest release is supported for sponsors.",
            "Nobody supports the latest release.",
            "Tidelift supports the latest release.",
            "Debian supports the latest release.",
            "We support the latest release of our dependencies.",
            "1.2.x is supported (until 2024-06-30).",
            "1.2.x is supported, ending 2025-06-30.",
            "1.2.x is supported (EOL).",
            "The latest release is supported by Acme Corp.",
            "The latest release is supported in 2024.",
            "We support kernels >= 5.4.",
        ] {
            assert!(!is_understood(text, Reading::Promise), "{text}");
        }
    }

    #[test]
    fn a_denial_is_one_where_each_word_before_its_advice_is_known() {
        for text in [
            "1.x is no longer supported; please upgrade to 2.x.",
            "1.x is no longer maintained; it needs PHP < 8.0",
            "Older versions are not supported.",
            "Versions prior to v5 are unsupported and should not be used.",
        ] {
            assert!(is_understood(text, Reading::Denial), "{text}");
        }
        for text in [
            "1.2.x is no longer actively developed but still receives security fixes.",
            "1.2.x is in maintenance mode and will not receive new features.",
            "1.2.x is not covered by our bug bounty program.",
            "1.2.x will reach end of life in June 2027.",
            "1.2.x is not yet unsupported.",
            "1.2.x is not supported without a contract.",
            "1.2.x will not be supported beyond June 2030.",
        ] {
            assert!(!is_understood(text, Reading::Denial), "{text}");
        }
    }
}
