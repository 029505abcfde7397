//! A database's files, read one by one and reduced to what an index keeps.
//!
//! The rule that must not be broken: a database is whole or it is an error. No file in an advisory's place is skipped,
//! and a database without advisories is refused.

use super::{
    advisory::Advisory,
    database::{DatabaseError, Found},
    index::Compiled,
    layout::{Place, SourceKind},
    lock::Ecosystem,
    osv,
    record::Record,
    source::Source,
};
use jiff::{Timestamp, civil::Date};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};

/// What was read so far.
#[derive(Default)]
pub(super) struct Compiler {
    digests: BTreeMap<String, [u8; 32]>,
    ids: BTreeSet<String>,
    advisories: Vec<Advisory>,
    withdrawn: usize,
    modified: Option<Timestamp>,
    /// Days that stand beside the advisories.
    reports: BTreeMap<String, Date>,
    /// The ecosystems that every advisory so far speaks about.
    shared: Option<BTreeSet<Ecosystem>>,
    /// Those that any does.
    any: BTreeSet<Ecosystem>,
}

impl Compiler {
    /// Reads one file.
    pub(super) fn take(&mut self, kind: SourceKind, path: &str, bytes: &[u8]) -> Result<(), DatabaseError> {
        if kind.place(path) == Place::Report {
            self.reports.extend(report(path, bytes));
            return Ok(());
        }
        match kind {
            SourceKind::Rustsec => self.rustsec(path, bytes)?,
            _ => self.osv(kind, path, bytes)?,
        }
        Ok(())
    }

    fn rustsec(&mut self, path: &str, bytes: &[u8]) -> Result<(), DatabaseError> {
        let Some(record) = Record::read(path, bytes.to_vec())? else { return Ok(()) };
        self.count(record.id(), path, bytes)?;
        self.withdrawn += usize::from(record.is_withdrawn());
        self.advisories.extend(record.advisory());
        Ok(())
    }

    fn osv(&mut self, kind: SourceKind, path: &str, bytes: &[u8]) -> Result<(), DatabaseError> {
        let parsed = osv::read(path, bytes)?;
        self.count(&parsed.id, path, bytes)?;
        self.modified = self.modified.max(parsed.modified);
        let spoken: BTreeSet<Ecosystem> = parsed.ecosystems.into_iter().collect();
        self.shared = Some(match self.shared.take() {
            Some(shared) => shared.intersection(&spoken).copied().collect(),
            None => spoken.clone(),
        });
        self.any.extend(spoken);
        if parsed.is_withdrawn {
            self.withdrawn += 1;
            return Ok(());
        }
        let of_this = |advisory: &Advisory| kind.about().is_none_or(|about| about == advisory.ecosystem);
        self.advisories.extend(parsed.advisories.into_iter().filter(of_this));
        Ok(())
    }

    fn count(&mut self, id: &str, path: &str, bytes: &[u8]) -> Result<(), DatabaseError> {
        if !self.ids.insert(id.to_owned()) {
            return Err(DatabaseError::DuplicateId { id: id.to_owned() });
        }
        self.digests.insert(path.to_owned(), Sha256::digest(bytes).into());
        Ok(())
    }

    /// The whole database.
    pub(super) fn finish(mut self, found: Found) -> Result<Compiled, DatabaseError> {
        if self.digests.is_empty() {
            return Err(DatabaseError::Empty);
        }
        let (kind, ecosystems) = self.answers(found.kind)?;
        for advisory in self.advisories.iter_mut().filter(|advisory| advisory.published.is_none()) {
            advisory.published = self.reports.get(&advisory.id).copied();
        }
        self.advisories.retain(|advisory| ecosystems.contains(&advisory.ecosystem));
        let source = Source {
            name: kind.to_string(),
            commit: found.commit,
            date: found.date.or(self.modified),
            advisories: self.digests.len(),
            sha256: digest(&self.digests),
            form: found.form,
            ecosystems,
            withdrawn: self.withdrawn,
            url: None,
            fetched_at: None,
        };
        Ok(Compiled { source, advisories: self.advisories })
    }

    /// The ecosystems that the database answers for: the one that it is about, or the one that every advisory in it
    /// speaks about. Only GitHub's keeps all of them together.
    fn answers(&self, kind: SourceKind) -> Result<(SourceKind, Vec<Ecosystem>), DatabaseError> {
        if kind == SourceKind::Ghsa {
            return Ok((kind, self.any.iter().copied().collect()));
        }
        let is_of = |about: &Ecosystem| kind == SourceKind::Rustsec || self.any.contains(about);
        match (kind.about(), self.shared.as_ref()) {
            (Some(about), _) if is_of(&about) => Ok((kind, vec![about])),
            (Some(about), _) => Err(DatabaseError::OtherEcosystem { about }),
            (None, Some(shared)) => match shared.iter().next() {
                Some(about) if shared.len() == 1 => Ok((SourceKind::Osv(Some(*about)), vec![*about])),
                _ => Err(DatabaseError::NoEcosystem),
            },
            (None, None) => Err(DatabaseError::NoEcosystem),
        }
    }
}

/// The digest that [`Source::sha256`] describes.
fn digest(files: &BTreeMap<String, [u8; 32]>) -> String {
    let mut all = Sha256::new();
    for (path, sha256) in files {
        all.update(format!("{}  {path}\n", hex::encode(sha256)));
    }
    hex::encode(all.finalize())
}

/// The day in a report of the Go vulnerability database: the line `published: 2026-07-27T…` that begins in its first
/// column. Its exported advisories have none.
fn report(path: &str, bytes: &[u8]) -> Option<(String, Date)> {
    let id = path.rsplit('/').next()?.strip_suffix(".yaml")?;
    let text = std::str::from_utf8(bytes).ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("published: "))?;
    let day = line.trim_start_matches(['"', '\'']).get(..10)?.parse().ok()?;
    Some((id.to_owned(), day))
}
