//! The words, numbers and marks of a version cell.
//!
//! Nothing is skipped: a character that has no meaning here makes the cell unread.

use super::range::Op;
use super::spelled::Spelled;

/// The longest cell that is read as a selector.
const LONGEST: usize = 200;

/// One token of a version cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Token {
    Compare(Op),
    Caret,
    Tilde,
    Pessimistic,
    Version(Spelled),
    /// In lower case.
    Word(String),
    /// `-`, `–`, `+`, `,`, `/`, `&`, `(`, `)`
    Mark(char),
}

/// The tokens of a cell; `None` when something in it has no meaning here.
pub(super) fn tokens(text: &str) -> Option<Vec<Token>> {
    if text.len() > LONGEST {
        return None;
    }
    let chars: Vec<char> = text.chars().collect();
    let mut found = Vec::new();
    let mut at = 0;
    while at < chars.len() {
        let (token, next) = token(&chars, at)?;
        found.extend(token);
        at = next;
    }
    Some(found)
}

fn token(chars: &[char], at: usize) -> Option<(Option<Token>, usize)> {
    let (here, next) = (chars[at], chars.get(at + 1).copied());
    let version_at = if matches!(here, 'v' | 'V') && next.is_some_and(|c| c.is_ascii_digit()) {
        Some(at + 1)
    } else {
        here.is_ascii_digit().then_some(at)
    };
    if let Some(start) = version_at {
        let (version, end) = version(chars, start)?;
        return Some((Some(Token::Version(version)), end));
    }
    let two = |token: Token| Some((Some(token), at + 2));
    match (here, next) {
        (' ', _) => Some((None, at + 1)),
        ('<', Some('=')) => two(Token::Compare(Op::UpTo)),
        ('>', Some('=')) => two(Token::Compare(Op::From)),
        ('=', Some('=')) => two(Token::Compare(Op::Equal)),
        ('~', Some('>')) => two(Token::Pessimistic),
        ('=', Some('<')) => two(Token::Compare(Op::UpTo)),
        ('=', Some('>')) => None,
        _ => one(here).map_or_else(|| word(chars, at), |token| Some((Some(token), at + 1))),
    }
}

fn one(mark: char) -> Option<Token> {
    Some(match mark {
        '<' | '＜' => Token::Compare(Op::Below),
        '>' | '＞' => Token::Compare(Op::Above),
        '≤' | '⩽' | '≦' => Token::Compare(Op::UpTo),
        '≥' | '⩾' | '≧' => Token::Compare(Op::From),
        '=' => Token::Compare(Op::Equal),
        '^' => Token::Caret,
        '~' => Token::Tilde,
        '-' | '+' | ',' | '/' | '&' => Token::Mark(mark),
        '–' | '—' | '−' => Token::Mark('–'),
        '(' | '（' => Token::Mark('('),
        ')' | '）' => Token::Mark(')'),
        _ => return None,
    })
}

fn word(chars: &[char], at: usize) -> Option<(Option<Token>, usize)> {
    if !chars[at].is_alphabetic() {
        return None;
    }
    let mut end = at + 1;
    while let Some(&c) = chars.get(end) {
        let joined =
            matches!(c, '-' | '.' | '_' | '\'') && chars.get(end + 1).is_some_and(|c| c.is_alphabetic());
        let digit = c.is_ascii_digit() && chars[at..end].iter().all(char::is_ascii);
        if !(c.is_alphabetic() || digit || joined || is_combining(c)) {
            break;
        }
        end += 1;
    }
    Some((Some(Token::Word(chars[at..end].iter().collect::<String>().to_lowercase())), end))
}

/// Marks that belong to the letter before them (Hindi, Thai).
const fn is_combining(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{900}'..='\u{97f}' | '\u{e30}'..='\u{e4e}')
}

fn version(chars: &[char], start: usize) -> Option<(Spelled, usize)> {
    let mut version =
        Spelled { numbers: [0; 4], parts: 0, wildcard: false, latest: false, pre: None, comma: false };
    let mut at = start;
    loop {
        at = part(chars, at, &mut version)?;
        let (mark, next) = (chars.get(at).copied(), chars.get(at + 1).copied());
        let Some(next) = next else { break };
        let decimal_comma = mark == Some(',')
            && version.parts == 1
            && !version.wildcard
            && (next.is_ascii_digit() || is_wildcard(next) && chars.get(at + 2).is_none())
            && !chars[at + 1..].iter().any(|c| matches!(c, '.' | ','));
        let dotted = mark == Some('.') && (next.is_ascii_alphanumeric() || is_wildcard(next) || next == '<');
        if !dotted && !decimal_comma {
            break;
        }
        version.comma |= decimal_comma;
        at += 1;
    }
    at = suffix(chars, at, &mut version)?;
    (version.parts > 0).then_some((version, at))
}

