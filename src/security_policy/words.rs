//! The words of version cells: "latest", "previous", "older", "main", in the corpus's languages.

use super::lex::{Spelled, Token};
use super::range::Op;
use super::selector::{Kind, Selector, Unit, line};

/// Words that say "the newest".
const LATEST: [&str; 6] = ["latest", "newest", "current", "last", "recent", "最新"];

/// Words that may stand beside "latest" and "previous" without changing what is meant.
const NOUNS: [&str; 26] = [
    "the",
    "only",
    "our",
    "most",
    "of",
    "in",
    "for",
    "from",
    "release",
    "releases",
    "released",
    "version",
    "versions",
    "tag",
    "tags",
    "tagged",
    "stable",
    "published",
    "official",
    "github",
    "major",
    "minor",
    "patch",
    "series",
    "line",
    "available",
];

/// Words that say "what is not named".
const REST: [&str; 13] = [
    "older",
    "old",
    "other",
    "others",
    "earlier",
    "else",
    "remaining",
    "rest",
    "legacy",
    "past",
    "previous",
    "prior",
    "all",
];

/// Words that may stand beside those.
const REST_NOUNS: [&str; 13] = [
    "any",
    "every",
    "everything",
    "anything",
    "and",
    "or",
    "branches",
    "forks",
    "forked",
    "builds",
    "lines",
    "below",
    "ones",
];

/// Cells that mean "everything else" as a whole, in other languages.
const REST_CELLS: [&str; 24] = [
    "旧版本",
    "其他版本",
    "其他",
    "更早版本",
    "更早",
    "以前的版本",
    "舊版本",
    "이전 버전",
    "기타",
    "이하 버전",
    "それ以前",
    "以前のバージョン",
    "その他",
    "旧バージョン",
    "более старые",
    "старые версии",
    "остальные",
    "ältere",
    "ältere versionen",
    "anteriores",
    "versiones anteriores",
    "versões anteriores",
    "antérieures",
    "versions antérieures",
];

/// Names that are branches without the word "branch".
const BRANCHES: [&str; 8] = ["main", "master", "devel", "develop", "trunk", "mainline", "head", "unstable"];

/// Adjectives before "branch" that are no names.
const NO_NAMES: [&str; 14] = [
    "stable",
    "older",
    "old",
    "other",
    "any",
    "all",
    "release",
    "feature",
    "development",
    "lts",
    "supported",
    "maintained",
    "this",
    "that",
];

/// Words that limit a selector, so that dropping them would widen it.
const LIMITS: [&str; 14] = [
    "except",
    "excluding",
    "without",
    "not",
    "until",
    "before",
    "after",
    "since",
    "to",
    "with",
    "and",
    "or",
    "from",
    "no",
];

/// Whether the word, in parentheses, would narrow what it follows.
pub(super) fn limits(word: &str) -> bool {
    LIMITS.contains(&word)
        || BRANCHES.contains(&word)
        || LATEST.contains(&word) && word != "current" && word != "latest"
}

/// Whether the word says that a line is not released yet.
pub(super) fn is_development(word: &str) -> bool {
    matches!(
        word,
        "alpha"
            | "beta"
            | "dev"
            | "development"
            | "unreleased"
            | "preview"
            | "pre-release"
            | "prerelease"
            | "rc"
            | "upcoming"
            | "experimental"
    )
}

/// Whether a pre-release suffix stands for the whole unreleased line.
pub(super) fn is_development_suffix(pre: &str) -> bool {
    matches!(pre.to_ascii_lowercase().as_str(), "dev" | "snapshot" | "devel")
}

/// The text without emoji, emoji codes, emphasis, quotes and footnote marks, its white space folded.
pub(super) fn strip_decoration(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    for piece in text.split_whitespace() {
        if !kept.is_empty() {
            kept.push(' ');
        }
        kept.push_str(&without_codes(piece));
    }
    let kept: String = kept.chars().filter(|&c| !is_emoji(c)).collect();
    let mut text = kept.trim();
    loop {
        let before = text.len();
        for mark in ["**", "~~", "`", "\"", "'", "“", "”", "__"] {
            let inner = text.strip_prefix(mark).and_then(|inner| inner.strip_suffix(mark));
            text = inner.unwrap_or(text).trim();
        }
        for mark in ['*', '†', '‡', '¹', '²', '³'] {
            let rest = text.strip_suffix(mark).unwrap_or(text);
            if !rest.is_empty()
                && !rest.ends_with(['.', '*'])
                && !rest.ends_with(|c: char| c.is_ascii_digit())
            {
                text = rest.trim_end();
            }
        }
        if text.len() == before {
            return text.split_whitespace().collect::<Vec<_>>().join(" ");
        }
    }
}

