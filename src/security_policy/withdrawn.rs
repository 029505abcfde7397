//! Headings, captions and summaries that take back what stands under them, and banners that end a whole project.
//!
//! The rule that must not be broken: what stands under such a title, or in the file of such a project, promises nothing.

use super::document::STRUCK;
use super::headings::words;
use super::lexicon::headings::{THINGS, VERSIONS};
use super::lexicon::retractions::{AFFIRMING, BOUNDS, ENDED_TITLES, ENDINGS, HOLDERS, IF, LINKS, TITLES};
use super::until::MONTHS;

/// Whether a title says that what stands under it is supported no more, not yet, or not for all.
pub(super) fn is_withdrawn(title: &str) -> bool {
    let said = words(title);
    if title.contains(STRUCK) || is_of_others(title, &said) {
        return true;
    }
    let has = |list: &[&str]| said.iter().any(|word| list.contains(&word.as_str()));
    // "Supported and unsupported versions"
    if title.len() > 200 || has(&["and", "or", "vs", "both"]) || title.contains(['/', '&', '|']) {
        return false;
    }
    let no_longer = said.windows(2).any(|two| two == ["no", "longer"]);
    let of_old = said.first().is_some_and(|word| matches!(word.as_str(), "old" | "former" | "previous"));
    if no_longer || has(TITLES) || has(BOUNDS) || of_old && has(&["policy"]) || is_until_a_year(&said) {
        return true;
    }
    let text = said.join(" ");
    (has(ENDED_TITLES) || text.starts_with("end of life")) && !has(AFFIRMING)
}

/// "Supported OpenSSL versions", "Versions supported by Acme", "Supported versions in 2019", "(archived)".
fn is_of_others(title: &str, said: &[String]) -> bool {
    let words: Vec<&str> = said.iter().map(String::as_str).collect();
    let is_noun = |at: usize| VERSIONS.contains(&words[at]) && words[at] != "updates";
    let of_a_thing = (1..words.len()).any(|at| {
        let two = at >= 2 && THINGS.contains(&format!("{} {}", words[at - 2], words[at - 1]).as_str());
        is_noun(at) && (two || THINGS.contains(&words[at - 1]))
    });
    let behind = words.windows(2).any(|two| match two {
        ["supported" | "maintained" | "versions" | "releases", "by"] => true,
        ["in" | "from" | "since" | "for" | "of", next] => {
            matches!(*next, "forks" | "fork" | "dependencies") || *next != "now" && is_year(next)
        }
        _ => false,
    });
    let aside = title.split_once('(').and_then(|(_, aside)| aside.split_once(')')).map(|(aside, _)| aside);
    let is_old = aside.is_some_and(|aside| {
        let said = self::words(aside);
        !said.is_empty()
            && said.iter().all(|word| {
                ENDED_TITLES.contains(&word.as_str())
                    || matches!(word.as_str(), "old" | "former" | "outdated")
            })
    });
    (1..words.len()).any(is_noun) && of_a_thing
        || words.iter().any(|word| VERSIONS.contains(word)) && (behind || is_old)
}

fn is_year(word: &str) -> bool {
    word.len() >= 4 && word.starts_with("20") && word.as_bytes()[2].is_ascii_digit()
}

/// "until 2024", "before 2024"
pub(super) fn is_until_a_year(words: &[String]) -> bool {
    words.windows(2).any(|two| matches!(two[0].as_str(), "until" | "till" | "before") && is_year(&two[1]))
}

