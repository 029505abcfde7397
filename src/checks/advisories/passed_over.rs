//! What the repository's own files pass over, applied to what was found.
//!
//! The rule that must not be broken: a finding that is passed over stays in the report, with the file and its reason; and the
//! policy, which is the verifier's, has the last word on whether such a file counts at all.

use super::{Policy, SUPPRESSION};
use crate::{
    advisories::{
        lock::Ecosystem,
        locks::tree::From,
        matching::Match,
        suppression::{Found, Suppression},
    },
    facts::{Facts, LockFact},
    outcome::{Finding, Status, Subject, SubjectKind, Waiver},
    text::{clean, count, plural_list},
};
use jiff::tz::TimeZone;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};

/// Whether files at the tag that pass over advisories count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RepositoryWaivers {
    /// What they pass over is waived, and shown with their reason.
    #[default]
    Accept,
    /// They are shown, and count for nothing.
    Refuse,
}

/// What an entry says, but for why and until when.
type Key<'f> = (Option<&'f str>, Option<&'f str>, Option<&'f str>, Option<&'f str>, Option<Ecosystem>, bool);

/// What the files at the tag pass over. Each thing that is said is kept once, so that asking takes as long as there are
/// ways to say something of one advisory, however many entries there are.
pub(super) struct PassedOver<'f> {
    /// The first entry that holds, or else the first, with its place among all.
    entries: BTreeMap<Key<'f>, (usize, &'f Suppression)>,
    /// The ids in lower case about which a statement says that something is affected, or may be.
    open: BTreeSet<&'f str>,
}

impl<'f> PassedOver<'f> {
    /// What the files say that could be read.
    pub(super) fn of(facts: &'f Facts) -> Self {
        let today = facts.as_of.to_zoned(TimeZone::UTC).date();
        let files = || facts.suppressions.iter().filter_map(|file| file.entries.as_ref().ok());
        let mut entries: BTreeMap<Key<'f>, (usize, &Suppression)> = BTreeMap::new();
        let holds_yet = |entry: &&Suppression| !entry.is_open && entry.has_begun_on(today);
        for (at, entry) in files().flatten().filter(holds_yet).enumerate() {
            let (holds, kept) = (entry.holds_at(facts.as_of), entries.entry(key(facts, entry)));
            let kept = kept.or_insert((at, entry));
            if holds && !kept.1.holds_at(facts.as_of) {
                *kept = (at, entry);
            }
        }
        let open = files().flatten().filter(|entry| entry.is_open).filter_map(|entry| entry.id.as_deref());
        Self { entries, open: open.collect() }
    }

    /// The entries about an advisory, in their order; `of_this` are those that are about this release.
    fn about<'a>(
        &'a self,
        fact: &'a LockFact,
        found: &'a Match,
        of_this: bool,
    ) -> Vec<(Key<'a>, &'a Suppression)> {
        let Ok(locked) = &fact.lock else { return Vec::new() };
        let of = of(fact, locked.lock.ecosystem(), found);
        let folder = of.lock.rfind('/').map_or("", |at| &of.lock[..=at]);
        // A published file is in no folder of the tag.
        let folder = (fact.from == From::Tree).then_some(folder);
        let ids = of.aliases.iter().map(String::as_str).chain([of.id]);
        let mut about = Vec::new();
        for id in ids.map(Some).chain([None]) {
            for_each_package(of, |name, version, ecosystem| {
                for folder in [folder, None].into_iter().take(1 + usize::from(folder.is_some())) {
                    let key = (folder, id, name, version, ecosystem, of_this);
                    if let Some((key, entry)) = self.entries.get_key_value(&key) {
                        about.push((*key, *entry));
                    }
                }
            });
        }
        about.retain(|(_, (_, entry))| entry.is_about(of));
        about.sort_by_key(|(_, (at, _))| *at);
        about.dedup_by_key(|(_, (at, _))| *at);
        about.into_iter().map(|(key, (_, entry))| (key, entry)).collect()
    }

    /// Whether a statement leaves open that an advisory concerns something.
    fn is_open(&self, found: &Match) -> bool {
        !self.open.is_empty()
            && found.aliases.iter().chain([&found.id]).any(|id| self.open.contains(&*id.to_ascii_lowercase()))
    }

    /// `finding`, of the advisory `found`, waived where a file at the tag passes it over.
    pub(super) fn apply(
        &self,
        mut finding: Finding,
        facts: &Facts,
        policy: &Policy,
        fact: &LockFact,
        found: &Match,
    ) -> Finding {
        for (_, entry) in self.about(fact, found, true) {
            // Which of two statements is the newer one is told by times that need not be there: the worse one counts.
            if entry.is_statement() && self.is_open(found) {
                continue;
            }
            let reason = entry.reason.as_deref().unwrap_or("no reason is given");
            let said = format!("{} at {}: {reason}", entry.file, facts.tag);
            let said = clean(&said);
            if !entry.holds_at(facts.as_of) {
                let until = entry.last_day().map(|until| until.to_string()).unwrap_or_default();
                finding.message = format!("{} (passed over until {until} by {said})", finding.message);
            } else if policy.repository_waivers == RepositoryWaivers::Refuse {
                finding.message =
                    format!("{} (passed over by {said}, which the policy does not accept)", finding.message);
            } else {
                finding.status = Status::Waived;
                let reason = said.into_owned();
                finding.waiver = Some(Waiver { reason, until: entry.last_day(), is_of_repository: true });
                return finding;
            }
        }
        finding
    }

    /// What is wrong with such files: one that cannot be read, and entries about nothing that was found.
    pub(super) fn faults(&self, facts: &Facts, locks: &[&LockFact]) -> Vec<Finding> {
        let used = self.used(locks);
        let mut faults = Vec::new();
        for file in &facts.suppressions {
            let subject = Subject::new(SubjectKind::Package, &file.path);
            let entries = match &file.entries {
                Ok(entries) => entries,
                Err(why) => {
                    let message = format!("{} at {} passes over nothing: {why}", file.path, facts.tag);
                    faults.push(Finding::undetermined(&SUPPRESSION, subject, message));
                    continue;
                }
            };
            faults.extend(without_time(facts, &subject, entries));
            let is_used = |entry: &&Suppression| {
                entry.is_open
                    || entry.since.is_err()
                    || used.as_ref().is_none_or(|used| used.contains(&key(facts, entry)))
            };
            let unused: Vec<String> = entries.iter().filter(|entry| !is_used(entry)).map(describe).collect();
            if !unused.is_empty() {
                let n = count(unused.len(), "entry", "entries");
                let message = format!(
                    "{n} of {} at {} about nothing that was found: {}",
                    file.path,
                    facts.tag,
                    plural_list(&unused, 5)
                );
                faults.push(Finding::fail(&SUPPRESSION, subject, message));
            }
        }
        faults
    }

    /// What is said about advisories that were found; nothing where nothing could be asked, which is no fault.
    fn used<'a>(&'a self, locks: &'a [&'a LockFact]) -> Option<BTreeSet<Key<'a>>> {
        let read = locks.iter().filter_map(|fact| Some((*fact, fact.lock.as_ref().ok()?)));
        let mut asked = read.filter_map(|(fact, locked)| Some((fact, locked.matches.as_ref()?))).peekable();
        asked.peek()?;
        let found = asked.flat_map(|(fact, matches)| matches.found.iter().map(move |found| (fact, found)));
        let about = found.flat_map(|(fact, found)| {
            [true, false].into_iter().flat_map(move |of_this| self.about(fact, found, of_this))
        });
        Some(about.map(|(key, _)| key).collect())
    }
}

