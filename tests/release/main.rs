//! Whole releases, judged from their files to the verdict: every shape that must be verified, every way to spoil one,
//! with the rule that must say so, and every byte changed.
#![allow(clippy::unwrap_used, reason = "a test")]
#![allow(clippy::print_stderr, reason = "the counts are for whoever reads the test's output")]

#[path = "../kit/mod.rs"]
mod kit;

#[allow(dead_code, reason = "the tests of formats use the rest")]
#[path = "../formats/gpg.rs"]
mod gpg;
#[allow(dead_code, reason = "the tests of formats use the rest")]
#[path = "../formats/makers.rs"]
mod makers;
#[allow(dead_code, reason = "the tests of formats use the rest")]
#[path = "../formats/ssh_maker.rs"]
mod ssh_maker;
#[path = "../formats/tool.rs"]
mod tool;

mod attack_rows;
mod attackers;
mod attacks;
mod claims;
mod contents;
mod identities;
mod instances;
mod json_places;
mod matrix;
mod mutation;
mod mutation_formats;
mod policy;
mod policy_matrix;
mod provenance_builders;
mod provenance_keys;
mod provenance_parameters;
mod provenance_rows;
mod provenance_stage;
mod provenance_vsa;
mod regions;
mod replay;
mod stage;
mod tied;
mod unsigned_bytes;
mod verify_commands;
mod vsa;
mod whole;
mod wording;
