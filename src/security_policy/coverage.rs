//! Which row decides about which release: the most specific one that matches.
//!
//! Words that name a release of a line come before the line, a line before a one-sided range, ranges before words
//! without a line, and "older" comes last. Two rows of one rank decide together only when they say the same.

use super::branches::only_branches;
use super::family::PublishedTag;
use super::{Kind, Range, Row, Support, Unit};

/// What a row promises at a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Now {
    Supported,
    Unsupported,
    Expired,
    Unknown,
}

/// What decides about a release.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Decision {
    /// No row names it.
    Nothing,
    /// The row of this index.
    Row(usize),
    /// Two rows disagree.
    Conflict(usize, usize),
}

/// The rows of a policy held against releases, the newest first.
pub(super) struct Coverage<'a> {
    pub(super) rows: &'a [Row],
    pub(super) releases: &'a [PublishedTag],
    /// For each row, which releases it selects.
    pub(super) selected: Vec<Vec<usize>>,
    /// For each row, what it promises now.
    pub(super) now: Vec<Now>,
    /// For each release, what decides about it.
    pub(super) decisions: Vec<Decision>,
}

impl<'a> Coverage<'a> {
    pub(super) fn of(rows: &'a [Row], releases: &'a [PublishedTag], as_of: jiff::Timestamp) -> Self {
        let now: Vec<Now> = rows.iter().map(|row| now(row, releases, as_of)).collect();
        let mut selected: Vec<Vec<usize>> = rows.iter().map(|row| select(row, releases)).collect();
        let mut named = vec![false; releases.len()];
        for (row, chosen) in rows.iter().zip(&selected) {
            if row.selector.kind != Kind::Rest {
                chosen.iter().for_each(|&at| named[at] = true);
            }
        }
        for (row, chosen) in rows.iter().zip(&mut selected) {
            if row.selector.kind == Kind::Rest {
                let first = rest_from(row, rows).unwrap_or(releases.len());
                *chosen = (first..releases.len()).filter(|&at| !named[at]).collect();
            }
        }
        let mut matching: Vec<Vec<usize>> = vec![Vec::new(); releases.len()];
        for (row, chosen) in selected.iter().enumerate() {
            chosen.iter().for_each(|&at| matching[at].push(row));
        }
        let decisions = matching.iter().map(|matching| decide(rows, &now, matching)).collect();
        Self { rows, releases, selected, now, decisions }
    }

    /// What the rows with numbers say about a version that is perhaps not published.
    pub(super) fn by_numbers(&self, version: &crate::versions::TagVersion) -> Decision {
        let matching: Vec<usize> = (0..self.rows.len())
            .filter(|&row| {
                let selector = &self.rows[row].selector;
                matches!(selector.kind, Kind::Range | Kind::Exact | Kind::Branch)
                    && selector.range.as_ref().is_some_and(|range| range.contains_line_of(version))
            })
            .collect();
        decide(self.rows, &self.now, &matching)
    }

    /// The releases that are supported, the newest first.
    pub(super) fn supported(&self) -> impl Iterator<Item = &PublishedTag> {
        self.releases.iter().zip(&self.decisions).filter_map(|(release, decision)| match decision {
            Decision::Row(row) if self.now[*row] == Now::Supported => Some(release),
            _ => None,
        })
    }
}

/// What a row says of support at that moment.
pub(super) fn now(row: &Row, releases: &[PublishedTag], as_of: jiff::Timestamp) -> Now {
    match &row.supported {
        Support::Yes | Support::SecurityOnly => Now::Supported,
        Support::No => Now::Unsupported,
        Support::Unknown => Now::Unknown,
        Support::Until(until) => {
            let happened = match until {
                super::Until::Release { line, .. } => releases
                    .iter()
                    .any(|tag| !tag.version.is_pre_release() && tag.version.numbers >= line.lower()),
                super::Until::Day { .. } => false,
            };
            if happened || until.has_passed(as_of) { Now::Expired } else { Now::Supported }
        }
    }
}

/// The releases that a row selects by itself.
fn select(row: &Row, releases: &[PublishedTag]) -> Vec<usize> {
    let selector = &row.selector;
    let range = selector.range.as_ref();
    let within = |scope: Option<&Range>| -> Vec<usize> {
        (0..releases.len())
            .filter(|&at| scope.is_none_or(|scope| scope.contains_line_of(&releases[at].version)))
            .collect()
    };
    let unit = selector.unit.unwrap_or(Unit::Release);
    let n = selector.n.unwrap_or(1) as usize;
    match selector.kind {
        Kind::Range | Kind::Exact | Kind::Branch if range.is_some() => within(range),
        Kind::Latest => groups(&within(range), releases, unit).into_iter().take(n).flatten().collect(),
        Kind::Previous => {
            groups(&within(range), releases, unit).into_iter().skip(1).take(n).flatten().collect()
        }
        Kind::BeforeLatest => below(&groups(&within(range), releases, unit), 0, releases),
        Kind::BeforePrevious => below(&groups(&within(range), releases, unit), 1, releases),
        _ => Vec::new(),
    }
}

