//! Selectors that are made of numbers: lines, comparisons, ranges with marks or words.
//!
//! The rule that must not be broken: a range is never wider than the cell says. Two sides that do not meet, shapes that
//! do not match and pre-releases of lines are not read.

use super::lex::Token;
use super::range::{Op, Point, Range, line_ends};
use super::selector::{Kind, Selector, Unit};
use super::spelled::Spelled;
use super::words;
use crate::versions::PreRelease;

/// Selectors that are made of numbers.
pub(super) fn selector(tokens: &[Token]) -> Option<Selector> {
    let (product, tokens) = words::strip_names(tokens);
    let mut selector = match tokens {
        [Token::Version(version)] => one_version(version)?,
        [Token::Compare(op), Token::Version(version)] => compared(*op, version)?,
        [Token::Caret, Token::Version(version)] => Selector::range(caret(version)?),
        [Token::Tilde, Token::Version(version)] => Selector::range(tilde(version, false)?),
        [Token::Pessimistic, Token::Version(version)] => Selector::range(tilde(version, true)?),
        [Token::Version(version), Token::Mark('+')] => compared(Op::From, version)?,
        [Token::Version(a), Token::Mark('-' | '–'), Token::Version(b)] => through(a, b)?,
        [Token::Compare(a), Token::Version(v), rest @ ..] => two_sided(*a, v, rest)?,
        _ => worded(tokens)?,
    };
    selector.product = product;
    selector.decimal_comma =
        tokens.iter().any(|token| matches!(token, Token::Version(version) if version.comma));
    Some(selector)
}

fn two_sided(a: Op, v: &Spelled, rest: &[Token]) -> Option<Selector> {
    let rest = match rest {
        [Token::Mark(',' | '&'), rest @ ..] => rest,
        [Token::Word(and), rest @ ..] if and == "and" => rest,
        rest => rest,
    };
    let [Token::Compare(b), Token::Version(w)] = rest else { return None };
    let (first, second) = (comparator(a, v)?, comparator(*b, w)?);
    let lower = |op| matches!(op, Op::Above | Op::From);
    let upper = |op| matches!(op, Op::Below | Op::UpTo);
    let range = if lower(first.0) && upper(second.0) {
        Range::between(first, second)
    } else if upper(first.0) && lower(second.0) {
        Range::between(second, first)
    } else {
        None
    };
    range.map(Selector::range)
}

/// Numbers among words: `1.2 and later`, `before 2.0`, `from 1.2 to 1.4`.
fn worded(tokens: &[Token]) -> Option<Selector> {
    let mut versions = Vec::new();
    let mut shape = String::new();
    for token in tokens {
        let piece = match token {
            Token::Version(version) => {
                versions.push(version);
                "#"
            }
            Token::Word(word) => word.as_str(),
            Token::Mark(',') => ",",
            _ => return None,
        };
        if !shape.is_empty() {
            shape.push(' ');
        }
        shape.push_str(piece);
    }
    match (words::comparison(&shape)?, versions.as_slice()) {
        (words::Comparison::One(op), [version]) => compared(op, version),
        (words::Comparison::Through, [a, b]) => through(a, b),
        _ => None,
    }
}

fn one_version(version: &Spelled) -> Option<Selector> {
    if version.latest {
        return Some(Selector::latest(Unit::Release, 1, Some(version.whole_line()?)));
    }
    let development = version.pre.as_deref().is_some_and(words::is_development_suffix);
    if version.has_open_pre() {
        let range = pre_releases(version)?;
        return Some(Selector { development: true, ..Selector::range(range) });
    }
    if version.is_exact() {
        return Some(Selector { development, ..Selector::range(Range::exact(version.point()?)) });
    }
    if version.pre.is_some() && !development {
        return None;
    }
    let range = Range::line(version.numbers, version.parts, development)?;
    Some(Selector { development, ..Selector::range(range) })
}

/// `1.0.0-rc.x`: the pre-releases of one name.
fn pre_releases(version: &Spelled) -> Option<Range> {
    let (name, last) = version.pre.as_deref()?.rsplit_once('.')?;
    if matches!(name, "x" | "X" | "*") {
        return None;
    }
    let plain = name.bytes().all(|b| b.is_ascii_alphabetic()) && matches!(last, "x" | "X" | "*");
    let of = |pre: &str| Point { pre: Some(PreRelease::new(pre)), ..version.padded() };
    // Nothing is between `rc.9` and `rc-` in semver's order, <https://semver.org>, 11.
    let range = || Range::between((Op::From, of(name)), (Op::Below, of(&format!("{name}-"))));
    (plain && !name.is_empty() && version.is_exact()).then(range).flatten()
}

fn compared(op: Op, version: &Spelled) -> Option<Selector> {
    if version.latest {
        let range = Some(version.whole_line()?);
        return (op == Op::Below).then(|| Selector {
            range,
            unit: Some(Unit::Release),
            ..Selector::of(Kind::BeforeLatest)
        });
    }
    if op == Op::Equal {
        return one_version(version);
    }
    let (op, point) = comparator(op, version)?;
    let above = (op == Op::Above && !version.is_exact()).then(|| version.whole_line()).flatten();
    Some(Selector { above, ..Selector::range(Range::one_sided(op, point)) })
}

/// A comparator with its version made whole: missing parts and `x` are zero after `<` and `>=`, and the whole line
/// after `<=` and `>`.
fn comparator(op: Op, version: &Spelled) -> Option<(Op, Point)> {
    if version.latest || version.has_open_pre() {
        return None;
    }
    if version.is_exact() {
        return Some((op, version.point()?));
    }
    if version.pre.is_some() {
        return None;
    }
    let (lower, upper) = line_ends(version.numbers, version.parts)?;
    Some(match op {
        Op::UpTo => (Op::Below, upper),
        Op::Above if version.wildcard => (Op::From, upper),
        op => (op, lower),
    })
}

fn through(a: &Spelled, b: &Spelled) -> Option<Selector> {
    let shapes = a.parts == b.parts && a.wildcard == b.wildcard;
    if !shapes {
        return None;
    }
    let range = Range::between(comparator(Op::From, a)?, comparator(Op::UpTo, b)?)?;
    Some(Selector::range(range))
}

fn caret(version: &Spelled) -> Option<Range> {
    if version.pre.is_some() || version.latest || version.parts == 4 {
        return None;
    }
    let significant = version.numbers[..usize::from(version.parts)].iter().position(|&number| number != 0);
    let fixed = significant.map_or(version.parts, |at| u8::try_from(at).unwrap_or(3) + 1);
    let (_, upper) = line_ends(version.numbers, fixed)?;
    Range::between((Op::From, version.padded()), (Op::Below, Point { four: false, ..upper }))
}

fn tilde(version: &Spelled, pessimistic: bool) -> Option<Range> {
    if version.pre.is_some() || version.latest || version.wildcard || version.parts == 4 {
        return None;
    }
    let fixed = match (version.parts, pessimistic) {
        (1, true) => return None,
        (1, false) => 1,
        (2, true) => 1,
        _ => 2,
    };
    let (_, upper) = line_ends(version.numbers, fixed)?;
    Range::between((Op::From, version.padded()), (Op::Below, upper))
}
