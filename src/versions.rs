//! Versions as tags spell them: which part is the component's prefix, which the number, what follows it.
//!
//! A tag is a release only when it names at least two numbers: `v1` moves, `main-latest` is a channel, a nightly is
//! no release. The rule that must not be broken: a tag that is not understood is no release, and never a guessed one;
//! the order of releases is semver precedence, not the date of the tag.

use std::cmp::Ordering;
use std::fmt;

/// The longest tag name that is read; git allows longer ones, no project uses them.
const LONGEST: usize = 256;

/// Words in a prefix or a suffix that mark a tag as no release: it moves, or it was never published as one.
const NOT_RELEASES: [&str; 9] =
    ["nightly", "latest", "canary", "edge", "snapshot", "archive", "archived", "daily", "backup"];

/// One identifier of a pre-release, ordered as semver orders it: numbers by value and below words.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Identifier {
    /// Digits without leading zeros, of any length.
    Number(String),
    /// Anything else.
    Word(String),
}

impl Ord for Identifier {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Number(a), Self::Number(b)) => a.len().cmp(&b.len()).then_with(|| a.cmp(b)),
            (Self::Word(a), Self::Word(b)) => a.cmp(b),
            (Self::Number(_), Self::Word(_)) => Ordering::Less,
            (Self::Word(_), Self::Number(_)) => Ordering::Greater,
        }
    }
}

impl PartialOrd for Identifier {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// The pre-release part of a version: `rc.1`, `beta`, `b11`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PreRelease {
    text: String,
    identifiers: Vec<Identifier>,
}

impl PreRelease {
    /// Splits the text at its dots, as semver does. The text is kept as it stands.
    #[must_use]
    pub fn new(text: &str) -> Self {
        Self { text: text.to_owned(), identifiers: text.split('.').map(identifier).collect() }
    }

    /// As [`PreRelease::new`], and also between letters and digits, as Python orders `b2` before `b11`.
    fn natural(text: &str) -> Self {
        let mut identifiers = Vec::new();
        for piece in text.split('.') {
            let mut rest = piece;
            while let Some(first) = rest.chars().next() {
                let digits = first.is_ascii_digit();
                let end = rest.find(|c: char| c.is_ascii_digit() != digits).unwrap_or(rest.len());
                identifiers.push(identifier(&rest[..end]));
                rest = &rest[end..];
            }
        }
        Self { text: text.to_owned(), identifiers }
    }

    /// The text as the tag has it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The number, when the pre-release is one number and nothing else.
    fn lone_number(&self) -> Option<u64> {
        match self.identifiers.as_slice() {
            [Identifier::Number(digits)] => digits.parse().ok(),
            _ => None,
        }
    }
}

impl Ord for PreRelease {
    fn cmp(&self, other: &Self) -> Ordering {
        self.identifiers.cmp(&other.identifiers).then_with(|| self.text.cmp(&other.text))
    }
}

impl PartialOrd for PreRelease {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// A release as its tag names it: the family it belongs to and its number.
#[derive(Debug, Clone)]
pub struct TagVersion {
    /// What stands before the number, as it stands: empty, `v`, `runtime/v`, `tokio-util-`, `socket.io@`.
    pub family: String,
    /// Two to four numbers, the rest zero.
    pub numbers: [u64; 4],
    /// How many of the numbers the tag names.
    pub parts: u8,
    /// The pre-release, if it is one.
    pub pre: Option<PreRelease>,
    /// What follows a `+`, or a post-release mark.
    pub build: Option<String>,
    /// The same version, when it is one by the letter of semver.
    pub semver: Option<semver::Version>,
}

impl TagVersion {
    /// Reads a tag's name. `None` is "not a release": no number, one number only (a moving tag), a nightly, an
    /// archived or a rolling tag, five numbers, a number above 2^64, a suffix that is not understood.
    #[must_use]
    pub fn parse(tag: &str) -> Option<Self> {
        if tag.len() > LONGEST || !tag.is_ascii() {
            return None;
        }
        let start = core_start(tag)?;
        let (family, rest) = tag.split_at(start);
        if NOT_RELEASES.iter().any(|word| has_word(family, word)) {
            return None;
        }
        let (numbers, parts, core_len, separator) = core(rest)?;
        let suffix = &rest[core_len..];
        let (pre, build) = suffix_of(suffix, separator)?;
        let semver = (parts == 3 && separator == '.').then(|| semver::Version::parse(rest).ok()).flatten();
        let pre = match (&semver, pre) {
            (Some(version), _) if version.pre.is_empty() => None,
            (Some(version), Some(text)) if version.pre.as_str() == text => Some(PreRelease::new(&text)),
            (_, Some(text)) => Some(PreRelease::natural(&text)),
            (_, None) => None,
        };
        let semver = semver.filter(|version| version.pre.is_empty() == pre.is_none());
        Some(Self { family: family.to_owned(), numbers, parts, pre, build, semver })
    }

