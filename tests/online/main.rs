//! What is looked up besides the published files: log entries of bare envelopes, and newer roots of trust. The network
//! is a script; nothing here leaves the machine.
#![allow(clippy::unwrap_used, reason = "a test")]
#![allow(clippy::print_stderr, reason = "the counts are for whoever reads the test's output")]

#[path = "../kit/mod.rs"]
mod kit;

mod delegations;
mod envelopes;
mod forges;
mod index;
mod refresh;
mod rekor;
mod release;
#[path = "../cli/run.rs"]
mod run;
#[allow(dead_code, reason = "this test binary uses its part")]
#[path = "../release/stage.rs"]
mod stage;
mod waiting;
