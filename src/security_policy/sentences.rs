//! Running text, split into sentences that know their lines.
//!
//! The rule that must not be broken: a sentence is never cut within a number or an abbreviation; half a sentence can
//! say the opposite of the whole.

use super::document::fold;

/// A sentence, with the line that it begins on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Sentence {
    pub(super) line: usize,
    pub(super) text: String,
}

/// Sentences of one text that are read.
const MOST: usize = 500;

/// Splits running text at its sentence ends; a full stop after "e.g." or within a number is none.
pub(super) fn sentences(line: usize, text: &str) -> Vec<Sentence> {
    let mut found = Vec::new();
    let (mut rest, mut line, mut from) = (text, line, 0);
    while let Some(at) = rest[from..].find(['.', '!', '?', '。', '！']).map(|at| from + at) {
        let end = at + rest[at..].chars().next().map_or(1, char::len_utf8);
        from = end;
        if !stops(&rest[..end], &rest[end..]) {
            continue;
        }
        push(&mut found, line, &rest[..end]);
        line += newlines(&rest[..end]);
        (rest, from) = (&rest[end..], 0);
        if found.len() > MOST {
            return found;
        }
    }
    push(&mut found, line, rest);
    found
}

/// Whether what ends with a mark of punctuation is a whole sentence, before what follows.
fn stops(sentence: &str, rest: &str) -> bool {
    sentence.ends_with(['。', '！']) || rest.starts_with(char::is_whitespace) && !is_abbreviation(sentence)
}

fn push(found: &mut Vec<Sentence>, line: usize, text: &str) {
    let begins = text.trim_start();
    if !begins.is_empty() {
        let line = line + newlines(&text[..text.len() - begins.len()]);
        found.push(Sentence { line, text: fold(begins) });
    }
}

fn newlines(text: &str) -> usize {
    text.bytes().filter(|&b| b == b'\n').count()
}

fn is_abbreviation(sentence: &str) -> bool {
    let tail: String = sentence.chars().rev().take(8).collect::<Vec<_>>().into_iter().rev().collect();
    let word = tail.rsplit(|c: char| c.is_whitespace() || c == '(').next().unwrap_or_default().to_lowercase();
    matches!(word.as_str(), "e.g." | "i.e." | "etc." | "vs." | "v." | "cf." | "approx.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_know_their_lines() {
        let lines: Vec<usize> =
            sentences(5, "One, e.g. this\none. Two.\nThree.").iter().map(|s| s.line).collect();
        assert_eq!(lines, [5, 6, 7]);
    }
}
