//! What a status cell says about the versions of its row.
//!
//! An icon decides, a legend may redefine the icon, words come second and a negation before "supported". What is
//! none of these is [`Support::Unknown`].

use std::collections::BTreeMap;

use super::beside::is_harmless;
use super::decoration::is_emoji;
use super::denial;
use super::icons::{self, Sign, sign_of};
pub(super) use super::lexicon::statuses::PERIODS;
use super::lexicon::statuses::{
    ACTIVE, AHEAD, CONDITIONS, CONDITIONS_WITHIN, DENIALS, ENDS, FIXES, HAS_YES, LIMITED, NEGATIONS, OPEN,
    PHASES, REVERSALS, UNCLEAR, WHOLE_NO, WHOLE_YES,
};
use super::until::{self, Until};
use super::words::is_platform;

/// What a row promises.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Support {
    /// Supported.
    Yes,
    /// Not supported.
    No,
    /// Supported until a day or an event.
    Until(Until),
    /// Security or critical fixes only, or only some of them.
    SecurityOnly,
    /// Not understood, or not said: best effort, a warning sign without a legend.
    Unknown,
}

/// A status cell as it is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Status {
    pub(super) support: Support,
    /// Whether the cell marks a line under development.
    pub(super) development: bool,
    /// Whether an icon decided.
    pub(super) by_icon: bool,
    /// Another product that the cell names beside the icon.
    pub(super) product: Option<String>,
    /// Whether the mark is one that a machine translation broke.
    pub(super) broken_mark: bool,
}

/// Words that promise support of any line alike, for a row that is added; `LTS` or `current` belong to one line.
const PLAIN_YES: [&str; 10] = [
    "yes",
    "y",
    "true",
    "supported",
    "fully supported",
    "actively supported",
    "maintained",
    "actively maintained",
    "active",
    "full support",
];

/// Whether a cell is a bare mark of support as it stands in the file: one icon, one code, or a plain word.
pub(super) fn is_bare_yes(raw: &str) -> bool {
    let mut chars = raw.trim_end_matches('\u{fe0f}').chars();
    let icon = chars.next().and_then(sign_of) == Some(Sign::Yes) && chars.next().is_none();
    let code = raw.strip_prefix(':').and_then(|rest| rest.strip_suffix(':'));
    let coded = code.and_then(icons::coded).is_some_and(|(_, sign)| sign == Sign::Yes);
    icon || coded || PLAIN_YES.contains(&raw.to_ascii_lowercase().as_str())
}

/// What the icons mean, where the file says so.
pub(super) type Legend = BTreeMap<String, Status>;