/// One part of a version: digits, `x`, or `latest`.
fn part(chars: &[char], at: usize, version: &mut Spelled) -> Option<usize> {
    let rest = &chars[at..];
    for word in ["<latest>", "latest"] {
        if starts_with(rest, word) {
            version.latest = true;
            return (version.parts > 0 && !version.wildcard).then_some(at + word.len());
        }
    }
    if version.latest {
        return None;
    }
    // `1.x.y` is `1.x.x`.
    let is_further = |c: char| version.wildcard && matches!(c, 'y' | 'Y' | 'z' | 'Z');
    if rest.first().is_some_and(|&c| is_wildcard(c) || is_further(c)) {
        version.wildcard = true;
        let ends = !rest.get(1).is_some_and(|c| c.is_alphanumeric());
        return ends.then_some(at + 1);
    }
    let digits = rest.iter().take_while(|c| c.is_ascii_digit()).count();
    if digits == 0 || version.wildcard || version.parts == 4 {
        return None;
    }
    let number: String = rest[..digits].iter().collect();
    version.numbers[usize::from(version.parts)] = number.parse().ok()?;
    version.parts += 1;
    Some(at + digits)
}

/// What is attached to a version: a pre-release, or a stray `v`.
fn suffix(chars: &[char], at: usize, version: &mut Spelled) -> Option<usize> {
    let end = at
        + chars[at..]
            .iter()
            .take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_'))
            .count();
    // `-rc.*`
    let starred =
        chars.get(at) == Some(&'-') && chars[at..end].ends_with(&['.']) && chars.get(end) == Some(&'*');
    let end = if starred { end + 1 } else { end };
    let text: String = chars[at..end].iter().collect();
    if text.is_empty() {
        return chars.get(at).is_none_or(|&c| c != '*').then_some(at);
    }
    if text == "v" || text == "V" {
        return Some(end);
    }
    if let Some(pre) = text.strip_prefix('-') {
        if pre.starts_with(|c: char| c.is_ascii_digit()) && (version.wildcard || pre.contains('.')) {
            return Some(at);
        }
        if pre.is_empty() || pre.starts_with('-') || version.wildcard && pre != "dev" {
            return (text == "-").then_some(at);
        }
        // <https://semver.org>, 9: identifiers must not be empty.
        if pre.split('.').any(str::is_empty) {
            return None;
        }
        version.pre = Some(pre.to_owned());
        return Some(end);
    }
    let lower = text.to_ascii_lowercase();
    let letters = lower.trim_end_matches(|c: char| c.is_ascii_digit());
    let pre = ["a", "b", "rc", "alpha", "beta"].contains(&letters) && version.parts >= 2 && !version.wildcard;
    version.pre = pre.then_some(lower);
    pre.then_some(end)
}

fn starts_with(chars: &[char], word: &str) -> bool {
    word.chars().enumerate().all(|(i, c)| chars.get(i).is_some_and(|have| have.eq_ignore_ascii_case(&c)))
        && !chars.get(word.len()).is_some_and(|c| c.is_alphanumeric())
}

const fn is_wildcard(c: char) -> bool {
    matches!(c, 'x' | 'X' | '*' | 'х' | 'Х' | '×')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn only_version(text: &str) -> Option<Spelled> {
        match tokens(text)?.as_slice() {
            [Token::Version(version)] => Some(version.clone()),
            _ => None,
        }
    }

    #[test]
    fn versions_are_read_in_their_many_spellings() {
        for (text, numbers, parts, wildcard) in [
            ("1.2.3", [1, 2, 3, 0], 3, false),
            ("v0.2.x", [0, 2, 0, 0], 2, true),
            ("1.X.X", [1, 0, 0, 0], 1, true),
            ("1.*", [1, 0, 0, 0], 1, true),
            ("1.х", [1, 0, 0, 0], 1, true),
            ("10", [10, 0, 0, 0], 1, false),
            ("2.4.70.1", [2, 4, 70, 1], 4, false),
            ("2.0.0v", [2, 0, 0, 0], 3, false),
            ("4,0", [4, 0, 0, 0], 2, false),
        ] {
            let version = only_version(text).unwrap_or_else(|| panic!("{text}"));
            assert_eq!(
                (version.numbers, version.parts, version.wildcard),
                (numbers, parts, wildcard),
                "{text}"
            );
        }
    }

    #[test]
    fn what_only_looks_like_a_version_is_none() {
        for text in [
            "1.2.3.4.5",
            "1.x.2",
            "99999999999999999999",
            "1.2.",
            "1..2",
            "2nd",
            "18LTS",
            "1*",
            "1.2\u{202e}",
            "1.2.3-rc..1",
            "1.2.3-.rc",
            "1.2.3-rc.",
        ] {
            assert_eq!(only_version(text), None, "{text}");
        }
    }
}