/// Whether a sentence says that the whole project is at its end: "This repository is archived."
pub(super) fn ends_the_project(sentence: &str) -> bool {
    let begins = |with: &str| {
        let start = sentence.trim_start_matches(|c: char| !c.is_alphanumeric());
        start.get(..with.len()).is_some_and(|start| start.eq_ignore_ascii_case(with))
    };
    let is_one =
        ["the project", "the policy", "the security policy", "the table", "the document", "the matrix"];
    let names_this = || sentence.as_bytes().windows(4).any(|four| four.eq_ignore_ascii_case(b"this"));
    if !is_one.into_iter().any(begins) && !names_this() {
        return false;
    }
    let said = words(&sentence.replace(';', " "));
    if is_a_policy_of_its_time(&said) {
        return true;
    }
    if said.iter().any(|word| IF.contains(&word.as_str())) {
        return false;
    }
    let is_holder = |at: usize| said.get(at).is_some_and(|word| HOLDERS.contains(&word.as_str()));
    // "the project" as the first words, and "this project" anywhere: others may speak of another one.
    let is_subject = |at: &usize| {
        (said[*at] == "this"
            || *at == 0 && said[0] == "the" && said.get(1).is_some_and(|word| word == "project"))
            && is_holder(at + 1)
    };
    // "archived on Zenodo", "discontinued on conda": somewhere else.
    let is_elsewhere = said.windows(2).any(|two| {
        matches!(two[0].as_str(), "on" | "in")
            && !two[1].starts_with(|c: char| c.is_ascii_digit())
            && !MONTHS.iter().any(|month| two[1].starts_with(&month[..3]))
            && two[1] != "maintenance"
    });
    let is_left = |at: usize| {
        matches!(said[at].as_str(), "abandoned" | "discontinued" | "deprecated" | "retired" | "archived")
            && said[..at].iter().any(|word| matches!(word.as_str(), "has" | "have" | "we"))
            && !said[..at].iter().any(|word| matches!(word.as_str(), "not" | "never"))
            && said.get(at + 1).is_some_and(|word| word == "this")
            && is_holder(at + 2)
    };
    let is_of_others = |at: &usize| said[*at] == "the" && is_elsewhere;
    (0..said.len()).filter(is_subject).filter(|at| !is_of_others(at)).any(|at| {
        let linked = said[at + 2..].iter().take_while(|word| LINKS.contains(&word.as_str())).count();
        let rest = &said[at + 2 + linked..];
        linked > 0 && is_ending(&said[at + 2..at + 2 + linked], rest)
    }) || !is_elsewhere && (0..said.len()).any(is_left)
        || !is_elsewhere && said[0] == "this" && is_holder(1) && gets_no_fixes(&said)
}

/// "gets no security fixes", and not "has no security fixes for 1.x".
fn gets_no_fixes(said: &[String]) -> bool {
    let of_a_part = |word: &String| {
        matches!(word.as_str(), "for" | "to" | "backported") || word.contains(|c: char| c.is_ascii_digit())
    };
    let is_none = |four: &[String]| {
        matches!(four[0].as_str(), "gets" | "get" | "receives" | "receive" | "provides")
            && four[1] == "no"
            && four[2] == "security"
            && matches!(four[3].as_str(), "fixes" | "updates" | "patches" | "support")
    };
    said.windows(4).any(is_none) && !said.iter().any(of_a_part)
}

/// "This policy is valid until 2025-12-31", "this policy expired": nobody promises more by it for certain.
fn is_a_policy_of_its_time(said: &[String]) -> bool {
    let words: Vec<&str> = said.iter().take(7).map(String::as_str).collect();
    let (["this" | "the", "security", "policy" | "document" | "table" | "matrix", behind @ ..]
    | ["this" | "the", "policy" | "document" | "table" | "matrix", behind @ ..]) = words.as_slice()
    else {
        return false;
    };
    match behind {
        ["expired" | "expires", ..] | ["has" | "is", "expired", ..] => true,
        ["is" | "was" | "remains", "valid", "until" | "till" | "through", next, ..] => *next != "further",
        _ => false,
    }
}

