//! After which version a file is called.

mod components;
mod lexicon;
mod spelling;
#[cfg(test)]
mod tests;

use self::{components::Components, spelling::Number};
use crate::{facts::Facts, versions::TagVersion};
use std::collections::{HashMap, HashSet};

/// The most letters and numbers that are read as a pre-release.
const MOST_ATOMS: usize = 24;

/// Whose version a name holds.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Held {
    Own,
    /// That of another tag, by its place among those.
    Other(usize),
    /// The tag's own and another one's, which are spelled alike.
    Both,
}

/// A version in a name.
struct Place {
    start: usize,
    /// Where it ends, its pre-release with it.
    end: usize,
    held: Held,
}

/// The versions of a repository's tags that a file may be called after.
pub(super) struct Versions {
    own: Option<TagVersion>,
    /// Those of the component's other tags with as many numbers, but for what is part of this tag's own number.
    others: Vec<TagVersion>,
    /// Whose each version is, by how it is spelled.
    held: HashMap<String, Held>,
    /// The numbers of all of them, without pre-releases.
    numbers: HashSet<String>,
    components: Components,
}

impl Versions {
    pub(super) fn of(facts: &Facts) -> Self {
        let tags = facts.tags.present().map_or(&[][..], Vec::as_slice);
        Self::among(facts.version.clone(), tags.iter().filter_map(|tag| TagVersion::parse(tag.name.raw())))
    }

    fn among(own: Option<TagVersion>, tags: impl Iterator<Item = TagVersion>) -> Self {
        let (mut others, mut components) = (Vec::new(), Components::default());
        if let Some(own) = &own {
            let (component, number) = (own.component(), own.number());
            components.add(&component, false);
            for version in tags {
                let is_of_own = version.numbers == own.numbers && version.parts == own.parts;
                if version.component() != component {
                    components.add(&version.component(), true);
                } else if version.parts >= own.parts
                    && !(is_of_own && (version.pre.is_none() || version.number() == number))
                {
                    others.push(version);
                }
            }
        }
        let held = index(own.as_ref(), &others);
        let numbers = own.iter().chain(&others).map(spelling::number).collect();
        Self { own, others, held, numbers, components }
    }

    /// Whether a name holds the tag's version alone: no other one in front of it, no mark, no other component, and
    /// nothing behind it that is not understood.
    pub(super) fn is_own(&self, name: &str) -> bool {
        let places = self.places(name);
        let mut own = places.iter().filter(|place| place.held == Held::Own);
        let (Some(place), None) = (own.next(), own.next()) else { return false };
        let is_first = places.iter().all(|other| other.held == Held::Own || other.start > place.start);
        is_first
            && lexicon::is_understood(&name[place.end..])
            && !lexicon::has_mark(&spelling::words(&name[..place.start]), &self.own_words())
            && !self.components.is_another(name)
    }

    /// The other version that a name holds in the place of the tag's own.
    pub(super) fn other(&self, name: &str) -> Option<String> {
        let mut found = None;
        for place in self.places(name) {
            match place.held {
                Held::Other(at) => found = found.or(Some(at)),
                Held::Own | Held::Both => return None,
            }
        }
        let other = &self.others[found?];
        self.is_told_apart(other).then(|| other.number())
    }

    /// Whether what another version adds to the tag's own number is no word that files of the tag may have behind it.
    fn is_told_apart(&self, other: &TagVersion) -> bool {
        let is_of_own = self.own.as_ref().is_some_and(|own| own.numbers == other.numbers);
        let words = other.pre.as_ref().map(|pre| spelling::words(pre.as_str())).unwrap_or_default();
        let is_mark =
            |word: &String| word.contains(|c: char| c.is_ascii_alphabetic()) && !lexicon::is_known_word(word);
        !is_of_own || words.iter().any(is_mark)
    }

    fn own_words(&self) -> Vec<String> {
        self.own.as_ref().map(|own| spelling::words(&own.component())).unwrap_or_default()
    }

    /// The versions that a name holds; each at its longest.
    fn places(&self, name: &str) -> Vec<Place> {
        let numbers = spelling::numbers(name);
        numbers.iter().filter_map(|number| self.longest(number, name)).collect()
    }

    /// The version with this number, and as much of what follows it as a tag has: `1.2.3`, `1.2.3-rc.1`, `1.2.3rc1`.
    fn longest(&self, number: &Number, name: &str) -> Option<Place> {
        if !self.numbers.contains(&number.text) {
            return None;
        }
        let mut spelled = [number.text.clone(), number.text.clone()];
        let place = |end: usize, held: &Held| Place { start: number.start, end, held: *held };
        let mut longest = self.held.get(&number.text).map(|held| place(number.end, held));
        let mut atoms = spelling::atoms(&name[number.end..]).take(MOST_ATOMS).peekable();
        while let Some(atom) = atoms.next() {
            spelling::add(&mut spelled, &atom);
            // `beta-2` is not `beta`, where no tag says so.
            let goes_on = !atom.is_number() && atoms.peek().is_some_and(spelling::Atom::is_number);
            if let Some(held) = spelled.iter().find_map(|text| self.held.get(text))
                && atom.ends_word
                && !goes_on
            {
                longest = Some(place(number.end + atom.end, held));
            }
        }
        longest
    }
}

/// Whose each version is, by how it is spelled; what a tag spells out is worth more than what another one shortens.
fn index(own: Option<&TagVersion>, others: &[TagVersion]) -> HashMap<String, Held> {
    let mut held = HashMap::new();
    let mut shortened = Vec::new();
    let own = own.map(|own| (spelling::with_build(own), Held::Own));
    let others = others.iter().enumerate().map(|(at, other)| (spelling::spelled(other), Held::Other(at)));
    for ([exact, short], whose) in own.into_iter().chain(others) {
        let whose_else = held.entry(exact).or_insert(whose);
        if *whose_else == Held::Own && whose != Held::Own {
            *whose_else = Held::Both;
        }
        shortened.push((short, whose));
    }
    for (short, whose) in shortened {
        held.entry(short).or_insert(whose);
    }
    held
}
