//! Markers of Python requirements (PEP 508), as far as they tell whether a lock file must list what they stand behind.
//!
//! The rule that must not be broken: a marker that is not understood may hold. One of a platform may hold on some platform;
//! an extra is not asked for.

use super::DEPTH_LIMIT;
use std::{iter::Peekable, vec::IntoIter};

/// A version of Python, and whether it is no pre-release.
type Python = ([u32; 3], bool);

/// For which Pythons and platforms a lock file is.
pub(super) struct Environments {
    pythons: Vec<Python>,
    /// Whether it is for every platform.
    has_all_platforms: bool,
}

impl Environments {
    /// The versions of Python that a range of Poetry's or of PEP 440 allows, on every platform. One that allows none that
    /// is known is not understood.
    pub(super) fn of(range: &str) -> Self {
        let ranges: Vec<Vec<Specifier>> = range.split("||").map(specifiers).collect();
        let is_allowed = |python: &Python| ranges.iter().any(|all| all.iter().all(|it| it.fits(*python)));
        let mut pythons: Vec<Python> = pythons().filter(is_allowed).collect();
        if pythons.is_empty() {
            pythons = self::pythons().collect();
        }
        Self { pythons, has_all_platforms: true }
    }

    /// The same Pythons on some platforms, which are not told apart here.
    pub(super) fn on_some_platforms(self) -> Self {
        Self { has_all_platforms: false, ..self }
    }

    /// Whether a marker may hold in one of them.
    pub(super) fn may_meet(&self, marker: &str) -> bool {
        let marker = Marker::parse(marker);
        self.pythons.iter().any(|python| marker.may_hold(*python, self.has_all_platforms))
    }

    /// Whether one of them is of a Python in a range.
    pub(super) fn may_be_in(&self, range: &str) -> bool {
        let other = Self::of(range);
        self.pythons.iter().any(|python| other.pythons.contains(python))
    }
}

/// The versions of Python that a range is held against.
fn pythons() -> impl Iterator<Item = Python> {
    let three = (0..=20).flat_map(|minor| (0..=25).map(move |micro| ([3, minor, micro], true)));
    (0..=18).map(|micro| ([2, 7, micro], true)).chain(three)
}

/// One comparison with a version.
struct Specifier {
    operator: String,
    version: Python,
    /// How many numbers were written.
    parts: usize,
    is_wild: bool,
}

impl Specifier {
    /// Reads one; nothing where it is not understood.
    fn parse(operator: &str, text: &str) -> Option<Self> {
        let end = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
        let (numbers, rest) = text.split_at(end);
        let is_wild = rest == "*";
        let is_before = ["a", "b", "rc", "dev"].iter().any(|it| rest.starts_with(it));
        if !(rest.is_empty() || is_wild || is_before) {
            return None;
        }
        let mut version = [0; 3];
        let mut parts = 0;
        for number in numbers.trim_end_matches('.').split('.').filter(|it| !(is_wild && it.is_empty())) {
            *version.get_mut(parts)? = number.parse().ok()?;
            parts += 1;
        }
        Some(Self { operator: operator.to_owned(), version: (version, !is_before), parts, is_wild })
    }

    fn fits(&self, python: Python) -> bool {
        let begins = |parts: usize| python.0[..parts] == self.version.0[..parts];
        match self.operator.as_str() {
            ">=" => python >= self.version,
            "<=" => python <= self.version,
            ">" => python > self.version,
            "<" => python < self.version,
            "!=" if self.is_wild => !begins(self.parts),
            "!=" => python != self.version,
            "~=" => python >= self.version && begins(self.parts.saturating_sub(1)),
            "^" => python >= self.version && begins(self.parts.min(1)),
            "~" => python >= self.version && begins(self.parts.min(2)),
            "==" | "===" if !self.is_wild => python == self.version,
            "==" | "===" | "=" | "" => begins(self.parts),
            _ => true,
        }
    }
}

