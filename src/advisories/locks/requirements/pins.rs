//! What files of constraints select of what requirement files ask for.
//!
//! The rule that must not be broken: markers are not evaluated, so that of several constraints of one name each may be
//! the one that holds, and an address in one takes the place of the registry.

use super::{Joined, Requirement, Rows, Wanted};
use std::collections::BTreeMap;

/// The constraints by name.
pub(super) struct Pins<'f>(BTreeMap<&'f str, Constraints<'f>>);

/// The constraints of one name.
#[derive(Default)]
struct Constraints<'f> {
    addresses: Vec<&'f Wanted>,
    versions: Vec<&'f Wanted>,
    /// The ranges that hold only in some environments.
    ranges: Vec<&'f Wanted>,
    /// Whether a version is selected in every environment.
    is_always: bool,
}

impl<'f> Pins<'f> {
    /// Those of all files of constraints. One without a name, which pip refuses, is noted.
    pub(super) fn of(joined: &Joined<'f>, rows: &mut Rows) -> Self {
        let mut pins: BTreeMap<&str, Constraints<'f>> = BTreeMap::new();
        for file in joined.constraints() {
            for row in &file.rows {
                pins.entry(row.name.as_str()).or_default().add(row);
            }
            for address in &file.unnamed {
                rows.note(&super::name_of(address), "a constraint without a name");
            }
        }
        Self(pins)
    }

    /// Whether no version and no address is selected at all.
    pub(super) fn is_empty(&self) -> bool {
        self.0.values().all(|it| it.addresses.is_empty() && it.versions.is_empty())
    }

    /// What may be installed for a row; nothing where that is what the row itself says.
    pub(super) fn selected(&self, row: &'f Requirement) -> Vec<&'f Wanted> {
        let Some(constraints) = self.0.get(row.name.as_str()) else { return Vec::new() };
        let mut selected = constraints.addresses.clone();
        match &row.wanted {
            Wanted::Address(_) => return Vec::new(),
            Wanted::Version(_) if selected.is_empty() => {}
            Wanted::Version(_) => selected.push(&row.wanted),
            Wanted::Range(_) => {
                selected.extend(&constraints.versions);
                if !selected.is_empty() && !constraints.is_always {
                    selected.extend(&constraints.ranges);
                }
            }
        }
        selected
    }
}

impl<'f> Constraints<'f> {
    fn add(&mut self, row: &'f Requirement) {
        match &row.wanted {
            Wanted::Address(_) => self.addresses.push(&row.wanted),
            Wanted::Version(_) => {
                self.versions.push(&row.wanted);
                self.is_always |= row.marker.is_none();
            }
            Wanted::Range(_) if row.marker.is_some() => self.ranges.push(&row.wanted),
            Wanted::Range(_) => {}
        }
    }
}
