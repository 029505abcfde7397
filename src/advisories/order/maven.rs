//! Maven's order of versions.
//!
//! <https://maven.apache.org/pom.html#version-order-specification>: tokens between dots, hyphens and changes from
//! digits to letters; values that mean nothing are taken off the end, and before each hyphen; the shorter sequence is
//! filled up with them.

use super::compare_numbers;
use std::cmp::Ordering;

/// A Maven artifact's version.
#[derive(Clone, Debug)]
pub struct Version(Vec<Token>);

#[derive(Clone, Debug)]
struct Token {
    /// After a hyphen, or a change from digits to letters.
    is_hyphen: bool,
    value: Value,
}

#[derive(Clone, Debug)]
enum Value {
    Number(String),
    Word(String),
}

impl Value {
    fn is_null(&self) -> bool {
        match self {
            Self::Number(number) => number.bytes().all(|byte| byte == b'0'),
            Self::Word(word) => word.is_empty(),
        }
    }
}

impl Version {
    pub(super) fn parse(text: &str) -> Option<Self> {
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | '+');
        if text.is_empty() || !text.chars().all(plain) {
            return None;
        }
        Some(Self(trimmed(tokens(&text.to_ascii_lowercase()))))
    }
}

fn tokens(text: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut is_hyphen = false;
    let mut rest = text;
    loop {
        let end = rest
            .char_indices()
            .find(|(at, c)| {
                matches!(c, '.' | '-') || *at > 0 && is_digit(rest, *at) != is_digit(rest, *at - 1)
            })
            .map_or(rest.len(), |(at, _)| at);
        let (token, after) = rest.split_at(end);
        let next = after.chars().next();
        let is_before_number = next.is_some_and(|c| c.is_ascii_digit());
        tokens.push(Token { is_hyphen, value: value(token, is_before_number) });
        match next {
            None => return tokens,
            Some('.') => (is_hyphen, rest) = (false, &after[1..]),
            Some('-') => (is_hyphen, rest) = (true, &after[1..]),
            Some(_) => (is_hyphen, rest) = (true, after),
        }
    }
}

fn is_digit(text: &str, at: usize) -> bool {
    text.as_bytes()[at].is_ascii_digit()
}

fn value(token: &str, is_before_number: bool) -> Value {
    if token.is_empty() {
        return Value::Number("0".to_owned());
    }
    if token.bytes().all(|byte| byte.is_ascii_digit()) {
        return Value::Number(token.to_owned());
    }
    let word = match token {
        "a" if is_before_number => "alpha",
        "b" if is_before_number => "beta",
        "m" if is_before_number => "milestone",
        "ga" | "final" | "release" => "",
        "cr" => "rc",
        other => other,
    };
    Value::Word(word.to_owned())
}

/// Takes off what means nothing at the end, and before each hyphen.
fn trimmed(tokens: Vec<Token>) -> Vec<Token> {
    let mut kept: Vec<Token> = Vec::new();
    for token in tokens {
        if token.is_hyphen {
            trim(&mut kept);
        }
        kept.push(token);
    }
    trim(&mut kept);
    kept
}

fn trim(tokens: &mut Vec<Token>) {
    while tokens.last().is_some_and(|token| token.value.is_null()) {
        tokens.pop();
    }
}

/// Where a word stands: before the release, the release itself, or after it.
fn rank(word: &str) -> (u8, &str) {
    const KNOWN: [&str; 7] = ["alpha", "beta", "milestone", "rc", "snapshot", "", "sp"];
    match KNOWN.iter().position(|known| *known == word) {
        Some(at) => (u8::try_from(at).unwrap_or(u8::MAX), ""),
        None => (KNOWN.len() as u8, word),
    }
}

/// `.qualifier` = `-qualifier` < `-number` < `.number`.
fn compare(one: &Token, two: &Token) -> Ordering {
    match (&one.value, &two.value) {
        (Value::Word(a), Value::Word(b)) => rank(a).cmp(&rank(b)),
        (Value::Word(_), Value::Number(_)) => Ordering::Less,
        (Value::Number(_), Value::Word(_)) => Ordering::Greater,
        (Value::Number(a), Value::Number(b)) if one.is_hyphen == two.is_hyphen => compare_numbers(a, b),
        (Value::Number(_), Value::Number(_)) => two.is_hyphen.cmp(&one.is_hyphen),
    }
}

/// What the shorter sequence is filled up with, beside `other`: zero after a dot, nothing after a hyphen.
fn padding(other: &Token) -> Token {
    let value = match (&other.value, other.is_hyphen) {
        (Value::Word(_), _) => Value::Word(String::new()),
        (Value::Number(_), _) => Value::Number("0".to_owned()),
    };
    Token { is_hyphen: other.is_hyphen, value }
}

impl Ord for Version {
    fn cmp(&self, other: &Self) -> Ordering {
        for at in 0..self.0.len().max(other.0.len()) {
            let order = match (self.0.get(at), other.0.get(at)) {
                (Some(one), Some(two)) => compare(one, two),
                (Some(one), None) => compare(one, &padding(one)),
                (None, Some(two)) => compare(&padding(two), two),
                (None, None) => Ordering::Equal,
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
    fn maven_versions_are_ordered_as_its_specification_orders_them() {
        let groups: &[&[&str]] = &[
            &["1-alpha-1", "1-a1", "1alpha1"],
            &["1-beta"],
            &["1-milestone-2", "1-m2"],
            &["1-rc", "1-cr"],
            &["1-SNAPSHOT", "1-snapshot"],
            &["1", "1.0", "1.0.0", "1-ga", "1.final", "1-0", "1.0-FINAL"],
            &["1-sp"],
            &["1-foo"],
            &["1-foo2"],
            &["1-foo10"],
            &["1-1"],
            &["1-2"],
            &["1.0.1"],
            &["1.1"],
            &["1.10"],
        ];
        ascending(Ecosystem::Maven, groups);
        assert!(Version::parse(Ecosystem::Maven, "").is_none());
        assert!(Version::parse(Ecosystem::Maven, "${revision}").is_none());
    }
}
