//! Advisory databases and lock files: what is known about what a release depends on.
//!
//! The rule that must not be broken: what was not read, not understood or not looked at is an error or a line in a
//! list of what is not covered, never an absence of findings.
//!
//! Every database, whatever its format, becomes [`advisory::Advisory`]s ([`record`] reads RustSec's files, [`osv`] all
//! others) and is compiled into an [`index::Index`], which is looked up without being unpacked.
//!
//! A [`database::Database`] is opened once, on the verifier's side. A [`snapshot::Snapshot`] is the small part of it
//! that speaks about the packages of some lock files; it is kept with the evidence, and [`snapshot::Snapshot::matches`]
//! gives the same answer years later. A lock file of any format becomes a [`lock::Lock`].

pub mod advisory;
mod archive;
pub mod cargo_lock;
mod cargo_lock_fast;
pub mod check;
mod checkout;
mod compile;
pub mod database;
pub mod index;
pub mod layout;
pub mod lock;
pub mod locks;
pub mod matching;
#[cfg(test)]
mod oracle;
#[cfg(test)]
mod oracle_go;
#[cfg(test)]
mod oracle_python;
pub mod order;
pub mod osv;
pub mod record;
pub mod remote;
pub mod shipping;
pub mod snapshot;
pub mod source;
pub mod suppression;
#[cfg(test)]
mod testing;
mod zip;

/// Said wherever advisories were looked at: which question that did not ask.
///
/// Whether a version was yanked is known to the registry's index only, is today's state rather than an advisory, and
/// costs one request a package. It is not looked at, and its absence from a report says nothing.
pub const YANKED_NOT_LOOKED_AT: &str =
    "yanked versions are not looked at: only the registry's index knows them";
