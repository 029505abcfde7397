//! The newest release in a sentence: how many releases it speaks of, and what narrows it down to none.

use super::signs::is_number;
use super::{role, short_line};
use crate::security_policy::{
    lex::{Token, tokens},
    lexicon::cells::REGISTRIES,
    lexicon::newest::{EARLIER, ENDED, HEDGES, NARROWING, NOUNS, PLAIN, TAKING_BACK},
    lexicon::sentences::{VERBS, VERSIONS},
    range::Range,
    selector::{Kind, Selector, Unit},
    words::is_platform,
};

/// Where the word for the newest stands.
pub(super) fn newest_at(words: &[String]) -> Option<usize> {
    let at = words.iter().position(|word| is_newest(word))?;
    is_most(words, at).then_some(at)
}

/// Where words for the newest stand.
pub(super) fn newest_places(words: &[String]) -> impl Iterator<Item = usize> {
    (0..words.len()).filter(|&at| is_newest(&words[at]) && is_most(words, at))
}

pub(super) fn is_newest(word: &str) -> bool {
    matches!(word, "latest" | "newest" | "current" | "last" | "recent" | "recently")
}

/// Whether "recent" is the most recent, and "recently" the most recently released.
fn is_most(words: &[String], at: usize) -> bool {
    let most = || at.checked_sub(1).is_some_and(|before| words[before] == "most");
    let released =
        || words.get(at + 1).is_some_and(|word| matches!(word.as_str(), "released" | "published" | "tagged"));
    match words[at].as_str() {
        "recent" => most(),
        "recently" => most() && released(),
        _ => true,
    }
}

/// "the latest release", "the two most recent minor versions", "the latest 1.x versions".
pub(super) fn latest(words: &[String]) -> Option<Selector> {
    let at = newest_at(words)?;
    if is_hedged(&words[..at])
        || is_narrowed(&words[at + 1..])
        || is_qualified(&words[..at])
        || is_taken_back(&words[..at], &words[at + 1..])
    {
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
            } else if named.qualified || named.major && !nouns.major || named.minor && !nouns.minor {
                return Some(Selector::of(Kind::Prose));
            }
            after = rest;
            more
        }
        None if shared => return None,
        None => 0,
    };
    if nouns.qualified {
        return Some(Selector::of(Kind::Prose));
    }
    if nouns.major && nouns.minor {
        return None;
    }
    // "the current major version (1.x)"
    if let [line, ..] = after
        && n == 1
        && further == 0
        && nouns.scope.is_none()
        && after.iter().filter(|word| short_line(word).is_some()).count() == 1
        && let Some(line) = short_line(line)
    {
        nouns.scope = Some(line);
        after = &after[1..];
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
    if role::is_another(words, at) {
        return Some(Selector::of(Kind::Prose));
    }
    Some(Selector::latest(nouns.unit(), n + further, nouns.scope))
}

/// Whether the sentence denies or ends what it speaks of in words that no denial has: "no support for the latest", "has
/// ended".
fn is_taken_back(before: &[String], after: &[String]) -> bool {
    let any = |words: &[String], list: &[&str]| words.iter().any(|word| list.contains(&word.as_str()));
    any(own_clause(before), TAKING_BACK)
        || any(after, ENDED)
        || after.windows(2).any(|two| two == ["out", "of"])
}

/// The words behind the last "and" that begins a clause with a verb of its own.
fn own_clause(before: &[String]) -> &[String] {
    let has_verb = |words: &[String]| words.iter().any(|word| VERBS.contains(&word.as_str()));
    let begins = |&at: &usize| before[at] == "and" && has_verb(&before[at + 1..]);
    (0..before.len()).rfind(begins).map_or(before, |at| &before[at + 1..])
}

/// Whether a word that is not understood stands between an article and the newest: "the respective latest release", or a
/// number that is misspelt.
fn is_qualified(before: &[String]) -> bool {
    const KNOWN: [&str; 6] = ["very", "one", "single", "official", "released", "stable"];
    let before = before.strip_suffix(&["most".to_owned()]).unwrap_or(before);
    match before {
        [.., article, word] => {
            matches!(article.as_str(), "the" | "our" | "its" | "their")
                && count(word).is_none()
                && !KNOWN.contains(&word.as_str())
        }
        _ => false,
    }
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
        "on" | "from" if REGISTRIES.contains(&next.as_str()) => false,
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
pub(super) struct Nouns {
    /// Whether they name anything.
    pub(super) any: bool,
    pub(super) minor: bool,
    pub(super) major: bool,
    pub(super) pre: bool,
    /// Whether a word that is not understood stands before them: "the latest enterprise release".
    pub(super) qualified: bool,
    /// The line: `latest 1.x versions`.
    pub(super) scope: Option<Range>,
}

impl Nouns {
    /// Reads as many words as are nouns, and leaves the others.
    pub(super) fn read(mut words: &[String]) -> (Self, &[String]) {
        let mut nouns = Self::default();
        let mut last = "";
        while let [word, rest @ ..] = words {
            let word = word.as_str();
            // "minor and patch releases" are those of the minor line.
            if let [patch, rest @ ..] = rest
                && nouns.minor
                && word == "and"
                && patch == "patch"
            {
                words = rest;
                continue;
            }
            let build = nouns.any && last == "release" && matches!(word, "build" | "builds");
            let named = NOUNS.contains(&word) || build;
            last = word;
            let ends = matches!(
                word,
                "supported" | "maintained" | "branch" | "commit" | "and" | "or" | "of" | "as" | "is"
            );
            if ends || nouns.any && !named {
                break;
            }
            nouns.qualified |= !named && !is_plain(word);
            nouns.any |= named && !matches!(word, "stable" | "tagged" | "released");
            nouns.minor |= matches!(word, "minor" | "minors" | "major.minor" | "series");
            nouns.major |= matches!(word, "major" | "majors");
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

/// Whether a word between "latest" and its noun changes nothing of which release is meant.
pub(super) fn is_plain(word: &str) -> bool {
    word.split('/').all(|part| PLAIN.contains(&part) || part.is_empty())
        || count(word).is_some()
        || is_number(word)
}

/// More than one, as a word or in digits.
pub(super) fn count(word: &str) -> Option<u32> {
    const WORDS: [&str; 9] = ["two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];
    let number = (2..).zip(WORDS).find(|(_, name)| *name == word).map(|(number, _)| number);
    number.or_else(|| word.parse().ok().filter(|number| (2..=10).contains(number)))
}
