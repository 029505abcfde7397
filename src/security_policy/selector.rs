//! What a version cell selects, by a grammar of our own.
//!
//! The rule that must not be broken: a cell is read whole or not at all. A word, a mark or a number that the grammar
//! has no place for makes the cell [`Kind::Unknown`]; a wrong reading is worse than none.

use super::decoration::strip_decoration;
use super::lex::{Token, tokens};
use super::qualifier::Qualifier;
use super::range::Range;
use super::status::Support;
use super::{numeric, worded, words};

/// The longest cell that is read.
const LONGEST: usize = 1000;

/// The kind of a selector, by the names of the JSON form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A ref of the repository, which is no release.
    Branch,
    /// The newest release, or the newest so many, of all or of a line.
    Latest,
    /// The release before the newest.
    Previous,
    /// Everything older than the newest.
    BeforeLatest,
    /// Everything older than the previous.
    BeforePrevious,
    /// Everything that no other row names.
    Rest,
    /// A container tag or channel, which is no release.
    Channel,
    /// A range of versions.
    Range,
    /// One version.
    Exact,
    /// A sentence that is no selector.
    Prose,
    /// Not understood.
    Unknown,
}

impl Kind {
    /// The name in the JSON form.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Branch => "branch",
            Self::Latest => "latest",
            Self::Previous => "previous",
            Self::BeforeLatest => "before-latest",
            Self::BeforePrevious => "before-previous",
            Self::Rest => "rest",
            Self::Channel => "channel",
            Self::Range => "range",
            Self::Exact => "exact",
            Self::Prose => "prose",
            Self::Unknown => "unknown",
        }
    }
}

/// What "latest" and "previous" count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// Releases.
    Release,
    /// Minor lines.
    Minor,
    /// Major lines.
    Major,
    /// Pre-releases.
    PreRelease,
}

impl Unit {
    /// The name in the JSON form.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Release => "release",
            Self::Minor => "minor",
            Self::Major => "major",
            Self::PreRelease => "prerelease",
        }
    }
}

/// What a row selects.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Selector {
    /// Its kind.
    pub kind: Kind,
    /// The versions of a range or an exact row; the scope in which "latest" is looked up.
    pub range: Option<Range>,
    /// What "latest" and "previous" count.
    pub unit: Option<Unit>,
    /// How many of them.
    pub n: Option<u32>,
    /// The branch's or the channel's name.
    pub name: Option<String>,
    /// The product that the cell names before the number.
    pub product: Option<String>,
    /// Whether the cell says that the line is not released yet: `2.6-dev`, `7.x (alpha)`.
    pub development: bool,
    /// Whether the cell limits the promise to backports or security fixes.
    pub security_only: bool,
    /// Whether the cell itself says that the versions are not supported: `1.x (EOL)`.
    pub(super) denied: bool,
    /// Whether the cell says that the versions are yet to come: `1.x (when released)`.
    pub(super) planned: bool,
    /// Whether a comma stands for a dot.
    pub decimal_comma: bool,
    /// The line of a bare `> 18`, which means "after 18.x" where another row is the line 18.
    pub(super) above: Option<Range>,
}

impl Selector {
    /// A selector of a kind, with nothing else.
    #[must_use]
    pub const fn of(kind: Kind) -> Self {
        Self {
            kind,
            range: None,
            unit: None,
            n: None,
            name: None,
            product: None,
            development: false,
            security_only: false,
            denied: false,
            planned: false,
            decimal_comma: false,
            above: None,
        }
    }

    /// The newest `n` of a unit.
    #[must_use]
    pub(super) fn latest(unit: Unit, n: u32, range: Option<Range>) -> Self {
        Self { unit: Some(unit), n: Some(n), range, ..Self::of(Kind::Latest) }
    }

    pub(super) fn range(range: Range) -> Self {
        let kind = if range.is_exact() { Kind::Exact } else { Kind::Range };
        Self { range: Some(range), ..Self::of(kind) }
    }

    /// A branch by its name; none is the default branch.
    pub(super) fn branch(name: Option<String>) -> Self {
        Self { name, ..Self::of(Kind::Branch) }
    }

    /// Reads the text of a version cell; `containers` when its column is of image tags.
    #[must_use]
    pub fn read(text: &str, containers: bool) -> Self {
        read(text, containers).unwrap_or(Self::of(Kind::Unknown))
    }

