//! How an index writes numbers, words and advisories, and reads them again.
//!
//! The rule that must not be broken: what is read is what was written, or nothing. Every length is checked against
//! what is left, every number against what it can mean.

use super::words::{Numbers, Words};
use crate::advisories::{
    advisory::{Advisory, Affected, Event, Kind, Severity},
    lock::Ecosystem,
};
use jiff::civil::Date;

/// Writes values one after another.
#[derive(Default)]
pub(super) struct Writer(pub(super) Vec<u8>);

impl Writer {
    /// LEB128, without sign.
    pub(super) fn number(&mut self, mut number: u64) {
        while number >= 0x80 {
            self.0.push((number & 0x7f) as u8 | 0x80);
            number >>= 7;
        }
        self.0.push(number as u8);
    }

    pub(super) fn word(&mut self, word: &str) {
        self.number(word.len() as u64);
        self.0.extend_from_slice(word.as_bytes());
    }

    fn words(&mut self, words: &[String]) {
        self.number(words.len() as u64);
        words.iter().for_each(|word| self.word(word));
    }

    /// All but the ecosystem and the package, which are the key: first which versions it is about, so that the rest, whose
    /// length comes next, may be passed over.
    pub(super) fn advisory(&mut self, advisory: &Advisory, numbers: &Numbers<'_>) {
        self.number(advisory.affected.len() as u64);
        for affected in &advisory.affected {
            self.number(affected.is_range_unknown.into());
            self.number(affected.ranges.len() as u64);
            for events in &affected.ranges {
                self.number(events.len() as u64);
                events.iter().for_each(|event| self.event(event));
            }
            self.words(&affected.versions);
        }
        let mut rest = Self::default();
        rest.told(advisory, numbers);
        self.number(rest.0.len() as u64);
        self.0.extend_from_slice(&rest.0);
    }

    fn told(&mut self, advisory: &Advisory, numbers: &Numbers<'_>) {
        self.id(&advisory.id);
        self.number(place(&Kind::ALL, advisory.kind));
        let day = |date: Date| (date.year() as u64) << 9 | (date.month() as u64) << 5 | date.day() as u64;
        self.number(advisory.published.filter(|date| date.year() > 0).map_or(0, day));
        self.number(advisory.severity.map_or(0, |severity| place(&Severity::ALL, severity) + 1));
        let (title, has_end) = own_title(advisory);
        self.number(has_end.into());
        self.title(title, numbers);
        self.word(advisory.url.as_deref().unwrap_or_default());
        self.ids(&advisory.aliases);
        // Nearly always they are where the ranges end.
        if advisory.fixed.iter().map(String::as_str).eq(ends(&advisory.affected)) {
            self.number(0);
        } else {
            self.number(1);
            self.words(&advisory.fixed);
        }
    }

    fn event(&mut self, event: &Event) {
        let (tag, version) = match event {
            Event::Introduced(version) => (0, version),
            Event::Fixed(version) => (1, version),
            Event::LastAffected(version) => (2, version),
            Event::Limit(version) => (3, version),
        };
        self.number(tag);
        self.word(version);
    }
}

/// What many titles end with, those of Go nearly all.
fn title_end(package: &str) -> String {
    format!(" in {package}")
}

/// The title without that end, and whether it had it.
pub(super) fn own_title(advisory: &Advisory) -> (&str, bool) {
    let own = advisory.title.strip_suffix(&title_end(&advisory.package));
    (own.unwrap_or(&advisory.title), own.is_some())
}

/// The versions with which ranges end, in order.
fn ends<S: AsRef<str>>(affected: &[Affected<S>]) -> impl Iterator<Item = &str> {
    affected.iter().flat_map(|it| it.ranges.iter().flatten()).filter_map(|event| match event {
        Event::Fixed(version) => Some(version.as_ref()),
        _ => None,
    })
}

fn place<T: PartialEq>(all: &[T], one: T) -> u64 {
    all.iter().position(|it| *it == one).unwrap_or(all.len()) as u64
}

/// What is left to read. Every method is `None` where that is not what was written.
pub(super) struct Reader<'a>(pub(super) &'a [u8]);