    /// The component whose release this is: the prefix without `v`, `rel`, `release`, `version` and separators, in
    /// lower case. Empty for the project's own tags.
    #[must_use]
    pub fn component(&self) -> String {
        let mut name = self.family.to_ascii_lowercase();
        loop {
            let before = name.len();
            name.truncate(name.trim_end_matches(['/', '@', '-', '_', '.', ' ']).len());
            for word in ["v", "rel", "release", "releases", "version", "update", "ver"] {
                if let Some(rest) = name.strip_suffix(word)
                    && (rest.is_empty() || rest.ends_with(['/', '@', '-', '_', '.']))
                {
                    name.truncate(rest.len());
                    break;
                }
            }
            if name.len() == before {
                return name;
            }
        }
    }

    /// Whether it is a pre-release.
    #[must_use]
    pub fn is_pre_release(&self) -> bool {
        self.pre.is_some()
    }

    /// Whether a manifest that says `manifest` is of this version: by semver, pre-release and (when the tag names
    /// one) build included. Where one of the two is no semver (`1.2`, `1.0b1`, `1.4.21.1`), the numbers, how many
    /// of them there are, and the letters and digits of the pre-release must be the same.
    #[must_use]
    pub fn matches_manifest(&self, manifest: &str) -> bool {
        let manifest = manifest.trim();
        if let (Some(tag), Ok(told)) = (&self.semver, semver::Version::parse(manifest)) {
            let build = tag.build.is_empty() || tag.build == told.build;
            return build
                && (tag.major, tag.minor, tag.patch, &tag.pre)
                    == (told.major, told.minor, told.patch, &told.pre);
        }
        let Some(told) = Self::parse(manifest).filter(|told| told.family.is_empty()) else { return false };
        told.numbers == self.numbers
            && told.parts == self.parts
            && bare(told.pre.as_ref()) == bare(self.pre.as_ref())
            && (self.build.is_none() || told.build == self.build)
    }

    /// Precedence: the numbers, then "no pre-release" above any, then the pre-release. Build data does not count.
    #[must_use]
    pub fn precedence(&self, other: &Self) -> Ordering {
        self.numbers.cmp(&other.numbers).then_with(|| compare_pre(self.pre.as_ref(), other.pre.as_ref()))
    }

    /// The number alone, without the prefix.
    #[must_use]
    pub fn number(&self) -> String {
        let mut text =
            self.numbers[..usize::from(self.parts)].iter().map(u64::to_string).collect::<Vec<_>>().join(".");
        if let Some(pre) = &self.pre {
            text.push('-');
            text.push_str(pre.as_str());
        }
        text
    }

    /// The same version with its `-N` read as a fourth number, where there is one.
    #[must_use]
    pub fn with_build_number(&self) -> Option<Self> {
        let number = self.pre.as_ref()?.lone_number()?;
        if self.parts != 3 {
            return None;
        }
        let mut numbers = self.numbers;
        numbers[3] = number;
        Some(Self { numbers, parts: 4, pre: None, semver: None, ..self.clone() })
    }
}

impl fmt::Display for TagVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.number())
    }
}

impl Ord for TagVersion {
    fn cmp(&self, other: &Self) -> Ordering {
        self.precedence(other)
            .then_with(|| self.parts.cmp(&other.parts))
            .then_with(|| self.build.cmp(&other.build))
            .then_with(|| self.family.cmp(&other.family))
    }
}