/// That entries of a file hold never, because it cannot be told since when.
fn without_time(facts: &Facts, subject: &Subject, entries: &[Suppression]) -> Option<Finding> {
    let whys = || entries.iter().filter_map(|entry| entry.since.as_ref().err());
    let why = whys().next()?;
    let n = count(whys().count(), "entry passes", "entries pass");
    let message = format!("{n} over nothing, of {} at {}: {why}", subject.name, facts.tag);
    Some(Finding::undetermined(&SUPPRESSION, subject.clone(), message))
}

/// What an entry says. One about a part of another product says nothing of this release.
fn key<'f>(facts: &Facts, entry: &'f Suppression) -> Key<'f> {
    let of_this = entry.product.as_deref().is_none_or(|product| is_this_release(facts, product));
    let package = entry.package.as_ref();
    (
        entry.folder.as_deref(),
        entry.id.as_deref(),
        package.and_then(|it| it.name.as_deref()),
        package.and_then(|it| it.version.as_deref()),
        package.and_then(|it| it.ecosystem),
        of_this,
    )
}

/// Every way to name the package of an advisory that was found: by its name or not, and so on.
fn for_each_package<'a>(
    found: Found<'a>,
    mut each: impl FnMut(Option<&'a str>, Option<&'a str>, Option<Ecosystem>),
) {
    for name in [Some(found.package), None] {
        for version in [Some(found.version), None] {
            for ecosystem in [Some(found.ecosystem), None] {
                each(name, version, ecosystem);
            }
        }
    }
}

/// Whether a purl such as `pkg:github/acme/widget@v1.2.3` names the repository, at this tag or at any.
fn is_this_release(facts: &Facts, purl: &str) -> bool {
    let Some((kind, rest)) = purl.strip_prefix("pkg:").and_then(|rest| rest.split_once('/')) else {
        return false;
    };
    let host = match kind {
        "github" => "github.com",
        "gitlab" => "gitlab.com",
        "bitbucket" => "bitbucket.org",
        _ => return false,
    };
    let (path, version) = rest.split_once('@').map_or((rest, None), |(path, version)| (path, Some(version)));
    let is_tag =
        |version: &str| version == facts.tag.raw() || facts.tag.raw().strip_prefix('v') == Some(version);
    version.is_none_or(is_tag)
        && facts.repository.as_ref().is_some_and(|repository| {
            repository.host() == host && repository.path().eq_ignore_ascii_case(path)
        })
}

fn of<'a>(fact: &'a LockFact, ecosystem: Ecosystem, found: &'a Match) -> Found<'a> {
    Found {
        lock: &fact.path,
        ecosystem,
        package: &found.package,
        version: &found.version,
        id: &found.id,
        aliases: &found.aliases,
    }
}

fn describe(entry: &Suppression) -> String {
    let package = entry.package.as_ref().and_then(|package| package.name.clone());
    let words = [entry.id.clone(), package];
    clean(&words.into_iter().flatten().collect::<Vec<_>>().join(" ")).into_owned()
}
