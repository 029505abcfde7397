//! Selectors that are made of words: "latest", "the two previous minor lines", "older than latest", "main".
//!
//! The rule that must not be broken: every word of the cell has its place in what is selected, or nothing is; a word
//! that is passed over would widen the promise.

use super::lex::Token;
use super::lexicon::cells::{
    AROUND_BRANCH, BRANCHES, HEAD, LATEST, LATEST_CELLS, NO_NAMES, NOUNS, REGISTRIES, REST, UNRELEASED,
};
use super::range::{Op, Range};
use super::selector::{Kind, Selector, Unit};
use super::spelled::Spelled;

/// Selectors that are made of words, perhaps with one line in them.
pub(super) fn selector(tokens: &[Token]) -> Option<Selector> {
    let kept = without_unreleased(&without_registries(tokens));
    let tokens = kept.as_slice();
    if let [Token::Compare(op), rest @ ..] = tokens {
        return before(*op, rest);
    }
    if let [Token::Word(older), Token::Word(than), rest @ ..] = tokens
        && matches!(older.as_str(), "older" | "earlier" | "before")
        && than == "than"
    {
        return before(Op::Below, rest);
    }
    if let [Token::Word(before_word), rest @ ..] = tokens
        && before_word == "before"
    {
        return before(Op::Below, rest);
    }
    if is_latest_elsewhere(tokens) {
        return Some(Selector::latest(Unit::Release, 1, None));
    }
    branch(tokens)
        .or_else(|| relative(tokens))
        .or_else(|| latest_or_branch(tokens))
        .or_else(|| latest_of_branch(tokens))
}

/// The tokens without `GitHub/PyPI`: the places where the same is published.
fn without_registries(tokens: &[Token]) -> Vec<Token> {
    let is_registry =
        |token: &Token| matches!(token, Token::Word(word) if REGISTRIES.contains(&word.as_str()));
    let pair = tokens
        .windows(3)
        .position(|three| is_registry(&three[0]) && three[1] == Token::Mark('/') && is_registry(&three[2]));
    let mut kept = tokens.to_vec();
    kept.drain(pair.map_or(0..0, |at| at..at + 3));
    kept
}

/// `Latest release on main`, `Current main release`: the newest release, and the branch on which it is made.
fn latest_of_branch(tokens: &[Token]) -> Option<Selector> {
    let word = |at: usize| match tokens.get(at) {
        Some(Token::Word(word)) => word.as_str(),
        _ => "",
    };
    let is_release = |at: usize| matches!(word(at), "release" | "tag");
    let on = (1..tokens.len()).find(|&at| {
        matches!(word(at), "on" | "from") && is_on_branch(&tokens[at..]) && (0..at).any(is_release)
    });
    let rest = match on {
        Some(at) => tokens[..at].to_vec(),
        None => {
            let at = (1..tokens.len()).find(|&at| is_on_branch(&tokens[at..=at]) && is_release(at + 1))?;
            [&tokens[..at], &tokens[at + 1..]].concat()
        }
    };
    relative(&rest).filter(|of| of.kind == Kind::Latest && of.n == Some(1))
}

/// `HEAD`, `latest commit`: what stands on a branch.
pub(super) fn is_head(tokens: &[Token]) -> bool {
    words_of(tokens).is_some_and(|words| {
        words.iter().all(|word| HEAD.contains(word))
            && words.iter().any(|word| matches!(*word, "head" | "tip" | "commit" | "commits"))
    })
}

/// `N-1`, `X.Y-1`: one back, and of what where it is said.
pub(super) fn one_back(tokens: &[Token]) -> Option<Option<Unit>> {
    let [Token::Word(newest), Token::Mark('-' | '–'), Token::Version(back)] = tokens else { return None };
    if !is_count(back) || back.numbers[0] != 1 {
        return None;
    }
    match newest.as_str() {
        "n" | "latest" | "dernière" | "última" => Some(None),
        "x" | "vx" => Some(Some(Unit::Major)),
        "x.y" | "vx.y" => Some(Some(Unit::Minor)),
        _ => None,
    }
}

/// The tokens as words, where they are nothing else.
fn words_of(tokens: &[Token]) -> Option<Vec<&str>> {
    tokens
        .iter()
        .map(|token| if let Token::Word(word) = token { Some(word.as_str()) } else { None })
        .collect()
}

/// "the latest" as a whole, in another language.
fn is_latest_elsewhere(tokens: &[Token]) -> bool {
    words_of(tokens).is_some_and(|words| LATEST_CELLS.contains(&words.join(" ").as_str()))
}

