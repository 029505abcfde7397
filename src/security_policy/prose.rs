//! Sentences about supported versions, by a small lexicon of English.
//!
//! A number in a sentence is mostly an example. It becomes a row only as the subject of "is (not) supported", or in
//! "the latest 1.x"; a sentence with a condition or a time window is kept as prose, and advice to users is nothing.

mod branch;
mod denied;
mod latest;
mod lines;
mod names;
mod reasons;
mod role;
mod signs;
#[cfg(test)]
mod tests;

use super::{
    decoration::strip_decoration,
    lex::{Token, tokens},
    lexicon::{
        lines::LINES,
        sentences::{NEEDS, PROMISES, STATES, VERBS, VERSIONS},
    },
    range::{Op, Point, Range},
    selector::{Kind, Selector},
    sentences::Sentence,
    status::Support,
    translated,
    vocabulary::{Reading, is_understood},
    words::is_platform,
};
use latest::{Nouns, latest, newest_at};
use names::without_name;
use reasons::without_reason;
use signs::{
    advice_at, begins_later, has_window, is_about_support, is_advice, is_conditional, is_denied, is_example,
    is_favour, is_number, promises_before_denial, promises_first, without_examples, without_lead,
    without_the_rest, words,
};

/// The longest sentence that is read.
const LONGEST: usize = 600;

/// A sentence as it is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Statement {
    pub(super) sentence: Sentence,
    pub(super) selector: Selector,
    pub(super) support: Support,
}

/// What a sentence says: rows, prose that is about support but not understood, or nothing.
pub(super) fn read(sentence: &Sentence, earlier: &[Statement]) -> Vec<Statement> {
    if sentence.text.len() > LONGEST {
        return Vec::new();
    }
    let told = |(selector, support)| Statement { sentence: sentence.clone(), selector, support };
    meanings(&sentence.text, earlier).into_iter().map(told).collect()
}

/// A sentence before what it advises.
pub(super) fn before_advice(text: &str) -> &str {
    advice_at(&text.to_ascii_lowercase()).map_or(text, |at| &text[..at])
}

/// Whether a sentence that was not read may still say that something is supported.
pub(super) fn may_promise(sentence: &Sentence) -> bool {
    if sentence.text.len() > LONGEST {
        return false;
    }
    let words = words(&sentence.text);
    let lower = words.join(" ");
    let any = |list: &[&str]| words.iter().any(|word| list.contains(&word.as_str()));
    let named =
        any(VERSIONS) || any(&["everything", "all", "others"]) || words.iter().any(|word| is_number(word));
    any(PROMISES) && named && !is_denied(&lower) && !is_advice(&lower) && !is_example(&words)
}

/// Whether a sentence that is not read may still say of versions whether they are supported.
pub(super) fn may_tell(sentence: &Sentence) -> bool {
    if sentence.text.len() > LONGEST {
        return false;
    }
    let words = words(&sentence.text);
    let lower = words.join(" ");
    let is_named = |at: usize| {
        let word = words[at].as_str();
        // "Supported versions get fixes" does not say which.
        let unsaid = at.checked_sub(1).is_some_and(|before| STATES.contains(&words[before].as_str()));
        VERSIONS.contains(&word) && !unsaid || is_number(word) && word.contains('.')
    };
    // "Please update to the latest release to get fixes" only advises.
    let said = advice_at(&lower).map_or(lower.as_str(), |at| &lower[..at]);
    (0..words.len()).any(is_named) && (is_about_support(said) || is_denied(said) || is_favour(said))
}

type Meaning = (Selector, Support);

const UNCHECKED: Meaning = (Selector::of(Kind::Prose), Support::Unknown);

fn meanings(text: &str, earlier: &[Statement]) -> Vec<Meaning> {
    let text = without_examples(text);
    if let Some(selector) =
        labelled(&text).or_else(|| translated::only_latest(&text)).or_else(|| translated::branch(&text))
    {
        return vec![(selector, Support::Yes)];
    }
    let text = &without_name(without_the_rest(without_reason(&text)));
    let found = of_words(text, earlier);
    let is_read = found.iter().all(|(selector, support)| match support {
        Support::Unknown => true,
        _ if selector.is_unread() => true,
        Support::No if denied::is_of_another(text) => false,
        Support::No if selector.range.is_some() && denied::is_of_a_part(text) => false,
        Support::No => is_understood(text, Reading::Denial),
        Support::Until(_) => is_understood(text, Reading::PromiseUntil),
        Support::Yes | Support::SecurityOnly => is_understood(text, Reading::Promise),
    });
    if is_read { found } else { vec![UNCHECKED] }
}

