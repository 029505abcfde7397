//! How names spell versions: numbers joined by dots or `_`, and what makes them a pre-release.

use crate::versions::TagVersion;

/// A version-like number in a name: two to four numbers.
pub(super) struct Number {
    pub(super) start: usize,
    pub(super) end: usize,
    /// Joined by dots, without zeros at the front of any.
    pub(super) text: String,
}

/// Letters or digits of a word, in lower case: `rc` and `1` of `RC1`.
pub(super) struct Atom {
    pub(super) text: String,
    /// Where it ends in the text.
    pub(super) end: usize,
    pub(super) ends_word: bool,
}

impl Atom {
    pub(super) fn is_number(&self) -> bool {
        self.text.starts_with(|c: char| c.is_ascii_digit())
    }
}

/// The numbers that stand whole in a name: `1.2.3` is none of `11.2.3` or `1.2.3.4`. `_` joins what no dot does.
pub(super) fn numbers(name: &str) -> Vec<Number> {
    let mut all = joined_by(name, b".");
    for number in joined_by(name, b"._") {
        if !all.iter().any(|it| (it.start, it.end) == (number.start, number.end)) {
            all.push(number);
        }
    }
    all
}

fn joined_by(name: &str, joints: &[u8]) -> Vec<Number> {
    let bytes = name.as_bytes();
    let is_digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    let is_joint = |at: usize| bytes.get(at).is_some_and(|b| joints.contains(b)) && is_digit(at + 1);
    let (mut found, mut at) = (Vec::new(), 0);
    while at < bytes.len() {
        let start = at;
        while is_digit(at) || (at > start && is_joint(at)) {
            at += 1;
        }
        if at == start {
            at += 1;
            continue;
        }
        let parts: Vec<&str> = name[start..at].split(['.', '_']).map(without_zeros).collect();
        if (2..=4).contains(&parts.len()) && !name[..start].ends_with('.') {
            found.push(Number { start, end: at, text: parts.join(".") });
        }
    }
    found
}

fn without_zeros(digits: &str) -> &str {
    let rest = digits.trim_start_matches('0');
    if rest.is_empty() { &digits[..digits.len().min(1)] } else { rest }
}

/// The letters and the digits of a text, whatever separates them.
pub(super) fn atoms(text: &str) -> impl Iterator<Item = Atom> + '_ {
    let mut at = 0;
    std::iter::from_fn(move || {
        let start = at + text[at..].find(|c: char| c.is_ascii_alphanumeric())?;
        let is_digit = text.as_bytes()[start].is_ascii_digit();
        let is_same = |c: char| c.is_ascii_alphanumeric() && c.is_ascii_digit() == is_digit;
        let end = text[start..].find(|c| !is_same(c)).map_or(text.len(), |length| start + length);
        at = end;
        let atom = text[start..end].to_ascii_lowercase();
        let text_of = if is_digit { without_zeros(&atom).to_owned() } else { atom };
        Some(Atom { text: text_of, end, ends_word: !text[end..].starts_with(|c: char| c.is_alphanumeric()) })
    })
}

/// A word as Python shortens it.
pub(super) fn short(word: &str) -> &str {
    match word {
        "alpha" => "a",
        "beta" => "b",
        "c" | "pre" | "preview" => "rc",
        word => word,
    }
}

/// A version's numbers alone.
pub(super) fn number(version: &TagVersion) -> String {
    let numbers = version.numbers[..usize::from(version.parts)].iter().map(u64::to_string);
    numbers.collect::<Vec<_>>().join(".")
}

/// What a version is looked up by, its words as they are and shortened: `1.2.3-beta-2`, `1.2.3-b-2`.
pub(super) fn spelled(version: &TagVersion) -> [String; 2] {
    let mut spelled = [number(version), number(version)];
    let pre = version.pre.as_ref().map_or("", |pre| pre.as_str());
    atoms(pre).for_each(|atom| add(&mut spelled, &atom));
    spelled
}

/// The same with the words of its build or post-release.
pub(super) fn with_build(version: &TagVersion) -> [String; 2] {
    let mut spelled = spelled(version);
    atoms(version.build.as_deref().unwrap_or_default()).for_each(|atom| add(&mut spelled, &atom));
    spelled
}

/// Adds a word to what a version is looked up by.
pub(super) fn add([exact, shortened]: &mut [String; 2], atom: &Atom) {
    for (text, word) in [(exact, atom.text.as_str()), (shortened, short(&atom.text))] {
        text.push('-');
        text.push_str(word);
    }
}

/// The words of a name in lower case, whatever separates them.
pub(super) fn words(name: &str) -> Vec<String> {
    let words = name.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(str::to_lowercase).collect()
}
