//! The words of `go.mod` and `go.work`: <https://go.dev/ref/mod#go-mod-file-lexical>.

use crate::advisories::locks::{PACKAGES_LIMIT, error::Fault};

/// One directive, with the verb of its block in front.
pub(super) struct Line<'t> {
    /// Its line, from 0.
    pub(super) number: usize,
    /// The whole line.
    pub(super) text: &'t str,
    /// Its words, unquoted.
    pub(super) words: Vec<&'t str>,
    /// What follows `//`.
    pub(super) comment: &'t str,
}

/// All directives.
pub(super) fn lines(text: &str) -> Result<Vec<Line<'_>>, Fault> {
    let mut found = Vec::new();
    let mut block: Option<&str> = None;
    for (number, text) in text.lines().enumerate() {
        let mut words: Vec<&str> = block.into_iter().collect();
        let comment = read_words(text, &mut words).ok_or_else(|| Fault::line(number, text))?;
        let own = &words[usize::from(block.is_some())..];
        let opens = own.last() == Some(&"(");
        let closes = own.first() == Some(&")");
        match block {
            _ if own.is_empty() => continue,
            Some(_) if closes && own.len() == 1 => {
                block = None;
                continue;
            }
            None if opens && own.len() == 2 => {
                block = Some(own[0]);
                continue;
            }
            _ if opens || closes => return Err(Fault::line(number, text)),
            _ => {}
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

/// Adds the words of a line, and returns its comment; nothing where a quote is not closed.
fn read_words<'t>(line: &'t str, words: &mut Vec<&'t str>) -> Option<&'t str> {
    let mut rest = line.trim_start();
    loop {
        let Some(first) = rest.chars().next() else { return Some("") };
        if let Some(comment) = rest.strip_prefix("//") {
            return Some(comment);
        }
        let (word, after) = match first {
            '"' | '`' => quoted(rest, first)?,
            '(' | ')' | '[' | ']' | ',' => rest.split_at(1),
            _ => rest.split_at(end_of_word(rest)),
        };
        words.push(word);
        rest = after.trim_start();
    }
}

/// Where a word without quotes ends.
fn end_of_word(text: &str) -> usize {
    let mut end = text
        .find(|c: char| c.is_whitespace() || matches!(c, '(' | ')' | '[' | ']' | ','))
        .unwrap_or(text.len());
    if let Some(comment) = text[..end].find("//") {
        end = comment;
    }
    end
}

/// A string in quotes. One with an escape is refused: no module path or version needs one.
fn quoted(text: &str, quote: char) -> Option<(&str, &str)> {
    let end = text[1..].find(quote)?;
    let inside = &text[1..=end];
    let needs_escape = quote == '"' && inside.contains('\\');
    (!needs_escape).then(|| (inside, &text[end + 2..]))
}