/// The piece without `:code:`s.
fn without_codes(piece: &str) -> String {
    let mut kept = String::new();
    let mut rest = piece;
    while let Some(open) = rest.find(':') {
        let code = rest[open + 1..].split_once(':').map(|(code, _)| code).filter(|code| {
            !code.is_empty()
                && code.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'+'))
        });
        let Some(code) = code else { break };
        kept.push_str(&rest[..open]);
        rest = &rest[open + code.len() + 2..];
    }
    kept.push_str(rest);
    kept
}

/// Whether the character is a picture and no text.
pub(super) const fn is_emoji(c: char) -> bool {
    matches!(c, '\u{1f000}'..='\u{1faff}' | '\u{2600}'..='\u{27bf}' | '\u{2b00}'..='\u{2bff}' | '\u{fe0e}' | '\u{fe0f}'
        | '\u{200d}' | '\u{23e9}'..='\u{23ff}' | '\u{231a}' | '\u{231b}' | '\u{2139}')
}

/// Whether the cell means everything that no other row names.
pub(super) fn is_rest(text: &str) -> bool {
    let lower = text.to_lowercase();
    if REST_CELLS.contains(&lower.as_str()) {
        return true;
    }
    if lower.strip_prefix("not ").is_some_and(|name| {
        let name = name.trim_matches('`');
        name == "listed" || name.strip_prefix(':').is_some_and(|n| n.bytes().all(|b| b.is_ascii_lowercase()))
    }) {
        return true;
    }
    let words: Vec<&str> = lower.split(' ').collect();
    let known = |word: &&str| REST.contains(word) || REST_NOUNS.contains(word) || NOUNS.contains(word);
    if words.is_empty() || !words.iter().all(known) {
        return false;
    }
    let plural =
        words.iter().any(|word| matches!(*word, "all" | "any" | "versions" | "releases" | "every" | "ones"));
    let unit = words.iter().any(|word| matches!(*word, "major" | "minor" | "patch"));
    let named =
        words.iter().any(|word| REST.contains(word) && !matches!(*word, "previous" | "prior" | "all"));
    let previous = words.iter().any(|word| matches!(*word, "previous" | "prior"));
    !unit && (named || previous && plural)
}

/// What a phrase with numbers compares.
pub(super) enum Comparison {
    /// One version.
    One(Op),
    /// From one through another.
    Through,
}

/// The comparison that a phrase means, its versions written `#`.
pub(super) fn comparison(shape: &str) -> Option<Comparison> {
    let op = match shape {
        "# to #" | "# through #" | "# thru #" | "from # to #" | "from # through #" | "# 到 #" | "# 至 #"
        | "# bis #" => {
            return Some(Comparison::Through);
        }
        "before #"
        | "prior to #"
        | "older than #"
        | "earlier than #"
        | "below #"
        | "under #"
        | "less than #"
        | "lower than #"
        | "anything before #"
        | "anything older than #"
        | "anything below #"
        | "everything below #"
        | "everything before #"
        | "everything older than #"
        | "# 未満"
        | "# 未满"
        | "# 미만"
        | "低于 #"
        | "小于 #"
        | "# 之前"
        | "vor #"
        | "älter als #"
        | "anterior a #"
        | "anteriores a #"
        | "antes de #"
        | "avant #" => Op::Below,
        "up to #"
        | "up to and including #"
        | "# and earlier"
        | "# and below"
        | "# and older"
        | "# and lower"
        | "# and prior"
        | "# or earlier"
        | "# or below"
        | "# or older"
        | "# or lower"
        | "# or less"
        | "# 이하"
        | "# 以下"
        | "# 及以下"
        | "# 及更早版本"
        | "# 及以下版本"
        | "# und älter"
        | "# и ниже"
        | "# y anteriores"
        | "# e anteriores"
        | "# et antérieures"
        | "# and previous" => Op::UpTo,
        "after #" | "newer than #" | "later than #" | "greater than #" | "higher than #" => Op::Above,
        "# and later" | "# and above" | "# and newer" | "# and up" | "# and higher" | "# and onwards"
        | "# or later" | "# or above" | "# or newer" | "# or higher" | "# or greater" | "# and greater"
        | "# onwards" | "from #" | "since #" | "at least #" | "starting with #" | "starting from #"
        | "# 이상" | "# 以上" | "# 及以上" | "# 以降" | "# 及以上版本" | "# und neuer" | "# и выше"
        | "# ou supérieur" | "# o superior" | "# ou superior" => Op::From,
        _ => return None,
    };
    Some(Comparison::One(op))
}

