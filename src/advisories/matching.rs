//! Which advisories speak about which locked packages.
//!
//! The evaluation algorithm of <https://ossf.github.io/osv-schema/#evaluation>: the events of a range are sorted, then
//! swept; a version is affected where it is named or inside a range. The rule that must not be broken: a version, or a
//! bound, that has no place in its ecosystem's order is undecided, and never outside.

use super::{
    advisory::{Advisory, Affected, Event, Kind, Severity},
    lock::{Ecosystem, Lock, LockedPackage},
    order::Version,
    osv::version_of,
    source::Source,
};
use jiff::{Timestamp, civil::Date, tz::TimeZone};
use serde::Serialize;
use std::{borrow::Borrow, cmp::Ordering, collections::BTreeMap, slice};
use thiserror::Error;

/// Why packages cannot be matched.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum MatchError {
    /// A snapshot was asked about a package that it was not taken for: its silence would mean nothing.
    #[error("the advisory snapshot was not taken for `{}`", package.escape_debug())]
    NotSelected {
        /// The package.
        package: String,
    },
    /// The databases at hand know nothing about packages of this ecosystem.
    #[error("no advisory database for {0}")]
    NoDatabase(Ecosystem),
    /// The index cannot be read.
    #[error("{reason}")]
    Index {
        /// Why.
        reason: String,
    },
}

/// An advisory that speaks about a locked package.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Match {
    /// The package's name.
    pub package: String,
    /// The version that the lock file selects.
    pub version: String,
    /// The advisory's id.
    pub id: String,
    /// What it warns of.
    pub kind: Kind,
    /// The same problem's ids elsewhere, sorted.
    pub aliases: Vec<String>,
    /// One line.
    pub title: String,
    /// The versions without the problem, as requirements such as `>=1.2.3` or as versions. Empty: there is none.
    pub patched: Vec<String>,
    /// When the advisory was published, where its source says.
    pub published: Option<Date>,
    /// The CVSS severity, where there is a score. A missing one is not a low one.
    pub severity: Option<Severity>,
    /// Where to read more.
    pub url: String,
    /// The database does not know which versions are affected; this one may be.
    pub is_range_unknown: bool,
}

/// A package about which an advisory exists, and nobody can compute whether it speaks about this version.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Undecided {
    /// The package's name.
    pub package: String,
    /// The version that the lock file selects.
    pub version: String,
    /// The advisory's id.
    pub id: String,
}

/// What is known about the packages of a lock file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Matches {
    /// The advisories that speak about them, sorted, each once a package and version.
    pub found: Vec<Match>,
    /// What cannot be decided, sorted.
    pub undecided: Vec<Undecided>,
}

impl Matches {
    /// Adds what another database says; an id that both know counts once, with the worst that either says.
    pub fn join(self, other: Self) -> Self {
        let mut found: BTreeMap<_, Match> = BTreeMap::new();
        let mut undecided: Vec<Undecided> = self.undecided.into_iter().chain(other.undecided).collect();
        for row in self.found.into_iter().chain(other.found) {
            let key = (row.package.clone(), row.version.clone(), row.id.clone());
            let joined = match found.remove(&key) {
                Some(known) => known.and(row),
                None => row,
            };
            found.insert(key, joined);
        }
        undecided.sort();
        undecided.dedup();
        undecided.retain(|it| !found.contains_key(&(it.package.clone(), it.version.clone(), it.id.clone())));
        Self { found: found.into_values().collect(), undecided }
    }
}

impl Match {
    /// What two databases say about one version under one id, whichever is asked first.
    fn and(self, other: Self) -> Self {
        // A database that knows the versions knows more than one that does not.
        let is_first = (self.is_range_unknown, &self) <= (other.is_range_unknown, &other);
        let (mut row, other) = if is_first { (self, other) } else { (other, self) };
        row.kind = row.kind.worse(other.kind);
        row.severity = Severity::worse(row.severity, other.severity);
        row.published = row.published.into_iter().chain(other.published).min();
        row.aliases.extend(other.aliases);
        row.aliases.sort();
        row.aliases.dedup();
        row
    }
}

impl Matches {
    /// Without what was published after `as_of`, for a moment in the past. An advisory without a date stays, and so
    /// does one that says to be younger than its own database.
    pub fn known_at(mut self, as_of: Timestamp, sources: &[Source]) -> Self {
        let day = |time: Timestamp| time.to_zoned(TimeZone::UTC).date();
        let Some(newest) = sources.iter().filter_map(|source| source.date).max() else { return self };
        let (asked, newest) = (day(as_of), day(newest));
        let is_later = |published: Date| published > asked && published <= newest;
        self.found.retain(|found| !found.published.is_some_and(is_later));
        self
    }
}

