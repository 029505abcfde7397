//! Signature formats, with the tools that people sign with as the makers: each signature that must count, and each that
//! must not with the exact reason, alone and in a whole release.
#![allow(clippy::unwrap_used, reason = "a test")]
#![allow(clippy::print_stderr, reason = "what was skipped is for whoever reads the test's output")]

#[path = "../kit/mod.rs"]
mod kit;
#[allow(dead_code, reason = "the release tests use the rest")]
#[path = "../release/stage.rs"]
mod stage;
mod tool;

mod commands;
mod cosign;
mod gitsign;
mod gpg;
mod holders;
mod ledger;
mod makers;
mod minisign;
mod openpgp;
mod openpgp_release;
mod place;
mod raw;
mod signify;
mod ssh;
mod ssh_case;
mod ssh_maker;
mod tags;
mod tags_gpg;
