//! The places of a lock file in which a package manager looks for what a package depends on.

use super::Fault;

/// The longest place, in bytes.
pub(super) const LENGTH_LIMIT: usize = 1024;

/// The most folders that a place leads through.
const FOLDERS_LIMIT: usize = 64;

/// The most places in which packages are looked for, of one file.
const STEPS_LIMIT: usize = 2_000_000;

/// Refuses a place that takes long to walk up.
pub(super) fn check(place: &str) -> Result<(), Fault> {
    if place.len() > LENGTH_LIMIT {
        return Err(Fault::limit("bytes in the path of a package", LENGTH_LIMIT));
    }
    if place.matches('/').count() >= FOLDERS_LIMIT {
        return Err(Fault::limit("folders in the path of a package", FOLDERS_LIMIT));
    }
    Ok(())
}

/// How often something was looked for.
pub(super) struct Steps(usize);

impl Steps {
    pub(super) fn none() -> Self {
        Self(0)
    }

    pub(super) fn take(&mut self, n: usize) -> Result<(), Fault> {
        self.0 = self.0.saturating_add(n);
        if self.0 > STEPS_LIMIT {
            return Err(Fault::limit("places to look for packages in", STEPS_LIMIT));
        }
        Ok(())
    }
}