    /// What a status promises of what the cell selects.
    pub(super) fn promised(&self, support: Support) -> Support {
        match support {
            support if self.puts_off(&support) => Support::Unknown,
            Support::Yes if self.security_only => Support::SecurityOnly,
            // The cell and its status contradict each other.
            Support::Yes | Support::SecurityOnly | Support::Until(_) if self.denied => Support::Unknown,
            support => support,
        }
    }

    /// Whether what a status promises holds only once there are such versions; a branch is there before it is released.
    pub(super) fn puts_off(&self, support: &Support) -> bool {
        self.planned
            && self.kind != Kind::Branch
            && matches!(support, Support::Yes | Support::SecurityOnly | Support::Until(_))
    }

    /// Whether nothing is known of what it selects.
    #[must_use]
    pub const fn is_unread(&self) -> bool {
        matches!(self.kind, Kind::Unknown | Kind::Prose)
    }
}

fn read(text: &str, containers: bool) -> Option<Selector> {
    if text.len() > LONGEST {
        return None;
    }
    let text = strip_decoration(text).replace('（', " (").replace('）', ")");
    if let Some(name) = channel(&text, containers) {
        return Some(Selector { name: Some(name), ..Selector::of(Kind::Channel) });
    }
    if words::is_rest(&text) {
        return Some(Selector::of(Kind::Rest));
    }
    if words::is_rest_of_code(&text) {
        return Some(Selector { denied: true, ..Selector::of(Kind::Rest) });
    }
    let (outer, inner) = split_parentheses(tokens(&text)?)?;
    let qualifier = match inner {
        Some(inner) => Some(Qualifier::read(&inner)?),
        None => None,
    };
    let mut selector = numeric::selector(&outer).or_else(|| worded::selector(&outer))?;
    match qualifier {
        None => {}
        Some(Qualifier::Line(range)) if selector.kind == Kind::Latest && selector.range.is_none() => {
            selector.range = Some(range);
        }
        // The latest release, of which the branch is told on which it is made.
        Some(Qualifier::Branch) if selector.kind == Kind::Latest => {}
        // The line that is made there.
        Some(Qualifier::Branch)
            if selector.range.as_ref().is_some_and(|range| range.line_parts().is_some()) => {}
        Some(Qualifier::Head) if selector.kind == Kind::Branch => {}
        // `1.x (latest only)`: the newest of the line, and not all of it.
        Some(Qualifier::Newest)
            if selector.range.as_ref().is_some_and(|range| range.line_parts().is_some()) =>
        {
            selector = Selector::latest(Unit::Release, 1, selector.range);
        }
        Some(Qualifier::Back(unit)) if selector.kind == Kind::Previous && selector.n == Some(1) => {
            selector.unit = unit.or(selector.unit);
        }
        Some(
            Qualifier::Line(_) | Qualifier::Branch | Qualifier::Head | Qualifier::Newest | Qualifier::Back(_),
        ) => {
            return None;
        }
        Some(Qualifier::Note(note)) => {
            if note.dated && selector.kind != Kind::Exact {
                return None;
            }
            selector.development |= note.development;
            selector.denied |= note.denied;
            selector.planned |= note.planned;
            selector.security_only |= note.security_only;
        }
    }
    if selector.development
        && let Some(parts) = selector.range.as_ref().and_then(Range::line_parts)
    {
        selector.range = selector.range.and_then(|range| Range::line(range.lower(), parts, true));
    }
    Some(selector)
}

fn channel(text: &str, containers: bool) -> Option<String> {
    let name = text.strip_prefix(':').or_else(|| containers.then_some(text))?;
    let plain = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    (plain && name.starts_with(|c: char| c.is_ascii_alphabetic()) && tokens(name)?.len() == 1)
        .then(|| name.to_owned())
        .filter(|name| !matches!(tokens(name).as_deref(), Some([Token::Version(_)])))
}

/// The tokens outside the one pair of parentheses, and those inside.
fn split_parentheses(tokens: Vec<Token>) -> Option<(Vec<Token>, Option<Vec<Token>>)> {
    let open = tokens.iter().position(|token| *token == Token::Mark('('));
    let close = tokens.iter().position(|token| *token == Token::Mark(')'));
    let (open, close) = match (open, close) {
        (None, None) => return Some((tokens, None)),
        (Some(open), Some(close)) if open < close => (open, close),
        _ => return None,
    };
    let inner = tokens[open + 1..close].to_vec();
    let mut outer = tokens;
    outer.drain(open..=close);
    let more = outer.iter().any(|token| matches!(token, Token::Mark('(' | ')')));
    (!more && !outer.is_empty() && !inner.is_empty()).then_some((outer, Some(inner)))
}

#[cfg(test)]
mod tests;
