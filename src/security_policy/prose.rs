//! Sentences about supported versions, by a small lexicon of English.
//!
//! A number in a sentence is mostly an example. It becomes a row only as the subject of "is (not) supported", or in
//! "the latest 1.x"; a sentence with a condition or a time window is kept as prose, and advice to users is nothing.

use super::decoration::strip_decoration;
use super::lex::{Token, tokens};
use super::lexicon::sentences::{ABOUT, ADVICE, BRANCHES, DENIED, HEDGES, NARROWING, NOUNS};
use super::range::{Op, Point, Range};
use super::selector::{Kind, Selector, Unit};
use super::sentences::Sentence;
use super::status::Support;
use super::words::is_platform;

/// A sentence as it is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Statement {
    pub(super) sentence: Sentence,
    pub(super) selector: Selector,
    pub(super) support: Support,
}

/// What a sentence says: a row, prose that is about support but not understood, or nothing.
pub(super) fn read(sentence: &Sentence, earlier: &[Statement]) -> Option<Statement> {
    if sentence.text.len() > 600 {
        return None;
    }
    let words = words(&sentence.text);
    let lower = words.join(" ");
    if is_example(&words) || is_advice(&lower) {
        return None;
    }
    let told = |selector, support| Some(Statement { sentence: sentence.clone(), selector, support });
    let about = is_about_support(&lower);
    if about && has_window(&words) {
        return told(Selector::of(Kind::Prose), Support::Unknown);
    }
    if is_conditional(&words) {
        return None;
    }
    let denied = is_denied(&lower);
    if denied
        && lower.contains(" not ")
        && (lower.contains("in the list") || lower.contains("listed") || lower.contains("in the table"))
    {
        return told(Selector::of(Kind::Rest), Support::No);
    }
    if let Some(selector) =
        branch(&words).filter(|_| !denied && (about || lower.contains("considered to be stable")))
    {
        return told(selector, Support::Yes);
    }
    if !about && !denied {
        return None;
    }
    let support = if denied { Support::No } else { Support::Yes };
    if let Some(range) = subject(&sentence.text, &lower) {
        return told(Selector::range(range), support);
    }
    if denied {
        return told(Selector::range(older_lines(&lower, earlier)?), Support::No);
    }
    let selector = latest(&words)?;
    let support = if selector.kind == Kind::Prose { Support::Unknown } else { Support::Yes };
    told(selector, support)
}

/// The words in lower case, without the marks around them.
fn words(text: &str) -> Vec<String> {
    text.split_whitespace()
        .map(|word| {
            word.trim_matches(|c: char| {
                matches!(c, ',' | '.' | ';' | ':' | '"' | '(' | ')' | '[' | ']' | '*' | '`' | '_' | '!')
            })
            .to_lowercase()
        })
        .filter(|word| !word.is_empty())
        .collect()
}

fn is_example(words: &[String]) -> bool {
    let head: Vec<&str> = words.iter().take(2).map(String::as_str).collect();
    matches!(head.as_slice(), ["e.g" | "example" | "i.e" | "note", ..] | ["for", "example" | "instance"])
}

fn is_conditional(words: &[String]) -> bool {
    matches!(
        words.first().map(String::as_str),
        Some("if" | "when" | "once" | "in" | "where" | "since" | "after" | "while" | "unless")
    ) && !(words.first().is_some_and(|word| word == "in")
        && words.get(1).is_some_and(|word| word == "general"))
}

fn is_advice(lower: &str) -> bool {
    ADVICE.iter().any(|phrase| lower.contains(phrase))
}

fn is_about_support(lower: &str) -> bool {
    lower.split(' ').any(|word| ABOUT.contains(&word)) || lower.contains("report issues for")
}

fn is_denied(lower: &str) -> bool {
    DENIED.iter().any(|phrase| lower.contains(phrase))
}

/// "for a period of one year", "for 6 months", "All versions if": a promise that a row cannot hold.
fn has_window(words: &[String]) -> bool {
    let units = ["year", "years", "month", "months", "weeks", "days"];
    words.iter().enumerate().any(|(at, word)| {
        units.contains(&word.as_str())
            && words[at.saturating_sub(5)..at]
                .iter()
                .any(|word| matches!(word.as_str(), "for" | "within" | "least" | "minimum" | "period"))
    })
}