/// What an advisory says about one version.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Verdict {
    /// Not this one.
    Outside,
    /// The order has no place for the version, or for a bound.
    Undecided,
    /// All versions, for want of anything better.
    RangeUnknown,
    /// This one.
    Affected,
}

/// All matches for the packages of the default registry in `lock`; `about` gives the advisories about a package of which the
/// lock file has these versions. It may leave out those that [`speaks_of`] is false of.
pub(super) fn matches<A: Borrow<Advisory>>(
    lock: &Lock,
    mut about: impl FnMut(&[&LockedPackage]) -> Result<Vec<A>, MatchError>,
) -> Result<Matches, MatchError> {
    let mut all = Matches::default();
    let covered: Vec<&LockedPackage> = lock.covered().collect();
    // A lock's packages are sorted, so those of one name follow each other.
    for same in covered.chunk_by(|one, next| one.name == next.name) {
        let known = about(same)?;
        let pairs = same.iter().flat_map(|package| known.iter().map(move |it| (package, it.borrow())));
        for (package, advisory) in pairs {
            let verdict = verdict(advisory, &package.version);
            let named = || (package.name.to_string(), package.version.to_string());
            match verdict {
                Verdict::Outside => {}
                Verdict::Undecided => {
                    let (package, version) = named();
                    all.undecided.push(Undecided { package, version, id: advisory.id.clone() });
                }
                Verdict::RangeUnknown | Verdict::Affected => {
                    let (package, version) = named();
                    all.found.push(match_of(advisory, package, version, verdict));
                }
            }
        }
    }
    Ok(all.join(Matches::default()))
}

fn match_of(advisory: &Advisory, package: String, version: String, verdict: Verdict) -> Match {
    Match {
        package,
        version,
        id: advisory.id.clone(),
        kind: advisory.kind,
        aliases: advisory.aliases.clone(),
        title: advisory.title.clone(),
        patched: advisory.fixed.clone(),
        published: advisory.published,
        severity: advisory.severity,
        url: advisory.link(),
        is_range_unknown: verdict == Verdict::RangeUnknown,
    }
}

/// What `advisory` says about `version`: the worst that any of its entries says.
pub(super) fn verdict(advisory: &Advisory, version: &str) -> Verdict {
    let placed = Version::parse(advisory.ecosystem, version);
    worst(advisory.ecosystem, &advisory.affected, version, placed.as_ref())
}

/// Whether an advisory with these entries says of any of these packages more than that it is outside.
pub(super) fn speaks_of(
    packages: &[&LockedPackage],
    ecosystem: Ecosystem,
    affected: &[Affected<&str>],
) -> bool {
    packages.iter().any(|package| {
        let placed = Version::parse(ecosystem, &package.version);
        worst(ecosystem, affected, &package.version, placed.as_ref()) != Verdict::Outside
    })
}

fn worst<S: AsRef<str>>(
    ecosystem: Ecosystem,
    affected: &[Affected<S>],
    text: &str,
    version: Option<&Version>,
) -> Verdict {
    let say = |affected| entry(ecosystem, affected, text, version);
    affected.iter().map(say).max().unwrap_or(Verdict::Undecided)
}

fn entry<S: AsRef<str>>(
    ecosystem: Ecosystem,
    affected: &Affected<S>,
    text: &str,
    version: Option<&Version>,
) -> Verdict {
    let is_named = |named: &S| {
        let named = named.as_ref();
        let named_version = || Version::parse(ecosystem, named);
        named == text || version.is_some_and(|it| named_version().is_some_and(|named| it.is_same(&named)))
    };
    if affected.versions.binary_search_by(|named| named.as_ref().cmp(text)).is_ok()
        || affected.versions.iter().any(is_named)
    {
        return Verdict::Affected;
    }
    let Some(version) = version else { return Verdict::Undecided };
    let say = |events: &Vec<Event<S>>| match is_inside(ecosystem, events, version) {
        None => Verdict::Undecided,
        Some(false) => Verdict::Outside,
        Some(true) if affected.is_range_unknown => Verdict::RangeUnknown,
        Some(true) => Verdict::Affected,
    };
    affected.ranges.iter().map(say).max().unwrap_or(Verdict::Outside)
}

