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

/// Splits running text at its sentence ends; a full stop after "e.g." or within a number is none.
pub(super) fn sentences(line: usize, text: &str) -> Vec<Sentence> {
    let mut found = Vec::new();
    let (mut start, mut start_line, mut here) = (0, line, line);
    let mut blank = true;
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        if c == '\n' {
            here += 1;
        }
        let end = at + c.len_utf8();
        let stops = matches!(c, '.' | '!' | '?')
            && chars.peek().is_some_and(|(_, next)| next.is_whitespace())
            && !is_abbreviation(&text[start..end]);
        if stops || matches!(c, '。' | '！') {
            push(&mut found, start_line, &text[start..end]);
            (start, start_line, blank) = (end, here, true);
            continue;
        }
        blank &= c.is_whitespace();
        if blank {
            start_line = here;
        }
        if found.len() > 500 {
            return found;
        }
    }
    push(&mut found, start_line, &text[start..]);
    found
}

fn push(found: &mut Vec<Sentence>, line: usize, text: &str) {
    let text = fold(text);
    if !text.is_empty() {
        found.push(Sentence { line, text });
    }
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