/// "the main branch", "branch 'master'"
fn branch(words: &[String]) -> Option<Selector> {
    let at = words.iter().position(|word| word == "branch")?;
    let beside = [at.checked_sub(1), Some(at + 1)];
    let mut names = beside
        .into_iter()
        .flatten()
        .filter_map(|at| words.get(at))
        .map(|word| word.trim_matches(['\'', '‘', '’']));
    let name = names.find(|word| BRANCHES.contains(word))?;
    let only = words.iter().filter(|word| BRANCHES.contains(&word.trim_matches('\''))).count() == 1;
    let scope = words.iter().skip(at + 1).take(3).find_map(|word| short_line(word));
    let selector = Selector::branch((name != "default").then(|| name.to_owned()));
    only.then_some(Selector { range: scope, ..selector })
}

/// `2.x`, written as a line and not as a number.
fn short_line(word: &str) -> Option<Range> {
    match tokens(word)?.as_slice() {
        [Token::Version(version)] if version.wildcard => version.line(),
        _ => None,
    }
}

/// "releases >= 1.0.0", "all 2.x versions", "1.x is ...": the one range that a sentence speaks of.
fn subject(text: &str, lower: &str) -> Option<Range> {
    let text = strip_decoration(text);
    for op in ["≥", "≤", ">=", "<=", "<", ">"] {
        if let Some(at) = text.find(op) {
            let number =
                text[at + op.len()..].split_whitespace().next()?.trim_matches(['*', '.', ',', ')', '`']);
            if text.matches(op).count() != 1 {
                return None;
            }
            return Selector::read(&format!("{op} {number}"), false).range;
        }
    }
    if let Some(range) = compared(lower) {
        return Some(range);
    }
    let words: Vec<&str> = lower.split(' ').collect();
    let mut lines = words.iter().enumerate().filter_map(|(at, word)| Some((at, short_line(word)?)));
    let (at, range) = lines.next()?;
    if lines.next().is_some() {
        return None;
    }
    let next = words.get(at + 1).copied().unwrap_or_default();
    let nouns = ["versions", "releases", "version", "series", "line", "release"];
    let verb_at = if nouns.contains(&next) { at + 2 } else { at + 1 };
    let verb = words.get(verb_at).copied().unwrap_or_default();
    let subject = at <= 3 && matches!(verb, "is" | "are" | "will" | "receives" | "receive" | "has" | "have");
    let all = words[at.saturating_sub(2)..at].contains(&"all") && nouns.contains(&next);
    let state = matches!(words.get(at + 1), Some(&"state" | &"project"));
    ((subject || all) && !state && !lower.contains("latest") && !lower.contains("most recent"))
        .then_some(range)
}

/// "Versions below 2.0 are ...", "2.0 and later is ...": the one-sided range that is the subject.
fn compared(lower: &str) -> Option<Range> {
    let head = [" are ", " is "].iter().filter_map(|verb| lower.split_once(verb)).map(|(head, _)| head);
    let range = Selector::read(head.min_by_key(|head| head.len())?, false).range?;
    (range.is_from_the_beginning() || range.is_open()).then_some(range)
}

/// "Older release lines are not maintained" after a statement about a line: everything below it.
fn older_lines(lower: &str, earlier: &[Statement]) -> Option<Range> {
    let older = lower.starts_with("older ") || lower.starts_with("all older ");
    let lines = ["release lines", "release series", "lines ", "series ", "major versions", "branches"];
    let scope = earlier.last()?.selector.range.as_ref()?.lower_point()?;
    (older && lines.iter().any(|word| lower.contains(word)))
        .then(|| Range::one_sided(Op::Below, Point { pre: None, ..scope.clone() }))
}

