//! A requirement file with all files that it names, as pip joins them.
//!
//! The rule that must not be broken: an index, a pin or an address holds for all files, however the file that says so
//! is named. What a file of constraints includes with `-r` is asked for like everything else.

use super::{File, NAMES_LIMIT, Named, Reader, too_many_names};
use crate::advisories::locks::Fault;
use std::collections::BTreeSet;

/// What a file is to the one that is read.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Role {
    /// It is read with it.
    Own,
    /// It is included, and judged by itself as well.
    Elsewhere,
    /// It selects versions of what others ask for.
    Constraint,
}

/// The files, each once.
pub(super) struct Joined<'f> {
    found: Vec<(String, &'f File, Role)>,
    seen: BTreeSet<(String, Role)>,
    /// The names that no file at the tag has, with what is missing.
    pub(super) missing: Vec<(&'f str, &'static str)>,
    names: usize,
}

impl<'f> Joined<'f> {
    /// Follows what the file at `path` names.
    ///
    /// # Errors
    /// [`Fault::Limit`] where it comes to too many files or lines.
    pub(super) fn of(path: &str, file: &'f File, reader: &Reader<'f, '_>) -> Result<Self, Fault> {
        let mut joined = Self { found: Vec::new(), seen: BTreeSet::new(), missing: Vec::new(), names: 0 };
        joined.add(path.to_owned(), file, Role::Own, reader)?;
        let mut at = 0;
        while let Some((path, file, role)) = joined.found.get(at).cloned() {
            at += 1;
            for name in &file.includes {
                let role = if role == Role::Elsewhere { role } else { Role::Own };
                joined.follow(&path, name, role, reader)?;
            }
            for name in &file.constraints {
                joined.follow(&path, name, Role::Constraint, reader)?;
            }
        }
        Ok(joined)
    }

    fn follow(
        &mut self,
        from: &str,
        name: &'f str,
        role: Role,
        reader: &Reader<'f, '_>,
    ) -> Result<(), Fault> {
        self.names += 1;
        if self.names > NAMES_LIMIT {
            return Err(too_many_names());
        }
        match ((reader.named)(from, name), role) {
            (Some(Named { path, file, is_judged: true }), Role::Own) => {
                self.add(path, file, Role::Elsewhere, reader)
            }
            (Some(Named { path, file, .. }), _) => self.add(path, file, role, reader),
            (None, Role::Constraint) => {
                self.missing.push((name, "a file of constraints that is not at the tag or cannot be read"));
                Ok(())
            }
            (None, _) => {
                self.missing.push((name, "a file of requirements that is not at the tag or cannot be read"));
                Ok(())
            }
        }
    }

    fn add(
        &mut self,
        path: String,
        file: &'f File,
        role: Role,
        reader: &Reader<'f, '_>,
    ) -> Result<(), Fault> {
        let is_own = role == Role::Elsewhere && self.seen.contains(&(path.clone(), Role::Own));
        if is_own || !self.seen.insert((path.clone(), role)) {
            return Ok(());
        }
        reader.count(file)?;
        self.found.push((path, file, role));
        Ok(())
    }

    /// All files, whatever they are.
    pub(super) fn all(&self) -> impl Iterator<Item = &'f File> {
        self.found.iter().map(|(_, file, _)| *file)
    }

    /// The files of constraints.
    pub(super) fn constraints(&self) -> impl Iterator<Item = &'f File> {
        self.of_role(Role::Constraint)
    }

    /// The files that are read with it.
    pub(super) fn own(&self) -> impl Iterator<Item = &'f File> {
        self.of_role(Role::Own)
    }

    /// The files that are included, and judged by themselves as well.
    pub(super) fn elsewhere(&self) -> impl Iterator<Item = &'f File> {
        self.of_role(Role::Elsewhere)
    }

    fn of_role(&self, role: Role) -> impl Iterator<Item = &'f File> {
        self.found.iter().filter(move |(_, _, it)| *it == role).map(|(_, file, _)| *file)
    }
}
