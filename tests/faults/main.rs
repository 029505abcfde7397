//! The program against the network: forges over TLS that behave well, and every fault that a network has.
//!
//! Nothing leaves this machine. The program is told of a proxy, which plays all hosts, and of an authority, which certifies
//! them: both by the variables that a user has.
#![allow(clippy::unwrap_used, reason = "a test")]
#![allow(clippy::print_stdout, reason = "the counts are for whoever reads the test's output")]

#[path = "../kit/mod.rs"]
mod kit;

mod alike;
mod authority;
mod behaviours;
mod canaries;
mod columns;
mod content;
mod databases;
mod framing;
mod http;
mod matrix;
mod progress;
mod redirects;
#[path = "../cli/run.rs"]
mod run;
mod scene;
mod server;
mod shapes;
#[allow(dead_code, reason = "this test binary uses its part")]
#[path = "../release/stage.rs"]
mod stage;
mod statuses;
mod strangers;
mod waiting;