/// "the latest release", "the two most recent minor versions", "the latest 1.x versions".
fn latest(words: &[String]) -> Option<Selector> {
    let at = words
        .iter()
        .position(|word| matches!(word.as_str(), "latest" | "newest" | "current" | "last" | "recent"))?;
    if words[at] == "recent" && at.checked_sub(1).is_none_or(|before| words[before] != "most") {
        return None;
    }
    if is_hedged(&words[..at]) || is_narrowed(&words[at + 1..]) {
        return Some(Selector::of(Kind::Prose));
    }
    let around = words[at.saturating_sub(2)..at].iter().chain(words.get(at + 1));
    let n = around.into_iter().find_map(|word| count(word)).unwrap_or(1);
    let (mut nouns, after) = Nouns::read(&words[at + 1..words.len().min(at + 10)]);
    if !nouns.any || nouns.major && nouns.minor {
        return None;
    }
    if let [word, line @ ..] = after
        && matches!(word.as_str(), "in" | "of" | "from" | "on" | "for" | "within")
    {
        nouns.scope = nouns.scope.or_else(|| scope(line));
    }
    if names_another_line(&words[at + 1..], nouns.scope.as_ref()) {
        return Some(Selector::of(Kind::Prose));
    }
    let further = ["and the previous", "and previous", "and the next most recent", "and the one before"];
    let tail = after.join(" ");
    if further.iter().any(|phrase| tail.starts_with(phrase)) {
        nouns.minor |= !nouns.major && words.iter().any(|word| word == "major-minor" || word == "minor");
        return Some(Selector::latest(nouns.unit(), n + 1, nouns.scope));
    }
    if tail.starts_with("and ") && !tail.starts_with("and receive") {
        return None;
    }
    Some(Selector::latest(nouns.unit(), n, nouns.scope))
}

/// "the 2.x series", "2.1 branch": the line that the newest is the newest of.
fn scope(words: &[String]) -> Option<Range> {
    if let Some(line) = words.iter().take(3).find_map(|word| short_line(word)) {
        return Some(line);
    }
    let (number, _) = words.iter().zip(words.iter().skip(1)).take(2).find(|(_, noun)| is_line(noun))?;
    match tokens(number)?.as_slice() {
        [Token::Version(version)] if version.parts < 3 => version.line(),
        _ => None,
    }
}

/// "(currently 2.x)": whether that is another line than the one that was understood.
fn names_another_line(after: &[String], scope: Option<&Range>) -> bool {
    let named = after.iter().zip(after.iter().skip(1)).filter(|(word, _)| *word == "currently");
    named.filter_map(|(_, line)| short_line(line)).any(|line| scope != Some(&line))
}

fn is_line(word: &str) -> bool {
    matches!(word, "branch" | "line" | "series" | "release" | "releases" | "versions")
}

/// Whether the words before "latest" take back what follows, or say that it is for some alone.
fn is_hedged(before: &[String]) -> bool {
    let denies = |word: &str| matches!(word, "not" | "cannot") || word.ends_with("n't");
    let takes_back = |pair: (&String, &String)| {
        denies(pair.0)
            && matches!(pair.1.as_str(), "guarantee" | "promise" | "ensure" | "necessarily" | "always")
    };
    before.iter().zip(before.iter().skip(1)).any(takes_back)
        || before.iter().any(|word| HEDGES.contains(&word.as_str()))
}

/// Whether the words after "latest" make it another one than the newest release of the project: that of something else,
/// several, or one that was.
fn is_narrowed(after: &[String]) -> bool {
    let is_other = |(word, next): (&String, &String)| match word.as_str() {
        "of" | "for" | "in" => is_platform(next) || matches!(next.as_str(), "each" | "every"),
        // A day or a version, and not "until the next one is out".
        "until" => next.contains(|c: char| c.is_ascii_digit()),
        "unless" => next != "otherwise",
        _ => false,
    };
    after.iter().zip(after.iter().skip(1)).any(is_other)
        || after.iter().any(|word| NARROWING.contains(&word.as_str()))
}

/// What the words after "latest" name.
#[derive(Default)]
struct Nouns {
    /// Whether they name anything.
    any: bool,
    minor: bool,
    major: bool,
    pre: bool,
    /// The line: `latest 1.x versions`.
    scope: Option<Range>,
}

impl Nouns {
    /// Reads as many words as are nouns, and leaves the others.
    fn read(mut words: &[String]) -> (Self, &[String]) {
        let mut nouns = Self::default();
        while let [word, rest @ ..] = words {
            let word = word.as_str();
            let named = NOUNS.contains(&word);
            let ends = matches!(
                word,
                "supported" | "maintained" | "branch" | "commit" | "and" | "or" | "of" | "as" | "is"
            );
            if ends || nouns.any && !named {
                break;
            }
            nouns.any |= named && !matches!(word, "stable" | "tagged" | "released");
            nouns.minor |= matches!(word, "minor" | "major.minor" | "series");
            nouns.major |= word == "major";
            nouns.pre |= word == "prerelease";
            nouns.scope = nouns.scope.or_else(|| short_line(word));
            words = rest;
        }
        (nouns, words)
    }

    const fn unit(&self) -> Unit {
        match (self.pre, self.major, self.minor) {
            (true, ..) => Unit::PreRelease,
            (_, true, _) => Unit::Major,
            (_, _, true) => Unit::Minor,
            _ => Unit::Release,
        }
    }
}

