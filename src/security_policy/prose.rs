//! Sentences about supported versions, by a small lexicon of English.
//!
//! A number in a sentence is mostly an example. It becomes a row only as the subject of "is (not) supported", or in
//! "the latest 1.x"; a sentence with a condition or a time window is kept as prose, and advice to users is nothing.

use super::decoration::strip_decoration;
use super::lex::{Token, tokens};
use super::lexicon::sentences::{
    ABOUT, ADVICE, BRANCHES, DENIED, EARLIER, FAVOURS, HEDGES, LATER, NARROWING, NOUNS, NOW, PROMISES,
    VERSIONS,
};
use super::range::{Op, Point, Range};
use super::selector::{Kind, Selector, Unit};
use super::sentences::Sentence;
use super::status::Support;
use super::translated;
use super::words::is_platform;
use std::borrow::Cow;

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

type Meaning = (Selector, Support);

const UNCHECKED: Meaning = (Selector::of(Kind::Prose), Support::Unknown);

fn meanings(text: &str, earlier: &[Statement]) -> Vec<Meaning> {
    let text = without_examples(text);
    if let Some(selector) = labelled(&text).or_else(|| translated::only_latest(&text)) {
        return vec![(selector, Support::Yes)];
    }
    let text = without_the_rest(&text);
    let all = words(text);
    let words = without_lead(&all);
    let lower = words.join(" ");
    if is_example(&all) || is_advice(&lower) {
        return Vec::new();
    }
    let about = is_about_support(&lower);
    if about && has_window(words) {
        return vec![UNCHECKED];
    }
    if is_conditional(words) || begins_later(text, words) || is_favour(&lower) {
        return Vec::new();
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
        && let Some(branch) = branch(words)
    {
        return beside_branch(words, branch);
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

/// A selector that is supported, or words that are not checked.
fn known(selector: Selector) -> Meaning {
    let support = if selector.kind == Kind::Prose { Support::Unknown } else { Support::Yes };
    (selector, support)
}

/// A branch, and the release that the sentence names beside it: "the main branch and the latest release".
fn beside_branch(words: &[String], branch: Selector) -> Vec<Meaning> {
    let branch = (branch, Support::Yes);
    let Some(newest) = newest_at(words) else { return vec![branch] };
    let (nouns, after) = Nouns::read(&words[newest + 1..]);
    let Some(branch_at) = words.iter().position(|word| word == "branch") else { return vec![branch] };
    let joins = |between: &[String]| {
        between.iter().any(|word| word == "and")
            && between
                .iter()
                .all(|word| matches!(word.as_str(), "and" | "the" | "our" | "most" | "both" | "also"))
    };
    let end = words.len() - after.len();
    let joined = if branch_at < newest {
        joins(&words[branch_at + 1..newest])
    } else {
        end < branch_at && joins(&words[end..branch_at - 1])
    };
    let is_release =
        words[newest + 1..end].iter().any(|word| matches!(word.as_str(), "release" | "releases" | "tag"));
    let of_branch =
        branch_at > newest && matches!(after.first().map(String::as_str), Some("on" | "of" | "from" | "in"));
    if joined {
        let release = if branch_at < newest { latest(&words[newest..]) } else { latest(&words[..end]) };
        return release.map_or_else(|| vec![UNCHECKED], |release| vec![branch, known(release)]);
    }
    match (nouns.any, of_branch) {
        // The newest of a branch: a release where it is called so, else what stands on the branch.
        (true, true) if is_release => latest(words).map(known).into_iter().collect(),
        (true, false) => vec![UNCHECKED],
        _ => vec![branch],
    }
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
    matches!(selector.kind, Kind::Latest | Kind::Range | Kind::Exact).then_some(selector)
}

/// A sentence outside of every section that says as a whole that the newest release alone is supported.
pub(super) fn read_alone(sentence: &Sentence) -> Option<Statement> {
    let told = |selector| Some(Statement { sentence: sentence.clone(), selector, support: Support::Yes });
    if sentence.text.len() > 300 {
        return None;
    }
    if let Some(selector) = labelled(&sentence.text) {
        return told(selector);
    }
    let words = words(without_the_rest(&sentence.text));
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

/// The sentence without examples in parentheses: `(N, e.g. 1.8)`.
fn without_examples(text: &str) -> Cow<'_, str> {
    let is_example = |aside: &str| {
        let first = aside.split_whitespace().next().unwrap_or_default().to_lowercase();
        let first = first.trim_matches(['`', '*', ',', '.', '"']);
        matches!(first, "e.g" | "for" | "such" | "n" | "n-1" | "n+1") && !aside.contains('(')
    };
    let mut kept = Cow::Borrowed(text);
    loop {
        let example = asides(&kept).into_iter().find(|(open, close)| is_example(&kept[open + 1..*close]));
        let Some((open, close)) = example else { return kept };
        kept = Cow::Owned(format!("{}{}", kept[..open].trim_end(), &kept[close + 1..]));
    }
}

/// Where the parentheses of a sentence open and close.
fn asides(text: &str) -> Vec<(usize, usize)> {
    text.match_indices('(').filter_map(|(open, _)| Some((open, open + text[open..].find(')')?))).collect()
}

/// The sentence without a last clause that denies all that is older: "...; older versions are not supported".
fn without_the_rest(text: &str) -> &str {
    let between = ["; ", ", and ", ", but ", ", so ", ", while ", " – ", " — ", " -- "];
    let cut = between.iter().filter_map(|mark| text.find(mark).map(|at| (at, at + mark.len()))).min();
    let Some((head, tail)) = cut.map(|(at, end)| (&text[..at], words(&text[end..]))) else { return text };
    let any = |list: &[&str]| tail.iter().any(|word| list.contains(&word.as_str()));
    let lower = tail.join(" ");
    let denies = is_denied(&lower) || any(&["not"]);
    let says_more = any(&["unless", "except", "if", "until", "but", "only", "latest", "newest"])
        || tail.iter().any(|word| is_number(word))
        || has_window(&tail);
    let promises = !is_denied(&words(head).join(" "));
    if denies && promises && !says_more && any(&["older", "previous", "earlier", "prior", "other", "old"]) {
        head
    } else {
        text
    }
}

/// Whether the first clause promises what a later one takes back.
fn promises_first(text: &str) -> bool {
    let lower = text.to_lowercase();
    let end = [";", ",", " but ", " while ", " whereas ", " – ", " — "]
        .iter()
        .filter_map(|mark| lower.find(mark))
        .min();
    end.is_some_and(|end| {
        let first = words(&lower[..end]).join(" ");
        first.split(' ').any(|word| PROMISES.contains(&word)) && !is_denied(&first)
    })
}

/// Whether a promise stands before the first denial: "1.x is supported and 2.x is not supported".
fn promises_before_denial(lower: &str) -> bool {
    let denial = DENIED.iter().filter_map(|phrase| lower.find(phrase)).min().unwrap_or_default();
    lower[..denial].split(' ').any(|word| PROMISES.contains(&word))
}

/// The words without those that say "now" at their beginning, and without "only".
fn without_lead(mut words: &[String]) -> &[String] {
    while let Some(lead) = NOW.iter().find(|lead| starts_with(words, lead)) {
        words = &words[lead.len()..];
    }
    words
}

fn starts_with(words: &[String], lead: &[&str]) -> bool {
    words.len() > lead.len() && words.iter().zip(lead).all(|(word, lead)| word == lead)
}

/// "Starting at v2.0, ...", "As of June 2027, ...": a promise from a version or a day on.
fn begins_later(text: &str, words: &[String]) -> bool {
    let lead = match words {
        [first, next, ..] => LATER.contains(&first.as_str()) || first == "as" && next == "of",
        _ => false,
    };
    let head = text.split_once(", ").map(|(head, _)| head);
    lead && head.is_some_and(|head| head.contains(|c: char| c.is_ascii_digit()))
}

/// "on a best-effort basis", "case by case": a hope, and no promise.
fn is_favour(lower: &str) -> bool {
    FAVOURS.iter().any(|phrase| lower.contains(phrase))
}

/// Whether the word is a version, a year or another number.
fn is_number(word: &str) -> bool {
    word.trim_start_matches('v').starts_with(|c: char| c.is_ascii_digit())
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
fn subject(text: &str, words: &[String]) -> Option<Range> {
    let text = strip_decoration(text);
    let lower = words.join(" ");
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

/// Where the word for the newest stands.
fn newest_at(words: &[String]) -> Option<usize> {
    let newest = |word: &String| matches!(word.as_str(), "latest" | "newest" | "current" | "last" | "recent");
    let at = words.iter().position(newest)?;
    (words[at] != "recent" || at.checked_sub(1).is_some_and(|before| words[before] == "most")).then_some(at)
}

/// "the latest release", "the two most recent minor versions", "the latest 1.x versions".
fn latest(words: &[String]) -> Option<Selector> {
    let at = newest_at(words)?;
    if is_hedged(&words[..at]) || is_narrowed(&words[at + 1..]) {
        return Some(Selector::of(Kind::Prose));
    }
    let around = words[at.saturating_sub(2)..at].iter().chain(words.get(at + 1));
    let n = around.into_iter().find_map(|word| count(word)).unwrap_or(1);
    let (mut nouns, mut after) = Nouns::read(&words[at + 1..]);
    let shared = !nouns.any;
    let further = match Further::read(after, shared) {
        Some(Further { nouns: named, n: more, rest }) => {
            if shared {
                nouns = named;
            } else if named.major && !nouns.major || named.minor && !nouns.minor {
                return Some(Selector::of(Kind::Prose));
            }
            after = rest;
            more
        }
        None if shared => return None,
        None => 0,
    };
    if nouns.major && nouns.minor {
        return None;
    }
    if let [word, line @ ..] = after
        && matches!(word.as_str(), "in" | "of" | "from" | "on" | "for" | "within")
    {
        nouns.scope = nouns.scope.or_else(|| scope(line));
    }
    if names_another_line(&words[at + 1..], nouns.scope.as_ref())
        || after.iter().any(|word| EARLIER.contains(&word.as_str()))
    {
        return Some(Selector::of(Kind::Prose));
    }
    if further == 0
        && after.first().is_some_and(|word| word == "and")
        && after.get(1).is_none_or(|word| word != "receive")
    {
        return Some(Selector::of(Kind::Prose));
    }
    Some(Selector::latest(nouns.unit(), n + further, nouns.scope))
}

/// What stands beside the newest: "and the previous one", "and the release before it".
struct Further<'w> {
    n: u32,
    nouns: Nouns,
    rest: &'w [String],
}

impl<'w> Further<'w> {
    /// Reads the words after the newest; `shared` when one noun is to serve both: "the current and previous release".
    fn read(words: &'w [String], shared: bool) -> Option<Self> {
        let [and, rest @ ..] = words else { return None };
        if and != "and" {
            return None;
        }
        let mut rest = skip(rest, &["the", "our", "also", "its"]);
        let before = rest.first().and_then(|word| count(word));
        rest = &rest[usize::from(before.is_some())..];
        if let Some(ordinal) =
            [&["next", "most", "recent"][..], &["second", "most", "recent"], &["second", "latest"]]
                .into_iter()
                .find(|ordinal| {
                    rest.len() >= ordinal.len() && rest.iter().zip(*ordinal).all(|(word, name)| word == name)
                })
        {
            let (nouns, rest) = Nouns::read(&rest[ordinal.len()..]);
            return (before.is_none()).then_some(Self { n: 1, nouns, rest });
        }
        if rest.first().is_some_and(|word| EARLIER.contains(&word.as_str())) {
            rest = &rest[1..];
            let n = before.or_else(|| rest.first().and_then(|word| count(word)));
            rest = &rest[usize::from(before.is_none() && n.is_some())..];
            let (nouns, after) = Nouns::read(rest);
            let plural = rest[..rest.len() - after.len()].iter().any(|word| is_plural(word));
            // "and previous versions" are all of them, "the latest and previous minor versions" are two.
            let clear = !plural || n.is_some() || shared && (nouns.minor || nouns.major);
            return (clear && (nouns.any || !shared)).then(|| Self { n: n.unwrap_or(1), nouns, rest: after });
        }
        let (nouns, after) = Nouns::read(rest);
        let [word, rest @ ..] = after else { return None };
        let before_it =
            word == "before" || matches!(word.as_str(), "previous" | "prior") && rest.first()? == "to";
        if shared || !nouns.any || !before_it {
            return None;
        }
        let rest = skip(rest, &["to", "the", "most", "recent", "latest", "newest", "it", "that", "this"]);
        let (_, rest) = Nouns::read(rest);
        Some(Self { n: before.unwrap_or(1), nouns, rest })
    }
}

/// The words after those that may stand before them.
fn skip<'w>(mut words: &'w [String], fillers: &[&str]) -> &'w [String] {
    while let [word, rest @ ..] = words
        && fillers.contains(&word.as_str())
    {
        words = rest;
    }
    words
}

fn is_plural(word: &str) -> bool {
    matches!(word, "versions" | "releases" | "tags" | "lines")
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
        || scope.is_some()
            && after.iter().filter_map(|word| short_line(word)).any(|line| scope != Some(&line))
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
        || is_bound(before)
}

/// Whether a version before "latest" says what the newest is the newest of, or from when on it is supported: "starting at
/// v2.0 the latest", "for 2.x the latest".
fn is_bound(before: &[String]) -> bool {
    let binds = |word: &String| {
        matches!(
            word.as_str(),
            "at" | "from"
                | "with"
                | "since"
                | "until"
                | "after"
                | "before"
                | "of"
                | "in"
                | "for"
                | "on"
                | "as"
        )
    };
    before.iter().enumerate().any(|(at, word)| {
        let mut earlier = before[..at].iter().rev().skip_while(|word| VERSIONS.contains(&word.as_str()));
        is_number(word) && word.contains('.') && earlier.next().is_none_or(binds)
    })
}

/// Whether the words after "latest" make it another one than the newest release of the project: that of something else,
/// several, or one that was.
fn is_narrowed(after: &[String]) -> bool {
    let is_other = |(word, next): (&String, &String)| match word.as_str() {
        "per" => true,
        "of" | "for" | "in" | "within" | "on" | "from" | "across" => {
            is_platform(next) || matches!(next.as_str(), "each" | "every" | "both" | "any")
        }
        "unless" => next != "otherwise",
        _ => false,
    };
    after.iter().zip(after.iter().skip(1)).any(is_other)
        || of_several(after)
        || is_dated(after)
        || after.iter().any(|word| NARROWING.contains(&word.as_str()))
}

/// "until v2.0", "before June 2031": from when on, or until when; not "until the next one is out".
fn is_dated(after: &[String]) -> bool {
    let bounds = ["until", "till", "before", "after", "since", "starting", "beginning", "through"];
    after.iter().enumerate().any(|(at, word)| {
        let next = &after[at + 1..after.len().min(at + 4)];
        bounds.contains(&word.as_str()) && next.iter().any(|word| is_number(word))
    })
}

/// "of all supported minor versions", "in the maintained series": several lines, each with its newest.
fn of_several(after: &[String]) -> bool {
    after.iter().enumerate().any(|(at, word)| {
        let next = skip(&after[at + 1..], &["the", "our", "all", "currently", "actively"]);
        let line = next
            .iter()
            .take(4)
            .any(|word| is_line(word) || matches!(word.as_str(), "lines" | "branches" | "majors" | "minors"));
        matches!(word.as_str(), "of" | "for" | "in" | "within" | "on" | "from" | "across")
            && line
            && (next
                .first()
                .is_some_and(|word| matches!(word.as_str(), "supported" | "maintained" | "active"))
                || after.get(at + 1).is_some_and(|word| word == "all"))
    })
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
            let read = read(&sentence, &found);
            found.extend(read);
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
