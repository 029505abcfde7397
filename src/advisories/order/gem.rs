//! Ruby's order of versions: `Gem::Version`.
//!
//! <https://docs.ruby-lang.org/en/master/Gem/Version.html>: parts of digits or of letters; letters are below digits;
//! zeros at the end of either half mean nothing; `-` is `.pre.`.

use super::compare_numbers;
use std::cmp::Ordering;

/// A gem's version.
#[derive(Clone, Debug)]
pub struct Version(Vec<Part>);

#[derive(Clone, Debug)]
enum Part {
    Number(String),
    Word(String),
}

impl Version {
    pub(super) fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let plain = |c: char| c.is_ascii_alphanumeric() || c == '.' || c == '-';
        if !text.starts_with(|c: char| c.is_ascii_digit()) || !text.chars().all(plain) {
            return None;
        }
        let (release, pre) = text.split_once('-').map_or((text, None), |(a, b)| (a, Some(b)));
        let is_dotted = |text: &str| text.split('.').all(|part| !part.is_empty());
        if !is_dotted(release) || !pre.is_none_or(is_dotted) {
            return None;
        }
        Some(Self(canonical(parts(&text.replace('-', ".pre.")))))
    }
}

/// The runs of digits and the runs of letters.
fn parts(text: &str) -> Vec<Part> {
    let mut parts = Vec::new();
    for piece in text.split('.') {
        let mut rest = piece;
        while let Some(first) = rest.chars().next() {
            let is_digit = first.is_ascii_digit();
            let end = rest.find(|c: char| c.is_ascii_digit() != is_digit).unwrap_or(rest.len());
            let (run, after) = rest.split_at(end);
            parts.push(if is_digit { Part::Number(run.to_owned()) } else { Part::Word(run.to_owned()) });
            rest = after;
        }
    }
    parts
}

/// Without the zeros at the end of what comes before the first word, and at the end of the rest.
fn canonical(mut parts: Vec<Part>) -> Vec<Part> {
    let first_word = parts.iter().position(|part| matches!(part, Part::Word(_))).unwrap_or(parts.len());
    let mut rest = parts.split_off(first_word);
    trim(&mut parts);
    trim(&mut rest);
    parts.append(&mut rest);
    parts
}

fn trim(parts: &mut Vec<Part>) {
    let is_zero = |part: &Part| matches!(part, Part::Number(n) if n.bytes().all(|b| b == b'0'));
    while parts.last().is_some_and(is_zero) {
        parts.pop();
    }
}

impl Ord for Version {
    fn cmp(&self, other: &Self) -> Ordering {
        let zero = Part::Number(String::new());
        for at in 0..self.0.len().max(other.0.len()) {
            let order = match (self.0.get(at).unwrap_or(&zero), other.0.get(at).unwrap_or(&zero)) {
                (Part::Number(one), Part::Number(two)) => compare_numbers(one, two),
                (Part::Word(one), Part::Word(two)) => one.cmp(two),
                (Part::Word(_), Part::Number(_)) => Ordering::Less,
                (Part::Number(_), Part::Word(_)) => Ordering::Greater,
            };
            if order.is_ne() {
                return order;
            }
        }
        Ordering::Equal
    }
}

impl PartialOrd for Version {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Version {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Version {}

#[cfg(test)]
mod tests {
    use crate::advisories::{
        lock::Ecosystem,
        order::{Version, tests::ascending},
    };

    #[test]
    fn gems_are_ordered_as_rubygems_orders_them() {
        // The examples of the documentation of Gem::Version, and of its tests.
        let groups: &[&[&str]] = &[
            &["1.0.a10"],
            &["1.0.b1"],
            &["1.0.0-beta", "1.0-beta"],
            &["1.0", "1", "1.0.0"],
            &["1.8.2.a9"],
            &["1.8.2.a10"],
            &["1.8.2"],
            &["1.9.0.dev"],
            &["1.9.0"],
            &["1.10"],
            &["99999999999999999999999999"],
        ];
        ascending(Ecosystem::Gem, groups);
        for text in ["", "x", "1..2", "1.2-", "1.0-x86_64-linux", "junk 1"] {
            assert!(Version::parse(Ecosystem::Gem, text).is_none(), "{text}");
        }
    }
}
