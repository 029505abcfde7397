//! The ids of advisories, written in fewer bytes: a family, a year and a number, or the letters of GitHub's.
//!
//! The rule that must not be broken: what is read is the id that was written, letter by letter. An id of any other form is
//! written as it is.

use super::codec::{Reader, Writer};

/// Families of ids that are a year and a number. An index stores a family as its place here, from 1 on: never change the
/// order, and add none without another format, for what follows is GitHub's.
const FAMILIES: [&str; 4] = ["CVE", "GO", "PYSEC", "RUSTSEC"];
const AS_IT_IS: u64 = 0;
const GITHUB: u64 = FAMILIES.len() as u64 + 1;

/// Years are counted from here.
const FIRST_YEAR: u64 = 1990;
const LAST_YEAR: u64 = 9999;

/// The most digits of a number: three bits say how many there are.
const DIGITS: usize = 7;

/// The letters of GitHub's ids, three times four of them.
const LETTERS: &[u8; 20] = b"23456789cfghjmpqrvwx";
const GROUPS: [usize; 3] = [4, 4, 4];

impl Writer {
    pub(super) fn id(&mut self, id: &str) {
        if let Some((family, year, number)) = numbered(id) {
            [family, year, number].into_iter().for_each(|part| self.number(part));
        } else if let Some(number) = github(id) {
            self.number(GITHUB);
            self.number(number);
        } else {
            self.number(AS_IT_IS);
            self.word(id);
        }
    }

    pub(super) fn ids(&mut self, ids: &[String]) {
        self.number(ids.len() as u64);
        ids.iter().for_each(|id| self.id(id));
    }
}

impl Reader<'_> {
    /// An id; `None` also where it is written as it would not be.
    pub(super) fn id(&mut self) -> Option<String> {
        match self.number()? {
            AS_IT_IS => {
                self.word().filter(|id| numbered(id).is_none() && github(id).is_none()).map(str::to_owned)
            }
            GITHUB => github_id(self.number()?),
            family => {
                let family = FAMILIES.get(usize::try_from(family).ok()?.checked_sub(1)?)?;
                let year = self.number()?.checked_add(FIRST_YEAR).filter(|year| *year <= LAST_YEAR)?;
                let number = self.number()?;
                let (digits, number) = (number as usize & DIGITS, number >> 3);
                let number = format!("{number:0digits$}");
                (number.len() == digits).then(|| format!("{family}-{year}-{number}"))
            }
        }
    }

    pub(super) fn ids(&mut self) -> Option<Vec<String>> {
        let count = self.count()?;
        (0..count).map(|_| self.id()).collect()
    }
}

/// The family, the year and the number of `CVE-2022-0001`; with the number, how many digits it has.
fn numbered(id: &str) -> Option<(u64, u64, u64)> {
    let (family, rest) = id.split_once('-')?;
    let family = FAMILIES.iter().position(|it| *it == family)? as u64 + 1;
    let (year, number) = rest.split_once('-')?;
    let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if year.len() != 4 || !(1..=DIGITS).contains(&number.len()) || !is_number(year) || !is_number(number) {
        return None;
    }
    let year = year.parse::<u64>().ok()?.checked_sub(FIRST_YEAR)?;
    Some((family, year, number.parse::<u64>().ok()? << 3 | number.len() as u64))
}

/// The letters of `GHSA-2345-6789-cfgh`, as the digits of one number.
fn github(id: &str) -> Option<u64> {
    let groups = id.strip_prefix("GHSA-")?.split('-');
    if !groups.clone().map(str::len).eq(GROUPS) {
        return None;
    }
    let mut letters = groups.flat_map(str::bytes);
    letters.try_fold(0, |number, letter| {
        let place = LETTERS.iter().position(|it| *it == letter)?;
        Some(number * LETTERS.len() as u64 + place as u64)
    })
}