impl PartialOrd for TagVersion {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for TagVersion {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for TagVersion {}

/// Compares two pre-releases, where none is above any.
#[must_use]
pub fn compare_pre(a: Option<&PreRelease>, b: Option<&PreRelease>) -> Ordering {
    match (a, b) {
        (None, None) => Ordering::Equal,
        (None, Some(_)) => Ordering::Greater,
        (Some(_), None) => Ordering::Less,
        (Some(a), Some(b)) => a.cmp(b),
    }
}

fn identifier(text: &str) -> Identifier {
    if !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit()) {
        let value = text.trim_start_matches('0');
        return Identifier::Number(if value.is_empty() { "0" } else { value }.to_owned());
    }
    Identifier::Word(text.to_owned())
}

/// The letters and digits of a pre-release, for manifests that spell `-rc.1` as `rc1`.
fn bare(pre: Option<&PreRelease>) -> Option<String> {
    pre.map(|pre| {
        pre.text.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase()
    })
}

fn has_word(text: &str, word: &str) -> bool {
    text.split(|c: char| !c.is_ascii_alphanumeric()).any(|piece| piece.eq_ignore_ascii_case(word))
}

/// Where the number begins: the first digit that a prefix may end before, and that at least two numbers follow.
fn core_start(tag: &str) -> Option<usize> {
    let bytes = tag.as_bytes();
    (0..bytes.len()).find(|&i| {
        bytes[i].is_ascii_digit()
            && (i == 0 || !bytes[i - 1].is_ascii_digit() && ends_prefix(&tag[..i]))
            && core(&tag[i..]).is_some()
    })
}

/// Whether a number may follow this prefix: it ends with a separator, or with `v` or `rel` as a word of its own.
fn ends_prefix(prefix: &str) -> bool {
    if prefix.ends_with(['/', '@', '-', '_', ' ']) {
        return true;
    }
    let lower = prefix.to_ascii_lowercase();
    ["v", "rel", "release"].iter().any(|word| {
        lower.strip_suffix(word).is_some_and(|rest| rest.is_empty() || rest.ends_with(['/', '@', '-', '_']))
    })
}

/// The numbers at the head of `text`, how many, how many bytes they take, and what separates them.
fn core(text: &str) -> Option<([u64; 4], u8, usize, char)> {
    let mut numbers = [0; 4];
    let (mut at, mut parts, mut separator) = (0, 0_u8, '.');
    loop {
        let digits = text[at..].bytes().take_while(u8::is_ascii_digit).count();
        numbers[usize::from(parts)] = text[at..at + digits].parse().ok()?;
        parts += 1;
        at += digits;
        let mut next = text[at..].chars();
        let (Some(mark), Some(after)) = (next.next(), next.next()) else { break };
        let same = if parts == 1 { mark == '.' || mark == '_' } else { mark == separator };
        if !same || !after.is_ascii_digit() {
            break;
        }
        if parts == 4 {
            return None;
        }
        separator = mark;
        at += 1;
    }
    (parts >= 2).then_some((numbers, parts, at, separator))
}

/// A version's pre-release and build.
type Suffix = (Option<String>, Option<String>);

/// What follows the number. `None`: it is no release, or not understood.
fn suffix_of(suffix: &str, separator: char) -> Option<Suffix> {
    if suffix.is_empty() {
        return Some((None, None));
    }
    if NOT_RELEASES.iter().any(|word| has_word(suffix, word)) {
        return None;
    }
    if !suffix.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'+' | b'_')) {
        return None;
    }
    let (before, build) = match suffix.split_once('+') {
        Some((_, "")) => return None,
        Some((before, build)) => (before, Some(build.to_owned())),
        None => (suffix, None),
    };
    let word = before.strip_prefix(['-', '.', '_']).unwrap_or(before);
    if word.is_empty() {
        return (before.is_empty() && build.is_some()).then_some((None, build));
    }
    let attached = word.len() == before.len();
    if attached && !word.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return None;
    }
    if before.starts_with('_') && separator != '_' {
        return None;
    }
    let lower = word.to_ascii_lowercase();
    if ["final", "release", "ga"].contains(&lower.as_str()) {
        return Some((None, build));
    }
    if lower.strip_prefix("post").is_some_and(|rest| rest.bytes().all(|b| b.is_ascii_digit())) {
        return build.is_none().then_some((None, Some(lower)));
    }
    Some((Some(word.to_owned()), build))
}

#[cfg(test)]
mod tests;
