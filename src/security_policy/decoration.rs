//! Text without what is only there for the eye.
//!
//! The rule that must not be broken: what is left means the same: `1.*` keeps its star, and a mark within a word stays.

use super::document::fold;

/// The text without emoji, emoji codes, emphasis, quotes and footnote marks, its white space folded.
pub(super) fn strip_decoration(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    for piece in text.split_whitespace() {
        if !kept.is_empty() {
            kept.push(' ');
        }
        push_without_codes(&mut kept, piece);
    }
    if !kept.is_ascii() {
        kept.retain(|c| !is_emoji(c));
    }
    let mut text = kept.trim();
    loop {
        let before = text.len();
        text = without_marks(text);
        if text.len() == before {
            return fold(text);
        }
    }
}

/// The text without marks around the whole of it, and without marks of footnotes behind it.
fn without_marks(text: &str) -> &str {
    if text.ends_with(|c: char| c.is_ascii_alphanumeric()) {
        return text;
    }
    let mut text = text;
    for mark in ["**", "~~", "`", "\"", "'", "“", "”", "__"] {
        let inner = text.strip_prefix(mark).and_then(|inner| inner.strip_suffix(mark));
        text = inner.unwrap_or(text).trim();
    }
    for mark in ['*', '†', '‡', '¹', '²', '³'] {
        let rest = text.strip_suffix(mark).unwrap_or(text);
        if !rest.is_empty() && !rest.ends_with(['.', '*']) && !rest.ends_with(|c: char| c.is_ascii_digit()) {
            text = rest.trim_end();
        }
    }
    text
}

/// Appends the piece without `:code:`s.
fn push_without_codes(kept: &mut String, piece: &str) {
    let mut rest = piece;
    while let Some(open) = rest.find(':') {
        let code = rest[open + 1..].split_once(':').map(|(code, _)| code).filter(|code| {
            !code.is_empty()
                && code.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'+'))
        });
        let Some(code) = code else { break };
        kept.push_str(&rest[..open]);
        rest = &rest[open + code.len() + 2..];
    }
    kept.push_str(rest);
}

/// Whether the character is a picture and no text.
pub(super) const fn is_emoji(c: char) -> bool {
    matches!(c, '\u{1f000}'..='\u{1faff}' | '\u{2600}'..='\u{27bf}' | '\u{2b00}'..='\u{2bff}' | '\u{fe0e}' | '\u{fe0f}'
        | '\u{200d}' | '\u{23e9}'..='\u{23ff}' | '\u{231a}' | '\u{231b}' | '\u{2139}')
}
