//! Ranges of versions as a policy's cell means them, over up to four numbers.
//!
//! Not `semver::VersionReq`: Cargo's `>1.0` means `>=1.1.0` and its ranges hide pre-releases; a policy's do neither.

use std::cmp::Ordering;
use std::fmt;

use crate::versions::{PreRelease, TagVersion, compare_pre};

/// A comparator's operator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Op {
    /// `=`
    Equal,
    /// `>`
    Above,
    /// `>=`
    From,
    /// `<`
    Below,
    /// `<=`
    UpTo,
}

/// A point between versions: three or four numbers, and a pre-release.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Point {
    /// The numbers; the fourth is zero where the cell has three or fewer.
    pub numbers: [u64; 4],
    /// Whether the fourth number is written.
    pub four: bool,
    /// The pre-release.
    pub pre: Option<PreRelease>,
}

impl Point {
    fn compare(&self, numbers: &[u64; 4], pre: Option<&PreRelease>) -> Ordering {
        numbers.cmp(&self.numbers).then_with(|| compare_pre(pre, self.pre.as_ref()))
    }

    /// Whether the version is a pre-release of the release that stands here.
    fn is_led_to_by(&self, numbers: &[u64; 4], pre: Option<&PreRelease>) -> bool {
        self.pre.is_none() && pre.is_some() && *numbers == self.numbers
    }
}

impl fmt::Display for Point {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [a, b, c, d] = self.numbers;
        write!(f, "{a}.{b}.{c}")?;
        if self.four {
            write!(f, ".{d}")?;
        }
        self.pre.as_ref().map_or(Ok(()), |pre| write!(f, "-{}", pre.as_str()))
    }
}

/// All versions that satisfy one or two comparators.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Range {
    comparators: Vec<(Op, Point)>,
    line: Option<u8>,
}

impl Range {
    /// One version alone.
    #[must_use]
    pub fn exact(point: Point) -> Self {
        Self { comparators: vec![(Op::Equal, point)], line: None }
    }

    /// Everything on one side of a point.
    #[must_use]
    pub fn one_sided(op: Op, point: Point) -> Self {
        Self { comparators: vec![(op, point)], line: None }
    }

    /// Everything that two comparators allow; `None` when they allow nothing.
    #[must_use]
    pub fn between(lower: (Op, Point), upper: (Op, Point)) -> Option<Self> {
        let order = lower.1.compare(&upper.1.numbers, upper.1.pre.as_ref());
        let empty = order == Ordering::Less
            || order == Ordering::Equal && !(lower.0 == Op::From && upper.0 == Op::UpTo);
        (!empty).then(|| Self { comparators: vec![lower, upper], line: None })
    }

    /// The line that the first `fixed` numbers name: `0.2` is `>=0.2.0, <0.3.0`. `None` when a number is too large.
    #[must_use]
    pub fn line(numbers: [u64; 4], fixed: u8, from_pre: bool) -> Option<Self> {
        let (lower, upper) = line_ends(numbers, fixed)?;
        let lower = Point { pre: from_pre.then(|| PreRelease::new("0")), ..lower };
        Some(Self { comparators: vec![(Op::From, lower), (Op::Below, upper)], line: Some(fixed) })
    }

    /// Whether the version is in the range. Pre-releases are compared as semver does, but those of an end that is outside
    /// are outside too: `2.0.0-rc.1` is none of `1.x`, nor of `< 2.0`.
    #[must_use]
    pub fn contains(&self, version: &TagVersion) -> bool {
        self.holds(&version.numbers, version.pre.as_ref())
    }

    /// Whether the version, or the release that it leads to, is in the range: `0.3.0-rc.1` belongs to 0.3.
    #[must_use]
    pub fn contains_line_of(&self, version: &TagVersion) -> bool {
        let names = self.is_exact() || self.is_of_pre_releases();
        self.holds(&version.numbers, None) || names && self.contains(version)
    }

    fn holds(&self, numbers: &[u64; 4], pre: Option<&PreRelease>) -> bool {
        self.comparators.iter().all(|(op, point)| {
            let order = point.compare(numbers, pre);
            match op {
                Op::Equal => order == Ordering::Equal,
                Op::Above => order == Ordering::Greater,
                Op::From => order != Ordering::Less,
                Op::Below => order == Ordering::Less && !point.is_led_to_by(numbers, pre),
                Op::UpTo => order != Ordering::Greater,
            }
        })
    }

    /// How many leading numbers the line fixes, when the range is a line.
    #[must_use]
    pub const fn line_parts(&self) -> Option<u8> {
        self.line
    }

    /// Whether it is one version.
    #[must_use]
    pub fn is_exact(&self) -> bool {
        matches!(self.comparators.as_slice(), [(Op::Equal, _)])
    }

    /// Whether it ends before the release that its pre-releases lead to.
    fn is_of_pre_releases(&self) -> bool {
        let ends = |(op, point): &(Op, Point)| *op == Op::Below && point.pre.is_some();
        self.comparators.len() == 2 && self.comparators.iter().any(ends)
    }