fn github_id(mut number: u64) -> Option<String> {
    let mut letters = [0; 12];
    for letter in letters.iter_mut().rev() {
        *letter = LETTERS[(number % LETTERS.len() as u64) as usize];
        number /= LETTERS.len() as u64;
    }
    let groups = letters.chunks(4).map(|group| group.iter().map(|it| char::from(*it)).collect::<String>());
    (number == 0).then(|| std::iter::once("GHSA".to_owned()).chain(groups).collect::<Vec<_>>().join("-"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(id: &str) -> Vec<u8> {
        let mut writer = Writer::default();
        writer.id(id);
        writer.0
    }

    fn read(bytes: &[u8]) -> Option<String> {
        let mut reader = Reader(bytes);
        reader.id().filter(|_| reader.0.is_empty())
    }

    fn of_numbers(numbers: &[u64]) -> Vec<u8> {
        let mut writer = Writer::default();
        numbers.iter().for_each(|number| writer.number(*number));
        writer.0
    }

    #[test]
    fn an_id_is_read_as_it_was_written() {
        for (id, most) in [
            ("CVE-1990-1", 3),
            ("CVE-2022-0001", 3),
            ("CVE-9999-9999999", 7),
            ("GO-2026-6061", 5),
            ("PYSEC-2022-42998", 5),
            ("RUSTSEC-2026-0000", 3),
            ("GHSA-2222-2222-2222", 2),
            ("GHSA-xxxx-xxxx-xxxx", 9),
            ("GHSA-p6fh-xc6r-g5hw", 9),
        ] {
            assert!(written(id).len() <= most, "{id}: {}", written(id).len());
            assert_eq!(read(&written(id)).as_deref(), Some(id));
        }
        for id in [
            "",
            "CVE",
            "CVE-",
            "CVE-2022-",
            "CVE-2022-00000001",
            "CVE-1989-0001",
            "CVE-22-0001",
            "CVE-02022-0001",
            "CVE-2022-+001",
            "CVE-+022-0001",
            "CVE-2022-1-2",
            "CVE-2022-٣",
            "cve-2022-0001",
            "OSV-2022-0001",
            "GHSA-p6fh-xc6r-g5h",
            "GHSA-p6fh-xc6r-g5hww",
            "GHSA-p6fh-xc6r-g5hW",
            "GHSA-p6fh-xc6r-g5ha",
            "GHSA-p6fhx-c6r-g5hw",
            "GHSA-p6fh-xc6r-g5hw-",
            "GHSA-p6fhxc6rg5hw",
            "ghsa-p6fh-xc6r-g5hw",
        ] {
            assert_eq!(written(id)[0], 0, "{id}");
            assert_eq!(read(&written(id)).as_deref(), Some(id));
        }
    }

    #[test]
    fn an_id_is_written_in_one_way_only() {
        let numbers: [&[u64]; 9] = [
            &[6, 0, 0],
            &[1, 32, 0],
            &[1, 32, 1 << 3],
            &[1, 32, 10 << 3 | 1],
            &[1, 9999 - 1990 + 1, 1 << 3 | 1],
            &[1, u64::MAX, 1 << 3 | 1],
            &[1, 32, u64::MAX],
            &[5, 20u64.pow(12)],
            &[5, u64::MAX],
        ];
        for numbers in numbers {
            assert_eq!(read(&of_numbers(numbers)), None, "{numbers:?}");
        }
        assert_eq!(read(&of_numbers(&[1, 32, 1 << 3 | 1])).as_deref(), Some("CVE-2022-1"));
        assert!(read(&of_numbers(&[5, 20u64.pow(12) - 1])).is_some());
        for id in ["CVE-2022-0001", "GHSA-p6fh-xc6r-g5hw"] {
            let mut writer = Writer::default();
            writer.number(AS_IT_IS);
            writer.word(id);
            assert_eq!(read(&writer.0), None, "{id}");
        }
    }
}