/// What the words of a sentence say, where each of them is understood.
fn of_words(text: &str, earlier: &[Statement]) -> Vec<Meaning> {
    let all = words(text);
    let words = without_lead(&all);
    let lower = words.join(" ");
    let line = lines::read(text, words);
    let denies_line = line.as_ref().is_some_and(|(_, support)| *support == Support::No);
    if is_example(&all) || is_advice(&lower) && !denies_line {
        return Vec::new();
    }
    let about = is_about_support(&lower);
    if about && has_window(words) {
        return vec![UNCHECKED];
    }
    if is_favour(&lower) && is_of_all_others(words) {
        return vec![(Selector::of(Kind::Rest), Support::Unknown)];
    }
    if is_conditional(words) || begins_later(text, words) || is_favour(&lower) {
        return Vec::new();
    }
    if let Some(line) = line.or_else(|| lines::only_for(&all)) {
        return vec![line];
    }
    if denies_all(words) {
        return vec![(Selector::of(Kind::Rest), Support::No)];
    }
    let denied = is_denied(&lower);
    if denied
        && lower.contains(" not ")
        && (lower.contains("in the list") || lower.contains("listed") || lower.contains("in the table"))
    {
        return vec![(Selector::of(Kind::Rest), Support::No)];
    }
    if !denied
        && (about || lower.contains("considered to be stable"))
        && let Some(said) = branch::read(text, words)
    {
        return said;
    }
    if !about && !denied {
        return Vec::new();
    }
    if denied && promises_first(text) {
        return vec![UNCHECKED];
    }
    let support = if denied { Support::No } else { Support::Yes };
    if let Some(range) = subject(text, words) {
        if denied && promises_before_denial(&lower) {
            return vec![UNCHECKED];
        }
        return vec![(Selector::range(range), support)];
    }
    if denied {
        let older = older_lines(&lower, earlier);
        return older.map(|range| (Selector::range(range), Support::No)).into_iter().collect();
    }
    latest(words).map(known).into_iter().collect()
}

/// "All other released versions receive fixes per request."
fn is_of_all_others(words: &[String]) -> bool {
    let words: Vec<&str> = words.iter().map(String::as_str).filter(|word| *word != "released").collect();
    matches!(words.as_slice(), ["all", "other", "versions" | "releases", verb, ..] if VERBS.contains(verb))
}

/// "No version is currently supported."
fn denies_all(words: &[String]) -> bool {
    let words: Vec<&str> = words.iter().map(String::as_str).filter(|word| *word != "currently").collect();
    matches!(
        words.as_slice(),
        ["no", "version" | "versions" | "release" | "releases", "is" | "are", "supported" | "maintained"]
    )
}

/// A selector that is supported, or words that are not checked.
fn known(selector: Selector) -> Meaning {
    let support = if selector.kind == Kind::Prose { Support::Unknown } else { Support::Yes };
    (selector, support)
}

/// "Supported versions: the latest release": a line that is a row.
fn labelled(text: &str) -> Option<Selector> {
    let text = text.trim().trim_start_matches(['*', '_', ' ']);
    let (label, said) = text.split_once(':')?;
    let label = words(label).join(" ");
    if !matches!(
        label.as_str(),
        "supported version" | "supported versions" | "supported release" | "supported releases"
    ) {
        return None;
    }
    let said = said.trim_matches(['*', '_', ' ', '.']);
    let selector = Selector::read(said, false);
    let plain = selector.promised(Support::Yes) == Support::Yes;
    (plain && matches!(selector.kind, Kind::Latest | Kind::Range | Kind::Exact)).then_some(selector)
}