/// `main / latest`: two names of one state, the newest.
fn latest_or_branch(tokens: &[Token]) -> Option<Selector> {
    let mut parts = tokens.split(|token| *token == Token::Mark('/'));
    let (Some(first), Some(second), None) = (parts.next(), parts.next(), parts.next()) else { return None };
    let latest =
        |part| relative(part).filter(|of| of.kind == Kind::Latest && of.n == Some(1) && of.range.is_none());
    let both = |a, b| is_on_branch(a).then(|| latest(b)).flatten();
    both(first, second).or_else(|| both(second, first))
}

/// `main`, `on the main branch`: where something is made.
pub(super) fn is_on_branch(tokens: &[Token]) -> bool {
    let around = ["on", "the", "branch", "from", "git", "rama", "branche", "zweig", "ブランチ", "分支"];
    let words = || tokens.iter().map(|token| if let Token::Word(word) = token { word.as_str() } else { "" });
    let names = words().filter(|word| !around.contains(word));
    let name: Vec<&str> = names.collect();
    matches!(name.as_slice(), [name] if BRANCHES.contains(name) && !matches!(*name, "unstable" | "head"))
        || name == ["default"] && words().any(|word| word == "branch")
}

/// The tokens without the parts of a list that name builds and pre-releases only.
fn without_unreleased(tokens: &[Token]) -> Vec<Token> {
    let parts: Vec<&[Token]> = tokens.split(|token| matches!(token, Token::Mark(',' | '/' | '&'))).collect();
    if parts.len() == 1 {
        return tokens.to_vec();
    }
    let unreleased = |part: &&[Token]| {
        !part.is_empty()
            && part
                .iter()
                .all(|token| matches!(token, Token::Word(word) if UNRELEASED.contains(&word.as_str())))
    };
    let mut kept = parts.iter().filter(|part| !unreleased(part));
    match (kept.next(), kept.next()) {
        (Some(only), None) => only.to_vec(),
        _ => tokens.to_vec(),
    }
}

/// `< latest`, `<= latest - 2`, `older than previous release`.
fn before(op: Op, tokens: &[Token]) -> Option<Selector> {
    // What is older than what stands on a branch is no release of its own.
    if op == Op::Below && is_on_branch(tokens) {
        return Some(Selector { denied: true, ..Selector::of(Kind::Rest) });
    }
    let (words, back) = match tokens {
        [words @ .., Token::Mark('-' | '–'), Token::Version(version)] if is_count(version) => {
            (words, version.numbers[0])
        }
        words => (words, 0),
    };
    let of = relative(words).filter(|of| of.n == Some(1))?;
    let named = match of.kind {
        Kind::Latest => back,
        Kind::Previous if back == 0 => 1,
        _ => return None,
    };
    let newest_left = match op {
        Op::Below => named,
        Op::UpTo => named.checked_sub(1)?,
        _ => return None,
    };
    let kind = match newest_left {
        0 => Kind::BeforeLatest,
        1 => Kind::BeforePrevious,
        _ => return None,
    };
    Some(Selector { range: of.range, unit: of.unit, ..Selector::of(kind) })
}

/// Whether the number is a count and no line.
fn is_count(version: &Spelled) -> bool {
    version.parts == 1 && !version.wildcard && !version.latest && version.pre.is_none()
}

fn branch(tokens: &[Token]) -> Option<Selector> {
    let mut words = Vec::new();
    for token in tokens {
        let Token::Word(word) = token else { return None };
        words.push(word.as_str());
    }
    if words.iter().all(|word| AROUND_BRANCH.contains(word)) {
        let default = words.contains(&"default") && words.contains(&"branch");
        return default.then(|| Selector::branch(None));
    }
    let names: Vec<&str> = words.iter().copied().filter(|word| !AROUND_BRANCH.contains(word)).collect();
    let known: Vec<&str> = names.iter().copied().filter(|word| BRANCHES.contains(word)).collect();
    match (names.as_slice(), known.as_slice()) {
        ([_], [name]) => Some(Selector::branch(Some((*name).to_owned()))),
        (["main", "head"] | ["head", "main"], _) => Some(Selector::branch(Some("main".to_owned()))),
        ([name], []) if words == [*name, "branch"] && is_name(name) => {
            Some(Selector::branch(Some((*name).to_owned())))
        }
        _ => None,
    }
}

fn is_name(word: &str) -> bool {
    word.is_ascii() && !NO_NAMES.contains(&word) && !LATEST.contains(&word) && !REST.contains(&word)
}

