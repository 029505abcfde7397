//! Words around a table or a list that take back what it says: "These were supported until 2025:", "The versions above
//! are no longer supported", and footnotes with an exception.
//!
//! The rule that must not be broken: what is taken back, as a whole or in part, promises nothing.

use super::beside::denies_support;
use super::lexicon::retractions::{
    APART, AT_AN_END, BOUNDS, HOLDERS, LISTED, POINTERS, RELEASES, UNSUPPORTED, VOID,
};
use super::sentences::sentences;
use super::until::MONTHS;
use super::withdrawn::is_until_a_year;
use super::words::is_platform;

/// Whether the last sentence before a table or a list says that what follows was so once.
pub(super) fn is_of_the_past(before: &str) -> bool {
    let Some(last) = sentences(1, before).pop() else { return false };
    let said = words(&last.text);
    points_below(&last.text, &said) && (is_past(&said) || is_ended(&said))
}

/// Whether a sentence before a table says that it holds no more, not for all, or of something else.
pub(super) fn takes_back_below(before: &str) -> bool {
    let is_against = |sentence: &str| {
        let said = words(sentence);
        let apart = is_of_others(&said)
            || names_a_version(&said)
            || said.iter().any(|word| word != "below" && APART.contains(&word.as_str()))
            || has(&said, &["whether", "which"])
            || has(&said, &["supported"]) && has(&said, &["unsupported"]);
        points_below(sentence, &said)
            && (!apart && denies(sentence, &said)
                || is_void(&said)
                || is_bounded(&said)
                || is_until_a_year(&said)
                || is_of_a_platform(&said))
    };
    is_of_the_past(before) || sentences(1, before).iter().any(|sentence| is_against(&sentence.text))
}

fn points_below(sentence: &str, words: &[String]) -> bool {
    let listed_here = |two: &[String]| LISTED.contains(&two[0].as_str()) && two[1] == "here";
    sentence.trim_end().ends_with(':')
        || has(words, &["below", "following", "table", "list"])
        || words.windows(2).any(listed_here)
}

/// Whether a sentence behind them says that all of them are supported no more.
pub(super) fn is_of_all_above(sentence: &str) -> bool {
    let said = words(sentence);
    let points = has(&said, POINTERS) && has(&said, RELEASES) || is_of_them(&said) || is_of_all(&said);
    is_against_above(sentence, &said, points)
}

/// The same in a bullet, or below another heading: it has to say "above", or "all versions".
pub(super) fn is_plainly_of_all_above(sentence: &str) -> bool {
    let said = words(sentence);
    let points = has(&said, &["above"]) && has(&said, RELEASES) || is_of_all(&said);
    is_against_above(sentence, &said, points)
}

fn is_against_above(sentence: &str, words: &[String], points: bool) -> bool {
    let of_table = has(words, &["above", "this"]) && has(words, &["table", "list", "policy"]);
    let only_for = words
        .windows(2)
        .any(|two| two[0] == "only" && matches!(two[1].as_str(), "for" | "on" | "with" | "to"));
    if of_table && is_void(words)
        || points && only_for && !names_a_version(words) && words.first().is_none_or(|word| word != "only")
    {
        return true;
    }
    let apart = is_of_others(words) || has(words, APART) || names_a_version(words);
    points && !apart && (denies(sentence, words) || is_past(words) || is_ended(words) || is_bounded(words))
}

/// Whether a clause denies, ends or bounds what it names.
pub(super) fn is_against(clause: &str, words: &[String]) -> bool {
    let dropped =
        words.windows(2).any(|two| two[0] == "we" && matches!(two[1].as_str(), "dropped" | "stopped"));
    dropped || denies(clause, words) || is_past(words) || is_ended(words) || is_bounded(words)
}

/// "They", "both", "support has ended", "we stopped providing updates": all that was said before.
fn is_of_them(words: &[String]) -> bool {
    match first_words(words).as_slice() {
        ["they", ..] | ["both" | "neither", "is" | "are" | "of" | "versions" | "lines" | "releases", ..] => {
            true
        }
        ["support" | "maintenance", "has" | "is" | "was" | "ended", ..]
        | ["security", "support" | "updates", "has" | "have" | "is" | "ended", ..] => true,
        ["we", "stopped" | "ceased", ..] | ["we", "have", "stopped" | "ceased", ..] => !has(words, &["for"]),
        _ => false,
    }
}