    /// Whether it has no upper end.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.comparators.iter().all(|(op, _)| matches!(op, Op::Above | Op::From))
    }

    /// Whether it has no lower end.
    #[must_use]
    pub fn is_from_the_beginning(&self) -> bool {
        self.comparators.iter().all(|(op, _)| matches!(op, Op::Below | Op::UpTo))
    }

    /// The lower end's numbers, zero when there is none.
    #[must_use]
    pub fn lower(&self) -> [u64; 4] {
        let lower = self.comparators.iter().find(|(op, _)| matches!(op, Op::Equal | Op::Above | Op::From));
        lower.map_or([0; 4], |(_, point)| point.numbers)
    }

    /// The lower end as a point, when there is one.
    #[must_use]
    pub fn lower_point(&self) -> Option<&Point> {
        let lower = self.comparators.iter().find(|(op, _)| matches!(op, Op::Equal | Op::Above | Op::From));
        lower.map(|(_, point)| point)
    }

    /// The upper end's numbers, the largest there are when there is none.
    #[must_use]
    pub fn upper(&self) -> [u64; 4] {
        let upper = self.comparators.iter().find(|(op, _)| matches!(op, Op::Equal | Op::Below | Op::UpTo));
        upper.map_or([u64::MAX; 4], |(_, point)| point.numbers)
    }

    /// Whether every version of `self` is one of `other`, and not the reverse, as far as the ends tell.
    #[must_use]
    pub fn is_narrower_than(&self, other: &Self) -> bool {
        let (low, high) = (self.lower(), self.upper());
        let (other_low, other_high) = (other.lower(), other.upper());
        low >= other_low && high <= other_high && (low, high) != (other_low, other_high)
    }
}

impl fmt::Display for Range {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, (op, point)) in self.comparators.iter().enumerate() {
            let separator = if index == 0 { "" } else { ", " };
            let op = match op {
                Op::Equal => "=",
                Op::Above => ">",
                Op::From => ">=",
                Op::Below => "<",
                Op::UpTo => "<=",
            };
            write!(f, "{separator}{op}{point}")?;
        }
        Ok(())
    }
}

/// The first version of a line, and the first after it.
pub(super) fn line_ends(numbers: [u64; 4], fixed: u8) -> Option<(Point, Point)> {
    let last = usize::from(fixed).checked_sub(1).filter(|&last| last < 4)?;
    let mut lower = [0; 4];
    lower[..=last].copy_from_slice(&numbers[..=last]);
    let mut upper = lower;
    upper[last] = upper[last].checked_add(1)?;
    let four = fixed >= 3;
    Some((Point { numbers: lower, four, pre: None }, Point { numbers: upper, four, pre: None }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn version(tag: &str) -> TagVersion {
        TagVersion::parse(tag).unwrap()
    }

    #[test]
    fn a_line_ends_where_the_next_begins() {
        let line = Range::line([0, 2, 0, 0], 2, false).unwrap();
        assert_eq!(line.to_string(), ">=0.2.0, <0.3.0");
        assert!(line.contains(&version("0.2.9")) && !line.contains(&version("0.3.0")));
        assert!(!line.contains(&version("0.2.0-rc.1")) && line.contains_line_of(&version("0.2.0-rc.1")));
        assert!(!line.contains_line_of(&version("0.3.0-rc.1")), "a candidate for 0.3 is no part of 0.2");
        assert_eq!(Range::line([1, 5, 4, 0], 3, false).unwrap().to_string(), ">=1.5.4.0, <1.5.5.0");
    }

    #[test]
    fn pre_releases_of_a_name_end_before_those_of_another() {
        let point = |pre| Point { numbers: [1, 0, 0, 0], four: false, pre: Some(PreRelease::new(pre)) };
        let range = Range::between((Op::From, point("rc")), (Op::Below, point("rc-"))).unwrap();
        for (tag, held) in [
            ("1.0.0-rc.1", true),
            ("1.0.0-rc.20", true),
            ("1.0.0-rc1", false),
            ("1.0.0-rd.1", false),
            ("1.0.0-beta.2", false),
            ("1.0.0", false),
        ] {
            assert_eq!(
                (range.contains(&version(tag)), range.contains_line_of(&version(tag))),
                (held, held),
                "{tag}"
            );
        }
    }

    #[test]
    fn a_number_without_a_next_is_no_line() {
        assert_eq!(Range::line([u64::MAX, 0, 0, 0], 1, false), None);
    }

    #[test]
    fn an_empty_range_is_none() {
        let point = |major| Point { numbers: [major, 0, 0, 0], four: false, pre: None };
        assert_eq!(Range::between((Op::From, point(2)), (Op::Below, point(1))), None);
        assert_eq!(Range::between((Op::From, point(1)), (Op::Below, point(1))), None);
        assert!(Range::between((Op::From, point(1)), (Op::UpTo, point(1))).is_some());
        assert!(Range::between((Op::From, point(1)), (Op::Below, point(2))).is_some());
    }
}
