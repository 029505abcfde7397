//! Advisories in the Open Source Vulnerability format, as JSON or YAML.
//!
//! <https://ossf.github.io/osv-schema/>, version 1. The rule that must not be broken: what says which versions of which
//! package are affected is read wholly, or the file is an error. A key given twice is refused; what is passed over
//! (references, credits, symbols) decides nothing.

use super::{
    advisory::{Advisory, Affected, Event, Kind, Severity, normal_name, title_of},
    layout::ECOSYSTEMS,
    lock::Ecosystem,
    matching::leave_out_repeated,
    order::Version,
    record::{RECORD_LIMIT, RecordError, one_line},
};
use crate::paths;
use jiff::{
    Timestamp,
    civil::{Date, DateTime},
};
use serde::{Deserialize, de::IgnoredAny};
use std::{collections::BTreeMap, str::FromStr};

/// The longest id, name or version that is read, in bytes.
const WORD_LIMIT: usize = 512;

/// What one file says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parsed {
    /// The advisory's id.
    pub id: String,
    /// When it was taken back, where it was. A moment that is to come does not take it back.
    pub withdrawn: Option<Timestamp>,
    /// When it was last changed, where the source says.
    pub modified: Option<Timestamp>,
    /// One for each package of a known ecosystem.
    pub advisories: Vec<Advisory>,
    /// The ecosystems that it speaks about.
    pub ecosystems: Vec<Ecosystem>,
    /// How many of its entries are about packages of somebody else's registry, whose names mean nothing here.
    pub elsewhere: usize,
}

#[derive(Deserialize)]
struct Osv {
    schema_version: Option<String>,
    id: String,
    modified: Option<String>,
    published: Option<String>,
    withdrawn: Option<String>,
    aliases: Option<Vec<String>>,
    summary: Option<String>,
    details: Option<String>,
    severity: Option<Vec<Score>>,
    affected: Option<Vec<Entry>>,
    database_specific: Option<Specific>,
}

#[derive(Deserialize)]
struct Score {
    #[serde(rename = "type")]
    scale: String,
    score: String,
}

#[derive(Deserialize)]
struct Entry {
    package: Option<Package>,
    severity: Option<Vec<Score>>,
    ranges: Option<Vec<RawRange>>,
    versions: Option<Vec<String>>,
    ecosystem_specific: Option<EcosystemSpecific>,
    database_specific: Option<Specific>,
}

#[derive(Deserialize)]
struct Package {
    ecosystem: String,
    name: String,
}

#[derive(Deserialize)]
struct RawRange {
    #[serde(rename = "type")]
    kind: String,
    events: Option<Vec<RawEvent>>,
}

#[derive(Deserialize)]
struct RawEvent {
    introduced: Option<String>,
    fixed: Option<String>,
    last_affected: Option<String>,
    limit: Option<String>,
}

#[derive(Deserialize)]
struct EcosystemSpecific {
    custom_ranges: Option<IgnoredAny>,
}

/// Fields that databases define for themselves; of any type, since no schema says of which.
#[derive(Deserialize)]
struct Specific {
    severity: Option<serde_json::Value>,
    informational: Option<serde_json::Value>,
}

/// Reads the file at `path`, whose name is the advisory's id.
pub fn read(path: &str, bytes: &[u8]) -> Result<Parsed, RecordError> {
    if bytes.len() > RECORD_LIMIT {
        return Err(RecordError::TooLarge { path: path.to_owned() });
    }
    let malformed = |reason: String| RecordError::Malformed { path: path.to_owned(), reason };
    let osv: Osv = if path.ends_with(".json") {
        serde_json::from_slice(bytes).map_err(|error| malformed(one_line(&error.to_string())))?
    } else {
        let text = std::str::from_utf8(bytes).map_err(|error| malformed(error.to_string()))?;
        serde_saphyr::from_str(text).map_err(|error| malformed(one_line(&error.to_string())))?
    };
    let name = paths::name_of(path);
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    if osv.id != stem {
        return Err(malformed(format!("its id is {}", osv.id.escape_debug())));
    }
    check_schema(osv.schema_version.as_deref()).map_err(&malformed)?;
    parsed(osv).map_err(malformed)
}

