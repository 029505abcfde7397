//! The `relcheck` program.

fn main() {}
