//! The words that policies use, as tables: by where they stand in the file.
//!
//! Data only; what they mean is decided by the modules that look them up.

pub(super) mod against;
pub(super) mod amends;
pub(super) mod beside;
pub(super) mod bounds;
pub(super) mod cells;
pub(super) mod columns;
pub(super) mod comparisons;
pub(super) mod days;
pub(super) mod denied;
pub(super) mod headings;
pub(super) mod leads;
pub(super) mod lines;
pub(super) mod newest;
pub(super) mod platforms;
pub(super) mod reasons;
pub(super) mod retractions;
pub(super) mod sentences;
pub(super) mod statuses;
pub(super) mod subjects;
pub(super) mod translated;
pub(super) mod vocabulary;