/// The words around a number that change nothing, and the name of a product before it.
pub(super) fn strip_names(tokens: &[Token]) -> (Option<String>, &[Token]) {
    let tokens = strip_noise(tokens);
    match tokens {
        [Token::Word(name), rest @ ..] if !rest.is_empty() && is_platform(name) => {
            (Some(name.clone()), strip_noise(rest))
        }
        _ => (None, tokens),
    }
}

fn strip_noise(mut tokens: &[Token]) -> &[Token] {
    const NOISE: [&str; 17] = [
        "version",
        "versions",
        "release",
        "releases",
        "ver",
        "v",
        "series",
        "branch",
        "line",
        "all",
        "any",
        "the",
        "lts",
        "only",
        "stable",
        "バージョン",
        "版本",
    ];
    let noise = |token: &Token| matches!(token, Token::Word(word) if NOISE.contains(&word.as_str()));
    while let [first, rest @ ..] = tokens
        && noise(first)
        && !rest.is_empty()
    {
        tokens = rest;
    }
    while let [rest @ .., last] = tokens
        && noise(last)
        && !rest.is_empty()
    {
        tokens = rest;
    }
    tokens
}

/// Whether the word names a host platform or another project whose versions policies speak of.
pub(super) fn is_platform(word: &str) -> bool {
    const PLATFORMS: [&str; 58] = [
        "php",
        "node",
        "nodejs",
        "node.js",
        "npm",
        "yarn",
        "pnpm",
        "python",
        "ruby",
        "java",
        "jdk",
        "jre",
        "laravel",
        "minecraft",
        "django",
        "rails",
        "go",
        "golang",
        "rust",
        "angular",
        "react",
        "vue",
        "android",
        "ios",
        "kubernetes",
        "k8s",
        "windows",
        "ubuntu",
        "debian",
        "fedora",
        "centos",
        "rhel",
        "alpine",
        "macos",
        "os",
        ".net",
        "dotnet",
        "wordpress",
        "drupal",
        "symfony",
        "swift",
        "xcode",
        "chrome",
        "firefox",
        "safari",
        "postgres",
        "postgresql",
        "mysql",
        "mariadb",
        "redis",
        "linux",
        "docker",
        "typescript",
        "flutter",
        "dart",
        "kotlin",
        "gradle",
        "magento",
    ];
    PLATFORMS.contains(&word)
}

/// Selectors that are made of words, perhaps with one line in them.
pub(super) fn selector(tokens: &[Token]) -> Option<Selector> {
    let kept = without_unreleased(tokens);
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
    branch(tokens).or_else(|| relative(tokens))
}

/// The tokens without the parts of a list that name builds and pre-releases only.
fn without_unreleased(tokens: &[Token]) -> Vec<Token> {
    const UNRELEASED: [&str; 14] = [
        "nightly",
        "build",
        "builds",
        "development",
        "alpha",
        "beta",
        "release",
        "releases",
        "pre-releases",
        "prereleases",
        "snapshots",
        "canary",
        "rc",
        "and",
    ];
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
    const AROUND: [&str; 13] = [
        "branch", "the", "latest", "commit", "commits", "code", "on", "of", "tip", "default", "only", "git",
        "current",
    ];
    let mut words = Vec::new();
    for token in tokens {
        let Token::Word(word) = token else { return None };
        words.push(word.as_str());
    }
    if words.iter().all(|word| AROUND.contains(word)) {
        let default = words.contains(&"default") && words.contains(&"branch");
        return default.then(|| Selector::branch(None));
    }
    let names: Vec<&str> = words.iter().copied().filter(|word| !AROUND.contains(word)).collect();
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
            Token::Version(version)
                if is_count(version) && counted.latest | counted.previous && rest.iter().any(is_plural) =>
            {
                counted.count(u32::try_from(version.numbers[0]).ok()?)?;
            }
            Token::Version(version) if counted.scope.is_none() => {
                counted.scope = Some(line(version).filter(|_| !version.is_exact())?);
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

fn is_plural(token: &Token) -> bool {
    matches!(token, Token::Word(word) if matches!(word.as_str(), "versions" | "releases" | "lines" | "tags"))
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
    scope: Option<super::range::Range>,
}

impl Counted {
    fn word(&mut self, word: &str) -> Option<()> {
        match word {
            "recent" if !self.most => return None,
            _ if LATEST.contains(&word) => self.latest = true,
            "previous" | "prior" => self.previous = true,
            "older" | "old" => self.older = true,
            "most" => self.most = true,
            "major.minor" | "minor" | "series" => self.unit = Some(Unit::Minor),
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
            (false, true, false) | (false, false, true) if unit != Unit::Release && self.n.is_none() => {
                Some(Selector { unit: Some(unit), range: self.scope, ..Selector::of(Kind::BeforeLatest) })
            }
            _ => None,
        }
    }
}
