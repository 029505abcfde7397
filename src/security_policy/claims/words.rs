//! A sentence as words: lower case, without the punctuation around them.
//!
//! A phrase is matched word by word; a word of it that ends with `*` matches every word that begins so, and one of
//! several words stands as `a|b`.

/// The words of a sentence.
pub(super) struct Words<'a> {
    words: Vec<&'a str>,
    /// With which bytes words begin: most phrases begin with another one, and are not looked for.
    initials: Initials,
}

/// A sentence as its words are taken from: lower case, and typographic apostrophes plain.
pub(super) fn folded(sentence: &str) -> String {
    sentence.to_lowercase().replace(['’', '‘'], "'")
}

/// Whether a character stands between words.
pub(super) fn is_mark(c: char) -> bool {
    !(c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | '/' | '@' | '\'' | '+' | '#' | '%' | ':'))
}

/// A word without the punctuation around it.
pub(super) fn plain(word: &str) -> &str {
    word.trim_matches(|c: char| !(c.is_alphanumeric() || matches!(c, '%' | '+' | '#' | '@')))
}

impl<'a> Words<'a> {
    /// The words of a sentence that is already folded.
    pub(super) fn of(folded: &'a str) -> Self {
        Self::new(folded.split(is_mark).map(plain).filter(|word| !word.is_empty()).collect())
    }

    /// Those that were taken apart elsewhere.
    pub(super) fn new(words: Vec<&'a str>) -> Self {
        let mut initials = Initials::default();
        words.iter().for_each(|word| initials.add(word.as_bytes()));
        Self { words, initials }
    }

    /// The words from `at` on.
    pub(super) fn from(&self, at: usize) -> Self {
        Self::new(self.words.get(at..).unwrap_or_default().to_vec())
    }

    /// The first so many.
    pub(super) fn until(&self, count: usize) -> Self {
        Self::new(self.words.iter().copied().take(count).collect())
    }

    /// The first word.
    pub(super) fn first(&self) -> Option<&'a str> {
        self.words.first().copied()
    }

    /// The word at this place.
    pub(super) fn get(&self, at: usize) -> Option<&'a str> {
        self.words.get(at).copied()
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.words.len()
    }

    /// All of them.
    pub(super) fn iter(&self) -> impl Iterator<Item = &'a str> + '_ {
        self.words.iter().copied()
    }

    /// Where a phrase begins.
    pub(super) fn find(&self, phrase: &str) -> Option<usize> {
        self.all_of(phrase).next()
    }

    /// Every place where a phrase begins.
    pub(super) fn all_of(&self, phrase: &str) -> impl Iterator<Item = usize> {
        let first = Initials::of_phrase(phrase);
        let places = if first.meets(&self.initials) { 0..self.words.len() } else { 0..0 };
        places.filter(move |at| first.holds(self.words[*at]) && self.is_at(*at, phrase))
    }

    /// Whether a phrase begins with the word at this place.
    fn is_at(&self, at: usize, phrase: &str) -> bool {
        let mut words = self.words[at..].iter();
        let mut parts = phrase.as_bytes().split(|byte| *byte == b' ');
        parts.all(|part| words.next().is_some_and(|word| is_word(word.as_bytes(), part)))
    }

    /// Whether a phrase occurs.
    pub(super) fn has(&self, phrase: &str) -> bool {
        self.find(phrase).is_some()
    }

    /// Whether one of these phrases occurs.
    pub(super) fn any(&self, phrases: &[&str]) -> bool {
        phrases.iter().any(|phrase| self.has(phrase))
    }

    /// Where each of these phrases begins.
    fn places(&self, phrases: &[&str]) -> Vec<usize> {
        let mut places = Vec::new();
        for phrase in phrases {
            places.extend(self.all_of(phrase));
        }
        places.sort_unstable();
        places
    }

    /// Where one of `these` and one of `those` stand, no more than `within` words apart: the later of the two places.
    pub(super) fn near(&self, these: &[&str], those: &[&str], within: usize) -> Option<usize> {
        let these = self.places(these);
        if these.is_empty() {
            return None;
        }
        let those = self.places(those);
        these.iter().find_map(|this| {
            let at = those.partition_point(|that| *that < this.saturating_sub(within));
            let that = *those.get(at)?;
            (this.abs_diff(that) <= within).then(|| that.max(*this))
        })
    }

    /// Where the first of these phrases begins.
    pub(super) fn find_any(&self, phrases: &[&str]) -> Option<usize> {
        phrases.iter().filter_map(|phrase| self.find(phrase)).min()
    }
}

/// The first two bytes that words begin with, some hundred places for all of them.
#[derive(Default)]
struct Initials([u64; 4]);

impl Initials {
    /// Those of the words that may begin a phrase: `a|b` or `ab*`.
    fn of_phrase(phrase: &str) -> Self {
        let mut initials = Self::default();
        let first = phrase.as_bytes().split(|byte| *byte == b' ').next().unwrap_or_default();
        for word in first.split(|byte| *byte == b'|') {
            match word {
                // Every word, or every word with one letter in front, is meant.
                [b'*'] | [_, b'*'] => return Self([u64::MAX; 4]),
                _ => initials.add(word),
            }
        }
        initials
    }

    /// The place of a word, as the index of a number and a bit of it.
    fn place(word: &[u8]) -> (usize, u64) {
        let byte = |at: usize| word.get(at).copied().unwrap_or_default();
        let place = byte(0).wrapping_mul(37).wrapping_add(byte(1));
        (usize::from(place >> 6), 1 << (place & 63))
    }

    fn add(&mut self, word: &[u8]) {
        let (at, bit) = Self::place(word);
        self.0[at] |= bit;
    }

    fn holds(&self, word: &str) -> bool {
        let (at, bit) = Self::place(word.as_bytes());
        self.0[at] & bit != 0
    }

    fn meets(&self, other: &Self) -> bool {
        self.0.iter().zip(&other.0).any(|(one, other)| one & other != 0)
    }
}

/// Whether a word is one of those that a part of a phrase names.
fn is_word(word: &[u8], part: &[u8]) -> bool {
    part.split(|byte| *byte == b'|').any(|one| match one.split_last() {
        Some((b'*', stem)) => word.starts_with(stem),
        _ => word == one,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phrases_are_matched_word_by_word() {
        let text = folded("**All** releases (and tags) aren’t un-signed: see `docs/a.md`.");
        let words = Words::of(&text);
        assert_eq!(
            words.iter().collect::<Vec<_>>(),
            ["all", "releases", "and", "tags", "aren't", "un-signed", "see", "docs/a.md"]
        );
        assert!(words.has("all release*") && words.has("and tags|images") && words.has("aren't"));
        assert!(!words.has("all tags") && !words.has("signed") && !words.has("release"));
        assert_eq!(words.find_any(&["tags", "releases"]), Some(1));
        // The word that begins a phrase may stand behind a bar, and any word may be meant.
        assert_eq!(words.find("zebra|see docs/*"), Some(6));
        assert_eq!((words.find("* releases"), words.find("zebra|zoo see")), (Some(0), None));
        assert_eq!(
            (words.find("s*"), words.find("se*"), words.find("sex*"), words.find("se")),
            (Some(6), Some(6), None, None)
        );
        assert_eq!(
            (words.find("z*|tags"), words.find("a|and"), Words::of("a b").find("b|c")),
            (Some(3), Some(2), Some(1))
        );
    }
}
