//! More bundles in a file than anybody publishes.

use crate::stand::{Stand, v1};

#[test]
fn a_hundred_bundles_are_judged_and_one_more_is_not_read() {
    let stand = Stand::statement();
    let line = format!("{}\n", stand.bundle(&v1()));
    stand.accepts_text(line.repeat(100).as_bytes());
    stand.refuses_text(
        line.repeat(101).as_bytes(),
        "signatures/unreadable",
        "101 bundles in a file are over the limit of 100",
    );
}
