//! The words that many titles have, written once: titles were more than half of an index.
//!
//! The rule that must not be broken: what is read is the title that was written, letter by letter.

use super::codec::{Reader, Writer};
use std::{
    cmp::Reverse,
    collections::{BTreeMap, HashMap},
};

/// How long a word is that is written once, in bytes: few bytes never become many.
const LONG: std::ops::RangeInclusive<usize> = 2..=32;

/// How often it stands in titles, at least.
const OFTEN: usize = 3;

/// The most words, whose numbers take two bytes.
const MOST: usize = (1 << 14) - 1;

/// The most words of one title; one of more is written as it is.
const OF_A_TITLE: usize = 256;

/// What stands in a title instead of the number of a word: the word itself follows.
const ITSELF: u64 = 0;

/// The words of titles, each with its number, from 1 on.
pub(super) struct Numbers<'a>(HashMap<&'a str, u64>);

impl<'a> Numbers<'a> {
    /// The words that these titles have in common, the most frequent ones first, and what is written of them.
    pub(super) fn of(titles: impl Iterator<Item = &'a str>) -> (Self, Vec<u8>) {
        let mut counts = BTreeMap::new();
        for word in titles.flat_map(|title| title.split(' ')).filter(|word| LONG.contains(&word.len())) {
            *counts.entry(word).or_insert(0) += 1;
        }
        let mut words: Vec<(&str, usize)> = counts.into_iter().filter(|(_, count)| *count >= OFTEN).collect();
        // Stable: those that are as frequent stay in the order of their letters.
        words.sort_by_key(|(_, count)| Reverse(*count));
        words.truncate(MOST);
        let (mut bytes, mut end) = (Vec::new(), (words.len() as u32 + 1) * 4);
        bytes.extend_from_slice(&end.to_le_bytes());
        for (word, _) in &words {
            end += word.len() as u32;
            bytes.extend_from_slice(&end.to_le_bytes());
        }
        words.iter().for_each(|(word, _)| bytes.extend_from_slice(word.as_bytes()));
        (Self(words.into_iter().map(|(word, _)| word).zip(1..).collect()), bytes)
    }
}

impl Writer {
    /// How many words, and each of them; of a title with very many, none and the whole.
    pub(super) fn title(&mut self, title: &str, numbers: &Numbers<'_>) {
        let count = title.split(' ').count();
        if count > OF_A_TITLE {
            self.number(0);
            self.word(title);
            return;
        }
        self.number(count as u64);
        for word in title.split(' ') {
            let number = numbers.0.get(word);
            self.number(number.copied().unwrap_or(ITSELF));
            if number.is_none() {
                self.word(word);
            }
        }
    }
}

/// The words of an index, to be looked up by their numbers.
#[derive(Clone)]
pub(super) struct Words {
    /// Where each begins, in four bytes, and where the last one ends; then the words.
    bytes: Vec<u8>,
    count: usize,
}

impl Words {
    /// `None` where this is no table of words. They are looked at when one is asked for: most titles are not.
    pub(super) fn read(bytes: Vec<u8>) -> Option<Self> {
        let table = number(&bytes, 0)?;
        let count = (table / 4).checked_sub(1).filter(|count| *count <= MOST && table % 4 == 0)?;
        (table <= bytes.len() && number(&bytes, count)? == bytes.len()).then_some(Self { bytes, count })
    }

    /// `None` where there is none of this number, or one that is not written.
    fn get(&self, at: u64) -> Option<&str> {
        let at = usize::try_from(at).ok().filter(|at| (1..=self.count).contains(at))?;
        let place = number(&self.bytes, at - 1)?..number(&self.bytes, at)?;
        let word =
            self.bytes.get(place).filter(|word| LONG.contains(&word.len()) && !word.contains(&b' '))?;
        std::str::from_utf8(word).ok()
    }
}

/// A number of the table.
fn number(bytes: &[u8], at: usize) -> Option<usize> {
    let bytes = bytes.get(at * 4..)?.first_chunk()?;
    usize::try_from(u32::from_le_bytes(*bytes)).ok()
}