/// A sentence outside of every section that says as a whole that the newest release alone is supported.
pub(super) fn read_alone(sentence: &Sentence) -> Option<Statement> {
    let told = |selector| {
        let (selector, support) = known(selector);
        Some(Statement { sentence: sentence.clone(), selector, support })
    };
    if sentence.text.len() > 300 {
        return None;
    }
    if let Some(selector) = labelled(&sentence.text) {
        return told(selector);
    }
    let words = words(&without_name(without_the_rest(&sentence.text)));
    let newest = newest_at(&words)?;
    let (head, (nouns, after)) = (&words[..newest], Nouns::read(&words[newest + 1..]));
    let head: Vec<&str> = head.iter().map(String::as_str).filter(|word| *word != "currently").collect();
    let name = |word: &str| !is_platform(word) && !VERSIONS.contains(&word) && !is_number(word);
    let whole = match head.as_slice() {
        ["only", "the"] | ["only", "the", "most"] => matches!(
            after.iter().map(String::as_str).collect::<Vec<_>>().as_slice(),
            ["is", "supported" | "maintained"]
                | ["is", "actively", "supported" | "maintained"]
                | ["receives", "security", "updates" | "fixes" | "patches"]
        ),
        ["we", "only", "support", "the"] | ["we", "support", "only", "the"] => after.is_empty(),
        [product, "only", "supports", "the"] | [product, "supports", "only", "the"] => {
            name(product) && after.is_empty()
        }
        ["the" | "this", "project" | "library" | "crate" | "package", "only", "supports", "the"]
        | ["the" | "this", "project" | "library" | "crate" | "package", "supports", "only", "the"] => {
            after.is_empty()
        }
        _ => false,
    };
    (whole && nouns.any && nouns.scope.is_none()).then(|| latest(&words)).flatten().and_then(told)
}

/// `2.x`, written as a line and not as a number.
fn short_line(word: &str) -> Option<Range> {
    match tokens(word)?.as_slice() {
        [Token::Version(version)] if version.wildcard => version.line(),
        _ => None,
    }
}

/// "releases >= 1.0.0", "all 2.x versions", "1.x is ...": the one range that a sentence speaks of.
fn subject(text: &str, words: &[String]) -> Option<Range> {
    let text = strip_decoration(text);
    let lower = words.join(" ");
    for op in ["≥", "≤", ">=", "<=", "<", ">"] {
        if let Some(at) = text.find(op) {
            let number =
                text[at + op.len()..].split_whitespace().next()?.trim_matches(['*', '.', ',', ')', '`']);
            if text.matches(op).count() != 1 || is_of_another(&text[..at]) {
                return None;
            }
            return Selector::read(&format!("{op} {number}"), false).range;
        }
    }
    if let Some(range) = compared(&lower) {
        return Some(range);
    }
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let mut lines = words.iter().enumerate().filter_map(|(at, word)| Some((at, short_line(word)?)));
    let (at, range) = lines.next()?;
    if lines.next().is_some() {
        return None;
    }
    let next = words.get(at + 1).copied().unwrap_or_default();
    let verb = words.get(at + 1 + usize::from(LINES.contains(&next))).copied().unwrap_or_default();
    let subject = at <= 3 && VERBS.contains(&verb);
    let all = words[at.saturating_sub(2)..at].contains(&"all") && LINES.contains(&next);
    let other = matches!(next, "state" | "project") || words[..at].iter().any(|word| is_platform(word));
    ((subject || all) && !other && !lower.contains("latest") && !lower.contains("most recent"))
        .then_some(range)
}

/// Whether a comparison after these words is about another number than that of the project: "1.x needs PHP < 8".
fn is_of_another(before: &str) -> bool {
    let before = words(before);
    let Some(last) = before.last() else { return false };
    let needed = || before.iter().any(|word| NEEDS.contains(&word.as_str()));
    is_platform(last)
        || before.iter().any(|word| is_number(word))
        || !VERSIONS.contains(&last.as_str()) && needed()
}

/// Verbs behind the versions that a sentence compares.
const COMPARED: [&str; 7] = [" are ", " is ", " do ", " does ", " will ", " receive ", " no longer "];

/// "Versions below 2.0 are ...", "2.0 and later is ...": the one-sided range that is the subject.
fn compared(lower: &str) -> Option<Range> {
    let head = COMPARED.iter().filter_map(|verb| lower.split_once(verb)).map(|(head, _)| head);
    let of = Selector::read(head.min_by_key(|head| head.len())?, false);
    let range = of.range.filter(|_| of.product.is_none())?;
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
