//! Which advisories speak about which locked packages.
//!
//! The evaluation algorithm of <https://ossf.github.io/osv-schema/#evaluation>: the events of a range are sorted, then
//! swept; a version is affected where it is named or inside a range. The rule that must not be broken: a version, or a
//! bound, that has no place in its ecosystem's order is undecided, and never outside.

use super::{
    advisory::{Advisory, Affected, Event, Kind, Severity},
    lock::{Ecosystem, Lock},
    order::Version,
    osv::version_of,
    source::Source,
};
use jiff::{Timestamp, civil::Date, tz::TimeZone};
use serde::Serialize;
use std::{cmp::Ordering, collections::BTreeMap, slice};
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
    /// Adds what another database says; an id that both know counts once.
    pub fn join(self, other: Self) -> Self {
        let mut found = BTreeMap::new();
        let mut undecided: Vec<Undecided> = self.undecided.into_iter().chain(other.undecided).collect();
        for row in self.found.into_iter().chain(other.found) {
            let key = (row.package.clone(), row.version.clone(), row.id.clone());
            match found.entry(key) {
                std::collections::btree_map::Entry::Vacant(entry) => _ = entry.insert(row),
                // A database that knows the versions knows more than one that does not.
                std::collections::btree_map::Entry::Occupied(mut entry) => {
                    if entry.get().is_range_unknown && !row.is_range_unknown {
                        entry.insert(row);
                    }
                }
            }
        }
        undecided.sort();
        undecided.dedup();
        undecided.retain(|it| !found.contains_key(&(it.package.clone(), it.version.clone(), it.id.clone())));
        Self { found: found.into_values().collect(), undecided }
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

/// All matches for the packages of the default registry in `lock`; `about` gives the advisories about one package.
pub(super) fn matches(
    lock: &Lock,
    mut about: impl FnMut(&str) -> Result<Vec<Advisory>, MatchError>,
) -> Result<Matches, MatchError> {
    let mut all = Matches::default();
    let mut last: Option<(&str, Vec<Advisory>)> = None;
    for package in lock.covered() {
        // A lock's packages are sorted, so those of one name follow each other.
        let known = match last.take() {
            Some((name, known)) if name == package.name => known,
            _ => about(&package.name)?,
        };
        for advisory in &known {
            let verdict = verdict(advisory, &package.version);
            let (name, version) = (package.name.clone(), package.version.clone());
            match verdict {
                Verdict::Outside => {}
                Verdict::Undecided => {
                    all.undecided.push(Undecided { package: name, version, id: advisory.id.clone() });
                }
                Verdict::RangeUnknown | Verdict::Affected => {
                    all.found.push(match_of(advisory, name, version, verdict));
                }
            }
        }
        last = Some((&package.name, known));
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
    let say = |affected: &Affected| entry(advisory.ecosystem, affected, version, placed.as_ref());
    advisory.affected.iter().map(say).max().unwrap_or(Verdict::Undecided)
}

fn entry(ecosystem: Ecosystem, affected: &Affected, text: &str, version: Option<&Version>) -> Verdict {
    let is_named = |named: &String| {
        let named_version = || Version::parse(ecosystem, named);
        named == text || version.is_some_and(|it| named_version().is_some_and(|named| it.is_same(&named)))
    };
    if affected.versions.binary_search_by(|named| named.as_str().cmp(text)).is_ok()
        || affected.versions.iter().any(is_named)
    {
        return Verdict::Affected;
    }
    let Some(version) = version else { return Verdict::Undecided };
    let say = |events: &Vec<Event>| match is_inside(ecosystem, events, version) {
        None => Verdict::Undecided,
        Some(false) => Verdict::Outside,
        Some(true) if affected.is_range_unknown => Verdict::RangeUnknown,
        Some(true) => Verdict::Affected,
    };
    affected.ranges.iter().map(say).max().unwrap_or(Verdict::Outside)
}

/// A place in the order: `0` is before all versions.
enum Bound {
    Beginning,
    At(Version),
}

/// Whether `version` is inside a range; `None` where a bound of it has no place.
fn is_inside(ecosystem: Ecosystem, events: &[Event], version: &Version) -> Option<bool> {
    let bound = |text: &str| match text {
        "0" => Some(Bound::Beginning),
        text => Version::parse(ecosystem, text).map(Bound::At),
    };
    let mut placed: Vec<(Bound, &Event)> = Vec::with_capacity(events.len());
    let (mut has_limit, mut is_before_limit) = (false, false);
    for event in events {
        if let Event::Limit(limit) = event {
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
fn after(is_inside: bool, order: Ordering, events: &[(Bound, &Event)]) -> bool {
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
        Bound::At(bound) => version.compare(bound),
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
mod tests {
    use super::{Event, Match, Matches, Verdict, groups, verdict};
    use crate::advisories::{
        advisory::{Advisory, Affected, Kind, Severity},
        cargo_lock,
        lock::Ecosystem,
        record::Record,
        source::{Source, SourceForm},
        testing::{SPARSE_INDEX_SOURCE, advisory, index_source, lock_text, three_records},
    };

    fn record(id: &str, package: &str, versions: &str, extra: &str) -> Record {
        let text = advisory(id, package, versions, extra);
        Record::read(&format!("crates/{package}/{id}.md"), text.into_bytes()).unwrap().unwrap()
    }

    fn found(records: &[Record], name: &str, version: &str, source: Option<&str>) -> Vec<Match> {
        let lock = cargo_lock::parse(lock_text(&[(name, version, source)]).as_bytes()).unwrap();
        let about = |package: &str| {
            let all = records.iter().filter_map(Record::advisory);
            Ok(all.filter(|advisory| advisory.package == package).collect())
        };
        let all = super::matches(&lock, about).unwrap();
        assert_eq!(all.undecided, []);
        all.found
    }

    fn is_hit(record: &Record, version: &str) -> bool {
        !found(std::slice::from_ref(record), record.package(), version, Some(&index_source())).is_empty()
    }

    #[test]
    fn a_match_says_all_that_a_report_needs() {
        let severe = "aliases = [\"GHSA-xxxx\", \"CVE-2020-1\"]\ncvss = \"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H\"";
        let record = record("RUSTSEC-2020-0001", "foo", "patched = [\">= 1.2.3\"]", severe);
        let found = found(&[record], "foo", "1.2.2", Some(&index_source()));
        let [found] = found.as_slice() else { panic!("{found:?}") };
        assert_eq!(
            (found.package.as_str(), found.version.as_str(), found.id.as_str()),
            ("foo", "1.2.2", "RUSTSEC-2020-0001")
        );
        assert_eq!(
            (found.kind, found.title.as_str(), found.severity),
            (Kind::Vulnerability, "A title", Some(Severity::Critical))
        );
        assert_eq!(found.aliases, ["CVE-2020-1", "GHSA-xxxx"]);
        assert_eq!(found.patched, [">=1.2.3"]);
        assert_eq!(found.published.map(|date| date.to_string()).as_deref(), Some("2020-01-02"));
        assert!(found.kind.is_harmful() && !found.is_range_unknown);
    }

    #[test]
    fn the_bounds_of_rustsec_are_exact() {
        let versions = "patched = [\">= 1.2.3\", \">= 1.0.5, < 1.1.0-0\"]\nunaffected = [\"< 0.9.0\"]";
        let record = record("RUSTSEC-2020-0001", "foo", versions, "");
        for (version, hit) in [
            ("0.8.9", false),
            ("0.9.0-alpha", false),
            ("0.9.0", true),
            ("0.9.0+build", true),
            ("1.0.4", true),
            ("1.0.5-rc.1", true),
            ("1.0.5", false),
            ("1.0.99", false),
            ("1.1.0-0", true),
            ("1.1.0", true),
            ("1.2.2", true),
            ("1.2.3-rc.1", true),
            ("1.2.3", false),
            ("1.2.3+build", false),
            ("2.0.0-alpha", false),
        ] {
            assert_eq!(is_hit(&record, version), hit, "{version}");
        }
    }

    #[test]
    fn a_withdrawn_advisory_does_not_match_and_the_same_one_not_withdrawn_does() {
        let withdrawn = record("RUSTSEC-2020-0001", "foo", "patched = []", "withdrawn = \"2020-02-02\"");
        assert!(!is_hit(&withdrawn, "1.0.0"));
        assert!(is_hit(&record("RUSTSEC-2020-0001", "foo", "patched = []", ""), "1.0.0"));
    }

    #[test]
    fn every_kind_is_told() {
        for (word, kind) in
            [("unsound", Kind::Unsound), ("unmaintained", Kind::Unmaintained), ("notice", Kind::Notice)]
        {
            let record =
                record("RUSTSEC-2020-0001", "foo", "patched = []", &format!("informational = \"{word}\""));
            let found = found(&[record], "foo", "1.0.0", Some(&index_source()));
            assert_eq!(found.iter().map(|found| found.kind).collect::<Vec<_>>(), [kind]);
            assert!(!found[0].kind.is_harmful());
        }
    }

    #[test]
    fn only_the_default_registry_matches_and_by_both_its_addresses() {
        let records = [record("RUSTSEC-2020-0001", "foo", "patched = []", "")];
        for source in [index_source(), SPARSE_INDEX_SOURCE.to_owned()] {
            assert_eq!(found(&records, "foo", "1.0.0", Some(&source)).len(), 1, "{source}");
        }
        for source in
            [None, Some("git+https://example.com/foo#0123"), Some("registry+https://example.com/index")]
        {
            assert_eq!(found(&records, "foo", "1.0.0", source), [], "{source:?}");
        }
        let elsewhere = record(
            "RUSTSEC-2020-0001",
            "foo",
            "patched = []",
            "source = \"registry+https://example.com/index\"",
        );
        assert!(!is_hit(&elsewhere, "1.0.0"));
    }

    #[test]
    fn another_package_and_the_language_itself_do_not_match() {
        let mut records: Vec<Record> = three_records()
            .into_iter()
            .map(|(path, text)| Record::read(&path, text.into_bytes()).unwrap().unwrap())
            .collect();
        let std = advisory("RUSTSEC-2018-0001", "std", "patched = []", "");
        records.push(Record::read("rust/std/RUSTSEC-2018-0001.md", std.into_bytes()).unwrap().unwrap());
        for name in ["fo", "fooo", "std", "ba", "a", "zzz"] {
            assert_eq!(found(&records, name, "1.0.0", Some(&index_source())), [], "{name}");
        }
        assert_eq!(found(&records, "foo", "1.0.0", Some(&index_source())).len(), 1);
        assert_eq!(found(&records, "bar", "1.0.0", Some(&index_source())).len(), 1);
    }

    fn introduced(version: &str) -> Event {
        Event::Introduced(version.to_owned())
    }

    fn fixed(version: &str) -> Event {
        Event::Fixed(version.to_owned())
    }

    fn last(version: &str) -> Event {
        Event::LastAffected(version.to_owned())
    }

    fn of(ecosystem: Ecosystem, events: Vec<Event>, versions: &[&str]) -> Advisory {
        let versions = versions.iter().map(|version| (*version).to_owned()).collect();
        Advisory {
            ecosystem,
            package: "foo".to_owned(),
            id: "X-1".to_owned(),
            aliases: Vec::new(),
            kind: Kind::Vulnerability,
            title: String::new(),
            published: None,
            severity: None,
            affected: vec![Affected { ranges: vec![events], versions, is_range_unknown: false }],
            fixed: Vec::new(),
            url: None,
        }
    }

    #[track_caller]
    fn affected(advisory: &Advisory, inside: &[&str], outside: &[&str]) {
        for version in inside {
            assert_eq!(verdict(advisory, version), Verdict::Affected, "{version}");
        }
        for version in outside {
            assert_eq!(verdict(advisory, version), Verdict::Outside, "{version}");
        }
    }

    #[test]
    fn events_are_sorted_before_they_are_swept() {
        // PYSEC-2022-42972 has two beginnings in a row.
        let events = vec![introduced("0"), introduced("2.0"), fixed("1.5"), fixed("2.3")];
        affected(
            &of(Ecosystem::Pypi, events, &[]),
            &["0.1.dev0", "1.4", "2.0", "2.2.9"],
            &["1.5", "1.9", "2.3", "3"],
        );
    }

    #[test]
    fn the_last_affected_version_is_affected_and_the_fixed_one_is_not() {
        let one = of(Ecosystem::Golang, vec![introduced("1.0.0"), last("1.2.0")], &[]);
        affected(&one, &["v1.0.0", "1.2.0", "v1.2.0-rc.1"], &["v0.9.9", "v1.2.1", "v1.0.0-rc.1"]);
        let single = of(Ecosystem::Golang, vec![introduced("1.0.0"), last("1.0.0")], &[]);
        affected(&single, &["v1.0.0"], &["v0.9.9", "v1.0.1"]);
        let adjoining = of(
            Ecosystem::Golang,
            vec![introduced("0"), fixed("1.0.0"), introduced("1.0.0"), fixed("1.1.0")],
            &[],
        );
        affected(&adjoining, &["v0.1.0", "v1.0.0", "v1.0.5"], &["v1.1.0"]);
        let overlapping = of(
            Ecosystem::Golang,
            vec![introduced("0"), last("1.0.0"), introduced("1.0.0"), last("1.1.0")],
            &[],
        );
        affected(&overlapping, &["v0.1.0", "v1.0.0", "v1.0.5", "v1.1.0"], &["v1.1.1"]);
        // RUSTSEC-2024-0399, as the rustsec crate writes it.
        let empty = of(
            Ecosystem::Cargo,
            vec![introduced("0.23.0"), fixed("0.23.0"), introduced("0.23.13"), fixed("0.23.18")],
            &[],
        );
        affected(&empty, &["0.23.13", "0.23.17"], &["0.22.9", "0.23.0", "0.23.12", "0.23.18", "0.24.0"]);
    }

    #[test]
    fn a_limit_ends_what_a_range_says() {
        let limit = |version: &str| Event::Limit(version.to_owned());
        let one = of(Ecosystem::Npm, vec![introduced("1.0.0"), limit("2.0.0")], &[]);
        affected(&one, &["1.0.0", "1.9.9"], &["0.9.0", "2.0.0"]);
        affected(
            &of(Ecosystem::Npm, vec![introduced("1.0.0"), limit("*")], &[]),
            &["1.0.0", "9.9.9"],
            &["0.9.0"],
        );
    }

    #[test]
    fn named_versions_and_ranges_both_count() {
        let one = of(Ecosystem::Pypi, vec![introduced("2"), fixed("3")], &["1.0"]);
        affected(&one, &["1.0", "1", "1.0.0", "1.0+cu118", "2.5"], &["1.0.1", "3.0"]);
    }

    #[test]
    fn what_has_no_place_in_the_order_is_undecided_and_never_outside() {
        let range = vec![introduced("0"), fixed("1.0.0")];
        assert_eq!(verdict(&of(Ecosystem::Npm, range.clone(), &[]), "latest"), Verdict::Undecided);
        assert_eq!(verdict(&of(Ecosystem::Npm, range, &["latest"]), "latest"), Verdict::Affected);
        let odd = of(Ecosystem::Npm, vec![introduced("0"), fixed("newest")], &[]);
        assert_eq!(verdict(&odd, "2.0.0"), Verdict::Undecided);
        let nothing = Advisory { affected: Vec::new(), ..odd };
        assert_eq!(verdict(&nothing, "2.0.0"), Verdict::Undecided);
    }

    #[test]
    fn a_range_that_nobody_knows_is_told_from_one_that_affects_everything() {
        let mut one = of(Ecosystem::Golang, vec![introduced("0")], &[]);
        affected(&one, &["v1.0.0"], &[]);
        one.affected[0].is_range_unknown = true;
        assert_eq!(verdict(&one, "v1.0.0"), Verdict::RangeUnknown);
    }

    fn a_match(id: &str, version: &str, aliases: &[&str], published: Option<&str>) -> Match {
        Match {
            package: "foo".to_owned(),
            version: version.to_owned(),
            id: id.to_owned(),
            kind: Kind::Vulnerability,
            aliases: aliases.iter().map(|alias| (*alias).to_owned()).collect(),
            title: String::new(),
            patched: Vec::new(),
            published: published.map(|date| date.parse().unwrap()),
            severity: None,
            url: String::new(),
            is_range_unknown: false,
        }
    }

    #[test]
    fn the_same_problem_is_grouped_for_display_per_package_and_version_only() {
        let all = [
            a_match("GHSA-1", "1.0", &["CVE-1"], None),
            a_match("GO-1", "1.0", &["CVE-1"], None),
            a_match("GO-2", "1.0", &["CVE-2"], None),
            a_match("GO-1", "2.0", &["CVE-1"], None),
        ];
        let ids: Vec<Vec<&str>> =
            groups(&all).iter().map(|group| group.iter().map(|it| it.id.as_str()).collect()).collect();
        assert_eq!(ids, [vec!["GHSA-1", "GO-1"], vec!["GO-2"], vec!["GO-1"]]);
    }

    #[test]
    fn for_a_moment_in_the_past_what_was_published_later_is_left_out_and_what_has_no_date_is_not() {
        let source = Source {
            name: "go".to_owned(),
            commit: None,
            date: Some("2026-08-21T00:00:00Z".parse().unwrap()),
            advisories: 4,
            sha256: "0".repeat(64),
            form: SourceForm::Folder,
            ecosystems: vec![Ecosystem::Golang],
            withdrawn: 0,
            url: None,
            fetched_at: None,
        };
        let all = Matches {
            found: vec![
                a_match("GO-1", "1", &[], Some("2026-07-01")),
                a_match("GO-2", "1", &[], Some("2026-07-31")),
                a_match("GO-3", "1", &[], Some("2026-08-01")),
                a_match("GO-4", "1", &[], None),
                a_match("GO-5", "1", &[], Some("2062-01-01")),
            ],
            undecided: Vec::new(),
        };
        let known = all.known_at("2026-07-31T12:00:00Z".parse().unwrap(), &[source]);
        let ids: Vec<&str> = known.found.iter().map(|it| it.id.as_str()).collect();
        assert_eq!(ids, ["GO-1", "GO-2", "GO-4", "GO-5"]);
    }
}
