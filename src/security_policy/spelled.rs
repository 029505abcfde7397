//! A version as a cell spells it, and what that spelling names: one version, or a line.
//!
//! The rule that must not be broken: fewer than three numbers, a wildcard or `latest` never name one version.

use super::range::{Point, Range};
use crate::versions::PreRelease;

/// A version as a cell spells it: `1.2.3`, `v0.2.x`, `10`, `2.latest`, `2.6-dev`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Spelled {
    /// The leading numbers, up to four.
    pub(super) numbers: [u64; 4],
    /// How many there are, at least one.
    pub(super) parts: u8,
    /// Whether `x` or `*` follows them.
    pub(super) wildcard: bool,
    /// Whether `latest` follows them.
    pub(super) latest: bool,
    /// The pre-release.
    pub(super) pre: Option<String>,
    /// Whether a comma stands for a dot.
    pub(super) comma: bool,
}

impl Spelled {
    /// Whether it names one version and no line.
    pub(super) const fn is_exact(&self) -> bool {
        self.parts >= 3 && !self.wildcard && !self.latest
    }

    /// Whether its pre-release is one of many: `rc.x`.
    pub(super) fn has_open_pre(&self) -> bool {
        let open = |pre: &str| pre.split(['.', '-']).any(|part| matches!(part, "x" | "X" | "*"));
        self.pre.as_deref().is_some_and(open)
    }

    /// Its numbers as a version, missing parts zero.
    pub(super) fn padded(&self) -> Point {
        Point { numbers: self.numbers, four: self.parts == 4, pre: None }
    }

    /// The version that it names with its pre-release; `None` for a suffix with an underscore.
    pub(super) fn point(&self) -> Option<Point> {
        let plain = self.pre.as_deref().is_none_or(|pre| !pre.contains('_'));
        plain.then(|| Point { pre: self.pre.as_deref().map(PreRelease::new), ..self.padded() })
    }

    /// Whether it is a day: `2026-10-08`.
    pub(super) fn is_day(&self) -> bool {
        let is_number = |part: &str| part.len() == 2 && part.bytes().all(|b| b.is_ascii_digit());
        let rest = self.pre.as_deref().and_then(|pre| pre.split_once('-'));
        self.parts == 1
            && (1990..2100).contains(&self.numbers[0])
            && rest.is_some_and(|(month, day)| is_number(month) && is_number(day))
    }

    /// The line that a short version names.
    pub(super) fn line(&self) -> Option<Range> {
        (self.pre.is_none() && !self.latest).then(|| self.whole_line()).flatten()
    }

    /// The line of its numbers, whatever follows them.
    pub(super) fn whole_line(&self) -> Option<Range> {
        (self.parts < 3).then(|| Range::line(self.numbers, self.parts, false)).flatten()
    }
}