/// Leaves out the versions named one by one that a range holds anyway; most databases say them twice. Nothing is left out
/// where a bound has a part behind `+`: a version that is the same as a named one may stand elsewhere to such a bound.
pub(super) fn leave_out_repeated(ecosystem: Ecosystem, affected: &mut Affected) {
    if affected.versions.is_empty() || affected.ranges.iter().flatten().any(|it| version_of(it).contains('+'))
    {
        return;
    }
    let named = std::mem::take(&mut affected.versions);
    let is_held = |named: &String| {
        let version = Version::parse(ecosystem, named);
        entry(ecosystem, affected, named, version.as_ref()) == Verdict::Affected
    };
    affected.versions = named.into_iter().filter(|named| !is_held(named)).collect();
}

/// A place in the order: `0` is before all versions.
enum Bound {
    Beginning,
    At(Version),
}

/// Whether `version` is inside a range; `None` where a bound of it has no place.
fn is_inside<S: AsRef<str>>(ecosystem: Ecosystem, events: &[Event<S>], version: &Version) -> Option<bool> {
    let bound = |text: &str| match text {
        "0" => Some(Bound::Beginning),
        text => Version::parse(ecosystem, text).map(Bound::At),
    };
    let mut placed: Vec<(Bound, &Event<S>)> = Vec::with_capacity(events.len());
    let (mut has_limit, mut is_before_limit) = (false, false);
    for event in events {
        if let Event::Limit(limit) = event {
            let limit = limit.as_ref();
            has_limit = true;
            is_before_limit |= limit == "*" || order(version, &bound(limit)?)?.is_lt();
            continue;
        }
        placed.push((bound(version_of(event))?, event));
    }
    placed.sort_by(|one, two| compare(&one.0, &two.0));
    let mut is_inside = false;
    for events in placed.chunk_by(|one, two| compare(&one.0, &two.0).is_eq()) {
        let order = order(version, &events[0].0)?;
        if order.is_lt() {
            break;
        }
        is_inside = after(is_inside, order, events);
    }
    Some(is_inside && (is_before_limit || !has_limit))
}

/// Whether a version is inside after the events at one bound, which it is at or above.
///
/// A range that begins where another ends goes on with it, and one that ends where it begins is empty: so a beginning and
/// an end at one version cancel each other.
fn after<S>(is_inside: bool, order: Ordering, events: &[(Bound, &Event<S>)]) -> bool {
    let begins = events.iter().any(|(_, event)| matches!(event, Event::Introduced(_)));
    let ends = events.iter().any(|(_, event)| match event {
        Event::Fixed(_) => true,
        Event::LastAffected(_) => order.is_gt(),
        Event::Introduced(_) | Event::Limit(_) => false,
    });
    match (begins, ends) {
        (true, true) | (false, false) => is_inside,
        (begins, _) => begins,
    }
}

fn compare(one: &Bound, two: &Bound) -> Ordering {
    match (one, two) {
        (Bound::Beginning, Bound::Beginning) => Ordering::Equal,
        (Bound::Beginning, Bound::At(_)) => Ordering::Less,
        (Bound::At(_), Bound::Beginning) => Ordering::Greater,
        // All bounds of a range are of one ecosystem.
        (Bound::At(one), Bound::At(two)) => one.compare(two).unwrap_or(Ordering::Equal),
    }
}

fn order(version: &Version, bound: &Bound) -> Option<Ordering> {
    match bound {
        Bound::Beginning => Some(Ordering::Greater),
        Bound::At(bound) => version.compare_to_bound(bound),
    }
}

/// Groups matches for display: those of one package and version that share an id or an alias. Only for display: an
/// advisory may be an alias of several that are not the same.
pub fn groups(matches: &[Match]) -> Vec<Vec<&Match>> {
    let mut groups: Vec<Vec<&Match>> = Vec::new();
    // Those of one package and version follow each other.
    for found in matches {
        let ids = |it: &'_ Match| -> Vec<String> {
            it.aliases.iter().chain(slice::from_ref(&it.id)).cloned().collect()
        };
        let own = ids(found);
        let same = |it: &&Match| ids(it).iter().any(|id| own.contains(id));
        let of_package = |group: &&mut Vec<&Match>| {
            group.first().is_some_and(|it| it.package == found.package && it.version == found.version)
        };
        let mut others = groups.iter_mut().rev().take_while(of_package);
        match others.find(|group| group.iter().any(same)) {
            Some(group) => group.push(found),
            None => groups.push(vec![found]),
        }
    }
    groups
}

#[cfg(test)]
mod tests;
