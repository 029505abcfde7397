//! The program from outside: what it prints, what it exits with, and what its files may know of each other.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::disallowed_methods,
    reason = "a test"
)]

mod fixture;
#[path = "../kit/mod.rs"]
mod kit;
mod run;

mod advisories;
mod architecture;
mod bad_input;
mod commands;
mod exit_codes;
mod false_passes;
mod interrupted;
mod messages;
mod network;
mod offline;
mod report_page;
mod security_policy;
mod seed_policies;
