//! The part of Elixir's notation that `mix.lock` is written in.

use crate::advisories::locks::{DEPTH_LIMIT, Fault, PACKAGES_LIMIT, error::shown};

/// A value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Term {
    /// `"text"`
    Text(String),
    /// `:atom`, `true`, `false`, `nil`
    Atom(String),
    /// `{a, b}`
    Tuple(Vec<Self>),
    /// `[a, b]`
    List(Vec<Self>),
    /// `key: value`, in a list.
    Pair(String, Box<Self>),
}

/// Reads `%{"key": value, ...}` or `%{"key" => value, ...}`, and nothing after it.
pub(super) fn map(text: &str) -> Result<Vec<(String, Term)>, Fault> {
    let mut reader = Reader { text, at: 0, left: PACKAGES_LIMIT * 10 };
    reader.expect("%{")?;
    let mut entries = Vec::new();
    while !reader.take("}") {
        let Term::Text(key) = reader.text()? else { return Err(reader.wrong()) };
        if !reader.take(":") {
            reader.expect("=>")?;
        }
        entries.push((key, reader.term(0)?));
        if !reader.take(",") {
            reader.expect("}")?;
            break;
        }
    }
    if reader.rest().is_empty() { Ok(entries) } else { Err(reader.wrong()) }
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
    left: usize,
}

impl<'t> Reader<'t> {
    /// What is left, without the spaces in front.
    fn rest(&mut self) -> &'t str {
        let rest = &self.text[self.at..];
        self.at += rest.len() - rest.trim_start().len();
        &self.text[self.at..]
    }

    fn take(&mut self, mark: &str) -> bool {
        let found = self.rest().starts_with(mark);
        if found {
            self.at += mark.len();
        }
        found
    }

    fn expect(&mut self, mark: &str) -> Result<(), Fault> {
        if self.take(mark) { Ok(()) } else { Err(self.wrong()) }
    }

    fn wrong(&mut self) -> Fault {
        let rest = self.rest();
        if rest.is_empty() {
            return Fault::CutOff("the } that ends the map");
        }
        let line = self.text[..self.at].bytes().filter(|b| *b == b'\n').count() + 1;
        Fault::Line { line, text: shown(rest.lines().next().unwrap_or_default()) }
    }

    fn term(&mut self, depth: usize) -> Result<Term, Fault> {
        self.left = self.left.checked_sub(1).ok_or(Fault::TooMany)?;
        if depth > DEPTH_LIMIT {
            return Err(Fault::TooDeep);
        }
        match self.rest().chars().next() {
            Some('"') => self.text(),
            Some('{') => self.items("{", "}", depth).map(Term::Tuple),
            Some('[') => self.items("[", "]", depth).map(Term::List),
            Some(':') => {
                self.at += 1;
                match self.rest().starts_with('"') {
                    true => match self.text()? {
                        Term::Text(text) => Ok(Term::Atom(text)),
                        other => Ok(other),
                    },
                    false => self.word().map(Term::Atom),
                }
            }
            _ => {
                let word = self.word()?;
                match self.rest().starts_with(':') {
                    true => {
                        self.at += 1;
                        Ok(Term::Pair(word, Box::new(self.term(depth + 1)?)))
                    }
                    false => Ok(Term::Atom(word)),
                }
            }
        }
    }

    fn items(&mut self, open: &str, close: &str, depth: usize) -> Result<Vec<Term>, Fault> {
        self.expect(open)?;
        let mut items = Vec::new();
        while !self.take(close) {
            items.push(self.term(depth + 1)?);
            if !self.take(",") {
                self.expect(close)?;
                break;
            }
        }
        Ok(items)
    }

    /// A string without escapes: no name, version or address needs one.
    fn text(&mut self) -> Result<Term, Fault> {
        let inside = self.rest().strip_prefix('"').and_then(|rest| rest.split_once('"'));
        match inside {
            Some((text, _)) if !text.contains(['\\', '\n']) && !text.contains("#{") => {
                self.at += text.len() + 2;
                Ok(Term::Text(text.to_owned()))
            }
            None => Err(Fault::CutOff("the \" that ends a string")),
            Some(_) => Err(self.wrong()),
        }
    }

    fn word(&mut self) -> Result<String, Fault> {
        let rest = self.rest();
        let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '@' | '.' | '?' | '!');
        let end = rest.find(|c| !is_part(c)).unwrap_or(rest.len());
        if end == 0 {
            return Err(self.wrong());
        }
        self.at += end;
        Ok(rest[..end].to_owned())
    }
}