/// A file without a version has version 1.0.0.
fn check_schema(version: Option<&str>) -> Result<(), String> {
    let version = version.unwrap_or("1.0.0");
    match semver::Version::parse(version) {
        Ok(version) if version.major == 1 => Ok(()),
        _ => Err(format!("it has the schema version {}; version 1 is known", version.escape_debug())),
    }
}

fn parsed(osv: Osv) -> Result<Parsed, String> {
    let aliases = osv.aliases.unwrap_or_default();
    for word in aliases.iter().chain([&osv.id]) {
        check_word(word)?;
    }
    let published = osv.published.as_deref().map(date).transpose()?.flatten();
    let modified = osv.modified.as_deref().map(time).transpose()?.flatten();
    // An empty time says nothing, and nothing was taken back in the year 1.
    let withdrawn = osv.withdrawn.as_deref().filter(|text| !text.trim().is_empty());
    let withdrawn = withdrawn.map(time).transpose()?.flatten();
    let title = osv.summary.filter(|text| !text.trim().is_empty()).or(osv.details).unwrap_or_default();
    let shared = Advisory {
        ecosystem: Ecosystem::Cargo,
        package: String::new(),
        kind: if osv.id.starts_with("MAL-") { Kind::Malware } else { Kind::Vulnerability },
        id: osv.id.clone(),
        aliases: sorted(aliases),
        title: title_of(&title),
        published,
        severity: severity(osv.severity.as_deref(), osv.database_specific.as_ref())?,
        affected: Vec::new(),
        fixed: Vec::new(),
        url: None,
    };
    let mut packages: BTreeMap<(Ecosystem, String), Advisory> = BTreeMap::new();
    let mut elsewhere = 0;
    for entry in osv.affected.unwrap_or_default() {
        let Some(package) = &entry.package else { continue };
        check_word(&package.name)?;
        // No lock file could name it, so that the advisory would be about nothing.
        if package.name.trim() != package.name {
            return Err(format!(
                "it has the impossible package name `{}`",
                one_line(&package.name).escape_debug()
            ));
        }
        let Some(ecosystem) = ecosystem(&package.ecosystem) else {
            elsewhere += usize::from(is_other_registry(&package.ecosystem));
            continue;
        };
        let name = normal_name(ecosystem, &package.name).into_owned();
        let advisory = packages.entry((ecosystem, name.clone())).or_insert_with(|| Advisory {
            ecosystem,
            package: name,
            ..shared.clone()
        });
        add(advisory, entry, &shared)?;
    }
    let mut ecosystems: Vec<Ecosystem> = packages.keys().map(|(ecosystem, _)| *ecosystem).collect();
    ecosystems.dedup();
    let advisories = packages.into_values().map(finished).collect();
    Ok(Parsed { id: osv.id, withdrawn, modified, advisories, ecosystems, elsewhere })
}

/// How bad an entry says that the problem is, and what it warns of; what all of the file have in common, where it does
/// not say.
fn weight(entry: &Entry, shared: &Advisory) -> Result<(Option<Severity>, Kind), String> {
    let severity = match entry.severity.as_deref() {
        Some(scores) if !scores.is_empty() => severity(Some(scores), None)?,
        _ => shared.severity,
    };
    let word = entry.database_specific.as_ref().and_then(|it| it.informational.as_ref());
    let kind = word.map(informational).transpose()?.filter(|_| shared.kind != Kind::Malware);
    Ok((severity, kind.unwrap_or(shared.kind)))
}

