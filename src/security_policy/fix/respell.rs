//! A version cell written for another version, in the table's own spelling: `v`, `x` or `*`, backticks, bold.
//!
//! The rule that must not be broken: words beside the number belong to the old version (`(LTS)`, a code name, a link) and
//! are not taken over.

use super::super::family::PublishedTag;
use super::super::{Kind, Selector};
use std::ops::Range;

/// The cell for the line of a release that fixes as many numbers as `like`; `None` when `like` names no line or version.
pub(super) fn for_release(raw: &str, like: &Selector, release: &PublishedTag) -> Option<String> {
    let version = &release.version;
    let range = like.range.as_ref()?;
    let exact = range.is_exact();
    let parts = if exact { version.parts.max(3) } else { range.line_parts()? };
    let numbers = &version.numbers[..usize::from(parts)];
    if !exact && version.numbers[usize::from(parts)..].iter().all(|&n| n == 0) && parts > version.parts {
        return None;
    }
    let spelled = Numbers { numbers, widths: release.widths() };
    Some(respell(raw, spelled, exact || like.kind == Kind::Latest, like.kind == Kind::Latest))
}

/// The cell `< a.b` with another bound; `None` for another operator, or when the bound needs more numbers.
pub(super) fn below(raw: &str, bound: [u64; 4]) -> Option<String> {
    let literal = literal(raw)?;
    let rest = format!("{}{}", &raw[..literal.span.start], &raw[literal.span.end..]);
    let op: String = rest.chars().filter(|c| !is_mark(*c)).collect();
    let enough = bound[literal.numbers.min(4)..].iter().all(|&n| n == 0);
    (enough && matches!(op.as_str(), "<" | "\\<" | "&lt;"))
        .then(|| write(raw, &literal, Numbers { numbers: &bound[..literal.numbers], widths: [0; 4] }))
}

/// Numbers that are written, each as wide as the tag has it: `26.04`.
#[derive(Clone, Copy)]
struct Numbers<'n> {
    numbers: &'n [u64],
    widths: [usize; 4],
}

/// The number in a cell.
struct Literal {
    span: Range<usize>,
    prefix: String,
    /// How many numbers it has, how many digits each that begins with a zero has and how many each has at all, and what
    /// stands for the others.
    numbers: usize,
    widths: [usize; 4],
    digits: [usize; 4],
    wildcards: Vec<char>,
}

/// Marks that only shape a cell.
const fn is_mark(c: char) -> bool {
    matches!(c, '`' | '*' | '_' | '~' | ' ')
}

fn respell(raw: &str, numbers: Numbers<'_>, any_length: bool, keeps_words: bool) -> String {
    let Some(literal) = literal(raw) else { return line_of(numbers) };
    let rest = format!("{}{}", &raw[..literal.span.start], &raw[literal.span.end..]);
    let fits = literal.numbers == numbers.numbers.len() || any_length && literal.wildcards.is_empty();
    if !fits || rest.contains(|c: char| c.is_ascii_digit()) {
        return line_of(numbers);
    }
    if keeps_words || rest.chars().all(is_mark) {
        write(raw, &literal, numbers)
    } else {
        plain(&literal, numbers)
    }
}

/// `1.2.x`, or the version itself.
fn line_of(Numbers { numbers, widths }: Numbers<'_>) -> String {
    let joined = padded(numbers, widths);
    if numbers.len() < 3 { format!("{joined}.x") } else { joined }
}

/// The numbers with dots between them, each as wide as is asked: `24.04`.
fn padded(numbers: &[u64], widths: [usize; 4]) -> String {
    let widths = widths.into_iter().chain(std::iter::repeat(0));
    numbers.iter().zip(widths).map(|(n, width)| format!("{n:0width$}")).collect::<Vec<_>>().join(".")
}

/// As wide as the cell has them, or as the tag where the cell has as many digits: `25.10` becomes `26.04`.
fn plain(literal: &Literal, Numbers { numbers, widths }: Numbers<'_>) -> String {
    let widths = std::array::from_fn(|at| match literal.widths[at] {
        0 if literal.digits[at] >= widths[at] => widths[at],
        width => width,
    });
    let wildcards: String = literal.wildcards.iter().flat_map(|c| ['.', *c]).collect();
    format!("{}{}{wildcards}", literal.prefix, padded(numbers, widths))
}

fn write(raw: &str, literal: &Literal, numbers: Numbers<'_>) -> String {
    format!("{}{}{}", &raw[..literal.span.start], plain(literal, numbers), &raw[literal.span.end..])
}

