//! What the tree at the tag says of the project's own process.

pub mod shell;
pub mod workflow;
