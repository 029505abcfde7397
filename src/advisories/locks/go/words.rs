//! The words of `go.mod` and `go.work`: <https://go.dev/ref/mod#go-mod-file-lexical>.

use crate::advisories::locks::{PACKAGES_LIMIT, error::Fault};

/// One directive, with the verb of its block in front.
pub(super) struct Line<'t> {
    /// Its line, from 0.
    pub(super) number: usize,
    /// The whole line.
    pub(super) text: &'t str,
    /// Its words, unquoted.
    pub(super) words: Vec<String>,
    /// What follows `//`.
    pub(super) comment: &'t str,
}

/// All directives.
pub(super) fn lines(text: &str) -> Result<Vec<Line<'_>>, Fault> {
    let mut found = Vec::new();
    let mut block: Option<String> = None;
    for (number, text) in text.lines().enumerate() {
        let (mut words, comment) = words(text).ok_or_else(|| Fault::line(number, text))?;
        let opens = words.last().is_some_and(|word| word == "(");
        let closes = words.first().is_some_and(|word| word == ")");
        match &block {
            _ if words.is_empty() => continue,
            Some(_) if closes && words.len() == 1 => {
                block = None;
                continue;
            }
            None if opens && words.len() == 2 => {
                block = words.drain(..).next();
                continue;
            }
            _ if opens || closes => return Err(Fault::line(number, text)),
            Some(verb) => words.insert(0, verb.clone()),
            None => {}
        }
        if found.len() >= PACKAGES_LIMIT {
            return Err(Fault::TooMany);
        }
        found.push(Line { number, text, words, comment });
    }
    if block.is_some() {
        return Err(Fault::CutOff("the ) that ends a block"));
    }
    Ok(found)
}

/// The words of a line and its comment; nothing where a quote is not closed.
fn words(line: &str) -> Option<(Vec<String>, &str)> {
    let mut words = Vec::new();
    let mut rest = line.trim_start();
    loop {
        let Some(first) = rest.chars().next() else { return Some((words, "")) };
        if let Some(comment) = rest.strip_prefix("//") {
            return Some((words, comment));
        }
        let (word, after) = match first {
            '"' | '`' => quoted(rest, first)?,
            '(' | ')' | '[' | ']' | ',' => (first.to_string(), &rest[1..]),
            _ => {
                let end = end_of_word(rest);
                (rest[..end].to_owned(), &rest[end..])
            }
        };
        words.push(word);
        rest = after.trim_start();
    }
}

/// Where a word without quotes ends.
fn end_of_word(text: &str) -> usize {
    let mut end = text.find(|c: char| c.is_whitespace() || "()[],".contains(c)).unwrap_or(text.len());
    if let Some(comment) = text[..end].find("//") {
        end = comment;
    }
    end
}

/// A string in quotes. One with an escape is refused: no module path or version needs one.
fn quoted(text: &str, quote: char) -> Option<(String, &str)> {
    let end = text[1..].find(quote)?;
    let inside = &text[1..=end];
    let needs_escape = quote == '"' && inside.contains('\\');
    (!needs_escape).then(|| (inside.to_owned(), &text[end + 2..]))
}