/// The first number of a cell: `v` perhaps, digits, and more of them or wildcards after dots.
fn literal(raw: &str) -> Option<Literal> {
    let first = raw.find(|c: char| c.is_ascii_digit())?;
    let prefix = raw[..first].chars().next_back().filter(|c| matches!(c, 'v' | 'V'));
    let start = first - prefix.map_or(0, char::len_utf8);
    let mut found = Literal {
        span: start..first,
        prefix: prefix.map(String::from).unwrap_or_default(),
        numbers: 0,
        widths: [0; 4],
        digits: [0; 4],
        wildcards: Vec::new(),
    };
    let mut at = first;
    loop {
        let digits = raw[at..].bytes().take_while(u8::is_ascii_digit).count();
        let wildcard = raw[at..].chars().next().filter(|c| matches!(c, 'x' | 'X' | '*' | 'х' | 'Х'));
        match (digits, wildcard) {
            (1.., _) if found.wildcards.is_empty() => {
                if let Some(count) = found.digits.get_mut(found.numbers) {
                    *count = digits;
                }
                let is_padded = digits > 1 && raw[at..].starts_with('0');
                if let Some(width) = found.widths.get_mut(found.numbers).filter(|_| is_padded) {
                    *width = digits.min(4);
                }
                found.numbers += 1;
                at += digits;
            }
            (0, Some(c)) => {
                found.wildcards.push(c);
                at += c.len_utf8();
            }
            _ => return None,
        }
        found.span.end = at;
        match raw[at..].strip_prefix('.') {
            Some(rest)
                if rest.starts_with(|c: char| {
                    c.is_ascii_digit() || matches!(c, 'x' | 'X' | '*' | 'х' | 'Х')
                }) =>
            {
                at += 1;
            }
            _ => break,
        }
    }
    (found.numbers <= 4).then_some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(raw: &str, tag: &str) -> Option<String> {
        let selector = Selector::read(raw, false);
        let version = crate::versions::TagVersion::parse(tag).unwrap();
        for_release(raw, &selector, &PublishedTag { name: tag.to_owned(), version, date: None })
    }

    #[test]
    fn the_table_s_own_spelling_is_kept() {
        for (raw, tag, expected) in [
            ("3.0.x", "v5.1.1", "5.1.x"),
            ("`3.6.x`", "v3.7.9", "`3.7.x`"),
            ("**v1.X**", "2.0.1", "**v2.X**"),
            ("1.x.x", "2.0.1", "2.x.x"),
            ("5.1", "5.6.3", "5.6"),
            ("10", "v12.0.0", "12"),
            ("1.*", "2.3.4", "2.*"),
            ("3.2.0", "v3.2.1", "3.2.1"),
            ("v2.4.70.6", "v2.5.0", "v2.5.0"),
            ("Latest (2.x.x)", "3.2.0", "Latest (3.x.x)"),
            ("2.latest", "3.2.0", "3.latest"),
            ("24.04", "26.04.0", "26.04"),
            ("2025.09.x", "2026.01.05", "2026.01.x"),
            ("2026.09", "2027.01.0", "2027.01"),
            ("25.10", "v26.04", "26.04"),
            ("v25.10.0", "v26.04.0", "v26.04.0"),
            ("25.10 LTS", "v26.04", "26.04"),
            // The cell has no zero where the tag has one.
            ("25.4", "v26.04", "26.4"),
            ("25.10", "v26.4", "26.4"),
        ] {
            assert_eq!(told(raw, tag).as_deref(), Some(expected), "{raw}");
        }
    }

    #[test]
    fn words_of_the_old_version_are_not_taken_over() {
        for (raw, expected) in [("8.x (LTS)", "9.x"), ("v8.0.x (Crimson Red)", "v9.1.x"), ("8 LTS", "9")] {
            assert_eq!(told(raw, "9.1.2").as_deref(), Some(expected), "{raw}");
        }
        assert_eq!(told("main", "9.1.2"), None);
        assert_eq!(told(">= 1.0", "9.1.2"), None);
    }

    #[test]
    fn a_bound_is_moved_in_its_own_spelling() {
        assert_eq!(below("< 0.2.0", [0, 1, 0, 0]).as_deref(), Some("< 0.1.0"));
        assert_eq!(below("`&lt; v4.0`", [3, 1, 0, 0]).as_deref(), Some("`&lt; v3.1`"));
        assert_eq!(below("< 2", [1, 5, 0, 0]), None);
        assert_eq!(below("<= 2.0", [1, 5, 0, 0]), None);
        assert_eq!(below("before 2.0", [1, 5, 0, 0]), None);
    }
}