/// "All versions", "none of them", "support for all releases": whatever there is.
fn is_of_all(words: &[String]) -> bool {
    let words = without_time(words);
    let of_support = matches!(
        first_words(words).as_slice(),
        ["all", "support" | "maintenance", ..] | ["all", "security" | "official", "support", ..]
    );
    let for_all = words.iter().take(3).position(|word| word == "for").is_some_and(|at| {
        has(&words[..at], &["support", "maintenance", "updates"])
            && words[..at].iter().all(|word| OF_SUPPORT.contains(&word.as_str()))
            && match first_words(&words[at + 1..]).as_slice() {
                ["this", holder, ..] => HOLDERS.contains(holder),
                ["the", "project", ..] => true,
                ["all", "published" | "existing" | "current", thing, ..]
                | ["all" | "any" | "every", thing, ..] => RELEASES.contains(thing),
                _ => false,
            }
    });
    of_support
        || for_all
        || matches!(
            first_words(words).as_slice(),
            ["all" | "no", "versions" | "releases" | "branches" | "lines", ..]
                | ["every" | "no", "version" | "release" | "branch" | "line", ..]
                | ["all" | "none", "of", "them" | "these" | "those", ..]
                | ["all" | "none", "of", "the", "above" | "versions" | "releases", ..]
        )
}

/// Words without the time that they begin with: "As of 1 March 2026".
fn without_time(words: &[String]) -> &[String] {
    let lead = match first_words(words).as_slice() {
        ["as", "of", ..] | ["effective", "from", ..] => 2,
        ["since" | "from" | "effective", ..] => 1,
        _ => return words,
    };
    let is_known = |word: &&String| is_time(word) || matches!(word.as_str(), "now" | "today" | "the");
    &words[lead + words[lead..].iter().take_while(is_known).count()..]
}

/// A part of a day.
fn is_time(word: &str) -> bool {
    word.starts_with(|c: char| c.is_ascii_digit()) || MONTHS.iter().any(|month| word.starts_with(&month[..3]))
}

/// "From 2030", "will be": of a time that may be to come.
fn is_later(words: &[String]) -> bool {
    words.first().is_some_and(|word| matches!(word.as_str(), "from" | "starting")) || has(words, &["will"])
}

/// Words of support as a whole: "all security support for this project".
const OF_SUPPORT: [&str; 8] =
    ["all", "the", "our", "official", "security", "support", "maintenance", "updates"];

/// Whether a sentence says of all that there is, wherever it stands, that it is supported no more.
pub(super) fn is_against_everything(sentence: &str) -> bool {
    const FIRST: [&str; 14] = [
        "all",
        "as",
        "effective",
        "every",
        "from",
        "maintenance",
        "no",
        "none",
        "official",
        "our",
        "security",
        "since",
        "support",
        "updates",
    ];
    let first = sentence.split(|c: char| !c.is_alphanumeric()).find(|word| !word.is_empty());
    if !first.is_some_and(|first| FIRST.iter().any(|word| first.eq_ignore_ascii_case(word))) {
        return false;
    }
    let said = words(sentence);
    let is_of_others =
        first_words(&said).iter().any(|word| matches!(*word, "them" | "these" | "those" | "above"));
    // "No version is unsupported": denied twice. "one year after its release", "on Windows": of a part.
    let is_twice =
        said.first().is_some_and(|word| word == "no") && (has(&said, UNSUPPORTED) || is_ended(&said));
    let is_of_a_part = has(&said, &["candidates", "year", "years", "month", "months", "after", "each"])
        || said.windows(2).any(|two| two[0] == "on" && !is_time(&two[1]));
    let is_whole = !is_of_others && !is_twice && !is_of_a_part && !is_later(&said);
    is_of_all(&said) && is_whole && is_against_above(sentence, &said, true)
}

/// The words that a sentence begins with, four at most.
fn first_words(words: &[String]) -> Vec<&str> {
    words.iter().take(4).map(String::as_str).collect()
}

/// "not listed above": of what is not there.
fn is_of_others(words: &[String]) -> bool {
    words.windows(2).any(|two| two[0] == "not" && LISTED.contains(&two[1].as_str()))
}

/// Whether one line is named.
fn names_a_version(words: &[String]) -> bool {
    words.iter().any(|word| {
        word.contains(|c: char| c.is_ascii_digit()) && word.contains(['.', 'x', 'v']) && !word.contains('-')
    })
}

/// Whether a sentence denies support, in one of its clauses.
fn denies(sentence: &str, words: &[String]) -> bool {
    let lower = sentence.to_lowercase().replace('’', "'");
    has(words, UNSUPPORTED) || lower.split([',', ';', ':', '(', ')', '—', '–']).any(denies_support)
}

/// "is outdated", and not "may be outdated".
fn is_void(words: &[String]) -> bool {
    has(words, VOID) && !has(words, &["likely", "may", "might", "can", "could", "if"])
}

