//! A database's files, read one by one and reduced to what an index keeps.
//!
//! The rule that must not be broken: a database is whole or it is an error. No file in an advisory's place is skipped,
//! and a database without advisories is refused.

use super::{
    advisory::{Advisory, as_cargo_compares},
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

/// Seconds in a day.
const DAY: i64 = 24 * 60 * 60;

/// What was read so far.
#[derive(Default)]
pub(super) struct Compiler {
    digests: BTreeMap<String, [u8; 32]>,
    ids: BTreeSet<String>,
    advisories: Vec<Advisory>,
    withdrawn: usize,
    /// What was taken back, and when.
    taken_back: Vec<(Timestamp, Vec<Advisory>)>,
    modified: Option<Timestamp>,
    /// Days that stand beside the advisories.
    reports: BTreeMap<String, Date>,
    /// How many entries are about packages of other registries.
    elsewhere: usize,
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
        let advisory = record.advisory();
        self.advisories.extend(advisory.as_ref().and_then(in_lower_case));
        self.advisories.extend(advisory);
        Ok(())
    }

    fn osv(&mut self, kind: SourceKind, path: &str, bytes: &[u8]) -> Result<(), DatabaseError> {
        let parsed = osv::read(path, bytes)?;
        self.count(&parsed.id, path, bytes)?;
        self.modified = self.modified.max(parsed.modified);
        self.elsewhere += parsed.elsewhere;
        let spoken: BTreeSet<Ecosystem> = parsed.ecosystems.into_iter().collect();
        self.shared = Some(match self.shared.take() {
            Some(shared) => shared.intersection(&spoken).copied().collect(),
            None => spoken.clone(),
        });
        self.any.extend(spoken);
        let of_this = |advisory: &Advisory| kind.about().is_none_or(|about| about == advisory.ecosystem);
        let advisories = parsed.advisories.into_iter().filter(of_this);
        let advisories =
            advisories.flat_map(|advisory| in_lower_case(&advisory).into_iter().chain([advisory]));
        match parsed.withdrawn {
            Some(at) => self.taken_back.push((at, advisories.collect())),
            None => self.advisories.extend(advisories),
        }
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
        let date = found.date.or(self.modified);
        for (at, advisories) in std::mem::take(&mut self.taken_back) {
            // What a database says to have been taken back after it was made is not taken back yet.
            match date {
                Some(date) if at.as_second() > date.as_second().saturating_add(DAY) => {
                    self.advisories.extend(advisories)
                }
                _ => self.withdrawn += 1,
            }
        }
        for advisory in self.advisories.iter_mut().filter(|advisory| advisory.published.is_none()) {
            advisory.published = self.reports.get(&advisory.id).copied();
        }
        self.advisories.retain(|advisory| ecosystems.contains(&advisory.ecosystem));
        let source = Source {
            name: kind.to_string(),
            commit: found.commit,
            date,
            advisories: self.digests.len(),
            sha256: digest(&self.digests),
            form: found.form,
            ecosystems,
            withdrawn: self.withdrawn,
            url: None,
            fetched_at: None,
        };
        Ok(Compiled { source, advisories: self.advisories, elsewhere: self.elsewhere })
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

/// The same about the module's path in lower case, which is how package URLs have it
/// (<https://github.com/package-url/purl-spec>, type `golang`).
///
/// And about a package of Cargo by the spelling that its registry compares names by.
fn in_lower_case(advisory: &Advisory) -> Option<Advisory> {
    let other = match advisory.ecosystem {
        Ecosystem::Golang => advisory.package.to_lowercase(),
        Ecosystem::Cargo => as_cargo_compares(&advisory.package).into_owned(),
        _ => return None,
    };
    (other != advisory.package).then(|| Advisory { package: other, ..advisory.clone() })
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

#[cfg(test)]
mod tests {
    use super::{Advisory, Compiler};
    use crate::advisories::{database::Found, layout::SourceKind, source::SourceForm};

    /// A Go database of 2026-08-10 with two advisories, of which the first says this to have been taken back.
    fn compiled(withdrawn: &str) -> (usize, Vec<Advisory>) {
        let mut compiler = Compiler::default();
        for (id, withdrawn) in [("GO-2026-1", withdrawn), ("GO-2026-2", "")] {
            let text = format!(
                "{{\"schema_version\": \"1.3.1\", \"id\": \"{id}\", \"modified\": \"2026-08-01T00:00:00Z\", {withdrawn} \
                 \"affected\": [{{\"package\": {{\"name\": \"github.com/BurntSushi/toml\", \"ecosystem\": \"Go\"}}}}]}}"
            );
            compiler.take(SourceKind::Go, &format!("data/osv/{id}.json"), text.as_bytes()).unwrap();
        }
        let date = Some("2026-08-10T00:00:00Z".parse().unwrap());
        let found = Found { kind: SourceKind::Go, commit: None, date, form: SourceForm::Folder };
        let compiled = compiler.finish(found).unwrap();
        (compiled.source.withdrawn, compiled.advisories)
    }

    #[test]
    fn an_advisory_is_taken_back_only_by_a_moment_that_was_before_the_database() {
        let count = |withdrawn: &str| {
            let (withdrawn, advisories) = compiled(withdrawn);
            (withdrawn, advisories.iter().filter(|it| it.id == "GO-2026-1").count())
        };
        assert_eq!(count("\"withdrawn\": \"2026-08-02T00:00:00Z\","), (1, 0));
        for still in
            ["", "\"withdrawn\": \"\",", "\"withdrawn\": null,", "\"withdrawn\": \"2099-01-01T00:00:00Z\","]
        {
            assert_eq!(count(still), (0, 2), "{still}");
        }
    }

    #[test]
    fn an_advisory_about_a_go_module_is_found_by_its_path_in_lower_case_too() {
        let names: Vec<String> =
            compiled("").1.into_iter().filter(|it| it.id == "GO-2026-2").map(|it| it.package).collect();
        assert_eq!(names, ["github.com/burntsushi/toml", "github.com/BurntSushi/toml"]);
    }
}