/// Adds what one entry says to what earlier entries said about the same package, of which the worst counts.
fn add(advisory: &mut Advisory, entry: Entry, shared: &Advisory) -> Result<(), String> {
    let (severity, kind) = weight(&entry, shared)?;
    let is_first = advisory.affected.is_empty();
    advisory.severity = if is_first { severity } else { Severity::worse(advisory.severity, severity) };
    advisory.kind = if is_first { kind } else { advisory.kind.worse(kind) };
    let versions = entry.versions.unwrap_or_default();
    versions.iter().try_for_each(|version| check_word(version))?;
    let raw = entry.ranges.unwrap_or_default();
    let has_commits = raw.iter().any(|range| range.kind == "GIT");
    let ranges =
        raw.into_iter().filter_map(|range| events(range).transpose()).collect::<Result<Vec<_>, _>>()?;
    let is_custom = entry.ecosystem_specific.is_some_and(|it| it.custom_ranges.is_some());
    let says_nothing = ranges.is_empty() && versions.is_empty();
    let is_range_unknown = says_nothing && has_commits
        || is_custom && versions.is_empty() && ranges.iter().all(|events| is_everything(events));
    // An entry without any version says that the package itself is the problem.
    let ranges = if says_nothing { vec![vec![Event::Introduced("0".to_owned())]] } else { ranges };
    advisory.affected.push(Affected { ranges, versions: sorted(versions), is_range_unknown });
    Ok(())
}

/// The events of a range of versions; `None` for a range of commits.
fn events(range: RawRange) -> Result<Option<Vec<Event>>, String> {
    match range.kind.as_str() {
        "GIT" => return Ok(None),
        "SEMVER" | "ECOSYSTEM" => {}
        other => return Err(format!("a range has the unknown type {}", other.escape_debug())),
    }
    let mut events = Vec::new();
    for raw in range.events.unwrap_or_default() {
        let before = events.len();
        events.extend(raw.introduced.map(Event::Introduced));
        events.extend(raw.fixed.map(Event::Fixed));
        events.extend(raw.last_affected.map(Event::LastAffected));
        events.extend(raw.limit.map(Event::Limit));
        if events.len() == before {
            return Err("a range has an event of no known type".to_owned());
        }
    }
    if !events.iter().any(|event| matches!(event, Event::Introduced(_))) {
        return Err("a range has no beginning".to_owned());
    }
    events.iter().try_for_each(|event| check_word(version_of(event)))?;
    Ok(Some(events))
}

fn is_everything(events: &[Event]) -> bool {
    events.iter().all(|event| matches!(event, Event::Introduced(version) if version == "0"))
}

/// The version that an event names.
pub(super) fn version_of<S: AsRef<str>>(event: &Event<S>) -> &str {
    match event {
        Event::Introduced(version)
        | Event::Fixed(version)
        | Event::LastAffected(version)
        | Event::Limit(version) => version.as_ref(),
    }
}

/// Fills in the versions that are free of the problem, in their order, and says nothing about versions twice.
fn finished(mut advisory: Advisory) -> Advisory {
    let events = advisory.affected.iter().flat_map(|affected| affected.ranges.iter().flatten());
    let mut fixed: Vec<String> = events
        .filter_map(|event| match event {
            Event::Fixed(version) => Some(version.clone()),
            _ => None,
        })
        .collect();
    for affected in &mut advisory.affected {
        leave_out_repeated(advisory.ecosystem, affected);
    }
    fixed = sorted(fixed);
    fixed.sort_by_cached_key(|text| Place(Version::parse(advisory.ecosystem, text)));
    advisory.fixed = fixed;
    advisory
}

/// A version's place for people: those without one come first.
struct Place(Option<Version>);

impl Ord for Place {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        match (&self.0, &other.0) {
            (Some(one), Some(two)) => one.compare(two).unwrap_or(std::cmp::Ordering::Equal),
            (one, two) => one.is_some().cmp(&two.is_some()),
        }
    }
}

