//! relcheck judges a release: one tag of one repository, with the files published under it.
//!
//! The line from a command to a verdict is straight, and is described in `docs/architecture.md`:
//!
//! ```text
//! cli -> Policy -> TrustRoots -> collect::gather -> Evidence -> evaluate() -> Report -> report::render
//! ```
//!
//! Everything left of [`evidence::Evidence`] may fail and be retried; `evaluate` and all that is right of it is a
//! deterministic function of its four arguments.

pub mod advisories;
pub mod app;
mod at_once;
pub mod checks;
pub mod cli;
pub mod collect;
pub mod digest;
pub mod evaluate;
pub mod evidence;
pub mod facts;
pub mod framed;
pub mod inside;
pub mod json;
pub mod outcome;
mod paths;
pub mod policy;
pub mod proof;
pub mod release;
pub mod report;
pub mod security_policy;
pub mod text;
pub mod trust;
pub mod versions;
