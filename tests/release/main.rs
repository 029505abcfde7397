//! Whole releases, judged from their files to the verdict: every shape that must be verified, every way to spoil one,
//! with the rule that must say so, and every byte changed.
#![allow(clippy::unwrap_used, reason = "a test")]
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "the counts are for whoever reads the test's output"
)]

#[path = "../kit/mod.rs"]
mod kit;

mod attacks;
mod instances;
mod json_places;
mod matrix;
mod mutation;
mod policy;
mod replay;
mod stage;
mod unsigned_bytes;