/// "latest" and "previous" with their nouns, a count and a line.
fn relative(tokens: &[Token]) -> Option<Selector> {
    let mut counted = Counted::default();
    let mut rest = tokens;
    while let [token, next @ ..] = rest {
        rest = next;
        match token {
            Token::Word(word) => counted.word(word)?,
            Token::Version(version) if is_count(version) && counted.takes_count(rest) => {
                counted.count(u32::try_from(version.numbers[0]).ok()?)?;
            }
            // "last 2": two of them, or the last of line 2.
            Token::Version(version) if is_count(version) && rest.is_empty() && is_tail(tokens) => {
                return None;
            }
            // "latest 2 minor release": two of them, or one of line 2.
            Token::Version(version) if is_count(version) && rest.first().is_some_and(is_unit) => return None,
            Token::Version(version) if counted.scope.is_none() => {
                counted.scope = Some(version.line().filter(|_| !version.is_exact())?);
            }
            Token::Mark('-' | '–') if next.len() == 1 && counted.latest => {
                let [Token::Version(back)] = next else { return None };
                let one = is_count(back) && back.numbers[0] == 1 && counted.scope.is_none();
                return one.then(|| counted.one_back()).flatten();
            }
            _ => return None,
        }
    }
    counted.selector()
}

/// Whether a word that counts stands before the last token.
fn is_tail(tokens: &[Token]) -> bool {
    let counts = ["last", "previous", "prior", "recent"];
    matches!(tokens, [.., Token::Word(word), _] if counts.contains(&word.as_str()))
}

fn is_plural(token: &Token) -> bool {
    let nouns = ["versions", "releases", "lines", "tags", "majors", "minors"];
    matches!(token, Token::Word(word) if nouns.contains(&word.as_str()))
}

fn is_unit(token: &Token) -> bool {
    matches!(token, Token::Word(word) if matches!(word.as_str(), "major" | "minor"))
}

/// What the words of a relative selector have said so far.
#[derive(Default)]
struct Counted {
    latest: bool,
    most: bool,
    previous: bool,
    older: bool,
    plural: bool,
    unit: Option<Unit>,
    major: bool,
    n: Option<u32>,
    scope: Option<Range>,
}

impl Counted {
    fn word(&mut self, word: &str) -> Option<()> {
        match word {
            "recent" if !self.most => return None,
            _ if LATEST.contains(&word) => self.latest = true,
            "previous" | "prior" => self.previous = true,
            "older" | "old" => self.older = true,
            // "2.x earlier" may be "2.x and earlier".
            "earlier" if self.scope.is_none() => self.older = true,
            "most" => self.most = true,
            "major.minor" | "minor" | "series" => self.unit = Some(Unit::Minor),
            "minors" => (self.unit, self.plural) = (Some(Unit::Minor), true),
            "majors" => (self.major, self.plural) = (true, true),
            "major" => self.major = true,
            "all" | "any" => self.plural = true,
            "two" => self.count(2)?,
            "three" => self.count(3)?,
            "four" => self.count(4)?,
            "five" => self.count(5)?,
            _ if NOUNS.contains(&word) => self.plural |= matches!(word, "versions" | "releases"),
            _ => return None,
        }
        Some(())
    }

    /// Whether a number before these words is a count: "latest 2 minors", "2 latest versions", "last 2 major".
    fn takes_count(&self, rest: &[Token]) -> bool {
        let named = |words: &[&str]| {
            rest.iter().any(|token| matches!(token, Token::Word(word) if words.contains(&word.as_str())))
        };
        let relative = self.latest || self.previous || named(LATEST) || named(&["previous", "prior"]);
        relative && (matches!(rest, [unit] if is_unit(unit)) || rest.iter().any(is_plural))
    }

    fn count(&mut self, n: u32) -> Option<()> {
        (self.n.is_none() && (1..=20).contains(&n)).then(|| self.n = Some(n))
    }

    fn unit(&self) -> Option<Unit> {
        match (self.unit, self.major) {
            (Some(_), true) => None,
            (Some(unit), false) => Some(unit),
            (None, true) => Some(Unit::Major),
            (None, false) => Some(Unit::Release),
        }
    }

    /// `latest - 1`
    fn one_back(&self) -> Option<Selector> {
        let plain = self.latest && !self.previous && !self.older && self.n.is_none();
        plain.then(|| Selector { unit: self.unit(), n: Some(1), ..Selector::of(Kind::Previous) })
    }

    fn selector(self) -> Option<Selector> {
        let unit = self.unit()?;
        let n = self.n.unwrap_or(1);
        match (self.latest, self.previous, self.older) {
            (true, false, false) => Some(Selector::latest(unit, n, self.scope)),
            (false, true, false) if !self.plural || self.n.is_some() => Some(Selector {
                unit: Some(unit),
                n: Some(n),
                range: self.scope,
                ..Selector::of(Kind::Previous)
            }),
            // Of a line, "older" is what is before its latest.
            (false, false, true) if self.scope.is_some() && self.n.is_none() => {
                Some(Selector { unit: Some(unit), range: self.scope, ..Selector::of(Kind::BeforeLatest) })
            }
            (false, true, false) | (false, false, true) if unit != Unit::Release && self.n.is_none() => {
                Some(Selector { unit: Some(unit), range: self.scope, ..Selector::of(Kind::BeforeLatest) })
            }
            _ => None,
        }
    }
}