/// "UNMAINTAINED" as a text of its own, with or without a sign before it.
pub(super) fn is_shouted(sentence: &str) -> bool {
    if sentence.len() > 40 {
        return false;
    }
    let marks = |c: char| !c.is_alphanumeric();
    let word = sentence.trim_matches(marks).to_ascii_lowercase();
    matches!(
        word.as_str(),
        "unmaintained" | "abandoned" | "discontinued" | "no longer maintained" | "not maintained"
    )
}

/// Whether words after "is", "has been", "is no longer" are those of an end.
fn is_ending(links: &[String], rest: &[String]) -> bool {
    let has = |link: &str| links.iter().any(|word| word == link);
    let next = |at: usize| rest.get(at).map(String::as_str).unwrap_or_default();
    let negated = has("longer") || has("not");
    if negated {
        return matches!(next(0), "maintained" | "supported" | "developed" | "updated")
            || next(0) == "under" && matches!(next(1), "active" | "development" | "support");
    }
    ENDINGS.contains(&next(0)) || next(0) == "end" && next(1) == "of" && matches!(next(2), "life" | "support")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_that_withdraw_are_told_from_those_that_do_not() {
        for title in [
            "Versions no longer supported",
            "Not supported versions",
            "Previously Supported Versions",
            "Planned supported versions",
            "Supported versions (sponsors only)",
            "Supported versions until 2024",
            "Unsupported",
            "EOL",
            "Legacy",
            "Deprecated versions",
            "No longer supported:",
            "Old policy",
            "Formerly supported",
            "~~Supported Versions~~",
            "Supported OpenSSL Versions",
            "Supported VS Code Versions",
            "Supported Server versions",
            "Supported Operating System Versions",
            "Versions supported by Acme",
            "Supported versions in forks",
            "Supported Versions (archived)",
            "Supported Versions in 2019",
            "Supported Versions from 2030",
        ] {
            assert!(is_withdrawn(title), "{title}");
        }
        for title in [
            "Supported Versions",
            "Supported Widget Versions",
            "Supported Versions of Widget",
            "Supported Versions (stable)",
            "Supported and unsupported versions",
            "Supported / Unsupported",
            "Active and legacy versions",
            "Previous versions",
            "Version Support Policy",
            "Legacy LTS releases",
            "End-of-Life Schedule",
            "EOL policy",
        ] {
            assert!(!is_withdrawn(title), "{title}");
        }
    }

    #[test]
    fn a_project_at_its_end_is_told_from_one_that_speaks_of_ends() {
        for text in [
            "This repository is archived.",
            "This repository has been archived; see the fork.",
            "This project is unmaintained and no longer receives security updates.",
            "This project has reached end of life.",
            "This package is no longer actively maintained.",
            "This crate has been deprecated.",
            "Note: this library is not maintained anymore.",
            "This project is no longer under active development or support.",
            "The project has reached its end of life.",
            "The maintainers have abandoned this project.",
            "This policy is valid until 2025-12-31.",
            "This policy expired on 2025-12-31.",
            "This repository is in maintenance mode and gets no security fixes.",
        ] {
            assert!(ends_the_project(text), "{text}");
        }
        for text in [
            "If this project is ever archived, we will say so.",
            "This project is actively maintained.",
            "This project is not deprecated.",
            "This project no longer supports 1.x.",
            "This project is at 2.0, and 1.x is unmaintained.",
            "Tell us before this repository is archived.",
            "This module's 1.x line is deprecated.",
            "The package is deprecated.",
            "This policy is valid until further notice.",
            "Once the deadline in this policy has expired, you may publish.",
            "This policy covers tokens valid until revoked.",
            "Versions not in this table have expired.",
            "The project is archived on Zenodo.",
            "We have discontinued this package on conda.",
            "This package receives no security updates in Debian.",
            "This project gets no security fixes for 1.x.",
            "The project is not abandoned.",
            "We have not abandoned this project.",
            "Unmaintained versions get no fixes.",
        ] {
            assert!(!ends_the_project(text), "{text}");
        }
    }
}