impl Reader<'_> {
    /// A title; `None` where it is not what was written.
    pub(super) fn title(&mut self, words: &Words) -> Option<String> {
        let count = self.count().filter(|count| *count <= OF_A_TITLE)?;
        if count == 0 {
            return self.word().filter(|title| title.split(' ').count() > OF_A_TITLE).map(str::to_owned);
        }
        let mut title = String::new();
        for at in 0..count {
            if at > 0 {
                title.push(' ');
            }
            title.push_str(match self.number()? {
                ITSELF => self.word().filter(|word| !word.contains(' '))?,
                number => words.get(number)?,
            });
        }
        Some(title)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(titles: &[&str]) -> (Words, Vec<Vec<u8>>) {
        let (numbers, bytes) = Numbers::of(titles.iter().copied());
        let write = |title: &&str| {
            let mut writer = Writer::default();
            writer.title(title, &numbers);
            writer.0
        };
        (Words::read(bytes).unwrap(), titles.iter().map(write).collect())
    }

    fn read(bytes: &[u8], words: &Words) -> Option<String> {
        let mut reader = Reader(bytes);
        reader.title(words).filter(|_| reader.0.is_empty())
    }

    #[test]
    fn a_title_is_read_as_it_was_written() {
        let (many, long) = ("ab ".repeat(OF_A_TITLE), "x".repeat(33));
        let titles = [
            "",
            " ",
            "  two  spaces ",
            "a",
            "a a a a",
            "Ünïcode in all of it",
            "all of it",
            "all in it",
            "…",
            "\u{1}\u{2}",
            &many,
            many.trim(),
            &long,
            &format!("{long} {long} {long}"),
        ];
        let (words, written) = words(&titles);
        for (title, bytes) in titles.iter().zip(&written) {
            assert_eq!(read(bytes, &words).as_deref(), Some(*title), "{title:?}");
            for end in 0..bytes.len() {
                assert_eq!(read(&bytes[..end], &words), None, "{title:?} {end}");
            }
        }
    }

    #[test]
    fn frequent_words_stand_once_and_take_a_byte() {
        let (words, written) = words(&["in an overflow", "an overflow", "overflow an x in", "rare"]);
        // Twice is not often enough, and a letter is no shorter as a number.
        assert_eq!(words.bytes, b"\x0c\0\0\0\x0e\0\0\0\x16\0\0\0anoverflow");
        assert_eq!(written[1], [2, 1, 2]);
        assert_eq!(written[3], b"\x01\0\x04rare");
        assert_eq!(read(&[2, 2, 1], &words).as_deref(), Some("overflow an"));
    }

    #[test]
    fn what_is_not_written_is_not_read() {
        let (words, _) = words(&["an an an"]);
        for bytes in [&[1, 2][..], &[1, 255, 255, 3], b"\x01\0\x03a b", b"\0\x02an", &[129, 2, 1]] {
            assert_eq!(read(bytes, &words), None, "{bytes:?}");
        }
        // Of the table each byte matters, or the words are others.
        for at in 0..words.bytes.len() {
            let mut changed = words.bytes.clone();
            changed[at] ^= 0x20;
            let changed = Words::read(changed);
            let read = changed.as_ref().and_then(|words| words.get(1));
            assert!(read.is_none_or(|word| word.len() == 2 && word != "an"), "{at}");
            assert!(Words::read(words.bytes[..at].to_vec()).is_none(), "{at}");
        }
        let of = |word: &[u8]| {
            Words::read([b"\x08\0\0\0", &[8 + word.len() as u8, 0, 0, 0][..], word].concat()).unwrap()
        };
        assert_eq!(of(&[b'a'; 32]).get(1), Some("a".repeat(32).as_str()));
        for word in [&[b'a'; 33][..], b"a", b"", b"\xff\xff", b"a b"] {
            assert_eq!(of(word).get(1), None, "{word:?}");
        }
        for number in [0, 2, u64::MAX] {
            assert_eq!(of(b"ab").get(number), None, "{number}");
        }
        let table = |count: usize| {
            let end = (count as u32 + 1) * 4;
            Words::read(end.to_le_bytes().repeat(count + 1))
        };
        assert!(table(MOST).is_some() && table(0).is_some());
        assert!(table(MOST + 1).is_none());
    }
}
