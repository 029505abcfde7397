//! What programs say of their own making, read as the tools of their ecosystems read it: the Go toolchain and
//! `cargo auditable` make the programs, and `go version -m` and `rust-audit-info` are the oracles.
#![allow(clippy::unwrap_used, reason = "a test")]
#![allow(clippy::print_stderr, reason = "what was skipped is for whoever reads the test's output")]

mod archives;
mod cargo;
mod go;
mod hidden;
mod hostile;
#[path = "../formats/tool.rs"]
mod tool;

use relcheck::inside::{
    Contents, Inside,
    looker::{Room, look_at},
};

/// What there is in a file.
pub fn look(bytes: &[u8]) -> Contents {
    look_within(bytes, &Room::default())
}

/// What there is in a file, with so much room.
pub fn look_within(bytes: &[u8], room: &Room) -> Contents {
    look_named("widget", bytes, room)
}

/// What there is in a file of this name.
pub fn look_named(name: &str, bytes: &[u8], room: &Room) -> Contents {
    match look_at(name, bytes, room) {
        Inside::Looked(contents) => contents,
        Inside::NotLooked => panic!("it was not looked at"),
    }
}