/// The comparisons of a range that are understood.
fn specifiers(range: &str) -> Vec<Specifier> {
    let is_operator = |c: char| "<>=!~^".contains(c);
    let mut found = Vec::new();
    let mut rest = range;
    loop {
        rest = rest.trim_start_matches(|c: char| c == ',' || c.is_whitespace());
        if rest.is_empty() {
            return found;
        }
        let (operator, after) = rest.split_at(rest.find(|c| !is_operator(c)).unwrap_or(rest.len()));
        let after = after.trim_start();
        let ends = |c: char| c == ',' || c.is_whitespace() || is_operator(c);
        let (version, after) = after.split_at(after.find(ends).unwrap_or(after.len()));
        found.extend(Specifier::parse(operator, version));
        rest = after;
    }
}

/// A marker.
enum Marker {
    Any(Vec<Self>),
    All(Vec<Self>),
    /// About the whole version of Python, or about its first two numbers.
    Python {
        is_whole: bool,
        specifier: Specifier,
    },
    Platform,
    /// Whatever the environment is.
    Always(bool),
}

impl Marker {
    fn parse(text: &str) -> Self {
        let read = tokens(text).and_then(|tokens| {
            let mut tokens = tokens.into_iter().peekable();
            let marker = any(&mut tokens, 0)?;
            tokens.next().is_none().then_some(marker)
        });
        read.unwrap_or(Self::Always(true))
    }

