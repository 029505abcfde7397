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
        let mut writer = Writer::default();
        words.iter().for_each(|(word, _)| writer.word(word));
        (Self(words.into_iter().map(|(word, _)| word).zip(1..).collect()), writer.0)
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
    bytes: Vec<u8>,
    /// Where each begins and ends.
    places: Vec<(u32, u32)>,
}

impl Words {
    /// `None` where these are no words, or others than are written.
    pub(super) fn read(bytes: Vec<u8>) -> Option<Self> {
        let mut reader = Reader(&bytes);
        let mut places = Vec::with_capacity(MOST.min(bytes.len() / LONG.start()));
        while !reader.0.is_empty() {
            let word = reader.word().filter(|word| LONG.contains(&word.len()) && !word.contains(' '))?;
            let end = bytes.len() - reader.0.len();
            places.push((u32::try_from(end - word.len()).ok()?, u32::try_from(end).ok()?));
        }
        (places.len() <= MOST).then_some(Self { bytes, places })
    }

    fn get(&self, number: u64) -> Option<&str> {
        let (start, end) = *self.places.get(usize::try_from(number).ok()?.checked_sub(1)?)?;
        std::str::from_utf8(&self.bytes[start as usize..end as usize]).ok()
    }
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
        assert_eq!(words.bytes, b"\x02an\x08overflow");
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
        let one = |length: usize| [&[length as u8][..], &vec![b'a'; length]].concat();
        assert!(Words::read(one(32)).is_some());
        let many = [&one(2)[..]; MOST + 1].concat();
        assert!(Words::read(many[..many.len() - 3].to_vec()).is_some());
        for bytes in
            [one(33), one(1), vec![0], vec![2, b'a'], b"\x02\xff\xff".to_vec(), b"\x03a b".to_vec(), many]
        {
            assert!(Words::read(bytes.clone()).is_none(), "{:?}", &bytes[..bytes.len().min(4)]);
        }
    }
}
