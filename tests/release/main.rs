//! Whole releases, judged from their files to the verdict: every shape that must be verified, every way to spoil one,
//! with the rule that must say so, and every byte changed.
#![allow(clippy::unwrap_used, reason = "a test")]
#![allow(clippy::print_stderr, reason = "the counts are for whoever reads the test's output")]

#[path = "../kit/mod.rs"]
mod kit;

mod attack_rows;
mod attacks;
mod identities;
mod instances;
mod json_places;
mod matrix;
mod mutation;
mod policy;
mod policy_matrix;
mod provenance_builders;
mod provenance_keys;
mod provenance_parameters;
mod provenance_rows;
mod provenance_stage;
mod provenance_vsa;
mod replay;
mod stage;
mod unsigned_bytes;
mod vsa;