fn count(word: &str) -> Option<u32> {
    match word {
        "two" | "2" => Some(2),
        "three" | "3" => Some(3),
        "four" | "4" => Some(4),
        "five" | "5" => Some(5),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::sentences::sentences;
    use super::*;

    fn told(text: &str) -> String {
        let mut found: Vec<Statement> = Vec::new();
        for sentence in sentences(1, text) {
            found.extend(read(&sentence, &found));
        }
        let rows = found.iter().map(|statement| {
            let selector = &statement.selector;
            let range = selector.range.as_ref().map(|range| format!(" {range}")).unwrap_or_default();
            let unit = selector.unit.map(|unit| format!(" {}", unit.name())).unwrap_or_default();
            let n = selector.n.map(|n| format!(" {n}")).unwrap_or_default();
            format!("{}{range}{unit}{n} {:?}", selector.kind.name(), statement.support)
        });
        rows.collect::<Vec<_>>().join("; ")
    }

    #[test]
    fn sentences_about_the_newest_are_read() {
        for (text, meaning) in [
            ("Only the latest version is supported.", "latest release 1 Yes"),
            (
                "We support the two most recent minor versions. E.g. if 1.2 is out, 1.1 is supported.",
                "latest minor 2 Yes",
            ),
            (
                "Security patches are applied to the latest 1.x versions.",
                "latest >=1.0.0, <2.0.0 release 1 Yes",
            ),
            (
                "Fixes go to the current minor release series and the previous minor release series.",
                "latest minor 2 Yes",
            ),
            (
                "Only the main branch (the 2.x release line) receives fixes. Older release lines (e.g., 1.x) are not maintained.",
                "branch >=2.0.0, <3.0.0 Yes; range <2.0.0 No",
            ),
            (
                "We provide fixes for releases **≥ 1.0.0**. Any version **< 1.0.0 is unsupported**.",
                "range >=1.0.0 Yes; range <1.0.0 No",
            ),
            ("Widget 1.x is end of life and will not receive patches.", "range >=1.0.0, <2.0.0 No"),
        ] {
            assert_eq!(told(text), meaning, "{text}");
        }
    }

    #[test]
    fn the_newest_of_a_line_is_of_that_line() {
        for text in [
            "We only support the latest version on the 2.1 branch.",
            "The latest release of the 2.1 line receives security updates.",
        ] {
            assert_eq!(told(text), "latest >=2.1.0, <2.2.0 release 1 Yes", "{text}");
        }
        assert_eq!(
            told("The latest version on the 2.x branch is supported."),
            "latest >=2.0.0, <3.0.0 release 1 Yes"
        );
    }

    #[test]
    fn what_says_nothing_of_another_release_narrows_nothing() {
        for text in [
            "Only the latest release is supported until the next one is out.",
            "The latest release is supported unless otherwise stated.",
            "The latest release is supported, and a new one comes out every month.",
        ] {
            assert_eq!(told(text), "latest release 1 Yes", "{text}");
        }
    }

    #[test]
    fn the_newest_of_something_else_or_for_some_alone_is_not_the_newest_release() {
        for text in [
            "We do not guarantee that the latest release is supported.",
            "The latest release was supported until 2025.",
            "We support the latest version of Node.js.",
            "We support the latest versions of Chrome and Firefox.",
            "We support the latest version of each plugin.",
            "We support the latest LTS release.",
            "We only support the latest release candidate.",
            "The latest release is supported, except on Windows.",
            "Premium customers: the latest release is supported.",
            "The latest release is supported by the community.",
            "The latest release of each major version is supported.",
            "We support the latest major version (currently 2.x).",
        ] {
            assert_eq!(told(text), "prose Unknown", "{text}");
        }
    }

    #[test]
    fn advice_examples_and_conditions_are_no_rows() {
        for text in [
            "Users are urged to always use the latest version of a maintained branch.",
            "If you are using an older version, please upgrade to the latest 2.x release to receive fixes.",
            "Versions 6.4.1 and earlier contain a bug.",
            "Patches will be made for the last supported versions.",
            "Widget is currently a 0.x project.",
            "We do not backport security fixes to older versions.",
        ] {
            assert_eq!(told(text), "", "{text}");
        }
        assert_eq!(told("The latest minor of the last major is supported for 6 months."), "prose Unknown");
    }
}