/// "for customers", "on a best-effort basis".
pub(super) fn is_bounded(words: &[String]) -> bool {
    let is_favour = |two: &[String]| {
        matches!((two[0].as_str(), two[1].as_str()), ("best", "effort") | ("on" | "by", "request"))
    };
    has(words, BOUNDS) || words.windows(2).any(is_favour)
}

/// "versions of Python"
fn is_of_a_platform(words: &[String]) -> bool {
    let of = |three: &[String]| {
        matches!(three[0].as_str(), "versions" | "releases") && three[1] == "of" && is_platform(&three[2])
    };
    words.windows(3).any(of)
}

/// "were supported", "previously maintained", "have been dropped".
fn is_past(words: &[String]) -> bool {
    let was = |two: &[String]| {
        matches!(
            (two[0].as_str(), two[1].as_str()),
            ("was" | "were" | "formerly" | "previously" | "we", "supported" | "maintained")
                | ("been" | "were" | "was" | "are" | "is" | "being", "dropped" | "stopped" | "ceased")
        )
    };
    let stopped =
        has(words, &["stopped", "ceased", "discontinued"]) && has(words, &["we", "been", "support"]);
    stopped || words.windows(2).any(was)
}

/// "has reached its end of life", "are out of support"; "until their end of life" is no end.
fn is_ended(words: &[String]) -> bool {
    let text = words.join(" ");
    !has(words, &["until", "till"]) && AT_AN_END.iter().any(|phrase| text.contains(phrase))
}

fn has(words: &[String], list: &[&str]) -> bool {
    words.iter().any(|word| list.contains(&word.as_str()))
}

/// The words of a sentence in lower case, without marks.
pub(super) fn words(text: &str) -> Vec<String> {
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
    fn what_is_said_before_a_table_takes_it_back_or_not() {
        for (text, back) in [
            ("The following versions are not currently supported:", true),
            ("None of the following versions are supported anymore:", true),
            ("As of January 2025, none of the versions below are supported.", true),
            ("We no longer provide security updates for any version listed below.", true),
            ("We no longer provide security updates for any version listed here.", true),
            ("Versions not listed here get no security updates.", false),
            ("The table below is no longer valid.", true),
            ("The policy below is a draft and not yet in force.", true),
            ("Before 2024 we supported:", true),
            ("Old policy (until 2023):", true),
            ("This is a template; please ignore the table below.", true),
            ("The following versions are supported for customers with a contract:", true),
            ("The following versions are supported on a best-effort basis:", true),
            ("The following versions of Python are supported:", true),
            ("The following versions are supported:", false),
            ("Only the following versions are supported, others are not:", false),
            ("Versions not listed below are not supported.", false),
            ("The following list describes whether a version is eligible or not for updates.", false),
            ("Until further notice the following versions are supported:", false),
            ("Before reporting, see the following table:", false),
            ("Versions below 4.0.0 are no longer supported.", false),
            ("On branches this table is likely to be outdated.", false),
        ] {
            assert_eq!(takes_back_below(text), back, "{text}");
        }
    }

    #[test]
    fn a_denial_of_all_above_is_told_from_one_of_all_others() {
        for (text, all) in [
            ("The versions above are no longer supported.", true),
            ("Support for the above versions ended in 2024.", true),
            ("All versions are now unsupported.", true),
            ("All versions are end of life.", true),
            ("All of them have reached their end of life.", true),
            ("Neither is supported anymore.", true),
            ("Both are unsupported.", true),
            ("Support has been discontinued.", true),
            ("We stopped providing security updates in January 2025.", true),
            ("The above versions are supported only for sponsors.", true),
            ("The above table is outdated.", true),
            ("These releases are not affected by CVE-2024-1.", false),
            ("They do not include third-party plugins.", false),
            ("These versions will never receive breaking changes.", false),
            ("All versions before 2.0 are unsupported.", false),
            ("All 0.x versions are unsupported.", false),
            ("We stopped providing updates for Windows.", false),
            ("They get fixes until their end of life.", false),
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
            ("Support for all versions ended on 31 December 2025.", true),
            ("Support ended December 2025.", true),
            ("All support ended on 31 December 2025.", true),
            ("As of 1 December 2025, no releases are supported.", true),
            ("Every version is EOL.", true),
            ("Security support for this project ended on 1 March 2026.", true),
            ("This policy expired on 2025-12-31.", true),
            ("Paid support for all releases has ended.", false),
            ("All support requests are answered.", false),
            ("Support for all versions of 1.x ended in 2025.", false),
            ("Every release is scanned.", false),
            ("Support for the plugin API ended in 2025.", false),
            ("These versions are supported.", false),
            ("Do not report these issues in public.", false),
        ] {
            assert_eq!(is_of_all_above(text), all, "{text}");
        }
    }
}