impl PartialOrd for Place {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Place {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Place {}

/// The ecosystem of that name, in any case. Behind one of Maven or Packagist the address of the registry may stand that the
/// packages are best known from (`Maven:https://…`), and neither their lock files nor package URLs say another: a name is
/// the same package's in all of them. An address behind any other is that of somebody else's registry.
pub(super) fn ecosystem(name: &str) -> Option<Ecosystem> {
    let of_any_registry = |ecosystem: &Ecosystem| matches!(ecosystem, Ecosystem::Maven | Ecosystem::Composer);
    match name.split_once(':') {
        Some((ecosystem, _)) => named(ecosystem).filter(of_any_registry),
        None => named(name),
    }
}

/// Whether an ecosystem is one of these with the address of somebody else's registry.
fn is_other_registry(name: &str) -> bool {
    ecosystem(name).is_none() && name.split_once(':').is_some_and(|(ecosystem, _)| named(ecosystem).is_some())
}

fn named(name: &str) -> Option<Ecosystem> {
    let found = ECOSYSTEMS.into_iter().find(|(_, osv)| osv.eq_ignore_ascii_case(name.trim()));
    found.map(|(ecosystem, _)| ecosystem)
}

/// RustSec's kinds, which its export keeps beside the package.
fn informational(word: &serde_json::Value) -> Result<Kind, String> {
    match word.as_str() {
        None if word.is_null() => Ok(Kind::Vulnerability),
        Some("unsound") => Ok(Kind::Unsound),
        Some("unmaintained") => Ok(Kind::Unmaintained),
        Some("notice") => Ok(Kind::Notice),
        _ => Err(format!("it has the unknown kind {}", one_line(&word.to_string()))),
    }
}

/// The highest band of its CVSS 3 and 4 vectors, or else GitHub's word. A vector that cannot be scored leaves it open.
fn severity(scores: Option<&[Score]>, specific: Option<&Specific>) -> Result<Option<Severity>, String> {
    let vectors: Vec<&Score> = scores
        .unwrap_or_default()
        .iter()
        .filter(|score| matches!(score.scale.as_str(), "CVSS_V3" | "CVSS_V4"))
        .collect();
    if vectors.is_empty() {
        let word = specific.and_then(|it| it.severity.as_ref()).and_then(|word| word.as_str());
        return Ok(word.and_then(Severity::of_word));
    }
    let bands: Option<Vec<Severity>> = vectors.iter().map(|it| Severity::of_vector(&it.score)).collect();
    Ok(bands.and_then(|bands| bands.into_iter().max()))
}

/// The day of a time; the year 1 stands for one that nobody knows.
fn date(text: &str) -> Result<Option<Date>, String> {
    let day = text.get(..10).and_then(|day| Date::from_str(day).ok());
    let day = day.ok_or_else(|| format!("it has the impossible date {}", one_line(text).escape_debug()))?;
    Ok((day.year() > 1).then_some(day))
}

/// A moment. Without an offset it is that of Greenwich, without a time of day the beginning of the day.
fn time(text: &str) -> Result<Option<Timestamp>, String> {
    let text = text.trim();
    if date(text)?.is_none() {
        return Ok(None);
    }
    let of_greenwich = || {
        let time = DateTime::from_str(text).ok()?;
        Some(time.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp())
    };
    let time = Timestamp::from_str(text).ok().or_else(of_greenwich);
    time.map(Some).ok_or_else(|| format!("it has the impossible time {}", one_line(text).escape_debug()))
}

fn check_word(word: &str) -> Result<(), String> {
    if word.is_empty() || word.len() > WORD_LIMIT || word.chars().any(char::is_control) {
        return Err(format!("it has the impossible word `{}`", one_line(word).escape_debug()));
    }
    Ok(())
}

fn sorted(mut words: Vec<String>) -> Vec<String> {
    words.sort_unstable();
    words.dedup();
    words
}

#[cfg(test)]
mod tests;