/// From which release on a row "older" may take what no other row names. None where a row is not understood, for any of
/// them may be meant by that one; none of the newest where only branches are named, which it may stand on; none at all
/// where it speaks of older branches, and no row says which releases those are, or of older commits.
fn rest_from(rest: &Row, rows: &[Row]) -> Option<usize> {
    if rows.iter().any(|row| row.selector.is_unread()) {
        return None;
    }
    let said = rest.raw.to_lowercase();
    let any = |words: [&str; 3]| words.iter().any(|word| said.contains(word));
    if said.contains("commit") && !any(["release", "version", "tag"]) {
        return None;
    }
    if !rows.iter().any(|row| row.selector.kind == Kind::Branch) || !only_branches(rows) {
        return Some(0);
    }
    (!any(["branch", "fork", "commit"]) || any(["release", "version", "tag"])).then_some(1)
}

/// The releases, which are the newest first, in groups of one release, minor line or major line.
fn groups(chosen: &[usize], releases: &[PublishedTag], unit: Unit) -> Vec<Vec<usize>> {
    let mut groups: Vec<Vec<usize>> = Vec::new();
    let mut last = None;
    for &at in chosen {
        let [major, minor, ..] = releases[at].version.numbers;
        let key = match unit {
            Unit::Release => (at as u64, 0, 0),
            Unit::PreRelease if releases[at].version.is_pre_release() => (at as u64, 1, 0),
            Unit::PreRelease => continue,
            Unit::Minor => (major, minor, 2),
            Unit::Major => (major, 0, 3),
        };
        if last == Some(key)
            && let Some(group) = groups.last_mut()
        {
            group.push(at);
        } else {
            groups.push(vec![at]);
        }
        last = Some(key);
    }
    groups
}

/// All releases that are older than those of a group.
fn below(groups: &[Vec<usize>], group: usize, releases: &[PublishedTag]) -> Vec<usize> {
    let Some(&oldest) = groups.get(group).and_then(|group| group.last()) else { return Vec::new() };
    (oldest + 1..releases.len()).collect()
}

/// How specific a row is; the highest rank decides.
fn rank(row: &Row) -> u8 {
    let selector = &row.selector;
    let scoped = selector.range.is_some();
    match selector.kind {
        Kind::Exact => 12,
        Kind::Latest | Kind::Previous if scoped => 11,
        Kind::Range | Kind::Branch if scoped => {
            selector.range.as_ref().map_or(0, |range| match range.line_parts() {
                Some(parts @ 3..) => 7 + parts,
                Some(2) => 9,
                Some(_) => 8,
                None if range.is_open() || range.is_from_the_beginning() => 6,
                None => 7,
            })
        }
        Kind::BeforeLatest | Kind::BeforePrevious if scoped => 5,
        Kind::Latest | Kind::Previous => 4,
        Kind::BeforeLatest | Kind::BeforePrevious => 3,
        Kind::Rest => 2,
        _ => 0,
    }
}

fn decide(rows: &[Row], now: &[Now], matching: &[usize]) -> Decision {
    let Some(highest) = matching.iter().map(|&row| rank(&rows[row])).max() else { return Decision::Nothing };
    let mut best: Option<usize> = None;
    for &row in matching.iter().filter(|&&row| rank(&rows[row]) == highest) {
        if best.is_none_or(|best| narrower(&rows[row], &rows[best])) {
            best = Some(row);
        }
    }
    let Some(best) = best else { return Decision::Nothing };
    let against = || {
        matching.iter().copied().filter(|&row| {
            rank(&rows[row]) == highest && now[row] != now[best] && !narrower(&rows[best], &rows[row])
        })
    };
    // A status that is not understood cannot disagree; what it says is not known.
    if now[best] == Now::Unknown {
        return Decision::Row(best);
    }
    let disagrees = against().find(|&other| now[other] != Now::Unknown);
    disagrees.map_or_else(
        || Decision::Row(against().next().unwrap_or(best)),
        |other| Decision::Conflict(best.min(other), best.max(other)),
    )
}

fn narrower(a: &Row, b: &Row) -> bool {
    match (&a.selector.range, &b.selector.range) {
        (Some(a), Some(b)) => a.is_narrower_than(b),
        _ => false,
    }
}