    fn may_hold(&self, python: Python, has_all_platforms: bool) -> bool {
        match self {
            Self::Any(parts) => parts.iter().any(|it| it.may_hold(python, has_all_platforms)),
            Self::All(parts) => parts.iter().all(|it| it.may_hold(python, has_all_platforms)),
            Self::Python { is_whole: true, specifier } => specifier.fits(python),
            Self::Python { specifier, .. } => specifier.fits(([python.0[0], python.0[1], 0], true)),
            Self::Platform => has_all_platforms,
            Self::Always(holds) => *holds,
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Token<'t> {
    Word(&'t str),
    Text(&'t str),
    Operator(&'t str),
    Open,
    Close,
}

/// The tokens of a marker; nothing where a string does not end.
fn tokens(text: &str) -> Option<Vec<Token<'_>>> {
    let mut found = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let is_operator = |c: char| "<>=!~".contains(c);
        let is_other = |c: char| c.is_whitespace() || "()\"'".contains(c);
        let (token, after) = match first {
            '(' => (Token::Open, &rest[1..]),
            ')' => (Token::Close, &rest[1..]),
            '"' | '\'' => {
                let (inside, after) = rest[1..].split_once(first)?;
                (Token::Text(inside), after)
            }
            _ if is_operator(first) => {
                let (operator, after) = rest.split_at(rest.find(|c| !is_operator(c)).unwrap_or(rest.len()));
                (Token::Operator(operator), after)
            }
            _ => {
                let end = rest.find(|c| is_other(c) || is_operator(c)).unwrap_or(rest.len());
                (Token::Word(&rest[..end]), &rest[end..])
            }
        };
        found.push(token);
        rest = after.trim_start();
    }
    Some(found)
}

type Tokens<'t> = Peekable<IntoIter<Token<'t>>>;

fn any(tokens: &mut Tokens<'_>, depth: usize) -> Option<Marker> {
    let mut parts = vec![all(tokens, depth)?];
    while tokens.next_if_eq(&Token::Word("or")).is_some() {
        parts.push(all(tokens, depth)?);
    }
    Some(Marker::Any(parts))
}

fn all(tokens: &mut Tokens<'_>, depth: usize) -> Option<Marker> {
    let mut parts = vec![one(tokens, depth)?];
    while tokens.next_if_eq(&Token::Word("and")).is_some() {
        parts.push(one(tokens, depth)?);
    }
    Some(Marker::All(parts))
}

fn one(tokens: &mut Tokens<'_>, depth: usize) -> Option<Marker> {
    if depth > DEPTH_LIMIT {
        return None;
    }
    let left = tokens.next()?;
    if left == Token::Open {
        let marker = any(tokens, depth + 1)?;
        return (tokens.next()? == Token::Close).then_some(marker);
    }
    let operator = match tokens.next()? {
        Token::Operator(operator) => operator,
        Token::Word("in") => "in",
        Token::Word("not") if tokens.next()? == Token::Word("in") => "not in",
        _ => return None,
    };
    match (left, tokens.next()?) {
        (Token::Word(variable), Token::Text(value)) => Some(comparison(variable, operator, value)),
        (Token::Text(value), Token::Word(variable)) => Some(comparison(variable, turned(operator), value)),
        _ => None,
    }
}

/// The operator that says the same with the sides exchanged.
fn turned(operator: &str) -> &str {
    match operator {
        "<" => ">",
        "<=" => ">=",
        ">" => "<",
        ">=" => "<=",
        other => other,
    }
}

fn comparison(variable: &str, operator: &str, value: &str) -> Marker {
    match variable {
        "python_version" | "python_full_version" if !operator.ends_with("in") => {
            let is_whole = variable == "python_full_version";
            let read = Specifier::parse(operator, value.trim());
            read.map_or(Marker::Always(true), |specifier| Marker::Python { is_whole, specifier })
        }
        "extra" | "extras" | "dependency_groups" => Marker::Always(matches!(operator, "!=" | "not in")),
        _ if ["os_", "sys_", "platform_", "implementation_"].iter().any(|it| variable.starts_with(it)) => {
            Marker::Platform
        }
        _ => Marker::Always(true),
    }
}

#[cfg(test)]
mod tests {
    use super::{DEPTH_LIMIT, Environments};

    #[test]
    fn a_marker_may_hold_where_a_python_of_the_range_meets_it() {
        for (range, marker) in [
            (">=3.8", "python_version >= \"3.8\""),
            ("*", "python_version < '3'"),
            ("^3.8", "python_version < '3.9'"),
            ("~3.9", "python_full_version < '3.9.1'"),
            (">=3.10,<4", "python_full_version <= \"3.11.0a6\""),
            ("==3.10.7", "'3.10' <= python_version and python_full_version == '3.10.7'"),
            (">=3.8", "sys_platform == 'win32' and python_version == '3.8'"),
            (">=3.8", "(extra == 'x' or python_version != '3.8') and os_name == \"nt\""),
            (">=3.8", "extra != 'x'"),
            (">=3.8", "python_version in '2.7'"),
            (">=3.8", "not a marker"),
            (">=3.8", "python_version < '3' or 'x"),
            (">=9", "python_version < '3'"),
            ("nonsense", "python_version < '3'"),
            ("^2.7 || >=3.6", "python_version < '3'"),
        ] {
            assert!(Environments::of(range).may_meet(marker), "{range}: {marker}");
        }
        for (range, marker) in [
            (">=3.9", "python_version < \"3.8\""),
            (">=3.8.1,<4.0", "python_version >= '2.7' and python_version < '2.8'"),
            (">= 3.8 < 3.11", "python_version >= '3.11'"),
            ("~=3.10", "python_full_version < '3.10.0'"),
            ("^3.11", "python_full_version <= \"3.11.0a6\" or python_version == '3.10.*'"),
            ("!=3.9.*,>=3.9,<3.11", "python_version == '3.9'"),
            (">=3.8", "extra == 'x'"),
            (">=3.8", "sys_platform == 'win32' and (python_version < '3' or extra == \"y\")"),
        ] {
            assert!(!Environments::of(range).may_meet(marker), "{range}: {marker}");
        }
        let some = Environments::of(">=3.8").on_some_platforms();
        assert!(!some.may_meet("sys_platform == 'win32'") && some.may_meet("python_version < '3.9'"));
    }

    #[test]
    fn a_marker_that_is_nested_without_end_is_not_understood() {
        for depth in [DEPTH_LIMIT + 2, 1 << 16] {
            let deep = format!("{}extra == 'x'{}", "(".repeat(depth), ")".repeat(depth));
            assert!(Environments::of(">=3.8").may_meet(&deep));
        }
        assert!(!Environments::of(">=3.8").may_meet("((extra == 'x'))"));
    }
}