/// The icons of a cell with their names, and the words between them, in lower case.
fn split(text: &str) -> (Vec<(String, Sign)>, String) {
    let (mut found, mut words) = (Vec::new(), String::new());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        if c == ':'
            && let Some((code, after)) = rest[1..].split_once(':')
            && let Some((name, sign)) = icons::coded(&code.to_lowercase())
        {
            found.push((name.to_owned(), sign));
            words.push(' ');
            rest = after;
            continue;
        }
        // Other pictures say nothing.
        if let Some(after) = without_picture(rest) {
            words.push(' ');
            rest = after;
            continue;
        }
        rest = &rest[c.len_utf8()..];
        match sign_of(c) {
            Some(sign) => found.push((c.to_string(), sign)),
            None if is_emoji(c) => {}
            None => words.extend(c.to_lowercase()),
        }
    }
    let words = words.replace(['*', '`', '_', '|'], " ");
    (found, words.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// What follows a `:code:` that is no icon.
fn without_picture(text: &str) -> Option<&str> {
    let (code, after) = text.strip_prefix(':')?.split_once(':')?;
    let is_code = code.starts_with(|c: char| c.is_ascii_lowercase())
        && code.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
    is_code.then_some(after)
}

impl Status {
    pub(super) const fn plain(support: Support) -> Self {
        Self { support, development: false, by_icon: false, product: None, broken_mark: false }
    }

    /// Reads a status cell with the file's legend.
    pub(super) fn read(text: &str, legend: &Legend) -> Self {
        if text.len() > 2000 {
            return Self::plain(Support::Unknown);
        }
        let (icons, words) = split(text);
        let Some((name, first)) = icons.first() else { return Self::from_words(&words) };
        if icons.iter().any(|(_, sign)| sign != first) {
            return Self::plain(Support::Unknown);
        }
        if let Some(status) = legend.get(name) {
            return Self { by_icon: true, ..status.clone() };
        }
        let from_words = Self::from_words(&words);
        let support = match first {
            Sign::Yes | Sign::Broken(true) => match from_words.support {
                support @ (Support::SecurityOnly | Support::Until(_)) => support,
                Support::Yes => Support::Yes,
                // A mark and words that contradict each other are read as neither, and so are an end that is not
                // understood and a condition.
                Support::No => Support::Unknown,
                Support::Unknown if has_end(&words) || is_conditional(&words) || is_turned(&words) => {
                    Support::Unknown
                }
                Support::Unknown if is_harmless(&words) => Support::Yes,
                Support::Unknown => Support::Unknown,
            },
            Sign::No | Sign::Broken(false) if from_words.support == Support::Yes => Support::Unknown,
            Sign::No | Sign::Broken(false) => Support::No,
            Sign::Amber if is_of_security(&words) => Support::SecurityOnly,
            Sign::Amber | Sign::Development => from_words.support,
        };
        Self {
            support,
            development: *first == Sign::Development || from_words.development,
            by_icon: true,
            product: words.split_once(' ').is_none().then_some(words).filter(|word| is_platform(word)),
            broken_mark: matches!(first, Sign::Broken(_)),
        }
    }

    /// Reads words without an icon.
    pub(super) fn from_words(words: &str) -> Self {
        let words = words.trim_matches(['(', ')', '.', '!', ' ']);
        let development = ["pre release", "pre-release", "unstable", "in development", "under development"]
            .iter()
            .any(|mark| words.contains(mark));
        let until = until::read(words).or_else(|| yes_until(words));
        let support = until.map_or_else(|| meaning(words), Support::Until);
        let support = if development && support == Support::Yes { Support::Unknown } else { support };
        Self { development, ..Self::plain(support) }
    }
}

/// Whether a status names the phase that a line is in until its end, and nothing else: "🔧 Maintenance".
pub(super) fn is_phase(text: &str) -> bool {
    let (icons, words) = split(text);
    let plain = icons.iter().all(|(_, sign)| *sign == Sign::Amber);
    let known = words.split(' ').all(|word| PHASES.contains(&word));
    text.len() < 200 && plain && known && words != "development"
}

/// Whether a status is a sign that says neither yes nor no, and no more: "⚠️", "🟡 Limited".
pub(super) fn is_open(text: &str) -> bool {
    is_amber(text) && OPEN.contains(&split(text).1.as_str())
}

/// Whether a cell has signs that say neither yes nor no, and no other.
pub(super) fn is_amber(text: &str) -> bool {
    let (icons, _) = split(text);
    !icons.is_empty() && icons.iter().all(|(_, sign)| *sign == Sign::Amber)
}

/// Whether a remark is a denial of support as a whole: "End of life", and no "no longer gets features".
pub(super) fn is_denial(text: &str) -> bool {
    text.len() < 200 && DENIALS.contains(&split(text).1.trim_matches(['(', ')', '.', '!', ' ']))
}

/// "supported (EOL: 2027-06-30)", "security fixes only, until June 2027", "LTS until 2027": a promise, and where it ends.
pub(super) fn yes_until(words: &str) -> Option<Until> {
    let marked = || {
        let (promise, end) = words.split_once(['(', ',', ';', '–', '—'])?;
        let end = until::ending(end.trim_matches(['(', ')', '.', ' ']))?;
        matches!(meaning(promise.trim()), Support::Yes | Support::SecurityOnly).then_some(end)
    };
    let plain = || {
        let at = [" until ", " till ", " through "].iter().filter_map(|word| words.find(word)).min()?;
        let end = until::ending(&words[at + 1..])?;
        lasts(&words[..at]).then_some(end)
    };
    marked().or_else(plain)
}

/// Whether a promise is all that there is: "LTS", and neither "bug fixes" nor "active support", after which there may be less.
fn lasts(promise: &str) -> bool {
    let words = || promise.split(' ');
    let is_of_fixes = words().all(|word| FIXES.contains(&word));
    let is_last = if is_of_fixes {
        words().any(|word| word == "security")
    } else {
        matches!(meaning(promise), Support::Yes | Support::SecurityOnly)
    };
    is_last && !words().any(|word| word.starts_with("active") || word.starts_with("full"))
}

/// Whether words speak of an end.
pub(super) fn has_end(words: &str) -> bool {
    words.split(|c: char| !c.is_alphanumeric()).any(|word| ENDS.contains(&word))
}

/// Whether words deny something, and not only what follows an answer: "no longer developed, fixes only".
fn is_turned(words: &str) -> bool {
    NEGATIONS.iter().any(|phrase| words.contains(phrase)) && !begins_with_yes(words)
}

/// Whether words promise something only at some time, to some, or under a condition.
pub(super) fn is_conditional(words: &str) -> bool {
    has_word(words, CONDITIONS)
        || CONDITIONS_WITHIN.iter().any(|phrase| words.contains(phrase))
        || UNCLEAR.iter().any(|phrase| words.contains(phrase))
}

/// Whether a denial is one of a time to come: "will be unsupported", "not yet discontinued", "soon end of life".
fn lies_ahead(words: &str) -> bool {
    let denial = NEGATIONS.iter().filter_map(|phrase| words.find(phrase)).min();
    let last = denial.and_then(|at| words[..at].split_whitespace().next_back());
    last.is_some_and(|word| AHEAD.contains(&word))
}

/// Whether words have one of these as whole words.
pub(super) fn has_word(words: &str, list: &[&str]) -> bool {
    let spaced: String =
        words.chars().map(|c| if c.is_alphanumeric() || c == '\'' { c } else { ' ' }).collect();
    let spaced = format!(" {} ", spaced.split_whitespace().collect::<Vec<_>>().join(" "));
    list.iter().any(|phrase| spaced.contains(&format!(" {phrase} ")))
}

/// "yes — fixes come first here", "no (see above)": an answer, and words that neither limit nor reverse it.
fn answer(words: &str) -> Option<Support> {
    let marks = ['(', ',', ';', ':', '—', '–', '.'];
    let at = words.find(marks).into_iter().chain(words.find(" - ")).min()?;
    let (answer, rest) = (words[..at].trim(), &tails::without_ways(&words[at..]));
    let turned = has_end(rest) || is_conditional(rest) || has_word(rest, REVERSALS);
    let compares = rest.contains(['<', '>', '≤', '≥', '+', '=', '^', '~']);
    let mut plain = rest.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let is_no = WHOLE_NO.contains(&answer);
    // What to use instead may be any line.
    if compares && !(is_no && tails::is_advice(rest)) || plain.clone().next().is_none() {
        return None;
    }
    let of_fixes = plain.clone().all(|word| FIXES.contains(&word));
    if is_no {
        // "No updates" is of one thing: what follows may give another.
        let is_plain = !answer.contains(' ') || tails::is_advice(rest);
        return (is_plain && !of_fixes && tails::leaves_no(rest, turned)).then_some(Support::No);
    }
    if turned {
        return None;
    }
    let is_yes = WHOLE_YES.contains(&answer);
    // "(security)" is all that is promised.
    if of_fixes {
        let is_of_security = plain.any(|word| matches!(word, "security" | "critical"));
        return (is_yes && is_of_security).then_some(Support::SecurityOnly);
    }
    // Numbers may be those to which the promise is limited.
    (is_yes && !rest.contains(|c: char| c.is_ascii_digit()) && is_harmless(rest)).then_some(Support::Yes)
}

/// Whether a promise stands before the first mark between words.
fn begins_with_yes(words: &str) -> bool {
    let marks = ['(', ',', ';', ':', '—', '–', '.'];
    let at = words.find(marks).into_iter().chain(words.find(" - ")).min();
    at.is_some_and(|at| WHOLE_YES.contains(&words[..at].trim()))
}

/// "security updates", "critical patches only": words of fixes, and of those for security.
fn is_of_security(words: &str) -> bool {
    let is_of_fixes = words.split(' ').all(|word| word == "only" || FIXES.contains(&word));
    is_of_fixes && has_word(words, &["security", "critical"])
}

/// Whether a status says nothing but that the line is the one that is worked on: "Active development".
pub(super) fn is_active(text: &str) -> bool {
    let (icons, words) = split(text);
    icons.is_empty() && !words.is_empty() && words.split(' ').all(|word| ACTIVE.contains(&word))
}

/// "full support with bug fixes and security patches", "full support: bug fixes, new features"
fn is_full(words: &str) -> bool {
    let full = ["full support", "fully supported", "active support", "actively supported"];
    let rest = full.iter().find_map(|full| words.strip_prefix(full));
    let rest = rest.and_then(|rest| {
        [" with ", " including ", ": ", " — ", " – ", " - "].iter().find_map(|with| rest.strip_prefix(with))
    });
    rest.is_some_and(|rest| rest.split(' ').all(|word| FIXES.contains(&word.trim_matches(','))))
}

/// The words before advice to leave the line: "security fixes only; migrate to 7".
fn without_advice(words: &str) -> &str {
    let marks = [" — ", " – ", " - ", "; ", ", ", " ("];
    let is_advice = |rest: &str| {
        ["update to", "upgrade to", "migrate to", "move to", "please upgrade", "please update"]
            .iter()
            .any(|advice| rest.starts_with(advice))
    };
    let cut = marks.iter().filter_map(|mark| words.split_once(mark)).find(|(_, rest)| is_advice(rest));
    cut.map_or(words, |(said, _)| said)
}

/// What words say, by a lexicon: limits first, then negations, then "supported".
fn meaning(words: &str) -> Support {
    let any = |list: &[&str]| list.iter().any(|phrase| words.contains(phrase));
    if words.ends_with("further notice") && is_harmless(words) {
        return Support::Yes;
    }
    if any(UNCLEAR) {
        return Support::Unknown;
    }
    if lies_ahead(words) {
        return Support::Unknown;
    }
    if words.contains("更新終了予定") && is_harmless(words) {
        return Support::Yes;
    }
    let negated = any(NEGATIONS) || WHOLE_NO.contains(&words);
    let limited = any(LIMITED) || words.ends_with(" only") && is_of_security(&tails::of_fixes(words));
    match (negated, limited) {
        (true, true) => Support::Unknown,
        // "supported, EOL soon", "fixes until EOL"
        (true, false) if begins_with_yes(words) || !denial::is_whole(words) => Support::Unknown,
        (true, false) => Support::No,
        // "security fixes only, until the next release", "(3 months)"
        (false, true) if has_end(words) || has_word(words, PERIODS) => Support::Unknown,
        (false, true) if is_harmless(&tails::without_limit(without_advice(words))) => Support::SecurityOnly,
        (false, true) => Support::Unknown,
        (false, false) if WHOLE_YES.contains(&words) || is_full(words) => Support::Yes,
        (false, false) if any(HAS_YES) && is_harmless(words) => Support::Yes,
        (false, false) if tails::is_gone(words) => Support::No,
        (false, false) => answer(words).unwrap_or(Support::Unknown),
    }
}

mod tails;
#[cfg(test)]
mod tests;
