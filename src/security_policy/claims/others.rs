//! Statements that are about somebody or something else than the process of the project: about what it makes, about what
//! others do, about later versions, about a share.
//!
//! The rule that must not be broken: whatever is said here, the project promises nothing by it.

use super::phrases::{BY_OTHERS, DOES, OF_PROCESS, PRODUCTS};
use super::words::Words;

/// How far into a sentence its subject may stand.
const SUBJECT: usize = 5;

/// Whether a sentence is about something else. `lead`: how many words stand before the colon.
pub(super) fn is_about(words: &Words<'_>, lead: usize) -> bool {
    words.any(BY_OTHERS)
        || is_of_product(words, lead)
        || is_of_forge(words, lead)
        || is_of_later(words)
        || is_of_share(words)
        || is_of_rater(words, lead)
        || (lead > 0 && words.first().is_some_and(is_time))
}

/// "Our product scans dependencies": what is made does something, whoever made it.
fn is_of_product(words: &Words<'_>, lead: usize) -> bool {
    let is_in =
        |at: usize, list: &str| words.get(at).is_some_and(|word| list.split('|').any(|it| it == word));
    // "A scanner checks our dependencies", "the build tool signs": those are tools of the process.
    let is_of_process = |at: usize| at > lead && is_in(at - 1, OF_PROCESS);
    (lead..lead + SUBJECT).any(|at| is_in(at, PRODUCTS) && is_in(at + 1, DOES) && !is_of_process(at))
}

/// "GitHub scans dependencies": what a forge does of itself, by none of the tools that a project sets up there.
fn is_of_forge(words: &Words<'_>, lead: usize) -> bool {
    const SET_UP: [&str; 1] =
        ["dependabot*|renovate|codeql|workflow|workflows|action|actions|pipeline|pipelines"];
    let is_forge =
        matches!(words.get(lead), Some("github" | "gitlab" | "bitbucket" | "codeberg" | "sourceforge"));
    let does = words.get(lead + 1).is_some_and(|word| DOES.split('|').any(|it| it == word));
    is_forge && does && !words.any(&SET_UP)
}

/// "From 2.0 on", "as of v2.0.0", "after 2027": what holds for some versions alone.
fn is_of_later(words: &Words<'_>) -> bool {
    const BOUNDS: [&str; 8] =
        ["from", "as of", "after", "since", "before", "until", "beginning with", "with"];
    const UNITS: [&str; 12] = [
        "day", "days", "hour", "hours", "week", "weeks", "month", "months", "minutes", "business", "working",
        "year",
    ];
    let is_version = |at: usize, is_named: bool| {
        let Some(word) = words.get(at) else { return false };
        let number = word.strip_prefix('v').unwrap_or(word);
        let is_number = number.starts_with(|c: char| c.is_ascii_digit())
            && number.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | 'x' | '+' | '-'))
            && (number.contains('.') || number.len() == 4 || word != number || is_named);
        is_number && !words.get(at + 1).is_some_and(|unit| UNITS.contains(&unit))
    };
    BOUNDS.iter().any(|bound| {
        let Some(at) = words.find(bound) else { return false };
        let next = at + bound.split(' ').count();
        let is_named = words
            .get(next)
            .is_some_and(|word| matches!(word, "version" | "release" | "versions" | "releases"));
        // "With version 2" is said of that version; "with 2.0" of whatever that is.
        match *bound {
            "with" => is_named && is_version(next + 1, true),
            _ => is_version(next, false) || (is_named && is_version(next + 1, true)),
        }
    })
}

/// Whether a word is a time or a version, such as `q4`, `2027` or `v3.0`.
pub(super) fn is_time(word: &str) -> bool {
    let bare = word.trim_start_matches(['q', 'v']);
    let is_number =
        |part: &str| !part.is_empty() && part.len() <= 4 && part.bytes().all(|b| b.is_ascii_digit());
    bare.split('.').all(is_number)
}

/// "OpenSSF Scorecard checks signed releases and SAST": what a rater of projects looks at, whatever it finds.
fn is_of_rater(words: &Words<'_>, lead: usize) -> bool {
    const RATERS: [&str; 3] = ["scorecard", "scorecards", "allstar"];
    const RATES: &[&str] = &["checks|evaluates|assesses|measures|scores|rates|covers|verifies"];
    // "Scorecard checks run weekly": there they are things.
    const THINGS: &[&str] =
        &["checks|scores run|runs|are|is|pass|passes|on|in|with|weekly|daily|monthly|every|each"];
    let is_rater = |at: usize| words.get(at).is_some_and(|word| RATERS.contains(&word));
    (lead..lead + SUBJECT).filter(|at| is_rater(*at)).any(|at| {
        let behind = words.from(at + 1).until(3);
        behind.any(RATES) && !behind.any(THINGS)
    })
}

/// "10% of releases": not all of them.
fn is_of_share(words: &Words<'_>) -> bool {
    const THINGS: [&str; 8] =
        ["of", "release", "releases", "artifacts", "tags", "packages", "binaries", "dependencies"];
    let all: Vec<&str> = words.iter().collect();
    all.windows(2).any(|pair| {
        let share = pair[0].strip_suffix('%').and_then(|number| number.parse::<f32>().ok());
        share.is_some_and(|share| share < 100.0) && THINGS.contains(&pair[1])
    })
}