impl<'a> Reader<'a> {
    pub(super) fn number(&mut self) -> Option<u64> {
        let mut number = 0u64;
        for shift in (0..64).step_by(7) {
            let (byte, rest) = self.0.split_first()?;
            self.0 = rest;
            let bits = u64::from(byte & 0x7f);
            number |= bits.checked_shl(shift).filter(|shifted| shifted >> shift == bits)?;
            if byte & 0x80 == 0 {
                return Some(number);
            }
        }
        None
    }

    /// How many values follow, each of at least one byte.
    pub(super) fn count(&mut self) -> Option<usize> {
        let count = usize::try_from(self.number()?).ok()?;
        (count <= self.0.len()).then_some(count)
    }

    /// A length, and so many bytes.
    pub(super) fn bytes(&mut self) -> Option<&'a [u8]> {
        let length = self.count()?;
        let (bytes, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(bytes)
    }

    pub(super) fn word(&mut self) -> Option<&'a str> {
        std::str::from_utf8(self.bytes()?).ok()
    }

    fn words(&mut self) -> Option<Vec<&'a str>> {
        let count = self.count()?;
        (0..count).map(|_| self.word()).collect()
    }

    /// What is told of an advisory about these versions, to the end.
    pub(super) fn advisory(
        &mut self,
        ecosystem: Ecosystem,
        package: &str,
        affected: &[Affected<&str>],
        words: &Words,
    ) -> Option<Advisory> {
        let id = self.id()?;
        let kind = *Kind::ALL.get(usize::try_from(self.number()?).ok()?)?;
        let (published, severity) = (self.date()?, self.severity()?);
        let title = self.whole_title(package, words)?;
        let url = Some(self.word()?).filter(|url| !url.is_empty()).map(str::to_owned);
        let aliases = self.ids()?;
        let fixed = self.fixed(affected)?;
        let affected = affected.iter().map(Affected::owned).collect();
        self.0.is_empty().then(|| Advisory {
            ecosystem,
            package: package.to_owned(),
            id,
            kind,
            published,
            severity,
            title,
            url,
            aliases,
            affected,
            fixed,
        })
    }

    fn whole_title(&mut self, package: &str, words: &Words) -> Option<String> {
        let end = match self.number()? {
            0 => String::new(),
            1 => title_end(package),
            _ => return None,
        };
        self.title(words).map(|title| title + &end)
    }

    fn fixed(&mut self, affected: &[Affected<&str>]) -> Option<Vec<String>> {
        match self.number()? {
            0 => Some(ends(affected).map(str::to_owned).collect()),
            1 => self.words().map(|words| words.into_iter().map(str::to_owned).collect()),
            _ => None,
        }
    }

    fn date(&mut self) -> Option<Option<Date>> {
        let number = self.number()?;
        if number == 0 {
            return Some(None);
        }
        let year = i16::try_from(number >> 9).ok()?;
        Date::new(year, (number >> 5 & 0xf) as i8, (number & 0x1f) as i8).ok().map(Some)
    }

    fn severity(&mut self) -> Option<Option<Severity>> {
        let number = usize::try_from(self.number()?).ok()?;
        match number.checked_sub(1) {
            None => Some(None),
            Some(at) => Severity::ALL.get(at).copied().map(Some),
        }
    }

    /// Which versions an advisory is about.
    pub(super) fn affected(&mut self) -> Option<Vec<Affected<&'a str>>> {
        let count = self.count()?;
        let mut all = Vec::with_capacity(count.min(64));
        for _ in 0..count {
            let is_range_unknown = match self.number()? {
                0 => false,
                1 => true,
                _ => return None,
            };
            let count = self.count()?;
            let ranges = (0..count).map(|_| self.events()).collect::<Option<_>>()?;
            all.push(Affected { is_range_unknown, ranges, versions: self.words()? });
        }
        Some(all)
    }

    fn events(&mut self) -> Option<Vec<Event<&'a str>>> {
        let count = self.count()?;
        (0..count).map(|_| self.event()).collect()
    }

    fn event(&mut self) -> Option<Event<&'a str>> {
        let tag = self.number()?;
        let version = self.word()?;
        match tag {
            0 => Some(Event::Introduced(version)),
            1 => Some(Event::Fixed(version)),
            2 => Some(Event::LastAffected(version)),
            3 => Some(Event::Limit(version)),
            _ => None,
        }
    }
}
